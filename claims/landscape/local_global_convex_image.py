r"""A local minimum in the parameters is a global one, if the networks form a convex set and the parametrization is open.

Openness turns a local minimum theta* of F(Pi(theta)) into a local minimum f* = Pi(theta*) of F over the networks: each network
close to f* has parameters close to theta*.  From there the textbook argument goes on: on the segment from f* to a network g,
F is at most (1 - t) F(f*) + t F(g), and at least F(f*) if t is small.
"""

from __future__ import annotations

from claims.landscape.open_parametrizations import (
    FOLDED,
    a_ball,
    a_short_step,
    balls_of_networks,
    convex_risk,
    convex_set,
    inverse,  # noqa: F401
    lift,  # noqa: F401
    local_minimum,
    near,
    network,
    open_at_star,
    positive_product,
    product,
    radius,
    realization,
    realized,
    reciprocals,
    risk,
    square,
    star,
    weighted_square,
)
from claims.optimization.roots_and_quotients import root_is_strictly_monotone
from verify import Claim, assume, cite, define, implies, lemma, prop, real, sq, vec

claim = Claim(
    "local-global-convex-image",
    title="Local minima of a convex functional over a convex set of networks, through an open map",
    statement=r"Let $\mathcal{N}$ be a convex set of networks, $F$ convex on it, and $\Pi$ a map from parameters to $\mathcal{N}$ "
    r"that is open at $\theta_*$: for every $\varepsilon > 0$ there is a $\delta > 0$ such that each network with a distance less "
    r"than $\delta$ from $\Pi(\theta_*)$ is $\Pi(\theta)$ for some $\theta$ with a distance less than $\varepsilon$ from $\theta_*$. "
    r"If $\theta_*$ is a local minimum of $F \circ \Pi$, then $\Pi(\theta_*)$ is a local and a global minimum of $F$ over "
    r"$\mathcal{N}$. If $\mathcal{N}$ is not convex, it need not be a global one, although $\Pi$ is open. The product $(a, b) "
    r"\mapsto ab$ of two weights is open everywhere.",
    source=cite(
        "grohs2017",
        "before the question about local minima",
        quote="Let θ_* be a local minimum. Then (if Π is nice) f_{θ_*} is a local minimum of the convex function F over the "
        "convex set NN. Consequently, f_{θ_*} is a global minimum of F!",
    ),
    repairs="local-global-convex-image-literal",
    remarks="Global means: over the networks; F may be smaller elsewhere. Neither continuity nor differentiability of F and of "
    "the parametrization is used. All radii are squared. The square of a number is open at 0 onto the numbers that are not "
    "negative, where it is not injective and has the derivative 0. As products are open, no convex function of the product of two weights "
    "has a local minimum that is not global.",
    symbols={
        r"\mathrm{network}(f)": "f is one of the networks",
        r"\mathrm{realization}(\theta)": "the network with the parameters theta",
        r"\mathrm{star}": "the local minimum, in the parameters",
        r"\mathrm{radius}": "the squared radius of a ball of parameters in which it is minimal",
        r"\mathrm{near}(\varepsilon), \; \mathrm{lift}(\varepsilon, f)": "the squared radius of the ball of networks that have "
        "parameters in the ball with squared radius epsilon, and such parameters for f, or for a network with the risk of f",
        r"\mathrm{inverse}(s)": "1/s for s > 0",
    },
)
hole = claim.parameter("hole", "1", "the numbers whose square is at least this are a set that is not convex")
claim.model(FOLDED)


# ------------------------------------------------------------------------------------------- the argument


@claim.proof(
    using=[
        a_ball,
        open_at_star.at(eps="radius()", f="f"),
        local_minimum.at(theta="lift(radius(), f)"),
    ],
    assuming=[a_ball, local_minimum, open_at_star],
)
def local_minimum_of_the_risk(f: vec) -> prop:
    """Over the networks in a ball around the one that is found; no convexity is needed."""
    assume(network(f), sq(f - realization(star())) < near(radius()))
    return risk(realization(star())) <= risk(f)


@claim.proof(using=[positive_product.at(a="t", b="risk(f) - risk(g)")], cases=["risk(f) <= risk(g)"])
def towards_a_better_network(f: vec, g: vec, t: real) -> prop:
    """One point of the segment is enough."""
    h = (1 - t) * f + t * g
    assume(0 < t <= 1, risk(f) <= risk(h), risk(h) <= (1 - t) * risk(f) + t * risk(g))
    return risk(f) <= risk(g)


D, S = "near(radius())", "sq(g - realization(star()))"
T = f"{D} * inverse({D} + {S})"
H = f"(1 - {T}) * realization(star()) + {T} * g"


@claim.proof(
    using=[
        a_ball,
        balls_of_networks.at(eps="radius()"),
        square.at(v="g - realization(star())"),
        reciprocals.at(s=f"{D} + {S}"),
        a_short_step.at(d=D, s=S, t=T),
        realized.at(theta="star()"),
        convex_set.at(f="realization(star())", g="g", t=T),
        convex_risk.at(f="realization(star())", g="g", t=T),
        local_minimum_of_the_risk.at(f=H),
        towards_a_better_network.at(f="realization(star())", g="g", t=T),
    ],
    assuming=[realized, convex_set, convex_risk, a_ball, local_minimum, open_at_star, balls_of_networks, reciprocals],
)
def global_minimum(g: vec) -> prop:
    """Over all networks."""
    assume(network(g))
    return risk(realization(star())) <= risk(g)


