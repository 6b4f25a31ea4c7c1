r"""The page of a claim is complete: verdict in words, the table of variants, what it took and where, what stays open."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from tests import samples
from tests.report import pages, results
from tests.report.pages import Page
from tests.report.results import Bench
from tests.report.test_pages import sound
from verify.catalog import Listed, Reference
from verify.engines.proof import find_proof
from verify.kernel.certificate import MAX_BYTES
from verify.kernel.logic import MAX_STEPS
from verify.report import write_report
from verify.report.commands import by_verify, in_pytest
from verify.report.experiments import distance
from verify.report.obligations import asked_of_z3
from verify.report.resources import made_in
from verify.report.history import keep
from verify.verdict import Outcome, Scope, Strength

CITING = """
from verify import assumption


@arbitrary
def f(n: nat) -> real: ...


@assumption(source=cite("euclid", "I.47"))
def steps(n: nat) -> prop:
    return f(0) >= 0 and f(n + 1) >= f(n) + 1


@lemma(by=induction("n"), using=[steps], assuming=[steps])
def above(n: nat) -> prop:
    return f(n) >= n


@claim.proof(using=[above], assuming=[steps])
def doubled(n: nat) -> prop:
    return 2 * f(n) + 2 >= 2 * n
"""

FALSE_AS_PRINTED = """
slope = claim.parameter("slope", "1/2", "the slope")


@claim.proof()
def below(x: real) -> prop:
    assume(x >= 0)
    return relu(x) <= slope * x


@claim.disproof("it lies above at $1$")
def above(x: real) -> prop:
    assume(x == 1)
    return relu(x) > slope * x


claim.sharpness(slope, refuted="1/2", proved="1")
claim.mutant("steeper", {slope: "2/3"})
"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    bench = results.everything(tmp_path_factory.mktemp("whole"))
    for number, entry in enumerate(bench.results):  # what a session adds to the evidence
        entry.evidence.resources.update(cpu_seconds=1.5 + number, budget_seconds=60.0, peak_bytes=10**8 + number)
    return bench


@pytest.fixture(scope="module")
def page(whole: Bench) -> Page:
    run = whole.run("store", {"options": {"memory_bytes": 6 * 2**30}})
    write_report(whole.found(run=run), whole.folder / "report", whole.folder / "store")
    return Page(whole.folder / "report" / "claims" / "whole.html")


# ------------------------------------------------------------------------------------------------ verdict in words


def test_the_verdict_names_the_variables_it_ranges_over(tmp_path: Path) -> None:
    bench = results.refuted(tmp_path)
    write_report(bench.found(), tmp_path / "report", None)
    found = pages.read(tmp_path / "report")
    assert "Certified for all x∈ℝ." in found["claims/right-one.html"].words()
    words = found["claims/false-one.html"].words()
    assert "False as printed: identity fails at x=−1/2" in words
    assert "there is a number where it fails (by somewhere_else)" in words


def test_what_keeps_a_claim_from_a_verdict_is_named_at_the_top(tmp_path: Path) -> None:
    bench = Bench.of(tmp_path, whole=samples.text("whole", results.EVERYTHING))
    bench.typed("whole::below", Outcome.ERROR, "the process was killed")
    bench.typed("whole::open_problem", Outcome.UNDECIDED, "timeout")
    write_report(bench.found(), tmp_path / "report", None)
    sound(tmp_path / "report")
    words = Page(tmp_path / "report" / "claims" / "whole.html").words()
    head = words[: words.index("The claim")]
    assert "below broke: the process was killed; not settled: open_problem; not checked: below_sampled, tried" in head


def test_a_stress_test_is_not_said_to_hold_for_all_values(page: Page) -> None:
    """Its statement has variables, but only points were drawn."""
    row = next(e for e in page.all("tr") if "".join(e.text).strip().startswith("below_sampled"))
    assert "for listed instances" in "".join(row.text) and "all" not in "".join(row.text).split()


