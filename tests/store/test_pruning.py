r"""Pruning forgets what nobody refers to, and nothing else.  The model in ``test_model`` prunes at any moment."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.store import pieces
from verify.errors import StoreError
from verify.store import PruneReport, Store, address

runs_of_pieces = st.lists(st.sets(st.integers(0, 12), max_size=5), max_size=5)


def fill(store: Store, runs: list[set[int]]) -> list[str]:
    names = []
    for numbers in runs:
        names.append(store.start_run({}))
        for number in numbers:
            if store.get(pieces.key(number)) is None:
                pieces.put(store, number)
            store.record(names[-1], f"piece {number}", pieces.key(number), {"n": number}, cached=False, seconds=1)
        store.finish_run(names[-1])
    return names


@settings(max_examples=40, deadline=None)
@given(runs=runs_of_pieces, unused=st.sets(st.integers(13, 16)), keep=st.integers(0, 6))
def test_pruning_keeps_exactly_what_the_kept_runs_refer_to(runs: list[set[int]], unused: set[int], keep: int) -> None:
    with tempfile.TemporaryDirectory(dir=pieces.memory()) as name, Store.open(Path(name), report=pytest.fail) as store:
        names = fill(store, runs)
        for number in unused:
            pieces.put(store, number)
        before = store.statistics()
        report = store.prune(keep_runs=keep)
        kept = runs[max(len(runs) - keep, 0) :]
        wanted = set().union(*kept)
        assert {number for number in range(20) if pieces.assert_complete(store, number)} == wanted
        assert [run.id for run in store.runs()] == names[len(names) - len(kept) :]
        for run, numbers in zip(store.runs(), kept, strict=True):
            assert {result.summary["n"] for result in store.results(run.id)} == numbers
        after = store.statistics()
        assert after.blobs == len({blob for number in wanted for blob in pieces.blobs(number)})
        assert report == PruneReport(
            before.runs - after.runs,
            before.evidence - after.evidence,
            before.blobs - after.blobs,
            before.blob_bytes - after.blob_bytes,
            (),
        )
        assert {path.stem for path in Path(name, "runs").glob("*")} == {run.id for run in store.runs()}
        assert store.prune(keep_runs=keep) == PruneReport(0, 0, 0, 0, ())


def test_nothing_that_a_run_in_progress_may_want_is_dropped(store: Store) -> None:
    fill(store, [{1}, {2}])
    running = store.start_run({})
    pieces.put(store, 3)  # not yet recorded
    report = store.prune(keep_runs=0)
    assert (report.runs, report.evidence, report.in_progress) == (2, 0, (running,))
    assert all(pieces.assert_complete(store, number) for number in (1, 2, 3))
    store.record(running, "piece 1", pieces.key(1), {}, cached=True, seconds=0)
    store.finish_run(running)
    assert store.prune(keep_runs=1).evidence == 2
    assert pieces.assert_complete(store, 1)


def test_blobs_of_evidence_that_was_replaced_are_dropped(store: Store) -> None:
    run = store.start_run({})
    for content in (b"old", b"new"):
        store.put(pieces.key(0), {"content": content.decode()}, [content])
    store.record(run, "task", pieces.key(0), {}, cached=False, seconds=1)
    store.finish_run(run)
    assert store.prune(keep_runs=1).blobs == 1
    assert store.blob(address(b"new")) == b"new" and store.blob(address(b"old")) is None


def test_what_killed_writers_left_is_swept(store: Store, folder: Path) -> None:
    fill(store, [{1}])
    for path in (folder / "blobs" / "ab" / f"{'0' * 62}.12345678.tmp", folder / "runs" / "x.json.12345678.tmp"):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"half a fi")
    assert store.prune(keep_runs=1).blobs == 0
    assert not pieces.leftovers(folder)


def test_the_database_shrinks(store: Store, folder: Path) -> None:
    for number in range(200):
        store.put(pieces.key(number), {"text": "x" * 5000})
    store.close()
    with Store.open(folder) as again:
        before = again.statistics().database_bytes
        again.prune(keep_runs=0)
    with Store.open(folder) as again:
        assert again.statistics().database_bytes < before / 5


def test_a_database_that_cannot_shrink_now_is_pruned_all_the_same(
    store: Store, reports: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store, [{1}, {2}])

    def failing() -> None:
        raise StoreError("no space")

    monkeypatch.setattr(store._database, "compact", failing)
    assert store.prune(keep_runs=1).runs == 1
    assert reports == ["the database keeps the size that it had: no space"]


def test_a_negative_number_of_runs_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="has to be 0 or more"):
        store.prune(keep_runs=-1)
