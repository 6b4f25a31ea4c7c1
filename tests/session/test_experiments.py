r"""Experiments from the author's text to the verdict: plans, mutants, forged answers, the family of a run."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests import samples
from verify.catalog import Listed, collect
from verify.errors import VerifyError
from verify.session.family import family_of
from verify.session.judge import judge
from verify.session.reporting import describe, write_json, write_text
from verify.session.running import RunOptions, perform, recalled
from verify.session.session import Result, affected
from verify.session.summary import RunResult, summarise
from verify.session.tasks import Options, Task, is_affected
from verify.session.worker import ask
from verify.statistics import Experiment
from verify.statistics.experiment import key_of
from verify.verdict import Evidence, Outcome, Role, Strength

Json = Any
Tasks = Callable[..., dict[str, Task]]

BODY = """
from verify.statistics import Mean, MeanNear, Rate, Sequential

rate = claim.parameter("rate", "-1/2", "the exponent")
scale = claim.parameter("scale", "1", "the standard deviation")


@claim.experiment(Rate(at=(16, 64, 256), exponent=rate, margin="1/10"), runs=1024)
def decay(draws, scale):
    import torch

    sums = (float(scale) * draws.normal(256)).cumsum(1).abs()
    return torch.stack([sums[:, n - 1] / n for n in (16, 64, 256)], 1)


@claim.experiment(MeanNear(target=1, margin="1/4"), runs=4096)
def square(draws, scale):
    return (float(scale) * draws.normal()) ** 2


claim.mutant("slower", {rate: "-1/4"})
claim.mutant("wider", {scale: "3/2"})


@claim.mutant(replaces=decay)
def constant(draws):
    \"\"\"Always the same number\"\"\"
    return draws.normal(1).abs().expand(-1, 3)
"""


def experiment(function: str, test: str, **rest: Any) -> str:
    """A claim with one experiment."""
    options = "".join(f", {name}={value!r}" for name, value in ({"runs": 512} | rest).items())
    return f"""
from verify.statistics import Mean, MeanNear, Probability, Rate, Sequential


@claim.experiment({test}{options})
def tried(draws):
    {function}


@claim.mutant(replaces=tried)
def certain(draws):
    return draws.uniform() * 0 + 1
