r"""Searching a proof: a tableau over the kernel's own rules.

At each sequent the search adds facts that follow (``facts``), tries to close it (a hypothesis is the goal, two
hypotheses contradict each other, or ``linear`` finds multipliers), and else divides it: on the author's cases, on
disjunctions, on the phases of definitions by cases, the activation phases of a ReLU among them.

Every step is applied by the rule functions of the kernel, so the search sees exactly the sequents that the checker
will see.  It may fail; it cannot make anything true.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from verify.engines.proof import matching
from verify.engines.proof.facts import Facts, Produced
from verify.engines.proof.workbench import Agenda, Origin, Steps, Stuck, Workbench, is_recursive
from verify.kernel.formulas import FALSE, And, Holds, Or, Sign, Zero, negate
from verify.kernel.logic import Sequent
from verify.kernel.terms import Rejected

Json = Any
ANYTHING = "arbitrary_"  # how the names begin of vectors and matrices that stand for any


@dataclass
class Search:
    """A search on one workbench."""

    bench: Workbench
    nodes: int = 0
    started: float = field(default_factory=time.process_time)

    def __post_init__(self) -> None:
        self.facts = Facts(self.bench, self.prove)

    def start(self, sequent: Sequent, agenda: Agenda) -> Steps:
        """A proof of a whole statement.  While the search is frugal, a function without recursion that a lemma speaks
        about first is known by that lemma alone."""
        if self.bench.limits.frugal:
            heads = {
                cover[0].head
                for name in agenda.facts
                for cover in matching.triggers(self.bench.prover.fact(name))[:1]
                if cover
            }
            self.bench.opaque = frozenset(
                h
                for h in heads
                if h in self.bench.theory.definitions and not is_recursive(self.bench.theory.definitions[h])
            )
        return self.prove(sequent, agenda)

    def prove(self, sequent: Sequent, agenda: Agenda, depth: int = 0) -> Steps:
        """A proof of the sequent, or ``Stuck``."""
        self.nodes += 1
        if depth > self.bench.limits.depth or self.nodes > self.bench.limits.nodes:
            raise Stuck(sequent, "the search became too large")
        if time.process_time() - self.started > self.bench.limits.seconds:
            raise Stuck(sequent, f"no proof within {self.bench.limits.seconds:g} s")
        if isinstance(sequent.goal, And):
            return self.parts(sequent, agenda, depth)
        steps, sequent = self.reduce_goal(sequent)
        more, sequent, agenda = self.facts.saturate(sequent, agenda, depth)
        steps += more
        closing = self.bench.close(sequent, effort=0) or self.bench.absurd(sequent, effort=0)
        if closing is None:
            closing = self.split(sequent, agenda, depth)
        return [*steps, *closing]

    def parts(self, sequent: Sequent, agenda: Agenda, depth: int) -> Steps:
        premises, _ = self.bench.apply(
            sequent, {"rule": "parts", "branches": [[]] * len(getattr(sequent.goal, "parts", ()))}
        )
        return [{"rule": "parts", "branches": [self.prove(premise, agenda, depth + 1) for _, premise in premises]}]

    def reduce_goal(self, sequent: Sequent) -> tuple[Steps, Sequent]:
        """Turn a disjunction or a predicate into hypotheses."""
        steps: Steps = []
        while isinstance(sequent.goal, Or | Holds):
            if isinstance(sequent.goal, Or):
                parts = sequent.goal.parts
                vectors = [i for i, part in enumerate(parts) if isinstance(part, Zero)]  # these cannot be negated
                labels = [self.bench.fresh("s") for _ in parts[1:]]
                step = {"rule": "suppose", "keep": vectors[0] if vectors else len(parts) - 1, "as": labels}
            else:
                step = {"rule": "contradiction", "as": self.bench.fresh("s")}
            try:
                sequent = self.bench.continued(sequent, step)
            except Rejected as reason:
                raise Stuck(sequent, str(reason)) from None
            steps.append(step)
        if isinstance(sequent.goal, Zero) and sequent.goal not in sequent.hypotheses.values():
            try:
                steps.append(self.as_numbers(sequent, sequent.goal))
                sequent = self.bench.continued(sequent, steps[-1])
            except Rejected as reason:
                raise Stuck(sequent, str(reason)) from None
        return steps, sequent

    def as_numbers(self, sequent: Sequent, goal: Zero) -> Json:
        """The step from an equation of vectors or matrices to one of numbers."""
        square = self.bench.ingredients(sequent).elimination.reduce(goal.difference.dot(goal.difference))[0]
        anything = next(n for i in count() if (n := f"{ANYTHING}{i}") not in sequent.scope.names)
        return {"rule": "extensional", "variable": anything} if square.terms else {"rule": "definite"}

    def split(self, sequent: Sequent, agenda: Agenda, depth: int) -> Steps:
        """Divide the sequent; the first division offered is taken, and only if none is left does effort grow."""
        for step, keys, origin in self.divisions(sequent, agenda):
            try:
                premises, _ = self.bench.apply(sequent, step)
            except Rejected:  # a case of the author that means nothing here, such as one on an equation of vectors
                agenda = agenda.mark(*keys)
                continue
            inner = agenda.mark(*keys)
            branches = [self.prove(p, inner.seen(self.bench.occurring(p), origin), depth + 1) for _, p in premises]
            return [{**step, "branches": branches}]
        for effort in (1, 2):
            closing = self.bench.close(sequent, effort) or self.bench.absurd(sequent, effort)
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
                    {"rule": "split", "on": text, "as": self.bench.fresh("c"), "branches": [[], []]},
                    (f"split {text}",),
                    Origin(),
                )
        for _, label, formula in disjunctions:
            yield self.cases(label, formula), (f"cases {label}",), Origin()
        yield from self.phases(sequent, agenda)

    def cases(self, label: str, formula: Or) -> Json:
        return {"rule": "cases", "of": label, "as": self.bench.fresh("c"), "branches": [[]] * len(formula.parts)}

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
            left = Sign(left.relation, self.bench.ingredients(sequent).elimination.reduce(left.term)[0])
        wanted = matching.occurring([left])
        found = sorted(self.bench.occurring(sequent).items(), key=lambda item: (item[0] not in wanted, len(item[0])))
        for text, application in found:
            if f"unfold {text}" not in agenda.done:
                ways = self.bench.ways(text, application, sequent)
                if len(ways) > 1:
                    step = {"rule": "phases", "term": text, "because": [], "as": self.bench.fresh("p")}
                    origin = Origin(agenda.origin(text).age, application.head)
                    yield {**step, "branches": [[]] * len(ways)}, (f"unfold {text}",), origin
