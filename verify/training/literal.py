r"""The algorithm of Arora, Basu, Mianjy and Mukherjee (2018, Theorem 4.1) as it is printed: an oracle for small cases.

For every choice of the w signs s_k and every tuple of w dichotomies of the D points, the networks whose unit k is active
exactly on the positive side P_k of its dichotomy form a convex set: <u_k, (1, x_i)> >= 0 for i in P_k, and <= 0 for the
others.  On it the network is linear in its parameters, sum_k s_k [i in P_k] <u_k, (1, x_i)>, so that a convex loss is
minimised by a convex program.  The least of the $2^w N^w$ values is the global minimum, N being the number of dichotomies,
since the closed cells cover the space of the parameters of a unit.

Nothing is left out on purpose: no symmetry between units, no bounds, no incumbent.  One program is written with parameters
for signs and cells, and compiled once (cvxpy's disciplined parametrised programs); Clarabel solves each in about a
millisecond, most of which is cvxpy's.  The values have the accuracy of Clarabel, some 1e-8 relative to the labels.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Any

from verify.errors import NetworkError, Unanswered
from verify.training.counting import cover
from verify.training.data import TrainingData, about, natural_width

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MOST = 20_000  # convex programs, unless more are allowed


@dataclass(frozen=True, eq=False)
class LiteralOptimum:
    """What the algorithm found: the least ``value``, a network of this value in floats, and the work that was done.

    ``signs`` of shape (w,), ``units`` of shape (w, n + 1), the biases first, and ``affine`` of shape (n + 1,): a constant and
    the coefficients of a linear function, zeros where there is none.
    """

    value: float
    signs: Floats
    units: Floats
    affine: Floats
    cells: int
    programs: int


def literal_erm(
    points: Any,
    labels: Any,
    width: int,
    *,
    weights: Any = None,
    loss: str = "squared",
    affine: str = "none",
    most: int = MOST,
) -> LiteralOptimum:
    r"""The minimum of $\sum_i m_i \ell(f(x_i), y_i)$, f(x) = sum_k s_k ReLU(<a_k, x> + b_k) plus an affine part, program by
    program.

    Data and options are those of ``exact_erm``.  More than ``most`` programs are refused.  Raises ``NetworkError`` on bad
    input, and ``Unanswered`` if a program is not solved.

    >>> found = literal_erm([[0], [1], [2]], [0, 1, 0], 1)
    >>> found.programs, abs(found.value - 2 / 3) < 1e-6
    (12, True)
    """
    data = TrainingData.of(points, labels, weights=weights, loss=loss, affine=affine)
    w = natural_width(width)
    patterns = few_cells(data, w, most)
    program = Program.of(data, w)
    best: LiteralOptimum | None = None
    programs = 0
    for signs in product((1.0, -1.0), repeat=w):
        for chosen in product(patterns, repeat=w):
            value = program.value(signs, chosen)
            programs += 1
            if best is None or value < best.value:
                best = program.optimum(value, signs, len(patterns))
    assert best is not None  # there is a cell
    return replace(best, programs=programs)


def few_cells(data: TrainingData, width: int, most: int) -> list[int]:
    """The dichotomies of the points; raises ``NetworkError`` if they make more than ``most`` programs."""
    from verify.kernel.dichotomies import cells, homogeneous

    different, dimension = data.span
    number = cover(different, min(dimension, 100))
    if number <= max(most, 1):
        patterns = sorted(cells(homogeneous(data.points)))
        number = len(patterns)
    programs = (2 * number) ** width
    if programs > most:
        raise NetworkError(
            f"{number} dichotomies and {width} units make {about(programs)} convex programs, of which at most {most} are "
            "solved; take exact_erm, or fewer points, or allow more with most="
        )
    return patterns


@dataclass(frozen=True, eq=False)
class Program:
    """The convex program of a choice of signs and cells, which are its parameters; z of shape (D, n + 1)."""

    problem: Any
    gates: list[Any]  # (D,) each: the sign of the unit on its positive points, else 0
    sides: list[Any]  # (D,) each: 1 on the positive points, else -1
    units: list[Any]
    free: Any
    columns: int
    positive: dict[int, Floats]

    @staticmethod
    def of(data: TrainingData, width: int) -> Program:
        import cvxpy as cp
        import numpy as np

        try:
            z = np.array([[1.0, *map(float, point)] for point in data.points])
            labels, masses = (np.array([float(x) for x in values]) for values in (data.labels, data.weights))
        except OverflowError:
            raise NetworkError(
                "a number is too large for floats, in which the programs are solved; scale the data"
            ) from None
        count, columns = z.shape
        free = cp.Variable({"none": 0, "bias": 1, "all": columns}[data.affine] or 1)
        units = [cp.Variable(columns) for _ in range(width)]
        gates, sides = ([cp.Parameter(count) for _ in range(width)] for _ in range(2))
        output: Any = z[:, : free.size] @ free if data.affine != "none" else np.zeros(count)
        for unit, gate in zip(units, gates, strict=True):
            output = output + cp.multiply(gate, z @ unit)
        conditions = [cp.multiply(side, z @ unit) >= 0 for unit, side in zip(units, sides, strict=True)]
        terms = {
            "squared": lambda: cp.multiply(masses, cp.square(output - labels)),
            "absolute": lambda: cp.multiply(masses, cp.abs(output - labels)),
            "hinge": lambda: cp.multiply(masses, cp.pos(1 - cp.multiply(labels, output))),
        }[data.loss]()
        problem = cp.Problem(cp.Minimize(cp.sum(terms)), conditions)
        return Program(problem, gates, sides, units, None if data.affine == "none" else free, columns, {})

    def value(self, signs: tuple[float, ...], chosen: tuple[int, ...]) -> float:
        """The minimum over the closed set of these networks."""
        import cvxpy as cp

        for sign, pattern, gate, side in zip(signs, chosen, self.gates, self.sides, strict=True):
            positive = self.members(pattern)
            gate.value, side.value = sign * positive, 2 * positive - 1
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of being inexact, which the values are anyway
            self.problem.solve(solver=cp.CLARABEL)
        if self.problem.value is None or self.problem.status not in ("optimal", "optimal_inaccurate"):
            raise Unanswered(f"the convex program of the cells {chosen} was not solved: {self.problem.status}")
        return float(self.problem.value)

    def members(self, pattern: int) -> Floats:
        """1 on the positive points of a dichotomy, else 0."""
        import numpy as np

        if pattern not in self.positive:
            count = self.gates[0].size
            self.positive[pattern] = np.array([float(pattern >> i & 1) for i in range(count)])
        return self.positive[pattern]

    def optimum(self, value: float, signs: tuple[float, ...], cells: int) -> LiteralOptimum:
        """The network of the program that was solved last."""
        import numpy as np

        affine = np.zeros(self.columns)
        if self.free is not None:
            affine[: self.free.size] = self.free.value
        units = np.array([unit.value for unit in self.units])
        return LiteralOptimum(value, np.array(signs), units, affine, cells, 0)
