r"""The open nodes of a search, and the search as a sequence of slices.

A *slice* is what ``search`` does with a few open nodes and a limit of nodes: depth first, with everything about them in
fast tables, for a second or so; then it hands back the nodes that it did not come to.  Between slices the order is best
first: the nodes with the least bound come next, because the least bound of all open nodes is what is known of the
minimum.  So the memory is that of best-first search over slices, the speed is that of depth-first search over nodes,
and an interruption anywhere loses at most the slices that are running.

**What comes back** is a list of nodes in preorder, deep ones first.  The last few are roots of the largest subtrees and
become parts of their own; the others stay together, so that slices stay long.

**Records.**  A certificate needs the whole tree in preorder, whatever the order in which it was searched, or by whom.
So each part has its place in a linked list of *segments*: a slice puts what it wrote into its own segment, and behind it
come those of the parts that it left open.  When nothing is open, the list is the tree.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from verify.training.search import Nodes, Record, Slice

ALONE = 8  # nodes at the end of what a slice left open that become parts of their own
MAX_OPEN = 50_000  # parts, before the search goes on depth first


@dataclass(eq=False)
class Segment:
    """A piece of the record in preorder: written, or still open."""

    record: Record | None = None
    after: Segment | None = None


@dataclass(eq=False)
class Part:
    """Open nodes that are next to each other in preorder; how often a worker lost them; their place in the record."""

    nodes: Nodes
    segment: Segment | None = None
    losses: int = 0

    @property
    def bound(self) -> float:
        return float(self.nodes.bound.min())


@dataclass(eq=False)
class Frontier:
    """The open parts, those that are being searched (``flying``), and what has been recorded, if ``first`` is not None."""

    waiting: list[tuple[float, int, Part]] = field(default_factory=list)
    flying: dict[int, Part] = field(default_factory=dict)
    first: Segment | None = None
    order: Iterator[int] = field(default_factory=count)
    nodes: int = 0
    leaves: int = 0
    bounds: int = 0
    branchings: int = 0

    @staticmethod
    def of(nodes: Nodes, *, record: bool) -> Frontier:
        frontier = Frontier(first=Segment() if record else None)
        if len(nodes):
            frontier.push(Part(nodes, frontier.first))
        return frontier

    def push(self, part: Part) -> None:
        heapq.heappush(self.waiting, (part.bound, -next(self.order), part))

    def take(self) -> Part | None:
        """The part with the least bound, or, where there are too many, one of those with a large bound."""
        if not self.waiting:
            return None
        *_, part = self.waiting.pop() if len(self.waiting) > MAX_OPEN else heapq.heappop(self.waiting)
        self.flying[id(part)] = part
        return part

    def lost(self, part: Part) -> None:
        """The part was not searched, through no fault of its own."""
        self.push(Part(part.nodes, part.segment, part.losses + 1))
        del self.flying[id(part)]

    def recall(self) -> None:
        """Whatever is being searched is open again."""
        for part in list(self.flying.values()):
            self.push(part)
            del self.flying[id(part)]

    def give(self, part: Part, found: Slice) -> None:
        """What a slice made of a part.  Nothing is lost if this is interrupted: the part goes last."""
        segment = part.segment if self.first is not None else None
        if segment is not None:
            segment.record = found.record
        for piece in pieces(found.remaining):
            if segment is not None:
                segment.after = segment = Segment(None, segment.after)
            self.push(Part(piece, segment))
        self.nodes += found.nodes
        self.leaves += found.leaves
        self.bounds += found.bounds
        self.branchings += found.branchings
        del self.flying[id(part)]

    def stop_recording(self) -> None:
        self.first = None

    @property
    def parts(self) -> list[Part]:
        return [*(part for _, _, part in self.waiting), *self.flying.values()]

    @property
    def lower(self) -> float:
        """The least bound of an open node; infinite if there is none."""
        bounds = [part.bound for part in self.flying.values()] + [bound for bound, _, _ in self.waiting[:1]]
        return min(bounds, default=float("inf"))

    @property
    def open(self) -> int:
        return sum(len(part.nodes) for part in self.parts)

    def open_nodes(self, empty: Nodes) -> Nodes:
        """All open nodes, those that are being searched included."""
        from verify.training.search import Nodes

        return Nodes.join([empty, *(part.nodes for part in self.parts)])

    def record(self) -> Record | None:
        """The record of the whole tree, once nothing is open."""
        import numpy as np

        from verify.training.search import Record

        segments = []
        segment = self.first
        while segment is not None:
            segments.append(segment.record)
            segment = segment.after
        if self.parts or not segments or any(part is None for part in segments):
            return None
        written = [part for part in segments if part is not None]
        return Record(
            np.concatenate([part.tokens for part in written]),
            np.concatenate([part.rows for part in written]),
            np.concatenate([part.multipliers for part in written]),
        )


def pieces(nodes: Nodes) -> Iterator[Nodes]:
    """Nodes in preorder in pieces that are next to each other: the last ones alone, the others together."""
    together = max(0, len(nodes) - ALONE)
    if together:
        yield nodes[:together]
    for place in range(together, len(nodes)):
        yield nodes[place : place + 1]
