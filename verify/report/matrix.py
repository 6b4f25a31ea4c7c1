r"""The first screen of the report as data: numbers for all claims together, and the rows of the matrix by topic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from verify.report import words
from verify.report.dependencies import identifier, topic_of
from verify.report.history import Change
from verify.report.pages import ClaimPage
from verify.report.words import Status
from verify.session.summary import ClaimResult
from verify.verdict import Role, Strength, counted

GROUPS: Mapping[str, tuple[str, ...]] = {
    "certified": ("certified",),
    "tested": ("computed", "statistical", "sampled"),
    "refuted": ("refuted",),
    "open": ("undecided", "error", "cited"),
}
SHORT = ((" for all values", ""), (" for listed instances", " (listed)"), (" for a stated range", " (range)"))


@dataclass(frozen=True)
class Tile:
    """One of the numbers at the top: what it counts, its parts, and the filter or the section that it leads to."""

    kind: str
    number: str
    label: str
    parts: str
    leads_to: str
    filter: str


@dataclass(frozen=True)
class Entry:
    """A row of the matrix."""

    name: str
    title: str
    topic: str
    source: str
    status: Status
    strength: str
    search: str
    proof: tuple[Status, ...]
    relaxation: tuple[Status, ...]
    stress: tuple[Status, ...]
    teeth: tuple[Status, ...]
    repairs: str
    repaired_is_here: bool
    defects: str
    as_expected: bool
    is_changed: bool

    @property
    def flags(self) -> str:
        return " ".join(
            name for name, is_set in (("changed", self.is_changed), ("unexpected", not self.as_expected)) if is_set
        )


@dataclass(frozen=True)
class Topic:
    """The claims of one folder."""

    name: str
    anchor: str
    summary: str
    entries: tuple[Entry, ...]


def topics(results: Iterable[ClaimResult], pages: Mapping[str, ClaimPage], changed: set[str]) -> tuple[Topic, ...]:
    """The rows, by topic and then by name, so that a claim and its repair stand together."""
    found: dict[str, list[Entry]] = {}
    for result in sorted(results, key=lambda result: result.claim.name):
        row = entry(result, pages[result.claim.name], result.claim.name in changed)
        found.setdefault(row.topic, []).append(row)
    return tuple(
        Topic(name, identifier("topic", name), summary(rows), tuple(rows)) for name, rows in sorted(found.items())
    )


def summary(rows: Sequence[Entry]) -> str:
    numbers = Counter(group(row.status) for row in rows)
    parts = ", ".join(f"{numbers[name]} {name}" for name in GROUPS if numbers[name])
    return f"{counted(len(rows), 'claim')}: {parts}"


def group(status: Status) -> str:
    """Whether a claim is certified, tested, refuted or open."""
    return next(name for name, kinds in GROUPS.items() if status.kind in kinds)


# -------------------------------------------------------------------------------------------------------- numbers


def board(pages: Sequence[ClaimPage], changed: Sequence[Change], compared: str) -> tuple[Tile, ...]:
    """What is certified, tested, refuted and open, and what changed."""
    by_group: dict[str, list[ClaimPage]] = {name: [] for name in GROUPS}
    for page in pages:
        by_group[group(page.status)].append(page)
    refuted = Counter("as expected" if page.as_expected else "not as expected" for page in by_group["refuted"])
    certified = Counter(conditions(page.status.words.removeprefix("certified ")) for page in by_group["certified"])
    tested = Counter(page.status.words for page in by_group["tested"])
    undone = Counter(page.status.words.partition(",")[0] for page in by_group["open"])
    tiles = (
        ("certified", "certified", certified),
        ("statistical", "tested", tested),
        ("refuted", "refuted", refuted),
        ("undecided", "open", undone),
    )
    return (
        *(
            Tile(kind, str(len(by_group[name])), name, in_parts(parts), "claims", f"status={name}")
            for kind, name, parts in tiles
        ),
        changed_tile(changed, compared),
    )


def conditions(said: str) -> str:
    """The scope of a verdict, and whether it is conditional.

    >>> conditions("for all values, given 2 cited steps")
    'for all values, given cited steps'
    """
    scope, given, _ = said.partition(", given ")
    return f"{scope}, given cited steps" if given else scope


def in_parts(numbers: Counter[str]) -> str:
    """The largest first.  Where all are of one sort, its number is not said twice."""
    if not numbers:
        return "none"
    if len(numbers) == 1:
        return next(iter(numbers))
    return "; ".join(f"{number} {name}" for name, number in sorted(numbers.items(), key=lambda e: (-e[1], e[0])))


def changed_tile(changed: Sequence[Change], compared: str) -> Tile:
    old = [change for change in changed if change.before is not None]
    new = {change.claim for change in changed if change.before is None}
    if not compared:
        return Tile("changed", "–", "changed", "no earlier run to compare with", "changes", "")
    parts = f"results since {compared}"
    if old:
        parts += f", in {counted(len({change.claim for change in old}), 'claim')}"
    return Tile(
        "changed", str(len(old)), "changed", parts + (f"; new results of {counted(len(new), 'claim')}" if new else ""),
        "changes", "",
    )  # fmt: skip


# ----------------------------------------------------------------------------------------------------------- rows


def entry(result: ClaimResult, page: ClaimPage, is_changed: bool) -> Entry:
    claim = result.claim
    reference = page.reference
    source = ", ".join(part for part in (reference.authors, reference.year, reference.locator) if part)
    defects = len(result.defects) + len(result.problems)
    return Entry(
        claim.name,
        claim.title,
        topic_of(claim),
        source or reference.key,
        page.status,
        words.strength_word(result),
        " ".join(f"{claim.name} {claim.statement} {claim.source.quote}".lower().split()),
        sides(result, Role.PROOF, Role.DISPROOF),
        sides(result, Role.RELAXATION),
        sides(result, Role.STRESS),
        teeth(result),
        claim.repairs,
        page.repairs is not None and page.repairs.status is not None,
        counted(defects, "defect") if defects else "",
        page.as_expected,
        is_changed,
    )


def sides(result: ClaimResult, *roles: Role) -> tuple[Status, ...]:
    """The obligations of some roles by status; those without a result are said to be missing."""
    found = [r.evidence for r in result.results.values() if r.evidence.role in roles]
    lines = [Status(status.kind, f"{number} {shortened(status.words)}") for status, number, _ in words.tally(found)]
    missing = sum(result.claim.obligations[name].role in roles for name in words.unchecked(result))
    return (*lines, *((Status("undecided", f"{missing} not checked"),) if missing else ()))


def shortened(said: str) -> str:
    """A verdict as it is said in a cell; a caption tells that it is for all values where nothing else is said.

    >>> shortened("certified for all values"), shortened("statistical for listed instances")
    ('certified', 'statistical (listed)')
    """
    for long, short in SHORT:
        said = said.replace(long, short)
    return said


def teeth(result: ClaimResult) -> tuple[Status, ...]:
    """How many variants were refuted, and the brackets."""
    killed, total = sum(m.killed for m in result.mutants), len(result.mutants)
    weakest = min((words.refutation(m) for m in result.mutants), default=Strength.CITED)
    kind = "undecided" if killed < total else weakest.name.lower()
    lines = [Status(kind, f"{killed} of {total} refuted")] if total else []
    for bracket in result.brackets:
        is_confirmed = bracket.is_refuted and bracket.is_proved
        ends = f"{bracket.refuted} refuted, {bracket.proved} proved" if is_confirmed else "bracket not confirmed"
        lines.append(Status("certified" if is_confirmed else "undecided", f"{bracket.parameter}: {ends}"))
    return (*lines, *(() if killed else (Status("error", "toothless"),)))
