r"""From an answer to evidence: the only place where outcome, strength and scope are decided.

An answer is a claim of an engine.  Certificates count if the kernel accepts them for the statement that the harness
derives from the author's text by itself; numbers count as what they are.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from verify.goals import Computation, Exact, Relaxation, Sampling, StatisticalTest, Trials, at, values
from verify.kernel import Accepted, Rejected, Unsupported, canonical, check, digest
from verify.session.points import in_order, in_words
from verify.session.tasks import Asked, Task
from verify.statistics.bounds import clopper_pearson_zero
from verify.statistics.finding import REFUTED, SUPPORTED, finding_in_words
from verify.theory.environment import bounded_term
from verify.theory.instances import bound_statement
from verify.theory.objects import Theorem
from verify.verdict import CertificateReference, Evidence, Outcome, Role, Scope, Strength, counted

Json = Any
UNSATISFIED = "its assumptions were not shown to be satisfiable"


@dataclass
class Findings:
    """What the kernel accepted of an answer."""

    accepted: dict[str, list[tuple[Accepted, Json]]] = field(default_factory=dict)
    rejected: list[str] = field(default_factory=list)
    references: list[CertificateReference] = field(default_factory=list)
    blobs: list[bytes] = field(default_factory=list)

    def add(self, document: Json, expected: str | None) -> None:
        """Check one certificate, for this statement if one is expected."""
        try:
            accepted = check(document, statement_sha256=expected)
        except (Rejected, Unsupported) as reason:
            self.rejected.append(str(reason))
            return
        blob = canonical(document)
        sha256 = hashlib.sha256(blob).hexdigest()
        self.blobs.append(blob)
        reference = CertificateReference(
            accepted.kind, sha256, accepted.statement_sha256, len(blob), accepted.steps, accepted.holds
        )
        self.references.append(reference)
        self.accepted.setdefault(accepted.kind, []).append((accepted, document))

    def first(self, kind: str) -> tuple[Accepted, Json] | None:
        return self.accepted.get(kind, [None])[0]


@dataclass(frozen=True)
class Judged:
    """Evidence, and the certificates that go with it."""

    evidence: Evidence
    blobs: tuple[bytes, ...] = ()


def judge(task: Task, answer: Json) -> Judged:
    """The evidence that an answer amounts to."""
    findings = Findings()
    match task.obligation.goal:
        case Theorem():
            found = judge_theorem(task, answer, findings)
        case Sampling(level=level):
            found = judge_sampling(task, answer, findings, level)
        case Trials(level=level):
            found = judge_trials(task, answer, findings, level)
        case Relaxation(term=term):
            found = judge_relaxation(task, answer, findings, term)
        case Exact():
            found = judge_questions(task, answer, findings)
        case StatisticalTest() as goal:
            found = judge_experiment(task, answer, findings, goal)
        case Computation():
            found = judge_computation(task, answer, findings)
    return Judged(found, tuple(findings.blobs))


def evidence(task: Task, outcome: Outcome, reason: str, answer: Json, findings: Findings, **rest: Any) -> Evidence:
    detail = {k: v for k, v in answer.items() if k not in ("certificates", "cpu_seconds", "engine")}
    if findings.rejected:
        detail["rejected"] = findings.rejected
    detail |= rest.pop("detail", {})
    return Evidence(
        role=task.obligation.role,
        outcome=outcome,
        reason=reason,
        engine=answer.get("engine", ""),
        certificates=tuple(findings.references),
        detail=detail,
        resources={"cpu_seconds": answer.get("cpu_seconds")},
        **rest,
    )


# --------------------------------------------------------------------------------------------------- theorems


def judge_theorem(task: Task, answer: Json, findings: Findings) -> Evidence:
    problem = task.problem
    assert problem is not None
    expected = digest(problem.statement)
    for document in answer["certificates"]:
        findings.add(document, expected)
    if findings.first("theorem") and findings.first("counterexample"):
        return evidence(
            task, Outcome.ERROR, "the kernel accepted a proof and a counterexample: a defect", answer, findings
        )
    refuted = findings.first("counterexample")
    if refuted is not None:
        return theorem_refuted(task, answer, findings, refuted[1]["witness"])
    proved = findings.first("theorem")
    if proved is not None:
        return theorem_proved(task, answer, findings, proved[0])
    return theorem_open(task, answer, findings)


def contradicts(task: Task) -> bool:
    """Whether the theorem, if true, refutes the claim.  Under a variant it is a theorem like any other."""
    return task.claim.speaks_against(task.obligation) and not task.variant.name


def theorem_refuted(task: Task, answer: Json, findings: Findings, point: Json) -> Evidence:
    assert task.problem is not None
    reason = f"false at {in_words(in_order(point, task.problem.statement))}"
    if contradicts(task):
        return evidence(
            task,
            Outcome.UNDECIDED,
            f"the theorem that should contradict the claim is {reason}",
            answer,
            findings,
            detail={"point": point},
        )
    return evidence(
        task, Outcome.REFUTED, reason, answer, findings, strength=Strength.CERTIFIED, detail={"point": point}
    )


def theorem_proved(task: Task, answer: Json, findings: Findings, accepted: Accepted) -> Evidence:
    """A theorem whose hypotheses nobody could satisfy may be vacuous, and is not reported as established."""
    instance = findings.first("instance")
    given = tuple(source for _, source in accepted.assumptions if source)
    if instance is None and not accepted.assumptions:
        return evidence(
            task, Outcome.UNDECIDED, "proved, but no point was found that satisfies its hypotheses", answer, findings
        )
    detail = {"instance": instance[1]["witness"]} if instance else {}
    searched = answer.get("tried", {}).get("in_models")
    unshown = "no point of its models was found that satisfies its hypotheses" if searched else UNSATISFIED
    if contradicts(task) and instance is None and not all(source for _, source in accepted.assumptions):
        reason = f"the theorem that should contradict the claim may be vacuous: {unshown}"
        return evidence(task, Outcome.UNDECIDED, reason, answer, findings)
    if contradicts(task):
        reason = f"contradicted by a theorem: {task.obligation.reason}"
        return evidence(
            task, Outcome.REFUTED, reason, answer, findings, strength=Strength.CERTIFIED, given=given, detail=detail
        )
    reason = f"proved in {counted(accepted.steps, 'step')}"
    if instance is None:
        reason += f"; {unshown}"
    return evidence(
        task,
        Outcome.HOLDS,
        reason,
        answer,
        findings,
        strength=Strength.CERTIFIED,
        scope=Scope.ALL,
        given=given,
        detail=detail,
    )


def theorem_open(task: Task, answer: Json, findings: Findings) -> Evidence:
    """Without a certificate: a solver's unsat is its word, for what it was asked about.

    Under assumptions it was asked about one model of them, in which more may be true than the theorem's assumptions imply.
    """
    in_a_model = task.problem is not None and bool(task.problem.statement["assumptions"])
    z3 = {} if in_a_model else answer.get("tried", {}).get("z3", {})
    stuck = answer.get("unproved", {})
    where = f" ({stuck['theorem']}{', ' + stuck['part'] if stuck.get('part') else ''})" if stuck else ""
    missing = f"no proof was found{where}: {stuck.get('reason', 'the logic does not apply')}"
    if task.obligation.role is Role.PROOF and z3.get("unsatisfiable") and not z3.get("undecided"):
        scope = Scope.ALL if z3.get("complete") else Scope.INSTANCES
        asked = "" if scope is Scope.ALL else f" at {len(z3['unsatisfiable'])} choices of the naturals"
        reason = f"Z3 finds the negation unsatisfiable{asked}, without a certificate; {missing}"
        return evidence(task, Outcome.HOLDS, reason, answer, findings, strength=Strength.COMPUTED, scope=scope)
    return evidence(task, Outcome.UNDECIDED, missing, answer, findings)


# --------------------------------------------------------------------------------------------------- numerics


def judge_sampling(task: Task, answer: Json, findings: Findings, level: float) -> Evidence:
    problem = task.problem
    assert problem is not None
    for document in answer["certificates"]:
        findings.add(document, digest(problem.statement))
    refuted = findings.first("counterexample")
    if refuted is not None:
        return theorem_refuted(task, answer, findings, refuted[1]["witness"])
    counts = answer["counts"]
    if counts["effective"] == 0:
        open_points = f"; at {counts['unreplayed']} it was not decided whether they do" if counts["unreplayed"] else ""
        reason = f"at no point was it shown that the hypotheses hold{open_points}"
        return evidence(task, Outcome.UNDECIDED, reason, answer, findings)
    if counts["unreplayed"]:
        reason = f"true at {counts['certain']} points; at {counts['unreplayed']} it is within the rounding error"
        return evidence(task, Outcome.HOLDS, reason, answer, findings, strength=Strength.SAMPLED, scope=Scope.INSTANCES)
    which = " that satisfy the hypotheses" if counts["effective"] < counts["drawn"] else ""
    sentence = f"true at all {counts['effective']} points drawn{which}; a violation"
    return nothing_happened(task, answer, findings, sentence, counts["effective"], level)


def judge_trials(task: Task, answer: Json, findings: Findings, level: float) -> Evidence:
    counts = answer["counts"]
    if counts["failures"]:
        reason = (
            f"{counts['failures']} of {counts['trials']} trials failed, the first being number {counts['failed'][0]}"
        )
        return evidence(task, Outcome.REFUTED, reason, answer, findings, strength=Strength.COMPUTED)
    if counts["trials"] < 1:
        return evidence(task, Outcome.UNDECIDED, "there were no trials", answer, findings)
    sentence = f"all {counts['trials']} trials passed; a failure"
    return nothing_happened(task, answer, findings, sentence, counts["trials"], level)


def nothing_happened(
    task: Task, answer: Json, findings: Findings, sentence: str, trials: int, level: float
) -> Evidence:
    """So many independent trials without an event bound its probability, at the level stated before the first."""
    bound = clopper_pearson_zero(trials, level)
    return evidence(
        task,
        Outcome.HOLDS,
        f"{sentence} has probability at most {bound:.2g} (level {level:g})",
        answer,
        findings,
        strength=Strength.STATISTICAL,
        scope=Scope.INSTANCES,
        detail={"level": level, "violation_bound": bound},
    )


def judge_relaxation(task: Task, answer: Json, findings: Findings, term: Theorem) -> Evidence:
    """Each bound is a theorem of its own; its statement must be the goal's term, at these naturals, and the bound."""
    statement = bounded_term(term, task.variant.changes(task.claim))
    rows = [row for row in answer["rows"] if row["bound"] is not None]
    for row, document in zip(rows, answer["certificates"], strict=True):
        findings.add(document, digest(bound_statement(statement, row["naturals"], row["bound"])))
    failed = len(answer["rows"]) - len(findings.references)
    if failed or not answer["rows"]:
        reasons = [row["reason"] for row in answer["rows"] if row["bound"] is None] + findings.rejected
        return evidence(task, Outcome.UNDECIDED, f"{failed} bounds are missing: {'; '.join(reasons)}", answer, findings)
    reason = f"{len(rows)} upper bounds certified from the dual of the relaxation"
    return evidence(task, Outcome.HOLDS, reason, answer, findings, strength=Strength.CERTIFIED, scope=Scope.INSTANCES)


