r"""“Local optimum: gradient 0 and Hessian > 0, aka positive semidefinite” (notes after Raj): three functions against it.

The cube has a semidefinite Hessian at 0 and no optimum there; Peano's polynomial has a minimum along every line through
0 and none in the plane; the fourth power has a minimum without a Hessian that is positive.
"""

from __future__ import annotations

from claims.optimization.smooth_functions import positive_product, product
from verify import Claim, assume, cite, define, lemma, prop, real

claim = Claim(
    "second-order-conditions-literal",
    title="The local optimum, as printed",
    statement=r"A point is a local optimum if $\nabla f = 0$ and $\nabla^2 f$ is positive semidefinite, and this is the same as "
    r"$\nabla f = 0$ and $\nabla^2 f > 0$.",
    source=cite(
        "rajnotes",
        "1.1, Optimization",
        quote="to find a critical point $\\nabla = 0$ and to find local optimum $\\nabla = 0$ and $\\nabla^2 > 0$ (aka Hessian is "
        "positive semi-definite)",
    ),
    expect="refuted",
    remarks="Read as an exact statement. A semidefinite Hessian is necessary, a definite one is sufficient; see "
    "second-order-conditions.",
    symbols={
        r"\mathrm{cube}, \; \mathrm{peano}, \; \mathrm{fourth}": "the three functions; all critical points are at 0",
    },
)


@define
def cube(x: real) -> real:
    return x**3


@define
def peano(x: real, y: real) -> real:
    return (y - x**2) * (y - 2 * x**2)


@define
def fourth(x: real) -> real:
    return x**4


@lemma()
def square(a: real) -> prop:
    return a**2 >= 0


@claim.disproof(
    "$x^3$ has gradient 0 and Hessian 0 at 0, as its expansion there has the error $x^3$, which is at most $\\varepsilon x^2$ for "
    "$|x| \\le \\varepsilon$; and in every neighbourhood of 0 it has values below and above that at 0",
    using=[
        square.at(a="x"),
        product.at(x="x**2", y="eps - x"),
        product.at(x="x**2", y="eps + x"),
        positive_product.at(x="rho", y="rho"),
        positive_product.at(x="rho * rho", y="rho"),
    ],
)
def the_cube(x: real, eps: real, rho: real) -> prop:
    assume(abs(x) <= eps, rho > 0)
    return abs(cube(x) - cube(0)) <= eps * x**2 and cube(-rho) < cube(0) < cube(rho)


@claim.disproof(
    "$(y - x^2)(y - 2x^2)$ has the expansion $y^2$ at 0, whose Hessian is positive semidefinite: the error is at most $\\varepsilon "
    "(x^2 + y^2)$ for $3 |y| + 2 x^2 \\le \\varepsilon$",
    using=[
        square.at(a="x"),
        square.at(a="y"),
        product.at(x="x**2", y="eps - 3*y - 2*x**2"),
        product.at(x="x**2", y="eps + 3*y - 2*x**2"),
        product.at(x="eps", y="y**2"),
        product.at(x="x**2", y="x**2"),
    ],
)
def expansion_of_peano(x: real, y: real, eps: real) -> prop:
    assume(3 * abs(y) + 2 * x**2 <= eps)
    return abs(peano(x, y) - y**2) <= eps * (x**2 + y**2)


@claim.disproof(
    "and it is less than at 0 on the whole parabola $y = \\frac32 x^2$",
    using=[
        positive_product.at(x="x", y="x"),
        positive_product.at(x="-x", y="-x"),
        positive_product.at(x="x**2", y="x**2"),
    ],
    cases=["x > 0"],
)
def on_a_parabola(x: real) -> prop:
    assume(x > 0 or x < 0)
    return peano(x, 3 / 2 * x**2) < peano(0, 0)


@claim.disproof(
    "although 0 is a minimum along every line, $(t a, t b)$: if $b \\ne 0$, for $|t| \\cdot 2a^2 \\le |b|$",
    using=[
        square.at(a="t"),
        square.at(a="a"),
        square.at(a="t * t * a * a"),
        product.at(x="b - t * a**2", y="b - 2 * t * a**2"),
        product.at(x="t * a**2 - b", y="2 * t * a**2 - b"),
        product.at(x="t**2", y="(b - t * a**2) * (b - 2 * t * a**2)"),
    ],
    cases=["b > 0", "b < 0"],
    have=["abs(t) * a**2 >= 0", "t * a**2 <= abs(t) * a**2", "-(t * a**2) <= abs(t) * a**2"],
)
def along_every_line(t: real, a: real, b: real) -> prop:
    assume(abs(t) * (2 * a**2) <= abs(b) or b == 0)
    return peano(t * a, t * b) >= peano(0, 0)


@claim.disproof(
    "$x^4$ has a strict minimum at 0, and the Hessian there is 0, not positive",
    using=[
        positive_product.at(x="x", y="x"),
        positive_product.at(x="-x", y="-x"),
        positive_product.at(x="x**2", y="x**2"),
        product.at(x="x**2", y="eps - x**2"),
    ],
    cases=["x > 0"],
)
def the_fourth_power(x: real, eps: real) -> prop:
    assume(x > 0 or x < 0, x**2 <= eps)
    return fourth(x) > fourth(0) and abs(fourth(x) - fourth(0)) <= eps * x**2


# ------------------------------------------------------------------------------------------- what must fail


@claim.mutant(replaces=cube)
def a_sixth_power(x: real) -> real:
    """x^6, which has a minimum"""
    return x**6


@claim.mutant(replaces=peano)
def without_a_gap(x: real, y: real) -> real:
    """A square, (y - x^2)^2"""
    return (y - x**2) ** 2


@claim.mutant(replaces=along_every_line)
def at_every_distance(t: real, a: real, b: real) -> prop:
    """Along lines the value is never less than at 0, however far away"""
    return peano(t * a, t * b) >= peano(0, 0)
