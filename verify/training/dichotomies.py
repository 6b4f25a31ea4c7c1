r"""All dichotomies of D points by affine hyperplanes, fast: the numpy twin of ``verify.kernel.dichotomies``.

The cells of the central arrangement with rows z_i (an integer matrix Z of full column rank d, no row zero) are the sign
patterns of u -> (<z_i, u>)_i without a zero.  Each closed cell is a pointed cone, hence has an extreme ray r; the
rows T with <z_i, r> = 0 have rank d - 1.  Off T the signs next to r are those of <z_i, r>; on T they are those of any
cell of the arrangement Z_T, found by recursion.  So it is enough to go through the null vectors of d - 1 independent
rows, both ways round: there is no linear program, no perturbation, and duplicates, collinear and cospherical points
need no special care.  An incremental enumeration by linear programs, the other way known to be complete, took 250 to
900 times longer on sets of 8 to 14 points.

Where T has only d - 1 members (always, for points in general position) all 2^(d-1) patterns on T are cells, and the
whole step is array arithmetic.  Signs are exact: a product in float64 decides only where it exceeds a bound of its
rounding error, or where all numbers involved are integers below 2^53; the few others are computed again with Python's
integers.

Every cell is found once for each of its extreme rays, about 2^(d-1) times on average; sorting removes the copies.
T. M. Cover (1965): D points in general position in R^n have 2 sum_{k <= n} C(D - 1, k) dichotomies, others have fewer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, islice
from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]
Signs = NDArray[np.int8]
Matrix = list[list[int]]

CHUNK = 20_000  # flats that are treated at once
EXACT = 2**53  # integers below this are exact in float64


def cells_bound(points: int, dimension: int) -> int:
    r"""Cover's number $2 \sum_{k \le n} \binom{D-1}{k}$: no set of D points in R^n has more dichotomies.

    >>> cells_bound(4, 2)
    14
    """
    return 2 * sum(comb(points - 1, k) for k in range(dimension + 1)) if points > 0 else 1


def dichotomies(rows: Sequence[Sequence[int]]) -> Words:
    r"""Every cell but the one without positive rows, as bit masks.

    ``rows`` is an integer matrix (D, d) of full column rank with no zero row.  The answer has shape (N, ceil(D / 64))
    and dtype uint64, ascending; bit i % 64 of word i // 64 is set where row i is positive.

    >>> dichotomies([[1, 0], [1, 1], [1, 2]]).tolist()
    [[1], [3], [4], [6], [7]]
    """
    cells = _cells([[int(x) for x in row] for row in rows])
    return cells[cells.any(axis=1)]


def _cells(rows: Matrix) -> Words:
    """All cells, in ascending order of their words (the last word first)."""
    count, d = len(rows), len(rows[0])
    found = [np.zeros((0, _words(count)), np.uint64)]
    special: dict[bytes, None] = {}
    for flats in _chunks(combinations(range(count), d - 1)):
        signs = _signs(rows, flats)
        zeros = (signs == 0).sum(axis=1)
        found.append(_around(signs[zeros == d - 1], d))
        for row in signs[(zeros > d - 1) & (zeros < count)]:  # more zeros than the flat's own members
            special.setdefault(row.tobytes() if row[row != 0][0] > 0 else (-row).tobytes())
    local: dict[bytes, Words] = {}
    for key in special:
        signs = np.frombuffer(key, np.int8)
        found.append(_around_special(rows, signs, local))
    return _distinct(np.concatenate(found))


def _chunks(flats: Iterator[tuple[int, ...]]) -> Iterator[NDArray[np.int64]]:
    while chunk := list(islice(flats, CHUNK)):
        yield np.array(chunk, np.int64).reshape(len(chunk), -1)


def _words(count: int) -> int:
    return (count + 63) // 64


def _packed(positive: NDArray[np.bool_]) -> Words:
    """Boolean patterns (..., D) as words (..., W)."""
    count = positive.shape[-1]
    padded = np.zeros((*positive.shape[:-1], 64 * _words(count)), bool)
    padded[..., :count] = positive
    return np.packbits(padded, axis=-1, bitorder="little").view("<u8").astype(np.uint64)


def _distinct(words: Words) -> Words:
    order = np.lexsort(words.T)
    words = words[order]
    fresh = np.ones(len(words), bool)
    fresh[1:] = (words[1:] != words[:-1]).any(axis=1)
    return words[fresh]


def _around(signs: Signs, d: int) -> Words:
    """The cells next to rays that have only d - 1 zeros, these being independent: any pattern on the zeros."""
    if not len(signs):
        return np.zeros((0, _words(signs.shape[1])), np.uint64)
    zeros = np.nonzero(signs == 0)[1].reshape(len(signs), d - 1)
    single = np.zeros((len(signs), d - 1, signs.shape[1]), bool)
    single[np.arange(len(signs))[:, None], np.arange(d - 1)[None, :], zeros] = True
    bits = _packed(single)
    bases = [_packed(signs > 0), _packed(signs < 0)]
    for k in range(d - 1):
        bases += [base | bits[:, k] for base in bases]
    return _distinct(np.concatenate(bases))


def _around_special(rows: Matrix, signs: Signs, local: dict[bytes, Words]) -> Words:
    """The cells next to a ray with more zeros than its dimension asks for, both ways round."""
    members = np.nonzero(signs == 0)[0]
    key = members.tobytes()
    if key not in local:
        inside = [rows[i] for i in members]
        columns = _independent_columns(inside)
        patterns = _unpacked(_cells([[row[c] for c in columns] for row in inside]), len(members))
        whole = np.zeros((len(patterns), len(rows)), bool)
        whole[:, members] = patterns
        local[key] = _packed(whole)
    return np.concatenate([_packed(signs > 0) | local[key], _packed(signs < 0) | local[key]])


def _unpacked(words: Words, count: int) -> NDArray[np.bool_]:
    flat = np.ascontiguousarray(words.astype("<u8")).view(np.uint8)
    return np.unpackbits(flat, axis=-1, bitorder="little", count=count).astype(bool)


def _independent_columns(rows: Matrix) -> list[int]:
    """The first columns that are independent, by fraction-free elimination."""
    rest, columns, previous = [list(row) for row in rows], [], 1
    for c in range(len(rows[0])):
        pivot = next((row for row in rest if row[c]), None)
        if pivot is None:
            continue
        rest.remove(pivot)
        rest = [[(pivot[c] * x - row[c] * y) // previous for x, y in zip(row, pivot, strict=True)] for row in rest]
        previous = pivot[c]
        columns.append(c)
    return columns


def _signs(rows: Matrix, flats: NDArray[np.int64]) -> Signs:
    """The signs (S, D) of <z_i, r> for the null vector r of each flat; all 0 where the flat has not full rank."""
    d = len(rows[0])
    largest = [max(1, *(abs(row[c]) for row in rows)) for c in range(d)]
    bound = 1
    for c, size in enumerate(largest):
        bound *= size * (c + 1)  # bounds d! prod_c max |z_ic| >= |<z_i, r>| and all that is added up on the way
    if bound < EXACT:
        z = np.array(rows, np.float64)
        return np.sign(_null_vectors(z, flats) @ z.T).astype(np.int8)
    if bound < 2**62:
        exact = np.array(rows, np.int64)
        return np.sign(_null_vectors(exact, flats) @ exact.T).astype(np.int8)
    return _filtered_signs(rows, largest, flats)


def _filtered_signs(rows: Matrix, largest: list[int], flats: NDArray[np.int64]) -> Signs:
    """As ``_signs`` for integers of any size: float64 where its rounding cannot matter, else Python's."""
    exact = np.array(rows, dtype=object)
    rays = _null_vectors(exact, flats)
    scaled = np.array([[x / size for x, size in zip(row, largest, strict=True)] for row in rows], np.float64)
    coordinates = np.zeros(rays.shape)
    for s, ray in enumerate(rays):
        weighted = [int(r) * size for r, size in zip(ray, largest, strict=True)]
        norm = max(map(abs, weighted)) or 1
        coordinates[s] = [x / norm for x in weighted]
    values = coordinates @ scaled.T
    doubtful = np.abs(values) <= 2.0**-50 * len(largest) * 2  # each factor has an error of 2^-53 and is at most 1
    signs = np.sign(values).astype(np.int8)
    doubtful[np.arange(len(flats))[:, None], flats] = False
    signs[np.arange(len(flats))[:, None], flats] = 0
    for s, i in zip(*np.nonzero(doubtful), strict=True):
        value = sum(int(a) * b for a, b in zip(rays[s], rows[i], strict=True))
        signs[s, i] = (value > 0) - (value < 0)
    return signs


def _null_vectors(z: NDArray[Any], flats: NDArray[np.int64]) -> NDArray[Any]:
    """The generalised cross products (S, d) of the rows of each flat (S, d - 1): signed minors."""
    d = z.shape[1]
    members = z[flats]
    minors = [_determinants(np.delete(members, c, axis=2)) * (-1) ** c for c in range(d)]
    return np.stack(minors, axis=1)


def _determinants(matrices: NDArray[Any]) -> NDArray[Any]:
    """Determinants (S,) of square matrices (S, k, k) by expansion along the first row; exact for integers."""
    size = matrices.shape[1]
    if size == 0:
        return np.ones(len(matrices), matrices.dtype)
    total: NDArray[Any] = matrices[:, 0, 0] * _determinants(matrices[:, 1:, 1:])
    for c in range(1, size):
        total = total + (-1) ** c * matrices[:, 0, c] * _determinants(np.delete(matrices[:, 1:, :], c, axis=2))
    return total
