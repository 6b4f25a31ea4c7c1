r"""The supervisor: calls wait in a queue, threads take them in order, each thread looks after one worker at a time.

``submit`` returns a ``concurrent.futures.Future`` at once.  Whatever the worker does, the future yields a ``Reply``; it
raises only what is the fault of this side (no more file descriptors, a fork server that does not start at all).
"""

from __future__ import annotations

import atexit
import os
import sys
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from typing import Any, Self

from verify.errors import UsageError
from verify.execution.forkserver import search_path, working_directory
from verify.execution.frames import encoded
from verify.execution.isolation import Forking
from verify.execution.outcome import WITHDRAWN
from verify.execution.spawning import Spawning
from verify.execution.stop import Stop
from verify.execution.task import Call, Reply

Json = Any
Item = tuple[Call, bytes, Future[Reply]]


class Supervisor:
    """Runs up to ``jobs`` calls at once, each in a fresh process that has the modules ``preload`` imported already.

    No process and no thread is started before the first call.  A supervisor is closed by ``close``, at the end of a
    ``with`` block, or when the interpreter ends, whichever comes first.
    """

    def __init__(self, *, jobs: int = 1, preload: Sequence[str] = ()) -> None:
        if isinstance(preload, str) or not all(isinstance(module, str) for module in preload):
            raise UsageError(f"preload is a sequence of names of modules, not {preload!r}")
        if not isinstance(jobs, int) or jobs < 1:
            raise UsageError(f"jobs is a positive integer, not {jobs!r}")
        self._jobs = jobs
        self._preload = tuple(preload)
        self._owner = os.getpid()
        self._changed = threading.Condition()
        self._waiting: deque[Item] = deque()
        self._running: dict[Future[Reply], Stop] = {}
        self._unwanted: set[Future[Reply]] = set()  # withdrawn between the queue and the start
        self._threads: list[threading.Thread] = []
        self._room: Forking | Spawning | None = None
        self._stop: Stop | None = None
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def remote(self) -> bool:
        """Whether calls may run where other code is installed."""
        return False

    @property
    def preload_problems(self) -> Mapping[str, str]:
        """The modules that could not be preloaded, and why; empty as long as there is no fork server."""
        return self._room.server.problems if isinstance(self._room, Forking) else {}

    # ------------------------------------------------------------------------------------------- the user's side

    def submit(self, call: Call, *, first: bool = False) -> Future[Reply]:
        """Queue a call, as the first of those that wait if wanted.  UsageError if its argument is not JSON, or after
        ``close``."""
        request = written(call)
        future: Future[Reply] = Future()
        with self._changed:
            if self._closed or os.getpid() != self._owner:
                raise UsageError("this supervisor is closed, or belongs to another process; make a new one")
            self._open()
            (self._waiting.appendleft if first else self._waiting.append)((call, request, future))
            self._changed.notify()
        return future

    def prepare(self, call: Call) -> None:
        """Run this now, before all that waits; what becomes of it is of no interest, the calls that need it will say."""
        self.submit(call, first=True).result()

    def withdraw(self, future: Future[Reply]) -> None:
        """Kill one call if it runs, and answer it with "cancelled" if it waits; one that is over stays as it is."""
        with self._changed:
            if future in self._running:
                self._running[future].set()
                return
            found = [item for item in self._waiting if item[2] is future]
            for item in found:
                self._waiting.remove(item)
            if not found and not future.done():
                self._unwanted.add(future)
        if found and future.set_running_or_notify_cancel():
            future.set_result(WITHDRAWN)

    def cancel_pending(self) -> None:
        """Calls that nobody has begun are answered with "cancelled"; those that run are left alone."""
        with self._changed:
            withdrawn = [future for _, _, future in self._waiting]
            self._waiting.clear()
        for future in withdrawn:
            if future.set_running_or_notify_cancel():
                future.set_result(WITHDRAWN)

    def close(self) -> None:
        """Kill what runs, withdraw what waits, end all processes and threads.  Calling it again does no harm."""
        if os.getpid() != self._owner:
            return  # a fork of the process that it belongs to
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self.cancel_pending()
        if self._stop is None or self._room is None:
            return
        self._stop.set()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join()
        with self._changed:
            self._room.close()
            self._stop.close()
        atexit.unregister(self.close)

    # --------------------------------------------------------------------------------------- the threads' side

    def _open(self) -> None:
        if self._stop is not None:
            return
        self._stop = Stop()
        self._room = Forking(self._preload, self._stop) if sys.platform == "linux" else Spawning(self._stop)
        atexit.register(self.close)
        for number in range(self._jobs):
            thread = threading.Thread(target=self._serve, args=(self._room,), name=f"execution-{number}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, room: Forking | Spawning) -> None:
        while (item := self._next()) is not None:
            call, request, future = item
            if future.set_running_or_notify_cancel():
                self._perform(room, call, request, future)

    def _perform(self, room: Forking | Spawning, call: Call, request: bytes, future: Future[Reply]) -> None:
        try:
            withdrawn = Stop()
            try:
                with self._changed:
                    self._running[future] = withdrawn
                    if future in self._unwanted:
                        withdrawn.set()
                reply = room.perform(call, request, withdrawn)
            finally:
                with self._changed:
                    del self._running[future]
                    self._unwanted.discard(future)
                    withdrawn.close()
        except BaseException as error:
            future.set_exception(error)
        else:
            future.set_result(reply)

    def _next(self) -> Item | None:
        with self._changed:
            while not self._waiting and not self._closed:
                self._changed.wait()
            return None if self._closed else self._waiting.popleft()


def written(call: Call) -> bytes:
    """The request of a call, for ``verify.execution.worker``."""
    request = {
        "function": call.function,
        "argument": call.argument,
        "seconds": call.budget.seconds,
        "memory_bytes": call.budget.memory_bytes,
        "answer_bytes": call.budget.answer_bytes,
        "path": search_path(),
        "directory": working_directory(),
    }
    try:
        return encoded(request)
    except (TypeError, ValueError, RecursionError) as error:
        raise UsageError(f"the argument of {call.function} is not JSON: {error}") from None
