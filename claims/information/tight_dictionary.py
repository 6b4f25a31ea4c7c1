r"""Dictionaries whose atoms have equal inner products: s e(0) + c e(j), with s^2 + c^2 = 1 and e orthonormal."""

from __future__ import annotations

from verify import arbitrary, assumption, define, dot, induction, lemma, nat, prop, real, sq, vec


@arbitrary
def e(i: nat) -> vec: ...


@assumption()
def orthonormal(i: nat, j: nat) -> prop:
    return sq(e(i)) == 1 and dot(e(i), e(i + 1 + j)) == 0


@define
def others(k: nat, s: real, c: real, b: real) -> vec:
    """The sum of b (s e(0) + c e(j + 2)) over j < k"""
    return 0 * e(0) if k == 0 else others(k - 1, s, c, b) + b * (s * e(0) + c * e(k + 1))


@lemma(
    by=induction("k"),
    using=[orthonormal.at(i="0", j="0"), orthonormal.at(i="0", j="k + 1"), orthonormal.at(i="1", j="k")],
    assuming=[orthonormal],
)
def equal_products(k: nat, s: real, c: real, b: real) -> prop:
    sum_of_atoms = others(k, s, c, b)
    return (
        dot(s * e(0) + c * e(1), sum_of_atoms) == k * b * s**2
        and dot(c * e(1) - s * e(0), sum_of_atoms) == -k * b * s**2
    )
