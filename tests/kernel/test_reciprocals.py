r"""Reciprocals in definitions: 1/t where t is not 0, and 0 where it is; nothing else follows from a definition by one."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kernel.documents import (
    Json,
    absurd,
    antisymmetry,
    arithmetic,
    by_condition,
    by_shape,
    counterexample,
    define,
    exact,
    phases,
    satisfied,
    theorem,
    unfold,
)
from tests.kernel.reciprocals import EQUAL, HALF, OVER, reciprocal
from verify.kernel import Rejected, check, statement_text

RATIONALS = st.fractions(-9, 9, max_denominator=9)


@given(RATIONALS)
def test_the_value_is_that_of_python_and_0_at_0(x: Fraction) -> None:
    value = str(1 / x if x else 0)
    point = {"x": str(x), "y": value}
    check(satisfied("true", point, "x: real, y: real", ["over(x) == y"], definitions=[OVER]))
    other = {"x": str(x), "y": str(Fraction(value) + 1)}
    with pytest.raises(Rejected, match="the hypotheses do not hold"):
        check(satisfied("true", other, "x: real, y: real", ["over(x) == y"], definitions=[OVER]))


def test_in_binary64_it_is_rounded() -> None:
    point = {"x": "3", "y": str(Fraction(1 / 3))}
    parts: Json = {"definitions": [OVER], "arithmetic": "binary64"}
    check(satisfied("true", point, "x: real, y: real", ["over(x) == y"], **parts))
    with pytest.raises(Rejected):
        check(satisfied("true", point, "x: real, y: real", ["over(x) == y"], **{**parts, "arithmetic": "exact"}))


FORGED: dict[str, Json] = {
    "the equation where the divisor may be 0": theorem(
        "x * over(x) == 1", [unfold("over(x)", "d"), EQUAL], "x: real", definitions=[OVER]
    ),
    "one way only where there are two": theorem(
        "x * over(x) == 1", [phases("over(x)", "d", [EQUAL])], "x: real", definitions=[OVER]
    ),
    "that the divisor is never 0": theorem(
        "x * over(x) == 1", [phases("over(x)", "d", [absurd("d", "d.1")], [EQUAL])], "x: real", definitions=[OVER]
    ),
    "that 1/0 is 1": counterexample("over(x) == 0", {"x": "0"}, "x: real", definitions=[OVER]),
    "a natural divisor that may be 0": theorem(
        "k * r(k) == 1",
        [unfold("r(k)", "d"), EQUAL],
        "k: nat",
        definitions=[define("r(k: nat) -> real", reciprocal("k"))],
    ),
    "a natural that is no natural here": theorem(
        "(x + 2) * half(x) == 1", [unfold("half(x)", "d"), EQUAL], "x: real", definitions=[HALF]
    ),
    "a predicate": theorem("p()", [exact("h1")], "", ["p()"], definitions=[define("p() -> prop", reciprocal("2"))]),
    "a natural": theorem("n() == n()", EQUAL, definitions=[define("n() -> nat", reciprocal("2"))]),
    "a vector": theorem("v(u) == v(u)", EQUAL, "u: vec", definitions=[define("v(u: vec) -> vec", reciprocal("sq(u)"))]),
    "the reciprocal of a vector": theorem("true", [], definitions=[define("v(u: vec) -> real", reciprocal("u"))]),
    "the reciprocal of a formula": theorem("true", [], definitions=[define("v(x: real) -> real", reciprocal("x > 0"))]),
    "of itself": theorem("true", [], definitions=[define("r(x: real) -> real", reciprocal("r(x) + 1"))]),
    "a recursion that does not go down": theorem(
        "true", [], definitions=[define("r(k: nat) -> real", by_shape("k", "1", reciprocal("r(k + 1)")))]
    ),
    "another field beside it": theorem(
        "true", [], definitions=[define("r(x: real) -> real", {"reciprocal": "x", "if": "x > 0"})]
    ),
    "no text": theorem("true", [], definitions=[define("r(x: real) -> real", {"reciprocal": {"reciprocal": "x"}})]),
}


@pytest.mark.parametrize("sentence", FORGED)
def test_nothing_else_is_accepted(sentence: str) -> None:
    with pytest.raises(Rejected):
        check(FORGED[sentence])


def test_it_may_stand_in_a_recursion_and_below_a_condition() -> None:
    """The convergents 1, 1/2, 2/3, 3/5 of the golden ratio, and 1/x for positive x only."""
    fraction = define("c(k: nat) -> real", by_shape("k", "1", reciprocal("1 + c(k)")))
    check(satisfied("true", {"k": "3", "y": "3/5"}, "k: nat, y: real", ["c(k) == y"], definitions=[fraction]))
    positive = define("p(x: real) -> real", by_condition("x > 0", reciprocal("x"), "-1"))
    proof = [phases("p(x)", "d", [absurd("d.2", "h2")], [EQUAL], [absurd("h1", "d.1")])]
    over: Json = {"over": "x: real", "definitions": [positive]}
    assert check(theorem("x * p(x) == 1", proof, hypotheses=["x > 0", "not (x == 0)"], **over)).holds
    with pytest.raises(Rejected, match="do not contradict"):
        check(theorem("x * p(x) == 1", proof, hypotheses=["x > 0", "x <= 1"], **over))


def test_the_text_says_both_cases() -> None:
    document = theorem(
        "over(x) == over(x)", antisymmetry([arithmetic()], [arithmetic()]), "x: real", definitions=[OVER]
    )
    assert statement_text(document["statement"])[:2] == [
        "define over(x) = 1 / (x)  if not (x == 0)",
        "define over(x) = 0  if x == 0",
    ]
