r"""The recursion e(n + 1) <= (1 - 2 mu eta(n)) e(n) + eta(n)^2 G^2 for the step sizes eta(n) = 1/(mu (n + 1)).

With r = 1/(n + 2), (n + 2) (1 - 2 r) e + r G^2 <= G^2 whenever (n + 1) e <= G^2, so that mu^2 n e(n) <= G^2 for all n >= 1:
the first step forgets the start, since its factor is -1.
"""

from __future__ import annotations

from claims.optimization.stochastic_gradient import scaled, step
from verify import assume, define, lemma, nat, prop, real


@define
def harmonic_steps(n: nat) -> prop:
    """Of the first n step sizes, the k-th is the first one divided by k."""
    return True if n == 0 else harmonic_steps(n - 1) and n * step(n - 1) == step(0)


@lemma(using=[scaled.at(p="mu**2", a="e", b="(1 - 2 * mu * t) * d + t**2 * bound")])
def in_units_of_the_step(d: real, e: real, t: real, r: real, mu: real, bound: real) -> prop:
    assume(e <= (1 - 2 * mu * t) * d + t**2 * bound, mu * t == r)
    return mu**2 * e <= (1 - 2 * r) * mu**2 * d + r**2 * bound


@lemma(
    using=[
        in_units_of_the_step.at(d="d", e="e", t="t", r="1", mu="mu", bound="bound"),
        scaled.at(p="mu**2", a="0", b="d"),
    ]
)
def first_step(d: real, e: real, t: real, mu: real, bound: real) -> prop:
    assume(e <= (1 - 2 * mu * t) * d + t**2 * bound, mu * t == 1, d >= 0)
    return mu**2 * e <= bound


@lemma(
    have=["r > 0", "(n + 2) * a <= n * b + r * bound", "n * (n + 1) * b <= n * bound", "(n + 1) * r * bound <= bound"],
    using=[scaled.at(p="bound", a="(n + 1) * r", b="1")],
)
def induction_step(n: nat, a: real, b: real, r: real, bound: real) -> prop:
    assume(a <= (1 - 2 * r) * b + r**2 * bound, (n + 2) * r == 1, (n + 1) * b <= bound, bound >= 0)
    return (n + 2) * a <= bound


@lemma(cases=["t > 0"], have=["implies(t <= 0, p * (-t) >= 0)"])
def positive(p: real, t: real) -> prop:
    assume(p > 0, p * t > 0)
    return t > 0
