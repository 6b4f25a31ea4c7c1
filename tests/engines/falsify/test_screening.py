r"""The fast evaluator in front of the kernel's: where it knows an answer, it is the kernel's answer."""

from __future__ import annotations

import ast
import random
from fractions import Fraction
from typing import Any

import pytest

from tests.engines.falsify.examples import FALSE, TRUE
from tests.theory import shipped
from tests.theory.authoring import stated
from verify.engines.falsify import screening
from verify.engines.falsify.grid import Sampler
from verify.engines.falsify.points import Decider, Point
from verify.engines.falsify.screening import Screen, Vec
from verify.kernel.formulas import syntax
from verify.theory.environment import problem

Json = Any
F = Fraction
EXAMPLES = {
    f"{kind}: {name}": example
    for kind, all_of in (("false", FALSE), ("true", TRUE))
    for name, example in all_of.items()
}
EXACT = [name for name, example in EXAMPLES.items() if example.arithmetic == "exact"]


def answers(statement: Json, count: int, size: int = 6) -> list[tuple[Any, Any]]:
    """What the screen and the kernel's evaluator say at some points of the grid."""
    decider = Decider(statement)
    decider.allow(10**9)
    sampler, found = Sampler(decider), []
    for number in range(count):
        sampler.size = (2, 3, size)[number % 3]
        point = sampler.draw()
        found.append((decider.screened(point), decider.decided(point)))
    return found


@pytest.mark.parametrize("name", EXACT)
def test_the_screen_says_what_the_kernel_says(name: str) -> None:
    found = answers(EXAMPLES[name].statement, 150)
    assert all(screened in (None, decided) for screened, decided in found)
    assert sum(screened is not None for screened, _ in found) >= 100


def test_the_screen_says_what_the_kernel_says_of_shipped_statements() -> None:
    """At nearly all points, and never anything else."""
    theorems = shipped.theorems()
    chosen = random.Random(5).sample(sorted(theorems), 60)
    found = {name: answers(problem(theorems[name]).statement, 9, size=4) for name in chosen}
    assert [name for name in chosen if any(s not in (None, decided) for s, decided in found[name])] == []
    with_value = [screened for each in found.values() for screened, decided in each if decided is not None]
    assert sum(screened is not None for screened in with_value) >= 0.9 * len(with_value)


OPERATIONS = """
@define
def even(n: nat) -> prop:
    return True if n == 0 else not even(n - 1)
@define
def tower(n: nat, x: real) -> real:
    return x if n == 0 else tower(n - 1, x)**2
@define
def twice(n: nat, x: real) -> real:
    return x if n == 0 else twice(n - 1, x) + twice(n - 1, x)
@define
def apart(n: nat, x: real) -> real:
    return x if n == 0 else apart(n - 1, x + 1) + apart(n - 1, x - 1)
"""


@pytest.mark.parametrize(
    ("conclusion", "x", "n", "expected"),
    [
        ("x/3*3 == x and 1/2 + 1/3 == 5/6 and -x == 0 - x", F(1, 7), 0, True),
        ("x**3 - 2*x**0 >= 1 or x < 0", F(5, 4), 0, False),
        ("iff(even(n), not even(n + 1)) and implies(even(n), x > 0)", F(1, 3), 4, True),
        ("iff(even(n), x > 0)", F(1, 3), 3, False),
        ("abs(x) == max(x, -x) and relu(x) - relu(-x) == x and min(x, 0) <= x", F(-3, 8), 0, True),
        ("twice(n, x) == 2**n*x", F(3, 5), 40, True),
        ("tower(n, x) >= 1/1000", F(1, 2), 5, False),
    ],
)
def test_operations_mean_what_they_mean_to_the_kernel(conclusion: str, x: Fraction, n: int, expected: bool) -> None:
    decider = Decider(stated("x: real, n: nat", conclusion, before=OPERATIONS))
    point = Point({"x": x, "n": F(n)}, {})
    assert decider.screened(point) == decider.decided(point) == (True, expected)


VECTORS = "@arbitrary\ndef g(n: nat) -> vec: ...\n@arbitrary\ndef h(u: vec) -> real: ...\n"


