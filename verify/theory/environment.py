r"""From functions and theorems to statements: names are resolved, definitions collected, measures expanded.

A statement holds exactly what its theorem mentions, directly or through definitions, in an order in which each
definition uses earlier ones.  What only the proof needs (lemmas and their definitions) goes into the witness.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from fractions import Fraction
from typing import Any

from verify.errors import ClaimError, Place
from verify.kernel.evaluation import Evaluator, Value
from verify.kernel.terms import Rejected
from verify.kernel.theory import Theory
from verify.theory import architecture
from verify.theory.objects import Assumption, Changes, Function, Hypothesis, Instance, Parameter, Theorem
from verify.theory.objects import meaning, number_syntax, unknown_name
from verify.theory.powers import base_of, power_bound, power_definition
from verify.theory.reading import read_definition, read_hint, read_signature, read_theorem, source_of

Json = Any
WORD = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True)
class Hints:
    """The hints of a theorem in the kernel's text."""

    induction: tuple[str, ...]
    facts: tuple[str, ...]
    instances: tuple[tuple[str, Mapping[str, str]], ...]
    cases: tuple[str, ...]
    have: tuple[str, ...]

    def offered(self, facts: tuple[str, ...]) -> Hints:
        """The same with further facts to use."""
        return replace(self, facts=self.facts + facts)


