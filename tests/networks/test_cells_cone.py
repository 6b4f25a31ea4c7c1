r"""Polyhedra by generators, against all solutions of d equations, and combinations against the values they give."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import combinations

import pytest

from verify.kernel import Rejected
from verify.kernel.splitting import require_nonnegative
from verify.networks.cone import Cone, Vector, cut, halves, interior_point, opposite, product, space, support, values

Point = tuple[Fraction, ...]


def solution(rows: list[Vector]) -> Point | None:
    """The one point where d affine forms vanish, by elimination in fractions; None if there is not exactly one."""
    system = [[Fraction(entry) for entry in row] for row in rows]
    dimension = len(rows)
    for k in range(dimension):
        pivot = next((e for e in range(k, dimension) if system[e][k]), None)
        if pivot is None:
            return None
        system[k], system[pivot] = system[pivot], system[k]
        for e in range(dimension):
            if e != k:
                factor = system[e][k] / system[k][k]
                system[e] = [x - factor * y for x, y in zip(system[e], system[k], strict=True)]
    return tuple(-system[k][-1] / system[k][k] for k in range(dimension))


def at(row: Vector, point: Point) -> Fraction:
    return sum((a * x for a, x in zip(row[:-1], point, strict=True)), Fraction(row[-1]))


def some_polyhedron(source: random.Random, dimension: int, count: int, size: int) -> Cone:
    """Whatever small random inequalities leave, among those that leave interior points."""
    cone = space(dimension)
    for _ in range(count):
        row = tuple(source.randint(-size, size) for _ in range(dimension + 1))
        if any(row[:-1]):
            cone = cut(row, cone) or cone
    return cone


CASES = [(seed, dimension) for dimension in (1, 2, 3, 4) for seed in range(12)]


@pytest.mark.parametrize(("seed", "dimension"), CASES)
def test_vertices_are_all_solutions_inside(seed: int, dimension: int) -> None:
    cone = some_polyhedron(random.Random(f"{seed} {dimension}"), dimension, 3 + seed % 8, 1 + seed % 3)
    found = {tuple(Fraction(x, ray[-1]) for x in ray[:-1]) for ray, _ in cone.rays if ray[-1] and not cone.lines}
    solved = {solution(list(rows)) for rows in combinations(cone.rows, dimension)}
    expected = {point for point in solved if point is not None and all(at(row, point) >= 0 for row in cone.rows)}
    assert found == expected


@pytest.mark.parametrize(("seed", "dimension"), CASES)
def test_masks_are_the_inequalities_that_hold_with_equality(seed: int, dimension: int) -> None:
    cone = some_polyhedron(random.Random(f"{seed} {dimension}"), dimension, 3 + seed % 8, 1 + seed % 3)
    for ray, mask in cone.rays:
        tight = [ray[-1] == 0, *(product(row, ray) == 0 for row in cone.rows)]
        assert mask == sum(1 << k for k, equal in enumerate(tight) if equal)
        assert ray[-1] >= 0 and all(product(row, ray) >= 0 for row in cone.rows)
    for line in cone.lines:
        assert line[-1] == 0 and not any(product(row, line) for row in cone.rows)


@pytest.mark.parametrize(("seed", "dimension"), CASES)
def test_forced_signs_have_combinations_that_the_kernel_accepts(seed: int, dimension: int) -> None:
    """And forms that take both signs have points of either one, so that no combination can be right."""
    source = random.Random(f"{seed} {dimension}")
    cone = some_polyhedron(source, dimension, 4 + seed % 8, 1 + seed % 3)
    for _ in range(12):
        form = (*(source.randint(-2, 2) for _ in range(dimension)), source.randint(-2, 9))
        heights = values(form, cone)
        if not any(form[:-1]):
            continue
        if heights is not None and min(heights) >= 0:
            rows = support(heights, cone)
            assert len(rows) <= dimension
            require_nonnegative(form, [cone.rows[k] for k in rows])
        elif heights is not None and max(heights) <= 0:
            require_nonnegative(opposite(form), [cone.rows[k] for k in support([-h for h in heights], cone)])
        else:
            above, below = halves(form, cone)
            assert product(form, interior_point(above)) > 0 > product(form, interior_point(below))
            for size in range(dimension + 1):
                for some in combinations(cone.rows, size):
                    with pytest.raises(Rejected):
                        require_nonnegative(form, list(some))


@pytest.mark.parametrize(("seed", "dimension"), CASES)
def test_interior_points_are_inside(seed: int, dimension: int) -> None:
    cone = some_polyhedron(random.Random(f"{seed} {dimension}"), dimension, 3 + seed % 8, 1 + seed % 3)
    point = interior_point(cone)
    assert point[-1] > 0 and all(product(row, point) > 0 for row in cone.rows)


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("digits", [3, 12, 40, 400])
def test_tiny_and_huge_triangles_have_interior_points(digits: int, large: bool) -> None:
    """Beyond the range of doubles as well."""
    size, one = (1, 10**digits) if large else (10**digits, 1)
    cone = space(2)
    for row in ((size, 0, -one), (0, size, -one), (-size, -size, 3 * one)):
        smaller = cut(row, cone)
        assert smaller is not None
        cone = smaller
    point = interior_point(cone)
    assert point[-1] > 0 and all(product(row, point) > 0 for row in cone.rows)


def test_a_cut_that_leaves_no_interior_is_none() -> None:
    half = cut((1, 0, 0), space(2))
    assert half is not None
    assert cut((-1, 0, 0), half) is None and cut((-1, 0, -1), half) is None and cut((0, 0, -1), half) is None
    assert cut((1, 0, 1), half) is not None
