r"""Typesetting statements: from the kernel's text to LaTeX, by itself and without freedom for the author.

What is shown is the text that was decided, in the notation of the field: ``sq(v)`` is a squared norm (of a matrix, that of
Frobenius), ``0 <= x and x <= 1`` a chain, a recursive definition its two equations, an arbitrary function without
arguments a constant.
"""

from __future__ import annotations

import ast
import re
from typing import Any

from verify.kernel.formulas import syntax
from verify.kernel.terms import ONE, shape
from verify.kernel.text import dimensions_of, equations
from verify.theory.objects import number_syntax
from verify.theory.powers import base_of

Json = Any

GREEK = "alpha beta gamma delta epsilon zeta eta theta kappa lambda mu nu xi pi rho sigma tau phi chi psi omega"
RELATIONS: dict[type[ast.cmpop], str] = {
    ast.GtE: r"\ge", ast.LtE: r"\le", ast.Gt: ">", ast.Lt: "<", ast.Eq: "=",
}  # fmt: skip
DOMAINS = {"nat": r"\mathbb{N}", "real": r"\mathbb{R}", "vec": "V", "prop": r"\{\top, \bot\}"}
SUM, PRODUCT, POWER, ATOM = 1, 2, 3, 4  # binding strength


def name(text: str) -> str:
    """A symbol: ``x`` and ``x_1`` in italics, ``sigma`` as Greek, ``tree_units`` and ``x1`` upright."""
    stem, number = re.fullmatch(r"(.*?)(?:_(\d+))?", text).groups()  # type: ignore[union-attr]
    if stem in GREEK.split() or stem == "eps":
        symbol = r"\varepsilon" if stem == "eps" else "\\" + stem
    elif len(stem) == 1:
        symbol = stem
    else:
        symbol = r"\mathrm{" + stem.replace("_", r"\_") + "}"
    return f"{symbol}_{{{number}}}" if number else symbol


def term(node: ast.expr, strength: int = 0) -> str:
    """A term, in parentheses if it binds less tightly than its surroundings."""
    text, own = _term(node)
    return rf"\left({text}\right)" if own < strength else text


def _term(node: ast.expr) -> tuple[str, int]:
    match node:
        case ast.Constant(value=value):
            return str(value), ATOM
        case ast.Name(id=identifier):
            return name(identifier), ATOM
        case ast.UnaryOp(operand=operand):
            return f"-{term(operand, PRODUCT)}", SUM
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            return f"{term(left, SUM)} + {term(right, SUM)}", SUM
        case ast.BinOp(op=ast.Sub(), left=left, right=right):
            return f"{term(left, SUM)} - {term(right, PRODUCT)}", SUM
        case ast.BinOp(op=ast.Mult(), left=left, right=right):
            a, b = term(left, PRODUCT), term(right, PRODUCT)
            return (rf"{a} \cdot {b}" if b[0].isdigit() or b.startswith(r"\frac") else rf"{a} \, {b}"), PRODUCT
        case ast.BinOp(op=ast.MatMult(), left=left, right=right):
            a, b = term(left, PRODUCT), term(right, PRODUCT)
            return (rf"{a} \, \left({b}\right)" if b[0].isdigit() else rf"{a} \, {b}"), PRODUCT
        case ast.Attribute(value=base):
            return rf"{term(base, ATOM)}^{{\top}}", POWER
        case ast.Call(func=ast.Name(id="pinv"), args=[argument]):
            return f"{term(argument, ATOM)}^{{+}}", POWER
        case ast.BinOp(op=ast.Div(), left=left, right=right):
            return rf"\frac{{{term(left)}}}{{{term(right)}}}", PRODUCT
        case ast.BinOp(op=ast.Pow(), left=left, right=right):
            return f"{term(left, ATOM)}^{{{term(right)}}}", POWER
        case ast.Call(func=ast.Name(id=head), args=arguments):
            return application(head, arguments), POWER if head == "sq" or base_of(head) is not None else ATOM
    raise ValueError(ast.unparse(node))


def application(head: str, nodes: list[ast.expr]) -> str:
    arguments = [term(node) for node in nodes]
    match head:
        case "abs":
            return rf"\left|{arguments[0]}\right|"
        case "sq":
            return rf"\left\lVert {arguments[0]}\right\rVert^{{2}}"
        case "dot":
            return rf"\left\langle {arguments[0]}, {arguments[1]}\right\rangle"
        case "trace":
            return rf"\operatorname{{tr}}\left({arguments[0]}\right)"
        case "relu":
            return rf"\operatorname{{ReLU}}({arguments[0]})"
        case "max" | "min":
            return rf"\{head}({', '.join(arguments)})"
    base = base_of(head)
    if base is not None:
        shown = str(base) if base.denominator == 1 and base >= 0 else rf"\left({term(number_syntax(base))}\right)"
        return f"{shown}^{{{arguments[0]}}}"
    return f"{name(head)}({', '.join(arguments)})" if arguments else name(head)


def domain(sort: str) -> str:
    """The set of the values of a sort; a column is a vector of numbers.

    >>> domain("mat(p, n)"), domain("mat(p, 1)")
    ('\\mathbb{R}^{p \\times n}', '\\mathbb{R}^{p}')
    """
    if sort in DOMAINS:
        return DOMAINS[sort]
    rows, columns = (dimension if dimension == ONE else name(dimension) for dimension in shape(sort) or ())
    return rf"\mathbb{{R}}^{{{rows}}}" if columns == ONE else rf"\mathbb{{R}}^{{{rows} \times {columns}}}"


