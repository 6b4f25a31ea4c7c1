r"""Writing: the same results make the same bytes, files appear whole, and nothing is lost that no report wrote."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import samples
from tests.report import pages, results
from tests.report.results import Bench
from verify.errors import UsageError
from verify.report import publish as publishing
from verify.report import write_report
from verify.report.publish import MANIFEST, publish
from verify.verdict import Outcome, Scope, Strength


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_same_results_make_the_same_bytes(tmp_path: Path) -> None:
    bench = results.everything(tmp_path)
    store, run = bench.store()
    for name in ("one", "two"):
        write_report(bench.found(run=run), tmp_path / name, store)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_hashes_are_salted_and_do_not_matter(tmp_path: Path) -> None:
    """Two processes with different orders of sets write the same report."""
    script = (
        "import sys; from pathlib import Path; from tests.report import results; from verify.report.writing import files_of;"
        "import hashlib; bench = results.everything(Path(sys.argv[1])); files = files_of(bench.found(), None);"
        "print(hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest())"
    )
    root = Path(__file__).resolve().parents[2]
    outputs = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)}
        command = [sys.executable, "-c", script, str(tmp_path)]
        outputs.add(
            subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=True).stdout
        )
    assert len(outputs) == 1


def test_pages_of_claims_that_are_gone_disappear(tmp_path: Path) -> None:
    output = tmp_path / "report"
    bench = results.refuted(tmp_path)
    store, run = bench.store()
    write_report(bench.found(run=run), output, store)
    assert (output / "certificates" / "false-one").is_dir()
    other = results.everything(tmp_path / "other")
    write_report(other.found(), output, None)
    assert not (output / "claims" / "false-one.html").exists() and not (output / "certificates").exists()
    assert (output / "claims" / "whole.html").is_file()


def test_files_of_others_are_neither_removed_nor_replaced(tmp_path: Path) -> None:
    publish(tmp_path, {"a.html": b"one", "sub/b.html": b"two"})
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "sub" / "mine.txt").write_text("mine")
    publish(tmp_path, {"a.html": b"new"})
    assert contents(tmp_path).keys() == {"a.html", "notes.txt", "sub/mine.txt", MANIFEST}
    with pytest.raises(UsageError, match=r"its notes\.txt was not written by a report; move it away"):
        publish(tmp_path, {"notes.txt": b"theirs"})
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_a_page_that_somebody_changed_is_not_removed(tmp_path: Path) -> None:
    publish(tmp_path, {"a.html": b"one"})
    (tmp_path / "a.html").write_bytes(b"one, with my notes")
    publish(tmp_path, {"b.html": b"two"})
    assert (tmp_path / "a.html").read_bytes() == b"one, with my notes"


def test_a_manifest_cannot_lead_outside(tmp_path: Path) -> None:
    outside, output = tmp_path / "precious", tmp_path / "report"
    outside.write_bytes(b"precious")
    publish(output, {"a.html": b"one"})
    manifest = json.loads((output / MANIFEST).read_text())
    manifest["files"] |= {"../precious": manifest["files"]["a.html"], str(outside): [], "a/../../precious": []}
    (output / MANIFEST).write_text(json.dumps(manifest))
    publish(output, {"b.html": b"two"})
    assert outside.read_bytes() == b"precious" and not (output / "a.html").exists()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "other", "files": {"a.html": []}}', '{"files": 3}'])
def test_a_manifest_that_cannot_be_understood_protects_everything(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.html").write_bytes(b"one")
    (tmp_path / MANIFEST).write_text(text)
    with pytest.raises(UsageError, match="was not written by a report"):
        publish(tmp_path, {"a.html": b"two"})
    assert (tmp_path / "a.html").read_bytes() == b"one"


@pytest.mark.parametrize("survived", range(8))
def test_a_crash_leaves_whole_files_that_the_next_report_may_replace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, survived: int
) -> None:
    old = {"a.html": b"old a", "b.html": b"old b", "c.html": b"old c"}
    new = {"b.html": b"new b", "c.html": b"new c", "d.html": b"new d"}
    publish(tmp_path, old)
    done, rename = [0], os.replace

    def interrupted(source: Path, target: Path) -> None:
        if done[0] == survived:
            raise KeyboardInterrupt
        done[0] += 1
        rename(source, target)

    monkeypatch.setattr(publishing.os, "replace", interrupted)
    if survived < 5:
        with pytest.raises(KeyboardInterrupt):
            publish(tmp_path, new)
        for name, data in contents(tmp_path).items():
            assert name == MANIFEST or data in (old.get(name), new.get(name))
    monkeypatch.undo()
    publish(tmp_path, new)
    assert {name: data for name, data in contents(tmp_path).items() if name != MANIFEST} == new


def test_a_file_in_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "report").write_text("mine")
    with pytest.raises(UsageError, match=r"report' is a file; name a folder"):
        write_report(Bench.of(tmp_path).found(), tmp_path / "report", None)
    with pytest.raises(UsageError, match=r"cannot be written to the folder .*: Not a directory"):
        write_report(Bench.of(tmp_path).found(), tmp_path / "report" / "inside", None)


@pytest.mark.parametrize("problem", [PermissionError(13, "Permission denied"), OSError(28, "No space left on device")])
def test_a_folder_that_cannot_be_written_to_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problem: OSError
) -> None:
    def refuse(*_: object) -> None:
        raise problem

    monkeypatch.setattr(publishing.os, "replace", refuse)
    with pytest.raises(UsageError) as told:
        write_report(Bench.of(tmp_path).found(), tmp_path / "report", None)
    assert str(tmp_path / "report") in str(told.value) and str(problem.strerror) in str(told.value)
    assert "name a folder that can be written to" in str(told.value)
    assert not list((tmp_path / "report").rglob("*.tmp"))


def test_a_store_that_cannot_be_read_is_told_on_the_page(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "evidence.sqlite").mkdir()
    write_report(results.refuted(tmp_path).found(), tmp_path / "report", tmp_path / "store")
    index = pages.read(tmp_path / "report")["index.html"].words()
    assert "No store could be read" in index and "evidence.sqlite" in index


# ------------------------------------------------------------------------------------------------ what changed


def test_changes_since_the_last_run_are_told(tmp_path: Path) -> None:
    before, after = results.refuted(tmp_path), results.refuted(tmp_path)
    task = before.task("right-one::nonnegative")
    before.results = [r for r in before.results if not r.task.id.startswith("false-one")]
    position = next(i for i, result in enumerate(before.results) if result.task.id == task.id)
    del before.results[position]
    before.typed(task.id, Outcome.HOLDS, strength=Strength.COMPUTED, scope=Scope.INSTANCES)
    before.store()
    store, run = after.store()
    write_report(after.found(run=run), tmp_path / "report", store)
    found = pages.read(tmp_path / "report")
    changes = found["index.html"].words("changes")
    assert "right-one::nonnegative" in changes
    assert changes.index("computed for listed instances") < changes.index("certified for all values")
    assert "New since then: false-one (2 results)" in changes
    assert "computed for listed instances" in found["claims/right-one.html"].words("history")


def test_no_change_is_told_as_no_change(tmp_path: Path) -> None:
    bench = results.refuted(tmp_path)
    bench.store()
    store, run = bench.store()
    write_report(bench.found(run=run), tmp_path / "report", store)
    assert "No outcome, strength, scope or condition differs" in pages.read(tmp_path / "report")["index.html"].words()


def test_the_history_does_not_overstate_a_run_of_a_part(tmp_path: Path) -> None:
    part, whole = results.everything(tmp_path), results.everything(tmp_path)
    part.results = [result for result in part.results if result.task.id == "whole::below"]
    part.store(status="interrupted")
    store, run = whole.store()
    write_report(whole.found(run=run), tmp_path / "report", store)
    history = pages.read(tmp_path / "report")["claims/whole.html"].words("history")
    assert "incomplete, 1 of today's 6 obligations checked" in history and "certified" not in history


def test_what_a_claim_no_longer_has_is_told(tmp_path: Path) -> None:
    before = results.refuted(tmp_path / "before")
    before.store()
    after = Bench.of(tmp_path / "after", one=samples.text("right-one", samples.FALSE))
    after.typed("right-one::identity", Outcome.UNDECIDED)
    after.folder = before.folder
    store, run = after.store()
    write_report(after.found(run=run), tmp_path / "report", store)
    changes = pages.read(tmp_path / "report")["index.html"].words("changes")
    assert "right-one::nonnegative" in changes and "no longer part of the claim, or not checked" in changes
