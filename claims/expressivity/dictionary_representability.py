r"""Dictionaries that one hidden layer does represent exactly, and one that it represents in mean square.

The hat function is three ReLUs.  The B-spline of degree k is k + 2 units of the activation ReLU^k: it is the (k + 1)-st
difference of ReLU^k, and the (k + 1)-st difference of the polynomial x^k is 0.  The Haar wavelet has jumps, which ramps of
width w replace at the price 2 w in the squared L2 norm.
"""

from __future__ import annotations

from verify import Claim, assume, cite, define, hypothesis, induction, lemma, nat, prop, real, relu, units

claim = Claim(
    "dictionary-representability",
    title="Splines and wavelets by one hidden layer",
    statement=r"(a) $\max(0, 1 - |x - 1|)$ is a ReLU network with three units. (b) For every $k \ge 1$ the difference of "
    r"order $k + 1$ of $\operatorname{ReLU}^k$, a network with units $\operatorname{ReLU}(x - j)^k$, $0 \le j \le k + 1$, "
    r"vanishes outside of $[0, k + 1]$; the difference of order $k$ is $k!$ from $k$ on. (c) For $0 < w \le \frac12$ the "
    r"ReLU network with slopes $\pm \frac1w$, $\pm \frac2w$ and six units differs from the Haar wavelet on three intervals "
    r"of length $w$ only, where it differs by affine functions whose squares have integrals that add up to $2 w$.",
    source=cite("grohs2017", "Theorem after Bölcskei, Grohs, Kutyniok and Petersen (2017), informal version"),
    repairs="dictionary-representability-literal",
    remarks="The B-splines need another activation than ReLU; dilations and shifts only change weights. The formula below for "
    "the integral of the square of an affine function is used, not derived.",
    symbols={
        r"\mathrm{difference}(m, k, x)": r"the difference of order m of $\operatorname{ReLU}^k$, with steps of 1",
        r"\mathrm{ramps}(s, w, x)": "the network (c), s = 1/w",
    },
)
price = claim.parameter("price", "2", "the squared L2 error of (c) in units of w")


@define
def hat(x: real) -> real:
    return relu(x) - 2 * relu(x - 1) + relu(x - 2)


@define
def power(x: real, k: nat) -> real:
    return 1 if k == 0 else x * power(x, k - 1)


@define
def difference(m: nat, k: nat, x: real) -> real:
    return power(relu(x), k) if m == 0 else difference(m - 1, k, x) - difference(m - 1, k, x - 1)


@define
def polynomial(m: nat, k: nat, x: real) -> real:
    """The same of the polynomial x^k."""
    return power(x, k) if m == 0 else polynomial(m - 1, k, x) - polynomial(m - 1, k, x - 1)


@define
def factorial(k: nat) -> nat:
    return 1 if k == 0 else k * factorial(k - 1)


@claim.proof()
def hat_function(x: real) -> prop:
    return hat(x) == max(0, 1 - abs(x - 1)) and units(hat(x)) == 3


@lemma()
def power_of_zero(k: nat) -> prop:
    return power(0, k + 1) == 0


@lemma(by=induction("m"), using=[power_of_zero])
def zero_on_the_left(m: nat, k: nat, x: real) -> prop:
    assume(x <= 0)
    return difference(m, k + 1, x) == 0


@lemma(by=induction("m"))
def polynomial_on_the_right(m: nat, k: nat, x: real) -> prop:
    assume(x >= m)
    return difference(m, k, x) == polynomial(m, k, x)


@lemma(by=induction("m"), using=[hypothesis(k="k", x="x"), hypothesis(k="k", x="x - 1")])
def leibniz(m: nat, k: nat, x: real) -> prop:
    """The difference of order m + 1 of x f, f = x^k."""
    return polynomial(m + 1, k + 1, x) == x * polynomial(m + 1, k, x) + (m + 1) * polynomial(m, k, x - 1)


@lemma(
    by=induction("k"),
    using=[
        leibniz.at(m="k", k="k", x="x"),
        leibniz.at(m="k + 1", k="k", x="x"),
        hypothesis(x="x"),
        hypothesis(x="x - 1"),
    ],
)
def top_difference(k: nat, x: real) -> prop:
    return polynomial(k, k, x) == factorial(k) and polynomial(k + 1, k, x) == 0


@claim.proof(
    using=[
        zero_on_the_left.at(m="k + 2", k="k", x="x"),
        polynomial_on_the_right.at(m="k + 2", k="k + 1", x="x"),
        top_difference.at(k="k + 1", x="x"),
    ]
)
def splines_have_compact_support(k: nat, x: real) -> prop:
    """For the degree k + 1."""
    assume(x <= 0 or x >= k + 2)
    return difference(k + 2, k + 1, x) == 0


