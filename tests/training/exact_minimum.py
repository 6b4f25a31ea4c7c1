r"""The exact minimum of a small problem with squared loss, and its certificate, from a search that has not begun.

The record says only "the root is bounded, without rows"; the certificate pass does the rest, in exact arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tests.training.recorded_search import Recorded, exact_data
from verify.training.cell_optimum import network
from verify.training.certify import BetterMinimum, tree

Json = Any


@dataclass(frozen=True)
class Minimum:
    value: Fraction
    network: Json
    tree: list[int]


def exact_minimum(
    points: Sequence[Sequence[object]],
    labels: Sequence[object],
    width: int,
    *,
    weights: Sequence[object] | None = None,
    affine: str = "none",
) -> Minimum:
    raw, data = exact_data(points, labels, weights, affine=affine)
    lower = sum((m * y * y for y, m in zip(raw[1], raw[2], strict=True)), Fraction(0))
    found: Json = {"units": [], "affine": ["0"] * (len(raw[0][0]) + 1)}
    while True:
        try:
            return Minimum(lower, found, tree(data, width, Recorded([0, 0]), lower))
        except BetterMinimum as better:
            assert better.optimum.value < lower
            lower, found = better.optimum.value, network(raw[0], data, better.optimum)


def statement(
    points: Sequence[Sequence[object]],
    labels: Sequence[object],
    width: int,
    value: object,
    *,
    relation: str = "is",
    weights: Sequence[object] | None = None,
    affine: str = "none",
    loss: str = "squared",
) -> Json:
    return {
        "question": "training_minimum",
        "points": [[str(x) for x in point] for point in points],
        "labels": [str(y) for y in labels],
        "weights": [str(m) for m in weights or [1] * len(labels)],
        "loss": loss,
        "width": str(width),
        "affine": affine,
        "relation": relation,
        "value": str(value),
    }
