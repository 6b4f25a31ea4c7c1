r"""Slices of a search, wherever they run: here, in other processes, or on other machines.

Any ``concurrent.futures.Executor`` will do, Dask's ``client.get_executor()`` included.  What travels with a slice are a
few nodes, of half a kilobyte each, and back, where the tree is recorded, some 50 bytes for each node visited; the
problem, whose cells can be megabytes, is sent to a worker only when that worker says that it has not got it, and is kept
there.  There is one incumbent: each slice begins with the best upper bound that is known, and what it finds is what the
next ones begin with.

**What can go wrong** is a worker that dies, or a future that is cancelled.  Only slices that were running are lost, and
they are searched again; a slice that is lost ``RETRIES`` times more is given up with an error.  A pool of processes that
lost one of them is useless as a whole; if the pool came from a function, such as ``processes(2)``, a new one is made.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from verify.errors import UsageError, VerifyError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from verify.training.frontier import Frontier, Part
    from verify.training.problem import Problem
    from verify.training.search import Nodes, Slice

    Floats = NDArray[np.float64]
    Signs = NDArray[np.int8]

RETRIES = 3
LIMIT, FAR_LIMIT = 1000, 5000  # nodes of a slice: here, where it costs half a millisecond, and elsewhere
FEW = 2  # open parts for each worker, below which slices elsewhere are as short as those here
NOISE = 1e-10  # relative: a smaller improvement may be a rounding error, which exact arithmetic will tell
PATIENCE = 0.25  # seconds between looks at the clock while slices run elsewhere

Makes = Callable[[], Executor]

_known: dict[str, Problem] = {}  # the problem of this worker


def explore(
    key: str, sent: bytes | None, nodes: Nodes, upper: float, limit: int, tolerance: float, record: bool
) -> Slice | None:
    """One slice, in a worker; None if the worker does not know the problem yet."""
    from verify.training.search import search

    if sent is not None:
        _known.clear()
        _known[key] = pickle.loads(sent)
    if key not in _known:
        return None
    return search(_known[key], nodes, upper, node_limit=limit, tolerance=tolerance, record=record)


def processes(count: int) -> Makes:
    """A function that makes a pool of this many processes, started afresh, each with one thread."""
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise UsageError(f"processes({str(count)[:80]}): the number of processes is a positive whole number")

    def make() -> Executor:
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        return ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=one_thread)

    return make


def one_thread() -> None:
    """For libraries that are imported later."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")


@dataclass(frozen=True)
class Incumbent:
    """The best weights v (w d + f,) and signs (w,) that are known, and their loss, in the units of the problem."""

    upper: float
    weights: Floats
    signs: Signs


@dataclass(eq=False)
class Workers:
    """Where the slices of one problem run.  ``room``: how many at a time; ``sent``: bytes of problems that travelled."""

    problem: Problem
    make: Makes | None = None
    executor: Executor | None = None
    room: int = 1
    key: str = ""
    packed: bytes = b""
    sent: int = 0
    running: dict[Future[Slice | None], Part] = field(default_factory=dict)

    @staticmethod
    def of(problem: Problem, executor: Executor | Makes | None, room: int | None) -> Workers:
        if executor is not None and not isinstance(executor, Executor) and not callable(executor):
            raise UsageError(
                f"executor={str(executor)[:80]!r} is neither a concurrent.futures.Executor nor a function that makes one, "
                "such as processes(2)"
            )
        if room is not None and (isinstance(room, bool) or not isinstance(room, int) or room < 1):
            raise UsageError(f"shards={str(room)[:80]!r} is not a positive whole number: how many slices run at a time")
        if executor is None:
            return Workers(problem)
        packed = pickle.dumps(problem)
        make = None if isinstance(executor, Executor) else executor
        made = executor if isinstance(executor, Executor) else executor()
        slots = room or getattr(made, "_max_workers", None) or os.cpu_count() or 1
        return Workers(problem, make, made, slots, sha256(packed).hexdigest(), packed)

    def close(self) -> None:
        """Drop what is running; end the processes that were started here."""
        for future in self.running:
            future.cancel()
        self.running.clear()
        if self.make is not None and self.executor is not None:
            self.executor.shutdown(wait=False, cancel_futures=True)

    def start(
        self, part: Part, upper: float, limit: int, tolerance: float, record: bool, *, send: bool = False
    ) -> None:
        """Search a part, as a slice of at most ``limit`` nodes."""
        if self.executor is None:
            from verify.training.search import search

            future: Future[Slice | None] = Future()
            slice_ = search(self.problem, part.nodes, upper, node_limit=limit, tolerance=tolerance, record=record)
            future.set_result(slice_)
        else:
            sent = self.packed if send else None
            self.sent += len(sent or b"")
            future = self.executor.submit(explore, self.key, sent, part.nodes, upper, limit, tolerance, record)
        self.running[future] = part

    def renew(self, frontier: Frontier, reason: BaseException) -> None:
        """After the pool broke: everything that was running is open again, and is searched by a new pool."""
        for part in self.running.values():
            lose(frontier, part, reason)
        self.running.clear()
        if self.make is None:
            raise VerifyError(
                f"the executor of the search broke: {reason}; give exact_erm a function that makes executors, such as "
                "processes(2), and what is lost will be searched again"
            ) from reason
        if self.executor is not None:
            self.executor.shutdown(wait=False, cancel_futures=True)
        self.executor = self.make()


