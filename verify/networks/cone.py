r"""Polyhedra with interior points, in exact integers, by generators: the double description method.

A polyhedron $P = \{x : a_i \cdot x + b_i \ge 0\}$ of $\mathbb{R}^d$ is kept as the cone $K = \{(x, t) : a_i \cdot x + b_i t
\ge 0, t \ge 0\}$ of its homogeneous coordinates, by *generators*: $K$ is the set of sums of nonnegative multiples of *rays*
and of arbitrary multiples of *lines* (of which there are some only if $P$ contains a line).  A ray with $t > 0$ is a vertex,
one with $t = 0$ a direction in which $P$ is unbounded.  An affine form takes both signs inside $P$ exactly if it takes
both on the generators, so that every question about a node of the search costs a few integer products: no linear
program is solved, and thin strips, parallel and coincident hyperplanes or many through one point need no tolerance.

Cutting $K$ by a form keeps the rays on one side and adds one ray on each edge that crosses the hyperplane (Motzkin,
Raiffa, Thompson and Thrall 1953).  Two rays span an edge exactly if no third one satisfies with equality all the
inequalities that both satisfy with equality (Fukuda and Prodon 1996, Proposition 7); these sets are bit masks.  The number of
generators grows quickly with the dimension, which is small here: 4 to 6 vertices for a cell in the plane.

**Forced signs.**  If a form $f$ is $\ge 0$ on $P$, then $f = \sum_i \lambda_i r_i + c$ with $\lambda, c \ge 0$ (Farkas).  The
rows with $\lambda_i > 0$ are found by peeling: subtract the largest constant, so that $f$ vanishes at a vertex; then, as
long as $f \ne 0$, take a row that vanishes on the face where $f$ does, and subtract the largest multiple that leaves
$f \ge 0$ on the generators.  Each step enlarges the face; so there are at most $d$, and the rows are independent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from math import gcd, inf, isfinite
from operator import and_, mul

Vector = tuple[int, ...]  # homogeneous coordinates of a point, or the coefficients of a form and then its constant
Ray = tuple[Vector, int]  # with the set of the inequalities that it satisfies with equality: bit 0 is t >= 0


@dataclass(frozen=True, slots=True)
class Cone:
    """A polyhedron with interior points: bit i + 1 of the rays stands for ``rows[i]``."""

    rows: tuple[Vector, ...]
    rays: tuple[Ray, ...]
    lines: tuple[Vector, ...] = ()


def space(dimension: int) -> Cone:
    units = [tuple(int(i == k) for k in range(dimension + 1)) for i in range(dimension + 1)]
    return Cone((), ((units[-1], 0),), tuple(units[:-1]))


def primitive(vector: Sequence[int]) -> Vector:
    divisor = gcd(*vector)
    return tuple(vector) if divisor <= 1 else tuple(entry // divisor for entry in vector)


def product(form: Vector, vector: Vector) -> int:
    return sum(map(mul, form, vector))


def opposite(form: Vector) -> Vector:
    return tuple(-entry for entry in form)


def values(form: Vector, cone: Cone) -> list[int] | None:
    """At the rays; None if the form does not vanish on the lines, where it takes both signs."""
    if any(product(form, line) for line in cone.lines):
        return None
    return [product(form, ray) for ray, _ in cone.rays]


def halves(form: Vector, cone: Cone) -> tuple[Cone, Cone]:
    """The parts where the form is nonnegative and nonpositive; it takes both signs inside."""
    bit = 2 << len(cone.rows)
    above, below = (*cone.rows, form), (*cone.rows, opposite(form))
    on_lines = [product(form, line) for line in cone.lines]
    pivot = next((k for k, value in enumerate(on_lines) if value), None)
    if pivot is not None:
        line, height = cone.lines[pivot], on_lines[pivot]
        if height < 0:
            line, height = opposite(line), -height
        rays = tuple((onto(form, ray, line, height), mask | bit) for ray, mask in cone.rays)
        lines = tuple(onto(form, other, line, height) for k, other in enumerate(cone.lines) if k != pivot)
        every = bit - 1
        return (
            Cone(above, (*rays, (line, every)), lines),
            Cone(below, (*rays, (opposite(line), every)), lines),
        )
    positive: list[tuple[int, Ray]] = []
    negative: list[tuple[int, Ray]] = []
    zero: list[Ray] = []
    for ray in cone.rays:
        height = product(form, ray[0])
        if height:
            (positive if height > 0 else negative).append((height, ray))
        else:
            zero.append((ray[0], ray[1] | bit))
    zero += crossings(positive, negative, cone, bit)
    return (
        Cone(above, (*(ray for _, ray in positive), *zero), cone.lines),
        Cone(below, (*(ray for _, ray in negative), *zero), cone.lines),
    )


def onto(form: Vector, vector: Vector, line: Vector, height: int) -> Vector:
    """Move a vector along a line until the form, which is ``height`` > 0 on the line, vanishes."""
    own = product(form, vector)
    return vector if not own else primitive([height * x - own * y for x, y in zip(vector, line, strict=True)])


def crossings(positive: list[tuple[int, Ray]], negative: list[tuple[int, Ray]], cone: Cone, bit: int) -> list[Ray]:
    """A ray for each edge between the two sides."""
    fewest = len(cone.rays[0][0]) - 2 - len(cone.lines)  # an edge lies in so many independent hyperplanes, at least
    found = []
    masks = [mask for _, mask in cone.rays]
    for height, (up, up_mask) in positive:
        for depth, (down, down_mask) in negative:
            common = up_mask & down_mask
            if common.bit_count() >= fewest and sum(1 for mask in masks if mask & common == common) == 2:
                ray = [height * y - depth * x for x, y in zip(up, down, strict=True)]
                found.append((primitive(ray), common | bit))
    return found


def cut(form: Vector, cone: Cone) -> Cone | None:
    """The part where the form is nonnegative, with the form as a row; None if that part has no interior points."""
    heights = values(form, cone)
    if heights is None or (min(heights) < 0 < max(heights)):
        return halves(form, cone)[0]
    if max(heights) <= 0:
        return None
    bit = 2 << len(cone.rows)
    rays = tuple((ray, mask if height else mask | bit) for height, (ray, mask) in zip(heights, cone.rays, strict=True))
    return Cone((*cone.rows, form), rays, cone.lines)


def support(heights: list[int], cone: Cone) -> list[int]:
    """Rows of which a form, given by its values at the rays, none negative, is a nonnegative combination."""
    rays = cone.rays
    low, deep = -1, 1
    for height, (ray, _) in zip(heights, rays, strict=True):
        if ray[-1] and (low < 0 or height * deep < low * ray[-1]):
            low, deep = height, ray[-1]
    rest = [height * deep - low * ray[-1] for height, (ray, _) in zip(heights, rays, strict=True)]
    chosen: list[int] = []
    while any(rest):
        zeros = [mask for value, (_, mask) in zip(rest, rays, strict=True) if not value]
        face = reduce(and_, zeros) & -2
        if len(zeros) == 1 and face.bit_count() == len(rays[0][0]) - 1 - len(cone.lines):
            return [k - 1 for k in range(face.bit_length()) if face >> k & 1]  # a vertex with no row too many
        row = (face & -face).bit_length() - 2
        chosen.append(row)
        slopes = [product(cone.rows[row], ray) for ray, _ in rays]
        least = min_ratio(rest, slopes)
        rest = [slopes[least] * value - rest[least] * slope for value, slope in zip(rest, slopes, strict=True)]
    return sorted(chosen)


def min_ratio(numerators: list[int], denominators: list[int]) -> int:
    """The position of the least ratio among those with a positive denominator."""
    best = -1
    for k, denominator in enumerate(denominators):
        if denominator > 0 and (best < 0 or numerators[k] * denominators[best] < numerators[best] * denominator):
            best = k
    return best


def interior_point(cone: Cone) -> Vector:
    """An interior point in homogeneous coordinates: if that can be found, with a small power of two as denominator."""
    centre = mean(cone)
    for bits in (0, 1, 2, 4, 6, 8, 11, 14, 18, 24, 32, 48) if all(map(isfinite, centre)) else ():
        candidate = (*(round(coordinate * (1 << bits)) for coordinate in centre), 1 << bits)
        if all(product(row, candidate) > 0 for row in cone.rows):
            return primitive(candidate)
    return primitive([sum(column) for column in zip(*(ray for ray, _ in cone.rays), strict=True)])


def mean(cone: Cone) -> list[float]:
    """The mean of the vertices, moved along the unbounded directions; infinite if it is far away."""
    vertices = [ray for ray, _ in cone.rays if ray[-1]]
    directions = [primitive_direction(ray) for ray, _ in cone.rays if not ray[-1]]
    if any(abs(entry) > vertex[-1] << 900 for vertex in vertices for entry in vertex):
        return [inf]
    return [
        sum(vertex[k] / vertex[-1] for vertex in vertices) / len(vertices) + sum(d[k] for d in directions)
        for k in range(len(cone.rays[0][0]) - 1)
    ]


def primitive_direction(ray: Vector) -> list[float]:
    """A direction in floating-point numbers, of length about one."""
    size = max(map(abs, ray))
    return [entry / size for entry in ray]
