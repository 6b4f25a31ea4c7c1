r"""Reading a Python function as a definition or a theorem.

The source of the function is parsed, as numba and triton parse theirs, and rewritten into the text of the kernel
(``verify.kernel.formulas``): rational arithmetic, applications, comparisons and connectives.  What is more convenient
in Python is expanded here, and only here:

* ``0 <= x <= 1`` is ``0 <= x and x <= 1``; ``a != b`` is ``not (a == b)``;
* a local name stands for the term assigned to it;
* ``b**k`` with a number b and a natural k is a recursive function (``verify.theory.powers``);
* ``A if m == 0 else B`` on an argument of sort nat is recursion: in ``B``, ``m`` is a successor and ``m - 1`` is its
  predecessor, which the kernel calls ``m``; any other condition is a definition by cases;
* a parameter of the claim stands for its number.

The result is the kernel's own JSON, from which everything else is derived: proofs, exact evaluation, Z3, SymPy, torch
and the typeset formulas.
"""

from __future__ import annotations

import ast
import copy
import inspect
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from verify.errors import ClaimError, Place
from verify.theory.powers import constant_value, power_name
from verify.theory.symbols import CONNECTIVES, COUNTS, MEASURES, PRELUDE, SORTS

Json = Any
Resolve = Callable[[str, Place], ast.expr | None]
"""What a free name means: the number it stands for, or None if it is a function that may be applied."""


@dataclass(frozen=True)
class Source:
    """The parsed text of one function; ``name`` is what it is called in the theory."""

    name: str
    node: ast.FunctionDef
    file: str

    def place(self, node: ast.AST) -> Place:
        return Place(self.file, getattr(node, "lineno", None) or self.node.lineno)


@lru_cache(maxsize=10_000)
def source_of(function: Callable[..., Any], name: str) -> Source:
    """The syntax tree of a function, with the line numbers of its file."""
    file = inspect.getsourcefile(function) or "<unknown>"
    place = Place(file, function.__code__.co_firstlineno)
    try:
        lines, first = inspect.getsourcelines(function)
    except OSError:
        raise ClaimError(f"the source of {function.__name__} is not available; write it in a file", place) from None
    tree = ast.increment_lineno(ast.parse(textwrap.dedent("".join(lines))), first - 1)
    node = tree.body[0]
    if not isinstance(node, ast.FunctionDef):
        raise ClaimError(f"{function.__name__} is not an ordinary function; write it with def and return", place)
    return Source(name, node, file)


def variables_of(source: Source) -> list[list[str]]:
    """The arguments with their sorts."""
    arguments = source.node.args
    if arguments.posonlyargs or arguments.kwonlyargs or arguments.vararg or arguments.kwarg or arguments.defaults:
        raise ClaimError(f"{source.name} may only have plain arguments without defaults", source.place(source.node))
    return [
        [a.arg, sort_of(a.annotation, f"argument {a.arg} of {source.name}", source.place(a))] for a in arguments.args
    ]


def sort_of(annotation: ast.expr | None, what: str, place: Place) -> str:
    if isinstance(annotation, ast.Name) and annotation.id in SORTS:
        return annotation.id
    found = f"not {ast.unparse(annotation)}" if annotation else "which is missing"
    raise ClaimError(f"{what} needs one of the sorts {', '.join(SORTS)} as its annotation, {found}", place)


