r"""Gradient descent on a smooth convex function: the exact worst case after N steps, for all N.

With steps 1/L the gap is at most L |x_0 - x_*|^2 / (4N + 2), which Huber's function attains: Drori and Teboulle (2014).  The
proof is an induction along a potential (``convex_potential``).  A simpler one, good for all shorter steps, gives about twice as
much: the weighted gap plus the squared distance over twice the step does not grow.
"""

from __future__ import annotations

from fractions import Fraction

from claims.optimization.convex_potential import exact_rate, fraction, fractions, positive_fraction, value
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
    positive_factor,
    product,
    square_of_a_vector,
)
from verify import Claim, assume, cite, define, hypothesis, induction, lemma, nat, prop, real, relu, sq, vec
from verify.optimization import Problem, SmoothConvex, Tight, WorstCase, huber, on_line

claim = Claim(
    "convex-gd-rate",
    title="Gradient descent on a convex function",
    statement=r"Let $f$ be convex, with a minimizer $x_*$, and $f(y) \le f(x) + \langle \nabla f(x), y - x \rangle + \frac L2 |y - "
    r"x|^2$ for all $x, y$. For $x_{i+1} = x_i - \frac1L \nabla f(x_i)$ and every $N$, $f(x_N) - f(x_*) \le \frac{L |x_0 - x_*|^2}{4N "
    r"+ 2}$, and for every $N$ there is equality for a Huber function. For $x_{i+1} = x_i - \eta \nabla f(x_i)$ with $0 < \eta \le "
    r"1/L$, every $N \ge 1$ and every point $y$, $f(x_N) - f(y) \le \frac{|x_0 - y|^2}{2 \eta N}$.",
    source=cite("drori2014", "Theorem 3.1, as recalled"),
    remarks="In any inner product space. For listed N the exact worst case is also found and certified without this proof, by "
    "multipliers for the inequalities between the iterates.",
    symbols={
        r"\mathrm{value}(n, \eta, x)": "f at the n-th iterate from x",
        r"\mathrm{inverse}(), \; \mathrm{fraction}(j)": "1/L, and 1/(j + 1)",
    },
)
constant = claim.parameter("constant", "1", "the constant $c$ in $c / (4N + 2)$")


claim.model({**PARABOLA, **FLATTER})
claim.model({**AROUND_ITS_MINIMIZER, **FLATTER, fraction: "1 / (j + 1)"}, using=[least_there, positive_fraction])


@claim.proof(
    using=[
        positive,
        exact_rate.at(n="n", x="x"),
        product.at(
            x="L()",
            y="sq(x - minimizer()) - (4 * n + 2) * inverse() * (value(n, inverse(), x) - f(minimizer()))",
        ),
    ],
    assuming=[positive, below_parabolas, convex, minimal, fractions],
)
def exact_for_all_N(n: nat, x: vec) -> prop:
    return (4 * n + 2) * (value(n, inverse(), x) - f(minimizer())) <= L() * sq(x - minimizer())


@lemma(
    using=[
        descent.at(x="x", eta="eta"),
        product.at(x="eta", y="1 - L() * eta"),
        square_of_a_vector.at(v="gradient(x)"),
        product.at(x="eta * (1 - L() * eta)", y="sq(gradient(x))"),
    ],
    assuming=[below_parabolas],
)
def enough_descent(x: vec, eta: real) -> prop:
    assume(eta > 0, L() * eta <= 1)
    return f(x) - f(x - eta * gradient(x)) >= eta / 2 * sq(gradient(x))


@lemma(
    using=[
        enough_descent.at(x="x", eta="eta"),
        convex.at(x="x", y="z"),
        square_of_a_vector.at(v="gradient(x)"),
        product.at(x="eta", y="sq(gradient(x))"),
        product.at(x="eta * a", y="f(x) - f(x - eta * gradient(x))"),
        product.at(x="eta", y="f(x) - f(x - eta * gradient(x)) - eta / 2 * sq(gradient(x))"),
        product.at(x="eta", y="f(z) - f(x) - dot(gradient(x), z - x)"),
    ],
    assuming=[below_parabolas, convex],
)
def gap_and_distance(a: real, x: vec, z: vec, eta: real) -> prop:
    """What does not grow in a step, while a becomes a + 1."""
    assume(a >= 0, eta > 0, L() * eta <= 1)
    return 2 * eta * (a + 1) * (f(x - eta * gradient(x)) - f(z)) + sq(x - eta * gradient(x) - z) <= 2 * eta * a * (
        f(x) - f(z)
    ) + sq(x - z)


