r"""Instances of a worst case in R^d, a function of one variable for each coordinate.

A sum f(x) = f_1(x_1) + ... + f_d(x_d) has the curvature of its terms, so that instances on lines make one in space: vectors
have the coordinates, values and inner products are sums.  Exact line searches, for one, are slowest on a quadratic whose
curvature is mu in one coordinate and L in another, which no line can show.

The certificate of such an instance is its Gram matrix, which is rational; its coordinates also span what a search for
multipliers has to know of the worst case.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from verify.errors import ProblemError
from verify.optimization.classes import Number
from verify.optimization.line_instances import LineInstance, completed, on_line
from verify.optimization.worst_functions import Interval, PiecewiseQuadratic

if TYPE_CHECKING:
    from verify.kernel.worst_case_function import Instance

Json = Any
Coordinates = Sequence[PiecewiseQuadratic | Interval]


@dataclass(frozen=True)
class SpaceInstance:
    """An instance for each coordinate."""

    lines: tuple[LineInstance, ...]

    def vectors(self, statement: Json) -> dict[str, tuple[Fraction, ...]]:
        """The coordinates of the free vectors."""
        found = [completed(statement, line)["vectors"] for line in self.lines]
        return {name: tuple(Fraction(line[name]) for line in found) for name in found[0]}

    def gram(self, statement: Json) -> Json:
        """The witness of ``worst-case-gram``; raises ``ProblemError`` where a coordinate does not follow the program."""
        parts = [followed(statement, line) for line in self.lines]
        names = [command[1] for command in statement["program"] if command[0] == "vector"]
        products = [[sum(p.vectors[u] * p.vectors[v] for p in parts) for v in names] for u in names]
        values = {name: sum(p.values[name] for p in parts) for name in parts[0].values}
        return {
            "gram": [[str(entry) for entry in row] for row in products],
            "values": {name: str(value) for name, value in values.items()},
        }


def in_space(functions: Coordinates | Mapping[str, Coordinates], /, **points: Sequence[Number]) -> SpaceInstance:
    """An instance in R^d: a list of d functions of one variable (or lists by name), and points with d coordinates.

    in_space([quadratic("1/10"), quadratic(3)], x0=(10, "1/3"), x1=("29/3", "-1/3"))
    """
    named = functions if isinstance(functions, Mapping) else {"": functions}
    lengths = {len(part) for part in (*named.values(), *points.values())}
    if len(lengths) != 1 or lengths == {0}:
        raise ProblemError(
            "functions and points in space need the same number of coordinates, at least one; add what lacks"
        )
    return SpaceInstance(
        tuple(
            on_line({name: part[k] for name, part in named.items()}, **{name: x[k] for name, x in points.items()})
            for k in range(lengths.pop())
        )
    )


def followed(statement: Json, line: LineInstance) -> Instance:
    """The numbers of one coordinate."""
    from verify.kernel.terms import Rejected
    from verify.kernel.worst_case import read
    from verify.kernel.worst_case_function import run

    witness = completed(statement, line)
    try:
        return run(read(statement), witness["functions"], witness["vectors"], witness["values"])
    except Rejected as problem:
        raise ProblemError(f"a coordinate of the worst function is no instance of the problem: {problem}") from None
