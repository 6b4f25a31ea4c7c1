r"""The pages of the documentation as readers see them: blocks of code, in order.

A block with a ``title`` is a file.  A ``console`` block has commands behind ``$ ``, and what they print, where a
line ``...`` stands for any lines.  A ``text`` block is what the ``python`` block before it prints.  A comment ``<!-- ...: checked for its options only -->`` before a block says that
its commands are not run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
FENCE = re.compile(
    r'^(?P<comment><!--[^\n]*: checked for its options only -->\n)?(?P<mark>```+)(?P<language>\w+)(?: title="(?P<title>[^"]+)")?\n'
    r"(?P<text>.*?)^(?P=mark)$",
    re.MULTILINE | re.DOTALL,
)
MASKED = re.compile(r"\b\d+(\.\d+)? (s|ms|seconds|minutes|min)\b")


@dataclass(frozen=True)
class Block:
    """One fenced block; ``line`` is where it begins."""

    language: str
    title: str
    text: str
    line: int
    only_parsed: bool


def pages() -> list[Path]:
    return sorted(path for path in DOCS.rglob("*.md"))


def blocks(page: Path) -> list[Block]:
    content = page.read_text()
    found = [
        Block(m["language"], m["title"] or "", m["text"], content[: m.start()].count("\n") + 1, bool(m["comment"]))
        for m in FENCE.finditer(content)
    ]
    fences = len(re.findall(r"^```", content, re.MULTILINE))
    assert fences == 2 * len(found), f"{page}: a fence that is no block in a language"
    return found


def commands(block: Block) -> list[tuple[str, str]]:
    """Commands with what they print; an ``sh`` block says nothing of that."""
    if block.language == "sh":
        lines = (line.partition(" #")[0].strip() for line in block.text.splitlines())
        return [(line, "") for line in lines if line]
    first, *rest = re.split(r"^\$ ", block.text, flags=re.MULTILINE)
    assert not first, f"line {block.line}: a console block begins with a command"
    return [(command, printed) for command, _, printed in (entry.partition("\n") for entry in rest)]


def masked(text: str) -> str:
    """Without times."""
    return MASKED.sub("some time", text)


def shown(expected: str, said: str) -> bool:
    """Whether a page shows what was printed, apart from times and from what it leaves out."""
    parts = [re.escape(part) for part in re.split(r"(?:^|\n)\.\.\.(?=\n|$)", masked(expected.rstrip()))]
    return re.fullmatch(r"(?:\n?.*)*?".join(parts), masked(said.rstrip())) is not None
