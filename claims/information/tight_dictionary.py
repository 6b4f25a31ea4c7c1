r"""Dictionaries whose atoms have equal inner products: s e(0) + c e(j), with s^2 + c^2 = 1 and e orthonormal."""

from __future__ import annotations

from verify import arbitrary, assumption, define, dot, induction, lemma, nat, prop, real, sq, vec


@arbitrary
def e(i: nat) -> vec: ...


@assumption()
def orthonormal(i: nat, j: nat) -> prop:
    return sq(e(i)) == 1 and dot(e(i), e(i + 1 + j)) == 0


@define
def others(k: nat, v: vec, s: real, c: real, b: real) -> real:
    """<v, sum of b (s e(0) + c e(j + 2)) over j < k>"""
    return 0 if k == 0 else others(k - 1, v, s, c, b) + b * dot(v, s * e(0) + c * e(k + 1))


@lemma(
    by=induction("k"),
    using=[orthonormal.at(i="0", j="0"), orthonormal.at(i="0", j="k + 1"), orthonormal.at(i="1", j="k")],
    assuming=[orthonormal],
)
def equal_products(k: nat, s: real, c: real, b: real) -> prop:
    return (
        others(k, s * e(0) + c * e(1), s, c, b) == k * b * s**2
        and others(k, c * e(1) - s * e(0), s, c, b) == -k * b * s**2
    )
