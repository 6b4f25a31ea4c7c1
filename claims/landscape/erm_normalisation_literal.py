r"""“ERM seeks the minimizer of (1/n) times a sum over m samples; SGD steps along the gradient of one of them” (Grohs 2017).

The steps follow the gradient of this function only if n = m.
"""

from __future__ import annotations

from claims.landscape.erm_normalisation import inverses, mean_step, slope, the_mean_step_is_a_gradient_step
from verify import Claim, assume, cite, define, dot, lemma, nat, prop, real, sq, vec

claim = Claim(
    "erm-normalisation-literal",
    title="The empirical risk with two numbers of samples",
    statement=r"For all $m$ and $n$, stochastic gradient descent on $\frac1n \sum_{i=1}^m |f_\theta(x_i) - y_i|^2$ with the steps "
    r"$\theta - \nu \nabla |f_\theta(x_i) - y_i|^2$, $i$ uniform in $1, \dots, m$, follows the gradient of this function in the mean.",
    source=cite(
        "grohs2017",
        "Vanilla SGD",
        quote="Empirical Risk minimization seeks the minimizer θ_* of θ ↦ (1/n) sum_{i=1}^m |f_θ(x_i) − y_i|². SGD computes "
        "updates as θ_{n+1} := θ_n − ν_{n+1} ∇_θ(|f_θ(x_{i_n}) − y_{i_n}|²), where ν_{n+1} is the learning rate and the "
        "indices i_n are chosen uniformly and independently.",
    ),
    expect="refuted",
    remarks="A slip of the pen: elsewhere the slides divide by m. Read literally, n is the number of the step, as in the same "
    "formula for the updates. No minimizer moves; see erm-normalisation.",
    symbols={
        r"\mathrm{first}, \; \mathrm{second}": r"the gradients of the squared errors of $f_\theta(x) = \theta x$ at (1, 1), (1, 3)",
        r"\mathrm{mean\_step}(m, w, \theta, \nu), \; \mathrm{slope}(m, \theta)": "the mean of a step, each index having the "
        "probability w, and the sum of m gradients, for any network",
    },
)


@define
def printed(u: real, theta: real) -> real:
    """The function for m = 2, where u is 1/n."""
    return u * ((theta - 1) ** 2 + (theta - 3) ** 2)


@define
def first(theta: real) -> real:
    return 2 * (theta - 1)


@define
def second(theta: real) -> real:
    return 2 * (theta - 3)


@claim.disproof(
    "for $f_\\theta(x) = \\theta x$ and the samples (1, 1), (1, 3), the printed function has the derivative $-8/n$ at 0, up to an "
    "error of second order; the steps from 0 have the mean $4 \\nu$, which is $8 \\nu / n$ for no $n$ but 2"
)
def two_samples(n: nat, u: real, h: real, nu: real) -> prop:
    assume(n * u == 1, n != 2, nu > 0)
    mean = ((0 - nu * first(0)) + (0 - nu * second(0))) / 2
    return printed(u, h) == printed(u, 0) - 8 * u * h + 2 * u * h**2 and mean == 4 * nu and mean != 8 * u * nu


@lemma()
def positive_product(a: real, b: real, c: real) -> prop:
    assume(a > 0, b > 0, c > 0)
    return a * b * c > 0


@claim.disproof(
    "and so it is for every network, all data and all $n \\ne m$, wherever the gradient is not zero: the mean step and the "
    "gradient step differ by $\\nu (\\frac1m - \\frac1n)$ times the sum of the gradients",
    using=[
        the_mean_step_is_a_gradient_step.at(m="m", w="w", theta="theta", nu="nu", v="slope(m, theta)"),
        inverses.at(m="m", n="n", w="w", u="u"),
        positive_product.at(a="nu", b="w - u", c="sq(slope(m, theta))"),
        positive_product.at(a="nu", b="u - w", c="sq(slope(m, theta))"),
    ],
    cases=["w > u", "w < u"],
)
def any_network(m: nat, n: nat, w: real, u: real, theta: vec, nu: real) -> prop:
    """In the direction of the gradient, where w is 1/m and u is 1/n."""
    assume(m * w == 1, n * u == 1, n != m, nu > 0, sq(slope(m, theta)) > 0)
    return dot(mean_step(m, w, theta, nu) - (theta - nu * (u * slope(m, theta))), slope(m, theta)) != 0


# ------------------------------------------------------------------------------------------- what must fail


@claim.mutant(replaces=two_samples)
def for_every_number(n: nat, u: real, h: real, nu: real) -> prop:
    """Also for n = 2"""
    assume(n * u == 1, nu > 0)
    mean = ((0 - nu * first(0)) + (0 - nu * second(0))) / 2
    return printed(u, h) == printed(u, 0) - 8 * u * h + 2 * u * h**2 and mean == 4 * nu and mean != 8 * u * nu


@claim.mutant(replaces=second)
def another_gradient(theta: real) -> real:
    """The label 1 for both"""
    return 2 * (theta - 1)
