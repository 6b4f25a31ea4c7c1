r"""The rules about what a run finds out.  Each yields a sentence for every violation."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from verify import kernel
from verify.goals import Computation, Sampling, StatisticalTest, Trials
from verify.session.session import Result
from verify.testing.laboratory import Examined
from verify.theory.objects import Theorem
from verify.verdict import Evidence, Outcome, Strength

Json = Any


def expected(examined: Examined) -> Iterator[str]:
    """The verdict is the expected one, and no obligation is undecided or broken."""
    found = examined.run.found
    if found.verdict.outcome.value != found.claim.expect:
        yield f"the verdict is {found.verdict.in_words()}, and expected is: {found.claim.expect}"
    for name, result in found.results.items():
        evidence, wanted = result.evidence, found.claim.expected(result.task.obligation)
        if evidence.outcome is not wanted:
            yield f"{name} is {evidence.outcome.value}, and expected is {wanted.value}: {evidence.reason}"


def hypotheses(examined: Examined) -> Iterator[str]:
    """A point satisfies the hypotheses of each theorem, in a model if it assumes anything of arbitrary functions.  Steps that
    are cited are taken for granted, and printed instead."""
    for name, result in examined.run.found.results.items():
        goal, kinds = result.task.obligation.goal, {c.kind for c in result.evidence.certificates}
        if isinstance(goal, Theorem) and "theorem" in kinds and "instance" not in kinds:
            yield from unsatisfied(name, result)
        counts = result.evidence.detail.get("counts", {}) if isinstance(result.evidence.detail, dict) else {}
        if isinstance(goal, Sampling) and "effective" in counts and counts["effective"] == 0 and not refuted(result):
            yield f"none of the {counts['drawn']} points of {name} was shown to satisfy the hypotheses"


def unsatisfied(name: str, result: Result) -> Iterator[str]:
    """What is to be said of a theorem without a satisfying instance."""
    problem = result.task.problem
    assumptions = problem.statement["assumptions"] if problem is not None else []
    assumed = [entry["name"] for entry in assumptions if not entry["source"]]
    if assumed:
        yield (
            f"nothing shows that what {name} assumes ({', '.join(assumed)}) can be met: give a model of its arbitrary functions "
            f"(claim.model), or a source to what is taken from the literature; `verify explain` tells why a model failed"
        )
    elif not assumptions:
        yield f"no point was found that satisfies the hypotheses of {name}: it may say nothing at all"


def refuted(result: Result) -> bool:
    return result.evidence.outcome is Outcome.REFUTED


def teeth(examined: Examined) -> Iterator[str]:
    """There is a mutant, every one of them is refuted, and brackets are confirmed from both sides."""
    found = examined.run.found
    if not found.mutants:
        yield "there is no mutant: write a nearby false variant that these obligations refute (claim.mutant)"
    for mutant in found.mutants:
        if not mutant.results:
            yield f"the mutant {mutant.name} changes nothing that an obligation states"
        elif not mutant.killed:
            yield f"the mutant {mutant.name} survives: no obligation refutes it"
    for bracket in found.brackets:
        if not (bracket.is_refuted and bracket.is_proved):
            yield f"the bracket of {bracket.parameter} is not confirmed at {bracket.refuted} and {bracket.proved}"


def certificates(examined: Examined) -> Iterator[str]:
    """A bare interpreter, without installed packages, accepts every certificate; what is certified has one."""
    run = examined.run
    for result in run.results():
        if result.evidence.strength is Strength.CERTIFIED and not result.evidence.certificates:
            yield f"{result.task.id} is called certified, and there is no certificate"
    wanted = {c.sha256: (r.task.id, c.statement_sha256) for r in run.results() for c in r.evidence.certificates}
    for sha256, (task, _) in wanted.items():
        if sha256 not in run.certificates:
            yield f"{task}: its certificate was not kept"
    files = {f"{sha256}.json": run.certificates[sha256] for sha256 in wanted if sha256 in run.certificates}
    lines = decided(files) if files else {}
    for file, blob in files.items():
        task, statement = wanted[file.removesuffix(".json")]
        line = lines[file]
        if hashlib.sha256(blob).hexdigest() != file.removesuffix(".json"):
            yield f"{task}: a certificate is not the one that the evidence names by its sha256"
        elif not line.startswith("accepted") or not line.endswith(f"sha256:{statement}"):
            yield f"{task}: a certificate is not accepted again for its statement: {line}"


def decided(files: Mapping[str, bytes]) -> dict[str, str]:
    """What ``python -I -S verify/kernel/__main__.py`` says of each file."""
    checker = Path(kernel.__file__ or "").parent / "__main__.py"
    with tempfile.TemporaryDirectory() as folder:
        for file, blob in files.items():
            Path(folder, file).write_bytes(blob)
        command = [sys.executable, "-I", "-S", str(checker), *files]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    said = {line.split()[1]: line for line in done.stdout.splitlines() if line[:1].strip()}
    silence = f"nothing is said of it, and the status is {done.returncode}: {done.stderr[-300:]}"
    return {file: said.get(file, silence) for file in files}


def round_trip(examined: Examined) -> Iterator[str]:
    """Evidence that was written as JSON and read again is the same evidence."""
    for result in examined.run.results():
        try:
            text = json.dumps(result.evidence.to_json(), allow_nan=False)
            same = Evidence.from_json(json.loads(text)) == result.evidence
        except (TypeError, ValueError, KeyError) as problem:
            yield f"the evidence of {result.task.id} cannot be written as JSON: {problem}"
            continue
        if not same:
            yield f"the evidence of {result.task.id} is not the same when it was written as JSON and read again"


def repetition(examined: Examined) -> Iterator[str]:
    """A second run under the same seed finds the same; of random numbers and the author's computations, literally."""
    for result in examined.run.found.results.values():
        other = examined.again.get(result.task.id)
        if other is None or established(result) != established(other):
            found = f"{other.evidence.outcome.value}: {other.evidence.reason}" if other is not None else "nothing"
            yield f"{result.task.id} was {result.evidence.outcome.value} ({result.evidence.reason}), and then {found}"
        elif numbers(result) != numbers(other):
            yield f"{result.task.id} gave other numbers under the same seed; draw them from what the harness hands over"


def established(result: Result) -> Json:
    evidence = result.evidence
    return evidence.outcome, evidence.strength, evidence.scope, evidence.given


def numbers(result: Result) -> Json:
    """What must be the same to the last digit; what searches find may depend on how fast the machine is."""
    if not isinstance(result.task.obligation.goal, Sampling | Trials | StatisticalTest | Computation):
        return None
    detail = result.evidence.detail if isinstance(result.evidence.detail, dict) else {}
    return [detail.get(part) for part in ("counts", "summary", "holds", "sentence")]


def batches(examined: Examined) -> Iterator[str]:
    """What a stress test yields does not depend on how many points or runs are computed at once."""
    for task, reply in examined.batches.items():
        if reply.status != "answered":
            yield f"{task} could not be computed in batches of two sizes: {reply.status}: {first_line(reply.detail)}"
        elif 2 * reply.value["differ"] > reply.value["of"]:
            found = reply.value
            where = f"in {found['differ']} of {found['of']} runs, " if found["of"] > 1 else ""
            yield f"{task} depends on how much is computed at once: {where}{found['sizes'][0]} became {found['sizes'][1]}"


def first_line(text: str) -> str:
    return text.strip().partition("\n")[0]
