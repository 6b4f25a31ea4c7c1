r"""The cells of a network in the plane, drawn from the certificate that counts them.

The polyhedra are the leaves that the kernel derives from the witness (``verify.kernel.splitting``), so that what is drawn
is what was counted; only their corners are rounded, to a tenth of a pixel.  Cells of one linear region have one shade (of
one affine map, where regions were not asked for).  Neighbouring regions get different shades as far as six of them allow,
chosen greedily, the region with the most neighbours first.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, islice
from typing import Any

from verify.kernel import Rejected
from verify.kernel.cells import read_cells
from verify.kernel.splitting import Leaf, leaves
from verify.report.figures import Mark, short
from verify.verdict import counted

Json = Any
Point = tuple[float, float]
Polygon = tuple[Point, ...]
Box = tuple[float, float, float, float]  # left, right, below, above

MOST = 3_000  # cells of one drawing
SHADES = 6
SIDE = 420.0  # pixels of the longer side
LEFT, TOP = 62.0, 12.0
VISIBLE = 0.02  # square pixels
BROKEN = (Rejected, KeyError, TypeError, ValueError, IndexError, AttributeError, ArithmeticError)


@dataclass(frozen=True)
class CellsDrawing:
    """One path for each shade, and the ends of the axes."""

    width: float
    height: float
    frame: tuple[float, float, float, float]
    paths: tuple[tuple[int, str], ...]
    ticks: tuple[Mark, ...]
    title: str
    description: str


@dataclass(frozen=True)
class View:
    """What is drawn of the domain: all of it, or a part of one that is not bounded."""

    box: Box
    is_whole: bool


def draw_cells(document: Json) -> CellsDrawing | None:
    """The cells of a certificate of kind ``cells-by-splitting`` for a network of two inputs; nothing for any other."""
    try:
        if document["kind"] != "cells-by-splitting":
            return None
        stages, domain, dimension, asked = read_cells(document["statement"])
        if dimension != 2:
            return None
        witness = document["witness"]
        found = list(islice(leaves(stages, domain, witness["steps"]), MOST))
        total, view = len(witness["points"]), window(domain, witness)
        if "regions" in asked:
            return drawing(found, regions(found, witness["joints"]), total, view, "linear region")
        maps: dict[Any, int] = {}
        return drawing(found, [maps.setdefault(tuple(leaf.outputs[0]), len(maps)) for leaf in found], total, view)
    except BROKEN:
        return None


def drawing(
    found: list[Leaf], region: list[int], total: int, view: View, kind: str = "affine map"
) -> CellsDrawing | None:
    """The leaves in the shades of their classes, which are of this kind."""
    left, right, below, above = box = view.box
    scale = SIDE / max(right - left, above - below)
    stretch = max(1.0, 0.35 * (right - left) / (above - below))  # a flat domain is drawn higher than it is
    width, height = (right - left) * scale, (above - below) * scale * stretch

    def placed(polygon: Polygon) -> Polygon:
        places = ((LEFT + (x - left) * scale, TOP + height - (y - below) * scale * stretch) for x, y in polygon)
        return tuple((round(x, 1), round(y, 1)) for x, y in places)

    polygons = [placed(clipped(corners(box), leaf.rows)) for leaf in found]
    seen = [k for k, polygon in enumerate(polygons) if area(polygon) >= VISIBLE]
    if not seen:
        return None
    shade = shades([polygons[k] for k in seen], [region[k] for k in seen])
    paths = tuple(
        (number, "".join(path(polygons[k]) for k, own in zip(seen, shade, strict=True) if own == number))
        for number in range(SHADES)
    )
    names = [short(end, SIDE / scale) for end in box]
    ticks = (
        Mark(LEFT, TOP + height + 20, names[0], "under"),
        Mark(LEFT + width, TOP + height + 20, names[1], "under"),
        Mark(LEFT - 6, TOP + height, names[2], "tick"),
        Mark(LEFT - 6, TOP + 12, names[3], "tick"),
    )
    of_all = f"the first {len(found)} of {total}" if len(found) < total else f"all {total}"
    classes = "" if len(found) < total else f", {counted(len(set(region)), kind)}"
    title = f"Cells of the network: {of_all}{classes}"
    where = f"{'' if view.is_whole else 'in the window '}[{names[0]}, {names[1]}] × [{names[2]}, {names[3]}]"
    hidden = unseen(len(found) - len(seen), view.is_whole)
    description = f"Drawn from the certificate, {'on ' if view.is_whole else ''}{where}; cells of one {kind} have one shade{hidden}."
    frame = (LEFT, TOP, round(width, 1), round(height, 1))
    kept = tuple((number, data) for number, data in paths if data)
    return CellsDrawing(
        round(LEFT + width + 26, 1), round(TOP + height + 28, 1), frame, kept, ticks, title, description
    )


def unseen(number: int, is_whole: bool) -> str:
    if not number:
        return ""
    reason = "too thin" if is_whole else "too thin or too far away"
    return f"; {counted(number, 'cell')} {'is' if number == 1 else 'are'} {reason} to be seen"


# ------------------------------------------------------------------------------------------------------- geometry


def window(domain: tuple[tuple[int, ...], ...], witness: Json) -> View:
    """The box around the domain; where the domain is not bounded, one around most points of the witness."""
    points = [tuple(float(Fraction(entry)) for entry in point) for point in witness["points"][:MOST]]
    far = 1000 * (max((abs(entry) for point in points for entry in point), default=0.0) or 1.0)
    polygon = clipped(corners((-far, far, -far, far)), domain)
    whole = all(max(abs(x), abs(y)) < 0.999 * far for x, y in polygon)
    if not whole:
        reach = [around([point[axis] for point in points]) for axis in (0, 1)]
        polygon = clipped(corners((*reach[0], *reach[1])), domain)
    xs, ys = [x for x, _ in polygon], [y for _, y in polygon]
    return View((min(xs), max(xs), min(ys), max(ys)), whole)


def around(places: list[float]) -> tuple[float, float]:
    """An interval around the middle seventy percent of the places."""
    ordered, tail = sorted(places), 15 * len(places) // 100
    low, high = ordered[tail], ordered[-1 - tail]
    margin = 0.3 * (high - low) or 1.0
    return low - margin, high + margin


def corners(box: Box) -> Polygon:
    left, right, below, above = box
    return (left, below), (right, below), (right, above), (left, above)


def clipped(polygon: Polygon, rows: tuple[tuple[int, ...], ...]) -> Polygon:
    """The part of a convex polygon where all forms are >= 0."""
    for row in rows:
        a, b, c = floats(row)
        values = [a * x + b * y + c for x, y in polygon]
        kept: list[Point] = []
        for (p, u), (q, v) in zip(zip(polygon, values, strict=True), rotated(polygon, values), strict=True):
            if u >= 0:
                kept.append(p)
            if (u > 0) != (v > 0) and u != 0 and v != 0:
                t = u / (u - v)
                kept.append((p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])))
        polygon = tuple(kept)
    return polygon


def rotated(polygon: Polygon, values: list[float]) -> list[tuple[Point, float]]:
    pairs = list(zip(polygon, values, strict=True))
    return pairs[1:] + pairs[:1]


def floats(row: tuple[int, ...]) -> tuple[float, ...]:
    """A row divided by its largest entry, however long the integers are."""
    largest = max(map(abs, row)) or 1
    shift = max(largest.bit_length() - 900, 0)
    return tuple((entry >> shift) / (largest >> shift) for entry in row)


def area(polygon: Polygon) -> float:
    ahead = polygon[1:] + polygon[:1]
    return abs(sum(x * v - u * y for (x, y), (u, v) in zip(polygon, ahead, strict=True))) / 2


def path(polygon: Polygon) -> str:
    return f"M{'L'.join(f'{x:g} {y:g}' for x, y in polygon)}Z"


# -------------------------------------------------------------------------------------------------------- regions


def regions(found: list[Leaf], joints: Json) -> list[int]:
    """The region of each cell: cells that the witness joins, of which the kernel has checked that they belong together."""
    parent = list(range(len(found)))

    def root(k: int) -> int:
        while parent[k] != k:
            parent[k] = k = parent[parent[k]]
        return k

    for i, j, *_ in joints:
        if max(i, j) < len(found):
            parent[root(i)] = root(j)
    return [root(k) for k in range(len(found))]


def shades(polygons: list[Polygon], region: list[int]) -> list[int]:
    """A shade for each polygon, by its region."""
    by_corner: dict[Point, list[int]] = {}
    for k, polygon in enumerate(polygons):
        for corner in set(polygon):
            by_corner.setdefault(corner, []).append(k)
    common = Counter(pair for at in by_corner.values() for pair in combinations(at, 2))
    neighbours: dict[int, set[int]] = {number: set() for number in region}
    for (i, j), corners_ in common.items():
        if corners_ > 1 and region[i] != region[j]:
            neighbours[region[i]].add(region[j])
            neighbours[region[j]].add(region[i])
    chosen: dict[int, int] = {}
    for number in sorted(neighbours, key=lambda n: (-len(neighbours[n]), n)):
        taken = Counter(chosen[other] for other in neighbours[number] if other in chosen)
        chosen[number] = min(range(SHADES), key=lambda s: (taken[s], (s - number) % SHADES))
    return [chosen[number] for number in region]
