r"""The tent map and its iterates, shared by the claims about oscillation (Telgarsky 2015).

tent(x) = 2 ReLU(x) - 4 ReLU(x - 1/2) + 2 ReLU(x - 1); its j-th iterate, the sawtooth, has 2^j affine pieces on [0, 1].
"""

from __future__ import annotations

from verify import assume, define, hypothesis, induction, lemma, nat, prop, real, relu


@define
def tent(x: real) -> real:
    return 2 * relu(x) - 4 * relu(x - 1 / 2) + 2 * relu(x - 1)


@define
def sawtooth(j: nat, x: real) -> real:
    return x if j == 0 else sawtooth(j - 1, tent(x))


@lemma()
def tent_left(x: real) -> prop:
    assume(0 <= x <= 1 / 2)
    return tent(x) == 2 * x


@lemma()
def tent_right(x: real) -> prop:
    assume(1 / 2 <= x <= 1)
    return tent(x) == 2 - 2 * x


@lemma()
def tent_range(x: real) -> prop:
    assume(0 <= x <= 1)
    return 0 <= tent(x) <= 1


@lemma(by=induction("j"), using=[tent_range])
def sawtooth_range(j: nat, x: real) -> prop:
    assume(0 <= x <= 1)
    return 0 <= sawtooth(j, x) <= 1


@lemma(by=induction("b"))
def sign_of_a_sum(a: nat, b: nat) -> prop:
    return (-1) ** (a + b) == (-1) ** a * (-1) ** b


@lemma(
    using=[sign_of_a_sum.at(a="i", b="m"), sign_of_a_sum.at(a="k", b="k")],
    have=["(-1)**(i + m + 1) == -(-1)**(i + m)"],
)
def sign_of_a_reflection(i: nat, m: nat, k: nat) -> prop:
    assume(i + m + 1 == 2 * k)
    return (-1) ** m == -((-1) ** i)


@lemma(
    by=induction("j"),
    using=[
        tent_left,
        tent_right,
        sign_of_a_reflection.at(i="i", m="2 * 2**j - i - 1", k="2**j"),
        hypothesis(i="2 * 2**j - i - 1", x="tent(x)"),
    ],
    cases=["i + 1 <= 2**j"],
    have=["implies(i + 1 <= 2**j, x <= 1/2)", "implies(i >= 2**j, x >= 1/2)"],
)
def sawtooth_on_a_piece(j: nat, i: nat, x: real) -> prop:
    """On the piece number i the sawtooth rises from 0 to 1 if i is even, and falls if i is odd."""
    assume(0 <= x <= 1, i <= 2**j * x <= i + 1, i + 1 <= 2**j)
    return 2 * sawtooth(j, x) == 1 - (-1) ** i + 2 * (-1) ** i * (2**j * x - i)


@lemma(by=induction("j"))
def mesh(j: nat) -> prop:
    return 2**j * (1 / 2) ** j == 1


@lemma(by=induction("j"), using=[tent_left])
def sawtooth_at_zero(j: nat) -> prop:
    return sawtooth(j, 0) == 0


@lemma(using=[mesh], have=["2**j * (i * (1/2)**j) == i", "i * (1/2)**j <= 1"])
def grid_points(j: nat, i: nat) -> prop:
    assume(i <= 2**j)
    return 0 <= i * (1 / 2) ** j <= 1 and 2**j * (i * (1 / 2) ** j) == i


@lemma(using=[sawtooth_on_a_piece.at(j="j", i="i", x="i * (1/2)**j"), grid_points.at(j="j", i="i")])
def sawtooth_on_the_grid(j: nat, i: nat) -> prop:
    assume(i + 1 <= 2**j)
    return 2 * sawtooth(j, i * (1 / 2) ** j) == 1 - (-1) ** i


@lemma(using=[sawtooth_on_a_piece.at(j="j", i="i", x="(i + 1) * (1/2)**j"), grid_points.at(j="j", i="i + 1")])
def sawtooth_at_the_next_point(j: nat, i: nat) -> prop:
    assume(i + 1 <= 2**j)
    return 2 * sawtooth(j, (i + 1) * (1 / 2) ** j) == 1 + (-1) ** i


@lemma(by=induction("n"))
def sign_of_even(n: nat) -> prop:
    return (-1) ** (2 * n) == 1
