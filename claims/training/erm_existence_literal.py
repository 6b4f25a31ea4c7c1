r"""“Find the minimizer of the empirical risk” (Grohs 2017): there may be none.

With a sigmoidal unit, the labels 0, 0, 1, 1 at 0, 1, 2, 3 are approached by steeper and steeper functions, and never taken:
the unit has different values at different points.
"""

from __future__ import annotations

from verify import Claim, arbitrary, assume, assumption, cite, define, lemma, prop, real

claim = Claim(
    "erm-existence-literal",
    title="A minimizer of the empirical risk, for any activation",
    statement=r"For every activation $\sigma$, in particular a sigmoidal one, all data $(x_i, y_i)$ and every number of units, "
    r"the squared error $\sum_i (f(x_i) - y_i)^2$ has a minimizer among the networks $f$.",
    source=cite(
        "grohs2017",
        "learning problem; slide on the empirical regression function",
        quote="Given data z, find the empirical regression function f_z in argmin of the sum of L(f, x_i, y_i) over f in "
        "H_{[d,N_1,...,N_L],sigma}",
    ),
    expect="refuted",
    remarks="One unit is enough: f(x) = a sigma(w x + b) + c. What is used of sigma is that it increases strictly, from close "
    "to 0 to close to 1, as tanh does after a shift and a scaling, and the logistic function. See erm-existence.",
    symbols={
        r"\sigma": "any strictly increasing function with values between 0 and 1",
        r"\mathrm{error}(w, b, a, c)": "the squared error of a sigma(w x + b) + c for the labels 0, 0, 1, 1 at 0, 1, 2, 3",
    },
)


@arbitrary
def sigma(t: real) -> real: ...


@assumption()
def increasing(s: real, t: real) -> prop:
    assume(s < t)
    return sigma(s) < sigma(t)


@assumption()
def between_zero_and_one(t: real) -> prop:
    return 0 <= sigma(t) <= 1


@define
def over(t: real) -> real:
    return 1 / t


@define
def softsign(t: real) -> real:
    """Half of t / (1 + |t|), from 0 to 1."""
    return over(2 - 2 * t) if t <= 0 else 1 - over(2 + 2 * t)


@lemma(cases=["over(t) > 0"])
def over_is_positive(t: real) -> prop:
    assume(t >= 2)
    return t * over(t) == 1 and over(t) > 0 and over(t) <= 1 / 2


@lemma(using=[over_is_positive.at(t="s"), over_is_positive.at(t="t")], cases=["over(t) < over(s)"])
def over_decreases(s: real, t: real) -> prop:
    assume(2 <= s < t)
    return over(t) < over(s)


@lemma(
    using=[
        over_decreases.at(s="2 - 2 * t", t="2 - 2 * s"),
        over_decreases.at(s="2 + 2 * s", t="2 + 2 * t"),
        over_is_positive.at(t="2 - 2 * s"),
        over_is_positive.at(t="2 - 2 * t"),
        over_is_positive.at(t="2 + 2 * t"),
    ],
    cases=["s <= 0", "t <= 0"],
)
def softsign_increases(s: real, t: real) -> prop:
    assume(s < t)
    return softsign(s) < softsign(t)


@lemma(using=[over_is_positive.at(t="2 - 2 * t"), over_is_positive.at(t="2 + 2 * t")], cases=["t <= 0"])
def softsign_is_between(t: real) -> prop:
    return 0 <= softsign(t) <= 1


claim.model({sigma: softsign}, using=[softsign_increases, softsign_is_between])


@define
def error(w: real, b: real, a: real, c: real) -> real:
    return (
        (a * sigma(b) + c) ** 2
        + (a * sigma(w + b) + c) ** 2
        + (a * sigma(2 * w + b) + c - 1) ** 2
        + (a * sigma(3 * w + b) + c - 1) ** 2
    )


@lemma()
def small_squares(u: real, eps: real) -> prop:
    assume(0 <= u <= eps)
    return u**2 <= eps**2


