r"""Explanations, against what a reader of the same claim would say: each expectation is written by hand."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import samples
from verify.cli import main
from verify.errors import UsageError
from verify.kernel import Rejected, check, parse
from verify.kernel.certificate import Accepted
from verify.session.explanation import Explanation, explain
from verify.session.explanation.finding import Asking, explanations
from verify.session.explanation.section import LONGEST, MOST, bounded
from verify.session.explanation.usage import labels_in, steps_in
from verify.session.judge import Judged, judge
from verify.session.tasks import Options, Task
from verify.session.worker import ask
from verify.verdict import Evidence, Outcome, Role, Strength

Json = Any
Tasks = Callable[..., dict[str, Task]]

GROWING = """
@define
def power(m: nat) -> real:
    return 1 if m == 0 else 2 * power(m - 1)


@lemma(by=induction("m"))
def positive(m: nat) -> prop:
    return power(m) >= 1


@lemma()
def idle(x: real) -> prop:
    return x * x >= 0

"""

USING = (
    GROWING
    + """
@claim.proof(using=[positive, idle], cases=["x >= 3"])
def above(m: nat, x: real, y: real) -> prop:
    assume(x >= 0, x <= 5, y >= x)
    return power(m) + y >= 1


@claim.mutant(replaces=above)
def too_high(m: nat, x: real, y: real) -> prop:
    \"\"\"Two\"\"\"
    assume(x >= 0, x <= 5, y >= x)
    return power(m) + y >= 2 and power(m) >= 1


@claim.mutant(replaces=above)
def also_true(m: nat, x: real, y: real) -> prop:
    \"\"\"Half\"\"\"
    assume(x >= 0, x <= 5, y >= x)
    return power(m) + y >= 1/2
"""
)

STUCK = (
    GROWING
    + """
@claim.proof(using=[{lemma}])
def grows(m: nat) -> prop:
    return power(m) >= m + 1
"""
)

UNPROVED_LEMMA = """
@lemma()
def more(m: nat) -> prop:
    return power(m) >= m + 1

"""

CITED = """
from verify import assumption


@arbitrary
def f(x: real) -> real: ...


@assumption(source=cite("euclid", "I.2"))
def bounded_below(x: real) -> prop:
    return f(x) >= 1


@assumption()
def unneeded(x: real) -> prop:
    return f(x) >= -7


@claim.proof(using=[bounded_below, unneeded], assuming=[bounded_below, unneeded])
def positive(x: real) -> prop:
    return f(x) > 0
"""


NEGATIVE_VALUES = """

@claim.proof(using=[above.at(x="x")], assuming=[above])
def negative(x: real) -> prop:
    assume(f(x) < 0)
    return x < 0
"""

UNMODELLED_BESIDE_A_MODEL = (
    samples.UNMODELLED
    + """

@arbitrary
def h(x: real) -> real: ...


