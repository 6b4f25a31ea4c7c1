r"""The graph of a network of one variable, drawn from its exact breakpoints (``verify.networks.piecewise``).

The chain of breakpoints is the one that the kernel walks; for the drawing alone its coordinates are rounded.  A function
of more than 2000 pieces, or one that goes up and down so often that it would be a black area, is drawn on the part of the
interval where its first 60 pieces lie.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from verify.errors import NetworkError
from verify.kernel import Rejected
from verify.networks.network import Network
from verify.networks.piecewise import PiecewiseAffine
from verify.report.figures import Mark, short

Json = Any
Place = tuple[Fraction, Fraction]
Box = tuple[float, float, float, float]  # left, right, below, above

MOST = 2_000  # breakpoints of one drawing
PART = 60  # pieces that are drawn where there are more
BLACK = 80  # times that a curve may go through the whole height
DOTTED = 40  # so many breakpoints get a dot each
LEFT, TOP, WIDTH, HEIGHT = 64.0, 14.0, 500.0, 250.0
SAMPLES = 200  # of the polynomial beside it
BROKEN = (NetworkError, Rejected, KeyError, TypeError, ValueError, IndexError, AttributeError, ArithmeticError)


@dataclass(frozen=True)
class GraphDrawing:
    """The graph, dots at its breakpoints, and the polynomial that it is compared with."""

    width: float
    height: float
    graph: str
    dots: tuple[Mark, ...]
    polynomial: str
    rows: tuple[Mark, ...]
    columns: tuple[Mark, ...]
    title: str
    description: str


def draw_graph(document: Json) -> GraphDrawing | None:
    """The graph of the network of a certificate of kind ``piecewise``; nothing for any other."""
    try:
        if document["kind"] != "piecewise":
            return None
        statement = document["statement"]
        low, high = (None if end is None else Fraction(end) for end in statement["interval"])
        layers = [(layer["weights"], layer["bias"]) for layer in statement["network"]["layers"]]
        function = PiecewiseAffine.of(Network.of(layers), (low, high))
        return drawing(places(function), function.pieces, [Fraction(c) for c in statement["polynomial"]])
    except BROKEN:
        return None


def places(function: PiecewiseAffine) -> list[Place]:
    """The breakpoints; an unbounded piece is followed as far as the bounded ones reach, or by 1."""
    inner = list(function.knots)
    reach = (inner[-1][0] - inner[0][0]) / 2 or Fraction(1)
    (s, _, left), (t, _, right) = function.points[0], function.points[-1]
    before = [(inner[0][0] - reach, inner[0][1] + reach * left)] if not s else []
    after = [(inner[-1][0] + reach, inner[-1][1] + reach * right)] if not t else []
    return [*before, *inner, *after]


def drawing(found: list[Place], pieces: int, polynomial: list[Fraction]) -> GraphDrawing | None:
    if len(found) < 2:
        return None
    shown = found if len(found) <= MOST and not is_black(found) else found[: PART + 1]
    xs, ys = [float(x) for x, _ in shown], [float(y) for _, y in shown]
    curve = sampled(polynomial, xs[0], xs[-1]) if polynomial else []
    low, high = min([*ys, *(y for _, y in curve)]), max([*ys, *(y for _, y in curve)])
    box = (xs[0], xs[-1], low, high if high > low else low + 1.0)
    points = [placed(box, x, y) for x, y in zip(xs, ys, strict=True)]
    dots = tuple(
        Mark(u, v, f"({x}, {y})"[:120], "fact") for (u, v), (x, y) in zip(points, shown, strict=True)
    ) if len(points) <= DOTTED else ()  # fmt: skip
    spread = xs[-1] - xs[0]
    part = f", the first {PART}" if len(shown) < len(found) else ""
    title = f"Graph of the network: {pieces} affine piece{'' if pieces == 1 else 's'}{part}"
    beside = ", and beside it (dashed) the polynomial that it is compared with" if curve else ""
    description = f"Drawn from its exact breakpoints on [{short(box[0], spread)}, {short(box[1], spread)}]{beside}."
    return GraphDrawing(
        600.0, TOP + HEIGHT + 30, text(points), dots, text([placed(box, *p) for p in curve]), *grid(box), title, description
    )  # fmt: skip


def is_black(found: list[Place]) -> bool:
    """Whether the curve goes up and down so often that only an area would be seen."""
    heights = [y for _, y in found]
    return sum(abs(b - a) for a, b in pairwise(heights)) > BLACK * (max(heights) - min(heights))


def placed(box: Box, x: float, y: float) -> tuple[float, float]:
    left, right, below, above = box
    u = LEFT + WIDTH * (x - left) / (right - left)
    return round(u, 1), round(TOP + HEIGHT * (above - y) / (above - below), 1)


def grid(box: Box) -> tuple[tuple[Mark, ...], tuple[Mark, ...]]:
    left, right, below, above = box
    rows = [below + (above - below) * i / 4 for i in range(5)]
    columns = [left + (right - left) * i / 4 for i in range(5)]
    return (
        tuple(Mark(LEFT - 6, placed(box, left, y)[1], short(y, above - below), "tick") for y in rows),
        tuple(Mark(placed(box, x, below)[0], TOP + HEIGHT + 20, short(x, right - left), "under") for x in columns),
    )


def sampled(coefficients: list[Fraction], low: float, high: float) -> list[tuple[float, float]]:
    numbers = [float(c) for c in coefficients]
    xs = [low + (high - low) * i / SAMPLES for i in range(SAMPLES + 1)]
    return [(x, sum(c * x**k for k, c in enumerate(numbers))) for x in xs]


def text(points: list[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)
