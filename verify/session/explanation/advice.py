r"""Where a search stopped, at the author's line, and what would help."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from verify.errors import Place
from verify.kernel import Rejected
from verify.kernel.formulas import syntax
from verify.session.explanation.models import about_models
from verify.session.explanation.section import Section, bounded
from verify.session.tasks import Task, theorem_of
from verify.theory.environment import Problem
from verify.theory.objects import Instance, Theorem
from verify.verdict import Evidence, Outcome, Role

Json = Any

VACUOUS = "no point was found that satisfies its hypotheses"  # as ``judge`` says it


def stopped_section(task: Task, evidence: Evidence) -> Iterator[Section]:
    """The open goal with what was known there."""
    stuck = evidence.detail.get("unproved") if isinstance(evidence.detail, dict) else None
    if not stuck:
        return
    place = places(theorem_of(task.obligation)).get(stuck["theorem"])
    case = f", case {stuck['part']}" if stuck["part"] else ""
    lines = [f"at {place}"] if place is not None else []
    lines += [f"because: {stuck['reason']}"]
    lines += [f"known:  {formula}" for formula in stuck["known"]]
    lines += [f"wanted: {stuck['wanted']}"] if stuck["wanted"] else []
    where = {"file": place.file, "line": place.line} if place is not None else None
    data = {**stuck, "place": where}
    yield Section("stopped", f"where the search stopped: {stuck['theorem']}{case}", bounded(lines), data)


def places(theorem: Theorem | None) -> dict[str, Place]:
    """The lines of a theorem and of its lemmas."""
    found: dict[str, Place] = {}
    pending = [theorem] if theorem is not None else []
    while pending:
        current = pending.pop()
        if current.name not in found:
            found[current.name] = current.place
            used = [fact.theorem if isinstance(fact, Instance) else fact for fact in current.using]
            pending += [fact for fact in used if isinstance(fact, Theorem)]
    return found


def advice_section(task: Task, evidence: Evidence, *, refuted: bool) -> Iterator[Section]:
    """Advice about a result; a mutant that some obligation refutes (``refuted``) needs none."""
    lines = [] if task.variant.name.startswith("mutant:") and refuted else list(advice(task, evidence))
    if lines:
        yield Section("advice", "what would help", bounded(lines))


def advice(task: Task, evidence: Evidence) -> Iterator[str]:
    detail = evidence.detail if isinstance(evidence.detail, dict) else {}
    budget = evidence.resources.get("budget_seconds")
    if evidence.outcome is Outcome.ERROR:
        yield "correct what is named above; an error is not kept, so that the next run tries again"
        return
    yield from about_given(evidence)
    if evidence.reason.startswith("timeout:") and budget is not None:
        yield f"more time: verify run {task.claim.name} --seconds {4 * budget:g}"
    if evidence.reason.startswith("memory:"):
        yield "smaller instances, or a division by lemmas: the task needs more memory than it may have"
    if VACUOUS in evidence.reason and task.problem is not None:
        yield from about_vacuity(task.problem)
    if task.problem is not None:
        yield from about_models(task, task.problem.statement, evidence)
    if "unproved" in detail and task.problem is not None:
        yield from about_search(task, task.problem, detail["unproved"], budget)
    if task.variant.name.startswith("mutant:") and evidence.outcome is not Outcome.REFUTED:
        yield "a mutant has to be false here or under another obligation: change it so that it fails at some simple point"
    if is_unexpectedly_false(task, evidence):
        yield "a hypothesis that excludes the counterexample, or a weaker conclusion"


def is_unexpectedly_false(task: Task, evidence: Evidence) -> bool:
    if task.variant.name or evidence.outcome is not Outcome.REFUTED:
        return False
    return evidence.role is Role.PROOF and task.claim.expect != "refuted"


def about_given(evidence: Evidence) -> Iterator[str]:
    if evidence.given and evidence.outcome is Outcome.HOLDS:
        yield f"a proof of what is cited ({', '.join(evidence.given)}) would make the verdict unconditional"


def about_vacuity(problem: Problem) -> Iterator[str]:
    hypotheses = " and ".join(problem.statement["theorem"]["hypotheses"])
    yield f"are the hypotheses ever true together? They say: {hypotheses or 'nothing'}"
    yield "a theorem about nothing proves itself: drop or correct the one that contradicts the others"
    yield "if they can be met, but only at a point that is hard to find, weaken them or state the theorem for that case"


def about_search(task: Task, problem: Problem, stuck: Json, budget: float | None) -> Iterator[str]:
    reason = stuck["reason"]
    if reason.startswith("no proof within") and budget is not None:
        yield f"more time: verify run {task.claim.name} --seconds {4 * budget:g}"
    if reason == "the search became too large":
        yield "fewer facts in using=, facts at given terms (lemma.at(...)), or a division by lemmas"
    own = stuck["theorem"] == problem.statement["theorem"]["name"]
    along = induction_variable(problem) if own else None
    if along is not None:
        yield f'by=induction("{along}"): the statement speaks of a function that is defined by recursion'
    if stuck["wanted"]:
        yield f"a lemma in using=, or a step in have=, from which this follows where it stopped: {stuck['wanted']}"
        yield "a case split in cases=, if it is true for different reasons in different places"


def induction_variable(problem: Problem) -> str | None:
    """A natural variable of the theorem that goes into a recursion, if there is no induction along any."""
    if problem.hints.induction:
        return None
    theorem = problem.statement["theorem"]
    naturals: list[str] = [variable for variable, sort in theorem["variables"] if sort == "nat"]
    recursive = {
        d["name"] for d in problem.statement["definitions"] if isinstance(d["body"], dict) and "on" in d["body"]
    }
    try:
        nodes = list(ast.walk(syntax(theorem["conclusion"])))
    except Rejected:
        return None
    for node in nodes:
        match node:
            case ast.Call(func=ast.Name(id=head), args=arguments) if head in recursive:
                words = {n.id for argument in arguments for n in ast.walk(argument) if isinstance(n, ast.Name)}
                if found := [variable for variable in naturals if variable in words]:
                    return found[0]
    return None
