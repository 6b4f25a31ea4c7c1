r"""Exact rates of gradient methods: how many are certified without slack, what finding and checking costs, and how large they are.

    python benchmarks/worst_case.py > benchmarks/worst_case.md

Times are seconds of the processor, on one thread, the least of two; the machine may be shared.  They include the reading of
the statement, all semidefinite programs, and every attempt that the kernel refused.  No worst function is given as a hint.
"""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Iterator
from fractions import Fraction as F
from statistics import median
from typing import Any

from verify.errors import Unanswered
from verify.kernel import FORMAT, canonical, check
from verify.optimization import (
    Problem,
    Smooth,
    SmoothConvex,
    SmoothStronglyConvex,
    WorstCase,
    gradient_descent,
    heavy_ball,
)
from verify.optimization import nesterov, sq
from verify.optimization.rates import Rate, prove, worst_case_rate

Json = Any
MU = F(1, 10)


def seconds(work: Callable[[], Any], times: int = 2) -> tuple[float, Any]:
    """The least time of some runs, and the last result."""
    least, result = float("inf"), None
    for _ in range(times):
        started = time.process_time()
        result = work()
        least = min(least, time.process_time() - started)
    return least, result


def descent(n: int, which: Any, length: F, initial: str, performance: str, rate: F) -> Json:
    """Gradient descent from x_0, measured by "values", "distance" or "gradient" to a minimizer, or by the least gradient."""
    problem = Problem()
    f = problem.function(which)
    bounded = performance == "gradients"
    xs = None if bounded else problem.minimizer(f)
    x = gradient_descent(f, problem.point("x0"), [length] * n)
    infimum = problem.infimum(f) if xs is None else f(xs)
    measures: dict[str, Callable[[Any], Any]] = {
        "values": lambda y: f(y) - infimum,
        "gradient": lambda y: sq(f.gradient(y)),
        "distance": lambda y: sq(y - xs),
    }
    least = [sq(f.gradient(y)) for y in x] if bounded else measures[performance](x[-1])
    return WorstCase(problem, performance=least, initial=measures[initial](x[0]), rate=rate).statement()


def contraction(n: int, length: F, measure: str, factor: F) -> Json:
    return descent(n, SmoothStronglyConvex(MU, 1), length, measure, measure, factor ** (2 * n))


def half(n: int) -> F:
    """4 / (N min(4 h - h^2, 4 h - h^3) + 2) for h = 1/2."""
    return F(4) / (n * F(7, 4) + 2)


FAMILIES: dict[str, Callable[[int], Json]] = {
    "convex, h = 1: f(x_N) - f* by distance, 1/(4N + 2)":
        lambda n: descent(n, SmoothConvex(1), F(1), "distance", "values", F(1, 4 * n + 2)),
    "convex, h = 1: gradient by values, 2/(2N + 1)":
        lambda n: descent(n, SmoothConvex(1), F(1), "values", "gradient", F(2, 2 * n + 1)),
    "convex, h = 1: gradient by distance, 1/(N + 1)^2":
        lambda n: descent(n, SmoothConvex(1), F(1), "distance", "gradient", F(1, (n + 1) ** 2)),
    "nonconvex, h = 1: least gradient by values, 4/(3N + 2)":
        lambda n: descent(n, Smooth(1), F(1), "values", "gradients", F(4, 3 * n + 2)),
    "mu = 1/10, h = 1: distance, (9/10)^2N": lambda n: contraction(n, F(1), "distance", F(9, 10)),
    "mu = 1/10, h = 1: values, (9/10)^2N": lambda n: contraction(n, F(1), "values", F(9, 10)),
    "mu = 1/10, h = 1: gradient, (9/10)^2N": lambda n: contraction(n, F(1), "gradient", F(9, 10)),
    "mu = 1/10, h = 20/11: values, (9/11)^2N": lambda n: contraction(n, F(20, 11), "values", F(9, 11)),
    "mu = 1/10, h = 20/11: distance, (9/11)^2N": lambda n: contraction(n, F(20, 11), "distance", F(9, 11)),
}  # fmt: skip
MORE: dict[str, Callable[[int], Json]] = {
    "convex, h = 1/2: f(x_N) - f* by distance, 1/(2N + 2)":
        lambda n: descent(n, SmoothConvex(1), F(1, 2), "distance", "values", F(1, 2 * n + 2)),
    "nonconvex, h = 1/2: least gradient by values, 16/(7N + 8)":
        lambda n: descent(n, Smooth(1), F(1, 2), "values", "gradients", half(n)),
}  # fmt: skip


def certificate(stated: Json, witness: Json) -> Json:
    return {"format": FORMAT, "kind": "worst-case-multipliers", "statement": stated, "witness": witness}


def row(name: str, family: Callable[[int], Json], times: list[float]) -> str:
    found, checks, sizes, exact = [], [], [], 0
    for n in range(1, 11):
        stated = family(n)
        cost, witness = seconds(lambda s=stated: prove(s))  # type: ignore[misc]
        found.append(cost)
        if witness is not None:
            document = certificate(stated, witness)
            took, accepted = seconds(lambda d=document: check(d), 5)  # type: ignore[misc]
            exact += accepted.holds is True
            checks.append(took)
            sizes.append(len(canonical(document)))
    times += found
    return f"| {name} | {exact}/10 | {median(found):.2f} | {max(found):.2f} | {1000 * max(checks):.1f} | {max(sizes)} |"


