r"""Branch and bound over the activation patterns of groups of units, squared loss, in floating point.

A node gives each unit a *state*: a set of cells (``states``) and a sign, unknown at first.  Equal states form a
group, and a group of m units is divided all at once: j = 0, ..., m of them take the second half.  So networks that
differ in the order of their units are visited once.  First the signs are divided, then, node by node, the point where
the relaxation is loosest (``branching``).  A child is bounded by least squares on its decided points when it is made,
and by the rows of ``bounds`` when it is visited; at the end each unit has a single cell, and the node is a convex
program that is solved (``cones`` where it does not determine all parameters).

Depth first, the children in the order of j: what has been visited is a prefix of the preorder, and what is open
follows it. So a slice of the search ends anywhere, its open nodes are a few masks, and records of slices are joined
end to end.

Floating point decides nothing for good: the certificate pass proves every bound again in exact arithmetic.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from verify.training.compilation import entry, inner
from verify.training.bounds import (
    NULLITY,
    ROWS,
    Floats,
    Longs,
    Signs,
    Work,
    add_row,
    admissible,
    dual_bound,
    known_row,
    work,
)
from verify.training.branching import loosest, middle, widest
from verify.training.cones import cone_minimum
from verify.training.gram import Data, generalised_inverse, least_squares, numbers
from verify.training.nodes import Nodes, Record, Slice
from verify.training.problem import Problem, evaluate
from verify.training.stack import Stack, copy_entry, gather, keep_rows, load
from verify.training.states import FULL, States, bit, half, states

__all__ = ["Nodes", "Record", "Slice", "search"]

STEPS, LEAF_STEPS = 6, 300  # of the active-set method
UNDETERMINED = 3  # null vectors of G up to which v chooses the point of a division, but at most d
NODES, LEAVES, BOUNDS, BRANCHINGS, TOKENS, RECORDED = range(6)  # places in Run.counters
OPEN, CLOSED, LEAF = 0, 1, 2
DONE, NO_ROOM = 0, 1  # ways to end ``advance``; and LEAF


class Run(NamedTuple):
    """What a run changes: counters (8,); upper (1,); best, best_sign: the new incumbent; A (p, p), r (p,): space;
    tokens, rows, multipliers: the record, of size 0 if there is none."""

    counters: NDArray[np.int64]
    upper: Floats
    best: Floats
    best_sign: Signs
    A: Floats
    r: Floats
    tokens: NDArray[np.int32]
    rows: NDArray[np.int32]
    multipliers: Floats


@inner
def unpack(data: Data, t: States, S: Stack, e: int, W: Work) -> None:
    """Signs and sides of the units of a node."""
    for k in range(data.w):
        s = S.state[e, k]
        W.sign[k] = S.sign[e, k]
        for i in range(len(data.y)):
            side = np.int64(bit(t.positive[s], i)) - np.int64(bit(t.negative[s], i))
            W.side[k, i] = side
            W.weight[k, i] = -side * W.sign[k] * data.inverse_norms[i]
            if k == 0:
                W.undecided[i] = 0
            W.undecided[i] += side == 0


@inner
def inherit(data: Data, S: Stack, e: int, W: Work) -> None:
    """The rows of the parent that still say something."""
    W.numbers[ROWS] = 0
    for a in range(S.number[e]):
        i, tau, mask = S.rows[e, a, 0], S.rows[e, a, 1], S.rows[e, a, 2]
        if tau != 0:
            unknown = 0
            for k in range(data.w):
                if W.side[k, i] == 0:
                    unknown |= 1 << k
            if unknown == 0:
                continue
            mask &= unknown
        if not known_row(W, i, tau, mask) and (W.numbers[NULLITY] == 0 or admissible(data, W, i, tau, mask)):
            add_row(data, W, i, tau, mask, S.multipliers[e, a])


@inner
def note_bounded(W: Work, R: Run) -> None:
    """Record a node that is bounded by the rows present."""
    if not len(R.tokens):
        return
    count = W.numbers[ROWS]
    place, first = R.counters[TOKENS], R.counters[RECORDED]
    R.tokens[place], R.tokens[place + 1] = 0, count
    for a in range(count):
        s = W.order[a]
        R.multipliers[first + a] = W.x[s]
        for q in range(3):
            R.rows[first + a, q] = W.row[s, q]
    R.counters[TOKENS] = place + 2
    R.counters[RECORDED] = first + count


@inner
def offer(data: Data, W: Work, R: Run, loss: float) -> None:
    """The network at v as the incumbent, if it is better."""
    if loss < R.upper[0]:
        R.upper[0] = loss
        for a in range(data.p):
            R.best[a] = W.v[a]
        for k in range(data.w):
            R.best_sign[k] = W.sign[k]


@inner
def is_leaf(t: States, state: Longs) -> bool:
    single = True
    for s in state:
        single = single and t.length[s] == 1
    return single


@inner
def visit(data: Data, t: States, S: Stack, e: int, W: Work, R: Run, tolerance: float) -> tuple[int, int, int]:
    """Bound a node: CLOSED, LEAF, or OPEN and the unit and the point (-1: sign) at which to divide it."""
    target = R.upper[0] * (1 - tolerance) - 1e-13
    for k in range(data.w):
        if S.sign[e, k] == 0:
            return OPEN, k, -1
    R.counters[BOUNDS] += 1
    leaf = is_leaf(t, S.state[e])
    unpack(data, t, S, e, W)
    W.numbers[NULLITY] = generalised_inverse(data, S.G[e], W.A, W.H, W.null, W.scales, W.dependent)
    base = S.yy[e]
    for i in range(data.p):
        q = 0.0
        for j in range(data.p):
            q += W.H[i, j] * S.b[e, j]
        W.Hb[i] = q
        base -= q * S.b[e, i]
    inherit(data, S, e, W)
    bound, _ = dual_bound(data, W, base, target, LEAF_STEPS if leaf else STEPS)
    S.bound[e] = max(S.bound[e], bound)
    if bound >= target:
        note_bounded(W, R)
        return CLOSED, 0, 0
    loss, k, i = loosest(data, t, S.state[e], W)
    offer(data, W, R, loss)
    if bound >= R.upper[0] * (1 - tolerance) - 1e-13:
        note_bounded(W, R)
        return CLOSED, 0, 0
    if leaf:
        R.counters[LEAVES] += 1
        note_bounded(W, R)
        return LEAF, 0, 0
    if i < 0 or W.numbers[NULLITY] > min(data.d, UNDETERMINED):
        k = widest(t, S.state[e])
        i = middle(t, S.state[e, k], W)
    return OPEN, k, i


@inner
def group(S: Stack, e: int, k: int, w: int) -> tuple[int, int]:
    """The first of the units in the same state as unit k, and their number; they are neighbours."""
    first, m = k, 1
    while first > 0 and S.state[e, first - 1] == S.state[e, k] and S.sign[e, first - 1] == S.sign[e, k]:
        first -= 1
    while first + m < w and S.state[e, first + m] == S.state[e, k] and S.sign[e, first + m] == S.sign[e, k]:
        m += 1
    return first, m


@inner
def divide(data: Data, t: States, S: Stack, top: int, k: int, point: int, R: Run, tolerance: float) -> int:
    """Replace the last entry by its children, the first one last; the new height, or FULL."""
    e, state = top - 1, S.state[top - 1, k]
    first, m = group(S, e, k, data.w)
    above = below = np.int64(state)
    if point >= 0:
        above, below = half(t, state, point, np.int64(0)), half(t, state, point, np.int64(1))
        if above == FULL or below == FULL:
            return FULL
    target = R.upper[0] * (1 - tolerance) - 1e-13
    height = top
    for j in range(m, -1, -1):
        copy_entry(data, S, e, height)
        for q in range(m):
            if point < 0:
                S.sign[height, first + q] = 1 if q < m - j else -1
            else:
                S.state[height, first + q] = above if q < m - j else below
        gather(data, t, S, height, e)
        if point >= 0:
            bound = least_squares(data, S.G[height], S.b[height], S.yy[height], target, R.A, R.r)
            S.plain[height], S.bound[height] = bound, max(bound, S.bound[height])
        if S.plain[height] < target or len(R.tokens):
            height += 1
        else:
            R.counters[NODES] += 1
    R.counters[BRANCHINGS] += 1
    if len(R.tokens):
        place = R.counters[TOKENS]
        R.tokens[place], R.tokens[place + 1] = 1 + first, point
        R.counters[TOKENS] = place + 2
    if height > top:  # the last child takes the place of its parent
        copy_entry(data, S, top, e)
        for c in range(top, height - 1):
            copy_entry(data, S, c + 1, c)
        height -= 1
    else:
        height = e
    return height


@entry
def advance(
    data: Data, t: States, S: Stack, top: int, W: Work, R: Run, tolerance: float, limit: int
) -> tuple[int, int]:
    """Visit nodes until ``limit`` have been visited or none is left (DONE), tables are full (NO_ROOM), or the entry at
    the height is a LEAF that rows do not close; the height, and which it was."""
    while top > 0 and R.counters[NODES] < limit:
        e = top - 1
        target = R.upper[0] * (1 - tolerance) - 1e-13
        if S.plain[e] >= target or (S.bound[e] >= target and not len(R.tokens)):
            W.numbers[ROWS] = 0
            note_bounded(W, R)
            R.counters[NODES] += 1
            top -= 1
            continue
        if len(R.tokens) and (
            R.counters[TOKENS] + 4 > len(R.tokens) or R.counters[RECORDED] + len(W.x) > len(R.multipliers)
        ):
            return top, NO_ROOM
        what, k, point = visit(data, t, S, e, W, R, tolerance)
        if what == OPEN:
            if S.sign[e, k] != 0:
                keep_rows(S, e, W)
            height = divide(data, t, S, top, k, point, R, tolerance)
            if height == FULL:
                return top, NO_ROOM
            top = height
        else:
            top -= 1
        R.counters[NODES] += 1
        if what == LEAF:
            return top, LEAF
    return top, DONE


def solve_leaf(problem: Problem, t: States, S: Stack, e: int, R: Run) -> None:
    """All units have single cells: find the minimum, where the rows have not, and offer it as the incumbent."""
    cells, signs = t.cells[t.members[t.begin[S.state[e]]]], S.sign[e].copy()
    weights = cone_minimum(problem, cells, signs)
    loss = evaluate(problem, weights, signs)
    if loss < R.upper[0]:
        R.upper[0], R.best[:], R.best_sign[:] = loss, weights, signs


def search(
    problem: Problem,
    nodes: Nodes,
    upper: float,
    *,
    node_limit: int,
    tolerance: float = 1e-9,
    record: bool = False,
    capacity: int = 2**14,
) -> Slice:
    r"""Visit up to about ``node_limit`` nodes, beginning with the first of ``nodes``.

    ``upper`` is a loss that is known to be reached, in the units of the problem; nodes that cannot be better by the
    relative ``tolerance`` are closed.  A negative tolerance keeps nodes that are a little worse, as the recorded tree
    of a certificate needs.  ``capacity``: how many states there is room for at first; it grows.

    >>> problem = Problem.of([[1, 0], [1, 1], [1, 2]], [0, 1, 0], [1, 1, 1], width=1)
    >>> round(search(problem, Nodes.root(problem), 2.0, node_limit=100).upper, 9)
    0.5
    """
    if problem.loss != "squared":
        from verify.training import linear_losses

        return linear_losses.search(problem, nodes, upper, node_limit=node_limit, tolerance=tolerance, record=record)
    data, counters, best, signs = (
        numbers(problem),
        np.zeros(8, np.int64),
        np.zeros(problem.parameters),
        np.zeros(problem.width, np.int8),
    )
    reached, parts = np.array([upper]), []
    while True:
        t, W, room = states(problem.cells, problem.points, capacity), work(data), 32 * capacity if record else 0
        S, top = load(data, t, nodes)
        if top < 0:
            capacity *= 2
            continue
        log = np.empty(room, np.int32), np.empty((room, 3), np.int32), np.empty(room)
        R = Run(counters, reached, best, signs, np.empty((data.p, data.p)), np.empty(data.p), *log)
        counters[TOKENS] = counters[RECORDED] = 0
        ended = LEAF
        while ended == LEAF:
            top, ended = advance(data, t, S, top, W, R, tolerance, node_limit)
            if ended == LEAF:
                solve_leaf(problem, t, S, top, R)
        parts.append(Record(log[0][: counters[TOKENS]], log[1][: counters[RECORDED]], log[2][: counters[RECORDED]]))
        e = np.arange(top)[::-1]
        nodes = Nodes(S.sign[e], t.positive[S.state[e]], t.negative[S.state[e]], S.bound[e])
        if ended == DONE:
            break
        capacity *= 2
    better = bool(reached[0] < upper)
    found = best if better else None, signs if better else None
    visited, leaves, bounds, branchings = (int(x) for x in counters[: BRANCHINGS + 1])
    log_book = Record.join(parts) if record else None
    return Slice(float(reached[0]), *found, nodes, visited, leaves, bounds, branchings, log_book)
