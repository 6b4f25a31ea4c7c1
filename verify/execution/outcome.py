r"""From what can be observed of a task that is over to the one word and the one sentence of its reply."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from typing import Any, Literal

from verify.execution.frames import FrameReader, decoded
from verify.execution.task import Budget, Reply, Status
from verify.execution.worker import OUT_OF_MEMORY, too_long

Json = Any
Judgement = tuple[Status, Json, str]  # status, value, detail

ENVELOPE = 2**16  # what a report may be longer than the answer in it
WITHDRAWN = Reply("cancelled", detail="withdrawn before it started")


@dataclass(frozen=True)
class Ending:
    """How a worker ended: its exit code or minus a signal, why it was killed (if it was), the end of its output."""

    code: int
    reason: Status | Literal["abandoned"] | None  # abandoned: the warden ended it because the fork server was gone
    output: str


def judge(frame: FrameReader, ending: Ending, budget: Budget) -> Judgement:
    """An answer that is complete counts, also if the order to stop came while the worker was leaving."""
    condition = frame.condition()
    if condition == "complete":
        return read_answer(frame.text())
    if condition == "oversized":
        return "oversized", None, too_long(frame.length(), budget.answer_bytes)
    if condition == "garbage":
        return "garbage", None, "something else than an answer was written to the answer's descriptor"
    if ending.reason == "cancelled":
        return "cancelled", None, "stopped while it was running"
    if ending.reason == "timeout":
        return "timeout", None, f"killed after {budget.seconds:g} s and {budget.grace:g} s of grace"
    if ending.reason == "abandoned":
        return "crashed", None, "the fork server was killed, and the task with it"
    partial = f", after {len(frame)} bytes of an answer" if len(frame) else ""
    if ending.code >= 0:
        return "crashed", None, f"the process ended with exit code {ending.code} and without an answer{partial}"
    return died_of(-ending.code, ending.output, partial)


def died_of(number: int, output: str, partial: str) -> tuple[Status, Json, str]:
    """What a death by a signal that we have not sent means.  C++ programs abort when they cannot get memory."""
    try:
        name = f"{signal.Signals(number).name} ({signal.strsignal(number)})"
    except ValueError:
        name = f"signal {number}"
    if number == signal.SIGABRT and (found := OUT_OF_MEMORY.search(output)):
        return "memory", None, f"aborted by {name}{partial}; its last words mention {found[0]!r}"
    hint = "; the kernel kills so when the machine is out of memory" if number == signal.SIGKILL else ""
    return "crashed", None, f"killed by {name}{partial}{hint}"


def read_answer(text: bytes) -> tuple[Status, Json, str]:
    """The worker's report, of which nothing is believed before it is looked at."""
    reports: tuple[Status, ...] = ("raised", "memory", "garbage", "oversized")
    try:
        report = decoded(text)
    except (ValueError, RecursionError, MemoryError) as error:
        return "garbage", None, f"the answer cannot be read as JSON: {str(error)[:500]}"
    match report:
        case {"status": "answered", "value": value, **rest} if not rest:
            return "answered", value, ""
        case {"status": status, "detail": str(detail), **rest} if status in reports and not rest:
            return status, None, detail
    return "garbage", None, "the answer is JSON, but none that a worker writes"
