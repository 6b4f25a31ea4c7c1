r"""Batched search for counterexamples: many points at once, then downhill towards violation.

Points are drawn around the numbers of the statement and at several scales; those nearest to violation are perturbed
with shrinking steps.  Whatever is not certainly true in floating point, the nearest first, is replayed exactly.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from typing import Any

from verify.engines.batched import LARGEST, TorchAlgebra, Tri
from verify.engines.falsify.dimensions import Sizes, filled, lengths, zero
from verify.engines.falsify.grid import Sampler
from verify.engines.falsify.points import Decider, Number, Point, sizes_of
from verify.engines.falsify.smt import small_naturals
from verify.kernel import digest
from verify.theory.interpret import Interpreter, TooLarge

Tensor = Any
SCALES = (1.0, 0.25, 4.0, 32.0)
VECTORS = (2,)  # dimensions of vectors
MATRICES = 2  # choices of sizes of matrices: all 1, all 2


@dataclass
class Batch:
    """The reals of a theorem as columns of one tensor of shape (columns, points) float64, at fixed naturals and sizes.

    Vectors and matrices take one column for each entry, and so do the values of arbitrary functions of naturals.
    """

    decider: Decider
    naturals: dict[str, int]
    algebra: TorchAlgebra
    sizes: Sizes = field(default_factory=dict)
    length: int = 6  # entries of a table of an arbitrary function of one natural

    def __post_init__(self) -> None:
        sorts = dict(self.decider.fact.variables)
        self.reals = {v: sort for v, sort in sorts.items() if sort != "nat"}
        self.entries = {
            (name, key): sorts[-1]
            for name, sorts in self.decider.sorts.items()
            for key in product(range(self.length), repeat=len(sorts) - 1)
        }

    @property
    def columns(self) -> int:
        return sum(math.prod(lengths(sort, self.sizes)) for sort in (*self.reals.values(), *self.entries.values()))

    def supported(self) -> bool:
        tables = self.decider.sorts.values()
        return (
            not any(sort in ("nat", "prop") for sort in (*self.reals.values(), *(sorts[-1] for sorts in tables)))
            and all(sorts[:-1] in ((), ("nat",)) for sorts in tables)
            and self.columns > 0
        )

    def divided(self, columns: Iterable[Any]) -> tuple[dict[str, Any], dict[str, dict[tuple[int, ...], Any]]]:
        """The columns as values of the variables and of the entries of tables."""
        entries = iter(columns)
        variables = {v: filled(sort, self.sizes, lambda: next(entries)) for v, sort in self.reals.items()}
        found: dict[str, dict[tuple[int, ...], Any]] = {name: {} for name in self.decider.sorts}
        for (name, key), sort in self.entries.items():
            found[name][key] = filled(sort, self.sizes, lambda: next(entries))
        return variables, found

    def evaluate(self, points: Tensor) -> tuple[Tri, Tri]:
        """Hypotheses and conclusion at each point."""
        variables, found = self.divided(self.algebra.exact(column) for column in points)
        functions = {name: self.table(values, self.decider.sorts[name][-1]) for name, values in found.items()}
        interpreter = Interpreter.of(self.decider.statement, self.algebra, functions, 20_000)
        hypotheses, conclusion = interpreter.theorem(self.decider.statement, {**self.naturals, **variables})
        count = points.shape[1]
        return self.algebra.spread(hypotheses, count), self.algebra.spread(conclusion, count)

    def table(self, values: Mapping[tuple[int, ...], Any], sort: str) -> Callable[..., Any]:
        """A function given by finitely many values, 0 elsewhere."""
        return lambda *arguments: values.get(arguments, filled(sort, self.sizes, int))

    def point(self, column: Tensor) -> Point:
        variables, found = self.divided(Fraction(value) for value in column.tolist())
        numbers = {v: Fraction(n) for v, n in self.naturals.items()}
        tables: dict[str, tuple[dict[tuple[Number, ...], Number], Number]] = {
            name: ({tuple(map(Fraction, key)): value for key, value in values.items()}, self.zero(name))
            for name, values in found.items()
        }
        return Point({**numbers, **variables}, tables)

    def zero(self, name: str) -> Number:
        return zero(self.decider.sorts[name][-1], self.sizes)  # type: ignore[no-any-return]


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
    spaces = sizes_of(decider, VECTORS, MATRICES)
    for choice, sizes in product(small_naturals(variables, 4, naturals), spaces):
        batch = Batch(decider, choice, algebra, sizes)
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
