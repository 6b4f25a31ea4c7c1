r"""Rational linear combinations of sparse integer vectors: is a target in their span, and with which coefficients?

Elimination over the rational numbers makes numbers long that cancel in the end.  Here the span is decided modulo the
prime p = 2^31 - 1, where rows of int64 hold everything: vectors come one by one, are reduced by a reduced echelon
basis, and are kept if something is left, until nothing is left of the target.  The kept vectors and their pivots form
a square matrix A, invertible modulo p.  A c = b is solved by Dixon's p-adic lifting: with C = A^{-1} mod p the digits
of c are c_i = C r_i mod p, r_{i+1} = (r_i - A c_i) / p, r_0 = b, and c is recovered from its first digits by rational
reconstruction.  Nothing of this is trusted: the combination is checked on every coordinate.

Source: J. D. Dixon, Exact solution of linear equations using p-adic expansions, Numerische Mathematik 40 (1982).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from fractions import Fraction
from math import isqrt
from typing import Any

Sparse = Mapping[Any, int]  # from coordinates, which are Hashable, to entries that are not 0
Array = Any

PRIME = 2**31 - 1
MAX_DIGITS = 400  # of the p-adic expansion


def combination(vectors: Iterable[Sparse], target: Sparse) -> list[tuple[int, Fraction]] | None:
    """Positions and nonzero coefficients of vectors whose combination is the target, or None if none was found.

    Vectors are taken in their order, no more of them than needed.
    """
    basis = Basis(target)
    kept: list[tuple[int, Sparse]] = []
    for position, vector in enumerate(vectors):
        if basis.spans():
            break
        if basis.add(vector):
            kept.append((position, vector))
    if not basis.spans():
        return None
    coefficients = solve([vector for _, vector in kept], basis.pivots, target) if kept else []
    if coefficients is None or not adds_up(kept, coefficients, target):
        return None
    return [(position, c) for (position, _), c in zip(kept, coefficients, strict=True) if c]


class Basis:
    """A reduced echelon basis modulo p, and what is left of a target; coordinates are numbered as they appear."""

    def __init__(self, target: Sparse) -> None:
        import numpy as np

        self.number: dict[Hashable, int] = {}
        self.pivots: list[Hashable] = []
        self.columns: list[int] = []
        self.rows = np.zeros((0, 0), np.int64)
        self.left = self.dense(target)

    def dense(self, vector: Sparse) -> Array:
        import numpy as np

        for coordinate in vector:
            self.number.setdefault(coordinate, len(self.number))
        row = np.zeros(len(self.number), np.int64)
        for coordinate, entry in vector.items():
            row[self.number[coordinate]] = entry % PRIME
        return row

    def add(self, vector: Sparse) -> bool:
        """Whether the vector is new; if so, it belongs to the basis now."""
        import numpy as np

        row = self.dense(vector)
        grown = len(row) - self.rows.shape[1]
        self.rows = np.pad(self.rows, ((0, 0), (0, grown)))
        self.left = np.pad(self.left, (0, len(row) - len(self.left)))
        row = (row - times(row[self.columns], self.rows)) % PRIME
        entries = np.flatnonzero(row)
        if not len(entries):
            return False
        pivot = int(entries[0])
        row = row * pow(int(row[pivot]), -1, PRIME) % PRIME
        self.rows = np.vstack([(self.rows - self.rows[:, [pivot]] * row) % PRIME, row])
        self.left = (self.left - self.left[pivot] * row) % PRIME
        self.columns.append(pivot)
        self.pivots.append(list(self.number)[pivot])
        return True

    def spans(self) -> bool:
        return not self.left.any()


def times(row: Array, matrix: Array) -> Array:
    """Their product modulo p; in two halves, so that no sum of 2^16 products exceeds 63 bits."""
    high, low = row >> 16, row & 0xFFFF
    return ((high @ matrix % PRIME << 16) + low @ matrix) % PRIME


def solve(vectors: list[Sparse], pivots: list[Hashable], target: Sparse) -> list[Fraction] | None:
    """The coefficients of the vectors in the target, from the coordinates that are pivots."""
    import numpy as np

    matrix = np.array([[vector.get(pivot, 0) for vector in vectors] for pivot in pivots], dtype=object)
    inverse = inverted((matrix % PRIME).astype(np.int64))
    rest = np.array([target.get(pivot, 0) for pivot in pivots], dtype=object)
    value, modulus = np.zeros(len(pivots), dtype=object), 1
    for count in range(1, MAX_DIGITS + 1):
        digits = times((rest % PRIME).astype(np.int64), inverse.T).astype(object)
        value, modulus = value + modulus * digits, modulus * PRIME
        rest = (rest - matrix @ digits) // PRIME
        if count & (count - 1) == 0 or not rest.any():
            found = [reconstructed(int(residue), modulus) for residue in value]
            numbers = [c for c in found if c is not None]
            if len(numbers) == len(found) and not (matrix @ np.array(numbers, object) - before(pivots, target)).any():
                return numbers
    return None


def before(pivots: list[Hashable], target: Sparse) -> Array:
    import numpy as np

    return np.array([target.get(pivot, 0) for pivot in pivots], dtype=object)


def inverted(matrix: Array) -> Array:
    """The inverse modulo p of a matrix that has one."""
    import numpy as np

    size = len(matrix)
    both = np.hstack([matrix, np.eye(size, dtype=np.int64)])
    for column in range(size):
        row = column + int(np.flatnonzero(both[column:, column])[0])
        both[[column, row]] = both[[row, column]]
        both[column] = both[column] * pow(int(both[column, column]), -1, PRIME) % PRIME
        others = both[:, [column]].copy()
        others[column] = 0
        both = (both - others * both[column]) % PRIME
    return both[:, size:]


def reconstructed(residue: int, modulus: int) -> Fraction | None:
    """The fraction a/b = residue modulo the modulus with |a|, b <= sqrt(modulus / 2), if there is one."""
    bound = isqrt(modulus // 2)
    (r, s), (t, u) = (modulus, 0), (residue, 1)
    while t > bound:
        q = r // t
        (r, s), (t, u) = (t, u), (r - q * t, s - q * u)
    return Fraction(t, u) if abs(u) <= bound and u else None


def adds_up(kept: list[tuple[int, Sparse]], coefficients: list[Fraction], target: Sparse) -> bool:
    total: dict[Any, Fraction] = {}
    for (_, vector), c in zip(kept, coefficients, strict=True):
        if c:
            for coordinate, entry in vector.items():
                total[coordinate] = total.get(coordinate, Fraction(0)) + c * entry
    return {k: v for k, v in total.items() if v} == {k: v for k, v in target.items() if v}
