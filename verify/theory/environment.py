r"""From functions and theorems to statements: names are resolved, definitions collected, measures expanded.

A statement holds exactly what its theorem mentions, directly or through definitions, in an order in which each
definition uses earlier ones.  What only the proof needs (lemmas and their definitions) goes into the witness.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from typing import Any

from verify.errors import ClaimError, Place
from verify.kernel.evaluation import ARITHMETIC, Evaluator, Value, need_dimensions, of_rows, rows
from verify.kernel.terms import ONE, VECTORS, Rejected, need, shape
from verify.kernel.theory import Theory
from verify.theory import architecture, symbols
from verify.theory.hints import Hints as Hints
from verify.theory.hints import read_hints
from verify.theory.mistakes import not_a_term, remedy, unaccepted
from verify.theory.models import modelled, need_no_circle
from verify.theory.objects import Assumption, Changes, Function, Instance, Model, Parameter, Theorem
from verify.theory.objects import meaning, number_syntax
from verify.theory.powers import NoNatural, base_of, check_exponents, power_bound, power_definition, power_name
from verify.theory.reading import read_definition, read_theorem
from verify.theory.readings import define, read_once, state
from verify.theory.source import read_signature, source_of

Json = Any
WORD = re.compile(r"(?<![\w.])[A-Za-z_]\w*")  # not the T of a transpose


@dataclass(frozen=True)
class Surroundings:
    """How the free names of one function are understood; functions met on the way are collected."""

    collector: Collector
    python: Callable[..., Any]

    def resolve(self, name: str, place: Place) -> ast.expr:
        found = meaning(self.python, name)
        match found:
            case Parameter():
                return number_syntax(self.collector.number(found))
            case bool():
                pass
            case int() | Fraction():
                return number_syntax(Fraction(found))
            case Function():
                self.collector.function(found)
                return ast.Name(found.name, ast.Load())
        raise ClaimError(f"{name} {not_a_term(self.python, name, found)}", place)

    def word(self, name: str, place: Place) -> None:
        found = meaning(self.python, name)
        if found is not None and found is not getattr(symbols, name, getattr(builtins, name, None)):
            raise ClaimError(
                f"{name} is a word of the language and means something else here; choose another name", place
            )

    def power(self, base: Fraction) -> str:
        name = power_name(base)
        if name not in self.collector.definitions:
            self.collector.add(power_definition(name, base))
        return name

    def count(self, function: str, count: str) -> str:
        return self.collector.keep(f"{function}_{count}")


@dataclass
class Collector:
    """Reads functions and theorems under the changes of a mutant, and collects what they mention."""

    changes: Changes = field(default_factory=Changes)
    model: Model | None = None
    parameters: dict[str, Json] = field(default_factory=dict)
    definitions: dict[str, Json] = field(default_factory=dict)
    theory: Theory = field(default_factory=Theory)
    _origin: dict[str, Function] = field(default_factory=dict)
    _kept: set[str] = field(default_factory=set)  # names of counts
    met: dict[int, Any] = field(default_factory=dict)  # by id, whatever changes could have replaced

    def number(self, parameter: Parameter) -> Fraction:
        self.met[id(parameter)] = parameter
        return self.changes.number(parameter)

    def python(self, what: Function | Theorem | Assumption) -> Callable[..., Any]:
        self.met[id(what)] = what
        return self.changes.python(what)

    def function(self, function: Function) -> None:
        """Collect a function, and first whatever its definition mentions."""
        kept = "powers" if base_of(function.name) is not None else "a count" if function.name in self._kept else ""
        if kept:
            raise ClaimError(f"the name {function.name} is kept for {kept}; choose another one", function.place)
        if function.name in self._origin:
            if self._origin[function.name] is not function:
                other = self._origin[function.name].place
                raise ClaimError(
                    f"two different functions are called {function.name}; the other is at {other}", function.place
                )
            if self.model is not None:
                need_no_circle([n for n in self._origin if n not in self.theory.signature], function, self.model)
            return
        self._origin[function.name] = function
        python = self.python(function)
        source = source_of(python, function.name)
        try:
            if self.model is not None and function in self.model.functions:
                modelled(self, function, self.model)
            elif function.arbitrary:
                variables, sort = read_signature(source)
                self.theory.declare(function.name, [s for _, s in variables], sort)
                self.parameters[function.name] = [function.name, [s for _, s in variables], sort]
            else:
                names = Surroundings(self, python)
                entry = read_once((python, function.name), names, lambda names: read_definition(source, names))
                need_other_names(entry, function.place)
                self.add(entry)
                check_exponents(self.theory, entry)
        except Rejected as reason:
            raise ClaimError(unaccepted(function.name, reason), function.place) from None
        except NoNatural as reason:
            raise ClaimError(str(reason), function.place) from None

    def names(self, beside: Theorem | Function) -> Surroundings:
        """What names mean in the hints of a theorem, which stand beside its original text."""
        return Surroundings(self, beside.python)

    def add(self, entry: Json) -> None:
        define(self.theory, entry)
        self.definitions[entry["name"]] = entry

    def keep(self, name: str) -> str:
        """A name that stands for a count of an architecture, and for nothing of the author's."""
        if name in self._origin:
            raise ClaimError(f"the name {name} is kept for a count; choose another one", self._origin[name].place)
        self._kept.add(name)
        return name

    # -------------------------------------------------------------------------------------------- statements

    def theorem(self, theorem: Theorem | Assumption) -> Json:
        """The statement of a theorem in the kernel's text, its measures expanded."""
        entry = self.read(theorem, "prop")
        try:
            state(self.theory, entry)
        except NoNatural as reason:
            raise ClaimError(str(reason), theorem.place) from None
        except Rejected as reason:
            raise ClaimError(
                f"the statement of {theorem.name} is not accepted: {reason}{remedy(reason)}", theorem.place
            ) from None
        return entry

    def bounded_term(self, theorem: Theorem) -> Json:
        """The same for a real term: its text stands where the conclusion of a theorem would."""
        entry = self.read(theorem, "real")
        try:
            self.theory.statement({**entry, "conclusion": f"{entry['conclusion']} >= 0"})
            check_exponents(self.theory, entry)
        except NoNatural as reason:
            raise ClaimError(str(reason), theorem.place) from None
        except Rejected as reason:
            raise ClaimError(f"the term of {theorem.name} is not accepted: {reason}", theorem.place) from None
        return entry

    def read(self, theorem: Theorem | Assumption, sort: str) -> Json:
        python = self.python(theorem)
        source, names = source_of(python, theorem.name), Surroundings(self, python)
        found = read_once((python, theorem.name, sort), names, lambda names: read_theorem(source, names, sort))
        expanded = [
            self.expand(text, found["variables"], theorem.place) for text in (*found["hypotheses"], found["conclusion"])
        ]
        entry = {**found, "hypotheses": expanded[:-1], "conclusion": expanded[-1]}
        need_other_names(entry, theorem.place)
        return entry

    def expand(self, text: str, variables: list[list[str]], place: Place) -> str:
        """Replace ``units``, ``weights`` and ``layered`` of network terms by functions derived from the definitions."""
        try:
            return architecture.expand(text, variables, self)
        except (architecture.NotANetwork, Rejected) as reason:
            raise ClaimError(str(reason), place) from None


