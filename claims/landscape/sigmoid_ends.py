r"""At both ends of the line, the units of the smallest slope cancel: one step of the comparison of two networks.

For the mathematics see ``sigmoid_units``.  A number that is at most k e^(-r y) for a y with r a y = k, where a is its
absolute value, is 0, as e^(-r y) (1 + r y) <= 1: this replaces the limit for y to infinity.
"""

from __future__ import annotations

from claims.landscape.exponential import (
    addition,
    decay,
    exp,
    increasing,
    one_to_one,
    positive,
    reciprocal,
    tangent,
    times,
)
from claims.landscape.sigmoid_units import (
    all_units,
    bias,
    distance,
    gap,
    like_the_exponential,
    logistic,
    multiple,
    outer,
    separated,
    sigma,  # noqa: F401
    size,
    slope,  # noqa: F401
    steeper,
)
from verify import arbitrary, assume, assumption, define, induction, lemma, nat, prop, real


@arbitrary
def quotient(k: real, p: real) -> real: ...


@assumption()
def quotients(k: real, p: real) -> prop:
    """The quotient k / p, which the language has for numbers p only."""
    assume(p > 0)
    return p * quotient(k, p) == k


# ------------------------------------------------------------------------------------------- far away


@lemma(using=[times.at(p="1 + z", a="a", b="k * e"), times.at(p="k", a="e * (1 + z)", b="1")])
def decayed(a: real, k: real, e: real, z: real) -> prop:
    assume(k >= 0, z >= 0, a <= k * e, e * (1 + z) <= 1)
    return a * (1 + z) <= k


@lemma(
    using=[
        decay.at(t="r * y"),
        times.at(p="1 + r * y", a="a", b="k * exp(-r * y)"),
        times.at(p="k", a="exp(-r * y) * (1 + r * y)", b="1"),
    ],
    have=["r * y >= 0", "a + r * a * y <= k"],
    cases=["a > 0"],
    assuming=[addition, tangent],
)
def below_a_decay(a: real, k: real, r: real, y: real) -> prop:
    """y is so large that r a y = k."""
    assume(a >= 0, k >= 0, r > 0, y >= 0, a <= k * exp(-r * y), r * a * y == k)
    return a == 0


@define
def reach(k: real, a: real) -> real:
    """-k / (r |a|), where r is the distance: the point at which a number a is seen to be 0."""
    return -quotient(k, distance() * abs(a))


@lemma(
    using=[quotients.at(k="k", p="distance() * abs(a)")],
    have=["distance() * abs(a) > 0", "implies(reach(k, a) > 0, distance() * abs(a) * reach(k, a) > 0)"],
    assuming=[quotients],
)
def far_enough(k: real, a: real) -> prop:
    assume(k >= 0, distance() > 0, abs(a) > 0)
    return reach(k, a) <= 0 and distance() * abs(a) * (-reach(k, a)) == k


@lemma(
    by=induction("n"),
    using=[
        positive.at(t="side * bias(0, n)"),
        positive.at(t="side * bias(1, n)"),
        times.at(p="abs(outer(0, n))", a="0", b="exp(side * bias(0, n))"),
        times.at(p="abs(outer(1, n))", a="0", b="exp(side * bias(1, n))"),
    ],
    assuming=[addition, tangent],
)
def size_is_not_negative(n: nat, side: real) -> prop:
    return size(n, side) >= 0


@lemma(
    using=[
        size_is_not_negative.at(n="n", side="side"),
        far_enough.at(k="size(n, side)", a="h"),
        all_units.at(n="n", v="distance()", side="side", x="reach(size(n, side), h)"),
        below_a_decay.at(a="abs(h)", k="size(n, side)", r="distance()", y="-reach(size(n, side), h)"),
    ],
    cases=["abs(h) > 0"],
    assuming=[addition, tangent, logistic, quotients],
)
def constant_is_zero(n: nat, side: real, h: real) -> prop:
    """It is enough that the units are equal to h at one point, which is far away."""
    assume(steeper(n, distance()), distance() > 0, gap(n, side, reach(size(n, side), h)) == h)
    return h == 0


# ------------------------------------------------------------------------------------------- the smallest slope


@define
def lead(n: nat, side: real) -> real:
    """The coefficient of e^(w x) at the end, w being the slope of unit n."""
    return outer(0, n) * exp(side * bias(0, n)) - outer(1, n) * exp(side * bias(1, n))


@define
def remainder(n: nat, side: real) -> real:
    return (
        abs(outer(0, n)) * exp(side * bias(0, n)) ** 2 + abs(outer(1, n)) * exp(side * bias(1, n)) ** 2 + size(n, side)
    )


@lemma(cases=["t <= 0"], have=["implies(t > 0, p * t > 0)"])
def not_positive_factor(p: real, t: real) -> prop:
    assume(p > 0, p * t <= 0)
    return t <= 0


@lemma(cases=["A >= 0"])
def three_terms(E: real, A: real, u: real, v: real, g: real, U: real, V: real, W: real) -> prop:
    assume(E > 0, u - v - g == E * A, abs(u) <= U, abs(v) <= V, abs(g) <= W)
    return E * abs(A) <= U + V + W


