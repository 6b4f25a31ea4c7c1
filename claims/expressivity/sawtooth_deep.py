r"""The j-th sawtooth is a network of j narrow layers with 2^j affine pieces on [0, 1] (Telgarsky 2015).

On the piece from i/2^j to (i + 1)/2^j it rises from 0 to 1 if i is even, and falls if i is odd: slope 2^j or -2^j.  The map
doubles its pieces in every layer, as tent maps each half of [0, 1] onto [0, 1].  On [0, 1] the unit ReLU(x - 1) is zero, so
that two units in each layer are enough.
"""

from __future__ import annotations

from claims.expressivity.sawtooth import (
    sawtooth,
    sawtooth_at_the_next_point,
    sawtooth_at_zero,
    sawtooth_on_a_piece,
    sawtooth_on_the_grid,
    tent,
    tent_range,
)
from verify import Claim, assume, cite, define, induction, layered, lemma, nat, prop, real, relu, units

claim = Claim(
    "sawtooth-deep",
    title="The sawtooth is deep and narrow",
    statement=r"The $j$-th sawtooth $g_j$, the $j$-th iterate of $g(x) = 2\,\mathrm{ReLU}(x) - 4\,\mathrm{ReLU}(x - \frac12) + "
    r"2\,\mathrm{ReLU}(x - 1)$, is a ReLU network with $j$ hidden layers of $3$ units, on $[0, 1]$ also one with $j$ hidden "
    r"layers of $2$ units. On $[0, 1]$ it has exactly $2^j$ affine pieces, the intervals from $i/2^j$ to $(i+1)/2^j$, with "
    r"slopes $(-1)^i 2^j$ and $g_j(i/2^j) = i \bmod 2$. For $x \le 0$ and for $x \ge 1$ it is $0$ (if $j \ge 1$).",
    source=cite("telgarsky2015"),
    remarks="Neighbouring pieces have opposite slopes, so no two of them are one. On the real line there are $2^j + 2$ pieces.",
    symbols={
        r"\mathrm{sawtooth}(j, x)": "the iterate, three units a layer",
        r"\mathrm{narrow}(j, x)": "the same on [0, 1] with two units a layer",
    },
)
second = claim.parameter("second", "4", "weight of the second unit")
steep = claim.parameter("steep", "1", "the slopes are +-steep times 2^j")


@define
def ramp(x: real) -> real:
    return 2 * relu(x) - second * relu(x - 1 / 2)


@define
def narrow(j: nat, x: real) -> real:
    return x if j == 0 else narrow(j - 1, ramp(x))


@lemma()
def ramp_is_a_tent(x: real) -> prop:
    assume(0 <= x <= 1)
    return ramp(x) == tent(x)


@claim.proof(by=induction("j"), using=[ramp_is_a_tent.at(x="x"), tent_range.at(x="x")])
def two_units_a_layer(j: nat, x: real) -> prop:
    assume(0 <= x <= 1)
    return narrow(j, x) == sawtooth(j, x)


@lemma(by=induction("j"))
def size_of_the_narrow_network(j: nat, below: nat) -> prop:
    return narrow.layered(j, below) and narrow.layer(j, below) == below + j and narrow.units(j) == 2 * j


@claim.proof(using=[size_of_the_narrow_network])
def depth_and_units(j: nat, x: real) -> prop:
    return layered(narrow(j, x), j) and units(narrow(j, x)) == 2 * j


@lemma(by=induction("j"))
def size_of_the_sawtooth(j: nat, below: nat) -> prop:
    return sawtooth.layered(j, below) and sawtooth.layer(j, below) == below + j and sawtooth.units(j) == 3 * j


@claim.proof(using=[size_of_the_sawtooth])
def depth_and_units_on_the_line(j: nat, x: real) -> prop:
    return layered(sawtooth(j, x), j) and units(sawtooth(j, x)) == 3 * j


