r"""Z3 proposes; only the exact replay decides."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction
from typing import Any

import pytest

from tests.engines.falsify.examples import FALSE, TRUE
from tests.theory.authoring import defect, stated
from verify.engines.falsify import smt
from verify.engines.falsify.points import Decider
from verify.kernel import check, digest

REFUTED = [
    "strict at the boundary",
    "at tiny numbers",
    "on a tiny interval",
    "a small hat far away",
    "naturals and reals",
    "an arbitrary sequence",
    "an arbitrary sequence of naturals",
    "an arbitrary constant",
    "an arbitrary predicate",
    "a defined predicate",
    "vectors",
    "under an equation",
    "between irrational numbers",
    "without variables",
]


@pytest.mark.parametrize("name", REFUTED)
def test_a_model_is_a_counterexample(name: str) -> None:
    decider = Decider(FALSE[name].statement)
    point = smt.run(decider).counterexample
    assert point is not None
    check(decider.certificate("counterexample", point), statement_sha256=digest(FALSE[name].statement))


@pytest.mark.parametrize("name", ["weak at the boundary", "phases of a ReLU", "a maximum", "under an equation"])
def test_unsat_is_recorded_for_the_naturals_it_was_said_of(name: str) -> None:
    answer = smt.run(Decider(TRUE[name].statement))
    assert answer.counterexample is None
    assert answer.unsatisfiable == ({},)
    assert answer.complete


def test_naturals_are_tried_one_by_one_and_named() -> None:
    answer = smt.run(Decider(stated("n: nat, x: real", "n*x**2 >= 0")), count=4)
    assert answer.unsatisfiable == ({"n": 0}, {"n": 1}, {"n": 2}, {"n": 3})
    assert not answer.complete


@pytest.mark.parametrize("kind", ["garbage", "zeros", "the same always"])
@pytest.mark.parametrize("name", ["strict at the boundary", "weak at the boundary", "a maximum", "naturals and reals"])
def test_a_lying_model_refutes_nothing_that_is_true(name: str, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Z3 is made to say sat always, with models that mean nothing; what comes out must still be right."""
    import z3

    example, source = {**TRUE, **FALSE}[name], random.Random(7)
    answers = {
        "garbage": lambda *_: Fraction(source.randrange(-9, 9), source.randrange(1, 9)),
        "zeros": lambda *_: Fraction(0),
        "the same always": lambda *_: Fraction(1, 3),
    }
    monkeypatch.setattr(smt, "rational", answers[kind])
    monkeypatch.setattr(z3.Solver, "check", lambda self, *a: z3.sat)
    monkeypatch.setattr(z3.Solver, "model", lambda self: None)
    decider = Decider(example.statement)
    for _ in range(5):
        answer = smt.run(decider)
        for point, what in ((answer.counterexample, "counterexample"), (answer.instance, "instance")):
            if point is not None:
                check(decider.certificate(what, point))
        assert name in FALSE or answer.counterexample is None
        found = smt.find_instance(decider)
        if found is not None:
            check(decider.certificate("instance", found))


def test_a_counterexample_that_is_irrational_is_only_undecided() -> None:
    answer = smt.run(Decider(stated("x: real", "x <= 1", "x**2 == 2")))
    assert (answer.counterexample, answer.undecided) == (None, ({},))


def test_an_instance_is_found_where_points_would_not() -> None:
    decider = Decider(stated("x: real, y: real", "x >= y", "x**2 + y**2 == 25", "x > 39/10", "y > 29/10", "4*x > 5*y"))
    point = smt.find_instance(decider)
    assert point is not None
    check(decider.certificate("instance", point))


def test_doubles_are_none_of_its_business() -> None:
    assert smt.run(Decider(FALSE["sums of doubles"].statement)) == smt.Answer()


@defect("Z3 counts its resources for the whole context: smt.resources should take the difference before and after")
def test_the_resources_of_a_query_do_not_depend_on_earlier_ones() -> None:
    decider = Decider(TRUE["a maximum"].statement)
    assert smt.run(decider).rlimit == smt.run(decider).rlimit


def test_small_naturals_come_by_growing_sum() -> None:
    found = list(smt.small_naturals(["a", "b"], 2, 100))
    assert len(found) == 9
    assert [sum(choice.values()) for choice in found] == sorted(sum(choice.values()) for choice in found)
    assert list(smt.small_naturals([], 3, 5)) == [{}]
    assert list(smt.small_naturals(["a"], 3, 2)) == [{"a": 0}, {"a": 1}]


@defect("all choices are listed and sorted before the first is taken, 5^n of them: small_naturals should grow the sum")
def test_many_naturals_cost_no_more_than_what_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []

    def counted(*arguments: Any, **named: Any) -> Any:
        for choice in itertools.product(*arguments, **named):
            made.append(choice)
            assert len(made) < 10_000
            yield choice

    monkeypatch.setattr(smt, "product", counted)
    assert len(list(smt.small_naturals(list("abcdefgh"), 4, 12))) == 12


ORTHONORMAL = ["sq(u) == 1", "sq(v) == 1", "sq(w) == 1", "dot(u, v) == 0", "dot(v, w) == 0", "dot(u, w) == 0"]


@defect("vectors are taken to be pairs, so unsat says nothing of other spaces: Answer.complete must be False with vec")
def test_what_is_true_in_the_plane_is_not_complete() -> None:
    """There are no three orthonormal vectors in the plane, but there are in space."""
    answer = smt.run(Decider(stated("u: vec, v: vec, w: vec", "False", *ORTHONORMAL)))
    assert not answer.complete
