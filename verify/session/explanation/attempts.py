r"""What was tried, in order, at what price; what the kernel made of it; what was counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from verify.goals import at
from verify.session.explanation.models import IN_A_MODEL, OUT_OF_REACH, is_out_of_reach, is_realized
from verify.session.explanation.section import Section, bounded
from verify.session.tasks import Task
from verify.theory.objects import Theorem
from verify.verdict import Evidence, Outcome, counted

Json = Any

SEARCHES = {"hypothesis": "random exact points (Hypothesis)", "torch": "batched floating-point search (torch)"}
MEGABYTE = 2**20


def attempts_section(task: Task, evidence: Evidence) -> Section:
    detail = evidence.detail if isinstance(evidence.detail, dict) else {}
    tried = detail.get("tried", {})
    lines = [OUT_OF_REACH] if is_out_of_reach(task, evidence) else list(attacks(tried))
    if is_realized(task, evidence):
        lines.insert(0, IN_A_MODEL)
    if isinstance(task.obligation.goal, Theorem) and evidence.outcome is not Outcome.ERROR and tried:
        lines.append(f"proof search: {searched(task, evidence, detail)}")
    elif evidence.engine:
        lines.append(f"engine: {evidence.engine}")
    lines.append(spent(evidence.resources))
    return Section("tried", "what was tried", bounded(lines), {"tried": tried, "resources": evidence.resources})


def attacks(tried: Mapping[str, Json]) -> Iterator[str]:
    """The falsifiers, in the order in which they ran."""
    if "unattacked" in tried:
        yield str(tried["unattacked"])
    if "grid" in tried:
        points, effective = tried["grid"]["points"], tried["grid"]["effective"]
        yield f"structured exact points: {counted(points, 'point')}, at {effective} of them the hypotheses hold"
    if "z3" in tried:
        yield f"Z3, asked for a counterexample: {said_by_z3(tried['z3'])}"
    for name, words in SEARCHES.items():
        if name in tried:
            yield f"{words}: {'a counterexample' if tried[name].get('counterexample') else 'no counterexample'}"


def said_by_z3(answer: Json) -> str:
    if answer.get("complete"):
        return "there is none, by its own word"
    said = []
    for name, words in (("unsatisfiable", "none"), ("undecided", "no answer")):
        places = ", ".join(at(naturals).strip() or "as it stands" for naturals in answer[name])
        said += [f"{words} ({places})"] if places else []
    return (
        ", ".join(said) or "it was left nothing to decide (where hypotheses cannot be met there is nothing to refute)"
    )


def searched(task: Task, evidence: Evidence, detail: Json) -> str:
    if "point" in detail:
        return "none, as there is a counterexample"
    if task.claim.arithmetic != "exact":
        return f"none, as the logic does not speak about {task.claim.arithmetic} arithmetic"
    if "unproved" in detail:
        return f"stopped ({detail['unproved']['reason']})"
    return "found a proof" if evidence.engine == "proof search" else "none"


def spent(resources: Json) -> str:
    """The budget and what was used of it."""
    told = []
    if (cpu := resources.get("cpu_seconds")) is not None:
        told.append(f"{cpu:.2f} s of processor time")
    if peak := resources.get("peak_bytes"):
        told.append(f"{peak / MEGABYTE:.0f} MiB")
    budget = resources.get("budget_seconds")
    allowed = f"; {budget:g} s were allowed" if budget is not None else ""
    return f"used {', '.join(told) or 'nothing that was measured'}{allowed}"


def kernel_section(evidence: Evidence) -> Iterator[Section]:
    """Certificates by what became of them."""
    detail = evidence.detail if isinstance(evidence.detail, dict) else {}
    lines = [
        f"accepted: {c.kind}, {counted(c.steps, 'step')}, {c.bytes} bytes, sha256 {c.sha256[:12]}"
        for c in evidence.certificates
    ]
    rejected = list(detail.get("rejected", ()))
    lines += [f"rejected: {reason}" for reason in rejected]
    if lines:
        data = {"accepted": [c.sha256 for c in evidence.certificates], "rejected": rejected}
        yield Section("kernel", "what the kernel said", bounded(lines), data)


def numbers_section(evidence: Evidence) -> Iterator[Section]:
    """Questions one by one, bounds, counts, the finding of a test."""
    from verify.session.reporting import question_line

    detail = evidence.detail if isinstance(evidence.detail, dict) else {}
    if rows := detail.get("questions"):
        yield Section("questions", "the questions, one by one", bounded([question_line(r) for r in rows]), rows)
    if rows := detail.get("rows"):
        lines = [f"{at(row['naturals']).strip()}: {row['bound'] or 'no bound, ' + row['reason']}" for row in rows]
        yield Section("bounds", "the bounds, one by one", bounded(lines), rows)
    if counts := detail.get("counts"):
        yield Section("counts", "what was counted", bounded([f"{k}: {v}" for k, v in counts.items()]), counts)
    if finding := detail.get("finding"):
        lines = [f"it says: {detail['says']}", f"level: {detail['level']:g}"]
        lines += [f"{name}: {value}" for name, value in finding.items() if isinstance(value, str | int | float)]
        yield Section("finding", "the statistical test", bounded(lines), finding)
    if told := detail.get("worker"):
        yield Section("worker", "what the process told", bounded(str(told).splitlines()))
    if output := detail.get("output"):
        yield Section("output", "what the process printed last", bounded(str(output).splitlines()[-20:]))
