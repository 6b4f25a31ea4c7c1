r"""Running an experiment: batches of runs whose size depends on the memory, and numbers that do not depend on it.

The author's function is called on batches.  What it returns is checked before any test sees it: shape, finite numbers,
values that the test accepts.  A few runs come first, alone; they show how many numbers a run draws, from which the size of
the batches follows (or from ``floats_per_run``, where the author knows better), and they come again in the first batch.
A run that gives another result in other company is no run of an independent experiment, and that is reported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from verify.errors import VerifyError
from verify.goals import StatisticalTest, bind
from verify.statistics import Experiment, Test
from verify.statistics.experiment import key_of

Json = Any
Samples = Any

PILOT = 8  # runs that come first
COMPARED = 192  # runs that are computed in batches of two sizes, where somebody asks whether that matters
BEGINNING = 64  # runs of the first batch of a sequential test, which may end there; the next batches double them
FLOATS = {"cpu": 1 << 24, "cuda": 1 << 28}  # numbers alive at once
TEMPORARIES = 8  # arrays as large as the largest draw that a function is taken to need
AGREEMENT = 1e-6  # relative; sums may be taken in another order in a larger batch


def rows_that_differ(one: Samples, other: Samples) -> list[int]:
    """The runs whose results are not the same up to rounding.  A few may be in any batch, where rounding is amplified."""
    import numpy as np

    differs: Any = ~np.isclose(one, other, rtol=AGREEMENT, atol=AGREEMENT * max(1e-300, float(np.abs(one).max())))
    return [int(row) for row in np.nonzero(differs.any(axis=1))[0]]


def conduct(
    goal: StatisticalTest, function: Callable[..., Any], numbers: Mapping[str, Fraction], *, key: Json, device: str
) -> Json:
    """The summary of all runs (or of those that a sequential test needed); ``key`` says what their stream is for."""
    return Runner(goal, bind(function, numbers), goal.settled(numbers), key_of(*key), device).summary()


def first_samples(
    goal: StatisticalTest, function: Callable[..., Any], numbers: Mapping[str, Fraction], *, key: Json, device: str
) -> tuple[Samples, Samples]:
    """The samples of the first runs twice: in one batch, as large as one may be, and in batches of a quarter of that."""
    import numpy as np

    runner = Runner(goal, bind(function, numbers), goal.settled(numbers), key_of(*key), device)
    runner.batch(0, min(PILOT, goal.runs))
    together = runner.batch(0, min(COMPARED, goal.runs, runner.size()))
    count = len(together)
    size = max(1, count // 4)
    parts = [runner.batch(first, min(size, count - first)) for first in range(0, count, size)]
    return together, np.concatenate(parts)


class Runner:
    """Calls the author's function on batches of runs."""

    def __init__(
        self, goal: StatisticalTest, function: Callable[..., Any], test: Test, key: tuple[int, int], device: str
    ) -> None:
        self.goal, self.function, self.test, self.key, self.device = goal, function, test, key, device
        self.widest = 0
        self.sequential = bool(getattr(test, "sequential", False))

    def summary(self) -> Json:
        import numpy as np

        found = np.empty((self.goal.runs, self.test.columns))
        done = 0
        for batch in self.batches():
            found[done : done + len(batch)] = batch
            done += len(batch)
            if done == self.goal.runs or self.sequential:
                summary = self.summarised(found[:done])
                if summary.get("settled", False):
                    break
        return summary

    def summarised(self, samples: Samples) -> Json:
        try:
            return self.test.summary(samples, self.goal.level)
        except VerifyError as problem:
            raise VerifyError(f"the test of {self.goal.name}: {problem.message}", self.goal.place) from None

    def batches(self) -> Iterator[Samples]:
        """The samples of all runs in order, each batch of shape (runs, columns)."""
        pilot = self.batch(0, min(PILOT, self.goal.runs))
        size, first = self.size(), 0
        while first < self.goal.runs:
            wanted = min(size, max(BEGINNING, first)) if self.sequential else size
            batch = self.batch(first, min(wanted, self.goal.runs - first))
            if first == 0:
                self.compare(pilot, batch)
            first += len(batch)
            yield batch

    def size(self) -> int:
        """How many runs fit into the memory set aside."""
        each = self.goal.floats_per_run or TEMPORARIES * max(self.widest, self.test.columns, 1)
        return max(PILOT, (FLOATS["cpu"] if self.device == "cpu" else FLOATS["cuda"]) // each)

    def batch(self, first: int, runs: int) -> Samples:
        """The checked samples of some runs; raises ``VerifyError`` naming the function, the run and what is wrong."""
        import torch

        experiment = Experiment(self.key, first, runs, self.device)
        result = self.function(experiment)
        self.widest = max(self.widest, experiment.widest)
        wanted = (runs, self.test.columns)
        if not isinstance(result, torch.Tensor):
            self.wrong(f"returned {type(result).__name__} and not a tensor of shape {wanted}")
        shape = tuple(result.shape)
        if shape != wanted and not (wanted[1] == 1 and shape == wanted[:1]):
            self.wrong(
                f"returned shape {shape} for {runs} runs, where the test needs {wanted}; row r belongs to run first + r"
            )
        if result.is_complex():
            self.wrong(f"returned {result.dtype}; the test needs real numbers")
        samples = result.detach().to("cpu", torch.float64).reshape(wanted).numpy()
        self.check(samples, first)
        return samples

    def check(self, samples: Samples, first: int) -> None:
        import numpy as np

        known = np.isfinite(samples)
        allowed = known & self.test.allowed(np.where(known, samples, 0.0))
        if not allowed.all():
            row, column = (int(place[0]) for place in np.nonzero(~allowed))
            where = f"run {first + row}" + (f", column {column}" if self.test.columns > 1 else "")
            self.wrong(f"returned {samples[row, column]:g} in {where}, where the test needs {self.test.requires}")

    def compare(self, pilot: Samples, batch: Samples) -> None:
        """Runs must not depend on the runs that are computed with them."""
        same = batch[: len(pilot)]
        differing = rows_that_differ(pilot, same)
        if 2 * len(differing) > len(pilot):
            row = differing[0]
            self.wrong(
                f"gives run {row} the value {same[row].tolist()} in a batch of {len(batch)} runs and {pilot[row].tolist()} "
                f"in one of {len(pilot)}; a row may only depend on the draws of its own run"
            )

    def wrong(self, sentence: str) -> None:
        raise VerifyError(f"{self.goal.name} {sentence}", self.goal.place)
