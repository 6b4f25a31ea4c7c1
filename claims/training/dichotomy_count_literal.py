r"""At most D^n dichotomies of D points in R^n: false on the line, and for a single point."""

from __future__ import annotations

from fractions import Fraction

from claims.training.dichotomy_count import dichotomies, on_a_line
from verify import Claim, cite, nat, prop
from verify.training import Dichotomies

claim = Claim(
    "dichotomy-count-literal",
    title="At most D^n dichotomies, for every n",
    statement=r"$D \ge 1$ points in $\mathbb{R}^n$, $n \ge 1$, have at most $D^n$ dichotomies by affine hyperplanes.",
    source=cite(
        "arora2018",
        "Theorem 4.1, whose running time $2^w D^{nw} \\mathrm{poly}(D, n, w)$ has this number for each of w units",
    ),
    expect="refuted",
    remarks="The sentence is read out of the running time; in words it is not there. For n = 1 the paper trains in another "
    "way. From n = 2 and D = 2 on it is true, see dichotomy-count.",
    symbols={r"\mathrm{dichotomies}(m, n)": "the number for m + 1 points in general position in n dimensions"},
)
factor = claim.parameter("factor", "2", "dichotomies of a line over the printed number")


@claim.disproof("on a line, D different points have $2D$ dichotomies, and $D^1 = D$", using=[on_a_line])
def twice_as_many_on_a_line(m: nat) -> prop:
    """For D = m + 1 points."""
    return dichotomies(m, 1) == 2 * (m + 1)


@claim.exact(
    naturals={"D": range(1, 13)},
    role="disproof",
    reason="points on a line, enumerated: there are 2D of them, and not D",
)
def enumerated_on_a_line(D: int, factor: Fraction) -> Dichotomies:
    return Dichotomies([[t] for t in range(D)], factor * D)


@claim.exact(
    naturals={"n": range(1, 6)},
    role="disproof",
    reason="a single point has two dichotomies in any dimension, and not one",
)
def a_single_point(n: int) -> Dichotomies:
    return Dichotomies([list(range(n))], 2)


claim.mutant("as-printed", {factor: "1"})


@claim.mutant(replaces=twice_as_many_on_a_line)
def the_number_of_points(m: nat) -> prop:
    """D dichotomies"""
    return dichotomies(m, 1) == m + 1
