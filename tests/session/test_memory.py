r"""Looking at results: what was judged here is believed for its seal, everything else is decided again, and runs believe nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests import samples
from tests.report.results import counterexample, proved
from tests.session.test_session import FORGERIES
from verify import closure
from verify.catalog import collect
from verify.errors import StoreError
from verify.session import memory as module
from verify.session.judge import judge
from verify.session.memory import Known, Memory
from verify.session.running import recalled
from verify.session.tasks import Options, Task
from verify.store import Store
from verify.verdict import Evidence, Outcome, Role

Json = Any
Tasks = Callable[..., dict[str, Task]]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store", report=lambda sentence: None) as opened:
        yield opened


@dataclass
class Kept:
    """A task whose proof lies in a store, sealed."""

    task: Task
    memory: Memory
    key: str
    evidence: Evidence

    @property
    def store(self) -> Store:
        return self.memory.store

    def forge(self, change: Callable[[Json], Json]) -> Json:
        """Rewrite the evidence with its checksums intact, as somebody could who knows the store."""
        blobs = [self.store.blob(sha256) for sha256 in self.store.references(self.key)]
        forged = change(self.store.get(self.key))
        self.store.put(self.key, forged, [blob for blob in blobs if blob is not None])
        return forged


@pytest.fixture
def kept(tasks: Tasks, store: Store) -> Kept:
    task = tasks()["nonnegative"]
    judged = judge(task, proved(task, x="1"))
    memory = Memory(store, Options())
    key = task.key(memory.options)
    store.put(key, judged.evidence.to_json(), judged.blobs)
    memory.keep([memory.judgement(task, key, judged.evidence)])
    return Kept(task, memory, key, judged.evidence)


def again(kept: Kept, *, recheck: bool = False) -> Known | None:
    """What a new memory of a task that nobody has read yet sees."""
    fresh = Task.of(kept.task.listed, kept.task.obligation)
    return Memory(kept.store, Options()).look(fresh, recheck=recheck)


def forbid(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(*arguments: object) -> None:
        raise AssertionError("a statement was read, or the kernel was asked")

    monkeypatch.setattr(module, "judge", asked)
    monkeypatch.setattr(module, "is_affected", asked)
    monkeypatch.setattr(Task, "statement_sha256", property(asked))


def test_what_was_judged_here_is_believed_without_reading_or_deciding(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    forbid(monkeypatch)
    assert again(kept) == Known(kept.evidence, sealed=True)


def test_on_request_no_seal_is_believed(kept: Kept) -> None:
    assert again(kept, recheck=True) == Known(kept.evidence, sealed=False)


@pytest.mark.parametrize("name", FORGERIES)
def test_forged_evidence_has_no_seal_that_fits_and_falls(kept: Kept, name: str) -> None:
    forged = kept.forge(FORGERIES[name])
    found = again(kept)
    assert found is None or (not found.sealed and found.evidence.outcome is kept.evidence.outcome)
    assert found is None or found.evidence.to_json()["certificates"] == forged["certificates"]


def test_evidence_without_a_seal_is_decided_again_and_sealed_then(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    with kept.store._database.writing() as connection:
        connection.execute("DELETE FROM seals")
    assert again(kept) == Known(kept.evidence)
    fresh = Memory(kept.store, Options())
    fresh.look(kept.task)
    fresh.keep()
    forbid(monkeypatch)
    assert again(kept) == Known(kept.evidence, sealed=True)


def test_the_seal_of_another_user_is_none(kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "other"))
    with Store.open(kept.store.folder) as theirs:
        assert again(replace(kept, memory=Memory(theirs, Options()))) == Known(kept.evidence)


def test_without_a_secret_everything_is_decided_again(
    kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    with Store.open(kept.store.folder) as theirs:
        assert again(replace(kept, memory=Memory(theirs, Options()))) == Known(kept.evidence)


@pytest.mark.parametrize("content", [None, b"rubbish"])
def test_a_certificate_that_is_gone_or_edited_is_not_believed_for_the_seal(kept: Kept, content: bytes | None) -> None:
    for path in (kept.store.folder / "blobs").rglob("*"):
        if path.is_file():
            path.unlink() if content is None else path.write_bytes(content)
    assert again(kept) is None


def test_seals_survive_pruning(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    run = kept.store.start_run({})
    kept.store.record(run, kept.task.id, kept.key, {}, cached=False, seconds=0)
    kept.store.finish_run(run)
    kept.store.prune(keep_runs=1)
    forbid(monkeypatch)
    assert again(kept) == Known(kept.evidence, sealed=True)


def test_what_cannot_be_sealed_is_known_all_the_same(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object) -> None:
        raise StoreError("no space left on device")

    monkeypatch.setattr(Store, "seal", full)
    looking = Memory(kept.store, Options())
    assert looking.look(kept.task, recheck=True) == Known(kept.evidence)
    looking.judgements = [replace(looking.judgements[0], place="p" * 64)]
    looking.keep()


def test_what_is_undecided_in_a_store_of_somebody_else_is_never_sealed(kept: Kept, tasks: Tasks) -> None:
    task = tasks(samples.VACUOUS, "other")["anything"]
    said = Evidence(Role.PROOF, Outcome.UNDECIDED, "whatever", resources={"budget_seconds": 60.0})
    kept.store.put(task.key(Options()), said.to_json())
    looking = Memory(kept.store, Options())
    assert looking.look(task) == Known(said)
    assert looking.judgements == []
    assert Memory(kept.store, Options(seconds=90)).look(task) is None


def test_the_key_of_what_is_undecided_is_remembered_and_no_more(
    kept: Kept, tasks: Tasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key only says where to look: what is found there is still evidence that nobody judged."""
    task = tasks(samples.VACUOUS, "other")["anything"]
    key = task.key(Options())
    said = Evidence(Role.PROOF, Outcome.UNDECIDED, "whatever", resources={"budget_seconds": 60.0})
    kept.store.put(key, said.to_json())
    keys: dict[str, str] = {}
    with module.reading_remembered(kept.store.remembered, keys):
        Memory(kept.store, Options(), keys=keys).look(task)
    again: dict[str, str] = {}
    with module.reading_remembered(kept.store.remembered, again), monkeypatch.context() as patch:
        forbid(patch)
        assert Memory(kept.store, Options(), keys=again).look(task) == Known(said)
        with pytest.raises(AssertionError, match="a statement was read"):
            Memory(kept.store, Options(), keys=again).look(task, recheck=True)
    assert again == keys == {task.place(Options()): key}
    kept.store.put(key, replace(kept.evidence, reason="trust me").to_json())
    assert Memory(kept.store, Options(), keys=again).look(task) is None


