r"""Factorised problems of every width at once: the nuclear norm bounds them from below, factors from above.

The statement ``factorized_minimum`` holds a matrix Y, in which entries may be missing (null), and lambda > 0.  Factors of
width r are matrices U and V with r columns; their objective is

    1/2 sum over the observed (i, j) of (Y - U V^T)_ij^2 + lambda/2 (|U|^2 + |V|^2),        |.| the Frobenius norm.

It says that all factors, of any width, have an objective of at least ``lower``, and that some factors of at most ``width``
columns have one of at most ``upper``.  Over all widths this is the minimum of 1/2 |P(Y - X)|^2 + lambda |X|_* over matrices X,
with the nuclear norm (Srebro, Rennie and Jaakkola 2004): not convex in the factors, but convex in their product.

**Columns** (from above).  The factors are given by pairs of columns u_k, v_k and rational r_k with r_k^2 >= |u_k|^2 |v_k|^2.
Replacing u_k, v_k by t u_k, v_k / t leaves the product as it is, and (t^2 |u_k|^2 + |v_k|^2 / t^2) / 2 is |u_k| |v_k| for one t
(if one of the columns is zero, both may be).  So some factors of the same product have an objective of at most
1/2 |P(Y - sum_k u_k v_k^T)|^2 + lambda sum_k r_k.  The numbers of these factors need not be rational.

**A dual matrix** Z (from below; Recht, Fazel and Parrilo 2010; Haeffele and Vidal 2015).  Let Z be zero where Y is missing,
and R = P(Y - U V^T).  Then 1/2 |R|^2 >= <Z, R> - 1/2 |Z|^2 = <Z, Y> - 1/2 |Z|^2 - <Z, U V^T>.  If the matrix

    [ lambda I     Z    ]
    [  Z^T      lambda I ]

is positive semidefinite, then so it is with -Z, and <Z, U V^T> = sum_k u_k^T Z v_k <= lambda/2 (|U|^2 + |V|^2).  Hence every
objective is at least <Z, Y> - 1/2 |Z|^2.

Columns whose objective is less than ``lower``, or a dual matrix whose bound is more than ``upper``, refute the statement.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from verify.kernel.finding import Finding
from verify.kernel.positive import semidefinite
from verify.kernel.terms import need, rational
from verify.kernel.theory import fields, listed

Json = Any
Vector = list[Fraction]
Matrix = list[Vector]

MAX_SIZE = 200  # rows and columns
SHOWN = 8  # rows of a statement in words


@dataclass(frozen=True)
class Targets:
    """The observed entries of a matrix of so many rows and columns, and lambda."""

    rows: int
    columns: int
    observed: dict[tuple[int, int], Fraction]
    penalty: Fraction


def read(statement: Json) -> tuple[Targets, int, Fraction, Fraction]:
    """The problem, and what is stated: the width, the lower and the upper bound."""
    _, targets, penalty, width, lower, upper = fields(
        statement, "question", "targets", "penalty", "width", "lower", "upper"
    )
    rows = listed(targets)
    need(
        0 < len(rows) <= MAX_SIZE and 0 < len(listed(rows[0])) <= MAX_SIZE, "there are 1 to", MAX_SIZE, "rows, columns"
    )
    size = len(rows[0])
    entries = ((i, j, entry) for i, row in enumerate(rows) for j, entry in enumerate(listed(row, size)))
    observed = {(i, j): rational(entry) for i, j, entry in entries if entry is not None}
    weight, most = rational(penalty), rational(width)
    need(weight > 0, "the penalty is positive, and not", penalty)
    need(most >= 0 and most.denominator == 1, "the width is a natural number, and not", width)
    return Targets(len(rows), size, observed, weight), int(most), rational(lower), rational(upper)


def vector(value: Json, length: int) -> Vector:
    return [rational(entry) for entry in listed(value, length)]


def square(entries: Vector) -> Fraction:
    return sum((entry * entry for entry in entries), Fraction(0))


def objective(targets: Targets, columns: Json) -> Fraction:
    """An upper bound of the objective of the balanced factors with the columns [bound of |u| |v|, u, v]."""
    misfit, norms = dict(targets.observed), Fraction(0)
    for column in listed(columns):
        bound, left, right = listed(column, 3)
        norm, u, v = rational(bound), vector(left, targets.rows), vector(right, targets.columns)
        need(
            norm >= 0 and norm**2 >= square(u) * square(v),
            "the norms of a pair of columns have a product of more than",
            bound,
        )
        misfit = {(i, j): value - u[i] * v[j] for (i, j), value in misfit.items()}
        norms += norm
    return square(list(misfit.values())) / 2 + targets.penalty * norms


def dual_bound(targets: Targets, dual: Json) -> Fraction:
    """What a dual matrix proves of all factors; its missing entries are null."""
    z = [listed(row, targets.columns) for row in listed(dual, targets.rows)]
    places = {(i, j) for i, row in enumerate(z) for j, entry in enumerate(row) if entry is not None}
    need(places == targets.observed.keys(), "the entries of the dual matrix are not at the observed places")
    values = {(i, j): rational(z[i][j]) for i, j in targets.observed}
    need(
        semidefinite(block(targets, values)),
        "the dual matrix is not feasible: its largest singular value is more than lambda",
    )
    return sum((value * (targets.observed[at] - value / 2) for at, value in values.items()), Fraction(0))


def block(targets: Targets, values: dict[tuple[int, int], Fraction]) -> Matrix:
    """The symmetric matrix with lambda on the diagonal and Z, Z^T beside it."""
    size = targets.rows + targets.columns
    matrix = [[targets.penalty if i == j else Fraction(0) for j in range(size)] for i in range(size)]
    for (i, j), value in values.items():
        matrix[i][targets.rows + j] = matrix[targets.rows + j][i] = value
    return matrix


# ------------------------------------------------------------------------------------------------- what decides


def decide_both(statement: Json, witness: Json) -> Finding:
    """Columns and a dual matrix, as stated."""
    targets, width, lower, upper = read(statement)
    dual, columns = fields(witness, "dual", "columns")
    need(len(listed(columns)) <= width, "there are", len(columns), "columns, and", width, "are allowed")
    need(objective(targets, columns) <= upper, "the objective of the factors is more than", upper)
    need(dual_bound(targets, dual) >= lower, "the dual bound is less than", lower)
    return Finding(True, len(targets.observed), facts(targets, len(columns)))


def decide_columns(statement: Json, witness: Json) -> Finding:
    """Factors whose objective is below the stated bound."""
    targets, _, lower, _ = read(statement)
    (columns,) = fields(witness, "columns")
    need(objective(targets, columns) < lower, "the objective of the factors is not less than", lower)
    return Finding(False, len(targets.observed), facts(targets, len(columns)))


def decide_dual(statement: Json, witness: Json) -> Finding:
    """A dual matrix that excludes the stated value, for every width."""
    targets, _, _, upper = read(statement)
    (dual,) = fields(witness, "dual")
    need(dual_bound(targets, dual) > upper, "the dual bound is not more than", upper)
    return Finding(False, len(targets.observed), facts(targets, 0)[:1])


def facts(targets: Targets, columns: int) -> tuple[tuple[str, str], ...]:
    return (("observed", str(len(targets.observed))), ("columns", str(columns)))


def text(statement: Json) -> list[str]:
    """What was decided, and the first rows of the matrix."""
    targets, width, lower, upper = read(statement)
    title = (
        f"1/2 |Y - U V^T|^2 over the observed entries + {targets.penalty} / 2 (|U|^2 + |V|^2) is at least {lower} for factors "
        f"of any width, and at most {upper} for some factors of at most {width} columns"
    )
    shown = (", ".join("?" if entry is None else entry for entry in row) for row in statement["targets"])
    lines = [f"row {i} of Y: {row}" for i, row in enumerate(shown)]
    return [title, *lines[:SHOWN], *([f"and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else [])]
