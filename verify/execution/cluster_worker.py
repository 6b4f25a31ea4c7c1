r"""On a worker of a Dask cluster: calls run in an execution room of its own.

A Dask worker runs its tasks in threads, which can be neither killed nor limited.  A task here only hands its call to a
``Supervisor`` that lives as long as the worker does, and waits; the call itself has a process of its own with a warden,
seconds and memory, exactly as without Dask.  When the process of the worker dies, however it dies, its fork server dies
with it, hence its wardens, hence all that runs.

Dask tells a running task nothing when it is withdrawn (by the submitting side, or because that side is gone).  The
worker knows it, though: the task's state is "cancelled" then.  Whoever waits here looks at that state twice a second.
"""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from verify.execution.frames import decoded, encoded
from verify.execution.supervisor import Supervisor
from verify.execution.task import Budget, Call, Reply

Json = Any

TICK = 0.5  # seconds between two looks at whether a call is still wanted


def perform(request: bytes, preload: tuple[str, ...]) -> bytes:
    """The Dask task: run one call (``wire``), after what has to be prepared for it; its reply as JSON."""
    from distributed import get_worker

    worker = get_worker()
    asked = decoded(request)
    room = room_of(preload, worker.state.nthreads)
    task = Task(room, worker, worker.get_current_task())
    for preparation in map(read_call, asked["preparations"]):
        prepare(task, preparation)
    return encoded(vars(task.attend(read_call(asked["call"]))))


@dataclass(frozen=True)
class Task:
    """A running Dask task: the room for its calls, the Dask worker, and what the task is called there."""

    room: Supervisor
    worker: Any
    key: Any

    def attend(self, call: Call, *, first: bool = False) -> Reply:
        """Have a call run and wait for it.  It is killed when nobody wants it any more; Dask then drops the task, or, if
        it is the worker that is about to leave, runs it somewhere else."""
        from distributed import Reschedule

        future = self.room.submit(call, first=first)
        while True:
            with suppress(TimeoutError):
                reply = future.result(timeout=TICK)
                if reply.status == "cancelled":
                    raise Reschedule
                return reply
            if not self.is_wanted():
                self.room.withdraw(future)

    def is_wanted(self) -> bool:
        """As far as the worker knows: whether this task is to be run, and by this worker."""
        from distributed.core import Status

        task = self.worker.state.tasks.get(self.key)
        leaving = self.worker.status in (Status.closing, Status.closed, Status.failed)
        return task is not None and task.state != "cancelled" and not leaving


# ------------------------------------------------------------------------------------------------- the room

OPENING, PREPARING = threading.Lock(), threading.Lock()
ROOMS: dict[tuple[tuple[str, ...], int], Supervisor] = {}
PREPARED: set[tuple[Supervisor, str]] = set()


def room_of(preload: tuple[str, ...], jobs: int) -> Supervisor:
    """The room of this process, made when it is first needed: loading the libraries takes seconds."""
    with OPENING:
        if (preload, jobs) not in ROOMS:
            ROOMS[preload, jobs] = Supervisor(jobs=jobs, preload=preload)
        return ROOMS[preload, jobs]


def prepare(task: Task, call: Call) -> None:
    """Run a preparation once in this worker.  Workers on one machine take turns: what the first has compiled, the others
    find on disk."""
    with PREPARING:
        if (task.room, call.function) not in PREPARED:
            with turn():
                task.attend(call, first=True)
            PREPARED.add((task.room, call.function))


@contextmanager
def turn() -> Iterator[None]:
    """One process of this user on this machine at a time; the lock goes away with the process that holds it."""
    import fcntl

    file = Path(tempfile.gettempdir(), f"deepclaims-{os.getuid()}.lock")
    with file.open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


# ---------------------------------------------------------------------------------------------- what travels


def wire(call: Call, preparations: tuple[Call, ...]) -> bytes:
    """The request for ``perform``; ValueError, TypeError or RecursionError if an argument is not JSON."""
    return encoded({"call": written_call(call), "preparations": [written_call(other) for other in preparations]})


def written_call(call: Call) -> Json:
    return {"function": call.function, "argument": call.argument, "budget": vars(call.budget)}


def read_call(written: Json) -> Call:
    return Call(written["function"], written["argument"], Budget(**written["budget"]))


def read_reply(text: bytes) -> Reply:
    return Reply(**decoded(text))
