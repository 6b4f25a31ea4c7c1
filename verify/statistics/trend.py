r"""A mean that rises, or falls, from level to level.

Every run yields a number at each of the ordered levels (a width, a dimension, a temperature); runs are independent, the
numbers of one run need not be.  What is asked is the smallest step, min over i of m_{i+1} - m_i: the claim says that it is
not below -slack.  Each step is the mean of paired differences and has Student's interval at level/(number of steps)
(Bonferroni), so all of them hold together, and then the smallest step lies between the smallest lower and the smallest upper
end.  Supported: no step can be below -slack; refuted: one certainly is.

Assumptions: Student's interval, exact for normal differences and approximate otherwise.  That all steps are strictly
positive is what is tested with slack 0: a plateau is never supported, but it is never refuted either.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from verify.statistics.finding import Finding, Json, Number, Point, Region, complain, decide, rational
from verify.statistics.intervals import student, student_p
from verify.statistics.means import at_least_runs

Samples = Any


@dataclass(frozen=True)
class Trend:
    """The means go up (or down) along the levels ``at``, up to ``slack`` a step.  Samples: shape (runs, len(at))."""

    at: tuple[Number, ...]
    direction: str = "up"
    slack: Number = 0

    requires = "a finite number"

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", tuple(self.at))
        levels = [rational(level, "at") for level in self.at]
        if len(levels) < 2 or any(b <= a for a, b in pairwise(levels)):
            complain(f"at={self.at!r} must list at least two levels, each above the one before")
        if self.direction not in ("up", "down"):
            complain(f"direction={self.direction!r} must be 'up' or 'down'")
        if rational(self.slack, "slack") < 0:
            complain(f"slack={self.slack!r} must not be negative")

    @property
    def columns(self) -> int:
        return len(self.at)

    def region(self) -> Region:
        """Of the smallest step in the claimed direction."""
        return Region(-float(rational(self.slack, "slack")))

    def validate(self, runs: int) -> None:
        at_least_runs(runs, 8)

    def words(self) -> str:
        slack = rational(self.slack, "slack")
        against = f", no step by more than {slack} the other way" if slack else ""
        return f"the mean goes {self.direction} along {', '.join(map(str, map(exactly, self.at)))}{against}"

    def allowed(self, samples: Samples) -> Samples:
        return samples == samples

    def summary(self, samples: Samples, level: float) -> Json:
        steps = samples[:, 1:] - samples[:, :-1]
        return {
            "means": samples.mean(axis=0).tolist(),
            "variances": samples.var(axis=0, ddof=1).tolist(),
            "step_variances": steps.var(axis=0, ddof=1).tolist(),
            "runs": len(samples),
        }

    def decide(self, summary: Json, level: float) -> Finding:
        import numpy as np

        means, runs, region = np.asarray(summary["means"]), summary["runs"], self.region()
        steps = np.diff(means) * (1 if self.direction == "up" else -1)
        errors = np.sqrt(np.asarray(summary["step_variances"]) / runs)
        reach = student(level / len(steps), runs - 1)
        interval = Region(float((steps - reach * errors).min()), float((steps + reach * errors).min()))
        p_values = [student_p(float(s), float(e), runs - 1, region) for s, e in zip(steps, errors, strict=True)]
        wide = reach * np.sqrt(np.asarray(summary["variances"]) / runs)
        rows = zip(self.at, means, wide, strict=True)
        points = tuple(Point(float(exactly(x)), float(m), (float(m - w), float(m + w))) for x, m, w in rows)
        return decide(float(steps.min()), interval, region, len(steps) * min(p_values), points)


def exactly(level: Number) -> Number:
    return rational(level, "at")
