r"""Tasks on other machines: what travels with a task so that it is answered by the same code, or not at all.

A result is kept under the digests of the harness and of the claim's modules, and under the versions of the engines, *of
this side*.  It has to come from these, so every request names them, and whoever answers compares.  A claim's file may lie
in another place over there; it is found by the name of its module, or, as on a shared file system, where it lies here.
"""

from __future__ import annotations

import importlib.util
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from verify.catalog import module_name
from verify.closure import closure_digest
from verify.errors import UsageError
from verify.execution import Budget, Call
from verify.session.tasks import Options, Task, verify_digest, versions

Json = Any

CHECK = "verify.session.remote:difference"
ANSWER = "verify.session.remote:answer"
CHECKING = Budget(seconds=120.0)
SHOWN = 12  # digits of a digest in a sentence


def code() -> Json:
    """What a worker must have in common with this side."""
    return {"verify": verify_digest(), "versions": versions()}


def check() -> Call:
    """The call that a worker answers with "", or with the reason why it cannot be used."""
    return Call(CHECK, code(), CHECKING)


def remote_call(task: Task, options: Options, budget: Budget) -> Call:
    """The call that answers a task on a machine that has the same code."""
    closure = closure_digest(Path(task.listed.reference.file))
    return Call(ANSWER, {"request": task.request(options), "code": code(), "closure": closure}, budget)


# ------------------------------------------------------------------------------------------- the other side


def remember() -> None:
    """Take the digests when the modules are loaded: files that change later are not the code that runs."""
    code()


def difference(expected: Json) -> str:
    """How the code here differs from the code there, in one sentence; empty if it does not."""
    here = code()
    for name in sorted({*expected["versions"], *here["versions"]}):
        there, own = expected["versions"].get(name, "missing"), here["versions"].get(name, "missing")
        if there != own:
            return f"{socket.gethostname()} has {name} {own}, but {there} is wanted; install the same version"
    if here["verify"] != expected["verify"]:
        digests = f"{here['verify'][:SHOWN]}, but {expected['verify'][:SHOWN]} is wanted"
        return f"the digest of verify on {socket.gethostname()} is {digests}; install the same code, restart the worker"
    return ""


def answer(argument: Json) -> Json:
    """Answer a request with the code that it names."""
    from verify.session import worker

    found = difference(argument["code"])
    if found:
        raise UsageError(found)
    request = argument["request"]
    file = file_of(request["module"], Path(request["file"]), argument["closure"])
    return worker.answer({**request, "file": str(file)})


def file_of(module: str, there: Path, wanted: str) -> Path:
    """The file of a claim's module on this machine; UsageError unless what it says is what the other side has read."""
    digests: dict[Path, str] = {}
    for file in candidates(module, there):
        digests[file] = closure_digest(file)
        if digests[file] == wanted:
            return file
    if not digests:
        sentence = f"{socket.gethostname()} has neither the module {module} nor the file {there}"
        raise UsageError(f"{sentence}; install the package of the claim where workers run, or share its folder")
    listed = ", ".join(f"{found[:SHOWN]} ({file})" for file, found in digests.items())
    sentence = f"the digest of {module} on {socket.gethostname()} is {listed}, but {wanted[:SHOWN]} is wanted"
    raise UsageError(f"{sentence}; install the same claims there")


def candidates(module: str, there: Path) -> Iterator[Path]:
    """Where the module may be: at the same place as on the other side, or (which imports its package) where Python
    finds it."""
    if there.is_file() and module_name(there)[0] == module:
        yield there
    try:
        spec = importlib.util.find_spec(module)
    except ModuleNotFoundError:
        spec = None
    if spec is not None and spec.origin is not None:
        yield Path(spec.origin)
