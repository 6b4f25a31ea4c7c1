r"""A process may be killed at any instant: the store opens again, and what it returns is complete and true."""

from __future__ import annotations

import os
import random
import select
import signal
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


def steps(name: str, folder: Path, trouble: Path) -> int:
    """How many there were, each of which a kill came before (``tests.store.killing``)."""
    command = [sys.executable, "-m", "tests.store.killing", name, str(folder), str(trouble)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def test_a_kill_before_any_step_of_a_new_store_leaves_one_that_opens(folder: Path, tmp_path: Path) -> None:
    assert steps("new", folder, tmp_path / "trouble") > 150


def test_a_kill_before_any_step_of_a_used_store_leaves_one_that_opens(folder: Path, tmp_path: Path) -> None:
    assert steps("used", folder, tmp_path / "trouble") > 100


def test_a_kill_while_a_damaged_database_is_set_aside_loses_no_file(folder: Path, tmp_path: Path) -> None:
    assert steps("damaged", folder, tmp_path / "trouble") > 20


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
