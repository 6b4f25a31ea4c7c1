r"""Data of training problems: every kind of number, the exact loss, and one sentence where something is wrong."""

from __future__ import annotations

import time
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch

from verify.errors import NetworkError
from verify.kernel.training import Data
from verify.training.data import TrainingData, about, natural_width

HALVES = [[0, "1/2"], [1, "0.5"], [2, Fraction(1, 2)], [3, 0.5]]


@pytest.mark.parametrize(
    "points",
    [
        HALVES,
        [tuple(row) for row in HALVES],
        [[Decimal(k), Decimal("0.5")] for k in range(4)],
        np.array([[k, 0.5] for k in range(4)]),
        np.array([[k, 0.5] for k in range(4)], dtype=np.float32),
        np.array(HALVES, dtype=object),
        torch.tensor([[k, 0.5] for k in range(4)], requires_grad=True),
        [np.array([k, 0.5]) for k in range(4)],
    ],
)
def test_points_may_be_given_in_many_ways(points: Any) -> None:
    data = TrainingData.of(points, [1, 2, 3, 4])
    assert data.points == tuple((Fraction(k), Fraction(1, 2)) for k in range(4))


@pytest.mark.parametrize("labels", [[0.1, 1, 2], np.array([0.1, 1, 2]), torch.tensor([0.1, 1, 2], dtype=torch.float64)])
def test_a_float_is_the_rational_number_that_it_is(labels: Any) -> None:
    data = TrainingData.of([[0], [1], [2]], labels, weights=["1/10", 1, 1])
    assert data.labels[0] == Fraction(0.1) != Fraction(1, 10) == data.weights[0]
    single = TrainingData.of(np.array([[0], [1]], dtype=np.float32), np.array([0.1, 1], dtype=np.float32))
    assert single.labels[0] == Fraction(float(np.float32(0.1))) != Fraction(0.1)


LINE = [[0], [1], [2]]
BAD: list[tuple[Any, Any, dict[str, Any], str]] = [
    ([], [], {}, "there are no points; give a row of coordinates for each of them"),
    (np.zeros((0, 2)), [], {}, "there are no points; give a row of coordinates for each of them"),
    (np.zeros((3, 0)), [0, 1, 2], {}, "points have the shape (3, 0): there are no numbers in it"),
    (np.zeros(3), [0, 1, 2], {}, "points have the shape (3,); give one row of coordinates for each point"),
    ([0, 1, 2], [0, 1, 2], {}, "points[0] is 0; a point is a row of coordinates, also if it has only one"),
    (
        [[0], [1, 2], [3]],
        [0, 1, 2],
        {},
        "points[1] has 2 coordinates and points[0] has 1; all points need the same number",
    ),
    ([[0], [float("nan")], [2]], [0, 1, 2], {}, "points[1][0] is nan; a network computes with finite numbers only"),
    (np.array([[0], [1], [np.inf]]), [0, 1, 2], {}, "points[2][0] is inf; every number must be finite"),
    (LINE, [0, 1, float("-inf")], {}, "labels[2] is -inf; a network computes with finite numbers only"),
    (LINE, torch.tensor([0, float("nan"), 1]), {}, "labels[1] is nan; every number must be finite"),
    (LINE, [0, 1], {}, "there are 2 labels for 3 points; give each point one label"),
    (LINE, [[0], [1], [2]], {}, "labels[0] is '[0]' of type list, which is no number; write a number, or a text like"),
    (LINE, ["a", 1, 2], {}, "labels[0] is 'a', which is no number; write a number, or a text like \"-7/2\""),
    (LINE, [0, 1, 2], {"weights": [1, 1]}, "there are 2 weights for 3 points; give each point one weight"),
    (LINE, [0, 1, 2], {"weights": [1, 0, 1]}, "weights[1] is 0; weights are positive, so leave such data out"),
    (LINE, [0, 1, 2], {"weights": [1, 1, -0.5]}, "weights[2] is -1/2; weights are positive, so leave such data out"),
    (
        LINE,
        [0, 1, 2],
        {"weights": [1, None, 1]},
        "weights[1] is 'None' of type NoneType, which is no number; write a number",
    ),
    (LINE, [1, 0, -1], {"loss": "hinge"}, "labels[1] is 0; the labels of the hinge loss are 1 and -1"),
    (LINE, [0, 1, 2], {"loss": "l2"}, 'there is no loss \'l2\'; take one of "squared", "absolute", "hinge"'),
    (LINE, [0, 1, 2], {"affine": True}, 'there is no affine part \'True\'; take one of "none", "bias", "all"'),
]


