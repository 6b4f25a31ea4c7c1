r"""Reading a Python function as a definition or a theorem.

The source of the function is parsed, as numba and triton parse theirs, and rewritten into the text of the kernel
(``verify.kernel.formulas``): rational arithmetic, applications, comparisons and connectives.  What is more convenient
in Python is expanded here, and only here:

* ``0 <= x <= 1`` is ``0 <= x and x <= 1``; ``a != b`` is ``not (a == b)``;
* a local name stands for the term assigned to it;
* ``b**k`` with a number b and a natural k is a recursive function (``verify.theory.powers``);
* ``A if m == 0 else B`` on an argument of sort nat is recursion: in ``B``, ``m`` is a successor and ``m - 1`` is its
  predecessor, which the kernel calls ``m``; any other condition is a definition by cases;
* ``1 / t`` as a whole value is the reciprocal of t, or 0 where t is 0; otherwise only numbers are divided by;
* a parameter of the claim stands for its number.

The result is the kernel's own JSON, from which everything else is derived: proofs, exact evaluation, Z3, SymPy, torch
and the typeset formulas.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

from verify.errors import ClaimError, Place
from verify.theory.powers import constant_value
from verify.theory.shapes import Substitute, Successor, copied, zero_test
from verify.theory.source import Source, sort_of, variables_of
from verify.theory.symbols import CONNECTIVES, COUNTS, MEASURES, PRELUDE

Json = Any


class Names(Protocol):
    """What the names mean that one function does not define itself."""

    def resolve(self, name: str, place: Place) -> ast.expr:
        """The number that a name stands for, or the own name of a function that may be applied."""

    def word(self, name: str, place: Place) -> None:
        """Complain if a word of the language means something else here."""

    def power(self, base: Fraction) -> str:
        """The name of the function k -> base**k."""

    def count(self, function: str, count: str) -> str:
        """The name of the function that counts a part of the architecture of a function."""


def read_definition(source: Source, names: Names) -> Json:
    """The kernel's definition of a function."""
    variables = variables_of(source)
    sort = sort_of(source.node.returns, f"the value of {source.name}", source.place(source.node))
    reader = Reader(source, dict(map(tuple, variables)), names, recursive=True)  # type: ignore[arg-type]
    body, hypotheses = reader.statements(source.node.body, {})
    if hypotheses:
        raise ClaimError(f"{source.name} is a definition and cannot assume anything", source.place(source.node))
    return {"name": source.name, "variables": variables, "sort": sort, "body": reader.body(body)}


def read_theorem(source: Source, names: Names, sort: str = "prop") -> Json:
    """The kernel's statement of a theorem: ``assume(...)`` and then ``return conclusion``.

    With ``sort="real"`` the conclusion is a term about which the hypotheses assume something.
    """
    variables = variables_of(source)
    found = sort_of(source.node.returns, f"the value of {source.name}", source.place(source.node))
    if found != sort:
        raise ClaimError(f"the value of {source.name} must be {sort} here, not {found}", source.place(source.node))
    reader = Reader(source, dict(map(tuple, variables)), names)  # type: ignore[arg-type]
    conclusion, hypotheses = reader.statements(source.node.body, {})
    parts = [part for hypothesis in hypotheses for part in conjuncts(hypothesis)]
    return {
        "name": source.name,
        "variables": variables,
        "hypotheses": [ast.unparse(part) for part in parts],
        "conclusion": ast.unparse(reader.plain(conclusion)),
    }


