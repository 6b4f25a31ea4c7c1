r"""Which way to step, and how far: the descent lemma, and why 2/beta is the limit.

The only thing used of f is that it stays between parabolas (``smooth_functions``).  That the limit cannot be raised is seen
for parabolas, where gradient descent multiplies by 1 - eta beta.
"""

from __future__ import annotations

from claims.optimization.smooth_functions import (
    PARABOLA,
    L,
    above_parabolas,
    below_parabolas,
    descent,
    f,
    gradient,
    lipschitz_gradient,
    positive,
    positive_product,
    product,
    square_of_a_vector,
)
from verify import Claim, assume, cite, define, dot, hypothesis, induction, lemma, nat, prop, real, sq, vec

claim = Claim(
    "descent-direction-and-step",
    title="Against the gradient, by less than 2/beta",
    statement=r"Let $|f(y) - f(x) - \langle \nabla f(x), y - x \rangle| \le \frac\beta2 |y - x|^2$ for all $x, y$. Then a step "
    r"against the gradient lowers $f$: $f(x - \eta \nabla f(x)) \le f(x) - \eta (1 - \frac{\beta \eta}2) |\nabla f(x)|^2$, which is "
    r"less than $f(x)$ for $0 < \eta < 2/\beta$ unless $\nabla f(x) = 0$; a step along the gradient raises it by as much. What $\beta$ "
    r"bounds is how much the gradient varies: $|\nabla f(x) - \nabla f(y)| \le \beta |x - y|$. For $f = \frac\lambda2 x^2$, $0 < \lambda \le "
    r"\beta$, the iterates tend to the minimizer if $0 < \eta < 2/\beta$, as $x_n^2 (1 + n \eta \lambda (2 - \eta \lambda)) \le x_0^2$; "
    r"for $\lambda = \beta$ they do not if $\eta \ge 2/\beta$ or $\eta \le 0$, as $x_n^2 \ge x_0^2$, unless they begin there.",
    source=cite("nesterov2018", "Section 1.2.3, as recalled"),
    repairs="descent-direction-literal",
    remarks="Quadratic functions of several variables are sums of such parabolas, one for each eigenvalue of the Hessian.",
    symbols={
        r"\mathrm{L}()": r"the constant $\beta$",
        r"\mathrm{iterate}(n, \eta, \lambda, x)": r"n steps of length $\eta$ from x, for $\frac\lambda2 x^2$",
    },
)
limit = claim.parameter("limit", "2", "the limit of $\\eta \\beta$")


claim.model(PARABOLA)


@claim.proof(using=[descent.at(x="x", eta="eta")], assuming=[below_parabolas])
def against_the_gradient(x: vec, eta: real) -> prop:
    return f(x - eta * gradient(x)) <= f(x) - eta * (1 - L() * eta / 2) * sq(gradient(x))


@lemma()
def square(a: real) -> prop:
    return a**2 >= 0


@claim.proof(
    using=[
        against_the_gradient.at(x="x", eta="eta"),
        positive_product.at(x="eta", y="2 - L() * eta"),
        positive_product.at(x="eta * (2 - L() * eta)", y="sq(gradient(x))"),
    ],
    assuming=[below_parabolas],
)
def lower(x: vec, eta: real) -> prop:
    assume(eta > 0, L() * eta < limit, sq(gradient(x)) > 0)
    return f(x - eta * gradient(x)) < f(x)


@claim.proof(using=[above_parabolas.at(x="x", y="x + eta * gradient(x)")], assuming=[above_parabolas])
def along_the_gradient(x: vec, eta: real) -> prop:
    return f(x + eta * gradient(x)) >= f(x) + eta * (1 - L() * eta / 2) * sq(gradient(x))


@claim.proof(
    using=[lipschitz_gradient.at(x="x", y="y")],
    assuming=[positive, below_parabolas, above_parabolas],
)
def what_is_bounded(x: vec, y: vec) -> prop:
    return sq(gradient(x) - gradient(y)) <= L() ** 2 * sq(x - y)


