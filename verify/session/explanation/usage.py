r"""What a proof made use of: hypotheses, lemmas, assumptions, hints; and what it did not.

A step of a certificate names what it rests on, and search has removed the steps that nothing rests on.  So a hypothesis
whose label no step names is not needed by this proof: the theorem holds without it, by the same proof.  (The converse is
not claimed: what a proof uses may still be superfluous.)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from verify.session.explanation.section import Section, bounded
from verify.theory.environment import Problem

Json = Any

FACTS = ("instance", "summed")  # rules that name a fact of the theory; the others name labels of the sequent


@dataclass(frozen=True)
class Shares:
    """Of one kind of thing, what was used and what was not."""

    used: tuple[str, ...]
    unused: tuple[str, ...]

    @staticmethod
    def of(offered: Iterable[str], used: set[str]) -> Shares:
        listed = tuple(dict.fromkeys(offered))
        return Shares(tuple(x for x in listed if x in used), tuple(x for x in listed if x not in used))


@dataclass(frozen=True)
class Usage:
    """What a proof made use of."""

    hypotheses: Shares
    lemmas: Shares
    found: tuple[str, ...]  # lemmas that no author wrote
    assumptions: Shares
    cases: Shares
    have: Shares


def usage(problem: Problem, document: Json) -> Usage:
    """Read a proof, of the theorem of this problem, that the kernel accepted."""
    statement, witness = problem.statement, document["witness"]
    labels = set(labels_in(witness["proof"]))
    hypotheses = statement["theorem"]["hypotheses"]
    named = {text for number, text in enumerate(hypotheses, 1) if f"h{number}" in labels}
    proofs = [witness["proof"], *(lemma["proof"] for lemma in witness["lemmas"])]
    facts = {name for proof in proofs for name in facts_in(proof)}
    lemmas = [lemma["name"] for lemma, _ in problem.lemmas]
    kept = [lemma["name"] for lemma in witness["lemmas"]]
    steps = list(steps_in(witness["proof"]))
    return Usage(
        hypotheses=Shares.of(hypotheses, named),
        lemmas=Shares.of(lemmas, set(kept)),
        found=tuple(name for name in kept if name not in lemmas),
        assumptions=Shares.of((entry["name"] for entry in statement["assumptions"]), facts),
        cases=Shares.of(problem.hints.cases, {step["on"] for step in steps if step["rule"] == "split"}),
        have=Shares.of(problem.hints.have, {step["formula"] for step in steps if step["rule"] == "have"}),
    )


def steps_in(proof: Json) -> Iterator[Json]:
    """All steps of a proof, those inside steps too."""
    if isinstance(proof, dict):
        if "rule" in proof:
            yield proof
        for part in proof.values():
            yield from steps_in(part)
    elif isinstance(proof, list):
        for part in proof:
            yield from steps_in(part)


def facts_in(proof: Json) -> Iterator[str]:
    return (step["of"] for step in steps_in(proof) if step["rule"] in FACTS)


def labels_in(proof: Json) -> Iterator[str]:
    """The labels that steps rest on."""
    for step in steps_in(proof):
        match step:
            case {"rule": "exact", "by": by}:
                yield by
            case {"rule": "absurd", "by": pair}:
                yield from pair
            case {"rule": "arithmetic", "products": products, "equations": equations}:
                yield from (name for _, names in products for name in names)
                yield from (name for name, _ in equations)
            case {"rule": rule, "of": of} if rule not in FACTS and isinstance(of, str):
                yield of


# ------------------------------------------------------------------------------------------------------ in words

LEFT_OUT = {
    "hypotheses": "not needed by this proof, so that the theorem holds without it",
    "lemmas": "offered, and not used",
    "assumptions": "assumed, and not used",
    "cases": "a hint that was not used",
    "have": "a hint that was not used",
}
KINDS = {
    "hypotheses": "hypothesis", "lemmas": "lemma", "assumptions": "assumption", "cases": "case split", "have": "step",
}  # fmt: skip


def usage_section(problem: Problem, document: Json) -> Section:
    found = usage(problem, document)
    lines: list[str] = []
    for name, kind in KINDS.items():
        shares: Shares = getattr(found, name)
        lines += [f"{kind} {text}: used" for text in shares.used]
        lines += [f"{kind} {text}: {LEFT_OUT[name]}" for text in shares.unused]
    lines += [f"lemma {name}: used, found by the harness" for name in found.found]
    if problem.hints.induction:
        lines.append(f"induction along {', '.join(problem.hints.induction)}")
    return Section("use", "what the proof uses", bounded(lines or ["definitions alone"]), asdict(found))
