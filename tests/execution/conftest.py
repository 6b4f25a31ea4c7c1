r"""A room that all tests share, and the check that each test leaves it as it was."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from verify.execution import Budget, Call, Reply, Supervisor

Json = Any
Run = Callable[..., Reply]

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0  # seconds; only a failing test waits so long


def behaviour(name: str, argument: Json = None, **budget: Any) -> Call:
    """A call of one of the functions in behaviours.py."""
    function = name if ":" in name else f"tests.execution.behaviours:{name}"
    return Call(function, argument, Budget(**{"seconds": PATIENCE, **budget}))


def alive(process: int) -> bool:
    """A zombie that nobody has buried yet is not alive."""
    try:
        return psutil.Process(process).status() not in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
    except psutil.NoSuchProcess:
        return False


def eventually(condition: Callable[[], Any], what: str) -> Any:
    """Wait for something that is certain to happen."""
    deadline = time.monotonic() + PATIENCE
    while not (result := condition()):
        assert time.monotonic() < deadline, f"waited {PATIENCE:.0f} s in vain: {what}"
        time.sleep(0.01)
    return result


def descendants() -> set[int]:
    return {process.pid for process in psutil.Process().children(recursive=True) if alive(process.pid)}


def written_numbers(file: Path) -> list[int]:
    """The process numbers that ``offspring_then`` writes down."""
    eventually(file.exists, f"{file} is written")
    return list(json.loads(file.read_text()))


def start_script(folder: Path, script: str, *arguments: str) -> subprocess.Popen[str]:
    """A Python program of its own, in a file."""
    file = folder / "script.py"
    file.write_text(script)
    return start_python(str(file), *arguments)


def start_python(*arguments: str, stdin: int = subprocess.DEVNULL) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="session")
def shared() -> Iterator[Supervisor]:
    yield from prepared("numpy", "z3")


@pytest.fixture(scope="session")
def shared_with_torch() -> Iterator[Supervisor]:
    yield from prepared("torch")


def prepared(*modules: str) -> Iterator[Supervisor]:
    with Supervisor(preload=modules) as supervisor:
        assert supervisor.submit(behaviour("echo", "ready")).result().value == "ready"
        assert supervisor.preload_problems == {}
        yield supervisor


@pytest.fixture
def run(shared: Supervisor) -> Iterator[Run]:
    """Run one call.  At the end of the test the next task must run, and nothing of the others must be left."""
    yield from checked(shared)


@pytest.fixture
def run_with_torch(shared_with_torch: Supervisor) -> Iterator[Run]:
    yield from checked(shared_with_torch)


def checked(supervisor: Supervisor) -> Iterator[Run]:
    before = descendants()

    def perform(name: str, argument: Json = None, **budget: Any) -> Reply:
        reply = supervisor.submit(behaviour(name, argument, **budget)).result(timeout=PATIENCE)
        assert_consistent(reply)
        return reply

    yield perform
    assert perform("echo", {"next": [1, 2.5, None, "ü"]}).value == {"next": [1, 2.5, None, "ü"]}
    eventually(lambda: descendants() <= before, "no process is left over")


def assert_consistent(reply: Reply) -> None:
    assert (reply.value is None) or reply.status == "answered"
    assert bool(reply.detail) == (reply.status != "answered")
    assert len(reply.detail) < 10_000
    assert len(reply.stderr_tail) <= 4000
    assert min(reply.seconds, reply.cpu_seconds, reply.peak_bytes) >= 0
