r"""Calls on a real cluster: one scheduler, workers that are processes, and what can happen to all of them."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests import samples
from tests.execution.conftest import (
    PATIENCE,
    ROOT,
    alive,
    assert_consistent,
    behaviour,
    eventually,
    start_script,
    written_numbers,
)
from verify.catalog import collect
from verify.cli import main
from verify.errors import UsageError
from verify.execution import Budget, Call, Reply, cluster
from verify.execution.cluster import Cluster, scheduler_address
from verify.session import remote
from verify.session.session import Session
from verify.session.tasks import Options, tasks_of

pytest.importorskip("distributed")

Json = Any
PLACES = 2
ENGINES = ("sympy", "z3", "verify.engines.proof", "verify.engines.falsify.properties:prepare")
DEATHS = 2  # workers that one call may cost before it is given up


@pytest.fixture(scope="module")
def workers() -> Iterator[Any]:
    """A scheduler in this process and two workers in processes of their own."""
    import distributed

    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = str(ROOT)
    with distributed.LocalCluster(
        n_workers=PLACES,
        threads_per_worker=1,
        processes=True,
        dashboard_address=None,
        memory_limit=None,
        scheduler_kwargs={"allowed_failures": DEATHS - 1},
    ) as found:
        yield found
    os.environ.pop("PYTHONPATH")
    if before is not None:
        os.environ["PYTHONPATH"] = before


@pytest.fixture(scope="module")
def address(workers: Any) -> str:
    return "dask://" + str(workers.scheduler_address).removeprefix("tcp://")


@pytest.fixture
def places(address: str) -> Iterator[Cluster]:
    """A cluster on which all places are free again at the end."""
    with Cluster(address) as found:
        eventually(lambda: found.jobs >= PLACES, "all workers are back")
        yield found


def value(future: Future[Reply]) -> object:
    reply = future.result(timeout=PATIENCE)
    assert reply.status == "answered", reply
    return reply.value


def hanging(file: Path) -> Call:
    return behaviour("offspring_then", {"file": str(file), "then": "hang"})


# ------------------------------------------------------------------------------------------------- every ending


ENDINGS = {
    "echo": ([1, 2.5, None, "ü"], {}, "answered", ""),
    "raise_value_error": ("no", {}, "raised", "ValueError: no"),
    "segfault": (None, {}, "crashed", "SIGSEGV"),
    "leave_without_a_word": (3, {}, "crashed", "exit code 3"),
    "hang": (None, {"seconds": 1.0, "grace": 0.0}, "timeout", "killed after 1 s"),
    "allocate": (2**33, {"memory_bytes": 2**30}, "memory", "MemoryError"),
    "long_answer": (10_000, {"answer_bytes": 1000}, "oversized", "1000"),
}


def test_a_call_ends_on_a_cluster_as_it_ends_here(places: Cluster) -> None:
    futures = {
        name: places.submit(behaviour(name, argument, **budget)) for name, (argument, budget, _, _) in ENDINGS.items()
    }
    for name, (argument, _, status, words) in ENDINGS.items():
        reply = futures[name].result(timeout=PATIENCE)
        assert_consistent(reply)
        assert (name, reply.status) == (name, status)
        assert words in reply.detail
        assert reply.value == (argument if status == "answered" else None)


def test_verdicts_are_those_of_this_machine(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verify.session.session.PRELOAD", ENGINES)
    bodies = {"right": samples.TRUE, "wrong": samples.FALSE, "empty": samples.VACUOUS}
    folder = samples.folder(tmp_path, **{name: samples.text(name, body) for name, body in bodies.items()})
    tasks = [task for listed in collect([folder]).claims for task in tasks_of(listed)]
    options = Options(seconds=20)
    with Session(options, jobs=2) as session:
        expected = {result.task.id: result.summary() for result in session.results(tasks)}
    executor = Cluster(address, preload=ENGINES, check=remote.check())
    with Session(options, executor=executor) as session:
        found = {result.task.id: result.summary() for result in session.results(tasks)}
    assert found == expected
    assert {summary["outcome"] for summary in found.values()} == {"holds", "refuted", "undecided"}


# ---------------------------------------------------------------------------------------------------- workers


def test_a_worker_that_is_killed_loses_nothing(places: Cluster, workers: Any, tmp_path: Path) -> None:
    """Its calls run again elsewhere; each is answered once."""
    lines, gate = tmp_path / "lines", tmp_path / "gate"
    asked = [{"file": str(lines), "line": str(n), "gate": str(gate)} for n in range(5)]
    futures = [places.submit(behaviour("append_line_and_wait", argument)) for argument in asked]
    eventually(lambda: lines.exists() and len(lines.read_text().splitlines()) == PLACES, "all places are taken")
    running = [int(line.split()[1]) for line in lines.read_text().splitlines()]
    victim = psutil.Process(running[0]).parents()[2]
    victim.kill()
    eventually(lambda: not alive(running[0]), "what the worker ran dies with it")
    gate.write_text("")
    assert [value(future) for future in futures] == [str(n) for n in range(5)]
    begun = [line.split()[0] for line in lines.read_text().splitlines()]
    assert sorted(set(begun)) == [str(n) for n in range(5)] and len(begun) == 6


def test_a_call_that_costs_workers_their_life_is_given_up(places: Cluster) -> None:
    reply = places.submit(behaviour("kill_whoever_asked")).result(timeout=PATIENCE)
    assert (reply.status, reply.value) == ("crashed", None)
    assert reply.detail.startswith(f"{DEATHS} workers were lost with the call, the last at tcp://")
    assert value(places.submit(behaviour("echo", "next"))) == "next"


def test_a_worker_that_comes_later_is_used(places: Cluster, workers: Any, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    asked = [{"file": str(tmp_path / "lines"), "line": str(n), "gate": str(gate)} for n in range(PLACES + 1)]
    futures = [places.submit(behaviour("append_line_and_wait", argument)) for argument in asked]
    workers.scale(PLACES + 1)
    try:
        eventually(
            lambda: (tmp_path / "lines").exists() and (tmp_path / "lines").read_text().count("\n") == 3, "all run"
        )
        gate.write_text("")
        assert [value(future) for future in futures] == ["0", "1", "2"]
        eventually(lambda: places.jobs == PLACES + 1, "the places are counted")
    finally:
        workers.scale(PLACES)


def test_each_worker_prepares_once_before_the_calls_that_need_it(places: Cluster, tmp_path: Path) -> None:
    file = tmp_path / "lines"
    places.prepare(behaviour("append_line", {"file": str(file), "line": "prepared"}))
    calls = [behaviour("append_line", {"file": str(file), "line": str(n)}) for n in range(4)]
    assert [value(future) for future in map(places.submit, calls)] == ["0", "1", "2", "3"]
    lines = file.read_text().split()
    assert lines[0] == "prepared"
    assert 1 <= lines.count("prepared") <= PLACES
    assert sorted(line for line in lines if line != "prepared") == ["0", "1", "2", "3"]


def test_a_call_may_be_the_first_of_those_that_wait(places: Cluster, tmp_path: Path) -> None:
    file = tmp_path / "lines"
    taken = [places.submit(Call("time:sleep", 1.0)) for _ in range(PLACES)]
    rest = [places.submit(behaviour("append_line", {"file": str(file), "line": "later"})) for _ in range(8)]
    first = places.submit(behaviour("append_line", {"file": str(file), "line": "first"}), first=True)
    for future in (*taken, *rest, first):
        value(future)
    assert "first" in file.read_text().split()[: 2 * PLACES]  # a worker keeps one call ready beside the one that runs


# ------------------------------------------------------------------------------------------------- withdrawing


def test_one_future_can_be_cancelled_while_its_call_runs(places: Cluster, tmp_path: Path) -> None:
    future, other = places.submit(hanging(tmp_path / "numbers")), places.submit(Call("time:sleep", 2.0))
    numbers = written_numbers(tmp_path / "numbers")
    assert future.cancel()
    with pytest.raises(CancelledError):
        future.result(timeout=0)
    eventually(lambda: not any(map(alive, numbers)), "the call is killed")
    assert value(other) is None


def test_closing_ends_all_calls_here_and_there(address: str, tmp_path: Path) -> None:
    with Cluster(address) as places:
        futures = [places.submit(hanging(tmp_path / f"numbers{n}")) for n in range(PLACES)]
        futures += [places.submit(behaviour("echo", n)) for n in range(3)]
        numbers = [number for n in range(PLACES) for number in written_numbers(tmp_path / f"numbers{n}")]
    assert {future.result(timeout=0).status for future in futures} == {"cancelled"}
    eventually(lambda: not any(map(alive, numbers)), "the calls are killed")
    places.close()
    with pytest.raises(UsageError, match="closed"):
        places.submit(behaviour("echo", 1))


RUN = """
import sys

