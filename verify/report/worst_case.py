r"""Pictures of worst cases: the worst function with the points where the method asked for it, and the multipliers of a bound.

A certificate with an explicit instance on the line holds its functions.  The first one that has values is drawn through
the points of the program, from the derivative that the kernel read; each point shows its name, its place and its value.  A
certificate with multipliers has a line for each inequality that is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from verify.kernel import Rejected
from verify.kernel.worst_case import Question, read
from verify.kernel.worst_case_function import Graph
from verify.report import figures
from verify.report.figures import Mark, short
from verify.report.graphs import GraphDrawing, grid, placed, text
from verify.report.numerics import Row
from verify.verdict import counted

Json = Any
Place = tuple[str, Fraction, Fraction]  # a point of the program, where it is, and the value there

FUNCTION, MULTIPLIERS = "worst-case-function", "worst-case-multipliers"
SAMPLES = 240  # of the curve, besides knots and points
MARGIN = Fraction(1, 8)  # of the spread of the points, to both sides
MOST_POINTS = 60  # that get a dot
BROKEN = (Rejected, KeyError, TypeError, ValueError, IndexError, AttributeError, ArithmeticError)


def draw_worst_function(document: Json) -> GraphDrawing | None:
    """The first function of an explicit instance that has values; nothing for other certificates."""
    try:
        if document["kind"] != FUNCTION:
            return None
        question, witness = read(document["statement"]), document["witness"]
        name = next(n for n, f in question.functions.items() if any(p.value for p in f.points))
        curve = Graph.of(witness["functions"][name])
        whole = [t for t, _, _ in curve.knots] if question.functions[name].lower else []
        return drawing(name, curve, list(places(question, name, curve, witness["vectors"])), whole)
    except (*BROKEN, StopIteration):
        return None


def places(question: Question, name: str, curve: Graph, vectors: Json) -> Iterator[Place]:
    """The points at which the function was asked, in the order of the program."""
    free = {vector: Fraction(x) for vector, x in vectors.items()}
    for point in question.functions[name].points:
        x = sum((c * free[v] for v, c in question.vectors[point.x].items()), Fraction(0))
        yield point.x, x, curve.value(x)


def drawing(name: str, curve: Graph, found: list[Place], whole: list[Fraction]) -> GraphDrawing | None:
    """Through the points; of a function with a lower bound, also to where it is least."""
    shown = [*whole, *(x for _, x, _ in found)]
    ends = min(shown), max(shown)
    if ends[0] == ends[1]:
        return None
    low, high = ends[0] - MARGIN * (ends[1] - ends[0]), ends[1] + MARGIN * (ends[1] - ends[0])
    knots = {t for t, _, _ in curve.knots if low < t < high}
    samples = {low + (high - low) * Fraction(k, SAMPLES) for k in range(SAMPLES + 1)}
    xs = sorted({*knots, *samples, *(x for _, x, _ in found)})
    heights = [(float(x), float(curve.value(x))) for x in xs]
    below, above = min(y for _, y in heights), max(y for _, y in heights)
    box = (float(low), float(high), below, above if above > below else below + 1.0)
    dots = tuple(
        Mark(*placed(box, float(x), float(y)), f"{point}: {name}({x}) = {y}"[:120], "exact")
        for point, x, y in found[:MOST_POINTS]
    )
    bends = counted(len(knots), "place")
    where = f"[{short(box[0], box[1] - box[0])}, {short(box[1], box[1] - box[0])}]"
    title = f"The worst function {name}, and the points at which the method asks for it"
    more = f"; the first {MOST_POINTS} of {len(found)} points are shown" if len(found) > MOST_POINTS else ""
    description = f"Drawn on {where}; its derivative bends at {bends}, and it is a parabola or a line between{more}."
    curve_text = text([placed(box, *point) for point in heights])
    return GraphDrawing(600.0, 294.0, curve_text, dots, "", *grid(box), title, description)


def multipliers_plot(document: Json) -> figures.Plot | None:
    """The multipliers of a bound, in the order of the certificate."""
    try:
        if document["kind"] != MULTIPLIERS:
            return None
        found = [Fraction(value) for _, value in document["witness"]["multipliers"]]
        series = {str(k): value for k, value in enumerate(found, 1)}
        return figures.fact_plot("multipliers", "their place in the certificate", [("", series)])
    except BROKEN:
        return None


def contents(statement: Json) -> Iterator[Row]:
    """What a statement holds, in words."""
    for name, kind, parameters in statement["functions"]:
        shown = ", ".join(f"{key} = {value}" for key, value in sorted(parameters.items()))
        yield Row(name, f"{kind} {shown}".strip())
    kinds = [command[0] for command in statement["program"]]
    parts = [("vector", "free vector"), ("let", "combination"), ("at", "evaluation")]
    yield Row("program", ", ".join(counted(kinds.count(kind), what) for kind, what in parts))
    for name in ("conditions", "equations"):
        if statement[name]:
            yield Row(name, str(len(statement[name])))
    yield Row("relation", statement["relation"])
    yield Row("rate", statement["rate"])
