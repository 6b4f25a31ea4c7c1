r"""Factorised problems: exact bounds enclose the minimum, closely, and meet where the data make it rational.

The oracles are the closed form in the singular values where everything is observed, a semidefinite program in the Gram matrix of
the factors, and gradient descent on the factors.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import cvxpy as cp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.errors import NetworkError, Unanswered
from verify.kernel import FORMAT, Accepted, check
from verify.landscape.factorization import FactorizedMinimum, factorized_optimum, norm_bound

Rows = Sequence[Sequence[Any]]


def decided(question: FactorizedMinimum) -> Accepted:
    kind, witness = question.answer()
    return check({"format": FORMAT, "kind": kind, "statement": question.statement(), "witness": witness})


def closed_form(rows: Rows, penalty: float) -> float:
    sizes = np.linalg.svd(np.array([[float(x) for x in row] for row in rows]), compute_uv=False)
    return float(sum(min(s, penalty) ** 2 / 2 + penalty * max(s - penalty, 0) for s in sizes))


def by_gram_matrix(rows: Rows, penalty: float) -> float:
    m, n = len(rows), len(rows[0])
    gram = cp.Variable((m + n, m + n), PSD=True)
    misfit = [
        (gram[i, m + j] - float(x)) ** 2 for i, row in enumerate(rows) for j, x in enumerate(row) if x is not None
    ]
    goal = (cp.sum(misfit) if misfit else 0) / 2 + penalty / 2 * cp.trace(gram)
    return float(cp.Problem(cp.Minimize(goal)).solve(solver=cp.CLARABEL))


def assert_solved(rows: Rows, penalty: Any, gap: float = 1e-9) -> None:
    found = factorized_optimum(rows, penalty)
    scale = 1 + sum(float(Fraction(x)) ** 2 for row in rows for x in row if x is not None)
    assert 0 <= found.upper - found.lower <= gap * scale
    width = len(found.pairs)
    assert width <= min(len(rows), len(rows[0]))
    assert decided(FactorizedMinimum(rows, penalty, width=width, lower=found.lower, upper=found.upper)).holds


# --------------------------------------------------------------------------------------------------- the minimum

tables = st.integers(1, 4).flatmap(
    lambda n: st.lists(st.lists(st.integers(-4, 4), min_size=n, max_size=n), min_size=1, max_size=4)
)


@settings(max_examples=30, deadline=None)
@given(tables, st.sampled_from(["1/10", "1", "7/2"]))
def test_where_everything_is_observed_there_is_a_closed_form(rows: list[list[int]], penalty: str) -> None:
    assert_solved(rows, penalty)
    found, expected = factorized_optimum(rows, penalty), closed_form(rows, float(Fraction(penalty)))
    assert float(found.lower) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@settings(max_examples=20, deadline=None)
@given(tables, st.data())
def test_where_entries_are_missing_a_semidefinite_program_agrees(rows: list[list[int]], data: st.DataObject) -> None:
    kept = [[x if data.draw(st.booleans()) else None for x in row] for row in rows]
    assert_solved(kept, 1, gap=1e-7)
    found = factorized_optimum(kept, 1)
    assert float(found.lower) - 1e-5 <= by_gram_matrix(kept, 1.0) <= float(found.upper) + 1e-5


def test_a_minimum_that_is_rational_is_found_exactly() -> None:
    """Singular values 3 and 2 along rational directions; a matrix of ones with an entry that is missing."""
    found = factorized_optimum([["9/5", "8/5"], ["-12/5", "6/5"]], 1)
    assert found.lower == found.upper == 4 and len(found.pairs) == 2
    found = factorized_optimum([[1, 2], [2, None]], 1)
    assert found.lower == found.upper == 3 and len(found.pairs) == 1


DEGENERATE: dict[str, Rows] = {
    "zeros": [[0, 0], [0, 0]],
    "nothing observed": [[None, None]],
    "a single entry": [[7]],
    "equal singular values": [[3, 0, 0], [0, 3, 0], [0, 0, 3]],
    "a singular value that is lambda": [[1, 0], [0, 2]],
    "rank one": [[i * j for j in range(1, 6)] for i in range(1, 5)],
    "a row that is not observed": [[1, 2, 3], [None, None, None], [3, 2, 1]],
    "a diagonal": [[2, None, None], [None, 3, None], [None, None, 4]],
    "floats": [[0.1, 0.7], [0.30000000000000004, -1e-3]],
    "wide": [[1, -1] * 20],
}


@pytest.mark.parametrize("penalty", ["1/1000", "1", "100"])
@pytest.mark.parametrize("name", DEGENERATE)
def test_degenerate_data(name: str, penalty: str) -> None:
    assert_solved(DEGENERATE[name], penalty, gap=1e-7)


@pytest.mark.parametrize("scale", [1e-4, 1e4])
def test_scales(scale: float) -> None:
    rows = [[scale * math.sin(3 * i + 5 * j * j) if (i + j) % 3 else None for j in range(5)] for i in range(4)]
    found = factorized_optimum(rows, scale / 10)
    assert 0 <= found.upper - found.lower <= 1e-7 * scale**2


def test_no_trained_factors_are_below_the_bound_and_some_come_close() -> None:
    generator = np.random.default_rng(5)
    y, mask = generator.integers(-3, 4, (6, 5)), generator.random((6, 5)) < 0.7
    found = factorized_optimum([[int(y[i, j]) if mask[i, j] else None for j in range(5)] for i in range(6)], "1/2")
    u, v = generator.standard_normal((6, 6)), generator.standard_normal((5, 6))
    for _ in range(20_000):
        misfit = mask * (u @ v.T - y)
        u, v = u - 0.02 * (misfit @ v + u / 2), v - 0.02 * (misfit.T @ u + v / 2)
    value = (mask * (u @ v.T - y) ** 2).sum() / 2 + ((u * u).sum() + (v * v).sum()) / 4
    assert float(found.lower) <= value <= float(found.upper) * (1 + 1e-4)


# --------------------------------------------------------------------------------------------------- the question

RANDOM: Rows = [[1, 2, 0], [3, None, -1]]


def asked(width: int, lower: float, upper: float, **more: Any) -> FactorizedMinimum:
    """Offsets from the minimum."""
    value = round(float(factorized_optimum(RANDOM, "1/2").upper), 6)
    return FactorizedMinimum(RANDOM, "1/2", width=width, lower=value + lower, upper=value + upper, **more)


def test_a_true_statement_holds_and_false_ones_are_refuted() -> None:
    assert decided(asked(2, -1e-5, 1e-5)).holds is True
    assert asked(2, 1e-5, 1).answer()[0] == "factorized-minimum-columns" and decided(asked(2, 1e-5, 1)).holds is False
    assert asked(9, -1, -1e-5).answer()[0] == "factorized-minimum-bound" and decided(asked(9, -1, -1e-5)).holds is False


def test_what_needs_more_columns_is_not_decided() -> None:
    with pytest.raises(Unanswered, match="factors of 2 columns are; whether 1 columns get from"):
        asked(1, -1e-5, 1e-5).answer()


def test_columns_that_are_given_are_used_if_they_are_better() -> None:
    """The direction of the hint is (2, 1) / sqrt 5, with numbers that no search would find."""
    u, v = ["2000003/1000000", "1"], ["1", "0"]
    rows = [["2000003/1000000", 0], [1, 0]]
    question = FactorizedMinimum(rows, "1/10", width=1, lower=0, upper=5, columns=[(u, v)])
    assert decided(question).holds
    poor = FactorizedMinimum([[3, 0], [0, 1]], 2, width=1, lower="9/2", upper="9/2", columns=[([1, 1], [1, 1])])
    assert decided(poor).holds


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no rows": ({"targets": []}, "give one row at least"),
    "no entries": ({"targets": [[], []]}, "targets have 2 rows and 0 columns; give between 1 and 200 of each"),
    "too many rows": ({"targets": [[1]] * 201}, "targets have 201 rows"),
    "ragged rows": ({"targets": [[1, 2], [3]]}, r"targets\[1\] has 1 entries and targets\[0\] has 2; fill in None"),
    "a number for a row": ({"targets": [1, 2]}, "targets are a list of rows"),
    "NaN": ({"targets": [[1, math.nan]]}, r"targets\[0\]\[1\] is nan"),
    "an infinite target": ({"targets": [[1], [math.inf]]}, r"targets\[1\]\[0\] is inf"),
    "a word": ({"targets": [["one"]]}, r"targets\[0\]\[0\] is 'one', which is no number"),
    "no penalty": ({"penalty": 0}, "penalty=0 is not positive; without a penalty there is no bound"),
    "a negative penalty": ({"penalty": "-1/2"}, "penalty=-1/2 is not positive"),
    "half a column": ({"width": Fraction(1, 2)}, "width=1/2 is not a natural number"),
    "a negative width": ({"width": -1}, "width=-1 is not a natural number"),
    "a bound that is no number": ({"upper": "small"}, "upper is 'small', which is no number"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_gets_one_sentence(name: str) -> None:
    changed, sentence = BAD[name]
    good: dict[str, Any] = {"targets": RANDOM, "penalty": "1/2", "width": 2, "lower": 0, "upper": 9}
    with pytest.raises(NetworkError, match=sentence) as caught:
        FactorizedMinimum(**{**good, **changed}).statement()
    assert "\n" not in str(caught.value)


def test_columns_of_another_shape_and_numbers_beyond_floats_are_refused_in_one_sentence() -> None:
    with pytest.raises(NetworkError, match=r"columns\[0\] have 1 and 3 entries; for these targets they have 2 and 3"):
        asked(2, -1, 1, columns=[([1], [1, 2, 3])]).answer()
    with pytest.raises(NetworkError, match="too large for floats, in which the search is done; scale the data"):
        factorized_optimum([[10**400]], 1)


@settings(max_examples=200, deadline=None)
@given(*[st.lists(st.fractions(max_denominator=10**4), min_size=1, max_size=3)] * 2)
def test_the_bound_of_a_product_of_norms_is_not_less_and_close(u: list[Fraction], v: list[Fraction]) -> None:
    square = sum(x * x for x in u) * sum(x * x for x in v)
    assert norm_bound(u, v) ** 2 >= square >= norm_bound(u, v) ** 2 * (1 - Fraction(1, 2**40))
    assert norm_bound([Fraction(3), Fraction(4)], [Fraction(1, 2)]) == Fraction(5, 2)
