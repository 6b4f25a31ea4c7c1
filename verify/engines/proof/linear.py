r"""Finding the multipliers of an arithmetic step.

From hypotheses p_i >= 0 or p_i > 0 and equations e_j == 0, a goal g >= 0 follows if some combination of the p_i with
nonnegative numbers, of the e_j with polynomials, and of -g adds up to a negative number (Farkas; with products of
hypotheses as further p_i, Krivine and Handelman).  The search has three parts:

1. **Elimination.**  Equations replace atoms (``elimination``).
2. **Linear programming.**  What remains is linear in the monomials.  Z3 solves it over the rationals; it is only asked
   for numbers, and every number it gives is checked by the kernel.
3. **Sums of squares.**  A goal that is left with a quadratic polynomial is tried by completing squares exactly.

The cheap candidates are tried first: the hypotheses alone, then products with naturals, then all products of two.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import chain, combinations_with_replacement, islice
from typing import Any

from verify.engines.proof.elimination import Elimination, Multipliers
from verify.engines.proof.squares import complete_squares
from verify.kernel.formulas import FALSE, Formula, Scope, Sign
from verify.kernel.terms import Monomial, Polynomial, as_scalar, constant

Json = Any
MAX_COLUMNS = 400
MAX_CUBED = 4  # inequalities of which products of three are tried


# -------------------------------------------------------------------------------------------- linear programming


@dataclass(frozen=True)
class Column:
    """A candidate: the product of these hypotheses (or natural monomials), reduced."""

    labels: tuple[str, ...]
    polynomial: Polynomial
    strict: bool = False


def farkas(columns: Sequence[Column], needed: int) -> list[Fraction] | None:
    """Nonnegative numbers that combine the columns to a negative number, or to 0 strictly.

    Column number ``needed`` is the negated goal.  If it cannot take part, only a contradiction among the hypotheses
    could be found, which is looked for elsewhere.
    """
    rows: dict[Monomial, list[tuple[int, Fraction]]] = {(): []}
    for index, column in enumerate(columns):
        for monomial, coefficient in column.polynomial.terms.items():
            rows.setdefault(monomial, []).append((index, coefficient))
    useful = propagate(len(columns), rows)
    if not useful[needed]:
        return None
    found = solved(program(columns, rows, useful))
    return [found.get(f"c{index}", Fraction(0)) for index in range(len(columns))] if found is not None else None


@lru_cache(maxsize=1000)
def solved(text: str) -> Mapping[str, Fraction] | None:
    """A solution of a linear program; of three programs that a search asks about, two were asked before."""
    import z3

    solver = z3.SolverFor("QF_LRA")
    solver.set("rlimit", 20_000_000)
    solver.from_string(text)
    if solver.check() != z3.sat:
        return None
    model = solver.model()
    values = {d.name(): model[d] for d in model.decls()}
    return {name: Fraction(v.numerator_as_long(), v.denominator_as_long()) for name, v in values.items()}


def program(
    columns: Sequence[Column], rows: Mapping[Monomial, list[tuple[int, Fraction]]], useful: Sequence[bool]
) -> str:
    """The linear program as text of SMT-LIB, which Z3 reads much faster than its Python objects are made."""
    kept = [index for index, keep in enumerate(useful) if keep]
    lines = [f"(declare-const c{index} Real) (assert (>= c{index} 0.0))" for index in kept]
    strict = total([f"c{index}" for index in kept if columns[index].strict])
    for monomial, entries in rows.items():
        live = total([f"(* {decimal(c)} c{i})" for i, c in entries if useful[i]])
        wanted = f"(= {live} 0.0)" if monomial else f"(and (<= {live} 0.0) (>= (- {strict} {live}) 1.0))"
        lines.append(f"(assert {wanted})")
    return "\n".join(lines)


def total(terms: Sequence[str]) -> str:
    """The sum of terms of SMT-LIB."""
    return f"(+ 0.0 {' '.join(terms)})" if terms else "0.0"


def decimal(number: Fraction) -> str:
    """A rational number as a term of SMT-LIB."""
    size = f"(/ {abs(number.numerator)}.0 {number.denominator}.0)"
    return f"(- {size})" if number < 0 else size


def propagate(count: int, rows: Mapping[Monomial, list[tuple[int, Fraction]]]) -> list[bool]:
    """Columns that may be nonzero: a monomial that only one sign of coefficient can reach forces its columns to 0."""
    useful, changed = [True] * count, True
    while changed:
        changed = False
        for monomial, entries in rows.items():
            live = [(i, c) for i, c in entries if useful[i]] if monomial else []
            if live and len({c > 0 for _, c in live}) == 1:
                for i, _ in live:
                    useful[i], changed = False, True
    return useful


# -------------------------------------------------------------------------------------------------- arithmetic steps


@dataclass(frozen=True)
class Ingredients:
    """What arithmetic may use at one place; grown hypothesis by hypothesis."""

    scope: Scope
    hypotheses: Mapping[str, Formula] = field(default_factory=dict)
    elimination: Elimination = field(default_factory=lambda: Elimination(tracking=False))
    complete: bool = False
    fewer: Ingredients | None = None  # what this was extended from
    multiplied: dict[tuple[str, ...], Column] = field(default_factory=dict, repr=False, compare=False)  # see ``times``
    shown: dict[Hashable, list[Json] | None] = field(default_factory=dict, repr=False, compare=False)  # by arithmetic

    def extended(self, hypotheses: Mapping[str, Formula]) -> Ingredients:
        """The ingredients of more hypotheses, these among them."""
        elimination = self.elimination.copy()
        for label, formula in hypotheses.items():
            if label not in self.hypotheses and isinstance(formula, Sign) and formula.relation == "==":
                elimination.add(label, formula.term)
        return Ingredients(self.scope, hypotheses, elimination, fewer=self)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The inequalities among the hypotheses, without eliminated atoms."""
        signs = {label: f for label, f in self.hypotheses.items() if isinstance(f, Sign) and f.relation != "=="}
        return tuple(Column((n,), self.elimination.reduce(f.term)[0], f.relation == ">") for n, f in signs.items())

    def term(self, label: str) -> Polynomial:
        formula = self.hypotheses[label]
        assert isinstance(formula, Sign)
        return formula.term

    @cached_property
    def completed(self) -> Ingredients:
        """The same, with equations derived from pairs of equations."""
        elimination = self.elimination.copy()
        elimination.complete()
        return Ingredients(self.scope, self.hypotheses, elimination, complete=True, fewer=self)

    @cached_property
    def tracked(self) -> Elimination:
        """The elimination once more, with the origin of every replacement."""
        chain: list[Ingredients] = [self]
        while (fewer := chain[-1].fewer) is not None and "tracked" not in vars(fewer):
            chain.append(fewer)
        tracked = fewer.tracked.copy() if fewer is not None else Elimination()
        for stage in reversed(chain):
            known = stage.fewer.hypotheses if stage.fewer is not None else {}
            for label, formula in stage.hypotheses.items():
                if label not in known and isinstance(formula, Sign) and formula.relation == "==":
                    tracked.add(label, formula.term)
            if stage.complete:
                tracked.complete()
        return tracked

    def multipliers(self, polynomial: Polynomial) -> Multipliers:
        """How a polynomial that reduces to a number follows from the equations."""
        return self.tracked.reduce(polynomial)[1]

    def absurd(self, polynomial: Polynomial) -> Multipliers:
        """How any polynomial follows from equations that contradict each other."""
        assert self.tracked.absurd is not None
        number, origin = self.tracked.absurd
        return {label: multiplier * polynomial.scaled(1 / number) for label, multiplier in origin.items()}