"""


HALF = 'Mean(low=0, high=1, at_most="{bound}")'


def answered(task: Task, **options: Any) -> Json:
    return ask(task.claim, task.obligation, task.variant, Options(**options).json())


def found(task: Task, **options: Any) -> Evidence:
    return judge(task, answered(task, **options)).evidence


# --------------------------------------------------------------------------------------------------------- one task


def test_a_supported_experiment_holds_statistically_for_instances(tasks: Tasks) -> None:
    evidence = found(tasks(BODY)["decay"])
    assert (evidence.outcome, evidence.strength, evidence.role) == (Outcome.HOLDS, Strength.STATISTICAL, Role.STRESS)
    assert evidence.scope is not None
    assert evidence.scope.name == "INSTANCES"
    assert evidence.detail["finding"]["region"] == [-0.6, -0.4]
    low, high = evidence.detail["finding"]["interval"]
    assert -0.6 <= low < -0.5 < high <= -0.4
    assert [point[0] for point in evidence.detail["finding"]["points"]] == [16, 64, 256]
    assert evidence.reason.endswith("inside [-0.6, -0.4] (1024 runs, level 0.001)")


@pytest.mark.parametrize(
    ("bound", "outcome"), [("3/5", Outcome.HOLDS), ("1/2", Outcome.UNDECIDED), ("2/5", Outcome.REFUTED)]
)
def test_the_three_ways(tasks: Tasks, bound: str, outcome: Outcome) -> None:
    evidence = found(tasks(experiment("return draws.uniform()", HALF.format(bound=bound), runs=20_000))["tried"])
    assert evidence.outcome is outcome
    assert (evidence.strength is None) == (outcome is Outcome.UNDECIDED)
    assert "estimate 0." in evidence.reason


def test_the_plan_names_everything_and_its_digest_is_in_the_evidence(tasks: Tasks) -> None:
    task = tasks(BODY)["decay"]
    evidence = found(task)
    plan = evidence.detail["plan"]
    assert plan["statistic"]["exponent"] == "-1/2"
    assert (plan["runs"], plan["level"], plan["function"], plan["parameters"]) == (
        1024,
        "0.001",
        "decay",
        {"scale": "1"},
    )
    assert evidence.detail["plan_sha256"] == task.statement_sha256


@pytest.mark.parametrize(
    "changed",
    [("runs=1024", "runs=2048"), ('margin="1/10"', 'margin="1/9"'), ('"rate", "-1/2"', '"rate", "-2/3"'),
     ('"scale", "1"', '"scale", "2"'), ("runs=1024", "runs=1024, level=1e-4"), ("(16, 64, 256), exp", "(16, 64, 255), exp")],
    ids=str,
)  # fmt: skip
def test_another_plan_has_another_digest(tasks: Tasks, changed: tuple[str, str]) -> None:
    first, same = tasks(BODY, "first")["decay"], tasks(BODY, "same")["decay"]
    other = tasks(BODY.replace(*changed), "other")["decay"]
    assert first.statement_sha256 == same.statement_sha256 != other.statement_sha256


def test_the_draws_follow_from_the_seed_the_claim_the_obligation_and_the_plan() -> None:
    """The key is computed before the first draw, from the digest that the evidence shows."""
    keys = [key_of(seed, claim, name, plan) for seed in (0, 1) for claim in "ab" for name in "cd" for plan in "ef"]
    drawn = {float(Experiment(key, 0, 1).uniform()) for key in keys}
    assert len(drawn) == 16


def test_the_seed_changes_the_draws_and_not_the_plan(tasks: Tasks) -> None:
    task = tasks(BODY)["square"]
    first, again, other = answered(task), answered(task), answered(task, seed=1)
    assert first["summary"] == again["summary"]
    assert first["summary"] != other["summary"]
    assert first["plan_sha256"] == other["plan_sha256"]
    assert task.key(Options()) != task.key(Options(seed=1))


def test_runs_under_another_plan_establish_nothing(tasks: Tasks) -> None:
    known = tasks(BODY)
    for other in ("decay[mutant:slower]", "square"):
        evidence = judge(known["decay"], answered(known[other])).evidence
        assert evidence.outcome is Outcome.ERROR
        assert "followed another plan" in evidence.reason


def test_numbers_that_are_none_establish_nothing(tasks: Tasks) -> None:
    task = tasks(BODY)["square"]
    summary = {"mean": math.nan, "variance": 1.0, "runs": 4096}
    evidence = judge(task, {**answered(task), "summary": summary}).evidence
    assert evidence.outcome is Outcome.UNDECIDED


@pytest.mark.parametrize(
    ("function", "sentence"),
    [
        ("return draws.uniform() / 0", "tried returned inf in run 0, where the test needs a number in"),
        ("return draws.uniform(2)", "tried returned shape"),
        ("return None", "tried returned NoneType"),
    ],
)
def test_a_sample_that_is_wrong_is_an_error_of_its_function(tasks: Tasks, function: str, sentence: str) -> None:
    task = tasks(experiment(function, HALF.format(bound="1/2")))["tried"]
    with pytest.raises(VerifyError, match=sentence) as caught:
        answered(task)
    assert "sample.py:" in str(caught.value)


# ---------------------------------------------------------------------------------------------------------- mutants


def test_a_variant_concerns_the_experiments_that_read_what_it_changes(tasks: Tasks) -> None:
    concerned = {name for name, task in tasks(BODY).items() if task.variant.name and is_affected(task)}
    assert concerned == {
        "decay[mutant:slower]",  # the exponent stands in the test
        "decay[mutant:wider]",
        "square[mutant:wider]",  # the scale is an argument
        "decay[mutant:constant]",
    }


@pytest.mark.parametrize(
    ("variant", "outcome"),
    [
        ("decay[mutant:slower]", Outcome.REFUTED),
        ("decay[mutant:wider]", Outcome.HOLDS),
        ("square[mutant:wider]", Outcome.REFUTED),
        ("decay[mutant:constant]", Outcome.REFUTED),
    ],
)
def test_mutants_are_refuted_by_their_runs(tasks: Tasks, variant: str, outcome: Outcome) -> None:
    evidence = found(tasks(BODY)[variant])
    assert evidence.outcome is outcome
    assert outcome is not Outcome.REFUTED or "outside" in evidence.reason


def test_a_mutant_with_the_same_number_changes_nothing(tasks: Tasks) -> None:
    body = BODY.replace('{rate: "-1/4"}', '{rate: "-2/4"}')
    assert not is_affected(tasks(body)["decay[mutant:slower]"])


# ------------------------------------------------------------------------------------------------------ whole runs


def listed(folder: Path, name: str, body: str, **rest: str) -> Listed:
    catalog = collect([samples.folder(folder / name, sample=samples.text(name, body, **rest))])
    assert not catalog.broken, catalog.broken
    return catalog.get(name)


def results(*entries: Listed) -> list[Result]:
    from verify.session.tasks import tasks_of

    return [Result(task, found(task)) for entry in entries for task in affected(tasks_of(entry))]


def summary(*entries: Listed) -> RunResult:
    from verify.catalog import Catalog

    return summarise(Catalog(entries, ()), entries, results(*entries))


def test_a_run_from_the_text_to_the_store_and_back(tmp_path: Path) -> None:
    folder = samples.folder(tmp_path / "claims", sample=samples.text("sample", BODY))
    catalog = collect([folder])
    settings = RunOptions(store=tmp_path / "store")
    first = perform(catalog, catalog.claims, settings)
    assert first.exit_code(strict=True) == 0
    assert first.claims[0].verdict.in_words() == "statistical for listed instances"
    assert [mutant.killed for mutant in first.claims[0].mutants] == [True, True, True]
    again = perform(catalog, catalog.claims, settings)
    assert all(result.cached for result in again.claims[0].results.values())
    known = recalled(catalog, catalog.claims, tmp_path / "store")
    assert write_json(known, 1)["claims"][0]["obligations"] == write_json(again, 1)["claims"][0]["obligations"]


def test_what_a_run_says_about_its_experiments(tmp_path: Path) -> None:
    found_ = summary(listed(tmp_path, "sample", BODY))
    entry = write_json(found_, 1)
    assert entry["family"]["level"] == 1e-3
    assert [member["task"] for member in entry["family"]["experiments"]] == ["sample::decay", "sample::square"]
    assert entry["claims"][0]["obligations"]["decay"]["finding"]["decision"] == "supported"
    stream = io.StringIO()
    write_text(found_, stream)
    assert "2 experiments, 0 refuted at the level 0.001 of all together (Holm)" in stream.getvalue()
    assert "the mean error behaves like n^s" in describe(listed(tmp_path, "other", BODY))


def typed(result: Result, p_value: float) -> Result:
    """The result with this p-value."""
    finding = {**result.evidence.detail["finding"], "p_value": p_value}
    return replace(result, evidence=replace(result.evidence, detail={**result.evidence.detail, "finding": finding}))


def test_a_refutation_that_is_one_of_many_tests_is_undecided(tmp_path: Path) -> None:
    """By itself p = 8e-4 refutes at 1e-3; of three experiments, Holm asks for 1e-3/3."""
    from verify.catalog import Catalog

    false = experiment("return draws.uniform()", HALF.format(bound="2/5"), runs=20_000)
    refuted = listed(tmp_path, "refuted", false, more=', expect="refuted"')
    other = listed(tmp_path, "other", BODY)
    for p_value, alone, together in ((8e-4, True, False), (3e-4, True, True)):
        ours = [typed(r, p_value) if r.task.id == "refuted::tried" else r for r in results(refuted)]
        single = summarise(Catalog((refuted,), ()), [refuted], ours)
        both = summarise(Catalog((refuted, other), ()), [refuted, other], [*ours, *results(other)])
        assert single.claims[0].as_expected is alone
        assert both.claims[0].as_expected is together
        if not together:
            evidence = both.claims[0].results["tried"].evidence
            assert evidence.outcome is Outcome.UNDECIDED
            assert "refuted by itself, but not of the 3 experiments of this run" in evidence.reason


def test_mutants_are_no_members_of_the_family(tmp_path: Path) -> None:
    members = family_of(results(listed(tmp_path, "sample", BODY)))
    assert [member.task for member in members] == ["sample::decay", "sample::square"]
    assert all(member.threshold is None for member in members)


# -------------------------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (BODY.replace("runs=1024", "runs=1000"), "runs=1000 must be a positive multiple of the 32 groups"),
        (BODY.replace("runs=1024", "runs=1024, level=2"), "level lie between 0 and 1"),
        (BODY.replace("runs=1024", "runs=1024, role='disproof'"), "role be 'stress' or 'proof'"),
        (BODY.replace('margin="1/10"', "margin=0.1"), "margin=0.1 is not an exact number"),
        (BODY.replace("@claim.experiment(MeanNear(target=1, margin=\"1/4\")", "@claim.experiment(3"), "3 is no test"),
    ],
)  # fmt: skip
def test_a_registration_that_makes_no_sense_is_reported_at_its_line(tmp_path: Path, body: str, sentence: str) -> None:
    catalog = collect([samples.folder(tmp_path, sample=samples.text("sample", body))])
    assert len(catalog.broken) == 1
    assert sentence in catalog.broken[0].sentence
    assert "sample.py:" in catalog.broken[0].sentence


LAW = """
from verify.statistics import Distribution, MeanNear