def lose(frontier: Frontier, part: Part, reason: BaseException) -> None:
    """The part is open again, unless it has been lost too often."""
    if part.losses >= RETRIES:
        why = f"{type(reason).__name__}: {reason}"
        raise VerifyError(f"a slice of the search was lost {part.losses + 1} times, the last time with {why[:300]}")
    frontier.lost(part)


@dataclass(frozen=True)
class Pruning:
    """The tolerances of nodes whose bound is near the incumbent's loss: while the tree is recorded, and otherwise.

    ``stubborn``: what seems better than the incumbent is known to be a rounding error.
    """

    recording: float
    otherwise: float
    stubborn: bool = False


def sweep(
    workers: Workers,
    frontier: Frontier,
    best: Incumbent,
    pruning: Pruning,
    *,
    allowance: Callable[[], int],
    watch: Callable[[Incumbent], None],
) -> Incumbent:
    """Search until nothing is open, or until ``allowance``, the nodes that the next slice may visit, is 0.

    ``watch`` is called a few times a second at least, with the best network so far.
    """
    while True:
        while len(workers.running) < workers.room and (limit := allowance()) > 0 and (part := frontier.take()):
            record = frontier.first is not None
            far = workers.executor is not None and len(frontier.waiting) >= FEW * workers.room
            limit = min(limit, FAR_LIMIT if far else LIMIT)
            tolerance = pruning.recording if record else pruning.otherwise
            try:
                workers.start(part, best.upper, limit, tolerance, record)
            except BrokenExecutor as problem:
                lose(frontier, part, problem)
                workers.renew(frontier, problem)
        if not workers.running:
            return best
        best = collected(workers, frontier, best, pruning)
        watch(best)


def collected(workers: Workers, frontier: Frontier, best: Incumbent, pruning: Pruning) -> Incumbent:
    """Wait for slices, a moment, and take what they found; the best network afterwards."""
    done, _ = wait(workers.running, timeout=PATIENCE, return_when=FIRST_COMPLETED)
    for future in done:
        if future not in workers.running:
            continue  # it was lost with the pool
        part = workers.running.pop(future)
        try:
            found = future.result()
            if found is None:
                record = frontier.first is not None
                tolerance = pruning.recording if record else pruning.otherwise
                workers.start(part, best.upper, LIMIT, tolerance, record, send=True)
                continue
        except BrokenExecutor as problem:
            lose(frontier, part, problem)
            workers.renew(frontier, problem)
            continue
        except Exception as problem:
            lose(frontier, part, problem)
            continue
        frontier.give(part, found)
        if found.weights is None or found.signs is None or pruning.stubborn:
            continue
        if found.upper < best.upper - NOISE * (abs(best.upper) + NOISE):
            frontier.stop_recording()
        if found.upper < best.upper:
            best = Incumbent(found.upper, found.weights, found.signs)
    return best
