r"""The sets of cells that neurons can be restricted to, each kept once.

A *state* is the set of all cells with given signs at some points.  What the bounds need of it are two masks: the points
that are positive in all its cells, and those that are negative in all of them; other points are undecided.  The masks
determine the state (it holds all cells that agree with them), so they serve as its name in a hash table.  A state
that is met again, in another node of the search or for another neuron, is found there with everything computed about
it.

Dividing a state by the sign of one point costs one pass over its cells, done once for a state and a point.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from verify.training.compilation import entry, inner

Words = NDArray[np.uint64]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]

FULL = -1  # no room for another state


class States(NamedTuple):
    """Masks and members of up to S states, and the tables that find them.

    positive, negative (S, W) uint64; begin, length (S,) int64: the range of ``members`` with the state's cells;
    undecided (S,): the number of undecided points; names, splits: hash tables; halves (S', 2): the states into which a
    state falls at a point; middle (S,): see ``branching.middle``; used (5,): how many states, members and splits
    there are, and how many members and points there can be.
    """

    cells: Words
    positive: Words
    negative: Words
    begin: Longs
    length: Longs
    undecided: Ints
    members: Ints
    names: Ints
    splits: Longs
    halves: Ints
    middle: Ints
    used: Longs


def states(cells: Words, points: int, capacity: int) -> States:
    """Empty tables for ``capacity`` states (a power of two) of the given cells (N, W)."""
    count, words = cells.shape
    members = max(64 * capacity, 8 * count)
    used = np.array([0, 0, 0, members, points], np.int64)
    return States(
        cells,
        np.empty((capacity, words), np.uint64),
        np.empty((capacity, words), np.uint64),
        np.empty(capacity, np.int64),
        np.empty(capacity, np.int64),
        np.empty(capacity, np.int32),
        np.empty(members, np.int32),
        np.full(4 * capacity, -1, np.int32),
        np.full(8 * capacity, -1, np.int64),
        np.empty((8 * capacity, 2), np.int32),
        np.full(capacity, -1, np.int32),
        used,
    )


@inner
def bit(words, i):  # type: ignore[no-untyped-def]
    return (words[i >> 6] >> np.uint64(i & 63)) & np.uint64(1) != 0


@inner
def popcount(x):  # type: ignore[no-untyped-def]
    x = x - ((x >> np.uint64(1)) & np.uint64(0x5555555555555555))
    x = (x & np.uint64(0x3333333333333333)) + ((x >> np.uint64(2)) & np.uint64(0x3333333333333333))
    x = (x + (x >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return (x * np.uint64(0x0101010101010101)) >> np.uint64(56)


@inner
def _named(t, new):  # type: ignore[no-untyped-def]
    """The state whose masks stand in slot ``new``: an older one with the same masks, or ``new`` itself."""
    words = t.positive.shape[1]
    h = np.uint64(0x9E3779B97F4A7C15)
    for k in range(words):
        h = (h ^ t.positive[new, k]) * np.uint64(0xFF51AFD7ED558CCD)
        h ^= h >> np.uint64(32)
        h = (h ^ t.negative[new, k]) * np.uint64(0xC4CEB9FE1A85EC53)
        h ^= h >> np.uint64(29)
    mask = len(t.names) - 1
    place = np.int64(h & np.uint64(mask))
    while t.names[place] >= 0:
        old = t.names[place]
        same = True
        for k in range(words):
            if t.positive[old, k] != t.positive[new, k] or t.negative[old, k] != t.negative[new, k]:
                same = False
                break
        if same:
            return np.int64(old)
        place = (place + 1) & mask
    t.names[place] = new
    return np.int64(new)


@inner
def closed(t, begin, length):  # type: ignore[no-untyped-def]
    """The state of the members begin .. begin + length; ``FULL`` if there is no room.  Members must be the last
    ones."""
    new = t.used[0]
    if new >= len(t.begin):
        return np.int64(FULL)
    words, points = t.cells.shape[1], t.used[4]
    decided = 0
    for k in range(words):
        every, some = ~np.uint64(0), np.uint64(0)
        for q in range(begin, begin + length):
            c = t.cells[t.members[q], k]
            every &= c
            some |= c
        full = ~np.uint64(0)
        if k == words - 1 and points & 63:
            full = (np.uint64(1) << np.uint64(points & 63)) - np.uint64(1)
        t.positive[new, k] = every & full
        t.negative[new, k] = full & ~some
        decided += popcount(every & full) + popcount(full & ~some)
    name = _named(t, new)
    if name == new:
        t.begin[new], t.length[new], t.undecided[new] = begin, length, points - decided
        t.used[0] += 1
        t.used[1] = begin + length
    return name


@entry
def restricted(t, positive, negative):  # type: ignore[no-untyped-def]
    """The state of the cells that contain ``positive`` and avoid ``negative``; ``FULL`` if there is no room."""
    begin, length = t.used[1], np.int64(0)
    if begin + len(t.cells) > t.used[3]:
        return np.int64(FULL)
    for c in range(len(t.cells)):
        inside = True
        for k in range(t.cells.shape[1]):
            if positive[k] & ~t.cells[c, k] or negative[k] & t.cells[c, k]:
                inside = False
                break
        if inside:
            t.members[begin + length] = c
            length += 1
    return closed(t, begin, length)


@entry
def half(t, state, point, side):  # type: ignore[no-untyped-def]
    """The cells of a state with the point positive (side 0) or not (side 1); ``FULL`` if there is no room."""
    key = np.int64(state) * t.used[4] + point
    mask = len(t.splits) - 1
    place = np.int64((np.uint64(key) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(20)) & mask
    while t.splits[place] >= 0:
        if t.splits[place] == key:
            return np.int64(t.halves[place, side])
        place = (place + 1) & mask
    first = _selected(t, state, point, np.int64(1))
    second = _selected(t, state, point, np.int64(0))
    if first == FULL or second == FULL or 2 * t.used[2] > mask:
        return np.int64(FULL)
    t.used[2] += 1
    t.splits[place], t.halves[place, 0], t.halves[place, 1] = key, first, second
    return first if side == 0 else second


@inner
def _selected(t, state, point, side):  # type: ignore[no-untyped-def]
    """The state of the cells of a state with the point on one side; ``FULL`` if there is no room."""
    begin, length = t.used[1], np.int64(0)
    if begin + t.length[state] > t.used[3]:
        return np.int64(FULL)
    word, shift = point >> 6, np.uint64(point & 63)
    for q in range(t.begin[state], t.begin[state] + t.length[state]):
        c = t.members[q]
        if ((t.cells[c, word] >> shift) & np.uint64(1)) == np.uint64(side):
            t.members[begin + length] = c
            length += 1
    return closed(t, begin, length)
