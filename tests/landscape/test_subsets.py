r"""The subset formula, against the definition of a critical point and against brute force."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch

from verify.errors import NetworkError
from verify.landscape.stationary_linear import DeepLinear
from verify.landscape.subsets import Regression, Subsets

Tensor = Any


def data(k: int = 1, d_x: int = 3, d_y: int = 3, n: int = 7, seed: int = 0) -> tuple[Tensor, Tensor]:
    draw = torch.Generator().manual_seed(seed)
    x = torch.randn(k, d_x, n, generator=draw, dtype=torch.float64)
    return x, torch.randn(k, d_y, n, generator=draw, dtype=torch.float64)


@pytest.mark.parametrize(("d_x", "d_y"), [(3, 3), (2, 4), (4, 2)])
def test_the_reduced_loss_is_the_squared_error(d_x: int, d_y: int) -> None:
    x, y = data(2, d_x, d_y)
    reduced = Regression.of(x, y)
    product = torch.arange(d_x * d_y, dtype=torch.float64).view(1, d_y, d_x)
    printed = ((product @ x - y) ** 2).sum((1, 2)) / 2
    again = reduced.floor + ((product @ reduced.root - reduced.target) ** 2).sum((1, 2)) / 2
    assert torch.allclose(printed, again, rtol=1e-13)


def test_the_example_of_the_catalogue() -> None:
    """Y = diag(2, 1), X = I, width 1: values 5/2, 1/2 (the minimum) and 2."""
    found = Subsets.of(Regression.of(torch.eye(2), torch.diag(torch.tensor([2.0, 1.0]))), 1)
    assert found.members == ((), (0,), (1,))
    assert found.values[0].tolist() == pytest.approx([2.5, 0.5, 2.0], abs=1e-14)
    assert found.least.tolist() == pytest.approx([0.5], abs=1e-14)


@pytest.mark.parametrize(("d_x", "d_y", "width"), [(3, 3, 2), (2, 4, 2), (4, 2, 1), (3, 2, 5)])
def test_every_subset_is_a_critical_point(d_x: int, d_y: int, width: int) -> None:
    """W_2 = U_S and W_1 = U_S^T Y X^T (X X^T)^-1, padded with zeros, has gradient zero in the printed loss."""
    x, y = data(1, d_x, d_y)
    found = Subsets.of(Regression.of(x, y), width)
    assert len(found.members) == sum(math.comb(min(d_x, d_y), s) for s in range(min(width, d_x, d_y) + 1))
    regression = y[0] @ x[0].T @ torch.linalg.inv(x[0] @ x[0].T)
    left = torch.linalg.svd(y[0] @ torch.linalg.pinv(x[0]) @ x[0])[0]
    for number, members in enumerate(found.members):
        second = torch.zeros(d_y, width, dtype=torch.float64)
        for place, i in enumerate(members):
            second[:, place] = left[:, i]
        first = (second.T @ regression).requires_grad_()
        second.requires_grad_()
        loss = ((second @ first @ x[0] - y[0]) ** 2).sum() / 2
        slopes = torch.autograd.grad(loss, (first, second))
        assert max(float(slope.abs().max()) for slope in slopes) < 1e-12
        assert float(loss.detach()) == pytest.approx(float(found.values[0, number]), abs=1e-12)
        assert torch.allclose(second @ first @ Regression.of(x, y).root[0], found.fits[0, number], atol=1e-12)


def test_the_least_value_is_a_truncated_svd() -> None:
    """Eckart and Young: no matrix of rank 1 is closer than the best one, here by a fine grid of directions."""
    target = torch.tensor([[1.0, 2.0], [0.5, -1.0]], dtype=torch.float64)
    angles = torch.linspace(0, math.pi, 20001, dtype=torch.float64)
    directions = torch.stack((angles.cos(), angles.sin()), 1)
    brute = ((target**2).sum() - (directions @ target).square().sum(1).max()) / 2
    assert float(Subsets.of(Regression.of(torch.eye(2), target), 1).least) == pytest.approx(float(brute), abs=1e-7)


def test_a_match_reports_how_far_it_is() -> None:
    found = Subsets.of(Regression.of(*data()), 2)
    rows = torch.zeros(2, dtype=torch.int64)
    fits = found.fits[0, [1, 4]] + torch.tensor([0.0, 1e-3]).view(2, 1, 1)
    number, error = found.match(fits, rows, found.values[0, [1, 4]] + torch.tensor([2e-5, 0.0]))
    assert number.tolist() == [1, 4]
    assert error.tolist() == pytest.approx([2e-5, 1e-3], rel=1e-6)


X, Y = data()
BAD = {
    "have no full rank": (torch.cat((X[:, :2], X[:, :1] + X[:, 1:2]), 1), Y),
    "7 points must span all 9": (torch.ones(9, 7), Y),
    "with the same k and n": (X, Y[:, :, 1:]),
    "are not all finite": (X, Y * torch.tensor([1.0, math.nan, 1, 1, 1, 1, 1])),
    r"the shape \(3,\)": (torch.ones(3), Y),
    "no array of numbers": ("inputs", Y),
}


@pytest.mark.parametrize("sentence", BAD)
def test_bad_data_get_one_sentence(sentence: str) -> None:
    with pytest.raises(NetworkError, match=sentence) as caught:
        Regression.of(*BAD[sentence])
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("target", "sentence"), [([[1.0, 0], [0, 1]], "repeated singular values"), ([[1.0, 1], [1, 1]], "no full rank")]
)
def test_the_formula_names_the_hypothesis_that_fails(target: list[list[float]], sentence: str) -> None:
    with pytest.raises(NetworkError, match=sentence):
        Subsets.of(Regression.of(torch.eye(2), torch.tensor(target)), 1)


def test_widths_must_fit() -> None:
    reduced = Regression.of(X, Y)
    with pytest.raises(NetworkError, match="do not fit the data"):
        DeepLinear((2, 2, 3), reduced)
    with pytest.raises(NetworkError, match="positive integers"):
        DeepLinear((3, 0, 3), reduced)
    with pytest.raises(NetworkError, match="positive integer"):
        Subsets.of(reduced, 0)
    with pytest.raises(NetworkError, match="too many"):
        Subsets.of(Regression.of(torch.eye(20), torch.diag(torch.arange(1.0, 21))), 10)
