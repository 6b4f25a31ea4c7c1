r"""Exact evaluation of a theorem at one point: the checker of counterexamples and of satisfying instances.

Numbers are rationals.  In the arithmetic ``exact`` they are computed with as such; in ``binary64`` every variable is
a double and every operation is rounded to the nearest double, ties to even, as IEEE 754 prescribes (the conversion
of a ``Fraction`` to a ``float`` is correctly rounded), and a value outside the range of finite doubles is rejected.

Evaluation follows the text of a formula operation by operation and shares nothing with the normal forms of the logic.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import cast

from verify.kernel.formulas import syntax
from verify.kernel.terms import MAX_BITS, ONE, Rejected, need, rational, shape
from verify.kernel.theory import Fact, Json, Theory, fields, listed

MAX_OPERATIONS = 2_000_000

Rows = tuple[tuple[Fraction, ...], ...]  # of a matrix; one column, of whatever space, is a plain tuple
Value = Fraction | tuple[Fraction, ...] | Rows | bool
Table = tuple[dict[tuple[Value, ...], Value], Value]  # finitely many values of a parameter, and its value elsewhere


def exact(value: Fraction) -> Fraction:
    need(
        value.numerator.bit_length() <= MAX_BITS and value.denominator.bit_length() <= MAX_BITS, "a number is too long"
    )
    return value


def binary64(value: Fraction) -> Fraction:
    try:
        return Fraction(float(value))
    except OverflowError:
        raise Rejected("overflow in binary64") from None


ARITHMETIC = {"exact": exact, "binary64": binary64}


@dataclass
class Evaluator:
    """Values of terms and formulas of a theory under an assignment of its parameters."""

    theory: Theory
    arithmetic: str
    parameters: Mapping[str, Table]
    operations: int = 0
    known: dict[tuple[str, tuple[Value, ...]], Value] = field(default_factory=dict)
    trees: dict[str, ast.expr] = field(default_factory=dict)

    def holds(self, text: str, names: Mapping[str, Value]) -> bool:
        return self.formula(self.tree(text), names)

    def tree(self, text: str) -> ast.expr:
        """A text is read once, however often it is evaluated."""
        if text not in self.trees:
            self.trees[text] = syntax(text)
        return self.trees[text]

    def rounded(self, value: Fraction) -> Fraction:
        self.operations += 1
        need(self.operations <= MAX_OPERATIONS, "more than", MAX_OPERATIONS, "operations")
        return ARITHMETIC[self.arithmetic](value)

    def formula(self, node: ast.expr, names: Mapping[str, Value]) -> bool:
        match node:
            case ast.BoolOp(op=ast.And(), values=parts):
                return all(self.formula(part, names) for part in parts)
            case ast.BoolOp(values=parts):
                return any(self.formula(part, names) for part in parts)
            case ast.UnaryOp(operand=operand):
                return not self.formula(operand, names)
            case ast.Name(id=constant):
                return constant == "true"
            case ast.Compare(left=left, ops=[operator], comparators=[right]):
                return compare(operator, self.term(left, names), self.term(right, names))
            case ast.Call(func=ast.Name(id="implies"), args=[left, right]):
                return not self.formula(left, names) or self.formula(right, names)
            case ast.Call(func=ast.Name(id="iff"), args=[left, right]):
                return self.formula(left, names) == self.formula(right, names)
            case ast.Call(func=ast.Name(id=head), args=arguments):
                return self.call(head, tuple(self.term(argument, names) for argument in arguments)) is True
        raise Rejected("not a formula: " + ast.unparse(node)[:80])

    def term(self, node: ast.expr, names: Mapping[str, Value]) -> Value:
        match node:
            case ast.Constant(value=int(value)):
                return self.rounded(Fraction(value))
            case ast.Name(id=identifier):
                return names[identifier]
            case ast.UnaryOp(operand=operand):
                return self.scale(Fraction(-1), self.term(operand, names))
            case ast.BinOp(left=base, op=ast.Pow(), right=ast.Constant(value=int(exponent))):
                factor, power = number(self.term(base, names)), Fraction(1)
                for _ in range(exponent):
                    power = self.rounded(power * factor)
                return power
            case ast.BinOp(left=left, op=operator, right=right):
                return self.combine(operator, self.term(left, names), self.term(right, names))
            case ast.Call(func=ast.Name(id="dot" | "sq"), args=arguments):
                return self.inner(self.term(arguments[0], names), self.term(arguments[-1], names))
            case ast.Call(func=ast.Name(id="trace"), args=[argument]):
                square = rows(self.term(argument, names))
                need(all(len(row) == len(square) for row in square), "the trace of a matrix that is not square")
                return self.total(row[i] for i, row in enumerate(square))
            case ast.Call(func=ast.Name(id="pinv")):
                raise Rejected("pseudoinverses are not evaluated")
            case ast.Attribute(value=base):
                return of_rows(tuple(zip(*rows(self.term(base, names)), strict=True)))
            case ast.Call(func=ast.Name(id=head), args=arguments):
                return self.call(head, tuple(self.term(argument, names) for argument in arguments))
        raise Rejected("not a term: " + ast.unparse(node)[:80])

    def total(self, summands: Iterable[Fraction]) -> Fraction:
        value = Fraction(0)
        for summand in summands:
            value = self.rounded(value + summand)
        return value

    def inner(self, left: Value, right: Value) -> Fraction:
        u, v = flat(left), flat(right)
        need(len(u) == len(v), "vectors of different dimension")
        return self.total(self.rounded(a * b) for a, b in zip(u, v, strict=True))

    def product(self, left: Value, right: Value) -> Value:
        columns = tuple(zip(*rows(right), strict=True))
        return of_rows(tuple(tuple(self.inner(row, column) for column in columns) for row in rows(left)))

    def scale(self, factor: Fraction, value: Value) -> Value:
        if isinstance(value, tuple):
            return tuple(self.scale(factor, entry) for entry in value)  # type: ignore[return-value]
        return self.rounded(factor * number(value))

    def combine(self, operator: ast.operator, left: Value, right: Value) -> Value:
        match operator:
            case ast.Add() | ast.Sub():
                sign = 1 if isinstance(operator, ast.Add) else -1
                if isinstance(left, tuple) and isinstance(right, tuple):
                    need(len(left) == len(right), "vectors of different dimension")
                    pairs = cast(list[tuple[Value, Value]], list(zip(left, right, strict=True)))
                    return tuple(self.combine(operator, a, b) for a, b in pairs)  # type: ignore[return-value]
                return self.rounded(number(left) + sign * number(right))
            case ast.MatMult():
                return self.product(left, right)
            case ast.Mult():
                return self.scale(number(left), right) if isinstance(right, tuple) else self.scale(number(right), left)
            case ast.Div():
                divisor = number(right)
                need(divisor != 0, "division by zero")
                if isinstance(left, tuple):
                    return tuple(self.combine(operator, entry, right) for entry in left)  # type: ignore[return-value]
                return self.rounded(number(left) / divisor)
        raise Rejected(f"unknown operation {type(operator).__name__}")

    def call(self, head: str, arguments: tuple[Value, ...]) -> Value:
        key = (head, arguments)
        if key not in self.known:
            self.operations += 1
            need(self.operations <= MAX_OPERATIONS, "more than", MAX_OPERATIONS, "operations")
            for sort, argument in zip(self.theory.signature[head].arguments, arguments, strict=True):
                need(
                    sort != "nat" or is_natural(argument),
                    head,
                    "is applied to",
                    argument,
                    "which is not a natural number",
                )
            self.known[key] = self.apply(head, arguments)
        return self.known[key]

    def apply(self, head: str, arguments: tuple[Value, ...]) -> Value:
        if head in self.parameters:
            values, default = self.parameters[head]
            return values.get(arguments, default)
        definition = self.theory.definitions[head]
        names: dict[str, Value] = {
            variable: value for (variable, _), value in zip(definition.variables, arguments, strict=True)
        }
        body = definition.body
        while isinstance(body, dict):
            if "reciprocal" in body:
                divisor = number(self.term(self.tree(body["reciprocal"]), names))
                return self.rounded(1 / divisor) if divisor else divisor
            if "on" in body:
                value = number(names[body["on"]])
                if value:
                    names[body["on"]] = self.rounded(value - 1)
                    need(names[body["on"]] == value - 1, "no number of this arithmetic:", value - 1)
                body = body["successor" if value else "zero"]
            else:
                body = body["then" if self.holds(body["if"], names) else "else"]
        node = self.tree(body)
        return self.formula(node, names) if definition.sort == "prop" else self.term(node, names)


def number(value: Value) -> Fraction:
    if not isinstance(value, Fraction):
        raise Rejected(f"a number is needed, not {value}")
    return value


def flat(value: Value) -> tuple[Fraction, ...]:
    """The entries of a vector, or of a matrix row by row."""
    if not isinstance(value, tuple):
        raise Rejected(f"a vector or matrix is needed, not {value}")
    return tuple(number(part) for entry in value for part in (entry if isinstance(entry, tuple) else (entry,)))


def rows(value: Value) -> Rows:
    """The rows of a matrix; a vector is a column."""
    if not isinstance(value, tuple):
        raise Rejected(f"a matrix is needed, not {value}")
    return tuple(entry if isinstance(entry, tuple) else (entry,) for entry in value)


def of_rows(entries: Rows) -> Value:
    """The one value that a matrix with these rows has: equal matrices are equal values, whatever sort they come from."""
    return tuple(row[0] for row in entries) if all(len(row) == 1 for row in entries) else entries


def is_natural(value: Value) -> bool:
    return isinstance(value, Fraction) and value.denominator == 1 and value >= 0


def compare(operator: ast.cmpop, left: Value, right: Value) -> bool:
    if isinstance(left, tuple):
        alike = len(left) == len(right) if isinstance(right, tuple) else right == Fraction(0)
        need(isinstance(operator, ast.Eq) and alike, "vectors can only be compared by ==, in one dimension or with 0")
        return left == right if isinstance(right, tuple) else not any(flat(left))
    a, b = number(left), number(right)
    match operator:
        case ast.GtE():
            return a >= b
        case ast.LtE():
            return a <= b
        case ast.Gt():
            return a > b
        case ast.Lt():
            return a < b
        case ast.Eq():
            return a == b
    raise Rejected(f"unknown comparison {type(operator).__name__}")


# ------------------------------------------------------------------------------------------------------- points


def read_value(entry: Json, sort: str, arithmetic: str) -> Value:
    """A value of this sort: ``"-7/2"``, a list of those for sort vec, of rows for a matrix, true or false for sort prop."""
    if sort == "prop":
        need(isinstance(entry, bool), "a value of sort prop is true or false, not", entry)
        return entry is True
    if sort == "vec":
        return tuple(number(read_value(part, "real", arithmetic)) for part in listed(entry))
    if shape(sort) is not None:
        found = tuple(flat(read_value(row, "vec", arithmetic)) for row in listed(entry))
        need(found and found[0] and all(len(row) == len(found[0]) for row in found), "not the rows of a matrix:", entry)
        return of_rows(found)
    value = rational(entry)
    need(sort != "nat" or is_natural(value), "not a natural number:", entry)
    need(ARITHMETIC[arithmetic](value) == value, "not a number of this arithmetic:", entry)
    return value


def read_point(
    theory: Theory, parameters: Mapping[str, tuple[str, ...]], fact: Fact, arithmetic: str, point: Json
) -> tuple[Evaluator, dict[str, Value]]:
    """The assignment of a witness: a value for each variable of the fact, a table for each parameter of the theory."""
    variables, tables = fields(point, "variables", "parameters")
    entries = fields(variables, *(v for v, _ in fact.variables))
    names = {v: read_value(entry, sort, arithmetic) for (v, sort), entry in zip(fact.variables, entries, strict=True)}
    read: dict[str, Table] = {}
    for parameter, table in zip(parameters, fields(tables, *parameters), strict=True):
        *arguments, sort = parameters[parameter]
        values, default = fields(table, "values", "default")
        known: dict[tuple[Value, ...], Value] = {}
        for row in listed(values):
            key, value = listed(row, 2)
            at = tuple(
                read_value(k, s, arithmetic) for k, s in zip(listed(key, len(arguments)), arguments, strict=True)
            )
            need(at not in known, parameter, "has two values at", key)
            known[at] = read_value(value, sort, arithmetic)
        read[parameter] = known, read_value(default, sort, arithmetic)
    valued = [(names[variable], sort) for variable, sort in fact.variables]
    for parameter, (known, default) in read.items():
        *arguments, sort = parameters[parameter]
        valued += [(default, sort), *((value, sort) for value in known.values())]
        valued += [pair for key in known for pair in zip(key, arguments, strict=True)]
    need_dimensions(valued)
    return Evaluator(theory, arithmetic, read), names


def need_dimensions(valued: Iterable[tuple[Value, str]]) -> None:
    """Every dimension is one number: all vectors lie in one space, and matrices fit."""
    sizes = {ONE: 1}
    for value, sort in valued:
        dimensions = shape(sort)
        if dimensions is not None:
            matrix = rows(value)
            for dimension, size in zip(dimensions, (len(matrix), len(matrix[0]) if matrix else 1), strict=True):
                need(
                    sizes.setdefault(dimension, size) == size,
                    "different values of the dimension",
                    f"{dimension}:",
                    value,
                )


def decide(evaluator: Evaluator, fact: Fact, names: Mapping[str, Value]) -> tuple[bool, bool | None]:
    """Whether all hypotheses hold at the point and, if they do, whether the conclusion does."""
    if not all(evaluator.holds(text, names) for text in fact.hypotheses):
        return False, None
    return True, evaluator.holds(fact.conclusion, names)
