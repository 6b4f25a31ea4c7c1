r"""What the store knows beyond this run: the certificates, earlier outcomes, how a verdict came to be what it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from verify.claim import Claim
from verify.report.words import Status, evidence_status
from verify.session.session import Result
from verify.session.summary import ClaimResult, RunResult
from verify.errors import StoreError
from verify.store import Store
from verify.store.records import Run
from verify.verdict import Evidence, Outcome, Role, Scope, Strength, verdict

Json = Any
Summaries = Mapping[str, Json]

MAX_RUNS = 30  # earlier runs that are looked at


@dataclass(frozen=True)
class Recorded:
    """A run of the store, and what it said of each task; ``fresh`` are the tasks that it did not know from an earlier one."""

    run: Run
    summaries: Summaries
    fresh: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Kept:
    """What was read from the store; nothing, if there is none."""

    certificates: Mapping[str, bytes] = field(default_factory=dict)
    run: Run | None = None
    earlier: tuple[Recorded, ...] = ()  # newest first
    has_store: bool = False
    problem: str = ""  # why the store could not be read
    own: Recorded | None = None  # what ``run`` said


@dataclass(frozen=True)
class Change:
    """A task whose outcome, strength, scope or conditions differ from what an earlier run said."""

    claim: str
    task: str
    before: Status | None
    after: Status | None


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
    return Kept(present, own, earlier, True, own=noted)


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
    """Each task compared with the newest earlier run that had it; tasks that a claim no longer has."""
    before: dict[str, Json] = {}
    for recorded in kept.earlier:
        before = {**recorded.summaries, **before}
    changed: list[Change] = []
    present: set[str] = set()
    for result in tasks_of(found):
        present.add(result.task.id)
        now = result.summary()
        then = before.get(result.task.id)
        if then is None or essence(then) != essence(now):
            status = evidence_of(then) if then is not None else None
            changed.append(
                Change(
                    result.task.claim.name,
                    result.task.id,
                    evidence_status(status) if status else None,
                    evidence_status(result.evidence),
                )
            )
    newest = kept.earlier[0].summaries if kept.earlier else {}
    claims = {result.claim.name for result in found.claims}
    for task, summary in newest.items():
        claim = task.partition("::")[0]
        if claim in claims and task not in present and not is_bracket(task):
            status = evidence_of(summary)
            changed.append(Change(claim, task, evidence_status(status) if status else None, None))
    return sorted(changed, key=lambda change: (change.claim, change.task))


def is_bracket(task: str) -> bool:
    """Brackets are counted by their claim and do not appear among the results of a run."""
    return task.endswith("]") and ("[refuted:" in task or "[proved:" in task)


def essence(summary: Json) -> Json:
    return [summary.get(name) for name in ("outcome", "strength", "scope", "given")]


def evidence_of(summary: Json) -> Evidence | None:
    """What a run once noted of a task; nothing, if it cannot be understood today."""
    try:
        strength, scope = summary["strength"], summary["scope"]
        return Evidence(
            role=Role(summary["role"]),
            outcome=Outcome(summary["outcome"]),
            reason=str(summary["reason"]),
            strength=Strength[strength.upper()] if strength else None,
            scope=Scope[scope.upper()] if scope else None,
            given=tuple(summary["given"]),
        )
    except (KeyError, ValueError, TypeError, AttributeError):
        return None


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
    plain = {
        task.partition("::")[2]: summary
        for task, summary in recorded.summaries.items()
        if task.startswith(f"{claim.name}::") and not task.endswith("]")
    }
    if not plain:
        return None
    evidence = [evidence_of(summary) for summary in plain.values()]
    known = [entry for entry in evidence if entry is not None]
    said = verdict(known, [f"{step.name} ({step.source})" for step in claim.cited])
    missing = [name for name in claim.obligations if name not in plain]
    if (missing or len(known) < len(evidence)) and said.outcome is not Outcome.REFUTED:
        return f"incomplete, {len(claim.obligations) - len(missing)} of today's {len(claim.obligations)} obligations checked"
    return said.in_words()
