r"""One claim for a notebook: HTML that brings its own style, Markdown, and text for a terminal.

Front ends give outputs no style sheet of ours and put many of them on one page.  Every rule begins with the class of the
outermost element; colours are those of the front end, and the marks of a status have a colour for light and one for dark.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from verify.errors import VerifyError
from verify.kernel import statement_text
from verify.report import words
from verify.report.gaps import Gap, gaps
from verify.report.mathml import prose
from verify.report.words import Status
from verify.session.reporting import asked_text
from verify.session.session import Result
from verify.session.summary import ClaimResult
from verify.session.tasks import Task
from verify.verdict import Outcome, counted


@dataclass(frozen=True)
class Row:
    """An obligation: what it is, what was found, and the text that was decided."""

    name: str
    role: str
    status: Status
    engine: str
    reason: Markup
    text: tuple[str, ...]


@dataclass(frozen=True)
class Variant:
    """A false variant and who refuted it."""

    name: str
    status: Status
    found: str


@dataclass(frozen=True)
class Shown:
    """Everything that the template shows."""

    name: str
    title: Markup
    status: Status
    expectation: str
    statement: Markup
    source: str
    rows: tuple[Row, ...]
    variants: tuple[Variant, ...]
    brackets: tuple[Status, ...]
    gaps: tuple[Gap, ...]
    defects: tuple[str, ...]


def shown(result: ClaimResult) -> Shown:
    claim = result.claim
    return Shown(
        claim.name,
        prose(claim.title),
        words.claim_status(result),
        words.expectation(result),
        prose(claim.statement),
        str(claim.source),
        tuple(row(name, found) for name, found in result.results.items()),
        tuple(variants(result)),
        tuple(brackets(result)),
        tuple(gaps(result)),
        (*result.defects, *result.problems),
    )


def row(name: str, found: Result) -> Row:
    evidence = found.evidence
    status = words.evidence_status(evidence)
    return Row(
        name, words.role(evidence), status, words.engine(evidence.engine), prose(evidence.reason), decided(found.task)
    )


def decided(task: Task) -> tuple[str, ...]:
    """The statement in the kernel's words, or the plan of an experiment, or why there is none."""
    try:
        if task.claimed:
            return (task.claimed,)
        return tuple(statement_text(task.problem.statement)) if task.problem else tuple(asked_text(task))
    except VerifyError as problem:
        return (str(problem),)


def variants(result: ClaimResult) -> Iterator[Variant]:
    for mutant in result.mutants:
        refuting = [r for r in mutant.results if r.evidence.outcome is Outcome.REFUTED]
        told = "; ".join(f"{r.task.obligation.name}: {r.evidence.reason}" for r in refuting[:2])
        yield Variant(mutant.name, words.mutant_status(mutant), told)


def brackets(result: ClaimResult) -> Iterator[Status]:
    for bracket in result.brackets:
        ends = f"{bracket.parameter} = {bracket.refuted} is refuted, {bracket.parameter} = {bracket.proved} is proved"
        confirmed = bracket.is_refuted and bracket.is_proved
        yield Status("certified", ends) if confirmed else Status("undecided", f"not confirmed: {ends}")


# ---------------------------------------------------------------------------------------------------------- forms


def as_html(result: ClaimResult) -> str:
    from verify.report.rendering import render

    return render("notebook.html", claim=shown(result)).decode("utf-8")


def as_text(result: ClaimResult) -> str:
    """As ``verify run`` says it, with a line for each obligation; nothing that is incomplete is ok."""
    complete = not words.unchecked(result)
    lines = [
        f"{'ok' if complete and result.as_expected else '!!'} {result.claim.name}: {words.claim_status(result).words}"
    ]
    for name, found in result.results.items():
        evidence = found.evidence
        why = f": {evidence.reason}" if evidence.outcome is not Outcome.HOLDS else ""
        lines.append(f"   {name}: {words.evidence_status(evidence).words}{why}")
    if result.mutants:
        killed = sum(mutant.killed for mutant in result.mutants)
        lines.append(f"   {killed} of {counted(len(result.mutants), 'variant')} refuted")
    return "\n".join([*lines, *(f"   {sentence}" for sentence in (*result.defects, *result.problems))])


def as_markdown(result: ClaimResult) -> str:
    """For front ends without HTML and for export."""
    claim = shown(result)
    lines = [f"**{result.claim.title}** (`{claim.name}`)", "", f"{claim.status.mark} **{claim.status.words}**", ""]
    lines += [result.claim.statement, "", "| obligation | what | found |", "|---|---|---|"]
    lines += [f"| `{r.name}` | {r.role} | {r.status.mark} {r.status.words} |" for r in claim.rows]
    lines += ["", *(f"* variant `{v.name}`: {v.status.mark} {v.status.words}" for v in claim.variants)]
    lines += [f"* {status.mark} {status.words}" for status in claim.brackets]
    lines += [f"* ! {defect}" for defect in claim.defects]
    return "\n".join(lines)
