r"""Lemma 10.3 of Kingma and Ba, as recalled: it is false for one small gradient, and for long runs with any constant.

The left side is proportional to the gradients, the right side to their square.  With gradients 1/sqrt(t), all of them
at most 1, the left side is the harmonic number H(T) and the norm its root, and the harmonic numbers are unbounded.
"""

from __future__ import annotations

from claims.optimization.roots_and_quotients import root_is_strictly_monotone, roots_agree
from claims.optimization.weighted_gradients import (
    alike,
    g,
    gradients_are_weights,
    gradients_at_most,
    reciprocals,
    squares,
    w,  # noqa: F401  (the hints mention it)
    weighted,
    weights_at_most,
    weights_equal,
)
from verify import Claim, assume, cite, induction, lemma, nat, prop, real

claim = Claim(
    "kingma-ba-lemma-10-3-literal",
    title="Gradients weighted by one over the root of time, as recalled",
    statement=r"If $|g_t| \le G$ for $t = 1, \dots, T$, then $\sum_{t=1}^T \sqrt{g_t^2 / t} \le 2 G \, \|g_{1:T}\|_2$.",
    source=cite("kingma2015", "Lemma 10.3, as recalled; the text was not at hand"),
    expect="refuted",
    remarks="Scaling the gradients refutes it, T = 1 and g = 1/10 for example; but a bound G of at least 1, or a constant "
    "other than 2, does not rescue it. See kingma-ba-lemma-10-3 for what is true.",
    symbols={
        r"\mathrm{w}(t)": r"$1/\sqrt{t + 1}$, or a smaller number; time begins at 0",
        r"\mathrm{weighted}(T), \; \mathrm{squares}(T)": r"the sums of $w(t) |g(t)|$ and of $g(t)^2$ over $t < T$",
        r"\mathrm{reciprocals}(T)": r"the sum of $w(t)^2$ over $t < T$",
    },
)


@claim.proof()
def as_recalled(T: nat, G: real, norm: real) -> prop:
    assume(weights_equal(T), gradients_at_most(T, G), norm >= 0, norm**2 == squares(T))
    return weighted(T) <= 2 * G * norm


# ------------------------------------------------------------------------------------------- one small gradient


@claim.disproof(
    "for one step with a gradient G below 1/2, the left side is G and the right side 2 G^2",
    using=[roots_agree.at(a="w(0)", b="1"), roots_agree.at(a="norm", b="G")],
    have=["gradients_at_most(0, G)"],
)
def one_small_gradient(G: real, norm: real) -> prop:
    assume(weights_equal(1), g(0) == G, G > 0, G < 1 / 2, norm >= 0, norm**2 == squares(1))
    return gradients_at_most(1, G) and weighted(1) > 2 * G * norm


# ------------------------------------------------------------------------------------------- many small gradients


@lemma(by=induction("p"), have=["w(n + p)**2 >= 0"])
def a_block(n: nat, p: nat, m: nat) -> prop:
    assume(weights_equal(n + p), n + p <= m)
    return m * (reciprocals(n + p) - reciprocals(n)) >= p


@lemma(by=induction("p"))
def earlier_weights(n: nat, p: nat) -> prop:
    assume(weights_equal(n + p))
    return weights_equal(n)


@lemma(by=induction("T"))
def equal_weights_are_at_most(T: nat) -> prop:
    assume(weights_equal(T))
    return weights_at_most(T)


@lemma(by=induction("k"), using=[a_block.at(n="2**k", p="2**k", m="2 * 2**k"), earlier_weights.at(n="2**k", p="2**k")])
def harmonic_numbers_grow(k: nat) -> prop:
    assume(weights_equal(2**k))
    return reciprocals(2**k) >= 1 + k / 2


@claim.disproof(
    "with the gradients $1 / \\sqrt t$, all at most 1, no constant c at all is enough for $T = 2^k$ and $k > 2 c^2 - 2$",
    using=[
        harmonic_numbers_grow,
        equal_weights_are_at_most.at(T="2**k"),
        alike.at(T="2**k"),
        root_is_strictly_monotone.at(a="c", b="norm"),
    ],
    have=["norm > c", "norm > 0"],
)
def no_constant_is_enough(k: nat, c: real, norm: real) -> prop:
    assume(weights_equal(2**k), gradients_are_weights(2**k), norm >= 0, norm**2 == squares(2**k))
    assume(c >= 0, c**2 < 1 + k / 2)
    return weighted(2**k) > c * norm


# ------------------------------------------------------------------------------------------- what must fail


@claim.mutant(replaces=one_small_gradient)
def one_gradient_below_one(G: real, norm: real) -> prop:
    """The same for a gradient below 1"""
    assume(weights_equal(1), g(0) == G, G > 0, G < 1, norm >= 0, norm**2 == squares(1))
    return gradients_at_most(1, G) and weighted(1) > 2 * G * norm


@claim.mutant(replaces=no_constant_is_enough)
def up_to_the_threshold(k: nat, c: real, norm: real) -> prop:
    """The same for c^2 = 1 + k/2, where the sum may be equal"""
    assume(weights_equal(2**k), gradients_are_weights(2**k), norm >= 0, norm**2 == squares(2**k))
    assume(c >= 0, c**2 <= 1 + k / 2)
    return weighted(2**k) > c * norm
