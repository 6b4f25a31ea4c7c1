r"""Searches for critical points, on landscapes whose critical points are known by hand."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import pytest
import torch

from verify.errors import NetworkError
from verify.landscape.stationary import DEGENERATE, MINIMUM, STRICT, Differentiated, classify, distinct, search
from verify.landscape.stationary_linear import DeepLinear
from verify.landscape.subsets import Regression

Tensor = Any


def linear(widths: tuple[int, ...], sets: int = 3) -> DeepLinear:
    draw = torch.Generator().manual_seed(1)
    x = torch.randn(sets, widths[0], 9, generator=draw, dtype=torch.float64)
    return DeepLinear(widths, Regression.of(x, torch.randn(sets, widths[-1], 9, generator=draw, dtype=torch.float64)))


def normal(*shape: int, seed: int = 2) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def product_loss(widths: tuple[int, ...]) -> Any:
    def loss(point: Tensor, root: Tensor, target: Tensor, floor: Tensor) -> Tensor:
        fit, place = root, 0
        for columns, rows in pairwise(widths):
            fit = point[place : place + rows * columns].view(rows, columns) @ fit
            place += rows * columns
        return floor + ((fit - target) ** 2).sum() / 2

    return loss


@pytest.mark.parametrize("widths", [(2, 3), (3, 2, 4), (2, 3, 1, 2), (2, 2, 3, 2, 2)])
def test_the_closed_forms_are_the_derivatives(widths: tuple[int, ...]) -> None:
    closed = linear(widths)
    by_torch = Differentiated(
        product_loss(widths), closed.dimension, (closed.data.root, closed.data.target, closed.data.floor)
    )
    points, rows = normal(6, closed.dimension), torch.tensor([0, 1, 2, 0, 1, 2])
    for name in ("losses", "gradients", "hessians"):
        assert torch.allclose(getattr(closed, name)(points, rows), getattr(by_torch, name)(points, rows), atol=1e-11)


def scalar(y: float = 1.0) -> Any:
    def loss(point: Tensor) -> Tensor:
        return (point.prod() - y) ** 2 / 2

    return loss


def test_the_kinds_of_critical_points_of_scalar_networks() -> None:
    """(1, 1, 1) is a minimum, (a, 0, 0) a strict saddle with eigenvalue -|a|, and 0 a saddle whose Hessian vanishes."""
    network, rows = Differentiated(scalar(), 3), torch.zeros(3, dtype=torch.int64)
    points = torch.tensor([[1.0, 1, 1], [-0.5, 0, 0], [0, 0, 0]], dtype=torch.float64)
    found = classify(network, points, rows, normal(16, 3))
    assert found.counts() == {STRICT: 1, DEGENERATE: 1, MINIMUM: 1}
    assert found.kind.tolist() == [2, 0, 1]
    assert found.smallest.tolist() == pytest.approx([0, -0.5, 0], abs=1e-12)


def test_a_flat_minimum_is_not_called_a_saddle() -> None:
    """y = 0: every point with two zero factors is a global minimum, with the Hessian 0."""
    network = Differentiated(scalar(0.0), 3)
    found = classify(network, torch.zeros(1, 3, dtype=torch.float64), torch.zeros(1, dtype=torch.int64), normal(16, 3))
    assert found.counts()[MINIMUM] == 1


def test_a_spurious_minimum_is_found() -> None:
    """Weights (1, 3, 3, 1) and width 1: the minimum 48 beside one of 3 or less, by hand; see kawaguchi-literal."""
    weight = torch.tensor([[1.0, 3], [3, 1]], dtype=torch.float64)
    target = torch.tensor([[-3.0, 5], [5, -3]], dtype=torch.float64)

    def loss(point: Tensor) -> Tensor:
        return (weight * (point[:2, None] * point[2:] - target) ** 2).sum() / 2

    network = Differentiated(loss, 4)
    found = search(network, 3 * normal(400, 4))
    kept = found.points[found.converged]
    kinds = classify(network, kept, found.rows[found.converged], normal(16, 4))
    values = found.losses[found.converged][kinds.kind == 2]
    assert float((values - 48).abs().min()) < 1e-9
    assert float(values.min()) <= 3 + 1e-9


@pytest.mark.parametrize("widths", [(3, 2, 3), (2, 2, 2, 2)])
def test_critical_points_of_linear_networks_are_those_of_the_formula(widths: tuple[int, ...]) -> None:
    network = linear(widths)
    rows = torch.arange(3).repeat_interleave(60)
    found = search(network, normal(180, network.dimension), rows)
    kept = found.converged
    assert int(kept.sum()) > 150
    points, rows, losses = found.points[kept], found.rows[kept], found.losses[kept]
    formula, fits = network.subsets(), network.fits(points, rows)
    number, error = formula.match(fits, rows, losses)
    assert float(error.max()) < 1e-8
    kinds = classify(network, points, rows, normal(16, network.dimension))
    assert torch.equal(kinds.kind == 2, (losses - formula.least[rows]).abs() < 1e-8)
    classes = distinct(torch.cat((losses[:, None], fits.flatten(1)), 1), rows)
    assert len(classes.unique()) == len((rows * len(formula.members) + number).unique())


def test_nothing_is_dropped() -> None:
    """1 + x^2 + x^4 has one critical point, x + x^3 none; a start that is not finite stays what it is."""
    network = Differentiated(lambda point: 1 + point[0] ** 2 + point[0] ** 4, 1)
    found = search(network, torch.tensor([[3.0], [math.inf], [1.0], [math.nan]]))
    assert found.counts() == {"converged": 2, "stopped": 0, "not finite": 2}
    assert found.losses[found.converged].tolist() == pytest.approx([1, 1])
    hopeless = Differentiated(lambda point: point[0] + point[0] ** 3, 1)
    assert search(hopeless, torch.ones(2, 1)).counts() == {"converged": 0, "stopped": 2, "not finite": 0}


def test_chunks_do_not_matter() -> None:
    network = linear((3, 2, 3))
    starts, rows = normal(40, network.dimension), torch.arange(40) % 3
    whole, parts = search(network, starts, rows), search(network, starts, rows, memory=8 * 8 * 144 * 7)
    assert torch.equal(whole.outcome, parts.outcome)
    assert torch.allclose(whole.losses[whole.converged], parts.losses[whole.converged], atol=1e-8)


def test_classes_are_those_of_each_data_set() -> None:
    keys = torch.tensor([[1.0], [1.0 + 1e-7], [2.0], [1.0], [2.0]], dtype=torch.float64)
    classes = distinct(keys, torch.tensor([0, 0, 0, 1, 1]))
    assert classes[0] == classes[1]
    assert len(classes.unique()) == 4


def test_starts_of_another_shape_are_refused() -> None:
    with pytest.raises(NetworkError, match=r"the starts have the shape \(5, 2\); it must be \(b, 12\)"):
        search(linear((3, 2, 3)), torch.zeros(5, 2))
    with pytest.raises(NetworkError, match="number of a data set"):
        search(linear((3, 2, 3)), torch.zeros(5, 12), torch.zeros(4, dtype=torch.int64))
