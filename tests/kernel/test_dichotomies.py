r"""Dichotomies that the kernel enumerates: the number and each single pattern, against three oracles that share nothing with it.

*Separability* by a linear program for each of the 2^D sign vectors; *deletion and restriction*, in fractions, which counts
the cells of any central arrangement without seeing one; and the numbers of the literature (Cover's formula in general
position, the threshold functions of the cube).
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from math import comb
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from verify.kernel import FORMAT, Accepted, Rejected, check, statement_text
from verify.kernel.dichotomies import MAX_POINTS, cells, homogeneous

Json = Any
Vector = tuple[Fraction, ...]


def statement(points: Sequence[Sequence[object]], count: object) -> Json:
    return {"question": "dichotomies", "points": [[str(x) for x in p] for p in points], "count": str(count)}


def decide(stated: Json, witness: Json | None = None) -> Accepted:
    document = {
        "format": FORMAT,
        "kind": "dichotomies",
        "statement": stated,
        "witness": {} if witness is None else witness,
    }
    return check(document)


# ------------------------------------------------------------------------------------------------------- oracles


def separable(points: Sequence[Sequence[object]]) -> set[int]:
    """The sign vectors s for which a linear program finds u with s_i <(1, x_i), u> >= 1 for all i."""
    rows = np.array([[1.0, *map(float, point)] for point in points])
    found = set()
    for signs in product((-1, 1), repeat=len(points)):
        tested = linprog(
            np.zeros(rows.shape[1]),
            A_ub=-np.array(signs)[:, None] * rows,
            b_ub=-np.ones(len(points)),
            bounds=(None, None),
        )
        if tested.status == 0:
            found.add(sum(1 << i for i, sign in enumerate(signs) if sign > 0))
    return found


def regions(normals: Sequence[Vector]) -> int:
    """Deletion and restriction: the last hyperplane cuts as many cells of the others as they induce cells on it."""
    lines: list[Vector] = []
    for normal in normals:
        pivot = next(x for x in normal if x)
        line = tuple(x / pivot for x in normal)
        if line not in lines:
            lines.append(line)
    if not lines:
        return 1
    *others, last = lines
    pivot = next(k for k, x in enumerate(last) if x)
    cut = [tuple(x - row[pivot] * y for x, y in zip(row, last, strict=True)) for row in others]
    return regions(others) + regions([row[:pivot] + row[pivot + 1 :] for row in cut])


def central(points: Sequence[Sequence[object]]) -> list[Vector]:
    return [(Fraction(1), *(Fraction(str(x)) for x in point)) for point in points]


def enumerated(points: Sequence[Sequence[object]]) -> set[int]:
    """The kernel's patterns, spread over the points with repetition."""
    rows = homogeneous([vector[1:] for vector in central(points)])
    return cells(rows)


DEGENERATE: dict[str, list[tuple[Any, ...]]] = {
    "one point": [(5,)],
    "one point twice": [(5, 1), (5, 1)],
    "on a line": [(0,), (1,), (2,), (7,)],
    "duplicates on a line": [(0,), (1,), (0,), (2,), (1,)],
    "collinear in the plane": [(0, 0), (1, 2), (2, 4), (-3, -6), (5, 10)],
    "collinear in space, with fractions": [("1/3", "1/2", 0), ("2/3", 1, 0), (1, "3/2", 0), (0, 0, 0)],
    "collinear but for one": [(0, 0), (1, 1), (2, 2), (3, 3), (0, 1)],
    "on a circle": [(5, 0), (3, 4), (0, 5), (-3, 4), (-4, -3), (3, -4)],
    "corners and middle of a square": [(0, 0), (0, 2), (2, 0), (2, 2), (1, 1)],
    "a grid": [(i, j) for i in range(3) for j in range(3)],
    "a grid with a duplicate": [(i, j) for i in range(3) for j in range(2)] + [(1, 1)],
    "a cube": list(product((0, 1), repeat=3)),
    "an octahedron": [(1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1)],
    "coplanar in space": [(0, 0, 1), (1, 0, 1), (0, 1, 1), (1, 1, 1), (2, 3, 1)],
    "a simplex": [(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)],
    "scales of 10^30": [("1/1000000000000000000000000000000", 0), (0, 10**30), (0, 0), (0, 2 * 10**30)],
}


@pytest.mark.parametrize("name", DEGENERATE)
def test_degenerate_points_have_the_number_of_deletion_and_restriction(name: str) -> None:
    points = DEGENERATE[name]
    number = regions(central(points))
    found = decide(statement(points, number))
    assert found.holds and dict(found.facts)["dichotomies"] == str(number)
    assert len(enumerated(points)) == number
    assert not decide(statement(points, number + 1)).holds
    assert not decide(statement(points, number - 1)).holds


@pytest.mark.parametrize("name", [name for name in DEGENERATE if not name.startswith("scales")])
def test_each_pattern_is_one_that_a_linear_program_separates(name: str) -> None:
    points = [tuple(Fraction(str(x)) for x in point) for point in DEGENERATE[name]]
    different = list(dict.fromkeys(points))
    assert enumerated(different) == separable(different)
    assert enumerated(points) == separable(points)


