r"""“All known dictionaries are representable by shallow neural networks” (Grohs 2017, after Bölcskei et al.): not for ReLUs.

With a bounded number of units there is a bounded number of affine pieces, and no better approximation of a curved atom
than by so many chords.  The quadratic B-spline is x^2/2 on [0, 1]; three neighbouring points of a grid on one piece of
the network have a second difference of 0, where the B-spline has h^2.
"""

from __future__ import annotations

from claims.expressivity.shallow_oscillation_one_layer import (
    at_most_all_switch,
    net,
    net_is_affine_in_between,
    switched,
    switched_grows,
)
from verify import Claim, assume, cite, define, induction, lemma, nat, prop, real, relu

claim = Claim(
    "dictionary-representability-literal",
    title="Dictionaries and shallow networks, as printed",
    statement=r"Every affine dictionary, that of the quadratic B-spline among them, is representable by ReLU networks with "
    r"one hidden layer: for each of its atoms there is a number $N$ such that for all $\varepsilon > 0$ a network with at "
    r"most $N$ units is within $\varepsilon$ of the atom in $L^2[0, 1]$.",
    source=cite(
        "grohs2017",
        "Theorem after Bölcskei, Grohs, Kutyniok and Petersen (2017), informal version",
        quote="All known (affine) dictionaries are representable by (shallow) neural networks (under weak assumptions on the "
        "activation function).",
    ),
    expect="refuted",
    remarks="The theorem is meant for smooth sigmoidal activations or powers of ReLU; the printed weak assumptions have to "
    "exclude ReLU. The certified bound is for the sum of squares at the points t, t + h, ..., t + (2 N + 2) h; its integral "
    "over t from 0 to h, with h = 1/(2 N + 3), is the squared error in L2[0, 1], so that this is at least h^5/6.",
    symbols={
        r"\mathrm{net}(n, i)": "a network with one hidden layer of n units, at the point t + h i (mesh and offset are "
        "absorbed in its weights)",
        r"\mathrm{squares}(n, i, h, t)": "the sum of its squared errors at the points t, ..., t + h i",
        r"\mathrm{switched}(n, i)": "how many of the n units are in another phase at the grid point i than at 0",
    },
)
sixth = claim.parameter("sixth", "1/6", "the constant $c$ in the bound $c h^4$")


@define
def spline(x: real) -> real:
    """The quadratic B-spline with knots 0, 1, 2, 3."""
    return (relu(x) ** 2 - 3 * relu(x - 1) ** 2 + 3 * relu(x - 2) ** 2 - relu(x - 3) ** 2) / 2


@define
def squares(n: nat, i: nat, h: real, t: real) -> real:
    if i == 0:
        return (net(n, 0) - t**2 / 2) ** 2
    return squares(n, i - 1, h, t) + (net(n, i) - (t + h * i) ** 2 / 2) ** 2


@claim.disproof("the quadratic B-spline is $x^2 / 2$ on [0, 1]")
def curved_piece(x: real) -> prop:
    assume(0 <= x <= 1)
    return 2 * spline(x) == x**2


@lemma()
def square_is_nonnegative(a: real) -> prop:
    return a**2 >= 0


@lemma(
    by=induction("i"),
    using=[
        square_is_nonnegative.at(a="net(n, 0) - t**2 / 2"),
        square_is_nonnegative.at(a="net(n, i + 1) - (t + h * (i + 1))**2 / 2"),
    ],
)
def squares_are_nonnegative(i: nat, n: nat, h: real, t: real) -> prop:
    return squares(n, i, h, t) >= 0


@lemma(by=induction("i"), using=[squares_are_nonnegative.at(i="i", n="n", h="h", t="t")])
def last_square(i: nat, n: nat, h: real, t: real) -> prop:
    return squares(n, i, h, t) >= (net(n, i) - (t + h * i) ** 2 / 2) ** 2