@pytest.mark.parametrize(("points", "labels", "options", "sentence"), BAD)
def test_bad_input_gets_one_sentence(points: Any, labels: Any, options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(NetworkError) as caught:
        TrainingData.of(points, labels, **options)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("width", [0, -1, 1.5, True, None, "2", Fraction(3, 2), 31, float("nan")])
def test_a_width_is_a_positive_whole_number(width: Any) -> None:
    with pytest.raises(NetworkError, match=r"the width is .*; a network has a whole number of units from 1 to 30"):
        natural_width(width)
    assert natural_width(Fraction(3)) == natural_width(np.int64(3)) == 3


def test_what_is_degenerate_is_no_error() -> None:
    """Few points, equal points with different labels, all points equal, constant labels, scales far apart."""
    TrainingData.of([[1, 2, 3]], [5]).require_few(2, 10, budget=False)
    conflict = TrainingData.of([[1], [1], [2]], [0, 1, 5])
    assert conflict.reduced.constant == Fraction(1, 2)
    assert conflict.span == (2, 1)
    assert TrainingData.of([[7, 7]] * 4, [1, 1, 1, 1]).span == (1, 0)
    scales = TrainingData.of([[1e-300, 1e300], [0.0, 1e-300], [1e300, 0.0]], [1e-200, 1e200, 1.0])
    assert scales.reduced.rows[0][0] == 1
    assert scales.labels[0] == Fraction(1e-200)


def test_the_sizes_that_are_refused_are_said_in_one_sentence() -> None:
    data = TrainingData.of(np.random.default_rng(0).normal(size=(1000, 10)), np.zeros(1000))
    before = time.process_time()
    with pytest.raises(NetworkError) as caught:
        data.require_few(2, 200_000, budget=True)
    assert time.process_time() - before < 5
    assert str(caught.value) == (
        "the 1000 different points, which span 10 dimensions, may have 5.3e+23 cells, more than the 200000 that are "
        "enumerated: that alone would take about 3.2e+20 megabytes and 2.6e+19 seconds; take fewer points or inputs, "
        "or allow more cells with max_cells="
    )
    wide = TrainingData.of(np.random.default_rng(0).normal(size=(40, 2)), np.zeros(40))
    with pytest.raises(
        NetworkError, match=r"1562 cells, and 10 units can choose them in 2.5e.25 ways.*seconds= or nodes="
    ):
        wide.require_few(10, 200_000, budget=False)
    wide.require_few(10, 200_000, budget=True)


def test_sizes_are_counted_by_rank_and_without_repetition() -> None:
    """A thousand points on a line in ten dimensions, each one twice, have 2000 cells, and are no absurd size."""
    line = np.arange(1000)[:, None] * np.ones((1, 10))
    data = TrainingData.of(np.concatenate([line, line]), np.zeros(2000))
    data.require_few(1, 2000, budget=False)
    with pytest.raises(NetworkError, match="2000 cells"):
        data.require_few(1, 1999, budget=False)


def test_sizes_beyond_counting_are_refused_at_once() -> None:
    data = TrainingData.of(np.random.default_rng(0).integers(-9, 9, size=(300, 200)), np.zeros(300))
    before = time.process_time()
    with pytest.raises(NetworkError, match="more than the 200000"):
        data.require_few(3, 200_000, budget=True)
    assert time.process_time() - before < 5
    assert about(10**5000) == "more than 10^300"


def test_the_exact_loss_and_the_statement() -> None:
    data = TrainingData.of([[0], [1], [2]], [0, 1, 0], weights=[1, 2, "1/2"], affine="bias")
    network = {"units": [["1", "1", "0"], ["-1", "2", "-2"]], "affine": ["1/2", "0"]}
    by_hand = Fraction(1, 4) + 2 * (1 + Fraction(1, 2) - 1) ** 2 + Fraction(1, 2) * (2 - 2 + Fraction(1, 2)) ** 2
    assert data.loss_of(2, network) == by_hand
    statement = data.statement(2, "is", Fraction(1, 3))
    assert statement["weights"] == ["1", "2", "1/2"]
    assert Data.of(data.raw, "squared", "bias") == data.reduced
