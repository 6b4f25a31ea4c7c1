r"""Domains of networks: boxes, all of R^d, and polyhedra, with rational bounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

from verify.errors import NetworkError
from verify.networks.cone import Cone, cut, space
from verify.networks.network import Number, exact

Json = Any
Row = tuple[Fraction, ...]


@dataclass(frozen=True)
class Domain:
    r"""The points $x \in \mathbb{R}^d$ with $a \cdot x + b \ge 0$ for each row $(a, b)$; ``sides`` if it is a box.

    Made by ``box``, ``whole_space`` and ``polyhedron``.
    """

    dimension: int
    rows: tuple[Row, ...]
    sides: tuple[tuple[Fraction, Fraction], ...] = ()

    def json(self) -> Json:
        """As certificates hold it."""
        if self.sides:
            return {"box": [[str(lower), str(upper)] for lower, upper in self.sides]}
        return {"inequalities": [[str(entry) for entry in row] for row in self.rows]}

    def cone(self) -> Cone:
        """Its generators; raises ``NetworkError`` if it has no interior point."""
        cone = space(self.dimension)
        for number, row in enumerate(self.rows, 1):
            common = lcm(*(entry.denominator for entry in row))
            smaller = cut(tuple(int(entry * common) for entry in row), cone)
            if smaller is None:
                raise NetworkError(
                    f"the polyhedron has no interior points: inequality {number} leaves none of those before it; "
                    "cells are counted on domains with interior points only"
                )
            cone = smaller
        return cone


def box(*sides: Sequence[Number]) -> Domain:
    """The product of intervals: ``box((0, 1), (-1, "1/2"))``."""
    pairs = []
    if not sides:
        raise NetworkError("a box needs an interval (lower, upper) for each coordinate")
    for number, side in enumerate(sides, 1):
        if not isinstance(side, tuple | list) or len(side) != 2:
            raise NetworkError(f"side {number} of the box must be a pair (lower, upper), not {str(side)[:80]}")
        lower, upper = exact(side)
        if lower >= upper:
            raise NetworkError(f"side {number} of the box, [{lower}, {upper}], has no interior; give lower < upper")
        pairs.append((lower, upper))
    rows = []
    for k, (lower, upper) in enumerate(pairs):
        unit = tuple(Fraction(i == k) for i in range(len(pairs)))
        rows += [(*unit, -lower), (*(-entry for entry in unit), upper)]
    return Domain(len(pairs), tuple(rows), tuple(pairs))


def whole_space(dimension: int) -> Domain:
    """All of R^d."""
    if dimension < 1:
        raise NetworkError(f"a space needs a positive dimension, not {dimension}")
    return Domain(dimension, ())


def polyhedron(rows: Sequence[Sequence[Number]]) -> Domain:
    r"""The points with $a \cdot x + b \ge 0$ for each row $(a_1, \ldots, a_d, b)$."""
    made = tuple(exact(row) for row in rows)
    if not made or len({len(row) for row in made}) != 1 or len(made[0]) < 2:
        raise NetworkError("a polyhedron needs rows (a_1, ..., a_d, b) of one length; whole_space(d) has no inequality")
    for number, row in enumerate(made, 1):
        if not any(row):
            raise NetworkError(f"inequality {number} of the polyhedron is 0 >= 0; leave it out")
    return Domain(len(made[0]) - 1, made)
