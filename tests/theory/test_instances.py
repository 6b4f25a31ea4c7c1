r"""Statements at fixed naturals: the same truth values as the statement itself at those naturals."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest

from tests.theory import shipped
from tests.theory.authoring import author, stated
from verify.kernel import check, digest
from verify.kernel.certificate import read_statement
from verify.kernel.evaluation import Evaluator
from verify.theory.environment import bounded_term
from verify.theory.instances import at, bound_statement


@pytest.mark.parametrize(
    ("text", "naturals", "expected"),
    [
        ("f(k, x) <= k + 1", {"k": 3}, "f(3, x) <= 3 + 1"),
        ("k*(j - k)**2 >= 0", {"k": 2}, "2 * (j - 2) ** 2 >= 0"),
        ("implies(k > j, p(k + j))", {"k": 0, "j": 12}, "implies(0 > 12, p(0 + 12))"),
        ("-k**2 <= x", {"k": 5}, "-5 ** 2 <= x"),
        ("x <= y", {"k": 5}, "x <= y"),
        ("kk + k_1 == k", {"k": 5}, "kk + k_1 == 5"),
    ],
)
def test_a_natural_stands_where_its_variable_stood(text: str, naturals: dict[str, int], expected: str) -> None:
    assert at(text, naturals) == expected


def test_a_fixed_statement_has_the_truth_values_of_the_statement() -> None:
    before = "@define\ndef f(k: nat, x: real) -> real:\n    return x if k == 0 else x*f(k - 1, x - k) + 1\n"
    text = "f(k, x) <= f(j, x) or -k**2 + (x - k)*j >= -k"
    statement = stated("k: nat, j: nat, x: real", text, before=before)
    theory, fact, _, _ = read_statement(statement)
    for k, j, x in itertools.product(range(4), range(3), (Fraction(-1), Fraction(1, 3), Fraction(2))):
        evaluator = Evaluator(theory, "exact", {})
        whole = evaluator.holds(fact.conclusion, {"k": Fraction(k), "j": Fraction(j), "x": x})
        assert evaluator.holds(at(fact.conclusion, {"k": k, "j": j}), {"x": x}) == whole


def test_a_bound_is_a_statement_about_the_instance_only() -> None:
    module = author(
        "@lemma()\ndef b(m: nat, j: nat, x: real) -> real:\n    assume(0 <= x <= m, j <= m)\n    return m*x - j\n"
    )
    whole = bounded_term(module.b)
    found = bound_statement(whole, {"m": 3, "j": 1}, "8")
    assert found["theorem"] == {
        "name": "b_m_3_j_1",
        "variables": [["x", "real"]],
        "hypotheses": ["0 <= x", "x <= 3", "1 <= 3"],
        "conclusion": "3 * x - 1 <= 8",
    }
    assert {key: value for key, value in found.items() if key != "theorem"} == {
        key: value for key, value in whole.items() if key != "theorem"
    }
    check({
        "format": "deepclaims certificate 1", "kind": "instance", "statement": found,
        "witness": {"variables": {"x": "3"}, "parameters": {}},
    })  # fmt: skip


def test_different_bounds_are_different_statements() -> None:
    whole = shipped.statements()["triangle_relaxation"]
    values = ["1/4", "1/8", "0", "-1/4"]
    digests = {digest(bound_statement(whole, {"m": m}, value)) for m in range(4) for value in values}
    assert len(digests) == 16


def test_a_negative_bound_and_a_sum_are_bracketed_as_they_are_meant() -> None:
    module = author("@lemma()\ndef b(x: real, y: real) -> real:\n    return x - (y - 1)\n")
    found = bound_statement(bounded_term(module.b), {}, "-7/2")
    theory, fact, _, _ = read_statement(found)
    for x, y in itertools.product(range(-4, 5), repeat=2):
        holds = Evaluator(theory, "exact", {}).holds(fact.conclusion, {"x": Fraction(x), "y": Fraction(y)})
        assert holds == (x - (y - 1) <= Fraction(-7, 2))
