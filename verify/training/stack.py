r"""The open nodes of a depth-first search, each with the least-squares system of the points that it has decided."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from verify.training.compilation import entry, inner
from verify.training.bounds import ROWS, Floats, Longs, Signs, Work
from verify.training.gram import Data, add_point, least_squares
from verify.training.nodes import Nodes
from verify.training.states import FULL, States, bit, restricted

KEPT = 16  # rows that a child takes over


class Stack(NamedTuple):
    """Open nodes in full: states and signs (M, w), G (M, p, p), b (M, p), yy, plain (M,): the least-squares bound,
    bound (M,): the best one; rows (M, KEPT, 3), multipliers (M, KEPT) and their number, from the parent."""

    state: Longs
    sign: Signs
    G: Floats
    b: Floats
    yy: Floats
    plain: Floats
    bound: Floats
    rows: Longs
    multipliers: Floats
    number: Longs


def stack(size: int, data: Data) -> Stack:
    """Space for ``size`` nodes."""
    w, p = data.w, data.p
    units = np.zeros((size, w), np.int64), np.zeros((size, w), np.int8)
    system = np.zeros((size, p, p)), np.zeros((size, p)), np.zeros(size), np.zeros(size), np.zeros(size)
    rows, multipliers = np.zeros((size, KEPT, 3), np.int64), np.zeros((size, KEPT))
    return Stack(*units, *system, rows, multipliers, np.zeros(size, np.int64))


@inner
def decided(t: States, state: Longs, word: int) -> np.uint64:
    """The points of a word that all units have decided."""
    points = ~np.uint64(0)
    for s in state:
        points &= t.positive[s, word] | t.negative[s, word]
    return points


@entry
def gather(data: Data, t: States, S: Stack, e: int, parent: int) -> None:
    """G, b and yy of entry e from those of its parent (-1: none) and the points that are decided in it only."""
    G, b = S.G[e], S.b[e]
    S.yy[e] = S.yy[parent] if parent >= 0 else 0.0
    for i in range(data.p):
        b[i] = S.b[parent, i] if parent >= 0 else 0.0
        for j in range(i + 1):
            G[i, j] = S.G[parent, i, j] if parent >= 0 else 0.0
    for word in range(t.positive.shape[1]):
        fresh = decided(t, S.state[e], word)
        if parent >= 0:
            fresh &= ~decided(t, S.state[parent], word)
        i = 64 * word
        while fresh:
            if fresh & np.uint64(1):
                active = 0
                for k in range(data.w):
                    if bit(t.positive[S.state[e, k]], i):
                        active |= 1 << k
                S.yy[e] += add_point(data, i, active, G, b)
            fresh >>= np.uint64(1)
            i += 1


@inner
def copy_entry(data: Data, S: Stack, source: int, e: int, with_system: bool) -> None:
    """Copy an entry of the stack; G, b and yy only if asked for."""
    for k in range(data.w):
        S.state[e, k], S.sign[e, k] = S.state[source, k], S.sign[source, k]
    S.plain[e], S.bound[e] = S.plain[source], S.bound[source]
    S.number[e] = S.number[source]
    for a in range(S.number[source]):
        S.multipliers[e, a] = S.multipliers[source, a]
        for q in range(3):
            S.rows[e, a, q] = S.rows[source, a, q]
    if with_system:
        S.yy[e] = S.yy[source]
        for i in range(data.p):
            S.b[e, i] = S.b[source, i]
            for j in range(i + 1):
                S.G[e, i, j] = S.G[source, i, j]


@inner
def keep_rows(S: Stack, e: int, W: Work) -> None:
    """The rows of a node that was bounded, for its children."""
    count = min(W.numbers[ROWS], KEPT)
    S.number[e] = count
    for a in range(count):
        s = W.order[a]
        S.multipliers[e, a] = W.x[s]
        for q in range(3):
            S.rows[e, a, q] = W.row[s, q]


def load(data: Data, t: States, nodes: Nodes) -> tuple[Stack, int]:
    """The nodes on a stack, the first one on top, and its height; -1 if the tables have no room for their states."""
    S = stack(len(nodes) + (data.w + 2) * (data.w * (len(data.y) + 2) + 2), data)
    A, r = np.empty((data.p, data.p)), np.empty(data.p)
    for q in range(len(nodes)):
        e = len(nodes) - 1 - q
        for k in range(data.w):
            state = restricted(t, nodes.positive[q, k], nodes.negative[q, k])
            if state == FULL:
                return S, -1
            S.state[e, k] = state
        S.sign[e] = nodes.signs[q]
        gather(data, t, S, e, -1)
        S.plain[e] = least_squares(data, S.G[e], S.b[e], S.yy[e], 0.0, A, r)
        S.bound[e] = max(nodes.bound[q], S.plain[e])
    return S, len(nodes)
