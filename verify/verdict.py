r"""Evidence and verdicts: what has been established, how strongly, for which values, given what.

Outcome, strength and scope of an obligation are computed from what the engines return and the kernel accepts (see
``verify.judge``); the verdict of a claim is computed from the evidence of its obligations by the weakest link.  No
author types a verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import Any

Json = Any


class Outcome(Enum):
    """What became of an obligation, or of a claim."""

    HOLDS = "holds"
    """It was established, with the strength and scope beside it."""
    REFUTED = "refuted"
    """It is false: a counterexample was replayed, or its negation was proved."""
    UNDECIDED = "undecided"
    """Neither; the reason is given.  Unknown, timeout, NaN and empty all end here."""
    ERROR = "error"
    """The harness, an engine or the author's text broke."""


class Strength(IntEnum):
    """How an outcome was established, weakest first."""

    CITED = 0
    """Taken from the literature; nothing was checked."""
    SAMPLED = 1
    """Numerics without an error rate."""
    STATISTICAL = 2
    """A pre-registered test with stated error rates."""
    COMPUTED = 3
    """The word of a solver, or a floating-point enclosure."""
    CERTIFIED = 4
    """The kernel accepted a certificate."""


class Scope(IntEnum):
    """For which values, narrowest first."""

    INSTANCES = 1
    """The listed ones."""
    RANGE = 2
    """All values within stated bounds."""
    ALL = 3
    """Every value of every quantified variable."""


class Role(Enum):
    """The side from which an obligation checks a claim."""

    PROOF = "proof"
    """A theorem that is part of the claim."""
    DISPROOF = "disproof"
    """A theorem that contradicts the claim as it is printed."""
    RELAXATION = "relaxation"
    """A convex bound."""
    STRESS = "stress"
    """Numerics."""


ESTABLISHING = (Role.PROOF, Role.DISPROOF)


@dataclass(frozen=True)
class CertificateReference:
    """A certificate that the kernel accepted, by the sha256 of its canonical JSON."""

    kind: str
    sha256: str
    statement_sha256: str
    bytes: int
    steps: int
    holds: bool | None = None  # what its acceptance says of the statement; of an instance, nothing


@dataclass(frozen=True)
class Evidence:
    """The result of one obligation."""

    role: Role
    outcome: Outcome
    reason: str
    strength: Strength | None = None
    scope: Scope | None = None
    given: tuple[str, ...] = ()
    engine: str = ""
    certificates: tuple[CertificateReference, ...] = ()
    detail: Json = field(default_factory=dict)
    resources: Json = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.outcome is Outcome.HOLDS and (self.strength is None or self.scope is None):
            raise ValueError("evidence that something holds needs a strength and a scope")
        if self.outcome is Outcome.REFUTED and self.strength is None:
            raise ValueError("a refutation needs a strength")

    def to_json(self) -> Json:
        """As JSON, which shares ``detail`` and ``resources``: those of thousands of results are large to copy."""
        return {
            "role": self.role.value,
            "outcome": self.outcome.value,
            "reason": self.reason,
            "strength": self.strength.name.lower() if self.strength is not None else None,
            "scope": self.scope.name.lower() if self.scope is not None else None,
            "given": list(self.given),
            "engine": self.engine,
            "certificates": [vars(reference).copy() for reference in self.certificates],
            "detail": self.detail,
            "resources": self.resources,
        }

    @staticmethod
    def from_json(entry: Json) -> Evidence:
        return Evidence(
            role=Role(entry["role"]),
            outcome=Outcome(entry["outcome"]),
            reason=entry["reason"],
            strength=Strength[entry["strength"].upper()] if entry["strength"] else None,
            scope=Scope[entry["scope"].upper()] if entry["scope"] else None,
            given=tuple(entry["given"]),
            engine=entry["engine"],
            certificates=tuple(CertificateReference(**reference) for reference in entry["certificates"]),
            detail=entry["detail"],
            resources=entry["resources"],
        )


@dataclass(frozen=True)
class Verdict:
    """What is known of a whole claim."""

    outcome: Outcome
    strength: Strength | None = None
    scope: Scope | None = None
    given: tuple[str, ...] = ()

    def rank(self) -> tuple[int, int, int, int]:
        """Order of verdicts that something holds: strength, then unconditional, then scope; all else lies below."""
        if self.outcome is not Outcome.HOLDS or self.strength is None or self.scope is None:
            return (0, 0, 0, 0)
        return (1, int(self.strength), int(not self.given), int(self.scope))

    def in_words(self) -> str:
        """One phrase for a reader."""
        if self.outcome is Outcome.ERROR:
            return "error"
        if self.outcome is Outcome.UNDECIDED:
            return "cited, nothing checked" if self.strength is Strength.CITED else "undecided"
        strength = self.strength.name.lower() if self.strength is not None else ""
        given = f", given {counted(len(self.given), 'cited step')}" if self.given else ""
        if self.outcome is Outcome.REFUTED:
            return f"refuted, {strength}{given}"
        scope = {
            Scope.ALL: "for all values",
            Scope.RANGE: "for a stated range",
            Scope.INSTANCES: "for listed instances",
        }
        return f"{strength} {scope[self.scope] if self.scope is not None else ''}{given}"


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def verdict(evidence: Sequence[Evidence], cited: Iterable[str] = ()) -> Verdict:
    """The weakest link.

    A refutation decides, whatever else was found.  Otherwise the proofs and disproofs are the links of the chain (the
    relaxations and stress tests, where there are none), each of which must hold; the verdict has the least strength
    and scope of them and is given everything that any of them is given, and the claim's own cited steps.
    """
    steps = tuple(dict.fromkeys(cited))
    if contradictory(evidence):
        return Verdict(Outcome.ERROR)
    refutations = [e for e in evidence if e.outcome is Outcome.REFUTED]
    if refutations:
        strongest = max(refutations, key=lambda e: (e.strength or Strength.CITED, not e.given))
        return Verdict(Outcome.REFUTED, strongest.strength, None, strongest.given)
    if any(e.outcome is Outcome.ERROR for e in evidence):
        return Verdict(Outcome.ERROR)
    links = [e for e in evidence if e.role in ESTABLISHING] or list(evidence)
    if not links:
        return Verdict(Outcome.UNDECIDED, Strength.CITED if steps else None, None, steps)
    if any(e.outcome is not Outcome.HOLDS for e in links):
        return Verdict(Outcome.UNDECIDED)
    given = tuple(dict.fromkeys([step for e in links for step in e.given] + list(steps)))
    strength = min(e.strength for e in links if e.strength is not None)
    return Verdict(Outcome.HOLDS, strength, min(e.scope for e in links if e.scope is not None), given)


def contradictory(evidence: Iterable[Evidence]) -> bool:
    """Whether one statement was both proved and refuted by accepted certificates, which would be a defect."""
    proved: set[str] = set()
    refuted: set[str] = set()
    for entry in evidence:
        for reference in entry.certificates:
            if reference.holds is not None:
                (proved if reference.holds else refuted).add(reference.statement_sha256)
    return bool(proved & refuted)
