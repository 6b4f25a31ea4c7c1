r"""Rates of the mean square and of the bias for the step sizes 2/(mu (k + 1)), from step number s >= 3 on.

With N = s + n and r = 2/(N + 1): the mean square e(n), times N, stays below D, because (N + 1)(1 - 2 r) e is at most
(N - 3) D / N, and the second-order term at most D / (N + 1).  The bias b(n), times N, stays below C, because
(1 - r) C / N + r C / (2 N) = C / (N + 1).
"""

from __future__ import annotations

from claims.optimization.harmonic_steps import positive
from claims.optimization.stochastic_gradient import (
    cancelled,
    expected,
    fewer_steps,
    minimizer,
    samples,
    scaled,
    step,
    strongly_monotone,
)
from claims.optimization.weak_error import bias, fewer_smooth_steps, next_bias, next_square, smooth
from verify import assume, define, dot, induction, lemma, nat, prop, real, sq, vec

HERE = {name: name for name in ("s", "z", "w")}


@define
def double_steps(n: nat, s: nat, mu: real) -> prop:
    """The step sizes s, s + 1, ..., s + n - 1 are 2/(mu (s + 1)), ..., 2/(mu (s + n))."""
    return True if n == 0 else double_steps(n - 1, s, mu) and mu * (s + n) * step(s + n - 1) == 2


@lemma(
    using=[
        scaled.at(p="(N + 1)**2", a="after", b="(1 - 2 * r) * before + q"),
        scaled.at(p="N - 3", a="N * before", b="C"),
        cancelled.at(p="N * (N + 1)", a="(N + 1) * after", b="C"),
    ],
    have=[
        "N * (N + 1) > 0",
        "(N + 1)**2 * after <= (N + 1) * (N - 3) * before + C",
        "N * (N + 1) * (N - 3) * before <= (N + 1) * (N - 3) * C",
        "N * (N + 1) * ((N + 1) * after) <= N * (N + 1) * C",
    ],
)
def square_step(N: nat, before: real, after: real, r: real, q: real, C: real) -> prop:
    """r = mu eta = 2 / (N + 1), q = eta^2 G^2"""
    assume(
        N >= 3,
        (N + 1) * r == 2,
        after <= (1 - 2 * r) * before + q,
        (N + 1) ** 2 * q <= C,
        N * before <= C,
        C >= 0,
    )
    return (N + 1) * after <= C


@lemma(
    using=[
        scaled.at(p="1 - h * t", a="N * before", b="C"),
        scaled.at(p="t * rho", a="N * e", b="D"),
        scaled.at(p="t", a="2 * rho * D", b="mu * C"),
        scaled.at(p="t * C", a="mu", b="h"),
        scaled.at(p="N", a="after", b="(1 - h * t) * before + t * rho * e"),
        cancelled.at(p="N", a="(N + 1) * after", b="C"),
    ],
    have=[
        "N * after <= (1 - h * t) * C + t * rho * D",
        "2 * N * after <= 2 * C - mu * t * C",
        "N * (N + 1) * after <= N * C",
    ],
)
def bias_step(
    N: nat, before: real, after: real, e: real, t: real, mu: real, h: real, rho: real, C: real, D: real
) -> prop:
    assume(N >= 1, mu * (N + 1) * t == 2, t >= 0, mu <= h, h * t <= 1, rho >= 0, C >= 0)
    assume(N * before <= C, N * e <= D, 2 * rho * D <= mu * C, after <= (1 - h * t) * before + t * rho * e)
    return (N + 1) * after <= C


@lemma(using=[scaled.at(p="t", a="2 * h", b="mu * (N + 1)")])
def no_overshooting(N: real, t: real, mu: real, h: real) -> prop:
    assume(mu * (N + 1) * t == 2, t >= 0, 2 * h <= mu * (N + 1))
    return h * t <= 1


@lemma(
    by=induction("n"),
    using=[
        fewer_steps.at(n="n", i="samples()", **HERE, mu="mu", bound="G**2"),
        positive.at(p="mu * (s + n + 1)", t="step(s + n)"),
        next_square.at(n="n", **HERE, mu="mu", bound="G**2"),
        cancelled.at(p="mu**2", a="(s + n + 1)**2 * (step(s + n)**2 * G**2)", b="D"),
        square_step.at(
            N="s + n",
            before="expected(n, samples(), s, z, w)",
            after="expected(n + 1, samples(), s, z, w)",
            r="mu * step(s + n)",
            q="step(s + n)**2 * G**2",
            C="D",
        ),
    ],
    have=[
        "mu**2 > 0",
        "mu * (s + n + 1) > 0",
        "mu**2 * ((s + n + 1)**2 * (step(s + n)**2 * G**2)) == 4 * G**2",
    ],
)
def squares(n: nat, s: nat, z: vec, w: real, mu: real, G: real, D: real) -> prop:
    assume(strongly_monotone(n, samples(), s, z, w, mu, G**2), w >= 0, w * samples() == 1, double_steps(n, s, mu))
    assume(mu > 0, s >= 3, s * sq(z - minimizer()) <= D, mu**2 * D >= 4 * G**2, D >= 0)
    return (s + n) * expected(n, samples(), s, z, w) <= D


