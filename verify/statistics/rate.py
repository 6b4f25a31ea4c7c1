r"""The exponent of a rate: the slope of log E e(n) against log n, with a grouped jackknife.

Every run yields an error e(n) at each of the registered n; what is asked is the slope of the least squares line through
(log n, log E e(n)).  One run at several n may be dependent (a trajectory seen at several times), so nothing is assumed
about that: runs are divided into G groups of equal size, and the groups are independent.  The slope is a smooth function of
the vector of means; its jackknife over groups removes the bias of order 1/G and estimates the variance,

    s_J = G s - (G - 1) mean_g s_(g),     v_J = (G - 1)/G sum_g (s_(g) - mean s_(g))^2,

where s_(g) leaves group g out, and s_J +- t_{G-1} sqrt(v_J) is the interval (Miller, The jackknife: a review, Biometrika 61,
1974; Student's t for pseudo-values is Tukey's proposal).

Assumptions: groups large enough that their means are nearly normal; the interval is approximate, and how far off it is for
small groups of skewed errors stands in ``benchmarks/statistical_tests.md``.  What is tested is the slope on the registered grid,
not a limit: a factor log n moves it by about 1/log n, which the margin has to allow for.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from verify.statistics.finding import Finding, Json, Number, Point, Region, complain, decide, nothing, rational
from verify.statistics.intervals import student, student_p

Samples = Any
SIDES = ("both", "at most", "at least")
LAWS = ("power", "exponential")


@dataclass(frozen=True)
class Rate:
    r"""E e(n) behaves like n^exponent on the grid ``at``, up to the margin in the exponent.

    ``side``: the slope is within the margin of the exponent ("both"), not above it ("at most": the error decays at least so
    fast) or not below it ("at least").  ``law="exponential"``: E e(n) behaves like exp(exponent n).  Samples: the errors,
    shape (runs, len(at)).  The number of runs must be a multiple of ``groups``.

    >>> Rate(at=(64, 128, 256), exponent="-1/2", margin="1/20").region()
    Region(low=-0.55, high=-0.45)
    """

    at: tuple[int, ...]
    exponent: Number
    margin: Number
    side: str = "both"
    law: str = "power"
    groups: int = 32

    requires = "a finite number"

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", tuple(self.at))
        if len(set(self.at)) < 2 or not all(type(n) is int and n > 0 for n in self.at):
            complain(
                f"at={self.at!r} must list at least two different positive integers, at which the error is measured"
            )
        if self.side not in SIDES or self.law not in LAWS:
            complain(f"side={self.side!r} must be one of {SIDES}, and law={self.law!r} one of {LAWS}")
        if self.groups < 8:
            complain(f"groups={self.groups}: a jackknife needs at least 8 groups")
        if rational(self.margin, "margin") < 0:
            complain(f"margin={self.margin!r} must not be negative")
        rational(self.exponent, "exponent")

    @property
    def columns(self) -> int:
        return len(self.at)

    def region(self) -> Region:
        exponent, margin = rational(self.exponent, "exponent"), rational(self.margin, "margin")
        low = -math.inf if self.side == "at most" else float(exponent - margin)
        return Region(low, math.inf if self.side == "at least" else float(exponent + margin))

    def validate(self, runs: int) -> None:
        if runs % self.groups or runs <= 0:
            complain(f"runs={runs} must be a positive multiple of the {self.groups} groups of the jackknife")

    def words(self) -> str:
        shape = "n^s" if self.law == "power" else "exp(s n)"
        law = f"the mean error behaves like {shape} for n = {', '.join(map(str, self.at))}, with s"
        exponent, margin = rational(self.exponent, "exponent"), rational(self.margin, "margin")
        sides = {"both": f"within {margin} of {exponent}", "at most": f"at most {exponent} + {margin}"}
        return f"{law} {sides.get(self.side, f'at least {exponent} - {margin}')}"

    def allowed(self, samples: Samples) -> Samples:
        return samples == samples

    def summary(self, samples: Samples, level: float) -> Json:
        """The mean of each group: (groups, len(at))."""
        return {"groups": samples.reshape(self.groups, -1, self.columns).mean(axis=1).tolist(), "runs": len(samples)}

    def decide(self, summary: Json, level: float) -> Finding:
        import numpy as np

        means = np.asarray(summary["groups"])
        count, total = len(means), means.mean(axis=0)
        without = (count * total - means) / (count - 1)
        if not (total > 0).all() or not (without > 0).all():
            where = self.at[int(np.argmin(np.minimum(total, without.min(axis=0))))]
            return nothing(
                self.region(), f"the mean error at n = {where} is not clearly positive, so it has no logarithm"
            )
        slopes = np.log(without) @ self.weights()
        estimate = float(count * (np.log(total) @ self.weights()) - (count - 1) * slopes.mean())
        error = math.sqrt((count - 1) / count * float(((slopes - slopes.mean()) ** 2).sum()))
        reach = student(level, count - 1) * error
        interval, region = Region(estimate - reach, estimate + reach), self.region()
        p_value = student_p(estimate, error, count - 1, region)
        return decide(estimate, interval, region, p_value, self.points(means, level))

    def places(self) -> Any:
        """What the slope is taken against: log n, or n."""
        import numpy as np

        n = np.asarray(self.at, dtype=float)
        return np.log(n) if self.law == "power" else n

    def weights(self) -> Any:
        """The least squares slope as a linear function of the logarithms."""
        centred = self.places() - self.places().mean()
        return centred / (centred @ centred)

    def points(self, means: Any, level: float) -> tuple[Point, ...]:
        """The mean errors with intervals, and a line of the claimed slope through their middle."""
        import numpy as np

        total, places = means.mean(axis=0), self.places()
        reach = student(level, len(means) - 1) * means.std(axis=0, ddof=1) / math.sqrt(len(means))
        exponent = float(rational(self.exponent, "exponent"))
        line = np.exp(np.log(total).mean() + exponent * (places - places.mean()))
        rows = zip(self.at, total, reach, line, strict=True)
        return tuple(Point(float(n), float(m), (float(m - r), float(m + r)), float(c)) for n, m, r, c in rows)
