r"""Structured points: small naturals, simple rationals, and the numbers that the statement itself mentions.

Most false statements fail at a corner, at a breakpoint or at a midpoint.  Points are drawn from pools of such numbers
with a generator that is seeded by the statement, so the same statement meets the same points everywhere.  Equations
among the hypotheses would almost never hold by chance; they are solved for a variable that occurs linearly.
"""

from __future__ import annotations

import ast
import random
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from verify.engines.falsify.dimensions import filled, zero
from verify.engines.falsify.points import Decider, Number, Point, sizes_of
from verify.kernel import digest
from verify.kernel.formulas import syntax
from verify.kernel.terms import VECTORS, shape

SIMPLE = [Fraction(n, d) for d in (1, 2, 3, 4, 8) for n in range(-d * 2, d * 2 + 1)]
FAR = [Fraction(sign * 10**e) for sign in (1, -1) for e in (1, 2, 3, 6)]
BINARY64 = [Fraction(sign) * Fraction(2) ** e for sign in (1, -1) for e in (53, 54, 60, -53, -60, 100, -1000, -1074)]
BINARY64 += [Fraction(sign * 10**16) for sign in (1, -1)]
LARGEST = Fraction(sys.float_info.max)
SPARSE = [Fraction(n) for n in (0, 0, 1, -1)]  # entries of most matrices: products and equations of these often vanish


@dataclass
class Sampler:
    """Draws points for a statement; ``size`` bounds naturals and the length of tables."""

    decider: Decider
    size: int = 8
    random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.random = random.Random(digest(self.decider.statement))
        self.pool = self.numbers()
        self.equations = equations_of(self.decider.statement["theorem"]["hypotheses"], numbers_of(self.decider))
        self.spaces = sizes_of(self.decider, (2,))
        self.sizes = self.spaces[0]

    def numbers(self) -> list[Fraction]:
        """The reals to draw from: simple ones, those in the text of the statement, and values beside these."""
        texts = re.findall(
            r"\d+(?: / \d+)?", str(self.decider.statement["definitions"]) + str(self.decider.statement["theorem"])
        )
        named = {Fraction(text.replace(" ", "")) for text in texts if not text.endswith("/ 0")}
        beside = {n + sign * Fraction(1, 64) for n in named for sign in (1, -1)} | {-n for n in named}
        pool = [*SIMPLE, *FAR, *sorted(named | beside)]
        if self.decider.arithmetic == "binary64":
            pool = [n for n in pool + BINARY64 if abs(n) <= LARGEST and Fraction(float(n)) == n]
        return pool

    def number(self, sort: str) -> Number:
        if sort == "nat":
            return Fraction(min(self.random.randrange(self.size + 1), self.random.randrange(self.size + 1)))
        if shape(sort) is not None:
            entries = self.pool if sort == VECTORS or self.random.random() < 0.25 else SPARSE
            return filled(sort, self.sizes, lambda: self.random.choice(entries))  # type: ignore[no-any-return]
        return self.random.random() < 0.5 if sort == "prop" else self.random.choice(self.pool)

    def table(
        self, sorts: tuple[str, ...], variables: Mapping[str, Number]
    ) -> tuple[dict[tuple[Number, ...], Number], Number]:
        """A parameter: arbitrary on small naturals and zero elsewhere, or arbitrary at the values of variables."""
        *arguments, sort = sorts
        default: Number = zero(sort, self.sizes)
        values: dict[tuple[Number, ...], Number] = {}
        if not arguments:
            values[()] = self.number(sort)
        elif all(a == "nat" for a in arguments):
            for _ in range(self.random.randrange(2 * self.size)):
                values[tuple(Fraction(self.random.randrange(self.size)) for _ in arguments)] = self.number(sort)
        else:
            default = self.number(sort)
            for _ in range(self.random.randrange(3)):
                values[tuple(self.argument(a, variables) for a in arguments)] = self.number(sort)
        return values, default

    def argument(self, sort: str, variables: Mapping[str, Number]) -> Number:
        """An argument of a function: the value of a variable, if one has the sort."""
        known = [variables[v] for v, s in self.decider.fact.variables if s == sort]
        return self.random.choice(known) if known else self.number(sort)

    def draw(self) -> Point:
        variables = {variable: self.number(sort) for variable, sort in self.decider.fact.variables}
        point = Point(variables, {name: self.table(sorts, variables) for name, sorts in self.decider.sorts.items()})
        for left, right, candidates in self.equations:
            point = self.solved(point, left, right, candidates)
        return point

    def solved(self, point: Point, left: ast.expr, right: ast.expr, candidates: list[str]) -> Point:
        """Change one variable so that an equation holds, if it occurs linearly."""
        sorts = dict(self.decider.fact.variables)
        for variable in candidates:
            at = []
            for value in (Fraction(0), Fraction(1)):
                trial = point.with_variable(variable, value)
                a, b = self.decider.terms(trial, left, right)
                if a is None or b is None:
                    break
                at.append(a - b)
            if len(at) == 2 and at[0] != at[1]:
                value = at[0] / (at[0] - at[1])
                if sorts[variable] != "nat" or (value.denominator == 1 and 0 <= value <= 4 * self.size):
                    return point.with_variable(variable, value)
        return point


def numbers_of(decider: Decider) -> set[str]:
    return {variable for variable, sort in decider.fact.variables if sort in ("nat", "real")}


def equations_of(hypotheses: list[str], numbers: set[str]) -> list[tuple[ast.expr, ast.expr, list[str]]]:
    """The equations among hypotheses, and the numbers that stand in them outside of applications, last ones first."""
    found = []
    for text in hypotheses:
        match syntax(text):
            case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
                names = [n for side in (right, left) for n in plain_names(side) if n in numbers]
                found.append((left, right, list(dict.fromkeys(reversed(names)))))
    return found


def plain_names(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Name):
        yield node.id
    elif not isinstance(node, ast.Call):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                yield from plain_names(child)


@dataclass(frozen=True)
class Found:
    """What a run over points gave: a counterexample, a satisfying instance, and how many points were effective."""

    counterexample: Point | None
    instance: Point | None
    tried: int
    effective: int


def run(decider: Decider, *, points: int = 3000) -> Found:
    """Evaluate at structured points until one refutes the statement, or the effort is spent.

    Under assumptions no point shows anything: nobody can evaluate whether they hold there.
    """
    if decider.assumptions:
        return Found(None, None, 0, 0)
    instance, effective, sampler = None, 0, Sampler(decider)
    for number in range(points):
        if decider.exhausted:
            return Found(None, instance, number, effective)
        sampler.size = (2, 3, 5, 8, 12)[number % 5]
        sampler.sizes = sampler.spaces[number % len(sampler.spaces)]
        point = sampler.draw()
        decided = decider(point)
        if decided is None or not decided[0]:
            continue
        effective += 1
        instance = instance or (point if decider.satisfied_at(point) else None)
        if decided[1] is False:
            return Found(point, instance, number + 1, effective)
    return Found(None, instance, points, effective)
