r"""Two consecutive layers of one unit each: they turn a piece into at most three, not into (1 + 1)(1 + 1).

Where the first unit is inactive the second one is constant and does not switch; where it is active, the second one switches
at most once; and the first one switches once.
"""

from __future__ import annotations

from claims.expressivity.networks_on_a_line import (
    a_unit_switches_once,
    affine,
    bias,
    increasing,
    layer_by_layer,
    one_unit_more,
    point,
    same,
    same_phase,
    settled,
    settled_is_a_bit,
    switches,
    switches_of_one_more_unit,
    width,
)
from verify import assume, define, iff, implies, induction, lemma, nat, prop, real


@lemma(
    using=[one_unit_more.at(k="k", n="0", s="s", t="t")],
    have=["iff(same(k, width(k + 1), s, t), same(k, 1, s, t))"],
)
def a_layer_of_one_unit(k: nat, s: real, t: real) -> prop:
    assume(width(k + 1) == 1, same(k, 0, s, t))
    return iff(same(k + 1, 0, s, t), same_phase(k, 1, s, t))


@lemma(have=["affine(k + 1, width(k + 1), 1, s) == affine(k + 1, 1, 1, s)"])
def behind_an_inactive_unit(k: nat, s: real) -> prop:
    assume(width(k + 1) == 1, affine(k, width(k), 1, s) < 0)
    return affine(k + 1, width(k + 1), 1, s) == bias(k + 1, 1)


@lemma(
    using=[
        a_layer_of_one_unit.at(k="k", s="s", t="t"),
        behind_an_inactive_unit.at(k="k", s="s"),
        behind_an_inactive_unit.at(k="k", s="t"),
        one_unit_more.at(k="k + 1", n="0", s="s", t="t"),
    ],
)
def while_it_is_inactive(k: nat, s: real, t: real) -> prop:
    assume(width(k + 1) == 1, same(k, 0, s, t), affine(k, width(k), 1, s) < 0, affine(k, width(k), 1, t) < 0)
    return same(k + 1, 0, s, t) and same(k + 1, 1, s, t)


@lemma(
    using=[
        a_layer_of_one_unit.at(k="k", s="s", t="t"),
        a_unit_switches_once.at(k="k + 1", u="1", s="s", t="t"),
        one_unit_more.at(k="k + 1", n="0", s="s", t="t"),
        settled_is_a_bit,
    ],
)
def while_it_is_active(k: nat, s: real, t: real) -> prop:
    assume(s < t, width(k + 1) == 1, same(k, 0, s, t), affine(k, width(k), 1, s) >= 0, affine(k, width(k), 1, t) >= 0)
    return (
        same(k + 1, 0, s, t)
        and settled(k + 1, 1, s) <= settled(k + 1, 1, t)
        and (same(k + 1, 1, s, t) or settled(k + 1, 1, s) + 1 == settled(k + 1, 1, t))
    )


@lemma(using=[while_it_is_inactive.at(k="k", s="point(i)", t="point(i + 1)")])
def switches_while_it_is_inactive(k: nat, i: nat) -> prop:
    assume(width(k + 1) == 1, same(k, 0, point(i), point(i + 1)))
    return implies(
        affine(k, width(k), 1, point(i)) < 0 and affine(k, width(k), 1, point(i + 1)) < 0,
        switches(k + 1, 0, i + 1) == switches(k + 1, 0, i) and switches(k + 1, 1, i + 1) == switches(k + 1, 1, i),
    )


@lemma(using=[while_it_is_active.at(k="k", s="point(i)", t="point(i + 1)"), settled_is_a_bit])
def switches_while_it_is_active(k: nat, i: nat) -> prop:
    assume(width(k + 1) == 1, same(k, 0, point(i), point(i + 1)), point(i) < point(i + 1))
    return implies(
        affine(k, width(k), 1, point(i)) >= 0 and affine(k, width(k), 1, point(i + 1)) >= 0,
        switches(k + 1, 0, i + 1) == switches(k + 1, 0, i)
        and switches(k + 1, 1, i + 1) - switches(k + 1, 1, i)
        <= settled(k + 1, 1, point(i + 1)) - settled(k + 1, 1, point(i)),
    )


