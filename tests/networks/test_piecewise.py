r"""Piecewise affine functions of one variable, against lists of pieces, plain evaluation and closed forms."""

from __future__ import annotations

import time
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.networks import piece_lists
from tests.networks.test_network import networks, numbers
from verify.errors import NetworkError
from verify.kernel import FORMAT, Rejected, check
from verify.networks import (
    Infimum,
    Network,
    PieceCount,
    PiecewiseAffine,
    SupDistance,
    Supremum,
    affine,
    compose,
    hat,
    integral,
    largest_error,
    maximum,
    sawtooth,
    square,
    squared_distance,
    sup_distance,
)

FOURFOLD = Network.of([([[1], [1], [-1]], [0, -1, 5]), ([[-2, "3/2", -1]], [0])])
RESCALED = affine(
    [[1000]], [5500]
)  # [-6, -5], common to the images of all pieces, onto an interval around the breakpoints

ends = st.none() | numbers
intervals = st.tuples(ends, ends).filter(lambda pair: None in pair or pair[0] < pair[1])
lines = st.builds(
    lambda xs, ys, left, right: PiecewiseAffine.through(
        list(zip(sorted(xs), ys, strict=False)), left=left, right=right
    ),
    st.sets(numbers, min_size=1, max_size=6),
    st.lists(numbers, min_size=6, max_size=6),
    numbers,
    numbers,
)
networks_on_a_line = st.lists(st.integers(1, 3), max_size=3).flatmap(lambda hidden: networks([1, *hidden, 1]))


@settings(max_examples=150, deadline=None)
@given(networks_on_a_line, intervals)
def test_the_pieces_of_a_network(network: Network, interval: Any) -> None:
    f, found = PiecewiseAffine.of(network, interval), piece_lists.pieces(network.json(), *interval)
    assert f.pieces == len(found) and f.interval == interval
    assert f.slopes == tuple(piece[2] for piece in found)
    assert f.breakpoints == tuple(piece[0] for piece in found[1:])
    for low, high, slope, offset in found:
        for x in piece_lists.inside(low, high):
            assert f(x) == slope * x + offset == network([x])[0]


@settings(max_examples=150, deadline=None)
@given(lines, lines, numbers, st.lists(numbers, min_size=5, max_size=5))
def test_sums_maxima_and_compositions(
    f: PiecewiseAffine, g: PiecewiseAffine, c: Fraction, places: list[Fraction]
) -> None:
    total, larger, after = f + g.scaled(c), f.max(g), f.after(g)
    for x in [*places, *f.places, *g.places, Fraction(10**6), Fraction(-(10**6))]:
        assert total(x) == f(x) + c * g(x)
        assert larger(x) == max(f(x), g(x))
        assert after(x) == f(g(x))
        assert f.absolute()(x) == abs(f(x))
    assert (f - f) == PiecewiseAffine.through([(5, 0)], left=0, right=0)
    assert f + g == g + f and f.max(g) == g.max(f)


@settings(max_examples=100, deadline=None)
@given(networks_on_a_line, networks_on_a_line)
def test_networks_and_functions_compose_alike(f: Network, g: Network) -> None:
    assert PiecewiseAffine.of(compose(f, g)) == PiecewiseAffine.of(f).after(PiecewiseAffine.of(g))


@settings(max_examples=100, deadline=None)
@given(lines, numbers, numbers)
def test_a_function_becomes_a_network_with_a_unit_for_each_piece(f: PiecewiseAffine, a: Fraction, b: Fraction) -> None:
    assert PiecewiseAffine.of(f.network()) == f
    assert f.network().hidden_layers <= 1 and f.network().units <= f.pieces
    if a < b:
        part = f.on((a, b))
        assert part.interval == (a, b) and part == PiecewiseAffine.of(f.network(), (a, b))


@pytest.mark.parametrize("layers", range(1, 7))
def test_four_to_the_layers_pieces(layers: int) -> None:
    """The bound (w + 1)^L is attained."""
    network, function = FOURFOLD, PiecewiseAffine.of(FOURFOLD)
    for _ in range(layers - 1):
        network = compose(FOURFOLD, RESCALED, network)
        function = PiecewiseAffine.of(compose(FOURFOLD, RESCALED)).after(function)
    assert function.pieces == 4**layers
    assert PiecewiseAffine.of(network) == function


