r"""Linear equations and nonnegative least squares in exact arithmetic.

**Equations** are solved by elimination without fractions (Bareiss 1968, in Jordan's form): after each step every entry is a
minor of the matrix, so all divisions are exact and numbers grow no faster than determinants do.

**Nonnegative least squares**, min t'Gt - 2 b't over t >= 0 with G = A'A and b = A'y, by the active sets of Lawson and
Hanson (Solving Least Squares Problems, 1974, chapter 23).  In exact arithmetic it needs no tolerance and always ends: a
column enters only if its inner product with the residual is positive; the residual is orthogonal to the columns
present, so the new one is independent of them, G is never singular on the active set, and each round has a smaller value.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

Number = int | Fraction


def solution(equations: Sequence[Sequence[Number]]) -> list[Fraction] | None:
    """One solution x of the equations <row[:-1], x> = row[-1], whose free unknowns are 0; None if there is none.

    >>> solution([[1, 1, 3], [1, -1, 1]])
    [Fraction(2, 1), Fraction(1, 1)]
    """
    work = [integral(row) for row in equations]
    unknowns = len(work[0]) - 1 if work else 0
    previous, columns = 1, list[int]()
    for c in range(unknowns):
        rank = len(columns)
        place = next((i for i in range(rank, len(work)) if work[i][c]), None)
        if place is None:
            continue
        work[rank], work[place] = work[place], work[rank]
        top = work[rank]
        pivot = top[c]
        for i, row in enumerate(work):
            if i != rank:
                factor = row[c]
                work[i] = [(pivot * a - factor * b) // previous for a, b in zip(row, top, strict=True)]
        previous = pivot
        columns.append(c)
    if any(row[-1] for row in work[len(columns) :]):
        return None
    found = [Fraction(0)] * unknowns
    for row, c in zip(work, columns, strict=False):
        found[c] = Fraction(row[-1], previous)
    return found


def integral(row: Sequence[Number]) -> list[int]:
    """The row times the common denominator of its entries."""
    common = lcm(*(a.denominator for a in row))
    return [int(a * common) for a in row]


def nonnegative_least_squares(gram: Sequence[Sequence[Number]], moments: Sequence[Number]) -> list[Fraction]:
    """The t >= 0 that minimise t'Gt - 2 b't, for ``gram`` G = A'A and ``moments`` b = A'y.

    >>> nonnegative_least_squares([[1, 0], [0, 1]], [3, -2])
    [Fraction(3, 1), Fraction(0, 1)]
    """
    size = len(moments)
    t, active = [Fraction(0)] * size, list[int]()
    while True:
        slopes = {j: moments[j] - sum(gram[j][k] * t[k] for k in active) for j in range(size) if j not in active}
        rising = {j: Fraction(slope * slope, gram[j][j]) for j, slope in slopes.items() if slope > 0}
        if not rising:
            return t
        active.append(max(rising, key=lambda j: (rising[j], -j)))
        found = restricted(gram, moments, active)
        while min(found) <= 0:
            step = min(t[j] / (t[j] - x) for j, x in zip(active, found, strict=True) if x <= 0)
            for j, x in zip(active, found, strict=True):
                t[j] += step * (x - t[j])
            active = [j for j in active if t[j] > 0]
            found = restricted(gram, moments, active)
        for j, x in zip(active, found, strict=True):
            t[j] = x


def restricted(gram: Sequence[Sequence[Number]], moments: Sequence[Number], active: Sequence[int]) -> list[Fraction]:
    """The least-squares solution on independent columns."""
    found = solution([[*(gram[j][k] for k in active), moments[j]] for j in active])
    assert found is not None, "the normal equations have a solution"
    return found
