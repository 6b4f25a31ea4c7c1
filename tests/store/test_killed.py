r"""A process may be killed at any instant: the store opens again, and what it returns is complete and true."""

from __future__ import annotations

import os
import random
import select
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.store import pieces
from verify.store import Store

ROOT = Path(__file__).parents[2]
STEPS = ("open", "write", "fsync", "replace", "mkdir", "unlink", "close")


def write_and_kill(folder: Path, first: int, source: random.Random) -> list[int]:
    """Let a writer run for a random moment; the pieces that it said it stored."""
    command = [sys.executable, "-m", "tests.store.writer", str(folder), str(first)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        if source.random() < 0.2:
            time.sleep(source.uniform(0, 0.15))  # while it starts
        else:
            assert select.select([process.stdout], [], [], 20)[0], "the writer does not write"
            time.sleep(source.uniform(0, 0.04))
        process.send_signal(signal.SIGKILL)
        said = process.stdout.read()
    assert process.returncode == -signal.SIGKILL
    return [int(line) for line in said.splitlines(keepends=True) if line.endswith(b"\n")]


def check(folder: Path, acknowledged: set[int], possible: int) -> set[int]:
    """The pieces in the store; all that were acknowledged are among them, and nothing is there that was not written."""
    reports: list[str] = []
    with Store.open(folder, report=reports.append) as store:
        found = {number for number in range(possible) if pieces.assert_complete(store, number)}
        assert acknowledged <= found
        assert store.statistics().evidence == len(found)
        for run in store.runs():
            for result in store.results(run.id):
                assert result.summary["n"] in found and result.key == pieces.key(result.summary["n"])
    assert reports == []
    return found


@pytest.mark.parametrize("seed", range(4))
def test_a_writer_killed_ten_times_leaves_a_store_without_a_gap_and_without_an_invention(
    disk_folder: Path, seed: int
) -> None:
    source, acknowledged, found = random.Random(f"kill {seed}"), set[int](), set[int]()
    for _ in range(10):
        first = max(found, default=-1) + 1
        said = write_and_kill(disk_folder, first, source)
        assert said == list(range(first, first + len(said)))
        acknowledged |= set(said)
        found = check(disk_folder, acknowledged, possible=first + len(said) + 2)
        assert len(found - acknowledged) <= 10  # at most the one under way at each kill
    assert len(found) >= 10
    with Store.open(disk_folder) as store:
        store.finish_run(store.start_run({}))
        assert {run.status for run in store.runs()} == {"interrupted", "finished"}
        store.prune(keep_runs=100)
        assert all(pieces.assert_complete(store, number) for number in acknowledged)
        assert not pieces.leftovers(disk_folder)


class Countdown:
    """Kills this process before its n-th call of the operating system's file functions or statement of SQL."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def step(self, *_: object) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any, **options: Any) -> Any:
            self.step()
            return function(*arguments, **options)

        return counted

    def start(self) -> None:
        for name in STEPS:
            setattr(os, name, self.around(getattr(os, name)))
        connect: Callable[..., sqlite3.Connection] = sqlite3.connect

        def traced(*arguments: Any, **options: Any) -> sqlite3.Connection:
            connection = connect(*arguments, **options)
            connection.set_trace_callback(self.step)
            return connection

        sqlite3.connect = traced  # type: ignore[assignment]


def life_of_a_store(folder: Path) -> None:
    """Everything a store does, once."""
    with Store.open(folder, report=lambda message: None) as store:
        run = store.start_run({})
        for number in (1, 2, 7):
            pieces.put(store, number)
            store.record(run, f"piece {number}", pieces.key(number), {"n": number}, cached=False, seconds=0)
        store.finish_run(run)
        store.put(pieces.key(0), {"superseded": True}, [b"superseded"])
        pieces.put(store, 0)
        second = store.start_run({})
        store.record(second, "piece 2", pieces.key(2), {"n": 2}, cached=True, seconds=0)
        store.finish_run(second)
        store.prune(keep_runs=1)


def steps_until_done(action: Callable[[], None], trouble: Path, check: Callable[[], None]) -> int:
    """Run an action again and again, killed one step later each time, with a check after each."""
    for steps in range(1, 2000):

        def die(steps: int = steps) -> None:
            Countdown(steps).start()
            action()

        _, status = os.waitpid(pieces.fork(die, trouble), 0)
        check()
        if status == 0:
            return steps
        assert os.WIFSIGNALED(status), trouble.read_text()
    raise AssertionError("the action never ends")


def test_a_kill_before_any_step_of_a_new_store_leaves_one_that_opens(folder: Path, tmp_path: Path) -> None:
    def check_and_remove() -> None:
        check_life(folder)
        shutil.rmtree(folder)

    assert steps_until_done(lambda: life_of_a_store(folder), tmp_path / "trouble", check_and_remove) > 150


def test_a_kill_before_any_step_of_a_used_store_leaves_one_that_opens(folder: Path, tmp_path: Path) -> None:
    before = tmp_path / "before"
    life_of_a_store(before)
    shutil.copytree(before, folder)

    def check_and_restore() -> None:
        check_life(folder)
        with Store.open(folder) as store:
            assert pieces.assert_complete(store, 2)
        shutil.rmtree(folder)
        shutil.copytree(before, folder)

    assert steps_until_done(lambda: life_of_a_store(folder), tmp_path / "trouble", check_and_restore) > 100


def check_life(folder: Path) -> None:
    reports: list[str] = []
    with Store.open(folder, report=reports.append) as store:
        for number in (1, 2, 7):
            pieces.assert_complete(store, number)
        superseded = store.get(pieces.key(0))
        if superseded != {"superseded": True}:
            pieces.assert_complete(store, 0)
        for run in store.runs():
            for result in store.results(run.id):
                assert result.key == pieces.key(result.summary["n"])
                assert pieces.assert_complete(store, result.summary["n"])
    assert reports == []


def test_a_kill_while_a_damaged_database_is_set_aside_loses_no_file(folder: Path, tmp_path: Path) -> None:
    original = b"not a database " * 1000

    def prepare() -> None:
        for path in folder.glob("evidence.sqlite*"):
            path.unlink()
        folder.mkdir(exist_ok=True)
        (folder / "evidence.sqlite").write_bytes(original)
        (folder / "evidence.sqlite-wal").write_bytes(b"log")

    def check() -> None:
        with Store.open(folder, report=lambda message: None) as store:
            pieces.put(store, 5)
            assert pieces.assert_complete(store, 5)
        contents = [path.read_bytes() for path in folder.glob("evidence.sqlite.corrupt-*")]
        assert contents.count(original) == 1 and contents.count(b"log") <= 1
        prepare()

    prepare()
    steps = steps_until_done(
        lambda: Store.open(folder, report=lambda message: None).close(), tmp_path / "trouble", check
    )
    assert steps > 20


def test_blobs_are_on_disk_before_the_evidence_is_committed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A power cut keeps what was synced, so the order of the calls decides."""
    happened: list[str] = []
    for name in ("write", "fsync", "replace"):
        original = getattr(os, name)

        def logged(*arguments: Any, name: str = name, original: Callable[..., Any] = original) -> Any:
            happened.append(name)
            return original(*arguments)

        monkeypatch.setattr(os, name, logged)
    with store._database.reading() as connection:
        connection.set_trace_callback(lambda statement: happened.append(statement.split()[0]))
    store.put(pieces.key(0), {}, [b"one"])
    # fsync: twice after making the folders blobs and blobs/ab, once for the content, once for the name
    assert happened == ["PRAGMA", "BEGIN", "fsync", "fsync", "write", "fsync", "replace", "fsync", "INSERT", "COMMIT"]
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    happened.clear()
    store.put(pieces.key(1), {}, [b"one"])
    assert happened == ["PRAGMA", "BEGIN", "fsync", "INSERT", "COMMIT"]