small = st.integers(min_value=1, max_value=3).flatmap(
    lambda n: st.lists(st.tuples(*[st.integers(-2, 2)] * n), min_size=1, max_size=8)
)


@settings(max_examples=150, deadline=None)
@given(small)
def test_random_points_of_a_small_grid(points: list[tuple[int, ...]]) -> None:
    assert decide(statement(points, regions(central(points)))).holds


@settings(max_examples=25, deadline=None)
@given(small.filter(lambda points: len(points) <= 5))
def test_random_patterns_are_separable_and_no_others_are(points: list[tuple[int, ...]]) -> None:
    assert enumerated(points) == separable(points)


def cover(points: int, dimension: int) -> int:
    return 2 * sum(comb(points - 1, k) for k in range(dimension + 1))


@pytest.mark.parametrize(("n", "most"), [(1, 30), (2, 18), (3, 11), (4, 8), (5, 8)])
def test_general_position_has_covers_number(n: int, most: int) -> None:
    """On the moment curve no n + 1 points lie on a hyperplane."""
    for count in range(1, most + 1):
        points = [[t**k for k in range(1, n + 1)] for t in range(count)]
        assert decide(statement(points, cover(count, n))).holds


@pytest.mark.parametrize(("n", "number"), [(1, 4), (2, 14), (3, 104), (4, 1882)])
def test_the_cube_has_as_many_as_there_are_threshold_functions(n: int, number: int) -> None:
    """OEIS A000609."""
    assert decide(statement(list(product((0, 1), repeat=n)), number)).holds


def test_affine_maps_and_the_order_of_points_change_nothing() -> None:
    source = random.Random(7)
    points = [[source.randrange(-3, 4), source.randrange(-3, 4)] for _ in range(9)]
    number = regions(central(points))
    moved = [[Fraction(3 * x - y, 7) + 5, Fraction(x + 2 * y, 10**20), x - y] for x, y in points]
    source.shuffle(moved)
    assert decide(statement(moved, number)).holds
    assert not decide(statement([*moved, [0, 0, 0]], number)).holds


def test_the_opposite_of_a_dichotomy_is_one() -> None:
    points = [tuple(map(Fraction, point)) for point in DEGENERATE["a grid"]]
    found, everything = enumerated(points), (1 << len(points)) - 1
    assert found == {everything ^ pattern for pattern in found}


# ----------------------------------------------------------------------------------------------- what is refused


REFUSED: dict[str, tuple[Json, Json]] = {
    "no points": (statement([], 2), {}),
    "no coordinates": (statement([[]], 2), {}),
    "ragged points": (statement([[0, 1], [2]], 4), {}),
    "points that are no list": ({**statement([[0]], 2), "points": "01"}, {}),
    "a point that is no list": ({**statement([[0]], 2), "points": ["0"]}, {}),
    "a bare number": ({**statement([[0]], 2), "points": [[0]]}, {}),
    "a decimal fraction": ({**statement([[0]], 2), "points": [["0.5"]]}, {}),
    "not a number": (statement([["nan"]], 2), {}),
    "an infinity": (statement([["inf"]], 2), {}),
    "a division by zero": (statement([["1/0"]], 2), {}),
    "a count that is a bare number": ({**statement([[0]], 2), "count": 2}, {}),
    "a count that is no number": (statement([[0]], "two"), {}),
    "another field": ({**statement([[0]], 2), "most": "2"}, {}),
    "a witness": (statement([[0]], 2), {"dichotomies": ["0", "1"]}),
    "a witness that is a list": (statement([[0]], 2), []),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_certificate_is_refused(name: str) -> None:
    stated, witness = REFUSED[name]
    with pytest.raises(Rejected):
        decide(stated, witness)


@pytest.mark.parametrize("name", ["points", "count"])
def test_a_field_is_missing(name: str) -> None:
    stated = statement([[0]], 2)
    del stated[name]
    with pytest.raises(Rejected, match="expected the fields"):
        decide(stated)


def test_too_many_points_and_too_many_flats_are_refused_before_the_work() -> None:
    with pytest.raises(Rejected, match=f"between 1 and {MAX_POINTS} points"):
        decide(statement([[0]] * (MAX_POINTS + 1), 2))
    with pytest.raises(Rejected, match="too many flats"):
        decide(statement([[t**k for k in range(1, 9)] for t in range(40)], 2))


def test_a_count_that_is_no_natural_number_is_wrong() -> None:
    for count in ("-2", "5/2", "0"):
        assert not decide(statement([[0]], count)).holds


def test_the_statement_in_words() -> None:
    title, *points = statement_text(statement([[0, "1/2"]] * 10, 2))
    assert title == "10 points of Q^2 have 2 dichotomies by hyperplanes"
    assert points == ["(0, 1/2)"] * 8 + ["and 2 more"]
