r"""Networks to and from torch and ONNX: exact both ways, or refused in a sentence."""

from __future__ import annotations

import sys
from bisect import bisect_left
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy
import onnx
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator
from torch import nn

from tests.networks.test_network import networks, numbers
from verify.errors import NetworkError
from verify.networks import Network, affine, from_onnx, from_torch, hat, rounded, square, to_onnx, to_torch

DTYPES = ["float64", "float32", "bfloat16", "float16"]


def small_integers(dtype: torch.dtype = torch.float64) -> nn.Sequential:
    """All of whose sums are exact in every format."""
    generator = torch.Generator().manual_seed(1)
    module = nn.Sequential(
        nn.Linear(3, 4),
        nn.ReLU(),
        nn.Sequential(nn.Linear(4, 2, bias=False), nn.Identity()),
        nn.ReLU(),
        nn.Linear(2, 2),
    )
    for parameter in module.parameters():
        parameter.data = torch.randint(-2, 3, parameter.shape, generator=generator).to(dtype)
    return module


@pytest.mark.parametrize("dtype", DTYPES)
def test_torch_computes_the_network_where_it_does_not_round(dtype: str) -> None:
    module = small_integers(getattr(torch, dtype))
    network = from_torch(module)
    assert network.widths == (3, 4, 2, 2)
    for i in range(20):
        x = [i % 3 - 1, i % 5 - 2, i % 4 - 1]
        assert [Fraction(v) for v in module(torch.tensor(x, dtype=getattr(torch, dtype))).tolist()] == list(network(x))


@settings(max_examples=30, deadline=None)
@given(networks(), st.sampled_from(DTYPES))
def test_there_and_back_again(network: Network, dtype: str) -> None:
    near = rounded(network, dtype).network
    assert from_torch(to_torch(near, dtype)) == near
    assert from_onnx(to_onnx(near, dtype)) == near
    assert all(p.dtype is getattr(torch, dtype) for p in to_torch(near, dtype).parameters())


def test_random_weights_are_read_bit_by_bit() -> None:
    for dtype in (torch.float64, torch.float32, torch.bfloat16, torch.float16):
        linear = nn.Linear(3, 2, dtype=dtype)
        layer = from_torch(linear).layers[0]
        assert [[float(w) for w in row] for row in layer.weights] == linear.weight.tolist()
        assert (
            all(Fraction(float(b)) == b for b in layer.bias) and [float(b) for b in layer.bias] == linear.bias.tolist()
        )


def test_affine_maps_in_a_row_and_relus_at_the_ends() -> None:
    one, two = nn.Linear(2, 3, dtype=torch.float64), nn.Linear(3, 1, dtype=torch.float64)
    assert from_torch(nn.Sequential(one, two)).widths == (2, 1)
    network = from_torch(nn.Sequential(nn.ReLU(), one, nn.ReLU(), nn.ReLU(), two, nn.ReLU()))
    assert network.widths == (2, 2, 3, 1, 1)
    x = [Fraction(1, 2), Fraction(-3)]
    hidden = from_torch(one)([max(v, Fraction(0)) for v in x])
    (value,) = from_torch(two)([max(v, Fraction(0)) for v in hidden])
    assert network(x) == (max(value, Fraction(0)),)


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_rounding_goes_to_the_nearest_of_all_numbers_of_the_format(dtype: str) -> None:
    bits = torch.arange(-(2**15), 2**15).to(torch.int16).view(getattr(torch, dtype)).double()
    known = sorted({Fraction(v) for v in bits[bits.isfinite()].tolist()})
    even = {
        Fraction(v) for v, b in zip(bits.tolist(), range(-(2**15), 2**15), strict=True) if abs(v) < 1e39 and b % 2 == 0
    }
    generator = numpy.random.default_rng(3)
    tried = [Fraction(float(v)) for v in generator.normal(size=300) * 2.0 ** generator.integers(-30, 15, size=300)]
    tried += [(a + b) / 2 for a, b in zip(known[::997], known[1::997], strict=False)]  # ties
    for number in tried:
        above = bisect_left(known, number)
        low, high = known[above - 1], known[above]
        expected = low if number - low < high - number or (number - low == high - number and low in even) else high
        assert rounded(affine([[number]]), dtype).network.layers[0].weights == ((expected,),)


