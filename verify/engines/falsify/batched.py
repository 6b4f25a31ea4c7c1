r"""Batched search for counterexamples: many points at once, then downhill towards violation.

Points are drawn around the numbers of the statement and at several scales; those nearest to violation are perturbed
with shrinking steps.  Whatever is not certainly true in floating point, the nearest first, is replayed exactly.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from verify.engines.batched import LARGEST, Approximate, TorchAlgebra, Tri, tables
from verify.engines.falsify.grid import Sampler
from verify.engines.falsify.points import Decider, Number, Point
from verify.engines.falsify.smt import small_naturals
from verify.kernel import digest
from verify.theory.interpret import Interpreter, TooLarge

Tensor = Any
SCALES = (1.0, 0.25, 4.0, 32.0)


@dataclass
class Batch:
    """The reals of a theorem as columns of one tensor of shape (columns, points) float64, at fixed naturals."""

    decider: Decider
    naturals: dict[str, int]
    algebra: TorchAlgebra
    length: int = 6  # entries of a table of an arbitrary function of one natural

    def __post_init__(self) -> None:
        self.reals = [v for v, sort in self.decider.fact.variables if sort == "real"]
        self.entries = [
            (name, (index,))
            for name, sorts in self.decider.sorts.items()
            for index in range(self.length)
            if sorts == ("nat", "real")
        ]

    @property
    def columns(self) -> int:
        return len(self.reals) + len(self.entries)

    def supported(self) -> bool:
        sorts = {sort for _, sort in self.decider.fact.variables}
        return (
            sorts <= {"nat", "real"}
            and all(s == ("nat", "real") for s in self.decider.sorts.values())
            and self.columns > 0
        )

    def evaluate(self, points: Tensor) -> tuple[Tri, Tri]:
        """Hypotheses and conclusion at each point."""
        values = [self.algebra.exact(column) for column in points]
        names: dict[str, Any] = {**self.naturals, **dict(zip(self.reals, values, strict=False))}
        columns: dict[str, dict[tuple[int, ...], Approximate]] = {name: {} for name in self.decider.sorts}
        for (name, key), value in zip(self.entries, values[len(self.reals) :], strict=True):
            columns[name][key] = value
        interpreter = Interpreter.of(self.decider.statement, self.algebra, tables(self.algebra, columns), 20_000)
        hypotheses, conclusion = interpreter.theorem(self.decider.statement, names)
        count = points.shape[1]
        return self.algebra.spread(hypotheses, count), self.algebra.spread(conclusion, count)

    def point(self, column: Tensor) -> Point:
        values = [Fraction(value) for value in column.tolist()]
        variables: dict[str, Number] = {v: Fraction(n) for v, n in self.naturals.items()}
        variables |= dict(zip(self.reals, values, strict=False))
        found: dict[str, dict[tuple[Number, ...], Number]] = {name: {} for name in self.decider.sorts}
        for (name, key), value in zip(self.entries, values[len(self.reals) :], strict=True):
            found[name][tuple(Fraction(k) for k in key)] = value
        return Point(variables, {name: (table, Fraction(0)) for name, table in found.items()})


def run(decider: Decider, *, points: int = 1024, rounds: int = 6, naturals: int = 8, replays: int = 12) -> Point | None:
    """A counterexample, or None."""
    import torch

    if decider.assumptions or decider.arithmetic != "exact":
        return None
    algebra, generator = TorchAlgebra(), torch.Generator()
    generator.manual_seed(int(digest(decider.statement)[:8], 16))  # 32 bits are all that torch keeps of a seed
    variables = [v for v, sort in decider.fact.variables if sort == "nat"]
    numbers = [float(n) for n in Sampler(decider).pool if abs(n) <= LARGEST]
    pool = torch.tensor(numbers, dtype=torch.float64)
    for choice in small_naturals(variables, 4, naturals):
        batch = Batch(decider, choice, algebra)
        if not batch.supported():
            return None
        try:
            found = search(batch, pool, generator, points, rounds, replays)
        except (TooLarge, RecursionError):
            continue
        if found is not None:
            return found
    return None


def search(batch: Batch, pool: Tensor, generator: Any, points: int, rounds: int, replays: int) -> Point | None:
    import torch

    shape = (batch.columns, points)
    near = pool[torch.randint(len(pool), shape, generator=generator)]
    noise = torch.randn(shape, dtype=torch.float64, generator=generator)
    scale = torch.tensor(SCALES, dtype=torch.float64)[torch.randint(len(SCALES), (1, points), generator=generator)]
    columns = torch.where(torch.rand(shape, generator=generator) < 0.5, near, noise * scale)
    for number in range(rounds):
        hypotheses, conclusion = batch.evaluate(columns)
        suspicious = ~hypotheses.no & ~conclusion.yes
        order = torch.argsort(badness(hypotheses, conclusion, torch.where), descending=False)
        for index in order[:replays].tolist():
            if suspicious[index]:
                point = batch.point(columns[:, index])
                if batch.decider.refuted_at(point):
                    return point
        best = columns[:, order[: max(1, points // 16)]]
        steps = torch.randn((batch.columns, points), dtype=torch.float64, generator=generator) * 2.0 ** (-2 * number)
        columns = best.repeat(1, points // best.shape[1] + 1)[:, :points] + steps
    return None


def badness(hypotheses: Tri, conclusion: Tri, where: Callable[..., Tensor]) -> Tensor:
    """Small where the hypotheses hold and the conclusion hardly does."""
    return conclusion.margin + where(hypotheses.no, 1e6 - hypotheses.margin, 0.0)
