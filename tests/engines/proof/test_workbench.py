r"""The workbench: its steps are the kernel's, and what it remembers about sequents is what they contain."""

from __future__ import annotations

from typing import Any

import pytest

from tests.theory.authoring import stated
from verify.engines.proof import matching
from verify.engines.proof.workbench import Agenda, Limits, Origin, Stuck, Workbench, is_closed, is_recursive
from verify.kernel import Rejected
from verify.kernel.certificate import read_statement
from verify.kernel.formulas import Sign
from verify.kernel.logic import Case, Prover, Sequent, opened

Json = Any
BEFORE = """
@arbitrary
def p(n: nat) -> prop: ...
@arbitrary
def f(x: real) -> real: ...
@define
def s(n: nat) -> nat:
    return 0 if n == 0 else s(n - 1) + n
@define
def double(x: real) -> real:
    return 2*x
"""


def begun(variables: str, conclusion: str, *hypotheses: str) -> tuple[Workbench, Sequent]:
    theory, fact, _, _ = read_statement(stated(variables, conclusion, *hypotheses, before=BEFORE))
    return Workbench(theory), opened(theory, fact, Case())


CLOSED = {
    "the goal is a hypothesis": ("x: real", "f(x) > x", ("f(x) > x",), "exact"),
    "two predicates contradict each other": ("n: nat", "p(0)", ("p(n)", "not p(n)"), "absurd"),
    "arithmetic": ("x: real", "x + 1 > 0", ("x >= 0",), "arithmetic"),
    "an equation": ("x: real, y: real", "x*y == y*x + 0*x", (), "arithmetic"),
    "two inequalities": ("x: real, y: real", "x == y", ("x >= y", "y >= x"), "antisymmetry"),
}


@pytest.mark.parametrize("name", CLOSED)
def test_a_branch_that_is_at_its_end_is_closed(name: str) -> None:
    variables, conclusion, hypotheses, rule = CLOSED[name]
    bench, sequent = begun(variables, conclusion, *hypotheses)
    steps = bench.close(sequent, 0)
    assert steps is not None
    assert steps[-1]["rule"] == rule
    Prover(bench.theory, {}).check(sequent, steps)


@pytest.mark.parametrize("effort", [0, 1, 2])
def test_a_branch_that_is_open_is_not_closed(effort: int) -> None:
    bench, sequent = begun("x: real", "f(x) > x", "f(x) >= x")
    assert bench.close(sequent, effort) is None
    assert bench.absurd(sequent, effort) is None


def test_hypotheses_that_contradict_each_other_close_any_goal_about_numbers() -> None:
    bench, sequent = begun("x: real", "f(x) > x", "x > 1", "x < 1")
    steps = bench.absurd(sequent, 0)
    assert steps is not None
    Prover(bench.theory, {}).check(sequent, steps)


def test_more_effort_closes_more() -> None:
    bench, sequent = begun("n: nat, x: real", "n*x >= 0", "x >= 0")
    assert bench.close(sequent, 0) is None
    steps = bench.close(sequent, 1)
    assert steps is not None
    Prover(bench.theory, {}).check(sequent, steps)


def test_labels_are_fresh() -> None:
    bench, _ = begun("x: real", "x == x")
    assert len({bench.fresh(stem) for stem in "aaabbb"}) == 6


def test_a_step_that_the_kernel_rejects_is_rejected_here() -> None:
    bench, sequent = begun("x: real", "x >= 0", "x >= 1")
    for step in (
        {"rule": "exact", "by": "h1"},
        {"rule": "exact", "by": "nothing"},
        {"rule": "unfold", "term": "relu(x)", "because": [], "as": "a"},
        {"rule": "unpack", "of": "h1", "as": []},
    ):
        with pytest.raises(Rejected):
            bench.apply(sequent, step)


def test_what_is_known_of_a_sequent_grows_with_its_hypotheses() -> None:
    bench, sequent = begun("x: real, y: real, z: real", "z == 1", "x == y", "y == z")
    bench.ingredients(sequent)
    more = sequent.add("a", Sign("==", sequent.scope.term("z - 1")))
    goal = sequent.scope.term("x - 1")
    assert bench.ingredients(sequent).elimination.reduce(goal)[0].number() is None
    assert bench.ingredients(more).elimination.reduce(goal)[0].number() == 0
    assert bench.ingredients(sequent).elimination.reduce(goal)[0].number() is None
    again = sequent.add("a", Sign("==", sequent.scope.term("z - 2")))
    assert bench.ingredients(again).elimination.reduce(goal)[0].number() == 1


def test_applications_are_seen_as_they_stand_and_as_equations_make_them() -> None:
    bench, sequent = begun("x: real, y: real", "f(x) > 0", "x == y + 1", "f(f(3)) > 1")
    found = set(bench.occurring(sequent))
    assert {"f(x)", "f(3)", "f(f(3))"} <= found
    assert found & {"f(1 + y)", "f(y + 1)"} or "f(x)" in found
    assert bench.occurring(sequent) is bench.occurring(sequent)


def test_only_definitions_without_duties_are_unfolded() -> None:
    bench, sequent = begun("n: nat, x: real", "s(n + 1) + s(n) + s(n - 1) + double(x) + f(x) + relu(x) > 0")
    ways = {text: len(bench.ways(text, a, sequent)) for text, a in bench.occurring(sequent).items()}
    assert ways == {"s(1 + n)": 1, "s(n)": 0, "s(-1 + n)": 0, "double(x)": 1, "f(x)": 0, "relu(x)": 2}
    bench.opaque = frozenset({"double"})
    assert bench.ways("double(x)", bench.occurring(sequent)["double(x)"], sequent) == []


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("s(3)", True),
        ("s(n)", False),
        ("s(2*n + 1)", False),
        ("double(s(3))", True),
    ],
)
def test_an_application_to_numbers_is_closed(text: str, closed: bool) -> None:
    assert is_closed(matching.applications_in(text)[0]) == closed


def test_what_is_defined_by_its_own_values_is_recursive() -> None:
    bench, _ = begun("n: nat", "s(n) >= 0 and double(s(3)) >= 0 and relu(double(n)) >= 0")
    kinds = {name: is_recursive(entry) for name, entry in bench.theory.definitions.items()}
    assert (kinds["s"], kinds["double"], kinds["relu"]) == (True, False, False)


def test_an_agenda_remembers_where_applications_came_from_first() -> None:
    agenda = Agenda().seen(["f(x)", "g(x)"], Origin(1, "h"))
    assert agenda.seen(["f(x)"], Origin(5)).origin("f(x)") == Origin(1, "h")
    assert agenda.renewed(["f(x)"]).origin("f(x)") == Origin()
    assert agenda.origin("unknown") == Origin()
    assert agenda.mark("a", "b").done == {"a", "b"}
    assert agenda.done == frozenset()


def test_being_stuck_says_where_and_why() -> None:
    _, sequent = begun("x: real", "x >= 0")
    stuck = Stuck(sequent, "a reason")
    assert (stuck.sequent, stuck.reason, str(stuck)) == (sequent, "a reason", "a reason")
    assert Limits().seconds > 0