def test_parts_beside_the_verdict_are_set_apart(page: Page) -> None:
    words = page.words("obligations")
    assert words.index("open_problem") < words.index("Beside the verdict") < words.index("below_sampled")


# ------------------------------------------------------------------------------------------------------- the table


def test_the_table_has_a_cell_for_each_part_and_variant(page: Page, whole: Bench) -> None:
    """The counterexample in the cell is the one of the evidence; a dash is where the variant changes nothing."""
    section = page.words("mutants")
    header, cells = table(page, "variants")
    assert [h.split()[0] for h in header] == ["Part", "flatter", "true-after-all"]
    evidence = {r.task.id: r.evidence for r in whole.results}
    witness = evidence["whole::below[mutant:flatter]"].detail["point"]["variables"]
    assert f"x={Fraction(witness['x'])}" in cells["below"][0] and "refuted, certified" in cells["below"][0]
    assert "undecided" in cells["below"][1]
    assert list(cells) == ["below"]  # the sampling of it was not run under the variants, nothing else is changed
    assert "pytest" in section and "mutant[flatter]" in section


def test_a_dash_where_a_variant_changes_nothing(tmp_path: Path) -> None:
    other = "\n\n@claim.proof()\ndef other(x: real) -> prop:\n    return slope * relu(x) >= 0\n"
    third = "\n\n@claim.mutant(replaces=other)\ndef more(x: real) -> prop:\n    return relu(x) >= 1\n"
    bench = Bench.of(tmp_path, one=samples.text("one", samples.SHARP + other + third))
    for name, x in (("below[mutant:flatter]", "1"), ("other[mutant:more]", "0")):
        task = bench.task(f"one::{name}")
        bench.judged(task.id, {"certificates": [results.counterexample(task, x=x)]})
    bench.typed("one::other[mutant:flatter]", Outcome.UNDECIDED)
    bench.typed("one::below", Outcome.HOLDS, strength=Strength.CERTIFIED, scope=Scope.ALL)
    bench.typed("one::other", Outcome.HOLDS, strength=Strength.CERTIFIED, scope=Scope.ALL)
    write_report(bench.found(), tmp_path / "report", None)
    _, cells = table(Page(tmp_path / "report" / "claims" / "one.html"), "variants")
    assert [cell.strip() for cell in cells["below"]][1] == "—"
    assert "undecided" in cells["other"][0] and "refuted" in cells["other"][1]


def table(page: Page, name: str) -> tuple[list[str], dict[str, list[str]]]:
    """The headers of a table and its rows by their first cell, as text."""
    start = next(k for k, e in enumerate(page.elements) if name in e.attributes.get("class", "").split())
    header: list[str] = []
    rows: dict[str, list[str]] = {}
    for element in page.elements[start + 1 :]:
        if element.tag == "table":
            break
        text = "".join(element.text)
        if element.tag == "th" and element.attributes.get("scope") == "col":
            header.append(" ".join(text.split()))
        elif element.tag == "th":
            rows[text.strip()] = []
        elif element.tag == "td":
            list(rows.values())[-1].append(text)
    return header, rows


# --------------------------------------------------------------------------------------------------- sharpness


def test_the_bracket_of_a_claim_that_is_false_as_printed_shows_both_sides(tmp_path: Path) -> None:
    bench = Bench.of(tmp_path, one=samples.text("one", FALSE_AS_PRINTED, more=', expect="refuted"'))
    for task in ("one::below", "one::below[mutant:steeper]"):
        bench.judged(task, {"certificates": [results.counterexample(bench.task(task), x="1")]})
    bench.judged("one::above", results.proved(bench.task("one::above"), x="1"))
    bench.judged("one::below[proved:slope]", results.proved(bench.task("one::below[proved:slope]"), x="1"))
    fails = bench.task("one::above[proved:slope]")
    bench.judged(fails.id, {"certificates": [results.counterexample(fails, x="1")]})
    found = bench.found()
    assert found.claims[0].as_expected, found.claims[0].defects
    write_report(found, tmp_path / "report", None)
    sound(tmp_path / "report")
    words = Page(tmp_path / "report" / "claims" / "one.html").words("sharpness")
    assert "slope=1/2 the claim is refuted" in words and "slope=1 it is proved" in words
    assert "x=1" in words and "sharpness[slope]" in words


