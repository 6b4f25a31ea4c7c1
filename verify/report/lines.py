r"""Formulas of the kernel in one line of text, for proofs with thousands of steps, where MathML would be too heavy.

The kernel keeps every formula in normal form, ``-1*y + x >= 0``; shown is the same formula with the negative terms on
the other side, ``x ≥ y``.  Terms that stand in a proof are shown as they are written there.
"""

from __future__ import annotations

import ast
from fractions import Fraction
from functools import lru_cache

from verify.kernel.formulas import FALSE, And, Formula, Holds, Or, Sign, Zero, syntax
from verify.kernel.terms import Matrix, Monomial, Polynomial, word_text
from verify.theory.powers import base_of

RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
RELATIONS: dict[type[ast.cmpop], str] = {ast.GtE: "≥", ast.LtE: "≤", ast.Gt: ">", ast.Lt: "<", ast.Eq: "="}
SIGNS = {">=": ("≥", "≤"), ">": (">", "<"), "==": ("=", "=")}
NAMES = {"relu": "ReLU"}
SUM, PRODUCT, POWER, ATOM = 1, 2, 3, 4


# ------------------------------------------------------------------------------------------------- normal forms


def formula(shown: Formula) -> str:
    """A formula in normal form.

    >>> formula(Sign(">=", Polynomial({(("x", 1),): Fraction(1), (("y", 1),): Fraction(-1)})))
    'x ≥ y'
    """
    match shown:
        case _ if shown == FALSE:
            return "false"
        case Sign(relation, term):
            return comparison(relation, term)
        case Zero(difference):
            return f"{vector(difference)} = 0"
        case Holds(atom, positive):
            return text(atom) if positive else f"not {text(atom)}"
        case And(parts) | Or(parts):
            connective = " and " if isinstance(shown, And) else " or "
            return connective.join(
                f"({formula(part)})" if isinstance(part, And | Or) else formula(part) for part in parts
            )


def comparison(relation: str, term: Polynomial) -> str:
    """Positive terms on the left, negative ones on the right; a number alone stands on the right of an inequality.

    So an equation always says that its left side minus its right side, the term of the kernel, is 0."""
    forwards, backwards = SIGNS[relation]
    if term.number() is not None:
        return f"{number(term.number() or Fraction(0))} {forwards} 0"
    left = polynomial({m: c for m, c in term.terms.items() if c > 0})
    right = polynomial({m: -c for m, c in term.terms.items() if c < 0})
    alone = relation != "==" and not any(m for m, c in term.terms.items() if c > 0)
    return f"{right} {backwards} {left}" if alone else f"{left} {forwards} {right}"


def equation(application: str, shown: Formula) -> str:
    """A defining equation, with the defined application on its left side."""
    if isinstance(shown, Sign) and shown.relation == "==":
        for monomial, coefficient in shown.term.terms.items():
            if coefficient == 1 and len(monomial) == 1 and monomial[0][1] == 1 and same(monomial[0][0], application):
                rest = {m: -c for m, c in shown.term.terms.items() if m != monomial}
                return f"{text(monomial[0][0])} = {polynomial(rest)}"
    return formula(shown)


def same(atom: str, application: str) -> bool:
    """Whether an atom is an application of the same function: any such one may stand on the left side."""
    return atom.partition("(")[0] == application.partition("(")[0]


def polynomial(terms: dict[Monomial, Fraction]) -> str:
    ordered = sorted(terms.items(), key=lambda item: (item[1] < 0, not item[0], item[0]))
    parts = [(coefficient < 0, product(monomial, abs(coefficient))) for monomial, coefficient in ordered]
    return joined(parts)


def vector(term: Matrix) -> str:
    parts = []
    for word, coefficient in sorted(term.parts.items()):
        value, shown = coefficient.number(), text(word_text(word))
        if value is None:
            parts.append((False, f"({polynomial(coefficient.terms)})·{shown}"))
        else:
            parts.append((value < 0, shown if abs(value) == 1 else f"{number(abs(value))}·{shown}"))
    return joined(parts)


def joined(parts: list[tuple[bool, str]]) -> str:
    """A sum of signed texts."""
    if not parts:
        return "0"
    first = ("−" if parts[0][0] else "") + parts[0][1]
    return first + "".join((" − " if negative else " + ") + shown for negative, shown in parts[1:])


def product(monomial: Monomial, coefficient: Fraction) -> str:
    factors = [raised(text(atom), exponent) for atom, exponent in monomial]
    if coefficient != 1 or not factors:
        factors.insert(0, number(coefficient))
    return "·".join(factors)


