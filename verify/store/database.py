r"""Opening the database of a store, and reading and writing it with errors that say what to do.

SQLite in WAL mode: one process writes, others read what was last committed.  ``synchronous`` is FULL where something
precious is written (evidence took minutes to find, and its blobs are synced already) and NORMAL for the stream of
results of a run, thousands when all is cached.  In WAL mode neither can damage the database: under NORMAL a power cut may
take back the last results, and the sync of the next FULL transaction covers everything before it.  A killed process
takes back nothing.

A damaged database is renamed and a new one begun: losing a cache costs time, believing a damaged one costs the truth.
"""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from verify.errors import StoreError
from verify.store import schema
from verify.store.blobs import Damaged
from verify.store.files import locked, make_folder, size_of

Report = Callable[[str], None]
NAME = "evidence.sqlite"
LOCK = "evidence.lock"
COMPANIONS = ("", "-wal", "-shm")
STAMP = "%Y%m%d-%H%M%S-%f"
DISK_IS_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
DAMAGE = {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}


def stamp(moment: datetime) -> str:
    """A moment (UTC) as it stands in names: sortable, and valid in file names everywhere."""
    return moment.strftime(STAMP)


class Database:
    """One connection, usable from several threads, one at a time."""

    def __init__(
        self, path: Path, connection: sqlite3.Connection, patience: float, copy: tempfile.TemporaryDirectory[str] | None
    ) -> None:
        self.path, self.patience = path, patience
        self._connection: sqlite3.Connection | None = connection
        self._copy = copy
        self._lock = threading.RLock()
        self.read_only = bool(connection.execute("PRAGMA query_only").fetchone()[0])

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock, explained(self.path, self.patience):
            yield self._open()

    @contextmanager
    def writing(self, *, durable: bool = True) -> Iterator[sqlite3.Connection]:
        """A transaction that holds the write lock from its begin: all of it is committed, or nothing."""
        if self.read_only:
            raise StoreError(f"{self.path} is open for reading only and cannot be written")
        with self._lock, explained(self.path, self.patience):
            connection = self._open()
            connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            with transaction(connection, "IMMEDIATE"):
                yield connection

    def compact(self) -> None:
        """Give the space of deleted rows back to the file system."""
        with self._lock, explained(self.path, self.patience):
            connection = self._open()
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)")  # does not wait for readers

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                with suppress(sqlite3.Error):  # a checkpoint that fails now is done when the store is next opened
                    self._connection.close()
                self._connection = None
            if self._copy is not None:
                self._copy.cleanup()

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            raise StoreError(f"the store at {self.path.parent} is closed")
        return self._connection


