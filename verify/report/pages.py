r"""The page of a claim as data: everything that the template shows, in the order in which it is read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from verify.bibliography import Entry, find
from verify.claim import Claim
from verify.errors import ClaimError, Place
from verify.kernel.text import sentence
from verify.report import points, statements, variants, words
from verify.report.certificates import Certificate, Desk
from verify.report.commands import by_verify
from verify.report.established import Established, established, headline
from verify.report.experiments import apart
from verify.report.gaps import Gap, gaps, together
from verify.report.history import Kept, Period, periods
from verify.report.mathml import math, prose
from verify.report.obligations import Obligation, describe
from verify.report.proofs import Lemma
from verify.report.resources import Resources, resources
from verify.report.variants import Bracket, Line, Mutant
from verify.report.words import Status
from verify.session.summary import ClaimResult
from verify.theory import latex
from verify.theory.objects import Source
from verify.verdict import Outcome, Scope, Strength, Verdict

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
    status: Status
    formula: tuple[Markup, ...]
    text: str


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
    headline: Markup
    established: tuple[Established, ...]
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
    table: tuple[Line, ...]
    brackets: tuple[Bracket, ...]
    cited: tuple[Cited, ...]
    gaps: tuple[Gap, ...]
    defects: tuple[str, ...]
    certificates: tuple[Certificate, ...]
    history: tuple[Period, ...]
    resources: Resources
    command: str
    place: str
    origin: str


def claim_page(
    result: ClaimResult, others: Iterable[ClaimResult], kept: Kept, options: Json, metadata: Json | None = None
) -> tuple[ClaimPage, Desk]:
    """The page of one claim, and the desk with the files of its certificates."""
    page, desk = page_of_evidence(result, kept, options)
    return completed(page, result, others, kept, options, metadata), desk


def page_of_evidence(result: ClaimResult, kept: Kept, options: Json) -> tuple[ClaimPage, Desk]:
    """The page as far as it follows from the claim and the evidence alone (``remembering.name`` is what it depends on)."""
    claim = result.claim
    desk = Desk(kept.certificates, options)
    obligations = tuple(compared(describe(entry, desk), result) for entry in result.results.values())
    mutants = tuple(variants.mutant(entry, result, desk) for entry in result.mutants)
    brackets = tuple(variants.bracket(entry, result, desk) for entry in result.brackets)
    attempts = [a for x in mutants for a in x.attempts] + [a for b in brackets for a in b.attempts]
    files = [c for of in (obligations, attempts) for each in of for c in each.certificates]
    page = ClaimPage(
        claim.name,
        claim.title,
        words.claim_status(result),
        headline(result, obligations),
        established(result, obligations),
        words.expectation(result),
        result.as_expected and not words.unchecked(result),
        Reference("", "", "", "", "", "", "", ""),
        prose(claim.statement),
        prose(claim.remarks),
        claim.arithmetic,
        *notation(claim),
        None,
        (),
        obligations,
        tuple(lemma_entry(lemma) for lemma in desk.reader.lemmas.values()),
        mutants,
        variants.table(mutants, result.results),
        brackets,
        (),
        together(gaps(result)),
        result.defects,
        tuple({c.path: c for c in files}.values()),
        (),
        Resources((), "", (), ""),
        by_verify(result.listed, options),
        place(claim.place),
        result.listed.origin,
    )
    return page, desk


def completed(
    page: ClaimPage,
    result: ClaimResult,
    others: Iterable[ClaimResult],
    kept: Kept,
    options: Json,
    metadata: Json | None = None,
) -> ClaimPage:
    """The page with what depends on other claims, on earlier runs and on the literature, and on who decided when."""
    claim = result.claim
    repairs, repaired_by = twins(claim, others)
    told = (result.results[shown.name] for shown in page.obligations)
    return replace(
        page,
        reference=reference(claim.source, claim.place),
        repairs=repairs,
        repaired_by=repaired_by,
        obligations=tuple(
            replace(shown, cached=known.cached, sealed=known.sealed)
            for shown, known in zip(page.obligations, told, strict=True)
        ),
        cited=tuple(Cited(s.name, prose(s.statement), reference(s.source, claim.place)) for s in claim.cited),
        history=tuple(periods(result, kept)),
        resources=resources(result, kept, metadata or {}, options),
    )


def compared(obligation: Obligation, result: ClaimResult) -> Obligation:
    """An experiment beside its variants: how far apart the test puts them."""
    if obligation.experiment is None:
        return obligation
    found = [("as it stands", result.results[obligation.name].evidence)]
    for mutant in result.mutants:
        found += [(mutant.name, r.evidence) for r in mutant.results if r.task.obligation.name == obligation.name]
    return replace(obligation, experiment=replace(obligation.experiment, apart=apart(found)))


def notation(claim: Claim) -> tuple[tuple[tuple[Markup, Markup], ...], tuple[tuple[Markup, Markup], ...]]:
    """The symbols and the parameters, each with its meaning."""
    parameters = claim.parameters.values()
    return (
        tuple((math(symbol), prose(meaning)) for symbol, meaning in claim.symbols.items()),
        tuple((math(f"{latex.name(p.name)} = {points.number(p.value)}"), prose(p.description)) for p in parameters),
    )


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
    verdict = Verdict(Outcome.HOLDS, Strength.CERTIFIED, Scope.ALL, lemma.given)
    status = Status("certified", verdict.in_words())
    return LemmaEntry(lemma, status, statements.sentence(lemma.statement), sentence(lemma.statement))
