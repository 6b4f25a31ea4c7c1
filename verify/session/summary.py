r"""What the results of a run say about each claim: its verdict, its mutants, its brackets, its defects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from verify.bibliography import find
from verify.catalog import Broken, Catalog, Listed
from verify.claim import Claim
from verify.errors import ClaimError
from verify.session.family import Member, family_of, in_family
from verify.session.session import Result
from verify.verdict import Evidence, Outcome, Role, Strength, Verdict, verdict

Json = Any


@dataclass(frozen=True)
class MutantResult:
    """What the obligations made of one mutant: it is killed if one of them refuted it."""

    name: str
    results: tuple[Result, ...]

    @property
    def killed(self) -> bool:
        return any(result.evidence.outcome is Outcome.REFUTED for result in self.results)


@dataclass(frozen=True)
class BracketResult:
    """Whether a bracket was confirmed: refuted at the one value, proved (the claim itself, or a variant) at the other."""

    parameter: str
    refuted: str
    proved: str
    is_refuted: bool
    is_proved: bool
    refutations: tuple[Result, ...] = ()


@dataclass(frozen=True)
class ClaimResult:
    """Everything a run found out about one claim."""

    listed: Listed
    verdict: Verdict
    results: Mapping[str, Result]
    mutants: tuple[MutantResult, ...]
    brackets: tuple[BracketResult, ...]
    defects: tuple[str, ...] = ()  # what is wrong beside the outcome
    problems: tuple[str, ...] = ()  # what in the author's text could not be understood

    @property
    def claim(self) -> Claim:
        return self.listed.claim

    @property
    def all_results(self) -> Iterable[Result]:
        """Of its obligations, of its mutants, and of the values at which its brackets are refuted."""
        yield from self.results.values()
        for variant in self.mutants:
            yield from variant.results
        for bracket in self.brackets:
            yield from bracket.refutations

    @property
    def is_complete(self) -> bool:
        """Whether every obligation has a result; the verdict of a part of a claim settles nothing."""
        return all(name in self.results for name in self.claim.obligations)

    @property
    def as_expected(self) -> bool:
        in_order = self.is_complete and not self.defects and not self.problems
        return in_order and self.verdict.outcome.value == self.claim.expect

    @property
    def category(self) -> str:
        """One word for the summary line."""
        if self.verdict.outcome is Outcome.HOLDS and self.verdict.strength is not None:
            return self.verdict.strength.name.lower() if self.as_expected else "unexpected"
        if self.verdict.outcome is Outcome.REFUTED:
            return "refuted as expected" if self.as_expected else "unexpected"
        return str(self.verdict.outcome.value)


@dataclass(frozen=True)
class Deciding:
    """Certificates by who decided them: the kernel for the first time in this run, the kernel once more, or the kernel of
    this installation when they were stored (believed for the seal)."""

    new: int
    again: int
    sealed: int

    def in_words(self) -> str:
        parts = [
            f"{number} {what}"
            for number, what in (
                (self.new, "decided in this run"),
                (self.again, "decided again for this report"),
                (
                    self.sealed,
                    "decided by this installation when they were stored (sealed; --recheck decides them again)",
                ),
            )
            if number
        ]
        return "; ".join(parts) or "none"


@dataclass(frozen=True)
class RunResult:
    """A whole run."""

    claims: tuple[ClaimResult, ...]
    broken: tuple[Broken, ...]
    metadata: Json = field(default_factory=dict)
    problems: tuple[str, ...] = ()  # why the results were not kept
    family: tuple[Member, ...] = ()  # the experiments, judged together

    @property
    def deciding(self) -> Deciding:
        """How the certificates behind these results came to count."""
        results = [r for claim in self.claims for r in claim.all_results]
        return Deciding(
            sum(len(r.evidence.certificates) for r in results if not r.cached),
            sum(len(r.evidence.certificates) for r in results if r.cached and not r.sealed),
            sum(len(r.evidence.certificates) for r in results if r.sealed),
        )

    def exit_code(self, *, strict: bool) -> int:
        """0 as expected, 1 an outcome differs, 3 something broke, 4 undecided under ``strict``, 5 nothing to do."""
        outcomes = {result.verdict.outcome for result in self.claims}
        if self.broken or self.problems or Outcome.ERROR in outcomes or any(result.problems for result in self.claims):
            return 3
        if not self.claims:
            return 5
        decided = [r for r in self.claims if r.verdict.outcome is not Outcome.UNDECIDED]
        if any(not result.as_expected for result in decided):
            return 1
        return 4 if strict and len(decided) < len(self.claims) else 0


def summarise(
    catalog: Catalog,
    selected: Iterable[Listed],
    results: Iterable[Result],
    metadata: Json | None = None,
    problems: Iterable[str] = (),
) -> RunResult:
    """Gather the results of a run by claim; experiments are judged together with those of all other claims."""
    by_claim: dict[str, list[Result]] = {}
    found = list(results)
    family = family_of(found)
    for result in found:
        by_claim.setdefault(result.task.claim.name, []).append(in_family(result, family))
    claims = tuple(claim_result(listed, by_claim.get(listed.claim.name, [])) for listed in selected)
    return RunResult(claims, catalog.broken, metadata or {}, tuple(problems), family)


def claim_result(listed: Listed, results: list[Result]) -> ClaimResult:
    claim = listed.claim
    plain = {r.task.obligation.name: r for r in results if not r.task.variant.name}
    variants: dict[str, list[Result]] = {}
    for result in results:
        if result.task.variant.name:
            variants.setdefault(result.task.variant.name, []).append(result)
    mutants = tuple(MutantResult(name, tuple(variants.get(f"mutant:{name}", ()))) for name in claim.mutants)
    brackets = tuple(bracket_result(claim, b, plain, variants) for b in claim.brackets)
    ordered = {name: plain[name] for name in claim.obligations if name in plain}
    evidence = [result.evidence for result in ordered.values()]
    found = verdict(evidence, [f"{step.name} ({step.source})" for step in claim.cited])
    partial = len(ordered) < len(claim.obligations)
    defects = tuple(defects_of(claim, found, mutants, brackets, evidence, partial))
    return ClaimResult(listed, found, ordered, mutants, brackets, defects, tuple(source_problems(claim)))


def bracket_result(
    claim: Claim, bracket: Any, plain: Mapping[str, Result], variants: Mapping[str, list[Result]]
) -> BracketResult:
    """Each side is what was found at its value; at the claim's own value, that is what was found of the claim itself."""
    name, own = bracket.parameter.name, bracket.parameter.value
    below = list(plain.values()) if bracket.refuted == own else variants.get(f"refuted:{name}", [])
    changed = [] if bracket.proved == own else variants.get(f"proved:{name}", [])
    at_proved = {**plain, **{result.task.obligation.name: result for result in changed}}
    refutations = tuple(r for r in below if is_against(r))
    proofs = [r for r in at_proved.values() if not claim.speaks_against(r.task.obligation)]
    certified = [r for r in proofs if (r.evidence.role, r.evidence.strength) == (Role.PROOF, Strength.CERTIFIED)]
    return BracketResult(
        name,
        str(bracket.refuted),
        str(bracket.proved),
        bool(refutations),
        bool(certified)
        and all(r.evidence.outcome is Outcome.HOLDS for r in proofs)
        and not any(is_against(r) for r in at_proved.values()),
        refutations,
    )


