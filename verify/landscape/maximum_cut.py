r"""Maximum cuts by semidefinite programming, with bounds that are exact.

**The relaxation** (Goemans and Williamson 1995).  A cut is a vector x of signs and has the weight x^T Q x, Q = L / 4 with the
Laplacian L.  Replacing x x^T by any positive semidefinite X with unit diagonal gives a convex program, whose dual asks for
the least sum of a y with Diag(y) - Q positive semidefinite.  Signs of <v_i, g>, for X_ij = <v_i, v_j> and a random g, are cuts
of at least 0.878 times its value on average, if no weight is negative; they are improved here by changing one side at a time.

**Branching.**  Where the bound does not reach the best cut, two vertices are put on the same side, and then on different
ones: those whose X_ij is closest to 0, as the relaxation says least about them.  Bounds are rounded down to a multiple of what
all weights are multiples of, which often makes branching unnecessary.

**From floats to exact numbers.**  The dual vector is rounded to numbers with a small denominator, where the optimum may be
rational, as for bipartite or complete graphs; if that is not feasible, to dyadic numbers, and raised until Diag(y) - Q is
positive semidefinite, which is decided exactly.  Nothing rests on the solver: if it errs, the bounds are apart.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import ceil
from typing import TYPE_CHECKING, Any

from verify.errors import NetworkError, Unanswered
from verify.networks.network import Number, number

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from verify.kernel.maximum_cut import Graph, Matrix

    Floats = NDArray[np.float64]

Json = Any
Group = tuple[tuple[int, int], ...]  # vertices of the graph that are one vertex of a form, with their signs

NODES = 400  # of a tree, unless more are allowed
ROUNDINGS = 32
DENOMINATOR = 48  # of dual vectors that are tried first
BITS = 40  # after the point
ROOM = 2.0**-36  # by how much dual vectors are raised, and again if that is not enough


@dataclass(frozen=True, eq=False)
class MaximumCut:
    """Is the largest weight of a cut of a graph at least ``lower`` and at most ``upper``?

    The vertices are 0, ..., ``vertices`` - 1; ``edges`` are pairs, of weight 1, or triples with a weight, an exact number of any
    sign.  At most ``nodes`` nodes of a tree are tried; small graphs are enumerated if that is not enough.  Raises
    ``NetworkError`` on bad input.

        MaximumCut(5, [(0, 1), (1, 2), (2, 3), (3, 4), (0, 4)], lower=4, upper=4)
    """

    vertices: int
    edges: Iterable[Sequence[Any]]
    lower: Number
    upper: Number
    nodes: int = NODES

    @cached_property
    def graph(self) -> Graph:
        return read_graph(self.vertices, self.edges)

    def statement(self) -> Json:
        return {"question": "maximum_cut", **graph_json(self.graph), **bounds_json(self.lower, self.upper)}

    def answer(self) -> tuple[str, Json]:
        from verify.kernel.maximum_cut import MAX_ENUMERATED

        try:
            return self.by_tree()
        except Unanswered:
            if self.graph.vertices <= MAX_ENUMERATED:
                return "maximum-cut-enumeration", {}
            raise

    def by_tree(self) -> tuple[str, Json]:
        """A tree for the upper bound, and one for what is just below the lower bound if no cut reaches it."""
        lower, upper = number(self.lower, "lower"), number(self.upper, "upper")
        search = Search(self.graph, upper, self.nodes)
        tree = search.tree()
        if search.cut > upper:
            return "maximum-cut-sides", {"sides": search.witness}
        if search.cut < lower:
            search = Search(self.graph, just_below(lower, self.graph.step()), self.nodes)
            smaller = search.tree()
            if search.cut < lower:
                return "maximum-cut-bound", {"tree": smaller}
        return "maximum-cut", {"sides": search.witness, "tree": tree}


@dataclass(frozen=True, eq=False)
class CutRelaxation:
    """Is max <L, X> / 4 over positive semidefinite X with unit diagonal at least ``lower`` and at most ``upper``?

    The graph is given as for ``MaximumCut``, and L is its Laplacian.  Raises ``NetworkError`` on bad input.

        CutRelaxation(5, [(0, 1), (1, 2), (2, 3), (3, 4), (0, 4)], lower="4.5225", upper="4.5226")
    """

    vertices: int
    edges: Iterable[Sequence[Any]]
    lower: Number
    upper: Number

    @cached_property
    def graph(self) -> Graph:
        return read_graph(self.vertices, self.edges)

    def statement(self) -> Json:
        return {"question": "cut_relaxation", **graph_json(self.graph), **bounds_json(self.lower, self.upper)}

    def answer(self) -> tuple[str, Json]:
        from verify.kernel.maximum_cut_relaxation import matrix_value

        lower, upper = number(self.lower, "lower"), number(self.upper, "upper")
        y, correlations = relaxed(self.graph.form())
        dual, matrix = feasible(self.graph.form(), y), semidefinite_matrix(correlations)
        above, below = sum(dual, Fraction(0)), matrix_value(self.graph, matrix)
        if below >= lower and above <= upper:
            return "cut-relaxation", {"matrix": matrix, "dual": texts(dual)}
        if below > upper:
            return "cut-relaxation-matrix", {"matrix": matrix}
        if above < lower:
            return "cut-relaxation-dual", {"dual": texts(dual)}
        raise Unanswered(
            f"the relaxation was found to be between {float(below):.12g} and {float(above):.12g}; whether it is at least "
            f"{lower} and at most {upper} was not decided"
        )


# ------------------------------------------------------------------------------------------------------- input


def read_graph(vertices: int, edges: Iterable[Sequence[Any]]) -> Graph:
    """The graph with its weights as fractions; raises ``NetworkError`` with one sentence."""
    from verify.kernel.maximum_cut import MAX_VERTICES, Graph

    size = number(vertices, "vertices")
    if size % 1 or not 0 < size <= MAX_VERTICES:
        raise NetworkError(
            f"vertices={vertices} is not a whole number from 1 to {MAX_VERTICES}; say how many there are"
        )
    weights: dict[tuple[int, int], Fraction] = {}
    for position, edge in enumerate(edges):
        name = f"edges[{position}]"
        if not hasattr(edge, "__len__") or isinstance(edge, str) or len(edge) not in (2, 3):
            raise NetworkError(f"{name} is {str(edge)[:80]!r}; give a pair of vertices, or a pair and a weight")
        ends = [number(end, f"{name}[{k}]") for k, end in enumerate(edge[:2])]
        if any(end % 1 or not 0 <= end < size for end in ends) or ends[0] == ends[1]:
            raise NetworkError(
                f"{name} joins {edge[0]} and {edge[1]}; an edge joins two different ones of 0, ..., {size - 1}"
            )
        i, j = sorted(map(int, ends))
        if (i, j) in weights:
            raise NetworkError(f"{name} joins {i} and {j}, which are joined already; give the sum of the weights once")
        weights[i, j] = number(edge[2], f"{name}[2]") if len(edge) == 3 else Fraction(1)
    return Graph(int(size), weights)


def graph_json(graph: Graph) -> Json:
    edges = [[str(i), str(j), str(weight)] for (i, j), weight in sorted(graph.edges.items())]
    return {"vertices": str(graph.vertices), "edges": edges}


def bounds_json(lower: Number, upper: Number) -> Json:
    return {"lower": str(number(lower, "lower")), "upper": str(number(upper, "upper"))}


def texts(numbers: Iterable[Fraction]) -> list[str]:
    return [str(value) for value in numbers]


# --------------------------------------------------------------------------------------------------- the search


@dataclass(eq=False)
class Search:
    """Branch and bound: bounds that are at most ``enough``, or at most the best cut, are not improved."""

    graph: Graph
    enough: Fraction
    nodes: int
    sides: list[int] = field(init=False)
    cut: Fraction = field(init=False)
    tried: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.sides, self.cut = [1] * self.graph.vertices, Fraction(0)

    @property
    def witness(self) -> Json:
        return [str(side) for side in self.sides]

    def tree(self) -> Json:
        return self.branch(self.graph.form(), tuple(((k, 1),) for k in range(self.graph.vertices)))

    def branch(self, form: Matrix, groups: tuple[Group, ...]) -> Json:
        from verify.kernel.maximum_cut import floor, merged

        self.tried += 1
        y, correlations = relaxed(form)
        self.improve(correlations, groups)
        dual = feasible(form, y)
        bound = floor(sum(dual, Fraction(0)), self.graph.step())
        if bound <= max(self.enough, self.cut):
            return {"dual": texts(dual)}
        if self.tried >= self.nodes:
            raise Unanswered(
                f"a cut of weight {self.cut} was found, and after {self.nodes} nodes some bounds are still more, such as "
                f"{bound}; allow more with nodes="
            )
        i, j = least_known(correlations)
        branches = [self.branch(merged(form, i, j, side), joined(groups, i, j, side)) for side in (1, -1)]
        return {"vertices": [str(i), str(j)], "same": branches[0], "different": branches[1]}

    def improve(self, correlations: Floats, groups: tuple[Group, ...]) -> None:
        """Cuts by random hyperplanes, improved by changing one side at a time; the best one is kept."""
        import numpy as np

        values, vectors = np.linalg.eigh(correlations)
        rows = vectors * np.sqrt(values.clip(0))
        generator = np.random.default_rng(self.tried)
        laplacian = np.array([[float(entry) for entry in row] for row in self.graph.form()])
        for direction in generator.standard_normal((ROUNDINGS, len(rows))):
            signs = np.where(rows @ direction >= 0, 1, -1)
            sides = np.ones(self.graph.vertices)
            for sign, group in zip(signs, groups, strict=True):
                for vertex, side in group:
                    sides[vertex] = sign * side
            found = [int(side) for side in locally_best(laplacian, sides)]
            if (cut := self.graph.cut(found)) > self.cut:
                self.sides, self.cut = found, cut


def locally_best(form: Floats, sides: Floats) -> Floats:
    """Sides from which no change of one side is better; the value of x is x^T Q x."""
    import numpy as np

    outer = form - np.diag(np.diag(form))
    for _ in range(20 * len(sides)):
        gains = -4 * sides * (outer @ sides)
        best = int(np.argmax(gains))
        if gains[best] <= 1e-9:
            break
        sides[best] = -sides[best]
    return sides


def least_known(correlations: Floats) -> tuple[int, int]:
    """The two vertices, i < j, of which the relaxation says least whether they are on one side."""
    import numpy as np

    upper = np.triu_indices(len(correlations), 1)
    place = int(np.argmin(abs(correlations[upper])))
    return int(upper[0][place]), int(upper[1][place])


def joined(groups: tuple[Group, ...], i: int, j: int, side: int) -> tuple[Group, ...]:
    """The groups after ``merged(form, i, j, side)``."""
    moved = tuple((vertex, side * sign) for vertex, sign in groups[j])
    return tuple(group + moved if k == i else group for k, group in enumerate(groups) if k != j)


def just_below(value: Fraction, step: Fraction) -> Fraction:
    """The largest multiple of the step that is less."""
    return (ceil(value / step) - 1) * step if step else Fraction(0)


# ------------------------------------------------------------------------------------- floats, and exact numbers


def relaxed(form: Matrix) -> tuple[Floats, Floats]:
    """A dual vector y and a matrix X of the relaxation, up to the accuracy of the solver."""
    import cvxpy as cp
    import numpy as np

    q = np.array([[float(entry) for entry in row] for row in form])
    if len(q) == 1:
        return q[0], np.ones((1, 1))
    scale = abs(q).max() or 1.0
    x = cp.Variable(q.shape, PSD=True)
    diagonal = cp.diag(x) == 1
    problem = cp.Problem(cp.Maximize(cp.sum(cp.multiply(q / scale, x))), [diagonal])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of being inexact; what is returned is made exact
        problem.solve(solver=cp.CLARABEL)
    if x.value is None or diagonal.dual_value is None:
        raise Unanswered(f"the relaxation of {len(q)} vertices was not solved: {problem.status}")
    return scale * np.asarray(diagonal.dual_value), np.asarray(x.value)


def feasible(form: Matrix, y: Floats) -> list[Fraction]:
    """A dual vector close to y that is feasible, exactly: of small denominators if the sum does not grow by that."""
    import numpy as np

    from verify.kernel.positive import semidefinite

    def slack(dual: Sequence[Fraction]) -> Matrix:
        return [[(dual[i] if i == j else 0) - entry for j, entry in enumerate(row)] for i, row in enumerate(form)]

    size = max(1.0, float(abs(y).max()))
    simple = [Fraction(value).limit_denominator(DENOMINATOR) for value in y.tolist()]
    if abs(float(sum(simple)) - y.sum()) <= 1e-6 * size and semidefinite(slack(simple)):
        return simple
    least = float(np.linalg.eigvalsh(np.diag(y) - np.array([[float(entry) for entry in row] for row in form]))[0])
    room = ROOM
    while room < 1:
        raised = y + max(0.0, -least) + room * size
        dual = [Fraction(ceil(value * 2**BITS), 2**BITS) for value in raised.tolist()]
        if semidefinite(slack(dual)):
            return dual
        room *= 16
    raise Unanswered("no feasible dual vector was found near that of the relaxation")


def semidefinite_matrix(correlations: Floats) -> Json:
    """A positive semidefinite rational matrix with unit diagonal close to X: rounded, and moved towards the unit matrix."""
    from verify.kernel.positive import semidefinite

    size, room = len(correlations), ROOM
    while room < 1:
        entries = [[Fraction(round(float(x) * (1 - room) * 2**BITS), 2**BITS) for x in row] for row in correlations]
        matrix = [[Fraction(1) if i == j else entries[max(i, j)][min(i, j)] for j in range(size)] for i in range(size)]
        if semidefinite(matrix):
            return [texts(row) for row in matrix]
        room *= 16
    raise Unanswered("no feasible matrix was found near that of the relaxation")
