r"""Which cells of a network belong to one linear region, and why the others do not (see ``verify.kernel.cells``).

Cells are grouped by their affine maps.  In a group, each facet of each cell is crossed: at a point $p$ inside the facet
the network is evaluated in dual numbers $p + \varepsilon n$ with $n$ pointing outwards, where the sign of a number
$u + v \varepsilon$ is that of $u$, or of $v$ if $u = 0$.  This gives the pattern of the one cell on the other side, since
along the interior of a facet no unit changes between zero and not zero.  If it has the same map, the cells are joined.

Two cells of a group that are not joined may differ only in units whose forms are multiples of one form $g$ and still not
touch: the network with first layer $(x, -x)$ and second layer $|x| - 1$ has such cells $x > 1$ and $x < -1$, with $g = x$.
Then $g$ is redundant among the rows of either cell, and a nonnegative combination of the others says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from verify.networks.cone import Cone, Vector, cut, opposite, primitive, product, space, support, values
from verify.networks.splitting import Leaf, Rows

Json = Any
Stage = tuple[Rows, bool, bool]


@dataclass
class Regions:
    """Classes of cells, the points that join cells, and the rows that keep cells apart."""

    root: list[int]
    joints: list[tuple[int, int, Vector]] = field(default_factory=list)
    apart: list[tuple[int, int, list[int]]] = field(default_factory=list)

    def find(self, i: int) -> int:
        while self.root[i] != i:
            self.root[i] = i = self.root[self.root[i]]
        return i

    @property
    def count(self) -> int:
        return len({self.find(i) for i in range(len(self.root))})


def regions(stages: Sequence[Stage], leaves: Sequence[Leaf], domain_rows: int) -> Regions:
    """The linear regions of one network, from all of its cells."""
    found = Regions(list(range(len(leaves))))
    position = {leaf.pattern: i for i, leaf in enumerate(leaves)}
    groups: dict[Any, list[int]] = {}
    for i, leaf in enumerate(leaves):
        groups.setdefault(leaf.outputs[0], []).append(i)
    for group in groups.values():
        if len(group) > 1:
            for i in group:
                for row, point in facets(leaves[i].cone, domain_rows):
                    j = position[beyond(stages, point, opposite(row))]
                    if leaves[j].outputs == leaves[i].outputs and found.find(i) != found.find(j):
                        found.root[found.find(i)] = found.find(j)
                        found.joints.append((i, j, point))
            keep_apart(found, leaves, group)
    return found


def facets(cone: Cone, first: int) -> Iterator[tuple[Vector, Vector]]:
    """The rows from the given one on that define facets, each with a point inside its facet."""
    for k in range(first, len(cone.rows)):
        tight = [ray for ray, mask in cone.rays if mask >> (k + 1) & 1]
        point = primitive([sum(column) for column in zip(*tight, strict=True)]) if tight else ()
        if point and point[-1] and is_facet(cone, k, point):
            yield cone.rows[k], point


def is_facet(cone: Cone, k: int, point: Vector) -> bool:
    """Whether all rows that vanish at the point are multiples of row k."""
    return all(product(row, point) or multiples(cone.rows[k], row) for row in cone.rows)


def multiples(one: Vector, other: Vector) -> bool:
    pivot = next(k for k, entry in enumerate(one) if entry)
    return all(one[pivot] * y == x * other[pivot] for x, y in zip(one, other, strict=True))


def beyond(stages: Sequence[Stage], point: Vector, direction: Vector) -> tuple[int, ...]:
    """The activation pattern just beyond a point in a direction (of which the last entry is not used)."""
    value, slope = point[:-1], direction[:-1]
    pattern = []
    for rows, _, last in stages:
        if last:
            break
        pre = [sum(w * v for w, v in zip(row, value, strict=False)) + row[-1] * point[-1] for row in rows]
        rise = [sum(w * v for w, v in zip(row, slope, strict=False)) for row in rows]
        active = [u > 0 or (u == 0 and v > 0) for u, v in zip(pre, rise, strict=True)]
        pattern.append(sum(1 << k for k, on in enumerate(active) if on))
        value = tuple(u if on else 0 for u, on in zip(pre, active, strict=True))
        slope = tuple(v if on else 0 for v, on in zip(rise, active, strict=True))
    return tuple(pattern)


def keep_apart(found: Regions, leaves: Sequence[Leaf], group: list[int]) -> None:
    """Record why cells of different classes do not touch where their patterns do not tell."""
    classes: dict[int, list[int]] = {}
    for i in group:
        classes.setdefault(found.find(i), []).append(i)
    for some, others in combinations(classes.values(), 2):
        for i in some:
            for j in others:
                wall = only_wall(leaves[i], leaves[j])
                if wall is not None:
                    found.apart.append((i, j, redundancy(leaves[i].cone, wall)))


def only_wall(one: Leaf, other: Leaf) -> Vector | None:
    """The form of which all forms of units that tell two cells apart are multiples, if there is one."""
    wall: Vector | None = None
    for (forms, active), (other_forms, other_active) in zip(one.layers, other.layers, strict=True):
        different = active ^ other_active
        while different:
            unit = (different & -different).bit_length() - 1
            different &= different - 1
            wall = forms[unit] if wall is None else wall
            if not (multiples(wall, forms[unit]) and multiples(wall, other_forms[unit])):
                return None
    return wall


def redundancy(cone: Cone, wall: Vector) -> list[int]:
    """Rows, none a multiple of the wall, that imply its sign on the polyhedron."""
    kept = [k for k, row in enumerate(cone.rows) if not multiples(wall, row)]
    wider = space(len(wall) - 1)
    for k in kept:
        smaller = cut(cone.rows[k], wider)
        assert smaller is not None  # the polyhedron itself has interior points
        wider = smaller
    heights = values(wall, wider)
    assert heights is not None and (min(heights) >= 0 or max(heights) <= 0)  # else the wall is a facet
    return [kept[k] for k in support([abs(height) for height in heights], wider)]