def judge_questions(task: Task, answer: Json, findings: Findings) -> Evidence:
    """Each question is known by its statement; a certificate of any other statement counts for nothing."""
    rejected = {}
    expected = {question.sha256 for question in task.asked}
    for document in answer["certificates"]:
        found, before = digest(document["statement"]), len(findings.rejected)
        findings.add(document, found if found in expected else ANOTHER)
        if len(findings.rejected) > before:
            rejected[found] = findings.rejected[-1]
    decided: dict[str, Accepted] = {}
    for accepted, _ in (entry for of_kind in findings.accepted.values() for entry in of_kind):
        if decided.setdefault(accepted.statement_sha256, accepted).holds is not accepted.holds:
            sentence = f"the kernel accepted certificates for and against one question, {accepted.theorem}: a defect"
            return evidence(task, Outcome.ERROR, sentence, answer, findings)
    rows = [
        question_row(question, row["reason"], decided.get(question.sha256), rejected.get(question.sha256))
        for question, row in zip(task.asked, answer["questions"], strict=True)
    ]
    return questions_judged(task, answer, findings, rows)


def question_row(question: Asked, reason: str, known: Accepted | None, refusal: str | None) -> Json:
    """What became of one question: what the kernel found out, or why nothing is known."""
    row = {"naturals": question.naturals, "reason": "", "sha256": question.sha256}
    if known is not None:
        sources = [source for _, source in known.assumptions if source]
        given = {"given": sources} if sources else {}
        return {**row, "theorem": known.theorem, "holds": known.holds, "facts": dict(known.facts), **given}
    return {**row, "reason": reason or (f"the kernel rejected the certificate: {refusal}" if refusal else FOREIGN)}


