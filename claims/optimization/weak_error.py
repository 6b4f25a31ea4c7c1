r"""The expectation of a function of the parameters under stochastic gradient descent, beside that of the squared distance.

The bias b(n) = E <u, theta_n - theta_*>, for an eigenvector u of the second derivative, and e(n) = E |theta_n - theta_*|^2
satisfy b(n + 1) <= (1 - eta h) b(n) + eta rho e(n), where rho bounds what the gradient is beside its linear part, and a
function psi with gradient u at theta_* has an expectation of at most psi(theta_*) + b(n) + kappa e(n).  All bounds are
one-sided; for the others take -psi.
"""

from __future__ import annotations

from claims.optimization.stochastic_gradient import (
    expected,
    gradient,
    last_step,
    minimizer,
    one_step,
    project,
    samples,
    scaled,
    step,
    strongly_monotone,
)
from verify import arbitrary, assume, define, dot, hypothesis, induction, lemma, nat, prop, real, sq, vec


HERE = {name: name for name in ("s", "z", "w", "u", "h", "rho", "kappa")}
AFTER = {**HERE, "s": "s + 1", "z": "project(z - step(s) * gradient(i, z))"}


@arbitrary
def psi(z: vec) -> real: ...


@define
def mean_along(i: nat, z: vec, w: real, u: vec) -> real:
    """Of the stochastic gradient at z, in the direction u; the first i samples of it."""
    return 0 if i == 0 else mean_along(i - 1, z, w, u) + w * dot(gradient(i - 1, z), u)


@define
def bias(n: nat, i: nat, s: nat, z: vec, w: real, u: vec) -> real:
    """The expectation of the distance from the minimizer in the direction u, n steps after z."""
    if n == 0:
        return dot(z - minimizer(), u)
    if i == 0:
        return 0
    after = project(z - step(s) * gradient(i - 1, z))
    return bias(n, i - 1, s, z, w, u) + w * bias(n - 1, samples(), s + 1, after, w, u)


@define
def expectation(n: nat, i: nat, s: nat, z: vec, w: real) -> real:
    """Of psi, n steps after z."""
    if n == 0:
        return psi(z)
    if i == 0:
        return 0
    after = project(z - step(s) * gradient(i - 1, z))
    return expectation(n, i - 1, s, z, w) + w * expectation(n - 1, samples(), s + 1, after, w)


@define
def smooth(n: nat, i: nat, s: nat, z: vec, w: real, u: vec, h: real, rho: real, kappa: real) -> prop:
    """At z and wherever fewer than n steps lead: in the direction u, the mean gradient is linear up to rho times the
    squared distance and the projection brings no point ahead; psi is below a parabola."""
    if n == 0:
        return True
    if i == 0:
        return mean_along(samples(), z, w, u) >= h * dot(z - minimizer(), u) - rho * sq(z - minimizer()) and psi(
            z
        ) <= psi(minimizer()) + dot(z - minimizer(), u) + kappa * sq(z - minimizer())
    before = z - step(s) * gradient(i - 1, z)
    return (
        smooth(n, i - 1, s, z, w, u, h, rho, kappa)
        and dot(project(before), u) <= dot(before, u)
        and smooth(n - 1, samples(), s + 1, project(before), w, u, h, rho, kappa)
    )


@lemma(
    by=induction("n"), using=[one_step, last_step.at(n="n", i="samples()", s="s", z="z", w="w", mu="mu", bound="bound")]
)
def next_square(n: nat, s: nat, z: vec, w: real, mu: real, bound: real) -> prop:
    assume(strongly_monotone(n + 1, samples(), s, z, w, mu, bound), w >= 0, w * samples() == 1, step(s + n) >= 0)
    return (
        expected(n + 1, samples(), s, z, w)
        <= (1 - 2 * mu * step(s + n)) * expected(n, samples(), s, z, w) + step(s + n) ** 2 * bound
    )


@lemma(by=induction("i"))
def smooth_at_the_point(n: nat, i: nat, s: nat, z: vec, w: real, u: vec, h: real, rho: real, kappa: real) -> prop:
    assume(smooth(n + 1, i, s, z, w, u, h, rho, kappa))
    return mean_along(samples(), z, w, u) >= h * dot(z - minimizer(), u) - rho * sq(z - minimizer()) and psi(z) <= psi(
        minimizer()
    ) + dot(z - minimizer(), u) + kappa * sq(z - minimizer())


