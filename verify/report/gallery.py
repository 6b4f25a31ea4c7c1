r"""The gallery: one committed picture of the whole library, made from evidence and from nothing else.

``record`` turns the results of a run into a small JSON document without times; everything else (Markdown, pictures) is made
from that document alone, so that a test can make it again.  ``differences`` says, a line each, where today's evidence is
not what was committed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from verify.bibliography import find
from verify.catalog import module_name
from verify.claim import Claim
from verify.errors import ClaimError, UsageError
from verify.kernel import canonical, digest
from verify.report import words
from verify.report.words import Status
from verify.session.summary import ClaimResult, RunResult
from verify.session.tasks import Options
from verify.statistics.family import FAMILY
from verify.verdict import Evidence, Outcome, Role, Scope, Strength, Verdict, verdict

Json = Any

FORMAT = "deepclaims gallery 1"
PLACE = "gallery/evidence.json"
LONGEST = 400  # characters of a reason; the report has all of it
BUDGET = re.compile(r"^(timeout|memory|cancelled): | within [\d.]+ s\b|\bbudget ended\b")
COMPARED = ("role", "outcome", "strength", "scope", "given", "statements")


def record(found: RunResult, made: Json) -> Json:
    """What was found out about every claim; ``made`` says when and with what."""
    return {
        "format": FORMAT,
        "made": made,
        "family": {
            "level": FAMILY,
            "experiments": len(found.family),
            "refuted": sum(member.threshold is not None for member in found.family),
        },
        "claims": {result.claim.name: claim_record(result) for result in found.claims},
    }


def made_by(started: str, metadata: Json) -> Json:
    """The day, the versions and the options of the run that found the evidence; no time, which would change each time."""
    options = metadata.get("options") or Options().json()
    return {"date": started[:10], "options": options, "versions": metadata.get("versions") or {}}


def text_of(claim: Claim, file: Path) -> Json:
    """What a claim says, where: the part of its record that needs no evidence."""
    _, root = module_name(file)
    inside = file.relative_to(root) if root is not None else Path(file.name)
    return {
        "title": claim.title,
        "topic": inside.parent.name,
        "file": inside.as_posix(),
        "expect": claim.expect,
        "repairs": claim.repairs,
        "statement": claim.statement if is_quoted(claim) else shortened_digest(claim.statement),
    }


def is_quoted(claim: Claim) -> bool:
    """Whether the page shows the precise statement: of a repair, and of an erratum that is not quoted as printed."""
    return bool(claim.repairs) or (claim.expect == Outcome.REFUTED.value and not claim.source.quote)


def shortened_digest(value: Json) -> str:
    """Enough of a sha256 to see that something has changed."""
    return digest(value)[:16]


def claim_record(result: ClaimResult) -> Json:
    claim, known = result.claim, result.verdict
    return {
        **text_of(claim, Path(result.listed.reference.file)),
        "source": source_record(claim),
        "cited": [{"name": step.name, "source": str(step.source), "statement": step.statement} for step in claim.cited],
        "verdict": levels(known),
        "as_expected": result.as_expected and not words.unchecked(result),
        "defects": [*result.defects, *result.problems],
        "obligations": [obligation_record(claim, name, entry.evidence) for name, entry in result.results.items()],
        "mutants": {m.name: words.refutation(m).name.lower() if m.killed else None for m in result.mutants},
        "brackets": [
            {"parameter": b.parameter, "refuted": [b.refuted, b.is_refuted], "proved": [b.proved, b.is_proved]}
            for b in result.brackets
        ],
    }


def source_record(claim: Claim) -> Json:
    source = claim.source
    try:
        work = find(source, claim.place)
        told = {"authors": list(work.authors), "year": work.year, "work": work.title}
    except ClaimError:
        told = {"authors": [], "year": "", "work": source.key}
    return {**told, "locator": source.locator, "quote": source.quote}


def obligation_record(claim: Claim, name: str, evidence: Evidence) -> Json:
    """An obligation with what was found.  Reasons are kept where they say something that the verdict does not: the
    counterexample, and what stayed open."""
    statements = sorted({reference.statement_sha256 for reference in evidence.certificates})
    entry = {"name": name, "role": evidence.role.value, **levels(evidence)}
    if statements:
        entry["statements"] = statements[0][:16] if len(statements) == 1 else shortened_digest(statements)
    if evidence.outcome is not Outcome.HOLDS:
        entry["reason"] = shortened(evidence.reason)
        if name in claim.obligations and claim.obligations[name].role is Role.DISPROOF:
            entry["argued"] = True
    if evidence.outcome is Outcome.UNDECIDED:
        entry["ended_by_budget"] = bool(BUDGET.search(evidence.reason))
    return entry


def levels(found: Evidence | Verdict) -> Json:
    """Outcome, strength, scope and what is given, as far as there are such."""
    entry: Json = {"outcome": found.outcome.value}
    if found.strength is not None:
        entry["strength"] = found.strength.name.lower()
    if found.scope is not None:
        entry["scope"] = found.scope.name.lower()
    return entry | ({"given": list(found.given)} if found.given else {})


def shortened(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST else flat[:LONGEST].rsplit(" ", 1)[0] + " …"


# --------------------------------------------------------------------------------------------- reading a record


def parse(text: bytes, where: Path) -> Json:
    """A committed record; raises ``UsageError`` if it is none, or if it claims more than its own evidence says."""
    try:
        known = json.loads(text)
        if known["format"] != FORMAT:
            raise UsageError(
                f"{where} has the format {known['format']!r}, not {FORMAT!r}; write it again: verify gallery"
            )
        for name, claim in known["claims"].items():
            told, computed = claim["verdict"], verdict_of(claim)
            if told != levels(computed):
                sentence = (
                    f"{where} says {told} of {name}, but the evidence beside it amounts to: {computed.in_words()}"
                )
                raise UsageError(f"{sentence}; write it again: verify gallery")
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise UsageError(f"{where} is no record of a gallery ({problem!r}); write it again: verify gallery") from None
    return known


def dump(known: Json) -> bytes:
    """Sorted, a line for each obligation, so that differences are seen line by line."""
    return (laid_out(known, 4, "") + "\n").encode("utf-8")


def laid_out(value: Json, depth: int, indent: str) -> str:
    if depth == 0 or not value or not isinstance(value, dict | list):
        return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    inner = indent + " "
    if isinstance(value, list):
        parts = [laid_out(entry, depth - 1, inner) for entry in value]
    else:
        parts = [f"{json.dumps(name)}: {laid_out(entry, depth - 1, inner)}" for name, entry in sorted(value.items())]
    joined = f",\n{inner}".join(parts)
    left, right = "[]" if isinstance(value, list) else "{}"
    return f"{left}\n{inner}{joined}\n{indent}{right}"


def evidence_of(obligation: Json) -> Evidence:
    strength, scope = obligation.get("strength"), obligation.get("scope")
    return Evidence(
        Role(obligation["role"]),
        Outcome(obligation["outcome"]),
        obligation.get("reason", ""),
        Strength[strength.upper()] if strength else None,
        Scope[scope.upper()] if scope else None,
        tuple(obligation.get("given", ())),
    )


def verdict_of(claim: Json) -> Verdict:
    """The verdict that the recorded evidence amounts to."""
    cited = [f"{step['name']} ({step['source']})" for step in claim["cited"]]
    return verdict([evidence_of(entry) for entry in claim["obligations"]], cited)


def status_of(claim: Json) -> Status:
    known = verdict_of(claim)
    return Status(words.kind_of(known.outcome, known.strength), known.in_words())


def sides_of(claim: Json, *roles: Role) -> list[tuple[Status, int, int]]:
    """The obligations of some roles, counted by status."""
    return words.tally(e for e in map(evidence_of, claim["obligations"]) if e.role in roles)


def by_topic(known: Json) -> Mapping[str, list[tuple[str, Json]]]:
    """The claims of each topic, by title."""
    topics: dict[str, list[tuple[str, Json]]] = {}
    for name, claim in sorted(known["claims"].items(), key=lambda item: (item[1]["topic"], item[1]["title"], item[0])):
        topics.setdefault(claim["topic"], []).append((name, claim))
    return topics


def files(known: Json) -> dict[str, bytes]:
    """All committed files of the gallery, by their path in the folder of reports; a function of the record alone."""
    from verify.report.gallery_page import page
    from verify.report.gallery_pictures import counts, matrix

    return {
        PLACE: dump(known),
        "README.md": page(known).encode("utf-8"),
        "gallery/counts.svg": counts(known).encode("utf-8"),
        "gallery/matrix.svg": matrix(known).encode("utf-8"),
    }


# ---------------------------------------------------------------------------------------------------- differences


@dataclass(frozen=True)
class Difference:
    """One place where two records differ; ``of_the_machine`` if only because a search ran out of time or memory."""

    where: str
    what: str
    of_the_machine: bool = False

    def __str__(self) -> str:
        hint = " (a limit of time or memory decides this, so machines may differ)" if self.of_the_machine else ""
        return f"{self.where}: {self.what}{hint}"


def differences(kept: Json, today: Json) -> list[Difference]:
    """Where the evidence of today is not that of the gallery: claims, their texts, obligations, variants, brackets."""
    old, new = kept["claims"], today["claims"]
    found = [
        Difference(name, "is in the gallery, and there is no such claim any more") for name in sorted(old.keys() - new)
    ]
    found += [Difference(name, "is not in the gallery") for name in sorted(new.keys() - old)]
    for name in sorted(old.keys() & new):
        found += [Difference(name, what) for what in texts_differ(old[name], new[name])]
        found += evidence_differs(name, old[name], new[name])
    return found


def texts_differ(old: Json, new: Json) -> Iterator[str]:
    for field in ("title", "topic", "file", "expect", "repairs", "statement", "source", "cited"):
        if old[field] != new[field]:
            yield f"another {'list of cited steps' if field == 'cited' else field} than in the gallery"


def evidence_differs(name: str, old: Json, new: Json) -> Iterator[Difference]:
    before, after = ({entry["name"]: entry for entry in known["obligations"]} for known in (old, new))
    for gone in sorted(before.keys() - after):
        yield Difference(f"{name}::{gone}", "is in the gallery, and there is no such obligation any more")
    for added in sorted(after.keys() - before):
        yield Difference(f"{name}::{added}", "is not in the gallery")
    excused = False
    for shared in sorted(before.keys() & after):
        was, now = before[shared], after[shared]
        changed = [field for field in COMPARED if was.get(field) != now.get(field)]
        if changed:
            limited = bool(was.get("ended_by_budget") or now.get("ended_by_budget"))
            excused |= limited
            yield Difference(f"{name}::{shared}", told(was, now, changed), limited)
    for part in ("mutants", "brackets"):
        if canonical(old[part]) != canonical(new[part]):
            yield Difference(
                name, f"other results for its {part}: {json.dumps(new[part])}, in the gallery {json.dumps(old[part])}"
            )
    if old["verdict"] != new["verdict"]:
        yield Difference(name, f"{status_of(new).words}, in the gallery {status_of(old).words}", excused)


def told(was: Json, now: Json, changed: list[str]) -> str:
    if changed == ["statements"]:
        return "decides another statement than in the gallery"
    reason = f" ({now['reason']})" if now.get("reason") else ""
    parts = [f"{field} {now.get(field)}, in the gallery {was.get(field)}" for field in changed]
    return "; ".join(parts) + reason
