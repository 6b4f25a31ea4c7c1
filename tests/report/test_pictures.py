r"""Pictures of certificates: what is drawn is what was counted, and what cannot be drawn is left out without a crash."""

from __future__ import annotations

import copy
import re
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.report import pages, results
from tests.report.test_pages import sound
from verify.goals import Question
from verify.kernel import FORMAT, check, read
from verify.networks.cells import AtLeast, Cells
from verify.networks.construct import sawtooth, square
from verify.networks.domain import Domain, box, whole_space
from verify.networks.network import Network
from verify.networks.one_variable import PieceCount, SupDistance, Supremum
from verify.report import cells, graphs, write_report
from verify.report.cells import CellsDrawing, draw_cells, shades
from verify.report.graphs import GraphDrawing, draw_graph

Json = Any
Point = tuple[float, float]

UNIT = box((0, 1), (0, 1))
GRID = Network.of([([[1, 0], [1, 0], [0, 1]], ["-1/4", "-1/2", "-1/3"]), ([[1, 1, 1]], [0])])
LINEAR = Network.of([([[1, 0], [-1, 0]], ["-1/2", "1/2"]), ([[1, -1]], [0])])  # ReLU(t) - ReLU(-t) = t
KINK = Network.of([([[1, 0], [-1, 0]], ["-1/2", "1/2"]), ([[1, 1]], [0])])
DEEP = Network.of(
    [([[3, 1], [-2, 5], [4, -3], [1, 1]], [-1, -1, "1/2", "-3/4"]),
     ([[1, -1, 2, 0], [2, 1, -1, -3], [-1, 1, 1, 1]], ["-1/3", "1/5", "-1/2"]), ([[1, -2, 1]], [0])]
)  # fmt: skip


def answered(question: Question) -> Json:
    """A certificate of the question, of which the kernel has accepted that it decides it."""
    kind, witness = question.answer()
    document = {"format": FORMAT, "kind": kind, "statement": question.statement(), "witness": witness}
    check(document)
    return document


def cells_of(
    network: Network, domain: Domain = UNIT, *, regions: int | None = 1
) -> tuple[CellsDrawing, dict[str, str]]:
    document = answered(Cells(network, domain, cells=1, regions=regions))
    found = draw_cells(document)
    assert found is not None
    return found, dict(check(document).facts)


def polygons(drawing: CellsDrawing) -> list[tuple[int, list[Point]]]:
    """The shade and the corners of each polygon."""
    found = []
    for shade, path in drawing.paths:
        for part in path.split("Z")[:-1]:
            numbers = [tuple(map(float, place.split())) for place in part.removeprefix("M").split("L")]
            found.append((shade, [(x, y) for x, y in numbers]))
    return found


def area(corners: list[Point]) -> float:
    ahead = corners[1:] + corners[:1]
    return abs(sum(x * v - u * y for (x, y), (u, v) in zip(corners, ahead, strict=True))) / 2


def middle(drawing: CellsDrawing, corners: list[Point]) -> tuple[Fraction, Fraction]:
    """The mean of the corners, in the coordinates of the unit square."""
    left, top, width, height = drawing.frame
    x, y = (sum(place[axis] for place in corners) / len(corners) for axis in (0, 1))
    return Fraction((x - left) / width), Fraction(1 - (y - top) / height)


def pattern(network: Network, point: tuple[Fraction, Fraction]) -> list[bool]:
    """The units that are active, from the definition of a network."""
    values, active = list(point), []
    for layer in network.layers[:-1]:
        sums = [
            sum(w * v for w, v in zip(row, values, strict=True)) + b
            for row, b in zip(layer.weights, layer.bias, strict=True)
        ]
        active += [total > 0 for total in sums]
        values = [max(total, Fraction(0)) for total in sums]
    return active


# -------------------------------------------------------------------------------------------------------- cells


