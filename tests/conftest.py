from __future__ import annotations

import signal


def pytest_configure() -> None:
    """A shell starts background jobs with interrupts ignored, which all their children inherit; those here are sent some."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
