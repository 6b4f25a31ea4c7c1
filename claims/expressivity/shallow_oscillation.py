r"""“Shallow networks cannot represent high-frequency oscillations” (Grohs 2017): false as printed.

One hidden layer with 2^j units represents the sawtooth of 2^j pieces exactly, for every j.  What the exercise means
needs a bound on the size; see shallow-oscillation-sharp and shallow-oscillation-one-layer.
"""

from __future__ import annotations

from claims.expressivity.sawtooth import sawtooth, sawtooth_on_a_piece
from verify import Claim, assume, cite, define, induction, layered, lemma, nat, prop, real, relu, units

claim = Claim(
    "shallow-oscillation-lower-bound",
    title="Shallow networks and oscillation, as printed",
    statement=r"There is a constant $c > 0$ such that every ReLU network that agrees on $[0, 1]$ with an oscillation at "
    r"scale $2^{-j}$, say with the $j$-th sawtooth, has at least $c \, j$ layers, for every $j$.",
    source=cite(
        "grohs2017",
        "Exercise after Telgarsky (2015)",
        quote="Shallow networks cannot represent high-frequency oscillations: one needs ≳ j layers to capture frequencies "
        "oscillating at scale $2^{-j}$.",
    ),
    expect="refuted",
    remarks="The sentence is meant for networks of bounded width; the printed one has no such condition.",
    symbols={
        r"\mathrm{sawtooth}(j, x)": "the j-th iterate of the tent map, which oscillates $2^{j-1}$ times",
        r"\mathrm{shallow}(j, x)": "the network with one hidden layer",
    },
)
kink = claim.parameter("kink", "2", "size of the change of slope at each kink")


@define
def teeth(n: nat, t: real) -> real:
    """ReLU(t) and n kinks at 1, ..., n."""
    return relu(t) if n == 0 else teeth(n - 1, t) + kink * (-1) ** n * relu(t - n)


@define
def last_kink(j: nat) -> nat:
    """2^j - 1"""
    return 0 if j == 0 else 2 * last_kink(j - 1) + 1


@define
def shallow(j: nat, x: real) -> real:
    return teeth(last_kink(j), 2**j * x)


@lemma(by=induction("n"))
def beyond_the_last_kink(n: nat, t: real) -> prop:
    assume(t >= n)
    return 2 * teeth(n, t) == 1 - (-1) ** n + 2 * (-1) ** n * (t - n)


@lemma(by=induction("p"), using=[beyond_the_last_kink])
def later_kinks_do_not_matter(p: nat, n: nat, t: real) -> prop:
    assume(n <= t <= n + 1)
    return 2 * teeth(n + p, t) == 1 - (-1) ** n + 2 * (-1) ** n * (t - n)


@lemma(
    using=[
        sawtooth_on_a_piece,
        later_kinks_do_not_matter.at(p="last_kink(j) - i", n="i", t="2**j * x"),
    ]
)
def agree_on_a_piece(j: nat, i: nat, x: real) -> prop:
    assume(0 <= x <= 1, i <= 2**j * x <= i + 1, i + 1 <= 2**j)
    return shallow(j, x) == sawtooth(j, x)


@lemma(
    by=induction("n"),
    using=[agree_on_a_piece.at(j="j", i="n", x="x"), agree_on_a_piece.at(j="j", i="0", x="x")],
    cases=["2**j * x >= n"],
)
def agree_on_the_first_pieces(n: nat, j: nat, x: real) -> prop:
    assume(0 <= x <= 1, 2**j * x <= n, n <= 2**j)
    return shallow(j, x) == sawtooth(j, x)


@lemma(by=induction("n"))
def size_of_teeth(n: nat, below: nat) -> prop:
    return teeth.units(n) == n + 1 and teeth.layered(n, below) and teeth.layer(n, below) == below + 1


@claim.disproof(
    "for every j, a network with one hidden layer agrees with the j-th sawtooth on [0, 1]",
    using=[agree_on_the_first_pieces.at(n="2**j", j="j", x="x")],
)
def one_layer_is_enough(j: nat, x: real) -> prop:
    assume(0 <= x <= 1)
    return shallow(j, x) == sawtooth(j, x)


@claim.disproof("that network has one hidden layer, of $2^j$ units", using=[size_of_teeth])
def it_has_one_layer(j: nat, x: real) -> prop:
    return layered(shallow(j, x), 1) and units(shallow(j, x)) == 2**j


claim.sampling(one_layer_is_enough, samples=1 << 12, naturals={"j": range(9)}, reals={"x": (0, 1)})


claim.mutant("smaller-kinks", {kink: "1"})


@claim.mutant(replaces=last_kink)
def one_kink_too_few(j: nat) -> nat:
    """2^j - 2 kinks (for j >= 1): the last tooth is missing"""
    return 0 if j == 0 else 2 * last_kink(j - 1)


@claim.mutant(replaces=one_layer_is_enough)
def on_a_longer_interval(j: nat, x: real) -> prop:
    """The same for x in [0, 2]"""
    assume(0 <= x <= 2)
    return shallow(j, x) == sawtooth(j, x)
