r"""A local minimum over a nearly convex set of networks is almost global, if it is minimal in a ball that is large enough.

Towards a better network g the set of networks comes within eps of every point of the segment.  At a point outside of reach
of eps, but inside of the ball in which f is minimal, the convex functional is not much smaller than at f, so that it is not
much smaller at g.  A gap of width 2 eps on a line shows that nothing is lost.
"""

from __future__ import annotations

from claims.information.dictionaries import cauchy_schwarz, square
from claims.landscape.nearly_convex_sets import GAP, L, a_network, a_root_is_less_than_the_mean, convex_risk, eps
from claims.landscape.nearly_convex_sets import nearby  # noqa: F401  (the hints mention it)
from claims.landscape.nearly_convex_sets import lipschitz, local_minimum, nearly_convex, network, not_negative
from claims.landscape.nearly_convex_sets import not_across_the_gap, rho, risk, slope_of_the_risk, star
from claims.landscape.open_parametrizations import product
from claims.optimization.roots_and_quotients import root_is_monotone
from verify import Claim, assume, cite, define, lemma, prop, real, sq, vec

claim = Claim(
    "almost-convex-observation",
    title="Local minima over nearly convex sets of networks",
    statement=r"Let $F$ be convex and $L$-Lipschitz on an inner product space, $\mathcal{N}$ a subset such that each convex "
    r"combination of two of its elements has a distance of at most $\varepsilon$ from some element, and $f$ a minimum of $F$ over the "
    r"elements whose distance from $f$ is at most $\rho$. For every $g \in \mathcal{N}$ with $|g - f| \le d$ and every $0 < t \le 1$ "
    r"with $t d + \varepsilon \le \rho$, $F(f) - F(g) \le L \varepsilon / t$; hence $L \varepsilon d / (\rho - \varepsilon)$ at most "
    r"if $\varepsilon < \rho \le d + \varepsilon$. No factor less than 1 is enough: on the line without $(0, 2 \varepsilon)$, for $F(f) = -L f$ "
    r"and $\rho = 2 \varepsilon - s$, the left-hand side is $1 - s / \varepsilon$ times the right-hand side.",
    source=cite(
        "grohs2017",
        "Observation after Kawaguchi's theorem",
        quote="If NN is nearly convex (meaning that convex combinations of neural networks can be very well approximated by "
        "neural networks) then every local minimum is almost a global minimum.",
    ),
    repairs="almost-convex-observation-literal",
    remarks="The radius in which f is minimal has to be larger than eps, and the statement is weak unless it is much larger; "
    "the literal claim forgets it. If f is only a local minimum in its parameters, the ball is one of networks all of which have "
    "parameters close to those of f; see local-global-convex-image.",
    symbols={
        r"\mathrm{network}(f)": "f is in the set of networks",
        r"\mathrm{nearby}(f, g, t)": "a network close to (1 - t) f + t g",
        r"\mathrm{star}": "the local minimum",
        r"L, \; \varepsilon, \; \rho": "the Lipschitz constant, the distance from the networks, the radius of the ball",
    },
)
constant = claim.parameter("constant", "1", "the factor in the bound")


claim.model(GAP, using=[a_root_is_less_than_the_mean, slope_of_the_risk, not_across_the_gap])


# ------------------------------------------------------------------------------------------- the argument


@claim.proof()
def one_point_of_the_segment(f: vec, g: vec, h: vec, t: real, b: real) -> prop:
    """If f is no worse than a network h, which is by b worse at most than a point between f and g."""
    point = (1 - t) * f + t * g
    assume(0 <= t <= 1, b >= 0, risk(f) <= risk(h), risk(h) - risk(point) <= b)
    assume(risk(point) <= (1 - t) * risk(f) + t * risk(g))
    return t * (risk(f) - risk(g)) <= constant * b


@lemma(using=[product.at(a="a - p", b="b"), product.at(a="p", b="b - q")])
def products_in_order(p: real, q: real, a: real, b: real) -> prop:
    assume(0 <= p <= a, 0 <= q <= b)
    return p * q <= a * b


