r"""The pages: well-formed, closed in themselves, escaped, and saying what the evidence says."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, unquote, urldefrag

import pytest

from tests import samples
from tests.report import pages, results
from tests.report.pages import Page
from tests.report.results import Bench
from verify.catalog import Broken, collect
from verify.kernel import check, read, statement_text
from verify.report import write_report
from verify.report.mathml import formulas_in, is_converted
from verify.report.writing import files_of
from verify.session.tasks import tasks_of, theorem_of
from verify.theory import latex
from verify.theory.environment import Collector, lemmas_of, power_bounds
from verify.theory.objects import Changes
from verify.verdict import Outcome, Scope, Strength

HOSTILE = "</details></td><script>alert(1)</script> & \"quoted\" 'too' <b onclick=x>"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return results.everything(tmp_path_factory.mktemp("whole"))


@pytest.fixture(scope="module")
def report(whole: Bench) -> Path:
    store, run = whole.store()
    output = whole.folder / "report"
    write_report(whole.found(run=run), output, store)
    return output


@pytest.fixture(scope="module")
def errata(tmp_path_factory: pytest.TempPathFactory) -> Path:
    bench = results.refuted(tmp_path_factory.mktemp("errata"))
    store, run = bench.store()
    write_report(bench.found(run=run), bench.folder / "report", store)
    return bench.folder / "report"


def sound(folder: Path) -> None:
    """Every page is well-formed, loads nothing from outside, and leads nowhere that is not there."""
    found = pages.read(folder)
    for name, page in found.items():
        assert not page.faults, (name, page.faults)
        policies = [e.attributes["content"] for e in page.all("meta") if "http-equiv" in e.attributes]
        assert len(policies) == 1 and policies[0].startswith("default-src 'none'") and "unsafe" not in policies[0]
        for element in page.elements:
            assert not any(attribute.startswith("on") or attribute == "style" for attribute in element.attributes), name
            for attribute in ("src", "href", "srcset", "action", "data"):
                if attribute in element.attributes:
                    leads_somewhere(folder, name, found, element.tag, element.attributes[attribute])
        assert not any(
            element.tag == "style" or (element.tag == "script" and "".join(element.text)) for element in page.elements
        )


def leads_somewhere(folder: Path, name: str, found: dict[str, Page], tag: str, address: str) -> None:
    if re.match(r"[a-z]+:", address):
        assert tag == "a" and address.startswith("https://"), (name, address)
        return
    target, place = urldefrag(address)
    path = (folder / name).parent.joinpath(unquote(target)) if target else folder / name
    assert path.is_file(), (name, address)
    if place.startswith("focus="):  # what the graph shows
        place = "node-" + parse_qs(place)["focus"][0]
    if place:
        assert unquote(place) in found[path.resolve().relative_to(folder.resolve()).as_posix()].ids, (name, address)


# ------------------------------------------------------------------------------------------------------- soundness


def test_a_report_with_everything_is_sound(report: Path, errata: Path) -> None:
    sound(report)
    sound(errata)


def test_html5lib_finds_no_fault(report: Path, errata: Path) -> None:
    html5lib = pytest.importorskip("html5lib")
    for folder in (report, errata):
        for path in folder.rglob("*.html"):
            html5lib.HTMLParser(strict=True).parse(path.read_text(encoding="utf-8"))


def test_style_sheets_load_nothing_from_outside(report: Path) -> None:
    for path in (report / "static").glob("*.css"):
        addresses = re.findall(r"url\((.*?)\)", path.read_text())
        assert all(address.strip("\"'").startswith("data:font/woff2;base64,") for address in addresses)
        assert "@import" not in path.read_text()


def test_tables_have_captions_and_headers_with_a_scope(report: Path) -> None:
    for page in pages.read(report).values():
        assert len(list(page.all("table"))) == len(list(page.all("caption")))
        assert all(e.attributes.get("scope") in ("col", "row", "rowgroup") for e in page.all("th"))


def test_every_page_has_landmarks_a_skip_link_and_one_first_heading(report: Path) -> None:
    for page in pages.read(report).values():
        tags = [element.tag for element in page.elements]
        assert tags.count("main") == tags.count("h1") == 1 and "nav" in tags
        assert any(e.attributes.get("class") == "skip" and e.attributes["href"] == "#main" for e in page.all("a"))


# ------------------------------------------------------------------------------------------------------- hostility


def test_whatever_authors_write_is_text(tmp_path: Path) -> None:
    more = f", remarks={HOSTILE!r}, symbols={{'x': {HOSTILE!r}}}"
    text = samples.text("hostile", samples.TRUE, more=more).replace('title="A title"', f"title={HOSTILE!r}")
    text = text.replace('r"A statement about $x$."', repr(HOSTILE + r" $x$ $\undefined<script>$"))
    text = text.replace('"I.1")', f'"I.1", quote={HOSTILE!r})').replace("Strictly", HOSTILE.replace("'", ""))
    text += f"\nclaim.cites({HOSTILE!r}, {HOSTILE!r}, cite('nowhere', {HOSTILE!r}))\n"
    bench = Bench.of(tmp_path, hostile=text)
    assert not bench.catalog.broken
    stuck = dict.fromkeys(("theorem", "part", "reason", "wanted"), HOSTILE) | {"known": [HOSTILE]}
    detail = {"unproved": stuck, "worker": HOSTILE, "output": HOSTILE, "rejected": [HOSTILE]}
    bench.typed("hostile::nonnegative", Outcome.UNDECIDED, HOSTILE, engine=HOSTILE, given=(HOSTILE,), detail=detail)
    bench.typed("hostile::nonnegative[mutant:positive]", Outcome.ERROR, HOSTILE, engine=HOSTILE)
    store, run = bench.store()
    found = bench.found([Broken(HOSTILE, HOSTILE, HOSTILE)], run=run, platform=HOSTILE)
    write_report(found, tmp_path / "report", store)
    sound(tmp_path / "report")
    for page in pages.read(tmp_path / "report").values():
        assert not [e for e in page.all("script") if "src" not in e.attributes]
        assert not list(page.all("b")) or page.path.name != "index.html"
        assert HOSTILE in "".join(next(page.all("body")).text)


def test_a_link_of_a_bibliography_that_is_no_web_address_is_not_a_link(tmp_path: Path) -> None:
    bench = Bench.of(tmp_path, one=samples.text("one", samples.TRUE))
    bibliography = tmp_path / "claims" / "references.bib"
    bibliography.write_text(bibliography.read_text().replace("year =", "url = {javascript:alert(1)}, year ="))
    write_report(bench.found(), tmp_path / "report", None)
    sound(tmp_path / "report")


# ------------------------------------------------------------------------------------------------------- statements


def test_the_kernels_text_of_every_obligation_is_on_the_page(report: Path, whole: Bench) -> None:
    page = pages.read(report)["claims/whole.html"]
    shown = {"".join(e.text) for e in page.all("code")}
    for listed in whole.claims:
        for task in tasks_of(listed):
            if task.problem is not None and not task.variant.name:
                assert set(statement_text(task.problem.statement)) <= shown
                assert task.statement_sha256 in page.words()
    assert any("then relu(x) <= 1" in line for line in shown)  # a bound of the relaxation


def test_statement_and_kernel_text_stand_beside_each_other(report: Path) -> None:
    words = pages.read(report)["claims/whole.html"].words("below")
    assert "In the kernel's text" in words and "∀" in words and "theorem below: for all x: real, if x >= 0" in words


def test_the_latex_of_all_shipped_claims_converts() -> None:
    catalog = collect([Path(__file__).resolve().parents[2] / "claims"])
    assert catalog.claims and not catalog.broken
    for listed in catalog.claims:
        claim = listed.claim
        texts = [claim.statement, claim.remarks, *claim.symbols.values(), *(step.statement for step in claim.cited)]
        wanted = [*claim.symbols, *(formula for text in texts for formula in formulas_in(text))]
        read = Collector(Changes())  # one for the claim, so that what its theorems share is read once
        theorems = [theorem for each in claim.obligations.values() if (theorem := theorem_of(each)) is not None]
        for theorem in {t.name: t for each in theorems for t in (*lemmas_of(each), each)}.values():
            wanted.append(latex.sentence(read.theorem(theorem)))
        wanted += [latex.sentence(bound) for bound, _ in power_bounds(read.definitions)]
        wanted += [*map(latex.parameter, read.parameters.values()), *map(latex.definition, read.definitions.values())]
        assert [text for text in wanted if not is_converted(text)] == []


def test_no_formula_of_a_report_is_shown_as_latex(report: Path, errata: Path) -> None:
    for folder in (report, errata):
        for page in pages.read(folder).values():
            assert not [e for e in page.all("code") if e.attributes.get("class") == "latex"]


# ----------------------------------------------------------------------------------------------- what pages tell


def test_certificates_are_the_bytes_that_the_kernel_accepted(report: Path, whole: Bench) -> None:
    written = {path.read_bytes() for path in (report / "certificates").rglob("*.json")}
    assert written == {blob for blobs in whole.blobs.values() for blob in blobs}
    for path in (report / "certificates").rglob("*.json"):
        assert check(read(path)).kind == path.name.split(".")[-2]


def test_a_proof_is_told_step_by_step(report: Path) -> None:
    page = pages.read(report)["claims/whole.html"]
    words = page.words("below")
    assert "Given x ≥ 0 (h1)" in words and "Arithmetic:" in words


def test_where_the_search_stopped_is_told(report: Path) -> None:
    words = pages.read(report)["claims/whole.html"].words("open_problem")
    assert "undecided" in words and "no rule applies" in words and "relu(x) > 0" in words and "h1: x >= 1" in words


def test_an_unproved_statement_is_not_called_a_theorem(report: Path) -> None:
    page = pages.read(report)["claims/whole.html"]
    assert page.words("open_problem-h").startswith("Statement") and page.words("below-h").startswith("Theorem")


def test_mutants_are_shown_with_their_counterexamples(report: Path) -> None:
    words = pages.read(report)["claims/whole.html"].words("mutant-flatter")
    assert "refuted, certified" in words and "x=1" in words and "1≰3/4" in words


def test_the_bracket_is_drawn_and_told(report: Path) -> None:
    page = pages.read(report)["claims/whole.html"]
    assert "slope=1/2 the claim is refuted" in page.words("bracket-slope")
    assert [e for e in page.all("svg") if "slope = 1/2: refuted; slope = 1: not proved" in e.attributes["aria-label"]]


def test_the_instance_that_satisfies_the_hypotheses_is_shown(report: Path) -> None:
    assert "Not vacuous. All hypotheses hold at x=1/2" in pages.read(report)["claims/whole.html"].words("below")


def test_a_stress_test_shows_its_plan_and_its_error_rate(report: Path) -> None:
    words = pages.read(report)["claims/whole.html"].words("below_sampled")
    assert "uniform on [0, 1], dyadic grid of 20 bits" in words and "0.58" in words and "0.001" in words


def test_a_relaxation_shows_bounds_exact_values_and_what_failed(report: Path) -> None:
    page = pages.read(report)["claims/whole.html"]
    cells = ["".join(e.text) for e in page.elements if e.tag in ("th", "td")]
    at = cells.index("m = 1")
    assert cells[at + 1 : at + 4] == ["1", "1/100", "100"]
    assert "the solver gave up" in page.words("largest")


def test_the_errata_show_sentence_counterexample_and_repair_together(errata: Path) -> None:
    words = pages.read(errata)["index.html"].words("errata")
    assert "Printed" in words and "x=−1/2" in words and "there is a number where it fails" in words
    assert "Instead" in words and "certified for all values" in words


def test_twins_are_linked_both_ways(errata: Path) -> None:
    found = pages.read(errata)
    links = {name: {e.attributes.get("href") for e in page.all("a")} for name, page in found.items()}
    assert "right-one.html" in links["claims/false-one.html"] and "false-one.html" in links["claims/right-one.html"]


def test_a_twin_that_was_not_selected_is_named_and_not_linked(tmp_path: Path) -> None:
    bench = Bench.of(tmp_path, one=samples.text("right-one", more=', repairs="false-one"'))
    write_report(bench.found(), tmp_path / "report", None)
    sound(tmp_path / "report")
    assert "false-one" in pages.read(tmp_path / "report")["index.html"].words("claims")


def test_every_fixture_certificate_becomes_a_proof(tmp_path: Path) -> None:
    folder = Path(__file__).resolve().parents[1] / "kernel" / "certificates"
    for path in sorted(folder.glob("*.json")):
        document, blob = read(path), results.certificate_bytes(read(path))
        if document["kind"] != "theorem":
            continue
        bench = Bench.of(tmp_path / path.stem, one=samples.text("one"))
        bench.typed(
            "one::nonnegative", Outcome.HOLDS, strength=Strength.CERTIFIED, scope=Scope.ALL,
            certificates=(results.reference(document, blob),),
        )  # fmt: skip
        bench.blobs["one::nonnegative"] = [blob]
        store, run = bench.store()
        files = files_of(bench.found(run=run), store)
        assert files["certificates/one/nonnegative.theorem.json"] == blob
        write_report(bench.found(run=run), bench.folder / "report", store)
        sound(bench.folder / "report")
        page = pages.read(bench.folder / "report")["claims/one.html"]
        assert set(statement_text(document["statement"])) <= {"".join(e.text) for e in page.all("code")}
        assert set(document["witness"]["lemmas"] and page.ids) >= {
            f"lemma-{e['name']}" for e in document["witness"]["lemmas"]
        }


# ------------------------------------------------------------------------------------------------ what may be missing


def test_a_run_without_anything_has_an_index(tmp_path: Path) -> None:
    bench = Bench.of(tmp_path)
    write_report(bench.found([Broken("claims/x.py", "claims/x.py:1: syntax error", "")]), tmp_path / "report", None)
    sound(tmp_path / "report")
    words = pages.read(tmp_path / "report")["index.html"].words()
    assert "No claims were selected" in words and "claims/x.py:1: syntax error" in words


def test_a_claim_of_which_nothing_was_checked_says_so(tmp_path: Path) -> None:
    bench = Bench.of(tmp_path, one=samples.text("one", source="nowhere"), two=samples.text("two", ""))
    write_report(bench.found(), tmp_path / "report", None)
    sound(tmp_path / "report")
    found = pages.read(tmp_path / "report")
    assert "incomplete, 0 of 1 obligation checked" in found["claims/one.html"].words()
    assert "'nowhere' is not in" in found["claims/one.html"].words("open")
    assert "has no obligations" in found["claims/two.html"].words("open")


def test_a_part_of_a_claim_is_no_verdict(tmp_path: Path) -> None:
    bench = results.everything(tmp_path)
    bench.results = [result for result in bench.results if result.task.id == "whole::below"]
    write_report(bench.found(), tmp_path / "report", None)
    page = pages.read(tmp_path / "report")["claims/whole.html"]
    assert "incomplete, 1 of 6 obligations checked" in page.words()


def test_an_unreadable_statement_is_an_error_and_not_a_crash(tmp_path: Path) -> None:
    bench = Bench.of(tmp_path, one=samples.text("one", samples.BROKEN))
    bench.typed("one::misspelt", Outcome.ERROR, "reluu is unknown here")
    write_report(bench.found(), tmp_path / "report", None)
    sound(tmp_path / "report")
    assert "reluu is unknown here" in pages.read(tmp_path / "report")["claims/one.html"].words()


def test_without_a_store_certificates_are_named_and_not_offered(tmp_path: Path) -> None:
    bench = results.refuted(tmp_path)
    write_report(bench.found(), tmp_path / "report", None)
    sound(tmp_path / "report")
    assert not (tmp_path / "report" / "certificates").exists()
    assert "not kept" in pages.read(tmp_path / "report")["claims/right-one.html"].words("certificates")
