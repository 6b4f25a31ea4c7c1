r"""Confidence intervals for one number, and the p-values that belong to them.

Each interval has two sides of level a/2, and the p-value of a region is the smallest a at which the interval lies outside.
"""

from __future__ import annotations

import math

from verify.statistics.finding import Region


def student(level: float, degrees: int) -> float:
    """The quantile of Student's t that leaves level/2 on each side."""
    from scipy.special import stdtrit

    return float(-stdtrit(degrees, level / 2))


def student_p(estimate: float, error: float, degrees: int, region: Region) -> float:
    """Two-sided p-value of the region for a statistic that follows Student's t."""
    from scipy.special import stdtr

    distance = max(estimate - region.high, region.low - estimate)
    if error == 0:
        return 0.0 if distance > 0 else 1.0
    return min(1.0, 2 * float(stdtr(degrees, -distance / error)))


def clopper_pearson(events: int, trials: int, level: float) -> Region:
    r"""The interval of Clopper and Pearson (Biometrika 26, 1934): all p for which neither tail is below level/2.

    Exact: contains the true probability with probability at least 1 - level, for every p.

    >>> interval = clopper_pearson(0, 1000, 2e-3)
    >>> interval.low, round(interval.high, 6)
    (0.0, 0.006884)
    """
    from scipy.special import betaincinv

    low = 0.0 if events == 0 else float(betaincinv(events, trials - events + 1, level / 2))
    high = 1.0 if events == trials else float(1 - betaincinv(trials - events, events + 1, level / 2))
    return Region(low, high)


def binomial_p(events: int, trials: int, region: Region) -> float:
    """Twice the smaller tail of the binomial law at the end of the region that was passed."""
    from scipy.special import bdtr, bdtrc

    found = 1.0
    if region.high < 1 and events > trials * region.high:
        found = float(bdtrc(events - 1, trials, region.high)) if region.high > 0 else 0.0
    if region.low > 0 and events < trials * region.low:
        found = float(bdtr(events, trials, region.low)) if region.low < 1 else 0.0
    return min(1.0, 2 * found)


def empirical_bernstein(mean: float, variance: float, count: int, width: float, level: float) -> Region:
    r"""The interval of Maurer and Pontil (COLT 2009, Theorem 4) for the mean of independent numbers in [a, a + width].

    With probability at least 1 - level, |mean - E| <= sqrt(2 V L/n) + 7 width L/(3(n - 1)), where V is the sample variance
    and L = log(4/level): each side has level/2.  No law is assumed.
    """
    log = math.log(4 / level)
    reach = math.sqrt(2 * variance * log / count) + 7 * width * log / (3 * (count - 1))
    return Region(mean - reach, mean + reach)


def bernstein_p(mean: float, variance: float, count: int, width: float, region: Region) -> float:
    """The level at which that interval ends at the region: a quadratic equation for sqrt L."""
    distance = max(mean - region.high, region.low - mean)
    if distance <= 0:
        return 1.0
    linear, square = math.sqrt(2 * variance / count), 7 * width / (3 * (count - 1))
    root = 2 * distance / (linear + math.sqrt(linear**2 + 4 * square * distance))
    return min(1.0, 4 * math.exp(-(root**2)))


def massart(count: int, level: float) -> float:
    r"""With probability at least 1 - level, an empirical distribution function is uniformly so close to the true one.

    Dvoretzky, Kiefer and Wolfowitz (1956) with the constant of Massart (Annals of Probability 18, 1990): for every law,
    P(sup |F_n - F| > e) <= 2 exp(-2 n e^2).
    """
    return math.sqrt(math.log(2 / level) / (2 * count))