def test_modules_are_parsed_once_for_looking_as_long_as_their_bytes_are_the_same(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def digest() -> str:
        monkeypatch.setattr(closure, "KNOWN", {})
        closure.parsed.cache_clear()
        with module.reading_remembered(store.remembered, {}):
            return closure.closure_digest(file)

    file = tmp_path / "alone.py"
    file.write_text("import math\n")
    first, parse = digest(), closure.parse
    monkeypatch.setattr(closure, "parse", lambda *arguments, **options: pytest.fail("a module was parsed"))
    assert digest() == first
    monkeypatch.setattr(closure, "parse", parse)
    file.write_text("import cmath\n")
    assert digest() != first


def test_a_run_believes_no_seal_even_if_it_fits(kept: Kept) -> None:
    """Somebody who can read the user's secret fools who looks, and no run."""
    forged = kept.forge(lambda entry: entry | {"certificates": [], "reason": "trust me"})
    kept.memory.keep([kept.memory.judgement(kept.task, kept.key, Evidence.from_json(forged))])
    found = again(kept)
    assert found is not None and found.sealed and found.evidence.reason == "trust me"
    assert kept.memory.recall(kept.task, kept.key) is None


def test_a_variant_that_changes_nothing_is_remembered_as_no_task(
    tasks: Tasks, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = tasks(samples.SHARP + "\n\n@claim.proof()\ndef other(x: real) -> prop:\n    return relu(x) >= 0\n")
    variant, looking = every["other[mutant:flatter]"], Memory(store, Options())
    assert looking.look(variant) is None
    looking.keep()
    forbid(monkeypatch)
    assert looking.look(variant) is None
    with pytest.raises(AssertionError, match="a statement was read"):
        looking.look(every["below[mutant:flatter]"])


# --------------------------------------------------------------------------------------------- the module and its data

READING = """
import json
from pathlib import Path

slope = claim.parameter("slope", json.loads(Path(__file__).with_name("slope.json").read_text()), "the slope")


@claim.proof()
def below(x: real) -> prop:
    assume(x >= 0)
    return relu(x) <= slope * x


claim.mutant("flatter", {slope: "3/4"})
"""


@pytest.mark.parametrize("edited", [None, "one.py", "slope.json"])
def test_an_edited_module_or_file_of_data_is_another_place(tmp_path: Path, edited: str | None) -> None:
    """Each folder is a package of the same name and text; only what is edited differs."""
    found = []
    for number in range(2):
        folder = samples.folder(tmp_path / f"side{number}" / "pack", __init__="", one=samples.text("one", READING))
        (folder / "slope.json").write_text('"1"')
        if edited and number:
            file = folder / edited
            file.write_text(file.read_text().replace('"1"', '"2"').replace("<= slope", "< slope"))
        samples.forget("pack")
        (listed,) = collect([folder / "one.py"]).claims
        found.append(Task.of(listed, listed.claim.obligations["below"]).place(Options()))
    assert (found[0] == found[1]) is (edited is None)


def test_a_report_says_how_its_certificates_came_to_count(tmp_path: Path) -> None:
    catalog = collect([samples.folder(tmp_path / "claims", one=samples.text("one"))])
    (listed,) = catalog.claims
    task = Task.of(listed, listed.claim.obligations["nonnegative"])
    mutant = Task.of(listed, listed.claim.obligations["nonnegative"], "mutant:positive", task)
    with Store.open(tmp_path / "store") as store:
        for one, answer in ((task, proved(task, x="1")), (mutant, {"certificates": [counterexample(mutant, x="0")]})):
            judged = judge(one, {"tried": {}, **answer})
            store.put(one.key(Options()), judged.evidence.to_json(), judged.blobs)
    told = [
        recalled(catalog, catalog.claims, tmp_path / "store", recheck=recheck).deciding.in_words()
        for recheck in (False, False, True)
    ]
    sealed = "3 decided by this installation when they were stored (sealed; --recheck decides them again)"
    assert told == ["3 decided again for this report", sealed, "3 decided again for this report"]


def test_a_counterexample_is_told_in_the_order_of_the_statement_whoever_wrote_it_down(tasks: Tasks) -> None:
    """What an engine sends and what the store returns, sorted, give the same words, and so the same seal."""
    body = """
@arbitrary
def c() -> real: ...


@arbitrary
def b() -> real: ...


@claim.proof()
def below(x: real, a: real) -> prop:
    return x + a <= b() + c()
"""
    task = tasks(body)["below"]
    tables = {name: {"values": [], "default": "0"} for name in ("b", "c")}
    said = set()
    for turned in (False, True):
        document = counterexample(task, **({"a": "1", "x": "0"} if turned else {"x": "0", "a": "1"}))
        document["witness"]["parameters"] = dict(sorted(tables.items(), reverse=turned))
        said.add(judge(task, {"tried": {}, "certificates": [document]}).evidence.reason)
    assert len(said) == 1
    assert next(iter(said)).startswith("false at x = 0, a = 1, ")
