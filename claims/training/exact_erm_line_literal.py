r"""Exact training on the line, reduced to piecewise linear regression (Arora, Basu, Mianjy and Mukherjee 2018): not the same.

For one input the training problem of width w is reduced to fitting a continuous piecewise linear function with w pieces.
But w units make a flat piece and up to w others, with constraints between them; the smallest cases already differ.
"""

from __future__ import annotations

from fractions import Fraction

from verify import Claim, assume, cite, define, lemma, prop, real, relu
from verify.training import TrainingMinimum

claim = Claim(
    "exact-erm-line-literal",
    title="Training on a line as piecewise linear regression",
    statement=r"For data on the real line, minimising the training error over networks with one hidden layer of $w$ ReLU units "
    r"is minimising it over the continuous piecewise linear functions with $w$ pieces: the two minima are equal.",
    source=cite("arora2018", "Theorem 4.1, proof of the case n = 1 (Appendix C), as recalled in the source notes"),
    expect="refuted",
    remarks="The case n = 1 needs no reduction: the algorithm for n >= 2 works with the 2 D dichotomies of D points on a line; "
    "see exact-erm-depth2. Each minimum is smaller than the other one for some data.",
    symbols={
        r"\mathrm{positive}, \; \mathrm{negative}": "squared errors of the networks ReLU(a x + b) and -ReLU(a x + b)",
        r"\mathrm{line}": "the squared error of the affine function a x + b",
    },
)
bend = claim.parameter("bend", "1/6", "least squared error of one piece where one unit has none")
slope = claim.parameter("slope", "1", "least squared error of one unit where one piece has none")


@define
def line(a: real, b: real, u: real, v: real, w: real) -> real:
    """At -1, 0, 1, with the labels u, v, w."""
    return (b - a - u) ** 2 + (b - v) ** 2 + (a + b - w) ** 2


@define
def positive(a: real, b: real, u: real, v: real, w: real) -> real:
    return (relu(b - a) - u) ** 2 + (relu(b) - v) ** 2 + (relu(a + b) - w) ** 2


@define
def negative(a: real, b: real, u: real, v: real, w: real) -> real:
    return (-relu(b - a) - u) ** 2 + (-relu(b) - v) ** 2 + (-relu(a + b) - w) ** 2


@lemma()
def square_is_nonnegative(t: real) -> prop:
    return t**2 >= 0


@lemma()
def relu_is_nonnegative(t: real) -> prop:
    return relu(t) >= 0


@lemma(using=[square_is_nonnegative.at(t="r"), square_is_nonnegative.at(t="s"), square_is_nonnegative.at(t="t")])
def one_error_is_large(r: real, s: real, t: real) -> prop:
    assume(r >= 0)
    return (r + 1) ** 2 + s**2 + t**2 >= 1


@claim.disproof("one unit takes the labels 0, 0, 1 at -1, 0, 1, and every affine function has at least 1/6 there")
def one_unit_is_better(a: real, b: real) -> prop:
    return positive(1, 0, 0, 0, 1) == 0 and line(a, b, 0, 0, 1) >= bend


@claim.disproof(
    "an affine function takes the labels -1, 0, 1, and every unit of either sign has at least 1 there",
    using=[
        one_error_is_large.at(r="relu(b - a)", s="relu(b)", t="relu(a + b) - 1"),
        one_error_is_large.at(r="relu(a + b)", s="relu(b)", t="relu(b - a) - 1"),
        relu_is_nonnegative.at(t="b - a"),
        relu_is_nonnegative.at(t="a + b"),
    ],
)
def one_piece_is_better(a: real, b: real) -> prop:
    return line(1, 0, -1, 0, 1) == 0 and positive(a, b, -1, 0, 1) >= slope and negative(a, b, -1, 0, 1) >= slope


@claim.exact(
    naturals={"w": (1, 2)},
    role="disproof",
    reason="the minimum for the labels -1, 0, 1 is 1 with one unit, and 0 with two",
)
def minimum_with_units(w: int, slope: Fraction) -> TrainingMinimum:
    """Over all networks of width w, by the algorithm for any n; one and two pieces both have no error."""
    return TrainingMinimum([[-1], [0], [1]], [-1, 0, 1], w, relation="is", value=slope if w == 1 else 0)


claim.sampling(one_unit_is_better, samples=1 << 12, reals={"a": (-2, 2), "b": (-2, 2)})
claim.sampling(one_piece_is_better, samples=1 << 12, reals={"a": (-2, 2), "b": (-2, 2)})

claim.mutant("a-fifth", {bend: "1/5"})
claim.mutant("more-than-one", {slope: "9/8"})


@claim.mutant(replaces=positive)
def two_units(a: real, b: real, u: real, v: real, w: real) -> real:
    """With a second unit -ReLU(-x)"""
    return (relu(b - a) - 1 - u) ** 2 + (relu(b) - v) ** 2 + (relu(a + b) - w) ** 2
