r"""Small drawings, made here as SVG and coloured by the style sheet; the numbers stand in a table beside each."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class Mark:
    """A point of a drawing, with its label."""

    x: float
    y: float
    label: str
    kind: str


@dataclass(frozen=True)
class Line:
    """A curve through points, ready for the attribute ``points`` of a polyline."""

    kind: str
    points: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class NumberLine:
    """A bracket of a constant: where the claim is refuted, where it is proved, and what lies between."""

    width: int
    height: int
    refuted: Mark
    proved: Mark
    left: float
    right: float
    axis: float
    title: str


@dataclass(frozen=True)
class Plot:
    """Bounds and exact values over the instances."""

    width: int
    height: int
    lines: tuple[Line, ...]
    columns: tuple[Mark, ...]
    ticks: tuple[Mark, ...]
    title: str
    ends: tuple[Mark, ...] = ()  # labels of the lines


def number_line(parameter: str, refuted: Fraction, proved: Fraction, is_refuted: bool, is_proved: bool) -> NumberLine:
    """The bracket fills the middle of the line, however close its ends are."""
    ends = {"refuted": 150.0, "proved": 450.0} if refuted <= proved else {"refuted": 450.0, "proved": 150.0}
    left = Mark(ends["refuted"], 46, str(refuted), "refuted" if is_refuted else "open")
    right = Mark(ends["proved"], 46, str(proved), "certified" if is_proved else "open")
    words = [
        f"{parameter} = {refuted}: {'refuted' if is_refuted else 'not refuted'}",
        f"{parameter} = {proved}: {'proved' if is_proved else 'not proved'}",
    ]
    return NumberLine(600, 84, left, right, 150.0, 450.0, 46.0, "; ".join(words))


def bounds_plot(labels: list[str], bounds: list[Fraction | None], exact: list[Fraction | None]) -> Plot | None:
    """Bounds against exact values, on a logarithmic scale if they spread over more than a factor of 50."""
    known = [float(value) for value in [*bounds, *exact] if value is not None]
    if len(labels) < 2 or not known:
        return None
    low, high = min(known), max(known)
    logarithmic = low > 0 and high / low > 50
    scale = Scale(logarithm(low), logarithm(high), True) if logarithmic else Scale(min(low, 0.0), high, False)
    width, step = 600, 500 / max(len(labels) - 1, 1)
    columns = tuple(Mark(70 + step * i, 212, label, "label") for i, label in enumerate(labels))
    lines = tuple(
        curve(kind, [(70 + step * i, value) for i, value in enumerate(values) if value is not None], scale)
        for kind, values in (("bound", bounds), ("exact", exact))
        if any(value is not None for value in values)
    )
    return Plot(width, 230, lines, columns, scale.ticks(), "certified upper bounds and exact values")


Series = tuple[str, dict[str, Fraction]]  # a label, and the value at each place


def fact_plot(name: str, along: str, series: list[Series]) -> Plot | None:
    """A computed number against the naturals, a line for each series; nothing, if there is nothing to compare."""
    places = list(dict.fromkeys(place for _, values in series for place in values))
    known = [value for _, values in series for value in values.values()]
    if len(places) < 3 or len(set(known)) < 2 or max(map(magnitude, known)) > 300:
        return None
    low, high = min(known), max(known)
    logarithmic = low > 0 and high / low > 50
    if logarithmic:
        scale = Scale(logarithm(low), logarithm(high), True)
    else:
        scale = Scale(min(float(low), 0.0), max(float(high), 0.0), False)
    at, by_powers = positions(places, 500 if len(series) < 2 else 440)
    columns = spaced([Mark(x, 212, place, "label") for place, x in at.items()])
    lines = tuple(curve("fact", [(at[p], v) for p, v in values.items()], scale) for _, values in series if values)
    ends = [label for label, values in series if values]
    quoted = f"“{name}”" if " " in name else name
    scales = ", both scales logarithmic" if logarithmic and by_powers else ", logarithmic scale" if logarithmic else ""
    title = f"{quoted} against {along}{scales or (f', the scale of {along} logarithmic' if by_powers else '')}"
    labels = [Mark(line.marks[-1].x + 10, line.marks[-1].y, end, "end") for end, line in zip(ends, lines, strict=True)]
    return Plot(600, 230, lines, columns, scale.ticks(), title, apart(labels) if len(lines) > 1 else ())


def positions(places: list[str], width: float) -> tuple[dict[str, float], bool]:
    """Where the places stand on the axis, and whether on a logarithmic scale; places that are no numbers, evenly."""
    numbers = [float(place) for place in places] if all(place.isdigit() for place in places) else []
    if not numbers or numbers != sorted(numbers):
        numbers = [float(k) for k in range(len(places))]
    even = len({b - a for a, b in pairwise(numbers)}) == 1
    by_powers = not even and numbers[0] > 0 and numbers[-1] > 50 * numbers[0]
    if by_powers:
        numbers = [math.log10(number) for number in numbers]
    scale = width / (numbers[-1] - numbers[0])
    return {p: round(70 + scale * (x - numbers[0]), 1) for p, x in zip(places, numbers, strict=True)}, by_powers


def spaced(marks: list[Mark]) -> tuple[Mark, ...]:
    """Labels below an axis, those left out that would touch the one before."""
    kept: list[Mark] = []
    for mark in marks:
        if not kept or mark.x - kept[-1].x >= 24 + 6 * len(mark.label):
            kept.append(mark)
    return tuple(kept)


def apart(labels: list[Mark]) -> tuple[Mark, ...]:
    """Labels at the ends of lines, moved so far down that none lies on another."""
    placed: list[Mark] = []
    for mark in sorted(labels, key=lambda m: m.y):
        placed.append(replace(mark, y=max(mark.y, placed[-1].y + 20) if placed else mark.y))
    return tuple(placed)


def magnitude(value: Fraction) -> float:
    """The power of ten that a number is about, without its sign; a number below 1 may stand for nothing to draw."""
    return abs(logarithm(abs(value))) if value else 0.0


def logarithm(value: Fraction | float) -> float:
    """To base ten, for numbers beyond the doubles too."""
    exact = Fraction(value)
    return math.log10(exact.numerator) - math.log10(exact.denominator)


@dataclass(frozen=True)
class Scale:
    """From values to heights in the drawing, between 20 and 190."""

    low: float
    high: float
    logarithmic: bool

    def height(self, value: Fraction | float) -> float:
        position = logarithm(value) if self.logarithmic else float(value)
        spread = self.high - self.low or 1.0
        return round(190 - 170 * (position - self.low) / spread, 1)

    def ticks(self) -> tuple[Mark, ...]:
        if self.logarithmic:
            stride = int(round_step(max((self.high - self.low) / 6, 1)))
            powers = [p for p in range(math.ceil(self.low), math.floor(self.high) + 1) if p % stride == 0]
            return tuple(Mark(64, self.height(Fraction(10) ** p), power(p), "tick") for p in powers)
        spread = self.high - self.low or 1.0
        step = round_step(spread / 5)
        values = [k * step for k in range(math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9) + 1)]
        return tuple(Mark(64, self.height(v), short(v, spread), "tick") for v in values)


def round_step(least: float) -> float:
    """The first of 1, 2, 5, 10, 20, 50 and so on (and of 0.5, 0.2 and so on) that is not below."""
    scale = 10.0 ** math.floor(math.log10(least))
    return scale * next(factor for factor in (1, 2, 5, 10) if scale * factor >= least * (1 - 1e-9))


def short(value: float, spread: float) -> str:
    """A number on an axis of this length; what is left of a rounding error is 0."""
    digits = 4 if abs(value) < 10_000 else 6
    return f"{value:.{digits}g}" if abs(value) > 1e-9 * spread else "0"


def power(exponent: int) -> str:
    return f"{10.0**exponent:g}" if -4 <= exponent <= 5 else f"10{str(exponent).translate(RAISED)}"


def curve(kind: str, values: list[tuple[float, Fraction]], scale: Scale) -> Line:
    marks = tuple(Mark(round(x, 1), scale.height(v), str(v)[:80], kind) for x, v in values)
    return Line(kind, " ".join(f"{m.x},{m.y}" for m in marks), marks)
