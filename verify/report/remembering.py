r"""Pages of claims that were worked out before, found again by everything that they depend on.

To lay out the proofs of a library takes half a minute of processor time, and nearly all of it says the same each time.  What
follows from a claim and its evidence alone is therefore kept beside the evidence (``verify.store.remembered``), under a name
that is the digest of

* this package to the letter, with its templates, and the versions of Python, of the engines and of what makes HTML;
* the module of the claim to the letter, with what it imports and the data beside it; where it lies, and where the reader is;
* the options, the evidence of every part and variant, which certificates are at hand, and what was made of all that.

Earlier runs, other claims and the literature are not among it: ``pages.completed`` adds them each time.

A page is kept as a pickle.  It is read only if the user's own seal fits, and even then no name is looked up but those of data
classes of this package and of marked text, so that reading it runs nothing.
"""

from __future__ import annotations

import dataclasses
import hashlib
import importlib.metadata
import io
import json
import pickle
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

import verify
from verify.kernel import canonical
from verify.report.history import Kept
from verify.report.pages import ClaimPage
from verify.session.session import Result
from verify.session.summary import ClaimResult
from verify.session.tasks import versions

Json = Any
Page = tuple[ClaimPage, Mapping[str, str]]  # with the sha256 of each file of its certificates

WRITERS = ("jinja2", "markupsafe", "math-core")
PACKAGE = "verify.report."


def name(result: ClaimResult, kept: Kept, options: Json) -> str:
    """The digest of everything that ``pages.page_of_evidence`` depends on."""
    listed = result.listed
    depends = {
        "harness": harness(),
        "versions": {**versions(), **{writer: importlib.metadata.version(writer) for writer in WRITERS}},
        "module": [listed.read.digest, listed.read.letters],
        "claim": [listed.reference.file, listed.reference.module, listed.reference.claim, listed.origin],
        "folder": str(Path.cwd()),
        "options": options,
        "made": repr((result.verdict, result.defects, result.problems)),
        "parts": {part: found(each, kept) for part, each in result.results.items()},
        "mutants": [[mutant.name, [found(each, kept) for each in mutant.results]] for mutant in result.mutants],
        "brackets": [
            [b.parameter, b.refuted, b.proved, b.is_refuted, b.is_proved, [found(each, kept) for each in b.refutations]]
            for b in result.brackets
        ],
    }
    return hashlib.sha256(json.dumps(depends, sort_keys=True, default=repr).encode("ascii")).hexdigest()


def found(result: Result, kept: Kept) -> Json:
    """The evidence of one task, and the certificates of which there are the bytes."""
    at_hand = [c.sha256 in kept.certificates for c in result.evidence.certificates]
    return [result.task.id, result.evidence.to_json(), at_hand]


@lru_cache(maxsize=1)
def harness() -> str:
    """A digest of this package to the letter."""
    root = Path(verify.__file__).parent
    hashed = hashlib.sha256()
    for path in sorted(files_of(root)):
        hashed.update(canonical([path.relative_to(root).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest()]))
    return hashed.hexdigest()


def files_of(root: Path) -> Iterator[Path]:
    return (path for path in root.rglob("*") if path.suffix in (".py", ".html") and path.is_file())


# ----------------------------------------------------------------------------------------------------------- as bytes


def packed(page: Page) -> bytes:
    return pickle.dumps(page, protocol=5)


def unpacked(data: bytes) -> Page | None:
    """The page; None for bytes that are no page of this package."""
    try:
        page, files = Reader(io.BytesIO(data)).load()
    except (pickle.UnpicklingError, ValueError, TypeError, EOFError, AttributeError, IndexError, KeyError):
        return None
    return (page, files) if isinstance(page, ClaimPage) and isinstance(files, dict) else None


class Reader(pickle.Unpickler):
    """Reads data and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("markupsafe", "Markup"):
            return Markup
        known = super().find_class(module, name) if module.startswith(PACKAGE) and "." not in name else None
        if isinstance(known, type) and dataclasses.is_dataclass(known) and known.__module__ == module:
            return known
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a page")
