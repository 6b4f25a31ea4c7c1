r"""Certificates of memorizing networks: what is accepted is true, and every forgery is refused with a sentence.

Two oracles that share nothing with the checker.  A network is rebuilt from its witness unit by unit and evaluated at every
point by the definition of ReLU.  The least number of units on a line comes from a dynamic program over the slopes that a
polygon may have at each point.
"""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernel.strictness import assert_fields_are_exact, edited
from verify.kernel import FORMAT, Rejected, canonical, check, read, statement_text
from verify.kernel.memorization import corners

Json = Any
CERTIFICATES = Path(__file__).parent / "certificates"

# -------------------------------------------------------------------------------------------------- constructors


def pack(values: list[int], width: int, over: int = 1) -> Json:
    content = b"".join(value.to_bytes(width, "little", signed=True) for value in values)
    return {"width": str(width), "data": base64.b64encode(content).decode(), "over": str(over)}


def statement(points: list[Json], labels: Json, count: int, units: int, parameters: int | None = None) -> Json:
    size = 2 * units + len(points) if parameters is None else parameters
    return {
        "question": "memorizes",
        "count": str(count),
        "points": points,
        "labels": labels,
        "units": str(units),
        "parameters": str(size),
    }


def certificate(stated: Json, kind: str = "memorization", **witness: Json) -> Json:
    return {"format": FORMAT, "kind": kind, "statement": stated, "witness": witness}


def texts(*values: object) -> list[str]:
    return [str(value) for value in values]


def packed_example() -> Json:
    """(1/2, 3), (-1/2, 2), (2, 0), (1/2, 3) again; along (2, 4): 13, 7, 4, 13; labels 1/3, 2, -1, 1/3."""
    points = [pack([1, -1, 4, 1], 1, 2), pack([3, 2, 0, 3], 3)]
    witness = {
        "direction": texts(2, 4),
        "order": pack([2, 1, 3, 0], 2),
        "first": "3",
        "numerators": pack([-1, 1, -5, 7], 1),
        "denominators": pack([1, 1, 18, 5], 8),
    }
    return certificate(statement(points, pack([1, 6, -3, 1], 1, 3), 4, 3), **witness)


def listed_example() -> Json:
    """The same data and network in decimals."""
    points = [["1/2", "-1/2", "2", "1/2"], ["3", "2", "0", "3"]]
    witness = {
        "direction": texts(2, 4),
        "order": texts(2, 1, 3, 0),
        "first": "3",
        "numerators": texts(-1, 1, -5, 7),
        "denominators": texts(1, 1, 18, 5),
    }
    return certificate(statement(points, ["1/3", "2", "-1", "1/3"], 4, 3), **witness)


def conflict_example() -> Json:
    stated = statement([pack([5, 7, 5], 1), ["1/2", "0", "1/2"]], texts(1, 1, 2), 3, 3)
    return certificate(stated, "memorization-conflict", indices=texts(2, 0))


def corners_example(n: int = 6, units: int = 5) -> Json:
    labels = texts(*((-1) ** i for i in range(n)))
    return certificate(statement([texts(*range(n))], labels, n, units), "memorization-corners", order=texts(*range(n)))


EXAMPLES: dict[str, Callable[[], Json]] = {
    "packed": packed_example,
    "listed": listed_example,
    "conflict": conflict_example,
    "corners": corners_example,
}

# ------------------------------------------------------------------------------------------------------- oracles


def decoded(column: Json) -> list[Fraction]:
    if isinstance(column, list):
        return [Fraction(text) for text in column]
    content, width = base64.b64decode(column["data"]), int(column["width"])
    parts = [content[k : k + width] for k in range(0, len(content), width)]
    return [Fraction(int.from_bytes(part, "little", signed=True), int(column["over"])) for part in parts]


def data(stated: Json) -> tuple[list[tuple[Fraction, ...]], list[Fraction]]:
    return list(zip(*map(decoded, stated["points"]), strict=True)), decoded(stated["labels"])


