r"""The search itself: it divides what has to be divided, within its limits, and its proofs are checked on their own."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from tests.theory.authoring import read, theorem
from verify.engines.proof.search import Search
from verify.engines.proof.workbench import Agenda, Limits, Stuck, Workbench
from verify.kernel.certificate import read_statement
from verify.kernel.logic import Case, Prover, Sequent, opened

Json = Any


def begun(author_text: str, **limits: Any) -> tuple[Search, Sequent, Agenda]:
    asked = read(author_text)
    theory, fact, _, _ = read_statement(asked.statement)
    for definition in asked.definitions:
        theory.define(definition)
    agenda = Agenda(asked.hints.cases, asked.hints.have)
    return Search(Workbench(theory, limits=Limits(**limits))), opened(theory, fact, Case()), agenda


def leaves(steps: list[Json]) -> int:
    """How many branches a proof has."""
    branches = steps[-1].get("branches")
    return sum(map(leaves, branches)) if branches else 1


DIVIDED = {
    "nothing": (theorem("x: real", "x + 1 > x"), 1),
    "the parts of a conjunction": (theorem("x: real", "x <= x + 1 and x <= x + 2 and x <= x + 3"), 3),
    "the phases of a ReLU": (theorem("x: real", "relu(x) >= x"), 2),
    "a disjunction": (theorem("x: real", "x**2 >= 0 and x != 0", "x >= 1 or x <= -1"), 2),
    "a case": (theorem("x: real", "x >= 0 or x < 0", hints='cases=["x >= 7"]'), 1),
}


@pytest.mark.parametrize("name", DIVIDED)
def test_a_proof_is_checked_step_by_step(name: str) -> None:
    author_text, least = DIVIDED[name]
    search, sequent, agenda = begun(author_text)
    steps = search.start(sequent, agenda)
    Prover(search.bench.theory, {}).check(sequent, steps)
    assert leaves(steps) >= least


def test_units_that_do_not_matter_are_not_divided() -> None:
    """Ten units, one of which decides."""
    names = [f"x{i}" for i in range(10)]
    conclusion = (
        "relu(x0) + "
        + " + ".join(f"relu({n})" for n in names[1:])
        + " >= x0 + "
        + " + ".join(f"relu({n})" for n in names[1:])
    )
    search, sequent, agenda = begun(theorem(", ".join(f"{n}: real" for n in names), conclusion))
    steps = search.start(sequent, agenda)
    assert leaves(steps) <= 2


@pytest.mark.parametrize("limits", [{"nodes": 1}, {"depth": 1}, {"nodes": 3}])
def test_limits_stop_the_search(limits: dict[str, int]) -> None:
    search, sequent, agenda = begun(theorem("x: real, y: real", "max(max(x, y), 0) == max(x, max(y, 0))"), **limits)
    with pytest.raises(Stuck, match="the search became too large"):
        search.start(sequent, agenda)
    assert search.nodes <= limits.get("nodes", 100) + 1


def test_the_deadline_stops_the_search() -> None:
    search, sequent, agenda = begun(theorem("x: real, y: real", "max(x, y) >= x"), seconds=-1.0)
    with pytest.raises(Stuck, match="no proof within"):
        search.start(sequent, agenda)


def test_the_same_search_takes_the_same_way() -> None:
    author_text = theorem("x: real, y: real, z: real", "max(max(x, y), z) == max(x, max(y, z))")
    found = []
    for _ in range(2):
        search, sequent, agenda = begun(author_text)
        found.append((search.start(sequent, agenda), search.nodes))
    assert found[0] == found[1]


@pytest.mark.parametrize("order", list(itertools.permutations(["x <= y", "y <= z", "z <= x"]))[::2])
def test_the_order_of_hypotheses_decides_nothing(order: tuple[str, ...]) -> None:
    search, sequent, agenda = begun(theorem("x: real, y: real, z: real", "relu(x) == relu(z) and x == y", *order))
    Prover(search.bench.theory, {}).check(sequent, search.start(sequent, agenda))


def test_an_intermediate_result_that_is_false_does_no_harm() -> None:
    search, sequent, agenda = begun(theorem("x: real", "relu(x) >= x", hints='have=["x >= 17", "relu(x) >= 0"]'))
    Prover(search.bench.theory, {}).check(sequent, search.start(sequent, agenda))
