r"""Published examples of PEPit 0.5.1 with exact rates, beside PEPit's own answers; and gradient descent with N = 10 steps.

    pip install PEPit==0.5.1 pandas
    python benchmarks/worst_case_pepit.py > benchmarks/worst_case_pepit.md

PEPit calls Clarabel through cvxpy, as this package does (by default it would take SCS where there is no MOSEK).  Both run in one
process, on one thread; times are those of the processor, the least of two, ours with the statement and the search for multipliers
until the kernel has accepted them.  The search for an instance that attains the rate is timed on its own.
"""

from __future__ import annotations

import importlib
import json
import os
import platform
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import fields, replace
from fractions import Fraction
from statistics import median
from typing import Any

from pepit_examples import EXAMPLES, Example

from verify.errors import Unanswered
from verify.kernel.questions import CHECKERS
from verify.optimization import (
    Problem,
    Smooth,
    SmoothConvex,
    SmoothStronglyConvex,
    Tight,
    WorstCase,
    gradient_descent,
    huber,
    on_line,
    quadratic,
    sq,
    tents,
)
from verify.optimization.question import decides
from verify.optimization.rank_one import line_witness
from verify.optimization.rates import prove, refute, worst_case_rate

F = Fraction
Json = Any
STEPS = 10


def least(run: Callable[[], Any], times: int = 2) -> tuple[Any, float]:
    """What it returns, and the least processor time."""
    found, seconds = None, []
    for _ in range(times):
        begun = time.process_time()
        found = run()
        seconds.append(time.process_time() - begun)
    return found, min(seconds)


def solver() -> Any:
    """PEPit, with Clarabel for every problem."""
    import PEPit

    original = PEPit.PEP.solve

    def solve(self: Any, *_: Any, **options: Any) -> float:
        return float(original(self, **{**options, "wrapper": "cvxpy", "solver": "CLARABEL", "verbose": 0}))

    PEPit.PEP.solve = solve
    return PEPit


# --------------------------------------------------------------------------------------------------------- the examples


def certified(example: Example) -> tuple[WorstCase, Fraction, str, Json]:
    """The question with its rate, the slack in words, and the multipliers: the published rate, if it is proved."""
    asked = example.state(**example.numbers())
    if example.published is not None:
        asked = replace(asked, rate=example.published)
        witness = prove(asked.statement(), asked.hints())
        if witness is not None:
            return asked, example.published, "", witness
    rate = worst_case_rate(asked.statement(), asked.hints())
    slack = "" if rate.slack is None else f"slack 2^-{rate.slack}"
    return replace(asked, rate=rate.value), rate.value, slack, rate.witness


def attained(asked: WorstCase) -> str:
    """By what the rate is attained: an explicit function, or a Gram matrix with what is cited then."""
    parts = {field.name: getattr(asked, field.name) for field in fields(asked)}
    tight = Tight(parts.pop("problem"), **parts)
    stated = tight.statement()
    known = tight.known(stated)
    if known is None:
        gram = refute(stated)
        if gram is None:
            return ""
        explicit = line_witness(stated, gram)
        line = explicit is not None and decides("worst-case-function", stated, explicit)
        known = ("worst-case-function", explicit) if line else ("worst-case-gram", gram)
    kind, witness = known
    if kind == "worst-case-function":
        return "function"
    return "Gram, cited" if CHECKERS[kind].decide(stated, witness).given else "Gram"


def theirs(example: Example) -> float:
    """PEPit's value, of the same parameters in floats."""
    function = getattr(importlib.import_module(example.module), f"wc_{example.name}")
    return float(function(**{name: number(v) for name, v in example.numbers().items()}, verbose=-1)[0])


def number(value: Any) -> Any:
    if isinstance(value, list):
        return [float(F(entry)) for entry in value]
    return float(value) if isinstance(value, Fraction) else value


def row(example: Example) -> tuple[list[str], dict[str, Any]]:
    shown = ", ".join(f"{k}={v}" for k, v in example.parameters.items() if v is not None and v != float("inf"))
    peer, their_seconds = least(lambda: theirs(example))
    try:
        (asked, rate, slack, witness), seconds = least(lambda: certified(example))
    except Unanswered as problem:
        reason = str(problem).split(",")[0]
        return [
            example.name,
            shown,
            "not certified",
            reason,
            "",
            f"{peer:.10g}",
            "",
            "",
            "",
            f"{their_seconds:.2f}",
        ], {}
    finding, check = least(lambda: CHECKERS["worst-case-multipliers"].decide(asked.statement(), witness))
    assert finding.holds
    begun = time.process_time()
    shape, shown_rate = attained(asked), rate
    if not shape and example.published not in (None, rate):
        shape = attained(replace(asked, rate=example.published))
        shown_rate = example.published if shape else rate
    search = time.process_time() - begun
    error = peer - float(shown_rate) if shown_rate == 0 else peer / float(shown_rate) - 1
    below = bool(shape) and peer < shown_rate
    how = shape if rate == shown_rate else f"{slack}; {brief(shown_rate)} by {shape}"
    size = len(json.dumps(witness, separators=(",", ":")))
    cells = [example.name, shown, brief(rate), how or slack or "not shown", f"{peer:.10g}", f"{error:+.1e}"]
    cells += ["**yes**" if below else "no" if shape else ""]
    known = {"exact": bool(shape) and rate == shown_rate, "attained": bool(shape), "below": below, "seconds": seconds}
    return [
        *cells,
        f"{seconds:.2f}",
        f"{1000 * check:.0f}",
        f"{size / 1000:.1f}",
        f"{search:.2f}",
        f"{their_seconds:.2f}",
    ], {
        **known,
        "theirs": their_seconds,
        "check": check,
        "size": size,
    }


