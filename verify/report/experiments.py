r"""An experiment as the page shows it: its plan, its interval against the region that the claim allows, its figure."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from verify.goals import StatisticalTest
from verify.report import words
from verify.report.figures import Line, Mark, round_step, spaced
from verify.report.numerics import Row
from verify.session.tasks import Task
from verify.statistics.family import FAMILY
from verify.statistics.finding import TINY
from verify.verdict import Evidence

Json = Any

LEFT, RIGHT, TOP, BOTTOM = 76.0, 570.0, 20.0, 190.0
AXES = {"Rate": "n", "Trend": "level", "Distribution": "x"}
DRAWN = {
    "Rate": "Mean error against n, and a line of the claimed rate through the middle",
    "Trend": "Mean against level",
    "Distribution": "Empirical distribution function, and the claimed one",
}
ESTIMATES = {"Rate": "exponent", "Probability": "probability", "Trend": "smallest step", "Distribution": "distance"}


@dataclass(frozen=True)
class Axis:
    """A scale along one side of a drawing."""

    low: float
    high: float
    logarithmic: bool
    start: float
    end: float

    def at(self, value: float) -> float:
        low, high, here = (self.scaled(v) for v in (self.low, self.high, value))
        return round(self.start + (self.end - self.start) * (here - low) / ((high - low) or 1.0), 1)

    def scaled(self, value: float) -> float:
        return math.log10(value) if self.logarithmic else value

    def ticks(self) -> list[float]:
        """Round numbers: powers of ten, with their doubles and fives where there are few of them; or even steps, where these are too few."""
        step = round_step((self.high - self.low) / 5 or 1.0)
        even = [k * step for k in range(math.ceil(self.low / step), math.floor(self.high / step) + 1)]
        if not self.logarithmic:
            return even
        first, last = math.floor(math.log10(self.low)), math.ceil(math.log10(self.high))
        digits = (1,) if last - first > 3 else (1, 2, 5)
        stride = max(1, (last - first) // 6)
        found = [digit * 10.0**power for power in range(first, last + 1, stride) for digit in digits]
        inside = [value for value in found if self.low <= value <= self.high]
        return inside if len(inside) > 1 else even


@dataclass(frozen=True)
class Whisker:
    """The interval at one point of a drawing."""

    x: float
    low: float
    high: float


@dataclass(frozen=True)
class Drawing:
    """Estimates with their intervals, and what the claim says."""

    lines: tuple[Line, ...]
    whiskers: tuple[Whisker, ...]
    columns: tuple[Mark, ...]
    rows: tuple[Mark, ...]
    title: str


@dataclass(frozen=True)
class IntervalBar:
    """An interval on a line on which the allowed region is shaded."""

    region: tuple[float, float]
    interval: tuple[float, float]
    estimate: float
    ticks: tuple[Mark, ...]
    title: str


@dataclass(frozen=True)
class Measured:
    """One row of the table of points."""

    x: str
    estimate: str
    interval: str
    reference: str


@dataclass(frozen=True)
class Shown:
    """Everything that the page says about an experiment beside its outcome."""

    rows: tuple[Row, ...]
    bar: IntervalBar | None
    drawing: Drawing | None
    axis: str
    table: tuple[Measured, ...]
    reference: str
    apart: tuple[Apart, ...] = ()


def experiment(task: Task, detail: Json) -> Shown | None:
    """What the page shows; None for other goals, and where the runs did not come to an end."""
    if not isinstance(task.obligation.goal, StatisticalTest) or "finding" not in detail:
        return None
    plan, finding = detail["plan"], detail["finding"]
    kind = plan["statistic"]["test"]
    points = finding["points"] if kind in AXES else []
    table = tuple(Measured(number(x), number(y), between(low, high), number(r)) for x, y, low, high, r in points)
    reference = "" if all(point[4] is None for point in points) else "claimed"
    drawing = draw(kind, plan["statistic"], points)
    return Shown(tuple(rows(detail)), bar(finding), drawing, AXES.get(kind, ""), table, reference)


def in_short(detail: Json) -> str:
    """What was measured against what is allowed, in one phrase; empty for other goals."""
    finding = detail.get("finding") or {}
    if finding.get("estimate") is None:
        return ""
    allowed = between(*finding["region"])
    return f"{number(finding['estimate'])}, interval {between(*finding['interval'])}; allowed {allowed}"


@dataclass(frozen=True)
class Apart:
    """An experiment as it stands, or under a variant: how far from the end of the allowed region it came out."""

    variant: str
    status: words.Status
    estimate: str
    interval: str
    allowed: str
    distance: str
    p_value: str


def apart(found: Iterable[tuple[str, Evidence]]) -> tuple[Apart, ...]:
    """What the test tells apart; nothing, if no variant was measured."""
    rows_ = [
        Apart(
            variant,
            words.evidence_status(evidence),
            number(finding["estimate"]),
            between(*finding["interval"]),
            between(*finding["region"]),
            distance(finding),
            words.probability(finding["p_value"]) if finding["p_value"] > TINY else f"< {words.probability(TINY)}",
        )
        for variant, evidence in found
        if (finding := evidence.detail.get("finding") or {}).get("estimate") is not None
    ]
    return tuple(rows_) if len(rows_) > 1 else ()


def distance(finding: Json) -> str:
    """From the estimate to the nearest end of the region, in half-widths of the interval; beyond 1 it is decided.

    >>> distance({"estimate": 0.5, "interval": [0.4, 0.6], "region": [None, 0.2]})
    '3'
    """
    low, high = finding["interval"]
    ends = [end for end in finding["region"] if end is not None]
    if low is None or high is None or high <= low or not ends:
        return ""
    nearest = min(ends, key=lambda end: abs(end - finding["estimate"]))
    reach = finding["estimate"] - low if nearest < finding["estimate"] else high - finding["estimate"]
    return f"{abs(nearest - finding['estimate']) / reach:.3g}" if reach > 0 else ""


def rows(detail: Json) -> list[Row]:
    """The plan and the numbers, a line each."""
    plan, finding = detail["plan"], detail["finding"]
    test = plan["statistic"]
    named = [f"{name} = {value}" for name, value in plan["parameters"].items()]
    options = [
        f"{name} {shown(value)}" for name, value in test.items() if name != "test" and value not in ("None", None)
    ]
    found = [
        Row("claimed", detail["says"]),
        Row("test", f"{test['test']}: {', '.join(options)}"),
        Row("runs", words.grouped(plan["runs"])),
        Row("level", f"{plan['level']}, for both errors; {FAMILY:g} for all experiments of a run (Holm)"),
        *([Row("parameters", ", ".join(named))] if named else []),
        Row("digest of the plan", detail["plan_sha256"]),
    ]
    if detail["summary"]["runs"] != plan["runs"]:
        found.append(Row("runs until it was decided", words.grouped(detail["summary"]["runs"])))
    if finding["estimate"] is not None:
        kind = ESTIMATES.get(test["test"], "mean")
        found.append(Row(kind, f"{number(finding['estimate'])}, interval {between(*finding['interval'])}"))
        found.append(Row("allowed", between(*finding["region"])))
        found.append(Row("p-value of the claim", words.probability(finding["p_value"])))
    return found


def shown(value: Json) -> str:
    """An entry of a plan in words."""
    if isinstance(value, dict):
        return ", ".join(str(part) if name == "function" else f"{name} = {part}" for name, part in value.items())
    return ", ".join(value) if isinstance(value, list) else str(value)


def number(value: float | None) -> str:
    """Four digits, with a real minus sign."""
    return "" if value is None else f"{value:.4g}".replace("-", "−")


def between(low: float | None, high: float | None) -> str:
    """An interval; an end that is None is infinite."""
    left = "(−∞" if low is None else f"[{number(low)}"
    return f"{left}, ∞)" if high is None else f"{left}, {number(high)}]"


def bar(finding: Json) -> IntervalBar | None:
    """The interval against the region."""
    known = [v for v in (*finding["interval"], *finding["region"]) if v is not None]
    if finding["estimate"] is None or None in finding["interval"] or max(known) == min(known):
        return None
    margin = 0.12 * (max(known) - min(known))
    axis = Axis(min(known) - margin, max(known) + margin, False, 20.0, 580.0)
    low, high = finding["region"]
    region = (20.0 if low is None else axis.at(low), 580.0 if high is None else axis.at(high))
    ticks = [Mark(axis.at(v), 62, number(v), "label") for v in axis.ticks()]
    ends = (axis.at(finding["interval"][0]), axis.at(finding["interval"][1]))
    title = f"The interval {between(*finding['interval'])} against what is allowed, {between(low, high)}"
    return IntervalBar(region, ends, axis.at(finding["estimate"]), spaced(ticks), title)


def draw(kind: str, test: Json, points: Json) -> Drawing | None:
    """The points with their intervals; errors of a rate on a logarithmic scale."""
    heights = [v for _, y, low, high, r in points for v in (y, low, high, r) if v is not None]
    if kind not in DRAWN or len(points) < 2 or max(heights) == min(heights):
        return None
    rate = kind == "Rate"
    positive = [v for v in heights if v > 0]
    if rate and any(y <= 0 for _, y, *_ in points):
        return None
    across = Axis(points[0][0], points[-1][0], rate and test["law"] == "power", LEFT + 14, RIGHT - 14)
    up = Axis(min(positive) if rate else min(heights), max(heights), rate, BOTTOM, TOP)
    places = [across.at(x) for x, *_ in points]
    measured = line("fact", places, [up.at(y) for _, y, *_ in points], [number(y) for _, y, *_ in points])
    claimed = [(x, r) for x, (*_, r) in zip(places, points, strict=True) if r is not None and (r > 0 or not rate)]
    lines = [line("exact", [x for x, _ in claimed], [up.at(r) for _, r in claimed], [number(r) for _, r in claimed])]
    whiskers = [
        Whisker(x, up.at(max(low, up.low)), up.at(high)) for x, (_, _, low, high, _) in zip(places, points, strict=True)
    ]
    columns = spaced([Mark(x, 212, number(p[0]), "label") for x, p in zip(places, points, strict=True)])
    ticks = tuple(Mark(LEFT - 6, up.at(v), number(v), "tick") for v in up.ticks())
    scales = {(True, True): ", both scales logarithmic", (True, False): ", logarithmic scale"}
    title = DRAWN[kind] + scales.get((up.logarithmic, across.logarithmic), "")
    return Drawing((measured, *(lines if claimed else ())), tuple(whiskers), columns, ticks, title)


def line(kind: str, places: list[float], heights: list[float], labels: list[str]) -> Line:
    marks = tuple(Mark(x, y, label, kind) for x, y, label in zip(places, heights, labels, strict=True))
    return Line(kind, " ".join(f"{mark.x},{mark.y}" for mark in marks), marks)
