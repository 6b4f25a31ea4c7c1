r"""The judge believes no engine: forged, foreign, empty and broken answers establish nothing."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests import samples
from verify.engines.falsify import attack
from verify.engines.proof import find_proof
from verify.session.judge import judge
from verify.session.tasks import Options, Task
from verify.session.worker import ask
from verify.verdict import Evidence, Outcome, Role, Scope, Strength

Json = Any
Tasks = Callable[..., dict[str, Task]]

STRESSED = (
    samples.TRUE
    + """
claim.sampling(nonnegative, samples=64, reals={"x": (-1, 1)})


@claim.trials(8)
def tried(draws):
    return draws.uniform(4, low=0.0, high=1.0) >= 0


@claim.relaxation()
def largest(x: real) -> real:
    assume(-1 <= x <= 1)
    return relu(x)


@claim.computation()
def computed() -> bool:
    return True
"""
)


@pytest.fixture
def stressed(tasks: Tasks) -> dict[str, Task]:
    return tasks(STRESSED)


def found(task: Task, **answer: Json) -> Evidence:
    return judge(task, {"certificates": [], "engine": "a test", "tried": {}, **answer}).evidence


def proof_of(task: Task) -> Json:
    assert task.problem is not None
    document = find_proof(task.problem)
    assert isinstance(document, dict)
    return document


def instance_of(task: Task) -> Json:
    assert task.problem is not None
    return attack(task.problem.statement).instance


# --------------------------------------------------------------------------------------------------- theorems


def test_a_proof_and_a_point_make_a_theorem_hold_for_all_values(stressed: dict[str, Task]) -> None:
    task = stressed["nonnegative"]
    evidence = found(task, certificates=[proof_of(task), instance_of(task)])
    assert (evidence.outcome, evidence.strength, evidence.scope) == (Outcome.HOLDS, Strength.CERTIFIED, Scope.ALL)
    assert [c.kind for c in evidence.certificates] == ["theorem", "instance"]


def test_a_proof_without_a_point_may_be_vacuous(stressed: dict[str, Task]) -> None:
    task = stressed["nonnegative"]
    evidence = found(task, certificates=[proof_of(task)])
    assert evidence.outcome is Outcome.UNDECIDED
    assert "satisfies its hypotheses" in evidence.reason


def test_a_proof_of_another_statement_proves_nothing(tasks: Tasks) -> None:
    first = tasks(samples.TRUE, name="first")["nonnegative"]
    other = tasks(samples.SHARP, name="other")["below"]
    evidence = found(first, certificates=[proof_of(other), instance_of(first)])
    assert evidence.outcome is Outcome.UNDECIDED
    assert "not the expected one" in evidence.detail["rejected"][0]


def test_the_proof_of_a_mutant_is_no_proof_of_the_theorem(tasks: Tasks) -> None:
    all_tasks = tasks(samples.SHARP)
    easier = all_tasks["below"]
    harder = all_tasks["below[refuted:slope]"]
    assert found(harder, certificates=[proof_of(easier), instance_of(easier)]).outcome is Outcome.UNDECIDED


def edited(document: Json) -> list[Json]:
    """The same certificate with something removed or exchanged."""
    shorter, other, kind, extra = (copy.deepcopy(document) for _ in range(4))
    shorter["witness"]["proof"] = []
    other["statement"]["theorem"]["conclusion"] = "0 >= 1"
    kind["kind"] = "counterexample"
    extra["trust"] = "me"
    return [shorter, other, kind, extra]


@pytest.mark.parametrize("which", range(4))
def test_a_certificate_that_was_touched_counts_for_nothing(stressed: dict[str, Task], which: int) -> None:
    task = stressed["nonnegative"]
    evidence = found(task, certificates=[edited(proof_of(task))[which], instance_of(task)])
    assert evidence.outcome is Outcome.UNDECIDED
    assert not [c for c in evidence.certificates if c.kind == "theorem"]


@pytest.mark.parametrize("nonsense", [None, 7, "theorem", [], {}, {"format": "deepclaims certificate 1"}])
def test_what_is_no_certificate_counts_for_nothing(stressed: dict[str, Task], nonsense: Json) -> None:
    assert found(stressed["nonnegative"], certificates=[nonsense]).outcome is Outcome.UNDECIDED


def test_a_counterexample_refutes_with_its_point_in_words(tasks: Tasks) -> None:
    task = tasks(samples.FALSE)["identity"]
    assert task.problem is not None
    evidence = found(task, certificates=[attack(task.problem.statement).counterexample])
    assert (evidence.outcome, evidence.strength) == (Outcome.REFUTED, Strength.CERTIFIED)
    assert evidence.reason == "false at x = -1"


def test_an_engine_that_only_says_so_is_not_believed(stressed: dict[str, Task]) -> None:
    boast = {"outcome": "holds", "strength": "certified", "scope": "all", "proved": True}
    assert found(stressed["nonnegative"], **boast).outcome is Outcome.UNDECIDED


def test_unsat_without_a_certificate_is_computed_and_no_more(stressed: dict[str, Task]) -> None:
    z3 = {"unsatisfiable": [{}], "undecided": [], "complete": True, "rlimit": 1}
    evidence = found(stressed["nonnegative"], tried={"z3": z3})
    assert (evidence.outcome, evidence.strength, evidence.scope) == (Outcome.HOLDS, Strength.COMPUTED, Scope.ALL)


def test_unsat_for_some_naturals_is_computed_for_instances(stressed: dict[str, Task]) -> None:
    z3 = {"unsatisfiable": [{"n": 0}, {"n": 1}], "undecided": [], "complete": False, "rlimit": 1}
    assert found(stressed["nonnegative"], tried={"z3": z3}).scope is Scope.INSTANCES


def test_unsat_for_some_and_unknown_for_others_is_undecided(stressed: dict[str, Task]) -> None:
    z3 = {"unsatisfiable": [{"n": 0}], "undecided": [{"n": 1}], "complete": False, "rlimit": 1}
    assert found(stressed["nonnegative"], tried={"z3": z3}).outcome is Outcome.UNDECIDED


TRUE_IN_THE_MODEL_ONLY = (
    samples.MODELLED.partition("@claim.proof")[0]
    + """