def allowed(stated: Json) -> int:
    return min(int(stated["units"]), (int(stated["parameters"]) - len(stated["points"])) // 2)


def units_of(stated: Json, witness: Json) -> list[tuple[Fraction, Fraction]]:
    """Thresholds and weights, one unit after the other."""
    points, _ = data(stated)
    direction = [int(entry) for entry in witness["direction"]]
    z = [sum(a * x for a, x in zip(direction, point, strict=True)) for point in points]
    order = [int(place) for place in decoded(witness["order"])]
    slopes = [p / q for p, q in zip(decoded(witness["numerators"]), decoded(witness["denominators"]), strict=True)]
    units, threshold, before = [], Fraction(witness["first"]), Fraction(0)
    for place, slope in zip(order, slopes, strict=True):
        if z[place] > threshold:
            units.append((threshold, slope - before))
            before = slope
        threshold = Fraction(z[place])
    return [unit for unit in units if unit[1]]


def is_true(document: Json, holds: bool | None) -> bool:
    """Whether the answer of a certificate is right, for the small ones of these tests."""
    stated = document["statement"]
    points, labels = data(stated)
    if len(points) != int(stated["count"]) or len(labels) != len(points):
        return False
    if document["kind"] == "memorization":
        units = units_of(stated, document["witness"])
        direction = [int(entry) for entry in document["witness"]["direction"]]
        values = [
            sum(w * max(sum(a * x for a, x in zip(direction, point, strict=True)) - b, 0) for b, w in units)
            for point in points
        ]
        return holds is True and values == labels and len(units) <= allowed(stated)
    fits: dict[tuple[Fraction, ...], Fraction] = {}
    if any(fits.setdefault(point, label) != label for point, label in zip(points, labels, strict=True)):
        return holds is False
    return (
        holds is False and len(points[0]) == 1 and least_units([(p[0], v) for p, v in fits.items()]) > allowed(stated)
    )


def least_units(graph: list[tuple[Fraction, Fraction]]) -> int:
    """Over both signs of a, and a = 0."""
    if len({v for _, v in graph}) == 1:
        return int(graph[0][1] != 0)
    mirrored = [(-t, v) for t, v in graph]
    return min(least_corners(sorted(graph)), least_corners(sorted(mirrored)))


def least_corners(graph: list[tuple[Fraction, Fraction]]) -> int:
    """The corners of the best polygon that is 0 far on the left, by what its slope can be when it arrives at a point.

    ``arriving[c]`` holds intervals (low, high), open unless low = high, of slopes that c corners allow.
    """
    infinite = Fraction(10**12)
    everything, (_, first) = (-infinite, infinite), graph[0]
    one = (Fraction(0), infinite) if first > 0 else (-infinite, Fraction(0))
    arriving = [[(Fraction(0), Fraction(0))], [], [everything]] if first == 0 else [[], [one], [everything]]
    for (s, u), (t, v) in pairwise(graph):
        slope, new = (v - u) / (t - s), [[] for _ in range(len(arriving) + 3)]  # type: ignore[var-annotated]
        for cost, sets in enumerate(arriving):
            for extra, leaving in ((0, sets), (1, [everything] if sets else [])):
                for low, high in leaving:
                    if low < slope < high or low == slope == high:
                        new[cost + extra].append((slope, slope))
                    if high > slope:
                        new[cost + extra + 1].append((-infinite, slope))
                    if low < slope:
                        new[cost + extra + 1].append((slope, infinite))
        cheapest = next(cost for cost, sets in enumerate(new) if sets)
        arriving = [sets if cost < cheapest + 3 else [] for cost, sets in enumerate(new)]
    return next(cost for cost, sets in enumerate(arriving) if sets)


# ------------------------------------------------------------------------------------------- what is accepted


@pytest.mark.parametrize("name", EXAMPLES)
def test_good_certificates_are_accepted_and_true(name: str) -> None:
    document = EXAMPLES[name]()
    accepted = check(document)
    assert accepted.holds is (document["kind"] == "memorization")
    assert is_true(document, accepted.holds)


def test_what_was_decided_is_said_in_words() -> None:
    title, *lines = statement_text(packed_example()["statement"])
    assert title == (
        "A network x -> sum_j w_j ReLU(<a, x> - b_j) on Q^2 with at most 3 units and 8 parameters a, b, w takes the 4 "
        "given labels at the 4 given points"
    )
    assert lines == ["(1/2, 3) -> 1/3", "(-1/2, 2) -> 2", "(2, 0) -> -1", "(1/2, 3) -> 1/3"]
    assert check(packed_example()).facts == (("points", "4"), ("units", "3"), ("parameters", "8"))


def test_of_many_points_the_first_ones_are_shown() -> None:
    *lines, last = statement_text(corners_example(20)["statement"])[1:]
    assert (len(lines), lines[7], last) == (8, "(7) -> -1", "and 12 more")


def test_packed_and_listed_numbers_of_every_width_say_the_same() -> None:
    for width in range(1, 13):
        document = packed_example()
        for column in (*document["statement"]["points"], document["statement"]["labels"]):
            column.update(pack([int(v * int(column["over"])) for v in decoded(column)], width, int(column["over"])))
        assert check(document).facts == check(listed_example()).facts


def test_units_of_weight_zero_are_not_counted() -> None:
    """Four points on a line through the first threshold."""
    stated = statement([texts(1, 2, 3, 5)], texts(1, 2, 3, 5), 4, 1)
    witness = {"order": texts(0, 1, 2, 3), "direction": ["1"], "numerators": texts(1, 1, 1, 2)}
    assert check(certificate(stated, **witness, first="0", denominators=texts(1, 1, 1, 2))).holds
    with pytest.raises(Rejected, match="2 units, and at most 1"):
        check(
            certificate(
                stated, **{**witness, "numerators": texts(2, 1, 1, 2)}, first="1/2", denominators=texts(1, 1, 1, 2)
            )
        )


def test_golden_bytes() -> None:
    path = CERTIFICATES / "memorization.json"
    assert path.read_bytes() == canonical(packed_example())
    accepted = check(read(path))
    assert accepted.statement_sha256 == "814e62a9da446948c020678ad6be0048e7f45ac8f798b438f55cdcace59e43e2"


# ----------------------------------------------------------------------------------------------- what is refused


FORGERIES = {
    "a label": (listed_example, "statement.labels.1", "3", "does not take a label"),
    "a coordinate": (listed_example, "statement.points.0.1", "-1/3", "does not take a label"),
    "the direction": (listed_example, "witness.direction.0", "3", "does not take a label"),
    "the opposite direction": (listed_example, "witness.direction", texts(-2, -4), "not in order"),
    "the order": (listed_example, "witness.order", texts(1, 2, 3, 0), "not in order"),
    "a point that is left out": (listed_example, "witness.order", texts(2, 1, 3, 3), "one place in the order"),
    "a negative place": (listed_example, "witness.order", texts(2, 1, -1, 0), "one place in the order"),
    "a place beyond": (listed_example, "witness.order", texts(2, 1, 4, 0), "IndexError"),
    "half a place": (listed_example, "witness.order.0", "1/2", "expected integers"),
    "a later first threshold": (listed_example, "witness.first", "7/2", "does not take a label"),
    "a first threshold behind a point": (listed_example, "witness.first", "5", "not in order"),
    "a numerator": (listed_example, "witness.numerators.1", "2", "does not take a label"),
    "a denominator": (listed_example, "witness.denominators.2", "19", "does not take a label"),
    "a denominator of 0": (listed_example, "witness.denominators.3", "0", "denominators are positive"),
    "a negative denominator": (listed_example, "witness.denominators.0", "-1", "denominators are positive"),
    "the size": (listed_example, "statement.units", "2", "3 units, and at most 2 are asked for"),
    "the parameters": (listed_example, "statement.parameters", "7", "at most 2 are asked for"),
    "no room for a direction": (listed_example, "statement.parameters", "1", "as many parameters as inputs"),
    "a divisor": (packed_example, "statement.labels.over", "4", "does not take a label"),
    "a divisor of points": (packed_example, "statement.points.0.over", "3", "not in order"),
    "a divisor of 0": (packed_example, "statement.points.0.over", "0", "over 1 or more"),
    "a divisor of a witness": (packed_example, "witness.order.over", "1/2", "expected a natural number"),
    "rational slopes": (packed_example, "witness.numerators.over", "2", "expected integers"),
    "a count": (packed_example, "statement.count", "3", "expected 3 numbers of 1 bytes"),
    "no points": (packed_example, "statement.count", "0", "between 1 and"),
    "no coordinates": (packed_example, "statement.points", [], "between 1 and"),
    "too many points": (packed_example, "statement.count", "100000001", "between 1 and 100000000"),
    "a wide number": (packed_example, "statement.labels.width", "1001", "between 1 and 1000 bytes"),
    "numbers of no bytes": (packed_example, "statement.labels.width", "0", "between 1 and 1000 bytes"),
    "short data": (packed_example, "statement.points.1.data", "AwAA", "expected 4 numbers of 3 bytes"),
    "no base64": (packed_example, "statement.points.1.data", "AwAAAgAAA*AAAwAA", "not base64"),
    "data beyond ASCII": (packed_example, "statement.points.1.data", "AwAAAgAAAéAAAwAA", "not base64"),
    "inner padding": (packed_example, "statement.points.1.data", "AwAAAgAAAAAAAw==", "not base64"),
    "data that are a list": (packed_example, "statement.points.1.data", ["3"], "packed numbers are a text"),
    "a bare number": (packed_example, "statement.units", 3, "a number must be a string"),
    "a column of another kind": (packed_example, "statement.labels", None, "expected the fields"),
    "equal points": (conflict_example, "witness.indices", texts(0, 1), "are different"),
    "equal labels": (conflict_example, "statement.labels.2", "1", "labels of the points 2 and 0 are equal"),
    "a point beside": (conflict_example, "statement.points.1.2", "1/3", "are different"),
    "a point that is not there": (conflict_example, "witness.indices", texts(0, 3), "no such point"),
    "one index": (conflict_example, "witness.indices", ["0"], "expected a list of 2"),
    "a negative index": (conflict_example, "witness.indices", texts(0, -1), "expected a natural number"),
    "enough units": (corners_example, "statement.units", "6", None),
    "corners enough": (corners_example, "statement.parameters", "13", None),
    "an order that returns": (corners_example, "witness.order", texts(0, 2, 1), "not in increasing order"),
    "a short chain": (corners_example, "witness.order", texts(0, 1, 2), "needed: 3 and allowed: 5"),
    "one point": (corners_example, "witness.order", ["0"], "two points or more"),
    "a chain from the end": (corners_example, "witness.order", texts(-2, -1), "two points or more"),
    "a label less": (corners_example, "statement.labels.2", "-1", "needed: 5 and allowed: 5"),
    "equal labels all over": (corners_example, "statement.labels", ["1"] * 6, "all labels are equal"),
    "a second coordinate": (corners_example, "statement.points", [texts(*range(6))] * 2, "one coordinate"),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_is_refused(name: str) -> None:
    example, path, value, sentence = FORGERIES[name]
    forged = edited(example(), path, value)
    if sentence is None:  # one of two bounds is relaxed, and the other one still refutes
        assert is_true(forged, check(forged).holds)
        return
    with pytest.raises(Rejected, match=sentence):
        check(forged)


@pytest.mark.parametrize("name", EXAMPLES)
def test_fields_are_exact(name: str) -> None:
    assert_fields_are_exact(EXAMPLES[name])


def test_a_witness_decides_its_own_statement_only() -> None:
    documents = [example() for example in EXAMPLES.values()]
    for a in documents:
        for b in documents:
            crossed = {**a, "statement": b["statement"]}
            same = a is b or {a["kind"], b["kind"]} == {"memorization"}  # the same data, packed and listed
            if same:
                assert check(crossed).holds == check(a).holds
            else:
                with pytest.raises(Rejected):
                    check(crossed)


def leaves(node: Json, path: str = "") -> list[str]:
    if isinstance(node, dict | list):
        entries = node.items() if isinstance(node, dict) else enumerate(node)
        return [leaf for key, value in entries for leaf in leaves(value, f"{path}.{key}" if path else str(key))]
    return [path]


NUMBERS = st.one_of(st.integers(-9, 9).map(str), st.fractions(-3, 3, max_denominator=6).map(str))
RUBBISH = st.one_of(
    st.none(), st.integers(), st.booleans(), st.text(max_size=5), st.lists(NUMBERS, max_size=4), NUMBERS
)


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(sorted(EXAMPLES)), st.data())
def test_what_is_accepted_after_random_edits_is_true(name: str, drawn: st.DataObject) -> None:
    document = EXAMPLES[name]()
    for _ in range(drawn.draw(st.integers(1, 3))):
        paths = [path for path in leaves(document) if path.split(".")[0] in ("statement", "witness")]
        path = drawn.draw(st.sampled_from(paths))
        if path.endswith(".data"):
            node = edited(document, path, None)
            text = json.loads(json.dumps(document))
            for step in path.split("."):
                text = text[int(step) if isinstance(text, list) else step]
            content = bytearray(base64.b64decode(text))
            content[drawn.draw(st.integers(0, len(content) - 1))] ^= drawn.draw(st.integers(1, 255))
            document = edited(node, path, base64.b64encode(bytes(content)).decode())
        else:
            document = edited(document, path, drawn.draw(RUBBISH if drawn.draw(st.booleans()) else NUMBERS))
    try:
        accepted = check(document)
    except Rejected:
        return
    assert is_true(document, accepted.holds)


# --------------------------------------------------------------------------------------------- counting corners


@pytest.mark.parametrize("seed", range(400))
def test_a_count_of_corners_is_a_lower_bound(seed: int) -> None:
    draw = random.Random(seed)
    places = sorted(draw.sample(range(-12, 13), draw.randint(2, 7)))
    graph = [(Fraction(t, 2), Fraction(draw.randint(-2, 2))) for t in places]
    assert corners([*graph]) <= least_corners(graph)


@pytest.mark.parametrize("n", range(2, 30))
def test_alternating_labels_need_a_unit_for_each_point(n: int) -> None:
    graph = [(Fraction(i), Fraction((-1) ** i)) for i in range(n)]
    assert corners([*graph]) == n == least_units(graph)
    assert check(corners_example(n, n - 1)).holds is False


def test_polygons_of_few_corners_that_are_known() -> None:
    """Constants need one unit; a line through the origin, one; a line that is not, one further left; a hat at 0, three."""
    points = [Fraction(i) for i in range(5)]
    assert least_units([(t, Fraction(3)) for t in points]) == 1
    assert least_units([(t, t) for t in points]) == 1
    assert least_units([(t, t + 1) for t in points]) == 1
    assert least_units([(t, Fraction(t == 2)) for t in points]) == 3