@settings(max_examples=200, deadline=None)
@given(st.integers(-(10**40), 10**40), st.integers(1, 10**60))
def test_rounding_to_doubles_is_that_of_division(numerator: int, denominator: int) -> None:
    result = rounded(affine([[Fraction(numerator, denominator)]]))
    assert result.network.layers[0].weights == ((Fraction(numerator / denominator),),)
    assert result.changed == (Fraction(numerator / denominator) != Fraction(numerator, denominator))


def test_rounding_says_what_it_changed() -> None:
    result = rounded(Network.of([([["1/3", "1/2"], [0, "1/5"]], [1, "3/4"])]), "float32")
    assert result.changed == 2
    assert result.largest == abs(Fraction(float(numpy.float32(1) / numpy.float32(3))) - Fraction(1, 3))


@settings(max_examples=30, deadline=None)
@given(networks([2, 3, 2, 1]), numbers, numbers)
def test_onnx_computes_the_network(network: Network, a: Fraction, b: Fraction) -> None:
    near = rounded(network).network
    (value,) = ReferenceEvaluator(to_onnx(near)).run(None, {"x": numpy.array([[float(a), float(b)]])})
    exact = near([float(a), float(b)])[0]
    assert abs(float(value[0, 0]) - float(exact)) <= 1e-9 * (1 + abs(float(exact))) * 1e3


def test_onnx_computes_a_network_that_needs_no_rounding() -> None:
    network = from_torch(small_integers())
    for dtype in ("float64", "float32"):
        session = ReferenceEvaluator(to_onnx(network, dtype))
        x = numpy.array([[1, -2, 3], [0, 1, -1]], dtype=dtype)
        (values,) = session.run(None, {"x": x})
        assert [[Fraction(float(v)) for v in row] for row in values] == [list(network(row)) for row in x.tolist()]


def graph(nodes: list[Any], constants: dict[str, Any], outputs: tuple[str, ...] = ("y",)) -> Any:
    tensors = [numpy_helper.from_array(numpy.asarray(v), name) for name, v in constants.items()]
    x = helper.make_tensor_value_info("x", TensorProto.DOUBLE, ["n", 2])
    ys = [helper.make_tensor_value_info(name, TensorProto.DOUBLE, ["n", None]) for name in outputs]
    return helper.make_model(helper.make_graph(nodes, "g", [x], ys, initializer=tensors))


W = numpy.array([[1.0, -2.0, 0.5], [0.25, 3.0, -1.0]])
C = numpy.array([1.0, -0.5, 2.0])


@pytest.mark.parametrize(
    "nodes",
    [
        [helper.make_node("MatMul", ["x", "W"], ["z"]), helper.make_node("Add", ["z", "C"], ["y"])],
        [helper.make_node("MatMul", ["x", "W"], ["z"]), helper.make_node("Add", ["C", "z"], ["y"])],
        [helper.make_node("Gemm", ["x", "W", "C"], ["y"], alpha=0.5, beta=-2.0)],
        [helper.make_node("Gemm", ["x", "T"], ["y"], transB=1)],
        [helper.make_node("Relu", ["x"], ["z"]), helper.make_node("Gemm", ["z", "W", "S"], ["y"])],
        [
            helper.make_node("Constant", [], ["K"], value=numpy_helper.from_array(C)),
            helper.make_node("Gemm", ["x", "W", "K"], ["z"]),
            helper.make_node("Identity", ["z"], ["i"]),
            helper.make_node("Relu", ["i"], ["y"]),
        ],
    ],
)
def test_the_ways_in_which_others_write_affine_maps(nodes: list[Any]) -> None:
    model = graph(nodes, {"W": W, "C": C, "T": W.T.copy(), "S": numpy.array([0.5])})
    network = from_onnx(model)
    for x in ([1.0, 2.0], [-0.5, 0.25], [0.0, -3.0]):
        (values,) = ReferenceEvaluator(model).run(None, {"x": numpy.array([x])})
        assert [Fraction(float(v)) for v in values[0]] == list(network(x))


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "square.onnx"
    onnx.save(to_onnx(square(3)), path)
    assert from_onnx(path) == from_onnx(str(path)) == square(3)


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(
        NetworkError, match=r"the package onnx is missing; install it with: pip install 'deepclaims\[onnx\]'"
    ):
        to_onnx(hat())


