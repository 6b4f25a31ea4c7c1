r"""Lower bounds for the loss of all networks of a node (see ``training``), each a few rows with multipliers.

The multipliers are numerators over one common denominator; for the rows and their forms see ``training_rows``.

**Squared loss.**  The residual r_i of a point that is not decided satisfies |r_i| >= tau (e.v - y_i) for the estimate e.
With multipliers l >= 0 of rows C v + r >= o, weak duality bounds the loss below by the minimum over all v and r of
sum_{decided} m (f(z_i) - y_i)^2 + sum m_i r_i^2 - 2 l.(C v + r - o), which is

    yy - (b + C'l)' G^+ (b + C'l) - sum_i L_i^2 / m_i + 2 o.l      (L_i the sum of the multipliers at point i)

if b + C'l lies in the range of the Gram matrix G of the decided points, and -infinity otherwise.  Elimination without
fractions on the bordered matrix decides whether this is at least the target.

**Losses with one corner.**  alpha (f - o)^+ >= q (e.v - o) for an estimate e from below and 0 <= q <= alpha;
beta (o - f)^+ >= q (o - e.v) for one from above and 0 <= q <= beta.  (At a decided point f itself is both.)  If the sum of these forms
is a sum of cone rows with multipliers >= 0, it is nonnegative, and the constants bound the loss.  Two masks stand for
the data that have the whole slope, with 0 for every unit of unknown side.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import reduce
from itertools import repeat
from math import lcm
from operator import and_

from verify.kernel.terms import need
from verify.kernel.training_data import Data
from verify.kernel.training_rows import Node, Rows, Vector

GROUP = 8  # points whose sums are made in advance


class SquaredBounds(Rows):
    r"""Tokens: denominator, number of rows, then each row (k, i, or w and w + 1 for tau = 1 and -1, i, choices) and its
    numerator."""

    def __init__(self, data: Data, width: int, value: Fraction) -> None:
        super().__init__(data, width, value)
        d = self.depth
        moments = [
            [m * a for a in (*(z[a] * z[c] for a in range(d) for c in range(a + 1)), *(y * a for a in z), y * y)]
            for z, y, m in zip(data.rows, data.labels, data.above, strict=True)
        ]
        self.places = [[max(a, c) * (max(a, c) + 1) // 2 + min(a, c) for c in range(d)] for a in range(d)]
        self.groups = [subset_sums(moments[i : i + GROUP]) for i in range(0, len(moments), GROUP)]

    def total(self, mask: int) -> list[int]:
        """The sum of the moments m z z', m y z, m y^2 over the points of a mask."""
        parts = [sums[mask >> GROUP * e & (1 << GROUP) - 1] for e, sums in enumerate(self.groups)]
        return [sum(column) for column in zip(*parts, strict=True)]

    def bordered(self, node: Node) -> list[list[int]]:
        """The upper triangle of the Gram matrix of the decided points, bordered by b; the corner is yy."""
        d, free = self.depth, self.data.free
        everywhere = reduce(and_, (state.positive | state.negative for state, _ in node))
        blocks = [(state.positive & everywhere, d) for state, _ in node] + ([(everywhere, free)] if free else [])
        rows: list[list[int]] = []
        for k, (mask, width) in enumerate(blocks):
            shared = [(self.total(mask & other), columns) for other, columns in blocks[k:]]
            b = shared[0][0][d * (d + 1) // 2 :]
            for a in range(width):
                gram = [moments[place] for moments, columns in shared for place in self.places[a][:columns]]
                rows.append([0] * (k * d) + gram + [b[a]])
        return [*rows, [0] * self.size + [self.total(everywhere)[-1]]]

    def __call__(self, node: Node, tokens: Iterator[int]) -> None:
        q, count = next(tokens), next(tokens)
        need(q > 0, "the denominator is not positive")
        matrix = self.bordered(node)
        border: Vector = [q * row[-1] for row in matrix[:-1]]
        linear, slack = 0, dict[int, int]()
        for _ in range(count):
            vector, tau, point, decided, number = self.read(node, tokens)
            need(not (tau and decided), "a decided point has no estimate")
            factor = -tau * number if tau else number
            border = [b + factor * c for b, c in zip(border, vector, strict=True)]
            if tau:
                linear += tau * number * self.data.labels[point]
                slack[point] = slack.get(point, 0) + number
        common = lcm(*(self.data.above[point] for point in slack))
        squares = sum(total * total * (common // self.data.above[point]) for point, total in slack.items())
        corner = q * q * (matrix[-1][-1] - self.target) - 2 * q * linear - Fraction(squares, common)
        need(nonnegative(matrix, border, corner), "a bound is below the target")


def subset_sums(vectors: list[list[int]]) -> list[list[int]]:
    """The sum of each subset, whose mask is its index."""
    sums = [[0] * len(vectors[0])]
    for vector in vectors:
        sums += [[a + b for a, b in zip(total, vector, strict=True)] for total in sums]
    return sums


def nonnegative(matrix: list[list[int]], border: Vector, corner: Fraction) -> bool:
    """Whether border lies in the range of the positive semidefinite matrix G, and corner >= border' G^+ border.

    Only the upper triangle of the matrix is read, and it is overwritten; its last column and row make room for the border.
    """
    size, previous = len(border), 1
    scale = lcm(*(b.denominator for b in border))
    for row, b in zip(matrix, border, strict=False):
        row[size] = int(b * scale)
    matrix[size][size] = 0
    for k in range(size):
        top = matrix[k]
        pivot = top[k]
        if not pivot and any(top[k + 1 :]):
            return False
        for i in range(k + 1, size + 1) if pivot else ():  # else the column depends on those before it
            factor, row = top[i], matrix[i]
            row[i:] = [(pivot * a - factor * b) // previous for a, b in zip(row[i:], top[i:], strict=True)]
        previous = pivot or previous
    return corner * scale * scale * previous + matrix[size][size] >= 0


class LinearBounds(Rows):
    r"""Tokens: denominator, two masks of data with their whole slope above and below, number of rows, then the rows."""

    def __call__(self, node: Node, tokens: Iterator[int]) -> None:
        data = self.data
        q, high, low, count = [next(tokens) for _ in range(4)]
        need(q > 0 and min(high, low) >= 0 and max(high, low) < 1 << len(data.points), "no such denominator or mask")
        total: Vector = [0] * self.size
        value, used = 0, {1: [0] * len(data.points), -1: [0] * len(data.points)}
        terms = [
            (self.estimate(node, data.points[t], tau, repeat(0))[0], tau, t, q * slopes[t])
            for tau, mask, slopes in ((1, high, data.above), (-1, low, data.below))
            for t in range(len(data.points))
            if mask >> t & 1
        ]
        for _ in range(count):
            vector, tau, t, _, number = self.read(node, tokens)
            terms.append((vector, tau, t, number))
        for vector, tau, t, number in terms:
            factor = tau * number if tau else -number
            total = [a + factor * c for a, c in zip(total, vector, strict=True)]
            if tau:
                value -= factor * data.labels[t]
                used[tau][t] += number
        need(not any(total), "the estimates do not add up to cone rows")
        slopes = {1: data.above, -1: data.below}
        need(
            all(n <= q * s for tau in (1, -1) for n, s in zip(used[tau], slopes[tau], strict=True)),
            "a slope is too large",
        )
        need(value >= q * self.target, "a bound is below the target")
