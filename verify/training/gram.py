r"""Least squares on the decided points of a node: the Gram matrix, the first bound, the generalised inverse.

A node decides a point if every unit has a known side there; then f(z_i) is a linear form <phi_i, v>, where phi_i
repeats z_i in the block of each unit that is positive at i, and the leading entries of z_i in the block of the affine
part.  The sum of m_i (<phi_i, v> - y_i)^2 over these points, minimised over all v, is a lower bound for the loss.  A
child decides more points than its parent, so its Gram matrix G, its right-hand side b and its yy are the parent's
plus a few terms.

**Rank.**  With few decided points G is singular, and a pivot that should be 0 but is 1e-16 would spoil everything.
Adding a multiple of the identity gives bounds that are too large.  So for anything beyond the first bound, G is
scaled to unit diagonal and swept with diagonal pivoting; what remains below 1e-11 counts as dependent.  Its variables
are set to 0, and rows with a component in the null space are not used with this G.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from verify.training.compilation import inner
from verify.training.problem import Problem

Floats = NDArray[np.float64]

DEPENDENT = 1e-11  # a pivot of the matrix with unit diagonal
NEGLIGIBLE = 1e-12  # a pivot in the first bound, relative to the Gram matrix of all points


class Data(NamedTuple):
    """z (D, d), its transpose ``columns``, y (D,), m (D,) of ``Problem``; inverse_norms (D,): 1 / |z_i|; diagonal (d,): sum m z^2; w units, the
    first f columns in the affine part, p = w d + f variables."""

    z: Floats
    columns: Floats
    y: Floats
    m: Floats
    inverse_norms: Floats
    diagonal: Floats
    d: int
    w: int
    f: int
    p: int


def numbers(problem: Problem) -> Data:
    """The numbers of a problem as the compiled functions take them."""
    z, m = np.ascontiguousarray(problem.features), problem.multiplicities
    inverse_norms = 1 / np.sqrt((z * z).sum(axis=1))
    diagonal = (m[:, None] * z * z).sum(axis=0)
    shape = problem.dimension, problem.width, problem.free, problem.parameters
    return Data(z, np.ascontiguousarray(z.T), np.ascontiguousarray(problem.labels), m, inverse_norms, diagonal, *shape)


@inner
def add_point(data: Data, i: int, active: int, G: Floats, b: Floats) -> np.float64:
    """Add point i, with the units of the mask ``active`` positive, to the lower triangle of G and to b; m y^2."""
    d, w, m, y = data.d, data.w, data.m[i], data.y[i]
    for k in range(w + 1):
        if k < w and not active >> k & 1:
            continue
        for a in range(d if k < w else data.f):
            za = m * data.z[i, a]
            b[k * d + a] += za * y
            for other in range(k):
                if active >> other & 1:
                    for c in range(d):
                        G[k * d + a, other * d + c] += za * data.z[i, c]
            for c in range(a + 1):
                G[k * d + a, k * d + c] += za * data.z[i, c]
    return np.float64(m * y * y)


@inner
def least_squares(data: Data, G: Floats, b: Floats, yy: float, target: float, A: Floats, r: Floats) -> float:
    """The least sum of squares by elimination, or 0 as soon as it must be below ``target``; A (p, p), r (p,): space."""
    p, d = data.p, data.d
    for i in range(p):
        r[i] = b[i]
        for j in range(i + 1):
            A[i, j] = G[i, j]
    rest = yy
    for i in range(p):
        pivot = A[i, i]
        if pivot <= NEGLIGIBLE * data.diagonal[i % d]:
            continue
        inverse = 1.0 / pivot
        rest -= r[i] * r[i] * inverse
        if rest < target:
            return 0.0
        for j in range(i + 1, p):
            q = A[j, i]
            if q != 0.0:
                q *= inverse
                r[j] -= q * r[i]
                for k in range(i + 1, j + 1):
                    A[j, k] -= q * A[k, i]
    return rest


@inner
def sweep(A: Floats, dependent: NDArray[np.bool_]) -> None:
    """Sweep the symmetric A on its largest diagonal entries: then A = [[-G_11^-1, G_11^-1 G_12], [., Schur
    complement]]."""
    p = len(A)
    for _ in range(p):
        q, best = -1, DEPENDENT
        for i in range(p):
            if dependent[i] and A[i, i] > best:
                q, best = i, A[i, i]
        if q < 0:
            return
        dependent[q] = False
        inverse = 1.0 / best
        for i in range(p):
            if i != q:
                g = A[i, q] * inverse
                if g != 0.0:
                    for j in range(p):
                        if j != q:
                            A[i, j] -= g * A[q, j]
        for i in range(p):
            A[i, q] *= inverse
            A[q, i] = A[i, q]
        A[q, q] = -inverse


@inner
def generalised_inverse(
    data: Data, G: Floats, A: Floats, H: Floats, null: Floats, scales: Floats, dependent: NDArray[np.bool_]
) -> int:
    """H (p, p) = G^-1 on independent columns, else 0; the null vectors of G in the first rows of ``null``, their
    number.  A (p, p), scales, dependent (p,): space."""
    p, d = data.p, data.d
    for i in range(p):
        scales[i], dependent[i] = 0.0, True
        if G[i, i] > 1e-13 * data.diagonal[i % d]:
            scales[i] = 1.0 / np.sqrt(G[i, i])
        for j in range(i + 1):
            A[i, j] = G[i, j] * scales[i] * scales[j]
            A[j, i] = A[i, j]
    sweep(A, dependent)
    nullity = 0
    for i in range(p):
        for j in range(p):
            H[i, j] = 0.0 if dependent[i] or dependent[j] else -A[i, j] * scales[i] * scales[j]
        if dependent[i]:
            for j in range(p):
                null[nullity, j] = 0.0 if dependent[j] or scales[i] == 0.0 else -A[j, i] * scales[j] / scales[i]
            null[nullity, i] = 1.0
            nullity += 1
    return nullity
