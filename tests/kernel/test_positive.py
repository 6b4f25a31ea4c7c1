r"""Positive semidefiniteness, against determinants of all principal minors and against Gram matrices."""

from __future__ import annotations

import random
from fractions import Fraction as F
from itertools import combinations, permutations
from math import prod

import pytest

from verify.kernel import Rejected
from verify.kernel.positive import integral, semidefinite, semidefinite_integral

Matrix = list[list[F]]


def sign(order: tuple[int, ...]) -> int:
    return (-1) ** sum(a > b for a, b in combinations(order, 2))


def determinant(matrix: Matrix) -> F:
    """By the definition of Leibniz."""
    size = len(matrix)
    return sum(
        (sign(p) * prod((matrix[i][p[i]] for i in range(size)), start=F(1)) for p in permutations(range(size))), F(0)
    )


def all_minors_nonnegative(matrix: Matrix) -> bool:
    """What is equivalent to being positive semidefinite."""
    places = range(len(matrix))
    chosen = [rows for k in range(1, len(matrix) + 1) for rows in combinations(places, k)]
    return all(determinant([[matrix[i][j] for j in rows] for i in rows]) >= 0 for rows in chosen)


def symmetric(source: random.Random, size: int, entries: tuple[int, ...], rank: int) -> Matrix:
    """A Gram matrix of vectors of this dimension, with a small change of one entry now and then."""
    vectors = [[F(source.choice(entries), source.choice((1, 2, 3))) for _ in range(rank)] for _ in range(size)]
    matrix = [[sum((a * b for a, b in zip(u, v, strict=True)), F(0)) for v in vectors] for u in vectors]
    if source.random() < 0.6:
        i, j = source.randrange(size), source.randrange(size)
        matrix[i][j] = matrix[j][i] = matrix[i][j] - F(source.choice((-1, 1)), source.choice((1, 10, 1000)))
    return matrix


def test_decisions_are_those_of_the_principal_minors() -> None:
    source, seen = random.Random(5), {True: 0, False: 0}
    for _ in range(400):
        size = source.randrange(1, 6)
        matrix = symmetric(source, size, (-2, -1, 0, 0, 1, 3), source.randrange(0, size + 1))
        found = semidefinite(matrix)
        assert found is all_minors_nonnegative(matrix)
        seen[found] += 1
    assert min(seen.values()) > 100


def test_every_gram_matrix_is_positive_semidefinite_and_none_below_it() -> None:
    """A vector w of the kernel shows that S - e e^T with <e, w> != 0 is not, however small e is."""
    source = random.Random(6)
    for size in (8, 14):
        vectors = [[F(source.randrange(-5, 6), source.randrange(1, 50)) for _ in range(size // 2)] for _ in range(size)]
        matrix = [[sum((a * b for a, b in zip(u, v, strict=True)), F(0)) for v in vectors] for u in vectors]
        assert semidefinite(matrix)
        matrix[-1][-1] -= F(1, 10**30)
        assert not semidefinite(matrix)


def test_zero_pivots_need_zero_rows() -> None:
    assert semidefinite_integral([[0, 0], [0, 1]]) and semidefinite_integral([]) and semidefinite_integral([[0]])
    assert not semidefinite_integral([[0, 1], [1, 5]])
    assert not semidefinite_integral([[1, 1, 1], [1, 1, 2], [1, 2, 9]])
    assert not semidefinite_integral([[1, 0], [0, -1]])


@pytest.mark.parametrize("matrix", [[[1, 2]], [[1, 2], [3]], [[1, 2], [3, 4]]])
def test_what_is_not_square_and_symmetric_is_refused(matrix: list[list[int]]) -> None:
    with pytest.raises(Rejected, match="a matrix is not"):
        semidefinite_integral(matrix)


def test_integral_matrices_are_positive_multiples() -> None:
    assert integral([[F(1, 2), F(-2, 3)], [F(0), F(5)]]) == ([[3, -4], [0, 30]], 6)
