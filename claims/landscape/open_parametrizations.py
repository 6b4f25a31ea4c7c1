r"""Parametrizations that are open at a point, and short steps on a segment.

The parametrization maps parameters to networks, both of them vectors of one inner product space, which may be the sum of
two spaces.  It is *open* at ``star``, relative to the networks, if for every ball around ``star`` there is a ball around
its network in which each network has parameters in the first ball.  Quantifiers become functions: ``near`` chooses the
second radius, ``lift`` the parameters.  Only the risk of the lifted network is used, and only this is assumed to agree.
"""

from __future__ import annotations

from verify import arbitrary, assume, assumption, define, dot, lemma, prop, real, sq, vec


@arbitrary
def network(f: vec) -> prop: ...


@arbitrary
def realization(theta: vec) -> vec: ...


@arbitrary
def risk(f: vec) -> real: ...


@arbitrary
def star() -> vec: ...


@arbitrary
def radius() -> real: ...


@arbitrary
def near(eps: real) -> real: ...


@arbitrary
def lift(eps: real, f: vec) -> vec: ...


@arbitrary
def inverse(s: real) -> real: ...


@assumption()
def realized(theta: vec) -> prop:
    return network(realization(theta))


@assumption()
def convex_set(f: vec, g: vec, t: real) -> prop:
    assume(network(f), network(g), 0 <= t <= 1)
    return network((1 - t) * f + t * g)


@assumption()
def convex_risk(f: vec, g: vec, t: real) -> prop:
    assume(network(f), network(g), 0 <= t <= 1)
    return risk((1 - t) * f + t * g) <= (1 - t) * risk(f) + t * risk(g)


@assumption()
def local_minimum(theta: vec) -> prop:
    assume(sq(theta - star()) < radius())
    return risk(realization(star())) <= risk(realization(theta))


@assumption()
def a_ball() -> prop:
    return radius() > 0


@assumption()
def open_at_star(eps: real, f: vec) -> prop:
    assume(eps > 0, network(f), sq(f - realization(star())) < near(eps))
    return risk(realization(lift(eps, f))) == risk(f) and sq(lift(eps, f) - star()) < eps


@assumption()
def balls_of_networks(eps: real) -> prop:
    assume(eps > 0)
    return near(eps) > 0


@assumption()
def reciprocals(s: real) -> prop:
    """The language divides by numbers only."""
    assume(s > 0)
    return s * inverse(s) == 1


@define
def folded(theta: vec) -> vec:
    return theta if dot(theta, star()) <= sq(star()) else 2 * star() - theta


# onto a half-space, with a linear risk, which is minimal at star() and less beyond
FOLDED = {
    network: "dot(f, star()) <= sq(star())",
    realization: folded,
    risk: "-dot(f, star())",
    radius: "1",
    near: "eps",
    lift: "f",
    inverse: "1 / s",
}

# ------------------------------------------------------------------------------------------- numbers


@lemma()
def product(a: real, b: real) -> prop:
    assume(a >= 0, b >= 0)
    return a * b >= 0


@lemma()
def positive_product(a: real, b: real) -> prop:
    assume(a > 0, b > 0)
    return a * b > 0


@lemma(cases=["t > 0"], using=[product.at(a="a", b="-t")])
def positive_factor(a: real, t: real) -> prop:
    assume(a > 0, a * t > 0)
    return t > 0


@lemma(
    using=[
        positive_factor.at(a="d + s", t="t"),
        positive_product.at(a="t", b="d"),
        product.at(a="t", b="s"),
        product.at(a="1 - t", b="t * s"),
        positive_factor.at(a="d + s", t="1 - t + d"),
    ],
)
def a_short_step(d: real, s: real, t: real) -> prop:
    """t = d / (d + s)."""
    assume(d > 0, s >= 0, (d + s) * t == d)
    return 0 < t <= 1 and t**2 * s < d


@lemma(have=["d**2 >= 0"])
def weighted_square(c: real, d: real) -> prop:
    assume(c >= 0)
    return c * d**2 >= 0


@lemma()
def square(v: vec) -> prop:
    return sq(v) >= 0