@lemma(
    by=induction("i"),
    using=[
        scaled.at(
            p="w",
            a="dot(project(z - step(s) * gradient(i, z)), u)",
            b="dot(z - step(s) * gradient(i, z), u)",
        )
    ],
)
def bias_of_a_step(i: nat, s: nat, z: vec, w: real, u: vec, h: real, rho: real, kappa: real) -> prop:
    assume(smooth(1, i, s, z, w, u, h, rho, kappa), w >= 0)
    return bias(1, i, s, z, w, u) <= w * i * dot(z - minimizer(), u) - step(s) * mean_along(i, z, w, u)


@lemma(
    using=[
        bias_of_a_step.at(i="samples()", **HERE),
        smooth_at_the_point.at(n="0", i="samples()", **HERE),
        scaled.at(
            p="step(s)",
            a="h * dot(z - minimizer(), u) - rho * sq(z - minimizer())",
            b="mean_along(samples(), z, w, u)",
        ),
    ],
)
def first_bias(s: nat, z: vec, w: real, u: vec, h: real, rho: real, kappa: real) -> prop:
    assume(smooth(1, samples(), s, z, w, u, h, rho, kappa), w >= 0, w * samples() == 1, step(s) >= 0)
    return bias(1, samples(), s, z, w, u) <= (1 - h * step(s)) * dot(z - minimizer(), u) + step(s) * rho * sq(
        z - minimizer()
    )


@lemma(
    by=induction("n", "i"),
    using=[
        first_bias.at(**AFTER),
        hypothesis("n", i="samples()", **AFTER),
    ],
)
def last_bias(n: nat, i: nat, s: nat, z: vec, w: real, u: vec, h: real, rho: real, kappa: real) -> prop:
    assume(smooth(n + 2, i, s, z, w, u, h, rho, kappa), w >= 0, w * samples() == 1, step(s + n + 1) >= 0)
    return bias(n + 2, i, s, z, w, u) <= (1 - h * step(s + n + 1)) * bias(n + 1, i, s, z, w, u) + step(
        s + n + 1
    ) * rho * expected(n + 1, i, s, z, w)


@lemma(
    by=induction("n"),
    using=[
        first_bias.at(**HERE),
        last_bias.at(n="n", i="samples()", **HERE),
    ],
)
def next_bias(n: nat, s: nat, z: vec, w: real, u: vec, h: real, rho: real, kappa: real) -> prop:
    assume(smooth(n + 1, samples(), s, z, w, u, h, rho, kappa), w >= 0, w * samples() == 1, step(s + n) >= 0)
    return bias(n + 1, samples(), s, z, w, u) <= (1 - h * step(s + n)) * bias(n, samples(), s, z, w, u) + step(
        s + n
    ) * rho * expected(n, samples(), s, z, w)


@lemma(by=induction("n", "i"), using=[hypothesis("n", i="samples()", **AFTER)])
def fewer_smooth_steps(n: nat, i: nat, s: nat, z: vec, w: real, u: vec, h: real, rho: real, kappa: real) -> prop:
    assume(smooth(n + 1, i, s, z, w, u, h, rho, kappa))
    return smooth(n, i, s, z, w, u, h, rho, kappa)


@lemma(
    by=induction("n", "i"),
    using=[
        smooth_at_the_point.at(n="0", i="samples()", **AFTER),
        hypothesis("n", i="samples()", **AFTER),
        scaled.at(
            p="w",
            a="expectation(0, samples(), s + 1, project(z - step(s) * gradient(i, z)), w)",
            b="psi(minimizer()) + bias(0, samples(), s + 1, project(z - step(s) * gradient(i, z)), w, u)"
            " + kappa * expected(0, samples(), s + 1, project(z - step(s) * gradient(i, z)), w)",
        ),
    ],
)
def parts_by_the_parabola(n: nat, i: nat, s: nat, z: vec, w: real, u: vec, h: real, rho: real, kappa: real) -> prop:
    assume(smooth(n + 2, i, s, z, w, u, h, rho, kappa), w >= 0, w * samples() == 1)
    return expectation(n + 1, i, s, z, w) <= w * i * psi(minimizer()) + bias(n + 1, i, s, z, w, u) + kappa * expected(
        n + 1, i, s, z, w
    )


@lemma(
    by=induction("n"),
    using=[
        smooth_at_the_point.at(n="0", i="samples()", **HERE),
        parts_by_the_parabola.at(n="n", i="samples()", **HERE),
    ],
)
def by_the_parabola(n: nat, s: nat, z: vec, w: real, u: vec, h: real, rho: real, kappa: real) -> prop:
    assume(smooth(n + 1, samples(), s, z, w, u, h, rho, kappa), w >= 0, w * samples() == 1)
    return expectation(n, samples(), s, z, w) <= psi(minimizer()) + bias(n, samples(), s, z, w, u) + kappa * expected(
        n, samples(), s, z, w
    )
