r"""Theories: symbols, definitions by cases and by recursion, and the facts established about them.

A *theory* has parameters (arbitrary functions), definitions, assumptions and theorems.  A *theorem* says: for all
values of the parameters and of its variables, if the assumptions and its hypotheses hold, then so does its conclusion.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from verify.kernel.formulas import (
    Formula,
    Holds,
    Scope,
    Sign,
    Signature,
    Zero,
    application_syntax,
    equivalent,
    is_sort,
    negate,
    syntax,
)
from verify.kernel.terms import Matrix, Polynomial, Rejected, Term, as_scalar, atomic, constant, need, symbol

Json = Any
Way = tuple[tuple[Formula, ...], Formula]  # through a body: the guards on the way, and the defining equation there

PRELUDE: tuple[dict[str, Json], ...] = (
    {"name": "relu", "variables": [["t", "real"]], "sort": "real", "body": {"if": "t >= 0", "then": "t", "else": "0"}},
    {"name": "abs", "variables": [["t", "real"]], "sort": "real", "body": {"if": "t >= 0", "then": "t", "else": "-t"}},
    {
        "name": "max",
        "variables": [["s", "real"], ["t", "real"]],
        "sort": "real",
        "body": {"if": "s >= t", "then": "s", "else": "t"},
    },
    {
        "name": "min",
        "variables": [["s", "real"], ["t", "real"]],
        "sort": "real",
        "body": {"if": "s <= t", "then": "s", "else": "t"},
    },
)


def fields(value: Json, *names: str) -> list[Json]:
    """The values of a JSON object with exactly these fields, in this order."""
    found = sorted(map(str, value)) if isinstance(value, dict) else type(value).__name__
    need(isinstance(value, dict) and set(value) == set(names), "expected the fields", sorted(names), "and found", found)
    return [value[name] for name in names]


def listed(value: Json, length: int | None = None) -> list[Json]:
    """A JSON list, of this length if one is given."""
    if not isinstance(value, list) or (length is not None and len(value) != length):
        raise Rejected(f"expected a list{'' if length is None else f' of {length}'}, found {str(value)[:80]}")
    return value


@dataclass(frozen=True)
class Definition:
    """``body`` is the text of a term (of a formula, for sort prop), or a choice between two bodies: by the shape 0 or
    k + 1 of an argument (``on``, ``zero``, ``successor``), or by a formula (``if``, ``then``, ``else``), or the
    ``reciprocal`` of a real term, which is 0 where that term is."""

    name: str
    variables: tuple[tuple[str, str], ...]
    sort: str
    body: Json


@dataclass(frozen=True)
class Fact:
    """What may be instantiated: an assumption, a theorem, or an induction hypothesis, which has ``fixed`` names."""

    variables: tuple[tuple[str, str], ...]
    hypotheses: tuple[str, ...]
    conclusion: str
    fixed: Mapping[str, Term] = field(default_factory=dict)


@dataclass
class Theory:
    """Symbols, definitions and established facts, grown in the order of a document."""

    signature: dict[str, Signature] = field(default_factory=dict)
    definitions: dict[str, Definition] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for entry in PRELUDE:
            self.define(entry)

    def scope(self, variables: Json) -> Scope:
        scope = Scope(self.signature)
        for pair in listed(variables):
            scope = scope.bind(*listed(pair, 2))
        return scope

    def declare(self, name: Json, arguments: Json, sort: Json) -> None:
        fresh = symbol(name)
        need(fresh not in self.signature, "defined twice:", fresh)
        need(
            all(is_sort(s) and s != "prop" for s in listed(arguments)) and is_sort(sort),
            "unknown sort in",
            fresh,
        )
        self.signature[fresh] = Signature(tuple(arguments), sort)

    def define(self, entry: Json) -> None:
        """Conservative: the body mentions only earlier symbols, except for calls that go down a well-founded order
        (``_decreases``); so exactly one function satisfies the equations, whatever the parameters are."""
        name, variables, sort, body = fields(entry, "name", "variables", "sort", "body")
        scope = self.scope(variables)
        self.declare(name, [s for _, s in variables], sort)
        definition = Definition(name, tuple((v, s) for v, s in variables), sort, body)
        self._check_body(definition, body, scope, {}, False)
        self.definitions[name] = definition

    def _check_body(
        self, new: Definition, body: Json, scope: Scope, shapes: dict[str, Polynomial], guarded: bool
    ) -> None:
        if isinstance(body, dict) and "on" in body:
            variable, zero, successor = fields(body, "on", "zero", "successor")
            need(not guarded, "the shape of an argument must be matched before any condition:", new.name)
            need(
                variable in scope.naturals and variable not in shapes,
                "recursion needs a fresh variable of sort nat, not",
                variable,
            )
            absent = scope.meaning({v: t for v, t in scope.names.items() if v != variable})
            self._check_body(new, zero, absent, {**shapes, variable: constant(0)}, False)
            self._check_body(new, successor, scope, {**shapes, variable: atomic(variable) + constant(1)}, False)
        elif isinstance(body, dict) and "reciprocal" in body:
            (divisor,) = fields(body, "reciprocal")
            need(new.sort == "real", new.name, "must have sort real to be a reciprocal")
            as_scalar(scope.term(divisor))
            self._check_calls(new, divisor, scope, shapes)
        elif isinstance(body, dict):
            guard, then, otherwise = fields(body, "if", "then", "else")
            scope.formula(guard)
            self._check_calls(new, guard, scope, shapes)
            self._check_body(new, then, scope, shapes, True)
            self._check_body(new, otherwise, scope, shapes, True)
        else:
            if new.sort == "prop":
                scope.formula(body)
            else:
                fits = scope.fits(scope.term(body), new.sort, integers=False)
                need(fits, new.name, "must have sort", f"{new.sort}:", body)
            self._check_calls(new, body, scope, shapes)

    def _check_calls(self, new: Definition, text: str, scope: Scope, shapes: dict[str, Polynomial]) -> None:
        for node in ast.walk(syntax(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == new.name:
                arguments = [scope.read_term(argument) for argument in node.args]
                need(
                    self._decreases(new, arguments, scope, shapes),
                    "not a primitive recursion:",
                    ast.unparse(node)[:80],
                    "in",
                    new.name,
                )

    def _decreases(self, new: Definition, arguments: list[Term], scope: Scope, shapes: dict[str, Polynomial]) -> bool:
        """The call is smaller in the lexicographic order of the matched arguments: the first one that differs from its
        shape k + 1 is a natural number that is at most k.  (In a successor case, k denotes the predecessor.)  Which
        argument is matched next depends on the shapes of those before and on nothing else, as conditions come last;
        therefore the order is well-founded: by the first argument and, for each of its values, by the others."""
        position = {variable: i for i, (variable, _) in enumerate(new.variables)}
        for variable, shape in shapes.items():
            argument = as_scalar(arguments[position[variable]])
            if argument != shape:
                return (
                    shape != constant(0)
                    and scope.is_natural(argument)
                    and scope.is_natural(atomic(variable) - argument)
                )
        return False

    def unfold(self, text: Json, scope: Scope) -> tuple[list[Way], list[Formula]]:
        """The defining equation of an application, for each way through the body, and the duties: what has to be shown
        for the equation to be meant for these arguments (see ``natural_duties``, and the shapes k + 1)."""
        head, nodes = application_syntax(text)
        need(head in self.definitions, "not a defined function:", head)
        definition, arguments = self.definitions[head], [scope.read_term(node) for node in nodes]
        left = scope.application(head, arguments)
        names = {variable: argument for (variable, _), argument in zip(definition.variables, arguments, strict=True)}
        duties = natural_duties(definition.variables, names, scope)
        ways: list[Way] = []
        for guards, leaf, inner in self._leaves(definition.body, scope.meaning(names), (), duties):
            if isinstance(leaf, dict):
                equation: Formula = Sign("==", atomic(left) * as_scalar(inner.term(leaf["reciprocal"])) - constant(1))
            else:
                right = inner.formula(leaf) if definition.sort == "prop" else inner.term(leaf)
                equation = equal(left, definition.sort, right)
            ways.append((guards, equation))
        return ways, duties

    def _leaves(
        self, body: Json, scope: Scope, guards: tuple[Formula, ...], duties: list[Formula]
    ) -> Iterator[tuple[tuple[Formula, ...], Json, Scope]]:
        """The leaves of a body when its variables denote what ``scope`` says: terms, formulas, and reciprocals of terms
        that are not 0.  Exactly one of them is reached: their guards exclude each other and exhaust all cases."""
        if isinstance(body, str):
            yield guards, body, scope
        elif "reciprocal" in body:
            divisor = as_scalar(scope.term(body["reciprocal"]))
            if scope.is_natural(divisor - constant(1)):
                yield guards, body, scope
                return
            zero = Sign("==", divisor)
            yield (*guards, zero), "0", scope
            yield (*guards, negate(zero)), body, scope
        elif "on" in body:
            value = as_scalar(scope.names[body["on"]])
            if value == constant(0):
                yield from self._leaves(body["zero"], scope, guards, duties)
                return
            predecessor = value - constant(1)
            if not scope.is_natural(predecessor):
                duties.append(Sign(">=", predecessor))
            yield from self._leaves(
                body["successor"], scope.meaning({**scope.names, body["on"]: predecessor}), guards, duties
            )
        else:
            guard = scope.formula(body["if"])
            yield from self._leaves(body["then"], scope, (*guards, guard), duties)
            yield from self._leaves(body["else"], scope, (*guards, negate(guard)), duties)

    def statement(self, entry: Json) -> Fact:
        """A statement whose text is well-formed here."""
        _, variables, hypotheses, conclusion = fields(entry, "name", "variables", "hypotheses", "conclusion")
        scope = self.scope(variables)
        for text in [*listed(hypotheses), conclusion]:
            scope.formula(text)
        return Fact(tuple((v, s) for v, s in variables), tuple(hypotheses), conclusion)

    def establish(self, name: Json, fact: Fact) -> None:
        fresh = symbol(name)
        need(fresh not in self.facts, "two facts have the name", fresh)
        self.facts[fresh] = fact


def natural_duties(variables: tuple[tuple[str, str], ...], names: Mapping[str, Term], scope: Scope) -> list[Formula]:
    """Facts hold at naturals only: an integer term that is not visibly natural has to be shown nonnegative."""
    return [
        Sign(">=", as_scalar(names[v])) for v, sort in variables if sort == "nat" and not scope.is_natural(names[v])
    ]


def equal(left: str, sort: str, right: Term | Formula) -> Formula:
    """``left == right`` for the atom ``left`` (an equivalence, for sort prop)."""
    if isinstance(right, Polynomial):
        return Sign("==", atomic(left) - right)
    if isinstance(right, Matrix):
        return Zero(Matrix.letter(left, *right.shape) - right)
    need(sort == "prop", "a formula is not a term")
    return equivalent(Holds(left), right)
