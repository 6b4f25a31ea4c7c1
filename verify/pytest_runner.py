r"""The session behind the items of ``pytest claims`` (see ``verify.pytest_plugin``)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from verify.session.session import Pending, Result, Session
    from verify.session.tasks import Task

Json = Any


class Runner:
    """The session behind the items.  In a worker of pytest-xdist it writes nothing: its results travel with the report
    to the controller, which is the one process that writes the store."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.is_worker = hasattr(config, "workerinput")
        self.session: Session | None = None
        self.store: Any = None
        self.problem = ""  # why nothing is kept
        self.pending: dict[str, Pending] = {}

    def open(self) -> Session:
        if self.session is None:
            from verify.errors import UsageError
            from verify.session.running import chosen, opened, processors
            from verify.session.session import Session
            from verify.session.tasks import Options

            jobs = 1 if self.is_worker else self.config.getoption("jobs") or processors()
            options = Options(seconds=self.config.getoption("seconds"), device=self.config.getoption("device"))
            try:
                executor = opened(chosen(self.config.getoption("executor"), self.config.getoption("jobs")))
            except UsageError as problem:
                raise pytest.UsageError(str(problem)) from None
            store, writing = self.open_store(), not self.is_worker
            self.session = Session(options, store=store, jobs=jobs, writing=writing, executor=executor)
            self.session.begin({"by": "pytest"})
        return self.session

    def open_store(self) -> Any:
        if self.store is None and not self.problem and not self.config.getoption("no_verify_store"):
            from verify.errors import StoreError
            from verify.store import Store

            folder = self.config.getoption("verify_store") or self.config.rootpath / ".verify"
            try:
                self.store = Store.open(Path(folder))
            except StoreError as problem:
                self.problem = f"{problem}; nothing is kept of this run"
        return self.store

    def submit(self, task: Task) -> Pending:
        """Begin a task; asked again, it is the same one."""
        if task.id not in self.pending:
            self.pending[task.id] = self.open().submit(task)
        return self.pending[task.id]

    def results(self, tasks: Iterable[Task]) -> list[Result]:
        return [self.submit(task).result() for task in tasks]

    def keep(self, entries: Iterable[Json]) -> None:
        """Write what a worker found out."""
        session = self.open()
        for entry in entries:
            session.keep(entry)

    def close(self, status: str) -> None:
        if self.session is not None:
            self.session.close(status)
            self.problem = self.problem or self.session.problem
        if self.store is not None:
            self.store.close()


RUNNER: pytest.StashKey[Runner] = pytest.StashKey()
