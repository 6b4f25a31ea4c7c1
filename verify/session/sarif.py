r"""What is wrong after a run as SARIF 2.1.0, the format in which code scanning reads findings.

Each kind of trouble is a rule, and each finding a result at the author's own line.  What is as expected is no result:
readers of SARIF show every result as a finding, those with ``kind: pass`` too.  An undecided claim has ``kind: open``, which
the standard (3.27.9) keeps for tools that prove: neither a violation nor its absence was shown.  Equal outcomes give equal
bytes: there are no times, and a fingerprint depends on the claim and the rule, not on lines.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from verify.errors import Place, UsageError
from verify.session.summary import ClaimResult, RunResult
from verify.verdict import Outcome

Json = Any

ROOT = "%SRCROOT%"  # the folder in which the command was run, which is meant to be that of the repository
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FINGERPRINT = "claimAndRule/v1"
LEADING = re.compile(r"^(?P<file>.+?\.(?:py|bib)):(?P<line>[1-9]\d*): (?P<rest>.+)$", re.DOTALL)


@dataclass(frozen=True)
class Rule:
    """A kind of trouble."""

    id: str
    name: str
    short: str
    full: str
    level: str


RULES = (
    Rule(
        "refuted",
        "RefutedAgainstExpectation",
        "A claim that should hold is refuted.",
        "A counterexample was replayed, or a theorem that contradicts the claim was proved. Correct the statement, or, if it "
        "is false as printed, expect that it is refuted and add a claim that repairs it.",
        "error",
    ),
    Rule(
        "not-refuted",
        "HoldsAgainstExpectation",
        "A claim that is said to be false as printed holds.",
        "The suite expects that the claim is refuted, and its obligations hold. Correct the statement or what is expected.",
        "error",
    ),
    Rule(
        "undecided",
        "Undecided",
        "An obligation was neither established nor refuted.",
        "No engine found a certificate or a counterexample within its limits. Give the search a hint or more time.",
        "none",
    ),
    Rule(
        "error",
        "NotChecked",
        "An obligation could not be checked.",
        "The author's text could not be read, or the harness or an engine broke; nothing is known.",
        "error",
    ),
    Rule(
        "surviving-mutant",
        "SurvivingMutant",
        "A false variant is not refuted.",
        "The checks of the claim cannot tell it from this variant, which is meant to be false, or the variant changes "
        "nothing that they state. Sharpen the obligations, or the variant.",
        "error",
    ),
    Rule(
        "toothless",
        "Toothless",
        "No false variant of a claim was refuted.",
        "A check that cannot fail says nothing. Add a mutant that the obligations refute.",
        "error",
    ),
    Rule(
        "bracket",
        "UnconfirmedBracket",
        "A bracket of a constant is not confirmed.",
        "The claim has to be refuted at the one end of the bracket and proved at the other.",
        "error",
    ),
    Rule(
        "broken-module",
        "BrokenModule",
        "A module of claims could not be loaded.",
        "Nothing in this file was checked. Correct the line that is named.",
        "error",
    ),
    Rule(
        "source",
        "StatementWithoutSource",
        "A statement has no source that the bibliography knows.",
        "Every sentence names where it stands; add the entry to references.bib.",
        "error",
    ),
)  # fmt: skip
NUMBERS = {rule.id: number for number, rule in enumerate(RULES)}


@dataclass(frozen=True)
class Finding:
    """One result: the rule, the place, what it is about, and a sentence."""

    rule: str
    place: Place
    about: str
    sentence: str
    more: tuple[tuple[str, str], ...] = ()


# ------------------------------------------------------------------------------------------------------- findings


def findings(found: RunResult) -> Iterator[Finding]:
    """Everything that is not as it should be."""
    for broken in found.broken:
        place, sentence = placed(broken.sentence, Place(broken.where, 1))
        yield Finding("broken-module", place, broken.where, sentence)
    for result in found.claims:
        yield from of_obligations(result)
        yield from of_teeth(result)
        for problem in result.problems:
            place, sentence = placed(problem, result.claim.place)
            yield Finding("source", place, result.claim.name, f"{result.claim.name}: {sentence}")


def placed(sentence: str, otherwise: Place) -> tuple[Place, str]:
    """A sentence that begins with its place, taken apart."""
    found = LEADING.match(sentence)
    return (Place(found["file"], int(found["line"])), found["rest"]) if found else (otherwise, sentence)


def of_obligations(result: ClaimResult) -> Iterator[Finding]:
    """Obligations whose outcome is not the expected one; where each is, the claim as a whole."""
    claim, told = result.claim, False
    for name, entry in result.results.items():
        evidence, obligation = entry.evidence, entry.task.obligation
        if evidence.outcome is claim.expected(obligation):
            continue
        told = True
        strength = evidence.strength.name.lower() if evidence.strength is not None else ""
        more = (("outcome", evidence.outcome.value), ("strength", strength), ("engine", evidence.engine))
        place, reason = placed(evidence.reason, obligation.place)
        sentence = f"{claim.name}, {name}, is {told_as(evidence.outcome)}: {reason}"
        yield Finding(rule_of(evidence.outcome), place, f"{claim.name}::{name}", sentence, more)
    if not told and result.verdict.outcome.value != claim.expect:
        sentence = f"{claim.name} is {result.verdict.in_words()}; expected is that it {expected(claim.expect)}"
        yield Finding(rule_of(result.verdict.outcome), claim.place, claim.name, sentence)


def rule_of(outcome: Outcome) -> str:
    return {Outcome.REFUTED: "refuted", Outcome.HOLDS: "not-refuted"}.get(outcome, outcome.value)


def told_as(outcome: Outcome) -> str:
    return {Outcome.HOLDS: "not refuted, as was expected", Outcome.ERROR: "not checked"}.get(outcome, outcome.value)


def expected(outcome: str) -> str:
    return "holds" if outcome == Outcome.HOLDS.value else "is refuted"


def of_teeth(result: ClaimResult) -> Iterator[Finding]:
    """Mutants that are alive and brackets that are not confirmed, as far as the claim was checked as a whole."""
    claim = result.claim
    whole = len(result.results) == len(claim.obligations) and result.verdict.outcome is not Outcome.ERROR
    if not whole:
        return
    for mutant in result.mutants:
        if not mutant.killed:
            what = "is not refuted by any obligation" if mutant.results else "changes nothing that an obligation states"
            about, place = f"{claim.name}::mutant:{mutant.name}", claim.mutants[mutant.name].place
            yield Finding("surviving-mutant", place, about, f"{claim.name}: the variant {mutant.name} {what}")
    if not result.mutants:
        yield Finding("toothless", claim.place, claim.name, f"{claim.name} has no variant that its checks refute")
    for declared, bracket in zip(claim.brackets, result.brackets, strict=True):
        if not (bracket.is_refuted and bracket.is_proved):
            side = f"refuted at {bracket.refuted}" if not bracket.is_refuted else f"proved at {bracket.proved}"
            sentence = f"{claim.name}: the bracket of {bracket.parameter} is not confirmed, as the claim was not {side}"
            yield Finding("bracket", declared.place, f"{claim.name}::bracket:{bracket.parameter}", sentence)


# ------------------------------------------------------------------------------------------------------ the format


def log(found: RunResult, root: Path) -> Json:
    """The whole document (3.13), with one run; paths are relative to the root."""
    run = {
        "tool": {"driver": driver()},
        "invocations": [invocation(found)],
        "originalUriBaseIds": {ROOT: {"description": {"text": "The folder in which the claims were checked."}}},
        "columnKind": "unicodeCodePoints",
        "results": [result_json(finding, root) for finding in findings(found)],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def driver() -> Json:
    """The tool with its rules (3.19)."""
    rules = [
        {
            "id": rule.id,
            "name": rule.name,
            "shortDescription": {"text": rule.short},
            "fullDescription": {"text": rule.full},
            "defaultConfiguration": {"level": rule.level},
        }
        for rule in RULES
    ]
    return {"name": "deepclaims", "version": installed(), "rules": rules}


def installed() -> str:
    try:
        return version("deepclaims")
    except PackageNotFoundError:
        return "unknown"


def invocation(found: RunResult) -> Json:
    """Whether everything was checked (3.20); what went wrong beside the claims is a notification."""
    sound = not found.broken and not found.problems
    sound = sound and all(result.verdict.outcome is not Outcome.ERROR for result in found.claims)
    told = [{"level": "error", "message": {"text": message(problem)}} for problem in found.problems]
    return {"executionSuccessful": sound, "toolExecutionNotifications": told}


def result_json(finding: Finding, root: Path) -> Json:
    """One result (3.27); one without severity is open."""
    level = RULES[NUMBERS[finding.rule]].level
    location = {
        "physicalLocation": {
            "artifactLocation": artifact(finding.place.file, root),
            "region": {"startLine": max(finding.place.line, 1)},
        },
        "logicalLocations": [{"fullyQualifiedName": finding.about}],
    }
    told = {
        "ruleId": finding.rule,
        "ruleIndex": NUMBERS[finding.rule],
        "kind": "open" if level == "none" else "fail",
        "level": level,
        "message": {"text": message(finding.sentence)},
        "locations": [location],
        "partialFingerprints": {FINGERPRINT: fingerprint(finding, root)},
    }
    more = {name: text for name, text in finding.more if text}
    return {**told, "properties": more} if more else told


def fingerprint(finding: Finding, root: Path) -> str:
    """The same for the same trouble of the same claim (3.27.17), wherever the claim and the checkout have moved."""
    about = artifact(finding.about, root)["uri"] if finding.rule == "broken-module" else finding.about
    return hashlib.sha256(f"{finding.rule}\n{about}".encode()).hexdigest()


def artifact(file: str, root: Path) -> Json:
    """A file (3.4) relative to the root; elsewhere, by its absolute URI."""
    path = Path(file)
    if not path.is_absolute():
        return {"uri": quote(path.as_posix()), "uriBaseId": ROOT}
    if path.is_relative_to(root):
        return {"uri": quote(path.relative_to(root).as_posix()), "uriBaseId": ROOT}
    return {"uri": path.as_uri()}


def message(text: str) -> str:
    r"""A sentence as a plain text message, in which braces are doubled (3.11.5) and nothing is a link (3.11.6).

    >>> message("the set {0} of [x](y)")
    'the set {{0}} of [x] (y)'
    """
    return " ".join(text.split()).replace("](", "] (").replace("{", "{{").replace("}", "}}")


def write_sarif(found: RunResult, path: Path) -> None:
    text = json.dumps(log(found, Path.cwd()), indent=1, ensure_ascii=False) + "\n"
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise UsageError(
            f"the SARIF file {str(path)!r} cannot be written: {problem.strerror}; name another place"
        ) from None
