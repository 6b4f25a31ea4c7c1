r"""The open nodes of a depth-first search, each with the least-squares system of the points that it has decided."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from verify.training.compilation import inner
from verify.training.bounds import ROWS, Floats, Longs, Signs, Work
from verify.training.gram import Data, add_point
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


@inner
def gather(data: Data, t: States, S: Stack, e: int, parent: int) -> None:
    """Add to G, b and yy of entry e, which are those of its parent, the points that are decided in it only."""
    for word in range(t.positive.shape[1]):
        fresh = decided(t, S.state[e], word) & ~decided(t, S.state[parent], word)
        i = 64 * word
        while fresh:
            if fresh & np.uint64(1):
                active = np.int64(0)
                for k in range(data.w):
                    if bit(t.positive[S.state[e, k]], i):
                        active |= 1 << k
                S.yy[e] += add_point(data, i, active, S.G[e], S.b[e])
            fresh >>= np.uint64(1)
            i += 1


@inner
def copy_entry(data: Data, S: Stack, source: int, e: int) -> None:
    """Copy an entry of the stack."""
    for k in range(data.w):
        S.state[e, k], S.sign[e, k] = S.state[source, k], S.sign[source, k]
    S.plain[e], S.bound[e], S.yy[e] = S.plain[source], S.bound[source], S.yy[source]
    S.number[e] = S.number[source]
    for a in range(S.number[source]):
        S.multipliers[e, a] = S.multipliers[source, a]
        for q in range(3):
            S.rows[e, a, q] = S.rows[source, a, q]
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
    for q in range(len(nodes)):
        e = len(nodes) - 1 - q
        for k in range(data.w):
            state = restricted(t, nodes.positive[q, k], nodes.negative[q, k])
            if state == FULL:
                return S, -1
            S.state[e, k] = state
        S.sign[e], S.bound[e] = nodes.signs[q], nodes.bound[q]
        S.G[e], S.b[e], S.yy[e] = system(data, t, S.state[e])
    return S, len(nodes)


def system(data: Data, t: States, state: Longs) -> tuple[Floats, Floats, float]:
    """G, b and yy of the points that all units, in the given states, have decided."""
    place = np.arange(len(data.y))
    masks = t.positive[state], t.negative[state]
    positive, negative = (m[:, place >> 6] >> (place & 63).astype(np.uint64) & np.uint64(1) != 0 for m in masks)
    known = (positive | negative).all(axis=0)
    blocks = [positive[k, :, None] * data.z for k in range(data.w)] + [data.z[:, : data.f]]
    forms = np.concatenate(blocks, axis=1)[known]
    weighted = forms * data.m[known, None]
    return weighted.T @ forms, weighted.T @ data.y[known], float((data.m * data.y**2)[known].sum())
