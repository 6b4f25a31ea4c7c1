r"""What is not established: everything that a reader could take for checked and that was not, drawn from the evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from verify.goals import Computation, Exact, StatisticalTest, Trials, at
from verify.kernel.text import sentence
from verify.report.mathml import prose
from verify.report.questions import rows_of
from verify.report.statements import of_task
from verify.report.words import evidence_status, probability, refutation, unchecked, values
from verify.session.explanation.models import failed, is_realized
from verify.session.session import Result
from verify.session.summary import ClaimResult
from verify.theory.objects import Theorem
from verify.verdict import ESTABLISHING, Outcome, Role, Scope, Strength, counted


MOST = 20  # questions that are named one by one


@dataclass(frozen=True)
class Gap:
    """One thing that is not established: the kind, what it is about, and the sentence."""

    kind: str
    about: str
    sentence: str
    many: bool = False  # whether it is about several things, each of them


def gaps(result: ClaimResult) -> list[Gap]:
    """Everything that is open about a claim, the gravest first."""
    return [
        *unsettled(result),
        *conditions(result),
        *assumed(result),
        *words_only(result),
        *narrow(result),
        *toothless(result),
        *(Gap("source", "source", sentence) for sentence in result.problems),
    ]


def together(found: Iterable[Gap]) -> tuple[Gap, ...]:
    """What is said of several things is said once."""
    about: dict[tuple[str, str], list[str]] = {}
    for gap in found:
        about.setdefault((gap.kind, gap.sentence), []).append(gap.about)
    return tuple(Gap(kind, ", ".join(names), said, len(names) > 1) for (kind, said), names in about.items())


def unsettled(result: ClaimResult) -> Iterator[Gap]:
    for name in unchecked(result):
        yield Gap("unchecked", name, "was not checked in this run.")
    if not result.claim.obligations:
        yield Gap("unchecked", "the claim", "has no obligations: nothing about it was checked.")
    for name, found in result.results.items():
        open_ones = [row for row in rows_of(found.evidence.detail) if row.get("holds") is None]
        for row in open_ones[:MOST]:
            yield Gap("undecided", f"{name}{at(row['naturals'])}", f"is not decided: {row['reason']}.")
        if len(open_ones) > MOST:
            yield Gap("undecided", name, f"has {len(open_ones) - MOST} more questions that are not decided.")
        if found.evidence.outcome in (Outcome.UNDECIDED, Outcome.ERROR) and not open_ones:
            yield Gap(found.evidence.outcome.value, name, f"{found.evidence.outcome.value}: {found.evidence.reason}.")


def conditions(result: ClaimResult) -> Iterator[Gap]:
    """Steps that were taken from the literature."""
    for step in result.claim.cited:
        yield Gap("cited", step.name, f"cited from {step.source} and not checked: {step.statement}")
    own = {f"{step.name} ({step.source})" for step in result.claim.cited}
    given = [step for found in result.results.values() for step in found.evidence.given]
    for name in dict.fromkeys([*result.verdict.given, *given]):
        if name not in own:
            yield Gap("cited", name, "a cited step, taken for granted and not checked.")


def assumed(result: ClaimResult) -> Iterator[Gap]:
    """Hypotheses of the theorems that are stated apart, as assumptions about arbitrary functions."""
    texts: dict[str, str] = {}
    for found in result.results.values():
        statement = of_task(found.task) if isinstance(found.task.obligation.goal, Theorem) else None
        for entry in statement["assumptions"] if statement is not None else ():
            if not entry["source"]:
                texts[entry["name"]] = sentence(entry)
    for name, text in texts.items():
        yield Gap("assumption", name, f"is assumed, as a hypothesis of the theorem: {text}.")


def words_only(result: ClaimResult) -> Iterator[Gap]:
    """Arguments in words that connect what was decided to what is claimed."""
    for name, found in result.results.items():
        obligation = found.task.obligation
        what = "answer" if isinstance(obligation.goal, Exact) else "theorem"
        if obligation.role is Role.DISPROOF:
            yield Gap(
                "words",
                name,
                prose(f"that this {what} contradicts the printed sentence is argued in words: {obligation.reason}."),
            )
        if isinstance(obligation.goal, Trials | Computation | StatisticalTest):
            yield Gap("words", name, "is a program of the author; that it tests the claim is not checked.")
        vacuous = isinstance(obligation.goal, Theorem) and found.evidence.outcome is not Outcome.ERROR
        if (
            vacuous
            and found.evidence.strength is Strength.CERTIFIED
            and not {"instance", "point"} & set(found.evidence.detail)
        ):
            yield Gap("vacuous", name, vacuity(found))


def vacuity(found: Result) -> str:
    """A theorem without a satisfying instance; assumptions about all points are not decided at any point."""
    statement = of_task(found.task)
    names = (
        [entry["name"] for entry in statement["assumptions"] if not entry["source"]] if statement is not None else []
    )
    if not names:
        return "no point was found that satisfies all hypotheses; the theorem may be vacuous."
    about = (
        f"it assumes {', '.join(names)}, which speak about all points" if len(names) > 1 else f"it assumes {names[0]}"
    )
    open_ = f"that something satisfies its hypotheses was not shown ({about}); if nothing does, the theorem is vacuous."
    return f"{open_} {unmodelled(found)}"


def unmodelled(found: Result) -> str:
    """Why no model of its arbitrary functions shows that a theorem is not vacuous."""
    task, evidence = found.task, found.evidence
    if is_realized(task, evidence):
        return "Its assumptions were proved in a model, but no point of it was accepted as one that satisfies all hypotheses."
    failures = failed(task, task.statement, evidence)
    if not failures:
        return "A model of its arbitrary functions would show it; the claim gives none."
    why = {f"{row['assumption']} was not proved ({row['reason'].partition(', wanted: ')[0]})" for row in failures}
    return f"It could not be shown in {counted(len(failures), 'model')} that the claim gives: {'; '.join(sorted(why))}."


def narrow(result: ClaimResult) -> Iterator[Gap]:
    """What holds, but only for some values or with less than certainty."""
    theorems = any(found.evidence.role in ESTABLISHING for found in result.results.values())
    for name, found in result.results.items():
        evidence = found.evidence
        weak = evidence.strength is not None and evidence.strength < Strength.CERTIFIED
        if evidence.outcome is Outcome.REFUTED and weak:
            yield Gap(
                "computed",
                name,
                f"{evidence_status(evidence).words}: no exact counterexample was decided by the kernel.",
            )
        if evidence.outcome is not Outcome.HOLDS:
            continue
        if evidence.strength is Strength.STATISTICAL:
            yield Gap("statistical", name, statistical(found))
        elif evidence.strength is Strength.SAMPLED:
            yield Gap("statistical", name, f"is numerics without an error rate: {evidence.reason}.")
        elif evidence.strength is Strength.COMPUTED:
            yield Gap("computed", name, f"has no certificate: {evidence.reason}.")
        if (
            evidence.strength is not None
            and evidence.strength > Strength.STATISTICAL
            and evidence.scope is not Scope.ALL
        ):
            beside = theorems and evidence.role not in ESTABLISHING
            weakens = " (this is beside the verdict, which rests on the theorems)" if beside else ""
            yield Gap(
                "finite", name, f"{evidence_status(evidence).words}: it says nothing about {others(found)}{weakens}."
            )


def others(found: Result) -> str:
    """What was not among the instances."""
    goal = found.task.obligation.goal
    if not isinstance(goal, Exact):
        return "other values"
    listed = " and ".join(f"{name} = {values(chosen)}" for name, chosen in goal.naturals.items())
    return (
        f"objects other than those of its statements, at {listed}" if listed else "objects other than those it states"
    )


def statistical(found: Result) -> str:
    detail = found.evidence.detail
    bound, level = detail.get("violation_bound"), detail.get("level")
    rate = (
        f": a violation has probability at most {probability(bound)} at level {probability(level)}"
        if bound is not None
        else ""
    )
    if isinstance(found.task.obligation.goal, StatisticalTest):
        chance = f"with probability at most {probability(level)}, if the claim is false"
        return f"is a statistical test: such numbers come up {chance}. About other sizes, and about limits, it says nothing."
    return f"is a statistical test{rate}, under the distribution that was drawn from, and nothing is said about single points."


def untested(result: ClaimResult) -> Iterator[Gap]:
    """The parts on which the verdict rests that refuted nothing, so that nothing shows that their checks can fail."""
    refuting = {
        r.task.obligation.name for m in result.mutants for r in m.results if r.evidence.outcome is Outcome.REFUTED
    }
    refuting |= {r.task.obligation.name for bracket in result.brackets for r in bracket.refutations}
    holding = [
        n for n, r in result.results.items() if r.evidence.outcome is Outcome.HOLDS and r.evidence.role in ESTABLISHING
    ]
    quiet = [name for name in holding if name not in refuting]
    if quiet and len(quiet) < len(holding):
        some = f"{', '.join(quiet[:MOST])}{' and others' if len(quiet) > MOST else ''}"
        yield Gap("untested", some, "refuted none of the variants: nothing here shows that their checks can fail.")


def toothless(result: ClaimResult) -> Iterator[Gap]:
    """Mutants that are alive, brackets that are not confirmed, and what lies inside the brackets."""
    alive = [mutant for mutant in result.mutants if not mutant.killed]
    for mutant in alive:
        what = "survives: no obligation refutes it" if mutant.results else "was not checked against any obligation"
        yield Gap("mutant", mutant.name, f"this variant, meant to be false, {what}.")
    for mutant in result.mutants:
        if mutant.killed and refutation(mutant) < Strength.CERTIFIED:
            yield Gap(
                "mutant", mutant.name, f"this variant is refuted only by what is {refutation(mutant).name.lower()}."
            )
    yield from untested(result)
    if len(alive) == len(result.mutants):
        yield Gap("toothless", "the claim", "is toothless: no variant of it was refuted by these checks.")
    for bracket in result.brackets:
        if not bracket.is_refuted:
            yield Gap(
                "bracket", bracket.parameter, f"the claim was not refuted at {bracket.parameter} = {bracket.refuted}."
            )
        if not bracket.is_proved:
            yield Gap(
                "bracket", bracket.parameter, f"the claim was not proved at {bracket.parameter} = {bracket.proved}."
            )
        low, high = sorted((bracket.refuted, bracket.proved), key=Fraction)
        yield Gap(
            "between",
            bracket.parameter,
            f"nothing is said about {bracket.parameter} strictly between {low} and {high}.",
        )
