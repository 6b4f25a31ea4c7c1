r"""What authors write in sentences with formulas, and what of it the report cannot show as mathematics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from verify.claim import Claim
from verify.report.mathml import is_converted
from verify.session.summary import ClaimResult, RunResult


def texts(claim: Claim) -> Iterator[tuple[str, str]]:
    """What the report prints as sentences with formulas: what it is, and the text."""
    yield "the title", claim.title
    yield "the statement", claim.statement
    yield "the remarks", claim.remarks
    for symbol, meaning in claim.symbols.items():
        yield f"the symbol {symbol}", f"${symbol}$ {meaning}"
    for parameter in claim.parameters.values():
        yield f"the description of {parameter.name}", parameter.description
    for obligation in claim.obligations.values():
        yield f"the reason of {obligation.name}", obligation.reason
        yield f"the docstring of {obligation.name}", document(obligation.goal)
    for mutant in claim.mutants.values():
        yield f"the docstring of the mutant {mutant.name}", mutant.description
    for step in claim.cited:
        yield f"the cited step {step.name}", step.statement


def document(goal: object) -> str:
    """The docstring of the function that a goal was written as."""
    for part in ("python", "function"):
        text = getattr(getattr(goal, part, None), "__doc__", None)
        if text:
            return str(text)
    return ""


def unshown(claim: Claim) -> Iterator[str]:
    """A sentence for each formula that is no mathematics, and for each dollar sign without its partner."""
    for what, text in texts(claim):
        parts = text.split("$")
        if len(parts) % 2 == 0:
            yield f"{what} has a dollar sign without its partner; formulas stand between two of them"
            continue
        for formula in parts[1::2]:
            if not is_converted(formula):
                yield f"the formula ${formula}$ in {what} is not understood; write LaTeX that MathML can show"


def with_texts(found: RunResult) -> RunResult:
    """The same run, in which texts that cannot be shown are problems of their claims, as sources are that do not resolve."""
    return replace(found, claims=tuple(map(with_its_texts, found.claims)))


def with_its_texts(result: ClaimResult) -> ClaimResult:
    """The same result, with a problem for each text that cannot be shown."""
    sentences = tuple(f"{result.claim.place}: {sentence}" for sentence in unshown(result.claim))
    return replace(result, problems=(*result.problems, *sentences))
