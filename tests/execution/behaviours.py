r"""What a task may do, from the decent to the unspeakable.  The functions run in workers; nothing here is a test."""

from __future__ import annotations

import ctypes
import json
import math
import os
import resource
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from verify.execution import on_interrupt, remaining_seconds
from verify.execution.frames import HEADER, MAGIC, framed

Json = Any

# ------------------------------------------------------------------------------------------------------- decent


def echo(value: Json) -> Json:
    return value


def own_process(_: Json) -> Json:
    return {"pid": os.getpid(), "parent": os.getppid(), "group": os.getpgid(0), "session": os.getsid(0)}


def environment(names: list[str]) -> Json:
    return {name: os.environ.get(name) for name in names}


def loaded(modules: list[str]) -> Json:
    return [module for module in modules if module in sys.modules]


def append_line(argument: Json) -> Json:
    with open(argument["file"], "a") as file:
        file.write(f"{argument['line']}\n")
    return argument["line"]


def append_line_and_wait(argument: Json) -> Json:
    """Write down who runs, then wait for a file to appear."""
    append_line({"file": argument["file"], "line": f"{argument['line']} {os.getpid()}"})
    while not Path(argument["gate"]).exists():
        time.sleep(0.01)
    return argument["line"]


def main_module(_: Json) -> Json:
    return {"file": getattr(sys.modules["__main__"], "__file__", None), "names": sorted(vars(sys.modules["__main__"]))}


def threads_of_torch(_: Json) -> Json:
    import torch

    return [torch.get_num_threads(), float(torch.ones(300, 300).matmul(torch.ones(300, 300)).sum())]


# ------------------------------------------------------------------------------------------------------- hanging


def hang(_: Json) -> Json:
    while True:
        time.sleep(1000)


def hang_natively(_: Json) -> Json:
    """A C function that never returns and never releases the interpreter's lock."""
    while True:
        ctypes.PyDLL(None).sleep(1000)


def fermat() -> Any:
    """Cubes that are the sum of two cubes: Z3 looks for them for ever."""
    import z3

    a, b, c, n = z3.Ints("a b c n")
    solver = z3.Solver()
    solver.add(a >= 1, b >= 1, c >= 1, n == 3, a**n + b**n == c**n)
    return solver


def hang_in_z3(_: Json) -> Json:
    return str(fermat().check())


def hang_in_z3_until_interrupted(_: Json) -> Json:
    import z3

    on_interrupt(z3.main_ctx().interrupt)
    return {"verdict": str(fermat().check()), "remaining": remaining_seconds()}


def ignore_all_signals(path: str) -> Json:
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):  # some belong to the C library
            continue
    Path(path).write_text(str(os.getpid()))
    return hang(None)


def stop_itself(_: Json) -> Json:
    os.kill(os.getpid(), signal.SIGSTOP)
    return "continued"


# ------------------------------------------------------------------------------------------------------ the clock


def hang_in_z3_after_the_interrupt(_: Json) -> Json:
    """The first interrupt comes while Z3 is idle, and Z3 forgets it."""
    import z3

    asked = threading.Event()
    on_interrupt(z3.main_ctx().interrupt)
    on_interrupt(asked.set)
    asked.wait()
    return str(fermat().check())


def remaining(_: Json) -> Json:
    return remaining_seconds()


def callbacks(_: Json) -> Json:
    """What was called, in order; one of the callbacks fails, and one is registered when it is late."""
    called: list[str] = []
    done = threading.Event()

    def fail() -> None:
        called.append("failing")
        raise ValueError("this callback fails")

    on_interrupt(fail)
    on_interrupt(lambda: called.append("second"))
    on_interrupt(done.set)
    done.wait()
    on_interrupt(lambda: called.append("late"))
    return {"called": called, "remaining": remaining_seconds()}


def raise_when_asked_to_stop(_: Json) -> Json:
    asked = threading.Event()
    on_interrupt(asked.set)
    asked.wait()
    raise RuntimeError("canceled")


# ---------------------------------------------------------------------------------------------------- dying


def segfault(_: Json) -> Json:
    return str(ctypes.string_at(0))


def leave_without_a_word(code: int) -> Json:
    os._exit(code)


def abort(_: Json) -> Json:
    os.abort()


def kill_itself(number: int) -> Json:
    os.kill(os.getpid(), number)
    return hang(None)


def kill_its_warden(_: Json) -> Json:
    os.kill(os.getppid(), signal.SIGKILL)
    return hang(None)


def kill_whoever_asked(_: Json) -> Json:
    """The process that has the supervisor: parent of the fork server, whose child is the warden."""
    import psutil

    psutil.Process().parents()[2].kill()
    return hang(None)


def suspend_its_warden(_: Json) -> Json:
    os.kill(os.getppid(), signal.SIGSTOP)
    return hang(None)


def close_all_descriptors(_: Json) -> Json:
    os.closerange(0, 1000)
    return "closed"


# ------------------------------------------------------------------------------------------------------- raising


class Unprintable(Exception):
    def __str__(self) -> str:
        raise ValueError("no message")


def raise_value_error(message: str) -> Json:
    raise ValueError(message)


def raise_huge_message(length: int) -> Json:
    raise ValueError("x" * length)


def raise_unprintable(_: Json) -> Json:
    raise Unprintable


def exit_politely(code: Json) -> Json:
    sys.exit(code)


def interrupt_itself(_: Json) -> Json:
    raise KeyboardInterrupt


def recurse(depth: int) -> Json:
    return recurse(depth + 1)


# -------------------------------------------------------------------------------------------------------- memory