width = claim.parameter("width", "1", "the width")


def diagonal(x, {argument}):
    return x / {divisor}


@claim.experiment(Distribution(cdf=diagonal, margin="1/10"), runs=2000)
def uniform(draws):
    return draws.uniform()


@claim.experiment(MeanNear(target="1/2", margin=width), runs=2000)
def near(draws):
    return draws.uniform()


claim.mutant("wide", {{width: "-2"}})
"""


def test_a_parameter_of_a_distribution_function_belongs_to_the_plan(tasks: Tasks) -> None:
    known = tasks(LAW.format(argument="width", divisor="float(width)"))
    assert found(known["uniform"]).outcome is Outcome.HOLDS
    assert known["uniform"].registration["statistic"]["cdf"] == {"function": "diagonal", "width": "1"}
    assert is_affected(known["uniform[mutant:wide]"])


@pytest.mark.parametrize(
    ("argument", "divisor", "name", "sentence"),
    [
        ("height", 1, "uniform", "the test of uniform: height of diagonal is no parameter of the claim"),
        ("width", 0.5, "uniform", "the test of uniform: cdf=.* must map an array to nondecreasing probabilities"),
        ("width", 1, "near[mutant:wide]", "the test of near: margin=.* must not be negative"),
    ],
)
def test_what_is_wrong_with_a_test_is_said_where_its_experiment_stands(
    tasks: Tasks, argument: str, divisor: Any, name: str, sentence: str
) -> None:
    task = tasks(LAW.format(argument=argument, divisor=divisor))[name]
    with pytest.raises(VerifyError, match=sentence) as caught:
        answered(task)
    assert "sample.py:" in str(caught.value)


def test_a_parameter_that_does_not_exist_is_reported(tasks: Tasks) -> None:
    task = tasks(BODY.replace("def square(draws, scale)", "def square(draws, width)"))["square"]
    with pytest.raises(VerifyError, match="width of square is no parameter of the claim"):
        answered(task)
