r"""Hypothesis as a falsifier: random points with its own sense for trouble, shrunk by its own shrinker.

What takes time is hypothesis itself, a millisecond for a draw: every strategy is therefore made once, and a rational
number comes from two integers, without a strategy of its own for each denominator.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from verify.engines.falsify.points import Decider, Number, Point

LARGEST = 100  # of the rational numbers that are drawn
DENOMINATOR = 64
DIMENSIONS = (1, 2, 3)


def run(decider: Decider, *, examples: int = 160, seed: int = 0) -> Point | None:
    """A counterexample found by hypothesis, or None."""
    if decider.assumptions:
        return None
    import hypothesis

    found: list[Point] = []

    @hypothesis.settings(
        max_examples=examples, database=None, deadline=None, derandomize=False, print_blob=False,
        suppress_health_check=list(hypothesis.HealthCheck), report_multiple_bugs=False,
        phases=[hypothesis.Phase.generate, hypothesis.Phase.shrink],
    )  # fmt: skip
    @hypothesis.seed(seed)
    @hypothesis.given(points(decider))
    def holds(point: Point) -> None:
        if decider.refuted_at(point):
            found.append(point)
            raise AssertionError

    refusals = (AssertionError, hypothesis.errors.HypothesisException)  # nothing could be drawn, or effort was spent
    with suppress(*refusals):
        holds()
    return found[-1] if found else None


def prepare() -> None:
    """Let hypothesis do once, before processes are forked, what it does at its first use in each of them."""
    import hypothesis
    from hypothesis import strategies as st

    @hypothesis.settings(max_examples=2, database=None, phases=[hypothesis.Phase.generate])
    @hypothesis.given(st.integers())
    def holds(number: int) -> None:
        assert number == number + 0

    holds()


@dataclass(frozen=True)
class Strategies:
    """Hypothesis's strategies for the numbers of one arithmetic, and for vectors of each dimension."""

    natural: Any
    real: Any
    truth: Any
    vectors: dict[int, Any]

    @staticmethod
    def of(arithmetic: str) -> Strategies:
        from hypothesis import strategies as st

        numerator = st.integers(-LARGEST * DENOMINATOR, LARGEST * DENOMINATOR)
        real = st.tuples(st.integers(1, DENOMINATOR), numerator).map(ratio)
        if arithmetic == "binary64":
            real = st.floats(allow_nan=False, allow_infinity=False).map(Fraction)
        vectors = {dimension: st.tuples(*[real] * dimension) for dimension in DIMENSIONS}
        return Strategies(st.integers(0, 12).map(Fraction), real, st.booleans(), vectors)

    def number(self, sort: str, dimension: int) -> Any:
        if sort == "vec":
            return self.vectors[dimension]
        return {"nat": self.natural, "prop": self.truth}.get(sort, self.real)


def ratio(pair: tuple[int, int]) -> Fraction:
    """A rational number of size up to ``LARGEST`` with this denominator at most: p/q itself, if it is not larger."""
    denominator, numerator = pair
    size = abs(numerator) % (LARGEST * denominator + 1)
    return Fraction(size if numerator >= 0 else -size, denominator)


def zero(sort: str, dimension: int) -> Number:
    return False if sort == "prop" else (Fraction(0),) * dimension if sort == "vec" else Fraction(0)


def points(decider: Decider) -> Any:
    """A strategy for points of a statement; tables of functions of naturals have up to eight entries."""
    from hypothesis import strategies as st

    strategies, dimensions = Strategies.of(decider.arithmetic), st.integers(min(DIMENSIONS), max(DIMENSIONS))
    tables = {
        (name, dimension): table(strategies, sorts, dimension)
        for name, sorts in decider.sorts.items()
        for dimension in DIMENSIONS
    }

    @st.composite
    def point(draw: Any) -> Point:
        dimension = draw(dimensions)
        variables = {v: draw(strategies.number(sort, dimension)) for v, sort in decider.fact.variables}
        return Point(variables, {name: draw(tables[name, dimension]) for name in decider.sorts})

    return point()


def table(strategies: Strategies, sorts: tuple[str, ...], dimension: int) -> Any:
    """An arbitrary function: a table over naturals, or a constant."""
    from hypothesis import strategies as st

    *arguments, sort = sorts
    values = strategies.number(sort, dimension)
    if not all(argument == "nat" for argument in arguments):
        return values.map(lambda value: ({}, value))
    key = st.tuples(*[st.integers(0, 7).map(Fraction)] * len(arguments))
    return st.dictionaries(key, values, max_size=8).map(lambda entries: (entries, zero(sort, dimension)))
