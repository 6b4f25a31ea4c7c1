r"""Exact questions about networks of one variable, beside Z3 on the same questions.

    python benchmarks/piecewise.py > benchmarks/piecewise.md

Asked: is $0 \le f_m(x) - x^2 \le 4^{-(m+1)}$ on [0, 1] for the network $f_m$ with $2^m$ pieces.  Z3 gets the formula
$x - \sum_s g_s(x)/4^s$ with the sawtooths g_s, which is easier for it than the layers of the network without skip
connections, in a process of its own that is killed after a minute; its own time limit would overshoot. All times are
processor time, of Z3 including its start and import.  They belong to the machine; the ratios say more.
"""

from __future__ import annotations

import multiprocessing
import os
import platform
import resource
import sys
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

LIMIT = 60  # seconds of processor time for Z3
PATIENCE = 900  # seconds, should the machine be busy
Result = Any


def least(work: Callable[[], Result], repetitions: int = 3) -> tuple[float, Result]:
    """The least time, and the result."""
    times = []
    for _ in range(repetitions):
        started = time.process_time()
        result = work()
        times.append(time.process_time() - started)
    return min(times), result


def ask_z3(m: int, answers: Any) -> None:
    """Is there an x in [0, 1] where the error leaves its range?"""
    resource.setrlimit(resource.RLIMIT_CPU, (LIMIT, LIMIT))  # the kernel of the system kills it
    import z3

    def relu(t: Any) -> Any:
        return z3.If(t >= 0, t, 0)

    x = z3.Real("x")
    tooth = network = x
    for s in range(1, m + 1):
        tooth = 2 * relu(tooth) - 4 * relu(tooth - z3.Q(1, 2)) + 2 * relu(tooth - 1)
        network = network - tooth / 4**s
    solver = z3.Solver()
    solver.add(x >= 0, x <= 1, z3.Or(network - x * x < 0, network - x * x > z3.Q(1, 4 ** (m + 1))))
    answers.put(str(solver.check()))


def z3_seconds(m: int) -> tuple[float, str]:
    answers: Any = multiprocessing.get_context("spawn").SimpleQueue()
    process = multiprocessing.get_context("spawn").Process(target=ask_z3, args=(m, answers))
    before = children()
    process.start()
    process.join(PATIENCE)
    process.kill()
    process.join()
    answer = "no answer" if answers.empty() else {"unsat": "holds", "sat": "fails"}.get(answers.get(), "unknown")
    return children() - before, answer


def children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def square_networks() -> Iterator[str]:
    from verify.kernel import FORMAT, check
    from verify.networks import PiecewiseAffine, SupDistance, square, sup_distance

    yield "| m | pieces | sup error found in s | it is | checked in s | Z3 in s | Z3 says | Z3 / found and checked |"
    yield "|---:|---:|---:|---|---:|---:|---|---:|"
    for m in (4, 6, 8, 9, 10, 12, 14):
        network = square(m)
        found, error = least(lambda n=network: sup_distance(PiecewiseAffine.of(n, (0, 1)), [0, 0, 1]))  # type: ignore[misc]
        question = SupDistance(network, [0, 0, 1], (0, 1), exactly=error.value)
        kind, witness = question.answer()
        document = {"format": FORMAT, "kind": kind, "statement": question.statement(), "witness": witness}
        checked, accepted = least(lambda d=document: check(d))  # type: ignore[misc]
        if not accepted.holds or error.value != Fraction(1, 4 ** (m + 1)):
            raise AssertionError(f"the error of m = {m} is not 4^-(m + 1)")
        row = f"| {m} | {2**m} | {found:.3f} | 4^-{m + 1} | {checked:.3f} |"
        if m > 12:
            yield f"{row} | | |"
            continue
        seconds, answer = z3_seconds(m)
        shown, ratio = f"{seconds:.1f}", f"{seconds / (found + checked):.0f}"
        yield f"{row} {shown} | {answer} | {'> ' if answer == 'no answer' else ''}{ratio} |"


def compositions() -> Iterator[str]:
    """The function with slopes 1, -1, 1/2, -1/2 after itself: three units a layer, four to the layers pieces."""
    from verify.networks import Network, PiecewiseAffine, affine, compose

    four = Network.of([([[1], [1], [-1]], [0, -1, 5]), ([[-2, "3/2", -1]], [0])])
    rescaled = compose(four, affine([[1000]], [5500]))
    step, network, function = PiecewiseAffine.of(rescaled), four, PiecewiseAffine.of(four)
    yield "\n| layers of width 3 | pieces on the line | from the network in s | by composing functions in s |"
    yield "|---:|---:|---:|---:|"
    for layers in range(2, 8):
        network = compose(rescaled, network)
        walked, whole = least(lambda n=network: PiecewiseAffine.of(n))  # type: ignore[misc]
        composed, function = least(lambda f=function: step.after(f))  # type: ignore[misc]
        if whole != function or whole.pieces != 4**layers:
            raise AssertionError("the two ways differ")
        yield f"| {layers} | {whole.pieces} | {walked:.3f} | {composed:.3f} |"


def other_polynomials() -> Iterator[str]:
    from verify.networks import PiecewiseAffine, square, sup_distance

    f = PiecewiseAffine.of(square(14), (0, 1))
    yield "\n| distance of the 16384 pieces from | at least | at most | in s |\n|---|---:|---:|---:|"
    for name, polynomial in (
        ("x", [0, 1]),
        ("x^2", [0, 0, 1]),
        ("x^3", [0, 0, 0, 1]),
        ("x^6 - x/7", [0, "-1/7", 0, 0, 0, 0, 1]),
    ):
        seconds, error = least(lambda p=polynomial: sup_distance(f, p), 2)  # type: ignore[misc]
        yield f"| {name} | {float(error.value):.9g} | {float(error.upper):.9g} | {seconds:.2f} |"


def main() -> None:
    print("# Networks of one variable\n")
    about = (
        f"Python {platform.python_version()}, {os.cpu_count()} cores, seconds of processor time, least of three runs; "
    )
    about += f"Z3 once, killed after {LIMIT} s"
    print(f"Written by `python benchmarks/piecewise.py` on {platform.machine()}: {about}.\n")
    for part in (square_networks(), compositions(), other_polynomials()):
        for line in part:
            print(line, flush=True)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
