r"""The searches behind identities of the maximum, and their networks: against SymPy, brute force and the definition."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import combinations, permutations
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.errors import NetworkError, Unanswered
from verify.kernel import FORMAT, check
from verify.networks.braid_network import assembled, injections, moduli
from verify.networks.braid_terms import find_identity, find_obstruction, simple_graphs
from verify.networks.linear_combination import PRIME, combination, reconstructed
from verify.networks.two_layer_maximum import MaximumIdentity, TwoLayerMaximum

Json = Any
COMMITTED = Path(__file__).resolve().parents[2] / "claims" / "expressivity" / "max_identities"
FIVE = [
    (1, [(0, 0), (0, 1)], [(1, 2), (1, 2)]),
    (-2, [(0, 0), (1, 2)], [(1, 3), (2, 4)]),
    ("3/2", [(0, 1), (0, 2)], [(0, 3), (0, 4)]),
]


def mean(terms: Json, x: list[int]) -> Fraction:
    """The sum of the terms by its definition, over all orders one by one."""
    every = list(permutations(x))
    total = Fraction(0)
    for c, red, blue in terms:
        values = (max(*(sum(max(y[u], y[v]) for u, v in pairs) for pairs in (red, blue))) for y in every)
        total += Fraction(c) * Fraction(sum(values), len(every))
    return total


def document(question: Any) -> Json:
    kind, witness = question.answer()
    return {
        "format": FORMAT,
        "kind": kind,
        "statement": question.statement(),
        "witness": json.loads(json.dumps(witness)),
    }


# ------------------------------------------------------------------------------------------------------ the searches


@pytest.mark.parametrize(("n", "weight"), [(2, 1), (3, 1), (4, 1), (4, 2), (5, 2), (6, 2), (6, 3), (7, 3)])
def test_an_identity_is_found_and_accepted(n: int, weight: int) -> None:
    question = TwoLayerMaximum(n, weight)
    found = document(question)
    assert check(found).holds is True
    random = Random(n)
    for _ in range(2 if n < 7 else 1):
        x = [random.randint(-50, 50) for _ in range(n)]
        assert mean(found["witness"]["terms"], x) == max(x)


@pytest.mark.parametrize(("n", "weight"), [(5, 1), (6, 1), (9, 1), (7, 2)])
def test_an_obstruction_is_found_and_accepted(n: int, weight: int) -> None:
    found = document(TwoLayerMaximum(n, weight))
    assert found["kind"] == "two-layer-maximum-obstruction"
    assert check(found).holds is False


def test_what_does_not_exist_is_not_found() -> None:
    with pytest.raises(Unanswered, match="no identity"):
        find_identity(5, 1)
    with pytest.raises(Unanswered, match="no obstruction"):
        find_obstruction(4, 1)


def test_a_search_that_takes_too_long_is_not_begun() -> None:
    for n, weight in ((9, 3), (9, 4), (10, 4)):
        with pytest.raises(Unanswered, match="give terms or obstruction"):
            TwoLayerMaximum(n, weight).answer()


def test_simple_graphs_are_complete() -> None:
    """Against all ways to colour two times two different pairs of four vertices, up to isomorphism and exchange."""
    listed = set()
    pairs = list(combinations(range(4), 2))
    for weight in (1, 2):
        for red in combinations(pairs, weight):
            for blue in combinations([pair for pair in pairs if pair not in red], weight):
                listed.add(min(least(red, blue), least(blue, red)))
    graphs = [
        ([(u, v) for u, v, m in graph if m > 0], [(u, v) for u, v, m in graph if m < 0])
        for graph in simple_graphs(4, 2)
    ]
    assert {min(least(*graph), least(*reversed(graph))) for graph in graphs} == listed


def least(red: Any, blue: Any) -> Any:
    return min(
        tuple(tuple(sorted(tuple(sorted((p[u], p[v]))) for u, v in pairs)) for pairs in (red, blue))
        for p in permutations(range(4))
    )


# -------------------------------------------------------------------------------------------------- linear algebra


matrices = st.integers(1, 4).flatmap(
    lambda rows: st.lists(st.lists(st.integers(-9, 9), min_size=rows, max_size=rows), min_size=2, max_size=6)
)


@settings(max_examples=80, deadline=None)
@given(matrices)
def test_a_combination_is_found_exactly_if_the_target_is_in_the_span(columns: list[list[int]]) -> None:
    import sympy

    *vectors, target = columns
    matrix = sympy.Matrix(vectors).T
    in_span = matrix.row_join(sympy.Matrix(target)).rank() == matrix.rank()
    sparse = [{i: c for i, c in enumerate(vector) if c} for vector in columns]
    found = combination(sparse[:-1], sparse[-1])
    assert (found is not None) is in_span
    if found is not None:
        total = [sum((c * vectors[k][i] for k, c in found), Fraction(0)) for i in range(len(target))]
        assert total == target


def test_long_coefficients_are_lifted() -> None:
    size, random = 12, Random(5)
    vectors = [{i: random.randint(-(10**6), 10**6) for i in range(size)} for _ in range(size)]
    found = combination(vectors, {0: 1})
    assert found is not None and max(len(str(c.denominator)) for _, c in found) > 60
    total = [sum((c * vectors[k][i] for k, c in found), Fraction(0)) for i in range(size)]
    assert total == [1] + [0] * (size - 1)


def test_a_span_modulo_the_prime_only_is_no_span() -> None:
    assert combination([{0: 1, 1: 1}], {0: 1, 1: 1 + PRIME}) is None


@given(st.integers(-1000, 1000), st.integers(1, 1000))
def test_fractions_are_recovered_from_their_residues(a: int, b: int) -> None:
    assert reconstructed(a * pow(b, -1, PRIME) % PRIME, PRIME) == Fraction(a, b)


# ------------------------------------------------------------------------------------------------------ the network


@pytest.mark.parametrize(("n", "widths"), [(4, (4, 14, 5, 1)), (5, (5, 20, 137, 1))])
def test_the_network_has_two_hidden_layers_and_computes_the_maximum(n: int, widths: tuple[int, ...]) -> None:
    network = assembled(n, FIVE if n == 5 else [(1, [(0, 1)], [(2, 3)])])
    assert network.widths == widths
    random = Random(n)
    for spread in (3, 1000):  # ties, and none
        for _ in range(40):
            x = [Fraction(random.randint(-spread, spread), random.randint(1, 3)) for _ in range(n)]
            assert network(x) == (max(x),)


def test_the_network_of_any_terms_computes_their_sum() -> None:
    random = Random(1)
    for _ in range(10):
        w = random.randint(1, 3)
        pairs = [[(random.randrange(4), random.randrange(4)) for _ in range(w)] for _ in range(4)]
        terms = [("2/3", *pairs[:2]), ("-5/7", *pairs[2:])]
        x = [random.randint(-20, 20) for _ in range(4)]
        assert assembled(4, terms)(x) == (mean(terms, x),)


def test_the_units_are_as_many_as_different_moduli() -> None:
    """Max(M_ab, M_cd) has three placements up to the exchange of its arguments."""
    table = moduli(4, [(1, [(0, 1)], [(2, 3)])])
    assert len(table.numerators) == 3
    assert {Fraction(k, table.denominator) for k in table.numerators} == {Fraction(1, 6)}


def test_injections_are_all_sequences_without_repetition() -> None:
    for n in range(1, 6):
        for k in range(n + 1):
            assert [tuple(row) for row in injections(n, k).tolist()] == list(permutations(range(n), k))


def test_a_network_that_is_too_wide_says_so_and_its_moduli_still_add_up_to_the_maximum() -> None:
    terms = json.loads((COMMITTED / "maximum_7.json").read_text())["witness"]["terms"]
    with pytest.raises(NetworkError, match="85052 units"):
        assembled(7, terms)
    table, random = moduli(7, terms), Random(7)
    for _ in range(5):
        x = [random.randint(-99, 99) for _ in range(7)]
        larger = [max(x[u], x[v]) for u, v in table.pairs]
        sizes = abs(table.forms @ larger).tolist()
        total = sum(k * size for k, size in zip(table.numerators, sizes, strict=True))
        total += sum(c * value for c, value in zip(table.linear, larger, strict=True))
        assert Fraction(total, table.denominator) == max(x)


# --------------------------------------------------------------------------------------------------------- bad input


BAD = {
    "n = 1 must": lambda: TwoLayerMaximum(1, 1),
    "n = 17 must": lambda: TwoLayerMaximum(17, 1),
    "n = True must": lambda: TwoLayerMaximum(True, 1),
    "n = '4' must": lambda: TwoLayerMaximum("4", 1),  # type: ignore[arg-type]
    "weight = 0 must": lambda: TwoLayerMaximum(4, 0),
    "exclude each other": lambda: TwoLayerMaximum(4, 1, terms=[], obstruction={}),
    "term 1 must be": lambda: MaximumIdentity(4, [(1, [(0, 1)])]).statement(),  # type: ignore[list-item]
    "term 2 must be": lambda: MaximumIdentity(4, [FIVE[0], (0.5, [(0, 1)], [(0, 1)])]).statement(),  # type: ignore[list-item]
    "not \\('1/0'": lambda: MaximumIdentity(4, [("1/0", [(0, 1)], [(0, 1)])]).statement(),
    "not \\('a'": lambda: MaximumIdentity(4, [("a", [(0, 1)], [(0, 1)])]).statement(),
    "as many red as blue": lambda: MaximumIdentity(4, [(1, [(0, 1)], [])]).statement(),
    "from 1 to 8": lambda: MaximumIdentity(4, [(1, [(0, 1)] * 9, [(0, 1)] * 9)]).statement(),
    "vertex of term 2 = 4": lambda: MaximumIdentity(4, FIVE).statement(),
    "vertex of term 1 = 'a'": lambda: MaximumIdentity(4, [(1, [("a", 1)], [(0, 1)])]).statement(),  # type: ignore[list-item]
    "n = 0 must": lambda: MaximumIdentity(0, FIVE).statement(),
}


@pytest.mark.parametrize("sentence", BAD)
def test_bad_input_is_named_in_one_sentence(sentence: str) -> None:
    with pytest.raises(NetworkError, match=sentence):
        BAD[sentence]()


def test_an_explicit_identity_is_decided_both_ways() -> None:
    assert check(document(MaximumIdentity(5, FIVE))).holds is True
    assert check(document(MaximumIdentity(5, FIVE[1:]))).holds is False
    assert check(document(MaximumIdentity(6, FIVE))).holds is False
