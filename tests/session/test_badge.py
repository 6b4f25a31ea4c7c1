r"""The badge: counts in words, the colour of the worst, a text that fits its box."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest

from tests import samples
from tests.report import results
from verify.catalog import Broken
from verify.cli import main
from verify.session import badge
from verify.session.summary import RunResult
from verify.verdict import Outcome, Scope, Strength

SVG = "{http://www.w3.org/2000/svg}"
STATES = {
    "certified": (Outcome.HOLDS, {"strength": Strength.CERTIFIED, "scope": Scope.ALL}),
    "statistical": (Outcome.HOLDS, {"strength": Strength.STATISTICAL, "scope": Scope.INSTANCES}),
    "refuted": (Outcome.REFUTED, {"strength": Strength.CERTIFIED}),
    "open": (Outcome.UNDECIDED, {}),
    "error": (Outcome.ERROR, {}),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, RunResult]:
    """For each state, a run of one claim in it; a refuted one is expected to be, unless it is ``false``."""
    found = {}
    for state in (*STATES, "false"):
        more = ', expect="refuted"' if state == "refuted" else ""
        bench = results.Bench.of(tmp_path_factory.mktemp(state), one=samples.text("one", more=more))
        outcome, rest = STATES["refuted" if state == "false" else state]
        bench.typed("one::nonnegative", outcome, **rest)
        bench.typed("one::nonnegative[mutant:positive]", Outcome.REFUTED, strength=Strength.CERTIFIED)
        found[state] = bench.found()
    return found


def joined(*parts: RunResult) -> RunResult:
    return RunResult(tuple(claim for part in parts for claim in part.claims), ())


@pytest.mark.parametrize(
    ("states", "message", "colour"),
    [
        (["certified", "certified", "refuted"], "2 certified, 1 refuted as printed", "green"),
        (["certified", "statistical", "open"], "1 certified, 1 statistical, 1 open", "yellow"),
        (["certified", "open", "false"], "1 certified, 1 open, 1 not as expected", "red"),
        (["certified", "error"], "1 certified, 1 broken", "red"),
        ([], "none checked", "lightgrey"),
    ],
)
def test_the_badge_counts_and_has_the_colour_of_the_worst(
    whole: dict[str, RunResult], states: list[str], message: str, colour: str
) -> None:
    found = joined(*(whole[state] for state in states))
    assert (badge.message(found), badge.colour(found)) == (message, colour)


def test_a_broken_module_is_red(whole: dict[str, RunResult]) -> None:
    found = replace(whole["certified"], broken=(Broken("x.py", "x.py: no"),))
    assert (badge.message(found), badge.colour(found)) == ("1 certified, 1 broken", "red")


def test_a_claim_without_teeth_is_not_counted_as_certified(tmp_path: Path) -> None:
    bench = results.Bench.of(tmp_path, one=samples.text("one"))
    outcome, rest = STATES["certified"]
    bench.typed("one::nonnegative", outcome, **rest)
    found = bench.found()
    assert (badge.message(found), badge.colour(found)) == ("1 not as expected", "red")


def test_widths_are_those_of_the_font() -> None:
    """Measured in the font by ``glyph_widths.py``."""
    measured = json.loads((Path(__file__).parent / "glyph_widths.json").read_text())
    assert measured["advances"] == badge.WIDTHS and measured["units"] == badge.UNITS


def test_texts_fit_their_boxes() -> None:
    text = "61 certified, 20 refuted as printed, 3 open"
    root = ET.fromstring(badge.svg("claims", text, "#1f6b3a"))
    left, right = (int(box.get("width", "")) for box in root.findall(f"{SVG}g/{SVG}rect"))
    assert int(root.get("width", "")) == left + right
    for box, x, shown in zip((left, right), (0, left), root.findall(f".//{SVG}text"), strict=True):
        start, length = int(shown.get("x", "")) - x, int(shown.get("textLength", ""))
        assert start >= 4 and start + length <= box - 4
        assert length >= sum(badge.WIDTHS[letter] for letter in shown.text or "") * 11 / 2048


def test_the_badge_says_itself_to_who_cannot_see_it() -> None:
    root = ET.fromstring(badge.svg("claims", '1 "<open> & more"', "#1f6b3a"))
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == root.get("aria-label") == 'claims: 1 "<open> & more"'


def test_white_text_has_contrast() -> None:
    """WCAG 2.1, 1.4.3: 4.5 to 1."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    for colour in (*badge.COLOURS.values(), "#444444"):
        assert 1.05 / (luminance(colour) + 0.05) >= 4.5, colour


def test_the_command_writes_an_image_or_an_endpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    claims = samples.folder(tmp_path / "claims", loads="1 / 0\n")
    for name in ("badge.svg", "badge.json"):
        assert main(["run", str(claims), "--no-store", "--badge", name]) == 3
    assert ET.parse("badge.svg").getroot().get("aria-label") == "claims: 1 broken"
    endpoint = json.loads(Path("badge.json").read_text())
    assert endpoint == {"schemaVersion": 1, "label": "claims", "message": "1 broken", "color": "red"}
    assert main(["run", str(claims), "--no-store", "--badge", "none/badge.svg"]) == 2
    with pytest.raises(SystemExit) as stopped:
        main(["run", str(claims), "--badge", "badge.png"])
    assert stopped.value.code == 2 and "'badge.png' must end in .svg or" in capsys.readouterr().err
