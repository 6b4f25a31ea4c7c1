r"""``verify doctor``: what is installed, and whether each part of the harness can do its work here."""

from __future__ import annotations

import importlib
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

ENGINES = ("sympy", "z3", "numpy", "cvxpy", "flint", "torch", "hypothesis", "math_core", "pybtex", "jinja2")


def examine(stream: IO[str]) -> int:
    """Print a line for each part; 0 if all of them work, 3 otherwise."""
    print(f"python {platform.python_version()} on {platform.platform()}, {sys.executable}", file=stream)
    checks: list[tuple[str, Callable[[], str]]] = [(name, lambda name=name: imported(name)) for name in ENGINES]  # type: ignore[misc]
    checks += [("kernel", kernel), ("worker process", worker), ("store", store), ("catalog", catalog)]
    failed = 0
    for name, check in checks:
        started = time.perf_counter()
        try:
            outcome, works = check(), True
        except Exception as problem:  # a doctor reports whatever is wrong
            outcome, works = f"{type(problem).__name__}: {problem}", False
        failed += not works
        print(f"{'ok' if works else '!!'} {name}: {outcome} ({time.perf_counter() - started:.2f} s)", file=stream)
    return 3 if failed else 0


def imported(name: str) -> str:
    module = importlib.import_module(name)
    version = getattr(module, "__version__", "present")
    if name == "torch":
        return f"{version}, {'CUDA' if module.cuda.is_available() else 'CPU only'}"
    return str(version)


def kernel() -> str:
    from verify.kernel import FORMAT, Rejected, check

    theorem = {"name": "t", "variables": [["x", "real"]], "hypotheses": ["x >= 0"], "conclusion": "x >= 0"}
    statement = {"arithmetic": "exact", "parameters": [], "definitions": [], "assumptions": [], "theorem": theorem}
    witness = {"definitions": [], "lemmas": [], "proof": [{"rule": "exact", "by": "h1"}]}
    check({"format": FORMAT, "kind": "theorem", "statement": statement, "witness": witness})
    forged = {**statement, "theorem": {**theorem, "conclusion": "x >= 1"}}
    try:
        check({"format": FORMAT, "kind": "theorem", "statement": forged, "witness": witness})
    except Rejected:
        return "accepts a proof and rejects a forgery"
    raise RuntimeError("the kernel accepts a forgery")


def worker() -> str:
    from verify.execution import Budget, Call, Supervisor

    with Supervisor(jobs=1) as supervisor:
        reply = supervisor.submit(Call("math:factorial", 5, Budget(seconds=30))).result()
    if reply.value != 120:
        raise RuntimeError(f"{reply.status}: {reply.detail}")
    return "answers"


def store() -> str:
    from verify.store import Store

    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder)) as opened:
        opened.put("0" * 64, {"outcome": "holds"}, [b"certificate"])
        if opened.get("0" * 64) != {"outcome": "holds"}:
            raise RuntimeError("the store does not return what was put into it")
    return f"works in {os.environ.get('TMPDIR', tempfile.gettempdir())}"


def catalog() -> str:
    from verify.catalog import collect

    found = collect()
    if found.broken:
        raise RuntimeError(found.broken[0].sentence)
    return f"{len(found.claims)} claims"
