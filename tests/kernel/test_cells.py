r"""Certificates of cells and regions: what is accepted is true, and one forgery for each duty of the argument.

The truth comes from ``tests.networks.polygons``, which shares nothing with the kernel, or from counting by hand.
"""

from __future__ import annotations

import copy
import hashlib
import random
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.kernel.documents import at, edited, places
from tests.networks.polygons import number_of_regions, polygons
from verify.kernel import FORMAT, Rejected, Unsupported, canonical, check, statement_text
from verify.networks.cells import AtLeast, Cells
from verify.networks.domain import box, whole_space
from verify.networks.network import Network

Json = Any
SQUARE = box((-2, 2), (-2, 2))
TWO = Network.of([([[1, 0], [0, 1], [1, 1]], [0, 0, -1]), ([[1, -1, 1], [-1, 2, 0]], [0, "-1/2"]), ([[1, 0]], [0])])
# ReLU(1 - |x|): the cells x > 1 and x < -1 have the map 0 and differ only in units whose forms are multiples of x
FOLD = Network.of([([[1], [-1]], [0, 0]), ([[1, 1], [-1, -1]], [-1, 1]), ([[0, 1]], [0])])
LINE = Network.of([([[1], [-1]], [0, 0]), ([[1, -1]], [0])])


def certificate(question: Cells) -> Json:
    kind, witness = question.answer()
    return {"format": FORMAT, "kind": kind, "statement": question.statement(), "witness": witness}


@cache
def made(name: str) -> Json:
    """One good certificate of each sort."""
    return certificate(
        {
            "plane": Cells(TWO, SQUARE, cells=12, regions=5),
            "fold": Cells(FOLD, whole_space(1), cells=4, regions=4),
            "line": Cells(LINE, box((-1, 1)), cells=2, regions=1),
            "points": Cells(TWO, SQUARE, cells=AtLeast(10), regions=AtLeast(4)),
        }[name]
    )


def document(name: str) -> Json:
    return copy.deepcopy(made(name))


def truth(statement: Json) -> bool:
    """Whether what a statement about a box of the plane says is so."""
    found = polygons(statement["network"], statement["domain"]["box"])
    numbers = {"cells": len(found), "regions": number_of_regions(found)}
    said = [(numbers[name], *next(iter(statement[name].items()))) for name in numbers if statement[name] is not None]
    return all(number == Fraction(x) if word == "exactly" else number >= Fraction(x) for number, word, x in said)


# ---------------------------------------------------------------------------------------------------- what is said


@pytest.mark.parametrize("cells", [11, 12, 13])
@pytest.mark.parametrize("regions", [4, 5, 6])
def test_the_numbers_hold_or_are_refuted(cells: int, regions: int) -> None:
    accepted = check(certificate(Cells(TWO, SQUARE, cells=cells, regions=regions)))
    assert dict(accepted.facts) == {"cells": "12", "regions": "5"}
    assert accepted.holds is ((cells, regions) == (12, 5))
    assert truth({**certificate(Cells(TWO, SQUARE, cells=12, regions=5))["statement"]})


def test_the_title_says_what_was_decided_and_where() -> None:
    assert check(made("plane")).theorem == (
        "The ReLU network R^2 -> R^1 with hidden layers of widths 3 and 2 has exactly 12 activation cells and exactly 5 "
        "linear regions on [-2, 2] x [-2, 2]"
    )
    assert statement_text(made("line")["statement"])[1:] == [
        "layer 1, then ReLU: weights 1; -1 and biases 0 0",
        "layer 2, and no ReLU: weights 1 -1 and biases 0",
    ]


