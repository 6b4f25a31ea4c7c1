r"""The tables, their versions, and whether a database that was found is one of ours and sound.

``MIGRATIONS[n]`` leads from version n to n + 1, and version 0 is the empty database.  A new store takes all the steps,
so that a migrated store and a new one are the same to the letter.  To change the schema, append a step; never edit one.
``meta`` keeps its form for ever, because every older program reads the version there.

Each row of content ends with a seal, the hash of its other columns.  SQLite's ``quick_check`` sees a broken tree but not
a flipped bit inside a text, and such a row must not be taken for evidence.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Sequence
from functools import cache
from typing import Any

from verify.errors import StoreError
from verify.store.blobs import Damaged

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
        "INSERT INTO meta VALUES ('schema_version', '0')",
        """CREATE TABLE evidence (
            key TEXT PRIMARY KEY,
            json TEXT NOT NULL,
            blobs TEXT NOT NULL,
            written TEXT NOT NULL,
            seal BLOB NOT NULL)""",
        """CREATE TABLE runs (
            id TEXT PRIMARY KEY,
            started TEXT NOT NULL,
            finished TEXT,
            status TEXT NOT NULL,
            owner TEXT NOT NULL,
            metadata TEXT NOT NULL,
            seal BLOB NOT NULL)""",
        # No foreign key to evidence: an error is a result without evidence, and pruned evidence leaves its results.
        """CREATE TABLE results (
            run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
            task TEXT NOT NULL,
            key TEXT NOT NULL,
            summary TEXT NOT NULL,
            cached INTEGER NOT NULL,
            seconds REAL NOT NULL,
            seal BLOB NOT NULL,
            PRIMARY KEY (run, task))""",
        "CREATE INDEX results_by_task ON results (task, run)",
    ),
    (
        # The one seal that somebody with a secret makes: ``mac`` (see ``seals``), which covers the other columns.
        """CREATE TABLE seals (
            place TEXT PRIMARY KEY,
            key TEXT NOT NULL,
            statement TEXT NOT NULL,
            affected INTEGER NOT NULL,
            mac TEXT NOT NULL)""",
    ),
)
VERSION = len(MIGRATIONS)


def seal(values: Sequence[Any]) -> bytes:
    return hashlib.sha256(json.dumps(values, default=repr).encode("ascii")).digest()


def sealed(*values: Any) -> tuple[Any, ...]:
    """A row as it is written: its values and the seal over them."""
    return *values, seal(values)


def is_intact(row: Sequence[Any]) -> bool:
    return bool(row[-1] == seal(row[:-1]))


def version(connection: sqlite3.Connection) -> int:
    """The version of a database, 0 if it is empty; raises ``Damaged`` if it is none of ours.

    Like the checks below it wants to be called inside a transaction, lest it see half of another process's work.
    """
    header = int(connection.execute("PRAGMA user_version").fetchone()[0])
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables and header == 0:
        return 0
    if "meta" not in tables:
        raise Damaged("it has tables, but not those of an evidence store")
    row = connection.execute("SELECT value FROM meta WHERE name = 'schema_version'").fetchone()
    if (
        row is None or row[0] != str(header) or header < 1
    ):  # the version is written twice: a flipped bit is not a newer program
        raise Damaged("it says two different things about its version")
    return header


def check_trees(connection: sqlite3.Connection) -> None:
    verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        raise Damaged(str(verdict).replace("\n", " "))


def check_tables(connection: sqlite3.Connection) -> None:
    if not expected() <= _definitions(connection):
        raise Damaged("its tables are not those of an evidence store")


def migrate(connection: sqlite3.Connection, found: int) -> None:
    """Take the steps from the version found to the present one; inside the caller's transaction."""
    for step in range(found, VERSION):
        for statement in MIGRATIONS[step]:
            connection.execute(statement)
        connection.execute("UPDATE meta SET value = ? WHERE name = 'schema_version'", (str(step + 1),))
        connection.execute(f"PRAGMA user_version = {step + 1}")


def refuse_newer(path: object, found: int) -> None:
    if found > VERSION:
        raise StoreError(
            f"{path} has schema {found}, written by a newer version of deepclaims, and this version reads up to schema "
            f"{VERSION}: update deepclaims, or move the file away to begin a new store"
        )


@cache
def expected() -> frozenset[tuple[str, str]]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        migrate(connection, 0)
        return _definitions(connection)
    finally:
        connection.close()


def _definitions(connection: sqlite3.Connection) -> frozenset[tuple[str, str]]:
    rows = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type IN ('table', 'index')"
    )
    return frozenset((str(name), str(sql)) for name, sql in rows)
