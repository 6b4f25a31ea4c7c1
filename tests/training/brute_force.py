r"""The minimum of a training problem by the definition: one nonnegative least-squares problem for each tuple of cells.

In floating point, by scipy, over the extreme rays of the cells; the rays are found here from scratch, in numpy: a null
vector of d - 1 of the z_i, on which no hyperplane through which the cell lies has the wrong sign.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, combinations_with_replacement, product

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

Floats = NDArray[np.float64]


def minimum(
    points: Sequence[Sequence[object]],
    labels: Sequence[object],
    width: int,
    *,
    weights: Sequence[object] | None = None,
    affine: str = "none",
) -> float:
    """The global minimum of the squared loss; for few points only."""
    z = np.array([[1.0, *(float(Fraction(str(x))) for x in point)] for point in points])
    y = np.array([float(Fraction(str(v))) for v in labels])
    root = np.sqrt([float(Fraction(str(m))) for m in weights or [1] * len(labels)])
    free = {"none": z[:, :0], "bias": z[:, :1], "all": z}[affine]
    fixed = np.concatenate([free, -free], axis=1)
    best = np.inf
    shapes = outputs(z)
    for chosen in combinations_with_replacement(shapes, width):
        for signs in product((1.0, -1.0), repeat=width):
            columns = np.concatenate([fixed, *(s * a for s, a in zip(signs, chosen, strict=True))], axis=1)
            if not columns.shape[1]:
                best = min(best, float((root**2 * y**2).sum()))
                continue
            best = min(best, nnls(root[:, None] * columns, root * y)[1] ** 2)
    return float(best)


def outputs(z: Floats) -> list[Floats]:
    """For each cell, the values at the points that its rays give a unit, a column each; a cell of zeros has none."""
    basis = np.linalg.svd(z, full_matrices=False)
    rank = int((basis[1] > 1e-9 * basis[1][0]).sum())
    z = z @ basis[2][:rank].T
    heights = [z @ ray for ray in rays(z)]
    heights = [np.where(np.abs(h) < 1e-9 * np.abs(h).max(), 0.0, h) for h in heights]
    found = []
    for signs in sign_vectors(z):
        inside = [h for h in heights if (h * signs >= 0).all()]
        columns = [np.maximum(h, 0) for h in inside if (h > 0).any()]
        found.append(np.stack(columns, axis=1) if columns else np.zeros((len(z), 0)))
    return found


def rays(z: Floats) -> list[Floats]:
    found = []
    for chosen in combinations(range(len(z)), z.shape[1] - 1):
        _, sizes, rows = np.linalg.svd(z[list(chosen)].reshape(-1, z.shape[1]))
        if len(chosen) == 0 or sizes.min() > 1e-9:
            found += [rows[-1], -rows[-1]]
    return found


def sign_vectors(z: Floats) -> list[Floats]:
    """The signs of the cells: of sums of rays with common signs, found by moving a little off every ray in all ways."""
    found = set()
    for ray in rays(z):
        base = z @ ray
        flat = np.abs(base) < 1e-9
        for inner in recursion(z[flat]):
            signs = np.sign(base)
            signs[flat] = inner
            found.add(tuple(signs))
    return [np.array(signs) for signs in sorted(found)]


def recursion(z: Floats) -> list[Floats]:
    """All sign vectors of a smaller arrangement, by linear algebra on independent rows or by the same again."""
    if not len(z):
        return [np.zeros(0)]
    _, sizes, rows = np.linalg.svd(z, full_matrices=False)
    rank = int((sizes > 1e-9 * sizes[0]).sum())
    if rank == len(z):
        return [np.array(signs) for signs in product((1.0, -1.0), repeat=rank)]
    return sign_vectors(z @ rows[:rank].T)