@lemma(using=[a_layer_of_one_unit.at(k="k", s="point(i)", t="point(i + 1)")])
def switches_when_it_becomes_active(k: nat, i: nat) -> prop:
    assume(width(k + 1) == 1, same(k, 0, point(i), point(i + 1)))
    return implies(
        affine(k, width(k), 1, point(i)) < 0 and affine(k, width(k), 1, point(i + 1)) >= 0,
        (
            switches(k + 1, 0, i + 1) == switches(k + 1, 0, i) + 1
            and switches(k + 1, 1, i + 1) <= switches(k + 1, 1, i) + 1
        ),
    )


@lemma(using=[a_layer_of_one_unit.at(k="k", s="point(i)", t="point(i + 1)")])
def switches_when_it_becomes_inactive(k: nat, i: nat) -> prop:
    assume(width(k + 1) == 1, same(k, 0, point(i), point(i + 1)))
    return implies(
        affine(k, width(k), 1, point(i)) >= 0 and affine(k, width(k), 1, point(i + 1)) < 0,
        (
            switches(k + 1, 0, i + 1) == switches(k + 1, 0, i) + 1
            and switches(k + 1, 1, i + 1) <= switches(k + 1, 1, i) + 1
        ),
    )


@define
def allowance(k: nat, i: nat) -> nat:
    """How often these units may have switched by now."""
    if affine(k, width(k), 1, point(i)) >= 0:
        return switches(k + 1, 0, i) + settled(k + 1, 1, point(i))
    return 2 * switches(k + 1, 0, i)


@lemma()
def two_allowances(k: nat, i: nat) -> prop:
    return (
        affine(k, width(k), 1, point(i)) >= 0 and allowance(k, i) == switches(k + 1, 0, i) + settled(k + 1, 1, point(i))
    ) or (affine(k, width(k), 1, point(i)) < 0 and allowance(k, i) == 2 * switches(k + 1, 0, i))


@lemma(
    using=[
        layer_by_layer.at(i="i", k="k"),
        switches_of_one_more_unit.at(i="i", k="k", n="0"),
        settled_is_a_bit.at(k="k", u="1", t="point(i)"),
    ],
    have=["switches(k, width(k + 1), i) == switches(k, 1, i)"],
)
def the_first_unit_switches_once(k: nat, i: nat) -> prop:
    assume(increasing(i), width(k + 1) == 1, switches(k, 0, i) == 0)
    return switches(k + 1, 0, i) <= 1


@lemma()
def on_one_piece(k: nat, i: nat) -> prop:
    assume(switches(k, 0, i + 1) == 0)
    return switches(k, 0, i) == 0 and same(k, 0, point(i), point(i + 1))


@lemma(
    using=[
        switches_while_it_is_inactive.at(k="k", i="i"),
        two_allowances,
        two_allowances.at(k="k", i="i"),
        two_allowances.at(k="k", i="i + 1"),
        settled_is_a_bit.at(k="k + 1", u="1", t="point(i)"),
        settled_is_a_bit,
    ],
)
def allowance_inactive(k: nat, i: nat) -> prop:
    assume(width(k + 1) == 1, same(k, 0, point(i), point(i + 1)), point(i) < point(i + 1))
    assume(
        affine(k, width(k), 1, point(i)) < 0, affine(k, width(k), 1, point(i + 1)) < 0, switches(k + 1, 0, i + 1) <= 1
    )
    return allowance(k, i) - switches(k + 1, 1, i) <= allowance(k, i + 1) - switches(k + 1, 1, i + 1)


