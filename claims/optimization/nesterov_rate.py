r"""Nesterov's accelerated gradient method: the rate 2/(N + 1)^2 for all N, and the exact one after few steps.

Written with the vector z = x_- + (k + 1)/2 (x - x_-), which no iterate is but all of them steer by, the method is y = x + 2/(k + 2)
(z - x), and z moves against the gradient at y by (k + 2)/2 steps at once.  The potential (k + 1)^2/4 times the gap, plus half the
squared distance of z to the minimizer times L, does not grow (``one_step``).
"""

from __future__ import annotations

from fractions import Fraction

from claims.optimization.smooth_functions import (
    AROUND_ITS_MINIMIZER,
    FLATTER,
    PARABOLA,
    L,
    below_parabolas,
    convex,
    descent,
    f,
    gradient,
    inverse,
    minimal,
    minimizer,
    least_there,
    positive,
    product,
    square_of_a_vector,
)
from verify import Claim, arbitrary, assumption, cite, define, hypothesis, induction, lemma, nat, prop, real
from verify import sq, vec
from verify.optimization import Problem, SmoothConvex, Tight, WorstCase

claim = Claim(
    "nesterov-rate",
    title="Nesterov's accelerated gradient method",
    statement=r"Let $f$ be convex, $f(y) \le f(x) + \langle \nabla f(x), y - x \rangle + \frac L2 |y - x|^2$ for all $x, y$, and let "
    r"$x_*$ be a minimizer. For $x_{k+1} = y_k - \frac1L \nabla f(y_k)$, $y_k = x_k + \frac{k - 1}{k + 2} (x_k - x_{k-1})$, $y_0 = x_0$, "
    r"and every $N \ge 1$, $f(x_N) - f(x_*) \le \frac{2 L |x_0 - x_*|^2}{(N + 1)^2}$.",
    source=cite("nesterov1983", "Theorem 1, as recalled; with the rational momentum that became usual"),
    remarks="In any inner product space. At the extrapolated point the worst case is known exactly for the listed N: there f(y_N) - f(x_*) "
    "is at most 2 L |x_0 - x_*|^2 / (N^2 + 7N + 4), which is attained.",
    symbols={
        r"\mathrm{inverse}(), \; \mathrm{half}(k)": r"$1/L$, and $1/(k + 2)$",
        r"\mathrm{value}(n, k, x_{k-1}, x_k)": r"$f(x_{k+n})$",
    },
)
constant = claim.parameter("constant", "2", "the constant $c$ in $c / (N^2 + 7N + 4)$")


@arbitrary
def half(k: nat) -> real: ...


@assumption()
def fractions_of_two(k: nat) -> prop:
    """half(k) is 1 / (k + 2)."""
    return (k + 2) * half(k) == 1


claim.model({**PARABOLA, **FLATTER, half: "1 / (k + 2)"})
claim.model({**AROUND_ITS_MINIMIZER, **FLATTER, half: "1 / (k + 2)"}, using=[least_there])


@define
def value(n: nat, k: nat, old: vec, x: vec) -> real:
    """f at the iterate n steps after x, which is number k, and whose predecessor is ``old``."""
    if n == 0:
        return f(x)
    y = x + (k - 1) * half(k) * (x - old)
    return value(n - 1, k + 1, x, y - inverse() * gradient(y))


@lemma(
    using=[
        positive,
        descent.at(x="y", eta="inverse()"),
        convex.at(x="y", y="x"),
        convex.at(x="y", y="p"),
        product.at(x="k * (k + 2)", y="f(x) - f(y) - dot(gradient(y), x - y)"),
        product.at(x="2 * (k + 2)", y="f(p) - f(y) - dot(gradient(y), p - y)"),
        product.at(x="(k + 2)**2", y="f(y) - f(y - inverse() * gradient(y)) - inverse() / 2 * sq(gradient(y))"),
    ],
    assuming=[positive, below_parabolas, convex],
)
def one_step(k: nat, x: vec, y: vec, p: vec) -> prop:
    z = ((k + 2) * y - k * x) / 2
    return (k + 2) ** 2 * (f(y - inverse() * gradient(y)) - f(p)) + 2 * L() * sq(
        z - (k + 2) / 2 * inverse() * gradient(y) - p
    ) <= k * (k + 2) * (f(x) - f(p)) + 2 * L() * sq(z - p)


