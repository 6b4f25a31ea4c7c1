r"""Values of networks: on boxes, exactly or rounded outwards, and on batches of points with rigorous error bounds.

**Boxes.**  ``enclose`` propagates an interval for each unit.  In exact rational arithmetic the interval of one affine
form over a box is its exact range, so a network with one hidden layer on a box has exact hidden intervals; deeper
layers forget how units depend on each other, and the enclosure is valid but not tight.  With ``bits`` each end is
rounded outwards to a multiple of $2^{-bits}$, which keeps numbers short in deep networks.

**Batches.**  ``evaluate`` computes in binary64 on any device and bounds its own error (running error analysis:
Higham, Accuracy and Stability of Numerical Algorithms, 2002, chapter 3).  Let $u = 2^{-53}$ and $\gamma_k = k u / (1
- k u)$.  However a sum of $n$ products and a bias is ordered, and fused or not, it is wrong by at most $\gamma_{n+1}
(|W| |x| + |b|)$, underflow apart.  If the inputs $x$ of a layer are known up to $e$, and the doubles $W$ and $b$
differ from the exact numbers by $\delta_W$ and $\delta_b$, then the outputs are known up to

$$\gamma_{n+1} (|W| |x| + |b|) + |W| e + \delta_W (|x| + e) + \delta_b + (n + 1) 2^{-1022},$$

and ReLU does not increase that.  The bound itself is computed in binary64 from numbers $\ge 0$, and enlarged
accordingly. So values differ between devices, batch sizes and libraries, but never by more than their bounds say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, inf, nextafter
from typing import Any

from verify.errors import NetworkError
from verify.networks.network import Layer, Network, Number, counted, exact

Box = Sequence[tuple[Number, Number]]
Interval = tuple[Fraction, Fraction]
Tensor = Any

UNIT = 2.0**-53
SMALLEST = 2.0**-1022  # more than any loss by underflow
CACHE, MEMORY = 2**22, 2**28  # bytes for a part of a batch, on a CPU and elsewhere


@dataclass(frozen=True, eq=False)
class Values:
    """``value`` and ``error`` of shape (points, outputs), float64: each exact value is within ``error`` of ``value``.

    Where numbers overflow, ``error`` is infinite.
    """

    value: Tensor
    error: Tensor


def enclose(network: Network, box: Box, *, bits: int | None = None) -> tuple[Interval, ...]:
    """For each output an interval that contains all its values on the box, one (low, high) for each input.

    Ends are exact sums; with ``bits`` they are rounded outwards, after every layer, to multiples of 2^-bits.
    """
    if isinstance(box, str) or not isinstance(box, Sequence):
        raise NetworkError(f"a box is a list of pairs (low, high), not {str(box)[:80]!r}")
    intervals = [read_interval(position, entry) for position, entry in enumerate(box, 1)]
    if len(intervals) != network.inputs:
        raise NetworkError(f"the box has {len(intervals)} sides, but the network has {counted(network.inputs)}")
    for position, layer in enumerate(network.layers):
        if position:
            intervals = [(max(low, Fraction(0)), max(high, Fraction(0))) for low, high in intervals]
        intervals = [affine_range(row, bias, intervals) for row, bias in zip(layer.weights, layer.bias, strict=True)]
        if bits is not None:
            unit = 2**bits
            intervals = [(Fraction(floor(a * unit), unit), Fraction(ceil(b * unit), unit)) for a, b in intervals]
    return tuple(intervals)


def affine_range(row: Sequence[Fraction], bias: Fraction, box: Sequence[Interval]) -> Interval:
    """The exact range of an affine form over a box."""
    low = high = bias
    for weight, (a, b) in zip(row, box, strict=True):
        if weight > 0:
            low, high = low + weight * a, high + weight * b
        elif weight < 0:
            low, high = low + weight * b, high + weight * a
    return low, high


def read_interval(position: int, entry: Sequence[Number]) -> Interval:
    if isinstance(entry, str) or not isinstance(entry, Sequence) or len(entry) != 2:
        raise NetworkError(f"side {position} of the box is not a pair (low, high)")
    low, high = exact(entry)
    if low > high:
        raise NetworkError(f"side {position} of the box is empty: {low} > {high}")
    return low, high


def evaluate(network: Network, points: Any, *, device: str = "cpu", memory: int | None = None) -> Values:
    """The values at a batch of points, of shape (points, inputs), doubles or shorter; with bounds of their errors.

    It works through the batch in parts that need about ``memory`` bytes: by default 4 MiB on a CPU, else 256 MiB.
    """
    import torch

    batch = read_batch(points)
    if batch.ndim != 2 or batch.shape[1] != network.inputs:
        raise NetworkError(
            f"the batch has shape {tuple(batch.shape)}, but the network has {counted(network.inputs)}; "
            f"give the shape (points, {network.inputs})"
        )
    limit = memory if memory is not None else CACHE if device == "cpu" else MEMORY
    if not isinstance(limit, int) or limit < 1:
        raise NetworkError(f"memory is a positive number of bytes, not {memory!r}")
    layers = [rounded_layer(position, layer, device) for position, layer in enumerate(network.layers, 1)]
    rows = max(1, limit // (64 * max(network.widths)))
    parts = [forward(layers, part.to(device)) for part in batch.split(rows)]
    value, error = (torch.cat(column) for column in zip(*parts, strict=True))
    return Values(value, error)


def read_batch(points: Any) -> Tensor:
    """Points as doubles that are the numbers given; a list is not taken through binary32, as torch would."""
    import numpy
    import torch

    try:
        batch = points if isinstance(points, torch.Tensor) else torch.tensor(numpy.asarray(points))
    except (TypeError, ValueError):
        raise NetworkError(
            "the batch is no array of floating-point numbers; give one of shape (points, inputs)"
        ) from None
    whole = batch.dtype in (torch.int8, torch.int16, torch.int32, torch.int64, torch.uint8)
    if not (batch.is_floating_point() or whole) or (whole and bool((batch.double().abs() > 2.0**53).any())):
        raise NetworkError(f"the batch, of {batch.dtype}, cannot be read as doubles without rounding")
    doubles = batch.detach().double()
    if not bool(doubles.isfinite().all()):
        raise NetworkError("the batch has an entry that is infinite or NaN; give finite numbers")
    return doubles


def rounded_layer(position: int, layer: Layer, device: str) -> tuple[Tensor, ...]:
    """Transposed weights and the bias as doubles, and bounds of what rounding changed in them."""
    import torch

    def nearest(number: Fraction) -> float:
        try:
            return float(number)
        except OverflowError:
            raise NetworkError(f"layer {position} has a number beyond the doubles; evaluate it exactly") from None

    def distance(number: Fraction) -> float:
        gap = abs(Fraction(nearest(number)) - number)
        return nextafter(float(gap), inf) if gap else 0.0

    rows = [(*row, bias) for row, bias in zip(layer.weights, layer.bias, strict=True)]
    tensors = (
        torch.tensor([[part(n) for n in row] for row in rows], dtype=torch.float64, device=device).T
        for part in (nearest, distance)
    )
    return tuple(part for tensor in tensors for part in (tensor[:-1], tensor[-1]))


def forward(layers: Sequence[tuple[Tensor, ...]], x: Tensor) -> tuple[Tensor, Tensor]:
    """Values and bounds of their errors; see the head of the module."""
    error = x.new_zeros(x.shape)
    for position, (weights, bias, weights_off, bias_off) in enumerate(layers):
        if position:
            error = error.where(x > -error, 0.0)  # otherwise the exact value is not positive either
            x = x.relu()
        n, size = len(weights), x.abs()
        gamma = (n + 2) * UNIT
        bound = (gamma * size + error) @ weights.abs() + (size + error) @ weights_off + gamma * bias.abs() + bias_off
        bound = bound * (1 + (4 * n + 40) * UNIT) + (4 * n + 8) * SMALLEST
        x = x @ weights + bias
        error = bound.where(x.isfinite() & bound.isfinite(), inf)
    return x, error
