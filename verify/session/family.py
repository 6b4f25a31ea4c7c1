r"""The experiments of a run as one family: what is refuted by chance somewhere is not refuted.

Each experiment keeps its own level.  All of them together make false alarms more often than one, so the refutations of a run
stand only if Holm's procedure rejects them at the level of the family.  Experiments of mutants are no members: they are
meant to be refuted, and a mutant that dies by chance is a claim that looks sharper than it is, which the measured power says
(``benchmarks/statistical_tests.md``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from verify.goals import StatisticalTest
from verify.session.session import Result
from verify.statistics.family import FAMILY, holm
from verify.verdict import Outcome, counted

Json = Any


@dataclass(frozen=True)
class Member:
    """One experiment of the family: its p-value, and the threshold of Holm if it was met."""

    task: str
    p_value: float
    threshold: float | None = None

    def json(self) -> Json:
        return {"task": self.task, "p_value": self.p_value, "threshold": self.threshold}


def family_of(results: Iterable[Result]) -> tuple[Member, ...]:
    """The experiments among the results of claims as they stand, each judged together with the others."""
    found = {r.task.id: r.evidence.detail["finding"]["p_value"] for r in results if is_member(r)}
    rejected = holm(found)
    return tuple(Member(task, p_value, rejected.get(task)) for task, p_value in sorted(found.items()))


def is_member(result: Result) -> bool:
    """Whether this is a decided experiment of a claim itself."""
    if not isinstance(result.task.obligation.goal, StatisticalTest) or result.task.variant.name:
        return False
    return isinstance(result.evidence.detail, dict) and "finding" in result.evidence.detail


def in_family(result: Result, family: tuple[Member, ...]) -> Result:
    """The result; undecided, if it is a refutation that does not survive the family."""
    refuted = is_member(result) and result.evidence.outcome is Outcome.REFUTED
    member = next((m for m in family if refuted and m.task == result.task.id), None)
    if member is None or member.threshold is not None:
        return result
    together = f"of the {counted(len(family), 'experiment')} of this run, at level {FAMILY:g}"
    reason = f"refuted by itself, but not {together} (Holm): {result.evidence.reason}"
    return replace(result, evidence=replace(result.evidence, outcome=Outcome.UNDECIDED, strength=None, reason=reason))


def in_words(family: tuple[Member, ...]) -> str:
    """One line for the summary; empty, if there were no experiments."""
    if not family:
        return ""
    refuted = sum(member.threshold is not None for member in family)
    return f"{counted(len(family), 'experiment')}, {refuted} refuted at the level {FAMILY:g} of all together (Holm)"
