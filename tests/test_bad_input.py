r"""Mistakes of authors and users: one sentence with file, line, what is wrong and what to do; everything else runs."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests import samples
from verify.cli import main

GOOD = samples.text("good")
FIRST = len(samples.HEADER.splitlines()) + 2  # line of the first statement after the header

MISTAKES = {
    "syntax": (
        "from verify import Claim\nclaim = Claim('x'\n",
        2,
        "syntax error: '(' was never closed; correct this line",
    ),
    "crash": ("from verify import Claim\n\nraise OSError('no')\n", 3, "importing this module failed: OSError: no"),
    "leave": ("import sys\nsys.exit('bye')\n", 2, "importing this module failed: SystemExit: bye"),
    "unknown_name": (samples.text("a", samples.BROKEN), FIRST + 2, "reluu is unknown here; define it with @define"),
    "recursion": (
        samples.text(
            "b",
            """
@define
def f(n: nat) -> real:
    return 0 if n == 0 else f(n) + 1


@claim.proof()
def t(n: nat) -> prop:
    return f(n) >= 0
""",
        ),
        FIRST,
        "f calls itself at an argument that is not known to be smaller; in the case n != 0 call it at n - 1",
    ),
    "float": (
        samples.text("c", "\n@claim.proof()\ndef t(x: real) -> prop:\n    return relu(x) >= 0.1 * x\n"),
        FIRST + 2,
        "0.1 is a floating-point number; write an exact one, such as 1/10",
    ),
    "parameter": (
        samples.text("d", samples.TRUE + '\nclaim.mutant("other", {"scale": "1/5"})\n'),
        FIRST + 10,
        "'scale' is not a parameter of d (its parameters: none); declare it with claim.parameter",
    ),
    "number": (
        samples.text("e", '\nslope = claim.parameter("slope", 0.1)\n'),
        FIRST,
        '0.1 is not an exact number; write a text such as "1/4"',
    ),
    "source": (
        samples.text("f", source="nobody1900"),
        3,
        "the source 'nobody1900' is not in ",
    ),
    "twice": (samples.text("good", samples.SHARP), 3, "the claim 'good' ("),
    "name": (samples.text("Bad Name"), 3, "the name 'Bad Name' may only have small letters, digits and hyphens"),
    "untyped": (
        samples.text("g", "\n@claim.proof()\ndef t(x):\n    return relu(x) >= 0\n"),
        FIRST + 1,
        "argument x of t needs one of the sorts nat, real, vec, prop, mat[rows, columns] as its annotation, which is missing",
    ),
}


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, str, Path]:
    """What one run says about all mistakes at once, and a good claim among them."""
    import contextlib
    import io

    folder = samples.folder(tmp_path_factory.mktemp("bad"), good=GOOD, **{n: t for n, (t, _, _) in MISTAKES.items()})
    err = io.StringIO()
    with contextlib.redirect_stderr(err):
        status = main(["run", str(folder), "--no-store"])
    return status, err.getvalue(), folder


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_gets_one_sentence_at_its_line(said: tuple[int, str, Path], name: str) -> None:
    _, text, folder = said
    _, line, sentence = MISTAKES[name]
    files = ("good", "twice") if name == "twice" else (name,)
    found = [row for row in text.splitlines() if any(f"{folder / f'{f}.py'}:{line}: {sentence}" in row for f in files)]
    assert len(found) == 1, text


def test_everything_else_still_runs(said: tuple[int, str, Path]) -> None:
    status, text, _ = said
    assert status == 3
    assert "ok good: certified for all values" in text
    assert "Traceback" not in text


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    store = tmp_path / "store"
    assert main(["cache", "--store", str(store)]) == 0
    connection = sqlite3.connect(next(store.glob("*.sqlite")), isolation_level=None)
    connection.execute("UPDATE meta SET value = '99' WHERE name = 'schema_version'")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    return store


def test_a_store_from_the_future_is_left_alone_and_the_run_goes_on(
    newer: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.read_bytes() for path in newer.rglob("*.sqlite")}
    folder = samples.folder(tmp_path / "claims", good=GOOD)
    capsys.readouterr()
    status = main(["run", str(folder), "--store", str(newer)])
    err = capsys.readouterr().err
    assert status == 3
    assert "ok good: certified for all values" in err
    (sentence,) = [line for line in err.splitlines() if "schema 99" in line]
    assert str(newer) in sentence
    assert "update deepclaims" in sentence
    assert {path: path.read_bytes() for path in newer.rglob("*.sqlite")} == before


@pytest.mark.parametrize("command", [["report"], ["cache"]])
def test_commands_that_need_the_store_refuse_one_from_the_future(
    newer: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    folder = samples.folder(tmp_path / "claims", good=GOOD)
    selection = [str(folder)] if command == ["report"] else []
    assert main([*command, *selection, "--store", str(newer)]) == 3
    assert "schema 99" in capsys.readouterr().err
