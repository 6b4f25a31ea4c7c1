r"""Theorems about matrices of all dimensions: how long their proofs take to find and to check, and how large they are.

    python benchmarks/trace_identities.py > benchmarks/trace_identities.md

Times are seconds of the processor in one process, the least of two runs, imports not included.
"""

from __future__ import annotations

import json
import platform
import sys
import time
from collections.abc import Callable
from typing import Any

from claims.landscape import kawaguchi_linear_nets
from verify.engines.proof import Unproved, find_proof
from verify.kernel import canonical, check
from verify.theory.environment import problem
from verify.theory.objects import Theorem


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    times, result = [], None
    for _ in range(2):
        started = time.process_time()
        result = work()
        times.append(time.process_time() - started)
    return min(times), result


def row(theorem: Theorem) -> str:
    found, document = timed(lambda: find_proof(problem(theorem)))
    if isinstance(document, Unproved):
        return f"| {theorem.name} | not found | | | |"
    checked, accepted = timed(lambda: check(json.loads(canonical(document))))
    lemmas = len(document["witness"]["lemmas"])
    return (
        f"| {theorem.name} | {found:.2f} | {checked:.3f} | {accepted.steps} | {lemmas} | {len(canonical(document))} |"
    )


def main() -> None:
    goals = [obligation.goal for obligation in kawaguchi_linear_nets.claim.obligations.values()]
    print("# Theorems about matrices of all dimensions\n")
    print(
        f"Written by `python benchmarks/trace_identities.py` on {platform.machine()}, Python {sys.version.split()[0]}.\n"
    )
    print("| theorem of kawaguchi-linear-nets | search, s | kernel, s | steps | lemmas | bytes |")
    print("|---|---:|---:|---:|---:|---:|")
    for goal in goals:
        if isinstance(goal, Theorem):
            print(row(goal), flush=True)


if __name__ == "__main__":
    main()
