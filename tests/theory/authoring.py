r"""Author files for tests: Python reads the source of a function from a file, so each text is written to one.

The first line of the file imports the words of the language; the author's text begins on line 2.
"""

from __future__ import annotations

import ast
import atexit
import itertools
import shutil
import tempfile
import textwrap
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import verify
from verify.errors import ClaimError
from verify.theory.environment import Problem, problem
from verify.theory.objects import Changes

Json = Any

WORDS = f"from fractions import Fraction; from verify import {', '.join(verify.__all__)}\n"
FOLDER = Path(tempfile.mkdtemp(prefix="verify-authors-"))
NUMBERS = itertools.count(1)
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)


def author(text: str, **names: Any) -> SimpleNamespace:
    """What a file with this text defines; ``names`` are there already, as if they had been imported."""
    file = FOLDER / f"author_{next(NUMBERS)}.py"
    file.write_text(WORDS + textwrap.dedent(text).lstrip("\n"))
    found: dict[str, Any] = {"__name__": file.stem, **names}
    exec(compile(file.read_text(), str(file), "exec", dont_inherit=True), found)
    return SimpleNamespace(**found)


def read(text: str, theorem: str = "t", arithmetic: str = "exact", changes: Changes | None = None) -> Problem:
    """The problem of the theorem called ``t`` in an author's text."""
    return problem(getattr(author(text), theorem), changes, arithmetic)


def state(text: str, arithmetic: str = "exact") -> Json:
    """The statement of the theorem called ``t`` in an author's text."""
    return read(text, arithmetic=arithmetic).statement


def theorem(variables: str, conclusion: str, *hypotheses: str, before: str = "", hints: str = "") -> str:
    """An author's text with one theorem ``t``."""
    assumed = f"    assume({', '.join(hypotheses)})\n" if hypotheses else ""
    return (
        f"{textwrap.dedent(before)}\n@lemma({hints})\ndef t({variables}) -> prop:\n{assumed}    return {conclusion}\n"
    )


def stated(variables: str, conclusion: str, *hypotheses: str, before: str = "", arithmetic: str = "exact") -> Json:
    """The statement of one theorem."""
    return state(theorem(variables, conclusion, *hypotheses, before=before), arithmetic)


def mistake(text: str) -> ClaimError:
    """The error of an author whose theorem is called ``t``."""
    try:
        read(text)
    except ClaimError as found:
        return found
    raise AssertionError("no mistake was found")


def changed(numbers: Mapping[str, str] | None = None, **replaced: Any) -> Changes:
    """The changes of a mutant."""
    return Changes({name: Fraction(value) for name, value in (numbers or {}).items()}, replaced)


def line_of(text: str, marker: str = "# here") -> int:
    """The line of the author's file on which the marker stands."""
    before, found, _ = (WORDS + textwrap.dedent(text).lstrip("\n")).partition(marker)
    assert found
    return before.count("\n") + 1


def defect(reason: str) -> Any:
    """A mark for what is known to be wrong in ``verify``."""
    return pytest.mark.xfail(strict=True, reason=reason)


# ------------------------------------------------------------------------------------- Python as a second opinion


class Exactly(ast.NodeTransformer):
    """Integer literals become fractions."""

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if type(node.value) is not int:
            return node
        return ast.Call(ast.Name("Fraction", ast.Load()), [node], [])


def executed(text: str, **others: Any) -> SimpleNamespace:
    """An author's text, not read but run by Python, with exact arithmetic: its functions are ordinary functions."""

    def unchanged(function: Any) -> Any:
        return function

    names: dict[str, Any] = {
        "Fraction": Fraction,
        "define": unchanged,
        "relu": lambda t: t if t > 0 else Fraction(0),
        "implies": lambda a, b: not a or b,
        "iff": lambda a, b: a == b,
        "nat": int,
        "real": float,
        "prop": bool,
        "vec": tuple,
        **others,
    }
    tree = ast.fix_missing_locations(Exactly().visit(ast.parse(textwrap.dedent(text))))
    exec(compile(tree, "<run>", "exec", dont_inherit=True), names)
    return SimpleNamespace(**names)
