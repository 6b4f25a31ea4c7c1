r"""From floating point to exact arithmetic: the best network near a float one, and the tree of a record, for every loss.

A network in floating point is only a hint.  Its units lie in certain cells; there, and in the cells next to the minimum,
the training problem is convex, and its minimum is a rational number.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from verify.training.data import TrainingData

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from verify.training.cell_optimum import CellOptimum
    from verify.training.problem import Problem
    from verify.training.search import Record

    Floats = NDArray[np.float64]
    Signs = NDArray[np.int8]

Json = Any

DIGITS = 4000  # of a number in a certificate
BITS = 200  # of a number that is rounded because it has more digits than that


@dataclass(frozen=True)
class Best:
    """A network as certificates hold it, and its exact loss."""

    value: Fraction
    network: Json

    @property
    def provable(self) -> bool:
        """Whether a certificate can name the loss."""
        return printable(self.value)


class Improved(Exception):
    """A network with a loss below the bound that was to be proved."""

    def __init__(self, best: Best) -> None:
        super().__init__("a network has a loss below the bound that was to be proved")
        self.best = best


class Exactness:
    """The exact side of one training problem with squared loss."""

    def __init__(self, data: TrainingData, problem: Problem) -> None:
        from verify.training.cell_optimum import CellPrograms

        self.data, self.problem = data, problem
        self.programs = CellPrograms(data.reduced, {0, *masks(problem)})

    def best(self, weights: Floats, signs: Signs) -> Best:
        """The best network of the cells of a float network, and of cells next to those."""
        problem = self.problem
        d, w = problem.dimension, problem.width
        units = weights[: w * d].reshape(w, d) * signs[:, None]
        heights = problem.features @ units.T
        cells = [sum(1 << i for i in range(problem.points) if heights[i, k] > 0) for k in range(w)]
        patterns = [
            cell if cell in self.programs.cells else self.programs.pattern(self.exact(unit))
            for cell, unit in zip(cells, units, strict=True)
        ]
        return self.written(self.programs.descend(patterns, [int(sign) for sign in signs]))

    def exact(self, unit: Floats) -> list[Fraction]:
        """The coefficients of a unit for the integral rows."""
        columns = [[Fraction(float(t)) for t in row] for row in self.problem.transform]
        return [sum((t * Fraction(float(u)) for t, u in zip(row, unit, strict=True)), Fraction(0)) for row in columns]

    def written(self, optimum: CellOptimum) -> Best:
        """As certificates hold it; rounded, if the exact numbers are too long for them."""
        from verify.training.cell_optimum import in_coordinates

        raw = list(dict.fromkeys(self.data.points))
        parts = [in_coordinates(raw, self.data.reduced, part) for part in (*optimum.units, optimum.affine)]
        exact = all(printable(v) for part in parts for v in part)
        *units, affine = parts if exact else [[rounded(v) for v in part] for part in parts]
        rows = [
            [str(v) for v in (sign, *slope, bias)] for sign, (bias, *slope) in zip(optimum.signs, units, strict=True)
        ]
        network = {"units": rows, "affine": [str(v) for v in affine]}
        return Best(optimum.value if exact else self.data.loss_of(self.problem.width, network), network)

    def tree(self, record: Record, lower: Fraction) -> list[int]:
        """The tokens that prove ``lower`` to the kernel; raises ``Improved`` if a network has a smaller loss."""
        from verify.training.certify import BetterMinimum, tree

        try:
            return tree(self.data.reduced, self.problem.width, record, lower, scale=self.problem.scale)  # type: ignore[arg-type]
        except BetterMinimum as better:
            found = better.optimum
            raise Improved(self.written(self.programs.descend(found.patterns, found.signs))) from None


def masks(problem: Problem) -> list[int]:
    """The cells as Python's integers."""
    return [int.from_bytes(cell.astype("<u8").tobytes(), "little") for cell in problem.cells]


def printable(value: Fraction) -> bool:
    bits = max(value.numerator.bit_length(), value.denominator.bit_length())
    return bits * 0.30103 < DIGITS - 1


def rounded(value: Fraction) -> Fraction:
    """A fraction with few digits nearby; 0 if the number is too large or too small for that."""
    exponent = value.numerator.bit_length() - value.denominator.bit_length()
    if not value or abs(exponent) > 10_000:
        return Fraction(0)
    power = Fraction(2) ** (exponent - BITS)
    return round(value / power) * power
