r"""Minimising a concave quadratic over a cube is as hard as the maximum cut of a graph.

A convex function on a segment is largest at an end, so a point of the cube is moved to a vertex one coordinate after the other,
and x^T L x does not decrease.  At vertices it is four times the weight of a cut.  Bounds of cuts come from semidefinite programs;
their duals are rounded to exact certificates.
"""

from __future__ import annotations

from fractions import Fraction

from claims.landscape.cube_corners import (
    convex,
    coordinate_by_coordinate,
    corners_are_cuts,
    cut,
    ends,
    form,
    inside,
    most,
    n,
    no_cut_is_more,
    w,
    weights_are_not_negative,
)
from claims.optimization.orthonormal_vectors import e, orthonormal
from verify import Claim, arbitrary, assume, assumption, cite, define, dot, induction, lemma, nat, prop, real, vec
from verify.landscape import CutRelaxation, MaximumCut
from verify.statistics import Probability

claim = Claim(
    "nonconvex-np-hard",
    title="Nonconvex optimization contains the maximum cut",
    statement=r"Let $w_{ij} \ge 0$ be the weights of a graph with $n$ vertices and Laplacian $L$. At the corners $x$ of the cube $[-1, "
    r"1]^n$, $x^T L x / 4$ is the weight of the cut between the two signs; the form is convex, and on the whole cube it is at most "
    r"every number that no cut exceeds. So its maximum over the cube is the maximum cut, which is NP-hard to find. If "
    r"$\mathrm{Diag}(d) - L/4$ is positive semidefinite, no cut is more than $\sum_i d_i$. The maximum cuts of the pentagon, of "
    r"Petersen's graph, of the grid of $4 \times 4$, of Paley's graph on 13 points and of a weighted graph on 16 are 4, 12, 24, 26 "
    r"and 242. The relaxation of the pentagon is $4.52254\ldots$, which is more than its maximum cut.",
    source=cite(
        "rajnotes",
        "Introduction",
        quote="Non-convex functions can have many local minima, saddle points, flat regions, and varying curvature which makes "
        "non-convex optimization at least NP-Hard",
    ),
    remarks="This is about the worst case, and about a problem with constraints; other nonconvex problems are solved to the end, "
    "such as finding an eigenvector of the largest eigenvalue. Local search stops at cuts that are not maximal, here even on a "
    "grid, whose maximum cut is a chessboard.",
    symbols={
        r"\mathrm{e}(i)": "the coordinate i of x is the inner product with e(i); orthonormal(n): the first n vectors are",
        r"\mathrm{form}(m, x)": "x^T L x / 4 for the first m vertices; row(i, j, x) are its terms for j and the vertices before i",
        r"\mathrm{cut}(m, x)": "the weight of the edges whose ends have coordinates of different signs",
        r"\mathrm{inside}(m, x)": "the first m coordinates are between -1 and 1",
        r"\mathrm{ends}(m, k, x)": "the squares of the m coordinates from the k-th on are 1",
        r"n, \; \mathrm{most}": "the number of vertices, and any number that no cut exceeds",
        r"\mathrm{weighted}(m, x) - \mathrm{form}(m, x)": r"the form of $\mathrm{Diag}(d) - L/4$ at x",
    },
)
added = claim.parameter("added", "0", "what is added to the listed maximum cuts")


@arbitrary
def d(i: nat) -> real: ...


claim.model({n: "3", w: "1", most: "2", d: "3 / 4"})  # a triangle


@claim.proof(using=[corners_are_cuts.at(m="m", x="x")])
def cuts_are_values(m: nat, x: vec) -> prop:
    """x^T L x / 4 is the weight of the cut at every corner, for weights of any sign."""
    assume(ends(m, 0, x))
    return form(m, x) == cut(m, x)


@claim.proof(using=[convex.at(m="m", a="a", u="u", v="v")], assuming=[weights_are_not_negative])
def convexity(m: nat, a: real, u: vec, v: vec) -> prop:
    """So to minimise the opposite over the cube is a concave problem."""
    assume(0 <= a <= 1)
    return form(m, a * u + (1 - a) * v) <= a * form(m, u) + (1 - a) * form(m, v)


@claim.proof(
    using=[coordinate_by_coordinate.at(k="n()", m="0", x="x")],
    have=["ends(0, n(), x)"],
    assuming=[weights_are_not_negative, no_cut_is_more],
)
def a_bound_of_cuts_bounds_the_cube(x: vec) -> prop:
    """Every number that no cut exceeds, such as the maximum cut."""
    assume(orthonormal(n()), inside(n(), x))
    return form(n(), x) <= most()


claim.cites(
    "karp",
    "It is NP-hard to find the maximum cut of a graph with weights that are natural numbers; so it is to maximise convex "
    "quadratic forms over cubes.",
    cite("karp1972", "Problem 21, max cut, as recalled"),
)
claim.cites(
    "local",
    "It is NP-hard to decide whether a feasible point is a local minimum of a quadratic function under linear constraints.",
    cite("murty1987", "as recalled"),
)


