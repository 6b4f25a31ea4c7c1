r"""Steps 1/s that are short enough for several bounds at once, in a language of polynomials.

A polynomial a + b t has the sign of a where t is short, and a step of the squared length t^2 c stays in a ball of the squared
radius r.  t = 1/(1 + c/r + b/a) is at most 1 and does both.  ``reciprocal(s)`` is 1/s for s > 0, by assumption.
"""

from __future__ import annotations

from verify import arbitrary, assume, assumption, define, lemma, prop, real


@arbitrary
def reciprocal(s: real) -> real: ...


@assumption()
def reciprocals(s: real) -> prop:
    assume(s > 0)
    return s * reciprocal(s) == 1


@define
def slowness(c: real, b: real, r: real, a: real) -> real:
    return 1 + c * reciprocal(r) + b * reciprocal(a)


@define
def step(c: real, b: real, r: real, a: real) -> real:
    return reciprocal(slowness(c, b, r, a))


@lemma(cases=["t <= 0"])
def positive_factor(s: real, t: real) -> prop:
    assume(s > 0, s * t == 1)
    return t > 0


@lemma()
def product_of_nonnegatives(s: real, t: real) -> prop:
    assume(s >= 0, t >= 0)
    return s * t >= 0


@lemma(using=[reciprocals.at(s="s"), positive_factor.at(s="s", t="reciprocal(s)")], assuming=[reciprocals])
def positive_reciprocal(s: real) -> prop:
    assume(s > 0)
    return reciprocal(s) > 0


@lemma(
    using=[
        positive_reciprocal.at(s="r"),
        positive_reciprocal.at(s="a"),
        product_of_nonnegatives.at(s="c", t="reciprocal(r)"),
        product_of_nonnegatives.at(s="b", t="reciprocal(a)"),
    ],
    assuming=[reciprocals],
)
def slow(c: real, b: real, r: real, a: real) -> prop:
    assume(c >= 0, b >= 0, r > 0, a > 0)
    return slowness(c, b, r, a) >= 1 + c * reciprocal(r) and slowness(c, b, r, a) >= 1 + b * reciprocal(a)


@lemma(
    using=[
        slow.at(c="c", b="b", r="r", a="a"),
        positive_reciprocal.at(s="r"),
        product_of_nonnegatives.at(s="c", t="reciprocal(r)"),
        reciprocals.at(s="slowness(c, b, r, a)"),
        positive_reciprocal.at(s="slowness(c, b, r, a)"),
    ],
    assuming=[reciprocals],
)
def step_is_positive(c: real, b: real, r: real, a: real) -> prop:
    assume(c >= 0, b >= 0, r > 0, a > 0)
    return step(c, b, r, a) > 0 and step(c, b, r, a) * slowness(c, b, r, a) == 1


@lemma(cases=["t > 1"])
def at_most_one(t: real, s: real) -> prop:
    assume(t > 0, s >= 1, t * s == 1)
    return t <= 1


@lemma(have=["t * (c * i) <= 1 - t", "r * (t * (c * i)) <= r * (1 - t)", "r * t > 0", "r * (t * (c * i)) == t * c"])
def within(t: real, c: real, i: real, r: real, s: real) -> prop:
    assume(t > 0, r > 0, s >= 1 + c * i, t * s == 1, r * i == 1)
    return t * c < r


@lemma()
def shrinks(t: real, c: real) -> prop:
    assume(t > 0, t <= 1, c >= 0)
    return t**2 * c <= t * c


@lemma(
    using=[
        step_is_positive.at(c="c", b="b", r="r", a="a"),
        slow.at(c="c", b="b", r="r", a="a"),
        reciprocals.at(s="r"),
        reciprocals.at(s="a"),
        positive_reciprocal.at(s="r"),
        product_of_nonnegatives.at(s="c", t="reciprocal(r)"),
        at_most_one.at(t="step(c, b, r, a)", s="slowness(c, b, r, a)"),
        within.at(t="step(c, b, r, a)", c="c", i="reciprocal(r)", r="r", s="slowness(c, b, r, a)"),
        within.at(t="step(c, b, r, a)", c="b", i="reciprocal(a)", r="a", s="slowness(c, b, r, a)"),
        shrinks.at(t="step(c, b, r, a)", c="c"),
        shrinks.at(t="step(c, b, r, a)", c="b"),
    ],
    assuming=[reciprocals],
)
def short(c: real, b: real, r: real, a: real) -> prop:
    assume(c >= 0, b >= 0, r > 0, a > 0)
    t = step(c, b, r, a)
    return t > 0 and t**2 * c <= r and t * b < a and t**2 * b < a


@lemma(cases=["x < 0"])
def other_factor_of_a_step(t: real, x: real) -> prop:
    assume(t > 0, t * x >= 0)
    return x >= 0


@lemma(using=[other_factor_of_a_step.at(t="t", x="t * x"), other_factor_of_a_step.at(t="t", x="x")])
def positive_factor_of_squares(t: real, x: real) -> prop:
    assume(t > 0, t**2 * x >= 0)
    return x >= 0
