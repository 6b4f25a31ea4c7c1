r"""What the bounds for losses with one corner work on: the numbers of a problem, and the tableau of the program of a node.

The tableau (``linear_bounds``) has a column for each datum, whose vector is the estimate e_t of the output at its point:
one copy of z_i for each neuron that takes part in it (``blocks``), and the affine part.  A neuron with a known side takes
part if the point is on its positive side.  Where all sides are known, both slopes of the loss count, and the box of the
column is [low, high]; where the neurons without a known side have the same sign tau, only the slope on that side counts;
otherwise the box is [0, 0] and the datum does not count at all.  Then there are the columns of the cone rows, negated.

Functions that are called in the innermost loops are inlined: passing tuples of twenty arrays costs as much as they do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

if TYPE_CHECKING:
    from verify.training.problem import Problem

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]


class Terms(NamedTuple):
    """The numbers of a problem: features (D, d), inverse_norms (D,) of their rows; per datum, sorted by point: place,
    corner o, the ends of its box low <= 0 <= high, and its original index; begin (D + 1,): the data of a point."""

    z: Floats
    inverse_norms: Floats
    place: Ints
    o: Floats
    low: Floats
    high: Floats
    original: Ints
    begin: Ints
    size: Ints  # D, d, w, f, p, T


class Tableau(NamedTuple):
    """code (w, D): the known sides, 1, -1 or 0; signs (w,); kind (T,): 2 where all sides are known, else tau, or 0; active
    and undecided (D,), blocks (T,): neurons as bit masks; the boxes and values x of all columns; the basis (p,), where
    columns stand in it or -1, its inverse; v (p,) and inner (w, D), the <z_i, v_k>; and room for vectors (p,): the
    entering column a, the same in terms of the basis y, and a total."""

    code: NDArray[np.int8]
    signs: Ints
    kind: Ints
    active: Ints
    undecided: Ints
    blocks: Ints
    low: Floats
    high: Floats
    x: Floats
    basis: Ints
    where: Ints
    inverse: Floats
    v: Floats
    inner: Floats
    a: Floats
    y: Floats
    total: Floats


def terms(problem: Problem) -> Terms:
    """The numbers of a problem with absolute or hinge loss."""
    places = np.arange(problem.points) if problem.places is None else problem.places
    order = np.argsort(places, kind="stable").astype(np.int32)
    labels, weights = problem.labels[order], problem.multiplicities[order]
    hinge = problem.loss == "hinge"
    low = np.where(labels > 0, -weights, 0.0) if hinge else -weights
    high = np.where(labels < 0, weights, 0.0) if hinge else weights
    begin = np.searchsorted(places[order], np.arange(problem.points + 1)).astype(np.int32)
    z = np.ascontiguousarray(problem.features)
    size = [problem.points, problem.dimension, problem.width, problem.free, problem.parameters, len(labels)]
    norms = 1 / np.linalg.norm(z, axis=1)
    return Terms(z, norms, places[order].astype(np.int32), labels, low, high, order, begin, np.array(size, np.int32))


def tableau(data: Terms) -> Tableau:
    points, _, w, _, p, count = (int(n) for n in data.size)
    columns = count + w * points + p

    def integers(size: int) -> Ints:
        return np.zeros(size, np.int32)

    return Tableau(
        code=np.zeros((w, points), np.int8),
        signs=integers(w),
        kind=integers(count),
        active=integers(points),
        undecided=integers(points),
        blocks=integers(count),
        low=np.zeros(columns),
        high=np.zeros(columns),
        x=np.zeros(columns),
        basis=integers(p),
        where=integers(columns),
        inverse=np.zeros((p, p)),
        v=np.zeros(p),
        inner=np.zeros((w, points)),
        a=np.zeros(p),
        y=np.zeros(p),
        total=np.zeros(p),
    )


@njit(cache=True)
def classify(data, W):  # type: ignore[no-untyped-def]
    """Which estimates the data allow, from the known sides."""
    D, w = data.size[0], data.size[2]
    for i in range(D):
        active, undecided, plus, minus = 0, 0, False, False
        for k in range(w):
            if W.code[k, i] > 0:
                active |= 1 << k
            elif W.code[k, i] == 0:
                undecided |= 1 << k
                if W.signs[k] > 0:
                    plus = True
                else:
                    minus = True
        W.active[i], W.undecided[i] = active, undecided
        kind = 2
        if undecided:
            kind = 0 if plus and minus else (1 if plus else -1)
        for t in range(data.begin[i], data.begin[i + 1]):
            W.kind[t] = kind
            W.low[t] = data.low[t] if kind == 2 or kind == -1 else 0.0
            W.high[t] = data.high[t] if kind == 2 or kind == 1 else 0.0
        for k in range(w):
            W.high[data.size[5] + k * D + i] = 0.0 if W.code[k, i] == 0 else np.inf


@njit(cache=True, inline="always")
def column(data, W, j, a):  # type: ignore[no-untyped-def]
    D, d, w, f, _, T = data.size
    for e in range(len(a)):
        a[e] = 0.0
    if j < T:
        i = data.place[j]
        for k in range(w):
            if W.blocks[j] >> k & 1:
                for e in range(d):
                    a[k * d + e] = data.z[i, e]
        for e in range(f):
            a[w * d + e] = data.z[i, e]
    elif j < T + w * D:
        k, i = (j - T) // D, (j - T) % D
        g = -float(W.signs[k] * W.code[k, i])
        for e in range(d):
            a[k * d + e] = g * data.z[i, e]
    else:
        a[j - T - w * D] = 1.0


@njit(cache=True)
def copy(target, source):  # type: ignore[no-untyped-def]
    """target[: len(source)] = source, which takes the compiler far longer."""
    for e in range(len(source)):
        target[e] = source[e]
