r"""Where the graph of a network with one hidden layer turns, and the units that make it turn.

At increasing points x(0) < x(1) < ..., a unit is in one phase first and, from some point on, perhaps in the other.  Seen
from three points in a row, a unit between whose outer ones it does not change its phase is affine.  Otherwise its graph turns
upwards if its outer weight is positive, and downwards if it is negative.
"""

from __future__ import annotations

from verify import arbitrary, assume, define, iff, induction, lemma, nat, prop, real, relu


@arbitrary
def x(i: nat) -> real: ...


@arbitrary
def inner(k: nat) -> real: ...


@arbitrary
def bias(k: nat) -> real: ...


@arbitrary
def outer(k: nat) -> real: ...


@define
def unit(k: nat, i: nat) -> real:
    return inner(k) * x(i) + bias(k)


@define
def net(n: nat, i: nat) -> real:
    return outer(0) if n == 0 else net(n - 1, i) + outer(n) * relu(unit(n, i))


@define
def changed(k: nat, i: nat) -> nat:
    """1 if unit k is in another phase at x(i) than at x(0)."""
    if unit(k, 0) >= 0:
        return 0 if unit(k, i) >= 0 else 1
    return 1 if unit(k, i) >= 0 else 0


@define
def counted(s: real, k: nat, i: nat) -> nat:
    return changed(k, i) if s * outer(k) > 0 else 0


@define
def switched(s: real, n: nat, i: nat) -> nat:
    return 0 if n == 0 else switched(s, n - 1, i) + counted(s, n, i)


@define
def unit_turn(k: nat, i: nat) -> real:
    return (x(i + 2) - x(i + 1)) * (relu(unit(k, i)) - relu(unit(k, i + 1))) + (x(i + 1) - x(i)) * (
        relu(unit(k, i + 2)) - relu(unit(k, i + 1))
    )


@define
def turn(n: nat, i: nat) -> real:
    """Positive if the graph turns upwards at x(i + 1), seen from x(i) and x(i + 2)."""
    return (x(i + 2) - x(i + 1)) * (net(n, i) - net(n, i + 1)) + (x(i + 1) - x(i)) * (net(n, i + 2) - net(n, i + 1))


@define
def separated(n: nat, m: nat, c: real) -> prop:
    if m == 0:
        return net(n, 0) > c
    return separated(n, m - 1, c) and x(2 * m - 2) < x(2 * m - 1) < x(2 * m) and net(n, 2 * m - 1) <= c < net(n, 2 * m)


@lemma()
def rising(k: nat, i: nat, j: nat) -> prop:
    assume(x(i) <= x(j), inner(k) >= 0)
    return unit(k, i) <= unit(k, j)


@lemma()
def falling(k: nat, i: nat, j: nat) -> prop:
    assume(x(i) <= x(j), inner(k) <= 0)
    return unit(k, i) >= unit(k, j)


@lemma(
    using=[
        rising.at(k="k", i="0", j="i"),
        rising.at(k="k", i="i", j="i + 1"),
        falling.at(k="k", i="0", j="i"),
        falling.at(k="k", i="i", j="i + 1"),
    ],
    cases=["inner(k) >= 0", "unit(k, 0) >= 0", "unit(k, i) >= 0"],
)
def a_unit_switches_once(k: nat, i: nat) -> prop:
    assume(x(0) <= x(i) <= x(i + 1))
    return changed(k, i) <= changed(k, i + 1)


@lemma(using=[a_unit_switches_once.at(k="k", i="i")])
def counted_grows(s: real, k: nat, i: nat) -> prop:
    assume(x(0) <= x(i) <= x(i + 1))
    return counted(s, k, i) <= counted(s, k, i + 1)


@lemma(by=induction("n"), using=[counted_grows.at(s="s", k="n + 1", i="i")])
def switched_grows(n: nat, s: real, i: nat) -> prop:
    assume(x(0) <= x(i) <= x(i + 1))
    return switched(s, n, i) <= switched(s, n, i + 1)


@lemma()
def relu_is_convex(p: real, q: real, u: real, v: real, w: real) -> prop:
    assume(p >= 0, q >= 0, p * (u - v) + q * (w - v) == 0)
    return p * (relu(u) - relu(v)) + q * (relu(w) - relu(v)) >= 0


@lemma()
def relu_is_affine_in_a_phase(p: real, q: real, u: real, v: real, w: real) -> prop:
    assume(p > 0, q > 0, p * (u - v) + q * (w - v) == 0, iff(u >= 0, w >= 0))
    return p * (relu(u) - relu(v)) + q * (relu(w) - relu(v)) == 0


@lemma(
    using=[
        relu_is_convex.at(
            p="x(i + 2) - x(i + 1)", q="x(i + 1) - x(i)", u="unit(k, i)", v="unit(k, i + 1)", w="unit(k, i + 2)"
        )
    ],
)
def a_unit_turns_upwards(k: nat, i: nat) -> prop:
    assume(x(i) < x(i + 1) < x(i + 2))
    return unit_turn(k, i) >= 0


@lemma(cases=["unit(k, 0) >= 0"])
def same_phase(k: nat, i: nat) -> prop:
    assume(changed(k, i) == changed(k, i + 2))
    return iff(unit(k, i) >= 0, unit(k, i + 2) >= 0)


