r"""The worst smooth function of gradient descent with short steps, on the line: its derivative is 1 at each iterate.

Between the iterates 0, -t, ..., -nt the derivative dips by tents of the slopes -1 and 1; right of 0 it is 1, and left of -nt it falls
to 0 and stays there.  So each step of gradient descent of length t <= 1 gains as little as it can (Abbaszadehpeivasti, de Klerk
and Zamani 2022).  That the derivative is 1-Lipschitz, and the function between the parabolas that this means, is shown piece by
piece: if it holds for x and p and for p and y, it holds for x and y (``joined``).
"""

from __future__ import annotations

from claims.optimization.smooth_functions import product
from verify import assume, define, hypothesis, induction, lemma, nat, prop, real


@define
def near(a: real, s: real, b: real, u: real, h: real) -> prop:
    """Of values a, b and slopes s, u at x and x + h: the slopes differ by at most h, the function lies between parabolas."""
    return -h <= u - s <= h and -(h**2) / 2 <= b - a - s * h <= h**2 / 2 and -(h**2) / 2 <= a - b + u * h <= h**2 / 2


@lemma(
    using=[
        product.at(x="k", y="h - (v - s)"),
        product.at(x="k", y="h + (v - s)"),
        product.at(x="h", y="k - (u - v)"),
        product.at(x="h", y="k + (u - v)"),
    ],
)
def joined(a: real, s: real, c: real, v: real, b: real, u: real, h: real, k: real) -> prop:
    """Values a, c, b and slopes s, v, u at x, x + h and x + h + k."""
    assume(h >= 0, k >= 0, near(a, s, c, v, h), near(c, v, b, u, k))
    return near(a, s, b, u, h + k)


# ------------------------------------------------------------------------------------------- the pieces


@define
def last(x: real) -> real:
    return (x if x >= 0 else x + x**2 / 2) if x >= -1 else -1 / 2


@define
def last_slope(x: real) -> real:
    return (1 if x >= 0 else 1 + x) if x >= -1 else 0


@define
def first(t: real, x: real) -> real:
    return (x if x >= 0 else x + x**2 / 2) if x >= -t / 2 else x + t**2 / 4 - (x + t) ** 2 / 2


@define
def first_slope(t: real, x: real) -> real:
    return (1 if x >= 0 else 1 + x) if x >= -t / 2 else 1 - (x + t)


@define
def tents(n: nat, t: real, x: real) -> real:
    if n == 0:
        return last(x)
    return first(t, x) if x >= -t else tents(n - 1, t, x + t) - (t - t**2 / 4)


@define
def slope(n: nat, t: real, x: real) -> real:
    if n == 0:
        return last_slope(x)
    return first_slope(t, x) if x >= -t else slope(n - 1, t, x + t)


@lemma()
def last_is_smooth(x: real, h: real) -> prop:
    assume(h >= 0)
    return (
        -h <= last_slope(x + h) - last_slope(x) <= h
        and -(h**2) / 2 <= last(x + h) - last(x) - last_slope(x) * h <= h**2 / 2
        and -(h**2) / 2 <= last(x) - last(x + h) + last_slope(x + h) * h <= h**2 / 2
    )


@lemma()
def first_is_smooth(t: real, x: real, h: real) -> prop:
    assume(t >= 0, x >= -t, h >= 0)
    return (
        -h <= first_slope(t, x + h) - first_slope(t, x) <= h
        and -(h**2) / 2 <= first(t, x + h) - first(t, x) - first_slope(t, x) * h <= h**2 / 2
        and -(h**2) / 2 <= first(t, x) - first(t, x + h) + first_slope(t, x + h) * h <= h**2 / 2
    )


@lemma(by=induction("n"))
def at_the_first_iterate(n: nat, t: real) -> prop:
    assume(t >= 0)
    return tents(n, t, 0) == 0 and slope(n, t, 0) == 1


@lemma()
def right_of_the_second_iterate(n: nat, t: real, x: real) -> prop:
    assume(t >= 0, x >= -t)
    return tents(n + 1, t, x) == first(t, x) and slope(n + 1, t, x) == first_slope(t, x)


@lemma(using=[at_the_first_iterate.at(n="n", t="t")], cases=["x >= -t"])
def left_of_the_second_iterate(n: nat, t: real, x: real) -> prop:
    assume(t >= 0, x <= -t)
    return tents(n + 1, t, x) == tents(n, t, x + t) - (t - t**2 / 4) and slope(n + 1, t, x) == slope(n, t, x + t)


