r"""Deep linear networks with exact data: what is asked about their landscapes.

A network of widths d_0, ..., d_H has weights W_l of shape (d_l, d_{l-1}) and the output W_H ... W_1 X; its loss is
$\frac12 \sum_{ij} c_{ij} (W_H \cdots W_1 X - Y)_{ij}^2$.  Data are the rational numbers that they are: a float is a binary
fraction, a text like "-7/2" the number that it writes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from verify.errors import NetworkError
from verify.landscape.rational import Matrix, Rows, matrix

if TYPE_CHECKING:
    from verify.kernel.critical_point_loss import Loss

Json = Any
Weights = tuple[Rows, ...]


@dataclass(frozen=True)
class DeepLinear:
    """Inputs X (d_0, m), targets Y (d_H, m), widths (d_0, ..., d_H), and masses c (d_H, m), or None where all are 1."""

    inputs: Rows
    targets: Rows
    widths: tuple[int, ...]
    masses: Rows | None = None

    @staticmethod
    def of(inputs: Any, targets: Any, *, hidden: Sequence[int] = (), masses: Any = None) -> DeepLinear:
        """From rows of numbers; ``hidden`` are the widths d_1, ..., d_{H-1}.  Raises ``NetworkError`` on bad input.

        >>> DeepLinear.of([[1, 0], [0, 1]], [[2, 0]], hidden=(3,)).widths
        (2, 3, 1)
        """
        x, y = rows_of(inputs, "inputs"), rows_of(targets, "targets")
        if len(x[0]) != len(y[0]):
            raise NetworkError(
                f"the inputs have {len(x[0])} columns and the targets {len(y[0])}; both have a column for each datum"
            )
        bad = next((width for width in hidden if type(width) is not int or width < 1), None)
        if bad is not None:
            raise NetworkError(f"a hidden width is {bad!r}; widths are positive integers")
        c = None if masses is None else rows_of(masses, "masses", (len(y), len(y[0])))
        if c is not None and any(mass <= 0 for row in c for mass in row):
            raise NetworkError("a mass is not positive; leave out data that shall not count")
        return DeepLinear(x, y, (len(x), *hidden, len(y)), c)

    @property
    def depth(self) -> int:
        return len(self.widths) - 1

    def weights(self, values: Any) -> Weights:
        """Weights of this network as fractions; raises ``NetworkError`` unless their shapes are those of its layers."""
        if not isinstance(values, Sequence) or len(values) != self.depth:
            count = len(values) if isinstance(values, Sequence) else repr(values)[:40]
            raise NetworkError(f"the weights are {count}, and a network of depth {self.depth} has so many matrices")
        shapes = zip(self.widths[1:], self.widths, strict=False)
        return tuple(
            rows_of(value, f"W_{k}", shape)
            for k, (value, shape) in enumerate(zip(values, shapes, strict=True), start=1)
        )

    def loss(self, weights: Weights) -> Loss:
        """The loss at these weights, as the kernel computes it."""
        from verify.kernel.critical_point_loss import Loss

        lists = [[list(row) for row in value] for value in (self.inputs, self.targets, *weights)]
        masses = None if self.masses is None else [list(row) for row in self.masses]
        return Loss(lists[0], lists[1], masses, lists[2:])

    def statement(self, weights: Weights, says: str) -> Json:
        """What the kernel decides."""
        return {
            "question": "critical_point",
            "inputs": texts(self.inputs),
            "targets": texts(self.targets),
            "masses": None if self.masses is None else texts(self.masses),
            "weights": [texts(value) for value in weights],
            "says": says,
        }

    @cached_property
    def x(self) -> Matrix:
        return matrix(self.inputs)

    @cached_property
    def y(self) -> Matrix:
        return matrix(self.targets)

    @cached_property
    def fit(self) -> Matrix:
        """B of shape (d_H, d_0) with B X X^T = Y X^T: the regression without a bottleneck, for masses 1."""
        from verify.landscape.rational import solution

        gram = self.x * self.x.transpose()
        return solution(gram, self.x * self.y.transpose()).transpose()


def texts(rows: Rows) -> list[list[str]]:
    return [[str(entry) for entry in row] for row in rows]


def rows_of(value: Any, name: str, shape: tuple[int, int] | None = None) -> Rows:
    """A matrix as fractions, from rows, an array or a tensor; raises ``NetworkError`` naming what is wrong."""
    from verify.networks.network import number

    given = value.tolist() if hasattr(value, "tolist") else value
    if not isinstance(given, Sequence) or isinstance(given, str) or not given:
        raise NetworkError(f"{name} is no matrix; give a list of rows of numbers")
    bad = next(
        (i for i, row in enumerate(given) if not isinstance(row, Sequence) or isinstance(row, str) or not row), None
    )
    if bad is not None:
        raise NetworkError(f"row {bad} of {name} is no row of numbers; give a list of rows of numbers")
    ragged = next((i for i, row in enumerate(given) if len(row) != len(given[0])), None)
    if ragged is not None:
        raise NetworkError(f"row {ragged} of {name} has {len(given[ragged])} entries, and row 0 has {len(given[0])}")
    found = tuple(
        tuple(
            entry if isinstance(entry, Fraction) else number(entry, f"{name}[{i}][{j}]") for j, entry in enumerate(row)
        )
        for i, row in enumerate(given)
    )
    if shape is not None and (len(found), len(found[0])) != shape:
        raise NetworkError(f"{name} has the shape {(len(found), len(found[0]))}, and {shape} is needed")
    return found
