r"""Matching: the terms that are found make the pattern the application."""

from __future__ import annotations

from typing import Any

import pytest

from verify.engines.proof import matching
from verify.kernel.formulas import Scope, Signature
from verify.kernel.theory import Fact

SIGNATURE = {
    "f": Signature(("nat", "real"), "real"),
    "g": Signature(("real",), "real"),
    "h": Signature(("vec", "real"), "real"),
    "c": Signature(("nat",), "nat"),
}
SCOPE = Scope(SIGNATURE).bind("k", "nat").bind("j", "nat").bind("a", "real").bind("b", "real").bind("w", "vec")


def fact(variables: str, conclusion: str, *hypotheses: str) -> Fact:
    pairs = [tuple(part.split(": ")) for part in variables.split(", ")]
    return Fact(tuple((name, sort) for name, sort in pairs), hypotheses, conclusion)


def found(wanted: Fact, *texts: str, all_triggers: bool = False) -> list[dict[str, str]]:
    occurring = matching.occurring([SCOPE.formula(text) for text in texts])
    matches = matching.matches(wanted, SCOPE, occurring, all_triggers=all_triggers)
    return [{name: str(term) for name, term in terms.items()} for terms, _ in matches]


CASES: dict[str, tuple[Fact, str, list[dict[str, str]]]] = {
    "a variable": (fact("x: real", "g(x) >= 0"), "g(a + 1) >= b", [{"x": "1 + a"}]),
    "every application": (fact("x: real", "g(x) >= 0"), "g(a) >= g(b)", [{"x": "a"}, {"x": "b"}]),
    "inside of another application": (fact("x: real", "g(x) >= 0"), "g(g(a)) >= 0", [{"x": "g(a)"}, {"x": "a"}]),
    "a linear pattern": (fact("x: real", "g(2*x + 1) >= 0"), "g(a) >= 0", [{"x": "-1/2 + 1/2*a"}]),
    "a successor": (fact("n: nat, x: real", "f(n + 1, x) >= 0"), "f(k + 3, a) >= 0", [{"n": "2 + k", "x": "a"}]),
    "a natural that would be a half": (fact("n: nat", "c(2*n) >= 0"), "c(k) >= 0", []),
    "a natural that would be an even one": (fact("n: nat", "c(2*n) >= 0"), "c(4*k + 2) >= 0", [{"n": "1 + 2*k"}]),
    "the same variable twice": (fact("x: real", "f(c(2), x + g(x)) >= 0"), "f(c(2), a + g(a)) >= 0", []),
    "two arguments that agree": (fact("n: nat", "f(n, n) >= 0"), "f(k, k) >= 0", [{"n": "k"}]),
    "two arguments that differ": (fact("n: nat", "f(n, n + 1) >= 0"), "f(k, k) >= 0", []),
    "a nested pattern": (fact("x: real", "g(g(x)) >= 0"), "g(g(a + b)) >= 0", [{"x": "a + b"}]),
    "a pattern that is not there": (fact("x: real", "g(g(x)) >= 0"), "g(a) >= 0", []),
    "a vector": (fact("u: vec, x: real", "h(u, x) >= 0"), "h(w, a) >= 0", [{"u": "w", "x": "a"}]),
    "a variable from an equation": (
        fact("n: nat, m: nat, x: real", "f(n, x) >= 0", "m == n + 1"), "f(k, a) >= 0", [{"n": "k", "m": "1 + k", "x": "a"}],
    ),
    "two applications": (
        fact("n: nat, x: real", "c(n) >= g(x)"), "c(j) >= g(b)", [{"n": "j", "x": "b"}],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_terms_at_which_a_fact_speaks_about_what_is_there(name: str) -> None:
    wanted, text, expected = CASES[name]
    matches = found(wanted, text)
    for terms in expected:
        assert terms in matches
    speaking = [terms for terms in matches if instance_occurs(wanted, terms, text)]
    assert speaking == matches or not expected


def instance_occurs(wanted: Fact, terms: dict[str, str], text: str) -> bool:
    """Whether the conclusion of the instance and the text have an application in common."""
    names = {name: SCOPE.term(term) for name, term in terms.items()}
    instance = SCOPE.meaning(names).formula(wanted.conclusion)
    ours, theirs = matching.occurring([instance]), matching.occurring([SCOPE.formula(text)])
    return bool(set(ours) & set(theirs))


def test_a_fact_without_variables_matches_at_once() -> None:
    assert found(Fact((), (), "g(0) >= 0"), "a >= 0") == [{}]


def test_applications_are_listed_outermost_first_and_once() -> None:
    texts = list(matching.occurring([SCOPE.formula("g(g(a) + 1) >= g(a)")]))
    assert texts == ["g(1 + g(a))", "g(a)"]


@pytest.mark.parametrize("text", ["f(k, a) >= 0", "g(a) >= 0 and c(k) >= 1", "h(w, a) == 0 or g(a) > 0"])
def test_matching_is_repeatable(text: str) -> None:
    wanted: list[Any] = [entry for entry, _, _ in CASES.values()]
    assert [found(w, text) for w in wanted] == [found(w, text) for w in wanted]