# ------------------------------------------------------------------------------------------- the relaxation


@define
def total(m: nat) -> real:
    return 0 if m == 0 else total(m - 1) + d(m - 1)


@define
def weighted(m: nat, x: vec) -> real:
    return 0 if m == 0 else weighted(m - 1, x) + d(m - 1) * dot(x, e(m - 1)) ** 2


@lemma(by=induction("m"))
def weights_of_corners(m: nat, x: vec) -> prop:
    assume(ends(m, 0, x))
    return weighted(m, x) == total(m)


@assumption()
def feasible(m: nat, x: vec) -> prop:
    """Diag(d) - L/4 is positive semidefinite."""
    assume(m == n())
    return weighted(m, x) - form(m, x) >= 0


@claim.proof(
    using=[
        corners_are_cuts.at(m="m", x="x"),
        weights_of_corners.at(m="m", x="x"),
        feasible.at(m="m", x="x"),
    ],
    assuming=[feasible],
)
def dual_vectors_bound_cuts(m: nat, x: vec) -> prop:
    assume(m == n(), ends(m, 0, x))
    return cut(m, x) <= total(m)


CYCLE = [(i, (i + 1) % 5) for i in range(5)]
PETERSEN = [*CYCLE, *((i, i + 5) for i in range(5)), *((5 + i, 5 + (i + 2) % 5) for i in range(5))]
GRID = [(4 * i + j, 4 * i + j + 1) for i in range(4) for j in range(3)] + [(i, i + 4) for i in range(12)]
PALEY = [(i, j) for j in range(13) for i in range(j) if (j - i) % 13 in (1, 3, 4, 9, 10, 12)]
WEIGHTED = [(i, j, (i * i + 3 * j * j + i * j) % 7) for j in range(16) for i in range(j)]
GRAPHS = [(5, CYCLE, 4), (10, PETERSEN, 12), (16, GRID, 24), (13, PALEY, 26), (16, WEIGHTED, 242)]


@claim.exact(naturals={"k": range(5)})
def maximum_cuts(k: int, added: Fraction) -> MaximumCut:
    """The pentagon, Petersen's graph, a grid of 4 x 4, Paley's graph on 13 points, a weighted complete graph on 16."""
    vertices, edges, value = GRAPHS[k]
    return MaximumCut(vertices, edges, lower=value + added, upper=value + added)


@claim.exact()
def relaxation_of_the_pentagon() -> CutRelaxation:
    """(25 + 5 sqrt 5) / 8"""
    return CutRelaxation(5, CYCLE, lower="4.522542", upper="4.522543")


@claim.experiment(Probability(at_least="1/4"), runs=1 << 12)
def local_search_stops_early(draws):
    """On the grid, whose chessboard cuts all 24 edges: from random sides, no single change is better, and the cut is less."""
    import torch

    adjacency = torch.zeros(16, 16, dtype=torch.float64)
    for i, j in GRID:
        adjacency[i, j] = adjacency[j, i] = 1
    adjacency, sides = adjacency.to(draws.device), draws.sign(16).double()
    for _ in range(40):
        gains = sides * (sides @ adjacency)
        best, place = gains.max(1, keepdim=True)
        sides = sides.scatter(1, place, torch.where(best > 0, -1.0, 1.0) * sides.gather(1, place))
    stuck = (sides * (sides @ adjacency)).amax(1) <= 0
    return stuck & ((24 - (sides @ adjacency * sides).sum(1) / 2) / 2 < 24)


# ------------------------------------------------------------------------------------------- what must fail


claim.sharpness(added, refuted="1/1000", proved="0")
claim.mutant("cuts that are smaller", {added: "-1/1000"})


@claim.mutant(replaces=cuts_are_values)
def values_inside(m: nat, x: vec) -> prop:
    """Everywhere in the cube, not only at corners"""
    assume(inside(m, x))
    return form(m, x) == cut(m, x)


@claim.mutant(replaces=a_bound_of_cuts_bounds_the_cube)
def outside_of_the_cube(x: vec) -> prop:
    """At all points, not only in the cube"""
    assume(orthonormal(n()))
    return form(n(), x) <= most()


@claim.mutant(replaces=relaxation_of_the_pentagon)
def exact_relaxation() -> CutRelaxation:
    """The relaxation is exact"""
    return CutRelaxation(5, CYCLE, lower=4, upper=4)


@claim.mutant(replaces=relaxation_of_the_pentagon)
def gap_of_a_bipartite_graph() -> CutRelaxation:
    """The relaxation has a gap for bipartite graphs, too"""
    return CutRelaxation(16, GRID, lower="24.001", upper=25)
