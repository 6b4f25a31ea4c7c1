r"""With one hidden layer of ReLU units the training error has a minimum: it is attained, not only approached.

On the closed cell of a tuple of dichotomies the network is linear in its parameters, so that the squared error is a convex
quadratic function on a polyhedral cone, and these attain their infimum; there are finitely many cells, and they cover.
"""

from __future__ import annotations

from fractions import Fraction

from verify import Claim, arbitrary, assume, cite, define, dot, induction, nat, prop, real, relu, vec
from verify.training import TrainingMinimum

claim = Claim(
    "erm-existence",
    title="The training error of shallow ReLU networks has a minimizer",
    statement=r"For all $D$ points $x_i$, labels $y_i$, and $w$, the squared error $\sum_i (f(x_i) - y_i)^2$ attains its infimum "
    r"over the networks $f(x) = \sum_{k<w} s_k \,\mathrm{ReLU}(\langle a_k, x \rangle + b_k)$, $s_k = \pm 1$.",
    source=cite("arora2018", "Theorem 4.1, which finds a minimizer"),
    repairs="erm-existence-literal",
    remarks="Proved: on the closed cell of a sign for each unit and each point, the output is the linear function of the "
    "parameters that the cell says. The cells are finitely many and cover, since every number has a sign. Certified: minima "
    "that are attained, for small data; with the labels 0, 0, 1, 1, which a sigmoidal unit only approaches, it is 1/6 for one "
    "unit, and 0 for two.",
    symbols={
        r"\mathrm{p}(k)": "the parameters (b, a) of the unit k, a vector; z is (1, x) for one of the points",
        r"\mathrm{s}(k)": "the sign of the unit k",
        r"\mathrm{g}(k)": "1 if the cell has the point on the positive side of the unit k, else 0",
        r"\mathrm{output}(w, z), \; \mathrm{linear}(w, z)": "the output of w units, and what it is on the cell",
    },
)
lowered = claim.parameter("lowered", "0", "what is subtracted from the minima")


@arbitrary
def p(k: nat) -> vec: ...


@arbitrary
def s(k: nat) -> real: ...


@arbitrary
def g(k: nat) -> real: ...


@define
def output(w: nat, z: vec) -> real:
    return 0 if w == 0 else output(w - 1, z) + s(w - 1) * relu(dot(p(w - 1), z))


@define
def linear(w: nat, z: vec) -> real:
    return 0 if w == 0 else linear(w - 1, z) + s(w - 1) * g(w - 1) * dot(p(w - 1), z)


@define
def cell(w: nat, z: vec) -> prop:
    """The units of gate 1 are not negative at z, and those of gate 0 not positive: a closed polyhedral cone of p."""
    if w == 0:
        return True
    return cell(w - 1, z) and ((g(w - 1) == 1 and dot(p(w - 1), z) >= 0) or (g(w - 1) == 0 and dot(p(w - 1), z) <= 0))


@claim.proof(by=induction("w"))
def linear_on_a_cell(w: nat, z: vec) -> prop:
    assume(cell(w, z))
    return output(w, z) == linear(w, z)


claim.cites(
    "quadratic",
    "A quadratic function that is bounded from below on a polyhedron attains its infimum there; the least of the infima of "
    "finitely many cells is attained on one of them.",
    cite("frankwolfe1956", "Appendix (i)"),
)


@claim.exact(naturals={"w": (1, 2)}, role="stress")
def labels_of_the_literal_claim(w: int, lowered: Fraction) -> TrainingMinimum:
    """0, 0, 1, 1 at 0, 1, 2, 3: 1/6 by ReLU(x / 2 - 1 / 3), and 0 by ReLU(x - 1) - ReLU(x - 2)."""
    return TrainingMinimum([[0], [1], [2], [3]], [0, 0, 1, 1], w, value={1: Fraction(1, 6), 2: 0}[w] - lowered)


@claim.exact(naturals={"w": (1, 2)}, role="stress")
def alternating_labels(w: int, lowered: Fraction) -> TrainingMinimum:
    """1, -1, 2, -2, 1 at 0, 1, 2, 3, 4."""
    return TrainingMinimum([[0], [1], [2], [3], [4]], [1, -1, 2, -2, 1], w, value={1: 10, 2: 6}[w] - lowered)


# ------------------------------------------------------------------------------------------- what must fail


claim.sharpness(lowered, refuted="1/1000000", proved="0")


@claim.mutant(replaces=cell)
def open_to_both_sides(w: nat, z: vec) -> prop:
    """The signs of the units do not matter"""
    return True if w == 0 else cell(w - 1, z) and (g(w - 1) == 1 or g(w - 1) == 0)
