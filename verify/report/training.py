r"""Pictures of a training problem: the data with the network that the certificate has, and where its tree was bounded.

On a line the network is drawn from its exact breakpoints, through the data.  In the plane the data are drawn with the lines
on which the units bend, and each datum is marked by the sign of its residual.  The tree is shown by how much of a node
was settled when it was bounded: the number of points at which no unit has an unknown side.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from operator import and_
from typing import Any

from verify.kernel import Rejected
from verify.kernel.dichotomies import read_points
from verify.kernel.training import integers, walk
from verify.kernel.training_bounds import LinearBounds, SquaredBounds
from verify.kernel.training_data import Data
from verify.kernel.training_rows import Node
from verify.report import figures
from verify.report.figures import Mark
from verify.report.graphs import Box, GraphDrawing, grid, placed, text
from verify.verdict import counted

Json = Any
Point = tuple[Fraction, ...]
Unit = list[Fraction]  # sign, a_1, ..., a_n, b

KIND = "training-minimum"
MOST_TOKENS = 1_000_000  # of a tree that is followed
MARGIN = 0.08  # of the spread of the data, around them
BROKEN = (Rejected, KeyError, TypeError, ValueError, IndexError, AttributeError, ArithmeticError)


@dataclass(frozen=True)
class PlaneDrawing:
    """Data in the plane, and the lines on which the units bend."""

    width: float
    height: float
    frame: tuple[float, float, float, float]
    lines: tuple[str, ...]
    dots: tuple[Mark, ...]
    ticks: tuple[Mark, ...]
    title: str
    description: str


@dataclass(frozen=True)
class Fit:
    """The data of a certificate and the network in it."""

    points: list[Point]
    labels: list[Fraction]
    units: list[Unit]
    affine: list[Fraction]

    @staticmethod
    def of(document: Json) -> Fit:
        statement, network = document["statement"], document["witness"]["network"]
        units = [list(map(Fraction, unit)) for unit in network["units"]]
        labels = list(map(Fraction, statement["labels"]))
        return Fit(read_points(statement["points"]), labels, units, list(map(Fraction, network["affine"])))

    def value(self, point: Point) -> Fraction:
        total = self.affine[0] + sum((c * x for c, x in zip(self.affine[1:], point, strict=True)), Fraction(0))
        for sign, *slope, bias in self.units:
            total += sign * max(sum((a * x for a, x in zip(slope, point, strict=True)), bias), Fraction(0))
        return total


def draw_fit(document: Json) -> GraphDrawing | None:
    """Data on a line and the graph of the network."""
    try:
        if document["kind"] != KIND or len(document["statement"]["points"][0]) != 1:
            return None
        fit = Fit.of(document)
        ends = min(x for (x,) in fit.points), max(x for (x,) in fit.points)
        kinks = (-bias / slope for _, slope, bias in fit.units if slope)
        places = sorted({*ends, *(x for x in kinks if ends[0] < x < ends[1])})
        if len(places) < 2:
            return None
        return graph(fit, [(x, fit.value((x,))) for x in places], document["statement"]["loss"])
    except BROKEN:
        return None


def graph(fit: Fit, knots: list[tuple[Fraction, Fraction]], loss: str) -> GraphDrawing:
    heights = [float(y) for _, y in knots] + [float(y) for y in fit.labels]
    low, high = min(heights), max(heights)
    box = (float(knots[0][0]), float(knots[-1][0]), low, high if high > low else low + 1.0)
    dots = tuple(
        Mark(*placed(box, float(x), float(y)), f"({x}, {y})"[:120], "exact")
        for (x,), y in zip(fit.points, fit.labels, strict=True)
    )
    title = f"{len(dots)} data and the network of the certificate"
    bends = len(knots) - 2
    description = f"Its loss ({loss}) is the value that it attains; it bends {counted(bends, 'time')} between the data."
    return GraphDrawing(
        600.0,
        294.0,
        text([placed(box, float(x), float(y)) for x, y in knots]),
        dots,
        "",
        *grid(box),
        title,
        description,
    )


def draw_plane(document: Json) -> PlaneDrawing | None:
    """Data in the plane and the lines on which the units of the network bend."""
    try:
        if document["kind"] != KIND or len(document["statement"]["points"][0]) != 2:
            return None
        return plane(Fit.of(document))
    except BROKEN:
        return None


def plane(fit: Fit) -> PlaneDrawing | None:
    ends = [(float(min(column)), float(max(column))) for column in zip(*fit.points, strict=True)]
    if any(low == high for low, high in ends):
        return None
    left, right, below, above = (
        end for low, high in ends for end in (low - MARGIN * (high - low), high + MARGIN * (high - low))
    )
    frame = (62.0, 12.0, 420.0, 300.0)

    def place(x: float, y: float) -> tuple[float, float]:
        u, v = (x - left) / (right - left), (above - y) / (above - below)
        return round(frame[0] + frame[2] * u, 1), round(frame[1] + frame[3] * v, 1)

    lines = [segment((a, b, c), (left, right, below, above)) for _, *slope, c in fit.units for a, b in [slope]]
    dots = tuple(
        Mark(
            *place(*map(float, point)), f"({', '.join(map(str, point))}) -> {label}"[:120], residual(fit, point, label)
        )
        for point, label in zip(fit.points, fit.labels, strict=True)
    )
    names = [figures.short(end, right - left) for end in (left, right)] + [
        figures.short(end, above - below) for end in (below, above)
    ]
    ticks = (
        Mark(62.0, 332.0, names[0], "under"),
        Mark(482.0, 332.0, names[1], "under"),
        Mark(56.0, 312.0, names[2], "tick"),
        Mark(56.0, 24.0, names[3], "tick"),
    )
    bends = tuple(text([place(*end) for end in line]) for line in lines if len(line) == 2)
    title = f"{len(dots)} data and {counted(len(bends), 'line')} on which the network of the certificate bends"
    description = "A filled datum lies above the network or on it, an empty one below."
    return PlaneDrawing(508.0, 344.0, frame, bends, dots, ticks, title, description)


def residual(fit: Fit, point: Point, label: Fraction) -> str:
    return "exact" if label >= fit.value(point) else "open"


def segment(form: tuple[Fraction, Fraction, Fraction], box: Box) -> list[tuple[float, float]]:
    """The part of the line a x + b y + c = 0 in the box."""
    a, b, c = map(float, form)
    left, right, below, above = box
    found = [(x, -(a * x + c) / b) for x in (left, right) if b] + [(-(b * y + c) / a, y) for y in (below, above) if a]
    slack = 1e-9 * max(right - left, above - below)
    inside = sorted(
        {(x, y) for x, y in found if left - slack <= x <= right + slack and below - slack <= y <= above + slack}
    )
    return [inside[0], inside[-1]] if len(inside) > 1 else []


def tree_plot(document: Json) -> figures.Plot | None:
    """How many nodes of the tree were bounded, by the number of points that were settled there."""
    try:
        if document["kind"] != KIND or document["witness"]["lower"] is None:
            return None
        counts = settled(document)
        series = {str(k): Fraction(counts[k]) for k in range(min(counts), max(counts) + 1) if counts[k]}
        return figures.fact_plot("bounded nodes", "points settled", [("", series)])
    except BROKEN:
        return None


def settled(document: Json) -> Counter[int]:
    statement, witness = document["statement"], document["witness"]
    if len(witness["tree"]) > MOST_TOKENS:
        return Counter()
    raw = read_points(statement["points"]), *([Fraction(v) for v in statement[name]] for name in ("labels", "weights"))
    data = Data.of(raw, statement["loss"], statement["affine"])  # type: ignore[arg-type]
    counts: Counter[int] = Counter()
    width = int(statement["width"])
    reader = (SquaredBounds if data.loss == "squared" else LinearBounds)(data, width, Fraction(0))
    skipped = 2 if data.loss == "squared" else 4  # the numbers before the rows; the last one is how many there are

    def bounded(node: Node, tokens: Iterator[int]) -> None:
        rows = [next(tokens) for _ in range(skipped)][-1]
        for _ in range(rows):
            reader.read(node, tokens)
        counts[reduce(and_, (state.positive | state.negative for state, _ in node)).bit_count()] += 1

    walk(data, width, integers(witness["tree"]), bounded)
    return counts
