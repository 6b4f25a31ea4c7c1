r"""A fast evaluator in front of the kernel's: most points refute nothing, and here that costs little to see.

A falsifier evaluates a statement exactly at thousands of points, and nearly always the answer is "true here".  The
kernel's evaluator walks over the text of a formula with its duties checked at every step, as a checker must; this module
translates the text once into Python functions over the rationals of FLINT (or Python's own, where FLINT is missing) and
calls those.  Both follow the text operation by operation, and numbers are exact in both.

The screen is believed only when it says that a point is *no* counterexample.  A point that it calls one is decided by
the kernel's evaluator, and so is every point of which it is not sure: a division by zero, an argument that is not
natural, a number that grows too long, a symbol that it does not know.  An error here could hide a counterexample, so the
tests compare the two evaluators; it cannot make one.

Functions that call others remember their values for one point: naturals are compared by value, real arguments by
identity, which is cheaper than hashing a rational and enough for recursions that meet the same arguments again.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

from verify.engines.falsify.arrays import Array, Mat, Vec, inner, square, trace
from verify.kernel.formulas import is_sort, syntax
from verify.kernel.terms import MAX_BITS, Rejected
from verify.kernel.theory import PRELUDE, Definition, Fact, Theory

Json = Any
Rational = Any  # int, or what ``rational_type`` returns
Function = Callable[..., Any]
Tables = Mapping[str, tuple[Mapping[tuple[Any, ...], Any], Any]]

OPERATIONS = 200_000  # at one point; beyond them the kernel's evaluator decides
PLAIN = {definition["name"] for definition in PRELUDE}


class Unscreened(Exception):
    """The screen does not know; the kernel's evaluator decides."""


def rational_type() -> Callable[[int, int], Rational]:
    """The rationals of FLINT, some ten times faster than Python's, or else Python's."""
    try:
        from flint import fmpq
    except ImportError:
        return Fraction
    return fmpq  # type: ignore[no-any-return]


# ------------------------------------------------------------------------------------------------------- values


def natural(value: Rational) -> int:
    """A natural number as a Python integer."""
    if type(value) is not int:
        if value.denominator != 1:
            raise Unscreened
        value = int(value.numerator)
    if value < 0:
        raise Unscreened
    return int(value)


def bits(value: Any) -> int:
    """The length of a number's longer part; 0 for truth values, vectors and matrices."""
    if isinstance(value, int):
        return value.bit_length()
    if isinstance(value, Fraction):
        return max(value.numerator.bit_length(), value.denominator.bit_length())
    return 0 if isinstance(value, Array) else int(value.height_bits())


def short(value: Any) -> Any:
    if bits(value) > MAX_BITS:
        raise Unscreened
    return value


def power(base: Rational, exponent: int) -> Rational:
    if bits(base) * exponent > MAX_BITS:
        raise Unscreened
    return base**exponent


def fraction(value: Rational) -> Fraction:
    return Fraction(int(value.numerator), int(value.denominator))


# ------------------------------------------------------------------------------------------------- translation


class Translation(ast.NodeTransformer):
    """From the theorem language to Python: the variable x becomes v_x, the function f becomes f_f, 1/2 the name c_1_2."""

    def __init__(self, variables: Iterable[str], functions: Iterable[str]) -> None:
        self.variables, self.functions = set(variables), set(functions)
        self.constants: dict[str, tuple[int, int]] = {}
        self.nodes = 0

    def text(self, node: ast.expr) -> str:
        return ast.unparse(self.visit(node))

    def visit(self, node: ast.AST) -> Any:
        self.nodes += 1
        return super().visit(node)

    def generic_visit(self, node: ast.AST) -> ast.AST:
        raise Unscreened(ast.dump(node))

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if type(node.value) is not int:
            raise Unscreened
        return node

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in ("true", "false"):
            return ast.Constant(node.id == "true")
        if node.id not in self.variables:
            raise Unscreened
        return ast.Name(f"v_{node.id}")

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        if not isinstance(node.op, ast.Not | ast.USub):
            raise Unscreened
        return ast.UnaryOp(node.op, self.visit(node.operand))

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        match node:
            case ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult() | ast.MatMult()):
                return ast.BinOp(self.visit(node.left), node.op, self.visit(node.right))
            case ast.BinOp(left=ast.Constant(value=int(p)), op=ast.Div(), right=ast.Constant(value=int(q))) if q:
                self.constants[f"c_{p}_{q}"] = p, q
                return ast.Name(f"c_{p}_{q}")
            case ast.BinOp(op=ast.Div()):
                return called("quotient", self.visit(node.left), self.visit(node.right))
            case ast.BinOp(op=ast.Pow(), right=ast.Constant(value=int())):
                return called("power", self.visit(node.left), node.right)
        raise Unscreened

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        if node.attr != "T":
            raise Unscreened
        return ast.Attribute(self.visit(node.value), "T", ast.Load())

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        return ast.BoolOp(node.op, [self.visit(part) for part in node.values])

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        if len(node.ops) != 1 or not isinstance(node.ops[0], ast.GtE | ast.LtE | ast.Gt | ast.Lt | ast.Eq):
            raise Unscreened
        return ast.Compare(self.visit(node.left), node.ops, [self.visit(node.comparators[0])])

    def visit_Call(self, node: ast.Call) -> ast.expr:
        head = node.func.id if isinstance(node.func, ast.Name) else ""
        match head, [self.visit(argument) for argument in node.args]:
            case "implies", [left, right]:
                return ast.BoolOp(ast.Or(), [ast.UnaryOp(ast.Not(), left), right])
            case "iff", [left, right]:
                return ast.Compare(left, [ast.Eq()], [right])
            case "dot", [left, right]:
                return called("inner", left, right)
            case "sq", [only]:
                return called("square", only)
            case "trace", [only]:
                return called("trace", only)
            case _, arguments if head in self.functions:
                return called(f"f_{head}", *arguments)
        raise Unscreened


