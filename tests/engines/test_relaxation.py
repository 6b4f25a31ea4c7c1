r"""Certified bounds: never below the true maximum, whatever the solver says.

The true maximum of a piecewise linear function of one variable lies at a breakpoint or at an end of the interval; the
breakpoints are found here by bisecting between exact values until every piece is affine.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from tests.theory import shipped
from tests.theory.authoring import author
from verify.engines import relaxation
from verify.engines.relaxation import Bound, NoBound, bound
from verify.kernel import check, digest
from verify.theory.environment import bounded_term
from verify.theory.instances import bound_statement

Json = Any
F = Fraction


def relu(t: Fraction) -> Fraction:
    return max(t, F(0))


def statement(signature: str, body: str, hypotheses: str = "0 <= x <= 1", before: str = "") -> Json:
    return bounded_term(
        author(f"{before}\n@lemma()\ndef b({signature}) -> real:\n    assume({hypotheses})\n    return {body}\n").b
    )


def certified(whole: Json, **naturals: int) -> Bound:
    """The bound, its certificate checked for exactly what it says."""
    found = bound(whole, naturals)
    expected = bound_statement(whole, naturals, str(found.value))
    assert check(found.certificate, statement_sha256=digest(expected)).kind == "theorem"
    assert found.naturals == naturals
    return found


def maximum(function: Callable[[Fraction], Fraction], kinks: list[Fraction]) -> Fraction:
    return max(map(function, [F(0), F(1), *kinks]))


ONE_VARIABLE: dict[str, tuple[str, Callable[[Fraction], Fraction], list[Fraction]]] = {
    "a hat": ("relu(x) - 2*relu(x - 1/2)", lambda x: relu(x) - 2 * relu(x - F(1, 2)), [F(1, 2)]),
    "a falling line": ("3 - 2*x", lambda x: 3 - 2 * x, []),
    "a constant": ("7/3", lambda x: F(7, 3), []),
    "a valley": ("relu(1/3 - x) + relu(x - 1/3)", lambda x: abs(x - F(1, 3)), [F(1, 3)]),
    "two hats": (
        "relu(x - 1/4) - 3*relu(x - 1/2) + 5*relu(x - 3/4)",
        lambda x: relu(x - F(1, 4)) - 3 * relu(x - F(1, 2)) + 5 * relu(x - F(3, 4)),
        [F(1, 4), F(1, 2), F(3, 4)],
    ),
    "a hat of a hat": (
        "relu(2*relu(x) - 4*relu(x - 1/2) - 1/2)",
        lambda x: relu(2 * relu(x) - 4 * relu(x - F(1, 2)) - F(1, 2)),
        [F(1, 4), F(1, 2), F(3, 4)],
    ),
    "a unit that is never active": ("relu(x - 5) - x", lambda x: -x, []),
    "a unit that is always active": ("relu(x + 5) - x", lambda x: F(5), []),
    "negative weights": ("-relu(x) - relu(1 - x)", lambda x: F(-1), []),
    "a concave square": ("relu(x) - x**2", lambda x: x - x * x, [F(1, 2)]),
    "a square and a number": ("1/7 + x/3 - 2*x**2", lambda x: F(1, 7) + x / 3 - 2 * x * x, [F(1, 12)]),
}
EXACT = {"a falling line", "a constant", "a concave square", "a square and a number", "a unit that is never active",
         "a unit that is always active"}  # fmt: skip


@pytest.mark.parametrize("name", ONE_VARIABLE)
def test_a_bound_is_at_least_the_true_maximum(name: str) -> None:
    body, function, kinks = ONE_VARIABLE[name]
    found, true = certified(statement("x: real", body)), maximum(function, kinks)
    assert found.value >= true
    assert found.value >= F(found.solver_value) - F(1, 10**5)
    assert found.value <= F(found.solver_value) + F(1, 10**5)
    if name in EXACT:
        assert float(found.value) == pytest.approx(float(true), abs=1e-6)


TWO_VARIABLES: dict[str, tuple[str, Callable[[Fraction, Fraction], Fraction]]] = {
    "a maximum of two": ("x + relu(y - x)", lambda x, y: max(x, y)),
    "a minimum of two": ("x - relu(x - y)", lambda x, y: min(x, y)),
    "a distance": ("relu(x - y) + relu(y - x)", lambda x, y: abs(x - y)),
    "a sum": ("relu(x + y - 1) - relu(x - y)", lambda x, y: relu(x + y - 1) - relu(x - y)),
    "squares": ("x/2 - x**2 + relu(y) - y**2", lambda x, y: x / 2 - x * x + y - y * y),
}


@pytest.mark.parametrize("name", TWO_VARIABLES)
def test_a_bound_in_the_plane_is_at_least_every_value(name: str) -> None:
    """The kinks lie on lines through grid points, so a grid of mesh 1/8 contains a maximiser."""
    body, function = TWO_VARIABLES[name]
    found = certified(statement("x: real, y: real", body, "0 <= x <= 1, 0 <= y <= 1"))
    grid = [F(i, 8) for i in range(9)]
    assert found.value >= max(function(x, y) for x, y in itertools.product(grid, grid))


@pytest.mark.parametrize("m", range(4))
def test_the_bound_of_the_squaring_network_is_at_least_its_worst_error(m: int) -> None:
    function = shipped.function("square_net.square")
    grid = [F(i, 2 ** (m + 2)) for i in range(2 ** (m + 2) + 1)]
    worst = max(function(m, x) - x * x for x in grid)
    assert worst == F(1, 4 ** (m + 1))
    found = certified(shipped.statements()["triangle_relaxation"], m=m)
    assert found.value >= worst


def test_a_chain_of_hats_at_several_naturals() -> None:
    before = "@define\ndef hat(x: real) -> real:\n    return 2*relu(x) - 4*relu(x - 1/2) + 2*relu(x - 1)\n@define\ndef chain(k: nat, x: real) -> real:\n    return x if k == 0 else chain(k - 1, hat(x))\n"
    whole = statement("k: nat, x: real", "chain(k, x)", before=before)
    values = [certified(whole, k=k).value for k in range(4)]
    assert values[0] == 1
    assert all(value >= 1 for value in values)


# ------------------------------------------------------------------------------------------------ other hypotheses

HYPOTHESES = {
    "strict bounds": ("x", "0 < x, x < 1", F(1)),
    "several bounds": ("-relu(-x)", "x >= 0, x >= -1, x <= 1, x <= 5", F(0)),
    "a single point": ("relu(x)", "1/3 <= x, x <= 1/3", F(1, 3)),
    "bounds with factors": ("x", "2*x >= -3, 3*x <= 4", F(4, 3)),
    "a quadratic one": ("relu(x)", "x**2 <= 1, -1 <= x, x <= 1", F(1)),
    "one that says more": ("relu(x) + x", "-1 <= x <= 1, x <= 1/2", F(1)),
}


@pytest.mark.parametrize("name", HYPOTHESES)
def test_hypotheses_of_other_shapes(name: str) -> None:
    body, hypotheses, true = HYPOTHESES[name]
    assert certified(statement("x: real", body, hypotheses)).value >= true


def test_a_hypothesis_about_a_natural() -> None:
    assert certified(statement("m: nat, x: real", "m*relu(x)", "m >= 1, 0 <= x <= 1"), m=2).value >= 2


NONE = {
    "an empty interval": ("relu(x)", "x >= 1, x <= 0"),
    "no upper bound": ("relu(x)", "x >= 0"),
    "no bound at all": ("relu(x)", "x**2 <= 1"),
    "a convex square": ("x**2 + relu(x)", "0 <= x <= 1"),
    "a product": ("x*relu(x)", "0 <= x <= 1"),
    "a unit of a square": ("relu(x**2)", "0 <= x <= 1"),
    "a maximum": ("max(x, 1/2)", "0 <= x <= 1"),
    "a cube": ("-x**3", "0 <= x <= 1"),
}


@pytest.mark.parametrize("name", NONE)
def test_where_there_is_no_bound_the_reason_is_told(name: str) -> None:
    with pytest.raises(NoBound) as found:
        bound(statement("x: real", *NONE[name]), {})
    assert str(found.value)


# ------------------------------------------------------------------------------------------------ a solver that lies

LIES: dict[str, Callable[[int, float], float]] = {
    "zeros": lambda i, v: 0.0,
    "ones": lambda i, v: 1.0,
    "NaN": lambda i, v: math.nan,
    "some NaN": lambda i, v: math.nan if i % 2 else v,
    "negative": lambda i, v: -v,
    "tiny": lambda i, v: 1e-30,
    "huge": lambda i, v: 1e300,
    "perturbed": lambda i, v: v + 0.01 * (i % 3 - 1),
    "reversed": lambda i, v: 1.0 / (i + 1),
    "a little too much": lambda i, v: v * 1.0001 + 1e-5,
}


@pytest.mark.parametrize("lie", LIES)
@pytest.mark.parametrize("name", ["a hat", "a valley", "a concave square", "two hats", "a falling line"])
def test_wrong_multipliers_give_no_bound_or_a_true_one(name: str, lie: str, monkeypatch: pytest.MonkeyPatch) -> None:
    body, function, kinks = ONE_VARIABLE[name]
    told = relaxation.maximise

    def lying(*arguments: Any) -> tuple[float, list[float], dict[str, float]]:
        value, multipliers, point = told(*arguments)
        return -value, [LIES[lie](i, v) for i, v in enumerate(multipliers)], point

    monkeypatch.setattr(relaxation, "maximise", lying)
    whole = statement("x: real", body)
    try:
        found = certified(whole)
    except NoBound:
        return
    assert found.value >= maximum(function, kinks)


def test_infinite_multipliers_give_no_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relaxation, "maximise", lambda objective, rows: (0.0, [math.inf] * len(rows), {}))
    with pytest.raises(NoBound):
        bound(statement("x: real", "relu(x) - 2*relu(x - 1/2)"), {})


def test_a_solver_that_gives_up_gives_no_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    import cvxpy

    def gives_up(self: Any, **named: Any) -> None:
        raise cvxpy.SolverError("numerical problems")

    monkeypatch.setattr(cvxpy.Problem, "solve", gives_up)
    with pytest.raises(NoBound):
        bound(statement("x: real", "relu(x)"), {})