# ------------------------------------------------------------------------------------------------ time and machine


def test_what_each_part_took_stands_beside_what_it_was_allowed(page: Page, whole: Bench) -> None:
    _, rows = table(page, "spent")
    first = whole.results[0].evidence
    steps = sum(c.steps for c in first.certificates)
    assert rows["below"][1:5] == ["1.5 s", "60 s", "100.0 MB", "6.4 GB"]
    assert rows["below"][6] == str(steps)
    size = sum(c.bytes for c in first.certificates)
    assert size < 1000 and rows["below"][7] == f"{len(first.certificates)} ({size} B)"
    words = page.words("resources")
    assert f"{MAX_STEPS:,}".replace(",", " ") in words and f"{MAX_BYTES / 1e6:.1f} MB" in words


def test_the_machine_is_that_of_the_run_that_worked_it_out(tmp_path: Path) -> None:
    """A later run that knew the result from the store is not where it was made."""
    bench = Bench.of(tmp_path, one=samples.text("one", samples.TRUE))
    bench.judged("one::nonnegative", results.proved(bench.task("one::nonnegative"), x="1"))
    bench.judged("one::nonnegative[mutant:positive]", {
        "certificates": [results.counterexample(bench.task("one::nonnegative[mutant:positive]"), x="0")]
    })  # fmt: skip
    versions = {"python": "3.99", "z3-solver": "99.1"}
    options = {"seconds": 7.0, "memory_bytes": 10**9, "device": "cuda", "seed": 5}
    first = bench.run("store", {"platform": "a far machine", "versions": versions, "options": options})
    later = bench.run("store", {"platform": "another machine"}, cached=True)
    found = bench.found(run=later)
    kept = keep(found, tmp_path / "store")
    assert {made_in(r, kept).id for r in found.claims[0].results.values()} == {first}  # type: ignore[union-attr]
    write_report(found, tmp_path / "report", tmp_path / "store")
    words = Page(tmp_path / "report" / "claims" / "one.html").words("resources")
    assert first in words and "a far machine" in words and "another machine" not in words
    assert "3.99" in words and "z3-solver 99.1" in words and "cuda" in words and "7.0 s, 1.0 GB" in words


def test_a_result_whose_run_is_gone_says_so(tmp_path: Path) -> None:
    bench = results.everything(tmp_path)
    write_report(bench.found(), tmp_path / "report", None)
    words = Page(tmp_path / "report" / "claims" / "whole.html").words("resources")
    assert "a run that the store does not have" in words and "not recorded" in words


def test_the_history_ends_with_this_report(page: Page, tmp_path: Path) -> None:
    assert "No earlier run" in page.words("history")
    bench = results.refuted(tmp_path)
    bench.store()
    store, run = bench.store()
    write_report(bench.found(run=run), tmp_path / "report", store)
    words = Page(tmp_path / "report" / "claims" / "right-one.html").words("history")
    assert re.search(r"1\s*certified for all values\s*This report\s*✓\s*certified for all values", words)


# ------------------------------------------------------------------------------------------------- repeating it


def listed(file: Path, origin: str, whole: Bench) -> Listed:
    claim = whole.claims[0].claim
    return Listed(claim, Reference(str(file), "theorems.whole", claim.name), origin)


def test_a_claim_of_a_plugin_is_repeated_by_its_module(whole: Bench) -> None:
    entry = listed(Path("/usr/lib/theorems/whole.py"), "theorems 1.2", whole)
    assert in_pytest(entry, "below", {}) == "pytest --pyargs theorems.whole::whole::below --no-verify-store"
    assert by_verify(entry, {}) == "verify run whole --refresh"


