r"""Results as text, as JSON and as JUnit XML; progress while they come in."""

from __future__ import annotations

import os
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from verify.catalog import Listed
from verify.errors import UsageError, VerifyError
from verify.kernel import statement_text
from verify.session.session import Result
from verify.session.summary import ClaimResult, RunResult
from verify.session.tasks import Task
from verify.verdict import Outcome

Json = Any


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
        for sentence in (*result.defects, *result.problems):
            print(f"     {sentence}", file=stream)
    for sentence in (*(broken.sentence for broken in found.broken), *found.problems):
        print(f"!! {sentence}", file=stream)
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
        try:
            problem = Task.of(listed, obligation).problem
        except VerifyError as wrong:
            lines.append(f"    {wrong}")
            continue
        if problem is not None:
            lines += [f"    {line}" for line in statement_text(problem.statement)]
    return "\n".join(lines)


# ------------------------------------------------------------------------------------------------------- JSON, JUnit


def write_json(found: RunResult, schema: int) -> Json:
    return {
        "schema": schema,
        "metadata": found.metadata,
        "claims": [claim_json(result) for result in found.claims],
        "broken": [{"where": b.where, "sentence": b.sentence} for b in found.broken],
        "problems": list(found.problems),
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
        "obligations": {name: r.summary() | {"cached": r.cached} for name, r in result.results.items()},
        "mutants": {
            m.name: {"killed": m.killed, "obligations": {r.task.obligation.name: r.summary() for r in m.results}}
            for m in result.mutants
        },
        "brackets": {
            b.parameter: {"refuted": b.refuted, "proved": b.proved, "confirmed": b.is_refuted and b.is_proved}
            for b in result.brackets
        },
        "defects": list(result.defects),
        "problems": list(result.problems),
    }


def write_junit(found: RunResult, path: Path) -> None:
    """One test case for each claim and obligation; undecided is skipped, an unexpected outcome fails."""
    suite = ET.Element("testsuite", name="verify")
    for result in found.claims:
        for name, task_result in result.results.items():
            evidence = task_result.evidence
            case = ET.SubElement(suite, "testcase", classname=result.claim.name, name=name)
            if evidence.outcome is Outcome.ERROR:
                ET.SubElement(case, "error", message=evidence.reason)
            elif evidence.outcome is Outcome.UNDECIDED:
                ET.SubElement(case, "skipped", message=evidence.reason)
            elif evidence.outcome is not result.claim.expected(task_result.task.obligation):
                ET.SubElement(case, "failure", message=evidence.reason)
        whole = ET.SubElement(suite, "testcase", classname=result.claim.name, name="verdict")
        if not result.as_expected:
            message = "; ".join((result.verdict.in_words(), *result.defects, *result.problems))
            ET.SubElement(whole, "failure", message=message)
    for broken in found.broken:
        case = ET.SubElement(suite, "testcase", classname="broken", name=broken.where)
        ET.SubElement(case, "error", message=broken.sentence)
    suite.set("tests", str(len(suite)))
    for kind, plural in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        suite.set(plural, str(len(suite.findall(f"testcase/{kind}"))))
    try:
        ET.ElementTree(suite).write(path, encoding="utf-8", xml_declaration=True)
    except OSError as problem:
        raise UsageError(
            f"the JUnit file {str(path)!r} cannot be written: {problem.strerror}; name another place"
        ) from None
