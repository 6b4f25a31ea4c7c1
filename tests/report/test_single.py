r"""The report as one file: nothing beside it, every link inside it, a policy that names what it runs, nothing overwritten."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import pytest

from tests import samples
from tests.report import pages, results
from tests.report.pages import Page
from tests.report.results import Bench
from verify.cli import main
from verify.errors import UsageError
from verify.kernel import check, parse
from verify.report import single as single_file
from verify.report import write_report, write_single


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return results.refuted(tmp_path_factory.mktemp("single"))


@pytest.fixture(scope="module")
def store(bench: Bench) -> tuple[Path, str]:
    return bench.store()


@pytest.fixture(scope="module")
def written(bench: Bench, store: tuple[Path, str]) -> tuple[Path, str]:
    path = bench.folder / "report.html"
    return path, write_single(bench.found(run=store[1]), path, store[0])


@pytest.fixture(scope="module")
def page(written: tuple[Path, str]) -> Page:
    return Page(written[0])


def test_the_document_is_well_formed_and_loads_nothing(page: Page) -> None:
    assert not page.faults
    for element in page.elements:
        assert element.tag not in ("link", "img", "iframe", "object") and "src" not in element.attributes
        assert "style" not in element.attributes and not any(name.startswith("on") for name in element.attributes)


def test_html5lib_finds_no_fault(written: tuple[Path, str]) -> None:
    pytest.importorskip("html5lib").HTMLParser(strict=True).parse(written[0].read_text(encoding="utf-8"))


def test_every_link_leads_inside_to_the_web_or_to_data(page: Page) -> None:
    for element in page.elements:
        address = element.attributes.get("href")
        if address is None or address.startswith("https://"):
            continue
        if address.startswith("data:"):
            assert element.tag == "a" and element.attributes["download"].endswith(".json")
        elif not address.startswith("#focus="):
            assert address.startswith("#") and address[1:] in page.ids, address


def test_labels_name_what_is_there(page: Page) -> None:
    for element in page.elements:
        for name in ("aria-labelledby", "aria-describedby", "list"):
            assert set(element.attributes.get(name, "").split()) <= page.ids


def test_the_policy_names_the_digests_of_style_and_script_and_nothing_else(
    page: Page, written: tuple[Path, str]
) -> None:
    policy = next(e.attributes["content"] for e in page.all("meta") if "http-equiv" in e.attributes)
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    source = written[0].read_text(encoding="utf-8")
    for tag, rule in (("style", "style-src"), ("script", "script-src")):
        texts = re.findall(rf"<{tag}>(.*?)</{tag}>", source, re.DOTALL)
        digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts]
        assert len(digests) == 1 and rules[rule] == f"'sha256-{digests[0]}'"
    assert rules["default-src"] == "'none'" and rules["font-src"] == rules["img-src"] == "data:"


def test_what_the_folder_tells_the_file_tells(
    bench: Bench, store: tuple[Path, str], page: Page, tmp_path: Path
) -> None:
    write_report(bench.found(run=store[1]), tmp_path, store[0])
    told = page.words()
    for name, other in pages.read(tmp_path).items():
        words = "".join(next(other.all("main")).text)
        for sentence in re.split(r"\s*\n\s*", words):
            said = " ".join(sentence.split())
            if "folder of this report" not in said and "In this folder" not in said and "certificates/" not in said:
                assert said in told or name == "index.html", (name, said)


def test_small_certificates_are_inside_byte_for_byte(page: Page, bench: Bench) -> None:
    links = [e.attributes["href"] for e in page.all("a") if e.attributes.get("href", "").startswith("data:")]
    found = {base64.b64decode(link.partition(",")[2]) for link in links}
    assert found == {blob for blobs in bench.blobs.values() for blob in blobs}
    assert all(check(parse(blob.decode("ascii"))).kind for blob in found)


def test_large_certificates_are_left_out_and_the_document_says_how_to_write_them(
    bench: Bench, store: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(single_file, "LIMIT", 10)
    said = write_single(bench.found(run=store[1]), tmp_path / "report.html", store[0])
    page = Page(tmp_path / "report.html")
    assert not [e for e in page.all("a") if e.attributes.get("href", "").startswith("data:")]
    assert "certificates/" not in "".join(e.attributes.get("href", "") for e in page.all("a"))
    assert "without its" in said and "without its" in page.words("check")
    assert "verify report --output reports" in page.words("check")


def test_the_same_results_make_the_same_bytes(bench: Bench, store: tuple[Path, str], written: tuple[Path, str]) -> None:
    again = bench.folder / "again.html"
    write_single(bench.found(run=store[1]), again, store[0])
    assert again.read_bytes() == written[0].read_bytes()


def test_claims_named_like_pages_keep_their_anchors(tmp_path: Path) -> None:
    bench = Bench.of(tmp_path, a=samples.text("index"), b=samples.text("graph"), c=samples.text("errata"))
    write_single(bench.found(), tmp_path / "report.html", None)
    page = Page(tmp_path / "report.html")
    assert not page.faults
    assert {"page:index", "page:graph", "claim:index", "claim:graph", "claim:errata"} <= page.ids
    assert {e.attributes["href"] for e in page.all("a")} >= {
        "#claim:index",
        "#claim:graph",
        "#page:index",
        "#page:graph",
    }


# ------------------------------------------------------------------------------------------------------------- places


def test_a_file_that_no_report_wrote_is_left_alone(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "notes.html").write_text("<!DOCTYPE html>mine")
    with pytest.raises(UsageError, match="was not written by a report; move it away"):
        write_single(bench.found(), tmp_path / "notes.html", None)
    assert (tmp_path / "notes.html").read_text() == "<!DOCTYPE html>mine"
    with pytest.raises(UsageError, match="is a folder"):
        write_single(bench.found(), tmp_path, None)
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="name a file that can be written to"):
        write_single(bench.found(), tmp_path / "file" / "report.html", None)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["report", "--single-file", "--output", "."], "'.' is a folder; name a file in it"),
        (["report", "--output", "r.html"], "'r.html' is named like a file; add --single-file"),
        (["run", "--single-file"], "add --report FILE.html"),
        (["run", "--report", "r.html"], "'r.html' is named like a file; add --single-file"),
    ],
)
def test_a_place_that_does_not_fit_is_told_before_anything_runs(
    arguments: list[str],
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    assert sentence in capsys.readouterr().err and not list(tmp_path.iterdir())


def test_the_command_writes_the_file_and_says_its_size(
    bench: Bench,
    store: tuple[Path, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    claims = str(bench.folder / "claims")
    assert main(["report", claims, "--store", str(store[0]), "--single-file"]) == 0
    said = capsys.readouterr().err
    size = (tmp_path / "report.html").stat().st_size
    assert f"report: report.html ({size / 1000:.1f} kB; " in said
    assert not Page(tmp_path / "report.html").faults