def test_commands_repeat_the_options_and_pytest_is_not_named_where_it_cannot(whole: Bench) -> None:
    entry = whole.claims[0]
    options = {"seed": 3, "seconds": 5.0, "device": "cuda"}
    assert shlex.split(by_verify(entry, options))[-7:] == [
        "--refresh",
        "--seed",
        "3",
        "--seconds",
        "5",
        "--device",
        "cuda",
    ]
    assert in_pytest(entry, "below", options) == ""
    assert in_pytest(entry, "below", {**options, "seed": 0}).endswith("--no-verify-store --seconds 5 --device cuda")


def test_the_page_of_a_plugin_names_its_distribution_and_version(whole: Bench, tmp_path: Path) -> None:
    bench = Bench.of(tmp_path, one=samples.text("one", samples.TRUE))
    found = bench.found()
    claim = found.claims[0]
    entry = Listed(claim.listed.claim, claim.listed.reference, "theorems 1.2")
    write_report(replace(found, claims=(replace(claim, listed=entry),)), tmp_path / "report", None)
    words = Page(tmp_path / "report" / "claims" / "one.html").words()
    assert "found in theorems 1.2" in words


# ------------------------------------------------------------------------------------------------- what Z3 was asked


VECTORS = {"theorem": {"variables": [["n", "nat"], ["v", "vec"]]}, "parameters": []}
NATURALS = {"theorem": {"variables": [["n", "nat"]]}, "parameters": []}
REALS = {"theorem": {"variables": [["x", "real"]]}, "parameters": []}


@pytest.mark.parametrize(
    ("z3", "statement", "told"),
    [
        ({"unsatisfiable": [{}], "complete": True, "rlimit": 9}, REALS, "no counterexample for all values"),
        ({"unsatisfiable": [{"n": 0}], "rlimit": 9}, NATURALS, "no counterexample at 1 choice of the naturals"),
        ({"unsatisfiable": [{}, {}], "undecided": [{}], "rlimit": 9}, NATURALS,
         "no counterexample at 2 choices of the naturals, no answer at 1 choice of the naturals"),
        ({"undecided": [{"n": 0}, {"n": 1}], "rlimit": 9}, VECTORS,
         "no counterexample found among vectors and matrices of a few small sizes, which decides nothing about others"),
        ({"undecided": [{}], "rlimit": 9}, REALS, "no answer"),
        ({"rlimit": 0}, VECTORS, "not asked"),
    ],
)  # fmt: skip
def test_what_z3_was_asked_is_told_as_it_was(z3: dict[str, object], statement: dict[str, object], told: str) -> None:
    assert asked_of_z3(z3, statement) == told


def test_the_distance_of_an_experiment_is_measured_towards_the_nearest_end() -> None:
    """By hand: 0.3 from 0.5 down to 0.2, where the interval reaches 0.1; 0.2 up to 0.7, where it reaches 0.05."""
    assert distance({"estimate": 0.5, "interval": [0.4, 0.6], "region": [None, 0.2]}) == "3"
    assert distance({"estimate": 0.5, "interval": [0.45, 0.55], "region": [0.7, None]}) == "4"
    assert distance({"estimate": 0.5, "interval": [None, 0.6], "region": [0.0, 1.0]}) == ""


# ----------------------------------------------------------------------------------------------- what stays open


def test_parts_that_refuted_nothing_are_listed(tmp_path: Path) -> None:
    two = samples.TRUE + "\n\n@claim.proof()\ndef other(x: real) -> prop:\n    return relu(x) >= x\n"
    bench = Bench.of(tmp_path, one=samples.text("one", two))
    for name in ("nonnegative", "other"):
        bench.judged(f"one::{name}", results.proved(bench.task(f"one::{name}"), x="1"))
    killed = bench.task("one::nonnegative[mutant:positive]")
    bench.judged(killed.id, {"certificates": [results.counterexample(killed, x="0")]})
    write_report(bench.found(), tmp_path / "report", None)
    words = Page(tmp_path / "report" / "claims" / "one.html").words("open")
    assert "other refuted none of the variants" in words and "nonnegative refuted none" not in words


