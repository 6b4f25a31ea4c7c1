r"""The exponential function by two properties, exp(s + t) = exp(s) exp(t) and exp(t) >= 1 + t, which no other function has.

The language has no limits and no series.  These two properties are enough for what the claims about sigmoids and about
local entropy need: exp increases, is positive, falls faster than 1/(1 + t), and lies above its tangents, so that its
difference quotients between two points are between its values there.
"""

from __future__ import annotations

from verify import arbitrary, assume, assumption, lemma, prop, real


@arbitrary
def exp(t: real) -> real: ...


@assumption()
def addition(s: real, t: real) -> prop:
    return exp(s + t) == exp(s) * exp(t)


@assumption()
def tangent(t: real) -> prop:
    return exp(t) >= 1 + t


@lemma(
    using=[addition.at(s="0", t="0"), tangent.at(t="0")],
    have=["exp(0) * (exp(0) - 1) == 0", "(exp(0) - 1) * (exp(0) - 1) >= 0"],
    assuming=[addition, tangent],
)
def at_zero() -> prop:
    return exp(0) == 1


@lemma(using=[at_zero, addition.at(s="t", t="-t")], assuming=[addition, tangent])
def reciprocal(t: real) -> prop:
    return exp(t) * exp(-t) == 1


@lemma(
    using=[reciprocal.at(t="t"), addition.at(s="t / 2", t="t / 2"), addition.at(s="-t / 2", t="-t / 2")],
    have=["exp(t) >= 0", "exp(-t) >= 0"],
    cases=["exp(t) > 0"],
    assuming=[addition, tangent],
)
def positive(t: real) -> prop:
    return exp(t) > 0


@lemma()
def times(p: real, a: real, b: real) -> prop:
    assume(p >= 0, a <= b)
    return p * a <= p * b


@lemma(
    using=[
        addition.at(s="s", t="h"),
        addition.at(s="s + h", t="-h"),
        tangent.at(t="h"),
        tangent.at(t="-h"),
        positive.at(t="s"),
        positive.at(t="s + h"),
        times.at(p="exp(s)", a="1 + h", b="exp(h)"),
        times.at(p="exp(s + h)", a="1 - h", b="exp(-h)"),
    ],
    assuming=[addition, tangent],
)
def difference(s: real, h: real) -> prop:
    """The tangents at s and at s + h: the difference quotient is between the values."""
    return exp(s) * h <= exp(s + h) - exp(s) and exp(s + h) - exp(s) <= exp(s + h) * h


@lemma(
    using=[difference.at(s="s", h="t - s"), positive.at(t="s"), times.at(p="exp(s)", a="0", b="t - s")],
    assuming=[addition, tangent],
)
def increasing(s: real, t: real) -> prop:
    assume(s <= t)
    return exp(s) <= exp(t)


@lemma(cases=["h <= 0"], have=["p * h >= 0", "h <= 0"])
def not_positive(p: real, h: real) -> prop:
    assume(p > 0, p * h <= 0)
    return h <= 0


@lemma(
    using=[
        difference.at(s="s", h="t - s"),
        difference.at(s="t", h="s - t"),
        positive.at(t="s"),
        positive.at(t="t"),
        not_positive.at(p="exp(s)", h="t - s"),
        not_positive.at(p="exp(t)", h="s - t"),
    ],
    assuming=[addition, tangent],
)
def one_to_one(s: real, t: real) -> prop:
    assume(exp(s) == exp(t))
    return s == t


@lemma(
    using=[reciprocal.at(t="t"), positive.at(t="-t"), tangent.at(t="t"), times.at(p="exp(-t)", a="1 + t", b="exp(t)")],
    assuming=[addition, tangent],
)
def decay(t: real) -> prop:
    return exp(-t) * (1 + t) <= 1


@arbitrary
def ln(p: real) -> real: ...


@assumption()
def logarithm(p: real) -> prop:
    assume(p > 0)
    return exp(ln(p)) == p


@lemma(
    using=[logarithm.at(p="a"), logarithm.at(p="b"), difference.at(s="ln(a)", h="ln(b) - ln(a)")],
    assuming=[addition, tangent, logarithm],
)
def logarithm_between(a: real, b: real) -> prop:
    assume(a > 0, b > 0)
    return a * (ln(b) - ln(a)) <= b - a <= b * (ln(b) - ln(a))
