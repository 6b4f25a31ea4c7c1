r"""The workbench of a proof search: the kernel's rules, applied one by one, and what is known at a sequent."""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from verify.engines.proof import linear, matching
from verify.engines.proof.elimination import Elimination
from verify.kernel.formulas import FALSE, Formula, Holds, Scope, Sign
from verify.kernel.logic import RULES, Prover, Sequent
from verify.kernel.terms import Polynomial, Rejected, Term
from verify.kernel.theory import Definition, Fact, Theory, fields

Json = Any
Steps = list[Json]


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
    seconds: float = 60.0  # of the processor: what is found does not depend on who else is at work


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
    summed: tuple[tuple[str, Mapping[str, str], tuple[str, ...]], ...] = ()
    done: frozenset[str] = frozenset()
    origins: Mapping[str, Origin] = field(default_factory=dict)

    def mark(self, *keys: str) -> Agenda:
        return replace(self, done=self.done | set(keys))

    def seen(self, applications: Iterable[str], origin: Origin) -> Agenda:
        new = {text: origin for text in applications if text not in self.origins}
        return replace(self, origins={**self.origins, **new}) if new else self

    def renewed(self, applications: Iterable[str]) -> Agenda:
        """What the author mentions counts as given, wherever it came from before."""
        return replace(self, origins={**self.origins, **{text: Origin() for text in applications}})

    def origin(self, text: str) -> Origin:
        return self.origins.get(text, Origin())


@dataclass
class Workbench:
    """One theory with the induction hypotheses around a sequent; remembers what it worked out about sequents."""

    theory: Theory
    inductions: Mapping[str, Fact] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    opaque: frozenset[str] = frozenset()
    labels: int = 0
    known: deque[linear.Ingredients] = field(default_factory=lambda: deque(maxlen=64))
    latest: tuple[Mapping[str, Formula], Formula, dict[str, matching.Application]] | None = None
    read: dict[str, list[Term]] = field(default_factory=dict)
    mentioned: dict[int, tuple[Formula, tuple[matching.Application, ...]]] = field(default_factory=dict)  # by identity

    def __post_init__(self) -> None:
        self.prover = Prover(self.theory, self.inductions)

    # ------------------------------------------------------------------------------------------------ the kernel

    def apply(self, sequent: Sequent, step: Json) -> tuple[list[tuple[Json, Sequent]], Sequent | None]:
        """Apply one rule; the subproofs in the step may be placeholders."""
        names, rule = RULES[step["rule"]]
        return rule(self.prover, sequent, *fields({k: v for k, v in step.items() if k != "rule"}, *names))

    def continued(self, sequent: Sequent, step: Json) -> Sequent:
        _, rest = self.apply(sequent, step)
        assert rest is not None
        return rest

    def fresh(self, stem: str) -> str:
        self.labels += 1
        return f"{stem}{self.labels}"

    def ways(self, text: str, application: matching.Application, sequent: Sequent) -> list[Any]:
        """The ways through the definition of an application, if it can and should be unfolded here."""
        if application.head not in self.theory.definitions or application.head in self.opaque:
            return []
        try:
            ways, duties = self.theory.unfold(text, sequent.scope)
        except Rejected:
            return []
        return [] if duties else ways

    # --------------------------------------------------------------------------------- what a sequent contains

    def ingredients(self, sequent: Sequent) -> linear.Ingredients:
        """What arithmetic may use, built on what was known for fewer of the hypotheses."""
        for known in self.known:
            if known.hypotheses is sequent.hypotheses:
                return known
        largest = sorted(self.known, key=lambda known: -len(known.hypotheses))
        parts = (known for known in largest if is_part(known.hypotheses, sequent.hypotheses))
        found = next(parts, linear.Ingredients(sequent.scope)).extended(sequent.hypotheses)
        self.known.append(found)
        return found

    def occurring(self, sequent: Sequent) -> dict[str, matching.Application]:
        """The applications in a sequent, and what they become when the equations are used in their arguments."""
        if self.latest is None or self.latest[0] is not sequent.hypotheses or self.latest[1] is not sequent.goal:
            found = {a.text: a for f in (*sequent.hypotheses.values(), sequent.goal) for a in self.applications(f)}
            elimination = self.ingredients(sequent).elimination
            for application in list(found.values()):
                reduced = self.reduced(application, sequent.scope, elimination)
                found.setdefault(reduced.text, reduced)
            self.latest = (sequent.hypotheses, sequent.goal, found)
        return self.latest[2]

    def applications(self, formula: Formula) -> Iterable[matching.Application]:
        """The applications in a formula, which many sequents share."""
        if id(formula) not in self.mentioned:
            self.mentioned[id(formula)] = formula, tuple(matching.occurring([formula]).values())
        return self.mentioned[id(formula)][1]

    def arguments(self, application: matching.Application, scope: Scope) -> list[Term]:
        if application.text not in self.read:
            self.read[application.text] = [scope.read_term(node) for node in application.nodes]
        return self.read[application.text]

    def reduced(
        self, application: matching.Application, scope: Scope, elimination: Elimination
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

    def absurd(self, sequent: Sequent, effort: int) -> Steps | None:
        """The end of a branch whose hypotheses contradict each other."""
        if not isinstance(sequent.goal, Sign) or sequent.goal == FALSE:
            return None
        return linear.contradiction(self.ingredients(sequent), effort)


def is_part(fewer: Mapping[str, Formula], hypotheses: Mapping[str, Formula]) -> bool:
    """Whether some hypotheses are among these; the latest ones are most likely to differ."""
    return len(fewer) <= len(hypotheses) and all(
        hypotheses.get(label) is formula for label, formula in reversed([*fewer.items()])
    )


def is_closed(application: matching.Application) -> bool:
    """Whether the arguments are numbers, so that unfolding comes to an end."""
    nodes = [n for argument in application.nodes for n in ast.walk(argument)]
    functions = {id(n.func) for n in nodes if isinstance(n, ast.Call)}
    return not any(isinstance(n, ast.Name) and id(n) not in functions for n in nodes)


def is_recursive(definition: Definition) -> bool:
    return isinstance(definition.body, dict) and "on" in definition.body


def opposite(formula: Holds) -> Holds:
    return Holds(formula.atom, not formula.positive)
