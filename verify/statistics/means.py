r"""Tests about one number of each run: a probability, the mean of bounded numbers, a mean near a value.

``Probability`` and ``Mean`` hold for every law and every number of runs: Clopper and Pearson's interval is exact, Maurer
and Pontil's follows from a concentration inequality.  That has a price: for numbers whose law is nearly normal, the
interval of ``Mean`` is several times as wide as Student's.  ``MeanNear`` uses Student's; it is exact for normal numbers and
approximate otherwise (the error is of order skewness/sqrt(runs), see ``benchmarks/statistical_tests.md``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from verify.statistics.finding import Finding, Json, Number, Point, Region, bounds, complain, decide, rational
from verify.statistics.intervals import (
    bernstein_p,
    binomial_p,
    clopper_pearson,
    empirical_bernstein,
    student,
    student_p,
)

Samples = Any


@dataclass(frozen=True)
class Probability:
    """The probability of an event is at least, or at most, what is stated.  Samples: whether it happened, shape (runs,)."""

    at_least: Number | None = None
    at_most: Number | None = None

    columns = 1
    requires = "a truth value (or 0 or 1)"

    def __post_init__(self) -> None:
        region = self.region()
        if region.low > 1 or region.high < 0:
            complain(f"no probability lies in [{region.low:g}, {region.high:g}]; state bounds between 0 and 1")

    def region(self) -> Region:
        return bounds(self.at_least, self.at_most, "Probability")

    def validate(self, runs: int) -> None:
        at_least_runs(runs, 1)

    def words(self) -> str:
        return f"the probability is {between(self.at_least, self.at_most)}"

    def allowed(self, samples: Samples) -> Samples:
        return (samples == 0) | (samples == 1)

    def summary(self, samples: Samples, level: float) -> Json:
        return {"events": int(samples.sum()), "runs": len(samples)}

    def decide(self, summary: Json, level: float) -> Finding:
        events, runs, region = summary["events"], summary["runs"], self.region()
        interval = clopper_pearson(events, runs, level)
        return decide(events / runs, interval, region, binomial_p(events, runs, region), one(events / runs, interval))


@dataclass(frozen=True)
class Mean:
    """The mean of numbers in [low, high] is at least, or at most, what is stated.  Samples: shape (runs,)."""

    low: Number
    high: Number
    at_least: Number | None = None
    at_most: Number | None = None

    columns = 1

    def __post_init__(self) -> None:
        if rational(self.low, "low") >= rational(self.high, "high"):
            complain(f"low={self.low!r} must lie below high={self.high!r}: the interval that no sample leaves")
        self.region()

    @property
    def requires(self) -> str:
        return f"a number in [{rational(self.low, 'low')}, {rational(self.high, 'high')}]"

    def region(self) -> Region:
        return bounds(self.at_least, self.at_most, "Mean")

    def validate(self, runs: int) -> None:
        at_least_runs(runs, 2)

    def words(self) -> str:
        return f"the mean is {between(self.at_least, self.at_most)}; no sample leaves {self.requires.removeprefix('a number in ')}"

    def allowed(self, samples: Samples) -> Samples:
        return (samples >= float(rational(self.low, "low"))) & (samples <= float(rational(self.high, "high")))

    def summary(self, samples: Samples, level: float) -> Json:
        return moments(samples)

    def decide(self, summary: Json, level: float) -> Finding:
        mean, variance, runs = summary["mean"], summary["variance"], summary["runs"]
        width, region = float(rational(self.high, "high") - rational(self.low, "low")), self.region()
        interval = empirical_bernstein(mean, variance, runs, width, level)
        p_value = bernstein_p(mean, variance, runs, width, region)
        return decide(mean, interval, region, p_value, one(mean, interval))


@dataclass(frozen=True)
class MeanNear:
    r"""The mean is within the margin of the target.  Samples: shape (runs,).

    Supported if Student's interval lies within the margin (the two one-sided tests of Schuirmann, Journal of
    Pharmacokinetics and Biopharmaceutics 15, 1987, each at level/2), refuted if it lies outside.
    """

    target: Number
    margin: Number

    columns = 1
    requires = "a finite number"

    def __post_init__(self) -> None:
        rational(self.target, "target")
        if rational(self.margin, "margin") < 0:
            complain(f"margin={self.margin!r} must not be negative")

    def region(self) -> Region:
        target, margin = rational(self.target, "target"), rational(self.margin, "margin")
        return Region(float(target - margin), float(target + margin))

    def validate(self, runs: int) -> None:
        at_least_runs(runs, 8)

    def words(self) -> str:
        return f"the mean is within {rational(self.margin, 'margin')} of {rational(self.target, 'target')}"

    def allowed(self, samples: Samples) -> Samples:
        return samples == samples

    def summary(self, samples: Samples, level: float) -> Json:
        return moments(samples)

    def decide(self, summary: Json, level: float) -> Finding:
        mean, runs, region = summary["mean"], summary["runs"], self.region()
        error = math.sqrt(summary["variance"] / runs)
        reach = student(level, runs - 1) * error
        interval = Region(mean - reach, mean + reach)
        return decide(mean, interval, region, student_p(mean, error, runs - 1, region), one(mean, interval))


def moments(samples: Samples) -> Json:
    """The mean and the unbiased variance of the samples."""
    return {"mean": float(samples.mean()), "variance": float(samples.var(ddof=1)), "runs": len(samples)}


def at_least_runs(runs: int, least: int) -> None:
    if runs < least:
        complain(f"runs={runs}: this test needs at least {least}")


def between(at_least: Number | None, at_most: Number | None) -> str:
    """The bounds in words."""
    if at_least is None:
        return f"at most {rational(at_most, 'at_most')}"
    low = rational(at_least, "at_least")
    return f"at least {low}" if at_most is None else f"between {low} and {rational(at_most, 'at_most')}"


def one(estimate: float, interval: Region) -> tuple[Point, ...]:
    return (Point(0.0, estimate, (interval.low, interval.high)),)
