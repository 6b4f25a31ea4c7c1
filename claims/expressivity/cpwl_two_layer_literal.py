r"""Theorem 2.2 of Arora, Basu, Mianjy and Mukherjee (2018): false in two corner cases.

Their networks end in a linear map.  One unit does not compute f(x) = x, which has one piece: it is constant on a half
line.  And two units do not compute |x| + 1, which has two: without a bias at the output, the constant costs a unit.
"""

from __future__ import annotations

from verify import Claim, assume, cite, define, implies, lemma, prop, real, relu

claim = Claim(
    "cpwl-1d-two-layer-literal",
    title="Pieces and units on the line, as printed",
    statement=r"Every continuous piecewise linear function $\mathbb{R} \to \mathbb{R}$ with $p \ge 1$ pieces is computed by a "
    r"ReLU network with one hidden layer of at most $p$ units, whose output is a linear map of these units.",
    source=cite(
        "arora2018",
        "Theorem 2.2",
        quote="Any PWL R → R with p pieces has a 2-layer DNN with at most p nodes; any such DNN has size ≥ p − 1.",
    ),
    expect="refuted",
    remarks="The quotation is abridged. Both exceptions concern the first half of the theorem; with a bias at the output and "
    "p at least 2 it is true (cpwl-1d-two-layer-size), and the second half always is.",
    symbols={r"\mathrm{one}": "a network with one unit and any weights"},
)


@define
def one(a: real, b: real, c: real, x: real) -> real:
    return c * relu(a * x + b)


@claim.disproof("f(x) = x has one piece, and no weights of one unit are right at 1 and at -1", cases=["c >= 0"])
def one_unit_does_not_compute_x(a: real, b: real, c: real) -> prop:
    return not (one(a, b, c, 1) == 1 and one(a, b, c, -1) == -1)


@lemma(cases=["g >= 0"])
def no_kink_nearby(d: real, g: real, t: real) -> prop:
    assume(t > 0, g != 0, abs(d) * t <= abs(g))
    return relu(d * t + g) + relu(d * -t + g) == 2 * relu(g)


@lemma(cases=["r > 0", "h > 0"])
def both_factors_are_positive(r: real, h: real) -> prop:
    assume(r >= 0, h * r == 1)
    return r > 0 and h > 0


@lemma()
def relu_is_nonnegative(t: real) -> prop:
    return relu(t) >= 0


@lemma(cases=["g >= 0"])
def where_relu_is_positive(g: real) -> prop:
    assume(relu(g) > 0)
    return g > 0 and relu(g) == g


@lemma(cases=["d >= 0"])
def active_nearby(d: real, g: real, t: real) -> prop:
    assume(t > 0, g > 0, abs(d) * t <= abs(g))
    return relu(d * t + g) == d * t + g and relu(d * -t + g) == g - d * t


@lemma(
    using=[
        relu_is_nonnegative.at(t="g"),
        both_factors_are_positive.at(r="relu(g)", h="h"),
        where_relu_is_positive.at(g="g"),
        active_nearby.at(d="d", g="g", t="t"),
    ]
)
def unit_is_affine_nearby(d: real, g: real, h: real, t: real) -> prop:
    assume(t > 0, abs(d) * t <= abs(g), h * relu(g) == 1)
    return h > 0 and h * relu(d * t + g) == 1 + h * d * t and h * relu(d * -t + g) == 1 - h * d * t


@lemma(have=["(q - 2) * t == 0"], cases=["q > 2", "q < 2"])
def slope_of_the_other_unit(q: real, k: real, t: real) -> prop:
    assume(t > 0, q * t + 1 + k * t == t + 1, 1 - k * t == t + 1)
    return q == 2


@lemma(
    using=[
        unit_is_affine_nearby.at(d="d", g="g", h="h", t="t"),
        slope_of_the_other_unit.at(q="c * a", k="h * d", t="t"),
        relu_is_nonnegative.at(t="2 * d + g"),
    ],
    have=["h * relu(2 * d + g) >= 0"],
)
def too_large_on_the_right(a: real, c: real, d: real, g: real, h: real, t: real) -> prop:
    """The first unit has its kink at 0 and is active on the right."""
    assume(t > 0, abs(d) * t <= abs(g), h * relu(g) == 1)
    assume(c * (a * t) + h * relu(d * t + g) == t + 1, h * relu(d * -t + g) == t + 1)
    return c * (a * 2) + h * relu(d * 2 + g) >= 4


@lemma()
def relu_of_multiples(a: real, t: real) -> prop:
    assume(a >= 0, t >= 0)
    return relu(a * t) == a * t and relu(a * -t) == 0 and relu(0) == 0


@lemma(
    using=[
        relu_of_multiples.at(a="a", t="t"),
        relu_of_multiples.at(a="a", t="2"),
        too_large_on_the_right.at(a="a", c="c", d="d", g="g", h="h", t="t"),
    ]
)
def rising(a: real, c: real, d: real, g: real, h: real, t: real) -> prop:
    assume(a >= 0, t > 0, abs(d) * t <= abs(g), c * relu(0) + h * relu(g) == 1)
    assume(c * relu(a * t) + h * relu(d * t + g) == t + 1, c * relu(a * -t) + h * relu(d * -t + g) == t + 1)
    return c * relu(a * 2) + h * relu(d * 2 + g) >= 4


