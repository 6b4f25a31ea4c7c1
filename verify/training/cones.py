r"""The minimum over a tuple of single cells where the data leave some parameters undetermined, in floating point.

A closed cell is the cone of its extreme rays.  So the program is nonnegative least squares in the coefficients of the
rays, which needs no rank decision about parameters.  The hyperplane of a point carries a facet of a cell if and only if
flipping the point's bit gives another cell; the rays are the null vectors of d - 1 facets that no facet excludes.  (In
exact arithmetic: ``cell_optimum``.)
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from verify.training.bounds import MAX_ROWS, ROWS, Work, settle_rows
from verify.training.gram import Data
from verify.training.states import bit

Floats = NDArray[np.float64]
Words = NDArray[np.uint64]

INSIDE = 1e-9  # a ray may be outside a facet by this, relative
GAIN = 1e-11  # directions that gain less are not followed


@njit(cache=True)
def is_cell(cells: Words, words: Words) -> bool:
    """Whether a pattern is a cell: 0, or in the ascending list (binary search, the last word first)."""
    if not words.any():
        return True
    low, high = 0, len(cells)
    while low < high:
        middle = (low + high) // 2
        order = 0
        for k in range(len(words) - 1, -1, -1):
            if cells[middle, k] != words[k]:
                order = -1 if cells[middle, k] < words[k] else 1
                break
        if order == 0:
            return True
        if order < 0:
            low = middle + 1
        else:
            high = middle
    return False


@njit(cache=True)
def facets(data: Data, cells: Words, cell: Words) -> tuple[Floats, int]:
    """The inward normals of the facets, of length 1, in the first rows, and their number."""
    flipped = cell.copy()
    normals, count = np.zeros((len(data.y), data.d)), 0
    for i in range(len(data.y)):
        flipped[i >> 6] ^= np.uint64(1) << np.uint64(i & 63)
        if is_cell(cells, flipped):
            factor = data.inverse_norms[i] if bit(cell, i) else -data.inverse_norms[i]
            for a in range(data.d):
                normals[count, a] = factor * data.z[i, a]
            count += 1
        flipped[i >> 6] = cell[i >> 6]
    return normals, count


@njit(cache=True)
def null_vector(rows: Floats) -> Floats:
    """A vector of length 1 orthogonal to the d - 1 rows, by elimination with full pivoting; 0 if they are dependent."""
    A = rows.copy()
    k, d = A.shape
    order = np.arange(d)
    result = np.zeros(d)
    for r in range(k):
        best, row, column = 1e-10, -1, -1
        for i in range(r, k):
            for j in range(r, d):
                if abs(A[i, j]) > best:
                    best, row, column = abs(A[i, j]), i, j
        if row < 0:
            return result
        for j in range(d):
            A[r, j], A[row, j] = A[row, j], A[r, j]
        for i in range(k):
            A[i, r], A[i, column] = A[i, column], A[i, r]
        order[r], order[column] = order[column], order[r]
        for i in range(k):
            if i != r:
                q = A[i, r] / A[r, r]
                for j in range(r, d):
                    A[i, j] -= q * A[r, j]
    result[order[d - 1]] = 1.0
    for r in range(k):
        result[order[r]] = -A[r, d - 1] / A[r, r]
    result /= np.sqrt((result**2).sum())
    return result


@njit(cache=True)
def rays(normals: Floats, count: int, d: int) -> list[Floats]:
    """The extreme rays (some of them perhaps more than once) of the cone with the given inward normals."""
    found = [np.zeros(d) for _ in range(0)]
    chosen = np.arange(d - 1)
    while count >= d - 1:
        rows = np.empty((d - 1, d))
        for r in range(d - 1):
            rows[r] = normals[chosen[r]]
        ray = null_vector(rows)
        if ray.any():
            low, high = 0.0, 0.0
            for e in range(count):
                q = 0.0
                for a in range(d):
                    q += normals[e, a] * ray[a]
                low, high = min(low, q), max(high, q)
            if low >= -INSIDE:
                found.append(ray)
            elif high <= INSIDE:
                found.append(-ray)
        place = d - 2
        while place >= 0 and chosen[place] == count - (d - 1) + place:
            place -= 1
        if place < 0:
            break
        chosen[place] += 1
        for r in range(place + 1, d - 1):
            chosen[r] = chosen[r - 1] + 1
    return found


@njit(cache=True)
def generators(data: Data, cells: Words, chosen: Words, sign: NDArray[np.int8]) -> list[Floats]:
    """Vectors v whose nonnegative combinations are the networks with units in the chosen cells (w, W)."""
    found = [np.zeros(data.p) for _ in range(0)]
    for k in range(data.w):
        normals, count = facets(data, cells, chosen[k])
        for ray in rays(normals, count, data.d):
            v = np.zeros(data.p)
            for a in range(data.d):
                v[k * data.d + a] = sign[k] * ray[a]
            found.append(v)
    for a in range(data.f):
        for direction in (1.0, -1.0):
            v = np.zeros(data.p)
            v[data.w * data.d + a] = direction
            found.append(v)
    return found


@njit(cache=True)
def cone_minimum(data: Data, cells: Words, chosen: Words, G: Floats, b: Floats, W: Work) -> None:
    """v minimising v'Gv - 2b'v over the chosen cells (w, W) with the signs of W; overwrites the rows of W."""
    vectors = generators(data, cells, chosen, W.sign)
    p, T = data.p, len(vectors)
    full = np.zeros((p, p))
    for i in range(p):
        for j in range(i + 1):
            full[i, j], full[j, i] = G[i, j], G[i, j]
    images = [full @ vector for vector in vectors]
    norms = np.zeros(T)
    for e in range(T):
        norms[e] = np.sqrt(max(0.0, (vectors[e] * images[e]).sum()))
    banned = norms <= 0.0
    W.numbers[ROWS] = 0
    W.v[:] = 0.0
    for _ in range(20 * T + 50):
        gradient = b - full @ W.v
        best, entering = GAIN, -1
        for e in range(T):
            if not banned[e]:
                q = (vectors[e] * gradient).sum() / norms[e]
                if q > best:
                    best, entering = q, e
        if entering < 0 or W.numbers[ROWS] >= MAX_ROWS:
            return
        n = W.numbers[ROWS]
        s = W.order[n]
        W.row[s, 0], W.x[s], W.t[s] = entering, 0.0, (vectors[entering] * b).sum()
        W.numbers[ROWS] = n + 1
        for a in range(n + 1):
            u = W.order[a]
            W.K[s, u] = (vectors[W.row[u, 0]] * images[entering]).sum()
            W.K[u, s] = W.K[s, u]
        if settle_rows(W):
            banned = norms <= 0.0
        else:
            banned[entering] = True
        W.v[:] = 0.0
        for a in range(W.numbers[ROWS]):
            for c in range(p):
                W.v[c] += W.x[W.order[a]] * vectors[W.row[W.order[a], 0]][c]
