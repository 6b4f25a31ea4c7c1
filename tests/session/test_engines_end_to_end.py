r"""From an author's text to a verdict: what is false, or says nothing, is not reported to hold, whatever engine is asked."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable

import pytest

from verify.engines import sampling
from verify.session.judge import judge
from verify.session.session import Session
from verify.session.tasks import Options, Task
from verify.session.worker import ask
from verify.verdict import Evidence, Outcome, Scope, Strength

pytestmark = pytest.mark.usefixtures("one_server")

Tasks = Callable[..., dict[str, Task]]
VECTORS = "from verify import dot, sq, vec\n"


def found(task: Task) -> Evidence:
    """What a session finds, without a process of its own."""
    answer = ask(task.claim, task.obligation, task.variant, Options(seconds=6).json())
    return judge(task, answer).evidence


# --------------------------------------------------------------------------------------------------- vectors

ORTHONORMAL = """
@claim.proof()
def none(u: vec, v: vec, w: vec) -> prop:
    assume(sq(u) == 1, sq(v) == 1, sq(w) == 1, dot(u, v) == 0, dot(v, w) == 0, dot(u, w) == 0)
    return False
"""
FOUR = """
@claim.proof()
def none(u: vec, v: vec, w: vec, z: vec) -> prop:
    assume(sq(u) == 1, sq(v) == 1, sq(w) == 1, sq(z) == 1)
    assume(dot(u, v) == 0, dot(v, w) == 0, dot(u, w) == 0, dot(u, z) == 0, dot(v, z) == 0, dot(w, z) == 0)
    return False
"""


def test_what_is_true_only_in_the_plane_is_refuted_in_space(tasks: Tasks) -> None:
    """Through a whole session."""
    with Session(Options(seconds=10)) as session:
        evidence = session.submit(tasks(VECTORS + ORTHONORMAL)["none"]).result().evidence
    assert (evidence.outcome, evidence.strength) == (Outcome.REFUTED, Strength.CERTIFIED)


def test_what_is_true_only_in_the_plane_and_in_space_does_not_hold(tasks: Tasks) -> None:
    assert found(tasks(VECTORS + FOUR)["none"]).outcome in (Outcome.UNDECIDED, Outcome.REFUTED)


# ---------------------------------------------------------------------------------------- what Z3 says of nothing

LARGE = """
@claim.proof()
def small(n: nat, x: real) -> prop:
    assume(n >= 9, x**2 <= 1, x**2 >= 1, n != 11)
    return (n - 10**5)*(n - 10**5 + 1)*x**2 >= 1
"""


def test_a_theorem_that_says_nothing_of_small_naturals_does_not_hold_by_them(tasks: Tasks) -> None:
    """False at n = 10^5 only."""
    evidence = found(tasks(LARGE)["small"])
    assert evidence.outcome in (Outcome.UNDECIDED, Outcome.REFUTED)
    assert evidence.detail["tried"]["z3"]["unsatisfiable"] == []


# -------------------------------------------------------------------------------------------------- sampling

SAMPLED = """
@claim.proof()
def asked({variables}) -> prop:
    assume({hypothesis})
    return {conclusion}


