r"""What checking costs, measured side by side in one run.

    python benchmarks/spine.py > benchmarks/spine.md

The absolute times belong to the machine; the ratios say more.  Nothing else should run meanwhile.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

Json = Any
VERIFY = [sys.executable, "-m", "verify"]
KERNEL = [sys.executable, "-I", "-S", str(Path(__file__).resolve().parents[1] / "verify" / "kernel" / "__main__.py")]


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def command(*arguments: str) -> Callable[[], object]:
    return lambda: subprocess.run([*VERIFY, *arguments], check=True, capture_output=True)


def runs(folder: Path) -> Iterator[str]:
    """A cold run with its report, a second one, the kernel alone on every certificate, and the start of a light command."""
    store, report = str(folder / "store"), folder / "report"
    run = ["run", "--store", store, "--report", str(report)]
    cold, second = seconds(command(*run)), seconds(command(*run))
    certificates = sorted(map(str, report.glob("certificates/**/*.json")))
    size = sum(Path(path).stat().st_size for path in certificates)
    recheck = seconds(lambda: subprocess.run([*KERNEL, *certificates], check=True, capture_output=True))
    start = statistics.median(seconds(command("list")) for _ in range(5))
    bare = statistics.median(seconds(lambda: subprocess.run([sys.executable, "-c", ""], check=True)) for _ in range(5))
    yield "| what | seconds | ratio |\n|---|---:|---|"
    yield f"| cold `verify run --report`, every claim | {cold:.1f} | 1 |"
    yield f"| the same again, from the store | {second:.2f} | 1/{cold / second:.0f} of the cold run |"
    kilobytes = f"{len(certificates)} certificates, {size / 1000:.0f} kB"
    yield f"| kernel alone on {kilobytes} | {recheck:.2f} | 1/{cold / recheck:.0f} of the cold run |"
    yield f"| `verify list` | {start:.2f} | {start / bare:.1f} times a bare Python |"


def isolation() -> Iterator[str]:
    """A call that does nothing: in this process, and in one of its own after the fork server has loaded its libraries."""
    from verify.execution import Call, Supervisor
    from verify.session.session import PRELOAD

    count = 40
    with Supervisor(jobs=1, preload=PRELOAD) as supervisor:
        first = seconds(lambda: supervisor.submit(Call("math:sqrt", 4)).result())
        each = seconds(lambda: [supervisor.submit(Call("math:sqrt", 4)).result() for _ in range(count)]) / count
    yield f"| loading {', '.join(PRELOAD)} once, and a first call | {first:.2f} | |"
    yield f"| each further isolated call | {each:.3f} | 1/{first / each:.0f} of the first |"


def proofs() -> Iterator[str]:
    """Finding a proof against checking it, theorem by theorem."""
    from verify.catalog import collect
    from verify.engines.algebra import with_closed_forms
    from verify.engines.proof import find_proof
    from verify.kernel import canonical, check
    from verify.theory.environment import problem
    from verify.theory.objects import Theorem

    sys.setrecursionlimit(20_000)
    yield "\n| theorem | found in s | checked in s | ratio | certificate in kB |\n|---|---:|---:|---:|---:|"
    for entry in collect([Path("claims")]).claims:
        for obligation in entry.claim.obligations.values():
            if isinstance(obligation.goal, Theorem) and entry.claim.arithmetic == "exact":
                asked = problem(obligation.goal)
                found: list[Json] = []
                search = seconds(lambda a=asked, f=found: f.append(find_proof(with_closed_forms(a))))  # type: ignore[misc]
                if isinstance(found[0], dict):
                    verdict = seconds(lambda f=found: check(f[0]))  # type: ignore[misc]
                    size = len(canonical(found[0])) / 1000
                    name = f"{entry.claim.name}::{obligation.name}"
                    yield f"| {name} | {search:.2f} | {verdict:.3f} | {search / verdict:.0f} | {size:.1f} |"


def main() -> None:
    versions = json.dumps({"python": platform.python_version(), "processors": os.cpu_count()})
    print(f"# The spine\n\nWritten by `python benchmarks/spine.py` on {platform.machine()}, {versions}.\n")
    with tempfile.TemporaryDirectory() as folder:
        for part in (runs(Path(folder)), isolation(), proofs()):
            for line in part:
                print(line, flush=True)


if __name__ == "__main__":
    main()
