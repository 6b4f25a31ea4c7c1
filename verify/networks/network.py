r"""ReLU networks over the rational numbers.

A network is a chain of affine maps with a ReLU of every coordinate between two of them, and none after the last:
what ``torch.nn.Sequential(Linear, ReLU, ..., Linear)`` computes, without rounding.

Evaluation uses homogeneous integer coordinates.  A vector $v$ of rationals is kept as integers $(s, s v)$ with a
scale $s > 0$.  If $D$ is a common denominator of the weights and biases of a layer, then $v \mapsto W v + b$ becomes
$(s, u) \mapsto (D s, (D W) u + (D b) s)$, and ReLU, being positively homogeneous, acts on $u$ as it does on $v$; one
greatest common divisor a layer keeps the integers short.  This is exact like arithmetic with fractions, and about ten
times faster, since nothing is reduced on the way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import gcd, lcm
from operator import mul
from typing import Any

from verify.errors import NetworkError

Json = Any
Number = int | float | Fraction | str
Vector = tuple[Fraction, ...]
Homogeneous = tuple[int, ...]  # the scale, and then each coordinate times the scale

NUMERAL = re.compile(r"[+-]?[0-9]+(/[0-9]+|\.[0-9]+)?", re.ASCII)


@dataclass(frozen=True)
class Layer:
    """An affine map: ``weights`` of shape (outputs, inputs), ``bias`` of shape (outputs,)."""

    weights: tuple[Vector, ...]
    bias: Vector


@dataclass(frozen=True)
class Network:
    """A ReLU network; ``Network.of([(weights, bias), ...])`` makes one from numbers or texts like "-7/2".

    A float is the binary fraction that it is: write "1/10" for a tenth.
    """

    layers: tuple[Layer, ...]

    def __post_init__(self) -> None:
        if not self.layers:
            raise NetworkError("a network needs at least one affine map")
        before = None
        for position, layer in enumerate(self.layers, 1):
            check_shape(f"layer {position}", layer, before)
            before = len(layer.bias)

    @staticmethod
    def of(layers: Iterable[tuple[Sequence[Sequence[Number]], Sequence[Number]]]) -> Network:
        if isinstance(layers, str) or not isinstance(layers, Iterable):
            raise NetworkError(f"layers are given as a list of pairs (weights, bias), not as {str(layers)[:80]!r}")
        return Network(tuple(read_layer(f"layer {position}", entry) for position, entry in enumerate(layers, 1)))

    @property
    def inputs(self) -> int:
        return len(self.layers[0].weights[0])

    @property
    def outputs(self) -> int:
        return len(self.layers[-1].bias)

    @property
    def widths(self) -> tuple[int, ...]:
        """The number of inputs, the widths of the hidden layers, and the number of outputs."""
        return (self.inputs, *(len(layer.bias) for layer in self.layers))

    @property
    def hidden_layers(self) -> int:
        return len(self.layers) - 1

    @property
    def depth(self) -> int:
        """The number of affine maps: one more than hidden layers."""
        return len(self.layers)

    @property
    def width(self) -> int:
        """Of the widest hidden layer; 0 for an affine map."""
        return max(self.widths[1:-1], default=0)

    @property
    def units(self) -> int:
        """The number of ReLU units."""
        return sum(self.widths[1:-1])

    @property
    def edges(self) -> int:
        """The number of weights that are not zero, biases not counted."""
        return sum(1 for layer in self.layers for row in layer.weights for weight in row if weight)

    @property
    def weights(self) -> int:
        """The number of weights and biases that are not zero."""
        return self.edges + sum(1 for layer in self.layers for constant in layer.bias if constant)

    @property
    def parameters(self) -> int:
        """The number of weights and biases, zeros included."""
        return sum(len(layer.bias) * (len(layer.weights[0]) + 1) for layer in self.layers)

    @property
    def bits(self) -> int:
        """The largest number of bits of a numerator or denominator among weights and biases."""
        return max(
            max(number.numerator.bit_length(), number.denominator.bit_length())
            for layer in self.layers
            for row in (*layer.weights, layer.bias)
            for number in row
        )

    @cached_property
    def integer_layers(self) -> tuple[tuple[Homogeneous, ...], ...]:
        """Affine maps as integer rows for homogeneous vectors; the first row, (D, 0, ..., 0), is for the scale."""
        return tuple(map(integer_layer, self.layers))

    def __call__(self, point: Sequence[Number]) -> Vector:
        """The exact value at a point."""
        coordinates = exact(point)
        if len(coordinates) != self.inputs:
            raise NetworkError(
                f"the point has {len(coordinates)} coordinates, but the network has {counted(self.inputs)}"
            )
        values = homogeneous(coordinates)
        for position, rows in enumerate(self.integer_layers):
            if position:
                values = tuple(value if value > 0 else 0 for value in values)
            values = reduced(tuple(sum(map(mul, row, values)) for row in rows))
        return tuple(Fraction(value, values[0]) for value in values[1:])

    def json(self) -> Json:
        """As certificates hold it."""
        return {
            "layers": [
                {"weights": [[str(w) for w in row] for row in layer.weights], "bias": [str(b) for b in layer.bias]}
                for layer in self.layers
            ]
        }


def check_shape(name: str, layer: Layer, inputs: int | None) -> None:
    """Raise ``NetworkError`` unless the layer is a matrix with a bias for each row, after ``inputs`` units."""
    if not layer.weights:
        raise NetworkError(f"{name} is empty: a layer needs at least one row of weights")
    if len(layer.weights) != len(layer.bias):
        raise NetworkError(
            f"{name} has {len(layer.weights)} rows of weights and {len(layer.bias)} biases; give one bias for each row"
        )
    lengths = sorted({len(row) for row in layer.weights})
    if len(lengths) != 1:
        raise NetworkError(f"{name} has rows of {lengths[0]} and of {lengths[-1]} weights; give rows of one length")
    if lengths == [0]:
        raise NetworkError(f"{name} has no inputs: give each row at least one weight")
    if inputs is not None and lengths != [inputs]:
        raise NetworkError(
            f"{name} has rows of {lengths[0]} weights, but there are {inputs} outputs of the layer before; "
            f"give rows of {inputs}"
        )


def read_layer(name: str, entry: Any) -> Layer:
    try:
        weights, bias = entry
        rows, constants = [list(row) for row in weights], list(bias)
        if any(isinstance(part, str) for part in (weights, bias, *weights)):
            raise TypeError
    except (TypeError, ValueError):
        raise NetworkError(f"{name} is not a pair of a matrix (a list of rows) and a bias (a list)") from None
    return Layer(
        tuple(exact(row, f"of row {i} of the weights of {name}") for i, row in enumerate(rows, 1)),
        exact(constants, f"of the bias of {name}"),
    )


def exact(numbers: Iterable[Number], where: str = "of the list") -> Vector:
    """Numbers as fractions; raises ``NetworkError`` at the first that is none."""
    if isinstance(numbers, str) or not isinstance(numbers, Iterable):
        raise NetworkError(f"a list of numbers is needed, such as a point, not {str(numbers)[:80]!r}")
    return tuple(
        value if type(value) is Fraction else number(value, f"number {position} {where}")
        for position, value in enumerate(numbers, 1)
    )


def number(value: Any, name: str) -> Fraction:
    """An integer, a fraction, a finite float (the binary fraction that it is) or a text such as "-7/2" or "0.1"."""
    if isinstance(value, str) and NUMERAL.fullmatch(value) and len(value) <= 4000:
        try:
            return Fraction(value)
        except ZeroDivisionError:
            raise NetworkError(f"{name} is {value!r}, a division by zero") from None
    if isinstance(value, bool | str):
        raise NetworkError(f'{name} is {str(value)[:80]!r}, which is no number; write a number, or a text like "-7/2"')
    try:
        if hasattr(value, "__index__"):
            return Fraction(value.__index__())
        return Fraction(*value.as_integer_ratio())
    except (ValueError, OverflowError):
        raise NetworkError(f"{name} is {value}; a network computes with finite numbers only") from None
    except (AttributeError, TypeError):
        shown = f"{str(value)[:80]!r} of type {type(value).__name__}"
        raise NetworkError(f'{name} is {shown}, which is no number; write a number, or a text like "-7/2"') from None


def homogeneous(vector: Vector) -> Homogeneous:
    scale = lcm(*(value.denominator for value in vector))
    return (scale, *(value.numerator * (scale // value.denominator) for value in vector))


def reduced(vector: Homogeneous) -> Homogeneous:
    """The shortest integer vector in the same direction."""
    divisor = gcd(*vector)
    return tuple(value // divisor for value in vector) if divisor > 1 else vector


def integer_layer(layer: Layer) -> tuple[Homogeneous, ...]:
    rows = [(constant, *row) for row, constant in zip(layer.weights, layer.bias, strict=True)]
    scale = lcm(*(value.denominator for row in rows for value in row))
    scaled = [tuple(value.numerator * (scale // value.denominator) for value in row) for row in rows]
    return ((scale, *(0 for _ in layer.weights[0])), *scaled)


def counted(inputs: int) -> str:
    return f"{inputs} input{'' if inputs == 1 else 's'}"