claim.model({h: "x"})
"""
)


def judged(task: Task, **options: Any) -> Judged:
    """What a session would find, without a process of its own."""
    found = ask(task.claim, task.obligation, task.variant, Options(**options).json())
    return judge(task, found)


def explained(task: Task, **options: Any) -> Explanation:
    found = judged(task, **options)
    return explain(task, found.evidence, [parse(blob.decode()) for blob in found.blobs])


def lines(explanation: Explanation, kind: str) -> tuple[str, ...]:
    (section,) = (section for section in explanation.sections if section.kind == kind)
    return section.lines


def kinds(explanation: Explanation) -> list[str]:
    return [section.kind for section in explanation.sections]


# ------------------------------------------------------------------------------------------------------- proofs


def test_what_a_proof_uses_and_what_it_does_not(tasks: Tasks) -> None:
    found = explained(tasks(USING)["above"])
    assert found.evidence.outcome is Outcome.HOLDS
    assert set(lines(found, "use")) == {
        "hypothesis x >= 0: used",
        "hypothesis x <= 5: not needed by this proof, so that the theorem holds without it",
        "hypothesis y >= x: used",
        "lemma positive: used",
        "lemma idle: offered, and not used",
        "case split x >= 3: a hint that was not used",
    }
    assert "proof search: found a proof" in lines(found, "tried")
    assert kinds(found) == ["tried", "kernel", "use"]


def without(document: Json, number: int) -> Accepted:
    """The same proof of the theorem without one of its hypotheses, as the kernel sees it."""
    changed = copy.deepcopy(document)
    hypotheses = changed["statement"]["theorem"]["hypotheses"]
    names = {f"h{old}": f"h{old - 1}" for old in range(number + 1, len(hypotheses) + 1)}
    del hypotheses[number - 1]
    text = json.dumps(changed["witness"]["proof"])
    for old, new in names.items():
        text = text.replace(json.dumps(old), json.dumps(new))
    changed["witness"]["proof"] = json.loads(text)
    return check(changed)


def test_the_kernel_accepts_the_proof_without_the_hypothesis_that_it_does_not_need(tasks: Tasks) -> None:
    (document,) = (d for d in map(parsed, judged(tasks(USING)["above"]).blobs) if d["kind"] == "theorem")
    assert without(document, 2).holds
    for needed in (1, 3):
        with pytest.raises(Rejected):
            without(document, needed)


def parsed(blob: bytes) -> Json:
    return parse(blob.decode())


def test_labels_are_read_from_every_rule_that_rests_on_some() -> None:
    arithmetic = {"rule": "arithmetic", "products": [["1", ["a", "b"]]], "equations": [["c", "x"]], "squares": []}
    proof = [
        {"rule": "instance", "of": "lemma", "at": {}, "because": [[{"rule": "exact", "by": "d"}]], "as": "i1"},
        {"rule": "summed", "of": "other", "over": [], "at": {}, "because": [], "as": "i2"},
        {"rule": "cases", "of": "e", "as": "c1", "branches": [[{"rule": "absurd", "by": ["f", "g"]}], [arithmetic]]},
        {"rule": "integer", "of": "k", "as": "z"},
    ]
    assert sorted(labels_in(proof)) == ["a", "b", "c", "d", "e", "f", "g", "k"]
    assert len(list(steps_in(proof))) == 7


def test_a_cited_step_is_named_and_what_would_make_the_verdict_unconditional(tasks: Tasks) -> None:
    found = explained(tasks(CITED)["positive"])
    assert "given euclid, I.2" in found.headline
    assert "assumption bounded_below: used" in lines(found, "use")
    assert "assumption unneeded: assumed, and not used" in lines(found, "use")
    assert lines(found, "advice")[0].startswith("a proof of what is cited (")


def test_a_theorem_about_nothing_shows_its_hypotheses(tasks: Tasks) -> None:
    found = explained(tasks(samples.VACUOUS)["anything"])
    assert found.evidence.outcome is Outcome.UNDECIDED
    assert lines(found, "use") == ("hypothesis x > 0: used", "hypothesis x < 0: used")
    assert lines(found, "advice")[0] == "are the hypotheses ever true together? They say: x > 0 and x < 0"


def test_a_model_of_the_assumptions_is_shown_and_those_that_failed(tasks: Tasks) -> None:
    found = explained(tasks(samples.MODELLED)["large"])
    *model, at = lines(found, "model")
    assert model == ["f(x) = ramp(x)", "define ramp(x) = relu(x) + 1", "proved there: above"]
    assert at.startswith("all hypotheses hold there at x = ")
    assert lines(found, "tried")[0].endswith("of the functions of this model only:")
    (failed,) = lines(found, "models")
    assert re.match(r".*\.py:\d+: above was not proved: .*, wanted: ", failed)
    assert "advice" not in kinds(found)


def test_a_counterexample_in_a_model_is_evaluated_there(tasks: Tasks) -> None:
    found = explained(tasks(samples.MODELLED)["large[mutant:larger]"])
    (section,) = (section for section in found.sections if section.kind == "point")
    assert section.title.endswith(", where f(x) = ramp(x)")
    assert "hypothesis x >= 2: true" in section.lines and "f(x) = 3" in section.lines
    assert section.lines[-1] == "conclusion f(x) + offset() >= 4: false"


def test_where_no_model_is_given_one_is_advised(tasks: Tasks) -> None:
    every = tasks(samples.UNMODELLED)
    found = explained(every["doubled"])
    assert lines(found, "tried")[:2] == (
        "no point was tried, as its assumptions were proved in no model",
        "proof search: found a proof",
    )
    (advice,) = lines(found, "advice")
    assert advice == 'a model, so that its assumptions are shown to be satisfiable: claim.model({g: "..."})'
    advice = lines(explained(every["doubled[mutant:tripled]"]), "advice")[0]
    assert advice == 'a model, so that points can refute it: claim.model({g: "..."})'


def test_no_model_is_advised_where_proofs_do_not_apply(tasks: Tasks) -> None:
    found = explained(tasks(samples.UNMODELLED, more=', arithmetic="binary64"')["doubled[mutant:tripled]"])
    assert lines(found, "tried")[0].startswith("no point was tried")
    assert not any("claim.model" in line for line in lines(found, "advice"))


def test_a_model_that_says_nothing_of_a_theorem_is_not_blamed(tasks: Tasks) -> None:
    found = explained(tasks(UNMODELLED_BESIDE_A_MODEL)["doubled"])
    assert "models" not in kinds(found)
    assert lines(found, "advice")[0].startswith("a model, so that its assumptions")


def test_a_model_in_which_no_point_satisfies_the_hypotheses_is_not_enough(tasks: Tasks) -> None:
    found = explained(tasks(samples.MODELLED + NEGATIVE_VALUES)["negative"])
    assert found.evidence.outcome is Outcome.HOLDS and "model" not in kinds(found)
    (advice,) = lines(found, "advice")
    assert advice.startswith("another model: where its assumptions were proved, no point was found")


def test_a_proof_that_the_kernel_does_not_accept_is_not_explained(tasks: Tasks) -> None:
    task = tasks(samples.VACUOUS)["anything"]
    found = judged(task)
    (document,) = (d for d in map(parsed, found.blobs) if d["kind"] == "theorem")
    document["witness"]["proof"] = [{"rule": "exact", "by": "h1"}]
    assert "use" not in kinds(explain(task, found.evidence, [document]))


# ------------------------------------------------------------------------------------------------ stuck searches


def test_where_a_search_stopped_and_what_would_help(tasks: Tasks) -> None:
    task = tasks(STUCK.format(lemma="idle"))["grows"]
    found = explained(task, seconds=9.0)
    (stopped,) = (section for section in found.sections if section.kind == "stopped")
    assert stopped.title == "where the search stopped: grows"
    line = next(n for n, text in enumerate(source(task), 1) if text.startswith("@claim.proof"))
    assert stopped.lines[0] == f"at {task.claim.place.file}:{line}"
    assert "wanted: -1 + -1*m + power(m) >= 0" in stopped.lines
    assert stopped.data["place"] == {"file": task.claim.place.file, "line": line}
    assert 'by=induction("m"): the statement speaks of a function that is defined by recursion' in lines(
        found, "advice"
    )


def test_a_lemma_that_cannot_be_proved_is_shown_at_its_own_line(tasks: Tasks) -> None:
    body = STUCK.format(lemma="more").replace("@claim.proof", UNPROVED_LEMMA + "@claim.proof")
    task = tasks(body)["grows"]
    found = explained(task, seconds=9.0)
    (stopped,) = (section for section in found.sections if section.kind == "stopped")
    line = next(n for n, text in enumerate(source(task), 1) if text.startswith("def more")) - 1
    assert stopped.lines[0] == f"at {task.claim.place.file}:{line}"
    assert not any(text.startswith("by=induction") for text in lines(found, "advice")), "that is about the theorem"


def source(task: Task) -> list[str]:
    return Path(task.claim.place.file).read_text().splitlines()


def evidence(reason: str, outcome: Outcome = Outcome.UNDECIDED, **rest: Any) -> Evidence:
    return Evidence(Role.PROOF, outcome, reason, **rest)


@pytest.mark.parametrize(
    ("reason", "wanted"),
    [
        ("timeout: killed after 60 s", "more time: verify run sample --seconds 240"),
        ("memory: MemoryError", "smaller instances, or a division by lemmas"),
    ],
)
def test_what_ended_by_a_budget_is_advised_about_it(tasks: Tasks, reason: str, wanted: str) -> None:
    task = tasks(samples.TRUE)["nonnegative"]
    spent = {"budget_seconds": 60.0, "cpu_seconds": 61.25, "peak_bytes": 3 * 2**20}
    found = explain(task, evidence(reason, resources=spent))
    assert lines(found, "tried") == ("used 61.25 s of processor time, 3 MiB; 60 s were allowed",)
    assert lines(found, "advice")[0].startswith(wanted)


def test_more_time_is_advised_where_the_search_had_too_little(tasks: Tasks) -> None:
    task = tasks(samples.TRUE)["nonnegative"]
    stuck = {
        "theorem": "nonnegative",
        "part": "m = 0",
        "reason": "no proof within 20 s",
        "known": [],
        "wanted": "x >= 0",
    }
    spent = {"budget_seconds": 60.0}
    found = explain(task, evidence("no proof was found", detail={"unproved": stuck}, resources=spent))
    assert lines(found, "advice")[0] == "more time: verify run sample --seconds 240"
    assert found.sections[1].title == "where the search stopped: nonnegative, case m = 0"


def test_an_error_shows_what_the_process_told(tasks: Tasks) -> None:
    detail = {"worker": "ValueError: no\n  File x", "output": "last words"}
    task = tasks(samples.TRUE)["nonnegative"]
    found = explain(task, evidence("raised: ValueError: no", Outcome.ERROR, detail=detail))
    assert lines(found, "worker") == ("ValueError: no", "  File x")
    assert lines(found, "output") == ("last words",)


def test_what_the_kernel_rejected_is_told_with_its_reason(tasks: Tasks) -> None:
    task = tasks(samples.TRUE)["nonnegative"]
    found = explain(task, evidence("no proof was found", detail={"rejected": ["no such fact: fermat"]}))
    assert lines(found, "kernel") == ("rejected: no such fact: fermat",)


# ----------------------------------------------------------------------------------------------- counterexamples

SIDES = """
@define
def tent(x: real) -> real:
    return 2 * relu(x) - 4 * relu(x - 1/2)


