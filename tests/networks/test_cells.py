r"""The search for cells and regions against polygons, closed forms, counts by hand, and random points."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import pairwise, product
from math import comb
from typing import Any

import pytest

from tests.networks.polygons import number_of_regions, polygons
from verify.errors import NetworkError, Unanswered
from verify.kernel import FORMAT, check
from verify.networks.cells import AtLeast, Cells, arrangement
from verify.networks.domain import Domain, box, polyhedron, whole_space
from verify.networks.network import Network

Json = Any
SQUARE = box((-2, 2), (-2, 2))


def decided(question: Any) -> Any:
    """The kernel's answer to a question, which its own search has answered."""
    kind, witness = question.answer()
    return check({"format": FORMAT, "kind": kind, "statement": question.statement(), "witness": witness})


def numbers(network: Network, domain: Domain) -> tuple[int, int]:
    """The numbers of cells and regions, from the kernel."""
    facts = dict(decided(Cells(network, domain, cells=0, regions=0)).facts)
    return int(facts["cells"]), int(facts["regions"])


def some_network(source: random.Random, widths: tuple[int, ...], size: int, dimension: int = 2) -> Network:
    """Small whole weights, so that many hyperplanes are parallel, coincide or meet in one point."""
    layers = []
    for width in (*widths, 1):
        layers.append(
            (
                [[source.randint(-size, size) for _ in range(dimension)] for _ in range(width)],
                [source.randint(-size, size) for _ in range(width)],
            )
        )
        dimension = width
    return Network.of(layers)


def shallow(rows: list[list[Any]], outputs: list[Any] | None = None) -> Network:
    """One hidden layer, a row of weights and a bias for each unit."""
    return Network.of([([row[:-1] for row in rows], [row[-1] for row in rows]), ([outputs or [1] * len(rows)], [0])])


def general_position(units: int, dimension: int) -> Network:
    """Hyperplanes t_k x_1 + ... + t_k^d x_d = t_k^(d + 1): any d meet in one point (Vandermonde), no d + 1 do."""
    rows = [[k**power for power in range(1, dimension + 1)] + [-(k ** (dimension + 1))] for k in range(1, units + 1)]
    return shallow(rows, [3**k for k in range(units)])


# ---------------------------------------------------------------------------------------------------- random networks


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("widths", [(3,), (6,), (3, 3), (4, 4), (2, 3, 2), (1, 4, 1)], ids=str)
def test_cells_and_regions_agree_with_polygons(seed: int, widths: tuple[int, ...]) -> None:
    network = some_network(random.Random(f"{seed} {widths}"), widths, size=1 + seed % 3)
    found = polygons(network.json(), SQUARE.json()["box"])
    assert numbers(network, SQUARE) == (len(found), number_of_regions(found))


@pytest.mark.parametrize("seed", range(10))
def test_every_cell_has_its_polygon_and_its_map(seed: int) -> None:
    network = some_network(random.Random(seed), (4, 3), size=9)
    found = polygons(network.json(), SQUARE.json()["box"])
    cells = arrangement(network, SQUARE)
    assert {cell.pattern: cell.map for cell in cells} == {pattern: outputs for pattern, (_, outputs) in found.items()}
    for cell in cells:
        weights, constant = cell.map[0][:-1], cell.map[0][-1]
        assert network(cell.point) == (sum(w * x for w, x in zip(weights, cell.point, strict=True)) + constant,)


@pytest.mark.parametrize("dimension", [1, 2, 3, 4])
@pytest.mark.parametrize("seed", range(6))
def test_no_random_point_is_in_an_unlisted_cell(dimension: int, seed: int) -> None:
    source = random.Random(f"{dimension} {seed}")
    network = some_network(source, (4, 3), size=4, dimension=dimension)
    listed = {cell.pattern for cell in arrangement(network, whole_space(dimension))}
    for _ in range(300):
        point = [Fraction(source.randint(-(10**6), 10**6), 10**5) for _ in range(dimension)]
        pattern, values = [], point
        for layer in network.layers[:-1]:
            values = [
                sum(w * v for w, v in zip(r, values, strict=True)) + b
                for r, b in zip(layer.weights, layer.bias, strict=True)
            ]
            pattern.append(tuple(value > 0 for value in values))
            values = [max(value, Fraction(0)) for value in values]
        assert tuple(pattern) in listed


@pytest.mark.parametrize("seed", range(25))
def test_regions_on_the_line_are_the_pieces(seed: int) -> None:
    """Of the maps of the cells from left to right, count the changes."""
    network = some_network(random.Random(seed), (3, 3, 2), size=2, dimension=1)
    cells = sorted(arrangement(network, whole_space(1)), key=lambda cell: cell.point)
    changes = sum(1 for one, other in pairwise(cells) if one.map != other.map)
    assert numbers(network, whole_space(1)) == (len(cells), changes + 1)


