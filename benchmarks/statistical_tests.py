r"""The error rates and the power of the statistical tests, measured; the speed of the generator.

    python benchmarks/statistical_tests.py > benchmarks/statistical_tests.md                    # about 10 minutes
    python benchmarks/statistical_tests.py --library [NAME ...] > benchmarks/statistical_power.md

The second measures, for each experiment of the library, how often it supports its claim and refutes each mutant, over fresh
seeds.  It runs every experiment --repetitions times at its full size, fewer where that takes longer than --seconds.  With
--divide the runs of mutants are divided by a number: with more runs an interval is shorter, so what is refuted with fewer
runs is refuted with all of them at least as often.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import numpy as np

from verify.statistics import Distribution, Mean, MeanNear, Probability, Rate, Sequential, Trend
from verify.statistics.finding import REFUTED, SUPPORTED
from verify.statistics.intervals import clopper_pearson

LEVEL = 1e-2
NULLS = 10_000
AT = (100, 200, 400, 800, 1600)
Samples = Any
Draw = Callable[[np.random.Generator], Samples]


def correlated(size: int, exponent: float = -0.5) -> Draw:
    """Errors |g| n^exponent of 32 groups of so many runs, where the normal g are correlated along n."""

    def draw(generator: np.random.Generator) -> Samples:
        common = 0.8 * generator.standard_normal((32 * size, 1))
        return np.abs(common + 0.6 * generator.standard_normal((32 * size, len(AT)))) * np.array(AT) ** exponent

    return draw


def heavy(size: int) -> Draw:
    """Squares of exponential numbers: skewness 6.6."""
    return lambda generator: generator.exponential(size=(32 * size, len(AT))) ** 2 * np.array(AT) ** -0.5


def uniform_cdf(x: Samples) -> Samples:
    return np.clip(x, 0, 1)


RATE = Rate(at=AT, exponent="-1/2", margin=0)
NULL: list[tuple[str, str, Any, Draw]] = [
    ("Rate", "approximate; 32 groups of 1 run, half-normal errors", RATE, correlated(1)),
    ("Rate", "approximate; 32 groups of 8 runs, half-normal errors", RATE, correlated(8)),
    ("Rate", "approximate; 32 groups of 64 runs, half-normal errors", RATE, correlated(64)),
    ("Rate", "approximate; 32 groups of 1 run, errors of skewness 6.6", RATE, heavy(1)),
    ("Rate", "approximate; 32 groups of 64 runs, errors of skewness 6.6", RATE, heavy(64)),
    ("Probability", "exact; 200 runs, p = 3/10", Probability("3/10", "3/10"), lambda g: g.random(200) < 0.3),
    (
        "Probability",
        "exact; 10 000 runs, p = 1/1000",
        Probability("1/1000", "1/1000"),
        lambda g: g.random(10_000) < 1e-3,
    ),
    ("Mean", "every law; 200 runs of a beta law", Mean(0, 1, "1/11", "1/11"), lambda g: g.beta(0.5, 5, 200)),
    ("Mean", "every law; 200 coins", Mean(0, 1, "1/2", "1/2"), lambda g: (g.random(200) < 0.5).astype(float)),
    ("MeanNear", "exact; 8 normal runs", MeanNear(0, 0), lambda g: g.standard_normal(8)),
    ("MeanNear", "approximate; 32 exponential runs", MeanNear(1, 0), lambda g: g.exponential(size=32)),
    ("MeanNear", "approximate; 1024 exponential runs", MeanNear(1, 0), lambda g: g.exponential(size=1024)),
    ("MeanNear", "approximate; 16 384 exponential runs", MeanNear(1, 0), lambda g: g.exponential(size=16384)),
    ("Trend", "exact; 64 runs, a plateau of 4 levels", Trend(at=(1, 2, 3, 4)), lambda g: g.standard_normal((64, 4))),
    (
        "Trend",
        "approximate; 64 exponential runs, the same",
        Trend(at=(1, 2, 3, 4)),
        lambda g: g.exponential(size=(64, 4)),
    ),
    ("Distribution", "every law; 100 uniform runs", Distribution(uniform_cdf, "1/1000000"), lambda g: g.random(100)),
    ("Distribution", "every law; 2000 uniform runs", Distribution(uniform_cdf, "1/1000000"), lambda g: g.random(2000)),
    (
        "Sequential",
        "every law; up to 1000 coins",
        Sequential(0, 1, "3/10", "3/10"),
        lambda g: (g.random(1000) < 0.3) * 1.0,
    ),
]
FALSE: list[tuple[str, str, Any, Draw]] = [
    ("Rate", "n^-0.45, claimed -1/2 within 1/50; 32 groups of 512", Rate(AT, "-1/2", "1/50"), correlated(512, -0.45)),
    ("Rate", "n^-0.4, claimed -1/2 within 1/50; 32 groups of 64", Rate(AT, "-1/2", "1/50"), correlated(64, -0.4)),
    ("Rate", "n^-0.6, claimed -1/2 within 1/20; 32 groups of 128", Rate(AT, "-1/2", "1/20"), correlated(128, -0.6)),
    ("Probability", "p = 0.33, claimed at most 3/10; 10 000 runs", Probability(at_most="3/10"), lambda g: g.random(10_000) < 0.33),
    ("Mean", "mean 0.55, claimed at most 1/2; 10 000 uniform runs", Mean(0, 1, at_most="1/2"), lambda g: g.random(10_000) ** (9 / 11)),
    ("MeanNear", "mean 1, claimed 9/10 within 1/20; 16 384 exponential runs", MeanNear("9/10", "1/20"), lambda g: g.exponential(size=16384)),
    ("Trend", "a dip of 0.2 standard deviations; 2000 runs", Trend(at=(1, 2, 3)), lambda g: np.array([0, 0.5, 0.3]) + g.standard_normal((2000, 3))),
    ("Distribution", "variance 3/2, claimed 1 within 1/50; 50 000 normal runs", None, lambda g: 1.5**0.5 * g.standard_normal(50_000)),
    ("Sequential", "p = 0.36, claimed at most 3/10; up to 5000 coins", Sequential(0, 1, at_most="3/10"), lambda g: (g.random(5000) < 0.36) * 1.0),
]  # fmt: skip


def normal_cdf(x: Samples) -> Samples:
    from scipy.special import ndtr

    return np.asarray(ndtr(x))


def decided(test: Any, draw: Draw, count: int, seed: int, level: float = LEVEL) -> dict[str, int]:
    """How often each decision was taken in so many independent experiments."""
    generator = np.random.default_rng([seed, count])
    found: dict[str, int] = {}
    for _ in range(count):
        samples = np.asarray(draw(generator), dtype=float)
        samples = samples.reshape(len(samples), -1)
        decision = test.decide(test.summary(samples, level), level).decision
        found[decision] = found.get(decision, 0) + 1
    return found


def false_alarms() -> Iterator[str]:
    yield f"\n## False alarms\n\nRefutations of claims that are true at the very end of their region, at the nominal level {LEVEL:g},"
    yield f"in {NULLS} experiments each, with the 95 % interval of Clopper and Pearson.\n"
    yield "| test | validity and case | false alarms | interval | |\n|---|---|---:|---|---|"
    for number, (name, case, test, draw) in enumerate(NULL):
        refuted = decided(test, draw, NULLS, number).get(REFUTED, 0)
        interval = clopper_pearson(refuted, NULLS, 0.05)
        verdict = "as stated" if interval.low <= LEVEL else f"**{refuted / NULLS / LEVEL:.1f} times the level**"
        yield f"| {name} | {case} | {refuted / NULLS:.4f} | [{interval.low:.4f}, {interval.high:.4f}] | {verdict} |"
    yield "\nOne-sided cases (`Trend`) may refute at half the level at most. Where a test is above its level, its interval is an"
    yield "approximation that needs more runs: for skewed samples, at least 64 in a group of `Rate`, a thousand for `MeanNear`."
    yield from small_level()


def small_level() -> Iterator[str]:
    """The approximate tests at the level that claims use."""
    cases = [NULL[i] for i in (2, 4, 11, 12)]
    level, count = 1e-3, 40_000
    yield f"\nAt the level {level:g}, which claims use, in {count} experiments each:\n"
    yield "| test | case | false alarms | interval |\n|---|---|---:|---|"
    for number, (name, case, test, draw) in enumerate(cases):
        refuted = decided(test, draw, count, 500 + number, level).get(REFUTED, 0)
        interval = clopper_pearson(refuted, count, 0.05)
        yield f"| {name} | {case} | {refuted / count:.5f} | [{interval.low:.5f}, {interval.high:.5f}] |"


def powers() -> Iterator[str]:
    count = 1000
    yield f"\n## Power\n\nRefutations of false claims at the level {LEVEL:g} in {count} experiments each.\n"
    yield "| test | case | refuted | supported |\n|---|---|---:|---:|"
    for number, (name, case, test, draw) in enumerate(FALSE):
        found = decided(test or Distribution(normal_cdf, "1/50"), draw, count, 1000 + number)
        yield f"| {name} | {case} | {found.get(REFUTED, 0) / count:.3f} | {found.get(SUPPORTED, 0) / count:.3f} |"


def least(work: Callable[[], object], repetitions: int = 40) -> float:
    def once() -> float:
        started = time.perf_counter()
        work()
        return time.perf_counter() - started

    return min(once() for _ in range(repetitions))


def speeds() -> Iterator[str]:
    """Against the generators of NumPy and torch, and against Philox4x32 in integer operations of torch."""
    import torch

    from verify.statistics.experiment import Experiment
    from verify.statistics.philox import by_numpy, by_torch

    torch.set_num_threads(1)
    count, generator = 1 << 16, np.random.Generator(np.random.Philox(1))
    draws = Experiment((1, 2), 0, count)
    cases: dict[str, Callable[[], object]] = {
        "normal deviates, here": draws.normal,
        "normal deviates, torch.randn (float64)": lambda: torch.randn(count, dtype=torch.float64),
        "normal deviates, NumPy's Philox": lambda: generator.standard_normal(count),
        "uniform numbers, here": draws.uniform,
        "words of 64 bits, here (Philox4x64 by NumPy)": lambda: by_numpy((1, 2), 0, 0, count // 4),
        "words of 64 bits, Philox4x64 in torch (for other devices)": lambda: by_torch((1, 2), 0, 0, count // 4),
        "words of 64 bits, Philox4x32 in torch": lambda: philox4x32(count // 2),
    }
    yield f"\n## Speed\n\nOne CPU thread, {count} numbers at a time, the least of 40 runs.\n"
    yield "| what | million a second | ns each |\n|---|---:|---:|"
    for name, work in cases.items():
        seconds = least(work)
        yield f"| {name} | {count / seconds / 1e6:.0f} | {seconds / count * 1e9:.1f} |"
    yield "\nThe normal deviates of an experiment are the same bits on every device and in every batch; those of the others are not."


def philox4x32(blocks: int) -> Any:
    """Ten rounds on 32-bit words in int64, two words of 64 bits for each block; for its speed only."""
    import torch

    a, mask = torch.arange(blocks), 0xFFFFFFFF
    b = c = d = torch.zeros_like(a)
    for _ in range(10):
        p, q = a * 0xD2511F53, c * 0xCD9E8D57
        a, b = ((q >> 32) ^ b ^ 1) & mask, q & mask
        c, d = ((p >> 32) ^ d ^ 2) & mask, p & mask
    return torch.stack([(b << 32) | a, (d << 32) | c])


# ------------------------------------------------------------------------------------------------------- the library


def library(folder: Path, names: list[str], repetitions: int, seconds: float, divide: int) -> Iterator[str]:
    """How often each experiment supports its claim, and refutes each mutant, over the seeds 1, 2, ..."""
    from verify.catalog import collect
    from verify.goals import StatisticalTest
    from verify.session.tasks import is_affected, tasks_of

    yield "| experiment | variant | runs | supported | refuted | undecided | seeds | seconds each | at least (99 %) |"
    yield "|---|---|---:|---:|---:|---:|---:|---:|---:|"
    best: dict[str, float] = {}
    for listed in collect([folder]).claims:
        if names and listed.claim.name not in names:
            continue
        for task in tasks_of(listed):
            if isinstance(task.obligation.goal, StatisticalTest) and is_affected(task):
                wanted = REFUTED if task.variant.name or listed.claim.expect == "refuted" else SUPPORTED
                runs = divided(task, divide) if task.variant.name else task.obligation.goal.runs
                found, each = repeated(task, runs, repetitions, seconds)
                done = sum(found.values())
                bound = clopper_pearson(found.get(wanted, 0), done, 0.02).low
                counts = " | ".join(str(found.get(d, 0)) for d in (SUPPORTED, REFUTED, "undecided"))
                name = f"{listed.claim.name}::{task.obligation.name}"
                yield f"| {name} | {task.variant.name or 'as it stands'} | {runs} | {counts} | {done} | {each:.2f} | {bound:.3f} |"
                if task.variant.name:
                    mutant = f"{listed.claim.name}, {task.variant.name}"
                    best[mutant] = max(best.get(mutant, 0.0), found.get(REFUTED, 0) / done)
    weak = [f"{mutant} ({power:.2f})" for mutant, power in best.items() if power < 0.99]
    yield f"\n{len(best) - len(weak)} of {len(best)} variants were refuted by one of their experiments in at least 99 of 100 seeds, or in all that"
    yield f"the time allowed (the column of seeds; the last is a lower confidence bound); less often: {', '.join(weak) or 'none'}."


def divided(task: Any, divide: int) -> int:
    """Fewer runs, still a multiple of the groups."""
    goal = task.obligation.goal
    groups = getattr(goal.test, "groups", 1)
    return max(min(goal.runs, 8 * groups), goal.runs // divide // groups * groups)


def repeated(task: Any, runs: int, repetitions: int, seconds: float) -> tuple[dict[str, int], float]:
    """The decisions of one task over fresh seeds, and the seconds that one took."""
    from verify.engines.experiments import conduct
    from verify.goals import values

    goal, claim = replace(task.obligation.goal, runs=runs), task.claim
    changes = task.variant.changes(claim)
    numbers: dict[str, Fraction] = values(claim.parameters, changes)
    found: dict[str, int] = {}
    started = time.perf_counter()
    for seed in range(1, repetitions + 1):
        key = (seed, claim.name, task.obligation.name, task.statement_sha256)
        summary = conduct(goal, changes.python(task.obligation.goal), numbers, key=key, device="cpu")
        decision = goal.settled(numbers).decide(summary, goal.level).decision
        found[decision] = found.get(decision, 0) + 1
        if time.perf_counter() - started > seconds:
            break
    return found, (time.perf_counter() - started) / sum(found.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--library", nargs="*", metavar="NAME", help="measure the experiments of these claims (default: all)"
    )
    parser.add_argument("--folder", type=Path, default=Path("claims"), help="where the claims are (default: claims)")
    parser.add_argument("--divide", type=int, default=1, help="divide the runs of mutants by this (default: 1)")
    parser.add_argument("--repetitions", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=300.0, help="for each experiment under each variant")
    options = parser.parse_args()
    versions = json.dumps({"python": platform.python_version(), "numpy": np.__version__})
    written = " ".join(["python benchmarks/statistical_tests.py", *sys.argv[1:]])
    print(f"# The statistical tests\n\nWritten by `{written}` on {platform.machine()}, {versions}.\n")
    if options.library is not None:
        lines = library(options.folder, options.library, options.repetitions, options.seconds, options.divide)
    else:
        lines = (line for part in (speeds(), false_alarms(), powers()) for line in part)
    for line in lines:
        print(line, flush=True)


if __name__ == "__main__":
    main()
