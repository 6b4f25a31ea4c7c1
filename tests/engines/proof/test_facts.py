r"""Facts that follow without a choice: the right ones, each by steps that the kernel accepts."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.theory.authoring import stated
from verify.engines.proof.facts import Facts
from verify.engines.proof.search import Search
from verify.engines.proof.workbench import Agenda, Limits, Origin, Workbench
from verify.kernel import formula_text
from verify.kernel.certificate import read_statement
from verify.kernel.formulas import Formula
from verify.kernel.logic import Case, Prover, Sequent, opened

Json = Any
BEFORE = """
@arbitrary
def p(n: nat) -> prop: ...
@arbitrary
def f(x: real) -> real: ...
@define
def double(x: real) -> real:
    return 2*x
"""


def begun(variables: str, hypotheses: list[str], goal: str = "1 > 2") -> tuple[Facts, Sequent]:
    """Facts at the sequent with which the proof of a statement begins."""
    theory, fact, _, _ = read_statement(stated(variables, goal, *hypotheses, before=BEFORE))
    search = Search(Workbench(theory))
    return search.facts, opened(theory, fact, Case())


def produced(variables: str, hypotheses: list[str], method: str, goal: str = "1 > 2") -> dict[str, Formula]:
    """What one method adds to the hypotheses; the kernel's prover checks every step again, subproofs included."""
    facts, sequent = begun(variables, hypotheses, goal)
    found: dict[str, Formula] = {}
    agenda = Agenda().seen(facts.bench.occurring(sequent), Origin())
    for step, _, _ in getattr(facts, method)(sequent, agenda, 0):
        before = set(sequent.hypotheses)
        premises, rest = facts.bench.apply(sequent, step)
        for subproof, premise in premises:
            Prover(facts.bench.theory, {}).check(premise, subproof)
        assert rest is not None
        sequent = rest
        found |= {label: formula for label, formula in sequent.hypotheses.items() if label not in before}
    return found


def texts(found: dict[str, Formula]) -> set[str]:
    return {formula_text(formula) for formula in found.values()}


