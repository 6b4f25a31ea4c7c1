r"""Batches in floating point: the exact value is within the bound, for every batch size and however bad the scale."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.networks.test_network import computed, networks
from verify.errors import NetworkError
from verify.networks import Network, affine, evaluate, hat, pad, sawtooth, square

doubles = st.floats(allow_nan=False, allow_infinity=False, width=64)


def outside_the_bounds(network: Network, points: torch.Tensor, **options: Any) -> list[tuple[int, int]]:
    found = evaluate(network, points, **options)
    assert found.value.shape == found.error.shape == (len(points), network.outputs)
    return [
        (i, k)
        for i, point in enumerate(points.double().tolist())
        for k, exact in enumerate(computed(network, [Fraction(x) for x in point]))
        if not close(float(found.value[i, k]), exact, float(found.error[i, k]))
    ]


def close(value: float, exact: Fraction, error: float) -> bool:
    return error == math.inf or (error >= 0 and abs(Fraction(value) - exact) <= Fraction(error))


@settings(max_examples=100, deadline=None)
@given(networks(), st.data())
def test_every_exact_value_is_within_its_bound(network: Network, data: st.DataObject) -> None:
    row = st.lists(doubles, min_size=network.inputs, max_size=network.inputs)
    points = torch.tensor(data.draw(st.lists(row, min_size=1, max_size=5)), dtype=torch.float64)
    assert not outside_the_bounds(network, points)
    assert not outside_the_bounds(network, points, memory=1)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-1100, 900), min_size=3, max_size=3), st.lists(doubles, min_size=1, max_size=5))
def test_scales_from_the_smallest_to_the_largest(exponents: list[int], points: list[float]) -> None:
    scales = [Fraction(2) ** e for e in exponents]
    network = Network.of(
        [([[scales[0]], [-scales[0] / 3]], [0, scales[1]]), ([[scales[2], -1], [1, scales[2] / 7]], [1, 0])]
    )
    assert not outside_the_bounds(network, torch.tensor([[x] for x in points], dtype=torch.float64))


def test_bounds_are_useful() -> None:
    """A few units in the last place, times the sums of the moduli of the weights through which errors pass."""
    x = torch.linspace(0, 1, 1001, dtype=torch.float64)[:, None]
    for network, scale in ((hat(), 4), (sawtooth(8), 8.0**8), (square(10), 20.0), (pad(hat(), 20), 4)):
        assert evaluate(network, x).error.max() <= 100 * scale * 2.0**-53


def test_cancellation_enlarges_the_bound_and_not_only_the_error() -> None:
    network = Network.of([([["1000000000000000001/3", "-1000000000000000000/3"]], [0])])
    found = evaluate(network, torch.tensor([[1.0, 1.0]], dtype=torch.float64))
    assert abs(Fraction(float(found.value)) - Fraction(1, 3)) <= Fraction(float(found.error))
    assert float(found.error) >= 1


@pytest.mark.parametrize("memory", [1, 100, 10_000, 2**22, 2**28])
def test_all_batch_sizes_agree_within_the_bounds(memory: int) -> None:
    x = torch.rand(1000, 1, dtype=torch.float64, generator=torch.Generator().manual_seed(7))
    one, other = evaluate(square(6), x), evaluate(square(6), x, memory=memory)
    assert bool(((one.value - other.value).abs() <= one.error + other.error).all())


def test_what_overflows_has_an_infinite_bound() -> None:
    network = Network.of([([[2], [2]], [0, 0]), ([[1, -1]], [0])])
    found = evaluate(network, torch.tensor([[1.7e308], [1.0]], dtype=torch.float64))
    assert float(found.error[0]) == math.inf and float(found.error[1]) < 1e-10


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16, torch.int32])
def test_shorter_formats_are_read_exactly(dtype: torch.dtype) -> None:
    points = torch.tensor([[0.1], [2.7], [-3.3]]).to(dtype)
    assert not outside_the_bounds(hat(-5, "1/3", 5), points)


def test_lists_and_arrays_are_not_taken_through_binary32() -> None:
    exact = hat()([0.1])[0]
    for points in ([[0.1]], ((0.1,),), numpy.array([[0.1]])):
        found = evaluate(hat(), points)
        assert close(float(found.value), exact, float(found.error)) and float(found.error) < 1e-12


def test_no_points_have_no_values() -> None:
    assert evaluate(hat(), torch.empty(0, 1)).value.shape == (0, 1)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: evaluate(hat(), [0.5]), r"shape \(1,\), but the network has 1 input"),
        (lambda: evaluate(hat(), [[0.5, 1.0]]), r"shape \(1, 2\)"),
        (lambda: evaluate(hat(), [[math.nan]]), "infinite or NaN"),
        (lambda: evaluate(hat(), torch.tensor([[math.inf]])), "infinite or NaN"),
        (lambda: evaluate(hat(), [[Fraction(1, 3)]]), "no array of floating-point numbers"),
        (lambda: evaluate(hat(), [["a"]]), "no array of floating-point numbers"),
        (lambda: evaluate(hat(), [[1.0], [2.0, 3.0]]), "no array of floating-point numbers"),
        (lambda: evaluate(hat(), [[True]]), "cannot be read as doubles"),
        (lambda: evaluate(hat(), [[2**60 + 1]]), "cannot be read as doubles"),
        (lambda: evaluate(hat(), torch.zeros(1, 1, dtype=torch.complex64)), "cannot be read as doubles"),
        (lambda: evaluate(hat(), [[0.5]], memory=0), "a positive number of bytes"),
        (lambda: evaluate(affine([["1" + "0" * 400]]), [[0.5]]), "layer 1 has a number beyond the doubles"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(make: Callable[[], Any], sentence: str) -> None:
    with pytest.raises(NetworkError, match=sentence) as refused:
        make()
    assert "\n" not in str(refused.value)
