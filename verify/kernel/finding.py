r"""What a checker of questions answers (see ``questions``)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """The witness decides the question: whether the statement holds, and the numbers found on the way."""

    holds: bool
    steps: int
    facts: tuple[tuple[str, str], ...] = ()  # name and value, for readers; nothing is decided by them
    given: tuple[str, ...] = ()  # theorems that are cited and not checked, without which nothing is decided
