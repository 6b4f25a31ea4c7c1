r"""A session: tasks are looked up, answered in processes of their own, judged, and remembered.

Only this side judges and writes, in one thread: workers send answers, the kernel decides here what they establish, the
store keeps it.  What the store has is judged once more, by the kernel, whenever it is used again; an error is never kept,
and what was undecided is tried again whenever more time is allowed than before.
"""

from __future__ import annotations

import traceback
import platform
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import asdict, dataclass, replace
from types import TracebackType
from typing import Any

from verify.errors import StoreError, VerifyError
from verify.execution import Budget, Call, Executor, Reply, Supervisor
from verify.session.judge import Judged, judge
from verify.session.memory import Memory
from verify.session.remote import remote_call
from verify.session.tasks import Options, Task, is_affected, versions
from verify.store import Judgement, Store
from verify.verdict import Evidence, Outcome

Json = Any

WORKER = "verify.session.worker:answer"
PRELOAD = (
    "sympy", "z3", "numpy", "hypothesis", "torch", "cvxpy", "verify.session.worker", "verify.engines.falsify",
    "verify.engines.proof", "verify.engines.algebra", "verify.engines.sampling", "verify.engines.experiments",
    "verify.engines.falsify.properties:prepare",
)  # fmt: skip
GRACE = 10.0
PREPARING = 900.0  # seconds that a preparation may take


@dataclass(frozen=True)
class Result:
    """The evidence of one task, and how it was come by."""

    task: Task
    evidence: Evidence
    cached: bool = False
    seconds: float = 0.0
    sealed: bool = False  # judged here when it was stored, and believed for its seal

    def summary(self) -> Json:
        """What the history of runs keeps; deterministic for equal outcomes."""
        entry = self.evidence.to_json()
        kept = ("role", "outcome", "strength", "scope", "given", "reason", "engine")
        certificates = [[c["kind"], c["sha256"], c["steps"]] for c in entry["certificates"]]
        return {name: entry[name] for name in kept} | {"certificates": certificates, "costs": self.costs()}

    def costs(self) -> dict[str, int]:
        """What it took, in counts that do not depend on the machine."""
        detail = self.evidence.detail
        found = {
            "certificate bytes": sum(reference.bytes for reference in self.evidence.certificates),
            "points tried": counted(detail, "tried", "grid", "points") + counted(detail, "counts", "drawn"),
            "Z3 resource units": counted(detail, "tried", "z3", "rlimit"),
        }
        return {name: count for name, count in found.items() if count}


@dataclass
class Pending:
    """A task on its way; ``result`` waits for it."""

    session: Session
    task: Task
    key: str = ""
    future: Future[Reply] | None = None
    known: Result | None = None

    def result(self) -> Result:
        if self.known is None:
            assert self.future is not None
            self.known = self.session.conclude(self, self.future.result())
        return self.known


