r"""One hidden layer of ReLU units on a line: every convex bend needs a unit with positive outer weight that changes its phase.

A unit changes its phase at most once along increasing points.  At three neighbouring points a, a + 1, a + 2 the ReLU lies
on or below the line through its outer values, and on it unless the unit changes between a and a + 2.  So where the network
is strictly below such a line, some unit with positive outer weight changes; where it is above, some other unit.
"""

from __future__ import annotations

from verify import arbitrary, assume, define, iff, implies, induction, lemma, nat, prop, real, relu


@arbitrary
def inner(u: nat) -> real: ...


@arbitrary
def bias(u: nat) -> real: ...


@arbitrary
def outer(u: nat) -> real: ...


@arbitrary
def point(i: nat) -> real: ...


@define
def unit(u: nat, i: nat) -> real:
    return relu(inner(u) * point(i) + bias(u))


@define
def shallow(n: nat, i: nat) -> real:
    """One hidden layer of n units, at the point number i."""
    return outer(0) if n == 0 else shallow(n - 1, i) + outer(n) * unit(n, i)


@define
def changed(u: nat, i: nat) -> nat:
    """1 if unit u is in another phase at the point i than at the point 0, else 0."""
    if inner(u) * point(0) + bias(u) >= 0:
        return 0 if inner(u) * point(i) + bias(u) >= 0 else 1
    return 1 if inner(u) * point(i) + bias(u) >= 0 else 0


@define
def convex(n: nat, i: nat) -> nat:
    """How many of the first n units with positive outer weight have changed at the point i."""
    if n == 0:
        return 0
    return convex(n - 1, i) + changed(n, i) if outer(n) > 0 else convex(n - 1, i)


@define
def concave(n: nat, i: nat) -> nat:
    """How many of the others have changed."""
    if n == 0:
        return 0
    return concave(n - 1, i) if outer(n) > 0 else concave(n - 1, i) + changed(n, i)


@define
def bend(a: nat, n: nat) -> real:
    """Positive if the network lies below a line at the points a, a + 1, a + 2: convex there."""
    return (
        (point(a + 2) - point(a + 1)) * shallow(n, a)
        + (point(a + 1) - point(a)) * shallow(n, a + 2)
        - (point(a + 2) - point(a)) * shallow(n, a + 1)
    )


@define
def bend_of_unit(a: nat, u: nat) -> real:
    return (
        (point(a + 2) - point(a + 1)) * unit(u, a)
        + (point(a + 1) - point(a)) * unit(u, a + 2)
        - (point(a + 2) - point(a)) * unit(u, a + 1)
    )


@lemma(
    cases=["inner(u) >= 0"],
    have=[
        "implies(inner(u) >= 0, inner(u) * (point(i) - point(0)) >= 0 and inner(u) * (point(i + 1) - point(i)) >= 0)",
        "implies(inner(u) <= 0, inner(u) * (point(i) - point(0)) <= 0 and inner(u) * (point(i + 1) - point(i)) <= 0)",
    ],
)
def a_unit_changes_once(u: nat, i: nat) -> prop:
    assume(point(0) <= point(i) < point(i + 1))
    return changed(u, i) <= changed(u, i + 1)


@lemma()
def relu_is_convex(x: real, y: real, z: real, p: real, q: real) -> prop:
    """At three points with the middle one dividing as q to p; affine if the outer ones are in the same phase."""
    assume(p >= 0, q >= 0, (p + q) * y == q * x + p * z)
    return q * relu(x) + p * relu(z) - (p + q) * relu(y) >= 0 and implies(
        iff(x >= 0, z >= 0), q * relu(x) + p * relu(z) - (p + q) * relu(y) == 0
    )


@lemma(
    using=[
        relu_is_convex.at(
            x="inner(u) * point(a) + bias(u)",
            y="inner(u) * point(a + 1) + bias(u)",
            z="inner(u) * point(a + 2) + bias(u)",
            p="point(a + 1) - point(a)",
            q="point(a + 2) - point(a + 1)",
        ),
    ],
)
def bend_of_a_unit(u: nat, a: nat) -> prop:
    assume(point(a) < point(a + 1), point(a + 1) < point(a + 2))
    return bend_of_unit(a, u) >= 0 and (bend_of_unit(a, u) == 0 or changed(u, a) != changed(u, a + 2))


@lemma()
def one_unit_more(n: nat, a: nat) -> prop:
    return bend(a, n + 1) == bend(a, n) + outer(n + 1) * bend_of_unit(a, n + 1)


@lemma(
    using=[
        bend_of_a_unit.at(u="u", a="a"),
        a_unit_changes_once.at(u="u", i="a"),
        a_unit_changes_once.at(u="u", i="a + 1"),
        bend_of_a_unit,
        a_unit_changes_once,
    ],
)
def step_of_a_unit(u: nat, a: nat) -> prop:
    assume(point(0) <= point(a) < point(a + 1), point(a + 1) < point(a + 2))
    return (
        bend_of_unit(a, u) >= 0
        and changed(u, a) <= changed(u, a + 2)
        and (bend_of_unit(a, u) == 0 or changed(u, a) + 1 <= changed(u, a + 2))
    )


