r"""Proofs: classical reasoning about real and natural numbers, with one rule of arithmetic.

A *sequent* is what is left to show at one place of a proof: from these hypotheses, this goal.  A proof is a list of
steps, a step applies one rule, and each rule below carries the argument why its sequent holds when its premises and
the rest of the proof do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from verify.kernel.formulas import (
    FALSE,
    And,
    Formula,
    Holds,
    Or,
    Scope,
    Sign,
    Zero,
    application_syntax,
    atom_of,
    negate,
)
from verify.kernel.matrices import penrose, summed
from verify.kernel.terms import Matrix, Rejected, Term, as_matrix, as_scalar, atomic, constant, need, rational
from verify.kernel.theory import Fact, Json, Theory, equal, fields, listed, natural_duties

MAX_STEPS = 200_000

# ------------------------------------------------------------------------------------------------------- proofs


@dataclass(frozen=True)
class Sequent:
    """From ``hypotheses`` (by label), show ``goal``."""

    scope: Scope
    hypotheses: Mapping[str, Formula]
    goal: Formula

    def add(self, label: Json, formula: Formula) -> Sequent:
        need(isinstance(label, str) and label and label not in self.hypotheses, "label missing or in use:", label)
        return replace(self, hypotheses={**self.hypotheses, label: formula})

    def aim(self, goal: Formula) -> Sequent:
        return replace(self, goal=goal)

    def hypothesis(self, label: Json) -> Formula:
        need(isinstance(label, str) and label in self.hypotheses, "no hypothesis", label)
        return self.hypotheses[label]


Premises = list[tuple[Json, Sequent]]  # a proof, and what it has to prove
Result = tuple[Premises, Sequent | None]  # the premises of a rule, and how the proof goes on (None: it is complete)


class Prover:
    """Checks proofs against a theory and the induction hypotheses around them.  It searches for nothing."""

    def __init__(self, theory: Theory, inductions: Mapping[str, Fact]) -> None:
        self.theory, self.facts, self.steps = theory, {**theory.facts, **inductions}, 0

    def check(self, sequent: Sequent, proof: Json) -> None:
        for number, step in enumerate(listed(proof)):
            self.steps += 1
            need(self.steps <= MAX_STEPS, "more than", MAX_STEPS, "steps")
            rule = step.get("rule") if isinstance(step, dict) else None
            if not isinstance(rule, str) or rule not in RULES:
                raise Rejected(f"unknown rule {str(rule)[:80]}")
            names, apply = RULES[rule]
            premises, rest = apply(self, sequent, *fields({k: v for k, v in step.items() if k != "rule"}, *names))
            for subproof, premise in premises:
                self.check(premise, subproof)
            if rest is None:
                need(number == len(proof) - 1, "steps after the end of a proof")
                return
            sequent = rest
        raise Rejected("the proof ends before its goal is reached")

    def fact(self, name: Json) -> Fact:
        need(isinstance(name, str) and name in self.facts, "no such fact:", name)
        return self.facts[name]


def because(sequent: Sequent, duties: list[Formula], proofs: Json) -> Premises:
    """One proof for each duty, in order."""
    return [(proof, sequent.aim(duty)) for proof, duty in zip(listed(proofs, len(duties)), duties, strict=True)]


def rule_instance(prover: Prover, sequent: Sequent, of: Json, at: Json, proofs: Json, label: Json) -> Result:
    """Instantiation.  A fact holds for all values of its variables (naturals, for sort nat) that satisfy its
    hypotheses, in particular for the values of these terms."""
    fact = prover.fact(of)
    texts = fields(at, *(variable for variable, _ in fact.variables))
    names: dict[str, Term] = {}
    for (variable, sort), text in zip(fact.variables, texts, strict=True):
        names[variable] = sequent.scope.term(text)
        need(sequent.scope.fits(names[variable], sort), variable, "must be of sort", f"{sort}:", text)
    inner = sequent.scope.meaning({**fact.fixed, **names})
    duties = natural_duties(fact.variables, names, sequent.scope) + [inner.formula(h) for h in fact.hypotheses]
    return because(sequent, duties, proofs), sequent.add(label, inner.formula(fact.conclusion))


def rule_unfold(prover: Prover, sequent: Sequent, term: Json, proofs: Json, label: Json) -> Result:
    """A definition holds by definition; here there is one way through its body."""
    ways, duties = prover.theory.unfold(term, sequent.scope)
    need(len(ways) == 1, term, "has", len(ways), "phases")
    return because(sequent, duties, proofs), sequent.add(label, ways[0][1])


def rule_phases(prover: Prover, sequent: Sequent, term: Json, proofs: Json, label: Json, branches: Json) -> Result:
    """One of the ways through the body of a definition is taken (``Theory.leaves``): its guards and its equation hold
    there.  For a ReLU these are the two activation phases, t >= 0 with value t and t < 0 with value 0."""
    ways, duties = prover.theory.unfold(term, sequent.scope)
    premises = because(sequent, duties, proofs)
    for branch, (guards, equation) in zip(listed(branches, len(ways)), ways, strict=True):
        inner = sequent.add(label, equation)
        for number, guard in enumerate(guards, 1):
            inner = inner.add(f"{label}.{number}", guard)
        premises.append((branch, inner))
    return premises, None


def rule_have(prover: Prover, sequent: Sequent, formula: Json, proof: Json, label: Json) -> Result:
    """Cut: what has been shown from the hypotheses may be used beside them."""
    shown = sequent.scope.formula(formula)
    return [(proof, sequent.aim(shown))], sequent.add(label, shown)


def rule_natural(prover: Prover, sequent: Sequent, term: Json, label: Json) -> Result:
    """A natural number is nonnegative."""
    value = sequent.scope.term(term)
    need(sequent.scope.is_natural(value), "not visibly a natural number:", term)
    return [], sequent.add(label, Sign(">=", as_scalar(value)))


def rule_integer(prover: Prover, sequent: Sequent, of: Json, label: Json) -> Result:
    """A positive integer is at least 1."""
    formula = sequent.hypothesis(of)
    if not (isinstance(formula, Sign) and formula.relation == ">" and sequent.scope.is_integer(formula.term)):
        raise Rejected(f"not the positivity of an integer: {of}")
    return [], sequent.add(label, Sign(">=", formula.term - constant(1)))


def rule_congruence(prover: Prover, sequent: Sequent, left: Json, right: Json, proofs: Json, label: Json) -> Result:
    """A function has equal values at equal arguments."""
    (head, first), (other, second) = application_syntax(left), application_syntax(right)
    need(head == other and head in prover.theory.signature, "not two applications of one function:", left, right)
    sides = [[sequent.scope.read_term(node) for node in nodes] for nodes in (first, second)]
    a, b = (sequent.scope.application(head, side) for side in sides)
    duties: list[Formula] = []
    for s, t in zip(*sides, strict=True):
        if s != t:
            duties.append(Zero(s - as_matrix(t)) if isinstance(s, Matrix) else Sign("==", s - as_scalar(t)))
    sort = prover.theory.signature[head].sort
    value = Holds(b) if sort == "prop" else atom_of(b, sort)
    return because(sequent, duties, proofs), sequent.add(label, equal(a, sort, value))


def rule_pseudoinverse(prover: Prover, sequent: Sequent, of: Json, labels: Json) -> Result:
    """The equations of Penrose for the pseudoinverse of a matrix (``matrices.penrose``)."""
    for label, equation in zip(listed(labels, 4), penrose(as_matrix(sequent.scope.term(of))), strict=True):
        sequent = sequent.add(label, equation)
    return [], sequent


def rule_summed(prover: Prover, sequent: Sequent, of: Json, over: Json, at: Json, proofs: Json, label: Json) -> Result:
    """An instance for arbitrary values of these columns, which have their own names, holds for unit vectors; so the sum over
    all of them holds (``matrices.summed``)."""
    fact, scope = prover.fact(of), sequent.scope
    for column in listed(over):
        sort = next((sort for variable, sort in fact.variables if variable == column), "")
        need(sort.startswith("mat(") and sort.endswith(", 1)"), "not a column of the fact:", column)
        scope = scope.bind(column, sort)
    terms = {**at, **{column: column for column in over}} if isinstance(at, dict) else at
    premises, rest = rule_instance(prover, replace(sequent, scope=scope), of, terms, proofs, label)
    formula = rest.hypotheses[label] if rest else FALSE
    for column in over:
        formula = summed(formula, column, scope)
    return premises, sequent.add(label, formula)


def rule_unpack(prover: Prover, sequent: Sequent, of: Json, labels: Json) -> Result:
    """A conjunction yields its parts."""
    formula = sequent.hypothesis(of)
    if not isinstance(formula, And):
        raise Rejected(f"not a conjunction: {of}")
    for label, part in zip(listed(labels, len(formula.parts)), formula.parts, strict=True):
        sequent = sequent.add(label, part)
    return [], sequent


def rule_suppose(prover: Prover, sequent: Sequent, keep: Json, labels: Json) -> Result:
    """To show a disjunction, show one part from the negations of the others."""
    parts = list(sequent.goal.parts) if isinstance(sequent.goal, Or) else []
    if type(keep) is not int or not 0 <= keep < len(parts):
        raise Rejected("the goal is not a disjunction with such a part")
    kept = parts.pop(keep)
    for label, part in zip(listed(labels, len(parts)), parts, strict=True):
        sequent = sequent.add(label, negate(part))
    return [], sequent.aim(kept)


def rule_contradiction(prover: Prover, sequent: Sequent, label: Json) -> Result:
    """Classical logic: a goal whose negation is absurd holds."""
    return [], sequent.add(label, negate(sequent.goal)).aim(FALSE)


def rule_split(prover: Prover, sequent: Sequent, on: Json, label: Json, branches: Json) -> Result:
    """Excluded middle."""
    formula = sequent.scope.formula(on)
    yes, no = listed(branches, 2)
    return [(yes, sequent.add(label, formula)), (no, sequent.add(label, negate(formula)))], None


def rule_cases(prover: Prover, sequent: Sequent, of: Json, label: Json, branches: Json) -> Result:
    """If one of several formulas holds and each of them yields the goal, the goal holds."""
    formula = sequent.hypothesis(of)
    if not isinstance(formula, Or):
        raise Rejected(f"not a disjunction: {of}")
    return [
        (branch, sequent.add(label, part))
        for branch, part in zip(listed(branches, len(formula.parts)), formula.parts, strict=True)
    ], None


def rule_parts(prover: Prover, sequent: Sequent, branches: Json) -> Result:
    """A conjunction holds if each part does."""
    if not isinstance(sequent.goal, And):
        raise Rejected("the goal is not a conjunction")
    parts = sequent.goal.parts
    return [(branch, sequent.aim(part)) for branch, part in zip(listed(branches, len(parts)), parts, strict=True)], None


def rule_antisymmetry(prover: Prover, sequent: Sequent, branches: Json) -> Result:
    """p == 0 follows from p >= 0 and -p >= 0."""
    goal = sequent.goal
    if not (isinstance(goal, Sign) and goal.relation == "=="):
        raise Rejected("the goal is not an equation of numbers")
    above, below = listed(branches, 2)
    return [(above, sequent.aim(Sign(">=", goal.term))), (below, sequent.aim(Sign(">=", -goal.term)))], None


def rule_definite(prover: Prover, sequent: Sequent) -> Result:
    """A vector or matrix is zero if its inner product with itself is."""
    if not isinstance(sequent.goal, Zero):
        raise Rejected("the goal is not an equation of vectors or matrices")
    difference = sequent.goal.difference
    return [], sequent.aim(Sign("==", difference.dot(difference)))


def rule_extensional(prover: Prover, sequent: Sequent, variable: Json) -> Result:
    """A vector or matrix is zero if its inner product with an arbitrary one is."""
    if not isinstance(sequent.goal, Zero):
        raise Rejected("the goal is not an equation of vectors or matrices")
    difference = sequent.goal.difference
    scope = sequent.scope.bind(variable, difference.sort)
    product = difference.dot(as_matrix(scope.names[variable]))
    return [], replace(sequent, scope=scope, goal=Sign("==", product))


def rule_exact(prover: Prover, sequent: Sequent, by: Json) -> Result:
    """A hypothesis holds."""
    need(sequent.hypothesis(by) == sequent.goal, by, "is not the goal")
    return [], None


def rule_absurd(prover: Prover, sequent: Sequent, by: Json) -> Result:
    """From a formula and its negation, everything follows."""
    formula, opposite = (sequent.hypothesis(label) for label in listed(by, 2))
    need(negate(formula) == opposite, "these hypotheses do not contradict each other:", by)
    return [], None


def rule_arithmetic(prover: Prover, sequent: Sequent, products: Json, equations: Json, squares: Json) -> Result:
    """goal = sum c * product(hypotheses >= 0) + sum multiplier * (hypothesis == 0) + sum c * square + remainder, all
    c >= 0, as an identity of polynomials: then the goal term is at least the remainder, a number.  It is strictly more
    if some product with c > 0 has only strict factors.  An equation may only use equations, and remainder 0."""
    goal = sequent.goal
    if not isinstance(goal, Sign):
        raise Rejected("arithmetic shows only the sign of a number")
    rest, strict = goal.term, False
    for entry in listed(products):
        coefficient, labels = listed(entry, 2)
        factor = nonnegative(coefficient)
        product, positive = constant(factor), factor > 0
        for label in listed(labels):
            formula = sequent.hypothesis(label)
            if not (isinstance(formula, Sign) and formula.relation in (">=", ">")):
                raise Rejected(f"not an inequality: {label}")
            product, positive = product * formula.term, positive and formula.relation == ">"
        rest, strict = rest - product, strict or positive
    for entry in listed(equations):
        label, multiplier = listed(entry, 2)
        equation = sequent.hypothesis(label)
        if isinstance(equation, Zero):
            rest = rest - equation.difference.dot(as_matrix(sequent.scope.term(multiplier)))
        elif isinstance(equation, Sign) and equation.relation == "==":
            rest = rest - equation.term * as_scalar(sequent.scope.term(multiplier))
        else:
            raise Rejected(f"not an equation: {label}")
    for entry in listed(squares):
        coefficient, text = listed(entry, 2)
        root = sequent.scope.term(text)
        rest = rest - (root.dot(root) if isinstance(root, Matrix) else root * root).scaled(nonnegative(coefficient))
    remainder = rest.number()
    if remainder is None:
        raise Rejected(f"the identity fails by {str(rest)[:200]}")
    if goal.relation == "==":
        need(not products and not squares and remainder == 0, "an equation needs equations alone, and no remainder")
    else:
        need(
            remainder > 0 or (remainder == 0 and (strict or goal.relation == ">=")),
            "the remainder",
            remainder,
            "is too small",
        )
    return [], None


def nonnegative(text: Json) -> Fraction:
    value = rational(text)
    need(value >= 0, "negative multiplier", text)
    return value


RULES: dict[str, tuple[tuple[str, ...], Callable[..., Result]]] = {
    "instance": (("of", "at", "because", "as"), rule_instance),
    "unfold": (("term", "because", "as"), rule_unfold),
    "phases": (("term", "because", "as", "branches"), rule_phases),
    "have": (("formula", "proof", "as"), rule_have),
    "natural": (("term", "as"), rule_natural),
    "integer": (("of", "as"), rule_integer),
    "congruence": (("left", "right", "because", "as"), rule_congruence),
    "pseudoinverse": (("of", "as"), rule_pseudoinverse),
    "summed": (("of", "over", "at", "because", "as"), rule_summed),
    "unpack": (("of", "as"), rule_unpack),
    "suppose": (("keep", "as"), rule_suppose),
    "contradiction": (("as",), rule_contradiction),
    "split": (("on", "as", "branches"), rule_split),
    "cases": (("of", "as", "branches"), rule_cases),
    "parts": (("branches",), rule_parts),
    "antisymmetry": (("branches",), rule_antisymmetry),
    "definite": ((), rule_definite),
    "extensional": (("variable",), rule_extensional),
    "exact": (("by",), rule_exact),
    "absurd": (("by",), rule_absurd),
    "arithmetic": (("products", "equations", "squares"), rule_arithmetic),
}


@dataclass(frozen=True)
class Case:
    """One case of the inductions around a proof: what their variables stand for in the statement, and the induction
    hypotheses, which are called ``induction on k`` and have no name that a theorem could have."""

    values: Mapping[str, Term] = field(default_factory=dict)
    inductions: Mapping[str, Fact] = field(default_factory=dict)


def prove(theory: Theory, fact: Fact, proof: Json, case: Case | None = None) -> int:
    """Check a proof of a statement, whose hypotheses are labelled h1, h2, ...; return the number of its steps.

    Induction: if the statement holds for 0, and for k + 1 whenever it holds for k (all other variables being arbitrary
    in both), then it holds for every natural k.  Each of the two cases may again be shown by induction, along another
    variable; then the variables of the inductions around it are fixed at what they stand for there.
    """
    case = case or Case()
    if isinstance(proof, list):
        return prove_case(theory, fact, proof, case)
    along, zero, successor = fields(proof, "induction", "zero", "successor")
    need((along, "nat") in fact.variables and along not in case.values, "no free variable of sort nat called", along)
    others = tuple(pair for pair in fact.variables if pair[0] != along and pair[0] not in case.values)
    hypothesis = Fact(others, fact.hypotheses, fact.conclusion, {**case.values, along: atomic(along)})
    inductions = {**case.inductions, f"induction on {along}": hypothesis}
    at_zero = Case({**case.values, along: constant(0)}, case.inductions)
    after = Case({**case.values, along: atomic(along) + constant(1)}, inductions)
    return prove(theory, fact, zero, at_zero) + prove(theory, fact, successor, after)


def opened(theory: Theory, fact: Fact, case: Case) -> Sequent:
    """What is to be shown in one case: a variable that is 0 has no name there, one that is k + 1 lends its name to k."""
    scope = theory.scope([list(pair) for pair in fact.variables])
    statement = scope.meaning({**scope.names, **case.values})
    scope = scope.meaning({v: t for v, t in scope.names.items() if case.values.get(v) != constant(0)})
    hypotheses = {f"h{i}": statement.formula(text) for i, text in enumerate(fact.hypotheses, 1)}
    return Sequent(scope, hypotheses, statement.formula(fact.conclusion))


def prove_case(theory: Theory, fact: Fact, proof: Json, case: Case) -> int:
    prover = Prover(theory, case.inductions)
    prover.check(opened(theory, fact, case), proof)
    return prover.steps
