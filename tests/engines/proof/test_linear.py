r"""The parts of arithmetic: elimination, multipliers and squares, each judged by the identity it promises."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engines.proof.arithmetic import Row, is_satisfiable
from verify.engines.proof import linear
from verify.engines.proof.elimination import Elimination
from verify.engines.proof.linear import Column, complete_squares, farkas
from verify.kernel.formulas import Scope, Sign
from verify.kernel.logic import Prover, Sequent
from verify.kernel.terms import Polynomial, as_scalar, atomic, constant
from verify.kernel.theory import Theory

F = Fraction
SCOPE = Scope({}).bind("x", "real").bind("y", "real").bind("z", "real").bind("n", "nat")


def term(text: str) -> Polynomial:
    return as_scalar(SCOPE.term(text))


def value(polynomial: Polynomial, point: Mapping[str, Fraction]) -> Fraction:
    """The value of a normal form, monomial by monomial."""
    total = F(0)
    for monomial, coefficient in polynomial.terms.items():
        for atom, exponent in monomial:
            coefficient *= point[atom] ** exponent
        total += coefficient
    return total


coefficients = st.integers(-3, 3)
polynomials = st.lists(
    st.tuples(coefficients, st.sampled_from(["1", "x", "y", "z", "x*y", "x**2", "y*z", "x*y*z", "z**2", "n", "n*x"])),
    max_size=4,
).map(lambda parts: term(" + ".join(["0", *(f"({c})*{m}" for c, m in parts)])))
POINTS = [
    {"x": F(a), "y": F(b), "z": F(c), "n": F(d)}
    for a, b, c, d in [(0, 0, 0, 0), (1, 2, 3, 4), (-1, 5, 7, 2), (3, -2, 11, 1), (F(1, 2), F(-2, 3), 5, 3)]
]


@settings(max_examples=150, derandomize=True, deadline=None)
@given(st.lists(polynomials, max_size=4), polynomials, st.booleans())
def test_a_reduced_term_differs_by_the_multiples_of_equations_that_are_named(
    equations: list[Polynomial], polynomial: Polynomial, complete: bool
) -> None:
    elimination = Elimination()
    for number, equation in enumerate(equations):
        elimination.add(f"e{number}", equation)
    if complete:
        elimination.complete()
    reduced, multipliers = elimination.reduce(polynomial)
    for point in POINTS:
        total = value(reduced, point)
        for label, multiplier in multipliers.items():
            total += value(multiplier, point) * value(equations[int(label[1:])], point)
        assert total == value(polynomial, point)


@settings(max_examples=100, derandomize=True, deadline=None)
@given(st.lists(polynomials, max_size=4), polynomials)
def test_without_the_multipliers_the_reduced_term_is_the_same(
    equations: list[Polynomial], polynomial: Polynomial
) -> None:
    tracking, quick = Elimination(), Elimination(tracking=False)
    for number, equation in enumerate(equations):
        tracking.add(f"e{number}", equation)
        quick.add(f"e{number}", equation)
    assert tracking.reduce(polynomial)[0] == quick.reduce(polynomial)[0]


@pytest.mark.parametrize(
    ("equations", "polynomial", "expected"),
    [
        (["x - 2*y - 1"], "x**2", "4*y**2 + 4*y + 1"),
        (["x - y", "y - z"], "x - z", "0"),
        (["x + y", "x - y"], "x*y*z + z", "z"),
        (["2*x - 3"], "x", "3/2"),
        (["x**2 - 2"], "x**4", "4"),
        (["x*y - 1"], "x*x*y*y*z", "z"),
    ],
)
def test_what_follows_from_equations_is_reduced(equations: list[str], polynomial: str, expected: str) -> None:
    elimination = Elimination()
    for number, equation in enumerate(equations):
        elimination.add(f"e{number}", term(equation))
    assert elimination.reduce(term(polynomial))[0] == term(expected)


numbers = st.integers(-3, 3).map(Fraction)
rows = st.tuples(st.tuples(*[numbers] * 3), st.booleans())


@settings(max_examples=150, derandomize=True, deadline=None)
@given(st.lists(rows, min_size=1, max_size=5))
def test_multipliers_are_found_exactly_where_there_is_a_contradiction_with_the_goal(system: list[Row]) -> None:
    names = [atomic("x"), atomic("y"), constant(1)]
    columns = []
    for number, (row, strict) in enumerate(system):
        polynomial = Polynomial()
        for c, atom in zip(row, names, strict=True):
            polynomial = polynomial + atom.scaled(c)
        columns.append(Column((f"h{number}",), polynomial, strict))
    found = farkas(columns, len(columns) - 1)
    if found is not None:
        total = Polynomial()
        for number, column in zip(found, columns, strict=True):
            assert number >= 0
            total = total + column.polynomial.scaled(number)
        rest = total.number()
        strictly = any(n > 0 and c.strict for n, c in zip(found, columns, strict=True))
        assert rest is not None
        assert rest < 0 or (rest == 0 and strictly)
        assert not is_satisfiable(system)
    elif is_satisfiable(system[:-1]):  # without the goal there is no contradiction to be found
        assert is_satisfiable(system)


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.lists(st.tuples(numbers, numbers, numbers, numbers), min_size=1, max_size=3), st.integers(0, 3))
def test_a_sum_of_squares_is_found_again(roots: list[tuple[Fraction, ...]], rest: int) -> None:
    polynomial = constant(rest)
    for a, b, c, d in roots:
        root = atomic("x").scaled(a) + atomic("y").scaled(b) + atomic("z").scaled(c) + constant(d)
        polynomial = polynomial + root * root
    squares = complete_squares(polynomial)
    assert squares is not None
    for weight, text in squares:
        assert F(weight) >= 0
        polynomial = polynomial - (term(text) * term(text)).scaled(F(weight))
    remainder = polynomial.number()
    assert remainder is not None
    assert remainder >= 0


@settings(max_examples=200, derandomize=True, deadline=None)
@given(polynomials)
def test_a_polynomial_with_squares_is_nowhere_negative(polynomial: Polynomial) -> None:
    if complete_squares(polynomial) is not None:
        assert all(value(polynomial, point) >= 0 for point in POINTS)


@pytest.mark.parametrize("text", ["x", "-x**2", "x**2 - y**2", "x*y", "x**2 + 2*x", "x**3 + x**2", "x**4 - x**2", "-1"])
def test_what_is_no_sum_of_squares_has_none(text: str) -> None:
    assert complete_squares(term(text)) is None


@pytest.mark.parametrize(
    ("entries", "useful"),
    [
        ({"x": [(0, 1), (1, -1)], "y": [(2, 1)]}, [True, True, False]),
        ({"x": [(0, 1), (1, 1)]}, [False, False, True]),
        ({"x": [(0, 1), (1, -1)], "y": [(1, 1), (2, -1)], "z": [(2, 1)]}, [False, False, False]),
        ({}, [True, True, True]),
    ],
)
def test_columns_that_cannot_be_balanced_are_left_out(
    entries: dict[str, list[tuple[int, int]]], useful: list[bool]
) -> None:
    table = {((name, 1),): [(i, F(c)) for i, c in row] for name, row in entries.items()}
    assert linear.propagate(3, table) == useful


@pytest.mark.parametrize("goal", ["x > 0", "x >= 5", "y == 3"])
def test_equations_that_contradict_each_other_prove_anything(goal: str) -> None:
    """x == 0 turns x*y == 1 into a false equation between numbers, which must not be used to rewrite numbers."""
    known = {f"h{i}": SCOPE.formula(text) for i, text in enumerate(["x*y == 1", "x == 0"], 1)}
    wanted = SCOPE.formula(goal)
    assert isinstance(wanted, Sign)
    steps = linear.arithmetic(linear.Ingredients(SCOPE).extended(known), wanted)
    assert steps is not None
    Prover(Theory(), {}).check(Sequent(SCOPE, known, wanted), steps)


def test_a_false_equation_does_not_rewrite_numbers() -> None:
    elimination = Elimination()
    for number, equation in enumerate(["x*y - 1", "x"]):
        elimination.add(f"e{number}", term(equation))
    assert elimination.reduce(term("y + 2"))[0] == term("y + 2")
    assert elimination.absurd is not None and elimination.absurd[0] != 0
