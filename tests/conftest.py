from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest


THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


def pytest_configure() -> None:
    """Native libraries get one thread, as in the processes that check claims: two processes of tests with two threads each on
    two cores wait for each other.  They read this when they are loaded, which nothing has done yet.

    A shell starts background jobs with interrupts ignored, which all their children inherit; those here are sent some."""
    for name in THREADS:
        os.environ.setdefault(name, "1")
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def state_of_nobody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Programs keep their state in a folder of the tests, not in that of whoever runs them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield
