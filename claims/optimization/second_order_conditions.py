r"""Second-order conditions: what a positive definite Hessian gives, and what a local minimum asks of it.

f is any function with a second-order expansion at a point: for every tolerance eps there is a neighbourhood in which the
error of the expansion is at most eps times the squared distance.  The theorems are about one point of that neighbourhood.
"""

from __future__ import annotations

from claims.optimization.smooth_functions import positive_product, product, square_of_a_vector
from verify import Claim, assume, cite, define, dot, implies, prop, real, sq, vec

claim = Claim(
    "second-order-conditions",
    title="Second-order conditions for a local minimum",
    statement=r"Let $f(x + h) = f(x) + \langle g, h \rangle + \frac12 Q(h) + o(|h|^2)$ with a quadratic form $Q$. If $g = 0$ and "
    r"$Q(h) \ge \lambda |h|^2$ for all $h$, with $\lambda > 0$, then $f(x + h) \ge f(x) + \frac\lambda4 |h|^2$ near $x$: wherever the "
    r"error of the expansion is at most $\frac\lambda4 |h|^2$. If $g \ne 0$, $f$ is less than $f(x)$ at points as close to $x$ as "
    r"one likes, along $-g$; if $g = 0$ and $Q(h) < 0$, along $h$. So at a local minimum $g = 0$, and $Q$ is positive semidefinite. "
    r"It need not be definite: $x^4$ has a strict minimum at 0, and $g = 0$, $Q = 0$ there.",
    source=cite("nesterov2018", "Theorems 1.2.2 and 1.2.3, as recalled"),
    repairs="second-order-conditions-literal",
    remarks="In any inner product space, where a positive definite form is one with such a lambda; in finite dimension this is "
    "Q(h) > 0 for all h other than 0.",
    symbols={
        "a, \\; b": "the values f(x) and f(x + h)",
        r"\mathrm{close}(a, b, g, h, q, \varepsilon)": r"the error of the expansion at x + h is at most $\varepsilon |h|^2$; q is $Q(h)$",
    },
)
share = claim.parameter("share", "1/4", "the share of $\\lambda |h|^2$ that is gained")


@define
def close(a: real, b: real, g: vec, h: vec, q: real, eps: real) -> prop:
    return abs(b - a - dot(g, h) - q / 2) <= eps * sq(h)


@claim.proof(using=[square_of_a_vector.at(v="h"), product.at(x="lam", y="sq(h)")])
def sufficient(a: real, b: real, g: vec, h: vec, q: real, lam: real) -> prop:
    assume(lam > 0, dot(g, h) == 0, q >= lam * sq(h), close(a, b, g, h, q, lam / 4))
    return b >= a + share * lam * sq(h)


@claim.proof(using=[positive_product.at(x="t", y="sq(g) - t * (q / 2 + eps * sq(g))")])
def the_gradient_is_zero(a: real, b: real, g: vec, q: real, t: real, eps: real) -> prop:
    """If it is not, f is lower at x - t g for every small t > 0; Q(-t g) is t^2 Q(g)."""
    assume(t > 0, t * (q / 2 + eps * sq(g)) < sq(g), close(a, b, g, -t * g, t**2 * q, eps))
    return b < a


@claim.proof(
    using=[
        positive_product.at(x="t", y="t"),
        positive_product.at(x="-t", y="-t"),
        positive_product.at(x="t * t", y="-q - 2 * eps * sq(h)"),
    ],
    cases=["t > 0"],
)
def the_form_is_semidefinite(a: real, b: real, g: vec, h: vec, q: real, t: real, eps: real) -> prop:
    """If Q(h) < 0, f is lower at x + t h for every t other than 0 that is small; Q(t h) is t^2 Q(h)."""
    assume(t > 0 or t < 0, dot(g, h) == 0, q < -2 * eps * sq(h), close(a, b, g, t * h, t**2 * q, eps))
    return b < a


@claim.proof(
    using=[
        positive_product.at(x="x", y="x"),
        positive_product.at(x="-x", y="-x"),
        positive_product.at(x="x**2", y="x**2"),
        product.at(x="x**2", y="eps - x**2"),
    ],
    cases=["x > 0"],
)
def a_minimum_with_a_form_that_is_zero(x: real, eps: real) -> prop:
    """x^4 differs from its expansion 0 by at most eps x^2 where x^2 is at most eps."""
    assume(x > 0 or x < 0)
    return x**4 > 0 and implies(x**2 <= eps, x**4 <= eps * x**2)


# ------------------------------------------------------------------------------------------- what must fail


claim.sharpness(share, refuted="65/256", proved="1/4")


@claim.mutant(replaces=sufficient)
def semidefinite_is_enough(a: real, b: real, g: vec, h: vec, q: real, lam: real) -> prop:
    """A form that is positive semidefinite is enough"""
    assume(lam > 0, dot(g, h) == 0, q >= 0, close(a, b, g, h, q, lam / 4))
    return b >= a


@claim.mutant(replaces=the_gradient_is_zero)
def steps_of_any_length(a: real, b: real, g: vec, q: real, t: real, eps: real) -> prop:
    """A step against the gradient lowers f, however long it is"""
    assume(t > 0, sq(g) > 0, close(a, b, g, -t * g, t**2 * q, eps))
    return b < a


@claim.mutant(replaces=the_form_is_semidefinite)
def whatever_the_gradient_is(a: real, b: real, g: vec, h: vec, q: real, t: real, eps: real) -> prop:
    """If Q(h) < 0, f is lower along h, whatever the gradient is"""
    assume(t > 0 or t < 0, q < -2 * eps * sq(h), close(a, b, g, t * h, t**2 * q, eps))
    return b < a


@claim.mutant(replaces=a_minimum_with_a_form_that_is_zero)
def a_cube(x: real, eps: real) -> prop:
    """x^3 will do as well"""
    assume(x > 0 or x < 0)
    return x**3 > 0
