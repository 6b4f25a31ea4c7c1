r"""The store: evidence under its key, the history of runs, and what may be forgotten.

Blobs are written while the write lock is held, before the row that refers to them is committed.  Hence a reader never
sees evidence without its blobs, and ``prune``, which deletes files under the same lock, never meets a half-made one.
"""

from __future__ import annotations

import json
import math
import os
import secrets
import socket
import sqlite3
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any

from verify.errors import StoreError
from verify.store import seals, strict
from verify.store.blobs import Blobs, Damaged, is_address
from verify.store.database import COMPANIONS, Database, Report, STAMP, open_database, stamp
from verify.store.files import TEMPORARY, size_of, write_durably
from verify.store.records import FINISHED, INTERRUPTED, RUNNING, PruneReport, Result, Run, Statistics
from verify.store.remembered import Remembered
from verify.store.schema import is_intact, sealed
from verify.store.seals import Judgement
from verify.store.strict import Json

ABANDONED = timedelta(days=7)
"""After this time a run is taken for dead even if its process cannot be asked, being on another machine."""

RUN = "id, started, finished, status, owner, metadata, seal"
RESULT = "results.run, results.task, results.key, results.summary, results.cached, results.seconds, results.seal"
EVIDENCE = "key, json, blobs, written, seal"
SEAL = "place, key, statement, affected, mac"


def say(message: str) -> None:
    print(message, file=sys.stderr)


