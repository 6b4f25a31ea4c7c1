r"""Gradient descent finds an almost critical point of any smooth function, at a sharp rate, for every step length.

One step lowers f by an amount that the gradients at both of its ends pay for (``short_step``, ``long_step``): these are
the inequalities of ``smooth_functions.interpolation`` for the two points, taken once or, for longer steps, both ways.  The
gradients of a whole run then add up, and the last one is paid for by what f could still lose.
"""

from __future__ import annotations

from fractions import Fraction

from claims.optimization.smooth_functions import (
    PARABOLA,
    L,
    above_parabolas,
    below_parabolas,
    both_terms_pay,
    bounded_below,
    f,
    gradient,
    gradient_and_infimum,
    infimum,
    interpolation,
    lipschitz_gradient,
    inverse,
    positive,
    product,
    square_of_a_vector,
)
from verify import Claim, assume, cite, define, hypothesis, induction, lemma, nat, prop, real, sq, vec
from verify.optimization import Problem, Smooth, WorstCase, on_line, tents

claim = Claim(
    "gd-critical-point-rate",
    title="Gradient descent and almost critical points",
    statement=r"Let $|f(y) - f(x) - \langle \nabla f(x), y - x \rangle| \le \frac\beta2 |y - x|^2$ for all $x, y$, and let "
    r"$f(x_0) - f \le \Delta$ everywhere. For $x_{i+1} = x_i - \frac t\beta \nabla f(x_i)$ and every $N$, $\min_{0 \le i "
    r"\le N} |\nabla f(x_i)|^2 \le \frac{4 \beta \Delta}{2 + N (4t - t^2)}$ if $0 < t \le 1$, and $\le \frac{4 \beta "
    r"\Delta}{2 + N (4t - t^3)}$ if $1 \le t \le \sqrt 3$. With $t = 1$, a gradient no longer than $\varepsilon$ is met within $N$ steps if $3N + 2 \ge 4 \beta \Delta / "
    r"\varepsilon^2$.",
    source=cite("abbaszadehpeivasti2022", "Theorem 2, as recalled"),
    repairs="gd-critical-point-literal",
    remarks="In any inner product space. For listed N and t, the longer steps among them, the exact worst case is also found and "
    "certified by multipliers. The hypothesis is what a gradient that is beta-Lipschitz, or a Hessian between "
    "-beta I and beta I, amounts to.",
    symbols={
        r"\mathrm{L}()": r"the constant $\beta$",
        r"\mathrm{inverse}()": r"$1/\beta$",
        r"\mathrm{steep}(N, \eta, x, m)": "no squared gradient is less than m, at x and at the N next iterates",
    },
)
constant = claim.parameter("constant", "4", "the constant $c$ in $c \\, \\beta \\Delta$")


claim.model(PARABOLA)


@define
def steep(n: nat, eta: real, x: vec, m: real) -> prop:
    if n == 0:
        return m <= sq(gradient(x))
    return m <= sq(gradient(x)) and steep(n - 1, eta, x - eta * gradient(x), m)


@claim.proof(
    using=[
        positive,
        interpolation.at(x="x", y="x - eta * gradient(x)"),
        product.at(
            x="inverse() - eta",
            y="sq(gradient(x) - gradient(x - eta * gradient(x)))",
        ),
        product.at(x="L()", y="inverse() - eta"),
        square_of_a_vector.at(v="gradient(x) - gradient(x - eta * gradient(x))"),
    ],
    assuming=[positive, below_parabolas, above_parabolas],
)
def short_step(x: vec, eta: real) -> prop:
    assume(eta > 0, L() * eta <= 1)
    return 4 * (f(x) - f(x - eta * gradient(x))) >= eta * (
        (3 - L() * eta) * sq(gradient(x)) + sq(gradient(x - eta * gradient(x)))
    )


@claim.proof(
    using=[
        positive,
        interpolation.at(x="x", y="x - eta * gradient(x)"),
        lipschitz_gradient.at(x="x", y="x - eta * gradient(x)"),
        product.at(
            x="inverse() * (L() * eta - 1)",
            y="L()**2 * eta**2 * sq(gradient(x)) - sq(gradient(x) - gradient(x - eta * gradient(x)))",
        ),
        product.at(x="inverse()", y="L() * eta - 1"),
    ],
    assuming=[positive, below_parabolas, above_parabolas],
)
def long_step(x: vec, eta: real) -> prop:
    assume(L() * eta >= 1)
    return 4 * (f(x) - f(x - eta * gradient(x))) >= eta * (
        (3 - (L() * eta) ** 2) * sq(gradient(x)) + sq(gradient(x - eta * gradient(x)))
    )


@lemma(by=induction("n"))
def first_gradient(n: nat, eta: real, x: vec, m: real) -> prop:
    assume(steep(n, eta, x, m))
    return m <= sq(gradient(x))