def raised(base: str, exponent: int) -> str:
    if exponent == 1:
        return base
    return (f"({base})" if "^" in base else base) + str(exponent).translate(RAISED)


def number(value: Fraction) -> str:
    return str(value).replace("-", "−")


# -------------------------------------------------------------------------------------------------- written terms


@lru_cache(maxsize=50_000)
def text(written: str) -> str:
    """A term or formula as it is written.

    >>> text("relu(-1/2 + x) * power_2(k)")
    'ReLU(x − 1/2)·2^k'
    """
    return shown(syntax(written))[0]


def shown(node: ast.expr) -> tuple[str, int]:
    """The text, and how tightly it binds."""
    match node:
        case ast.Constant(value=value):
            return str(value), ATOM
        case ast.Name(id=identifier):
            return identifier, ATOM
        case ast.BinOp(op=ast.Add() | ast.Sub()) | ast.UnaryOp(op=ast.USub()):
            parts = sorted(summands(node, False), key=lambda part: (part[0], part[1].isdigit()))
            return joined(parts), SUM
        case ast.BinOp(op=ast.Mult() | ast.Div()) if unsigned(node)[0]:
            return joined(summands(node, False)), SUM
        case ast.BinOp(op=ast.Mult() | ast.Div() as operator, left=left, right=right):
            mark = "·" if isinstance(operator, ast.Mult) else "/"
            return bound(left, PRODUCT) + mark + bound(right, PRODUCT if mark == "·" else POWER), PRODUCT
        case ast.BinOp(op=ast.Pow(), left=left, right=ast.Constant(value=int(exponent))):
            return raised(bound(left, ATOM), exponent), POWER
        case ast.BinOp(op=ast.MatMult(), left=left, right=right):
            return f"{bound(left, PRODUCT)} {bound(right, POWER)}", PRODUCT
        case ast.Attribute(value=base):
            return bound(base, ATOM) + "ᵀ", POWER
        case ast.Call(func=ast.Name(id=head), args=arguments):
            return application(head, [shown(argument) for argument in arguments])
    return connective(node), 0


def bound(node: ast.expr, strength: int) -> str:
    written, own = shown(node)
    return f"({written})" if own < strength else written


def summands(node: ast.expr, negative: bool) -> list[tuple[bool, str]]:
    """The terms of a sum with their signs; ``-1*y`` is a negative term."""
    match node:
        case ast.BinOp(op=ast.Add() | ast.Sub() as operator, left=left, right=right):
            return summands(left, negative) + summands(right, negative != isinstance(operator, ast.Sub))
    sign, rest = unsigned(node)
    return [(negative != sign, "1" if rest is None else bound(rest, PRODUCT))]


def unsigned(node: ast.expr) -> tuple[bool, ast.expr | None]:
    """A product without the sign of its first factor, and without that factor if it is then 1."""
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return True, operand
        case ast.BinOp(op=ast.Mult() | ast.Div() as operator, left=left, right=right):
            sign, rest = unsigned(left)
            one = isinstance(rest, ast.Constant) and rest.value == 1 and isinstance(operator, ast.Mult)
            return sign, right if one or rest is None else ast.BinOp(rest, operator, right)
    return False, node


def application(head: str, arguments: list[tuple[str, int]]) -> tuple[str, int]:
    written = [argument for argument, _ in arguments]
    base = base_of(head)
    if base is not None:
        exponent = written[0] if arguments[0][1] == ATOM else f"({written[0]})"
        simple = base.denominator == 1 and base >= 0
        return f"{base if simple else f'({number(base)})'}^{exponent}", POWER
    if head == "dot":
        return f"⟨{', '.join(written)}⟩", ATOM
    if head == "sq":
        return f"‖{written[0]}‖²", ATOM
    if head == "pinv":
        return (written[0] if arguments[0][1] == ATOM else f"({written[0]})") + "⁺", POWER
    if head in ("implies", "iff") and len(written) == 2:
        return f"({written[0]} {'⟹' if head == 'implies' else '⟺'} {written[1]})", ATOM
    return f"{NAMES.get(head, head)}({', '.join(written)})", ATOM


def connective(node: ast.expr) -> str:
    match node:
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            return f"{shown(left)[0]} {RELATIONS.get(type(operator), '?')} {shown(right)[0]}"
        case ast.BoolOp(op=operator, values=values):
            word = " and " if isinstance(operator, ast.And) else " or "
            return word.join(f"({connective(v)})" if isinstance(v, ast.BoolOp) else shown(v)[0] for v in values)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return f"not ({shown(operand)[0]})"
    return ast.unparse(node)
