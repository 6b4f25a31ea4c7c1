r"""The pages about the kernel have a section for each rule and for each kind of certificate, and for nothing else."""

from __future__ import annotations

import re

from tests.docs.pages import DOCS, ROOT
from verify.kernel.certificate import KINDS
from verify.kernel.logic import RULES
from verify.kernel.questions import CHECKERS


def sections(name: str) -> list[tuple[str, str]]:
    text = (DOCS / "kernel" / name).read_text()
    _, *parts = re.split(r"^### (?=\S+$)", text, flags=re.MULTILINE)
    return [
        (title, re.split(r"^#", body, maxsplit=1, flags=re.MULTILINE)[0])
        for title, _, body in (p.partition("\n") for p in parts)
    ]


def test_every_rule_has_a_section_and_nothing_else_has() -> None:
    titles = [title for title, _ in sections("rules.md")]
    assert sorted(titles) == sorted(RULES)


def test_every_kind_of_certificate_has_a_section_and_nothing_else_has() -> None:
    titles = [title for title, _ in sections("questions.md")]
    assert sorted(titles) == sorted(CHECKERS)


def test_the_kinds_of_theorems_are_told() -> None:
    text = (DOCS / "kernel" / "rules.md").read_text()
    assert all(re.search(rf"^`{kind}`$", text, re.MULTILINE) for kind in KINDS)


def test_every_section_says_what_is_accepted_and_why_it_is_sound() -> None:
    for page in ("rules.md", "questions.md"):
        for title, body in sections(page):
            assert re.search(r"\*(Accepts|Adds|Turns)\*", body), title
            assert "*Soundness.*" in body, title


def test_the_sizes_that_are_told_are_those_of_the_files() -> None:
    """Within a tenth: they tell a reader how much there is to read."""
    text = " ".join((DOCS / "kernel" / "rules.md").read_text().split())
    told = re.search(
        r"`logic.py` \((\d+) lines.*?`theory.py` \((\d+)\).*?matrices below them \((\d+)\).*?`evaluation.py` \((\d+)\)",
        text,
    )
    assert told is not None
    files = (("logic",), ("theory",), ("terms", "formulas", "matrices"), ("evaluation",))
    for number, names in zip(told.groups(), files, strict=True):
        lines = sum(len((ROOT / "verify" / "kernel" / f"{name}.py").read_text().splitlines()) for name in names)
        assert abs(lines - int(number)) <= lines / 10
