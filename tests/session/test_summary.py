r"""What a run says about a claim: teeth, brackets, defects, exit status."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests import samples
from verify.catalog import Broken, Catalog, Listed
from verify.session.session import Result
from verify.session.summary import ClaimResult, RunResult, claim_result, summarise
from verify.session.tasks import is_affected, tasks_of
from verify.verdict import Evidence, Outcome, Role, Scope, Strength

Make = Callable[..., Listed]


def evidence(outcome: Outcome, role: Role = Role.PROOF) -> Evidence:
    strength = Strength.CERTIFIED if outcome in (Outcome.HOLDS, Outcome.REFUTED) else None
    return Evidence(role, outcome, "a reason", strength, Scope.ALL if outcome is Outcome.HOLDS else None)


def judged(listed: Listed, **outcomes: Outcome) -> ClaimResult:
    """The claim when its tasks ended like this: ``as_is`` without a variant, others by the name of the variant."""
    results = []
    for task in tasks_of(listed):
        kind = task.variant.name.partition(":")[0] or "as_is"
        if kind in outcomes:
            results.append(Result(task, evidence(outcomes[kind], task.obligation.role)))
    return claim_result(listed, results)


GOOD = {"as_is": Outcome.HOLDS, "mutant": Outcome.REFUTED, "refuted": Outcome.REFUTED, "proved": Outcome.HOLDS}


def test_all_as_expected(listed: Make) -> None:
    found = judged(listed(samples.SHARP), **GOOD)
    assert found.as_expected
    assert found.category == "certified"
    assert (found.brackets[0].is_refuted, found.brackets[0].is_proved) == (True, True)


def test_a_claim_of_which_a_part_is_missing_is_not_as_expected(listed: Make) -> None:
    whole = listed(samples.SHARP)
    results = [Result(task, evidence(Outcome.HOLDS, task.obligation.role)) for task in tasks_of(whole)]
    first = next(result for result in results if not result.task.variant.name)
    kept = [result for result in results if result.task.obligation.name != first.task.obligation.name]
    assert not claim_result(whole, kept).as_expected and not claim_result(whole, kept).is_complete
    assert claim_result(whole, results).is_complete


@pytest.mark.parametrize(
    ("changed", "defect"),
    [
        ({"mutant": Outcome.HOLDS}, "the mutant flatter survives: no obligation refutes it"),
        ({"mutant": Outcome.HOLDS}, "toothless: no mutant was refuted by these checks"),
        ({"mutant": Outcome.UNDECIDED}, "toothless: no mutant was refuted by these checks"),
        ({"refuted": Outcome.HOLDS}, "the bracket of slope is not confirmed: the claim was not refuted at 1/2"),
        ({"refuted": Outcome.UNDECIDED}, "the bracket of slope is not confirmed: the claim was not refuted at 1/2"),
        ({"as_is": Outcome.REFUTED}, "the bracket of slope is not confirmed: the claim was not proved at 1"),
    ],
)
def test_a_defect_keeps_a_claim_from_being_as_expected(listed: Make, changed: dict[str, Outcome], defect: str) -> None:
    found = judged(listed(samples.SHARP), **{**GOOD, **changed})
    assert defect in found.defects
    assert not found.as_expected


FALSE_AS_PRINTED = """
slope = claim.parameter("slope", "1/2", "the slope")


@claim.proof()
def below(x: real) -> prop:
    assume(x >= 0)
    return relu(x) <= slope * x


@claim.disproof("it lies below at no positive number")
def above(x: real) -> prop:
    assume(x > 0)
    return relu(x) > slope * x


