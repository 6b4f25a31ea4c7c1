r"""What a search takes and gives: open nodes, a record of what was visited, and the result of a slice.

All of it is arrays, small and portable: a unit's set of cells is told by two masks of points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from verify.training.problem import Problem

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Signs = NDArray[np.int8]
Words = NDArray[np.uint64]


@dataclass(frozen=True)
class Nodes:
    """Open nodes: signs (K, w) int8, 0 where unknown; positive, negative (K, w, W) uint64: a unit's cells are those
    that contain ``positive`` and avoid ``negative``; bound (K,): a lower bound for each."""

    signs: Signs
    positive: Words
    negative: Words
    bound: Floats

    def __len__(self) -> int:
        return len(self.bound)

    def __getitem__(self, part: slice) -> Nodes:
        return Nodes(self.signs[part], self.positive[part], self.negative[part], self.bound[part])

    @staticmethod
    def root(problem: Problem) -> Nodes:
        """The one node that holds all networks."""
        w, words = problem.width, problem.words
        nothing = np.zeros((1, w, words), np.uint64)
        return Nodes(np.zeros((1, w), np.int8), nothing, nothing, np.zeros(1))

    @staticmethod
    def join(parts: Sequence[Nodes]) -> Nodes:
        """One list of nodes after the other."""
        names = "signs", "positive", "negative", "bound"
        return Nodes(*(np.concatenate([getattr(nodes, name) for nodes in parts]) for name in names))


@dataclass(frozen=True)
class Record:
    """What was visited, in preorder.  tokens int32: 0 and a number of rows for a bounded node, or 1 + k and i for the
    group that begins with unit k divided at point i, -1 for the sign.  rows (R, 3) int32: point, tau and mask of units
    (``bounds``), multipliers (R,), of all bounded nodes one after the other."""

    tokens: Ints
    rows: Ints
    multipliers: Floats

    @staticmethod
    def join(parts: Sequence[Record]) -> Record:
        """One record after the other."""
        names = "tokens", "rows", "multipliers"
        return Record(*(np.concatenate([getattr(record, name) for record in parts]) for name in names))


@dataclass(frozen=True)
class Slice:
    """upper: the best loss known; weights (w d + f,), v_k = s_k u_k, and signs (w,), if they are new; the open nodes,
    the next one first; how many nodes, leaves, bounds by rows and divisions there were; what was visited, if asked
    for."""

    upper: float
    weights: Floats | None
    signs: Signs | None
    remaining: Nodes
    nodes: int
    leaves: int
    bounds: int
    branchings: int
    record: Record | None
