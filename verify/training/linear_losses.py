r"""Branch and bound for the absolute and the hinge loss, depth first.

Nodes, their order and the record are those of ``verify.training.search`` (``nodes``); bounds are the linear programs of
``linear_bounds``, each begun from the dual solution of the parent.  First the signs of all neurons are divided.  Then a
node whose bound v is below the incumbent's loss is divided by the side of the point where the network v loses most that
the bound did not count: the loss of the data there, if the relaxation left them out or estimated them from the other side.
Among the neurons with unknown side there, the one with more undecided points is taken.  If nothing is left out, the loss
of v is the bound, and the node is done.

Every bound brings a network v, whose true loss is one pass over the data; so the incumbent improves as the search goes.

**Record.**  A row (t, tau, mask) is an estimate of datum t from below (1) or above (-1), in which the undecided neurons
of ``mask`` are replaced by their linear forms; (i, 0, 1 << k) is the cone row of neuron k and point i.  An estimate that
takes its whole slope has the multiplier infinity.  The others are the basis, and their multipliers follow from it in exact
arithmetic (``certify_linear``).  Nodes whose bound ties with the incumbent's loss, up to the tolerance, are closed
where their program was solved to the end: its basis proves the tie, or the exact stage divides the node further.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from verify.training.linear_bounds import OPTIMAL, climb, corner, restart, resume
from verify.training.linear_terms import classify, copy, tableau, terms
from verify.training.nodes import Nodes, Record, Slice
from verify.training.states import FULL, bit, half, restricted, states

if TYPE_CHECKING:
    from verify.training.problem import Problem
    from verify.training.states import States

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]

CAPACITY = 2**13  # states, at first
CHUNK = 4000  # nodes between two looks at the tables
ROUNDING = 1e-13

NODES, LEAVES, BOUNDS, BRANCHINGS, STEPS, TOKENS, ROWS, CROWDED = range(8)  # what is counted; CROWDED: tables are full


class Stack(NamedTuple):
    """The open nodes, the next one last: states and signs (M, w), bounds, and the dual solution to start from, if any."""

    state: Ints
    sign: Ints
    bound: Floats
    warm: Ints
    x: Floats  # (M, T)
    blocks: Ints  # (M, T)
    basis: Ints  # (M, p)
    values: Floats  # (M, p)


class Best(NamedTuple):
    """The incumbent: its loss (1,), weights (p,) and signs (w,)."""

    upper: Floats
    weights: Floats
    signs: Ints


class Writing(NamedTuple):
    """The record so far; without room for a token nothing is recorded."""

    tokens: Ints
    rows: Ints  # (R, 3)
    multipliers: Floats


def search(
    problem: Problem,
    nodes: Nodes,
    upper: float,
    *,
    node_limit: int,
    tolerance: float = 1e-9,
    record: bool = False,
) -> Slice:
    """As ``verify.training.search.search``, for the absolute and the hinge loss."""
    data = terms(problem)
    w, p, count = problem.width, problem.parameters, len(data.o)
    work, counts = tableau(data), np.zeros(8, np.int64)
    best = Best(np.array([upper]), np.zeros(p), np.zeros(w, np.int32))
    chunk = CHUNK if record else node_limit
    room = [(2 + w) * CHUNK, (count + p) * CHUNK] if record else [0, 0]
    writing = Writing(np.empty(room[0], np.int32), np.empty((room[1], 3), np.int32), np.empty(room[1]))
    written = [_copied(writing, 0, 0)]
    capacity = CAPACITY
    while True:
        table, stack, top = _loaded(problem, nodes, capacity, count)
        while top and counts[NODES] < node_limit and not counts[CROWDED]:
            limit = min(node_limit, counts[NODES] + chunk)
            top = _run(data, table, stack, top, work, best, tolerance, limit, writing, counts)
            if record:
                written.append(_copied(writing, int(counts[TOKENS]), int(counts[ROWS])))
                counts[TOKENS] = counts[ROWS] = 0
        nodes = _unloaded(table, stack, top)
        if not counts[CROWDED]:
            break
        counts[CROWDED], capacity = 0, 2 * capacity
    better = best.upper[0] < upper
    return Slice(
        float(best.upper[0]),
        best.weights if better else None,
        best.signs.astype(np.int8) if better else None,
        nodes,
        int(counts[NODES]),
        int(counts[LEAVES]),
        int(counts[BOUNDS]),
        int(counts[BRANCHINGS]),
        Record.join(written) if record else None,
    )


def _copied(writing: Writing, tokens: int, rows: int) -> Record:
    return Record(writing.tokens[:tokens].copy(), writing.rows[:rows].copy(), writing.multipliers[:rows].copy())


def _loaded(problem: Problem, nodes: Nodes, capacity: int, count: int) -> tuple[States, Stack, int]:
    """The tables, and a stack with the nodes, the first one on top."""
    w, p = problem.width, problem.parameters
    size = len(nodes) + (w + 2) * (w * (problem.points + 2) + 2)
    stack = Stack(
        np.zeros((size, w), np.int32),
        np.zeros((size, w), np.int32),
        np.zeros(size),
        np.zeros(size, np.int32),
        np.zeros((size, count)),
        np.zeros((size, count), np.int32),
        np.zeros((size, p), np.int32),
        np.zeros((size, p)),
    )
    while True:
        table = states(problem.cells, problem.points, capacity)
        places = [
            [restricted(table, *pair) for pair in zip(*node, strict=True)]
            for node in zip(nodes.positive, nodes.negative, strict=True)
        ]
        if all(place != FULL for node in places for place in node):
            break
        capacity *= 2
    if places:
        stack.state[: len(nodes)] = np.array(places)[::-1]
        stack.sign[: len(nodes)], stack.bound[: len(nodes)] = nodes.signs[::-1], nodes.bound[::-1]
    return table, stack, len(nodes)


def _unloaded(table: States, stack: Stack, top: int) -> Nodes:
    order = np.arange(top)[::-1]
    placed = stack.state[order]
    return Nodes(stack.sign[order].astype(np.int8), table.positive[placed], table.negative[placed], stack.bound[order])


@njit(cache=True)
def _run(data, table, stack, top, work, best, tolerance, limit, writing, counts):  # type: ignore[no-untyped-def]
    """Visit nodes up to a limit; the number of open ones.  Stops where the tables are full."""
    gap = np.empty(data.size[0])
    recording = len(writing.tokens) > 0
    while top > 0 and counts[NODES] < limit:
        e = top - 1
        target = best.upper[0] * (1 - tolerance) - ROUNDING
        k, i = _unsigned(stack, e), -1
        warm = k < 0
        if (stack.bound[e] >= target and not recording) or (k >= 0 and target <= 0):
            if recording:
                _note(writing, counts, 0, 0)
            counts[NODES] += 1
            top -= 1
            continue
        if warm:
            closed = _bounded(data, table, stack, e, work, best, tolerance, gap, counts)
            k, i = (k, i) if closed else _branching(data, table, stack, e, work, gap)
            if i < 0:
                counts[LEAVES] += not closed
                if recording:
                    _prove(data, work, writing, counts)
                counts[NODES] += 1
                top -= 1
                continue
        first, size = _group(stack, e, k)
        if not _divide(table, stack, e, first, size, i):
            counts[CROWDED] = 1
            return top
        for c in range(e, e + size + 1):
            stack.warm[c] = warm
            if warm:
                _inherit(stack, c, work)
        if recording:
            _note(writing, counts, 1 + first, i)
        counts[NODES] += 1
        counts[BRANCHINGS] += 1
        top += size
    return top


@njit(cache=True)
def _inherit(stack, c, work):  # type: ignore[no-untyped-def]
    """Give node c the dual solution at hand."""
    for t in range(stack.x.shape[1]):
        stack.x[c, t], stack.blocks[c, t] = work.x[t], work.blocks[t]
    for e in range(len(work.basis)):
        stack.basis[c, e], stack.values[c, e] = work.basis[e], work.x[work.basis[e]]


@njit(cache=True)
def _unsigned(stack, e):  # type: ignore[no-untyped-def]
    """The first neuron without a sign, or -1."""
    for k in range(stack.sign.shape[1]):
        if stack.sign[e, k] == 0:
            return k
    return -1


@njit(cache=True)
def _bounded(data, table, stack, e, work, best, tolerance, gap, counts):  # type: ignore[no-untyped-def]
    """Bound node e and try its network; whether the node is closed."""
    for k in range(data.size[2]):
        s = stack.state[e, k]
        work.signs[k] = stack.sign[e, k]
        for i in range(data.size[0]):
            side = 1 if bit(table.positive[s], i) else 0
            work.code[k, i] = side if side else (-1 if bit(table.negative[s], i) else 0)
    classify(data, work)
    if stack.warm[e]:
        resume(data, work, stack.x[e], stack.blocks[e], stack.basis[e], stack.values[e])
    else:
        restart(data, work)
    target = best.upper[0] * (1 - tolerance) - ROUNDING
    limit = 1000 + 4 * data.size[5]
    bound, how = climb(data, work, target, limit, counts[STEPS:])
    counts[BOUNDS] += 1
    stack.bound[e] = max(stack.bound[e], bound)
    if bound >= target:
        return True
    loss = _gaps(data, work, gap)
    if loss < best.upper[0] * (1 - 1e-12):
        best.upper[0] = loss
        copy(best.weights, work.v)
        copy(best.signs, work.signs)
    return how == OPTIMAL and bound >= best.upper[0] * (1 - abs(tolerance)) - ROUNDING


@njit(cache=True)
def _gaps(data, work, gap):  # type: ignore[no-untyped-def]
    """The loss of the network v; and for each point, how much of it the bound does not count."""
    d, w, f = data.size[1], data.size[2], data.size[3]
    total = 0.0
    for i in range(data.size[0]):
        output = 0.0
        for a in range(f):
            output += data.z[i, a] * work.v[w * d + a]
        for k in range(w):
            if work.signs[k] * work.inner[k, i] > 0:
                output += work.inner[k, i]
        gap[i] = 0.0
        for t in range(data.begin[i], data.begin[i + 1]):
            r = output - data.o[t]
            loss = data.high[t] * r if r > 0 else data.low[t] * r
            total += loss
            if work.kind[t] == 0 or work.kind[t] * r < 0:  # kind 2: no r is on the other side, both are counted
                gap[i] += loss if work.kind[t] != 2 else 0.0
    return total


@njit(cache=True)
def _branching(data, table, stack, e, work, gap):  # type: ignore[no-untyped-def]
    """The neuron and the point to divide by; -1 if all sides are known."""
    best, unit, point = -1.0, -1, -1
    for i in range(data.size[0]):
        unknown = 0
        for k in range(data.size[2]):
            unknown += work.undecided[i] >> k & 1
        for k in range(data.size[2]):
            if work.undecided[i] >> k & 1:
                left = table.undecided[stack.state[e, k]]
                score = gap[i] / unknown * (1 + left) + 1e-9 * abs(work.inner[k, i])
                if score > best:
                    best, unit, point = score, k, i
    return unit, point


@njit(cache=True)
def _group(stack, e, k):  # type: ignore[no-untyped-def]
    """The run of equal neurons around k: where it begins, and its size."""
    first, size, w = k, 1, stack.sign.shape[1]
    while first > 0 and _equal(stack, e, first - 1, k):
        first -= 1
    while first + size < w and _equal(stack, e, first + size, k):
        size += 1
    return first, size


@njit(cache=True)
def _equal(stack, e, k, j):  # type: ignore[no-untyped-def]
    return stack.state[e, k] == stack.state[e, j] and stack.sign[e, k] == stack.sign[e, j]


@njit(cache=True)
def _divide(table, stack, e, first, size, i):  # type: ignore[no-untyped-def]
    """Replace node e by its children, the first one on top; False if there is no room for their states."""
    s = stack.state[e, first]
    halves = np.int64(s), np.int64(s)
    if i >= 0:
        halves = half(table, s, i, 0), half(table, s, i, 1)
        if halves[0] == FULL or halves[1] == FULL:
            return False
    for j in range(size + 1):  # node e itself is overwritten last
        c = e + size - j
        stack.bound[c] = stack.bound[e]
        copy(stack.state[c], stack.state[e])
        copy(stack.sign[c], stack.sign[e])
        for q in range(size):
            second = q >= size - j
            if i >= 0:
                stack.state[c, first + q] = halves[1] if second else halves[0]
            else:
                stack.sign[c, first + q] = -1 if second else 1
    return True


@njit(cache=True)
def _note(writing, counts, code, argument):  # type: ignore[no-untyped-def]
    writing.tokens[counts[TOKENS]], writing.tokens[counts[TOKENS] + 1] = code, argument
    counts[TOKENS] += 2


@njit(cache=True)
def _prove(data, work, writing, counts):  # type: ignore[no-untyped-def]
    """Record the dual solution at hand."""
    corner(data, work)
    D, count, last = data.size[0], data.size[5], len(work.x) - data.size[4]
    before = counts[ROWS]
    for j in range(last):
        x, inside = work.x[j], work.where[j] >= 0
        if x == 0.0 and not inside:
            continue
        r = counts[ROWS]
        counts[ROWS] += 1
        if j < count:
            i, tau = data.place[j], work.kind[j]
            if tau == 2:
                tau = 1 if x > 0 or (x == 0 and work.high[j] > 0) else -1
            row = data.original[j], tau, work.blocks[j] & work.undecided[i]
            whole = not inside and (x == work.low[j] or x == work.high[j])
        else:
            row, whole = ((j - count) % D, 0, 1 << (j - count) // D), False
        writing.rows[r, 0], writing.rows[r, 1], writing.rows[r, 2] = row
        writing.multipliers[r] = np.inf if whole else abs(x)
    _note(writing, counts, 0, counts[ROWS] - before)
