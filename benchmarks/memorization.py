r"""Memorizing networks: what building and certifying costs, and what floating point makes of the same networks.

    python benchmarks/memorization.py > benchmarks/memorization.md

Everything is measured in one run, each time the least of three, in seconds of the processor (one thread), since the machine
may be shared.  The absolute times belong to the machine.
"""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import torch
from scipy.linalg import solve_triangular

from verify.kernel import FORMAT, canonical, check, digest, parse
from verify.networks import Memorizes, memorize

Json = Any
Floats = np.ndarray
REPEATS = 3


def seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    """The least time of some runs, and the last result."""
    least = float("inf")
    for _ in range(REPEATS):
        started = time.process_time()
        result = work()
        least = min(least, time.process_time() - started)
    return least, result


def certificate(points: Any, labels: Any) -> Json:
    question = Memorizes(points, labels)
    kind, witness = question.answer()
    return {"format": FORMAT, "kind": kind, "statement": question.statement(), "witness": witness}


def data(kind: str, n: int, d: int = 10) -> tuple[Floats, Floats]:
    draw = np.random.default_rng(n)
    labels = draw.integers(-10, 11, n)
    if kind.startswith("int"):
        limits = np.iinfo(kind)
        return draw.integers(limits.min // 2, limits.max // 2, (n, d)).astype(kind), labels
    return draw.standard_normal((n, d)).astype(kind), labels


def row(kind: str, n: int) -> str:
    points, labels = data(kind, n)
    build, document = seconds(lambda: certificate(points, labels))
    size = len(text := canonical(document).decode())
    reading, _ = seconds(lambda: parse(text))
    hashing, _ = seconds(lambda: digest(document["statement"]))
    checking, accepted = seconds(lambda: check(document))
    assert accepted.holds
    used = sum(entry != "0" for entry in document["witness"]["direction"])
    return (
        f"| {n} | {kind} | {used} | {build:.3f} | {build + checking:.3f} | {checking:.3f} | {hashing:.3f} | {reading:.3f} | "
        f"{size / 1e6:.2f} |"
    )


def certified() -> Iterator[str]:
    yield "## Building, certifying, checking\n"
    yield "Points in ten dimensions, integer labels in -10, ..., 10. *Built* is from the array to the certificate (direction,"
    yield "exact slopes, packed statement and witness); *checked* is the kernel's whole `check` of the parsed document, in bare"
    yield "Python: hash of the statement (also given alone), unpacking, order, all n equations. Reading the JSON comes on top.\n"
    yield "| points | numbers | coordinates used | built s | built and checked s | checked s | of which hash s | JSON read s | MB |"
    yield "|---:|---|---:|---:|---:|---:|---:|---:|---:|"
    for n in (10**2, 10**3, 10**4, 10**5, 10**6):
        yield row("int32", n)
    for kind in ("int8", "int64", "float32", "float64"):
        yield row(kind, 10**6)


def encodings() -> Iterator[str]:
    """The same statement with decimal texts instead of packed columns."""
    n = 10**5
    document = certificate(*data("int32", n))
    listed = {
        **document["statement"],
        "points": [[str(v) for v in column] for column in data("int32", n)[0].T.tolist()],
    }
    decimal = {**document, "statement": listed}
    yield f"\n## Packed integers against decimal texts\n\n{n} points in ten dimensions, int32.\n"
    yield "| columns | MB | JSON read s | checked s |\n|---|---:|---:|---:|"
    for name, form in (("packed in base64", document), ("decimal texts", decimal)):
        text = canonical(form).decode()
        reading, _ = seconds(lambda t=text: parse(t))  # type: ignore[misc]
        checking, _ = seconds(lambda f=form: check(f))  # type: ignore[misc]
        yield f"| {name} | {len(text) / 1e6:.2f} | {reading:.3f} | {checking:.3f} |"


# ------------------------------------------------------------------------------------------------- floating point


def substitution(z: Floats, y: Floats, b: Floats) -> Floats:
    return np.asarray(solve_triangular(np.maximum(z[:, None] - b[None, :], 0), y, lower=True))


def differences(z: Floats, y: Floats, b: Floats) -> Floats:
    """Slope after slope, the value at each threshold being carried along."""
    weights, slope, value = [], 0.0, 0.0
    for i in range(len(z)):
        new = (y[i] - value) / (z[i] - b[i])
        weights.append(new - slope)
        slope = new
        if i + 1 < len(z):
            value = y[i] + slope * (b[i + 1] - z[i])
    return np.array(weights)


def exact_residual(z: Floats, y: Floats, b: Floats, weights: Floats) -> float:
    """The largest |c(z_i) - y_i| of the network with these float weights, without any rounding."""
    total = moment = Fraction(0)
    worst = Fraction(0)
    for t, label, threshold, weight in zip(*(a.tolist() for a in (z, y, b, weights)), strict=True):
        total += Fraction(weight)
        moment += Fraction(weight) * Fraction(threshold)
        worst = max(worst, abs(Fraction(t) * total - moment - Fraction(label)))
    return float(worst)


def conditioning() -> Iterator[str]:
    yield "\n## Float64: the naive triangular solve against divided differences\n"
    yield "Standard normal projections, labels 0, ..., 9. Exact residual of the rounded weights: largest |c(z_i) - y_i| over all"
    yield "points, evaluated in fractions; `evaluate` is the library's interpolation in float64. The exact network has residual 0.\n"
    yield "| n | thresholds | condition | largest weight | substitution | differences | ratio | `evaluate` |"
    yield "|---:|---|---:|---:|---:|---:|---:|---:|"
    for n in (100, 300, 1000, 3000):
        draw = np.random.default_rng(n)
        z, y = np.sort(draw.standard_normal(n)), draw.integers(0, 10, n).astype(float)
        looked_up = np.abs(memorize(z[:, None], y).evaluate(z[:, None]) - y).max()
        for name, inner in (("previous point", z[:-1]), ("midpoints", (z[1:] + z[:-1]) / 2)):
            b = np.concatenate([[z[0] - 1], inner])
            condition = np.linalg.cond(np.maximum(z[:, None] - b[None, :], 0)) if n <= 1000 else float("nan")
            solved, stepped = substitution(z, y, b), differences(z, y, b)
            first, second = exact_residual(z, y, b, solved), exact_residual(z, y, b, stepped)
            shown = f"{condition:.0e}" if condition == condition else "not computed"
            yield (
                f"| {n} | {name} | {shown} | {np.abs(stepped).max():.0e} | {first:.1e} | {second:.1e} | {first / second:.1f} | "
                f"{looked_up:.1e} |"
            )


def vectorised(z: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    slopes = torch.diff(y, prepend=torch.zeros_like(y[:1])) / torch.diff(z, prepend=z[:1] - 1)
    return torch.diff(slopes, prepend=torch.zeros_like(y[:1]))


def torch_solve(z: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    thresholds = torch.cat([z[:1] - 1, z[:-1]])
    matrix = torch.relu(z[:, None] - thresholds[None, :])
    return torch.linalg.solve_triangular(matrix, y[:, None], upper=False)[:, 0]


def in_torch() -> Iterator[str]:
    yield "\n## torch: solving the system against two differences\n"
    yield "float64, one thread, thresholds at the previous point; both times include what they need to set up.\n"
    yield "| n | solve_triangular s | differences s | ratio |\n|---:|---:|---:|---:|"
    for n in (1000, 4000, 8000):
        torch.manual_seed(n)
        z, y = torch.sort(torch.randn(n, dtype=torch.float64))[0], torch.randint(0, 10, (n,)).double()
        solve, _ = seconds(lambda z=z, y=y: torch_solve(z, y))  # type: ignore[misc]
        step, _ = seconds(lambda z=z, y=y: vectorised(z, y))  # type: ignore[misc]
        yield f"| {n} | {solve:.4f} | {step:.6f} | {solve / step:.0f} |"


def main() -> None:
    torch.set_num_threads(1)
    print("# Memorizing networks\n")
    print(
        f"Written by `python benchmarks/memorization.py`, Python {platform.python_version()}, {os.cpu_count()} cores.\n"
    )
    for part in (certified(), encodings(), conditioning(), in_torch()):
        for line in part:
            print(line, flush=True)


if __name__ == "__main__":
    main()
