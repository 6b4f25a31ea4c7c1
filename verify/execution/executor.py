r"""Who carries out calls: processes on this machine (``supervisor.py``) or on others (``cluster.py``)."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Protocol

from verify.execution.task import Call, Reply


class Executor(Protocol):
    """What a session needs.  A future yields a ``Reply`` whatever happens elsewhere; it raises only what is the fault of
    this side, and ``CancelledError`` after its ``cancel``."""

    @property
    def remote(self) -> bool:
        """Whether calls may run where other code is installed."""

    def submit(self, call: Call, *, first: bool = False) -> Future[Reply]:
        """Queue a call, as the first of those that wait if wanted."""

    def prepare(self, call: Call) -> None:
        """Have this done, wherever calls run, before any call that is submitted later."""

    def close(self) -> None:
        """Kill what runs, withdraw what waits; calling it again does no harm."""
