r"""Counterexamples and satisfying instances: the point in mathematical notation, and what goes wrong there.

The numbers are those of the certificate.  The two sides of the comparison that fails are evaluated by the kernel's exact
evaluator, operation by operation.
"""

from __future__ import annotations

import ast
from collections.abc import Container
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from markupsafe import Markup

from verify.kernel.certificate import read_statement
from verify.kernel.evaluation import Value, read_point, rows
from verify.kernel.formulas import syntax
from verify.kernel.terms import Rejected
from verify.report.breaking import rows as lines
from verify.report.mathml import inline
from verify.session.explanation.point import first_failure
from verify.session.points import defined, mentioned, placed
from verify.theory import latex

Json = Any

LONG = 10**7  # a numerator or denominator from here on is shown by its powers of two, if it has many
MISSED = {
    ast.GtE: r"\not\ge", ast.LtE: r"\not\le", ast.Gt: r"\not>", ast.Lt: r"\not<", ast.Eq: r"\ne",
}  # fmt: skip


def number(value: Fraction) -> str:
    r"""A rational number in LaTeX; ``2^{-54}`` instead of eighteen digits.

    >>> number(Fraction(-1, 2**54))
    '-2^{-54}'
    """
    sign, top, bottom = "-" if value < 0 else "", abs(value.numerator), value.denominator
    if max(top, bottom) >= LONG:
        exponent = twos(top) - twos(bottom)
        odd = Fraction(top >> twos(top), bottom >> twos(bottom))
        if odd == 1:
            return f"{sign}2^{{{exponent}}}"
        if odd.denominator == 1 and odd < LONG:
            return rf"{sign}{odd} \cdot 2^{{{exponent}}}"
    return f"{sign}{top}" if bottom == 1 else f"{sign}{top}/{bottom}"


def twos(value: int) -> int:
    return (value & -value).bit_length() - 1 if value else 0


def entry(value: Json) -> str:
    if isinstance(value, list) and value and isinstance(value[0], list):
        return matrix([[entry(part) for part in row] for row in value])
    if isinstance(value, list):
        return rf"\left({', '.join(entry(part) for part in value)}\right)"
    if isinstance(value, bool):
        return r"\top" if value else r"\bot"
    return number(Fraction(value))


def matrix(rows: list[list[str]]) -> str:
    return r"\begin{pmatrix}" + r" \\ ".join(" & ".join(row) for row in rows) + r"\end{pmatrix}"


def value_of(value: Value) -> str:
    """A value of the kernel's evaluator."""
    if isinstance(value, tuple):
        found = rows(value)
        return matrix([[number(part) for part in row] for row in found])
    return number(value) if isinstance(value, Fraction) else entry(value)


@dataclass(frozen=True)
class Point:
    """Values of variables and of arbitrary functions; what such functions are, where the point lies in a model."""

    values: tuple[Markup, ...]
    model: tuple[Markup, ...] = ()


def point(statement: Json, witness: Json) -> Point | None:
    """A point as it is shown; None, if there is nothing to choose."""
    constants = {name for name, arguments, _ in statement["parameters"] if not arguments}
    shown = Point(values(witness, constants), model(statement, witness))
    return shown if shown.values or shown.model else None


def values(witness: Json, constants: Container[str] = ()) -> tuple[Markup, ...]:
    """The values of the variables, then those of the arbitrary functions."""
    shown = [f"{latex.name(name)} = {entry(value)}" for name, value in witness["variables"].items()]
    for name, table in witness["parameters"].items():
        function = latex.name(name)
        constant = [value for key, value in table["values"] if not key]
        if constant or name in constants:
            shown.append(f"{function} = {entry([*constant, table['default']][0])}")
            continue
        for key, value in table["values"]:
            shown.append(f"{function}({', '.join(map(entry, key))}) = {entry(value)}")
        rest = r"\text{ elsewhere}" if table["values"] else r"\text{ everywhere}"
        shown.append(rf"{function} = {entry(table['default'])}{rest}")
    return tuple(map(inline, shown))


def model(statement: Json, witness: Json) -> tuple[Markup, ...]:
    """The equations that a model puts for arbitrary functions, then those of the functions that they mention."""
    entries = (*defined(witness, statement), *mentioned(witness, statement))
    return tuple(inline(line) for entry in entries for line in lines(latex.definition(entry)))


def failure(statement: Json, witness: Json) -> tuple[Markup, ...]:
    """The first comparison of the conclusion that fails at a point, with the values of its two sides."""
    statement, values = placed(statement, witness)
    try:
        theory, fact, parameters, _ = read_statement(statement)
        evaluator, names = read_point(theory, parameters, fact, statement["arithmetic"], values)
        failed = first_failure(evaluator, syntax(fact.conclusion), names)
        if failed is None:
            return ()
        left, right = (evaluator.term(side, names) for side in (failed.left, failed.comparators[0]))
    except (Rejected, RecursionError):
        return ()
    a, b = latex.term(failed.left), latex.term(failed.comparators[0])
    relation = MISSED[type(failed.ops[0])]
    x, y = value_of(left), value_of(right)
    sides = [f"{text} = {value}" for text, value in ((a, x), (b, y)) if text != value]
    return tuple(map(inline, (*sides, f"{x} {relation} {y}")))
