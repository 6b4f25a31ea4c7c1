r"""Functions that are affine between p knots and close to x^2 on [0, 1]: no piece is long.

On a piece of length L an affine function misses x^2 by at least L^2/8: look at two points near its ends, which need not
belong to it, and the middle; there the second difference of x^2 is almost L^2/2, and that of the affine function is 0.
Summing 2 p L <= 1 + p^2 L^2 <= 1 + 8 p^2 eps over the pieces gives 2 p <= p (1 + 8 p^2 eps).
"""

from __future__ import annotations

from verify import arbitrary, assume, assumption, define, induction, lemma, nat, prop, real


@arbitrary
def f(x: real) -> real: ...


@arbitrary
def knot(i: nat) -> real: ...


@arbitrary
def slope(i: nat) -> real: ...


@arbitrary
def shift(i: nat) -> real: ...


@arbitrary
def pieces() -> nat: ...


@arbitrary
def distance() -> real: ...


@assumption()
def knots_in_order(i: nat) -> prop:
    assume(i + 1 <= pieces())
    return 0 <= knot(i) <= knot(i + 1) <= 1


@assumption()
def affine(i: nat, x: real) -> prop:
    """Between neighbouring knots f is affine; at the knots it may be anything."""
    assume(i + 1 <= pieces(), knot(i) < x, x < knot(i + 1))
    return f(x) == slope(i) * x + shift(i)


@assumption()
def close(x: real) -> prop:
    assume(0 <= x <= 1)
    return abs(f(x) - x**2) <= distance()


@lemma(
    using=[
        knots_in_order.at(i="i"),
        affine.at(i="i", x="knot(i) + s"),
        affine.at(i="i", x="(knot(i) + knot(i + 1)) / 2"),
        affine.at(i="i", x="knot(i + 1) - s"),
        close.at(x="knot(i) + s"),
        close.at(x="(knot(i) + knot(i + 1)) / 2"),
        close.at(x="knot(i + 1) - s"),
    ],
    assuming=[knots_in_order, affine, close],
)
def inside_a_piece(i: nat, s: real) -> prop:
    assume(i + 1 <= pieces(), s > 0, 2 * s < knot(i + 1) - knot(i))
    return (knot(i + 1) - knot(i) - 2 * s) ** 2 <= 8 * distance()


@lemma(
    using=[
        knots_in_order.at(i="i"),
        close.at(x="0"),
        inside_a_piece.at(i="i", s="((knot(i + 1) - knot(i)) ** 2 - 8 * distance()) / 4"),
    ],
    cases=["(knot(i + 1) - knot(i))**2 <= 8 * distance()"],
    assuming=[knots_in_order, affine, close],
)
def length_of_a_piece(i: nat) -> prop:
    assume(i + 1 <= pieces())
    return (knot(i + 1) - knot(i)) ** 2 <= 8 * distance()


@lemma()
def a_square(t: real) -> prop:
    return t**2 >= 0


@lemma(using=[a_square.at(t="p"), a_square.at(t="p * length - 1")])
def arithmetic_and_geometric_mean(p: real, length: real, eps: real) -> prop:
    assume(length**2 <= 8 * eps)
    return 2 * p * length <= 1 + 8 * p**2 * eps


@lemma(
    by=induction("n"),
    using=[
        length_of_a_piece.at(i="n"),
        arithmetic_and_geometric_mean.at(p="pieces()", length="knot(n + 1) - knot(n)", eps="distance()"),
    ],
    assuming=[knots_in_order, affine, close],
)
def the_first_pieces(n: nat) -> prop:
    assume(n <= pieces())
    return 2 * pieces() * (knot(n) - knot(0)) <= n * (1 + 8 * pieces() ** 2 * distance())


# ------------------------------------------------------------------------------------------- an example


@define
def two_pieces(x: real) -> real:
    return x / 2 - 1 / 32 if x <= 1 / 2 else 3 * x / 2 - 17 / 32


@lemma(by=induction("i"))
def either_piece(i: nat, x: real) -> prop:
    assume(i + 1 <= 2, i / 2 < x, x < (i + 1) / 2)
    return two_pieces(x) == (i + 1 / 2) * x - (i**2 + i) / 4 - 1 / 32


TWO_PIECES = {
    pieces: "2",
    knot: "i / 2",
    slope: "i + 1 / 2",
    shift: "-(i ** 2 + i) / 4 - 1 / 32",
    f: two_pieces,
    distance: "1 / 32",
}
