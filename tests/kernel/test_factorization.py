r"""Certificates of factorised problems: what is accepted is true, and every forgery is refused with a sentence.

The oracles: where every entry is observed, the closed form sum_i min(s_i, lambda)^2 / 2 + lambda max(s_i - lambda, 0) in the
singular values s_i of the targets; otherwise gradient descent on the factors themselves, from above, and a semidefinite program
in the two diagonal blocks of the factors' Gram matrix, which knows nothing of norms of matrices.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Sequence
from fractions import Fraction
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


def statement(targets: Json, penalty: str, width: str, lower: str, upper: str) -> Json:
    data = {"targets": targets, "penalty": penalty}
    return {"question": "factorized_minimum", **data, "width": width, "lower": lower, "upper": upper}


ROTATED = [["9/5", "8/5"], ["-12/5", "6/5"]]  # singular values 3 and 2, along (3, -4) / 5 and (4, 3) / 5
ROTATED_DUAL = [["3/5", "4/5"], ["-4/5", "3/5"]]
ROTATED_COLUMNS = [["2", ["3/5", "-4/5"], ["2", "0"]], ["1", ["4/5", "3/5"], ["0", "1"]]]


def rotated() -> Json:
    """Every entry is observed: 1 + 3 - 1/2 - 1/2 of lambda = 1; the columns have lengths 1 and 2, which are not balanced."""
    stated = statement(ROTATED, "1", "2", "4", "4")
    return certificate(
        "factorized-minimum", stated, dual=copy.deepcopy(ROTATED_DUAL), columns=copy.deepcopy(ROTATED_COLUMNS)
    )


def completion() -> Json:
    """The entry that is missing becomes 1."""
    stated = statement([["1", "2"], ["2", None]], "1", "1", "3", "3")
    dual = [["0", "1"], ["1", None]]
    return certificate("factorized-minimum", stated, dual=dual, columns=[["2", ["1", "1"], ["1", "1"]]])


def irrational() -> Json:
    """The product of the lengths 1 and (5/2) sqrt 2 is at most 18/5; the objective is at most 41/20, and 9 without columns."""
    stated = statement([["3", None, "3"]], "1/2", "3", "4", "5")
    return certificate("factorized-minimum-columns", stated, columns=[["18/5", ["1"], ["5/2", "0", "5/2"]]])


def larger_bound() -> Json:
    stated = statement([["1", "2"], ["2", None]], "1", "7", "0", "29/10")
    return certificate("factorized-minimum-bound", stated, dual=[["0", "1"], ["1", None]])


EXAMPLES: dict[str, Callable[[], Json]] = {
    "every entry": rotated,
    "a missing entry": completion,
    "better columns": irrational,
    "a larger bound": larger_bound,
}

# ------------------------------------------------------------------------------------------------------- oracles


def table(rows: Json) -> tuple[Any, Any]:
    """The entries, 0 where one is missing, and which are there."""
    entries = np.array([[float(Fraction(x)) if x is not None else 0.0 for x in row] for row in rows])
    return entries, np.array([[x is not None for x in row] for row in rows])


def minimum(stated: Json) -> float:
    """Over all widths, by the Gram matrix [[A, X], [X^T, B]] of the rows of U and V."""
    y, mask = table(stated["targets"])
    m, n = y.shape
    gram = cp.Variable((m + n, m + n), PSD=True)
    misfit = cp.sum_squares(cp.multiply(mask, gram[:m, m:] - y)) / 2
    return float(
        cp.Problem(cp.Minimize(misfit + float(Fraction(stated["penalty"])) / 2 * cp.trace(gram))).solve(
            solver=cp.CLARABEL
        )
    )


def closed_form(stated: Json) -> float:
    y, mask = table(stated["targets"])
    assert mask.all()
    penalty, sizes = float(Fraction(stated["penalty"])), np.linalg.svd(y, compute_uv=False)
    return float(sum(min(s, penalty) ** 2 / 2 + penalty * max(s - penalty, 0) for s in sizes))


def objective(stated: Json, columns: Json) -> float:
    """By the definition, with the columns of a pair made equally long, in floats."""
    y, mask = table(stated["targets"])
    factors = []
    for _, left, right in columns:
        u, v = (np.array([float(Fraction(x)) for x in side]) for side in (left, right))
        t = np.sqrt(np.linalg.norm(v) / np.linalg.norm(u)) if u.any() and v.any() else 0.0
        factors.append((t * u, v / t if t else 0 * v))
    product = sum((np.outer(u, v) for u, v in factors), np.zeros(y.shape))
    penalty = sum(u @ u + v @ v for u, v in factors)
    return float((mask * (y - product) ** 2).sum() / 2 + float(Fraction(stated["penalty"])) / 2 * penalty)


def is_true(document: Json, holds: bool | None) -> bool:
    """Whether the answer of a small certificate is right, but for the accuracy of the convex program."""
    stated = document["statement"]
    found = minimum(stated)
    lower, upper = float(Fraction(stated["lower"])), float(Fraction(stated["upper"]))
    if document["kind"] == "factorized-minimum-columns":
        return holds is False and found < lower + 1e-5
    if document["kind"] == "factorized-minimum-bound":
        return holds is False and found > upper - 1e-5
    columns = document["witness"]["columns"]
    value = objective(stated, columns)
    return holds is True and lower <= found + 1e-5 and value <= upper + 1e-12 and len(columns) <= int(stated["width"])


# ------------------------------------------------------------------------------------------- what is accepted


@pytest.mark.parametrize("name", EXAMPLES)
def test_good_certificates_are_accepted_and_true(name: str) -> None:
    document = EXAMPLES[name]()
    accepted = check(document)
    assert accepted.holds is (document["kind"] == "factorized-minimum")
    assert is_true(document, accepted.holds)


def test_the_bounds_of_the_examples_meet_at_the_minimum() -> None:
    for document, value in ((rotated(), 4), (completion(), 3)):
        stated = document["statement"]
        assert minimum(stated) == pytest.approx(value, abs=1e-6)
        assert objective(stated, document["witness"]["columns"]) == pytest.approx(value, abs=1e-12)
    assert closed_form(rotated()["statement"]) == pytest.approx(4)


@pytest.mark.parametrize("seed", range(6))
def test_no_factors_are_below_an_accepted_bound(seed: int) -> None:
    """Gradient descent from random factors of width 3, on random entries; the dual matrix is random, and scaled."""
    generator = np.random.default_rng(seed)
    y, mask = generator.integers(-3, 4, (3, 4)).astype(float), generator.random((3, 4)) < 0.7
    z = np.where(mask, generator.standard_normal((3, 4)) + y, 0)
    z = np.floor(1e6 * z / np.linalg.norm(z, 2)) / 1e6 * (1 - 1e-5)
    targets = [[str(int(y[i, j])) if mask[i, j] else None for j in range(4)] for i in range(3)]
    dual = [[str(Fraction(z[i, j])) if mask[i, j] else None for j in range(4)] for i in range(3)]
    bound = float((z * y).sum() - (z * z).sum() / 2)
    stated = statement(targets, "1", "0", "0", str(Fraction(bound - 1e-9)))
    assert check(certificate("factorized-minimum-bound", stated, dual=dual)).holds is False
    u, v = generator.standard_normal((3, 3)), generator.standard_normal((4, 3))
    for _ in range(3000):
        misfit = mask * (u @ v.T - y)
        u, v = u - 0.02 * (misfit @ v + u), v - 0.02 * (misfit.T @ u + v)
    value = ((mask * (u @ v.T - y)) ** 2).sum() / 2 + ((u * u).sum() + (v * v).sum()) / 2
    assert bound <= minimum(stated) + 1e-5 <= value + 2e-5


def test_no_columns_at_all_are_the_zero_matrix() -> None:
    stated = statement([["1", "-2"], [None, "2"]], "4", "0", "9/2", "9/2")
    document = certificate("factorized-minimum", stated, dual=[["1", "-2"], [None, "2"]], columns=[])
    assert check(document).holds and is_true(document, True)


def test_columns_that_are_short_count_as_such() -> None:
    """The closed form: 1/2 - 1/50 of lambda 1/5, at the column 4/5."""
    stated = statement([["1"]] * 1, "1/5", "1", "9/50", "9/50")
    document = certificate("factorized-minimum", stated, dual=[["1/5"]], columns=[["4/5", ["4/5"], ["1"]]])
    assert check(document).holds and is_true(document, True)


def test_nothing_observed_costs_nothing() -> None:
    stated = statement([[None, None]], "1", "0", "0", "0")
    assert check(certificate("factorized-minimum", stated, dual=[[None, None]], columns=[])).holds


def test_columns_of_zeros_cost_nothing() -> None:
    document = rotated()
    document["statement"]["width"] = "3"
    document["witness"]["columns"].append(["0", ["0", "0"], ["7", "1"]])
    assert check(document).holds


def test_what_was_decided_is_said_in_words() -> None:
    title, *lines = statement_text(completion()["statement"])
    assert title == (
        "1/2 |Y - U V^T|^2 over the observed entries + 1 / 2 (|U|^2 + |V|^2) is at least 3 for factors of any width, and at "
        "most 3 for some factors of at most 1 columns"
    )
    assert lines == ["row 0 of Y: 1, 2", "row 1 of Y: 2, ?"]
    for rows in (8, 9):
        shown = statement_text(statement([["1"]] * rows, "1", "0", "0", "9"))[1:]
        assert shown == [f"row {i} of Y: 1" for i in range(8)] + ["and 1 more"] * (rows - 8)
    assert check(completion()).facts == (("observed", "3"), ("columns", "1"))


def test_golden_bytes() -> None:
    path = CERTIFICATES / "factorization.json"
    assert path.read_bytes() == canonical(completion())
    assert check(read(path)).statement_sha256 == "909cb91cbc60d908e039efe085b43217f706e4dec9f310c682a4184e1b93a398"


# ----------------------------------------------------------------------------------------------- what is refused


FORGERIES = {
    "a larger lower bound": (rotated, "statement.lower", "401/100", "the dual bound is less than 401/100"),
    "a smaller upper bound": (rotated, "statement.upper", "399/100", "the objective of the factors is more than 399/100"),
    "a smaller width": (rotated, "statement.width", "1", "there are 2 columns, and 1 are allowed"),
    "half a column": (rotated, "statement.width", "5/2", "the width is a natural number"),
    "a negative width": (rotated, "statement.width", "-1", "the width is a natural number"),
    "a larger target": (rotated, "statement.targets.0.0", "2", "the objective of the factors is more than"),
    "a target that is missing": (rotated, "statement.targets.0.0", None, "not at the observed places"),
    "a target that is there": (completion, "statement.targets.1.1", "1", "not at the observed places"),
    "a ragged row": (rotated, "statement.targets.1", ["1"], "expected a list of 2"),
    "no rows": (rotated, "statement.targets", [], "there are 1 to 200 rows"),
    "no entries": (rotated, "statement.targets", [[], []], "there are 1 to 200 rows"),
    "too many rows": (rotated, "statement.targets", [["1"]] * 201, "there are 1 to 200 rows"),
    "too many entries": (rotated, "statement.targets", [["1"] * 201], "there are 1 to 200 rows"),
    "a smaller penalty": (rotated, "statement.penalty", "99/100", "the dual matrix is not feasible"),
    "a larger penalty": (rotated, "statement.penalty", "101/100", "the objective of the factors is more than"),
    "no penalty": (rotated, "statement.penalty", "0", "the penalty is positive"),
    "a negative penalty": (rotated, "statement.penalty", "-1", "the penalty is positive"),
    "a dual entry": (rotated, "witness.dual.0.0", "7/10", "the dual matrix is not feasible"),
    "the opposite dual matrix": (
        rotated, "witness.dual", [["-3/5", "-4/5"], ["4/5", "-3/5"]], "the dual bound is less than"),
    "a smaller dual matrix": (rotated, "witness.dual", [["0", "0"], ["0", "0"]], "the dual bound is less than"),
    "a dual entry that is missing": (rotated, "witness.dual.0.0", None, "not at the observed places"),
    "a dual entry that is there": (completion, "witness.dual.1.1", "0", "not at the observed places"),
    "a dual row that is missing": (rotated, "witness.dual", ROTATED_DUAL[:1], "expected a list of 2"),
    "a dual row that is short": (rotated, "witness.dual.0", ["3/5"], "expected a list of 2"),
    "a smaller norm": (rotated, "witness.columns.0.0", "199/100", "a product of more than 199/100"),
    "a negative norm": (rotated, "witness.columns.0.0", "-2", "a product of more than -2"),
    "a smaller norm of columns that are not unit vectors": (
        completion, "witness.columns.0.0", "3/2", "a product of more than 3/2"),
    "a negative norm of a zero column": (
        rotated, "witness.columns.0", ["-1/2", ["0", "0"], ["7", "1"]], "a product of more than -1/2"),
    "a larger norm": (rotated, "witness.columns.0.0", "201/100", "the objective of the factors is more than"),
    "an entry of a column": (rotated, "witness.columns.0.2.1", "1/10", "a product of more than"),
    "the sign of a column": (rotated, "witness.columns.0.2.0", "-2", "the objective of the factors is more than"),
    "columns exchanged": (rotated, "witness.columns.0", ["2", ["2", "0"], ["3/5", "-4/5"]], "is more than"),
    "a column that is missing": (rotated, "witness.columns", ROTATED_COLUMNS[:1], "is more than"),
    "a column that is long": (rotated, "witness.columns.0.1", ["3/5", "-4/5", "0"], "expected a list of 2"),
    "a column of two parts": (rotated, "witness.columns.0", ["2", ["2", "0"]], "expected a list of 3"),
    "columns that are not better": (irrational, "statement.lower", "2", "is not less than 2"),
    "a bound that is not larger": (larger_bound, "statement.upper", "3", "is not more than 3"),
    "a bare number": (rotated, "statement.targets.0.0", 2, "a number must be a string"),
    "a bare dual entry": (rotated, "witness.dual.0.0", 0.6, "a number must be a string"),
    "columns that are no list": (rotated, "witness.columns", {}, "expected a list"),
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
    if node is None or isinstance(node, str):
        return [path] if path and node is not None and node[-1].isdigit() else []
    items: Sequence[tuple[Any, Json]] = list(node.items() if isinstance(node, dict) else enumerate(node))
    return [place for key, value in items for place in numbers(value, (*path, str(key)))]


def at(document: Json, place: Sequence[str]) -> Json:
    for step in place:
        document = document[int(step) if isinstance(document, list) else step]
    return document


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_number_changed_at_random_is_refused_or_leaves_a_true_answer(name: str) -> None:
    source, accepted = random.Random(name), 0
    document = EXAMPLES[name]()
    for place in [place for place in numbers(document) if place[0] in ("statement", "witness")]:
        before = Fraction(at(document, place))
        changes = {before + Fraction(source.randrange(1, 9), 100), before - Fraction(1, 1000), -before, 2 * before}
        for change in sorted((changes | {Fraction(0), before + 1}) - {before}):
            forged = edited(document, ".".join(place), str(change))
            try:
                holds = check(forged).holds
            except Rejected:
                continue
            accepted += 1
            assert is_true(forged, holds), (place, change)
    assert accepted  # a larger upper bound, for one
