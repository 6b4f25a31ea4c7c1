r"""The rules of the house that a machine can check: the arrows between modules, types, style, sizes."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MAX_LINES = 400
MAX_FUNCTION = 40


def tool(*command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment, check=False)


def test_arrows_between_modules_do_not_turn_round() -> None:
    """The contracts are in pyproject.toml."""
    run = tool("lint-imports", "--no-cache")
    assert run.returncode == 0, run.stdout


def test_types() -> None:
    run = tool("mypy")
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize("arguments", [["check"], ["format", "--check"]], ids=" ".join)
def test_style(arguments: list[str]) -> None:
    run = tool("ruff", *arguments, ".")
    assert run.returncode == 0, run.stdout


def sources(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("path", sources("verify"), ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_and_functions_stay_small(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= MAX_LINES
    long = {name: lines for name, lines in functions(ast.parse(text)) if lines > MAX_FUNCTION}
    assert not long


def functions(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Every function with the number of lines of its body, docstring and nested functions not counted."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            document = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
            inner = [n for n in ast.walk(node) if isinstance(n, ast.FunctionDef) and n is not node]
            lines = node.end_lineno - node.body[0].lineno + 1  # type: ignore[operator]
            lines -= first.end_lineno - first.lineno + 1 if document else 0  # type: ignore[operator]
            yield node.name, lines - sum(n.end_lineno - n.lineno + 1 for n in inner)  # type: ignore[operator]


CHECKERS = {
    "cells": ("cells", "splitting", "identity"),
    "critical_point": ("critical_point", "critical_point_loss", "critical_point_bound"),
    "dichotomies": ("dichotomies",),
    "factorization": ("factorization",),
    "maximum_cut": ("maximum_cut", "maximum_cut_relaxation"),
    "memorization": ("memorization",),
    "piecewise": ("piecewise", "polyline"),
    "positive": ("positive",),
    "regularized": ("regularized",),
    "training": ("training", "training_data", "training_rows", "training_bounds"),
    "two_layer_maximum": ("two_layer_maximum", "braid_terms", "maximum_obstruction"),
    "worst_case": ("worst_case", "interpolation", "worst_case_multipliers"),
    "worst_case_instances": ("worst_case_gram", "worst_case_function"),
}  # what decides questions, by what is read together


def test_the_kernel_stays_small() -> None:
    """Lines of code, without comments, docstrings and blank lines: the rules of inference and of definition, then all that
    theorems need (with matrices and their traces, some 200 lines, models and reciprocals, some 40), then each checker of
    questions."""
    counts = {path.stem: lines_of_code(path) for path in (ROOT / "verify" / "kernel").glob("*.py")}
    assert counts["logic"] + counts["theory"] < 450
    checkers = {name for names in CHECKERS.values() for name in names}
    assert checkers <= counts.keys()
    assert sum(lines for name, lines in counts.items() if name not in checkers) < 1640
    assert max(counts[name] for name in checkers) < 160
    assert max(sum(counts[name] for name in names) for names in CHECKERS.values()) < 360


def lines_of_code(path: Path) -> int:
    return len(ast.unparse(without_docstrings(ast.parse(path.read_text()))).splitlines())


def without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                node.body = node.body[1:] or [ast.Pass()]
    return tree


@pytest.mark.parametrize("path", sources("claims"), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_claim_is_about_a_page(path: Path) -> None:
    """A module of lemmas, which states no claim, may have more."""
    text = path.read_text()
    assert len(text.splitlines()) <= (230 if "Claim(" in text else 300)


LIGHT = {
    "verify",
    "verify.cli",
    "verify.claim",
    "verify.catalog",
    "verify.pytest_plugin",
    "claims.approximation.square_net",
}
HEAVY = {"torch", "cvxpy", "z3", "sympy", "numpy", "scipy", "jinja2", "math_core", "hypothesis", "numba", "distributed"}


@pytest.mark.parametrize("module", sorted(LIGHT))
def test_heavy_libraries_are_imported_where_they_are_used(module: str) -> None:
    script = f"import sys, {module}; print(*({HEAVY!r} & sys.modules.keys()), 'end')"
    run = tool(sys.executable, "-c", script)
    assert run.stdout.split() == ["end"], run.stderr
