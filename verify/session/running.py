r"""Selecting claims and running them all, for the command line and for whoever wants the same from Python."""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from verify.catalog import Catalog, Listed
from verify.catalog import select as select  # where whoever runs claims looks for it
from verify.errors import StoreError, UsageError, VerifyError
from verify.execution import Executor
from verify.session.remote import check
from verify.session.memory import Memory, reading_remembered
from verify.session.session import PRELOAD, Result, Session, affected, broken
from verify.session.summary import RunResult, summarise
from verify.session.tasks import Options, Task, tasks_of
from verify.store import Store

Json = Any
Step = Callable[[Result, int], None]

LOCAL = "local"  # the executor that needs nothing


@dataclass(frozen=True)
class RunOptions:
    """How a run goes about it."""

    options: Options = field(default_factory=Options)
    jobs: int = 1
    store: Path | None = Path(".verify")
    refresh: bool = False
    executor: str = LOCAL

    @staticmethod
    def of(namespace: argparse.Namespace) -> RunOptions:
        if namespace.seconds <= 0:
            raise UsageError(f"--seconds {namespace.seconds:g}: a task needs a positive time")
        if namespace.jobs < 0:
            raise UsageError(f"--jobs {namespace.jobs}: give a positive number, or 0 for the number of processors")
        options = Options(seconds=namespace.seconds, device=namespace.device, seed=namespace.seed)
        store = None if namespace.no_store else namespace.store
        executor = chosen(namespace.executor, namespace.jobs)
        return RunOptions(options, namespace.jobs or processors(), store, namespace.refresh, executor)


def chosen(executor: str, jobs: int) -> str:
    """The name of an executor, if ``--jobs`` does not contradict it."""
    if executor != LOCAL and jobs:
        raise UsageError(f"--jobs {jobs}: the workers of {executor} say how much runs at once; leave --jobs out")
    return executor


def opened(executor: str) -> Executor | None:
    """The executor of that name; None for processes of this machine.  UsageError if it cannot be had."""
    if executor == LOCAL:
        return None
    from verify.execution.cluster import Cluster

    return Cluster(executor, preload=("verify.session.remote:remember", *PRELOAD), check=check())


def processors() -> int:
    """The number of processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def perform(catalog: Catalog, selected: Sequence[Listed], settings: RunOptions, step: Step | None = None) -> RunResult:
    """Run all tasks of the selected claims.  If the store cannot be used, they run without one, and the result says so."""
    every = [task for listed in selected for task in tasks_of(listed)]
    tasks: list[Task] = list(affected(every))
    metadata = {"platform": platform.platform(), "claims": len(selected), "tasks": len(tasks)}
    metadata |= {"executor": settings.executor}
    results: list[Result] = []
    problems: list[str] = []
    with ExitStack() as stack:
        store = None
        try:
            store = stack.enter_context(Store.open(settings.store)) if settings.store is not None else None
        except StoreError as problem:
            problems.append(f"{problem}; nothing is kept of this run")
        executor = opened(settings.executor)
        session = stack.enter_context(
            Session(settings.options, store=store, jobs=settings.jobs, refresh=settings.refresh, executor=executor)
        )
        session.begin(metadata)
        run = session.run
        for result in session.results(tasks):
            results.append(result)
            if step is not None:
                step(result, len(tasks))
        session.dismiss(set(every).difference(tasks))
        problems += [f"{session.problem}; what came after is not kept"] if session.problem else []
    described = {**metadata, "run": run, "options": settings.options.json()}
    return summarise(catalog, selected, results, described, problems)


def recalled(catalog: Catalog, selected: Sequence[Listed], folder: Path, *, recheck: bool = False) -> RunResult:
    """What the store knows of the selected claims, without running anything.  What this installation judged itself when it
    was stored is believed for its seal, unless ``recheck`` has the kernel decide everything again."""
    if not folder.is_dir():
        raise UsageError(
            f"there is no evidence store {str(folder)!r}; run `verify run` first, or name one with --store"
        )
    with ExitStack() as stack:
        store = stack.enter_context(Store.open(folder))
        memory = Memory(store, Options())
        if not recheck:
            stack.enter_context(reading_remembered(store.remembered, memory.keys))
        tasks = (task for listed in selected for task in tasks_of(listed))
        results = [found for task in tasks if (found := looked_at(memory, task, recheck=recheck)) is not None]
        memory.keep()
        return summarise(catalog, selected, results, {"run": store.latest(), "recheck": recheck})


def looked_at(memory: Memory, task: Task, *, recheck: bool) -> Result | None:
    try:
        known = memory.look(task, recheck=recheck)
    except Exception as problem:  # whatever the text of one claim does, the others are still shown
        foreseen = isinstance(problem, VerifyError)
        said = str(problem) if foreseen else f"reading this failed: {type(problem).__name__}: {problem}"
        return Result(task, broken(task, said))
    return Result(task, known.evidence, cached=True, sealed=known.sealed) if known is not None else None
