r"""A theorem at one point, step by step: which hypotheses hold there, what each part of the conclusion is worth.

All values are the kernel's own (``verify.kernel.evaluation``), by which it has accepted the counterexample.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from verify.kernel import Rejected
from verify.kernel.certificate import read_statement
from verify.kernel.evaluation import Evaluator, Value, read_point, rows
from verify.kernel.formulas import syntax
from verify.session.explanation.section import Section, bounded
from verify.session.points import in_order, in_words, placed

Json = Any
Names = dict[str, Value]

DIGITS = 60  # of a number, and of a value in a line
MISSED = {ast.GtE: "<", ast.LtE: ">", ast.Gt: "<=", ast.Lt: ">=", ast.Eq: "!="}


def point_section(statement: Json, witness: Json) -> Section:
    """A counterexample, evaluated."""
    title = f"the counterexample: {in_words(in_order(witness, statement))}"
    statement, values = placed(statement, witness)
    try:
        theory, fact, parameters, _ = read_statement(statement)
        evaluator, names = read_point(theory, parameters, fact, statement["arithmetic"], values)
        lines = [f"hypothesis {text}: {truth(evaluator, syntax(text), names)}" for text in fact.hypotheses]
        conclusion = syntax(fact.conclusion)
        failed = first_failure(evaluator, conclusion, names)
        lines += evaluated(evaluator, failed, names) if failed is not None else []
        lines.append(f"conclusion {fact.conclusion}: {truth(evaluator, conclusion, names)}")
    except (Rejected, RecursionError) as reason:
        return Section("point", title, (f"its values cannot be shown: {reason}",), {"point": witness})
    return Section("point", title, bounded(lines), {"point": witness})


def truth(evaluator: Evaluator, formula: ast.expr, names: Names) -> str:
    return "true" if evaluator.formula(formula, names) else "false"


def evaluated(evaluator: Evaluator, comparison: ast.Compare, names: Names) -> list[str]:
    """The values of all parts of a comparison that fails, inner ones first, and then what is wrong."""
    left, right = comparison.left, comparison.comparators[0]
    values = {ast.unparse(node): shown(evaluator.term(node, names)) for side in (left, right) for node in parts(side)}
    lines = [f"{text} = {value}" for text, value in values.items() if text != value]
    a, b = (shown(evaluator.term(side, names)) for side in (left, right))
    return [*lines, f"{a} {MISSED[type(comparison.ops[0])]} {b}, where {ast.unparse(comparison)} is wanted"]


def parts(term: ast.expr) -> Iterator[ast.expr]:
    """The parts of a term that are no names and no numbers, inner ones first."""
    match term:
        case ast.BinOp(left=left, op=ast.Pow()):
            inner = [left]
        case ast.BinOp(left=left, right=right):
            inner = [left, right]
        case ast.UnaryOp(operand=operand):
            inner = [operand]
        case ast.Call(args=arguments):
            inner = arguments
        case ast.Attribute(value=base):
            inner = [base]
        case _:
            return
    for part in inner:
        yield from parts(part)
    yield term


def first_failure(evaluator: Evaluator, node: ast.expr, names: Names) -> ast.Compare | None:
    """The first comparison of a conclusion that is false, if a comparison is to blame."""
    match node:
        case ast.BoolOp(op=ast.And(), values=members):
            found = (first_failure(evaluator, part, names) for part in members if not evaluator.formula(part, names))
            return next(found, None)
        case ast.Call(func=ast.Name(id="implies"), args=[_, consequence]):
            return first_failure(evaluator, consequence, names)
        case ast.Compare():
            return node
    return None


def shown(value: Value) -> str:
    if isinstance(value, tuple):
        flat = all(len(row) == 1 for row in rows(value))
        entries = [shown(row[0]) if flat else f"({', '.join(map(shown, row))})" for row in rows(value)]
        return f"({', '.join(entries)})"
    text = str(value)
    return text if len(text) <= DIGITS else f"{text[: DIGITS // 2]}...{text[-DIGITS // 4 :]} ({len(text)} characters)"
