r"""Nothing survives its task, and nothing survives the parent, however they end and whatever the parent is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.execution.conftest import PATIENCE, ROOT, Run, alive, eventually, start_python, start_script, written_numbers

# ----------------------------------------------------------------------------------------------- the task's end


def test_children_die_with_a_task_that_returns(run: Run) -> None:
    """Forked, forked twice, forked twice with a session of its own, started by subprocess with a session of its own."""
    numbers = run("offspring").value
    assert len(numbers) == 5
    assert not any(map(alive, numbers))


@pytest.mark.parametrize(
    ("then", "status"), [("return", "answered"), ("crash", "crashed"), ("exit", "crashed"), ("hang", "timeout")]
)
def test_children_die_with_a_task_however_it_ends(run: Run, tmp_path: Path, then: str, status: str) -> None:
    file = tmp_path / "numbers"
    seconds = 3.0 if then == "hang" else PATIENCE
    assert run("offspring_then", {"file": str(file), "then": then}, seconds=seconds, grace=0.0).status == status
    numbers = written_numbers(file)
    assert len(numbers) == 5
    assert not any(map(alive, numbers))


def test_a_forked_child_that_returns_does_not_answer(run: Run) -> None:
    assert run("return_twice").value == "parent"


def test_a_thread_that_is_left_running_does_not_keep_a_task_alive(run: Run) -> None:
    assert run("leave_a_thread_running").value == "answered"


# --------------------------------------------------------------------------------------------- the parent's end

HANG = """
import os, sys
from tests.execution.conftest import behaviour
from verify.execution import Supervisor

supervisor = Supervisor(jobs=2)
call = behaviour("offspring_then", {"file": sys.argv[1], "then": "hang"}, seconds=1000)
"""
WAIT = "supervisor.submit(call).result()\n"
WAIT_IN_BLOCK = "with supervisor:\n    supervisor.submit(call).result()\n"
LEAVE = "supervisor.submit(call)\nwhile not os.path.exists(sys.argv[1]): pass\n"
FORK = """
from pathlib import Path
import time
supervisor.submit(call)
while not os.path.exists(sys.argv[1]): pass
if (copy := os.fork()) == 0:
    time.sleep(1000)
Path(sys.argv[2]).write_text(str(copy))
time.sleep(1000)
"""


def server_of_workers(numbers: list[int]) -> int:
    """The fork server: parent of the parent of the worker."""
    return int(psutil.Process(numbers[0]).parents()[1].pid)


def test_nothing_outlives_a_parent_that_is_killed(tmp_path: Path) -> None:
    file = tmp_path / "numbers"
    with start_script(tmp_path, HANG + WAIT, str(file)) as parent:
        numbers = written_numbers(file)
        numbers.append(server_of_workers(numbers))
        parent.kill()
    eventually(lambda: not any(map(alive, numbers)), "all processes die")


def test_a_copy_of_the_parent_does_not_keep_the_tasks_alive(tmp_path: Path) -> None:
    """The copy has all the parent's descriptors open, so that nobody sees them closed when the parent dies."""
    file, copy = tmp_path / "numbers", tmp_path / "copy"
    with start_script(tmp_path, HANG + FORK, str(file), str(copy)) as parent:
        numbers = written_numbers(file)
        numbers.append(server_of_workers(numbers))
        eventually(lambda: copy.exists() and copy.read_text(), "the parent is copied")
        try:
            parent.kill()
            eventually(lambda: not any(map(alive, numbers)), "all processes die")
            assert alive(int(copy.read_text()))
        finally:
            os.kill(int(copy.read_text()), signal.SIGKILL)


@pytest.mark.parametrize("wait", [WAIT, WAIT_IN_BLOCK], ids=["at exit", "in a with block"])
def test_control_c_ends_everything(tmp_path: Path, wait: str) -> None:
    file = tmp_path / "numbers"
    with start_script(tmp_path, HANG + wait, str(file)) as parent:
        numbers = written_numbers(file)
        numbers.append(server_of_workers(numbers))
        parent.send_signal(signal.SIGINT)
        _, errors = parent.communicate(timeout=PATIENCE)
    assert parent.returncode == -signal.SIGINT
    assert errors.rstrip().endswith("KeyboardInterrupt")
    assert not any(map(alive, numbers))


def test_a_program_that_forgets_to_close_ends_and_leaves_nothing(tmp_path: Path) -> None:
    file = tmp_path / "numbers"
    with start_script(tmp_path, HANG + LEAVE, str(file)) as parent:
        output, errors = parent.communicate(timeout=PATIENCE)
    assert (parent.returncode, output, errors) == (0, "", "")
    assert not any(map(alive, written_numbers(file)))


# ------------------------------------------------------------------------------------------ what the parent is

PROGRAM = """
from verify.execution import Call, Supervisor
print("top level")
with Supervisor(preload=["colorsys"]) as supervisor:
    print(supervisor.submit(Call("tests.execution.behaviours:echo", 6)).result().value)
    inside = supervisor.submit(Call("tests.execution.behaviours:main_module", None)).result().value
    assert inside["file"] is None and "supervisor" not in inside["names"], inside
import sys
assert "colorsys" not in sys.modules
"""
SESSION = f"""
import code, sys
main = sys.modules["__main__"]
del main.__file__
main.__spec__ = None
code.InteractiveInterpreter(vars(main)).runcode({PROGRAM!r})
"""


def output_of(process: subprocess.Popen[str], stdin: str | None = None) -> str:
    output, errors = process.communicate(stdin, timeout=PATIENCE)
    assert (process.returncode, errors) == (0, "")
    return output


def test_a_script_without_a_guard_is_not_run_again(tmp_path: Path) -> None:
    assert output_of(start_script(tmp_path, PROGRAM)) == "top level\n6\n"


def test_a_console_script_works(tmp_path: Path) -> None:
    script = tmp_path / "verify-something"
    script.write_text(f"#!{sys.executable}\nimport sys\ndef main():\n    exec({PROGRAM!r})\nsys.exit(main())\n")
    assert output_of(start_python(str(script))) == "top level\n6\n"


def test_a_module_that_is_run_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "some_program"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(PROGRAM)
    monkeypatch.chdir(tmp_path)
    assert output_of(start_python("-m", "some_program")) == "top level\n6\n"


def test_a_command_works() -> None:
    assert output_of(start_python("-c", PROGRAM)) == "top level\n6\n"


def test_a_program_from_standard_input_works() -> None:
    assert output_of(start_python("-", stdin=subprocess.PIPE), PROGRAM) == "top level\n6\n"


def test_an_interactive_session_without_a_file_works(tmp_path: Path) -> None:
    assert output_of(start_script(tmp_path, SESSION)) == "top level\n6\n"


def test_the_worker_finds_modules_where_the_parent_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    (tmp_path / "local_claim.py").write_text("import os\ndef here(_): return os.getcwd()\n")
    monkeypatch.syspath_prepend("")
    monkeypatch.chdir(tmp_path)
    assert run("local_claim:here").value == str(tmp_path)
    monkeypatch.chdir(ROOT)
    assert run("local_claim:here").detail.startswith("there is no module 'local_claim'")
