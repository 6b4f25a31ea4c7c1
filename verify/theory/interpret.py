r"""Evaluating a statement in other arithmetics than the kernel's: Z3, SymPy, batched torch.

Naturals are always known integers, so recursion unfolds; real values are whatever the ``Algebra`` computes with: a Z3
expression, a SymPy expression, a tensor with an error bound.  Rational constants are folded exactly before they reach
the algebra, and a condition that is decided takes one branch only.  A vector is a tuple, a matrix a tuple of rows, and a
matrix with one column may be either.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any, Protocol

from verify.kernel.formulas import syntax
from verify.kernel.terms import MAX_BITS
from verify.kernel.theory import PRELUDE

Json = Any
Value = Any  # int, Fraction, a value of the algebra, a tuple of those for a vector, of rows for a matrix
Rows = tuple[tuple[Value, ...], ...]
Truth = Any  # bool, or a truth value of the algebra


class TooLarge(Exception):
    """The statement unfolds to more operations than allowed, or to one that no algebra has."""


class Algebra(Protocol):
    """Real arithmetic and truth values of one engine."""

    def number(self, value: Fraction) -> Value: ...
    def add(self, a: Value, b: Value) -> Value: ...
    def multiply(self, a: Value, b: Value) -> Value: ...
    def compare(self, relation: str, a: Value, b: Value) -> Truth: ...
    def both(self, a: Truth, b: Truth) -> Truth: ...
    def either(self, a: Truth, b: Truth) -> Truth: ...
    def negate(self, a: Truth) -> Truth: ...
    def choose(self, condition: Truth, then: Value, otherwise: Value) -> Value: ...


RELATIONS: dict[type[ast.cmpop], str] = {ast.GtE: ">=", ast.LtE: "<=", ast.Gt: ">", ast.Lt: "<", ast.Eq: "=="}
parsed = lru_cache(maxsize=50_000)(syntax)


@dataclass
class Interpreter:
    """The functions of a statement, over one algebra; ``parameters`` gives the arbitrary functions."""

    definitions: Mapping[str, Json]
    algebra: Algebra
    parameters: Mapping[str, Callable[..., Value]] = field(default_factory=dict)
    budget: int = 1_000_000
    known: dict[tuple[Any, ...], tuple[Value, tuple[Value, ...]]] = field(default_factory=dict)

    @staticmethod
    def of(
        statement: Json, algebra: Algebra, parameters: Mapping[str, Callable[..., Value]], budget: int
    ) -> Interpreter:
        definitions = {entry["name"]: entry for entry in (*PRELUDE, *statement["definitions"])}
        return Interpreter(definitions, algebra, parameters, budget)

    def spend(self) -> None:
        self.budget -= 1
        if self.budget < 0:
            raise TooLarge("the statement unfolds to too many operations")

    # ------------------------------------------------------------------------------------------------- terms

    def term(self, node: ast.expr, names: Mapping[str, Value]) -> Value:
        self.spend()
        match node:
            case ast.Constant(value=value):
                return value
            case ast.Name(id=name):
                return names[name]
            case ast.UnaryOp(operand=operand):
                return self.multiply(-1, self.term(operand, names))
            case ast.BinOp(op=ast.Add(), left=left, right=right):
                return self.add(self.term(left, names), self.term(right, names))
            case ast.BinOp(op=ast.Sub(), left=left, right=right):
                return self.add(self.term(left, names), self.multiply(-1, self.term(right, names)))
            case ast.BinOp(op=ast.Mult(), left=left, right=right):
                return self.multiply(self.term(left, names), self.term(right, names))
            case ast.BinOp(op=ast.Div(), left=left, right=right):
                return self.multiply(1 / divisor(right), self.term(left, names))
            case ast.BinOp(op=ast.Pow(), left=left, right=ast.Constant(value=int(exponent))):
                base, power = self.term(left, names), 1
                for _ in range(exponent):
                    power = self.multiply(power, base)
                return power
            case ast.BinOp(op=ast.MatMult(), left=left, right=right):
                return self.product(rows(self.term(left, names)), rows(self.term(right, names)))
            case ast.Attribute(value=base):
                return transposed(rows(self.term(base, names)))
            case ast.Call(func=ast.Name(id=head), args=arguments):
                values = [self.term(argument, names) for argument in arguments]
                if head in ("dot", "sq"):
                    return self.inner(flat(values[0]), flat(values[-1]))
                if head == "trace":
                    return self.total(row[i] for i, row in enumerate(rows(values[0])))
                if head == "pinv":
                    raise TooLarge("pseudoinverses have no values here")
                return self.call(head, values)
        raise AssertionError(ast.unparse(node))

    def add(self, a: Value, b: Value) -> Value:
        if isinstance(a, tuple):
            return tuple(self.add(s, t) for s, t in zip(*aligned(a, b), strict=True))
        if is_exact(a) and is_exact(b):
            return moderate(a + b)
        return (
            self.algebra.add(self.lift(a), self.lift(b))
            if not is_zero(a) and not is_zero(b)
            else b
            if is_zero(a)
            else a
        )

    def multiply(self, a: Value, b: Value) -> Value:
        if isinstance(a, tuple) or isinstance(b, tuple):
            scalar, vector = (b, a) if isinstance(a, tuple) else (a, b)
            return tuple(self.multiply(scalar, t) for t in vector)
        if is_exact(a) and is_exact(b):
            return moderate(a * b)
        if is_zero(a) or is_zero(b):
            return 0
        if is_exact(a) and a == 1:
            return b
        return a if is_exact(b) and b == 1 else self.algebra.multiply(self.lift(a), self.lift(b))

    def inner(self, u: Sequence[Value], v: Sequence[Value]) -> Value:
        return self.total(self.multiply(a, b) for a, b in zip(u, v, strict=True))

    def total(self, summands: Iterable[Value]) -> Value:
        value: Value = 0
        for summand in summands:
            self.spend()
            value = self.add(value, summand)
        return value

    def product(self, left: Rows, right: Rows) -> Rows:
        columns = transposed(right)
        return tuple(tuple(self.inner(row, column) for column in columns) for row in left)

    def lift(self, value: Value) -> Value:
        return self.algebra.number(Fraction(value)) if is_exact(value) else value

    def call(self, head: str, values: list[Value]) -> Value:
        key = (head, *(v if is_exact(v) else id(v) for v in values))
        if key not in self.known:  # the arguments are kept so that their ids stay theirs
            self.known[key] = (self.apply(head, values), tuple(values))
        return self.known[key][0]

    def apply(self, head: str, values: list[Value]) -> Value:
        if head in self.parameters:
            return self.parameters[head](*values)
        definition = self.definitions[head]
        names = {variable: value for (variable, _), value in zip(definition["variables"], values, strict=True)}
        return self.body(definition["body"], names, definition["sort"] == "prop")

    def body(self, body: Json, names: dict[str, Value], is_formula: bool) -> Value:
        if isinstance(body, str):
            return self.formula(parsed(body), names) if is_formula else self.term(parsed(body), names)
        if "on" in body:
            value = names[body["on"]]
            part = "successor" if value else "zero"
            return self.body(body[part], {**names, body["on"]: value - 1}, is_formula)
        if "reciprocal" in body:
            return reciprocal(self.term(parsed(body["reciprocal"]), names))
        condition = self.formula(parsed(body["if"]), names)
        if isinstance(condition, bool):
            return self.body(body["then" if condition else "else"], names, is_formula)
        then, otherwise = (self.body(body[part], names, is_formula) for part in ("then", "else"))
        if is_formula:
            return self.either(self.both(condition, then), self.both(self.negate(condition), otherwise))
        return self.choose(condition, then, otherwise)

    def choose(self, condition: Truth, then: Value, otherwise: Value) -> Value:
        if isinstance(then, tuple):
            return tuple(self.choose(condition, a, b) for a, b in zip(*aligned(then, otherwise), strict=True))
        return self.algebra.choose(condition, self.lift(then), self.lift(otherwise))

    # ---------------------------------------------------------------------------------------------- formulas

    def formula(self, node: ast.expr, names: Mapping[str, Value]) -> Truth:
        self.spend()
        match node:
            case ast.BoolOp(op=connective, values=parts):
                join = self.both if isinstance(connective, ast.And) else self.either
                total: Truth = isinstance(connective, ast.And)
                for part in parts:
                    total = join(total, self.formula(part, names))
                    if total is not True and total is not False:
                        continue
                    if total is isinstance(connective, ast.Or):
                        return total
                return total
            case ast.UnaryOp(operand=operand):
                return self.negate(self.formula(operand, names))
            case ast.Name(id=name):
                return name == "true"
            case ast.Compare(left=left, ops=[operator], comparators=[right]):
                return self.compare(RELATIONS[type(operator)], self.term(left, names), self.term(right, names))
            case ast.Call(func=ast.Name(id="implies"), args=[left, right]):
                return self.either(self.negate(self.formula(left, names)), self.formula(right, names))
            case ast.Call(func=ast.Name(id="iff"), args=[left, right]):
                a, b = self.formula(left, names), self.formula(right, names)
                return self.both(self.either(self.negate(a), b), self.either(self.negate(b), a))
            case ast.Call(func=ast.Name(id=head), args=arguments):
                return self.call(head, [self.term(argument, names) for argument in arguments])
        raise AssertionError(ast.unparse(node))

    def compare(self, relation: str, a: Value, b: Value) -> Truth:
        if isinstance(a, tuple):
            total: Truth = True
            entries = flat(a)
            for s, t in zip(entries, flat(b) if isinstance(b, tuple) else (b,) * len(entries), strict=True):
                total = self.both(total, self.compare(relation, s, t))
            return total
        if is_exact(a) and is_exact(b):
            return {">=": a >= b, "<=": a <= b, ">": a > b, "<": a < b, "==": a == b}[relation]
        return self.algebra.compare(relation, self.lift(a), self.lift(b))

    def both(self, a: Truth, b: Truth) -> Truth:
        if isinstance(a, bool):
            return b if a else False
        if isinstance(b, bool):
            return a if b else False
        return self.algebra.both(a, b)

    def either(self, a: Truth, b: Truth) -> Truth:
        if isinstance(a, bool):
            return True if a else b
        if isinstance(b, bool):
            return True if b else a
        return self.algebra.either(a, b)

    def negate(self, a: Truth) -> Truth:
        return not a if isinstance(a, bool) else self.algebra.negate(a)

    # -------------------------------------------------------------------------------------------- statements

    def theorem(self, statement: Json, names: Mapping[str, Value]) -> tuple[Truth, Truth]:
        """The conjunction of the hypotheses and the conclusion; the conclusion is True where they cannot hold."""
        hypotheses: Truth = True
        for text in statement["theorem"]["hypotheses"]:
            hypotheses = self.both(hypotheses, self.formula(parsed(text), names))
            if hypotheses is False:
                return False, True
        return hypotheses, self.formula(parsed(statement["theorem"]["conclusion"]), names)


def rows(value: Value) -> Rows:
    """The rows of a matrix; a vector is a column."""
    return tuple(entry if isinstance(entry, tuple) else (entry,) for entry in value)


def transposed(matrix: Rows) -> Rows:
    return tuple(zip(*matrix, strict=True))


def flat(value: Value) -> tuple[Value, ...]:
    """The entries of a vector, or of a matrix row by row."""
    return tuple(entry for row in rows(value) for entry in row)


def aligned(a: Value, b: Value) -> tuple[Value, Value]:
    """Two vectors or matrices of one shape, written in the same way."""
    return (a, b) if isinstance(a[0], tuple) == isinstance(b[0], tuple) else (rows(a), rows(b))


def divisor(node: ast.expr) -> Fraction:
    """The number that a divisor is: whatever else occurs in it cancels, and may as well be 0."""
    match node:
        case ast.Constant(value=int(value)):
            return Fraction(value)
        case ast.UnaryOp(operand=operand):
            return -divisor(operand)
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            return divisor(left) + divisor(right)
        case ast.BinOp(op=ast.Sub(), left=left, right=right):
            return divisor(left) - divisor(right)
        case ast.BinOp(op=ast.Mult(), left=left, right=right):
            return divisor(left) * divisor(right)
        case ast.BinOp(op=ast.Div(), left=left, right=right):
            return divisor(left) / divisor(right)
        case ast.BinOp(op=ast.Pow(), left=left, right=ast.Constant(value=int(exponent))):
            return divisor(left) ** exponent
    return Fraction(0)


def moderate(value: Value) -> Value:
    """An exact number, unless it is longer than the kernel's numbers may be."""
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > MAX_BITS:
        raise TooLarge("a number is too long")
    return value


def reciprocal(value: Value) -> Value:
    if not is_exact(value):
        raise TooLarge("reciprocals have no values here, unless their arguments are known numbers")
    return moderate(1 / Fraction(value)) if value else 0


def is_exact(value: Value) -> bool:
    return isinstance(value, int | Fraction)


def is_zero(value: Value) -> bool:
    return is_exact(value) and value == 0