@pytest.mark.parametrize(("network", "count"), [(GRID, 6), (LINEAR, 2), (KINK, 2), (DEEP, None)])
def test_every_cell_is_a_polygon_with_a_pattern_of_its_own(network: Network, count: int | None) -> None:
    drawing, facts = cells_of(network)
    found = polygons(drawing)
    assert len(found) == int(facts["cells"]) and count in (None, len(found))
    patterns = [pattern(network, middle(drawing, corners)) for _, corners in found]
    assert len({tuple(p) for p in patterns}) == len(found)


@pytest.mark.parametrize("network", [GRID, LINEAR, KINK, DEEP])
def test_the_polygons_fill_the_domain(network: Network) -> None:
    drawing, _ = cells_of(network)
    assert sum(area(corners) for _, corners in polygons(drawing)) == pytest.approx(
        drawing.frame[2] * drawing.frame[3], rel=2e-3
    )


def test_cells_of_one_region_have_one_shade_and_the_title_has_both_numbers() -> None:
    drawing, facts = cells_of(LINEAR)
    assert (facts["cells"], facts["regions"]) == ("2", "1")
    assert len(drawing.paths) == 1 and drawing.title == "Cells of the network: all 2, 1 linear region"
    drawing, facts = cells_of(KINK)
    assert (facts["cells"], facts["regions"]) == ("2", "2")
    assert len(drawing.paths) == 2 and drawing.title == "Cells of the network: all 2, 2 linear regions"


def test_without_a_question_about_regions_none_are_named() -> None:
    drawing, facts = cells_of(LINEAR, regions=None)
    assert "regions" not in facts and "region" not in drawing.title + drawing.description
    assert drawing.title == "Cells of the network: all 2, 1 affine map"


@pytest.mark.parametrize("seed", [None, 2, 3])
def test_neighbouring_regions_have_different_shades(seed: int | None) -> None:
    """Where every cell is a region of its own."""
    network = GRID if seed is None else drawn_at_random(seed)
    drawing, facts = cells_of(network, UNIT if seed is None else box((-1, 1), (-1, 1)))
    found = polygons(drawing)
    assert facts["cells"] == facts["regions"] == str(len(found))
    pairs = [(one, other) for one, other in combinations(found, 2) if len(set(one[1]) & set(other[1])) > 1]
    assert len(pairs) >= len(found) - 1 and all(one[0] != other[0] for one, other in pairs)


def drawn_at_random(seed: int) -> Network:
    draw = Random(seed)

    def numbers(count: int) -> list[int]:
        return [draw.randint(-9, 9) for _ in range(count)]

    widths = [(2, 6), (6, 5), (5, 1)]
    return Network.of([([numbers(inputs) for _ in range(outputs)], numbers(outputs)) for inputs, outputs in widths])


def test_shades_are_those_of_the_regions() -> None:
    squares = [((float(i), 0.0), (i + 1.0, 0.0), (i + 1.0, 1.0), (float(i), 1.0)) for i in range(4)]
    assert shades(squares, [0, 0, 1, 0])[:2] == [shades(squares, [0, 0, 1, 0])[3]] * 2
    assert len(set(shades(squares, [0, 0, 1, 1]))) == 2


def test_a_strip_too_thin_to_be_seen_is_told() -> None:
    thin = Network.of([([[1, 0], [1, 0]], ["-1/2", f"-{Fraction(1, 2) + Fraction(1, 10**12)}"]), ([[1, 1]], [0])])
    drawing, facts = cells_of(thin)
    assert facts["cells"] == "3" and len(polygons(drawing)) == 2
    assert "all 3" in drawing.title and drawing.description.endswith("; 1 cell is too thin to be seen.")


def test_the_whole_plane_is_drawn_in_a_window() -> None:
    drawing, facts = cells_of(GRID, whole_space(2))
    assert len(polygons(drawing)) == int(facts["cells"]) == 6
    assert "Drawn from the certificate, in the window [" in drawing.description


