r"""The time that a running engine has left, and how it is asked to stop.

A worker process runs one task, so that there is one clock in it.  This module imports nothing of ``verify``: an engine
may use it without knowing how it is executed.  Outside of a worker there is no budget, and the remaining time is
infinite.

    from verify.execution.clock import on_interrupt, remaining_seconds

    solver.set("timeout", int(1000 * min(remaining_seconds(), 3600)))
    on_interrupt(z3.main_ctx().interrupt)
"""

from __future__ import annotations

import math
import threading
import time
import traceback
from collections.abc import Callable


INSISTENCE = 1.0  # seconds between two calls of the same callback


class Clock:
    """Runs once.  The callbacks are called from a daemon thread, in the order of registration.

    They are called again every second until the function returns, because a solver forgets an interrupt that comes
    before or between its checks (Z3 5.4 does).  That thread needs the interpreter's lock: native code that never
    releases it cannot be asked, only killed.
    """

    def __init__(self) -> None:
        self._deadline = math.inf
        self._callbacks: list[Callable[[], object]] = []
        self._expired = False
        self._stopped = threading.Event()

    def start(self, seconds: float) -> None:
        self._deadline = time.monotonic() + seconds
        threading.Thread(target=self._run, args=(seconds,), name="clock", daemon=True).start()

    def stop(self) -> None:
        """No callback is called any more, except one that is running."""
        self._stopped.set()

    def remaining_seconds(self) -> float:
        return max(0.0, self._deadline - time.monotonic())

    def expired(self) -> bool:
        """Whether callbacks have been called, or would have been."""
        return self._expired

    def on_interrupt(self, callback: Callable[[], object]) -> None:
        self._callbacks.append(callback)
        if self._expired:
            self._call(callback)

    def _run(self, seconds: float) -> None:
        while not self._stopped.wait(min(seconds, threading.TIMEOUT_MAX)):
            self._expired, seconds = True, INSISTENCE
            for callback in list(self._callbacks):
                self._call(callback)

    @staticmethod
    def _call(callback: Callable[[], object]) -> None:
        """A callback that fails must not keep the others from being called; its traceback is part of the output."""
        try:
            callback()
        except Exception:
            traceback.print_exc()


CLOCK = Clock()


def remaining_seconds() -> float:
    """Seconds until the running task is asked to stop; 0.0 afterwards, infinite outside of a worker."""
    return CLOCK.remaining_seconds()


def on_interrupt(callback: Callable[[], object]) -> None:
    """Have ``callback()`` called when the seconds of the budget are over (at once if they are), and every second then.

    It is called in another thread, should only pass the request on, and must not mind being called again.
    """
    CLOCK.on_interrupt(callback)
