r"""Error bounds of batched arithmetic hold, at every size of numbers; what is too close to call is called neither."""

from __future__ import annotations

import itertools
import math
import operator
import random
from fractions import Fraction
from typing import Any

import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.theory.authoring import author
from tests.theory.test_reading import terms
from verify.engines.batched import Approximate, TorchAlgebra, Tri, tables
from verify.kernel.evaluation import Evaluator
from verify.theory.environment import Collector
from verify.theory.interpret import Interpreter

ALGEBRA = TorchAlgebra()
doubles = st.floats(allow_nan=False, allow_infinity=False)
SIZES = [1.0, 1e-8, 1e8, 1e150, 1e-150, 1e300, 1e-300, 5e-324]


def within(found: Approximate, exact: Fraction) -> bool:
    """Whether the exact value lies within the error bound; a bound that is NaN or infinite says nothing."""
    value, error = float(found.value), float(found.error)
    if not (math.isfinite(value) and math.isfinite(error)):
        return True
    return error >= 0 and abs(Fraction(value) - exact) <= Fraction(error)


@settings(max_examples=400, derandomize=True, deadline=None)
@given(doubles, doubles, st.sampled_from(["add", "multiply"]))
@example(5e-324, 0.5, "multiply")
@example(1e-200, 1e-200, "multiply")
@example(1e308, 1e308, "add")
@example(1.7976931348623157e308, 1.0000000000000002, "multiply")
@example(1e292, 1e-292, "multiply")
@example(0.1, -0.1, "add")
@example(2.0**53, 1.0, "add")
def test_the_error_of_one_operation_on_doubles_is_within_its_bound(a: float, b: float, operation: str) -> None:
    exactly = {"add": operator.add, "multiply": operator.mul}[operation](Fraction(a), Fraction(b))
    assert within(getattr(ALGEBRA, operation)(ALGEBRA.exact(a), ALGEBRA.exact(b)), exactly)


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.fractions(), st.sampled_from(SIZES[:5]))
def test_the_error_of_a_rational_constant_is_within_its_bound(value: Fraction, size: float) -> None:
    exactly = value * Fraction(size)
    assert within(ALGEBRA.number(exactly), exactly)


@pytest.mark.parametrize("size", SIZES)
def test_the_errors_of_many_operations_are_within_their_bound(size: float) -> None:
    """Random walks through additions, multiplications and choices, each with its exact value beside it."""
    source = random.Random(str(size))
    for _ in range(60):
        pool: list[tuple[Approximate, Fraction]] = []
        for _ in range(4):
            exactly = Fraction(source.uniform(-1, 1) * size)
            pool.append((ALGEBRA.exact(float(exactly)), exactly))
            rational = Fraction(source.randrange(-99, 99), source.randrange(1, 99))
            pool.append((ALGEBRA.number(rational), rational))
        for _ in range(12):
            (a, x), (b, y) = source.sample(pool, 2)
            kind = source.randrange(3)
            if kind == 0:
                pool.append((ALGEBRA.add(a, b), x + y))
            elif kind == 1:
                pool.append((ALGEBRA.multiply(a, b), x * y))
            else:
                chosen = ALGEBRA.choose(ALGEBRA.compare(">=", a, b), a, ALGEBRA.multiply(b, b))
                pool.append((chosen, x if x >= y else y * y))
            assert within(*pool[-1])


BETWEEN = {
    "far below": Fraction(1, 10**400),
    "far below 0": Fraction(-1, 10**400),
    "beside 1": 1 + Fraction(1, 10**400),
    "subnormal": Fraction(1, 3) * Fraction(1, 2**1060),
    "beyond": Fraction(10**400),
    "beyond 0": -Fraction(10**400),
}


@pytest.mark.parametrize("name", BETWEEN)
def test_a_constant_between_doubles_is_never_taken_for_a_double(name: str) -> None:
    found = ALGEBRA.number(BETWEEN[name])
    assert float(found.error) > 0
    assert within(found, BETWEEN[name])


def test_nothing_is_certain_of_a_constant_beyond_the_doubles() -> None:
    for value, other in itertools.product((Fraction(10**400), -Fraction(10**400)), (0.0, 1.0, 1.7e308, -1.7e308)):
        beyond = ALGEBRA.number(value)
        for moved in (beyond, ALGEBRA.add(beyond, beyond), ALGEBRA.multiply(beyond, ALGEBRA.number(Fraction(2)))):
            for relation in RELATIONS:
                found = ALGEBRA.compare(relation, moved, ALGEBRA.exact(other))
                assert not bool(found.yes | found.no)


def test_nothing_times_anything_is_exactly_nothing() -> None:
    for value in (Fraction(10**400), Fraction(1, 3), Fraction(1, 10**400)):
        found = ALGEBRA.multiply(ALGEBRA.exact(0.0), ALGEBRA.number(value))
        assert float(found.value) == 0
        assert not float(found.error) > 0


def test_a_comparison_with_a_tiny_constant_is_not_certain_where_it_is_false() -> None:
    assert not bool(ALGEBRA.compare(">=", ALGEBRA.exact(0.0), ALGEBRA.number(Fraction(1, 10**400))).yes)


def test_an_error_that_underflows_in_a_product_is_not_lost() -> None:
    a = Approximate(ALGEBRA.tensor(2.0**-300), ALGEBRA.tensor(2.0**-1000))
    assert float(ALGEBRA.multiply(a, ALGEBRA.exact(2.0**-300)).error) > 0


