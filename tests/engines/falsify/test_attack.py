r"""The falsifiers together: what they report are certificates of the kernel, and they find what is there."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import pytest

from tests.engines.falsify.examples import FALSE, TRUE, Example
from tests.kernel.oracle import Oracle
from tests.theory import shipped
from tests.theory.authoring import stated
from verify.claim import Claim
from verify.engines.falsify import attack, batched, grid, properties, smt
from verify.engines.falsify.points import EFFORT, LARGEST_POINT, Decider
from verify.kernel import Rejected, check, digest
from verify.theory.environment import problem
from verify.theory.objects import Changes, Theorem

Json = Any


@pytest.mark.parametrize("name", FALSE)
def test_a_false_statement_is_refuted_by_a_certificate_of_its_own(name: str) -> None:
    statement = FALSE[name].statement
    found = attack(statement)
    assert found.counterexample is not None
    assert found.instance is not None
    expected = digest(statement)
    assert check(found.counterexample, statement_sha256=expected).kind == "counterexample"
    assert check(found.instance, statement_sha256=expected).kind == "instance"
    assert found.found_by in found.tried


@pytest.mark.parametrize("name", ["at tiny numbers", "naturals and reals", "an iterated map", "a defined predicate"])
def test_a_counterexample_is_one_for_python_too(name: str) -> None:
    statement = FALSE[name].statement
    found = attack(statement).counterexample
    values = {variable: Fraction(text) for variable, text in found["witness"]["variables"].items()}
    oracle = Oracle(statement, {})
    assert oracle.hypotheses(statement["theorem"], values)
    assert not oracle.conclusion(statement["theorem"], values)


def small_attacks(decider: Decider) -> dict[str, Any]:
    """Every falsifier with a little effort, so that a true statement does not take seconds."""
    found = {"grid": grid.run(decider, points=400).counterexample}
    for name, run in {
        "z3": lambda: smt.run(decider, count=4).counterexample,
        "hypothesis": lambda: properties.run(decider, examples=40),
        "torch": lambda: batched.run(decider, points=128, rounds=3, naturals=3),
    }.items():
        decider.allow()
        found[name] = run()
    return found


@pytest.mark.parametrize("name", TRUE)
def test_a_true_statement_is_not_refuted_and_has_an_instance(name: str) -> None:
    decider = Decider(TRUE[name].statement)
    assert set(small_attacks(decider).values()) == {None}
    decider.allow()
    instance = grid.run(decider, points=400).instance
    assert instance is not None
    check(decider.certificate("instance", instance), statement_sha256=digest(TRUE[name].statement))


def test_the_whole_attack_leaves_a_true_statement_with_an_instance() -> None:
    found = attack(TRUE["phases of a ReLU"].statement)
    assert found.counterexample is None
    assert check(found.instance).kind == "instance"
    assert found.tried["z3"]["complete"] is True
    assert set(found.tried) == {"grid", "z3", "hypothesis", "torch"}


def test_what_is_proved_after_the_quick_attacks_is_attacked_no_further() -> None:
    found = attack(TRUE["phases of a ReLU"].statement, proved=lambda: True)
    assert set(found.tried) == {"grid", "z3", "torch"}
    assert found.tried["z3"]["allowed"] == smt.QUICK
    assert check(found.instance).kind == "instance"


def test_what_is_not_proved_is_attacked_with_all_patience() -> None:
    asked: list[None] = []
    found = attack(TRUE["phases of a ReLU"].statement, proved=lambda: bool(asked.append(None)))
    assert len(asked) == 1
    assert set(found.tried) == {"grid", "z3", "hypothesis", "torch"}
    assert found.tried["z3"]["allowed"] == smt.RLIMIT


@pytest.mark.parametrize("name", ["at tiny numbers", "naturals and reals", "on a tiny interval"])
def test_what_the_quick_attacks_refute_nobody_tries_to_prove(name: str) -> None:
    def proved() -> bool:
        raise AssertionError

    assert attack(FALSE[name].statement, proved=proved).counterexample is not None


VACUOUS = {
    "an empty interval": Example("x: real", "x == 5", ("x > 1", "x < 1")),
    "false": Example("x: real", "x == 5", ("False",)),
    "a square that is negative": Example("x: real", "False", ("x**2 < 0",)),
    "an odd natural that is even": Example("n: nat", "False", ("2*n == 1",)),
    "a predicate that never holds": Example("n: nat", "False", ("even(n)", "not even(n)"), "@define\ndef even(n: nat) -> prop:\n    return True if n == 0 else not even(n - 1)\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", VACUOUS)
def test_hypotheses_that_cannot_hold_have_no_instance(name: str) -> None:
    decider = Decider(VACUOUS[name].statement)
    assert set(small_attacks(decider).values()) == {None}
    decider.allow()
    assert grid.run(decider, points=400).instance is None
    decider.allow()
    assert smt.find_instance(decider) is None


def test_the_attack_reports_no_instance_of_a_vacuous_statement() -> None:
    found = attack(VACUOUS["an odd natural that is even"].statement)
    assert (found.counterexample, found.instance) == (None, None)
    assert found.tried["grid"]["effective"] == 0


def test_a_statement_with_assumptions_is_neither_refuted_nor_instantiated() -> None:
    statement = stated("x: real", "x > 0")
    assumption = {"name": "a", "variables": [], "hypotheses": [], "conclusion": "1 > 0", "source": None}
    found = attack({**statement, "assumptions": [assumption]})
    assert (found.counterexample, found.instance) == (None, None)


def test_the_same_attack_finds_the_same() -> None:
    statement = FALSE["on a tiny interval"].statement
    first, second = attack(statement), attack(statement)
    assert (first.counterexample, first.instance, first.found_by) == (
        second.counterexample,
        second.instance,
        second.found_by,
    )
    assert first.tried["grid"] == second.tried["grid"]


def refuted_quickly(claim: Claim, mutant: str) -> None:
    """By grid or Z3, which are quick; at least one theorem of the claim must be false under the changes.

    Mutants of questions are refuted by certificates of their own, and those of experiments by runs.
    """
    changes, untouched = claim.mutants[mutant].changes, True
    for obligation in claim.obligations.values():
        if isinstance(obligation.goal, Theorem) and obligation.role.value in ("proof", "disproof"):
            statement = problem(obligation.goal, changes, claim.arithmetic).statement
            if statement == problem(obligation.goal, Changes(), claim.arithmetic).statement:
                continue
            untouched = False
            decider = Decider(statement)
            point = grid.run(decider).counterexample
            decider.allow()
            point = point or smt.run(decider).counterexample
            if point is not None:
                check(decider.certificate("counterexample", point), statement_sha256=digest(statement))
                return
    assert untouched, "no theorem was refuted"
    assert shipped.changes_a_question(claim, changes)


def test_shipped_mutants_are_refuted() -> None:
    """The first mutant of each fourth claim with theorems; ``pytest claims`` asks about all mutants of all claims."""
    claims = [
        claim
        for claim in shipped.objects(Claim).values()
        if claim.mutants and any(isinstance(o.goal, Theorem) for o in claim.obligations.values())
    ]
    chosen = {claim.name: claim for claim in claims[::4]}
    assert len(chosen) >= 10
    shipped.every(chosen, lambda name: refuted_quickly(chosen[name], next(iter(chosen[name].mutants))))


# ---------------------------------------------------------------------------------------------- effort and size

EXPLOSIVE = """
@define
def e(n: nat, x: real) -> real:
    return x if n == 0 else e(n - 1, 2*x) + e(n - 1, 2*x + 1)
