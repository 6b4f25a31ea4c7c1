r"""Exact rates of worst cases: a semidefinite program proposes, an exact certificate decides.

``prove`` looks for multipliers of a stated bound.  Where the bound is more than the best one, multipliers are taken well inside
the feasible set and rounded.  Where it is the best one, they lie on the boundary, and are found from the face on which the
worst case lives (``faces``) by exact equations (``exact``).  Supports are sparse first (``templates``).

``worst_case_rate`` does not know the bound.  Rational numbers near the solver's value, with small denominators, are proposals,
and the one that is proved is the answer; where none is, a bound larger by the factor 1 + 2^-k, for the largest k that can be
proved, and its slack k is said.  Where the program has no bound, the answer is the direction in which it grows, and no number.

What is returned was accepted by the kernel's own checker.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from verify.errors import Unanswered
from verify.kernel.terms import Rejected
from verify.kernel.worst_case import Question, read
from verify.kernel.worst_case_multipliers import decide_multipliers
from verify.optimization.dual import Dual, dual
from verify.optimization.exact import Equations
from verify.optimization.faces import kernels
from verify.optimization.sdp import USABLE, Program, Proposal
from verify.optimization.templates import supports
from verify.optimization.worst_instances import growth, refute

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Json = Any

__all__ = ["Hints", "Rate", "prove", "refute", "worst_case_rate"]

CLOSE = 1e-7  # relative difference below which the stated bound may be the best one
THRESHOLDS = (1e-6, 1e-4, 1e-8, 1e-3, 0.0)  # multipliers below are taken to be zero
SLACKS = (40, 36, 32, 28, 24, 20, 16, 12, 8)
DENOMINATORS = (10**2, 10**3, 10**4, 10**5, 10**6)


@dataclass(frozen=True)
class Hints:
    """What helps a search: coordinates of the free vectors in a known worst case, in any dimension."""

    vectors: Mapping[str, Sequence[Fraction]] = field(default_factory=dict)


@dataclass(frozen=True)
class Rate:
    """A certified rate; ``slack`` k says that it is 1 + 2^-k times the solver's value, and None that no slack was needed."""

    value: Fraction
    slack: int | None
    solver_value: float
    witness: Json

    def in_words(self) -> str:
        return f"{self.value}" if self.slack is None else f"{self.value}, with slack 2^-{self.slack}"


def prove(statement: Json, hints: Hints | None = None) -> Json | None:
    """A witness of ``worst-case-multipliers`` that decides the statement, or None.

    It proves a bound that is stated, and refutes that a rate is attained by a bound that is smaller.
    """
    question = read(statement)
    for support in supports(question):
        program = Program.of(dual(question, support))
        best = program.least()
        if best.status not in USABLE:
            continue
        witness = proved(statement, program, best, hints or Hints())
        if witness is not None:
            return witness
    return None


def proved(statement: Json, program: Program, best: Proposal, hints: Hints) -> Json | None:
    """The witness that a support has, given the best bound in floats; None if there is none."""
    rate = program.dual.question.rate
    gap = float(rate) - best.value
    scale = max(abs(float(rate)), abs(best.value), 1e-12)
    if statement["relation"] == "attained":
        if gap <= CLOSE * scale:
            return None
        below = between(Fraction(best.value) + Fraction(gap) / 8, rate)
        return inside(statement, program, below)
    if gap < -CLOSE * scale:
        return None
    found = inside(statement, program, rate) if gap > CLOSE * scale else None
    return found or on_the_face(statement, program, best, hints)


def between(low: Fraction, high: Fraction) -> Fraction:
    """A rational number of small denominator strictly between two."""
    denominator = 1
    while True:
        found = Fraction(math.floor(low * denominator) + 1, denominator)
        if found < high:
            return found
        denominator *= 2


def accepted(statement: Json, witness: Json) -> bool:
    try:
        decide_multipliers(statement, witness)
    except Rejected:
        return False
    return True


def inside(statement: Json, program: Program, bound: Fraction) -> Json | None:
    """Multipliers of a bound that is not the best one: from the interior, rounded, and the equations solved exactly."""
    proposal = program.inside(float(bound))
    if proposal.status not in USABLE or not proposal.value > 0:
        return None
    equations = Equations.of(program.dual, bound, [], constant=False)
    return first(statement, program, equations, proposal.multipliers, bound, (0.0,))


