r"""What changed between two runs: one notion of it for the command line, the report and whoever reads the JSON.

A run is what the history keeps of it (``Result.summary``).  Verdicts of claims are computed from that as today, by
``verify.verdict``; the sentence of a claim, its obligations and its expected outcome are those of today.

Something *regressed* if it has less merit than before, and was *fixed* if it has more.  The merit of an outcome is ordered as
verdicts are: strength, then unconditional before conditional, then scope; undecided lies below, an error below that, and the
contrary of what is expected below everything.  Of a mutant, or of the side of a bracket that has to be refuted, only a
refutation has merit.  What differs at equal merit has *changed*.

Costs are counts that do not depend on the machine: steps of the kernel, bytes of certificates, resource units of Z3, points
that were tried.  Seconds are never compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from verify.claim import Claim
from verify.verdict import Evidence, Outcome, Role, Scope, Strength, Verdict, verdict

Json = Any
Summaries = Mapping[str, Json]  # by the identifiers of tasks
Merit = tuple[int, ...]

FACTOR = 1.5  # by which a cost has to differ


@dataclass(frozen=True)
class Expected:
    """What a claim says today: its obligations, its cited steps, the outcome that is expected."""

    outcome: str
    obligations: tuple[str, ...]
    cited: tuple[str, ...] = ()

    @staticmethod
    def of(claim: Claim) -> Expected:
        cited = tuple(f"{step.name} ({step.source})" for step in claim.cited)
        return Expected(claim.expect, tuple(claim.obligations), cited)


@dataclass(frozen=True)
class Change:
    """A claim or a task that is not what it was; None is where it did not appear."""

    name: str
    before: str | None
    after: str | None
    reason: str = ""  # of a task, as the later run gives it

    @property
    def is_task(self) -> bool:
        return "::" in self.name

    @property
    def claim(self) -> str:
        return self.name.partition("::")[0]


@dataclass(frozen=True)
class Cost:
    """A count of one task that differs by at least the factor."""

    task: str
    what: str
    before: int
    after: int


@dataclass(frozen=True)
class Comparison:
    """Of each kind the claims first, then the tasks, by their names."""

    regressed: tuple[Change, ...] = ()
    fixed: tuple[Change, ...] = ()
    changed: tuple[Change, ...] = ()
    new: tuple[Change, ...] = ()
    gone: tuple[Change, ...] = ()
    slower: tuple[Cost, ...] = ()
    faster: tuple[Cost, ...] = ()

    def is_empty(self) -> bool:
        return self == Comparison()

    def json(self) -> Json:
        return asdict(self)


@dataclass
class Sides:
    """What is collected of a comparison."""

    groups: dict[str, list[Any]] = field(default_factory=dict)

    def add(self, group: str, entry: Change | Cost) -> None:
        self.groups.setdefault(group, []).append(entry)

    def done(self) -> Comparison:
        return Comparison(**{name: tuple(entries) for name, entries in self.groups.items()})


def compare(
    before: Summaries, after: Summaries, expected: Mapping[str, Expected], *, factor: float = FACTOR
) -> Comparison:
    """What changed from one run to another.  Of a claim that only one of them touched, its tasks are not told one by one."""
    sides = Sides()
    claims = [by_claim(before), by_claim(after)]
    for name in sorted({*claims[0], *claims[1]}):
        wanted = expected.get(name)
        then, now = (verdict_of(found.get(name, {}), wanted) for found in claims)
        outcome = Outcome(wanted.outcome) if wanted is not None else None
        tell(sides, Change(name, in_words(then), in_words(now)), merit(then, outcome), merit(now, outcome), then != now)
    for name in sorted({*before, *after}):
        claim = name.partition("::")[0]
        if claim in claims[0] and claim in claims[1]:
            compare_task(sides, name, before.get(name), after.get(name), expected.get(claim))
    for task in sorted({*before} & {*after}):
        compare_costs(sides, task, costs(before[task]), costs(after[task]), factor)
    return sides.done()


def compare_task(sides: Sides, name: str, before: Json | None, after: Json | None, claim: Expected | None) -> None:
    then, now = standing(before), standing(after)
    reason = str(after.get("reason", "")) if isinstance(after, dict) else ""
    change = Change(name, in_words(then), in_words(now), reason)
    tell(sides, change, task_merit(name, then, claim), task_merit(name, now, claim), then != now)


def tell(sides: Sides, change: Change, before: Merit, after: Merit, differs: bool) -> None:
    if not differs:
        return
    if change.before is None or change.after is None:
        sides.add("new" if change.before is None else "gone", change)
    elif before == after:
        sides.add("changed", change)
    else:
        sides.add("regressed" if after < before else "fixed", change)


def compare_costs(sides: Sides, task: str, before: Mapping[str, int], after: Mapping[str, int], factor: float) -> None:
    for what in sorted({*before} & {*after}):
        then, now = before[what], after[what]
        if then != now and now >= factor * then:
            sides.add("slower", Cost(task, what, then, now))
        elif then != now and then >= factor * now:
            sides.add("faster", Cost(task, what, then, now))


# ------------------------------------------------------------------------------------------------------- summaries


def by_claim(summaries: Summaries) -> dict[str, dict[str, Json]]:
    """The summaries of each claim, by the part of the identifier after its name."""
    found: dict[str, dict[str, Json]] = {}
    for task, summary in summaries.items():
        claim, _, rest = task.partition("::")
        found.setdefault(claim, {})[rest] = summary
    return found


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


def verdict_of(summaries: Summaries, claim: Expected | None) -> Verdict | None:
    """The verdict on a claim, computed as today from what a run noted; None, if it noted nothing of the claim itself.
    What is incomplete decides nothing but a refutation."""
    plain = {name: summary for name, summary in summaries.items() if not name.endswith("]")}
    if not plain:
        return None
    known = [evidence for evidence in map(evidence_of, plain.values()) if evidence is not None]
    found = verdict(known, claim.cited if claim is not None else ())
    missing = len(known) < len(plain) or (claim is not None and not set(claim.obligations) <= set(plain))
    return Verdict(Outcome.UNDECIDED) if missing and found.outcome is Outcome.HOLDS else found


def standing(summary: Json | None) -> Verdict | None:
    """What a task established; None, if it was not there."""
    if summary is None:
        return None
    evidence = evidence_of(summary)
    if evidence is None:
        return Verdict(Outcome.ERROR)
    return Verdict(evidence.outcome, evidence.strength, evidence.scope, evidence.given)


def in_words(found: Verdict | None) -> str | None:
    return found.in_words() if found is not None else None


# ----------------------------------------------------------------------------------------------------------- merit


def merit(found: Verdict | None, wanted: Outcome | None) -> Merit:
    """How much was achieved, if this outcome is wanted, or any that is decided (None)."""
    if found is None:
        return ()
    if found.outcome is Outcome.ERROR:
        return (1,)
    if found.outcome is Outcome.UNDECIDED:
        return (2,)
    if wanted not in (None, found.outcome):
        return (0,)
    return (3, int(found.strength or 0), int(not found.given), int(found.scope or 0))


def task_merit(name: str, found: Verdict | None, claim: Expected | None) -> Merit:
    """A task of a claim that is expected to hold wants to hold; of a false one, to be decided; a mutant, to be refuted."""
    variant = name.partition("[")[2]
    if variant.startswith(("mutant:", "refuted:")):
        holds = found is not None and found.outcome is Outcome.HOLDS
        return (2,) if holds else merit(found, Outcome.REFUTED)
    if variant.startswith("proved:") or (claim is not None and claim.outcome == Outcome.HOLDS.value):
        return merit(found, Outcome.HOLDS)
    return merit(found, None)


# ------------------------------------------------------------------------------------------------------------ costs


def costs(summary: Json) -> dict[str, int]:
    """The counts of a task.  Summaries of earlier versions have the steps of their certificates and no others."""
    try:
        found = {str(name): int(count) for name, count in summary.get("costs", {}).items()}
        steps = sum(int(steps) for _, _, steps in summary["certificates"])
    except (KeyError, ValueError, TypeError, AttributeError):
        return {}
    return {"kernel steps": steps, **found}


def expectations(claims: Iterable[Claim]) -> dict[str, Expected]:
    return {claim.name: Expected.of(claim) for claim in claims}