@dataclass(frozen=True)
class Problem:
    """A theorem to decide: its statement, and what a proof may use beside it."""

    statement: Json
    lemmas: tuple[tuple[Json, Hints], ...]
    hints: Hints
    definitions: tuple[Json, ...]
    suggestions: tuple[tuple[Json, Hints], ...] = ()  # lemmas that somebody guessed; those that are proved may be used
    met: tuple[Any, ...] = ()  # the functions, theorems and parameters that were read

    def concerned_by(self, changes: Changes) -> bool:
        """Whether reading it under these changes could give anything else."""
        return not changes.objects or any(what is changed for what in self.met for changed in changes.objects)


def problem(
    theorem: Theorem, changes: Changes | None = None, arithmetic: str = "exact", *, model: Model | None = None
) -> Problem:
    """Read a theorem with everything that belongs to it; raise ``ClaimError`` at the author's line."""
    try:
        return _problem(theorem, Collector(changes or Changes(), model), arithmetic)
    except RecursionError:
        raise too_long(theorem) from None


def too_long(what: Theorem | Function) -> ClaimError:
    return ClaimError(
        f"an expression in {what.name}, or in what it uses, is too long; divide it by definitions", what.place
    )


def _problem(theorem: Theorem, collector: Collector, arithmetic: str) -> Problem:
    assumptions = []
    for assumed in theorem.assuming:
        entry = collector.theorem(assumed)
        assumptions.append({**entry, "source": str(assumed.source) if assumed.source else None})
    entry = collector.theorem(theorem)
    lemmas = [(collector.theorem(lemma), lemma) for lemma in lemmas_of(theorem)]
    facts = {json["name"]: json for json in (*assumptions, *(json for json, _ in lemmas), entry)}
    read = [(json, read_hints(collector, lemma, facts)) for json, lemma in lemmas]
    hints = read_hints(collector, theorem, facts)
    bounds = [bound for bound in power_bounds(collector.definitions) if bound[0]["name"] not in facts]
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
    found = Problem(statement, tuple(read), hints, extra, met=tuple(collector.met.values()))
    check_names(found, theorem)
    return found


