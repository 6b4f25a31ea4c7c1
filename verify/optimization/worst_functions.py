r"""Functions of one variable at which methods are slowest.

On the line the worst functions are simple: their derivative is piecewise affine with slopes as far out as the class allows.
Known ones have names here (``huber``, ``tents``, ``quadratic``, ``absolute``); ``interpolant`` makes one from a worst case
that a solver found.

**Interpolation on the line.**  Given x_0 < ... < x_n with derivatives g_i and values f_i, let h = x_{i+1} - x_i, and let the
derivative rise from g_i to g_{i+1} by slope mu, then L on a part of length l, then mu again: mu (h - l) + L l = g_{i+1} - g_i
says what l is.  If the fast part begins at s, then

    f_{i+1} - f_i = g_i h + mu h^2 / 2 + (L - mu) (l^2 / 2 + l (h - s - l)),

which is affine in s: largest for s = 0, least for s = h - l, and no function of the class can do more or less, with these
derivatives at the ends.  So three pieces are enough between neighbours, and the function is rational if the data
are.  If L is infinite, the fast part is a jump.  (In one dimension this proves the interpolation theorem of Taylor, Hendrickx
and Glineur 2017.)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from verify.errors import ProblemError
from verify.optimization.classes import Number, exact, positive

Json = Any
Knot = tuple[Fraction, Fraction, Fraction]  # place, derivative from the left and from the right
Place = tuple[Fraction, Fraction]
Affine = tuple[Fraction, Fraction]  # c + d u, of an unknown u

ZERO, ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True)
class PiecewiseQuadratic:
    """A function with a piecewise affine derivative: its knots, the slopes beyond them, its value at the first."""

    knots: tuple[Knot, ...]
    ends: tuple[Fraction, Fraction] = (ZERO, ZERO)
    value: Fraction = ZERO

    @staticmethod
    def of(
        derivatives: Sequence[Sequence[Number]], ends: Sequence[Number] = (0, 0), value: Number = 0
    ) -> PiecewiseQuadratic:
        """From (place, derivative), or (place, from the left, from the right), in increasing order.

        >>> PiecewiseQuadratic.of([(-1, -1), (1, 1)], value="1/2").knots[0]
        (Fraction(-1, 1), Fraction(-1, 1), Fraction(-1, 1))
        """
        rows = [[exact(entry, "an entry of a knot") for entry in row] for row in derivatives]
        if not rows or any(len(row) not in (2, 3) for row in rows):
            raise ProblemError(
                "a piecewise quadratic function needs knots, each with a place and one or two derivatives"
            )
        if any(a[0] >= b[0] for a, b in pairwise(rows)):
            raise ProblemError("the knots of a piecewise quadratic function are not in increasing order; sort them")
        low, high = (exact(end, "the slope beyond an end") for end in ends)
        return PiecewiseQuadratic(
            tuple((row[0], row[1], row[-1]) for row in rows), (low, high), exact(value, "a value")
        )

    def json(self) -> Json:
        """As the witness of the kernel's ``worst-case-function`` holds it."""
        return {
            "knots": [[str(entry) for entry in knot] for knot in self.knots],
            "ends": [str(end) for end in self.ends],
            "value": str(self.value),
        }

    @property
    def chain(self) -> Chain:
        vertices = [(t, d) for t, left, right in self.knots for d in (left, right)]
        return Chain(vertices, (-ONE, -self.ends[0]), (ONE, self.ends[1]))


