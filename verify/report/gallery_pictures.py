r"""The pictures of the gallery: SVG without script, for light and dark, in which no status is told by its colour alone."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from verify.report import words
from verify.report.gallery import by_topic, sides_of, status_of, verdict_of
from verify.report.words import Status
from verify.verdict import Outcome, Role, Scope

Json = Any

CELL, WIDTH, LEFT, PER_LINE, MARGIN = 18, 900, 96, 44, 16
PART = "-part"  # of a status that is conditional, or not about all values
PALETTE = {
    "certified": ("#1f6b3a", "#84cf9b"),
    "computed": ("#2b5f8f", "#8fc1ee"),
    "statistical": ("#6b4f9c", "#c3aef0"),
    "sampled": ("#6b4f9c", "#c3aef0"),
    "cited": ("#2b5f8f", "#8fc1ee"),
    "refuted": ("#a3271f", "#f29a8e"),
    "undecided": ("#8a5a00", "#e5b567"),
    "error": ("#a3271f", "#f29a8e"),
}
SHAPES = {
    "certified": "M4 8.5l3 3 5-7",
    "computed": "M8 3.5l4.5 4.5-4.5 4.5-4.5-4.5z",
    "statistical": "M3.5 6.5q2.3-3 4.5 0t4.5 0M3.5 11q2.3-3 4.5 0t4.5 0",
    "sampled": "M3.5 8.5q2.3-3 4.5 0t4.5 0",
    "cited": "M4.5 5h7M4.5 8h7M4.5 11h7",
    "refuted": "M4.5 4.5l7 7M11.5 4.5l-7 7",
    "undecided": "M8 4a4 4 0 1 0 .01 0z",
    "error": "M8 3.5v5.5M8 11.3v1.4",
}
GRAVEST = ("error", "undecided", "refuted", "cited", "sampled", "statistical", "computed", "certified")
SIDES = {
    "verdict": (),
    "proof": (Role.PROOF, Role.DISPROOF),
    "relaxation": (Role.RELAXATION,),
    "stress": (Role.STRESS,),
    "teeth": (),
}  # fmt: skip


def style() -> str:
    """Colours for light and dark, the paper among them: a page need not have the theme that the browser has."""
    light = "".join(f".{kind}{{--c:{pair[0]}}}" for kind, pair in PALETTE.items())
    dark = "".join(f".{kind}{{--c:{pair[1]}}}" for kind, pair in PALETTE.items())
    return (
        "<style>text{font:13px system-ui,-apple-system,'Segoe UI',sans-serif;fill:#1c1b19}.soft{fill:#5d5850}"
        ".head{font-weight:600}.none{fill:#8a857b}.paper{fill:#fffdf8}rect{fill:var(--c)}path{fill:none;stroke:var(--c);stroke-width:1.7}"
        f".box{{fill:none;stroke:var(--c);stroke-opacity:.45}}{light}"
        "@media(prefers-color-scheme:dark){text{fill:#e7e3da}.soft{fill:#a8a297}.paper{fill:#16171a}"
        f"{dark}}}</style>"
    )


def symbols(kinds: Iterable[str]) -> str:
    """A box with a mark for each status, and one with a broken border."""
    made = (
        f'<g id="{kind}{ending}" class="{kind}"><rect class="box" x=".5" y=".5" width="15" height="15" rx="3"{border}/>'
        f'<path d="{SHAPES[kind]}"/></g>'
        for kind in kinds
        for ending, border in (("", ""), (PART, ' stroke-dasharray="2 2"'))
    )
    none = '<g id="none"><circle class="none" cx="8" cy="8" r="1.2"/></g>'
    return f"<defs>{''.join(made)}{none}</defs>"


def picture(height: float, title: str, description: str, body: Iterable[str], kinds: Iterable[str]) -> str:
    wide, high = WIDTH + 2 * MARGIN, height + 2 * MARGIN
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high:g}" '
        f'viewBox="{-MARGIN} {-MARGIN} {wide} {high:g}" '
        'role="img" aria-labelledby="title description">'
        f'<title id="title">{escape(title)}</title><desc id="description">{escape(description)}</desc>'
    )
    paper = f'<rect class="paper" x="{-MARGIN}" y="{-MARGIN}" width="{wide}" height="{high:g}" rx="6"/>'
    return "\n".join([head, style(), symbols(kinds), paper, *body, "</svg>", ""])


def use(kind: str, x: float, y: float) -> str:
    return f'<use href="#{kind}" x="{x:g}" y="{y:g}"/>'


# --------------------------------------------------------------------------------------------------------- counts


def tally(known: Json) -> list[tuple[Status, int]]:
    """How many claims have each verdict, the best first."""
    found: dict[Status, int] = {}
    for claim in known["claims"].values():
        status = status_of(claim)
        found[status] = found.get(status, 0) + 1
    order = list(words.MARKS)
    return sorted(found.items(), key=lambda item: (order.index(item[0].kind), -item[1], item[0].words))


def counts(known: Json) -> str:
    """A bar of all claims by verdict, and what the parts of it are."""
    rows, total = tally(known), max(len(known["claims"]), 1)
    partial = {status_of(claim) for claim in known["claims"].values() if is_partial(claim)}
    body, x = [], 0.0
    for status, number in rows:
        width = number / total * WIDTH
        paler = ' fill-opacity=".5"' if status in partial else ""
        size = f'x="{x:.1f}" y="0" width="{max(width - 2, 1):.1f}" height="26"'
        body.append(f'<rect class="{status.kind}" {size} rx="2"{paler}/>')
        x += width
    for place, (status, number) in enumerate(rows):
        y = 44 + 24 * place
        body.append(use(status.kind + (PART if status in partial else ""), 0, y))
        body.append(f'<text class="head" x="56" y="{y + 13}" text-anchor="end">{number}</text>')
        body.append(f'<text x="68" y="{y + 13}">{escape(status.words)}</text>')
    told = "; ".join(f"{number} {status.words}" for status, number in rows)
    return picture(52 + 24 * len(rows), f"{total} claims by verdict", told, body, PALETTE)


# --------------------------------------------------------------------------------------------------------- matrix


def is_partial(claim: Json) -> bool:
    """Whether a verdict that something holds is less than unconditional and for all values."""
    known = verdict_of(claim)
    return known.outcome is Outcome.HOLDS and (known.scope is not Scope.ALL or bool(known.given))


def side_kind(claim: Json, side: str) -> str:
    """The status of one side of a claim: what is gravest there, else what is weakest."""
    if side == "verdict":
        return status_of(claim).kind + (PART if is_partial(claim) else "")
    if side == "teeth":
        variants = claim["mutants"].values()
        if not all(variants) or not all(b["refuted"][1] and b["proved"][1] for b in claim["brackets"]):
            return "undecided"
        return min(variants, key=GRAVEST.index, default="none")
    kinds = [status.kind for status, _, _ in sides_of(claim, *SIDES[side])]
    return min(kinds, key=GRAVEST.index, default="none")


def matrix(known: Json) -> str:
    """A column for each claim: its verdict, and what was found from each side."""
    body: list[str] = []
    y = 4.0
    for topic, claims in by_topic(known).items():
        body.append(f'<text class="head" x="0" y="{y + 13:g}">{escape(topic)}</text>')
        y += 22
        for start in range(0, len(claims), PER_LINE):
            body += block(claims[start : start + PER_LINE], y)
            y += len(SIDES) * CELL + 12
    body += legend(y + 4)
    said = "A column for each claim, by topic; rows for its verdict, proof, relaxation, stress and teeth. The same as a table is below it."
    return picture(y + 58, f"{len(known['claims'])} claims, each checked from four sides", said, body, PALETTE)


def block(claims: list[tuple[str, Json]], y: float) -> Iterable[str]:
    for row, side in enumerate(SIDES):
        yield f'<text class="soft" x="{LEFT - 10}" y="{y + row * CELL + 12.5:g}" text-anchor="end">{side}</text>'
    for column, (name, claim) in enumerate(claims):
        x = LEFT + column * CELL
        cells = "".join(use(side_kind(claim, side), x, y + row * CELL) for row, side in enumerate(SIDES))
        yield f"<g><title>{escape(name)}: {escape(status_of(claim).words)}</title>{cells}</g>"


def legend(y: float) -> Iterable[str]:
    for number, kind in enumerate(PALETTE):
        yield use(kind, number * 108, y)
        yield f'<text class="soft" x="{number * 108 + 22}" y="{y + 12.5:g}">{kind}</text>'
    yield use(f"certified{PART}", 0, y + 24)
    yield f'<text class="soft" x="22" y="{y + 36.5:g}">broken border: given cited steps, or not for all values</text>'
