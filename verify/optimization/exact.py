r"""From floats to exact multipliers: linear equations over the rationals, and a point of their solutions near a proposal.

At the best bound t, complementary slackness makes S singular: S w = 0 for every w in the range of the Gram matrix of a worst
case.  Multipliers in floats satisfy this up to 1e-8 and never exactly, and an S with a tiny negative eigenvalue proves nothing.
If vectors w that span this range are known exactly (``verify.optimization.faces``), then

    no number is left,     S(t, y) w = 0 for each w,     the weights have the sum 1

are linear equations in the multipliers y of the chosen support, with rational coefficients; they are solved exactly (reduced
echelon form, python-flint).  The unknowns that stay free are rounded, and the others follow.  Unknowns are ordered by size, so
that the pivots are the large ones: what is free and rounded is small, and signs survive.  On the complement of the range S is
positive definite at a strictly complementary solution, which rounding does not disturb.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from verify.optimization.dual import Dual

    Floats = NDArray[np.float64]

Vector = tuple[Fraction, ...]
ROUNDING = (10**2, 10**4, 10**6, 10**9, 10**12, 10**18)  # largest denominators of free unknowns, tried in this order
ACCURACY = 1e-2  # by which an exact solution may differ from a proposal in floats, which need not be unique


@dataclass(frozen=True)
class Solutions:
    """The solutions of linear equations in reduced echelon form: pivot = constant - sum of coefficient * free unknown."""

    size: int
    pivots: dict[int, tuple[Fraction, dict[int, Fraction]]]

    @property
    def free(self) -> list[int]:
        return [k for k in range(self.size) if k not in self.pivots]

    def at(self, free: dict[int, Fraction]) -> list[Fraction]:
        """The solution with these free unknowns."""
        found = [free.get(k, Fraction(0)) for k in range(self.size)]
        for k, (constant, row) in self.pivots.items():
            found[k] = constant - sum((c * free[j] for j, c in row.items()), Fraction(0))
        return found

    def near(self, guess: Sequence[float]) -> Iterator[list[Fraction]]:
        """Solutions near a point, the free unknowns being rounded coarsely at first."""
        seen = set()
        for most in ROUNDING:
            free = {k: Fraction(float(guess[k])).limit_denominator(most) for k in self.free}
            if (key := tuple(free.values())) not in seen:
                seen.add(key)
                yield self.at(free)


def solve(rows: Sequence[Sequence[Fraction]], right: Sequence[Fraction]) -> Solutions | None:
    """The solutions of rows * unknowns = right; None if there are none.

    >>> solve([[Fraction(2), Fraction(1)]], [Fraction(4)]).pivots
    {0: (Fraction(2, 1), {1: Fraction(1, 2)})}
    """
    import flint

    size = len(rows[0]) if rows else 0
    augmented = [[*row, b] for row, b in zip(rows, right, strict=True)]
    if not augmented:
        return Solutions(size, {})
    reduced, rank = flint.fmpq_mat([[rational(x) for x in row] for row in augmented]).rref()
    pivots: dict[int, tuple[Fraction, dict[int, Fraction]]] = {}
    for i in range(rank):
        row = [reduced[i, j] for j in range(size + 1)]
        pivot = next(j for j, x in enumerate(row) if x != 0)
        if pivot == size:
            return None
        others = {j: fraction(x) for j, x in enumerate(row[:size]) if j > pivot and x != 0}
        pivots[pivot] = (fraction(row[size]), others)
    return Solutions(size, pivots)


def rational(x: Fraction) -> Any:
    import flint

    return flint.fmpq(x.numerator, x.denominator)


def fraction(x: Any) -> Fraction:
    return Fraction(int(x.p), int(x.q))


@dataclass(frozen=True, eq=False)
class Equations:
    """The equations of exact multipliers for the columns of a dual, and of the bound t, if it is unknown, which comes last."""

    dual: Dual
    rows: list[list[Fraction]]
    right: list[Fraction]

    @staticmethod
    def of(dual: Dual, bound: Fraction | None, kernel: Sequence[Vector], *, constant: bool) -> Equations:
        """``constant``: whether the constant that is left is to be zero."""
        forms = [*(column.form for column in dual.columns), dual.question.initial]
        columns = [dual.numbers(form) for form in forms]
        for w in kernel:
            images = [dual.applied(form, w) for form in forms]
            used = sorted({k for image in images for k in image})
            for column, image in zip(columns, images, strict=True):
                column += [image.get(k, Fraction(0)) for k in used]
        if constant:
            for column, form in zip(columns, forms, strict=True):
                column.append(Fraction(form.get((), 0)))
        *rows, last = columns
        weights = [Fraction(name.startswith("weight ")) for name in dual.names]
        if bound is None:
            rows, weights, right = [*rows, [-x for x in last]], [*weights, Fraction(0)], [Fraction(0)] * len(last)
        else:
            right = [bound * x for x in last]
        return Equations(dual, [*map(list, zip(*rows, strict=True)), weights], [*right, Fraction(1)])

    def with_blocks(self, kernels: Mapping[str, Sequence[Vector]]) -> Equations:
        """Moreover the matrix of a quadratic maps these vectors to zero."""
        rows, place = list(self.rows), self.dual.blocks
        for name, vectors in kernels.items():
            for w in vectors:
                for entries in place[name]:
                    row = [Fraction(0)] * len(self.rows[0])
                    for k, x in zip(entries, w, strict=True):
                        row[k] += x
                    rows.append(row)
        return Equations(self.dual, rows, [*self.right, *[Fraction(0)] * (len(rows) - len(self.rows))])

    def near(self, guess: Floats, threshold: float) -> Iterator[tuple[dict[str, Fraction], Fraction | None]]:
        """Exact multipliers near a proposal, on the support of the entries that exceed a threshold, and the bound, if it was
        unknown and is determined."""
        columns = self.dual.columns
        support = [k for k in range(len(columns)) if columns[k].free or guess[k] > threshold]
        support.sort(key=lambda k: -abs(guess[k]))
        unknown = len(self.rows[0]) > len(columns)
        order = [*support, len(columns)] if unknown else support
        solutions = solve([[row[k] for k in order] for row in self.rows], self.right)
        if solutions is None or (unknown and len(support) not in solutions.pivots):
            return
        bound = solutions.pivots[len(support)][0] if unknown else None
        for found in solutions.near([*(guess[k] for k in support), *([0.0] if unknown else [])]):
            pairs = [(columns[k], x, guess[k]) for k, x in zip(support, found[: len(support)], strict=True)]
            if all((x >= 0 or c.free) and abs(float(x) - y) < ACCURACY * max(1.0, abs(y)) for c, x, y in pairs):
                yield {c.name: x for c, x, _ in pairs if x}, bound