@claim.proof(
    using=[
        fractions_of_two.at(k="k"),
        one_step.at(k="k", x="x", y="x + (k - 1) * half(k) * (x - old)", p="p"),
    ],
    assuming=[positive, below_parabolas, convex, fractions_of_two],
)
def potential(k: nat, old: vec, x: vec, p: vec) -> prop:
    y = x + (k - 1) * half(k) * (x - old)
    new = y - inverse() * gradient(y)
    return (k + 2) ** 2 * (f(new) - f(p)) + 2 * L() * sq(x + (k + 2) / 2 * (new - x) - p) <= k * (k + 2) * (
        f(x) - f(p)
    ) + 2 * L() * sq(old + (k + 1) / 2 * (x - old) - p)


NEXT = "x + (k - 1) * half(k) * (x - old)"
NEW = f"{NEXT} - inverse() * gradient({NEXT})"


@lemma(
    by=induction("n"),
    using=[
        positive,
        fractions_of_two.at(k="k"),
        potential.at(k="k", old="old", x="x", p="minimizer()"),
        minimal.at(x=NEW),
        square_of_a_vector.at(v=f"x + (k + 2) / 2 * ({NEW} - x) - minimizer()"),
        product.at(x="L()", y=f"sq(x + (k + 2) / 2 * ({NEW} - x) - minimizer())"),
        hypothesis(k="k + 1", old="x", x=NEW),
    ],
    assuming=[positive, below_parabolas, convex, fractions_of_two, minimal],
)
def potential_of_a_run(n: nat, k: nat, old: vec, x: vec) -> prop:
    return (k + n + 2) ** 2 * (value(n + 1, k, old, x) - f(minimizer())) <= k * (k + 2) * (
        f(x) - f(minimizer())
    ) + 2 * L() * sq(old + (k + 1) / 2 * (x - old) - minimizer())


@claim.proof(
    using=[potential_of_a_run.at(n="n", k="0", old="x", x="x")],
    assuming=[positive, below_parabolas, convex, fractions_of_two, minimal],
)
def rate_for_all_N(n: nat, x: vec) -> prop:
    """N = n + 1."""
    return (n + 2) ** 2 * (value(n + 1, 0, x, x) - f(minimizer())) <= 2 * L() * sq(x - minimizer())


# ------------------------------------------------------------------------------------------- listed instances


def worst_case(question: type[WorstCase], N: int, extrapolated: bool, rate: Fraction) -> WorstCase:
    problem = Problem()
    f = problem.function(SmoothConvex(L=1))
    best = problem.minimizer(f)
    start = x = y = problem.point("x0")
    for k in range(N):
        old, x = x, y - f.gradient(y)
        y = x + Fraction(k, k + 3) * (x - old)
    last = y if extrapolated else x
    return question(problem, performance=f(last) - f(best), initial=(start - best) ** 2, rate=rate)


@claim.exact(naturals={"N": range(1, 11)}, role="stress")
def iterates(N: int) -> WorstCase:
    return worst_case(WorstCase, N, False, Fraction(2, (N + 1) ** 2))


@claim.exact(naturals={"N": range(1, 11)}, role="stress")
def extrapolated_points(N: int, constant: Fraction) -> WorstCase:
    return worst_case(WorstCase, N, True, constant / (N**2 + 7 * N + 4))


@claim.exact(naturals={"N": range(1, 11)}, role="stress")
def attained(N: int, constant: Fraction) -> Tight:
    return worst_case(Tight, N, True, constant / (N**2 + 7 * N + 4))


# ------------------------------------------------------------------------------------------- what must fail


claim.sharpness(constant, refuted="1023/512", proved="2")
claim.mutant("half-of-it", {constant: "1"})


@claim.mutant(replaces=potential)
def more_momentum(k: nat, old: vec, x: vec, p: vec) -> prop:
    """The momentum k / (k + 2)"""
    y = x + k * half(k) * (x - old)
    new = y - inverse() * gradient(y)
    return (k + 2) ** 2 * (f(new) - f(p)) + 2 * L() * sq(x + (k + 2) / 2 * (new - x) - p) <= k * (k + 2) * (
        f(x) - f(p)
    ) + 2 * L() * sq(old + (k + 1) / 2 * (x - old) - p)


@claim.mutant(replaces=iterates)
def one_over_cubes(N: int) -> WorstCase:
    """2 / (N + 1)^3"""
    return worst_case(WorstCase, N, False, Fraction(2, (N + 1) ** 3))


@claim.mutant(replaces=extrapolated_points)
def without_momentum(N: int) -> WorstCase:
    """Plain gradient descent is as good"""
    problem = Problem()
    f = problem.function(SmoothConvex(L=1))
    best = problem.minimizer(f)
    start = x = problem.point("x0")
    for _ in range(N):
        x = x - f.gradient(x)
    bound = Fraction(2, N**2 + 7 * N + 4)
    return WorstCase(problem, performance=f(x) - f(best), initial=(start - best) ** 2, rate=bound)
