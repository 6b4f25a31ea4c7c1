r"""A claim about matrices: its page shows shapes, products and a counterexample, and nothing of it as LaTeX."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import samples
from tests.report import pages
from tests.report.pages import Page
from tests.report.results import Bench
from verify.engines.falsify import attack
from verify.report import points, write_report
from verify.report.mathml import is_converted, math
from verify.session.judge import in_words

MATRICES = """
from verify import dimensions, mat, pinv, sq, trace

p, n = dimensions("p n")

@arbitrary
def X() -> mat[p, n]: ...

@claim.proof()
def commutes(A: mat[n, n], B: mat[n, n]) -> prop:
    return A @ B == B @ A

@claim.proof()
def projected(A: mat[p, n]) -> prop:
    return sq(A @ pinv(A) @ X()) + trace(A.T @ A) >= 0
"""


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    found = Bench.of(tmp_path_factory.mktemp("matrices"), matrices=samples.text("matrices", MATRICES))
    for name in ("commutes", "projected"):
        task = found.task(f"matrices::{name}")
        assert task.problem is not None
        attacked = attack(task.problem.statement)
        certificates = [c for c in (attacked.counterexample, attacked.instance) if c is not None]
        found.judged(task.id, {"certificates": certificates, "tried": attacked.tried, "engine": attacked.found_by})
    return found


@pytest.fixture(scope="module")
def page(bench: Bench) -> Page:
    store, run = bench.store()
    write_report(bench.found(run=run), bench.folder / "report", store)
    return pages.read(bench.folder / "report")["claims/matrices.html"]


def test_the_page_shows_shapes_and_the_counterexample(page: Page, bench: Bench) -> None:
    words = page.words()
    assert "for every number n in 1, 2, ..." in words and "for all numbers n, p in 1, 2, ..." in words
    assert "pinv(A), the matrix X with A @ X @ A == A" in words
    assert len(list(page.all("mtable"))) >= 4  # A and B, and the two products
    assert "it speaks of pseudoinverses, which have no value at a point" in words
    assert not [element for element in page.all("code") if element.attributes.get("class") == "latex"]


def test_a_point_with_matrices_in_one_phrase() -> None:
    table = {"values": [[[], [["1"], ["2"]]]], "default": [["0"], ["0"]]}
    witness = {"variables": {"A": [["1", "-1/2"]], "x": "3"}, "parameters": {"X": table}}
    assert in_words(witness) == "A = ((1, -1/2)), x = 3, X = ((1), (2))"
    assert [text for text in map(str, points.values(witness)) if "<mtable" not in text] == [str(math("x = 3"))]


def test_the_sides_that_differ_are_shown_as_matrices(bench: Bench) -> None:
    statement = bench.task("matrices::commutes").problem.statement
    found = attack(statement).counterexample
    shown = [str(text) for text in points.failure(statement, found["witness"])]
    assert len(shown) == 3
    assert all("<mtable" in text for text in shown)
    assert is_converted(points.matrix([["0", "1"], ["2^{-60}", "1/3"]]))


def test_the_report_is_written_whole(page: Page, bench: Bench) -> None:
    assert Path(bench.folder / "report" / "index.html").is_file()
    assert page.words().count("mat(n, n)") >= 2
