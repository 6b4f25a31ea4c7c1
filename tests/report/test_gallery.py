r"""The gallery: made from evidence alone, never saying more than it, and different as soon as the library is."""

from __future__ import annotations

import copy
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import samples
from tests.report import results
from verify.catalog import collect
from verify.cli import main
from verify.cli.gallery import is_missing
from verify.errors import UsageError
from verify.report import gallery, gallery_page, gallery_pictures, words
from verify.verdict import Outcome, Scope, Strength, verdict

Json = Any

ROOT = Path(__file__).resolve().parents[2]
REPORTS = ROOT / "reports"
MADE = {
    "date": "2026-01-31",
    "options": {"seed": 0, "seconds": 60.0, "memory_bytes": 10**9, "device": "cpu"},
    "versions": {},
}


# ------------------------------------------------------------------------------------------ the committed gallery


@pytest.fixture(scope="module")
def committed() -> Json:
    place = REPORTS / gallery.PLACE
    return gallery.parse(place.read_bytes(), place)


def test_the_committed_files_are_what_the_committed_evidence_makes(committed: Json) -> None:
    made = gallery.files(committed)
    for name, content in made.items():
        assert (REPORTS / name).read_bytes() == content, f"{name} was edited, or the evidence was: verify gallery"
    here = {path.relative_to(REPORTS).as_posix() for path in (REPORTS / "gallery").iterdir()}
    assert here == {name for name in made if name.startswith("gallery/")}
    assert sum(map(len, made.values())) < 300_000


def test_the_committed_gallery_has_the_claims_of_today_with_their_texts(committed: Json) -> None:
    today = collect([ROOT / "claims"])
    assert not today.broken
    texts = {entry.claim.name: gallery.text_of(entry.claim, Path(entry.reference.file)) for entry in today.claims}
    kept = committed["claims"]
    assert texts.keys() == kept.keys(), "claims were added or removed: verify gallery"
    for name, text in texts.items():
        assert text == {field: kept[name][field] for field in text}, f"{name} says something else now: verify gallery"
    for entry in today.claims:
        assert list(entry.claim.obligations) == [o["name"] for o in kept[entry.claim.name]["obligations"]]
        assert set(entry.claim.mutants) == set(kept[entry.claim.name]["mutants"])


def test_links_of_the_committed_gallery_lead_to_files(committed: Json) -> None:
    page = (REPORTS / "README.md").read_text()
    targets = re.findall(r"\]\(([^)#]+)\)", page)
    assert len(targets) > len(committed["claims"])
    assert [target for target in targets if not (REPORTS / target).exists()] == []


# ---------------------------------------------------------------------------------------------------- a small one


@pytest.fixture(scope="module")
def refuted(tmp_path_factory: pytest.TempPathFactory) -> Json:
    """A claim that is false as printed, and its repair."""
    return gallery.record(results.refuted(tmp_path_factory.mktemp("refuted")).found(), MADE)


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Json:
    """A claim with every kind of obligation, some of which are open."""
    return gallery.record(results.everything(tmp_path_factory.mktemp("everything")).found(), MADE)


@pytest.fixture(params=["refuted", "everything"])
def known(request: pytest.FixtureRequest) -> Json:
    found: Json = request.getfixturevalue(request.param)
    return copy.deepcopy(found)


def test_a_record_is_read_as_it_was_written(known: Json) -> None:
    text = gallery.dump(known)
    assert gallery.parse(text, Path("here")) == json.loads(text) == known
    assert gallery.dump(json.loads(text)) == text


def test_a_record_has_no_times(known: Json) -> None:
    assert not re.search(r"second|cpu_|\d\d:\d\d", json.dumps(known["claims"]))


def test_a_recorded_verdict_is_the_verdict_of_the_recorded_evidence(tmp_path: Path) -> None:
    found = results.everything(tmp_path).found()
    for result in found.claims:
        evidence = [entry.evidence for entry in result.results.values()]
        claim = gallery.claim_record(result)
        assert gallery.verdict_of(claim) == verdict(evidence) == result.verdict