class Store:
    """Evidence, blobs and runs in one folder; a context manager."""

    def __init__(self, folder: Path, database: Database, report: Report) -> None:
        self.folder, self._database, self._report = folder, database, report
        self._blobs = Blobs(folder / "blobs")

    @staticmethod
    def open(folder: Path, *, report: Report = say, patience: float = 10.0) -> Store:
        """Open the store in a folder, or begin one.

        ``report`` is told what was found damaged or unwritable.  Another process that writes is waited for
        ``patience`` seconds.
        """
        folder = Path(folder).absolute()
        return Store(folder, open_database(folder, report, patience), report)

    @property
    def read_only(self) -> bool:
        return self._database.read_only

    def close(self) -> None:
        self._database.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Evidence and blobs

    def get(self, key: str) -> Json | None:
        """The evidence under a key, if it and all its blobs are there."""
        row = self._evidence(key)
        if row is None:
            return None
        missing = [sha256 for sha256 in json.loads(row[2]) if not self._blobs.has(sha256)]
        if missing:
            self._report(f"evidence {key[:12]} is left out because its blob {missing[0]} is missing")
            return None
        return json.loads(row[1])

    def references(self, key: str) -> tuple[str, ...]:
        """The sha256 of the blobs of an evidence, in the order in which they were put."""
        row = self._evidence(key)
        return tuple(json.loads(row[2])) if row else ()

    def put(self, key: str, evidence: Json, blobs: Sequence[bytes] = ()) -> None:
        """Store evidence and its blobs; what was under the key is replaced.

        When this returns, a power cut takes nothing back; when it raises, nothing has changed but for blobs that
        nobody refers to.
        """
        _check_key(key)
        strict.check_object(evidence, "evidence")
        text = strict.canonical(evidence, "evidence").decode("ascii")
        with self._database.writing() as connection:
            names = [self._blobs.write(blob) for blob in blobs]
            row = sealed(key, text, json.dumps(names), datetime.now(UTC).isoformat())
            connection.execute(f"INSERT OR REPLACE INTO evidence ({EVIDENCE}) VALUES (?, ?, ?, ?, ?)", row)

    def blob(self, sha256: str) -> bytes | None:
        """The bytes with this hash; a damaged file is reported, set aside and counts as missing."""
        _check_key(sha256)
        try:
            return self._blobs.read(sha256)
        except Damaged as damage:
            kept = self._set_aside(sha256)
            self._report(f"blob {sha256} is damaged ({damage}){f' and kept as {kept}' if kept else ''}: it is left out")
            return None

    @cached_property
    def _secret(self) -> bytes | None:
        return seals.secret()

    @cached_property
    def remembered(self) -> Remembered:
        """What was worked out from evidence only to be looked at; usable when the store is closed, too."""
        return Remembered(self.folder / "remembered", self._secret, self.read_only)

    def seal(self, judgements: Iterable[Judgement]) -> None:
        """Note what was judged here, under this user's secret; where there is none, nothing is noted."""
        if self._secret is None:
            return
        secret = self._secret
        rows = [(j.place, j.key, j.statement, int(j.is_affected), seals.mac(secret, j)) for j in judgements]
        with self._database.writing(durable=False) as connection:
            connection.executemany(f"INSERT OR REPLACE INTO seals ({SEAL}) VALUES (?, ?, ?, ?, ?)", rows)

    def judged(self, place: str) -> Judgement | None:
        """What was judged here at a place, if that is what the store still has; the bytes of its blobs are not read."""
        if self._secret is None:
            return None
        with self._database.reading() as connection:
            row = connection.execute(f"SELECT {SEAL} FROM seals WHERE place = ?", (place,)).fetchone()
        if row is None or not all(isinstance(part, str) for part in (*row[:3], row[4])) or not is_address(row[1]):
            return None
        evidence = self._evidence(row[1]) if row[3] else None
        if row[3] and evidence is None:
            return None
        found = Judgement(place, row[1], row[2], evidence[1] if evidence else "")
        return found if seals.fits(self._secret, found, row[4]) else None

    def _set_aside(self, sha256: str) -> Path | None:
        try:
            with self._database.writing(durable=False):
                return self._blobs.set_aside(sha256, stamp(datetime.now(UTC)))
        except StoreError:  # read-only, locked, gone: it stays where it is, and is not returned either
            return None

    def _evidence(self, key: str) -> tuple[Any, ...] | None:
        _check_key(key)
        with self._database.reading() as connection:
            row = connection.execute(f"SELECT {EVIDENCE} FROM evidence WHERE key = ?", (key,)).fetchone()
        if row is not None and (row[0] != key or not is_intact(row)):
            self._report(f"evidence {key[:12]} is damaged: it is left out")
            return None
        return row  # type: ignore[no-any-return]

    # Runs

    def start_run(self, metadata: Json) -> str:
        """Begin a run; runs whose process has died become ``interrupted``."""
        strict.check_object(metadata, "metadata")
        text = strict.canonical(metadata, "metadata").decode("ascii")
        with self._database.writing() as connection:
            self._interrupt_abandoned(connection)
            now = datetime.now(UTC)
            run = _run_id(now, after=max((run.id for run in self._runs(connection)), default=""))
            self._write_run(connection, Run(run, now.isoformat(), None, RUNNING, None), _this_process(), text)
        return run

    def record(self, run: str, task: str, key: str, summary: Json, *, cached: bool, seconds: float) -> None:
        """Note what a run found for a task.  Noted twice, the last word counts.

        A killed process takes nothing back; a power cut may, up to the next ``put`` or ``finish_run``.
        """
        _check_key(key)
        strict.check_text(task, "task")
        strict.check_object(summary, "summary")
        if not (math.isfinite(seconds) and seconds >= 0):
            raise StoreError(f"the seconds of task {task} are {seconds}, which is not a duration")
        text = strict.canonical(summary, "summary").decode("ascii")
        with self._database.writing(durable=False) as connection:
            if self._run(connection, run)[0].status == FINISHED:
                raise StoreError(f"run {run} is finished, and no result of task {task} can be added to it")
            row = sealed(run, task, key, text, int(cached), float(seconds))
            connection.execute("INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def finish_run(self, run: str, status: str = FINISHED) -> None:
        """Close a run as ``finished`` or ``interrupted`` and write ``runs/<run>.json``.

        The file contains neither times nor the id of the run: the same results make the same bytes.
        """
        if status not in (FINISHED, INTERRUPTED):
            raise StoreError(f"a run ends as {FINISHED} or {INTERRUPTED}, not as {status}")
        with self._database.writing() as connection:
            self._finish(connection, run, status)

    def runs(self) -> list[Run]:
        """All runs, oldest first."""
        with self._database.reading() as connection:
            return self._runs(connection)

    def results(self, run: str) -> list[Result]:
        """The results of a run, sorted by task."""
        with self._database.reading() as connection:
            return self._results(connection, run)

    def sizes(self) -> dict[str, int]:
        """How many results each run has; those without any are left out."""
        with self._database.reading() as connection:
            return dict(connection.execute("SELECT run, count(*) FROM results GROUP BY run").fetchall())

    def latest(self, *, before: str | None = None, status: str | None = FINISHED) -> str | None:
        """The newest run of this status (None: of any), before another one if asked."""
        fitting = [
            run.id for run in self.runs() if status in (None, run.status) and (before is None or run.id < before)
        ]
        return fitting[-1] if fitting else None

    def history(self, task: str, limit: int = 50) -> list[Result]:
        """The results of a task over the runs, newest first, those of unfinished runs among them."""
        strict.check_text(task, "task")
        query = f"SELECT {RESULT} FROM results JOIN runs ON id = run WHERE task = ? ORDER BY run DESC LIMIT ?"
        with self._database.reading() as connection:
            return self._read_results(connection.execute(query, (task, max(limit, 0))).fetchall())

    def _runs(self, connection: sqlite3.Connection) -> list[Run]:
        rows = connection.execute(f"SELECT {RUN} FROM runs ORDER BY id").fetchall()
        return [_as_run(row) for row in rows if self._is_sound(row, "run")]

    def _run(self, connection: sqlite3.Connection, run: str) -> tuple[Run, str]:
        """A run and its owner."""
        row = connection.execute(f"SELECT {RUN} FROM runs WHERE id = ?", (run,)).fetchone()
        if row is None or not self._is_sound(row, "run"):
            raise StoreError(f"the store at {self.folder} knows no run {run}")
        return _as_run(row), row[4]

    def _results(self, connection: sqlite3.Connection, run: str) -> list[Result]:
        query = f"SELECT {RESULT} FROM results WHERE run = ? ORDER BY task"
        return self._read_results(connection.execute(query, (run,)).fetchall())

    def _read_results(self, rows: list[tuple[Any, ...]]) -> list[Result]:
        return [
            Result(run, task, key, json.loads(summary), bool(cached), seconds)
            for run, task, key, summary, cached, seconds, _ in (row for row in rows if self._is_sound(row, "result"))
        ]

    def _is_sound(self, row: tuple[Any, ...], kind: str) -> bool:
        if not is_intact(row):
            self._report(f"a {kind} in {self._database.path} is damaged: it is left out ({str(row[0])[:40]})")
            return False
        return True

    def _write_run(self, connection: sqlite3.Connection, run: Run, owner: str, metadata: str) -> None:
        row = sealed(run.id, run.started, run.finished, run.status, owner, metadata)
        connection.execute(
            f"INSERT INTO runs ({RUN}) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE "
            "SET finished = excluded.finished, status = excluded.status, seal = excluded.seal",
            row,
        )

    def _finish(self, connection: sqlite3.Connection, name: str, status: str) -> None:
        run, owner = self._run(connection, name)
        export = {
            "format": "deepclaims run 1",
            "metadata": run.metadata,
            "results": {
                result.task: {"evidence": result.key, "summary": result.summary}
                for result in self._results(connection, name)
            },
            "status": status,
        }
        ended = Run(run.id, run.started, datetime.now(UTC).isoformat(), status, run.metadata)
        self._write_run(connection, ended, owner, strict.canonical(run.metadata).decode("ascii"))
        write_durably(self._export(name), strict.readable(export))

    def _export(self, run: str) -> Path:
        return self.folder / "runs" / f"{run}.json"

    def _interrupt_abandoned(self, connection: sqlite3.Connection) -> None:
        for run in self._runs(connection):
            if run.status == RUNNING and _is_abandoned(run, self._run(connection, run.id)[1]):
                self._finish(connection, run.id, INTERRUPTED)

    # Forgetting and counting

    def prune(self, *, keep_runs: int) -> PruneReport:
        """Forget all but the newest runs, then the evidence and the blobs to which no kept run refers.

        Runs in progress are kept in addition, and while there is one, all evidence is.
        """
        if keep_runs < 0:
            raise StoreError(f"the number of runs to keep is {keep_runs}, but has to be 0 or more")
        with self._database.writing() as connection:
            self._interrupt_abandoned(connection)
            runs = self._runs(connection)
            in_progress = tuple(run.id for run in runs if run.status == RUNNING)
            newest = runs[max(len(runs) - keep_runs, 0) :]
            kept = {run.id for run in newest} | set(in_progress)
            dropped = [name for (name,) in connection.execute("SELECT id FROM runs").fetchall() if name not in kept]
            connection.executemany("DELETE FROM runs WHERE id = ?", [(name,) for name in dropped])
            evidence = self._drop_evidence(connection, unused=not in_progress)
        with self._database.writing() as connection:  # only now are the references gone for good, and the files may go
            rows = connection.execute(f"SELECT {EVIDENCE} FROM evidence")
            blobs, size = self._blobs.sweep({sha256 for row in rows if is_intact(row) for sha256 in json.loads(row[2])})
            self._sweep_exports({name for (name,) in connection.execute("SELECT id FROM runs")})
        oldest = datetime.fromisoformat(newest[0].started).timestamp() if newest else math.inf
        self.remembered.sweep(since=oldest)
        try:
            self._database.compact()
        except StoreError as problem:
            self._report(f"the database keeps the size that it had: {problem}")
        return PruneReport(len(dropped), evidence, blobs, size, in_progress)

    def _drop_evidence(self, connection: sqlite3.Connection, *, unused: bool) -> int:
        """Delete the evidence that is damaged and, if asked, that to which no result refers."""
        used = {key for (key,) in connection.execute("SELECT key FROM results")}
        rows = connection.execute(f"SELECT {EVIDENCE}, rowid FROM evidence")
        dropped = [
            row[-1] for row in rows if not self._is_sound(row[:-1], "evidence") or (unused and row[0] not in used)
        ]
        connection.executemany("DELETE FROM evidence WHERE rowid = ?", [(rowid,) for rowid in dropped])
        connection.execute("DELETE FROM seals WHERE key NOT IN (SELECT key FROM evidence)")
        return len(dropped)

    def _sweep_exports(self, runs: set[str]) -> None:
        for path in (self.folder / "runs").glob("*"):
            if path.suffix == TEMPORARY or (path.suffix == ".json" and path.stem not in runs):
                path.unlink(missing_ok=True)

    def statistics(self) -> Statistics:
        with self._database.reading() as connection:
            evidence, runs, results = (
                connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                for table in ("evidence", "runs", "results")
            )
            sizes = [size for sha256, _, size in self._blobs.files() if sha256 is not None]
            paths = [self._database.path.with_name(self._database.path.name + companion) for companion in COMPANIONS]
            total = sum(map(size_of, paths))
        return Statistics(evidence, runs, results, len(sizes), sum(sizes), total)


def _check_key(key: str) -> None:
    if not is_address(key):
        raise StoreError(f"{key!r} is not a sha256 in 64 lower-case hexadecimal digits")


def _as_run(row: tuple[Any, ...]) -> Run:
    name, started, finished, status, _, metadata, _ = row
    return Run(name, started, finished, status, json.loads(metadata))


def _run_id(now: datetime, after: str) -> str:
    """A new id, greater than that of the newest run even if the clock was set back."""
    if after >= stamp(now):
        now = datetime.strptime(after[: len(stamp(now))], STAMP) + timedelta(microseconds=1)
    return f"{stamp(now)}-{secrets.token_hex(2)}"


def _this_process() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


def _is_abandoned(run: Run, owner: str) -> bool:
    """Whether the process of a run has died.  One that took over its number passes for it, for a week at most."""
    if datetime.now(UTC) - datetime.fromisoformat(run.started) > ABANDONED:
        return True
    host, _, process = owner.rpartition(":")
    if host != socket.gethostname() or os.name != "posix":  # signal 0 is a question on POSIX only
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False  # it lives, and is another user's
    return False
