r"""Quadratic forms of graphs on a cube: a bound at the corners bounds the whole cube.

x^T L x / 4 is a sum of squares with the weights of the edges, so it is convex if they are not negative; on a segment it is at
most the larger value of the ends.  Let a point have m coordinates, from the k-th on, that are 1 or -1, and k that are in between.
By induction on k, moving the last of the k to 1 and to -1, the value there is at most what the corners are at most.

Coordinates are inner products with n orthonormal vectors, so that a point is a vector and a move is a sum of vectors.
"""

from __future__ import annotations

from claims.optimization.orthonormal_vectors import e, orthogonal, orthonormal, unit_vectors
from verify import (
    arbitrary,
    assume,
    assumption,
    define,
    dot,
    hypothesis,
    implies,
    induction,
    lemma,
    nat,
    prop,
    real,
    vec,
)


@arbitrary
def w(i: nat, j: nat) -> real: ...


@arbitrary
def n() -> nat: ...


@arbitrary
def most() -> real: ...


@assumption()
def weights_are_not_negative(i: nat, j: nat) -> prop:
    return w(i, j) >= 0


@define
def row(i: nat, j: nat, x: vec) -> real:
    return 0 if i == 0 else row(i - 1, j, x) + w(i - 1, j) * (dot(x, e(i - 1)) - dot(x, e(j))) ** 2 / 4


@define
def form(m: nat, x: vec) -> real:
    return 0 if m == 0 else form(m - 1, x) + row(m - 1, m - 1, x)


@define
def different(i: nat, j: nat, x: vec) -> real:
    return 1 if dot(x, e(i)) * dot(x, e(j)) < 0 else 0


@define
def cut_row(i: nat, j: nat, x: vec) -> real:
    return 0 if i == 0 else cut_row(i - 1, j, x) + w(i - 1, j) * different(i - 1, j, x)


@define
def cut(m: nat, x: vec) -> real:
    return 0 if m == 0 else cut(m - 1, x) + cut_row(m - 1, m - 1, x)


@define
def inside(m: nat, x: vec) -> prop:
    return True if m == 0 else inside(m - 1, x) and -1 <= dot(x, e(m - 1)) <= 1


@define
def ends(m: nat, k: nat, x: vec) -> prop:
    return True if m == 0 else ends(m - 1, k, x) and dot(x, e(k + m - 1)) ** 2 == 1


@assumption()
def no_cut_is_more(m: nat, x: vec) -> prop:
    assume(m == n(), ends(m, 0, x))
    return cut(m, x) <= most()


# ------------------------------------------------------------------------------------------- convex along segments


@lemma(have=["c * a >= 0", "c * a * (1 - a) >= 0", "(p - q)**2 >= 0", "c * a * (1 - a) * (p - q)**2 >= 0"])
def a_square_is_convex(c: real, a: real, p: real, q: real) -> prop:
    assume(c >= 0, 0 <= a <= 1)
    return c * (a * p + (1 - a) * q) ** 2 / 4 <= a * (c * p**2 / 4) + (1 - a) * (c * q**2 / 4)


@lemma(
    by=induction("i"),
    using=[
        weights_are_not_negative.at(i="i", j="j"),
        a_square_is_convex.at(c="w(i, j)", a="a", p="dot(u, e(i)) - dot(u, e(j))", q="dot(v, e(i)) - dot(v, e(j))"),
    ],
    assuming=[weights_are_not_negative],
)
def rows_are_convex(i: nat, j: nat, a: real, u: vec, v: vec) -> prop:
    assume(0 <= a <= 1)
    return row(i, j, a * u + (1 - a) * v) <= a * row(i, j, u) + (1 - a) * row(i, j, v)


@lemma(
    by=induction("m"),
    using=[rows_are_convex.at(i="m", j="m", a="a", u="u", v="v")],
    assuming=[weights_are_not_negative],
)
def convex(m: nat, a: real, u: vec, v: vec) -> prop:
    """So minimising the opposite is a concave problem."""
    assume(0 <= a <= 1)
    return form(m, a * u + (1 - a) * v) <= a * form(m, u) + (1 - a) * form(m, v)


# ------------------------------------------------------------------------------------------- from the cube to corners


