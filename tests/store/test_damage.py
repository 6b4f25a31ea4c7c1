r"""Disks rot and files are cut short: damage is told, set aside and never believed."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from collections import Counter
from pathlib import Path

import pytest

from tests.store import pieces
from verify.errors import StoreError
from verify.store import Store, address, digest

NAME = "evidence.sqlite"
COUNT = 16


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that was closed, with evidence and two runs."""
    folder = tmp_path_factory.mktemp("original") / ".verify"
    fill(folder)
    return folder


@pytest.fixture(scope="module")
def unclosed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, copied while it was open: most of it is in the write-ahead log."""
    folder = tmp_path_factory.mktemp("unclosed") / ".verify"
    fill(folder, copy=folder.with_name("copy"))
    return folder.with_name("copy")


def fill(folder: Path, copy: Path | None = None) -> None:
    with Store.open(folder) as store:
        for round in range(2):
            run = store.start_run({"round": round})
            for number in range(COUNT):
                if round == 0:
                    pieces.put(store, number)
                store.record(run, f"piece {number}", pieces.key(number), {"n": number}, cached=False, seconds=number)
            store.finish_run(run)
        if copy:
            shutil.copytree(folder, copy)


def examine(folder: Path) -> tuple[str, int]:
    """Open a store that may be damaged: how that went, and how many pieces are left.  Nothing false may be there."""
    before = {path.name: path.read_bytes() for path in folder.glob(NAME + "*")}
    reports: list[str] = []
    with Store.open(folder, report=reports.append) as store:
        aside = {path.name: path.read_bytes() for path in folder.glob("*.corrupt-*")}
        outcome = "set aside" if aside else "opened"
        if aside:
            assert any("is damaged" in report and "it is kept as" in report for report in reports)
            assert before[NAME] in aside.values()
        found = sum(pieces.assert_complete(store, number) for number in range(COUNT))
        assert not (aside and found)
        for run in store.runs():
            assert run.metadata in ({"round": 0}, {"round": 1})
            for result in store.results(run.id):
                check_result(result.task, result.key, result.summary["n"], result.seconds)
        for number in range(COUNT):
            for result in store.history(f"piece {number}"):
                check_result(result.task, result.key, result.summary["n"], result.seconds)
        pieces.put(store, COUNT)
        assert pieces.assert_complete(store, COUNT)
    return outcome, found


def check_result(task: str, key: str, number: int, seconds: float) -> None:
    assert (task, key, seconds) == (f"piece {number}", pieces.key(number), number)


def damaged_copy(original: Path, folder: Path, name: str, data: bytes) -> Path:
    if folder.exists():
        shutil.rmtree(folder)
    shutil.copytree(original, folder)
    (folder / name).write_bytes(data)
    return folder


def examine_or_refuse(folder: Path) -> tuple[str, int]:
    """In use, damage that the check at the opening did not see may come up: then an error, and never a false answer."""
    try:
        return examine(folder)
    except StoreError as problem:
        assert "damaged" in problem.message, problem.message
        return "refused later", 0


def test_a_database_cut_at_any_length_is_set_aside(original: Path, folder: Path) -> None:
    data = (original / NAME).read_bytes()
    source = random.Random("cut")
    for length in [1, 16, 99, 100, 4095, 4096, len(data) - 4096, *source.sample(range(len(data) - 4096), 25)]:
        outcome, found = examine(damaged_copy(original, folder, NAME, data[:length]))
        assert (outcome, found) == ("set aside", 0), length


def test_a_database_that_lacks_its_last_bytes_is_set_aside_or_lacks_nothing(original: Path, folder: Path) -> None:
    data = (original / NAME).read_bytes()
    for missing in (1, 2, 100, 4000):
        outcome = examine(damaged_copy(original, folder, NAME, data[:-missing]))
        assert outcome in (("set aside", 0), ("opened", COUNT)), missing


def test_an_empty_database_beside_blobs_is_reported(original: Path, folder: Path) -> None:
    damaged_copy(original, folder, NAME, b"")
    reports: list[str] = []
    with Store.open(folder, report=reports.append) as store:
        assert store.get(pieces.key(1)) is None
    assert len(reports) == 1 and "is empty although blobs lie beside it" in reports[0]


def test_a_file_that_is_no_database_is_set_aside(original: Path, folder: Path) -> None:
    source = random.Random("noise")
    for data in (b"hello", source.randbytes(5000), b"SQLite format 3\0" + source.randbytes(8000), bytes(4096)):
        assert examine(damaged_copy(original, folder, NAME, data)) == ("set aside", 0)


def test_a_database_of_another_program_is_set_aside(original: Path, folder: Path) -> None:
    for statement in ("CREATE TABLE evidence (x)", "PRAGMA user_version = 1", "CREATE TABLE meta (name, value)"):
        path = folder / NAME
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute(statement)
        connection.close()
        assert examine(folder) == ("set aside", 0)


def test_a_database_that_lacks_a_table_is_set_aside(original: Path, folder: Path) -> None:
    for statement in ("DROP TABLE results", "DROP INDEX results_by_task", "ALTER TABLE runs ADD COLUMN x"):
        damaged_copy(original, folder, NAME, (original / NAME).read_bytes())
        connection = sqlite3.connect(folder / NAME, isolation_level=None)
        connection.execute(statement)
        connection.close()
        assert examine(folder) == ("set aside", 0)


def test_a_database_whose_table_names_are_no_text_is_set_aside(original: Path, folder: Path) -> None:
    data = (original / NAME).read_bytes()
    for name in (b"evidence", b"CREATE TABLE runs", b"results_by_task"):
        position = data.index(name)
        for garbage in (b"\xfc\xff", b"\x00\x80"):
            garbled = data[:position] + garbage + data[position + 2 :]
            assert examine(damaged_copy(original, folder, NAME, garbled)) == ("set aside", 0)


def test_bytes_changed_anywhere_are_never_believed(original: Path, folder: Path) -> None:
    data = (original / NAME).read_bytes()
    outcomes: Counter[str] = Counter()
    source = random.Random("bytes")
    positions = [*range(16, 100), *source.sample(range(100, len(data)), 76)]
    for position in positions:
        garbled = bytearray(data)
        garbled[position] ^= source.randrange(1, 256)
        outcome, found = examine_or_refuse(damaged_copy(original, folder, NAME, bytes(garbled)))
        outcomes[outcome] += 1
        assert outcome != "opened" or found >= COUNT - 3, position
    assert outcomes["opened"] > 50 and outcomes["set aside"] > 20, outcomes


def test_blocks_of_noise_anywhere_are_never_believed(original: Path, folder: Path) -> None:
    data = (original / NAME).read_bytes()
    outcomes: Counter[str] = Counter()
    source = random.Random("blocks")
    for _ in range(50):
        length = source.choice((16, 512, 4096, 20_000))
        position = source.randrange(len(data) - length)
        noise = source.choice((bytes(length), source.randbytes(length)))
        garbled = data[:position] + noise + data[position + length :]
        outcomes[examine_or_refuse(damaged_copy(original, folder, NAME, garbled))[0]] += 1
    assert outcomes["set aside"] > 20, outcomes


def test_a_damaged_log_loses_its_tail_and_invents_nothing(unclosed: Path, folder: Path) -> None:
    name = NAME + "-wal"
    data = (unclosed / name).read_bytes()
    assert len(data) > 100_000
    source = random.Random("log")
    counts = set()
    for _ in range(40):
        garbled = bytearray(data)
        position = source.randrange(len(data))
        if source.random() < 0.5:
            garbled[position] ^= source.randrange(1, 256)
        else:
            del garbled[position:]
        counts.add(examine_or_refuse(damaged_copy(unclosed, folder, name, bytes(garbled)))[1])
    assert len(counts) > 5
    assert examine(damaged_copy(unclosed, folder, name, data)) == ("opened", COUNT)


def test_the_log_of_a_database_that_is_set_aside_goes_with_it(unclosed: Path, folder: Path) -> None:
    for data in (b"", b"x", b"x" * 99):
        damaged_copy(unclosed, folder, NAME, data)
        before = (folder / f"{NAME}-wal").read_bytes()
        examine(folder)
        assert [path.read_bytes() for path in folder.glob("*.corrupt-*-wal")] == [before]


def test_a_damaged_database_is_set_aside_each_time_under_another_name(original: Path, folder: Path) -> None:
    shutil.copytree(original, folder)
    for times in range(1, 4):
        (folder / NAME).write_bytes(b"broken" * 1000)
        with Store.open(folder, report=lambda message: None):
            assert len(list(folder.glob("*.corrupt-*"))) == times


def alter(folder: Path, statement: str) -> None:
    connection = sqlite3.connect(folder / NAME, isolation_level=None)
    assert connection.execute(statement).rowcount >= 1
    connection.close()


@pytest.mark.parametrize(
    "change",
    [
        "json = replace(json, 'piece', 'peace')",
        "json = '{}'",
        "json = x'ff00'",
        "blobs = '[]'",
        "blobs = 'nonsense'",
        "written = ''",
        "seal = x'00'",
        "seal = 7",
    ],
)
def test_evidence_that_was_altered_is_left_out_until_it_is_put_again(
    folder: Path, store: Store, reports: list[str], change: str
) -> None:
    for number in range(3):
        pieces.put(store, number)
    alter(folder, f"UPDATE evidence SET {change} WHERE key = '{pieces.key(1)}'")
    assert store.get(pieces.key(1)) is None
    assert store.references(pieces.key(1)) == ()
    assert reports and all(f"evidence {pieces.key(1)[:12]} is damaged" in report for report in reports)
    assert pieces.assert_complete(store, 0) and pieces.assert_complete(store, 2)
    pieces.put(store, 1)
    assert pieces.assert_complete(store, 1)


def test_altered_runs_and_results_are_left_out(folder: Path, store: Store, reports: list[str]) -> None:
    run = store.start_run({})
    for number in range(3):
        store.record(run, f"piece {number}", pieces.key(number), {"n": number}, cached=False, seconds=1)
    store.finish_run(run)
    alter(folder, "UPDATE results SET summary = '{\"n\":0}' WHERE task = 'piece 1'")
    assert [result.task for result in store.results(run)] == ["piece 0", "piece 2"]
    assert store.history("piece 1") == []
    alter(folder, "UPDATE runs SET status = 'running'")
    assert store.runs() == [] and store.latest() is None
    assert len(reports) == 4 and "a result in" in reports[0] and "a run in" in reports[-1]


def test_pruning_drops_damaged_evidence_and_keeps_the_rest(folder: Path, store: Store, reports: list[str]) -> None:
    run = store.start_run({})
    for number in range(4):
        pieces.put(store, number)
        store.record(run, f"piece {number}", pieces.key(number), {}, cached=False, seconds=1)
    store.finish_run(run)
    alter(folder, f"UPDATE evidence SET blobs = 'nonsense' WHERE key = '{pieces.key(1)}'")
    assert store.prune(keep_runs=1).evidence == 1
    assert [pieces.assert_complete(store, number) for number in range(4)] == [True, False, True, True]
    assert "is damaged" in reports[0]


def blob_path(folder: Path, blob: bytes) -> Path:
    return folder / "blobs" / address(blob)[:2] / address(blob)[2:]


def test_a_damaged_blob_is_reported_set_aside_and_never_returned(
    folder: Path, store: Store, reports: list[str]
) -> None:
    blob, key = b"certificate " * 500, digest("key")
    store.put(key, {}, [blob])
    path = blob_path(folder, blob)
    data = path.read_bytes()
    source = random.Random("blob")
    for round in range(60):
        garbled = bytearray(data)
        if round % 3 == 0:
            del garbled[source.randrange(len(data)) :]
        else:
            garbled[source.randrange(len(data))] ^= source.randrange(1, 256)
        path.write_bytes(garbled)
        reports.clear()
        if store.blob(address(blob)) is None:
            assert len(reports) == 1 and f"blob {address(blob)} is damaged" in reports[0]
            assert not path.exists() and store.get(key) is None
            assert "is missing" in reports[1]
            assert any(aside.read_bytes() == garbled for aside in path.parent.glob("*.damaged-*"))
        else:  # a byte that the decompression does not need
            assert store.blob(address(blob)) == blob
    store.put(key, {}, [blob])
    assert store.blob(address(blob)) == blob and store.get(key) == {}


def test_a_blob_with_the_content_of_another_is_damaged(folder: Path, store: Store, reports: list[str]) -> None:
    store.put(digest("key"), {}, [b"one", b"two"])
    shutil.copyfile(blob_path(folder, b"one"), blob_path(folder, b"two"))
    assert store.blob(address(b"one")) == b"one"
    assert store.blob(address(b"two")) is None
    assert "its content has another hash" in reports[0]


def test_putting_heals_a_damaged_or_missing_blob(folder: Path, store: Store) -> None:
    for damage in (lambda path: path.write_bytes(b"rubbish"), os.unlink):
        store.put(digest("key"), {}, [b"blob"])
        damage(blob_path(folder, b"blob"))
        store.put(digest("other key"), {}, [b"blob"])
        assert store.blob(address(b"blob")) == b"blob"
        assert store.get(digest("key")) == {}


def test_what_was_set_aside_is_neither_counted_nor_pruned(folder: Path, store: Store) -> None:
    store.put(digest("key"), {}, [b"blob"])
    blob_path(folder, b"blob").write_bytes(b"rubbish")
    assert store.blob(address(b"blob")) is None
    assert store.statistics().blobs == 0
    store.prune(keep_runs=0)
    assert len(list(folder.rglob("*.damaged-*"))) == 1


def test_files_that_do_not_belong_to_the_store_are_left_alone(folder: Path, store: Store) -> None:
    store.put(digest("key"), {}, [b"blob"])
    strangers = [folder / "blobs" / "README", folder / "blobs" / "ab" / "notes.txt", folder / "runs" / "notes.txt"]
    for path in strangers:
        path.parent.mkdir(exist_ok=True)
        path.write_text("mine")
    assert store.prune(keep_runs=0).blobs == 1
    assert all(path.read_text() == "mine" for path in strangers)


def test_damage_in_a_database_that_is_in_use_is_an_error_that_says_what_to_do(folder: Path, reports: list[str]) -> None:
    with Store.open(folder) as store:
        for number in range(COUNT):
            pieces.put(store, number)
    data = (folder / NAME).read_bytes()
    with Store.open(folder, report=reports.append) as store:
        with store._database.reading() as connection:  # forget what was read at the opening
            connection.execute("PRAGMA cache_size = 1")
            connection.execute("PRAGMA shrink_memory")
        (folder / NAME).write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))
        with pytest.raises(StoreError, match=r"was damaged while in use .*: open the store again"):
            for number in range(COUNT):
                pieces.put(store, number)
    with Store.open(folder, report=reports.append) as store:
        assert "it is kept as" in reports[-1]
        pieces.put(store, 1)
