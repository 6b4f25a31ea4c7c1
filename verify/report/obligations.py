r"""One obligation of a claim as the page shows it: what was asked, what was found, by whom, and how to repeat it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from verify.goals import Exact, Relaxation, Sampling, StatisticalTest, Trials
from verify.report import figures, numerics, points, statements, words
from verify.report.certificates import Certificate, Desk
from verify.report.commands import by_verify, in_pytest
from verify.report.experiments import Shown as Experiment
from verify.report.experiments import experiment
from verify.report.mathml import prose
from verify.report.numerics import Bound, Row, bounded
from verify.report.pictures import Picture, pictures
from verify.report.points import Point
from verify.report.proofs import Lemma
from verify.report.questions import Questions, questions
from verify.report.statements import Shown
from verify.report.words import Status
from verify.session.explanation.models import is_out_of_reach, is_realized
from verify.session.session import Result
from verify.session.tasks import Task
from verify.verdict import Scope, counted

Json = Any
FUNCTION = "function"  # the sort of an arbitrary function that has arguments
NUMBER = re.compile(r"-\d+\.json$")


@dataclass(frozen=True)
class Stuck:
    """Where the search for a proof ended."""

    theorem: str
    part: str
    reason: str
    wanted: str
    known: tuple[str, ...]


@dataclass(frozen=True)
class Obligation:
    """Everything that a claim's page says about one obligation."""

    name: str
    role: str
    about: str
    status: Status
    reason: str
    description: str
    engine: str
    statement: Shown | None = None
    variables: tuple[tuple[str, str], ...] = ()  # of its statement, with their sorts
    instances: str = ""
    same_as: str = ""
    repeated: bool = False  # whether all of its definitions stand on the page before
    steps: int = 0
    seconds: str = "—"
    budget: str = "—"
    seed: str = ""
    device: str = ""
    cached: bool = False
    sealed: bool = False
    commands: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    proof: Markup | None = None
    lemmas: tuple[Lemma, ...] = ()
    instance: Point | None = None
    counterexample: Point | None = None
    failure: tuple[Markup, ...] = ()
    stuck: Stuck | None = None
    attacks: tuple[Row, ...] = ()
    in_a_model: bool = False  # whether these searches were about functions that satisfy the assumptions
    plan: tuple[Row, ...] = ()
    counts: tuple[Row, ...] = ()
    bounds: tuple[Bound, ...] = ()
    plot: figures.Plot | None = None
    questions: Questions | None = None
    pictures: tuple[Picture, ...] = ()
    experiment: Experiment | None = None
    rejected: tuple[str, ...] = ()
    output: str = ""


def describe(result: Result, desk: Desk) -> Obligation:
    """An obligation and what was found."""
    task, evidence = result.task, result.evidence
    name, detail, resources = task.obligation.name, evidence.detail, evidence.resources
    certificates = desk.certificates(result, f"{task.claim.name}/{name}")
    asked = questions(task, detail, certificates)
    shown = Obligation(
        name,
        words.role(evidence, exact=isinstance(task.obligation.goal, Exact)),
        about(task),
        words.evidence_status(evidence),
        prose(evidence.reason),
        prose(description(task)),
        words.engine(evidence.engine),
        instances=instances(task),
        seconds=words.seconds(resources.get("cpu_seconds")),
        budget=words.seconds(resources.get("budget_seconds")),
        seed=str(desk.options.get("seed", "")),
        device=str(desk.options.get("device", "")),
        commands=commands(task, desk.options),
        checks=checks(certificates),
        certificates=certificates,
        stuck=stuck(detail),
        attacks=() if is_out_of_reach(task, evidence) else attacks(task, detail),
        in_a_model=is_realized(task, evidence),
        plan=numerics.plan(task),
        counts=numerics.counts(detail),
        bounds=numerics.bounds(task, detail, certificates),
        plot=numerics.plot(detail),
        questions=asked,
        pictures=pictures(asked, desk) if asked is not None else (),
        experiment=experiment(task, detail),
        rejected=tuple(map(str, detail.get("rejected", ()))),
        output="\n".join(str(detail[key]) for key in ("worker", "output") if detail.get(key)),
    )
    return reasoned(shown, result, desk)


def reasoned(shown: Obligation, result: Result, desk: Desk) -> Obligation:
    """With its statement, its proof, and the points that belong to it.

    The statement is that of the certificate, if its bytes are at hand.
    """
    evidence, detail = result.evidence, result.evidence.detail
    document = None if shown.bounds else desk.document(result, "theorem")
    decided = document or desk.document(result, "counterexample")
    statement = decided["statement"] if decided is not None else stated(result.task, detail)
    found = statements.shown(statement) if statement is not None else None
    same_as = desk.stated.setdefault(found.sha256, shown.name) if found is not None else shown.name
    repeated = found is not None and desk.defined.issuperset(found.defining)
    desk.defined.update(found.defining if found is not None else ())
    proof, lemmas = desk.proof(document)
    witness, instance = detail.get("point"), detail.get("instance")
    return replace(
        shown,
        variables=variables(statement) if statement is not None and evidence.scope is Scope.ALL else (),
        statement=found if same_as == shown.name else None,
        same_as=same_as if same_as != shown.name else "",
        repeated=repeated,
        steps=sum(c.steps for c in evidence.certificates if shown.questions or c.kind == "theorem"),
        proof=proof,
        lemmas=lemmas,
        instance=points.point(statement, instance) if instance and statement is not None else None,
        counterexample=points.point(statement, witness) if witness and statement is not None else None,
        failure=points.failure(statement, witness) if witness and statement is not None else (),
    )


