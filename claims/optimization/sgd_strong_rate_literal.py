r"""“For SGD applied to a convex problem ... E|theta_n - theta_*| is at most of the order n^(-1/2 + eps)” (Grohs 2017): false.

Two least-squares problems with one parameter: one with many minimizers, none of which is approached from elsewhere, and
one with a single minimizer, which is approached like n^(-1/4) at best.  What is missing is strong convexity.
"""

from __future__ import annotations

from claims.optimization.slow_descent import (
    bounded_rates,
    cubic_descent,
    cubic_gradient,
    linear_descent,
    nothing_moves,
    rate,
    slower_than_the_fourth_root,
)
from verify import Claim, assume, cite, lemma, nat, prop, real

claim = Claim(
    "sgd-strong-rate-literal",
    title="Stochastic gradient descent on a convex problem, as printed",
    statement=r"For SGD applied to a convex problem, $\theta \mapsto \frac{1}{m} \sum_i |f_\theta(x_i) - y_i|^2$ with a minimizer "
    r"$\theta_*$, there are learning rates such that for every "
    r"$\varepsilon > 0$, $\mathbb{E} |\theta_n - \theta_*| \lesssim n^{-1/2 + \varepsilon}$.",
    source=cite(
        "grohs2017",
        "Strong Convergence",
        quote="For SGD applied to a convex problem we have, for appropriate learning rates, E|θ_n − θ_*| ≲ 1/n^{1/2−ε}, and "
        "this cannot be improved.",
    ),
    expect="refuted",
    remarks="Refuted for all learning rates where the minimizer is not unique, and for all between 0 and 1/48 where it is; "
    "larger ones could hit it in one step. The problems have one sample, hence no noise. A convex "
    "function need not have a minimizer either, such as exp(-theta). See sgd-strong-rate.",
    symbols={
        r"\mathrm{rate}(n)": "the learning rate of step n + 1",
        r"\mathrm{linear\_descent}(n, \theta)": r"$\theta_n$ for $f_\theta(x) = \theta x$ and the sample $x = y = 0$, from $\theta$",
        r"\mathrm{cubic\_descent}(n)": r"$\theta_n$ for $f_\theta(x) = \theta^3 x$ and the sample $x = 1$, $y = 0$, from 1",
    },
)


@claim.disproof(
    "the objective is 0, so that 0 is a minimizer, and the distance from it stays what it was", using=[nothing_moves]
)
def a_flat_problem(n: nat, theta: real) -> prop:
    return abs(linear_descent(n, theta) - 0) == abs(theta)


@claim.disproof(
    "the distance from the only minimizer of $\\theta^6$ is at least $(n + 1)^{-1/4}$ for all $n$",
    using=[slower_than_the_fourth_root],
)
def a_problem_with_one_minimizer(n: nat) -> prop:
    assume(bounded_rates(n))
    return (n + 1) * cubic_descent(n) ** 4 >= 1 and cubic_descent(n) >= 0


@lemma(have=["r**2 >= 0"])
def times_a_square(p: real, r: real) -> prop:
    assume(p >= 0)
    return p * r**2 >= 0


@claim.disproof(
    "that problem is convex: its gradient does not decrease",
    using=[
        times_a_square.at(p="b - a", r="a**2 + a * b / 2"),
        times_a_square.at(p="b - a", r="b**2 + a * b / 2"),
        times_a_square.at(p="b - a", r="a * b"),
    ],
)
def sixth_powers_are_convex(a: real, b: real) -> prop:
    assume(a <= b)
    return cubic_gradient(a, 1, 0) <= cubic_gradient(b, 1, 0)


# ------------------------------------------------------------------------------------------- what must fail


@claim.mutant(replaces=bounded_rates)
def any_rates(n: nat) -> prop:
    """Learning rates without a bound: 1/6 is enough for one step"""
    return True if n == 0 else bounded_rates(n - 1) and rate(n - 1) >= 0


@claim.mutant(replaces=cubic_gradient)
def strongly_convex(theta: real, x: real, y: real) -> real:
    """The model 4 theta x, whose objective is strongly convex"""
    return 8 * x * (4 * theta * x - y)


@claim.mutant(replaces=a_problem_with_one_minimizer)
def slower(n: nat) -> prop:
    """A quarter of n"""
    assume(bounded_rates(n))
    return (n / 4 + 1) * cubic_descent(n) ** 4 >= 1 and cubic_descent(n) >= 0
