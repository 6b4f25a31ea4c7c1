r"""Where there is no fork server (anything but Linux): a fresh interpreter for each task.

Slower, and with fewer guarantees: no limit of memory or of what is printed, no death with the parent, and of the task's
descendants only those die with it that stay in its process group (on Windows: none).  Requests, answers and output are
files.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from verify.execution.forkserver import DEFAULTS, ENVIRONMENT, search_path
from verify.execution.frames import FrameReader
from verify.execution.outcome import ENVELOPE, Ending, judge
from verify.execution.stop import Stop
from verify.execution.task import TAIL_CHARACTERS, Call, Reply, Status

BOOT = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from verify.execution.worker import main; main(sys.argv[2], sys.argv[3])"
)
TICK = 0.02


class Spawning:
    """Runs each call in an interpreter of its own."""

    def __init__(self, stop: Stop) -> None:
        self._stop = stop

    def perform(self, call: Call, request: bytes, withdrawn: Stop) -> Reply:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
            folder, start = Path(name), time.monotonic()
            (folder / "request").write_bytes(request)
            with (folder / "output").open("wb") as output:
                code, reason = self._run(call, folder, output.fileno(), withdrawn)
            frame = FrameReader(call.budget.answer_bytes + ENVELOPE)
            if (folder / "answer").exists():
                with (folder / "answer").open("rb") as answer:
                    while frame.condition() == "partial" and (chunk := answer.read(2**16)):
                        frame.feed(chunk)
            tail = (folder / "output").read_bytes().decode(errors="replace")[-TAIL_CHARACTERS:]
            status, value, detail = judge(frame, Ending(code, reason, tail), call.budget)
            return Reply(status, value, detail, seconds=time.monotonic() - start, stderr_tail=tail)

    def _run(self, call: Call, folder: Path, output: int, withdrawn: Stop) -> tuple[int, Status | None]:
        process = subprocess.Popen(
            [sys.executable, "-c", BOOT, json.dumps(search_path()), str(folder / "request"), str(folder / "answer")],
            env={**DEFAULTS, **os.environ, **ENVIRONMENT},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        deadline = time.monotonic() + call.budget.seconds + call.budget.grace
        reason: Status | None = None
        try:
            while process.poll() is None and reason is None:
                ended = self._stop.is_set() or withdrawn.is_set()
                reason = "cancelled" if ended else "timeout" if time.monotonic() > deadline else None
                time.sleep(TICK)
        finally:
            with contextlib.suppress(OSError, AttributeError):
                os.killpg(process.pid, signal.SIGKILL)
            process.kill()
            process.wait()
        return process.returncode, reason

    def close(self) -> None:
        """Nothing is left between two calls."""
