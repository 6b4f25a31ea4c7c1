r"""Rational matrices: subspaces, equations and random orthogonal matrices, in the exact arithmetic of FLINT.

Matrices here are ``flint.fmpq_mat``, also of shape (n, 0) or (0, n); a subspace is given by a matrix of independent columns.
Outside this package they are tuples of rows of fractions.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from random import Random
from typing import Any

Matrix = Any  # flint.fmpq_mat
Rows = tuple[tuple[Fraction, ...], ...]


def matrix(rows: Sequence[Sequence[Fraction | int]], columns: int | None = None) -> Matrix:
    """From rows; ``columns`` is needed if there are none."""
    from flint import fmpq, fmpq_mat

    width = len(rows[0]) if columns is None else columns
    return fmpq_mat(len(rows), width, [fmpq(x.numerator, x.denominator) for row in rows for x in row])


def fractions(values: Matrix) -> Rows:
    """The rows, as tuples of fractions.

    >>> fractions(matrix([[1, Fraction(1, 2)]]))
    ((Fraction(1, 1), Fraction(1, 2)),)
    """
    return tuple(tuple(Fraction(int(x.p), int(x.q)) for x in row) for row in values.tolist())


def identity(size: int) -> Matrix:
    return matrix([[int(i == j) for j in range(size)] for i in range(size)], size)


def is_zero(values: Matrix) -> bool:
    return not any(values.entries())


def column(values: Matrix, j: int) -> Matrix:
    return select(values, [j])


def select(values: Matrix, chosen: Sequence[int]) -> Matrix:
    """The columns with these numbers."""
    from flint import fmpq_mat

    return fmpq_mat(values.nrows(), len(chosen), [row[j] for row in values.tolist() for j in chosen])


def beside(*blocks: Matrix) -> Matrix:
    """Blocks with equally many rows, from left to right."""
    from flint import fmpq_mat

    lists = [block.tolist() for block in blocks]
    width = sum(block.ncols() for block in blocks)
    rows = blocks[0].nrows()
    return fmpq_mat(rows, width, [x for i in range(rows) for rows_of in lists for x in rows_of[i]])


def stacked(*blocks: Matrix) -> Matrix:
    """Blocks with equally many columns, from top to bottom."""
    return beside(*(block.transpose() for block in blocks)).transpose()


def pivots(values: Matrix) -> list[int]:
    """The columns that are independent of those before them."""
    reduced, rank = values.rref()
    rows = reduced.tolist()[:rank]
    return [next(j for j, x in enumerate(row) if x) for row in rows]


def range_of(values: Matrix) -> Matrix:
    return select(values, pivots(values))


def kernel(values: Matrix) -> Matrix:
    """A basis of the vectors v with ``values`` v = 0.

    >>> kernel(matrix([[1, 2]]))
    [-2]
    [ 1]
    """
    from flint import fmpq_mat

    reduced, _ = values.rref()
    rows, leading = reduced.tolist(), pivots(values)
    free = [j for j in range(values.ncols()) if j not in leading]
    found = fmpq_mat(values.ncols(), len(free))
    for k, j in enumerate(free):
        found[j, k] = 1
        for i, lead in enumerate(leading):
            found[lead, k] = -rows[i][j]
    return found


def solution(a: Matrix, b: Matrix) -> Matrix:
    """Some x with a x = b, whose free unknowns are 0; there has to be one."""
    from flint import fmpq_mat

    reduced, _ = beside(a, b).rref()
    found, width = fmpq_mat(a.ncols(), b.ncols()), a.ncols()
    for i, lead in enumerate(pivots(a)):
        for j in range(b.ncols()):
            found[lead, j] = reduced[i, width + j]
    assert a * found == b, "the equations have a solution"
    return found


def projection(columns: Matrix) -> Matrix:
    """The orthogonal projection onto the span of independent columns."""
    from flint import fmpq_mat

    if not columns.ncols():
        return fmpq_mat(columns.nrows(), columns.nrows())
    return columns * left_inverse(columns)


def left_inverse(columns: Matrix) -> Matrix:
    """(C^T C)^{-1} C^T, which vanishes on the orthogonal complement of the range of C."""
    if not columns.ncols():
        return columns.transpose()
    return (columns.transpose() * columns).inv() * columns.transpose()


def complement(inside: Matrix, whole: Matrix) -> Matrix:
    """Columns of ``whole`` that extend the independent columns ``inside`` to a basis of the span of both."""
    count = inside.ncols()
    return select(whole, [j - count for j in pivots(beside(inside, whole)) if j >= count])


# ------------------------------------------------------------------------------------------------- random matrices


def random_integers(source: Random, rows: int, columns: int, *, largest: int = 2) -> Matrix:
    return matrix([[source.randint(-largest, largest) for _ in range(columns)] for _ in range(rows)], columns)


def random_orthogonal(source: Random, size: int) -> Matrix:
    """(I - K)(I + K)^{-1} with a skew K of entries -c, 0, c (Cayley 1846), with random signs of its columns."""
    from flint import fmpq, fmpq_mat

    skew, c = fmpq_mat(size, size), source.choice((fmpq(1), fmpq(1, 2), fmpq(2), fmpq(1, 3)))
    for i in range(size):
        for j in range(i):
            skew[i, j] = source.randint(-1, 1) * c
            skew[j, i] = -skew[i, j]
    found = (identity(size) - skew) * (identity(size) + skew).inv()
    for j in range(size):
        if source.random() < 0.5:
            for i in range(size):
                found[i, j] = -found[i, j]
    return found


def random_invertible(source: Random, size: int) -> Matrix:
    """A product of a permutation, powers of 2 with signs, and a few additions of one row to another."""
    from flint import fmpq

    order = source.sample(range(size), size)
    found = select(identity(size), order)
    for j in range(size):
        factor = source.choice((fmpq(1), fmpq(1), fmpq(-1), fmpq(2), fmpq(1, 2)))
        for i in range(size):
            found[i, j] *= factor
    for _ in range(size if size > 1 else 0):
        i, j = source.sample(range(size), 2)
        sign = source.choice((1, -1))
        for k in range(size):
            found[i, k] += sign * found[j, k]
    return found