@dataclass
class Collector:
    """Reads functions and theorems under the changes of a mutant, and collects what they mention."""

    changes: Changes = field(default_factory=Changes)
    parameters: dict[str, Json] = field(default_factory=dict)
    definitions: dict[str, Json] = field(default_factory=dict)
    theory: Theory = field(default_factory=Theory)
    _origin: dict[str, Function] = field(default_factory=dict)

    # ------------------------------------------------------------------------------------------------- names

    def resolver(self, function: Callable[..., Any], name: str) -> Callable[[str, Place], ast.expr | None]:
        """How the free names of one function are understood; functions met on the way are collected."""

        def resolve(free: str, place: Place) -> ast.expr | None:
            base = base_of(free)
            if base is not None:
                if free not in self.definitions:
                    self.add(power_definition(free, base))
                return None
            found = meaning(function, free)
            match found:
                case Parameter():
                    return number_syntax(self.changes.numbers.get(found.name, found.value))
                case bool():
                    raise unknown_name(free, place)
                case int() | Fraction():
                    return number_syntax(Fraction(found))
                case Function():
                    if found.name != name:
                        self.function(found)
                    return None
            raise unknown_name(free, place)

        return resolve

    def function(self, function: Function) -> None:
        """Collect a function, and first whatever its definition mentions."""
        if base_of(function.name) is not None:
            raise ClaimError(f"the name {function.name} is kept for powers; choose another one", function.place)
        if function.name in self._origin:
            if self._origin[function.name] is not function:
                other = self._origin[function.name].place
                raise ClaimError(
                    f"two different functions are called {function.name}; the other is at {other}", function.place
                )
            return
        self._origin[function.name] = function
        python = self.changes.replaced.get(function.name, function.python)
        source = source_of(python, function.name)
        try:
            if function.arbitrary:
                variables, sort = read_signature(source)
                self.theory.declare(function.name, [s for _, s in variables], sort)
                self.parameters[function.name] = [function.name, [s for _, s in variables], sort]
            else:
                entry = read_definition(source, self.resolver(python, function.name))
                self.add(entry)
        except Rejected as reason:
            raise ClaimError(unaccepted(function.name, reason), function.place) from None

    def add(self, entry: Json) -> None:
        self.theory.define(entry)
        self.definitions[entry["name"]] = entry

    # -------------------------------------------------------------------------------------------- statements

    def theorem(self, theorem: Theorem | Assumption) -> Json:
        """The statement of a theorem in the kernel's text, its measures expanded."""
        entry = self.read(theorem, "prop")
        try:
            self.theory.statement(entry)
        except Rejected as reason:
            raise ClaimError(f"the statement of {theorem.name} is not accepted: {reason}", theorem.place) from None
        return entry

    def bounded_term(self, theorem: Theorem) -> Json:
        """The same for a real term: its text stands where the conclusion of a theorem would."""
        entry = self.read(theorem, "real")
        try:
            self.theory.statement({**entry, "conclusion": f"{entry['conclusion']} >= 0"})
        except Rejected as reason:
            raise ClaimError(f"the term of {theorem.name} is not accepted: {reason}", theorem.place) from None
        return entry

    def read(self, theorem: Theorem | Assumption, sort: str) -> Json:
        python = self.changes.replaced.get(theorem.name, theorem.python)
        entry = read_theorem(source_of(python, theorem.name), self.resolver(python, theorem.name), sort)
        entry["hypotheses"] = [self.expand(text, entry["variables"], theorem.place) for text in entry["hypotheses"]]
        entry["conclusion"] = self.expand(entry["conclusion"], entry["variables"], theorem.place)
        return entry

    def expand(self, text: str, variables: list[list[str]], place: Place) -> str:
        """Replace ``units``, ``weights`` and ``layered`` of network terms by functions derived from the definitions."""
        try:
            return architecture.expand(text, variables, self)
        except architecture.NotANetwork as reason:
            raise ClaimError(str(reason), place) from None

    def hints(self, theorem: Theorem, variables: list[list[str]]) -> Hints:
        sorts = {pair[0]: pair[1] for pair in variables}
        resolve = self.resolver(theorem.python, theorem.name)

        def read(text: str) -> str:
            return self.expand(read_hint(text, sorts, resolve, theorem.place), variables, theorem.place)

        along = theorem.by.variables if theorem.by else ()
        instances: list[tuple[str, Mapping[str, str]]] = []
        for fact in theorem.using:
            if isinstance(fact, Hypothesis) and not along:
                raise ClaimError(f"{theorem.name} has no induction hypothesis; add by=induction(...)", theorem.place)
            if isinstance(fact, Instance | Hypothesis):
                hypothesis = f"induction on {fact.variable or along[-1]}" if isinstance(fact, Hypothesis) else ""
                name = hypothesis or fact.theorem.name  # type: ignore[union-attr]
                instances.append((name, {v: read(text) for v, text in fact.terms.items()}))
        return Hints(
            along,
            tuple(fact.name for fact in theorem.using if isinstance(fact, Theorem)),
            tuple(instances),
            tuple(read(text) for text in theorem.cases),
            tuple(read(text) for text in theorem.have),
        )


@dataclass(frozen=True)
class Problem:
    """A theorem to decide: its statement, and what a proof may use beside it."""

    statement: Json
    lemmas: tuple[tuple[Json, Hints], ...]
    hints: Hints
    definitions: tuple[Json, ...]
    suggestions: tuple[tuple[Json, Hints], ...] = ()  # lemmas that somebody guessed; those that are proved may be used


def problem(theorem: Theorem, changes: Changes | None = None, arithmetic: str = "exact") -> Problem:
    """Read a theorem with everything that belongs to it; raise ``ClaimError`` at the author's line."""
    collector = Collector(changes or Changes())
    assumptions = []
    for assumed in theorem.assuming:
        entry = collector.theorem(assumed)
        assumptions.append({**entry, "source": str(assumed.source) if assumed.source else None})
    entry = collector.theorem(theorem)
    lemmas = [(collector.theorem(lemma), lemma) for lemma in lemmas_of(theorem)]
    read = [(json, collector.hints(lemma, json["variables"])) for json, lemma in lemmas]
    hints = collector.hints(theorem, entry["variables"])
    bounds = power_bounds(collector.definitions)
    offered = tuple(json["name"] for json, _ in bounds)
    hints, read = hints.offered(offered), [*bounds, *((json, h.offered(offered)) for json, h in read)]
    stated = mentioned([entry, *assumptions], collector.definitions)
    used = mentioned(
        [json for json, _ in read] + [asdict(h) for h in (hints, *(h for _, h in read))], collector.definitions
    )
    statement = {
        "arithmetic": arithmetic,
        "parameters": list(collector.parameters.values()),
        "definitions": [d for name, d in collector.definitions.items() if name in stated],
        "assumptions": assumptions,
        "theorem": entry,
    }
    extra = tuple(d for name, d in collector.definitions.items() if name in used - stated)
    return Problem(statement, tuple(read), hints, extra)


