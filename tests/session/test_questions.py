r"""Exact questions from an author's function to a verdict: what is certified, and every way in which it can go wrong."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import questions, samples
from tests.questions import answering, asking, known_to_the_kernel
from verify.catalog import Listed, collect
from verify.goals import Exact, at, choices
from verify.kernel import Accepted, check, digest
from verify.kernel.finding import Finding
from verify.kernel.questions import CHECKERS, Checker
from verify.session.judge import judge
from verify.session.session import Result, Session
from verify.session.summary import claim_result
from verify.session.tasks import Options, Task, is_affected, tasks_of
from verify.session.worker import ask
from verify.store import Store
from verify.verdict import Evidence, Outcome, Role, Scope, Strength

Json = Any
Tasks = Callable[..., dict[str, Task]]
Make = Callable[..., Listed]
__all__ = ["known_to_the_kernel"]

pytestmark = pytest.mark.usefixtures("known_to_the_kernel", "light")


@pytest.fixture
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers without the libraries that no question here needs."""
    monkeypatch.setattr("verify.session.session.PRELOAD", ())


def answer_of(task: Task) -> Json:
    return ask(task.claim, task.obligation, task.variant, Options().json())


def found(task: Task) -> Evidence:
    """What a session finds, without a process of its own."""
    return judge(task, answer_of(task)).evidence


def submitted(task: Task, store: Store | None = None, **options: float) -> Result:
    """Through a whole session."""
    with Session(Options(**{"seconds": 30, **options}), store=store) as session:
        return session.submit(task).result()


# ---------------------------------------------------------------------------------------------------- what is asked


def test_a_goal_asks_at_every_choice_of_its_naturals(tasks: Tasks) -> None:
    task = tasks(questions.TRUE)["multiples"]
    assert isinstance(task.obligation.goal, Exact)
    assert task.obligation.goal.plan() == {"naturals": {"n": [1, 2, 3, 4]}}
    assert [asked.naturals for asked in task.asked] == [{"n": n} for n in range(1, 5)]
    assert [asked.statement["number"] for asked in task.asked] == ["7", "14", "21", "28"]
    assert [asked.text for asked in task.asked] == [(f"7 divides {7 * n}",) for n in range(1, 5)]
    assert task.statement_sha256 == digest([digest(asked.statement) for asked in task.asked])


def test_choices_are_all_combinations_in_order() -> None:
    assert list(choices({"n": (1, 2), "m": (5,)})) == [{"n": 1, "m": 5}, {"n": 2, "m": 5}]
    assert list(choices({})) == [{}] and list(choices({"n": ()})) == []
    assert (at({"n": 1, "m": 5}), at({})) == (" at n = 1, m = 5", "")


def test_mutants_change_what_is_asked_and_only_that(tasks: Tasks) -> None:
    body = questions.TRUE + "\n@claim.proof()\ndef other(x: real) -> prop:\n    return relu(x) >= 0\n"
    known = tasks(body)
    assert known["multiples[mutant:by eight]"].asked[0].statement["divisor"] == "8"
    assert known["multiples[mutant:one-more]"].asked[0].statement["number"] == "8"
    affected = {name for name, task in known.items() if is_affected(task) and task.variant.name}
    assert affected == {"multiples[mutant:by eight]", "multiples[mutant:one-more]"}


def test_another_question_is_another_task(tasks: Tasks) -> None:
    one = tasks(asking("return Divides(91, 7)"), name="one")["asked"]
    two = tasks(asking("return Divides(91, 13)"), name="two")["asked"]
    assert one.statement_sha256 != two.statement_sha256


# ---------------------------------------------------------------------------------------------------- what is decided


