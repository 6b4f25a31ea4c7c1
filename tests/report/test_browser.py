r"""The pages in a real browser, where there is a Chromium: nothing sticks out at 400 px, nothing is refused, filters work.

Skipped where no Chromium is found.
"""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.report import results
from tests.report.test_pictures import CLAIM
from verify.report import write_report, write_single

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
BROWSER = next((found for found in map(shutil.which, NAMES) if found), None)
WIDTH = 400
MEASURE = """
addEventListener("load", () => document.fonts.ready.then(() => {
  for (const details of document.querySelectorAll("details")) details.open = true;
  const root = document.documentElement;
  parent.postMessage([document.title, root.scrollWidth, root.clientWidth], "*");
}));
"""
LISTENER = "const found = []; onmessage = (e) => { found.push(e.data); o.textContent = JSON.stringify(found); };"

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("browser")
    bench = results.refuted(folder / "errata")
    store, run = bench.store()
    write_report(bench.found(run=run), folder / "errata" / "report", store)
    whole = results.everything(folder / "whole")
    store, run = whole.store()
    write_report(whole.found(run=run), folder / "whole" / "report", store)
    asked = results.questions(folder / "asked", CLAIM)
    store, run = asked.store()
    write_report(asked.found(run=run), folder / "asked" / "report", store)
    return folder


def browse(address: str, profile: Path) -> tuple[str, list[str]]:
    """The page after its scripts have run, and what the console said."""
    options = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--enable-logging=stderr",
        "--virtual-time-budget=4000",
    ]
    command = [str(BROWSER), *options, f"--user-data-dir={profile}", "--window-size=1300,900", "--dump-dom", address]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return ran.stdout, [line for line in ran.stderr.splitlines() if "CONSOLE" in line]


def test_nothing_sticks_out_of_a_narrow_page(report: Path, tmp_path: Path) -> None:
    """The pages without their policy, so that a script can measure them, in frames of that width."""
    pages = sorted(report.rglob("*.html"))
    for page in pages:
        text = re.sub(r"<meta http-equiv[^>]*>", "", page.read_text(encoding="utf-8"))
        page.with_suffix(".measured.html").write_text(text.replace("</head>", f"<script>{MEASURE}</script></head>"))
    frames = "".join(
        f'<iframe width="{WIDTH}" height="700" src="{page.with_suffix(".measured.html").as_uri()}"></iframe>'
        for page in pages
    )
    (tmp_path / "frames.html").write_text(f'<!DOCTYPE html><pre id="o"></pre><script>{LISTENER}</script>{frames}')
    shown, _ = browse((tmp_path / "frames.html").as_uri(), tmp_path / "profile")
    measured = re.search(r'<pre id="o">(.*?)</pre>', shown, re.DOTALL)
    assert measured is not None
    found = json.loads(html.unescape(measured[1]))
    assert len(found) == len(pages)
    assert [(title, needed, wide) for title, needed, wide in found if needed > wide] == []


def test_the_filter_reads_the_address_and_the_console_stays_silent(report: Path, tmp_path: Path) -> None:
    index = report / "errata" / "report" / "index.html"
    shown, said = browse(f"{index.as_uri()}#status=refuted&text=statement", tmp_path / "profile")
    assert said == []
    rows = re.findall(r"<tr id=\"row\.([\w-]+)\"[^>]*?( hidden=\"\")?>", shown)
    assert rows == [("false-one", ""), ("right-one", ' hidden=""')]
    assert '<form id="filter">' in shown and "1 of 2 claims" in shown


def test_the_page_of_a_claim_loads_style_and_fonts_under_its_policy(report: Path, tmp_path: Path) -> None:
    _, said = browse((report / "whole" / "report" / "claims" / "whole.html").as_uri(), tmp_path / "profile")
    assert said == []


def test_the_graph_shows_the_neighbourhood_that_the_address_names(report: Path, tmp_path: Path) -> None:
    graph = report / "errata" / "report" / "graph.html"
    shown, said = browse(f"{graph.as_uri()}#focus=false-one&depth=1", tmp_path / "profile")
    assert said == []
    focused = shown[shown.index('id="focused"') : shown.index('id="whole"')]
    assert re.search(r'<div id="whole" hidden="">', shown) and not re.search(r'<section id="focused"[^>]*hidden', shown)
    assert set(re.findall(r'data-node="([\w.-]+)"', focused)) == {"false-one", "right-one", "source.euclid"}
    assert "claims/false-one.html" in focused and "3 of 3 nodes" in shown
    shown, said = browse(f"{graph.as_uri()}#focus=nobody", tmp_path / "other")
    assert said == [] and "There is no node nobody in this report." in shown and '<div id="whole">' in shown


def test_the_report_in_one_file_shows_one_page_under_its_policy(report: Path, tmp_path: Path) -> None:
    """What is shown has a size; the rest has none."""
    bench = results.refuted(tmp_path / "bench")
    write_single(bench.found(), tmp_path / "report.html", None)
    _, said = browse(f"{(tmp_path / 'report.html').as_uri()}#claim:false-one", tmp_path / "profile")
    assert said == []
    shown_pages = (
        "addEventListener('load', () => parent.postMessage([location.hash, Array.from(document.querySelectorAll('.page'))"
        ".filter((page) => page.offsetHeight).map((page) => page.id).join(' ')], '*'));"
    )
    text = re.sub(r"<meta http-equiv[^>]*>", "", (tmp_path / "report.html").read_text(encoding="utf-8"))
    measured = tmp_path / "measured.html"
    measured.write_text(text.replace("</head>", f"<script>{shown_pages}</script></head>"))
    wanted = {
        "": "page:index",
        "#status=refuted": "page:index",
        "#claims": "page:index",
        "#claim:false-one": "claim:false-one",
        "#false-one.identity": "claim:false-one",
        "#page:graph": "page:graph",
        "#focus=false-one&depth=1": "page:graph",
    }
    frames = "".join(f'<iframe src="{html.escape(measured.as_uri() + place)}"></iframe>' for place in wanted)
    (tmp_path / "frames.html").write_text(f'<!DOCTYPE html><pre id="o"></pre><script>{LISTENER}</script>{frames}')
    shown, _ = browse((tmp_path / "frames.html").as_uri(), tmp_path / "profile")
    found = re.search(r'<pre id="o">(.*?)</pre>', shown, re.DOTALL)
    assert found is not None and dict(json.loads(html.unescape(found[1]))) == wanted
