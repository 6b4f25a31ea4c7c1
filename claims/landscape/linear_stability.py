r"""Gradient descent and stochastic gradient descent near a quadratic minimum, exactly (Wu, Ma and E 2018).

Gradient descent on the sum of lambda_i x_i^2 / 2 multiplies the i-th coordinate by 1 - eta lambda_i in each step.  In
stochastic gradient descent on f_i(x) = a_i x^2 / 2, each step draws a batch of B samples, independently and with equal
probabilities w = 1/m, and takes eta times the mean of their slopes from x.  The expectation of x^2 after n steps is a
sum over all m^(nB) sequences of samples; it satisfies a recursion by the first draw, which is the definition here: k
counts the draws that are left in the batch, i the samples of the next draw that have been summed, z is the point at
which the batch began, and v is z minus what the batch has taken from it so far.  In a batch of B, (E v^2, E v) close,
and the result is E x^2 = ((1 - eta a)^2 + eta^2 s^2 / B)^n x_0^2, where a is the mean and s^2 the variance of the a_i.
"""

from __future__ import annotations

from claims.optimization.stochastic_gradient import scaled
from claims.optimization.two_wells import power, power_of_a_proper_fraction
from verify import arbitrary, assume, assumption, define, hypothesis, iff, induction, lemma, nat, prop, real

# ------------------------------------------------------------------------------------------- gradient descent


@arbitrary
def eta() -> real: ...


@arbitrary
def curvature(i: nat) -> real: ...


@arbitrary
def start(i: nat) -> real: ...


@define
def coordinate(n: nat, i: nat) -> real:
    """The i-th coordinate after n steps."""
    return start(i) if n == 0 else coordinate(n - 1, i) - eta() * (curvature(i) * coordinate(n - 1, i))


@define
def squares(d: nat, n: nat) -> real:
    """The squared distance from the minimum after n steps, in dimension d."""
    return 0 if d == 0 else squares(d - 1, n) + coordinate(n, d - 1) ** 2


@define
def margin(d: nat, m: real) -> prop:
    """m is at most eta lambda (2 - eta lambda), for each of the d eigenvalues: positive if all are between 0 and 2/eta."""
    return True if d == 0 else margin(d - 1, m) and m <= eta() * curvature(d - 1) * (2 - eta() * curvature(d - 1))


@lemma(
    by=induction("n"),
    using=[
        power_of_a_proper_fraction.at(n="n", q="1 - m"),
        scaled.at(p="power(n, 1 - m)", a="(1 - m) * (1 + (n + 1) * m)", b="1 + n * m"),
    ],
    have=["m**2 >= 0", "n * m**2 >= 0", "(1 - m) * (1 + (n + 1) * m) <= 1 + n * m"],
)
def power_and_its_number(n: nat, m: real) -> prop:
    assume(0 <= m <= 1)
    return (1 + n * m) * power(n, 1 - m) <= 1


@lemma(
    by=induction("n"),
    using=[
        scaled.at(p="coordinate(n, i)**2", a="(1 - eta() * curvature(i))**2", b="1 - m"),
        scaled.at(p="1 - m", a="coordinate(n, i)**2", b="power(n, 1 - m) * start(i)**2"),
    ],
    have=["coordinate(n + 1, i)**2 == coordinate(n, i)**2 * (1 - eta() * curvature(i))**2"],
)
def coordinates_shrink(n: nat, i: nat, m: real) -> prop:
    assume(m <= 1, m <= eta() * curvature(i) * (2 - eta() * curvature(i)))
    return coordinate(n, i) ** 2 <= power(n, 1 - m) * start(i) ** 2


@lemma(by=induction("d"), using=[coordinates_shrink.at(n="n", i="d", m="m")])
def distances_shrink(d: nat, n: nat, m: real) -> prop:
    assume(m <= 1, margin(d, m))
    return squares(d, n) <= power(n, 1 - m) * squares(d, 0)


@lemma(by=induction("d"), have=["coordinate(n, d)**2 >= 0"])
def distances_are_squares(d: nat, n: nat) -> prop:
    return squares(d, n) >= 0


# ------------------------------------------------------------------------------------------- batches of samples


@arbitrary
def samples() -> nat: ...


@arbitrary
def slope(i: nat) -> real: ...


@arbitrary
def others() -> nat: ...


@arbitrary
def part() -> real: ...


@arbitrary
def w() -> real: ...


