r"""The command ``verify``: what it prints where, and with which exit status."""

from __future__ import annotations

import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from tests import samples
from verify.cli import main
from verify.kernel.__main__ import main as kernel_main

Json = Any

WHOLE = {
    "true": samples.text("true-one"),
    "sharp": samples.text("sharp-one", samples.SHARP),
    "false": samples.text("false-one", samples.FALSE),
    "refuted": samples.text("refuted-one", samples.FALSE, more=', expect="refuted"'),
    "vacuous": samples.text("vacuous-one", samples.VACUOUS),
}


@pytest.fixture(scope="module")
def claims(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return samples.folder(tmp_path_factory.mktemp("claims"), **WHOLE)


@pytest.fixture(scope="module")
def store(claims: Path) -> Path:
    """A store that knows all of the claims."""
    path = claims.parent / "store"
    assert main(["run", str(claims), "--store", str(path)]) == 1
    return path


@pytest.fixture(autouse=True)
def somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    status = main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


# ------------------------------------------------------------------------------------------------- exit status


@pytest.mark.parametrize(
    ("module", "options", "status"),
    [
        ("true", [], 0),
        ("sharp", [], 0),
        ("refuted", [], 0),
        ("false", [], 1),
        ("vacuous", [], 0),
        ("vacuous", ["--strict"], 4),
        ("true", ["--strict"], 0),
    ],
)
def test_the_exit_status_says_whether_all_is_as_expected(
    claims: Path, store: Path, module: str, options: list[str], status: int
) -> None:
    assert main(["run", str(claims / f"{module}.py"), "--store", str(store), *options]) == status


def test_nothing_selected(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    assert run(capsys, "run", tmp_path / "empty", "--no-store") == (5, "", "nothing selected\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["run", "no-such-claim"], "there is no claim 'no-such-claim'; the claims here are: "),
        (["run", "--seconds", "0"], "--seconds 0: a task needs a positive time"),
        (["run", "--jobs", "-1"], "--jobs -1: give a positive number, or 0 for the number of processors"),
        (["report", "--store", "nowhere"], "there is no evidence store 'nowhere'; run `verify run` first"),
        (["cache", "--keep-runs", "0"], "--keep-runs 0: keep at least one run"),
    ],
)
def test_what_cannot_be_done_as_asked(capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str) -> None:
    status, out, err = run(capsys, *arguments)
    assert (status, out) == (2, "")
    assert err.startswith(f"verify: {sentence}")
    assert err.count("\n") == 1


def test_an_unknown_command_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["prove"])
    assert stopped.value.code == 2
    assert "invalid choice: 'prove'" in capsys.readouterr().err


# ------------------------------------------------------------------------------------------------------- output


