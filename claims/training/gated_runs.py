r"""Runs of gated regression: the mean over all sequences of t independent inputs, as a recursion over the first one.

``mean(t, k, w)`` is E |w_t - w*|^2 for w_0 = w, as far as it comes from sequences whose first input is among the first k, so
that k = n gives all of it; ``chance`` is the same for the event |w_t - w*|^2 > r.  The recursion is over t and, within it,
over k: a sequence of t + 1 inputs is its first input and a sequence of t inputs that starts where that has led.
"""

from __future__ import annotations

from claims.training.gated_regression import (
    after,
    certain,
    contraction,
    eta,
    isotropic,
    isotropic_step,
    moments,
    n,
    p,
    probabilities,
    push,
    rate,
    scaled,
    star,
    x,
)
from verify import assume, define, hypothesis, induction, lemma, nat, prop, real, sq, vec


@define
def mean(t: nat, k: nat, w: vec) -> real:
    if t == 0:
        return sq(w - star())
    return 0 if k == 0 else mean(t, k - 1, w) + p(k - 1) * mean(t - 1, n(), w + push(w, k - 1) * x(k - 1))


@define
def far(w: vec, r: real) -> real:
    return 1 if sq(w - star()) > r else 0


@define
def chance(t: nat, k: nat, w: vec, r: real) -> real:
    if t == 0:
        return far(w, r)
    return 0 if k == 0 else chance(t, k - 1, w, r) + p(k - 1) * chance(t - 1, n(), w + push(w, k - 1) * x(k - 1), r)


@define
def power(t: nat) -> real:
    return 1 if t == 0 else rate() * power(t - 1)


@define
def bound(t: nat, k: nat, w: vec) -> real:
    return sq(w - star()) if t == 0 else power(t - 1) * after(k, w)


@lemma(by=induction("t"))
def powers(t: nat) -> prop:
    assume(rate() >= 0)
    return power(t) >= 0


@lemma(
    by=induction("t"),
    using=[powers, contraction, scaled.at(c="power(t)", a="after(n(), w)", b="rate() * sq(w - star())")],
    assuming=[probabilities, certain, moments],
)
def bound_contracts(t: nat, w: vec) -> prop:
    assume(eta() >= 0, rate() >= 0)
    return bound(t, n(), w) <= power(t) * sq(w - star())


@lemma(
    by=induction("t", "k"),
    using=[
        hypothesis("t", k="n()", w="w + push(w, k) * x(k)"),
        bound_contracts.at(t="t", w="w + push(w, k) * x(k)"),
        probabilities.at(i="k"),
        scaled.at(
            c="p(k)",
            a="mean(t, n(), w + push(w, k) * x(k))",
            b="power(t) * sq(w + push(w, k) * x(k) - star())",
        ),
    ],
    assuming=[probabilities, certain, moments],
)
def means(t: nat, k: nat, w: vec) -> prop:
    assume(eta() >= 0, rate() >= 0)
    return mean(t, k, w) <= bound(t, k, w)


@lemma(by=induction("t"), using=[isotropic_step], assuming=[certain, isotropic])
def isotropic_bound(t: nat, w: vec) -> prop:
    return bound(t, n(), w) == power(t) * sq(w - star())


@lemma(
    by=induction("t", "k"),
    using=[
        hypothesis("t", k="n()", w="w + push(w, k) * x(k)"),
        isotropic_bound.at(t="t", w="w + push(w, k) * x(k)"),
    ],
    assuming=[certain, isotropic],
)
def means_are_equal(t: nat, k: nat, w: vec) -> prop:
    return mean(t, k, w) == bound(t, k, w)


@lemma()
def markov(w: vec, r: real) -> prop:
    assume(r >= 0)
    return r * far(w, r) <= sq(w - star())


@lemma(
    by=induction("t", "k"),
    using=[
        markov,
        hypothesis("t", k="n()", w="w + push(w, k) * x(k)", r="r"),
        probabilities.at(i="k"),
        scaled.at(
            c="p(k)",
            a="r * chance(t, n(), w + push(w, k) * x(k), r)",
            b="mean(t, n(), w + push(w, k) * x(k))",
        ),
    ],
    assuming=[probabilities],
)
def chances(t: nat, k: nat, w: vec, r: real) -> prop:
    assume(r >= 0)
    return r * chance(t, k, w, r) <= mean(t, k, w)
