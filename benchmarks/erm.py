r"""Global minima of training problems: the search of ``verify.training`` and, side by side, the C++ prototype of it.

    python benchmarks/erm.py [--prototype DIR] [--cap SECONDS] [--rows N,W,D ...] [--kinds KIND ...] [--parts PART ...] > benchmarks/erm.md

Data of the prototype: x and y multiples of 1/1000; planted = a network of width w plus a tenth noise, smooth = sin(2 x_1) +
x_1 x_2, noise = labels independent of x.  Both get the same incumbent: the minimum, found beforehand, times 1 + 1e-9.
Seconds are of the processor, the least of two runs where a run takes less than 5 s, for the branch and bound alone;
enumeration stands in its own table, and compilation is done before.  The last column is the heuristic: how far above
the minimum it ends, relative, and its seconds.  ``>``: stopped.  The prototype is compiled in a
temporary copy of DIR (g++ -O3 -march=native), one thread.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
KINDS = ("planted", "smooth", "noise")
ROWS = [(1, 3, 100), (1, 5, 50), (2, 2, 50), (2, 2, 100), (2, 2, 200), (2, 3, 30), (2, 3, 50), (3, 2, 30), (4, 2, 20)]
ENUMERATED = [(2, 30), (2, 100), (2, 200), (3, 30), (3, 50), (4, 20), (4, 30)]
SLICE = 20_000  # nodes between two looks at the clock


def instance(kind: str, points: int, inputs: int, width: int, seed: int = 0) -> tuple[Any, Any]:
    """Integers x (D, n) and y (D,), thousandths, exactly those of the prototype's data.py."""
    import numpy as np

    rng = np.random.default_rng(seed)
    x = rng.standard_normal((points, inputs)) if inputs > 1 else rng.uniform(-2, 2, (points, 1))
    if kind == "planted":
        a = rng.standard_normal((width, inputs))
        a /= np.linalg.norm(a, axis=1, keepdims=True)
        b = rng.uniform(-1, 1, width)
        sizes = np.where(np.arange(width) % 2 == 0, 1, -1) * rng.uniform(1, 2, width)
        f = (np.maximum(x @ a.T + b, 0) * sizes).sum(axis=1)
        y = f + 0.1 * f.std() * rng.standard_normal(points)
    elif kind == "smooth":
        y = np.sin(2 * x[:, 0]) + (x[:, 0] * x[:, 1] if inputs > 1 else 0) + 0.05 * rng.standard_normal(points)
    else:
        y = rng.standard_normal(points)
    return np.round(x * 1000).astype(np.int64), np.round(y * 1000).astype(np.int64)


def problem_of(kind: str, inputs: int, width: int, points: int, seed: int = 0) -> Any:
    """The float problem; all x of these instances are different."""
    from verify.training.problem import Problem

    x, y = instance(kind, points, inputs, width, seed)
    rows = [[1, *(int(v) for v in row)] for row in x]
    assert len({tuple(row) for row in rows}) == points
    return Problem.of(rows, [int(v) for v in y], [1] * points, width=width)


