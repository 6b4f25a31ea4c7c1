r"""How many activation cells and linear regions a ReLU network has on a polyhedral domain.

An *activation cell* is a set of points of the domain that has interior points and one activation pattern, a unit being
active where its pre-activation is $> 0$.  A *linear region* is a connected component of the open set of those points
in the interior of the domain near which the network is affine.  One region may consist of many cells.

``cells-by-splitting`` (exact): a tree of splits (see ``splitting``), and for each leaf a point where all rows of the leaf
are $> 0$.  Then the leaves are, up to sets without interior, all activation cells, each once.

*Regions are the classes of cells with the same affine map that are connected through common facets.*  Along a facet
shared by two cells with one map the network is affine near the points inside the facet, so that such cells lie in one
region.  Conversely, two points of a region are joined by a path in it that avoids the finitely many faces of dimension
$\le d - 2$; it passes from cell to cell through facets, and the map does not change on its way.  Therefore the kernel
joins two cells of one map where a witnessed point $p$ shows a common facet:

* (J) the rows of either cell are $\ge 0$ at $p$; those that vanish at $p$ are multiples of one form $g$; and the cells lie
  on different sides of $g = 0$.  So a half ball about $p$ belongs to either cell.

Two cells of one map that have not been joined, directly or through others, must be shown to have no common facet.  Let
$g$ be the form of the first unit that is active in one of them only; earlier layers agree, so that $g$ is the same form
in both, it separates them, and a common facet would lie in $g = 0$.  On it each unit is $\ge 0$ and $\le 0$ by continuity
if it is active in one cell only, so that its forms vanish on all of $g = 0$.  Hence there is no common facet

* (A) if such a unit has in one of the cells a form that is not a multiple of $g$; or
* (B) if $\pm g = \sum \lambda_i r_i + c$ with $\lambda, c \ge 0$ for rows $r_i$ of one cell that are not multiples of $g$: where
  $g$ vanishes in that cell, each row with $\lambda_i > 0$ vanishes too, so that no facet lies in $g = 0$.

``cells-by-points`` (lower bounds): points at which no form that is not constant vanishes.  Near such a point the pattern
is constant; so different patterns are different cells, and different affine maps are different regions.
"""

from __future__ import annotations

from itertools import combinations
from math import lcm
from operator import mul
from typing import Any

from verify.kernel.finding import Finding
from verify.kernel.network import domain_text, network_text, read_domain, read_network, shape_text
from verify.kernel.splitting import (
    Form,
    Leaf,
    Stage,
    constants,
    integral,
    integral_rows,
    leaves,
    negative,
    onward,
    passed,
    require_nonnegative,
)
from verify.kernel.terms import need, rational
from verify.kernel.theory import fields, listed

Json = Any
Point = tuple[int, ...]  # homogeneous: the coordinates times a common denominator, and that denominator

MAX_PAIRS = 50_000_000


def value(form: Form, point: Point) -> int:
    """The value at a point, times the positive denominator of the point."""
    return sum(map(mul, form, point))


def read_point(entries: Json, dimension: int) -> Point:
    numbers = [rational(entry) for entry in listed(entries, dimension)]
    common = lcm(*(number.denominator for number in numbers))
    return (*(int(number * common) for number in numbers), common)


def multiples(one: Form, other: Form) -> bool:
    """Whether ``other`` is a multiple of ``one``, which is not zero."""
    pivot = next(k for k, entry in enumerate(one) if entry)
    return all(one[pivot] * y == x * other[pivot] for x, y in zip(one, other, strict=True))


def by_splitting(statement: Json, witness: Json) -> Finding:
    stages, domain, dimension, asked = read_cells(statement)
    steps, points, joints, apart = fields(witness, "steps", "points", "joints", "apart")
    cells: list[Leaf] = []
    for leaf in leaves(stages, domain, steps):
        need(len(cells) < len(listed(points)), "each cell needs a point in its interior")
        point = read_point(points[len(cells)], dimension)
        need(all(value(row, point) > 0 for row in leaf.rows), "a point is not in the interior of its cell")
        cells.append(leaf)
    need(len(points) == len(cells), "there are more points than cells")
    found = {"cells": len(cells)}
    if "regions" in asked:
        found["regions"] = regions(cells, [read_point(p, dimension) for p in points], joints, apart)
    return finding(asked, found, exact=True, steps=len(steps))


