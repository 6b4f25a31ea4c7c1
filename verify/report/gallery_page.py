r"""The gallery as Markdown, as GitHub shows it: counts, the claims by topic, the errata, what is not established.

Formulas are written as GitHub reads them with backquotes inside the dollar signs, where nothing in them can be taken for
Markdown; texts of authors are escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from verify.report import words
from verify.report.gallery import by_topic, evidence_of, sides_of, status_of, verdict_of
from verify.report.gallery_pictures import tally
from verify.report.words import Status
from verify.verdict import ESTABLISHING, Outcome, Role, Scope, Strength, Verdict, counted

Json = Any

SPECIAL = re.compile(r"([\\`*_<>\[\]|$~#])")


def page(known: Json) -> str:
    """The whole page."""
    parts = (opening, overview, topics, errata, open_ends, origin)
    return "\n".join(line for part in parts for line in (*part(known), "")).rstrip() + "\n"


# ---------------------------------------------------------------------------------------------------------- words


def plain(text: str) -> str:
    r"""Text in which nothing is Markdown.

    >>> plain("a_1 | <b>")
    'a\\_1 \\| \\<b\\>'
    """
    return SPECIAL.sub(r"\\\1", " ".join(text.split()))


def prose(text: str) -> str:
    r"""A sentence of an author, in which ``$...$`` is mathematics.

    >>> prose("a_1 for $x_1$")
    'a\\_1 for $`x_1`$'
    """
    parts = text.split("$")
    if len(parts) % 2 == 0:
        return plain(text)
    flat = [" ".join(part.split()) if number % 2 else spaced(part) for number, part in enumerate(parts)]
    return "".join(f"$`{part}`$" if number % 2 else part for number, part in enumerate(flat))


def spaced(text: str) -> str:
    """Escaped, with a space where the text begins or ends with one."""
    before, after = (" " if text[:1].isspace() else ""), (" " if text.strip() and text[-1:].isspace() else "")
    return f"{before}{plain(text)}{after}"


def shown(status: Status, text: str = "") -> str:
    return f"{status.mark} {text or status.words}"


def link(claim: Json) -> str:
    return f"[{prose(claim['title'])}](../{claim['file']})"


def source(claim: Json) -> str:
    """Where the sentence stands."""
    told = claim["source"]
    authors = told["authors"]
    people = authors[0] + " et al." if len(authors) > 2 else " and ".join(authors)
    return prose(", ".join(part for part in (people or told["work"], told["year"], told["locator"]) if part))


# ---------------------------------------------------------------------------------------------------------- parts


def opening(known: Json) -> Iterator[str]:
    claims = known["claims"].values()
    expected = sum(claim["as_expected"] for claim in claims)
    told = "; ".join(f"{number} {shown(status)}" for status, number in tally(known))
    yield "# What the library establishes"
    yield ""
    yield "Sentences of the literature on the mathematics of deep learning, each stated precisely, attacked by searches for"
    yield "counterexamples, and decided, where it could be, by certificates that a small kernel accepted. Every verdict here"
    yield "is computed from stored evidence, and a verdict is only as strong as its weakest link."
    yield ""
    yield f"**{counted(len(known['claims']), 'claim')}; {counted(expected, 'verdict')} as expected.** {told}."
    yield ""
    yield "![The claims by verdict](gallery/counts.svg)"
    yield ""
    yield "`make report` writes the whole report here, with proofs, counterexamples and certificates: open `index.html`. This"
    yield "file and the folder `gallery` are made by `verify gallery` and are kept in the repository, as is the picture;"
    yield "everything else in this folder is made by `make report` and is not."


def overview(known: Json) -> Iterator[str]:
    yield "## At a glance"
    yield ""
    yield "A column for each claim, in the order of the tables below."
    yield ""
    yield "![Each claim by topic: its verdict, and what was found by proof, relaxation, stress tests and false variants](gallery/matrix.svg)"
    yield ""
    yield "| | word | meaning |"
    yield "|---|---|---|"
    for kind, mark in words.MARKS.items():
        yield f"| {mark} | {kind} | {words.MEANINGS[kind]} |"


def topics(known: Json) -> Iterator[str]:
    yield "## The claims"
    yield ""
    yield "*Proof* counts the theorems of a claim, and those that contradict a sentence that is false as printed;"
    yield "*teeth* counts the false variants that the same checks refuted, and the brackets of its constants."
    for topic, claims in by_topic(known).items():
        refuted = sum(verdict_of(claim).outcome is Outcome.REFUTED for _, claim in claims)
        note = f", {refuted} false as printed" if refuted else ""
        yield ""
        yield f"### {(topic or 'claims').capitalize()} ({counted(len(claims), 'claim')}{note})"
        yield ""
        yield "| claim | verdict | proof | relaxation | stress | teeth |"
        yield "|---|---|---|---|---|---|"
        for _, claim in claims:
            cells = [f"{link(claim)}<br>{source(claim)}", shown(status_of(claim))]
            cells += [side(claim, *ESTABLISHING), side(claim, Role.RELAXATION), side(claim, Role.STRESS), teeth(claim)]
            yield f"| {' | '.join(cells)} |"


def side(claim: Json, *roles: Role) -> str:
    """How many obligations of these roles have which status."""
    found = sides_of(claim, *roles)
    return "<br>".join(shown(status, f"{number} {status.words}") for status, number, _ in found) or "–"


def teeth(claim: Json) -> str:
    variants = claim["mutants"].values()
    killed = sum(strength is not None for strength in variants)
    lines = (
        [f"{'✓' if killed == len(variants) else '○'} {killed} of {len(variants)} refuted"]
        if variants
        else ["! toothless"]
    )
    for bracket in claim["brackets"]:
        (low, is_refuted), (high, is_proved) = bracket["refuted"], bracket["proved"]
        confirmed = is_refuted and is_proved
        ends = f"{plain(bracket['parameter'])}: {low} refuted, {high} proved"
        lines.append(f"✓ {ends}" if confirmed else f"○ {plain(bracket['parameter'])}: bracket not confirmed")
    return "<br>".join(lines)


# --------------------------------------------------------------------------------------------------------- errata


def errata(known: Json) -> Iterator[str]:
    found = [c for claims in by_topic(known).values() for c in claims if verdict_of(c[1]).outcome is Outcome.REFUTED]
    yield "## Errata: false as printed"
    if not found:
        yield ""
        yield "No claim is refuted."
    for name, claim in found:
        yield ""
        yield from erratum(name, claim, known["claims"])


def erratum(name: str, claim: Json, claims: Json) -> Iterator[str]:
    """The sentence as printed, what refutes it, what holds instead."""
    yield f"### {prose(claim['title'])}"
    yield ""
    quote = claim["source"]["quote"]
    yield f"> {prose(quote) if quote else prose(claim['statement'])}"
    yield f"> <br>— {source(claim)}{'' if quote else ' (as stated precisely in the library)'}"
    yield ""
    refuting = [o for o in claim["obligations"] if o["outcome"] == Outcome.REFUTED.value]
    arguments = [o for o in refuting if o.get("argued")]
    if arguments:
        said = "; ".join(argument(o["reason"]) for o in arguments)
        weakest = min(evidence_of(o).strength or Strength.CITED for o in arguments).name.lower()
        yield f"* **Refuted by:** {said}. ({weakest}; that this contradicts the sentence is argued in words)"
    for obligation in refuting:
        if obligation not in arguments:
            yield f"* **Counterexample:** {prose(obligation['reason']).rstrip('.')}. ({obligation['strength']})"
    repairs = [other for _, other in sorted(claims.items()) if other["repairs"] == name]
    for other in repairs:
        yield f"* **Repair:** {link(other)}: {shown(status_of(other))}. {prose(other['statement'])}"
    if not repairs:
        yield "* **Repair:** none in the library."
    yield f"* **Strength:** {shown(status_of(claim))}. The statement and its checks: [{plain(name)}](../{claim['file']})."


def argument(reason: str) -> str:
    for beginning in ("contradicted by a theorem: ", "contradicted by a certificate: "):
        reason = reason.removeprefix(beginning)
    return prose(reason).rstrip(".")


# --------------------------------------------------------------------------------------- what is not established


def open_ends(known: Json) -> Iterator[str]:
    """Everything that a visitor could take for established and that is not, drawn from the evidence."""
    ordered = [entry for claims in by_topic(known).values() for entry in claims]
    groups = {
        "Open claims": (f"{link(c)}: {shown(status_of(c))}." for _, c in ordered if is_open(verdict_of(c))),
        "Defects": (f"{link(c)}: {plain('; '.join(c['defects']))}." for _, c in ordered if c["defects"]),
        "Verdicts that rest on cited steps": conditional(ordered),
        "Verdicts that are not about all values": (
            f"{link(c)}: {shown(status_of(c))}." for _, c in ordered if is_narrow(verdict_of(c))
        ),
        "Obligations without an answer": undecided(ordered),
    }
    yield "## What is not established"
    yield ""
    yield "That the formal statements say what the sentences mean is for readers to judge; each claim's file has both. A"
    yield "theorem holds under its hypotheses, which its file states. Stress tests say nothing about single points, and"
    yield "lists of instances nothing about others. All rests on the kernel, on Python and on the machine that ran it."
    brackets = sum(len(claim["brackets"]) for _, claim in ordered)
    if brackets:
        yield ""
        yield f"Of {counted(brackets, 'constant')} the tables have a bracket: nothing is said about values strictly between its ends."
    for title, lines in groups.items():
        entries = list(lines)
        if entries:
            yield ""
            yield f"<details><summary>{title} ({len(entries)})</summary>"
            yield ""
            yield from (f"* {entry}" for entry in entries)
            yield ""
            yield "</details>"
        else:
            yield ""
            yield f"{title}: none."


def is_open(known: Verdict) -> bool:
    return known.outcome in (Outcome.UNDECIDED, Outcome.ERROR)


def is_narrow(known: Verdict) -> bool:
    return known.outcome is Outcome.HOLDS and known.scope is not Scope.ALL


def conditional(ordered: Iterable[tuple[str, Json]]) -> Iterator[str]:
    for _, claim in ordered:
        told = {f"{step['name']} ({step['source']})": step["statement"] for step in claim["cited"]}
        for step in verdict_of(claim).given:
            statement = f": {prose(told[step])}" if step in told else ""
            yield f"{link(claim)}, given {plain(step)}{statement}"


def undecided(ordered: Iterable[tuple[str, Json]]) -> Iterator[str]:
    for _, claim in ordered:
        for obligation in claim["obligations"]:
            if obligation["outcome"] in (Outcome.UNDECIDED.value, Outcome.ERROR.value):
                limit = (
                    " It ended at a limit of time or memory, so another machine may decide it."
                    if obligation.get("ended_by_budget")
                    else ""
                )
                yield f"{link(claim)}, {plain(obligation['name'])}: {plain(obligation['reason'])}.{limit}"


def origin(known: Json) -> Iterator[str]:
    made, options = known["made"], known["made"]["options"]
    versions = ", ".join(f"{name} {version}" for name, version in sorted(made["versions"].items()))
    family = known["family"]
    yield "## How this was made"
    yield ""
    yield f"From the evidence of {made['date']} in the store, whose certificates this installation's kernel has decided: seed"
    yield f"{options['seed']}, {options['seconds']:g} s and {words.size(options['memory_bytes'])} for a task, stress tests on {options['device']}. {versions}."
    if family["experiments"]:
        refuted = f"{family['refuted']} refuted at the level {family['level']:g} of all together (Holm)"
        yield f"{counted(family['experiments'], 'experiment')}, {refuted}."
    yield ""
    yield "[evidence.json](gallery/evidence.json) has each obligation with its outcome, strength, scope and the sha256 of the"
    yield "statement that was decided; this page and its pictures are made from it alone, and the tests make them again."
    yield ""
    yield "```sh"
    yield "verify run                # check everything"
    yield "verify gallery            # write this page again from the stored evidence"
    yield "verify gallery --check    # say where the stored evidence differs from this page"
    yield "```"
