r"""Good networks for the absolute and the hinge loss: descent from cell to cell, from many random starts.

In a tuple of cells, with signs, the training problem is a linear program (``linear_bounds`` with all sides known).  At its
optimum v some <z_i, v_k> are 0, and v also lies in the cell on the other side of that hyperplane.  It is optimal there
as well if the dual solution can be changed to fit: if lambda is the multiplier of the cone row of k and i, and q the sum of
the multipliers of the data at point i, that of the opposite row is s_k q - lambda.  Where this is negative, the other
cell has a better network.  The descent crosses the hyperplane with the most negative number, and ends where there is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit
from numpy.typing import NDArray

from verify.training.linear_bounds import climb, restart
from verify.training.linear_terms import classify, copy, tableau, terms

if TYPE_CHECKING:
    from verify.training.problem import Problem

Floats = NDArray[np.float64]

HOPS = 200
FRESH = 20


def heuristic(problem: Problem, *, starts: int = 100, seed: int = 0) -> tuple[float, Floats, NDArray[np.int8]]:
    """The best value found, its weights v (w d + f,) and signs (w,); the same for the same seed."""
    random = np.random.default_rng(seed)
    data, w = terms(problem), problem.width
    bits = np.unpackbits(problem.cells.view(np.uint8), axis=1, bitorder="little")[:, : problem.points]
    cells = random.integers(len(problem.cells), size=(starts, w))
    signs = random.choice(np.array([-1, 1]), size=(starts, w))
    kicked = random.random((starts, w)).argsort(axis=1) >= random.integers(1, w + 1, size=(starts, 1))
    value, weights, best = _descents(data, tableau(data), bits.astype(np.int8) * 2 - 1, cells, signs, kicked)
    return value, weights, best.astype(np.int8)


def settled(
    problem: Problem, weights: Floats, signs: NDArray[np.int8]
) -> tuple[list[int], list[tuple[int, int]], list[tuple[int, int, int]]]:
    """Where a descent from a network ends: signs, the masks of positive and of negative points for each neuron, and the
    rows of the basis: (t, tau, 0) for a datum, (i, 0, 1 << k) for the cone row of neuron k."""
    data, (w, d), points = terms(problem), (problem.width, problem.dimension), problem.points
    W = tableau(data)
    W.signs[:] = signs
    heights = problem.features @ (weights[: w * d].reshape(w, d) * signs[:, None]).T
    W.code[:] = np.where(heights.T > 0, 1, -1)
    _descend(data, W, np.zeros(1, np.int64))
    bits = [[sum(1 << i for i in range(points) if code[i] == side) for side in (1, -1)] for code in W.code]
    rows: list[tuple[int, int, int]] = []
    for j in W.basis.tolist():
        if j < len(data.o):
            rows.append((int(data.original[j]), 1, 0))
        elif j < len(data.o) + w * points:
            k, i = divmod(j - len(data.o), points)
            rows.append((i, 0, 1 << k))
    return W.signs.tolist(), [(positive, negative) for positive, negative in bits], rows


@njit(cache=True)
def _descents(data, W, bits, cells, signs, kept):  # type: ignore[no-untyped-def]
    D, _, w, _, p, _ = data.size
    weights, chosen, sides = np.zeros(p), np.ones(w, np.int64), np.zeros((w, D), np.int8)
    least, steps = np.inf, np.zeros(1, np.int64)
    for start in range(len(cells)):
        for k in range(w):
            keep = start >= FRESH and kept[start, k]
            W.signs[k] = chosen[k] if keep else signs[start, k]
            for i in range(D):
                W.code[k, i] = sides[k, i] if keep else bits[cells[start, k], i]
        value = _descend(data, W, steps)
        if value < least:
            least = value
            copy(weights, W.v)
            copy(chosen, W.signs)
            for k in range(w):
                copy(sides[k], W.code[k])
    return least, weights, chosen


@njit(cache=True)
def _descend(data, W, steps):  # type: ignore[no-untyped-def]
    """Solve the program of the cells at hand, and of neighbours of those while they are better."""
    previous = np.inf
    for _ in range(HOPS):
        classify(data, W)
        restart(data, W)
        value, _how = climb(data, W, np.inf, 1000 + 4 * data.size[5], steps)
        if value >= previous * (1 - 1e-9) or not _cross(data, W):
            return min(value, previous)
        previous = value
    return previous


@njit(cache=True)
def _cross(data, W):  # type: ignore[no-untyped-def]
    """Cross the most promising hyperplane; False if the network is at a local minimum."""
    D, _, w, _, p, T = data.size
    best, k, i = -1e-9, -1, -1
    for e in range(p):
        j = W.basis[e]
        if T <= j < T + w * D:
            unit, point = (j - T) // D, (j - T) % D
            q = 0.0
            for t in range(data.begin[point], data.begin[point + 1]):
                q += W.x[t]
            number = (W.signs[unit] * q - W.x[j]) / data.inverse_norms[point]
            if number < best:
                best, k, i = number, unit, point
    if k >= 0:
        W.code[k, i] = -W.code[k, i]
    return k >= 0