def read_hint(text: str, variables: Mapping[str, str], names: Names, place: Place) -> str:
    """A term or formula given as a hint for a proof, in the kernel's text."""
    try:
        node = ast.parse(text, mode="eval").body
    except SyntaxError as problem:
        raise ClaimError(f"the hint {text!r} is not an expression: {problem.msg}", place) from None
    for part in ast.walk(node):
        if hasattr(part, "lineno"):
            part.lineno = place.line
    empty = ast.FunctionDef("hint", ast.arguments([], [], None, [], [], None, []), [], [], lineno=place.line)
    reader = Reader(Source("hint", empty, place.file), variables, names)
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
    names: Names
    recursive: bool = False

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
                    self.names.word("assume", self.source.place(statement))
                    hypotheses += [self.plain(self.expression(argument, local)) for argument in arguments]
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    if name in self.variables:
                        raise self.error(
                            f"{name} is an argument of {self.source.name} and cannot be assigned", statement
                        )
                    local[name] = self.expression(value, local)
                case ast.Return(value=ast.expr() as value):
                    self.nothing_after(body[number + 1 :])
                    return self.expression(value, local), hypotheses
                case ast.If():
                    return self.conditional(statement, body[number + 1 :], local), hypotheses
                case _:
                    raise self.error(misplaced(self.source.name, statement), statement)
        sentence = f"{self.source.name} does not return anything; every way through it ends with return and a value"
        raise self.error(sentence, self.source.node)

    def conditional(self, statement: ast.If, rest: list[ast.stmt], local: dict[str, ast.expr]) -> ast.expr:
        """The value of an if and of what follows it, which is reached from the branches that do not return."""
        if returns([statement]):
            self.nothing_after(rest)
        values: list[ast.expr] = []
        for branch in (statement.body, statement.orelse):
            value, hypotheses = self.statements(branch if returns(branch) else [*branch, *rest], local)
            if hypotheses:
                raise self.error("assume(...) must not stand under an if", statement)
            values.append(value)
        return ast.copy_location(ast.IfExp(self.expression(statement.test, local), *values), statement)

    def nothing_after(self, rest: list[ast.stmt]) -> None:
        if rest:
            raise self.error(f"{self.source.name} has returned before this line is reached", rest[0])

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
            case ast.BinOp(
                op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div() | ast.Pow() | ast.MatMult(), left=left, right=right
            ):
                return ast.BinOp(self.expression(left, local), node.op, self.expression(right, local))
            case ast.BoolOp(values=values):
                return ast.BoolOp(node.op, [self.expression(value, local) for value in values])
            case ast.IfExp(test=test, body=then, orelse=otherwise):
                return ast.IfExp(*(self.expression(part, local) for part in (test, then, otherwise)))
            case ast.Compare():
                return self.comparison(node, local)
            case ast.Call(func=ast.Name(id=head), args=arguments, keywords=[]):
                read = [self.expression(argument, local) for argument in arguments]
                return ast.Call(self.function(head, node, local), read, [])
            case ast.Attribute(value=base, attr="T"):
                return ast.Attribute(self.expression(base, local), "T", ast.Load())
            case ast.Call(func=ast.Attribute(value=ast.Name(id=head), attr=count), args=arguments, keywords=[]) if (
                count in COUNTS
            ):
                derived = ast.Name(self.names.count(self.function(head, node, local).id, count), ast.Load())
                return ast.Call(derived, [self.expression(argument, local) for argument in arguments], [])
        raise self.error(
            f"{ast.unparse(node)!r} has no meaning here; see the language of definitions in the README", node
        )

    def power(self, node: ast.expr, base: ast.expr, exponent: ast.expr) -> ast.expr:
        number = constant_value(base)
        if constant_value(exponent) is not None:
            raise self.error(f"{ast.unparse(node)!r}: exponents are natural numbers; multiply or define instead", node)
        if number is None:
            raise self.error(
                f"{ast.unparse(node)!r}: a power with a variable exponent needs a number as its base", node
            )
        return ast.Call(ast.Name(self.names.power(number), ast.Load()), [exponent], [])

    def name(self, name: str, node: ast.expr, local: Mapping[str, ast.expr]) -> ast.expr:
        if name in local:
            return copied(local[name])
        if name in self.variables:
            return ast.Name(name, ast.Load())
        number = self.names.resolve(name, self.source.place(node))
        if isinstance(number, ast.Name):
            raise self.error(f"{name} is a function; apply it to its arguments", node)
        return number

    def comparison(self, node: ast.Compare, local: Mapping[str, ast.expr]) -> ast.expr:
        operands = [self.expression(operand, local) for operand in (node.left, *node.comparators)]
        links: list[ast.expr] = []
        for left, operator, right in zip(operands, node.ops, operands[1:], strict=False):
            if not isinstance(operator, ast.Lt | ast.LtE | ast.Gt | ast.GtE | ast.Eq | ast.NotEq):
                raise self.error(f"{ast.unparse(node)!r} is no comparison of numbers", node)
            different = isinstance(operator, ast.NotEq)
            sides = (copied(left), copied(right)) if len(operands) > 2 else (left, right)  # links share no syntax
            link = ast.Compare(sides[0], [ast.Eq() if different else operator], [sides[1]])
            links.append(ast.UnaryOp(ast.Not(), link) if different else link)
        return links[0] if len(links) == 1 else ast.BoolOp(ast.And(), links)

    def function(self, head: str, node: ast.Call, local: Mapping[str, ast.expr]) -> ast.Name:
        """The function that is applied, by its own name."""
        place = self.source.place(node)
        if head in local:
            raise self.error(f"{head} is a local name for a term, not a function", node)
        if head in self.variables:
            raise self.error(f"{head} is a {self.variables[head]}, not a function", node)
        if head in (*PRELUDE, *CONNECTIVES, *MEASURES):
            self.names.word(head, place)
            return ast.Name(head, ast.Load())
        if self.recursive and head == self.source.node.name:
            return ast.Name(self.source.name, ast.Load())
        found = self.names.resolve(head, place)
        if not isinstance(found, ast.Name):
            raise self.error(f"{head} is a number, not a function", node)
        return found

    # ------------------------------------------------------------------------------------------ conditionals

    def plain(self, node: ast.expr) -> ast.expr:
        """An expression without conditionals."""
        for part in ast.walk(node):
            if isinstance(part, ast.IfExp):
                raise self.error(
                    "a condition may only stand at the top of a definition; define a function for it", part
                )
        return node

    def body(self, node: ast.expr, matched: frozenset[str] = frozenset(), guarded: bool = False) -> Json:
        """The kernel's body: the shape of natural arguments first, conditions after that, terms at the leaves.

        ``matched`` are the arguments whose shape is known already; ``guarded`` is what stands below a condition."""
        if not isinstance(node, ast.IfExp):
            return leaf(self.plain(node))
        shape = zero_test(node.test, self.variables)
        if shape is None or shape[0] in matched:
            then, otherwise = (self.body(part, matched, True) for part in (node.body, node.orelse))
            return {"if": ast.unparse(self.plain(node.test)), "then": then, "else": otherwise}
        variable, zero_first = shape
        if guarded:
            raise self.error(f"the test of {variable} for 0 must come before any other condition", node)
        zero, successor = (node.body, node.orelse) if zero_first else (node.orelse, node.body)
        matched |= {variable}
        return {
            "on": variable,
            "zero": self.body(Substitute(variable, ast.Constant(0)).visit(copied(zero)), matched),
            "successor": self.body(Successor(variable).visit(copied(successor)), matched),
        }


