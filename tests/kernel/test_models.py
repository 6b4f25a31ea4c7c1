r"""A point of a theorem under assumptions lies in a model, in which every assumption has been proved: nothing else counts.

What is refused here is one step away from a document of ``models``, and says why.  Which numbers make an assumption true
of an affine function is decided a second time, by its values at the ends of an interval.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernel.documents import (
    Json,
    Proof,
    arithmetic,
    assume,
    by_shape,
    counterexample,
    define,
    edited,
    instance,
    lemma,
    satisfied,
    table,
    unfold,
)
from tests.kernel.models import ABOVE, ALWAYS, COUNT, COUNTED, F, FORWARD, GROWING, IN_MODELS, LINE, POSITIVE, SQUARE
from tests.kernel.models import SQUARES, STEPS, at_one, by, placed
from tests.kernel.test_adversarial import ATTACKS as OTHERS
from tests.kernel.test_adversarial import Attack, accepts, changed, lacking, refused
from tests.kernel.test_rules import N_REAL
from verify.kernel import canonical, check, read

ONE = at_one()
TWO = IN_MODELS["two assumptions about a recursion"]
HELPED = IN_MODELS["an assumption by a lemma and a definition of its proof"]
DOUBLED = IN_MODELS["a definition of the statement after the parameter that it uses"]
CITED = IN_MODELS["a cited assumption that is a theorem of the model"]
MODEL, PROOFS, DEFINED = ("witness", "model"), ("witness", "model", "proofs"), ("witness", "model", "definitions")


def of_square(assumption: Json, proof: Json, *definitions: Json, **more: Any) -> Json:
    """The point x = 1 under one assumption about f, which is the square plus c() unless told otherwise."""
    parts = {**FORWARD, "assumptions": [assumption], **more}
    return placed(satisfied("f(x) > c()", {"x": "1"}, "x: real", **parts), list(definitions) or [SQUARE], proof)


def about_counting(assumptions: list[Json], *proofs: Json) -> Json:
    """k = 3, where s counts by twos."""
    document = counterexample("s(k) <= 5", {"k": "3"}, "k: nat", parameters=[COUNT], assumptions=assumptions)
    return placed(document, [COUNTED], *proofs)


def below(number: str) -> Json:
    """The square, proved to be nowhere below this number."""
    proof = by([unfold("f(x)", "d"), arithmetic(equations={"d": "1"}, squares={"x": "1"})])
    square = define("f(x: real) -> real", "x**2")
    return of_square(assume("a", f"f(x) >= {number}", "x: real"), proof, square)


def of_naturals(definition: Json) -> Json:
    """A natural number that is positive and below 2: by this definition it is."""
    positive = assume("a", "n(x) > 0", "x: real")
    document = counterexample("n(x) >= 2", {"x": "0"}, "x: real", parameters=[N_REAL], assumptions=[positive])
    return placed(document, [definition], by([unfold("n(x)", "d"), arithmetic(equations={"d": "1"})]))


ITSELF = by([instance("above", {"x": "x"}, "i"), {"rule": "exact", "by": "i"}])
FIRST_USED = by([instance("steps", {"k": "k"}, "i"), arithmetic("1 i")])
CLAIMED = lemma("above", "f(x) >= c()", [{"rule": "exact", "by": "h1"}], "x: real", ["f(x) >= c()"])
NONNEGATIVE = assume("nonnegative", "f(x) >= 0", "x: real")
WITH_C = by([unfold("f(x)", "d"), unfold("c()", "e"), arithmetic(equations={"d": "1", "e": "1"}, squares={"x": "1"})])
CONTRADICTORY = [assume("above", "f(x) > 0", "x: real"), assume("below", "f(x) < 0", "x: real")]

ATTACKS = [
    # -------------------------------------------------------------------------------------------- what is to be proved
    lacking("a point under assumptions lies in a model", ONE, *MODEL),
    lacking("a model has definitions", ONE, *DEFINED),
    lacking("a model has proofs", ONE, *PROOFS),
    changed("expected the fields", "a model has nothing else", ONE, *MODEL, "trust", to="me"),
    changed("expected the fields", "a model is no list of proofs", ONE, *MODEL, to=[by(SQUARES)]),
    changed("expected a list of 1", "every assumption has a proof", ONE, *PROOFS, to=[]),
    changed("expected a list of 2", "every one of two assumptions has a proof", TWO, *PROOFS, to=[by(GROWING)]),
    changed("expected a list of 1", "there are no more proofs than assumptions", ONE, *PROOFS, to=2 * [by(SQUARES)]),
    changed("expected a list of 1", "the proofs are a list", ONE, *PROOFS, to={"above": by(SQUARES)}),
    changed("the proof ends before its goal", "a proof proves something", ONE, *PROOFS, 0, "proof", to=[]),
    changed("expected the fields", "an assumption is not just true", ONE, *PROOFS, 0, to=True),
    changed(
        "the identity fails", "proofs have the order of the assumptions", TWO, *PROOFS, to=[by(ALWAYS), by(GROWING)]
    ),
    changed(
        "the identity fails", "the proof of one assumption is not that of another", TWO, *PROOFS, 1, to=by(GROWING)
    ),
    Attack(
        "an assumption that is false in the model has no proof",
        "the remainder -1 is too small",
        below("1"),
        below("0"),
    ),
    changed("no such fact: above", "an assumption is not a fact of its model", ONE, *PROOFS, 0, to=ITSELF),
    changed("no such fact: steps", "an assumption does not follow from the one before", TWO, *PROOFS, 1, to=FIRST_USED),
    changed(
        "no such fact",
        "a lemma with the name of an assumption proves only itself",
        ONE,
        *PROOFS,
        0,
        to=by([instance("below", {"x": "x"}, "i"), {"rule": "exact", "by": "i"}], lemmas=[CLAIMED]),
    ),
    changed(
        "the proof ends before its goal",
        "a lemma with the name of an assumption is shown",
        ONE,
        *PROOFS,
        0,
        to=by(SQUARES, lemmas=[{**CLAIMED, "hypotheses": [], "proof": []}]),
    ),
    changed(
        "the proof ends before its goal",
        "a cited assumption is proved like any other",
        CITED,
        *PROOFS,
        0,
        "proof",
        to=[],
    ),
    lacking("the statement says whether an assumption is cited", CITED, "statement", "assumptions", 0, "source"),
    Attack(
        "contradictory assumptions have no model",
        "the remainder -1 is too small",
        placed(
            satisfied("true", {}, parameters=[F], assumptions=CONTRADICTORY),
            [define("f(x: real) -> real", "1")],
            by([unfold("f(x)", "d"), arithmetic(equations={"d": "1"})]),
            by([unfold("f(x)", "d"), arithmetic(equations={"d": "-1"})]),
        ),
        placed(
            satisfied("true", {}, parameters=[F], assumptions=CONTRADICTORY[:1]),
            [define("f(x: real) -> real", "1")],
            by([unfold("f(x)", "d"), arithmetic(equations={"d": "1"})]),
        ),
    ),
    Attack(
        "an assumption that is false of everything has no model",
        "the remainder 0 is too small",
        of_square(assume("absurd", "f(x) > f(x)", "x: real"), by([arithmetic()])),
        of_square(assume("evident", "f(x) >= f(x)", "x: real"), by([arithmetic()])),
    ),
    # -------------------------------------------------------------------------------- what is left is really arbitrary
    Attack(
        "an assumption is proved for every value of a parameter that the model leaves",
        "the identity fails by .*c\\(\\)",
        of_square(NONNEGATIVE, by(SQUARES)),
        of_square(NONNEGATIVE, WITH_C, define("c() -> real", "1"), SQUARE, tables={}),
    ),
    Attack(
        "the table of a parameter is no reason for an assumption",
        "not a defined function: c",
        of_square(NONNEGATIVE, WITH_C, tables={"c": table("1")}),
        of_square(NONNEGATIVE, WITH_C, define("c() -> real", "1"), SQUARE, tables={}),
    ),
    changed(
        "defined twice: c",
        "a proof does not define a parameter that the model leaves",
        of_square(ABOVE, by(SQUARES)),
        *PROOFS,
        0,
        "definitions",
        to=[define("c() -> real", "0")],
    ),
    changed(
        "defined twice: f",
        "a proof does not define a parameter again",
        ONE,
        *PROOFS,
        0,
        "definitions",
        to=[define("f(x: real) -> real", "1 + c()")],
    ),
    changed(
        "defined twice: root",
        "a proof does not define what it has defined",
        HELPED,
        *PROOFS,
        0,
        "definitions",
        to=2 * [define("root(x: real) -> real", "x")],
    ),
    # ---------------------------------------------------------------------------------------------------- definitions
    Attack(
        "a model does not change a definition of the statement",
        "a model keeps all definitions",
        edited(DOUBLED, (*DEFINED, 1, "body"), "f(x) - f(x)"),
        DOUBLED,
    ),
    changed("a model keeps all definitions", "a model leaves out no definition", DOUBLED, *DEFINED, to=[SQUARE]),
    changed("a model keeps all definitions", "a model is not without definitions", DOUBLED, *DEFINED, to=[]),
    changed(
        "a model keeps all definitions",
        "a definition keeps the names of its variables",
        DOUBLED,
        *DEFINED,
        1,
        to=define("twice(y: real) -> real", "f(y) + f(y)"),
    ),
    changed("defined twice: twice", "a definition stands in a model once", DOUBLED, *DEFINED, to=[SQUARE, LINE, LINE]),
    changed("unknown function: f", "a definition stands after what it uses", DOUBLED, *DEFINED, to=[LINE, SQUARE]),
    changed("defined twice: f", "a model defines a parameter once", ONE, *DEFINED, to=[SQUARE, SQUARE]),
    changed(
        "defined twice: f",
        "a model does not define a parameter in two ways",
        ONE,
        *DEFINED,
        to=[define("f(x: real) -> real", "0 - x**2"), SQUARE],
    ),
    changed(
        "defined twice: relu",
        "a model does not change what every theory knows",
        ONE,
        *DEFINED,
        to=[define("relu(t: real) -> real", "t"), SQUARE],
    ),
    changed("expected a list, found", "the definitions are a list", ONE, *DEFINED, to={}),
    changed("malformed", "a definition has a name", ONE, *DEFINED, 0, to="f"),
    changed("malformed", "a definition is found by its name", ONE, *DEFINED, 0, "name", to=["f"]),
    changed("unknown function: g", "a model speaks of what is there", ONE, *DEFINED, 0, "body", to="x**2 + g(x)"),
    changed("unknown name: y", "a model has no free variables", ONE, *DEFINED, 0, "body", to="x**2 + y"),
    changed(
        "not a primitive recursion", "a function is not defined by itself", ONE, *DEFINED, 0, "body", to="f(x) + c()"
    ),
    changed(
        "not a primitive recursion",
        "a recursion goes down",
        TWO,
        *DEFINED,
        0,
        "body",
        to=by_shape("k", "0", "s(k + 1) + 2"),
    ),
    changed(
        "unknown function: g",
        "two functions are not defined by each other",
        ONE,
        *DEFINED,
        to=[define("f(x: real) -> real", "g(x)"), define("g(x: real) -> real", "f(x)")],
    ),
    changed(
        "name already in use: x",
        "a model does not take the name of a variable of the theorem",
        ONE,
        *DEFINED,
        to=[SQUARE, define("x() -> real", "0")],
    ),
    *(
        changed("the model has other sorts for f", sentence, ONE, *DEFINED, 0, to=define(signature, body))
        for sentence, signature, body in (
            ("a parameter keeps the sort of its argument", "f(x: nat) -> real", "x + c()"),
            ("a parameter keeps the sort of its value", "f(x: real) -> nat", "1"),
            ("a parameter is no predicate of a model", "f(x: real) -> prop", "x >= c()"),
            ("a parameter keeps its arguments", "f(x: real, y: real) -> real", "x**2 + c()"),
            ("a parameter keeps an argument", "f() -> real", "c()"),
        )
    ),
    Attack(
        "a natural is no fraction in a model",
        "the model has other sorts for n",
        of_naturals(define("n(x: real) -> real", "3/2")),
        of_naturals(define("n(x: real) -> nat", "1")),
    ),
    changed(
        "the model has other sorts for c",
        "the last parameter keeps its sorts, too",
        of_square(ABOVE, by(SQUARES)),
        *DEFINED,
        to=[define("c(x: real) -> real", "0"), define("f(x: real) -> real", "x**2 + c(x)")],
    ),
    # ---------------------------------------------------------------------------------------------------------- points
    changed(
        "expected the fields",
        "a parameter that the model defines has no table",
        ONE,
        "witness",
        "parameters",
        "f",
        to=table("9"),
    ),
    lacking("a parameter that the model leaves has a table", ONE, "witness", "parameters", "c"),
    Attack(
        "a table does not overrule the model",
        "the conclusion holds at this point",
        at_one(counterexample, value="1"),
        at_one(counterexample, value="0"),
    ),
    Attack(
        "an instance satisfies the hypotheses in the model",
        "the hypotheses do not hold at this point",
        at_one(hypotheses=["f(x) >= 9"]),
        at_one(hypotheses=["f(x) >= 8"]),
    ),
    Attack(
        "a counterexample satisfies the hypotheses in the model",
        "the hypotheses do not hold at this point",
        at_one(counterexample, value="0", hypotheses=["f(x) >= 8"]),
        at_one(counterexample, value="0", hypotheses=["f(x) >= 7"]),
    ),
    Attack(
        "assumptions are not shown by rounding",
        "the logic speaks of real numbers, not of binary64",
        at_one(arithmetic="binary64"),
        ONE,
    ),
    Attack(
        "a point of a theorem without assumptions lies in no model",
        "expected the fields",
        at_one(assumptions=[], tables={"f": table("8"), "c": table("7")}),
        satisfied(
            "f(x) > c()",
            {"x": "1"},
            "x: real",
            **{**FORWARD, "assumptions": [], "tables": {"f": table("8"), "c": table("7")}},
        ),
    ),
    Attack(
        "a theorem lies in no model",
        "expected the fields",
        {**ONE, "kind": "theorem"},
        ONE,
    ),
]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.sentence)
def test_an_attack_is_refused_for_its_reason_and_its_twin_is_accepted(attack: Attack) -> None:
    refused(attack.document, attack.refusal, attack.reason)
    assert check(attack.twin)


def test_the_attacks_have_different_names() -> None:
    """From all others, too: they are tried together on mutants of the kernel."""
    names = [attack.sentence for attack in (*ATTACKS, *OTHERS)]
    assert len(set(names)) == len(names)


def test_steps_of_proofs_are_counted() -> None:
    """Two unfoldings, two identities and what an induction instantiates."""
    more = check(TWO).steps - check(about_counting([STEPS], by(GROWING))).steps
    assert more == 5
    assert (
        check(about_counting([STEPS, POSITIVE], by(GROWING), by(ALWAYS))).statement_sha256
        == check(TWO).statement_sha256
    )


def test_at_a_point_nothing_is_taken_for_granted() -> None:
    assert check(ONE).assumptions == check(CITED).assumptions == ()


def test_the_model_is_no_part_of_the_statement() -> None:
    """What is known by its digest is the theorem, whatever shows that it is not vacuous."""
    constant = by([unfold("f(x)", "d"), arithmetic(equations={"d": "1"})])
    other = of_square(ABOVE, constant, define("f(x: real) -> real", "c()"))
    assert check(ONE).statement_sha256 == check(other).statement_sha256
    assert check(ONE).holds is None
    assert check(at_one(counterexample, value="0")).holds is False


def test_golden_bytes() -> None:
    """What the engines found for a step against the gradient: f is smooth, as a parabola is."""
    path = Path(__file__).parent / "certificates" / "parabola.json"
    assert path.read_bytes() == canonical(read(path))
    accepted = check(read(path))
    assert (accepted.theorem, accepted.kind) == ("against_the_gradient", "instance")
    assert accepted.assumptions == ()
    assert accepted.statement_sha256 == "ca60505d5e8a8d3a80d50f182249437cabe05456e7672c1dbbb1d6553f1781bb"


# --------------------------------------------------------------------------------------------------- a second opinion

NUMBERS = st.fractions(min_value=-3, max_value=3, max_denominator=4)
POINTS = st.fractions(min_value=-2, max_value=3, max_denominator=3)


def least(slope: Fraction, constant: Fraction, start: Fraction, end: Fraction) -> Fraction:
    """The least value of ``slope * x + constant`` where x lies between two numbers."""
    return constant + (slope * start if slope >= 0 else slope * end)


def affine(slope: Fraction, constant: Fraction, at: str = "x") -> str:
    return f"({slope})*{at} + ({constant})"


def on_an_interval(slope: Fraction, constant: Fraction, start: Fraction, end: Fraction) -> Proof:
    """An affine function is a combination of x - start and end - x, by its values at the ends: the only such proof there is,
    whether they are nonnegative or not."""
    low, high = ((slope * x + constant) / (end - start) for x in (start, end))
    return [unfold("f(x)", "d"), arithmetic(f"{high} h1", f"{low} h2", equations={"d": "1"})]


@settings(max_examples=100, deadline=None, derandomize=True)
@given(*6 * [NUMBERS], POINTS, st.booleans(), st.booleans(), st.sampled_from([(0, 1), (-1, 2), (1, 3)]))
def test_a_point_is_accepted_where_the_assumption_and_the_hypothesis_hold(
    a: Fraction,
    b: Fraction,
    p: Fraction,
    q: Fraction,
    low: Fraction,
    high: Fraction,
    y: Fraction,
    refutes: bool,
    honest: bool,
    ends: tuple[int, int],
) -> None:
    """The assumption: f(x) >= a x + b on an interval.  The model: f(x) = p x + q.  The theorem: f(y) <= high if
    f(y) >= low.  A proof that is not honest leaves out the signs that it would need."""
    start, end = map(Fraction, ends)
    above = assume("above", f"f(x) >= {affine(a, b)}", "x: real", [f"x >= {start}", f"{end} - x >= 0"])
    proof = on_an_interval(p - a, q - b, start, end)
    if not honest:
        proof[1]["products"] = [[c.removeprefix("-"), labels] for c, labels in proof[1]["products"]]
    document = placed(
        (counterexample if refutes else satisfied)(
            f"f(y) <= {high}", {"y": str(y)}, "y: real", [f"f(y) >= {low}"], parameters=[F], assumptions=[above]
        ),
        [define("f(x: real) -> real", affine(p, q))],
        by(proof),
    )
    value = p * y + q
    sound = least(p - a, q - b, start, end) >= 0 and value >= low and (value > high or not refutes)
    assert accepts(document) == sound
