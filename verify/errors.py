r"""The errors of deepclaims: what is wrong, where, and what to do, in one sentence each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A line of an author's file."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class VerifyError(Exception):
    """Base of all errors that are reported as one sentence and not as a traceback."""

    exit_code = 3

    def __init__(self, message: str, place: Place | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.place = place

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class UsageError(VerifyError):
    """A command or a call that cannot be carried out as asked."""

    exit_code = 2


class ClaimError(VerifyError):
    """Something an author wrote cannot be understood; the place is the author's own line."""


class StoreError(VerifyError):
    """The evidence store cannot be used."""


class NetworkError(VerifyError):
    """A network, its data or its domain is not what an exact engine can work with."""


class ProblemError(VerifyError):
    """A worst case is not stated in a way that an exact engine can work with."""


class Unanswered(VerifyError):
    """An engine did not decide a question; the message says why."""
