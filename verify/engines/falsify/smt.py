r"""Z3 as a falsifier: the negated theorem at small naturals, everything real left symbolic.

For each choice of small naturals the recursion unfolds and the negation of the theorem becomes a formula of nonlinear
real arithmetic.  A model is a candidate that is replayed exactly.  ``unsat`` is a solver's word without a certificate:
it is recorded as *computed*, for these naturals.  Z3's own resource limit is deterministic and decides; its clock is
only a second line of defence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice, product
from typing import Any

from verify.engines.falsify.points import Decider, Number, Point
from verify.theory.interpret import Interpreter, TooLarge

Json = Any


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
    """What Z3 said for the naturals it was asked about."""

    counterexample: Point | None = None
    instance: Point | None = None
    unsatisfiable: tuple[dict[str, int], ...] = ()
    undecided: tuple[dict[str, int], ...] = ()
    complete: bool = False  # no natural was fixed: unsat speaks of all points
    rlimit: int = 0


@dataclass
class Query:
    """The negated theorem at one choice of naturals."""

    decider: Decider
    naturals: dict[str, int]
    dimension: int = 2
    unknowns: dict[str, dict[tuple[int, ...], Any]] = field(default_factory=dict)
    conditions: list[Any] = field(default_factory=list)

    def build(self, rlimit: int, milliseconds: int, *, instance: bool) -> tuple[Any, dict[str, Any]]:
        import z3

        algebra = Z3Algebra()
        names: dict[str, Any] = dict(self.naturals)
        for variable, sort in self.decider.fact.variables:
            if sort == "real":
                names[variable] = z3.Real(variable)
            elif sort == "vec":
                names[variable] = tuple(z3.Real(f"{variable}.{i}") for i in range(self.dimension))
        parameters = {name: self.unknown(name, sorts) for name, sorts in self.decider.sorts.items()}
        interpreter = Interpreter.of(self.decider.statement, algebra, parameters, 20_000)
        hypotheses, conclusion = interpreter.theorem(self.decider.statement, names)
        solver = z3.Solver()
        solver.set("rlimit", rlimit)
        solver.set("timeout", milliseconds)
        solver.add(hypotheses, *self.conditions)
        if not instance:
            solver.add(interpreter.negate(conclusion))
        return solver, names

    def unknown(self, name: str, sorts: tuple[str, ...]) -> Any:
        """An arbitrary function as one unknown for each argument tuple that occurs."""
        import z3

        values = self.unknowns.setdefault(name, {})

        def value(*arguments: Any) -> Any:
            if not all(isinstance(a, int) for a in arguments):
                raise TooLarge(f"{name} has arguments that are not naturals")
            if arguments not in values:
                label = f"{name}({', '.join(map(str, arguments))})"
                sort = sorts[-1]
                entries = tuple(z3.Real(f"{label}.{i}") for i in range(self.dimension))
                values[arguments] = entries if sort == "vec" else z3.Bool(label) if sort == "prop" else z3.Real(label)
                if sort == "nat":
                    values[arguments] = z3.ToReal(z3.Int(label))
                    self.conditions.append(z3.Int(label) >= 0)
            return values[arguments]

        return value

    def point(self, model: Any, names: dict[str, Any]) -> Point:
        variables: dict[str, Number] = {v: Fraction(n) for v, n in self.naturals.items()}
        variables |= {v: rational(model, e) for v, e in names.items() if v not in self.naturals}
        tables: dict[str, tuple[dict[tuple[Number, ...], Number], Number]] = {}
        for name, sorts in self.decider.sorts.items():
            zero: Number = (
                False if sorts[-1] == "prop" else (Fraction(0),) * self.dimension if sorts[-1] == "vec" else Fraction(0)
            )
            found = {tuple(Fraction(a) for a in k): rational(model, e) for k, e in self.unknowns.get(name, {}).items()}
            tables[name] = ({key: value for key, value in found.items() if value != zero}, zero)
        return Point(variables, tables)


def rational(model: Any, expression: Any) -> Number:
    """The value of an expression in a model; an algebraic number is approximated, the exact replay decides."""
    import z3

    if isinstance(expression, tuple):
        return tuple(Fraction(str(rational(model, entry))) for entry in expression)
    value = model.eval(expression, model_completion=True)
    if z3.is_bool(value):
        return bool(z3.is_true(value))
    if z3.is_algebraic_value(value):
        value = value.approx(20)
    return Fraction(value.numerator_as_long(), value.denominator_as_long())


def small_naturals(variables: list[str], largest: int, count: int) -> Iterator[dict[str, int]]:
    """Choices of small naturals, by growing sum."""
    choices = sorted(product(range(largest + 1), repeat=len(variables)), key=lambda c: (sum(c), c))
    return (dict(zip(variables, choice, strict=True)) for choice in islice(choices, count))


def run(
    decider: Decider, *, rlimit: int = 3_000_000, milliseconds: int = 3000, largest: int = 3, count: int = 12
) -> Answer:
    """Look for a counterexample at small naturals."""
    import z3

    if decider.assumptions or decider.arithmetic != "exact":
        return Answer()
    variables = [v for v, sort in decider.fact.variables if sort == "nat"]
    unsatisfiable, undecided, instance, spent = [], [], None, 0
    for naturals in small_naturals(variables, largest, count):
        query = Query(decider, naturals)
        try:
            solver, names = query.build(rlimit, milliseconds, instance=False)
            result = solver.check()
        except (TooLarge, RecursionError, z3.Z3Exception):
            undecided.append(naturals)
            continue
        spent += resources(solver)
        if result == z3.unsat:
            unsatisfiable.append(naturals)
        elif result == z3.sat:
            point = query.point(solver.model(), names)
            instance = instance or (point if decider.satisfied_at(point) else None)
            if decider.refuted_at(point):
                return Answer(point, instance, tuple(unsatisfiable), tuple(undecided), False, spent)
            undecided.append(naturals)
        else:
            undecided.append(naturals)
    complete = not variables and not any(decider.sorts.values())
    return Answer(None, instance, tuple(unsatisfiable), tuple(undecided), complete, spent)


def find_instance(decider: Decider, *, rlimit: int = 3_000_000, milliseconds: int = 3000) -> Point | None:
    """A point that satisfies the hypotheses."""
    import z3

    variables = [v for v, sort in decider.fact.variables if sort == "nat"]
    for naturals in small_naturals(variables, 4, 40):
        query = Query(decider, naturals)
        try:
            solver, names = query.build(rlimit, milliseconds, instance=True)
            if solver.check() == z3.sat:
                point = query.point(solver.model(), names)
                if decider.satisfied_at(point):
                    return point
        except (TooLarge, RecursionError, z3.Z3Exception):
            continue
    return None


def resources(solver: Any) -> int:
    statistics = solver.statistics()
    return int(statistics.get_key_value("rlimit count")) if "rlimit count" in statistics.keys() else 0  # noqa: SIM118
