r"""The data of a training problem, reduced to integers, and the exact loss of a network.

**Reduction.**  The rows z_i = (1, x_i) of the different points become integral rows with full column rank
(``dichotomies.homogeneous``), which changes neither the arrangement nor the functions that a unit can take at the points.
For the squared loss the data at one point are merged: with M = sum m_i and Y the weighted mean of their labels,
sum m_i (f - y_i)^2 = M (f - Y)^2 + a constant.  The other losses are m alpha (f - o)^+ + m beta (o - f)^+: the absolute
loss with o = y and alpha = beta = 1, the hinge loss max(0, 1 - y f) with o = y, alpha = 1 if y = -1 and beta = 1 if y = 1,
the other one 0.  Labels and weights are multiplied by common denominators: the loss of the problem is
``constant`` + the loss of the integral data / ``scale``.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

from verify.kernel.dichotomies import Row, homogeneous
from verify.kernel.terms import need, rational
from verify.kernel.theory import fields, listed

Json = Any
Point = tuple[Fraction, ...]
Raw = tuple[list[Point], list[Fraction], list[Fraction]]  # points, labels, weights

LOSSES = {"squared": "squared error", "absolute": "absolute error", "hinge": "hinge loss"}


@dataclass(frozen=True, eq=False)
class State:
    """A set of cells, and the points where all of them are positive, or all negative, as bit masks."""

    cells: list[int]
    positive: int
    negative: int


@dataclass(frozen=True)
class Data:
    """``rows`` (D, d) of the different points; then for each datum its point, label, and slopes above and below it
    (the weight, twice, for the squared loss).  The affine part has the first ``free`` columns of the rows.  Labels were
    multiplied by ``unit``, the loss by ``scale``."""

    loss: str
    rows: list[Row]
    free: int
    points: list[int]
    labels: list[int]
    above: list[int]
    below: list[int]
    unit: int
    scale: Fraction
    constant: Fraction

    @staticmethod
    def of(raw: Raw, loss: Json, affine: Json) -> Data:
        points, labels, weights = raw
        need(loss in LOSSES, "no such loss:", loss)
        need(all(weight > 0 for weight in weights), "the weights are positive")
        need(loss != "hinge" or all(y in (1, -1) for y in labels), "the labels of the hinge loss are 1 and -1")
        places = {point: i for i, point in enumerate(dict.fromkeys(points))}
        rows = homogeneous(list(places))
        widths = {"none": 0, "bias": 1, "all": len(rows[0])}
        need(affine in widths, "no such affine part:", affine)
        own, constant = [places[point] for point in points], Fraction(0)
        if loss == "squared":
            merged = [merge([(labels[t], weights[t]) for t, j in enumerate(own) if j == i]) for i in places.values()]
            labels, weights = [mean for mean, _, _ in merged], [weight for _, weight, _ in merged]
            own, constant = list(places.values()), sum((rest for *_, rest in merged), Fraction(0))
        unit, per = (lcm(*(v.denominator for v in values)) for values in (labels, weights))
        y, m = [int(v * unit) for v in labels], [int(v * per) for v in weights]
        above, below = ([v * (loss != "hinge" or t == side) for v, t in zip(m, y, strict=True)] for side in (-1, 1))
        scale = Fraction(per * unit ** (2 if loss == "squared" else 1))
        return Data(loss, rows, widths[affine], own, y, above, below, unit, scale, constant)


def merge(data: list[tuple[Fraction, Fraction]]) -> tuple[Fraction, Fraction, Fraction]:
    """Weighted mean, weight, and weighted sum of squares around the mean, of labels with weights."""
    weight = sum((w for _, w in data), Fraction(0))
    mean = sum((w * y for y, w in data), Fraction(0)) / weight
    return mean, weight, sum((w * (y - mean) ** 2 for y, w in data), Fraction(0))


def loss_of(raw: Raw, loss: str, affine: str, width: int, network: Json) -> Fraction:
    """The loss of a network with at most ``width`` units (sign, a_1, ..., a_n, b) and the affine part c_0, c_1, ..., c_n."""
    inputs = len(raw[0][0])
    rows, shift = fields(network, "units", "affine")
    units = [[rational(v) for v in listed(row, inputs + 2)] for row in listed(rows)]
    need(
        len(units) <= width and all(unit[0] in (1, -1) for unit in units),
        "a network has at most",
        width,
        "signed units",
    )
    rest = [rational(v) for v in listed(shift, inputs + 1)]
    allowed = {"none": 0, "bias": 1, "all": inputs + 1}[affine]
    need(not any(rest[allowed:]), "the affine part of the network is not allowed")
    total = Fraction(0)
    for point, label, weight in zip(*raw, strict=True):
        value = sum((c * x for c, x in zip(rest[1:], point, strict=True)), rest[0])
        for sign, *slope, bias in units:
            value += sign * max(sum((a * x for a, x in zip(slope, point, strict=True)), bias), Fraction(0))
        total += (
            weight
            * {
                "squared": (value - label) ** 2,
                "absolute": abs(value - label),
                "hinge": max(1 - label * value, Fraction(0)),
            }[loss]
        )
    return total