claim.sampling(asked, samples={samples}, naturals={naturals}, reals={{"x": (1, 2)}})
"""


def sampled(tasks: Tasks, conclusion: str, hypothesis: str = "x >= 0", **plan: object) -> Evidence:
    variables = "k: nat, x: real" if "naturals" in plan else "x: real"
    text = SAMPLED.format(
        variables=variables,
        hypothesis=hypothesis,
        conclusion=conclusion,
        samples=plan.get("samples", 200),
        naturals=plan.get("naturals", "{}"),
    )
    more = f", arithmetic={plan['arithmetic']!r}" if "arithmetic" in plan else ""
    return found(tasks(text, more=more)["asked_sampled"])


@pytest.mark.parametrize("samples", [200, 400])
def test_a_false_theorem_is_not_true_at_all_points(tasks: Tasks, samples: int) -> None:
    """False for k = 1, by less than the rounding errors; at k = 0 every point has to be replayed."""
    evidence = sampled(tasks, "x/3*3 == x + k/10**30", naturals='{"k": (0, 1)}', samples=samples)
    assert (evidence.outcome, evidence.strength) == (Outcome.REFUTED, Strength.CERTIFIED)


def test_points_that_were_not_replayed_are_not_among_the_true_ones(
    tasks: Tasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sampling, "BATCH", 64)
    evidence = sampled(tasks, "x/3*3 == x", samples=1000)
    counts = evidence.detail["counts"]
    assert (counts["certain"], counts["effective"], counts["unreplayed"]) == (200, 200, 800)
    assert evidence.strength is Strength.SAMPLED
    assert evidence.reason.startswith("true at 200 points; at 800 ")


@pytest.mark.parametrize("samples", [100, 1000])
def test_a_theorem_that_is_vacuous_by_less_than_the_rounding_errors_does_not_hold(tasks: Tasks, samples: int) -> None:
    evidence = sampled(tasks, "x >= 7", "x/3*3 == x + 1/10**30", samples=samples)
    assert evidence.outcome is Outcome.UNDECIDED
    assert evidence.detail["counts"]["effective"] == 0


def test_a_theorem_whose_replays_have_no_value_does_not_hold(tasks: Tasks) -> None:
    """The exact numbers have more digits than the kernel's; in floating point the two sides cannot be told apart."""
    before = "@define\ndef s(n: nat, x: real) -> real:\n    return x if n == 0 else s(n - 1, x*(3 - x))\n"
    text = before + SAMPLED.format(
        variables="x: real",
        hypothesis="x >= 0",
        conclusion="s(11, x)/3*3 == s(11, x) + 1/10**60",
        samples=50,
        naturals="{}",
    )
    evidence = found(tasks(text)["asked_sampled"])
    assert evidence.outcome is Outcome.UNDECIDED
    assert evidence.detail["counts"]["unreplayed"] == 50


def test_what_real_numbers_satisfy_is_not_true_of_doubles(tasks: Tasks) -> None:
    evidence = sampled(tasks, "x + 1/10 + 2/10 - 3/10 - x == 0", arithmetic="binary64")
    assert (evidence.outcome, evidence.strength) == (Outcome.REFUTED, Strength.CERTIFIED)


def test_what_holds_is_still_found_to_hold(tasks: Tasks) -> None:
    evidence = sampled(tasks, "x**2 <= 4")
    assert (evidence.outcome, evidence.strength, evidence.scope) == (
        Outcome.HOLDS,
        Strength.STATISTICAL,
        Scope.INSTANCES,
    )


# ---------------------------------------------------------------------------------------------------- models

CONVEX = """
from verify import assumption, dot, sq, vec


@arbitrary
def f(x: vec) -> real: ...


@arbitrary
def gradient(x: vec) -> vec: ...


@assumption()
def convex(x: vec, y: vec) -> prop:
    return f(y) >= f(x) + dot(gradient(x), y - x)


{models}


@claim.{kind}using=[convex], assuming=[convex])
def asked(x: vec, y: vec) -> prop:
    assume({hypothesis})
    return {conclusion}


@claim.mutant(replaces=asked)
def strictly(x: vec, y: vec) -> prop:
    assume({hypothesis})
    return f(y) > f(x)
"""
PARABOLA = 'claim.model({f: "sq(x) / 2", gradient: "x"})'
CONCAVE = 'claim.model({f: "-sq(x)", gradient: "x"})'
NOTE = "; its assumptions were not shown to be satisfiable"


def under_assumptions(
    models: str, conclusion: str = "f(y) >= f(x)", hypothesis: str = "gradient(x) == 0", kind: str = "proof("
) -> str:
    return CONVEX.format(models=models, conclusion=conclusion, hypothesis=hypothesis, kind=kind)


