r"""What a call costs on a cluster, beside what it costs here.

    python benchmarks/cluster.py > benchmarks/cluster.md

Two places each: an execution room of this process with two, and a scheduler with two Dask workers of one thread each, on
the same machine, so that the difference is the cost of the way.  The rounds of both alternate.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from verify.execution import Budget, Call, Executor, Supervisor
from verify.execution.cluster import Cluster

PRELOAD = ("sympy", "z3")
CALLS, ROUNDS, ALONE = 60, 7, 30
LONG = 1_000_000  # bytes


def echo(length: int) -> Call:
    return Call("builtins:str", "x" * length, Budget(seconds=60))


def many(executor: Executor, call: Call) -> float:
    """Seconds for a call, when there are many and two at once."""
    start = time.perf_counter()
    futures = [executor.submit(call) for _ in range(CALLS)]
    assert all(future.result().status == "answered" for future in futures)
    return (time.perf_counter() - start) / CALLS


def alone(executor: Executor, call: Call) -> float:
    """Seconds from asking to having the answer, when nothing else is asked."""
    taken = []
    for _ in range(ALONE):
        start = time.perf_counter()
        assert executor.submit(call).result().status == "answered"
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def compared(local: Executor, cluster: Executor, name: str, measure: Callable[[Executor, Call], float]) -> str:
    rows = []
    for call, size in ((echo(1), "1 byte"), (echo(LONG), "1 MB")):
        pairs = [(measure(local, call), measure(cluster, call)) for _ in range(ROUNDS)]
        here, there = (statistics.median(column) for column in zip(*pairs, strict=True))
        ratios = sorted(there / here for here, there in pairs)
        spread = f"{ratios[0]:.2f} to {ratios[-1]:.2f}"
        rows.append(f"| {name}, {size} there and back | {here * 1000:.1f} | {there * 1000:.1f} | {spread} |")
    return "\n".join(rows)


def main() -> None:
    import distributed

    os.environ["PYTHONPATH"] = str(Path(__file__).resolve().parents[1])
    machine = json.dumps({"python": platform.python_version(), "processors": os.cpu_count()})
    load = f"{os.getloadavg()[0]:.1f}"
    print(
        f"# More than one machine\n\nWritten by `python benchmarks/cluster.py` on {platform.machine()}, {machine},",
        end="",
    )
    print(f" distributed {distributed.__version__}, load {load} at the start.\n\n{__doc__.split(chr(10) * 2)[2]}\n")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, memory_limit=None
    ) as workers:
        address = "dask://" + workers.scheduler_address.removeprefix("tcp://")
        with Supervisor(jobs=2, preload=PRELOAD) as local, Cluster(address, preload=PRELOAD) as cluster:
            for executor in (local, cluster):
                many(executor, echo(1))  # libraries are loaded
            print("| | here, ms | cluster, ms | ratio, least and largest of the rounds |\n|---|---:|---:|---:|")
            print(compared(local, cluster, f"one of {CALLS} calls, two at once", many))
            print(compared(local, cluster, "a call alone", alone))


if __name__ == "__main__":
    main()
