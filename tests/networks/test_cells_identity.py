r"""The search for identities and differences of networks, against evaluation at points."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest

from tests.networks.test_cells import decided, some_network
from verify.errors import NetworkError, Unanswered
from verify.networks.domain import box, polyhedron, whole_space
from verify.networks.identity import Identical, IsMaximum
from verify.networks.network import Network


def maximum_of_two() -> Network:
    return Network.of([([[1, -1], [0, 1], [0, -1]], [0, 0, 0]), ([[1, 1, -1]], [0])])


def shuffled(network: Network, source: random.Random) -> Network:
    """The same function: units permuted, rescaled by positive numbers, one of them divided into two."""
    layers = [([list(row) for row in layer.weights], list(layer.bias)) for layer in network.layers]
    for (weights, bias), (following, _) in pairwise(layers):
        order = source.sample(range(len(bias)), len(bias))
        factors = [Fraction(source.randint(1, 5), source.randint(1, 5)) for _ in order]
        rows = [[f * w for w in weights[k]] for k, f in zip(order, factors, strict=True)]
        constants = [f * bias[k] for k, f in zip(order, factors, strict=True)]
        weights[:], bias[:] = [*rows, rows[0]], [*constants, constants[0]]
        for row in following:
            permuted = [row[k] / f for k, f in zip(order, factors, strict=True)]
            row[:] = [permuted[0] / 3, *permuted[1:], 2 * permuted[0] / 3]
    return Network.of([(weights, bias) for weights, bias in layers])


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("dimension", [1, 2, 3])
def test_rescaled_and_divided_units_make_the_same_function(seed: int, dimension: int) -> None:
    source = random.Random(f"{seed} {dimension}")
    network = some_network(source, (3, 2), size=3, dimension=dimension)
    assert decided(Identical(network, shuffled(network, source), whole_space(dimension))).holds is True


@pytest.mark.parametrize("seed", range(30))
def test_a_small_change_is_found_unless_there_is_none(seed: int) -> None:
    """A weight is changed by 1e-9: the answer is a point where the functions differ, or random points agree."""
    source = random.Random(seed)
    network = some_network(source, (3, 3), size=3)
    layers = [([list(row) for row in layer.weights], list(layer.bias)) for layer in network.layers]
    weights = source.choice(layers)[0]
    weights[source.randrange(len(weights))][0] += Fraction(1, 10**9)
    other = Network.of([(w, b) for w, b in layers])
    question = Identical(network, other, whole_space(2))
    if decided(question).holds:
        for _ in range(200):
            point = [Fraction(source.randint(-9999, 9999), 100) for _ in range(2)]
            assert network(point) == other(point)
    else:
        point = [Fraction(x) for x in question.answer()[1]["point"]]
        assert network(point) != other(point)


def test_networks_of_different_depth_and_scale() -> None:
    """|x| = ReLU(x) + ReLU(-x), and as 2 ReLU(x) - x with x passed on through two layers."""
    modulus = Network.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    deep = Network.of([([["1/3"], ["-1/3"]], [0, 0]), ([[1, -1], [-1, 1]], [0, 0]), ([[3, 3]], [0])])
    assert decided(Identical(modulus, deep, whole_space(1))).holds is True
    assert decided(Identical(deep, modulus, box((-1, 1)))).holds is True


def test_a_difference_on_a_strip_of_width_1e_12() -> None:
    bump = Network.of([([[1], [1], [1]], [0, -Fraction(1, 10**12), -Fraction(2, 10**12)]), ([[1, -2, 1]], [0])])
    zero = Network.of([([[0]], [0])])
    accepted = decided(Identical(bump, zero, box((-1, 1))))
    assert accepted.holds is False
    assert decided(Identical(bump, zero, box((-1, 0)))).holds is True


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_the_tree_of_maxima(depth: int) -> None:
    """The maximum of 2, 4 and 8 numbers; with one input left out, it is not."""
    size, layers = 2**depth, []
    inner = [[[int(i == k) for i in range(size)] for k in range(size)]]
    for _ in range(depth):
        rows = inner[0]
        pairs = list(zip(rows[0::2], rows[1::2], strict=True))
        hidden = [
            row for a, b in pairs for row in ([x - y for x, y in zip(a, b, strict=True)], list(b), [-y for y in b])
        ]
        layers.append((hidden, [0] * len(hidden)))
        width = len(hidden)
        inner = [[[(i // 3 == k) * (1, 1, -1)[i % 3] for i in range(width)] for k in range(len(pairs))]]
    network = Network.of([*layers, (inner[0], [0])])
    functions = [[int(i == k) for i in range(size)] + [0] for k in range(size)]
    if depth < 3:
        assert decided(IsMaximum(network, functions, whole_space(size))).holds is True
        assert decided(IsMaximum(network, functions[1:], whole_space(size))).holds is False
        assert decided(IsMaximum(network, [*functions, functions[0]], whole_space(size))).holds is True
    else:
        assert decided(IsMaximum(network, functions[1:], whole_space(size))).holds is False


def test_functions_that_are_never_the_largest() -> None:
    functions: list[list[Any]] = [[1, 0, 0], [0, 1, 0], ["1/2", "1/2", "-1/7"]]
    assert decided(IsMaximum(maximum_of_two(), functions, whole_space(2))).holds is True
    assert decided(IsMaximum(maximum_of_two(), [*functions, ["1/2", "1/2", "1/7"]], whole_space(2))).holds is False
    assert decided(IsMaximum(maximum_of_two(), [[1, 0, 0]], polyhedron([[1, -1, 0]]))).holds is True


def test_above_all_functions() -> None:
    """The network is larger than the maximum everywhere; no function is below it by less than 1."""
    affine = Network.of([([[1, 1]], [1])])
    assert decided(IsMaximum(affine, [[1, 1, 0], [1, 1, -5]], whole_space(2))).holds is False


LINE = Network.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (
            lambda: Identical(LINE, maximum_of_two(), whole_space(1)),
            "dimension 1, but the network has inputs of dimension 2",
        ),
        (lambda: Identical(LINE, Network.of([([[1], [1]], [0, 0])]), whole_space(1)), "have 1 and 2 outputs"),
        (lambda: IsMaximum(Network.of([([[1], [1]], [0, 0])]), [[1, 0]], whole_space(1)), "has 2 outputs"),
        (lambda: IsMaximum(LINE, [], whole_space(1)), "needs at least one affine function"),
        (lambda: IsMaximum(LINE, [[1, 0], [1]], whole_space(1)), "affine function 2 has 1 entries; it needs 1 weights"),
    ],
)
def test_bad_input_is_one_sentence(wrong: Any, sentence: str) -> None:
    with pytest.raises(NetworkError, match=sentence):
        wrong()


def test_too_many_common_cells_for_the_budget() -> None:
    with pytest.raises(Unanswered, match="more than 3 cells"):
        Identical(maximum_of_two(), maximum_of_two(), whole_space(2), most=3).answer()
