r"""An oracle for cells and regions in a box of the plane, which shares no code with the engine and the kernel.

Each unit clips each polygon, in fractions; nothing is sorted out early.  A cell has positive area; that the areas of all
cells add up to the area of the box is asserted.  Regions are found by merging cells of one map along edges that overlap
in a segment of positive length.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

Json = Any
Point = tuple[Fraction, Fraction]
Polygon = list[Point]
Pattern = tuple[tuple[bool, ...], ...]
Map = tuple[tuple[Fraction, ...], ...]


def clipped(polygon: Polygon, form: tuple[Fraction, ...]) -> Polygon:
    """The part of a convex polygon where a x + b y + c >= 0."""
    a, b, c = form
    heights = [a * x + b * y + c for x, y in polygon]
    out: Polygon = []
    for k, (p, height) in enumerate(zip(polygon, heights, strict=True)):
        q, other = polygon[(k + 1) % len(polygon)], heights[(k + 1) % len(polygon)]
        if height >= 0:
            out.append(p)
        if height * other < 0:
            t = height / (height - other)
            out.append((p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])))
    return out


def area(polygon: Polygon) -> Fraction:
    following = polygon[1:] + polygon[:1]
    return sum((p[0] * q[1] - q[0] * p[1] for p, q in zip(polygon, following, strict=True)), Fraction(0)) / 2


def polygons(network: Json, sides: Json) -> dict[Pattern, tuple[Polygon, Map]]:
    """All cells of a network in a box, both as certificates hold them."""
    (x0, x1), (y0, y1) = ((Fraction(lower), Fraction(upper)) for lower, upper in sides)
    layers = [
        [(*map(Fraction, row), Fraction(b)) for row, b in zip(layer["weights"], layer["bias"], strict=True)]
        for layer in network["layers"]
    ]
    one, zero = Fraction(1), Fraction(0)
    todo: list[tuple[Polygon, Pattern, Map]] = [
        ([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], (), ((one, zero, zero), (zero, one, zero)))
    ]
    for number, layer in enumerate(layers):
        done: list[tuple[Polygon, Pattern, Map]] = []
        for polygon, pattern, inputs in todo:
            forms = tuple(
                tuple(
                    sum((w * form[t] for w, form in zip(row[:-1], inputs, strict=True)), row[-1] if t == 2 else zero)
                    for t in range(3)
                )
                for row in layer
            )
            if number == len(layers) - 1:
                done.append((polygon, pattern, forms))
                continue
            parts: list[tuple[Polygon, tuple[bool, ...]]] = [(polygon, ())]
            for a, b, c in forms:
                parts = [
                    (piece, (*signs, positive))
                    for part, signs in parts
                    for positive in ((True, False) if (a, b, c) != (0, 0, 0) else (False,))
                    for piece in [clipped(part, (a, b, c) if positive else (-a, -b, -c))]
                    if area(piece) > 0
                ]
            done += [
                (part, (*pattern, signs), tuple(f if on else (zero,) * 3 for f, on in zip(forms, signs, strict=True)))
                for part, signs in parts
            ]
        todo = done
    found = {pattern: (polygon, outputs) for polygon, pattern, outputs in todo}
    assert len(found) == len(todo) and sum(area(p) for p, _, _ in todo) == (x1 - x0) * (y1 - y0)
    return found


def touch(one: Polygon, other: Polygon) -> bool:
    """Whether two polygons have a segment of positive length in common on their boundaries."""
    for a, b in zip(one, one[1:] + one[:1], strict=True):
        ux, uy = b[0] - a[0], b[1] - a[1]
        for c, d in zip(other, other[1:] + other[:1], strict=True):
            if all((p[0] - a[0]) * uy == (p[1] - a[1]) * ux for p in (c, d)) and (ux or uy):
                ends = sorted((p[0] - a[0]) * ux + (p[1] - a[1]) * uy for p in (c, d))
                if min(ends[1], ux * ux + uy * uy) > max(ends[0], 0):
                    return True
    return False


def number_of_regions(found: dict[Pattern, tuple[Polygon, Map]]) -> int:
    cells = list(found.values())
    classes = list(range(len(cells)))
    for i, (polygon, outputs) in enumerate(cells):
        for j in range(i):
            if cells[j][1] == outputs and classes[i] != classes[j] and touch(polygon, cells[j][0]):
                old, new = classes[i], classes[j]
                classes = [new if k == old else k for k in classes]
    return len(set(classes))
