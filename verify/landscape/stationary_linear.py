r"""The loss of deep linear networks, its gradient and its Hessian in closed form, for batches of points.

With the reduction of ``verify.landscape.subsets`` the loss is $\text{floor} + \frac12 |W_H \cdots W_1 A - T|^2$.  Write
$L_i = W_H \cdots W_{i+1}$, $R_i = W_{i-1} \cdots W_1 A$, $E = W_H \cdots W_1 A - T$ and, for $i > j$,
$M_{ij} = W_{i-1} \cdots W_{j+1}$.  Then the derivative by $W_i$ is $L_i^T E R_i^T$, and the second derivative is

$$\langle L_i V_i R_i, L_j V_j R_j \rangle + \langle E, L_i V_i M_{ij} V_j R_j \rangle \quad (i > j),$$

where the second term is missing for $i = j$.  Differentiating automatically gives the same numbers at some ten times the cost;
the tests compare the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from verify.errors import NetworkError
from verify.landscape.subsets import Regression, Subsets

Tensor = Any  # torch.Tensor


@dataclass(frozen=True)
class DeepLinear:
    r"""Networks of ``widths`` (d_x, ..., d_y) on k data sets; a point is the list of the entries of W_1, ..., W_H by rows.

    Methods take points (b, dimension) float64 and the number of the data set of each, ``rows`` (b,) int64.
    """

    widths: tuple[int, ...]
    data: Regression

    def __post_init__(self) -> None:
        widths, ends = self.widths, (self.data.root.shape[1], self.data.target.shape[1])
        if len(widths) < 2 or any(type(width) is not int or width < 1 for width in widths):
            raise NetworkError(
                f"widths={widths!r} must be two or more positive integers, those of input and output included"
            )
        if (widths[0], widths[-1]) != ends:
            raise NetworkError(
                f"widths={widths!r} do not fit the data, whose inputs and outputs have {ends[0]} and {ends[1]} coordinates"
            )

    @cached_property
    def shapes(self) -> tuple[tuple[int, int], ...]:
        return tuple((rows, columns) for columns, rows in pairwise(self.widths))

    @property
    def dimension(self) -> int:
        return sum(a * b for a, b in self.shapes)

    @property
    def bottleneck(self) -> int:
        return min(self.widths)

    def subsets(self) -> Subsets:
        """The critical values and products by the formula; raises ``NetworkError`` if its hypotheses fail."""
        return Subsets.of(self.data, self.bottleneck)

    # ------------------------------------------------------------------------------------------- the landscape

    def fits(self, points: Tensor, rows: Tensor) -> Tensor:
        r"""W_H ... W_1 A, shape (b, d_y, d_x)."""
        fit = self.data.root[rows]
        for factor in self.factors(points):
            fit = factor @ fit
        return fit

    def losses(self, points: Tensor, rows: Tensor) -> Tensor:
        """Shape (b,)."""
        return self.data.floor[rows] + (self.fits(points, rows) - self.data.target[rows]).square().sum((1, 2)) / 2

    def gradients(self, points: Tensor, rows: Tensor) -> Tensor:
        """Shape (b, dimension)."""
        import torch

        factors = self.factors(points)
        left, right = self.sides(factors, rows)
        error = factors[-1] @ right[-1] - self.data.target[rows]
        return torch.cat([(a.mT @ error @ b.mT).flatten(1) for a, b in zip(left, right, strict=True)], 1)

    def hessians(self, points: Tensor, rows: Tensor) -> Tensor:
        """Shape (b, dimension, dimension)."""
        import torch

        factors = self.factors(points)
        left, right = self.sides(factors, rows)
        error = factors[-1] @ right[-1] - self.data.target[rows]
        directions = torch.cat(
            [torch.einsum("zoa,zbx->zoxab", a, b).flatten(3).flatten(1, 2) for a, b in zip(left, right, strict=True)], 2
        )
        hessian = directions.mT @ directions
        starts = [sum(a * b for a, b in self.shapes[:i]) for i in range(len(factors) + 1)]
        for j in range(len(factors)):
            middle = None
            for i in range(j + 1, len(factors)):
                outer = right[j] @ error.mT @ left[i]
                block = twisted(middle, outer, self.shapes[i], self.shapes[j])
                here, there = slice(starts[i], starts[i + 1]), slice(starts[j], starts[j + 1])
                hessian[:, here, there] += block
                hessian[:, there, here] += block.mT
                middle = factors[i] if middle is None else factors[i] @ middle
        return hessian

    def factors(self, points: Tensor) -> list[Tensor]:
        """W_1, ..., W_H of each point, views of shape (b, width, width)."""
        sizes = [a * b for a, b in self.shapes]
        return [part.view(-1, *shape) for part, shape in zip(points.split(sizes, 1), self.shapes, strict=True)]

    def sides(self, factors: list[Tensor], rows: Tensor) -> tuple[list[Tensor], list[Tensor]]:
        """The products on the left and on the right of each factor."""
        import torch

        b, d = len(factors[0]), self.widths[-1]
        left = [torch.eye(d, dtype=torch.float64, device=factors[0].device).expand(b, d, d)]
        for factor in factors[:0:-1]:
            left.insert(0, left[0] @ factor)
        right = [self.data.root[rows]]
        for factor in factors[:-1]:
            right.append(factor @ right[-1])
        return left, right


def twisted(middle: Tensor, outer: Tensor, upper: tuple[int, int], lower: tuple[int, int]) -> Tensor:
    """The matrix of (V, W) -> tr(outer V middle W), where None is the identity, with V and W by rows."""
    import torch

    if middle is None:
        middle = torch.eye(upper[1], dtype=torch.float64, device=outer.device).expand(len(outer), -1, -1)
    return torch.einsum("zbc,zda->zabcd", middle, outer).reshape(len(outer), upper[0] * upper[1], lower[0] * lower[1])
