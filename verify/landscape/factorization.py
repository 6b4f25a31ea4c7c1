r"""Matrix factorization with weight decay as a convex program, with bounds that are exact.

The problem is to minimise 1/2 |P(Y - U V^T)|^2 + lambda/2 (|U|^2 + |V|^2) over factors of any width, P keeping the observed
entries.

**The program** (Srebro, Rennie and Jaakkola 2004).  The least (|U|^2 + |V|^2) / 2 over the factors of X is its nuclear norm
|X|_*, so the minimum is that of 1/2 |P(Y - X)|^2 + lambda |X|_*, which is convex.  Where everything is observed, the optimal X
has the singular vectors of Y, and its singular values are those of Y less lambda, or 0.  Otherwise a semidefinite program is
solved, and its X is improved by the steps X <- shrink(P(Y) + X - P(X)), of which the optimum is a fixed point (Mazumder,
Hastie and Tibshirani 2010).

**Exact bounds.**  The factors of X are pairs of columns, a pair for each singular value that is not small.  Z = P(Y - X) is the
dual optimum; it is moved into the ball of the spectral norm lambda.  Where the data are such that the optimum may be rational,
the pairs and Z are numbers with small denominators.  So both are rounded to such numbers, and to dyadic ones, Z with a little
room; the kernel's functions say which are feasible and better.  Neither bound rests on the solver: if it errs, the two are
apart.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil, isqrt
from typing import TYPE_CHECKING, Any

from verify.errors import NetworkError, Unanswered
from verify.networks.network import Number, number

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from verify.kernel.factorization import Targets

    Floats = NDArray[np.float64]

Json = Any
Row = Sequence[Any]

STEPS = 2000  # of shrinking, at most
SMALL = 1e-7  # singular values, relative to the largest one of Y, without a pair of columns
DENOMINATOR = 4096  # of numbers that may be the optimal ones
BITS = 46  # after the point of rounded numbers
ROOM = 2.0**-40  # by how much Z is moved inside, and again if that is not enough


@dataclass(frozen=True, eq=False)
class FactorizedMinimum:
    """Bounds of min 1/2 |P(Y - U V^T)|^2 + penalty/2 (|U|^2 + |V|^2) over factors U, V of any width.

    The question: is every objective at least ``lower``, whatever the width, and at most ``upper`` for some factors of at most
    ``width`` columns?  ``targets`` are the rows of Y, with None where nothing is observed; floats are the rational numbers
    that they are.  ``columns`` are pairs (u, v) of columns that may be optimal, tried before those of the search.  Raises
    ``NetworkError`` on bad input.

        FactorizedMinimum([[3, 0], [0, 1]], penalty=2, width=1, lower="9/2", upper="9/2")
    """

    targets: Sequence[Row]
    penalty: Number
    width: int | Fraction
    lower: Number
    upper: Number
    columns: Sequence[tuple[Row, Row]] | None = None

    @cached_property
    def data(self) -> Targets:
        return read_targets(self.targets, self.penalty)

    @cached_property
    def optimum(self) -> FactorizedOptimum:
        return optimum(self.data)

    def statement(self) -> Json:
        width = number(self.width, "width")
        if width < 0 or width % 1:
            raise NetworkError(f"width={self.width} is not a natural number; say how many columns there may be")
        rows = [[self.data.observed.get((i, j)) for j in range(self.data.columns)] for i in range(self.data.rows)]
        return {
            "question": "factorized_minimum",
            "targets": [[None if entry is None else str(entry) for entry in row] for row in rows],
            "penalty": str(self.data.penalty),
            "width": str(width),
            "lower": str(number(self.lower, "lower")),
            "upper": str(number(self.upper, "upper")),
        }

    def answer(self) -> tuple[str, Json]:
        lower, upper = number(self.lower, "lower"), number(self.upper, "upper")
        found = self.optimum
        pairs, least = found.pairs, found.upper
        if self.columns is not None:
            given = read_columns(self.data, self.columns)
            pairs, least = min((pairs, least), (given, objective(self.data, given)), key=lambda entry: entry[1])
        witness = columns_json(pairs)
        if found.lower >= lower and least <= upper and len(pairs) <= self.width:
            return "factorized-minimum", {"dual": found.dual_json, "columns": witness}
        if least < lower:
            return "factorized-minimum-columns", {"columns": witness}
        if found.lower > upper:
            return "factorized-minimum-bound", {"dual": found.dual_json}
        raise Unanswered(
            f"the minimum over all widths is between {float(found.lower):.12g} and {float(least):.12g}, where factors of "
            f"{len(pairs)} columns are; whether {self.width} columns get from {lower} to {upper} was not decided"
        )


@dataclass(frozen=True)
class Pair:
    """Columns u and v, and a rational number that is at least |u| |v|."""

    norm: Fraction
    u: tuple[Fraction, ...]
    v: tuple[Fraction, ...]


@dataclass(frozen=True, eq=False)
class FactorizedOptimum:
    """Factors and a dual matrix, zero where nothing is observed; the exact bounds that they prove."""

    data: Targets
    pairs: tuple[Pair, ...]
    dual: dict[tuple[int, int], Fraction]
    lower: Fraction
    upper: Fraction

    @property
    def dual_json(self) -> Json:
        return dual_json(self.data, self.dual)


def factorized_optimum(targets: Sequence[Row], penalty: Number) -> FactorizedOptimum:
    """The optimum over all widths, up to rounding, between exact bounds.

    >>> found = factorized_optimum([[3, 0], [0, 1]], 2)
    >>> found.lower, found.upper, len(found.pairs)
    (Fraction(9, 2), Fraction(9, 2), 1)
    """
    return optimum(read_targets(targets, penalty))


# ------------------------------------------------------------------------------------------------------- input


def read_targets(targets: Sequence[Row], penalty: Number) -> Targets:
    from verify.kernel.factorization import MAX_SIZE, Targets

    weight = number(penalty, "penalty")
    if weight <= 0:
        raise NetworkError(f"penalty={penalty} is not positive; without a penalty there is no bound for every width")
    rows = list(targets)
    if not rows or not all(hasattr(row, "__len__") and not isinstance(row, str) for row in rows):
        raise NetworkError("targets are a list of rows, each a list of numbers or None; give one row at least")
    size = len(rows[0])
    if ragged := [i for i, row in enumerate(rows) if len(row) != size]:
        raise NetworkError(
            f"targets[{ragged[0]}] has {len(rows[ragged[0]])} entries and targets[0] has {size}; fill in None"
        )
    if not 0 < size <= MAX_SIZE or len(rows) > MAX_SIZE:
        raise NetworkError(f"targets have {len(rows)} rows and {size} columns; give between 1 and {MAX_SIZE} of each")
    observed = {
        (i, j): number(entry, f"targets[{i}][{j}]")
        for i, row in enumerate(rows)
        for j, entry in enumerate(row)
        if entry is not None
    }
    return Targets(len(rows), size, observed, weight)


def read_columns(data: Targets, columns: Sequence[tuple[Row, Row]]) -> tuple[Pair, ...]:
    """Pairs given by an author."""
    pairs = []
    for k, (left, right) in enumerate(columns):
        u = tuple(number(entry, f"columns[{k}][0][{i}]") for i, entry in enumerate(left))
        v = tuple(number(entry, f"columns[{k}][1][{j}]") for j, entry in enumerate(right))
        if (len(u), len(v)) != (data.rows, data.columns):
            raise NetworkError(
                f"columns[{k}] have {len(u)} and {len(v)} entries; for these targets they have {data.rows} and {data.columns}"
            )
        pairs.append(Pair(norm_bound(u, v), u, v))
    return tuple(pairs)


def columns_json(pairs: Iterable[Pair]) -> Json:
    return [[str(pair.norm), [str(x) for x in pair.u], [str(x) for x in pair.v]] for pair in pairs]


def dual_json(data: Targets, dual: dict[tuple[int, int], Fraction]) -> Json:
    return [[str(dual[i, j]) if (i, j) in dual else None for j in range(data.columns)] for i in range(data.rows)]


def objective(data: Targets, pairs: Iterable[Pair]) -> Fraction:
    from verify.kernel.factorization import objective as of_columns

    return of_columns(data, columns_json(pairs))


# ---------------------------------------------------------------------------------------------------- the optimum


def optimum(data: Targets) -> FactorizedOptimum:
    import numpy as np

    y, mask = np.zeros((data.rows, data.columns)), np.zeros((data.rows, data.columns), dtype=bool)
    try:
        for place, value in data.observed.items():
            y[place], mask[place] = float(value), True
        penalty = float(data.penalty)
    except OverflowError:
        raise NetworkError("a number is too large for floats, in which the search is done; scale the data") from None
    x = shrunk(y, penalty) if mask.all() else completed(y, mask, penalty)
    dual, lower = dual_matrix(data, np.where(mask, y - x, 0.0))
    pairs, upper = factors(data, x)
    return FactorizedOptimum(data, pairs, dual, lower, upper)


def shrunk(matrix: Floats, penalty: float) -> Floats:
    """The matrix with its singular values less the penalty, or 0."""
    import numpy as np

    left, sizes, right = np.linalg.svd(matrix, full_matrices=False)
    shrunken: Floats = (left * (sizes - penalty).clip(0)) @ right
    return shrunken


def completed(y: Floats, mask: NDArray[np.bool_], penalty: float) -> Floats:
    """The optimal X where some entries are missing, by a semidefinite program and shrinking."""
    import cvxpy as cp
    import numpy as np

    scale = max(abs(y).max(), penalty)
    x = cp.Variable(y.shape)
    misfit = cp.sum_squares(cp.multiply(mask, x - y / scale)) / 2
    problem = cp.Problem(cp.Minimize(misfit + penalty / scale * cp.normNuc(x)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of being inexact; what is returned has exact bounds
        problem.solve(solver=cp.CLARABEL)
    if x.value is None:
        raise Unanswered(
            f"the convex program of {y.shape[0]} rows and {y.shape[1]} columns was not solved: {problem.status}"
        )
    found: Floats = scale * np.asarray(x.value)
    for _ in range(STEPS):
        before, found = found, shrunk(np.where(mask, y, found), penalty)
        if abs(found - before).max() <= 1e-15 * scale:
            break
    return found


# ----------------------------------------------------------------------------------------------- exact bounds


def dual_matrix(data: Targets, z: Floats) -> tuple[dict[tuple[int, int], Fraction], Fraction]:
    """A feasible dual matrix close to z, and its bound: the better one of two roundings."""
    import numpy as np

    limit, room = float(data.penalty) / max(float(np.linalg.norm(z, 2)), float(data.penalty)), ROOM
    found = feasible_dual(data, {place: simplest(z[place]) for place in data.observed})
    while room < 1:
        inner = z * limit * (1 - room)
        if rounded := feasible_dual(data, {place: dyadic(inner[place]) for place in data.observed}):
            return max(found or rounded, rounded, key=lambda entry: entry[1])
        room *= 16
    raise Unanswered("no feasible dual matrix was found near that of the convex program")


def feasible_dual(
    data: Targets, entries: dict[tuple[int, int], Fraction]
) -> tuple[dict[tuple[int, int], Fraction], Fraction] | None:
    """The entries and what they prove; None if they are not feasible."""
    from verify.kernel.factorization import dual_bound
    from verify.kernel.terms import Rejected

    try:
        return entries, dual_bound(data, dual_json(data, entries))
    except Rejected:
        return None


def factors(data: Targets, x: Floats) -> tuple[tuple[Pair, ...], Fraction]:
    """Pairs of columns of x, and their objective: the better one of two roundings."""
    import numpy as np

    left, sizes, right = np.linalg.svd(x, full_matrices=False)
    kept = [k for k in range(len(sizes)) if sizes[k] > SMALL * max(float(data.penalty), float(sizes[0]))]
    simple = tuple(simple_pair(sizes[k], left[:, k], right[k]) for k in kept)
    roots = np.sqrt(sizes)
    rounded = tuple(
        pair(tuple(map(dyadic, roots[k] * left[:, k])), tuple(map(dyadic, roots[k] * right[k]))) for k in kept
    )
    return min(((pairs, objective(data, pairs)) for pairs in (simple, rounded)), key=lambda entry: entry[1])


def simple_pair(size: float, left: Floats, right: Floats) -> Pair:
    """The matrix size * left right^T as a column and a row of it, which are rational if the matrix is."""
    import numpy as np

    pivot = int(np.argmax(abs(right)))
    u = tuple(map(simplest, size * left * right[pivot]))
    return pair(u, tuple(map(simplest, right / right[pivot])))


def pair(u: tuple[Fraction, ...], v: tuple[Fraction, ...]) -> Pair:
    return Pair(norm_bound(u, v), u, v)


def norm_bound(u: Sequence[Fraction], v: Sequence[Fraction]) -> Fraction:
    """A rational number that is at least |u| |v|, and equal to it if that is rational."""
    square = sum((x * x for x in u), Fraction(0)) * sum((x * x for x in v), Fraction(0))
    over, under = isqrt(square.numerator), isqrt(square.denominator)
    if Fraction(over, under) ** 2 == square:
        return Fraction(over, under)
    scale = 1 << max(0, BITS + 16 - (square.numerator.bit_length() - square.denominator.bit_length()) // 2)
    return Fraction(isqrt(ceil(square * scale * scale)) + 1, scale)


def simplest(value: float) -> Fraction:
    return Fraction(float(value)).limit_denominator(DENOMINATOR)


def dyadic(value: float) -> Fraction:
    return Fraction(round(float(value) * 2**BITS), 2**BITS)