def dimensions(statement: Json) -> str:
    """What the dimensions of the matrices of a statement are; empty, if there are none."""
    names = ", ".join(name(dimension) for dimension in dimensions_of(statement))
    return rf"{names} \in \{{1, 2, \dots\}}" if names else ""


def formula(node: ast.expr, inner: bool = False) -> str:
    """A formula; inside another connective it is put in parentheses unless it is a comparison."""
    match node:
        case ast.BoolOp(op=ast.And(), values=values):
            parts = chains(values)
            text = r" \;\land\; ".join(parts)
            return rf"\left({text}\right)" if inner and len(parts) > 1 else text
        case ast.BoolOp(op=ast.Or(), values=values):
            text = r" \;\lor\; ".join(formula(value, True) for value in values)
            return rf"\left({text}\right)" if inner else text
        case ast.UnaryOp(operand=ast.Compare(left=left, ops=[operator], comparators=[right])):
            negated: dict[type[ast.cmpop], str] = {
                ast.GtE: "<", ast.LtE: ">", ast.Gt: r"\le", ast.Lt: r"\ge", ast.Eq: r"\ne",
            }  # fmt: skip
            return f"{term(left)} {negated[type(operator)]} {term(right)}"
        case ast.UnaryOp(operand=ast.BoolOp() as operand):
            return rf"\lnot \left({formula(operand)}\right)"
        case ast.UnaryOp(operand=operand):
            return rf"\lnot {formula(operand, True)}"
        case ast.Name(id=constant):
            return r"\top" if constant == "true" else r"\bot"
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            return f"{term(left)} {RELATIONS[type(operator)]} {term(right)}"
        case ast.Call(func=ast.Name(id="implies" | "iff" as connective), args=[left, right]):
            arrow = r"\Longrightarrow" if connective == "implies" else r"\Longleftrightarrow"
            text = f"{formula(left, True)} {arrow} {formula(right, True)}"
            return rf"\left({text}\right)" if inner else text
        case ast.Call(func=ast.Name(id=head), args=arguments):
            return application(head, arguments)
    raise ValueError(ast.unparse(node))


def chains(parts: list[ast.expr]) -> list[str]:
    """The parts of a conjunction, ``a <= b and b <= c`` as one chain."""
    flat: list[ast.expr] = []
    for part in parts:
        flat += part.values if isinstance(part, ast.BoolOp) and isinstance(part.op, ast.And) else [part]
    found: list[str] = []
    end: tuple[str, frozenset[str]] | None = None
    for part in flat:
        match part:
            case ast.Compare(left=left, ops=[operator], comparators=[right]):
                relation = RELATIONS[type(operator)]
                direction = frozenset({"<", r"\le"} if relation in ("<", r"\le") else {">", r"\ge"} - {"="})
                if end is not None and end[0] == ast.unparse(left) and relation in end[1]:
                    found[-1] += f" {relation} {term(right)}"
                else:
                    found.append(f"{term(left)} {relation} {term(right)}")
                end = (ast.unparse(right), direction) if relation != "=" else None
            case _:
                found.append(formula(part, True))
                end = None
    return found


def sentence(fact: Json) -> str:
    """A statement in one line of mathematics: quantifiers, hypotheses, conclusion."""
    groups: dict[str, list[str]] = {}
    for variable, sort in fact["variables"]:
        groups.setdefault(sort, []).append(name(variable))
    quantifiers = ", ".join(rf"{', '.join(names)} \in {domain(sort)}" for sort, names in groups.items())
    hypotheses = chains([syntax(text) for text in fact["hypotheses"]])
    conclusion = formula(syntax(fact["conclusion"]), inner=bool(hypotheses))
    given = r",\; ".join(hypotheses)
    implication = rf"{given} \;\Longrightarrow\; {conclusion}" if given else conclusion
    return rf"\forall\, {quantifiers}:\quad {implication}" if quantifiers else implication


def definition(entry: Json) -> str:
    """A definition as its equations."""
    relation = r"\;:\Longleftrightarrow\;" if entry["sort"] == "prop" else "="
    variables = [variable for variable, _ in entry["variables"]]
    groups: list[tuple[str, list[tuple[str, str]]]] = []
    for arguments, guards, leaf in equations(entry["body"], variables, []):
        left = application(entry["name"], [syntax(argument) for argument in arguments])
        value = formula(syntax(leaf)) if entry["sort"] == "prop" else term(syntax(leaf))
        if not groups or groups[-1][0] != left:
            groups.append((left, []))
        groups[-1][1].append((value, r" \land ".join(formula(syntax(g), inner=len(guards) > 1) for g in guards)))
    lines = [f"{left} &{relation} {cases(values)}" for left, values in groups]
    if len(lines) == 1:
        return lines[0].replace("&", "", 1)
    return r"\begin{aligned}" + r" \\ ".join(lines) + r"\end{aligned}"


def cases(values: list[tuple[str, str]]) -> str:
    if len(values) == 1:
        return values[0][0]
    rows = [rf"{value} & \text{{if }} {guard}" for value, guard in values[:-1]]
    return r"\begin{cases}" + r" \\ ".join([*rows, rf"{values[-1][0]} & \text{{otherwise}}"]) + r"\end{cases}"


def parameter(entry: Json) -> str:
    """An arbitrary function and its sorts, or an arbitrary constant."""
    function, arguments, sort = entry
    if not arguments:
        return rf"{name(function)} \in {domain(sort)}"
    domains = r" \times ".join(map(domain, arguments))
    return rf"{name(function)} \colon {domains} \to {domain(sort)}"
