r"""From the record of a search in floating point to the tree that the kernel checks, squared loss.

The search is trusted for nothing.  Its tree is walked by the kernel's own ``walk``, which derives every node, and at each
node that the search has bounded a proof is written down, the first of these that the kernel accepts:

1. the recorded multipliers, rounded to a few digits;
2. exact multipliers of the recorded rows and of rows exchanged for them (``exact_bounds``);
3. where all units are in single cells: the exact minimum of that convex program and its multipliers (``cell_optimum``).
   If it is below the bound, the search has missed a better network, and ``BetterMinimum`` brings it;
4. else the node is split further, here, and its children are bounded in exact arithmetic.

So a wrong prune, of a nearly singular system for example, costs time but never a wrong certificate.  What a tree cannot
cost is unlimited: after ``limit`` nodes of the fourth kind it is ``Unprovable``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Protocol, TypeVar

from verify.errors import VerifyError
from verify.kernel.dichotomies import cells
from verify.kernel.training import Arrangement, walk
from verify.kernel.training_data import Data, State
from verify.kernel.training_rows import Node
from verify.training.cell_optimum import CellOptimum, CellPrograms
from verify.training.exact_bounds import ExactBounds, Row, estimate_code, exact_tokens

LIMIT = 100_000  # nodes that are split again
SAMPLED = 256  # cells that choose the point of a split

T = TypeVar("T")


class Record(Protocol):
    """What a search has done: tokens in preorder (0 and the number of rows, or 1 + unit and point, -1 for the sign), rows
    (R, 3) of point, tau and mask of units, and multipliers (R,), in the units of its float problem."""

    @property
    def tokens(self) -> Sequence[int]: ...
    @property
    def rows(self) -> Sequence[Sequence[int]]: ...
    @property
    def multipliers(self) -> Sequence[float]: ...


class BetterMinimum(Exception):
    """A network with a loss below the bound that was to be proved."""

    def __init__(self, optimum: CellOptimum) -> None:
        super().__init__(f"a network has the loss {float(optimum.value):.17g}, below the bound to be proved")
        self.optimum = optimum


class Unprovable(VerifyError):
    """The tree of a search has too many nodes that its bounds do not prove in exact arithmetic."""


def tree(
    data: Data, width: int, record: Record, lower: Fraction, *, scale: float | Fraction = 1, limit: int = LIMIT
) -> list[int]:
    """The tokens of a tree that proves that the minimum is at least ``lower``, from the record of a complete search.

    The labels of the float problem are those of ``data`` divided by ``scale``.  Raises ``BetterMinimum`` where a network
    has a smaller loss, ``Unprovable`` where more than ``limit`` nodes would have to be split again.
    """
    rewriting = Rewriting(data, width, record, lower, Fraction(scale), limit)
    walk(data, width, rewriting.codes(), rewriting.bound)
    return rewriting.tokens


class Rewriting:
    """The tokens written so far, and the place in the record."""

    def __init__(self, data: Data, width: int, record: Record, lower: Fraction, scale: Fraction, limit: int) -> None:
        self.data, self.width, self.lower, self.scale, self.limit = data, width, lower, scale, limit
        self.recorded, self.rows = plain(record.tokens), plain(record.rows)
        self.multipliers = plain(record.multipliers)
        self.bounds = ExactBounds(data, width, lower)
        self.arrangement = Arrangement(len(data.rows))
        self.tokens: list[int] = []
        self.count = self.place = 0  # rows of the present node, and before it
        self.again = 0  # nodes split here
        self._programs: CellPrograms | None = None

    @property
    def programs(self) -> CellPrograms:
        if self._programs is None:
            self._programs = CellPrograms(self.data, cells(self.data.rows))
        return self._programs

    def codes(self) -> Iterator[int]:
        """The kernel's codes of the recorded nodes, 0 for those to be bounded."""
        tokens = iter(self.recorded)
        for code in tokens:
            argument = next(tokens)
            if code:
                self.tokens.append(self.split_code(code - 1, argument))
                yield self.tokens[-1]
            else:
                self.count = argument
                yield 0

    def split_code(self, unit: int, point: int) -> int:
        """For the point -1, of the sign."""
        return 2 + point + unit * (len(self.data.rows) + 1)

    def bound(self, node: Node, _: Iterator[int]) -> None:
        """Write a proof for a node, or a tree below it."""
        begin, end = self.place, self.place + self.count
        self.place = end
        rows = [self.row(node, point, tau, mask) for point, tau, mask in self.rows[begin:end]]
        proof = self.bounds.rounded(node, rows, self.multipliers[begin:end], self.scale)
        if proof is None and all(sign for _, sign in node):
            proof = self.bounds.exact(node, rows)
        if proof is None:
            self.split(node)
        else:
            self.tokens += [0, *proof]

    def row(self, node: Node, point: int, tau: int, mask: int) -> Row:
        """A recorded row as the kernel reads it."""
        if not tau:
            return mask.bit_length() - 1, point
        choices = (mask >> k & 1 for k, (state, _) in enumerate(node) if undecided(state, point))
        return (estimate_code(self.width, tau), point, *choices)

    def split(self, node: Node) -> None:
        """Write a tree below a node of which nothing is known."""
        stack = [node]
        while stack:
            node = stack.pop()
            proof = self.proof(node)
            if proof is not None:
                self.tokens += [0, *proof]
                continue
            self.again += 1
            if self.again > self.limit:
                raise Unprovable(
                    f"more than {self.limit} nodes of the search are not bounded in exact arithmetic: "
                    "search again with a smaller tolerance, or allow more with limit="
                )
            code, halves, group = self.branch(node)
            self.tokens.append(code)
            for second in reversed(range(len(group) + 1)):
                child = list(node)
                for e, place in enumerate(group):
                    child[place] = halves[e >= len(group) - second]
                stack.append(tuple(child))

    def proof(self, node: Node) -> list[int] | None:
        """A proof in exact arithmetic alone."""
        proof = self.bounds.least_squares(node)
        if proof is None and all(sign for _, sign in node):
            if all(len(state.cells) == 1 for state, _ in node):
                return self.cell_proof(node)
            proof = self.bounds.exact(node, [])
        return proof

    def cell_proof(self, node: Node) -> list[int]:
        optimum = self.programs.optimum([state.cells[0] for state, _ in node], [sign for _, sign in node])
        if optimum.value < self.lower:
            raise BetterMinimum(optimum)
        rows, numbers = [(k, i) for k, i, _ in optimum.multipliers], [number for *_, number in optimum.multipliers]
        return exact_tokens(rows, numbers)

    def branch(self, node: Node) -> tuple[int, tuple[tuple[State, int], tuple[State, int]], list[int]]:
        """The code of a split, the two halves, and the units that it splits: by sign first, then evenly by a point."""
        unknown = [k for k, (_, sign) in enumerate(node) if not sign]
        k = unknown[0] if unknown else max(range(self.width), key=lambda k: len(node[k][0].cells))
        state, sign = node[k]
        group = [place for place in range(self.width) if node[place] == node[k]]
        if unknown:
            return self.split_code(k, -1), ((state, 1), (state, -1)), group
        sample = state.cells[:: max(1, len(state.cells) // SAMPLED)]
        points = [i for i in range(len(self.data.rows)) if undecided(state, i)]
        point = min(points, key=lambda i: abs(2 * sum(cell >> i & 1 for cell in sample) - len(sample)))
        first, second = self.arrangement.split(state, point)
        return self.split_code(k, point), ((first, sign), (second, sign)), group


def undecided(state: State, point: int) -> bool:
    return not (state.positive | state.negative) >> point & 1


def plain(numbers: Sequence[T]) -> list[T]:
    """A list of Python's own numbers, also from an array."""
    converted: list[T] = numbers.tolist() if hasattr(numbers, "tolist") else list(numbers)
    return converted