import verify.session.running
from verify.cli import main

verify.session.running.PRELOAD = ()
if __name__ == "__main__":
    sys.exit(main(["run", sys.argv[1], "--executor", sys.argv[2], "--no-store", "--seconds", "300"]))
"""

HANGING = """
@claim.computation()
def hang() -> bool:
    from tests.execution.behaviours import offspring_then

    return offspring_then({{"file": {file!r}, "then": "hang"}})
"""


def start_run(folder: Path, executor: str) -> tuple[subprocess.Popen[str], Path]:
    """``verify run`` with a claim that never ends, and the file for the numbers of its processes."""
    file = folder / "numbers"
    claims = samples.folder(folder / "claims", hanging=samples.text("hanging", HANGING.format(file=str(file))))
    return start_script(folder, RUN, str(claims), executor), file


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_run_that_is_interrupted_or_killed_leaves_no_process(address: str, tmp_path: Path, number: int) -> None:
    run, file = start_run(tmp_path, address)
    numbers = written_numbers(file)
    run.send_signal(number)
    _, said = run.communicate(timeout=PATIENCE)
    eventually(lambda: not any(map(alive, numbers)), "the call is killed")
    assert run.returncode == (130 if number == signal.SIGINT else -number), said


# --------------------------------------------------------------------------------------------------- schedulers


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., psutil.Popen]]:
    """Start parts of a cluster by hand, as its users do."""
    started = []

    def start(*arguments: str) -> psutil.Popen:
        command = [sys.executable, "-m", "distributed.cli.dask_" + arguments[0], *arguments[1:]]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__WORKER__PRELOAD": "[]"}
        log = (tmp_path / f"{arguments[0]}.log").open("w")
        started.append(psutil.Popen(command, env=environment, stdout=log, stderr=log))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_a_run_ends_with_its_scheduler(tmp_path: Path, start: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "scheduler.json"
    executor = f"dask://{file}"
    scheduler = start("scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
    eventually(file.exists, "the scheduler is there")
    monkeypatch.setattr(cluster, "VACANCY", 1.0)
    with pytest.raises(UsageError, match=r"had no worker for 1 s; start some with `dask worker tcp://"):
        Cluster(executor)
    start("worker", "--scheduler-file", str(file), "--nthreads", "1", "--no-nanny", "--no-dashboard")
    run, written = start_run(tmp_path, executor)
    numbers = written_numbers(written)
    scheduler.kill()
    _, said = run.communicate(timeout=PATIENCE)
    assert run.returncode == 3, said
    assert "crashed: the scheduler at tcp://" in said and "was lost (" in said
    assert "distributed." not in said, "Dask's own log is silent"
    eventually(lambda: not any(map(alive, numbers)), "the worker leaves, and kills what it ran")


@pytest.mark.parametrize(
    ("executor", "words"),
    [
        ("ray://there", 'there is no executor \'ray://there\'; it is "local", "dask://HOST:PORT"'),
        ("dask://", "there is no executor 'dask://'"),
        ("dask://host", "names no scheduler"),
        ("dask:///no/such/file.json", "/no/such/file.json is no scheduler file"),
    ],
)
def test_what_names_no_scheduler_is_refused(executor: str, words: str) -> None:
    with pytest.raises(UsageError) as refused:
        scheduler_address(executor)
    assert words in str(refused.value)


def test_jobs_are_the_business_of_the_workers(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--executor", "dask://host:8786", "--jobs", "2"]) == 2
    assert "the workers of dask://host:8786 say how much runs at once; leave --jobs out" in capsys.readouterr().err


def test_the_address_of_a_scheduler_is_read_from_its_name() -> None:
    assert scheduler_address("dask://host:8786") == "tcp://host:8786"
    assert scheduler_address("dask+tls://[::1]:8786") == "tls://[::1]:8786"


def test_a_scheduler_that_does_not_answer_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECTING", 0.5)
    start = time.monotonic()
    with pytest.raises(UsageError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:1 .*start one with"):
        Cluster("dask://127.0.0.1:1")
    assert time.monotonic() - start < PATIENCE


def test_an_argument_that_is_not_json_is_refused_at_once(places: Cluster) -> None:
    with pytest.raises(UsageError, match="argument of math:sqrt is not JSON"):
        places.submit(Call("math:sqrt", object()))


def test_the_documented_commands_have_options_that_dask_knows() -> None:
    """``verify`` commands on that page are parsed with all others."""
    from distributed.cli import dask_scheduler, dask_worker

    known = {"scheduler": dask_scheduler.main, "worker": dask_worker.main}
    text = (ROOT / "docs" / "cluster.md").read_text()
    found = re.findall(
        r"^(?:srun --overlap |CUDA_VISIBLE_DEVICES=\d )?dask (scheduler|worker) (.*?)( &)?$", text, re.MULTILINE
    )
    assert len(found) >= 6
    for program, arguments, _ in found:
        options = {
            option for parameter in known[program].params for option in (*parameter.opts, *parameter.secondary_opts)
        }
        assert {word for word in arguments.split() if word.startswith("--")} <= options, arguments


# --------------------------------------------------------------------------------------------------- other code


def test_a_worker_with_other_code_is_refused(address: str) -> None:
    own = remote.code()
    other = Call(remote.CHECK, {**own, "verify": "0" * 64}, Budget(seconds=60))
    with pytest.raises(UsageError) as refused:
        Cluster(address, check=other)
    assert "000000000000 is wanted" in str(refused.value) and own["verify"][:12] in str(refused.value)


def test_a_task_of_other_claims_is_not_answered(places: Cluster, tmp_path: Path) -> None:
    folder = samples.folder(tmp_path, right=samples.text("right"))
    (task, *_) = tasks_of(collect([folder]).get("right"))
    call = remote.remote_call(task, Options(), Budget(seconds=60))
    (folder / "right.py").write_text(samples.text("right", samples.FALSE))
    reply = places.submit(call).result(timeout=PATIENCE)
    assert reply.status == "raised"
    assert f"but {call.argument['closure'][:12]} is wanted; install the same claims there" in reply.detail