@lemma()
def three_errors(a: real, b: real, c: real, k: real) -> prop:
    """The sum of three squares is at least a sixth of the squared second difference."""
    assume(a - 2 * b + c == -k)
    return a**2 + b**2 + c**2 >= k**2 / 6


@lemma(using=[square_is_nonnegative.at(a="net(n, i + 1) - (t + h * (i + 1))**2 / 2")])
def squares_grow(i: nat, n: nat, h: real, t: real) -> prop:
    return squares(n, i, h, t) <= squares(n, i + 1, h, t)


@lemma(
    using=[
        last_square.at(i="i", n="n", h="h", t="t"),
        net_is_affine_in_between.at(n="n", i="i"),
        three_errors.at(
            a="net(n, i) - (t + h * i)**2 / 2",
            b="net(n, i + 1) - (t + h * (i + 1))**2 / 2",
            c="net(n, i + 2) - (t + h * (i + 2))**2 / 2",
            k="h**2",
        ),
    ]
)
def three_points_on_one_piece(i: nat, n: nat, h: real, t: real) -> prop:
    assume(switched(n, i) == switched(n, i + 2))
    return squares(n, i + 2, h, t) >= h**4 / 6


@lemma(
    by=induction("m"),
    using=[
        squares_grow.at(i="2 * m", n="n", h="h", t="t"),
        squares_grow.at(i="2 * m + 1", n="n", h="h", t="t"),
        three_points_on_one_piece.at(i="2 * m", n="n", h="h", t="t"),
        switched_grows.at(n="n", i="2 * m"),
        switched_grows.at(n="n", i="2 * m + 1"),
    ],
    cases=["switched(n, 2 * m) == switched(n, 2 * m + 2)"],
)
def a_unit_switches_at_every_second_point(m: nat, n: nat, h: real, t: real) -> prop:
    assume(squares(n, 2 * m, h, t) < h**4 / 6)
    return m <= switched(n, 2 * m)


@claim.disproof(
    "whatever the weights of n units, the sum of the squared errors on a grid of 2 n + 3 points is at least $h^4 / 6$",
    using=[
        a_unit_switches_at_every_second_point.at(m="n + 1", n="n", h="h", t="t"),
        at_most_all_switch.at(n="n", i="2 * n + 2"),
    ],
    cases=["squares(n, 2 * n + 2, h, t) < h**4 / 6"],
)
def error_of_n_units(n: nat, h: real, t: real) -> prop:
    return squares(n, 2 * n + 2, h, t) >= sixth * h**4


@claim.trials(64)
def fitted_networks(draws):
    """8 units with random kinks, outer weights fitted to x^2/2 at 19 points of mesh 1/16 by least squares and rounded to
    multiples of 2^-12: the sum of squares, computed exactly, is at least h^4/6."""
    import torch

    grid = torch.arange(19, dtype=torch.float64) / 16
    kinks = draws.uniform(8, low=0.0, high=1.125, bits=8)
    kinks[0] = -1.0
    features = torch.cat([torch.ones(19, 1, dtype=torch.float64), torch.relu(grid[:, None] - kinks[None, :])], dim=1)
    target = grid**2 / 2
    fitted = torch.linalg.lstsq(features, target[:, None], driver="gelsd").solution
    rounded = torch.round(fitted.clamp(-64.0, 64.0) * 4096) / 4096
    return ((features @ rounded)[:, 0] - target).square().sum() >= (1 / 16) ** 4 / 6


claim.mutant("three-sixteenths", {sixth: "3/16"})


@claim.mutant(replaces=error_of_n_units)
def half_of_the_points(n: nat, h: real, t: real) -> prop:
    """On a grid of n + 1 points, at which n units interpolate"""
    return squares(n, n, h, t) >= sixth * h**4


@claim.mutant(replaces=spline)
def linear_spline(x: real) -> real:
    """The hat function instead, which has no curved piece"""
    return relu(x) - 2 * relu(x - 1) + relu(x - 2)
