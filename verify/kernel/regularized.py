r"""The regularized training problem of networks with one hidden ReLU layer, bounded for every width at once.

With z_i = (1, x_i), a network of m units is f(x) = sum_k a_k ReLU(<u_k, (1, x)>), and its objective is

    1/2 sum_i (f(x_i) - y_i)^2 + beta/2 sum_k (|u_k|^2 + a_k^2),        beta > 0:

weight decay on all parameters, the biases of the units included.  The statement ``regularized_minimum`` says that every
network has an objective of at least ``lower``, whatever its width, and that some network of at most ``width`` units has one
of at most ``upper``.

**Balance.**  Replacing u_k, a_k by t u_k, a_k / t with t > 0 leaves f as it is, and beta/2 (|u_k|^2 + a_k^2) is at least
beta |a_k| |u_k|, with equality for one t.  So a network may be given by the vectors v_k = |a_k| u_k and the signs s_k of
the a_k, and its penalty is beta sum_k |v_k|.

**A network** (from above).  The vectors, the signs and rational bounds r_k with r_k^2 >= |v_k|^2 are given; the objective of
the balanced network is at most 1/2 sum_i (f(x_i) - y_i)^2 + beta sum_k r_k, which is computed.

**A dual vector** nu (from below; Pilanci and Ergen 2020).  1/2 |f - y|^2 >= <nu, y> - 1/2 |nu|^2 - <nu, f>, because the
difference is 1/2 |f - y + nu|^2.  If

    s sum_i nu_i ReLU(<z_i, v>) <= beta |v|        for all v and both signs s,                                      (*)

then <nu, f> <= beta sum_k |v_k|, and every network has an objective of at least <nu, y> - 1/2 |nu|^2.  The closed cells of
the arrangement of the z_i cover the space, and (*) is shown on each.  On the closed cell with the signs sigma_j, the left
side is <s sum_P nu_i z_i, v>, where P are the points of positive sign, and sigma_j <z_j, v> >= 0.  So for any
lambda_j >= 0 it is at most <g, v> with

    g = s sum_P nu_i z_i + sum_j lambda_j sigma_j z_j,

and |g| <= beta is enough.  The cells are enumerated here (``verify.kernel.dichotomies``), in coordinates that have other
norms; norms are taken of the z_i themselves.  Where no lambda_j are given, they are 0.

A network whose objective is less than ``lower``, or a dual vector whose bound is more than ``upper``, refutes the statement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import mul
from typing import Any

from verify.kernel.dichotomies import cells, homogeneous, read_points
from verify.kernel.finding import Finding
from verify.kernel.terms import need, rational
from verify.kernel.theory import fields, listed

Json = Any
Vector = tuple[Fraction, ...]

SHOWN = 8  # points of a statement in words


@dataclass(frozen=True)
class Data:
    """The rows z_i = (1, x_i), the labels, and beta."""

    rows: list[Vector]
    labels: Vector
    beta: Fraction


def read(statement: Json) -> tuple[Data, int, Fraction, Fraction]:
    """The data, and what is stated: the width, the lower and the upper bound."""
    _, points, labels, beta, width, lower, upper = fields(
        statement, "question", "points", "labels", "beta", "width", "lower", "upper"
    )
    rows: list[Vector] = [(Fraction(1), *point) for point in read_points(points)]
    units, weight = rational(width), rational(beta)
    need(units >= 0 and units.denominator == 1, "the width is a natural number, and not", width)
    need(weight > 0, "beta is positive, and not", beta)
    return Data(rows, vector(labels, len(rows)), weight), int(units), rational(lower), rational(upper)


def vector(value: Json, length: int) -> Vector:
    return tuple(map(rational, listed(value, length)))


def sign(value: Json) -> int:
    need(value in ("1", "-1"), "a sign is 1 or -1, and not", value)
    return int(value)


def dot(u: Sequence[Fraction], v: Sequence[Fraction]) -> Fraction:
    return sum(map(mul, u, v), Fraction(0))


def objective(data: Data, units: Json) -> Fraction:
    """An upper bound of the objective of the balanced network with the units [sign, bound of the norm, vector]."""
    values, penalty = [Fraction(0)] * len(data.rows), Fraction(0)
    for unit in listed(units):
        s, bound, entries = listed(unit, 3)
        side, norm, v = sign(s), rational(bound), vector(entries, len(data.rows[0]))
        need(norm >= 0 and norm**2 >= dot(v, v), "the norm of a unit is more than", bound)
        values = [value + side * max(dot(row, v), Fraction(0)) for value, row in zip(values, data.rows, strict=True)]
        penalty += norm
    residual = [value - label for value, label in zip(values, data.labels, strict=True)]
    return dot(residual, residual) / 2 + data.beta * penalty


def dual_bound(data: Data, dual: Json, multipliers: Json) -> tuple[Fraction, int]:
    """The bound of a dual vector for networks of any width, and the number of cells."""
    rows, nu = data.rows, vector(dual, len(data.rows))
    given = read_multipliers(multipliers, len(rows))
    found = cells(homogeneous([row[1:] for row in rows]))
    weighted = [tuple(weight * x for x in row) for weight, row in zip(nu, rows, strict=True)]
    for pattern in found:
        positive = [row for i, row in enumerate(weighted) if pattern >> i & 1]
        total = [sum(column, Fraction(0)) for column in zip(*positive, strict=True)] or [Fraction(0)] * len(rows[0])
        for side in (1, -1):
            g = [side * x for x in total]
            for j, weight in given.pop((pattern, side), ()):
                factor = weight if pattern >> j & 1 else -weight
                g = [x + factor * z for x, z in zip(g, rows[j], strict=True)]
            need(dot(g, g) <= data.beta**2, "the dual vector is not feasible on the cell", pattern, "with sign", side)
    need(not given, "multipliers are given for what is no cell:", next(iter(given), ("",))[0])
    return dot(nu, data.labels) - dot(nu, nu) / 2, len(found)


def read_multipliers(value: Json, points: int) -> dict[tuple[int, int], list[tuple[int, Fraction]]]:
    """[pattern of a cell, sign, [[place of a point, multiplier], ...]], as a dictionary."""
    given: dict[tuple[int, int], list[tuple[int, Fraction]]] = {}
    for entry in listed(value):
        pattern, side, terms = listed(entry, 3)
        weights = [(rational(place), rational(weight)) for place, weight in (listed(term, 2) for term in listed(terms))]
        need(all(weight >= 0 for _, weight in weights), "a multiplier is negative")
        need(all(place.denominator == 1 and 0 <= place < points for place, _ in weights), "no such point")
        key = int(rational(pattern)), sign(side)
        need(
            rational(pattern) == key[0] and key not in given, "the multipliers of a cell are given twice, or of no cell"
        )
        given[key] = [(int(place), weight) for place, weight in weights]
    return given


def decide_interval(statement: Json, witness: Json) -> Finding:
    """Both sides, as stated."""
    data, width, lower, upper = read(statement)
    dual, multipliers, units = fields(witness, "dual", "multipliers", "units")
    need(len(listed(units)) <= width, "there are", len(units), "units, and", width, "are allowed")
    need(objective(data, units) <= upper, "the objective of the network is more than", upper)
    bound, count = dual_bound(data, dual, multipliers)
    need(bound >= lower, "the dual bound is less than", lower)
    return Finding(True, 2 * count, (("units", str(len(units))), ("dichotomies", str(count))))


def decide_network(statement: Json, witness: Json) -> Finding:
    """A network whose objective is below the stated bound."""
    data, _, lower, _ = read(statement)
    (units,) = fields(witness, "units")
    need(objective(data, units) < lower, "the objective of the network is not less than", lower)
    return Finding(False, len(units), (("units", str(len(units))),))


def decide_dual(statement: Json, witness: Json) -> Finding:
    """A dual vector that excludes the stated value, for every width."""
    data, _, _, upper = read(statement)
    dual, multipliers = fields(witness, "dual", "multipliers")
    bound, count = dual_bound(data, dual, multipliers)
    need(bound > upper, "the dual bound is not more than", upper)
    return Finding(False, 2 * count, (("dichotomies", str(count)),))


def text(statement: Json) -> list[str]:
    """What was decided, and the first points."""
    data, width, lower, upper = read(statement)
    title = (
        f"1/2 sum_i (f(x_i) - y_i)^2 + {data.beta} / 2 sum_k (|u_k|^2 + a_k^2), f(x) = sum_k a_k ReLU(<u_k, (1, x)>), is at "
        f"least {lower} for any number of units, and at most {upper} for some network of at most {width} units"
    )
    lines = [f"({', '.join(map(str, row[1:]))}) -> {label}" for row, label in zip(data.rows, data.labels, strict=True)]
    return [title, *lines[:SHOWN], *([f"and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else [])]
