r"""Two networks with as many linear regions as possible, shared by the claims about regions.

Units in general position (a Vandermonde matrix), and the folding network of Montúfar, Pascanu, Cho and Bengio (2014).
"""

from __future__ import annotations

from fractions import Fraction

from verify.networks.network import Network


def vandermonde(n: int, d: int) -> Network:
    """Units t x_1 + ... + t^d x_d - t^(d + 1) for t = 1, ..., n: any d of their hyperplanes meet in a point, no d + 1 do."""
    weights = [[t**power for power in range(1, d + 1)] for t in range(1, n + 1)]
    return Network.of([(weights, [-(t ** (d + 1)) for t in range(1, n + 1)]), ([[3**t for t in range(n)]], [0])])


def folding(n: int, layers: int) -> Network:
    r"""Sawtooths with $p = \lfloor n/2 \rfloor$ teeth in each coordinate, layer by layer; n lines in the last one.

    A sawtooth $p t - 2 ReLU(p t - 1) + 2 ReLU(p t - 2) - \ldots$ of p units folds [0, 1] onto itself.  The lines are
    tangents to a small parabola in the middle, so that all of their crossings lie inside the square; the signs make the
    cell without active units one that does not touch the boundary, lest it be merged with its mirror image.
    """
    p, outward, made = n // 2, [[1, 0], [0, 1]], []
    for _ in range(layers - 1):
        spare = n - 2 * p
        weights = [[p * w for w in row] for row in outward for _ in range(p)] + [[0] * len(outward[0])] * spare
        made.append((weights, [-k for k in range(p)] * 2 + [0] * spare))
        teeth = [1, *(2 * (-1) ** k for k in range(1, p))]
        outward = [[*teeth, *[0] * p, *[0] * spare], [*[0] * p, *teeth, *[0] * spare]]
    weights, bias = [], []
    for t in range(1, n + 1):
        sign = 1 if t == 2 else -1
        weights.append([sign * (v - t * u) for u, v in zip(*outward, strict=True)])
        bias.append(sign * (Fraction(t - 1, 2) + Fraction(t, 2 * n) ** 2))
    return Network.of([*made, (weights, bias), ([[3**t for t in range(n)]], [0])])
