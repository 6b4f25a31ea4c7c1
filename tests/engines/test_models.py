r"""Assumptions are proved in a model, or it does not count; and the kernel accepts what is found at its points."""

from __future__ import annotations

from typing import Any

import pytest

from tests.theory.authoring import author, line_of
from verify.engines.falsify import attack
from verify.engines.models import Realization, Unrealized, realize
from verify.engines.proof.workbench import Limits
from verify.errors import ClaimError
from verify.kernel import Accepted, check, digest
from verify.theory.environment import problem
from verify.theory.objects import Changes

Json = Any

LIMITS = Limits(seconds=10)
NOTHING = Changes()

AUTHOR = """
claim = Claim("a", title="", statement="", source=cite("grohs2017"))
c = claim.parameter("c", "2")

@arbitrary
def f(x: vec) -> real: ...
@arbitrary
def gradient(x: vec) -> vec: ...
@arbitrary
def minimizer() -> vec: ...
@arbitrary
def L() -> real: ...
@arbitrary
def other() -> real: ...
@arbitrary
def s(k: nat) -> real: ...

@define
def power(k: nat) -> real:
    return 1 if k == 0 else 2 * power(k - 1)
@define
def shift(x: real) -> real:
    return x + 1
@define
def gain(x: vec) -> real:
    return f(x) - f(x - gradient(x))

@assumption()
def smooth(x: vec, y: vec) -> prop:
    return f(y) <= f(x) + dot(gradient(x), y - x) + L() / 2 * sq(y - x)
@assumption()
def convex(x: vec, y: vec) -> prop:
    return f(y) >= f(x) + dot(gradient(x), y - x)
@assumption()
def growing(k: nat) -> prop:
    return s(k + 1) >= s(k) + 1
@assumption()
def impossible(x: vec) -> prop:
    return f(x) > 0 and f(x) < 0
@assumption()
def least(x: vec) -> prop:
    return f(x) >= f(minimizer())

@lemma(by=induction("k"))
def power_is_large(k: nat) -> prop:
    return power(k) >= shift(0)
@lemma()
def about_other(x: real) -> prop:
    return other() == other()

@lemma(assuming=[smooth, convex])
def descent(x: vec) -> prop:
    return gain(x) >= (1 - L() / 2) * sq(gradient(x))
@lemma(assuming=[smooth, convex])
def wrong(x: vec) -> prop:
    assume(L() <= 1)
    return f(x) >= 1
@lemma(assuming=[growing])
def empty() -> prop:
    assume(s(0) < 1)
    return s(1) == 1
@lemma(assuming=[growing])
def tenfold(k: nat) -> prop:
    return s(k) <= 10
@lemma(using=[about_other], assuming=[growing])
def with_a_lemma(k: nat) -> prop:
    return s(k + 1) >= s(k)
@lemma(assuming=[impossible])
def vacuous(x: vec) -> prop:
    return f(x) == 1
@lemma(assuming=[least])
def positive(x: vec) -> prop:
    return f(x) > f(minimizer())

def bowl(x: vec, y: vec) -> prop:
    return f(y) >= f(x) + dot(gradient(x), y - x) + 1/2 * sq(y - x)
"""
BOWL = '{f: "sq(x)/2", gradient: "x", L: "1"}'


def found(theorem: str, model: str, changes: Changes = NOTHING) -> tuple[Any, Realization | Unrealized]:
    """An author's module with one model, and what becomes of the theorem in it."""
    module = author(f"{AUTHOR}claim.model({model})  # here\n")
    return module, realize(getattr(module, theorem), module.claim.models[0], changes, LIMITS)


def accepted(theorem: str, model: str, kind: str, changes: Changes = NOTHING) -> tuple[Accepted, Json]:
    """What the kernel says of the point that the falsifiers find in the model; the statement is that of the theorem."""
    module, inside = found(theorem, model, changes)
    assert isinstance(inside, Realization), inside
    statement = problem(getattr(module, theorem), changes).statement
    attacked = attack(inside.statement, seed=0, proved=lambda: kind == "instance")
    point = attacked.counterexample if kind == "counterexample" else attacked.instance
    assert point is not None
    certificate = inside.lifted(point, statement)
    return check(certificate, statement_sha256=digest(statement)), certificate


