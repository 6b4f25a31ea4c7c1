r"""A badge: one line of counts as a small SVG, or as the JSON from which shields.io draws one.

The widths are those of DejaVu Sans, measured in the font, which Verdana shares but for fractions of a pixel; ``textLength``
makes the text exactly as wide as the box was made for, whatever font a browser has.
"""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import Any

from verify.errors import UsageError
from verify.session.summary import RunResult
from verify.verdict import Outcome

Json = Any

LABEL = "claims"
SIZE, UNITS = 11, 2048  # pixels of the text; units of the font in the size of a letter
ADVANCES = {
    563: "'", 569: "ijl", 604: "IJ", 651: " ,.", 690: "/:;\\|", 721: "f", 739: "-", 799: "()[]", 803: "t", 821: "!",
    842: "r", 942: '"', 1024: "*_`", 1067: "s", 1075: "z", 1087: "?", 1126: "c", 1141: "L", 1178: "F", 1186: "k",
    1212: "vxy", 1235: "P", 1251: "TY", 1253: "o", 1255: "a", 1260: "e", 1294: "E", 1298: "hnu", 1300: "Sbdgpq",
    1303: "$0123456789{}", 1343: "K", 1401: "AV", 1403: "XZ", 1405: "B", 1423: "R", 1430: "C", 1499: "U", 1532: "N",
    1540: "H", 1577: "D", 1587: "G", 1597: "&", 1612: "OQ", 1675: "w", 1716: "#+<=>^~", 1767: "M", 1946: "%", 1995: "m",
    2025: "W", 2048: "@",
}  # fmt: skip
WIDTHS = {letter: width for width, letters in ADVANCES.items() for letter in letters}
STRENGTHS = ("certified", "computed", "statistical", "sampled")
COLOURS = {"green": "#1f6b3a", "yellow": "#8a5a00", "red": "#a3271f", "lightgrey": "#5d5850"}  # white text: 4.5 to 1


def message(found: RunResult) -> str:
    """The counts in words, the good first."""
    numbers: dict[str, int] = {}
    for result in found.claims:
        numbers[result.category] = numbers.get(result.category, 0) + 1
    parts = [(numbers.get(strength, 0), strength) for strength in STRENGTHS]
    parts += [(numbers.get("refuted as expected", 0), "refuted as printed"), (numbers.get("undecided", 0), "open")]
    parts += [
        (numbers.get("unexpected", 0), "not as expected"),
        (numbers.get("error", 0) + len(found.broken), "broken"),
    ]
    return ", ".join(f"{number} {words}" for number, words in parts if number) or "none checked"


def colour(found: RunResult) -> str:
    """That of the worst."""
    outcomes = {result.verdict.outcome for result in found.claims}
    if found.broken or Outcome.ERROR in outcomes:
        return "red"
    if any(not result.as_expected and result.verdict.outcome is not Outcome.UNDECIDED for result in found.claims):
        return "red"
    if Outcome.UNDECIDED in outcomes:
        return "yellow"
    return "green" if found.claims else "lightgrey"


def width(text: str) -> int:
    """Pixels that a text needs; a letter that was not measured counts as the widest."""
    return -(-sum(WIDTHS.get(letter, UNITS) for letter in text) * SIZE // UNITS)


def svg(label: str, text: str, fill: str) -> str:
    """Two boxes with their texts."""
    left, right = width(label) + 12, width(text) + 12
    whole = escape(f"{label}: {text}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" role="img" aria-label="{whole}">'
        f'<title>{whole}</title><clipPath id="r"><rect width="{left + right}" height="20" rx="3"/></clipPath>'
        f'<g clip-path="url(#r)"><rect width="{left}" height="20" fill="#444"/>'
        f'<rect x="{left}" width="{right}" height="20" fill="{fill}"/></g>'
        f'<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="{SIZE}">'
        f"{label_text(6, label)}{label_text(left + 6, text)}</g></svg>\n"
    )


def label_text(x: int, text: str) -> str:
    fit = f'textLength="{width(text)}" lengthAdjust="spacingAndGlyphs"'
    return f'<text x="{x}" y="14" {fit}>{escape(text)}</text>'


def endpoint(found: RunResult) -> Json:
    """What shields.io reads from an address (its endpoint badge, schema version 1)."""
    return {"schemaVersion": 1, "label": LABEL, "message": message(found), "color": colour(found)}


def write_badge(found: RunResult, path: Path) -> None:
    """An SVG, or the JSON of an endpoint, by the ending of the name."""
    if path.suffix == ".json":
        text = json.dumps(endpoint(found)) + "\n"
    else:
        text = svg(LABEL, message(found), COLOURS[colour(found)])
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise UsageError(f"the badge {str(path)!r} cannot be written: {problem.strerror}; name another place") from None
