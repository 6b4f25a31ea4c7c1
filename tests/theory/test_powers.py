r"""Powers of numbers: names that lead back to their base, and bounds that are true."""

from __future__ import annotations

import ast
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.theory.authoring import author, read, theorem
from verify.kernel import check
from verify.engines.proof import find_proof
from verify.kernel.evaluation import Evaluator
from verify.kernel.theory import Theory
from verify.theory.powers import base_of, constant_value, power_bound, power_definition, power_name

BASES = [Fraction(n, d) for d in (1, 2, 3, 10) for n in range(-12, 13) if Fraction(n, d).denominator == d]


@pytest.mark.parametrize("base", BASES, ids=str)
def test_the_definition_is_the_power_and_the_bound_is_true(base: Fraction) -> None:
    name, theory = power_name(base), Theory()
    theory.define(power_definition(name, base))
    evaluator = Evaluator(theory, "exact", {})
    bound = power_bound(name, base)
    for k in range(40):
        assert evaluator.call(name, (Fraction(k),)) == base**k
        if bound is not None:
            assert evaluator.holds(bound["conclusion"], {"k": Fraction(k)})
    sort = theory.signature[name].sort
    assert sort == ("nat" if base >= 0 and base.denominator == 1 else "real")


@pytest.mark.parametrize("base", [b for b in BASES if b > 0 or b == -1], ids=str)
def test_the_bound_is_offered_to_every_proof_and_proved_there(base: Fraction) -> None:
    conclusion = f"({base})**k > 0" if base > 0 else f"(({base})**k)**2 == 1"
    found = find_proof(read(theorem("k: nat", conclusion)))
    assert isinstance(found, dict)
    check(found)
    assert f"{power_name(base)}_bound" in {lemma["name"] for lemma in found["witness"]["lemmas"]}


@given(st.fractions())
def test_the_name_of_a_power_function_leads_back_to_its_base(base: Fraction) -> None:
    assert base_of(power_name(base)) == base
    assert power_name(base).isidentifier()


@pytest.mark.parametrize(
    "name", ["power", "power_", "power_x", "power_2_1", "power_2_0", "power_2x", "xpower_2", "power_-2"]
)
def test_other_names_are_no_power_functions(name: str) -> None:
    assert base_of(name) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [("3", 3), ("-3", -3), ("1/4", Fraction(1, 4)), ("-1/4", Fraction(-1, 4)), ("-(-2)/3", Fraction(2, 3)), ("0", 0)],
)
def test_the_base_may_be_written_as_a_fraction(text: str, value: Fraction) -> None:
    assert constant_value(ast.parse(text, mode="eval").body) == value


@pytest.mark.parametrize("text", ["x", "2 + 2", "2 * 3", "1/0", "x/2", "f(2)", "0.5", "'a'"])
def test_what_is_not_written_as_a_number_is_no_base(text: str) -> None:
    assert constant_value(ast.parse(text, mode="eval").body) is None


def test_powers_of_one_number_written_in_two_ways_are_one_function() -> None:
    module = author("@define\ndef f(k: nat) -> real:\n    return (2/4)**k - (1/2)**k + (-(-1)/2)**k\n")
    assert module.f(3) == Fraction(1, 8)
