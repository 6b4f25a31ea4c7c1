r"""The exact search beside SCIP's mixed-integer programs and beside the theorem's own algorithm, on the same instances.

    python benchmarks/erm_solvers.py [--limit 20] > benchmarks/erm_solvers.md

SCIP (``pip install pyscipopt``) gets the same reduced, whitened data: for each of the w + 1 numbers of positive signs one
program with binary activations, either as indicator constraints (exact) or with |u| <= 20 and big-M (which cuts off steep
networks), each with the best value found so far as a limit on the objective; default settings, one thread.  ``--limit``
bounds the seconds of each of the two modes on each instance; a time-out counts as the limit, so that its ratio is a lower bound.
The better mode counts.

Ours is end to end: reduction, enumeration of all dichotomies, a search of 150 nodes without an incumbent, and where that
does not finish, 30 starts of the heuristic and the whole search; numba's functions are compiled before.  The value that
others are measured by is ``exact_erm``'s, untimed, a rational number whose certificate the kernel has accepted, where a
column says so.

All times are seconds of the processor, ours the least of two runs.
"""

from __future__ import annotations

import argparse
import platform
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np

from verify.training.data import TrainingData
from verify.training.erm import exact_erm
from verify.training.heuristic import heuristic
from verify.training.literal import Program, few_cells, literal_erm
from verify.training.problem import Problem
from verify.training.search import Nodes, search

GENERIC = [
    (1, 1, 20), (1, 1, 50), (1, 2, 20), (1, 2, 30), (1, 3, 15), (1, 3, 20), (1, 4, 12), (2, 1, 20), (2, 1, 50),
    (2, 2, 15), (2, 2, 20), (2, 2, 30), (2, 3, 12), (3, 1, 30), (3, 2, 15),
]  # fmt: skip
EASY = 150  # nodes of a search without an incumbent; the heuristic's starts cost more than that
BOX = 20.0  # bounds of the weights in big-M mode, in whitened units


@dataclass(frozen=True)
class Instance:
    """Points and labels are integers."""

    name: str
    width: int
    points: list[list[int]]
    labels: list[int]

    @property
    def data(self) -> TrainingData:
        return TrainingData.of(self.points, self.labels)


