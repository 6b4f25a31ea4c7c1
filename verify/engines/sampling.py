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
from verify.errors import ClaimError
from verify.goals import Interval, Sampling, Trials, choices
from verify.kernel.evaluation import MAX_OPERATIONS
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
    """What happened at the points so far.  Only a point that was decided is ``effective``."""

    drawn: int = 0
    effective: int = 0  # its hypotheses hold, and whether its conclusion does is known
    certain: int = 0  # the theorem is true there, beyond rounding errors or by exact replay
    replayed: int = 0
    unreplayed: int = 0  # nobody knows: too close to call and not replayed, or without a value in the replay
    violation: Point | None = None
    doubted: bool = False  # the conclusion fails somewhere, where perhaps an assumption does too


def sample(goal: Sampling, statement: Json, stream: Stream, device: str = "cpu", batch: int = BATCH) -> Count:
    """Evaluate the theorem at the points of the plan; the size of the batches changes nothing."""
    complete(goal, statement)
    algebra, decider, count = TorchAlgebra(device), Decider(statement, MAX_OPERATIONS), Count()
    for number, naturals in enumerate(choices(goal.naturals)):
        spare = REPLAYS
        for start in range(0, goal.samples, batch):
            size = min(batch, goal.samples - start)
            columns = draw(goal, stream, number, start, size)
            certain, false, doubtful = compare(decider, algebra, naturals, columns, size)
            count.drawn += size
            count.certain += certain
            count.effective += certain
            for index in [*false[:REPLAYS], *doubtful[:spare]]:
                replay(decider, point_of(decider, naturals, columns, index), count)
                if count.violation is not None:
                    return count
            count.unreplayed += len(false[REPLAYS:]) + len(doubtful[spare:])
            spare = max(0, spare - len(doubtful))
    if count.doubted:
        count.effective = count.certain = 0
    return count


def complete(goal: Sampling, statement: Json) -> None:
    """Every variable and every arbitrary function needs a place in the plan."""
    theorem = statement["theorem"]
    wanted = [name for name, *_ in (*theorem["variables"], *statement["parameters"])]
    told = {*goal.naturals, *goal.reals, *goal.tables}
    missing, idle = [name for name in wanted if name not in told], sorted(told.difference(wanted))
    if missing:
        raise ClaimError(
            f"the sampling of {theorem['name']} says nothing about {', '.join(missing)}; give naturals, reals or tables for it",
            goal.theorem.place,
        )
    if idle:
        raise ClaimError(
            f"the sampling of {theorem['name']} says something about {', '.join(idle)}, which the theorem does not have; "
            "take it out",
            goal.theorem.place,
        )


def draw(goal: Sampling, stream: Stream, number: int, start: int, size: int) -> dict[tuple[str, int | None], Any]:
    """One column for each real variable and for each entry of a table, as float64 arrays."""
    ranges: dict[tuple[str, int | None], Interval] = {(name, None): ends for name, ends in goal.reals.items()}
    ranges |= {(name, i): ends for name, (length, ends) in goal.tables.items() for i in range(length)}
    return {
        key: stream.dyadic((number << 16) + column, start, size, float(low), float(high), goal.bits)
        for column, (key, (low, high)) in enumerate(ranges.items())
    }


def compare(
    decider: Decider, algebra: TorchAlgebra, naturals: dict[str, int], columns: dict[Any, Any], size: int
) -> tuple[int, list[int], list[int]]:
    """At how many points the theorem is certainly true, where it seems to be false, and where nothing is certain."""
    if decider.arithmetic != "exact":  # error bounds say how far off the real numbers are, not what doubles give
        return 0, [], list(range(size))
    values = {key: algebra.exact(column) for key, column in columns.items()}
    names = {**naturals, **{name: value for (name, index), value in values.items() if index is None}}
    parameters: dict[str, dict[tuple[int, ...], Any]] = {name: {} for name in decider.sorts}
    for (name, index), value in values.items():
        if index is not None:
            parameters[name][(index,)] = value
    interpreter = Interpreter.of(decider.statement, algebra, tables(algebra, parameters), 1_000_000)
    hypotheses, conclusion = (algebra.spread(t, size) for t in interpreter.theorem(decider.statement, names))
    certain = hypotheses.yes & conclusion.yes
    false = hypotheses.yes & conclusion.no
    doubtful = ~hypotheses.no & ~certain & ~false
    return int(certain.sum()), false.nonzero().flatten().tolist(), doubtful.nonzero().flatten().tolist()


def replay(decider: Decider, point: Point, count: Count) -> None:
    """Decide the theorem at one point exactly.

    A point where a hypothesis fails says nothing, and one that has no value stays undecided.  Whether assumptions hold
    at a point cannot be evaluated: a conclusion that fails under them is no violation, and makes nothing true.
    """
    decider.allow(MAX_OPERATIONS)
    decided = decider(point)
    count.replayed += 1
    if decided is None:
        count.unreplayed += 1
    elif decided[0]:
        count.effective += 1
        count.certain += int(decided[1] is True)
        if decided[1] is False and decider.assumptions:
            count.doubted = True
        elif decided[1] is False:
            count.violation = point


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
    """How many truth values the trials returned, and the numbers of the trials that failed."""
    import torch

    failed: list[int] = []
    drawn = 0
    for trial in range(goal.count):
        result = goal.function(Draws(stream, trial, device))
        if not isinstance(result, torch.Tensor) or result.dtype != torch.bool or result.numel() == 0:
            given = f"one of {result.dtype}" if isinstance(result, torch.Tensor) else type(result).__name__
            raise TypeError(f"trial {trial} must return a nonempty tensor of truth values (torch.bool), not {given}")
        if goal.runs > 1 and result.numel() != goal.runs:
            raise TypeError(
                f"trial {trial} must return a truth value for each of its {goal.runs} runs, not {result.numel()}"
            )
        drawn += result.numel()
        if not bool(result.all()):
            failed.append(trial)
    return drawn, failed
