r"""“In O(beta / epsilon^2) theta will arrive at a critical point”: not after any number of steps, already for a parabola."""

from __future__ import annotations

from verify import Claim, assume, cite, define, induction, lemma, nat, prop, real

claim = Claim(
    "gd-critical-point-literal",
    title="Gradient descent arrives at a critical point, as printed",
    statement=r"There is a constant $C$ such that, whenever $-\beta I \le \nabla^2 f \le \beta I$, gradient descent with a "
    r"small learning rate, say $\frac1{2\beta}$, is at a critical point after at most $C \beta / \varepsilon^2$ steps.",
    source=cite(
        "rajnotes",
        "1.1, Critical Points",
        quote="It can be more formally proved that in $O(\\frac{\\beta}{\\epsilon^2})$, θ will arrive at a critical point.",
    ),
    expect="refuted",
    remarks="What is epsilon is not said; it is meant as the length of a gradient that counts as zero. With this reading too "
    "the number of steps has to depend on how far above its infimum f begins; see gd-critical-point-rate.",
    symbols={
        r"\mathrm{slope}(\beta, x)": r"the derivative of $\frac\beta2 x^2$",
        r"\mathrm{iterate}(n, \eta, \beta, x)": r"n steps of gradient descent for $\frac\beta2 x^2$ from x, $\eta$ long",
    },
)


@define
def slope(beta: real, x: real) -> real:
    return beta * x


@define
def iterate(n: nat, eta: real, beta: real, x: real) -> real:
    return x if n == 0 else iterate(n - 1, eta, beta, x - eta * slope(beta, x))


@lemma(by=induction("n"))
def halves(n: nat, eta: real, beta: real, x: real) -> prop:
    assume(2 * beta * eta == 1)
    return 2**n * iterate(n, eta, beta, x) == x


@lemma(by=induction("n"))
def powers_are_positive(n: nat) -> prop:
    return 2**n >= 1


@claim.disproof(
    "for $f(x) = \\frac\\beta2 x^2$ no iterate is a critical point",
    using=[halves.at(n="n", eta="eta", beta="beta", x="x"), powers_are_positive.at(n="n")],
)
def no_iterate_is_critical(n: nat, eta: real, beta: real, x: real) -> prop:
    assume(beta > 0, 2 * beta * eta == 1, x > 0)
    return slope(beta, iterate(n, eta, beta, x)) > 0


@claim.disproof(
    "after any number of steps, however large, the gradient is still longer than $\\varepsilon$ if the start is far enough away",
    using=[halves.at(n="n", eta="eta", beta="beta", x="2**n * far"), powers_are_positive.at(n="n")],
)
def the_start_matters(n: nat, eta: real, beta: real, eps: real, far: real) -> prop:
    assume(beta > 0, 2 * beta * eta == 1, beta * far > eps, eps > 0)
    return slope(beta, iterate(n, eta, beta, 2**n * far)) > eps


# ------------------------------------------------------------------------------------------- what must fail


@claim.mutant(replaces=no_iterate_is_critical)
def steps_of_the_full_length(n: nat, eta: real, beta: real, x: real) -> prop:
    """The step 1/beta is as good, whose first iterate is the minimizer"""
    assume(beta > 0, beta * eta == 1, x > 0)
    return slope(beta, iterate(n, eta, beta, x)) > 0


@claim.mutant(replaces=the_start_matters)
def the_start_is_near(n: nat, eta: real, beta: real, eps: real, far: real) -> prop:
    """A start that does not depend on n is enough"""
    assume(beta > 0, 2 * beta * eta == 1, beta * far > eps, eps > 0)
    return slope(beta, iterate(n, eta, beta, far)) > eps
