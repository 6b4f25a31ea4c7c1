r"""Confidence bounds for the probability of an event."""

from __future__ import annotations

import math


def clopper_pearson_zero(trials: int, level: float) -> float:
    r"""Upper confidence bound for a probability after no event in independent trials.

    The largest p with (1 - p)^trials >= level, that is 1 - level^(1/trials); with probability at least 1 - level over
    the trials, the true probability lies below it.  Clopper and Pearson, Biometrika 26 (1934).

    >>> round(clopper_pearson_zero(1000, 1e-3), 6)
    0.006884
    """
    if trials <= 0 or not 0 < level < 1:
        raise ValueError(f"needs a positive number of trials and a level in (0, 1), got {trials} and {level}")
    return -math.expm1(math.log(level) / trials)
