r"""A small search in floating point that records its tree as the engine does: an oracle for the certificate pass.

It shares no code with the engine.  States are plain sets of cells; a node is bounded by least squares on its decided
points, and, where all signs are known, by all rows with the multipliers of one nonnegative least-squares problem.  ``careless`` records wrong multipliers
and wrong prunes on purpose.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from operator import and_, or_
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from verify.kernel.dichotomies import cells
from verify.kernel.training_data import Data

Floats = NDArray[np.float64]
Side = tuple[frozenset[int], int]  # cells and sign of a unit
Row = tuple[int, int, int]


@dataclass
class Recorded:
    tokens: list[int] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    multipliers: list[float] = field(default_factory=list)

    def bounded(self, rows: Sequence[Row], multipliers: Sequence[float]) -> None:
        self.tokens += [0, len(rows)]
        self.rows += rows
        self.multipliers += multipliers


def exact_data(
    points: Sequence[Sequence[object]],
    labels: Sequence[object],
    weights: Sequence[object] | None = None,
    loss: str = "squared",
    affine: str = "none",
) -> tuple[Any, Data]:
    """The data as fractions, and the kernel's integral data."""
    raw = (
        [tuple(Fraction(str(x)) for x in point) for point in points],
        [Fraction(str(y)) for y in labels],
        [Fraction(str(m)) for m in weights or [1] * len(labels)],
    )
    return raw, Data.of(raw, loss, affine)


