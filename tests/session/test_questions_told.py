r"""Exact questions at the command line and in pytest: what is asked, what was decided, and the numbers that were computed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from tests import questions, samples
from tests.questions import answering, asking, known_to_the_kernel
from verify.cli import main
from verify.session.reporting import question_lines
from verify.verdict import Evidence, Outcome, Role

Json = Any
ROOT = Path(__file__).resolve().parents[2]
__all__ = ["known_to_the_kernel"]

OPEN = answering("if self.number == 14:\n    raise Unanswered('too hard')\nreturn super().answer()")
MODULES = {
    "a": samples.text("good", questions.TRUE),
    "b": samples.text("false", asking("return Divides(7 * n - n // 3, 7)", naturals='{"n": (1, 2, 3)}')),
    "c": samples.text("open", OPEN),
    "d": samples.text("failing", asking("return Divides(7, 3 - n)", naturals='{"n": (1, 2, 3)}')),
    "e": samples.text("large", asking("return Divides(91, 7, tuple(map(str, range(10**4))) + ('x' * 10**6,))")),
    "f": samples.text("survivor", questions.TRUE.replace("7 * n + 1, 7", "7 * n, 7 // 7")),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("project")
    (root / "pytest.ini").write_text("[pytest]\n")
    (root / "conftest.py").write_text(questions.CONFTEST)
    samples.folder(root / "claims", **MODULES)
    return root


@pytest.fixture
def here(project: Path, monkeypatch: pytest.MonkeyPatch, known_to_the_kernel: None) -> Path:
    monkeypatch.chdir(project)
    monkeypatch.setattr("verify.session.session.PRELOAD", ())
    return project


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    status = main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


# ------------------------------------------------------------------------------------------------ the command line


def test_show_prints_every_question_in_the_kernels_words(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, text, _ = run(capsys, "show", "good")
    assert status == 0
    assert "  proof multiples\n    at n = 1: 7 divides 7\n    at n = 2: 7 divides 14\n" in text


def test_show_bounds_what_is_long(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, text, _ = run(capsys, "show", "large")
    assert len(text) < 3000 and "and 9990 more lines, which the certificate has" in text


def test_show_tells_what_cannot_be_asked(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, text, _ = run(capsys, "show", "failing")
    assert status == 0 and "asked at n = 3: the divisor 0 is not positive" in text


def test_json_has_a_row_for_each_question(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "run", "claims", "--json", "--store", here / "store")
    assert status == 3, err
    claims = {entry["claim"]: entry for entry in json.loads(out)["claims"]}
    rows = claims["good"]["obligations"]["multiples"]["questions"]
    assert [row["naturals"] for row in rows] == [{"n": n} for n in (1, 2, 3, 4)]
    assert rows[1]["theorem"] == "7 divides 14" and rows[1]["holds"] is True
    assert rows[1]["facts"] == {"quotient": "2", "remainder": "0"} and len(rows[1]["sha256"]) == 64
    mutant = claims["good"]["mutants"]["by eight"]["obligations"]["multiples"]["questions"]
    assert [row["holds"] for row in mutant] == [False] * 4
    assert [row["reason"] for row in claims["open"]["obligations"]["asked"]["questions"]] == ["", "too hard", ""]
    assert claims["failing"]["obligations"]["asked"]["questions"] == []
    assert claims["failing"]["obligations"]["asked"]["outcome"] == "error"


def test_text_names_the_questions_that_are_not_true(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, _, text = run(capsys, "run", "claims", "--store", here / "store")
    assert "asked: refuted: false at n = 3: 7 divides 20 (quotient 2, remainder 6)" in text
    assert "at n = 2: not decided: too hard" in text
    assert "asked at n = 3: the divisor 0 is not positive" in text
    assert "Traceback" not in text


def test_junit_has_the_questions_as_properties(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "run", "claims", "--store", here / "store", "--junit", here / "verify.xml")
    cases = {(c.get("classname"), c.get("name")): c for c in ET.parse(here / "verify.xml").getroot().iter("testcase")}
    found = {p.get("name"): p.get("value") for p in cases["false", "asked"].iter("property")}
    assert found["questions"] == "3 of 3 decided"
    assert found["question[n = 3]"] == "false: 7 divides 20 (quotient 2, remainder 6)"
    assert found["question[n = 1]"] == "true: 7 divides 7 (quotient 1, remainder 0)"
    undecided = {p.get("name"): p.get("value") for p in cases["open", "asked"].iter("property")}
    assert undecided["questions"] == "2 of 3 decided" and undecided["question[n = 2]"] == "not decided: too hard"


def test_the_report_from_the_store_has_the_answers(
    here: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "run", "claims", "--store", here / "store")
    status, _, _ = run(capsys, "report", "claims", "--store", here / "store", "--output", tmp_path / "report")
    assert status == 0
    page = (tmp_path / "report" / "claims" / "good.html").read_text()
    assert "7 divides 28" in page
    failing = (tmp_path / "report" / "claims" / "failing.html").read_text()  # one claim does not take the others along
    assert "asked at n = 3: the divisor 0 is not positive" in failing
    files = sorted((tmp_path / "report" / "certificates" / "good").glob("*.json"))
    assert files and run(capsys, "check", *files)[0] == 0


def test_questions_that_are_not_true_are_told_first_and_not_too_many() -> None:
    rows: list[Json] = [
        {"naturals": {"n": n}, "holds": n < 30, "theorem": f"t{n}", "facts": {}, "reason": "", "sha256": ""}
        for n in range(40)
    ]
    rows[7] = {"naturals": {"n": 7}, "reason": "no time", "sha256": ""}
    told = question_lines(Evidence(Role.PROOF, Outcome.UNDECIDED, "", detail={"questions": rows}))
    assert told[0] == "at n = 30: false: t30" and told[10] == "at n = 7: not decided: no time"
    assert told[-1] == "and 28 more questions" and len(told) == 13
    assert question_lines(Evidence(Role.PROOF, Outcome.UNDECIDED, "")) == []


# ---------------------------------------------------------------------------------------------------------- pytest


def pytest_claims(project: Path, *arguments: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "pytest", "claims", "-v", "-rA", "--color=no", "-p", "no:randomly", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, env=environment, check=False)
    assert "INTERNALERROR" not in done.stdout + done.stderr, done.stdout
    return done.returncode, done.stdout


@pytest.fixture(scope="module")
def told(project: Path) -> tuple[int, str]:
    return pytest_claims(project, "--junitxml=junit.xml")


def test_questions_are_items_with_their_categories(told: tuple[int, str]) -> None:
    status, text = told
    assert status == 1
    assert "claims/a.py::good::multiples CERTIFIED" in text
    assert "claims/a.py::good::mutant[by eight] KILLED" in text
    assert "claims/c.py::open::asked UNDECIDED" in text


def test_a_failure_names_the_question_and_what_was_computed(told: tuple[int, str]) -> None:
    _, text = told
    wanted = "false::asked: refuted, but expected is: holds\n  false at n = 3: 7 divides 20 (quotient 2, remainder 6)\n"
    assert wanted in text
    assert "  at n = 3: false: 7 divides 20 (quotient 2, remainder 6)\n  at n = 1: true: 7 divides 7 (" in text
    assert "failing::asked: could not be checked\n" in text and "asked at n = 3: the divisor 0 is not positive" in text
    assert "open::asked - undecided: 1 of 3 questions not decided: too hard at n = 2" in text
    assert "mutant[one-more] survives: no obligation refutes it" in text
    assert "multiples: holds: 4 questions decided, each by its certificate" in text
    assert "Traceback" not in text


def test_undecided_is_a_failure_that_names_the_question_where_asked_to(project: Path, told: tuple[int, str]) -> None:
    status, text = pytest_claims(project, "-k", "open and asked", "--strict")
    assert status == 1
    assert "open::asked: undecided\n" in text and "  at n = 2: not decided: too hard\n" in text


def test_junit_of_pytest_has_the_questions_as_properties(project: Path, told: tuple[int, str]) -> None:
    cases = {case.get("name"): case for case in ET.parse(project / "junit.xml").getroot().iter("testcase")}
    found = {p.get("name"): p.get("value") for p in cases["multiples"].iter("property")}
    assert found["questions"] == "4 of 4 decided" and found["strength"] == "certified"
    assert found["question[n = 2]"] == "true: 7 divides 14 (quotient 2, remainder 0)"
    killed = {p.get("name"): p.get("value") for p in cases["mutant[by eight]"].iter("property")}
    assert killed["reason"] == "false at n = 1: 8 divides 7 (quotient 0, remainder 7)"
