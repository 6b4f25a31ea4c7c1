r"""Points and their exact decision."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.theory.authoring import stated
from verify.engines.falsify.points import Decider, Point
from verify.kernel import check

F = Fraction
TABLES = """
@arbitrary
def f(n: nat) -> real: ...
@arbitrary
def p(n: nat, m: nat) -> prop: ...
@arbitrary
def g(n: nat) -> vec: ...
"""


def test_a_point_is_written_as_the_kernel_reads_it() -> None:
    decider = Decider(
        stated("n: nat, x: real, u: vec", "f(n) > x or p(n, 0) or sq(g(n)) > dot(u, u)", "x == -1/3", before=TABLES)
    )
    tables = {
        "f": ({(F(2),): F(-1, 2), (F(0),): F(7)}, F(-1)),
        "p": ({(F(2), F(1)): True}, False),
        "g": ({(F(1),): (F(1), F(2))}, (F(0), F(0))),
    }
    point = Point({"n": F(2), "x": F(-1, 3), "u": (F(0), F(3, 2))}, tables)
    assert point.json() == {
        "variables": {"n": "2", "x": "-1/3", "u": ["0", "3/2"]},
        "parameters": {
            "f": {"values": [[["0"], "7"], [["2"], "-1/2"]], "default": "-1"},
            "p": {"values": [[["2", "1"], True]], "default": False},
            "g": {"values": [[["1"], ["1", "2"]]], "default": ["0", "0"]},
        },
    }
    assert decider(point) == (True, False)
    check(decider.certificate("counterexample", point))
    check(decider.certificate("instance", point))


@pytest.mark.parametrize(
    ("x", "expected"),
    [(F(-1), (False, None)), (F(0), (True, False)), (F(1), (True, True))],
)
def test_a_theorem_is_decided_at_a_point(x: Fraction, expected: tuple[bool, bool | None]) -> None:
    decider, point = Decider(stated("x: real", "x > 0", "x >= 0")), Point({"x": x}, {})
    assert decider(point) == expected
    assert decider.refuted_at(point) == (expected == (True, False))
    assert decider.satisfied_at(point) == expected[0]


@pytest.mark.parametrize("value", [F(-1), F(1, 2)])
def test_a_point_with_a_natural_that_is_none_has_no_value(value: Fraction) -> None:
    decider = Decider(stated("n: nat", "n >= 1"))
    assert decider(Point({"n": value}, {})) is None
    assert not decider.refuted_at(Point({"n": value}, {}))
    assert not decider.satisfied_at(Point({"n": value}, {}))


def test_where_a_function_of_naturals_has_no_value_nothing_is_decided() -> None:
    decider = Decider(stated("n: nat", "f(n - 3) < 5", "n <= 2", before="@arbitrary\ndef f(n: nat) -> real: ...\n"))
    point = Point({"n": F(1)}, {"f": ({}, F(9))})
    assert decider(point) is None
    assert not decider.refuted_at(point)


def test_a_number_that_python_does_not_write_has_no_value() -> None:
    decider = Decider(stated("x: real", "x <= 1"))
    assert not decider.refuted_at(Point({"x": F(10**5000)}, {}))


def test_a_double_must_be_one() -> None:
    decider = Decider(stated("x: real", "x != x", arithmetic="binary64"))
    assert not decider.refuted_at(Point({"x": F(1, 3)}, {}))
    assert decider.refuted_at(Point({"x": F(float(F(1, 3)))}, {}))
    assert not decider.refuted_at(Point({"x": F(2) ** 1024}, {}))


def test_an_overflow_of_doubles_has_no_value() -> None:
    assert Decider(stated("x: real", "x*x >= 0", arithmetic="binary64"))(Point({"x": F(2) ** 1000}, {})) is None


def test_beyond_its_effort_nothing_is_decided() -> None:
    before = "@define\ndef s(n: nat) -> nat:\n    return 0 if n == 0 else s(n - 1) + 1\n"
    decider, point = Decider(stated("n: nat", "s(n) == n + 1", before=before)), Point({"n": F(20)}, {})
    decider.allow(10)
    assert decider.refuted_at(point)
    assert decider.exhausted
    assert decider(point) is None
    decider.allow(10)
    assert decider.refuted_at(point)


def test_recursion_that_is_too_deep_has_no_value() -> None:
    before = "@define\ndef s(n: nat) -> nat:\n    return 0 if n == 0 else s(n - 1) + 1\n"
    decider = Decider(stated("n: nat", "s(n) == n", before=before))
    assert decider(Point({"n": F(10**6)}, {})) is None
    assert decider.operations > 0


def test_a_point_that_takes_too_much_has_no_value_however_much_effort_is_left() -> None:
    before = "@define\ndef e(n: nat, x: real) -> real:\n    return x if n == 0 else e(n - 1, 2*x) + e(n - 1, 2*x + 1)\n"
    decider = Decider(stated("n: nat, x: real", "e(n, x) < x", before=before), largest=500)
    decider.allow(10**9)
    assert decider.refuted_at(Point({"n": F(3), "x": F(1)}, {}))
    assert decider.decided(Point({"n": F(12), "x": F(1)}, {})) is None
    assert 500 < decider.operations < 1000
