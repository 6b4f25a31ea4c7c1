r"""Where to divide a node: at the point where its relaxation is loosest.

At the solution v of a node's relaxation a point that is not decided costs what the rows make it cost, m_i r_i^2, while
the network with parameters v has the residual f(x_i) - y_i there.  The difference is the *gap* of the point.  If all
gaps are 0 and v is optimal, the node is solved: v is a network as good as its bound.  So the node is divided at the
point with the largest gap (per undecided unit), and the network at v is a candidate for the incumbent.  On noise
labels, n = w = 2, D = 50, this visits a quarter of the nodes of a fixed tree of cells, the point of which minimises
the expected number of undecided points.

That fixed rule is used while there are too few decided points for v to mean anything, which is when G has more than
two or three null vectors.  Also tried: the product of the children's bounds estimated by rank-one updates (two to
four times more nodes), and gaps weighted by how evenly the cells are divided (no fewer).
"""

from __future__ import annotations

import numpy as np

from verify.training.compilation import inner
from verify.training.bounds import Longs, Work
from verify.training.gram import Data
from verify.training.states import States, bit

SAMPLE = 64  # cells that choose the middle of a state


@inner
def residual(data: Data, W: Work, i: int) -> tuple[float, int]:
    """f(x_i) - y_i of the network at v, and the signs of the undecided units: 1, -1, or 0 if they are mixed."""
    value, tau, mixed = -data.y[i], 0, False
    for a in range(data.f):
        value += data.z[i, a] * W.v[data.w * data.d + a]
    for k in range(data.w):
        if W.inner[k, i] * W.sign[k] > 0:
            value += W.inner[k, i]
        if W.side[k, i] == 0:
            mixed = mixed or tau == -W.sign[k]
            tau = W.sign[k]
    return value, 0 if mixed else tau


@inner
def loosest(data: Data, t: States, state: np.ndarray, W: Work) -> tuple[float, int, int]:
    """The loss of the network at v, and the unit and the point with the largest gap; point -1 if all is decided."""
    loss, best, unit, point = 0.0, -1.0, -1, -1
    for i in range(len(data.y)):
        r, tau = residual(data, W, i)
        loss += data.m[i] * r * r
        undecided = W.undecided[i]
        if undecided == 0:
            continue
        paid = max(0.0, tau * r)
        gap = data.m[i] * (r * r - paid * paid) / undecided
        for k in range(data.w):
            if W.side[k, i] == 0:
                larger = gap == best and t.undecided[state[k]] > t.undecided[state[unit]]
                if gap > best or larger:
                    best, unit, point = gap, k, i
    return loss, unit, point


@inner
def middle(t: States, state: int, W: Work) -> np.int64:
    """The point that minimises the expected number of undecided points of the halves, by a sample of the cells."""
    if t.middle[state] >= 0:
        return np.int64(t.middle[state])
    points, on, together = W.listed[0], W.listed[1], W.together
    size, count = np.int64(0), np.int64(0)
    for i in range(t.used[4]):
        if not bit(t.positive[state], i) and not bit(t.negative[state], i):
            points[size] = i
            size += 1
    for e in range(size):
        for g in range(size):
            together[e, g] = 0
    for q in range(t.begin[state], t.begin[state] + t.length[state], max(1, t.length[state] // SAMPLE)):
        cell, n = t.cells[t.members[q]], np.int64(0)
        count += 1
        for e in range(size):
            if bit(cell, points[e]):
                on[n] = e
                n += 1
        for e in range(n):
            for g in range(n):
                together[on[e], on[g]] += 1
    t.middle[state] = points[least_divided(together, size, count)]
    return np.int64(t.middle[state])


@inner
def least_divided(together: Longs, size: int, count: int) -> int:
    """The index e < size for which a cell of the halves has the fewest undecided points on average; together[e, g]:
    cells with both."""
    chosen, best = 0, np.inf
    for e in range(size):
        with_e, above, below = together[e, e], 0, 0
        for g in range(size):
            both, alone = together[e, g], together[g, g] - together[e, g]
            above += 0 < both < with_e
            below += 0 < alone < count - with_e
        value = (with_e * above + (count - with_e) * below) / count
        if with_e == 0 or with_e == count:  # not divided in the sample
            value += size
        if value < best:
            chosen, best = e, value
    return chosen


@inner
def widest(t: States, state: np.ndarray) -> int:
    """The unit with the most undecided points."""
    unit = 0
    for k in range(len(state)):
        if t.undecided[state[k]] > t.undecided[state[unit]]:
            unit = k
    return unit
