r"""The graph of a ReLU network of one variable, on an interval or on the whole line, as a chain of segments.

A point is kept in homogeneous integer coordinates $(s, p, u_1, ..., u_w)$, $s > 0$: at $x = p/s$ the values are
$u_i/s$. The end of the line is $(0, \pm 1, u)$, approached with the slopes $u$.  Points $A$ and $B$ are joined by the
segment of all $\alpha A + \beta B$ with $\alpha, \beta > 0$: this is the graph of an affine function, and conversely.

**Soundness.**  An affine layer is linear in $(s, u)$, after multiplication by a common denominator, so it maps
segments to segments.  So does ReLU of every coordinate when no coordinate changes its sign inside, also towards
infinity, where the sign is that of the slope, or of the value at the other end if the slope is 0.  Where a coordinate
changes its sign the point where it is zero, $|u_B| A + |u_A| B$, is put in first.  Hence after every layer the graph
is the chain of the segments through its points, whatever the network is.  No witness is needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from math import gcd, lcm
from operator import mul

from verify.kernel.network import Layer
from verify.kernel.terms import MAX_BITS, need

Point = tuple[int, ...]
Ends = tuple[Fraction | None, Fraction | None]

MAX_POINTS = 1_000_000
MAX_WORK = 200_000_000  # multiplications


def graph(layers: Sequence[Layer], ends: Ends) -> list[Point]:
    """Points (s, p, v) in order, through which the graph of the network on the interval is the chain of segments.

    The network has one input and one output; an end of the interval is None if it is infinite.
    """
    low, high = ends
    first: Point = (0, -1, -1) if low is None else (low.denominator, low.numerator, low.numerator)
    last: Point = (0, 1, 1) if high is None else (high.denominator, high.numerator, high.numerator)
    inner: list[Point] = [(1, 0, 0)] if low is None and high is None else []  # two ends at infinity have no middle
    points, work = [first, *inner, last], 0
    for position, layer in enumerate(layers):
        if position:
            points = [(p[0], p[1], *[u if u > 0 else 0 for u in p[2:]]) for p in refined(points)]
        work += len(points) * len(layer) * len(layer[0])
        need(len(points) <= MAX_POINTS and work <= MAX_WORK, "the graph of the network has too many points")
        points = mapped(layer, points)
        longest = max(max(map(max, points)), -min(map(min, points))).bit_length()
        need(longest <= MAX_BITS, "a number is too long:", longest, "bits")
    return points


def mapped(layer: Layer, points: list[Point]) -> list[Point]:
    """The image of a chain under an affine layer."""
    scale = lcm(*(number.denominator for row in layer for number in row))
    rows = [[n.numerator * (scale // n.denominator) for n in (row[-1], *row[:-1])] for row in layer]
    return [
        reduced((scale * s, scale * p, *[sum(map(mul, row, (s, *values))) for row in rows])) for s, p, *values in points
    ]


def reduced(point: Point) -> Point:
    """The same point in the shortest integers."""
    divisor = gcd(*point)
    return tuple([u // divisor for u in point]) if divisor > 1 else point


def refined(points: list[Point]) -> Iterator[Point]:
    """The chain with the points where a coordinate changes its sign."""
    yield points[0]
    for a, b in pairwise(points):
        yield from between(a, b, a[2:], b[2:])
        yield b


def between(a: Point, b: Point, left: Sequence[int], right: Sequence[int]) -> list[Point]:
    """Inside the segment, in order: the zeros of linear forms that have the values ``left`` at a, ``right`` at b."""
    changes = [(u, w) for u, w in zip(left, right, strict=True) if u < 0 < w or w < 0 < u]
    ratios = sorted({Fraction(abs(u), abs(w)) for u, w in changes}) if changes else []
    return [reduced(tuple([r.denominator * x + r.numerator * y for x, y in zip(a, b, strict=True)])) for r in ratios]


def with_cuts(points: list[Point], cuts: list[Fraction]) -> list[Point]:
    """The chain with the points at increasing places, as far as they lie inside segments."""
    made, waiting = points[:1], cuts[::-1]
    for b in points[1:]:
        while waiting and waiting[-1] * b[0] < b[1]:
            p, s = waiting.pop().as_integer_ratio()
            made += between(made[-1], b, *([s * end[1] - p * end[0]] for end in (made[-1], b)))
        made.append(b)
    return made


def is_break(a: Point, b: Point, c: Point) -> bool:
    """Whether three points (s, p, v) in a row are not collinear: the function is not affine around the middle one."""
    return (
        a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) + a[2] * (b[0] * c[1] - b[1] * c[0])
    ) != 0


def pieces(points: list[Point]) -> int:
    """The number of maximal intervals on which the function is affine."""
    return 1 + sum(map(is_break, points, points[1:], points[2:]))
