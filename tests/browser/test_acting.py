r"""What a reader does: filters, links, back and forward, the same by keyboard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Open
from tests.browser.visits import Visit

pytestmark = pytest.mark.browser

FOCUSED = """() => {
  const [element, box] = [document.activeElement, document.activeElement.getBoundingClientRect()];
  const style = getComputedStyle(element);
  const outlined = style.outlineStyle === "solid" && parseFloat(style.outlineWidth) >= 2;
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return [Array.from(document.querySelectorAll("*")).indexOf(element), outlined && inside, element.outerHTML.slice(0, 120)];
}"""
TO_REACH = """() => Array.from(document.querySelectorAll("*")).map((e, i) => [e, i]).filter(([e]) => e.checkVisibility()
  && e.matches("a[href], button, input, select, summary, [tabindex]")).map(([e, i]) => i)"""
OUT_OF_REACH = """() => Array.from(document.querySelectorAll("body *")).filter((e) => e.scrollWidth > e.clientWidth + 1
  && ["auto", "scroll"].includes(getComputedStyle(e).overflowX) && e.tabIndex < 0).map((e) => [e.tagName, e.className])"""


# ------------------------------------------------------------------------------------------------ links and addresses


def test_filters_stand_in_the_address_and_survive_a_reload_and_a_way_back(report: Path, visit: Open) -> None:
    index = visit(f"{(report / 'index.html').as_uri()}#status=refuted&text=statement")
    assert index.rows() == ["false-one"] and "1 of 7 claims" in index.page.inner_text("#filter output")
    index.page.select_option("#filter [name=status]", "certified")
    assert index.place == "text=statement&status=certified"
    rows = index.rows()
    assert "right-one" in rows and "false-one" not in rows
    index.page.reload()
    assert index.rows() == rows and index.page.input_value("#filter [name=status]") == "certified"
    index.page.locator("#row\\.right-one a").first.click()
    index.page.go_back()
    assert index.rows() == rows and index.page.input_value("#filter [name=text]") == "statement"
    index.page.click("#filter button")
    index.page.wait_for_function("location.hash === '#claims'")
    assert len(index.rows()) == 7


def test_the_numbers_at_the_top_are_filters_and_the_buttons_of_the_browser_go_through_them(
    report: Path, visit: Open
) -> None:
    index = visit((report / "index.html").as_uri())
    index.page.click(".board a[data-filter='status=refuted']")
    assert index.rows() == ["false-one"]
    index.page.evaluate("location.hash = 'status=error'")
    assert index.rows() == ["failed"]
    index.page.go_back()
    assert index.rows() == ["false-one"] and index.page.input_value("#filter [name=status]") == "refuted"
    index.page.go_back()
    assert len(index.rows()) == 7
    index.page.go_forward()
    assert index.rows() == ["false-one"]


def test_a_link_to_a_part_of_a_claim_shows_it(report: Path, visit: Open) -> None:
    page = visit(f"{(report / 'claims' / 'whole.html').as_uri()}#largest").page
    assert abs(page.evaluate("document.getElementById('largest').getBoundingClientRect().top")) < 2
    page = visit(f"{(report / 'index.html').as_uri()}#erratum-false-one").page
    assert page.is_visible("#erratum-false-one .columns")


def test_the_graph_shows_the_neighbourhood_that_the_address_names(report: Path, visit: Open) -> None:
    graph = (report / "graph.html").as_uri()
    found = visit(f"{graph}#focus=false-one&depth=1")
    assert shown(found) == {"false-one", "right-one", "source.euclid"} and not found.page.is_visible("#whole")
    found.page.click("#focused a[data-node=right-one]")
    assert found.place == "focus=right-one&depth=1"
    found.page.go_back()
    found.page.reload()
    assert found.place == "focus=false-one&depth=1" and found.page.is_visible("#focused a.focus[data-node=false-one]")
    found.page.click("#focused .about-focus a")
    assert found.page.url.endswith("claims/false-one.html")
    found.page.go_back()
    found.page.click("#focus [name=whole]")
    assert found.page.is_visible("#whole") and not found.page.is_visible("#focused")
    found = visit(f"{graph}#focus=nobody")
    assert found.page.inner_text("#focus output") == "There is no node nobody in this report."
    assert found.page.is_visible("#whole")


def test_a_place_beside_the_picture_keeps_the_neighbourhood(report: Path, visit: Open) -> None:
    found = visit(f"{(report / 'graph.html').as_uri()}#focus=source.euclid")
    found.page.click("#focused .about-focus a")
    assert found.place == "node-source.euclid" and found.page.is_visible("#focused a.focus[data-node='source.euclid']")


def shown(graph: Visit) -> set[str]:
    nodes = "Array.from(document.querySelectorAll('#focused a[data-node]')).map((node) => node.dataset.node)"
    return set(graph.page.evaluate(nodes))


SHOWN = {
    "": "page:index",
    "#status=refuted": "page:index",
    "#claims": "page:index",
    "#claim:false-one": "claim:false-one",
    "#false-one.identity": "claim:false-one",
    "#page:graph": "page:graph",
    "#focus=false-one&depth=1": "page:graph",
}


def test_the_report_in_one_file_shows_one_page_and_goes_back_to_the_last(single: Path, visit: Open) -> None:
    found = visit(single.as_uri())
    for place, name in SHOWN.items():
        if place:
            found.page.evaluate("(place) => { location.hash = place; }", place)
            found.page.wait_for_function("(name) => document.getElementById(name).offsetHeight", arg=name)
        assert found.pages() == [name], place
    for place, name in list(reversed(SHOWN.items()))[1:]:
        found.page.go_back()
        found.page.wait_for_function("(name) => document.getElementById(name).offsetHeight", arg=name)
        assert found.pages() == [name], place
    for place, name in SHOWN.items():
        assert visit(single.as_uri() + place).pages() == [name], place


# ----------------------------------------------------------------------------------------------------------- keyboard


@pytest.mark.parametrize("path", ["index.html", "graph.html", "claims/whole.html", "claims/asking.html"])
def test_the_keyboard_reaches_everything_in_the_order_of_reading(path: str, report: Path, visit: Open) -> None:
    found = visit((report / path).as_uri())
    assert_all_is_reached(found)


def test_the_keyboard_reaches_everything_in_one_file(single: Path, visit: Open) -> None:
    assert_all_is_reached(visit(single.as_uri()))


def assert_all_is_reached(found: Visit) -> None:
    wanted = found.page.evaluate(TO_REACH)
    order = []
    for number in range(len(wanted)):
        found.press("Tab")
        element, is_seen, text = found.page.evaluate(FOCUSED)
        assert is_seen, text
        assert number or 'class="skip"' in text
        order.append(element)
    assert order == wanted


@pytest.mark.parametrize("place", ["index.html#status=refuted", "graph.html#focus=false-one", "claims/whole.html"])
def test_the_first_link_skips_what_comes_before_the_content(place: str, report: Path, visit: Open) -> None:
    found = visit(f"{report.as_uri()}/{place}")
    before = (found.rows(), shown(found))
    found.press("Tab", "Enter", "Tab")
    assert found.page.evaluate("document.querySelector('main').contains(document.activeElement)")
    assert (found.rows(), shown(found)) == before


def test_each_page_of_the_report_in_one_file_has_its_own_first_link(single: Path, visit: Open) -> None:
    found = visit(f"{single.as_uri()}#claim:whole")
    found.page.focus("#claim\\:whole > .skip")
    found.press("Enter", "Tab")
    assert found.pages() == ["claim:whole"]
    assert found.page.evaluate("document.querySelector('#claim\\\\:whole .main').contains(document.activeElement)")


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_a_key_unfolds_and_folds_a_proof(key: str, report: Path, visit: Open) -> None:
    found = visit((report / "claims" / "whole.html").as_uri())
    proof: Any = found.page.locator("details.proof").first
    proof.locator("> summary").focus()
    for is_open in (True, False):
        found.press(key)
        assert proof.evaluate("(details) => details.open") is is_open


def test_a_filter_is_chosen_by_keys(report: Path, visit: Open) -> None:
    found = visit((report / "index.html").as_uri())
    found.page.focus("#filter [name=text]")
    found.page.keyboard.type("false-one")
    assert found.rows() == ["false-one", "right-one"]  # the second repairs it
    found.press("Tab")
    found.page.keyboard.type("refuted")
    assert found.rows() == ["false-one"] and found.place == "text=false-one&status=refuted"


def test_a_node_of_the_graph_is_chosen_by_a_key(report: Path, visit: Open) -> None:
    found = visit((report / "graph.html").as_uri())
    found.page.focus("#whole a[data-node=right-one]")
    found.press("Enter")
    assert found.place == "focus=right-one&depth=1" and "right-one" in shown(found)


def test_what_scrolls_on_a_narrow_screen_can_be_reached(report: Path, visit: Open) -> None:
    for path in sorted(report.rglob("*.html")):
        assert visit(path.as_uri(), width=400).open_all().page.evaluate(OUT_OF_REACH) == [], path