def address_space(_: Json) -> Json:
    """What is mapped now, and what may be."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return {"mapped": pages * resource.getpagesize(), "limit": resource.getrlimit(resource.RLIMIT_AS)[0]}


def allocate(number: int) -> Json:
    return len(bytearray(number))


def grow_a_list(_: Json) -> Json:
    hoard: list[bytes] = []
    while True:
        hoard.append(bytes(2**20))


def allocate_in_numpy(number: int) -> Json:
    import numpy as np

    return int(np.ones(number, dtype=np.uint8).sum())


def allocate_in_torch(number: int) -> Json:
    import torch

    return int(torch.ones(number, dtype=torch.uint8)[-1])


def allocate_in_cpp(number: int) -> Json:
    """operator new, which throws std::bad_alloc where nobody catches it."""
    new = ctypes.CDLL("libstdc++.so.6")._Znwm
    new.argtypes, new.restype = [ctypes.c_size_t], ctypes.c_void_p
    return int(new(number))


def answer_a_gigabyte(_: Json) -> Json:
    return ["x" * 2**20] * 1024


# ---------------------------------------------------------------------------------------- answers that are none


def not_json(kind: str) -> Json:
    cycle: list[Any] = []
    cycle.append(cycle)
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    return {
        "nan": math.nan,
        "infinity": [math.inf],
        "object": object(),
        "set": {1, 2},
        "cycle": cycle,
        "deep": deep,
        "number": 10**5000,
    }[kind]


def long_answer(length: int) -> Json:
    return "x" * length


def answer_descriptor() -> int:
    """The pipe that is open for writing and is neither stdout nor stderr."""
    for name in os.listdir("/proc/self/fd"):
        descriptor = int(name)
        flags = Path(f"/proc/self/fdinfo/{name}").read_text() if Path(f"/proc/self/fdinfo/{name}").exists() else ""
        writable = any(line.startswith("flags:") and int(line.split()[1], 8) & 3 for line in flags.splitlines())
        if descriptor > 2 and writable and stat.S_ISFIFO(os.fstat(descriptor).st_mode):
            return descriptor
    raise LookupError("there is no such pipe")


def write_to_the_answer(text: str) -> Json:
    os.write(answer_descriptor(), text.encode("latin-1"))
    return "answered all the same"


def forge_an_answer(text: str) -> Json:
    os.write(answer_descriptor(), framed(text.encode()))
    os._exit(0)


def forge_a_deep_answer(_: Json) -> Json:
    return forge_an_answer("[" * 40_000 + "]" * 40_000)


def answer_in_part(number: int) -> Json:
    """Die by a signal in the middle of an answer; 0: leave."""
    os.write(answer_descriptor(), framed(b'{"status":"answered","value":1}')[:-3])
    if number:
        kill_itself(number)
    os._exit(0)


def answer_twice(_: Json) -> Json:
    os.write(answer_descriptor(), framed(b'{"status":"answered","value":1}'))
    return 2


def flood_the_answer(_: Json) -> Json:
    """Announce an exabyte, and deliver as fast as possible."""
    descriptor = answer_descriptor()
    os.write(descriptor, HEADER.pack(MAGIC, 2**60))
    while True:
        os.write(descriptor, b"x" * 2**16)


def trickle_the_answer(_: Json) -> Json:
    """Announce a megabyte, and deliver it byte by byte, never in silence and never complete."""
    descriptor = answer_descriptor()
    os.write(descriptor, HEADER.pack(MAGIC, 10**6))
    while True:
        os.write(descriptor, b"x")
        time.sleep(0.01)


# ------------------------------------------------------------------------------------------------------- output


def chatter(_: Json) -> Json:
    print("printed by Python")
    ctypes.CDLL(None).puts(b"printed by C")
    print("and to stderr", file=sys.stderr)
    os.write(1, b"\xff written, and no UTF-8\n")
    return "the answer"


def flood_stdout(megabytes: int) -> Json:
    for _ in range(megabytes):
        os.write(1, b"y" * 2**20)
    print("the end")
    return megabytes


def print_and_crash(_: Json) -> Json:
    print("last words")
    return segfault(None)


# ----------------------------------------------------------------------------------------------------- offspring


def sleep_for_ever() -> None:
    while True:
        time.sleep(1000)


def fork_plainly() -> int:
    child = os.fork()
    if child == 0:
        sleep_for_ever()
    return child


def fork_twice(*, own_session: bool) -> int:
    """A grandchild whose parent is gone: how daemons are made."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        if own_session:
            os.setsid()
        grandchild = os.fork()
        if grandchild == 0:
            sleep_for_ever()
        os.write(writer, str(grandchild).encode())
        os._exit(0)
    os.waitpid(child, 0)
    return int(os.read(reader, 32))


def offspring(_: Json) -> list[int]:
    """The process numbers of children that would outlive this process, one of each kind."""
    detached = subprocess.Popen(["sleep", "1000"], start_new_session=True)
    return [os.getpid(), fork_plainly(), fork_twice(own_session=False), fork_twice(own_session=True), detached.pid]


def offspring_then(argument: Json) -> Json:
    """Have offspring, write down their numbers, and then end as told."""
    file = Path(argument["file"])
    unfinished = file.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(offspring(None)))
    unfinished.rename(file)
    return {"return": echo, "crash": segfault, "hang": hang, "exit": leave_without_a_word}[argument["then"]](0)


def return_twice(_: Json) -> Json:
    """A fork whose two ends both return."""
    child = os.fork()
    if child:
        os.waitpid(child, 0)
    return "parent" if child else "child"


def leave_a_thread_running(_: Json) -> Json:
    threading.Thread(target=sleep_for_ever, daemon=False).start()
    return "answered"
