r"""What the results of a claim took, against what they were allowed; and where and with what they were made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from verify.kernel.certificate import MAX_BYTES
from verify.kernel.logic import MAX_STEPS
from verify.report import words
from verify.report.history import Kept
from verify.report.words import Status
from verify.session.session import Result
from verify.session.summary import ClaimResult
from verify.session.tasks import versions
from verify.store.records import Run

Json = Any
UNKNOWN, NOT_RECORDED = "—", "not recorded"


@dataclass(frozen=True)
class Spent:
    """What one obligation, or one variant of it, took."""

    name: str
    variant: str
    status: Status
    cpu: str
    of_cpu: str
    memory: str
    of_memory: str
    steps: str
    certificates: int
    size: str
    solver: str


@dataclass(frozen=True)
class Made:
    """A run that worked out some of the results, and its circumstances."""

    run: str
    begun: str
    parts: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Resources:
    """Everything that the page says about time, memory and machines."""

    spent: tuple[Spent, ...]
    total: str
    made: tuple[Made, ...]
    limits: str


def resources(result: ClaimResult, kept: Kept, metadata: Json, options: Json) -> Resources:
    """Of the claim's own obligations, and then of its variants."""
    results = list(tasks(result))
    rows = tuple(spent(each, memory_of(made_in(each, kept), options)) for each in results)
    cpu = sum(each.evidence.resources.get("cpu_seconds") or 0 for each in results)
    size = sum(c.bytes for each in results for c in each.evidence.certificates)
    total = f"{words.seconds(cpu)} of processor time, {words.size(size) if size else 'no'} {'of ' if size else ''}certificates"
    limits = (
        f"Whatever is allowed, the kernel takes no proof of more than {words.grouped(MAX_STEPS)} steps "
        f"and no certificate of more than {words.size(MAX_BYTES)}."
    )
    return Resources(rows, total, tuple(made(results, kept, metadata, options)), limits)


def tasks(result: ClaimResult) -> Iterator[Result]:
    """The results of a claim: its obligations, those under its mutants, those that refute it at its brackets."""
    yield from result.results.values()
    for mutant in result.mutants:
        yield from mutant.results
    for bracket in result.brackets:
        yield from (refutation for refutation in bracket.refutations if refutation.task.variant.name)


def spent(result: Result, memory: Json) -> Spent:
    evidence, task = result.evidence, result.task
    cpu, budget = (evidence.resources.get(name) for name in ("cpu_seconds", "budget_seconds"))
    peak, rlimit = evidence.resources.get("peak_bytes"), z3_units(evidence.detail)
    steps = sum(certificate.steps for certificate in evidence.certificates)
    return Spent(
        task.obligation.name,
        task.variant.name.replace(":", " "),
        words.evidence_status(evidence),
        words.seconds(cpu),
        words.seconds(budget),
        words.size(peak) if is_number(peak) and peak > 0 else UNKNOWN,
        words.size(memory) if is_number(memory) else UNKNOWN,
        words.grouped(steps) if steps else UNKNOWN,
        len(evidence.certificates),
        words.size(sum(certificate.bytes for certificate in evidence.certificates))
        if evidence.certificates
        else UNKNOWN,
        words.grouped(rlimit) if rlimit else UNKNOWN,
    )


def is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def z3_units(detail: Json) -> int:
    """The units of work that Z3 counted, which do not depend on the machine."""
    tried = detail.get("tried") if isinstance(detail, Mapping) else None
    z3 = tried.get("z3") if isinstance(tried, Mapping) else None
    found = z3.get("rlimit") if isinstance(z3, Mapping) else None
    return found if isinstance(found, int) else 0


# ------------------------------------------------------------------------------------------------------- machines


def made_in(result: Result, kept: Kept) -> Run | None:
    """The newest run that worked out this result itself, with the same certificates or, without any, for the same reason.

    A refutation that does not survive the family of experiments has a reason that only ends with what its run noted.
    """
    now = result.summary()
    for recorded in (*([kept.own] if kept.own is not None else []), *kept.earlier):
        then = recorded.summaries.get(result.task.id)
        if then is None or result.task.id not in recorded.fresh:
            continue
        same_reason = now["reason"].endswith(str(then.get("reason")))
        if then.get("certificates") == now["certificates"] and (now["certificates"] or same_reason):
            return recorded.run
    return None


def made(results: Iterable[Result], kept: Kept, metadata: Json, options: Json) -> Iterator[Made]:
    """The runs that the results come from, newest first; those whose run is not in the store together at the end."""
    runs: dict[str, Run] = {}
    parts: dict[str, list[str]] = {}
    for result in results:
        run = made_in(result, kept)
        if run is not None:
            runs[run.id] = run
        parts.setdefault(run.id if run is not None else "", []).append(label(result))
    for name in sorted(runs, reverse=True):
        run = runs[name]
        yield Made(name, moment(run.started), tuple(parts[name]), tuple(facts(run.metadata)))
    if "" in parts:  # results are found again only for the versions, the seed and the device of today
        here = {} if kept.has_store else {"platform": metadata.get("platform") or NOT_RECORDED}
        yield Made("", "", tuple(parts[""]), tuple(facts({**here, "options": options, "versions": versions()})))


def label(result: Result) -> str:
    variant = result.task.variant.name
    return f"{result.task.obligation.name} [{variant}]" if variant else result.task.obligation.name


def moment(text: str) -> str:
    return text[:16].replace("T", " ") + " UTC"


def memory_of(run: Run | None, options: Json) -> Json:
    told = run.metadata.get("options") if run is not None else options
    return (told or {}).get("memory_bytes")


def facts(metadata: Json) -> Iterator[tuple[str, str]]:
    """The circumstances of a run, as it noted them."""
    used, told = metadata.get("versions") or {}, metadata.get("options") or {}
    yield "Python", str(used.get("python", UNKNOWN))
    yield "Engines", ", ".join(f"{name} {version}" for name, version in used.items() if name != "python") or UNKNOWN
    yield "Platform", str(metadata.get("platform", NOT_RECORDED))
    yield "Device of numerics", str(told.get("device", UNKNOWN))
    yield "Seed", str(told.get("seed", UNKNOWN))
    seconds, memory = told.get("seconds"), told.get("memory_bytes")
    allowed = [words.seconds(seconds)] if is_number(seconds) else []
    allowed += [words.size(int(memory))] if memory else []
    yield "Allowed for each part", ", ".join(allowed) or UNKNOWN
