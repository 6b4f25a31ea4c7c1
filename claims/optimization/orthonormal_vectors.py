r"""Finitely many orthonormal vectors: what a space of that dimension has, and points can show."""

from __future__ import annotations

from verify import arbitrary, assume, define, dot, induction, lemma, nat, prop, sq, vec


@arbitrary
def e(i: nat) -> vec: ...


@define
def orthogonal_to(k: nat, v: vec) -> prop:
    """v is orthogonal to e(i) for all i < k."""
    return True if k == 0 else orthogonal_to(k - 1, v) and dot(e(k - 1), v) == 0


@define
def orthonormal(k: nat) -> prop:
    """The first k vectors e(i) are."""
    return True if k == 0 else orthonormal(k - 1) and sq(e(k - 1)) == 1 and orthogonal_to(k - 1, e(k - 1))


@lemma(by=induction("k"), cases=["i + 1 <= k"], have=["implies(i >= k, i == k)"])
def unit_vectors(k: nat, i: nat) -> prop:
    assume(orthonormal(k), i + 1 <= k)
    return sq(e(i)) == 1


@lemma(by=induction("k"), cases=["i + 1 <= k"], have=["implies(i >= k, i == k)"])
def orthogonal_to_each(k: nat, i: nat, v: vec) -> prop:
    assume(orthogonal_to(k, v), i + 1 <= k)
    return dot(e(i), v) == 0


@lemma(
    by=induction("k"),
    cases=["j + 1 <= k"],
    using=[orthogonal_to_each.at(k="k", i="i", v="e(k)")],
    have=["implies(j >= k, j == k)"],
)
def orthogonal(k: nat, i: nat, j: nat) -> prop:
    assume(orthonormal(k), i + 1 <= j, j + 1 <= k)
    return dot(e(i), e(j)) == 0