def test_a_theorem_under_assumptions_has_an_instance_in_a_model(tasks: Tasks) -> None:
    """Through a whole session, with its mutant, which is refuted in the model."""
    found_in_session = {}
    with Session(Options(seconds=10)) as session:
        for name, task in tasks(under_assumptions(PARABOLA)).items():
            found_in_session[name] = session.submit(task).result().evidence
    evidence, mutant = found_in_session["asked"], found_in_session["asked[mutant:strictly]"]
    assert (evidence.outcome, evidence.strength, evidence.scope) == (Outcome.HOLDS, Strength.CERTIFIED, Scope.ALL)
    assert re.fullmatch(r"proved in \d+ steps", evidence.reason)
    assert [c.kind for c in evidence.certificates] == ["theorem", "instance"]
    assert {d["name"] for d in evidence.detail["instance"]["model"]["definitions"]} == {"f", "gradient"}
    assert "models" not in evidence.detail["tried"]
    assert (mutant.outcome, mutant.strength) == (Outcome.REFUTED, Strength.CERTIFIED)


def test_a_theorem_that_is_false_in_a_model_is_refuted_by_its_functions(tasks: Tasks) -> None:
    evidence = found(tasks(under_assumptions(PARABOLA, hypothesis="True"))["asked"])
    assert (evidence.outcome, evidence.strength) == (Outcome.REFUTED, Strength.CERTIFIED)
    where = r"false at x = \((.*)\), y = \((.*)\), where f\(x\) = sq\(x\) / 2; gradient\(x\) = x"
    x, y = ([int(entry) for entry in vector.split(",")] for vector in re.fullmatch(where, evidence.reason).groups())  # type: ignore[union-attr]
    assert sum(entry**2 for entry in y) < sum(entry**2 for entry in x)


def test_without_a_model_nothing_under_assumptions_is_refuted_or_satisfied(tasks: Tasks) -> None:
    true = found(tasks(under_assumptions(""), name="true")["asked"])
    false = found(tasks(under_assumptions("", hypothesis="True"), name="false")["asked"])
    assert true.reason.endswith(NOTE)
    assert [c.kind for c in true.certificates] == ["theorem"]
    assert false.outcome is Outcome.UNDECIDED


def test_a_model_whose_assumption_is_not_proved_does_not_count_and_is_reported(tasks: Tasks) -> None:
    evidence = found(tasks(under_assumptions(CONCAVE))["asked"])
    assert evidence.reason.endswith(NOTE)
    assert [c.kind for c in evidence.certificates] == ["theorem"]
    (failed,) = evidence.detail["tried"]["models"]
    assert (failed["model"], failed["assumption"]) == (0, "convex")
    assert failed["reason"]


def test_no_theorem_is_refuted_in_a_model_whose_assumption_is_not_proved(tasks: Tasks) -> None:
    """Which the concave function would do."""
    evidence = found(tasks(under_assumptions(CONCAVE, hypothesis="True"))["asked"])
    assert evidence.outcome is Outcome.UNDECIDED
    assert evidence.certificates == ()


def test_the_second_model_is_tried_where_the_first_does_not_count(tasks: Tasks) -> None:
    all_tasks = tasks(under_assumptions(f"{CONCAVE}\n{PARABOLA}"))
    evidence, mutant = found(all_tasks["asked"]), found(all_tasks["asked[mutant:strictly]"])
    assert re.fullmatch(r"proved in \d+ steps", evidence.reason)
    assert [row["model"] for row in evidence.detail["tried"]["models"]] == [0]
    assert mutant.reason.endswith("where f(x) = sq(x) / 2; gradient(x) = x")


def test_hypotheses_that_no_point_of_the_model_satisfies_have_no_instance(tasks: Tasks) -> None:
    evidence = found(tasks(under_assumptions(PARABOLA, hypothesis="gradient(x) == 0, f(x) > 0"))["asked"])
    assert [c.kind for c in evidence.certificates] == ["theorem"]
    assert "instance" not in evidence.detail
    assert "models" not in evidence.detail["tried"]
    assert evidence.detail["tried"]["in_models"] == [0]
    assert evidence.reason.endswith("; no point of its models was found that satisfies its hypotheses")


FLAT = 'claim.model({f: "0", gradient: "0 * x"})'


