r"""How the tree of the exact search grows with the data, against the tuples of the literal algorithm.

    python -m benchmarks.erm_scaling

For each n, w and kind of labels: nodes of the search (incumbent: the minimum), summed over three seeds, at several D; the
exponent is the slope of the least-squares line through (log D, log nodes).  Writes erm_scaling.md and erm_scaling.svg.
"""

from __future__ import annotations

import time
from math import comb, log
from pathlib import Path

import numpy as np

from benchmarks.erm import KINDS, instance

SIZES = {
    (1, 1): (20, 40, 80, 160),
    (1, 2): (20, 40, 80, 160),
    (1, 3): (15, 25, 40, 60),
    (2, 1): (20, 40, 70, 120),
    (2, 2): (14, 20, 30, 44),
    (3, 1): (15, 22, 30, 42),
}
SEEDS = (0, 1, 2)
LIMIT = 3_000_000  # nodes


def nodes_of(kind: str, n: int, w: int, count: int) -> tuple[int, int]:
    """Nodes, summed over the seeds, and unordered tuples of cells."""
    from verify.training.data import TrainingData
    from verify.training.heuristic import heuristic
    from verify.training.search import Nodes, search

    total, tuples = 0, 0
    for seed in SEEDS:
        problem = TrainingData.of(*instance(kind, count, n, w, seed)).problem(w)  # equal points are merged
        upper = heuristic(problem, starts=200, seed=0)[0]
        first = search(problem, Nodes.root(problem), upper * (1 + 1e-9), node_limit=LIMIT)
        last = search(problem, Nodes.root(problem), min(upper, first.upper) * (1 + 1e-9), node_limit=LIMIT)
        assert not len(last.remaining), (kind, n, w, count, seed)
        total, tuples = total + last.nodes, tuples + comb(len(problem.cells) + w - 1, w)
    return total, tuples


def slope(sizes: tuple[int, ...], counts: list[int]) -> float:
    return float(np.polyfit([log(d) for d in sizes], [log(c) for c in counts], 1)[0])


def main() -> None:
    began = time.process_time()
    found = {
        (n, w, kind): [nodes_of(kind, n, w, count) for count in sizes]
        for (n, w), sizes in SIZES.items()
        for kind in KINDS
    }
    lines = ["| n, w | D | n w | tuples | " + " | ".join(KINDS) + " | nodes at the largest D |", "|---" * 8 + "|"]
    for (n, w), sizes in SIZES.items():
        rows = [found[n, w, kind] for kind in KINDS]
        exponents = " | ".join(f"{slope(sizes, [nodes for nodes, _ in row]):.1f}" for row in rows)
        tuples = slope(sizes, [count for _, count in rows[0]])
        largest = ", ".join(str(row[-1][0]) for row in rows)
        span = f"{sizes[0]} to {sizes[-1]}"
        lines.append(f"| {n}, {w} | {span} | {n * w} | {tuples:.1f} | {exponents} | {largest} |")
    text = (
        "# Growth of the exact search with the data\n\nWritten by `python -m benchmarks.erm_scaling` in "
        f"{time.process_time() - began:.0f} s of processor time. Exponents of D: of the unordered tuples of dichotomies, "
        "which the literal algorithm visits, and of the nodes of the search, by kind of labels (three seeds; the ranges of D "
        "are short, so that another seed moves them by some tenths).\n\n![Nodes against D](erm_scaling.svg)\n\n"
    )
    Path(__file__).with_suffix(".md").write_text(text + "\n".join(lines) + "\n")
    draw(found)


def draw(found: dict[tuple[int, int, str], list[tuple[int, int]]]) -> None:
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "erm_scaling"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(2, 3, figsize=(9, 5.4), constrained_layout=True)
    for axis, ((n, w), sizes) in zip(axes.flat, SIZES.items(), strict=True):
        axis.loglog(sizes, [t for _, t in found[n, w, KINDS[0]]], "k--", label="tuples", linewidth=1)
        for kind in KINDS:
            axis.loglog(sizes, [nodes for nodes, _ in found[n, w, kind]], marker="o", markersize=3, label=kind)
        axis.set_title(f"n = {n}, w = {w}")
        axis.set_xticks(sizes, [str(d) for d in sizes])
        axis.minorticks_off()
    axes[0, 0].legend(fontsize=8)
    figure.savefig(Path(__file__).with_suffix(".svg"), metadata={"Date": None})


if __name__ == "__main__":
    main()