@lemma(
    using=[
        switches_while_it_is_active.at(k="k", i="i"),
        two_allowances,
        two_allowances.at(k="k", i="i"),
        two_allowances.at(k="k", i="i + 1"),
        settled_is_a_bit.at(k="k + 1", u="1", t="point(i)"),
        settled_is_a_bit,
    ],
)
def allowance_active(k: nat, i: nat) -> prop:
    assume(width(k + 1) == 1, same(k, 0, point(i), point(i + 1)), point(i) < point(i + 1))
    assume(
        affine(k, width(k), 1, point(i)) >= 0, affine(k, width(k), 1, point(i + 1)) >= 0, switches(k + 1, 0, i + 1) <= 1
    )
    return allowance(k, i) - switches(k + 1, 1, i) <= allowance(k, i + 1) - switches(k + 1, 1, i + 1)


@lemma(
    using=[
        switches_when_it_becomes_active.at(k="k", i="i"),
        two_allowances,
        two_allowances.at(k="k", i="i"),
        two_allowances.at(k="k", i="i + 1"),
        settled_is_a_bit.at(k="k + 1", u="1", t="point(i)"),
        settled_is_a_bit,
    ],
)
def allowance_becoming_active(k: nat, i: nat) -> prop:
    assume(width(k + 1) == 1, same(k, 0, point(i), point(i + 1)), point(i) < point(i + 1))
    assume(
        affine(k, width(k), 1, point(i)) < 0, affine(k, width(k), 1, point(i + 1)) >= 0, switches(k + 1, 0, i + 1) <= 1
    )
    return allowance(k, i) - switches(k + 1, 1, i) <= allowance(k, i + 1) - switches(k + 1, 1, i + 1)


@lemma(
    using=[
        switches_when_it_becomes_inactive.at(k="k", i="i"),
        two_allowances,
        two_allowances.at(k="k", i="i"),
        two_allowances.at(k="k", i="i + 1"),
        settled_is_a_bit.at(k="k + 1", u="1", t="point(i)"),
        settled_is_a_bit,
    ],
)
def allowance_becoming_inactive(k: nat, i: nat) -> prop:
    assume(width(k + 1) == 1, same(k, 0, point(i), point(i + 1)), point(i) < point(i + 1))
    assume(
        affine(k, width(k), 1, point(i)) >= 0, affine(k, width(k), 1, point(i + 1)) < 0, switches(k + 1, 0, i + 1) <= 1
    )
    return allowance(k, i) - switches(k + 1, 1, i) <= allowance(k, i + 1) - switches(k + 1, 1, i + 1)


@lemma(
    using=[
        allowance_inactive.at(k="k", i="i"),
        allowance_active.at(k="k", i="i"),
        allowance_becoming_active.at(k="k", i="i"),
        allowance_becoming_inactive.at(k="k", i="i"),
    ],
    cases=["affine(k, width(k), 1, point(i)) >= 0", "affine(k, width(k), 1, point(i + 1)) >= 0"],
)
def allowance_suffices(k: nat, i: nat) -> prop:
    assume(
        width(k + 1) == 1, same(k, 0, point(i), point(i + 1)), point(i) < point(i + 1), switches(k + 1, 0, i + 1) <= 1
    )
    return allowance(k, i) - switches(k + 1, 1, i) <= allowance(k, i + 1) - switches(k + 1, 1, i + 1)


@lemma(
    by=induction("i"),
    using=[
        on_one_piece.at(k="k", i="i"),
        the_first_unit_switches_once.at(i="i + 1", k="k"),
        allowance_suffices.at(k="k", i="i"),
    ],
)
def one_unit_after_one_unit(i: nat, k: nat) -> prop:
    assume(increasing(i), width(k + 1) == 1, switches(k, 0, i) == 0)
    return switches(k + 1, 1, i) <= allowance(k, i)


@lemma(
    using=[
        one_unit_after_one_unit.at(i="i", k="k"),
        the_first_unit_switches_once.at(i="i", k="k"),
        two_allowances.at(k="k", i="i"),
        settled_is_a_bit.at(k="k + 1", u="1", t="point(i)"),
    ],
)
def at_most_two_switches(k: nat, i: nat) -> prop:
    assume(increasing(i), width(k + 1) == 1, switches(k, 0, i) == 0)
    return switches(k + 1, 1, i) <= 2