def test_decided_questions_are_certified_for_the_listed_instances(tasks: Tasks) -> None:
    evidence = found(tasks(questions.TRUE)["multiples"])
    assert (evidence.role, evidence.outcome) == (Role.PROOF, Outcome.HOLDS)
    assert (evidence.strength, evidence.scope) == (Strength.CERTIFIED, Scope.INSTANCES)
    assert evidence.reason == "4 questions decided, each by its certificate"
    assert [c.kind for c in evidence.certificates] == ["division"] * 4
    rows = evidence.detail["questions"]
    assert [row["naturals"]["n"] for row in rows] == [1, 2, 3, 4]
    assert rows[2]["theorem"] == "7 divides 21" and rows[2]["holds"] is True and rows[2]["reason"] == ""
    assert rows[2]["facts"] == {"quotient": "3", "remainder": "0"}
    assert [row["sha256"] for row in rows] == [c.statement_sha256 for c in evidence.certificates]


def test_a_single_question_is_told_in_its_own_words(tasks: Tasks) -> None:
    evidence = found(tasks(asking("return Divides(91, 7)"))["asked"])
    assert evidence.reason == "7 divides 91 (quotient 13, remainder 0)"


@pytest.mark.parametrize(
    ("variant", "reason"),
    [
        ("multiples[mutant:by eight]", "false at n = 1: 8 divides 7 (quotient 0, remainder 7)"),
        ("multiples[mutant:one-more]", "false at n = 1: 7 divides 8 (quotient 1, remainder 1)"),
    ],
)
def test_a_mutant_is_refuted_with_what_the_checker_computed(tasks: Tasks, variant: str, reason: str) -> None:
    evidence = found(tasks(questions.TRUE)[variant])
    assert (evidence.outcome, evidence.strength, evidence.reason) == (Outcome.REFUTED, Strength.CERTIFIED, reason)
    assert len(evidence.detail["questions"]) == 4


def test_one_false_question_refutes_whatever_else_is_true(tasks: Tasks) -> None:
    evidence = found(tasks(asking("return Divides(12, n)", naturals='{"n": (3, 4, 5, 6)}'))["asked"])
    assert (evidence.outcome, evidence.reason[:18]) == (Outcome.REFUTED, "false at n = 5: 5 ")
    assert [row["holds"] for row in evidence.detail["questions"]] == [True, True, False, True]


def test_a_claim_with_questions_has_its_verdict(listed: Make) -> None:
    entry = listed(questions.TRUE)
    result = claim_result(entry, [Result(task, found(task)) for task in tasks_of(entry)])
    assert result.as_expected and result.verdict.in_words() == "certified for listed instances"
    assert [mutant.killed for mutant in result.mutants] == [True, True]


def test_a_bracket_of_a_parameter_is_confirmed_by_questions(listed: Make) -> None:
    body = questions.TRUE + '\nclaim.sharpness(seven, refuted="8", proved="7")\n'
    entry = listed(body)
    result = claim_result(entry, [Result(task, found(task)) for task in tasks_of(entry)])
    assert [(b.is_refuted, b.is_proved) for b in result.brackets] == [(True, True)]


DISPROOF = 'role="disproof", reason="a multiple of seven that is prime"'


def test_a_question_that_contradicts_the_claim_refutes_it(tasks: Tasks) -> None:
    task = tasks(asking("return Divides(91, 7)", role=DISPROOF), more=', expect="refuted"')["asked"]
    evidence = found(task)
    assert (evidence.role, evidence.outcome, evidence.strength) == (
        Role.DISPROOF,
        Outcome.REFUTED,
        Strength.CERTIFIED,
    )
    assert evidence.reason == "contradicted by a certificate: a multiple of seven that is prime"


def test_a_false_disproof_refutes_nothing(tasks: Tasks) -> None:
    evidence = found(tasks(asking("return Divides(92, 7)", role=DISPROOF))["asked"])
    assert (evidence.outcome, evidence.strength) == (Outcome.UNDECIDED, None)
    assert evidence.reason.startswith("the question that should contradict the claim has the answer: false")


def test_an_illustration_does_not_carry_the_verdict(listed: Make) -> None:
    body = questions.TRUE + '\n@claim.exact(role="stress")\ndef shown():\n    return Divides(91, 8)\n'
    entry = listed(body)
    plain = [task for task in tasks_of(entry) if not task.variant.name]
    assert [task.obligation.role for task in plain] == [Role.PROOF, Role.STRESS]
    unanswered = Evidence(Role.STRESS, Outcome.UNDECIDED, "no time")
    result = claim_result(entry, [Result(plain[0], found(plain[0])), Result(plain[1], unanswered)])
    assert result.verdict.in_words() == "certified for listed instances" and not result.as_expected


