r"""Regularized training: the exact bounds enclose the minimum, closely, for every kind of data.

The oracles are the closed form for one point, a convex program with a vector for each of the 2^D sign vectors (it knows
nothing of cells), and networks trained by gradient descent.  Certificates are decided by the kernel, which has its own tests.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import cvxpy as cp
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.errors import NetworkError, Unanswered
from verify.kernel import FORMAT, Accepted, check
from verify.training import RegularizedMinimum, regularized_optimum
from verify.training.regularized import norm_bound, short

Json = Any
Points = Sequence[Sequence[Any]]


def decided(question: RegularizedMinimum) -> Accepted:
    kind, witness = question.answer()
    return check({"format": FORMAT, "kind": kind, "statement": question.statement(), "witness": witness})


def minimum(points: Points, labels: Sequence[Any], beta: float) -> float:
    """Over all widths: a vector in each of the 2^D closed cones, for both signs."""
    z = np.array([[1.0, *map(float, point)] for point in points])
    patterns = np.array(list(product((-1.0, 1.0), repeat=len(labels))))
    vectors = [cp.Variable((len(patterns), z.shape[1])) for _ in range(2)]
    outputs = [cp.sum(cp.multiply(patterns > 0, v @ z.T), axis=0) for v in vectors]
    penalty = sum(cp.sum(cp.norm(v, 2, axis=1)) for v in vectors)
    misfit = outputs[0] - outputs[1] - np.array([float(label) for label in labels])
    problem = cp.Problem(
        cp.Minimize(cp.sum_squares(misfit) / 2 + beta * penalty), [cp.multiply(patterns, v @ z.T) >= 0 for v in vectors]
    )
    return float(problem.solve(solver=cp.CLARABEL))


def assert_solved(points: Points, labels: Sequence[Any], beta: Any, gap: float = 1e-7) -> None:
    """Close bounds, which the kernel accepts with the number of units that was found, D at most."""
    found = regularized_optimum(points, labels, beta)
    scale = 1 + sum(float(Fraction(label)) ** 2 for label in labels)
    assert 0 <= found.upper - found.lower <= gap * scale
    assert len(found.units) <= len(labels)
    question = RegularizedMinimum(points, labels, beta, width=len(found.units), lower=found.lower, upper=found.upper)
    assert decided(question).holds


# --------------------------------------------------------------------------------------------------- the minimum


@pytest.mark.parametrize("x", [Fraction(3, 4), Fraction(-12, 5), 0, 7])
@pytest.mark.parametrize("y", [1, -1, Fraction(1, 8), 100])
def test_one_point_has_a_closed_form(x: Any, y: Any) -> None:
    """|z| t - |y| is minimised by hand: beta |y| / |z| - beta^2 / (2 |z|^2), or y^2 / 2 where |y| |z| <= beta."""
    beta, norm = 0.5, math.hypot(1, x)
    expected = float(y) ** 2 / 2 if abs(y) * norm <= beta else beta * float(abs(y)) / norm - beta**2 / (2 * norm**2)
    found = regularized_optimum([[x]], [y], "1/2")
    assert float(found.lower) == pytest.approx(expected, rel=1e-8)
    assert float(found.upper) == pytest.approx(expected, rel=1e-8)
    assert_solved([[x]], [y], "1/2")


data = st.integers(1, 2).flatmap(
    lambda n: st.lists(st.tuples(st.tuples(*[st.integers(-2, 2)] * n), st.integers(-3, 3)), min_size=1, max_size=5)
)


@settings(max_examples=30, deadline=None)
@given(data, st.sampled_from(["1/20", "1/2", "3"]))
def test_the_bounds_enclose_what_a_program_over_all_sign_vectors_finds(
    rows: list[tuple[tuple[int, ...], int]], beta: str
) -> None:
    """Points of a small grid, so that equal and collinear ones abound."""
    points, labels = [point for point, _ in rows], [label for _, label in rows]
    assert_solved(points, labels, beta)
    found, expected = regularized_optimum(points, labels, beta), minimum(points, labels, float(Fraction(beta)))
    assert float(found.lower) - 1e-5 <= expected <= float(found.upper) + 1e-5


DEGENERATE: dict[str, tuple[Points, list[Any]]] = {
    "labels 0": ([[0], [1]], [0, 0]),
    "constant labels": ([[0], [1], [2]], [1, 1, 1]),
    "all points equal": ([[2, 1]] * 4, [1, 2, 3, 4]),
    "conflicting duplicates": ([[0], [0], [1], [1]], [1, -1, 2, -2]),
    "collinear in space": ([[t, 2 * t, -t] for t in range(6)], [1, -1, 1, -1, 1, -1]),
    "a grid": ([[i, j] for i in range(3) for j in range(3)], [(i * j) % 2 for i in range(3) for j in range(3)]),
    "a cube": ([list(p) for p in product((0, 1), repeat=3)], [sum(p) % 2 for p in product((0, 1), repeat=3)]),
    "fewer points than inputs": ([[1, 0, 0, 0, 0, 2], [0, 1, 0, 1, 0, 0]], [1, -1]),
    "fractions": ([["1/3"], ["-2/7"], ["1/10"]], ["1/9", "22/7", 0]),
    "floats": ([[0.1], [0.2], [0.30000000000000004]], [0.1, -0.7, 0.3]),
}


@pytest.mark.parametrize("beta", ["1/1000", "1/10", "10"])
@pytest.mark.parametrize("name", DEGENERATE)
def test_degenerate_data(name: str, beta: str) -> None:
    points, labels = DEGENERATE[name]
    assert_solved(points, labels, beta)


@pytest.mark.parametrize("scale", [1e-4, 1e-2, 1e2, 1e4])
def test_scales_of_coordinates_and_labels(scale: float) -> None:
    points = [[scale * math.sin(3 * i), math.cos(5 * i) / scale] for i in range(7)]
    assert_solved(points, [math.sin(i * i) for i in range(7)], 0.1)
    assert_solved([[math.sin(3 * i)] for i in range(7)], [scale * math.sin(i * i) for i in range(7)], 0.1 * scale)


def test_nothing_is_better_than_the_zero_network_for_large_beta() -> None:
    found = regularized_optimum([[0], [1]], [1, 2], 100)
    assert found.units == () and found.upper == Fraction(5, 2)
    assert decided(RegularizedMinimum([[0], [1]], [1, 2], 100, width=0, lower="2.499999", upper="5/2")).holds


def test_no_trained_network_is_below_the_bound_and_some_come_close() -> None:
    generator = torch.Generator().manual_seed(5)
    points = torch.rand(8, 1, generator=generator, dtype=torch.float64) * 2 - 1
    labels = torch.sin(4 * points[:, 0])
    found = regularized_optimum(points, labels, "1/10")
    z = torch.cat([torch.ones(8, 1, dtype=torch.float64), points], 1)
    u = torch.randn(40, 10, 2, generator=generator, dtype=torch.float64).requires_grad_()
    a = torch.randn(40, 10, generator=generator, dtype=torch.float64).requires_grad_()
    optimizer, best = torch.optim.Adam([u, a], lr=0.03), math.inf
    for _ in range(600):
        optimizer.zero_grad()
        misfit = (a[..., None] * torch.relu(u @ z.T)).sum(1) - labels
        values = (misfit**2).sum(1) / 2 + (u**2).sum((1, 2)) / 20 + (a**2).sum(1) / 20
        values.sum().backward()
        optimizer.step()
        best = min(best, float(values.detach().min()))
    assert float(found.lower) <= best <= float(found.upper) * 1.01


# --------------------------------------------------------------------------------------------------- the question

LINE: tuple[Points, list[Any]] = ([[-1], [0], [1], [2]], [1, -1, 1, -1])


def asked(width: int, lower: float, upper: float) -> RegularizedMinimum:
    """Offsets from the minimum."""
    found = regularized_optimum(*LINE, "1/5")
    value = round(float(found.upper), 6)
    return RegularizedMinimum(*LINE, "1/5", width=width, lower=value + lower, upper=value + upper)


def test_a_true_statement_holds() -> None:
    assert decided(asked(4, -1e-5, 1e-5)).holds is True


def test_a_network_refutes_a_lower_bound_that_is_too_large() -> None:
    question = asked(4, 1e-5, 1)
    assert question.answer()[0] == "regularized-minimum-network" and decided(question).holds is False


def test_a_dual_vector_refutes_an_upper_bound_that_is_too_small() -> None:
    question = asked(100, -1, -1e-5)
    assert question.answer()[0] == "regularized-minimum-bound" and decided(question).holds is False


def test_what_is_finer_than_the_rounding_or_needs_fewer_units_is_not_decided() -> None:
    found = regularized_optimum(*LINE, "1/5")
    middle = (found.lower + found.upper) / 2
    with pytest.raises(Unanswered, match=r"between .* whether 4 units get from .* was not decided"):
        RegularizedMinimum(*LINE, "1/5", width=4, lower=middle, upper=middle).answer()
    with pytest.raises(Unanswered, match="whether 1 units"):
        asked(1, -1e-5, 1e-5).answer()


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no points": ({"points": []}, "there are no points"),
    "no coordinates": ({"points": [[]] * 4}, r"points\[0\] has no coordinates"),
    "ragged points": ({"points": [[0], [1, 2], [0], [0]]}, r"points\[1\] has 2 coordinates and points\[0\] has 1"),
    "NaN among the points": (
        {"points": [[0], [math.nan], [1], [2]]},
        r"points\[1\]\[0\] is nan",
    ),
    "an infinite label": ({"labels": [0, 1, math.inf, 1]}, r"labels\[2\] is inf"),
    "labels that are too few": ({"labels": [0, 1]}, "there are 2 labels for 4 points"),
    "labels in a table": ({"labels": np.zeros((4, 1))}, "give one number for each point"),
    "a word": ({"labels": [0, 1, "one", 2]}, r"labels\[2\] is 'one', which is no number"),
    "beta 0": ({"beta": 0}, "beta=0 is not positive; without regularization"),
    "a negative beta": ({"beta": "-1/2"}, "beta=-1/2 is not positive"),
    "beta that is no number": ({"beta": math.nan}, "beta is nan"),
    "half a unit": ({"width": Fraction(1, 2)}, "width=1/2 is not a natural number"),
    "a negative width": ({"width": -1}, "width=-1 is not a natural number"),
    "a bound that is no number": ({"lower": "small"}, "lower is 'small', which is no number"),
    "an infinite bound": ({"upper": math.inf}, "upper is inf"),
    "too many dichotomies": (
        {"points": [[t**k for k in range(1, 6)] for t in range(60)], "labels": [0] * 60},
        "60 different points, which span 5 dimensions, may have 10991584 dichotomies, and at most 20000",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_gets_one_sentence(name: str) -> None:
    changed, sentence = BAD[name]
    good = {"points": LINE[0], "labels": LINE[1], "beta": "1/5", "width": 4, "lower": 0, "upper": 1}
    with pytest.raises(NetworkError, match=sentence) as caught:
        RegularizedMinimum(**{**good, **changed}).statement()
    assert "\n" not in str(caught.value)


def test_numbers_beyond_floats_are_refused_in_one_sentence() -> None:
    with pytest.raises(NetworkError, match="too large for floats, in which the search is done; scale the data"):
        regularized_optimum([[10**400], [0]], [1, 2], 1)


# --------------------------------------------------------------------------------------------------- small parts


@settings(max_examples=300, deadline=None)
@given(st.lists(st.fractions(max_denominator=10**6), max_size=4))
def test_the_bound_of_a_norm_is_not_less_and_close(vector: list[Fraction]) -> None:
    bound, square = norm_bound(vector), sum(x * x for x in vector)
    assert bound**2 >= square
    assert bound * bound * (1 - Fraction(1, 2**40)) <= square


@settings(max_examples=300, deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e300, max_value=1e300), st.integers(1, 60))
def test_short_numbers_are_close_and_short(value: float, bits: int) -> None:
    found = short(value, bits)
    assert abs(found - Fraction(value)) <= abs(Fraction(value)) / 2**bits
    odd = abs(found.numerator) // (found.numerator & -found.numerator or 1)
    assert odd.bit_length() <= bits and found.denominator & (found.denominator - 1) == 0
