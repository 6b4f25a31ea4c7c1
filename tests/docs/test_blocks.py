r"""Every block of code in the documentation does what the page says."""

from __future__ import annotations

import io
import os
import re
import shlex
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from tests.docs.pages import DOCS, ROOT, Block, blocks, commands, masked, pages, shown
from verify.cli import build_parser, main

OWN_FOLDER = {"tutorial.md"}  # pages that write and change files of their own; the others share what has been found


def write_files(page: Path, folder: Path) -> None:
    for block in blocks(page):
        if block.title:
            (folder / block.title).parent.mkdir(parents=True, exist_ok=True)
            (folder / block.title).write_text(block.text)


def prepared(folder: Path) -> Path:
    """A folder like a clone: the kernel is there, the claims with their bibliography, and no store."""
    (folder / "claims").mkdir()
    (folder / "verify").symlink_to(ROOT / "verify")
    for entry in (ROOT / "claims").iterdir():
        if entry.suffix == ".bib":  # which "verify new" writes to
            (folder / "claims" / entry.name).write_text(entry.read_text())
        elif entry.is_dir() and not entry.name.startswith("_"):
            (folder / "claims" / entry.name).symlink_to(entry)
    return folder


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the pages share a store: all their claims are checked at once, and each page finds them again."""
    folder = prepared(tmp_path_factory.mktemp("workplace"))
    for page in pages():
        if page.name not in OWN_FOLDER:
            write_files(page, folder)
    files = sorted(str(path.relative_to(folder)) for path in (folder / "claims").glob("*.py"))
    assert files
    run("verify run " + " ".join(files), folder)
    return folder


def run(command: str, folder: Path, *, apart: bool = False) -> tuple[int, str]:
    """Exit status and output of a command in a folder; ``verify`` runs in this process, or apart where files change."""
    program, *arguments = shlex.split(command)
    if apart or Path(program).name != "verify":
        own = {
            "verify": [sys.executable, "-P", "-m", "verify"],
            "python": [sys.executable],
            "python3": [sys.executable],
        }
        words = [*own.get(Path(program).name, [program]), *arguments]
        ended = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False, timeout=120)
        return ended.returncode, ended.stdout + ended.stderr
    before, said = Path.cwd(), io.StringIO()
    os.chdir(folder)
    try:
        with redirect_stdout(said), redirect_stderr(said):
            status = main(arguments)
    finally:
        os.chdir(before)
    return status, said.getvalue()


class Reader:
    """Somebody who reads a page from the top and does what it says."""

    def __init__(self, page: Path, folder: Path) -> None:
        self.page, self.folder, self.names, self.printed = page, folder, dict[str, Any](__name__="__main__"), ""
        self.apart = page.name in OWN_FOLDER

    def do(self, block: Block) -> None:
        if block.title:
            path = self.folder / block.title
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text)
        elif block.only_parsed:
            for command, _ in commands(block):
                parse(command)
        elif block.language == "python":
            said = io.StringIO()
            with redirect_stdout(said):
                exec(compile(block.text, f"{self.page}:{block.line}", "exec"), self.names)
            self.printed = said.getvalue()
        elif block.language == "text":
            assert masked(self.printed) == masked(block.text)
        elif block.language in ("sh", "console"):
            for command, expected in commands(block):
                self.carry_out(command, expected if block.language == "console" else None)
        else:
            pytest.fail(f"line {block.line}: a block in {block.language} is a file or not a block at all")

    def carry_out(self, command: str, expected: str | None) -> None:
        command, _, told = command.partition("  # exit status ")
        status, said = run(command, self.folder, apart=self.apart)
        assert status == int(told or 0), said
        if expected is not None:
            printed = said.replace(f"{self.folder}/", "")
            assert shown(expected, printed), printed


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(DOCS)))
def test_the_blocks_of_a_page_do_what_it_says(
    page: Path, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    reader = Reader(page, prepared(tmp_path) if page.name in OWN_FOLDER else request.getfixturevalue("workplace"))
    monkeypatch.chdir(reader.folder)
    for block in blocks(page):
        reader.do(block)


# ------------------------------------------------------------------------------------------- commands not carried out


def parse(command: str) -> None:
    """A command that is not carried out has the form that its program accepts."""
    program, *arguments = shlex.split(command)
    if Path(program).name == "verify":
        assert callable(build_parser().parse_args(arguments).command)
    elif program == "make":
        targets = (ROOT / "Makefile").read_text()
        assert all(re.search(rf"^{re.escape(target)}:", targets, re.MULTILINE) for target in arguments)
    elif arguments[:2] == ["-m", "pytest"]:
        known = pytest_options()
        assert all(option.partition("=")[0] in known for option in arguments[2:] if option.startswith("-"))
    else:
        assert program in ("git", "cd", "python", "python3", ".")


def pytest_options() -> set[str]:
    said = subprocess.run([sys.executable, "-m", "pytest", "--help"], capture_output=True, text=True, check=True)
    return set(re.findall(r"(?<![\w-])--?[a-z][\w-]*", said.stdout))


def test_an_option_that_does_not_exist_is_noticed() -> None:
    with pytest.raises(SystemExit):
        parse("verify run --no-such-option")
    with pytest.raises(AssertionError):
        parse("make no-such-target")


def test_what_a_page_leaves_out_is_not_compared_and_all_else_is() -> None:
    assert shown("a\n...\nd\n", "a\nb\nc\nd\n") and shown("a\n...", "a\nb") and shown("...\nb", "a\nb")
    assert shown("a\n...\nb", "a\nb") and shown("in 1.2 s", "in 30 s")
    assert not shown("a\n...\nd", "a\nb\nc") and not shown("a\nd", "a\nb\nd") and not shown("a", "a\nb")