# --------------------------------------------------------------------------------------- the author's function fails

FAILURES = {
    "raises": ("raise KeyError('x')", "asked failed: KeyError: 'x'"),
    "leaves": ("raise SystemExit('bye')", "asked failed: SystemExit: bye"),
    "returns nothing": ("pass", "asked returned None, which is no question; return one, such as those of"),
    "returns a number": ("return 7", "asked returned 7, which is no question"),
    "returns the class": ("return object", "which is no question"),
    "bad input": ("return Divides(7, 0)", "asked: the divisor 0 is not positive"),
    "raises bad input": ("raise NetworkError('the network is empty')", "asked: the network is empty"),
    "broken statement": ("return Divides(7, 'seven')", "asked has no statement: TypeError: "),
    "no JSON": ("return Divides(7, 7, (object(),))", "asked has no statement: TypeError: Object of type object"),
    "not a number": ("return Divides(7, 7, (float('nan'),))", "asked has no statement: ValueError: "),
}


@pytest.mark.parametrize("kind", FAILURES)
def test_a_function_that_fails_is_an_error_at_its_line(tasks: Tasks, kind: str) -> None:
    body, sentence = FAILURES[kind]
    task = tasks(asking(body))["asked"]
    evidence = submitted(task).evidence
    assert evidence.outcome is Outcome.ERROR
    assert evidence.reason.startswith(f"{task.obligation.place}: ") and sentence in evidence.reason
    assert "\n" not in evidence.reason


def test_a_failure_names_the_naturals(tasks: Tasks) -> None:
    task = tasks(asking("return Divides(7, 3 - n)", naturals='{"n": (1, 2, 3)}'))["asked"]
    assert "asked at n = 3: the divisor 0 is not positive" in submitted(task).evidence.reason


def test_an_argument_that_nobody_gave_a_value_is_named(tasks: Tasks) -> None:
    text = asking("return Divides(7, 7)").replace("def asked()", "def asked(width)")
    sentence = "width of asked is neither among its naturals nor a parameter of the claim"
    assert sentence in submitted(tasks(text)["asked"]).evidence.reason


@pytest.mark.parametrize("asked", ["'primality'", "None", "['divisibility']", "{}"])
def test_a_question_that_the_kernel_does_not_know_is_an_error(tasks: Tasks, asked: str) -> None:
    text = asking("return Divides(7, 7)").replace('"question": "divisibility"', f'"question": {asked}')
    reason = submitted(tasks(text)["asked"]).evidence.reason
    assert f"asks {asked}, which the kernel does not decide; its checkers decide" in reason
    assert "divisibility" in reason


@pytest.mark.parametrize("statement", ["[]", "7", "None", "'divisibility'"])
def test_a_statement_that_is_no_object_is_an_error(tasks: Tasks, statement: str) -> None:
    text = asking("return Divides(7, 7)").replace(
        "        if self.divisor", f"        return {statement}\n        if x"
    )
    assert "asks None, which the kernel does not decide" in submitted(tasks(text)["asked"]).evidence.reason


def test_a_failing_mutant_is_an_error_at_its_own_line_and_the_claim_stands(listed: Make) -> None:
    body = questions.TRUE.replace("return Divides(7 * n + 1, 7)", "return 1 // 0")
    entry = listed(body)
    tasks = list(tasks_of(entry))
    with Session(Options(seconds=30)) as session:
        results = {r.task.variant.name: r.evidence for r in session.results(tasks)}
    assert results[""].outcome is Outcome.HOLDS and results["mutant:by eight"].outcome is Outcome.REFUTED
    failed = results["mutant:one-more"]
    assert failed.outcome is Outcome.ERROR and "multiples at n = 1 failed: ZeroDivisionError" in failed.reason
    line = next(i for i, text in enumerate(Path(tasks[0].claim.place.file).read_text().splitlines(), 1)
                if text.startswith("@claim.mutant(replaces"))  # fmt: skip
    assert failed.reason.startswith(f"{tasks[0].claim.place.file}:{line}: ")


