r"""The kernel's own text of a statement: what a reader of a certificate has to read, and nothing else."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from verify.kernel.formulas import And, Formula, Holds, Sign, Zero, syntax
from verify.kernel.questions import question_text
from verify.kernel.terms import ONE, VECTORS, shape
from verify.kernel.theory import Json


def statement_text(statement: Json) -> list[str]:
    """Lines for the parameters, the definitions, the assumptions and the theorem of an accepted statement."""
    if "question" in statement:
        return question_text(statement)
    lines = (
        []
        if statement["arithmetic"] == "exact"
        else [f"arithmetic: every operation is rounded to {statement['arithmetic']}"]
    )
    if dimensions := dimensions_of(statement):
        first = ", ".join(dimensions)
        lines += [
            f"for all numbers {first} in 1, 2, ..." if len(dimensions) > 1 else f"for every number {first} in 1, 2, ..."
        ]
        lines += ["mat(rows, columns): the real matrices of this shape; A.T: the transpose of A, A @ B: the product"]
    for name, arguments, sort in statement["parameters"]:
        lines.append(f"for every function {name}: {' x '.join(arguments) or '()'} -> {sort}")
    for definition in statement["definitions"]:
        lines += definition_text(definition)
    for assumption in statement["assumptions"]:
        given = f" [cited: {assumption['source']}]" if assumption["source"] else ""
        lines.append(f"assume {assumption['name']}{given}: {sentence(assumption)}")
    return [*lines, f"theorem {statement['theorem']['name']}: {sentence(statement['theorem'])}"]


def dimensions_of(statement: Json) -> list[str]:
    """The names of the dimensions of all matrices in a statement: arbitrary positive numbers."""
    facts = [statement["theorem"], *statement["assumptions"]]
    sorts = [sort for _, arguments, sort in statement["parameters"] for sort in (*arguments, sort)]
    sorts += [sort for entry in (*statement["definitions"], *facts) for _, sort in entry["variables"]]
    sorts += [definition["sort"] for definition in statement["definitions"]]
    return sorted({name for sort in sorts for name in shape(sort) or ()} - {ONE, VECTORS})


def sentence(fact: Json) -> str:
    """One statement: for all variables, if the hypotheses hold, then the conclusion."""
    parts = [f"for all {', '.join(f'{v}: {s}' for v, s in fact['variables'])}"] if fact["variables"] else []
    parts += [f"if {' and '.join(bracketed(h) for h in fact['hypotheses'])}"] if fact["hypotheses"] else []
    return ", ".join([*parts, f"then {fact['conclusion']}" if fact["hypotheses"] else fact["conclusion"]])


def bracketed(formula: str) -> str:
    return f"({formula})" if isinstance(syntax(formula), ast.BoolOp) else formula


def definition_text(definition: Json) -> list[str]:
    """The defining equations, one line each: ``f(0, x) = ...`` and ``f(m + 1, x) = ... if ...``."""
    sign = "iff" if definition["sort"] == "prop" else "="
    names = [variable for variable, _ in definition["variables"]]
    return [
        f"define {definition['name']}({', '.join(arguments)}) {sign} {leaf}"
        + (f"  if {' and '.join(map(bracketed, guards))}" if guards else "")
        for arguments, guards, leaf in equations(definition["body"], names, [])
    ]


def equations(body: Json, arguments: list[str], guards: list[str]) -> Iterator[tuple[list[str], list[str], str]]:
    if isinstance(body, str):
        yield arguments, guards, body
    elif "reciprocal" in body:
        divisor = body["reciprocal"]
        yield arguments, [*guards, f"not ({divisor} == 0)"], f"1 / ({divisor})"
        yield arguments, [*guards, f"{divisor} == 0"], "0"
    elif "on" in body:
        yield from equations(body["zero"], ["0" if a == body["on"] else a for a in arguments], guards)
        yield from equations(body["successor"], [f"{a} + 1" if a == body["on"] else a for a in arguments], guards)
    else:
        yield from equations(body["then"], arguments, [*guards, body["if"]])
        yield from equations(body["else"], arguments, [*guards, f"not ({body['if']})"])


def formula_text(formula: Formula) -> str:
    """A formula in normal form, in the language it is read in."""
    match formula:
        case Sign(relation, term):
            return f"{term} {relation} 0"
        case Zero(difference):
            return f"{difference} == 0"
        case Holds(atom, positive):
            return atom if positive else f"not {atom}"
        case _:
            connective = " and " if isinstance(formula, And) else " or "
            return f"({connective.join(map(formula_text, formula.parts))})"
