r"""Variants of a claim: the mutants that its obligations have to refute, and the two sides of its brackets.

The table has a row for each obligation and a column for each mutant; a cell says whether the obligation, under the changes of
the mutant, was refuted, and by what.  Below the table each attempt stands by itself, with its statement and certificates.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from markupsafe import Markup

from verify.claim import Claim
from verify.kernel import statement_text
from verify.report import experiments, figures, points, statements, words
from verify.report.certificates import Certificate, Desk
from verify.report.commands import in_pytest
from verify.report.mathml import math, prose
from verify.report.points import Point
from verify.report.questions import Decided, first_false, questions
from verify.report.words import Status
from verify.session.session import Result
from verify.session.summary import BracketResult, ClaimResult, MutantResult
from verify.theory import latex


@dataclass(frozen=True)
class Attempt:
    """What one obligation made of a mutant, or of a value of a bracket."""

    obligation: str
    status: Status
    point: Point | None
    failure: tuple[Markup, ...]
    engine: str
    reason: str
    text: tuple[str, ...]
    certificates: tuple[Certificate, ...]
    question: Decided | None = None  # the first one that is false
    measured: str = ""  # by an experiment, against what the variant allows


@dataclass(frozen=True)
class Mutant:
    """A nearby false variant, and what the obligations made of it."""

    name: str
    anchor: str
    description: Markup
    status: Status
    attempts: tuple[Attempt, ...]
    command: str


@dataclass(frozen=True)
class Line:
    """A row of the table: an obligation, and what it made of each mutant; None where the mutant does not change it."""

    obligation: str
    cells: tuple[Attempt | None, ...]


@dataclass(frozen=True)
class Bracket:
    """A constant, the value at which the claim is refuted and the one at which it is proved."""

    name: str
    description: Markup
    line: figures.NumberLine
    refuted: Markup
    proved: Markup
    is_refuted: bool
    is_proved: bool
    attempts: tuple[Attempt, ...]
    command: str


def slug(text: str) -> str:
    """A name that can stand in a file name and in an address."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", text).strip("-.") or "unnamed"


def mutant(entry: MutantResult, result: ClaimResult, desk: Desk) -> Mutant:
    name = slug(entry.name)
    attempts = tuple(attempt(r, desk, f"mutant-{name}") for r in entry.results)
    command = in_pytest(result.listed, f"mutant[{entry.name}]", desk.options)
    status = words.mutant_status(entry)
    return Mutant(entry.name, f"mutant-{name}", description(entry, result.claim), status, attempts, command)


def description(entry: MutantResult, claim: Claim) -> Markup:
    """What is changed, in the author's words or else in ours."""
    changed = claim.mutants[entry.name]
    numbers = [f"${latex.name(name)} = {points.number(value)}$" for name, value in changed.changes.numbers.items()]
    replaced = [f"{name} is replaced" for name in changed.changes.replaced]
    return prose(" ".join(changed.description.split()) or "; ".join([*numbers, *replaced]))


def table(mutants: Iterable[Mutant], obligations: Iterable[str]) -> tuple[Line, ...]:
    """The obligations that some mutant changes, each with what it made of all of them."""
    columns = [{attempt.obligation: attempt for attempt in mutant.attempts} for mutant in mutants]
    return tuple(
        Line(name, tuple(column.get(name) for column in columns))
        for name in obligations
        if any(name in column for column in columns)
    )


def attempt(result: Result, desk: Desk, variant: str) -> Attempt:
    """What an obligation made of a variant."""
    evidence, task = result.evidence, result.task
    name, status = task.obligation.name, words.evidence_status(evidence)
    certificates = desk.certificates(result, f"{task.claim.name}/{name}.{variant}")
    engine, measured = words.engine(evidence.engine), experiments.in_short(evidence.detail)
    asked = questions(task, evidence.detail, certificates)
    if asked is not None:
        text, false = asked.statements[0].text if asked.statements else (), first_false(evidence.detail)
        return Attempt(name, status, None, (), engine, evidence.reason, text, certificates, false)
    statement, witness = statements.of_task(task), evidence.detail.get("point")
    shown = points.point(statement, witness) if witness and statement is not None else None
    failure = points.failure(statement, witness) if witness and statement is not None else ()
    text = tuple(statement_text(statement)) if statement is not None else ()
    return Attempt(name, status, shown, failure, engine, evidence.reason, text, certificates, None, measured)


def bracket(entry: BracketResult, result: ClaimResult, desk: Desk) -> Bracket:
    refuted, proved = Fraction(entry.refuted), Fraction(entry.proved)
    parameter = result.claim.parameters.get(entry.parameter)
    own = f"refuted-{entry.parameter}"
    return Bracket(
        entry.parameter,
        prose(parameter.description if parameter is not None else ""),
        figures.number_line(entry.parameter, refuted, proved, entry.is_refuted, entry.is_proved),
        math(f"{latex.name(entry.parameter)} = {points.number(refuted)}"),
        math(f"{latex.name(entry.parameter)} = {points.number(proved)}"),
        entry.is_refuted,
        entry.is_proved,
        tuple(attempt(r, desk, own if r.task.variant.name else "") for r in entry.refutations),
        in_pytest(result.listed, f"sharpness[{entry.parameter}]", desk.options),
    )
