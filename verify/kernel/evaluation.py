r"""Exact evaluation of a theorem at one point: the checker of counterexamples and of satisfying instances.

Numbers are rationals.  In the arithmetic ``exact`` they are computed with as such; in ``binary64`` every variable is
a double and every operation is rounded to the nearest double, ties to even, as IEEE 754 prescribes (the conversion
of a ``Fraction`` to a ``float`` is correctly rounded), and a value outside the range of finite doubles is rejected.

Evaluation follows the text of a formula operation by operation and shares nothing with the normal forms of the logic.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain

from verify.kernel.formulas import syntax
from verify.kernel.terms import MAX_BITS, Rejected, need, rational
from verify.kernel.theory import Fact, Json, Theory, fields, listed

MAX_OPERATIONS = 2_000_000

Value = Fraction | tuple[Fraction, ...] | bool
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
                u, v = vector(self.term(arguments[0], names)), vector(self.term(arguments[-1], names))
                need(len(u) == len(v), "vectors of different dimension")
                total = Fraction(0)
                for a, b in zip(u, v, strict=True):
                    total = self.rounded(total + self.rounded(a * b))
                return total
            case ast.Call(func=ast.Name(id=head), args=arguments):
                return self.call(head, tuple(self.term(argument, names) for argument in arguments))
        raise Rejected("not a term: " + ast.unparse(node)[:80])

    def scale(self, factor: Fraction, value: Value) -> Value:
        if isinstance(value, tuple):
            return tuple(self.rounded(factor * entry) for entry in value)
        return self.rounded(factor * number(value))

    def combine(self, operator: ast.operator, left: Value, right: Value) -> Value:
        match operator:
            case ast.Add() | ast.Sub():
                sign = 1 if isinstance(operator, ast.Add) else -1
                if isinstance(left, tuple):
                    entries = vector(right)
                    need(len(left) == len(entries), "vectors of different dimension")
                    return tuple(self.rounded(a + sign * b) for a, b in zip(left, entries, strict=True))
                return self.rounded(number(left) + sign * number(right))
            case ast.Mult():
                return self.scale(number(left), right) if isinstance(right, tuple) else self.scale(number(right), left)
            case ast.Div():
                divisor = number(right)
                need(divisor != 0, "division by zero")
                if isinstance(left, tuple):
                    return tuple(self.rounded(entry / divisor) for entry in left)
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


def vector(value: Value) -> tuple[Fraction, ...]:
    if not isinstance(value, tuple):
        raise Rejected(f"a vector is needed, not {value}")
    return value


def is_natural(value: Value) -> bool:
    return isinstance(value, Fraction) and value.denominator == 1 and value >= 0


def compare(operator: ast.cmpop, left: Value, right: Value) -> bool:
    if isinstance(left, tuple):
        need(
            isinstance(operator, ast.Eq) and len(left) == len(vector(right)),
            "vectors can only be compared by ==, in one dimension",
        )
        return left == right
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
    """A value of this sort: ``"-7/2"``, a list of those for sort vec, true or false for sort prop."""
    if sort == "prop":
        need(isinstance(entry, bool), "a value of sort prop is true or false, not", entry)
        return entry is True
    if sort == "vec":
        return tuple(number(read_value(part, "real", arithmetic)) for part in listed(entry))
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
    tabulated = (value for known, default in read.values() for value in (default, *known.values(), *chain(*known)))
    dimensions = {len(value) for value in chain(names.values(), tabulated) if isinstance(value, tuple)}
    need(len(dimensions) <= 1, "vectors of different dimension; all vectors lie in one space")
    return Evaluator(theory, arithmetic, read), names


def decide(evaluator: Evaluator, fact: Fact, names: Mapping[str, Value]) -> tuple[bool, bool | None]:
    """Whether all hypotheses hold at the point and, if they do, whether the conclusion does."""
    if not all(evaluator.holds(text, names) for text in fact.hypotheses):
        return False, None
    return True, evaluator.holds(fact.conclusion, names)
