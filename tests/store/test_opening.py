r"""Opening what other versions, other users and accidents left behind."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.store import pieces
from verify.errors import StoreError
from verify.store import Store, address, schema
from verify.store.blobs import Blobs
from verify.store.store import say

NAME = "evidence.sqlite"
NOBODY = 65534
SMALL = 3  # the piece in the store of the first version


def with_version(folder: Path, header: int, meta: int) -> None:
    connection = sqlite3.connect(folder / NAME, isolation_level=None)
    connection.execute(f"PRAGMA user_version = {header}")
    connection.execute("UPDATE meta SET value = ?", (str(meta),))
    connection.close()


def fill(folder: Path) -> None:
    with Store.open(folder) as store:
        pieces.put(store, 1)


def test_a_store_of_a_newer_version_is_refused_and_left_as_it_is(folder: Path) -> None:
    fill(folder)
    with_version(folder, 7, 7)
    before = (folder / NAME).read_bytes()
    with pytest.raises(StoreError) as caught:
        Store.open(folder)
    message = caught.value.message
    assert str(folder / NAME) in message and "schema 7" in message and f"up to schema {schema.VERSION}" in message
    assert "update deepclaims" in message and "\n" not in message
    assert (folder / NAME).read_bytes() == before
    with_version(folder, schema.VERSION, schema.VERSION)
    with Store.open(folder) as store:
        assert pieces.assert_complete(store, 1)


def test_a_version_that_is_told_only_once_is_damage(folder: Path, reports: list[str]) -> None:
    for header, meta in ((7, schema.VERSION), (schema.VERSION, 7), (0, schema.VERSION), (-1, -1)):
        fill(folder)
        with_version(folder, header, meta)
        if header == -1:  # told twice, but no version
            connection = sqlite3.connect(folder / NAME, isolation_level=None)
            connection.execute("DROP TABLE evidence")
            connection.close()
        Store.open(folder, report=reports.append).close()
        assert "it is kept as" in reports[-1]
        shutil.rmtree(folder)


def test_a_store_of_an_older_version_is_migrated_in_one_transaction(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(folder)
    later = schema.VERSION + 1

    def next_version(*steps: str) -> None:
        monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS[: later - 1], steps))
        monkeypatch.setattr(schema, "VERSION", later)
        schema.expected.cache_clear()

    next_version("CREATE TABLE extra (x)", "CREATE NONSENSE")
    with pytest.raises(StoreError):
        Store.open(folder, report=pytest.fail)
    next_version("CREATE TABLE extra (x)", "ALTER TABLE evidence ADD COLUMN extra TEXT")
    with Store.open(folder, report=pytest.fail) as store:
        assert pieces.assert_complete(store, 1)
        with store._database.reading() as connection:
            assert schema.version(connection) == later
    fresh = folder.with_name("fresh")
    with Store.open(fresh) as store, store._database.reading() as connection:
        assert schema.version(connection) == later
    monkeypatch.undo()
    schema.expected.cache_clear()
    with pytest.raises(StoreError, match=f"schema {later}, written by a newer version"):
        Store.open(folder)


def test_a_store_that_the_first_version_wrote_is_read_whole(folder: Path) -> None:
    """``version_1.sql`` is the dump of a store that deepclaims wrote before there were seals (commit 728d247)."""
    (folder / "blobs").mkdir(parents=True)
    connection = sqlite3.connect(folder / NAME)
    connection.executescript(Path(__file__).with_name("version_1.sql").read_text())
    connection.close()
    for blob in pieces.blobs(SMALL):
        Blobs(folder / "blobs").write(blob)
    for _ in range(2):
        with Store.open(folder, report=pytest.fail) as store:
            assert pieces.assert_complete(store, SMALL)
            (run,) = store.runs()
            assert (run.status, run.metadata) == ("finished", {"by": "version 1"})
            assert [(r.task, r.summary, r.seconds) for r in store.results(run.id)] == [("task", {"n": SMALL}, 0.5)]
            with store._database.reading() as connection:
                assert schema.version(connection) == schema.VERSION
                assert schema._definitions(connection) == schema.expected()
    assert not list(folder.glob("*damaged*"))


@pytest.mark.parametrize("inside", ["", "sub/folder"])
def test_a_file_in_the_place_of_the_folder_is_an_error(tmp_path: Path, inside: str) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(StoreError, match=r"file.* is a file, but|Not a directory"):
        Store.open(tmp_path / "file" / inside)
    assert (tmp_path / "file").read_text() == "mine"


def test_folders_in_the_places_of_files_are_errors(folder: Path) -> None:
    (folder / NAME).mkdir(parents=True)
    with pytest.raises(StoreError, match=r"evidence\.sqlite"):
        Store.open(folder)
    (folder / NAME).rmdir()
    (folder / "blobs").write_text("mine")
    with Store.open(folder) as store:
        with pytest.raises(StoreError, match="blobs"):
            pieces.put(store, 2)
        assert store.get(pieces.key(2)) is None


def test_a_folder_with_an_awkward_name_is_a_folder(tmp_path: Path) -> None:
    for name in ("with space", "question?mode=memory", "hash#", "100%25", "é∀", "semi;colon", "a'b\"c"):
        with Store.open(tmp_path / name) as store:
            pieces.put(store, 1)
        assert (tmp_path / name / NAME).stat().st_size > 0
        with Store.open(tmp_path / name) as store:
            assert pieces.assert_complete(store, 1)


def test_a_relative_folder_stays_the_same_when_the_process_moves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path)
    with Store.open(Path("store")) as store:
        monkeypatch.chdir(tmp_path / "other")
        pieces.put(store, 1)
        assert pieces.assert_complete(store, 1)
    assert not list((tmp_path / "other").iterdir())


def test_messages_go_to_standard_error_by_default(capsys: pytest.CaptureFixture[str]) -> None:
    say("a message")
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "a message\n")


# Read-only stores.  Root may write everywhere, so root's tests become nobody in a child process.


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users can reach, unlike pytest's."""
    with tempfile.TemporaryDirectory(prefix="verify-store-test-") as name:
        os.chmod(name, 0o755)
        yield Path(name, ".verify")


