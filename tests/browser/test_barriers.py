r"""The rules of axe-core find nothing on any kind of page, light or dark, wide or narrow, with all parts unfolded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Open

pytestmark = pytest.mark.browser

OF_COLOUR = ("color-contrast", "link-in-text-block")
WAYS = ((1280, "light"), (400, "dark"), (400, "light"), (1280, "dark"))
ALONE = {
    "resultTypes": ["violations"],
    "preload": False,
}  # the rules do not fetch style sheets, which the policy forbids
PAGES = ["index.html", "graph.html", "graph.html#focus=false-one&depth=2",
         *(f"claims/{name}.html" for name in ("whole", "tested", "asking", "false-one", "failed", "long"))]  # fmt: skip


@pytest.mark.parametrize("place", PAGES)
def test_nothing_keeps_readers_out_of_the_report(place: str, report: Path, visit: Open) -> None:
    assert_open(f"{report.as_uri()}/{place}", visit)


@pytest.mark.parametrize("place", ["", "#claim:whole"])
def test_nothing_keeps_readers_out_of_the_report_in_one_file(place: str, single: Path, visit: Open) -> None:
    """The pages are those of the folder, so that two ways are enough."""
    assert_open(single.as_uri() + place, visit, WAYS[:2])


def test_nothing_keeps_readers_out_of_a_comparison(difference: Path, visit: Open) -> None:
    assert_open(difference.as_uri(), visit)


def assert_open(address: str, visit: Open, ways: tuple[tuple[int, str], ...] = WAYS) -> None:
    """All rules once wide and light and once narrow and dark; the other two ways differ in colours alone."""
    from axe_playwright_python.sync_playwright import Axe

    page = visit(address).open_all().page
    for number, (width, scheme) in enumerate(ways):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        some: dict[str, Any] = {} if number < 2 else {"runOnly": list(OF_COLOUR)}
        violations = Axe().run(page, options={**ALONE, **some}).response["violations"]
        assert [(v["id"], [node["html"] for node in v["nodes"]]) for v in violations] == [], (width, scheme)
