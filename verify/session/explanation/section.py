r"""The parts of an explanation: each a list of lines for people, and the same as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = Any

LONGEST = 400  # characters of a line
MOST = 40  # lines of one kind


@dataclass(frozen=True)
class Section:
    """Something that is to be said about a result: its kind (a word for programs), a title, the lines."""

    kind: str
    title: str
    lines: tuple[str, ...]
    data: Json = field(default_factory=dict)

    def json(self) -> Json:
        return {"kind": self.kind, "title": self.title, "lines": list(self.lines), "data": self.data}


def bounded(lines: list[str]) -> tuple[str, ...]:
    """Lines as far as somebody reads them."""
    shown = [line if len(line) <= LONGEST else f"{line[:LONGEST]} ..." for line in lines[:MOST]]
    return (*shown, f"and {len(lines) - MOST} more") if len(lines) > MOST else tuple(shown)
