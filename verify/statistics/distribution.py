r"""The law of a number, against a distribution function.

The distance sup |F_n - F| between the empirical distribution function of n runs and the claimed one is within
sqrt(log(2/level)/(2n)) of the distance between the true one and the claimed one, with probability at least 1 - level, for
every law (Dvoretzky, Kiefer, Wolfowitz, Annals of Mathematical Statistics 27, 1956; the constant is Massart's, Annals of
Probability 18, 1990).  So the interval is valid for every n.  The claim says that the true distance is at most a margin: an
exact equality of laws can be refuted, but nothing supports it.

Assumption: the claimed distribution function is continuous.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from verify.statistics.finding import Finding, Json, Number, Point, Region, complain, decide, rational
from verify.statistics.intervals import massart
from verify.statistics.means import at_least_runs

Samples = Any
SHOWN = 20  # points of the figure


@dataclass(frozen=True)
class Distribution:
    """The law of the samples is within ``margin`` of the law with distribution function ``cdf``, uniformly.

    ``cdf`` maps a NumPy array of numbers to their probabilities; further arguments are parameters of the claim, as
    fractions.  Samples: shape (runs,).
    """

    cdf: Callable[..., Any]
    margin: Number

    columns = 1
    requires = "a finite number"

    def __post_init__(self) -> None:
        if not callable(self.cdf):
            complain(f"cdf={self.cdf!r} must be a function that maps an array of numbers to their probabilities")
        if not 0 < rational(self.margin, "margin") < 1:
            complain(f"margin={self.margin!r} must lie between 0 and 1: a distance between distribution functions")

    def region(self) -> Region:
        return Region(high=float(rational(self.margin, "margin")))

    def validate(self, runs: int) -> None:
        at_least_runs(runs, 8)

    def words(self) -> str:
        name = getattr(self.cdf, "__name__", getattr(getattr(self.cdf, "func", None), "__name__", "cdf"))
        return f"the distribution function is within {rational(self.margin, 'margin')} of {name}, everywhere"

    def allowed(self, samples: Samples) -> Samples:
        return samples == samples

    def summary(self, samples: Samples, level: float) -> Json:
        import numpy as np

        ordered = np.sort(samples.reshape(-1))
        count = len(ordered)
        claimed = np.asarray(self.cdf(ordered), dtype=float)
        if (
            claimed.shape != ordered.shape
            or not ((claimed >= 0) & (claimed <= 1)).all()
            or (np.diff(claimed) < 0).any()
        ):
            complain(f"cdf={self.cdf!r} must map an array to nondecreasing probabilities in [0, 1], of the same shape")
        steps = np.arange(count + 1) / count
        distance = float(np.maximum(steps[1:] - claimed, claimed - steps[:-1]).max())
        chosen = np.unique(np.linspace(0, count - 1, min(SHOWN, count)).astype(int))
        rows = [[float(ordered[i]), float(steps[i + 1]), float(claimed[i])] for i in chosen]
        return {"distance": distance, "rows": rows, "runs": count}

    def decide(self, summary: Json, level: float) -> Finding:
        distance, runs, region = summary["distance"], summary["runs"], self.region()
        reach = massart(runs, level)
        interval = Region(max(0.0, distance - reach), distance + reach)
        excess = max(0.0, distance - region.high)
        points = tuple(
            Point(x, found, (max(0.0, found - reach), min(1.0, found + reach)), claimed)
            for x, found, claimed in summary["rows"]
        )
        return decide(distance, interval, region, 2 * math.exp(-2 * runs * excess**2), points)
