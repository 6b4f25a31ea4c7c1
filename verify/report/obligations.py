r"""One obligation of a claim as the page shows it: what was asked, what was found, by whom, and how to repeat it."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from markupsafe import Markup

from verify.goals import Exact, Relaxation, Sampling, StatisticalTest, Trials
from verify.report import figures, numerics, points, statements, words
from verify.report.certificates import Certificate, Desk
from verify.report.experiments import Shown as Experiment
from verify.report.experiments import experiment
from verify.report.mathml import prose
from verify.report.numerics import Bound, Row, bounded
from verify.report.pictures import Picture, pictures
from verify.report.proofs import Lemma, Part
from verify.report.questions import Questions, questions
from verify.report.statements import Shown
from verify.report.words import Status
from verify.session.session import Result
from verify.session.tasks import Task

Json = Any
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
    same_as: str = ""
    steps: int = 0
    seconds: str = "—"
    budget: str = "—"
    seed: str = ""
    cached: bool = False
    commands: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    proof: Part | None = None
    lemmas: tuple[Lemma, ...] = ()
    instance: tuple[Markup, ...] = ()
    counterexample: tuple[Markup, ...] = ()
    failure: tuple[Markup, ...] = ()
    stuck: Stuck | None = None
    attacks: tuple[Row, ...] = ()
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
        seconds=words.seconds(resources.get("cpu_seconds")),
        budget=words.seconds(resources.get("budget_seconds")),
        seed=str(desk.options.get("seed", "")),
        cached=result.cached,
        commands=commands(task, desk.options),
        checks=checks(certificates),
        certificates=certificates,
        stuck=stuck(detail),
        attacks=attacks(detail),
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
    proof, lemmas = desk.proof(document)
    witness = detail.get("point")
    return replace(
        shown,
        statement=found if same_as == shown.name else None,
        same_as=same_as if same_as != shown.name else "",
        steps=sum(c.steps for c in evidence.certificates if shown.questions or c.kind == "theorem"),
        proof=proof,
        lemmas=lemmas,
        instance=points.point(detail["instance"]) if "instance" in detail else (),
        counterexample=points.point(witness) if witness else (),
        failure=points.failure(statement, witness) if witness and statement is not None else (),
    )


def stated(task: Task, detail: Json) -> Json | None:
    """The statement that was decided; of a relaxation, the first of its bounds."""
    if isinstance(task.obligation.goal, Relaxation):
        return next((s for row in detail.get("rows", ()) if (s := bounded(task, row)) is not None), None)
    return statements.of_task(task)


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
        case Exact(naturals=naturals):
            listed = " and ".join(f"{name} = {words.values(values)}" for name, values in naturals.items())
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
    file = Path(task.claim.place.file)
    shown = (file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file).as_posix()
    origin = task.listed.origin
    by_path = origin != "claims" and Path(origin).exists()  # it was found where the user pointed, and only there
    run = ["verify", "run", shown if by_path else task.claim.name, "--refresh"]
    for option, default in (("seed", 0), ("seconds", 60.0), ("device", "cpu")):
        value = options.get(option, default)
        if value != default:
            run += [f"--{option}", f"{value:g}" if isinstance(value, float) else str(value)]
    return shlex.join(run), shlex.join(["pytest", f"{shown}::{task.claim.name}::{task.obligation.name}"])


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


def attacks(detail: Json) -> tuple[Row, ...]:
    """The searches for a counterexample that came first."""
    tried, found = detail.get("tried") or {}, []
    if "unattacked" in tried:
        found.append(Row("searches for a counterexample", tried["unattacked"]))
    if "grid" in tried:
        grid = tried["grid"]
        found.append(Row("exact grid", f"{grid['points']} points, {grid['effective']} of them satisfy the hypotheses"))
    if "z3" in tried:
        z3 = tried["z3"]
        scope = (
            "for all values" if z3.get("complete") else f"at {len(z3.get('unsatisfiable', ()))} choices of the naturals"
        )
        open_ = f", undecided at {len(z3['undecided'])}" if z3.get("undecided") else ""
        found.append(Row("Z3", f"no counterexample {scope}{open_}"))
    for name, label in (("hypothesis", "hypothesis"), ("torch", "batched random points")):
        if name in tried:
            hit = isinstance(tried[name], dict) and tried[name].get("counterexample")
            found.append(Row(label, "a counterexample" if hit else "no counterexample"))
    return tuple(found)
