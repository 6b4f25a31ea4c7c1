r"""What is established, in words: the verdict with the variables it ranges over, and which part carries which strength."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from verify.report import words
from verify.report.mathml import math, prose
from verify.report.obligations import FUNCTION, Obligation
from verify.report.points import Point
from verify.report.words import Status
from verify.session.summary import ClaimResult
from verify.theory import latex
from verify.verdict import ESTABLISHING, Evidence, Outcome, Role, Scope, Verdict, counted

MOST = 6  # variables and parts that are named in the headline
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True)
class Named:
    """A part of the claim, and what it ranges over."""

    obligation: Obligation
    about: Markup


@dataclass(frozen=True)
class Established:
    """The parts with one status; the verdict rests on those that are not ``beside`` it."""

    status: Status
    parts: tuple[Named, ...]
    beside: bool


def established(result: ClaimResult, obligations: Iterable[Obligation]) -> tuple[Established, ...]:
    """The parts of the claim by status, those on which the verdict rests first."""
    links = {name for name, found in result.results.items() if is_link(found.evidence, result)}
    groups: dict[tuple[bool, Status], list[Named]] = {}
    for obligation in obligations:
        key = obligation.name not in links, obligation.status
        groups.setdefault(key, []).append(Named(obligation, ranges(obligation)))
    return tuple(
        Established(status, tuple(parts), beside) for (beside, status), parts in sorted(groups.items(), key=rank)
    )


def rank(group: tuple[tuple[bool, Status], list[Named]]) -> tuple[bool, int]:
    (beside, status), _ = group
    return beside, list(words.MARKS).index(status.kind)


def is_link(evidence: Evidence, result: ClaimResult) -> bool:
    """Whether the verdict rests on it: a refutation always, else theorems, or whatever there is if there are none."""
    if result.verdict.outcome is Outcome.REFUTED:
        return evidence.outcome is Outcome.REFUTED
    theorems = any(found.evidence.role in ESTABLISHING for found in result.results.values())
    return evidence.role in ESTABLISHING or not theorems


def ranges(obligation: Obligation) -> Markup:
    """What a part ranges over: the variables of its statement, or the instances that it lists."""
    if obligation.variables:
        return Markup("all ") + all_of(obligation.variables)
    return escape(obligation.instances)


def all_of(variables: Sequence[tuple[str, str]]) -> Markup:
    """Variables with their domains, those of one domain together, as one reads them aloud."""
    groups: dict[str, list[str]] = {}
    for name, sort in variables:
        groups.setdefault(sort, []).append(latex.name(name))
    told = [
        math(", ".join(names) if sort == FUNCTION else rf"{', '.join(names)} \in {latex.domain(sort)}")
        for sort, names in groups.items()
    ]
    return Markup(", ").join(told)


def headline(result: ClaimResult, obligations: Iterable[Obligation]) -> Markup:
    """The verdict in one sentence: how strongly, for which values, given what."""
    shown, verdict = tuple(obligations), result.verdict
    links = [o for o in shown if is_link(result.results[o.name].evidence, result)]
    match verdict.outcome:
        case Outcome.REFUTED:
            return Markup("False as printed: %s%s.") % (Markup("; ").join(refutations(links, result)), cited(verdict))
        case Outcome.HOLDS if not words.unchecked(result):
            if verdict.scope is Scope.ALL and not verdict.given and not few(variables_of(links)):
                return Markup("")  # the status says as much
            strength = verdict.strength.name.capitalize() if verdict.strength is not None else ""
            return Markup("%s %s%s.") % (strength, reach(verdict, links, result), cited(verdict))
    return unsettled(result, shown)


def unsettled(result: ClaimResult, obligations: Iterable[Obligation]) -> Markup:
    """Which parts keep the claim from a verdict."""
    outcomes = {name: found.evidence.outcome for name, found in result.results.items()}
    told = [Markup("%s broke: %s") % (o.name, o.reason) for o in obligations if outcomes[o.name] is Outcome.ERROR]
    open_ones = [name for name, outcome in outcomes.items() if outcome is Outcome.UNDECIDED]
    told += [Markup("not settled: %s") % ", ".join(open_ones)] if open_ones else []
    missing = words.unchecked(result)
    told += [Markup("not checked: %s") % ", ".join(missing)] if missing else []
    return Markup("%s.") % Markup("; ").join(told) if told else Markup("")


def reach(verdict: Verdict, links: Sequence[Obligation], result: ClaimResult) -> Markup:
    """For which values, by the weakest of the parts; how many of them hold for all values, if some do not."""
    scopes = [result.results[o.name].evidence.scope for o in links]
    if verdict.scope is Scope.ALL:
        variables = variables_of(links)
        return Markup("for all ") + all_of(variables) if few(variables) else Markup("for all values of all variables")
    listed = [o for o, scope in zip(links, scopes, strict=True) if scope is not Scope.ALL]
    named = Markup("; ").join(
        Markup("%s") % (f"{o.name} at {o.instances}" if o.instances else o.name) for o in listed[:MOST]
    )
    kind = "within the stated bounds" if verdict.scope is Scope.RANGE else "for the listed instances"
    wide = (
        f"; {counted(len(links) - len(listed), 'part')} of {len(links)} for all values"
        if len(listed) < len(links)
        else ""
    )
    return Markup("%s (%s%s)%s") % (kind, named, "; ..." if len(listed) > MOST else "", wide)


def variables_of(links: Sequence[Obligation]) -> list[tuple[str, str]]:
    return list(dict.fromkeys(pair for obligation in links for pair in obligation.variables))


def few(variables: Sequence[tuple[str, str]]) -> bool:
    """Whether they can be named, each with one domain."""
    return 0 < len(variables) <= MOST and len({name for name, _ in variables}) == len(variables)


def cited(verdict: Verdict) -> Markup:
    if not verdict.given:
        return Markup("")
    count = len(verdict.given)
    number = NUMBERS[count] if count < len(NUMBERS) else str(count)
    return Markup("; %s %s cited and not checked: %s") % (
        number, "step" if count == 1 else "steps", "; ".join(verdict.given)
    )  # fmt: skip


def whereabouts(point: Point) -> Markup:
    """The values at a point, and what arbitrary functions are there."""
    shown = (("at", point.values), ("where", point.model))
    return Markup(", ").join(Markup("%s %s") % (word, Markup(", ").join(parts)) for word, parts in shown if parts)


def refutations(links: Sequence[Obligation], result: ClaimResult) -> Iterator[Markup]:
    """What refutes it: points, objects, tests; and the theorems that contradict it, which may do so only together."""
    against = [o for o in links if result.claim.obligations[o.name].role is Role.DISPROOF]
    for obligation in [o for o in links if o not in against][:MOST]:
        if obligation.counterexample:
            yield Markup("%s fails %s") % (obligation.name, whereabouts(obligation.counterexample))
        else:
            yield Markup("%s is %s") % (obligation.name, obligation.status.words)
    if against:
        reasons = Markup("; ").join(prose(result.claim.obligations[o.name].reason) for o in against[:MOST])
        names = ", ".join(o.name for o in against)
        yield Markup("%s (by %s)") % (reasons, names)