def called(name: str, *arguments: ast.expr) -> ast.expr:
    return ast.Call(ast.Name(name), list(arguments), [])


def calls(body: Json) -> set[str]:
    """The functions that a body calls."""
    if isinstance(body, dict):
        return set().union(*(calls(body[part]) for part in body if part != "on"))
    nodes = (node.func for node in ast.walk(syntax(body)) if isinstance(node, ast.Call))
    return {node.id for node in nodes if isinstance(node, ast.Name)}


def block(body: Json, sentence: Translation, indent: str) -> list[str]:
    """The lines of a function that evaluate a body; what they cost is added to ``spent`` on the way."""
    if isinstance(body, str):
        before = sentence.nodes
        text = sentence.text(syntax(body))
        return [f"{indent}spent[0] += {sentence.nodes - before}", f"{indent}return {text}"]
    if "reciprocal" in body:
        before = sentence.nodes
        text = sentence.text(syntax(body["reciprocal"]))
        return [f"{indent}spent[0] += {sentence.nodes - before}", f"{indent}return reciprocal({text})"]
    if "on" in body:
        name, then, otherwise = f"v_{body['on']}", body["successor"], body["zero"]
        first = [f"{indent}if {name}:", f"{indent} {name} = {name} - 1"]
    else:
        then, otherwise = body["then"], body["else"]
        first = [f"{indent}if {sentence.text(syntax(body['if']))}:"]
    rest = block(then, sentence, indent + " "), block(otherwise, sentence, indent + " ")
    return [*first, *rest[0], f"{indent}else:", *rest[1]]


def source(definition: Definition, sentence: Translation) -> str:
    """The Python function of a definition, and around it one that remembers values if it calls others."""
    name, arguments = definition.name, [f"v_{variable}" for variable, _ in definition.variables]
    naturals = [
        f" {v} = natural({v})" for v, (_, sort) in zip(arguments, definition.variables, strict=True) if sort == "nat"
    ]
    listed, lines = ", ".join(arguments), block(definition.body, sentence, " ")
    if not calls(definition.body) - PLAIN - {"dot", "sq", "trace", "implies", "iff"}:
        return "\n".join([f"def f_{name}({listed}):", *naturals, *lines])
    key = [v if sort == "nat" else f"id({v})" for v, (_, sort) in zip(arguments, definition.variables, strict=True)]
    remembering = [
        f"def f_{name}({listed}):",
        *naturals,
        f" key = ('{name}', {', '.join(key)})",
        " if key not in known:",
        f"  known[key] = short(b_{name}({listed})), ({listed}{',' if arguments else ''})",  # an id is valid while its object lives
        "  enough()",
        " return known[key][0]",
    ]
    return "\n".join([f"def b_{name}({listed}):", *lines, *remembering])


# ------------------------------------------------------------------------------------------------------ the screen


