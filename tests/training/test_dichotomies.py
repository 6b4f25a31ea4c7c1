r"""The numpy enumeration of dichotomies against formulas, linear programs and deletion-restriction."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import gcd

import numpy as np
import pytest
from scipy.optimize import linprog

from verify.training.dichotomies import cells_bound, dichotomies

Matrix = list[list[int]]


def patterns(rows: Matrix) -> set[int]:
    words = dichotomies(rows)
    return {sum(int(word) << (64 * k) for k, word in enumerate(row)) for row in words}


def random_rows(seed: int, points: int, dimension: int, size: int = 1000) -> Matrix:
    generator = np.random.default_rng(seed)
    return [[1, *map(int, generator.integers(-size, size, dimension))] for _ in range(points)]


def primitive(row: list[int]) -> tuple[int, ...] | None:
    common = gcd(*row)
    if not common:
        return None
    lead = next(x for x in row if x)
    return tuple(x // common * (1 if lead > 0 else -1) for x in row)


def regions(rows: Matrix) -> int:
    """The number of cells by deletion and restriction: r(A) = r(A without H) + r(A restricted to H)."""
    lines = sorted({line for row in rows if (line := primitive(row)) is not None})
    if not lines:
        return 1
    last, c = lines[-1], next(j for j, x in enumerate(lines[-1]) if x)
    restricted = [[row[j] * last[c] - last[j] * row[c] for j in range(len(row)) if j != c] for row in lines[:-1]]
    return regions([list(row) for row in lines[:-1]]) + regions(restricted)


def separable(rows: Matrix, pattern: int) -> bool:
    """Whether a linear program finds u with signs <z_i, u> >= 1."""
    signs = [1 if pattern >> i & 1 else -1 for i in range(len(rows))]
    upper = [[-s * x for x in row] for s, row in zip(signs, rows, strict=True)]
    found = linprog([0] * len(rows[0]), A_ub=upper, b_ub=[-1] * len(rows), bounds=[(None, None)] * len(rows[0]))
    return found.status == 0


@pytest.mark.parametrize(
    ("points", "dimension"), [(5, 1), (70, 1), (9, 2), (66, 2), (12, 3), (9, 4), (8, 6), (3, 2), (1, 0)]
)
def test_points_in_general_position_have_as_many_dichotomies_as_cover_says(points: int, dimension: int) -> None:
    rows = random_rows(1, points, dimension)
    assert len(patterns(rows)) + 1 == cells_bound(points, dimension)


@pytest.mark.parametrize(("dimension", "count"), [(1, 4), (2, 14), (3, 104), (4, 1882)])
def test_threshold_functions_are_counted(dimension: int, count: int) -> None:
    assert len(patterns([[1, *corner] for corner in product((0, 1), repeat=dimension)])) + 1 == count


DEGENERATE = {
    "collinear": [[1, t, 0] for t in range(3)] + [[1, 0, 1], [1, 0, 2], [1, 0, 3], [1, 3, 3]],
    "grid": [[1, a, b] for a in range(3) for b in range(3)],
    "circle": [[1, 5, 0], [1, 3, 4], [1, 0, 5], [1, -3, 4], [1, -5, 0], [1, -3, -4], [1, 0, -5], [1, 3, -4]],
    "cube": [[1, *corner] for corner in product((0, 1), repeat=3)],
    "octahedron": [[1, 1, 0, 0], [1, -1, 0, 0], [1, 0, 1, 0], [1, 0, -1, 0], [1, 0, 0, 1], [1, 0, 0, -1], [1, 0, 0, 0]],
    "parallel rows": [[1, 1], [2, 2], [1, 0], [-1, 0]],
}


@pytest.mark.parametrize("name", DEGENERATE)
def test_degenerate_points_have_exactly_the_separable_patterns(name: str) -> None:
    rows = DEGENERATE[name]
    expected = {pattern for pattern in range(1, 2 ** len(rows)) if separable(rows, pattern)}
    assert patterns(rows) == expected


@pytest.mark.parametrize("seed", range(6))
def test_small_grids_agree_with_deletion_and_restriction(seed: int) -> None:
    generator = np.random.default_rng(seed)
    rows = sorted({(1, *map(int, generator.integers(-1, 2, 3))) for _ in range(14)})
    matrix = [list(row) for row in rows]
    assert np.linalg.matrix_rank(np.array(matrix)) == 4
    assert len(patterns(matrix)) + 1 == regions(matrix)


@pytest.mark.parametrize("size", [10**6, 10**12, 10**40, 10**200])
def test_integers_of_any_size_are_treated_exactly(size: int) -> None:
    small = DEGENERATE["grid"] + [[1, 3, 7], [1, -5, 2]]
    large = [[1, a * (size + 3), b * size**2] for _, a, b in small]
    assert patterns(large) == patterns(small)


def test_a_unit_beyond_float64_decides() -> None:
    """Three points on a line, and the same with the last one moved by one part in 10^30."""
    on_line = [[1, 0, 0], [1, 10**30, 10**30], [1, 2 * 10**30, 2 * 10**30], [1, 0, 1]]
    moved = [row[:] for row in on_line]
    moved[2][2] += 1
    assert len(patterns(moved)) == len(patterns(on_line)) + 2
    assert len(patterns(moved)) + 1 == cells_bound(4, 2) == regions(moved)
    assert len(patterns(on_line)) + 1 == regions(on_line)


def test_the_bound_is_the_formula() -> None:
    assert [cells_bound(4, n) for n in range(4)] == [2, 8, 14, 16]
    assert cells_bound(200, 2) == 39802
    assert Fraction(cells_bound(10**6, 9), 1) > 10**48
