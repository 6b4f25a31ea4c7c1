r"""A test by betting, valid at any time: it ends as soon as it knows.

To test that the mean of numbers in [0, 1] is at most m, a gambler starts with capital 1 and stakes, before each number x,
a fraction l of what is safe: K_t = prod (1 + l_i (x_i - m)) with 0 <= l_i <= 1/2 chosen from the numbers before.  If the
mean is at most m, K is a nonnegative supermartingale, and by Ville's inequality it ever reaches 1/a with probability at most
a, whatever the law and whenever one looks.  The same with -l against "at least m".  Both directions at a/2 give, at every
time, the interval of all m that no gambler has refuted; because the stakes do not depend on m, capital is monotone in m,
and the interval is found by bisection.  The stakes are the plug-in ones of Waudby-Smith and Ramdas (Estimating means of
bounded random variables by betting, JRSS B 86, 2024), sqrt(2 log(2/a) / (v_{i-1} i log(1 + i))), cut at 1/2.

Assumptions: independent runs with values in [low, high]; nothing else.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from verify.statistics.finding import Finding, Json, Number, Point, Region, bounds, complain, decide, rational
from verify.statistics.means import at_least_runs, between

Samples = Any
BISECTIONS = 40


@dataclass(frozen=True)
class Sequential:
    """The mean of numbers in [low, high] is at least, or at most, what is stated; ``runs`` is the most it may take."""

    low: Number
    high: Number
    at_least: Number | None = None
    at_most: Number | None = None

    columns = 1
    sequential = True

    def __post_init__(self) -> None:
        if rational(self.low, "low") >= rational(self.high, "high"):
            complain(f"low={self.low!r} must lie below high={self.high!r}: the interval that no sample leaves")
        self.region()

    @property
    def requires(self) -> str:
        return f"a number in [{rational(self.low, 'low')}, {rational(self.high, 'high')}]"

    def region(self) -> Region:
        return bounds(self.at_least, self.at_most, "Sequential")

    def validate(self, runs: int) -> None:
        at_least_runs(runs, 1)

    def words(self) -> str:
        limits = self.requires.removeprefix("a number in ")
        return f"the mean is {between(self.at_least, self.at_most)}; no sample leaves {limits}; sampling ends once this is decided"

    def allowed(self, samples: Samples) -> Samples:
        return (samples >= float(rational(self.low, "low"))) & (samples <= float(rational(self.high, "high")))

    def summary(self, samples: Samples, level: float) -> Json:
        """The mean, the interval and the largest capital against the claim, when it was decided or samples ended."""
        import numpy as np

        low, width = float(rational(self.low, "low")), float(rational(self.high, "high") - rational(self.low, "low"))
        numbers = (samples.reshape(-1) - low) / width
        stakes, goal = bets(numbers, level), math.log(2 / level)
        region = Region(max(0.0, (self.region().low - low) / width), min(1.0, (self.region().high - low) / width))
        above, below = capital(numbers, stakes, region.high), capital(numbers, -stakes, region.low)
        beneath, over = capital(numbers, -stakes, region.high), capital(numbers, stakes, region.low)
        inside = (reached(beneath, goal) | (region.high >= 1)) & (reached(over, goal) | (region.low <= 0))
        against = np.maximum(above if region.high < 1 else -np.inf, below if region.low > 0 else -np.inf)
        decided = inside | reached(against, goal)
        settled = bool(decided.any())
        count = int(decided.argmax()) + 1 if settled else len(numbers)
        ends = interval(numbers[:count], stakes[:count], goal)
        return {
            "runs": count,
            "mean": float(samples[:count].mean()),
            "interval": [low + width * end for end in ends],
            "log_capital": float(against[:count].max(initial=0.0)),
            "settled": settled,
        }

    def decide(self, summary: Json, level: float) -> Finding:
        found = Region(*summary["interval"])
        p_value = 2 * math.exp(-summary["log_capital"])
        points = (Point(0.0, summary["mean"], (found.low, found.high)),)
        return decide(summary["mean"], found, self.region(), p_value, points)


def bets(numbers: Samples, level: float) -> Samples:
    """The stake before each number, from those before it: (runs,) in (0, 1/2]."""
    import numpy as np

    time = np.arange(1, len(numbers) + 1)
    mean = (0.5 + np.cumsum(numbers)) / (time + 1)
    variance = (0.25 + np.cumsum((numbers - mean) ** 2)) / (time + 1)
    before = np.concatenate([[0.25], variance[:-1]])
    return np.minimum(0.5, np.sqrt(2 * math.log(2 / level) / (before * time * np.log1p(time))))


def capital(numbers: Samples, stakes: Samples, mean: float) -> Samples:
    """The logarithm of the capital after each number, of a gambler against this mean."""
    import numpy as np

    return np.cumsum(np.log1p(stakes * (numbers - mean)))


def reached(logarithms: Samples, goal: float) -> Samples:
    """Whether the capital has reached its goal so far."""
    import numpy as np

    return np.maximum.accumulate(logarithms) >= goal


def interval(numbers: Samples, stakes: Samples, goal: float) -> tuple[float, float]:
    """The means in [0, 1] that neither gambler has refuted so far, rounded outward by 2^-40."""
    ends = []
    for side, refuted, kept in ((stakes, 0.0, 1.0), (-stakes, 1.0, 0.0)):
        if capital(numbers, side, refuted).max(initial=0.0) < goal:
            ends.append(refuted)
            continue
        for _ in range(BISECTIONS):
            middle = (refuted + kept) / 2
            if capital(numbers, side, middle).max(initial=0.0) >= goal:
                refuted = middle
            else:
                kept = middle
        ends.append(refuted)
    return ends[0], ends[1]
