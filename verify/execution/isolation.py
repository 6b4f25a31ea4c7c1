r"""One task on Linux, seen from the parent: three things to wait for, and one honest reply.

The parent waits for the answer (from the worker, through a pipe), for reports (from the warden, through a socket) and
for the order to stop, until the time is up.  It never waits for the worker alone: whatever the worker does or fails to
do, the warden reports, and the report comes after the last process of the task is dead.  To end a task early, the
parent closes its direction of the socket; the warden kills the task and reports as usual.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import time
from dataclasses import dataclass, field
from typing import Any

from verify.execution.forkserver import Channel, ForkServer, Stopped
from verify.execution.frames import FrameReader, decoded
from verify.execution.outcome import ENVELOPE, WITHDRAWN, Ending, judge
from verify.execution.stop import Stop
from verify.execution.task import Call, Reply, Status

Json = Any

START_SECONDS = 60.0  # between asking the server for a worker and the warden's first report
LEAVE_SECONDS = 2.0  # between a complete answer and the end of the worker
KILL_SECONDS = 15.0  # between the order to kill a task and the warden's report that it is done
CHUNK = 2**16
LONGEST_POLL = 3600.0


class Forking:
    """Runs each call in a process of its own, forked from a server."""

    def __init__(self, preload: tuple[str, ...], stop: Stop) -> None:
        self._stop = stop
        self.server = ForkServer(preload, stop)

    def perform(self, call: Call, request: bytes, withdrawn: Stop) -> Reply:
        """The reply to a call, which ``withdrawn`` ends early.  When the server dies before the worker has started,
        another one is tried."""
        try:
            reply = self._attempt(call, request, withdrawn) or self._attempt(call, request, withdrawn)
        except Stopped:
            return WITHDRAWN
        return reply or Reply("crashed", detail="the fork server failed twice to start a worker")

    def _attempt(self, call: Call, request: bytes, withdrawn: Stop) -> Reply | None:
        channel = self.server.fork(request)
        try:
            watch = Watch(call, channel, (self._stop, withdrawn))
            watch.run()
            if watch.never_started:
                self.server.close()
            return watch.reply()
        finally:
            channel.close()

    def close(self) -> None:
        self.server.close()


@dataclass
class Watch:
    """A running task: what is known of it, and what has been done about it."""

    call: Call
    channel: Channel
    stops: tuple[Stop, ...]
    deadline: float = field(default_factory=lambda: time.monotonic() + START_SECONDS)
    started: Json = None  # the warden's first report: process numbers
    report: Json = None  # the warden's last report: how the worker ended
    ended: Status | None = None  # why the parent has ended the task, if it has
    lost: bool = False  # the warden is gone
    never_started: bool = False  # the fork server hangs

    def __post_init__(self) -> None:
        self.frame = FrameReader(self.call.budget.answer_bytes + ENVELOPE)
        self._poll = select.poll()
        descriptors = (self.channel.control.fileno(), self.channel.answer, *(stop.fileno() for stop in self.stops))
        for descriptor in descriptors:
            self._poll.register(descriptor, select.POLLIN)

    def run(self) -> None:
        """Return when no process of the task is left."""
        while self.report is None and not self.lost:
            seconds = min(max(self.deadline - time.monotonic(), 0.0), LONGEST_POLL)
            ready = {descriptor for descriptor, _ in self._poll.poll(seconds * 1000)}
            if self.channel.answer in ready:
                self._take_answer()
            if self.channel.control.fileno() in ready:
                self._take_report()
            for stop in self.stops:
                if stop.fileno() in ready:
                    self._poll.unregister(stop.fileno())
                    self._end("cancelled")
            if self.report is None and time.monotonic() >= self.deadline:
                self._too_late()
        while not self.lost and self._take_answer():
            pass

    def _take_answer(self) -> bool:
        """Read once; False when there is nothing (more) to read."""
        try:
            chunk = os.read(self.channel.answer, CHUNK)
        except BlockingIOError:
            return False
        before = self.frame.condition()
        condition = self.frame.feed(chunk)
        if not chunk or condition in ("oversized", "garbage"):
            with contextlib.suppress(KeyError):
                self._poll.unregister(self.channel.answer)
        if condition in ("oversized", "garbage"):
            self._end(condition)
            return False
        if condition == "complete" != before:
            self.deadline = min(self.deadline, time.monotonic() + LEAVE_SECONDS)
        return bool(chunk)

    def _take_report(self) -> None:
        try:
            message = self.channel.control.recv(CHUNK)
        except ConnectionError:
            message = b""
        if not message:
            self.lost = True
        elif self.started is None and "worker" in (report := decoded(message)):
            self.started = report
            if self.ended is None:
                budget = self.call.budget
                self.deadline = time.monotonic() + budget.seconds + budget.grace
        else:
            self.report = decoded(message)

    def _end(self, reason: Status) -> None:
        """Have the warden kill everything."""
        if self.ended is None:
            self.ended = reason
            self.deadline = time.monotonic() + KILL_SECONDS
            with contextlib.suppress(OSError):
                self.channel.control.shutdown(socket.SHUT_WR)

    def _too_late(self) -> None:
        if self.ended is None and self.started is not None:
            self._end("timeout")
            return
        self.lost = True
        self.never_started = self.started is None
        if self.started is not None:  # the warden does not do its duty
            for kill, target in ((os.killpg, "worker"), (os.kill, "warden")):
                with contextlib.suppress(OSError):
                    kill(self.started[target], signal.SIGKILL)

    # ----------------------------------------------------------------------------------------------- the reply

    def reply(self) -> Reply | None:
        """None if the fork server died before it could do anything."""
        if self.report is None or "failure" in self.report:
            if self.report is None and self.started is None and self.ended is None:
                return None
            return self._reply_without_report()
        reason = self.ended or ("abandoned" if self.report["abandoned"] else None)
        ending = Ending(self.report["code"], reason, self.report["output"])
        status, value, detail = judge(self.frame, ending, self.call.budget)
        return Reply(
            status,
            value,
            detail,
            seconds=self.report["seconds"],
            cpu_seconds=self.report["cpu_seconds"],
            peak_bytes=self.report["peak_bytes"],
            stderr_tail=self.report["output"],
        )

    def _reply_without_report(self) -> Reply:
        if self.report is not None:
            return Reply("crashed", detail=self.report["failure"])
        if self.lost and self.ended is None:
            return Reply("crashed", detail="the warden of the task was killed, and the task with it")
        return Reply(self.ended or "crashed", detail="ended early; whether all its processes are gone is not known")
