r"""Exact questions on the pages: every answer, every number, bounded statements, and nothing said that was not decided."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests import questions, samples
from tests.questions import answering, asking, known_to_the_kernel
from tests.report import pages, results
from tests.report.pages import Page
from tests.report.results import Bench
from tests.report.test_pages import HOSTILE, sound
from verify.kernel import check, read
from verify.kernel.finding import Finding
from verify.kernel.questions import CHECKERS, Checker
from verify.report import figures, write_report
from verify.report.gaps import gaps
from verify.report.questions import fact, shape
from verify.report.words import certificate, role, rounded
from verify.verdict import Evidence, Outcome, Role

Json = Any
__all__ = ["known_to_the_kernel"]

pytestmark = pytest.mark.usefixtures("known_to_the_kernel")

SHARP = questions.TRUE + '\nclaim.sharpness(seven, refuted="9", proved="7")\n'


def written(bench: Bench) -> dict[str, Page]:
    """The pages of a report with a store, which are sound."""
    store, run = bench.store()
    write_report(bench.found(run=run), bench.folder / "report", store)
    sound(bench.folder / "report")
    return pages.read(bench.folder / "report")


def cells(page: Page) -> list[str]:
    return [" ".join("".join(e.text).split()) for e in page.elements if e.tag in ("th", "td")]


# ----------------------------------------------------------------------------------------------------- the page


def test_every_question_has_a_row_with_its_answer_and_its_numbers(tmp_path: Path) -> None:
    page = written(results.questions(tmp_path, questions.TRUE))["claims/asking.html"]
    found = cells(page)
    for n in range(1, 5):
        start = found.index(f"n = {n}")
        assert found[start + 1 : start + 6] == ["✓true", f"7 divides {7 * n}", str(n), "0", "division"]
    words = page.words("multiples")
    assert "Questions about explicit objects, one for each of n = 1, …, 4." in words
    assert "4 questions decided, each by its certificate" in words and "Multiples of 7" in words


def test_every_certificate_can_be_fetched_and_checked(tmp_path: Path) -> None:
    bench = results.questions(tmp_path, questions.TRUE)
    page = written(bench)["claims/asking.html"]
    files = sorted((tmp_path / "report" / "certificates" / "asking").glob("*.json"))
    assert {file.read_bytes() for file in files} == {blob for blobs in bench.blobs.values() for blob in blobs}
    linked = {e.attributes.get("href", "").removeprefix("../") for e in page.all("a")}
    for file in files:
        assert file.relative_to(tmp_path / "report").as_posix() in linked
        assert check(read(file)).kind == "division"
    assert "python -m verify.kernel certificates/asking/multiples.division-*.json" in page.words("multiples")
    matched = set((tmp_path / "report").glob("certificates/asking/multiples.division-*.json"))
    assert len(matched) == 4  # and none of the mutants


def test_a_single_question_shows_its_statement_at_once(tmp_path: Path) -> None:
    bench = results.questions(tmp_path, asking("return Divides(91, 7)"))
    page = written(bench)["claims/asking.html"]
    (details,) = [e for e in page.all("details") if e.attributes.get("class") == "statements"]
    assert "open" in details.attributes
    assert "A question about explicit objects." in page.words("asked")
    assert "python -m verify.kernel -v certificates/asking/asked.division.json" in page.words("asked")
    assert bench.task("asking::asked").asked[0].sha256 in page.words("asked")
    assert "number: 91; divisor: 7" in page.words("asked")
    assert "At" not in cells(page)


def test_a_mutant_shows_what_the_checker_computed(tmp_path: Path) -> None:
    page = written(results.questions(tmp_path, questions.TRUE))["claims/asking.html"]
    words = page.words("mutant-by-eight")
    assert "refuted, certified" in words
    assert "at n = 1: 8 divides 7" in words and "Computed: quotient 0, remainder 7" in words
    assert "at n = 1: 7 divides 8" in page.words("mutant-one-more")


def test_a_bracket_shows_what_the_checker_computed(tmp_path: Path) -> None:
    page = written(results.questions(tmp_path, SHARP))["claims/asking.html"]
    words = page.words("bracket-seven")
    assert "9 divides 7" in words and "Computed: quotient 0, remainder 7" in words
    files = [f.name for f in (tmp_path / "report" / "certificates" / "asking").glob("*refuted-seven*")]
    assert len(files) == 4


def test_the_steps_of_a_question_are_those_of_its_checkers(tmp_path: Path) -> None:
    page = written(results.questions(tmp_path, questions.TRUE))["claims/asking.html"]
    found = cells(page)
    start = found.index("multiples")
    assert found[start + 1] == "exact question" and found[start + 3] == "exact computation"
    assert found[start + 2].startswith("✓certified for listed instances") and found[start + 2].endswith("n = 1, …, 4")
    taken = found.index("multiples", found.index("Kernel steps"))  # in the table of what each part took
    assert found[taken + 7] == "4"
    assert "The proof has" not in page.words("multiples")


def test_what_is_undecided_says_why_in_its_row_and_among_the_gaps(tmp_path: Path) -> None:
    body = "if self.number == 14:\n    raise Unanswered('fourteen is too hard')\nreturn super().answer()"
    page = written(results.questions(tmp_path, answering(body)))["claims/asking.html"]
    found = cells(page)
    start = found.index("n = 2")
    assert found[start + 1 : start + 6] == ["○not decided", "7 divides 14 fourteen is too hard", "—", "—", "—"]
    assert "asked at n = 2 is not decided: fourteen is too hard." in page.words("open")
    assert "asked at n = 1" not in page.words("open")


def test_many_undecided_questions_are_counted(tmp_path: Path) -> None:
    body = answering("raise Unanswered('no')").replace("(1, 2, 3)", "range(50)")
    bench = results.questions(tmp_path, body)
    found = [gap.sentence for gap in gaps(bench.found().claims[0]) if gap.about.startswith("asked")]
    assert len(found) == 21 and found[-1] == "has 30 more questions that are not decided."


def test_a_rejected_certificate_is_told_in_its_row(tmp_path: Path) -> None:
    body = answering("return 'division', {'quotient': '2', 'remainder': '0'}")
    page = written(results.questions(tmp_path, body))["claims/asking.html"]
    found = cells(page)
    assert (
        "the kernel rejected the certificate: this is not the quotient and the remainder"
        in found[found.index("n = 1") + 2]
    )
    assert "The kernel rejected what an engine returned" in page.words("asked")


def test_instances_are_all_that_is_established(tmp_path: Path) -> None:
    found = [g.sentence for g in gaps(results.questions(tmp_path, questions.TRUE).found().claims[0])]
    wanted = "it says nothing about objects other than those of its statements, at n = 1, …, 4."
    assert any(sentence.endswith(wanted) for sentence in found)


def test_a_function_that_fails_is_an_error_and_not_a_crash(tmp_path: Path) -> None:
    bench = Bench.of(tmp_path, asking=samples.text("asking", asking("return 7")))
    bench.typed("asking::asked", Outcome.ERROR, "asked returned 7, which is no question")
    page = written(bench)["claims/asking.html"]
    assert "asked returned 7" in page.words("asked") and page.words("asked-h").startswith("Exact question")


def test_without_an_answer_the_question_is_still_shown(tmp_path: Path) -> None:
    bench = Bench.of(tmp_path, asking=samples.text("asking", asking("return Divides(91, 7)")))
    bench.typed("asking::asked", Outcome.UNDECIDED, "timeout: it was killed")
    words = written(bench)["claims/asking.html"].words("asked")
    assert "7 divides 91" in words and "not decided" in words and "timeout: it was killed" in words


def test_an_illustration_stands_in_the_column_of_stress_tests(tmp_path: Path) -> None:
    body = questions.TRUE + '\n\n@claim.exact(role="stress")\ndef shown():\n    return Divides(91, 7)\n'
    found = written(results.questions(tmp_path, body))
    assert found["claims/asking.html"].words("shown-h").startswith("Exact illustration")
    row = cells(found["index.html"])
    start = next(i for i, text in enumerate(row) if text.startswith("A title"))
    assert row[start + 1 : start + 6] == [
        "✓certified for listed instances",
        "✓1 certified (listed)",
        "none",
        "✓1 certified (listed)",
        "✓2 of 2 refuted",
    ]


# ----------------------------------------------------------------------------------------------------- errata


def test_an_erratum_shows_the_question_that_is_false(tmp_path: Path) -> None:
    bench = results.questions(tmp_path, asking("return Divides(92, 7)"), more=', expect="refuted"')
    words = written(bench)["index.html"].words("errata")
    assert "asked is false: 7 divides 92" in words and "Computed: quotient 13, remainder 1" in words


def test_an_erratum_shows_the_answer_that_contradicts_it(tmp_path: Path) -> None:
    body = asking("return Divides(91, 7)", role='role="disproof", reason="ninety-one is said to be prime"')
    found = written(results.questions(tmp_path, body, more=', expect="refuted"'))
    words = found["index.html"].words("errata")
    assert "An exact answer, asked: ninety-one is said to be prime." in words
    assert "this answer contradicts the printed sentence is argued in words" in found["claims/asking.html"].words(
        "open"
    )


# -------------------------------------------------------------------------------------------- sizes and hostility


def test_a_large_statement_does_not_make_a_large_page(tmp_path: Path) -> None:
    body = asking("return Divides(91 * n, 7, tuple(f'{i}' * 9 for i in range(200_000)))", naturals='{"n": range(1, 4)}')
    bench = results.questions(tmp_path, body)
    page = written(bench)["claims/asking.html"]
    assert max(len(blob) for blob in bench.blobs["asking::asked"]) > 1_000_000
    assert page.path.stat().st_size < 60_000
    words = page.words("asked")
    assert "199989 more lines of it, and every number, in the certificate." in words
    assert "padding: 200000 entries" in words


def test_one_long_line_does_not_make_a_large_page(tmp_path: Path) -> None:
    bench = results.questions(tmp_path, asking("return Divides(10**4000, 7, ('x' * 10**6,))"))
    page = written(bench)["claims/asking.html"]
    assert page.path.stat().st_size < 60_000 and "more characters)" in page.words("asked")


def test_many_questions_do_not_make_a_large_page(tmp_path: Path) -> None:
    body = asking("return Divides(7 * n, 7)", naturals='{"n": range(1, 301)}')
    page = written(results.questions(tmp_path, body))["claims/asking.html"]
    assert "100 more questions are not listed here" in page.words("asked")
    assert "The other 296 are of the same kind" in page.words("asked")


def hostile(statement: Json, witness: Json) -> Finding:
    return Finding(False, 1, ((HOSTILE, HOSTILE), ("remainder", "<b>1</b>")))


def test_whatever_a_checker_or_a_statement_says_is_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CHECKERS, "division", Checker("divisibility", hostile, questions.text))
    body = (
        asking(f"return Divides(92, 7, ({HOSTILE!r},))") + '\n\nclaim.mutant("m", {claim.parameter("p", "1"): "2"})\n'
    )
    found = written(results.questions(tmp_path, body, more=', expect="refuted"'))
    for page in found.values():
        assert not [e for e in page.all("script") if "src" not in e.attributes]
        if page.path.name != "graph.html":  # which names claims and sources, and no answers
            assert HOSTILE in "".join(next(page.all("body")).text)


# -------------------------------------------------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({"layers": [{"weights": [["1", "2"]], "bias": ["0"]}]}, "a network of widths 2, 1 (3 numbers)"),
        ({"layers": [{"weights": [["1"]] * 40, "bias": ["0"] * 40}, {"weights": [["1"] * 40], "bias": ["0"]}]},
         "a network of widths 1, 40, 1 (121 numbers)"),
        ([["0", "1"]] * 5, "5 × 2 entries"),
        ([["0"], ["0", "1"]], "2 entries"),
        ([], "none"),
        (["0", "1"], "0, 1"),
        ("x" * 200, "a text of 200 characters"),
        ({}, "nothing"),
        ({"low": "0", "high": "1"}, "low 0, high 1"),
        (None, "None"),
        ([[["1", "2"]], [["1"], ["2"], ["3"]]], "2 matrices, 1 × 2, 3 × 1"),
        ([[["1", "2"]], [["3", "4"]]], "2 × 1 × 2 entries"),
    ],
)  # fmt: skip
def test_shapes_of_objects(value: Json, shown: str) -> None:
    assert shape(value) == shown


def test_long_numbers_are_rounded_and_kept_exactly() -> None:
    short, long, text = fact("a", "22/7"), fact("a", f"1/{3**80}"), fact("a", "x" * 1000)
    assert (short.value, short.exact) == ("22/7", "")
    assert long.value == "≈ 6.765·10⁻³⁹" and long.exact == f"1/{3**80}"
    assert len(text.value) < 450 and text.value.startswith("xxx")


@pytest.mark.parametrize(
    "number", [Fraction(1, 7), Fraction(-10, 3**50), Fraction(10**30, 7), Fraction(5), Fraction(0)]
)
def test_rounding_keeps_four_digits(number: Fraction) -> None:
    text = rounded(number).replace("−", "-").replace("·10", "e").translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    assert abs(Fraction(text) - number) <= abs(number) / 1000


def test_roles_and_kinds_have_words() -> None:
    called = {
        kind: role(Evidence(kind, Outcome.UNDECIDED, ""), exact=True)
        for kind in (Role.PROOF, Role.DISPROOF, Role.STRESS)
    }
    assert list(called.values()) == ["exact question", "contradicting exact question", "exact illustration"]
    assert all("-" not in certificate(kind) and "_" not in certificate(kind) for kind in CHECKERS)


# -------------------------------------------------------------------------------------------------------- figures


def test_numbers_that_change_with_the_naturals_are_drawn(tmp_path: Path) -> None:
    body = asking("return Divides(7 ** (n + 1), 7)", naturals='{"n": range(1, 9)}')
    page = written(results.questions(tmp_path, body))["claims/asking.html"]
    titles = {"".join(e.text) for e in page.all("title")}
    assert "quotient against n, logarithmic scale" in titles
    assert not any("remainder against" in title for title in titles)  # it is always 0
    drawn = [e for e in page.all("svg") if "aria-labelledby" in e.attributes]
    assert len(drawn) == 1 and all(e.attributes["role"] == "img" for e in drawn)


def plotted(values: list[str]) -> figures.Plot | None:
    return figures.fact_plot("f", "n", [("", {str(i): Fraction(v) for i, v in enumerate(values)})])


def heights(values: list[str]) -> list[float] | None:
    plot = plotted(values)
    return None if plot is None else [mark.y for mark in plot.lines[0].marks]


def test_a_plot_keeps_proportions() -> None:
    assert heights(["0", "5", "10"]) == [190.0, 105.0, 20.0]
    assert heights(["-10", "0", "10"]) == [190.0, 105.0, 20.0]
    assert heights(["1", "100", "10000"]) == [190.0, 105.0, 20.0]
    assert heights(["2", "3", "4"]) == [105.0, 62.5, 20.0]  # from zero on


@pytest.mark.parametrize("values", [["1", "2"], ["3", "3", "3"], ["1", "2", "1" + "0" * 400], []])
def test_what_is_constant_short_or_beyond_all_numbers_is_not_drawn(values: list[str]) -> None:
    assert heights(values) is None


def test_the_powers_of_ten_on_an_axis_are_few_and_in_place() -> None:
    plot = plotted(["1", f"1{'0' * 20}", f"1{'0' * 40}"])
    assert plot is not None
    labels = [tick.label for tick in plot.ticks]
    assert labels == ["1", "10¹⁰", "10²⁰", "10³⁰", "10⁴⁰"]
    assert [tick.y for tick in plot.ticks] == [190.0, 147.5, 105.0, 62.5, 20.0]


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        (["2", "42", "7"], ["0", "10", "20", "30", "40"]),
        (["0", "5", "15100"], ["0", "5000", "10000", "15000"]),
        (["0", "1", "1/2"], ["0", "0.2", "0.4", "0.6", "0.8", "1"]),
        (["-3", "4", "0"], ["-2", "0", "2", "4"]),
        (["0", "1/1000", "1/3000"], ["0", "0.0002", "0.0004", "0.0006", "0.0008", "0.001"]),
    ],
)
def test_ticks_are_round_numbers_in_place(values: list[str], labels: list[str]) -> None:
    plot = plotted(values)
    assert plot is not None and [tick.label for tick in plot.ticks] == labels
    low, high = min(0, *map(Fraction, values)), max(0, *map(Fraction, values))
    for tick in plot.ticks:
        assert tick.y == pytest.approx(float(190 - 170 * (Fraction(tick.label) - low) / (high - low)), abs=0.06)


def test_of_two_naturals_one_names_the_lines(tmp_path: Path) -> None:
    text = asking("return Divides(7 * n ** p, 7)", naturals='{"n": range(1, 6), "p": (1, 2)}')
    page = written(results.questions(tmp_path, text.replace("def asked(n)", "def asked(n, p)")))["claims/asking.html"]
    assert "quotient against n" in page.words("asked")
    ends = {"".join(e.text) for e in page.all("text") if e.attributes.get("class") == "end"}
    assert ends == {"p = 1", "p = 2"}
    assert len([e for e in page.all("polyline") if e.attributes["class"] == "curve fact"]) == 2


def test_naturals_stand_at_their_places(tmp_path: Path) -> None:
    evenly, powers = figures.positions(["4", "6", "8"], 500), figures.positions(["1", "10", "1000"], 300)
    assert evenly == ({"4": 70.0, "6": 320.0, "8": 570.0}, False)
    assert powers == ({"1": 70.0, "10": 170.0, "1000": 370.0}, True)
    assert figures.positions(["0", "1", "4"], 400) == ({"0": 70.0, "1": 170.0, "4": 470.0}, False)
    assert figures.positions(["1, 2", "1, 3", "2, 2"], 500)[0] == {"1, 2": 70.0, "1, 3": 320.0, "2, 2": 570.0}
    body = asking("return Divides(7 * n, 7)", naturals='{"n": (1, 10, 1000)}')
    page = written(results.questions(tmp_path, body))["claims/asking.html"]
    assert "against n" not in page.words("asked")  # the quotient is n again


def test_labels_of_lines_do_not_lie_on_each_other() -> None:
    series = [(name, {"1": Fraction(1), "2": Fraction(2), "3": Fraction(4)}) for name in "abc"]
    plot = figures.fact_plot("f", "n", series)
    assert plot is not None
    ys = [mark.y for mark in plot.ends]
    assert all(b - a >= 20 for a, b in pairwise(ys)) and ys[0] == 20.0