def regions(cells: list[Leaf], points: list[Point], joints: Json, apart: Json) -> int:
    """The number of linear regions; rejects unless every two cells of one map are joined or apart."""
    parent = list(range(len(cells)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = i = parent[parent[i]]
        return i

    for joint in listed(joints):
        i, j, entries = listed(joint, 3)
        need(all(type(k) is int and 0 <= k < len(cells) for k in (i, j)), "a joint is between cells of the list")
        need(cells[i].outputs == cells[j].outputs, "cells", i, "and", j, "have different affine maps")
        require_common_facet(cells[i], cells[j], points[j], read_point(entries, len(points[0]) - 1))
        parent[root(i)] = root(j)
    groups: dict[Any, dict[int, list[int]]] = {}
    for k, cell in enumerate(cells):
        key = tuple(cell.outputs[0])
        groups.setdefault(key, {}).setdefault(root(k), []).append(k)
    reasons = {(i, j): support for i, j, support in (listed(entry, 3) for entry in listed(apart))}
    pairs = 0
    for group in groups.values():
        for some, others in combinations(group.values(), 2):
            pairs += len(some) * len(others)
            need(pairs <= MAX_PAIRS, "too many pairs of cells have one affine map")
            for i in some:
                for j in others:
                    require_apart(cells, i, j, reasons)
    return len({root(k) for k in range(len(cells))})


def require_common_facet(one: Leaf, other: Leaf, inside_other: Point, point: Point) -> None:
    """Rule (J)."""
    values = [(row, value(row, point)) for row in (*one.rows, *other.rows)]
    need(all(v >= 0 for _, v in values), "a joint is not in both cells")
    walls = [row for row, v in values if v == 0]
    need(walls and all(multiples(walls[0], row) for row in walls), "a joint is not inside a facet")
    wall = next((row for row in one.rows if row in walls), None)
    need(wall is not None and value(wall, inside_other) < 0, "the cells of a joint are on one side of it")


def require_apart(cells: list[Leaf], i: int, j: int, reasons: dict[tuple[int, int], Json]) -> None:
    """Rules (A) and (B) for two cells; a reason for (B) lists rows of the first cell of its pair."""
    units = [
        (active >> u & 1, forms[u], others[u])
        for (forms, active), (others, other_active) in zip(cells[i].layers, cells[j].layers, strict=True)
        if active != other_active
        for u in range(len(forms))
        if (active ^ other_active) >> u & 1
    ]
    active, wall, _ = units[0]
    if not all(multiples(wall, form) and multiples(wall, other) for _, form, other in units):
        return
    need((i, j) in reasons or (j, i) in reasons, "cells", i, "and", j, "have one map and are neither joined nor apart")
    cell, support = (i, reasons[i, j]) if (i, j) in reasons else (j, reasons[j, i])
    need(all(type(k) is int and 0 <= k < len(cells[cell].rows) for k in listed(support)), "a row that is not there")
    rows = [cells[cell].rows[k] for k in support]
    need(not any(multiples(wall, row) for row in rows), "a wall is not a reason against itself")
    positive = bool(active) == (cell == i)
    require_nonnegative(wall if positive else negative(wall), rows)


def by_points(statement: Json, witness: Json) -> Finding:
    stages, domain, dimension, asked = read_cells(statement)
    (points,) = fields(witness, "points")
    patterns, maps = set(), set()
    for entries in listed(points):
        point = read_point(entries, dimension)
        need(all(value(row, point) > 0 for row in domain), "a point is not in the interior of the domain")
        pattern, outputs = at(stages, point)
        patterns.add(pattern)
        maps.add(outputs)
    return finding(asked, {"cells": len(patterns), "regions": len(maps)}, exact=False, steps=len(points))


def at(stages: list[Stage], point: Point) -> tuple[tuple[int, ...], tuple[Form, ...]]:
    """The activation pattern at a point, and the affine map near it."""
    pattern: tuple[int, ...] = ()
    number, forms, outputs = onward(stages, 0, [])
    while number >= 0:
        fixed, active = constants(forms)
        for u, form in enumerate(forms):
            if not fixed >> u & 1:
                need(value(form, point), "a unit changes its sign at a point")
                active |= (value(form, point) > 0) << u
        pattern = (*pattern, active)
        number, forms, outputs = onward(stages, number, passed(forms, active))
    return pattern, tuple(outputs[0])


def read_cells(statement: Json) -> tuple[list[Stage], tuple[Form, ...], int, dict[str, tuple[str, int]]]:
    """The network and the domain in integers, the dimension, and for cells and regions what is said of their number."""
    _, network, domain, cells, regions = fields(statement, "question", "network", "domain", "cells", "regions")
    layers = read_network(network)
    dimension = len(layers[0][0]) - 1
    stages, _ = integral(layers)
    asked = {name: count for name, said in (("cells", cells), ("regions", regions)) for count in read_count(said)}
    need(asked, "nothing is said about the number of cells or regions")
    return stages, integral_rows(read_domain(domain, dimension)), dimension, asked


def read_count(said: Json) -> list[tuple[str, int]]:
    """``{"exactly": "7"}``, ``{"at_least": "7"}`` or null."""
    if said is None:
        return []
    need(
        isinstance(said, dict) and list(said) in (["exactly"], ["at_least"]), "a number is exactly or at_least another"
    )
    ((relation, text),) = said.items()
    number = rational(text)
    need(number.denominator == 1, "not a whole number:", number)
    return [(relation, int(number))]


def finding(asked: dict[str, tuple[str, int]], found: dict[str, int], *, exact: bool, steps: int) -> Finding:
    """Compare; with lower bounds only, a statement is true if they reach it, and false if they exceed what is exact."""
    truths: list[bool | None] = []
    for name, (relation, number) in asked.items():
        enough = found[name] >= number
        if exact or (relation == "at_least" and enough):
            truths.append(found[name] == number if relation == "exactly" else enough)
        elif relation == "exactly" and found[name] > number:
            truths.append(False)
        else:
            truths.append(None)
    need(None not in truths or False in truths, "the points do not decide the number")
    facts = tuple((name if exact else f"{name}, at least", str(count)) for name, count in found.items())
    return Finding(False not in truths, steps, facts)


def text(statement: Json) -> list[str]:
    """The statement in words, after it has been read."""
    network = read_network(statement["network"])
    dimension = len(network[0][0]) - 1
    said = " and ".join(
        f"{relation.replace('_', ' ')} {number} {what}"
        for what, key in (("activation cells", "cells"), ("linear regions", "regions"))
        for relation, number in read_count(statement[key])
    )
    title = f"The ReLU network R^{dimension} -> R^{len(network[-1])} with {shape_text(network)} has {said}"
    return [f"{title} on {domain_text(statement['domain'], dimension)}", *network_text(network)]