def questions_judged(task: Task, answer: Json, findings: Findings, rows: list[Json]) -> Evidence:
    """What the decided questions amount to: one that is false decides, and all have to be true."""
    detail = {"questions": rows}
    certified: dict[str, Any] = {"strength": Strength.CERTIFIED, "given": cited(*rows), "detail": detail}
    false = next((row for row in rows if row.get("holds") is False), None)
    if false is not None and contradicts(task):
        reason = f"the question that should contradict the claim has the answer: false{question_in_words(false)}"
        return evidence(task, Outcome.UNDECIDED, reason, answer, findings, detail=detail)
    if false is not None:
        reason = f"false{question_in_words(false)}"
        return evidence(task, Outcome.REFUTED, reason, answer, findings, **{**certified, "given": cited(false)})
    undecided = [row for row in rows if row.get("holds") is not True]
    if undecided or not rows:
        told = "; ".join(f"{row['reason']}{at(row['naturals'])}" for row in undecided[:3])
        told += "; and so on" if len(undecided) > 3 else ""
        reason = f"{len(undecided)} of {counted(len(rows), 'question')} not decided: {told}"
        return evidence(task, Outcome.UNDECIDED, reason if rows else EMPTY, answer, findings, detail=detail)
    if contradicts(task):
        reason = f"contradicted by a certificate: {task.obligation.reason}"
        return evidence(task, Outcome.REFUTED, reason, answer, findings, **certified)
    reason = (
        question_in_words(rows[0]).lstrip(": ")
        if len(rows) == 1
        else f"{len(rows)} questions decided, each by its certificate"
    )
    return evidence(task, Outcome.HOLDS, reason, answer, findings, scope=Scope.INSTANCES, **certified)