@dataclass(frozen=True)
class Interval:
    """A closed convex set on the line; None is infinite.  Its chain is the graph of the normal cone."""

    low: Fraction | None
    high: Fraction | None

    @staticmethod
    def of(low: Number | None, high: Number | None) -> Interval:
        ends = [None if end is None else exact(end, "an end of an interval") for end in (low, high)]
        if ends[0] is not None and ends[1] is not None and ends[0] > ends[1]:
            raise ProblemError(f"the interval from {ends[0]} to {ends[1]} is empty; give the smaller end first")
        return Interval(*ends)

    def json(self) -> Json:
        return {"interval": [None if end is None else str(end) for end in (self.low, self.high)]}

    @property
    def chain(self) -> Chain:
        ends = [end for end in (self.low, self.high) if end is not None] or [ZERO]
        before = (-ONE, ZERO) if self.low is None else (ZERO, -ONE)
        after = (ONE, ZERO) if self.high is None else (ZERO, ONE)
        return Chain([(end, ZERO) for end in ends], before, after)


@dataclass(frozen=True)
class Chain:
    """The graph of a derivative: vertices, and the directions of the rays at both ends."""

    vertices: list[Place]
    before: Place
    after: Place

    def segments(self) -> Iterator[tuple[Place, Place, bool]]:
        """A vertex, the direction to the next one, and whether it goes on for ever."""
        yield self.vertices[0], self.before, True
        for (x, y), (z, w) in pairwise(self.vertices):
            yield (x, y), (z - x, w - y), False
        yield self.vertices[-1], self.after, True

    def meets(self, x: Affine, g: Affine) -> Fraction | None:
        """A number u with (x(u), g(u)) on the graph; the one of least size, if there are several."""
        (a, b), (c, d), found = x, g, []
        for (p, q), (r, s), endless in self.segments():
            slope, gap = d * r - b * s, b * (q - c) - d * (p - a)  # d (X - a) = b (Y - c) along the segment
            places = [gap / slope] if slope else [ZERO, ONE] if not gap else []
            for along in (t for t in places if t >= 0 and (endless or t <= 1)):
                found.append((p + along * r - a) / b if b else (q + along * s - c) / d)
        return min(found, key=abs, default=None)


# ------------------------------------------------------------------------------------------------- known functions


def quadratic(curvature: Number) -> PiecewiseQuadratic:
    """curvature/2 x^2: the worst strongly convex function of gradient descent with short steps."""
    size = exact(curvature, "the curvature")
    return PiecewiseQuadratic(((ZERO, ZERO, ZERO),), (size, size))


def absolute(M: Number = 1) -> PiecewiseQuadratic:
    """M |x|"""
    size = positive(M, "M", "the slope of M |x| is positive")
    return PiecewiseQuadratic(((ZERO, -size, size),))


def huber(L: Number = 1, radius: Number = 1) -> PiecewiseQuadratic:
    r"""L/2 x^2 for |x| <= radius, and L radius (|x| - radius/2) beyond: smooth and convex.

    With radius 1/(2 N h + 1) gradient descent with N steps h/L, h <= 1, from x_0 = 1 ends at f(x_N) = L/(4 N h + 2), and
    never gets to the curved part before (Drori and Teboulle 2014, Theorem 3.2).

    >>> huber(1, "1/3").value
    Fraction(1, 18)
    """
    size, r = positive(L, "L", "give a positive one"), positive(radius, "the radius", "give a positive one")
    return PiecewiseQuadratic(((-r, -size * r, -size * r), (r, size * r, size * r)), (ZERO, ZERO), size * r**2 / 2)


def tents(L: Number, step: Number, steps: int, slope: Number = 1) -> PiecewiseQuadratic:
    r"""The worst smooth nonconvex function of gradient descent with short steps: x_0 = 0, x_{i+1} = x_i - step slope.

    The derivative is ``slope`` at every iterate and dips by tents of slopes -L and L between them; left of the last iterate
    it falls to 0 with slope L and stays there.  For step <= 1/L the dips stay positive, and each step gains
    slope^2 (4 t - t^2) / (4 L), t = step L, the rest slope^2 / (2 L): equality in min |g_i|^2 <= 4 L (f_0 - f_*) /
    (2 + N (4 t - t^2)) (Abbaszadehpeivasti, de Klerk and Zamani 2022).
    """
    size, h, c = (exact(v, name) for v, name in ((L, "L"), (step, "the step"), (slope, "the slope")))
    if size <= 0 or c <= 0 or not 0 < h * size <= 1 or steps < 0:
        raise ProblemError(
            f"tents need L > 0, slope > 0 and 0 < step <= 1/L, and not L = {size}, step = {h}, slope = {c}"
        )
    dip = c - size * h * c / 2
    places = [(-i * h * c / 2, c if i % 2 == 0 else dip) for i in range(2 * steps, -1, -1)]
    last = places[0][0]
    return PiecewiseQuadratic.of([(last - c / size, 0), *places])


