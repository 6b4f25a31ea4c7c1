r"""ReLU networks with rational weights and the sets they are asked about, as certificates hold them.

``{"layers": [{"weights": [["1", "-1/2"], ...], "bias": ["0", ...]}, ...]}``: affine maps with a ReLU of every coordinate
between two of them, and none after the last.  A network with one layer is an affine map.

A domain is ``{"box": [["0", "1"], ...]}``, an interval for each coordinate, or ``{"inequalities": [["1", "-1", "0"], ...]}``,
where $a \cdot x + b \ge 0$ for each row $(a, b)$; without any, it is the whole space.
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
MAX_ROWS = 1_000


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


def network_text(network: tuple[Layer, ...]) -> list[str]:
    """The layers in words, a line each."""
    return [
        f"layer {number}{', and no ReLU' if number == len(network) else ', then ReLU'}: weights "
        + "; ".join(" ".join(map(str, row[:-1])) for row in layer)
        + " and biases "
        + " ".join(str(row[-1]) for row in layer)
        for number, layer in enumerate(network, 1)
    ]


def shape_text(network: tuple[Layer, ...]) -> str:
    """The hidden layers in words."""
    widths = [str(len(layer)) for layer in network[:-1]]
    if len(widths) < 2:
        return f"one hidden layer of width {widths[0]}" if widths else "no hidden layer"
    return f"hidden layers of widths {', '.join(widths[:-1])} and {widths[-1]}"


def read_domain(value: Json, dimension: int) -> tuple[Affine, ...]:
    """The rows of a domain, affine forms that are nonnegative on it."""
    if isinstance(value, dict) and "box" in value:
        (sides,) = fields(value, "box")
        rows: list[Affine] = []
        for k, side in enumerate(listed(sides, dimension)):
            lower, upper = map(rational, listed(side, 2))
            need(lower < upper, "side", k + 1, "of the box is empty or a point")
            unit = identity(dimension)[k][:-1]
            rows += [(*unit, -lower), (*(-entry for entry in unit), upper)]
        return tuple(rows)
    (entries,) = fields(value, "inequalities")
    need(len(listed(entries)) <= MAX_ROWS, "a domain has at most", MAX_ROWS, "inequalities")
    return tuple(tuple(map(rational, listed(row, dimension + 1))) for row in entries)


def domain_text(value: Json, dimension: int) -> str:
    """The domain in words; the value has been read."""
    space = f"R^{dimension}" if dimension > 1 else "R"
    if "box" in value:
        return " x ".join(f"[{lower}, {upper}]" for lower, upper in value["box"])
    if not value["inequalities"]:
        return f"all of {space}"
    conditions = (
        " + ".join([*(f"{a} x{k}" for k, a in enumerate(row[:-1], 1) if a != "0"), row[-1]]) + " >= 0"
        for row in value["inequalities"]
    )
    return f"the polyhedron of {space} where " + ", ".join(conditions)