CASES: dict[str, tuple[str, list[str], str, set[str]]] = {
    "a conjunction in a disjunction is not unpacked": ("x: real", ["x > 1 and x < 2 or x > 5"], "unpacked", set()),
    "an equivalence is unpacked": (
        "n: nat", ["iff(p(n), p(0))"], "unpacked", {"(not p(n) or p(0))", "(not p(0) or p(n))"},
    ),
    "the part of a disjunction that is left": ("n: nat", ["p(n) or p(0)", "not p(n)"], "propagated", {"p(0)"}),
    "modus ponens": ("n: nat", ["implies(p(n), p(n + 1))", "p(n)"], "propagated", {"p(1 + n)"}),
    "nothing is left open": ("n: nat", ["p(n) or p(0)"], "propagated", set()),
    "a definition with one way": ("x: real", ["double(x) > 1"], "unfolded", {"double(x) + -2*x == 0", "-2*x + double(x) == 0"}),
    "a definition with two ways": ("x: real", ["relu(x) > 1"], "unfolded", set()),
    "a natural that is at most 0": ("n: nat", ["2*n <= 0"], "pinned", {"n == 0"}),
    "a natural that is less than 1": ("n: nat", ["n < 1"], "rounded", {"-1*n >= 0"}),
    "a natural that may be 1": ("n: nat", ["n <= 1"], "pinned", set()),
    "two inequalities that make an equation": ("x: real, y: real", ["x <= y", "y <= x"], "squeezed", {"x + -1*y == 0", "-1*x + y == 0"}),
    "two inequalities that do not": ("x: real, y: real", ["x <= y", "y < x"], "squeezed", set()),
    "equal arguments": ("x: real, y: real", ["x == y", "f(x) > f(y)"], "congruent", {"f(x) + -1*f(y) == 0", "f(y) + -1*f(x) == 0", "-1*f(x) + f(y) == 0", "-1*f(y) + f(x) == 0"}),
    "arguments that differ": ("x: real, y: real", ["x > y", "f(x) > f(y)"], "congruent", set()),
    "a multiple of a vector": ("u: vec, v: vec", ["u == 2*v"], "multiplied", {"dot(u, u) + -2*dot(u, v) == 0", "dot(u, v) + -2*dot(v, v) == 0", "-2*dot(u, v) + dot(u, u) == 0", "-2*dot(v, v) + dot(u, v) == 0"}),
    "no equation of vectors": ("u: vec, v: vec", ["dot(u, v) == 0"], "multiplied", set()),
    "a strict inequality of integers": ("n: nat, m: nat", ["n > m"], "rounded", {"-1 + -1*m + n >= 0", "-1 + n + -1*m >= 0"}),
    "an inequality of reals": ("x: real", ["2*x > 1"], "rounded", set()),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_follows_at_once(name: str) -> None:
    variables, hypotheses, method, expected = CASES[name]
    found = texts(produced(variables, hypotheses, method))
    assert found <= expected
    assert bool(found) == bool(expected)


@settings(max_examples=150, derandomize=True, deadline=None)
@given(st.integers(-6, 6), st.integers(-6, 6), st.integers(-20, 20), st.integers(1, 4), st.booleans())
def test_rounding_keeps_exactly_the_integer_points(a: int, b: int, c: int, d: int, strict: bool) -> None:
    """From (a n + b m + c) / d >= 0: no integer point is lost, and the bound is the best one."""
    if not a and not b:
        return
    found = produced("n: nat, m: nat", [f"({a}*n + {b}*m + {c})/{d} {'>' if strict else '>='} 0"], "rounded")
    rounded = [formula.term for formula in found.values() if formula.relation == ">="]
    divisor = math.gcd(a, b)
    least = -(-(-c + (1 if strict else 0)) // divisor)  # of (a n + b m) / divisor
    for n, m in itertools.product(range(-8, 9), repeat=2):
        holds = a * n + b * m + c > 0 if strict else a * n + b * m + c >= 0
        for term in rounded:
            value = sum(
                (
                    k * math.prod({"n": n, "m": m}[atom] ** e for atom, e in monomial)
                    for monomial, k in term.terms.items()
                ),
                Fraction(0),
            )
            assert (value >= 0) == holds == ((a * n + b * m) // divisor >= least)


def test_an_instance_needs_its_hypotheses() -> None:
    facts, sequent = begun("x: real", ["x >= 2", "f(0) >= 0"])
    theory = facts.bench.theory
    theory.establish("l", theory.statement({
        "name": "l", "variables": [["y", "real"]], "hypotheses": ["y >= 1", "y >= 0"], "conclusion": "f(y) >= 0",
    }))  # fmt: skip
    facts = Search(Workbench(theory)).facts
    shown, refused = (facts.instance(sequent, "l", {"y": text}) for text in ("x", "x - 2"))
    assert shown is not None
    premises, _ = facts.bench.apply(sequent, shown)
    assert len(premises) == 2
    for subproof, premise in premises:
        Prover(theory, {}).check(premise, subproof)
    assert refused is None


@pytest.mark.parametrize(
    "terms", [{}, {"z": "x"}, {"y": "x", "z": "x"}, {"y": "nothing"}, {"y": "x >= 0"}, {"y": ""}], ids=str
)
def test_an_instance_that_makes_no_sense_is_none(terms: dict[str, str]) -> None:
    facts, sequent = begun("x: real", ["x >= 2"])
    theory = facts.bench.theory
    theory.establish(
        "l", theory.statement({"name": "l", "variables": [["y", "real"]], "hypotheses": [], "conclusion": "y >= y"})
    )
    assert Search(Workbench(theory)).facts.instance(sequent, "l", terms) is None
    assert Search(Workbench(theory)).facts.instance(sequent, "nothing", terms) is None


def test_saturation_comes_to_an_end_and_repeats_itself() -> None:
    hypotheses = [
        "iff(p(n), p(0))",
        "p(n)",
        "2*n <= 3*m + 1",
        "double(x) <= f(double(x))",
        "x == n",
        "n <= m",
        "m <= n",
    ]
    results = []
    for _ in range(2):
        facts, sequent = begun("n: nat, m: nat, x: real", hypotheses)
        steps, end, agenda = facts.saturate(sequent, Agenda(), 0)
        results.append(steps)
        more, _, _ = facts.saturate(end, agenda, 0)
        assert more == []
        assert len(steps) <= facts.bench.limits.facts
    assert results[0] == results[1]


def test_a_limit_on_facts_is_kept() -> None:
    theory, fact, _, _ = read_statement(stated("n: nat, m: nat", "1 > 2", "n > m", "m > 3", "n > 7", "n + m > 2"))
    search = Search(Workbench(theory, limits=Limits(facts=2)))
    steps, _, _ = search.facts.saturate(opened(theory, fact, Case()), Agenda(), 0)
    assert len(steps) == 2