@pytest.mark.parametrize("m", range(1, 11))
def test_the_sawtooth_and_the_square(m: int) -> None:
    teeth = PiecewiseAffine.of(sawtooth(m), (0, 1))
    assert teeth.pieces == 2**m and set(teeth.slopes) == {2**m, -(2**m)}
    assert PiecewiseAffine.of(sawtooth(m)).pieces == 2**m + 2
    f = PiecewiseAffine.of(square(m), (0, 1))
    error = sup_distance(f, [0, 0, 1])
    assert error.is_exact and error.value == Fraction(1, 4 ** (m + 1))
    assert f(error.at) - error.at**2 == error.value
    assert largest_error(f, [0, 0, 1], -1).value == 0
    assert integral(f) == Fraction(1, 3) + Fraction(1, 6 * 4**m)  # the trapezoidal rule for x^2
    assert squared_distance(f, [0, 0, 1]) == Fraction(1, 30 * 16**m)  # 2^m copies of d^2 (h - d)^2, h = 2^-m


def test_sixteen_thousand_pieces_take_seconds() -> None:
    started = time.process_time()
    error = sup_distance(PiecewiseAffine.of(square(14), (0, 1)), [0, 0, 1])
    assert error.value == error.upper == Fraction(1, 4**15)
    assert time.process_time() - started < 10


@settings(max_examples=100, deadline=None)
@given(networks_on_a_line, intervals, st.lists(numbers, max_size=3))
def test_extreme_errors_up_to_degree_two(network: Network, interval: Any, polynomial: list[Fraction]) -> None:
    f, found = PiecewiseAffine.of(network, interval), piece_lists.pieces(network.json(), *interval)
    for sign in (1, -1):
        expected = piece_lists.supremum(found, polynomial, sign)
        if any(polynomial[2:]) and None in interval:
            with pytest.raises(NetworkError, match="unbounded"):
                largest_error(f, polynomial, sign)
        elif expected is None:
            with pytest.raises(NetworkError, match="the function is unbounded towards"):
                largest_error(f, polynomial, sign)
        else:
            error = largest_error(f, polynomial, sign)
            assert error.value == error.upper == expected
            assert sign * (f(error.at) - sum(c * error.at**k for k, c in enumerate(polynomial))) == expected


