r"""Stress: a theorem at many random points, and trials that an author writes.

``Sampling`` evaluates a theorem in batched floating point with rigorous error bounds (``verify.engines.batched``);
points at which it is not certainly true are replayed exactly, so no tolerance is involved.  ``Trials`` runs a torch
function of the author.  Both draw from counter-based streams: the plan (how many, from which law, at which level) is
fixed in the claim and hashed into the key of the stream before the first draw.

No violation in n draws says that violations have a probability of at most 1 - level^(1/n) under the law of the draws,
with confidence 1 - level.  It never says that there are none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from verify.engines.batched import TorchAlgebra, tables
from verify.engines.falsify.points import Decider, Number, Point
from verify.goals import Interval, Sampling, Trials, choices
from verify.statistics.streams import Stream
from verify.theory.interpret import Interpreter

Json = Any
Tensor = Any

BATCH = 1 << 16
REPLAYS = 200  # points too close to call that are replayed exactly


@dataclass
class Draws:
    """Random numbers for one trial of an author's function; asking again gives new ones."""

    stream: Stream
    trial: int
    device: str
    columns: int = 0

    def uniform(self, *shape: int, low: float = 0.0, high: float = 1.0, bits: int = 20) -> Tensor:
        """Uniform on a dyadic grid of 2^bits steps, float64 of this shape."""
        import torch

        count = 1
        for size in shape:
            count *= size
        self.columns += 1
        values = self.stream.dyadic((self.trial << 16) + self.columns, 0, count, low, high, bits)
        return torch.as_tensor(values, device=self.device).reshape(shape)


@dataclass
class Count:
    """What happened at the points so far."""

    drawn: int = 0
    effective: int = 0
    certain: int = 0
    replayed: int = 0
    unreplayed: int = 0
    violation: Point | None = None
    largest_error: float = 0.0


def sample(goal: Sampling, statement: Json, stream: Stream, device: str = "cpu") -> Count:
    """Evaluate the theorem at the points of the plan."""
    algebra, decider, count = TorchAlgebra(device), Decider(statement), Count()
    for number, naturals in enumerate(choices(goal.naturals)):
        for start in range(0, goal.samples, BATCH):
            size = min(BATCH, goal.samples - start)
            columns = draw(goal, stream, number, start, size)
            check_batch(decider, algebra, naturals, columns, count, size)
            if count.violation is not None:
                return count
    return count


def draw(goal: Sampling, stream: Stream, number: int, start: int, size: int) -> dict[tuple[str, int | None], Any]:
    """One column for each real variable and for each entry of a table, as float64 arrays."""
    ranges: dict[tuple[str, int | None], Interval] = {(name, None): ends for name, ends in goal.reals.items()}
    ranges |= {(name, i): ends for name, (length, ends) in goal.tables.items() for i in range(length)}
    return {
        key: stream.dyadic((number << 16) + column, start, size, float(low), float(high), goal.bits)
        for column, (key, (low, high)) in enumerate(ranges.items())
    }


def check_batch(
    decider: Decider, algebra: TorchAlgebra, naturals: dict[str, int], columns: dict[Any, Any], count: Count, size: int
) -> None:
    """Count what is certain, replay what is not."""
    values = {key: algebra.exact(column) for key, column in columns.items()}
    names = {**naturals, **{name: value for (name, index), value in values.items() if index is None}}
    parameters: dict[str, dict[tuple[int, ...], Any]] = {name: {} for name in decider.sorts}
    for (name, index), value in values.items():
        if index is not None:
            parameters[name][(index,)] = value
    interpreter = Interpreter.of(decider.statement, algebra, tables(algebra, parameters), 1_000_000)
    hypotheses, conclusion = (algebra.spread(t, size) for t in interpreter.theorem(decider.statement, names))
    count.drawn += size
    count.effective += int((~hypotheses.no).sum())
    doubtful = (~hypotheses.no & ~(hypotheses.yes & conclusion.yes)).nonzero().flatten()
    count.certain += int((hypotheses.yes & conclusion.yes).sum())
    surely_false = (hypotheses.yes & conclusion.no).nonzero().flatten()
    for index in [*surely_false.tolist(), *doubtful.tolist()]:
        if count.replayed >= REPLAYS and index not in surely_false:
            break
        point = point_of(decider, naturals, columns, index)
        count.replayed += 1
        if decider.refuted_at(point):
            count.violation = point
            return
    count.unreplayed += max(0, len(doubtful) - REPLAYS)


def point_of(decider: Decider, naturals: Mapping[str, int], columns: Mapping[Any, Any], index: int) -> Point:
    variables: dict[str, Number] = {name: Fraction(value) for name, value in naturals.items()}
    found: dict[str, dict[tuple[Number, ...], Number]] = {name: {} for name in decider.sorts}
    for (name, entry), column in columns.items():
        value = Fraction(float(column[index]))
        if entry is None:
            variables[name] = value
        else:
            found[name][(Fraction(entry),)] = value
    return Point(variables, {name: (table, Fraction(0)) for name, table in found.items()})


def run_trials(goal: Trials, stream: Stream, device: str = "cpu") -> tuple[int, list[int]]:
    """How many trials there were, and the numbers of those that failed."""
    failed: list[int] = []
    drawn = 0
    for trial in range(goal.count):
        result = goal.function(Draws(stream, trial, device)).flatten()
        if result.numel() == 0 or result.dtype.is_floating_point:
            raise TypeError(f"trial {trial} must return a nonempty tensor of truth values, not {result.dtype}")
        drawn += result.numel()
        if not bool(result.all()):
            failed.append(trial)
    return drawn, failed