@claim.proof()
def low(x: real) -> prop:
    assume(x >= 1/2, x <= 1/2)
    return tent(x) >= 0 and (tent(x) + 1)**2 <= 3
"""


def test_a_counterexample_is_evaluated_step_by_step(tasks: Tasks) -> None:
    found = explained(tasks(SIDES)["low"])
    (section,) = (section for section in found.sections if section.kind == "point")
    assert section.title == "the counterexample: x = 1/2"
    assert section.lines == (
        "hypothesis x >= 1 / 2: true",
        "hypothesis x <= 1 / 2: true",
        "tent(x) = 1",
        "tent(x) + 1 = 2",
        "(tent(x) + 1) ** 2 = 4",
        "4 > 3, where (tent(x) + 1) ** 2 <= 3 is wanted",
        "conclusion tent(x) >= 0 and (tent(x) + 1) ** 2 <= 3: false",
    )
    assert lines(found, "tried")[1] == "proof search: none, as there is a counterexample"
    assert lines(found, "advice") == ("a hypothesis that excludes the counterexample, or a weaker conclusion",)


# ------------------------------------------------------------------------------------------------------ variants


def test_a_mutant_is_told_with_what_refutes_it_and_where(tasks: Tasks) -> None:
    found = tasks(USING)
    task, other = found["above[mutant:too-high]"], found["above"]
    explanation = explain(task, judged(task).evidence, (), [(task, None), (other, None)])
    (section,) = (section for section in explanation.sections if section.kind == "variant")
    assert section.title == "mutant:too-high: refuted by above"
    assert section.lines[0].startswith("states theorem above: for all m: nat, x: real, y: real, if x >= 0")
    assert section.lines[0].endswith("then power(m) + y >= 2 and power(m) >= 1")
    assert section.lines[1].endswith("then power(m) + y >= 1")
    assert section.lines[2].startswith("above refuted: false at m = 0, x = ")
    assert explanation.place.line == next(n for n, t in enumerate(source(task), 1) if "def too_high" in t) - 1


def test_a_mutant_that_is_true_is_told_to_be_changed(tasks: Tasks) -> None:
    task = tasks(USING)["above[mutant:also-true]"]
    found = explained(task)
    assert found.evidence.outcome is not Outcome.REFUTED
    assert found.sections[0].title == "mutant:also-true: refuted by nothing that was checked"
    assert any(line.startswith("a mutant has to be false") for line in lines(found, "advice"))


def test_a_mutant_that_another_obligation_refutes_needs_no_advice(tasks: Tasks) -> None:
    found = tasks(USING)
    task, other = found["above[mutant:also-true]"], found["above"]
    open_one = evidence("no proof was found")
    false = Evidence(Role.PROOF, Outcome.REFUTED, "false at x = 0", strength=Strength.CERTIFIED)
    assert "advice" in kinds(explain(task, open_one, (), [(other, None)]))
    assert "advice" not in kinds(explain(task, open_one, (), [(other, false)]))


# ------------------------------------------------------------------------------------------------- from the store


@pytest.fixture(scope="module")
def claims(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A false claim, and a store that knows it."""
    folder = samples.folder(tmp_path_factory.mktemp("claims"), wrong=samples.text("wrong", samples.FALSE))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("verify.session.session.PRELOAD", ())
        assert main(["run", str(folder), "--store", str(folder / "store"), "--jobs", "2"]) == 1
    return folder


