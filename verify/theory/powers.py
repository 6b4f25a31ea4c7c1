r"""Powers of a number with a natural exponent: ``2**k`` and ``(1/4)**m`` in a definition or theorem.

The kernel knows no exponentials.  ``b**k`` is read as the application of a function with the generated name ``power_b``
and the definition b**0 = 1, b**(k + 1) = b * b**k, which is part of the statement like any other.  The bound that
everybody uses (b**k >= 1 if b >= 1, and so on) is offered to every proof as a lemma and is proved there.
"""

from __future__ import annotations

import ast
import re
from fractions import Fraction
from typing import Any

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
