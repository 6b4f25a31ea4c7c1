r"""Pictures of training problems: the data and the network of the certificate, exactly where they are."""

from __future__ import annotations

from typing import Any

from verify.kernel import FORMAT, check
from verify.report.pictures import picture
from verify.report.training import draw_fit, draw_plane, settled, tree_plot

Json = Any


def document(
    points: list[list[int]], labels: list[int], units: list[list[Any]], value: str, lower: Json = None
) -> Json:
    """A certificate that the network attains this value, or that it is the minimum, of which the kernel is convinced."""
    found = {
        "format": FORMAT,
        "kind": "training-minimum",
        "statement": {
            "question": "training_minimum",
            "points": [[str(x) for x in point] for point in points],
            "labels": [str(y) for y in labels],
            "weights": ["1"] * len(points),
            "loss": "squared",
            "width": str(len(units)),
            "affine": "none",
            "relation": "at most" if lower is None else "is",
            "value": value,
        },
        "witness": {
            "network": {"units": [[str(v) for v in unit] for unit in units], "affine": ["0"] * (len(points[0]) + 1)},
            "lower": None if lower is None else value,
            "tree": lower,
        },
    }
    check(found)
    return found


HAT = document([[-1], [0], [1], [2]], [0, 0, 1, 0], [[1, 1, 0], [-1, 2, -2]], "0")
PLANE = document([[0, 0], [2, 0], [0, 2], [2, 2]], [0, 0, 2, 1], [[1, 1, 0, -1]], "5")


def test_data_on_a_line_and_the_graph_of_the_network() -> None:
    drawing = draw_fit(HAT)
    assert drawing is not None
    assert len(drawing.dots) == 4
    knots = [tuple(map(float, place.split(","))) for place in drawing.graph.split()]
    assert len(knots) == 4  # the ends, and kinks at 0 and 1
    assert all((dot.x, dot.y) in knots for dot in drawing.dots)  # the network goes through all of the data
    assert "bends 2 times" in drawing.description


def test_data_in_the_plane_and_the_lines_where_units_bend() -> None:
    drawing = draw_plane(PLANE)
    assert drawing is not None
    assert len(drawing.lines) == 1
    (start, end) = (tuple(map(float, place.split(","))) for place in drawing.lines[0].split())
    dots = {dot.label.split(" -> ")[0]: (dot.x, dot.y) for dot in drawing.dots}
    halfway = (dots["(0, 0)"][0] + dots["(2, 0)"][0]) / 2  # the unit bends where x = 1
    assert abs(start[0] - halfway) < 0.2
    assert abs(end[0] - halfway) < 0.2
    assert {dot.label: dot.kind for dot in drawing.dots} == {
        "(0, 0) -> 0": "exact",
        "(2, 0) -> 0": "open",  # the network has the value 1 there
        "(0, 2) -> 2": "exact",
        "(2, 2) -> 1": "exact",
    }


def test_what_is_not_a_training_problem_is_not_drawn() -> None:
    other = {"format": FORMAT, "kind": "dichotomies", "statement": {}, "witness": {}}
    assert picture("", other).is_blank
    broken = {**HAT, "witness": {"network": None, "lower": None, "tree": None}}
    assert picture("", broken).is_blank
    assert draw_plane(HAT) is None
    assert draw_fit(PLANE) is None


def test_where_the_tree_is_bounded() -> None:
    """Five labels on a line that one unit cannot take; split by sign and by the middle point, then bounded or not."""
    assert tree_plot(HAT) is None  # it has no tree
    found = document([[-1], [0], [1]], [0, 0, 1], [[1, 1, 0]], "0", lower=[1, 0, 1, 0, 3, 0, 1, 0, 0, 1, 0])
    assert settled(found) == {0: 1, 1: 2}
    assert tree_plot(found) is None  # two numbers are no curve
