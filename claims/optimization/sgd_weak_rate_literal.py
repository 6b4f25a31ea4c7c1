r"""“For SGD applied to a convex problem ... |E psi(theta_n) - psi(theta_*)| is at most of the order n^(-1 + eps)”: false.

The same two problems as for the strong rate, with psi(theta) = theta: on the first one nothing moves, and on the second
one the error is at least (n + 1)^(-1/4).
"""

from __future__ import annotations

from claims.optimization.slow_descent import (
    bounded_rates,
    cubic_descent,
    linear_descent,
    nothing_moves,
    slower_than_the_fourth_root,
)
from verify import Claim, assume, cite, define, nat, prop, real

claim = Claim(
    "sgd-weak-rate-literal",
    title="Weak convergence of stochastic gradient descent on a convex problem, as printed",
    statement=r"For SGD applied to a convex problem, $\theta \mapsto \frac{1}{m} \sum_i |f_\theta(x_i) - y_i|^2$ with a minimizer "
    r"$\theta_*$, there are learning rates such that for every $\psi \in C^2$ and $\varepsilon > 0$, "
    r"$|\mathbb{E} \psi(\theta_n) - \psi(\theta_*)| \lesssim n^{-1 + \varepsilon}$.",
    source=cite(
        "grohs2017",
        "Weak Convergence [G-Jentzen (2017)]",
        quote="For SGD applied to a convex problem we have, for appropriate learning rates and every C² function ψ, "
        "|Eψ(θ_n) − ψ(θ_*)| ≲ 1/n^{1−ε}, and this cannot be improved.",
    ),
    expect="refuted",
    remarks="Refuted for all learning rates where the minimizer is not unique, and for all between 0 and 1/48 for one problem "
    "where it is. The problems have one sample, so that expectations are values. See sgd-weak-rate for what is true; there "
    "the learning rates are other ones than for the strong rate.",
    symbols={
        r"\mathrm{rate}(n)": "the learning rate of step n + 1",
        r"\psi": "here the identity",
        r"\mathrm{linear\_descent}(n, \theta)": r"$\theta_n$ for $f_\theta(x) = \theta x$ and the sample $x = y = 0$, from $\theta$",
        r"\mathrm{cubic\_descent}(n)": r"$\theta_n$ for $f_\theta(x) = \theta^3 x$ and the sample $x = 1$, $y = 0$, from 1",
    },
)


@define
def psi(theta: real) -> real:
    return theta


@claim.disproof(
    "the objective is 0, so that 0 is a minimizer, and the error of psi stays what it was", using=[nothing_moves]
)
def a_flat_problem(n: nat, theta: real) -> prop:
    return psi(linear_descent(n, theta)) - psi(0) == theta


@claim.disproof(
    "the objective is $\\theta^6$, the error of psi is positive, and its fourth power is at least $1/(n + 1)$ for all $n$",
    using=[slower_than_the_fourth_root],
)
def a_problem_with_one_minimizer(n: nat) -> prop:
    assume(bounded_rates(n))
    return (n + 1) * (psi(cubic_descent(n)) - psi(0)) ** 4 >= 1 and psi(cubic_descent(n)) - psi(0) >= 0


# ------------------------------------------------------------------------------------------- what must fail


@claim.mutant(replaces=psi)
def half(theta: real) -> real:
    """psi(theta) = theta / 2"""
    return theta / 2


@claim.mutant(replaces=a_problem_with_one_minimizer)
def without_a_bound_on_the_rates(n: nat) -> prop:
    """For all learning rates"""
    return (n + 1) * (psi(cubic_descent(n)) - psi(0)) ** 4 >= 1 and psi(cubic_descent(n)) - psi(0) >= 0