def read_signature(source: Source) -> tuple[list[list[str]], str]:
    """Arguments and sort of a function whose body is ``...``: an arbitrary function."""
    body = [s for s in source.node.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
    if body:
        raise ClaimError(f"{source.name} is arbitrary, so its body must be ...", source.place(body[0]))
    return variables_of(source), sort_of(source.node.returns, f"the value of {source.name}", source.place(source.node))


def read_definition(source: Source, resolve: Resolve) -> Json:
    """The kernel's definition of a function."""
    variables = variables_of(source)
    sort = sort_of(source.node.returns, f"the value of {source.name}", source.place(source.node))
    reader = Reader(source, dict(map(tuple, variables)), resolve)  # type: ignore[arg-type]
    body, hypotheses = reader.statements(source.node.body, {})
    if hypotheses:
        raise ClaimError(f"{source.name} is a definition and cannot assume anything", source.place(source.node))
    return {"name": source.name, "variables": variables, "sort": sort, "body": reader.body(body, matching=True)}


def read_theorem(source: Source, resolve: Resolve, sort: str = "prop") -> Json:
    """The kernel's statement of a theorem: ``assume(...)`` and then ``return conclusion``.

    With ``sort="real"`` the conclusion is a term about which the hypotheses assume something.
    """
    variables = variables_of(source)
    found = sort_of(source.node.returns, f"the value of {source.name}", source.place(source.node))
    if found != sort:
        raise ClaimError(f"the value of {source.name} must be {sort} here, not {found}", source.place(source.node))
    reader = Reader(source, dict(map(tuple, variables)), resolve)  # type: ignore[arg-type]
    conclusion, hypotheses = reader.statements(source.node.body, {})
    parts = [part for hypothesis in hypotheses for part in conjuncts(hypothesis)]
    return {
        "name": source.name,
        "variables": variables,
        "hypotheses": [ast.unparse(part) for part in parts],
        "conclusion": ast.unparse(reader.plain(conclusion)),
    }


def read_hint(text: str, variables: Mapping[str, str], resolve: Resolve, place: Place) -> str:
    """A term or formula given as a hint for a proof, in the kernel's text."""
    try:
        node = ast.parse(text, mode="eval").body
    except SyntaxError as problem:
        raise ClaimError(f"the hint {text!r} is not an expression: {problem.msg}", place) from None
    for part in ast.walk(node):
        if hasattr(part, "lineno"):
            part.lineno = place.line
    empty = ast.FunctionDef("hint", ast.arguments([], [], None, [], [], None, []), [], [], lineno=place.line)
    reader = Reader(Source("hint", empty, place.file), variables, resolve)
    return ast.unparse(reader.plain(reader.expression(node, {})))


def conjuncts(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
        return [part for value in node.values for part in conjuncts(value)]
    return [node]


@dataclass(frozen=True)
class Reader:
    """Rewrites the body of one function into expressions of the kernel; conditionals are kept for ``body``."""

    source: Source
    variables: Mapping[str, str]
    resolve: Resolve

    def error(self, message: str, node: ast.AST) -> ClaimError:
        return ClaimError(message, self.source.place(node))

    # -------------------------------------------------------------------------------------------- statements

    def statements(self, body: list[ast.stmt], local: dict[str, ast.expr]) -> tuple[ast.expr, list[ast.expr]]:
        """The returned expression, and what is assumed before."""
        local, hypotheses = dict(local), []
        for number, statement in enumerate(body):
            match statement:
                case ast.Expr(value=ast.Constant()) | ast.Pass():
                    continue
                case ast.Expr(value=ast.Call(func=ast.Name(id="assume"), args=arguments, keywords=[])):
                    hypotheses += [self.plain(self.expression(argument, local)) for argument in arguments]
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    if name in self.variables:
                        raise self.error(
                            f"{name} is an argument of {self.source.name} and cannot be assigned", statement
                        )
                    local[name] = self.expression(value, local)
                case ast.Return(value=ast.expr() as value):
                    return self.expression(value, local), hypotheses
                case ast.If(test=test, body=then, orelse=otherwise):
                    following = otherwise or body[number + 1 :]
                    branches = [self.statements(branch, local) for branch in (then, following)]
                    if branches[0][1] or branches[1][1]:
                        raise self.error("assume(...) must not stand under an if", statement)
                    node = ast.IfExp(self.expression(test, local), branches[0][0], branches[1][0])
                    return ast.copy_location(node, statement), hypotheses
                case _:
                    raise self.error(
                        f"{self.source.name} may only contain assignments, if, assume(...) and return", statement
                    )
        raise self.error(f"{self.source.name} does not return anything", self.source.node)

    # ------------------------------------------------------------------------------------------- expressions

    def expression(self, node: ast.expr, local: Mapping[str, ast.expr]) -> ast.expr:
        """The same expression with names resolved and Python's conveniences expanded."""
        return ast.copy_location(self._expression(node, local), node)

    def _expression(self, node: ast.expr, local: Mapping[str, ast.expr]) -> ast.expr:
        match node:
            case ast.Constant(value=bool() as value):
                return ast.Name("true" if value else "false", ast.Load())
            case ast.Constant(value=int()):
                return node
            case ast.Constant(value=float() as value):
                raise self.error(
                    f"{value!r} is a floating-point number; write an exact one, such as {exact(value)}", node
                )
            case ast.Name(id=name):
                return self.name(name, node, local)
            case ast.UnaryOp(op=ast.USub() | ast.Not(), operand=operand):
                return ast.UnaryOp(node.op, self.expression(operand, local))
            case ast.BinOp(op=ast.Pow(), left=left, right=right) if not isinstance(right, ast.Constant):
                return self.power(node, self.expression(left, local), self.expression(right, local))
            case ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div() | ast.Pow(), left=left, right=right):
                return ast.BinOp(self.expression(left, local), node.op, self.expression(right, local))
            case ast.BoolOp(values=values):
                return ast.BoolOp(node.op, [self.expression(value, local) for value in values])
            case ast.IfExp(test=test, body=then, orelse=otherwise):
                return ast.IfExp(*(self.expression(part, local) for part in (test, then, otherwise)))
            case ast.Compare():
                return self.comparison(node, local)
            case ast.Call(func=ast.Name(id=head), args=arguments, keywords=[]):
                return self.call(head, node, [self.expression(argument, local) for argument in arguments])
            case ast.Call(func=ast.Attribute(value=ast.Name(id=head), attr=count), args=arguments, keywords=[]) if (
                count in COUNTS
            ):
                self.resolve(head, self.source.place(node))
                derived = ast.Name(f"{head}_{count}", ast.Load())
                return ast.Call(derived, [self.expression(argument, local) for argument in arguments], [])
        raise self.error(
            f"{ast.unparse(node)!r} has no meaning here; see the language of definitions in the README", node
        )

    def power(self, node: ast.expr, base: ast.expr, exponent: ast.expr) -> ast.expr:
        number = constant_value(base)
        if number is None:
            raise self.error(
                f"{ast.unparse(node)!r}: a power with a variable exponent needs a number as its base", node
            )
        function = power_name(number)
        self.resolve(function, self.source.place(node))
        return ast.Call(ast.Name(function, ast.Load()), [exponent], [])

    def name(self, name: str, node: ast.expr, local: Mapping[str, ast.expr]) -> ast.expr:
        if name in local:
            return copy.deepcopy(local[name])
        if name in self.variables:
            return ast.Name(name, ast.Load())
        number = self.resolve(name, self.source.place(node))
        if number is None:
            raise self.error(f"{name} is a function; apply it to its arguments", node)
        return number

    def comparison(self, node: ast.Compare, local: Mapping[str, ast.expr]) -> ast.expr:
        operands = [self.expression(operand, local) for operand in (node.left, *node.comparators)]
        links: list[ast.expr] = []
        for left, operator, right in zip(operands, node.ops, operands[1:], strict=False):
            if not isinstance(operator, ast.Lt | ast.LtE | ast.Gt | ast.GtE | ast.Eq | ast.NotEq):
                raise self.error(f"{ast.unparse(node)!r} is no comparison of numbers", node)
            different = isinstance(operator, ast.NotEq)
            link = ast.Compare(left, [ast.Eq() if different else operator], [right])
            links.append(ast.UnaryOp(ast.Not(), link) if different else link)
        return links[0] if len(links) == 1 else ast.BoolOp(ast.And(), links)

    def call(self, head: str, node: ast.Call, arguments: list[ast.expr]) -> ast.expr:
        if head in self.variables:
            raise self.error(f"{head} is a {self.variables[head]}, not a function", node)
        if head == self.source.node.name:
            head = self.source.name
        elif (
            head not in (*PRELUDE, *CONNECTIVES, *MEASURES) and self.resolve(head, self.source.place(node)) is not None
        ):
            raise self.error(f"{head} is a number, not a function", node)
        return ast.Call(ast.Name(head, ast.Load()), arguments, [])

    # ------------------------------------------------------------------------------------------ conditionals

    def plain(self, node: ast.expr) -> ast.expr:
        """An expression without conditionals."""
        for part in ast.walk(node):
            if isinstance(part, ast.IfExp):
                raise self.error(
                    "a condition may only stand at the top of a definition; define a function for it", part
                )
        return node

    def body(self, node: ast.expr, *, matching: bool) -> Json:
        """The kernel's body: the shape of natural arguments first, conditions after that, terms at the leaves."""
        if not isinstance(node, ast.IfExp):
            return ast.unparse(self.plain(node))
        shape = zero_test(node.test, self.variables)
        if shape is None:
            test = ast.unparse(self.plain(node.test))
            return {
                "if": test,
                "then": self.body(node.body, matching=False),
                "else": self.body(node.orelse, matching=False),
            }
        variable, zero_first = shape
        if not matching:
            raise self.error(f"the test of {variable} for 0 must come before any other condition", node)
        zero, successor = (node.body, node.orelse) if zero_first else (node.orelse, node.body)
        return {
            "on": variable,
            "zero": self.body(Substitute(variable, ast.Constant(0)).visit(copy.deepcopy(zero)), matching=True),
            "successor": self.body(Successor(variable).visit(copy.deepcopy(successor)), matching=True),
        }


def zero_test(node: ast.expr, variables: Mapping[str, str]) -> tuple[str, bool] | None:
    """The variable of sort nat that a test compares with 0, and whether the test holds for 0."""
    match node:
        case ast.Compare(left=ast.Name(id=name), ops=[ast.Eq()], comparators=[ast.Constant(value=0)]):
            found = name, True
        case ast.Compare(left=ast.Name(id=name), ops=[ast.Gt()], comparators=[ast.Constant(value=0)]):
            found = name, False
        case ast.Compare(left=ast.Name(id=name), ops=[ast.GtE()], comparators=[ast.Constant(value=1)]):
            found = name, False
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = zero_test(operand, variables)
            return (inner[0], not inner[1]) if inner else None
        case _:
            return None
    return found if variables.get(found[0]) == "nat" else None


class Substitute(ast.NodeTransformer):
    """Replace a variable."""

    def __init__(self, variable: str, value: ast.expr) -> None:
        self.variable, self.value = variable, value

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return copy.deepcopy(self.value) if node.id == self.variable else node


class Successor(Substitute):
    """Replace ``m`` by ``m + 1``, and ``m - 1`` by ``m``."""

    def __init__(self, variable: str) -> None:
        super().__init__(variable, ast.BinOp(ast.Name(variable, ast.Load()), ast.Add(), ast.Constant(1)))

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        match node:
            case ast.BinOp(left=ast.Name(id=name), op=ast.Sub(), right=ast.Constant(value=1)) if name == self.variable:
                return ast.Name(name, ast.Load())
        self.generic_visit(node)
        return node


def exact(value: float) -> str:
    """The shortest exact number that a float literal may have meant."""
    short = Fraction(value).limit_denominator(10**6)
    return str(short if float(short) == value else Fraction(value))
