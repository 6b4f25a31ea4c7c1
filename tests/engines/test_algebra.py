r"""Closed forms: right ones are suggested, wrong ones never survive, and nothing raises."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from tests.theory import shipped
from tests.theory.authoring import read, theorem
from verify.engines import algebra
from verify.engines.algebra import SUFFIX, with_closed_forms
from verify.engines.proof import Unproved, find_proof
from verify.engines.proof.workbench import Limits
from verify.kernel import check
from verify.kernel.certificate import read_statement
from verify.kernel.evaluation import Evaluator
from verify.theory.environment import Problem

Json = Any


def recurrence(zero: str, successor: str, before: str = "", sort: str = "real") -> Problem:
    """A problem about f with f(0) = zero and, where k stands for n - 1, f(n) = successor."""
    text = f"@define\ndef f(n: nat) -> {sort}:\n    if n == 0:\n        return {zero}\n    k = n - 1\n    return {successor}\n"
    return read(theorem("n: nat", "f(n) >= f(n) - 1", before=before + text))


SOLVED = {
    "a constant": ("7", "f(k)"),
    "arithmetic": ("1", "f(k) + 3"),
    "geometric": ("5", "2*f(k)"),
    "alternating": ("1", "-f(k)"),
    "the towers of Hanoi": ("0", "2*f(k) + 1"),
    "triangular numbers": ("0", "f(k) + k + 1"),
    "sums of squares": ("0", "f(k) + (k + 1)**2"),
    "a sum of powers": ("1", "f(k) + 2**(k + 1)"),
    "a sum of an alternating series": ("0", "f(k) + (-1)**k"),
    "powers of two bases": ("0", "3*f(k) + 2**k"),
    "resonance": ("1", "2*f(k) + 2**k"),
    "a polynomial and a power": ("1/3", "2*f(k) + k**2 - 1"),
}


@pytest.mark.parametrize("successor", ["f(k)/4", "f(k)/2 + 1", "f(k)/3 + k"])
def test_a_recurrence_with_a_fraction_has_a_closed_form(successor: str) -> None:
    assert with_closed_forms(recurrence("1", successor)).suggestions


@pytest.mark.parametrize("name", SOLVED)
def test_a_closed_form_has_the_values_of_its_recurrence(name: str) -> None:
    found = with_closed_forms(recurrence(*SOLVED[name]))
    (suggestion, hints), *others = found.suggestions
    assert not others
    assert suggestion["name"] == f"f{SUFFIX}"
    assert hints.induction == ("n",)
    theory, _, _, _ = read_statement(found.statement)
    for entry in found.definitions:
        theory.define(entry)
    evaluator = Evaluator(theory, "exact", {})
    for n in range(12):
        assert evaluator.holds(suggestion["conclusion"], {"n": Fraction(n)})


def asking(problem: Problem, conclusion: str) -> Problem:
    """The same problem with another conclusion, which may mention all definitions."""
    fact = {**problem.statement["theorem"], "conclusion": conclusion}
    definitions = [*problem.statement["definitions"], *problem.definitions]
    statement = {**problem.statement, "definitions": definitions, "theorem": fact}
    return replace(problem, statement=statement, definitions=())


@pytest.mark.parametrize(
    "name", ["arithmetic", "the towers of Hanoi", "sums of squares", "a sum of powers", "alternating"]
)
def test_a_closed_form_is_proved_and_may_be_used(name: str) -> None:
    asked = with_closed_forms(recurrence(*SOLVED[name]))
    closed = asked.suggestions[0][0]["conclusion"]
    found = find_proof(asking(asked, closed))
    assert isinstance(found, dict)
    check(found)
    assert [lemma["name"] for lemma in found["witness"]["lemmas"]][-1:] == [f"f{SUFFIX}"]


UNSUITABLE = {
    "a factor that depends on n": ("1", "(k + 1)*f(k)"),
    "a square": ("1/2", "f(k)**2"),
    "a maximum": ("1", "max(f(k), 2)"),
    "a value elsewhere": ("1", "f(0) + f(k)"),
    "two calls": ("1", "f(k)*f(k) + f(k)"),
    "a power of a sum": ("1", "f(k) + 2**(k*k)"),
    "a tower": ("1", "f(k) + 2**2**k"),
    "conditions": ("1", "f(k) if f(k) > 3 else 2"),
    "no recursion that is linear": ("1", "relu(f(k) - 1)"),
}


@pytest.mark.parametrize("name", UNSUITABLE)
def test_what_is_no_linear_recurrence_is_passed_over(name: str) -> None:
    assert with_closed_forms(recurrence(*UNSUITABLE[name])).suggestions == ()


OTHERS = """
@arbitrary
def any(n: nat) -> real: ...
@arbitrary
def point(n: nat) -> vec: ...
@define
def real_argument(x: real) -> real:
    return x + 1
