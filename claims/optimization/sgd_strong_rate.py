r"""Strong convergence of stochastic gradient descent at the rate n^(-1/2), for strongly convex problems.

With the step sizes 1/(mu n), the squared error e(n) satisfies e(n + 1) <= (1 - 2/(n + 1)) e(n) + (G / mu (n + 1))^2, and
induction gives e(n) <= G^2 / (mu^2 n).  For the mean of a sample this is an equation up to the constant.
"""

from __future__ import annotations

from fractions import Fraction

from claims.optimization.harmonic_steps import (
    first_step,
    harmonic_steps,
    in_units_of_the_step,
    induction_step,
    positive,
)
from claims.optimization.logistic_runs import runs
from claims.optimization.sample_mean import mean, squared_mean_error, steps_of_the_mean, variance, variance_of_a_mean
from claims.optimization.stochastic_gradient import (
    cancelled,
    expected,
    expected_norm,
    fewer_steps,
    gradient,
    in_the_mean,
    last_step,
    mean_slope,
    mean_square,
    minimizer,
    one_step,
    project,
    samples,
    square_of_the_norm,
    step,
    strongly_monotone,
)
from verify import Claim, arbitrary, assume, cite, dot, induction, nat, prop, real, sq, vec
from verify.optimization import Problem, StronglyConvex, Tight
from verify.statistics import Rate

claim = Claim(
    "sgd-strong-rate",
    title="Strong convergence of stochastic gradient descent",
    statement=r"In each step, let one of finitely many samples be drawn independently and with equal probabilities, and "
    r"$\theta_{n+1} = P(\theta_n - g_i(\theta_n) / (\mu (n + 1)))$, where the projection $P$ brings no point away from $\theta_*$. "
    r"If, at all points that are reached, $\mathbb{E} \langle g_i(\theta), \theta - \theta_* \rangle \ge \mu |\theta - \theta_*|^2$ "
    r"and $\mathbb{E} |g_i(\theta)|^2 \le G^2$, then $\mathbb{E} |\theta_n - \theta_*|^2 \le G^2 / (\mu^2 n)$ and, for $G > 0$, "
    r"$\mathbb{E} |\theta_n - \theta_*| \le G / (\mu \sqrt n)$ for all $n \ge 1$. The first hypothesis holds if the mean of the "
    r"$g_i$ is the gradient of a function with strong convexity $\mu$ whose minimizer over the range of $P$, a convex set, is "
    r"$\theta_*$. For $g_i(\theta) = \theta - x_i$, real $x_i$ of mean $0$ and variance $\sigma^2$, $\mu = 1$, and no projection, "
    r"$\mathbb{E} \theta_n^2 = \sigma^2 / n$: the rate of the mean square cannot be improved.",
    source=cite(
        "grohs2017",
        "Strong Convergence",
        quote="For SGD applied to a convex problem we have, for appropriate learning rates, E|θ_n − θ_*| ≲ 1/n^{1/2−ε}, and "
        "this cannot be improved.",
    ),
    repairs="sgd-strong-rate-literal",
    remarks="Expectations are sums over all sequences of samples, and the hypotheses are used only at points that some "
    "sequence reaches. With the step sizes c/(mu n) and c < 1/2 the rate is only n^(-c).",
    symbols={
        r"\mathrm{expected}(n, i, s, z)": "the expected squared distance from the minimizer after n steps from z, the first of "
        "them with the step size eta(s); i counts the samples of the first step that have been summed",
        r"\mathrm{samples}": "the number of samples; probability, gradient, step, project and minimizer are what they are called",
        r"\mathrm{strongly\_monotone}": "the hypotheses at z and at all points that fewer than n steps reach",
    },
)
c = claim.parameter("c", "1", "the factor of the step sizes in the experiment, where anything above 1/2 gives the rate")
AT = (128, 256, 512, 1024)


@claim.proof(
    by=induction("n"),
    using=[
        fewer_steps.at(n="n + 1", i="samples()", s="0", z="z", w="w", mu="mu", bound="G**2"),
        positive.at(p="mu", t="step(0)"),
        positive.at(p="mu * (n + 2)", t="step(n + 1)"),
        one_step.at(s="0", z="z", w="w", mu="mu", bound="G**2"),
        last_step.at(n="n", i="samples()", s="0", z="z", w="w", mu="mu", bound="G**2"),
        first_step.at(d="sq(z - minimizer())", e="expected(1, samples(), 0, z, w)", t="step(0)", mu="mu", bound="G**2"),
        in_units_of_the_step.at(
            d="expected(n + 1, samples(), 0, z, w)",
            e="expected(n + 2, samples(), 0, z, w)",
            t="step(n + 1)",
            r="mu * step(n + 1)",
            mu="mu",
            bound="G**2",
        ),
        induction_step.at(
            n="n",
            a="mu**2 * expected(n + 2, samples(), 0, z, w)",
            b="mu**2 * expected(n + 1, samples(), 0, z, w)",
            r="mu * step(n + 1)",
            bound="G**2",
        ),
    ],
    have=["mu * (n + 2) > 0", "(n + 2) * (mu * step(n + 1)) == 1"],
)
def rate(n: nat, z: vec, w: real, mu: real, G: real) -> prop:
    assume(mu > 0, mu * step(0) == 1, harmonic_steps(n + 1), w >= 0, w * samples() == 1)
    assume(strongly_monotone(n + 1, samples(), 0, z, w, mu, G**2))
    return mu**2 * (n + 1) * expected(n + 1, samples(), 0, z, w) <= G**2


