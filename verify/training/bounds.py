r"""Lower bounds for the squared loss at a node: least squares on the decided points, and rows that hold there.

Variables are v_k = s_k u_k and the affine part.  Where the signs s_k of the units are known, these rows
c.v (+ r_i) >= o hold for all networks of the node (``verify.kernel.training_rows`` states and checks them):

* **cone rows**: s_k sigma <z_i, v_k> >= 0 where unit k has the side sigma of point i;
* **estimates**: let the units with unknown side at i all have the sign tau.  ReLU(t) is at least 0 and at least t, so
  f(z_i) is at least (tau = 1) or at most (tau = -1) the linear form L(v) in which each of these units contributes 0 or
  <z_i, v_k>; with a variable r_i >= tau (L(v) - y_i) the point costs m_i r_i^2.

The minimum subject to rows is a quadratic program, and any multipliers l >= 0 bound it from below.  With H = G^+ the
dual in l is nonnegative least squares: minimise l' K l - 2 t' l, K = C H C' + (1/m_i where two rows share r_i),
t = o - C H b.  The active-set method of Lawson and Hanson (1974) solves it row by row, the most violated first, and may
stop as soon as the bound reaches the target.  A node starts from its parent's rows and multipliers: rows stay valid
as sets of cells shrink, so a node usually needs one or two more rows, not ten.  The solution v shows where the
relaxation is loose, and ``search`` divides there.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from verify.training.compilation import inner
from verify.training.gram import Data

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Signs = NDArray[np.int8]

MAX_ROWS = 64
SINGULAR = 1e-11  # a pivot of K, relative to the diagonal entry
VIOLATED = 1e-9  # rows that are violated by less are taken to hold
NULL = 1e-7  # a component in the null space, relative

ROWS, NULLITY = 0, 1  # places in Work.numbers


class Work(NamedTuple):
    r"""The quadratic program of one node.

    H, A (p, p), Hb, v (p,), null (p, p): generalised inverse, space, H b, solution, null vectors of G; side (w, D)
    int8: 1, -1 or 0 if unknown; inner (w, D): <z_i, v_k>; share (D,): r_i;
    weight (w, D): -s_k side / |z_i|, by which <z_i, v_k> violates its cone row; violation (D,); undecided (D,): how many
    units.  Row slots: C, HC (R, p), K, L (R, R), x
    (multipliers), t, z (space) (R,), row (R, 3): point, tau, mask of units; order (R,): slots of the rows present
    first; numbers: of rows and of null vectors; sign (w,).  Space: scales, dependent (p,), together (D, D), listed (2, D).
    """

    H: Floats
    A: Floats
    Hb: Floats
    v: Floats
    null: Floats
    side: Signs
    inner: Floats
    share: Floats
    weight: Floats
    violation: Floats
    undecided: Longs
    C: Floats
    HC: Floats
    K: Floats
    L: Floats
    x: Floats
    t: Floats
    z: Floats
    row: Longs
    order: Longs
    numbers: Longs
    sign: Signs
    scales: Floats
    dependent: NDArray[np.bool_]
    together: Longs
    listed: Longs


def work(data: Data) -> Work:
    """Space for one node at a time."""
    p, w, D, R = data.p, data.w, len(data.y), MAX_ROWS
    square, wide = (p, p), (R, p)
    systems = np.zeros(square), np.zeros(square), np.zeros(p), np.zeros(p), np.zeros(square)
    points = np.zeros((w, D), np.int8), np.zeros((w, D)), np.zeros(D)
    weight, violation, undecided = np.zeros((w, D)), np.zeros(D), np.zeros(D, np.int64)
    rows = np.zeros(wide), np.zeros(wide), np.zeros((R, R)), np.zeros((R, R)), np.zeros(R), np.zeros(R), np.zeros(R)
    slots = np.zeros((R, 3), np.int64), np.arange(R), np.zeros(2, np.int64)
    scales, dependent = np.zeros(p), np.zeros(p, np.bool_)
    pairs, listed = np.zeros((D, D), np.int64), np.zeros((2, D), np.int64)
    known = *systems, *points, weight, violation, undecided, *rows, *slots
    return Work(*known, np.zeros(w, np.int8), scales, dependent, pairs, listed)


@inner
def admissible(data: Data, W: Work, i: int, tau: int, mask: int) -> bool:
    """Whether a row has no component in the null space of G."""
    d, w = data.d, data.w
    for e in range(W.numbers[NULLITY]):
        q, norm = 0.0, 0.0
        for k in range(w):
            if mask >> k & 1 or (tau != 0 and W.side[k, i] > 0):
                for a in range(d):
                    q += data.z[i, a] * W.null[e, k * d + a]
        if tau != 0:
            for a in range(data.f):
                q += data.z[i, a] * W.null[e, w * d + a]
        for a in range(data.p):
            norm += W.null[e, a] * W.null[e, a]
        if abs(q) * data.inverse_norms[i] > NULL * np.sqrt(norm):
            return False
    return True


@inner
def known_row(W: Work, i: int, tau: int, mask: int) -> bool:
    for e in range(W.numbers[ROWS]):
        s = W.order[e]
        if W.row[s, 0] == i and W.row[s, 1] == tau and W.row[s, 2] == mask:
            return True
    return False


@inner
def add_block(data: Data, W: Work, s: int, k: int, i: int, factor: float, length: int) -> None:
    """Add factor * z_i in block k to the row in slot s, and H times that."""
    for a in range(length):
        q = factor * data.z[i, a]
        W.C[s, k * data.d + a] = q
        for e in range(data.p):
            W.HC[s, e] += W.H[k * data.d + a, e] * q


@inner
def add_row(data: Data, W: Work, i: int, tau: int, mask: int, multiplier: float) -> None:
    """Append a row: its vector, its column of K and its t."""
    p, n = data.p, W.numbers[ROWS]
    s = W.order[n]
    W.row[s, 0], W.row[s, 1], W.row[s, 2] = i, tau, mask
    for a in range(p):
        W.C[s, a], W.HC[s, a] = 0.0, 0.0
    for k in range(data.w):
        if tau == 0:
            if mask >> k & 1:
                add_block(data, W, s, k, i, float(W.sign[k] * W.side[k, i]), data.d)
        elif mask >> k & 1 or W.side[k, i] > 0:
            add_block(data, W, s, k, i, float(-tau), data.d)
    if tau != 0 and data.f > 0:
        add_block(data, W, s, data.w, i, float(-tau), data.f)
    q = -tau * data.y[i]
    for a in range(p):
        q -= W.C[s, a] * W.Hb[a]
    W.t[s], W.x[s] = q, multiplier
    W.numbers[ROWS] = n + 1
    for e in range(n + 1):
        u = W.order[e]
        q = 0.0
        for a in range(p):
            q += W.C[u, a] * W.HC[s, a]
        if tau != 0 and W.row[u, 1] != 0 and W.row[u, 0] == i:
            q += 1.0 / data.m[i]
        W.K[u, s], W.K[s, u] = q, q


@inner
def drop_row(W: Work, e: int) -> None:
    s, n = W.order[e], W.numbers[ROWS] - 1
    for a in range(e, n):
        W.order[a] = W.order[a + 1]
    W.order[n] = s
    W.numbers[ROWS] = n


@inner
def factorise(W: Work, start: int) -> int:
    """The Cholesky factor of K on the rows present, from row ``start`` on; -1, or the first dependent row."""
    for a in range(start, W.numbers[ROWS]):
        s = W.order[a]
        for c in range(a + 1):
            q = W.K[s, W.order[c]]
            for e in range(c):
                q -= W.L[a, e] * W.L[c, e]
            if a > c:
                W.L[a, c] = q / W.L[c, c]
            elif q <= SINGULAR * W.K[s, s]:
                return a
            else:
                W.L[a, a] = np.sqrt(q)
    return -1


@inner
def stationary(W: Work) -> None:
    """z = K^-1 t on the rows present."""
    n = W.numbers[ROWS]
    for a in range(n):
        q = W.t[W.order[a]]
        for e in range(a):
            q -= W.L[a, e] * W.z[e]
        W.z[a] = q / W.L[a, a]
    for a in range(n - 1, -1, -1):
        q = W.z[a]
        for e in range(a + 1, n):
            q -= W.L[e, a] * W.z[e]
        W.z[a] = q / W.L[a, a]


@inner
def settle_rows(W: Work) -> bool:
    """The inner loop of Lawson and Hanson: drop rows until all multipliers are positive; False if K was singular."""
    start: Any = np.int64(0)
    regular = True
    while W.numbers[ROWS] > 0:
        bad = factorise(W, start)
        if bad >= 0:
            drop_row(W, bad)
            start, regular = bad, False
            continue
        stationary(W)
        blocking: Any = np.int64(-1)
        n, step = W.numbers[ROWS], 1.0
        for a in range(n):
            if W.z[a] <= 0:
                x = W.x[W.order[a]]
                ratio = x / (x - W.z[a]) if x > 0 else 0.0
                if blocking < 0 or ratio < step:
                    step, blocking = ratio, a
        for a in range(n):
            W.x[W.order[a]] += step * (W.z[a] - W.x[W.order[a]])
        if blocking < 0:
            break
        drop_row(W, blocking)
        start = blocking
    return regular


@inner
def solution(data: Data, W: Work) -> float:
    """v and the shares r_i at the multipliers; what the rows add to the bound."""
    gain = 0.0
    for a in range(data.p):
        W.v[a] = W.Hb[a]
    for i in range(len(data.y)):
        W.share[i] = 0.0
    for e in range(W.numbers[ROWS]):
        s = W.order[e]
        gain += W.x[s] * W.t[s]
        for a in range(data.p):
            W.v[a] += W.x[s] * W.HC[s, a]
        if W.row[s, 1] != 0:
            W.share[W.row[s, 0]] += W.x[s] / data.m[W.row[s, 0]]
    return gain


@inner
def estimate(data: Data, W: Work, i: int) -> tuple[int, int, float]:
    """tau, mask and violation of the best estimate at an undecided point; -1 as violation if the signs are mixed."""
    tau, mask, form, mixed = 0, 0, 0.0, False
    for k in range(data.w):
        if W.side[k, i] == 0:
            mixed = mixed or tau == -W.sign[k]
            tau = W.sign[k]
            if W.inner[k, i] * tau > 0:
                mask |= 1 << k
                form += W.inner[k, i]
        elif W.side[k, i] > 0:
            form += W.inner[k, i]
    for a in range(data.f):
        form += data.z[i, a] * W.v[data.w * data.d + a]
    violation = (tau * (form - data.y[i]) - W.share[i]) * data.inverse_norms[i]
    return tau, mask, -1.0 if mixed else violation


@inner
def products(data: Data, W: Work, k: int) -> None:
    """<z_i, v_k> at all points, and by how much they violate the cone rows of unit k; loops over points, in vectors."""
    D, first = len(data.y), W.v[k * data.d]
    for i in range(D):
        W.inner[k, i] = first
    for a in range(1, data.d):
        q = W.v[k * data.d + a]
        for i in range(D):
            W.inner[k, i] += q * data.columns[a, i]
    for i in range(D):
        W.violation[i] = W.inner[k, i] * W.weight[k, i]


@inner
def most_violated(data: Data, W: Work) -> tuple[Any, Any, Any]:
    """Point, tau and mask of the admissible row that v violates most, or point -1; renews ``inner``."""
    best = VIOLATED
    point: Any = np.int64(-1)
    tau: Any = np.int64(0)
    mask: Any = np.int64(0)
    singular = W.numbers[NULLITY] > 0
    for k in range(data.w):
        products(data, W, k)
        for i in range(len(data.y)):
            violation = W.violation[i]
            if violation > best and not (singular and not admissible(data, W, i, np.int64(0), 1 << k)):
                best, point, tau, mask = violation, i, np.int64(0), np.int64(1) << k
    for i in range(len(data.y)):
        if W.undecided[i] > 0:
            sign, units, violation = estimate(data, W, i)
            if violation > best and not (singular and not admissible(data, W, i, sign, units)):
                best, point, tau, mask = violation, i, sign, units
    return point, tau, mask


@inner
def dual_bound(data: Data, W: Work, base: float, target: float, limit: int) -> tuple[float, bool]:
    """The bound from the rows present and up to ``limit`` more, and whether v is optimal for all admissible rows."""
    if W.numbers[ROWS] > 0:
        settle_rows(W)
    bound = base + solution(data, W)
    for _ in range(limit):
        if bound >= target:
            return bound, False
        i, tau, mask = most_violated(data, W)
        if i < 0:
            return bound, True
        if W.numbers[ROWS] >= MAX_ROWS or known_row(W, i, tau, mask):
            return bound, False
        add_row(data, W, i, tau, mask, 0.0)
        regular = settle_rows(W)
        bound = base + solution(data, W)
        if not regular:
            break
    if bound < target:
        most_violated(data, W)
    return bound, False
