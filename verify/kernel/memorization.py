r"""Memorizing networks: which sizes of ``x -> sum_j w_j ReLU(<a, x> - b_j)`` take given labels at given points.

The statement ``memorizes`` holds the data: the coordinates of the points, a column each, and the labels.  A column is a
list of numbers, or ``{"width", "data", "over"}``: integers of ``width`` bytes (two's complement, the least byte first) in
base64, divided by ``over``.  It asks for at most ``units`` units j and at most ``parameters`` numbers a, b, w.

**Soundness of a network** (kind ``memorization``).  Let z_1 <= ... <= z_N be the projections <a, x> in the order of the
witness, y_i the labels, z_0 = ``first`` and y_0 = 0.  Take a unit with threshold z_{i-1} for every i with
z_{i-1} < z_i, its weight being the increase of the slope s_i = ``numerators_i / denominators_i`` from the slope before.
Left of z_0 the network is 0 = y_0.  On [z_{i-1}, z_i] the weights of the active units add up to s_i, so that its value
grows by s_i (z_i - z_{i-1}), which is y_i - y_{i-1} by the equation that is checked.  If z_{i-1} = z_i, the same
equation says y_{i-1} = y_i.  Hence its value at z_i is y_i, for every i.  A unit of weight 0 may be left out.

**Soundness of a conflict** (kind ``memorization-conflict``).  No function has two values at one point.

**Soundness of a count of corners** (kind ``memorization-corners``; one coordinate).  If a > 0 the network is piecewise
affine in x, and 0 left of all its corners; a unit makes one corner, convex if its weight is positive, else concave.  A
function without convex corners between two points is concave there: where the labels of three points in a row turn
upwards, a convex corner lies strictly between the outer two, and turns upwards around disjoint intervals need different
units; likewise downwards.  Far on the left the graph has as many points of label 0 as one likes: in front of the data
stand two turns, the first one that of the first label, and the second one, if the first step is not level, that of this
step.  If a < 0 the same is true of the reversed order, and if a = 0 the network has only one value.
"""

from __future__ import annotations

import base64
import sys
from array import array
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise, repeat
from math import lcm
from operator import add, eq, mul, sub
from typing import Any

from verify.kernel.finding import Finding
from verify.kernel.terms import need, rational
from verify.kernel.theory import fields, listed

Json = Any
Numbers = Sequence[int | Fraction]
Column = list[int | Fraction] | tuple[int, str, int]  # numbers; or their width in bytes, base64, and a common divisor

MAX_POINTS = 100_000_000
MAX_WIDTH = 1_000  # bytes of an integer
SHOWN = 8  # points of a statement in words
ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
CODES = {array(code).itemsize: code for code in "bhilq"}


def natural(text: Json) -> int:
    value = rational(text)
    need(value >= 0 and value.denominator == 1, "expected a natural number, found", text)
    return int(value)


def whole(value: Fraction) -> int | Fraction:
    return value.numerator if value.denominator == 1 else value