@claim.proof(
    using=[sawtooth_on_a_piece.at(j="j", i="i", x="x"), sawtooth_on_a_piece.at(j="j", i="i", x="y")],
)
def slopes(j: nat, i: nat, x: real, y: real) -> prop:
    """On the piece number i, for i < 2^j."""
    assume(0 <= x <= 1, i <= 2**j * x <= i + 1, 0 <= y <= 1, i <= 2**j * y <= i + 1, i + 1 <= 2**j)
    return sawtooth(j, y) - sawtooth(j, x) == steep * (-1) ** i * 2**j * (y - x)


@claim.proof(
    using=[sawtooth_on_the_grid.at(j="j", i="i"), sawtooth_at_the_next_point.at(j="j", i="i")],
)
def zeros_and_ones(j: nat, i: nat) -> prop:
    """At the ends of the piece number i."""
    assume(i + 1 <= 2**j)
    return (
        2 * sawtooth(j, i * (1 / 2) ** j) == 1 - (-1) ** i and 2 * sawtooth(j, (i + 1) * (1 / 2) ** j) == 1 + (-1) ** i
    )


@claim.proof(
    using=[
        sawtooth_on_the_grid.at(j="j", i="i"),
        sawtooth_at_the_next_point.at(j="j", i="i"),
        sawtooth_at_the_next_point.at(j="j", i="i + 1"),
    ],
)
def neighbouring_pieces_differ(j: nat, i: nat) -> prop:
    """The values at three neighbouring grid points are not on a line."""
    assume(i + 2 <= 2**j)
    return (
        sawtooth(j, i * (1 / 2) ** j) + sawtooth(j, (i + 2) * (1 / 2) ** j) - 2 * sawtooth(j, (i + 1) * (1 / 2) ** j)
        == -2 * (-1) ** i
    )


@lemma()
def tent_outside(x: real) -> prop:
    assume(x <= 0 or x >= 1)
    return tent(x) == 0


@claim.proof(using=[tent_outside.at(x="x"), sawtooth_at_zero.at(j="j"), tent_outside])
def zero_outside(j: nat, x: real) -> prop:
    assume(x <= 0 or x >= 1)
    return sawtooth(j + 1, x) == 0


claim.sampling(two_units_a_layer, samples=1 << 14, naturals={"j": range(17)}, reals={"x": (0, 1)})


@claim.trials(16)
def against_the_distance_to_even_integers(draws):
    """At multiples of 2^-20 all operations are exact: the iterate is the distance of 2^j x to the even integers."""
    import torch

    j = draws.trial
    x = draws.uniform(1 << 14, low=0.0, high=1.0, bits=20)
    g = x
    for _ in range(j):
        g = 2 * torch.relu(g) - 4 * torch.relu(g - 0.5)
    t = 2.0**j * x
    return g == (t - 2 * torch.round(t / 2)).abs()


claim.sharpness(steep, refuted="1023/1024", proved="1")

claim.mutant("weaker-second-unit", {second: "2"})


@claim.mutant(replaces=slopes)
def half_as_many_pieces(j: nat, i: nat, x: real, y: real) -> prop:
    """2^(j-1) pieces: one slope from i/2^j to (i + 2)/2^j"""
    assume(0 <= x <= 1, i <= 2**j * x <= i + 2, 0 <= y <= 1, i <= 2**j * y <= i + 2, i + 2 <= 2**j)
    return sawtooth(j, y) - sawtooth(j, x) == steep * (-1) ** i * 2**j * (y - x)


@claim.mutant(replaces=two_units_a_layer)
def two_units_on_a_longer_interval(j: nat, x: real) -> prop:
    """The same for x in [0, 2]"""
    assume(0 <= x <= 2)
    return narrow(j, x) == sawtooth(j, x)


@claim.mutant(replaces=zero_outside)
def no_pieces_outside(j: nat, x: real) -> prop:
    """The slopes go on outside of [0, 1], so that there are 2^j pieces on the line"""
    assume(x <= 0)
    return sawtooth(j + 1, x) == 2 * 2**j * x
