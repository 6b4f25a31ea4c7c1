r"""``pytest claims`` as its users call it: in a process of its own, on a small project."""

from __future__ import annotations

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests import samples

MODULES = {
    "one": samples.text("true-one"),
    "two": samples.text("sharp-one", samples.SHARP),
    "three": samples.text("refuted-one", samples.FALSE, more=', expect="refuted"'),
    "four": samples.text("vacuous-one", samples.VACUOUS),
    "five": samples.text("false-one", samples.FALSE),
    "six": "from verify import Claim\nclaim = Claim('x'\n",
}


OWN_CACHE = ("-o", "cache_dir=first")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("project")
    (root / "pytest.ini").write_text("[pytest]\n")
    samples.folder(root / "claims", **MODULES)
    return root


def run(project: Path, *arguments: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "pytest", "claims", "-rA", "--color=no", *arguments]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert "INTERNALERROR" not in done.stdout + done.stderr
    return done.returncode, done.stdout


def summary(text: str) -> list[str]:
    """The counts in the last line, as ``3 failed``, sorted."""
    return sorted(re.sub(r" in [0-9.]+s.*", "", text.strip().splitlines()[-1].strip("= ")).split(", "))


@pytest.fixture(scope="module")
def whole(project: Path) -> tuple[int, str]:
    """Everything once; what comes later finds it in the store."""
    return run(project, "--junitxml=junit.xml", "-p", "no:randomly", *OWN_CACHE)


@pytest.fixture(scope="module")
def known(project: Path, whole: tuple[int, str]) -> Path:
    return project


def test_every_outcome_has_its_category(whole: tuple[int, str]) -> None:
    status, text = whole
    assert status == 1
    counts = dict(part.split(" ", 1)[::-1] for part in summary(text))
    assert counts == {
        "failed": "3",  # a claim that is false, its verdict, and the file that cannot be read
        "passed": "4",  # three verdicts and a bracket
        "certified": "2",
        "killed": "5",
        "refuted as expected": "1",
        "undecided": "2",
    }


def test_failures_are_told_in_our_words(whole: tuple[int, str]) -> None:
    _, text = whole
    assert "false-one::identity: refuted, but expected is: holds\n  false at x = -1" in text
    assert "six.py:2: syntax error: '(' was never closed; correct this line" in text
    assert "Traceback" not in text
    assert "vacuous-one::anything - undecided: proved, but no point was found that satisfies its hypotheses" in text


def test_junit_carries_the_evidence(project: Path, whole: tuple[int, str]) -> None:
    cases = {case.get("name"): case for case in ET.parse(project / "junit.xml").getroot().iter("testcase")}
    properties = {p.get("name"): p.get("value") for p in cases["nonnegative"].iter("property")}
    assert properties["strength"] == "certified"
    assert properties["scope"] == "all"
    assert {"mutant[positive]", "sharpness[slope]", "verdict"} <= cases.keys()


@pytest.mark.parametrize(
    ("arguments", "status", "expected"),
    [
        (["-k", "true-one"], 0, "1 passed, 1 certified, 1 killed"),
        (["-m", "mutant"], 0, ""),
        (["-m", "sharpness"], 0, "1 passed"),
        (["-k", "vacuous and anything"], 0, "1 undecided"),
        (["-k", "vacuous and anything", "--strict"], 1, "1 failed"),
        (["claims/one.py::true-one::mutant[positive]", "--deselect", "claims/"], 5, ""),
    ],
)
def test_selecting(known: Path, arguments: list[str], status: int, expected: str) -> None:
    found, text = run(known, *arguments)
    assert found == status, text
    if expected:
        left = [part for part in summary(text) if "deselected" not in part and "error" not in part]
        assert left == sorted(expected.split(", "))


def test_last_failed_come_again(known: Path) -> None:
    """After the first run, whose cache of pytest no other run writes to."""
    status, text = run(known, "--lf", *OWN_CACHE)
    assert status == 1
    assert "3 failed" in summary(text)


def test_two_processes_agree_with_one_and_one_of_them_writes(project: Path, whole: tuple[int, str]) -> None:
    status, text = run(project, "-n", "2", "--verify-store", "other")
    assert (status, summary(text)) == (whole[0], summary(whole[1]))
    status, text = run(project, "--verify-store", "other", "--jobs", "1")
    assert (status, summary(text)) == (whole[0], summary(whole[1]))


def test_collecting_starts_nothing(project: Path) -> None:
    _, text = run(project, "--collect-only", "-q", "--verify-store", "untouched")
    assert "claims/one.py::true-one::mutant[positive]" in text
    assert not (project / "untouched").exists()


def test_other_tests_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "claims").mkdir()
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_x.py").write_text("def test_x():\n    assert True\n")
    command = [sys.executable, "-m", "pytest", "-q", "tests"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, summary(done.stdout)) == (0, ["1 passed"])
    assert not (tmp_path / ".verify").exists()


def test_a_store_that_cannot_be_used_is_told_and_fails_the_run(known: Path) -> None:
    (known / "blocked").write_text("a file")
    status, text = run(known, "-k", "true-one", "--verify-store", "blocked")
    assert status == 1
    assert "blocked is a file, but the evidence store needs a folder of that name; nothing is kept of this run" in text
    assert "1 certified" in text
