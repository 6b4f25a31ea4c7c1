r"""The page of a claim as data: everything that the template shows, in the order in which it is read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from markupsafe import Markup

from verify.bibliography import Entry, find
from verify.claim import Claim
from verify.errors import ClaimError, Place, VerifyError
from verify.goals import Exact
from verify.kernel import Unsupported, digest, parse, statement_text
from verify.kernel.text import sentence
from verify.report import figures, points, statements, words
from verify.report.gaps import Gap, gaps
from verify.report.history import Kept, Period, periods
from verify.report.mathml import math, prose
from verify.report.certificates import Certificate, Desk
from verify.report.obligations import Obligation, describe
from verify.report.proofs import Lemma
from verify.report.questions import Decided, first_false, questions
from verify.report.words import Status
from verify.session.session import Result
from verify.session.summary import BracketResult, ClaimResult, MutantResult
from verify.session.tasks import Task, theorem_of
from verify.theory import latex
from verify.theory.objects import Source, Theorem
from verify.verdict import CertificateReference, Outcome

Json = Any


@dataclass(frozen=True)
class Reference:
    """A place in the literature, formatted."""

    authors: str
    title: str
    venue: str
    year: str
    url: str
    locator: str
    key: str
    quote: str


@dataclass(frozen=True)
class Link:
    """Another claim: one that this one repairs, or that repairs this one."""

    name: str
    title: str
    status: Status | None


@dataclass(frozen=True)
class LemmaEntry:
    """A lemma that proofs on this page use."""

    lemma: Lemma
    formula: tuple[Markup, ...]
    text: str


@dataclass(frozen=True)
class Attempt:
    """What one obligation made of a mutant, or of a value of a bracket."""

    obligation: str
    status: Status
    point: tuple[Markup, ...]
    failure: tuple[Markup, ...]
    engine: str
    reason: str
    text: tuple[str, ...]
    certificates: tuple[Certificate, ...]
    question: Decided | None = None  # the first one that is false


@dataclass(frozen=True)
class Mutant:
    """A nearby false variant, and what the obligations made of it."""

    name: str
    anchor: str
    description: Markup
    status: Status
    attempts: tuple[Attempt, ...]


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


@dataclass(frozen=True)
class Cited:
    """A step that was taken from the literature."""

    name: str
    statement: Markup
    reference: Reference


@dataclass(frozen=True)
class ClaimPage:
    """One claim."""

    name: str
    title: str
    status: Status
    expectation: str
    as_expected: bool
    reference: Reference
    statement: Markup
    remarks: Markup
    arithmetic: str
    symbols: tuple[tuple[Markup, Markup], ...]
    parameters: tuple[tuple[Markup, Markup], ...]
    repairs: Link | None
    repaired_by: tuple[Link, ...]
    obligations: tuple[Obligation, ...]
    lemmas: tuple[LemmaEntry, ...]
    mutants: tuple[Mutant, ...]
    brackets: tuple[Bracket, ...]
    cited: tuple[Cited, ...]
    gaps: tuple[Gap, ...]
    defects: tuple[str, ...]
    certificates: tuple[Certificate, ...]
    history: tuple[Period, ...]
    place: str
    origin: str


def claim_page(result: ClaimResult, others: Iterable[ClaimResult], kept: Kept, options: Json) -> tuple[ClaimPage, Desk]:
    """The page of one claim, and the desk with the files of its certificates."""
    claim = result.claim
    desk = Desk(kept.certificates, options)
    obligations = tuple(describe(entry, desk) for entry in result.results.values())
    mutants = tuple(mutant(entry, claim, desk) for entry in result.mutants)
    brackets = tuple(bracket(entry, result, kept, desk) for entry in result.brackets)
    attempts = [a for x in mutants for a in x.attempts] + [a for b in brackets for a in b.attempts]
    page = ClaimPage(
        claim.name,
        claim.title,
        words.claim_status(result),
        words.expectation(result),
        result.as_expected and not words.unchecked(result),
        reference(claim.source, claim.place),
        prose(claim.statement),
        prose(claim.remarks),
        claim.arithmetic,
        tuple((math(symbol), prose(meaning)) for symbol, meaning in claim.symbols.items()),
        tuple(
            (math(f"{latex.name(p.name)} = {points.number(p.value)}"), prose(p.description))
            for p in claim.parameters.values()
        ),
        *twins(claim, others),
        obligations,
        tuple(lemma_entry(lemma) for lemma in desk.reader.lemmas.values()),
        mutants,
        brackets,
        tuple(Cited(s.name, prose(s.statement), reference(s.source, claim.place)) for s in claim.cited),
        tuple(gaps(result)),
        result.defects,
        tuple([c for o in obligations for c in o.certificates] + [c for a in attempts for c in a.certificates]),
        tuple(periods(result, kept)),
        place(claim.place),
        result.listed.origin,
    )
    return page, desk


def reference(source: Source, where: Place) -> Reference:
    """A source with the work that it names; its key alone, if the bibliography does not have it."""
    try:
        entry = find(source, where)
    except ClaimError:
        entry = Entry(source.key, (), "", "", "", "")
    url = entry.url if entry.url.startswith(("https://", "http://")) else ""
    return Reference(
        ", ".join(entry.authors), entry.title, entry.venue, entry.year, url, source.locator, source.key, source.quote
    )


def place(where: Place) -> str:
    """The author's file and line, from the folder of the claims on."""
    parts = where.file.split("/")
    shown = "/".join(parts[parts.index("claims") :]) if "claims" in parts else parts[-1]
    return f"{shown}:{where.line}"


