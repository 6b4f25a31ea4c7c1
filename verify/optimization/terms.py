r"""Vectors and numbers of a worst case, as an author computes with them.

A vector is a linear combination of the named vectors of a problem, a number is a form of degree two: a constant, values of
functions, inner products.  Both are immutable, all coefficients are rational, and nothing is ever evaluated: a method that
runs on them writes the program of the statement (``verify.optimization.problem``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from verify.errors import ProblemError
from verify.optimization.classes import Number, exact

if TYPE_CHECKING:
    from verify.optimization.problem import Problem

Json = Any
Parts = Mapping[str, Fraction]
Products = Mapping[tuple[str, ...], Fraction]

LONG = 2  # terms of a vector whose square is written out; the square of a longer one is that of a name


@dataclass(frozen=True, eq=False)
class Vector:
    """A linear combination of named vectors: ``x - f.gradient(x) / L``; ``u * v`` is the inner product, ``u**2`` is |u|^2."""

    problem: Problem
    parts: Parts

    def __add__(self, other: Vector) -> Vector:
        if not isinstance(other, Vector):
            raise other_kind("add", self, other)
        return Vector(together(self, other), added(self.parts, other.parts))

    def __radd__(self, other: Any) -> Vector:
        if type(other) is int and other == 0:  # where sum() starts
            return self
        raise other_kind("add", other, self)

    def __neg__(self) -> Vector:
        return type(self)(self.problem, scaled(self.parts, Fraction(-1)))

    def __sub__(self, other: Vector) -> Vector:
        if not isinstance(other, Vector):
            raise other_kind("subtract", self, other)
        return Vector(together(self, other), added(self.parts, scaled(other.parts, Fraction(-1))))

    def __rmul__(self, factor: Number) -> Vector:
        return Vector(self.problem, scaled(self.parts, exact(factor, "a factor of a vector")))

    def __mul__(self, other: Any) -> Any:
        """The inner product with a vector, the multiple by a number."""
        return dot(self, other) if isinstance(other, Vector) else self.__rmul__(other)

    def __truediv__(self, divisor: Number) -> Vector:
        return Vector(self.problem, scaled(self.parts, 1 / nonzero(divisor)))

    def __pow__(self, exponent: int) -> Expression:
        if exponent != 2:
            raise ProblemError(
                f"only the square of a vector is a number that a worst case may have, not the power {exponent}"
            )
        return dot(self, self)

    def __str__(self) -> str:
        return written({(name,): c for name, c in self.parts.items()})


@dataclass(frozen=True, eq=False)
class Expression:
    """A constant, values and inner products with rational coefficients; the keys of ``parts`` have that many names."""

    problem: Problem
    parts: Products

    def __add__(self, other: Any) -> Expression:
        right = expression(self.problem, other)
        return Expression(together(self, right), added(self.parts, right.parts))

    __radd__ = __add__

    def __neg__(self) -> Expression:
        return self * -1

    def __sub__(self, other: Any) -> Expression:
        return self + -expression(self.problem, other)

    def __rsub__(self, other: Any) -> Expression:
        return expression(self.problem, other) + -self

    def __mul__(self, factor: Number) -> Expression:
        if isinstance(factor, Vector | Expression):
            raise other_kind("multiply", self, factor)
        return Expression(self.problem, scaled(self.parts, exact(factor, "a factor of an expression")))

    __rmul__ = __mul__

    def __truediv__(self, divisor: Number) -> Expression:
        return Expression(self.problem, scaled(self.parts, 1 / nonzero(divisor)))

    def __le__(self, other: Any) -> Condition:
        return Condition(expression(self.problem, other) - self)

    def __ge__(self, other: Any) -> Condition:
        return Condition(self - other)

    def json(self) -> Json:
        """The list of terms, as a statement holds it."""
        return [[str(c), *names] for names, c in self.parts.items()]

    def __str__(self) -> str:
        return written(self.parts)


@dataclass(frozen=True, eq=False)
class Condition:
    """That an expression is at least 0."""

    expression: Expression

    def __bool__(self) -> bool:
        raise ProblemError("a condition on vectors is neither true nor false; hand it to problem.assume(...)")


def dot(u: Vector, v: Vector) -> Expression:
    """The inner product."""
    problem = together(u, v)
    left, right = (problem.short(w).parts if len(w.parts) > LONG else w.parts for w in (u, v))
    found: dict[tuple[str, ...], Fraction] = {}
    for a, c in left.items():
        for b, d in right.items():
            key = (a, b) if a <= b else (b, a)
            found[key] = found.get(key, Fraction(0)) + c * d
    return Expression(problem, {key: c for key, c in found.items() if c})


def sq(u: Vector) -> Expression:
    """|u|^2"""
    return dot(u, u)


def expression(problem: Problem, value: Any) -> Expression:
    """A number as a constant expression; an expression as it is."""
    if isinstance(value, Expression):
        return value
    if isinstance(value, Vector):
        raise ProblemError(f"{value} is a vector where a number is needed; write sq(v) or dot(u, v)")
    number = exact(value, "a term of an expression")
    return Expression(problem, {(): number} if number else {})


def added(left: Mapping[Any, Fraction], right: Mapping[Any, Fraction]) -> dict[Any, Fraction]:
    found = dict(left)
    for name, c in right.items():
        total = found.pop(name, Fraction(0)) + c
        if total:
            found[name] = total
    return found


def scaled(parts: Mapping[Any, Fraction], factor: Fraction) -> dict[Any, Fraction]:
    return {name: factor * c for name, c in parts.items()} if factor else {}


def nonzero(divisor: Any) -> Fraction:
    if isinstance(divisor, Vector | Expression):
        raise ProblemError("a worst case divides by rational numbers only, not by what depends on the vectors")
    found = exact(divisor, "a divisor")
    if not found:
        raise ProblemError("a division by zero; check the step sizes and the number of steps")
    return found


def together(left: Vector | Expression, right: Vector | Expression) -> Problem:
    if left.problem is not right.problem:
        raise ProblemError(f"{left} and {right} belong to two problems; make both from one Problem()")
    return left.problem


def other_kind(verb: str, left: Any, right: Any) -> ProblemError:
    names = {Vector: "a vector", Expression: "an expression (a number)"}
    kinds = " and ".join(names.get(type(side), f"{str(side)[:40]!r}") for side in (left, right))
    return ProblemError(f"cannot {verb} {kinds}; write sq(v) or dot(u, v) for numbers that come from vectors")


def written(parts: Mapping[tuple[str, ...], Fraction]) -> str:
    """For messages: 1/2 <x0, x1> - f_x0."""
    if not parts:
        return "0"
    terms = []
    for names, c in parts.items():
        body = f"|{names[0]}|^2" if len(names) == 2 and names[0] == names[1] else f"<{', '.join(names)}>"
        body = body if len(names) == 2 else "".join(names)
        size = f"{abs(c)} " if abs(c) != 1 or not body else ""
        terms.append(("- " if c < 0 else "+ ") + (size + body).strip())
    text = " ".join(terms)
    return text[2:] if text.startswith("+ ") else "-" + text[2:]