claim.sharpness(slope, refuted="1/2", proved="1")
claim.mutant("steeper", {slope: "2"})
"""


@pytest.mark.parametrize(
    ("below", "above", "confirmed"),
    [
        (Outcome.HOLDS, Outcome.REFUTED, True),
        (Outcome.HOLDS, Outcome.UNDECIDED, True),
        (Outcome.HOLDS, Outcome.HOLDS, False),  # the theorem against it still holds there
        (Outcome.UNDECIDED, Outcome.REFUTED, False),  # that a theorem against it fails proves nothing
        (Outcome.REFUTED, Outcome.REFUTED, False),
    ],
)
def test_the_bracket_of_a_claim_that_is_false_as_printed(
    listed: Make, below: Outcome, above: Outcome, confirmed: bool
) -> None:
    entry = listed(FALSE_AS_PRINTED)
    at_one = {"below": below, "above": above}
    results = []
    for task in tasks_of(entry):
        if not task.variant.name:
            results.append(Result(task, evidence(Outcome.REFUTED, task.obligation.role)))
        elif task.variant.name == "proved:slope":
            results.append(Result(task, evidence(at_one[task.obligation.name], task.obligation.role)))
    bracket = claim_result(entry, results).brackets[0]
    assert (bracket.is_refuted, bracket.is_proved) == (True, confirmed)
    assert [r.task.obligation.name for r in bracket.refutations] == ["below", "above"]


def test_a_theorem_against_a_claim_that_fails_at_a_value_does_not_refute_the_claim_there(listed: Make) -> None:
    entry = listed(FALSE_AS_PRINTED.replace('refuted="1/2", proved="1"', 'refuted="1/3", proved="1"'))
    only = [t for t in tasks_of(entry) if t.id.endswith("::above[refuted:slope]")]
    for outcome, refuted in ((Outcome.REFUTED, False), (Outcome.HOLDS, True)):
        found = claim_result(entry, [Result(task, evidence(outcome, Role.DISPROOF)) for task in only])
        assert found.brackets[0].is_refuted is refuted


def test_a_claim_without_mutants_is_toothless(listed: Make) -> None:
    body = samples.TRUE.partition("@claim.mutant")[0]
    (sentence,) = judged(listed(body), as_is=Outcome.HOLDS).defects
    assert sentence.startswith("toothless: no mutant was refuted by these checks; there is none, write one with ")


def test_a_part_of_a_claim_is_not_blamed_for_the_rest(listed: Make) -> None:
    two = samples.TRUE + "\n\n@claim.proof()\ndef other(x: real) -> prop:\n    return relu(x) >= x\n"
    entry = listed(two)
    first = next(iter(tasks_of(entry)))
    assert claim_result(entry, [Result(first, evidence(Outcome.HOLDS))]).defects == ()


def test_nothing_found_is_undecided(listed: Make) -> None:
    found = claim_result(listed(samples.TRUE), [])
    assert (found.verdict.outcome, found.as_expected) == (Outcome.UNDECIDED, False)


def whole(*claims: ClaimResult, broken: bool = False, problems: tuple[str, ...] = ()) -> RunResult:
    return RunResult(claims, (Broken("x", "x is broken"),) if broken else (), {}, problems)


def test_exit_status(listed: Make) -> None:
    good = judged(listed(samples.SHARP, name="good"), **GOOD)
    wrong = judged(listed(samples.SHARP, name="wrong"), **{**GOOD, "as_is": Outcome.REFUTED})
    open_one = judged(listed(samples.SHARP, name="open"), **{**GOOD, "as_is": Outcome.UNDECIDED})
    error = judged(listed(samples.SHARP, name="error"), **{**GOOD, "as_is": Outcome.ERROR})
    toothless = judged(listed(samples.SHARP, name="toothless"), **{**GOOD, "mutant": Outcome.HOLDS})
    assert whole().exit_code(strict=False) == 5
    assert whole(good).exit_code(strict=True) == 0
    assert whole(good, wrong).exit_code(strict=False) == 1
    assert whole(good, toothless).exit_code(strict=False) == 1
    assert whole(good, open_one).exit_code(strict=False) == 0
    assert whole(good, open_one).exit_code(strict=True) == 4
    assert whole(wrong, open_one).exit_code(strict=True) == 1
    assert whole(good, wrong, error).exit_code(strict=False) == 3
    assert whole(good, broken=True).exit_code(strict=False) == 3
    assert whole(good, problems=("the disk is full",)).exit_code(strict=False) == 3


def test_results_are_gathered_by_claim(listed: Make) -> None:
    one, two = listed(name="one"), listed(name="two")
    results = [Result(task, evidence(Outcome.HOLDS)) for entry in (one, two) for task in tasks_of(entry)]
    found = summarise(Catalog((one, two), ()), [two], results)
    assert [entry.claim.name for entry in found.claims] == ["two"]


def test_a_variant_concerns_what_it_changes(listed: Make) -> None:
    two = samples.SHARP + "\n\n@claim.proof()\ndef other(x: real) -> prop:\n    return relu(x) >= x\n"
    tasks = [task for task in tasks_of(listed(two)) if task.variant.name == "mutant:flatter"]
    assert [task.obligation.name for task in tasks if is_affected(task)] == ["below"]