@define
def two(m: nat, n: nat) -> nat:
    return n if m == 0 else two(m - 1, n) + 1
@define
def predicate(n: nat) -> prop:
    return True if n == 0 else not predicate(n - 1)
@define
def direction(n: nat) -> vec:
    return point(0) if n == 0 else direction(n - 1)/2
@define
def unknown(n: nat) -> real:
    return any(0) if n == 0 else unknown(n - 1) + any(n)
@define
def explicit(n: nat) -> real:
    return n**2 + 1
@define
def nested(n: nat) -> nat:
    if n == 0:
        return 0
    return nested(n - 1) + 1 if n > 3 else 7
"""


def test_definitions_of_every_other_kind_are_passed_over() -> None:
    text = "two(n, n) + unknown(n) + explicit(n) + nested(n) <= real_argument(n) + sq(direction(n)) or predicate(n)"
    assert with_closed_forms(read(theorem("n: nat", text, before=OTHERS))).suggestions == ()


def test_a_recurrence_may_use_another_one_that_was_solved() -> None:
    before = "@define\ndef g(n: nat) -> nat:\n    return 1 if n == 0 else g(n - 1) + 2\n"
    found = with_closed_forms(recurrence("0", "f(k) + g(k)", before))
    assert [entry["name"] for entry, _ in found.suggestions] == [f"g{SUFFIX}", f"f{SUFFIX}"]
    assert found.suggestions[1][1].facts == (f"g{SUFFIX}",)
    proved = find_proof(found)
    assert isinstance(proved, dict)
    theory, _, _, _ = read_statement(found.statement)
    for n in range(8):
        assert Evaluator(theory, "exact", {}).holds(found.suggestions[1][0]["conclusion"], {"n": Fraction(n)})


def test_shipped_problems_keep_their_statements() -> None:
    def keeps_its_statement(name: str) -> None:
        problem = shipped.problems()[name]
        found = with_closed_forms(problem)
        assert found.statement == problem.statement
        assert found.lemmas == problem.lemmas
        assert found.definitions[: len(problem.definitions)] == problem.definitions

    shipped.every(list(shipped.problems())[::5], keeps_its_statement)


WRONG = ["0", "n", "n + 1", "f(n + 1)", "power_2(n)", "2*f(n)", "f(n) + 1"]


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_suggestion_never_survives(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The recurrence is f(n) = 2^n - 1; whatever is suggested, nothing false is proved with it."""
    monkeypatch.setattr(algebra, "kernel_text", lambda expression, variable: (text, [Fraction(2)]))
    asked = with_closed_forms(recurrence("0", "2*f(k) + 1"))
    assert asked.suggestions[0][0]["conclusion"] == f"f(n) == {text}"
    assert isinstance(find_proof(asking(asked, f"f(n) == {text}"), Limits(seconds=5)), Unproved)
    allowed = find_proof(asked)
    assert isinstance(allowed, dict)
    assert allowed["witness"]["lemmas"] == []


def test_a_suggestion_that_the_kernel_cannot_read_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(algebra, "kernel_text", lambda expression, variable: ("n ** 65 + 0.5", []))
    assert isinstance(find_proof(with_closed_forms(recurrence("0", "f(k) + 1"))), dict)
