r"""How many units a piecewise linear function on the line needs: a question of subset sums.

The repair of Theorem 2.2 of Arora, Basu, Mianjy and Mukherjee (2018).  A function with m kinks needs m units, since a
network that is right on two neighbouring pieces has a kink between them.  If m units are enough, each of them has one of
the kinks, and on the far left those are active that are active on the left: the slope there is minus the sum of their
jumps.  Conversely, jumps with that sum say which units to turn round; without them, one more unit will do.
"""

from __future__ import annotations

from claims.expressivity.functions_on_a_line import agree, arranged, arranged_before, cpwl, first, jump, net_on_a_piece
from claims.expressivity.functions_on_a_line import second, slope, start, t
from claims.expressivity.kinks_on_a_line import kinks_between_first_points, kinks_between_second_points
from claims.expressivity.kinks_on_a_line import net_between_kinks, parallel
from claims.expressivity.units_on_a_line import jumps, kinks, kinks_grow, left_jumps, left_kinks, left_sum
from claims.expressivity.units_on_a_line import sums_before_all_kinks, sums_behind_all_kinks, sums_with_one_kink
from verify import Claim, arbitrary, assume, cite, define, hypothesis, induction, lemma, nat, prop, real, relu

claim = Claim(
    "cpwl-1d-two-layer-size",
    title="The least number of units for a function on the line",
    statement=r"Let $f : \mathbb{R} \to \mathbb{R}$ be continuous and piecewise affine with $p \ge 2$ pieces, slope $s$ on "
    r"the first of them and changes of slope $\alpha_1, \dots, \alpha_{p-1} \ne 0$. The least number of units of a ReLU "
    r"network with one hidden layer and a bias at the output that computes $f$ is $p - 1$ if $-s$ is the sum of some of the "
    r"$\alpha_i$, and $p$ otherwise. The lower bounds hold for every network that agrees with $f$ at two points inside of "
    r"each piece.",
    source=cite("arora2018", "Theorem 2.2"),
    repairs="cpwl-1d-two-layer-literal",
    remarks=r"Units are written $c \operatorname{ReLU}(x - k)$ or $c \operatorname{ReLU}(k - x)$, as every unit with an inner "
    "weight other than 0 can be; the others are constants. To decide between p - 1 and p is the subset sum problem.",
    symbols={
        r"t(i), \; \mathrm{jump}(i)": "the kinks of f and the changes of slope there, i = 1, ..., m with m = p - 1",
        r"\mathrm{start}(0), \; \mathrm{start}(1)": "value at 0 and slope of the affine function on the first piece",
        r"\mathrm{first}(i), \; \mathrm{second}(i)": "two points on the piece number i = 0, ..., m",
        r"\mathrm{kinks}(n, x)": "how many of the n units have their kink on the left of x",
        r"\mathrm{chosen}(n, i)": "1 if between the pieces i - 1 and i a unit has its kink that is active on the left",
    },
)


@define
def chosen(n: nat, i: nat) -> nat:
    if i == 0:
        return 0
    return 1 if left_kinks(n, first(i - 1)) < left_kinks(n, first(i)) else 0


@define
def subset_sum(n: nat, m: nat) -> real:
    """The sum of the chosen jumps."""
    return 0 if m == 0 else subset_sum(n, m - 1) + chosen(n, m) * jump(m)


@claim.proof(
    using=[
        kinks_between_first_points.at(k="m", q="0", n="n", i="0"),
        kinks_grow.at(n="n", x="first(m)", y="first(m)"),
    ]
)
def a_unit_for_each_kink(m: nat, n: nat) -> prop:
    assume(arranged(m), agree(n, m, m))
    return n >= m


@lemma(
    using=[
        kinks_between_first_points.at(k="i", q="q", n="i + q", i="0"),
        kinks_between_first_points.at(k="q", q="0", n="i + q", i="i"),
        kinks_between_second_points.at(k="i", q="q", n="i + q", i="0"),
        kinks_between_second_points.at(k="q", q="0", n="i + q", i="i"),
        kinks_grow.at(n="i + q", x="first(i + q)", y="first(i + q)"),
        kinks_grow.at(n="i + q", x="second(i + q)", y="second(i + q)"),
    ]
)
def one_kink_each(i: nat, q: nat) -> prop:
    assume(arranged(i + q), agree(i + q, i + q, i + q))
    return kinks(i + q, first(i)) == i and kinks(i + q, second(i)) == i


@lemma(
    using=[
        one_kink_each.at(i="i", q="q"),
        net_on_a_piece.at(q="q", n="i + q", i="i"),
        net_between_kinks.at(n="i + q", x="first(i)", y="second(i)"),
        parallel.at(a="jumps(i + q, first(i)) - left_sum(i + q)", b="slope(i)", d="second(i) - first(i)"),
    ]
)
def slopes_agree(i: nat, q: nat) -> prop:
    assume(arranged(i + q), agree(i + q, i + q, i + q))
    return jumps(i + q, first(i)) - left_sum(i + q) == slope(i)