@lemma(
    using=[
        same_phase.at(k="k", i="i"),
        relu_is_affine_in_a_phase.at(
            p="x(i + 2) - x(i + 1)", q="x(i + 1) - x(i)", u="unit(k, i)", v="unit(k, i + 1)", w="unit(k, i + 2)"
        ),
    ],
)
def a_unit_turns_where_it_switches(k: nat, i: nat) -> prop:
    assume(x(i) < x(i + 1) < x(i + 2), changed(k, i) == changed(k, i + 2))
    return unit_turn(k, i) == 0


@lemma()
def product_of_signs(s: real, turn_of_unit: real) -> prop:
    assume(s <= 0, turn_of_unit >= 0)
    return s * turn_of_unit <= 0


@lemma(
    using=[
        a_unit_turns_upwards.at(k="k", i="i"),
        a_unit_turns_where_it_switches.at(k="k", i="i"),
        product_of_signs.at(s="s * outer(k)", turn_of_unit="unit_turn(k, i)"),
    ],
    cases=["s * outer(k) > 0"],
)
def an_uncounted_unit(s: real, k: nat, i: nat) -> prop:
    assume(x(i) < x(i + 1) < x(i + 2), counted(s, k, i) == counted(s, k, i + 2))
    return s * outer(k) * unit_turn(k, i) <= 0


@lemma(
    by=induction("n"),
    using=[
        switched_grows.at(n="n", s="s", i="i"),
        switched_grows.at(n="n", s="s", i="i + 1"),
        counted_grows.at(s="s", k="n + 1", i="i"),
        counted_grows.at(s="s", k="n + 1", i="i + 1"),
        an_uncounted_unit.at(s="s", k="n + 1", i="i"),
    ],
    have=[
        "counted(s, n + 1, i) == counted(s, n + 1, i + 2)",
        "turn(n + 1, i) == turn(n, i) + outer(n + 1) * unit_turn(n + 1, i)",
    ],
)
def a_turn_needs_a_switch(n: nat, s: real, i: nat) -> prop:
    assume(x(0) <= x(i) < x(i + 1) < x(i + 2), switched(s, n, i) == switched(s, n, i + 2))
    return s * turn(n, i) <= 0


@lemma(using=[switched_grows.at(n="n", s="s", i="i"), switched_grows.at(n="n", s="s", i="i + 1")])
def no_switch(n: nat, s: real, i: nat) -> prop:
    assume(x(0) <= x(i) < x(i + 1) < x(i + 2), switched(s, n, i + 2) <= switched(s, n, i))
    return switched(s, n, i) == switched(s, n, i + 2)


@lemma(
    using=[no_switch.at(n="n", s="s", i="i"), a_turn_needs_a_switch.at(n="n", s="s", i="i")],
    cases=["switched(s, n, i + 2) <= switched(s, n, i)"],
)
def one_switch_more(n: nat, s: real, i: nat) -> prop:
    assume(x(0) <= x(i) < x(i + 1) < x(i + 2), s * turn(n, i) > 0)
    return switched(s, n, i) + 1 <= switched(s, n, i + 2)


@lemma(by=induction("n"))
def each_unit_has_one_sign(n: nat, i: nat) -> prop:
    return switched(1, n, i) + switched(-1, n, i) <= n


@lemma()
def turns_upwards(n: nat, i: nat, c: real) -> prop:
    assume(x(i) < x(i + 1) < x(i + 2), net(n, i) > c, net(n, i + 1) <= c, net(n, i + 2) > c)
    return 1 * turn(n, i) > 0


@lemma()
def turns_downwards(n: nat, i: nat, c: real) -> prop:
    assume(x(i) < x(i + 1) < x(i + 2), net(n, i) <= c, net(n, i + 1) > c, net(n, i + 2) <= c)
    return -1 * turn(n, i) > 0


@lemma(by=induction("m"))
def at_the_end(m: nat, n: nat, c: real) -> prop:
    assume(separated(n, m, c))
    return x(0) <= x(2 * m) and net(n, 2 * m) > c


@lemma(using=[at_the_end])
def two_steps_back(m: nat, n: nat, c: real) -> prop:
    assume(separated(n, m + 1, c))
    return (
        separated(n, m, c)
        and x(0) <= x(2 * m) < x(2 * m + 1) < x(2 * m + 2)
        and net(n, 2 * m) > c
        and net(n, 2 * m + 1) <= c
        and net(n, 2 * m + 2) > c
    )


@lemma(
    by=induction("m"),
    using=[
        two_steps_back.at(m="m", n="n", c="c"),
        turns_upwards.at(n="n", i="2 * m", c="c"),
        one_switch_more.at(n="n", s="1", i="2 * m"),
    ],
)
def units_that_turn_upwards(m: nat, n: nat, c: real) -> prop:
    assume(separated(n, m, c))
    return m <= switched(1, n, 2 * m)


@lemma(
    by=induction("m"),
    using=[
        two_steps_back.at(m="m", n="n", c="c"),
        two_steps_back.at(m="m + 1", n="n", c="c"),
        turns_downwards.at(n="n", i="2 * m + 1", c="c"),
        one_switch_more.at(n="n", s="-1", i="2 * m + 1"),
    ],
)
def units_that_turn_downwards(m: nat, n: nat, c: real) -> prop:
    assume(separated(n, m + 1, c))
    return m <= switched(-1, n, 2 * m + 1)
