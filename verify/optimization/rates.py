r"""Exact rates of worst cases: a semidefinite program proposes, an exact certificate decides.

``prove`` looks for multipliers of a stated bound.  Where the bound is more than the best one, multipliers are taken well inside
the feasible set and rounded.  Where it is the best one, they lie on the boundary, and are found from the face on which the
worst case lives (``faces``) by exact equations (``exact``).  Supports are sparse first (``templates``).

``worst_case_rate`` does not know the bound.  It is then one more unknown of the exact equations, which determine it.  A
face that is guessed wrongly may still give a bound, a little too large; so an instance that attains the bound is looked for,
and it is said whether there is one.  Where no face gives a bound, a bound larger by the factor 1 + 2^-k is proved, for the largest k that can be, and its slack
k is said.  Where the program has no bound, the answer is the direction in which it grows, and no number.

What is returned was accepted by the kernel's own checker.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING, Any

from verify.errors import Unanswered
from verify.kernel.terms import Rejected
from verify.kernel.worst_case import Question, read
from verify.kernel.worst_case_multipliers import decide_multipliers, holds_at_zero
from verify.optimization.dual import Dual, dual
from verify.optimization.exact import Equations
from verify.optimization.faces import kernels, null_space
from verify.optimization.sdp import USABLE, Program, Proposal
from verify.optimization.templates import supports
from verify.optimization.worst_instances import growth, instance, leading, refute

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Json = Any

__all__ = ["Hints", "Rate", "prove", "refute", "worst_case_rate"]

CLOSE = 1e-7  # relative difference below which the stated bound may be the best one
THRESHOLDS = (1e-6, 1e-4, 1e-8, 1e-3, 0.0)  # multipliers below are taken to be zero
SLACKS = (40, 36, 32, 28, 24, 20, 16, 12, 8)
LARGE = 10**5  # a rate that is taken to be none, if it is exceeded
VISIBLE = 1e-2  # smaller rates are compared with the solver's value absolutely, as it is accurate
CANDIDATES = 3  # exact rates that are asked whether they are attained
SMALL = 1e-12  # rates are compared relative to themselves, and to this at least
POSITIVE = 1e-9  # constants below are taken to be zero
MARGIN = 1e-12  # below, multipliers are not taken to be inside of the feasible set


@dataclass(frozen=True)
class Hints:
    """What helps a search: coordinates of the free vectors in a known worst case, in any dimension."""

    vectors: Mapping[str, Sequence[Fraction]] = field(default_factory=dict)


@dataclass(frozen=True)
class Rate:
    """A certified bound of the worst case.

    ``slack`` k: it is 1 + 2^-k times the solver's value; None: it solves the exact equations of a face, without any slack.
    ``attained``: the witness of an instance that attains it, so that no smaller rate holds; None if there is none.
    """

    value: Fraction
    slack: int | None
    solver_value: float
    witness: Json
    attained: Json | None = None

    def in_words(self) -> str:
        if self.slack is not None:
            return f"{self.value}, with slack 2^-{self.slack}"
        return f"{self.value}" if self.attained is not None else f"{self.value}, not shown to be attained"


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
    scale = max(abs(float(rate)), abs(best.value), SMALL)
    if statement["relation"] == "attained":
        if gap <= CLOSE * scale:
            return None
        below = between(Fraction(best.value) + Fraction(gap) / 8, rate)
        return inside(statement, program, below)
    if gap < -CLOSE * scale:
        return None
    witness = inside(statement, program, rate) if gap > CLOSE * scale else None
    return witness or on_the_face(statement, program, best, hints, rate)


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
    for whole in (True, False):
        found = program if whole else program.regular(generous(bound))
        proposal = None if found is None else found.inside(float(bound))
        if found is None or proposal is None or proposal.status not in USABLE or proposal.value <= MARGIN:
            continue
        known = first(statement, found, proposal.multipliers, bound, [found.kernel], (0.0,))
        if known is not None:
            return known[0]
    return None


def generous(bound: Fraction) -> float:
    """A bound that leaves much room."""
    return float(bound + (abs(bound) or 1))


def on_the_face(statement: Json, program: Program, best: Proposal, hints: Hints, bound: Fraction) -> Json | None:
    """Multipliers of the best bound, from guesses of the kernel of S."""
    found = first(
        statement, program, best.multipliers, bound, kernels(program.dual.question, best, hints.vectors), THRESHOLDS
    )
    return found and found[0]


def first(
    statement: Json,
    program: Program,
    guess: Floats,
    bound: Fraction | None,
    guesses: Iterable[Sequence[tuple[Fraction, ...]]],
    thresholds: Sequence[float],
) -> tuple[Json, Fraction] | None:
    """The first exact multipliers near a proposal that the kernel accepts, and the bound that they prove."""
    import numpy as np

    blocks = block_kernels(program.dual, guess) if len(thresholds) > 1 else {}
    rate = float(program.dual.question.rate if bound is None else bound)
    left = rate * float(program.constants[-1]) - program.constants[:-1] @ guess
    for kernel in guesses:
        equations = Equations.of(program.dual, bound, kernel, constant=bool(kernel and left < POSITIVE))
        equations = equations.with_blocks(blocks)
        seen = set()
        for threshold in thresholds:
            support = tuple(np.flatnonzero(guess > threshold))
            if support not in seen:
                seen.add(support)
                for multipliers, found in equations.near(guess, threshold):
                    proved_bound = bound if found is None else found
                    witness = decided(statement, program, multipliers, proved_bound)
                    if witness is not None and proved_bound is not None:
                        return witness, proved_bound
    return None


def decided(
    statement: Json, program: Program, multipliers: Mapping[str, Fraction], bound: Fraction | None
) -> Json | None:
    """The witness of exact multipliers, if the kernel accepts it."""
    import numpy as np

    if bound is None:
        return None
    values = np.array([float(multipliers.get(name, 0)) for name in program.dual.names])
    slack = program.slack(values, float(bound))
    if np.linalg.eigvalsh(slack)[0] < -1e-9 * max(1.0, float(np.abs(slack).max())):
        return None
    attained = statement["relation"] == "attained"
    stated = statement if attained else {**statement, "rate": str(bound)}
    witness = program.dual.witness(multipliers) | ({"rate": str(bound)} if attained else shown(program.dual.question))
    return witness if accepted(stated, witness) else None


def shown(question: Question) -> Json:
    """An instance of the problem, where the kernel asks for one; without it the bound is not accepted."""
    found = None if holds_at_zero(question) else instance(question)
    return {} if found is None else {"instance": found}


def block_kernels(found: Dual, multipliers: Floats) -> dict[str, list[tuple[Fraction, ...]]]:
    """Vectors that the matrices of quadratics seem to map to zero."""
    import numpy as np

    blocks = {name: np.array(block) for name, block in found.blocks.items() if block}
    return {name: next(null_space(multipliers[block], 1e-6), []) for name, block in blocks.items()}


# ---------------------------------------------------------------------------------------------- an unknown rate


def worst_case_rate(statement: Json, hints: Hints | None = None) -> Rate:
    """The smallest rate that can be certified for a statement, whose own rate is not looked at.

    Raises ``Unanswered`` where the semidefinite program has no bound, with the direction, or where nothing could be proved.
    """
    question = read({**statement, "relation": "at most", "rate": "0"})
    if not holds_at_zero(question) and instance(question) is None:
        raise Unanswered("no instance was found that satisfies the conditions and equations; a bound would say nothing")
    candidates = [Program.of(dual(question, support)) for support in supports(question)]
    best = [program.least() for program in candidates]
    if best[-1].status not in USABLE:
        raise Unanswered(unbounded(question, statement, best[-1].status))
    value = best[-1].value
    close = CLOSE * max(abs(value), VISIBLE)
    able = [(p, b) for p, b in zip(candidates, best, strict=True) if b.status in USABLE and b.value <= value + close]
    exact = []
    found = (rate for program, b in able for rate in exact_rates(statement, program, b, hints or Hints()))
    for rate in islice((rate for rate in found if abs(rate.value - value) <= close), CANDIDATES):
        witness = refute({**statement, "relation": "attained", "rate": str(rate.value)})
        if witness is not None:
            return replace(rate, attained=witness)
        exact.append(rate)
    if exact:
        return min(exact, key=lambda rate: rate.value)
    return with_slack(statement, value, [program for program, _ in (able[0], able[-1])])


def exact_rates(statement: Json, program: Program, best: Proposal, hints: Hints) -> Iterator[Rate]:
    """The bounds that are determined by the equations of the faces that are guessed."""
    stated, seen = {**statement, "relation": "at most"}, set()
    for kernel in kernels(program.dual.question, best, hints.vectors):
        found = first(stated, program, best.multipliers, None, [kernel], THRESHOLDS) if kernel else None
        if found is not None and found[1] not in seen:
            seen.add(found[1])
            yield Rate(found[1], None, best.value, found[0])


def with_slack(statement: Json, value: float, programs: Sequence[Program]) -> Rate:
    """The least slack that can be proved."""
    for slack in SLACKS:
        found = slackened(statement, value, slack, programs)
        if found is not None:
            return found
    if value > LARGE:
        raise Unanswered(unbounded(programs[-1].dual.question, statement, f"the solver's value is {value:.3g}"))
    raise Unanswered(f"the solver's value {value:.9g} could not be certified, not even with slack 2^-{SLACKS[-1]}")


def slackened(statement: Json, value: float, slack: int, programs: Sequence[Program]) -> Rate | None:
    """The rate with this slack, rounded up, if it is proved."""
    rate = Fraction(math.ceil((value + abs(value) * 2.0**-slack) * 2 ** (slack + 8)), 2 ** (slack + 8))
    stated = {**statement, "relation": "at most", "rate": str(rate)}
    witnesses = (inside(stated, program.of_question(read(stated)), rate) for program in programs)
    witness = next((w for w in witnesses if w is not None), None)
    return witness and Rate(rate, slack, value, witness)


def unbounded(question: Question, statement: Json, status: str) -> str:
    """Why there is no rate: where the performance grows while the initial quantity does not, or how much larger it was seen."""
    direction = growth(question)
    if direction is not None:
        return f"the worst case is unbounded: the performance grows along {direction} and the initial quantity does not"
    large = refute({**statement, "relation": "at most", "rate": str(LARGE)})
    if large is not None:
        return (
            f"the semidefinite program has no bound ({status}), and an instance with exact inner products has a performance of "
            f"more than {LARGE} times the initial quantity, mainly along {leading(question, large)}"
        )
    return f"the semidefinite program has no bound ({status}), and no direction of growth was found"
