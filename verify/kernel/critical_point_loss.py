r"""The loss of a deep linear network: its derivatives at given weights, and its values along a polynomial curve, exactly.

With X of shape (d_0, m), Y of shape (d_H, m), positive masses c of the same shape as Y and weights W_l of shape
(d_l, d_{l-1}), the loss is

    L(W) = 1/2 sum_ij c_ij (W_H ... W_1 X - Y)_ij^2.

Write E = c o (W_H ... W_1 X - Y), entry by entry, A_l = W_H ... W_{l+1} for what is above layer l, with A_H = I, and
B_l = W_l ... W_1 X for what is below it, with B_0 = X.

* **Gradient.**  A change V of W_l changes the output by A_l V B_{l-1}, so dL/dW_l = A_l^T E B_{l-1}^T.
* **Hessian.**  d^2 L is the form sum c_ij (sum_l A_l V_l B_{l-1})_ij^2 + 2 sum_{k < n} <E, A_n V_n M_{nk} V_k B_{k-1}> with
  M_{nk} = W_{n-1} ... W_{k+1}.
* **Curves.**  If W_l(t) = sum_k t^k W_{l,k}, then the output is a polynomial sum_k t^k D_k in t, and
  L(W(t)) - L(W) = sum_{k >= 1} t^k (<E, D_k> + 1/2 sum_{a + b = k; a, b >= 1} <D_a, c o D_b>).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from operator import mul
from typing import Any

from verify.kernel.positive import integral
from verify.kernel.terms import need, rational
from verify.kernel.theory import fields, listed

Json = Any
Matrix = list[list[Fraction]]

MAX_DEPTH = 12
MAX_POWER = 24
MAX_ENTRIES = 4000  # of the data and the weights together
MAX_WEIGHTS = 150  # of a Hessian


def product(a: Matrix, b: Matrix) -> Matrix:
    """By integers, since fractions would be reduced after every operation."""
    (left, s), (right, t) = integral(a), integral(b)
    columns = list(zip(*right, strict=True))
    return [[Fraction(sum(map(mul, row, column)), s * t) for column in columns] for row in left]


def transpose(a: Matrix) -> Matrix:
    return [list(column) for column in zip(*a, strict=True)]


def combination(a: Matrix, b: Matrix, factor: int | Fraction) -> Matrix:
    """a + factor b."""
    return [[x + factor * y for x, y in zip(r, s, strict=True)] for r, s in zip(a, b, strict=True)]


def inner(a: Matrix, b: Matrix) -> Fraction:
    (left, s), (right, t) = integral(a), integral(b)
    return Fraction(sum(sum(map(mul, *rows)) for rows in zip(left, right, strict=True)), s * t)


def identity(size: int) -> Matrix:
    return [[Fraction(i == j) for j in range(size)] for i in range(size)]


def read_matrix(value: Json, rows: int | None = None, columns: int | None = None) -> Matrix:
    """A list of rows that are equally long, of this shape where it is known; it has at least one entry."""
    listed_rows = listed(value, rows)
    need(listed_rows, "a matrix has no rows")
    length = len(listed(listed_rows[0])) if columns is None else columns
    need(length, "a matrix has no columns")
    return [[rational(entry) for entry in listed(row, length)] for row in listed_rows]


@dataclass(frozen=True)
class Loss:
    """The data, the masses (None where all are 1), and the weights W_1, ..., W_H."""

    inputs: Matrix
    targets: Matrix
    masses: Matrix | None
    weights: list[Matrix]

    @property
    def widths(self) -> list[int]:
        """d_0, ..., d_H."""
        return [len(self.inputs), *map(len, self.weights)]

    @property
    def depth(self) -> int:
        return len(self.weights)

    def weighted(self, matrix: Matrix) -> Matrix:
        """The matrix times the masses, entry by entry."""
        if self.masses is None:
            return matrix
        return [[x * c for x, c in zip(r, s, strict=True)] for r, s in zip(matrix, self.masses, strict=True)]

    def below(self) -> list[Matrix]:
        """B_0, ..., B_H."""
        found = [self.inputs]
        for matrix in self.weights:
            found.append(product(matrix, found[-1]))
        return found

    def above(self) -> list[Matrix]:
        """A_0, ..., A_H."""
        found = [identity(self.widths[-1])]
        for matrix in reversed(self.weights):
            found.append(product(found[-1], matrix))
        return found[::-1]

    def residual(self) -> Matrix:
        return combination(self.below()[-1], self.targets, -1)

    def value(self) -> Fraction:
        residual = self.residual()
        return inner(residual, self.weighted(residual)) / 2

    def gradient(self) -> list[Matrix]:
        """dL/dW_1, ..., dL/dW_H."""
        error, below = self.weighted(self.residual()), self.below()
        return [
            product(product(transpose(a), error), transpose(b)) for a, b in zip(self.above()[1:], below, strict=False)
        ]

    def is_critical(self) -> bool:
        return not any(entry for matrix in self.gradient() for row in matrix for entry in row)

    def hessian(self) -> Matrix:
        """Of shape (n, n), for the n weights in the order layer, row, column."""
        places = [
            (k, i, j) for k, w in enumerate(self.weights, start=1) for i in range(len(w)) for j in range(len(w[0]))
        ]
        need(len(places) <= MAX_WEIGHTS, "a Hessian is computed for at most", MAX_WEIGHTS, "weights")
        above, below, error = self.above(), self.below(), self.weighted(self.residual())
        changes = [[[row[i] * x for x in below[k - 1][j]] for row in above[k]] for k, i, j in places]
        weighted = [self.weighted(change) for change in changes]
        found = [[inner(change, other) for other in weighted] for change in changes]
        bent = {  # A_n^T E B_{k-1}^T and M_nk
            (n, k): (product(product(transpose(above[n]), error), transpose(below[k - 1])), self.between(n, k))
            for n in range(1, self.depth + 1)
            for k in range(1, n)
        }
        for p, (n, i, j) in enumerate(places):
            for q, (k, row, column) in enumerate(places):
                if k < n:
                    outer, middle = bent[n, k]
                    extra = outer[i][column] * middle[j][row]
                    found[p][q] += extra
                    found[q][p] += extra
        return found

    def between(self, n: int, k: int) -> Matrix:
        """M_nk = W_{n-1} ... W_{k+1}, for k < n."""
        found = identity(self.widths[k])
        for matrix in self.weights[k : n - 1]:
            found = product(matrix, found)
        return found

    def changes(self, curve: Json) -> list[Fraction]:
        """The coefficients of t, t^2, ... in L(W(t)) - L(W), for the entries [layer, power, row, column, coefficient] of W."""
        outputs = {0: self.inputs}
        for matrix, powers in zip(self.weights, self.powers(curve), strict=True):
            following: dict[int, Matrix] = {}
            for k, part in {0: matrix, **powers}.items():
                for m, output in outputs.items():
                    term = product(part, output)
                    following[k + m] = combination(following[k + m], term, 1) if k + m in following else term
            outputs = following
        error = self.weighted(combination(outputs.pop(0), self.targets, -1))
        weighted = {k: self.weighted(output) for k, output in outputs.items()}
        found = [Fraction(0)] * (2 * max(outputs, default=0) + 1)
        for a, output in outputs.items():
            found[a] += inner(error, output)
            for b, other in weighted.items():
                found[a + b] += inner(output, other) / 2
        return found[1:]

    def powers(self, curve: Json) -> Iterator[dict[int, Matrix]]:
        """The coefficients of t, t^2, ... of every layer."""
        parts: list[dict[int, Matrix]] = [{} for _ in self.weights]
        for entry in listed(curve):
            *places, coefficient = listed(entry, 5)
            need(all(type(place) is int for place in places), "the layer, power, row and column are integers")
            layer, power, row, column = places
            need(1 <= layer <= self.depth and 1 <= power <= MAX_POWER, "there is no layer", layer, "or power", power)
            shape = self.widths[layer], self.widths[layer - 1]
            need(0 <= row < shape[0] and 0 <= column < shape[1], "layer", layer, "has no entry", row, column)
            part = parts[layer - 1].setdefault(power, [[Fraction(0)] * shape[1] for _ in range(shape[0])])
            part[row][column] += rational(coefficient)
        yield from parts


def read(statement: Json) -> tuple[Loss, Json]:
    """The loss at the weights, and what is said of them."""
    _, inputs, targets, masses, weights, says = fields(
        statement, "question", "inputs", "targets", "masses", "weights", "says"
    )
    x = read_matrix(inputs)
    y = read_matrix(targets, columns=len(x[0]))
    matrices, width = list[Matrix](), len(x)
    for value in listed(weights):
        matrices.append(read_matrix(value, columns=width))
        width = len(matrices[-1])
    need(0 < len(matrices) <= MAX_DEPTH, "there are between 1 and", MAX_DEPTH, "layers")
    need(width == len(y), "the network has", width, "outputs, and the targets have", len(y))
    size = sum(len(matrix) * len(matrix[0]) for matrix in (x, y, *matrices))
    need(size <= MAX_ENTRIES, "there are more than", MAX_ENTRIES, "entries")
    c = None if masses is None else read_matrix(masses, len(y), len(x[0]))
    need(c is None or all(entry > 0 for row in c for entry in row), "masses are positive")
    return Loss(x, y, c, matrices), says
