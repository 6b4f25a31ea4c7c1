r"""The search in slices: the same minimum and a valid tree whatever the slices are, wherever they run, whoever dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from fractions import Fraction
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from verify.errors import UsageError, VerifyError
from verify.training import Progress, exact_erm, processes, workers
from verify.training.data import TrainingData
from verify.training.erm import Options
from verify.training.frontier import ALONE, Frontier, pieces
from verify.training.run import Run

Floats = NDArray[np.float64]


def noise(count: int, seed: int = 1) -> tuple[Floats, Floats]:
    generator = np.random.default_rng(seed)
    points = generator.integers(-1000, 1000, size=(count, 2)) / 1000
    return points, generator.integers(-1000, 1000, size=count) / 1000


SMALL, LARGE = noise(14), noise(28)


@pytest.fixture(scope="module")
def small() -> Fraction:
    found = exact_erm(*SMALL, 2)
    assert found.certified
    return found.upper


@pytest.mark.parametrize("limit", [1, 7, 50, 10**6])
def test_the_tree_does_not_depend_on_the_slices(monkeypatch: pytest.MonkeyPatch, small: Fraction, limit: int) -> None:
    """Slices of one node, too: what they write is put together in preorder, though they were searched best first."""
    monkeypatch.setattr(workers, "LIMIT", limit)
    found = exact_erm(*SMALL, 2)
    assert found.certified and found.value == small


def test_with_too_many_open_parts_the_search_goes_depth_first(monkeypatch: pytest.MonkeyPatch, small: Fraction) -> None:
    monkeypatch.setattr(workers, "LIMIT", 10)
    monkeypatch.setattr("verify.training.frontier.MAX_OPEN", 3)
    found = exact_erm(*SMALL, 2)
    assert found.certified and found.value == small


def test_pieces_keep_the_order() -> None:
    from verify.training.search import Nodes

    for count in (0, 1, ALONE, ALONE + 1, 3 * ALONE):
        bounds = np.arange(count) / 7
        zeros = np.zeros((count, 1, 1), np.uint64)
        nodes = Nodes(np.zeros((count, 1), np.int8), zeros, zeros, bounds)
        parts = list(pieces(nodes))
        assert all(map(len, parts))
        assert np.concatenate([np.zeros(0), *(part.bound for part in parts)]).tolist() == bounds.tolist()


def test_an_incomplete_record_is_no_record() -> None:
    from verify.training.search import Nodes

    run = Run.of(TrainingData.of(*SMALL), 2, Options())
    frontier = Frontier.of(Nodes.root(run.problem), record=True)
    assert frontier.record() is None and frontier.open == 1
    part = frontier.take()
    assert part is not None and frontier.open == 1 and frontier.record() is None
    frontier.lost(part)
    assert frontier.open == 1 and not frontier.flying


# ------------------------------------------------------------------------------------------------------- executors


class Unreliable(Executor):
    """Runs what is submitted; every ``period``-th future is cancelled, or fails, instead."""

    def __init__(self, period: int, failure: BaseException | None = None) -> None:
        self.period, self.failure, self.count, self.failed = period, failure, 0, 0

    def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
        future: Future[Any] = Future()
        self.count += 1
        if self.count % self.period:
            future.set_result(fn(*args, **kwargs))
        elif self.failure is None:
            assert future.cancel() and future.set_running_or_notify_cancel() is False
            self.failed += 1
        else:
            future.set_exception(self.failure)
            self.failed += 1
        return future


@pytest.mark.parametrize("failure", [None, MemoryError("no memory"), OSError("connection lost")])
def test_a_slice_that_is_lost_is_searched_again(
    monkeypatch: pytest.MonkeyPatch, small: Fraction, failure: BaseException | None
) -> None:
    monkeypatch.setattr(workers, "LIMIT", 40)
    executor = Unreliable(3, failure)
    found = exact_erm(*SMALL, 2, executor=executor, shards=1)
    assert executor.failed > 2
    assert found.certified and found.value == small


def test_a_slice_that_is_always_lost_is_an_error() -> None:
    with pytest.raises(VerifyError) as caught:
        exact_erm(*SMALL, 2, executor=Unreliable(1, MemoryError("no memory")))
    assert str(caught.value) == "a slice of the search was lost 4 times, the last time with MemoryError: no memory"


def test_threads_are_executors_too(small: Fraction) -> None:
    with ThreadPoolExecutor(2) as executor:
        found = exact_erm(*SMALL, 2, executor=executor)
    assert found.certified and found.value == small


@pytest.mark.parametrize("count", [0, -1, True, 1.5])
def test_processes_are_counted(count: Any) -> None:
    with pytest.raises(UsageError, match="the number of processes is a positive whole number"):
        processes(count)


def test_two_processes_prove_the_same_and_get_the_problem_once_each(small: Fraction) -> None:
    run = Run.of(TrainingData.of(*SMALL), 2, Options(executor=processes(2)))
    try:
        found = run.minimum()
    finally:
        run.close()
    assert found.certified and found.value == small
    assert 1 <= run.workers.sent / len(run.workers.packed) <= 3


def test_a_worker_that_is_killed_loses_nothing() -> None:
    here = exact_erm(*LARGE, 2, certify=False)
    pools: list[Any] = []

    def make() -> Executor:
        pools.append(processes(2)())
        return pools[-1]  # type: ignore[no-any-return]

    def kill(progress: Progress) -> None:
        if len(pools) == 1 and pools[0]._processes:
            os.kill(next(iter(pools[0]._processes)), signal.SIGKILL)

    found = exact_erm(*LARGE, 2, certify=False, executor=make, progress=kill)
    assert len(pools) == 2
    assert found.finished and found.value == here.value


def test_a_broken_executor_that_cannot_be_made_again_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "search.npz"
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
        executor.submit(int).result()
        os.kill(next(iter(executor._processes)), signal.SIGKILL)
        with pytest.raises(VerifyError, match=r"the executor of the search broke: .*; give exact_erm a function that"):
            exact_erm(*SMALL, 2, executor=executor, checkpoint=path)
    assert exact_erm(*SMALL, 2, checkpoint=path).certified


def test_dask_is_an_executor(small: Fraction) -> None:
    """A scheduler and two workers in processes of their own, without a dashboard."""
    distributed = pytest.importorskip("distributed", reason="Dask is not installed: pip install deepclaims[dask]")
    cluster = distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, memory_limit=0
    )
    with cluster, distributed.Client(cluster) as client:
        found = exact_erm(*SMALL, 2, executor=client.get_executor(), shards=2)
    assert found.certified and found.value == small


SCRIPT = """
import numpy as np
from verify.training import exact_erm
generator = np.random.default_rng(1)
points = generator.integers(-1000, 1000, size=(60, 2)) / 1000
labels = generator.integers(-1000, 1000, size=60) / 1000
exact_erm(points, labels, 4, checkpoint={path!r}, certify=False, progress=lambda step: print(step.nodes, flush=True))
"""


def test_an_interrupt_from_the_keyboard_leaves_a_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "search.npz"
    command = [sys.executable, "-c", SCRIPT.format(path=str(path))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stderr is not None
        nodes = next(int(line) for line in process.stdout if int(line) > 0)
        process.send_signal(signal.SIGINT)
        errors = process.stderr.read()
    assert process.returncode and errors.rstrip().endswith("KeyboardInterrupt")
    found = exact_erm(*noise(60), 4, nodes=10, checkpoint=path, certify=False)
    assert found.nodes >= nodes > 10 and found.lower < found.upper
