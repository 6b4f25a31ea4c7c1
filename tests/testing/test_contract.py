r"""The contract of claims: every rule finds the claim that violates it, and no rule complains about good claims of any kind."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests import samples
from tests.testing.contract import BAD, GOOD
from verify.catalog import Listed, collect
from verify.claim import Claim
from verify.errors import UsageError
from verify.execution import Reply
from verify.kernel import canonical
from verify.scaffolding import new_claim
from verify.session.session import Result
from verify.session.summary import claim_result
from verify.session.tasks import Task
from verify.testing import Check, Violated, check_claim, checks, parametrize_claims
from verify.testing.laboratory import Examined, Run, examined
from verify.verdict import Outcome

Json = Any
NEW = ("exact", "experiment")
CHECKS = {check.name: check for check in checks()}


@pytest.fixture(scope="module", autouse=True)
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Claims are run in a folder that has no evidence store."""
    before = Path.cwd()
    os.chdir(tmp_path_factory.mktemp("elsewhere"))
    yield
    os.chdir(before)


def by_name(folder: Path) -> dict[str, Listed]:
    catalog = collect([folder])
    assert not catalog.broken
    return {listed.claim.name: listed for listed in catalog.claims}


# ------------------------------------------------------------------------------------------- claims that violate a rule


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Listed]:
    texts = {name.replace("-", "_"): text for name, (text, _, _) in BAD.items()}
    return by_name(samples.folder(tmp_path_factory.mktemp("bad"), **texts))


def broken_rules(claim: Claim, *, running: bool) -> dict[str, tuple[str, ...]]:
    found = {}
    for check in checks(running=running):
        try:
            check(claim)
        except Violated as problem:
            found[check.name] = problem.sentences
    return found


@pytest.mark.parametrize("name", BAD)
def test_a_claim_violates_the_rule_that_it_was_written_for_and_no_other(bad: dict[str, Listed], name: str) -> None:
    """What is only wrong in its texts has the obligations of a good claim, which are not run again."""
    _, rules, sentence = BAD[name]
    found = broken_rules(bad[name].claim, running=any(CHECKS[rule].runs for rule in rules))
    assert found.keys() == rules
    assert any(sentence in said for sentences in found.values() for said in sentences), found


def test_every_rule_about_what_authors_write_is_violated_by_some_claim() -> None:
    """The other two are about the harness; what follows tests them with results that were tampered with."""
    violated = {rule for _, rules, _ in BAD.values() for rule in rules}
    assert CHECKS.keys() - violated == {"certificates_are_accepted_again", "evidence_survives_json"}


def test_all_violations_of_a_claim_are_told_at_its_line(bad: dict[str, Listed]) -> None:
    claim = bad["vacuous-one"].claim
    with pytest.raises(Violated) as raised:
        check_claim(claim)
    assert str(raised.value).startswith(f"{claim.place}: outcomes_are_as_expected: ")
    assert "\n  hypotheses_are_satisfiable: no point was found" in str(raised.value)


# ------------------------------------------------------------------------------------------- claims that keep the contract


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Listed]:
    folder = samples.folder(tmp_path_factory.mktemp("good"), **GOOD)
    for kind in NEW:
        new_claim(f"a-new-{kind}", kind=kind, output=folder / f"{kind}.py")
    return by_name(folder)


@pytest.mark.parametrize("name", [*GOOD, *(f"a-new-{kind}" for kind in NEW)])
def test_good_claims_of_every_kind_keep_the_contract(good: dict[str, Listed], name: str) -> None:
    """The templates of `verify new claim` among them, but for those that make a new distribution (``tests/plugins``)."""
    check_claim(good[name].claim)


# ------------------------------------------------------------------------------------------- results that were tampered with


@dataclass(frozen=True)
class Doctored:
    """A laboratory that tells something else than what was found."""

    run_: Run
    again_: list[Result]
    status: str = "answered"
    differing: int = 0

    def run(self, listed: Listed) -> Run:
        return self.run_

    def again(self, listed: Listed) -> list[Result]:
        return self.again_

    def batches(self, task: Task) -> Reply:
        value = {"differ": self.differing, "of": 1, "sizes": [{"certain": 8}, {"certain": 7}]}
        return Reply(self.status, value=value)


def doctored(listed: Listed, change: Callable[[Result], Result]) -> Examined:
    """The claim, one of whose results was changed in the first run."""
    honest = examined(listed.claim)
    results = [change(honest.run.found.results["nonnegative"]), *list(honest.run.found.results.values())[1:]]
    found = claim_result(listed, [*results, *(r for m in honest.run.found.mutants for r in m.results)])
    return Examined(listed, Doctored(Run(found, honest.run.certificates), list(honest.again.values())))


def said(name: str, examined_: Examined) -> str:
    return "\n".join(CHECKS[name].violations(examined_))


def with_detail(**detail: Json) -> Callable[[Result], Result]:
    return lambda r: replace(r, evidence=replace(r.evidence, detail={**r.evidence.detail, **detail}))


@pytest.mark.parametrize("value", [float("nan"), (1, 2), {1: "x"}, b"bytes"], ids=repr)
def test_evidence_that_json_cannot_hold_is_found(good: dict[str, Listed], value: object) -> None:
    changed = doctored(good["sampled"], with_detail(extra=value))
    assert said("evidence_survives_json", changed).startswith("the evidence of sampled::nonnegative ")


def test_another_outcome_in_a_second_run_is_found(good: dict[str, Listed]) -> None:
    changed = doctored(
        good["sampled"],
        lambda r: replace(r, evidence=replace(r.evidence, outcome=Outcome.REFUTED, reason="false at x = 1")),
    )
    assert "sampled::nonnegative was refuted (false at x = 1), and then holds: " in said(
        "one_seed_gives_one_result", changed
    )


