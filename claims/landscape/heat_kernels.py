r"""Sums of Gaussian kernels with weights, and their derivatives: solutions of the heat equation v_t = lap v / (2 beta).

The kernel around y is t^(-d/2) e^(-beta |x - y|^2 / (2t)).  p stands for 1/t and s for t^(-d/2); the derivative of 1/t
is -1/t^2, that of t^(-d/2) is -d/(2t) times itself, the gradient of the kernel is -beta (x - y) / t times it, and the
divergence of x - y is d.  A convolution with a measure of finitely many points is such a sum.
"""

from __future__ import annotations

from claims.landscape.exponential import exp, times
from verify import arbitrary, assume, define, iff, induction, lemma, nat, prop, real, sq, vec


@arbitrary
def beta() -> real: ...


@arbitrary
def point(j: nat) -> vec: ...


@arbitrary
def mass(j: nat) -> real: ...


@define
def kernel(j: nat, x: vec, p: real, s: real) -> real:
    return s * exp(-beta() * p * sq(x - point(j)) / 2)


@define
def heat(n: nat, x: vec, p: real, s: real) -> real:
    return 0 if n == 0 else heat(n - 1, x, p, s) + mass(n - 1) * kernel(n - 1, x, p, s)


@define
def heat_t(n: nat, d: nat, x: vec, p: real, s: real) -> real:
    """The derivative in time."""
    if n == 0:
        return 0
    change = beta() * p**2 * sq(x - point(n - 1)) / 2 - d * p / 2
    return heat_t(n - 1, d, x, p, s) + mass(n - 1) * kernel(n - 1, x, p, s) * change


@define
def heat_x(n: nat, x: vec, p: real, s: real) -> vec:
    """The gradient."""
    if n == 0:
        return 0 * x
    slope = -beta() * p * (x - point(n - 1))
    return heat_x(n - 1, x, p, s) + mass(n - 1) * kernel(n - 1, x, p, s) * slope


@define
def heat_xx(n: nat, d: nat, x: vec, p: real, s: real) -> real:
    """The Laplacian."""
    if n == 0:
        return 0
    bend = sq(-beta() * p * (x - point(n - 1))) - beta() * p * d
    return heat_xx(n - 1, d, x, p, s) + mass(n - 1) * kernel(n - 1, x, p, s) * bend


@lemma(by=induction("n"))
def heat_equation(n: nat, d: nat, x: vec, p: real, s: real, r: real) -> prop:
    """r is 1 / beta."""
    assume(beta() * r == 1)
    return heat_t(n, d, x, p, s) == r * heat_xx(n, d, x, p, s) / 2


@lemma(using=[times.at(p="p", a="0", b="-e"), times.at(p="p", a="0", b="e")], cases=["e > 0", "e < 0"])
def cancelled(p: real, e: real) -> prop:
    assume(p > 0)
    return iff(p * e == 0, e == 0)
