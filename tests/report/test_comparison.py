r"""``verify diff`` from the command line: text, JSON, the page, exit status."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest

from tests import samples
from tests.session.test_comparison import summary
from verify.cli import main
from verify.store import Store

html5lib = pytest.importorskip("html5lib")
TASK = "mine::nonnegative"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one claim and three runs of it, the last one weaker than the second."""
    samples.folder(tmp_path / "claims", mine=samples.text("mine"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VERIFY_NO_PLUGINS", "1")
    found = [summary(), summary(), summary(strength="computed", reason="<b>Z3</b> & co")]
    with Store.open(tmp_path / ".verify") as store:
        for number, entry in enumerate(found):
            run = store.start_run({})
            costs = {"points tried": 10 * (number + 1)}
            store.record(run, TASK, "0" * 64, {**entry, "costs": costs}, cached=False, seconds=1)
            store.finish_run(run)
    return tmp_path


def test_the_two_latest_runs_are_compared_and_a_regression_is_status_1(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diff"]) == 1
    said = capsys.readouterr().out
    assert "regressed: 2\n  mine: certified for all values -> computed for all values\n" in said
    assert f"  {TASK}: certified for all values -> computed for all values (<b>Z3</b> & co)" in said
    assert f"takes more: 1 (by a factor of 1.5 or more)\n  {TASK}: 20 -> 30 points tried" in said
    assert main(["diff", "latest", "previous", "--factor", "3"]) == 0
    said = capsys.readouterr().out
    assert "fixed: 2" in said and "takes" not in said


def test_the_json_says_the_same_with_a_version(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    runs = sorted(path.stem for path in (project / ".verify" / "runs").glob("*.json"))
    assert main(["diff", "--json", runs[0], str(project / ".verify" / "runs" / f"{runs[2]}.json")]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["schema"], found["factor"], found["before"]["run"]) == (1, 1.5, runs[0])
    assert found["after"] == {
        "run": f"{project}/.verify/runs/{runs[2]}.json",
        "started": None,
        "status": "finished",
        "results": 1,
    }
    assert [c["name"] for c in found["differences"]["regressed"]] == ["mine", TASK]
    assert found["differences"]["slower"] == [{"task": TASK, "what": "points tried", "before": 10, "after": 30}]


@pytest.mark.parametrize("arguments", [["diff", "nonsense"], ["diff", "--factor", "1"], ["diff", "--factor", "nan"]])
def test_bad_input_is_status_2_in_one_sentence(
    project: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and len(captured.err.splitlines()) == 1


def test_runs_lists_the_runs(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["runs"]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert len(rows) == 3 and all(row.endswith("1 results") for row in rows)
    assert main(["runs", "--json"]) == 0
    assert [row["run"] for row in json.loads(capsys.readouterr().out)["runs"]] == [row.split()[0] for row in rows]


def test_the_page_is_one_strict_document_that_needs_nothing(project: Path) -> None:
    assert main(["diff", "--html", "what.html"]) == 1
    text = (project / "what.html").read_text()
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    document = parser.parse(text)
    style = document.findtext("head/style")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    assert f"style-src 'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'" in policy[1]
    assert "default-src 'none'" in policy[1] and "unsafe" not in policy[1]
    assert not re.search(r'(?:src|href)="(?!#)', text) and "<script" not in text and " style=" not in text
    assert "<b>Z3" not in text and "&lt;b&gt;Z3&lt;/b&gt; &amp; co" in text
    assert [h.text for h in document.iter("h2")] == ["Regressed", "Takes more"]
    assert document.find("head/title").text == "What changed: 1 claim and 1 task regressed."
    anchors = {e.get("id") for e in document.iter() if e.get("id")}
    assert all(a.get("href")[1:] in anchors for a in document.iter("a"))


def test_a_page_of_nothing_says_so(project: Path) -> None:
    assert main(["diff", "latest", "latest", "--html", "what.html"]) == 0
    assert '<p class="lead">Nothing changed.</p>' in (project / "what.html").read_text()
