r"""How many dichotomies points have: the question.

    Dichotomies([[0], [1], [2]], 6)
    Dichotomies([[0, 0], [1, 0], [0, 1], [1, 1]], 14)

A dichotomy is a division of the points by an affine hyperplane that touches none of them, and which side is called
positive matters: ``verify.kernel.dichotomies`` defines it, and enumerates.  D points in general position in n dimensions
have $2 \sum_{k \le n} \binom{D - 1}{k}$ of them (Cover 1965), and no D points have more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import comb
from typing import Any

from verify.errors import NetworkError
from verify.networks.columns import read_points

Json = Any
Point = tuple[Fraction, ...]
MOST = 100_000  # dichotomies, unless more are allowed


@dataclass(frozen=True, eq=False)
class Dichotomies:
    """Do the points have exactly ``count`` dichotomies by affine hyperplanes?

    ``points`` are rows of integers, fractions, floats or texts like "-7/2", or an array or tensor of shape (D, n); a
    float is the rational number that it is.  Points that may have more than ``most`` dichotomies are refused.  Raises
    ``NetworkError`` on bad input.

    >>> Dichotomies([[0], [1], [2]], 6).answer()
    ('dichotomies', {})
    """

    points: Any
    count: int | Fraction
    most: int = MOST

    @cached_property
    def rows(self) -> list[Point]:
        return exact_points(self.points)

    def statement(self) -> Json:
        if isinstance(self.count, bool) or not isinstance(self.count, int | Fraction) or Fraction(self.count) % 1:
            raise NetworkError(f"count={self.count!r} is not a whole number; say how many dichotomies there are")
        require_few(self.rows, self.most)
        points = [[str(x) for x in point] for point in self.rows]
        return {"question": "dichotomies", "points": points, "count": str(self.count)}

    def answer(self) -> tuple[str, Json]:
        """The kernel enumerates; no witness is needed."""
        return "dichotomies", {}


def cover(points: int, dimension: int) -> int:
    r"""Cover's number $2 \sum_{k \le n} \binom{D - 1}{k}$, for D points in n dimensions.

    >>> cover(4, 2)
    14
    """
    return 2 * sum(comb(points - 1, k) for k in range(dimension + 1))


def exact_points(points: Any) -> list[Point]:
    """The rows of a table of numbers as fractions, shape (D, n); raises ``NetworkError`` with one sentence."""
    if hasattr(points, "__len__") and not len(points):
        raise NetworkError("there are no points; give a row of coordinates for each of them")
    columns = read_points(points)
    return list(zip(*([column.at(i) for i in range(len(column))] for column in columns), strict=True))


def require_few(points: Sequence[Point], most: int) -> None:
    """Raise ``NetworkError`` if the points may have more than ``most`` dichotomies, by Cover's formula for their rank."""
    from verify.kernel.dichotomies import homogeneous

    different = list(dict.fromkeys(points))
    dimension = len(homogeneous(different)[0]) - 1
    number = cover(len(different), dimension)
    if number > most:
        raise NetworkError(
            f"the {len(different)} different points, which span {dimension} dimensions, may have {number} dichotomies, "
            f"and at most {most} are enumerated; take fewer points, or allow more with most="
        )