def test_a_theorem_has_an_instance_where_its_assumptions_are_proved() -> None:
    decided, certificate = accepted("descent", BOWL, "instance")
    assert (decided.kind, decided.theorem, decided.holds) == ("instance", "descent", None)
    assert decided.assumptions == ()
    assert len(certificate["witness"]["model"]["proofs"]) == 2


def test_a_false_theorem_is_refuted_where_its_assumptions_are_proved() -> None:
    decided, certificate = accepted("wrong", BOWL, "counterexample")
    assert decided.holds is False
    (x,) = certificate["witness"]["variables"].values()
    assert sum(int(entry) ** 2 for entry in x) < 2


def test_what_the_model_leaves_is_a_table_of_the_point() -> None:
    decided, certificate = accepted("positive", '{f: "0 * sq(x - minimizer())"}', "counterexample")
    assert decided.holds is False
    assert list(certificate["witness"]["parameters"]) == ["minimizer"]


def test_a_model_may_be_a_recursion_with_a_lemma() -> None:
    decided, certificate = accepted("tenfold", "{s: power}, using=[power_is_large]", "counterexample")
    assert decided.holds is False
    assert [entry["name"] for entry in certificate["witness"]["model"]["definitions"]] == ["power", "s"]
    assert 2 ** int(certificate["witness"]["variables"]["k"]) > 10


def test_what_only_a_lemma_of_the_model_mentions_stands_in_the_proof() -> None:
    _, certificate = accepted("tenfold", "{s: power}, using=[power_is_large]", "counterexample")
    (proof,) = certificate["witness"]["model"]["proofs"]
    assert [entry["name"] for entry in proof["definitions"]] in ([], ["shift"])
    assert all(entry["name"] != "power" for entry in proof["definitions"])


def test_without_its_lemma_the_assumption_is_not_proved() -> None:
    _, inside = found("tenfold", "{s: power}")
    assert isinstance(inside, Unrealized)
    assert inside.assumption == "growing"
    assert inside.reason


def test_a_lemma_that_is_not_proved_is_named() -> None:
    """By which the assumption would be."""
    module = author(f"{AUTHOR}claim.model({{s: power}}, using=[power_is_large])\n".replace(">= shift(0)", ">= k + 2"))
    inside = realize(module.tenfold, module.claim.models[0], NOTHING, LIMITS)
    assert isinstance(inside, Unrealized)
    assert inside.assumption == "growing"
    assert "in the lemma power_is_large where k = 0, wanted: -2 + power(0) >= 0" in inside.reason


@pytest.mark.parametrize(
    ("theorem", "model", "assumption"),
    [
        ("descent", '{f: "sq(x)", gradient: "x", L: "1"}', "smooth"),
        ("descent", '{f: "0 - sq(x)/2", gradient: "-x", L: "1"}', "convex"),
        ("descent", '{f: "sq(x)/2", gradient: "x"}', "smooth"),
        ("descent", '{f: "sq(x)/2", L: "1"}', "smooth"),
        ("vacuous", '{f: "sq(x)"}', "impossible"),
        ("vacuous", '{f: "1"}', "impossible"),
        ("vacuous", '{f: "0"}', "impossible"),
        ("vacuous", '{gradient: "x"}', "impossible"),
    ],
)
def test_an_assumption_that_is_not_proved_is_named(theorem: str, model: str, assumption: str) -> None:
    _, inside = found(theorem, model)
    assert isinstance(inside, Unrealized)
    assert inside.assumption == assumption
    assert inside.reason


def test_hypotheses_without_a_point_in_the_model_have_no_instance() -> None:
    """The assumption holds, and s(0) < 1 does not."""
    _, inside = found("empty", '{s: "k + 1"}')
    assert isinstance(inside, Realization)
    attacked = attack(inside.statement, seed=0)
    assert (attacked.counterexample, attacked.instance) == (None, None)


@pytest.mark.parametrize(
    "model", ['{s: "k + 1"}', '{s: "k + 1", other: "5"}', '{s: "k + other()"}', '{s: "2*k", other: "s(3)"}']
)
def test_what_only_the_proof_of_the_theorem_mentions_is_a_parameter_of_its_points_too(model: str) -> None:
    """The lemma ``about_other``: the statement has its parameter."""
    decided, certificate = accepted("with_a_lemma", model, "instance")
    assert decided.kind == "instance"
    assert [name for name, *_ in certificate["statement"]["parameters"]] == ["s", "other"]
    assert ("other" in certificate["witness"]["parameters"]) == ("other:" not in model)


