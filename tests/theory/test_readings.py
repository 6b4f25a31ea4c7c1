r"""What is remembered of earlier readings is what reading again would give, whatever was changed in between."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from tests.theory.authoring import author, changed
from verify.errors import ClaimError
from verify.kernel.terms import Rejected
from verify.kernel.theory import Theory
from verify.theory import reading, readings
from verify.theory.environment import problem

TEXT = """
claim = Claim("a", title="", statement="", source=cite("grohs2017"))
c = claim.parameter("c", "1/2")
d = claim.parameter("d", "3")
@define
def f(x: real) -> real:
    return c*x + 1
@define
def g(k: nat, x: real) -> real:
    return x if k == 0 else f(g(k - 1, x)) + c**k
@lemma(have=["f(x) >= d"])
def helper(x: real) -> prop:
    return f(x) <= d or f(x) >= d
@lemma(by=induction("k"), using=[helper.at(x="g(k, x) + d")])
def t(k: nat, x: real) -> prop:
    assume(x >= c)
    return g(k, x) >= 0 and units(f(x)) == 0
def f2(x: real) -> real:
    return d*x + 2
def helper2(x: real) -> prop:
    return f(x) >= 0 or f(x) <= d
"""


def variants(module: Any) -> list[Any]:
    return [
        changed({}),
        changed({"c": "1/3"}),
        changed({"d": "5"}),
        changed({"c": "5"}),
        changed(f=module.f2),
        changed({"c": "1/3"}, f=module.f2, helper=module.helper2),
        changed(helper=module.helper2),
    ]


def read(module: Any, changes: Any) -> tuple[Any, ...]:
    found = problem(module.t, changes)
    return found.statement, found.lemmas, found.hints, found.definitions


def test_a_variant_is_read_the_same_after_any_other() -> None:
    """The oracle reads each variant of a module of its own, so that nothing is remembered."""
    fresh = [read(module, variants(module)[i]) for i in range(7) for module in [author(TEXT)]]
    assert len({str(found) for found in fresh}) == 7
    module = author(TEXT)
    changes = variants(module)
    for first, second in itertools.permutations(range(7), 2):
        assert read(module, changes[first]) == fresh[first]
        assert read(module, changes[second]) == fresh[second]


def test_a_text_is_read_once_for_all_variants_that_change_nothing_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    module, read_names = author(TEXT), []
    original = reading.Reader.statements

    def counted(self: Any, body: Any, local: Any) -> Any:
        read_names.append(self.source.name)
        return original(self, body, local)

    monkeypatch.setattr(reading.Reader, "statements", counted)
    problem(module.t)
    assert sorted(read_names) == ["f", "g", "helper", "t"]
    problem(module.t)
    problem(module.t, changed({"d": "5"}))
    assert read_names[4:] == ["helper"]


def test_what_an_author_does_with_a_statement_does_not_change_the_next_one() -> None:
    module = author(TEXT)
    before = problem(module.t).statement
    kept = str(before)
    before["theorem"]["hypotheses"].append("false")
    assert str(problem(module.t).statement) == kept


def test_a_name_that_means_something_else_now_is_asked_for_again() -> None:
    module = author(TEXT)
    assert problem(module.t).statement["definitions"][0]["body"] == "1 / 2 * x + 1"
    module.f.python.__globals__["c"] = 7
    assert problem(module.t).statement["definitions"][0]["body"] == "7 * x + 1"
    del module.f.python.__globals__["c"]
    with pytest.raises(ClaimError, match="c is unknown here"):
        problem(module.t)


def test_a_mistake_is_reported_every_time() -> None:
    module = author("@lemma()\ndef t(x: real) -> prop:\n    return x >= y\n")
    for _ in range(3):
        with pytest.raises(ClaimError, match="y is unknown here"):
            problem(module.t)


def test_the_kernel_is_asked_again_where_a_word_is_declared_otherwise() -> None:
    """The same text about f is accepted for a function of numbers and refused for a function of vectors."""
    entry = {"name": "t", "variables": [["x", "real"]], "hypotheses": [], "conclusion": "f(x) >= 0"}
    theories = []
    for sort in ("real", "vec", "real"):
        theories.append(Theory())
        theories[-1].declare("f", [sort], "real")
    assert readings.state(theories[0], entry) == readings.state(theories[2], entry)
    with pytest.raises(Rejected, match="must be of sort vec"):
        readings.state(theories[1], entry)
    clash = Theory()
    clash.declare("f", ["real"], "real")
    clash.declare("x", [], "real")
    with pytest.raises(Rejected, match="name already in use: x"):
        readings.state(clash, entry)
