r"""The first page: numbers that are counted from verdicts, rows that filters find, and a size that grows with the claims."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from tests import samples
from tests.report import pages, results, synthetic
from tests.report.pages import Page
from tests.report.results import Bench
from verify.report import write_report
from verify.verdict import Outcome, Scope, Strength

COUNT = 440  # of which a quarter, more than are told in full, are errata
LARGEST = 6_000_000 / 3000  # bytes for a claim: 3000 claims are to have less than 6 MB
PARTS = re.compile(r'<span class="number">(.*?)</span>(\w+)<span class="parts">(.*?)</span>')


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return synthetic.write_pages(synthetic.thousands(COUNT), tmp_path_factory.mktemp("many"))


def board(folder: Path) -> dict[str, tuple[str, str]]:
    """The numbers at the top by their labels, each with its parts."""
    source = (folder / "index.html").read_text(encoding="utf-8")
    return {label: (number, parts) for number, label, parts in PARTS.findall(source)}


def rows(page: Page) -> dict[str, dict[str, str]]:
    """What filters see of each claim."""
    found = [e.attributes for e in page.all("tr") if "data-status" in e.attributes]
    return {entry["id"].removeprefix("row."): entry for entry in found}


# ------------------------------------------------------------------------------------------------------------ numbers


def test_the_numbers_at_the_top_are_those_of_the_verdicts(many: Path) -> None:
    outcomes = Counter(
        result.verdict.outcome if result.verdict.outcome is not Outcome.HOLDS else result.verdict.strength
        for result in synthetic.thousands(COUNT).claims
    )
    told = {label: number for label, (number, _) in board(many).items()}
    assert told == {
        "certified": str(outcomes[Strength.CERTIFIED]),
        "tested": str(outcomes[Strength.STATISTICAL]),
        "refuted": str(outcomes[Outcome.REFUTED]),
        "open": str(outcomes[Outcome.UNDECIDED]),
        "changed": "–",
    }


def test_a_conditional_verdict_is_not_counted_with_the_unconditional_ones(tmp_path: Path) -> None:
    names = ("a", "b", "c", "d")
    bench = Bench.of(tmp_path, **{name: samples.text(f"claim-{name}") for name in names})
    for name, given in zip(names, ((), (), ("x",), ("x", "y")), strict=True):
        bench.typed(
            f"claim-{name}::nonnegative", Outcome.HOLDS, strength=Strength.CERTIFIED, scope=Scope.ALL, given=given
        )
    write_report(bench.found(), tmp_path / "report", None)
    assert board(tmp_path / "report")["certified"] == ("4", "2 for all values; 2 for all values, given cited steps")


def test_an_incomplete_claim_is_open_whatever_was_found_of_it(tmp_path: Path) -> None:
    bench = results.everything(tmp_path)
    bench.results = [result for result in bench.results if result.task.id == "whole::below"]
    write_report(bench.found(), tmp_path / "report", None)
    assert (
        board(tmp_path / "report")["open"] == ("1", "incomplete") and board(tmp_path / "report")["certified"][0] == "0"
    )


def test_refutations_that_nobody_expected_are_told_apart(tmp_path: Path) -> None:
    bench = Bench.of(tmp_path, one=samples.text("one", samples.FALSE))
    bench.typed("one::identity", Outcome.REFUTED, strength=Strength.CERTIFIED)
    write_report(bench.found(), tmp_path / "report", None)
    assert board(tmp_path / "report")["refuted"] == ("1", "not as expected")
    assert rows(pages.read(tmp_path / "report")["index.html"])["one"]["data-flags"] == "unexpected"


def test_changes_are_counted_and_the_rows_of_their_claims_are_marked(tmp_path: Path) -> None:
    before, after = results.refuted(tmp_path), results.refuted(tmp_path)
    before.results = [r for r in before.results if r.task.id != "right-one::nonnegative"]
    before.typed("right-one::nonnegative", Outcome.UNDECIDED)
    before.store()
    store, run = after.store()
    write_report(after.found(run=run), tmp_path / "report", store)
    number, parts = board(tmp_path / "report")["changed"]
    assert number == "1" and parts.endswith("in 1 claim")
    found = rows(pages.read(tmp_path / "report")["index.html"])
    assert "changed" in found["right-one"]["data-flags"] and "changed" not in found["false-one"].get("data-flags", "")


# -------------------------------------------------------------------------------------------------------------- rows


def test_every_claim_has_a_row_under_its_topic(many: Path) -> None:
    page = Page(many / "index.html")
    assert not page.faults
    claims = {result.claim.name for result in synthetic.thousands(COUNT).claims}
    assert set(rows(page)) == claims
    captions = ["".join(e.text).split()[0] for e in page.all("caption") if "claims:" in "".join(e.text)]
    assert captions == [topic.capitalize() for topic in synthetic.TOPICS]


def test_a_claim_may_be_called_like_a_section(tmp_path: Path) -> None:
    bench = Bench.of(tmp_path, a=samples.text("errata"), b=samples.text("claims"), c=samples.text("main"))
    write_report(bench.found(), tmp_path / "report", None)
    assert not [fault for page in pages.read(tmp_path / "report").values() for fault in page.faults]


def test_a_cell_says_when_it_is_not_about_all_values(tmp_path: Path) -> None:
    bench = results.everything(tmp_path)
    write_report(bench.found(), tmp_path / "report", None)
    words = pages.read(tmp_path / "report")["index.html"].words("row.whole")
    assert "1 certified (listed)" in words and "1 certified, 1 undecided" not in words
    assert "for all values, unless “listed” (instances)" in pages.read(tmp_path / "report")["index.html"].words()


def test_many_errata_are_told_in_a_table_and_on_their_own_pages(many: Path, tmp_path: Path) -> None:
    page = pages.read(many)["index.html"]
    assert list(page.all("article")) == [] and "details are on the pages of the claims" in page.words("errata")
    bench = results.refuted(tmp_path)
    write_report(bench.found(), tmp_path / "report", None)
    assert "details are below" in pages.read(tmp_path / "report")["index.html"].words("errata")


# -------------------------------------------------------------------------------------------------------------- size


@pytest.mark.parametrize("name", ["index.html", "graph.html"])
def test_three_thousand_claims_have_less_than_six_megabytes(many: Path, name: str) -> None:
    """What does not grow with the claims is counted as if it did."""
    assert (many / name).stat().st_size / COUNT < LARGEST
