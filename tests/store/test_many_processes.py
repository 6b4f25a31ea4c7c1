r"""One process writes, others read; a second writer waits, and then says so."""

from __future__ import annotations

import os
import random
import select
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.store import pieces
from tests.store.test_killed import ROOT
from verify.errors import StoreError
from verify.store import Store, address, schema
from verify.store.files import locked


def test_a_reader_sees_only_whole_evidence_while_another_process_writes(disk_folder: Path) -> None:
    command = [sys.executable, "-m", "tests.store.writer", str(disk_folder), "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        assert select.select([process.stdout], [], [], 20)[0], "the writer does not write"
        source, said, counts, deadline = random.Random("reader"), 0, [], time.monotonic() + 2
        while time.monotonic() < deadline:
            while select.select([process.stdout], [], [], 0)[0]:
                said = int(process.stdout.readline())
            with Store.open(disk_folder, report=pytest.fail) as reader:
                for number in (*source.choices(range(said + 1), k=5), said):
                    assert pieces.assert_complete(reader, number)
                pieces.assert_complete(reader, said + 1)
                counts.append(reader.statistics().evidence)
                (run,) = reader.runs()
                assert len(reader.results(run.id)) >= said
        process.send_signal(signal.SIGKILL)
    assert counts == sorted(counts) and len(set(counts)) > 5


def test_one_reader_sees_what_is_written_after_it_was_opened(folder: Path) -> None:
    with Store.open(folder) as writer, Store.open(folder, report=pytest.fail) as reader:
        for number in range(10):
            assert reader.get(pieces.key(number)) is None
            pieces.put(writer, number)
            assert pieces.assert_complete(reader, number)


def test_a_second_writer_waits_for_the_first(disk_folder: Path, tmp_path: Path) -> None:
    def write(first: int) -> None:
        with Store.open(disk_folder, report=pytest.fail) as store:
            run = store.start_run({})
            for number in range(first, first + 25):
                pieces.put(store, number)
                store.record(run, "task", pieces.key(number), {"n": number}, cached=False, seconds=1)
            store.finish_run(run)

    both = [pieces.fork(lambda first=first: write(first), tmp_path / "trouble") for first in (0, 15, 50)]  # type: ignore[misc]
    for process in both:
        assert os.waitpid(process, 0)[1] == 0, (tmp_path / "trouble").read_text()
    with Store.open(disk_folder, report=pytest.fail) as store:
        assert all(pieces.assert_complete(store, number) for number in (*range(40), *range(50, 75)))
        assert {run.status for run in store.runs()} == {"finished"} and len(store.runs()) == 3


def test_a_second_writer_that_waits_in_vain_says_so(folder: Path) -> None:
    with Store.open(folder) as first, Store.open(folder, patience=0.1) as second:
        pieces.put(first, 1)
        with first._database.writing():
            started = time.monotonic()
            with pytest.raises(StoreError, match=r"is in use: another process has been writing to it for 0\.1 s"):
                pieces.put(second, 2)
            assert 0.1 <= time.monotonic() - started < 2
            assert pieces.assert_complete(second, 1)  # to read is still possible
            Store.open(folder, patience=0.1).close()  # and so is to open
        pieces.put(second, 2)
        assert pieces.assert_complete(first, 2)


def test_who_opens_waits_for_another_who_opens(folder: Path) -> None:
    Store.open(folder).close()
    with locked(folder / "evidence.lock", 1), pytest.raises(StoreError, match="another process has been opening"):
        Store.open(folder, patience=0.1)
    Store.open(folder, patience=0.1).close()


def test_what_another_process_does_during_the_opening_is_not_taken_for_damage(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Store.open(folder).close()
    check_trees = schema.check_trees

    def check_and_interfere(connection: sqlite3.Connection) -> None:
        check_trees(connection)
        other = sqlite3.connect(folder / "evidence.sqlite", isolation_level=None)
        other.execute("DROP TABLE results")
        other.close()

    monkeypatch.setattr(schema, "check_trees", check_and_interfere)
    Store.open(folder, report=pytest.fail).close()


def test_many_processes_may_begin_one_store_at_once(folder: Path, tmp_path: Path) -> None:
    for round in range(8):
        place = folder.with_name(f"round {round}")

        def begin(number: int, place: Path = place) -> None:
            with Store.open(place, report=pytest.fail) as store:
                pieces.put(store, number)

        processes = [
            pieces.fork(lambda number=number: begin(number), tmp_path / "trouble")  # type: ignore[misc]
            for number in range(6)
        ]
        for process in processes:
            assert os.waitpid(process, 0)[1] == 0, (tmp_path / "trouble").read_text()
        with Store.open(place, report=pytest.fail) as store:
            assert all(pieces.assert_complete(store, number) for number in range(6))


def test_many_processes_may_find_one_store_damaged(folder: Path, tmp_path: Path) -> None:
    for round in range(8):
        place = folder.with_name(f"round {round}")
        place.mkdir()
        (place / "evidence.sqlite").write_bytes(b"damage" * 1000)

        def begin(number: int, place: Path = place) -> None:
            with Store.open(place, report=lambda message: None) as store:
                pieces.put(store, number)

        processes = [
            pieces.fork(lambda number=number: begin(number), tmp_path / "trouble")  # type: ignore[misc]
            for number in range(4)
        ]
        for process in processes:
            assert os.waitpid(process, 0)[1] == 0, (tmp_path / "trouble").read_text()
        with Store.open(place, report=pytest.fail) as store:
            assert all(pieces.assert_complete(store, number) for number in range(4))
        assert len(list(place.glob("*.corrupt-*"))) == 1


def test_a_blob_is_not_pruned_between_its_writing_and_its_evidence(folder: Path, tmp_path: Path) -> None:
    """One process puts evidence with a blob that the other's pruning would like to delete."""
    blob = b"wanted and unwanted"

    def prune() -> None:
        with Store.open(folder) as store:
            for _ in range(60):
                store.prune(keep_runs=1)

    with Store.open(folder, report=pytest.fail) as store:
        run = store.start_run({})
        process = pieces.fork(prune, tmp_path / "trouble")
        for number in range(60):
            store.put(pieces.key(number), {"n": number}, [blob])
            assert store.get(pieces.key(number)) == {"n": number}
            store.record(run, f"task {number}", pieces.key(number), {}, cached=False, seconds=1)
            assert store.blob(address(blob)) == blob
        assert os.waitpid(process, 0)[1] == 0, (tmp_path / "trouble").read_text()
        store.finish_run(run)
        store.prune(keep_runs=1)
        assert all(store.get(pieces.key(number)) == {"n": number} for number in range(60))