def certified() -> Iterator[str]:
    times: list[float] = []
    yield "## Stated rates, N = 1, ..., 10, L = 1\n"
    yield "The rate is stated and certified as it is, or not at all. Bytes are those of the whole certificate with its statement."
    yield ""
    yield "| family | without slack | found, median s | longest s | longest check ms | largest bytes |"
    yield "|---|---:|---:|---:|---:|---:|"
    for name, family in FAMILIES.items():
        yield row(name, family, times)
    yield f"\nMedian over these {len(times)}: {median(times):.3f} s, longest {max(times):.2f} s. Two further families:\n"
    yield "| family | without slack | found, median s | longest s | longest check ms | largest bytes |"
    yield "|---|---:|---:|---:|---:|---:|"
    for name, family in MORE.items():
        yield row(name, family, [])


def many_steps() -> Iterator[str]:
    yield "\n## More steps\n"
    yield "| family | N | found s | check ms | bytes |\n|---|---:|---:|---:|---:|"
    names = list(FAMILIES)
    for name in (names[0], names[2], names[3], names[4], names[5]):
        for n in (15, 20, 30):
            stated = FAMILIES[name](n)
            cost, witness = seconds(lambda s=stated: prove(s))  # type: ignore[misc]
            if witness is None:
                yield f"| {name} | {n} | not certified, {cost:.1f} | | |"
                continue
            document = certificate(stated, witness)
            took, _ = seconds(lambda d=document: check(d), 3)  # type: ignore[misc]
            yield f"| {name} | {n} | {cost:.1f} | {1000 * took:.0f} | {len(canonical(document))} |"


def accelerated(n: int) -> Json:
    """At the points where gradients are taken."""
    problem = Problem()
    f = problem.function(SmoothConvex(1))
    xs, x0 = problem.minimizer(f), problem.point("x0")
    y = nesterov(f, x0, 1, [F(k, k + 3) for k in range(n)])[1][-1]
    return WorstCase(problem, performance=f(y) - f(xs), initial=sq(x0 - xs), rate=0).statement()


def heavy(n: int, length: F) -> Json:
    problem = Problem()
    f = problem.function(SmoothConvex(1))
    xs, x0 = problem.minimizer(f), problem.point("x0")
    x = heavy_ball(f, x0, [length] * n, F(1, 2))[-1]
    return WorstCase(problem, performance=f(x) - f(xs), initial=sq(x0 - xs), rate=0).statement()


def unknown() -> Iterator[str]:
    yield "\n## Rates that are not stated\n"
    yield "The rate is an unknown of the exact equations. *Attained*: an instance with exact inner products and values attains it,"
    yield "so that no smaller rate holds (by the interpolation theorem of Taylor, Hendrickx and Glineur). With slack 2^-k the bound"
    yield "is at most 1 + 2^-k times the solver's value, rounded up. Times include the search for the instance.\n"
    yield "| method | N | rate | attained | solver | s |\n|---|---:|---:|---|---:|---:|"
    methods: list[tuple[str, Callable[[int], Json], tuple[int, ...]]] = [
        ("gradient descent, convex, h = 1", FAMILIES[next(iter(FAMILIES))], (1, 5, 10)),
        ("gradient descent, mu = 1/10, distance", FAMILIES["mu = 1/10, h = 1: distance, (9/10)^2N"], (5, 10)),
        ("Nesterov, momentum k/(k + 3), where gradients are taken", accelerated, (1, 2, 3, 4, 5, 6, 8, 10)),
        ("heavy ball, h = 1/2, momentum 1/2", lambda n: heavy(n, F(1, 2)), (1, 2, 3, 5)),
        ("heavy ball, h = 1, momentum 1/2", lambda n: heavy(n, F(1)), (1, 2, 3, 5)),
    ]
    for name, family, steps in methods:
        for n in steps:
            stated = family(n)
            try:
                cost, rate = seconds(lambda s=stated: worst_case_rate(s))  # type: ignore[misc]
                yield line(name, n, rate, cost)
            except Unanswered as reason:
                yield f"| {name} | {n} | {reason} | | | |"


def line(name: str, n: int, rate: Rate, cost: float) -> str:
    shown = str(rate.value) if rate.slack is None else f"{float(rate.value):.10g}, with slack 2^-{rate.slack}"
    return f"| {name} | {n} | {shown} | {'yes' if rate.attained else 'no'} | {rate.solver_value:.12g} | {cost:.2f} |"


def main() -> None:
    print("# Exact rates of worst cases\n")
    print(
        f"Written by `python benchmarks/worst_case.py`, Python {platform.python_version()}, {os.cpu_count()} cores, one thread.\n"
    )
    prove(FAMILIES[next(iter(FAMILIES))](1))  # libraries are loaded
    for part in (certified(), many_steps(), unknown()):
        for text in part:
            print(text, flush=True)


if __name__ == "__main__":
    main()