@contextlib.contextmanager
def unwritable(folder: Path) -> Iterator[None]:
    paths = [folder, *folder.rglob("*")]
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        yield
    finally:
        for path in paths:
            if path.exists():
                path.chmod(0o755 if path.is_dir() else 0o644)


def as_somebody_else(action: Callable[[], None], trouble: Path) -> None:
    def changed() -> None:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        action()

    trouble.touch()
    trouble.chmod(0o666)
    pieces.in_child(changed, trouble)


def assert_read_only(folder: Path) -> None:
    reports: list[str] = []
    with Store.open(folder, report=reports.append) as store:
        assert store.read_only
        assert len(reports) == 1 and f"{folder / NAME} cannot be written: what is there is read" in reports[0]
        assert all(pieces.assert_complete(store, number) for number in range(5))
        (run,) = store.runs()
        assert [result.task for result in store.results(run.id)] == ["task"]
        assert store.statistics().evidence == 5
        for action in (
            lambda: pieces.put(store, 7),
            lambda: store.start_run({}),
            lambda: store.record(run.id, "other", pieces.key(1), {}, cached=False, seconds=1),
            lambda: store.finish_run(run.id),
            lambda: store.prune(keep_runs=0),
        ):
            with pytest.raises(StoreError, match="open for reading only"):
                action()
    assert not list(Path(tempfile.gettempdir()).glob("verify-store-????????/evidence.sqlite"))


def fill_for_reading(folder: Path) -> Store:
    store = Store.open(folder)
    for number in range(5):
        pieces.put(store, number)
    run = store.start_run({})
    store.record(run, "task", pieces.key(1), {}, cached=False, seconds=1)
    store.finish_run(run)
    return store


def test_a_store_that_was_closed_can_be_read_where_nothing_can_be_written(open_folder: Path) -> None:
    fill_for_reading(open_folder).close()
    with unwritable(open_folder):
        as_somebody_else(lambda: assert_read_only(open_folder), open_folder.parent / "trouble")