class Screen:
    """Decides a theorem at points, or says that it does not know."""

    def __init__(self, theory: Theory, fact: Fact, parameters: Mapping[str, tuple[str, ...]]) -> None:
        self.theory, self.fact, self.parameters = theory, fact, parameters
        self.spent = [0]
        self.known: dict[tuple[Any, ...], Any] = {}
        self.tables: dict[str, tuple[list[tuple[tuple[Any, ...], Any]], Any]] = {}
        self.rational = rational_type()
        self.sides: dict[int, tuple[ast.expr, Function]] = {}
        self.space: dict[str, Any] = {
            "spent": self.spent, "known": self.known, "natural": natural, "power": power, "inner": inner, "short": short,
            "square": square, "trace": trace, "quotient": self.quotient, "reciprocal": self.reciprocal, "enough": self.enough,
        }  # fmt: skip
        self.usable = self.prepared()

    def prepared(self) -> bool:
        """Translate the theory and the theorem; False if something in them is unknown here."""
        sorts = [sort for _, sort in self.fact.variables] + [s for each in self.parameters.values() for s in each]
        if not all(map(is_sort, sorts)):
            return False
        functions = [*self.parameters, *self.theory.definitions]
        try:
            for definition in self.theory.definitions.values():
                sentence = Translation((v for v, _ in definition.variables), functions)
                self.execute(source(definition, sentence), sentence)
            self.space |= {f"f_{name}": self.table(name, each) for name, each in self.parameters.items()}
            self.hypotheses = [self.function(syntax(text)) for text in self.fact.hypotheses]
            self.conclusion = self.function(syntax(self.fact.conclusion))
        except (Unscreened, Rejected, RecursionError, SyntaxError, MemoryError):
            return False
        return True

    def execute(self, text: str, sentence: Translation) -> None:
        self.space |= {name: self.rational(p, q) for name, (p, q) in sentence.constants.items()}
        exec(compile(text, "<screen>", "exec"), self.space)

    def function(self, node: ast.expr) -> Function:
        """A term or formula over the variables of the theorem."""
        sentence = Translation((v for v, _ in self.fact.variables), [*self.parameters, *self.theory.definitions])
        text = sentence.text(node)
        arguments = ", ".join(f"v_{variable}" for variable, _ in self.fact.variables)
        self.execute(f"def latest({arguments}):\n spent[0] += {sentence.nodes}\n return {text}", sentence)
        return self.space.pop("latest")  # type: ignore[no-any-return]

    def table(self, name: str, sorts: tuple[str, ...]) -> Function:
        """A parameter, whose values at a point are in ``tables``."""
        *arguments, _ = sorts

        def value(*given: Any) -> Any:
            key = tuple(natural(v) if sort == "nat" else v for v, sort in zip(given, arguments, strict=True))
            rows, default = self.tables[name]
            return next((found for at, found in rows if at == key), default)

        return value

    def quotient(self, left: Any, right: Rational) -> Any:
        if right == 0:
            raise Unscreened
        inverse = 1 / (self.rational(right, 1) if isinstance(right, int) else right)
        return left * inverse

    def reciprocal(self, value: Rational) -> Any:
        return self.quotient(1, value) if value else 0

    def enough(self) -> None:
        if self.spent[0] > OPERATIONS:
            raise Unscreened

    # ------------------------------------------------------------------------------------------------ at a point

    def value(self, value: Any, sort: str) -> Any:
        match sort:
            case "real":
                return self.rational(value.numerator, value.denominator)
            case "nat":
                return natural(value)
            case "prop":
                return value
            case "vec":
                return Vec(self.value(entry, "real") for entry in value)
        return Mat(self.value(row, "vec") for row in value)

    def at(self, variables: Mapping[str, Any], tables: Tables) -> list[Any]:
        """Go to a point: its values of the variables, in order."""
        self.known.clear()
        self.spent[0] = 0
        for name, (rows, default) in tables.items():
            *arguments, sort = self.parameters[name]
            keyed = [
                (tuple(self.value(v, s) for v, s in zip(key, arguments, strict=True)), self.value(found, sort))
                for key, found in rows.items()
            ]
            self.tables[name] = keyed, self.value(default, sort)
        return [self.value(variables[variable], sort) for variable, sort in self.fact.variables]

    def decide(self, variables: Mapping[str, Any], tables: Tables) -> tuple[bool, bool | None] | None:
        """Whether the hypotheses hold at a point and whether the conclusion does there; None if the screen does not know."""
        if not self.usable:
            return None
        try:
            names = self.at(variables, tables)
            if not all(hypothesis(*names) for hypothesis in self.hypotheses):
                return False, None
            return True, bool(self.conclusion(*names))
        except (Unscreened, ArithmeticError, ValueError, TypeError, AttributeError, RecursionError, KeyError):
            return None

    def terms(self, variables: Mapping[str, Any], tables: Tables, nodes: Iterable[ast.expr]) -> list[Fraction] | None:
        """The values of terms at a point, if the screen knows them and they are numbers."""
        if not self.usable:
            return None
        try:
            names = self.at(variables, tables)
            return [fraction(self.side(node)(*names)) for node in nodes]
        except (Unscreened, ArithmeticError, ValueError, TypeError, AttributeError, RecursionError, KeyError):
            return None

    def side(self, node: ast.expr) -> Function:
        if id(node) not in self.sides:
            self.sides[id(node)] = node, self.function(node)
        return self.sides[id(node)][1]