@lemma(
    using=[times.at(p="P**2", a="E", b="F"), times.at(p="abs(c)", a="P**2 * E", b="P**2 * F")],
    have=["P**2 >= 0", "abs(c) >= 0"],
)
def weighted(c: real, P: real, E: real, F: real) -> prop:
    assume(E <= F)
    return abs(c) * P**2 * E <= abs(c) * P**2 * F


@lemma(
    using=[
        multiple.at(c="c", r="E * P - r", e="(E * P)**2"),
        multiple.at(c="d", r="E * Q - s", e="(E * Q)**2"),
        three_terms.at(
            E="E",
            A="c * P - d * Q",
            u="c * (E * P - r)",
            v="d * (E * Q - s)",
            g="g",
            U="abs(c) * (E * P)**2",
            V="abs(d) * (E * Q)**2",
            W="S * E * F",
        ),
        not_positive_factor.at(p="E", t="abs(c * P - d * Q) - abs(c) * E * P**2 - abs(d) * E * Q**2 - S * F"),
        weighted.at(c="c", P="P", E="E", F="F"),
        weighted.at(c="d", P="Q", E="E", F="F"),
    ],
)
def divided(E: real, F: real, c: real, d: real, P: real, Q: real, S: real, g: real, r: real, s: real) -> prop:
    assume(0 < E <= F, g + (c * r - d * s) == 0, abs(g) <= S * E * F)
    assume(0 <= E * P - r <= (E * P) ** 2, 0 <= E * Q - s <= (E * Q) ** 2)
    return abs(c * P - d * Q) <= (abs(c) * P**2 + abs(d) * Q**2 + S) * F


@lemma(
    using=[
        like_the_exponential.at(t="slope(n) * x + side * bias(0, n)"),
        like_the_exponential.at(t="slope(n) * x + side * bias(1, n)"),
        addition.at(s="slope(n) * x", t="side * bias(0, n)"),
        addition.at(s="slope(n) * x", t="side * bias(1, n)"),
        addition.at(s="slope(n) * x", t="distance() * x"),
        increasing.at(s="slope(n) * x", t="distance() * x"),
        positive.at(t="slope(n) * x"),
        times.at(p="-x", a="distance()", b="slope(n)"),
        all_units.at(n="n", v="slope(n) + distance()", side="side", x="x"),
        divided.at(
            E="exp(slope(n) * x)",
            F="exp(distance() * x)",
            c="outer(0, n)",
            d="outer(1, n)",
            P="exp(side * bias(0, n))",
            Q="exp(side * bias(1, n))",
            S="size(n, side)",
            g="gap(n, side, x)",
            r="sigma(slope(n) * x + side * bias(0, n))",
            s="sigma(slope(n) * x + side * bias(1, n))",
        ),
    ],
    assuming=[addition, tangent, logistic],
)
def small_lead(n: nat, side: real, x: real) -> prop:
    assume(separated(n + 1), x <= 0, gap(n + 1, side, x) == 0)
    return abs(lead(n, side)) <= remainder(n, side) * exp(distance() * x)


@lemma(
    using=[
        size_is_not_negative.at(n="n", side="side"),
        times.at(p="abs(outer(0, n))", a="0", b="exp(side * bias(0, n))**2"),
        times.at(p="abs(outer(1, n))", a="0", b="exp(side * bias(1, n))**2"),
    ],
    have=["exp(side * bias(0, n))**2 >= 0", "exp(side * bias(1, n))**2 >= 0"],
    assuming=[addition, tangent],
)
def remainder_is_not_negative(n: nat, side: real) -> prop:
    return remainder(n, side) >= 0


@lemma(
    using=[
        small_lead.at(n="n", side="side", x="-y"),
        decay.at(t="distance() * y"),
        remainder_is_not_negative.at(n="n", side="side"),
        decayed.at(a="abs(lead(n, side))", k="remainder(n, side)", e="exp(-distance() * y)", z="distance() * y"),
    ],
    have=["distance() * y >= 0"],
    assuming=[addition, tangent, logistic],
)
def lead_at_a_point(n: nat, side: real, y: real) -> prop:
    assume(separated(n + 1), distance() > 0, y >= 0, gap(n + 1, side, -y) == 0)
    return abs(lead(n, side)) * (1 + distance() * y) <= remainder(n, side)


# ------------------------------------------------------------------------------------------- one slope after another


@lemma(have=["implies(t > 0, p * t > 0)", "implies(t < 0, p * (-t) > 0)"])
def zero_factor(p: real, t: real) -> prop:
    assume(p > 0, p * t == 0)
    return t == 0


@lemma(
    using=[
        reciprocal.at(t="b"),
        reciprocal.at(t="e"),
        positive.at(t="b"),
        positive.at(t="e"),
        zero_factor.at(p="exp(b) + exp(e)", t="c - d"),
        zero_factor.at(p="c", t="exp(b) - exp(e)"),
        zero_factor.at(p="-c", t="exp(b) - exp(e)"),
        one_to_one.at(s="b", t="e"),
    ],
    have=["c * exp(e) == d * exp(b)", "(exp(b) + exp(e)) * (c - d) == 0", "c == d", "c * (exp(b) - exp(e)) == 0"],
    cases=["c > 0", "c < 0"],
    assuming=[addition, tangent],
)
def two_ends(c: real, d: real, b: real, e: real) -> prop:
    assume(c * exp(b) - d * exp(e) == 0, c * exp(-b) - d * exp(-e) == 0)
    return c == d and (c == 0 or b == e)
