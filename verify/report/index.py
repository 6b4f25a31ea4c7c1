r"""The index as data: the table of claims, the errata, what changed, and how the run was made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from verify.report import words
from verify.report.dependencies import topic_of
from verify.report.history import Change, Kept, changes
from verify.report.mathml import prose
from verify.report.matrix import GROUPS, Tile, Topic, board, topics
from verify.report.obligations import Obligation
from verify.report.pages import ClaimPage
from verify.report.words import Status
from verify.session.family import in_words
from verify.session.summary import ClaimResult, RunResult
from verify.session.tasks import Options, versions
from verify.verdict import Outcome, Role, counted

Json = Any

TOLD = 100  # errata that the first page tells in full


@dataclass(frozen=True)
class Erratum:
    """A sentence that is refuted as printed, what refutes it, and its repair."""

    page: ClaimPage
    witnesses: tuple[Obligation, ...]
    theorems: tuple[tuple[Obligation, str], ...]
    repairs: tuple[ClaimPage, ...]
    is_told: bool  # in full on the first page, not only on that of the claim


@dataclass(frozen=True)
class Broken:
    """Something that should have been a module of claims."""

    where: str
    sentence: str
    details: str


@dataclass(frozen=True)
class Index:
    """The first page."""

    summary: str
    board: tuple[Tile, ...]
    topics: tuple[Topic, ...]
    groups: Mapping[str, tuple[str, ...]]
    errata: tuple[Erratum, ...]
    suspected: tuple[ClaimPage, ...]
    changes: tuple[Change, ...]
    new: tuple[tuple[str, int], ...]
    compared: str
    broken: tuple[Broken, ...]
    facts: tuple[tuple[str, str], ...]
    versions: Mapping[str, str]
    certificates: int
    has_store: bool
    problems: tuple[str, ...]
    meanings: tuple[Status, ...]


def index(found: RunResult, pages: Sequence[ClaimPage], kept: Kept) -> Index:
    """The index of a run."""
    by_name = {page.name: page for page in pages}
    results = {result.claim.name: result for result in found.claims}
    refuted = [page for page in pages if results[page.name].verdict.outcome is Outcome.REFUTED]
    refuted.sort(key=lambda page: (topic_of(results[page.name].claim), page.name))
    changed = changes(found, kept)
    since = compared(kept)
    files = sum(1 for page in pages for certificate in page.certificates if certificate.available)
    return Index(
        summary(found, pages),
        board(pages, changed, since),
        topics(found.claims, by_name, {change.claim for change in changed} if since else set()),
        GROUPS,
        tuple(erratum(page, results[page.name], by_name, len(refuted) <= TOLD) for page in refuted),
        tuple(p for p in pages if is_suspected(results[p.name])),
        tuple(change for change in changed if change.before is not None),
        tuple(Counter(change.claim for change in changed if change.before is None).items()),
        since,
        tuple(Broken(b.where, b.sentence, b.details) for b in found.broken),
        facts(found, kept),
        versions(),
        files,
        kept.has_store,
        (*found.problems, *([kept.problem] if kept.problem else [])),
        tuple(Status(kind, kind) for kind in words.MARKS),
    )


def is_suspected(result: ClaimResult) -> bool:
    """Whether a claim is expected to be false, and was not refuted."""
    return result.claim.expect == Outcome.REFUTED.value and result.verdict.outcome is not Outcome.REFUTED


def summary(found: RunResult, pages: Sequence[ClaimPage]) -> str:
    expected = sum(page.as_expected for page in pages)
    tasks = sum(len(result.results) for result in found.claims)
    said = f"{counted(len(pages), 'claim')}, {counted(tasks, 'obligation')} checked, {expected} of {len(pages)} verdicts as expected"
    return said + (f"; {counted(len(found.broken), 'file')} of claims could not be read" if found.broken else "") + "."


def erratum(page: ClaimPage, result: ClaimResult, pages: Mapping[str, ClaimPage], is_told: bool) -> Erratum:
    """What refutes the sentence: points where a theorem fails, theorems that contradict it."""
    refuting = [o for o in page.obligations if o.status.kind == "refuted"]
    reasons = {name: prose(o.reason) for name, o in result.claim.obligations.items() if o.role is Role.DISPROOF}
    theorems = [(o, reasons[o.name]) for o in refuting if o.name in reasons]
    named = {o.name for o, _ in theorems}
    points = [o for o in refuting if o.counterexample or (o.questions and o.name not in named)]
    others = points or [o for o in refuting if o.name not in named and not theorems]
    repairs = tuple(pages[link.name] for link in page.repaired_by if link.name in pages)
    return Erratum(page, tuple(others), tuple(theorems), repairs, is_told)


# --------------------------------------------------------------------------------------------------------- the run


def compared(kept: Kept) -> str:
    if not kept.earlier:
        return ""
    newest = kept.earlier[0].run
    return f"{moment(newest.started)} ({newest.status})"


def moment(text: str) -> str:
    return text[:16].replace("T", " ") + " UTC"


def run_options(found: RunResult) -> Json:
    """What the run was told.  A report from the store alone asked it with the defaults."""
    return found.metadata.get("options") or Options().json()


def facts(found: RunResult, kept: Kept) -> tuple[tuple[str, str], ...]:
    """When and how the results were made."""
    options, rows = run_options(found), []
    metadata = {**(kept.run.metadata if kept.run else {}), **found.metadata}
    if kept.run is not None:
        which = "Run" if "options" in found.metadata else "Latest run in the store"
        rows.append((which, f"{kept.run.id} ({kept.run.status})"))
        rows.append(("Begun", moment(kept.run.started)))
        if kept.run.finished:
            took = datetime.fromisoformat(kept.run.finished) - datetime.fromisoformat(kept.run.started)
            rows.append(("Took", words.seconds(took.total_seconds())))
    results = [result for claim in found.claims for result in claim.results.values()]
    again = sum(result.cached for result in results)
    rows.append(("Obligations", f"{len(results)}, of which {again} were known from earlier runs"))
    rows.append(("Certificates", found.deciding.in_words()))
    cpu = sum(r.evidence.resources.get("cpu_seconds") or 0 for r in results)
    rows.append(("Processor time of their searches", words.seconds(cpu)))
    if found.family:
        rows.append(("Experiments", in_words(found.family)))
    rows.append(("Seed", str(options.get("seed", "—"))))
    rows.append(
        ("Budget of a task", f"{words.seconds(options.get('seconds'))}, {words.size(options.get('memory_bytes') or 0)}")
    )
    rows.append(("Device of the stress tests", str(options.get("device", "—"))))
    rows.append(("Platform", str(metadata.get("platform", "not recorded"))))
    return tuple(rows)
