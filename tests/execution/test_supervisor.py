r"""The queue, the pool of places, and the ends that a supervisor can come to."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from pathlib import Path

import psutil
import pytest

from tests.execution.conftest import PATIENCE, alive, behaviour, descendants, eventually, written_numbers
from verify.errors import UsageError
from verify.execution import Budget, Call, Reply, Supervisor, forkserver, isolation

ServerOf = Callable[[Supervisor], psutil.Process]


def value(future: Future[Reply]) -> object:
    reply = future.result(timeout=PATIENCE)
    assert reply.status == "answered", reply
    return reply.value


# ---------------------------------------------------------------------------------------------------- the queue


def test_fifty_tasks_in_two_places_leave_no_descriptor_open() -> None:
    processes, descriptors, threads = descendants(), psutil.Process().num_fds(), threading.active_count()
    with Supervisor(jobs=2) as supervisor:
        futures = [supervisor.submit(behaviour("echo", number)) for number in range(50)]
        assert [value(future) for future in futures] == list(range(50))
        numbers = {supervisor.submit(behaviour("own_process")).result().value["pid"] for _ in range(5)}
        assert len(numbers) == 5
        during = psutil.Process().num_fds()
    assert during - descriptors <= 6
    assert psutil.Process().num_fds() == descriptors
    assert threading.active_count() == threads
    assert descendants() <= processes


def test_tasks_begin_in_the_order_of_submission(tmp_path: Path) -> None:
    file = tmp_path / "lines"
    with Supervisor() as supervisor:
        futures = [supervisor.submit(behaviour("append_line", {"file": str(file), "line": n})) for n in range(10)]
        assert [value(future) for future in futures] == list(range(10))
    assert file.read_text().split() == [str(n) for n in range(10)]


def test_a_task_may_be_the_first_of_those_that_wait(tmp_path: Path) -> None:
    file = tmp_path / "lines"
    with Supervisor() as supervisor:
        running = supervisor.submit(Call("time:sleep", 0.5))
        last = [supervisor.submit(behaviour("append_line", {"file": str(file), "line": n})) for n in (1, 2)]
        value(supervisor.submit(behaviour("append_line", {"file": str(file), "line": 0}), first=True))
        assert [value(future) for future in (running, *last)][1:] == [1, 2]
    assert file.read_text().split() == ["0", "1", "2"]


def test_two_places_are_two_tasks_at_once(tmp_path: Path) -> None:
    file = tmp_path / "numbers"
    with Supervisor(jobs=2) as supervisor:
        hanging = supervisor.submit(behaviour("offspring_then", {"file": str(file), "then": "hang"}))
        numbers = written_numbers(file)
        assert value(supervisor.submit(behaviour("echo", 1))) == 1
        assert not hanging.done()
    assert hanging.result().status == "cancelled"
    assert not any(map(alive, numbers))


def test_the_argument_is_taken_as_it_is_at_submission() -> None:
    with Supervisor() as supervisor:
        argument = [1]
        future = supervisor.submit(behaviour("echo", argument))
        argument.append(2)
        assert value(future) == [1]


def test_each_task_has_a_session_of_its_own() -> None:
    with Supervisor() as supervisor:
        own = supervisor.submit(behaviour("own_process")).result().value
    assert own["group"] == own["session"] == own["pid"]


# ------------------------------------------------------------------------------------------------- cancelling


def test_pending_tasks_are_cancelled_and_the_running_one_goes_on(tmp_path: Path) -> None:
    file = tmp_path / "numbers"
    with Supervisor() as supervisor:
        running = supervisor.submit(
            behaviour("offspring_then", {"file": str(file), "then": "hang"}, seconds=2, grace=0)
        )
        pending = [supervisor.submit(behaviour("echo", n)) for n in range(5)]
        withdrawn = pending.pop()
        assert withdrawn.cancel()
        numbers = written_numbers(file)
        supervisor.cancel_pending()
        assert [future.result(timeout=0).status for future in pending] == ["cancelled"] * 4
        with pytest.raises(CancelledError):
            withdrawn.result(timeout=0)
        assert running.result(timeout=PATIENCE).status == "timeout"
        assert not any(map(alive, numbers))
        assert value(supervisor.submit(behaviour("echo", "next"))) == "next"


def test_one_call_can_be_withdrawn_wherever_it_is(tmp_path: Path) -> None:
    file = tmp_path / "numbers"
    with Supervisor() as supervisor:
        over = supervisor.submit(behaviour("echo", "over"))
        assert value(over) == "over"
        running = supervisor.submit(behaviour("offspring_then", {"file": str(file), "then": "hang"}))
        waiting, next_one = (supervisor.submit(behaviour("echo", n)) for n in range(2))
        numbers = written_numbers(file)
        supervisor.withdraw(waiting)
        assert waiting.result(timeout=0).status == "cancelled"
        assert not running.done()
        for future in (running, over, waiting):
            supervisor.withdraw(future)
        assert running.result(timeout=PATIENCE).status == "cancelled"
        assert not any(map(alive, numbers))
        assert (value(next_one), value(over)) == (1, "over")


def test_closing_kills_what_runs_and_withdraws_what_waits(tmp_path: Path) -> None:
    file = tmp_path / "worker"
    supervisor = Supervisor()
    running = supervisor.submit(behaviour("ignore_all_signals", str(file)))
    pending = supervisor.submit(behaviour("echo", 1))
    eventually(lambda: file.exists() and file.read_text(), "the worker runs")
    worker = int(file.read_text())
    os.kill(worker, signal.SIGTERM)
    supervisor.close()
    assert (running.result(timeout=0).status, pending.result(timeout=0).status) == ("cancelled", "cancelled")
    assert not alive(worker)
    supervisor.close()


def test_nothing_can_be_submitted_after_closing() -> None:
    supervisor = Supervisor()
    supervisor.close()
    with pytest.raises(UsageError, match="closed"):
        supervisor.submit(behaviour("echo"))
    with Supervisor() as second:
        value(second.submit(behaviour("echo")))
    with pytest.raises(UsageError, match="closed"):
        second.submit(behaviour("echo"))


def test_a_supervisor_may_be_closed_from_a_callback_of_its_own_future() -> None:
    supervisor, closed = Supervisor(jobs=2), threading.Event()

    def close(_: Future[Reply]) -> None:
        supervisor.close()
        closed.set()

    hanging = supervisor.submit(behaviour("hang"))
    supervisor.submit(behaviour("echo")).add_done_callback(close)
    assert closed.wait(PATIENCE)
    assert hanging.result(timeout=0).status == "cancelled"


def test_a_fork_of_the_parent_does_not_close_the_parents_supervisor() -> None:
    with Supervisor() as supervisor:
        value(supervisor.submit(behaviour("echo")))
        child = os.fork()
        if child == 0:
            supervisor.close()
            os._exit(0)
        os.waitpid(child, 0)
        assert value(supervisor.submit(behaviour("echo", 1))) == 1


# -------------------------------------------------------------------------------------------- wrong arguments


@pytest.mark.parametrize(
    ("budget", "words"),
    [
        ({"seconds": 0}, "positive, finite number of seconds"),
        ({"seconds": float("inf")}, "positive, finite number of seconds"),
        ({"seconds": float("nan")}, "positive, finite number of seconds"),
        ({"grace": -1}, "grace"),
        ({"memory_bytes": 0}, "memory_bytes"),
        ({"answer_bytes": 0}, "answer_bytes"),
    ],
)
def test_an_impossible_budget_is_refused(budget: dict[str, float], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        Budget(**budget)  # type: ignore[arg-type]


@pytest.mark.parametrize("function", ["", "math", "math:", ":sqrt", "math.sqrt", "a b:c", "math:a.b", "__main__:f"])
def test_what_names_no_function_is_refused(function: str) -> None:
    with pytest.raises(UsageError):
        Call(function, None)


@pytest.mark.parametrize("argument", [object(), {1, 2}, float("nan"), b"bytes"])
def test_an_argument_that_is_not_json_is_refused_at_once(argument: object) -> None:
    with Supervisor() as supervisor, pytest.raises(UsageError, match="argument of math:sqrt is not JSON"):
        supervisor.submit(Call("math:sqrt", argument))


def test_nonsense_for_a_supervisor_is_refused() -> None:
    with pytest.raises(UsageError, match="jobs"):
        Supervisor(jobs=0)
    with pytest.raises(UsageError, match="preload"):
        Supervisor(preload="torch")


# --------------------------------------------------------------------------------------------- the fork server


@pytest.fixture
def server_of() -> ServerOf:
    """The one new process that has been our child since before the last task."""
    before = set(psutil.Process().children())

    def find(supervisor: Supervisor) -> psutil.Process:
        value(supervisor.submit(behaviour("echo")))
        (server,) = (process for process in set(psutil.Process().children()) - before if alive(process.pid))
        return server

    return find


def test_no_process_and_no_thread_starts_before_the_first_task() -> None:
    processes, threads = descendants(), threading.active_count()
    with Supervisor(jobs=3, preload=["torch"]):
        assert (descendants(), threading.active_count()) == (processes, threads)


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of modules that can be preloaded; each leaves a trace of the process that has imported it."""
    bodies = {
        "good_module": "",
        "failing_module": "raise ValueError('not today')",
        "leaving_module": "sys.exit(0)",
        "killing_module": "os._exit(9)",
        "hanging_module": "time.sleep(1000)",
    }
    for name, body in bodies.items():
        trace = f"open({str(tmp_path)!r} + '/{name}.' + str(os.getpid()), 'w')"
        (tmp_path / f"{name}.py").write_text(f"import os, sys, time\n{trace}\n{body}\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def test_a_module_that_cannot_be_preloaded_is_named_and_does_no_harm(modules: Path) -> None:
    names = ["failing_module", "no_such_module", "leaving_module", "good_module"]
    with Supervisor(preload=names) as supervisor:
        assert value(supervisor.submit(behaviour("loaded", names))) == ["good_module"]
        assert supervisor.preload_problems == {
            "failing_module": "ValueError: not today",
            "no_such_module": "ModuleNotFoundError: No module named 'no_such_module'",
            "leaving_module": "SystemExit: 0",
        }


def test_a_function_is_called_once_before_processes_are_forked(modules: Path) -> None:
    body = "calls = []\ndef prepare(): calls.append(os.getpid())\ndef told(_): return calls\ndef fail(): raise ValueError('no')"
    (modules / "preparing_module.py").write_text(f"import os\n{body}\n")
    with Supervisor(preload=["preparing_module:prepare", "preparing_module:fail"]) as supervisor:
        told = [value(supervisor.submit(Call("preparing_module:told", None))) for _ in range(2)]
        assert told[0] == told[1] and len(told[0]) == 1
        assert supervisor.preload_problems == {"preparing_module:fail": "ValueError: no"}


def test_a_module_that_kills_the_server_is_not_preloaded_again(modules: Path) -> None:
    with Supervisor(preload=["good_module", "killing_module"]) as supervisor:
        assert value(supervisor.submit(behaviour("echo", 1))) == 1
        assert "ended with code 9" in supervisor.preload_problems["killing_module"]
        assert value(supervisor.submit(behaviour("loaded", ["good_module"]))) == []


def test_a_module_that_hangs_is_given_up(modules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forkserver, "PRELOAD_SECONDS", 2.0)
    with Supervisor(preload=["hanging_module"]) as supervisor:
        assert value(supervisor.submit(behaviour("echo", 1))) == 1
        assert "not ready after 2 s" in supervisor.preload_problems["hanging_module"]


def test_closing_does_not_wait_for_preloading(modules: Path) -> None:
    processes = descendants()
    supervisor = Supervisor(jobs=2, preload=["hanging_module"])
    futures = [supervisor.submit(behaviour("echo", n)) for n in range(3)]
    eventually(lambda: list(modules.glob("hanging_module.*")), "preloading begins")
    supervisor.close()
    assert [future.result(timeout=0).status for future in futures] == ["cancelled"] * 3
    assert descendants() <= processes


def test_modules_are_imported_once_and_not_in_the_parent(modules: Path, server_of: ServerOf) -> None:
    with Supervisor(preload=["good_module"]) as supervisor:
        assert value(supervisor.submit(behaviour("loaded", ["good_module"]))) == ["good_module"]
        assert value(supervisor.submit(behaviour("loaded", ["good_module"]))) == ["good_module"]
        server = server_of(supervisor).pid
    assert [file.name for file in modules.glob("good_module.*") if file.suffix != ".py"] == [f"good_module.{server}"]


def test_native_libraries_use_one_thread_and_the_parents_environment_stays(
    monkeypatch: pytest.MonkeyPatch, shared_with_torch: Supervisor
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    monkeypatch.delenv("PYTHONHASHSEED", raising=False)
    before = dict(os.environ)
    names = ["PYTHONHASHSEED", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OMP_WAIT_POLICY", "PATH"]
    with Supervisor() as supervisor:
        inside = value(supervisor.submit(behaviour("environment", names)))
    assert inside == dict(zip(names, ["0", "1", "1", "1", "PASSIVE", os.environ["PATH"]], strict=True))
    assert dict(os.environ) == before
    assert value(shared_with_torch.submit(behaviour("threads_of_torch"))) == [1, 300.0**3]


def test_a_server_that_was_killed_is_started_again(server_of: ServerOf) -> None:
    with Supervisor() as supervisor:
        server_of(supervisor).kill()
        assert value(supervisor.submit(behaviour("echo", 1))) == 1
        server = server_of(supervisor)
        server.kill()
        eventually(lambda: not alive(server.pid), "the server is dead")
        assert value(supervisor.submit(behaviour("echo", 2))) == 2


def test_a_server_that_hangs_is_replaced(server_of: ServerOf, monkeypatch: pytest.MonkeyPatch) -> None:
    with Supervisor() as supervisor:
        server = server_of(supervisor)
        monkeypatch.setattr(isolation, "START_SECONDS", 1.0)
        server.suspend()
        future = supervisor.submit(behaviour("echo", 1))
        eventually(lambda: not alive(server.pid), "the server is killed")
        monkeypatch.undo()
        assert value(future) == 1


def test_a_warden_that_hangs_is_killed_with_its_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "KILL_SECONDS", 0.5)
    before = descendants()
    with Supervisor() as supervisor:
        reply = supervisor.submit(behaviour("suspend_its_warden", seconds=1.0, grace=0.0)).result(timeout=PATIENCE)
        assert reply.status == "timeout"
    eventually(lambda: descendants() <= before, "no process is left over")


def test_tasks_die_with_the_server(tmp_path: Path, server_of: ServerOf) -> None:
    file = tmp_path / "numbers"
    with Supervisor() as supervisor:
        server = server_of(supervisor)
        future = supervisor.submit(behaviour("offspring_then", {"file": str(file), "then": "hang"}))
        numbers = written_numbers(file)
        server.kill()
        reply = future.result(timeout=PATIENCE)
        assert (reply.status, reply.detail) == ("crashed", "the fork server was killed, and the task with it")
        assert not any(map(alive, numbers))
        assert value(supervisor.submit(behaviour("echo", 1))) == 1
