r"""“In the direction of a non-zero gradient” one goes uphill, and “a higher beta means the Hessian varies more” is no better.

For parabolas both sentences fail at every point: the step along the gradient raises the value, and the Hessian does not
vary at all, whatever beta is.
"""

from __future__ import annotations

from claims.optimization.smooth_functions import PARABOLA, convex, f, gradient, positive_product
from verify import Claim, assume, cite, define, prop, real, sq, vec

claim = Claim(
    "descent-direction-literal",
    title="Along the gradient, and what beta says, as printed",
    statement=r"Moving the parameters in the direction of a non-zero gradient, from $\theta$ to $\theta + \eta \nabla f(\theta)$ "
    r"with $\eta > 0$, is a descent. If $-\beta I \le \nabla^2 f \le \beta I$, a higher $\beta$ means that $\nabla^2 f$ "
    r"varies more.",
    source=cite(
        "rajnotes",
        "1.1, Optimization and Critical Points",
        quote="Almost all neural networks are trained by moving the parameters in the direction of a non-zero gradient. The "
        "goals of such descent are to find a critical point [...] Suppose there exists some β such that $-\\beta I \\leq "
        "\\nabla^2 f(\\theta) \\leq \\beta I$. Then a higher β means ∇^2 varies more so the learning rate should be lower.",
    ),
    expect="refuted",
    remarks="The update that the notes display subtracts the gradient, and their conclusion about the learning rate is right, "
    "as beta bounds how much the gradient varies; see descent-direction-and-step.",
    symbols={
        r"\mathrm{parabola}(\beta, x)": r"$\frac\beta2 x^2$",
        r"\mathrm{cubic}(c, x)": r"$\frac c6 x^3$, whose Hessian lies between -c and c on [-1, 1]",
        r"\mathrm{f}": "any convex function",
    },
)


@define
def parabola(beta: real, x: real) -> real:
    return beta / 2 * x**2


@define
def cubic(c: real, x: real) -> real:
    return c / 6 * x**3


@claim.disproof(
    "for $f = \\frac12 x^2$ the step along the gradient $x$ raises the value, from every $x \\ne 0$ and for every $\\eta > 0$",
    using=[
        positive_product.at(x="x", y="x"),
        positive_product.at(x="-x", y="-x"),
        positive_product.at(x="eta", y="x**2"),
    ],
    cases=["x > 0"],
)
def a_step_along_the_gradient(x: real, eta: real) -> prop:
    assume(x > 0 or x < 0, eta > 0)
    return parabola(1, x + eta * x) > parabola(1, x)


claim.model(PARABOLA)


@claim.disproof(
    "and for every convex function, by at least $\\eta |\\nabla f|^2$",
    using=[convex.at(x="x", y="x + eta * gradient(x)")],
    assuming=[convex],
)
def convex_functions_rise(x: vec, eta: real) -> prop:
    return f(x + eta * gradient(x)) >= f(x) + eta * sq(gradient(x))


@claim.disproof(
    "the Hessian of $\\frac\\beta2 x^2$, which second differences show exactly, is $\\beta$ everywhere, and does not vary for "
    "any $\\beta$; that of $\\frac c6 x^3$ is $c x$, which varies for every $c > 0$, if much smaller than $\\beta$ too",
)
def variation_of_the_hessian(beta: real, c: real, x: real, h: real) -> prop:
    return (
        parabola(beta, x + h) - 2 * parabola(beta, x) + parabola(beta, x - h) == beta * h**2
        and cubic(c, x + h) - 2 * cubic(c, x) + cubic(c, x - h) == c * x * h**2
    )


# ------------------------------------------------------------------------------------------- what must fail


@claim.mutant(replaces=a_step_along_the_gradient)
def against_it(x: real, eta: real) -> prop:
    """The step against the gradient raises the value too"""
    assume(x > 0 or x < 0, eta > 0)
    return parabola(1, x - eta * x) > parabola(1, x)


@claim.mutant(replaces=a_step_along_the_gradient)
def from_the_minimizer(x: real, eta: real) -> prop:
    """From every point, the minimizer among them"""
    assume(eta > 0)
    return parabola(1, x + eta * x) > parabola(1, x)


@claim.mutant(replaces=cubic)
def without_variation(c: real, x: real) -> real:
    """A parabola in place of the cubic"""
    return c / 6 * x**2
