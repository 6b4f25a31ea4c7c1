r"""Maximum cuts: every answer is accepted by the kernel and agrees with all cuts, or with published values."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.errors import NetworkError, Unanswered
from verify.kernel import FORMAT, Accepted, check
from verify.landscape.maximum_cut import CutRelaxation, MaximumCut, just_below

Edges = list[tuple[Any, ...]]

CYCLE: Edges = [(i, (i + 1) % 5) for i in range(5)]
PETERSEN: Edges = [*CYCLE, *((i, i + 5) for i in range(5)), *((5 + i, 5 + (i + 2) % 5) for i in range(5))]


def decided(question: MaximumCut | CutRelaxation) -> Accepted:
    kind, witness = question.answer()
    return check({"format": FORMAT, "kind": kind, "statement": question.statement(), "witness": witness})


def maximum(vertices: int, edges: Edges) -> Fraction:
    """Over all sides."""
    return max(
        sum((Fraction(w) for i, j, w in edges if sides[i] != sides[j]), Fraction(0))
        for sides in product((0, 1), repeat=vertices)
    )


# --------------------------------------------------------------------------------------------------- the maximum


def weighted(vertices: int) -> st.SearchStrategy[tuple[int, Edges]]:
    pairs = list(combinations(range(vertices), 2))
    return st.lists(st.sampled_from(["0", "1", "-1/2", "2/3", "5"]), min_size=len(pairs), max_size=len(pairs)).map(
        lambda weights: (vertices, [(i, j, w) for (i, j), w in zip(pairs, weights, strict=True) if w != "0"])
    )


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 6).flatmap(weighted))
def test_the_largest_cut_holds_and_its_neighbours_are_refuted(graph: tuple[int, Edges]) -> None:
    vertices, edges = graph
    value = maximum(vertices, edges)
    assert decided(MaximumCut(vertices, edges, lower=value, upper=value)).holds is True
    assert decided(MaximumCut(vertices, edges, lower=value + Fraction(1, 100), upper=100)).holds is False
    assert decided(MaximumCut(vertices, edges, lower=-1, upper=value - Fraction(1, 100))).holds is False


def test_published_values() -> None:
    """12 of the 15 edges of the Petersen graph; floor(n^2 / 4) for complete graphs; n - 1 for odd cycles."""
    assert decided(MaximumCut(10, PETERSEN, lower=12, upper=12)).holds
    for n in (5, 6, 9):
        complete: Edges = list(combinations(range(n), 2))
        assert decided(MaximumCut(n, complete, lower=n * n // 4, upper=n * n // 4)).holds
    assert decided(MaximumCut(5, CYCLE, lower=4, upper=4)).holds
    assert decided(CutRelaxation(10, PETERSEN, lower="12.499999", upper="12.500001")).holds


def test_a_graph_that_needs_branches_has_a_tree_or_is_enumerated() -> None:
    source = random.Random(8)
    edges: Edges = [(i, j, source.choice([1, 2, 3])) for i in range(12) for j in range(i) if source.random() < 0.5]
    question = MaximumCut(12, edges, lower=58, upper=58)
    assert maximum(12, edges) == 58 and decided(question).kind == "maximum-cut"
    assert int(dict(decided(question).facts)["leaves"]) > 1
    assert decided(MaximumCut(12, edges, lower=58, upper=58, nodes=1)).kind == "maximum-cut-enumeration"


def test_relaxations_are_refuted_from_both_sides() -> None:
    """A pentagon has (25 + 5 sqrt 5) / 8."""
    value = (25 + 5 * math.sqrt(5)) / 8
    assert decided(CutRelaxation(5, CYCLE, lower=value - 1e-7, upper=value + 1e-7)).holds is True
    assert decided(CutRelaxation(5, CYCLE, lower=4, upper=value - 1e-6)).holds is False
    assert decided(CutRelaxation(5, CYCLE, lower=value + 1e-6, upper=5)).holds is False
    with pytest.raises(Unanswered, match=r"between 4\.522.* and 4\.522.*; whether .* was not decided"):
        CutRelaxation(5, CYCLE, lower=value, upper=value).answer()


def test_large_graphs_that_need_too_many_nodes_are_not_decided() -> None:
    source = random.Random(3)
    edges: Edges = [(i, j, source.choice([1, 2, 3])) for i in range(22) for j in range(i) if source.random() < 0.5]
    with pytest.raises(Unanswered, match=r"after 1 nodes some bounds are still more, .* allow more with nodes="):
        MaximumCut(22, edges, lower=0, upper=1, nodes=1).answer()


@given(st.fractions(max_denominator=50), st.sampled_from([Fraction(1, 6), Fraction(1), Fraction(7, 2)]))
def test_just_below_is_the_largest_multiple_that_is_less(value: Fraction, step: Fraction) -> None:
    found = just_below(value, step)
    assert found < value <= found + step and (found / step).denominator == 1


# ------------------------------------------------------------------------------------------------------- bad input

BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no vertices": ({"vertices": 0}, "vertices=0 is not a whole number from 1 to 500; say how many there are"),
    "half a vertex": ({"vertices": 2.5}, "vertices=2.5 is not a whole number"),
    "too many vertices": ({"vertices": 501}, "vertices=501 is not a whole number"),
    "a vertex that is missing": ({"edges": [(0, 5)]}, r"edges\[0\] joins 0 and 5; an edge joins two different ones of 0, ..., 4"),
    "a loop": ({"edges": [(0, 1), (2, 2)]}, r"edges\[1\] joins 2 and 2"),
    "an edge twice": ({"edges": [(0, 1), (1, 0, 3)]}, r"edges\[1\] joins 0 and 1, which are joined already"),
    "an edge of four parts": ({"edges": [(0, 1, 1, 1)]}, r"edges\[0\] is .*; give a pair of vertices"),
    "a number for an edge": ({"edges": [3]}, r"edges\[0\] is '3'; give a pair of vertices"),
    "an infinite weight": ({"edges": [(0, 1, math.inf)]}, r"edges\[0\]\[2\] is inf"),
    "a word for a weight": ({"edges": [(0, 1, "heavy")]}, r"edges\[0\]\[2\] is 'heavy', which is no number"),
    "a bound that is no number": ({"lower": math.nan}, "lower is nan"),
}  # fmt: skip


@pytest.mark.parametrize("question", [MaximumCut, CutRelaxation])
@pytest.mark.parametrize("name", BAD)
def test_bad_input_gets_one_sentence(name: str, question: type[MaximumCut] | type[CutRelaxation]) -> None:
    changed, sentence = BAD[name]
    with pytest.raises(NetworkError, match=sentence) as caught:
        question(**{"vertices": 5, "edges": CYCLE, "lower": 4, "upper": 4, **changed}).statement()
    assert "\n" not in str(caught.value)