@define
def a(m: nat, n: nat) -> nat:
    if m == 0:
        return n + 1
    if n == 0:
        return a(m - 1, 1)
    return a(m - 1, a(m, n - 1))
"""


@pytest.mark.parametrize(
    "example",
    [
        Example("n: nat, x: real", "e(n + 5, x) >= 2**n*x", ("x >= 0",), EXPLOSIVE),
        Example("m: nat, n: nat", "a(m, n) > n", (), EXPLOSIVE),
        Example("n: nat, x: real", "x >= 0", ("e(n + 5, x) >= 0",), EXPLOSIVE),
    ],
    ids=["exponential", "Ackermann", "in a hypothesis"],
)
def test_the_effort_is_bounded_where_recursion_explodes(example: Example) -> None:
    decider = Decider(example.statement)
    grid.run(decider)
    assert decider.operations <= EFFORT + LARGEST_POINT + 1  # one evaluation may go beyond
    decider.allow(1000)
    start = decider.operations
    properties.run(decider, examples=20)
    assert decider.operations <= start + 1000 + LARGEST_POINT + 1
    decider.allow(1000)
    smt.run(decider, count=6, milliseconds=500)
    batched.run(decider, points=64, rounds=2, naturals=4)


HUGE = "1" + "0" * 400
SIZES = {
    "a literal": f"x <= {HUGE} or x >= 0",
    "a product": "x <= 10**64*10**64*10**64*10**64*10**64*10**64 or x >= 0",
    "a denominator": f"x <= 1/{HUGE} or x >= 0",
}


@pytest.mark.parametrize("name", ["a literal", "a product"])
def test_numbers_beyond_the_doubles_do_not_end_the_attack(name: str) -> None:
    assert attack(stated("x: real", SIZES[name])).counterexample is None


def test_numbers_below_the_doubles_do_not_end_the_attack() -> None:
    assert batched.run(Decider(stated("x: real", SIZES["a denominator"])), points=64, rounds=2) is None


def test_a_divisor_with_variables_that_cancel_does_not_end_the_attack() -> None:
    assert batched.run(Decider(stated("x: real, y: real", "x/(y - y + 2) == x/2")), points=64, rounds=2) is None


@pytest.mark.parametrize(
    ("variables", "conclusion"),
    [("x: real", "f(x) >= 0"), ("x: real, y: real", "f(x) == f(y)"), ("x: real", "f(x) != 3")],
)
def test_an_arbitrary_function_of_a_real_can_refute(variables: str, conclusion: str) -> None:
    decider = Decider(stated(variables, conclusion, before="@arbitrary\ndef f(x: real) -> real: ...\n"))
    assert any(point is not None for point in small_attacks(decider).values())


def test_a_forged_point_is_refused_by_the_kernel() -> None:
    """What the falsifiers rely on: neither an instance nor a counterexample can be claimed where there is none."""
    statement = TRUE["weak at the boundary"].statement
    for x, y, kind in itertools.product(("0", "-1"), ("0", "2"), ("counterexample", "instance")):
        document = {"format": "deepclaims certificate 1", "kind": kind, "statement": statement,
                    "witness": {"variables": {"x": x, "y": y}, "parameters": {}}}  # fmt: skip
        if kind == "instance" and x == "0":
            check(document)
        else:
            with pytest.raises(Rejected):
                check(document)
