from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import Future
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from verify.execution import Call, Reply, Supervisor

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


class Shared:
    """The processes of several sessions, which none of them closes."""

    remote = False

    def __init__(self, supervisor: Supervisor) -> None:
        self.supervisor = supervisor

    def submit(self, call: Call, *, first: bool = False) -> Future[Reply]:
        return self.supervisor.submit(call, first=first)

    def prepare(self, call: Call) -> None:
        self.supervisor.prepare(call)

    def close(self) -> None:
        """Whoever made the supervisor does."""


@pytest.fixture(scope="module")
def one_server() -> Iterator[None]:
    """All runs of a module get their processes from one server, which takes more than a second to load torch and the others."""
    from verify.execution import Supervisor
    from verify.session.session import PRELOAD

    with Supervisor(jobs=1, preload=PRELOAD) as supervisor, pytest.MonkeyPatch.context() as patch:
        patch.setattr("verify.session.session.Supervisor", lambda **_: Shared(supervisor))
        yield