def test_json_goes_to_standard_output_and_text_to_standard_error(
    claims: Path, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = run(capsys, "run", claims, "--store", store, "--json")
    found = json.loads(out)
    assert (status, found["schema"]) == (1, 1)
    by_name = {entry["claim"]: entry for entry in found["claims"]}
    assert by_name["true-one"]["verdict"]["in_words"] == "certified for all values"
    assert by_name["true-one"]["mutants"]["positive"]["killed"]
    assert by_name["sharp-one"]["brackets"]["slope"] == {"refuted": "1/2", "proved": "1", "confirmed": True}
    assert by_name["false-one"]["obligations"]["identity"]["reason"] == "false at x = -1"
    assert not by_name["false-one"]["as_expected"]
    assert by_name["refuted-one"]["as_expected"]
    assert by_name["vacuous-one"]["verdict"]["outcome"] == "undecided"
    assert err.splitlines()[-1] == "1 certified, 1 refuted as expected, 3 unexpected" or "undecided" in err


def test_junit(claims: Path, store: Path, tmp_path: Path) -> None:
    file = tmp_path / "junit.xml"
    assert main(["run", str(claims), "--store", str(store), "--junit", str(file)]) == 1
    suite = ET.parse(file).getroot()
    cases = {(case.get("classname"), case.get("name")): case for case in suite.iter("testcase")}
    assert cases["true-one", "nonnegative"].find("failure") is None
    assert cases["false-one", "identity"].find("failure").get("message") == "false at x = -1"  # type: ignore[union-attr]
    assert cases["vacuous-one", "anything"].find("skipped") is not None
    assert int(suite.get("failures", "")) == len(suite.findall("testcase/failure")) > 0
    assert int(suite.get("tests", "")) == len(suite.findall("testcase"))
    assert cases["vacuous-one", "verdict"].find("skipped") is not None, "undecided is skipped, the claim as a whole too"
    assert len(cases["true-one", "mutant[positive]"]) == 0, "a mutant that is refuted has passed"
    for case in suite.findall("testcase"):
        assert float(case.get("time", "")) >= 0 and Path(case.get("file", "")).suffix == ".py"
    for told in (*suite.findall("testcase/failure"), *suite.findall("testcase/skipped")):
        assert told.get("type") in ("refuted", "undecided") and told.get("message")


@pytest.mark.parametrize("option", ["--junit", "--report"])
def test_a_place_that_cannot_be_written_is_named_after_all_else_has_run(
    claims: Path, store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    status, _, err = run(capsys, "run", claims / "true.py", "--store", store, option, blocked / "inside")
    assert status == 2
    assert "ok true-one: certified for all values" in err
    last = err.splitlines()[-1]
    assert last.startswith("verify: ")
    assert str(blocked) in last


def test_list_and_show(claims: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "list", claims)
    assert status == 0
    assert "refuted-one  A title  (false as printed)" in out.splitlines()
    status, out, _ = run(capsys, "list", claims, "--json")
    assert {row["claim"] for row in json.loads(out)["claims"]} == {f"{name}-one" for name in WHOLE}
    status, out, _ = run(capsys, "show", claims / "sharp.py")
    assert status == 0
    assert "    theorem below: for all x: real, if x >= 0, then relu(x) <= 1 * x" in out.splitlines()


def test_list_loads_no_engine(claims: Path) -> None:
    script = (
        "import sys; from verify.cli import main; main(['list', sys.argv[1]]);"
        "print(sorted({'torch', 'cvxpy', 'z3', 'sympy', 'numpy', 'hypothesis', 'jinja2'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", script, claims], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


# ------------------------------------------------------------------------------------------ certificates, report


def test_the_report_holds_certificates_that_the_kernel_accepts(
    claims: Path, store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _, err = run(capsys, "report", claims, "--store", store, "--output", tmp_path / "report")
    assert (status, err) == (0, f"report: {tmp_path / 'report' / 'index.html'}\n")
    certificates = sorted(map(str, (tmp_path / "report").rglob("certificates/**/*.json")))
    assert certificates
    assert run(capsys, "check", *certificates)[0] == 0
    assert kernel_main(certificates) == 0


def test_check_refuses_what_was_touched(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = Path(__file__).parent / "kernel" / "certificates" / "maximum.json"
    document = json.loads(good.read_text())
    document["statement"]["theorem"]["conclusion"] = "1 >= 2"
    (tmp_path / "bad.json").write_text(json.dumps(document))
    (tmp_path / "none.json").write_text("[]")
    assert run(capsys, "check", good)[0] == 0
    assert run(capsys, "check", good, tmp_path / "bad.json")[0] == 1
    assert run(capsys, "check", tmp_path / "none.json")[0] == 2


def test_doctor_finds_everything_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "doctor")
    assert (status, [line for line in out.splitlines() if line.startswith("!!")]) == (0, [])
    assert "ok kernel" in out


def test_cache_forgets_old_runs(claims: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        run(capsys, "run", claims / "true.py", "--store", "mine")
    status, out, _ = run(capsys, "cache", "--store", "mine", "--keep-runs", "1")
    assert (status, out.splitlines()[-1].partition(", ")[0]) == (0, "mine: 1 runs")