def test_cells_outside_of_the_window_are_counted() -> None:
    far = Network.of([([[1, 0]] * 8 + [[1, 0]], [*range(8), 10**6]), ([[1] * 9], [0])])
    drawing, facts = cells_of(far, whole_space(2))
    hidden = int(facts["cells"]) - len(polygons(drawing))
    assert facts["cells"] == "10" and hidden > 0
    assert drawing.description.endswith(
        f"{hidden} cell{'s are' if hidden > 1 else ' is'} too thin or too far away to be seen."
    )


def test_numbers_longer_than_doubles_are_drawn() -> None:
    scale = Fraction(10) ** 400
    large = Network.of([([[scale, 0], [0, scale]], [-scale / 2, -scale / 2]), ([[1, 1]], [0])])
    drawing, _ = cells_of(large)
    assert sorted(round(area(corners)) for _, corners in polygons(drawing)) == [44100] * 4


def test_a_large_picture_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "MOST", 3)
    drawing, _ = cells_of(GRID)
    assert len(polygons(drawing)) == 3 and drawing.title == "Cells of the network: the first 3 of 6"


@pytest.mark.parametrize("axes", [1, 3])
def test_other_dimensions_are_not_drawn(axes: int) -> None:
    network = Network.of([([[1] * axes], ["-1/2"]), ([[1]], [0])])
    assert draw_cells(answered(Cells(network, box(*[(0, 1)] * axes), cells=2, regions=2))) is None


# -------------------------------------------------------------------------------------------------------- graphs


def graph_of(question: Question) -> GraphDrawing:
    found = draw_graph(answered(question))
    assert found is not None
    return found


def line(points: str) -> list[Point]:
    return [(float(x), float(y)) for x, y in (place.split(",") for place in points.split())]


def test_the_graph_goes_through_the_breakpoints() -> None:
    drawing = graph_of(PieceCount(sawtooth(2), (0, 1), exactly=4))
    assert drawing.title == "Graph of the network: 4 affine pieces"
    assert line(drawing.graph) == [(64.0, 264.0), (189.0, 14.0), (314.0, 264.0), (439.0, 14.0), (564.0, 264.0)]
    assert [dot.label for dot in drawing.dots] == ["(0, 0)", "(1/4, 1)", "(1/2, 0)", "(3/4, 1)", "(1, 0)"]
    assert [mark.label for mark in drawing.columns] == ["0", "0.25", "0.5", "0.75", "1"]


def test_a_polynomial_is_drawn_beside_the_network() -> None:
    drawing = graph_of(SupDistance(square(2), (0, 0, 1), (0, 1), exactly="1/64"))
    places = line(drawing.polynomial)
    assert places[100] == (314.0, 201.5) and places[-1] == (564.0, 14.0)  # 1/4 at 1/2, and 1 at 1
    assert "dashed" in drawing.description


@pytest.mark.parametrize("interval", [(None, None), (None, 2), (-1, None)])
def test_unbounded_pieces_are_followed_for_a_while(interval: Any) -> None:
    bend = Network.of([([[1]], [0]), ([[2]], [0])])
    places = line(graph_of(PieceCount(bend, interval, exactly=2)).graph)
    assert places[0][0] == 64.0 and places[-1][0] == 564.0 and len(places) == 3
    assert places[0][1] == places[1][1] == 264.0 and places[2][1] == 14.0


def test_a_constant_function_has_a_graph() -> None:
    flat = Network.of([([[0]], ["1/3"])])
    assert len(line(graph_of(Supremum(flat, (0, 1), exactly="1/3")).graph)) == 2


@pytest.mark.parametrize("order", [7, 12])
def test_a_graph_that_would_be_a_black_area_is_drawn_in_part(order: int) -> None:
    drawing = graph_of(PieceCount(sawtooth(order), (0, 1), exactly=2**order))
    assert drawing.title == f"Graph of the network: {2**order} affine pieces, the first {graphs.PART}"
    assert len(line(drawing.graph)) == graphs.PART + 1 and not drawing.dots
    assert f"[0, {graphs.PART / 2**order:.4g}]" in drawing.description


def test_a_smooth_graph_of_many_pieces_is_drawn_whole() -> None:
    drawing = graph_of(PieceCount(square(8), (0, 1), exactly=256))
    assert drawing.title == "Graph of the network: 256 affine pieces" and len(line(drawing.graph)) == 257


