r"""Statements, shown twice: in the notation of the field, and in the kernel's own text, which is what was decided."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from markupsafe import Markup

from verify.errors import VerifyError
from verify.kernel import Rejected, digest, statement_text
from verify.kernel.formulas import syntax
from verify.kernel.text import definition_text, dimensions_of
from verify.kernel.theory import PRELUDE
from verify.report.breaking import rows, width
from verify.report.mathml import flowing
from verify.theory import latex
from verify.theory.powers import base_of

Json = Any
LINE = 46  # letters; what is wider is shown in lines
OF_MATRICES = {
    "dot": "dot(A, B) = trace(A.T @ B), the sum of the products of equal entries",
    "sq": "sq(A) = dot(A, A), the sum of the squares of the entries",
    "trace": "trace(A), the sum of the diagonal",
    "pinv": "pinv(A), the matrix X with A @ X @ A == A, X @ A @ X == X, (A @ X).T == A @ X, (X @ A).T == X @ A",
}
DEFINE = "define "
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
    text: tuple[str, ...]
    built_in: tuple[str, ...]

    @property
    def defining(self) -> tuple[str, ...]:
        """The lines of the text that define something."""
        return tuple(line for line in self.text if line.startswith(DEFINE))

    @property
    def before(self) -> tuple[str, ...]:
        """The lines before the definitions: the arbitrary functions."""
        return tuple(takewhile(lambda line: not line.startswith(DEFINE), self.text)) if self.defining else ()

    @property
    def after(self) -> tuple[str, ...]:
        """The lines that are neither: assumptions and the theorem."""
        return tuple(line for line in self.text if not line.startswith(DEFINE))[len(self.before) :]


def shown(statement: Json) -> Shown:
    """Typeset a statement of the kernel."""
    entries = statement["definitions"]
    sizes = filter(None, [latex.dimensions(statement)])
    own = [entry for entry in entries if base_of(entry["name"]) is None]
    return Shown(
        digest(statement),
        statement["arithmetic"],
        (*map(flowing, sizes), *(typeset(arbitrary, entry) for entry in statement["parameters"])),
        tuple(typeset(latex.definition, entry) for entry in own),
        tuple(Assumed(entry["name"], entry["source"] or "", sentence(entry)) for entry in statement["assumptions"]),
        sentence(statement["theorem"]),
        tuple(statement_text(statement)),
        tuple(built_in(statement)),
    )


def sentence(fact: Json) -> tuple[Markup, ...]:
    """A statement in lines: the variables, the hypotheses, the conclusion part by part."""
    try:
        return tuple(map(flowing, sentence_lines(fact)))
    except (ValueError, KeyError, TypeError, AttributeError, Rejected):
        return (typeset(latex.sentence, fact),)


def sentence_lines(fact: Json) -> list[str]:
    whole = latex.sentence(fact)
    if width(whole) <= LINE:
        return [whole]
    groups: dict[str, list[str]] = {}
    for variable, sort in fact["variables"]:
        groups.setdefault(sort, []).append(latex.name(variable))
    quantifiers = ", ".join(rf"{', '.join(names)} \in {latex.domain(sort)}" for sort, names in groups.items())
    hypotheses = latex.chains([syntax(text) for text in fact["hypotheses"]])
    conclusion = syntax(fact["conclusion"])
    parts = latex.chains([conclusion]) if isinstance(conclusion, ast.BoolOp) else [latex.formula(conclusion)]
    given = packed(hypotheses, r",\;")
    head = [rf"\forall\, {quantifiers}:"] if quantifiers else []
    if head and len(given) == 1 and width(head[0]) + width(given[0]) <= LINE:
        head, given = [], [rf"{head[0]}\quad {given[0]}"]
    given = [*(f"{text}," for text in given[:-1]), *(rf"{text} \;\Longrightarrow" for text in given[-1:])]
    shown = packed(parts, r" \;\land\;")
    return [
        *head,
        *given,
        *(rf"\quad {text} \;\land" for text in shown[:-1]),
        *(rf"\quad {text}" for text in shown[-1:]),
    ]


def packed(parts: list[str], joint: str) -> list[str]:
    """Short parts together on one line."""
    found: list[str] = []
    for part in parts:
        if found and width(found[-1]) + width(part) <= LINE:
            found[-1] += f"{joint} {part}"
        else:
            found.append(part)
    return found


def arbitrary(entry: Json) -> str:
    return latex.parameter(entry).replace(r" \colon ", r" :\; ")


def typeset(printer: Any, entry: Json) -> Markup:
    """A part of a statement in mathematical notation; its text, if the printer has no notation for it."""
    try:
        shown = rows(printer(entry))
        return (
            flowing(shown[0])
            if len(shown) == 1
            else Markup("").join(Markup("<div>%s</div>") % flowing(row) for row in shown)
        )
    except (ValueError, KeyError, TypeError, AttributeError, Rejected):
        return Markup('<code class="latex">%s</code>') % str(entry)


def built_in(statement: Json) -> list[str]:
    """The definitions of the functions that every statement may mention and that this one does."""
    mentioned = set(WORD.findall(str(statement)))
    found = [line for entry in PRELUDE if entry["name"] in mentioned for line in definition_text(entry)]
    return found + [line for word, line in OF_MATRICES.items() if word in mentioned and dimensions_of(statement)]


def of_task(task: Any) -> Json | None:
    """The statement that a task is about, or None: it has none, or what the author wrote cannot be read."""
    try:
        statement: Json | None = task.statement
    except VerifyError:
        return None
    return statement