@claim.proof(
    by=induction("n"),
    using=[
        positive,
        gradient_and_infimum.at(x="x"),
        product.at(x="L()", y="2*(f(x)-infimum()) - inverse() * sq(gradient(x))"),
        first_gradient.at(n="n", eta="eta", x="x - eta * gradient(x)", m="m"),
        short_step.at(x="x", eta="eta"),
        both_terms_pay.at(
            eta="eta", a="3 - L() * eta", p="sq(gradient(x))", q="sq(gradient(x - eta * gradient(x)))", m="m"
        ),
        hypothesis(x="x - eta * gradient(x)", eta="eta", m="m"),
        product.at(x="L()", y="4 * (f(x) - f(x - eta * gradient(x))) - eta * (4 - L() * eta) * m"),
    ],
    assuming=[positive, below_parabolas, above_parabolas, bounded_below],
)
def rate_of_short_steps(n: nat, eta: real, x: vec, m: real) -> prop:
    assume(eta > 0, L() * eta <= 1, steep(n, eta, x, m))
    return (2 + n * (4 * L() * eta - (L() * eta) ** 2)) * m <= 4 * L() * (f(x) - infimum())


@claim.proof(
    by=induction("n"),
    using=[
        positive,
        gradient_and_infimum.at(x="x"),
        product.at(x="L()", y="2*(f(x)-infimum()) - inverse() * sq(gradient(x))"),
        first_gradient.at(n="n", eta="eta", x="x - eta * gradient(x)", m="m"),
        long_step.at(x="x", eta="eta"),
        both_terms_pay.at(
            eta="eta", a="3 - (L() * eta)**2", p="sq(gradient(x))", q="sq(gradient(x - eta * gradient(x)))", m="m"
        ),
        hypothesis(x="x - eta * gradient(x)", eta="eta", m="m"),
        product.at(x="L()", y="4 * (f(x) - f(x - eta * gradient(x))) - eta * (4 - (L() * eta)**2) * m"),
    ],
    assuming=[positive, below_parabolas, above_parabolas, bounded_below],
)
def rate_of_long_steps(n: nat, eta: real, x: vec, m: real) -> prop:
    assume(eta > 0, L() * eta >= 1, (L() * eta) ** 2 <= 3, steep(n, eta, x, m))
    return (2 + n * (4 * L() * eta - (L() * eta) ** 3)) * m <= 4 * L() * (f(x) - infimum())


@claim.proof(
    using=[positive, rate_of_short_steps.at(n="n", eta="inverse()", x="x", m="m")],
    assuming=[positive, below_parabolas, above_parabolas, bounded_below],
)
def number_of_steps(n: nat, x: vec, m: real) -> prop:
    """With t = 1, as long as no gradient is short."""
    assume(steep(n, inverse(), x, m))
    return (3 * n + 2) * m <= 4 * L() * (f(x) - infimum())


# ------------------------------------------------------------------------------------------- listed instances


STEPS = [Fraction(text) for text in ("1/4", "1/2", "3/4", "1", "5/4", "3/2", "5/3")]


def worst_case(t: Fraction, N: int, constant: Fraction) -> WorstCase:
    problem = Problem()
    f = problem.function(Smooth(L=1))
    start = x = problem.point("x0")
    squares = [f.gradient(x) ** 2]
    for _ in range(N):
        x = x - t * f.gradient(x)
        squares.append(f.gradient(x) ** 2)
    return WorstCase(
        problem,
        performance=squares,
        initial=f(start) - problem.infimum(f),
        rate=constant / (2 + N * (4 * t - max(t**2, t**3))),
        worst_function=on_line(tents(L=1, step=t, steps=N), x0=0) if t <= 1 else None,
    )


@claim.exact(naturals={"i": range(len(STEPS)), "N": (1, 2, 5, 10)}, role="stress")
def least_constant(i: int, N: int, constant: Fraction) -> WorstCase:
    return worst_case(STEPS[i], N, constant)


# ------------------------------------------------------------------------------------------- what must fail


claim.sharpness(constant, refuted="1023/256", proved="4")


@claim.mutant(replaces=least_constant)
def short_rate_for_long_steps(i: int, N: int, constant: Fraction) -> WorstCase:
    """The rate of short steps for steps up to 5/3"""
    t = STEPS[i]
    return worst_case(t, N, constant * (2 + N * (4 * t - max(t**2, t**3))) / (2 + N * (4 * t - t**2)))


@claim.mutant(replaces=least_constant)
def four_gradients_a_step(i: int, N: int, constant: Fraction) -> WorstCase:
    """4 / (4N + 2) for t = 1"""
    return worst_case(Fraction(1), N, constant * Fraction(3 * N + 2, 4 * N + 2))
