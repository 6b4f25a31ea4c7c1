r"""The warden: the process between the fork server and one worker.

A worker is native code that may crash, hang, fork, or lose its mind.  Its parent therefore has to be a process that

* sees how it ended, with the time and memory it used (only a parent can wait for a process);
* inherits everything that the worker leaves behind.  A process group catches the children that stay in it.  Those that
  move out with setsid or fork twice become children of the nearest "subreaper" above them, and that is the warden: when
  its last child is dead, nothing of the task is left;
* does nothing else, so that there is little in it that can fail.

It ends the task when the control socket is closed at the other end (which is how the parent withdraws a task whose
time is up, and what happens when the parent dies) or when the fork server is gone.
"""

from __future__ import annotations

import contextlib
import os
import resource
import select
import signal
import socket
import time
from typing import Any, NoReturn

from verify.execution import linux
from verify.execution.frames import encoded
from verify.execution.task import TAIL_CHARACTERS
from verify.execution.worker import work

Json = Any


def guard(control: socket.socket, answer: int, request: int, alive: int) -> NoReturn:
    """The life of a warden: one worker, one message when it starts, one when nothing of it is left."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        linux.adopt_orphans()
        output, chatter = os.pipe()
        warden, start = os.getpid(), time.monotonic()
        worker = os.fork()
        if worker == 0:
            control.close()
            os.close(alive)
            os.close(output)
            work(request, answer, chatter, warden)
        for descriptor in (answer, request, chatter):
            os.close(descriptor)
        tail, abandoned = Tail(output), False
        try:
            control.send(encoded({"worker": worker, "warden": warden}))
            abandoned = watch(worker, control, alive, tail)
        finally:
            report = end(worker, start, tail)
        control.send(encoded({**report, "abandoned": abandoned}))
    except OSError as error:
        with contextlib.suppress(OSError):
            control.send(encoded({"failure": f"the warden of a task failed: {error}"}))
    finally:
        os._exit(0)


class Tail:
    """The end of what a worker prints.  The rest is forgotten as it comes, so that no amount of it does harm."""

    def __init__(self, descriptor: int) -> None:
        os.set_blocking(descriptor, False)
        self.descriptor = descriptor
        self._bytes = b""

    def read(self) -> bool:
        """Take what is there, at most a pipe full; False when nobody can write any more."""
        try:
            chunk = os.read(self.descriptor, 2**16)
        except BlockingIOError:
            return True
        self._bytes = (self._bytes + chunk)[-4 * TAIL_CHARACTERS :]  # a character of UTF-8 has at most four bytes
        return bool(chunk)

    def text(self) -> str:
        return self._bytes.decode(errors="replace")[-TAIL_CHARACTERS:]


def watch(worker: int, control: socket.socket, alive: int, tail: Tail) -> bool:
    """Return when the worker has ended by itself, or has to end; True if that is because the fork server is gone."""
    bell = bell_at_child_exit()
    poll = select.poll()
    for descriptor in (control.fileno(), alive, bell, tail.descriptor):
        poll.register(descriptor, select.POLLIN)
    while os.waitid(os.P_PID, worker, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        ready = {descriptor for descriptor, _ in poll.poll()}
        if ready & {control.fileno(), alive}:
            return control.fileno() not in ready
        if bell in ready:
            os.read(bell, 4096)
        if tail.descriptor in ready and not tail.read():
            poll.unregister(tail.descriptor)
    return False


def bell_at_child_exit() -> int:
    """A descriptor that becomes readable whenever a child ends."""
    bell, rope = os.pipe()
    os.set_blocking(rope, False)
    signal.set_wakeup_fd(rope, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    return bell


def end(worker: int, start: float, tail: Tail) -> Json:
    """Kill the worker, if it lives, and all that it leaves; say how it went."""
    for kill, target in ((os.kill, worker), (os.killpg, worker)):
        with contextlib.suppress(ProcessLookupError):
            kill(target, signal.SIGKILL)
    _, status = os.waitpid(worker, 0)
    seconds = time.monotonic() - start
    bury_the_rest()
    tail.read()
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "code": os.waitstatus_to_exitcode(status),
        "seconds": seconds,
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "peak_bytes": usage.ru_maxrss * 1024,
        "output": tail.text(),
    }


def bury_the_rest() -> None:
    """Kill and reap children until there are none; the orphans of each become children in their turn."""
    while True:
        try:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                for child in linux.children():
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(child, signal.SIGKILL)
                os.waitpid(-1, 0)
        except ChildProcessError:
            return