def test_where_one_model_does_not_show_it_the_next_may(tasks: Tasks) -> None:
    """In the first one nothing satisfies the hypothesis."""
    models, sloping = f"{FLAT}\n{PARABOLA}", "sq(gradient(x)) > 0"
    true = found(tasks(under_assumptions(models, "sq(gradient(x)) >= 0", sloping))["asked"])
    false = found(tasks(under_assumptions(models, hypothesis=sloping), name="false")["asked"])
    assert true.detail["tried"]["in_models"] == false.detail["tried"]["in_models"] == [0, 1]
    assert [c.kind for c in true.certificates] == ["theorem", "instance"]
    assert false.outcome is Outcome.REFUTED


def test_of_a_variant_every_model_is_searched_for_a_counterexample(tasks: Tasks) -> None:
    """A constant has critical points, and refutes no equation of values."""
    models = f"{FLAT}\n{PARABOLA}"
    mutant = found(
        tasks(under_assumptions(models).replace("return f(y) > f(x)", "return f(y) == f(x)"))["asked[mutant:strictly]"]
    )
    assert mutant.detail["tried"]["in_models"] == [0, 1]
    assert mutant.outcome is Outcome.REFUTED


def test_what_was_forged_in_a_model_counts_for_nothing(tasks: Tasks) -> None:
    """The same answer without its proofs, with other functions, and without a model."""
    task = tasks(under_assumptions(PARABOLA, hypothesis="True"))["asked"]
    answer = ask(task.claim, task.obligation, task.variant, Options(seconds=6).json())
    kinds = [certificate["kind"] for certificate in answer["certificates"]]
    assert "counterexample" in kinds
    for forge in (
        lambda model: model.update(proofs=[]),
        lambda model: model["definitions"][0].update(body="sq(x)"),
        lambda model: model.update(definitions=[]),
        lambda model: model.clear(),
    ):
        forged = copy.deepcopy(answer)
        for certificate in forged["certificates"]:
            forge(certificate["witness"]["model"])
        evidence = judge(task, forged).evidence
        assert (evidence.outcome, evidence.certificates) == (Outcome.UNDECIDED, ())
        assert len(evidence.detail["rejected"]) == len(kinds)


DISPROOF = 'disproof("a critical point is a minimum", '


def test_a_disproof_under_assumptions_has_an_instance_in_a_model(tasks: Tasks) -> None:
    """A theorem contradicts a claim where something satisfies what it assumes."""
    evidence = found(tasks(under_assumptions(PARABOLA, kind=DISPROOF))["asked"])
    assert (evidence.outcome, evidence.strength) == (Outcome.REFUTED, Strength.CERTIFIED)
    assert evidence.reason == "contradicted by a theorem: a critical point is a minimum"
    assert [c.kind for c in evidence.certificates] == ["theorem", "instance"]


def test_a_disproof_that_may_be_vacuous_contradicts_nothing(tasks: Tasks) -> None:
    evidence = found(tasks(under_assumptions(CONCAVE, kind=DISPROOF))["asked"])
    assert evidence.outcome is Outcome.UNDECIDED
    assert evidence.reason == f"the theorem that should contradict the claim may be vacuous{NOTE.replace(';', ':')}"


def test_in_binary64_no_model_counts_and_none_is_tried(tasks: Tasks) -> None:
    """Assumptions are proved of real numbers."""
    evidence = found(tasks(under_assumptions(PARABOLA), more=', arithmetic="binary64"')["asked"])
    assert evidence.outcome is Outcome.UNDECIDED
    assert "rejected" not in evidence.detail


# ---------------------------------------------------------------------------------------------------- trials


@pytest.mark.parametrize("value", ["draws.uniform(4)", "draws.uniform(4).to(torch.complex64) * complex('nan')",
                                   "(draws.uniform(4) < 2).int()", "True"])  # fmt: skip
def test_trials_that_return_no_truth_values_do_not_hold(tasks: Tasks, value: str) -> None:
    text = f"import torch\n\n\n@claim.trials(3)\ndef tried(draws):\n    return {value}\n"
    task = tasks(text)["tried"]
    with pytest.raises(TypeError, match=r"truth values \(torch.bool\), not"):
        found(task)