def labelled(kind: str, points: int, dimension: int, width: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Points and labels in thousandths: labels of a network of the width with 10% noise ("planted"), or mere noise."""
    source = np.random.default_rng(seed)
    x = source.standard_normal((points, dimension)) if dimension > 1 else source.uniform(-2, 2, (points, 1))
    if kind == "noise":
        y = source.standard_normal(points)
    else:
        a = source.standard_normal((width, dimension))
        a /= np.linalg.norm(a, axis=1, keepdims=True)
        b = source.uniform(-1, 1, width)
        outer = np.where(np.arange(width) % 2 == 0, 1, -1) * source.uniform(1, 2, width)
        f = (np.maximum(x @ a.T + b, 0) * outer).sum(1)
        y = f + 0.1 * f.std() * source.standard_normal(points)
    return np.round(x * 1000).astype(int), np.round(y * 1000).astype(int)


def instances() -> Iterator[Instance]:
    for n, w, count in GENERIC:
        for kind in ("planted", "noise"):
            x, y = labelled(kind, count, n, w)
            yield Instance(f"{kind} ({n}, {w}, {count})", w, x.tolist(), y.tolist())
    source = random.Random(0)

    def noise(count: int) -> list[int]:
        return [source.randint(-2000, 2000) for _ in range(count)]

    line, plane = labelled("noise", 10, 1, 2)[0].tolist(), labelled("noise", 10, 2, 2)[0].tolist()
    grid = [[a, b] for a in range(4) for b in range(4)]
    cube = [list(bits) for bits in product((0, 1), repeat=3)]
    circle = [[3, 4], [4, 3], [5, 0], [0, 5], [-3, 4], [-4, 3], [-5, 0], [0, -5], [3, -4], [4, -3], [-3, -4], [-4, -3]]
    yield Instance("each of 10 points on a line twice, labels differ", 2, line * 2, noise(20))
    yield Instance("each of 10 points of the plane twice, labels differ", 2, plane * 2, noise(20))
    yield Instance("20 points on a line in the plane", 2, [[t, 2 * t + 1] for t in range(-10, 10)], noise(20))
    yield Instance("16 points on a line in space, 3 units", 3, [[t * t, 0, 1 - t * t] for t in range(1, 17)], noise(16))
    yield Instance("4 by 4 grid, 1 unit", 1, grid, noise(16))
    yield Instance("4 by 4 grid, 2 units", 2, grid, noise(16))
    yield Instance("cube, parity, 1 unit", 1, cube, [sum(v) % 2 for v in cube])
    yield Instance("cube, parity, 2 units", 2, cube, [sum(v) % 2 for v in cube])
    yield Instance("12 points on a circle, 2 units", 2, circle, noise(12))
    yield Instance("12 points on a circle, alternating labels, 2 units", 2, circle, [1, -1] * 6)


def timed(work: Callable[[], Any], repeat: int = 2) -> tuple[float, Any]:
    best, found = float("inf"), None
    for _ in range(repeat):
        begun = time.process_time()
        found = work()
        best = min(best, time.process_time() - begun)
    return best, found


def ours(instance: Instance) -> tuple[Problem, float]:
    """The float problem and its minimum in the problem's own units."""
    problem = instance.data.problem(instance.width)
    trial = search(problem, Nodes.root(problem), 2.0, node_limit=EASY)  # the labels' weighted squares sum to 1
    if not len(trial.remaining):
        return problem, trial.upper
    upper, _, _ = heuristic(problem, starts=30, seed=0)
    return problem, search(problem, Nodes.root(problem), min(upper, trial.upper), node_limit=10**9).upper


def exact(instance: Instance, problem: Problem) -> Fraction | None:
    """The certified minimum in the units of the float problem; None where certifying takes over a minute."""
    value = exact_erm(instance.points, instance.labels, instance.width, seconds=60).value
    if not isinstance(value, Fraction):
        return None
    reduced = instance.data.reduced
    return (value - reduced.constant) * reduced.scale / Fraction(problem.scale) ** 2


def program(problem: Problem, positive: int, *, big_m: bool) -> Any:
    """SCIP's model for networks of which the first ``positive`` units have sign +1."""
    from pyscipopt import Model, quicksum

    z, w, (count, d) = problem.features, problem.width, problem.features.shape
    model = Model()
    model.hideOutput()
    model.setParam("parallel/maxnthreads", 1)
    model.setParam("timing/clocktype", 1)
    signs = [1] * positive + [-1] * (w - positive)
    box = BOX if big_m else None
    u = [[model.addVar(lb=-box if box else None, ub=box) for _ in range(d)] for _ in range(w)]
    h = [[model.addVar(lb=0) for _ in range(count)] for _ in range(w)]
    for k in range(w):
        for i in range(count):
            inner, on = quicksum(float(z[i, a]) * u[k][a] for a in range(d)), model.addVar(vtype="B")
            model.addCons(h[k][i] >= inner)
            if big_m:
                most = BOX * float(np.abs(z[i]).sum())
                model.addCons(h[k][i] <= inner + most * (1 - on))
                model.addCons(h[k][i] <= most * on)
            else:
                model.addConsIndicator(h[k][i] <= inner, binvar=on)
                model.addConsIndicator(h[k][i] <= 0, binvar=on, activeone=False)
        if k and signs[k] == signs[k - 1]:
            model.addCons(u[k - 1][0] >= u[k][0])
    r = [model.addVar(lb=None) for _ in range(count)]
    for i in range(count):
        model.addCons(quicksum(signs[k] * h[k][i] for k in range(w)) - float(problem.labels[i]) == r[i])
    loss = model.addVar(lb=0)
    model.addCons(quicksum(float(problem.multiplicities[i]) * r[i] * r[i] for i in range(count)) <= loss)
    model.setObjective(loss, "minimize")
    return model


def scip(problem: Problem, limit: float, *, big_m: bool) -> tuple[float, bool, float]:
    """Seconds, whether all programs were solved, and the best value."""
    begun, best, done = time.process_time(), float("inf"), True
    for positive in sorted(range(problem.width + 1), key=lambda k: abs(k - problem.width / 2)):
        left = limit - (time.process_time() - begun)
        if left < 0.1:
            done = False
            break
        model = program(problem, positive, big_m=big_m)
        model.setParam("limits/time", left)
        if best < float("inf"):
            model.setObjlimit(best * (1 + 1e-6) + 1e-9)
        model.optimize()
        done = done and model.getStatus() in ("optimal", "infeasible", "gaplimit")
        if model.getNSols():
            best = min(best, model.getObjVal())
        model.freeProb()
    spent = time.process_time() - begun
    return (spent if done else max(limit, spent)), done, best


def show(line: str) -> None:
    print(line, flush=True)


def against_scip(limit: float) -> None:
    show(
        "| instance (n, w, D) | cells | ours s | certified | indicator s | big-M s | value, indicator | value, big-M | ratio |"
    )
    show("|---|---:|---:|---|---:|---:|---:|---:|---:|")
    rows = []
    for instance in instances():
        seconds, (problem, upper) = timed(lambda instance=instance: ours(instance))
        proved = exact(instance, problem)
        modes = [scip(problem, limit, big_m=big_m) for big_m in (False, True)]
        reference = upper if proved is None else float(proved)
        better = min(mode[0] for mode in modes)
        solved = any(mode[1] for mode in modes)
        rows.append((better / seconds, better >= 10 or not solved, solved))
        times = " | ".join(f"{mode[0]:.2f}" if mode[1] else f"> {limit:g}" for mode in modes)
        values = " | ".join(relative(mode[2], reference) for mode in modes)
        sure = "yes" if proved is not None and abs(float(proved) - upper) <= 1e-9 else "no"
        bound = "" if solved else "> "
        show(
            f"| {instance.name} | {len(problem.cells)} | {seconds:.3f} | {sure} | {times} | {values} | {bound}{better / seconds:.0f} |"
        )
    ratios = [row[0] for row in rows]
    hard = [row[0] for row in rows if row[1]]
    show(f"\n{len(rows)} instances, {sum(row[2] for row in rows)} of them solved by SCIP in one mode at least. Ratio of the "
         f"better mode's time to ours: least {min(ratios):.1f}, median {statistics.median(ratios):.0f}. On the {len(hard)} where "
         f"SCIP takes 10 s or runs into the limit: least {min(hard):.0f}, median {statistics.median(hard):.0f}.")  # fmt: skip


def relative(value: float, reference: float) -> str:
    """Their value minus the minimum, relative to it; absolute where the minimum is below 1e-9 of the labels' squares."""
    if value == float("inf"):
        return "none"
    return f"{value:.1e} abs." if reference < 1e-9 else f"{(value - reference) / reference:+.1e}"


def against_literal() -> None:
    show("| kind (n, w, D) | programs | literal s | how | difference | ours s | ratio |")
    show("|---|---:|---:|---|---:|---:|---:|")
    for n, w, count in [(1, 2, 10), (2, 2, 5), (1, 3, 5), (1, 2, 50), (1, 3, 20), (2, 2, 10), (2, 2, 20), (2, 3, 12)]:
        for kind in ("planted", "noise"):
            x, y = labelled(kind, count, n, w)
            instance = Instance(kind, w, x.tolist(), y.tolist())
            seconds, (problem, upper) = timed(lambda instance=instance: ours(instance))
            if (2 * (len(problem.cells) + 1)) ** w <= 10_000:
                spent, found = timed(lambda i=instance: literal_erm(i.points, i.labels, i.width), repeat=1)
                reached = instance.data.reduced
                value = upper * problem.scale**2 / float(reached.scale) + float(reached.constant)
                number, how, gap = found.programs, "run", f"{abs(found.value - value) / max(value, 1e-9):.0e}"
            else:
                number, spent = sampled(instance)
                how, gap = "200 sampled", ""
            show(
                f"| {kind} ({n}, {w}, {count}) | {number} | {spent:.3g} | {how} | {gap} | {seconds:.3f} | {spent / seconds:.3g} |"
            )


def sampled(instance: Instance, count: int = 200) -> tuple[int, float]:
    """How many programs the literal algorithm has, and the seconds they take if all are like ``count`` random ones."""
    cells = few_cells(instance.data, instance.width, 10**15)
    source, convex = random.Random(0), Program.of(instance.data, instance.width)
    signs = list(product((1.0, -1.0), repeat=instance.width))
    chosen = [(source.choice(signs), tuple(source.choices(cells, k=instance.width))) for _ in range(count + 1)]
    convex.value(*chosen[0])  # compiles
    seconds, _ = timed(lambda: [convex.value(*one) for one in chosen[1:]], repeat=1)
    number = (2 * len(cells)) ** instance.width
    return number, seconds / count * number


def main() -> None:
    import pyscipopt

    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--limit", type=float, default=20.0, help="seconds for SCIP in each mode on each instance")
    options.add_argument("--without", choices=["scip", "literal"], action="append", default=[])
    chosen = options.parse_args()
    x, y = labelled("noise", 8, 1, 2)
    ours(Instance("", 2, x.tolist(), y.tolist()))  # compiles
    version = pyscipopt.Model().version()
    show(f"# Exact minima of training problems: ours beside SCIP {version} and the literal algorithm\n")
    show(f"Written by `python benchmarks/erm_solvers.py --limit {chosen.limit:g}` on {platform.machine()}, Python {platform.python_version()}. "
         "What is measured stands in the script.\n")  # fmt: skip
    if "scip" not in chosen.without:
        show(f"## SCIP, {chosen.limit:g} s for each mode\n\nValues: what SCIP reports minus the minimum, relative to it. "
             "\"certified\": the minimum is a rational number whose certificate the kernel accepted.\n")  # fmt: skip
        against_scip(chosen.limit)
    if "literal" not in chosen.without:
        show("\n## The literal algorithm: one convex program for each choice of signs and cells, by cvxpy and Clarabel\n\n"
             "\"run\": to the end, with the difference of the values; otherwise the time of 200 random programs times their number.\n")  # fmt: skip
        against_literal()
    print("done", file=sys.stderr)


if __name__ == "__main__":
    main()
