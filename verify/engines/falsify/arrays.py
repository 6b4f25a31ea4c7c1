r"""Vectors and matrices with rational entries, with the operations of the theorem language and no others.

They are tuples, so that equal ones are equal; ``A == 0`` asks whether all entries are.  Whatever the language does not
mean (a vector beside a matrix, a product of two vectors) is a ``TypeError``, and sizes that do not fit a ``ValueError``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

Rational = Any  # int, Fraction, or a rational of FLINT


class Array(tuple[Any, ...]):
    """Entries that are added and scaled one by one: numbers in a vector, rows in a matrix."""

    __slots__ = ()

    def __add__(self, other: Any) -> Self:
        return type(self)(a + b for a, b in self.beside(other))

    def __sub__(self, other: Any) -> Self:
        return type(self)(a - b for a, b in self.beside(other))

    def beside(self, other: Any) -> Iterable[tuple[Any, Any]]:
        if type(other) is not type(self):
            raise TypeError
        return zip(self, other, strict=True)

    def __neg__(self) -> Self:
        return type(self)(-a for a in self)

    def __mul__(self, factor: Any) -> Self:
        if isinstance(factor, Array):
            raise TypeError
        return type(self)(factor * a for a in self)

    __rmul__ = __mul__

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Array):
            if other != 0:
                raise TypeError
            return all(a == 0 for a in self)
        if type(other) is not type(self):
            raise TypeError
        return tuple.__eq__(self, other)

    __hash__ = tuple.__hash__


class Vec(Array):
    """A vector with the operations of the theorem language."""

    __slots__ = ()


class Mat(Array):
    """A matrix, the tuple of its rows."""

    __slots__ = ()

    def __matmul__(self, other: Any) -> Mat:
        if not isinstance(other, Mat):
            raise TypeError
        columns = other.T
        return Mat(Vec(inner(row, column) for column in columns) for row in self)

    @property
    def T(self) -> Mat:
        return Mat(map(Vec, zip(*self, strict=True)))


def inner(left: Any, right: Any) -> Rational:
    """The sum of the products of equal entries."""
    if not isinstance(left, Array):
        raise TypeError
    total: Rational = 0
    for a, b in left.beside(right):
        total = total + (a * b if isinstance(left, Vec) else inner(a, b))
    return total


def square(value: Any) -> Rational:
    return inner(value, value)


def trace(matrix: Any) -> Rational:
    if not isinstance(matrix, Mat) or len(matrix) != len(matrix[0]):
        raise TypeError
    total: Rational = 0
    for number, row in enumerate(matrix):
        total = total + row[number]
    return total
