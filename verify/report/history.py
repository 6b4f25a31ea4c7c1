r"""What the store knows beyond this run: the certificates, earlier outcomes, how a verdict came to be what it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from verify.claim import Claim
from verify.report.words import Status, evidence_status
from verify.session.comparison import by_claim, compare, evidence_of, expectations
from verify.session.session import Result
from verify.session.summary import ClaimResult, RunResult
from verify.errors import StoreError
from verify.store import Remembered, Store
from verify.store.records import Run
from verify.verdict import Outcome, verdict

Json = Any
Summaries = Mapping[str, Json]

KINDS = ("regressed", "fixed", "changed", "new", "gone")
MAX_RUNS = 30  # earlier runs that are looked at


@dataclass(frozen=True)
class Recorded:
    """A run of the store, and what it said of each task; ``fresh`` are the tasks that it did not know from an earlier one."""

    run: Run
    summaries: Summaries
    fresh: frozenset[str] = frozenset()

    @cached_property
    def claims(self) -> Mapping[str, Summaries]:
        """The summaries of each claim."""
        return by_claim(self.summaries)


@dataclass(frozen=True)
class Kept:
    """What was read from the store; nothing, if there is none."""

    certificates: Mapping[str, bytes] = field(default_factory=dict)
    run: Run | None = None
    earlier: tuple[Recorded, ...] = ()  # newest first
    has_store: bool = False
    problem: str = ""  # why the store could not be read
    own: Recorded | None = None  # what ``run`` said
    remembered: Remembered | None = None  # pages of claims, as far as they follow from evidence alone


@dataclass(frozen=True)
class Change:
    """A task whose outcome, strength, scope or conditions differ from what an earlier run said."""

    claim: str
    task: str
    before: Status | None
    after: Status | None
    kind: str = ""  # regressed, fixed, changed, new or gone


@dataclass(frozen=True)
class Period:
    """Consecutive runs with one verdict on a claim."""

    first: str
    last: str
    runs: int
    words: str


def keep(found: RunResult, folder: Path | None) -> Kept:
    """Read what the report needs from the store."""
    if folder is None or not folder.is_dir():
        return Kept()
    try:
        return read(found, folder)
    except StoreError as problem:
        return Kept(problem=str(problem))


def read(found: RunResult, folder: Path) -> Kept:
    at_brackets = (result for claim in found.claims for b in claim.brackets for result in b.refutations)
    references = {c.sha256 for result in (*tasks_of(found), *at_brackets) for c in result.evidence.certificates}
    current = found.metadata.get("run")
    with Store.open(folder) as store:
        runs = store.runs()
        own = next((run for run in runs if run.id == current), None)
        before = [run for run in runs if current is None or run.id < current][-MAX_RUNS:]
        earlier = tuple(recorded(store, run) for run in reversed(before))
        noted = recorded(store, own) if own is not None else None
        blobs = {sha256: store.blob(sha256) for sha256 in sorted(references)}
    present = {name: blob for name, blob in blobs.items() if blob is not None}
    remembered = None if found.metadata.get("recheck") else store.remembered
    return Kept(present, own, earlier, True, own=noted, remembered=remembered)


def recorded(store: Store, run: Run) -> Recorded:
    results = store.results(run.id)
    fresh = frozenset(result.task for result in results if not result.cached)
    return Recorded(run, {result.task: result.summary for result in results}, fresh)


def tasks_of(found: RunResult) -> Iterable[Result]:
    for claim in found.claims:
        yield from claim.results.values()
        for mutant in claim.mutants:
            yield from mutant.results


# ------------------------------------------------------------------------------------------------------- changes


def changes(found: RunResult, kept: Kept) -> list[Change]:
    """Each task compared with the newest earlier run that had it, as ``verify diff`` compares two runs; tasks that a claim no
    longer has.  ``Change.kind`` is the group in which ``verify diff`` tells it, for whoever shows it."""
    now = {result.task.id: result for result in tasks_of(found)}
    before = known_before(found, kept, set(now))
    expected = expectations(result.claim for result in found.claims)
    compared = compare(before, {task: result.summary() for task, result in now.items()}, expected)
    kinds = {change.name: kind for kind in KINDS for change in getattr(compared, kind)}
    changed: list[Change] = []
    for task in sorted({*now, *before}, key=lambda task: task.partition("::")):
        claim = task.partition("::")[0]
        kind = kinds.get(task) or ("new" if task not in before and kinds.get(claim) == "new" else "")
        if kind:
            then = evidence_of(before.get(task))
            after = evidence_status(now[task].evidence) if task in now else None
            changed.append(Change(claim, task, evidence_status(then) if then is not None else None, after, kind))
    return changed


def known_before(found: RunResult, kept: Kept, present: set[str]) -> dict[str, Json]:
    """What the newest earlier run that had them said of these tasks; and of those that the latest run had of these claims."""
    newest = kept.earlier[0].claims if kept.earlier else {}
    before = {
        f"{claim}::{part}": summary
        for claim in (result.claim.name for result in found.claims)
        for part, summary in newest.get(claim, {}).items()
        if not is_bracket(part)
    }
    for recorded in kept.earlier:
        before = {**{task: s for task, s in recorded.summaries.items() if task in present}, **before}
    return before


def is_bracket(task: str) -> bool:
    """Brackets are counted by their claim and do not appear among the results of a run."""
    return task.endswith("]") and ("[refuted:" in task or "[proved:" in task)


# ------------------------------------------------------------------------------------------------------- history


def periods(result: ClaimResult, kept: Kept) -> list[Period]:
    """The verdicts of the earlier runs, oldest first, equal neighbours together."""
    found: list[Period] = []
    for recorded in reversed(kept.earlier):
        said = verdict_then(result.claim, recorded)
        if said is None:
            continue
        date = recorded.run.started[:16].replace("T", " ")
        if found and found[-1].words == said:
            found[-1] = Period(found[-1].first, date, found[-1].runs + 1, said)
        else:
            found.append(Period(date, date, 1, said))
    return found


def verdict_then(claim: Claim, recorded: Recorded) -> str | None:
    """The verdict of one run, computed as today from what it noted; None if it did not touch the claim."""
    noted = recorded.claims.get(claim.name, {})
    plain = {name: summary for name, summary in noted.items() if not name.endswith("]")}
    if not plain:
        return None
    evidence = [evidence_of(summary) for summary in plain.values()]
    known = [entry for entry in evidence if entry is not None]
    said = verdict(known, [f"{step.name} ({step.source})" for step in claim.cited])
    missing = [name for name in claim.obligations if name not in plain]
    if (missing or len(known) < len(evidence)) and said.outcome is not Outcome.REFUTED:
        return f"incomplete, {len(claim.obligations) - len(missing)} of today's {len(claim.obligations)} obligations checked"
    return said.in_words()
