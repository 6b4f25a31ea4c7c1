r"""Batched search: only an exact replay makes a counterexample."""

from __future__ import annotations

import pytest
import torch

from tests.engines.falsify.examples import FALSE, TRUE
from tests.theory.authoring import stated
from verify.engines.batched import TorchAlgebra
from verify.engines.falsify import batched
from verify.engines.falsify.points import Decider
from verify.kernel import check, digest

FOUND = [
    "strict at the boundary",
    "naturals and reals",
    "two phases of a ReLU",
    "a small hat far away",
    "an arbitrary sequence",
    "the polynomial of Motzkin",
    "between irrational numbers",
    "an iterated map",
]


@pytest.mark.parametrize("name", FOUND)
def test_what_the_search_finds_is_a_counterexample(name: str) -> None:
    decider = Decider(FALSE[name].statement)
    point = batched.run(decider)
    assert point is not None
    check(decider.certificate("counterexample", point), statement_sha256=digest(FALSE[name].statement))


def test_a_small_violation_is_found_by_going_downhill() -> None:
    text = "(x - 31/7)**2 + (y + 22/9)**2 >= 1/10000"
    decider = Decider(stated("x: real, y: real", text))
    point = batched.run(decider)
    assert point is not None
    check(decider.certificate("counterexample", point))


@pytest.mark.parametrize("name", TRUE)
def test_nothing_is_found_against_a_true_statement(name: str) -> None:
    assert batched.run(Decider(TRUE[name].statement), points=128, rounds=3, naturals=3) is None


def test_what_is_false_by_less_than_the_rounding_error_is_replayed_exactly() -> None:
    text = "x/3 + x/3 + x/3 + 1/10**30 <= x"
    decider = Decider(stated("x: real", text))
    assert batched.run(decider) is not None
    assert batched.run(Decider(stated("x: real", text.replace("+ 1", "- 1")))) is None


@pytest.mark.parametrize(
    ("variables", "before"),
    [
        ("u: vec", ""),
        ("x: real", "@arbitrary\ndef f(x: real) -> real: ...\n"),
        ("x: real", "@arbitrary\ndef f(n: nat, m: nat) -> real: ...\n"),
        ("n: nat", ""),
    ],
)
def test_what_has_no_columns_is_left_to_others(variables: str, before: str) -> None:
    calls = {"": "2 > 1", "x: real": "f(0) > 1" if "x: real)" in before else "f(0, 1) > 1"}
    decider = Decider(stated(variables, calls.get(variables if before else "", "2 > 1"), before=before))
    assert batched.run(decider) is None


def test_a_point_is_read_off_its_column_exactly() -> None:
    decider = Decider(FALSE["an arbitrary sequence"].statement)
    batch = batched.Batch(decider, {"n": 2}, TorchAlgebra(), length=3)
    point = batch.point(torch.tensor([0.1, -2.5, 3.0], dtype=torch.float64))
    assert point.variables == {"n": 2}
    values, default = point.parameters["f"]
    assert {key: float(value) for key, value in values.items()} == {(0,): 0.1, (1,): -2.5, (2,): 3.0}
    assert default == 0
    assert values[(0,)] == 3602879701896397 / 2**55 and values[(0,)].denominator == 2**55
