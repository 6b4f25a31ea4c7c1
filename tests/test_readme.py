r"""The README is true: its claim is certified, its commands exist, its files are there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from verify.cli import build_parser, main
from verify.kernel import FORMAT, check

pytestmark = pytest.mark.usefixtures("one_server")

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def test_the_first_claim_is_certified_as_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text, *_ = blocks("python")
    assert len(text.strip().splitlines()) <= 18
    (tmp_path / "contraction.py").write_text(text)
    (tmp_path / "references.bib").write_text((ROOT / "claims" / "references.bib").read_text())
    assert main(["run", str(tmp_path), "--no-store", "--json"]) == 0
    captured = capsys.readouterr()
    assert "ok relu-contraction: certified for all values" in captured.err
    assert '"false at x = 0, y = 1"' in captured.out
    assert "the mutant is refuted at x = 0, y = 1" in " ".join(README.split())


def test_the_network_is_counted_as_told() -> None:
    text = blocks("python")[1]
    names: dict[str, Any] = {}
    exec(text, names)
    statement = names["question"].statement()
    document = {"format": FORMAT, "kind": names["kind"], "statement": statement, "witness": names["witness"]}
    assert check(document).holds
    assert len(names["cells"]) >= len(names["regions"]) > 1


def test_the_minimum_is_found_as_told(capsys: pytest.CaptureFixture[str]) -> None:
    """It is the squared error of a half-line, here by hand: 19/10."""
    text = blocks("python")[2]
    names: dict[str, Any] = {}
    exec(text, names)
    minimum = names["minimum"]
    assert minimum.certified and check(minimum.certificate).holds
    values = [minimum.network([x])[0] for x in range(5)]
    assert sum((value - label) ** 2 for value, label in zip(values, (0, 1, 0, 2, 1), strict=True)) == minimum.value
    assert capsys.readouterr().out.startswith(f"{minimum.value} ")


def test_the_rate_is_proved_and_attained_as_told() -> None:
    names: dict[str, Any] = {}
    exec(blocks("python")[3], names)
    for question in (names["bound"], names["tight"]):
        kind, witness = question.answer()
        document = {"format": FORMAT, "kind": kind, "statement": question.statement(), "witness": witness}
        assert check(document).holds
    assert names["bound"].statement()["rate"] == "1/22"


def test_the_experiment_is_decided_as_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "noise.py").write_text(blocks("python")[4])
    (tmp_path / "references.bib").write_text((ROOT / "claims" / "references.bib").read_text())
    assert main(["run", str(tmp_path), "--no-store", "--json"]) == 0
    captured = capsys.readouterr()
    assert "ok mean-of-noise: statistical for listed instances" in captured.err
    assert "outside [-0.65, -0.55]" in captured.out


def test_matrices_are_decided_as_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "normal.py").write_text(blocks("python")[5])
    (tmp_path / "references.bib").write_text((ROOT / "claims" / "references.bib").read_text())
    assert main(["run", str(tmp_path), "--no-store", "--json"]) == 0
    captured = capsys.readouterr()
    assert "ok normal-equations: certified for all values" in captured.err
    assert '"false at ' in captured.out


def test_the_landscape_is_classified_as_told(capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, Any] = {}
    exec(blocks("python")[6], names)
    statement = names["zero"].statement()
    document = {"format": FORMAT, "kind": names["kind"], "statement": statement, "witness": names["witness"]}
    assert check(document).holds and statement["says"] == "non-strict saddle"
    assert capsys.readouterr().out == f"{len(list(names['critical_points'](names['network'])))} critical-point-curve\n"


COMMANDS = [line.partition("#")[0].strip() for block in blocks("sh") for line in block.splitlines() if line.strip()]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_exists(command: str) -> None:
    program, *arguments = shlex.split(command)
    if program == ".venv/bin/verify":
        assert callable(build_parser().parse_args(arguments).command)
    elif program == "make":
        assert re.search(rf"^{arguments[0]}:", (ROOT / "Makefile").read_text(), re.MULTILINE)
    else:
        assert program in ("python3", ".venv/bin/python")
        assert all((ROOT / part).exists() for part in arguments if part.endswith(".py") and "*" not in part)


@pytest.mark.parametrize("path", re.findall(r"`((?:claims|verify|benchmarks|reports)/[\w/.]*)`", README))
def test_a_place_is_there(path: str) -> None:
    made = {"reports/index.html", "claims/contraction.py"}
    assert path in made or (ROOT / path).exists()


def test_pictures_are_there() -> None:
    pictures = re.findall(r"!\[.*?\]\((.*?)\)", README)
    assert pictures
    assert all((ROOT / path).stat().st_size > 1000 for path in pictures)


def test_strengths_are_those_of_the_code() -> None:
    from verify.verdict import Strength

    words = set(re.findall(r"^\| (\w+) \| ", README, re.MULTILINE)) - {"word"}
    assert {s.name.lower() for s in Strength if s is not Strength.CITED} <= words
