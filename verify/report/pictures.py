r"""Pictures of what exact questions were about, drawn from their certificates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from verify.kernel import Unsupported, parse
from verify.report.cells import CellsDrawing, draw_cells
from verify.report.certificates import Certificate, Desk
from verify.report.graphs import GraphDrawing, draw_graph
from verify.report.questions import Questions

MOST = 3  # pictures of one obligation
MAX_BYTES = 16_000_000  # of a certificate that is drawn


@dataclass(frozen=True)
class Picture:
    """What one question was about."""

    naturals: str
    cells: CellsDrawing | None
    graph: GraphDrawing | None


def pictures(asked: Questions, desk: Desk) -> tuple[Picture, ...]:
    """The first, a middle and the last question that can be drawn."""
    drawable = [
        (row.naturals, certificate)
        for row in asked.rows
        for certificate in row.certificates
        if certificate.available and len(desk.blobs[certificate.sha256]) <= MAX_BYTES
    ]
    wanted = sorted({0, len(drawable) // 2, len(drawable) - 1})[:MOST] if drawable else []
    return tuple(drawn(drawable, wanted, desk))


def drawn(drawable: list[tuple[str, Certificate]], wanted: list[int], desk: Desk) -> Iterator[Picture]:
    for number in wanted:
        naturals, certificate = drawable[number]
        try:
            document = parse(desk.blobs[certificate.sha256].decode("ascii"))
        except (Unsupported, UnicodeDecodeError):
            continue
        picture = Picture(naturals, draw_cells(document), draw_graph(document))
        if picture.cells is not None or picture.graph is not None:
            yield picture