@pytest.mark.parametrize(
    "forge",
    [
        lambda claim: claim["verdict"].update(outcome="holds", strength="certified", scope="all"),
        lambda claim: claim["verdict"].update(given=["nothing"]),
        lambda claim: claim["obligations"].clear(),
        lambda claim: claim["obligations"][0].update(outcome="holds", scope="all"),
    ],
)
def test_a_verdict_that_its_evidence_does_not_bear_is_refused(refuted: Json, forge: Callable[[Json], None]) -> None:
    forged = copy.deepcopy(refuted)
    del forged["claims"]["false-one"]["obligations"][1]
    gallery.parse(gallery.dump(forged), Path("here"))
    forge(forged["claims"]["false-one"])
    with pytest.raises(UsageError, match=r"here says .* of false-one, but the evidence beside it amounts to"):
        gallery.parse(gallery.dump(forged), Path("here"))


@pytest.mark.parametrize("text", [b"", b"[]", b'{"format": "another"}', b'{"format": "deepclaims gallery 1"}', b"\xff"])
def test_what_is_no_record_is_refused_in_one_sentence(text: bytes) -> None:
    with pytest.raises(UsageError, match=r"^here .*write it again: verify gallery$"):
        gallery.parse(text, Path("here"))


def test_the_page_shows_the_printed_sentence_the_counterexample_the_repair_and_the_strength(refuted: Json) -> None:
    page = gallery_page.page(refuted)
    board = page.partition("## Errata")[2].partition("\n## ")[0]
    assert "> A statement about $`x`$." in board
    assert "* **Counterexample:** false at x = -1/2. (certified)" in board
    argued = "there is a number where it fails. (certified; that this contradicts the sentence is argued in words)"
    assert f"* **Refuted by:** {argued}" in board
    assert re.search(r"\*\*Repair:\*\* \[A title\]\(\.\./repaired\.py\): ✓ certified for all values", board)
    assert "✗ refuted, certified" in board


def test_the_page_says_what_is_open(everything: Json) -> None:
    page = gallery_page.page(everything)
    assert "1 claim; 0 verdicts as expected." in page
    open_ends = page.partition("## What is not established")[2]
    assert "no rule applies" in open_ends and "the mutant true-after-all survives" in open_ends
    assert "○ slope: bracket not confirmed" in page, "one of its obligations is open"
    assert "Of 1 constant the tables have a bracket" in open_ends
    assert (
        "Of 1 constant the tables have a bracket: nothing is said about values strictly between its ends." in open_ends
    )


def test_texts_of_authors_are_no_markdown() -> None:
    assert gallery_page.plain("a|b <script> *x* [y](z) # `c`") == r"a\|b \<script\> \*x\* \[y\](z) \# \`c\`"
    assert gallery_page.prose("where $a_1 * b_1$ is *big*, $c$") == r"where $`a_1 * b_1`$ is \*big\*, $`c`$"
    assert gallery_page.prose("5 $ and_") == r"5 \$ and\_"


def test_pictures_are_sound_and_no_status_is_told_by_its_colour_alone(known: Json) -> None:
    for text in (gallery_pictures.counts(known), gallery_pictures.matrix(known)):
        root = ET.fromstring(text)
        shapes = {group.get("id") for group in root.findall("{*}defs/{*}g")}
        used = {use.get("href", "")[1:] for use in root.iter("{http://www.w3.org/2000/svg}use")}
        assert used and used <= shapes
        assert "prefers-color-scheme:dark" in text and "<script" not in text and "http" not in text.partition(">")[2]
    drawn = [gallery_pictures.SHAPES[kind] for kind in words.MARKS]
    assert len(set(drawn)) == len(words.MARKS) and gallery_pictures.PALETTE.keys() == words.MARKS.keys()


