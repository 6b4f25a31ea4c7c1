r"""What the store answers: runs, results, and what was counted or pruned."""

from __future__ import annotations

from dataclasses import dataclass

from verify.store.strict import Json

RUNNING, FINISHED, INTERRUPTED = "running", "finished", "interrupted"


@dataclass(frozen=True)
class Run:
    """One run of the suite.  Ids sort in the order of the starts; the times are UTC in ISO format."""

    id: str
    started: str
    finished: str | None
    status: str
    """``running``, ``finished``, or ``interrupted``: stopped by its user or found dead by a later run."""
    metadata: Json


@dataclass(frozen=True)
class Result:
    """What a run says of one task.  The evidence may be gone or newer by now; the summary is of that run."""

    run: str
    task: str
    key: str
    summary: Json
    cached: bool
    seconds: float


@dataclass(frozen=True)
class PruneReport:
    """What ``prune`` removed.  While a run is in progress no evidence is removed: it may be about to refer to it."""

    runs: int
    evidence: int
    blobs: int
    blob_bytes: int
    in_progress: tuple[str, ...]


@dataclass(frozen=True)
class Statistics:
    """Counts, and bytes on disk."""

    evidence: int
    runs: int
    results: int
    blobs: int
    blob_bytes: int
    database_bytes: int
