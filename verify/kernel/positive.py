r"""Whether a symmetric rational matrix is positive semidefinite, decided exactly, also where it is singular.

**Elimination.**  If S_kk > 0, then S is positive semidefinite exactly when its Schur complement
S_ij - S_ik S_kj / S_kk is (Haynsworth 1968).  If S_kk = 0, then positive semidefiniteness needs S_kj = 0 for every j, since
2 s S_kj + S_jj < 0 for some number s otherwise; the row and the column may then be left out.  S_kk < 0 decides against it.

**Integers.**  A positive multiple of S has integer entries.  Row i of a Schur complement is kept up to a positive factor of
its own: it is multiplied by the pivot, which is positive, and divided by the greatest common divisor of its entries.  Signs
of pivots and zeros stay what they are.  Where a problem has structure, entries stay as short as the fractions of the Schur
complements; an elimination without gcds (Bareiss 1968) would carry the minors of the matrix, thousands of digits long.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, lcm

from verify.kernel.terms import need


def integral(matrix: Sequence[Sequence[Fraction | int]]) -> tuple[list[list[int]], int]:
    """The matrix times the least common denominator of its entries, and that denominator.

    >>> integral([[Fraction(1, 2), Fraction(1, 3)]])
    ([[3, 2]], 6)
    """
    scale = lcm(*(entry.denominator for row in matrix for entry in row))
    return [[entry.numerator * (scale // entry.denominator) for entry in row] for row in matrix], scale


def semidefinite(matrix: Sequence[Sequence[Fraction | int]]) -> bool:
    """Whether a symmetric matrix, given by its rows, is positive semidefinite; rejects what is not square or symmetric.

    >>> semidefinite([[Fraction(1), Fraction(1)], [Fraction(1), Fraction(1)]])
    True
    """
    return semidefinite_integral(integral(matrix)[0])


def semidefinite_integral(matrix: Sequence[Sequence[int]]) -> bool:
    """The same for integer entries."""
    size, rows = len(matrix), [list(row) for row in matrix]
    need(all(len(row) == size for row in rows), "a matrix is not square")
    need(all(rows[i][j] == rows[j][i] for i in range(size) for j in range(i)), "a matrix is not symmetric")
    for k in range(size):
        pivot, top = rows[k][k], rows[k]
        if pivot < 0 or (pivot == 0 and any(top[k:])):
            return False
        for i in range(k + 1, size):
            if factor := rows[i][k]:
                row = [pivot * entry - factor * other for entry, other in zip(rows[i], top, strict=True)]
                common = gcd(*row[k + 1 :]) or 1
                rows[i] = [entry // common for entry in row]
    return True
