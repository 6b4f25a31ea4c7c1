r"""Pictures of what exact questions were about, drawn from their certificates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from verify.kernel import Rejected, Unsupported, parse
from verify.report.cells import CellsDrawing, draw_cells
from verify.report.certificates import Desk
from verify.report.figures import Plot
from verify.report.graphs import GraphDrawing, draw_graph
from verify.report.questions import Questions
from verify.report.training import KIND, PlaneDrawing, draw_fit, draw_plane, tree_plot
from verify.report.worst_case import FUNCTION, MULTIPLIERS, draw_worst_function, multipliers_plot

Json = Any
INPUTS = {"cells-by-splitting": 2, "piecewise": 1}  # kinds that can be drawn, and for how many inputs of the network
WHOLE = (KIND, FUNCTION, MULTIPLIERS)  # kinds of which every certificate may be drawn
MAX_BYTES = 32_000_000  # of certificates that are looked at, of one obligation


@dataclass(frozen=True)
class Picture:
    """What one question was about."""

    naturals: str
    cells: CellsDrawing | None
    graph: GraphDrawing | None
    plane: PlaneDrawing | None = None
    tree: Plot | None = None

    @property
    def is_blank(self) -> bool:
        return self.cells is None and self.graph is None and self.plane is None and self.tree is None


def pictures(asked: Questions, desk: Desk) -> tuple[Picture, ...]:
    """The first, a middle and the last question that can be drawn."""
    found = list(drawable(asked, desk))
    wanted = sorted({0, len(found) // 2, len(found) - 1}) if found else []
    drawn = (picture(*found[k]) for k in wanted)
    return tuple(one for one in drawn if not one.is_blank)


def picture(naturals: str, document: Json) -> Picture:
    graph = draw_fit(document) or draw_worst_function(document) or draw_graph(document)
    tree = tree_plot(document) or multipliers_plot(document)
    if tree is not None and naturals:
        tree = replace(tree, title=f"At {naturals}: {tree.title}")
    return Picture(naturals, draw_cells(document), graph, draw_plane(document), tree)


def drawable(asked: Questions, desk: Desk) -> Iterator[tuple[str, Json]]:
    """The certificates that can be drawn, with the naturals of their questions."""
    left = MAX_BYTES
    for row in asked.rows:
        for certificate in row.certificates:
            blob = desk.blobs.get(certificate.sha256, b"")
            left -= len(blob)
            if not blob or left < 0:
                continue
            try:
                document = parse(blob.decode("ascii"))
                if document["kind"] in WHOLE or INPUTS.get(document["kind"]) == inputs(document):
                    yield row.naturals, document
            except (Unsupported, Rejected, ValueError, KeyError, TypeError, IndexError):
                continue


def inputs(document: Json) -> int:
    return len(document["statement"]["network"]["layers"][0]["weights"][0])
