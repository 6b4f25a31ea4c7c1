r"""Sessions: what is remembered, what is tried again, and what an unruly task or store can do."""

from __future__ import annotations

import platform
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import samples
from verify.errors import StoreError
from verify.session.session import Result, Session
from verify.session.tasks import Options, Task
from verify.store import Store
from verify.verdict import Evidence, Outcome, Role, Scope, Strength

pytestmark = pytest.mark.usefixtures("one_server")

Json = Any
Tasks = Callable[..., dict[str, Task]]


@pytest.fixture(autouse=True)
def few_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tasks need little; what is not imported beforehand is imported by the task."""
    monkeypatch.setattr("verify.session.session.PRELOAD", ("z3",))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store") as opened:
        yield opened


def run(task: Task, store: Store | None, **options: float) -> Result:
    with Session(Options(**options), store=store) as session:  # type: ignore[arg-type]
        return session.submit(task).result()


PROBE = """
from pathlib import Path


@claim.computation()
def probe() -> bool:
    {body}
"""


def computing(tasks: Tasks, body: str) -> Task:
    return tasks(PROBE.format(body=body))["probe"]


# ------------------------------------------------------------------------------------------------- remembering


def test_what_was_found_is_not_searched_again(tasks: Tasks, store: Store) -> None:
    task = tasks()["nonnegative"]
    first, second = run(task, store), run(task, store)
    assert (first.cached, second.cached) == (False, True)
    assert second.evidence == first.evidence
    assert second.evidence.strength is Strength.CERTIFIED


def test_another_statement_is_another_task(tasks: Tasks, store: Store) -> None:
    run(tasks(name="one")["nonnegative"], store)
    changed = tasks(samples.TRUE.replace("relu(x) >= 0", "relu(x) >= -1"), name="one-more")["nonnegative"]
    assert not run(changed, store).cached


def test_another_seed_is_another_task(tasks: Tasks) -> None:
    task = tasks()["nonnegative"]
    assert task.key(Options(seed=0)) != task.key(Options(seed=1))
    assert task.key(Options(seconds=1)) == task.key(Options(seconds=2))


def forge(store: Store, task: Task, change: Callable[[Json], Json]) -> None:
    """Rewrite the evidence of a task with all seals intact, as somebody could who knows the store."""
    key = task.key(Options())
    blobs = [store.blob(sha256) for sha256 in store.references(key)]
    store.put(key, change(store.get(key)), [blob for blob in blobs if blob is not None])


FORGERIES: dict[str, Callable[[Json], Json]] = {
    "no certificate behind it": lambda e: e | {"certificates": []},
    "a proof of a false theorem": lambda e: (
        e | {"outcome": "holds", "strength": "certified", "scope": "all", "detail": {}}
    ),
    "only the point": lambda e: e | {"certificates": [c for c in e["certificates"] if c["kind"] == "instance"]},
    "a certificate that is not there": lambda e: (
        e | {"certificates": [c | {"sha256": "0" * 64} for c in e["certificates"]]}
    ),
}


@pytest.mark.parametrize("name", FORGERIES)
@pytest.mark.parametrize("body", [samples.TRUE, samples.FALSE], ids=["true", "false"])
def test_a_forged_store_establishes_nothing(tasks: Tasks, store: Store, name: str, body: str) -> None:
    task = next(iter(tasks(body).values()))
    honest = run(task, store)
    forge(store, task, FORGERIES[name])
    again = run(task, store)
    assert again.evidence.outcome is honest.evidence.outcome
    assert again.evidence.strength is honest.evidence.strength


def test_a_certificate_that_was_exchanged_in_the_store_is_found_again(tasks: Tasks, tmp_path: Path) -> None:
    task = tasks()["nonnegative"]
    with Store.open(tmp_path / "store") as store:
        first = run(task, store)
    blobs = [path for path in (tmp_path / "store" / "blobs").rglob("*") if path.is_file()]
    assert blobs
    for blob in blobs:
        blob.chmod(0o600)
        blob.write_bytes(b"{}")
    with Store.open(tmp_path / "store", report=lambda sentence: None) as store:
        again = run(task, store)
    assert (again.cached, again.evidence.strength) == (False, first.evidence.strength)


def test_undecided_is_tried_again_only_with_more_time(tasks: Tasks, store: Store) -> None:
    task = tasks(samples.VACUOUS)["anything"]
    assert run(task, store, seconds=20).evidence.outcome is Outcome.UNDECIDED
    assert run(task, store, seconds=10).cached
    assert not run(task, store, seconds=30).cached


def test_an_error_is_never_kept(tasks: Tasks, store: Store) -> None:
    task = computing(tasks, "raise RuntimeError('a defect')")
    for _ in range(2):
        found = run(task, store)
        assert (found.evidence.outcome, found.cached) == (Outcome.ERROR, False)
        assert "a defect" in found.evidence.detail["worker"]


def test_a_run_in_the_store_lists_what_was_found(tasks: Tasks, store: Store) -> None:
    with Session(Options(), store=store) as session:
        session.begin({"by": "a test"})
        found = list(session.results(tasks().values()))
    latest = store.latest()
    assert latest is not None
    recorded = {r.task: r.summary["outcome"] for r in store.results(latest)}
    assert recorded == {r.task.id: r.evidence.outcome.value for r in found}
    metadata = next(entry.metadata for entry in store.runs() if entry.id == latest)
    assert metadata["platform"] == platform.platform() and metadata["versions"]["python"] == platform.python_version()


# ---------------------------------------------------------------------------------------------- unruly tasks


@pytest.mark.parametrize(
    ("body", "outcome", "words"),
    [
        ("import os; os._exit(3)", Outcome.ERROR, "exit code 3"),
        ("import os; os.kill(os.getpid(), 11)", Outcome.ERROR, "SIGSEGV"),
        ("raise KeyError('x')", Outcome.ERROR, "KeyError"),
        ("return float('nan')", Outcome.ERROR, "must return True or False"),
        ("return None", Outcome.ERROR, "must return True or False"),
        ("return [0] * 10**11 == 0", Outcome.UNDECIDED, "memory"),
    ],
)
def test_a_task_that_breaks_is_reported_and_nothing_else_breaks(
    tasks: Tasks, body: str, outcome: Outcome, words: str
) -> None:
    found = run(computing(tasks, body), None)
    assert found.evidence.outcome is outcome
    assert words in found.evidence.reason
    assert found.evidence.strength is None


def test_a_task_that_never_ends_is_stopped(tasks: Tasks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verify.session.session.GRACE", 0.5)
    found = run(computing(tasks, "while True: pass"), None, seconds=0.5)
    assert found.evidence.outcome is Outcome.UNDECIDED
    assert "timeout" in found.evidence.reason


def test_what_an_author_cannot_have_meant_is_an_error_at_his_line(tasks: Tasks) -> None:
    task = tasks(samples.BROKEN)["misspelt"]
    found = run(task, None)
    assert found.evidence.outcome is Outcome.ERROR
    assert f"{task.claim.place.file}:" in found.evidence.reason
    assert "reluu is unknown here" in found.evidence.reason


# ---------------------------------------------------------------------------------------------- unruly stores


def test_a_full_disk_ends_the_writing_and_not_the_run(
    tasks: Tasks, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: object) -> None:
        raise StoreError("no space left on device")

    monkeypatch.setattr(Store, "put", full)
    with Session(Options(), store=store) as session:
        session.begin({})
        found = list(session.results(tasks().values()))
        assert session.problem == "no space left on device"
    assert [r.evidence.outcome for r in found] == [Outcome.HOLDS, Outcome.REFUTED]


def test_an_interrupted_run_leaves_a_store_that_can_be_read(tmp_path: Path) -> None:
    slow = PROBE.format(body="import time; time.sleep(60); return True")
    folder = samples.folder(tmp_path / "claims", a=samples.text("quick"), z=samples.text("slow", slow))
    command = [sys.executable, "-m", "verify", "run", str(folder), "--store", str(tmp_path / "store"), "--jobs", "2"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not list((tmp_path / "store").glob("blobs/*/*")):
        time.sleep(0.1)
    time.sleep(1)  # between the certificate and the evidence that names it, an interrupt would leave an empty run
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130, said
    assert "interrupted" in said
    with Store.open(tmp_path / "store") as store:
        latest = store.latest(status="interrupted")
        assert latest is not None
        assert {r.task.partition("::")[0] for r in store.results(latest)} == {"quick"}
    assert "Traceback" not in said


def test_evidence_of_a_test_is_what_the_verdict_says(tasks: Tasks) -> None:
    """The summary that the history keeps holds what decides a verdict."""
    evidence = Evidence(Role.PROOF, Outcome.HOLDS, "r", Strength.CERTIFIED, Scope.ALL, engine="e")
    summary = Result(tasks()["nonnegative"], evidence).summary()
    assert (summary["outcome"], summary["strength"], summary["scope"]) == ("holds", "certified", "all")