def brief(rate: Fraction) -> str:
    text = str(rate)
    return text if len(text) <= 24 else f"{float(rate):.12g}..."


HEAD = [
    *("example", "parameters", "rate, certified", "attained by", "PEPit + Clarabel", "relative error", "false bound"),
    *("s", "check ms", "kB", "attained s", "PEPit s"),
]


LEGEND = """\
"Attained by" names the instance that shows that the rate is exact: a function on the line, or a Gram matrix, which for
smooth functions and quadratics rests on a cited interpolation theorem.  With slack 2^-k the certified rate is a bound, by about
this factor above the solver's value; the published rate, if an instance attains it, stands after it, and the error of
PEPit is relative to that.  Where no instance is named, the error is relative to the certified bound and says little.  For
rate 0 it is absolute.  Descent on quadratics, with an exact line search, with inexact gradients, and its contraction are
stated with their worst function, a quadratic.
"""
DESCENT = """\
The rate and the worst function are stated; ours ends in a proof.  Gap: f(x_N) - f_*; gradient: |f'(x_N)|^2; distance:
|x_N - x_*|^2; each relative to |x_0 - x_*|^2, or at x_0 to what follows "by".  The worst functions attain all rates, so that
a negative error is a false bound.
"""


def table(head: list[str], rows: list[list[str]]) -> None:
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for cells in rows:
        print("| " + " | ".join(cells) + " |")
    print()


def examples() -> None:
    rows, known = [], []
    for example in EXAMPLES:
        cells, found = row(example)
        print(*cells, sep=" | ", file=sys.stderr, flush=True)
        rows.append(cells if found else [*cells[:3], cells[3], cells[5], "", "", "", "", "", "", cells[9]])
        known.append(found)
    found, names = [k for k in known if k], len({(e.part, e.name) for e in EXAMPLES})
    exact, below, shown = (sum(k[name] for k in found) for name in ("exact", "below", "attained"))
    sizes, checks = [k["size"] / 1000 for k in found], [1000 * k["check"] for k in found]
    print(
        f"{len(rows)} cases of {names} examples, {len(found)} of them certified.  {exact} of them are exact: an instance attains them.  Of the {shown} examples in"
    )
    print(f"which a true rate is shown by an instance, PEPit's value is below it, and so no bound, in {below}.")
    print(f"Median time {median(k['seconds'] for k in found):.2f} s beside {median(k['theirs'] for k in found):.2f} s; checking takes "
          f"{median(checks):.0f} ms (at most {max(checks):.0f} ms), certificates have {median(sizes):.1f} kB (at most {max(sizes):.1f} kB).\n")  # fmt: skip
    table(HEAD, rows)


# ------------------------------------------------------------------------------------------------ gradient descent


def measured(f: Any, x0: Any, x: Any, xs: Any, performance: str) -> tuple[Any, Any]:
    """The performance and the initial quantity, in ours or in PEPit's expressions."""
    what, _, by = performance.partition(" by ")
    parts = {
        "gap": lambda y: f(y) - f(xs),
        "distance": lambda y: (y - xs) ** 2,
        "gradient": lambda y: f.gradient(y) ** 2,
    }
    return parts[what](x), parts[by or "distance"](x0)


def ours(which: Any, step: Fraction, performance: str, rate: Fraction, worst: Any) -> tuple[str, Json, Json]:
    problem = Problem()
    f = problem.function(which)
    if performance == "least gradient by gap":
        low = problem.infimum(f)
        x = gradient_descent(f, problem.point("x0"), [step] * STEPS)
        least_gradient = [sq(f.gradient(y)) for y in x]
        question = WorstCase(
            problem, performance=least_gradient, initial=f(x[0]) - low, rate=rate, worst_function=worst
        )
    else:
        xs = problem.minimizer(f)
        x = gradient_descent(f, problem.point("x0"), [step] * STEPS)
        end, start = measured(f, x[0], x[-1], xs, performance)
        question = WorstCase(problem, performance=end, initial=start, rate=rate, worst_function=worst)
    return *question.answer(), question.statement()


