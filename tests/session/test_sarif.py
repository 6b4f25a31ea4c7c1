r"""SARIF: each kind of trouble is one result at the author's line, in a document that the standard allows."""

from __future__ import annotations

import copy
import hashlib
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests import samples
from tests.report import results
from verify.catalog import Broken
from verify.cli import main
from verify.session import sarif
from verify.session.reporting import write_junit
from verify.session.summary import RunResult
from verify.verdict import Outcome, Scope, Strength

Json = Any

SCHEMA = json.loads((Path(__file__).parent / "sarif_2_1_0.json").read_text())
HELD = {"strength": Strength.CERTIFIED, "scope": Scope.ALL}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sarif")


MODULES = {
    "fine": samples.text("fine"),
    "false": samples.text("false-one", samples.FALSE),
    "stays": samples.text("stays", more=', expect="refuted"'),
    "open": samples.text("open-one"),
    "broken_task": samples.text("stopped"),
    "weak": samples.text("weak"),
    "sharp": samples.text("sharp", samples.SHARP),
    "bare": samples.text("bare", samples.TRUE.partition("@claim.mutant")[0]),
    "unsourced": samples.text("unsourced", source="nobody"),
    "loads": "1 / 0\n",
}


def troubled(folder: Path, above: str = "") -> RunResult:
    """A run in which everything goes wrong once, beside a claim that is as expected."""
    bench = results.Bench.of(folder, **{name: above + text for name, text in MODULES.items()})
    refuted = {"strength": Strength.CERTIFIED}
    killed = {
        "fine": "positive",
        "stays": "positive",
        "open-one": "positive",
        "false-one": "negative",
        "sharp": "flatter",
    }
    for name, mutant in {**killed, "unsourced": "positive"}.items():
        obligation = {"false-one": "identity", "sharp": "below"}.get(name, "nonnegative")
        bench.typed(f"{name}::{obligation}[mutant:{mutant}]", Outcome.REFUTED, "false at x = 0", **refuted)
    for name in ("fine::nonnegative", "stays::nonnegative", "weak::nonnegative", "bare::nonnegative"):
        bench.typed(name, Outcome.HOLDS, **HELD)
    bench.typed("unsourced::nonnegative", Outcome.HOLDS, **HELD)
    bench.typed("sharp::below", Outcome.HOLDS, **HELD)
    bench.typed("weak::nonnegative[mutant:positive]", Outcome.UNDECIDED, "no counterexample")
    bench.typed("false-one::identity", Outcome.REFUTED, "false at x = {1}, see [here](0)", **refuted)
    bench.typed("open-one::nonnegative", Outcome.UNDECIDED, "no rule\n  applies")
    line = 8 + above.count("\n")
    bench.typed("stopped::nonnegative", Outcome.ERROR, f"{folder / 'claims' / 'broken_task.py'}:{line}: no reluu here")
    return replace(bench.found(), problems=("the disk is full; nothing is kept",))


@pytest.fixture(scope="module")
def found(folder: Path) -> RunResult:
    return troubled(folder)


@pytest.fixture(scope="module")
def document(found: RunResult, folder: Path) -> Json:
    return sarif.log(found, folder)


def by_rule(document: Json) -> dict[str, Json]:
    return {result["ruleId"]: result for result in document["runs"][0]["results"]}


def test_the_document_is_what_the_standard_allows(document: Json) -> None:
    jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker()).validate(document)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda log: log.update(version="2.0.0"),
        lambda log: log["runs"][0].pop("results"),
        lambda log: log["runs"][0]["results"][0].pop("message"),
        lambda log: log["runs"][0]["results"][0].update(kind="pass", level="error"),
        lambda log: log["runs"][0]["results"][0].update(kind="fail", level="none"),
        lambda log: log["runs"][0]["results"][0]["message"].update(text="the {0} is lost"),
        lambda log: log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"].update(startLine=0),
        lambda log: log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"].update(
            uri="/a b"
        ),
        lambda log: log["runs"][0]["results"][0]["partialFingerprints"].update(unversioned="0"),
        lambda log: log["runs"][0]["invocations"][0].pop("executionSuccessful"),
    ],
)
def test_the_constraints_refuse_what_the_standard_forbids(document: Json, spoil: Callable[[Json], None]) -> None:
    spoiled = copy.deepcopy(document)
    spoil(spoiled)
    assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(spoiled)


