r"""A server that has the heavy libraries loaded and forks a fresh process for each task.

Importing torch, cvxpy, z3 and sympy takes seconds, forking a process that has imported them takes milliseconds.  The
standard library has such a server in ``multiprocessing``.  It was considered first, and is not used, because

* there is one for the whole interpreter: its preloaded modules and environment would be those of everybody else who
  uses multiprocessing in the same program, and theirs would be ours if they came first;
* it cannot be stopped by public means, starts a second process (the resource tracker) that nobody stops, and starting
  a process blocks without end when a preloaded module hangs;
* a preloaded module that raises anything but ImportError kills it;
* each child imports the parent's ``__main__`` again, which runs a script that lacks the usual guard;
* it reaps its children without looking at the time and memory that they used.

Ours is a plain loop.  It is started with ``subprocess``, so that OMP_NUM_THREADS and its like are set in its
environment and nowhere else; it knows nothing of the parent's ``__main__``; it receives three descriptors for each task
and nothing that would have to be unpickled.

Nobody outlives anybody.  The server is killed when the thread that started it ends (PR_SET_PDEATHSIG; the threads of a
``Supervisor`` live until it is closed) and ends when its socket is closed.  Wardens end when the server is gone: each
holds the read end of a pipe whose write end only the server has.  Workers are killed when their warden ends.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any, NoReturn

from verify.errors import VerifyError
from verify.execution.frames import decoded, encoded
from verify.execution.stop import Stop

Json = Any

ENVIRONMENT = {
    "OMP_WAIT_POLICY": "PASSIVE",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}
DEFAULTS = {"PYTHONHASHSEED": "0"}  # the order of sets is the same in every run, unless the user wants it otherwise
BOOT = (
    "import json, sys; options = json.loads(sys.argv[2]); sys.path[:] = options['path']; "
    "from verify.execution.forkserver import serve; serve(int(sys.argv[1]), options)"
)
PRELOAD_SECONDS = 300.0  # a preload that takes longer hangs
LOG_CHARACTERS = 2000


class Stopped(Exception):
    """The supervisor is being closed."""


def working_directory() -> str | None:
    """None if it has been removed."""
    try:
        return os.getcwd()
    except FileNotFoundError:
        return None


def search_path() -> list[str]:
    """The search path for modules of this process, as another process has to write it."""
    return [entry or working_directory() or "/" for entry in map(str, sys.path)]


# ------------------------------------------------------------------------------------------ the parent's side


@dataclass(frozen=True)
class Channel:
    """The parent's ends of what connects it with one task."""

    control: socket.socket
    answer: int

    def close(self) -> None:
        self.control.close()
        os.close(self.answer)


class ForkServer:
    """The server as the parent sees it.  It is started when it is first needed, and again if it has died."""

    def __init__(self, preload: Sequence[str], stop: Stop) -> None:
        self._preload = tuple(preload)
        self._stop = stop
        self._lock = threading.Lock()
        self._running: Running | None = None
        self.problems: Mapping[str, str] = {}  # modules that could not be preloaded, and why

    def fork(self, request: bytes) -> Channel:
        """A new task.  Its request is a file in memory, so that nobody waits for anybody to read it."""
        file = os.memfd_create("request")
        control, control_child = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        answer, answer_child = os.pipe()
        try:
            with open(file, "wb", closefd=False) as stream:
                stream.write(request)
            self._send([control_child.fileno(), answer_child, file])
        except BaseException:
            Channel(control, answer).close()
            raise
        finally:
            control_child.close()
            os.close(answer_child)
            os.close(file)
        os.set_blocking(answer, False)
        return Channel(control, answer)

    def _send(self, descriptors: list[int]) -> None:
        server = self._server()
        try:
            socket.send_fds(server.socket, [b"fork"], descriptors)
        except ConnectionError:  # it has died since it was last looked at
            server.process.wait()
            socket.send_fds(self._server().socket, [b"fork"], descriptors)

    def _server(self) -> Running:
        with self._lock:
            if self._stop.is_set():
                raise Stopped
            if self._running is None or self._running.process.poll() is not None:
                self._close()
                self._running = self._started()
            return self._running

    def _started(self) -> Running:
        running = Running.start(self._preload)
        try:
            self.problems = running.ready(self._stop)
        except VerifyError as error:
            running.close()
            if not self._preload:
                raise
            problems = dict.fromkeys(self._preload, f"preloading was given up: {error.message}")
            self._preload = ()
            running = self._started()
            self.problems = problems
        except BaseException:
            running.close()
            raise
        return running

    def close(self) -> None:
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._running is not None:
            self._running.close()
            self._running = None


