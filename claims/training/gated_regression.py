r"""A step of linear regression on the inputs where a ReLU gate is positive, and its mean over the inputs.

Where the label y = ReLU(<w*, x>) is positive, y = <w*, x>, and the step w + eta (y - <w, x>) x changes the error e = w - w*
by -eta <x, e> x; elsewhere nothing happens.  With G = 1 where y > 0, else 0,

    |e - eta G <x, e> x|^2 = |e|^2 - (2 eta - eta^2 |x|^2) G <x, e>^2,

so that the mean over the inputs only needs E G <x, e>^2 and E G |x|^2 <x, e>^2.  Inputs x_i have probabilities p_i; a mean
is a finite sum, and the mean over sequences of t inputs is a recursion: over the first input, of what follows it.
"""

from __future__ import annotations

from claims.information.dictionaries import cauchy_schwarz
from verify import arbitrary, assume, assumption, define, dot, induction, lemma, nat, prop, real, relu, sq, vec


@arbitrary
def star() -> vec: ...


@arbitrary
def n() -> nat: ...


@arbitrary
def x(i: nat) -> vec: ...


@arbitrary
def p(i: nat) -> real: ...


@arbitrary
def eta() -> real: ...


@arbitrary
def low() -> real: ...


@arbitrary
def high() -> real: ...


@define
def gate(t: real) -> real:
    return 1 if t > 0 else 0


@define
def label(i: nat) -> real:
    return relu(dot(star(), x(i)))


@define
def push(w: vec, i: nat) -> real:
    return eta() * gate(label(i)) * (label(i) - dot(w, x(i)))


@define
def total(k: nat) -> real:
    return 0 if k == 0 else total(k - 1) + p(k - 1)


@define
def second(k: nat, e: vec) -> real:
    return 0 if k == 0 else second(k - 1, e) + p(k - 1) * gate(label(k - 1)) * dot(x(k - 1), e) ** 2


@define
def fourth(k: nat, e: vec) -> real:
    return 0 if k == 0 else fourth(k - 1, e) + p(k - 1) * gate(label(k - 1)) * sq(x(k - 1)) * dot(x(k - 1), e) ** 2


@define
def after(k: nat, w: vec) -> real:
    return 0 if k == 0 else after(k - 1, w) + p(k - 1) * sq(w + push(w, k - 1) * x(k - 1) - star())


@define
def rate() -> real:
    return 1 - 2 * eta() * low() + eta() ** 2 * high()


@assumption()
def probabilities(i: nat) -> prop:
    return p(i) >= 0


@assumption()
def certain() -> prop:
    return total(n()) == 1


@assumption()
def moments(e: vec) -> prop:
    return second(n(), e) >= low() * sq(e) and fourth(n(), e) <= high() * sq(e)


@assumption()
def isotropic(e: vec) -> prop:
    return second(n(), e) == low() * sq(e) and fourth(n(), e) == high() * sq(e)


# ------------------------------------------------------------------------------------------------- one step


@lemma()
def on_the_gate(i: nat, w: vec) -> prop:
    return push(w, i) == -eta() * gate(label(i)) * dot(x(i), w - star())


@lemma()
def gates(t: real) -> prop:
    return gate(t) ** 2 == gate(t)


@lemma(using=[on_the_gate, gates])
def one_input(w: vec, i: nat) -> prop:
    return (
        sq(w + push(w, i) * x(i) - star())
        == sq(w - star()) - (2 * eta() - eta() ** 2 * sq(x(i))) * gate(label(i)) * dot(x(i), w - star()) ** 2
    )


@lemma(by=induction("k"), using=[one_input])
def one_step(k: nat, w: vec) -> prop:
    e = w - star()
    return after(k, w) == total(k) * sq(e) - 2 * eta() * second(k, e) + eta() ** 2 * fourth(k, e)


@lemma(
    using=[one_step],
    have=[
        "eta()**2 >= 0",
        "eta() * second(k, w - star()) >= eta() * a * sq(w - star())",
        "eta()**2 * fourth(k, w - star()) <= eta()**2 * b * sq(w - star())",
    ],
)
def decrease(k: nat, w: vec, a: real, b: real) -> prop:
    e = w - star()
    assume(total(k) == 1, eta() >= 0, second(k, e) >= a * sq(e), fourth(k, e) <= b * sq(e))
    return after(k, w) <= (1 - 2 * eta() * a + eta() ** 2 * b) * sq(e)


@lemma(
    using=[decrease.at(k="n()", w="w", a="low()", b="high()"), moments.at(e="w - star()"), certain],
    assuming=[certain, moments],
)
def contraction(w: vec) -> prop:
    assume(eta() >= 0)
    return after(n(), w) <= rate() * sq(w - star())


@lemma()
def scaled(c: real, a: real, b: real) -> prop:
    assume(c >= 0, a <= b)
    return c * a <= c * b


@lemma(have=["sq(v) >= 0"])
def weighted_square(c: real, v: vec) -> prop:
    assume(c >= 0)
    return c * sq(v) >= 0


@lemma(
    by=induction("k"),
    using=[probabilities, weighted_square.at(c="p(k)", v="w + push(w, k) * x(k) - star()")],
    assuming=[probabilities],
)
def after_is_not_negative(k: nat, w: vec) -> prop:
    return after(k, w) >= 0


@lemma(
    using=[contraction, after_is_not_negative.at(k="n()", w="w")],
    cases=["rate() >= 0"],
    assuming=[probabilities, certain, moments],
)
def rate_is_not_negative(w: vec) -> prop:
    assume(eta() >= 0, sq(w - star()) > 0)
    return rate() >= 0


@lemma(
    using=[one_step.at(k="n()", w="w"), isotropic.at(e="w - star()"), certain],
    assuming=[certain, isotropic],
)
def isotropic_step(w: vec) -> prop:
    return after(n(), w) == rate() * sq(w - star())


# ------------------------------------------------------------------------------------------------- examples


@lemma(using=[cauchy_schwarz.at(u="s", v="e")], cases=["t > 0"], have=["sq(s) >= 0", "sq(e) >= 0", "dot(s, e)**2 >= 0"])
def one_moment(t: real, s: vec, e: vec) -> prop:
    return gate(t) * dot(s, e) ** 2 >= 0 and gate(t) * sq(s) * dot(s, e) ** 2 <= sq(s) ** 2 * sq(e)


@lemma(using=[one_moment.at(t="label(0)", s="star()", e="e")], have=["x(0) == star()"])
def moments_of_one_input(e: vec) -> prop:
    return second(1, e) >= 0 and fourth(1, e) <= sq(star()) ** 2 * sq(e)


@lemma()
def nothing_passes(t: real) -> prop:
    assume(t <= 0)
    return gate(relu(t)) == 0


@lemma(
    using=[nothing_passes.at(t="dot(star(), x(0))")],
    have=["dot(star(), x(0)) == -sq(star())", "sq(star()) >= 0", "gate(relu(dot(star(), x(0)))) == 0"],
)
def closed_gate() -> prop:
    return gate(label(0)) == 0


# the weights themselves as the only input
ONE_INPUT = {n: "1", p: "1", x: "star()", low: "0", high: "sq(star())**2"}
# one input, where the gate is closed: without a bound on the dimension, only such inputs are isotropic
CLOSED_GATE = {n: "1", p: "1", x: "-star()", low: "0", high: "0"}