# ------------------------------------------------------------------------------------------------------------ mutants


def test_a_mutant_of_an_assumption_is_proved_as_the_mutant_says() -> None:
    module = author(f"{AUTHOR}claim.model({BOWL})\n")
    changes = Changes(replaced={"convex": module.bowl}, objects=(module.convex,))
    inside = realize(module.wrong, module.claim.models[0], changes, LIMITS)
    assert isinstance(inside, Realization)
    statement = problem(module.wrong, changes).statement
    assert "1 / 2 * sq(y - x)" in statement["assumptions"][1]["conclusion"]
    point = attack(inside.statement, seed=0).counterexample
    assert point is not None
    assert check(inside.lifted(point, statement), statement_sha256=digest(statement)).holds is False


def test_a_model_that_a_mutant_of_a_parameter_spoils_does_not_count() -> None:
    module = author(f'{AUTHOR}claim.model({{f: "c*sq(x)/4", gradient: "x", L: "1"}})\n')
    assert isinstance(realize(module.descent, module.claim.models[0], NOTHING, LIMITS), Realization)
    changes = Changes({"c": c} if (c := module.c.value * 2) else {}, objects=(module.c,))
    assert isinstance(realize(module.descent, module.claim.models[0], changes, LIMITS), Unrealized)


# ----------------------------------------------------------------------------------------------------------- mistakes


def line_of_the_model() -> int:
    return line_of(f"{AUTHOR}claim.model()  # here\n")


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        ('{f: "-"*5000 + "L()"}', "an expression of this model is too long; divide it by definitions$"),
        ('{f: "f(x)"}', "this model goes round in a circle: f by f"),
        ('{f: "x"}', "the model cannot put 'x' for f: f must have sort real"),
    ],
)
def test_a_mistake_is_said_at_the_line_of_the_model(model: str, sentence: str) -> None:
    with pytest.raises(ClaimError, match=sentence) as caught:
        found("descent", model)
    assert caught.value.place is not None
    assert caught.value.place.line == line_of_the_model()


def test_a_lemma_about_a_parameter_that_the_model_defines_may_be_used() -> None:
    assert isinstance(found("descent", BOWL[:-1] + ', other: "1"}, using=[about_other]')[1], Realization)


def test_a_lemma_about_a_parameter_that_the_theorem_does_not_have_does_not_count() -> None:
    _, inside = found("descent", f"{BOWL}, using=[about_other]")
    assert isinstance(inside, Unrealized)
    assert inside.reason == (
        "a lemma of this model speaks of other, which the theorem does not mention; say in the model what it is"
    )


def test_a_text_about_a_parameter_that_the_theorem_does_not_have_does_not_count() -> None:
    """The point of a certificate gives values to the parameters of its statement, and to no others."""
    _, inside = found("descent", '{f: "sq(x)/2 + other()", gradient: "x", L: "1"}')
    assert isinstance(inside, Unrealized)
    assert "this model speaks of other, which descent does not mention" in inside.reason
    assert isinstance(found("descent", '{f: "sq(x)/2 + other()", gradient: "x", L: "1", other: "3"}')[1], Realization)


MATRICES = """
claim = Claim("a", title="", statement="", source=cite("grohs2017"))
n, m = dimensions("n m")

@arbitrary
def X() -> mat[n, m]: ...
@arbitrary
def Y() -> mat[n, m]: ...

@assumption()
def least(A: mat[n, n]) -> prop:
    return sq(X() - Y()) <= sq(A @ X() - Y())
@lemma()
def square(B: mat[n, m]) -> prop:
    return sq(B) >= 0
@lemma(using=[square.at(B="A @ X() - Y()")])
def nothing_is_less(A: mat[n, n]) -> prop:
    return 0 <= sq(A @ X() - Y())
@lemma(assuming=[least])
def minimal(A: mat[n, n]) -> prop:
    return sq(X() - Y()) <= sq(A @ X() - Y())

claim.model({Y: "X()"})
claim.model({Y: "X()"}, using=[nothing_is_less])
"""


def test_a_lemma_about_matrices_is_used_at_the_variables_of_the_assumption() -> None:
    """Matching finds no matrices: they are arguments of no function."""
    module = author(MATRICES)
    without, inside = (realize(module.minimal, model, NOTHING, LIMITS) for model in module.claim.models)
    assert isinstance(without, Unrealized)
    assert without.assumption == "least"
    assert isinstance(inside, Realization), inside
