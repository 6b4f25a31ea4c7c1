r"""Certificates of worst cases: what is accepted is true, and every forgery is refused with a sentence.

The oracle is a semidefinite program of its own (``tests.kernel.worst_cases``).
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction as F
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from tests.kernel.strictness import assert_fields_are_exact, edited
from tests.kernel.worst_cases import (
    EXAMPLES,
    HUBER,
    Relaxation,
    attained,
    bounded,
    certificate,
    convex,
    descent,
    is_true,
    multipliers,
    nonconvex,
    not_attained,
    projection,
    quadratic,
    resolvent,
    squared,
    statement,
    too_small,
)
from verify.kernel import Rejected, canonical, check, read, statement_text

Json = Any
CERTIFICATES = Path(__file__).parent / "certificates"
HOLDS = {"not attained": False, "too small": False}

# ------------------------------------------------------------------------------------------------- what is accepted


@pytest.mark.parametrize("name", EXAMPLES)
def test_good_certificates_are_accepted_and_true(name: str) -> None:
    document = EXAMPLES[name]()
    holds = check(document).holds
    assert holds is HOLDS.get(name, True)
    assert is_true(document["statement"]) is holds


@pytest.mark.parametrize("name", ["convex", "nonconvex", "quadratic", "resolvent", "projection", "bounded"])
def test_the_rates_of_the_examples_are_the_best(name: str) -> None:
    """So that a checker that accepts a smaller rate would accept something false."""
    stated = EXAMPLES[name]()["statement"]
    assert Relaxation(stated).excess() == pytest.approx(0, abs=1e-6)
    assert not is_true({**stated, "rate": str(F(stated["rate"]) * F(99, 100))})


@pytest.mark.parametrize("steps", [1, 2, 5, 20])
def test_closed_forms_of_gradient_descent_are_accepted_for_any_number_of_steps(steps: int) -> None:
    assert check(convex(steps)).holds and check(nonconvex(steps)).holds


@pytest.mark.parametrize("example", [convex, nonconvex])
@pytest.mark.parametrize("steps", [1, 5, 20])
def test_a_rate_that_is_smaller_by_a_billionth_is_refused(example: Any, steps: int) -> None:
    document = example(steps)
    document["statement"]["rate"] = str(F(document["statement"]["rate"]) - F(1, 10**9))
    with pytest.raises(Rejected, match=r"numbers are left|not positive semidefinite"):
        check(document)


def test_a_theorem_that_is_not_checked_is_named() -> None:
    assert check(convex()).assumptions == ()
    assert [source for _, source in check(too_small()).assumptions] == [
        "Taylor, Hendrickx, Glineur 2017, Smooth strongly convex interpolation, Theorem 4"
    ]


def of_length_one() -> Json:
    """The same bound where x* has length 1, which needs an instance: f = 0 at x* = x_0."""
    document = bounded()
    document["statement"]["equations"].append([["1", "xs", "xs"], ["-1"]])
    document["witness"]["equations"].append("0")
    gram = [["1", "1", "0"], ["1", "1", "0"], ["0", "0", "0"]]
    document["witness"]["instance"] = {"gram": gram, "values": {"fs": "0", "f0": "0", "s": "0"}}
    return document


def test_conditions_that_zero_does_not_satisfy_need_an_instance() -> None:
    assert dict(check(bounded()).facts)["satisfied"] == "at zero"
    document = of_length_one()
    assert dict(check(document).facts)["satisfied"] == "by an instance"
    forged = {
        "values.s": ("1", "an equation does not hold"),
        "values.f0": ("1", "the relation f pair 0 1 does not hold"),
        "gram.0.0": ("4", "a condition does not hold"),
        "gram.0": (["1", "1/2", "0"], "a matrix is not symmetric"),
        "gram.1.1": ("0", "not positive semidefinite"),
        "gram.2.2": ("10", "the relation f bound 1 does not hold"),
    }
    for path, (value, sentence) in forged.items():
        with pytest.raises(Rejected, match=sentence):
            check(edited(document, f"witness.instance.{path}", value))
    del document["witness"]["instance"]
    with pytest.raises(Rejected, match="expected the fields"):
        check(document)


def test_conditions_that_contradict_each_other_bound_nothing() -> None:
    """Multipliers of them would prove anything."""
    document = bounded()
    document["statement"] |= {"rate": "0", "conditions": [[["-1"]]], "initial": []}
    document["witness"] |= {"conditions": ["100"], "instance": of_length_one()["witness"]["instance"]}
    with pytest.raises(Rejected, match="a condition does not hold"):
        check(document)


def test_what_was_decided_is_said_in_words() -> None:
    assert statement_text(convex(1)["statement"]) == [
        "f1 - fs is at most 1/6 * (|x0|^2 - 2 <x0, xs> + |xs|^2), in the worst case",
        "f: curvature L = 1, mu = 0",
        "x0 is a vector",
        "xs is a vector",
        "zero = 0",
        "zero is a (sub)gradient of f at xs, fs its value",
        "g0 is a vector",
        "g0 is a (sub)gradient of f at x0, f0 its value",
        "x1 = x0 - g0",
        "g1 is a vector",
        "g1 is a (sub)gradient of f at x1, f1 its value",
    ]
    title, *_, last = statement_text(bounded()["statement"])
    assert title == "s - fs is at most 3 * (1), in the worst case"
    assert last == "s - f0 = 0"
    assert statement_text(nonconvex(1)["statement"])[0].startswith("min(|g0|^2, |g1|^2) is at most 4/5 * (f0 - fs)")
    assert "in some case" in statement_text(attained()["statement"])[0]


def test_golden_bytes() -> None:
    for name, example in (("worst_case", convex), ("worst_case_gram", too_small)):
        path = CERTIFICATES / f"{name}.json"
        assert path.read_bytes() == canonical(example())
        assert check(read(path)).holds is (example is convex)


# ----------------------------------------------------------------------------------------------- what is refused


MATRIX = "not positive semidefinite"
FORGERIES = {
    "a smaller class": (convex, "statement.functions.0.2.mu", "-1/10", MATRIX),
    "a larger class": (convex, "statement.functions.0.2.L", "101/100", MATRIX),
    "an infinite curvature": (convex, "statement.functions.0.2.L", "inf", MATRIX),
    "mu more than L": (convex, "statement.functions.0.2.mu", "2", "L is more than 0 and mu"),
    "L is 0": (convex, "statement.functions.0.2", {"mu": "-1", "L": "0"}, "L is more than 0 and mu"),
    "an infinite mu": (convex, "statement.functions.0.2.mu", "inf", "not an exact number"),
    "a class without L": (convex, "statement.functions.0.2", {"mu": "0"}, "parameters of curvature"),
    "a parameter that is unknown": (convex, "statement.functions.0.2.R", "1", "parameters of curvature"),
    "an unknown class": (convex, "statement.functions.0.1", "smooth", "unknown class"),
    "an operator has no values": (convex, "statement.functions.0", ["f", "operator", {"mu": "0"}], "a value is given"),
    "a shorter step": (convex, "statement.program.6.2.1.0", "-9/10", MATRIX),
    "a step along another gradient": (convex, "statement.program.9.2.1.1", "g0", MATRIX),
    "a gradient at another point": (convex, "statement.program.8.2", "x0", MATRIX),
    "a point that is no minimizer": (convex, "statement.program.3.3", "x0", MATRIX),
    "a gradient that is unknown": (convex, "statement.program.5.3", "g7", "no such vectors"),
    "a vector that comes later": (convex, "statement.program.6.2.0.1", "x2", "malformed: KeyError"),
    "a name twice": (convex, "statement.program.1.1", "x0", "introduced twice: x0"),
    "a value twice": (convex, "statement.program.8.4", "f0", "introduced twice: f0"),
    "a value named as a vector": (convex, "statement.program.8.4", "x0", "introduced twice: x0"),
    "a name that is none": (convex, "statement.program.0.1", "x 0", "not a name"),
    "an unknown command": (convex, "statement.program.0", ["point", "x0"], "not a command"),
    "a command with too much": (convex, "statement.program.0", ["vector", "x0", "y0"], "not a command"),
    "a function that is unknown": (convex, "statement.program.5.1", "h", "malformed: KeyError"),
    "a relation that is unknown": (convex, "statement.relation", "less", "the relation is at most or attained"),
    "no performance": (convex, "statement.performance", [], "there is no performance"),
    "another performance": (convex, "statement.performance.0.0.1", "f1", "numbers are left"),
    "more performance": (convex, "statement.performance.0.0.0", "11/10", "numbers are left"),
    "a constant more": (convex, "statement.performance.0", [["1", "f2"], ["-1", "fs"], ["1/100"]], "constant"),
    "a performance that is unknown": (convex, "statement.performance.0.0.1", "x1", "unknown: x1"),
    "a product of numbers": (convex, "statement.performance.0.0", ["1", "f1", "f2"], "unknown: f1 f2"),
    "a smaller initial quantity": (convex, "statement.initial", [["1", "x0", "x0"]], MATRIX),
    "a smaller rate": (convex, "statement.rate", "99/1000", MATRIX),
    "a negative rate": (convex, "statement.rate", "-1/10", MATRIX),
    "a bare rate": (convex, "statement.rate", 0.1, "a number must be a string"),
    "a multiplier": (convex, "witness.multipliers.0.1", "1/3", "numbers are left"),
    "a negative multiplier": (convex, "witness.multipliers.0.1", "-1/4", "the multiplier of f pair 1 2 is negative"),
    "a multiplier of another pair": (convex, "witness.multipliers.0.0", "f pair 2 1", "numbers are left"),
    "a multiplier of no pair": (convex, "witness.multipliers.0.0", "f pair 1 4", "no point or lower bound 4"),
    "a multiplier of a negative place": (convex, "witness.multipliers.0.0", "f pair 1 -1", "no point or lower bound"),
    "a multiplier of one point": (convex, "witness.multipliers.0.0", "f pair 1", "of the wrong number of points"),
    "a multiplier of a relation that is not stated": (convex, "witness.multipliers.0.0", "f bound 1", "no parameter"),
    "a multiplier of an unknown relation": (convex, "witness.multipliers.0.0", "f cocoercive 1 2", "has no relation"),
    "a multiplier of an unknown function": (convex, "witness.multipliers.0.0", "h pair 1 2", "no such function"),
    "a lower bound that is not there": (convex, "witness.multipliers.0.0", "f lower 1 0", "no point or lower bound"),
    "a bare multiplier": (convex, "witness.multipliers.0.1", 1, "a number must be a string"),
    "a condition that is not there": (convex, "witness.conditions", ["1"], "expected a list of 0"),
    "an equation that is not there": (convex, "witness.equations", ["1"], "expected a list of 0"),
    "a matrix of no quadratic": (convex, "witness.matrices", [["f", []]], "a matrix for quadratics only"),
    "a weight": (convex, "witness.weights", ["11/10"], "weights are not negative"),
    "no weight": (convex, "witness.weights", ["0"], "weights are not negative"),
    "a negative weight": (nonconvex, "witness.weights", ["5/4", "1/4", "-1/2"], "weights are not negative"),
    "weights of one point less": (nonconvex, "witness.weights", ["1/4", "3/4"], "expected a list of 3"),
    "other weights": (nonconvex, "witness.weights", ["3/8", "3/8", "1/4"], MATRIX),
    "a lower bound elsewhere": (nonconvex, "witness.multipliers.2.0", "f lower 1 0", "numbers are left"),
    "no lower bound": (nonconvex, "statement.program.1", ["value", "fs"], "no point or lower bound"),
    "a matrix that is indefinite": (quadratic, "witness.matrices.0.1.0.1", "1", "a matrix is not symmetric"),
    "a negative matrix": (quadratic, "witness.matrices.0.1.1.1", "-400/121", "the matrix of q"),
    "a matrix that is larger": (quadratic, "witness.matrices.0.1.1.1", "401/121", MATRIX),
    "a matrix that is short": (quadratic, "witness.matrices.0.1", [["400/121"]], "expected a list of 2"),
    "a matrix of an unknown function": (quadratic, "witness.matrices.0.0", "f", "malformed: KeyError"),
    "a larger class of quadratics": (quadratic, "statement.functions.0.2.mu", "9/100", MATRIX),
    "no strong monotonicity": (resolvent, "statement.functions.0.2.mu", "-1/10", MATRIX),
    "another parameter": (resolvent, "statement.functions.0.2", {"beta": "0"}, "no parameter is stated for monotone"),
    "a negative constant": (resolvent, "statement.functions.0.2", {"mu": "0", "L": "-1"}, "a negative bound"),
    "too large a multiplier": (resolvent, "witness.multipliers.0.1", "4", MATRIX),
    "a forward step": (resolvent, "statement.program.2.2.1.0", "3/2", MATRIX),
    "a value of an operator": (resolvent, "statement.program.3", ["at", "A", "y0", "g0", "v"], "a value is given"),
    "a lower bound of an operator": (resolvent, "statement.program.3", ["lower", "A", "v"], "so no lower bound"),
    "a larger diameter": (projection, "statement.functions.0.2.D", "21/10", "the constant that is left"),
    "a negative diameter": (projection, "statement.functions.0.2.D", "-2", "a negative bound"),
    "no diameter": (projection, "statement.functions.0.2", {}, "no parameter is stated for diameter"),
    "a larger bound of subgradients": (bounded, "statement.functions.0.2.M", "31/10", "the constant that is left"),
    "a weaker condition": (bounded, "statement.conditions.0.0.0", "2", "the constant that is left"),
    "no condition": (bounded, "statement.conditions", [], "expected a list of 0"),
    "a condition with a negative multiplier": (bounded, "witness.conditions.0", "-3/2", "of a condition is negative"),
    "an equation of another number": (bounded, "statement.equations.0.1.1", "fs", "numbers are left"),
    "an equation with another multiplier": (bounded, "witness.equations.0", "1", "numbers are left"),
    "a rate that is attained": (not_attained, "statement.rate", "1/6", "the bound is not less than 1/6"),
    "a bound that is too small": (not_attained, "witness.rate", "1/7", MATRIX),
    "a bound where none is needed": (convex, "witness.rate", "1/10", "expected the fields"),
    "a Gram matrix that is indefinite": (too_small, "witness.gram.1.1", "-1", MATRIX),
    "a Gram matrix that is not symmetric": (too_small, "witness.gram.0.1", "1", "a matrix is not symmetric"),
    "a Gram matrix that is short": (too_small, "witness.gram", HUBER["gram"][:3], "expected a list of 4"),
    "a value that is too large": (too_small, "witness.values.f1", "17/100", "the relation f pair 0 2 does not hold"),
    "a value that is too small": (too_small, "witness.values.f1", "1/10", "does not hold"),
    "a value that is missing": (too_small, "witness.values", {"fs": "0", "f0": "5/18"}, "expected the fields"),
    "a longer vector": (too_small, "witness.gram.2.2", "1/8", "does not hold"),
    "a rate that is not exceeded": (too_small, "statement.rate", "1/6", "is not more than"),
    "a rate that is larger": (attained, "statement.rate", "1/5", "is not more than"),
    "nothing at the start": (attained, "witness", {"gram": [["0"] * 4] * 4, "values": {"fs": "0", "f0": "0", "f1": "0"}},
                             "the initial quantity is not positive"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_is_refused(name: str) -> None:
    example, path, value, sentence = FORGERIES[name]
    with pytest.raises(Rejected, match=sentence):
        check(edited(example(), path, value))


@pytest.mark.parametrize("name", ["convex", "nonconvex", "resolvent", "projection", "bounded"])
def test_each_sign_of_a_multiplier_and_each_order_of_a_pair_counts(name: str) -> None:
    document = EXAMPLES[name]()
    for k, (label, value) in enumerate(document["witness"]["multipliers"]):
        with pytest.raises(Rejected, match="is negative"):
            check(edited(document, f"witness.multipliers.{k}.1", f"-{value}"))
        kind, *places = label.split(" ")[1:]
        if len(places) == 2 and kind == "pair" and name != "projection":
            swapped = " ".join((label.split(" ")[0], kind, *places[::-1]))
            with pytest.raises(Rejected, match=r"numbers are left|not positive semidefinite"):
                check(edited(document, f"witness.multipliers.{k}.0", swapped))


@pytest.mark.parametrize("name", EXAMPLES)
def test_fields_are_exact(name: str) -> None:
    assert_fields_are_exact(EXAMPLES[name])


def test_a_certificate_is_accepted_for_its_own_statement_only() -> None:
    documents = [example() for example in EXAMPLES.values()]
    for stated in documents:
        for other in documents:
            crossed = {**other, "statement": stated["statement"]}
            try:
                holds = check(crossed).holds
            except Rejected:
                continue
            assert is_true(crossed["statement"]) is holds


def numbers(node: Json, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if isinstance(node, str):
        return [path] if path and node.lstrip("-").replace("/", "").isdigit() else []
    items: Sequence[tuple[Any, Json]] = list(node.items() if isinstance(node, dict) else enumerate(node))
    return [place for key, value in items for place in numbers(value, (*path, str(key)))]


def at(document: Json, place: Sequence[str]) -> Json:
    for step in place:
        document = document[int(step) if isinstance(document, list) else step]
    return document


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_number_changed_at_random_is_refused_or_leaves_a_true_statement(name: str) -> None:
    """Changes are larger than what the oracle cannot see."""
    source, accepted = random.Random(name), 0
    document = EXAMPLES[name]()
    places = [place for place in numbers(document) if place[0] in ("statement", "witness")]
    assert len(places) > 8
    for place in places:
        before = F(at(document, place))
        more = F(source.randrange(2, 9), 100)
        for change in (before + more, before - more, -before, 2 * before, F(0)):
            forged = edited(document, ".".join(place), str(change))
            try:
                holds = check(forged).holds
            except Rejected:
                continue
            if change != before and place[0] == "statement":
                accepted += 1
                assert is_true(forged["statement"]) is holds, (place, change)
    assert accepted  # a larger rate, for one


# ------------------------------------------------------------------------------------- theorems that are not known here


def one_point(parameters: Json, *, kind: str = "curvature", lower: bool = False) -> Json:
    program = [["vector", "x0"], ["vector", "g0"], ["at", "f", "x0", "g0", "f0"], *([["lower", "f", "fs"]] * lower)]
    stated = statement([["f", kind, parameters]], program, [[["1"]]], [["1"]], "1/2")
    values = {"f0": "0", **({"fs": "0"} if lower else {})}
    return certificate("gram", stated, gram=[["0", "0"], ["0", "0"]], values=values)


GIVEN = {
    "convex": ({"mu": "0", "L": "inf"}, "curvature", False, 0),
    "convex, bounded below": ({"mu": "0", "L": "inf"}, "curvature", True, 0),
    "weakly convex, bounded below": ({"mu": "-1", "L": "inf"}, "curvature", True, 0),
    "bounded subgradients": ({"mu": "0", "L": "inf", "M": "1"}, "curvature", False, 0),
    "smooth": ({"mu": "0", "L": "1"}, "curvature", False, 1),
    "smooth nonconvex, bounded below": ({"mu": "-1", "L": "1"}, "curvature", True, 2),
    "quadratic": ({"mu": "0", "L": "1"}, "quadratic", False, 1),
}
UNKNOWN = {
    "smooth convex, bounded below": ({"mu": "0", "L": "1"}, "curvature", True),
    "strongly convex, bounded below": ({"mu": "1", "L": "inf"}, "curvature", True),
    "smooth with bounded gradients": ({"mu": "0", "L": "1", "M": "1"}, "curvature", False),
    "weakly convex with bounded gradients": ({"mu": "-1", "L": "inf", "M": "1"}, "curvature", False),
    "bounded gradients, bounded below": ({"mu": "0", "L": "inf", "M": "1"}, "curvature", True),
    "quadratics, bounded below": ({"mu": "0", "L": "1"}, "quadratic", True),
}


@pytest.mark.parametrize("name", GIVEN)
def test_a_gram_matrix_is_given_the_theorem_of_its_class(name: str) -> None:
    parameters, kind, lower, theorems = GIVEN[name]
    accepted = check(one_point(parameters, kind=kind, lower=lower))
    assert accepted.holds is False and len(accepted.assumptions) == theorems


@pytest.mark.parametrize("name", UNKNOWN)
def test_a_gram_matrix_decides_nothing_where_no_theorem_is_known(name: str) -> None:
    parameters, kind, lower = UNKNOWN[name]
    with pytest.raises(Rejected, match="no interpolation theorem is known"):
        check(one_point(parameters, kind=kind, lower=lower))


def test_a_gram_matrix_of_quadratics_needs_a_matrix_between_them() -> None:
    """One gradient 2 x at x is of no quadratic of curvature at most 1."""
    stated = {**quadratic()["statement"], "rate": "1/2"}
    good = {"gram": [["0"] * 3, ["0", "1", "1/10"], ["0", "1/10", "1/100"]], "values": {"qs": "0", "q0": "1/20"}}
    assert check(certificate("gram", stated, **good)).holds is False
    steep = {"gram": [["0"] * 3, ["0", "1", "2"], ["0", "2", "4"]], "values": {"qs": "0", "q0": "1"}}
    with pytest.raises(Rejected, match="there is no quadratic q"):
        check(certificate("gram", stated, **steep))


def test_programs_that_are_too_long_are_refused() -> None:
    stated = statement([], [["vector", f"v{i}"] for i in range(301)], [[["1", "v0", "v0"]]], [["1", "v0", "v0"]], "1")
    with pytest.raises(Rejected, match="more than 300 free vectors"):
        check(multipliers(stated, {}))
    with pytest.raises(Rejected, match="at most 2000 commands"):
        check(multipliers({**stated, "program": [["let", f"z{i}", []] for i in range(2001)]}, {}))


def test_a_minimum_of_nothing_but_the_initial_quantity_is_its_own_bound() -> None:
    functions, program = descent(1, "0")
    stated = statement(functions, program, [squared("x0", "xs")], squared("x0", "xs"), "1")
    assert check(multipliers(stated, {})).holds
    assert [*islice(statement_text(stated), 1)] == [
        "|x0|^2 - 2 <x0, xs> + |xs|^2 is at most 1 * (|x0|^2 - 2 <x0, xs> + |xs|^2), in the worst case"
    ]
