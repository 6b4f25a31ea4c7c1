r"""Weak convergence of stochastic gradient descent at the rate 1/n, for strongly convex problems and smooth functions.

The expectation of psi(theta) is off by the bias of theta in the direction of the gradient of psi and by the mean square of
the distance.  With the step sizes 2/(mu n), both are at most a constant divided by n: for the bias, the factor
1 - 2/n of a step leaves room for a second-order term of order 1/n^2.
"""

from __future__ import annotations

from claims.optimization.double_steps import (
    HERE,
    about_the_bias_bound,
    about_the_square_bound,
    bias_bound,
    bias_step,
    biases,
    double_steps,
    square_bound,
    squares,
    together,
)
from claims.optimization.logistic_runs import runs
from claims.optimization.sample_mean import mean, squared_mean_error, steps_of_the_mean, variance, variance_of_a_mean
from claims.optimization.short_steps import descent, factor_of_a_short_step, one_short_step, short_steps
from claims.optimization.stochastic_gradient import (
    expected,  # noqa: F401  (the hints mention it)
    minimizer,
    samples,
    scaled,
    step,
    strongly_monotone,
)
from claims.optimization.weak_error import (
    bias,  # noqa: F401  (the hints mention it)
    by_the_parabola,
    expectation,
    fewer_smooth_steps,
    psi,
    smooth,
)
from verify import Claim, assume, cite, induction, nat, prop, real, vec
from verify.statistics import Rate

claim = Claim(
    "sgd-weak-rate",
    title="Weak convergence of stochastic gradient descent",
    statement=r"Under the hypotheses of sgd-strong-rate, with $G = \mu K$ and the step sizes $2 / (\mu (k + 1))$ for $k = s, s + 1, "
    r"\dots$, where $s \ge 3$ and $s + 1 \ge 2c$, let $u$ be a direction such that, at all points that are reached, "
    r"$\langle \mathbb{E} g_i(\theta), u \rangle \ge c \mu \langle \theta - \theta_*, u \rangle - \frac{1}{2} \mu r |\theta - "
    r"\theta_*|^2$, $c \ge 1$, $r, \kappa \ge 0$, $\langle P(\theta), u \rangle \le \langle \theta, u \rangle$ and "
    r"$\psi(\theta) \le \psi(\theta_*) + \langle \theta - \theta_*, u \rangle + \kappa |\theta - \theta_*|^2$. "
    r"Then, from $\theta_0 = z$, for all $n \ge 0$, "
    r"$(s + n)(\mathbb{E} \psi(\theta_n) - \psi(\theta_*)) \le s |\langle z - \theta_*, u \rangle| + (r + \kappa) (s |z - "
    r"\theta_*|^2 + 4 K^2)$. The rate cannot be improved: for means of samples with variance $\sigma^2$, $\mathbb{E} \theta_n^2 = "
    r"\sigma^2/n$. It needs long steps: with the step sizes $3/(4n)$, gradient descent on "
    r"$\theta^2/2$ from 1 has $\theta_n \ge n^{-3/4}/4$.",
    source=cite(
        "grohs2017",
        "Weak Convergence [G-Jentzen (2017)]",
        quote="For SGD applied to a convex problem we have, for appropriate learning rates and every C² function ψ, "
        "|Eψ(θ_n) − ψ(θ_*)| ≲ 1/n^{1−ε}, and this cannot be improved.",
    ),
    repairs="sgd-weak-rate-literal",
    remarks="One-sided hypotheses and a one-sided conclusion; where they hold for psi, u and for -psi, -u, the absolute value "
    "has the bound. u is the gradient of psi at the minimizer. If the mean gradient has the derivative H there and u is an "
    "eigenvector of H with the eigenvalue c mu, r comes from a bound on the second derivative of the mean gradient; other "
    "directions are sums of eigenvectors, which is not part of what is proved. In one dimension every u is one. The "
    "step sizes 3/(4n) are long enough for the strong rate, which holds for c/(mu n) with c > 1/2, as is well known.",
    symbols={
        r"\mathrm{strongly\_monotone}": "the hypotheses of sgd-strong-rate at z and wherever fewer than n steps lead",
        r"\mathrm{smooth}": "the hypotheses on the mean gradient, the projection and psi in the direction u, at the same points",
        r"\mathrm{expectation}(n, i, s, z, w)": "the expectation of psi after n steps from z, the first of them with the "
        "number s; i counts the samples of the first step that have been summed, w is 1 divided by the number of samples",
        r"\mathrm{double\_steps}": "the step sizes are 2/(mu (s + 1)), 2/(mu (s + 2)), ...",
    },
)
factor = claim.parameter("factor", "2", "the step sizes of the experiment, divided by those of the strong rate")
AT = (128, 256, 512, 1024)