def test_no_values_are_no_answer(tasks: Tasks) -> None:
    evidence = submitted(tasks(asking("return Divides(7, 7)", naturals='{"n": ()}'))["asked"]).evidence
    assert (evidence.outcome, evidence.reason) == (
        Outcome.UNDECIDED,
        "no question was asked: one of the naturals has no values",
    )


@pytest.mark.parametrize(
    "naturals", ["7", '{"n": 7}', '{"n": "12"}', '{"n": (1.0,)}', '{"n": (-1,)}', '{"n": (True,)}']
)
def test_a_mistake_in_the_naturals_is_told_at_its_line(tmp_path: Path, naturals: str) -> None:
    text = samples.text("sample", asking("return Divides(7, 7)", naturals=naturals))
    folder = samples.folder(tmp_path / "claims", sample=text)
    (broken,) = collect([folder]).broken
    line = next(i for i, part in enumerate(text.splitlines(), 1) if part.startswith("@claim.exact"))
    assert broken.sentence.startswith(f"{folder / 'sample.py'}:{line}: naturals=")
    assert broken.sentence.endswith('must list natural numbers, such as {"n": range(1, 9)}')


# ------------------------------------------------------------------------------------------------ the engine fails


def test_an_engine_that_gives_up_leaves_its_question_undecided(tasks: Tasks) -> None:
    body = "if self.number == 14:\n    raise Unanswered('fourteen is too hard')\nreturn super().answer()"
    evidence = submitted(tasks(answering(body))["asked"]).evidence
    assert (evidence.outcome, evidence.strength) == (Outcome.UNDECIDED, None)
    assert evidence.reason == "1 of 3 questions not decided: fourteen is too hard at n = 2"
    assert [row.get("holds") for row in evidence.detail["questions"]] == [True, None, True]
    assert [row["reason"] for row in evidence.detail["questions"]] == ["", "fourteen is too hard", ""]


def test_only_the_first_reasons_are_told_in_the_sentence(tasks: Tasks) -> None:
    text = answering("raise Unanswered('too hard')").replace("(1, 2, 3)", "range(40)")
    evidence = found(tasks(text)["asked"])
    assert evidence.reason.startswith("40 of 40 questions not decided: too hard at n = 0; too hard at n = 1; ")
    assert evidence.reason.endswith("; and so on") and len(evidence.reason) < 200
    assert len(evidence.detail["questions"]) == 40


ENGINES = {
    "raises": ("raise KeyError('cell')", "the engine of asked at n = 1 failed: KeyError: 'cell'"),
    "bad input": ("raise NetworkError('not a network')", "the engine of asked at n = 1 failed: NetworkError: not a"),
    "answers nothing": ("return None", "the engine of asked at n = 1 failed: TypeError: "),
    "answers too much": ("return 'a', 'b', 'c'", "the engine of asked at n = 1 failed: ValueError: "),
    "no JSON": ("return 'division', {1, 2}", "garbage: the answer is not JSON"),
    "leaves": ("import os\nos._exit(3)", "crashed: "),
}


@pytest.mark.parametrize("kind", ENGINES)
def test_an_engine_that_breaks_is_an_error(tasks: Tasks, kind: str) -> None:
    body, sentence = ENGINES[kind]
    evidence = submitted(tasks(answering(body))["asked"]).evidence
    assert evidence.outcome is Outcome.ERROR and sentence in evidence.reason
    assert "\n" not in evidence.reason


def test_the_traceback_of_an_engine_leads_to_its_line(tasks: Tasks) -> None:
    evidence = submitted(tasks(answering("here = {}\nreturn here['nowhere']"))["asked"]).evidence
    assert "in answer" in evidence.detail["worker"]