def cited(*rows: Json) -> tuple[str, ...]:
    """The theorems that are cited and not checked, on which certificates of these questions rest."""
    return tuple(dict.fromkeys(source for row in rows for source in row.get("given", ())))


EMPTY = "no question was asked: one of the naturals has no values"
FOREIGN = "no certificate of this question came back; its function has to return the same question every time"
ANOTHER = "a question of this obligation"


def question_in_words(row: Json) -> str:
    """Where a question was decided, and what the checker computed."""
    facts = ", ".join(f"{name} {value}" for name, value in row["facts"].items())
    return f"{at(row['naturals'])}: {row['theorem']}{f' ({facts})' if facts else ''}"


def judge_experiment(task: Task, answer: Json, findings: Findings, goal: StatisticalTest) -> Evidence:
    """A test of the numbers that the runs left, under the plan that the author's text says by itself."""
    if answer["plan_sha256"] != task.statement_sha256:
        sentence = f"the runs followed another plan ({answer['plan_sha256'][:12]}) than the one that is registered"
        return evidence(task, Outcome.ERROR, sentence, answer, findings)
    test = goal.settled(values(task.claim.parameters, task.variant.changes(task.claim)))
    found = test.decide(answer["summary"], goal.level)
    detail = {"plan": task.registration, "says": test.words(), "level": goal.level, "finding": found.json()}
    reason = finding_in_words(found, goal.level, answer["summary"]["runs"])
    if found.decision == SUPPORTED:
        established = {"strength": Strength.STATISTICAL, "scope": Scope.INSTANCES}
        return evidence(task, Outcome.HOLDS, reason, answer, findings, detail=detail, **established)
    if found.decision == REFUTED:
        return evidence(task, Outcome.REFUTED, reason, answer, findings, strength=Strength.STATISTICAL, detail=detail)
    return evidence(task, Outcome.UNDECIDED, reason, answer, findings, detail=detail)


def judge_computation(task: Task, answer: Json, findings: Findings) -> Evidence:
    outcome = Outcome.HOLDS if answer["holds"] else Outcome.REFUTED
    reason = answer["sentence"] or "the author's computation says so"
    return evidence(task, outcome, reason, answer, findings, strength=Strength.COMPUTED, scope=Scope.INSTANCES)
