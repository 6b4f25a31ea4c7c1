r"""Values of networks: on boxes, exactly or rounded outwards, and on batches of points with rigorous error bounds.

**Boxes.**  ``enclose`` propagates an interval for each unit.  In exact rational arithmetic the interval of one affine
form over a box is its exact range, so a network with one hidden layer on a box has exact hidden intervals; deeper
layers forget how units depend on each other, and the enclosure is valid but not tight.  With ``bits`` each end is
rounded outwards to a multiple of $2^{-bits}$, which keeps numbers short in deep networks.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor

from verify.errors import NetworkError
from verify.networks.network import Network, Number, counted, exact

Box = Sequence[tuple[Number, Number]]
Interval = tuple[Fraction, Fraction]


def enclose(network: Network, box: Box, *, bits: int | None = None) -> tuple[Interval, ...]:
    """For each output an interval that contains all its values on the box, one (low, high) for each input.

    Ends are exact sums; with ``bits`` they are rounded outwards, after every layer, to multiples of 2^-bits.
    """
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
    if isinstance(entry, str) or len(entry) != 2:
        raise NetworkError(f"side {position} of the box is not a pair (low, high)")
    low, high = exact(entry)
    if low > high:
        raise NetworkError(f"side {position} of the box is empty: {low} > {high}")
    return low, high
