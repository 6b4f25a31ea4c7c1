r"""Networks over the rationals: what they compute, their sizes, and the sentences that refuse bad input."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.errors import NetworkError
from verify.kernel.network import read_network
from verify.networks import Network, affine, hat, square

numbers = st.builds(Fraction, st.integers(-30, 30), st.integers(1, 12))


@st.composite
def networks(draw: st.DrawFn, widths: Sequence[int] | None = None) -> Network:
    shape = widths or draw(st.lists(st.integers(1, 4), min_size=2, max_size=5))
    return Network.of(
        [
            ([[draw(numbers) for _ in range(a)] for _ in range(b)], [draw(numbers) for _ in range(b)])
            for a, b in pairwise(shape)
        ]
    )


def computed(network: Network, point: Sequence[Fraction]) -> list[Fraction]:
    """By the definition of a network, in fractions."""
    values = list(point)
    for position, layer in enumerate(network.layers):
        if position:
            values = [v if v > 0 else Fraction(0) for v in values]
        values = [
            sum((w * v for w, v in zip(row, values, strict=True)), b)
            for row, b in zip(layer.weights, layer.bias, strict=True)
        ]
    return values


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_the_value_is_that_of_the_definition(data: st.DataObject) -> None:
    network = data.draw(networks())
    point = [data.draw(numbers) for _ in range(network.inputs)]
    assert list(network(point)) == computed(network, point)


def test_a_deep_network_is_exact_where_floating_point_is_not() -> None:
    third = affine([["1/3"]])
    assert third(["1/7"]) == (Fraction(1, 21),)
    assert square(30)([Fraction(1, 2**31)])[0] - Fraction(1, 2**62) == Fraction(1, 4**31)


def test_sizes_are_counted() -> None:
    network = Network.of([([[1, 0], [0, "1/1024"], [3, -7]], [0, 1, 0]), ([[1, 0, 5]], [0])])
    assert network.widths == (2, 3, 1) and network.inputs == 2 and network.outputs == 1
    assert (network.hidden_layers, network.depth, network.width, network.units) == (1, 2, 3, 3)
    assert (network.edges, network.weights, network.parameters, network.bits) == (6, 7, 13, 11)
    assert (affine([[1]]).width, affine([[1]]).units, affine([[1]]).hidden_layers) == (0, 0, 0)


@pytest.mark.parametrize("m", range(1, 12))
def test_the_square_network_has_the_size_that_its_claim_states(m: int) -> None:
    network = square(m)
    assert (network.hidden_layers, network.units, network.weights) == (m, 4 * m, 15 * m - 5)


@settings(max_examples=30, deadline=None)
@given(networks())
def test_certificates_hold_the_network_itself(network: Network) -> None:
    rows = [[[*row, b] for row, b in zip(layer.weights, layer.bias, strict=True)] for layer in network.layers]
    assert [[list(row) for row in layer] for layer in read_network(network.json())] == rows


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("-7/2", Fraction(-7, 2)),
        ("0.1", Fraction(1, 10)),
        (0.1, Fraction(3602879701896397, 2**55)),
        (Decimal("0.1"), Fraction(1, 10)),
        (numpy.float32(0.1), Fraction(13421773, 2**27)),
        (numpy.int64(-3), Fraction(-3)),
        (5, Fraction(5)),
        (5e-324, Fraction(1, 2**1074)),
    ],
)
def test_numbers_are_taken_as_what_they_are(written: Any, meant: Fraction) -> None:
    assert affine([[written]]).layers[0].weights == ((meant,),)


@pytest.mark.parametrize(
    ("layers", "sentence"),
    [
        ([], "a network needs at least one affine map"),
        (7, "layers are given as a list of pairs"),
        ([([], [])], "layer 1 is empty"),
        ([([[]], [0])], "layer 1 has no inputs"),
        ([([[1], [2]], [0])], "layer 1 has 2 rows of weights and 1 biases"),
        ([([[1], [2, 3]], [0, 0])], "layer 1 has rows of 1 and of 2 weights"),
        ([([[1], [2]], [0, 0]), ([[1]], [0])], "layer 2 has rows of 1 weights, but there are 2 outputs"),
        ([([[math.nan]], [0])], "number 1 of row 1 of the weights of layer 1 is nan; .* finite numbers"),
        ([([[1]], [math.inf])], "number 1 of the bias of layer 1 is inf"),
        ([([[1]], [numpy.float32("-inf")])], "number 1 of the bias of layer 1 is -inf"),
        ([([["x"]], [0])], "'x', which is no number"),
        ([([["1e400000000"]], [0])], "which is no number"),
        ([([["1/0"]], [0])], "a division by zero"),
        ([([[None]], [0])], "type NoneType"),
        ([([[True]], [0])], "'True', which is no number"),
        ([([[1j]], [0])], "type complex"),
        ([([["12"]], "3")], "layer 1 is not a pair"),
        ([(["12"], [3])], "layer 1 is not a pair"),
        ([5], "layer 1 is not a pair"),
        ([([[1]], [0], 3)], "layer 1 is not a pair"),
    ],
)
def test_bad_layers_are_refused_in_one_sentence(layers: Any, sentence: str) -> None:
    with pytest.raises(NetworkError, match=sentence) as refused:
        Network.of(layers)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("point", "sentence"),
    [
        ([1, 2], "the point has 2 coordinates, but the network has 1 input"),
        ([], "the point has 0 coordinates"),
        ("5", "a list of numbers is needed"),
        (5, "a list of numbers is needed"),
        ([math.nan], "number 1 of the list is nan"),
    ],
)
def test_bad_points_are_refused_in_one_sentence(point: Any, sentence: str) -> None:
    with pytest.raises(NetworkError, match=sentence):
        hat()(point)


def test_no_name_of_the_package_is_that_of_a_module() -> None:
    """Importing such a module would put it in the place of what is meant."""
    import verify.networks as package

    modules = {path.stem for path in Path(package.__file__ or "").parent.glob("*.py")}
    assert not modules & set(package.__all__)
    assert all(getattr(package, name) is not None for name in package.__all__)
