r"""Certificates of regularized training problems: what is accepted is true, and every forgery is refused with a sentence.

Two problems are solved by hand, with bounds that meet.  The oracle for others is a convex program of its own, which knows
nothing of cells: it has a vector for each of the 2^D sign vectors and each sign of a unit, empty cones included.  What a
dual vector promises is also tried at many directions.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import cvxpy as cp
import numpy as np
import pytest

from tests.kernel.strictness import assert_fields_are_exact, assert_own_statement_only, edited
from verify.kernel import FORMAT, Rejected, canonical, check, read, statement_text

Json = Any
CERTIFICATES = Path(__file__).parent / "certificates"


def certificate(kind: str, stated: Json, **witness: Json) -> Json:
    return {"format": FORMAT, "kind": kind, "statement": stated, "witness": witness}


def statement(points: Json, labels: Json, beta: str, width: str, lower: str, upper: str) -> Json:
    data = {"points": points, "labels": labels, "beta": beta}
    return {"question": "regularized_minimum", **data, "width": width, "lower": lower, "upper": upper}


def one_point() -> Json:
    """z = (1, 3/4) has the norm 5/4; the unit is 12/25 of its direction, and the minimum is 8/25."""
    stated = statement([["3/4"]], ["1"], "1/2", "1", "8/25", "8/25")
    units = [["1", "12/25", ["48/125", "36/125"]]]
    return certificate("regularized-minimum", stated, dual=["2/5"], multipliers=[], units=units)


TWO_UNITS = [["1", "5/12", ["1/4", "1/3"]], ["-1", "5/12", ["1/4", "-1/3"]]]
TWO_DUALS = ["1/2", "-1/2"]
TWO_MULTIPLIERS = [
    ["1", "1", [["1", "7/50"]]],
    ["1", "-1", [["0", "1/2"]]],
    ["2", "1", [["1", "1/2"]]],
    ["2", "-1", [["0", "7/50"]]],
    ["3", "1", [["1", "9/25"]]],
    ["3", "-1", [["0", "9/25"]]],
]


def two_points() -> Json:
    """Labels 1 and -1 at 3/4 and -3/4: each unit ends where the other point lies, and the minimum is 3/4."""
    stated = statement([["3/4"], ["-3/4"]], ["1", "-1"], "3/5", "2", "3/4", "3/4")
    return certificate(
        "regularized-minimum",
        stated,
        dual=[*TWO_DUALS],
        multipliers=copy.deepcopy(TWO_MULTIPLIERS),
        units=copy.deepcopy(TWO_UNITS),
    )


def better_network() -> Json:
    stated = statement([["3/4"], ["-3/4"]], ["1", "-1"], "3/5", "2", "4/5", "1")
    return certificate("regularized-minimum-network", stated, units=copy.deepcopy(TWO_UNITS))


def larger_bound() -> Json:
    stated = statement([["3/4"], ["-3/4"]], ["1", "-1"], "3/5", "7", "0", "7/10")
    return certificate(
        "regularized-minimum-bound", stated, dual=[*TWO_DUALS], multipliers=copy.deepcopy(TWO_MULTIPLIERS)
    )


EXAMPLES: dict[str, Callable[[], Json]] = {
    "one point": one_point,
    "two points": two_points,
    "a better network": better_network,
    "a larger bound": larger_bound,
}

# ------------------------------------------------------------------------------------------------------- oracles


def minimum(stated: Json) -> float:
    """Over all widths: a vector in each of the 2^D closed cones, for both signs."""
    z = np.array([[1.0, *(float(Fraction(x)) for x in point)] for point in stated["points"]])
    y = np.array([float(Fraction(label)) for label in stated["labels"]])
    output: Any = 0
    penalty: Any = 0
    conditions = []
    for signs in product((-1.0, 1.0), repeat=len(y)):
        for side in (1, -1):
            v = cp.Variable(z.shape[1])
            output += side * cp.multiply(np.array(signs) > 0, z @ v)
            penalty += cp.norm(v, 2)
            conditions.append(cp.multiply(np.array(signs), z @ v) >= 0)
    goal = cp.Minimize(cp.sum_squares(output - y) / 2 + float(Fraction(stated["beta"])) * penalty)
    return float(cp.Problem(goal, conditions).solve(solver=cp.CLARABEL))


def is_true(document: Json, holds: bool | None) -> bool:
    """Whether the answer of a small certificate is right, but for the accuracy of the convex program.

    The width of a statement that holds is the number of units of a network that is evaluated here.
    """
    stated, found = document["statement"], minimum(document["statement"])
    lower, upper = float(Fraction(stated["lower"])), float(Fraction(stated["upper"]))
    if document["kind"] == "regularized-minimum-network":
        return holds is False and found < lower
    if document["kind"] == "regularized-minimum-bound":
        return holds is False and found > upper
    units = document["witness"]["units"]
    value = objective(stated, units)
    return holds is True and lower <= found + 1e-6 and value <= upper + 1e-12 and len(units) <= int(stated["width"])


def objective(stated: Json, units: Json) -> float:
    """By the definition, with a and u balanced, in floats."""
    total, penalty = np.zeros(len(stated["labels"])), 0.0
    z = np.array([[1.0, *(float(Fraction(x)) for x in point)] for point in stated["points"]])
    for side, _, vector in units:
        v = np.array([float(Fraction(x)) for x in vector])
        a = np.sqrt(np.linalg.norm(v))
        u = v / a if a else v
        total += int(side) * a * np.maximum(z @ u, 0)
        penalty += (u @ u + a * a) / 2
    misfit = total - np.array([float(Fraction(label)) for label in stated["labels"]])
    return float(misfit @ misfit / 2 + float(Fraction(stated["beta"])) * penalty)


# ------------------------------------------------------------------------------------------- what is accepted


@pytest.mark.parametrize("name", EXAMPLES)
def test_good_certificates_are_accepted_and_true(name: str) -> None:
    document = EXAMPLES[name]()
    accepted = check(document)
    assert accepted.holds is (document["kind"] == "regularized-minimum")
    assert is_true(document, accepted.holds)


def test_the_bounds_of_the_examples_meet_at_the_minimum() -> None:
    for document, value in ((one_point(), 8 / 25), (two_points(), 3 / 4)):
        stated, units = document["statement"], document["witness"]["units"]
        assert minimum(stated) == pytest.approx(value, abs=1e-7)
        assert objective(stated, units) == pytest.approx(value, abs=1e-12)


def test_the_dual_vector_bounds_every_direction() -> None:
    z, nu = np.array([[1, 0.75], [1, -0.75]]), np.array([0.5, -0.5])
    angles = np.linspace(0, 2 * np.pi, 100_001)
    heights = np.maximum(np.stack([np.cos(angles), np.sin(angles)], 1) @ z.T, 0) @ nu
    assert 0.5999 < abs(heights).max() <= 0.6 + 1e-12


def test_what_was_decided_is_said_in_words() -> None:
    title, *lines = statement_text(two_points()["statement"])
    assert title == (
        "1/2 sum_i (f(x_i) - y_i)^2 + 3/5 / 2 sum_k (|u_k|^2 + a_k^2), f(x) = sum_k a_k ReLU(<u_k, (1, x)>), is at least 3/4 "
        "for any number of units, and at most 3/4 for some network of at most 2 units"
    )
    assert lines == ["(3/4) -> 1", "(-3/4) -> -1"]
    assert check(two_points()).facts == (("units", "2"), ("dichotomies", "4"))


def test_the_order_of_multipliers_and_units_does_not_matter() -> None:
    document = two_points()
    document["witness"]["multipliers"].reverse()
    document["witness"]["units"].reverse()
    assert check(document).holds


def test_equal_points_are_two_points() -> None:
    """Labels 1 and 1 twice at 3/4: like one point with twice the weight, so nu = (1/5, 1/5) and v as if beta were halved."""
    stated = statement([["3/4"], ["3/4"]], ["1", "1"], "1/2", "1", "9/25", "9/25")
    units = [["1", "16/25", ["64/125", "48/125"]]]
    document = certificate("regularized-minimum", stated, dual=["1/5", "1/5"], multipliers=[], units=units)
    assert check(document).holds and is_true(document, True)


def test_golden_bytes() -> None:
    path = CERTIFICATES / "regularized.json"
    assert path.read_bytes() == canonical(two_points())
    assert check(read(path)).statement_sha256 == "26f06b3738908e5cdadc8553e004a0b1daf64705e13ba8b0040447f4d620978a"


# ----------------------------------------------------------------------------------------------- what is refused


FORGERIES = {
    "a larger lower bound": (two_points, "statement.lower", "76/100", "the dual bound is less than 19/25"),
    "a smaller upper bound": (two_points, "statement.upper", "74/100", "the objective of the network is more than 37/50"),
    "a smaller width": (two_points, "statement.width", "1", "there are 2 units, and 1 are allowed"),
    "half a unit": (two_points, "statement.width", "5/2", "the width is a natural number"),
    "a negative width": (two_points, "statement.width", "-2", "the width is a natural number"),
    "another label": (two_points, "statement.labels.0", "2", "is more than"),
    "a smaller label": (two_points, "statement.labels.0", "9/10", "is less than"),
    "another point": (two_points, "statement.points.0.0", "1", "not feasible on the cell"),
    "a point that comes closer": (two_points, "statement.points.0.0", "1/2", "is more than"),
    "a smaller beta": (two_points, "statement.beta", "59/100", "not feasible on the cell"),
    "a larger beta": (two_points, "statement.beta", "61/100", "is more than"),
    "beta is 0": (two_points, "statement.beta", "0", "beta is positive"),
    "a negative beta": (two_points, "statement.beta", "-3/5", "beta is positive"),
    "a label that is missing": (two_points, "statement.labels", ["1"], "expected a list of 2"),
    "a point that is missing": (two_points, "statement.points", [["3/4"]], "expected a list of 1"),
    "a ragged point": (two_points, "statement.points.1", ["-3/4", "0"], "expected a list of 1"),
    "no points": (two_points, "statement.points", [], "between 1 and"),
    "a dual entry": (two_points, "witness.dual.0", "51/100", "not feasible on the cell"),
    "a smaller dual vector": (two_points, "witness.dual", ["49/100", "-49/100"], "the dual bound is less than"),
    "the opposite dual vector": (two_points, "witness.dual", ["-1/2", "1/2"], "not feasible on the cell"),
    "a dual vector that is short": (two_points, "witness.dual", ["1/2"], "expected a list of 2"),
    "a multiplier": (two_points, "witness.multipliers.0.2.0.1", "6/50", "not feasible on the cell 1 with sign 1"),
    "a negative multiplier": (two_points, "witness.multipliers.0.2.0.1", "-7/50", "a multiplier is negative"),
    "a multiplier of another point": (two_points, "witness.multipliers.0.2.0.0", "0", "not feasible on the cell 1"),
    "a multiplier of no point": (two_points, "witness.multipliers.0.2.0.0", "2", "no such point"),
    "a multiplier of a point before": (two_points, "witness.multipliers.0.2.0.0", "-1", "no such point"),
    "a multiplier of half a point": (two_points, "witness.multipliers.0.2.0.0", "1/2", "no such point"),
    "multipliers of another cell": (two_points, "witness.multipliers.0.0", "3", "given twice"),
    "multipliers of no cell": (two_points, "witness.multipliers.0.0", "4", "not feasible|what is no cell"),
    "multipliers of half a cell": (two_points, "witness.multipliers.0.0", "1/2", "of no cell"),
    "multipliers of the other sign": (two_points, "witness.multipliers.0.1", "-1", "given twice"),
    "multipliers of no sign": (two_points, "witness.multipliers.0.1", "0", "a sign is 1 or -1"),
    "no multipliers of a cell": (two_points, "witness.multipliers", TWO_MULTIPLIERS[1:], "not feasible on the cell 1"),
    "multipliers of one cell more": (
        two_points, "witness.multipliers", [*TWO_MULTIPLIERS, ["7", "1", []]], "what is no cell: 7"),
    "a shorter norm": (two_points, "witness.units.0.1", "4/12", "the norm of a unit is more than 4/12"),
    "a negative norm": (two_points, "witness.units.0.1", "-5/12", "the norm of a unit is more than"),
    "a longer norm": (two_points, "witness.units.0.1", "6/12", "the objective of the network is more than"),
    "the sign of a unit": (two_points, "witness.units.0.0", "-1", "the objective of the network is more than"),
    "no sign of a unit": (two_points, "witness.units.0.0", "2", "a sign is 1 or -1"),
    "a sign that is a number": (two_points, "witness.units.0.0", 1, "a sign is 1 or -1"),
    "a weight": (two_points, "witness.units.0.2.1", "1/4", "the objective of the network is more than"),
    "a unit with a weight more": (two_points, "witness.units.0.2", ["1/4", "1/3", "0"], "expected a list of 2"),
    "a unit that is missing": (two_points, "witness.units", TWO_UNITS[:1], "the objective of the network is more than"),
    "a unit of two parts": (two_points, "witness.units.0", ["1", "5/12"], "expected a list of 3"),
    "a network that is not better": (better_network, "statement.lower", "3/4", "is not less than 3/4"),
    "a bound that is not larger": (larger_bound, "statement.upper", "3/4", "is not more than 3/4"),
    "a bare number": (one_point, "statement.beta", 0.5, "a number must be a string"),
    "a bare entry": (one_point, "witness.dual.0", 0.4, "a number must be a string"),
    "multipliers that are no list": (one_point, "witness.multipliers", {}, "expected a list"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_is_refused(name: str) -> None:
    example, path, value, sentence = FORGERIES[name]
    with pytest.raises(Rejected, match=sentence):
        check(edited(example(), path, value))


@pytest.mark.parametrize("name", EXAMPLES)
def test_fields_are_exact(name: str) -> None:
    assert_fields_are_exact(EXAMPLES[name])


def test_a_certificate_is_accepted_for_its_own_statement_only() -> None:
    assert_own_statement_only(EXAMPLES.values(), is_true)


def numbers(node: Json, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if isinstance(node, str):
        return [path] if path and node[-1].isdigit() else []
    items: Sequence[tuple[Any, Json]] = list(node.items() if isinstance(node, dict) else enumerate(node))
    return [place for key, value in items for place in numbers(value, (*path, str(key)))]


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_number_changed_at_random_is_refused_or_leaves_a_true_statement(name: str) -> None:
    source, accepted = random.Random(name), 0
    document = EXAMPLES[name]()
    places = [place for place in numbers(document) if place[0] in ("statement", "witness")]
    assert len(places) > 6
    for place in places:
        before = Fraction(json.loads(json.dumps(at(document, place))))
        for change in (
            before + Fraction(source.randrange(1, 9), 100),
            before - Fraction(1, 1000),
            -before,
            2 * before,
            Fraction(0),
        ):
            if change == before:
                continue
            forged = edited(document, ".".join(place), str(change))
            try:
                holds = check(forged).holds
            except Rejected:
                continue
            accepted += 1
            assert is_true(forged, holds), (place, change)
    assert accepted  # a larger upper bound, for one


def at(document: Json, place: Sequence[str]) -> Json:
    for step in place:
        document = document[int(step) if isinstance(document, list) else step]
    return document
