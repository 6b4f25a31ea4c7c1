r"""How many dichotomies D points have: Cover's formula, and the power D^n that bounds it (Cover 1965).

A new point divides those cells of the others that its hyperplane cuts, into two each, and the cells that are cut are as
many as the others induce on the hyperplane, which has one dimension less.  The recursion has a solution in closed form.
"""

from __future__ import annotations

from fractions import Fraction
from math import comb

from claims.expressivity.linear_regions import (
    binomials,
    power,
    powers_are_monotone,
    powers_are_positive,
    sums_of_binomials_grow_as_arrangements,
)
from claims.training.hyperplanes import far_enough, inside, reciprocals, slopes_are_not_negative, steep, steepness
from verify import Claim, assume, cite, define, dot, hypothesis, induction, lemma, nat, prop, real, vec
from verify.training import Dichotomies

claim = Claim(
    "dichotomy-count",
    title="Cover's count of dichotomies",
    statement=r"Let $c(D, n)$ be the number of dichotomies of $D \ge 1$ points in general position in $\mathbb{R}^n$ by affine "
    r"hyperplanes. Then $c(D + 1, n) = c(D, n) + c(D, n - 1)$, hence $c(D, n) = 2 \sum_{k \le n} \binom{D - 1}{k}$, and "
    r"$c(D, n) \le D^n$ for all $D \ge 2$ and $n \ge 2$.",
    source=cite("cover1965", "Theorem 1"),
    repairs="dichotomy-count-literal",
    remarks="A dichotomy divides the points by a hyperplane that touches none of them, and which side is called positive "
    "matters. General position: no n + 1 of the points lie on a hyperplane. What is proved of the geometry holds for any "
    "vectors; that the cells which are cut are counted by c(D, n - 1) is cited. Enumerated: points of the moment curve, which have "
    "Cover's number, and sets in special position, which have fewer.",
    symbols={
        r"z(i), \; s(i)": "the vectors (1, x) of the points, in any inner product space, and signs, which may be any reals",
        r"\mathrm{inside}(D, u)": "s(i) <z(i), u> > 0 for i < D: u lies in the cell with these signs",
        r"\mathrm{steep}(D, w, h, r)": "1 + the sum of r(i) |s(i) <z(i), h>| for i < D",
        r"\mathrm{dichotomies}(m, n)": "c(m + 1, n), defined by its recursion",
    },
)
surplus = claim.parameter("surplus", "0", "dichotomies beyond Cover's number")


# ------------------------------------------------------------------------------------------- a new hyperplane


@claim.proof(by=induction("D"))
def a_cell_on_both_sides_is_cut(D: nat, h: vec, u: vec, v: vec) -> prop:
    """Between u and v there is a point of the cell on the hyperplane of h."""
    assume(inside(D, u), inside(D, v), dot(h, u) < 0, dot(h, v) > 0)
    return inside(D, dot(h, v) * u - dot(h, u) * v) and dot(h, dot(h, v) * u - dot(h, u) * v) == 0


@claim.proof(
    by=induction("D"),
    using=[
        steepness.at(D="D", w="w", h="h"),
        slopes_are_not_negative.at(i="D", w="w", h="h"),
        far_enough.at(i="D", w="w", h="h", c="c"),
        hypothesis(w="w", h="h", c="c"),
    ],
)
def a_cut_cell_is_on_both_sides(D: nat, w: vec, h: vec, c: real) -> prop:
    """From a point w of the cell on the hyperplane, a short step along h stays in it; so does one along -h."""
    assume(inside(D, w), reciprocals(D, w), c >= steep(D, h), dot(h, w) == 0, dot(h, h) > 0)
    return inside(D, c * w + h) and dot(h, c * w + h) > 0


# ------------------------------------------------------------------------------------------- the recursion, solved


@define
def dichotomies(m: nat, n: nat) -> nat:
    if m == 0:
        return 2
    return 2 if n < 1 else dichotomies(m - 1, n) + dichotomies(m - 1, n - 1)


@lemma(by=induction("n"))
def of_no_rows(n: nat) -> prop:
    return binomials(0, n) == 1


@claim.proof(
    by=induction("m"), using=[of_no_rows, sums_of_binomials_grow_as_arrangements.at(n="m", d="n - 1")], cases=["n >= 1"]
)
def formula(m: nat, n: nat) -> prop:
    return dichotomies(m, n) == 2 * binomials(m, n)


@lemma(by=induction("m"))
def on_a_line(m: nat) -> prop:
    return dichotomies(m, 0) == 2 and dichotomies(m, 1) == 2 * (m + 1)


@lemma(by=induction("m"), using=[on_a_line])
def in_the_plane(m: nat) -> prop:
    return dichotomies(m, 2) == m**2 + m + 2


@lemma(by=induction("n"))
def of_two_points(n: nat) -> prop:
    return dichotomies(1, n + 1) == 4 and power(2, n + 2) >= 4


