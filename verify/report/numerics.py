r"""The numbers of an obligation: plans of stress tests and what was counted, bounds of relaxations."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from markupsafe import Markup

from verify.errors import VerifyError
from verify.goals import Relaxation, Sampling, Trials
from verify.kernel import digest, statement_text
from verify.report import figures, points, words
from verify.report.certificates import Certificate
from verify.report.mathml import math
from verify.session.tasks import Task
from verify.theory.environment import bounded_term
from verify.theory.instances import bound_statement

Json = Any


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


def bounded(task: Task, row: Json) -> Json | None:
    """The theorem that one bound of a relaxation is."""
    goal = task.obligation.goal
    if not isinstance(goal, Relaxation) or row.get("bound") is None:
        return None
    try:
        return bound_statement(bounded_term(goal.term, task.variant.changes(task.claim)), row["naturals"], row["bound"])
    except (VerifyError, KeyError, ValueError):
        return None


def plan(task: Task) -> tuple[Row, ...]:
    """The pre-registered plan of a stress test: everything that determines the draws."""
    match task.obligation.goal:
        case Sampling() as goal:
            rows = [Row("points", f"{words.grouped(goal.samples)} for each choice of the naturals")]
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
            return Row("trials", words.grouped(goal.count * goal.runs)), Row("level", f"{goal.level:g}")
    return ()


COUNTS = {
    "drawn": "numbers or points drawn",
    "effective": "satisfy the hypotheses and are decided",
    "certain": "decided beyond rounding error",
    "replayed": "replayed exactly",
    "unreplayed": "within rounding error, not decided",
    "failures": "failed trials",
}


def counts(detail: Json) -> tuple[Row, ...]:
    rows = [
        Row(label, words.grouped(detail["counts"][name]))
        for name, label in COUNTS.items()
        if name in detail.get("counts", {})
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
