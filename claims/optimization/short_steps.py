r"""Gradient descent on theta^2/2 with the step sizes 3/(4 n): theta_n is of the order n^(-3/4), and not smaller.

(1 - t)^4 >= (1 - 4 t / 3)^3 for all t, and with t = 3/(4 n) the right-hand side is ((n - 1)/n)^3, a product that telescopes.
"""

from __future__ import annotations

from claims.optimization.stochastic_gradient import scaled, step
from verify import assume, define, lemma, nat, prop, real


@define
def descent(n: nat) -> real:
    """Gradient descent on theta^2 / 2 from 1: stochastic gradient descent without noise."""
    return 1 if n == 0 else descent(n - 1) - step(n - 1) * descent(n - 1)


@define
def short_steps(n: nat) -> prop:
    """The first n step sizes are 3/4, 3/8, ..., 3/(4 n)."""
    return True if n == 0 else short_steps(n - 1) and 4 * n * step(n - 1) == 3


@lemma(have=["t**2 - 44 / 27 * t + 2 / 3 >= 0", "t**2 >= 0"])
def fourth_and_third_power(t: real) -> prop:
    return (1 - t) ** 4 >= (1 - 4 / 3 * t) ** 3


@lemma(
    using=[fourth_and_third_power.at(t="t"), scaled.at(p="(n + 2)**3", a="(1 - 4 / 3 * t)**3", b="(1 - t)**4")],
    have=[
        "(n + 2) * (1 - 4 / 3 * t) == n + 1",
        "(n + 2)**3 * (1 - 4 / 3 * t)**3 == (n + 1)**3",
        "(n + 2) * (1 - t) >= 0",
    ],
)
def factor_of_a_short_step(n: nat, t: real) -> prop:
    assume(4 * (n + 2) * t == 3)
    return (n + 2) ** 3 * (1 - t) ** 4 >= (n + 1) ** 3 and 1 - t >= 0


@lemma(
    using=[scaled.at(p="256 * a**4", a="(n + 1)**3", b="(n + 2)**3 * y")],
    have=["256 * a**4 >= 0", "256 * a**4 * (n + 1)**3 <= 256 * a**4 * ((n + 2)**3 * y)"],
)
def one_short_step(n: nat, a: real, y: real) -> prop:
    assume(256 * (n + 1) ** 3 * a**4 >= 1, (n + 2) ** 3 * y >= (n + 1) ** 3)
    return 256 * (n + 2) ** 3 * (a**4 * y) >= 1
