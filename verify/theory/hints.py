r"""Hints for a proof: read in the language of their theorem, and reported if they make no sense there.

Hints cannot make anything true; but one that can never be used is a mistake of the author's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from verify.errors import ClaimError
from verify.kernel.formulas import Scope
from verify.kernel.terms import Rejected, Term
from verify.theory.objects import Assumption, Hypothesis, Instance, Theorem
from verify.theory.reading import read_hint
from verify.theory.readings import ask_once, read_once

if TYPE_CHECKING:
    from verify.theory.environment import Collector

Json = Any


@dataclass(frozen=True)
class Hints:
    """The hints of a theorem in the kernel's text."""

    induction: tuple[str, ...]
    facts: tuple[str, ...]
    instances: tuple[tuple[str, Mapping[str, str]], ...]
    cases: tuple[str, ...]
    have: tuple[str, ...]
    summed: tuple[tuple[str, Mapping[str, str], tuple[str, ...]], ...] = ()  # facts, with columns to sum over

    def offered(self, facts: tuple[str, ...]) -> Hints:
        """The same with further facts to use."""
        return replace(self, facts=self.facts + facts)


def read_hints(collector: Collector, theorem: Theorem, facts: Mapping[str, Json]) -> Hints:
    """The hints of a theorem, whose own statement and those of its lemmas are given by name."""
    return Reading(collector, theorem, facts).hints()


@dataclass(frozen=True)
class Reading:
    """Reads the hints of one theorem."""

    collector: Collector
    theorem: Theorem
    facts: Mapping[str, Json]

    @property
    def variables(self) -> list[list[str]]:
        return self.facts[self.theorem.name]["variables"]  # type: ignore[no-any-return]

    def mistake(self, hint: str, message: str) -> ClaimError:
        return ClaimError(f"the hint {hint} of {self.theorem.name} makes no sense: {message}", self.theorem.place)

    def hints(self) -> Hints:
        theorem = self.theorem
        along = self.along()
        given = [fact for fact in theorem.using if isinstance(fact, Instance | Hypothesis)]
        return Hints(
            along,
            tuple(self.fact(fact) for fact in theorem.using if isinstance(fact, Theorem | Assumption)),
            tuple(self.instance(f, along) for f in given if not (isinstance(f, Instance) and f.over)),
            tuple(self.formula("cases", text) for text in theorem.cases),
            tuple(self.formula("have", text) for text in theorem.have),
            tuple((*self.instance(f, along), f.over) for f in given if isinstance(f, Instance) and f.over),
        )

    def along(self) -> tuple[str, ...]:
        along = self.theorem.by.variables if self.theorem.by else ()
        naturals = [variable for variable, sort in self.variables if sort == "nat"]
        for number, variable in enumerate(along):
            if variable not in naturals:
                raise self.mistake(f"induction({variable!r})", f"it has no variable {variable} of sort nat")
            if variable in along[:number]:
                raise self.mistake(f"induction({variable!r})", "one induction along a variable is enough")
        return along

    def fact(self, fact: Theorem | Assumption) -> str:
        if fact.name not in self.facts:
            raise self.mistake(fact.name, f"nobody assumes it here; add assuming=[{fact.name}] to what is proved")
        return fact.name

    def instance(self, fact: Instance | Hypothesis, along: tuple[str, ...]) -> tuple[str, Mapping[str, str]]:
        """A fact at given terms, one for each of its variables."""
        if isinstance(fact, Instance):
            name, hint = self.fact(fact.theorem), f"{fact.theorem.name}.{'summed' if fact.over else 'at'}"
            variables = [pair for pair in self.facts[name]["variables"] if pair[0] not in fact.over]
            if len(variables) + len(fact.over) != len(self.facts[name]["variables"]):
                raise self.mistake(f"{hint}{fact.over}", "it has no such columns")
        else:
            if not along:
                raise ClaimError(
                    f"{self.theorem.name} has no induction hypothesis; add by=induction(...)", self.theorem.place
                )
            variable, hint = fact.variable or along[-1], "hypothesis"
            if variable not in along:
                raise self.mistake(f"hypothesis({variable!r})", f"there is no induction along {variable}")
            name, before = f"induction on {variable}", along[: along.index(variable) + 1]
            variables = [pair for pair in self.variables if pair[0] not in before]
        terms = {v: self.read(text) for v, text in fact.terms.items()}
        shown = f"{hint}({', '.join(f'{v}={text!r}' for v, text in fact.terms.items())})"
        if terms.keys() != {v for v, _ in variables}:
            wanted = ", ".join(v for v, _ in variables) or "nothing"
            raise self.mistake(shown, f"it has to say what is put for {wanted}")
        for variable, sort in variables:
            self.check(shown, terms[variable], sort)
        return name, terms

    def formula(self, where: str, text: str) -> str:
        read = self.read(text)
        self.check(f"{where}={text!r}", read, "prop")
        return read

    def read(self, text: str) -> str:
        sorts = {pair[0]: pair[1] for pair in self.variables}
        names, place = self.collector.names(self.theorem), self.theorem.place
        key = (self.theorem.python, text, tuple(sorts.items()))
        read = read_once(key, names, lambda names: read_hint(text, sorts, names, place))
        return self.collector.expand(read, self.variables, self.theorem.place)

    def check(self, hint: str, text: str, sort: str) -> None:
        """Complain of a hint whose text is no formula, or no term of a sort, in the language of the theorem."""
        theory = self.collector.theory

        def read() -> None:
            scope = theory.scope(self.variables)
            if sort == "prop":
                scope.formula(text)
            else:
                fits(scope, scope.term(text), sort)

        try:
            ask_once("hint", theory, [self.variables, text, sort], read)
        except Rejected as reason:
            raise self.mistake(hint, str(reason)) from None


def fits(scope: Scope, term: Term, sort: str) -> None:
    """Complain of a term that is not of this sort."""
    if not scope.fits(term, sort):
        raise Rejected(f"{term} is not of sort {sort}")
