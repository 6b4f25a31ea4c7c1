r"""Why a result is what it is, for whoever wrote the claim: ``verify explain CLAIM OBLIGATION``.

Everything here is drawn from evidence and certificates; nothing is decided.  What was tried, in order; what the kernel
accepted and what it rejected; what a proof uses and what it does not; where a search stopped; a counterexample step by
step; the model of the assumptions; what would help.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from verify.errors import Place, VerifyError
from verify.goals import StatisticalTest
from verify.kernel import Rejected, Unsupported, check, digest, statement_text
from verify.session.explanation.advice import advice_section, stopped_section
from verify.session.explanation.attempts import attempts_section, kernel_section, numbers_section
from verify.session.explanation.models import failed_section, model_section
from verify.session.explanation.point import point_section
from verify.session.explanation.section import Section, bounded
from verify.session.explanation.usage import usage_section
from verify.session.tasks import Task, theorem_of
from verify.theory.environment import Problem
from verify.theory.objects import place_of
from verify.verdict import Evidence, Outcome

Json = Any
Others = Sequence[tuple[Task, Evidence | None]]


@dataclass(frozen=True)
class Explanation:
    """What there is to say about the result of one task."""

    task: Task
    evidence: Evidence
    statement: tuple[str, ...]
    sections: tuple[Section, ...]

    @property
    def place(self) -> Place:
        theorem = theorem_of(self.task.obligation)
        if theorem is None:
            return self.task.obligation.place
        return place_of(self.task.variant.changes(self.task.claim).python(theorem))

    @property
    def headline(self) -> str:
        evidence = self.evidence
        how = [evidence.strength.name.lower()] if evidence.strength is not None else []
        how += [f"for {SCOPES[evidence.scope.name]}"] if evidence.scope is not None else []
        how += [f"given {', '.join(evidence.given)}"] if evidence.given else []
        established = f" ({', '.join(how)})" if how else ""
        return f"{evidence.outcome.value}{established}: {evidence.reason}"

    def text(self) -> str:
        lines = [self.task.id, f"  {self.place}", *(f"  {line}" for line in self.statement), f"  {self.headline}"]
        for section in self.sections:
            lines += ["", f"  {section.title}", *(f"    {line}" for line in section.lines)]
        return "\n".join(lines)

    def json(self) -> Json:
        told = self.evidence.to_json()
        kept = {name: told[name] for name in ("outcome", "strength", "scope", "given", "reason", "engine", "resources")}
        place = {"file": self.place.file, "line": self.place.line}
        sections = [section.json() for section in self.sections]
        return {"task": self.task.id, "place": place, "statement": list(self.statement), **kept, "sections": sections}


SCOPES = {"ALL": "all values", "RANGE": "all values in a range", "INSTANCES": "the listed instances"}


def explain(task: Task, evidence: Evidence, documents: Sequence[Json] = (), others: Others = ()) -> Explanation:
    """Explain a result.  ``documents`` are its certificates; ``others`` are the results of the same variant."""
    return Explanation(task, evidence, stated(task), tuple(sections(task, evidence, documents, others)))


def stated(task: Task) -> tuple[str, ...]:
    """What was asked, in the kernel's words."""
    try:
        if task.problem is not None:
            return bounded(statement_text(task.problem.statement))
        if isinstance(task.obligation.goal, StatisticalTest):
            return (task.claimed,)
        return bounded([line for question in task.asked[:MOST_QUESTIONS] for line in question.text[:1]])
    except VerifyError as wrong:
        return (str(wrong),)


MOST_QUESTIONS = 3


def sections(task: Task, evidence: Evidence, documents: Sequence[Json], others: Others) -> Iterator[Section]:
    detail = evidence.detail if isinstance(evidence.detail, dict) else {}
    if task.variant.name:
        yield variant_section(task, evidence, others)
    yield attempts_section(task, evidence)
    yield from kernel_section(evidence)
    yield from numbers_section(evidence)
    problem = None if evidence.outcome is Outcome.ERROR else task.problem
    if problem is not None:
        yield from (usage_section(problem, proof) for proof in proofs(problem, documents))
        if "instance" in detail:
            yield from model_section(problem.statement, detail["instance"])
        if "point" in detail:
            yield point_section(problem.statement, detail["point"])
        yield from failed_section(task, problem.statement, evidence)
    yield from stopped_section(task, evidence)
    yield from advice_section(task, evidence, refuted=bool(refuting(task, evidence, others)))


def proofs(problem: Problem, documents: Sequence[Json]) -> Iterator[Json]:
    """The certificates that the kernel accepts as proofs of the theorem; of what is undecided, nobody has asked it yet."""
    for document in documents:
        with suppress(Rejected, Unsupported):
            if check(document, statement_sha256=digest(problem.statement)).kind == "theorem":
                yield document


def variant_section(task: Task, evidence: Evidence, others: Others) -> Section:
    """What the variant changes, and what the other obligations made of it."""
    lines = changed(task)
    for other, known in together(task, evidence, others):
        said = f"{known.outcome.value}: {known.reason}" if known is not None else "not checked yet"
        lines.append(f"{other.obligation.name} {said}")
    by = refuting(task, evidence, others)
    ending = f"refuted by {', '.join(by)}" if by else "refuted by nothing that was checked"
    data = {"variant": task.variant.name, "refuted_by": by}
    return Section("variant", f"{task.variant.name}: {ending}", bounded(lines), data)


def together(task: Task, evidence: Evidence, others: Others) -> Others:
    return [(task, evidence), *((other, known) for other, known in others if other.id != task.id)]


def refuting(task: Task, evidence: Evidence, others: Others) -> list[str]:
    """The obligations that refute this variant."""
    told = together(task, evidence, others)
    return [other.obligation.name for other, known in told if known is not None and known.outcome is Outcome.REFUTED]


def changed(task: Task) -> list[str]:
    """The lines of the statement that the variant changes."""
    if task.base is None:
        return []
    before, after = stated(task.base), stated(task)
    dropped = [f"instead of {line}" for line in before if line not in after]
    return [f"states {line}" for line in after if line not in before] + dropped