@dataclass(frozen=True)
class Running:
    """A server process, the socket that leads to it, and the file that it prints into."""

    process: subprocess.Popen[bytes]
    socket: socket.socket
    log: IO[bytes]

    @staticmethod
    def start(preload: Sequence[str]) -> Running:
        here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        options = {"preload": list(preload), "path": search_path(), "parent": os.getpid()}
        log = tempfile.TemporaryFile()  # noqa: SIM115
        with there:
            process = subprocess.Popen(
                [sys.executable, "-c", BOOT, str(there.fileno()), json.dumps(options)],
                pass_fds=[there.fileno()],
                env={**DEFAULTS, **os.environ, **ENVIRONMENT},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return Running(process, here, log)

    def ready(self, stop: Stop) -> dict[str, str]:
        """Wait until the server is ready; the modules that could not be preloaded, and why."""
        poll = select.poll()
        poll.register(self.socket, select.POLLIN)
        poll.register(stop, select.POLLIN)
        ready = {descriptor for descriptor, _ in poll.poll(PRELOAD_SECONDS * 1000)}
        if stop.fileno() in ready:
            raise Stopped
        if not ready:
            raise VerifyError(f"the fork server was not ready after {PRELOAD_SECONDS:.0f} s{self.last_words()}")
        with contextlib.suppress(ConnectionError):
            if message := self.socket.recv(2**20):
                return dict(decoded(message))
        self.process.wait()
        raise VerifyError(f"the fork server ended with code {self.process.returncode}{self.last_words()}")

    def last_words(self) -> str:
        self.log.seek(0)
        words = self.log.read().decode(errors="replace")[-LOG_CHARACTERS:].strip()
        return f"; it said: {words}" if words else ""

    def close(self) -> None:
        """The server holds nothing that would have to be saved."""
        self.process.kill()
        self.process.wait()
        self.socket.close()
        self.log.close()


# ------------------------------------------------------------------------------------------ the server's side


def serve(descriptor: int, options: Json) -> None:
    """The life of the server."""
    from verify.execution import linux, warden  # noqa: F401  (what the children need is loaded before they are forked)

    linux.die_with_parent(options["parent"])
    problems = preloaded(options["preload"])
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    linux.flush_native_output()
    gc.collect()
    gc.freeze()  # what is shared with the children is not to be written to by their garbage collections
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # wardens need not be reaped
    alive, alive_writer = os.pipe()
    with socket.socket(fileno=descriptor) as parent:
        parent.set_inheritable(False)
        parent.send(encoded(problems))
        while True:
            message, descriptors, _, _ = socket.recv_fds(parent, 16, 3, socket.MSG_CMSG_CLOEXEC)
            if not message:
                return
            fork_warden(descriptors, alive, [parent.fileno(), alive_writer])


def preloaded(modules: Sequence[str]) -> dict[str, str]:
    """Import the modules, and call the functions that are named after a colon, to have done once what every task would
    do; what goes wrong is told, and is no reason to stop."""
    problems = {}
    for module in modules:
        start = time.monotonic()
        name, _, function = module.partition(":")
        try:
            loaded = importlib.import_module(name)
            if function:
                getattr(loaded, function)()
        except BaseException as error:
            problems[module] = f"{type(error).__name__}: {error}"[:500]
        print(f"{module}: {time.monotonic() - start:.2f} s", file=sys.stderr)
    return problems


def fork_warden(descriptors: Sequence[int], alive: int, private: Sequence[int]) -> None:
    """Fork, and leave the task to the child.  A fork that fails is the task's misfortune and not the server's."""
    descriptor, answer, request = descriptors
    with socket.socket(fileno=descriptor) as control:
        try:
            if os.fork() == 0:
                become_warden(control, answer, request, alive, private)
        except OSError as error:
            with contextlib.suppress(OSError):
                control.send(encoded({"failure": f"the fork server cannot fork: {error}"}))
    os.close(answer)
    os.close(request)


def become_warden(control: socket.socket, answer: int, request: int, alive: int, private: Sequence[int]) -> NoReturn:
    from verify.execution.warden import guard

    try:
        for descriptor in private:
            os.close(descriptor)
        guard(control, answer, request, alive)
    finally:
        os._exit(70)
