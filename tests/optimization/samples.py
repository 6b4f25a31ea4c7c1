r"""Explicit functions in several dimensions, and the programs of statements run on them, with code of its own.

Nothing of ``verify.optimization`` is used: this is the oracle of its tests.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

Json = Any
Vector = list[Fraction]


@dataclass(frozen=True)
class Quadratic:
    """1/2 sum d_i x_i^2 + <b, x>, separable so that it is convex exactly if d >= 0."""

    diagonal: Vector
    shift: Vector

    @staticmethod
    def random(seed: int, low: Fraction, high: Fraction, dimension: int = 3) -> Quadratic:
        draw = random.Random(seed)
        diagonal = [low + (high - low) * Fraction(draw.randrange(9), 8) for _ in range(dimension)]
        return Quadratic(diagonal, [Fraction(draw.randrange(-9, 10), 4) for _ in range(dimension)])

    def gradient(self, x: Vector) -> Vector:
        return [d * c + b for d, c, b in zip(self.diagonal, x, self.shift, strict=True)]

    def value(self, x: Vector) -> Fraction:
        return sum((d * c**2 / 2 + b * c for d, c, b in zip(self.diagonal, x, self.shift, strict=True)), Fraction(0))

    def prox(self, x: Vector, step: Fraction) -> Vector:
        return [(c - step * b) / (1 + step * d) for d, c, b in zip(self.diagonal, x, self.shift, strict=True)]

    def minimizer(self) -> Vector:
        return [-b / d for d, b in zip(self.diagonal, self.shift, strict=True)]


@dataclass
class Run:
    """A program with numbers for all that it introduces; ``wrong`` are its relations that do not hold."""

    vectors: dict[str, Vector]
    values: dict[str, Fraction]
    wrong: list[Json]

    def number(self, expression: Json) -> Fraction:
        total = Fraction(0)
        for coefficient, *names in expression:
            term = Fraction(coefficient)
            if len(names) == 1:
                term *= self.values[names[0]]
            if len(names) == 2:
                left, right = (self.vectors[name] for name in names)
                term *= sum((u * v for u, v in zip(left, right, strict=True)), Fraction(0))
            total += term
        return total


def run(program: Json, free: Callable[[str], Vector], functions: Mapping[str, Quadratic], dimension: int = 3) -> Run:
    """Run a program; ``free`` gives the free vectors by name."""
    found = Run({}, {}, [])
    for command in program:
        match command:
            case ["vector", name]:
                found.vectors[name] = free(name)
            case ["let", name, terms]:
                rows = [[Fraction(c) * x for x in found.vectors[v]] for c, v in terms]
                found.vectors[name] = [sum(column, Fraction(0)) for column in zip(*rows, strict=True)] or [
                    Fraction(0)
                ] * dimension
            case ["at", function, x, g, *value]:
                f = functions[function]
                if f.gradient(found.vectors[x]) != found.vectors[g]:
                    found.wrong.append(command)
                for name in value:
                    found.values[name] = f.value(found.vectors[x])
    return found