def open_database(folder: Path, report: Report, patience: float) -> Database:
    """The database in a folder, which is created; for reading only where writing is not allowed."""
    path = folder / NAME
    with explained(path, patience):
        if folder.exists() and not folder.is_dir():
            raise StoreError(f"{folder} is a file, but the evidence store needs a folder of that name")
        make_folder(folder)
        if not os.access(folder, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
            return _open_for_reading(path, report, patience)
        with locked(folder / LOCK, patience):  # else two could begin it at once, or set aside what the other began
            try:
                return _open_for_writing(path, report, patience)
            except Damaged as damage:
                set_aside(path, str(damage), report)
            try:
                return _open_for_writing(path, report, patience)
            except Damaged as damage:
                raise StoreError(f"{path} is damaged ({damage}), and so is what was begun in its place") from None


def _open_for_writing(path: Path, report: Report, patience: float) -> Database:
    _check_header(path, report)
    connection = _connect(path, "rwc", patience)
    try:
        found = _inspect(connection, path)
        _use_log(connection, path, patience)
        if found < schema.VERSION:
            _migrate(connection)  # a step that fails is our mistake, and no damage
            _inspect(connection, path)
    except BaseException:
        connection.close()
        raise
    return Database(path, connection, patience, None)


def _inspect(connection: sqlite3.Connection, path: Path) -> int:
    """The version of a database that is sound; raises ``Damaged``, and ``StoreError`` if it is a newer one."""
    with damage_reported(), transaction(connection, "DEFERRED"):
        found = schema.version(connection)
        schema.refuse_newer(path, found)
        schema.check_trees(connection)
        if found == schema.VERSION:
            schema.check_tables(connection)
        return found


def _check_header(path: Path, report: Report) -> None:
    """What SQLite would pass over without a word: it deletes the log of an empty file, for instance."""
    log = size_of(path.with_name(NAME + "-wal"))  # first, because it is the later one to be there in a new store
    header = _beginning(path)
    if header is not None and 0 < len(header) < 100:
        raise Damaged("it is cut short")
    if log and not header:
        raise Damaged("it is empty, but its write-ahead log is not")
    if header and not log and max(header[18:20]) > 2:  # SQLite takes this for a file that may only be read
        raise Damaged("its header names an unknown format")
    if header == b"" and (path.parent / "blobs").exists():
        report(f"{path} is empty although blobs lie beside it: its content was lost, and a new store begins")


def _beginning(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(100)
    except FileNotFoundError:
        return None


def _use_log(connection: sqlite3.Connection, path: Path, patience: float) -> None:
    deadline = time.monotonic() + patience
    while True:
        try:
            mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
            break
        except sqlite3.OperationalError as problem:
            if _code(problem) not in BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)  # two processes begin one store: SQLite does not wait by itself here
    if mode != "wal":
        raise StoreError(f"{path} lies on a drive where SQLite cannot keep a write-ahead log: use a local folder")


def _migrate(connection: sqlite3.Connection) -> None:
    with transaction(connection, "IMMEDIATE"):
        schema.migrate(connection, schema.version(connection))  # again: without locks another process may have done it


def _open_for_reading(path: Path, report: Report, patience: float) -> Database:
    if not size_of(path):
        raise StoreError(f"{path.parent} cannot be written, and no evidence store is there to read")
    report(f"{path} cannot be written: what is there is read, and nothing new is stored")
    connection, copy = _connect_for_reading(path, patience)
    try:
        found = _inspect(connection, path)
        if found < schema.VERSION:
            raise StoreError(f"{path} has the older schema {found} and cannot be written to bring it up to date")
        return Database(path, connection, patience, copy)
    except BaseException as problem:
        connection.close()
        if copy is not None:
            copy.cleanup()
        if isinstance(problem, Damaged):
            raise StoreError(f"{path} is damaged ({problem}) and cannot be set aside, being read-only") from None
        raise


def _connect_for_reading(
    path: Path, patience: float
) -> tuple[sqlite3.Connection, tempfile.TemporaryDirectory[str] | None]:
    """A WAL database wants to write beside itself even to be read; where it may not, a temporary copy is read."""
    connection, copy = _connect(path, "ro", patience), None
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        connection.close()
        copy = tempfile.TemporaryDirectory(prefix="verify-store-")
        for name in (NAME, NAME + "-wal"):
            if path.with_name(name).exists():
                shutil.copyfile(path.with_name(name), Path(copy.name, name))
        connection = _connect(Path(copy.name, NAME), "rwc", patience)
    except sqlite3.DatabaseError:
        pass  # whoever asks next is told that the file is damaged
    connection.execute("PRAGMA query_only = ON")
    return connection, copy


def _connect(path: Path, mode: str, patience: float) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=patience,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.text_factory = lambda text: text.decode("utf-8", "replace")  # a damaged text fails its seal, not Python
    for setting in ("foreign_keys = ON", "trusted_schema = OFF", "cell_size_check = ON"):
        connection.execute(f"PRAGMA {setting}")
    return connection


def set_aside(path: Path, reason: str, report: Report) -> None:
    """Rename a damaged database and its log, so that whoever wants to can still look into them."""
    aside = f"{path.name}.corrupt-{stamp(datetime.now(UTC))}"
    for companion in COMPANIONS:
        with suppress(FileNotFoundError):
            os.replace(path.with_name(path.name + companion), path.with_name(aside + companion))
    report(f"{path} is damaged ({reason}): it is kept as {aside}, and a new store begins")


@contextmanager
def transaction(connection: sqlite3.Connection, kind: str) -> Iterator[None]:
    connection.execute(f"BEGIN {kind}")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # after some errors SQLite has rolled back by itself
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
        raise


@contextmanager
def damage_reported() -> Iterator[None]:
    """Tell a broken file, which is set aside, from a disk, a lock or a permission, which are not its fault."""
    try:
        yield
    except sqlite3.Error as problem:
        if _code(problem) in DAMAGE:
            raise Damaged(str(problem)) from None
        raise
    except UnicodeDecodeError:  # SQLite quotes a name of the file in its message, which Python then cannot read
        raise Damaged("its tables have unreadable names") from None


def _code(problem: sqlite3.Error) -> int:
    return int(getattr(problem, "sqlite_errorcode", sqlite3.SQLITE_ERROR)) & 0xFF


@contextmanager
def explained(path: Path, patience: float) -> Iterator[None]:
    """Turn the errors of SQLite and of the operating system into one sentence."""
    try:
        yield
    except sqlite3.Error as problem:
        raise StoreError(_sentence(_code(problem), str(problem), path, patience)) from problem
    except UnicodeDecodeError as problem:  # as in ``damage_reported``
        raise StoreError(_sentence(sqlite3.SQLITE_CORRUPT, "an unreadable name", path, patience)) from problem
    except OSError as problem:
        where, what = problem.filename or path, problem.strerror or str(problem)
        if problem.errno in DISK_IS_FULL:
            raise StoreError(_sentence(sqlite3.SQLITE_FULL, what, Path(os.fsdecode(where)), patience)) from problem
        raise StoreError(f"the evidence store cannot use {where}: {what}") from problem


def _sentence(code: int, what: str, path: Path, patience: float) -> str:
    if code in BUSY:
        return f"{path} is in use: another process has been writing to it for {patience:g} s; wait for it or stop it"
    if code == sqlite3.SQLITE_FULL:
        return f"{path} cannot be written because the disk is full ({what}): free some space; what was stored is safe"
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return f"{path} cannot be opened or written ({what}): check the permissions of the file and its folder"
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return f"{path} was damaged while in use ({what}): open the store again, and it is set aside"
    if code == sqlite3.SQLITE_IOERR:
        return f"{path} cannot be read or written ({what}): the disk may be full or failing"
    return f"{path} cannot be used: {what}"