def need_other_names(entry: Json, place: Place) -> None:
    """A dimension is no variable: ``n`` in ``mat[p, n]`` is a number of which nothing can be said."""
    sorts = [sort for _, sort in entry["variables"]] + ([entry["sort"]] if "sort" in entry else [])
    dimensions = {name for sort in sorts for name in shape(sort) or ()} - {ONE, VECTORS}
    for variable, _ in entry["variables"]:
        if variable in dimensions:
            raise ClaimError(
                f"{variable} is a variable of {entry['name']} and a dimension of its matrices; rename one of them",
                place,
            )


def check_names(problem: Problem, theorem: Theorem) -> None:
    """What a proof will consist of is read in the order of a certificate: no name may mean two things."""
    statement, theory = problem.statement, Theory()
    arithmetic, entry = statement["arithmetic"], statement["theorem"]
    try:
        need(arithmetic in ARITHMETIC, "unknown arithmetic:", arithmetic)
        for parameter in statement["parameters"]:
            theory.declare(*parameter)
        for definition in (*statement["definitions"], *problem.definitions):
            define(theory, definition)
        for fact in statement["assumptions"]:
            theory.establish(fact["name"], state(theory, {k: v for k, v in fact.items() if k != "source"}))
        need(entry["name"] not in theory.facts, "an assumption has the name of the theorem:", entry["name"])
        for lemma, _ in problem.lemmas:
            theory.establish(lemma["name"], state(theory, lemma))
        state(theory, entry)
    except Rejected as reason:
        raise ClaimError(f"{theorem.name} with what its proof uses is not accepted: {reason}", theorem.place) from None


def bounded_term(theorem: Theorem, changes: Changes | None = None) -> Json:
    """A statement whose conclusion is a real term, for goals that ask how large it can be."""
    collector = Collector(changes or Changes())
    try:
        entry = collector.bounded_term(theorem)
    except RecursionError:
        raise too_long(theorem) from None
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
            lemma = used.theorem if isinstance(used, Instance) else used
            if not isinstance(lemma, Theorem):
                continue
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
    try:
        collector.function(function)
    except RecursionError:
        raise too_long(function) from None
    if collector.parameters:
        raise ClaimError(f"{function.name} depends on arbitrary functions and has no value", function.place)
    values = exact_arguments(function, collector.definitions[function.name]["variables"], arguments)
    try:
        value = Evaluator(collector.theory, "exact", {}).call(function.name, values)
        return rows(value) if collector.definitions[function.name]["sort"].startswith("mat(") else value
    except (Rejected, RecursionError) as reason:
        why = "it calls itself too often" if isinstance(reason, RecursionError) else str(reason)
        call = f"{function.name}({', '.join(map(str, arguments))})"
        raise ClaimError(f"{call} is not evaluated: {why}", function.place) from None


def exact_arguments(function: Function, variables: list[list[str]], arguments: tuple[Any, ...]) -> tuple[Value, ...]:
    """The arguments of a call as exact numbers, vectors and matrices, if they have the sorts of the function."""
    try:
        values = tuple(map(exact_value, arguments))
        fits = [has_sort(value, sort) for value, (_, sort) in zip(values, variables, strict=True)]
        need_dimensions((value, sort) for value, (_, sort) in zip(values, variables, strict=True))
    except (TypeError, ValueError, ArithmeticError, Rejected):
        fits = [False]
    if not all(fits):
        wanted, given = ", ".join(f"{v}: {sort}" for v, sort in variables), ", ".join(map(str, arguments))
        raise ClaimError(f"{function.name} takes ({wanted}) and was given ({given})", function.place)
    return tuple(of_rows(rows(value)) if isinstance(value, tuple) else value for value in values)


def exact_value(given: Any) -> Any:
    """A number, a vector or the rows of a matrix, with exact entries."""
    return tuple(map(exact_value, given)) if isinstance(given, list | tuple) else Fraction(given)


def has_sort(value: Any, sort: str) -> bool:
    if isinstance(value, tuple):
        if sort == "vec" or shape(sort) is None:
            return sort == "vec" and all(isinstance(entry, Fraction) for entry in value)
        widths = {len(row) if isinstance(row, tuple) and has_sort(row, "vec") else 0 for row in value}
        return len(widths) == 1 and 0 not in widths
    return sort == "real" or (sort == "nat" and value >= 0 and Fraction(value).denominator == 1)
