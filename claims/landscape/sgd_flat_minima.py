r"""Which minima are stable under stochastic gradient descent: those that are flat, and equally curved for all samples.

Near a minimum, a loss is a quadratic function, and both methods are linear recursions.  Gradient descent is stable if
eta lambda < 2 for all eigenvalues.  With samples, the expected square is multiplied by (1 - eta a)^2 + eta^2 s^2 / B in
each step, where s^2 is the variance of the curvatures of the samples and B is the size of a batch: stability also asks
that the samples agree.
"""

from __future__ import annotations

from claims.landscape.linear_stability import (
    bernoulli,
    coordinate,
    curvature,
    distances_are_squares,
    distances_shrink,
    equally_likely,
    eta,
    exactly,
    factor,
    factor_is_not_negative,
    margin,
    mean,
    others,
    part,
    power_and_its_number,
    samples,
    second_moment,
    sign_of_a_product,
    squares,
    start,
    variance,
    w,
)
from claims.optimization.stochastic_gradient import scaled
from claims.optimization.two_wells import power
from verify import Claim, assume, cite, iff, induction, nat, prop, real
from verify.statistics import MeanNear, Probability

claim = Claim(
    "sgd-flat-minima",
    title="The minima that are stable under stochastic gradient descent",
    statement=r"Let $f(x) = \frac12 \sum_{i<d} \lambda_i x_i^2$ and $x_{n+1} = x_n - \eta \nabla f(x_n)$. If $0 < \eta \lambda_i < 2$ for "
    r"all $i$, then $|x_n|^2 \le |x_0|^2 / (1 + nm)$, where $m > 0$ is the least of the $\eta \lambda_i (2 - \eta "
    r"\lambda_i)$; if "
    r"$\eta \lambda_i \ge 2$ or $\eta \lambda_i \le 0$, $|x_i|$ never becomes smaller than at the start. Let "
    r"$f$ be the mean of "
    r"finitely many $f_j(x) = \frac12 a_j x^2$, with the mean $a$ and the variance $s^2$ of the $a_j$, and let each step "
    r"be made with "
    r"the mean of the gradients of $B \ge 1$ samples, drawn independently and with equal probabilities. Then $\mathbb{E} "
    r"x_n^2 = q^n "
    r"x_0^2$ with $q = (1 - \eta a)^2 + \eta^2 s^2 / B$, for all $n$; for $\eta > 0$, $q \le 1$ if and only if $\eta (a^2 "
    r"+ s^2/B) \le "
    r"2a$, and $q < 1$ if and only if this is strict. If $q \le 1$, then $\mathbb{E} x_n^2 \le x_0^2 / (1 + n(1 - q))$; "
    r"if $q \ge 1$, "
    r"then $\mathbb{E} x_n^2 \ge (1 + n(q - 1)) x_0^2$. So sharp minima are unstable, and so are those at which the "
    r"samples differ "
    r"much, where gradient descent may be stable.",
    source=cite("wu2018", "stability of stochastic gradient descent, as recalled"),
    repairs="sgd-flat-minima-literal",
    remarks="For a function of several variables that is not in this form, the coordinates are those of the eigenvectors of its "
    "Hessian. The instability is that of the mean square; a single run can converge where it grows. From one well into "
    "another "
    "one the method is only followed in the experiment. Flatness depends on the parameters, not only on the function that "
    "a "
    "network is; see sgd-flat-minima-literal.",
    symbols={
        r"\mathrm{squares}(d, n)": r"$|x_n|^2$, in dimension d",
        r"\mathrm{margin}(d, m)": r"$m \le \eta \lambda_i (2 - \eta \lambda_i)$ for all $i < d$",
        r"\mathrm{others}(), \; \mathrm{part}()": r"$B - 1$ and $\eta / B$",
        r"\mathrm{second\_moment}(n, k, i, z, v)": "the expected square after n steps, summed over all sequences of "
        r"samples; k draws "
        "are left in the first step, which began at z and has come to v",
        r"\mathrm{factor}()": "q",
    },
)
claim.model({samples: "2", w: "1 / 2", others: "0"})  # two samples, and batches of one
threshold = claim.parameter("threshold", "2", r"the bound of $\eta \lambda$, and of $\eta (a^2 + s^2/B) / a$")


@claim.proof(
    using=[
        distances_shrink.at(d="d", n="n", m="m"),
        distances_are_squares.at(d="d", n="0"),
        power_and_its_number.at(n="n", m="m"),
        scaled.at(p="squares(d, 0)", a="(1 + n * m) * power(n, 1 - m)", b="1"),
        scaled.at(p="1 + n * m", a="squares(d, n)", b="power(n, 1 - m) * squares(d, 0)"),
    ],
    have=["n * m >= 0"],
)
def gradient_descent_converges(d: nat, n: nat, m: real) -> prop:
    assume(0 < m <= 1, margin(d, m))
    return (1 + n * m) * squares(d, n) <= squares(d, 0)


@claim.proof(have=["t * (threshold - t) > 0"])
def there_is_a_margin(t: real) -> prop:
    """For one eigenvalue, t being eta lambda; it is at most 1."""
    assume(0 < t < threshold)
    return 0 < t * (2 - t) <= 1


