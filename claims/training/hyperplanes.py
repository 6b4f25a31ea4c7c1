r"""A hyperplane among others: what it means to lie inside a cell, and how far a step inside may go.

Shared by the claims about dichotomies.  The vectors z(i) are arbitrary, in any inner product space, and so are the signs.
"""

from __future__ import annotations

from verify import arbitrary, assume, define, dot, induction, lemma, nat, prop, real, vec


@arbitrary
def z(i: nat) -> vec: ...


@arbitrary
def s(i: nat) -> real: ...


@arbitrary
def r(i: nat) -> real: ...


@define
def inside(D: nat, u: vec) -> prop:
    return True if D == 0 else inside(D - 1, u) and s(D - 1) * dot(z(D - 1), u) > 0


@define
def reciprocals(D: nat, w: vec) -> prop:
    """r(i) is the reciprocal of s(i) <z(i), w>."""
    return True if D == 0 else reciprocals(D - 1, w) and r(D - 1) * s(D - 1) * dot(z(D - 1), w) == 1


@define
def steep(D: nat, h: vec) -> real:
    return 1 if D == 0 else steep(D - 1, h) + r(D - 1) * abs(s(D - 1) * dot(z(D - 1), h))


@lemma()
def a_reciprocal_is_positive(i: nat, w: vec) -> prop:
    assume(s(i) * dot(z(i), w) > 0, r(i) * s(i) * dot(z(i), w) == 1)
    return r(i) > 0


@lemma(using=[a_reciprocal_is_positive], cases=["s(i) * dot(z(i), h) >= 0"])
def slopes_are_not_negative(i: nat, w: vec, h: vec) -> prop:
    assume(s(i) * dot(z(i), w) > 0, r(i) * s(i) * dot(z(i), w) == 1)
    return r(i) * abs(s(i) * dot(z(i), h)) >= 0


@lemma(by=induction("D"), using=[slopes_are_not_negative.at(i="D", w="w", h="h")])
def steepness(D: nat, w: vec, h: vec) -> prop:
    assume(inside(D, w), reciprocals(D, w))
    return steep(D, h) >= 1


@lemma(using=[a_reciprocal_is_positive], cases=["s(i) * dot(z(i), h) >= 0"])
def far_enough(i: nat, w: vec, h: vec, c: real) -> prop:
    assume(s(i) * dot(z(i), w) > 0, r(i) * s(i) * dot(z(i), w) == 1, c >= 1 + r(i) * abs(s(i) * dot(z(i), h)))
    return s(i) * dot(z(i), c * w + h) > 0
