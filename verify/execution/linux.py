r"""What the execution room needs of Linux and Python does not offer: prctl, the address space, the children."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36


def prctl(option: int, value: int) -> None:
    """Failure is ignored: both options below are a second line of defence."""
    ctypes.CDLL(None).prctl(option, ctypes.c_ulong(value), 0, 0, 0)


def die_with_parent(parent: int) -> None:
    """SIGKILL for this process when the thread that forked it ends, and at once if its parent is gone already."""
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def adopt_orphans() -> None:
    """Descendants whose parent dies become children of this process, also when they have left its process group."""
    prctl(PR_SET_CHILD_SUBREAPER, 1)


def go_first() -> None:
    """When the machine runs out of memory, the kernel is to take this process before others; and it leaves no core."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500")
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def mapped_bytes() -> int:
    """The size of the address space of this process, which is what RLIMIT_AS counts."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def limit_memory(additional: int | None) -> None:
    """Let this process map so many bytes more than it has mapped now; None takes the limit away.

    Only the soft limit is touched, so that it can be lifted again to report that it was reached.

    Measured on x86-64 with Python 3.11, a worker has mapped before its function is called: 94 MB with nothing
    preloaded (72 of them for the thread of the clock), 185 MB with sympy and z3, 758 MB with numpy and torch in
    addition, 966 MB with cvxpy too; resident are 15, 57, 193 and 247 MB.  A further thread takes 72 MB of addresses.
    """
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    wanted = resource.RLIM_INFINITY if additional is None else mapped_bytes() + additional
    if hard != resource.RLIM_INFINITY:
        wanted = hard if additional is None else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))


def children() -> list[int]:
    """The processes whose parent is this one, from one look at /proc."""
    found = []
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with contextlib.suppress(OSError, ValueError, IndexError):
                stat = Path(entry.path, "stat").read_text(errors="replace")
                if int(stat.rpartition(")")[2].split()[1]) == os.getpid():
                    found.append(int(entry.name))
    return found


def flush_native_output() -> None:
    """What C code has printed and its library still holds back."""
    ctypes.CDLL(None).fflush(None)
