r"""Lower bounds for losses with one corner: a simplex method that climbs through feasible points of the dual.

At a node of the search every neuron k has a sign s_k, and each point has a known side of k or none.  With v_k = s_k u_k
the loss is bounded below by a linear program in v: minimise the sum over the data t of

    above_t (e_t.v - o_t)^+ + below_t (o_t - e_t.v)^+     subject to     s_k sigma <z_i, v_k> >= 0 at known sides sigma.

Where all sides are known, e_t.v is the output of the network.  Where the neurons with unknown side all have the sign
tau, it estimates the output from one side, and only the slope of that side counts: each of these neurons contributes 0
or its linear form, whichever was larger at the v at hand.  Other data do not count.

The dual program is to maximise -sum_t q_t o_t subject to sum_t q_t e_t = sum of cone rows with multipliers >= 0, where
-below_t <= q_t <= above_t (or one half of this).  It has only p = w d + f equations, and boxes.  Each of its feasible points
proves a bound, so it is solved by the primal simplex method with boxes: the value climbs, and the climb ends as soon as
it reaches the target.  The dual solution of a node is feasible for its children after a change that is known
beforehand (``resume``), hence a child starts from the bound of its parent and needs few steps.

Columns j of the tableau: 0 <= j < T the data, T + k D + i the cone row of neuron k and point i, then p artificial unit
vectors, which are fixed at 0 and fill up the basis.  Variables outside the basis are at an end of their box or at 0.
G. B. Dantzig, "Linear Programming and Extensions" (1963), chapter 18, for variables with upper bounds.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from verify.training.linear_terms import column, copy

PIVOT = 1e-7  # smaller entries of the tableau count as 0
SLACK = 1e-9  # smaller reduced costs count as 0

OPTIMAL, REACHED, STUCK = 0, 1, 2


@njit(cache=True, inline="always")
def transformed(W, p):  # type: ignore[no-untyped-def]
    for e in range(p):
        q = 0.0
        for c in range(p):
            q += W.inverse[e, c] * W.a[c]
        W.y[e] = q


@njit(cache=True, inline="always")
def exchange(W, p, place, j):  # type: ignore[no-untyped-def]
    """Column j, which is y in terms of the basis, takes a place in the basis."""
    scale = 1.0 / W.y[place]
    for c in range(p):
        W.inverse[place, c] *= scale
    for e in range(p):
        g = W.y[e]
        if e != place and g != 0.0:
            for c in range(p):
                W.inverse[e, c] -= g * W.inverse[place, c]
    W.where[W.basis[place]] = -1
    W.basis[place] = j
    W.where[j] = place


@njit(cache=True)
def restart(data, W):  # type: ignore[no-untyped-def]
    """All variables 0, and the basis artificial."""
    p = data.size[4]
    first = len(W.x) - p
    for j in range(len(W.x)):
        W.where[j] = -1
        W.x[j] = 0.0
    for t in range(data.size[5]):
        W.blocks[t] = W.active[data.place[t]]
    for e in range(p):
        W.basis[e] = first + e
        W.where[first + e] = e
        W.v[e] = 0.0
        for c in range(p):
            W.inverse[e, c] = 1.0 if e == c else 0.0


@njit(cache=True)
def enter(data, W, j):  # type: ignore[no-untyped-def]
    """Column j takes the place of an artificial one, if it is independent of the others in the basis."""
    p = data.size[4]
    first = len(W.x) - p
    column(data, W, j, W.a)
    transformed(W, p)
    best, place = 1e-7, -1
    for e in range(p):
        if W.basis[e] >= first and abs(W.y[e]) > best:
            best, place = abs(W.y[e]), e
    if place < 0:
        return False
    exchange(W, p, place, j)
    return True


@njit(cache=True)
def resume(data, W, x, blocks, basis, values):  # type: ignore[no-untyped-def]
    r"""Start from the dual solution of the parent: x (T,), blocks (T,), and the basis with its values; True if it fits.

    A neuron whose side of point i has become known may stand in the e_t of the data there with the other one of its two
    estimates; as q_t z_i = -(cone row) times a sign, a multiplier |q_t| of that cone row restores the equations.
    """
    D, _, w, _, p, T = data.size
    restart(data, W)
    copy(W.x, x)
    for e in range(p):  # rounding may have left them just outside their boxes
        W.x[basis[e]] = min(max(values[e], W.low[basis[e]]), W.high[basis[e]])
    for t in range(T):
        if W.x[t] != 0.0:
            i = data.place[t]
            now = blocks[t] & W.undecided[i] | W.active[i]
            for k in range(w):
                if (now ^ blocks[t]) >> k & 1:
                    W.x[T + k * D + i] += abs(W.x[t])
            W.blocks[t] = now
    for e in range(p):
        if basis[e] < len(W.x) - p:
            enter(data, W, basis[e])
    good = rebalance(data, W)
    if not good:
        restart(data, W)
    for c in range(p):
        W.v[c] = 0.0
    for e in range(p):
        if W.basis[e] < T:
            for c in range(p):
                W.v[c] += data.o[W.basis[e]] * W.inverse[e, c]
    return good


@njit(cache=True)
def rebalance(data, W):  # type: ignore[no-untyped-def]
    """The values of the basis from the others by the equations; False if they leave their boxes."""
    D, _, w, _, p, T = data.size
    for e in range(p):
        W.total[e] = 0.0
    for j in range(T + w * D):
        if W.x[j] != 0.0 and W.where[j] < 0:
            column(data, W, j, W.a)
            for e in range(p):
                W.total[e] += W.x[j] * W.a[e]
    good = True
    for e in range(p):
        j = W.basis[e]
        q = 0.0
        for c in range(p):
            q -= W.inverse[e, c] * W.total[c]
        low, high = W.low[j], W.high[j]
        if q < low - 1e-8 or q > high + 1e-8:
            good = False
        W.x[j] = min(max(q, low), high)
    return good


@njit(cache=True)
def value(data, W):  # type: ignore[no-untyped-def]
    q = 0.0
    for t in range(data.size[5]):
        q -= W.x[t] * data.o[t]
    return q


@njit(cache=True)
def candidate(data, W, skip):  # type: ignore[no-untyped-def]
    """The column that promises most, and its reduced cost: (-1, 0) at the optimum.

    Columns strictly inside their boxes that promise nothing are moved to an end of the box.
    """
    heights(data, W.v, W.inner)
    best, chosen, cost, loose = cones(data, W, skip)
    best, chosen, cost, loose = estimates(data, W, skip, best, chosen, cost, loose)
    if chosen < 0 and loose >= 0:
        return loose, 0.0
    return chosen, cost


@njit(cache=True, inline="always")
def heights(data, v, inner):  # type: ignore[no-untyped-def]
    D, d, w, _, _, _ = data.size
    for k in range(w):
        for i in range(D):
            q = 0.0
            for e in range(d):
                q += data.z[i, e] * v[k * d + e]
            inner[k, i] = q


@njit(cache=True, inline="always")
def cones(data, W, skip):  # type: ignore[no-untyped-def]
    """The most violated cone row: (its reduced cost over the norm, its column, its cost, a column inside its box)."""
    D, _, w, _, _, T = data.size
    best, chosen, cost, loose = SLACK, -1, 0.0, -1
    for k in range(w):
        for i in range(D):
            c = W.code[k, i]
            if c == 0:
                continue
            r = -W.signs[k] * c * W.inner[k, i]
            size = data.inverse_norms[i]
            j = T + k * D + i
            if r * size > best:
                if W.where[j] < 0 and j != skip:
                    best, chosen, cost = r * size, j, r
            elif W.x[j] > 0.0 and W.where[j] < 0 and j != skip:
                loose = j
                if -r * size > best:
                    best, chosen, cost = -r * size, j, r
    return best, chosen, cost, loose


@njit(cache=True, inline="always")
def estimates(data, W, skip, best, chosen, cost, loose):  # type: ignore[no-untyped-def]
    """The same for the data, whose estimates are chosen anew where they do not count yet."""
    D, d, w, f, _, _ = data.size
    x, low, high = W.x, W.low, W.high
    for i in range(D):
        output = 0.0
        for e in range(f):
            output += data.z[i, e] * W.v[w * d + e]
        for k in range(w):
            if W.code[k, i] > 0:
                output += W.inner[k, i]
        for t in range(data.begin[i], data.begin[i + 1]):
            kind = W.kind[t]
            if kind == 0 or W.where[t] >= 0 or t == skip:
                continue
            r = output - data.o[t]
            if kind != 2:
                if x[t] == 0.0:
                    W.blocks[t] = W.active[i]
                for k in range(w):
                    if W.code[k, i] == 0:
                        if x[t] == 0.0 and kind * W.inner[k, i] > 0:
                            W.blocks[t] |= 1 << k
                        if W.blocks[t] >> k & 1:
                            r += W.inner[k, i]
            score = abs(r) * data.inverse_norms[i]
            if score > best and ((r > 0 and x[t] < high[t]) or (r < 0 and x[t] > low[t])):
                best, chosen, cost = score, t, r
            elif x[t] != 0.0 and low[t] < x[t] < high[t]:
                loose = t
    return best, chosen, cost, loose


@njit(cache=True)
def climb(data, W, target, limit, steps):  # type: ignore[no-untyped-def]
    """Improve the dual solution until it is optimal or its value reaches the target: (value, how it ended)."""
    bound, skip = value(data, W), -1
    for _ in range(limit):
        if bound >= target:
            return bound, REACHED
        j, cost = candidate(data, W, skip)
        if j < 0:
            return bound, OPTIMAL if skip < 0 else STUCK
        steps[0] += 1
        gain = advance(data, W, j, cost)
        if gain == np.inf:
            skip = j
        else:
            skip = -1
            bound += gain
    return bound, STUCK


@njit(cache=True)
def advance(data, W, j, cost):  # type: ignore[no-untyped-def]
    """Move column j in the direction of its reduced cost until something blocks: the gain; infinite if nothing does."""
    p = data.size[4]
    first = len(W.x) - p
    up = 1.0 if cost > 0 else -1.0
    column(data, W, j, W.a)
    transformed(W, p)
    low, high = W.low[j], W.high[j]
    step = high - W.x[j] if up > 0 else W.x[j] - low
    place, pivot, leaves = -1, 0.0, 0.0
    for e in range(p):
        rate = -up * W.y[e]
        if abs(rate) <= PIVOT:
            continue
        b = W.basis[e]
        if b >= first:
            length, end = 0.0, 0.0
        else:
            end = W.high[b] if rate > 0 else W.low[b]
            length = max((end - W.x[b]) / rate, 0.0)
        if length < step - 1e-12 or (length <= step + 1e-12 and abs(rate) > pivot and place >= 0):
            step, place, pivot, leaves = min(step, length), e, abs(rate), end
    if step == np.inf:
        return np.inf
    for e in range(p):
        W.x[W.basis[e]] -= up * step * W.y[e]
    if place < 0:
        W.x[j] = high if up > 0 else low
        return abs(cost) * step
    W.x[j] += up * step
    gone = W.basis[place]
    shift = -cost / W.y[place]
    for c in range(p):
        W.v[c] += shift * W.inverse[place, c]
    exchange(W, p, place, j)
    W.x[gone] = leaves
    return abs(cost) * step


@njit(cache=True)
def corner(data, W):  # type: ignore[no-untyped-def]
    """Move on, without loss, until all variables outside the basis are at an end of their box or at 0."""
    for j in range(len(W.x) - data.size[4]):
        if W.where[j] < 0 and W.x[j] != 0.0 and W.low[j] < W.x[j] < W.high[j]:
            column(data, W, j, W.a)
            cost = -data.o[j] if j < data.size[5] else 0.0
            for e in range(data.size[4]):
                cost += W.a[e] * W.v[e]
            advance(data, W, j, cost)
