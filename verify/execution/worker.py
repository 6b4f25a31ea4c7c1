r"""Inside the worker: one call, one answer, and then the process ends without looking back.

A request is a JSON object with the fields of a ``Call`` and its budget, the search path for modules and the working
directory.  Everything that the function does wrong is turned into an answer here, if Python is still there to do it.
"""

from __future__ import annotations

import contextlib
import faulthandler
import importlib
import os
import re
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from verify.execution.clock import CLOCK
from verify.execution.frames import encoded, framed

Json = Any

OUT_OF_MEMORY = re.compile(
    r"MemoryError|bad_alloc|out of memory|not enough memory|failed to allocate|can(?:no|')t allocate memory", re.I
)
MESSAGE = 2000  # characters of an exception's message that are reported
TRACEBACK = 3000


class Unreachable(Exception):
    """The function of a call cannot be imported."""


def work(request: int, answer: int, output: int, warden: int) -> NoReturn:
    """The life of a worker that was forked from the fork server."""
    from verify.execution import linux

    code = 70
    try:
        os.setsid()
        linux.die_with_parent(warden)
        linux.go_first()
        redirect_output(output)
        worker = os.getpid()
        frame = perform(read_all(request))
        if os.getpid() == worker:  # and not a child that the function has forked and allowed to return
            write_all(answer, frame)
        os.close(answer)
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
            linux.flush_native_output()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def redirect_output(output: int) -> None:
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)
    with contextlib.suppress(AttributeError):
        sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    faulthandler.enable(2)


def perform(request: bytes) -> bytes:
    """The frame that answers a request."""
    from verify.execution.frames import decoded

    try:
        call = decoded(request)
        sys.path[:] = call["path"]
        importlib.invalidate_caches()
        if call["directory"] is not None:
            os.chdir(call["directory"])
        CLOCK.start(call["seconds"])
        limit_memory(call["memory_bytes"])
        value = resolve(call["function"])(call["argument"])
        CLOCK.stop()
    except BaseException as error:
        CLOCK.stop()
        limit_memory(None)
        return framed(encoded(failure(error)))
    return framed(reported(value, call["answer_bytes"]))


def reported(value: Json, limit: int) -> bytes:
    """The JSON text of the report about a value that a function returned."""
    try:
        text = encoded(value)
    except (TypeError, ValueError, RecursionError) as error:
        return encoded({"status": "garbage", "detail": f"the answer is not JSON: {named(error)}"})
    except MemoryError as error:
        limit_memory(None)
        return encoded(failure(error))
    if len(text) > limit:
        return encoded({"status": "oversized", "detail": too_long(len(text), limit)})
    return b'{"status":"answered","value":' + text + b"}"


def too_long(length: int, limit: int) -> str:
    return f"the answer has {length} bytes, its budget allows {limit}"


def limit_memory(additional: int | None) -> None:
    if sys.platform == "linux":
        from verify.execution import linux

        linux.limit_memory(additional)


# ------------------------------------------------------------------------------------------------- the function


def resolve(reference: str) -> Callable[[Json], Json]:
    module_name, _, name = reference.partition(":")
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name is not None and (module_name == error.name or module_name.startswith(f"{error.name}.")):
            raise Unreachable(f"there is no module {error.name!r} for {reference!r} on the path {sys.path}") from None
        raise
    function = getattr(module, name, None)
    if not callable(function):
        what = "is not a function" if hasattr(module, name) else "does not exist"
        raise Unreachable(f"{name!r} {what} in the module {module_name!r} ({getattr(module, '__file__', 'built in')})")
    return function  # type: ignore[no-any-return]


# ---------------------------------------------------------------------------------------------------- failures


def failure(error: BaseException) -> Json:
    """The report about an exception, at most a few kilobytes whatever the exception holds."""
    if isinstance(error, Unreachable):
        return {"status": "raised", "detail": message(error)}
    sentence = named(error)
    status = "memory" if isinstance(error, MemoryError) or OUT_OF_MEMORY.search(sentence) else "raised"
    asked = " (after it was asked to stop)" if CLOCK.expired() else ""
    return {"status": status, "detail": f"{sentence}{asked}\n{origin(error)}"}


def named(error: BaseException) -> str:
    kind = type(error)
    prefix = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
    text = message(error)
    return f"{prefix}{kind.__qualname__}" + (f": {text}" if text else "")


def message(error: BaseException) -> str:
    try:
        return clipped(str(error), MESSAGE)
    except BaseException as second:
        return f"(its message cannot be printed: {type(second).__name__})"


def origin(error: BaseException) -> str:
    """The innermost frames of the traceback, without that of ``perform``."""
    try:
        frames = error.__traceback__ and (error.__traceback__.tb_next or error.__traceback__)
        return clipped("".join(traceback.format_tb(frames, limit=-6)).rstrip(), TRACEBACK)
    except BaseException as second:
        return f"(its traceback cannot be printed: {type(second).__name__})"


def clipped(text: str, length: int) -> str:
    half = length // 2
    return text if len(text) <= length else f"{text[:half]} [{len(text) - 2 * half} characters left out] {text[-half:]}"


# ------------------------------------------------------------------------------------------------- descriptors


def read_all(descriptor: int) -> bytes:
    with open(descriptor, "rb") as file:
        file.seek(0)
        return file.read()


def write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def main(request: str, answer: str) -> None:
    """The life of a worker in a fresh interpreter: the request and the answer are files."""
    faulthandler.enable(2)
    Path(answer).write_bytes(perform(Path(request).read_bytes()))
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(0)
