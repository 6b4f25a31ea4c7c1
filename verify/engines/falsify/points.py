r"""Points: an assignment of the variables and parameters of a theorem, and the exact decision of the theorem there.

A point is the kernel's JSON (exact numbers as strings, parameters as finite tables); ``Decider`` evaluates with the
kernel's evaluator, so a candidate that it calls a counterexample is one.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar

from verify.engines.falsify.dimensions import CHOICES, choices, dimensions
from verify.engines.falsify.screening import Screen
from verify.kernel import FORMAT, Rejected
from verify.kernel.certificate import read_statement
from verify.kernel.evaluation import MAX_OPERATIONS, Evaluator, Value, decide, read_point
from verify.kernel.terms import VECTORS

Json = Any
EFFORT = 200_000  # operations of exact arithmetic, the deterministic measure of effort
LARGEST_POINT = (
    50_000  # operations at one point: recursion that explodes is met at many points, and simpler ones show more
)
SPEED = 8  # operations of the screen that are worth one of the kernel's evaluator
Number = Fraction | tuple[Fraction, ...] | tuple[tuple[Fraction, ...], ...] | bool
Found = TypeVar("Found")


@dataclass(frozen=True)
class Point:
    """Values of the variables, and tables of the parameters with a default for all other arguments."""

    variables: Mapping[str, Number]
    parameters: Mapping[str, tuple[Mapping[tuple[Number, ...], Number], Number]]

    def json(self) -> Json:
        tables = {
            name: {
                "values": [[[text(a) for a in key], text(v)] for key, v in sorted(values.items())],
                "default": text(default),
            }
            for name, (values, default) in self.parameters.items()
        }
        return {"variables": {name: text(value) for name, value in self.variables.items()}, "parameters": tables}

    def with_variable(self, name: str, value: Number) -> Point:
        return Point({**self.variables, name: value}, self.parameters)


def text(value: Number) -> Json:
    if isinstance(value, tuple):
        return [text(entry) for entry in value]
    return value if isinstance(value, bool) else str(value)


@dataclass
class Decider:
    """Decides a theorem at points, exactly."""

    statement: Json
    largest: int = LARGEST_POINT  # operations that one point may take

    def __post_init__(self) -> None:
        self.theory, self.fact, self.sorts, self.assumptions = read_statement(self.statement)
        self.arithmetic: str = self.statement["arithmetic"]
        self.operations, self.limit = 0, EFFORT
        self.screen = Screen(self.theory, self.fact, self.sorts) if self.arithmetic == "exact" else None

    def allow(self, operations: int = EFFORT) -> None:
        """Let the next falsifier spend this many operations; a point beyond them has no value."""
        self.limit = self.operations + operations

    @property
    def exhausted(self) -> bool:
        return self.operations > self.limit

    def __call__(self, point: Point) -> tuple[bool, bool | None] | None:
        """Whether the hypotheses hold and the conclusion does; None where the statement has no value.

        What refutes the theorem is decided by the kernel's evaluator, the rest as a rule by the screen.
        """
        screened = self.screened(point)
        return screened if screened not in (None, (True, False)) else self.decided(point)

    def screened(self, point: Point) -> tuple[bool, bool | None] | None:
        if self.screen is None or self.exhausted:
            return None
        decided = self.screen.decide(point.variables, point.parameters)
        self.operations += self.screen.spent[0] // SPEED if decided is not None else 0
        return decided

    def decided(self, point: Point) -> tuple[bool, bool | None] | None:
        """The same by the kernel's evaluator."""
        return self.evaluated(point, lambda evaluator, names: decide(evaluator, self.fact, names))

    def terms(self, point: Point, *nodes: ast.expr) -> tuple[Fraction | None, ...]:
        """The values of terms at a point, as far as they are numbers."""

        screened = self.screen.terms(point.variables, point.parameters, nodes) if self.screen is not None else None
        if self.screen is not None and screened is not None:
            self.operations += self.screen.spent[0] // SPEED
            return tuple(screened)

        def values(evaluator: Evaluator, names: Mapping[str, Value]) -> tuple[Value, ...]:
            return tuple(evaluator.term(node, names) for node in nodes)

        found = self.evaluated(point, values) or (None,) * len(nodes)
        return tuple(value if isinstance(value, Fraction) else None for value in found)

    def evaluated(self, point: Point, what: Callable[[Evaluator, Mapping[str, Value]], Found]) -> Found | None:
        """Something evaluated at a point, counting the operations; None if it has no value, or is beyond the effort."""
        if self.exhausted:
            return None
        try:
            evaluator, names = read_point(self.theory, self.sorts, self.fact, self.arithmetic, point.json())
        except (Rejected, ValueError):  # Python writes no number of more than 4300 digits
            return None
        evaluator.operations = start = MAX_OPERATIONS - self.largest  # at MAX_OPERATIONS the evaluator gives up
        try:
            return what(evaluator, names)
        except (Rejected, RecursionError):
            return None
        finally:
            evaluator.operations -= start
            self.operations += evaluator.operations

    def refuted_at(self, point: Point) -> bool:
        return not self.assumptions and self(point) == (True, False)

    def satisfied_at(self, point: Point) -> bool:
        decided = None if self.assumptions else self.decided(point)
        return decided is not None and decided[0]

    def certificate(self, kind: str, point: Point) -> Json:
        """The certificate of kind ``counterexample`` or ``instance`` for a point."""
        return {"format": FORMAT, "kind": kind, "statement": self.statement, "witness": point.json()}


def dimensions_of(decider: Decider) -> tuple[str, ...]:
    """The dimensions of all values that a point gives, so that their sizes have to be chosen."""
    variables = [sort for _, sort in decider.fact.variables]
    return dimensions([*variables, *(sort for sorts in decider.sorts.values() for sort in sorts)])


def sizes_of(decider: Decider, vectors: tuple[int, ...], count: int = CHOICES) -> list[dict[str, int]]:
    """Sizes to be tried: ``vectors`` for the space of the vectors, small ones for the dimensions of matrices."""
    names = dimensions_of(decider)
    matrices = choices((name for name in names if name != VECTORS), count=count)
    if VECTORS not in names:
        return matrices
    return [{**sizes, VECTORS: size} for sizes in matrices for size in vectors]
