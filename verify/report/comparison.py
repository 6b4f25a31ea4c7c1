r"""The page of ``verify diff``: one file with nothing beside it."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path

from verify.report.publish import publish_file
from verify.report.rendering import HERE, render
from verify.session.comparison import Change, Comparison, Cost
from verify.session.runs import Past
from verify.verdict import counted

TITLES = {
    "regressed": ("Regressed", "weaker than before, undecided, or not what is expected"),
    "fixed": ("Fixed", "stronger than before, or decided as expected at last"),
    "changed": ("Changed", "neither weaker nor stronger, but not the same"),
    "new": ("New", "not in the earlier run"),
    "gone": ("Gone", "not in the later run"),
}
COSTS = {"slower": "Takes more", "faster": "Takes less"}


@dataclass(frozen=True)
class Group:
    """The changes of one kind."""

    anchor: str
    title: str
    meaning: str
    claims: tuple[Change, ...]
    tasks: tuple[Change, ...]

    def __len__(self) -> int:
        return len(self.claims) + len(self.tasks)


@dataclass(frozen=True)
class Costs:
    """The costs that went one way."""

    anchor: str
    title: str
    costs: tuple[Cost, ...]

    def __len__(self) -> int:
        return len(self.costs)


def write_comparison(before: Past, after: Past, found: Comparison, factor: float, file: Path) -> None:
    """Write the page; a file that cannot be written raises ``UsageError``."""
    publish_file(file, page(before, after, found, factor))


def page(before: Past, after: Past, found: Comparison, factor: float) -> bytes:
    """The page; its content security policy names the digest of its style and allows nothing else."""
    style = (HERE / "static" / "report.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    return render(
        "diff.html",
        style=style,
        style_digest=f"sha256-{digest}",
        before=before,
        after=after,
        groups=groups(found),
        costs=[Costs(name, title, getattr(found, name)) for name, title in COSTS.items() if getattr(found, name)],
        factor=f"{factor:g}",
        summary=summary(found),
    )


def groups(found: Comparison) -> list[Group]:
    shown = []
    for name, (title, meaning) in TITLES.items():
        changes: tuple[Change, ...] = getattr(found, name)
        claims, tasks = (tuple(c for c in changes if c.is_task is is_task) for is_task in (False, True))
        if changes:
            shown.append(Group(name, title, meaning, claims, tasks))
    return shown


def summary(found: Comparison) -> str:
    """One sentence for whoever reads no further."""
    if found.is_empty():
        return "Nothing changed."
    if not found.regressed:
        return "Nothing regressed."
    claims = sum(not change.is_task for change in found.regressed)
    tasks = len(found.regressed) - claims
    return f"{counted(claims, 'claim')} and {counted(tasks, 'task')} regressed."
