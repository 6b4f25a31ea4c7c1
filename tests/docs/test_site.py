r"""The site is built without a warning, loads nothing from elsewhere, its links lead somewhere, and search works from files."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from tests.docs.pages import ROOT
from verify.cli import build_parser
from verify.kernel.logic import RULES


LOADED = {("script", "src"), ("link", "href"), ("img", "src"), ("iframe", "src"), ("source", "src"), ("object", "data")}


class Page(HTMLParser):
    """What a page loads, where it links to, which names and which tags it has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.names: set[str] = set()
        self.tags: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attributes:
            if value and (tag, name) in LOADED:
                self.loads.append(value)
            if value and tag == "a" and name == "href":
                self.links.append(value)
            if value and name in ("id", "name"):
                self.names.add(value)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built with warnings as errors."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING" not in done.stderr, done.stderr
    return folder


@pytest.fixture(scope="module")
def read(site: Path) -> dict[Path, Page]:
    return {path: Page(path.read_text()) for path in site.rglob("*.html")}


def test_nothing_is_loaded_from_elsewhere(site: Path, read: dict[Path, Page]) -> None:
    for path, page in read.items():
        outside = [
            place for place in page.loads if urlsplit(place).scheme not in ("", "data") or place.startswith("//")
        ]
        assert not outside, path
    for sheet in site.rglob("*.css"):
        assert not re.search(r"""(url\(|@import)\s*["']?(https?:)?//""", sheet.read_text()), sheet


def test_every_link_leads_to_a_place_that_is_there(site: Path, read: dict[Path, Page]) -> None:
    for path, page in read.items():
        for link in page.links + page.loads:
            parts = urlsplit(link)
            if parts.scheme or link.startswith("//"):
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if path.name == "404.html":  # its links are absolute
                continue
            assert target.exists(), f"{path.relative_to(site)}: {link}"
            if parts.fragment and target.suffix == ".html":
                assert unquote(parts.fragment) in read[target].names, f"{path.relative_to(site)}: {link}"


ELEMENTS = """
html head meta title link style script body header footer main nav section article aside div span p a ul ol li dl dt dd
h1 h2 h3 h4 h5 h6 table thead tbody tr th td code pre em strong b i br hr img svg path g form input label button dialog
details summary blockquote small sup sub kbd figure iframe noscript template abbr del ins mark select option
math mrow mi mn mo msup msub msubsup mfrac msqrt mroot mtext mover munder munderover mtable mtr mtd mspace mstyle mpadded
mphantom mmultiscripts mprescripts menclose semantics annotation merror
"""


def test_an_inner_product_in_a_docstring_is_no_tag(read: dict[Path, Page]) -> None:
    for path, page in read.items():
        assert page.tags <= set(ELEMENTS.split()), path


def test_formulas_are_mathematics(site: Path, read: dict[Path, Page]) -> None:
    assert "math" in read[site / "kernel" / "rules.html"].tags
    for path in read:
        assert 'class="latex"' not in path.read_text(), path
        left = re.sub(r"<(pre|code|script|title|math)\b.*?</\1>", "", path.read_text(), flags=re.DOTALL)
        assert not re.search(r"\$[^$<>]*\\[a-z]+[^$<>]*\$", left), path


PACKAGES = ("", ".networks", ".training", ".optimization", ".landscape", ".statistics", ".testing", ".notebook", ".kernel")  # fmt: skip


@pytest.mark.parametrize("package", PACKAGES)
def test_every_name_that_a_package_exports_is_in_the_reference(
    package: str, site: Path, read: dict[Path, Page]
) -> None:
    names = read[site / "reference" / f"verify{package}.html"].names
    missing = [
        name for name in import_module(f"verify{package}").__all__ if not any(n.endswith(f".{name}") for n in names)
    ]
    assert not missing


def test_every_command_and_option_is_told(site: Path) -> None:
    text = (site / "command-line.html").read_text()
    commands = next(a for a in build_parser()._actions if isinstance(a, argparse._SubParsersAction))
    for name, parser in commands.choices.items():
        assert f"verify {name}" in text
        for action in parser._actions:
            assert all(option in text for option in action.option_strings if option not in ("-h", "--help")), name


def test_the_search_index_knows_the_rules_and_works_without_a_server(site: Path, read: dict[Path, Page]) -> None:
    index = (site / "search" / "search_index.js").read_text()
    assert index.startswith("var __index = ")
    assert all(f"#{rule}" in index for rule in RULES)
    assert any("iframe-worker" in place for place in read[site / "index.html"].loads)


# -------------------------------------------------------------------------------------------------- in a browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
BROWSER = next((found for found in map(shutil.which, NAMES) if found), None)
IN_A_BROWSER = pytest.mark.skipif(BROWSER is None, reason="no Chromium")


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    """A page that remembers what it asked for and what was said."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        opened = browser.new_page()
        opened.asked, opened.said = [], []
        opened.on("request", lambda request: opened.asked.append(request.url))
        opened.on("console", lambda message: opened.said.append(message.text))
        opened.on("pageerror", lambda problem: opened.said.append(str(problem)))
        yield opened
        browser.close()


@IN_A_BROWSER
@pytest.mark.parametrize("width", [400, 1280])
@pytest.mark.parametrize("path", ["index.html", "kernel/rules.html", "howto/mutants.html", "reference/verify.html"])
def test_a_page_asks_nobody_and_fits(path: str, width: int, site: Path, page: Any) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto((site / path).as_uri())
    assert all(address.startswith(("file:", "data:", "blob:")) for address in page.asked)
    assert not page.said
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@IN_A_BROWSER
def test_search_finds_a_rule_without_a_server(site: Path, page: Any) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto((site / "index.html").as_uri())
    page.click("input[name=query]")
    page.keyboard.type("pseudoinverse")
    found = page.locator(".md-search-result__link").first
    found.wait_for(state="attached")
    assert "kernel/rules.html" in found.get_attribute("href")


@IN_A_BROWSER
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_keeps_readers_out(scheme: str, site: Path, page: Any) -> None:
    """By the rules of axe-core: names of what can be operated, contrast, what the keyboard reaches."""
    from axe_playwright_python.sync_playwright import Axe

    page.emulate_media(color_scheme=scheme)
    for path in ("kernel/rules.html", "howto/mutants.html"):
        page.goto((site / path).as_uri())
        found = Axe().run(page).response["violations"]
        assert not [(path, v["id"]) for v in found if v["impact"] in ("serious", "critical")]
