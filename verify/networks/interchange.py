r"""Networks to and from ``torch.nn.Sequential`` and ONNX, exactly.

Every finite number of a binary floating-point format is a rational number, so reading is exact: the network that is
read computes over the rationals with the weights that are stored, and what the library computes with them in its own
arithmetic is another function.  Writing is exact or refused: a weight such as 1/3 belongs to no such format.
Rounding is a step of its own, ``rounded(network, "float32")``, which returns the rounded network and says what it
changed.

Affine maps that follow each other are multiplied out; a ReLU at the beginning or at the end gets an identity beside
it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from verify.errors import NetworkError
from verify.networks.construct import product, unit_matrix
from verify.networks.network import Layer, Network

FORMATS = {
    "float64": (53, -1022, 1023),
    "float32": (24, -126, 127),
    "bfloat16": (8, -126, 127),
    "float16": (11, -14, 15),
}
Module = Any
Step = Layer | None  # an affine map, or a ReLU


@dataclass(frozen=True)
class Rounding:
    """A network whose weights belong to a format, how many weights were changed, and the largest change."""

    network: Network
    changed: int
    largest: Fraction


def rounded(network: Network, dtype: str = "float64") -> Rounding:
    """Each weight and bias to the nearest number of the format, ties to even; raises ``NetworkError`` on overflow."""
    precision = known_format(dtype)
    pairs: list[tuple[Fraction, Fraction]] = []

    def near(number: Fraction) -> Fraction:
        pairs.append((number, nearest(number, *precision)))
        return pairs[-1][1]

    layers = tuple(
        Layer(tuple(tuple(map(near, row)) for row in layer.weights), tuple(map(near, layer.bias)))
        for layer in network.layers
    )
    changes = [abs(after - before) for before, after in pairs if after != before]
    return Rounding(Network(layers), len(changes), max(changes, default=Fraction(0)))


def known_format(dtype: object) -> tuple[int, int, int]:
    name = str(dtype).removeprefix("torch.")
    if name not in FORMATS:
        raise NetworkError(f"{name!r} is no format known here; use one of {', '.join(FORMATS)}")
    return FORMATS[name]


def nearest(number: Fraction, digits: int, smallest: int, largest: int) -> Fraction:
    """The nearest binary number with so many significant digits and exponents in this range; subnormals included."""
    if not number:
        return number
    exponent = number.numerator.bit_length() - number.denominator.bit_length()
    exponent -= abs(number) < Fraction(2) ** exponent
    spacing = Fraction(2) ** (max(exponent, smallest) - digits + 1)
    found = round(number / spacing) * spacing
    if abs(found) >= Fraction(2) ** (largest + 1):
        raise NetworkError(f"{float(number) if abs(number) < 10**300 else 'a weight'} is too large for the format")
    return found


def storable(network: Network, dtype: str) -> Network:
    """The network itself, if all its weights belong to the format."""
    result = rounded(network, dtype)
    if result.changed:
        raise NetworkError(
            f"{result.changed} of {network.parameters} weights and biases are no {dtype} numbers and would be rounded; "
            f'to accept this, convert rounded(network, "{dtype}").network'
        )
    return network


# ---------------------------------------------------------------------------------------------------------- torch


def from_torch(module: Module) -> Network:
    """The network that a ``torch.nn.Sequential`` of ``Linear`` and ``ReLU`` stands for, with exactly its weights."""
    return assembled(list(torch_steps(module)))


def torch_steps(module: Module) -> Iterable[Step]:
    from torch import nn

    kind = type(module)
    if kind is nn.Sequential:
        for part in module:
            yield from torch_steps(part)
    elif kind is nn.Linear:
        if not module.weight.is_floating_point():
            raise NetworkError(
                f"{module} has weights of {module.weight.dtype}; only real floating-point weights can be read"
            )
        bias = None if module.bias is None else module.bias.detach().double().tolist()
        yield stored_layer(module.weight.detach().double().tolist(), bias, str(module))
    elif kind is nn.ReLU:
        yield None
    elif kind is not nn.Identity:
        raise NetworkError(
            f"{kind.__name__} is neither Linear nor ReLU (nor Sequential, Identity); only these have an exact network"
        )


def to_torch(network: Network, dtype: str = "float64") -> Module:
    """A ``torch.nn.Sequential`` with exactly these weights; raises ``NetworkError`` if a weight would be rounded."""
    import torch

    name = str(dtype).removeprefix("torch.")
    storable(network, name)
    parts: list[Module] = []
    for position, layer in enumerate(network.layers):
        linear = torch.nn.Linear(len(layer.weights[0]), len(layer.bias), dtype=getattr(torch, name), device="meta")
        linear = linear.to_empty(device="cpu")
        with torch.no_grad():
            linear.weight.copy_(torch.tensor([list(map(float, row)) for row in layer.weights], dtype=torch.float64))
            linear.bias.copy_(torch.tensor(list(map(float, layer.bias)), dtype=torch.float64))
        parts += [torch.nn.ReLU()] * bool(position) + [linear]
    return torch.nn.Sequential(*parts)


# ----------------------------------------------------------------------------------------------------------- ONNX


def from_onnx(model: Any) -> Network:
    """The network of an ONNX model or file: one chain of Gemm, MatMul, Add, Relu and Identity."""
    onnx = library()
    from verify.networks.onnx_graph import steps

    return assembled(list(steps(model if isinstance(model, onnx.ModelProto) else load(onnx, model))))


def load(onnx: Any, path: Any) -> Any:
    try:
        return onnx.load(path)
    except Exception as problem:  # of many kinds: the operating system, protobuf, external data
        raise NetworkError(f"{path} cannot be read as an ONNX model: {problem}") from None


def to_onnx(network: Network, dtype: str = "float64") -> Any:
    """An ONNX model (Gemm and Relu, a batch of inputs ``x``, outputs ``y``) with exactly these weights."""
    library()
    from verify.networks.onnx_graph import model

    name = str(dtype).removeprefix("torch.")
    return model(storable(network, name), name)


def library() -> Any:
    try:
        import onnx
    except ImportError:
        raise NetworkError("the package onnx is missing; install it with: pip install 'deepclaims[onnx]'") from None
    return onnx


# ---------------------------------------------------------------------------------------------------------- steps


def stored_layer(weights: Any, bias: Any, name: str) -> Layer:
    """An affine map from floating-point numbers that a file or a module holds."""
    constants = [0] * len(weights) if bias is None else bias
    try:
        return Network.of([(weights, constants)]).layers[0]
    except NetworkError as problem:
        raise NetworkError(f"{name}: {problem.message}") from None


def assembled(steps: list[Step]) -> Network:
    """The network of a chain of affine maps and ReLUs."""
    affine = [step for step in steps if step is not None]
    if not affine:
        raise NetworkError("there is no affine map in this network; at least one tells the number of its inputs")
    if steps[0] is None:
        steps = [identity_layer(len(affine[0].weights[0])), *steps]
    layers: list[Layer] = []
    after_relu = True
    for step in steps:
        if step is None:
            after_relu = True
        elif after_relu:
            layers.append(step)
            after_relu = False
        else:
            inputs, outputs = len(step.weights[0]), len(layers[-1].bias)
            if inputs != outputs:
                raise NetworkError(f"an affine map with {inputs} inputs follows one with {outputs} outputs")
            layers[-1] = product(step, layers[-1])
    if after_relu:
        layers.append(identity_layer(len(layers[-1].bias)))
    return Network(tuple(layers))


def identity_layer(dimension: int) -> Layer:
    return Layer(unit_matrix(dimension), (Fraction(0),) * dimension)
