r"""How many affine pieces a ReLU network of one variable can have, with every step proved (Serra et al. 2018, d = 1).

A function that is affine on P pieces, and on no fewer, has P - 1 kinks: it is not on a line at P - 1 triples of points
(0, 1, 2), (2, 3, 4), ... of an increasing sequence, and at no more.  So the number of bent triples, over all sequences of
points, is what is bounded here; the induction over units and layers is in ``networks_on_a_line``.
"""

from __future__ import annotations

from claims.expressivity.narrow_layers import at_most_two_switches
from claims.expressivity.networks_on_a_line import (
    bends,
    every_bend_needs_a_switch,
    increasing,
    layer_by_layer,
    no_units_no_switches,
    pieces,
    product,
    switches,  # noqa: F401  (a hint mentions it)
    width,
)
from verify import Claim, assume, cite, define, induction, lemma, nat, prop, real

claim = Claim(
    "piece-count-exact",
    title="The number of pieces of a network",
    statement=r"A ReLU network $f: \mathbb{R} \to \mathbb{R}$ with hidden widths $w_1, \dots, w_L$ has at most "
    r"$\prod_{k=1}^L (w_k + 1)$ affine pieces: among any points $x_0 < x_1 < \dots < x_{2m}$ fewer than "
    r"$\prod (w_k + 1)$ of the $m$ triples $(x_0, x_1, x_2), (x_2, x_3, x_4), \dots$ are such that the values of $f$ "
    r"there are not on a line. With widths $(1, 1)$ there are at most $3$ pieces, not $4$.",
    source=cite("serra2018", "upper bound on the number of linear regions, in dimension one"),
    remarks="That a continuous function with P affine pieces, and no fewer, has exactly P - 1 such triples for the best "
    "choice of points is not part of the proof: place every second point at a kink. The bound is attained by width 3 in "
    "every layer and by one layer (piece-count-attained); it is at most the bound $2^{L-1} (w_1 + 1) w_2 \\cdots w_L$ "
    "of Arora et al. (2018), Lemma D.5.",
    symbols={
        r"\mathrm{affine}(k, n, u, t)": "the affine function number u of the first n units of hidden layer k, at the input "
        "t; unit v of layer k + 1 is the ReLU of affine(k, width(k), v, t)",
        r"\mathrm{network}(k, t)": "the output of the network with k hidden layers",
        r"\mathrm{bends}(k, m)": "at how many of the m triples of points the network is not on a line",
        r"\mathrm{bound}(k)": "$(w_1 + 1) \\cdots (w_k + 1)$",
    },
)
each = claim.parameter("each", "1", "how many pieces a unit adds to every piece of the layers before")


@define
def bound(k: nat) -> real:
    return 1 if k == 0 else bound(k - 1) * (each * width(k) + 1)


@lemma(by=induction("k"))
def bound_is_the_product(k: nat) -> prop:
    return bound(k) == product(k)


@claim.proof(using=[pieces.at(k="k", m="m"), bound_is_the_product.at(k="k")])
def number_of_pieces(k: nat, m: nat) -> prop:
    assume(increasing(2 * m))
    return bends(k, m) + 1 <= bound(k)


@claim.proof(
    using=[
        every_bend_needs_a_switch.at(k="2", m="m"),
        layer_by_layer.at(i="2 * m", k="1"),
        at_most_two_switches.at(i="2 * m", k="0"),
        no_units_no_switches.at(i="2 * m"),
    ],
    have=["switches(1, width(2), 2 * m) == switches(1, 1, 2 * m)"],
)
def not_attained_by_two_narrow_layers(m: nat) -> prop:
    """Widths (1, 1): three pieces at most, not (1 + 1)(1 + 1)."""
    assume(increasing(2 * m), width(1) == 1, width(2) == 1)
    return bends(2, m) + 1 <= 3


@claim.trials(64)
def random_networks(draws):
    """Networks of widths (3, 2, 3) with integer weights, at the multiples of 2^-6 in [-8, 8): all values are exact in
    binary64, so that second differences are zero on every piece.  Kinks between grid points bend at most two neighbouring
    triples, so that at most twice 47 of 1022 triples are bent."""
    import torch

    values = (torch.arange(1024, dtype=torch.float64) / 64 - 8)[None, :]
    for inputs, outputs in ((1, 3), (3, 2), (2, 3)):
        weights = torch.floor(draws.uniform(outputs * inputs, low=-4.0, high=4.0)).reshape(outputs, inputs)
        biases = torch.floor(draws.uniform(outputs, low=-16.0, high=16.0))
        values = torch.relu(weights @ values + biases[:, None])
    value = torch.floor(draws.uniform(3, low=-4.0, high=4.0)) @ values
    bent = value[2:] - 2 * value[1:-1] + value[:-2] != 0
    return bent.sum() <= 2 * (4 * 3 * 4 - 1)


claim.sharpness(each, refuted="15/16", proved="1")


@claim.mutant(replaces=bound)
def as_many_pieces_as_units(k: nat) -> real:
    """w pieces for w >= 1 units, not w + 1"""
    if k == 0:
        return 1
    return bound(k - 1) * width(k) if width(k) >= 1 else bound(k - 1)


@claim.mutant(replaces=number_of_pieces)
def points_in_any_order(k: nat, m: nat) -> prop:
    """Without the hypothesis that the points increase"""
    return bends(k, m) + 1 <= bound(k)


@claim.mutant(replaces=not_attained_by_two_narrow_layers)
def two_pieces(m: nat) -> prop:
    """Two pieces at most for widths (1, 1)"""
    assume(increasing(2 * m), width(1) == 1, width(2) == 1)
    return bends(2, m) + 1 <= 2
