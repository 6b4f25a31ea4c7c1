r"""Maximum cuts of weighted graphs, from above by dual vectors, from below by a cut.

The statement ``maximum_cut`` holds a graph with the vertices 0, ..., n - 1 and rational weights w of its edges, of any
sign, and two numbers: every cut has a weight of at most ``upper``, and some cut has one of at least ``lower``.  A cut is a
choice of sides x in {-1, 1}^n; its weight is the sum of the w of the edges with ends on different sides, which is

    cut(x) = x^T Q x,        Q = L / 4,  L = Diag(degrees) - W the Laplacian,

since (x_i - x_j)^2 / 4 is 1 for such an edge and 0 for the others.

**A dual vector** (Delorme and Poljak 1993; Goemans and Williamson 1995).  If Diag(y) - Q is positive semidefinite, then
x^T Q x <= sum_i y_i x_i^2 = sum_i y_i for all sides x.  This is the bound of the semidefinite relaxation.

**Branching.**  Two vertices are on the same side, or on different ones.  With x_j = s x_i, s = 1 or -1, x^T Q x is a form in
the other coordinates: row and column j are added to row and column i, s times.  So a bound is proved by a tree, in which a
leaf is a dual vector of the form that is left, and every other node names i and j and has a tree for s = 1 and one for
s = -1.  With one vertex left, the form is a number.

**Steps of the weights.**  All weights are multiples of a rational number g > 0, so all cuts are: a bound b says that no cut is
more than the largest multiple of g that is at most b.

**Enumeration.**  For few vertices all cuts are listed here, in the order of a Gray code (one vertex changes its side at a
time), with the last vertex on a fixed side; then no witness is needed, and the statement is decided either way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import Any

from verify.kernel.finding import Finding
from verify.kernel.positive import semidefinite
from verify.kernel.terms import need, rational
from verify.kernel.theory import fields, listed

Json = Any
Matrix = list[list[Fraction]]

MAX_VERTICES = 500
MAX_ENUMERATED = 20  # vertices, half a million cuts
SHOWN = 12  # edges of a statement in words


@dataclass(frozen=True)
class Graph:
    """Each edge once, by its ends, with its weight."""

    vertices: int
    edges: dict[tuple[int, int], Fraction]

    def form(self) -> Matrix:
        """Q = L / 4."""
        matrix = [[Fraction(0)] * self.vertices for _ in range(self.vertices)]
        for (i, j), weight in self.edges.items():
            matrix[i][i] += weight / 4
            matrix[j][j] += weight / 4
            matrix[i][j] -= weight / 4
            matrix[j][i] -= weight / 4
        return matrix

    def cut(self, sides: Sequence[int]) -> Fraction:
        return sum((weight for (i, j), weight in self.edges.items() if sides[i] != sides[j]), Fraction(0))

    def step(self) -> Fraction:
        """The largest number of which all weights are multiples; 0 if all of them are 0."""
        scale = lcm(*(weight.denominator for weight in self.edges.values()))
        return Fraction(gcd(*(int(weight * scale) for weight in self.edges.values())), scale)


def read(statement: Json) -> tuple[Graph, Fraction, Fraction]:
    """The graph, and what is stated: the lower and the upper bound."""
    _, vertices, edges, lower, upper = fields(statement, "question", "vertices", "edges", "lower", "upper")
    return read_graph(vertices, edges), rational(lower), rational(upper)


def read_graph(vertices: Json, edges: Json) -> Graph:
    number = rational(vertices)
    need(number.denominator == 1 and 0 < number <= MAX_VERTICES, "there are between 1 and", MAX_VERTICES, "vertices")
    weights: dict[tuple[int, int], Fraction] = {}
    for entry in listed(edges):
        first, second, weight = listed(entry, 3)
        i, j = place(first, int(number)), place(second, int(number))
        need(i < j and (i, j) not in weights, "an edge has its smaller end first, and is given once, not so", i, j)
        weights[i, j] = rational(weight)
    return Graph(int(number), weights)


def place(value: Json, size: int) -> int:
    number = rational(value)
    need(number.denominator == 1 and 0 <= number < size, "there is no vertex", value)
    return int(number)


def read_sides(value: Json, size: int) -> list[int]:
    need(all(side in ("1", "-1") for side in listed(value, size)), "a side is 1 or -1")
    return [int(side) for side in value]


def bound(form: Matrix, tree: Json) -> tuple[Fraction, int]:
    """What a tree proves of the largest value of a form at sides, and the number of its leaves."""
    if isinstance(tree, dict) and "dual" in tree:
        (dual,) = fields(tree, "dual")
        return dual_bound(form, dual), 1
    vertices, same, different = fields(tree, "vertices", "same", "different")
    first, second = listed(vertices, 2)
    i, j = place(first, len(form)), place(second, len(form))
    need(i < j, "a branch names two different vertices, the smaller one first, and not", i, j)
    found = [bound(merged(form, i, j, side), branch) for side, branch in ((1, same), (-1, different))]
    return max(value for value, _ in found), sum(leaves for _, leaves in found)


def dual_bound(form: Matrix, dual: Json) -> Fraction:
    """The sum of y, if Diag(y) minus the form is positive semidefinite."""
    y = [rational(entry) for entry in listed(dual, len(form))]
    slack = [[(y[i] if i == j else 0) - entry for j, entry in enumerate(row)] for i, row in enumerate(form)]
    need(semidefinite(slack), "the dual vector is not feasible: Diag(y) - Q is not positive semidefinite")
    return sum(y, Fraction(0))


def merged(form: Matrix, i: int, j: int, side: int) -> Matrix:
    """The form with x_j = side x_i, in the coordinates without j."""
    kept = [k for k in range(len(form)) if k != j]
    rows = [[form[k][m] + (side * form[j][m] if k == i else 0) for m in range(len(form))] for k in kept]
    return [[row[m] + (side * row[j] if m == i else 0) for m in kept] for row in rows]


def floor(value: Fraction, step: Fraction) -> Fraction:
    """The largest multiple of the step that is not more."""
    return value // step * step if step else Fraction(0)


def largest_cut(graph: Graph) -> Fraction:
    """Over all sides, the last vertex on a fixed one, in the order of a Gray code; in steps of the weights."""
    step = graph.step() or Fraction(1)
    neighbours: list[list[tuple[int, int]]] = [[] for _ in range(graph.vertices)]
    for (i, j), weight in graph.edges.items():
        neighbours[i].append((j, int(weight / step)))
        neighbours[j].append((i, int(weight / step)))
    sides, total, largest = [1] * graph.vertices, 0, 0
    for count in range(1, 1 << (graph.vertices - 1)):
        k = (count & -count).bit_length() - 1
        total += sides[k] * sum(sides[j] * weight for j, weight in neighbours[k])
        sides[k] = -sides[k]
        largest = max(largest, total)
    return largest * step


# ------------------------------------------------------------------------------------------------- what decides


def decide_both(statement: Json, witness: Json) -> Finding:
    """A cut and a tree, as stated."""
    graph, lower, upper = read(statement)
    sides, tree = fields(witness, "sides", "tree")
    cut = graph.cut(read_sides(sides, graph.vertices))
    need(cut >= lower, "the weight of the cut is", cut, "and not at least", lower)
    least, leaves = bound(graph.form(), tree)
    need(
        floor(least, graph.step()) <= upper, "the bound of all cuts is", least, "and does not exclude more than", upper
    )
    return Finding(True, leaves, (("cut", str(cut)), ("bound", str(least)), ("leaves", str(leaves))))


def decide_enumeration(statement: Json, witness: Json) -> Finding:
    """All cuts."""
    graph, lower, upper = read(statement)
    fields(witness)
    need(graph.vertices <= MAX_ENUMERATED, "at most", MAX_ENUMERATED, "vertices are enumerated")
    largest = largest_cut(graph)
    return Finding(lower <= largest <= upper, 1 << (graph.vertices - 1), (("cut", str(largest)),))


def decide_cut(statement: Json, witness: Json) -> Finding:
    """A cut that is more than the upper bound."""
    graph, _, upper = read(statement)
    (sides,) = fields(witness, "sides")
    cut = graph.cut(read_sides(sides, graph.vertices))
    need(cut > upper, "the weight of the cut is", cut, "and not more than", upper)
    return Finding(False, 1, (("cut", str(cut)),))


def decide_bound(statement: Json, witness: Json) -> Finding:
    """A tree that excludes the lower bound."""
    graph, lower, _ = read(statement)
    (tree,) = fields(witness, "tree")
    least, leaves = bound(graph.form(), tree)
    need(floor(least, graph.step()) < lower, "the bound of all cuts is", least, "and does not exclude", lower)
    return Finding(False, leaves, (("bound", str(least)), ("leaves", str(leaves))))


def text(statement: Json) -> list[str]:
    """What was decided, and the first edges."""
    graph, lower, upper = read(statement)
    title = f"the largest weight of a cut of the graph is at least {lower} and at most {upper}"
    return [title, *graph_text(graph)]


def graph_text(graph: Graph) -> list[str]:
    lines = [f"edge {i} {j} of weight {weight}" for (i, j), weight in graph.edges.items()]
    more = [f"and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
    return [f"{graph.vertices} vertices, {len(lines)} edges", *lines[:SHOWN], *more]
