r"""Cells and linear regions of networks beside ``parx`` 0.1.3, and where an enumeration in floating point goes wrong.

    python benchmarks/regions.py PYTHON > benchmarks/regions.md

PYTHON is the interpreter of an environment of its own with ``pip install parx==0.1.3``.  Of parx, the method
``exact_python`` runs; its import asks for Julia, for which this script puts two stubs on the path.  All times are those
of the processor, in one thread, ours the least of two, so that other work on the machine matters little; the ratios say
more than the times.
"""

from __future__ import annotations

import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from verify.kernel.certificate import FORMAT, canonical, check
from verify.networks.cells import Cells
from verify.networks.domain import whole_space
from verify.networks.network import Network

Json = Any
GENERIC = [(8,), (4, 4), (6, 6), (8, 8), (4, 4, 4), (6, 6, 6), (8, 8, 8), (16, 16)]
LARGE = [(446,), (32, 32, 32), (64, 64), (64, 64, 64)]

PEER = r"""
import json, sys, time
import numpy, torch
from parx import compute_partition
for layers in json.load(sys.stdin):
    state = {}
    for k, (weights, biases) in enumerate(layers):
        state[f"{2 * k}.weight"] = torch.tensor(weights, dtype=torch.float64)
        state[f"{2 * k}.bias"] = torch.tensor(biases, dtype=torch.float64)
    start = numpy.random.default_rng(0).uniform(-1, 1, size=(50, len(layers[0][0][0])))
    begun = time.process_time()
    try:
        found = len(compute_partition(state, start, method="exact_python"))
    except Exception as problem:
        found = type(problem).__name__
    print(json.dumps([found, time.process_time() - begun]), file=sys.__stdout__, flush=True)
"""


def generic(widths: tuple[int, ...], source: random.Random, dimension: int = 2) -> Network:
    """Random weights and biases, of which all are binary fractions with four digits after the point."""
    layers = []
    for width in widths:
        rows = [[Fraction(source.randint(-48, 48), 16) for _ in range(dimension)] for _ in range(width)]
        layers.append((rows, [Fraction(source.randint(-32, 32), 16) for _ in range(width)]))
        dimension = width
    return Network.of([*layers, ([[Fraction(source.randint(-36, 36), 4) for _ in range(dimension)]], [Fraction(0)])])


