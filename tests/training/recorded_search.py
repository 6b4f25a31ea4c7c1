r"""A small search in floating point that records its tree as the engine does: an oracle for the certificate pass.

It shares no code with the engine.  States are plain sets of cells; a node is bounded by least squares on its decided
points, and, where all signs are known, by the rows that an active-set loop finds.  ``careless`` records wrong multipliers
and wrong prunes on purpose.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
        self.z = np.array(data.rows, float)
        self.y, self.m = np.array(data.labels, float), np.array(data.above, float)
        self.root = frozenset(cell for cell in cells(data.rows) if cell)
        self.best = float((self.m * self.y**2).sum())

    def minimum(self) -> float:
        """The minimum of the raw loss: the incumbent is improved at the leaves until the search ends."""
        for fixed in (False, True):
            self.run(fixed=fixed)
        return float(self.data.constant + Fraction(self.best) / self.data.scale)

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
        """Value, rows, multipliers and weights; rows only where all signs are known and least squares do not suffice."""
        D, d, w = len(self.z), self.z.shape[1], self.width
        sides = np.array([[self.side(members, i) for i in range(D)] for members, _ in node])
        decided = (sides != 0).all(axis=0)
        form = np.concatenate(
            [*((sides[k] > 0)[:, None] * self.z for k in range(w)), self.z[:, : self.data.free]], axis=1
        )
        used, m = form[decided], self.m[decided]
        gram, b = used.T @ (m[:, None] * used), used.T @ (m * self.y[decided])
        yy = float((m * self.y[decided] ** 2).sum())
        present: list[Row] = []
        best: tuple[float, list[Row], list[float], Floats] = (0.0, [], [], np.zeros(w * d + self.data.free))
        for _ in range(60):
            C = np.array([self.form(node, sides, row, form) for row in present]).reshape(-1, form.shape[1])
            o = np.array([-tau * self.y[i] for i, tau, _ in present])
            shared = np.array(
                [
                    [bool(tau and other and i == j) / self.m[i] for j, other, _ in present]
                    for i, tau, _ in present
                ]
            ).reshape(len(present), len(present))
            system = np.block([[gram, -C.T], [C, shared]])
            x, *_ = np.linalg.lstsq(system, np.concatenate([b, o]), rcond=1e-12)
            v, numbers = x[: len(b)], x[len(b) :]
            if len(numbers) and numbers.min() < 0:
                present.pop(int(numbers.argmin()))
                continue
            L = shared @ numbers
            value = float(yy - (b + C.T @ numbers) @ v - numbers @ L + 2 * o @ numbers) if len(present) else yy - b @ v
            best = value, list(present), numbers.tolist(), v
            if value >= target or not all(sign for _, sign in node):
                return best
            row = self.violated(node, sides, v, dict(zip(present, numbers, strict=True)))
            if row is None or row in present:
                return best
            present.append(row)
        return best

    def loss(self, node: tuple[Side, ...], v: Floats) -> float:
        """The loss of the network with these weights and the signs of the node."""
        d, w = self.z.shape[1], self.width
        signs = np.array([sign for _, sign in node])
        heights = self.z @ v[: w * d].reshape(w, d).T
        value = np.where(heights * signs > 0, heights, 0).sum(axis=1) + self.z[:, : self.data.free] @ v[w * d :]
        return float((self.m * (value - self.y) ** 2).sum())

    @staticmethod
    def side(members: frozenset[int], i: int) -> int:
        count = sum(c >> i & 1 for c in members)
        return 1 if count == len(members) else -1 if not count else 0

    def form(self, node: tuple[Side, ...], sides: NDArray[np.int64], row: Row, form: Floats) -> Floats:
        i, tau, mask = row
        d, w = self.z.shape[1], self.width
        result = np.zeros(form.shape[1])
        if not tau:
            k = mask.bit_length() - 1
            result[k * d : (k + 1) * d] = node[k][1] * sides[k, i] * self.z[i]
            return result
        for k in range(w):
            if sides[k, i] > 0 or mask >> k & 1:
                result[k * d : (k + 1) * d] = -tau * self.z[i]
        result[w * d :] = -tau * self.z[i, : self.data.free]
        return result

    def violated(
        self, node: tuple[Side, ...], sides: NDArray[np.int64], v: Floats, numbers: dict[Row, float]
    ) -> Row | None:
        d, w = self.z.shape[1], self.width
        heights = self.z @ v[: w * d].reshape(w, d).T
        worst, found = 1e-9 * (1 + np.abs(heights).max()), None
        for i in range(len(self.z)):
            for k, (_, sign) in enumerate(node):
                if -sign * sides[k, i] * heights[i, k] > worst:
                    worst, found = -sign * sides[k, i] * heights[i, k], (i, 0, 1 << k)
            loose = [k for k in range(w) if not sides[k, i]]
            taus = {node[k][1] for k in loose}
            if len(taus) == 1:
                (tau,) = taus
                mask = sum(1 << k for k in loose if tau * heights[i, k] > 0)
                value = sum(heights[i, k] for k in range(w) if sides[k, i] > 0 or mask >> k & 1)
                value += self.z[i, : self.data.free] @ v[w * d :]
                residual = sum(x for (j, t, _), x in numbers.items() if t and j == i) / self.m[i]
                if tau * (value - self.y[i]) - residual > worst:
                    worst, found = tau * (value - self.y[i]) - residual, (i, tau, mask)
        return found
