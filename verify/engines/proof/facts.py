r"""Facts that follow at a sequent without a choice.

The cheap ones are added until there are no more: conjunctions unpacked, disjunctions with one part left, definitions
with one way through their body, integer inequalities rounded, pairs of inequalities that make an equation, congruence.
Then come, once, the instances that the author asked for, and those that matching finds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import gcd
from typing import Any

from verify.engines.proof import linear, matching, traces
from verify.engines.proof.workbench import Agenda, Origin, Steps, Stuck, Workbench, is_closed, opposite
from verify.kernel import formula_text
from verify.kernel.formulas import And, Holds, Or, Scope, Sign, Zero
from verify.kernel.logic import Sequent
from verify.kernel.terms import Rejected, as_matrix, as_scalar, atomic, constant, shape
from verify.theory.powers import base_of

Json = Any
Produced = Iterator[tuple[Json, tuple[str, ...], Origin]]
"""Steps, what they do (so that it is not done again), and the origin of the applications that they bring in."""

TRACE = "t"  # how labels of products of matrix equations begin

Prove = Callable[[Sequent, Agenda, int], Steps]


@dataclass
class Facts:
    """Produces steps that add facts; ``prove`` searches a proof of what the author suggested as intermediate."""

    bench: Workbench
    prove: Prove

    def saturate(self, sequent: Sequent, agenda: Agenda, depth: int) -> tuple[Steps, Sequent, Agenda]:
        """Add what follows."""
        steps: Steps = []
        agenda = agenda.seen(self.bench.occurring(sequent), Origin())
        cheap = (self.unpacked, self.propagated, self.unfolded, self.rounded)
        costly = (self.pinned, self.squeezed, self.congruent, self.inverted, self.multiplied)
        for _ in range(self.bench.limits.rounds):
            before = len(steps)
            while not self.is_full(steps):
                count = len(steps)
                for produce in cheap:
                    sequent, agenda = self.extend(produce, steps, sequent, agenda, depth)
                if len(steps) == count:
                    break
            for produce in (self.told, self.instantiated, self.plain_induction, *costly):
                sequent, agenda = self.extend(produce, steps, sequent, agenda, depth)
            if len(steps) == before or self.is_full(steps):
                break
        return steps, sequent, agenda

    def extend(
        self,
        produce: Callable[[Sequent, Agenda, int], Produced],
        steps: Steps,
        sequent: Sequent,
        agenda: Agenda,
        depth: int,
    ) -> tuple[Sequent, Agenda]:
        for step, keys, origin in produce(sequent, agenda, depth):
            agenda = agenda.mark(*keys)
            sequent = self.bench.continued(sequent, step)
            steps.append(step)
            if not str(step.get("as")).startswith(TRACE):
                agenda = agenda.seen(self.bench.occurring(sequent), origin)
            if step["rule"] == "have" and produce == self.told:
                agenda = agenda.renewed(matching.occurring([sequent.hypotheses[step["as"]]]))
            if self.is_full(steps):
                break
        return sequent, agenda

    def is_full(self, steps: Steps) -> bool:
        """Whether enough facts were added; products of equations, which have bounds of their own, do not count."""
        return sum(not str(step.get("as")).startswith(TRACE) for step in steps) >= self.bench.limits.facts

    def unpacked(self, sequent: Sequent, agenda: Agenda, depth: int) -> Produced:
        for label, formula in sequent.hypotheses.items():
            if isinstance(formula, And) and f"unpack {label}" not in agenda.done:
                labels = [self.bench.fresh("u") for _ in formula.parts]
                yield {"rule": "unpack", "of": label, "as": labels}, (f"unpack {label}",), Origin()

    def propagated(self, sequent: Sequent, agenda: Agenda, depth: int) -> Produced:
        """The one part of a disjunction that is left when hypotheses contradict all others."""
        known = {formula: label for label, formula in sequent.hypotheses.items() if isinstance(formula, Holds)}
        for label, formula in sequent.hypotheses.items():
            if not isinstance(formula, Or) or f"cases {label}" in agenda.done:
                continue
            refuted = [isinstance(part, Holds) and opposite(part) in known for part in formula.parts]
            left = [part for part, false in zip(formula.parts, refuted, strict=True) if not false]
            if len(left) == 1 and not isinstance(left[0], Zero):
                name = self.bench.fresh("c")
                branches: list[Steps] = [
                    [{"rule": "absurd", "by": [name, known[opposite(part)]]}] if isinstance(part, Holds) and false
                    else [{"rule": "exact", "by": name}]
                    for part, false in zip(formula.parts, refuted, strict=True)
                ]  # fmt: skip
                proof: Steps = [{"rule": "cases", "of": label, "as": name, "branches": branches}]
                step = {"rule": "have", "formula": formula_text(left[0]), "proof": proof, "as": self.bench.fresh("e")}
                yield step, (f"cases {label}",), Origin()

    def unfolded(self, sequent: Sequent, agenda: Agenda, depth: int) -> Produced:
        for text, application in self.bench.occurring(sequent).items():
            origin = agenda.origin(text)
            if f"unfold {text}" in agenda.done or origin.age > self.bench.limits.generations:
                continue
            once = self.bench.limits.frugal and base_of(application.head) is None
            if once and origin.call == application.head and not is_closed(application):
                continue
            ways = self.bench.ways(text, application, sequent)
            if len(ways) == 1:
                step = {"rule": "unfold", "term": text, "because": [], "as": self.bench.fresh("d")}
                yield step, (f"unfold {text}",), Origin(origin.age, application.head)

    def told(self, sequent: Sequent, agenda: Agenda, depth: int) -> Produced:
        """The author's instances and intermediate formulas."""
        summed = ((name, terms, over) for name, terms, over in agenda.summed)
        for name, terms, over in (*((name, terms, ()) for name, terms in agenda.instances), *summed):
            key = f"told {name} {sorted(terms.items())} {over}"
            if key not in agenda.done:
                step = self.instance(sequent, name, terms, effort=2, over=over)
                if step is not None:
                    yield step, (key,), Origin()
        for text in agenda.have:
            if f"have {text}" not in agenda.done:
                step = self.intermediate(sequent, text, agenda.mark(f"have {text}"), depth)
                if step is not None:
                    yield step, (f"have {text}",), Origin()
                return

    def intermediate(self, sequent: Sequent, text: str, agenda: Agenda, depth: int) -> Json | None:
        try:
            formula = sequent.scope.formula(text)
            proof = self.prove(sequent.aim(formula), replace(agenda, have=()), depth + 1)
        except (Stuck, Rejected):
            return None
        return {"rule": "have", "formula": text, "proof": proof, "as": self.bench.fresh("e")}

    def instantiated(self, sequent: Sequent, agenda: Agenda, depth: int) -> Produced:
        """Facts at terms found by matching, if their hypotheses hold here."""
        names = (*self.bench.inductions, *agenda.facts)
        occurring = self.bench.occurring(sequent)
        for name in names:
            fact = self.bench.prover.fact(name)
            for found, at in matching.matches(
                fact, sequent.scope, occurring, all_triggers=self.bench.limits.all_triggers
            ):
                terms = {variable: str(term) for variable, term in found.items()}
                origins = [agenda.origin(application.text) for application in at]
                harmless = bool(at) and all(base_of(application.head) is not None for application in at)
                age = 0 if harmless else 1 + max((origin.age for origin in origins), default=0)
                key = f"fact {name} {sorted(terms.items())}"
                if key in agenda.done or age > self.bench.limits.generations:
                    continue
                if (
                    name in self.bench.inductions
                    and self.bench.limits.frugal
                    and at
                    and not any(origin.call for origin in origins)
                ):
                    continue
                step = self.instance(sequent, name, terms)
                if step is not None:
                    agenda = agenda.mark(key)
                    yield step, (key,), Origin(age)

    def plain_induction(self, sequent: Sequent, agenda: Agenda, depth: int) -> Produced:
        """The induction hypothesis with the other variables as they are, where matching found no use for it."""
        for name, fact in self.bench.inductions.items():
            if not any(key.startswith(f"fact {name} ") for key in agenda.done):
                terms = {variable: variable for variable, _ in fact.variables}
                step = self.instance(sequent, name, terms)
                if step is not None:
                    yield step, (f"fact {name} as it is",), Origin(1)

    def instance(
        self, sequent: Sequent, name: str, terms: Mapping[str, str], *, effort: int = 1, over: tuple[str, ...] = ()
    ) -> Json | None:
        """One instance of a fact, or the sum of instances, if arithmetic shows its hypotheses here."""
        step = {"rule": "instance", "of": name, "at": dict(terms), "because": [], "as": self.bench.fresh("i")}
        if over:
            step |= {"rule": "summed", "over": list(over)}
        proofs = []
        try:
            for premise in self.duties(sequent, step):
                proof = self.shown(premise, effort)
                if proof is None:
                    return None
                proofs.append(proof)
        except Rejected:
            return None
        return {**step, "because": proofs}

    def shown(self, sequent: Sequent, effort: int) -> Steps | None:
        """A proof without search: the parts of a conjunction one by one, each closed at once."""
        if isinstance(sequent.goal, And):
            branches = [self.shown(sequent.aim(part), effort) for part in sequent.goal.parts]
            return None if None in branches else [{"rule": "parts", "branches": branches}]
        return self.bench.close(sequent, 0) or (self.bench.close(sequent, effort) if effort else None)

    def duties(self, sequent: Sequent, step: Json) -> list[Sequent]:
        """What has to be shown for an instance."""
        try:
            premises, _ = self.bench.apply(sequent, step)
        except Rejected as reason:  # the kernel says how many subproofs it needs
            count = re.match(r"expected a list of (\d+)", str(reason))
            if count is None:
                raise
            premises, _ = self.bench.apply(sequent, {**step, "because": [[]] * int(count[1])})
        return [premise for _, premise in premises]

    def rounded(self, sequent: Sequent, agenda: Agenda, depth: int) -> Produced:
        """Integer rounding: from g q + c >= 0 with q an integer term, q >= ceil(-c/g).  An equation g q + c == 0 without
        an integer solution q becomes such an inequality, which contradicts it."""
        scope = sequent.scope
        for label, formula in sequent.hypotheses.items():
            key = f"round {label}"
            if not isinstance(formula, Sign) or key in agenda.done or formula.term.number() is not None:
                continue
            denominator = 1
            for c in formula.term.terms.values():
                denominator = denominator * c.denominator // gcd(denominator, c.denominator)
            scaled = formula.term.scaled(Fraction(denominator))
            if not scope.is_integer(scaled):
                continue
            constant_part = scaled.terms.get((), Fraction(0))
            divisor = gcd(*(c.numerator for m, c in scaled.terms.items() if m))
            if formula.relation == ">" and divisor == 1 and denominator == 1:
                yield {"rule": "integer", "of": label, "as": self.bench.fresh("z")}, (key,), Origin()
                continue
            quotient = (scaled - constant(constant_part)).scaled(Fraction(1, divisor))
            bound = -constant_part / divisor
            if formula.relation == "==" and bound.denominator == 1:
                continue
            least = bound.__ceil__() if formula.relation == ">=" or bound.denominator != 1 else int(bound) + 1
            if least <= bound:
                continue
            positive = quotient - constant(least - 1)
            name = self.bench.fresh("e")
            proof = linear.arithmetic(linear.Ingredients(scope).extended({label: formula}), Sign(">", positive))
            if proof is not None:
                yield {"rule": "have", "formula": f"{positive} > 0", "proof": proof, "as": name}, (key,), Origin()
                yield {"rule": "integer", "of": name, "as": self.bench.fresh("z")}, (f"round {name}",), Origin()

    def pinned(self, sequent: Sequent, agenda: Agenda, depth: int) -> Produced:
        """A natural number that is at most 0 is 0."""
        ingredients = self.bench.ingredients(sequent)
        for variable in sorted(sequent.scope.naturals & set(sequent.scope.names)):
            value, key = atomic(variable), f"pinned {variable}"
            if key in agenda.done or ingredients.elimination.reduce(value)[0].number() is not None:
                continue
            below = linear.arithmetic(ingredients, Sign(">=", -value))
            if below is not None:
                above = linear.arithmetic(ingredients, Sign(">=", value)) or []
                proof: Steps = [{"rule": "antisymmetry", "branches": [above, below]}]
                yield (
                    {"rule": "have", "formula": f"{variable} == 0", "proof": proof, "as": self.bench.fresh("e")},
                    (key,),
                    Origin(),
                )

    def squeezed(self, sequent: Sequent, agenda: Agenda, depth: int) -> Produced:
        """Two opposite inequalities are an equation (if one of them is strict, the branch ends anyway)."""
        ingredients = self.bench.ingredients(sequent)
        above = {str(c.polynomial): c for c in ingredients.columns if c.polynomial.terms}
        for text, column in above.items():
            other, key = above.get(str(-column.polynomial)), f"squeezed {text}"
            if other is not None and not column.strict and not other.strict and key not in agenda.done:
                term = ingredients.term(column.labels[0])
                sides = [linear.arithmetic(ingredients, Sign(">=", t)) for t in (term, -term)]
                if None in sides:
                    continue
                proof: Steps = [{"rule": "antisymmetry", "branches": sides}]
                keys = (key, f"squeezed {-column.polynomial}")
                yield (
                    {"rule": "have", "formula": f"{term} == 0", "proof": proof, "as": self.bench.fresh("e")},
                    keys,
                    Origin(),
                )

    def congruent(self, sequent: Sequent, agenda: Agenda, depth: int) -> Produced:
        """Applications of one function whose arguments are equal by the equations at hand."""
        ingredients = self.bench.ingredients(sequent)
        first: dict[str, matching.Application] = {}
        for text, application in self.bench.occurring(sequent).items():
            reduced = self.bench.reduced(application, sequent.scope, ingredients.elimination)
            other = first.setdefault(reduced.text, application)
            key = f"congruence {text} {other.text}"
            if other is not application and key not in agenda.done:
                step = {"rule": "congruence", "left": text, "right": other.text}
                proofs = self.equal_arguments(sequent.scope, ingredients, application, other)
                yield {**step, "because": proofs, "as": self.bench.fresh("q")}, (key,), Origin()

    def inverted(self, sequent: Sequent, agenda: Agenda, depth: int) -> Produced:
        """What is known about the pseudoinverses that occur."""
        formulas = (*sequent.hypotheses.values(), sequent.goal)
        for matrix in dict.fromkeys(m for formula in formulas for m in traces.inverted_in(formula)):
            if f"inverted {matrix}" not in agenda.done:
                labels = [self.bench.fresh("x") for _ in range(4)]
                yield {"rule": "pseudoinverse", "of": matrix, "as": labels}, (f"inverted {matrix}",), Origin()

    def multiplied(self, sequent: Sequent, agenda: Agenda, depth: int) -> Produced:
        """Equations of vectors, as inner products with each vector that occurs; equations of matrices, as ``traces`` says."""
        columns = {
            n: f.difference
            for n, f in sequent.hypotheses.items()
            if isinstance(f, Zero) and f.difference.parts and f.difference.shape == shape("vec")
        }
        formulas = (*sequent.hypotheses.values(), sequent.goal)
        vectors = sorted({v for formula in formulas for v in matching.vectors_of(formula)}) if columns else []
        found: list[traces.Product] = [
            (label, vector, Sign("==", difference.dot(as_matrix(sequent.scope.term(vector)))), ())
            for label, difference in columns.items()
            for vector in vectors
        ]
        if traces.equations_of(sequent) and self.bench.close(sequent, 0) is None:
            found += traces.products(sequent, self.bench.ingredients(sequent).elimination, agenda.done)
        for label, factor, product, marks in found:
            key = f"multiplied {label} {factor}"
            if key not in agenda.done:
                proof: Steps = [linear.step((), {label: factor}, ())]
                step = {
                    "rule": "have",
                    "formula": formula_text(product),
                    "proof": proof,
                    "as": self.bench.fresh("e" if label in columns else TRACE),
                }
                yield step, (key, *marks), Origin()

    def equal_arguments(
        self, scope: Scope, ingredients: linear.Ingredients, left: matching.Application, right: matching.Application
    ) -> list[Steps]:
        proofs: list[Steps] = []
        for s, t in zip(self.bench.arguments(left, scope), self.bench.arguments(right, scope), strict=True):
            if s != t:
                proof = linear.arithmetic(ingredients, Sign("==", as_scalar(s) - as_scalar(t)))
                proofs.append(proof or [])
        return proofs
