r"""Searching a proof: a tableau over the kernel's own rules.

At each sequent the search

1. **saturates**: unfolds definitions where only one way through the body is left, instantiates the facts it was told
   (lemmas, the induction hypothesis) at terms found by ``matching``, rounds integer inequalities, and applies
   congruence where arguments became equal;
2. tries to **close** the sequent: a hypothesis is the goal, two hypotheses contradict each other, or ``linear`` finds
   multipliers;
3. **splits**: on the author's cases, on disjunctions, on the phases of definitions by cases (activation phases of a
   ReLU among them), and for an equation of numbers on the two inequalities.

Every step is applied by the rule functions of the kernel, so the search sees exactly the sequents that the checker
will see.  It may fail; it cannot make anything true.
"""

from __future__ import annotations

import ast
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import gcd
from typing import Any

from verify.engines.proof import linear, matching
from verify.kernel.formulas import FALSE, And, Formula, Holds, Or, Scope, Sign, Zero, negate
from verify.kernel.logic import RULES, Prover, Sequent
from verify.kernel.terms import Polynomial, Rejected, Term, as_scalar, atomic, constant
from verify.kernel.theory import Definition, Fact, Theory, fields

Json = Any
Steps = list[Json]
Produced = Iterator[tuple[Json, tuple[str, ...], "Origin"]]
"""Steps, what they do (so that it is not done again), and the origin of the applications that they bring in."""


def is_recursive(definition: Definition) -> bool:
    return isinstance(definition.body, dict) and "on" in definition.body


class Stuck(Exception):
    """No proof was found; the sequent where the search stopped says what is missing."""

    def __init__(self, sequent: Sequent, reason: str) -> None:
        super().__init__(reason)
        self.sequent, self.reason = sequent, reason


@dataclass(frozen=True)
class Limits:
    """Bounds on the search; all but the deadline are deterministic."""

    depth: int = 40
    nodes: int = 4000
    facts: int = 60  # added at one sequent
    rounds: int = 6
    frugal: bool = True  # recursion unfolded once, the induction hypothesis used at the calls that this brings in
    generations: int = 1  # facts instantiated at terms that instances brought in
    all_triggers: bool = False
    seconds: float = 60.0


@dataclass(frozen=True)
class Origin:
    """Where an application came from: ``age`` counts the instances in between; ``call`` is the function whose
    unfolding brought it in."""

    age: int = 0
    call: str = ""


@dataclass(frozen=True)
class Agenda:
    """What the author suggested and has not been used yet, and what was already done on this branch."""

    cases: tuple[str, ...] = ()
    have: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    instances: tuple[tuple[str, Mapping[str, str]], ...] = ()
    done: frozenset[str] = frozenset()
    origins: Mapping[str, Origin] = field(default_factory=dict)

    def mark(self, *keys: str) -> Agenda:
        return replace(self, done=self.done | set(keys))

    def seen(self, applications: Iterable[str], origin: Origin) -> Agenda:
        new = {text: origin for text in applications if text not in self.origins}
        return replace(self, origins={**self.origins, **new}) if new else self

    def origin(self, text: str) -> Origin:
        return self.origins.get(text, Origin())


