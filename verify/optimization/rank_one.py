r"""Explicit functions on the line from a Gram matrix of rank one.

A worst case that a solver finds is a Gram matrix of inner products with values.  That functions have them is, for smooth
functions, a theorem.  If the matrix has rank one, the vectors are numbers, and on the line the functions can be written down
(``worst_functions.interpolant``), so that no theorem is needed.

The numbers are rational after scaling: a Gram matrix w w^T / s with rational w stands for the vectors w / sqrt(s).  If nothing in
the problem is a constant, then x -> t x, f(x) -> t^2 f(x / t) turns instances into instances, performance and initial
quantity being multiplied by t^2, and t = sqrt(s) leaves w.  Otherwise s has to be a square.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import isqrt
from typing import TYPE_CHECKING, Any

from verify.errors import ProblemError
from verify.optimization.worst_functions import Interval, PiecewiseQuadratic, interpolant

if TYPE_CHECKING:
    from verify.kernel.interpolation import Function
    from verify.kernel.worst_case import Question

Json = Any
Triple = tuple[Fraction, Fraction, Fraction]


def line_witness(statement: Json, gram: Json) -> Json | None:
    """The witness of ``worst-case-function`` that is made from one of ``worst-case-gram``; None if its rank is not one."""
    from verify.kernel.worst_case import read

    question = read(statement)
    matrix = [[Fraction(entry) for entry in row] for row in gram["gram"]]
    found = numbers(matrix, is_homogeneous(question))
    if found is None:
        return None
    vectors, scale = found
    values = {name: scale * Fraction(value) for name, value in gram["values"].items()}
    free = dict(zip(question.basis, vectors, strict=True))
    line = {n: sum((c * free[v] for v, c in row.items()), Fraction(0)) for n, row in question.vectors.items()}
    try:
        functions = {
            name: member(f, [(line[p.x], line[p.g], values.get(p.value, Fraction(0))) for p in f.points]).json()
            for name, f in question.functions.items()
        }
    except ProblemError:
        return None
    known = {point.value for function in question.functions.values() for point in function.points}
    return {
        "functions": functions,
        "vectors": {name: str(x) for name, x in free.items()},
        "values": {name: str(value) for name, value in values.items() if name not in known},
    }


def numbers(gram: Sequence[Sequence[Fraction]], homogeneous: bool) -> tuple[list[Fraction], Fraction] | None:
    """The vectors as numbers, and by how much values are multiplied; None if the rank is not one."""
    places = range(len(gram))
    k = max(places, key=lambda i: gram[i][i], default=0)
    if not gram or gram[k][k] <= 0:
        return None
    row, size = list(gram[k]), gram[k][k]
    if any(gram[i][j] * size != row[i] * row[j] for i in places for j in places):
        return None
    if homogeneous:
        return row, size
    root = Fraction(isqrt(size.numerator), isqrt(size.denominator))
    return ([x / root for x in row], Fraction(1)) if root**2 == size else None


def is_homogeneous(question: Question) -> bool:
    forms = [*question.conditions, *question.equations, *question.performance, question.initial]
    bounded = any({"M", "D"} & set(function.parameters) for function in question.functions.values())
    return not bounded and not any(form.get((), 0) for form in forms)


def member(function: Function, points: Sequence[Triple]) -> PiecewiseQuadratic | Interval:
    """A function of the class through (place, derivative, value); raises ``ProblemError`` if there is none."""
    parameters = function.parameters
    if function.kind == "indicator":
        places = [x for x, _, _ in points]
        return Interval(min(places, default=Fraction(0)), max(places, default=Fraction(0)))
    if function.kind == "curvature":
        return interpolant(points or [(0, 0, 0)], parameters["mu"], parameters.get("L"))
    knots = graph([(x, g) for x, g, _ in points])
    slopes = [(b[1] - a[2]) / (b[0] - a[0]) for a, b in pairwise(knots)] or [Fraction(0)]
    if function.kind == "quadratic":
        slope = min(max(slopes[0], parameters["mu"]), parameters["L"])
        return PiecewiseQuadratic((knots[0],), (slope, slope), min(points)[2] if points else Fraction(0))
    low = max(parameters.get("mu", Fraction(0)), Fraction(0))
    return PiecewiseQuadratic(tuple(knots), (low, low), Fraction(0))


def graph(points: Sequence[tuple[Fraction, Fraction]]) -> list[Triple]:
    """The knots of a piecewise affine graph through all points."""
    knots: list[Triple] = []
    for x, g in sorted(set(points)) or [(Fraction(0), Fraction(0))]:
        if knots and knots[-1][0] == x:
            knots[-1] = (x, knots[-1][1], g)
        else:
            knots.append((x, g, g))
    return knots
