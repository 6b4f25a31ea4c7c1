r"""The excess of the square network: 4^m times its error, as a function on [0, 1].

With g the m-th sawtooth the excess is g - g^2.  It is 0 at the multiples of 2^-m, greatest in the middle between them,
has one value at u and 1 - u, and is subadditive.  The proof of the last is an induction along m: the tent map sends
(a, b, a + b) to three numbers of which, after u -> 1 - u in none or two of them, the last is again the sum of the others.
"""

from __future__ import annotations

from claims.approximation.square_net import midpoint
from claims.expressivity.sawtooth import sawtooth, sawtooth_range, tent, tent_left, tent_right
from verify import assume, define, hypothesis, induction, lemma, nat, prop, real, relu


@define
def modulus(x: real) -> real:
    return relu(x) + relu(-x)


@lemma()
def modulus_right(x: real) -> prop:
    assume(x >= 0)
    return modulus(x) == x


@lemma()
def modulus_left(x: real) -> prop:
    assume(x <= 0)
    return modulus(x) == -x


@lemma(using=[modulus_left, modulus_right], cases=["x >= 0"])
def modulus_half(x: real) -> prop:
    assume(-2 <= x <= 2)
    return 0 <= modulus(x) / 2 <= 1 and modulus(x) ** 2 == x**2


@lemma(using=[modulus_left, modulus_right], cases=["x >= 0", "y >= 0", "x + y >= 0"])
def modulus_of_a_sum(x: real, y: real) -> prop:
    return (
        modulus(x + y) / 2 == modulus(x) / 2 + modulus(y) / 2
        or modulus(x + y) / 2 == modulus(x) / 2 - modulus(y) / 2
        or modulus(x + y) / 2 == modulus(y) / 2 - modulus(x) / 2
    )


@define
def excess(m: nat, u: real) -> real:
    return sawtooth(m, u) - sawtooth(m, u) ** 2


@lemma(using=[sawtooth_range])
def excess_range(m: nat, u: real) -> prop:
    assume(0 <= u <= 1)
    return 0 <= excess(m, u) <= 1 / 4


@lemma()
def tent_is_symmetric(x: real) -> prop:
    return tent(1 - x) == tent(x)


@lemma(by=induction("m"), using=[tent_is_symmetric])
def excess_is_symmetric(m: nat, u: real) -> prop:
    return excess(m, 1 - u) == excess(m, u)


@lemma()
def excess_of_tent(m: nat, u: real) -> prop:
    return excess(m + 1, u) == excess(m, tent(u))


@lemma(
    by=induction("m"),
    using=[
        tent_left,
        tent_right,
        excess_of_tent,
        hypothesis(a="tent(a)", b="tent(b)"),
        hypothesis(a="1 - tent(a)", b="1 - tent(b)"),
        hypothesis(a="1 - tent(a)", b="tent(b)"),
        hypothesis(a="tent(a)", b="1 - tent(b)"),
        excess_is_symmetric.at(m="m", u="tent(a)"),
        excess_is_symmetric.at(m="m", u="tent(b)"),
        excess_is_symmetric.at(m="m", u="tent(a + b)"),
    ],
    cases=["a + b <= 1/2", "a <= 1/2", "b <= 1/2"],
)
def subadditive(m: nat, a: real, b: real) -> prop:
    assume(a >= 0, b >= 0, a + b <= 1)
    return excess(m, a + b) <= excess(m, a) + excess(m, b)


@lemma(
    by=induction("m"),
    using=[tent_left, tent_right, hypothesis(k="k", u="tent(u)"), hypothesis(k="2 * 2**m - k", u="tent(u)")],
    cases=["u <= 1/2", "k <= 0"],
)
def no_excess_on_the_grid(m: nat, k: nat, u: real) -> prop:
    assume(0 <= u <= 1, 2**m * u == k)
    return excess(m, u) == 0


@lemma(using=[midpoint])
def greatest_excess(m: nat, i: nat, u: real) -> prop:
    assume(0 <= u <= 1, i + 1 <= 2**m, 2 * 2**m * u == 2 * i + 1)
    return excess(m, u) == 1 / 4


@define
def defect(m: nat, x: real, y: real) -> real:
    return excess(m, modulus(x) / 2) + excess(m, modulus(y) / 2) - excess(m, modulus(x + y) / 2)


@lemma(
    using=[
        subadditive.at(m="m", a="1 - a", b="b"),
        excess_is_symmetric.at(m="m", u="a"),
        excess_is_symmetric.at(m="m", u="a - b"),
        excess_range,
    ],
)
def difference(m: nat, a: real, b: real) -> prop:
    assume(b >= 0, b <= a, a <= 1)
    return excess(m, a - b) <= excess(m, a) + excess(m, b)


@lemma(
    using=[
        subadditive.at(m="m", a="a", b="b"),
        difference.at(m="m", a="a", b="b"),
        difference.at(m="m", a="b", b="a"),
        excess_range,
    ],
)
def triangle(m: nat, a: real, b: real, c: real) -> prop:
    """For the lengths of the sides of a triangle that is a segment."""
    assume(0 <= a <= 1, 0 <= b <= 1, 0 <= c <= 1, c == a + b or c == a - b or c == b - a)
    return excess(m, c) <= excess(m, a) + excess(m, b)


@lemma(
    using=[
        modulus_of_a_sum.at(x="x", y="y"),
        modulus_half.at(x="x"),
        modulus_half.at(x="y"),
        modulus_half.at(x="x + y"),
        triangle.at(m="m", a="modulus(x) / 2", b="modulus(y) / 2", c="modulus(x + y) / 2"),
        modulus_left,
        excess_range,
    ],
)
def defect_is_nonnegative(m: nat, x: real, y: real) -> prop:
    assume(-1 <= x <= 1, -1 <= y <= 1)
    return defect(m, x, y) >= 0


@lemma(
    using=[
        modulus_half.at(x="x"),
        modulus_half.at(x="y"),
        modulus_half.at(x="x + y"),
        excess_range,
        defect_is_nonnegative,
    ],
)
def defect_range(m: nat, x: real, y: real) -> prop:
    assume(-1 <= x <= 1, -1 <= y <= 1)
    return 0 <= defect(m, x, y) <= 1 / 2