def test_what_is_called_certified_has_a_certificate(good: dict[str, Listed]) -> None:
    changed = doctored(good["sampled"], lambda r: replace(r, evidence=replace(r.evidence, certificates=())))
    assert "sampled::nonnegative is called certified, and there is no certificate" in said(
        "certificates_are_accepted_again", changed
    )


def forged(blob: bytes) -> bytes:
    document = json.loads(blob)
    document["statement"]["theorem"]["conclusion"] = "0 <= 1 - 2"
    return canonical(document)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda blobs: {}, "its certificate was not kept"),
        (
            lambda blobs: {sha256: forged(blob) for sha256, blob in blobs.items()},
            "is not the one that the evidence names",
        ),
        (lambda blobs: dict.fromkeys(blobs, b"not JSON"), "is not the one that the evidence names"),
    ],
    ids=["lost", "forged", "unreadable"],
)
def test_certificates_that_are_not_those_of_the_evidence_are_found(
    good: dict[str, Listed], change: Callable[[Json], Json], sentence: str
) -> None:
    honest = examined(good["sampled"].claim)
    run = Run(honest.run.found, change(honest.run.certificates))
    lines = said("certificates_are_accepted_again", Examined(honest.listed, Doctored(run, []))).splitlines()
    assert len(lines) == len(honest.run.certificates)
    assert all(sentence in line for line in lines)


def test_certificates_that_the_kernel_does_not_accept_for_their_statement_are_found(good: dict[str, Listed]) -> None:
    """The evidence names them by their hashes, as if an engine and the kernel of this process agreed on them.  Instances are
    accepted, but for another statement; the theorem is rejected."""
    honest = examined(good["sampled"].claim)
    result = honest.run.found.results["nonnegative"]
    blobs = [forged(honest.run.certificates[c.sha256]) for c in result.evidence.certificates]
    hashes = [hashlib.sha256(blob).hexdigest() for blob in blobs]
    references = [replace(c, sha256=h) for c, h in zip(result.evidence.certificates, hashes, strict=True)]
    evidence = replace(result.evidence, certificates=tuple(references))
    run = Run(claim_result(honest.listed, [replace(result, evidence=evidence)]), dict(zip(hashes, blobs, strict=True)))
    lines = said("certificates_are_accepted_again", Examined(honest.listed, Doctored(run, []))).splitlines()
    kinds = {c.kind: line for c, line in zip(references, lines, strict=True)}
    assert kinds["theorem"].startswith(
        "sampled::nonnegative: a certificate is not accepted again for its statement: rejected "
    )
    assert kinds["instance"].startswith(
        "sampled::nonnegative: a certificate is not accepted again for its statement: accepted "
    )


@pytest.mark.parametrize(
    ("laboratory", "sentence"),
    [
        ({"differing": 1}, "depends on how much is computed at once: {'certain': 8} became {'certain': 7}"),
        ({"status": "timeout"}, "could not be computed in batches of two sizes: timeout: "),
    ],
)
def test_points_that_depend_on_the_batch_are_found(
    good: dict[str, Listed], laboratory: dict[str, Any], sentence: str
) -> None:
    honest = examined(good["sampled"].claim)
    found = said("results_do_not_depend_on_batches", Examined(honest.listed, Doctored(honest.run, [], **laboratory)))
    assert sentence in found


# ------------------------------------------------------------------------------------------- the decorator


def rows(*where: str | Path, running: bool = True) -> dict[str, tuple[Any, Any]]:
    mark = parametrize_claims(*where, running=running).mark
    assert mark.args[0] == ("claim", "check")
    return {row.id: row.values for row in mark.args[1]}


def test_there_is_a_test_for_each_claim_and_each_check(tmp_path: Path) -> None:
    folder = samples.folder(tmp_path / "c", one=samples.text("one"), two=samples.text("two"))
    found = rows(folder)
    assert list(found) == [f"{claim}-{check}" for claim in ("one", "two") for check in CHECKS]
    claim, check = found["two-mutants_die"]
    assert (claim.name, check) == ("two", CHECKS["mutants_die"])


def test_a_package_is_named_as_it_is_imported() -> None:
    assert rows("claims.approximation").keys() < rows("claims").keys()


def test_a_module_that_cannot_be_loaded_is_one_failing_test(tmp_path: Path) -> None:
    found = rows(samples.folder(tmp_path / "c", one=samples.text("one"), bad="1 +\n"))
    claim, check = found["bad.py-can_be_loaded"]
    with pytest.raises(Violated, match=r"bad.py:1: syntax error: invalid syntax; correct this line"):
        check(claim)


@pytest.mark.parametrize(
    ("where", "sentence"),
    [
        (("nothing_of_this_name",), "there is no package and no path 'nothing_of_this_name'"),
        (("tests.nothing.there",), "there is no package and no path 'tests.nothing.there'"),
        ((), "there are no claims in nothing; name packages or paths"),
    ],
)
def test_where_there_are_no_claims_is_one_sentence(where: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        parametrize_claims(*where)


def test_checks_have_different_names_and_say_whether_they_run_claims() -> None:
    assert len(CHECKS) == len(checks())
    assert {check.name for check in checks(running=False)} == {c.name for c in CHECKS.values() if not c.runs}


# ------------------------------------------------------------------------------------------- the library


@parametrize_claims("claims", running=False)
def test_the_library_keeps_the_rules_about_what_is_written(claim: Claim, check: Check) -> None:
    check(claim)
