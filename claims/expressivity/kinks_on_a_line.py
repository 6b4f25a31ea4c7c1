r"""Where a network agrees with a piecewise affine function, it has a kink for each kink of the function.

If a network is right at two points of each of two neighbouring pieces, it has a kink between the first of these points,
and one between the second: otherwise three points of the graph that a kink separates would lie on a line.
"""

from __future__ import annotations

from claims.expressivity.functions_on_a_line import (
    agree,
    arranged,
    arranged_before,
    first,
    jump,
    net_on_a_piece,
    on_the_last_piece,
    second,
    slope,
    t,
)
from claims.expressivity.units_on_a_line import (
    jumps,
    kinks,
    kinks_are_passed_once,
    kinks_grow,
    left_sum,
    net,
    sums_without_a_kink,
    unit_between_kinks,
)
from verify import assume, hypothesis, induction, lemma, nat, prop, real


@lemma(
    using=[
        arranged_before.at(q="q", i="i + 1"),
        net_on_a_piece.at(q="q + 1", n="n", i="i"),
        net_on_a_piece.at(q="q", n="n", i="i + 1"),
        on_the_last_piece.at(m="i", x="first(i + 1)"),
        on_the_last_piece.at(m="i", x="second(i)"),
    ],
)
def net_across_a_kink(q: nat, n: nat, i: nat) -> prop:
    assume(arranged(i + 1 + q), agree(n, i + 1 + q, i + 1 + q))
    change = slope(i) * (first(i + 1) - second(i)) + jump(i + 1) * (first(i + 1) - t(i + 1))
    return net(n, first(i + 1)) - net(n, second(i)) == change


@lemma(
    by=induction("n"),
    using=[
        kinks_grow.at(n="n", x="x", y="y"),
        kinks_are_passed_once.at(i="n + 1", x="x", y="y"),
        unit_between_kinks.at(i="n + 1", x="x", y="y"),
    ],
)
def net_between_kinks(n: nat, x: real, y: real) -> prop:
    assume(x <= y, kinks(n, x) == kinks(n, y))
    return net(n, y) - net(n, x) == (jumps(n, x) - left_sum(n)) * (y - x)


@lemma(cases=["a > b", "a < b"])
def parallel(a: real, b: real, d: real) -> prop:
    assume(d > 0, a * d == b * d)
    return a == b


@lemma(using=[parallel.at(a="a", b="s", d="d"), parallel.at(a="j", b="0", d="e")])
def one_line_on_the_right(a: real, s: real, j: real, d: real, e: real, g: real) -> prop:
    """Slope a on [first(i), first(i + 1)], of which d, g and e are the parts before second(i), before the kink, and behind it."""
    assume(d > 0, e > 0, a * d == s * d, a * (d + g + e) == s * d + s * (g + e) + j * e)
    return j == 0


@lemma(using=[parallel.at(a="a", b="s + j", d="d"), parallel.at(a="j", b="0", d="g")])
def one_line_on_the_left(a: real, s: real, j: real, d: real, e: real, g: real) -> prop:
    """Slope a on [second(i), second(i + 1)], of which d is the part behind first(i + 1), and g and e as before."""
    assume(d > 0, g > 0, a * d == (s + j) * d, a * (g + e) == s * (g + e) + j * e)
    return j == 0


@lemma(
    using=[
        arranged_before.at(q="q", i="i + 1"),
        net_on_a_piece.at(q="q + 1", n="n", i="i"),
        net_across_a_kink.at(q="q", n="n", i="i"),
        kinks_grow.at(n="n", x="first(i)", y="second(i)"),
        kinks_grow.at(n="n", x="second(i)", y="first(i + 1)"),
        net_between_kinks.at(n="n", x="first(i)", y="second(i)"),
        net_between_kinks.at(n="n", x="first(i)", y="first(i + 1)"),
        one_line_on_the_right.at(
            a="jumps(n, first(i)) - left_sum(n)",
            s="slope(i)",
            j="jump(i + 1)",
            d="second(i) - first(i)",
            e="first(i + 1) - t(i + 1)",
            g="t(i + 1) - second(i)",
        ),
    ],
    cases=["kinks(n, first(i)) == kinks(n, first(i + 1))"],
)
def a_kink_between_first_points(q: nat, n: nat, i: nat) -> prop:
    assume(arranged(i + 1 + q), agree(n, i + 1 + q, i + 1 + q))
    return kinks(n, first(i)) + 1 <= kinks(n, first(i + 1))


@lemma(
    using=[
        arranged_before.at(q="q", i="i + 1"),
        net_on_a_piece.at(q="q", n="n", i="i + 1"),
        net_across_a_kink.at(q="q", n="n", i="i"),
        kinks_grow.at(n="n", x="second(i)", y="first(i + 1)"),
        kinks_grow.at(n="n", x="first(i + 1)", y="second(i + 1)"),
        net_between_kinks.at(n="n", x="second(i)", y="first(i + 1)"),
        net_between_kinks.at(n="n", x="first(i + 1)", y="second(i + 1)"),
        sums_without_a_kink.at(n="n", x="second(i)", y="first(i + 1)"),
        one_line_on_the_left.at(
            a="jumps(n, second(i)) - left_sum(n)",
            s="slope(i)",
            j="jump(i + 1)",
            d="second(i + 1) - first(i + 1)",
            e="first(i + 1) - t(i + 1)",
            g="t(i + 1) - second(i)",
        ),
    ],
    cases=["kinks(n, second(i)) == kinks(n, second(i + 1))"],
)
def a_kink_between_second_points(q: nat, n: nat, i: nat) -> prop:
    assume(arranged(i + 1 + q), agree(n, i + 1 + q, i + 1 + q))
    return kinks(n, second(i)) + 1 <= kinks(n, second(i + 1))


@lemma(
    by=induction("k"),
    using=[hypothesis(q="q + 1", n="n", i="i"), a_kink_between_first_points.at(q="q", n="n", i="i + k")],
)
def kinks_between_first_points(k: nat, q: nat, n: nat, i: nat) -> prop:
    assume(arranged(i + k + q), agree(n, i + k + q, i + k + q))
    return kinks(n, first(i)) + k <= kinks(n, first(i + k))


@lemma(
    by=induction("k"),
    using=[hypothesis(q="q + 1", n="n", i="i"), a_kink_between_second_points.at(q="q", n="n", i="i + k")],
)
def kinks_between_second_points(k: nat, q: nat, n: nat, i: nat) -> prop:
    assume(arranged(i + k + q), agree(n, i + k + q, i + k + q))
    return kinks(n, second(i)) + k <= kinks(n, second(i + k))
