r"""A page that was worked out before is shown again exactly as it would be worked out now, and only if nothing has changed."""

from __future__ import annotations

import os
import pickle
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import verify
from tests.report.results import Bench, everything, refuted
from verify.closure import closure
from verify.report import building, remembering
from verify.report.history import Kept, keep
from verify.report.index import run_options
from verify.report.writing import files_of
from verify.session.summary import RunResult


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return refuted(tmp_path)


def forbid(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object) -> None:
        raise AssertionError("a page was worked out")

    monkeypatch.setattr(building, "page_of_evidence", fail)


@pytest.mark.parametrize("make", [refuted, everything])
def test_a_report_with_remembered_pages_is_the_report_without(
    tmp_path: Path, make: Callable[[Path], Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = make(tmp_path)
    store, run = bench.store()
    found = bench.found(run=run)
    first = files_of(found, store)
    never = files_of(replace(found, metadata={"run": run, "recheck": True}), store)
    forbid(monkeypatch)
    again = files_of(found, store)
    assert again == first
    assert {n: d for n, d in again.items() if n.startswith("claims/")} == {
        n: d for n, d in never.items() if n.startswith("claims/")
    }


def test_whoever_wants_everything_decided_again_is_shown_nothing_remembered(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, run = bench.store()
    files_of(bench.found(run=run), store)
    forbid(monkeypatch)
    with pytest.raises(AssertionError, match="a page was worked out"):
        files_of(bench.found(run=run, recheck=True), store)


def test_earlier_runs_and_who_decided_are_told_as_they_are_now(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    store, run = bench.store()
    files_of(bench.found(run=run), store)
    later = bench.run("store", {"platform": "another test"})
    bench.results[:] = [replace(result, cached=True, sealed=True) for result in bench.results]
    forbid(monkeypatch)
    page = files_of(bench.found(run=later), store)["claims/right-one.html"].decode()
    assert "this installation decided its certificates when they were stored" in page
    assert "another test" in page


def test_a_page_that_nobody_sealed_is_not_shown(bench: Bench) -> None:
    """Pages that were kept stand under each other's names: whole, readable, and of this very harness."""
    store, run = bench.store()
    found = bench.found(run=run)
    first = files_of(found, store)
    one, other = (store / "remembered").glob("??/*")
    data, instead = one.read_bytes(), other.read_bytes()
    one.write_bytes(instead)
    other.write_bytes(data)
    assert files_of(found, store) == first


def names(found: RunResult, kept: Kept) -> list[str]:
    return [remembering.name(claim, kept, run_options(found)) for claim in found.claims]


def test_whatever_a_page_depends_on_changes_its_name(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, run = bench.store()
    found = bench.found(run=run)
    kept = keep(found, store)
    before = names(found, kept)
    assert names(found, kept) == before
    assert names(replace(found, metadata={"run": run, "options": {"seed": 1}}), kept) != before
    assert names(found, replace(kept, certificates={})) != before
    with monkeypatch.context() as patch:
        patch.setattr(remembering, "harness", lambda: "another")
        assert not set(names(found, kept)) & set(before)
    with monkeypatch.context() as patch:
        patch.setattr(remembering, "versions", lambda: {"python": "4.0"})
        assert not set(names(found, kept)) & set(before)
    with monkeypatch.context() as patch:
        patch.chdir(tmp_path)
        assert not set(names(found, kept)) & set(before)
    bench.results[0] = replace(bench.results[0], evidence=replace(bench.results[0].evidence, reason="otherwise"))
    assert names(bench.found(run=run), kept)[0] != before[0]


def test_another_docstring_in_the_module_is_another_name(tmp_path: Path) -> None:
    """The digest by which results are found passes over docstrings, which the page shows."""
    reads = []
    for text in ("As printed.", "As meant."):
        file = tmp_path / "one.py"
        file.write_text(f'def shown() -> None:\n    """{text}"""\n')
        reads.append(closure(file))
    assert reads[0].digest == reads[1].digest
    assert reads[0].letters != reads[1].letters


@pytest.mark.parametrize("edited", ["report/pages.py", "report/templates/claim.html", "kernel/logic.py"])
def test_an_edited_file_of_the_harness_is_another_harness(
    tmp_path: Path, edited: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Path(verify.__file__).parent
    for name in ("__init__.py", "report/pages.py", "report/templates/claim.html", "kernel/logic.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source / name, tmp_path / name)
    monkeypatch.setattr(verify, "__file__", str(tmp_path / "__init__.py"))
    before = remembering.harness.__wrapped__()
    with (tmp_path / edited).open("a") as file:
        file.write(" ")
    assert remembering.harness.__wrapped__() != before


class Harmful:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, ("harm",)


def test_reading_a_page_runs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert remembering.unpacked(pickle.dumps(Harmful())) is None
    assert remembering.unpacked(pickle.dumps((building.Work, {}))) is None
    assert remembering.unpacked(pickle.dumps(files_of)) is None
    assert remembering.unpacked(b"rubbish") is None
    assert not (tmp_path / "harm").exists()


def test_a_page_is_read_as_it_was_kept(bench: Bench) -> None:
    store, run = bench.store()
    found = bench.found(run=run)
    kept = keep(found, store)
    for number in range(len(found.claims)):
        page, files = building.Work(found, kept, run_options(found)).page(number)
        known = remembering.unpacked(remembering.packed((page, files)))
        assert known == (page, files)