def arithmetic(ingredients: Ingredients, goal: Sign, *, effort: int = 0) -> list[Json] | None:
    """The last steps of a proof of the goal by arithmetic, or None.

    ``effort`` 0 uses the hypotheses as they are, 1 also naturals and products with them, 2 products of two hypotheses.
    """
    key = (goal.relation, tuple(goal.term.terms.items()), effort)
    if key not in ingredients.shown:
        ingredients.shown[key] = new_arithmetic(ingredients, goal, effort)
    return ingredients.shown[key]


def new_arithmetic(ingredients: Ingredients, goal: Sign, effort: int) -> list[Json] | None:
    """The same, at the first time that anybody asks."""
    if effort and ingredients.elimination.rules and not ingredients.complete:
        ingredients = ingredients.completed
    if ingredients.elimination.absurd is not None:
        excess = goal.term - constant(1) if goal.relation == ">" else goal.term
        return [step((), ingredients.absurd(excess), ())]
    reduced, _ = ingredients.elimination.reduce(goal.term)
    number = reduced.number()
    if goal.relation == "==":
        return equation(ingredients, goal, reduced, effort)
    if number is not None and (number > 0 or (number == 0 and goal.relation == ">=")):
        return [step((), ingredients.multipliers(goal.term), ())]
    squares = complete_squares(reduced) if effort and goal.relation == ">=" else None
    if squares is not None:
        return [step((), ingredients.multipliers(goal.term), squares)]
    naturals = natural_columns(ingredients, reduced)
    for negated, strengthened in negations(ingredients.scope, goal):
        strict = goal.relation == ">=" and not strengthened
        target = Column(("goal",), ingredients.elimination.reduce(negated)[0], strict)
        columns = [*ingredients.columns, target]
        more = products(ingredients, columns, naturals, effort) if effort else ()
        candidates = list(islice(chain(columns, naturals, more), MAX_COLUMNS))
        numbers = farkas(candidates, len(ingredients.columns))
        if numbers is not None:
            found = [(n, c) for n, c in zip(numbers, candidates, strict=False) if n]
            return assemble(ingredients, goal, found, negated if strengthened else None)
    return None


def contradiction(ingredients: Ingredients, effort: int = 0) -> list[Json] | None:
    """The last steps of a proof whose hypotheses contradict each other, for any goal about numbers."""
    steps = arithmetic(ingredients, FALSE, effort=effort)
    return [{"rule": "contradiction", "as": "goal"}, *steps] if steps is not None else None


