r"""Certificates of identities of networks: forgeries, malformed statements, and random edits against exact evaluation."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.kernel.test_cells import add, drop, edit, put
from verify.kernel import FORMAT, Rejected, Unsupported, canonical, check, statement_text
from verify.networks.domain import box, polyhedron, whole_space
from verify.networks.identity import Identical, IsMaximum
from verify.networks.network import Network

Json = Any
IDENTITY = Network.of([([[1], [-1]], [0, 0]), ([["1/2", "-1/2"]], [0])])  # x/2
HALF = Network.of([([["1/2"]], [0])])
MAXIMUM = Network.of([([[1, -1], [0, 1], [0, -1]], [0, 0, 0]), ([[1, 1, -1]], [0])])
OTHER = Network.of([([[-1, 1], [1, 0], [-1, 0]], [0, 0, 0]), ([[1, 1, -1]], [0])])


def certificate(question: Identical | IsMaximum) -> Json:
    kind, witness = question.answer()
    return {"format": FORMAT, "kind": kind, "statement": question.statement(), "witness": witness}


@cache
def made(name: str) -> Json:
    return certificate(
        {
            "line": Identical(IDENTITY, HALF, whole_space(1)),
            "two": Identical(MAXIMUM, OTHER, box((-1, 1), (-1, 1))),
            "maximum": IsMaximum(MAXIMUM, [[1, 0, 0], [0, 1, 0]], whole_space(2)),
            "wedge": IsMaximum(MAXIMUM, [[1, 0, 0]], polyhedron([[1, -1, 0]])),
            "different": Identical(MAXIMUM, Network.of([([[1, 0]], [0])]), box((-1, 1), (-1, 1))),
            "below": IsMaximum(MAXIMUM, [[1, 0, 0], [0, 1, 0], [1, 1, 0]], box((-1, 1), (-1, 1))),
        }[name]
    )


def document(name: str) -> Json:
    return copy.deepcopy(made(name))


@pytest.mark.parametrize(
    ("name", "holds"),
    [("line", True), ("two", True), ("maximum", True), ("wedge", True), ("different", False), ("below", False)],
)
def test_identities_hold_or_are_refuted_at_a_point(name: str, holds: bool) -> None:
    accepted = check(made(name))
    assert accepted.holds is holds
    assert accepted.kind == ("identity-by-cells" if holds else "identity-by-point")


def test_the_title_says_what_was_decided_and_where() -> None:
    assert check(made("two")).theorem == (
        "The ReLU network with one hidden layer of width 3 equals the one with one hidden layer of width 3 everywhere on "
        "[-1, 1] x [-1, 1]"
    )
    assert statement_text(made("wedge")["statement"]) == [
        "The ReLU network with one hidden layer of width 3 equals the maximum of 1 affine function everywhere on the "
        "polyhedron of R^2 where 1 x1 + -1 x2 + 0 >= 0",
        "layer 1, then ReLU: weights 1 -1; 0 1; 0 -1 and biases 0 0 0",
        "layer 2, and no ReLU: weights 1 1 -1 and biases 0",
        "function 1: weights 1 0 and constant 0",
    ]


def test_golden_bytes() -> None:
    assert canonical(made("line")).decode() == (
        '{"format":"deepclaims certificate 1","kind":"identity-by-cells","statement":{"domain":{"inequalities":[]},"left":'
        '{"layers":[{"bias":["0","0"],"weights":[["1"],["-1"]]},{"bias":["0"],"weights":[["1/2","-1/2"]]}]},"question":'
        '"identical","right":{"layers":[{"bias":["0"],"weights":[["1/2"]]}]}},"witness":{"below":[],"steps":[[0],[1,-1,0],'
        "[1,1,0]]}}"
    )


def test_constant_units_are_what_their_biases_are() -> None:
    """ReLU(3) + 2 ReLU(-1) + 5 ReLU(0) is 3, and nothing else."""
    units = Network.of([([[0, 0]] * 3, [3, -1, 0]), ([[1, 2, 5]], [0])])
    for constant in (0, 1, 3, 4):
        affine = Network.of([([[0, 0]], [constant])])
        assert check(certificate(Identical(units, affine, whole_space(2)))).holds is (constant == 3)
        forged = {"steps": [], "below": []}
        statement = Identical(units, affine, whole_space(2)).statement()
        if constant != 3:
            with pytest.raises(Rejected, match="different affine maps"):
                check({"format": FORMAT, "kind": "identity-by-cells", "statement": statement, "witness": forged})


# ---------------------------------------------------------------------------------------------------- forgeries


def one_side_only(witness: Json) -> None:
    witness["steps"] = [[0, 1], [1, -1]]


FORGERIES: dict[str, tuple[str, Callable[[Json], None], str]] = {
    "a part of a split is left out": ("line", one_side_only, "nonnegative combination"),
    "steps that are left over": ("line", add("steps", value=[0]), "left over"),
    "steps that end early": ("line", drop("steps", -1), "a unit of the present layer"),
    "reasons where there is nothing to be below": ("line", add("below", value=[]), "more reasons than cells"),
    "a cell without reasons": ("maximum", drop("below", 3), "needs the reasons"),
    "reasons without a cell": ("maximum", add("below", value=[None, [0]]), "more reasons than cells"),
    "another function is named": ("maximum", put("below", 0, value=[[0], None]), "not the function|nonnegative"),
    "both functions are named": ("maximum", put("below", 0, value=[None, None]), "not the function"),
    "no function is named": ("maximum", put("below", 0, value=[[], [0]]), "is one of the functions"),
    "below by nothing": ("maximum", put("below", 0, value=[None, []]), "nonnegative combination"),
    "below by another row": ("maximum", put("below", 0, value=[None, [1]]), "nonnegative combination"),
    "below by a row that is not there": ("maximum", put("below", 0, value=[None, [2]]), "not there"),
    "a reason too few": ("maximum", put("below", 0, value=[None]), "a list of 2"),
    "a point where both sides agree": ("different", put("point", value=["1", "0"]), "agree at the point"),
    "a point outside of the domain": ("different", put("point", value=["0", "2"]), "not in the domain"),
    "a point of another dimension": ("different", put("point", value=["0"]), "a list of 2"),
    "a maximum that is right there": ("below", put("point", value=["-1", "-1"]), "agree at the point"),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_forgeries_are_rejected(name: str) -> None:
    sort, change, sentence = FORGERIES[name]
    forged = document(sort)
    change(forged["witness"])
    with pytest.raises(Rejected, match=sentence):
        check(forged)


def test_maps_that_differ_in_one_cell_or_by_their_scale_only() -> None:
    for right in ([["1/2"]], ["1"]), ([["1"]], ["0"]), ([["-1/2"]], ["0"]):
        forged = document("line")
        forged["statement"]["right"] = {"layers": [{"weights": right[0], "bias": right[1]}]}
        with pytest.raises(Rejected, match="different affine maps on cell 0"):
            check(forged)
    forged = document("line")
    forged["statement"]["left"]["layers"][1]["weights"] = [["1/2", "1/2"]]
    with pytest.raises(Rejected, match="different affine maps on cell 1"):
        check(forged)


MALFORMED: dict[str, tuple[str, Callable[[Json], None], str]] = {
    "inputs that differ": ("line", put("right", value=made("two")["statement"]["right"]), "numbers of inputs"),
    "outputs that differ": (
        "line",
        put("right", value={"layers": [{"weights": [["1"], ["1"]], "bias": ["0", "0"]}]}),
        "numbers of outputs",
    ),
    "a maximum of nothing": ("maximum", put("right", value={"maximum": []}), "between 1 and"),
    "a function of another dimension": ("maximum", put("right", "maximum", 0, value=["1", "0"]), "a list of 3"),
    "a maximum of several outputs": (
        "maximum",
        put("left", value={"layers": [{"weights": [["1", "0"]] * 2, "bias": ["0", "0"]}]}),
        "one output",
    ),
    "a network and a maximum": ("maximum", put("right", "layers", value=[]), "expected the fields"),
    "an unknown field": ("maximum", put("more", value="1"), "expected the fields"),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_statements_are_rejected_in_a_sentence(name: str) -> None:
    sort, change, sentence = MALFORMED[name]
    forged = document(sort)
    change(forged["statement"])
    with pytest.raises(Rejected, match=sentence):
        check(forged)


def test_certificates_are_accepted_for_their_own_statement_only() -> None:
    names = ["line", "two", "maximum", "wedge", "different"]
    for one in names:
        for other in names:
            if one != other and (one, other) != ("different", "wedge"):
                with pytest.raises(Rejected):
                    check({**document(one), "statement": made(other)["statement"]})


# ---------------------------------------------------------------------------------------------------- random edits


def value(network: Json, point: list[Fraction]) -> list[Fraction]:
    """What a network, as certificates hold it, computes."""
    for number, layer in enumerate(network["layers"]):
        point = [max(v, Fraction(0)) for v in point] if number else point
        point = [
            sum((Fraction(w) * v for w, v in zip(row, point, strict=True)), Fraction(b))
            for row, b in zip(layer["weights"], layer["bias"], strict=True)
        ]
    return point


def agree(statement: Json, point: list[Fraction]) -> bool:
    right = statement["right"]
    if "maximum" in right:
        rows = [list(map(Fraction, row)) for row in right["maximum"]]
        other = [max(sum((a * x for a, x in zip(row[:-1], point, strict=True)), row[-1]) for row in rows)]
    else:
        other = value(right, point)
    return value(statement["left"], point) == other


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(seed=st.integers(0, 2**64), sort=st.sampled_from(["two", "below", "different"]), edits=st.integers(1, 3))
def test_an_edited_certificate_is_refused_or_true(seed: int, sort: str, edits: int) -> None:
    source, changed = random.Random(seed), document(sort)
    for _ in range(edits):
        changed = edit(source, changed) or changed
    try:
        accepted = check(changed)
    except (Rejected, Unsupported):
        return
    if accepted.holds is False:
        assert not agree(changed["statement"], list(map(Fraction, changed["witness"]["point"])))
        return
    sides = [list(map(Fraction, side)) for side in changed["statement"]["domain"]["box"]]
    for _ in range(100):
        point = [lower + (upper - lower) * Fraction(source.randint(0, 64), 64) for lower, upper in sides]
        assert agree(changed["statement"], point)