def explain_by_command(claims: Path, *arguments: str) -> int:
    return main(["explain", str(claims / "wrong.py"), *arguments, "--store", str(claims / "store")])


def test_the_command_explains_what_the_store_knows(claims: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert explain_by_command(claims, "identity") == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "wrong::identity"
    assert "  refuted (certified): false at x = -1" in told
    assert "    0 != -1, where relu(x) == x is wanted" in told


def test_without_an_obligation_all_are_explained_and_as_data_too(
    claims: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert explain_by_command(claims, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == 1
    (entry,) = found["explanations"]
    assert (entry["task"], entry["outcome"], entry["strength"]) == ("wrong::identity", "refuted", "certified")
    assert [section["kind"] for section in entry["sections"]] == ["tried", "kernel", "point", "advice"]
    assert entry["sections"][2]["data"]["point"]["variables"] == {"x": "-1"}
    assert entry["place"]["file"].endswith("wrong.py")


def test_a_mutant_is_explained_by_the_name_of_its_task(claims: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert explain_by_command(claims, "identity[mutant:negative]") == 0
    assert "  mutant:negative: refuted by identity" in capsys.readouterr().out.splitlines()


def test_an_unknown_obligation_is_answered_with_those_there_are(
    claims: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert explain_by_command(claims, "identities") == 2
    told = capsys.readouterr().err
    assert told == (
        "verify: wrong has no obligation 'identities'; its obligations are: identity, identity[mutant:negative]\n"
    )


def test_what_is_not_known_is_run_when_that_is_wanted(
    claims: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("verify.session.session.PRELOAD", ())
    command = ["explain", f"{claims / 'wrong.py'}::identity", "--store", str(tmp_path / "new")]
    assert main(command) == 2
    assert "run `verify run` first, name one with --store, or add --run" in capsys.readouterr().err
    assert main([*command, "--run"]) == 0
    assert "refuted (certified): false at x = -1" in capsys.readouterr().out
    assert main(command) == 0, "it is kept"


def test_nothing_known_of_a_task_is_a_sentence(claims: Path, tmp_path: Path, tasks: Tasks) -> None:
    listed = tasks(samples.TRUE)["nonnegative"].listed
    with pytest.raises(UsageError, match="nothing is known of sample::nonnegative; run `verify run sample` first"):
        explanations(listed, "nonnegative", Asking(claims / "store"))


def test_explanations_stay_readable() -> None:
    shown = bounded(["x" * 10_000] * 1000)
    assert len(shown) == MOST + 1 and shown[-1] == f"and {1000 - MOST} more"
    assert max(map(len, shown)) <= LONGEST + 4