@claim.proof(using=[above.at(x="x")], assuming=[above])
def higher(x: real) -> prop:
    return f(x) >= x + 1
"""
)


def test_unsat_in_a_model_of_the_assumptions_says_nothing_of_other_functions(tasks: Tasks) -> None:
    """The identity satisfies the assumption, and not the theorem; the model is ReLU and one more."""
    task = tasks(TRUE_IN_THE_MODEL_ONLY)["higher"]
    answer = ask(task.claim, task.obligation, task.variant, Options().json())
    assert answer["tried"]["z3"]["complete"]
    assert judge(task, answer).evidence.outcome is Outcome.UNDECIDED


DISPROOF = """
@claim.disproof("relu is not linear")
def negative_part(x: real) -> prop:
    assume(x < 0)
    return relu(x) > x
"""


def test_a_theorem_that_contradicts_the_claim_refutes_it(tasks: Tasks) -> None:
    task = tasks(DISPROOF, more=', expect="refuted"')["negative_part"]
    evidence = found(task, certificates=[proof_of(task), instance_of(task)])
    assert (evidence.role, evidence.outcome, evidence.strength) == (
        Role.DISPROOF,
        Outcome.REFUTED,
        Strength.CERTIFIED,
    )
    assert evidence.reason == "contradicted by a theorem: relu is not linear"


def test_a_false_disproof_refutes_nothing(tasks: Tasks) -> None:
    task = tasks(DISPROOF.replace("x < 0", "x <= 0"), more=', expect="refuted"')["negative_part"]
    assert task.problem is not None
    evidence = found(task, certificates=[attack(task.problem.statement).counterexample])
    assert evidence.outcome is Outcome.UNDECIDED


ASSUMING = """
from verify import assumption


@arbitrary
def f(x: real) -> real: ...


@assumption(source=cite("euclid", "II.4"))
def monotone(x: real, y: real) -> prop:
    assume(x <= y)
    return f(x) <= f(y)


@claim.proof(assuming=[monotone], using=[])
def ordered(x: real) -> prop:
    return implies(f(x) <= f(x + 1), f(x) <= f(x + 1) + 1)
