r"""From random words to numbers, by operations that every device rounds alike.

A normal deviate is usually computed by the logarithm and the cosine of a mathematical library, and libraries differ in the
last bit, between devices and sometimes between the vector part and the rest of one array.  Here only +, -, *, / and the
square root are used, which IEEE 754 rounds correctly, one operation at a time: the same numbers everywhere, for every size
of the batch.

Box and Muller (Annals of Mathematical Statistics 29, 1958): if u is uniform on (0, 1) and the angle t is uniform, then
sqrt(-2 log u) (cos t, sin t) are two independent normal deviates.  The logarithm is e log 2 + 2 artanh s with
s = (m - 1)/(m + 1) for u = m 2^e, m in [1/sqrt 2, sqrt 2), and the series of artanh to s^21; the sine of
half the angle is its Taylor polynomial on (-pi/4, pi/4), both with remainders below 2^-53; cos t = 1 - 2 sin^2(t/2),
sin t = 2 sin(t/2) cos(t/2), and one more bit chooses the side of the circle.  The largest deviate is sqrt(106 log 2) = 8.57.
"""

from __future__ import annotations

import math
from typing import Any

Tensor = Any

FRACTION = 52  # bits of a uniform number
MASK = (1 << FRACTION) - 1
ONE = 0x3FF << FRACTION  # the bits of 1.0
ROOT_HALF = 0x3FE6A09E667F3BCD  # the bits of sqrt(1/2)
SIGN = -(1 << 63)
BLOCK = 1 << 13  # pairs at a time, so that they stay in the cache
LOGARITHM = tuple(2 / (2 * k + 1) for k in range(11))
SINE = tuple((-1.0) ** k / math.factorial(2 * k + 1) for k in range(9))


def uniforms(words: Tensor) -> Tensor:
    """(k + 1/2) / 2^52 with the upper 52 bits k of each word: in (0, 1), exact in float64."""
    return grid(words, 12, 1 - 2.0**-53)


def grid(words: Tensor, shift: int, less: float) -> Tensor:
    """1 + k / 2^52 minus a constant, where k are the 52 bits above the lowest ``shift``."""
    import torch

    bits = (words >> shift).bitwise_and_(MASK).bitwise_or_(ONE)
    return bits.view(torch.float64).sub_(less)


def integers(words: Tensor, below: int) -> Tensor:
    """floor(k below / 2^52): int64 in 0, ..., below - 1, each with its probability up to 2^-52; ``below`` up to 2^36."""
    upper, lower = (words >> 38) & (2**26 - 1), (words >> 12) & (2**26 - 1)
    return (upper * below + (lower * below >> 26)) >> 26


def signs(words: Tensor) -> Tensor:
    """-1 or 1 by the highest bit, float64."""
    import torch

    return (words & SIGN | ONE).view(torch.float64)


def normals(words: Tensor) -> Tensor:
    """Standard normal deviates, float64, one for each word; words 2i and 2i + 1 belong together (an even number)."""
    import torch

    pairs = words.view(-1, 2)
    found = torch.empty(pairs.shape, dtype=torch.float64, device=words.device)
    for start in range(0, len(pairs), BLOCK):
        first, second = pairs[start : start + BLOCK].unbind(1)
        radius = minus_two_log(uniforms(first)).sqrt_()
        half = grid(second, 11, 1.5 - 2.0**-53).mul_(math.pi / 2)  # of the angle, in (-pi/4, pi/4)
        sine = half.mul_(horner(SINE, half * half))
        square = sine * sine
        cosine = (1 - square).sqrt_()
        side = square.mul_(-2).add_(1).view(torch.int64).bitwise_xor_(second & SIGN).view(torch.float64)
        torch.mul(side, radius, out=found[start : start + BLOCK, 0])
        torch.mul(sine.mul_(2).mul_(cosine), radius, out=found[start : start + BLOCK, 1])
    return found.view(-1)


def minus_two_log(value: Tensor) -> Tensor:
    """-2 log of positive normal float64."""
    import torch

    bits = value.view(torch.int64)
    exponent = (bits - ROOT_HALF) >> FRACTION
    mantissa = (bits - (exponent << FRACTION)).view(torch.float64)
    ratio = (mantissa - 1).div_(mantissa.add_(1))
    series = horner(LOGARITHM, ratio * ratio).mul_(ratio)
    return exponent.to(torch.float64).mul_(math.log(2)).add_(series).mul_(-2)


def horner(coefficients: tuple[float, ...], at: Tensor) -> Tensor:
    """The polynomial with these coefficients, the lowest first."""
    total = at * coefficients[-1]
    for coefficient in coefficients[-2:0:-1]:
        total.add_(coefficient).mul_(at)
    return total.add_(coefficients[0])
