r"""Continuous piecewise affine functions of one variable over the rationals.

The graph of such a function is a chain of segments through points in homogeneous integer coordinates $(s, p, v)$: the
value at $x = p/s$ is $v/s$, and $(0, \pm 1, v)$ is an end of the line that is approached with slope $v$ outwards.  In
these coordinates the two ends of the line need no special treatment, and no operation divides.  The interior points
are exactly the breakpoints, so that two functions are equal exactly if their points are, and the number of pieces is
known.

A network becomes such a chain by the walk that the kernel uses too (``verify.kernel.polyline``): layer by layer,
breakpoints are put in where a unit changes its sign.  This costs time in proportion to breakpoints times weights.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import inf, lcm

from verify.errors import NetworkError
from verify.kernel.polyline import Point, between, graph, is_break, reduced, with_cuts
from verify.kernel.terms import Rejected
from verify.networks.network import Network, Number, number

Interval = tuple[Number | None, Number | None]
Ends = tuple[Fraction | None, Fraction | None]
LINE: Interval = (None, None)


@dataclass(frozen=True)
class Extreme:
    """A value, and a place where it is attained."""

    value: Fraction
    at: Fraction


@dataclass(frozen=True)
class PiecewiseAffine:
    """Make one with ``PiecewiseAffine.of(network, interval)`` or ``PiecewiseAffine.through(points)``.

    ``points`` are as the module says, in shortest integers; an affine function on the whole line has its point at 0.
    """

    points: tuple[Point, ...]

    @staticmethod
    def of(network: Network, interval: Interval = LINE) -> PiecewiseAffine:
        """The function that a network with one input and one output computes on an interval; None is infinite."""
        ends = read_interval(interval)
        one_variable(network)
        rows = [
            tuple((*row, bias) for row, bias in zip(layer.weights, layer.bias, strict=True)) for layer in network.layers
        ]
        try:
            return chain(graph(rows, ends))
        except Rejected as problem:
            raise NetworkError(f"the network of widths {network.widths} is too large: {problem}") from None

    @staticmethod
    def through(
        points: Iterable[tuple[Number, Number]], *, left: Number | None = None, right: Number | None = None
    ) -> PiecewiseAffine:
        """The interpolation of points (x, y), x increasing; ``left`` and ``right``: continued with these slopes."""
        knots = [read_point(position, point) for position, point in enumerate(points, 1)]
        unordered = next((i for i, (a, b) in enumerate(pairwise(knots), 2) if a[0] >= b[0]), None)
        if unordered is not None:
            raise NetworkError(f"x of point {unordered} is not larger than x of the point before it; sort the points")
        made = [vector(x, y) for x, y in knots]
        if left is not None:
            made.insert(0, outwards(-1, number(left, "the slope on the left")))
        if right is not None:
            made.append(outwards(1, number(right, "the slope on the right")))
        if not knots or len(made) < 2:
            raise NetworkError("a function needs an interval: give two points, or one point and a slope")
        return chain(made)

    @cached_property
    def knots(self) -> tuple[tuple[Fraction, Fraction], ...]:
        """(x, f(x)) at the finite ends and the breakpoints."""
        return tuple((Fraction(p, s), Fraction(v, s)) for s, p, v in self.points if s)

    @cached_property
    def places(self) -> tuple[Fraction, ...]:
        return tuple(x for x, _ in self.knots)

    @property
    def interval(self) -> Ends:
        first, last = self.points[0][0], self.points[-1][0]
        return self.places[0] if first else None, self.places[-1] if last else None

    @property
    def breakpoints(self) -> tuple[Fraction, ...]:
        """Where the slope changes."""
        breaks = zip(self.points, self.points[1:], self.points[2:], strict=False)
        return tuple(Fraction(b[1], b[0]) for a, b, c in breaks if is_break(a, b, c))

    @property
    def pieces(self) -> int:
        """The number of maximal intervals on which the function is affine."""
        return sum(map(is_break, self.points, self.points[1:], self.points[2:])) + 1

    @cached_property
    def slopes(self) -> tuple[Fraction, ...]:
        """Of the pieces, from left to right."""
        slopes = [Fraction(a[0] * b[2] - b[0] * a[2], a[0] * b[1] - b[0] * a[1]) for a, b in pairwise(self.points)]
        return tuple(slopes[: self.pieces])

    def __call__(self, x: Number) -> Fraction:
        place = number(x, "the argument")
        scale, value = self._at(place.denominator, place.numerator)
        return Fraction(value, scale)

    def _at(self, s: int, p: int) -> tuple[int, int]:
        """A scale and the value times the scale, at p/s; the segment around it is cut at this place."""
        place = Fraction(p, s)
        low, high = self.interval
        if (low is not None and place < low) or (high is not None and place > high):
            raise NetworkError(f"{place} lies outside {shown(self.interval)}, where the function is given")
        after = bisect_left(self.places, place) + (low is None)
        a, b = self.points[max(after, 1) - 1], self.points[max(after, 1)]
        alpha, beta = abs(p * b[0] - s * b[1]), abs(p * a[0] - s * a[1])
        return alpha * a[0] + beta * b[0], alpha * a[2] + beta * b[2]

    # ---------------------------------------------------------------------------------------------- new functions

    def __add__(self, other: PiecewiseAffine) -> PiecewiseAffine:
        pairs = zip(*together(self, other), strict=True)
        return chain([(*scaled[:2], scaled[2] + value) for scaled, value in (common(a, b) for a, b in pairs)])

    def __neg__(self) -> PiecewiseAffine:
        return self.scaled(-1)

    def __sub__(self, other: PiecewiseAffine) -> PiecewiseAffine:
        return self + -other

    def scaled(self, factor: Number) -> PiecewiseAffine:
        n, d = number(factor, "the factor").as_integer_ratio()
        return chain([(d * s, d * p, n * v) for s, p, v in self.points])

    def max(self, other: PiecewiseAffine) -> PiecewiseAffine:
        """The larger of two functions at every place."""
        return other + (self - other).positive_part()

    def positive_part(self) -> PiecewiseAffine:
        """ReLU after the function."""
        made = list(self.points[:1])
        for a, b in pairwise(self.points):
            made += [*between(a, b, a[2:], b[2:]), b]
        return chain([(s, p, max(v, 0)) for s, p, v in made])

    def absolute(self) -> PiecewiseAffine:
        return self.max(-self)

    def after(self, inner: PiecewiseAffine) -> PiecewiseAffine:
        """The composition ``self(inner(x))``; all values of ``inner`` must lie where ``self`` is given."""
        made = [self._image(inner.points[0])]
        for a, b in pairwise(inner.points):
            low, high = sorted((level(a, b), level(b, a)))
            crossed = self.places[bisect_right(self.places, low) : bisect_left(self.places, high)]
            left, right = ([y.denominator * end[2] - y.numerator * end[0] for y in crossed] for end in (a, b))
            made += map(self._image, (*between(a, b, left, right), b))
        return chain(made)

    def _image(self, point: Point) -> Point:
        """The point of the composition over a point of the inner function."""
        s, p, v = point
        if s:
            scale, value = self._at(s, v)
            return s * scale, p * scale, s * value
        end = self.points[-1 if v > 0 else 0]
        if v and end[0]:
            raise NetworkError(f"the inner function is unbounded, but the outer one is given on {shown(self.interval)}")
        return (0, p * abs(end[1]), abs(v) * end[2]) if v else point

    def on(self, interval: Interval) -> PiecewiseAffine:
        """The restriction to a smaller interval."""
        wanted, given = read_interval(interval), self.interval
        if any(outside(end, given, side) for side, end in enumerate(wanted)):
            raise NetworkError(f"{shown(wanted)} is not part of {shown(given)}, where the function is given")
        low = -inf if wanted[0] is None else wanted[0]
        high = inf if wanted[1] is None else wanted[1]
        made = with_cuts(list(self.points), [end for end in wanted if end is not None])
        return chain([point for point in made if low <= location(point) <= high])

    # ---------------------------------------------------------------------------------------------------- numbers

    def maximum(self) -> Extreme:
        """Raises ``NetworkError`` if there is none."""
        for point in (self.points[0], self.points[-1]):
            if not point[0] and point[2] > 0:
                raise NetworkError(f"the function is unbounded towards {'-' if point[1] < 0 else ''}infinity")
        at, value = max(self.knots, key=lambda knot: knot[1])
        return Extreme(value, at)

    def minimum(self) -> Extreme:
        """Raises ``NetworkError`` if there is none."""
        found = (-self).maximum()
        return Extreme(-found.value, found.at)

    def network(self) -> Network:
        """One hidden layer with at most one unit for each piece; beyond the interval the end pieces go on."""
        (x, y), slopes = self.knots[0], self.slopes
        if self.pieces == 1:
            return Network.of([([[slopes[0]]], [y - slopes[0] * x])])
        first, *others = self.breakpoints
        jumps = [after - before for before, after in pairwise(slopes[1:])]
        units = [
            (-1, first, -slopes[0]),
            (1, first, slopes[1]),
            *((1, t, jump) for t, jump in zip(others, jumps, strict=True)),
        ]
        kept = [(side, -side * place, c) for side, place, c in units if c]
        return Network.of(
            [([[w] for w, _, _ in kept], [b for _, b, _ in kept]), ([[c for _, _, c in kept]], [self(first)])]
        )


def chain(points: Sequence[Point]) -> PiecewiseAffine:
    """The function whose graph is a chain of segments, in normal form."""
    first, *inner, last = every = [reduced(point) for point in points]
    kept = [b for a, b, c in zip(every, inner, every[2:], strict=False) if is_break(a, b, c)]
    if not (kept or first[0] or last[0]):
        s, p, v = inner[0]
        slope = Fraction(last[2], last[1])
        kept = [vector(Fraction(0), Fraction(v, s) - slope * Fraction(p, s))]
    return PiecewiseAffine((first, *kept, last))


def read_point(position: int, point: tuple[Number, Number]) -> tuple[Fraction, Fraction]:
    if not isinstance(point, tuple | list) or len(point) != 2:
        raise NetworkError(f"point {position} is not a pair (x, y)")
    return number(point[0], f"x of point {position}"), number(point[1], f"y of point {position}")


def vector(x: Fraction, y: Fraction) -> Point:
    scale = lcm(x.denominator, y.denominator)
    return scale, x.numerator * (scale // x.denominator), y.numerator * (scale // y.denominator)


def outwards(direction: int, slope: Fraction) -> Point:
    """The end of the line on one side, for a slope from left to right."""
    return 0, direction * slope.denominator, direction * slope.numerator


def location(point: Point) -> Fraction | float:
    return Fraction(point[1], point[0]) if point[0] else inf * point[1]


def level(point: Point, other: Point) -> Fraction | float:
    """The value at one end of a segment; at infinity that of the other end, if the function is constant."""
    if point[0]:
        return Fraction(point[2], point[0])
    return inf * point[2] if point[2] else Fraction(other[2], other[0])


def together(f: PiecewiseAffine, g: PiecewiseAffine) -> tuple[list[Point], list[Point]]:
    """The points of two functions over common places."""
    if f.interval != g.interval:
        raise NetworkError(
            f"one function is given on {shown(f.interval)}, the other one on {shown(g.interval)}; restrict them"
        )
    return with_cuts(list(f.points), list(g.places)), with_cuts(list(g.points), list(f.places))


def common(a: Point, b: Point) -> tuple[Point, int]:
    """A point in a scale that another one at the same place has too, and the value of the other one in this scale."""
    left, right = (point[0] or abs(point[1]) for point in (a, b))
    return (a[0] * right, a[1] * right, a[2] * right), b[2] * left


def one_variable(network: Network) -> None:
    if network.inputs != 1 or network.outputs != 1:
        raise NetworkError(
            f"a network with one input and one output is needed, not with {network.inputs} and {network.outputs}"
        )


def read_interval(interval: Interval) -> Ends:
    if not isinstance(interval, tuple | list) or len(interval) != 2:
        raise NetworkError(f"an interval is a pair (low, high), None for an infinite end, not {str(interval)[:80]!r}")
    low, high = (
        None if end is None else number(end, f"the {side} end")
        for end, side in zip(interval, ("low", "high"), strict=True)
    )
    if low is not None and high is not None and low >= high:
        raise NetworkError(f"the interval [{low}, {high}] has no interior; give low < high")
    return low, high


def outside(end: Fraction | None, interval: Ends, side: int) -> bool:
    low, high = interval
    if end is None:
        return interval[side] is not None
    return (low is not None and end < low) or (high is not None and end > high)


def shown(interval: Ends) -> str:
    low, high = interval
    return f"{'(-infinity' if low is None else f'[{low}'}, {'infinity)' if high is None else f'{high}]'}"