@lemma(using=[powers_are_monotone, powers_are_positive])
def powers_grow(m: nat, n: nat) -> prop:
    return power(m + 2, n + 1) + power(m + 2, n) <= power(m + 3, n + 1)


@lemma(using=[powers_grow.at(m="m", n="n + 2")])
def one_point_more(m: nat, n: nat) -> prop:
    assume(dichotomies(m + 1, n + 3) <= power(m + 2, n + 3), dichotomies(m + 1, n + 2) <= power(m + 2, n + 2))
    return dichotomies(m + 2, n + 3) <= power(m + 3, n + 3)


@lemma(using=[in_the_plane])
def one_point_more_in_the_plane(m: nat) -> prop:
    return dichotomies(m + 2, 2) <= power(m + 3, 2)


@claim.proof(
    by=induction("m"),
    using=[
        of_two_points,
        one_point_more_in_the_plane.at(m="m"),
        one_point_more.at(m="m", n="n - 1"),
        hypothesis(n="n"),
        hypothesis(n="n - 1"),
    ],
    cases=["n >= 1"],
)
def at_most_a_power(m: nat, n: nat) -> prop:
    """c(D, n) <= D^n for D = m + 2 points in n + 2 dimensions."""
    return dichotomies(m + 1, n + 2) <= power(m + 2, n + 2)


claim.cites(
    "restriction",
    "Of the cells of D points in general position, a further point in general position cuts c(D, n - 1): they induce the cells "
    "of D points in general position in n - 1 dimensions on its hyperplane. Every cell belongs to one dichotomy.",
    cite("cover1965", "proof of Theorem 1"),
)


# ------------------------------------------------------------------------------------------- points


@claim.exact(naturals={"D": range(1, 9), "n": (1, 2, 3, 4)}, role="stress")
def moment_curve(D: int, n: int, surplus: Fraction) -> Dichotomies:
    """Points (t, t^2, ..., t^n): each hyperplane holds n of them at most."""
    return Dichotomies([[t**k for k in range(1, n + 1)] for t in range(D)], cover(D, n) + surplus)


@claim.exact(naturals={"n": (3, 4)}, role="stress")
def corners_of_the_cube(n: int) -> Dichotomies:
    """The threshold functions: 104 and 1882, where Cover's numbers are 128 and 3882."""
    return Dichotomies([[i >> k & 1 for k in range(n)] for i in range(2**n)], {3: 104, 4: 1882}[n])


@claim.exact(naturals={"D": (3, 6, 9)}, role="stress")
def on_a_line_in_space(D: int) -> Dichotomies:
    """2 D, as on the line itself, and each point three times changes nothing."""
    return Dichotomies([[i % D, 2 * (i % D), -(i % D)] for i in range(3 * D)], 2 * D)


@claim.trials(32)
def random_hyperplanes(draws):
    """2^14 random lines divide twelve random points of the plane in no more than 134 ways."""
    import torch

    points = draws.uniform(12, 2, low=-1.0, high=1.0)
    normals, biases = draws.uniform(1 << 14, 2, low=-1.0, high=1.0), draws.uniform(1 << 14, low=-1.0, high=1.0)
    sides = (normals @ points.T + biases[:, None]) > 0
    patterns = (sides * 2 ** torch.arange(12, device=sides.device)).sum(1)
    return torch.tensor([len(torch.unique(patterns)) <= cover(12, 2)])


def cover(D: int, n: int) -> int:
    return 2 * sum(comb(D - 1, k) for k in range(n + 1))


# ------------------------------------------------------------------------------------------- what must fail


claim.sharpness(surplus, refuted="1", proved="0")


@claim.mutant(replaces=at_most_a_power)
def also_on_the_line(m: nat, n: nat) -> prop:
    """c(D, n) <= D^n for n = 1 as well"""
    return dichotomies(m + 1, n + 1) <= power(m + 2, n + 1)


@claim.mutant(replaces=moment_curve)
def twice_a_binomial(D: int, n: int) -> Dichotomies:
    """2 C(D, n) dichotomies: not for four points in the plane"""
    return Dichotomies([[t**k for k in range(1, n + 1)] for t in range(D)], 2 * comb(D, n))


@claim.mutant(replaces=corners_of_the_cube)
def special_position_does_not_matter(n: int) -> Dichotomies:
    """Cover's number for the corners of the cube"""
    return Dichotomies([[i >> k & 1 for k in range(n)] for i in range(2**n)], cover(2**n, n))


@claim.mutant(replaces=dichotomies)
def every_cell_is_cut(m: nat, n: nat) -> nat:
    """A new hyperplane cuts all cells"""
    return 2 if m == 0 else 2 * dichotomies(m - 1, n)


@claim.mutant(replaces=a_cell_on_both_sides_is_cut)
def in_the_middle(D: nat, h: vec, u: vec, v: vec) -> prop:
    """The hyperplane passes through the middle of u and v"""
    assume(inside(D, u), inside(D, v), dot(h, u) < 0, dot(h, v) > 0)
    return inside(D, (u + v) / 2) and dot(h, (u + v) / 2) == 0
