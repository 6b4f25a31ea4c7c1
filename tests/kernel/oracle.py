r"""A second opinion on statements, which shares nothing with the kernel: Python itself evaluates their text.

Every text of the language is an expression of Python.  Here its literals are made fractions (or floats), ``implies``
and ``iff`` are written out, and the rest is left to ``eval``: precedence, comparison and arithmetic are those of Python,
and nothing of ``verify`` is imported.  A function of naturals has no value elsewhere, and a text that needs one is
``Undefined`` at that point.
"""

from __future__ import annotations

import ast
import itertools
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import CodeType
from typing import Any

Number = Fraction | float
Function = Callable[..., Any]


class Undefined(Exception):
    """A function of naturals was applied to something else, or the recursion is too deep to follow."""


@dataclass(frozen=True)
class Vec:
    entries: tuple[Number, ...]

    def _with(self, other: Vec, operation: Callable[[Number, Number], Number]) -> Vec:
        if len(self.entries) != len(other.entries):
            raise Undefined("two spaces")
        return Vec(tuple(operation(a, b) for a, b in zip(self.entries, other.entries, strict=True)))

    def __add__(self, other: Vec) -> Vec:
        return self._with(other, lambda a, b: a + b)

    def __sub__(self, other: Vec) -> Vec:
        return self._with(other, lambda a, b: a - b)

    def __neg__(self) -> Vec:
        return Vec(tuple(-a for a in self.entries))

    def __mul__(self, factor: Number) -> Vec:
        return Vec(tuple(a * factor for a in self.entries))

    __rmul__ = __mul__

    def __truediv__(self, divisor: Number) -> Vec:
        return Vec(tuple(a / divisor for a in self.entries))

    def dot(self, other: Vec) -> Any:
        total: Any = 0
        for product in self._with(other, lambda a, b: a * b).entries:
            total = total + product
        return total


class Pythonic(ast.NodeTransformer):
    """Literals become calls of ``number``, powers repeated products, and the connectives those of Python."""

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return ast.Call(ast.Name("number", ast.Load()), [node], [])

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        if isinstance(node.op, ast.Pow):
            return ast.Call(ast.Name("power", ast.Load()), [self.visit(node.left), node.right], [])
        return ast.BinOp(self.visit(node.left), node.op, self.visit(node.right))

    def visit_Call(self, node: ast.Call) -> ast.expr:
        arguments = [self.visit(argument) for argument in node.args]
        assert isinstance(node.func, ast.Name)
        if node.func.id == "implies":
            return ast.BoolOp(ast.Or(), [ast.UnaryOp(ast.Not(), arguments[0]), arguments[1]])
        if node.func.id == "iff":
            return ast.Compare(arguments[0], [ast.Eq()], [arguments[1]])
        return ast.Call(node.func, arguments, [])


def compiled(text: str) -> CodeType:
    tree = ast.fix_missing_locations(Pythonic().visit(ast.parse(text, mode="eval")))
    return compile(tree, text, "eval")


class Oracle:
    """The functions of a statement, for one choice of its parameters and one arithmetic (``Fraction`` or ``float``)."""

    def __init__(self, statement: Any, parameters: Mapping[str, Function], number: Callable[[int], Number] = Fraction):
        self.codes: dict[str, CodeType] = {}
        self.names: dict[str, Any] = {
            "number": number,
            "power": self.power,
            "true": True,
            "false": False,
            "dot": lambda u, v: u.dot(v),
            "sq": lambda u: u.dot(u),
            "relu": lambda t: t if t > 0 else t - t,
            "abs": abs,
            "max": max,
            "min": min,
            **parameters,
        }
        for definition in statement["definitions"]:
            self.names[definition["name"]] = self.function(definition)

    def power(self, base: Any, exponent: int) -> Any:
        result = self.names["number"](1)
        for _ in range(exponent):
            result = result * base
        return result

    def value(self, text: str, values: Mapping[str, Any]) -> Any:
        if text not in self.codes:
            self.codes[text] = compiled(text)
        return eval(self.codes[text], {**self.names, "__builtins__": {}}, dict(values))

    def function(self, definition: Any) -> Function:
        known: dict[tuple[Any, ...], Any] = {}

        def call(*arguments: Any) -> Any:
            if arguments not in known:
                names = {}
                for (name, sort), argument in zip(definition["variables"], arguments, strict=True):
                    if sort == "nat" and not natural(argument):
                        raise Undefined(f"{definition['name']} at {argument}")
                    names[name] = argument
                known[arguments] = self.body(definition["body"], names)
            return known[arguments]

        return call

    def body(self, body: Any, names: dict[str, Any]) -> Any:
        if isinstance(body, str):
            return self.value(body, names)
        if "on" in body:
            before = names[body["on"]]
            smaller = {**names, body["on"]: before - 1}
            return self.body(body["successor"], smaller) if before else self.body(body["zero"], names)
        return self.body(body["then"] if self.value(body["if"], names) else body["else"], names)

    def hypotheses(self, fact: Any, values: Mapping[str, Any]) -> bool:
        return all(self.value(text, values) for text in fact["hypotheses"])

    def conclusion(self, fact: Any, values: Mapping[str, Any]) -> bool:
        return bool(self.value(fact["conclusion"], values))