@claim.proof(using=[polynomial_on_the_right, top_difference])
def splines_are_not_zero(k: nat, x: real) -> prop:
    assume(x >= k)
    return difference(k, k, x) == factorial(k)


@define
def haar(x: real) -> real:
    if x < 0 or x >= 1:
        return 0
    return 1 if x < 1 / 2 else -1


@define
def ramp(s: real, w: real, x: real) -> real:
    return s * relu(x) - s * relu(x - w)


@define
def ramps(s: real, w: real, x: real) -> real:
    return ramp(s, w, x) - 2 * ramp(s, w, x - 1 / 2) + ramp(s, w, x - 1)


@define
def square_integral(w: real, left: real, right: real) -> real:
    """The integral of the square of an affine function over an interval of length w, from its values at the ends."""
    return w * (left**2 + left * right + right**2) / 3


@lemma()
def before_a_ramp(s: real, w: real, x: real) -> prop:
    assume(w > 0, x <= 0)
    return ramp(s, w, x) == 0


@lemma()
def on_a_ramp(s: real, w: real, x: real) -> prop:
    assume(0 <= x <= w)
    return ramp(s, w, x) == s * x


@lemma()
def after_a_ramp(s: real, w: real, x: real) -> prop:
    assume(w > 0, x >= w, s * w == 1)
    return ramp(s, w, x) == 1


@claim.proof(using=[before_a_ramp, on_a_ramp, after_a_ramp])
def on_the_first_ramp(s: real, w: real, x: real) -> prop:
    assume(0 < w <= 1 / 2, s * w == 1, 0 <= x < w)
    return ramps(s, w, x) - haar(x) == s * x - 1


@claim.proof(using=[before_a_ramp, on_a_ramp, after_a_ramp])
def on_the_second_ramp(s: real, w: real, x: real) -> prop:
    assume(0 < w <= 1 / 2, s * w == 1, 0 <= x - 1 / 2 < w)
    return ramps(s, w, x) - haar(x) == 2 - 2 * s * (x - 1 / 2)


@claim.proof(using=[before_a_ramp, on_a_ramp, after_a_ramp])
def on_the_third_ramp(s: real, w: real, x: real) -> prop:
    assume(0 < w <= 1 / 2, s * w == 1, 0 <= x - 1 < w)
    return ramps(s, w, x) - haar(x) == s * (x - 1) - 1


@claim.proof(using=[before_a_ramp, on_a_ramp, after_a_ramp])
def beside_the_ramps(s: real, w: real, x: real) -> prop:
    assume(0 < w <= 1 / 2, s * w == 1)
    assume(x < 0 or w <= x < 1 / 2 or w <= x - 1 / 2 < 1 / 2 or w <= x - 1)
    return ramps(s, w, x) == haar(x)


@claim.proof()
def squared_error_of_the_ramps(w: real) -> prop:
    """The three affine functions go from -1 to 0, from 2 to 0 and from -1 to 0."""
    return square_integral(w, -1, 0) + square_integral(w, 2, 0) + square_integral(w, -1, 0) == price * w


claim.sampling(hat_function, samples=1 << 16, reals={"x": (-4, 4)})


@claim.trials(16)
def squared_error_in_torch(draws):
    """Simpson's rule on 2^12 cells, with all kinks at their ends: 2 w for w = 2^-2, ..., 2^-9."""
    import torch

    w = 0.5 ** (2 + draws.trial % 8)
    cells = 2.0 * torch.arange(1 << 12, dtype=torch.float64) / (1 << 12)

    def error(x, inside):
        ramps = sum(c * (torch.relu(x - t) - torch.relu(x - t - w)) for c, t in ((1, 0.0), (-2, 0.5), (1, 1.0)))
        return ramps / w - torch.where(inside < 0.5, 1.0, torch.where(inside < 1.0, -1.0, 0.0))

    step = 0.5**11
    at = [error(cells + part * step, cells).square().sum() for part in (0, 1 / 2, 1)]
    return ((at[0] + 4 * at[1] + at[2]) * step / 6 - 2 * w).abs() <= 1e-12


claim.sharpness(price, refuted="15/8", proved="2")


@claim.mutant(replaces=hat)
def hat_by_two_units(x: real) -> real:
    """ReLU(x) - 2 ReLU(x - 1)"""
    return relu(x) - 2 * relu(x - 1)


@claim.mutant(replaces=splines_have_compact_support)
def one_difference_less(k: nat, x: real) -> prop:
    """The difference of order k of ReLU^k"""
    assume(x <= 0 or x >= k + 2)
    return difference(k + 1, k + 1, x) == 0


@claim.mutant(replaces=on_the_first_ramp)
def haar_in_the_supremum_norm(s: real, w: real, x: real) -> prop:
    """An error of at most 1/4 everywhere"""
    assume(0 < w <= 1 / 2, s * w == 1, 0 <= x < w)
    return abs(ramps(s, w, x) - haar(x)) <= 1 / 4