def test_golden_bytes() -> None:
    text = (
        '{"format":"deepclaims certificate 1","kind":"cells-by-splitting","statement":{"cells":{"exactly":"4"},"domain":'
        '{"inequalities":[]},"network":{"layers":[{"bias":["0","0"],"weights":[["1"],["-1"]]},{"bias":["-1","1"],'
        '"weights":[["1","1"],["-1","-1"]]},{"bias":["0"],"weights":[["0","1"]]}]},"question":"cells","regions":'
        '{"exactly":"4"}},"witness":{"apart":[[0,2,[1]]],"joints":[],"points":[["2"],["1/2"],["-2"],["-1/2"]],"steps":'
        "[[0],[1,-1,0],[0],[1,-1,1],[1,1,1],[1,1,0],[0],[1,-1,1],[1,1,1]]}}"
    )
    assert canonical(made("fold")).decode() == text
    assert check(made("fold")).statement_sha256 == hashlib.sha256(canonical(made("fold")["statement"])).hexdigest()


# ---------------------------------------------------------------------------------------------------- forgeries


def put(*path: str | int, value: Any) -> Callable[[Json], None]:
    def change(witness: Json) -> None:
        for key in path[:-1]:
            witness = witness[key]
        witness[path[-1]] = value

    return change


def drop(*path: str | int) -> Callable[[Json], None]:
    def change(witness: Json) -> None:
        for key in path[:-1]:
            witness = witness[key]
        del witness[path[-1]]

    return change


def add(*path: str | int, value: Any) -> Callable[[Json], None]:
    def change(witness: Json) -> None:
        for key in path:
            witness = witness[key]
        witness.append(value)

    return change


def no_split(witness: Json) -> None:
    """The first split is said to be forced; the inactive part is left out."""
    witness["steps"] = [[0, 1], [1, -1], *witness["steps"][2:5]]
    witness["points"] = witness["points"][:2]