@pytest.mark.parametrize(
    ("conclusion", "expected"),
    [
        ("sq(u + v) == sq(u) + 2*dot(u, v) + sq(v)", True),
        ("(u - v)/2 == -(v - u)*(1/2)", True),
        ("u + v == v", False),
        ("g(0) == u and g(1) == v", True),
        ("h(u) == 3 and h(v) == 7", True),
    ],
)
def test_vectors_and_tables_mean_what_they_mean_to_the_kernel(conclusion: str, expected: bool) -> None:
    decider = Decider(stated("u: vec, v: vec", conclusion, before=VECTORS))
    u, v = (F(1), F(-1, 2)), (F(3), F(2, 7))
    tables = {"g": ({(F(0),): u, (F(1),): v}, (F(0), F(0))), "h": ({(v,): F(7)}, F(3))}
    point = Point({"u": u, "v": v}, {name: tables[name] for name in decider.sorts})
    assert decider.screened(point) == decider.decided(point) == (True, expected)


@pytest.mark.parametrize(
    ("conclusion", "n"),
    [
        ("tower(n, x) >= 0", 30),  # a number too long
        ("apart(n, x) >= 0", 40),  # too many operations
        ("even(n - 3)", 1),  # no natural
        ("x**64 >= tower(n, 3**60)", 14),
    ],
)
def test_where_the_screen_is_not_sure_it_does_not_say(conclusion: str, n: int) -> None:
    decider = Decider(stated("x: real, n: nat", conclusion, before=OPERATIONS))
    assert decider.screened(Point({"x": F(3), "n": F(n)}, {})) is None


def test_a_division_by_zero_is_left_to_the_kernel() -> None:
    decider = Decider(stated("x: real", "x/2 <= x or x < 0"))
    assert decider.screen is not None
    decider.screen.space["c_1_2"] = 1
    with pytest.raises(screening.Unscreened):
        decider.screen.quotient(F(1), 0)


def test_what_the_screen_calls_a_counterexample_is_decided_by_the_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    decider, point = Decider(stated("x: real", "x**2 >= 0")), Point({"x": F(2)}, {})
    monkeypatch.setattr(Screen, "decide", lambda *_: (True, False))
    assert decider(point) == (True, True)
    assert not decider.refuted_at(point)


def test_an_instance_is_decided_by_the_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    decider, point = Decider(stated("x: real", "x > 0", "x > 1")), Point({"x": F(-2)}, {})
    monkeypatch.setattr(Screen, "decide", lambda *_: (True, True))
    assert not decider.satisfied_at(point)


def test_doubles_are_not_screened() -> None:
    assert Decider(stated("x: real", "x/3*3 == x", arithmetic="binary64")).screen is None


def test_an_unknown_symbol_makes_no_screen() -> None:
    decider = Decider(stated("x: real", "x >= 0"))
    fact = decider.fact.__class__((("x", "real"),), (), "unknown(x) >= 0")
    assert not Screen(decider.theory, fact, {}).usable
    assert not Screen(decider.theory, decider.fact.__class__((("x", "tensor"),), (), "true"), {}).usable


def test_without_flint_the_answers_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    statement = EXAMPLES["false: an iterated map"].statement
    fast = answers(statement, 40)
    monkeypatch.setattr(screening, "rational_type", lambda: Fraction)
    assert answers(statement, 40) == fast


def test_terms_have_the_values_that_the_kernel_computes(monkeypatch: pytest.MonkeyPatch) -> None:
    decider = Decider(stated("x: real, n: nat", "x >= 0", before=OPERATIONS))
    nodes: list[ast.expr] = [syntax(text) for text in ("x/3 - n", "2*n + 1", "max(x, 1)**2")]
    point = Point({"x": F(-2, 5), "n": F(3)}, {})
    fast = decider.terms(point, *nodes)
    monkeypatch.setattr(decider, "screen", None)
    assert decider.terms(point, *nodes) == fast == (F(-47, 15), F(7), F(1))


def test_a_vector_times_a_vector_is_nothing() -> None:
    with pytest.raises(TypeError):
        Vec((1, 2)) * Vec((3, 4))
