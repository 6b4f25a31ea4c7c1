r"""Hypothesis as a falsifier: random points with its own sense for trouble, shrunk by its own shrinker."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction
from typing import Any

from verify.engines.falsify.points import Decider, Number, Point


def run(decider: Decider, *, examples: int = 120, seed: int = 0) -> Point | None:
    """A counterexample found by hypothesis, or None."""
    if decider.assumptions:
        return None
    import hypothesis
    from hypothesis import strategies as st

    def numbers(sort: str, dimension: int) -> Any:
        if sort == "nat":
            return st.integers(0, 12).map(Fraction)
        if sort == "prop":
            return st.booleans()
        if decider.arithmetic == "binary64":
            real = st.floats(allow_nan=False, allow_infinity=False).map(Fraction)
        else:
            real = st.fractions(-100, 100, max_denominator=64)
        return st.tuples(*[real] * dimension) if sort == "vec" else real

    def zero(sort: str, dimension: int) -> Number:
        return False if sort == "prop" else (Fraction(0),) * dimension if sort == "vec" else Fraction(0)

    @st.composite
    def points(draw: Any) -> Point:
        dimension = draw(st.integers(1, 3))
        variables = {v: draw(numbers(sort, dimension)) for v, sort in decider.fact.variables}
        parameters = {}
        for name, (*arguments, sort) in decider.sorts.items():
            if all(a == "nat" for a in arguments):
                key = st.tuples(*[st.integers(0, 7).map(Fraction)] * len(arguments))
                values = draw(st.dictionaries(key, numbers(sort, dimension), max_size=8))
                parameters[name] = (values, zero(sort, dimension))
            else:
                parameters[name] = ({}, draw(numbers(sort, dimension)))
        return Point(variables, parameters)

    found: list[Point] = []

    @hypothesis.settings(
        max_examples=examples, database=None, deadline=None, derandomize=False, print_blob=False,
        suppress_health_check=list(hypothesis.HealthCheck), report_multiple_bugs=False,
        phases=[hypothesis.Phase.generate, hypothesis.Phase.shrink],
    )  # fmt: skip
    @hypothesis.seed(seed)
    @hypothesis.given(points())
    def holds(point: Point) -> None:
        if decider.refuted_at(point):
            found.append(point)
            raise AssertionError

    refusals = (AssertionError, hypothesis.errors.HypothesisException)  # nothing could be drawn, or effort was spent
    with suppress(*refusals):
        holds()
    return found[-1] if found else None
