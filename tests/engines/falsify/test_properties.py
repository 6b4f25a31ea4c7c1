r"""Hypothesis as a falsifier."""

from __future__ import annotations

import pytest

from tests.engines.falsify.examples import FALSE, TRUE
from tests.theory.authoring import stated
from verify.engines.falsify import properties
from verify.engines.falsify.points import Decider
from verify.kernel import check, digest

FOUND = [
    "strict at the boundary",
    "naturals and reals",
    "two phases of a ReLU",
    "an arbitrary sequence",
    "an arbitrary constant",
    "an arbitrary predicate",
    "a defined predicate",
    "vectors",
    "one direction of an equivalence",
    "an iterated map",
]


@pytest.mark.parametrize("name", FOUND)
def test_what_hypothesis_finds_is_a_counterexample(name: str) -> None:
    decider = Decider(FALSE[name].statement)
    point = properties.run(decider)
    assert point is not None
    check(decider.certificate("counterexample", point), statement_sha256=digest(FALSE[name].statement))


@pytest.mark.parametrize("name", TRUE)
def test_nothing_is_found_against_a_true_statement(name: str) -> None:
    assert properties.run(Decider(TRUE[name].statement), examples=30) is None


def test_the_same_seed_finds_the_same() -> None:
    statement = stated("x: real, y: real", "x + y < 50")
    found = [properties.run(Decider(statement), seed=seed) for seed in (1, 1)]
    assert found[0] == found[1]
    assert found[0] is not None


def test_vectors_of_all_small_dimensions_are_tried() -> None:
    found = {}
    for text in ("sq(u)*sq(v) == dot(u, v)**2", "sq(u)*sq(v) != dot(u, v)**2 or sq(u) == 0"):
        point = properties.run(Decider(stated("u: vec, v: vec", text)))
        assert point is not None
        found[text] = len(point.variables["u"])
    assert set(found.values()) <= {1, 2, 3}


@pytest.mark.parametrize("effort", [50, 100])
def test_a_counterexample_is_kept_when_the_effort_ends_while_it_is_shrunk(
    effort: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    decider = Decider(stated("x: real, y: real, z: real", "x + y + z < 60"))
    seen, refuted_at = [], decider.refuted_at
    monkeypatch.setattr(decider, "refuted_at", lambda point: refuted_at(point) and not seen.append(point))
    decider.allow(effort)
    point = properties.run(decider)
    assert seen
    assert point in seen