def leaf(node: ast.expr) -> Json:
    """The text of a term or formula; or the reciprocal of a term, which may only be a whole value."""
    match node:
        case ast.BinOp(left=ast.Constant(value=1), op=ast.Div(), right=divisor) if mentions_a_name(divisor):
            return {"reciprocal": ast.unparse(divisor)}
    return ast.unparse(node)


def mentions_a_name(node: ast.expr) -> bool:
    return any(isinstance(part, ast.Name) for part in ast.walk(node))


def misplaced(name: str, statement: ast.stmt) -> str:
    """What is wrong with a statement that the language does not have."""
    what = f"{name} may only contain assignments, if, assume(...) and return"
    match statement:
        case ast.Expr(value=ast.Compare() | ast.BoolOp() | ast.UnaryOp() | ast.BinOp() as value):
            return f"{what}; if {ast.unparse(value)} is what it says, write return before it"
        case ast.For() | ast.While():
            return f"{what}; instead of a loop, let a definition call itself at n - 1"
        case ast.AugAssign(target=target):
            return f"{what}; write a new name instead of changing {ast.unparse(target)}"
    return f"{what}; take this line out"


def returns(body: list[ast.stmt]) -> bool:
    """Whether every way through some statements ends in a return."""
    last = body[-1] if body else None
    return isinstance(last, ast.Return) or (isinstance(last, ast.If) and returns(last.body) and returns(last.orelse))


def exact(value: float) -> str:
    """The shortest exact number that a float literal may have meant."""
    short = Fraction(value).limit_denominator(10**6)
    return str(short if float(short) == value else Fraction(value))
