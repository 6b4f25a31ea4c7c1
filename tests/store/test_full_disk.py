r"""Disks run full and calls fail: an error in one sentence, and a store that goes on when there is space again."""

from __future__ import annotations

import errno
import os
import resource
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.store import pieces
from verify.errors import StoreError
from verify.store import Store, address

FUNCTIONS = ("open", "write", "fsync", "replace", "mkdir")


class Failing:
    """Makes the n-th call of a function of ``os`` fail."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, name: str, call: int, code: int) -> None:
        self.calls = 0
        original = getattr(os, name)

        def function(*arguments: Any, **options: Any) -> Any:
            self.calls += 1
            if self.calls == call:
                raise OSError(code, os.strerror(code), str(arguments[0]))
            return original(*arguments, **options)

        monkeypatch.setattr(os, name, function)


def fail_each_call(
    monkeypatch: pytest.MonkeyPatch, name: str, code: int, action: Callable[[], object], check: Callable[[], None]
) -> int:
    """Let each call of a function fail in turn during an action; how many there were."""
    for call in range(1, 100):
        with monkeypatch.context() as patch:
            failing = Failing(patch, name, call, code)
            try:
                action()
            except StoreError as problem:
                assert failing.calls >= call, problem
                assert os.strerror(code) in problem.message
                assert ("disk is full" in problem.message) == (code == errno.ENOSPC)
            else:
                assert failing.calls < call, f"call {call} of {name} failed unnoticed"
                return call - 1
        check()
    raise AssertionError("the action never ends")


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_failing_call_while_evidence_is_put_changes_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, code: int
) -> None:
    store = Store.open(folder)
    pieces.put(store, 1)
    evidence, blobs = {"new": True}, [b"one" * 9999, b"two", b"one" * 9999]

    def check() -> None:
        assert store.get(pieces.key(2)) is None
        assert pieces.assert_complete(store, 1)
        assert not pieces.leftovers(folder)
        store.put(pieces.key(3), {"usable": True}, [b"usable"])
        assert store.get(pieces.key(3)) == {"usable": True} and store.blob(address(b"usable")) == b"usable"

    assert fail_each_call(monkeypatch, name, code, lambda: store.put(pieces.key(2), evidence, blobs), check) >= 2
    assert store.get(pieces.key(2)) == evidence
    assert [store.blob(address(blob)) for blob in blobs] == blobs
    store.close()


@pytest.mark.parametrize("name", ["open", "write", "fsync", "replace"])
def test_a_failing_call_while_a_run_finishes_leaves_it_running(
    store: Store, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    run = store.start_run({})
    store.record(run, "task", pieces.key(1), {}, cached=False, seconds=1)

    def check() -> None:
        status = store.runs()[0].status
        assert status == "running"
        assert not pieces.leftovers(store.folder)

    assert fail_each_call(monkeypatch, name, errno.ENOSPC, lambda: store.finish_run(run), check) >= 1
    assert store.runs()[0].status == "finished"
    assert (store.folder / "runs" / f"{run}.json").exists()


@pytest.mark.parametrize("name", ["open", "fsync", "mkdir"])
def test_a_failing_call_while_a_store_begins_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    folder = tmp_path / "some" / "where"
    assert fail_each_call(monkeypatch, name, errno.ENOSPC, lambda: Store.open(folder).close(), lambda: None) >= 1
    with Store.open(folder) as store:
        pieces.put(store, 1)
        assert pieces.assert_complete(store, 1)


def test_a_full_disk_under_the_database_is_an_error_and_passes(store: Store) -> None:
    """``max_page_count`` makes SQLite say "database or disk is full", as a full disk does."""
    pieces.put(store, 1)
    run = store.start_run({})
    with store._database.reading() as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreError, match="because the disk is full"):
        store.put(pieces.key(2), {"text": "x" * 100_000}, [b"kept for nobody"])
    with pytest.raises(StoreError, match="because the disk is full"):
        store.record(run, "task", pieces.key(2), {"text": "x" * 100_000}, cached=False, seconds=1)
    assert store.get(pieces.key(2)) is None and store.results(run) == []
    assert pieces.assert_complete(store, 1)
    connection.execute("PRAGMA max_page_count = 1000000")
    pieces.put(store, 2)
    assert pieces.assert_complete(store, 2)
    store.finish_run(run)
    assert store.prune(keep_runs=0).blobs >= 1


def test_files_that_may_not_grow_stop_the_store_at_any_point_and_it_goes_on_afterwards(
    folder: Path, tmp_path: Path
) -> None:
    """``RLIMIT_FSIZE`` makes the system refuse real writes of blobs, of the database and of its log."""

    def limited() -> None:
        failures = number = 0
        stored: set[int] = set()
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        for limit in [*range(0, 9000, 500), *range(9000, 200_000, 4000)]:
            for _ in range(2):
                number += 1
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
                try:
                    with Store.open(folder, report=lambda message: None) as store:
                        pieces.put(store, number)
                        stored.add(number)
                except StoreError as problem:
                    failures += 1
                    assert "full" in problem.message, problem.message
                finally:
                    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
                with Store.open(folder, report=pytest.fail) as store:
                    assert store.statistics().evidence == len(stored)
                    assert all(pieces.assert_complete(store, n) for n in sorted(stored)[-3:])
                    if number % 10 == 0:
                        pieces.put(store, number)
                        stored.add(number)
        with Store.open(folder, report=pytest.fail) as store:
            assert all(pieces.assert_complete(store, n) for n in stored)
        assert failures > 20 and len(stored) > 20, (failures, len(stored))
        assert not list(folder.glob("*.corrupt-*"))
        assert not pieces.leftovers(folder)

    pieces.in_child(limited, tmp_path / "trouble")