@lemma(by=induction("m"), using=[orthogonal.at(k="n()", i="m", j="k")])
def inside_before(m: nat, k: nat, t: real, x: vec) -> prop:
    assume(orthonormal(n()), inside(m, x), m <= k, k + 1 <= n())
    return inside(m, x + t * e(k))


@lemma(using=[orthogonal.at(k="n()", i="k", j="k + 1 + m")])
def later_coordinates(m: nat, k: nat, t: real, x: vec) -> prop:
    assume(orthonormal(n()), k + m + 2 <= n())
    return dot(x + t * e(k), e(k + 1 + m)) == dot(x, e(k + 1 + m))


@lemma(
    by=induction("m"),
    using=[
        unit_vectors.at(k="n()", i="k"),
        later_coordinates.at(m="m", k="k", t="s - dot(x, e(k))", x="x"),
    ],
)
def one_more_end(m: nat, k: nat, s: real, x: vec) -> prop:
    assume(orthonormal(n()), ends(m, k + 1, x), s**2 == 1, k + m + 1 <= n())
    return ends(m + 1, k, x + (s - dot(x, e(k))) * e(k))


@lemma(cases=["p >= 0"], have=["(p - 1) * (p + 1) == 0"])
def one_or_minus_one(p: real) -> prop:
    assume(p**2 == 1)
    return implies(p >= 0, p == 1) and implies(p < 0, p == -1)


@lemma(using=[one_or_minus_one.at(p="dot(x, e(i)) * dot(x, e(j))")])
def pairs(i: nat, j: nat, x: vec) -> prop:
    assume(dot(x, e(i)) ** 2 == 1, dot(x, e(j)) ** 2 == 1)
    return (dot(x, e(i)) - dot(x, e(j))) ** 2 / 4 == different(i, j, x)


@lemma(by=induction("i"), using=[pairs.at(i="i", j="j", x="x")])
def cut_rows(i: nat, j: nat, x: vec) -> prop:
    assume(ends(i, 0, x), dot(x, e(j)) ** 2 == 1)
    return row(i, j, x) == cut_row(i, j, x)


@lemma(by=induction("m"), using=[cut_rows.at(i="m", j="m", x="x")])
def corners_are_cuts(m: nat, x: vec) -> prop:
    """For weights of any sign."""
    assume(ends(m, 0, x))
    return form(m, x) == cut(m, x)


@lemma(have=["a * (b - p) >= 0", "(1 - a) * (b - q) >= 0"])
def a_mean_is_at_most_a_bound(a: real, p: real, q: real, b: real) -> prop:
    assume(0 <= a <= 1, p <= b, q <= b)
    return a * p + (1 - a) * q <= b


@lemma(
    by=induction("k"),
    using=[
        corners_are_cuts.at(m="m", x="x"),
        no_cut_is_more.at(m="m", x="x"),
        inside_before.at(m="k", k="k", t="1 - dot(x, e(k))", x="x"),
        inside_before.at(m="k", k="k", t="-1 - dot(x, e(k))", x="x"),
        one_more_end.at(m="m", k="k", s="1", x="x"),
        one_more_end.at(m="m", k="k", s="-1", x="x"),
        hypothesis(m="m + 1", x="x + (1 - dot(x, e(k))) * e(k)"),
        hypothesis(m="m + 1", x="x + (-1 - dot(x, e(k))) * e(k)"),
        convex.at(
            m="k + 1 + m",
            a="(1 + dot(x, e(k))) / 2",
            u="x + (1 - dot(x, e(k))) * e(k)",
            v="x + (-1 - dot(x, e(k))) * e(k)",
        ),
        a_mean_is_at_most_a_bound.at(
            a="(1 + dot(x, e(k))) / 2",
            p="form(k + 1 + m, x + (1 - dot(x, e(k))) * e(k))",
            q="form(k + 1 + m, x + (-1 - dot(x, e(k))) * e(k))",
            b="most()",
        ),
    ],
    assuming=[weights_are_not_negative, no_cut_is_more],
)
def coordinate_by_coordinate(k: nat, m: nat, x: vec) -> prop:
    assume(orthonormal(n()), inside(k, x), ends(m, k, x), k + m == n())
    return form(k + m, x) <= most()
