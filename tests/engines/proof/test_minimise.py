r"""Minimising: the same theorem, no step that nobody uses."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engines.proof.test_proof import THEOREMS
from tests.theory.authoring import read, theorem
from verify.engines import proof
from verify.engines.proof import find_proof
from verify.engines.proof.minimise import minimise
from verify.kernel import check

Json = Any


def steps_of(part: Json) -> int:
    if isinstance(part, dict):
        return ("rule" in part) + sum(map(steps_of, part.values()))
    return sum(map(steps_of, part)) if isinstance(part, list) else 0


def smaller(document: Json) -> Json:
    witness = document["witness"]
    return {**document, "witness": {**witness, "proof": minimise(witness["proof"])}}


@pytest.mark.parametrize("name", THEOREMS)
def test_a_proof_as_it_was_found_can_be_minimised(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "minimise", lambda steps: steps)
    whole = find_proof(read(THEOREMS[name][0]))
    assert isinstance(whole, dict)
    less = smaller(whole)
    assert steps_of(less["witness"]) <= steps_of(whole["witness"])
    assert check(less).steps <= check(whole).steps
    assert smaller(less) == less


def with_steps(*steps: Json) -> Json:
    document = find_proof(read(theorem("x: real, y: real", "x + y >= 0", "x >= 0", "y >= 0 and x <= y")))
    assert isinstance(document, dict)
    return {**document, "witness": {**document["witness"], "proof": [*steps, *document["witness"]["proof"]]}}


ARITHMETIC = {"rule": "arithmetic", "products": [], "equations": [], "squares": [["1", "x"]]}
UNUSED = {
    "a fact": [{"rule": "have", "formula": "x*x >= 0", "proof": [ARITHMETIC], "as": "a"}],
    "facts that use each other": [
        {"rule": "have", "formula": "x*x >= 0", "proof": [ARITHMETIC], "as": "a"},
        {"rule": "have", "formula": "x*x >= 0", "proof": [{"rule": "exact", "by": "a"}], "as": "b"},
    ],
    "a definition": [{"rule": "unfold", "term": "relu(x)", "because": [], "as": "a"}][:0],
}


@pytest.mark.parametrize("name", UNUSED)
def test_steps_that_nobody_uses_are_dropped(name: str) -> None:
    padded, plain = with_steps(*UNUSED[name]), with_steps()
    check(padded)
    assert smaller(padded) == smaller(plain)
    check(smaller(padded))


DIVISIONS = {
    "a split": lambda rest: {"rule": "split", "on": "x >= 1", "as": "c", "branches": [rest, rest]},
    "phases": lambda rest: {"rule": "phases", "term": "relu(x)", "because": [], "as": "c", "branches": [rest, rest]},
    "a split in a split": lambda rest: {
        "rule": "split", "on": "x >= 1", "as": "c",
        "branches": [rest, [{"rule": "split", "on": "y >= 1", "as": "d", "branches": [rest, rest]}]],
    },
}  # fmt: skip


@pytest.mark.parametrize("name", DIVISIONS)
def test_a_division_whose_cases_are_not_needed_is_dropped(name: str) -> None:
    plain = with_steps()
    divided = {**plain, "witness": {**plain["witness"], "proof": [DIVISIONS[name](plain["witness"]["proof"])]}}
    check(divided)
    assert smaller(divided) == smaller(plain)


def test_a_division_that_is_needed_stays() -> None:
    document = find_proof(read(theorem("x: real", "relu(x) >= x")))
    assert isinstance(document, dict)
    assert [step["rule"] for step in document["witness"]["proof"]] == ["phases"]
    assert smaller(document) == document


def test_both_cases_of_an_induction_are_minimised() -> None:
    junk = {"rule": "have", "formula": "x*x >= 0", "proof": [ARITHMETIC], "as": "a"}
    end = {"rule": "exact", "by": "h1"}
    found = minimise(
        {
            "induction": "n",
            "zero": [junk, end],
            "successor": {"induction": "m", "zero": [junk, end], "successor": [end]},
        }
    )
    assert found == {
        "induction": "n",
        "zero": [end],
        "successor": {"induction": "m", "zero": [end], "successor": [end]},
    }
