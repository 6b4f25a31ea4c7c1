r"""A second opinion on networks of one variable, which shares nothing with ``verify``.

A function is the list of its breakpoint candidates together with plain evaluation in fractions.  Between two
neighbouring candidates everything is affine, so that two values inside tell slope and offset there, and where a unit
changes its sign. Extreme values of f - P are found on each interval from its ends and, up to degree two, from the
vertex.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

Json = Any
Matrix = Sequence[tuple[Sequence[Sequence[Fraction]], Sequence[Fraction]]]  # weights and bias of each layer
End = Fraction | None
Piece = tuple[End, End, Fraction, Fraction]  # where, slope and offset


def layers_of(network: Json) -> Matrix:
    """The layers of a network as certificates hold it."""
    return [
        ([[Fraction(w) for w in row] for row in layer["weights"]], [Fraction(b) for b in layer["bias"]])
        for layer in network["layers"]
    ]


def forward(layers: Matrix, x: Fraction) -> list[Fraction]:
    """What comes out of the last of these layers, before any ReLU."""
    values = [x]
    for position, (weights, bias) in enumerate(layers):
        if position:
            values = [max(v, Fraction(0)) for v in values]
        values = [
            sum((w * v for w, v in zip(row, values, strict=True)), b) for row, b in zip(weights, bias, strict=True)
        ]
    return values


def inside(low: End, high: End) -> tuple[Fraction, Fraction]:
    """Two places inside an interval."""
    if low is None and high is None:
        return Fraction(0), Fraction(1)
    if low is None or high is None:
        return (high - 2, high - 1) if low is None else (low + 1, low + 2)  # type: ignore[operator]
    return (2 * low + high) / 3, (low + 2 * high) / 3


def intervals(places: list[Fraction], low: End, high: End) -> Iterator[tuple[End, End]]:
    ends = [low, *(x for x in sorted(set(places)) if (low is None or x > low) and (high is None or x < high)), high]
    yield from pairwise(ends)


def affine_on(layers: Matrix, low: End, high: End) -> list[tuple[Fraction, Fraction]]:
    """Slope and offset of every output, if all are affine there."""
    p, q = inside(low, high)
    pairs = zip(forward(layers, p), forward(layers, q), strict=True)
    return [((b - a) / (q - p), a - (b - a) / (q - p) * p) for a, b in pairs]


def pieces(network: Json, low: End, high: End) -> list[Piece]:
    """Maximal intervals on which the one output is affine, with slope and offset."""
    layers, places = layers_of(network), list[Fraction]()
    for depth in range(1, len(layers)):
        places += [
            -offset / slope
            for a, b in intervals(places, low, high)
            for slope, offset in affine_on(layers[:depth], a, b)
            if slope and (a is None or -offset / slope > a) and (b is None or -offset / slope < b)
        ]
    merged: list[Piece] = []
    for a, b in intervals(places, low, high):
        ((slope, offset),) = affine_on(layers, a, b)
        if merged and merged[-1][2:] == (slope, offset):
            merged[-1] = (merged[-1][0], b, slope, offset)
        else:
            merged.append((a, b, slope, offset))
    return merged


def supremum(found: list[Piece], polynomial: Sequence[Fraction], sign: int) -> Fraction | None:
    """The supremum of sign (f - P) for P of degree two at most; None if it is infinite."""
    constant, linear, square = [*polynomial, *[Fraction(0)] * 3][:3]
    best: list[Fraction] = []
    for low, high, slope, offset in found:
        a, b, c = -sign * square, sign * (slope - linear), sign * (offset - constant)  # a x^2 + b x + c
        if (high is None and (a > 0 or (a == 0 and b > 0))) or (low is None and (a > 0 or (a == 0 and b < 0))):
            return None
        places = [x for x in (low, high) if x is not None]
        vertex = -b / (2 * a) if a else Fraction(0)  # any place will do where the error is constant on the line
        if (low is None or low <= vertex) and (high is None or vertex <= high):
            places.append(vertex)
        best += [a * x * x + b * x + c for x in places]
    return max(best)


def truth(statement: Json) -> bool:
    """Whether a statement of the question "piecewise" holds, for polynomials of degree two at most."""
    low, high = (None if end is None else Fraction(end) for end in statement["interval"])
    found, value = pieces(statement["network"], low, high), Fraction(statement["value"])
    polynomial = [Fraction(c) for c in statement["polynomial"]]
    above, below = (supremum(found, polynomial, sign) for sign in (1, -1))
    size: Fraction | float | None = {
        "pieces": Fraction(len(found)),
        "maximum": above,
        "minimum": None if below is None else -below,
        "distance": None if above is None or below is None else max(above, below),
    }[statement["quantity"]]
    if size is None:
        size = float("-inf") if statement["quantity"] == "minimum" else float("inf")
    return bool({"exactly": size == value, "at_most": size <= value, "at_least": size >= value}[statement["relation"]])