class RecordedSearch:
    """Depth first, signs first, then the point that divides the largest state most evenly."""

    def __init__(self, data: Data, width: int, *, careless: random.Random | None = None) -> None:
        self.data, self.width, self.careless = data, width, careless
        self.z = np.linalg.qr(np.array(data.rows, float))[0] * len(data.rows) ** 0.5
        self.m = np.array(data.above, float)
        self.scale = max(1, *map(abs, data.labels)) * 1.0
        self.y = np.array(data.labels, float) / self.scale
        self.root = frozenset(cell for cell in cells(data.rows) if cell)
        self.best = float((self.m * self.y**2).sum())

    def minimum(self) -> float:
        """The minimum of the raw loss: the incumbent is improved at the leaves until the search ends."""
        self.run(fixed=False)
        return float(self.data.constant + Fraction(self.best * self.scale**2) / self.data.scale)

    def record(self) -> Recorded:
        self.minimum()
        return self.run(fixed=True)

    def run(self, *, fixed: bool) -> Recorded:
        """One search with the incumbent; where it is fixed, ties are searched to the leaves."""
        found = Recorded()
        stack: list[tuple[Side, ...]] = [((self.root, 0),) * self.width]
        while stack:
            node = stack.pop()
            slack = 1e-9 * float((self.m * self.y**2).sum()) * (1 if fixed else -1)
            target = self.best + slack
            value, rows, numbers, weights = self.bound(node, target)
            leaf = all(len(members) == 1 and sign for members, sign in node)
            wrong = self.careless is not None and len(stack) > 2 and self.careless.random() < 0.02
            if leaf:
                self.best = min(self.best, self.loss(node, weights))
            if leaf or value >= target or wrong:
                if self.careless is not None:
                    numbers = [x * self.careless.choice((1, 1, 1, 1 + 1e-7, 1.1)) for x in numbers]
                found.bounded(rows, numbers)
                continue
            self.branch(node, stack, found)
        return found

    def branch(self, node: tuple[Side, ...], stack: list[tuple[Side, ...]], found: Recorded) -> None:
        unknown = [k for k, (_, sign) in enumerate(node) if not sign]
        k = unknown[0] if unknown else max(range(self.width), key=lambda k: len(node[k][0]))
        members, sign = node[k]
        halves: tuple[Side, Side]
        if unknown:
            point, halves = -1, ((members, 1), (members, -1))
        else:
            counts = [abs(2 * sum(c >> i & 1 for c in members) - len(members)) for i in range(len(self.z))]
            point = counts.index(min(counts))
            first = frozenset(c for c in members if c >> point & 1)
            halves = ((first, sign), (members - first, sign))
        group = [e for e in range(self.width) if node[e] == node[k]]
        found.tokens += [1 + group[0], point]
        for j in reversed(range(len(group) + 1)):
            child = list(node)
            for e, place in enumerate(group):
                child[place] = halves[e >= len(group) - j]
            stack.append(tuple(child))

    def bound(self, node: tuple[Side, ...], target: float) -> tuple[float, list[Row], list[float], Floats]:
        """Value, rows, multipliers and weights of the strongest bound; without rows where least squares reach the target, or
        where signs are unknown.

        With a little added to the Gram matrices, so that none is singular: the values are not exact, nor need they be.
        """
        w = self.width
        sides = np.array([self.sides(members) for members, _ in node])
        decided = (sides != 0).all(axis=0)
        parts = [*((sides[k] > 0)[:, None] * self.z for k in range(w)), self.z[:, : self.data.free]]
        used, m = np.concatenate(parts, axis=1)[decided], self.m[decided]
        gram, b = used.T @ (m[:, None] * used), used.T @ (m * self.y[decided])
        gram += 1e-10 * (1 + np.trace(gram)) * np.eye(len(gram))
        yy = float((m * self.y[decided] ** 2).sum())
        v = np.linalg.solve(gram, b)
        rows = self.rows(node, sides) if all(sign for _, sign in node) else []
        if yy - b @ v >= target or not rows:
            return float(yy - b @ v), [], [], v
        C = np.array([self.form(node, sides, row) for row in rows])
        o = np.array([-tau * self.y[i] for i, tau, _ in rows])
        place = np.array([i if tau else -1 for i, tau, _ in rows])
        shared = (place[:, None] == place) * np.where(place >= 0, 1 / self.m[place], 0.0)
        K = C @ np.linalg.solve(gram, C.T) + shared
        sizes, axes = np.linalg.eigh(K)
        root = np.sqrt(np.maximum(sizes, 1e-10 * sizes[-1]))[:, None]
        numbers, _ = nnls(root * axes.T, axes.T @ (o - C @ np.linalg.solve(gram, b)) / root[:, 0])
        v = np.linalg.solve(gram, b + C.T @ numbers)
        value = yy - (b + C.T @ numbers) @ v - numbers @ shared @ numbers + 2 * o @ numbers
        kept = [e for e, x in enumerate(numbers) if x > 0]
        return float(value), [rows[e] for e in kept], [float(numbers[e]) for e in kept], v

    def sides(self, members: frozenset[int]) -> list[int]:
        every, some = reduce(and_, members), reduce(or_, members)
        return [(every >> i & 1) - (not some >> i & 1) for i in range(len(self.z))]

    def rows(self, node: tuple[Side, ...], sides: NDArray[np.int64]) -> list[Row]:
        """All cone rows, and two estimates of each point that has them."""
        found: list[Row] = [(i, 0, 1 << k) for k, i in zip(*np.nonzero(sides), strict=True)]
        for i in range(len(self.z)):
            loose = [k for k in range(self.width) if not sides[k, i]]
            taus = {node[k][1] for k in loose}
            if len(taus) == 1:
                found += [(i, *taus, mask) for mask in (0, sum(1 << k for k in loose))]
        return [(int(i), tau, int(mask)) for i, tau, mask in found]

    def form(self, node: tuple[Side, ...], sides: NDArray[np.int64], row: Row) -> Floats:
        """The coefficients of a row in all weights."""
        i, tau, mask = row
        d, w = self.z.shape[1], self.width
        result = np.zeros(w * d + self.data.free)
        for k in range(w):
            if mask >> k & 1 or (tau and sides[k, i] > 0):
                result[k * d : (k + 1) * d] = (-tau or node[k][1] * sides[k, i]) * self.z[i]
        result[w * d :] = -tau * self.z[i, : self.data.free]
        return result

    def loss(self, node: tuple[Side, ...], v: Floats) -> float:
        """The loss of the network with these weights and the signs of the node."""
        d, w = self.z.shape[1], self.width
        signs = np.array([sign for _, sign in node])
        heights = self.z @ v[: w * d].reshape(w, d).T
        value = np.where(heights * signs > 0, heights, 0).sum(axis=1) + self.z[:, : self.data.free] @ v[w * d :]
        return float((self.m * (value - self.y) ** 2).sum())