def least(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of the processor, the least of two if it is quick, and the result."""
    times: list[float] = []
    while not times or (len(times) < 2 and times[0] < 5):
        begun = time.process_time()
        result = work()
        times.append(time.process_time() - begun)
    return min(times), result


def ours(problem: Any, upper: float, cap: float) -> tuple[float, int, bool]:
    """The loss reached, nodes, and whether the search ended."""
    from verify.training.search import Nodes, search

    nodes, visited, begun = Nodes.root(problem), 0, time.process_time()
    while len(nodes) and time.process_time() - begun < cap:
        part = search(problem, nodes, upper, node_limit=SLICE)
        nodes, upper, visited = part.remaining, part.upper, visited + part.nodes
    return upper, visited, not len(nodes)


class Prototype:
    """The lab notes' solver, compiled in a temporary folder."""

    def __init__(self, folder: Path) -> None:
        self.copy = Path(tempfile.mkdtemp())
        for file in folder.iterdir():
            if file.suffix in {".py", ".cpp"}:
                shutil.copy(file, self.copy / file.name)
        flags = ["-O3", "-march=native", "-std=c++17", "-shared", "-fPIC", "-pthread"]
        subprocess.run(
            ["g++", *flags, "bnb2.cpp", "-o", "libbnb2.so"], cwd=self.copy, check=True, stderr=subprocess.DEVNULL
        )
        sys.path.insert(0, str(self.copy))

    def __call__(self, kind: str, inputs: int, width: int, points: int, upper: float, cap: float) -> Any:
        from bnb2 import Problem, solve  # type: ignore[import-not-found]

        problem = Problem(*instance(kind, points, inputs, width))
        norm = float((problem.mf * problem.yf**2).sum())
        # with 0 as incumbent only its tree of cells is built; that is subtracted
        times: list[float] = []
        for _ in range(2):
            begun = time.process_time()
            solve(problem, width, starts=0, ub=0.0, qp_und=100, threads=1, tlimit=cap)
            middle = time.process_time()
            found = solve(problem, width, starts=0, ub=upper * norm, qp_und=100, threads=1, tlimit=cap)
            times.append(max(1e-4, (time.process_time() - middle) - (middle - begun)))
            if times[0] > 5:
                break
        return min(times), found["f"] / norm, found["nodes"], not found["timeout"]


def searches(
    rows: list[tuple[int, int, int]], kinds: list[str], prototype: Prototype | None, cap: float
) -> Iterator[str]:
    yield "\n## Branch and bound\n"
    yield "| n, w, D | labels | minimum / sum y^2 | nodes | s | C++ nodes | C++ s | C++ s / s | heuristic |"
    yield "|---|---|---|---|---|---|---|---|---|"
    from verify.training.heuristic import heuristic

    for n, w, points in rows:
        for kind in kinds:
            problem = problem_of(kind, n, w, points)
            begun = time.process_time()
            first = heuristic(problem, starts=300, seed=0)[0]
            spent = time.process_time() - begun
            known = ours(problem, first * (1 + 1e-9), cap)[0] * (1 + 1e-9)
            seconds, (value, nodes, ended) = least(lambda: ours(problem, known, cap))  # noqa: B023
            line = f"| {n}, {w}, {points} | {kind} | {value:.9f} | {nodes} | {'' if ended else '>'}{seconds:.3f} |"
            start = f" {max(0.0, first / value - 1):.0e}, {spent:.2f} s |"
            if prototype is None:
                yield line + " | | |" + start
                continue
            theirs, other, count, done = prototype(kind, n, w, points, known, cap)
            assert not (ended and done) or abs(other - value) < 1e-7, (n, w, points, kind, other, value)
            ratio = f"{theirs / seconds:.2f}" if ended and done else f">{theirs / seconds:.2f}" if ended else ""
            if theirs < 0.002:  # a difference of two times that are longer
                ratio = "-"
            yield line + f" {count} | {'' if done else '>'}{theirs:.3f} | {ratio} |{start}"


def enumerations() -> Iterator[str]:
    from verify.training.dichotomies import cells_bound, dichotomies

    yield "## Enumeration of the dichotomies\n"
    yield "| n, D | dichotomies | Cover | s |"
    yield "|---|---|---|---|"
    for n, points in ENUMERATED:
        x, _ = instance("noise", points, n, 1)
        rows = [[1, *(int(v) for v in row)] for row in x]
        seconds, cells = least(lambda: dichotomies(rows))  # noqa: B023
        yield f"| {n}, {points} | {len(cells) + 1} | {cells_bound(points, n)} | {seconds:.3f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--prototype", type=Path)
    parser.add_argument("--cap", type=float, default=300)
    parser.add_argument("--rows", nargs="*", default=[",".join(map(str, row)) for row in ROWS])
    parser.add_argument("--kinds", nargs="*", default=list(KINDS))
    parser.add_argument("--parts", nargs="*", default=["enumerations", "searches"])
    options = parser.parse_args()
    print("# Exact minima of training problems, squared loss\n")
    print(
        f"`python benchmarks/erm.py`, {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, ",
        end="",
    )
    print(f"load {os.getloadavg()[0]:.1f} at the start, runs stopped after {options.cap:g} s.\n")
    begun = time.perf_counter()
    ours(problem_of("noise", 1, 2, 8), 2.0, 300)
    print(f"The first search in this process waited {time.perf_counter() - begun:.1f} s for compiled code.\n")
    rows = [tuple(map(int, row.split(","))) for row in options.rows]
    prototype = Prototype(options.prototype) if options.prototype else None
    parts = {
        "enumerations": enumerations(),
        "searches": searches(rows, options.kinds, prototype, options.cap),
    }
    for name in options.parts:
        for line in parts[name]:
            print(line, flush=True)


if __name__ == "__main__":
    main()
