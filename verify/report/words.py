r"""The words of the report.  Whatever they say about outcome, strength and scope is computed from evidence.

A status has a word, a mark and a kind: the kind chooses a colour, but no status is told by its colour alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

from verify.session.summary import ClaimResult, MutantResult
from verify.verdict import Evidence, Outcome, Role, Scope, Strength, Verdict, counted

Json = Any

MARKS = {
    "certified": "✓",
    "computed": "◇",
    "statistical": "≈",
    "sampled": "∼",
    "cited": "§",
    "refuted": "✗",
    "undecided": "○",
    "error": "!",
}
MEANINGS = {
    "certified": "the kernel accepted a certificate, which anybody can check again",
    "computed": "the word of a solver or of a computation in floating point",
    "statistical": "a test whose error rate was stated before the first sample",
    "sampled": "numerics without an error rate",
    "cited": "taken from the literature; nothing was checked",
    "refuted": "false: a counterexample was replayed, or a contradicting theorem was proved",
    "undecided": "neither established nor refuted; the reason is given",
    "error": "something broke while it was checked",
}
ROLES = {
    Role.PROOF: "statement",
    Role.DISPROOF: "contradicting statement",
    Role.RELAXATION: "relaxation",
    Role.STRESS: "stress test",
}
ENGINES = {
    "grid": "search on an exact grid",
    "z3": "model found by Z3",
    "hypothesis": "search by hypothesis",
    "torch": "random points (torch)",
    "experiment": "independent runs (torch)",
    "proof search": "proof search",
    "cvxpy": "convex relaxation, dual solution rounded to rationals",
    "author": "the author's own computation",
    "exact": "exact computation",
}
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
QUESTIONS = {
    Role.PROOF: "exact question",
    Role.DISPROOF: "contradicting exact question",
    Role.STRESS: "exact illustration",
}


@dataclass(frozen=True)
class Status:
    """What is known of something, ready to be shown."""

    kind: str
    words: str

    @property
    def mark(self) -> str:
        return MARKS[self.kind]

    @property
    def meaning(self) -> str:
        return MEANINGS[self.kind]


def kind_of(outcome: Outcome, strength: Strength | None) -> str:
    """The class of a status: the strength of what holds, else the outcome."""
    if outcome is Outcome.HOLDS and strength is not None:
        return strength.name.lower()
    if outcome is Outcome.UNDECIDED and strength is Strength.CITED:
        return "cited"
    return outcome.value if outcome is not Outcome.HOLDS else "error"


def evidence_status(evidence: Evidence) -> Status:
    """One obligation.  A proved disproof refutes the claim, which is said as what it is."""
    kind = kind_of(evidence.outcome, evidence.strength)
    if evidence.role is Role.DISPROOF and evidence.outcome is Outcome.REFUTED and evidence.strength is not None:
        given = f", given {counted(len(evidence.given), 'cited step')}" if evidence.given else ""
        return Status("refuted", f"{evidence.strength.name.lower()}, against the claim{given}")
    words = Verdict(evidence.outcome, evidence.strength, evidence.scope, evidence.given).in_words()
    return Status(kind, words)


def role(evidence: Evidence, *, exact: bool = False) -> str:
    """What an obligation is called: a theorem, once the kernel has accepted a proof of it, and a statement before.

    ``exact`` obligations ask questions about explicit objects.
    """
    if exact:
        return QUESTIONS[evidence.role]
    proved = any(reference.kind == "theorem" for reference in evidence.certificates)
    return ROLES[evidence.role].replace("statement", "theorem") if proved else ROLES[evidence.role]


def unchecked(result: ClaimResult) -> list[str]:
    """The obligations of a claim that have no result."""
    return [name for name in result.claim.obligations if name not in result.results]


def claim_status(result: ClaimResult) -> Status:
    """A whole claim.  While obligations are missing, only a refutation is a verdict."""
    verdict, missing = result.verdict, unchecked(result)
    if missing and verdict.outcome is not Outcome.REFUTED and result.claim.obligations:
        done = len(result.claim.obligations) - len(missing)
        found = f": {verdict.in_words()}" if done else ""
        return Status(
            "error" if verdict.outcome is Outcome.ERROR else "undecided",
            f"incomplete, {done} of {counted(len(result.claim.obligations), 'obligation')} checked{found}",
        )
    return Status(kind_of(verdict.outcome, verdict.strength), verdict.in_words())


def strength_word(result: ClaimResult) -> str:
    return result.verdict.strength.name.lower() if result.verdict.strength is not None else "none"


def expectation(result: ClaimResult) -> str:
    """Whether the suite expected this verdict."""
    expected = "that the claim holds" if result.claim.expect == "holds" else "that the claim, as printed, is false"
    if result.as_expected and not unchecked(result):
        return f"As expected: the suite expects {expected}."
    if result.verdict.outcome is Outcome.UNDECIDED or unchecked(result):
        return f"The suite expects {expected}; this run does not settle it."
    return f"Not as expected: the suite expects {expected}, and everything beside it to be in order."


def tally(evidence: Iterable[Evidence]) -> list[tuple[Status, int, int]]:
    """How many of the obligations have each status, the largest groups first."""
    counts: dict[Status, int] = {}
    for entry in evidence:
        status = evidence_status(entry)
        counts[status] = counts.get(status, 0) + 1
    total = sum(counts.values())
    return [
        (status, number, total) for status, number in sorted(counts.items(), key=lambda item: (-item[1], item[0].words))
    ]


def mutant_status(mutant: MutantResult) -> Status:
    """Refuted, alive, or of no effect on any statement."""
    if not mutant.killed:
        return Status("undecided", "survives" if mutant.results else "not checked")
    return Status("refuted", f"refuted, {refutation(mutant).name.lower()}")


def refutation(mutant: MutantResult) -> Strength:
    """The strength of the strongest refutation of a mutant."""
    found = [r.evidence.strength for r in mutant.results if r.evidence.outcome is Outcome.REFUTED]
    return max((strength for strength in found if strength is not None), default=Strength.CITED)


def engine(name: str) -> str:
    return ENGINES.get(name, name)


def seconds(value: Any) -> str:
    """A duration as it is measured: not more digits than mean something."""
    if not isinstance(value, int | float):
        return "—"
    return f"{value:.1f} s" if value < 10 else f"{value:.0f} s"


def certificate(kind: str) -> str:
    """The kind of a certificate in words.

    >>> certificate("theorem"), certificate("cells-by-splitting")
    ('proof', 'cells by splitting')
    """
    return "proof" if kind == "theorem" else kind.replace("-", " ").replace("_", " ")


def rounded(number: Fraction) -> str:
    """Four digits of a number of any size.

    >>> rounded(Fraction(1, 3)), rounded(Fraction(10)**5000), rounded(Fraction(-1, 3 * 10**9)), rounded(Fraction(12))
    ('0.3333', '1·10⁵⁰⁰⁰', '−3.333·10⁻¹⁰', '12')
    """
    with localcontext() as context:
        context.prec = 4
        quotient = Decimal(number.numerator) / Decimal(number.denominator)
    exponent = quotient.adjusted() if quotient else 0
    if -4 < exponent < 6:
        return f"{float(quotient):.10g}".replace("-", "−")
    digits = f"{float(quotient.scaleb(-exponent)):.10g}".replace("-", "−")
    return f"{digits}·10{str(exponent).translate(RAISED)}"


def size(count: int) -> str:
    if count < 1000:
        return f"{count} B"
    scale, unit = next((s, u) for s, u in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")) if count >= s)
    return f"{count / scale:.1f} {unit}"


def naturals(choice: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in choice.items()) or "the only instance"


def values(listed: Iterable[int]) -> str:
    """The values of a natural: ``0, ..., 12`` or the list itself."""
    found = list(listed)
    if len(found) > 3 and found == list(range(found[0], found[-1] + 1)):
        return f"{found[0]}, …, {found[-1]}"
    return ", ".join(map(str, found))


def probability(value: Any) -> str:
    """Two digits and a power of ten.

    >>> probability(0.000025), probability(0.001)
    ('2.5·10⁻⁵', '0.001')
    """
    if not isinstance(value, int | float):
        return "—"
    digits, e, exponent = f"{value:.2g}".partition("e")
    return f"{digits}·10{str(int(exponent)).translate(RAISED)}" if e else digits


def grouped(value: Any) -> str:
    """A count, its digits in groups of three."""
    return f"{value:,}".replace(",", "\N{NARROW NO-BREAK SPACE}") if isinstance(value, int) else str(value)


SCOPES = {
    Scope.ALL: "all values of all quantified variables",
    Scope.RANGE: "all values within the stated bounds",
    Scope.INSTANCES: "the listed instances or points only",
}