@pytest.mark.parametrize("seed", range(5))
def test_a_large_box_has_the_cells_of_the_plane(seed: int) -> None:
    network = some_network(random.Random(seed), (4, 4), size=5)
    found = polygons(network.json(), [[str(-(10**6)), str(10**6)]] * 2)
    assert numbers(network, whole_space(2)) == (len(found), number_of_regions(found))


# ---------------------------------------------------------------------------------------------------- closed forms


@pytest.mark.parametrize(("units", "dimension"), [(n, d) for d in (1, 2, 3, 4) for n in range(1, 9 - d)])
def test_hyperplanes_in_general_position(units: int, dimension: int) -> None:
    expected = sum(comb(units, j) for j in range(dimension + 1))
    assert numbers(general_position(units, dimension), whole_space(dimension)) == (expected, expected)


@pytest.mark.parametrize("dimension", [1, 2, 3, 4, 5])
def test_coordinate_hyperplanes_make_orthants(dimension: int) -> None:
    rows = [[int(i == k) for k in range(dimension)] + [0] for i in range(dimension)]
    assert numbers(shallow(rows), whole_space(dimension)) == (2**dimension, 2**dimension)


@pytest.mark.parametrize(("units", "dimension"), [(4, 2), (7, 2), (4, 3), (6, 3)])
def test_hyperplanes_through_one_point(units: int, dimension: int) -> None:
    """2 sum_(j < d) C(n - 1, j) cells, if any d of them meet in that point only (Schlaefli)."""
    rows = [[k**power for power in range(dimension)] + [0] for k in range(units)]
    expected = 2 * sum(comb(units - 1, j) for j in range(dimension))
    assert numbers(shallow(rows, [3**k for k in range(units)]), whole_space(dimension)) == (expected, expected)


@pytest.mark.parametrize("units", [2, 3, 5])
def test_braid_arrangements(units: int) -> None:
    """x_i = x_j for i < j: a cell for each order of the coordinates."""
    rows = [[(k == i) - (k == j) for k in range(units)] + [0] for i in range(units) for j in range(i + 1, units)]
    expected = {2: 2, 3: 6, 5: 120}[units]
    assert numbers(shallow(rows, [3**k for k in range(len(rows))]), whole_space(units)) == (expected, expected)


@pytest.mark.parametrize("depth", [1, 2, 5, 8])
def test_the_sawtooth_has_two_to_the_depth_pieces(depth: int) -> None:
    tent, first = ([[2], [2]], [0, -1]), ([[2, -4], [2, -4]], [0, -1])
    network = Network.of([tent, *[first] * (depth - 1), ([[1, -2]], [0])])
    assert numbers(network, box((0, 1))) == (2**depth, 2**depth)


# ---------------------------------------------------------------------------------------------------- degenerate


