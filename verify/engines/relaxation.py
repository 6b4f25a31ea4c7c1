r"""Convex relaxation: a certified upper bound of a network term over a box.

The term is unfolded at fixed naturals until only ReLUs of affine terms are left.  Each r = relu(t) with l <= t <= h is
relaxed to the triangle r >= 0, r >= t, (h - l) r <= h (t - l) (Ehlers 2017); the bounds l, h come from exact interval
arithmetic; squares of inputs stay.  cvxpy maximises over the relaxation.  Its dual multipliers, made rational and
repaired exactly, give an identity

    bound - term = sum of multiplier * (inequality) + sum of squares,

which ends as one arithmetic step of a proof for the kernel.  The bound is what the exact multipliers add up to, so it
is never smaller than the maximum, whatever the solver said.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from verify.engines.proof import linear
from verify.engines.proof.matching import occurring
from verify.engines.proof.minimise import minimise
from verify.kernel import FORMAT, Rejected, check
from verify.kernel.certificate import read_statement
from verify.kernel.formulas import Formula, Sign
from verify.kernel.logic import RULES, Prover, Sequent
from verify.kernel.terms import Monomial, Polynomial, as_scalar, atomic, constant
from verify.kernel.theory import Theory, fields
from verify.theory.instances import at, bound_statement

Json = Any
SUPPORT = 1e-7  # multipliers below this are taken to be 0; the exact repair decides whether that was right
ROUNDING = 1 << 24  # largest denominator of the multipliers that are free

TRIANGLE: tuple[Json, ...] = (
    {
        "name": "relu_lower",
        "variables": [["t", "real"]],
        "hypotheses": [],
        "conclusion": "relu(t) >= 0 and relu(t) >= t",
    },
    {
        "name": "relu_upper",
        "variables": [["t", "real"], ["l", "real"], ["h", "real"]],
        "hypotheses": ["l <= t", "t <= h", "l <= 0", "h >= 0"],
        "conclusion": "(h - l) * relu(t) <= h * (t - l)",
    },
)


class NoBound(Exception):
    """No certified bound was found; the message says why."""


@dataclass(frozen=True)
class Bound:
    """A certified bound at one instance."""

    naturals: dict[str, int]
    value: Fraction
    solver_value: float
    certificate: Json


# ---------------------------------------------------------------------------------------------- building the facts


@dataclass
class Construction:
    """Facts about a term, added by kernel steps: definitions unfolded, and the triangle of each ReLU."""

    theory: Theory
    sequent: Sequent
    bounds: dict[str, tuple[Fraction, Fraction]]
    steps: list[Json] = field(default_factory=list)
    triangles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.prover = Prover(self.theory, {})
        self.ingredients = linear.Ingredients(self.sequent.scope).extended(self.sequent.hypotheses)

    def add(self, step: Json) -> None:
        names, rule = RULES[step["rule"]]
        _, rest = rule(self.prover, self.sequent, *fields({k: v for k, v in step.items() if k != "rule"}, *names))
        assert rest is not None
        self.steps.append(step)
        self.sequent = rest
        self.ingredients = self.ingredients.extended(rest.hypotheses)

    def unfold(self, formula: Formula) -> None:
        """Unfold definitions until ReLUs are the only applications that matter."""
        done: set[str] = set()
        while True:
            found = occurring([*self.sequent.hypotheses.values(), formula])
            open_ones = [
                t for t, a in found.items() if t not in done and a.head in self.theory.definitions and a.head != "relu"
            ]
            if not open_ones:
                return
            for text in open_ones:
                done.add(text)
                ways, duties = self.theory.unfold(text, self.sequent.scope)
                if len(ways) != 1 or duties:
                    raise NoBound(f"{text} is not a ReLU network at these naturals")
                self.add({"rule": "unfold", "term": text, "because": [], "as": f"d{len(self.steps)}"})

    def interval(self, polynomial: Polynomial) -> tuple[Fraction, Fraction]:
        """Bounds of an affine term by exact interval arithmetic."""
        low = high = Fraction(0)
        for monomial, coefficient in self.ingredients.elimination.reduce(polynomial)[0].terms.items():
            if not monomial:
                low, high = low + coefficient, high + coefficient
                continue
            if len(monomial) > 1 or monomial[0][1] > 1:
                raise NoBound(f"{Polynomial({monomial: Fraction(1)})} is not affine")
            ends = sorted(coefficient * end for end in self.bounds[monomial[0][0]])
            low, high = low + ends[0], high + ends[1]
        return low, high

    def relax_all(self) -> None:
        """Relax every ReLU of the term, those first whose arguments use no other."""
        found = occurring([*self.sequent.hypotheses.values(), self.sequent.goal]).values()
        pending = [as_scalar(self.sequent.scope.read_term(a.nodes[0])) for a in found if a.head == "relu"]
        while pending:
            ready = [argument for argument in pending if self.unbounded(argument) is None]
            if not ready:
                raise NoBound(f"no bounds are known for {self.unbounded(pending[0])}")
            for argument in ready:
                self.relax(argument)
            pending = [argument for argument in pending if argument not in ready]

    def unbounded(self, polynomial: Polynomial) -> str | None:
        """An atom of a term for which no bounds are known yet."""
        terms = self.ingredients.elimination.reduce(polynomial)[0].terms
        return next((atom for monomial in terms for atom, _ in monomial if atom not in self.bounds), None)

    def relax(self, argument: Polynomial) -> None:
        """Add the triangle of one ReLU."""
        atom = f"relu({argument})"
        low, high = self.interval(argument)
        low, high = min(low, Fraction(0)), max(high, Fraction(0))
        number = len(self.triangles)
        self.add(
            {"rule": "instance", "of": "relu_lower", "at": {"t": str(argument)}, "because": [], "as": f"l{number}"}
        )
        self.add({"rule": "unpack", "of": f"l{number}", "as": [f"l{number}.0", f"l{number}.t"]})
        duties = [argument - constant(low), constant(high) - argument, constant(-low), constant(high)]
        proofs = [linear.arithmetic(self.ingredients, Sign(">=", duty)) for duty in duties]
        if None in proofs:
            raise NoBound(f"the bounds of {atom} could not be proved")
        where = {"t": str(argument), "l": str(low), "h": str(high)}
        self.add({"rule": "instance", "of": "relu_upper", "at": where, "because": proofs, "as": f"u{number}"})
        self.triangles += [f"l{number}.0", f"l{number}.t", f"u{number}"]
        self.bounds[atom] = (Fraction(0), high)
        top = linear.arithmetic(self.ingredients, Sign(">=", constant(high) - atomic(atom)))
        if top is None:
            raise NoBound(f"the upper bound of {atom} could not be proved")
        self.add({"rule": "have", "formula": f"{atom} <= {high}", "proof": top, "as": f"b{number}"})


# ---------------------------------------------------------------------------------------------- the convex program


def maximise(objective: Polynomial, inequalities: Sequence[Polynomial]) -> tuple[float, list[float], dict[str, float]]:
    """The value of the convex program, multipliers of the inequalities (p >= 0), and a maximiser, by cvxpy."""
    import cvxpy as cp

    atoms = sorted({a for p in (objective, *inequalities) for m in p.terms for a, _ in m})
    variables = {atom: cp.Variable() for atom in atoms}

    def expression(polynomial: Polynomial) -> Any:
        total: Any = 0.0
        for monomial, coefficient in polynomial.terms.items():
            if not monomial:
                total = total + float(coefficient)
            elif len(monomial) == 1 and monomial[0][1] == 1:
                total = total + float(coefficient) * variables[monomial[0][0]]
            elif len(monomial) == 1 and monomial[0][1] == 2:
                total = total + float(coefficient) * cp.square(variables[monomial[0][0]])
            else:
                raise NoBound(f"the term {Polynomial({monomial: coefficient})} is neither linear nor a square")
        return total

    try:
        constraints = [expression(p) >= 0 for p in inequalities]
        problem = cp.Problem(cp.Maximize(expression(objective)), constraints)
    except OverflowError:
        raise NoBound("the relaxation has numbers beyond those of the solver") from None
    if not problem.is_dcp():
        raise NoBound("the term is not concave over the relaxation")
    try:
        problem.solve(solver=cp.CLARABEL)
    except cp.SolverError as reason:
        raise NoBound(f"the solver gave up: {reason}") from None
    if problem.status not in ("optimal", "optimal_inaccurate"):
        raise NoBound(f"the relaxation is {problem.status}")
    return (
        float(problem.value),
        [abs(float(c.dual_value)) for c in constraints],
        {a: float(v.value) for a, v in variables.items()},
    )


def repair(
    rows: dict[Monomial, dict[int, Fraction]], wanted: Mapping[Monomial, Fraction], guess: list[float]
) -> list[Fraction]:
    """Nonnegative rational multipliers near the guess that satisfy the linear equations exactly.

    Gaussian elimination with the largest multipliers as pivots; the others are rounded and stay as they are.
    """
    if not all(math.isfinite(value) for value in guess):
        raise NoBound("the multipliers of the solver are not finite")
    support = [i for i, value in enumerate(guess) if value > SUPPORT]
    free = {i: Fraction(guess[i]).limit_denominator(ROUNDING) for i in support}
    solved: list[tuple[int, dict[int, Fraction], Fraction]] = []
    for monomial, row in rows.items():
        entries, value = {i: c for i, c in row.items() if i in free}, wanted.get(monomial, Fraction(0))
        for pivot, other, constant_value in solved:
            factor = entries.pop(pivot, Fraction(0))
            for i, c in other.items():
                entries[i] = entries.get(i, Fraction(0)) - factor * c
            value -= factor * constant_value
        entries = {i: c for i, c in entries.items() if c}
        if not entries:
            if value:
                raise NoBound("the multipliers of the solver cannot be repaired")
            continue
        pivot = max(entries, key=lambda i: guess[i])
        scale = entries.pop(pivot)
        row_of_pivot = {i: c / scale for i, c in entries.items()}
        solved.append((pivot, row_of_pivot, value / scale))
    values = dict(free)
    for pivot, other, constant_value in reversed(solved):
        values[pivot] = constant_value - sum((c * values[i] for i, c in other.items()), Fraction(0))
    if any(value < 0 for value in values.values()):
        raise NoBound("a repaired multiplier is negative")
    return [values.get(i, Fraction(0)) for i in range(len(guess))]


# --------------------------------------------------------------------------------------------------- the bound


def bound(statement: Json, naturals: dict[str, int]) -> Bound:
    """A certified upper bound of the term that ``statement`` has as its conclusion, at these naturals."""
    fixed = bound_statement(statement, naturals, None)
    hypotheses, term = fixed["theorem"]["hypotheses"], at(statement["theorem"]["conclusion"], naturals)
    theory, fact, _, _ = read_statement(fixed)
    lemmas = [{**lemma, "proof": proof} for lemma, proof in zip(TRIANGLE, triangle_proofs(theory), strict=True)]
    scope = theory.scope([list(pair) for pair in fact.variables])
    known: dict[str, Formula] = {f"h{i}": scope.formula(text) for i, text in enumerate(hypotheses, 1)}
    target = as_scalar(scope.term(term))
    work = Construction(theory, Sequent(scope, known, Sign(">=", target)), box(known))
    work.unfold(Sign(">=", target))
    work.relax_all()
    value, solver_value, last = decide(work, target)
    document = {
        "format": FORMAT,
        "kind": "theorem",
        "statement": bound_statement(statement, naturals, str(value)),
        "witness": {"definitions": [], "lemmas": lemmas, "proof": minimise([*work.steps, last])},
    }
    try:
        check(document)
    except Rejected as reason:
        raise NoBound(f"the kernel rejects the bound: {reason}") from None
    return Bound(naturals, value, solver_value, document)


def decide(work: Construction, target: Polynomial) -> tuple[Fraction, float, Json]:
    """Solve the relaxation, repair its multipliers, and build the arithmetic step."""
    objective = work.ingredients.elimination.reduce(target)[0]
    columns = {c.labels[0]: c.polynomial for c in work.ingredients.columns}
    given = [label for label in columns if label in work.triangles or label.startswith("h")]
    labels = [label for label in given if columns[label].number() is None]  # m >= 1 at m = 2 bounds nothing
    solver_value, guess, _ = maximise(objective, [columns[label] for label in labels])
    quadratic = {m[0][0]: -c for m, c in objective.terms.items() if m and m[0][1] == 2}
    rows: dict[Monomial, dict[int, Fraction]] = {}
    for index, label in enumerate(labels):
        for monomial, coefficient in columns[label].terms.items():
            if monomial and monomial[0][0] not in quadratic:
                rows.setdefault(monomial, {})[index] = coefficient
    wanted = {m: -c for m, c in objective.terms.items() if m and m[0][0] not in quadratic}
    for monomial in wanted:
        rows.setdefault(monomial, {})
    multipliers = repair(rows, wanted, guess)
    combined = objective
    for label, multiplier in zip(labels, multipliers, strict=True):
        combined = combined + columns[label].scaled(multiplier)
    squares: list[tuple[str, str]] = []
    for atom, weight in quadratic.items():  # combined has -weight x^2 + b x: its maximum is at b / (2 weight)
        centre = combined.terms.get(((atom, 1),), Fraction(0)) / (2 * weight)
        root = atomic(atom) - constant(centre)
        squares.append((str(weight), str(root)))
        combined = combined + (root * root).scaled(weight)
    value = combined.number()
    if value is None:
        raise NoBound("the multipliers of the solver leave a remainder")
    rest = constant(value) - target
    for label, multiplier in zip(labels, multipliers, strict=True):
        rest = rest - work.ingredients.term(label).scaled(multiplier)
    for size, text in squares:
        square = as_scalar(work.sequent.scope.term(text))
        rest = rest - (square * square).scaled(Fraction(size))
    use = [(str(m), [label]) for m, label in zip(multipliers, labels, strict=True) if m]
    return value, solver_value, linear.step(use, work.ingredients.multipliers(rest), squares)


def box(known: Mapping[str, Formula]) -> dict[str, tuple[Fraction, Fraction]]:
    """The bounds that the hypotheses give for single variables."""
    low: dict[str, Fraction] = {}
    high: dict[str, Fraction] = {}
    for formula in known.values():
        if isinstance(formula, Sign) and formula.relation in (">=", ">"):
            linear_part = {m: c for m, c in formula.term.terms.items() if m}
            if len(linear_part) == 1:
                (monomial, coefficient), offset = (
                    next(iter(linear_part.items())),
                    formula.term.terms.get((), Fraction(0)),
                )
                if len(monomial) == 1 and monomial[0][1] == 1:
                    (low if coefficient > 0 else high)[monomial[0][0]] = -offset / coefficient
    return {name: (low[name], high[name]) for name in low if name in high}


def triangle_proofs(theory: Theory) -> list[Json]:
    """Prove and establish the two lemmas."""
    from verify.engines.proof import Task
    from verify.engines.proof.workbench import Limits
    from verify.kernel.logic import Case
    from verify.theory.environment import Hints

    proofs = []
    for lemma in TRIANGLE:
        fact = theory.statement(lemma)
        proofs.append(Task(theory, fact, lemma["name"], Hints((), (), (), (), ()), Limits()).prove(Case(), ()))
        theory.establish(lemma["name"], fact)
    return proofs