RELATIONS: dict[str, Any] = {
    ">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt, "==": operator.eq,
}  # fmt: skip
close = st.tuples(st.integers(-4, 4), st.integers(1, 7)).map(lambda p: Fraction(*p))


@settings(max_examples=400, derandomize=True, deadline=None)
@given(close, close, st.sampled_from(list(RELATIONS)))
def test_what_is_certain_is_true(a: Fraction, b: Fraction, relation: str) -> None:
    """(a + b - b) is compared with a, and with b: equal numbers that rounding separates."""
    moved = ALGEBRA.add(ALGEBRA.add(ALGEBRA.number(a), ALGEBRA.number(b)), ALGEBRA.number(-b))
    for other in (a, b):
        found = ALGEBRA.compare(relation, moved, ALGEBRA.number(other))
        assert not bool(found.no if RELATIONS[relation](a, other) else found.yes)
        assert not bool(found.yes & found.no)


@pytest.mark.parametrize("relation", RELATIONS)
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_nothing_is_certain_of_a_number_that_is_none(value: float, relation: str) -> None:
    odd = Approximate(ALGEBRA.tensor(value), ALGEBRA.tensor(math.nan))
    for a, b in ((odd, ALGEBRA.exact(1.0)), (ALGEBRA.exact(1.0), odd), (odd, odd)):
        found = ALGEBRA.compare(relation, a, b)
        assert not bool(found.yes | found.no)


def test_an_overflow_is_certain_of_nothing() -> None:
    large = ALGEBRA.exact(1e200)
    for found in (ALGEBRA.multiply(large, large), ALGEBRA.add(ALGEBRA.exact(1.7e308), ALGEBRA.exact(1.7e308))):
        for relation in RELATIONS:
            assert not bool(ALGEBRA.compare(relation, found, ALGEBRA.exact(0.0)).yes)


TRUTHS = {"true": (True, False), "false": (False, True), "open": (False, False)}


@pytest.mark.parametrize("first", TRUTHS)
@pytest.mark.parametrize("second", TRUTHS)
def test_connectives_are_those_of_three_values(first: str, second: str) -> None:
    a, b = (
        Tri(*(torch.tensor(value) for value in TRUTHS[name]), torch.tensor(0.0, dtype=torch.float64))
        for name in (first, second)
    )
    possible = {"true": {True}, "false": {False}, "open": {True, False}}
    for found, function in ((ALGEBRA.both(a, b), operator.and_), (ALGEBRA.either(a, b), operator.or_)):
        values = {function(x, y) for x in possible[first] for y in possible[second]}
        assert (bool(found.yes), bool(found.no)) == (values == {True}, values == {False})
    assert (bool(ALGEBRA.negate(a).yes), bool(ALGEBRA.negate(a).no)) == (first == "false", first == "true")


def test_an_open_condition_may_take_either_branch() -> None:
    open_condition = Tri(torch.tensor(False), torch.tensor(False), torch.tensor(0.0))
    for then, otherwise in ((1.0, 5.0), (5.0, 1.0), (2.0, 2.0)):
        found = ALGEBRA.choose(open_condition, ALGEBRA.exact(then), ALGEBRA.exact(otherwise))
        assert within(found, Fraction(then))
        assert within(found, Fraction(otherwise))


@settings(max_examples=60, derandomize=True, deadline=None)
@given(terms(3))
def test_a_random_term_is_within_its_bound_on_a_whole_batch(text: str) -> None:
    collector = Collector()
    collector.function(author(f"@define\ndef f(k: nat, x: real, y: real) -> real:\n    return {text}\n").f)
    x, y = ALGEBRA.tensor([0.1, -3e5, 1e-9, 0.0, 1.5, 7e30]), ALGEBRA.tensor([1 / 3, 2.0**-40, -0.0, 1e9, -2.5, 1e-30])
    interpreter = Interpreter.of({"definitions": list(collector.definitions.values())}, ALGEBRA, {}, 10_000)
    found = interpreter.call("f", [2, ALGEBRA.exact(x), ALGEBRA.exact(y)])
    for i in range(len(x)):
        exactly = Evaluator(collector.theory, "exact", {}).call(
            "f", (Fraction(2), Fraction(float(x[i])), Fraction(float(y[i])))
        )
        if isinstance(found, Approximate):
            assert within(Approximate(found.value.expand(6)[i], found.error.expand(6)[i]), exactly)
        else:
            assert found == exactly


def test_a_truth_value_is_spread_over_the_batch() -> None:
    for truth in (True, False):
        found = ALGEBRA.spread(truth, 3)
        assert found.yes.tolist() == [truth] * 3
        assert found.no.tolist() == [not truth] * 3
    one = ALGEBRA.compare(">", ALGEBRA.exact(1.0), ALGEBRA.exact(0.0))
    assert ALGEBRA.spread(one, 4).yes.tolist() == [True] * 4


def test_a_table_is_zero_where_it_says_nothing() -> None:
    column = ALGEBRA.exact([1.0, 2.0])
    function = tables(ALGEBRA, {"f": {(3,): column}})["f"]
    assert function(3) is column
    assert function(Fraction(3)) is column
    assert function(4) == 0