def stated(task: Task, detail: Json) -> Json | None:
    """The statement that was decided; of a relaxation, the first of its bounds."""
    if isinstance(task.obligation.goal, Relaxation):
        return next((s for row in detail.get("rows", ()) if (s := bounded(task, row)) is not None), None)
    return statements.of_task(task)


def variables(statement: Json) -> tuple[tuple[str, str], ...]:
    """What a statement speaks about all values of: its variables and the arbitrary functions, with their sorts."""
    arbitrary = [(name, FUNCTION if arguments else sort) for name, arguments, sort in statement["parameters"]]
    return (*arbitrary, *((name, sort) for name, sort in statement["theorem"]["variables"]))


def instances(task: Task) -> str:
    """The naturals that are listed, for goals that ask about explicit objects."""
    listed: Mapping[str, tuple[int, ...]] = getattr(task.obligation.goal, "naturals", {})
    return " and ".join(f"{name} = {words.values(chosen)}" for name, chosen in listed.items())


def about(task: Task) -> str:
    """What kind of check this is, in one phrase."""
    match task.obligation.goal:
        case Sampling(theorem=theorem):
            return f"the theorem {theorem.name} at random points"
        case Trials(count=count_, runs=runs):
            batches = f"{words.grouped(count_ * runs)} runs, in {count_} batches," if runs > 1 else f"{count_} trials"
            return f"{batches} of a program of the author"
        case StatisticalTest(runs=runs):
            return f"a pre-registered test of {words.grouped(runs)} independent runs"
        case Relaxation():
            return "an upper bound by a convex relaxation"
        case Exact():
            listed = instances(task)
            many = f"questions about explicit objects, one for each of {listed}"
            return many if listed else "a question about explicit objects"
    return ""


def description(task: Task) -> str:
    """The author's docstring."""
    goal = task.obligation.goal
    function = getattr(goal, "python", None) or getattr(getattr(goal, "term", None), "python", None)
    function = function or getattr(goal, "function", None)
    return " ".join((getattr(function, "__doc__", None) or "").split())


def commands(task: Task, options: Json) -> tuple[str, ...]:
    """How to repeat it: the whole claim without what the store knows, and this obligation alone in pytest."""
    alone = in_pytest(task.listed, task.obligation.name, options)
    return tuple(command for command in (by_verify(task.listed, options), alone) if command)


def checks(certificates: tuple[Certificate, ...]) -> tuple[str, ...]:
    """How to decide the certificates again; those of one kind together, if there are many."""
    kept = [c for c in certificates if c.available]
    if len(kept) <= 3:
        return tuple(f"python -m verify.kernel -v {c.path}" for c in kept)
    patterns = dict.fromkeys(NUMBER.sub("-*.json", c.path) for c in kept)
    return (f"python -m verify.kernel {' '.join(patterns)}",)


def stuck(detail: Json) -> Stuck | None:
    found = detail.get("unproved")
    if not found:
        return None
    known = tuple(str(fact) for fact in found.get("known", ()))
    theorem, part, reason, wanted = (str(found.get(k, "")) for k in ("theorem", "part", "reason", "wanted"))
    return Stuck(theorem, part, reason, wanted, known)


def attacks(task: Task, detail: Json) -> tuple[Row, ...]:
    """The searches for a counterexample that came first."""
    tried, found = detail.get("tried") or {}, []
    if "unattacked" in tried:
        found.append(Row("searches for a counterexample", tried["unattacked"]))
    if "grid" in tried:
        grid = tried["grid"]
        found.append(Row("exact grid", f"{grid['points']} points, {grid['effective']} of them satisfy the hypotheses"))
    if "z3" in tried:
        found.append(Row("Z3", asked_of_z3(tried["z3"], statements.of_task(task))))
    for name, label in (("hypothesis", "hypothesis"), ("torch", "batched random points")):
        if name in tried:
            hit = isinstance(tried[name], dict) and tried[name].get("counterexample")
            found.append(Row(label, "a counterexample" if hit else "no counterexample"))
    return tuple(found)


def asked_of_z3(z3: Json, statement: Json | None) -> str:
    """What Z3 was asked, and what its silence means: of vectors and matrices it only sees those of a few small sizes."""
    none, some = len(z3.get("unsatisfiable", ())), len(z3.get("undecided", ()))
    if z3.get("complete"):
        return "no counterexample for all values"
    if not none and not some:
        return "not asked" if not z3.get("rlimit") else "no answer within its limits"
    if statement is not None and is_sized(statement):
        return "no counterexample found among vectors and matrices of a few small sizes, which decides nothing about others"
    at = [
        f" at {counted(count, 'choice')} of the naturals" if has_naturals(statement) else "" for count in (none, some)
    ]
    told = [f"no counterexample{at[0]}"] if none else []
    return ", ".join([*told, f"no answer{at[1]}"] if some else told)


def is_sized(statement: Json) -> bool:
    """Whether a statement speaks of vectors or matrices."""
    sorts = [sort for _, sort in statement["theorem"]["variables"]]
    for _, arguments, sort in statement["parameters"]:
        sorts += [*arguments, sort]
    return any(sort == "vec" or sort.startswith("mat(") for sort in sorts)


def has_naturals(statement: Json | None) -> bool:
    return statement is not None and any(sort == "nat" for _, sort in statement["theorem"]["variables"])
