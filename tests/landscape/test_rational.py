r"""Rational matrices: each operation has the property by which it is defined, on random matrices of every shape and rank."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest

from verify.landscape.rational import (
    Matrix,
    beside,
    complement,
    fractions,
    identity,
    is_zero,
    kernel,
    left_inverse,
    matrix,
    projection,
    random_integers,
    random_invertible,
    random_orthogonal,
    range_of,
    select,
    solution,
    stacked,
)


def drawn(source: Random) -> Matrix:
    """Of a random shape and rank, which may be 0."""
    rows, columns, rank = source.randint(1, 4), source.randint(1, 4), source.randint(0, 4)
    return random_integers(source, rows, rank) * random_integers(source, rank, columns)


@pytest.mark.parametrize("seed", range(20))
def test_kernel_range_and_solutions(seed: int) -> None:
    source = Random(seed)
    a = drawn(source)
    null, image = kernel(a), range_of(a)
    assert is_zero(a * null)
    assert null.ncols() == null.rank() == a.ncols() - a.rank()
    assert image.ncols() == image.rank() == a.rank() == beside(image, a).rank()
    right = a * random_integers(source, a.ncols(), 2)
    assert a * solution(a, right) == right


@pytest.mark.parametrize("seed", range(20))
def test_projections_and_complements(seed: int) -> None:
    columns = range_of(drawn(Random(seed)))
    p, size = projection(columns), columns.nrows()
    assert p == p.transpose() == p * p and p * columns == columns and p.rank() == columns.ncols()
    assert left_inverse(columns) * columns == identity(columns.ncols())
    more = complement(columns, identity(size))
    assert beside(columns, more).rank() == size == columns.ncols() + more.ncols()


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_random_orthogonal_and_invertible_matrices(size: int) -> None:
    source = Random(size)
    found = [random_orthogonal(source, size) for _ in range(20)]
    assert all(q * q.transpose() == identity(size) for q in found)
    assert size == 1 or any(x.q > 1 for q in found for x in q.entries())
    assert {int(q.det()) for q in found} == {1, -1}
    assert all(random_invertible(source, size).rank() == size for _ in range(20))


def test_shapes_without_rows_or_columns() -> None:
    empty = matrix([], 3)
    assert (empty.nrows(), empty.ncols(), kernel(empty).ncols()) == (0, 3, 3)
    assert stacked(identity(3), empty) == identity(3)
    assert select(identity(2), []).ncols() == 0 and is_zero(projection(select(identity(2), [])))
    assert fractions(matrix([[1, Fraction(-1, 2)]])) == ((Fraction(1), Fraction(-1, 2)),)