def natural(value: Any) -> bool:
    return bool(value >= 0 and value % 1 == 0)


# ---------------------------------------------------------------------------------------------------- many points

GRID = sorted({Fraction(k, d) for d in (1, 2, 3, 8) for k in range(-2 * d, 2 * d + 1)})


@dataclass
class Opinion:
    """At how many points the hypotheses held, at how many nothing could be said, and a point where the theorem fails."""

    effective: int = 0
    vacuous: int = 0
    undefined: int = 0
    counterexample: str | None = None


def random_real(source: random.Random) -> Fraction:
    kind = source.randrange(4)
    if kind == 0:
        return source.choice(GRID)
    if kind == 1:
        return Fraction(source.randrange(0, 98), 97)
    if kind == 2:
        return Fraction(source.randrange(-(10**6), 10**6), source.randrange(1, 10**4))
    return Fraction(source.randrange(0, 257), 256)


def random_value(sort: str, source: random.Random) -> Any:
    if sort == "nat":
        return Fraction(source.randrange(8))
    if sort == "vec":
        return Vec(tuple(random_real(source) for _ in range(2)))
    return source.random() < 0.5 if sort == "prop" else random_real(source)


def random_function(sort: str, source: random.Random) -> Function:
    known: dict[tuple[Any, ...], Any] = {}

    def call(*arguments: Any) -> Any:
        if arguments not in known:
            known[arguments] = random_value(sort, source)
        return known[arguments]

    return call


def structured_points(variables: list[list[str]]) -> Iterator[dict[str, Any]]:
    """The smallest naturals and a coarse grid of reals, all combinations."""
    choices = {
        "nat": [Fraction(k) for k in range(5)],
        "real": [Fraction(k, 4) for k in range(-4, 9)],
        "vec": [Vec((Fraction(a), Fraction(b))) for a, b in itertools.product((-1, 0, 2), repeat=2)],
    }
    for values in itertools.product(*(choices[sort] for _, sort in variables)):
        yield dict(zip((name for name, _ in variables), values, strict=True))


def opinion(statement: Any, source: random.Random, structured: int = 400, at_random: int = 200) -> Opinion:
    """Try to refute a theorem with exact arithmetic at many points, with new random parameters from time to time."""
    assert not statement["assumptions"], "what assumptions say about all values cannot be seen at a point"
    fact, result = statement["theorem"], Opinion()
    variables = fact["variables"]
    structured_part = list(structured_points(variables))
    source.shuffle(structured_part)
    random_part = [{name: random_value(sort, source) for name, sort in variables} for _ in range(at_random)]
    for number, values in enumerate(structured_part[:structured] + random_part):
        if number % 20 == 0:
            oracle = Oracle(
                statement, {name: random_function(sort, source) for name, _, sort in statement["parameters"]}
            )
        try:
            if not oracle.hypotheses(fact, values):
                result.vacuous += 1
            elif oracle.conclusion(fact, values):
                result.effective += 1
            else:
                result.counterexample = str({name: str(value) for name, value in values.items()})
                return result
        except (Undefined, RecursionError):
            result.undefined += 1
    return result