@pytest.mark.parametrize("coefficients", [[0, 0, 0, 1], [1, -2, 3, "1/7", -1], [0, 0, 0, 0, 0, "1/3", 2]])
def test_errors_of_higher_degree_are_enclosed(coefficients: list[Any]) -> None:
    """The true supremum comes from sympy: ends and real critical points of every piece."""
    f, x = PiecewiseAffine.of(square(3), (0, 1)), sympy.Symbol("x")
    polynomial = sum(sympy.Rational(str(c)) * x**k for k, c in enumerate(coefficients))
    largest = []
    for (a, y), (b, z) in zip(f.knots, f.knots[1:], strict=False):
        slope = (z - y) / (b - a)
        error = sympy.Rational(str(y)) + sympy.Rational(str(slope)) * (x - sympy.Rational(str(a))) - polynomial
        critical = [root for root in sympy.Poly(sympy.diff(error, x), x).nroots(n=40) if root.is_real]
        inside = [root for root in critical if float(a) < root < float(b)]
        largest += [
            abs(error.subs(x, place).evalf(40)) for place in (*inside, sympy.Rational(str(a)), sympy.Rational(str(b)))
        ]
    error = sup_distance(f, coefficients)
    assert float(error.value) <= float(max(largest)) * (1 + 1e-15) and float(max(largest)) <= float(error.upper) * (
        1 + 1e-15
    )
    assert error.upper - error.value <= error.value / 2**20
    assert abs(f(error.at) - sum(Fraction(c) * error.at**k for k, c in enumerate(coefficients))) == error.value


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: PiecewiseAffine.of(maximum(2)), "one input and one output is needed, not with 2 and 1"),
        (lambda: PiecewiseAffine.of(hat(), (1, 1)), r"the interval \[1, 1\] has no interior"),
        (lambda: PiecewiseAffine.of(hat(), (2, 1)), r"the interval \[2, 1\] has no interior"),
        (lambda: PiecewiseAffine.of(hat(), (0, float("inf"))), "the high end is inf"),
        (lambda: PiecewiseAffine.of(hat(), 5), "an interval is a pair"),
        (lambda: PiecewiseAffine.through([(0, 1), (0, 2)]), "x of point 2 is not larger"),
        (lambda: PiecewiseAffine.through([]), "a function needs an interval"),
        (lambda: PiecewiseAffine.through([(0, 1)]), "a function needs an interval"),
        (lambda: PiecewiseAffine.through([0]), "point 1 is not a pair"),
        (lambda: PiecewiseAffine.of(hat(), (0, 1))(2), r"2 lies outside \[0, 1\]"),
        (lambda: PiecewiseAffine.of(hat(), (0, 1)).on((0, 2)), r"\[0, 2\] is not part of \[0, 1\]"),
        (lambda: PiecewiseAffine.of(hat(), (0, 1)) + PiecewiseAffine.of(hat()), "restrict"),
        (lambda: PiecewiseAffine.of(hat(), (0, 1)).after(PiecewiseAffine.of(affine([[2]]), (0, 1))), "2 lies outside"),
        (lambda: PiecewiseAffine.of(hat(), (0, 1)).after(PiecewiseAffine.of(affine([[2]]))), "is unbounded"),
        (lambda: PiecewiseAffine.of(affine([[1]])).maximum(), "unbounded towards infinity"),
        (lambda: PiecewiseAffine.of(affine([[1]])).minimum(), "unbounded towards -infinity"),
        (lambda: integral(PiecewiseAffine.of(hat())), "is unbounded"),
        (lambda: PieceCount(hat(), (0, 1)).statement(), "exactly one of"),
        (lambda: PieceCount(hat(), (0, 1), exactly=2, at_most=3).statement(), "exactly one of"),
        (lambda: PieceCount(maximum(2), exactly=2).statement(), "one input and one output"),
        (lambda: SupDistance(hat(), [0] * 40 + [1], (0, 1), at_most=1).statement(), "degree 40"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(make: Callable[[], Any], sentence: str) -> None:
    with pytest.raises(NetworkError, match=sentence) as refused:
        make()
    assert "\n" not in str(refused.value)


# ---------------------------------------------------------------------------------------------------------- questions


def certified(question: Any) -> bool | None:
    kind, witness = question.answer()
    return check({"format": FORMAT, "kind": kind, "statement": question.statement(), "witness": witness}).holds


@pytest.mark.parametrize("m", range(1, 9))
def test_questions_about_the_square_network(m: int) -> None:
    bound = Fraction(1, 4 ** (m + 1))
    assert certified(PieceCount(square(m), (0, 1), exactly=2**m)) is True
    assert certified(SupDistance(square(m), [0, 0, 1], (0, 1), exactly=bound)) is True
    assert certified(SupDistance(square(m), [0, 0, 1], (0, 1), at_most=bound / 2)) is False
    assert certified(Infimum(square(m), (0, 1), minus=[0, 0, 1], exactly=0)) is True
    assert certified(Supremum(square(m), (0, 1), minus=[0, 0, 1], at_least=bound)) is True


@settings(max_examples=60, deadline=None)
@given(numbers, numbers.filter(bool), numbers, numbers)
def test_contacts_with_polynomials_of_degree_four_are_found(
    a: Fraction, b: Fraction, slope: Fraction, top: Fraction
) -> None:
    """f(x) - (f(x) + ((x - a)^2 + b)^2 - top) is at most top - b^2, at a, or top, where (x - a)^2 = -b."""
    quartic = [(a * a + b) ** 2 - top, -4 * a * (a * a + b), 2 * (a * a + b) + 4 * a * a, -4 * a, Fraction(1)]
    quartic[1] += slope
    question = Supremum(affine([[slope]]), minus=quartic, exactly=top - b * b if b > 0 else top)
    root = sympy.sqrt(sympy.Rational(str(-b))) if b < 0 else sympy.Integer(0)
    if root.is_rational:
        assert certified(question) is True
    else:
        with pytest.raises(Rejected, match="must be a cut"):
            certified(question)
