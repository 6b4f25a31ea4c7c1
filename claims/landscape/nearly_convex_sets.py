r"""Convex functions on sets that are nearly convex: what is assumed, and a half-space beyond a gap as an example.

With s = |star|^2, the networks are the points of a half-space, in whose boundary star is, and those behind a gap of the width
|star|.  A point in the gap is moved by half of star to the nearer side.  The risk falls towards the other side, so that star is
minimal as far as the gap reaches.  Square roots of s are bounded by (1 + s) / 2, which is sharp at s = 1.
"""

from __future__ import annotations

from claims.information.dictionaries import cauchy_schwarz, square
from claims.landscape.open_parametrizations import product
from claims.optimization.roots_and_quotients import root_is_monotone
from verify import arbitrary, assume, assumption, define, dot, lemma, prop, real, sq, vec


@arbitrary
def network(f: vec) -> prop: ...


@arbitrary
def risk(f: vec) -> real: ...


@arbitrary
def nearby(f: vec, g: vec, t: real) -> vec: ...


@arbitrary
def star() -> vec: ...


@arbitrary
def L() -> real: ...


@arbitrary
def eps() -> real: ...


@arbitrary
def rho() -> real: ...


@assumption()
def nearly_convex(f: vec, g: vec, t: real) -> prop:
    assume(network(f), network(g), 0 <= t <= 1)
    return network(nearby(f, g, t)) and sq(nearby(f, g, t) - ((1 - t) * f + t * g)) <= eps() ** 2


@assumption()
def convex_risk(f: vec, g: vec, t: real) -> prop:
    assume(0 <= t <= 1)
    return risk((1 - t) * f + t * g) <= (1 - t) * risk(f) + t * risk(g)


@assumption()
def lipschitz(u: vec, v: vec, r: real) -> prop:
    assume(r >= 0, sq(u - v) <= r**2)
    return risk(u) - risk(v) <= L() * r


@assumption()
def local_minimum(f: vec) -> prop:
    assume(network(f), sq(f - star()) <= rho() ** 2)
    return risk(star()) <= risk(f)


@assumption()
def a_network() -> prop:
    return network(star())


@assumption()
def not_negative() -> prop:
    return eps() >= 0


# ------------------------------------------------------------------------------------------- an example


@define
def to_the_nearer_side(f: vec, g: vec, t: real) -> vec:
    point = (1 - t) * f + t * g
    return point - star() / 2 if 2 * dot(point, star()) <= 3 * sq(star()) else point + star() / 2


@define
def reach() -> real:
    return 7 / 8 if sq(star()) >= 1 else 0


@lemma(have=["(1 - sq(star()))**2 >= 0"])
def a_root_is_less_than_the_mean() -> prop:
    return sq(star()) / 4 <= ((1 + sq(star())) / 4) ** 2


@lemma(
    using=[
        cauchy_schwarz.at(u="v - u", v="star()"),
        square.at(v="star()"),
        product.at(a="sq(star())", b="r**2 - sq(u - v)"),
        product.at(a="(1 - sq(star()))**2", b="r**2"),
        product.at(a="1 + sq(star())", b="r"),
        root_is_monotone.at(a="dot(v - u, star())", b="(1 + sq(star())) / 2 * r"),
    ],
    have=["(1 - sq(star()))**2 >= 0", "r**2 >= 0"],
)
def slope_of_the_risk(u: vec, v: vec, r: real) -> prop:
    assume(r >= 0, sq(u - v) <= r**2)
    return -dot(u, star()) + dot(v, star()) <= (1 + sq(star())) / 2 * r


@lemma(
    cases=["sq(star()) >= 1", "dot(f, star()) <= sq(star())"],
    using=[
        cauchy_schwarz.at(u="f - star()", v="star()"),
        square.at(v="star()"),
        product.at(a="sq(star())", b="reach()**2 - sq(f - star())"),
        product.at(a="sq(star())", b="sq(star()) - 1"),
        product.at(a="dot(f, star()) - 2 * sq(star())", b="dot(f, star())"),
        root_is_monotone.at(a="dot(f - star(), star())", b="0"),
    ],
)
def not_across_the_gap(f: vec) -> prop:
    assume(dot(f, star()) <= sq(star()) or dot(f, star()) >= 2 * sq(star()), sq(f - star()) <= reach() ** 2)
    return dot(f, star()) <= sq(star())


GAP = {
    network: "dot(f, star()) <= sq(star()) or dot(f, star()) >= 2 * sq(star())",
    risk: "-dot(f, star())",
    nearby: to_the_nearer_side,
    L: "(1 + sq(star())) / 2",
    eps: "(1 + sq(star())) / 4",
    rho: reach,
}
