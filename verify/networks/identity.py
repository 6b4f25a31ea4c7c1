r"""Whether two networks, or a network and a maximum of affine functions, agree on a domain.

    Identical(f, g, whole_space(2))
    IsMaximum(f, [[1, 0, 0], [0, 1, 0]], box((-1, 1), (-1, 1)))  # f(x, y) = max(x, y)

The search refines the cells of one network by those of the other (``splitting``), where two affine maps are compared;
or it proves on each cell that one function is above the others.  The first cell on which they differ has a point where
they do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import lcm
from typing import Any

from verify.errors import NetworkError
from verify.networks.cells import MOST, affine, require_fit
from verify.networks.cone import Cone, Vector, interior_point, opposite, product, support, values
from verify.networks.domain import Domain
from verify.networks.network import Network, Number, exact
from verify.networks.splitting import Leaf, Tree

Json = Any


@dataclass(frozen=True)
class Identical:
    """``left`` and ``right`` agree at every point of ``domain``; they have the same numbers of inputs and outputs."""

    left: Network
    right: Network
    domain: Domain
    most: int = MOST

    def __post_init__(self) -> None:
        for network in (self.left, self.right):
            require_fit(network, self.domain)
        if self.left.outputs != self.right.outputs:
            raise NetworkError(
                f"the networks have {self.left.outputs} and {self.right.outputs} outputs; they can only agree if these "
                "numbers do"
            )

    def statement(self) -> Json:
        return {
            "question": "identical",
            "left": self.left.json(),
            "right": self.right.json(),
            "domain": self.domain.json(),
        }

    def answer(self) -> tuple[str, Json]:
        tree = Tree((self.left, self.right), self.domain.cone(), self.most)
        scale, other_scale = tree.scales
        for leaf in tree.leaves():
            for one, other in zip(*leaf.outputs, strict=True):
                gap = tuple(a * other_scale - b * scale for a, b in zip(one, other, strict=True))
                if any(gap):
                    return "identity-by-point", {"point": affine(point_off(gap, leaf.cone))}
        return "identity-by-cells", {"steps": tree.steps, "below": []}


@dataclass(frozen=True)
class IsMaximum:
    """``network``, which has one output, is the maximum of affine functions (rows of weights and then a constant)."""

    network: Network
    functions: Sequence[Sequence[Number]]
    domain: Domain
    most: int = MOST

    def __post_init__(self) -> None:
        require_fit(self.network, self.domain)
        if self.network.outputs != 1:
            raise NetworkError(f"a maximum is one number, but the network has {self.network.outputs} outputs")
        if not self.functions:
            raise NetworkError("a maximum needs at least one affine function")
        for number, row in enumerate(self.functions, 1):
            if len(row) != self.network.inputs + 1:
                raise NetworkError(
                    f"affine function {number} has {len(row)} entries; it needs {self.network.inputs} weights and a constant"
                )

    def statement(self) -> Json:
        return {
            "question": "identical",
            "left": self.network.json(),
            "right": {"maximum": [[str(entry) for entry in exact(row)] for row in self.functions]},
            "domain": self.domain.json(),
        }

    def answer(self) -> tuple[str, Json]:
        tree = Tree((self.network,), self.domain.cone(), self.most)
        functions = [exact(row) for row in self.functions]
        common = lcm(*(entry.denominator for row in functions for entry in row))
        rows = [tuple(int(entry * common * tree.scales[0]) for entry in row) for row in functions]
        below = []
        for leaf in tree.leaves():
            form = tuple(common * entry for entry in leaf.outputs[0][0])
            gaps = [tuple(a - b for a, b in zip(form, row, strict=True)) for row in rows]
            reasons = [reason(gap, leaf) for gap in gaps]
            if False in reasons or None not in reasons:
                return "identity-by-point", {"point": affine(point_below(gaps, reasons, leaf.cone))}
            below.append(reasons)
        return "identity-by-cells", {"steps": tree.steps, "below": below}


def reason(gap: Vector, leaf: Leaf) -> list[int] | bool | None:
    """The rows by which a form is nonnegative on a leaf; None if it is zero, False if it is negative somewhere."""
    if not any(gap):
        return None
    heights = values(gap, leaf.cone)
    return False if heights is None or min(heights) < 0 else support(heights, leaf.cone)


def point_below(gaps: Sequence[Vector], reasons: Sequence[object], cone: Cone) -> Vector:
    """A point where the network is not the maximum: below a function, or above all of them.

    If no gap is negative anywhere and none is zero on the cell, then all of them are positive inside.
    """
    for gap, found in zip(gaps, reasons, strict=True):
        if found is False:
            return point_where_negative(gap, cone)
    return interior_point(cone)


def point_off(gap: Vector, cone: Cone) -> Vector:
    """A point of the polyhedron where a form, not zero, does not vanish."""
    inside = interior_point(cone)
    if product(gap, inside):
        return inside
    return point_where_negative(gap, cone)


def point_where_negative(form: Vector, cone: Cone) -> Vector:
    """A point of the polyhedron where a form is negative; it has one."""
    inside = interior_point(cone)
    height = product(form, inside)
    if height < 0:
        return inside
    directions = [ray for ray, _ in cone.rays]
    directions += [line for positive in cone.lines for line in (positive, opposite(positive))]
    down = next(direction for direction in directions if product(form, direction) < 0)
    far = height // -product(form, down) + 1
    return tuple(x + far * y for x, y in zip(inside, down, strict=True))