THIN = Fraction(1, 10**12)
BY_HAND = {
    "a strip of width 1e-12": (shallow([[1, 0, 0], [1, 0, -THIN]]), 3, 3),
    "a triangle of size 1e-12": (shallow([[1, 0, 0], [0, 1, 0], [1, 1, -THIN]]), 7, 7),
    "lines that almost coincide": (shallow([[1, 0, 0], [1, THIN, 0]]), 4, 4),
    "one line three times": (shallow([[1, 0, 0], [2, 0, 0], [-1, 0, 0]]), 2, 2),
    "units that cancel": (shallow([[1, 0, 0], [1, 0, 0]], [1, -1]), 2, 1),
    "the identity": (shallow([[1, 0, 0], [-1, 0, 0]], [1, -1]), 2, 1),
    "the modulus": (shallow([[1, 0, 0], [-1, 0, 0]]), 2, 2),
    "dead, constant and zero units": (shallow([[0, 0, -1], [0, 0, 0], [0, 0, 3], [0, 1, 0]]), 2, 2),
    "only dead units": (shallow([[0, 0, -1]]), 1, 1),
    "no hidden layer": (Network.of([([[1, 2]], [3])]), 1, 1),
    "units that vanish on a cell": (
        Network.of([([[1, 0]], [0]), ([[1], [-1], [2]], [0, 0, 0]), ([[1, 1, 1]], [0])]),
        2,
        2,
    ),
    "two cells of one map that do not touch": (
        Network.of([([[1, 0], [-1, 0]], [0, 0]), ([[1, 1], [-1, -1]], [-1, 1]), ([[0, 1]], [0])]),
        4,
        4,
    ),
    "the same, joined by a bridge": (
        Network.of([([[1, 0], [-1, 0]], [0, 0]), ([[1, 1], [-1, -1]], [-1, 1]), ([[0, 0]], [7])]),
        4,
        1,
    ),
    "one map on eight sectors": (
        Network.of(
            [([[1, 0], [-1, 0], [0, 1], [0, -1]], [0] * 4), ([[1, -1, 1, -1], [1, -1, -1, 1]], [0, 0]), ([[0, 0]], [0])]
        ),
        8,
        1,
    ),
    "0 on two quadrants that meet in a point only": (
        # ReLU(min(x, -y)) + ReLU(min(-x, y)), which is not 0 inside the other two quadrants, with a kink on x + y = 0
        Network.of(
            [
                ([[1, 0], [-1, 0], [1, 1], [-1, -1]], [0] * 4),
                ([[1, -1, -1, 0], [-1, 1, 0, -1]], [0, 0]),
                ([[1, 1]], [0]),
            ]
        ),
        6,
        6,
    ),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_degenerate_networks_counted_by_hand(name: str) -> None:
    network, cells, regions = BY_HAND[name]
    assert numbers(network, whole_space(2)) == (cells, regions)


@pytest.mark.parametrize("name", BY_HAND)
def test_and_in_a_box(name: str) -> None:
    network, _, _ = BY_HAND[name]
    found = polygons(network.json(), SQUARE.json()["box"])
    assert numbers(network, SQUARE) == (len(found), number_of_regions(found))


def test_domains_of_every_kind() -> None:
    cross = shallow([[1, 0, 0], [0, 1, 0]])
    assert numbers(cross, whole_space(2)) == (4, 4)
    assert numbers(cross, box((-1, 1), (0, 1))) == (2, 2)
    assert numbers(cross, polyhedron([[1, 1, -1]])) == (3, 3)
    assert numbers(cross, polyhedron([[1, 0, 0], [0, 1, 0]])) == (1, 1)
    assert numbers(cross, polyhedron([[1, 0, 0], [2, 0, 0], [-1, 0, 1], [0, 0, 5]])) == (2, 2)


def test_several_outputs_are_one_map() -> None:
    """Cells are merged only if all outputs agree."""
    both = Network.of([([[1], [-1]], [0, 0]), ([[1, -1], [1, 1]], [0, 0])])
    assert numbers(both, whole_space(1)) == (2, 2)


# ---------------------------------------------------------------------------------------------------- questions


def test_exact_numbers_hold_or_are_refuted() -> None:
    network = general_position(4, 2)
    for cells, regions, holds in product((11, 12), (11, 10, None), (True,)):
        asked = decided(Cells(network, whole_space(2), cells=cells, regions=regions))
        assert asked.holds is ((cells == 11 and regions in (11, None)) is holds)


@pytest.mark.parametrize(("number", "holds"), [(1, True), (11, True), (12, False)])
def test_lower_bounds_need_points_only(number: int, holds: bool) -> None:
    question = Cells(general_position(4, 2), whole_space(2), cells=AtLeast(number), regions=AtLeast(number))
    kind, witness = question.answer()
    assert kind == ("cells-by-points" if holds else "cells-by-splitting")
    assert not holds or len(witness["points"]) == number
    assert decided(question).holds is holds


def test_a_lower_bound_beside_an_exact_number() -> None:
    question = Cells(general_position(3, 2), whole_space(2), cells=AtLeast(5), regions=Fraction(7))
    assert decided(question).holds is True


def test_lower_bounds_on_regions_of_one_map_need_the_whole_tree() -> None:
    network, _, _ = BY_HAND["two cells of one map that do not touch"]
    question = Cells(network, whole_space(2), regions=AtLeast(4))
    assert question.answer()[0] == "cells-by-splitting" and decided(question).holds is True


LINE = shallow([[1, 0]])


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (lambda: box((0, 1), (1, 1)), r"side 2 of the box, \[1, 1\], has no interior; give lower < upper"),
        (lambda: box((2, "1/2")), r"side 1 of the box, \[2, 1/2\], has no interior"),
        (lambda: box(), "a box needs an interval"),
        (lambda: box((0, 1, 2)), "side 1 of the box must be a pair"),
        (lambda: whole_space(0), "positive dimension, not 0"),
        (lambda: polyhedron([]), r"rows \(a_1, ..., a_d, b\) of one length"),
        (lambda: polyhedron([[1, 0], [1, 0, 0]]), "of one length"),
        (lambda: polyhedron([[0, 0]]), "inequality 1 of the polyhedron is 0 >= 0"),
        (
            lambda: Cells(LINE, box((0, 1), (0, 1)), cells=1),
            "the domain has dimension 2, but the network has inputs of dimension 1",
        ),
        (lambda: Cells(LINE, whole_space(1)), "nothing is asked"),
        (lambda: Cells(LINE, [(0, 1)], cells=1), "make one with box, whole_space or polyhedron"),  # type: ignore[arg-type]
        (
            lambda: Cells(LINE, whole_space(1), cells=Fraction(1, 2)).statement(),
            "cells= must be a whole number, not 1/2",
        ),
        (lambda: Cells(LINE, polyhedron([[1, 0], [-1, 0]]), cells=1).answer(), "has no interior points: inequality 2"),
    ],
)
def test_bad_input_is_one_sentence(wrong: Any, sentence: str) -> None:
    with pytest.raises(NetworkError, match=sentence):
        wrong()


def test_too_many_cells_for_the_budget() -> None:
    with pytest.raises(Unanswered, match="more than 10 cells on the domain; allow more with most="):
        Cells(general_position(4, 2), whole_space(2), cells=11, most=10).answer()
    assert len(arrangement(general_position(4, 2), whole_space(2), most=11)) == 11