FORGERIES = {
    # the tree
    "a part of a split is left out": ("fold", no_split, "nonnegative combination"),
    "a sign is forced by nothing": ("fold", put("steps", 1, value=[1, -1]), "nonnegative combination"),
    "the other sign is forced": ("fold", put("steps", 1, value=[1, 1, 0]), "nonnegative combination"),
    "a negative constant": ("fold", put("steps", 4, value=[1, 1, 0]), "nonnegative combination"),
    "rows that depend on each other": ("fold", put("steps", 1, value=[1, -1, 0, 0]), "depend on each other"),
    "a row that is not there": ("fold", put("steps", 1, value=[1, -1, 1]), "not there"),
    "a row from the end": ("fold", put("steps", 1, value=[1, -1, -1]), "not there"),
    "a row that is a truth value": ("fold", put("steps", 3, value=[1, -1, True]), "a forced sign is"),
    "a sign that is none": ("fold", put("steps", 1, value=[1, 0, 0]), "a forced sign is"),
    "a unit that is not there": ("fold", put("steps", 0, value=[2]), "a unit of the present layer"),
    "a unit from the end": ("fold", put("steps", 0, value=[-1]), "a unit of the present layer"),
    "a unit that is a truth value": ("fold", put("steps", 0, value=[False]), "a unit of the present layer"),
    "a unit decided twice": ("fold", put("steps", 1, value=[0, 1, 0]), "decided twice"),
    "steps that end early": ("fold", drop("steps", -1), "a unit of the present layer"),
    "steps that are left over": ("fold", add("steps", value=[0]), "left over"),
    "steps that are no list": ("fold", put("steps", value="0"), "a list of at most"),
    # the points
    "a point on the boundary of its cell": ("fold", put("points", 0, value=["1"]), "not in the interior"),
    "a point of another cell": ("fold", put("points", 0, value=["1/2"]), "not in the interior"),
    "a point outside of the domain": ("plane", put("points", 0, value=["5", "5"]), "not in the interior"),
    "a point on the boundary of the domain": ("line", put("points", 0, value=["1"]), "not in the interior"),
    "a cell without a point": ("fold", drop("points", 3), "needs a point"),
    "a point without a cell": ("fold", add("points", value=["1"]), "more points than cells"),
    "a point of another dimension": ("fold", put("points", 0, value=["2", "2"]), "a list of 1"),
    # the regions
    "cells of one map that are not joined": ("line", put("joints", value=[]), "neither joined nor apart"),
    "a joint of cells with different maps": ("fold", add("joints", value=[0, 1, ["1"]]), "different affine maps"),
    "a joint of cells that do not touch": ("fold", add("joints", value=[0, 2, ["0"]]), "not in both cells"),
    "a joint in one cell": ("fold", add("joints", value=[0, 2, ["1"]]), "not in both cells"),
    "a joint of a cell with itself": ("line", put("joints", 0, value=[0, 0, ["0"]]), "on one side"),
    "a joint inside a cell": ("line", put("joints", 0, value=[0, 0, ["1/2"]]), "not inside a facet"),
    "a joint on the boundary of the domain": ("line", put("joints", 0, value=[0, 0, ["1"]]), "on one side"),
    "a joint with a cell that is not there": ("line", put("joints", 0, value=[0, 2, ["0"]]), "between cells"),
    "a joint with a cell from the end": ("line", put("joints", 0, value=[0, -1, ["0"]]), "between cells"),
    "no reason to be apart": ("fold", put("apart", value=[]), "neither joined nor apart"),
    "a reason for others": ("fold", put("apart", 0, value=[0, 1, [1]]), "neither joined nor apart"),
    "a wall as a reason against itself": ("fold", put("apart", 0, 2, value=[0]), "against itself"),
    "a reason without rows": ("fold", put("apart", 0, 2, value=[]), "nonnegative combination"),
    "a reason with a row that is not there": ("fold", put("apart", 0, 2, value=[2]), "not there"),
    # lower bounds
    "a point where a unit changes its sign": ("points", put("points", 0, value=["0", "1/3"]), "changes its sign"),
    "a lower bound from outside": ("points", put("points", 0, value=["2", "1/3"]), "interior of the domain"),
    "too few points": ("points", drop("points", 0), "do not decide"),
    "one cell for another": ("points", lambda w: w["points"].__setitem__(1, w["points"][0]), "do not decide"),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_forgeries_are_rejected(name: str) -> None:
    sort, change, sentence = FORGERIES[name]
    assert check(made(sort)).holds is True
    forged = document(sort)
    change(forged["witness"])
    with pytest.raises(Rejected, match=sentence):
        check(forged)


def test_cells_that_meet_in_a_point_are_not_joined_there() -> None:
    """Four quadrants with the map 0: the crossing is no joint of opposite ones, nor of neighbours."""
    cross = Network.of([([[1, 0], [0, 1]], [0, 0]), ([[0, 0]], [0])])
    good = certificate(Cells(cross, SQUARE, cells=4, regions=1))
    assert check(good).holds is True
    for i, j in ((0, 3), (0, 1)):
        forged = copy.deepcopy(good)
        forged["witness"]["joints"][0] = [i, j, ["0", "0"]]
        with pytest.raises(Rejected, match="not inside a facet"):
            check(forged)


def test_a_reason_to_be_apart_must_not_use_multiples_of_the_wall() -> None:
    """x and 2 x are one wall: x = 1/2 (2 x) says nothing about facets."""
    twice = Network.of([([[1], [2]], [0, 0]), ([[0, 0]], [0])])
    forged = certificate(Cells(twice, whole_space(1), cells=2, regions=1))
    forged["witness"] |= {"steps": [[0], [1], [1]], "joints": [], "apart": [[0, 1, [1]]]}
    forged["statement"]["regions"] = {"exactly": "2"}
    with pytest.raises(Rejected):
        check(forged)


# ---------------------------------------------------------------------------------------------------- statements

MALFORMED = {
    "a box without interior": (put("domain", "box", 0, value=["2", "2"]), "empty or a point"),
    "a box the wrong way round": (put("domain", "box", 0, value=["2", "-2"]), "empty or a point"),
    "a box of another dimension": (drop("domain", "box", 0), "a list of 2"),
    "a domain of two sorts": (put("domain", "inequalities", value=[]), "expected the fields"),
    "no domain": (put("domain", value=None), "expected the fields"),
    "rows of another dimension": (put("domain", value={"inequalities": [["1", "0"]]}), "a list of 3"),
    "too many inequalities": (put("domain", value={"inequalities": [["1", "0", "0"]] * 1001}), "at most 1000"),
    "nothing asked": (lambda s: s.update(cells=None, regions=None), "nothing is said"),
    "half a cell": (put("cells", value={"exactly": "21/2"}), "not a whole number"),
    "a number of cells in digits": (put("cells", value={"exactly": 12}), "must be a string"),
    "another relation": (put("cells", value={"at_most": "10"}), "exactly or at_least"),
    "both relations": (put("cells", value={"exactly": "10", "at_least": "10"}), "exactly or at_least"),
    "an unknown field": (put("units", value="1"), "expected the fields"),
    "layers that do not fit": (drop("network", "layers", 1), "a list of"),
    "a float": (put("network", "layers", 0, "bias", 0, value=0.5), "must be a string"),
    "no layers": (put("network", "layers", value=[]), "between 1 and"),
    "an empty layer": (put("network", "layers", 0, value={"weights": [], "bias": []}), "one at least"),
    "numbers beyond the cap": (put("network", "layers", 0, "bias", 0, value="1/" + "9" * 3999), "too long|nonnegative"),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_statements_are_rejected_in_a_sentence(name: str) -> None:
    change, sentence = MALFORMED[name]
    forged = document("plane")
    change(forged["statement"])
    with pytest.raises(Rejected, match=sentence):
        check(forged)


def test_numbers_of_a_deep_network_are_capped() -> None:
    long = "7" * 1000
    deep = {"layers": [{"weights": [[long]], "bias": ["0"]}] * 10}
    forged = document("line")
    forged["statement"] |= {"network": deep}
    with pytest.raises(Rejected, match="numbers of the network are too long"):
        check(forged)


def test_certificates_are_accepted_for_their_own_statement_only() -> None:
    names = ["plane", "fold", "line", "points"]
    for one in names:
        for other in names:
            if one != other and {one, other} != {"plane", "points"}:
                mixed = {**document(one), "statement": made(other)["statement"]}
                with pytest.raises(Rejected):
                    check(mixed)
    whole = {**document("plane"), "statement": made("points")["statement"]}
    assert check(whole).holds is True  # all cells are more than enough for a lower bound
    with pytest.raises(Rejected, match="do not decide"):
        check({**document("points"), "statement": made("plane")["statement"]})


def test_points_refute_numbers_that_are_too_small() -> None:
    few = document("points")
    few["statement"] |= {"cells": {"exactly": "9"}, "regions": None}
    assert check(few).holds is False
    few["statement"] |= {"cells": {"exactly": "10"}}
    with pytest.raises(Rejected, match="do not decide"):
        check(few)


# ---------------------------------------------------------------------------------------------------- random edits


def edit(source: random.Random, good: Json) -> Json:
    """Change one number, or drop, repeat or exchange entries of one list, anywhere in the statement or the witness."""
    place = source.choice([p for p in places(good) if p and p[0] in ("statement", "witness")])
    value = at(good, place)
    if isinstance(value, int):
        return edited(good, place, value + source.choice([-2, -1, 1, 2]))
    if isinstance(value, list) and value:
        k, entries = source.randrange(len(value)), copy.deepcopy(value)
        how = source.randrange(3)
        if how == 0:
            del entries[k]
        elif how == 1:
            entries.insert(source.randrange(len(entries) + 1), copy.deepcopy(entries[k]))
        else:
            other = source.randrange(len(entries))
            entries[k], entries[other] = entries[other], entries[k]
        return edited(good, place, entries)
    if isinstance(value, str) and value.lstrip("-").replace("/", "").isdigit():
        return edited(good, place, str(Fraction(value) + source.choice([-1, 1, Fraction(1, 2), Fraction(-1, 7)])))
    return None


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(seed=st.integers(0, 2**64), sort=st.sampled_from(["plane", "points"]), edits=st.integers(1, 3))
def test_an_edited_certificate_is_refused_or_true(seed: int, sort: str, edits: int) -> None:
    source, changed = random.Random(seed), document(sort)
    for _ in range(edits):
        changed = edit(source, changed) or changed
    try:
        accepted = check(changed)
    except (Rejected, Unsupported):
        return
    assert accepted.holds is truth(changed["statement"])
