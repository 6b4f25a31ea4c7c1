r"""The semidefinite relaxation of the maximum cut (Goemans and Williamson 1995), between exact bounds.

The statement ``cut_relaxation`` holds a graph as ``verify.kernel.maximum_cut`` does, and two numbers between which

    max <Q, X>  over the positive semidefinite matrices X with X_ii = 1,        Q = L / 4,

lies; the matrices x x^T of the sides x of cuts are among them.

**A matrix X** that is positive semidefinite with ones on its diagonal shows that the maximum is at least <Q, X>.

**A dual vector** y with Diag(y) - Q positive semidefinite shows that it is at most sum_i y_i: the inner product of two positive
semidefinite matrices is not negative, so 0 <= <Diag(y) - Q, X> = sum_i y_i - <Q, X>.

Both together locate the value of the relaxation, which may be more than every cut.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from verify.kernel.finding import Finding
from verify.kernel.maximum_cut import Graph, dual_bound, graph_text, read
from verify.kernel.positive import semidefinite
from verify.kernel.terms import need, rational
from verify.kernel.theory import fields, listed

Json = Any


def matrix_value(graph: Graph, value: Json) -> Fraction:
    """<Q, X>, if X is positive semidefinite with ones on its diagonal."""
    rows = [[rational(entry) for entry in listed(row, graph.vertices)] for row in listed(value, graph.vertices)]
    need(all(row[i] == 1 for i, row in enumerate(rows)), "the diagonal of X is not 1")
    need(semidefinite(rows), "X is not positive semidefinite")
    return sum((weight * (1 - rows[i][j]) / 2 for (i, j), weight in graph.edges.items()), Fraction(0))


def decide_both(statement: Json, witness: Json) -> Finding:
    """A matrix and a dual vector, as stated."""
    graph, lower, upper = read(statement)
    matrix, dual = fields(witness, "matrix", "dual")
    below, above = matrix_value(graph, matrix), dual_bound(graph.form(), dual)
    need(below >= lower, "the value of X is less than", lower)
    need(above <= upper, "the dual bound is more than", upper)
    return Finding(True, graph.vertices, (("vertices", str(graph.vertices)),))


def decide_matrix(statement: Json, witness: Json) -> Finding:
    """A matrix whose value is more than the upper bound."""
    graph, _, upper = read(statement)
    (matrix,) = fields(witness, "matrix")
    need(matrix_value(graph, matrix) > upper, "the value of X is not more than", upper)
    return Finding(False, graph.vertices, (("vertices", str(graph.vertices)),))


def decide_dual(statement: Json, witness: Json) -> Finding:
    """A dual vector that excludes the lower bound."""
    graph, lower, _ = read(statement)
    (dual,) = fields(witness, "dual")
    need(dual_bound(graph.form(), dual) < lower, "the dual bound is not less than", lower)
    return Finding(False, graph.vertices, (("vertices", str(graph.vertices)),))


def text(statement: Json) -> list[str]:
    """What was decided, and the first edges."""
    graph, lower, upper = read(statement)
    title = (
        f"the largest <L, X> / 4 over positive semidefinite X with unit diagonal, L the Laplacian of the graph, is at least "
        f"{lower} and at most {upper}"
    )
    return [title, *graph_text(graph)]