def peers(PEPit: Any, which: str, mu: float, step: float, performance: str) -> float:
    """The same worst case in PEPit; of a nonconvex function, with the infimum as a value of its own."""
    from PEPit.functions import SmoothConvexFunction, SmoothFunction, SmoothStronglyConvexFunction

    problem = PEPit.PEP()
    kinds = {"convex": (SmoothConvexFunction, {"L": 1}), "nonconvex": (SmoothFunction, {"L": 1})}
    kind, parameters = kinds.get(which, (SmoothStronglyConvexFunction, {"L": 1, "mu": mu}))
    f = problem.declare_function(kind, **parameters)
    if which == "nonconvex":
        low, x = PEPit.Expression(), problem.set_initial_point()
        for k in range(STEPS + 1):
            g, value = f.oracle(x)
            problem.set_performance_metric(g**2)
            problem.add_constraint(value - low >= g**2 / 2)
            if k == 0:
                problem.set_initial_condition(value - low <= 1)
            x = x - step * g
        return float(problem.solve())
    xs = f.stationary_point()
    x0 = x = problem.set_initial_point()
    for _ in range(STEPS):
        x = x - step * f.gradient(x)
    end, start = measured(f, x0, x, xs, performance)
    problem.set_initial_condition(start <= 1)
    problem.set_performance_metric(end)
    return float(problem.solve())


def families() -> list[tuple[str, Any, Fraction, str, Fraction, Any]]:
    N, one, mu = STEPS, F(1), F(1, 10)
    far = huber(1, F(1, 2 * N + 1))
    tent = on_line(tents(1, 1, N), x0=0)
    convex, strong = SmoothConvex(1), SmoothStronglyConvex(mu, 1)
    flat, slow = on_line(quadratic(mu), x0=1), F(9, 10) ** (2 * N)
    fast, quick = 2 / (1 + mu), F(9, 11) ** (2 * N)
    return [
        ("convex", convex, one, "gap", F(1, 4 * N + 2), on_line(far, x0=1)),
        ("convex", convex, one, "gradient by gap", F(2, 2 * N + 1), on_line(huber(1, F(1, N + 1)), x0=1)),
        ("convex", convex, one, "gradient", F(1, (N + 1) ** 2), on_line(huber(1, F(1, N + 1)), x0=1)),
        ("nonconvex", Smooth(1), one, "least gradient by gap", F(4, 3 * N + 2), tent),
        ("strongly convex", strong, one, "distance", slow, flat),
        ("strongly convex", strong, one, "gap by gap", slow, flat),
        ("strongly convex", strong, one, "gradient by gradient", slow, flat),
        ("strongly convex", strong, fast, "gap by gap", quick, flat),
        ("strongly convex", strong, fast, "distance", quick, flat),
    ]


def descent(PEPit: Any) -> None:
    rows, ratios = [], []
    for name, which, step, performance, rate, worst in families():
        (kind, witness, statement), seconds = least(lambda a=(which, step, performance, rate, worst): ours(*a))
        assert kind == "worst-case-multipliers", kind
        finding, check = least(lambda k=kind, s=statement, w=witness: CHECKERS[k].decide(s, w))
        assert finding.holds
        peer, theirs_ = least(lambda a=(name, 0.1, float(step), performance): peers(PEPit, *a))
        ratios.append(seconds / theirs_)
        size = len(json.dumps(witness, separators=(",", ":")))
        rows.append(
            [
                *(name, str(step), performance, brief(rate), f"{peer / float(rate) - 1:+.1e}", f"{seconds:.2f}"),
                *(f"{1000 * check:.0f}", f"{size / 1000:.1f}", f"{theirs_:.2f}", f"{ratios[-1]:.1f}"),
            ]
        )
        print(*rows[-1], sep=" | ", file=sys.stderr, flush=True)
    print(f"## Gradient descent, N = {STEPS}, L = 1, mu = 1/10\n")
    print(DESCENT)
    print(f"The ratio of times is {min(ratios):.1f} to {max(ratios):.1f}, median {median(ratios):.1f}.\n")
    table(["class", "step", "performance", "rate", "error of PEPit", "s", "check ms", "kB", "PEPit s", "ratio"], rows)


def main() -> None:
    warnings.simplefilter("ignore")
    PEPit = solver()
    warm = EXAMPLES[0]
    certified(warm), theirs(warm)
    print("# Worst cases beside PEPit 0.5.1\n")
    versions = json.dumps({"python": platform.python_version(), "processors": len(os.sched_getaffinity(0))})
    print(f"Written by `python benchmarks/worst_case_pepit.py` on {platform.machine()}, {versions}.\n")
    print("## Published examples\n")
    examples()
    print(LEGEND)
    descent(PEPit)


if __name__ == "__main__":
    main()
