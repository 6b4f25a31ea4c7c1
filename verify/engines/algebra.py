r"""SymPy as a source of closed forms.

A definition f(0) = a, f(k + 1) = c f(k) + g(k), with numbers a and c and a sum g of powers and exponentials, is a linear
recurrence, and ``sympy.rsolve`` usually knows its solution.  The solution is only a suggestion: it becomes a lemma that
the proof search has to prove by induction like any other, and then every proof may use it.  So unit counts and bounds
that authors define by recursion are known in closed form without a word from them.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from verify.kernel.formulas import syntax
from verify.theory.environment import Hints, Problem
from verify.theory.powers import base_of, power_definition, power_name

Json = Any
Expression = Any

SUFFIX = "_in_closed_form"


class Unsuitable(Exception):
    """The definition is not a linear recurrence of the kind described above."""


def with_closed_forms(problem: Problem) -> Problem:
    """The problem with a suggested lemma for each recurrence that could be solved."""
    definitions = [*problem.statement["definitions"], *problem.definitions]
    known = {entry["name"] for entry in definitions}
    solved: dict[str, Expression] = {}
    suggestions, extra = [], []
    for entry in definitions:
        try:
            solved[entry["name"]] = solve(entry, {e["name"]: e for e in definitions}, solved)
            text, bases = kernel_text(solved[entry["name"]], entry["variables"][0][0])
        except Unsuitable:
            continue
        for base in bases:
            if power_name(base) not in known:
                known.add(power_name(base))
                extra.append(power_definition(power_name(base), base))
        facts = tuple(f"{name}{SUFFIX}" for name in solved if name != entry["name"])
        suggestions.append((lemma(entry, text), Hints((entry["variables"][0][0],), facts, (), (), ())))
    return replace(problem, definitions=(*problem.definitions, *extra), suggestions=tuple(suggestions))


def lemma(entry: Json, text: str) -> Json:
    name, variable = entry["name"], entry["variables"][0][0]
    conclusion = f"{name}({variable}) == {text}"
    return {"name": f"{name}{SUFFIX}", "variables": [[variable, "nat"]], "hypotheses": [], "conclusion": conclusion}


def solve(entry: Json, definitions: Mapping[str, Json], solved: Mapping[str, Expression]) -> Expression:
    """The closed form of a definition as a SymPy expression in ``k``."""
    import sympy

    body = entry["body"]
    if base_of(entry["name"]) is not None or [sort for _, sort in entry["variables"]] != ["nat"]:
        raise Unsuitable
    if (
        not isinstance(body, dict)
        or "on" not in body
        or not all(isinstance(body[p], str) for p in ("zero", "successor"))
    ):
        raise Unsuitable
    k, value = sympy.Symbol("k", integer=True, nonnegative=True), sympy.Symbol("f")
    reader = Reader(entry, k, value, definitions, solved)
    start, step = reader.expression(syntax(body["zero"])), sympy.expand(reader.expression(syntax(body["successor"])))
    factor = step.coeff(value, 1)
    rest = sympy.expand(step - factor * value)
    if rest.has(value) or not factor.is_Rational or not start.is_Rational:
        raise Unsuitable
    y = sympy.Function("y")
    try:
        found = sympy.rsolve(y(k + 1) - factor * y(k) - rest, y(k), {y(0): start})
    except (ValueError, NotImplementedError, TypeError, AttributeError):
        raise Unsuitable from None
    if found is None or sympy.simplify(found.subs(k, k + 1) - factor * found - rest) != 0:
        raise Unsuitable
    return sympy.expand(sympy.powsimp(sympy.expand(found), force=False))


class Reader:
    """The kernel's text of a recurrence as a SymPy expression."""

    def __init__(
        self, entry: Json, k: Any, value: Any, definitions: Mapping[str, Json], solved: Mapping[str, Expression]
    ) -> None:
        self.entry, self.k, self.value, self.definitions, self.solved = entry, k, value, definitions, solved

    def expression(self, node: ast.expr) -> Expression:
        import sympy

        match node:
            case ast.Constant(value=value):
                return sympy.Integer(value)
            case ast.Name(id=name) if name == self.entry["variables"][0][0]:
                return self.k
            case ast.UnaryOp(operand=operand):
                return -self.expression(operand)
            case ast.BinOp(op=ast.Add(), left=left, right=right):
                return self.expression(left) + self.expression(right)
            case ast.BinOp(op=ast.Sub(), left=left, right=right):
                return self.expression(left) - self.expression(right)
            case ast.BinOp(op=ast.Mult(), left=left, right=right):
                return self.expression(left) * self.expression(right)
            case ast.BinOp(op=ast.Div(), left=left, right=right):
                return self.expression(left) / self.expression(right)
            case ast.BinOp(op=ast.Pow(), left=left, right=ast.Constant(value=exponent)):
                return self.expression(left) ** exponent
            case ast.Call(func=ast.Name(id=head), args=arguments):
                return self.application(head, arguments)
        raise Unsuitable

    def application(self, head: str, arguments: list[ast.expr]) -> Expression:
        import sympy

        base = base_of(head)
        if base is not None:
            return sympy.Rational(base.numerator, base.denominator) ** self.expression(arguments[0])
        if head == self.entry["name"] and isinstance(arguments[0], ast.Name):
            return self.value
        if head in self.solved:
            return self.solved[head].subs(self.k, self.expression(arguments[0]))
        if not arguments and head in self.definitions and isinstance(self.definitions[head]["body"], str):
            return self.expression(syntax(self.definitions[head]["body"]))
        raise Unsuitable


def kernel_text(expression: Expression, variable: str) -> tuple[str, list[Fraction]]:
    """A sum of terms c k^n b^k in the kernel's text, and the bases b that it uses."""
    import sympy

    terms, bases = [], []
    for term in sympy.Add.make_args(sympy.expand(expression, power_exp=True)):
        factors = []
        for factor in sympy.Mul.make_args(term):
            text, base = factor_text(factor, variable)
            factors.append(text)
            bases += [base] if base is not None else []
        terms.append("*".join(factors))
    return " + ".join(terms), bases


def factor_text(factor: Expression, variable: str) -> tuple[str, Fraction | None]:
    if factor.is_Rational:
        number = Fraction(int(factor.p), int(factor.q))
        return f"({number})", None
    if factor.is_Symbol:
        return variable, None
    if factor.is_Pow and factor.base.is_Symbol and factor.exp.is_Integer and 0 <= int(factor.exp) <= 64:
        return f"{variable}**{int(factor.exp)}", None
    if factor.is_Pow and factor.base.is_Rational:
        multiple, symbol = factor.exp.as_coeff_Mul()  # SymPy writes (1/4)^k as 4^(-k)
        if symbol.is_Symbol and multiple.is_Integer and abs(multiple) <= 64:
            base = Fraction(int(factor.base.p), int(factor.base.q)) ** int(multiple)
            return f"{power_name(base)}({variable})", base
    raise Unsuitable
