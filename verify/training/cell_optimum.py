r"""The exact minimum of the squared loss over networks whose units lie in given closed cells and have given signs.

With the cells fixed the network is linear in its parameters, so this is a convex quadratic program with linear constraints
and rational data: its minimum is a rational number.  A closed cell of an arrangement of full rank is a pointed cone, the
nonnegative combinations of its extreme rays.  So the program is nonnegative least squares in the coefficients of the rays
(``exact_algebra``), which does not mind when the data leave some parameters undetermined, as they do in many cells.

**Facets.**  No two of the vectors z_i = (1, x_i) of different points are parallel, so the hyperplane of point i carries a
facet of a cell if and only if the pattern with bit i flipped is a cell.  The extreme rays are those null vectors of d - 1
facets on which no facet has the wrong sign.

**Multipliers.**  At the minimum, with residuals r_i = y_i - f(x_i), the gradient g = - sum m_i r_i z_i over the points where
unit k is positive is nonnegative (times s_k) on all rays, hence by Farkas's lemma a nonnegative combination of the normals
s_k sigma_i z_i of the facets.  These multipliers prove the minimum to the kernel, exactly.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from operator import mul

from verify.kernel.dichotomies import Row, null_vector
from verify.kernel.training_data import Data
from verify.training.exact_algebra import nonnegative_least_squares, solution

Point = Sequence[Fraction]
Vector = tuple[Fraction, ...]
Multiplier = tuple[int, int, Fraction]  # of the cone row of unit k and point i


@dataclass(frozen=True)
class CellOptimum:
    """An optimal network over a tuple of closed cells.

    value: its loss, of the raw data; patterns, signs: of its units; units: w vectors of d coefficients, of the rows and
    labels of the integral ``Data``; affine: the coefficients of the first columns; multipliers: of the facets.
    """

    value: Fraction
    patterns: tuple[int, ...]
    signs: tuple[int, ...]
    units: tuple[Vector, ...]
    affine: Vector
    multipliers: tuple[Multiplier, ...]


class CellPrograms:
    """The convex programs of tuples of cells of one training problem with squared loss.

    ``cells`` are all patterns of the arrangement of ``data.rows``, the empty one included (``dichotomies.cells``).
    """

    def __init__(self, data: Data, cells: Set[int]) -> None:
        self.data, self.cells = data, cells
        self._rays: dict[int, list[Row]] = {}

    def facets(self, pattern: int) -> list[int]:
        """The points whose hyperplanes carry the facets of a cell."""
        return [i for i in range(len(self.data.rows)) if pattern ^ 1 << i in self.cells]

    def rays(self, pattern: int) -> list[Row]:
        """Integral generators of the extreme rays of a closed cell."""
        if pattern not in self._rays:
            normals = [self.normal(pattern, i) for i in self.facets(pattern)]
            found: dict[Row, None] = {}
            for chosen in combinations(normals, len(self.data.rows[0]) - 1):
                ray = null_vector(chosen)
                heights = [sum(map(mul, normal, ray)) for normal in normals]
                if any(ray) and (min(heights) >= 0 or max(heights) <= 0):
                    found[ray if max(heights) > 0 else tuple(-a for a in ray)] = None
            self._rays[pattern] = list(found)
        return self._rays[pattern]

    def normal(self, pattern: int, point: int) -> Row:
        """The normal of a hyperplane, turned to the side of the cell."""
        row = self.data.rows[point]
        return row if pattern >> point & 1 else tuple(-a for a in row)

    def optimum(self, patterns: Sequence[int], signs: Sequence[int]) -> CellOptimum:
        """The minimum over networks whose unit k has the sign ``signs[k]`` and lies in the closure of ``patterns[k]``."""
        data, d = self.data, len(self.data.rows[0])
        columns: list[list[int]] = []
        generators: list[tuple[int, Row]] = []  # of a unit, or of the affine part (w)
        for k, (pattern, sign) in enumerate(zip(patterns, signs, strict=True)):
            for ray in self.rays(pattern):
                values = [sign * max(0, sum(map(mul, ray, z))) for z in data.rows]
                columns.append(values)
                generators.append((k, ray))
        for c in range(data.free):
            for side in (1, -1):
                columns.append([side * z[c] for z in data.rows])
                generators.append((len(signs), tuple(side * (a == c) for a in range(data.free))))
        weighted = [list(map(mul, data.above, column)) for column in columns]
        gram = [[sum(map(mul, left, right)) for right in columns] for left in weighted]
        t = nonnegative_least_squares(gram, [sum(map(mul, column, data.labels)) for column in weighted])
        parts = [[Fraction(0)] * d for _ in signs] + [[Fraction(0)] * data.free]
        rest = [Fraction(y) for y in data.labels]
        for factor, column, (k, ray) in zip(t, columns, generators, strict=True):
            if factor:
                parts[k] = [a + factor * b for a, b in zip(parts[k], ray, strict=True)]
                rest = [r - factor * a for r, a in zip(rest, column, strict=True)]
        loss = sum((m * r * r for m, r in zip(data.above, rest, strict=True)), Fraction(0))
        *units, affine = map(tuple, parts)
        multipliers = self.multipliers(patterns, signs, rest)
        value = data.constant + loss / data.scale
        return CellOptimum(value, tuple(patterns), tuple(signs), tuple(units), affine, multipliers)

    def multipliers(
        self, patterns: Sequence[int], signs: Sequence[int], rest: Sequence[Fraction]
    ) -> tuple[Multiplier, ...]:
        """Those of the facets of each unit, from the residuals at the minimum."""
        data, d = self.data, len(self.data.rows[0])
        found: list[Multiplier] = []
        for k, (pattern, sign) in enumerate(zip(patterns, signs, strict=True)):
            forces = [m * r if pattern >> i & 1 else 0 for i, (m, r) in enumerate(zip(data.above, rest, strict=True))]
            gradient = [-sign * sum(f * z[a] for f, z in zip(forces, data.rows, strict=True)) for a in range(d)]
            facets = self.facets(pattern)
            normals = [self.normal(pattern, i) for i in facets]
            gram = [[sum(map(mul, left, right)) for right in normals] for left in normals]
            numbers = nonnegative_least_squares(gram, [sum(map(mul, normal, gradient)) for normal in normals])
            found += [(k, i, number) for i, number in zip(facets, numbers, strict=True) if number]
        return tuple(found)

    def pattern(self, unit: Sequence[Fraction]) -> int:
        """A cell whose closure contains the unit."""
        heights = [sum(map(mul, unit, z)) for z in self.data.rows]
        positive = sum(1 << i for i, height in enumerate(heights) if height > 0)
        zero = sum(1 << i for i, height in enumerate(heights) if not height)
        return positive if not zero else max(cell for cell in self.cells if cell & ~zero == positive)

    def descend(self, patterns: Sequence[int], signs: Sequence[int]) -> CellOptimum:
        """Go to neighbouring cells across the facets on which units lie, until none of them has a smaller minimum."""
        best = self.optimum(patterns, signs)
        while True:
            neighbours = [self.optimum(moved, signs) for moved in self.neighbours(best)]
            better = min(neighbours, key=lambda optimum: optimum.value, default=best)
            if better.value >= best.value:
                return best
            best = better

    def neighbours(self, optimum: CellOptimum) -> list[tuple[int, ...]]:
        """The tuples of cells that share with those of an optimum a facet on which a unit lies."""
        found = []
        for k, (pattern, unit) in enumerate(zip(optimum.patterns, optimum.units, strict=True)):
            for i in self.facets(pattern):
                if not sum(map(mul, unit, self.data.rows[i])):
                    moved = pattern ^ 1 << i
                    found.append((*optimum.patterns[:k], moved, *optimum.patterns[k + 1 :]))
        return found


def network(points: Sequence[Point], data: Data, optimum: CellOptimum) -> dict[str, list[list[str]] | list[str]]:
    """The network of an optimum in the coordinates of the points (D, n), as the witness of the kernel holds it."""
    raw = list(dict.fromkeys(tuple(point) for point in points))
    rows = []
    for sign, unit in zip(optimum.signs, optimum.units, strict=True):
        bias, *slope = in_coordinates(raw, data, unit)
        rows.append([str(sign), *map(str, slope), str(bias)])
    return {"units": rows, "affine": [str(a) for a in in_coordinates(raw, data, optimum.affine)]}


def in_coordinates(points: Sequence[Point], data: Data, coefficients: Sequence[Fraction]) -> list[Fraction]:
    """b, a_1, ..., a_n with b + <a, x_i> = <z_i, coefficients> / unit at all different points x_i, ``data.rows`` being z_i.

    >>> data = Data.of(([(Fraction(4),), (Fraction(6),)], [Fraction(0)] * 2, [Fraction(1)] * 2), "squared", "none")
    >>> in_coordinates([(4,), (6,)], data, [Fraction(0), Fraction(2)])
    [Fraction(-4, 1), Fraction(1, 1)]
    """
    heights = [sum(map(mul, coefficients, z)) / Fraction(data.unit) for z in data.rows]
    found = solution([[1, *point, height] for point, height in zip(points, heights, strict=True)])
    assert found is not None, "the rows and (1, x) span the same functions on the points"
    return found
