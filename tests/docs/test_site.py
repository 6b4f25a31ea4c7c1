r"""The site is built without a warning, asks no other server for anything, and its links lead somewhere."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
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
    folder = tmp_path_factory.mktemp("site")
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", folder],
        cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )  # fmt: skip
    assert built.returncode == 0, built.stdout + built.stderr
    assert "WARNING" not in built.stderr, built.stderr
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


PACKAGES = ("verify", "verify.networks", "verify.training", "verify.optimization", "verify.landscape", "verify.statistics",
            "verify.kernel")  # fmt: skip


@pytest.mark.parametrize("package", PACKAGES)
def test_every_name_that_a_package_exports_is_in_the_reference(
    package: str, site: Path, read: dict[Path, Page]
) -> None:
    names = read[site / "reference" / f"{package}.html"].names
    missing = [name for name in import_module(package).__all__ if not any(n.endswith(f".{name}") for n in names)]
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
