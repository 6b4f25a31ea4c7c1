r"""Powers of a number with a natural exponent: ``2**k`` and ``(1/4)**m`` in a definition or theorem.

The kernel knows no exponentials.  ``b**k`` is read as the application of a function with the generated name ``power_b``
and the definition b**0 = 1, b**(k + 1) = b * b**k, which is part of the statement like any other.  The bound that
everybody uses (b**k >= 1 if b >= 1, and so on) is offered to every proof as a lemma and is proved there.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from verify.kernel.formulas import And, Formula, Or, Scope, Sign, negate, syntax
from verify.kernel.terms import Polynomial, Rejected, constant
from verify.kernel.theory import Theory

Json = Any

NAME = re.compile(r"power_(m?)(\d+)(?:_(\d+))?")


def power_name(base: Fraction) -> str:
    """The name of the function k -> base**k."""
    sign = "m" if base < 0 else ""
    return f"power_{sign}{abs(base.numerator)}" + (f"_{base.denominator}" if base.denominator != 1 else "")


def base_of(name: str) -> Fraction | None:
    """The base, if this is the name of a power function."""
    found = NAME.fullmatch(name)
    if found is None or (found[3] and int(found[3]) < 2):
        return None
    value = Fraction(int(found[2]), int(found[3] or 1))
    return -value if found[1] else value


def power_definition(name: str, base: Fraction) -> Json:
    number = f"({base})" if base < 0 or base.denominator != 1 else str(base)
    sort = "nat" if base >= 0 and base.denominator == 1 else "real"
    body = {"on": "k", "zero": "1", "successor": f"{number} * {name}(k)"}
    return {"name": name, "variables": [["k", "nat"]], "sort": sort, "body": body}


def power_bound(name: str, base: Fraction) -> Json | None:
    """A statement about a power function that holds by induction, or None if there is nothing simple to say."""
    if base >= 1:
        conclusion = f"{name}(k) >= 1"
    elif base > 0:
        conclusion = f"{name}(k) > 0 and {name}(k) <= 1"
    elif base == -1:
        conclusion = f"{name}(k) * {name}(k) == 1"
    else:
        return None
    return {"name": f"{name}_bound", "variables": [["k", "nat"]], "hypotheses": [], "conclusion": conclusion}


def constant_value(node: ast.expr) -> Fraction | None:
    """The number that an expression of literals is."""
    match node:
        case ast.Constant(value=int(value)):
            return Fraction(value)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = constant_value(operand)
            return -inner if inner is not None else None
        case ast.BinOp(op=ast.Div(), left=left, right=right):
            a, b = constant_value(left), constant_value(right)
            return a / b if a is not None and b else None
    return None


class NoNatural(Exception):
    """An exponent that need not be a natural number."""


def check_exponents(theory: Theory, entry: Json) -> None:
    """Complain of a power in a definition, theorem or term whose exponent is not known to be a natural number there.

    The kernel would read such a power as a number of which nothing is known, and not as the power that it looks like.
    """
    scope = theory.scope(entry["variables"])
    if "body" in entry:
        uses = list(in_body(entry["body"], scope, ()))
    else:
        known = tuple(scope.formula(text) for text in entry["hypotheses"])
        uses = [(text, known) for text in (*entry["hypotheses"], entry["conclusion"])]
    for text, known in uses:
        for node in ast.walk(syntax(text)):
            base = base_of(node.func.id) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else None
            if isinstance(node, ast.Call) and base is not None and not is_known(scope, node.args[0], known):
                shown = base if base >= 0 and base.denominator == 1 else f"({base})"
                raise NoNatural(
                    f"the exponent of {shown}**({ast.unparse(node.args[0])}) need not be a natural number; write a sum "
                    f"of naturals, assume what makes it one, or write a power such as 2**(-k) as (1/2)**k"
                )


def in_body(body: Json, scope: Scope, known: tuple[Formula, ...]) -> Iterator[tuple[str, tuple[Formula, ...]]]:
    """The texts of a definition with the conditions under which each of them matters."""
    if isinstance(body, str):
        yield body, known
    elif "reciprocal" in body:
        yield body["reciprocal"], known
    elif "on" in body:
        for part in ("zero", "successor"):
            yield from in_body(body[part], scope, known)
    else:
        yield body["if"], known
        condition = scope.formula(body["if"])
        yield from in_body(body["then"], scope, (*known, condition))
        yield from in_body(body["else"], scope, (*known, *opposite(condition)))


def opposite(condition: Formula) -> tuple[Formula, ...]:
    try:
        return (negate(condition),)
    except Rejected:  # an equation of vectors
        return ()


def is_known(scope: Scope, exponent: ast.expr, known: tuple[Formula, ...]) -> bool:
    """Whether an exponent is a sum of naturals, or of those and one difference that a condition makes natural."""
    term = scope.read_term(exponent)
    differences = [difference for formula in known for difference in naturals(scope, formula)]
    return isinstance(term, Polynomial) and (
        scope.is_natural(term) or any(scope.is_natural(term - difference) for difference in differences)
    )


def naturals(scope: Scope, formula: Formula) -> Iterator[Polynomial]:
    """Integer terms that are natural where a condition holds."""
    match formula:
        case And(parts):
            for part in parts:
                yield from naturals(scope, part)
        case Or((Sign(">", term), Sign(">", other))) if other == -term and scope.is_natural(term):
            yield term - constant(1)
        case Or((Sign(">", other), Sign(">", term))) if other == -term and scope.is_natural(term):
            yield term - constant(1)
        case Sign(relation, term) if scope.is_integer(term):
            yield term - constant(1) if relation == ">" else term
            if relation == "==":
                yield -term
