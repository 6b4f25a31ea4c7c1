r"""Structured points."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction

import pytest

from tests.engines.falsify.examples import FALSE
from tests.theory.authoring import stated
from verify.engines.falsify import grid, points
from verify.engines.falsify.grid import Sampler
from verify.engines.falsify.points import Decider
from verify.kernel import canonical


def test_the_numbers_of_a_statement_and_what_is_beside_them_are_drawn() -> None:
    pool = Sampler(Decider(stated("x: real", "x <= 355/113 or x >= 17"))).pool
    for number in (Fraction(355, 113), Fraction(17), Fraction(-17), Fraction(17) + Fraction(1, 64), Fraction(0)):
        assert number in pool


def test_only_doubles_are_drawn_for_a_statement_about_doubles() -> None:
    pool = Sampler(Decider(stated("x: real", "x <= 1/3", arithmetic="binary64"))).pool
    assert all(Fraction(float(number)) == number for number in pool)
    assert Fraction(2) ** -1074 in pool


@pytest.mark.parametrize(
    ("variables", "equation", "least"),
    [
        ("x: real, y: real", "x + 2*y == 5", 290),
        ("x: real, y: real, z: real", "x*y == z", 290),
        ("n: nat, m: nat", "m + 1 == n", 150),
        ("n: nat, x: real", "2**n*x == 1", 290),
        ("x: real, y: real", "relu(x) + y == abs(x)", 290),
        ("n: nat, m: nat", "2*n + 3*m == 12", 20),
    ],
)
def test_equations_among_hypotheses_are_solved(variables: str, equation: str, least: int) -> None:
    found = grid.run(Decider(stated(variables, "True", equation)), points=300)
    assert found.effective >= least
    assert found.tried == 300


def test_the_number_of_effective_points_is_counted() -> None:
    found = grid.run(Decider(stated("x: real", "True", "x >= 0")), points=500)
    assert 150 < found.effective < 400
    assert (found.tried, found.counterexample) == (500, None)


def test_the_same_points_are_drawn_in_every_process() -> None:
    statement = FALSE["an arbitrary sequence"].statement
    script = (
        "import json, sys; from verify.engines.falsify.grid import Sampler; from verify.engines.falsify.points import Decider;"
        "s = Sampler(Decider(json.load(sys.stdin))); print(json.dumps([s.draw().json() for _ in range(50)]))"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", script],
            input=canonical(statement),
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1


def test_another_statement_meets_other_points() -> None:
    first, second = (Sampler(Decider(stated("x: real", text))) for text in ("x >= 1", "x >= 1 and True"))
    assert [first.draw() for _ in range(20)] != [second.draw() for _ in range(20)]


def test_effort_ends_the_search() -> None:
    decider = Decider(stated("n: nat", "2**n >= n"))
    decider.allow(50)
    assert grid.run(decider).tried < 50


def test_the_effort_of_solving_equations_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    before = "@define\ndef e(n: nat, x: real) -> real:\n    return x if n == 0 else e(n - 1, 2*x) + e(n - 1, 2*x + 1)\n"
    decider = Decider(stated("n: nat, x: real, y: real", "y >= 0", "x**2 < 0", "y == e(n + 3, x)", before=before))
    grid.run(decider, points=60)
    assert decider.operations > 60  # of the screen
    decider.screen, decider.operations = None, 0
    evaluators, read_point = [], points.read_point
    monkeypatch.setattr(points, "read_point", lambda *a: (evaluators.append(read_point(*a)), evaluators[-1])[1])
    decider.allow()
    grid.run(decider, points=60)
    assert len(evaluators) > 60
    assert decider.operations == sum(evaluator.operations for evaluator, _ in evaluators)
