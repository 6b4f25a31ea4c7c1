r"""What goes into the execution room and what comes out of it: a budget, a call, a reply."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any, Literal

from verify.errors import UsageError

Json = Any
Status = Literal["answered", "raised", "timeout", "crashed", "memory", "garbage", "oversized", "cancelled"]

TAIL_CHARACTERS = 4000  # of what a worker prints, so much is kept
REFERENCE = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*")


@dataclass(frozen=True)
class Budget:
    """What a task may use up.

    ``seconds`` is soft: when they are over, the callbacks given to ``on_interrupt`` are called.  ``grace`` seconds
    later the whole process group is killed.  The clock starts when the worker does; waiting for a free place or for the
    fork server does not count, importing the module of the function does.

    ``memory_bytes`` limits the address space that each process of the task may map in addition to what the fork server
    has mapped already (None: no limit, which CUDA needs because it reserves terabytes of addresses).
    ``answer_bytes`` limits the JSON text of the answer.
    """

    seconds: float = 60.0
    grace: float = 5.0
    memory_bytes: int | None = 4 * 2**30
    answer_bytes: int = 64_000_000

    def __post_init__(self) -> None:
        if not (math.isfinite(self.seconds) and self.seconds > 0):
            raise UsageError(f"a budget needs a positive, finite number of seconds, not {self.seconds!r}")
        if not (math.isfinite(self.grace) and self.grace >= 0):
            raise UsageError(f"the grace of a budget is a finite number of seconds >= 0, not {self.grace!r}")
        if self.memory_bytes is not None and self.memory_bytes <= 0:
            raise UsageError(f"memory_bytes is positive or None (no limit), not {self.memory_bytes!r}")
        if self.answer_bytes <= 0:
            raise UsageError(f"answer_bytes is positive, not {self.answer_bytes!r}")


@dataclass(frozen=True)
class Call:
    """A function by its name, ``"package.module:function"``, and the one JSON value that it is called with.

    The function is imported in the worker and returns one JSON value.
    """

    function: str
    argument: Json
    budget: Budget = field(default_factory=Budget)

    def __post_init__(self) -> None:
        if not REFERENCE.fullmatch(self.function):
            raise UsageError(f'a function is named as "package.module:function", not {self.function!r}')
        if self.function.startswith("__main__:"):
            raise UsageError(f"{self.function} cannot be imported in another process; move it into a module")


@dataclass(frozen=True)
class Reply:
    """What became of a call.

    ``status`` is

    * ``answered``: the function returned, ``value`` is its answer;
    * ``raised``: it raised an exception, or could not be imported;
    * ``timeout``: it was killed when its seconds and its grace were over;
    * ``crashed``: its process ended without an answer, by a signal or by itself;
    * ``memory``: it ran into its memory limit, as far as that can be recognised;
    * ``garbage``: its answer is not JSON, or something else was written where the answer belongs;
    * ``oversized``: its answer is longer than allowed, and was not read;
    * ``cancelled``: it was withdrawn before it ended.

    ``detail`` tells a human more; its first line is one sentence.  ``seconds`` is the lifetime of the worker,
    ``cpu_seconds`` and ``peak_bytes`` (largest resident set of one process, preloaded modules included) are those of all
    its processes, ``stderr_tail`` is the end of what they wrote to stdout and stderr.
    """

    status: Status
    value: Json = None
    detail: str = ""
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_bytes: int = 0
    stderr_tail: str = ""