class Session:
    """Runs tasks; a context manager that leaves no process behind."""

    def __init__(
        self,
        options: Options,
        *,
        store: Store | None = None,
        jobs: int = 1,
        refresh: bool = False,
        writing: bool = True,
        executor: Executor | None = None,
    ) -> None:
        self.options, self.store, self.refresh = options, store, refresh
        self.memory = Memory(store, options) if store is not None else None
        self.writing = writing and store is not None and not store.read_only
        self.executor: Executor = executor or Supervisor(jobs=jobs, preload=PRELOAD)
        self.run: str | None = None
        self.handing_over = not writing
        self.unkept: list[Json] = []  # what somebody else has to write
        self.prepared: set[str] = set()
        self.problem = ""  # why nothing is written any more

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close("finished" if kind is None else "interrupted")

    def close(self, status: str = "finished") -> None:
        """End all workers; close the run in the store."""
        self.executor.close()
        run, self.run = self.run, None
        if self.store is not None and run is not None and self.writing:
            try:
                self.store.finish_run(run, status)
            except StoreError as problem:
                self.problem = str(problem)

    def begin(self, metadata: Json) -> None:
        """Begin a run in the store; results are recorded from here on."""
        if self.writing and self.store is not None:
            described = {
                "platform": platform.platform(),
                **metadata,
                "options": self.options.json(),
                "versions": versions(),
            }
            try:
                self.run = self.store.start_run(described)
            except StoreError as problem:
                self.writing, self.problem = False, str(problem)

    # ------------------------------------------------------------------------------------------------ one task

    def submit(self, task: Task) -> Pending:
        """Begin a task, unless it is known."""
        pending = Pending(self, task)
        try:
            pending.key = task.key(self.options)
            known = None if self.refresh else self.recall(task, pending.key)
        except VerifyError as problem:
            pending.known = self.record(pending, Result(task, broken(task, str(problem))))
            return pending
        except Exception as problem:  # not foreseen: one broken task, and the others still run
            sentence = f"{task.obligation.place}: reading this failed: {type(problem).__name__}: {problem}"
            evidence = replace(broken(task, sentence), detail={"worker": traceback.format_exc()})
            pending.known = self.record(pending, Result(task, evidence))
            return pending
        if known is not None:
            pending.known = self.record(pending, known)
            return pending
        self.prepare(task)
        budget = Budget(self.options.seconds, GRACE, self.options.limit)
        local = not self.executor.remote
        call = Call(WORKER, task.request(self.options), budget) if local else remote_call(task, self.options, budget)
        pending.future = self.executor.submit(call)
        return pending

    def prepare(self, task: Task) -> None:
        """Run what the questions of a task name as their ``preparation``, once: it fills caches on disk (of compiled code),
        so that no task spends its time on that.  It does not wait for what was submitted before.  Where it fails, the tasks
        will say why."""
        wanted = dict.fromkeys(str(getattr(asked.question, "preparation", "")) for asked in task.asked)
        for function in wanted:
            if function and function not in self.prepared:
                self.prepared.add(function)
                call = Call(function, None, Budget(PREPARING, GRACE, self.options.limit))
                self.executor.prepare(call)

    def conclude(self, pending: Pending, reply: Reply) -> Result:
        """Judge what a worker sent, and keep it."""
        judged = self.judged(pending.task, reply)
        spent = {"cpu_seconds": round(reply.cpu_seconds, 3), "peak_bytes": reply.peak_bytes}
        resources = {**judged.evidence.resources, **spent, "budget_seconds": self.options.seconds}
        evidence = replace(judged.evidence, resources=resources)
        keepable = evidence.outcome is not Outcome.ERROR and reply.status != "cancelled"
        return self.record(
            pending, Result(pending.task, evidence, False, reply.seconds), judged.blobs if keepable else None
        )

    def judged(self, task: Task, reply: Reply) -> Judged:
        sentence = reply.detail.partition("\n")[0]
        match reply.status:
            case "answered":
                try:
                    return judge(task, reply.value)
                except (KeyError, TypeError, ValueError, AttributeError) as problem:
                    return Judged(broken(task, f"the answer is malformed: {type(problem).__name__}: {problem}"))
            case "timeout" | "memory" | "cancelled":
                role = task.obligation.role
                return Judged(Evidence(role, Outcome.UNDECIDED, f"{reply.status}: {sentence}"))
        kind, _, message = sentence.partition(": ")
        if reply.status == "raised" and kind.startswith(f"{VerifyError.__module__}."):
            return Judged(broken(task, message, reply))  # a sentence for the author, with its own place
        return Judged(broken(task, f"{task.obligation.place}: {reply.status}: {sentence}", reply))

    def recall(self, task: Task, key: str) -> Result | None:
        """What the store knows of a task, judged anew."""
        evidence = self.memory.recall(task, key) if self.memory is not None else None
        return Result(task, evidence, cached=True) if evidence is not None else None

    def record(self, pending: Pending, result: Result, blobs: tuple[bytes, ...] | None = None) -> Result:
        """Keep a result: its evidence with its certificates if it is new (``blobs``), and its place in the run."""
        entry = {
            "task": result.task.id,
            "key": pending.key,
            "evidence": result.evidence.to_json() if blobs is not None else None,
            "blobs": [blob.decode("ascii") for blob in blobs or ()],
            "judgement": self.judgement(pending, result, is_new=blobs is not None),
            "summary": result.summary(),
            "cached": result.cached,
            "seconds": result.seconds,
        }
        if self.writing:
            try:
                self.keep(entry)
            except StoreError as problem:  # a full disk, for instance: the run goes on, and says so
                self.writing, self.problem = False, str(problem)
        elif self.handing_over:
            self.unkept.append(entry)
        return result

    def judgement(self, pending: Pending, result: Result, *, is_new: bool) -> Json:
        """What was judged here just now, to be sealed; of what is known to be undecided, nothing was."""
        if self.memory is None or not (is_new or (result.cached and result.evidence.outcome is not Outcome.UNDECIDED)):
            return None
        try:
            return asdict(self.memory.judgement(result.task, pending.key, result.evidence))
        except StoreError:  # evidence that is no JSON is not kept either, and whoever keeps it says so
            return None

    def keep(self, entry: Json) -> None:
        """Write an entry made by ``record``, here or in another process."""
        if self.store is None or not self.writing or not entry["key"]:
            return
        if entry["evidence"] is not None:
            self.store.put(entry["key"], entry["evidence"], [blob.encode("ascii") for blob in entry["blobs"]])
        if entry["judgement"] is not None and self.memory is not None:
            self.memory.keep([Judgement(**entry["judgement"])])
        if self.run is not None:
            timing = {"cached": entry["cached"], "seconds": entry["seconds"]}
            self.store.record(self.run, entry["task"], entry["key"], entry["summary"], **timing)

    def dismiss(self, tasks: Iterable[Task]) -> None:
        """Note that these variants change nothing, so that to look at results nobody reads their statements again."""
        if self.memory is not None and self.writing:
            self.memory.keep(self.memory.dismissed(tasks))

    def take_unkept(self) -> list[Json]:
        """The entries that this session could not write itself, handed over once."""
        taken, self.unkept = self.unkept, []
        return taken

    # ----------------------------------------------------------------------------------------------- many tasks

    def results(self, tasks: Iterable[Task]) -> Iterator[Result]:
        """The results of tasks, as they come; tasks that a variant does not affect are left out."""
        waiting: dict[Future[Reply], Pending] = {}
        for task in affected(tasks):
            pending = self.submit(task)
            if pending.future is None:
                yield pending.result()
            else:
                waiting[pending.future] = pending
        while waiting:
            done, _ = wait(waiting, timeout=0.5, return_when=FIRST_COMPLETED)
            for future in done:
                yield waiting.pop(future).result()


def affected(tasks: Iterable[Task]) -> Iterator[Task]:
    for task in tasks:
        try:
            if is_affected(task):
                yield task
        except Exception:
            yield task  # it will be reported when it is submitted


def broken(task: Task, sentence: str, reply: Reply | None = None) -> Evidence:
    """Evidence that something broke, with what the worker said."""
    detail = {"worker": reply.detail, "output": reply.stderr_tail} if reply is not None else {}
    return Evidence(task.obligation.role, Outcome.ERROR, sentence, detail=detail)


def counted(report: Json, *path: str) -> int:
    """A count in what an engine reported; an engine may report anything."""
    for name in path:
        report = report.get(name) if isinstance(report, dict) else None
    return report if isinstance(report, int) and not isinstance(report, bool) and report > 0 else 0