@claim.proof(
    using=[
        squares.at(n="n", **HERE, mu="mu", G="mu * K", D="square_bound(s, z, K)"),
        biases.at(
            n="n",
            **HERE,
            u="u",
            mu="mu",
            h="mu * c",
            rho="mu * r / 2",
            kappa="kappa",
            G="mu * K",
            C="bias_bound(s, z, u, K, r)",
            D="square_bound(s, z, K)",
        ),
        fewer_smooth_steps.at(n="n", i="samples()", **HERE, u="u", h="mu * c", rho="mu * r / 2", kappa="kappa"),
        by_the_parabola.at(n="n", **HERE, u="u", h="mu * c", rho="mu * r / 2", kappa="kappa"),
        about_the_square_bound.at(s="s", z="z", K="K"),
        about_the_bias_bound.at(s="s", z="z", u="u", K="K", r="r"),
        scaled.at(p="mu", a="1", b="c"),
        scaled.at(p="mu", a="2 * c", b="s + 1"),
        scaled.at(p="mu**2", a="4 * K**2", b="square_bound(s, z, K)"),
        scaled.at(p="mu", a="r * square_bound(s, z, K)", b="bias_bound(s, z, u, K, r)"),
        together.at(
            t="s + n",
            e="expectation(n, samples(), s, z, w)",
            p="psi(minimizer())",
            b="bias(n, samples(), s, z, w, u)",
            q="expected(n, samples(), s, z, w)",
            kappa="kappa",
            C="bias_bound(s, z, u, K, r)",
            D="square_bound(s, z, K)",
        ),
    ],
    have=["mu * r >= 0"],
)
def rate(n: nat, s: nat, z: vec, w: real, u: vec, mu: real, c: real, r: real, kappa: real, K: real) -> prop:
    assume(mu > 0, s >= 3, c >= 1, 2 * c <= s + 1, r >= 0, kappa >= 0)
    assume(w >= 0, w * samples() == 1, double_steps(n, s, mu))
    assume(strongly_monotone(n, samples(), s, z, w, mu, (mu * K) ** 2))
    assume(smooth(n + 1, samples(), s, z, w, u, mu * c, mu * r / 2, kappa))
    return (s + n) * (expectation(n, samples(), s, z, w) - psi(minimizer())) <= bias_bound(
        s, z, u, K, r
    ) + kappa * square_bound(s, z, K)


@claim.proof(
    using=[bias_step.at(N="N", before="before", after="after", e="e", t="t", mu="mu", h="h", rho="rho", C="C", D="D")]
)
def recursion_of_the_bias(
    N: nat, before: real, after: real, e: real, t: real, mu: real, h: real, rho: real, C: real, D: real
) -> prop:
    """The heart of the induction: a step of the size t = 2/(mu (N + 1))."""
    assume(N >= 1, mu * (N + 1) * t == 2, t >= 0, mu <= h, h * t <= 1, rho >= 0, C >= 0)
    assume(N * before <= C, N * e <= D, 2 * rho * D <= mu * C, after <= (1 - h * t) * before + t * rho * e)
    return (N + 1) * after <= C


@claim.proof(using=[variance_of_a_mean])
def square_of_a_mean(n: nat, z: real, w: real) -> prop:
    """psi(theta) = theta^2, for the mean of a sample."""
    assume(steps_of_the_mean(n + 1, 0), w * samples() == 1, mean(samples(), w) == 0)
    return (n + 1) * squared_mean_error(n + 1, samples(), 0, z, w) == variance(samples(), w)


@claim.proof(
    by=induction("n"),
    using=[
        factor_of_a_short_step.at(n="n", t="step(n + 1)"),
        one_short_step.at(n="n", a="descent(n + 1)", y="(1 - step(n + 1))**4"),
    ],
    have=["descent(n + 2) == descent(n + 1) * (1 - step(n + 1))"],
)
def short_steps_are_not_enough(n: nat) -> prop:
    """psi(theta) = theta, and steps for which the strong rate holds."""
    assume(short_steps(n + 1))
    return 256 * (n + 1) ** 3 * descent(n + 1) ** 4 >= 1 and descent(n + 1) >= 0


@claim.experiment(Rate(at=AT, exponent="-1", margin="1/10"), runs=1 << 13)
def logistic_regression(draws, factor):
    """psi = sin(theta - theta_*) + (theta - theta_*)^2, with the step sizes factor/(h (n + 4)) and a control variate."""
    error, deviation = runs(draws, float(factor), AT)
    return error.sin() + error.square() - deviation


# ------------------------------------------------------------------------------------------- what must fail


claim.mutant("steps-long-enough-for-the-strong-rate", {factor: "3/4"})


@claim.mutant(replaces=steps_of_the_mean)
def quarter_steps(n: nat, s: nat) -> prop:
    """The step sizes 1/4, 1/8, 1/12, ..."""
    return True if n == 0 else 4 * (s + 1) * step(s) == 1 and steps_of_the_mean(n - 1, s + 1)


@claim.mutant(replaces=square_of_a_mean)
def a_faster_rate(n: nat, z: real, w: real) -> prop:
    """(n + 1)^2 instead of n + 1"""
    assume(steps_of_the_mean(n + 1, 0), w * samples() == 1, mean(samples(), w) == 0)
    return (n + 1) ** 2 * squared_mean_error(n + 1, samples(), 0, z, w) == variance(samples(), w)


@claim.mutant(replaces=short_steps)
def full_steps(n: nat) -> prop:
    """The step sizes 1, 1/2, ..., 1/n"""
    return True if n == 0 else short_steps(n - 1) and n * step(n - 1) == 1


@claim.mutant(replaces=recursion_of_the_bias)
def steps_of_the_strong_rate(
    N: nat, before: real, after: real, e: real, t: real, mu: real, h: real, rho: real, C: real, D: real
) -> prop:
    """The step sizes 1/(mu n), which leave a logarithm"""
    assume(N >= 1, mu * (N + 1) * t == 1, t >= 0, mu <= h, h * t <= 1, rho >= 0, C >= 0)
    assume(N * before <= C, N * e <= D, 2 * rho * D <= mu * C, after <= (1 - h * t) * before + t * rho * e)
    return (N + 1) * after <= C