@lemma(using=[last_is_smooth.at(x="x", h="h")])
def last_is_near(x: real, h: real) -> prop:
    assume(h >= 0)
    return near(last(x), last_slope(x), last(x + h), last_slope(x + h), h)


@lemma(
    using=[
        first_is_smooth.at(t="t", x="x", h="h"),
        right_of_the_second_iterate.at(n="n", t="t", x="x"),
        right_of_the_second_iterate.at(n="n", t="t", x="x + h"),
    ]
)
def both_right(n: nat, t: real, x: real, h: real) -> prop:
    assume(t >= 0, h >= 0, x >= -t)
    return near(tents(n + 1, t, x), slope(n + 1, t, x), tents(n + 1, t, x + h), slope(n + 1, t, x + h), h)


@lemma(
    using=[
        left_of_the_second_iterate.at(n="n", t="t", x="x"),
        left_of_the_second_iterate.at(n="n", t="t", x="x + h"),
    ]
)
def both_left(n: nat, t: real, x: real, h: real) -> prop:
    assume(t >= 0, h >= 0, x + h <= -t)
    assume(near(tents(n, t, x + t), slope(n, t, x + t), tents(n, t, x + t + h), slope(n, t, x + t + h), h))
    return near(tents(n + 1, t, x), slope(n + 1, t, x), tents(n + 1, t, x + h), slope(n + 1, t, x + h), h)


@lemma(
    by=induction("n"),
    using=[
        last_is_near.at(x="x", h="h"),
        both_right.at(n="n", t="t", x="x", h="h"),
        hypothesis(t="t", x="x + t", h="h"),
        both_left.at(n="n", t="t", x="x", h="h"),
        hypothesis(t="t", x="x + t", h="-t - x"),
        both_left.at(n="n", t="t", x="x", h="-t - x"),
        both_right.at(n="n", t="t", x="-t", h="x + h + t"),
        joined.at(
            a="tents(n + 1, t, x)",
            s="slope(n + 1, t, x)",
            c="tents(n + 1, t, -t)",
            v="slope(n + 1, t, -t)",
            b="tents(n + 1, t, x + h)",
            u="slope(n + 1, t, x + h)",
            h="-t - x",
            k="x + h + t",
        ),
    ],
    cases=["x >= -t", "x + h <= -t"],
)
def tents_are_smooth(n: nat, t: real, x: real, h: real) -> prop:
    assume(t >= 0, h >= 0)
    return near(tents(n, t, x), slope(n, t, x), tents(n, t, x + h), slope(n, t, x + h), h)


# ------------------------------------------------------------------------------------------- gradient descent


@define
def iterate(i: nat, n: nat, t: real) -> real:
    return 0 if i == 0 else iterate(i - 1, n, t) - t * slope(n, t, iterate(i - 1, n, t))


@lemma(by=induction("n", "i"), using=[at_the_first_iterate.at(n="n", t="t")], cases=["i >= 1"])
def slopes_at_the_iterates(n: nat, i: nat, t: real) -> prop:
    assume(t >= 0, i <= n)
    return slope(n, t, -i * t) == 1


@lemma(by=induction("i"), using=[slopes_at_the_iterates.at(n="n", i="i", t="t")])
def iterates(i: nat, n: nat, t: real) -> prop:
    assume(t >= 0, i <= n)
    return iterate(i, n, t) == -i * t


@lemma(using=[product.at(x="t", y="1 - t"), product.at(x="x + t", y="-t / 2 - x"), product.at(x="x + 1", y="x + 1")])
def first_is_above_its_end(t: real, x: real) -> prop:
    assume(0 <= t <= 1, x >= -t)
    return first(t, x) >= -(t - t**2 / 4)


@lemma(
    by=induction("n"),
    using=[
        first_is_above_its_end.at(t="t", x="x"),
        product.at(x="t", y="4 - t"),
        product.at(x="n", y="t * (4 - t)"),
        hypothesis(t="t", x="x + t"),
    ],
    cases=["x >= -t"],
)
def least_value(n: nat, t: real, x: real) -> prop:
    assume(0 <= t <= 1)
    return tents(n, t, x) >= -n * (t - t**2 / 4) - 1 / 2
