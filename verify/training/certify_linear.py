r"""From floating point to exact arithmetic for the absolute and the hinge loss: the best network, and the tree of a record.

The programs of the search are linear, so their solutions are rational functions of the data: a basis determines them.
What is taken from floating point is which rows are in the basis, and which data have their whole slope; the numbers are
computed again (``exact_programs``).  A node where that proves nothing gets its program solved exactly; where the optimum is
below the bound, the network that attains it is either better than the bound, and everything is repeated with it, or the
node is divided further, as in ``verify.training.certify``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from math import isinf
from operator import mul
from typing import TYPE_CHECKING

from verify.kernel.training import Arrangement, walk
from verify.kernel.training_data import Data, State
from verify.kernel.training_rows import Node
from verify.training.cell_optimum import CellOptimum
from verify.training.certify import LIMIT, Rewriting
from verify.training.exact_algebra import solution
from verify.training.exact_programs import ExactPrograms, Row
from verify.training.exactness import Best, Exactness, Improved

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from verify.training.nodes import Record

    Floats = NDArray[np.float64]
    Signs = NDArray[np.int8]


class LinearRewriting(Rewriting):
    """The tree of a record with exact bounds.  ``network`` makes a network of v and signs."""

    def __init__(
        self,
        data: Data,
        width: int,
        record: Record,
        lower: Fraction,
        network: Callable[[list[Fraction], list[int]], Best],
        limit: int = LIMIT,
    ) -> None:
        self.data, self.width, self.lower, self.limit, self.network = data, width, lower, limit, network
        self.recorded, self.rows = record.tokens.tolist(), record.rows.tolist()
        self.multipliers = record.multipliers.tolist()
        self.linear = ExactPrograms(data, width, (lower - data.constant) * data.scale)
        self.arrangement = Arrangement(len(data.rows))
        self.tokens: list[int] = []
        self.count = self.place = self.again = 0

    def bound(self, node: Node, _: Iterator[int]) -> None:
        begin, end = self.place, self.place + self.count
        self.place = end
        rows: list[Row] = [(index, tau, mask) for index, tau, mask in self.rows[begin:end]]
        numbers = self.multipliers[begin:end]
        whole = [row for row, number in zip(rows, numbers, strict=True) if isinf(number)]
        basis = [row for row, number in zip(rows, numbers, strict=True) if not isinf(number)]
        found = self.linear.from_basis(node, whole, basis)
        if found is None:
            self.split(node)
        else:
            self.tokens += [0, *self.linear.tokens(node, found)]

    def proof(self, node: Node) -> list[int] | None:
        """A proof in exact arithmetic alone; raises ``Improved`` if the program of the node brings a better network."""
        signs = [sign for _, sign in node]
        if self.linear.target <= 0:
            return [1, 0, 0, 0]
        if not all(signs):
            return None
        numbers, v = self.linear.optimum(node)
        if self.linear.value(numbers) >= self.linear.target:
            return self.linear.tokens(node, numbers)
        best = self.network(v, signs)
        if best.value < self.lower:
            raise Improved(best)
        return None


class LinearExactness(Exactness):
    """The exact side of one training problem with absolute or hinge loss."""

    def best(self, weights: Floats, signs: Signs) -> Best:
        """The best network of the cells where a descent from a float network ends."""
        from verify.training.linear_heuristic import settled

        data = self.data.reduced
        found, masks, rows = settled(self.problem, weights, signs)
        node = tuple((State([], *pair), sign) for pair, sign in zip(masks, found, strict=True))
        programs = ExactPrograms(data, self.problem.width, Fraction(0))
        equations = [[*programs.vector(node, row), data.labels[row[0]] if row[1] else 0] for row in rows]
        v = solution(equations) if equations else [Fraction(0)] * programs.size
        return self.network(v or self.rounded(weights), found)

    def rounded(self, weights: Floats) -> list[Fraction]:
        """The weights of a float network, for the integral rows and labels."""
        import numpy as np

        w, d, free = self.problem.width, self.problem.dimension, self.problem.free
        padded = np.concatenate([weights, np.zeros(d - free)]).reshape(w + 1, d)
        scale = Fraction(self.problem.scale)
        exact = [scale * x for block in padded for x in self.exact(block)]
        return exact[: w * d + free]

    def network(self, v: list[Fraction], signs: list[int]) -> Best:
        """The network with the weights v, for the integral rows and labels."""
        data, d, w = self.data.reduced, self.problem.dimension, self.problem.width
        units = [tuple(sign * x for x in v[k * d : (k + 1) * d]) for k, sign in enumerate(signs)]
        affine = tuple(v[w * d :])
        outputs = [
            sum((s * max(Fraction(0), sum(map(mul, u, z))) for u, s in zip(units, signs, strict=True)), Fraction(0))
            + sum(map(mul, affine, z), Fraction(0))
            for z in data.rows
        ]
        errors = [outputs[i] - label for i, label in zip(data.points, data.labels, strict=True)]
        loss = sum((max(a * r, -b * r) for r, a, b in zip(errors, data.above, data.below, strict=True)), Fraction(0))
        value = data.constant + loss / data.scale
        return self.written(CellOptimum(value, (), tuple(signs), tuple(units), affine, ()))

    def tree(self, record: Record, lower: Fraction) -> list[int]:
        """The tokens that prove ``lower`` to the kernel; raises ``Improved`` if a network has a smaller loss."""
        rewriting = LinearRewriting(self.data.reduced, self.problem.width, record, lower, self.network)
        walk(self.data.reduced, self.problem.width, rewriting.codes(), rewriting.bound)
        return rewriting.tokens