def interpolant(
    points: Sequence[tuple[Number, Number, Number]], mu: Number = 0, L: Number | None = None
) -> PiecewiseQuadratic:
    """A function of curvature between mu and L (None: infinite) with these places, derivatives and values.

    Beyond the outermost places it goes on with slope mu; if mu <= 0, as a constant derivative, after it fell to 0 where it would
    not be bounded below otherwise.  Raises ``ProblemError`` if there is no such function.

    >>> interpolant([(0, 0, 0), (1, 1, "1/2")], 0, 2).knots[1:3]
    ((Fraction(1, 4), Fraction(0, 1), Fraction(0, 1)), (Fraction(3, 4), Fraction(1, 1), Fraction(1, 1)))
    """
    low, high = exact(mu, "mu"), None if L is None else exact(L, "L")
    data = sorted({(exact(x, "a place"), exact(g, "a derivative"), exact(f, "a value")) for x, g, f in points})
    if not data:
        raise ProblemError("an interpolant of no points; give at least one")
    knots = [(data[0][0], data[0][1], data[0][1])]
    for a, b in pairwise(data):
        if a[0] < b[0]:
            knots += [*between(a, b, low, high), (b[0], b[1], b[1])]
        elif high is None and a[2] == b[2]:
            knots[-1] = (a[0], knots[-1][1], b[1])
        else:
            raise ProblemError(f"there are two derivatives or two values at {a[0]}; the class has no such function")
    if low > 0:
        return PiecewiseQuadratic(tuple(knots), (low, low), data[0][2])
    return bounded(knots, high, data[0][2])


def bounded(knots: list[Knot], L: Fraction | None, value: Fraction) -> PiecewiseQuadratic:
    """Continued to both sides so that it is bounded below: the derivative falls to 0 with slope L, or at once."""
    (x, left, right), (y, _, after) = knots[0], knots[-1]
    if left > 0 and L is None:
        knots = [(x, ZERO, right), *knots[1:]]
    elif left > 0 and L is not None:
        knots, value = [(x - left / L, ZERO, ZERO), *knots], value - left**2 / (2 * L)
    if after < 0 and L is None:
        knots = [*knots[:-1], (y, knots[-1][1], ZERO)]
    elif after < 0 and L is not None:
        knots = [*knots, (y - after / L, ZERO, ZERO)]
    return PiecewiseQuadratic(tuple(knots), (ZERO, ZERO), value)


def between(a: Sequence[Fraction], b: Sequence[Fraction], mu: Fraction, L: Fraction | None) -> list[Knot]:
    """The knots between two neighbours."""
    (x, g, f), (y, k, e) = a, b
    h, rise = y - x, k - g - mu * (y - x)
    area = e - f - g * h - mu * h**2 / 2  # what the fast part has to add
    length = ZERO if L is None else rise / (L - mu)
    start = h - length / 2 - area / rise if rise else ZERO
    if rise < 0 or (not rise and area) or length > h or not 0 <= start <= h - length:
        raise ProblemError(f"no function of the class has these derivatives and values at {x} and {y}")
    if not rise:
        return []
    before, after = g + mu * start, g + mu * start + rise + mu * length
    if length:
        return [(t, d, d) for t, d in ((x + start, before), (x + start + length, after)) if x < t < y]
    return [(x + start, before, after)] if x < x + start < y else []