# ------------------------------------------------------------------------------------------- parabolas


@define
def iterate(n: nat, eta: real, lam: real, x: real) -> real:
    return x if n == 0 else iterate(n - 1, eta, lam, x - eta * (lam * x))


@claim.proof(
    using=[
        square_of_a_vector.at(v="y - x"),
        product.at(x="beta - lam", y="sq(y - x)"),
        product.at(x="lam", y="sq(y - x)"),
    ]
)
def parabolas_are_such_functions(lam: real, beta: real, x: vec, y: vec) -> prop:
    """lam |x|^2 / 2, whose gradient is lam x."""
    assume(0 <= lam <= beta)
    return abs(lam / 2 * sq(y) - lam / 2 * sq(x) - dot(lam * x, y - x)) <= beta / 2 * sq(y - x)


@lemma(using=[product.at(x="n * d", y="y"), product.at(x="d", y="(1 - d) * s - y"), product.at(x="d**2", y="s")])
def one_more_step(n: nat, d: real, y: real, s: real) -> prop:
    assume(0 <= d <= 1, s >= 0, y >= 0, (1 + n * d) * y <= (1 - d) * s)
    return (1 + (n + 1) * d) * y <= s


@lemma(using=[product])
def decrease(p: real) -> prop:
    """1 - (1 - p)^2 for p between 0 and 2."""
    assume(0 <= p <= 2)
    return 0 <= p * (2 - p) <= 1


@claim.proof(
    by=induction("n"),
    using=[
        positive_product.at(x="eta", y="lam"),
        positive_product.at(x="eta * lam", y="2 - eta * lam"),
        product.at(x="eta", y="beta - lam"),
        decrease.at(p="eta * lam"),
        square.at(a="x"),
        square.at(a="iterate(n, eta, lam, x - eta * (lam * x))"),
        hypothesis(eta="eta", lam="lam", beta="beta", x="x - eta * (lam * x)"),
        one_more_step.at(
            n="n", d="eta * lam * (2 - eta * lam)", y="iterate(n, eta, lam, x - eta * (lam * x))**2", s="x**2"
        ),
    ],
)
def parabolas_converge(n: nat, eta: real, lam: real, beta: real, x: real) -> prop:
    assume(eta > 0, 0 < lam <= beta, eta * beta < limit)
    decreases = eta * lam * (2 - eta * lam)
    return decreases > 0 and iterate(n, eta, lam, x) ** 2 * (1 + n * decreases) <= x**2


@claim.proof(
    by=induction("n"),
    using=[
        product.at(x="beta * eta", y="beta * eta - 2"),
        product.at(x="-beta * eta", y="2 - beta * eta"),
        square.at(a="x"),
        product.at(x="beta * eta * (beta * eta - 2)", y="x**2"),
        hypothesis(eta="eta", beta="beta", x="x - eta * (beta * x)"),
    ],
    cases=["eta <= 0"],
)
def parabolas_do_not_converge(n: nat, eta: real, beta: real, x: real) -> prop:
    assume(beta > 0, eta * beta >= limit or eta * beta <= 0)
    return iterate(n, eta, beta, x) ** 2 >= x**2


# ------------------------------------------------------------------------------------------- what must fail


claim.sharpness(limit, refuted="257/128", proved="2")
claim.mutant("steps-of-twice-the-limit", {limit: "4"})
claim.mutant("parabolas-diverge-below-the-limit", {limit: "15/8"})


@claim.mutant(replaces=iterate)
def along_it(n: nat, eta: real, lam: real, x: real) -> real:
    """Steps along the gradient"""
    return x if n == 0 else iterate(n - 1, eta, lam, x + eta * (lam * x))


@claim.mutant(replaces=parabolas_are_such_functions)
def flatter_parabolas(lam: real, beta: real, x: vec, y: vec) -> prop:
    """Half of beta is enough"""
    assume(0 <= lam <= beta)
    return abs(lam / 2 * sq(y) - lam / 2 * sq(x) - dot(lam * x, y - x)) <= beta / 4 * sq(y - x)
