r"""Z3 proposes; only the exact replay decides."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction

import pytest
import z3

from tests.engines.falsify.examples import FALSE, TRUE
from tests.theory.authoring import author, stated
from verify.engines.falsify import smt
from verify.engines.falsify.points import Decider
from verify.kernel import check, digest
from verify.theory.environment import problem

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


HARD = "x**4*y**2 + x**2*y**4 + n*x*y - 3*x**2*y**2 + 2*n >= 0"


def test_naturals_are_left_out_after_three_queries_that_z3_gives_up() -> None:
    answer = smt.run(Decider(stated("n: nat, x: real, y: real", HARD)), rlimit=50)
    assert answer.undecided == ({"n": 0}, {"n": 1}, {"n": 2})
    assert (answer.counterexample, answer.unsatisfiable) == (None, ())


def test_an_answer_in_between_makes_z3_worth_asking_again(monkeypatch: pytest.MonkeyPatch) -> None:
    said = iter([z3.unknown, z3.unknown, z3.unsat, z3.sat, z3.unknown, z3.unknown, z3.unknown, z3.unsat])
    monkeypatch.setattr(z3.Solver, "check", lambda _: next(said))
    monkeypatch.setattr(z3.Solver, "model", lambda _: None)
    monkeypatch.setattr(smt.Query, "point", lambda *_: None)
    answer = smt.run(Decider(stated("n: nat, x: real", "n*x**2 >= 0")), largest=12, count=12)
    assert [entry["n"] for entry in answer.undecided] == [0, 1, 3, 4, 5]
    assert answer.unsatisfiable == ({"n": 2},)


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


def test_the_resources_of_a_query_do_not_depend_on_earlier_ones() -> None:
    """Up to what Z3 knows already of the same terms."""
    decider = Decider(TRUE["a maximum"].statement)
    first, *others = [smt.run(decider).rlimit for _ in range(8)]
    assert first > 0
    assert all(first / 2 < other < 2 * first for other in others)


def test_small_naturals_come_by_growing_sum() -> None:
    found = list(smt.small_naturals(["a", "b"], 2, 100))
    assert len(found) == 9
    assert [sum(choice.values()) for choice in found] == sorted(sum(choice.values()) for choice in found)
    assert list(smt.small_naturals([], 3, 5)) == [{}]
    assert list(smt.small_naturals(["a"], 3, 2)) == [{"a": 0}, {"a": 1}]


def test_small_naturals_are_all_of_them_in_the_order_of_their_sums() -> None:
    for length, largest in itertools.product(range(5), range(4)):
        variables = list("abcde")[:length]
        every = sorted(itertools.product(range(largest + 1), repeat=length), key=lambda c: (sum(c), c))
        assert [tuple(c.values()) for c in smt.small_naturals(variables, largest, 10**6)] == every


def test_many_naturals_cost_no_more_than_what_is_asked_for() -> None:
    """All choices would be 5^60."""
    assert len(list(smt.small_naturals([f"n{i}" for i in range(60)], 4, 12))) == 12


ORTHONORMAL = ["sq(u) == 1", "sq(v) == 1", "sq(w) == 1", "dot(u, v) == 0", "dot(v, w) == 0", "dot(u, w) == 0"]


def test_what_is_true_in_the_plane_is_not_complete() -> None:
    """There are no three orthonormal vectors in the plane, but there are in space."""
    decider = Decider(stated("u: vec, v: vec, w: vec", "False", *ORTHONORMAL))
    answer = smt.run(decider)
    assert not answer.complete
    assert answer.counterexample is not None
    check(decider.certificate("counterexample", answer.counterexample))


@pytest.mark.parametrize(
    ("variables", "conclusion", "before"),
    [
        ("u: vec, v: vec", "sq(u + v) + sq(u - v) == 2*sq(u) + 2*sq(v)", ""),
        ("x: real", "f(x*g()) == x**2*f(g())", "@define\ndef f(u: vec) -> real:\n    return sq(u)\n@arbitrary\ndef g() -> vec: ...\n"),
    ],
)  # fmt: skip
def test_unsat_says_nothing_of_vectors_in_all_dimensions(variables: str, conclusion: str, before: str) -> None:
    answer = smt.run(Decider(stated(variables, conclusion, before=before)))
    assert (answer.unsatisfiable, answer.complete) == ((), False)
    assert answer.undecided == ({},)


def test_naturals_at_which_the_hypotheses_cannot_hold_are_not_counted() -> None:
    """False at n = 20, and true at small naturals only because nothing is said there."""
    answer = smt.run(Decider(stated("n: nat, x: real", "n*x <= 10", "x**2 <= 1", "n >= 9", "n != 11")))
    assert (answer.unsatisfiable, answer.undecided, answer.complete) == ((), (), False)
    assert smt.run(Decider(stated("x: real", "x == 5", "x > 1", "x < 1"))).unsatisfiable == ()


def test_a_natural_function_that_steers_a_recursion_is_tried_as_a_constant() -> None:
    """The sum of the first width(0) terms can be 1; symbolically, no solver knows how many terms there are."""
    found = author(
        """
        @arbitrary
        def term(i: nat) -> real: ...

        @arbitrary
        def width(l: nat) -> nat: ...

        @define
        def total(n: nat) -> real:
            return 0 if n == 0 else total(n - 1) + term(n)

        @lemma()
        def never_one(n: nat) -> prop:
            return not (total(width(n)) == 1)
        """
    )
    statement = problem(found.never_one).statement
    point = smt.run(Decider(statement)).counterexample
    assert point is not None
    check(Decider(statement).certificate("counterexample", point), statement_sha256=digest(statement))
