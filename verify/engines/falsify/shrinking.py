r"""Making a counterexample simple: a reader should see at a glance that it is one.

Greedy and exact: every step keeps a point at which the kernel's evaluator refutes the statement.  Naturals go down,
matrices lose rows and columns, tables lose entries, and a real number is replaced by the simplest rational that still works: 0, 1, -1, then by growing
denominator near its value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import partial
from itertools import chain
from typing import Any, cast

from verify.engines.falsify.dimensions import size_along, without
from verify.engines.falsify.points import Decider, Number, Point, dimensions_of

MAX_TRIALS = 2000
DENOMINATORS = (1, 2, 3, 4, 5, 8, 10, 16, 32, 64, 100, 1000, 10**6)


def complexity(value: Number) -> tuple[int, int, int]:
    if isinstance(value, tuple):
        return max((complexity(entry) for entry in value), default=(0, 0, 0))
    if isinstance(value, bool):
        return (0, int(value), 0)
    return (value.denominator, abs(value.numerator), int(value < 0))


def simpler(value: Number, sort: str) -> Iterator[Number]:
    """Candidates that are simpler than a value, the simplest first."""
    if isinstance(value, tuple):
        for index, entry in enumerate(value):
            for smaller in simpler(cast(Number, entry), "real"):
                yield cast(Number, (*value[:index], smaller, *value[index + 1 :]))
    elif isinstance(value, bool):
        yield from [False] if value else []
    elif sort == "nat":
        yield from (Fraction(n) for n in range(min(int(value), 20)))
        if value > 20:
            yield from (Fraction(int(value) // 2), value - 1)
    else:
        near = [Fraction(round(value * d), d) for d in DENOMINATORS]
        sign = 1 if value > 0 else -1
        powers = [sign * Fraction(2) ** k for k in (*range(1, 64), *range(-1, -64, -1))] if far(value) else []
        whole = [sign * Fraction(n) for n in (*range(2, 11), abs(value) // 2, abs(value) - 1)]
        integers = whole if value.denominator == 1 else []
        candidates = dict.fromkeys([Fraction(0), Fraction(1), Fraction(-1), *near, *powers, *integers])
        yield from (c for c in candidates if complexity(c) < complexity(value))


def narrower(decider: Decider, point: Point) -> Iterator[Point]:
    """The point with one row or column less along one dimension, wherever this dimension occurs."""
    variables = dict(decider.fact.variables)
    valued = [(value, variables[name]) for name, value in point.variables.items()]
    valued += [(default, decider.sorts[name][-1]) for name, (_, default) in point.parameters.items()]
    for dimension in dimensions_of(decider):
        size = size_along(dimension, valued)
        for index in range(size if size > 1 else 0):
            cut = partial(without, dimension=dimension, index=index)
            values = {name: cut(value, variables[name]) for name, value in point.variables.items()}
            yield Point(
                values, {name: cut_table(*point.parameters[name], decider.sorts[name], cut) for name in decider.sorts}
            )


def cut_table(
    values: Mapping[Any, Number], default: Number, sorts: tuple[str, ...], cut: Callable[..., Any]
) -> tuple[dict[Any, Number], Number]:
    *arguments, sort = sorts
    keys = {key: tuple(cut(k, s) for k, s in zip(key, arguments, strict=True)) for key in values}
    return {keys[key]: cut(value, sort) for key, value in values.items()}, cut(default, sort)


def shrink(decider: Decider, point: Point) -> Point:
    """A simpler point that still refutes the statement."""
    sorts, trials, progress = dict(decider.fact.variables), 0, True
    while progress and trials < MAX_TRIALS:
        progress = False
        for candidate in chain(narrower(decider, point), candidates(point, sorts, decider.sorts)):
            trials += 1
            if decider.refuted_at(candidate):
                point, progress = candidate, True
                break
    return point


def far(value: Fraction) -> bool:
    """Whether a number is so large or so small that a power of two is simpler."""
    return value.denominator > 10**6 or abs(value.numerator) > 10**6


def candidates(point: Point, sorts: Mapping[str, str], parameters: Mapping[str, tuple[str, ...]]) -> Iterator[Point]:
    for name, value in point.variables.items():
        for smaller in simpler(value, sorts[name]):
            yield point.with_variable(name, smaller)
    for name, (values, default) in point.parameters.items():
        for key, value in values.items():
            rest = {k: v for k, v in values.items() if k != key}
            yield with_table(point, name, rest, default)
            for smaller in simpler(value, parameters[name][-1]):
                yield with_table(point, name, {**rest, key: smaller}, default)
        for smaller in simpler(default, parameters[name][-1]):
            yield with_table(point, name, values, smaller)


def with_table(point: Point, name: str, values: Mapping[Any, Number], default: Number) -> Point:
    return Point(point.variables, {**point.parameters, name: (dict(values), default)})