@dataclass
class Search:
    """A search in one theory, with the induction hypotheses around the sequent."""

    theory: Theory
    inductions: Mapping[str, Fact] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    nodes: int = 0
    labels: int = 0
    started: float = field(default_factory=time.monotonic)
    opaque: frozenset[str] = frozenset()
    known: deque[linear.Ingredients] = field(default_factory=lambda: deque(maxlen=64))
    latest: tuple[Mapping[str, Formula], Formula, dict[str, matching.Application]] | None = None
    read: dict[str, list[Term]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.prover = Prover(self.theory, self.inductions)

    def start(self, sequent: Sequent, agenda: Agenda) -> Steps:
        """A proof of a whole statement.  While the search is frugal, a function without recursion that a lemma speaks
        about first is known by that lemma alone."""
        if self.limits.frugal:
            heads = {
                cover[0].head
                for name in agenda.facts
                for cover in matching.triggers(self.prover.fact(name))[:1]
                if cover
            }
            self.opaque = frozenset(
                h for h in heads if h in self.theory.definitions and not is_recursive(self.theory.definitions[h])
            )
        return self.prove(sequent, agenda)

    # --------------------------------------------------------------------------------------------- the kernel

    def apply(self, sequent: Sequent, step: Json) -> tuple[list[tuple[Json, Sequent]], Sequent | None]:
        """Apply one rule; the subproofs in the step may be placeholders."""
        names, rule = RULES[step["rule"]]
        return rule(self.prover, sequent, *fields({k: v for k, v in step.items() if k != "rule"}, *names))

    def fresh(self, stem: str) -> str:
        self.labels += 1
        return f"{stem}{self.labels}"

    # ------------------------------------------------------------------------------------------------- search

    def prove(self, sequent: Sequent, agenda: Agenda, depth: int = 0) -> Steps:
        """A proof of the sequent, or ``Stuck``."""
        self.nodes += 1
        if depth > self.limits.depth or self.nodes > self.limits.nodes:
            raise Stuck(sequent, "the search became too large")
        if time.monotonic() - self.started > self.limits.seconds:
            raise Stuck(sequent, f"no proof within {self.limits.seconds:g} s")
        if isinstance(sequent.goal, And):
            return self.parts(sequent, agenda, depth)
        steps, sequent = self.reduce_goal(sequent)
        more, sequent, agenda = self.saturate(sequent, agenda, depth)
        steps += more
        closing = self.close(sequent, effort=0)
        if closing is None:
            closing = self.split(sequent, agenda, depth)
        return [*steps, *closing]

    def parts(self, sequent: Sequent, agenda: Agenda, depth: int) -> Steps:
        premises, _ = self.apply(sequent, {"rule": "parts", "branches": [[]] * len(getattr(sequent.goal, "parts", ()))})
        return [{"rule": "parts", "branches": [self.prove(premise, agenda, depth + 1) for _, premise in premises]}]

    def reduce_goal(self, sequent: Sequent) -> tuple[Steps, Sequent]:
        """Turn a disjunction or a predicate into hypotheses."""
        steps: Steps = []
        while isinstance(sequent.goal, Or | Holds):
            if isinstance(sequent.goal, Or):
                count = len(sequent.goal.parts)
                labels = [self.fresh("s") for _ in range(count - 1)]
                step = {"rule": "suppose", "keep": count - 1, "as": labels}
            else:
                step = {"rule": "contradiction", "as": self.fresh("s")}
            sequent = self.continued(sequent, step)
            steps.append(step)
        return steps, sequent

    def continued(self, sequent: Sequent, step: Json) -> Sequent:
        _, rest = self.apply(sequent, step)
        assert rest is not None
        return rest

    # --------------------------------------------------------------------------------------------- saturation

    def saturate(self, sequent: Sequent, agenda: Agenda, depth: int) -> tuple[Steps, Sequent, Agenda]:
        """Add what follows without a choice."""
        steps: Steps = []
        agenda = agenda.seen(self.occurring(sequent), Origin())
        for _ in range(self.limits.rounds):
            before = len(steps)
            for produce in self.producers():
                for step, keys, origin in produce(sequent, agenda, depth):
                    agenda = agenda.mark(*keys)
                    sequent = self.continued(sequent, step)
                    steps.append(step)
                    agenda = agenda.seen(self.occurring(sequent), origin)
                    if len(steps) >= self.limits.facts:
                        return steps, sequent, agenda
            if len(steps) == before:
                break
        return steps, sequent, agenda

    def producers(self) -> tuple[Callable[[Sequent, Agenda, int], Produced], ...]:
        return (
            self.unpacked,
            self.unfolded,
            self.told,
            self.instantiated,
            self.plain_induction,
            self.rounded,
            self.pinned,
            self.squeezed,
            self.congruent,
        )

    def unpacked(self, sequent: Sequent, agenda: Agenda, depth: int) -> Produced:
        for label, formula in sequent.hypotheses.items():
            if isinstance(formula, And) and f"unpack {label}" not in agenda.done:
                labels = [self.fresh("u") for _ in formula.parts]
                yield {"rule": "unpack", "of": label, "as": labels}, (f"unpack {label}",), Origin()

    def unfolded(self, sequent: Sequent, agenda: Agenda, depth: int) -> Produced:
        for text, application in self.occurring(sequent).items():
            origin = agenda.origin(text)
            if f"unfold {text}" in agenda.done or origin.age > self.limits.generations:
                continue
            if self.limits.frugal and origin.call == application.head and not self.is_closed(application):
                continue
            ways = self.ways(text, application, sequent)
            if len(ways) == 1:
                step = {"rule": "unfold", "term": text, "because": [], "as": self.fresh("d")}
                yield step, (f"unfold {text}",), Origin(origin.age, application.head)

    def is_closed(self, application: matching.Application) -> bool:
        """Whether the arguments are numbers, so that unfolding comes to an end."""
        return not any(isinstance(n, ast.Name) for argument in application.nodes for n in ast.walk(argument))

    def ways(self, text: str, application: matching.Application, sequent: Sequent) -> list[Any]:
        """The ways through the definition of an application, if it can and should be unfolded here."""
        if application.head not in self.theory.definitions or application.head in self.opaque:
            return []
        try:
            ways, duties = self.theory.unfold(text, sequent.scope)
        except Rejected:
            return []
        return [] if duties else ways

    def told(self, sequent: Sequent, agenda: Agenda, depth: int) -> Produced:
        """The author's instances and intermediate formulas."""
        for name, terms in agenda.instances:
            key = f"told {name} {sorted(terms.items())}"
            if key not in agenda.done:
                step = self.instance(sequent, name, terms, agenda, depth)
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
        return {"rule": "have", "formula": text, "proof": proof, "as": self.fresh("e")}

    def instantiated(self, sequent: Sequent, agenda: Agenda, depth: int) -> Produced:
        """Facts at terms found by matching, if their hypotheses hold here."""
        names = (*self.inductions, *agenda.facts)
        occurring = self.occurring(sequent)
        for name in names:
            fact = self.prover.fact(name)
            for found, at in matching.matches(fact, sequent.scope, occurring, all_triggers=self.limits.all_triggers):
                terms = {variable: str(term) for variable, term in found.items()}
                origins = [agenda.origin(application.text) for application in at]
                age = 1 + max((origin.age for origin in origins), default=0)
                key = f"fact {name} {sorted(terms.items())}"
                if key in agenda.done or age > self.limits.generations:
                    continue
                if name in self.inductions and self.limits.frugal and at and not any(origin.call for origin in origins):
                    continue
                step = self.instance(sequent, name, terms, None, depth)
                if step is not None:
                    agenda = agenda.mark(key)
                    yield step, (key,), Origin(age)

    def plain_induction(self, sequent: Sequent, agenda: Agenda, depth: int) -> Produced:
        """The induction hypothesis with the other variables as they are, where matching found no use for it."""
        for name, fact in self.inductions.items():
            if not any(key.startswith(f"fact {name} ") for key in agenda.done):
                terms = {variable: variable for variable, _ in fact.variables}
                step = self.instance(sequent, name, terms, None, depth)
                if step is not None:
                    yield step, (f"fact {name} as it is",), Origin(1)

    def instance(
        self, sequent: Sequent, name: str, terms: Mapping[str, str], agenda: Agenda | None, depth: int
    ) -> Json | None:
        """One instance of a fact; its hypotheses are shown by arithmetic, or by a search for an instance asked for."""
        step = {"rule": "instance", "of": name, "at": dict(terms), "because": [], "as": self.fresh("i")}
        try:
            duties = self.duties(sequent, step)
            proofs = []
            for duty in duties:
                proof = self.close(sequent.aim(duty), effort=1)
                if proof is None and agenda is not None:
                    proof = self.prove(sequent.aim(duty), replace(agenda, have=(), instances=()), depth + 1)
                if proof is None:
                    return None
                proofs.append(proof)
        except (Stuck, Rejected):
            return None
        return {**step, "because": proofs}

    def duties(self, sequent: Sequent, step: Json) -> list[Formula]:
        """What has to be shown for an instance."""
        for count in range(12):
            try:
                premises, _ = self.apply(sequent, {**step, "because": [[]] * count})
            except Rejected as reason:
                if "expected a list of" not in str(reason):
                    raise
            else:
                return [premise.goal for _, premise in premises]
        raise Rejected("a fact with too many hypotheses")

    def rounded(self, sequent: Sequent, agenda: Agenda, depth: int) -> Produced:
        """Integer rounding: from g q + c >= 0 with q an integer term, q >= ceil(-c/g)."""
        scope = sequent.scope
        for label, formula in sequent.hypotheses.items():
            key = f"round {label}"
            if (
                not isinstance(formula, Sign)
                or formula.relation == "=="
                or key in agenda.done
                or formula.term.number() is not None
            ):
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
                yield {"rule": "integer", "of": label, "as": self.fresh("z")}, (key,), Origin()
                continue
            quotient = (scaled - constant(constant_part)).scaled(Fraction(1, divisor))
            bound = -constant_part / divisor
            least = bound.__ceil__() if formula.relation == ">=" or bound.denominator != 1 else int(bound) + 1
            if least <= bound:
                continue
            positive = quotient - constant(least - 1)
            name = self.fresh("e")
            proof = linear.arithmetic(linear.Ingredients(scope, {label: formula}), Sign(">", positive))
            if proof is not None:
                yield {"rule": "have", "formula": f"{positive} > 0", "proof": proof, "as": name}, (key,), Origin()
                yield {"rule": "integer", "of": name, "as": self.fresh("z")}, (f"round {name}",), Origin()

    def pinned(self, sequent: Sequent, agenda: Agenda, depth: int) -> Produced:
        """A natural number that is at most 0 is 0."""
        ingredients = self.ingredients(sequent)
        for variable in sorted(sequent.scope.naturals & set(sequent.scope.names)):
            value, key = atomic(variable), f"pinned {variable}"
            if key in agenda.done or ingredients.elimination.reduce(value)[0].number() is not None:
                continue
            below = linear.arithmetic(ingredients, Sign(">=", -value))
            if below is not None:
                above = linear.arithmetic(ingredients, Sign(">=", value)) or []
                proof: Steps = [{"rule": "antisymmetry", "branches": [above, below]}]
                yield (
                    {"rule": "have", "formula": f"{variable} == 0", "proof": proof, "as": self.fresh("e")},
                    (key,),
                    Origin(),
                )

    def squeezed(self, sequent: Sequent, agenda: Agenda, depth: int) -> Produced:
        """Two opposite inequalities are an equation."""
        ingredients = self.ingredients(sequent)
        above = {str(c.polynomial): c for c in ingredients.columns if c.polynomial.terms}
        for text, column in above.items():
            other, key = above.get(str(-column.polynomial)), f"squeezed {text}"
            if other is not None and key not in agenda.done:
                term = ingredients.term(column.labels[0])
                sides = [linear.arithmetic(ingredients, Sign(">=", t)) for t in (term, -term)]
                if None in sides:
                    continue
                proof: Steps = [{"rule": "antisymmetry", "branches": sides}]
                keys = (key, f"squeezed {-column.polynomial}")
                yield {"rule": "have", "formula": f"{term} == 0", "proof": proof, "as": self.fresh("e")}, keys, Origin()

    def congruent(self, sequent: Sequent, agenda: Agenda, depth: int) -> Produced:
        """Applications of one function whose arguments are equal by the equations at hand."""
        ingredients = self.ingredients(sequent)
        first: dict[str, matching.Application] = {}
        for text, application in self.occurring(sequent).items():
            reduced = self.reduced(application, sequent.scope, ingredients.elimination)
            other = first.setdefault(reduced.text, application)
            key = f"congruence {text} {other.text}"
            if other is not application and key not in agenda.done:
                step = {"rule": "congruence", "left": text, "right": other.text}
                proofs = self.equal_arguments(sequent.scope, ingredients, application, other)
                yield {**step, "because": proofs, "as": self.fresh("q")}, (key,), Origin()

    def equal_arguments(
        self, scope: Scope, ingredients: linear.Ingredients, left: matching.Application, right: matching.Application
    ) -> list[Steps]:
        proofs: list[Steps] = []
        for s, t in zip(self.arguments(left, scope), self.arguments(right, scope), strict=True):
            if s != t:
                proof = linear.arithmetic(ingredients, Sign("==", as_scalar(s) - as_scalar(t)))
                proofs.append(proof or [])
        return proofs

    # --------------------------------------------------------------------------------- what a sequent contains

    def ingredients(self, sequent: Sequent) -> linear.Ingredients:
        """What arithmetic may use, built on what was known for fewer of the hypotheses."""
        best = linear.Ingredients(sequent.scope)
        for known in self.known:
            if known.hypotheses is sequent.hypotheses:
                return known
            if len(known.hypotheses) > len(best.hypotheses) and all(
                sequent.hypotheses.get(label) is formula for label, formula in known.hypotheses.items()
            ):
                best = known
        found = best.extended(sequent.hypotheses)
        self.known.append(found)
        return found

    def occurring(self, sequent: Sequent) -> dict[str, matching.Application]:
        """The applications in a sequent, and what they become when the equations are used in their arguments."""
        if self.latest is None or self.latest[0] is not sequent.hypotheses or self.latest[1] is not sequent.goal:
            found = matching.occurring([*sequent.hypotheses.values(), sequent.goal])
            elimination = self.ingredients(sequent).elimination
            for application in list(found.values()):
                reduced = self.reduced(application, sequent.scope, elimination)
                found.setdefault(reduced.text, reduced)
            self.latest = (sequent.hypotheses, sequent.goal, found)
        return self.latest[2]

    def arguments(self, application: matching.Application, scope: Scope) -> list[Term]:
        if application.text not in self.read:
            self.read[application.text] = [scope.read_term(node) for node in application.nodes]
        return self.read[application.text]

    def reduced(
        self, application: matching.Application, scope: Scope, elimination: linear.Elimination
    ) -> matching.Application:
        terms = self.arguments(application, scope)
        arguments = [elimination.reduce(t)[0] if isinstance(t, Polynomial) else t for t in terms]
        if arguments == terms:
            return application
        try:
            scope.application(application.head, arguments)
        except Rejected:
            return application
        return matching.applications_in(f"{application.head}({', '.join(map(str, arguments))})")[0]

    # ------------------------------------------------------------------------------------------------ closing

    def close(self, sequent: Sequent, effort: int) -> Steps | None:
        """The end of a branch, if it is one."""
        for label, formula in sequent.hypotheses.items():
            if formula == sequent.goal:
                return [{"rule": "exact", "by": label}]
        holding = {f.atom: label for label, f in sequent.hypotheses.items() if isinstance(f, Holds) and f.positive}
        for label, formula in sequent.hypotheses.items():
            if isinstance(formula, Holds) and not formula.positive and formula.atom in holding:
                return [{"rule": "absurd", "by": [holding[formula.atom], label]}]
        if isinstance(sequent.goal, Sign):
            return linear.arithmetic(self.ingredients(sequent), sequent.goal, effort=effort)
        return None

    # ---------------------------------------------------------------------------------------------- splitting

    def split(self, sequent: Sequent, agenda: Agenda, depth: int) -> Steps:
        """Divide the sequent; the first division offered is taken, and only if none is left does effort grow."""
        for step, keys, origin in self.divisions(sequent, agenda):
            premises, _ = self.apply(sequent, step)
            inner = agenda.mark(*keys)
            branches = [self.prove(p, inner.seen(self.occurring(p), origin), depth + 1) for _, p in premises]
            return [{**step, "branches": branches}]
        for effort in (1, 2):
            closing = self.close(sequent, effort)
            if closing is not None:
                return closing
        raise Stuck(sequent, "no rule applies")

    def divisions(self, sequent: Sequent, agenda: Agenda) -> Produced:
        """Ways to divide a sequent, the best first."""
        disjunctions = []
        for label, formula in sequent.hypotheses.items():
            if isinstance(formula, Or) and f"cases {label}" not in agenda.done:
                parts = self.open_parts(sequent, formula)
                if parts is not None:
                    disjunctions.append((parts, label, formula))
        disjunctions.sort(key=lambda entry: entry[0])
        for parts, label, formula in disjunctions:
            if parts <= 1:  # all other branches close at once
                yield self.cases(label, formula), (f"cases {label}",), Origin()
        for text in agenda.cases:
            if f"split {text}" not in agenda.done:
                yield (
                    {"rule": "split", "on": text, "as": self.fresh("c"), "branches": [[], []]},
                    (f"split {text}",),
                    Origin(),
                )
        for _, label, formula in disjunctions:
            yield self.cases(label, formula), (f"cases {label}",), Origin()
        yield from self.phases(sequent, agenda)

    def cases(self, label: str, formula: Or) -> Json:
        return {"rule": "cases", "of": label, "as": self.fresh("c"), "branches": [[]] * len(formula.parts)}

    def open_parts(self, sequent: Sequent, formula: Or) -> int | None:
        """How many parts are not contradicted by a hypothesis word for word; None if some part is known to hold."""
        known = list(sequent.hypotheses.values())
        open_parts = 0
        for part in formula.parts:
            value = part.term.number() if isinstance(part, Sign) else None
            holds = value is not None and (value > 0 or (value == 0 and part != FALSE))
            if holds or part in known:
                return None
            false = value is not None or (not isinstance(part, Zero) and negate(part) in known)
            open_parts += not false
        return open_parts

    def phases(self, sequent: Sequent, agenda: Agenda) -> Produced:
        """Definitions by cases: those in what is left of the goal first, then inner ones before outer ones."""
        left = sequent.goal
        if isinstance(left, Sign):
            left = Sign(left.relation, self.ingredients(sequent).elimination.reduce(left.term)[0])
        wanted = matching.occurring([left])
        found = sorted(self.occurring(sequent).items(), key=lambda item: (item[0] not in wanted, len(item[0])))
        for text, application in found:
            if f"unfold {text}" not in agenda.done:
                ways = self.ways(text, application, sequent)
                if len(ways) > 1:
                    step = {"rule": "phases", "term": text, "because": [], "as": self.fresh("p")}
                    origin = Origin(agenda.origin(text).age, application.head)
                    yield {**step, "branches": [[]] * len(ways)}, (f"unfold {text}",), origin