@claim.proof(
    by=induction("n"),
    using=[
        scaled.at(p="coordinate(n, i)**2", a="1 + g", b="(1 - eta() * curvature(i))**2"),
        scaled.at(p="1 + g", a="(1 + n * g) * start(i)**2", b="coordinate(n, i)**2"),
        scaled.at(p="start(i)**2", a="1 + (n + 1) * g", b="(1 + g) * (1 + n * g)"),
    ],
    have=[
        "g**2 >= 0",
        "n * g**2 >= 0",
        "coordinate(n + 1, i)**2 == coordinate(n, i)**2 * (1 - eta() * curvature(i))**2",
    ],
)
def gradient_descent_does_not_converge(n: nat, i: nat, g: real) -> prop:
    """g = 0 will do for eta lambda >= 2 and for eta lambda <= 0."""
    assume(g >= 0, g <= eta() * curvature(i) * (eta() * curvature(i) - 2))
    return coordinate(n, i) ** 2 >= (1 + n * g) * start(i) ** 2


@claim.proof(using=[exactly.at(n="n", z="z")], assuming=[equally_likely])
def expected_square(n: nat, z: real) -> prop:
    return second_moment(n, others() + 1, samples(), z, z) == power(n, factor()) * z**2


@claim.proof(
    using=[
        sign_of_a_product.at(p="others() + 1", e="factor() - 1"),
        sign_of_a_product.at(p="others() + 1", e="1 - factor()"),
        sign_of_a_product.at(p="t", e="t * (b * a**2 + variance()) - 2 * a * b"),
        sign_of_a_product.at(p="t", e="2 * a * b - t * (b * a**2 + variance())"),
    ],
    have=["(others() + 1) * (factor() - 1) == t * (t * (b * a**2 + variance()) - 2 * a * b)"],
)
def stability(t: real, a: real, b: nat) -> prop:
    """t is eta, a the mean, and b the size of a batch."""
    assume(t > 0, t == b * part(), a == mean(samples()), b == others() + 1)
    bound = t * (b * a**2 + variance())
    return iff(factor() <= 1, bound <= threshold * a * b) and iff(factor() < 1, bound < threshold * a * b)


@claim.proof(
    using=[
        exactly.at(n="n", z="z"),
        factor_is_not_negative,
        power_and_its_number.at(n="n", m="1 - factor()"),
        scaled.at(p="z**2", a="(1 + n * (1 - factor())) * power(n, factor())", b="1"),
    ],
    assuming=[equally_likely],
)
def stable_minima(n: nat, z: real) -> prop:
    assume(factor() <= 1)
    return (1 + n * (1 - factor())) * second_moment(n, others() + 1, samples(), z, z) <= z**2


@claim.proof(
    using=[
        exactly.at(n="n", z="z"),
        bernoulli.at(n="n", g="factor() - 1"),
        scaled.at(p="z**2", a="1 + n * (factor() - 1)", b="power(n, factor())"),
    ],
    assuming=[equally_likely],
)
def unstable_minima(n: nat, z: real) -> prop:
    assume(factor() >= 1)
    return second_moment(n, others() + 1, samples(), z, z) >= (1 + n * (factor() - 1)) * z**2


@claim.experiment(MeanNear(target="27/512", margin="1/100"), runs=1 << 14)
def three_steps(draws):
    """The curvatures 0 and 2, batches of two samples, eta = 1/2: q is 3/8, and the expected square 27/512."""
    return (1 - 0.5 * (1 + draws.sign(3, 2)).mean(2)).prod(1) ** 2


def last_points(draws, curvatures):
    """Whether x > 0 after 60 steps of size 2/5, from |x + 1| <= 1/10.

    A sample has the loss c (x + 1)^2 / 2 for x < 0 and (x - 2)^2 / 2 for x > 0; c has the mean 4, at the sharper minimum."""
    import torch

    x = -1 + draws.uniform(low=-0.1, high=0.1)
    for c in curvatures:
        x = torch.where(x < 0, x - 0.4 * c * (x + 1), x - 0.4 * (x - 2))
    return x > 0


@claim.experiment(Probability(at_least="99/100"), runs=1 << 13)
def from_the_sharp_to_the_flat_well(draws):
    """In the sharp well, the curvature of a sample is 0 or 8: eta a = 8/5, but q = 73/25."""
    return last_points(draws, (4 * (1 + draws.sign(60))).unbind(1))


# ------------------------------------------------------------------------------------------- what must fail


claim.sharpness(threshold, refuted="201/100", proved="2")


@claim.mutant(replaces=factor)
def without_noise() -> real:
    """The variance of the samples does not matter"""
    return (1 - (others() + 1) * part() * mean(samples())) ** 2


@claim.mutant(replaces=from_the_sharp_to_the_flat_well)
def with_all_samples(draws):
    """Gradient descent, with all samples in each step"""
    return last_points(draws, (4 + 0 * draws.sign(60)).unbind(1))


@claim.mutant(replaces=gradient_descent_does_not_converge)
def above_one(n: nat, i: nat, g: real) -> prop:
    """From eta lambda = 1 on"""
    assume(g >= 0, g <= eta() * curvature(i) * (eta() * curvature(i) - 1))
    return coordinate(n, i) ** 2 >= (1 + n * g) * start(i) ** 2
