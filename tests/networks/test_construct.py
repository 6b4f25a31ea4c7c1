r"""Networks made of networks compute what their names say, and cost what is promised."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import ceil, log2
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.networks.test_network import networks, numbers
from verify.errors import NetworkError
from verify.networks import (
    Network,
    absolute,
    add,
    affine,
    clip,
    compose,
    direct_sum,
    enclose,
    hat,
    identity_network,
    weighted_sum,
    maximum,
    pad,
    sawtooth,
    scale,
    square,
    stack,
    subtract,
)

points = st.lists(numbers, min_size=3, max_size=3)


@settings(max_examples=60, deadline=None)
@given(networks([3, 2, 4]), networks([4, 3]), networks([3, 1, 2]), points)
def test_a_composition_is_one_after_the_other(f: Network, g: Network, h: Network, x: list[Fraction]) -> None:
    both = compose(h, g, f)
    assert both(x) == h(g(f(x)))
    assert both.hidden_layers == f.hidden_layers + g.hidden_layers + h.hidden_layers
    assert both.units == f.units + g.units + h.units


@settings(max_examples=60, deadline=None)
@given(networks([3, 2, 2]), networks([3, 4, 2, 1]), points)
def test_networks_beside_each_other(f: Network, g: Network, x: list[Fraction]) -> None:
    assert stack(f, g)(x) == f(x) + g(x)
    assert direct_sum(f, g)([*x, *x[::-1]]) == f(x) + g(x[::-1])
    assert stack(f, g).hidden_layers == 2 and stack(f, g).units == 2 + 4 + 4 + 2  # two units for each padded output


@settings(max_examples=60, deadline=None)
@given(networks([3, 2, 2]), networks([3, 4, 2, 2]), numbers, numbers, points)
def test_linear_combinations(f: Network, g: Network, a: Fraction, b: Fraction, x: list[Fraction]) -> None:
    expected = tuple(a * y + b * z for y, z in zip(f(x), g(x), strict=True))
    assert weighted_sum([a, b], [f, g])(x) == expected
    assert add(scale(a, f), scale(b, g))(x) == expected
    assert subtract(f, f)(x) == (0, 0)


@settings(max_examples=60, deadline=None)
@given(
    networks([2, 3, 2]),
    st.integers(1, 5),
    st.lists(numbers, min_size=2, max_size=2),
    st.lists(numbers, min_size=2, max_size=2),
)
def test_padding_changes_the_depth_and_nothing_else(
    f: Network, depth: int, x: list[Fraction], y: list[Fraction]
) -> None:
    deeper = pad(f, depth)
    assert deeper.hidden_layers == depth and deeper(x) == f(x)
    assert deeper.units == f.units + 4 * (depth - 1)
    box = [(min(a, b), max(a, b)) for a, b in zip(x, y, strict=True)]
    shifted = pad(f, depth, box=box)
    assert shifted.units == f.units + 2 * (depth - 1)
    inside = [(a + 2 * b) / 3 for a, b in box]
    assert shifted(x) == f(x) and shifted(y) == f(y) and shifted(inside) == f(inside)


@settings(max_examples=60, deadline=None)
@given(networks([2, 3, 2, 1]), st.lists(numbers, min_size=2, max_size=2), st.lists(numbers, min_size=2, max_size=2))
def test_an_enclosure_holds_every_value(f: Network, x: list[Fraction], y: list[Fraction]) -> None:
    box = [(min(a, b), max(a, b)) for a, b in zip(x, y, strict=True)]
    ((low, high),) = enclose(f, box)
    ((wider_low, wider_high),) = enclose(f, box, bits=4)
    for i in range(5):
        (value,) = f([a + (b - a) * Fraction(i, 4) for a, b in box])
        assert wider_low <= low <= value <= high <= wider_high
    assert wider_low.denominator <= 16 and wider_high.denominator <= 16


@pytest.mark.parametrize("n", range(1, 18))
def test_the_maximum_tree(n: int) -> None:
    tree = maximum(n)
    assert tree.hidden_layers == ceil(log2(n))
    if n & (n - 1) == 0:
        assert tree.units == 3 * (n - 1)
    for shift in range(n):
        x = [Fraction((5 * i + shift) % n - n // 2, 3) for i in range(n)]
        assert tree(x) == (max(x),)


@settings(max_examples=100, deadline=None)
@given(st.lists(numbers, min_size=1, max_size=9))
def test_the_maximum_of_any_numbers(x: list[Fraction]) -> None:
    assert maximum(len(x))(x) == (max(x),)


@settings(max_examples=100, deadline=None)
@given(numbers)
def test_the_small_networks(x: Fraction) -> None:
    assert absolute()([x]) == (abs(x),)
    assert clip("-1/2", 3)([x]) == (min(max(x, Fraction(-1, 2)), Fraction(3)),)
    assert hat()([x]) == (max(Fraction(0), min(2 * x, 2 - 2 * x)),)
    assert hat(-1, "1/3", 2, height="-5/2")([x]) == (
        Fraction(-5, 2) * max(Fraction(0), min((x + 1) / (Fraction(1, 3) + 1), (2 - x) / (2 - Fraction(1, 3)))),
    )
    assert identity_network(1)([x]) == (x,)


@pytest.mark.parametrize("m", range(7))
def test_the_sawtooth_and_the_square(m: int) -> None:
    assert sawtooth(m).widths == (1, *[3] * m, 1)
    for i in range(2**m + 1):
        x = Fraction(i, 2**m)
        assert sawtooth(m)([x]) == ((i % 2,) if m else (x,))
        assert square(m)([x]) == (x * x,)
        if i < 2**m:
            middle = x + Fraction(1, 2 ** (m + 1))
            assert square(m)([middle])[0] - middle**2 == Fraction(1, 4 ** (m + 1))


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: compose(), "nothing to compose"),
        (lambda: compose(hat(), maximum(2), hat()), "network 2 of the composition has 2 inputs, .* has 1 outputs"),
        (lambda: stack(), "no networks to combine"),
        (lambda: stack(hat(), maximum(2)), "networks of 1 and of 2 inputs cannot share"),
        (lambda: add(identity_network(2), maximum(2)), "a network with 1 outputs and one with 2 have no sum"),
        (lambda: weighted_sum([1], [hat(), hat()]), "1 coefficients for 2 networks"),
        (lambda: pad(square(3), 2), "with 3 hidden layers cannot be padded to 2"),
        (lambda: pad(square(3), 5, box=[(0, 1), (0, 1)]), "the box has 2 sides, but the network has 1 input"),
        (lambda: enclose(hat(), [(1, 0)]), "side 1 of the box is empty: 1 > 0"),
        (lambda: enclose(hat(), [3]), "side 1 of the box is not a pair"),
        (lambda: enclose(hat(), 3), "a box is a list"),
        (lambda: maximum(0), "the number of arguments must be an integer >= 1, not 0"),
        (lambda: sawtooth(-1), "must be an integer >= 0, not -1"),
        (lambda: square(Fraction(1, 2)), "must be an integer >= 0"),
        (lambda: square(True), "must be an integer >= 0, not True"),
        (lambda: hat(1, 0, 2), "a hat needs left < peak < right"),
        (lambda: clip(1, 0), "clipping needs low <= high"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(make: Callable[[], Any], sentence: str) -> None:
    with pytest.raises(NetworkError, match=sentence) as refused:
        make()
    assert "\n" not in str(refused.value)


def test_an_affine_map_needs_no_bias() -> None:
    assert affine([[1, 2], [3, 4]])([1, 1]) == (3, 7)