def unaccepted(name: str, reason: Rejected) -> str:
    """What is wrong with a definition, in the author's terms: a pattern ``k + 1`` of the kernel is his ``k != 0``."""
    if str(reason).startswith("not a primitive recursion"):
        return (
            f"{name} calls itself at an argument that is not known to be smaller; in the case n != 0 call it at n - 1, or at "
            f"something of sort nat that is visibly at most n - 1"
        )
    return f"the definition of {name} is not accepted: {reason}"


def bounded_term(theorem: Theorem, changes: Changes | None = None) -> Json:
    """A statement whose conclusion is a real term, for goals that ask how large it can be."""
    collector = Collector(changes or Changes())
    entry = collector.bounded_term(theorem)
    stated = mentioned(entry, collector.definitions)
    return {
        "arithmetic": "exact",
        "parameters": list(collector.parameters.values()),
        "definitions": [d for name, d in collector.definitions.items() if name in stated],
        "assumptions": [],
        "theorem": entry,
    }


def power_bounds(definitions: Iterable[str]) -> list[tuple[Json, Hints]]:
    """The bounds of the power functions in use, which are offered to every proof."""
    found = []
    for name in definitions:
        base = base_of(name)
        statement = power_bound(name, base) if base is not None else None
        if statement is not None:
            found.append((statement, Hints(("k",), (), (), (), ())))
    return found


def mentioned(texts: Json, definitions: Mapping[str, Json]) -> set[str]:
    """The definitions that some texts mention, directly or through other definitions."""
    found: set[str] = set()
    pending = [texts]
    while pending:
        entry = pending.pop()
        if isinstance(entry, str):
            new = {word for word in WORD.findall(entry) if word in definitions} - found
            found |= new
            pending += [definitions[name]["body"] for name in new]
        elif isinstance(entry, dict):
            pending += list(entry.values())
        elif isinstance(entry, list | tuple):
            pending += list(entry)
    return found


def lemmas_of(theorem: Theorem) -> Iterable[Theorem]:
    """The lemmas that a proof may use, each after those that its own proof may use."""
    found: dict[str, Theorem] = {}

    def visit(fact: Theorem, above: tuple[Theorem, ...]) -> None:
        for used in fact.using:
            if isinstance(used, Hypothesis):
                continue
            lemma = used.theorem if isinstance(used, Instance) else used
            if lemma in above:
                raise ClaimError(f"{lemma.name} is used in its own proof", lemma.place)
            if lemma.name not in found:
                visit(lemma, (*above, lemma))
                found[lemma.name] = lemma
            elif found[lemma.name] is not lemma:
                raise ClaimError(f"two different lemmas are called {lemma.name}", lemma.place)

    visit(theorem, (theorem,))
    return found.values()


def evaluate(function: Function, arguments: tuple[Any, ...]) -> Any:
    """The exact value of a defined function at exact numbers."""
    collector = Collector()
    collector.function(function)
    if collector.parameters:
        raise ClaimError(f"{function.name} depends on arbitrary functions and has no value", function.place)
    values: tuple[Value, ...] = tuple(
        tuple(map(Fraction, a)) if isinstance(a, list | tuple) else Fraction(a) for a in arguments
    )
    return Evaluator(collector.theory, "exact", {}).call(function.name, values)
