r"""Results as text, as JSON and as JUnit XML; progress while they come in."""

from __future__ import annotations

import os
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from verify.catalog import Listed
from verify.errors import UsageError, VerifyError
from verify.goals import Exact, StatisticalTest, at
from verify.kernel import statement_text
from verify.session.family import in_words
from verify.session.session import Result
from verify.session.summary import ClaimResult, RunResult
from verify.session.tasks import Task
from verify.statistics.family import FAMILY
from verify.verdict import Evidence, Outcome

Json = Any

MAX_QUESTIONS = 12  # that are told one by one
MAX_LINES = 12  # of the text of one question
MAX_LINE = 400  # characters


class Progress:
    """One line that moves while tasks finish, on a terminal; nothing elsewhere."""

    def __init__(self) -> None:
        self.done = 0
        self.visible = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self.bar: Any = None

    def __enter__(self) -> Progress:
        if self.visible:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

            columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
            self.bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self.bar.start()
            self.line = self.bar.add_task("starting", total=None)
        return self

    def step(self, result: Result, total: int) -> None:
        self.done += 1
        if self.bar is not None:
            self.bar.update(self.line, completed=self.done, total=total, description=result.task.id)

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.bar is not None:
            self.bar.stop()


# ------------------------------------------------------------------------------------------------------------ text


def write_text(found: RunResult, stream: IO[str]) -> None:
    """One block for each claim, then the counts."""
    for result in found.claims:
        mark = "ok " if result.as_expected else "!! "
        print(f"{mark}{result.claim.name}: {result.verdict.in_words()}", file=stream)
        for name, task_result in result.results.items():
            evidence = task_result.evidence
            if evidence.outcome is not result.claim.expected(task_result.task.obligation) or not result.as_expected:
                print(f"     {name}: {evidence.outcome.value}: {evidence.reason}", file=stream)
                told = question_lines(evidence) if evidence.outcome is not Outcome.HOLDS else []
                for line in told if len(told) > 1 else ():
                    print(f"       {line}", file=stream)
        for sentence in (*result.defects, *result.problems):
            print(f"     {sentence}", file=stream)
    for sentence in (*(broken.sentence for broken in found.broken), *found.problems):
        print(f"!! {sentence}", file=stream)
    if found.family:
        print(in_words(found.family), file=stream)
    counts: dict[str, int] = {}
    for result in found.claims:
        counts[result.category] = counts.get(result.category, 0) + 1
    if found.broken:
        counts["broken"] = len(found.broken)
    print(
        ", ".join(f"{number} {category}" for category, number in sorted(counts.items())) or "nothing selected",
        file=stream,
    )


def describe(listed: Listed) -> str:
    """A claim in the text that the kernel decides."""
    claim = listed.claim
    lines = [f"{claim.name}: {claim.title}", f"  {claim.place}", f"  {claim.statement}", f"  source: {claim.source}"]
    for obligation in claim.obligations.values():
        lines.append(f"  {obligation.role.value} {obligation.name}")
        task = Task.of(listed, obligation)
        try:
            problem, plan = task.problem, task.registration
            lines += [f"    {task.claimed} ({plan['runs']} runs, level {plan['level']})"] if plan else []
            lines += [f"    {line}" for line in (statement_text(problem.statement) if problem else asked_text(task))]
        except VerifyError as wrong:
            lines.append(f"    {wrong}")
    return "\n".join(lines)


def asked_text(task: Task) -> Iterator[str]:
    """The questions of a task in the kernel's words, the beginning of those that are long."""
    for number, question in enumerate(task.asked):
        if number == MAX_QUESTIONS:
            yield f"and {len(task.asked) - number} more questions"
            return
        where = at(question.naturals).strip()
        text = [line if len(line) <= MAX_LINE else f"{line[:MAX_LINE]} ..." for line in question.text[:MAX_LINES]]
        yield f"{where}: {text[0]}" if where else text[0]
        yield from (f"  {line}" for line in text[1:])
        if len(question.text) > MAX_LINES:
            yield f"  and {len(question.text) - MAX_LINES} more lines, which the certificate has"


def question_lines(evidence: Evidence) -> list[str]:
    """What became of each question of an exact goal, a line each, those that are not true first."""
    listed = evidence.detail.get("questions", ()) if isinstance(evidence.detail, dict) else ()
    rows = sorted(listed, key=lambda row: {False: 0, None: 1}.get(row.get("holds"), 2))
    told = [question_line(row) for row in rows[:MAX_QUESTIONS]]
    return told if len(rows) <= MAX_QUESTIONS else [*told, f"and {len(rows) - MAX_QUESTIONS} more questions"]


def question_line(row: Json) -> str:
    answer = {True: "true", False: "false"}.get(row.get("holds"), "not decided")
    facts = ", ".join(f"{name} {value}" for name, value in row.get("facts", {}).items())
    where = at(row["naturals"]).strip()
    computed = f" ({facts})" if facts else ""
    said = row.get("theorem") or row["reason"]
    return f"{f'{where}: ' if where else ''}{answer}: {said}{computed}"


# ------------------------------------------------------------------------------------------------------- JSON, JUnit


def write_json(found: RunResult, schema: int) -> Json:
    return {
        "schema": schema,
        "metadata": found.metadata,
        "claims": [claim_json(result) for result in found.claims],
        "broken": [{"where": b.where, "sentence": b.sentence} for b in found.broken],
        "problems": list(found.problems),
        "family": {"level": FAMILY, "experiments": [member.json() for member in found.family]},
    }