@lemma(
    by=induction("n"),
    using=[
        fewer_steps.at(n="n", i="samples()", **HERE, mu="mu", bound="G**2"),
        fewer_smooth_steps.at(n="n", i="samples()", **HERE, u="u", h="h", rho="rho", kappa="kappa"),
        squares.at(n="n", **HERE, mu="mu", G="G", D="D"),
        positive.at(p="mu * (s + n + 1)", t="step(s + n)"),
        no_overshooting.at(N="s + n", t="step(s + n)", mu="mu", h="h"),
        next_bias.at(n="n", **HERE, u="u", h="h", rho="rho", kappa="kappa"),
        bias_step.at(
            N="s + n",
            before="bias(n, samples(), s, z, w, u)",
            after="bias(n + 1, samples(), s, z, w, u)",
            e="expected(n, samples(), s, z, w)",
            t="step(s + n)",
            mu="mu",
            h="h",
            rho="rho",
            C="C",
            D="D",
        ),
    ],
    have=["mu * (s + n + 1) > 0", "2 * h <= mu * (s + n + 1)"],
)
def biases(
    n: nat, s: nat, z: vec, w: real, u: vec, mu: real, h: real, rho: real, kappa: real, G: real, C: real, D: real
) -> prop:
    assume(strongly_monotone(n, samples(), s, z, w, mu, G**2), w >= 0, w * samples() == 1, double_steps(n, s, mu))
    assume(mu > 0, s >= 3, s * sq(z - minimizer()) <= D, mu**2 * D >= 4 * G**2, D >= 0)
    assume(smooth(n, samples(), s, z, w, u, h, rho, kappa), mu <= h, 2 * h <= mu * (s + 1), rho >= 0)
    assume(s * dot(z - minimizer(), u) <= C, 2 * rho * D <= mu * C, C >= 0)
    return (s + n) * bias(n, samples(), s, z, w, u) <= C


@define
def square_bound(s: nat, z: vec, K: real) -> real:
    return s * sq(z - minimizer()) + 4 * K**2


@define
def bias_bound(s: nat, z: vec, u: vec, K: real, r: real) -> real:
    return s * abs(dot(z - minimizer(), u)) + r * square_bound(s, z, K)


@lemma(using=[scaled.at(p="s", a="0", b="sq(z - minimizer())")], have=["K**2 >= 0"])
def about_the_square_bound(s: nat, z: vec, K: real) -> prop:
    return (
        square_bound(s, z, K) >= 0
        and s * sq(z - minimizer()) <= square_bound(s, z, K)
        and square_bound(s, z, K) >= 4 * K**2
    )


@lemma(
    using=[
        about_the_square_bound.at(s="s", z="z", K="K"),
        scaled.at(p="s", a="dot(z - minimizer(), u)", b="abs(dot(z - minimizer(), u))"),
        scaled.at(p="s", a="0", b="abs(dot(z - minimizer(), u))"),
        scaled.at(p="r", a="0", b="square_bound(s, z, K)"),
    ],
    cases=["dot(z - minimizer(), u) >= 0"],
)
def about_the_bias_bound(s: nat, z: vec, u: vec, K: real, r: real) -> prop:
    assume(r >= 0)
    return (
        bias_bound(s, z, u, K, r) >= 0
        and s * dot(z - minimizer(), u) <= bias_bound(s, z, u, K, r)
        and r * square_bound(s, z, K) <= bias_bound(s, z, u, K, r)
    )


@lemma(
    using=[
        scaled.at(p="t", a="e", b="p + b + kappa * q"),
        scaled.at(p="kappa", a="t * q", b="D"),
    ]
)
def together(t: real, e: real, p: real, b: real, q: real, kappa: real, C: real, D: real) -> prop:
    assume(t >= 0, kappa >= 0, e <= p + b + kappa * q, t * b <= C, t * q <= D)
    return t * (e - p) <= C + kappa * D
