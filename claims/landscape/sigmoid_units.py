r"""Two networks with logistic units and one input, compared at both ends of the line.

sigma(t) = 1/(1 + e^(-t)) is e^t up to e^(2t).  Let the slopes of the units be positive and different, listed with the
smallest last. If the difference of two networks vanishes for all x, divide it by e^(w x), where w is the smallest
slope, and let x go to -infinity: what remains is c e^b - d e^e = 0, where c, b and d, e belong to the units of slope w.
At +infinity, where sigma(t) = 1 - sigma(-t), it is c e^(-b) - d e^(-e) = 0.  Hence c = d, and c = 0 or b = e; both
units cancel, and the next slope is the smallest.  Instead of limits there are bounds at one point, so far away that
they contradict each other.

``side`` is 1 for the difference itself and -1 for the difference seen from the other end.
"""

from __future__ import annotations

from claims.landscape.exponential import (
    addition,
    exp,
    increasing,
    positive,
    reciprocal,
    tangent,
    times,
)
from verify import arbitrary, assume, assumption, define, induction, lemma, nat, prop, real


@arbitrary
def sigma(t: real) -> real: ...


@assumption()
def logistic(t: real) -> prop:
    return sigma(t) * (1 + exp(-t)) == 1


@arbitrary
def outer(i: nat, k: nat) -> real: ...


@arbitrary
def bias(i: nat, k: nat) -> real: ...


@arbitrary
def slope(k: nat) -> real: ...


@arbitrary
def distance() -> real: ...


@define
def steeper(n: nat, v: real) -> prop:
    """The first n slopes are at least v."""
    return True if n == 0 else steeper(n - 1, v) and slope(n - 1) >= v


@define
def separated(n: nat) -> prop:
    """The first n slopes, and 0 after them, decrease by at least ``distance`` each time."""
    if n == 0:
        return True
    return separated(n - 1) and steeper(n - 1, slope(n - 1) + distance()) and slope(n - 1) >= distance()


@define
def gap(n: nat, side: real, x: real) -> real:
    """The difference of two networks with the slopes slope(k), the biases side * bias(i, k), and no constant."""
    if n == 0:
        return 0
    return gap(n - 1, side, x) + (
        outer(0, n - 1) * sigma(slope(n - 1) * x + side * bias(0, n - 1))
        - outer(1, n - 1) * sigma(slope(n - 1) * x + side * bias(1, n - 1))
    )


@define
def size(n: nat, side: real) -> real:
    if n == 0:
        return 0
    return size(n - 1, side) + (
        abs(outer(0, n - 1)) * exp(side * bias(0, n - 1)) + abs(outer(1, n - 1)) * exp(side * bias(1, n - 1))
    )


# ------------------------------------------------------------------------------------------- one unit


@lemma(cases=["t > 0"], have=["implies(t <= 0, p * (-t) >= 0)"])
def positive_factor(p: real, t: real) -> prop:
    assume(p > 0, p * t > 0)
    return t > 0


@lemma(
    using=[
        logistic.at(t="t"),
        positive.at(t="-t"),
        positive.at(t="t"),
        reciprocal.at(t="t"),
        positive_factor.at(p="1 + exp(-t)", t="sigma(t)"),
        times.at(p="exp(t)", a="0", b="sigma(t)"),
        times.at(p="exp(t)", a="sigma(t)", b="exp(t)"),
    ],
    have=["sigma(t) + exp(t) * sigma(t) == exp(t)"],
    assuming=[addition, tangent, logistic],
)
def like_the_exponential(t: real) -> prop:
    return 0 < sigma(t) <= exp(t) and exp(t) - sigma(t) <= exp(t) ** 2


@lemma(
    using=[
        logistic.at(t="t"),
        logistic.at(t="-t"),
        reciprocal.at(t="t"),
        positive.at(t="t"),
    ],
    have=["exp(t) * sigma(t) + sigma(t) == exp(t)", "(sigma(t) + sigma(-t) - 1) * (1 + exp(t)) == 0"],
    cases=["sigma(t) + sigma(-t) > 1", "sigma(t) + sigma(-t) < 1"],
    assuming=[addition, tangent, logistic],
)
def reflected(t: real) -> prop:
    return sigma(-t) == 1 - sigma(t)


@lemma(
    cases=["c >= 0"],
    using=[
        times.at(p="c", a="0", b="r"),
        times.at(p="c", a="r", b="e"),
        times.at(p="-c", a="0", b="r"),
        times.at(p="-c", a="r", b="e"),
    ],
)
def multiple(c: real, r: real, e: real) -> prop:
    assume(0 <= r <= e)
    return abs(c * r) <= abs(c) * e


@lemma(
    using=[
        like_the_exponential.at(t="w * x + b"),
        addition.at(s="w * x", t="b"),
        increasing.at(s="w * x", t="v * x"),
        positive.at(t="b"),
        times.at(p="exp(b)", a="exp(w * x)", b="exp(v * x)"),
        times.at(p="-x", a="v", b="w"),
        multiple.at(c="c", r="sigma(w * x + b)", e="exp(b) * exp(v * x)"),
    ],
    assuming=[addition, tangent, logistic],
)
def one_unit(c: real, w: real, v: real, b: real, x: real) -> prop:
    assume(w >= v, x <= 0)
    return abs(c * sigma(w * x + b)) <= abs(c) * exp(b) * exp(v * x)


@lemma(
    have=["abs(g + (u - v)) <= abs(g) + abs(u) + abs(v)"],
)
def added(g: real, u: real, v: real, S: real, U: real, V: real, E: real) -> prop:
    assume(abs(g) <= S * E, abs(u) <= U * E, abs(v) <= V * E)
    return abs(g + (u - v)) <= (S + (U + V)) * E


@lemma(
    by=induction("n"),
    using=[
        one_unit.at(c="outer(0, n)", w="slope(n)", v="v", b="side * bias(0, n)", x="x"),
        one_unit.at(c="outer(1, n)", w="slope(n)", v="v", b="side * bias(1, n)", x="x"),
        added.at(
            g="gap(n, side, x)",
            u="outer(0, n) * sigma(slope(n) * x + side * bias(0, n))",
            v="outer(1, n) * sigma(slope(n) * x + side * bias(1, n))",
            S="size(n, side)",
            U="abs(outer(0, n)) * exp(side * bias(0, n))",
            V="abs(outer(1, n)) * exp(side * bias(1, n))",
            E="exp(v * x)",
        ),
    ],
    assuming=[addition, tangent, logistic],
)
def all_units(n: nat, v: real, side: real, x: real) -> prop:
    assume(steeper(n, v), x <= 0)
    return abs(gap(n, side, x)) <= size(n, side) * exp(v * x)
