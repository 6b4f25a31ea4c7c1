r"""Gradient descent on a strongly convex function: distances, gaps and gradients shrink by one factor, the least possible.

What happens in one step is shown in ``strong_convexity`` and ``strong_convexity_long_steps``; here it is repeated N times.  That no
factor is smaller is seen for the parabola of the least curvature; for steps longer than 2 / (L + mu), of the greatest.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from claims.optimization.smooth_functions import (
    AROUND_ITS_MINIMIZER,
    FLATTER,
    L,
    below_parabolas,
    f,
    gradient,
    minimal,
    minimizer,
    mu,
    least_there,
    positive,
    strongly_convex,
)
from claims.optimization.strong_convexity import one_more_factor, power, powers_are_not_negative, square, width, widths
from claims.optimization.strong_convexity_long_steps import (
    contraction,
    distance_contracts,
    gap_contracts,
    gradient_contracts,
)
from verify import Claim, assume, cite, define, hypothesis, induction, nat, prop, real, sq, vec
from verify.optimization import Problem, SmoothStronglyConvex, Tight, WorstCase, on_line, quadratic

claim = Claim(
    "strongly-convex-rate",
    title="Gradient descent on a strongly convex function",
    statement=r"Let $0 < \mu < L$, $\frac\mu2 |y - x|^2 \le f(y) - f(x) - \langle \nabla f(x), y - x \rangle \le \frac L2 |y - x|^2$ for "
    r"all $x, y$, and let $x_*$ be the minimizer. For $x_{i+1} = x_i - \eta \nabla f(x_i)$, $0 < \eta \le \frac2L$, and every $N$, with "
    r"$r = \max(1 - \mu \eta, L \eta - 1)$: $|x_N - x_*|^2 \le r^{2N} |x_0 - x_*|^2$, $f(x_N) - f(x_*) \le r^{2N} (f(x_0) - f(x_*))$, "
    r"$|\nabla f(x_N)|^2 \le r^{2N} |\nabla f(x_0)|^2$. The three are equalities for $\frac\mu2 x^2$ if $\eta \le \frac2{L + \mu}$, and "
    r"for $\frac L2 x^2$ if not. So $r = 1 - \mu / L$ for $\eta = 1/L$, and $r = \frac{L - \mu}{L + \mu}$ for $\eta = \frac2{L + \mu}$.",
    source=cite("taylor2018", "Theorems 2.1, 3.2 and 3.3, as recalled; there for the proximal gradient method"),
    remarks="In any inner product space.",
    symbols={
        r"\mathrm{width}()": r"$1/(L - \mu)$",
        r"\mathrm{distance}, \; \mathrm{gap}, \; \mathrm{steepness}(n, \eta, x)": "the three quantities at the n-th iterate from x",
        r"\mathrm{power}(n, q)": "$q^n$",
    },
)
limit = claim.parameter("limit", "2", r"up to where $1 - \mu \eta$ is the factor, for $\eta (L + \mu)$")


claim.model({**AROUND_ITS_MINIMIZER, **FLATTER, width: "1"}, using=[least_there])


# ------------------------------------------------------------------------------------------- all steps


@define
def distance(n: nat, eta: real, x: vec) -> real:
    return sq(x - minimizer()) if n == 0 else distance(n - 1, eta, x - eta * gradient(x))


@define
def gap(n: nat, eta: real, x: vec) -> real:
    return f(x) - f(minimizer()) if n == 0 else gap(n - 1, eta, x - eta * gradient(x))


@define
def steepness(n: nat, eta: real, x: vec) -> real:
    return sq(gradient(x)) if n == 0 else steepness(n - 1, eta, x - eta * gradient(x))


@claim.proof(
    by=induction("n"),
    using=[
        distance_contracts.at(x="x", eta="eta", r="r"),
        square.at(a="r"),
        powers_are_not_negative.at(n="n", q="r**2"),
        hypothesis(eta="eta", r="r", x="x - eta * gradient(x)"),
        one_more_factor.at(
            c="distance(n, eta, x - eta * gradient(x))",
            p="power(n, r**2)",
            q="r**2",
            a="sq(x - minimizer())",
            b="sq(x - eta * gradient(x) - minimizer())",
        ),
    ],
    assuming=[widths, positive, below_parabolas, strongly_convex, minimal],
)
def rate_of_distances(n: nat, eta: real, r: real, x: vec) -> prop:
    assume(eta > 0, contraction(r, eta))
    return distance(n, eta, x) <= power(n, r**2) * distance(0, eta, x)


@claim.proof(
    by=induction("n"),
    using=[
        gap_contracts.at(x="x", eta="eta", r="r"),
        square.at(a="r"),
        powers_are_not_negative.at(n="n", q="r**2"),
        hypothesis(eta="eta", r="r", x="x - eta * gradient(x)"),
        one_more_factor.at(
            c="gap(n, eta, x - eta * gradient(x))",
            p="power(n, r**2)",
            q="r**2",
            a="f(x) - f(minimizer())",
            b="f(x - eta * gradient(x)) - f(minimizer())",
        ),
    ],
    assuming=[widths, positive, below_parabolas, strongly_convex, minimal],
)
def rate_of_gaps(n: nat, eta: real, r: real, x: vec) -> prop:
    assume(eta > 0, contraction(r, eta))
    return gap(n, eta, x) <= power(n, r**2) * gap(0, eta, x)


@claim.proof(
    by=induction("n"),
    using=[
        gradient_contracts.at(x="x", eta="eta", r="r"),
        square.at(a="r"),
        powers_are_not_negative.at(n="n", q="r**2"),
        hypothesis(eta="eta", r="r", x="x - eta * gradient(x)"),
        one_more_factor.at(
            c="steepness(n, eta, x - eta * gradient(x))",
            p="power(n, r**2)",
            q="r**2",
            a="sq(gradient(x))",
            b="sq(gradient(x - eta * gradient(x)))",
        ),
    ],
    assuming=[widths, below_parabolas, strongly_convex],
)
def rate_of_gradients(n: nat, eta: real, r: real, x: vec) -> prop:
    assume(eta > 0, contraction(r, eta))
    return steepness(n, eta, x) <= power(n, r**2) * steepness(0, eta, x)


@define
def step_on_a_parabola(n: nat, eta: real, m: real, x: real) -> real:
    return x if n == 0 else step_on_a_parabola(n - 1, eta, m, x - eta * (m * x))


@claim.proof(by=induction("n"))
def equality_for_a_parabola(n: nat, eta: real, m: real, x: real) -> prop:
    """The minimizer of m x^2 / 2 is 0, and the three quantities are multiples of the square of the iterate."""
    return step_on_a_parabola(n, eta, m, x) ** 2 == power(n, (1 - m * eta) ** 2) * x**2


# ------------------------------------------------------------------------------------------- listed instances

L0, MU0 = Fraction(1), Fraction(1, 10)


def worst_case(question: type[WorstCase], eta: Fraction, measure: int, N: int, curvature: Fraction) -> WorstCase:
    """The rate is that of the parabola of this curvature."""
    problem = Problem()
    f = problem.function(SmoothStronglyConvex(mu=MU0, L=L0))
    best = problem.minimizer(f)
    start = x = problem.point("x0")
    for _ in range(N):
        x = x - eta * f.gradient(x)
    first, last = ([(y - best) ** 2, f(y) - f(best), f.gradient(y) ** 2][measure] for y in (start, x))
    rate, parabola = (1 - curvature * eta) ** (2 * N), L0 if eta * (L0 + MU0) > 2 else MU0
    return question(
        problem, performance=last, initial=first, rate=rate, worst_function=on_line(quadratic(parabola), x0=1)
    )


@claim.exact(naturals={"measure": range(3), "N": range(1, 11)}, role="stress")
def usual_steps(measure: int, N: int) -> WorstCase:
    return worst_case(WorstCase, 1 / L0, measure, N, MU0)


@claim.exact(naturals={"measure": range(3), "N": range(1, 11)}, role="stress")
def best_steps(measure: int, N: int, limit: Fraction) -> WorstCase:
    return worst_case(WorstCase, limit / (L0 + MU0), measure, N, MU0)


@claim.exact(naturals={"measure": range(3), "N": range(1, 11)}, role="stress")
def long_steps(measure: int, N: int) -> WorstCase:
    return worst_case(WorstCase, Fraction(19, 10) / L0, measure, N, L0)


@claim.exact(naturals={"measure": range(3), "N": range(1, 11)}, role="stress")
def attained(measure: int, N: int) -> Tight:
    return worst_case(Tight, 1 / L0, measure, N, MU0)


# ------------------------------------------------------------------------------------------- what must fail


claim.sharpness(limit, refuted="17/8", proved="2")


@claim.mutant(replaces=long_steps)
def steps_beyond_two_over_L(measure: int, N: int) -> WorstCase:
    """Steps of 21 / (10 L) do no harm: the factor is at most 1"""
    return replace(worst_case(WorstCase, Fraction(21, 10) / L0, measure, N, L0), rate=1)


@claim.mutant(replaces=rate_of_distances)
def by_the_greatest_curvature(n: nat, eta: real, r: real, x: vec) -> prop:
    """Short steps shrink distances by 1 - L eta"""
    assume(eta > 0, eta * (L() + mu()) <= 2, r == 1 - L() * eta)
    return distance(n, eta, x) <= power(n, r**2) * distance(0, eta, x)


@claim.mutant(replaces=equality_for_a_parabola)
def twice_as_fast(n: nat, eta: real, m: real, x: real) -> prop:
    """The squares shrink by (1 - 2 m eta)^2"""
    return step_on_a_parabola(n, eta, m, x) ** 2 == power(n, (1 - 2 * m * eta) ** 2) * x**2
