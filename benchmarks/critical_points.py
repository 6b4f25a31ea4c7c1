r"""Critical points of deep linear networks: all types, proved, beside SymPy's Groebner basis of the gradient; random saddles.

    python -m benchmarks.critical_points [--limit 60] [--saddles 400]

Every row is computed by each program in a process of its own, which is killed at the limit; wall-clock seconds from its start to
its end, imports included, the least of two (of one, where the limit was reached).  The data are the same: X = I, and targets with
different rational singular values.  The Groebner basis is of the ideal of all derivatives, in the order grevlex; it would
be a beginning of what is proved in the other column.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

Json = Any

TARGETS = {
    "1,1,1": [[2]],
    "1,1,1,1": [[2]],
    "2,1,2": [[2, 1], [1, 2]],
    "2,2,2": [[2, 1], [1, 2]],
    "2,1,1,2": [[2, 1], [1, 2]],
    "3,2,3": [[2, 1, 0], [1, 2, 0], [0, 0, 2]],
    "2,2,2,2": [[2, 1], [1, 2]],
}  # by widths; the last two are (dx, dy, h, depth) = (3, 3, 2, 2) and (2, 2, 2, 3)


def network_of(name: str) -> Any:
    from verify.landscape import DeepLinear

    widths = list(map(int, name.split(",")))
    eye = [[int(i == j) for j in range(widths[0])] for i in range(widths[0])]
    return DeepLinear.of(eye, TARGETS[name], hidden=tuple(widths[1:-1]))


def classified(name: str) -> Json:
    """One point of every type, with its certificate, which the kernel decides."""
    from verify.kernel import FORMAT, check
    from verify.landscape import classify, critical_points

    network, words, sets = network_of(name), Counter[str](), set()
    for point in critical_points(network):
        question = classify(network, point.weights)
        kind, witness = question.answer()
        document = {"format": FORMAT, "kind": kind, "statement": question.statement(), "witness": witness}
        assert check(document).holds, point
        words[question.says] += 1
        sets.add(point.kept)
    return {"types": sum(words.values()), "products": len(sets), "words": dict(words)}


def groebner(name: str) -> Json:
    """The number of elements of the Groebner basis."""
    import sympy

    network = network_of(name)
    layers = [
        sympy.Matrix(b, a, lambda i, j, k=k: sympy.Symbol(f"w{k}_{i}{j}"))  # type: ignore[misc]
        for k, (a, b) in enumerate(pairwise(network.widths), start=1)
    ]
    product = layers[0]
    for layer in layers[1:]:
        product = layer * product
    unknowns = [entry for layer in layers for entry in layer]
    loss = sympy.expand(sum(entry**2 for entry in product - sympy.Matrix(TARGETS[name])) / 2)
    basis = sympy.groebner([sympy.diff(loss, w) for w in unknowns], *unknowns, order="grevlex")
    return {"unknowns": len(unknowns), "elements": len(basis.exprs)}


def saddles(count: str) -> Json:
    """Processor seconds for drawing random critical points, finding curves, and checking them."""
    from verify.kernel import FORMAT, canonical, check
    from verify.landscape import CriticalPoint, random_saddle

    spent, orders, sizes = [0.0, 0.0, 0.0], Counter[str](), []
    for seed in range(int(count)):
        started = time.process_time()
        question = CriticalPoint(*random_saddle(seed), says="saddle")
        statement = question.statement()
        drawn = time.process_time()
        kind, witness = question.answer()
        found = time.process_time()
        document = {"format": FORMAT, "kind": kind, "statement": statement, "witness": witness}
        accepted = check(document)
        spent = [
            a + b for a, b in zip(spent, (drawn - started, found - drawn, time.process_time() - found), strict=True)
        ]
        if accepted.holds:
            facts = dict(accepted.facts)
            orders[f"depth {question.network.depth}, order {facts['order of descent']}"] += 1
        sizes.append(len(canonical(document)))
    largest, mean = max(sizes), sum(sizes) // len(sizes)
    return {
        "seconds": spent,
        "certified": sum(orders.values()),
        "orders": dict(orders),
        "largest": largest,
        "mean": mean,
    }


def in_process(work: str, argument: str, limit: float, times: int = 2) -> tuple[float, Json]:
    """The least wall-clock time of some runs in fresh processes and the last result; None if one is killed at the limit."""
    least, result = float("inf"), None
    for _ in range(times):
        started = time.monotonic()
        command = [sys.executable, "-m", "benchmarks.critical_points", "--work", work, argument]
        try:
            run = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=True)
        except subprocess.TimeoutExpired:
            return time.monotonic() - started, None
        least, result = min(least, time.monotonic() - started), json.loads(run.stdout)
    return least, result


def compared(name: str, limit: float) -> str:
    ours, found = in_process("classified", name, limit)
    theirs, basis = in_process("groebner", name, limit)
    words = ", ".join(f"{word}: {count}" for word, count in sorted(found["words"].items()))
    shown = f"stopped at {limit:g} |" if basis is None else f"{theirs:.2f} | {basis['elements']}"
    line = f"| {name.replace(',', ', ')} | {found['products']} | {found['types']} | {words} | {ours:.2f} | {shown} |"
    print(line, flush=True)
    return line


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--limit", type=float, default=60.0)
    parser.add_argument("--saddles", type=int, default=400)
    parser.add_argument("--work", nargs=2)
    chosen = parser.parse_args()
    if chosen.work:
        work, argument = chosen.work
        print(json.dumps({"classified": classified, "groebner": groebner, "saddles": saddles}[work](argument)))
        return
    lines = [compared(name, chosen.limit) for name in TARGETS]
    runs = [in_process("saddles", str(chosen.saddles), 600, times=1) for _ in range(2)]
    wall, found = min(runs, key=lambda run: run[0])
    drawn, searched, checked = found["seconds"]
    orders = "; ".join(f"{name}: {count}" for name, count in sorted(found["orders"].items()))
    text = f"""# Critical points of deep linear networks

Written by `python -m benchmarks.critical_points` on {platform.machine()}, Python {platform.python_version()}, with a limit of {chosen.limit:g} s.

Wall-clock seconds of whole processes, imports included, the least of two; the machine may be shared. X = I; a type is what
`verify.landscape.critical_points` lists, and one point of each is proved to be what the fourth column says.

| widths | products | types | proved | seconds | SymPy's Groebner basis, seconds | its elements |
|---|---:|---:|---|---:|---:|---:|
{chr(10).join(lines)}

The widths 3, 2, 3 and 2, 2, 2, 2 are (dx, dy, h, depth) = (3, 3, 2, 2) and (2, 2, 2, 3).

## Random saddles

{found["certified"]} of {chosen.saddles} certified: {wall:.1f} s in all on one thread; of the processor {drawn:.2f} s for drawing them, {searched:.2f} s
for finding the curves (the import of numpy included) and {checked:.2f} s for the kernel. A certificate has {found["mean"]} bytes
on average, at most {found["largest"]}. Orders of descent: {orders}.
"""
    Path(__file__).with_suffix(".md").write_text(text)


if __name__ == "__main__":
    main()
