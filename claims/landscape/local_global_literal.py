r"""“If Π is nice, a local minimum in the parameters is a local minimum of F over the networks” (Grohs 2017): not if nice is smooth.

Where a parametrization folds, it reaches the networks close to a fold from one side only, and a fold that faces the minimum of F is
a local minimum.  To be smooth and onto does not help, nor does convexity of F and of the set of networks.
"""

from __future__ import annotations

from claims.landscape.open_parametrizations import positive_product, product
from verify import Claim, assume, cite, define, prop, real, relu

claim = Claim(
    "local-global-convex-image-literal",
    title="Local minima of a convex functional over a convex set of networks, through a smooth map",
    statement=r"Let $\mathcal{N}$ be a convex set of networks, $F$ convex, and $\Pi$ an analytic map from the parameters onto "
    r"$\mathcal{N}$. If $\theta_*$ is a local minimum of $F \circ \Pi$, then $\Pi(\theta_*)$ is a local minimum of $F$ over "
    r"$\mathcal{N}$, and consequently a global one.",
    source=cite(
        "grohs2017",
        "before the question about local minima",
        quote="Let θ_* be a local minimum. Then (if Π is nice) f_{θ_*} is a local minimum of the convex function F over the "
        "convex set NN. Consequently, f_{θ_*} is a global minimum of F!",
    ),
    expect="refuted",
    remarks="The slide does not say what is nice; smooth and onto is one reading. What is needed is openness, see "
    "local-global-convex-image. That a polynomial of degree 3 is onto is not part of the certificates; the second example "
    "does without it.",
    symbols={
        r"\mathrm{cubic}(\theta)": r"$\theta^3 - 3 \theta$, with a fold at $\theta = 1$",
        r"\mathrm{tied}(a, b)": r"the network $x \mapsto a \cdot a \cdot b \, x$: three linear layers, two of which share a weight",
        r"\mathrm{unit}(w, x)": "one ReLU unit without bias, on inputs that are not negative",
    },
)


@define
def cubic(theta: real) -> real:
    return theta**3 - 3 * theta


@define
def tied(a: real, b: real) -> real:
    return a * a * b


@define
def unit(w: real, x: real) -> real:
    return relu(w * x)


@claim.disproof(
    "for $F(f) = (f + 10)^2$ on the real line, $\\theta = 1$ is a strict local minimum of $F(\\theta^3 - 3 \\theta)$: it is the least "
    "point with $|\\theta - 1| < 3$",
    using=[
        positive_product.at(a="h**2", b="3 + h"),
        positive_product.at(a="h", b="h"),
        positive_product.at(a="-h", b="-h"),
        product.at(a="h**2 * (3 + h)", b="h**2 * (3 + h)"),
    ],
    have=["cubic(1 + h) + 10 == 8 + h**2 * (3 + h)"],
    cases=["h > 0"],
)
def a_strict_local_minimum(h: real) -> prop:
    assume(-3 < h < 3, h != 0)
    return (cubic(1) + 10) ** 2 < (cubic(1 + h) + 10) ** 2


@claim.disproof(
    "but $\\theta = -\\frac52$ is better, and so are all $f$ between $\\Pi(1) = -2$ and -18, the minimum -10 of F among them",
    using=[positive_product.at(a="s", b="16 - s")],
)
def not_global(s: real) -> prop:
    assume(0 < s < 16)
    return (cubic(-5 / 2) + 10) ** 2 < (cubic(1) + 10) ** 2 and (cubic(1) - s + 10) ** 2 < (cubic(1) + 10) ** 2


@claim.disproof(
    "a network: all $f(x) = c x$ have the form $a \\cdot a \\cdot b \\, x$, with $a = 1$. For the error $(c + 1)^2$, that of the label "
    "-1 at 1, each $(0, b)$ with $b > 0$ is a local minimum, as $a \\cdot a \\cdot b \\ge 0$ close to it; and $c = -s$ is better, $0 < "
    "s < 2$",
    using=[
        product.at(a="a * a", b="beta"),
        product.at(a="a * a * beta", b="a * a * beta"),
        positive_product.at(a="s", b="2 - s"),
    ],
    have=["a * a >= 0"],
)
def two_equal_weights(a: real, b: real, beta: real, s: real, c: real) -> prop:
    """beta is any weight with |beta - b| < b."""
    assume(b > 0, abs(beta - b) < b, 0 < s < 2)
    at_the_fold = (tied(0, b) + 1) ** 2
    return tied(1, c) == c and at_the_fold <= (tied(a, beta) + 1) ** 2 and (tied(1, -s) + 1) ** 2 < at_the_fold


@claim.disproof(
    "one ReLU unit on the inputs $x \\ge 0$, which is not smooth: the functions are $x \\mapsto c x$, $c \\ge 0$, a convex set; all "
    "weights $w < 0$ give the function 0, hence local minima with the error 1 for the label 1 at 1; $w = 1$ has the error 0",
    using=[product.at(a="t", b="relu(v)"), product.at(a="1 - t", b="relu(w)"), product.at(a="-u", b="x")],
    cases=["w >= 0", "v >= 0"],
)
def a_dead_unit(w: real, v: real, t: real, u: real, x: real) -> prop:
    assume(0 <= t <= 1, u < 0, x >= 0)
    c = (1 - t) * relu(w) + t * relu(v)
    return relu(c) == c and unit(u, x) == 0 and (unit(u, 1) - 1) ** 2 == 1 and (unit(1, 1) - 1) ** 2 == 0


# ------------------------------------------------------------------------------------------- what must fail


@claim.mutant(replaces=cubic)
def without_a_fold(theta: real) -> real:
    """theta^3 + 3 theta, which is open"""
    return theta**3 + 3 * theta


@claim.mutant(replaces=tied)
def two_free_weights(a: real, b: real) -> real:
    """The product of two weights, which is open"""
    return a * b


@claim.mutant(replaces=a_strict_local_minimum)
def in_a_larger_ball(h: real) -> prop:
    """In the ball with radius 4"""
    assume(-4 < h < 4, h != 0)
    return (cubic(1) + 10) ** 2 < (cubic(1 + h) + 10) ** 2