def test_a_picture_has_a_cell_for_each_side_of_each_claim(refuted: Json) -> None:
    root = ET.fromstring(gallery_pictures.matrix(refuted))
    columns = [group for group in root.iter("{http://www.w3.org/2000/svg}g") if group.find("{*}title") is not None]
    found = {group.findtext("{*}title"): [use.get("href") for use in group.findall("{*}use")] for group in columns}
    assert found == {
        "false-one: refuted, certified": ["#refuted", "#refuted", "#none", "#none", "#none"],
        "right-one: certified for all values": ["#certified", "#certified", "#none", "#none", "#certified"],
    }


def test_a_conditional_verdict_and_one_about_instances_have_a_broken_border(refuted: Json) -> None:
    for change in ({"scope": "instances"}, {"given": ["a lemma"]}):
        narrow = copy.deepcopy(refuted)
        narrow["claims"]["right-one"]["obligations"][0] |= change
        for draw in (gallery_pictures.counts, gallery_pictures.matrix):
            assert draw(narrow).count('"#certified-part"') == draw(refuted).count('"#certified-part"') + 1


# ----------------------------------------------------------------------------------------------------- differences


CHANGES: dict[str, Callable[[Json], Any]] = {
    "another title than in the gallery": lambda c: c["right-one"].update(title="Another"),
    "another statement than in the gallery": lambda c: c["right-one"].update(statement="Another"),
    "another expect than in the gallery": lambda c: c["right-one"].update(expect="refuted"),
    "is in the gallery, and there is no such claim any more": lambda c: c.pop("right-one"),
    "is not in the gallery": lambda c: c.update(new=c["right-one"]),
    "scope range, in the gallery all": lambda c: c["right-one"]["obligations"][0].update(scope="range"),
    "decides another statement": lambda c: c["right-one"]["obligations"][0].update(statements="0"),
    "is in the gallery, and there is no such obligation any more": lambda c: c["false-one"]["obligations"].pop(),
    "other results for its mutants": lambda c: c["right-one"]["mutants"].update(positive=None),
}


@pytest.mark.parametrize("told", CHANGES)
def test_every_difference_is_named_in_one_line(refuted: Json, told: str) -> None:
    today = copy.deepcopy(refuted)
    assert gallery.differences(refuted, today) == []
    CHANGES[told](today["claims"])
    found = [difference for difference in gallery.differences(refuted, today) if told in str(difference)]
    assert len(found) == 1 and "\n" not in str(found[0]) and not found[0].of_the_machine


def test_a_search_that_ran_out_of_time_is_told_apart(refuted: Json) -> None:
    today = copy.deepcopy(refuted)
    slow = {"outcome": "undecided", "reason": "timeout: 60 s", "ended_by_budget": True}
    today["claims"]["right-one"]["obligations"][0] = {"name": "nonnegative", "role": "proof", **slow}
    today["claims"]["right-one"]["verdict"] = {"outcome": "undecided"}
    found = gallery.differences(refuted, today)
    assert [difference.where for difference in found] == ["right-one::nonnegative", "right-one"]
    assert all(difference.of_the_machine and "machines may differ" in str(difference) for difference in found)


@pytest.mark.parametrize(
    ("reason", "limited"),
    [
        ("timeout: the task was stopped after 60 s", True),
        ("memory: the task was stopped at 6 GB", True),
        ("no proof was found (lemma): no proof within 60 s", True),
        ("1 of 3 questions not decided: the budget ended when the minimum was only known", True),
        ("no proof was found (lemma): no rule applies", False),
        ("at no point was it shown that the hypotheses hold", False),
    ],
)
def test_an_open_obligation_says_whether_a_limit_ended_it(tmp_path: Path, reason: str, limited: bool) -> None:
    bench = results.Bench.of(tmp_path, one=samples.text("one"))
    bench.typed("one::nonnegative", Outcome.UNDECIDED, reason)
    entry = gallery.record(bench.found(), MADE)["claims"]["one"]["obligations"][0]
    assert entry["ended_by_budget"] is limited


