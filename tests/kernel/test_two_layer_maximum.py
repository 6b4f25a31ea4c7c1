r"""Identities between braid terms, and obstructions: the oracle is the definition, over all orders one by one."""

from __future__ import annotations

import copy
import hashlib
import json
from collections import Counter
from fractions import Fraction
from itertools import combinations_with_replacement, permutations, product
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.kernel import FORMAT, Rejected, Unsupported, canonical, check, statement_text
from verify.kernel.braid_terms import graph_of, normal_form, orders, renamed
from verify.kernel.maximum_obstruction import differences
from verify.kernel.questions import CHECKERS

Json = Any
COMMITTED = Path(__file__).resolve().parents[2] / "claims" / "expressivity" / "max_identities"

FOUR = [["1", [[0, 1]], [[2, 3]]]]
FIVE = [
    ["1", [[0, 0], [0, 1]], [[1, 2], [1, 2]]],
    ["-2", [[0, 0], [1, 2]], [[1, 3], [2, 4]]],
    ["3/2", [[0, 1], [0, 2]], [[0, 3], [0, 4]]],
]
SIX = [
    ["1", [[0, 1], [0, 1]], [[2, 3], [2, 3]]],
    ["2", [[0, 1], [0, 2]], [[0, 3], [4, 5]]],
    ["-1/2", [[0, 1], [0, 2]], [[3, 4], [3, 5]]],
    ["-2", [[0, 1], [2, 3]], [[0, 2], [4, 5]]],
]
IDENTITIES = {(4, 1): FOUR, (5, 2): FIVE, (6, 2): SIX}
NOT_FIVE = {"linear": ["1", "-4", "6", "-4", "1"], "kinks": []}
NOT_SEVEN = {
    "linear": ["1", "-6", "15", "-20", "15", "-6", "1"],
    "kinks": [
        [[0, 1, -1, -1, 0, 1, 0], "-210"],
        [[0, 1, -1, -1, 1, 0, 0], "210"],
        [[0, 1, 0, -1, -1, 0, 1], "210"],
        [[0, 1, 0, -1, -1, 1, 0], "-210"],
        [[1, -1, -1, 0, 1, 0, 0], "-210"],
        [[1, -1, -1, 1, 0, 0, 0], "210"],
        [[1, -1, 0, -1, 0, 1, 0], "420"],
        [[1, -1, 0, -1, 1, 0, 0], "-420"],
        [[1, 0, -1, -1, 0, 1, 0], "210"],
        [[1, 0, -1, -1, 1, 0, 0], "-210"],
        [[1, 0, -1, 0, -1, 0, 1], "-420"],
        [[1, 0, -1, 0, -1, 1, 0], "420"],
    ],
}


def identity(n: int, weight: int, terms: Json) -> Json:
    statement = {"question": "two_layer_maximum", "n": n, "weight": weight}
    return {"format": FORMAT, "kind": "two-layer-maximum", "statement": statement, "witness": {"terms": terms}}


def obstruction(n: int, weight: int, witness: Json) -> Json:
    return {**identity(n, weight, []), "kind": "two-layer-maximum-obstruction", "witness": witness}


def explicit(n: int, terms: Json) -> Json:
    statement = {"question": "maximum_identity", "n": n, "terms": terms}
    return {"format": FORMAT, "kind": "maximum-identity", "statement": statement, "witness": {}}


def mean(terms: Json, x: list[int]) -> Fraction:
    """The right-hand side by its definition."""
    every = list(permutations(x))
    total = Fraction(0)
    for c, red, blue in terms:
        values = (max(*(sum(max(y[u], y[v]) for u, v in pairs) for pairs in (red, blue))) for y in every)
        total += Fraction(c) * Fraction(sum(values), len(every))
    return total


def is_maximum(n: int, terms: Json) -> bool:
    """At all points with coordinates 0, 1, 3 and at two random ones (enough to tell the identities used here)."""
    random = Random(n)
    sorted_points = [list(x) for x in combinations_with_replacement((5, 3, 1, 0), n)][::3]
    points = [*sorted_points, *([random.randint(-99, 99) for _ in range(n)] for _ in range(2))]
    return all(mean(terms, x) == max(x) for x in points)