@claim.disproof(
    "the error becomes as small as one likes: if $\\sigma(-t) \\le \\varepsilon$ and $\\sigma(t) \\ge 1 - \\varepsilon$, it is "
    "at most $4 \\varepsilon^2$ for $w = 2t$ and $b = -3t$",
    using=[
        increasing.at(s="-3 * t", t="-t"),
        increasing.at(s="t", t="3 * t"),
        between_zero_and_one.at(t="-3 * t"),
        between_zero_and_one.at(t="-t"),
        between_zero_and_one.at(t="t"),
        between_zero_and_one.at(t="3 * t"),
        small_squares.at(u="sigma(-3 * t)", eps="eps"),
        small_squares.at(u="sigma(-t)", eps="eps"),
        small_squares.at(u="1 - sigma(t)", eps="eps"),
        small_squares.at(u="1 - sigma(3 * t)", eps="eps"),
    ],
    assuming=[increasing, between_zero_and_one],
)
def arbitrarily_small(t: real, eps: real) -> prop:
    assume(t > 0, sigma(-t) <= eps, sigma(t) >= 1 - eps)
    return error(2 * t, -3 * t, 1, 0) <= 4 * eps**2


@lemma(have=["(v - u)**2 > 0", "(u + v)**2 + 2 * p**2 + 2 * q**2 >= 0"])
def different_values_are_not_both_zero(u: real, v: real, p: real, q: real) -> prop:
    assume(u < v)
    return u**2 + v**2 + p**2 + q**2 > 0


@lemma(cases=["a > 0"])
def stretched(a: real, s: real, t: real, c: real) -> prop:
    assume(s < t, a > 0 or a < 0)
    return a * s + c < a * t + c or a * t + c < a * s + c


@claim.disproof(
    "and it is never 0: if w and a are not 0, f(0) and f(1) are different, and not both 0",
    using=[
        increasing.at(s="b", t="w + b"),
        increasing.at(s="w + b", t="b"),
        stretched.at(a="a", s="sigma(b)", t="sigma(w + b)", c="c"),
        stretched.at(a="a", s="sigma(w + b)", t="sigma(b)", c="c"),
        different_values_are_not_both_zero.at(
            u="a * sigma(b) + c",
            v="a * sigma(w + b) + c",
            p="a * sigma(2 * w + b) + c - 1",
            q="a * sigma(3 * w + b) + c - 1",
        ),
        different_values_are_not_both_zero.at(
            u="a * sigma(w + b) + c",
            v="a * sigma(b) + c",
            p="a * sigma(2 * w + b) + c - 1",
            q="a * sigma(3 * w + b) + c - 1",
        ),
    ],
    cases=["w > 0", "a > 0"],
    assuming=[increasing],
)
def never_zero(w: real, b: real, a: real, c: real) -> prop:
    assume(w > 0 or w < 0, a > 0 or a < 0)
    return error(w, b, a, c) > 0


@lemma()
def one_value_for_two_labels(v: real) -> prop:
    return v**2 + v**2 + (v - 1) ** 2 + (v - 1) ** 2 >= 1


@claim.disproof(
    "if one of them is 0, f is constant, and its error is 1 at least",
    using=[one_value_for_two_labels.at(v="a * sigma(b) + c"), one_value_for_two_labels.at(v="c")],
)
def constants_have_an_error(w: real, b: real, a: real, c: real) -> prop:
    return error(0, b, a, c) >= 1 and error(w, b, 0, c) >= 1


# ------------------------------------------------------------------------------------------- what must fail


@claim.mutant(replaces=constants_have_an_error)
def constants_have_an_error_of_two(w: real, b: real, a: real, c: real) -> prop:
    """2 at least"""
    return error(0, b, a, c) >= 2 and error(w, b, 0, c) >= 2


@claim.mutant(replaces=error)
def labels_that_a_constant_takes(w: real, b: real, a: real, c: real) -> real:
    """The labels 0, 0, 0, 0"""
    return (
        (a * sigma(b) + c) ** 2
        + (a * sigma(w + b) + c) ** 2
        + (a * sigma(2 * w + b) + c) ** 2
        + (a * sigma(3 * w + b) + c) ** 2
    )
