r"""“For a sigmoidal activation, f determines the architecture and the parameters” (Grohs 2017): not for every sigmoid.

The hard sigmoid S(t) = min(max(t, 0), 1) is the mean of two copies of itself that are twice as steep, as the
distribution function of a binary digit and a remainder.  So each unit is two units, whatever the parameters are.  With
one derivative more, the integral of a hat function is three steeper copies of itself.
"""

from __future__ import annotations

from verify import Claim, arbitrary, assume, cite, define, dot, induction, nat, prop, real, relu, vec

claim = Claim(
    "fefferman-identifiability-literal",
    title="Networks with sigmoidal units and their parameters, as printed",
    statement=r"For every sigmoidal activation $\sigma$ and almost all parameters, two networks with the activation $\sigma$ that "
    r"are the same function have the same numbers of units, and the same parameters up to the symmetries.",
    source=cite(
        "grohs2017",
        "Theorem [Fefferman (1992)]",
        quote="For a sigmoidal activation function, the parameters (i.e., the architecture *and* the coefficients) are uniquely "
        "determined by f_{θ}, up to trivial symmetries and for almost all networks.",
    ),
    expect="refuted",
    remarks="Sigmoidal means: continuous, with the limits 0 and 1. The theorem meant is about tanh (Fefferman 1994); see "
    "fefferman-identifiability.",
    symbols={
        r"\mathrm{network}(n, z)": "the function of the first n units",
        r"\mathrm{split}(n, z)": "the same with each unit made into two",
        r"\mathrm{outer}, \; \mathrm{inner}, \; \mathrm{bias}": "the parameters of unit k",
        r"\mathrm{hard}": "the hard sigmoid",
        r"\mathrm{soft}": "the integral of the hat function on [0, 2]: a sigmoid with a continuous derivative",
    },
)
steepness = claim.parameter("steepness", "2", "how much steeper the copies are")


@define
def hard(t: real) -> real:
    return relu(t) - relu(t - 1)


@define
def soft(t: real) -> real:
    return relu(t) ** 2 / 2 - relu(t - 1) ** 2 + relu(t - 2) ** 2 / 2


@claim.disproof(
    "the hard sigmoid is sigmoidal: it does not decrease, is 0 up to 0 and 1 from 1 on, and has the Lipschitz constant 1",
    cases=["s <= 0", "s <= 1", "t <= 0", "t <= 1"],
)
def it_is_sigmoidal(s: real, t: real) -> prop:
    assume(s <= t)
    return hard(s) <= hard(t) and hard(t) - hard(s) <= t - s and hard(-abs(s)) == 0 and hard(1 + abs(s)) == 1


@claim.disproof("each unit is the sum of two others", cases=["t <= 0", "t <= 1 / 2", "t <= 1"])
def one_unit_is_two(t: real) -> prop:
    return hard(t) == hard(steepness * t) / 2 + hard(steepness * t - 1) / 2


@arbitrary
def outer(k: nat) -> real: ...


@arbitrary
def inner(k: nat) -> vec: ...


@arbitrary
def bias(k: nat) -> real: ...


@define
def network(n: nat, z: vec) -> real:
    return 0 if n == 0 else network(n - 1, z) + outer(n - 1) * hard(dot(inner(n - 1), z) + bias(n - 1))


@define
def split(n: nat, z: vec) -> real:
    """The network in which each unit has been made into two, twice as steep and half as high."""
    if n == 0:
        return 0
    first = hard(dot(2 * inner(n - 1), z) + 2 * bias(n - 1))
    second = hard(dot(2 * inner(n - 1), z) + (2 * bias(n - 1) - 1))
    return split(n - 1, z) + outer(n - 1) / 2 * first + outer(n - 1) / 2 * second


@claim.disproof(
    "so every network with n units, of any parameters and in any dimension, is also one with 2n units",
    by=induction("n"),
    using=[one_unit_is_two.at(t="dot(inner(n), z) + bias(n)")],
    have=[
        "dot(2 * inner(n), z) + 2 * bias(n) == 2 * (dot(inner(n), z) + bias(n))",
        "dot(2 * inner(n), z) + (2 * bias(n) - 1) == 2 * (dot(inner(n), z) + bias(n)) - 1",
    ],
)
def every_network_is_another(n: nat, z: vec) -> prop:
    return split(n, z) == network(n, z)


@claim.disproof(
    "a continuous derivative does not help: the integral of a hat function is the sum of three copies of itself",
    cases=["t <= 0", "t <= 1 / 2", "t <= 1", "t <= 3 / 2", "t <= 2"],
)
def one_smooth_unit_is_three(t: real) -> prop:
    return soft(t) == soft(2 * t) / 4 + soft(2 * t - 1) / 2 + soft(2 * t - 2) / 4


# ------------------------------------------------------------------------------------------- what must fail


claim.mutant("three-times-steeper", {steepness: "3"})


@claim.mutant(replaces=hard)
def a_rectifier(t: real) -> real:
    """ReLU, which is not sigmoidal"""
    return relu(t)


@claim.mutant(replaces=one_smooth_unit_is_three)
def as_for_the_hard_sigmoid(t: real) -> prop:
    """Two copies are enough"""
    return soft(t) == soft(2 * t) / 2 + soft(2 * t - 1) / 2
