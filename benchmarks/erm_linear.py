r"""Global minima for the absolute and the hinge loss: ``verify.training``, and side by side the C++ prototype of it.

    python benchmarks/erm_linear.py [--prototype DIR] [--cap SECONDS] [--rows LOSS,N,W,D ...] > benchmarks/erm_linear.md

Data as in ``erm.py``; for the hinge loss the label says whether y is above its median.  Seconds are of the processor, the
least of two runs where a run takes less than 5 s; compilation is done before.  *search*: branch and bound from the same
incumbent for both, the minimum times 1 + 1e-9; *heuristic*: ours from its default starts, and what it finds in multiples of
the minimum; *proof*: the recording search and its tree in exact arithmetic; *check*: the kernel's, dichotomies included.
``>``: stopped by the clock, after so many seconds of the processor.  The prototype has a tolerance of 1e-6, and no proofs.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
ROWS = ["absolute,1,3,50", "absolute,2,2,20", "absolute,2,2,30", "absolute,2,3,15", "absolute,3,2,15", "hinge,1,3,50"]
ROWS += ["hinge,2,2,50", "absolute,2,2,50"]
HEAD = ["loss, n, w, D", "labels", "nodes", "heuristic", "of minimum", "search", "prototype", "ratio", "its nodes"]
HEAD += ["proof", "bounds", "bytes a node", "check", "ms a bound"]


def data_of(loss: str, inputs: int, width: int, points: int, kind: str) -> tuple[Any, Any]:
    import numpy as np
    from erm import instance

    x, y = instance(kind, points, inputs, width)
    return x, np.where(y > np.median(y), 1, -1) if loss == "hinge" else y


def seconds(run: Callable[[], Any]) -> tuple[float, Any]:
    """Of the processor, and the result."""
    begin = time.process_time()
    result = run()
    taken = time.process_time() - begin
    if taken < 5:
        begin = time.process_time()
        run()
        taken = min(taken, time.process_time() - begin)
    return taken, result


def measured(loss: str, inputs: int, width: int, points: int, kind: str, prototype: Any, cap: float) -> list[str]:
    from verify.kernel import check
    from verify.training import exact_erm
    from verify.training.certify_linear import LinearExactness
    from verify.training.data import TrainingData
    from verify.training.linear_heuristic import heuristic
    from verify.training.linear_losses import search
    from verify.training.nodes import Nodes

    x, y = data_of(loss, inputs, width, points, kind)
    data = TrainingData.of(x, y, loss=loss)
    problem = data.problem(width)
    exact = LinearExactness(data, problem)
    found = exact_erm(x, y, width, loss=loss)
    least = found.value
    if not found.certified or not isinstance(least, Fraction):
        raise SystemExit(f"not certified: {found!r}")
    power = Fraction(problem.scale) / data.reduced.scale
    minimum = float((least - data.reduced.constant) / power)
    root = Nodes.root(problem)

    def proof() -> list[int]:
        written = search(problem, root, minimum, node_limit=10**9, tolerance=-1e-9, record=True)
        return exact.tree(written.record, least)  # type: ignore[arg-type]

    start, (value, *_) = seconds(lambda: heuristic(problem, starts=300))
    taken, slice_ = seconds(lambda: search(problem, root, minimum * (1 + 1e-9), node_limit=10**9))
    proving, tree = seconds(proof)
    certificate = {**found.certificate, "witness": {**found.certificate["witness"], "tree": tree}}
    checking, finding = seconds(lambda: check(certificate))
    facts = dict(finding.facts)
    size = len(zlib.compress(json.dumps(certificate["witness"]).encode(), 9)) / int(facts["nodes"])
    other, nodes, ratio = "", "", ""
    if prototype is not None:
        result = prototype(x, y, width, loss, float(least), cap)
        again = result if result["seconds"] > 5 else prototype(x, y, width, loss, float(least), cap)
        theirs = min(result["seconds"], again["seconds"])
        stopped = ">" if result["timeout"] else ""
        other, nodes, ratio = f"{stopped}{theirs:.3f}", str(result["nodes"]), f"{stopped}{theirs / taken:.1f}"
    return [
        f"{loss}, {inputs}, {width}, {points}", kind, str(slice_.nodes), f"{start:.2f}",
        f"{value / minimum:.4f}" if minimum else "", f"{taken:.3f}", other, ratio, nodes, f"{proving:.2f}", facts["bounds"],
        f"{size:.1f}", f"{checking:.2f}", f"{1000 * checking / int(facts['bounds']):.2f}",
    ]  # fmt: skip


def compiled(folder: Path) -> Callable[..., dict[str, Any]]:
    """The prototype, built in a temporary copy."""
    copy = Path(tempfile.mkdtemp()) / "prototype"
    shutil.copytree(folder, copy)
    for file in [copy, *copy.rglob("*")]:
        file.chmod(0o755)
    options = ["-O3", "-march=native", "-std=c++17", "-shared", "-fPIC", "-pthread"]
    for source, library in (("bnb2.cpp", "libbnb2.so"), ("bnb_pwl.cpp", "libpwl.so")):
        subprocess.run(["g++", *options, source, "-o", library], cwd=copy, check=True)
    sys.path.insert(0, str(copy))
    import pwl  # type: ignore[import-not-found]

    def run(x: Any, y: Any, width: int, loss: str, least: float, cap: float) -> dict[str, Any]:
        problem = run.problems.setdefault(x.tobytes(), None) or pwl.Problem(x, y)  # type: ignore[attr-defined]
        run.problems[x.tobytes()] = problem  # type: ignore[attr-defined]
        name, bar = {"absolute": "abs"}.get(loss, loss), least * (1 + 1e-9)
        begin = time.process_time()
        found: dict[str, Any] = pwl.solve_pwl(x, y, width, name, starts=0, tlimit=cap, prob=problem, ub=bar)
        return {**found, "seconds": time.process_time() - begin}

    run.problems = {}  # type: ignore[attr-defined]
    return run


def lines(rows: list[str], prototype: Any, cap: float) -> Iterator[str]:
    yield "| " + " | ".join(HEAD) + " |"
    yield "|---" * len(HEAD) + "|"
    for row in rows:
        loss, *sizes = row.split(",")
        for kind in ("planted", "noise"):
            inputs, width, points = map(int, sizes)
            yield "| " + " | ".join(measured(loss, inputs, width, points, kind, prototype, cap)) + " |"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--prototype", type=Path)
    parser.add_argument("--cap", type=float, default=120.0)
    parser.add_argument("--rows", nargs="*", default=ROWS)
    options = parser.parse_args()
    prototype = None if options.prototype is None else compiled(options.prototype)
    print(
        "# Exact minima for the absolute and the hinge loss\n\n" + (__doc__ or "").split("\n\n", 2)[2] + "\n2 cores.\n"
    )
    measured("absolute", 1, 1, 8, "noise", None, 1.0)  # compiles
    for line in lines(options.rows, prototype, options.cap):
        print(line, flush=True)


if __name__ == "__main__":
    main()