""".replace("assumption\n", "assumption, implies\n")


def test_what_is_cited_is_given(tasks: Tasks) -> None:
    task = tasks(ASSUMING)["ordered"]
    evidence = found(task, certificates=[proof_of(task)])
    assert evidence.outcome is Outcome.HOLDS
    assert evidence.given == ("euclid, II.4",)


# --------------------------------------------------------------------------------------------------- numerics


def counts(**changed: int) -> Json:
    return {"drawn": 64, "effective": 64, "certain": 64, "replayed": 0, "unreplayed": 0} | changed


def sampling(stressed: dict[str, Task]) -> Task:
    return next(t for t in stressed.values() if t.obligation.role is Role.STRESS and not t.variant.name)


def test_samples_are_statistical_with_their_rate(stressed: dict[str, Task]) -> None:
    evidence = found(sampling(stressed), counts=counts())
    assert (evidence.strength, evidence.scope) == (Strength.STATISTICAL, Scope.INSTANCES)
    assert evidence.detail["violation_bound"] == pytest.approx(1 - 1e-3 ** (1 / 64))
    assert evidence.reason.startswith("true at all 64 points drawn; a violation has probability at most 0.1")


def test_points_outside_of_the_hypotheses_do_not_count(stressed: dict[str, Task]) -> None:
    evidence = found(sampling(stressed), counts=counts(effective=16, certain=16))
    assert evidence.detail["violation_bound"] == pytest.approx(1 - 1e-3 ** (1 / 16))
    assert evidence.reason.startswith("true at all 16 points drawn that satisfy the hypotheses; ")


@pytest.mark.parametrize(
    ("changed", "outcome", "strength"),
    [
        ({"effective": 0}, Outcome.UNDECIDED, None),
        ({"certain": 60, "unreplayed": 4}, Outcome.HOLDS, Strength.SAMPLED),
    ],
)
def test_samples_that_say_little(
    stressed: dict[str, Task], changed: dict[str, int], outcome: Outcome, strength: Strength | None
) -> None:
    evidence = found(sampling(stressed), counts=counts(**changed))
    assert (evidence.outcome, evidence.strength) == (outcome, strength)


def test_a_failed_trial_refutes_as_computed(stressed: dict[str, Task]) -> None:
    evidence = found(stressed["tried"], counts={"trials": 8, "drawn": 32, "failures": 1, "failed": [3]})
    assert (evidence.outcome, evidence.strength) == (Outcome.REFUTED, Strength.COMPUTED)
    assert "number 3" in evidence.reason


def test_no_trials_are_undecided(stressed: dict[str, Task]) -> None:
    evidence = found(stressed["tried"], counts={"trials": 0, "drawn": 0, "failures": 0, "failed": []})
    assert evidence.outcome is Outcome.UNDECIDED


def test_the_word_of_an_author_is_computed_for_instances(stressed: dict[str, Task]) -> None:
    evidence = found(stressed["computed"], holds=True, sentence="I computed it")
    assert (evidence.strength, evidence.scope) == (Strength.COMPUTED, Scope.INSTANCES)
    assert found(stressed["computed"], holds=False, sentence="").outcome is Outcome.REFUTED


# ------------------------------------------------------------------------------------------------- relaxations


def bounded(task: Task) -> Json:
    from verify.session.worker import relax

    answer = relax(task.obligation.goal, task.claim, task.variant)  # type: ignore[arg-type]
    assert answer["rows"][0]["bound"] is not None
    return answer


def test_a_bound_is_certified_for_its_instance(stressed: dict[str, Task]) -> None:
    task = stressed["largest"]
    evidence = found(task, **bounded(task))
    assert (evidence.outcome, evidence.strength, evidence.scope) == (
        Outcome.HOLDS,
        Strength.CERTIFIED,
        Scope.INSTANCES,
    )


def test_a_bound_may_not_be_quoted_smaller_than_it_was_proved(stressed: dict[str, Task]) -> None:
    task = stressed["largest"]
    answer = bounded(task)
    answer["rows"][0]["bound"] = "0"
    assert found(task, **answer).outcome is Outcome.UNDECIDED


def test_a_bound_without_a_certificate_is_missing(stressed: dict[str, Task]) -> None:
    task = stressed["largest"]
    answer = bounded(task)
    answer["rows"].append({"naturals": {}, "bound": None, "reason": "the solver gave up"})
    evidence = found(task, **answer)
    assert evidence.outcome is Outcome.UNDECIDED
    assert "the solver gave up" in evidence.reason


def test_no_rows_are_undecided(stressed: dict[str, Task]) -> None:
    assert found(stressed["largest"], rows=[]).outcome is Outcome.UNDECIDED
