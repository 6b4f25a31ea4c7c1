r"""What a reader sees: nothing loaded from elsewhere, nothing cut off, nothing too small, on screens, on paper, without scripts.

That no request leaves a page and that the console stays silent is asserted of every page that is opened in this folder, by
the fixture that opens it.
"""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import MANY, Open

pytestmark = pytest.mark.browser

SMALLEST = 12  # px, of letters that are not indices of a formula
WIDTHS = (320, 400, 1280)
PAPER = 717  # px between the margins of A4
LIMIT = 2000  # bytes of the first page for a claim: 6 MB for 3000
NODES = 30  # elements of it for a claim; at 3000, a browser holds 90,000
SMALL = """(smallest) => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const [text, element] = [walker.currentNode.data.trim(), walker.currentNode.parentElement];
    if (!text || element.closest("math, title, desc, script, style, option") || !element.checkVisibility()) continue;
    const svg = element.closest("svg");
    const size = parseFloat(getComputedStyle(element).fontSize) * (svg ? svg.getScreenCTM().a : 1);
    if (size < smallest) found.push([element.tagName, element.getAttribute("class"), size, text.slice(0, 40)]);
  }
  return found;
}"""
CUT = """() => Array.from(document.querySelectorAll("body *")).filter((e) => e.clientWidth && e.checkVisibility()
  && getComputedStyle(e).overflowX !== "visible" && !(e instanceof SVGElement)
  && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1)).map((e) => [e.tagName, e.className])"""
MOVES = """() => Array.from(document.querySelectorAll("*")).map((e) => getComputedStyle(e)).filter((style) =>
  style.animationName !== "none" || style.transitionDuration !== "0s" || style.scrollBehavior !== "auto").length"""
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def places(report: Path, single: Path, difference: Path) -> list[str]:
    """Every page of the report, a neighbourhood, the page of a comparison, and the first page of the report in one file."""
    pages = [path.as_uri() for path in sorted(report.rglob("*.html"))]
    graph = (report / "graph.html").as_uri()
    return [
        *pages,
        f"{graph}#focus=false-one&depth=2",
        difference.as_uri(),
        single.as_uri(),
        f"{single.as_uri()}#claim:whole",
    ]


def test_nothing_sticks_out_on_a_screen_and_nothing_is_too_small(places: list[str], visit: Open) -> None:
    for place in places:
        page = visit(place).open_all().page
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(TOO_WIDE) == 0, (place, width)
            if width >= 400:
                assert page.evaluate(SMALL, SMALLEST) == [], (place, width)


def test_paper_has_room_for_everything(places: list[str], visit: Open) -> None:
    for place in places:
        page = visit(place, width=PAPER).open_all().page
        page.emulate_media(media="print")
        assert page.evaluate(TOO_WIDE) == 0, place
        assert page.evaluate(CUT) == [], place


def test_nothing_moves(places: list[str], visit: Open) -> None:
    for place in places[-4:]:
        assert visit(place).open_all().page.evaluate(MOVES) == 0, place


def test_without_scripts_everything_is_there(report: Path, single: Path, visit: Open) -> None:
    index = visit((report / "index.html").as_uri(), java_script_enabled=False)
    assert sorted(index.rows()) == ["asking", "failed", "false-one", "long", "right-one", "tested", "whole"]
    assert not index.page.is_visible("#filter")
    graph = visit((report / "graph.html").as_uri(), java_script_enabled=False).page
    assert graph.is_visible("#whole svg") and graph.is_visible("#table") and not graph.is_visible("#focus, #focused")
    claim = visit((report / "claims" / "whole.html").as_uri(), java_script_enabled=False).page
    assert not claim.is_visible("details.proof .scroll")
    claim.locator("details.proof > summary").first.click()
    assert claim.is_visible("details.proof .scroll")
    document = visit(single.as_uri(), java_script_enabled=False)
    assert document.pages() == ["page:index"]
    document.page.locator("#row\\.false-one a").first.click()
    assert document.pages() == ["claim:false-one"]


@pytest.fixture
def served(report: Path) -> Iterator[str]:
    """The address of the report on a server of this machine."""
    handler = functools.partial(Silent, directory=str(report))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


class Silent(http.server.SimpleHTTPRequestHandler):
    """Says nothing, and has no icon to give when a browser asks for one by itself."""

    def do_GET(self) -> None:
        if self.path != "/favicon.ico":
            super().do_GET()
            return
        self.send_response(http.HTTPStatus.NO_CONTENT)
        self.end_headers()

    def log_message(self, *arguments: Any) -> None: ...


def test_a_server_is_asked_for_the_report_alone_and_the_policy_allows_it(served: str, visit: Open) -> None:
    found = visit(f"{served}index.html#status=refuted", allow=served)
    assert found.rows() == ["false-one"]
    found.page.locator("#row\\.false-one a").first.click()
    assert found.page.url == f"{served}claims/false-one.html"
    assert found.page.evaluate("document.fonts.check('18px \"Report Text\"')")
    found.page.goto(f"{served}graph.html#focus=false-one")
    assert found.page.is_visible("#focused svg")


def test_a_browser_copes_with_many_claims(many: Path, visit: Open) -> None:
    """How long it takes with 3000 of them is in ``benchmarks/report_scale.md``."""
    assert (many / "index.html").stat().st_size < LIMIT * MANY
    index = visit((many / "index.html").as_uri())
    assert len(index.rows()) == MANY
    assert index.page.evaluate("document.querySelectorAll('*').length") < NODES * MANY
    index.page.fill("#filter [name=text]", "claim-number-77")
    assert {"claim-number-77", "claim-number-770", "claim-number-779"} <= set(index.rows())
    assert index.page.inner_text("#filter output") == f"{len(index.rows())} of {MANY} claims" and len(index.rows()) < 20
    graph = visit(f"{(many / 'graph.html').as_uri()}#focus=claim-number-77")
    assert graph.page.is_visible("#focused svg")
    assert graph.page.evaluate("document.querySelectorAll('*').length") < NODES * MANY
