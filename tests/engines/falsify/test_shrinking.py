r"""Shrinking keeps a counterexample, makes it no larger, and comes to an end."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engines.falsify.examples import FALSE
from tests.theory.authoring import stated
from verify.engines.falsify.grid import Sampler
from verify.engines.falsify.points import Decider, Point
from verify.engines.falsify.shrinking import complexity, shrink, simpler

F = Fraction


def size(point: Point) -> tuple[object, ...]:
    """Entries of tables, and how long the numbers are when they are written down, for comparison only."""
    entries = sum(len(values) for values, _ in point.parameters.values())
    return (entries, *(complexity(value) for value in point.variables.values()))


@pytest.mark.parametrize("name", FALSE)
def test_a_counterexample_stays_one_and_gets_no_larger(name: str) -> None:
    decider = Decider(FALSE[name].statement)
    sampler, tried = Sampler(decider), 0
    for _ in range(1500):
        point = sampler.draw()
        if decider.refuted_at(point):
            decider.allow()
            simple = shrink(decider, point)
            decider.allow()
            assert decider.refuted_at(simple)
            assert all(a <= b for a, b in zip(size(simple), size(point), strict=True))
            decider.allow()
            assert shrink(decider, simple) == simple or name.startswith("vectors")
            tried += 1
            if tried == 3:
                return
            decider.allow()


SIMPLE = [
    ("x: real", "x <= 7/10", "x", "1"),
    ("x: real", "x < 1/3 or x > 2/5", "x", "1/3"),
    ("x: real", "not (1/10 < x < 3/20)", "x", "1/8"),
    ("x: real", "x > -4", "x", "-4"),
    ("x: real", "x == 0", "x", "1"),
    ("x: real", "x**2 <= 2", "x", "2"),
    ("x: real", "x >= -1/1000000", "x", "-1"),
    ("n: nat", "n < 13", "n", "13"),
    ("n: nat", "n < 27 or n > 70", "n", "27"),
]


@pytest.mark.parametrize(("variables", "conclusion", "name", "expected"), SIMPLE)
def test_a_number_becomes_the_simplest_one(variables: str, conclusion: str, name: str, expected: str) -> None:
    decider = Decider(stated(variables, conclusion))
    starts = {
        "x": [F(123457, 1000003), F(10**9 + 7, 3), F(-9, 2), F(1, 3) + F(1, 10**9), F(355, 113)],
        "n": [F(70), F(33)],
    }
    found = [
        shrink(decider, Point({name: start}, {})).variables[name]
        for start in starts[name]
        if decider.refuted_at(Point({name: start}, {}))
    ]
    assert found
    assert min(map(complexity, found)) == complexity(F(expected))
    assert F(expected) in found


@pytest.mark.parametrize("start", [F(700), F(769231), F(10**7, 13)])
def test_a_large_integer_becomes_a_small_one(start: Fraction) -> None:
    found = shrink(Decider(stated("x: real", "x < 5")), Point({"x": start}, {}))
    assert found.variables["x"] <= 8


def test_a_table_loses_what_it_does_not_need() -> None:
    decider = Decider(stated("n: nat", "f(n) <= f(n + 1)", before="@arbitrary\ndef f(n: nat) -> real: ...\n"))
    source = random.Random(1)
    values = {(F(i),): F(source.randrange(-99, 99), source.randrange(1, 99)) for i in range(12)}
    point = next(p for n in range(11) if decider.refuted_at(p := Point({"n": F(n)}, {"f": (values, F(0))})))
    simple = shrink(decider, point)
    assert len(simple.parameters["f"][0]) == 1
    assert decider.refuted_at(simple)


@settings(max_examples=300, derandomize=True, deadline=None)
@given(st.one_of(st.fractions(), st.tuples(st.fractions(), st.fractions())), st.just("real"))
def test_what_is_called_simpler_is_simpler(value: Fraction | tuple[Fraction, ...], sort: str) -> None:
    for candidate in simpler(value, sort):
        if isinstance(value, tuple):
            changed = [i for i, (a, b) in enumerate(zip(value, candidate, strict=True)) if a != b]
            assert len(changed) == 1
            assert complexity(candidate[changed[0]]) < complexity(value[changed[0]])
        else:
            assert complexity(candidate) < complexity(value)


@given(st.integers(0, 10**6))
def test_a_simpler_natural_is_a_smaller_one(value: int) -> None:
    found = list(simpler(F(value), "nat"))
    assert all(0 <= n < value and n.denominator == 1 for n in found)
    assert bool(found) == (value > 0)


def test_false_is_simpler_than_true() -> None:
    assert (list(simpler(True, "prop")), list(simpler(False, "prop"))) == ([False], [])
