r"""“For sufficiently over-specified networks, global optima are ubiquitous and easy to find”: not from almost every start.

However wide a ReLU network is, all its units may be dead on the data: then the loss does not depend on the weights nearby.
"""

from __future__ import annotations

from verify import Claim, arbitrary, assume, cite, define, induction, lemma, nat, prop, real, relu

claim = Claim(
    "overparam-folklore-literal",
    title="Wide networks are easy to train from almost every start, as printed",
    statement=r"If a network with one hidden layer is wide enough for the data, then from almost every start gradient descent finds a "
    r"global minimum of the squared error; ReLU units included.",
    source=cite(
        "rajnotes",
        "1.2, Generalization, on Livni, Shalev-Shwartz and Shamir (2014)",
        quote="for sufficiently over-specified networks, global optima are ubiquitous and in general computationally easy to find",
    ),
    expect="refuted",
    remarks="Read as a statement about almost every start; “in general” may mean less, and then nothing is refuted. One sample, at "
    "x = 1, is enough, for any width. The starts with all weights negative have the probability 1/2^h if the weights are "
    "symmetric and independent, which is 1/2 for one unit; see overparam-folklore for what is true.",
    symbols={
        r"\mathrm{w}(k), \; \mathrm{c}(k)": "the weight and the output weight of the unit k",
        r"\mathrm{v}(k), \; \mathrm{d}(k)": "those of any other network",
        r"\mathrm{dead}(h)": "w(k) < 0 for all k < h",
        r"\mathrm{near}(h)": "v(k) is closer to w(k) than 0 is, for all k < h: a neighbourhood of w",
    },
)


@arbitrary
def w(k: nat) -> real: ...


@arbitrary
def c(k: nat) -> real: ...


@arbitrary
def v(k: nat) -> real: ...


@arbitrary
def d(k: nat) -> real: ...


@define
def output(h: nat) -> real:
    """At the sample x = 1."""
    return 0 if h == 0 else output(h - 1) + c(h - 1) * relu(w(h - 1))


@define
def other_output(h: nat) -> real:
    return 0 if h == 0 else other_output(h - 1) + d(h - 1) * relu(v(h - 1))


@define
def loss(f: real, y: real) -> real:
    return (f - y) ** 2 / 2


@define
def dead(h: nat) -> prop:
    return True if h == 0 else dead(h - 1) and w(h - 1) < 0


@define
def near(h: nat) -> prop:
    return True if h == 0 else near(h - 1) and abs(v(h - 1) - w(h - 1)) < abs(w(h - 1))


@lemma(by=induction("h"))
def no_output(h: nat) -> prop:
    assume(dead(h))
    return output(h) == 0


@lemma(by=induction("h"))
def no_output_nearby(h: nat) -> prop:
    assume(dead(h), near(h))
    return other_output(h) == 0


@claim.disproof(
    "if all weights are negative, the loss is constant in a neighbourhood, whatever the output weights are, so that every gradient "
    "is zero and gradient descent does not move",
    using=[no_output, no_output_nearby],
)
def nothing_to_descend(h: nat, y: real) -> prop:
    assume(dead(h), near(h))
    return loss(other_output(h), y) == loss(output(h), y)


@define
def fitting(h: nat, y: real) -> prop:
    """The first unit has the weight 1 and the output weight y, and the others have the output weight 0."""
    if h == 0:
        return True
    if h - 1 == 0:
        return v(0) == 1 and d(0) == y
    return fitting(h - 1, y) and d(h - 1) == 0


@lemma(by=induction("h"), cases=["h == 0"])
def it_fits(h: nat, y: real) -> prop:
    assume(fitting(h + 1, y))
    return other_output(h + 1) == y


@claim.disproof(
    "and this is no global minimum if $y \\ne 0$, since networks with as many units fit",
    using=[no_output.at(h="h + 1"), it_fits.at(h="h", y="y")],
)
def not_a_minimum(h: nat, y: real) -> prop:
    assume(dead(h + 1), fitting(h + 1, y), y > 0 or y < 0)
    return loss(other_output(h + 1), y) == 0 < loss(output(h + 1), y)


# ------------------------------------------------------------------------------------------- what must fail


@claim.mutant(replaces=near)
def a_larger_neighbourhood(h: nat) -> prop:
    """Within twice the distance from 0"""
    return True if h == 0 else a_larger_neighbourhood(h - 1) and abs(v(h - 1) - w(h - 1)) < 2 * abs(w(h - 1))


@claim.mutant(replaces=dead)
def one_unit_alive(h: nat) -> prop:
    """The first unit has any weight"""
    if h == 0:
        return True
    return h - 1 == 0 or (one_unit_alive(h - 1) and w(h - 1) < 0)


@claim.mutant(replaces=not_a_minimum)
def for_every_label(h: nat, y: real) -> prop:
    """Also for the label 0"""
    assume(dead(h + 1), fitting(h + 1, y))
    return loss(other_output(h + 1), y) == 0 < loss(output(h + 1), y)