# ------------------------------------------------------------------------------------------------ what is accepted


@pytest.mark.parametrize(("n", "weight"), IDENTITIES)
def test_an_identity_is_accepted_and_true(n: int, weight: int) -> None:
    assert is_maximum(n, IDENTITIES[n, weight])
    accepted = check(identity(n, weight, IDENTITIES[n, weight]))
    assert accepted.holds is True
    assert check(explicit(n, IDENTITIES[n, weight])).holds is True


@pytest.mark.parametrize("name", sorted(path.stem for path in COMMITTED.glob("*.json")))
def test_the_committed_certificates_are_accepted(name: str) -> None:
    document = json.loads((COMMITTED / f"{name}.json").read_text())
    kind, n = name.split("_")
    assert document["statement"]["n"] == int(n)
    assert document["statement"]["weight"] == -(-int(n) // 2) - 1 - (kind == "obstruction")
    if int(n) < 9:  # the large ones take seconds, and the kernel checks them whenever their claim is asked about
        assert check(document).holds is (kind == "maximum")


def test_an_obstruction_refutes_its_statement() -> None:
    accepted = check(obstruction(5, 1, NOT_FIVE))
    assert accepted.holds is False


def test_the_functional_of_an_obstruction_is_0_on_every_term_listed_by_hand() -> None:
    """The alternating sum over 0-1 points, C(5, s) of which have s ones, is 0 on functions of four of five inputs."""
    for red, blue in product(combinations_with_replacement(range(4), 2), repeat=2):
        values = [mean([["1", [red], [blue]]], [1] * s + [0] * (5 - s)) for s in range(6)]
        steps = [values[s + 1] - values[s] for s in range(5)]  # the coefficients of x_1, ..., x_5 if there is no kink
        assert sum(int(c) * step for c, step in zip(NOT_FIVE["linear"], steps, strict=True)) == 0


def test_a_false_identity_is_refuted_with_what_remains() -> None:
    terms = copy.deepcopy(FIVE)
    terms[2][0] = "5/4"
    accepted = check(explicit(5, terms))
    assert accepted.holds is False
    assert not is_maximum(5, terms)
    assert dict(accepted.facts)["sum minus maximum"].startswith("(-1/60) |x1 - x2 - x3 + x4|")


def test_what_remains_is_the_difference_of_the_two_sides() -> None:
    terms = [["1", [[0, 1]], [[2, 3]]], ["1/7", [[0, 0]], [[0, 0]]]]
    accepted = check(explicit(4, terms))
    assert dict(accepted.facts)["sum minus maximum"] == "(1/28) x1 + (1/28) x2 + (1/28) x3 + ..."


# ------------------------------------------------------------------------------------------------------- forgeries


@pytest.mark.parametrize(("n", "weight"), IDENTITIES)
def test_every_forged_number_of_an_identity_is_rejected(n: int, weight: int) -> None:
    for number, (c, red, blue) in enumerate(IDENTITIES[n, weight]):
        for forged in (str(Fraction(c) + Fraction(1, 10**30)), str(-Fraction(c)), "0"):
            terms = copy.deepcopy(IDENTITIES[n, weight])
            terms[number][0] = forged
            refused(identity(n, weight, terms))
            assert check(explicit(n, terms)).holds is False
        for colour, pairs in ((1, red), (2, blue)):
            for place, end in product(range(len(pairs)), range(2)):
                terms = copy.deepcopy(IDENTITIES[n, weight])
                terms[number][colour][place][end] = (pairs[place][end] + 1) % n
                accepted_only_if_true(identity(n, weight, terms), is_maximum(n, terms))


def test_a_term_that_is_dropped_or_stands_twice_is_rejected() -> None:
    refused(identity(6, 2, SIX[1:]))
    refused(identity(6, 2, [*SIX, SIX[0]]))
    refused(identity(6, 2, []))


@pytest.mark.parametrize(("n", "weight", "witness"), [(5, 1, NOT_FIVE), (7, 2, NOT_SEVEN)])
def test_every_forged_value_of_a_functional_is_rejected(n: int, weight: int, witness: Json) -> None:
    assert check(obstruction(n, weight, witness)).holds is False
    for place in range(n):
        forged = copy.deepcopy(witness)
        forged["linear"][place] = str(int(forged["linear"][place]) + 1)
        refused(obstruction(n, weight, forged))
    for place in range(len(witness["kinks"])):
        for value in ("0", str(int(witness["kinks"][place][1]) + 1)):
            forged = copy.deepcopy(witness)
            forged["kinks"][place][1] = value
            refused(obstruction(n, weight, forged))
        refused(
            obstruction(n, weight, {**witness, "kinks": [k for k in witness["kinks"] if k != witness["kinks"][place]]})
        )
    refused(obstruction(n, weight, {"linear": ["0"] * n, "kinks": []}))
    refused(obstruction(n, weight + 1, witness))


def test_a_functional_cannot_exclude_what_is_true() -> None:
    """For n = 4 and w = 1 there is an identity: every functional that is 0 on the terms is 0 on the maximum."""
    for values in product(range(-3, 4), repeat=3):
        refused(obstruction(4, 1, {"linear": ["1", *map(str, values)], "kinks": []}))


def test_a_certificate_is_accepted_for_its_own_statement_only() -> None:
    documents = [identity(n, w, terms) for (n, w), terms in IDENTITIES.items()]
    documents += [explicit(n, terms) for (n, _), terms in IDENTITIES.items()] + [obstruction(5, 1, NOT_FIVE)]
    for one, other in product(documents, repeat=2):
        crossed = {**one, "statement": other["statement"]}
        if one["statement"] != other["statement"] and one["witness"] != other["witness"]:
            refused(crossed)
    with pytest.raises(Rejected, match="expected one"):
        check(documents[0], statement_sha256=check(documents[1]).statement_sha256)


def refused(document: Json) -> None:
    with pytest.raises((Rejected, Unsupported)):
        check(document)


def accepted_only_if_true(document: Json, truth: bool) -> None:
    if truth:
        assert check(document).holds is True
    else:
        refused(document)


# ------------------------------------------------------------------------------------------------------- malformed


MALFORMED: list[Json] = [
    {**identity(4, 1, FOUR), "witness": {}},
    {**identity(4, 1, FOUR), "witness": {"terms": FOUR, "more": []}},
    {**identity(4, 1, FOUR), "statement": {"question": "two_layer_maximum", "n": 4}},
    {**identity(4, 1, FOUR), "statement": {"question": "two_layer_maximum", "n": 4, "weight": 1, "m": 1}},
    identity(1, 1, FOUR),
    identity(17, 1, FOUR),
    identity(True, 1, FOUR),
    identity("4", 1, FOUR),  # type: ignore[arg-type]
    identity(4, 0, FOUR),
    identity(4, 9, FOUR),
    identity(4, 2, FOUR),
    identity(4, 1, FOUR[0]),
    identity(4, 1, None),
    identity(4, 1, [["1", [[0, 1]], [[2, 3], [0, 1]]]]),
    identity(4, 1, [["1", [], []]]),
    identity(4, 1, [["1", [[0, 1]], [[2, 4]]]]),
    identity(4, 1, [["1", [[0, 1]], [[2, -1]]]]),
    identity(4, 1, [["1", [[0, 1]], [[2, True]]]]),
    identity(4, 1, [["1", [[0, 1]], [[2]]]]),
    identity(4, 1, [[1, [[0, 1]], [[2, 3]]]]),
    identity(4, 1, [["1.0", [[0, 1]], [[2, 3]]]]),
    identity(4, 1, [["1/0", [[0, 1]], [[2, 3]]]]),
    identity(4, 1, [["1/" + "9" * 3999, [[0, 1]], [[2, 3]]], ["1/" + "7" * 3998, [[0, 1]], [[2, 3]]]]),
    {**explicit(4, FOUR), "witness": {"terms": FOUR}},
    explicit(4, [["1", [[0, 1]] * 9, [[2, 3]] * 9]]),
    obstruction(5, 1, {"linear": NOT_FIVE["linear"]}),
    obstruction(5, 1, {"linear": ["1", "-4", "6", "-4"], "kinks": []}),
    obstruction(5, 1, {"linear": ["1/2", "-2", "3", "-2", "1/2"], "kinks": []}),
    *(
        obstruction(5, 1, {"linear": NOT_FIVE["linear"], "kinks": kinks})
        for kinks in (
            [[[0, 0, 0, 0, 0], "1"]],  # no form
            [[[1, -1, 0, 0, 0], "1"]],  # of one sign on the cone
            [[[2, -2, -2, 2, 0], "1"]],  # not primitive
            [[[-1, 1, 1, -1, 0], "1"]],  # the first entry is negative
            [[[1, -2, 0, 0, 0], "1"]],  # the entries do not add up to 0
            [[[1, -1, -1, 1], "1"]],  # too short
            [[[1, -1, -1, 1, 0], "1"]] * 2,  # twice
            [[[1, -17, 0, 16, 0], "1"]],  # too large
            [[[1, -1, -1, 1, 0], 1]],
            [[1, -1, -1, 1, 0]],
        )
    ),
    obstruction(12, 6, {"linear": [str((-1) ** i) for i in range(12)], "kinks": []}),  # not 0 on the sum of the inputs
]


@pytest.mark.parametrize("document", MALFORMED, ids=range(len(MALFORMED)))
def test_malformed_certificates_are_refused_in_a_sentence(document: Json) -> None:
    with pytest.raises((Rejected, Unsupported)) as refusal:
        check(document)
    assert str(refusal.value).strip()


def test_a_family_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The functional of finite differences passes the first tests, then all terms of weight 8 would have to be listed."""
    monkeypatch.setattr("verify.kernel.maximum_obstruction.MAX_GRAPHS", 500)
    with pytest.raises(Rejected, match="more than 500 terms of weight 8"):
        check(obstruction(6, 8, {"linear": ["1", "-5", "10", "-10", "5", "-1"], "kinks": []}))


def test_an_identity_with_too_many_orders_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verify.kernel.braid_terms.MAX_STATES", 20)
    with pytest.raises(Rejected, match="more than 20"):
        check(identity(6, 2, SIX))


def leaves(value: Json, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict | list):
        inner = value.items() if isinstance(value, dict) else enumerate(value)
        return [path, *(p for k, v in inner for p in leaves(v, (*path, k)))]
    return [path]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(IDENTITIES)), st.booleans(), st.data())
def test_random_mutations_are_refused_or_true(which: tuple[int, int], stated: bool, data: st.DataObject) -> None:
    n, weight = which
    document = explicit(n, IDENTITIES[which]) if stated else identity(n, weight, IDENTITIES[which])
    document = copy.deepcopy(document)
    path = data.draw(st.sampled_from([p for p in leaves(document) if p]))
    place: Any = document
    for step in path[:-1]:
        place = place[step]
    values = st.sampled_from(
        [0, 1, 2, 3, -1, 7, "1", "-2", "3/2", "0", [], [[0, 1]], {}, None, True, "two_layer_maximum"]
    )
    place[path[-1]] = data.draw(values)
    try:
        accepted = check(document)
    except (Rejected, Unsupported):
        return
    statement = document["statement"]
    terms = statement.get("terms", document["witness"].get("terms"))
    assert accepted.holds is is_maximum(statement["n"], terms)


# ------------------------------------------------------------------------------------------ the parts of the checker


graphs = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=4)


@settings(max_examples=60, deadline=None)
@given(graphs, st.data())
def test_orders_are_counted_as_if_they_were_listed(red: list[tuple[int, int]], data: st.DataObject) -> None:
    blue = data.draw(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=len(red), max_size=len(red)))
    listed: Counter[tuple[int, ...]] = Counter()
    for position in permutations(range(5)):
        d = [0] * 5
        for pairs, sign in ((red, 1), (blue, -1)):
            for u, v in pairs:
                d[min(position[u], position[v])] += sign
        listed[tuple(d)] += 1
    found = orders({graph_of(red, blue): 1}, 5)
    assert found == listed
    linear, kinks = normal_form(found, 5)
    x = sorted(data.draw(st.lists(st.integers(-50, 50), min_size=5, max_size=5)), reverse=True)
    value = sum(c * t for c, t in zip(linear, x, strict=True))
    value += sum(g * abs(sum(c * t for c, t in zip(h, x, strict=True))) for h, g in kinks.items())
    assert value == sum(k * abs(sum(c * t for c, t in zip(d, x, strict=True))) for d, k in listed.items())


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.integers(0, 4), st.integers(0, 4)).map(lambda p: (min(p), max(p))),
        st.sampled_from([-2, -1, 1, 3]),
        max_size=5,
    )
)
def test_a_graph_is_renamed_and_nothing_else(edges: dict[tuple[int, int], int]) -> None:
    graph = renamed(edges)
    vertices = sorted({end for pair in edges for end in pair})
    assert {end for u, v, _ in graph for end in (u, v)} == set(range(len(vertices)))
    assert any(
        sorted((*sorted((p[vertices.index(u)], p[vertices.index(v)])), m) for (u, v), m in edges.items()) == list(graph)
        for p in permutations(range(len(vertices)))
    )


@pytest.mark.parametrize(("n", "weight"), [(2, 1), (3, 1), (4, 1), (3, 2), (4, 2)])
def test_all_terms_of_a_weight_are_listed(n: int, weight: int) -> None:
    """Against all pairs of multisets of pairs, brought to the least of all their renamings."""
    sums = list(combinations_with_replacement(list(combinations_with_replacement(range(n), 2)), weight))
    expected = set()
    for red, blue in combinations_with_replacement(sums, 2):
        net = Counter(red)
        net.subtract(blue)
        expected.add(up_to_sign({pair: m for pair, m in net.items() if m}, n))
    found = {up_to_sign({(u, v): m for u, v, m in graph}, n) for graph in differences(n, weight)}
    assert found == expected


def up_to_sign(net: dict[tuple[int, int], int], n: int) -> tuple[Any, ...]:
    return min(least(net, n), least({pair: -m for pair, m in net.items()}, n))


def least(net: dict[tuple[int, int], int], n: int) -> tuple[Any, ...]:
    return min(tuple(sorted((*sorted((p[u], p[v])), m) for (u, v), m in net.items())) for p in permutations(range(n)))


# ------------------------------------------------------------------------------------------------- words and bytes


def test_the_statement_in_words_says_what_is_decided() -> None:
    title, *details = statement_text(identity(5, 2, FIVE)["statement"])
    assert title.startswith("max(x1, ..., x5) is, on all of R^5, a linear combination of terms max(R, B)")
    assert "2 maxima" in title
    assert any("two hidden layers" in line for line in details)
    words = statement_text(explicit(5, FIVE)["statement"])
    assert "  3/2 Avg max(Mab + Mac, Mad + Mae)" in words
    assert "  1 Avg max(a + Mab, Mbc + Mbc)" in words


def test_the_kinds_are_registered_for_their_questions() -> None:
    assert CHECKERS["two-layer-maximum"].question == CHECKERS["two-layer-maximum-obstruction"].question
    assert CHECKERS["maximum-identity"].question == "maximum_identity"


def test_the_bytes_of_a_small_certificate_do_not_change() -> None:
    golden = (
        b'{"format":"deepclaims certificate 1","kind":"two-layer-maximum","statement":{"n":4,"question":"two_layer_maximum",'
        b'"weight":1},"witness":{"terms":[["1",[[0,1]],[[2,3]]]]}}'
    )
    assert canonical(identity(4, 1, FOUR)) == golden
    accepted = check(json.loads(golden))
    assert accepted.statement_sha256 == hashlib.sha256(canonical(json.loads(golden)["statement"])).hexdigest()
    assert dict(accepted.facts) == {"terms": "1", "kinks": "0", "common denominator": "1"}
