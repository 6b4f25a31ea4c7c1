r"""The semidefinite program that proposes multipliers and a worst case, in floats (cvxpy and Clarabel).

The dual (``verify.optimization.dual``) is given to the solver in one linear map from the multipliers to the entries of S, so
that modelling costs little beside solving.  A translation of all points changes no form, so S always has a kernel, and the
program would have no interior; the solver gets a principal submatrix of S that is positive semidefinite exactly when S is,
which means to fix the origin.  Other problems force S to be singular, and multipliers to be zero, in ways of their own; both are
seen in a solution in the middle of the feasible ones at a generous bound, and divided out (``regular``).  The multiplier of "S is positive semidefinite" is the Gram matrix of a worst
case, those of "no number is left" are its values.  Whatever the solver says is a proposal; what is proved of it is decided
elsewhere, exactly.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from verify.errors import Unanswered

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from verify.kernel.worst_case import Question
    from verify.optimization.dual import Dual

    Floats = NDArray[np.float64]

Vector = tuple[Fraction, ...]
PRECISION = 1e-11  # asked of the solver
USABLE = ("optimal", "optimal_inaccurate")
SINGULAR = (1e-7, 1e-6)  # eigenvalues of S, relative to the largest, that are taken to be zero
VANISHING = 1e-6  # multipliers that are taken to be zero


@dataclass(frozen=True, eq=False)
class Proposal:
    """What the solver found: the bound t, or the margin at a fixed t; the multipliers, of shape (K,); S, Gram of (n, n); numbers."""

    status: str
    value: float
    multipliers: Floats
    slack: Floats
    gram: Floats
    numbers: Floats


@dataclass(frozen=True, eq=False)
class Program:
    """The dual in floats: constants (K + 1,), numbers (K + 1, V) and matrices (K + 1, n, n), the last of the initial quantity."""

    dual: Dual
    constants: Floats
    numbers: Floats
    matrices: Floats
    frame: Floats  # columns that span what S is asked to be positive semidefinite on
    kernel: tuple[Vector, ...] = ()  # which S is asked to map to zero

    @staticmethod
    def of(dual: Dual) -> Program:
        import numpy as np

        try:
            floats = dual.floats([*(column.form for column in dual.columns), dual.question.initial])
            return Program(dual, *floats, np.eye(len(dual.question.basis))[:, essential(floats[2])])
        except OverflowError:
            raise Unanswered("a coefficient is too large for floats, in which the search is done; scale it") from None

    def of_question(self, question: Question) -> Program:
        """The same columns for a question that differs in its rate or relation only."""
        return replace(self, dual=replace(self.dual, question=question))

    def slack(self, multipliers: Floats, bound: float) -> Floats:
        """S(t, y)."""
        import numpy as np

        return np.asarray(bound * self.matrices[-1] - np.tensordot(multipliers, self.matrices[:-1], 1))

    def least(self) -> Proposal:
        """The smallest t."""
        return self.solve(None)

    def inside(self, bound: float) -> Proposal:
        """At a fixed t, multipliers with the largest margin s <= 1: S >= s, and y_k >= s / 8."""
        return self.solve(bound)

    def within(self, bound: float) -> Proposal:
        """At a fixed t, multipliers that an interior-point method finds, which is far from the boundary where it can be."""
        return self.solve(bound, margin=False)

    def solve(self, bound: float | None, *, margin: bool = True) -> Proposal:
        import cvxpy as cp
        import numpy as np
        from scipy import sparse

        columns, n = self.dual.columns, self.frame.shape[1]
        kept = self.frame.T @ self.matrices @ self.frame
        y, s = cp.Variable(len(columns)), cp.Variable()
        t = cp.Variable() if bound is None else cp.Constant(bound)
        signed = np.flatnonzero([not column.free for column in columns])
        scale = sparse.csr_matrix(kept.reshape(len(columns) + 1, n * n).T)
        entries = t * scale[:, [-1]].toarray()[:, 0] - scale[:, :-1] @ y
        least = s if margin and bound is not None else cp.Constant(0)
        matrix = cp.reshape(entries - least * np.eye(n).ravel(), (n, n), order="C") >> 0
        left = t * self.numbers[-1] - self.numbers[:-1].T @ y == 0
        weights = [k for k, column in enumerate(columns) if column.name.startswith("weight ")]
        rules = [matrix, left, y[signed] >= least / 8, cp.sum(y[weights]) == 1]
        rules += [t * self.constants[-1] - self.constants[:-1] @ y >= 0] if self.constants.any() else []
        if self.kernel:
            image = self.image()
            rules.append(t * image[:, -1] - image[:, :-1] @ y == 0)
        rules += [y[np.array(block).ravel()].reshape((len(block),) * 2, order="C") >> 0 for block in self.blocks]
        problem = cp.Problem(cp.Minimize(t) if bound is None else cp.Maximize(s), [*rules, s <= 1])
        status = solved(problem)
        if status not in USABLE:
            nothing = np.zeros(0)
            return Proposal(status, float("nan"), nothing, nothing, nothing, nothing)
        numbers = np.zeros(0) if left.dual_value is None else -np.asarray(left.dual_value)
        found = np.asarray(y.value)
        value = float(problem.value)
        gram = self.frame @ np.asarray(matrix.dual_value) @ self.frame.T
        slack = self.slack(found, float(t.value))
        return Proposal(status, value, found, slack, (gram + gram.T) / 2, numbers)

    def image(self) -> Floats:
        """Independent rows of the linear map from the multipliers and t to S on the kernel, up to signs, of the shape (rows, K + 1)."""
        import numpy as np

        vectors = np.array([[float(x) for x in w] for w in self.kernel])
        rows = (self.matrices @ vectors.T).reshape(len(self.matrices), -1).T
        _, sizes, axes = np.linalg.svd(rows, full_matrices=False)
        return np.asarray(axes[sizes > 1e-9 * sizes[0]])

    def regular(self, bound: float) -> Program | None:
        """The program on the face where S and the multipliers lie at a generous bound, if it is a smaller one."""
        import numpy as np

        from verify.optimization.faces import null_space

        found = self.within(bound)
        if found.status not in USABLE:
            return None
        kernel = next((kernel for small in SINGULAR for kernel in null_space(found.slack, small)), [])
        used = [k for k, c in enumerate(self.dual.columns) if c.free or found.multipliers[k] > VANISHING]
        rows = np.array([[float(x) for x in w] for w in kernel]).reshape(len(kernel), len(found.slack))
        _, _, axes = np.linalg.svd(rows)
        places = [*used, len(self.dual.columns)]
        dual = replace(self.dual, columns=tuple(self.dual.columns[k] for k in used))
        parts = (self.constants[places], self.numbers[places], self.matrices[places])
        return Program(dual, *parts, axes[len(kernel) :].T, tuple(kernel))

    @property
    def blocks(self) -> Sequence[list[list[int]]]:
        return [block for block in self.dual.blocks.values() if block]


def essential(matrices: Floats) -> list[int]:
    """The places of free vectors that are left when the common kernel of symmetric matrices (K, n, n) is divided out."""
    import numpy as np

    values, vectors = np.linalg.eigh(np.einsum("kij,kjl->il", matrices, matrices))
    common = vectors[:, values < 1e-12 * max(1.0, values[-1])].T
    dropped: list[int] = []
    for _ in range(len(common)):
        row = int(np.abs(common).max(axis=1).argmax())
        column = int(np.abs(common[row]).argmax())
        dropped.append(column)
        common = common - np.outer(common[:, column] / common[row, column], common[row])
    return [k for k in range(matrices.shape[1]) if k not in dropped]


def solved(problem: Any) -> str:
    """Solve a cvxpy problem by Clarabel; its status, or what the solver said."""
    import cvxpy as cp

    tight = dict.fromkeys(("tol_gap_abs", "tol_gap_rel", "tol_feas"), PRECISION)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of being inexact; what is proved of it is decided exactly
        try:
            problem.solve(solver=cp.CLARABEL, **tight)
        except cp.SolverError as reason:
            return f"the solver gave up: {reason}"
    return str(problem.status)