def test_every_kind_of_trouble_is_one_result_and_nothing_else_is(document: Json) -> None:
    rules = [rule["id"] for rule in document["runs"][0]["tool"]["driver"]["rules"]]
    told = sorted(result["ruleId"] for result in document["runs"][0]["results"])
    assert told == sorted(rules)
    for result in document["runs"][0]["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
    assert "fine" not in json.dumps(document)


WHERE = {
    "refuted": ("false.py", "@claim.proof()", "false-one, identity, is refuted: false at x = {{1}}, see [here] (0)"),
    "not-refuted": ("stays.py", "@claim.proof()", "stays, nonnegative, is not refuted, as was expected: so it is"),
    "undecided": ("open.py", "@claim.proof()", "open-one, nonnegative, is undecided: no rule applies"),
    "error": ("broken_task.py", "    return relu(x) >= 0", "stopped, nonnegative, is not checked: no reluu here"),
    "surviving-mutant": ("weak.py", "@claim.mutant(", "weak: the variant positive is not refuted by any obligation"),
    "toothless": ("bare.py", "claim = Claim(", "bare has no variant that its checks refute"),
    "bracket": (
        "sharp.py",
        "claim.sharpness(",
        "sharp: the bracket of slope is not confirmed, as the claim was not refuted at 1/2",
    ),
    "broken-module": ("loads.py", "1 / 0", "importing this module failed: ZeroDivisionError: division by zero"),
    "source": ("unsourced.py", "claim = Claim(", "unsourced: the source 'nobody' is not in"),
}


@pytest.mark.parametrize("rule", WHERE)
def test_a_result_stands_at_the_authors_line_with_a_sentence(document: Json, folder: Path, rule: str) -> None:
    file, line, sentence = WHERE[rule]
    result = by_rule(document)[rule]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": f"claims/{file}", "uriBaseId": "%SRCROOT%"}
    assert (folder / "claims" / file).read_text().splitlines()[place["region"]["startLine"] - 1].startswith(line)
    assert result["message"]["text"].startswith(sentence)


def test_undecided_is_open_and_everything_else_an_error(document: Json) -> None:
    levels = {rule: (result["kind"], result["level"]) for rule, result in by_rule(document).items()}
    assert levels.pop("undecided") == ("open", "none")
    assert set(levels.values()) == {("fail", "error")}


def test_what_went_wrong_beside_the_claims_is_a_notification(document: Json) -> None:
    (invocation,) = document["runs"][0]["invocations"]
    assert invocation["executionSuccessful"] is False
    assert [n["message"]["text"] for n in invocation["toolExecutionNotifications"]] == [
        "the disk is full; nothing is kept"
    ]


def test_fingerprints_stay_when_lines_and_checkouts_move(document: Json, tmp_path: Path) -> None:
    again = sarif.log(troubled(tmp_path, above="\n\n"), tmp_path)
    before, after = by_rule(document), by_rule(again)
    assert {rule: r["partialFingerprints"] for rule, r in before.items()} == {
        rule: r["partialFingerprints"] for rule, r in after.items()
    }
    assert len({json.dumps(r["partialFingerprints"]) for r in before.values()}) == len(before)
    assert before["refuted"]["locations"] != after["refuted"]["locations"]


def test_files_elsewhere_have_an_absolute_address(found: RunResult, tmp_path: Path) -> None:
    log = sarif.log(found, tmp_path)
    addresses = {r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in log["runs"][0]["results"]}
    assert all(address.startswith("file:///") for address in addresses)
    jsonschema.Draft202012Validator(SCHEMA).validate(log)


def test_names_of_files_are_addresses(tmp_path: Path) -> None:
    found = RunResult((), (Broken(str(tmp_path / "ä b#1.py"), "cannot be read"),))
    (result,) = sarif.log(found, tmp_path)["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "%C3%A4%20b%231.py"
    known = hashlib.sha256(b"broken-module\n%C3%A4%20b%231.py").hexdigest()
    assert result["partialFingerprints"] == {"claimAndRule/v1": known}


def test_the_command_writes_it_and_equal_runs_write_equal_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    claims = samples.folder(tmp_path / "claims", sharp="1 / 0\n")
    texts = []
    for name in ("one.sarif", "two.sarif"):
        assert main(["run", str(claims), "--no-store", "--sarif", name]) == 3
        texts.append((tmp_path / name).read_bytes())
    assert texts[0] == texts[1]
    assert [r["ruleId"] for r in json.loads(texts[0])["runs"][0]["results"]] == ["broken-module"]
    assert main(["run", str(claims), "--no-store", "--sarif", "none/x.sarif"]) == 2


def test_junit_has_a_case_for_each_mutant_and_one_that_survives_fails(found: RunResult, tmp_path: Path) -> None:
    write_junit(found, tmp_path / "junit.xml")
    suite = ET.parse(tmp_path / "junit.xml").getroot()
    cases = {f"{case.get('classname')}::{case.get('name')}": case for case in suite.findall("testcase")}
    told = {
        name: [(part.tag, part.get("type")) for part in case if part.tag != "properties"]
        for name, case in cases.items()
    }
    assert told["fine::mutant[positive]"] == told["fine::nonnegative"] == told["fine::verdict"] == []
    assert told["weak::mutant[positive]"] == [("failure", "survives")]
    assert told["false-one::identity"] == told["false-one::verdict"] == [("failure", "refuted")]
    assert told["open-one::nonnegative"] == told["open-one::verdict"] == [("skipped", "undecided")]
    assert told["stopped::nonnegative"] == told["stopped::verdict"] == [("error", "error")]
    counts = {
        kind: sum(tag == kind for parts in told.values() for tag, _ in parts)
        for kind in ("failure", "error", "skipped")
    }
    assert [int(suite.get(name, "")) for name in ("failures", "errors", "skipped")] == list(counts.values())