@lemma()
def modulus_is_even(d: real) -> prop:
    return abs(-d) == abs(d)


@lemma(using=[modulus_is_even.at(d="d"), rising.at(a="-a", c="c", d="-d", g="g", h="h", t="t")])
def falling(a: real, c: real, d: real, g: real, h: real, t: real) -> prop:
    assume(a <= 0, t > 0, abs(d) * t <= abs(g), c * relu(0) + h * relu(g) == 1)
    assume(c * relu(a * t) + h * relu(d * t + g) == t + 1, c * relu(a * -t) + h * relu(d * -t + g) == t + 1)
    return c * relu(a * -2) + h * relu(d * -2 + g) >= 4


@define
def right(a: real, b: real, c: real, d: real, g: real, h: real, t: real) -> prop:
    """The two units agree with |x| + 1 at 0, 2, -2, t and -t."""
    return (
        c * relu(b) + h * relu(g) == 1
        and c * relu(a * 2 + b) + h * relu(d * 2 + g) == 3
        and c * relu(a * -2 + b) + h * relu(d * -2 + g) == 3
        and c * relu(a * t + b) + h * relu(d * t + g) == t + 1
        and c * relu(a * -t + b) + h * relu(d * -t + g) == t + 1
    )


@lemma()
def two_kinks_at_zero(a: real, c: real, d: real, h: real, t: real) -> prop:
    return not right(a, 0, c, d, 0, h, t)


@lemma(using=[rising.at(a="a", c="c", d="d", g="g", h="h", t="t")])
def kink_of_a_rising_unit(a: real, c: real, d: real, g: real, h: real, t: real) -> prop:
    assume(a >= 0, t > 0, abs(d) * t <= abs(g))
    return not right(a, 0, c, d, g, h, t)


@lemma(using=[falling.at(a="a", c="c", d="d", g="g", h="h", t="t")])
def kink_of_a_falling_unit(a: real, c: real, d: real, g: real, h: real, t: real) -> prop:
    assume(a <= 0, t > 0, abs(d) * t <= abs(g))
    return not right(a, 0, c, d, g, h, t)


@lemma(using=[no_kink_nearby.at(d="a", g="b", t="t"), no_kink_nearby.at(d="d", g="g", t="t")])
def no_kink_at_zero(a: real, b: real, c: real, d: real, g: real, h: real, t: real) -> prop:
    assume(t > 0, b != 0, g != 0, abs(a) * t <= abs(b), abs(d) * t <= abs(g))
    return not right(a, b, c, d, g, h, t)


@lemma()
def units_may_be_exchanged(a: real, b: real, c: real, d: real, g: real, h: real, t: real) -> prop:
    return implies(right(a, b, c, d, g, h, t), right(d, g, h, a, b, c, t))


@claim.disproof(
    "|x| + 1 has two pieces, and whatever the weights of two units, the network is wrong at 0, 2, -2, t or -t, if t > 0 is "
    "not greater than the distance from 0 of any kink that is not at 0 itself",
    using=[
        units_may_be_exchanged.at(a="a", b="b", c="c", d="d", g="g", h="h", t="t"),
        no_kink_at_zero,
        two_kinks_at_zero,
        kink_of_a_rising_unit,
        kink_of_a_falling_unit,
    ],
    cases=["b == 0", "g == 0", "a >= 0", "d >= 0"],
)
def two_units_do_not_compute_the_modulus_plus_one(
    a: real, b: real, c: real, d: real, g: real, h: real, t: real
) -> prop:
    assume(t > 0, implies(b != 0, abs(a) * t <= abs(b)), implies(g != 0, abs(d) * t <= abs(g)))
    return not right(a, b, c, d, g, h, t)


@claim.trials(64)
def random_pairs_of_units(draws):
    """Two units with random dyadic weights, 4096 pairs a trial: none agrees with |x| + 1 at 0, 2, -2 and 1/16, -1/16."""
    import torch

    a, b, c, d, g, h = draws.uniform(6, 4096, low=-4.0, high=4.0, bits=3)
    wrong = torch.zeros(4096, dtype=torch.bool)
    for x in (0.0, 2.0, -2.0, 0.0625, -0.0625):
        wrong |= c * torch.relu(a * x + b) + h * torch.relu(d * x + g) != abs(x) + 1
    return wrong


@claim.mutant(replaces=one_unit_does_not_compute_x)
def right_at_one_point(a: real, b: real, c: real) -> prop:
    """No unit is right at 1"""
    return one(a, b, c, 1) != 1


@claim.mutant(replaces=one)
def signed_unit(a: real, b: real, c: real, x: real) -> real:
    """A linear unit instead of a ReLU"""
    return c * (a * x + b)


@claim.mutant(replaces=right)
def modulus_without_the_constant(a: real, b: real, c: real, d: real, g: real, h: real, t: real) -> prop:
    """|x| instead of |x| + 1: two units are enough"""
    return (
        c * relu(b) + h * relu(g) == 0
        and c * relu(a * 2 + b) + h * relu(d * 2 + g) == 2
        and c * relu(a * -2 + b) + h * relu(d * -2 + g) == 2
        and c * relu(a * t + b) + h * relu(d * t + g) == t
        and c * relu(a * -t + b) + h * relu(d * -t + g) == t
    )
