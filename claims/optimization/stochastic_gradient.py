r"""The law of stochastic gradient descent over finitely many samples, exactly.

In each step one of m samples is drawn, independently and with equal probabilities w = 1/m, and z becomes
P(z - eta g(i, z)), where P is a projection.  Expectations are finite sums over all sequences of samples.  They satisfy a
recursion by the first step, ``expected(n + 1, s, z) = sum of w expected(n, s + 1, P(z - eta(s) g(i, z)))``, which is the
definition here; ``i`` counts the samples of the first step that have been summed.

What is assumed is assumed at the points that n steps can reach, and nowhere else: a strongly convex function has no
bounded gradients on the whole space.
"""

from __future__ import annotations

from verify import arbitrary, assume, assumption, define, dot, hypothesis, induction, lemma, nat, prop, real, sq, vec


@arbitrary
def samples() -> nat: ...


@arbitrary
def gradient(i: nat, z: vec) -> vec: ...


@arbitrary
def step(n: nat) -> real: ...


@arbitrary
def project(z: vec) -> vec: ...


@arbitrary
def minimizer() -> vec: ...


@arbitrary
def norm(u: vec) -> real: ...


@assumption()
def square_of_the_norm(u: vec) -> prop:
    return norm(u) ** 2 == sq(u)


@define
def mean_slope(i: nat, z: vec, w: real) -> real:
    """Of the stochastic gradient at z, in the direction away from the minimizer; the first i samples of it."""
    return 0 if i == 0 else mean_slope(i - 1, z, w) + w * dot(gradient(i - 1, z), z - minimizer())


@define
def mean_square(i: nat, z: vec, w: real) -> real:
    """Of the norm of the stochastic gradient at z; the first i samples of it."""
    return 0 if i == 0 else mean_square(i - 1, z, w) + w * sq(gradient(i - 1, z))


@define
def expected(n: nat, i: nat, s: nat, z: vec, w: real) -> real:
    """The expected squared distance from the minimizer, n steps after z, of which the first has the step size eta(s)."""
    if n == 0:
        return sq(z - minimizer())
    if i == 0:
        return 0
    after = project(z - step(s) * gradient(i - 1, z))
    return expected(n, i - 1, s, z, w) + w * expected(n - 1, samples(), s + 1, after, w)


@define
def expected_norm(n: nat, i: nat, s: nat, z: vec, w: real) -> real:
    """The same for the distance itself."""
    if n == 0:
        return norm(z - minimizer())
    if i == 0:
        return 0
    after = project(z - step(s) * gradient(i - 1, z))
    return expected_norm(n, i - 1, s, z, w) + w * expected_norm(n - 1, samples(), s + 1, after, w)


@define
def strongly_monotone(n: nat, i: nat, s: nat, z: vec, w: real, mu: real, bound: real) -> prop:
    """At z and wherever fewer than n steps lead: the mean gradient is strongly monotone with the constant mu, the mean
    square of the gradients is at most ``bound``, and the projection brings no point away from the minimizer."""
    if n == 0:
        return True
    if i == 0:
        return mean_slope(samples(), z, w) >= mu * sq(z - minimizer()) and mean_square(samples(), z, w) <= bound
    before = z - step(s) * gradient(i - 1, z)
    return (
        strongly_monotone(n, i - 1, s, z, w, mu, bound)
        and sq(project(before) - minimizer()) <= sq(before - minimizer())
        and strongly_monotone(n - 1, samples(), s + 1, project(before), w, mu, bound)
    )


@lemma()
def scaled(p: real, a: real, b: real) -> prop:
    assume(p >= 0, a <= b)
    return p * a <= p * b


@lemma(cases=["a <= b"], have=["implies(a > b, p * (a - b) > 0)"])
def cancelled(p: real, a: real, b: real) -> prop:
    assume(p > 0, p * a <= p * b)
    return a <= b


@lemma(by=induction("i"))
def at_the_point(n: nat, i: nat, s: nat, z: vec, w: real, mu: real, bound: real) -> prop:
    assume(strongly_monotone(n + 1, i, s, z, w, mu, bound))
    return mean_slope(samples(), z, w) >= mu * sq(z - minimizer()) and mean_square(samples(), z, w) <= bound


