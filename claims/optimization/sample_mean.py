r"""The mean of a sample, as stochastic gradient descent: theta becomes theta - eta(n) (theta - x), with eta(n) = 1/(n + 1).

Here the mean square of theta is known exactly: (s + n)^2 times it is s^2 z^2 + n sigma^2 after n steps from z, the first of
which has the number s.  The expectation is a sum over all sequences of samples, as in ``stochastic_gradient``.
"""

from __future__ import annotations

from claims.optimization.stochastic_gradient import samples, step
from verify import arbitrary, assume, define, hypothesis, induction, lemma, nat, prop, real


@arbitrary
def sample(i: nat) -> real: ...


@define
def mean(i: nat, w: real) -> real:
    """Of the first i samples."""
    return 0 if i == 0 else mean(i - 1, w) + w * sample(i - 1)


@define
def variance(i: nat, w: real) -> real:
    """Of the first i samples, whose mean is 0."""
    return 0 if i == 0 else variance(i - 1, w) + w * sample(i - 1) ** 2


@define
def squared_mean_error(n: nat, i: nat, s: nat, z: real, w: real) -> real:
    """The expectation of theta^2, n steps after z, of which the first has the step size eta(s)."""
    if n == 0:
        return z**2
    if i == 0:
        return 0
    after = z - step(s) * (z - sample(i - 1))
    return squared_mean_error(n, i - 1, s, z, w) + w * squared_mean_error(n - 1, samples(), s + 1, after, w)


@define
def steps_of_the_mean(n: nat, s: nat) -> prop:
    """The n step sizes are 1/(s + 1), 1/(s + 2), ..."""
    return True if n == 0 else (s + 1) * step(s) == 1 and steps_of_the_mean(n - 1, s + 1)


@lemma()
def one_more_sample(s: nat, z: real, x: real, t: real) -> prop:
    assume((s + 1) * t == 1)
    return (s + 1) ** 2 * (z - t * (z - x)) ** 2 == (s * z + x) ** 2


@lemma(
    by=induction("n", "i"),
    using=[
        one_more_sample.at(s="s", z="z", x="sample(i)", t="step(s)"),
        hypothesis("n", i="samples()", s="s + 1", z="z - step(s) * (z - sample(i))", w="w"),
    ],
)
def exactly(n: nat, i: nat, s: nat, z: real, w: real) -> prop:
    assume(steps_of_the_mean(n + 1, s), w * samples() == 1, mean(samples(), w) == 0)
    return (s + n + 1) ** 2 * squared_mean_error(n + 1, i, s, z, w) == w * i * (
        s**2 * z**2 + n * variance(samples(), w)
    ) + 2 * s * z * mean(i, w) + variance(i, w)


@lemma()
def cancelled_equation(n: nat, a: real, b: real) -> prop:
    assume((n + 1) ** 2 * a == (n + 1) * b)
    return (n + 1) * a == b


@lemma(
    using=[
        exactly.at(n="n", i="samples()", s="0", z="z", w="w"),
        cancelled_equation.at(n="n", a="squared_mean_error(n + 1, samples(), 0, z, w)", b="variance(samples(), w)"),
    ]
)
def variance_of_a_mean(n: nat, z: real, w: real) -> prop:
    assume(steps_of_the_mean(n + 1, 0), w * samples() == 1, mean(samples(), w) == 0)
    return (n + 1) * squared_mean_error(n + 1, samples(), 0, z, w) == variance(samples(), w)
