r"""The digest of a module: it changes with whatever a statement may depend on, and with nothing else."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from tests import samples
from verify import closure
from verify.closure import closure_digest

BASE = {"__init__": "", "one": "from pack.two import x\n", "two": "x = 1\n"}


def digests(tmp_path: Path, first: dict[str, str], second: dict[str, str]) -> tuple[str, str]:
    found = []
    for name, modules in (("a", first), ("b", second)):
        folder = samples.folder(tmp_path / name / "pack", **modules)
        found.append(closure_digest(folder / "one.py"))
    return found[0], found[1]


def test_a_digest_does_not_see_comments_and_docstrings(tmp_path: Path) -> None:
    first, second = digests(tmp_path, BASE, BASE | {"one": '"""Words."""\n\nfrom pack.two import x  # more words\n'})
    assert first == second


@pytest.mark.parametrize(
    "changed", [{"one": "from pack.two import x as y\n"}, {"two": "x = 2\n"}, {"__init__": "import pack.two\n"}]
)
def test_a_digest_sees_the_module_and_what_is_imported_with_it(tmp_path: Path, changed: dict[str, str]) -> None:
    first, second = digests(tmp_path, BASE, BASE | changed)
    assert first != second


@pytest.mark.parametrize("line", ["from . import two\n", "from .two import x\n", "import pack.two\n"])
def test_every_way_to_import_a_neighbour_is_followed(tmp_path: Path, line: str) -> None:
    first, second = digests(tmp_path, BASE | {"one": line}, BASE | {"one": line, "two": "x = 2\n"})
    assert first != second


@pytest.mark.parametrize("name", ["points.json", "tables/points.csv", "tables/deep/points"])
def test_data_beside_a_module_of_a_package_belongs_to_it(tmp_path: Path, name: str) -> None:
    folder = samples.folder(tmp_path / "pack", **BASE)
    found = [closure_digest(folder / "one.py")]
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    for content in ("[1]", "[2]"):
        file.write_text(content)
        found.append(closure_digest(folder / "one.py"))
    assert len(set(found)) == 3


def test_data_of_a_module_that_is_imported_counts_as_well(tmp_path: Path) -> None:
    folder = samples.folder(tmp_path / "pack", **BASE | {"one": "from pack.inner.two import x\n"})
    samples.folder(folder / "inner", __init__="", two="x = 1\n")
    before = closure_digest(folder / "one.py")
    (folder / "inner" / "points.json").write_text("[1]")
    assert closure_digest(folder / "one.py") != before


def test_bibliographies_bytecode_hidden_files_and_other_packages_are_no_data(tmp_path: Path) -> None:
    folder = samples.folder(tmp_path / "pack", **BASE)
    samples.folder(folder / "other", __init__="")
    before = closure_digest(folder / "one.py")
    for name in ("more.bib", "__pycache__/one.pyc", ".hidden/points.json", ".swap", "other/points.json", "notes.md"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("anything")
    assert closure_digest(folder / "one.py") == before


def test_of_the_files_around_a_loose_module_those_count_that_it_names(tmp_path: Path) -> None:
    folder = samples.folder(tmp_path / "loose", one='NAME = "points.json"\n')
    found = [closure_digest(folder / "one.py")]
    for name in ("points.json", "holiday.jpg"):
        (folder / name).write_text("1")
        found.append(closure_digest(folder / "one.py"))
    assert found[0] != found[1] == found[2]


@pytest.mark.parametrize(("site", "followed"), [("src", True), ("site-packages", False)])
def test_another_project_counts_by_its_text_while_it_is_edited_and_else_by_its_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, site: str, followed: bool
) -> None:
    lemmas = samples.folder(tmp_path / site / "their_lemmas", __init__="", relu="x = 1\n")
    information = tmp_path / site / "their_lemmas-1.5.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: their_lemmas\nVersion: 1.5\n")
    monkeypatch.syspath_prepend(str(tmp_path / site))
    folder = samples.folder(tmp_path / "pack", **BASE | {"one": "from their_lemmas.relu import x\n"})
    before = closure_digest(folder / "one.py")
    (lemmas / "relu.py").write_text("x = 22\n")
    assert (closure_digest(folder / "one.py") != before) is followed
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: their_lemmas\nVersion: 1.6\n")
    importlib.invalidate_caches()
    closure.installed_version.cache_clear()
    assert closure.installed_version("their_lemmas") == "their_lemmas 1.6"
    assert "their_lemmas" not in sys.modules  # nothing is imported for a digest


def test_the_harness_and_the_standard_library_are_left_to_their_own_digests() -> None:
    for top in ("verify", "json", "math"):
        assert closure.project(top) is None
        assert closure.installed_version(top) == ""