@lemma(
    by=induction("i"),
    using=[
        scaled.at(
            p="w",
            a="sq(project(z - step(s) * gradient(i, z)) - minimizer())",
            b="sq(z - step(s) * gradient(i, z) - minimizer())",
        )
    ],
)
def expanded(i: nat, s: nat, z: vec, w: real, mu: real, bound: real) -> prop:
    assume(strongly_monotone(1, i, s, z, w, mu, bound), w >= 0)
    return expected(1, i, s, z, w) <= w * i * sq(z - minimizer()) - 2 * step(s) * mean_slope(i, z, w) + step(
        s
    ) ** 2 * mean_square(i, z, w)


@lemma(
    using=[
        expanded.at(i="samples()", s="s", z="z", w="w", mu="mu", bound="bound"),
        at_the_point.at(n="0", i="samples()", s="s", z="z", w="w", mu="mu", bound="bound"),
        scaled.at(p="2 * step(s)", a="mu * sq(z - minimizer())", b="mean_slope(samples(), z, w)"),
        scaled.at(p="step(s)**2", a="mean_square(samples(), z, w)", b="bound"),
    ],
)
def one_step(s: nat, z: vec, w: real, mu: real, bound: real) -> prop:
    assume(strongly_monotone(1, samples(), s, z, w, mu, bound), w >= 0, w * samples() == 1, step(s) >= 0)
    return expected(1, samples(), s, z, w) <= (1 - 2 * mu * step(s)) * sq(z - minimizer()) + step(s) ** 2 * bound


@lemma(
    by=induction("n", "i"),
    using=[
        one_step.at(s="s + 1", z="project(z - step(s) * gradient(i, z))", w="w", mu="mu", bound="bound"),
        hypothesis(
            "n", i="samples()", s="s + 1", z="project(z - step(s) * gradient(i, z))", w="w", mu="mu", bound="bound"
        ),
    ],
)
def last_step(n: nat, i: nat, s: nat, z: vec, w: real, mu: real, bound: real) -> prop:
    assume(strongly_monotone(n + 2, i, s, z, w, mu, bound), w >= 0, w * samples() == 1, step(s + n + 1) >= 0)
    return (
        expected(n + 2, i, s, z, w)
        <= (1 - 2 * mu * step(s + n + 1)) * expected(n + 1, i, s, z, w) + step(s + n + 1) ** 2 * bound * w * i
    )


@lemma(
    by=induction("n", "i"),
    using=[
        hypothesis(
            "n", i="samples()", s="s + 1", z="project(z - step(s) * gradient(i, z))", w="w", mu="mu", bound="bound"
        )
    ],
)
def fewer_steps(n: nat, i: nat, s: nat, z: vec, w: real, mu: real, bound: real) -> prop:
    assume(strongly_monotone(n + 1, i, s, z, w, mu, bound))
    return strongly_monotone(n, i, s, z, w, mu, bound)


@lemma(using=[square_of_the_norm.at(u="u")], have=["0 <= (t - norm(u))**2"], assuming=[square_of_the_norm])
def geometric_mean(u: vec, t: real) -> prop:
    return 2 * t * norm(u) <= t**2 + sq(u)


@lemma(
    by=induction("n", "i"),
    using=[
        geometric_mean.at(u="project(z - step(s) * gradient(i, z)) - minimizer()", t="t"),
        hypothesis("n", i="samples()", s="s + 1", z="project(z - step(s) * gradient(i, z))", w="w", t="t"),
        scaled.at(
            p="w",
            a="2 * t * expected_norm(0, samples(), s + 1, project(z - step(s) * gradient(i, z)), w)",
            b="t**2 + expected(0, samples(), s + 1, project(z - step(s) * gradient(i, z)), w)",
        ),
        scaled.at(
            p="w",
            a="2 * t * expected_norm(n + 1, samples(), s + 1, project(z - step(s) * gradient(i, z)), w)",
            b="t**2 + expected(n + 1, samples(), s + 1, project(z - step(s) * gradient(i, z)), w)",
        ),
    ],
    assuming=[square_of_the_norm],
)
def in_the_mean(n: nat, i: nat, s: nat, z: vec, w: real, t: real) -> prop:
    """2 t E d <= t^2 + E d^2"""
    assume(w >= 0, w * samples() == 1)
    return 2 * t * expected_norm(n + 1, i, s, z, w) <= t**2 * w * i + expected(n + 1, i, s, z, w)