def claim_json(result: ClaimResult) -> Json:
    verdict = result.verdict
    return {
        "claim": result.claim.name,
        "expect": result.claim.expect,
        "as_expected": result.as_expected,
        "verdict": {
            "outcome": verdict.outcome.value,
            "strength": verdict.strength.name.lower() if verdict.strength is not None else None,
            "scope": verdict.scope.name.lower() if verdict.scope is not None else None,
            "given": list(verdict.given),
            "in_words": verdict.in_words(),
        },
        "obligations": {name: result_json(r) | {"cached": r.cached} for name, r in result.results.items()},
        "mutants": {
            m.name: {"killed": m.killed, "obligations": {r.task.obligation.name: result_json(r) for r in m.results}}
            for m in result.mutants
        },
        "brackets": {
            b.parameter: {"refuted": b.refuted, "proved": b.proved, "confirmed": b.is_refuted and b.is_proved}
            for b in result.brackets
        },
        "defects": list(result.defects),
        "problems": list(result.problems),
    }


def result_json(result: Result) -> Json:
    """The summary of a result, with a row for each question of an exact goal, or with the finding of an experiment."""
    detail = result.evidence.detail
    if isinstance(result.task.obligation.goal, StatisticalTest):
        return result.summary() | {name: detail.get(name) for name in ("says", "plan", "plan_sha256", "finding")}
    asked = isinstance(result.task.obligation.goal, Exact)
    return result.summary() | ({"questions": detail.get("questions", [])} if asked else {})


def properties(result: Result) -> Iterator[tuple[str, str]]:
    """What a JUnit file says of an obligation beside its outcome; of a question, where it is asked and its answer."""
    summary = result.summary()
    for name in ("outcome", "strength", "scope", "engine", "reason"):
        yield name, str(summary[name] or "")
    rows = result.evidence.detail.get("questions", ()) if isinstance(result.evidence.detail, dict) else ()
    if rows:
        decided = sum(row.get("holds") is not None for row in rows)
        yield "questions", f"{decided} of {len(rows)} decided"
    for row in rows:
        yield f"question[{at(row['naturals']).strip().removeprefix('at ')}]", question_line({**row, "naturals": {}})


def printable(text: str) -> str:
    """Without the characters that XML cannot hold, whatever a checker or an author has written."""
    return "".join(c if c.isprintable() or c in "\n\t" else c.encode("unicode_escape").decode("ascii") for c in text)


def write_junit(found: RunResult, path: Path) -> None:
    """A test case for each obligation, mutant and claim; undecided is skipped, an unexpected outcome fails."""
    suite = ET.Element("testsuite", name="verify")
    for result in found.claims:
        junit_claim(suite, result)
    for broken in found.broken:
        junit_outcome(junit_case(suite, "broken", broken.where, broken.where), Outcome.ERROR, None, broken.sentence)
    suite.set("tests", str(len(suite)))
    for kind, plural in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        suite.set(plural, str(len(suite.findall(f"testcase/{kind}"))))
    suite.set("time", f"{sum(float(case.get('time', 0)) for case in suite):.3f}")
    try:
        ET.ElementTree(suite).write(path, encoding="utf-8", xml_declaration=True)
    except OSError as problem:
        raise UsageError(
            f"the JUnit file {str(path)!r} cannot be written: {problem.strerror}; name another place"
        ) from None


def junit_claim(suite: ET.Element, result: ClaimResult) -> None:
    claim = result.claim
    for name, task_result in result.results.items():
        evidence, obligation = task_result.evidence, task_result.task.obligation
        case = junit_case(suite, claim.name, name, obligation.place.file, task_result.seconds)
        described = ET.SubElement(case, "properties")
        for key, value in properties(task_result):
            ET.SubElement(described, "property", name=key, value=printable(value))
        junit_outcome(case, evidence.outcome, claim.expected(obligation), evidence.reason)
    for mutant in result.mutants:
        file, seconds = claim.mutants[mutant.name].place.file, sum(r.seconds for r in mutant.results)
        case = junit_case(suite, claim.name, f"mutant[{mutant.name}]", file, seconds)
        broken = [r.evidence.reason for r in mutant.results if r.evidence.outcome is Outcome.ERROR]
        alive = "no obligation refutes it" if mutant.results else "it changes nothing that an obligation states"
        if not mutant.killed and broken:
            junit_outcome(case, Outcome.ERROR, None, broken[0])
        elif not mutant.killed:
            ET.SubElement(case, "failure", type="survives", message=alive).text = alive
    whole = junit_case(suite, claim.name, "verdict", claim.place.file)
    if not result.as_expected:
        message = "; ".join((result.verdict.in_words(), *result.defects, *result.problems))
        junit_outcome(whole, Outcome.ERROR if result.problems else result.verdict.outcome, None, message)


def junit_case(suite: ET.Element, claim: str, name: str, file: str, seconds: float = 0.0) -> ET.Element:
    """A test case; ``file`` is what GitLab links to, from the folder of the run on."""
    path = Path(file)
    shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    return ET.SubElement(
        suite, "testcase", classname=claim, name=name, file=shown.as_posix(), time=f"{seconds:.3f}"
    )  # fmt: skip


def junit_outcome(case: ET.Element, outcome: Outcome, expected: Outcome | None, message: str) -> None:
    """What became of a test case; one with the expected outcome has passed."""
    if outcome is expected and outcome is not Outcome.ERROR:
        return
    kind = {Outcome.ERROR: "error", Outcome.UNDECIDED: "skipped"}.get(outcome, "failure")
    told = ET.SubElement(case, kind, type=outcome.value, message=printable(message))
    told.text = None if kind == "skipped" else printable(message)
