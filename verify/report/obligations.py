r"""One obligation of a claim as the page shows it: what was asked, what was found, by whom, and how to repeat it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from markupsafe import Markup

from verify.errors import VerifyError
from verify.goals import Relaxation, Sampling, Trials
from verify.kernel import digest, parse, statement_text
from verify.report import figures, points, statements, words
from verify.report.mathml import math
from verify.report.proofs import Lemma, Part, Reader
from verify.report.statements import Shown
from verify.report.words import Status
from verify.session.session import Result
from verify.session.tasks import Task
from verify.theory.environment import bounded_term
from verify.theory.instances import bound_statement
from verify.verdict import CertificateReference

Json = Any


@dataclass(frozen=True)
class Certificate:
    """A certificate that the kernel accepted, and its file, if the bytes are at hand."""

    kind: str
    of: str
    path: str
    sha256: str
    statement_sha256: str
    size: str
    steps: int
    available: bool


@dataclass(frozen=True)
class Stuck:
    """Where the search for a proof ended."""

    theorem: str
    part: str
    reason: str
    wanted: str
    known: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """A label and a value."""

    label: str
    value: str


@dataclass(frozen=True)
class Bound:
    """One instance of a relaxation."""

    naturals: str
    bound: Markup | None
    exact: Markup | None
    ratio: str
    solver: str
    reason: str
    text: str
    sha256: str
    certificate: Certificate | None


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
    output: str = ""


@dataclass
class Desk:
    """What is needed while the obligations of one claim are described."""

    blobs: Mapping[str, bytes]
    options: Json
    reader: Reader = field(default_factory=Reader)
    files: dict[str, bytes] = field(default_factory=dict)  # path in the report: bytes
    stated: dict[str, str] = field(default_factory=dict)  # sha256 of a statement: the obligation that shows it

    def certificate(self, reference: CertificateReference, of: str, stem: str, number: str = "") -> Certificate:
        blob = self.blobs.get(reference.sha256)
        path = f"certificates/{stem}.{reference.kind}{number}.json"
        if blob is not None:
            self.files[path] = blob
        kind = words.KINDS.get(reference.kind, reference.kind)
        size = words.size(reference.bytes)
        return Certificate(
            kind, of, path, reference.sha256, reference.statement_sha256, size, reference.steps, blob is not None
        )

    def certificates(self, result: Result, stem: str) -> tuple[Certificate, ...]:
        """The certificates of a result; those of one kind are numbered if there are several."""
        found: list[Certificate] = []
        references = result.evidence.certificates
        for position, reference in enumerate(references):
            alike = [i for i, other in enumerate(references) if other.kind == reference.kind]
            number = f"-{alike.index(position) + 1}" if len(alike) > 1 else ""
            found.append(self.certificate(reference, result.task.obligation.name, stem, number))
        return tuple(found)

    def document(self, result: Result, kind: str) -> Json | None:
        """The first certificate of a kind, if its bytes are at hand."""
        for reference in result.evidence.certificates:
            if reference.kind == kind and reference.sha256 in self.blobs:
                return parse(self.blobs[reference.sha256].decode("ascii"))
        return None


def describe(result: Result, desk: Desk) -> Obligation:
    """An obligation and what was found."""
    task, evidence = result.task, result.evidence
    claim, name = task.claim.name, task.obligation.name
    statement = stated(task, evidence.detail)
    found = statements.shown(statement) if statement is not None else None
    same_as = desk.stated.setdefault(found.sha256, name) if found is not None else ""
    detail, resources = evidence.detail, evidence.resources
    certificates = desk.certificates(result, f"{claim}/{name}")
    document = None if evidence.detail.get("rows") else desk.document(result, "theorem")
    proof, lemmas = desk.reader.certificate(document) if document is not None else (None, [])
    witness = detail.get("point")
    return Obligation(
        name,
        words.role(evidence),
        about(task),
        words.evidence_status(evidence),
        evidence.reason,
        description(task),
        words.engine(evidence.engine),
        statement=found if same_as in ("", name) else None,
        same_as=same_as if same_as != name else "",
        steps=sum(c.steps for c in evidence.certificates if c.kind == "theorem"),
        seconds=words.seconds(resources.get("cpu_seconds")),
        budget=words.seconds(resources.get("budget_seconds")),
        seed=str(desk.options.get("seed", "")),
        cached=result.cached,
        commands=commands(task, desk.options),
        certificates=certificates,
        proof=proof,
        lemmas=tuple(lemmas),
        instance=points.point(detail["instance"]) if "instance" in detail else (),
        counterexample=points.point(witness) if witness else (),
        failure=points.failure(statement, witness) if witness and statement is not None else (),
        stuck=stuck(detail),
        attacks=attacks(detail),
        plan=plan(task),
        counts=counts(evidence.detail),
        bounds=bounds(task, detail, certificates),
        plot=plot(detail),
        output="\n".join(str(detail[key]) for key in ("worker", "output") if detail.get(key)),
    )


def stated(task: Task, detail: Json) -> Json | None:
    """The statement that was decided; of a relaxation, the first of its bounds."""
    if isinstance(task.obligation.goal, Relaxation):
        return next((s for row in detail.get("rows", ()) if (s := bounded(task, row)) is not None), None)
    return statements.of_task(task)


def bounded(task: Task, row: Json) -> Json | None:
    """The theorem that one bound of a relaxation is."""
    goal = task.obligation.goal
    if not isinstance(goal, Relaxation) or row.get("bound") is None:
        return None
    try:
        return bound_statement(bounded_term(goal.term, task.variant.changes(task.claim)), row["naturals"], row["bound"])
    except (VerifyError, KeyError, ValueError):
        return None


def about(task: Task) -> str:
    """What kind of check this is, in one phrase."""
    match task.obligation.goal:
        case Sampling(theorem=theorem):
            return f"the theorem {theorem.name} at random points"
        case Trials(count=count_):
            return f"{count_} trials of a program of the author"
        case Relaxation():
            return "an upper bound by a convex relaxation"
    return ""


def description(task: Task) -> str:
    """The author's docstring."""
    goal = task.obligation.goal
    function = getattr(goal, "python", None) or getattr(getattr(goal, "term", None), "python", None)
    function = function or getattr(goal, "function", None)
    return " ".join((getattr(function, "__doc__", None) or "").split())


