r"""What a test finds: an interval against the region that a claim states, with three possible decisions.

A test of level a computes an interval that contains the true value with probability at least 1 - a.  If the interval lies
inside the region that the claim states, the claim is supported; if it lies outside, the claim is refuted; otherwise neither.
So one interval bounds both errors: a true claim is refuted, and a false one supported, with probability at most a each.
The p-value is the smallest level at which the test would refute.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NoReturn

from verify.errors import ClaimError, Place

Json = Any
Number = Any  # "1/20", an int, a Fraction, or a parameter of the claim

SUPPORTED, REFUTED, UNDECIDED = "supported", "refuted", "undecided"

TINY = 1e-300  # smaller p-values are not told apart


@dataclass(frozen=True)
class Region:
    """The values that a claim allows: all between two ends, either of which may be infinite."""

    low: float = -math.inf
    high: float = math.inf

    def json(self) -> Json:
        return [finite(self.low), finite(self.high)]

    def __str__(self) -> str:
        left = "(-inf" if self.low == -math.inf else f"[{self.low:.4g}"
        return f"{left}, inf)" if self.high == math.inf else f"{left}, {self.high:.4g}]"


@dataclass(frozen=True)
class Point:
    """A point of the figure: where, what was measured there with its interval, and what the claim says."""

    x: float
    estimate: float
    interval: tuple[float, float]
    reference: float | None = None

    def json(self) -> Json:
        return [self.x, self.estimate, *self.interval, self.reference]


@dataclass(frozen=True)
class Finding:
    """The decision of a test, and the numbers that it rests on."""

    decision: str
    estimate: float
    interval: Region
    region: Region
    p_value: float
    reason: str = ""  # why it is undecided, if that is not just the width of the interval
    points: tuple[Point, ...] = ()

    def json(self) -> Json:
        return {
            "decision": self.decision,
            "estimate": finite(self.estimate),
            "interval": self.interval.json(),
            "region": self.region.json(),
            "p_value": self.p_value,
            "points": [point.json() for point in self.points],
        }


def decide(
    estimate: float, interval: Region, region: Region, p_value: float, points: tuple[Point, ...] = ()
) -> Finding:
    """The three-way decision; what is not a number is never one."""
    if math.isnan(interval.low) or math.isnan(interval.high):
        return nothing(region, "the interval is not a number", points)
    if interval.high < region.low or interval.low > region.high:
        decision = REFUTED
    elif region.low <= interval.low and interval.high <= region.high:
        decision = SUPPORTED
    else:
        decision = UNDECIDED
    return Finding(decision, estimate, interval, region, min(1.0, max(0.0, p_value)), "", points)


def nothing(region: Region, reason: str, points: tuple[Point, ...] = ()) -> Finding:
    """Undecided, because the numbers allow no statement at all."""
    return Finding(UNDECIDED, math.nan, Region(), region, 1.0, reason, points)


def finite(value: float) -> float | None:
    """A number that JSON can hold, or None."""
    return float(value) if math.isfinite(value) else None


def finding_in_words(found: Finding, level: float, runs: int) -> str:
    """A finding in one sentence.

    >>> finding_in_words(decide(0.5, Region(0.49, 0.51), Region(0.4, 0.6), 1.0), 1e-3, 100)
    'estimate 0.5 in [0.49, 0.51], inside [0.4, 0.6] (100 runs, level 0.001)'
    """
    if found.reason:
        return f"{found.reason} ({runs} runs)"
    where = {SUPPORTED: "inside", REFUTED: "outside"}.get(found.decision, "neither inside nor outside")
    shown = f"= {found.p_value:.2g}" if found.p_value > TINY else f"< {TINY:g}"
    p_value = f", p {shown}" if found.decision == REFUTED else ""
    return f"estimate {found.estimate:.4g} in {found.interval}, {where} {found.region} ({runs} runs, level {level:g}{p_value})"


# ------------------------------------------------------------------------------------------------- what authors give


def rational(value: Number, name: str) -> Fraction:
    """An exact number, given as text, integer, fraction or parameter; raises ``ClaimError`` at the author's line."""
    value = getattr(value, "value", value)
    try:
        if isinstance(value, str | int | Fraction) and not isinstance(value, bool):
            return Fraction(value)
    except (ValueError, ZeroDivisionError):
        pass
    return complain(f'{name}={value!r} is not an exact number; write a text such as "1/20"')


def bounds(at_least: Number | None, at_most: Number | None, test: str) -> Region:
    """The region between two bounds, at least one of which is given."""
    if at_least is None and at_most is None:
        complain(f"{test} needs at_least, at_most or both: the bounds that the claim states")
    low = -math.inf if at_least is None else float(rational(at_least, "at_least"))
    high = math.inf if at_most is None else float(rational(at_most, "at_most"))
    if low > high:
        complain(f"{test} states no value at all: at_least={low:g} lies above at_most={high:g}")
    return Region(low, high)


def complain(sentence: str) -> NoReturn:
    """Raise a ``ClaimError`` at the line of the author."""
    frame = sys._getframe(1)
    inner = ("verify.statistics", "dataclasses", "verify.goals", "verify.claim")
    while frame.f_back is not None and str(frame.f_globals.get("__name__", "dataclasses")).startswith(inner):
        frame = frame.f_back
    raise ClaimError(sentence, Place(frame.f_code.co_filename, frame.f_lineno))
