r"""The theorem's own algorithm: its values, by an oracle that has no cells, and the work that it does, by the formula.

The oracle goes through all 2^D sign vectors and keeps of each the extreme rays of its closed cone, cross products that it
tests one by one.  On the cone the outputs of a unit are the nonnegative combinations of the rays' outputs, so that the best
network of the sign vectors is found by nonnegative least squares, or by a linear program for the other losses.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog, nnls

from verify.errors import NetworkError
from verify.training import literal_erm

Points = Sequence[Sequence[Any]]


def cones(z: Any) -> list[Any]:
    """The outputs ReLU(z r) of the rays r of each closed cone, as columns."""
    candidates = []
    for chosen in combinations(z, z.shape[1] - 1):
        ray = np.array([(-1) ** c * np.linalg.det(np.delete(np.array(chosen), c, axis=1)) for c in range(z.shape[1])])
        if np.abs(ray).max() > 1e-9:
            candidates += [ray / np.abs(ray).max(), -ray / np.abs(ray).max()]
    found = {}
    for signs in product((-1, 1), repeat=len(z)):
        heights = [np.where(np.abs(z @ r) < 1e-9, 0.0, z @ r) for r in candidates]
        inside = [np.maximum(h, 0) for h in heights if (np.array(signs) * h >= 0).all()]
        outputs = np.array(inside).reshape(len(inside), len(z))
        found[outputs.tobytes()] = outputs.T
    return list(found.values())


def minimum(points: Points, labels: Sequence[Any], width: int, loss: str, affine: str, weights: Sequence[Any]) -> float:
    z = np.array([[1.0, *map(float, map(Fraction, point))] for point in points])
    y, m = np.array([float(Fraction(v)) for v in labels]), np.array([float(Fraction(v)) for v in weights])
    free = z[:, : {"none": 0, "bias": 1, "all": z.shape[1]}[affine]]
    solve = {"squared": squares, "absolute": absolutes, "hinge": hinges}[loss]
    signed = [s * outputs for outputs in cones(z) for s in (1, -1)]
    return min(solve(np.hstack([*chosen, free, -free]), y, m) for chosen in combinations_with_itself(signed, width))


def combinations_with_itself(items: list[Any], width: int) -> Any:
    return combinations(items * width, width) if width > 1 else ([item] for item in items)


def squares(columns: Any, y: Any, m: Any) -> float:
    """Without columns there is nothing to choose; scipy's function would not return."""
    if not columns.shape[1]:
        return float(m @ y**2)
    return float(nnls(np.sqrt(m)[:, None] * columns, np.sqrt(m) * y)[1] ** 2)


def absolutes(columns: Any, y: Any, m: Any) -> float:
    identity = np.eye(len(y))
    costs = np.concatenate([np.zeros(columns.shape[1]), m, m])
    return float(linprog(costs, A_eq=np.hstack([columns, identity, -identity]), b_eq=y).fun)


def hinges(columns: Any, y: Any, m: Any) -> float:
    costs = np.concatenate([np.zeros(columns.shape[1]), m])
    rows = np.hstack([-y[:, None] * columns, -np.eye(len(y))])
    return float(linprog(costs, A_ub=rows, b_ub=-np.ones(len(y))).fun)


def loss_of(points: Points, labels: Sequence[Any], loss: str, weights: Sequence[Any], found: Any) -> float:
    """Of the network, by the definition of ReLU."""
    total = 0.0
    for point, label, mass in zip(points, labels, weights, strict=True):
        z, y = np.array([1.0, *map(float, map(Fraction, point))]), float(Fraction(label))
        f = float(found.affine @ z + found.signs @ np.maximum(found.units @ z, 0))
        total += (
            float(Fraction(mass))
            * {"squared": (f - y) ** 2, "absolute": abs(f - y), "hinge": max(0.0, 1 - y * f)}[loss]
        )
    return total


def assert_optimal(
    points: Points, labels: Sequence[Any], width: int, loss: str, affine: str, weights: Sequence[Any] | None = None
) -> None:
    masses = [1] * len(labels) if weights is None else weights
    found = literal_erm(points, labels, width, loss=loss, affine=affine, weights=weights)
    assert found.programs == (2 * found.cells) ** width
    assert found.value == pytest.approx(minimum(points, labels, width, loss, affine, masses), abs=1e-5)
    assert loss_of(points, labels, loss, masses, found) == pytest.approx(found.value, abs=1e-5)


# --------------------------------------------------------------------------------------------------- the minimum

DATA: dict[str, tuple[Points, list[Any]]] = {
    "on a line": ([[0], [1], [3], [4]], [1, -1, 1, 1]),
    "duplicates on a line": ([[0], [1], [0], [1], [2]], [1, 1, -1, 1, -1]),
    "fractions": ([["1/3"], ["-1/2"], ["3/2"]], [1, -1, 1]),
}