def validated(value: Json, count: int) -> Column:
    """A column that has this many numbers, not yet unpacked."""
    if isinstance(value, list):
        return [whole(rational(text)) for text in listed(value, count)]
    width, data, over = fields(value, "width", "data", "over")
    size, divisor = natural(width), natural(over)
    need(0 < size <= MAX_WIDTH and divisor > 0, "a number has between 1 and", MAX_WIDTH, "bytes, over 1 or more")
    need(isinstance(data, str), "packed numbers are a text")
    need(len(data) == (count * size + 2) // 3 * 4, "expected", count, "numbers of", size, "bytes in base64")
    digits = data.removesuffix("=" * (-count * size % 3)).encode()
    need(not digits.translate(None, ALPHABET), "not base64")
    return size, data, divisor


def numbers(column: Column) -> tuple[Numbers, int]:
    """The numbers of a column, and the number that they are to be divided by."""
    if isinstance(column, list):
        return column, 1
    size, data, over = column
    return unpacked(size, base64.b64decode(data, validate=True)), over


def unpacked(size: int, content: bytes) -> Sequence[int]:
    if size not in CODES:
        starts = range(0, len(content), size)
        return [int.from_bytes(content[k : k + size], "little", signed=True) for k in starts]
    found = array(CODES[size], content)
    if sys.byteorder == "big":
        found.byteswap()
    return found


def integers(value: Json, count: int) -> Sequence[int]:
    found, over = numbers(validated(value, count))
    need(over == 1 and (isinstance(found, array) or all(isinstance(v, int) for v in found)), "expected integers")
    return found  # type: ignore[return-value]


def read(statement: Json) -> tuple[int, list[Column], Column, int]:
    """Number of points, their columns, the labels, and the number of units that is allowed."""
    _, count, points, labels, units, parameters = fields(
        statement, "question", "count", "points", "labels", "units", "parameters"
    )
    size, room = natural(count), natural(parameters) - len(listed(points))
    need(0 < size <= MAX_POINTS and points, "there are between 1 and", MAX_POINTS, "points, which have coordinates")
    need(room >= 0, "a network has as many parameters as inputs at least")
    columns = [validated(values, size) for values in points]
    return size, columns, validated(labels, size), min(natural(units), room // 2)


def projected(points: list[Column], direction: Sequence[int], count: int) -> tuple[Numbers, int]:
    """The projections times a common denominator, and this denominator; columns of weight 0 are not unpacked."""
    used = [(weight, *numbers(column)) for weight, column in zip(direction, points, strict=True) if weight]
    factors = [Fraction(weight, over) for weight, _, over in used]
    scale = lcm(*(factor.denominator for factor in factors))
    total: Numbers | None = None
    for factor, (_, values, _) in zip(factors, used, strict=True):
        times = int(factor * scale)
        term = values if times == 1 else list(map(mul, values, repeat(times)))
        total = term if total is None else list(map(add, total, term))
    return [0] * count if total is None else total, scale


def decide_network(statement: Json, witness: Json) -> Finding:
    count, points, labels, allowed = read(statement)
    direction, order, first, numerators, denominators = fields(
        witness, "direction", "order", "first", "numerators", "denominators"
    )
    z, scale = projected(points, integers(direction, len(points)), count)
    y, over = numbers(labels)
    places = integers(order, count)
    seen = bytearray(count)
    for place in places:
        seen[place] = 1
    need(all(seen) and min(places) >= 0, "every point has one place in the order")
    # both sides times scale * over: dz is the width of an interval, dy the step of the labels
    z = [whole(rational(first) * scale), *map(z.__getitem__, places)]
    y = [0, *map(y.__getitem__, places)]
    dz = list(map(sub, z[1:], z))
    dy = list(map(sub, y[1:], y))
    need(min(dz) >= 0, "the projections are not in order, or the first threshold is not before them")
    p, q = integers(numerators, count), integers(denominators, count)
    need(min(q) > 0, "denominators are positive")
    left = map(mul, p, dz if over == 1 else map(mul, dz, repeat(over)))
    right = map(mul, q, dy if scale == 1 else map(mul, dy, repeat(scale)))
    need(all(map(eq, left, right)), "the network does not take a label: a slope times a width is not the step")
    units = count - dz.count(0)
    if units > allowed:
        slopes = [(0, 1), *((a, b) for a, b, width in zip(p, q, dz, strict=True) if width)]
        units = sum(a * d != b * c for (a, b), (c, d) in pairwise(slopes))
    need(units <= allowed, "this network has", units, "units, and at most", allowed, "are asked for")
    size = ("units", str(units)), ("parameters", str(2 * units + len(points)))
    return Finding(True, count, (("points", str(count)), *size))


def decide_conflict(statement: Json, witness: Json) -> Finding:
    count, points, labels, _ = read(statement)
    (indices,) = fields(witness, "indices")
    i, j = map(natural, listed(indices, 2))
    need(max(i, j) < count, "no such point")
    for column in points:
        values, _ = numbers(column)
        need(values[i] == values[j], "the points", i, "and", j, "are different")
    values, over = numbers(labels)
    need(values[i] != values[j], "the labels of the points", i, "and", j, "are equal")
    shown = " and ".join(str(Fraction(values[k]) / over) for k in (i, j))
    return Finding(False, len(points) + 1, (("equal points", f"{i} and {j}"), ("labels", shown)))


def decide_corners(statement: Json, witness: Json) -> Finding:
    count, points, labels, allowed = read(statement)
    need(len(points) == 1, "corners are counted for points with one coordinate")
    (order,) = fields(witness, "order")
    places = integers(order, len(order)) if isinstance(order, list) else integers(order, count)
    need(len(places) > 1 and min(places) >= 0, "corners are counted along two points or more")
    (x, _), (y, _) = numbers(points[0]), numbers(labels)
    graph = [(x[place], y[place]) for place in places]
    need(all(s < t for (s, _), (t, _) in pairwise(graph)), "the points are not in increasing order")
    need(any(u != v for (_, u), (_, v) in pairwise(graph)), "all labels are equal")
    least = min(corners(graph), corners([(-t, v) for t, v in reversed(graph)]))
    need(least > allowed, "units that are needed:", least, "and allowed:", allowed)
    return Finding(False, len(graph), (("units that are needed", str(least)),))


def corners(graph: list[tuple[int | Fraction, int | Fraction]]) -> int:
    """So many different corners the graph of a network with a > 0 has at least."""
    (_, v0), (_, v1) = graph[:2]
    turns = [v0, v1 - v0 or -v0]
    turns += [
        (w - v) * (t - s) - (v - u) * (r - t)
        for (s, u), (t, v), (r, w) in zip(graph, graph[1:], graph[2:], strict=False)
    ]
    total, last = 0, {True: -2, False: -2}
    for place, turn in enumerate(turns):
        if turn and place >= last[turn > 0] + 2:  # the intervals around two turns in a row overlap
            total, last[turn > 0] = total + 1, place
    return total


def text(statement: Json) -> list[str]:
    """What was decided, and the first points."""
    count, units, parameters = (natural(statement[name]) for name in ("count", "units", "parameters"))
    title = (
        f"A network x -> sum_j w_j ReLU(<a, x> - b_j) on Q^{len(statement['points'])} with at most {units} units and "
        f"{parameters} parameters a, b, w takes the {count} given labels at the {count} given points"
    )
    shown = [
        head(validated(values, count), min(count, SHOWN)) for values in [*statement["points"], statement["labels"]]
    ]
    lines = [f"({', '.join(map(str, point))}) -> {label}" for *point, label in zip(*shown, strict=True)]
    return [title, *lines, *([f"and {count - SHOWN} more"] if count > SHOWN else [])]


def head(column: Column, shown: int) -> list[Fraction]:
    """The first numbers of a column."""
    if isinstance(column, list):
        return [Fraction(value) for value in column[:shown]]
    size, data, over = column
    content = base64.b64decode(data[: (shown * size + 2) // 3 * 4])[: shown * size]
    return [Fraction(number, over) for number in unpacked(size, content)]
