r"""Worst cases of methods: what is stated of all functions of given classes, and how a statement is read.

**The statement.**  A program introduces free vectors of a real Hilbert space and free numbers, linear combinations of
vectors, and the facts that a vector is a (sub)gradient or an image of a function at a point and a number its value there, or
a lower bound of it (``verify.kernel.interpolation`` has the classes).  Under ``conditions`` >= 0 and ``equations`` = 0, each
quadratic in the vectors and linear in the numbers,

    relation "at most":   in every such space, for all such functions, vectors and numbers,  min performance <= rate * initial;
    relation "attained":  for some of them, initial > 0 and  min performance >= rate * initial.

A method is such a program: x_1 = x_0 - h g_0 is a ``let``, a minimizer is a point with gradient zero, a proximal step
y = x - c p has p as a subgradient at y.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from verify.kernel.interpolation import KINDS, Combination, Form, Function, Point, read_function
from verify.kernel.terms import need, rational, symbol
from verify.kernel.theory import fields, listed

Json = Any

COMMANDS = 2000  # of a program
DIMENSION = 300  # free vectors


@dataclass
class Question:
    """A statement that was read: functions with their points, every vector in the free ones, and the forms."""

    functions: dict[str, Function]
    commands: list[list[Json]]
    vectors: dict[str, Combination]
    basis: list[str]
    values: list[str]
    conditions: list[Form]
    equations: list[Form]
    performance: list[Form]
    initial: Form
    rate: Fraction
    attained: bool

    def form(self, expression: Json) -> Form:
        """The sum of the terms [c], [c, value] and [c, vector, vector]."""
        found: Form = {}
        for term in listed(expression):
            coefficient, *names = listed(term)
            known = self.vectors if len(names) == 2 else self.values
            need(len(names) <= 2 and all(isinstance(name, str) and name in known for name in names), "unknown:", *names)
            key = tuple(sorted(names))
            found[key] = found.get(key, Fraction(0)) + rational(coefficient)
        return found

    def run(self, command: list[Json]) -> None:
        """Introduce what one command of the program introduces."""
        match command:
            case ["vector", name]:
                self.fresh(name)
                self.basis.append(name)
                self.vectors[name] = {name: 1}
            case ["value", name]:
                self.fresh(name)
                self.values.append(name)
            case ["let", name, terms]:
                self.fresh(name)
                row: Combination = {}
                for coefficient, vector in (listed(term, 2) for term in listed(terms)):
                    for free, entry in self.vectors[vector].items():
                        row[free] = row.get(free, 0) + rational(coefficient) * entry
                self.vectors[name] = row
            case ["at", name, x, g, *value]:
                function, valued = self.functions[name], KINDS[self.functions[name].kind].valued
                need(x in self.vectors and g in self.vectors, "no such vectors:", x, g)
                need(len(value) == valued, "a value is given for functions only, and for each:", *command)
                self.values += [self.fresh(v) for v in value]
                function.points.append(Point(x, g, *value))
            case ["lower", name, value]:
                need("lower" in KINDS[self.functions[name].kind].relations, "no values, so no lower bound:", name)
                self.values.append(self.fresh(value))
                self.functions[name].lower.append(value)
            case _:
                need(False, "not a command:", command)

    def fresh(self, name: Json) -> str:
        taken = (self.vectors.keys(), self.values, self.functions)
        need(not any(symbol(name) in known for known in taken), "introduced twice:", name)
        return symbol(name)

    def relation(self, name: Json) -> tuple[bool, Form]:
        """By its name "f pair 0 1": whether it is an equation, and its form."""
        function, *label = name.split(" ")
        need(function in self.functions, "no such function:", function)
        return self.functions[function].relation(*label)


def read(statement: Json) -> Question:
    """The question; rejects what is no worst case."""
    _, relation, functions, program, conditions, equations, performance, initial, rate = fields(
        statement,
        *("question", "relation", "functions", "program", "conditions", "equations", "performance", "initial", "rate"),
    )
    need(relation in ("at most", "attained"), "the relation is at most or attained, and not", relation)
    question = Question({}, listed(program), {}, [], [], [], [], [], {}, rational(rate), relation == "attained")
    for name, kind, parameters in (listed(entry, 3) for entry in listed(functions)):
        question.functions[question.fresh(name)] = read_function(kind, parameters)
    need(len(question.commands) <= COMMANDS, "a program has at most", COMMANDS, "commands")
    for command in question.commands:
        question.run(listed(command))
    need(len(question.basis) <= DIMENSION, "there are more than", DIMENSION, "free vectors")
    for forms, expressions in (
        (question.conditions, conditions),
        (question.equations, equations),
        (question.performance, performance),
    ):
        forms.extend(map(question.form, listed(expressions)))
    need(question.performance, "there is no performance")
    question.initial = question.form(initial)
    return question


# ------------------------------------------------------------------------------------------------------ in words


def text(statement: Json) -> list[str]:
    """The bound, then what the functions, vectors and numbers are."""
    question = read(statement)
    performance = [in_words(expression) for expression in statement["performance"]]
    least = performance[0] if len(performance) == 1 else f"min({', '.join(performance)})"
    relation = "at most {}, in the worst case" if not question.attained else "at least {}, in some case"
    title = f"{least} is " + relation.format(f"{question.rate} * ({in_words(statement['initial'])})")
    lines = [f"{name}: {kind} {shown(parameters)}".rstrip() for name, kind, parameters in statement["functions"]]
    lines += [sentence(command) for command in statement["program"]]
    lines += [f"{in_words(expression)} >= 0" for expression in statement["conditions"]]
    return [title, *lines, *(f"{in_words(expression)} = 0" for expression in statement["equations"])]


def shown(parameters: Json) -> str:
    return ", ".join(f"{name} = {value}" for name, value in sorted(parameters.items()))


def sentence(command: Json) -> str:
    """One command of a program in words."""
    match command:
        case ["let", name, terms]:
            return f"{name} = {in_words([[c, vector] for c, vector in terms])}"
        case ["at", name, x, g, value]:
            return f"{g} is a (sub)gradient of {name} at {x}, {value} its value"
        case ["at", name, x, g]:
            return f"{g} in {name}({x})"
        case ["lower", name, value]:
            return f"{name} >= {value} everywhere"
    return f"{command[1]} is a {'vector' if command[0] == 'vector' else 'number'}"


def in_words(expression: Json) -> str:
    """A sum of terms, as 1/2 |x|^2 - <g, x> + 3 f."""
    parts = []
    for coefficient, *names in expression:
        square = len(names) == 2 and names[0] == names[1]
        atom = f"|{names[0]}|^2" if square else f"<{', '.join(names)}>" if len(names) == 2 else "".join(names)
        size = "" if coefficient in ("1", "-1") and atom else f"{coefficient.removeprefix('-')} "
        parts.append(("- " if coefficient.startswith("-") else "+ ") + (size + atom).strip())
    return " ".join(parts).removeprefix("+ ") or "0"
