r"""Exact empirical risk minimization: the global minimum over networks with one hidden layer, with a certificate.

    exact_erm([[0], [1], [2], [3]], [0, 1, 0, 2], width=2)

**The way.**  (1) The data become integers (``data``), all dichotomies of their points are enumerated (``dichotomies``).
(2) A multi-start heuristic finds a good network, and exact arithmetic the best one in its cells: an upper bound that is
a rational number.  (3) Branch and bound in floating point (``search``, slice by slice: ``frontier``) either finds a better
network or shows, up to rounding, that there is none.  (4) Its tree is rewritten with exact multipliers (``certify``) into
a proof that the minimum is at least ``lower``, which is the upper bound itself if the search was completed.  (5) The kernel
checks the proof.  Only then is anything called certified.

**One pass is enough** if the heuristic has found the minimum, which it mostly does: the search records its tree from
the beginning, against the exact upper bound.  If it finds something better the record is worthless and dropped; at the
end the tree is walked once more.  The same is done where the search was stopped by its budget: then the tree is one that
proves the bound that was reached, and it is smaller.

**Exact and floating point.**  The bound that is to be proved is handed to the search as a float, and a node is closed
only if its bound is above that by a relative 1e-9 more, so that ties of the minimum are resolved down to single cells,
where exact arithmetic can prove them.  If a better network turns up while the proof is written, everything is repeated
with it.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from verify.errors import UsageError
from verify.training.data import MAX_CELLS, TrainingData, natural_width
from verify.training.minimum import Minimum
from verify.training.workers import Makes

Json = Any


@dataclass(frozen=True)
class Progress:
    """What is known while the search runs, by floating point; ``phase`` is "search" or "certificate"."""

    phase: str
    lower: float
    upper: float
    nodes: int
    open: int
    seconds: float

    @property
    def gap(self) -> float:
        """(upper - lower) / upper; 0 if they are equal."""
        return 0.0 if self.upper <= self.lower else (self.upper - self.lower) / self.upper


@dataclass(frozen=True)
class Options:
    """Of ``exact_erm``, which explains them."""

    seconds: float | None = None
    nodes: int | None = None
    tolerance: float = 0.0
    starts: int = 300
    seed: int = 0
    certify: bool = True
    progress: Callable[[Progress], None] | None = None
    checkpoint: str | Path | None = None
    executor: Executor | Makes | None = None
    shards: int | None = None
    max_cells: int = MAX_CELLS

    def __post_init__(self) -> None:
        positive = {"seconds": self.seconds, "nodes": self.nodes, "starts": self.starts, "max_cells": self.max_cells}
        for name, value in positive.items():
            if value is not None and (isinstance(value, bool) or not isinstance(value, int | float) or not value > 0):
                raise UsageError(f"{name}={str(value)[:80]!r} is not a positive number")
        if not isinstance(self.tolerance, int | float | Fraction) or not 0 <= self.tolerance < 1:
            raise UsageError(f"tolerance={str(self.tolerance)[:80]!r} is not a number from 0 to 1, 1 excluded")
        if isinstance(self.seed, bool) or not isinstance(self.seed, int) or self.seed < 0:
            raise UsageError(f"seed={str(self.seed)[:80]!r} is not a natural number")


def exact_erm(
    points: Any,
    labels: Any,
    width: int,
    *,
    loss: str = "squared",
    affine: str = "none",
    weights: Any = None,
    seconds: float | None = None,
    nodes: int | None = None,
    tolerance: float = 0.0,
    starts: int = 300,
    seed: int = 0,
    certify: bool = True,
    progress: Callable[[Progress], None] | None = None,
    checkpoint: str | Path | None = None,
    executor: Executor | Makes | None = None,
    shards: int | None = None,
    max_cells: int = MAX_CELLS,
) -> Minimum:
    r"""The global minimum of sum_i m_i loss(f(x_i), y_i) over all networks f with ``width`` ReLU units, and its proof.

    f(x) = sum_k s_k ReLU(<a_k, x> + b_k) + c_0 + <c, x> with signs s_k; c_0 and c are 0 unless ``affine`` is "bias"
    (c is 0) or "all".  ``points`` (D, n), ``labels`` (D,) and ``weights`` m (D,), 1 unless given, are exact numbers:
    integers, fractions, texts like "-7/2", or floats, which are the rational numbers that they are.

    loss: "squared", "absolute", or "hinge" with labels 1 and -1.
    seconds, nodes: budgets of the search, in this call; the certificate of what was found takes about as long again.
    tolerance: the relative gap between lower and upper bound that is good enough; 0 for the minimum itself.
    starts, seed: of the heuristic that looks for a good network first.
    certify: whether to prove the lower bound exactly; otherwise it is a float, and not certified.
    progress: a function that is given a ``Progress``, at most a few times a second.
    checkpoint: a file from which an interrupted search goes on, and which is written every few seconds.
    executor, shards: any ``concurrent.futures.Executor``, or a function that makes one, such as ``processes(2)``, and
    how many slices of the search it is given at a time.
    max_cells: more dichotomies of the points than that are refused.

    Raises ``NetworkError`` for data and ``UsageError`` for options that make no sense.

    >>> exact_erm([[0], [1], [2], [3]], [0, 1, 0, 2], width=1).value
    Fraction(1, 1)
    """
    from verify.training.run import Run

    options = Options(
        seconds, nodes, tolerance, starts, seed, certify, progress, checkpoint, executor, shards, max_cells
    )
    data = TrainingData.of(points, labels, weights=weights, loss=loss, affine=affine)
    run = Run.of(data, natural_width(width), options)
    try:
        return run.minimum()
    finally:
        run.close()