@lemma(
    using=[
        arranged_before.at(q="q", i="i + 1"),
        net_on_a_piece.at(q="q + 1", n="i + 1 + q", i="i"),
        one_kink_each.at(i="i", q="q + 1"),
        one_kink_each.at(i="i + 1", q="q"),
        slopes_agree.at(i="i", q="q + 1"),
        slopes_agree.at(i="i + 1", q="q"),
        sums_with_one_kink.at(n="i + 1 + q", x="first(i)", y="first(i + 1)"),
    ]
)
def a_jump_is_chosen_or_not(i: nat, q: nat) -> prop:
    assume(arranged(i + 1 + q), agree(i + 1 + q, i + 1 + q, i + 1 + q))
    change = left_jumps(i + 1 + q, first(i + 1)) - left_jumps(i + 1 + q, first(i))
    return change == chosen(i + 1 + q, i + 1) * jump(i + 1)


@lemma(by=induction("i"), using=[hypothesis(q="q + 1"), a_jump_is_chosen_or_not.at(i="i", q="q")])
def chosen_jumps(i: nat, q: nat) -> prop:
    assume(arranged(i + q), agree(i + q, i + q, i + q))
    return subset_sum(i + q, i) == left_jumps(i + q, first(i)) - left_jumps(i + q, first(0))


@claim.proof(
    using=[
        one_kink_each.at(i="0", q="m"),
        one_kink_each.at(i="m", q="0"),
        slopes_agree.at(i="0", q="m"),
        chosen_jumps.at(i="m", q="0"),
        sums_before_all_kinks.at(n="m", x="first(0)"),
        sums_behind_all_kinks.at(n="m", x="first(m)"),
    ]
)
def as_many_units_as_kinks(m: nat) -> prop:
    """Then minus the first slope is the sum of the chosen jumps."""
    assume(arranged(m), agree(m, m, m))
    return subset_sum(m, m) == -start(1)


# --------------------------------------------------------------------------------------------- networks of that size


@arbitrary
def turned(i: nat) -> nat: ...


@define
def turned_jump(i: nat) -> real:
    return 0 if turned(i) == 0 else jump(i)


@define
def turned_jumps(m: nat) -> real:
    """The sum of the jumps at which the unit is active on the left."""
    return 0 if m == 0 else turned_jumps(m - 1) + turned_jump(m)


@define
def turned_unit(i: nat, x: real) -> real:
    return relu(x - t(i)) if turned(i) == 0 else relu(t(i) - x)


@define
def smallest(m: nat, x: real) -> real:
    """One unit for each kink; the constants make the bias at the output."""
    if m == 0:
        return start(0)
    return smallest(m - 1, x) + jump(m) * turned_unit(m, x) - turned_jump(m) * t(m)


@define
def general(m: nat, x: real) -> real:
    """Two units at the first kink, and one at each of m others: m + 2 units and pieces."""
    if m == 0:
        return start(0) + start(1) * t(1) + (start(1) + jump(1)) * relu(x - t(1)) - start(1) * relu(t(1) - x)
    return general(m - 1, x) + jump(m + 1) * relu(x - t(m + 1))


@lemma(by=induction("m"))
def slope_of_the_smallest(m: nat, x: real) -> prop:
    return smallest(m, x) == cpwl(m, x) - (start(1) + turned_jumps(m)) * x


@claim.proof(using=[slope_of_the_smallest])
def with_a_subset_sum(m: nat, x: real) -> prop:
    """p - 1 units are enough."""
    assume(turned_jumps(m) == -start(1))
    return smallest(m, x) == cpwl(m, x)


@claim.proof(by=induction("m"))
def in_any_case(m: nat, x: real) -> prop:
    """p units are enough."""
    return general(m, x) == cpwl(m + 1, x)


claim.sampling(
    in_any_case,
    samples=1 << 10,
    naturals={"m": range(6)},
    reals={"x": (-8, 8)},
    tables={"t": (8, (-8, 8)), "jump": (8, (-4, 4)), "start": (2, (-4, 4))},
)


@claim.mutant(replaces=with_a_subset_sum)
def always_one_less(m: nat, x: real) -> prop:
    """p - 1 units always"""
    return smallest(m, x) == cpwl(m, x)


@claim.mutant(replaces=a_unit_for_each_kink)
def a_unit_more(m: nat, n: nat) -> prop:
    """At least p units"""
    assume(arranged(m), agree(n, m, m))
    return n >= m + 1


@claim.mutant(replaces=as_many_units_as_kinks)
def the_other_sign(m: nat) -> prop:
    """The first slope itself is the sum of some jumps"""
    assume(arranged(m), agree(m, m, m))
    return subset_sum(m, m) == start(1)