@claim.proof(
    using=[
        rate.at(n="n", z="z", w="w", mu="mu", G="G"),
        cancelled.at(p="mu**2 * (n + 1)", a="expected(n + 1, samples(), 0, z, w)", b="t**2"),
        cancelled.at(p="t", a="expected_norm(n + 1, samples(), 0, z, w)", b="t"),
        in_the_mean.at(n="n", i="samples()", s="0", z="z", w="w", t="t"),
    ],
    have=["mu**2 > 0", "mu**2 * (n + 1) > 0"],
    assuming=[square_of_the_norm],
)
def rate_of_the_distance(n: nat, z: vec, w: real, mu: real, G: real, t: real) -> prop:
    """For t = G / (mu sqrt(n + 1))."""
    assume(mu > 0, mu * step(0) == 1, harmonic_steps(n + 1), w >= 0, w * samples() == 1)
    assume(strongly_monotone(n + 1, samples(), 0, z, w, mu, G**2), t > 0, mu**2 * (n + 1) * t**2 == G**2)
    return expected_norm(n + 1, samples(), 0, z, w) <= t


@arbitrary
def f(z: vec) -> real: ...


@arbitrary
def slope(z: vec) -> vec: ...


@claim.proof()
def strong_convexity_is_enough(z: vec, mu: real) -> prop:
    """With the gradients of f at z and at its minimizer, where f does not decrease in the direction of z."""
    assume(
        f(minimizer()) >= f(z) + dot(slope(z), minimizer() - z) + mu / 2 * sq(z - minimizer()),
        f(z) >= f(minimizer()) + dot(slope(minimizer()), z - minimizer()) + mu / 2 * sq(z - minimizer()),
        dot(slope(minimizer()), z - minimizer()) >= 0,
    )
    return dot(slope(z), z - minimizer()) >= mu * sq(z - minimizer())


@claim.proof(using=[variance_of_a_mean])
def mean_of_a_sample(n: nat, z: real, w: real) -> prop:
    """With the step sizes 1, 1/2, 1/3, ... the n-th point is the mean of n samples."""
    assume(steps_of_the_mean(n + 1, 0), w * samples() == 1, mean(samples(), w) == 0)
    return (n + 1) * squared_mean_error(n + 1, samples(), 0, z, w) == variance(samples(), w)


@claim.exact(naturals={"k": range(3, 9)}, role="stress")
def one_step_is_sharp(k: int) -> Tight:
    """One step 1/k with two samples, on strongly convex functions with constant 1: no smaller factor than 1 - 2/k."""
    problem, step = Problem(), Fraction(1, k)
    f = problem.function(StronglyConvex(mu=1))
    best, start, noise = problem.minimizer(f), problem.point("x0"), problem.point("noise")
    slopes = (f.gradient(start) + noise, f.gradient(start) - noise)
    gain = sum(((start - step * g - best) ** 2 - step**2 * g**2 for g in slopes), 0 * noise**2) / 2
    return Tight(problem, performance=gain, initial=(start - best) ** 2, rate=1 - 2 * step)


@claim.experiment(Rate(at=AT, exponent="-1/2", margin="1/20"), runs=1 << 14)
def logistic_regression(draws, c):
    """The mean distance in one parameter, with the step sizes c/(h (n + 4)), h the second derivative at the minimizer."""
    return runs(draws, float(c), AT)[0].abs()


# ------------------------------------------------------------------------------------------- what must fail


claim.mutant("steps-below-one-half", {c: "2/5"})


@claim.mutant(replaces=steps_of_the_mean)
def quarter_steps(n: nat, s: nat) -> prop:
    """The step sizes 1/4, 1/8, 1/12, ..."""
    return True if n == 0 else 4 * (s + 1) * step(s) == 1 and steps_of_the_mean(n - 1, s + 1)


@claim.mutant(replaces=mean_of_a_sample)
def a_faster_rate(n: nat, z: real, w: real) -> prop:
    """(n + 1)^2 instead of n + 1: the rate 1/n for the distance"""
    assume(steps_of_the_mean(n + 1, 0), w * samples() == 1, mean(samples(), w) == 0)
    return (n + 1) ** 2 * squared_mean_error(n + 1, samples(), 0, z, w) == variance(samples(), w)


@claim.mutant(replaces=strong_convexity_is_enough)
def convexity_is_enough(z: vec, mu: real) -> prop:
    """For a function that is only convex"""
    assume(
        f(minimizer()) >= f(z) + dot(slope(z), minimizer() - z),
        f(z) >= f(minimizer()) + dot(slope(minimizer()), z - minimizer()),
        dot(slope(minimizer()), z - minimizer()) >= 0,
        mu > 0,
    )
    return dot(slope(z), z - minimizer()) >= mu * sq(z - minimizer())


@claim.mutant(replaces=strongly_monotone)
def monotone(n: nat, i: nat, s: nat, z: vec, w: real, mu: real, bound: real) -> prop:
    """The mean gradient is only monotone"""
    if n == 0:
        return True
    if i == 0:
        return mean_slope(samples(), z, w) >= 0 and mean_square(samples(), z, w) <= bound
    before = z - step(s) * gradient(i - 1, z)
    return (
        strongly_monotone(n, i - 1, s, z, w, mu, bound)
        and sq(project(before) - minimizer()) <= sq(before - minimizer())
        and strongly_monotone(n - 1, samples(), s + 1, project(before), w, mu, bound)
    )
