r"""The iterated tent map is a deep and narrow network with exponentially many affine pieces (Telgarsky 2015)."""

from __future__ import annotations

from fractions import Fraction

from claims.expressivity.sawtooth import (
    sawtooth,
    sawtooth_on_a_piece,
    sawtooth_on_the_grid,
    sawtooth_range,
    tent,
    tent_range,
)
from verify import Claim, assume, cite, define, induction, layered, lemma, nat, prop, real, relu, units
from verify.networks import PieceCount
from verify.networks import sawtooth as sawtooth_network

claim = Claim(
    "sawtooth-deep",
    title="Deep networks oscillate cheaply",
    statement=r"For every $j \ge 0$ the $j$-th iterate of $x \mapsto 2\mathrm{ReLU}(x) - 4\mathrm{ReLU}(x - \frac12) + "
    r"2\mathrm{ReLU}(x - 1)$ is a ReLU network with $j$ hidden layers and $3j$ units that is affine with slope $(-1)^i 2^j$ on "
    r"$[i/2^j, (i+1)/2^j]$ for $0 \le i < 2^j$, which are $2^j$ affine pieces on $[0, 1]$, and takes the value $i \bmod 2$ at "
    r"$i/2^j$. On $[0, 1]$ it agrees with a network of $j$ hidden layers and $2j$ units. On all of $\mathbb{R}$ it has "
    r"$2^j + 2$ pieces for $1 \le j \le 8$.",
    source=cite("telgarsky2015", "Section 2, the mirror map and its iterates"),
    symbols={
        r"\mathrm{slope}(j, i)": r"$(-1)^i \, 2^j$",
        r"\mathrm{narrow}(j, x)": "the same with the map 2 ReLU(x) - 4 ReLU(x - 1/2)",
    },
)
steepness = claim.parameter("steepness", "2", "how much steeper each layer makes the sawtooth")


@define
def slope(j: nat, i: nat) -> real:
    return (-1) ** i if j == 0 else steepness * slope(j - 1, i)


@lemma(by=induction("j"))
def slope_in_closed_form(j: nat, i: nat) -> prop:
    return slope(j, i) == (-1) ** i * 2**j


@claim.proof(
    using=[
        sawtooth_on_a_piece.at(j="j", i="i", x="x"),
        sawtooth_on_a_piece.at(j="j", i="i", x="y"),
        slope_in_closed_form.at(j="j", i="i"),
    ]
)
def affine_pieces(j: nat, i: nat, x: real, y: real) -> prop:
    """Piece number i of 2^j; neighbouring pieces have different slopes, as these alternate."""
    assume(i + 1 <= 2**j, 0 <= x <= 1, 0 <= y <= 1, i <= 2**j * x <= i + 1, i <= 2**j * y <= i + 1)
    return sawtooth(j, y) - sawtooth(j, x) == slope(j, i) * (y - x)


@claim.proof(using=[sawtooth_on_the_grid])
def values_on_the_grid(j: nat, i: nat) -> prop:
    """0 for even and 1 for odd i."""
    assume(i + 1 <= 2**j)
    return 2 * sawtooth(j, i * (1 / 2) ** j) == 1 - (-1) ** i


@lemma(by=induction("j"))
def size(j: nat, below: nat) -> prop:
    return sawtooth.layered(j, below) and sawtooth.layer(j, below) == below + j and sawtooth.units(j) == 3 * j


@claim.proof(using=[size])
def width_three(j: nat, x: real) -> prop:
    return layered(sawtooth(j, x), j) and units(sawtooth(j, x)) == 3 * j


@define
def half_tent(x: real) -> real:
    return 2 * relu(x) - 4 * relu(x - 1 / 2)


@define
def narrow(j: nat, x: real) -> real:
    return x if j == 0 else narrow(j - 1, half_tent(x))


@lemma()
def half_tent_is_enough(x: real) -> prop:
    assume(0 <= x <= 1)
    return half_tent(x) == tent(x)


@claim.proof(by=induction("j"), using=[half_tent_is_enough, tent_range])
def narrower(j: nat, x: real) -> prop:
    assume(0 <= x <= 1)
    return narrow(j, x) == sawtooth(j, x)


@lemma(by=induction("j"))
def narrow_size(j: nat, below: nat) -> prop:
    return narrow.layered(j, below) and narrow.layer(j, below) == below + j and narrow.units(j) == 2 * j


@claim.proof(using=[narrow_size])
def width_two(j: nat, x: real) -> prop:
    return layered(narrow(j, x), j) and units(narrow(j, x)) == 2 * j


@claim.exact(naturals={"j": range(9)}, role="stress")
def pieces_on_the_interval(j: int, steepness: Fraction) -> PieceCount:
    return PieceCount(sawtooth_network(j), (0, 1), exactly=steepness**j)


@claim.exact(naturals={"j": range(1, 9)}, role="stress")
def pieces_on_the_line(j: int) -> PieceCount:
    return PieceCount(sawtooth_network(j), exactly=2**j + 2)


@claim.proof(using=[sawtooth_range])
def stays_in_the_interval(j: nat, x: real) -> prop:
    assume(0 <= x <= 1)
    return 0 <= sawtooth(j, x) <= 1


claim.sampling(narrower, samples=1 << 12, naturals={"j": range(13)}, reals={"x": (0, 1)})
claim.sharpness(steepness, refuted="15/8", proved="2")


@claim.mutant(replaces=narrower)
def narrower_on_a_longer_interval(j: nat, x: real) -> prop:
    """Width 2 on [0, 2]"""
    assume(0 <= x <= 2)
    return narrow(j, x) == sawtooth(j, x)


@claim.mutant(replaces=pieces_on_the_line)
def no_tails(j: int) -> PieceCount:
    """2^j pieces on the whole line"""
    return PieceCount(sawtooth_network(j), exactly=2**j)


@claim.mutant(replaces=pieces_on_the_interval)
def half_as_many(j: int) -> PieceCount:
    """2^(j-1) pieces for j + 1 layers"""
    return PieceCount(sawtooth_network(j + 1), (0, 1), exactly=2**j)


@claim.mutant(replaces=width_two)
def a_unit_each(j: nat, x: real) -> prop:
    """Width 1"""
    return layered(narrow(j, x), j) and units(narrow(j, x)) == j
