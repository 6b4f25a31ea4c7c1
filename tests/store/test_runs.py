r"""Runs, their results, their history, and the file that two runs are compared by."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store import pieces
from tests.store.test_round_trips import objects, same
from verify.errors import StoreError
from verify.store import Result, Store, digest
from verify.store import store as module

KEY = digest("a key")


def filled(store: Store, results: dict[str, Any], *, seconds: float = 1.0, cached: bool = False) -> str:
    run = store.start_run({"python": "3.11"})
    for task, summary in results.items():
        store.record(run, task, KEY, summary, cached=cached, seconds=seconds)
    store.finish_run(run)
    return run


def export(store: Store, run: str) -> bytes:
    return (store.folder / "runs" / f"{run}.json").read_bytes()


def test_a_run_is_running_until_it_is_finished(store: Store) -> None:
    run = store.start_run({"options": {"jobs": 2}})
    (started,) = store.runs()
    assert (started.id, started.status, started.finished) == (run, "running", None)
    assert started.metadata == {"options": {"jobs": 2}}
    assert store.latest() is None and store.latest(status=None) == run
    store.record(run, "claim::b", KEY, {"outcome": "holds"}, cached=False, seconds=1.5)
    store.record(run, "claim::a", KEY, {"outcome": "refuted"}, cached=True, seconds=0)
    store.finish_run(run)
    (ended,) = store.runs()
    assert (ended.status, ended.started) == ("finished", started.started)
    assert ended.finished is not None and ended.finished >= ended.started
    assert store.results(run) == [
        Result(run, "claim::a", KEY, {"outcome": "refuted"}, True, 0.0),
        Result(run, "claim::b", KEY, {"outcome": "holds"}, False, 1.5),
    ]
    assert store.latest() == run


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    task=st.text(),
    metadata=objects,
    summary=objects,
    cached=st.booleans(),
    seconds=st.floats(min_value=0, allow_nan=False, allow_infinity=False),
)
def test_results_come_back_as_they_were(
    store: Store, task: str, metadata: Any, summary: Any, cached: bool, seconds: float
) -> None:
    run = store.start_run(metadata)
    store.record(run, task, KEY, summary, cached=cached, seconds=seconds)
    (result,) = store.results(run)
    assert (result.task, result.cached, result.seconds) == (task, cached, seconds)
    assert same(result.summary, summary)
    assert store.history(task, 1) == [result]
    assert same(store.runs()[-1].metadata, metadata)


def test_the_last_word_on_a_task_counts(store: Store) -> None:
    run = store.start_run({})
    for outcome in ("undecided", "holds"):
        store.record(run, "task", KEY, {"outcome": outcome}, cached=False, seconds=1)
    assert [result.summary for result in store.results(run)] == [{"outcome": "holds"}]


def test_an_unknown_run_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="knows no run 2020"):
        store.record("2020", "task", KEY, {}, cached=False, seconds=1)
    with pytest.raises(StoreError, match="knows no run 2020"):
        store.finish_run("2020")
    with pytest.raises(StoreError, match="not as running"):
        store.finish_run(store.start_run({}), "running")


def test_nothing_is_added_to_a_finished_run(store: Store) -> None:
    run = filled(store, {"task": {}})
    with pytest.raises(StoreError, match="is finished"):
        store.record(run, "late", KEY, {}, cached=False, seconds=1)


def test_a_result_does_not_need_evidence_because_errors_have_none(store: Store) -> None:
    run = filled(store, {"task": {"outcome": "error"}})
    assert store.results(run)[0].key == KEY and store.get(KEY) is None


def test_the_history_of_a_task_is_newest_first_and_limited(store: Store) -> None:
    runs = [filled(store, {"task": {"n": n}, "other": {}}) for n in range(6)]
    assert [result.summary["n"] for result in store.history("task")] == [5, 4, 3, 2, 1, 0]
    assert [result.run for result in store.history("task", limit=2)] == [runs[5], runs[4]]
    assert store.history("task", limit=0) == store.history("task", limit=-3) == []


def test_the_latest_run_before_another_is_the_finished_one(store: Store) -> None:
    first = filled(store, {})
    store.finish_run(store.start_run({}), "interrupted")
    third = filled(store, {})
    running = store.start_run({})
    assert store.latest() == third
    assert store.latest(before=third) == first
    assert store.latest(before=first) is None
    assert store.latest(status=None) == running


def test_ids_sort_in_the_order_of_the_starts(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock(datetime):
        shift = timedelta(0)

        @classmethod
        def now(cls, zone: Any = None) -> Any:
            return datetime(2026, 7, 28, 12, tzinfo=UTC) + cls.shift

    monkeypatch.setattr(module, "datetime", Clock)
    started = []
    for hours in (0, 0, 0, 5, -5, -5, 6):  # the clock stands still, and is set back
        Clock.shift = timedelta(hours=hours)
        started.append(store.start_run({}))
        store.finish_run(started[-1])
    assert started == sorted(set(started))
    assert [run.id for run in store.runs()] == started
    assert started[0].startswith("20260728-120000-000000-")


def test_equal_results_make_equal_bytes(tmp_path: Path) -> None:
    results = {f"task {n}": {"outcome": "holds", "bound": "1/3", "x": 0.1 * n} for n in range(20)}
    with Store.open(tmp_path / "a") as a, Store.open(tmp_path / "b") as b:
        first = filled(a, results, seconds=1.0, cached=False)
        again = filled(a, results, seconds=0.0, cached=True)
        other = filled(b, dict(reversed(results.items())), seconds=2.0)
        assert export(a, first) == export(a, again) == export(b, other)
        changed = filled(b, results | {"task 3": {"outcome": "refuted"}})
        assert export(b, changed) != export(b, other)


def test_the_file_of_a_run_is_sorted_json(store: Store) -> None:
    run = filled(store, {"b": {"z": 1, "a": "é"}, "a": {}})
    text = export(store, run).decode("ascii")
    content = json.loads(text)
    assert text == json.dumps(content, indent=2, sort_keys=True) + "\n"
    assert list(content["results"]) == ["a", "b"]
    assert content["status"] == "finished" and content["metadata"] == {"python": "3.11"}
    assert content["results"]["b"] == {"evidence": KEY, "summary": {"a": "é", "z": 1}}


def test_a_run_whose_process_died_is_interrupted_when_the_next_one_starts(folder: Path, tmp_path: Path) -> None:
    def dying() -> None:
        store = Store.open(folder)
        store.record(store.start_run({}), "task", KEY, {}, cached=False, seconds=1)

    pieces.in_child(dying, tmp_path / "trouble")
    with Store.open(folder) as store:
        assert [run.status for run in store.runs()] == ["running"]
        living = store.start_run({})
        store.start_run({})  # of the same process, which lives
        dead = store.runs()[0]
        assert [run.status for run in store.runs()] == ["interrupted", "running", "running"]
        assert json.loads(export(store, dead.id))["status"] == "interrupted"
        store.finish_run(living)


def test_a_run_on_another_machine_is_given_a_week(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "elsewhere")
    run = store.start_run({})
    monkeypatch.undo()
    store.start_run({})
    assert store.runs()[0].status == "running"
    monkeypatch.setattr(module, "ABANDONED", timedelta(0))
    store.start_run({})
    assert store.runs()[0].status == "interrupted"
    store.record(run, "task", KEY, {}, cached=False, seconds=1)  # it lived after all
    store.finish_run(run)
    assert store.runs()[0].status == "finished"


def test_a_process_of_another_user_is_alive(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.start_run({})

    def forbidden(process: int, signal: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "kill", forbidden)
    store.start_run({})
    assert store.runs()[0].status == "running"


def test_the_tables_can_be_read_with_any_sqlite(store: Store, folder: Path) -> None:
    filled(store, {"task": {"outcome": "holds"}})
    connection = sqlite3.connect(folder / "evidence.sqlite")
    assert connection.execute("SELECT task, summary FROM results").fetchall() == [("task", '{"outcome":"holds"}')]
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA user_version").fetchone() == (2,)
    assert connection.execute("SELECT value FROM meta").fetchone() == ("2",)
    connection.close()
