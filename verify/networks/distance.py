r"""How far a piecewise affine function f of one variable is from a polynomial P: largest errors and integrals.

On a piece $[a, b]$ with $x = \alpha a + \beta b$, $\alpha + \beta = 1$, the error $f - P$ is a form $d(\alpha,
\beta)$ whose degree is that of $P$; its coefficients, divided by binomial coefficients, are the Bernstein
coefficients of the error.

* For degree two, $d = x \alpha^2 + y \alpha \beta + z \beta^2$ has a maximum inside the piece if its bulge $e = y - x
  - z$ exceeds $|z - x|$: the rational number $(x + z)/2 + e/4 + (z - x)^2/(4 e)$.  So the largest error is found
  exactly.
* For higher degrees the vertex is algebraic.  The Bernstein coefficients enclose the range of the error on the piece
  (Lane and Riesenfeld, Bounds on a polynomial, 1981), and bisection shrinks the gap quadratically.  Branch and bound
  over all pieces ends with a value that is attained at a rational point and with an upper bound, both exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import heapify, heappop, heappush
from itertools import pairwise
from math import comb, lcm

from verify.errors import NetworkError
from verify.kernel.piecewise import forms
from verify.kernel.polyline import Point
from verify.networks.network import Number, Vector, exact
from verify.networks.piecewise import PiecewiseAffine, shown

Piece = tuple[Point, Point, list[int], int]  # the ends, and f - P there as a form, over a denominator
TOLERANCE = Fraction(1, 2**20)
MAX_SPLITS = 100_000


@dataclass(frozen=True)
class Enclosure:
    """The supremum lies between ``value``, attained at ``at``, and ``upper``; they are equal if it is exact."""

    value: Fraction
    at: Fraction
    upper: Fraction

    @property
    def is_exact(self) -> bool:
        return self.value == self.upper


def sup_distance(f: PiecewiseAffine, polynomial: Sequence[Number], *, tolerance: Number = TOLERANCE) -> Enclosure:
    """The supremum of |f - P|, P given by its coefficients, that of 1 first.

    Exact up to degree 2.  Beyond, ``upper`` exceeds ``value`` by at most the relative ``tolerance``, unless that takes
    too long.  Raises ``NetworkError`` if it is infinite.
    """
    sides = largest_errors(f, polynomial, (1, -1), exact([tolerance])[0])
    best = max(sides, key=lambda side: side.value)
    return Enclosure(best.value, best.at, max(side.upper for side in sides))


def largest_error(
    f: PiecewiseAffine, polynomial: Sequence[Number], sign: int = 1, *, tolerance: Number = TOLERANCE
) -> Enclosure:
    """The supremum of f - P, or of P - f for the sign -1; see ``sup_distance``."""
    return largest_errors(f, polynomial, (sign,), exact([tolerance])[0])[0]


def largest_errors(
    f: PiecewiseAffine, polynomial: Sequence[Number], signs: Sequence[int], tolerance: Fraction
) -> list[Enclosure]:
    coefficients = trimmed(polynomial)
    if len(coefficients) <= 2:
        error = f - line(f, coefficients)
        extremes = [error.scaled(sign).maximum() for sign in signs]
        return [Enclosure(found.value, found.at, found.value) for found in extremes]
    pieces = list(errors(f, coefficients))
    if len(coefficients) == 3:
        return [largest_quadratic(pieces, sign) for sign in signs]
    return [branch_and_bound(pieces, sign, tolerance) for sign in signs]


def errors(f: PiecewiseAffine, coefficients: Vector) -> Iterator[Piece]:
    bounded(f)
    scale = lcm(*(c.denominator for c in coefficients))
    integers, degree = [int(scale * c) for c in coefficients], len(coefficients) - 1
    for a, b in pairwise(f.points):
        _, error = forms(tuple([b[0] * x for x in a]), tuple([a[0] * x for x in b]), integers, scale)
        yield a, b, error, scale * (a[0] * b[0]) ** degree


def largest_quadratic(pieces: list[Piece], sign: int) -> Enclosure:
    """Candidates are ends and vertices; they are compared as fractions that are not reduced."""
    a, b, form, scale = pieces[0]
    most, over, at = sign * form[0], scale, place(a)
    for a, b, (x, y, z), scale in pieces:
        if sign * z * over > most * scale:
            most, over, at = sign * z, scale, place(b)
        rise, bulge = sign * (z - x), sign * (y - x - z)
        if bulge > abs(rise):
            top = 2 * sign * bulge * (x + z) + bulge**2 + rise**2
            if top * over > most * 4 * bulge * scale:
                most, over = top, 4 * bulge * scale
                at = (place(a) + place(b)) / 2 + Fraction(rise, 2 * bulge) * (place(b) - place(a))
    return Enclosure(Fraction(most, over), at, Fraction(most, over))


def branch_and_bound(pieces: list[Piece], sign: int, tolerance: Fraction) -> Enclosure:
    best, at = max(
        (Fraction(sign * form[i], scale), place(end)) for a, b, form, scale in pieces for i, end in ((0, a), (-1, b))
    )
    heap: list[tuple[Fraction, int, Fraction, Fraction, Vector]] = []
    for number, (a, b, form, scale) in enumerate(pieces):
        bernstein = [Fraction(sign * c, comb(len(form) - 1, i)) for i, c in enumerate(form)]
        if max(bernstein) > best * scale:
            coefficients = tuple(c / scale for c in bernstein)
            heap.append((-max(coefficients), number, place(a), place(b), coefficients))
    heapify(heap)
    for number in range(len(pieces), len(pieces) + MAX_SPLITS):
        if not heap or -heap[0][0] - best <= tolerance * abs(best):
            break
        _, _, start, end, coefficients = heappop(heap)
        middle, (left, right) = (start + end) / 2, halves(coefficients)
        if right[0] > best:
            best, at = right[0], middle
        for order, (low, high, half) in enumerate(((start, middle, left), (middle, end, right))):
            if max(half) > best:
                heappush(heap, (-max(half), 2 * number + order, low, high, half))
    return Enclosure(best, at, max([best, *(-entry[0] for entry in heap[:1])]))


def place(point: Point) -> Fraction:
    return Fraction(point[1], point[0])


def halves(coefficients: Vector) -> tuple[Vector, Vector]:
    """The Bernstein coefficients on both halves (de Casteljau)."""
    left, right, row = [], [], list(coefficients)
    while row:
        left.append(row[0])
        right.append(row[-1])
        row = [(p + q) / 2 for p, q in pairwise(row)]
    return tuple(left), tuple(reversed(right))


def integral(f: PiecewiseAffine) -> Fraction:
    bounded(f)
    return sum(((b - a) * (y + z) / 2 for (a, y), (b, z) in pairwise(f.knots)), Fraction(0))


def squared_distance(f: PiecewiseAffine, polynomial: Sequence[Number]) -> Fraction:
    """The integral of (f - P)^2 over the interval: the square of the distance in L2."""
    coefficients, total = exact([*polynomial, 0, 0]), Fraction(0)
    for a, b, form, scale in errors(f, coefficients[: max(2, len(coefficients) - 2)]):
        n = len(form) - 1  # the integral of lambda^k (1 - lambda)^(2n - k) is 1 / ((2n + 1) binom(2n, k))
        moments = (p * q * Fraction(1, comb(2 * n, i + j)) for i, p in enumerate(form) for j, q in enumerate(form))
        total += (place(b) - place(a)) * sum(moments, Fraction(0)) / ((2 * n + 1) * scale**2)
    return total


def trimmed(polynomial: Sequence[Number]) -> Vector:
    """The coefficients without leading zeros, the one of 1 first."""
    coefficients = exact(polynomial)
    while coefficients and not coefficients[-1]:
        coefficients = coefficients[:-1]
    return coefficients


def line(f: PiecewiseAffine, coefficients: Vector) -> PiecewiseAffine:
    """A polynomial of degree one at most, on the interval of f."""
    constant, slope = (*coefficients, Fraction(0), Fraction(0))[:2]
    low, high = f.interval
    places = [end for end in f.interval if end is not None] or [Fraction(0)]
    return PiecewiseAffine.through(
        [(x, constant + slope * x) for x in places],
        left=slope if low is None else None,
        right=slope if high is None else None,
    )


def bounded(f: PiecewiseAffine) -> None:
    if None in f.interval:
        raise NetworkError(f"{shown(f.interval)} is unbounded, and so is what is asked; restrict the function first")
