r"""ReLU networks over the rational numbers.

A network is a chain of affine maps with a ReLU of every coordinate between two of them, and none after the last:
what ``torch.nn.Sequential(Linear, ReLU, ..., Linear)`` computes, without rounding.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from verify.errors import NetworkError

Json = Any
Number = int | Fraction | str
Vector = tuple[Fraction, ...]


@dataclass(frozen=True)
class Layer:
    """An affine map: ``weights`` of shape (outputs, inputs), ``bias`` of shape (outputs,)."""

    weights: tuple[Vector, ...]
    bias: Vector


@dataclass(frozen=True)
class Network:
    """A ReLU network; ``Network.of([(weights, bias), ...])`` makes one from exact numbers or texts like "-7/2"."""

    layers: tuple[Layer, ...]

    @staticmethod
    def of(layers: Iterable[tuple[Sequence[Sequence[Number]], Sequence[Number]]]) -> Network:
        made = tuple(Layer(tuple(exact(row) for row in weights), exact(bias)) for weights, bias in layers)
        if not made:
            raise NetworkError("a network needs at least one affine map")
        return Network(made)

    @property
    def widths(self) -> tuple[int, ...]:
        """The number of inputs, the widths of the hidden layers, and the number of outputs."""
        return (len(self.layers[0].weights[0]), *(len(layer.bias) for layer in self.layers))

    def __call__(self, point: Sequence[Number]) -> Vector:
        """The exact value at a point."""
        values = exact(point)
        for position, layer in enumerate(self.layers):
            if position:
                values = tuple(max(value, Fraction(0)) for value in values)
            values = tuple(
                sum((w * v for w, v in zip(row, values, strict=True)), constant)
                for row, constant in zip(layer.weights, layer.bias, strict=True)
            )
        return values

    def json(self) -> Json:
        """As certificates hold it."""
        return {
            "layers": [
                {"weights": [[str(w) for w in row] for row in layer.weights], "bias": [str(b) for b in layer.bias]}
                for layer in self.layers
            ]
        }


def exact(numbers: Iterable[Number]) -> Vector:
    return tuple(Fraction(number) for number in numbers)
