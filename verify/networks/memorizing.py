r"""Memorizing networks: x -> sum_j w_j ReLU(<a, x> - b_j) through n given points, with 2n + d parameters a, b, w.

**The construction** (Zhang, Bengio, Hardt, Recht and Vinyals 2017, Theorem 1).  Choose a direction a along which the
points have different projections z_1 < ... < z_n (``directions``), and thresholds b_1 < z_1 <= b_2 < z_2 <= ... .  The
equations sum_j w_j ReLU(z_i - b_j) = y_i are triangular with positive diagonal, hence solvable for any labels y.

**Thresholds.**  With b_i = z_{i-1} the network is the polygon through the points: its slope between z_{i-1} and z_i is
the divided difference s_i = (y_i - y_{i-1}) / (z_i - z_{i-1}), and w_i = s_i - s_{i-1}.  No system is solved, nothing
accumulates: n quotients of short integers, which a checker confirms by cross-multiplication one by one.  With any other
thresholds the value at b_{i+1} depends on all labels before: at the midpoints, s_i = 2 (y_i - y_{i-1}) / (z_i - z_{i-1}) -
s_{i-1}, an alternating sum whose exact denominators collect every gap.

**In floating point** the triangular matrix is as ill-conditioned as the data are dense, and its solution by substitution
loses what the divided differences keep; ``benchmarks/memorization.md`` has both side by side.  ``evaluate`` uses neither:
it looks the interval up and interpolates, so that its error at the points is that of their projections alone.

**Fewer units.**  Where three points in a row are collinear, a weight is 0 and its unit is left out; the first threshold
and the sign of a can save one more unit.  That no network of this form is smaller can be certified for points on a line,
by counting corners (``verify.kernel.memorization``): n alternating labels need n units.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from operator import sub
from typing import TYPE_CHECKING, Any

from verify.errors import NetworkError, Unanswered
from verify.networks.columns import BITS, Column, Integers, packed, packed_list, read_labels, read_points, whole
from verify.networks.directions import Conflict, Projection, collision, project, separating, taken
from verify.networks.network import Network, Number, exact

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]

Json = Any


@dataclass(frozen=True, eq=False)
class MemorizingNetwork:
    """The polygon through the points along ``projection``: ``labels`` in its order, and the slope of each interval.

    The first interval begins at the threshold ``first``; an interval between equal projections has the slope 0.
    """

    projection: Projection
    first: Fraction
    labels: Sequence[Fraction | int] | Whole
    over: int
    numerators: Whole | Sequence[int]
    denominators: Whole | Sequence[int]

    @cached_property
    def slopes(self) -> list[tuple[Fraction, Fraction, Fraction]]:
        """Left end, value there and slope of each interval that is not empty."""
        ends = [self.first, *(Fraction(v) / self.projection.scale for v in plain(self.projection.values))]
        values = [Fraction(0), *(Fraction(v) / self.over for v in plain(self.labels))]
        slopes = map(Fraction, plain(self.numerators), plain(self.denominators))
        rows = zip(pairwise(ends), values, slopes, strict=False)
        return [(left, value, slope) for (left, right), value, slope in rows if left < right]

    @cached_property
    def hidden(self) -> tuple[tuple[Fraction, Fraction], ...]:
        """Threshold and weight of every unit of weight other than 0."""
        before, units = Fraction(0), []
        for left, _, slope in self.slopes:
            if slope != before:
                units.append((left, slope - before))
            before = slope
        return tuple(units)

    @property
    def units(self) -> int:
        return len(self.hidden)

    @property
    def parameters(self) -> int:
        """The entries of a, b and w."""
        return 2 * self.units + len(self.projection.direction)

    def __call__(self, point: Sequence[Number]) -> Fraction:
        """The exact value at a point, in O(d + log n)."""
        coordinates = exact(point)
        if len(coordinates) != len(self.projection.direction):
            raise NetworkError(f"a point has {len(self.projection.direction)} coordinates here, not {len(coordinates)}")
        z = sum((a * x for a, x in zip(self.projection.direction, coordinates, strict=True)), Fraction(0))
        place = bisect_left(self.slopes, z, key=lambda row: row[0])
        if not place:
            return Fraction(0)
        left, value, slope = self.slopes[place - 1]
        return value + slope * (z - left)

    def network(self) -> Network:
        """As an exact network with one hidden layer; the data need one corner at least."""
        if not self.hidden:
            raise NetworkError("all labels are 0: the network has no hidden unit")
        direction = self.projection.direction
        hidden = [[*map(Fraction, direction)] for _ in self.hidden], [-threshold for threshold, _ in self.hidden]
        return Network.of([hidden, ([[weight for _, weight in self.hidden]], [0])])

    def evaluate(self, points: Floats) -> Floats:
        """Values at float64 points of shape (m, d), by looking up the interval and interpolating in it.

        The direction is divided by a power of two first, which rounds nothing and keeps the projections in range.
        """
        import numpy as np

        unit = 1 << max(abs(entry).bit_length() for entry in self.projection.direction)
        try:
            rows = np.array(
                [[float(left / unit), float(value), float(slope * unit)] for left, value, slope in self.slopes]
            )
        except OverflowError:
            raise NetworkError("the slopes are out of the range of float64; call the network, which is exact") from None
        z = np.asarray(points, dtype=np.float64) @ np.array(
            [float(Fraction(a, unit)) for a in self.projection.direction]
        )
        place = np.searchsorted(rows[:, 0], z, side="left")
        left, value, slope = rows[np.maximum(place - 1, 0)].T
        return np.where(place > 0, value + slope * (z - left), 0.0)

    def witness(self) -> Json:
        """As certificates hold it."""
        return {
            "direction": [str(entry) for entry in self.projection.direction],
            "order": packed(self.projection.order),
            "first": str(self.first),
            "numerators": packed_any(self.numerators),
            "denominators": packed_any(self.denominators),
        }


def plain(values: Any) -> Sequence[Any]:
    found: Sequence[Any] = values.tolist() if hasattr(values, "tolist") else values
    return found


def packed_any(values: Whole | Sequence[int]) -> Json:
    return packed_list(values) if isinstance(values, list) else packed(values)  # type: ignore[arg-type]


# ------------------------------------------------------------------------------------------------------- building


def memorize(points: Any, labels: Any, *, direction: Sequence[int] | None = None) -> MemorizingNetwork:
    """The network through the points (rows of exact numbers, an array or a tensor) with these labels.

    Raises ``NetworkError`` for data that no function fits, and for a direction that does not tell them apart.

    >>> memorize([[0], [1], [3]], [1, 0, "1/2"])([2])
    Fraction(1, 4)
    """
    question = Memorizes(points, labels, direction=direction)
    try:
        return question.network
    except Conflict as pair:
        i, j = pair.first, pair.second
        found = f"points[{i}] and points[{j}] are equal and have the labels {question.label(i)} and {question.label(j)}"
        raise NetworkError(f"{found}: no function takes both; leave one of them out") from None


def polygon(projection: Projection, labels: Column, first: Fraction | None = None) -> MemorizingNetwork:
    """The slopes of all intervals; unless ``first`` is given, the first interval is as long as all others together."""
    import numpy as np

    z, order, over, scale = projection.values, projection.order, labels.over, projection.scale
    least, greatest = plain(z[:1])[0], plain(z[-1:])[0]
    below = least - (greatest - least or scale)
    if isinstance(z, np.ndarray) and isinstance(labels, Integers) and first is None and (-below | scale) >> BITS == 0:
        y = labels.values[order]
        dz, dy = np.diff(z, prepend=below), np.diff(y, prepend=0)
        if int(np.abs(dy).max()) * scale >> BITS == 0 and int(dz.max()) * over >> BITS == 0:
            slopes = np.where(dz > 0, dy * scale, 0), np.where(dz > 0, dz * over, 1)
            return MemorizingNetwork(projection, Fraction(below, scale), y, over, *slopes)
    start = Fraction(below) / scale if first is None else first
    values = taken(labels.numerators(), order)
    dz_exact = list(map(sub, plain(z), [whole(start * scale), *plain(z)]))
    dy_exact = list(map(sub, values, [0, *values]))
    slopes_exact = [quotient(v * scale, a * over) for a, v in zip(dz_exact, dy_exact, strict=True)]
    return MemorizingNetwork(projection, start, values, over, *map(list, zip(*slopes_exact, strict=True)))


def quotient(step: Fraction | int, width: Fraction | int) -> tuple[int, int]:
    """The slope as a pair of integers; of an empty interval, 0."""
    if isinstance(step, int) and isinstance(width, int):
        return (step, width) if width else (0, 1)
    slope = Fraction(step) / width if width else Fraction(0)
    return slope.numerator, slope.denominator


# ------------------------------------------------------------------------------------------------------- question


@dataclass(frozen=True, eq=False)
class Memorizes:
    r"""Is there a network x -> sum_j w_j ReLU(<a, x> - b_j) with these labels at these points, of this size?

    ``units`` (by default the number n of points) and ``parameters`` (by default 2 units + d) are what it may have at
    most.  ``direction`` fixes the direction of the answer; it is no part of the question.

    ``points`` are rows of integers, fractions, floats or texts like "-7/2", or an array or tensor of shape (n, d); a
    float is the rational number that it is.
    """

    points: Any
    labels: Any
    units: int | Fraction | None = None
    parameters: int | Fraction | None = None
    direction: Sequence[int] | None = None

    @cached_property
    def columns(self) -> list[Column]:
        return read_points(self.points)

    @cached_property
    def values(self) -> Column:
        return read_labels(self.labels, len(self.columns[0]))

    @cached_property
    def size(self) -> tuple[int, int]:
        """The numbers of units and of parameters that are asked for."""
        units = natural(self.units, "units", len(self.columns[0]))
        parameters = natural(self.parameters, "parameters", 2 * units + len(self.columns))
        if parameters < len(self.columns):
            raise NetworkError(f"parameters is {parameters}, but the direction alone has {len(self.columns)}")
        return units, parameters

    @cached_property
    def network(self) -> MemorizingNetwork:
        """The polygon; raises ``Conflict`` if equal points have different labels."""
        return polygon(self.projection(), self.values)

    def label(self, place: int) -> Fraction:
        return self.values.at(place)

    def projection(self) -> Projection:
        if self.direction is None:
            return separating(self.columns, self.values)
        direction = tuple(exact(self.direction, "of the direction"))
        if len(direction) != len(self.columns) or any(entry.denominator > 1 for entry in direction):
            raise NetworkError(f"the direction {shown(self.direction)} should be {len(self.columns)} integers")
        projection = project(self.columns, tuple(map(int, direction)))
        pair = collision(projection, self.values)
        if pair and all(column.at(pair[0]) == column.at(pair[1]) for column in self.columns):
            raise Conflict(pair)
        if pair:
            raise NetworkError(
                f"the direction {shown(self.direction)} has the same product with points[{min(pair)}] and "
                f"points[{max(pair)}], whose labels are different; take another direction, or leave it out"
            )
        return projection

    def statement(self) -> Json:
        units, parameters = self.size
        return {
            "question": "memorizes",
            "count": str(len(self.columns[0])),
            "points": [column.json() for column in self.columns],
            "labels": self.values.json(),
            "units": str(units),
            "parameters": str(parameters),
        }

    def answer(self) -> tuple[str, Json]:
        units, parameters = self.size
        allowed = min(units, (parameters - len(self.columns)) // 2)
        try:
            network = self.network
        except Conflict as pair:
            return "memorization-conflict", {"indices": [str(pair.first), str(pair.second)]}
        if allowed >= len(self.columns[0]):
            return "memorization", network.witness()
        best = min(variants(network, self.columns, self.values), key=lambda candidate: candidate.units)
        if best.units <= allowed:
            return "memorization", best.witness()
        if len(self.columns) == 1:
            order = chain(network.projection)
            if corners_needed(self.columns[0], self.values, order) > allowed:
                return "memorization-corners", {"order": [str(place) for place in order]}
        raise Unanswered(
            f"the network that was found has {best.units} units; whether {allowed} are enough was not decided"
        )


def natural(value: int | Fraction | None, name: str, otherwise: int) -> int:
    if value is None:
        return otherwise
    if value < 0 or Fraction(value).denominator > 1:
        raise NetworkError(f"{name} is {value}; it should be a natural number")
    return int(value)


def shown(direction: Sequence[int]) -> str:
    return f"({', '.join(map(str, direction))})"


def variants(network: MemorizingNetwork, columns: list[Column], labels: Column) -> Iterator[MemorizingNetwork]:
    """The network, its mirror image, and both with the first threshold where the second slope is at once the right one."""
    mirrored = project(columns, tuple(-entry for entry in network.projection.direction))
    for projection in (network.projection, mirrored):
        candidate = polygon(projection, labels)
        yield candidate
        if len(candidate.slopes) > 1:
            (_, _, _), (z, y, slope) = candidate.slopes[:2]
            if y * slope > 0:
                yield polygon(projection, labels, z - y / slope)


def chain(projection: Projection) -> list[int]:
    """The points without repetition, in order."""
    values = plain(projection.values)
    order = projection.order.tolist()
    return [place for k, place in enumerate(order) if not k or values[k - 1] < values[k]]


def corners_needed(column: Column, labels: Column, order: list[int]) -> int:
    from verify.kernel.memorization import corners

    graph: list[tuple[int | Fraction, int | Fraction]] = [(column.at(i), labels.at(i)) for i in order]
    if len({label for _, label in graph}) < 2:
        return 0
    return min(corners(graph), corners([(-z, y) for z, y in reversed(graph)]))