@lemma(
    using=[
        square.at(v="u"),
        square.at(v="v"),
        cauchy_schwarz.at(u="u", v="v"),
        products_in_order.at(p="sq(u)", q="sq(v)", a="a**2", b="b**2"),
        product.at(a="a", b="b"),
        root_is_monotone.at(a="dot(u, v)", b="a * b"),
    ]
)
def triangle(u: vec, v: vec, a: real, b: real) -> prop:
    """The triangle inequality."""
    assume(a >= 0, b >= 0, sq(u) <= a**2, sq(v) <= b**2)
    return sq(u + v) <= (a + b) ** 2


@lemma(using=[product.at(a="b - a", b="b + a")])
def squares_in_order(a: real, b: real) -> prop:
    assume(0 <= a <= b)
    return a**2 <= b**2


POINT = "((1 - t) * star() + t * g)"
NEARBY = "nearby(star(), g, t)"


@claim.proof(
    using=[
        a_network,
        not_negative,
        nearly_convex.at(f="star()", g="g", t="t"),
        convex_risk.at(f="star()", g="g", t="t"),
        lipschitz.at(u=NEARBY, v=POINT, r="eps()"),
        product.at(a="t", b="d"),
        product.at(a="t**2", b="d**2 - sq(g - star())"),
        triangle.at(u=f"{NEARBY} - {POINT}", v="t * (g - star())", a="eps()", b="t * d"),
        squares_in_order.at(a="eps() + t * d", b="rho()"),
        local_minimum.at(f=NEARBY),
    ],
    have=["t**2 >= 0"],
    assuming=[a_network, not_negative, nearly_convex, convex_risk, lipschitz, local_minimum],
)
def almost_global(g: vec, d: real, t: real) -> prop:
    assume(network(g), d >= 0, sq(g - star()) <= d**2, 0 < t <= 1, t * d + eps() <= rho())
    return t * (risk(star()) - risk(g)) <= constant * (L() * eps())


# ------------------------------------------------------------------------------------------- an instance


@define
def line_with_a_gap(f: real, e: real) -> prop:
    return f <= 0 or f >= 2 * e


@define
def closest(c: real, e: real) -> real:
    if c <= 0 or c >= 2 * e:
        return c
    return 0 if c <= e else 2 * e


@claim.proof(using=[product.at(a="slope", b="-f")], cases=["f <= 0"])
def the_hypotheses_hold_on_the_line(f: real, c: real, e: real, slope: real) -> prop:
    """For -slope f, which is linear, and 0, which is minimal among the elements with a distance less than 2 e."""
    assume(e >= 0, slope >= 0, line_with_a_gap(f, e), abs(f) < 2 * e)
    return line_with_a_gap(closest(c, e), e) and abs(closest(c, e) - c) <= e and -slope * 0 <= -slope * f


@claim.proof(using=[product.at(a="slope", b="s")])
def nothing_is_lost(e: real, s: real, t: real, slope: real) -> prop:
    """The better element is 2 e, t d + eps is 2 e - s, and the bound is attained up to the factor 1 - s / e."""
    assume(0 < s <= e, slope >= 0, t * (2 * e) == e - s)
    gained = -slope * 0 + slope * (2 * e)
    return t * abs(2 * e) + e == 2 * e - s and t * gained == slope * (e - s) and t * gained <= constant * (slope * e)


# ------------------------------------------------------------------------------------------- what must fail


claim.sharpness(constant, refuted="99/100", proved="1")


@claim.mutant(replaces=line_with_a_gap)
def a_wider_gap(f: real, e: real) -> prop:
    """A gap of width 5 e / 2"""
    return f <= 0 or f >= 5 * e / 2


@claim.mutant(replaces=almost_global)
def any_radius(g: vec, d: real, t: real) -> prop:
    """In a ball as large as the step, without eps"""
    assume(network(g), d >= 0, sq(g - star()) <= d**2, 0 < t <= 1, t * d <= rho())
    return t * (risk(star()) - risk(g)) <= constant * (L() * eps())


@claim.mutant(replaces=one_point_of_the_segment)
def not_convex(f: vec, g: vec, h: vec, t: real, b: real) -> prop:
    """On a segment, F is at most its larger value at the ends"""
    point = (1 - t) * f + t * g
    assume(0 <= t <= 1, b >= 0, risk(f) <= risk(h), risk(h) - risk(point) <= b, risk(point) <= max(risk(f), risk(g)))
    return t * (risk(f) - risk(g)) <= constant * b