@assumption()
def equally_likely() -> prop:
    """w() is the probability of each sample."""
    return w() > 0 and w() * samples() == 1


@define
def mean(i: nat) -> real:
    """Of the slopes of the first i samples."""
    return 0 if i == 0 else mean(i - 1) + w() * slope(i - 1)


@define
def mean_square(i: nat) -> real:
    return 0 if i == 0 else mean_square(i - 1) + w() * slope(i - 1) ** 2


@define
def variance() -> real:
    return mean_square(samples()) - mean(samples()) ** 2


@define
def second_moment(n: nat, k: nat, i: nat, z: real, v: real) -> real:
    """The expectation of the square after n steps, of which the first is made at z and has k draws left, from v on."""
    if n == 0:
        return v**2
    if k == 0:
        return second_moment(n - 1, others() + 1, samples(), v, v)
    if i == 0:
        return 0
    return second_moment(n, k, i - 1, z, v) + w() * second_moment(
        n, k - 1, samples(), z, v - part() * (slope(i - 1) * z)
    )


@define
def factor() -> real:
    """(1 - eta a)^2 + eta^2 s^2 / B, where the batch has B = others() + 1 samples and part() is eta / B."""
    return (1 - (others() + 1) * part() * mean(samples())) ** 2 + (others() + 1) * part() ** 2 * variance()


@lemma(
    by=induction("n", "k", "i"),
    using=[
        equally_likely,
        hypothesis(
            "k",
            i="samples()",
            z="z",
            v="v - part() * (slope(i) * z)",
        ),
        hypothesis(
            "n",
            k="others()",
            i="samples()",
            z="v - part() * (slope(i) * z)",
            v="v - part() * (slope(i) * z)",
        ),
    ],
    assuming=[equally_likely],
)
def partial_batch(n: nat, k: nat, i: nat, z: real, v: real) -> prop:
    ahead = v - k * part() * mean(samples()) * z
    return second_moment(n + 1, k + 1, i, z, v) == power(n, factor()) * (
        w() * i * (ahead**2 + k * part() ** 2 * variance() * z**2)
        - 2 * part() * ahead * z * mean(i)
        + part() ** 2 * z**2 * mean_square(i)
    )


@lemma(
    by=induction("n"),
    using=[equally_likely, partial_batch.at(n="n", k="others()", i="samples()", z="z", v="z")],
    assuming=[equally_likely],
)
def exactly(n: nat, z: real) -> prop:
    return second_moment(n, others() + 1, samples(), z, z) == power(n, factor()) * z**2


# ------------------------------------------------------------------------------------------- growth


@lemma(
    by=induction("n"),
    using=[scaled.at(p="1 + g", a="1 + n * g", b="power(n, 1 + g)")],
    have=["g**2 >= 0", "n * g**2 >= 0"],
)
def bernoulli(n: nat, g: real) -> prop:
    assume(g >= 0)
    return 1 + n * g <= power(n, 1 + g)


@lemma(cases=["e <= 0"], have=["implies(e > 0, p * e > 0)", "implies(e <= 0, p * (-e) >= 0)"])
def sign_of_a_product(p: real, e: real) -> prop:
    assume(p > 0)
    return iff(p * e <= 0, e <= 0)


@lemma(
    by=induction("i"),
    using=[equally_likely, scaled.at(p="w()", a="0", b="(slope(i) - c)**2")],
    have=["(slope(i) - c)**2 >= 0"],
    assuming=[equally_likely],
)
def mean_square_around(i: nat, c: real) -> prop:
    return mean_square(i) - 2 * c * mean(i) + c**2 * w() * i >= 0


@lemma(using=[equally_likely, mean_square_around.at(i="samples()", c="mean(samples())")], assuming=[equally_likely])
def variance_is_not_negative() -> prop:
    return variance() >= 0


@lemma()
def square(a: real) -> prop:
    return a**2 >= 0


@lemma(
    using=[
        variance_is_not_negative,
        square.at(a="1 - (others() + 1) * part() * mean(samples())"),
        scaled.at(p="(others() + 1) * part()**2", a="0", b="variance()"),
    ],
    have=[
        "part()**2 >= 0",
        "others() * part()**2 >= 0",
        "(others() + 1) * part()**2 >= 0",
    ],
    assuming=[equally_likely],
)
def factor_is_not_negative() -> prop:
    return factor() >= 0
