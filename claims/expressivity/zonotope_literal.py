r"""The number of pieces of the zonotope functions, read as an equality (Arora, Basu, Mianjy and Mukherjee 2018)."""

from __future__ import annotations

from fractions import Fraction

from claims.expressivity.linear_regions import binomials, choose, sums_of_binomials_grow_as_arrangements
from claims.expressivity.zonotope_pieces import number, support, t, zonotope
from verify import Claim, cite, define, induction, lemma, nat, prop, real, relu
from verify.networks.cells import Cells
from verify.networks.domain import whole_space

claim = Claim(
    "zonotope-pieces-literal",
    title="Pieces of zonotope functions, read as an equality",
    statement=r"For $m \ge n$ vectors in general position in $\mathbb{R}^n$ and a sawtooth $H$ of $k$ layers of $w$ units, the "
    r"function $H(\sum_i |\langle b_i, r \rangle|)$ has exactly $w^k \sum_{i<n} \binom{m-1}{i}$ affine pieces.",
    source=cite("arora2018", "Theorem 3.9 (i), where the number is stated; a lower bound is what is needed there"),
    expect="refuted",
    remarks="As a lower bound the number is right: there are twice as many, see zonotope-pieces.",
    symbols={
        r"\mathrm{support}(n)": "|t(0)| + ... + |t(n - 1)|, written with ReLUs: n unit vectors in n dimensions",
        r"\mathrm{signed\_sum}(n)": "the sum of t(i) or -t(i), whichever is positive: a linear form on each orthant",
    },
)
factor = claim.parameter("factor", "2", "pieces over the printed number")


@claim.exact(
    naturals={"n": (2,), "m": (2, 3, 4), "w": (2, 3)},
    role="disproof",
    reason="there are twice as many, as b and -b bound different cones of linearity",
)
def twice_as_many(n: int, m: int, w: int, factor: Fraction) -> Cells:
    """One layer, k = 1: |r_1| + |r_2| under the hat of two units has 8 regions, and the formula says 4."""
    return Cells(zonotope(n, m, w, 1), whole_space(n), regions=factor * number(n, m, w, 1))


@define
def modulus(i: nat) -> real:
    return t(i) if t(i) > 0 else -t(i)


@define
def signed_sum(n: nat) -> real:
    return 0 if n == 0 else signed_sum(n - 1) + modulus(n - 1)


@lemma()
def pair_of_units(i: nat) -> prop:
    return relu(t(i)) + relu(-t(i)) == modulus(i)


@lemma(by=induction("n"))
def beyond_the_row(n: nat, p: nat) -> prop:
    return choose(n, n + p + 1) == 0


@lemma(
    by=induction("n"), using=[sums_of_binomials_grow_as_arrangements.at(n="n", d="n"), beyond_the_row.at(n="n", p="0")]
)
def sum_of_a_row(n: nat) -> prop:
    return binomials(n, n) == 2**n


@claim.disproof(
    "for n unit vectors in n dimensions, k = 0, there is another linear form on each of $2^n$ orthants",
    by=induction("n"),
    using=[pair_of_units.at(i="n")],
)
def one_form_on_each_orthant(n: nat) -> prop:
    return support(n) == signed_sum(n)


@claim.disproof("and the printed number is $2^{n-1}$ there, half of that", using=[sum_of_a_row])
def printed_number_for_unit_vectors(n: nat) -> prop:
    """For n + 1 vectors: C(n, 0) + ... + C(n, n)."""
    return 2 * binomials(n, n) == 2 ** (n + 1)


claim.mutant("as-printed", {factor: "1"})


@claim.mutant(replaces=modulus)
def one_form_everywhere(i: nat) -> real:
    """The same linear form on all orthants"""
    return t(i)
