r"""Dichotomies: the ways in which an affine hyperplane can divide points, neither side touching it.

The statement ``dichotomies`` holds the points, a list of coordinates each, and asks whether they have ``count``
dichotomies.  With z_i = (1, x_i), a dichotomy is the pattern of signs of <z_i, u> for a u in R^{n+1} that makes none of
them 0: a *cell* of the central arrangement of the hyperplanes z_i.  No witness is needed; the cells are enumerated here.

**Coordinates.**  Shifting or scaling a coordinate changes z_i by an invertible linear map, the same for all i, and a
coordinate that depends linearly on the others adds nothing to the vectors (<z_i, u>)_i.  Hence ``homogeneous`` may make
the z_i integral and drop dependent columns; what remains has full column rank d.

**Enumeration** (``cells``).  In an arrangement of full rank d every closed cell is a pointed cone, so it has an extreme
ray r.  Let T be the set of the z_i with <z_i, r> = 0; it has rank d - 1.  Next to r, the signs off T are those of
<z_i, r>, and the signs on T are those of a cell of the arrangement T, whichever one likes: both ways round.  So the
cells are found from the rays, which are the null vectors of d - 1 independent z_i, and by recursion for T, which has one
dimension less because r is orthogonal to it.  Where T has only d - 1 members, they are independent and all 2^(d-1)
patterns are cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from math import comb, gcd, lcm
from operator import mul
from typing import Any

from verify.kernel.finding import Finding
from verify.kernel.terms import need, rational
from verify.kernel.theory import fields, listed

Json = Any
Row = tuple[int, ...]

MAX_POINTS = 100_000
MAX_FLATS = 3_000_000  # choices of d - 1 points
SHOWN = 8  # points of a statement in words


def read_points(value: Json) -> list[tuple[Fraction, ...]]:
    """The points, one list of coordinates each; all have the same number of them."""
    points = listed(value)
    need(
        0 < len(points) <= MAX_POINTS and listed(points[0]),
        "there are between 1 and",
        MAX_POINTS,
        "points in Q^n, n > 0",
    )
    return [tuple(map(rational, listed(point, len(points[0])))) for point in points]


def homogeneous(points: Sequence[Sequence[Fraction]]) -> list[Row]:
    """Integral rows (1, ...), of full column rank, that have the same cells as the rows (1, x) of the points."""
    columns = [[1] * len(points)]
    for column in zip(*points, strict=True):
        scale = lcm(*(x.denominator for x in column))
        shifted = [int((x - column[0]) * scale) for x in column]
        common = gcd(*shifted) or 1
        columns.append([x // common for x in shifted])
    return restricted(list(zip(*columns, strict=True)))


def restricted(rows: Sequence[Row]) -> list[Row]:
    """The rows without the columns that depend on the columns before them."""
    work, previous = [list(row) for row in dict.fromkeys(rows)], 1
    kept: list[int] = []
    for c in range(len(rows[0])):
        rank = len(kept)
        place = next((i for i in range(rank, len(work)) if work[i][c]), None)
        if place is None:
            continue
        work[rank], work[place] = work[place], work[rank]
        top = work[rank]
        for i in range(rank + 1, len(work)):
            factor = work[i][c]
            work[i] = [(top[c] * a - factor * b) // previous for a, b in zip(work[i], top, strict=True)]
        previous = top[c]
        kept.append(c)
    return [tuple(row[c] for c in kept) for row in rows]


def cells(rows: Sequence[Row]) -> set[int]:
    """The sign patterns of the cells of rows of full column rank, none of them 0; bit i is set where row i is positive."""
    lines: dict[Row, list[int]] = {}
    for i, row in enumerate(rows):
        common = gcd(*row)
        need(common, "a hyperplane has the normal vector 0")
        side = next(a for a in row if a) < 0
        line = tuple(a // (-common if side else common) for a in row)
        lines.setdefault(line, [0, 0])[side] |= 1 << i
    return patterns(list(lines), [(same, opposite) for same, opposite in lines.values()])


def patterns(lines: list[Row], bits: list[tuple[int, int]]) -> set[int]:
    """The same for pairwise independent rows; the pattern has ``bits[i][0]`` where line i is positive, else ``[1]``."""
    rank = len(lines[0])
    need(comb(len(lines), rank - 1) <= MAX_FLATS, "too many flats to enumerate the cells")
    found: set[int] = set()
    seen: set[Row] = set()
    inner: dict[tuple[int, ...], set[int]] = {}
    for chosen in combinations(lines, rank - 1):
        ray = null_vector(chosen)
        common = gcd(*ray)
        if not common:
            continue
        side = next(a for a in ray if a) < 0
        primitive = tuple(a // (-common if side else common) for a in ray)
        if primitive in seen:
            continue
        seen.add(primitive)
        front, back, flat = 0, 0, []
        for i, line in enumerate(lines):
            height = sum(map(mul, line, primitive))
            if height:
                front |= bits[i][height < 0]
                back |= bits[i][height > 0]
            else:
                flat.append(i)
        key = tuple(flat)
        if key not in inner:
            inner[key] = on_flat([lines[i] for i in flat], [bits[i] for i in flat])
        found |= {base | local for base in (front, back) for local in inner[key]}
    return found


def on_flat(lines: list[Row], bits: list[tuple[int, int]]) -> set[int]:
    """The patterns of the cells of lines whose rank is one less than their length."""
    if lines and len(lines) > len(lines[0]) - 1:
        return patterns(restricted(lines), bits)
    found = {0}
    for same, opposite in bits:
        found = {pattern | side for pattern in found for side in (same, opposite)}
    return found


def null_vector(rows: Sequence[Row]) -> Row:
    """The vector of the signed maximal minors of d - 1 rows: orthogonal to them, and 0 if they are dependent."""
    size = len(rows) + 1
    return tuple((-1) ** c * determinant([[*row[:c], *row[c + 1 :]] for row in rows]) for c in range(size))


def determinant(matrix: list[list[int]]) -> int:
    """Bareiss's elimination, without fractions; the matrix is overwritten."""
    if len(matrix) == 2:
        return matrix[0][0] * matrix[1][1] - matrix[0][1] * matrix[1][0]
    sign, previous, size = 1, 1, len(matrix)
    for k in range(size - 1):
        place = next((i for i in range(k, size) if matrix[i][k]), None)
        if place is None:
            return 0
        if place != k:
            matrix[k], matrix[place], sign = matrix[place], matrix[k], -sign
        for i in range(k + 1, size):
            for j in range(k + 1, size):
                matrix[i][j] = (matrix[i][j] * matrix[k][k] - matrix[i][k] * matrix[k][j]) // previous
        previous = matrix[k][k]
    return sign * (matrix[-1][-1] if matrix else 1)


def decide(statement: Json, witness: Json) -> Finding:
    _, points, count = fields(statement, "question", "points", "count")
    fields(witness)
    rows = homogeneous(read_points(points))
    found = len(cells(rows))
    facts = ("different points", str(len(set(rows)))), ("dichotomies", str(found))
    return Finding(rational(count) == found, found, facts)


def text(statement: Json) -> list[str]:
    """What was decided, and the first points."""
    points = read_points(statement["points"])
    title = f"{len(points)} points of Q^{len(points[0])} have {rational(statement['count'])} dichotomies by hyperplanes"
    lines = [f"({', '.join(map(str, point))})" for point in points[:SHOWN]]
    return [title, *lines, *([f"and {len(points) - SHOWN} more"] if len(points) > SHOWN else [])]
