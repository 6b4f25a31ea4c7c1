r"""The minimum over a tuple of single cells where the data leave some parameters undetermined, in floating point.

A closed cell is the cone of its extreme rays.  So the program is nonnegative least squares in the coefficients of the
rays, which needs no rank decision about parameters.  The hyperplane of a point carries a facet of a cell if and only if
flipping the point's bit gives another cell; the rays are the null vectors of d - 1 facets that no facet excludes.  (In
exact arithmetic: ``cell_optimum``.)

A search comes here a few dozen times, so that this is numpy and not compiled.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from verify.training.problem import Problem

Floats = NDArray[np.float64]
Words = NDArray[np.uint64]

INSIDE = 1e-9  # a ray may be outside a facet by this, relative
INDEPENDENT = 1e-10  # the least singular value of d - 1 normals of length 1


def facets(problem: Problem, cell: Words) -> Floats:
    """The inward normals, of length 1, of the facets of a cell (W,); (F, d)."""
    others = np.concatenate([problem.cells, np.zeros((1, problem.words), np.uint64)]) ^ cell
    one_bit = ((others & (others - np.uint64(1))) == 0).all(axis=1) & ((others != 0).sum(axis=1) == 1)
    flipped = np.bitwise_or.reduce(others[one_bit], axis=0) if one_bit.any() else np.zeros_like(cell)
    normals = problem.features * np.where(bits(cell, problem.points), 1.0, -1.0)[:, None]
    found: Floats = (normals / np.linalg.norm(normals, axis=1, keepdims=True))[bits(flipped, problem.points)]
    return found


def bits(words: Words, count: int) -> NDArray[np.bool_]:
    """The first ``count`` bits of a mask (W,)."""
    place = np.arange(count)
    found: NDArray[np.bool_] = (words[place >> 6] >> (place & 63).astype(np.uint64)) & np.uint64(1) != 0
    return found


def rays(normals: Floats) -> Floats:
    """The extreme rays (R, d), of length 1 and some perhaps more than once, of the cone with inward normals (F, d)."""
    d = normals.shape[1]
    chosen = np.array(list(combinations(range(len(normals)), d - 1)), np.int64).reshape(-1, d - 1)
    if d > 1 and len(chosen):
        _, sizes, vectors = np.linalg.svd(normals[chosen])
        found = vectors[sizes[:, -1] > INDEPENDENT, -1]
    else:
        found = np.ones((1, 1)) if d == 1 else np.zeros((0, d))
    found = np.concatenate([found, -found])
    return found[(found @ normals.T >= -INSIDE).all(axis=1)]


def cone_minimum(problem: Problem, cells: Words, signs: NDArray[np.int8]) -> Floats:
    """The weights v (w d + f,) of least loss with unit k in cell k (w, W), closed, and its sign."""
    from scipy.optimize import nnls

    width, d, features = problem.width, problem.dimension, problem.features
    vectors, outputs = [], []
    for k in range(width):
        for ray in rays(facets(problem, cells[k])):
            v = np.zeros(problem.parameters)
            v[k * d : k * d + d] = signs[k] * ray
            vectors.append(v)
            outputs.append(signs[k] * np.where(bits(cells[k], problem.points), features @ ray, 0.0))
    for a in range(problem.free):
        for direction in (1.0, -1.0):
            v = np.zeros(problem.parameters)
            v[width * d + a] = direction
            vectors.append(v)
            outputs.append(direction * features[:, a])
    if not vectors:
        return np.zeros(problem.parameters)
    root = np.sqrt(problem.multiplicities)
    coefficients, _ = nnls(root[:, None] * np.stack(outputs, axis=1), root * problem.labels)
    return np.asarray(coefficients @ np.stack(vectors), np.float64)