# ----------------------------------------------------------------------------------------------------- the command


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with claims, a store that knows them, and a gallery."""
    folder = tmp_path_factory.mktemp("command")
    claims = samples.folder(folder / "claims", one=samples.text("one"))
    assert main(["run", str(claims), "--store", str(folder / "store"), "--jobs", "1"]) == 0
    assert main(command(folder)) == 0
    return folder


def command(folder: Path, *more: str) -> list[str]:
    places = ("--store", str(folder / "store"), "--output", str(folder / "out"))
    return ["gallery", str(folder / "claims"), *places, *more]


def test_the_command_writes_the_same_bytes_again_and_agrees_with_them(stored: Path) -> None:
    before = {path: path.read_bytes() for path in (stored / "out").rglob("*.*")}
    assert len(before) == 4
    assert main(command(stored)) == main(command(stored, "--check", "--strict")) == 0
    assert {path: path.read_bytes() for path in (stored / "out").rglob("*.*")} == before


@pytest.mark.parametrize(
    ("change", "more", "status"),
    [({"strength": "computed"}, (), 1), ({"strength": "computed", "ended_by_budget": True}, (), 0),
     ({"strength": "computed", "ended_by_budget": True}, ("--strict",), 4)],
)  # fmt: skip
def test_a_gallery_that_says_something_else_is_found(
    stored: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], change: Json, more: tuple[str, ...], status: int
) -> None:
    kept = json.loads((stored / "out" / gallery.PLACE).read_bytes())
    kept["claims"]["one"]["obligations"][0] |= change
    kept["claims"]["one"]["verdict"]["strength"] = "computed"
    (tmp_path / "gallery").mkdir()
    (tmp_path / gallery.PLACE).write_bytes(gallery.dump(kept))
    assert main([*command(stored, "--check", *more), "--output", str(tmp_path)]) == status
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("one::nonnegative: strength certified, in the gallery computed") and len(told) == 2


def test_a_claim_without_stored_evidence_is_refused_by_name(
    stored: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = samples.folder(tmp_path, two=samples.text("two-more"))
    first, *rest = command(stored)
    assert main([first, str(more), *rest]) == 3
    assert "only a part of it, for two-more; run `verify run` first" in capsys.readouterr().err
    assert "two-more" not in (stored / "out" / gallery.PLACE).read_text()


def test_a_task_that_broke_when_it_was_run_last_is_missing(tmp_path: Path) -> None:
    """An error is not kept as evidence; without it the bracket would look as if the variant had been proved."""
    bench = results.Bench.of(tmp_path, sharp=samples.text("sharp", samples.SHARP))
    held = {"strength": Strength.CERTIFIED, "scope": Scope.ALL}
    bench.typed("sharp::below", Outcome.HOLDS, **held)
    for variant in ("mutant:flatter", "refuted:slope"):
        bench.typed(f"sharp::below[{variant}]", Outcome.REFUTED, strength=Strength.CERTIFIED)
    (result,) = bench.found().claims
    assert not is_missing(result, {})
    for outcome, missing in (("error", True), ("undecided", True), ("holds", False)):
        assert is_missing(result, {"sharp::below[proved:slope]": outcome}) is missing
    assert not is_missing(result, {"sharp::gone": "error"})


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("--check", "--output", "nowhere"), "there is no gallery at 'nowhere/gallery/evidence.json'"),
        (("--strict",), "--strict says what --check shall not excuse; give both"),
        (("--output", "/dev/null/x"), "cannot be written"),
        (("--store", "nowhere"), "there is no evidence store 'nowhere'"),
    ],
)
def test_bad_input_gets_one_sentence(
    stored: Path, capsys: pytest.CaptureFixture[str], more: tuple[str, ...], told: str
) -> None:
    assert main(command(stored, *more)) == 2
    assert told in capsys.readouterr().err
