r"""Memorizing networks: through every point, of the size that is said, for every kind of data; and what cannot be.

The oracles evaluate sum_j w_j ReLU(<a, x> - b_j) term by term in fractions, solve the triangular system by substitution,
or find equal points with a dictionary; certificates are decided by the kernel, which has its own tests.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.errors import NetworkError, Unanswered
from verify.kernel import FORMAT, Accepted, check
from verify.networks.columns import Dyadics, Integers, Rationals, read_points
from verify.networks.directions import hierarchy, project
from verify.networks.memorizing import MemorizingNetwork, Memorizes, memorize

Json = Any
Point = Sequence[Any]


def decided(question: Memorizes) -> Accepted:
    kind, witness = question.answer()
    return check({"format": FORMAT, "kind": kind, "statement": question.statement(), "witness": witness})


def by_definition(network: MemorizingNetwork, point: Point) -> Fraction:
    z = sum((a * Fraction(x) for a, x in zip(network.projection.direction, point, strict=True)), Fraction(0))
    return sum((w * max(z - b, Fraction(0)) for b, w in network.hidden), Fraction(0))


def assert_memorizes(points: Sequence[Point], labels: Sequence[Any]) -> MemorizingNetwork:
    """Through every point, by the definition, by the fast evaluation, as a ``Network``, and for the kernel."""
    network = memorize(points, labels)
    exact_points = [[Fraction(x) for x in point] for point in points]
    for point, label in zip(exact_points, labels, strict=True):
        assert by_definition(network, point) == network(point) == Fraction(label)
    if network.hidden:
        built = network.network()
        assert built.widths == (len(points[0]), network.units, 1)
        assert [built(point) for point in exact_points] == [(Fraction(label),) for label in labels]
    found = decided(Memorizes(points, labels))
    assert found.holds
    return network


# --------------------------------------------------------------------------------------------------- kinds of data


def test_the_network_of_three_points() -> None:
    """Slopes 1, -3, 0 between the thresholds -3, 0, 1: by hand."""
    network = memorize([[0], [1], [3]], [3, 0, 0])
    assert network.hidden == ((-3, 1), (0, -4), (1, 3))
    assert (network.units, network.parameters) == (3, 7)
    assert [network([t]) for t in (-4, Fraction(-1, 2), Fraction(1, 2), 2, 9)] == [
        0,
        Fraction(5, 2),
        Fraction(3, 2),
        0,
        0,
    ]


KINDS = {
    "integers": lambda draw, d: [draw.randint(-50, 50) for _ in range(d)],
    "large integers": lambda draw, d: [draw.randint(-(10**40), 10**40) for _ in range(d)],
    "fractions": lambda draw, d: [Fraction(draw.randint(-99, 99), draw.randint(1, 99)) for _ in range(d)],
    "texts": lambda draw, d: [f"{draw.randint(-99, 99)}/{draw.randint(1, 99)}" for _ in range(d)],
    "floats": lambda draw, d: [draw.gauss(0, 1) for _ in range(d)],
    "floats of all magnitudes": lambda draw, d: [
        draw.choice([1e300, 1, 5e-324]) * draw.randint(-9, 9) for _ in range(d)
    ],
    "mixed": lambda draw, d: [draw.choice([draw.randint(0, 9), draw.random(), Fraction(1, 3)]) for _ in range(d)],
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("d", [1, 2, 5])
def test_data_of_every_kind_are_memorized_exactly(kind: str, d: int) -> None:
    draw = random.Random(d)
    points = {tuple(map(Fraction, point)): point for point in (KINDS[kind](draw, d) for _ in range(25))}
    labels = [Fraction(draw.randint(-20, 20), draw.randint(1, 7)) for _ in points]
    assert_memorizes(list(points.values()), labels)


@pytest.mark.parametrize(
    "dtype", [np.int8, np.uint8, np.int32, np.int64, np.uint64, np.float16, np.float32, np.float64, bool]
)
def test_arrays_and_tensors_mean_the_numbers_that_they_hold(dtype: type) -> None:
    draw = np.random.default_rng(1)
    points = np.unique((draw.standard_normal((30, 3)) * 40).astype(dtype), axis=0)
    labels = draw.integers(-5, 5, len(points))
    listed = [[Fraction(x.item()) for x in row] for row in points]
    network = assert_memorizes(listed, labels.tolist())
    from_array = memorize(points, labels)
    assert from_array.projection.direction == network.projection.direction or dtype is not np.int64
    assert [from_array(row) for row in listed] == labels.tolist()
    if dtype is not np.uint64:
        assert [memorize(torch.tensor(points), torch.tensor(labels))(row) for row in listed] == labels.tolist()


@pytest.mark.parametrize("values", [[2**63, 0, -(2**63)], [2**62, -(2**62), 1], [2**61, 1 - 2**62, 5]])
def test_integers_at_the_end_of_int64(values: list[int]) -> None:
    assert_memorizes([[v] for v in values], [1, 2, 4])
    if max(values) < 2**63:
        assert decided(Memorizes(np.array(values)[:, None], np.array(values))).holds


def test_columns_take_the_shortest_form() -> None:
    columns = read_points([[1.5, 1e-30, "1/3"], [2.25, 1e30, "1/2"]])
    assert [type(column) for column in columns] == [Integers, Dyadics, Rationals]
    for column, values in zip(columns, [(1.5, 2.25), (1e-30, 1e30), (Fraction(1, 3), Fraction(1, 2))], strict=True):
        assert [column.at(i) for i in (0, 1)] == [Fraction(v) for v in values]
        assert [Fraction(v) / column.over for v in column.numerators()] == [Fraction(v) for v in values]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=8))
def test_a_float_is_packed_as_the_number_that_it_is(floats: list[float]) -> None:
    import base64

    (column,) = read_points([[value] for value in floats])
    form = column.json()
    content, width = base64.b64decode(form["data"]), int(form["width"])
    parts = [content[k : k + width] for k in range(0, len(content), width)]
    found = [Fraction(int.from_bytes(part, "little", signed=True), int(form["over"])) for part in parts]
    assert found == [Fraction(value) for value in floats]


# ------------------------------------------------------------------------------------------------------- duplicates


def test_equal_points_with_equal_labels_are_one_point() -> None:
    network = assert_memorizes([[1, 2], [3, 4], [1, 2], [1.0, "2"]], [5, 6, 5, 5])
    assert network.units == 2


def test_equal_points_with_different_labels_are_refused_and_refuted() -> None:
    points, labels = [[1, "1/2"], [3, 4], [1.0, 0.5]], [5, 6, 7]
    with pytest.raises(
        NetworkError, match=r"points\[0\] and points\[2\] are equal and have the labels 5 and 7: no function"
    ):
        memorize(points, labels)
    found = decided(Memorizes(points, labels))
    assert (found.kind, found.holds) == ("memorization-conflict", False)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=12))
def test_exactly_the_data_of_a_function_are_memorized(rows: list[tuple[int, int, int]]) -> None:
    points, labels = [row[:2] for row in rows], [row[2] for row in rows]
    table: dict[tuple[int, ...], int] = {}
    function = all(table.setdefault(p, v) == v for p, v in zip(points, labels, strict=True))
    assert decided(Memorizes(points, labels)).holds is function


# -------------------------------------------------------------------------------------------------------- directions


@pytest.mark.parametrize(("side", "d"), [(2, 10), (3, 6), (31, 2), (10, 3)])
def test_full_grids_are_told_apart(side: int, d: int) -> None:
    """Every small direction collides; the labels are all different."""
    points = np.array(list(product(range(side), repeat=d)))
    labels = np.random.default_rng(0).permutation(len(points))
    assert decided(Memorizes(points, labels)).holds


def test_coordinates_of_very_different_magnitude_are_told_apart() -> None:
    """Rounding <a, x> to a float would confuse these points for every a that is no hierarchy itself."""
    points = [[1e300 * i, 1e-300 * j, float(k)] for i, j, k in product(range(4), repeat=3)]
    assert_memorizes(points, random.Random(0).sample(range(64), 64))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(*[st.fractions(-3, 3, max_denominator=4)] * 3), min_size=1, max_size=12, unique=True))
def test_the_hierarchy_tells_all_points_apart(points: list[tuple[Fraction, ...]]) -> None:
    columns, labels = read_points(points), read_points([[i] for i in range(len(points))])[0]
    direction = hierarchy(columns, labels, [2, 0, 1]).direction
    assert len({sum(a * x for a, x in zip(direction, point, strict=True)) for point in points}) == len(points)


@pytest.mark.parametrize("scale", [1, 10**9, 10**14, 10**25])
def test_projections_in_int64_in_two_limbs_and_in_integers_are_exact(scale: int) -> None:
    draw = random.Random(scale)
    points = [[draw.randint(-scale, scale) for _ in range(4)] for _ in range(200)]
    direction = [draw.randint(-(2**23), 2**23) for _ in range(4)]
    found = project(read_points(points), direction)
    expected = [sum(a * x for a, x in zip(direction, point, strict=True)) for point in points]
    assert [expected[i] for i in found.order] == sorted(expected) == [int(v) for v in found.values]


def test_a_given_direction_is_used_or_refused() -> None:
    points, labels = [[0, 1], [1, 0], [2, 5]], [1, 2, 3]
    assert memorize(points, labels, direction=(2, 1)).projection.direction == (2, 1)
    assert decided(Memorizes(points, labels, direction=(-3, 1))).holds
    with pytest.raises(NetworkError, match=r"direction \(1, 1\) has the same product with points\[0\] and points\[1\]"):
        memorize(points, labels, direction=(1, 1))
    with pytest.raises(NetworkError, match="should be 2 integers"):
        memorize(points, labels, direction=(1,))
    with pytest.raises(NetworkError, match="should be 2 integers"):
        memorize(points, labels, direction=(1, "1/2"))
    assert memorize(points, [1, 1, 3], direction=(1, 1))([0, 1]) == 1  # the labels agree where the projections do


# ------------------------------------------------------------------------------------------------------------- size


def test_alternating_labels_need_a_unit_for_each_point() -> None:
    points, labels = [[i * i] for i in range(12)], [(-1) ** i for i in range(12)]
    assert decided(Memorizes(points, labels)).holds is True
    assert decided(Memorizes(points, labels, units=11)).holds is False
    assert decided(Memorizes(points, labels, parameters=24)).holds is False
    assert decided(Memorizes(points, labels, units=Fraction(12), parameters=25)).holds is True


@pytest.mark.parametrize(
    ("labels", "units"),
    [([0, 0, 0, 0], 0), ([3, 3, 3, 3], 1), ([1, 2, 3, 4], 1), ([4, 3, 2, 1], 1), ([0, 0, 1, 2], 1), ([0, 1, 0, 1], 3)],
)
def test_fewer_units_where_labels_are_collinear(labels: list[int], units: int) -> None:
    """A constant and a ramp to the right or to the left are one unit."""
    points = [[i] for i in range(4)]
    if units != 1 or labels[0] != 3:
        assert decided(Memorizes(points, labels, units=units)).holds is True
    if units > 1:
        assert decided(Memorizes(points, labels, units=units - 1)).holds is False


def test_a_size_that_is_not_decided_says_so() -> None:
    draw = random.Random(0)
    question = Memorizes([[draw.random(), draw.random()] for _ in range(9)], [(-1) ** i for i in range(9)], units=7)
    with pytest.raises(Unanswered, match=r"has [89] units; whether 7 are enough was not decided"):
        question.answer()


# ------------------------------------------------------------------------------------------------------ evaluation


def test_floating_point_evaluation_is_as_good_as_its_data() -> None:
    draw = np.random.default_rng(0)
    points, labels = draw.standard_normal((2000, 3)), draw.integers(0, 10, 2000)
    network = memorize(points, labels)  # along one coordinate, where nothing is rounded
    assert np.abs(network.evaluate(points) - labels).max() < 1e-14
    network = memorize(points, labels, direction=(3, 1, 2))
    assert np.abs(network.evaluate(points) - labels).max() < 1e-6
    elsewhere = draw.standard_normal((50, 3))
    exact = [float(network([float(x) for x in point])) for point in elsewhere]
    assert np.allclose(network.evaluate(elsewhere), exact, rtol=1e-9, atol=1e-9)
    assert network.evaluate(np.array([[-1e9, 0, 0]])).tolist() == [0.0]
    tiny, huge = memorize([[5e-324], [1e308]], [1, 2]), memorize([[1e308, 1], [-1e308, 2]], [1, 2])
    assert tiny.evaluate(np.array([[5e-324], [1e308]])).tolist() == pytest.approx([1, 2], rel=1e-15)
    assert huge.evaluate(np.array([[1e308, 1], [-1e308, 2]])).tolist() == pytest.approx([1, 2], rel=1e-15)
    with pytest.raises(NetworkError, match="out of the range of float64"):
        memorize([[5e-324], [1e-323], [1e308]], [1, 2, 3]).evaluate(points)


def test_the_weights_solve_the_triangular_system() -> None:
    draw = random.Random(3)
    points = [[draw.randint(-1000, 1000)] for _ in range(1)] + [[1001 + 7 * i + draw.randint(0, 6)] for i in range(30)]
    labels = [draw.randint(-9, 9) for _ in points]
    network = memorize(points, labels)
    z = sorted(point[0] for point in points)
    thresholds, rows = [2 * z[0] - z[-1], *z[:-1]], sorted(zip((p[0] for p in points), labels, strict=True))
    weights: list[Fraction] = []
    for i, (t, label) in enumerate(rows):
        known = sum((w * max(t - b, 0) for w, b in zip(weights, thresholds, strict=False)), Fraction(0))
        weights.append((label - known) / (t - thresholds[i]))
    assert network.hidden == tuple((b, w) for b, w in zip(thresholds, weights, strict=True) if w)


# -------------------------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("points", "labels", "sentence"),
    [
        ([], [], "there are no points"),
        ([[]], [1], r"points\[0\] has no coordinates"),
        (np.zeros((0, 3)), [], r"shape \(0, 3\)"),
        (np.zeros((3, 0)), [1, 2, 3], r"shape \(3, 0\)"),
        (np.zeros(3), [1, 2, 3], r"points have the shape \(3,\); give one row of coordinates"),
        ([1, 2], [1, 2], r"points\[0\] is 1; a point is a row of coordinates, also if it has only one"),
        ("12", [1, 2], "points are rows of numbers, not '12'"),
        (7, [1], "points are rows of numbers, not 7"),
        ([[1, 2], [3]], [1, 2], r"points\[1\] has 1 coordinates and points\[0\] has 2"),
        ([[1], [2]], [1], "there are 1 labels for 2 points"),
        ([[1], [2]], np.zeros((2, 1)), r"labels have the shape \(2, 1\); give one number for each point"),
        ([[1], [2]], [[1], [2]], r"labels\[0\] is '\[1\]' of type list, which is no number"),
        ([[1], [2]], 3, "labels are rows of numbers, not 3"),
        ([[1], [float("nan")]], [1, 2], r"points\[1\]\[0\] is nan; a network computes with finite numbers only"),
        (np.array([[1.0], [np.inf]]), [1, 2], r"points\[1\]\[0\] is inf; every number must be finite"),
        ([[1], [2]], [1.0, float("-inf")], r"labels\[1\] is -inf; every number must be finite"),
        ([[1], [float("nan")]], [1, "x"], r"points\[1\]\[0\] is nan"),
        ([[1, 2], [float("inf"), 3]], [1, 2], r"points\[1\]\[0\] is inf"),
        ([[1], ["1/0"]], [1, 2], r"points\[1\]\[0\] is '1/0', a division by zero"),
        ([[1], ["one"]], [1, 2], r"points\[1\]\[0\] is 'one', which is no number"),
        ([[1], [None]], [1, 2], r"points\[1\]\[0\] is 'None' of type NoneType"),
        (np.array([[1j]]), [1], "points have the type complex128"),
        ([[1], [2]], np.array(["a", "b"]), r"labels\[0\] is 'a', which is no number"),
        (torch.zeros((2, 1), dtype=torch.bfloat16), [1, 2], "points cannot be read as an array"),
    ],
)
def test_bad_input_gets_one_sentence(points: Any, labels: Any, sentence: str) -> None:
    for ask in (memorize, lambda p, v: Memorizes(p, v).statement()):
        with pytest.raises(NetworkError, match=sentence):
            ask(points, labels)


@pytest.mark.parametrize(
    ("size", "sentence"),
    [
        ({"units": -1}, "units is -1; it should be a natural number"),
        ({"units": Fraction(1, 2)}, "units is 1/2; it should be a natural number"),
        ({"parameters": 1}, "parameters is 1, but the direction alone has 2"),
    ],
)
def test_a_size_that_makes_no_sense_is_refused(size: Any, sentence: str) -> None:
    with pytest.raises(NetworkError, match=sentence):
        Memorizes([[1, 2]], [3], **size).statement()


def test_points_at_the_wrong_place_are_refused() -> None:
    with pytest.raises(NetworkError, match="a point has 2 coordinates here, not 1"):
        memorize([[1, 2]], [3])([1])
    with pytest.raises(NetworkError, match="all labels are 0"):
        memorize([[1, 2]], [0]).network()


# ------------------------------------------------------------------------------------------------------------ scale


@pytest.mark.parametrize("dtype", [np.int8, np.int32, np.float32, np.float64])
def test_a_hundred_thousand_points(dtype: type) -> None:
    draw = np.random.default_rng(5)
    points = (draw.standard_normal((100_000, 10)) * (30 if dtype is np.int8 else 2**20)).astype(dtype)
    labels = draw.integers(-10, 11, 100_000)
    found = decided(Memorizes(points, labels))
    assert found.holds
    assert int(dict(found.facts)["units"]) <= 100_000