def equation(ingredients: Ingredients, goal: Sign, reduced: Polynomial, effort: int) -> list[Json] | None:
    """An equation follows from equations, or from the two inequalities."""
    if not reduced.terms:
        return [step((), ingredients.multipliers(goal.term), ())]
    above = arithmetic(ingredients, Sign(">=", goal.term), effort=effort)
    below = arithmetic(ingredients, Sign(">=", -goal.term), effort=effort) if above else None
    return [{"rule": "antisymmetry", "branches": [above, below]}] if below else None


def negations(scope: Scope, goal: Sign) -> Iterable[tuple[Polynomial, bool]]:
    """The negated goal as a column; for a goal about integers, also its strengthening by 1."""
    yield -goal.term, False
    if goal.relation == ">=" and scope.is_integer(goal.term):
        yield -goal.term - constant(1), True


def natural_columns(ingredients: Ingredients, goal: Polynomial) -> list[Column]:
    """Natural atoms are nonnegative, also those that were eliminated, and so are monomials of natural atoms."""
    polynomials = [goal, *(column.polynomial for column in ingredients.columns)]
    monomials = {m for p in polynomials for m in p.terms if m} | {((a, 1),) for a in ingredients.elimination.values}
    monomials |= {((a, 1),) for monomial in monomials for a, _ in monomial}
    found = []
    for monomial in sorted(monomials):
        polynomial = Polynomial({monomial: Fraction(1)})
        if ingredients.scope.is_natural(polynomial):
            found.append(Column((f"natural:{polynomial}",), ingredients.elimination.reduce(polynomial)[0]))
    return found


def products(
    ingredients: Ingredients, columns: Sequence[Column], naturals: Sequence[Column], effort: int
) -> Iterable[Column]:
    """Products of an inequality with a natural number or, with more effort, with one or two other inequalities."""
    candidates = [c for c in columns if c.polynomial.number() is None]
    pairs = [(a, b) for a in candidates for b in naturals]
    if effort > 1:
        pairs += list(combinations_with_replacement(candidates, 2))
    for a, b in pairs[:MAX_COLUMNS]:
        yield times(ingredients, a, b)
    if effort > 1 and len(ingredients.columns) <= MAX_CUBED:
        for a, b, c in combinations_with_replacement(candidates, 3):
            yield times(ingredients, times(ingredients, a, b), c)


def times(ingredients: Ingredients, a: Column, b: Column) -> Column:
    """A product, reduced; those without a goal are the same for all goals, and are remembered."""
    labels = a.labels + b.labels
    known = ingredients.multiplied.get(labels)
    if known is None:
        polynomial, _ = ingredients.elimination.reduce(a.polynomial * b.polynomial)
        known = Column(labels, polynomial, a.strict and b.strict)
        if "goal" not in labels:
            ingredients.multiplied[labels] = known
    return known


def assemble(
    ingredients: Ingredients, goal: Sign, found: list[tuple[Fraction, Column]], strengthened: Polynomial | None
) -> list[Json]:
    """The steps for a combination that was found.

    If the negated goal occurs once and alone, the goal is what the rest adds up to; otherwise the proof is by
    contradiction, the negated goal (``strengthened`` by 1, if it is about integers) being one more hypothesis.
    """
    weight = next((n for n, c in found if c.labels == ("goal",)), Fraction(0))
    direct = weight > 0 and strengthened is None and not any("goal" in c.labels and len(c.labels) > 1 for _, c in found)
    steps: list[Json] = []
    names, values = {"goal": "goal"}, {"goal": -goal.term}
    if not direct and goal != FALSE:
        steps.append({"rule": "contradiction", "as": "goal"})
    if strengthened is not None:
        steps.append({"rule": "integer", "of": "goal", "as": "goal.integer"})
        names["goal"], values["goal"] = "goal.integer", strengthened
    rest, use = goal.term if direct else Polynomial(), []
    for number, column in found:
        if direct and column.labels == ("goal",):
            continue
        factor = number / weight if direct else number
        product = constant(1)
        for label in column.labels:
            if label.startswith("natural:") and label not in names:
                names[label] = f"n{len(names)}.{len(ingredients.hypotheses)}"
                steps.append({"rule": "natural", "term": label.removeprefix("natural:"), "as": names[label]})
                values[label] = as_scalar(ingredients.scope.term(label.removeprefix("natural:")))
            product = product * (values[label] if label in values else ingredients.term(label))
        use.append((str(factor), [names.get(label, label) for label in column.labels]))
        rest = rest - product.scaled(factor)
    return [*steps, step(use, ingredients.multipliers(rest), ())]


def step(
    use: Iterable[tuple[str, list[str]]], equations: Mapping[str, Polynomial | str], squares: Iterable[tuple[str, str]]
) -> Json:
    return {
        "rule": "arithmetic",
        "products": [[coefficient, labels] for coefficient, labels in use],
        "equations": [[label, str(multiplier)] for label, multiplier in sorted(equations.items())],
        "squares": [[coefficient, root] for coefficient, root in squares],
    }
