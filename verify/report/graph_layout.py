r"""A layered drawing of a graph: columns, few crossings, edges that bend but never pass through a box.

The method is that of Sugiyama, Tagawa and Toda (1981) with its four steps.  The columns are given (what a node is tells
where it stands), so the first step is left out.  An edge over several columns gets a bend in each column between, which
it shares with the other edges that lead to the same box.  The order in a column follows the means of its neighbours
(their *barycentres*), swept to and fro a fixed number of times.  The heights are the least-squares solution for these means under the order and the distances, found exactly by pooling
adjacent violators (Ayer et al. 1955).  Every step is a function of its input, and ties keep the given order: the same
graph is drawn by the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

SWEEPS = 6
GAP = 46.0  # between columns
ROOM = 10.0  # between boxes of a column
BEND = 7.0  # height of the place where an edge passes a column
MARGIN = 6.0

Place = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A node: its column and its size."""

    id: str
    layer: int
    width: float
    height: float


@dataclass(frozen=True)
class Layout:
    """Upper left corners of boxes, and the way of each edge, as the data of an SVG path."""

    width: float
    height: float
    places: Mapping[str, Place]
    routes: tuple[str, ...]


Columns = list[list[str]]
Near = dict[str, list[str]]


def layout(boxes: Sequence[Box], edges: Sequence[tuple[str, str]]) -> Layout:
    """Draw boxes in the columns of their layers; edges may lead either way, or stay in a column."""
    if not boxes:
        return Layout(0.0, 0.0, {}, ())
    known = {box.id: box for box in boxes}
    layers = sorted({box.layer for box in boxes})
    column = {box.id: layers.index(box.layer) for box in boxes}
    columns: Columns = [[box.id for box in boxes if column[box.id] == number] for number in range(len(layers))]
    ways = [bends(start, end, column, columns) for start, end in edges]
    near: Near = {name: [] for names in columns for name in names}
    for way in ways:
        for one, other in pairwise(way):
            near[one].append(other)
            near[other].append(one)
    order(columns, near)
    heights = {name: known[name].height if name in known else BEND for names in columns for name in names}
    middles = settle(columns, near, heights)
    lefts, rights = across(columns, known)
    places = {name: (lefts[column[name]], round(middles[name] - box.height / 2, 1)) for name, box in known.items()}
    routes = tuple(route(way, column, known, lefts, rights, middles) for way in ways)
    low = max([*(places[name][1] + box.height for name, box in known.items()), *middles.values()])
    return Layout(round(max(rights) + MARGIN, 1), round(low + MARGIN, 1), places, routes)


def bends(start: str, end: str, column: dict[str, int], columns: Columns) -> list[str]:
    """The nodes that an edge passes; in each column between, edges to one end pass at one place."""
    first, last = column[start], column[end]
    step = 1 if last > first else -1
    way = [start]
    for between in range(first + step, last, step):
        name = f" {end} {between}"  # no node has a space in its name
        if name not in column:
            column[name] = between
            columns[between].append(name)
        way.append(name)
    return [*way, end]


def order(columns: Columns, near: Near) -> None:
    """Sort each column by the mean position of what its nodes touch in the column before it, to and fro."""
    for sweep in range(SWEEPS):
        numbers = range(len(columns)) if sweep % 2 == 0 else range(len(columns) - 1, -1, -1)
        for before, number in pairwise(numbers):
            ranks = {name: float(rank) for rank, name in enumerate(columns[before])}
            stretch = len(columns[before]) / max(1, len(columns[number]))
            wanted = {
                name: mean([ranks[n] for n in near[name] if n in ranks], rank * stretch)
                for rank, name in enumerate(columns[number])
            }
            columns[number].sort(key=wanted.__getitem__)


def mean(numbers: Sequence[float], otherwise: float) -> float:
    return sum(numbers) / len(numbers) if numbers else otherwise


def settle(columns: Columns, near: Near, heights: Mapping[str, float]) -> dict[str, float]:
    """The middle of every node: as near to its neighbours as order and distances allow."""
    middles: dict[str, float] = {}
    for names in columns:
        below = MARGIN
        for name in names:
            middles[name] = below + heights[name] / 2
            below += heights[name] + ROOM
    tallest = max(range(len(columns)), key=lambda n: sum(heights[x] + ROOM for x in columns[n]))
    outward = [*range(tallest - 1, -1, -1), *range(tallest + 1, len(columns))]
    for number in (*outward, *reversed(outward), tallest, *outward):
        names = columns[number]
        wanted = [mean([middles[n] for n in near[name]], middles[name]) for name in names]
        apart = [(heights[a] + heights[b]) / 2 + ROOM for a, b in pairwise(names)]
        middles.update(zip(names, spread(wanted, apart), strict=True))
    lift = MARGIN - min(middles[name] - heights[name] / 2 for name in middles)
    return {name: round(middle + lift, 1) for name, middle in middles.items()}


def spread(wanted: Sequence[float], apart: Sequence[float]) -> list[float]:
    """The numbers nearest to the wanted ones (in squares) that keep their order and these distances.

    >>> spread([0.0, 0.0, 9.0], [2.0, 2.0])
    [-1.0, 1.0, 9.0]
    """
    offsets = [0.0]
    for distance in apart:
        offsets.append(offsets[-1] + distance)
    pools: list[tuple[float, int]] = []  # mean, count
    for value, offset in zip(wanted, offsets, strict=False):
        pool = (value - offset, 1)
        while pools and pools[-1][0] > pool[0]:
            (a, n), (b, m) = pools.pop(), pool
            pool = ((a * n + b * m) / (n + m), n + m)
        pools.append(pool)
    flat = [value for value, count in pools for _ in range(count)]
    return [value + offset for value, offset in zip(flat, offsets, strict=False)]


def across(columns: Columns, known: Mapping[str, Box]) -> tuple[list[float], list[float]]:
    """Where each column begins and ends."""
    lefts: list[float] = []
    rights: list[float] = []
    for names in columns:
        lefts.append(rights[-1] + GAP if rights else MARGIN)
        rights.append(lefts[-1] + max((known[name].width for name in names if name in known), default=0.0))
    return lefts, rights


def route(
    way: Sequence[str],
    column: Mapping[str, int],
    known: Mapping[str, Box],
    lefts: Sequence[float],
    rights: Sequence[float],
    middles: Mapping[str, float],
) -> str:
    """From the side of one box to the side of the other, level where a column is passed."""
    forward = column[way[-1]] >= column[way[0]]
    points: list[Place] = []
    for position, name in enumerate(way):
        left, y = lefts[column[name]], middles[name]
        right = left + known[name].width if name in known else rights[column[name]]
        if position > 0 and column[way[0]] != column[way[-1]]:
            points.append((left if forward else right, y))
        if position < len(way) - 1 or column[way[0]] == column[way[-1]]:
            points.append((right if forward else left, y))
    (x, y), said = points[0], [f"M{points[0][0]:g} {points[0][1]:g}"]
    for number, (u, v) in enumerate(points[1:]):
        if number % 2 and v == y:
            said.append(f"H{u:g}")
        elif u == x:  # within a column: around the boxes between
            said.append(f"C{x + GAP:g} {y:g} {u + GAP:g} {v:g} {u:g} {v:g}")
        else:
            half = (x + u) / 2
            said.append(f"C{half:g} {y:g} {half:g} {v:g} {u:g} {v:g}")
        x, y = u, v
    return "".join(said)