def on_the_face(statement: Json, program: Program, best: Proposal, hints: Hints) -> Json | None:
    """Multipliers of the best bound, from guesses of the kernel of S."""
    question = program.dual.question
    blocks = block_kernels(program.dual, best.multipliers)
    left = question.rate * float(program.constants[-1]) - program.constants[:-1] @ best.multipliers
    for kernel in kernels(question, best, hints.vectors):
        equations = Equations.of(program.dual, question.rate, kernel, constant=bool(left < 1e-6)).with_blocks(blocks)
        witness = first(statement, program, equations, best.multipliers, question.rate, THRESHOLDS)
        if witness is not None:
            return witness
    return None


def first(
    statement: Json, program: Program, equations: Equations, guess: Floats, bound: Fraction, thresholds: Sequence[float]
) -> Json | None:
    """The first exact multipliers near a proposal that the kernel accepts."""
    import numpy as np

    attained = statement["relation"] == "attained"
    supports_seen = set()
    for threshold in thresholds:
        support = tuple(np.flatnonzero(guess > threshold))
        if support in supports_seen:
            continue
        supports_seen.add(support)
        for multipliers in equations.near(guess, threshold):
            values = np.array([float(multipliers.get(name, 0)) for name in program.dual.names])
            slack = program.slack(values, float(bound))
            if np.linalg.eigvalsh(slack)[0] < -1e-9 * max(1.0, float(np.abs(slack).max())):
                continue
            witness = program.dual.witness(multipliers) | ({"rate": str(bound)} if attained else {})
            if accepted(statement, witness):
                return witness
    return None


def block_kernels(found: Dual, multipliers: Floats) -> dict[str, list[tuple[Fraction, ...]]]:
    """Vectors that the matrices of quadratics seem to map to zero."""
    import numpy as np

    from verify.optimization.faces import echelons

    kernels_of = {}
    for name, block in found.blocks.items():
        if block:
            values, vectors = np.linalg.eigh(multipliers[np.array(block)])
            small = vectors[:, values < 1e-6 * max(values[-1], 1e-6)]
            kernels_of[name] = next(echelons(small @ small.T, 0.5), [])
    return kernels_of


# ---------------------------------------------------------------------------------------------- an unknown rate


def worst_case_rate(statement: Json, hints: Hints | None = None) -> Rate:
    """The smallest rate that can be certified for a statement, whose own rate is not looked at.

    Raises ``Unanswered`` where the semidefinite program has no bound, with the direction, or where nothing could be proved.
    """
    question = read({**statement, "relation": "at most", "rate": "0"})
    candidates = [Program.of(dual(question, support)) for support in supports(question)]
    best = [program.least() for program in candidates]
    if best[-1].status not in USABLE:
        raise Unanswered(unbounded(question, best[-1].status))
    value = best[-1].value
    for rate in proposals(value):
        stated = {**statement, "relation": "at most", "rate": str(rate)}
        for program, found in zip(candidates, best, strict=True):
            if found.status in USABLE and found.value <= value + CLOSE * max(abs(value), 1e-12):
                witness = on_the_face(stated, program.of_question(read(stated)), found, hints or Hints())
                if witness is not None:
                    return Rate(rate, None, value, witness)
    return with_slack(statement, value, candidates)


def proposals(value: float) -> Iterator[Fraction]:
    """Rational numbers of small denominators near the solver's value."""
    seen = set()
    for most in DENOMINATORS:
        rate = Fraction(value).limit_denominator(most)
        if rate not in seen and abs(float(rate) - value) <= CLOSE * max(abs(value), 1e-12):
            seen.add(rate)
            yield rate


def with_slack(statement: Json, value: float, candidates: Sequence[Program]) -> Rate:
    """The least slack that can be proved."""
    for slack in SLACKS:
        rate = Fraction(math.ceil(value * (1 + 2.0**-slack) * 2 ** (slack + 8)), 2 ** (slack + 8))
        stated = {**statement, "relation": "at most", "rate": str(rate)}
        for program in candidates:
            witness = inside(stated, program.of_question(read(stated)), rate)
            if witness is not None:
                return Rate(rate, slack, value, witness)
    raise Unanswered(f"the solver's value {value:.9g} could not be certified, not even with slack 2^-{SLACKS[-1]}")


def unbounded(question: Question, status: str) -> str:
    """Why there is no rate: the direction in which the performance grows while the initial quantity does not."""
    direction = growth(question)
    if direction is None:
        return f"the semidefinite program has no bound ({status}), and no direction of growth was found"
    return f"the worst case is unbounded: the performance grows along {direction} and the initial quantity does not"
