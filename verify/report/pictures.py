r"""Pictures of what exact questions were about, drawn from their certificates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from verify.kernel import Rejected, Unsupported, parse
from verify.report.cells import CellsDrawing, draw_cells
from verify.report.certificates import Desk
from verify.report.graphs import GraphDrawing, draw_graph
from verify.report.questions import Questions

Json = Any
INPUTS = {"cells-by-splitting": 2, "piecewise": 1}  # kinds that can be drawn, and for how many inputs of the network
MAX_BYTES = 32_000_000  # of certificates that are looked at, of one obligation


@dataclass(frozen=True)
class Picture:
    """What one question was about."""

    naturals: str
    cells: CellsDrawing | None
    graph: GraphDrawing | None


def pictures(asked: Questions, desk: Desk) -> tuple[Picture, ...]:
    """The first, a middle and the last question that can be drawn."""
    found = list(drawable(asked, desk))
    wanted = sorted({0, len(found) // 2, len(found) - 1}) if found else []
    drawn = (Picture(found[k][0], draw_cells(found[k][1]), draw_graph(found[k][1])) for k in wanted)
    return tuple(picture for picture in drawn if picture.cells is not None or picture.graph is not None)


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
                inputs = len(document["statement"]["network"]["layers"][0]["weights"][0])
                if INPUTS.get(document["kind"]) == inputs:
                    yield row.naturals, document
            except (Unsupported, Rejected, ValueError, KeyError, TypeError, IndexError):
                continue
