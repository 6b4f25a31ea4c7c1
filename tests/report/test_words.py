r"""Every word about strength and scope comes from evidence; so does the list of what is not established."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests import samples
from tests.report import results
from tests.report.results import Bench
from verify.report.gaps import Gap, gaps, together
from verify.report.words import MARKS, claim_status, evidence_status, expectation, mutant_status, role, tally
from verify.session.summary import ClaimResult, RunResult
from verify.verdict import CertificateReference, Evidence, Outcome, Role, Scope, Strength, Verdict

SCOPES = {Scope.ALL: "for all values", Scope.RANGE: "for a stated range", Scope.INSTANCES: "for listed instances"}


@pytest.mark.parametrize("strength", Strength)
@pytest.mark.parametrize("scope", Scope)
@pytest.mark.parametrize("given", [(), ("a step",), ("one", "two")])
def test_what_holds_is_told_with_strength_scope_and_condition(
    strength: Strength, scope: Scope, given: tuple[str, ...]
) -> None:
    status = evidence_status(Evidence(Role.PROOF, Outcome.HOLDS, "", strength, scope, given))
    words = f"{strength.name.lower()} {SCOPES[scope]}"
    condition = {0: "", 1: ", given 1 cited step", 2: ", given 2 cited steps"}[len(given)]
    assert (status.kind, status.words) == (strength.name.lower(), words + condition)
    assert status.mark == MARKS[strength.name.lower()] and status.meaning


@pytest.mark.parametrize("strength", Strength)
@pytest.mark.parametrize("kind", [Role.PROOF, Role.STRESS, Role.RELAXATION])
def test_a_refutation_is_told_with_its_strength(strength: Strength, kind: Role) -> None:
    status = evidence_status(Evidence(kind, Outcome.REFUTED, "", strength))
    assert (status.kind, status.words) == ("refuted", f"refuted, {strength.name.lower()}")


@pytest.mark.parametrize("strength", Strength)
def test_a_proved_disproof_is_told_as_what_it_is(strength: Strength) -> None:
    status = evidence_status(Evidence(Role.DISPROOF, Outcome.REFUTED, "", strength, given=("a step",)))
    assert status.words == f"{strength.name.lower()}, against the claim, given 1 cited step"


@pytest.mark.parametrize("outcome", [Outcome.UNDECIDED, Outcome.ERROR])
@pytest.mark.parametrize("kind", Role)
def test_what_is_not_decided_has_no_strength(outcome: Outcome, kind: Role) -> None:
    status = evidence_status(Evidence(kind, outcome, "no time"))
    assert (status.kind, status.words) == (outcome.value, outcome.value)


def test_marks_differ_so_that_no_status_is_told_by_its_colour() -> None:
    assert len(set(MARKS.values())) == len(MARKS)


@pytest.mark.parametrize(
    ("kind", "certificate", "called"),
    [
        (Role.PROOF, "theorem", "theorem"),
        (Role.PROOF, "counterexample", "statement"),
        (Role.PROOF, "", "statement"),
        (Role.DISPROOF, "theorem", "contradicting theorem"),
        (Role.DISPROOF, "instance", "contradicting statement"),
        (Role.RELAXATION, "theorem", "relaxation"),
        (Role.STRESS, "", "stress test"),
    ],
)
def test_a_statement_is_a_theorem_once_it_is_proved(kind: Role, certificate: str, called: str) -> None:
    found = (CertificateReference(certificate, "0" * 64, "0" * 64, 1, 1),) if certificate else ()
    assert role(Evidence(kind, Outcome.UNDECIDED, "", certificates=found)) == called


def test_statuses_are_counted() -> None:
    holds = Evidence(Role.PROOF, Outcome.HOLDS, "", Strength.CERTIFIED, Scope.ALL)
    found = tally([holds, Evidence(Role.PROOF, Outcome.UNDECIDED, ""), holds])
    assert [(s.words, n, total) for s, n, total in found] == [("certified for all values", 2, 3), ("undecided", 1, 3)]


# ------------------------------------------------------------------------------------------------------- claims


def claim(run: RunResult, name: str) -> ClaimResult:
    return next(result for result in run.claims if result.claim.name == name)


@pytest.fixture
def whole(tmp_path: Path) -> ClaimResult:
    return claim(results.everything(tmp_path).found(), "whole")


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (Verdict(Outcome.HOLDS, Strength.CERTIFIED, Scope.ALL), "certified for all values"),
        (Verdict(Outcome.HOLDS, Strength.COMPUTED, Scope.INSTANCES), "computed for listed instances"),
        (Verdict(Outcome.HOLDS, Strength.CERTIFIED, Scope.ALL, ("x",)), "certified for all values, given 1 cited step"),
        (Verdict(Outcome.REFUTED, Strength.CERTIFIED), "refuted, certified"),
        (Verdict(Outcome.UNDECIDED), "undecided"),
        (Verdict(Outcome.UNDECIDED, Strength.CITED), "cited, nothing checked"),
        (Verdict(Outcome.ERROR), "error"),
    ],
)
def test_a_claim_is_told_by_its_verdict(whole: ClaimResult, verdict: Verdict, words: str) -> None:
    assert claim_status(replace(whole, verdict=verdict)).words == words


def test_a_part_of_a_claim_is_incomplete_unless_it_is_refuted(whole: ClaimResult) -> None:
    part = {name: found for name, found in whole.results.items() if name == "below"}
    holds = Verdict(Outcome.HOLDS, Strength.CERTIFIED, Scope.ALL)
    words = "incomplete, 1 of 6 obligations checked: certified for all values"
    assert claim_status(replace(whole, results=part, verdict=holds)).words == words
    assert claim_status(replace(whole, results=part, verdict=holds)).kind == "undecided"
    refuted = Verdict(Outcome.REFUTED, Strength.CERTIFIED)
    assert claim_status(replace(whole, results=part, verdict=refuted)).words == "refuted, certified"


def test_what_was_expected_is_told(tmp_path: Path) -> None:
    run = results.refuted(tmp_path).found()
    assert expectation(claim(run, "right-one")).startswith("As expected")
    literal = claim(run, "false-one")  # refuted as expected, but it has no mutants
    assert literal.defects and expectation(literal).startswith("Not as expected")


def test_mutants_are_refuted_or_survive(whole: ClaimResult) -> None:
    assert [(m.name, mutant_status(m).words) for m in whole.mutants] == [
        ("flatter", "refuted, certified"),
        ("true-after-all", "survives"),
    ]


# ------------------------------------------------------------------------------------------------------- what is open


def open_(result: ClaimResult) -> dict[tuple[str, str], str]:
    return {(gap.kind, gap.about): gap.sentence for gap in gaps(result)}


def test_each_kind_of_gap_is_listed(whole: ClaimResult) -> None:
    found = open_(whole)
    assert "no rule applies" in found["undecided", "open_problem"]
    assert "at most 0.58 at level 0.001" in found["statistical", "below_sampled"]
    assert "statistical" in found["statistical", "tried"]
    assert "program of the author" in found["words", "tried"] and "program of the author" in found["words", "computed"]
    assert "it was computed" in found["computed", "computed"]
    assert "other values" in found["finite", "largest"] and "beside the verdict" in found["finite", "largest"]
    assert "survives" in found["mutant", "true-after-all"]
    assert "not proved at slope = 1" in found["bracket", "slope"]
    assert found["between", "slope"].endswith("strictly between 1/2 and 1.")
    assert ("statistical", "below") not in found and ("vacuous", "below") not in found


def test_what_is_said_of_several_things_is_said_once() -> None:
    found = [Gap("a", "one", "is open."), Gap("b", "two", "is open."), Gap("a", "three", "is open.")]
    assert together(found) == (Gap("a", "one, three", "is open.", True), Gap("b", "two", "is open."))


def test_missing_results_are_listed(whole: ClaimResult) -> None:
    found = open_(replace(whole, results={}, mutants=(), brackets=()))
    assert {name for kind, name in found if kind == "unchecked"} == set(whole.claim.obligations)
    assert ("toothless", "the claim") in found


def test_citations_assumptions_and_arguments_in_words_are_listed(tmp_path: Path) -> None:
    more = """