@lemma(
    by=induction("n"),
    using=[
        gap_and_distance.at(a="a", x="x", z="z", eta="eta"),
        hypothesis(a="a + 1", eta="eta", x="x - eta * gradient(x)", z="z"),
        square_of_a_vector.at(v="x - z"),
    ],
    assuming=[below_parabolas, convex],
)
def gap_and_distance_of_a_run(n: nat, a: real, eta: real, x: vec, z: vec) -> prop:
    assume(a >= 0, eta > 0, L() * eta <= 1)
    return 2 * eta * (a + n) * (value(n, eta, x) - f(z)) <= 2 * eta * a * (f(x) - f(z)) + sq(x - z)


@claim.proof(
    using=[gap_and_distance_of_a_run.at(n="n", a="0", eta="eta", x="x", z="z")], assuming=[below_parabolas, convex]
)
def shorter_steps(n: nat, eta: real, x: vec, z: vec) -> prop:
    assume(eta > 0, L() * eta <= 1)
    return 2 * eta * n * (value(n, eta, x) - f(z)) <= sq(x - z)


# ------------------------------------------------------------------------------------------- no smaller constant


@define
def slope(d: real, x: real) -> real:
    return relu(x + d) - relu(x - d) - d


@define
def huber_function(d: real, x: real) -> real:
    return x**2 / 2 if abs(x) <= d else d * abs(x) - d**2 / 2


@define
def iterate(n: nat, d: real, x: real) -> real:
    return x if n == 0 else iterate(n - 1, d, x - slope(d, x))


@lemma(by=induction("n"))
def on_the_slope(n: nat, d: real, x: real) -> prop:
    assume(d > 0, x >= n * d)
    return iterate(n, d, x) == x - n * d


@claim.proof(cases=["abs(x) <= d", "abs(y) <= d"], using=[product])
def huber_is_smooth_and_convex(d: real, x: real, y: real) -> prop:
    assume(d > 0)
    return 0 <= huber_function(d, y) - huber_function(d, x) - slope(d, x) * (y - x) <= (y - x) ** 2 / 2


@lemma(using=[positive_factor.at(x="2 * n + 1", y="d"), product.at(x="n", y="d")], cases=["d <= 0"])
def width(n: nat, d: real) -> prop:
    assume((2 * n + 1) * d == 1)
    return d > 0 and n * d >= 0


@claim.proof(using=[width.at(n="n", d="d"), on_the_slope.at(n="n", d="d", x="1")])
def attained_for_all_N(n: nat, d: real) -> prop:
    """From 1, with L = 1 and the minimizer 0, for d = 1 / (2N + 1)."""
    assume((2 * n + 1) * d == 1)
    return (4 * n + 2) * huber_function(d, iterate(n, d, 1)) == 1


# ------------------------------------------------------------------------------------------- the least constant


def worst_case(question: type[WorstCase], N: int, constant: Fraction) -> WorstCase:
    problem = Problem()
    f = problem.function(SmoothConvex(L=1))
    best = problem.minimizer(f)
    start = x = problem.point("x0")
    for _ in range(N):
        x = x - f.gradient(x)
    return question(
        problem,
        performance=f(x) - f(best),
        initial=(start - best) ** 2,
        rate=constant / (4 * N + 2),
        worst_function=on_line(huber(L=1, radius=Fraction(1, 2 * N + 1)), x0=1),
    )


@claim.exact(naturals={"N": range(1, 31)}, role="stress")
def least_constant(N: int, constant: Fraction) -> WorstCase:
    return worst_case(WorstCase, N, constant)


@claim.exact(naturals={"N": range(1, 31)}, role="stress")
def attained(N: int, constant: Fraction) -> Tight:
    return worst_case(Tight, N, constant)


# ------------------------------------------------------------------------------------------- what must fail


claim.sharpness(constant, refuted="1023/1024", proved="1")
claim.mutant("half-of-it", {constant: "1/2"})


@claim.mutant(replaces=least_constant)
def squares_of_N(N: int, constant: Fraction) -> WorstCase:
    """1 / (4 N^2 + 2), as if it were accelerated"""
    return worst_case(WorstCase, N, constant * Fraction(4 * N + 2, 4 * N**2 + 2))


@claim.mutant(replaces=shorter_steps)
def steps_of_any_length(n: nat, eta: real, x: vec, z: vec) -> prop:
    """Longer steps are better still"""
    assume(eta > 0)
    return 2 * eta * n * (value(n, eta, x) - f(z)) <= sq(x - z)


@claim.mutant(replaces=huber_is_smooth_and_convex)
def huber_has_half_the_curvature(d: real, x: real, y: real) -> prop:
    """L = 1/2 is enough for Huber's function"""
    assume(d > 0)
    return 0 <= huber_function(d, y) - huber_function(d, x) - slope(d, x) * (y - x) <= (y - x) ** 2 / 4
