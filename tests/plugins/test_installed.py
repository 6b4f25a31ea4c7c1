r"""A distribution that nobody here knows: built into a wheel, installed in a fresh environment, seen everywhere; and what is
wrong with others beside it stays one sentence each."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests import samples
from tests.plugins.environment import Environment

Json = Any
EXAMPLE = Path(__file__).parent / "example"
NAMES = ["example-clip", "example-mirror"]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """With the example installed, and nothing of this checkout in the working folder."""
    found = Environment.fresh(tmp_path_factory.mktemp("plugins"))
    assert found.install(EXAMPLE).name == "example_theorems-1.2-py3-none-any.whl"
    return found


@pytest.fixture(scope="module")
def ran(environment: Environment) -> tuple[int, Json, str]:
    """The two claims, run by their names; the store knows them from now on."""
    done = environment.verify("run", *NAMES, "--json", "--report", "report")
    return done.status, json.loads(done.out), done.err


def test_its_claims_are_listed_with_distribution_and_version(environment: Environment) -> None:
    done = environment.verify("list", "--json")
    origins = {row["claim"]: row["origin"] for row in json.loads(done.out)["claims"]}
    assert (done.status, done.err) == (0, "")
    assert {name: origins[name] for name in NAMES} == dict.fromkeys(NAMES, "example-theorems 1.2")
    assert origins["square-net"].startswith("deepclaims ")


def test_it_is_told_among_the_plugins(environment: Environment) -> None:
    rows = {row["distribution"]: row for row in json.loads(environment.verify("plugins", "--json").out)["plugins"]}
    assert rows["example-theorems"] == {
        "plugin": "example",
        "distribution": "example-theorems",
        "version": "1.2",
        "package": "example_theorems",
        "interface": 1,
        "claims": 2,
        "broken": [],
    }
    assert rows["deepclaims"]["claims"] > 80


def test_the_true_claim_is_certified_and_the_false_one_refuted(ran: tuple[int, Json, str]) -> None:
    status, found, err = ran
    assert status == 1
    verdicts = {entry["claim"]: entry["verdict"]["in_words"] for entry in found["claims"]}
    assert verdicts == {"example-clip": "certified for all values", "example-mirror": "refuted, certified"}
    assert "one_unit: refuted: false at x = -1" in err


def test_the_report_says_where_they_come_from(environment: Environment, ran: tuple[int, Json, str]) -> None:
    for name in NAMES:
        pages = [p.read_text() for p in (environment.work / "report").rglob("*.html") if name in p.name]
        assert any("example-theorems 1.2" in page for page in pages)


def test_pytest_finds_them_by_the_name_of_the_package(environment: Environment, ran: tuple[int, Json, str]) -> None:
    done = environment.pytest("--pyargs", "example_theorems")
    assert done.status == 1
    assert "example-mirror::one_unit: refuted, but expected is: holds\n  false at x = -1" in done.out
    assert summary(done.out) == {"failed": 2, "certified": 2, "killed": 2, "passed": 1}


def summary(text: str) -> dict[str, int]:
    return {word: int(number) for number, word in re.findall(r"(\d+) ([a-z ]+?)(?:,| in )", text.splitlines()[-1])}


# ------------------------------------------------------------------------------------------------- what is wrong with others


def unpacked(site: Path, name: str, version: str, init: str = "", **modules: str) -> None:
    """A distribution as an installer leaves it."""
    samples.folder(site / f"{name}_theorems", __init__=init, **modules)
    info = site / f"{name}_theorems-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}-theorems\nVersion: {version}\n")
    (info / "entry_points.txt").write_text(f"[verify.claims]\n{name} = {name}_theorems\n")


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Broken: its package cannot be imported, though its two modules could.  Duplicate: a claim of the example's name.
    Incompatible: for an authoring interface that there is not yet, of which it imports something."""
    site = tmp_path_factory.mktemp("site")
    modules = {"one": samples.text("broken-one"), "two": samples.text("broken-two")}
    unpacked(site, "broken", "0.3", "raise RuntimeError('not today')\n", **modules)
    unpacked(site, "duplicate", "2.0", same=samples.text("example-clip"), other=samples.text("another-name"))
    newer = "VERIFY_INTERFACE = 99\nfrom verify import theorems_of_tomorrow\n"
    unpacked(site, "incompatible", "7.1", newer, one=samples.text("newer-one"), two=samples.text("newer-two"))
    return site


SENTENCES = {
    "broken": r"broken_theorems/__init__.py:1: importing this module failed: RuntimeError: not today",
    "duplicate": r"the claim 'example-clip' \(\S+ [\d.]+\) is also defined at \S+ \(\S+ [\d.]+\); rename one of them",
    "incompatible": r"incompatible_theorems/__init__.py:1: these claims are written for version 99 of the authoring interface, "
    r"and deepclaims [\d.]+ understands 1; update deepclaims, or correct VERIFY_INTERFACE",
}


def told(text: str) -> dict[str, int]:
    return {name: len(re.findall(sentence, text)) for name, sentence in SENTENCES.items()}


def test_each_of_them_is_one_broken_entry_of_a_run(
    environment: Environment, ran: tuple[int, Json, str], bad: Path
) -> None:
    done = environment.verify("run", "example-clip", path=bad)
    assert done.status == 3
    assert "ok example-clip: certified for all values" in done.err
    assert told(done.err) == dict.fromkeys(SENTENCES, 1)
    assert done.err.splitlines()[-1] == "3 broken, 1 certified"
    assert "Traceback" not in done.err


def test_each_of_them_is_one_red_item_of_pytest(
    environment: Environment, ran: tuple[int, Json, str], bad: Path
) -> None:
    packages = ["example_theorems", *(f"{name}_theorems" for name in SENTENCES)]
    done = environment.pytest("--pyargs", *packages, "-k", "broken or example-clip", path=bad)
    assert done.status == 1
    failures, _ = done.out.split("short test summary info")  # which repeats them whole where CI=true
    assert told(failures) == dict.fromkeys(SENTENCES, 1)
    assert summary(done.out)["failed"] == 3
    assert summary(done.out)["certified"] == 1


def test_each_of_them_is_told_among_the_plugins(environment: Environment, bad: Path) -> None:
    done = environment.verify("plugins", path=bad)
    assert done.status == 3
    assert told(done.err) == dict.fromkeys(SENTENCES, 1)
    assert re.search(r"^broken-theorems +0\.3 +broken_theorems +0 claims, 1 broken$", done.out, re.MULTILINE)
    assert re.search(r"^example-theorems +1\.2 +example_theorems +2 claims, interface 1$", done.out, re.MULTILINE)


# ------------------------------------------------------------------------------------------------- a new one


def test_a_new_distribution_installs_and_passes_at_once(environment: Environment) -> None:
    """`verify new plugin`, then what its README says, without a network."""
    assert environment.verify("new", "plugin", "my-theorems").status == 0
    folder = environment.work / "my-theorems"
    environment.install(folder)
    rows = json.loads(environment.verify("plugins", "--json").out)["plugins"]
    assert [(row["claims"], row["broken"]) for row in rows if row["distribution"] == "my-theorems"] == [(3, [])]
    done = environment.verify("run", "my_theorems", work=folder)
    assert done.status == 0, done.err
    assert done.err.splitlines()[-1] == "2 certified, 1 refuted as expected"
    done = environment.pytest(work=folder)
    assert done.status == 0, done.out
    assert summary(done.out)["passed"] >= 33  # the contract
