r"""Dictionaries whose atoms have equal inner products: s e(0) + c e(j), with s^2 + c^2 = 1 and e orthonormal."""

from __future__ import annotations

from claims.optimization.orthonormal_vectors import e, orthogonal, orthonormal, unit_vectors
from verify import assume, define, dot, induction, lemma, nat, prop, real, vec


@define
def others(k: nat, s: real, c: real, b: real) -> vec:
    """The sum of b (s e(0) + c e(j + 2)) over j < k"""
    return 0 * e(0) if k == 0 else others(k - 1, s, c, b) + b * (s * e(0) + c * e(k + 1))


@lemma(
    by=induction("k"),
    using=[
        unit_vectors.at(k="k + 3", i="0"),
        orthogonal.at(k="k + 3", i="0", j="1"),
        orthogonal.at(k="k + 3", i="0", j="k + 2"),
        orthogonal.at(k="k + 3", i="1", j="k + 2"),
    ],
)
def equal_products(k: nat, s: real, c: real, b: real) -> prop:
    assume(orthonormal(k + 2))
    sum_of_atoms = others(k, s, c, b)
    return (
        dot(s * e(0) + c * e(1), sum_of_atoms) == k * b * s**2
        and dot(c * e(1) - s * e(0), sum_of_atoms) == -k * b * s**2
    )