def with_nan() -> nn.Linear:
    linear = nn.Linear(1, 1)
    linear.weight.data[0, 0] = float("nan")
    return linear


def two(kind: str, **settings_: Any) -> Any:
    return graph([helper.make_node(kind, ["x"], ["y"], **settings_)], {})


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: to_torch(hat(0, "1/3", 1)), r"1 of 10 .* are no float64 numbers .* rounded\(network, \"float64\"\)"),
        (lambda: to_onnx(affine([["1/10"]]), "float32"), "1 of 2 weights and biases are no float32 numbers"),
        (lambda: to_torch(hat(), "int8"), "'int8' is no format known here"),
        (lambda: rounded(affine([[70000]]), "float16"), "70000.0 is too large for the format"),
        (lambda: from_torch(nn.Sequential(nn.Linear(1, 1), nn.Tanh())), "Tanh is neither Linear nor ReLU"),
        (lambda: from_torch(nn.Sequential(nn.Conv1d(1, 1, 1))), "Conv1d is neither"),
        (lambda: from_torch(nn.Sequential(nn.Linear(1, 1), nn.Dropout())), "Dropout is neither"),
        (lambda: from_torch(nn.LeakyReLU()), "LeakyReLU is neither"),
        (lambda: from_torch(3), "int is neither"),
        (lambda: from_torch(nn.Sequential()), "there is no affine map"),
        (lambda: from_torch(nn.Sequential(nn.ReLU())), "there is no affine map"),
        (lambda: from_torch(nn.Sequential(nn.Linear(1, 2), nn.Linear(3, 1))), "3 inputs follows one with 2 outputs"),
        (
            lambda: from_torch(nn.Sequential(nn.Linear(1, 2), nn.ReLU(), nn.Linear(3, 1))),
            "layer 2 has rows of 3 weights",
        ),
        (lambda: from_torch(with_nan()), "is nan; a network computes with finite numbers only"),
        (lambda: from_torch(nn.Linear(1, 1, dtype=torch.complex64)), "only real floating-point weights"),
        (lambda: from_onnx("/nonexistent.onnx"), "/nonexistent.onnx cannot be read"),
        (lambda: from_onnx(__file__), "cannot be read as an ONNX model"),
        (lambda: from_onnx(two("Sigmoid")), r"\(Sigmoid\) cannot be read: only Gemm"),
        (lambda: from_onnx(two("Gemm")), "Gemm"),
        (
            lambda: from_onnx(graph([helper.make_node("Add", ["x", "x"], ["y"])], {})),
            "not fed by the node before it alone",
        ),
        (
            lambda: from_onnx(graph([helper.make_node("Gemm", ["x", "W"], ["y"], transA=1)], {"W": W})),
            "transposes the batch",
        ),
        (lambda: from_onnx(graph([helper.make_node("MatMul", ["W", "x"], ["y"])], {"W": W})), "cannot be read"),
        (lambda: from_onnx(graph([helper.make_node("MatMul", ["x", "C"], ["y"])], {"C": C[:2]})), "no matrix"),
        (
            lambda: from_onnx(graph([helper.make_node("Gemm", ["x", "W", "C"], ["y"])], {"W": W, "C": C[:2]})),
            "adds 1 x 2 numbers to 3 values",
        ),
        (
            lambda: from_onnx(graph([helper.make_node("Gemm", ["x", "W"], ["y"])], {"W": W.astype(numpy.int64)})),
            "int64",
        ),
        (
            lambda: from_onnx(graph([helper.make_node("Gemm", ["x", "W"], ["z"])], {"W": W})),
            "is not that of its last node",
        ),
        (
            lambda: from_onnx(graph([helper.make_node("Gemm", ["x", "W"], ["y"])], {"W": W}, ("y", "z"))),
            "1 inputs and 2 outputs",
        ),
        (
            lambda: from_onnx(graph([helper.make_node("Gemm", ["x", "W"], ["y"])], {"W": W * numpy.inf})),
            "finite numbers only",
        ),
    ],
)
def test_what_has_no_exact_network_is_refused_in_one_sentence(make: Callable[[], Any], sentence: str) -> None:
    with pytest.raises(NetworkError, match=sentence) as refused:
        make()
    assert "\n" not in str(refused.value)