def is_against(result: Result) -> bool:
    """Whether a result refutes the claim at the value of its variant: by a counterexample, or by a theorem against it.

    Under a variant a contradicting theorem is a theorem like any other: it refutes if it holds, and not if it fails.
    """
    task, evidence = result.task, result.evidence
    if task.variant.name and task.claim.speaks_against(task.obligation):
        return evidence.role is Role.DISPROOF and evidence.outcome is Outcome.HOLDS
    return evidence.outcome is Outcome.REFUTED


def defects_of(
    claim: Claim,
    found: Verdict,
    mutants: tuple[MutantResult, ...],
    brackets: tuple[BracketResult, ...],
    evidence: list[Evidence],
    partial: bool,
) -> Iterable[str]:
    """What is wrong with a claim beside its outcome; a part of a claim is not blamed for the rest."""
    if partial or found.outcome is Outcome.ERROR:
        return
    if not claim.obligations and not claim.cited:
        yield "there is nothing to check: state a theorem with @claim.proof()"
    for mutant in mutants:
        failed = next((r.evidence.reason for r in mutant.results if r.evidence.outcome is Outcome.ERROR), "")
        if failed and not mutant.killed:
            yield f"the mutant {mutant.name} cannot be checked: {failed}"
        elif mutant.results and not mutant.killed:
            yield f"the mutant {mutant.name} survives: no obligation refutes it"
        if not mutant.results:
            yield f"the mutant {mutant.name} changes nothing that an obligation states"
    if not any(mutant.killed for mutant in mutants):
        todo = "" if mutants else "; there is none, write one with @claim.mutant(replaces=...)"
        yield f"toothless: no mutant was refuted by these checks{todo}"
    for bracket in brackets:
        if not (bracket.is_refuted and bracket.is_proved):
            side = "refuted at " + bracket.refuted if not bracket.is_refuted else "proved at " + bracket.proved
            yield f"the bracket of {bracket.parameter} is not confirmed: the claim was not {side}"
    for entry in evidence:
        if entry.outcome is Outcome.ERROR or (entry.outcome is Outcome.UNDECIDED and found.outcome is Outcome.HOLDS):
            yield f"a supporting obligation is {entry.outcome.value}: {entry.reason}"


def source_problems(claim: Claim) -> Iterable[str]:
    for source in (claim.source, *(step.source for step in claim.cited)):
        try:
            find(source, claim.place)
        except ClaimError as problem:
            yield str(problem)
