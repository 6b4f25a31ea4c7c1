r"""The batched branch and bound beside the search on the CPU: seconds, nodes and bounds a second, and the same minimum.

    python benchmarks/erm_batched.py > benchmarks/erm_batched.md
    python benchmarks/erm_batched.py --device cuda --large 600 > benchmarks/erm_batched_cuda.md

Both get the same incumbent, the minimum times 1 + 1e-10; numba's functions are compiled before.  On a CPU one thread is used and
seconds are the processor's, the least of two runs if a run takes less than 20 s; on a GPU they are the clock's, after a first
run that is not counted.  ``--large SECONDS`` adds instances that are meant for a GPU, each stopped after so many seconds;
their incumbent is the heuristic's.
"""

from __future__ import annotations

import argparse
import platform
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from verify.training.batched import BatchedSearch, Tree, batch_size, batched_search
from verify.training.data import TrainingData
from verify.training.heuristic import heuristic
from verify.training.problem import Problem
from verify.training.search import Nodes, search

SIZES = [(2, 2, 50), (2, 2, 100), (1, 3, 100), (3, 2, 20)]
LARGE = [(2, 2, 200), (2, 3, 60)]


def instance(kind: str, dimension: int, width: int, points: int, seed: int = 0) -> Problem:
    """Points and labels in thousandths: noise, a smooth function, or a network of the width with 10% noise ("planted")."""
    source = np.random.default_rng(seed)
    x = source.standard_normal((points, dimension)) if dimension > 1 else source.uniform(-2, 2, (points, 1))
    if kind == "planted":
        a = source.standard_normal((width, dimension))
        a /= np.linalg.norm(a, axis=1, keepdims=True)
        b = source.uniform(-1, 1, width)
        outer = np.where(np.arange(width) % 2 == 0, 1, -1) * source.uniform(1, 2, width)
        f = (np.maximum(x @ a.T + b, 0) * outer).sum(1)
        y = f + 0.1 * f.std() * source.standard_normal(points)
    elif kind == "smooth":
        y = np.sin(2 * x[:, 0]) + (x[:, 0] * x[:, 1] if dimension > 1 else 0) + 0.05 * source.standard_normal(points)
    else:
        y = source.standard_normal(points)
    exact = (np.round(array * 1000).astype(int).tolist() for array in (x, y))
    return TrainingData.of(*exact).problem(width)


def timed(work: Callable[[], Any], device: str) -> tuple[float, Any]:
    clock = time.perf_counter if device != "cpu" else time.process_time
    best = float("inf")
    for _ in range(2):
        begun = clock()
        found = work()
        if device != "cpu":
            torch.cuda.synchronize()
        best = min(best, clock() - begun)
        if best > 20:
            break
    return best, found


def small(device: str, batch: int | None) -> None:
    print(
        "| kind (n, w, D) | cells | search s | nodes | batched s | nodes | leaves | states | batched, us a node | ratio | value |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|", flush=True)
    for n, w, points in SIZES:
        for kind in ("planted", "smooth", "noise"):
            task = instance(kind, n, w, points)
            start, _, _ = heuristic(task, starts=300, seed=0)
            root = Nodes.root(task)
            upper = search(task, root, start, node_limit=10**9).upper * (1 + 1e-10)
            one, cpu = timed(
                lambda task=task, root=root, upper=upper: search(task, root, upper, node_limit=10**9), "cpu"
            )
            many, found = timed(
                lambda task=task, root=root, upper=upper: batched_search(task, root, upper, device=device, batch=batch),
                device,
            )
            same = f"{(found.upper - cpu.upper) / cpu.upper:+.0e}"
            print(
                f"| {kind} ({n}, {w}, {points}) | {len(task.cells)} | {one:.3f} | {cpu.nodes} | {many:.2f} | {found.nodes} | "
                f"{found.leaves} | {found.states} | {1e6 * many / found.nodes:.1f} | {many / one:.1f} | {same} |",
                flush=True,
            )


def large(device: str, batch: int | None, seconds: float) -> None:
    print("| noise (n, w, D) | cells | seconds | finished | nodes | nodes a second | lower / upper | leaves | states |")
    print("|---|---:|---:|---|---:|---:|---:|---:|---:|", flush=True)
    for n, w, points in LARGE:
        task = instance("noise", n, w, points)
        start, _, _ = heuristic(task, starts=2000, seed=0)
        work = BatchedSearch(task, device=device)
        tree = Tree(work, 1e-9, start, [work.entered(Nodes.root(task))])
        size = batch or batch_size(task, work.device)
        begun = time.perf_counter()
        while tree.stack and time.perf_counter() - begun < seconds:
            tree.visit(*tree.taken(size))
        tree.finish_leaves()
        spent = time.perf_counter() - begun
        lower = min((float(b.bound.min()) for b in tree.stack), default=tree.upper)
        print(
            f"| noise ({n}, {w}, {points}) | {len(task.cells)} | {spent:.1f} | {'no' if tree.stack else 'yes'} | {tree.nodes} | "
            f"{tree.nodes / spent:.3g} | {lower / tree.upper:.4f} | {tree.leaves} | {len(work.states.members)} |",
            flush=True,
        )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--device", default="cpu")
    options.add_argument("--batch", type=int, default=None, help="nodes bounded at once; default: as suits the device")
    options.add_argument(
        "--large", type=float, default=0.0, metavar="SECONDS", help="also run the large instances, each so long"
    )
    chosen = options.parse_args()
    torch.set_num_threads(1)
    warm = instance("noise", 1, 2, 8)
    search(warm, Nodes.root(warm), 2.0, node_limit=10**6)
    batched_search(warm, Nodes.root(warm), 2.0, device=chosen.device)
    where = torch.cuda.get_device_name(chosen.device) if chosen.device != "cpu" else f"{platform.machine()}, one thread"
    print(f"# Batched branch and bound on {where}\n")
    print(f"Written by `python benchmarks/erm_batched.py --device {chosen.device}`, torch {torch.__version__}. "
          "What is measured stands in the script; the last column is the difference of the minima, relative.\n")  # fmt: skip
    if chosen.device == "cpu":
        print("It was not run on a GPU; `--device cuda --large 600` does that, noise labels with (n, w, D) = "
              + " and ".join(map(str, LARGE)) + " included.\n")  # fmt: skip
    small(chosen.device, chosen.batch)
    if chosen.large:
        print()
        large(chosen.device, chosen.batch, chosen.large)


if __name__ == "__main__":
    main()