# ------------------------------------------------------------------------------------------------ what is not drawn


def broken(document: Json) -> list[Json]:
    """The certificate with each of its parts replaced by nonsense."""
    found = [{}, {"kind": document["kind"]}]
    for part in ("statement", "witness"):
        for name in document[part]:
            for nonsense in (None, "x", [], {}, [["1"]], 7):
                other = copy.deepcopy(document)
                other[part][name] = nonsense
                found.append(other)
    return found


@pytest.mark.parametrize(
    "question",
    [Cells(GRID, UNIT, cells=6, regions=6), PieceCount(sawtooth(2), (0, 1), exactly=4)],
    ids=["cells", "piecewise"],
)
def test_what_cannot_be_drawn_is_left_out(question: Question) -> None:
    for document in broken(answered(question)):
        draw_cells(document)
        draw_graph(document)


def test_every_fixture_of_a_question_in_the_plane_or_on_a_line_is_drawn() -> None:
    folder = Path(__file__).resolve().parents[1] / "kernel" / "certificates"
    kinds = {}
    for path in sorted(folder.glob("*.json")):
        document = read(path)
        drawn = draw_cells(document) or draw_graph(document)
        kinds.setdefault(document["kind"], []).append(drawn is not None)
    assert all(kinds.get("piecewise", [True])) and not any(kinds["theorem"])


def test_certificates_of_other_kinds_are_not_drawn() -> None:
    points = answered(Cells(GRID, UNIT, cells=AtLeast(2)))
    pieces = answered(PieceCount(sawtooth(1), (0, 1), exactly=2))
    assert (draw_cells(points), draw_cells(pieces), draw_graph(points)) == (None, None, None)


# ------------------------------------------------------------------------------------------------------- the page

CLAIM = """
from verify.networks.cells import Cells
from verify.networks.construct import sawtooth
from verify.networks.domain import box
from verify.networks.network import Network
from verify.networks.one_variable import PieceCount

GRID = Network.of([([[1, 0], [1, 0], [0, 1]], ["-1/4", "-1/2", "-1/3"]), ([[1, 1, 1]], [0])])


@claim.exact()
def six_cells():
    return Cells(GRID, box((0, 1), (0, 1)), cells=6, regions=6)


@claim.exact(naturals={"k": range(1, 8)})
def sawtooth_pieces(k):
    return PieceCount(sawtooth(k), (0, 1), exactly=2**k)
"""


def test_pictures_have_names_and_descriptions_on_the_page(tmp_path: Path) -> None:
    bench = results.questions(tmp_path, CLAIM)
    store, run = bench.store()
    write_report(bench.found(run=run), tmp_path / "report", store)
    sound(tmp_path / "report")
    page = pages.read(tmp_path / "report")["claims/asking.html"]
    words = page.words("six_cells")
    assert "6 linear regions" in words and "Drawn from the certificate, on [0, 1] × [0, 1]" in words
    drawn = [e for e in page.all("svg") if "aria-labelledby" in e.attributes]
    assert len(drawn) == 5  # the cells; the graphs for three k, and the number of pieces against k
    for element in drawn:
        assert set(element.attributes["aria-labelledby"].split()) <= page.ids
    assert [n for n in range(1, 8) if f"At k = {n}. Graph of the network" in page.words("sawtooth_pieces")] == [1, 4, 7]
    assert "pieces against k, logarithmic scale" in page.words("sawtooth_pieces")
    assert not re.findall(r'(?:style|fill|stroke)="', page.path.read_text())  # colours come from the style sheet


def test_without_certificates_nothing_is_drawn(tmp_path: Path) -> None:
    bench = results.questions(tmp_path, CLAIM)
    write_report(bench.found(), tmp_path / "report", None)
    page = pages.read(tmp_path / "report")["claims/asking.html"]
    assert "Cells of the network" not in page.words() and "exactly 6 activation cells" in page.words("six_cells")
