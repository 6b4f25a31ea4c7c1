r"""Batched numerics in torch with rigorous error bounds.

Every real value is a tensor together with a bound of the absolute error that rounding has brought in so far (running
error analysis, Higham, Accuracy and Stability of Numerical Algorithms, section 3.3; the error of one operation comes
from the error-free transformations of section 4.3).  A comparison is therefore true,
false, or too close to call at each point of the batch; no tolerance is chosen by anybody.  Points that are false or too
close are replayed exactly by whoever asked.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

Json = Any
Tensor = Any

UNIT = 2.0**-53  # relative error of one rounding in binary64
TINY = 2.0**-1074  # absolute error of one rounding in the subnormal range
LARGEST = sys.float_info.max
SLACK = 1 + 2.0**-48  # the bounds are computed in floating point too


@dataclass(frozen=True, eq=False)
class Approximate:
    """Values of shape (n,) float64 or (), and bounds of their errors."""

    value: Tensor
    error: Tensor


@dataclass(frozen=True, eq=False)
class Tri:
    """Where a formula is certainly true, certainly false, and by how much it holds (for guiding a search)."""

    yes: Tensor
    no: Tensor
    margin: Tensor


class TorchAlgebra:
    """Real arithmetic on batches."""

    def __init__(self, device: str = "cpu") -> None:
        import torch

        self.torch, self.device = torch, device
        self.constants: dict[Fraction, Approximate] = {}  # those that were met; tensors are never written to

    def tensor(self, values: Any) -> Tensor:
        return self.torch.as_tensor(values, dtype=self.torch.float64, device=self.device)

    def exact(self, values: Any) -> Approximate:
        value = self.tensor(values)
        return Approximate(value, self.torch.zeros_like(value))

    def number(self, value: Fraction) -> Approximate:
        """A constant; the same few occur again and again."""
        if value not in self.constants:
            self.constants[value] = self.nearest(value)
        return self.constants[value]

    def nearest(self, value: Fraction) -> Approximate:
        """The nearest double; its distance is 0 only where the number is a double, however small the distance is."""
        try:
            nearest = float(value)
        except OverflowError:
            return Approximate(self.tensor(LARGEST if value > 0 else -LARGEST), self.tensor(math.inf))
        distance = abs(Fraction(nearest) - value)
        return Approximate(self.tensor(nearest), self.tensor(float(distance) * SLACK + TINY if distance else 0.0))

    def add(self, a: Approximate, b: Approximate) -> Approximate:
        """The rounding error of a sum is a double and is known exactly (Knuth's TwoSum)."""
        value = a.value + b.value
        other = value - a.value
        rounding = (a.value - (value - other)) + (b.value - other)
        return Approximate(value, (a.error + b.error + rounding.abs()) * SLACK)

    def multiply(self, a: Approximate, b: Approximate) -> Approximate:
        """The rounding error of a product is known exactly too (Dekker), unless it over- or underflows."""
        value = a.value * b.value
        (ah, al), (bh, bl) = self.split(a.value), self.split(b.value)
        error = ((ah * bh - value) + ah * bl + al * bh) + al * bl
        size = value.abs()
        safe = (size < 1e280) & (size > 1e-270) & (a.value.abs() < 1e290) & (b.value.abs() < 1e290)
        safe = safe | (a.value == 0) | (b.value == 0)
        rounding = self.torch.where(safe, error.abs(), UNIT * size + TINY)
        spread = a.value.abs() * b.error + b.value.abs() * a.error + a.error * b.error + 4 * TINY  # it may underflow
        exact = (a.error == 0) & (b.error == 0) | ((a.value == 0) & (a.error == 0)) | ((b.value == 0) & (b.error == 0))
        spread = self.torch.where(exact, 0.0, spread)
        return Approximate(value, (spread + rounding) * SLACK)

    @staticmethod
    def split(value: Tensor) -> tuple[Tensor, Tensor]:
        """A double as the sum of two with 26 significant bits each."""
        scaled = 134217729.0 * value
        high = scaled - (scaled - value)
        return high, value - high

    def compare(self, relation: str, a: Approximate, b: Approximate) -> Tri:
        if relation in ("<=", "<"):
            return self.compare(">=" if relation == "<=" else ">", b, a)
        difference = self.add(a, Approximate(-b.value, b.error))
        value, error = difference.value, difference.error
        if relation == "==":
            return Tri((value == 0) & (error == 0), value.abs() > error, -value.abs())
        if relation == ">=":
            return Tri(value >= error, value < -error, value)
        return Tri(value > error, value <= -error, value)

    def both(self, a: Tri, b: Tri) -> Tri:
        return Tri(a.yes & b.yes, a.no | b.no, self.torch.minimum(a.margin, b.margin))

    def either(self, a: Tri, b: Tri) -> Tri:
        return Tri(a.yes | b.yes, a.no & b.no, self.torch.maximum(a.margin, b.margin))

    def negate(self, a: Tri) -> Tri:
        return Tri(a.no, a.yes, -a.margin)

    def choose(self, condition: Tri, then: Approximate, otherwise: Approximate) -> Approximate:
        """Where the condition is too close to call, either branch may be the true one."""
        where = self.torch.where
        either = self.torch.maximum(then.error, (then.value - otherwise.value).abs() + otherwise.error)
        error = where(condition.yes, then.error, where(condition.no, otherwise.error, either * SLACK))
        return Approximate(where(condition.no, otherwise.value, then.value), error)

    def spread(self, truth: Any, count: int) -> Tri:
        """A truth value for each of ``count`` points."""
        if isinstance(truth, bool):
            yes = self.torch.full((count,), truth, device=self.device)
            return Tri(yes, ~yes, self.torch.full((count,), 1.0 if truth else -1.0, dtype=self.torch.float64))
        return Tri(*(part.expand(count) for part in (truth.yes, truth.no, truth.margin)))


def tables(
    algebra: TorchAlgebra, columns: Mapping[str, Mapping[tuple[int, ...], Approximate]]
) -> dict[str, Callable[..., Any]]:
    """Arbitrary functions given by finitely many columns of values, 0 elsewhere."""

    def table(values: Mapping[tuple[int, ...], Approximate]) -> Callable[..., Any]:
        return lambda *arguments: values.get(arguments, 0)

    return {name: table(values) for name, values in columns.items()}
