r"""How many activation cells and linear regions a network has: the question, and all cells for exploration.

    Cells(network, box((0, 1), (0, 1)), cells=44, regions=44)
    Cells(network, whole_space(2), regions=AtLeast(37))

An activation cell and a linear region are different things; both are defined in ``verify.kernel.cells``, which decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from verify.errors import NetworkError
from verify.networks.cone import Vector, interior_point
from verify.networks.domain import Domain
from verify.networks.network import Network
from verify.networks.regions import regions
from verify.networks.splitting import Leaf, Tree

Json = Any
MOST = 200_000  # cells, unless more are allowed


@dataclass(frozen=True)
class AtLeast:
    """A lower bound for a number."""

    number: int | Fraction


@dataclass(frozen=True)
class Cell:
    """A cell: which units are active, layer by layer, a point inside, its affine map (rows of weights and a constant),
    and the number of its linear region."""

    pattern: tuple[tuple[bool, ...], ...]
    point: tuple[Fraction, ...]
    map: tuple[tuple[Fraction, ...], ...]
    region: int


@dataclass(frozen=True)
class Cells:
    """The numbers of activation cells and of linear regions of a network on a domain, each exact or ``AtLeast``.

    ``most`` bounds the search.  Raises ``NetworkError`` if network and domain do not fit or nothing is asked.
    """

    network: Network
    domain: Domain
    cells: int | Fraction | AtLeast | None = None
    regions: int | Fraction | AtLeast | None = None
    most: int = MOST

    def __post_init__(self) -> None:
        require_fit(self.network, self.domain)
        if self.cells is None and self.regions is None:
            raise NetworkError("nothing is asked about the cells; give cells= or regions=")

    def statement(self) -> Json:
        return {
            "question": "cells",
            "network": self.network.json(),
            "domain": self.domain.json(),
            "cells": count("cells", self.cells),
            "regions": count("regions", self.regions),
        }

    def answer(self) -> tuple[str, Json]:
        """Points that show the lower bounds, if only such are asked and they are true; else the whole tree of splits."""
        tree = Tree((self.network,), self.domain.cone(), self.most)
        wanted = (self.cells, self.regions)
        bounds = [asked.number for asked in wanted if isinstance(asked, AtLeast)]
        leaves: list[Leaf] = []
        maps = set()
        for leaf in tree.leaves():
            leaves.append(leaf)
            if len(bounds) == sum(asked is not None for asked in wanted):
                maps.add(leaf.outputs)
                enough = not isinstance(self.regions, AtLeast) or len(maps) >= self.regions.number
                if enough and (not isinstance(self.cells, AtLeast) or len(leaves) >= self.cells.number):
                    return "cells-by-points", {"points": points(leaves)}
        joints, apart = [], []
        if self.regions is not None:
            found = regions(tree.stages, leaves, len(self.domain.rows))
            joints = [[i, j, affine(point)] for i, j, point in found.joints]
            apart = [[i, j, rows] for i, j, rows in found.apart]
        witness = {"steps": tree.steps, "points": points(leaves), "joints": joints, "apart": apart}
        return "cells-by-splitting", witness


def arrangement(network: Network, domain: Domain, *, most: int = MOST) -> tuple[Cell, ...]:
    """All activation cells of a network on a domain; raises ``NetworkError`` and ``Unanswered``."""
    require_fit(network, domain)
    tree = Tree((network,), domain.cone(), most)
    leaves = list(tree.leaves())
    found = regions(tree.stages, leaves, len(domain.rows))
    numbers: dict[int, int] = {}
    scale = tree.scales[0]
    return tuple(
        Cell(
            tuple(tuple(bool(active >> u & 1) for u in range(len(forms))) for forms, active in leaf.layers),
            tuple(map(Fraction, affine(interior_point(leaf.cone)))),
            tuple(tuple(Fraction(entry, scale) for entry in form) for form in leaf.outputs[0]),
            numbers.setdefault(found.find(i), len(numbers)),
        )
        for i, leaf in enumerate(leaves)
    )


def require_fit(network: Network, domain: Domain) -> None:
    if not isinstance(network, Network) or not isinstance(domain, Domain):
        raise NetworkError("cells are asked of a Network on a domain; make one with box, whole_space or polyhedron")
    if network.inputs != domain.dimension:
        raise NetworkError(
            f"the domain has dimension {domain.dimension}, but the network has inputs of dimension {network.inputs}"
        )


def count(name: str, asked: int | Fraction | AtLeast | None) -> Json:
    """A number as the statement holds it."""
    if asked is None:
        return None
    number = asked.number if isinstance(asked, AtLeast) else asked
    if isinstance(number, bool) or not isinstance(number, int | Fraction) or Fraction(number).denominator != 1:
        raise NetworkError(f"{name}= must be a whole number, not {number}")
    return {"at_least" if isinstance(asked, AtLeast) else "exactly": str(number)}


def points(leaves: Sequence[Leaf]) -> Json:
    return [affine(interior_point(leaf.cone)) for leaf in leaves]


def affine(point: Vector) -> list[str]:
    """The coordinates of a point in homogeneous coordinates."""
    return [str(Fraction(entry, point[-1])) for entry in point[:-1]]