def test_cited_steps_are_marked_in_the_proof_and_carried_by_its_lemmas(tmp_path: Path) -> None:
    bench = Bench.of(tmp_path, one=samples.text("one", CITING))
    assert not bench.catalog.broken, bench.catalog.broken
    task = bench.task("one::doubled")
    assert task.problem is not None
    proof = find_proof(task.problem)
    bench.judged(task.id, {"certificates": [proof], "engine": "proof search"})
    store, run = bench.store()
    write_report(bench.found(run=run), tmp_path / "report", store)
    sound(tmp_path / "report")
    page = Page(tmp_path / "report" / "claims" / "one.html")
    assert "one step cited and not checked" in page.words()
    marked = ["".join(e.text) for e in page.all("span") if e.attributes.get("class") == "cited"]
    assert marked and all("not checked" in text for text in marked)
    assert "given 1 cited step" in page.words("lemma-above")


# ------------------------------------------------------------------------------------------------------- models


FALSE_IN_A_MODEL = (
    samples.MODELLED.partition("@claim.proof")[0]
    + """
@claim.proof(assuming=[above])
def far_above(x: real) -> prop:
    return f(x) >= x + 2
"""
)


@pytest.fixture(scope="module")
def modelled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Page]:
    bench = Bench.of(
        tmp_path_factory.mktemp("modelled"),
        modelled=samples.text("modelled", samples.MODELLED),
        false=samples.text("false-one", FALSE_IN_A_MODEL, more=', expect="refuted"'),
        not_modelled=samples.text("not-modelled", samples.UNMODELLED),
    )
    for name in ("modelled::large", "modelled::large[mutant:larger]", "false-one::far_above", "not-modelled::doubled"):
        bench.answered(name)
    write_report(bench.found(), bench.folder / "report", None)
    sound(bench.folder / "report")
    return pages.read(bench.folder / "report")


def visible(text: str) -> str:
    """Without word joiners and the sign of function application."""
    return re.sub("[\u2060\u2061]", "", text)


def test_where_a_theorem_is_not_vacuous_the_functions_of_the_model_are_shown(modelled: dict[str, Page]) -> None:
    words = visible(modelled["claims/modelled.html"].words("large"))
    assert "All assumptions hold where f(x)=ramp(x), ramp(x)=ReLU(x)+1; their proofs are in the certificate." in words
    assert re.search(r"There, all hypotheses hold at x=\S+, offset=\S+ Repeat", words)
    assert "Searched for a counterexample before, among the points of a model" in words
    assert "everywhere" not in words  # which is said of functions, and offset is a constant


def test_the_functions_stand_with_a_counterexample_in_the_table_of_variants(modelled: dict[str, Page]) -> None:
    header, cells = table(modelled["claims/modelled.html"], "variants")
    assert len(header) == 2
    assert "x=2, offset=0, where f(x)=ramp(x), ramp(x)=ReLU(x)+1 f(x)+offset=3, 3≱4" in visible(cells["large"][0])


def test_a_theorem_without_a_model_is_said_to_need_one(modelled: dict[str, Page]) -> None:
    page = modelled["claims/not-modelled.html"]
    assert "the claim gives none" in page.words("open")
    assert "Searched for a counterexample" not in page.words("doubled")  # as no point can be tried
    assert "vacuous" not in modelled["claims/modelled.html"].words("open")


def test_a_claim_that_is_false_in_a_model_is_told_with_the_functions_at_its_head_and_in_the_index(
    modelled: dict[str, Page],
) -> None:
    words = visible(modelled["claims/false-one.html"].words())
    point = "x=0, where f(x)=ramp(x), ramp(x)=ReLU(x)+1"
    assert f"far_above fails at {point}" in words[: words.index("The claim")]
    assert f"Counterexample. {point}" in words and "All assumptions hold of these functions" in words
    assert (
        visible(modelled["index.html"].words()).count(point) == 2
    )  # on the errata board, and where it is told in full
