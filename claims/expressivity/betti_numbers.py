r"""How many components a superlevel set has: the one-dimensional core of Bianchini and Scarselli (2014).

Where the set {f > c} is left and entered again, the graph of f turns upwards, and between two such places it turns
downwards.  A unit of one hidden layer turns the graph at one point only, upwards if its outer weight is positive and
downwards if it is negative.
"""

from __future__ import annotations

from claims.expressivity.sawtooth import sawtooth, sawtooth_on_a_piece, sign_of_even
from claims.expressivity.turning_points import (
    each_unit_has_one_sign,
    separated,
    switched_grows,
    two_steps_back,
    units_that_turn_downwards,
    units_that_turn_upwards,
    x,
)
from verify import Claim, assume, cite, define, iff, nat, prop, real, relu

claim = Claim(
    "betti-numbers",
    title="Deep networks make many components",
    statement=r"If a network $f: \mathbb{R} \to \mathbb{R}$ has one hidden layer of $h$ ReLU units and $\{f > c\}$ has points in $K \ge "
    r"2$ different components, then $2K \le h + 3$. For every $j \ge 1$ the set where the sawtooth $g^{(j)}$, a network of $3j$ "
    r"units, is larger than $\frac12$ has exactly the components $(2i + \frac12, 2i + \frac32) / 2^j$, $0 \le i < 2^{j-1}$, in "
    r"$[0, 1]$. So one layer needs $2^j - 3$ units for what $j$ layers do with $3j$.",
    source=cite(
        "grohs2017",
        "on Bianchini and Scarselli (2014)",
        quote="showed analogous results for Betti numbers of level sets.",
    ),
    remarks="Bianchini and Scarselli bound the sum of the Betti numbers for several activations and dimensions; here is the "
    "number of components in dimension one.",
    symbols={
        r"\mathrm{net}(n, i)": "one hidden layer of n units, at the point x(i)",
        r"\mathrm{separated}(m)": "x(0) < x(1) < ... < x(2m), and f > c at even ones of these points but not at odd ones, so "
        "that the m + 1 even ones lie in different components",
        r"\mathrm{switched}(s, n, i)": "how many of those units whose outer weight has the sign s are in another phase at x(i) "
        "than at x(0)",
    },
)
level = claim.parameter("level", "1/2", "the level of the sawtooth's superlevel set")


@claim.proof(
    using=[
        two_steps_back.at(m="m", n="n", c="c"),
        units_that_turn_upwards.at(m="m + 1", n="n", c="c"),
        units_that_turn_downwards.at(m="m", n="n", c="c"),
        switched_grows.at(n="n", s="-1", i="2 * m + 1"),
        each_unit_has_one_sign.at(n="n", i="2 * m + 2"),
    ]
)
def components_of_one_layer(m: nat, n: nat, c: real) -> prop:
    """K = m + 2 components."""
    assume(separated(n, m + 1, c))
    return 2 * (m + 2) <= n + 3


@claim.proof(
    using=[
        sawtooth_on_a_piece.at(j="j + 1", i="2 * i", x="t"),
        sawtooth_on_a_piece.at(j="j + 1", i="2 * i + 1", x="t"),
        sign_of_even.at(n="i"),
    ],
    have=["(-1)**(2 * i + 1) == -1", "2**(j + 1) == 2 * 2**j"],
    cases=["2**(j + 1) * t <= 2 * i + 1"],
)
def components_of_the_sawtooth(j: nat, i: nat, t: real) -> prop:
    """Of the sawtooth number j + 1, between two of its zeros."""
    assume(0 <= t <= 1, i + 1 <= 2**j, 2 * i <= 2 * 2**j * t <= 2 * i + 2)
    return iff(sawtooth(j + 1, t) > level, 2 * i + 1 / 2 < 2 * 2**j * t < 2 * i + 3 / 2)


@define
def three_units(t: real) -> real:
    return 2 * relu(t) - 3 / 2 * relu(t - 1) + relu(5 - t)


@claim.proof()
def three_components_of_three_units(c: real) -> prop:
    """2K = h + 3 for K = h = 3."""
    assume(c == 11 / 2)
    return (
        three_units(-10) > c
        and three_units(0) <= c
        and three_units(1) > c
        and three_units(5) <= c
        and three_units(20) > c
    )


@claim.trials(256)
def random_layers(draws):
    """Integer networks of 9 units on a grid, exact in binary64: at most (9 + 3) / 2 components for any level."""
    import torch

    t = torch.arange(1025, dtype=torch.float64) / 16 - 32
    inner, bias, outer = (torch.floor(draws.uniform(9, low=-b, high=b)) for b in (4.0, 64.0, 8.0))
    values = outer @ torch.relu(inner[:, None] * t + bias[:, None])
    inside = values > values.median()
    return ((inside[1:] & ~inside[:-1]).sum() + inside[0].long()) <= 6


@claim.mutant(replaces=components_of_one_layer)
def without_separation(m: nat, n: nat, c: real) -> prop:
    """Without the hypothesis that the points lie in different components"""
    assume(x(2 * m + 1) > x(2 * m) > x(0))
    return 2 * (m + 2) <= n + 3


@claim.mutant(replaces=three_components_of_three_units)
def only_two_components(c: real) -> prop:
    """K <= h/2 + 1, hence not three components of three units"""
    assume(c == 11 / 2)
    return (
        three_units(-10) <= c or three_units(0) > c or three_units(1) <= c or three_units(5) > c or three_units(20) <= c
    )


claim.mutant("level-zero", {level: "0"})
