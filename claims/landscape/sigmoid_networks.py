r"""Two networks of logistic units that are the same function: the constants, and then one slope after another.

``number`` is the number of slopes in the common list; a network without a unit of some slope has the outer weight 0
there.
"""

from __future__ import annotations

from claims.landscape.exponential import addition, tangent
from claims.landscape.sigmoid_ends import (
    constant_is_zero,
    far_enough,
    lead,
    lead_at_a_point,
    quotients,
    reach,  # noqa: F401
    remainder,
    remainder_is_not_negative,
    two_ends,
    zero_factor,
)
from claims.landscape.sigmoid_units import (
    bias,
    distance,
    gap,
    logistic,
    outer,
    reflected,
    separated,
    sigma,
    size,  # noqa: F401
    slope,
    steeper,
)
from verify import arbitrary, assume, assumption, define, hypothesis, induction, lemma, nat, prop, real


@arbitrary
def number() -> nat: ...


@arbitrary
def constant(i: nat) -> real: ...


@define
def network(i: nat, n: nat, x: real) -> real:
    """The sum of the first n units of the network i."""
    return 0 if n == 0 else network(i, n - 1, x) + outer(i, n - 1) * sigma(slope(n - 1) * x + bias(i, n - 1))


@define
def total(n: nat) -> real:
    return 0 if n == 0 else total(n - 1) + outer(0, n - 1) - outer(1, n - 1)


@assumption()
def same_function(x: real) -> prop:
    return constant(0) + network(0, number(), x) == constant(1) + network(1, number(), x)


@assumption()
def different_slopes() -> prop:
    return distance() > 0 and separated(number())


@lemma(by=induction("n"))
def difference_of_networks(n: nat, x: real) -> prop:
    return network(0, n, x) - network(1, n, x) == gap(n, 1, x)


@lemma(
    by=induction("n"),
    using=[
        reflected.at(t="-slope(n) * x + bias(0, n)"),
        reflected.at(t="-slope(n) * x + bias(1, n)"),
    ],
    assuming=[addition, tangent, logistic],
)
def from_the_other_end(n: nat, x: real) -> prop:
    return gap(n, -1, x) == total(n) - gap(n, 1, -x)


@lemma(by=induction("n"))
def all_are_steep(n: nat) -> prop:
    assume(separated(n))
    return steeper(n, distance())


@lemma(by=induction("j"))
def fewer(j: nat, n: nat) -> prop:
    assume(separated(n + j))
    return separated(n)


@lemma(
    using=[
        different_slopes,
        all_are_steep.at(n="number()"),
        same_function.at(x="reach(size(number(), 1), constant(1) - constant(0))"),
        difference_of_networks.at(n="number()", x="reach(size(number(), 1), constant(1) - constant(0))"),
        constant_is_zero.at(n="number()", side="1", h="constant(1) - constant(0)"),
    ],
    assuming=[addition, tangent, logistic, quotients, same_function, different_slopes],
)
def same_constant() -> prop:
    return constant(1) - constant(0) == 0


@lemma(
    using=[
        different_slopes,
        all_are_steep.at(n="number()"),
        same_constant,
        same_function.at(x="-reach(size(number(), -1), total(number()))"),
        difference_of_networks.at(n="number()", x="-reach(size(number(), -1), total(number()))"),
        from_the_other_end.at(n="number()", x="reach(size(number(), -1), total(number()))"),
        constant_is_zero.at(n="number()", side="-1", h="total(number())"),
    ],
    assuming=[addition, tangent, logistic, quotients, same_function, different_slopes],
)
def same_total() -> prop:
    return total(number()) == 0


@lemma(
    using=[zero_factor.at(p="1 + side", t="side - 1"), zero_factor.at(p="1 - side", t="side + 1")],
    cases=["side >= 0"],
)
def a_sign(side: real) -> prop:
    assume(side**2 == 1)
    return side == 1 or side == -1


@lemma(
    using=[
        a_sign.at(side="side"),
        same_constant,
        same_total,
        same_function.at(x="x"),
        same_function.at(x="-x"),
        difference_of_networks.at(n="number()", x="x"),
        difference_of_networks.at(n="number()", x="-x"),
        from_the_other_end.at(n="number()", x="x"),
    ],
    cases=["side == 1"],
    assuming=[addition, tangent, logistic, quotients, same_function, different_slopes],
)
def all_vanish(side: real, x: real) -> prop:
    assume(side**2 == 1)
    return gap(number(), side, x) == 0


# ------------------------------------------------------------------------------------------- one slope after another


@define
def agree(n: nat) -> prop:
    """Unit n of the two networks is the same, or has the outer weight 0 in both."""
    return outer(0, n) == outer(1, n) and (outer(0, n) == 0 or bias(0, n) == bias(1, n))


@define
def all_agree(j: nat, n: nat) -> prop:
    """The j units from n on."""
    return True if j == 0 else agree(n) and all_agree(j - 1, n + 1)


@lemma(cases=["outer(0, n) == 0"])
def units_cancel(n: nat, side: real, x: real) -> prop:
    assume(agree(n))
    return gap(n + 1, side, x) == gap(n, side, x)


@lemma(by=induction("j"), using=[units_cancel.at(n="n", side="side", x="x"), hypothesis(n="n + 1", side="side", x="x")])
def first_units(j: nat, n: nat, side: real, x: real) -> prop:
    assume(all_agree(j, n))
    return gap(n + j, side, x) == gap(n, side, x)


@lemma(
    using=[
        different_slopes,
        fewer.at(j="j", n="n + 1"),
        first_units.at(j="j", n="n + 1", side="side", x="-y"),
        all_vanish.at(side="side", x="-y"),
        lead_at_a_point.at(n="n", side="side", y="y"),
    ],
    assuming=[addition, tangent, logistic, quotients, same_function, different_slopes],
)
def bounded_lead(j: nat, n: nat, side: real, y: real) -> prop:
    assume(n + 1 + j == number(), all_agree(j, n + 1), side**2 == 1, y >= 0)
    return abs(lead(n, side)) * (1 + distance() * y) <= remainder(n, side)


@lemma(
    using=[
        different_slopes,
        remainder_is_not_negative.at(n="n", side="side"),
        far_enough.at(k="remainder(n, side)", a="lead(n, side)"),
        bounded_lead.at(j="j", n="n", side="side", y="-reach(remainder(n, side), lead(n, side))"),
    ],
    cases=["abs(lead(n, side)) > 0"],
    assuming=[addition, tangent, logistic, quotients, same_function, different_slopes],
)
def lead_is_zero(j: nat, n: nat, side: real) -> prop:
    assume(n + 1 + j == number(), all_agree(j, n + 1), side**2 == 1)
    return lead(n, side) == 0


@lemma(
    using=[
        lead_is_zero.at(j="j", n="n", side="1"),
        lead_is_zero.at(j="j", n="n", side="-1"),
        two_ends.at(c="outer(0, n)", d="outer(1, n)", b="bias(0, n)", e="bias(1, n)"),
    ],
    assuming=[addition, tangent, logistic, quotients, same_function, different_slopes],
)
def next_unit(j: nat, n: nat) -> prop:
    assume(n + 1 + j == number(), all_agree(j, n + 1))
    return agree(n)


@lemma(
    by=induction("j"),
    using=[next_unit.at(j="j", n="n"), hypothesis(n="n + 1")],
    assuming=[addition, tangent, logistic, quotients, same_function, different_slopes],
)
def last_units(j: nat, n: nat) -> prop:
    assume(n + j == number())
    return all_agree(j, n)
