r"""Z3 as a falsifier: the negated theorem at small naturals, everything real left symbolic.

For each choice of small naturals the recursion unfolds and the negation of the theorem becomes a formula of nonlinear
real arithmetic.  Where an arbitrary function to the naturals, such as the widths of a network, decides how far a
recursion goes, it is also tried as a small constant, in search of counterexamples only.  A model is a candidate that is replayed exactly.  ``unsat`` is a solver's word without a certificate:
it is recorded as *computed*, for these naturals, if the hypotheses can hold there at all.  Vectors are tried in the
plane and in space, matrices with all dimensions 1 and with all dimensions 2, and ``unsat`` in these says nothing of
other dimensions.  Z3's own resource limit is deterministic and decides; its clock is
only a second line of defence.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice, product
from typing import Any

from verify.engines.falsify.dimensions import filled, zero
from verify.engines.falsify.points import Decider, Number, Point, sizes_of
from verify.kernel.terms import shape
from verify.theory.interpret import Interpreter, TooLarge

Json = Any
VECTORS = (2, 3)  # dimensions of the vectors that Z3 is asked about
MATRICES = 2  # choices of sizes of matrices: all 1, all 2
CONSTANTS = (1, 2)  # values of natural-valued functions where recursion needs to know them
CONSTANT_QUERIES = 8
RLIMIT = 3_000_000  # Z3's resources for one query
QUICK = 300_000  # the same while nobody has tried a proof: of 56 shipped mutants that Z3 refutes, 54 need less in all
PATIENCE = 3  # queries in a row that Z3 gives up, after which it is asked no more: larger naturals are not easier


class Z3Algebra:
    """Real arithmetic as Z3 expressions."""

    def __init__(self) -> None:
        import z3

        self.z3 = z3

    def number(self, value: Fraction) -> Any:
        return self.z3.RealVal(str(value))

    def add(self, a: Any, b: Any) -> Any:
        return a + b

    def multiply(self, a: Any, b: Any) -> Any:
        return a * b

    def compare(self, relation: str, a: Any, b: Any) -> Any:
        return {">=": a >= b, "<=": a <= b, ">": a > b, "<": a < b, "==": a == b}[relation]

    def both(self, a: Any, b: Any) -> Any:
        return self.z3.And(a, b)

    def either(self, a: Any, b: Any) -> Any:
        return self.z3.Or(a, b)

    def negate(self, a: Any) -> Any:
        return self.z3.Not(a)

    def choose(self, condition: Any, then: Any, otherwise: Any) -> Any:
        return self.z3.If(condition, then, otherwise)


@dataclass(frozen=True)
class Answer:
    """What Z3 said for the naturals it was asked about; those at which the hypotheses cannot hold are left out."""

    counterexample: Point | None = None
    instance: Point | None = None
    unsatisfiable: tuple[dict[str, int], ...] = ()
    undecided: tuple[dict[str, int], ...] = ()
    complete: bool = False  # no natural and no dimension was fixed: unsat speaks of all points
    rlimit: int = 0


@dataclass
class Record:
    """What becomes an answer, query by query."""

    instance: Point | None = None
    unsatisfiable: list[dict[str, int]] = field(default_factory=list)
    undecided: list[dict[str, int]] = field(default_factory=list)
    rlimit: int = 0
    given_up: int = 0  # queries in a row, up to the last one

    @property
    def hopeless(self) -> bool:
        return self.given_up >= PATIENCE

    def answer(self, counterexample: Point | None, complete: bool) -> Answer:
        return Answer(
            counterexample, self.instance, tuple(self.unsatisfiable), tuple(self.undecided), complete, self.rlimit
        )


@dataclass
class Query:
    """The negated theorem at one choice of naturals."""

    decider: Decider
    naturals: dict[str, int]
    sizes: Mapping[str, int] = field(default_factory=dict)  # of the dimensions
    constant: int | None = None  # the value of all arbitrary functions to the naturals, if it is fixed
    unknowns: dict[str, dict[tuple[int, ...], Any]] = field(default_factory=dict)
    conditions: list[Any] = field(default_factory=list)

    def build(self) -> tuple[Any, Any, dict[str, Any]]:
        """The hypotheses, the negation of the conclusion, and the variables."""
        import z3

        algebra = Z3Algebra()
        names: dict[str, Any] = dict(self.naturals)
        for variable, sort in self.decider.fact.variables:
            if sort == "real":
                names[variable] = z3.Real(variable)
            elif shape(sort) is not None:
                names[variable] = self.entries(variable, sort)
        parameters = {name: self.unknown(name, sorts) for name, sorts in self.decider.sorts.items()}
        interpreter = Interpreter.of(self.decider.statement, algebra, parameters, 20_000)
        hypotheses, conclusion = interpreter.theorem(self.decider.statement, names)
        return hypotheses, interpreter.negate(conclusion), names

    def check(
        self, formulas: list[Any], names: dict[str, Any], limits: tuple[int, int], record: Record
    ) -> tuple[Any, Point | None]:
        """The answer of a new solver, which knows more methods than one that is used twice, and its model."""
        import z3

        solver = z3.Solver()
        before = resources(solver)
        solver.set("rlimit", limits[0])
        solver.set("timeout", limits[1])
        solver.add(*formulas, *self.conditions)
        said = solver.check()
        record.rlimit += resources(solver) - before
        record.given_up = record.given_up + 1 if said == z3.unknown else 0
        return said, self.point(solver.model(), names) if said == z3.sat else None

    def entries(self, label: str, sort: str) -> Any:
        """A vector or a matrix of unknowns."""
        import z3

        numbers = itertools.count()
        return filled(sort, self.sizes, lambda: z3.Real(f"{label}.{next(numbers)}"))

    def unknown(self, name: str, sorts: tuple[str, ...]) -> Any:
        """An arbitrary function as one unknown for each argument tuple that occurs."""
        import z3

        values = self.unknowns.setdefault(name, {})

        def value(*arguments: Any) -> Any:
            if not all(isinstance(a, int) for a in arguments):
                raise TooLarge(f"{name} has arguments that are not naturals")
            if self.constant is not None and sorts[-1] == "nat":
                return values.setdefault(arguments, self.constant)
            if arguments not in values:
                label = f"{name}({', '.join(map(str, arguments))})"
                sort = sorts[-1]
                if shape(sort) is not None:
                    values[arguments] = self.entries(label, sort)
                elif sort != "nat":
                    values[arguments] = z3.Bool(label) if sort == "prop" else z3.Real(label)
                else:
                    values[arguments] = z3.ToReal(z3.Int(label))
                    self.conditions.append(z3.Int(label) >= 0)
            return values[arguments]

        return value

    def point(self, model: Any, names: dict[str, Any]) -> Point:
        variables: dict[str, Number] = {v: Fraction(n) for v, n in self.naturals.items()}
        variables |= {v: rational(model, e) for v, e in names.items() if v not in self.naturals}
        tables: dict[str, tuple[dict[tuple[Number, ...], Number], Number]] = {}
        for name, sorts in self.decider.sorts.items():
            default: Number = zero(sorts[-1], self.sizes)
            found = {tuple(Fraction(a) for a in k): rational(model, e) for k, e in self.unknowns.get(name, {}).items()}
            tables[name] = ({key: value for key, value in found.items() if value != default}, default)
        return Point(variables, tables)


def rational(model: Any, expression: Any) -> Number:
    """The value of an expression in a model; an algebraic number is approximated, the exact replay decides."""
    import z3

    if isinstance(expression, int):
        return Fraction(expression)
    if isinstance(expression, tuple):
        return tuple(rational(model, entry) for entry in expression)  # type: ignore[return-value]
    value = model.eval(expression, model_completion=True)
    if z3.is_bool(value):
        return bool(z3.is_true(value))
    if z3.is_algebraic_value(value):
        value = value.approx(20)
    return Fraction(value.numerator_as_long(), value.denominator_as_long())


def small_naturals(variables: list[str], largest: int, count: int) -> Iterator[dict[str, int]]:
    """Choices of small naturals, by growing sum."""
    length = len(variables)
    choices = (choice for total in range(largest * length + 1) for choice in summing(total, length, largest))
    return (dict(zip(variables, choice, strict=True)) for choice in islice(choices, count))


def summing(total: int, length: int, largest: int) -> Iterator[tuple[int, ...]]:
    """The tuples of naturals up to ``largest`` that have this sum and length, in lexicographic order."""
    if not length:
        yield from [()] if total == 0 else []
        return
    for first in range(max(0, total - largest * (length - 1)), min(total, largest) + 1):
        for rest in summing(total - first, length - 1, largest):
            yield (first, *rest)


def run(
    decider: Decider, *, rlimit: int = RLIMIT, milliseconds: int = 3000, largest: int = 3, count: int = 12
) -> Answer:
    """Look for a counterexample at small naturals."""
    if decider.assumptions or decider.arithmetic != "exact":
        return Answer()
    variables, spaces = [v for v, sort in decider.fact.variables if sort == "nat"], sizes_of(decider, VECTORS, MATRICES)
    record, sized = Record(), bool(spaces[0])
    for naturals in small_naturals(variables, largest, count):
        if record.hopeless:
            break
        said = ""
        for sizes in spaces:
            said, point = ask(Query(decider, naturals, sizes), record, (rlimit, milliseconds))
            if point is not None:
                return record.answer(point, False)
        if sized or said == "undecided":
            record.undecided.append(naturals)
        elif said == "unsatisfiable":
            record.unsatisfiable.append(naturals)
    if any(sorts[-1] == "nat" for sorts in decider.sorts.values()):
        record.given_up = 0
        for naturals, value in product(small_naturals(variables, largest, CONSTANT_QUERIES), CONSTANTS):
            if record.hopeless:
                break
            _, point = ask(Query(decider, naturals, spaces[0], constant=value), record, (rlimit, milliseconds // 3))
            if point is not None:
                return record.answer(point, False)
    complete = not variables and not decider.sorts and not sized
    return record.answer(None, complete)


def ask(query: Query, record: Record, limits: tuple[int, int]) -> tuple[str, Point | None]:
    """What Z3 says of one query, and a counterexample; unsat counts only where the hypotheses can hold."""
    import z3

    decider = query.decider
    try:
        hypotheses, violation, names = query.build()
        said, point = query.check([hypotheses, violation], names, limits, record)
        if said == z3.unsat:
            possible, instance = query.check([hypotheses], names, limits, record)
            if instance is not None and record.instance is None and decider.satisfied_at(instance):
                record.instance = instance
            return {"sat": "unsatisfiable", "unsat": "vacuous"}.get(str(possible), "undecided"), None
    except (TooLarge, RecursionError, z3.Z3Exception):
        return "undecided", None
    if point is None:
        return "undecided", None
    if record.instance is None and decider.satisfied_at(point):
        record.instance = point
    return "undecided", point if decider.refuted_at(point) else None


def find_instance(decider: Decider, *, rlimit: int = RLIMIT, milliseconds: int = 3000) -> Point | None:
    """A point that satisfies the hypotheses."""
    import z3

    variables = [v for v, sort in decider.fact.variables if sort == "nat"]
    record = Record()
    for naturals, sizes in product(small_naturals(variables, 4, 40), sizes_of(decider, VECTORS, MATRICES)):
        if record.hopeless:
            break
        query = Query(decider, naturals, sizes)
        try:
            hypotheses, _, names = query.build()
            _, point = query.check([hypotheses], names, (rlimit, milliseconds), record)
        except (TooLarge, RecursionError, z3.Z3Exception):
            continue
        if point is not None and decider.satisfied_at(point):
            return point
    return None


def resources(solver: Any) -> int:
    """What all solvers of the context have used so far."""
    statistics = solver.statistics()
    return int(statistics.get_key_value("rlimit count")) if "rlimit count" in statistics.keys() else 0  # noqa: SIM118