@lemma(cases=["c > 0"])
def product_of_signs(c: real, d: real) -> prop:
    assume(d >= 0)
    return (c > 0 or c * d <= 0) and (c <= 0 or c * d >= 0)


@lemma(
    using=[
        one_unit_more,
        one_unit_more.at(n="n", a="a"),
        step_of_a_unit.at(u="n + 1", a="a"),
        product_of_signs.at(c="outer(n + 1)", d="bend_of_unit(a, n + 1)"),
    ],
    cases=["outer(n + 1) > 0"],
)
def one_more_convex(n: nat, a: nat) -> prop:
    assume(point(0) <= point(a) < point(a + 1), point(a + 1) < point(a + 2))
    return convex(n + 1, a) - convex(n, a) <= convex(n + 1, a + 2) - convex(n, a + 2) and (
        bend(a, n + 1) <= bend(a, n) or convex(n + 1, a) - convex(n, a) + 1 <= convex(n + 1, a + 2) - convex(n, a + 2)
    )


@lemma(by=induction("n"), using=[one_more_convex, one_more_convex.at(n="n", a="a")])
def convex_bends(n: nat, a: nat) -> prop:
    assume(point(0) <= point(a) < point(a + 1), point(a + 1) < point(a + 2))
    return convex(n, a) <= convex(n, a + 2) and (bend(a, n) <= 0 or convex(n, a) + 1 <= convex(n, a + 2))


@lemma(
    using=[
        one_unit_more,
        one_unit_more.at(n="n", a="a"),
        step_of_a_unit.at(u="n + 1", a="a"),
        product_of_signs.at(c="outer(n + 1)", d="bend_of_unit(a, n + 1)"),
    ],
    cases=["outer(n + 1) > 0"],
)
def one_more_concave(n: nat, a: nat) -> prop:
    assume(point(0) <= point(a) < point(a + 1), point(a + 1) < point(a + 2))
    return concave(n + 1, a) - concave(n, a) <= concave(n + 1, a + 2) - concave(n, a + 2) and (
        bend(a, n + 1) >= bend(a, n)
        or concave(n + 1, a) - concave(n, a) + 1 <= concave(n + 1, a + 2) - concave(n, a + 2)
    )


@lemma(by=induction("n"), using=[one_more_concave, one_more_concave.at(n="n", a="a")])
def concave_bends(n: nat, a: nat) -> prop:
    assume(point(0) <= point(a) < point(a + 1), point(a + 1) < point(a + 2))
    return concave(n, a) <= concave(n, a + 2) and (bend(a, n) >= 0 or concave(n, a) + 1 <= concave(n, a + 2))


@lemma(by=induction("n"))
def all_units(n: nat, i: nat, j: nat) -> prop:
    return convex(n, i) + concave(n, j) <= n


@define
def above_and_below(n: nat, m: nat) -> prop:
    """The points 0, ..., 2m increase, and the network is positive at the even ones and not at the odd ones."""
    if m == 0:
        return shallow(n, 0) > 0
    return (
        above_and_below(n, m - 1)
        and point(2 * m - 2) < point(2 * m - 1)
        and point(2 * m - 1) < point(2 * m)
        and shallow(n, 2 * m - 1) <= 0
        and shallow(n, 2 * m) > 0
    )


@lemma(by=induction("m"))
def last_point(m: nat, n: nat) -> prop:
    assume(above_and_below(n, m))
    return point(0) <= point(2 * m) and shallow(n, 2 * m) > 0


@lemma()
def below_a_line(p: real, q: real, u: real, v: real, w: real) -> prop:
    assume(p > 0, q > 0, u > 0, v <= 0, w > 0)
    return q * u + p * w - (p + q) * v > 0


@lemma()
def above_a_line(p: real, q: real, u: real, v: real, w: real) -> prop:
    assume(p > 0, q > 0, u <= 0, v > 0, w <= 0)
    return q * u + p * w - (p + q) * v < 0


@lemma(
    by=induction("m"),
    using=[
        last_point.at(m="m", n="n"),
        convex_bends.at(n="n", a="2 * m"),
        below_a_line.at(
            p="point(2 * m + 1) - point(2 * m)",
            q="point(2 * m + 2) - point(2 * m + 1)",
            u="shallow(n, 2 * m)",
            v="shallow(n, 2 * m + 1)",
            w="shallow(n, 2 * m + 2)",
        ),
    ],
    have=["bend(2 * m, n) > 0"],
)
def positive_units(m: nat, n: nat) -> prop:
    assume(above_and_below(n, m))
    return convex(n, 2 * m) >= m


@lemma(
    by=induction("m"),
    using=[
        last_point.at(m="m", n="n"),
        last_point.at(m="m + 1", n="n"),
        concave_bends.at(n="n", a="2 * m + 1"),
        above_a_line.at(
            p="point(2 * m + 2) - point(2 * m + 1)",
            q="point(2 * m + 3) - point(2 * m + 2)",
            u="shallow(n, 2 * m + 1)",
            v="shallow(n, 2 * m + 2)",
            w="shallow(n, 2 * m + 3)",
        ),
    ],
    have=["above_and_below(n, m + 1)", "bend(2 * m + 1, n) < 0"],
)
def negative_units(m: nat, n: nat) -> prop:
    assume(above_and_below(n, m + 1))
    return concave(n, 2 * m + 1) >= m
