r"""Rows of linear forms that hold for all networks of a node (see ``training``), for ``training_bounds``.

The variables are v_k = s_k u_k for each unit k, or u_k itself where the sign does not matter, and c of the affine part.
Where every unit has a known side at point i, f(z_i) is the sum of <z_i, v_k> over the units that are positive there, and
of <z_i, c>, a linear form in v.  These points are called *decided*.  There are two kinds of rows:

* a **cone row** (k, i): s_k sigma <z_i, v_k> >= 0, if unit k has the sign s_k and point i the side sigma of it;
* an **estimate** of f(z_i) from below (tau = 1) or above (tau = -1): the linear form of the units that are positive
  there, and for each unit with unknown side
  - if s_k = tau, either 0 or <z_i, v_k>: because ReLU(t) >= 0 and ReLU(t) >= t;
  - if s_k = -tau, a majorant: let z_i = sum_j c_j z_j for d points j with known sides sigma_j.  Then
    ReLU(<z_i, u>) <= sum <c_j z_j, u> over those j with c_j sigma_j > 0, as these terms are >= 0 and the others <= 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from verify.kernel.dichotomies import determinant
from verify.kernel.terms import need
from verify.kernel.training_data import Data, State

Node = tuple[tuple[State, int], ...]
Vector = list[int | Fraction]


class Rows:
    """What both kinds of bounds share: the linear forms, as vectors over the blocks of the units and the affine part."""

    def __init__(self, data: Data, width: int, value: Fraction) -> None:
        self.data, self.width = data, width
        self.depth = len(data.rows[0])
        self.size = width * self.depth + data.free
        self.target = (value - data.constant) * data.scale

    def cone_row(self, node: Node, k: int, point: int) -> Vector:
        state, sign = node[k]
        side = (state.positive >> point & 1) - (state.negative >> point & 1)
        need(sign and side, "unit", k, "has no known sign, or no known side at point", point)
        vector: Vector = [0] * self.size
        vector[k * self.depth : (k + 1) * self.depth] = [sign * side * z for z in self.data.rows[point]]
        return vector

    def estimate(self, node: Node, point: int, tau: int, choices: Iterator[int]) -> tuple[Vector, bool]:
        """The form, and whether the point is decided."""
        z, vector, decided = self.data.rows[point], list[int | Fraction](), True
        for state, sign in node:
            if state.positive >> point & 1:
                vector += z
            elif state.negative >> point & 1:
                vector += [0] * self.depth
            else:
                decided = False
                need(sign, "an estimate needs the signs of the units")
                vector += self.contribution(state, point, sign == tau, choices)
        return vector + list(z[: self.data.free]), decided

    def contribution(
        self, state: State, point: int, minorant: bool, choices: Iterator[int]
    ) -> Sequence[int | Fraction]:
        if not minorant:
            return self.majorant(state, point, [next(choices) for _ in range(self.depth)])
        choice = next(choices)
        need(choice in (0, 1), "a minorant is 0 or 1")
        return self.data.rows[point] if choice else [0] * self.depth

    def majorant(self, state: State, point: int, basis: list[int]) -> Vector:
        need(all(0 <= j < len(self.data.rows) for j in basis), "there is no such point")
        rows = [self.data.rows[j] for j in basis]
        volume = determinant([list(row) for row in rows])
        need(volume, "the points of a majorant are not independent")
        total: Vector = [Fraction(0)] * self.depth
        for e, j in enumerate(basis):
            side = (state.positive >> j & 1) - (state.negative >> j & 1)
            need(side, "a majorant needs points with known sides")
            replaced = [list(row) for row in (*rows[:e], self.data.rows[point], *rows[e + 1 :])]
            factor = Fraction(determinant(replaced), volume)
            if factor * side > 0:
                total = [a + factor * z for a, z in zip(total, rows[e], strict=True)]
        return total

    def read(self, node: Node, tokens: Iterator[int]) -> tuple[Vector, int, int, bool, int]:
        """A row: its form, tau (0 for a cone row), the point or datum, whether it is decided, and the numerator."""
        code, index = next(tokens), next(tokens)
        points = self.data.points
        need(
            0 <= code < self.width + 2 and 0 <= index < len(points if code >= self.width else self.data.rows),
            "no such row",
        )
        if code < self.width:
            vector, tau, decided = self.cone_row(node, code, index), 0, True
        else:
            tau = 1 if code == self.width else -1
            vector, decided = self.estimate(node, points[index], tau, tokens)
        number = next(tokens)
        need(number >= 0, "a multiplier is negative")
        return vector, tau, index, decided, number