# ------------------------------------------------------------------------------------------- instances


@claim.proof(
    using=[
        product.at(a="1 - t", b="f"),
        product.at(a="t", b="g"),
        product.at(a="t", b="1 - t"),
        weighted_square.at(c="t * (1 - t)", d="f - g"),
        weighted_square.at(c="-y", d="theta"),
        weighted_square.at(c="1", d="theta**2"),
        root_is_strictly_monotone.at(a="f", b="eps"),
    ]
)
def an_instance(theta: real, s: real, f: real, g: real, t: real, y: real, eps: real) -> prop:
    """The square of theta at 0, onto the numbers that are not negative, and (f - y)^2: all hypotheses hold, and 0 is minimal
    if y <= 0.  The ball around 0 that belongs to eps has the radius eps, and s is the root of f."""
    assume(y <= 0, f >= 0, g >= 0, 0 <= t <= 1, eps > 0, s**2 == f, f**2 < eps**2)
    h = (1 - t) * f + t * g
    return (
        h >= 0
        and (h - y) ** 2 <= (1 - t) * (f - y) ** 2 + t * (g - y) ** 2
        and (0**2 - y) ** 2 <= (theta**2 - y) ** 2
        and s**2 < eps
    )


@lemma(cases=["t > 0"], using=[weighted_square.at(c="-t", d="a")])
def without_a_square(a: real, t: real) -> prop:
    assume(a**2 * t > 0)
    return t > 0


@claim.proof(
    using=[
        without_a_square.at(a="a", t="eps**2 - q**2"),
        without_a_square.at(a="eps", t="eps**2 - r**2"),
    ],
    have=["(a * q)**2 == (f - a * b)**2", "(eps * r)**2 == 4 * f**2"],
)
def products_are_open(a: real, b: real, f: real, q: real, r: real, eps: real) -> prop:
    """The map (a, b) -> ab, two layers with a weight each: f has the weights (a, b + q) close to (a, b), where a is not 0 and
    q = (f - ab) / a (else exchange a and b), and (eps / 2, r) close to (0, 0), where r = 2 f / eps."""
    assume(eps > 0, a * q == f - a * b, eps * r == 2 * f)
    close = implies((f - a * b) ** 2 < eps**2 * a**2, q**2 < eps**2) and implies(4 * f**2 < eps**4, r**2 < eps**2)
    return a * (b + q) == f and eps / 2 * r == f and close


@define
def outside(f: real) -> prop:
    """Two half-lines: not convex."""
    return f**2 >= hole


@claim.proof(
    using=[
        product.at(a="-1 - f", b="3 - f"),
        positive_product.at(a="1 - f", b="f + 1"),
        product.at(a="f - 1", b="f + 2"),
    ],
    cases=["f >= 1", "f <= -1"],
)
def without_convexity(f: real) -> prop:
    """1 is a local minimum of (f + 1/2)^2, and -1 is better; the parametrization is the identity, which is open."""
    assume(outside(f), (f - 1) ** 2 < 4)
    return outside(1) and outside(-1) and (f + 1 / 2) ** 2 >= (1 + 1 / 2) ** 2 > (-1 + 1 / 2) ** 2


# ------------------------------------------------------------------------------------------- what must fail


claim.mutant("without-a-hole", {hole: "0"})


@claim.mutant(replaces=global_minimum)
def among_all_functions(g: vec) -> prop:
    """Over all vectors, not only over the networks"""
    return risk(realization(star())) <= risk(g)


@claim.mutant(replaces=towards_a_better_network)
def no_step(f: vec, g: vec, t: real) -> prop:
    """A step of length 0 is enough"""
    h = (1 - t) * f + t * g
    assume(0 <= t <= 1, risk(f) <= risk(h), risk(h) <= (1 - t) * risk(f) + t * risk(g))
    return risk(f) <= risk(g)


@claim.mutant(replaces=towards_a_better_network)
def not_a_convex_risk(f: vec, g: vec, t: real) -> prop:
    """F is at most the larger value on a segment"""
    h = (1 - t) * f + t * g
    assume(0 < t <= 1, risk(f) <= risk(h), risk(h) <= max(risk(f), risk(g)))
    return risk(f) <= risk(g)


@claim.mutant(replaces=an_instance)
def a_smaller_minimum(theta: real, s: real, f: real, g: real, t: real, y: real, eps: real) -> prop:
    """0 is minimal also if y is positive"""
    assume(f >= 0, g >= 0, 0 <= t <= 1, eps > 0, s**2 == f, f**2 < eps**2)
    h = (1 - t) * f + t * g
    return (
        h >= 0
        and (h - y) ** 2 <= (1 - t) * (f - y) ** 2 + t * (g - y) ** 2
        and (0**2 - y) ** 2 <= (theta**2 - y) ** 2
        and s**2 < eps
    )
