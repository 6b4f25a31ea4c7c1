r"""Directions that tell points apart: an integer vector a such that <a, x> = <a, x'> only where the labels agree.

A network that sees x through <a, x> alone can memorize the data exactly then.  Distinct points have such directions,
since each pair excludes a hyperplane of directions only; whether one direction is right is decided by sorting the exact
projections and comparing neighbours.  Three families are tried, cheap ones first:

1. the most telling coordinates alone: for data in general position one is enough, and nothing is added up;
2. random integers for the most telling coordinates, as many as could be enough and then twice as many: first small
   entries, then such that the n^2 / 2 pairs hardly have a chance to collide, as far as int64 or two of them reach;
3. a hierarchy of scales, which cannot fail (it is the positional system of numbers, for any data): if z tells the first
   k coordinates apart, g is the least difference of two values of the coordinate x_{k+1} and A an integer greater than
   (max z - min z) / g, then z + A x_{k+1} tells k + 1 coordinates apart, since A |difference of x_{k+1}| exceeds every
   difference of z unless it is 0.

Equal points with different labels are found on the way: a pair with equal projections is compared, and in the third
family equal projections mean equal points.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import lcm
from typing import TYPE_CHECKING

from verify.networks.columns import BITS, Column, Exact, Integers

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]

SAMPLE = 4096  # points that tell which coordinates are worth trying
AXES = 3
SMALL = 1 << 8  # entries of a first random direction
LIMB = 32  # bits
WIDEST = 1 << 24  # entries, where a product with 32 bits is added up in int64


@dataclass(frozen=True, eq=False)
class Projection:
    """The points in the order of <a, x>, and ``values / scale``, their projections in this order."""

    direction: tuple[int, ...]
    order: Whole
    values: Whole | Sequence[Exact]
    scale: int


class Conflict(Exception):
    """Two equal points with different labels."""

    def __init__(self, pair: tuple[int, int]) -> None:
        super().__init__(pair)
        self.first, self.second = sorted(pair)


def project(columns: Sequence[Column], direction: Sequence[int]) -> Projection:
    """Exact projections, in int64 or two of them where the numbers are short enough."""
    import numpy as np

    used = [(Fraction(a, column.over), column) for a, column in zip(direction, columns, strict=True) if a]
    scale = lcm(*(factor.denominator for factor, _ in used))
    terms = [(int(factor * scale), column) for factor, column in used]
    short = [(factor, column) for factor, column in terms if isinstance(column, Integers)]
    if len(terms) == 1 and terms[0][0] == 1:
        column = terms[0][1]
        order = column.order()
        values = column.values[order] if isinstance(column, Integers) else taken(column.numerators(), order)
        return Projection(tuple(direction), order, values, scale)
    if len(short) == len(terms) and extent(short) >> BITS == 0:
        total = sum((factor * column.values for factor, column in short), np.zeros(len(columns[0]), np.int64))
        order = np.argsort(total, kind="stable")
        return Projection(tuple(direction), order, total[order], scale)
    if len(short) == len(terms) <= 64 and all(abs(factor) < WIDEST for factor, _ in short):
        return Projection(tuple(direction), *in_two_limbs(short), scale)
    sums: list[Exact] = [0] * len(columns[0])
    for factor, column in terms:
        sums = [t + factor * v for t, v in zip(sums, column.numerators(), strict=True)]
    order = np.array(sorted(range(len(sums)), key=sums.__getitem__), dtype=np.int64)
    return Projection(tuple(direction), order, taken(sums, order), scale)


def extent(terms: Sequence[tuple[int, Integers]]) -> int:
    return sum(abs(factor) * column.extent for factor, column in terms)


def taken(values: Sequence[Exact], order: Whole) -> list[Exact]:
    return [values[place] for place in order.tolist()]


def in_two_limbs(terms: Sequence[tuple[int, Integers]]) -> tuple[Whole, list[Exact]]:
    """The order of the sums and their values in it, from sums of the lower 32 bits and of the rest."""
    import numpy as np

    mask = (1 << LIMB) - 1
    none = np.zeros(len(terms[0][1]), np.int64)
    low = sum((factor * (column.values & mask) for factor, column in terms), none)
    high = sum((factor * (column.values >> LIMB) for factor, column in terms), none) + (low >> LIMB)
    low = low & mask
    order = np.lexsort((low, high))
    return order, [(a << LIMB) + b for a, b in zip(high[order].tolist(), low[order].tolist(), strict=True)]


def collision(projection: Projection, labels: Column) -> tuple[int, int] | None:
    """Two points with equal projections and different labels, if there are any; neighbours show it."""
    import numpy as np

    values, order = projection.values, projection.order
    if isinstance(values, np.ndarray):
        places = np.flatnonzero(values[1:] == values[:-1])
    else:
        places = np.array([i for i, (a, b) in enumerate(pairwise(values)) if a == b], dtype=np.int64)
    if isinstance(labels, Integers):
        places = places[labels.values[order[places]] != labels.values[order[places + 1]]][:1]
    pairs = ((int(order[place]), int(order[place + 1])) for place in places)
    return next(((i, j) for i, j in pairs if labels.at(i) != labels.at(j)), None)


def separating(columns: Sequence[Column], labels: Column) -> Projection:
    """A projection that takes points to one number only if their labels agree; raises ``Conflict`` if there is none.

    The entries are multiples of the divisors of the columns, so that all projections of packed data are integers.
    """
    distinct = {axis: column.distinct(SAMPLE) for axis, column in enumerate(columns)}
    telling = sorted(distinct, key=lambda axis: -distinct[axis])
    for axis in telling[:AXES]:
        found = attempt(columns, labels, {axis: 1})
        if found is not None:
            return found
    for entries in random_entries(columns, telling, distinct):
        found = attempt(columns, labels, entries)
        if found is not None:
            return found
    return hierarchy(columns, labels, telling)


def attempt(columns: Sequence[Column], labels: Column, entries: Mapping[int, int]) -> Projection | None:
    """The projection, if it is good; raises ``Conflict`` if equal points collide."""
    projection = project(columns, [entries.get(axis, 0) * column.over for axis, column in enumerate(columns)])
    pair = collision(projection, labels)
    if pair and all(column.at(pair[0]) == column.at(pair[1]) for column in columns):
        raise Conflict(pair)
    return None if pair else projection


def random_entries(
    columns: Sequence[Column], telling: Sequence[int], distinct: Mapping[int, int]
) -> Iterator[dict[int, int]]:
    """Positive entries for more and more coordinates, the most telling ones first; for equal data always the same."""
    import numpy as np

    draw, pairs, combinations, size = np.random.default_rng(0), len(columns[0]) ** 2, 1, 0
    while size < len(telling) and (combinations < pairs or size < 2):
        known = distinct[telling[size]]
        combinations, size = combinations * (known if known < SAMPLE // 2 else len(columns[0])), size + 1
    while True:
        axes = telling[:size]
        longest = sum(columns[axis].extent for axis in axes)
        large = max(2 * SMALL, min(4 * pairs, max(WIDEST, (1 << BITS) // longest)))
        for bound in (SMALL, large):
            if bound == large or 64 * bound * longest > pairs:
                yield {axis: int(draw.integers(1, bound)) for axis in axes}
        if size == len(telling):
            return
        size = min(2 * size, len(telling))


def hierarchy(columns: Sequence[Column], labels: Column, telling: Sequence[int]) -> Projection:
    """The third family; two points with the same projection are equal."""
    entries: dict[int, int] = {}
    z: Sequence[Exact] = [0] * len(columns[0])
    for axis in reversed(telling):
        values = columns[axis].numerators()
        levels = sorted(set(values))
        if len(levels) > 1:
            gap = min(b - a for a, b in pairwise(levels))
            entry = entries[axis] = int((max(z) - min(z)) // gap) + 1
            z = [t + entry * v for t, v in zip(z, values, strict=True)]
    found = attempt(columns, labels, entries)
    if found is None:
        raise AssertionError("the hierarchy of scales tells different points apart")
    return found