def commands(task: Task, options: Json) -> tuple[str, ...]:
    """How to repeat it: the whole claim without what the store knows, and this obligation alone in pytest."""
    run = ["verify", "run", task.claim.name, "--refresh"]
    for option, default in (("seed", 0), ("seconds", 60.0), ("device", "cpu")):
        if options.get(option, default) != default:
            run += [
                f"--{option}",
                f"{options[option]:g}" if isinstance(options[option], float) else str(options[option]),
            ]
    file = Path(task.claim.place.file)
    shown = file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file
    return shlex.join(run), shlex.join(["pytest", f"{shown.as_posix()}::{task.claim.name}::{task.obligation.name}"])


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


# ------------------------------------------------------------------------------------------------------ numerics


def plan(task: Task) -> tuple[Row, ...]:
    """The pre-registered plan of a stress test: everything that determines the draws."""
    match task.obligation.goal:
        case Sampling() as goal:
            rows = [Row("points", f"{goal.samples} for each choice of the naturals")]
            rows += [Row(name, f"in {words.values(listed)}") for name, listed in goal.naturals.items()]
            rows += [
                Row(name, f"uniform on [{Fraction(low)}, {Fraction(high)}], dyadic grid of {goal.bits} bits")
                for name, (low, high) in goal.reals.items()
            ]
            rows += [
                Row(name, f"{length} values, each uniform on [{Fraction(low)}, {Fraction(high)}]")
                for name, (length, (low, high)) in goal.tables.items()
            ]
            return (*rows, Row("level", f"{goal.level:g}"))
        case Trials() as goal:
            return Row("trials", str(goal.count)), Row("level", f"{goal.level:g}")
    return ()


COUNTS = {
    "drawn": "numbers or points drawn",
    "effective": "satisfy the hypotheses",
    "certain": "decided beyond rounding error",
    "replayed": "replayed exactly",
    "unreplayed": "within rounding error, not decided",
    "failures": "failed trials",
}


def counts(detail: Json) -> tuple[Row, ...]:
    rows = [
        Row(label, str(detail["counts"][name])) for name, label in COUNTS.items() if name in detail.get("counts", {})
    ]
    if "violation_bound" in detail:
        rows.append(Row("probability of a violation, at most", words.probability(detail["violation_bound"])))
        rows.append(Row("error rate of that statement", words.probability(detail["level"])))
    return tuple(rows)


def bounds(task: Task, detail: Json, certificates: tuple[Certificate, ...]) -> tuple[Bound, ...]:
    """The rows of a relaxation, each with its certificate."""
    available = iter(certificates)
    found = []
    for row in detail.get("rows", ()):
        bound, exact = fraction(row.get("bound")), fraction(row.get("exact"))
        ratio = f"{float(bound / exact):.4g}" if bound is not None and exact else "—"
        certificate = next(available, None) if bound is not None else None
        statement = bounded(task, row)
        found.append(
            Bound(
                words.naturals(row["naturals"]),
                math(points.number(bound)) if bound is not None else None,
                math(points.number(exact)) if exact is not None else None,
                ratio,
                str(row.get("solver", "")),
                str(row.get("reason", "")),
                statement_text(statement)[-1] if statement is not None else "",
                digest(statement) if statement is not None else "",
                certificate,
            )
        )
    return tuple(found)


def plot(detail: Json) -> figures.Plot | None:
    rows = detail.get("rows") or ()
    labels = [words.naturals(row["naturals"]) for row in rows]
    return figures.bounds_plot(
        labels, [fraction(r.get("bound")) for r in rows], [fraction(r.get("exact")) for r in rows]
    )


def fraction(text: Json) -> Fraction | None:
    try:
        return Fraction(text) if isinstance(text, str) else None
    except (ValueError, ZeroDivisionError):
        return None