from verify import assumption


@arbitrary
def f(x: real) -> real: ...


@assumption()
def growth(x: real) -> prop:
    return f(x) >= x


@claim.proof(assuming=[growth])
def grows(x: real) -> prop:
    return f(x) + 1 >= x


@claim.disproof("of a reason")
def against(x: real) -> prop:
    return x == x


claim.cites("a-step", "It is known.", cite("euclid", "I.47"))
"""
    bench = Bench.of(tmp_path, one=samples.text("one", more))
    proof = CertificateReference("theorem", "0" * 64, "0" * 64, 1, 1)
    certified = {"strength": Strength.CERTIFIED, "scope": Scope.ALL, "certificates": (proof,)}
    bench.typed("one::grows", Outcome.HOLDS, given=("another step",), **certified)
    bench.typed("one::against", Outcome.REFUTED, strength=Strength.CERTIFIED, detail={"instance": {}})
    found = open_(claim(bench.found(), "one"))
    assert "It is known." in found["cited", "a-step"] and "euclid, I.47" in found["cited", "a-step"]
    assert ("cited", "another step") in found
    assert "f(x) >= x" in found["assumption", "growth"]
    assert "argued in words: of a reason" in found["words", "against"]
    assert "vacuous" in found["vacuous", "grows"] and ("vacuous", "against") not in found


FAILED = [{"model": n, "assumption": "above", "reason": "no rule applies, wanted: 0 >= 1"} for n in (0, 1)]


@pytest.mark.parametrize(
    ("tried", "said"),
    [
        (
            {"models": [FAILED[0]], "in_models": [1]},
            "Its assumptions were proved in a model, but no point of it was accepted",
        ),
        (
            {"models": FAILED},
            "It could not be shown in 2 models that the claim gives: above was not proved (no rule applies).",
        ),
    ],
)
def test_why_models_did_not_show_that_a_theorem_is_not_vacuous(
    tmp_path: Path, tried: dict[str, object], said: str
) -> None:
    bench = Bench.of(tmp_path, one=samples.text("one", samples.MODELLED))
    certified = {"strength": Strength.CERTIFIED, "scope": Scope.ALL}
    bench.typed("one::large", Outcome.HOLDS, detail={"tried": tried}, **certified)
    assert said in open_(claim(bench.found(), "one"))["vacuous", "large"]


def test_numerics_refute_only_by_computation(whole: ClaimResult) -> None:
    result = whole.results["tried"]
    refuted = replace(result, evidence=Evidence(Role.STRESS, Outcome.REFUTED, "1 of 8", Strength.COMPUTED))
    found = open_(replace(whole, results={**whole.results, "tried": refuted}))
    assert "no exact counterexample" in found["computed", "tried"]


def test_an_error_is_listed_with_its_reason(whole: ClaimResult) -> None:
    broken = replace(whole.results["below"], evidence=Evidence(Role.PROOF, Outcome.ERROR, "crash: it fell"))
    assert "crash: it fell" in open_(replace(whole, results={**whole.results, "below": broken}))["error", "below"]
