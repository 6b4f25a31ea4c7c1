r"""A process that is killed at each step of what it does with a store, one step later each time, with a check after each.

It forks some hundred times, which is quick for a process that has loaded little: so it is one of its own, not that of the
tests.  ``python -m tests.store.killing NAME FOLDER TROUBLE`` prints how many steps there are.
"""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.store import pieces
from verify.store import Store

STEPS = ("open", "write", "fsync", "replace", "mkdir", "unlink", "close")


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


def new_store(folder: Path, trouble: Path) -> int:
    def check_and_remove() -> None:
        check_life(folder)
        shutil.rmtree(folder)

    return steps_until_done(lambda: life_of_a_store(folder), trouble, check_and_remove)


def used_store(folder: Path, trouble: Path) -> int:
    before = folder.with_name("before")
    life_of_a_store(before)
    shutil.copytree(before, folder)

    def check_and_restore() -> None:
        check_life(folder)
        with Store.open(folder) as store:
            assert pieces.assert_complete(store, 2)
        shutil.rmtree(folder)
        shutil.copytree(before, folder)

    steps = steps_until_done(lambda: life_of_a_store(folder), trouble, check_and_restore)
    shutil.rmtree(before)
    return steps


def damaged_store(folder: Path, trouble: Path) -> int:
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
    return steps_until_done(lambda: Store.open(folder, report=lambda message: None).close(), trouble, check)


KILLED = {"new": new_store, "used": used_store, "damaged": damaged_store}


if __name__ == "__main__":
    print(KILLED[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3])))
