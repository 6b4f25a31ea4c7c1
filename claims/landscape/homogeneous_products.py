r"""Three factors: (1 - u v w)^2 and mu/3 (|u|^3 + |v|^3 + |w|^3), a penalty, as homogeneous as the product.

By the inequality between the arithmetic and the geometric mean, the sum of the cubes of |u|, |v|, |w| is at least 3 u v w; so the
objective is at least (1 - q)^2 + mu q, a parabola in q = u v w, where q >= 0, and equal to it where u = v = w.
"""

from __future__ import annotations

from verify import assume, define, implies, lemma, prop, real


@define
def cube(t: real) -> real:
    return abs(t) ** 3


@define
def product_of_three(u: real, v: real, w: real, lam3: real) -> real:
    return (1 - u * v * w) ** 2 + lam3 / 3 * (cube(u) + cube(v) + cube(w))


@lemma(have=["t**2 >= 0"])
def weighted_square(x: real, t: real) -> prop:
    assume(x >= 0)
    return x * t**2 >= 0


@lemma(
    using=[
        weighted_square.at(x="a + b + c", t="a - b"),
        weighted_square.at(x="a + b + c", t="b - c"),
        weighted_square.at(x="a + b + c", t="c - a"),
    ]
)
def means(a: real, b: real, c: real) -> prop:
    assume(a >= 0, b >= 0, c >= 0)
    return 3 * a * b * c <= a**3 + b**3 + c**3


@lemma(have=["(s - q) * (t + w) >= 0", "(s + q) * (t - w) >= 0", "(s - q) * (t - w) >= 0", "(s + q) * (t + w) >= 0"])
def bounded_product(q: real, s: real, w: real, t: real) -> prop:
    assume(-s <= q <= s, -t <= w <= t)
    return -(s * t) <= q * w <= s * t


@lemma(
    using=[
        means.at(a="a", b="b", c="c"),
        bounded_product.at(q="u", s="a", w="v", t="b"),
        bounded_product.at(q="u * v", s="a * b", w="w", t="c"),
    ]
)
def means_of_bounds(u: real, v: real, w: real, a: real, b: real, c: real) -> prop:
    assume(-a <= u <= a, -b <= v <= b, -c <= w <= c)
    return 3 * u * v * w <= a**3 + b**3 + c**3


@lemma(cases=["t >= 0"])
def between(t: real) -> prop:
    return -abs(t) <= t <= abs(t)


@lemma(
    using=[
        between.at(t="u"),
        between.at(t="v"),
        between.at(t="w"),
        means_of_bounds.at(u="u", v="v", w="w", a="abs(u)", b="abs(v)", c="abs(w)"),
    ]
)
def means_of_cubes(u: real, v: real, w: real) -> prop:
    return 3 * u * v * w <= cube(u) + cube(v) + cube(w)


@lemma(have=["mu * (s - 3 * q) >= 0", "(mu - 2) * s >= 0", "q**2 >= 0"], cases=["q >= 0"])
def above_one(q: real, s: real, mu: real) -> prop:
    assume(mu >= 2, 3 * q <= s, s >= 0)
    return (1 - q) ** 2 + mu / 3 * s >= 1


@lemma(have=["abs(t) >= 0", "t**2 >= 0"], cases=["t >= 0"])
def cubes_are_not_negative(t: real) -> prop:
    return cube(t) >= 0 and implies(t >= 0, cube(t) == t**3)


@lemma(
    using=[
        means_of_cubes.at(u="u", v="v", w="w"),
        cubes_are_not_negative.at(t="u"),
        cubes_are_not_negative.at(t="v"),
        cubes_are_not_negative.at(t="w"),
        above_one.at(q="u * v * w", s="cube(u) + cube(v) + cube(w)", mu="mu"),
    ]
)
def nowhere_less(u: real, v: real, w: real, mu: real) -> prop:
    assume(mu >= 2)
    return product_of_three(u, v, w, mu) >= 1


@lemma()
def negative_product(a: real, b: real) -> prop:
    assume(a > 0, b < 0)
    return a * b < 0


@lemma(have=["mu * (s - 3 * q) >= 0", "(q - 1 + mu / 2)**2 >= 0"])
def above_the_parabola(q: real, s: real, mu: real) -> prop:
    assume(mu >= 0, 3 * q <= s)
    return (1 - q) ** 2 + mu / 3 * s >= mu - mu**2 / 4


@lemma(using=[cubes_are_not_negative.at(t="t")], have=["t**3 == 1 - mu / 2", "t**6 == (1 - mu / 2)**2"])
def at_the_root(t: real, mu: real) -> prop:
    assume(t >= 0, t**3 == 1 - mu / 2)
    return product_of_three(t, t, t, mu) == mu - mu**2 / 4
