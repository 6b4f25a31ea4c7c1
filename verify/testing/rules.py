r"""The rules about what an author writes.  Each yields a sentence for every violation; no engine is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from verify.errors import VerifyError
from verify.session.summary import source_problems
from verify.session.tasks import tasks_of
from verify.testing.laboratory import Examined, everything

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
IN_IDENTIFIERS = "[]:\n"  # what separates the parts of the name of a test


def names(examined: Examined) -> Iterator[str]:
    """The name of a claim is one or more words with hyphens and no other claim's; its parts have names that tests can have."""
    claim = examined.claim
    if not NAME.fullmatch(claim.name):
        yield f"the name {claim.name!r} must be small words with hyphens between them"
    for listed in everything(Path.cwd()).claims:
        if listed.claim.name == claim.name and listed.claim.place != claim.place:
            yield f"the name {claim.name!r} is taken by the claim at {listed.claim.place} ({listed.origin})"
    for text, what in ((claim.title, "title"), (claim.statement, "statement")):
        if not text.strip():
            yield f"the {what} is empty"
    for mutant in claim.mutants.values():
        if not mutant.name.strip() or set(mutant.name) & set(IN_IDENTIFIERS):
            yield f"the mutant {mutant.name!r} needs a name without brackets and colons"


def latex(examined: Examined) -> Iterator[str]:
    """Every formula in a text is mathematics that the report can show, and dollar signs come in pairs."""
    from verify.report.texts import unshown

    yield from unshown(examined.claim)


def sources(examined: Examined) -> Iterator[str]:
    """The works that are cited are in the bibliography."""
    yield from source_problems(examined.claim)


def statements(examined: Examined) -> Iterator[str]:
    """There is something to check, and every statement can be read, under the changes of every mutant and bracket too."""
    claim = examined.claim
    if not claim.obligations and not claim.cited:
        yield "there is nothing to check: no obligation and no cited step"
    for task in tasks_of(examined.listed):
        try:
            _ = task.statement_sha256
        except VerifyError as problem:
            yield f"{task.id}: {problem}"
