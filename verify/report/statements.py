r"""Statements, shown twice: in the notation of the field, and in the kernel's own text, which is what was decided."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from verify.errors import VerifyError
from verify.kernel import Rejected, digest, statement_text
from verify.kernel.formulas import syntax
from verify.kernel.text import definition_text
from verify.kernel.theory import PRELUDE
from verify.report.mathml import math
from verify.theory import latex
from verify.theory.powers import base_of

Json = Any
DOMAINS = {"nat": r"\mathbb{N}", "real": r"\mathbb{R}", "vec": "V"}
WORD = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True)
class Assumed:
    """An assumption of a statement; with a source it is a cited step."""

    name: str
    source: str
    formula: tuple[Markup, ...]


@dataclass(frozen=True)
class Shown:
    """A statement, ready to be shown."""

    sha256: str
    arithmetic: str
    quantified: tuple[Markup, ...]
    definitions: tuple[Markup, ...]
    assumptions: tuple[Assumed, ...]
    sentence: tuple[Markup, ...]
    text: str
    built_in: str


def shown(statement: Json) -> Shown:
    """Typeset a statement of the kernel."""
    entries = statement["definitions"]
    own = [entry for entry in entries if base_of(entry["name"]) is None]
    return Shown(
        digest(statement),
        statement["arithmetic"],
        tuple(typeset(latex.parameter, entry) for entry in statement["parameters"]),
        tuple(typeset(latex.definition, entry) for entry in own),
        tuple(Assumed(entry["name"], entry["source"] or "", sentence(entry)) for entry in statement["assumptions"]),
        sentence(statement["theorem"]),
        "\n".join(statement_text(statement)),
        "\n".join(built_in(statement)),
    )


def sentence(fact: Json) -> tuple[Markup, ...]:
    """A statement in lines: the variables, the hypotheses, the conclusion part by part."""
    try:
        return tuple(math(line, True) for line in sentence_lines(fact))
    except (ValueError, KeyError, TypeError, AttributeError, Rejected):
        return (typeset(latex.sentence, fact),)


def sentence_lines(fact: Json) -> list[str]:
    groups: dict[str, list[str]] = {}
    for variable, sort in fact["variables"]:
        groups.setdefault(sort, []).append(latex.name(variable))
    quantifiers = ", ".join(rf"{', '.join(names)} \in {DOMAINS[sort]}" for sort, names in groups.items())
    hypotheses = latex.chains([syntax(text) for text in fact["hypotheses"]])
    conclusion = syntax(fact["conclusion"])
    parts = latex.chains([conclusion]) if isinstance(conclusion, ast.BoolOp) else [latex.formula(conclusion)]
    found = [rf"\forall\, {quantifiers}:"] if quantifiers else []
    found += [f"{text}," for text in hypotheses[:-1]] + [rf"{text} \;\Longrightarrow" for text in hypotheses[-1:]]
    indent = r"\quad " if hypotheses else ""
    return found + [rf"{indent}{text} \;\land" for text in parts[:-1]] + [indent + text for text in parts[-1:]]


def typeset(printer: Any, entry: Json) -> Markup:
    """A part of a statement in mathematical notation; its text, if the printer has no notation for it."""
    try:
        return math(printer(entry), True)
    except (ValueError, KeyError, TypeError, AttributeError, Rejected):
        return Markup('<code class="latex">%s</code>') % str(entry)


def built_in(statement: Json) -> list[str]:
    """The definitions of the functions that every statement may mention and that this one does."""
    mentioned = set(WORD.findall(str(statement)))
    return [line for entry in PRELUDE if entry["name"] in mentioned for line in definition_text(entry)]


def of_task(task: Any) -> Json | None:
    """The statement that a task is about, or None: it has none, or what the author wrote cannot be read."""
    try:
        problem = task.problem
    except VerifyError:
        return None
    return problem.statement if problem is not None else None