def degenerate() -> Iterator[tuple[str, Network, int, int, str]]:
    """What it is, the network, its cells and regions on the plane, and why."""
    plus = [[1, 0], [0, 1], [1, 1]]
    for digits in (3, 8, 12):
        strip = Network.of([(plus, [0, 0, -Fraction(1, 10**digits)]), ([[1, 1, 1]], [0])])
        yield f"lines x = 0, y = 0, x + y = 1e-{digits}", strip, 7, 7, "three lines in general position: 1 + 3 + 3"
    three = Network.of([(plus, [0, 0, 0]), ([[1, 1, 1]], [0])])
    yield "three lines through one point", three, 6, 6, "six sectors"
    near = Network.of([([[1, 0], [1, 0]], [0, -Fraction(1, 10**12)]), ([[1, 1]], [0])])
    yield "parallel lines x = 0, x = 1e-12", near, 3, 3, "a strip and two half planes"
    twice = Network.of([([[1, 0], [1, 0], [2, 0], [0, 1]], [0, 0, 0, 0]), ([[1, 1, 1, 1]], [0])])
    yield "the line x = 0 three times, y = 0 once", twice, 4, 4, "four quadrants"
    dead = Network.of([([[1, 0], [0, 0], [0, 1]], [0, -1, 0]), ([[1, 1, 1]], [0])])
    yield "a dead unit ReLU(-1)", dead, 4, 4, "four quadrants"
    alive = Network.of([([[1, 0], [0, 0], [0, 1]], [0, 0, 0]), ([[1, 1, 1]], [0])])
    yield "a unit ReLU(0)", alive, 4, 4, "four quadrants; a unit that is 0 is inactive"
    linear = Network.of([([[1, 0], [-1, 0]], [0, 0]), ([[1, -1]], [0])])
    yield "ReLU(x) - ReLU(-x)", linear, 2, 1, "two half planes, and the map is x on both"
    modulus = Network.of([([[1, 0], [-1, 0]], [0, 0]), ([[1, 1]], [0])])
    yield "ReLU(x) + ReLU(-x)", modulus, 2, 2, "two half planes, and the map is abs(x)"
    still = Network.of([([[1, 0]], [0]), ([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    yield "ReLU(h), ReLU(-h) of h = ReLU(x)", still, 2, 2, "both units are identically 0 for x < 0"
    folded = Network.of([([[1, 0], [-1, 0]], [0, 0]), ([[1, 1], [-1, -1]], [-1, 1]), ([[0, 1]], [0])])
    yield (
        "ReLU(1 - abs(x)), beside an unused ReLU(abs(x) - 1)",
        folded,
        4,
        4,
        "strips between -1, 0, 1; 0 is the map on two of them",
    )
    capped = Network.of([([[1, 0], [1, 0]], [0, -1]), ([[1, -1], [1, -1]], [0, -1]), ([[1, 1]], [0])])
    yield "a layer after min(max(x, 0), 1), touching its bound", capped, 3, 3, "ReLU(h - 1) is 0 where h = 1"


def certified(network: Network) -> tuple[int, int, float, float, int]:
    """Cells, regions, seconds of the search and of the check (the least of two), bytes; both on the whole plane."""
    question = Cells(network, whole_space(network.inputs), cells=1, regions=1, most=1_000_000)
    search, (kind, witness) = least(question.answer)
    document = {"format": FORMAT, "kind": kind, "statement": question.statement(), "witness": witness}
    seconds, accepted = least(lambda: check(document))
    facts = dict(accepted.facts)
    return int(facts["cells"]), int(facts["regions"]), search, seconds, len(canonical(document))


def least(work: Callable[[], Any]) -> tuple[float, Any]:
    times = []
    for _ in range(2):
        begun = time.process_time()
        result = work()
        times.append(time.process_time() - begun)
        if times[0] > 20:
            break
    return min(times), result


def peer(python: str, networks: list[Network]) -> list[tuple[Any, float]]:
    """What parx finds, and in how many seconds."""
    data = [
        [[[list(map(float, row)) for row in y.weights], list(map(float, y.bias))] for y in n.layers] for n in networks
    ]
    with tempfile.TemporaryDirectory() as folder:
        stub = Path(folder) / "julia"
        stub.write_text("#!/bin/sh\necho 'julia version 1.10.0'\n")
        stub.chmod(0o755)
        (Path(folder) / "juliacall.py").write_text("class Main:\n    pass\n")
        path = {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": folder, "OMP_NUM_THREADS": "1"}
        environment = {**os.environ, **path, "PYTHON_JULIACALL_HANDLE_SIGNALS": "no"}
        run = subprocess.run(
            [python, "-c", PEER], input=json.dumps(data), capture_output=True, text=True, env=environment, check=False
        )
    if run.returncode:
        sys.exit(f"parx does not run in {python}: {run.stderr[-2000:]}")
    return [tuple(json.loads(line)) for line in run.stdout.splitlines() if line.startswith("[")]


def clipped(network: Network) -> int:
    """The number of cells in a large box by the oracle of the tests."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from tests.networks.polygons import polygons

    return len(polygons(network.json(), [[str(-(10**8)), str(10**8)]] * 2))


def tables(python: str) -> Iterator[str]:
    source = random.Random(0)
    yield "All times in seconds of the processor, one thread; the search finds cells, regions and the certificate.\n"
    yield "Clipping is the oracle of the tests: exact polygons in a box of half side 1e8, whose areas add up.\n"
    yield "## Generic networks on the plane\n"
    yield "| widths | cells | clipping | parx | regions | parx s | search s | ratio | check s | certificate kB |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
    for widths in GENERIC:
        network = generic(widths, source)
        ((theirs, seconds),) = peer(python, [network])
        cells, regions, search, checked, size = certified(network)
        name, ratio = ", ".join(map(str, widths)), seconds / search
        exact = clipped(network)
        yield (
            f"| {name} | {cells} | {exact} | {theirs}{'' if theirs == exact else ' (wrong)'} | {regions} | {seconds:.2f} | {search:.3f} | {ratio:.0f} | {checked:.3f} "
            f"| {size / 1000:.1f} |"
        )
    yield "\n## Degenerate networks on the plane\n"
    yield "| network | cells | ours | parx | regions | ours | why |\n|---|---:|---:|---:|---:|---:|---|"
    cases = list(degenerate())
    found = peer(python, [network for _, network, *_ in cases])
    for (name, network, cells, regions, why), (theirs, _) in zip(cases, found, strict=True):
        ours, merged, *_ = certified(network)
        wrong = "" if theirs in (cells, regions) else " (neither)"
        yield f"| {name} | {cells} | {ours} | {theirs}{wrong} | {regions} | {merged} | {why} |"
        assert (ours, merged) == (cells, regions)
    yield "\n## Large networks on the plane, and some dimensions\n"
    yield "| inputs | widths | cells | regions | search s | check s | certificate MB |\n|---:|---|---:|---:|---:|---:|---:|"
    more = [(2, widths) for widths in LARGE] + [
        (1, (32, 32, 32)),
        (3, (12, 12)),
        (3, (24, 24)),
        (4, (8, 8)),
        (5, (6, 6)),
    ]
    for dimension, widths in more:
        cells, regions, search, checked, size = certified(generic(widths, source, dimension))
        name = ", ".join(map(str, widths))
        yield f"| {dimension} | {name} | {cells} | {regions} | {search:.1f} | {checked:.1f} | {size / 1e6:.2f} |"


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit("usage: python benchmarks/regions.py PYTHON, the interpreter of an environment with parx 0.1.3")
    print("# Cells and linear regions beside parx 0.1.3\n")
    machine = {"python": platform.python_version(), "processors": os.cpu_count()}
    print(f"Written by `python benchmarks/regions.py PYTHON` on {platform.machine()}, {json.dumps(machine)}.\n")
    for line in tables(sys.argv[1]):
        print(line, flush=True)


if __name__ == "__main__":
    main()
