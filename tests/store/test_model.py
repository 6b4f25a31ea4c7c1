r"""The store against a model of dictionaries: any order of calls, with closing and opening in between."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.store.pieces import memory
from verify.store import PruneReport, Store, address, digest

KEYS = [digest(number) for number in range(6)]
BLOBS = [b"", b"one", b"two" * 1000, b"three", b"four"]
TASKS = ["a", "b", "c\u00e9"]

keys, tasks, numbers = st.sampled_from(KEYS), st.sampled_from(TASKS), st.integers(0, 9)


class StoreMachine(RuleBasedStateMachine):
    """Evidence with its blobs, blobs on disk, and runs with their results, as the store should have them."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="verify-store-model-", dir=memory()))
        self.reports: list[str] = []
        self.evidence: dict[str, tuple[Any, list[bytes]]] = {}
        self.blobs: set[bytes] = set()
        self.runs: dict[str, str] = {}
        self.results: dict[str, dict[str, tuple[str, Any]]] = {}
        self.store = Store.open(self.folder, report=self.reports.append)

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)
        assert self.reports == []

    @rule(key=keys, number=numbers, blobs=st.lists(st.sampled_from(BLOBS), max_size=3))
    def put(self, key: str, number: int, blobs: list[bytes]) -> None:
        self.store.put(key, {"number": number}, blobs)
        self.evidence[key] = ({"number": number}, blobs)
        self.blobs |= set(blobs)

    @rule()
    def open_again(self) -> None:
        self.store.close()
        self.store = Store.open(self.folder, report=self.reports.append)

    @rule()
    def start(self) -> None:
        run = self.store.start_run({"count": len(self.runs)})
        assert all(run > other for other in self.runs)
        self.runs[run], self.results[run] = "running", {}

    @precondition(lambda self: "running" in self.runs.values())
    @rule(data=st.data(), task=tasks, key=keys, number=numbers)
    def record(self, data: Any, task: str, key: str, number: int) -> None:
        run = data.draw(st.sampled_from([run for run, status in self.runs.items() if status == "running"]))
        self.store.record(run, task, key, {"number": number}, cached=False, seconds=number)
        self.results[run][task] = (key, {"number": number})

    @precondition(lambda self: "running" in self.runs.values())
    @rule(data=st.data(), status=st.sampled_from(["finished", "finished", "interrupted"]))
    def finish(self, data: Any, status: str) -> None:
        run = data.draw(st.sampled_from([run for run, status in self.runs.items() if status == "running"]))
        self.store.finish_run(run, status)
        self.runs[run] = status

    @rule(keep=st.integers(0, 4))
    def prune(self, keep: int) -> None:
        running = [run for run, status in self.runs.items() if status == "running"]
        kept = set(sorted(self.runs)[max(len(self.runs) - keep, 0) :]) | set(running)
        before = len(self.runs), len(self.evidence), len(self.blobs)
        self.runs = {run: status for run, status in self.runs.items() if run in kept}
        self.results = {run: results for run, results in self.results.items() if run in kept}
        if not running:
            used = {key for results in self.results.values() for key, _ in results.values()}
            self.evidence = {key: entry for key, entry in self.evidence.items() if key in used}
        self.blobs = {blob for _, blobs in self.evidence.values() for blob in blobs}
        report = self.store.prune(keep_runs=keep)
        runs, evidence, blobs = (
            b - len(after) for b, after in zip(before, (self.runs, self.evidence, self.blobs), strict=True)
        )
        assert report == PruneReport(runs, evidence, blobs, report.blob_bytes, tuple(sorted(running)))
        exports = {path.stem for path in (self.folder / "runs").glob("*")}
        assert exports == {run for run, status in self.runs.items() if status != "running"}

    @invariant()
    def the_evidence_agrees(self) -> None:
        for key in KEYS:
            evidence, blobs = self.evidence.get(key, (None, []))
            assert self.store.get(key) == evidence
            assert self.store.references(key) == tuple(map(address, blobs))
        for blob in BLOBS:
            assert self.store.blob(address(blob)) == (blob if blob in self.blobs else None)

    @invariant()
    def the_runs_agree(self) -> None:
        assert [(run.id, run.status) for run in self.store.runs()] == sorted(self.runs.items())
        for run, results in self.results.items():
            found = {result.task: (result.key, result.summary) for result in self.store.results(run)}
            assert found == results and list(found) == sorted(found)
        for task in TASKS:
            history = [(result.run, result.summary) for result in self.store.history(task)]
            told = [(run, self.results[run][task][1]) for run in sorted(self.runs) if task in self.results[run]]
            assert history == told[::-1]
        finished = [run for run, status in sorted(self.runs.items()) if status == "finished"]
        assert self.store.latest() == (finished[-1] if finished else None)

    @invariant()
    def the_counts_agree(self) -> None:
        counted = self.store.statistics()
        assert (counted.evidence, counted.runs, counted.blobs) == (len(self.evidence), len(self.runs), len(self.blobs))
        assert counted.results == sum(map(len, self.results.values()))


TestStoreMachine = StoreMachine.TestCase
TestStoreMachine.settings = settings(
    max_examples=30, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
