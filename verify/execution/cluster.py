r"""An executor for more than one machine: calls travel to the workers of a Dask cluster.

Dask decides where a call runs and runs it again where a worker is lost; isolation, seconds, memory and kills are the
business of the execution room that each worker has (``cluster_worker.py``).  What travels is JSON in bytes, and the name
of one function of this package.  All of Dask's client lives in one thread with an event loop; each call is a coroutine
there, so that whoever waits for a future waits for that coroutine, and whoever cancels it cancels the call.

Every future ends:

* a worker is lost: Dask runs its calls elsewhere, and gives one up that has cost several workers their life
  (``distributed.scheduler.allowed-failures``, 3 unless the scheduler is told otherwise); that is ``crashed``;
* the scheduler is lost, silent for ``SILENCE`` seconds, or without workers for ``VACANCY`` seconds: all calls that
  wait, and all that come later, are ``crashed``, with the reason;
* this side is closed: what waits or runs is ``cancelled``.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import importlib.util
import json
import logging
import os
import threading
import time
import uuid
from collections.abc import Coroutine, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Self

from verify.errors import UsageError
from verify.execution.cluster_worker import perform, read_reply, wire
from verify.execution.task import Call, Reply

Json = Any

CONNECTING = 10.0  # seconds for the first word from a scheduler
LOOKING = 1.0  # seconds between two looks at the cluster
SILENCE = 30.0  # seconds for a scheduler to answer
VACANCY = 60.0  # seconds that a cluster may be without workers
LEAVING = 5.0  # seconds for parting from a scheduler
LOGS = ("distributed", "distributed.client")  # silent meanwhile: that a connection is lost is told by our replies

FORMS = '"local", "dask://HOST:PORT", "dask+tls://HOST:PORT" or "dask:///PATH/scheduler.json"'
WITHDRAWN = Reply("cancelled", detail="withdrawn before it ended")


def scheduler_address(executor: str) -> str:
    """The address of the scheduler that the name of an executor means."""
    scheme, _, rest = executor.partition("://")
    if scheme not in ("dask", "dask+tls") or not rest:
        raise UsageError(f"there is no executor {executor!r}; it is {FORMS}")
    if rest.startswith("/"):
        return address_in(Path(rest))
    host, _, port = rest.rpartition(":")
    if not host or not port.isdecimal():
        raise UsageError(f"the executor {executor!r} names no scheduler; it is {FORMS}")
    return f"{'tls' if scheme == 'dask+tls' else 'tcp'}://{rest}"


def address_in(file: Path) -> str:
    """What ``dask scheduler --scheduler-file FILE`` has written."""
    try:
        address = json.loads(file.read_text())["address"]
    except (OSError, ValueError, KeyError, TypeError) as problem:
        sentence = f"{file} is no scheduler file ({type(problem).__name__}: {problem})"
        raise UsageError(f"{sentence}; `dask scheduler --scheduler-file {file}` writes one") from None
    return str(address)


class Cluster:
    """Runs calls on all workers that a scheduler has, as many at once as they have threads; workers may come and go.

    ``check`` is a call that every worker has to answer with an empty text before anything else is asked of it; any other
    text is the reason why it is refused.  UsageError if there is no scheduler, or no worker, or one that is refused.
    """

    def __init__(self, executor: str, *, preload: Sequence[str] = (), check: Call | None = None) -> None:
        self.address = scheduler_address(executor)
        if importlib.util.find_spec("distributed") is None:
            raise UsageError(f"{executor} needs the package distributed: pip install 'deepclaims[dask]'")
        self._preload = tuple(preload)
        self._preparations: tuple[Call, ...] = ()
        self._session, self._number = uuid.uuid4().hex, 0
        self._workers: dict[str, int] = {}
        self._following: set[asyncio.Task[Any]] = set()
        self._client: Any = None
        self._levels: dict[str, int] = {}
        self._owner, self._closed = os.getpid(), False
        self._loop = asyncio.new_event_loop()
        self._over: asyncio.Future[Reply] = self._loop.create_future()  # the reply to all that has none yet
        self._thread = threading.Thread(target=self._loop.run_forever, name="cluster", daemon=True)
        self._thread.start()
        atexit.register(self.close)
        try:
            self._begin(self._connect(check)).result()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def remote(self) -> bool:
        """Whether calls may run where other code is installed."""
        return True

    @property
    def jobs(self) -> int:
        """How many calls can run at once: the threads of all workers, when the scheduler was asked last."""
        return sum(self._workers.values())

    # ------------------------------------------------------------------------------------------- the user's side

    def submit(self, call: Call, *, first: bool = False) -> Future[Reply]:
        """Send a call, before those that wait if wanted.  UsageError if its argument is not JSON, or after ``close``.
        ``cancel`` of the future withdraws the call also while it runs."""
        request = written(call, self._preparations)
        if self._closed or os.getpid() != self._owner:
            raise UsageError("this cluster is closed, or belongs to another process; make a new one")
        return self._begin(self._follow(request, priority=int(first)))

    def prepare(self, call: Call) -> None:
        """Have every worker run this before the first call that is submitted from now on; what becomes of it is of no
        interest, the calls that need it will say."""
        written(call, ())
        self._preparations = (*self._preparations, call)

    def close(self) -> None:
        """Withdraw all calls, wherever they run; the workers kill them within a second or so."""
        if self._closed or os.getpid() != self._owner:
            return
        self._closed = True
        atexit.unregister(self.close)
        leaving = self._begin(self._leave())
        if threading.current_thread() is not self._thread:
            with contextlib.suppress(TimeoutError):
                leaving.result(timeout=3 * LEAVING)
            self._thread.join(LEAVING)

    # --------------------------------------------------------------------------------------- the thread's side

    def _begin(self, coroutine: Coroutine[Any, Any, Any]) -> Future[Any]:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop)

    async def _connect(self, check: Call | None) -> None:
        from distributed import Client

        self._levels = {name: logging.getLogger(name).level for name in LOGS}
        for name in LOGS:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        options = {"asynchronous": True, "timeout": CONNECTING, "set_as_default": False, "name": "deepclaims"}
        try:
            self._client = await asyncio.wait_for(Client(self.address, **options), 2 * CONNECTING)
        except Exception as problem:
            sentence = f"no Dask scheduler answers at {self.address} ({type(problem).__name__}: {problem})"
            raise UsageError(f"{sentence}; start one with `dask scheduler`, or correct the address") from None
        self._watching = asyncio.create_task(self._watch())
        start = time.monotonic()
        while not await self._look():
            if self._over.done() or time.monotonic() - start > VACANCY:
                sentence = f"the scheduler at {self.address} had no worker for {VACANCY:.0f} s"
                raise UsageError(f"{sentence}; start some with `dask worker {self.address}`")
            await asyncio.sleep(LOOKING / 4)
        if check is not None:
            await asyncio.gather(*(self._check(check, worker) for worker in self._workers))

    async def _check(self, check: Call, worker: str) -> None:
        """A worker that has left in the meantime is not asked; another one answers for it."""
        reply = await self._follow(written(check, ()), workers=[worker], allow_other_workers=True)
        refusal = reply.value if reply.status == "answered" else f"{reply.status}: {reply.detail.partition(chr(10))[0]}"
        if refusal:
            raise UsageError(f"the worker {worker} cannot be used: {refusal}")

    async def _look(self) -> int:
        self._workers = dict(await asyncio.wait_for(self._client.nthreads(), SILENCE))
        return len(self._workers)

    async def _watch(self) -> None:
        """Notice when calls wait for what will not come."""
        occupied = time.monotonic()
        while not self._over.done():
            await asyncio.sleep(LOOKING)
            try:
                if await self._look() or not self._following:
                    occupied = time.monotonic()
            except Exception as problem:
                self._give_up(f"the scheduler at {self.address} was lost ({type(problem).__name__}: {problem})")
            if time.monotonic() - occupied > VACANCY:
                self._give_up(f"the scheduler at {self.address} had no worker for {VACANCY:.0f} s")

    def _give_up(self, sentence: str) -> None:
        if not self._over.done():
            self._over.set_result(Reply("crashed", detail=sentence))

    async def _follow(self, request: bytes, **options: Any) -> Reply:
        """One call from its submission to its reply, whatever comes in between."""
        if self._over.done():
            return self._over.result()
        self._number += 1
        key = f"deepclaims-{self._session}-{self._number}"
        try:
            remote = self._client.submit(perform, request, self._preload, key=key, pure=False, **options)
        except Exception as problem:
            return Reply("crashed", detail=f"Dask does not take the call: {type(problem).__name__}: {problem}")
        own, answer = asyncio.current_task(), asyncio.ensure_future(remote.result())
        assert own is not None
        self._following.add(own)
        try:
            await asyncio.wait({answer, self._over}, return_when=asyncio.FIRST_COMPLETED)
            if answer.done():
                return self._reply_of(answer)
            return self._over.result()
        finally:
            self._following.discard(own)
            if not answer.done():
                answer.cancel()
                with contextlib.suppress(Exception):
                    await asyncio.wait_for(self._client.cancel([remote]), LEAVING)
            remote.release()

    def _reply_of(self, answer: asyncio.Future[bytes]) -> Reply:
        from distributed import KilledWorker
        from distributed.client import FutureCancelledError

        problem = None if answer.cancelled() else answer.exception()
        match problem:
            case None if not answer.cancelled():
                return read_reply(answer.result())
            case KilledWorker():
                lost = f"{problem.allowed_failures + 1} workers were lost with the call, the last at"
                return Reply("crashed", detail=f"{lost} {problem.last_worker.address}; it is not tried again")
            case FutureCancelledError(reason="scheduler-connection-lost"):
                self._give_up(f"the scheduler at {self.address} was lost (it closed the connection)")
                return self._over.result()
            case None | FutureCancelledError():
                return Reply("crashed", detail=f"Dask withdrew the call: {problem}")
        sentence = f"a worker could not run the call: {type(problem).__name__}: {problem}"
        return Reply("crashed", detail=f"{sentence[:1000]}; deepclaims has to be installed where workers run")

    async def _leave(self) -> None:
        """Take leave of everybody, and stop the loop."""
        if not self._over.done():
            self._over.set_result(WITHDRAWN)
        try:
            if self._following:
                await asyncio.wait(set(self._following), timeout=LEAVING)
            if self._client is not None:
                self._watching.cancel()
                with contextlib.suppress(Exception):
                    await asyncio.wait_for(self._client.close(), LEAVING)
        finally:
            for name, level in self._levels.items():
                logging.getLogger(name).setLevel(level)
            self._loop.call_soon(self._loop.stop)


def written(call: Call, preparations: tuple[Call, ...]) -> bytes:
    try:
        return wire(call, preparations)
    except (TypeError, ValueError, RecursionError) as error:
        raise UsageError(f"the argument of {call.function} is not JSON: {error}") from None