PLANE: dict[str, tuple[Points, list[Any]]] = {
    "a square": ([[0, 0], [0, 1], [1, 0], [1, 1]], [1, -1, -1, 1]),
    "three in a row": ([[0, 0], [1, 1], [2, 2], [0, 1]], [1, -1, 1, 1]),
    "a duplicate": ([[0, 0], [1, 0], [0, 1], [0, 0]], [1, 1, -1, -1]),
}


@pytest.mark.parametrize("affine", ["none", "bias", "all"])
@pytest.mark.parametrize("loss", ["squared", "absolute", "hinge"])
@pytest.mark.parametrize("name", [*DATA, *PLANE])
def test_one_unit_for_every_loss_and_affine_part(name: str, loss: str, affine: str) -> None:
    points, labels = (DATA | PLANE)[name]
    assert_optimal(points, labels, 1, loss, affine)


@pytest.mark.parametrize("loss", ["squared", "absolute", "hinge"])
def test_two_units(loss: str) -> None:
    assert_optimal([[0], [1], [2], [3]], [1, -1, 1, -1], 2, loss, "none")


def test_weights_count() -> None:
    points, labels, weights = [[0], [1], [2]], [1, -1, 1], ["1/2", 3, 1]
    for loss in ("squared", "absolute", "hinge"):
        assert_optimal(points, labels, 1, loss, "none", weights)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3)), min_size=2, max_size=5))
def test_random_data_on_a_line(rows: list[tuple[int, int]]) -> None:
    points, labels = [[x] for x, _ in rows], [y for _, y in rows]
    if len({x for x, _ in rows}) > 1:
        assert_optimal(points, labels, 1, "squared", "none")


def test_points_that_are_all_equal_get_their_mean_or_median() -> None:
    points, labels = [[2, 5]] * 3, [1, 2, 6]
    assert literal_erm(points, labels, 1).value == pytest.approx(14, abs=1e-6)
    assert literal_erm(points, labels, 1, loss="absolute").value == pytest.approx(5, abs=1e-6)


def test_two_units_fit_two_points() -> None:
    """And one unit fits ReLU(x), which no affine function does."""
    assert literal_erm([[-1], [0], [1]], [0, 0, 1], 1).value == pytest.approx(0, abs=1e-6)
    assert literal_erm([[0], [1]], [3, -1], 2).value == pytest.approx(0, abs=1e-5)


# --------------------------------------------------------------------------------------------------- the work


@pytest.mark.parametrize(("count", "width", "programs"), [(1, 1, 4), (3, 1, 12), (4, 2, 256), (2, 3, 512)])
def test_the_programs_are_all_signs_and_all_tuples_of_dichotomies(count: int, width: int, programs: int) -> None:
    found = literal_erm([[t] for t in range(count)], list(range(count)), width)
    assert (found.cells, found.programs) == (2 * count, programs)


def test_more_programs_than_allowed_are_refused_in_one_sentence() -> None:
    points, labels = [[t, t * t] for t in range(20)], list(range(20))
    with pytest.raises(
        NetworkError, match="382 dichotomies and 2 units make 583696 convex programs, of which at most 20000"
    ):
        literal_erm(points, labels, 2)
    with pytest.raises(
        NetworkError, match="382 dichotomies and 1 units make 764 convex programs, of which at most 763"
    ):
        literal_erm(points, labels, 1, most=763)
    with pytest.raises(NetworkError, match=r"dichotomies and 3 units make .* convex programs"):
        literal_erm([[math.sin(k * t) for k in range(6)] for t in range(10**3)], [0] * 10**3, 3)


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no points": ({"points": [], "labels": []}, "there are no points"),
    "NaN": ({"points": [[math.nan], [1]]}, r"points\[0\]\[0\] is nan"),
    "an infinite label": ({"labels": [0, math.inf]}, r"labels\[1\] is inf"),
    "no width": ({"width": 0}, "the width is 0"),
    "another loss": ({"loss": "logistic"}, "there is no loss 'logistic'"),
    "another affine part": ({"affine": "some"}, "there is no affine part 'some'"),
    "labels of the hinge loss": (
        {"loss": "hinge", "labels": [1, 2]},
        r"labels\[1\] is 2; the labels of the hinge loss",
    ),
    "numbers beyond floats": ({"points": [[Fraction(10) ** 400], [1]]}, "too large for floats"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_gets_one_sentence(name: str) -> None:
    changed, sentence = BAD[name]
    with pytest.raises(NetworkError, match=sentence):
        literal_erm(**{"points": [[0], [1]], "labels": [0, 1], "width": 1, **changed})