def twins(claim: Claim, others: Iterable[ClaimResult]) -> tuple[Link | None, tuple[Link, ...]]:
    """The claim that this one repairs, and those that repair it."""
    known = {other.claim.name: other for other in others}
    repaired = known.get(claim.repairs)
    repairs = Link(
        claim.repairs, repaired.claim.title if repaired else "", words.claim_status(repaired) if repaired else None
    )
    found = tuple(
        Link(other.claim.name, other.claim.title, words.claim_status(other))
        for other in known.values()
        if other.claim.repairs == claim.name
    )
    return (repairs if claim.repairs else None), found


def lemma_entry(lemma: Lemma) -> LemmaEntry:
    return LemmaEntry(lemma, statements.sentence(lemma.statement), sentence(lemma.statement))


# ---------------------------------------------------------------------------------------------- mutants, brackets


def slug(text: str) -> str:
    """A name that can stand in a file name and in an address."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", text).strip("-.") or "unnamed"


def mutant(entry: MutantResult, claim: Claim, desk: Desk) -> Mutant:
    changed = claim.mutants[entry.name]
    numbers = [f"${latex.name(name)} = {points.number(value)}$" for name, value in changed.changes.numbers.items()]
    replaced = [f"{name} is replaced" for name in changed.changes.replaced]
    description = " ".join(changed.description.split()) or "; ".join([*numbers, *replaced])
    name = slug(entry.name)
    attempts = tuple(attempt(result, desk, f"mutant-{name}") for result in entry.results)
    return Mutant(entry.name, f"mutant-{name}", prose(description), words.mutant_status(entry), attempts)


def attempt(result: Result, desk: Desk, variant: str) -> Attempt:
    """What an obligation made of a variant."""
    evidence, task = result.evidence, result.task
    statement, witness = statements.of_task(task), evidence.detail.get("point")
    certificates = desk.certificates(result, f"{task.claim.name}/{task.obligation.name}.{variant}")
    asked = questions(task, evidence.detail, certificates)
    if asked is not None:
        text = asked.statements[0].text if asked.statements else ()
        false = first_false(evidence.detail)
        return Attempt(
            *about(result), (), (), words.engine(evidence.engine), evidence.reason, text, certificates, false
        )
    return Attempt(
        *about(result),
        points.point(witness) if witness else (),
        points.failure(statement, witness) if witness and statement is not None else (),
        words.engine(evidence.engine),
        evidence.reason,
        tuple(statement_text(statement)) if statement is not None else (),
        certificates,
    )


def about(result: Result) -> tuple[str, Status]:
    return result.task.obligation.name, words.evidence_status(result.evidence)


def bracket(entry: BracketResult, result: ClaimResult, kept: Kept, desk: Desk) -> Bracket:
    refuted, proved = Fraction(entry.refuted), Fraction(entry.proved)
    described = (
        result.claim.parameters[entry.parameter].description if entry.parameter in result.claim.parameters else ""
    )
    by_questions = [r for r in entry.refutations if isinstance(r.task.obligation.goal, Exact)]
    asked = (attempt(refutation, desk, f"refuted-{entry.parameter}") for refutation in by_questions)
    attempts = (*witnesses(entry, result, kept, desk), *asked) if entry.is_refuted else ()
    return Bracket(
        entry.parameter,
        prose(described),
        figures.number_line(entry.parameter, refuted, proved, entry.is_refuted, entry.is_proved),
        math(f"{latex.name(entry.parameter)} = {points.number(refuted)}"),
        math(f"{latex.name(entry.parameter)} = {points.number(proved)}"),
        entry.is_refuted,
        entry.is_proved,
        attempts,
    )


def witnesses(entry: BracketResult, result: ClaimResult, kept: Kept, desk: Desk) -> Iterable[Attempt]:
    """The counterexamples at the refuted value, from what the run noted; each is for the statement at that value."""
    expected: dict[Theorem | None, str] = {}  # a theorem and its stress test state the same
    for name, obligation in result.claim.obligations.items():
        summary = kept.brackets.get(f"{result.claim.name}::{name}[refuted:{entry.parameter}]")
        if summary is None or summary["outcome"] != Outcome.REFUTED.value or isinstance(obligation.goal, Exact):
            continue
        task = Task.of(result.listed, obligation, f"refuted:{entry.parameter}")
        theorem = theorem_of(obligation)
        for kind, sha256, steps in summary["certificates"]:
            if theorem not in expected:
                expected[theorem] = statement_of(task)
            blob = kept.certificates.get(sha256)
            found = counterexample(expected[theorem], blob) if kind == "counterexample" else None
            if found is None or blob is None:
                continue
            certificate = desk.certificate(
                CertificateReference(kind, sha256, expected[theorem], len(blob), steps),
                name,
                f"{result.claim.name}/{name}.refuted-{entry.parameter}",
            )
            yield Attempt(
                name,
                Status("refuted", "refuted, certified"),
                points.point(found["witness"]),
                points.failure(found["statement"], found["witness"]),
                words.engine(summary["engine"]),
                summary["reason"],
                tuple(statement_text(found["statement"])),
                (certificate,),
            )


def statement_of(task: Task) -> str:
    """The digest of a task's statement; empty, if what the author wrote cannot be read."""
    try:
        return task.statement_sha256
    except VerifyError:
        return ""


def counterexample(statement_sha256: str, blob: bytes | None) -> Mapping[str, Any] | None:
    """The certificate, if it is one for this statement."""
    try:
        document: Mapping[str, Any] = parse(blob.decode("ascii")) if blob is not None else {}
        return document if document and digest(document["statement"]) == statement_sha256 else None
    except (Unsupported, UnicodeDecodeError, KeyError):
        return None
