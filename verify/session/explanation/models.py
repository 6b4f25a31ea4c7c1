r"""Models of a theorem's assumptions: the one in which they were proved, those in which they were not, and what to try."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from verify.kernel.text import definition_text
from verify.session.explanation.section import Section, bounded
from verify.session.points import defined, functions, in_order, in_words, mentioned
from verify.session.tasks import Task
from verify.theory.objects import Theorem
from verify.verdict import Evidence, Outcome

Json = Any
IN_A_MODEL = "in a model in which its assumptions were proved, and of the functions of this model only:"
OUT_OF_REACH = "no point was tried, as its assumptions were proved in no model"


def model_section(statement: Json, instance: Json) -> Iterator[Section]:
    """What arbitrary functions are where a theorem with assumptions was shown not to be vacuous."""
    if not defined(instance, statement):
        return
    point = in_order(instance, statement)
    names = ", ".join(entry["name"] for entry in statement["assumptions"])
    lines = functions(instance, statement)
    lines += [line for entry in mentioned(instance, statement) for line in definition_text(entry)]
    lines += [f"proved there: {names}", f"all hypotheses hold there at {in_words({**point, 'functions': []})}"]
    yield Section("model", "its assumptions hold in a model", bounded(lines), {"instance": instance})


def failed_section(task: Task, statement: Json, evidence: Evidence) -> Iterator[Section]:
    """The models in which some assumption was not proved, and where the search for its proof stopped."""
    found = failed(task, statement, evidence)
    models = task.claim.models
    lines = [f"{models[row['model']].place}: {row['assumption']} was not proved: {row['reason']}" for row in found]
    if lines:
        yield Section("models", "models in which an assumption was not proved", bounded(lines), found)


def failed(task: Task, statement: Json, evidence: Evidence) -> list[Json]:
    """What the evidence says of models that failed, and that say what some functions of the theorem are."""
    names, models = {name for name, *_ in statement["parameters"]}, task.claim.models
    about = [number for number, model in enumerate(models) if names & {function.name for function in model.functions}]
    return [row for row in tried(evidence) if row["model"] in about]


def is_realized(task: Task, evidence: Evidence) -> bool:
    """Whether the assumptions of a theorem were proved in a model, so that points were looked for there."""
    return needs_a_model(task, evidence) and bool(evidence.detail["tried"].get("in_models"))


def is_out_of_reach(task: Task, evidence: Evidence) -> bool:
    """Whether a theorem has assumptions that were proved in no model, so that no falsifier could try any point."""
    return needs_a_model(task, evidence) and not is_realized(task, evidence)


def needs_a_model(task: Task, evidence: Evidence) -> bool:
    if not (isinstance(task.obligation.goal, Theorem) and was_attacked(evidence)) or task.problem is None:
        return False
    return bool(task.problem.statement["assumptions"])


def was_attacked(evidence: Evidence) -> bool:
    return isinstance(evidence.detail, dict) and bool(evidence.detail.get("tried"))


def tried(evidence: Evidence) -> list[Json]:
    found: list[Json] = evidence.detail["tried"].get("models", []) if was_attacked(evidence) else []
    return found


def unshown(statement: Json, evidence: Evidence) -> list[str]:
    """The assumptions, cited steps aside, of a theorem that was proved without a satisfying instance."""
    detail = evidence.detail if isinstance(evidence.detail, dict) else {}
    proved = any(certificate.kind == "theorem" for certificate in evidence.certificates)
    if not proved or "instance" in detail or evidence.outcome is Outcome.ERROR:
        return []
    return [entry["name"] for entry in statement["assumptions"] if not entry["source"]]


def about_models(task: Task, statement: Json, evidence: Evidence) -> Iterator[str]:
    """Advice where no point can be judged, because assumptions about arbitrary functions stand before it."""
    if task.variant.name:
        wanted, why = evidence.outcome is Outcome.UNDECIDED and bool(statement["assumptions"]), "points can refute it"
        sought = "at which it is false"
    else:
        wanted, why = bool(unshown(statement, evidence)), "its assumptions are shown to be satisfiable"
        sought = "that the kernel accepts and that satisfies all hypotheses"
    if not wanted or not was_attacked(evidence) or task.claim.arithmetic != "exact":
        return
    if is_realized(task, evidence):
        yield f"another model: where its assumptions were proved, no point was found {sought}"
        return
    put = ", ".join(f'{name}: "..."' for name, *_ in statement["parameters"])
    yield f"a model, so that {why}: claim.model({{{put}}})"
    if failed(task, statement, evidence):
        yield "lemmas for an assumption that was not proved in a model: claim.model(..., using=[...])"
