r"""Sources: entries of a BibTeX file that lies beside the claims."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

from verify.errors import ClaimError, Place
from verify.theory.objects import Source

FILE = "references.bib"


def cite(key: str, locator: str = "", quote: str = "") -> Source:
    """A place in the literature: a key of ``references.bib``, where in that work, and the sentence as printed there."""
    return Source(key, locator, quote)


@dataclass(frozen=True)
class Entry:
    """A work, ready to be shown."""

    key: str
    authors: tuple[str, ...]
    title: str
    year: str
    venue: str
    url: str

    def __str__(self) -> str:
        parts = [", ".join(self.authors), self.title, self.venue, self.year]
        return ". ".join(part for part in parts if part) + "."


def find(source: Source, place: Place) -> Entry:
    """The work that a source names, from the nearest ``references.bib`` at or above the author's file."""
    path = nearest(Path(place.file))
    if path is None:
        raise ClaimError(f"the source {source.key!r} needs a file {FILE} beside the claim or above it", place)
    entries = read(path, path.stat().st_mtime_ns)
    if source.key not in entries:
        close = get_close_matches(source.key, entries, 1)
        meant = f" (is {close[0]!r} meant?)" if close else ""
        raise ClaimError(f"the source {source.key!r} is not in {path}{meant}; add an entry with this key", place)
    return entries[source.key]


def nearest(file: Path) -> Path | None:
    """The ``references.bib`` at or above a file that may be still to be written."""
    folder = file.resolve().parent
    return next((path for path in (above / FILE for above in (folder, *folder.parents)) if path.is_file()), None)


@lru_cache(maxsize=32)
def read(path: Path, changed: int) -> dict[str, Entry]:
    """The entries of a BibTeX file (``changed`` only separates versions of it)."""
    from pybtex.database import PybtexError, parse_file

    try:
        data = parse_file(str(path), bib_format="bibtex")
    except (PybtexError, UnicodeDecodeError) as problem:
        raise ClaimError(f"this bibliography cannot be read: {problem}", Place(str(path), 1)) from None
    return {key: entry_of(key, entry) for key, entry in data.entries.items()}


def entry_of(key: str, entry: Any) -> Entry:
    fields = {name.lower(): plain(value) for name, value in entry.fields.items()}
    people = [
        plain(" ".join([*p.first_names, *p.middle_names, *p.prelast_names, *p.last_names]))
        for p in entry.persons.get("author", [])
    ]
    venue = next(
        (
            fields[name]
            for name in ("journal", "booktitle", "publisher", "school", "howpublished", "note")
            if name in fields
        ),
        "",
    )
    url = fields.get("url") or (f"https://arxiv.org/abs/{fields['eprint']}" if "eprint" in fields else "")
    url = url or (f"https://doi.org/{fields['doi']}" if "doi" in fields else "")
    return Entry(key, tuple(people), fields.get("title", ""), fields.get("year", ""), venue, url)


def plain(text: str) -> str:
    """BibTeX text as Unicode."""
    from pybtex.richtext import Text

    return str(Text.from_latex(text))
