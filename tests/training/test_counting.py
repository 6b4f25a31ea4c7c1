r"""The question how many dichotomies points have: every kind of data, and one sentence where there is nothing to ask."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch

from verify.errors import NetworkError
from verify.kernel import FORMAT, check
from verify.training import Dichotomies
from verify.training.counting import cover


def holds(question: Dichotomies) -> bool:
    kind, witness = question.answer()
    document = {"format": FORMAT, "kind": kind, "statement": question.statement(), "witness": witness}
    return bool(check(document).holds)


SQUARE = [[0, 0], [0, 1], [1, 0], [1, 1]]


@pytest.mark.parametrize(
    "points",
    [
        SQUARE,
        [tuple(row) for row in SQUARE],
        [["0", "0"], ["0", "1/10"], ["1/10", "0"], ["1/10", "1/10"]],
        [[Fraction(x, 3) for x in row] for row in SQUARE],
        [[0.1 * x for x in row] for row in SQUARE],
        np.array(SQUARE),
        np.array(SQUARE) * 1e-300,
        np.array(SQUARE, dtype=np.float16),
        torch.tensor(SQUARE),
        torch.tensor(SQUARE, dtype=torch.float32, requires_grad=True),
    ],
)
def test_points_may_be_given_in_many_ways(points: Any) -> None:
    assert holds(Dichotomies(points, 14))
    assert holds(Dichotomies(points, Fraction(14)))
    assert not holds(Dichotomies(points, 13))


def test_a_float_is_the_rational_number_that_it_is() -> None:
    """0.1 + 0.2 is not 0.3."""
    assert holds(Dichotomies([[0.1 + 0.2], [0.3], [0.3]], 4))


BAD: dict[str, tuple[Any, Any, str]] = {
    "no points": ([], 2, "there are no points; give a row of coordinates for each of them"),
    "no rows": (np.zeros((0, 3)), 2, "there are no points"),
    "no coordinates": ([[]], 2, r"points\[0\] has no coordinates"),
    "no columns": (np.zeros((3, 0)), 2, r"points have the shape \(3, 0\): there are no numbers in it"),
    "ragged rows": ([[1, 2], [1]], 2, r"points\[1\] has 1 coordinates and points\[0\] has 2"),
    "NaN": ([[0.0], [float("nan")]], 2, r"points\[1\]\[0\] is nan; every number must be finite"),
    "an infinity": (np.array([[0.0, np.inf]]), 2, r"points\[0\]\[1\] is inf; every number must be finite"),
    "a word": ([["one"]], 2, r"points\[0\]\[0\] is 'one', which is no number"),
    "numbers instead of rows": ([1, 2], 2, r"points\[0\] is 1; a point is a row"),
    "a vector": (np.zeros(3), 2, "give one row of coordinates for each point"),
    "nothing": (None, 2, "points are rows of numbers, not None"),
    "half a dichotomy": (SQUARE, Fraction(1, 2), r"count=Fraction\(1, 2\) is not a whole number"),
    "a float as count": (SQUARE, 14.0, "count=14.0 is not a whole number"),
    "a truth value as count": (SQUARE, True, "count=True is not a whole number"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_gets_one_sentence(name: str) -> None:
    points, count, sentence = BAD[name]
    with pytest.raises(NetworkError, match=sentence) as caught:
        Dichotomies(points, count).statement()
    assert "\n" not in str(caught.value)


def test_absurd_sizes_are_refused_in_one_sentence_unless_they_are_allowed() -> None:
    points = [[t**k for k in range(1, 7)] for t in range(200)]
    with pytest.raises(
        NetworkError, match=r"200 different points, which span 6 dimensions, may have 164946662302 dich.*most="
    ):
        Dichotomies(points, 2).statement()
    assert Dichotomies(points, 2, most=cover(200, 6)).statement()["count"] == "2"


def test_what_counts_is_the_dimension_that_the_points_span() -> None:
    """A thousand points on a line in ten dimensions, each three times."""
    points = [[t + k for k in range(10)] for t in range(1000)] * 3
    assert holds(Dichotomies(points, 2000, most=2000))
    with pytest.raises(NetworkError, match="1000 different points, which span 1 dimensions, may have 2000"):
        Dichotomies(points, 2000, most=1999).statement()
