r"""Critical points of deep linear networks against the subset formula, and of ReLU networks as a control.

    python benchmarks/stationary_points.py [--device cuda] [--starts 2500] > benchmarks/stationary_points.md

Data: k data sets of 12 normal points, labels a normal linear map of them plus noise of size 1/10.  Starts are standard normal.
*found*: distinct pairs of a data set and a product matrix, merged within 1e-5, beside the number that the formula predicts;
*error*: the larger of the errors of the loss and of the product (entrywise), over all critical points found; *spurious*:
points without a way down whose loss is above the global minimum, which the formula knows.

The control: fits of labels +-1 of 8 normal points in the plane by 3 ReLU units with the fixed output weights 1, 1, -1.  On an
activation cell the loss is a convex quadratic function, so that a critical point inside of one (no unit closer to 0 than
1e-6 at any point) *is* a local minimum; it is *bad* if another start on the same data ended lower by more than 1/1000.
Seconds are of the processor, one thread, the search and everything after it.
"""

from __future__ import annotations

import argparse
import os
import time
from itertools import pairwise
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

SIZES = [((3, 2, 3), 50), ((4, 3, 4), 25), ((3, 3, 2, 3), 25), ((2, 2, 2, 2, 2), 25)]
HEAD = ["widths", "parameters", "starts", "converged", "stopped", "not finite", "strict saddles", "degenerate saddles"]
HEAD += ["minima", "spurious", "found", "predicted", "error", "s"]
SIGNS = (1.0, 1.0, -1.0)


def linear_row(widths: tuple[int, ...], sets: int, starts: int, draw: Any, device: str) -> tuple[list[str], int]:
    """A line of the table, and the number of distinct critical points."""
    import torch

    from verify.landscape.stationary import classify, distinct, search
    from verify.landscape.stationary_linear import DeepLinear
    from verify.landscape.subsets import Regression

    def normal(*shape: int) -> Any:
        return torch.randn(*shape, generator=draw, dtype=torch.float64).to(device)

    x = normal(sets, widths[0], 12)
    y = normal(sets, widths[-1], widths[0]) @ x + normal(sets, widths[-1], 12) / 10
    rows = torch.arange(starts, device=device) % sets
    began = normal(starts, sum(a * b for a, b in pairwise(widths)))
    clock = time.process_time()
    network = DeepLinear(widths, Regression.of(x, y))
    found, formula = search(network, began, rows), network.subsets()
    points, rows, losses = (part[found.converged] for part in (found.points, found.rows, found.losses))
    kinds = classify(network, points, rows, normal(16, network.dimension))
    fits = network.fits(points, rows)
    _, error = formula.match(fits, rows, losses)
    spurious = (kinds.kind == 2) & (losses > formula.least[rows] + 1e-6)
    classes = len(distinct(torch.cat((losses[:, None], fits.flatten(1)), 1), rows).unique())
    seconds = time.process_time() - clock
    counts, predicted = [*found.counts().values(), *kinds.counts().values()], sets * len(formula.members)
    row = ["-".join(map(str, widths)), network.dimension, starts, *counts, int(spurious.sum()), classes, predicted]
    return [*map(str, row), f"{float(error.max()):.0e}", f"{seconds:.1f}"], classes


def relu_loss(point: Any, x: Any, y: Any) -> Any:
    import torch

    outputs = torch.relu(point.view(3, 2) @ x)
    return (outputs[0] + outputs[1] - outputs[2] - y).square().sum() / 2


def control(starts: int, draw: Any, device: str) -> str:
    import torch

    from verify.landscape.stationary import Differentiated, search

    sets = 25
    x = torch.randn(sets, 2, 8, generator=draw, dtype=torch.float64).to(device)
    y = torch.randn(sets, 8, generator=draw, dtype=torch.float64).sign().to(device)
    rows = torch.arange(starts, device=device) % sets
    began = torch.randn(starts, 6, generator=draw, dtype=torch.float64).to(device)
    clock = time.process_time()
    found = search(Differentiated(relu_loss, 6, (x, y)), began, rows)
    heights = (found.points.view(-1, 3, 2) @ x[rows]).flatten(1).abs().amin(1)
    inside = found.converged & (heights > 1e-6)
    best = torch.full((sets,), torch.inf, dtype=torch.float64, device=device)
    best.scatter_reduce_(0, rows[found.converged], found.losses[found.converged], "amin")
    bad = inside & (found.losses > best[rows] + 1e-3)
    seconds = time.process_time() - clock
    return (
        f"ReLU control: {starts} starts, {', '.join(f'{n} {what}' for what, n in found.counts().items())}; {int(inside.sum())} "
        f"local minima inside of a cell, {int(bad.sum())} of them bad, on {len(rows[bad].unique())} of {sets} data sets; "
        f"{seconds:.1f} s."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--starts", type=int, default=2500, help="for each line of the table")
    options = parser.parse_args()
    import torch

    torch.set_num_threads(1)
    draw = torch.Generator().manual_seed(0)
    lines = [linear_row(widths, sets, options.starts, draw, options.device) for widths, sets in SIZES]
    print("# Critical points from random starts\n")
    print(
        f"Written by `python benchmarks/stationary_points.py --device {options.device} --starts {options.starts}`, torch "
        f"{torch.__version__}, one thread.  What is measured stands in the script.\n"
    )
    print("| " + " | ".join(HEAD) + " |\n" + "|---" * len(HEAD) + "|")
    for row, _ in lines:
        print("| " + " | ".join(row) + " |")
    print(
        f"\n{sum(n for _, n in lines)} distinct critical points in all, {sum(float(r[-1]) for r, _ in lines):.1f} s.\n"
    )
    print(control(options.starts, draw, options.device))


if __name__ == "__main__":
    main()