def test_a_worker_without_time_or_memory_leaves_it_undecided(tasks: Tasks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verify.session.session.GRACE", 0.5)
    slow = tasks(answering("while True:\n    pass"), name="slow")["asked"]
    large = tasks(answering("return [0] * 10**11"), name="large")["asked"]
    for task, word in ((slow, "timeout: "), (large, "memory: ")):
        evidence = submitted(task, seconds=1).evidence
        assert (evidence.outcome, evidence.strength) == (Outcome.UNDECIDED, None)
        assert evidence.reason.startswith(word) and "\n" not in evidence.reason


# --------------------------------------------------------------------------------------------- the judge and forgeries


def test_a_rejected_certificate_is_told_with_its_naturals(tasks: Tasks) -> None:
    body = "return 'division', {'quotient': '2', 'remainder': '0'}"
    evidence = found(tasks(answering(body))["asked"])
    assert evidence.outcome is Outcome.UNDECIDED
    assert evidence.reason == (
        "2 of 3 questions not decided: the kernel rejected the certificate: this is not the quotient and the "
        "remainder at n = 1; the kernel rejected the certificate: this is not the quotient and the remainder at n = 3"
    )
    assert len(evidence.detail["rejected"]) == 2 and len(evidence.certificates) == 1


def test_a_kind_that_the_kernel_does_not_know_decides_nothing(tasks: Tasks) -> None:
    evidence = found(tasks(answering("return 'revelation', {}"))["asked"])
    assert evidence.outcome is Outcome.UNDECIDED and "not a certificate of format" in evidence.reason


def test_a_false_question_decides_although_another_certificate_was_rejected(tasks: Tasks) -> None:
    task = tasks(asking("return Divides(n, 7)", naturals='{"n": (7, 8)}'))["asked"]
    answer = answer_of(task)
    answer["certificates"][0]["witness"]["quotient"] = "2"
    evidence = judge(task, answer).evidence
    assert evidence.outcome is Outcome.REFUTED and evidence.reason.startswith("false at n = 8: ")
    assert "rejected" in evidence.detail["questions"][0]["reason"]


def forged(answer: Json, which: str) -> Json:
    answer = copy.deepcopy(answer)
    first = answer["certificates"][0]
    match which:
        case "an easier statement":
            first["statement"]["number"], first["witness"] = "0", {"quotient": "0", "remainder": "0"}
        case "another claim's":
            first["statement"] |= {"number": "12", "divisor": "4"}
            first["witness"] = {"quotient": "3", "remainder": "0"}
        case "withheld":
            del answer["certificates"][0]
        case "twice the same":
            answer["certificates"][0] = answer["certificates"][1]
        case "a boast":
            answer["certificates"] = answer["certificates"][1:]
            answer["questions"][0] |= {"holds": True, "theorem": "so it is", "facts": {"quotient": "1"}}
        case "another kind":
            first["kind"] = "theorem"
        case "another format":
            first["format"] = "deepclaims certificate 0"
    return answer


FORGERIES = ["an easier statement", "another claim's", "withheld", "twice the same", "a boast", "another kind",
             "another format"]  # fmt: skip


@pytest.mark.parametrize("which", FORGERIES)
def test_a_forged_answer_establishes_nothing(tasks: Tasks, which: str) -> None:
    task = tasks(questions.TRUE)["multiples"]
    evidence = judge(task, forged(answer_of(task), which)).evidence
    assert (evidence.outcome, evidence.strength) == (Outcome.UNDECIDED, None)
    assert evidence.reason.startswith("1 of 4 questions not decided: ") and evidence.reason.endswith(" at n = 1")
    assert "holds" not in evidence.detail["questions"][0] and "facts" not in evidence.detail["questions"][0]


def test_a_function_that_answers_differently_every_time_is_told_so(tasks: Tasks) -> None:
    text = asking("import os\nreturn Divides(os.getpid() * 7, 7)")
    evidence = submitted(tasks(text)["asked"]).evidence
    assert evidence.outcome is Outcome.UNDECIDED
    assert "its function has to return the same question every time" in evidence.reason


@pytest.mark.parametrize("rows", [0, 3, 5])
def test_as_many_rows_as_questions(tasks: Tasks, rows: int) -> None:
    task = tasks(questions.TRUE)["multiples"]
    answer = answer_of(task)
    answer["questions"] = (answer["questions"] * 2)[:rows]
    with pytest.raises(ValueError, match="zip"):
        judge(task, answer)  # which a session reports as a malformed answer


def contrary(statement: Json, witness: Json) -> Finding:
    return Finding(witness == "yes", 1)


def test_a_kernel_that_accepts_both_sides_is_a_defect(tasks: Tasks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CHECKERS, "division", Checker("divisibility", contrary, questions.text))
    task = tasks(asking("return Divides(91, 7)"))["asked"]
    (document,) = answer_of(task)["certificates"]
    both = [{**document, "witness": word} for word in ("yes", "no")]
    evidence = judge(task, {"certificates": both, "engine": "", "questions": [{"naturals": {}, "reason": ""}]}).evidence
    assert evidence.outcome is Outcome.ERROR and evidence.reason.endswith("7 divides 91: a defect")


def test_two_choices_may_ask_the_same(tasks: Tasks) -> None:
    evidence = found(tasks(asking("return Divides(91, 7)", naturals='{"n": (1, 2)}'))["asked"])
    assert [row["holds"] for row in evidence.detail["questions"]] == [True, True]
    assert evidence.outcome is Outcome.HOLDS


# ---------------------------------------------------------------------------------------------------- the store


@pytest.fixture
def store(tmp_path: Path) -> Any:
    with Store.open(tmp_path / "store") as opened:
        yield opened


def test_what_the_store_knows_is_judged_again(tasks: Tasks, store: Store) -> None:
    for name in ("multiples", "multiples[mutant:by eight]"):
        task = tasks(questions.TRUE)[name]
        first, again = submitted(task, store), submitted(task, store)
        assert (first.cached, again.cached) == (False, True)
        assert again.evidence.detail == first.evidence.detail and again.evidence.reason == first.evidence.reason


def test_evidence_survives_a_round_trip(tasks: Tasks) -> None:
    evidence = found(tasks(questions.TRUE)["multiples"])
    assert Evidence.from_json(evidence.to_json()) == evidence


def test_a_forged_store_establishes_nothing(tasks: Tasks, store: Store) -> None:
    """The evidence of a false claim rewritten with all seals intact, as somebody could who knows the store."""
    task = tasks(asking("return Divides(92, 7)"))["asked"]
    honest = submitted(task, store)
    key = task.key(Options(seconds=30))
    entry = store.get(key)
    assert entry is not None
    entry |= {"outcome": "holds", "scope": "instances"}
    entry["detail"]["questions"][0] |= {"holds": True}
    blobs = [store.blob(sha256) for sha256 in store.references(key)]
    store.put(key, entry, [blob for blob in blobs if blob is not None])
    again = submitted(task, store)
    assert not again.cached and again.evidence.outcome is honest.evidence.outcome is Outcome.REFUTED


def test_what_a_worker_sends_is_a_certificate_that_anybody_can_check(tasks: Tasks) -> None:
    for document in answer_of(tasks(questions.TRUE)["multiples"])["certificates"]:
        accepted = check(document)
        assert isinstance(accepted, Accepted) and accepted.holds


# ------------------------------------------------------------------------------------------------------ preparations


def prepared_by(function: str) -> str:
    return questions.TRUE.replace("    number: int\n", f'    preparation = "{function}"\n    number: int\n', 1)


def test_a_preparation_runs_once_before_the_tasks_and_not_for_what_is_known(
    tasks: Tasks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREPARED", str(tmp_path / "prepared"))
    asked = tasks(prepared_by("tests.questions:remember"))
    with Store.open(tmp_path / "store") as store:
        for expected in (1, 1):  # the second session finds all of it in the store
            with Session(Options(seconds=30), store=store) as session:
                pending = [session.submit(asked[name]) for name in ("multiples", "multiples[mutant:by eight]")]
                assert (tmp_path / "prepared").read_text().splitlines() == ["prepared"] * expected
                assert [one.result().evidence.outcome for one in pending] == [Outcome.HOLDS, Outcome.REFUTED]


def test_a_preparation_that_fails_leaves_the_tasks_as_they_are(tasks: Tasks) -> None:
    task = tasks(prepared_by("tests.questions:nothing_of_this_name"))["multiples"]
    assert submitted(task).evidence.outcome is Outcome.HOLDS
