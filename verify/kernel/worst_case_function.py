r"""An explicit instance of a worst case on the real line: functions, operators and points, all rational.

The real line is a Hilbert space of dimension one.  So a ``worst_case`` is refuted by functions of the classes and numbers
for the free vectors and values at which its program runs, every condition holds, and min performance > rate * initial; and
it is attained by such an instance with initial > 0 and min performance >= rate * initial.  No interpolation theorem is used.

**Functions.**  A function f is given by its derivative, which is piecewise affine: knots t_0 < ... < t_n, each with the
derivatives from the left and from the right, affine between them, and the two slopes beyond the ends; and the value f(t_0).
Its subgradients at x (its Clarke subgradients; with f - mu/2 x^2 convex, those of the class) are the numbers between the two
derivatives.  Membership is read off the slopes s of the pieces and the jumps j of the derivative:

    curvature:  mu <= s, 0 <= j, and s <= L, j = 0 unless L is infinite;  M: no slope beyond the ends, |derivatives| <= M
    quadratic:  one slope, mu <= s <= L, and no jump

since f - mu/2 x^2 is convex exactly if its derivative does not decrease.  The least value is at a knot or where the derivative
passes through 0, or there is none.  The graph of an operator is given in the same way, as that of a derivative:

    operator:   mu: mu <= s, 0 <= j;   beta: 0 <= s <= 1/beta, j = 0;   L: |s| <= L, j = 0

which are the inequalities between two points of the graph, summed along it.  A closed convex set is an interval, whose ends
may be infinite; the normal cone at a point of it is 0, and beyond that the outward numbers at an end.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import prod
from typing import Any

from verify.kernel.finding import Finding
from verify.kernel.interpolation import Form, Function
from verify.kernel.terms import need, rational
from verify.kernel.theory import fields, listed
from verify.kernel.worst_case import Question, read

Json = Any


@dataclass(frozen=True)
class Graph:
    """A piecewise affine derivative: (place, from the left, from the right) at the knots, and the slopes beyond them."""

    knots: tuple[tuple[Fraction, Fraction, Fraction], ...]
    ends: tuple[Fraction, Fraction]
    start: Fraction  # the value of the function at the first knot

    @staticmethod
    def of(value: Json) -> Graph:
        knots, ends, start = fields(value, "knots", "ends", "value")
        rows = tuple(tuple(map(rational, listed(row, 3))) for row in listed(knots))
        need(rows, "a function needs a knot")
        need(all(a[0] < b[0] for a, b in pairwise(rows)), "the knots are not in increasing order")
        low, high = map(rational, listed(ends, 2))
        return Graph(rows, (low, high), rational(start))  # type: ignore[arg-type]

    @property
    def slopes(self) -> list[Fraction]:
        between = [(b[1] - a[2]) / (b[0] - a[0]) for a, b in pairwise(self.knots)]
        return [self.ends[0], *between, self.ends[1]]

    @property
    def jumps(self) -> list[Fraction]:
        return [right - left for _, left, right in self.knots]

    def contains(self, x: Fraction, g: Fraction) -> bool:
        """Whether g is a subgradient at x."""
        at = next((row for row in self.knots if row[0] == x), None)
        if at is not None:
            return min(at[1:]) <= g <= max(at[1:])
        t, derivative, slope, _ = self.piece(x)
        return g == derivative + slope * (x - t)

    def value(self, x: Fraction) -> Fraction:
        t, derivative, slope, below = self.piece(x)
        return below + derivative * (x - t) + slope * (x - t) ** 2 / 2

    def piece(self, x: Fraction) -> tuple[Fraction, Fraction, Fraction, Fraction]:
        """The knot before x (the first one, if there is none), the derivative towards x, the slope, the value there."""
        (t, left, right), below = self.knots[0], self.start
        if x < t:
            return t, left, self.ends[0], below
        for (after, arriving, leaving), slope in zip(self.knots[1:], self.slopes[1:], strict=False):
            if x < after:
                return t, right, slope, below
            below += (right + arriving) / 2 * (after - t)
            t, right = after, leaving
        return t, right, self.ends[1], below

    def infimum(self) -> Fraction | None:
        """The least value; None if the function is not bounded below."""
        (first, left, _), (last, _, right) = self.knots[0], self.knots[-1]
        low, high = self.ends
        if min(low, high) < 0 or (low == 0 and left > 0) or (high == 0 and right < 0):
            return None
        places = [t for t, _, _ in self.knots]
        places += [first - left / low] if left > 0 else []
        places += [last - right / high] if right < 0 else []
        places += [a[0] - a[2] * (b[0] - a[0]) / (b[1] - a[2]) for a, b in pairwise(self.knots) if a[2] < 0 < b[1]]
        return min(map(self.value, places))


@dataclass(frozen=True)
class Interval:
    """A closed convex set on the line; None is infinite."""

    low: Fraction | None
    high: Fraction | None

    @staticmethod
    def of(value: Json) -> Interval:
        (ends,) = fields(value, "interval")
        low, high = (None if end is None else rational(end) for end in listed(ends, 2))
        need(low is None or high is None or low <= high, "the interval is empty")
        return Interval(low, high)

    def contains(self, x: Fraction, g: Fraction) -> bool:
        """Whether x is in the set, and g in its normal cone there."""
        inside = (self.low is None or self.low <= x) and (self.high is None or x <= self.high)
        return inside and (g == 0 or (x == self.high if g > 0 else x == self.low))

    def within(self, width: Fraction) -> bool:
        return self.low is not None and self.high is not None and self.high - self.low <= width


def member(name: str, function: Function, value: Json) -> Graph | Interval:
    """The function, operator or set, if it is of the class."""
    parameters = function.parameters
    if function.kind == "indicator":
        interval = Interval.of(value)
        need("D" not in parameters or interval.within(parameters["D"]), "the diameter of", name, "is too large")
        return interval
    graph = Graph.of(value)
    slopes, jumps = graph.slopes, graph.jumps
    low, high = limits(function)
    need(
        low is None or (low <= min(slopes) and min(jumps) >= 0), "the derivative of", name, "rises slower than by", low
    )
    need(
        high is None or (max(slopes) <= high and not any(jumps)),
        "the derivative of",
        name,
        "rises faster than by",
        high,
    )
    need(function.kind != "quadratic" or len(set(slopes)) == 1, name, "is not quadratic")
    if "M" in parameters:
        largest = max(abs(derivative) for knot in graph.knots for derivative in knot[1:])
        need(not any(graph.ends) and largest <= parameters["M"], "a subgradient of", name, "exceeds", parameters["M"])
    return graph


def limits(function: Function) -> tuple[Fraction | None, Fraction | None]:
    """Between what numbers the slopes of a class are; None is infinite."""
    parameters = function.parameters
    low, high = ([parameters[name]] if name in parameters else [] for name in ("mu", "L"))
    if function.kind == "operator":
        low += [-bound for bound in high]
        if "beta" in parameters:
            low.append(Fraction(0))
            high += [1 / parameters["beta"]] if parameters["beta"] else []
    return max(low, default=None), min(high, default=None)


def decide(statement: Json, witness: Json) -> Finding:
    """Whether the instance refutes the rate, or attains it, whichever was asked."""
    question = read(statement)
    instance = run(question, *fields(witness, "functions", "vectors", "values"))
    need(all(instance.number(form) >= 0 for form in question.conditions), "a condition does not hold")
    need(all(instance.number(form) == 0 for form in question.equations), "an equation does not hold")
    performance, initial = min(map(instance.number, question.performance)), instance.number(question.initial)
    bound = question.rate * initial
    if question.attained:
        need(initial > 0, "the initial quantity is not positive:", initial)
        need(performance >= bound, "the performance", performance, "is less than", bound)
    else:
        need(performance > bound, "the performance", performance, "is not more than", bound)
    facts = (("performance", str(performance)), ("initial", str(initial)))
    return Finding(question.attained, len(question.commands), facts)


@dataclass(frozen=True)
class Instance:
    """The number that each vector and each value is."""

    vectors: dict[str, Fraction]
    values: dict[str, Fraction]

    def number(self, form: Form) -> Fraction:
        total = Fraction(0)
        for names, coefficient in form.items():
            known = self.values if len(names) == 1 else self.vectors
            total += prod((known[name] for name in names), start=coefficient)
        return total


def run(question: Question, functions: Json, vectors: Json, values: Json) -> Instance:
    """The program, on the line; exactly the functions, free vectors and free values are given."""
    free = dict(zip(question.basis, map(rational, fields(vectors, *question.basis)), strict=True))
    line = {name: sum((c * free[v] for v, c in row.items()), Fraction(0)) for name, row in question.vectors.items()}
    known = {point.value for function in question.functions.values() for point in function.points}
    given = [name for name in question.values if name not in known]
    found = dict(zip(given, map(rational, fields(values, *given)), strict=True))
    for (name, function), text in zip(question.functions.items(), fields(functions, *question.functions), strict=True):
        graph = member(name, function, text)
        for point in function.points:
            x, g = line[point.x], line[point.g]
            need(graph.contains(x, g), point.g, "is not a (sub)gradient or image of", name, "at", point.x)
            found |= {point.value: graph.value(x)} if isinstance(graph, Graph) and point.value else {}
        least = graph.infimum() if isinstance(graph, Graph) and function.lower else None
        need(all(least is not None and found[bound] <= least for bound in function.lower), name, "is below its bound")
    return Instance(line, found)