def test_a_store_that_was_not_closed_can_be_read_where_nothing_can_be_written(open_folder: Path) -> None:
    def killed() -> None:
        fill_for_reading(open_folder)
        os._exit(0)

    pieces.in_child(killed, open_folder.parent / "trouble")
    assert (open_folder / f"{NAME}-wal").stat().st_size > 0
    with unwritable(open_folder):
        as_somebody_else(lambda: assert_read_only(open_folder), open_folder.parent / "trouble")
    (open_folder / f"{NAME}-shm").unlink()
    with unwritable(open_folder):
        as_somebody_else(lambda: assert_read_only(open_folder), open_folder.parent / "trouble")


def test_a_store_in_use_can_be_read_by_somebody_who_cannot_write_it(open_folder: Path) -> None:
    store = fill_for_reading(open_folder)
    with unwritable(open_folder):
        as_somebody_else(lambda: assert_read_only(open_folder), open_folder.parent / "trouble")
    store.close()


def test_a_database_file_that_cannot_be_written_is_read(open_folder: Path) -> None:
    fill_for_reading(open_folder).close()
    open_folder.chmod(0o777)
    (open_folder / NAME).chmod(0o444)
    as_somebody_else(lambda: assert_read_only(open_folder), open_folder.parent / "trouble")


def test_a_folder_that_cannot_be_written_and_has_no_store_is_an_error(open_folder: Path) -> None:
    def refused() -> None:
        with pytest.raises(StoreError, match="cannot be written, and no evidence store is there to read"):
            Store.open(open_folder)
        with pytest.raises(StoreError, match="Permission denied"):
            Store.open(open_folder / "new")

    open_folder.mkdir()
    with unwritable(open_folder):
        as_somebody_else(refused, open_folder.parent / "trouble")


def test_damage_in_a_read_only_store_is_reported_and_nothing_is_moved(open_folder: Path) -> None:
    fill_for_reading(open_folder).close()
    blob = next(blob for number in range(5) for blob in pieces.blobs(number))
    path = open_folder / "blobs" / address(blob)[:2] / address(blob)[2:]
    path.write_bytes(b"rubbish")

    def damaged_blob() -> None:
        reports: list[str] = []
        with Store.open(open_folder, report=reports.append) as store:
            assert store.blob(address(blob)) is None
            assert "is damaged" in reports[-1] and "kept as" not in reports[-1]

    def damaged_database() -> None:
        with pytest.raises(StoreError, match=r"is damaged \(.*\) and cannot be set aside"):
            Store.open(open_folder, report=lambda message: None)

    with unwritable(open_folder):
        as_somebody_else(damaged_blob, open_folder.parent / "trouble")
    (open_folder / NAME).write_bytes(b"rubbish" * 1000)
    before = sorted(open_folder.iterdir())
    with unwritable(open_folder):
        as_somebody_else(damaged_database, open_folder.parent / "trouble")
    assert sorted(open_folder.iterdir()) == before


def test_other_versions_in_a_read_only_store_are_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(folder)
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    present = schema.VERSION
    monkeypatch.setattr(schema, "VERSION", present + 1)
    with pytest.raises(StoreError, match=f"older schema {present} and cannot be written"):
        Store.open(folder, report=lambda message: None)
    monkeypatch.setattr(schema, "VERSION", present)
    with_version(folder, present + 1, present + 1)
    with pytest.raises(StoreError, match=f"schema {present + 1}, written by a newer version"):
        Store.open(folder, report=lambda message: None)


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES, errno.ENOSPC, errno.EDQUOT])
def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    def failing(path: Path, *rest: object) -> None:
        raise OSError(code, os.strerror(code), str(path))

    monkeypatch.setattr(os, "mkdir", failing)
    with pytest.raises(StoreError) as caught:
        Store.open(tmp_path / "a" / "b")
    assert os.strerror(code) in caught.value.message and str(tmp_path / "a") in caught.value.message


def test_a_drive_without_write_ahead_log_is_an_error(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Connection(sqlite3.Connection):
        def execute(self, statement: str, *rest: Any) -> sqlite3.Cursor:
            return super().execute(statement.replace("journal_mode = WAL", "journal_mode = DELETE"), *rest)

    plain = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *a, **k: plain(*a, **k, factory=Connection))
    with pytest.raises(StoreError, match="cannot keep a write-ahead log"):
        Store.open(folder)
