r"""ReLU networks with rational weights, as certificates hold them.

``{"layers": [{"weights": [["1", "-1/2"], ...], "bias": ["0", ...]}, ...]}``: affine maps with a ReLU of every coordinate
between two of them, and none after the last.  A network with one layer is an affine map.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from verify.kernel.terms import need, rational
from verify.kernel.theory import fields, listed

Json = Any
Affine = tuple[Fraction, ...]  # the coefficients of a linear form, and then its constant
Layer = tuple[Affine, ...]  # one row for each unit: its weights, and then its bias

MAX_LAYERS = 1_000
MAX_WEIGHTS = 1_000_000


def read_network(value: Json) -> tuple[Layer, ...]:
    """The layers of a network; rejects one whose shapes do not fit together."""
    (entries,) = fields(value, "layers")
    need(0 < len(listed(entries)) <= MAX_LAYERS, "a network has between 1 and", MAX_LAYERS, "layers")
    layers: list[Layer] = []
    for entry in entries:
        weights, bias = fields(entry, "weights", "bias")
        need(
            listed(weights) and len(listed(bias)) == len(weights),
            "a layer has as many biases as rows, and one at least",
        )
        inputs = len(layers[-1]) if layers else len(listed(weights[0]))
        need(inputs, "a network has an input")
        need(inputs * len(weights) <= MAX_WEIGHTS, "a layer has at most", MAX_WEIGHTS, "weights")
        layers.append(
            tuple(
                (*map(rational, listed(row, inputs)), rational(constant))
                for row, constant in zip(weights, bias, strict=True)
            )
        )
    return tuple(layers)


def composed(layer: Layer, inputs: tuple[Affine, ...]) -> tuple[Affine, ...]:
    """The affine forms that a layer makes of affine forms of a common argument."""
    size = len(inputs[0])
    return tuple(
        tuple(
            sum((w * form[k] for w, form in zip(row, inputs, strict=False)), row[-1] if k == size - 1 else Fraction(0))
            for k in range(size)
        )
        for row in layer
    )


def identity(dimension: int) -> tuple[Affine, ...]:
    """The coordinates, as affine forms."""
    return tuple(tuple(Fraction(i == k) for k in range(dimension + 1)) for i in range(dimension))
