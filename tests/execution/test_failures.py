r"""Each way of failing is one honest reply, after which the next task runs (which the fixture ``run`` checks)."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.execution.conftest import Run

# ------------------------------------------------------------------------------------------------------- hanging


@pytest.mark.parametrize(
    ("name", "argument"),
    [
        ("hang", None),
        ("hang_natively", None),
        ("hang_in_z3", None),
        ("stop_itself", None),
        ("ignore_all_signals", "/dev/null"),
    ],
)
def test_a_task_that_hangs_is_killed(run: Run, name: str, argument: str | None) -> None:
    reply = run(name, argument, seconds=0.3, grace=0.2)
    assert reply.status == "timeout"
    assert reply.detail == "killed after 0.3 s and 0.2 s of grace"
    assert reply.seconds >= 0.5


# --------------------------------------------------------------------------------------------------------- dying


@pytest.mark.parametrize(
    ("name", "argument", "words"),
    [
        ("segfault", None, "killed by SIGSEGV (Segmentation fault)"),
        ("abort", None, "killed by SIGABRT (Aborted)"),
        ("kill_itself", signal.SIGKILL, "killed by SIGKILL (Killed)"),
        ("kill_itself", signal.SIGTERM, "killed by SIGTERM (Terminated)"),
        ("leave_without_a_word", 3, "exit code 3 and without an answer"),
        ("leave_without_a_word", 0, "exit code 0 and without an answer"),
        ("close_all_descriptors", None, "exit code 70 and without an answer"),
        ("kill_its_warden", None, "the warden of the task was killed"),
    ],
)
def test_a_task_that_dies_has_crashed(run: Run, name: str, argument: int | None, words: str) -> None:
    reply = run(name, argument)
    assert reply.status == "crashed"
    assert words in reply.detail


def test_a_native_crash_leaves_the_last_words_and_the_place(run: Run) -> None:
    reply = run("print_and_crash")
    assert reply.status == "crashed"
    assert "last words" in reply.stderr_tail
    assert "in segfault" in reply.stderr_tail


# ------------------------------------------------------------------------------------------------------- raising


def test_an_exception_is_reported_with_its_place(run: Run) -> None:
    reply = run("raise_value_error", "m = -1 is no size")
    assert reply.status == "raised"
    assert reply.detail.splitlines()[0] == "ValueError: m = -1 is no size"
    assert "behaviours.py" in reply.detail
    assert "in raise_value_error" in reply.detail


@pytest.mark.parametrize(
    ("name", "argument", "sentence"),
    [
        ("exit_politely", 4, "SystemExit: 4"),
        ("exit_politely", None, "SystemExit\n"),
        ("interrupt_itself", None, "KeyboardInterrupt\n"),
        ("recurse", 0, "RecursionError: maximum recursion depth exceeded"),
        (
            "raise_unprintable",
            None,
            "tests.execution.behaviours.Unprintable: (its message cannot be printed: ValueError)",
        ),
    ],
)
def test_unusual_exceptions_are_exceptions(run: Run, name: str, argument: int | None, sentence: str) -> None:
    reply = run(name, argument)
    assert reply.status == "raised"
    assert reply.detail.startswith(sentence)


def test_a_huge_message_is_cut(run: Run) -> None:
    reply = run("raise_huge_message", 50_000_000)
    assert reply.status == "raised"
    assert reply.detail.startswith("ValueError: xxx")
    assert "49998000 characters left out" in reply.detail


@pytest.mark.parametrize(
    ("function", "sentence"),
    [
        ("no_such_module:f", "there is no module 'no_such_module' for 'no_such_module:f'"),
        ("tests.no_such_module.deep:f", "there is no module 'tests.no_such_module' for"),
        ("tests.execution.behaviours:no_such_function", "'no_such_function' does not exist in the module"),
        ("tests.execution.behaviours:Json.x", "a function is named as"),
        ("tests.execution.behaviours:ROOT", "'ROOT' does not exist"),
        ("math:pi", "'pi' is not a function in the module 'math'"),
    ],
)
def test_a_function_that_cannot_be_found_is_named(run: Run, function: str, sentence: str) -> None:
    if sentence.startswith("a function is named"):
        with pytest.raises(Exception, match=sentence):
            run(function)
        return
    reply = run(function)
    assert reply.status == "raised"
    assert sentence in reply.detail
    assert "Traceback" not in reply.detail


def test_a_module_that_fails_to_import_shows_its_own_error(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken_claim.py").write_text("import math\nimport no_such_library\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    reply = run("broken_claim:f")
    assert reply.status == "raised"
    assert reply.detail.startswith("ModuleNotFoundError: No module named 'no_such_library'")
    assert "broken_claim.py" in reply.detail


# ------------------------------------------------------------------------------------------- answers that are none


@pytest.mark.parametrize("kind", ["nan", "infinity", "object", "set", "cycle", "deep", "number"])
def test_an_answer_that_is_not_json_is_garbage(run: Run, kind: str) -> None:
    reply = run("not_json", kind)
    assert reply.status == "garbage"
    assert reply.detail.startswith("the answer is not JSON: ")


@pytest.mark.parametrize("text", ["hello\n", "\x00" * 100, "{}", "\x93answer!" + "\x00" * 8, "\xff" * 100_000])
def test_other_bytes_on_the_way_of_the_answer_are_garbage(run: Run, text: str) -> None:
    reply = run("write_to_the_answer", text)
    assert reply.status == "garbage"
    assert "descriptor" in reply.detail


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no JSON",
        "NaN",
        "[1, 2]",
        '{"status": "answered", "value": NaN}',
        '{"status": "answered"}',
        '{"status": "answered", "value": 1, "detail": "and more"}',
        '{"status": "timeout", "detail": "as the worker claims"}',
        '{"status": "raised", "detail": 7}',
        '{"status": ["raised"], "detail": "x"}',
    ],
)
def test_a_forged_answer_is_garbage(run: Run, text: str) -> None:
    assert run("forge_an_answer", text).status == "garbage"


def test_an_answer_that_is_too_deep_for_the_parent_is_garbage(run: Run) -> None:
    assert run("forge_a_deep_answer").status == "garbage"


def test_two_answers_are_garbage(run: Run) -> None:
    assert run("answer_twice").status == "garbage"


@pytest.mark.parametrize(("number", "words"), [(signal.SIGKILL, "killed by SIGKILL"), (0, "exit code 0")])
def test_half_an_answer_is_a_crash(run: Run, number: int, words: str) -> None:
    reply = run("answer_in_part", number)
    assert reply.status == "crashed"
    assert words in reply.detail
    assert "after 44 bytes of an answer" in reply.detail


def test_an_answer_that_is_too_long_is_refused(run: Run) -> None:
    assert run("long_answer", 998, answer_bytes=1000).value == "x" * 998
    reply = run("long_answer", 999, answer_bytes=1000)
    assert reply.status == "oversized"
    assert reply.detail == "the answer has 1001 bytes, its budget allows 1000"


def test_a_flood_of_an_answer_is_not_read(run: Run) -> None:
    reply = run("flood_the_answer")
    assert reply.status == "oversized"
    assert str(2**60) in reply.detail


def test_an_answer_that_trickles_for_ever_is_killed_in_time(run: Run) -> None:
    assert run("trickle_the_answer", seconds=0.3, grace=0.2).status == "timeout"


def test_a_long_answer_arrives_whole(run: Run) -> None:
    assert run("long_answer", 20_000_000).value == "x" * 20_000_000


# -------------------------------------------------------------------------------------------------------- output


def test_what_is_printed_does_not_mix_with_the_answer(run: Run, capfd: pytest.CaptureFixture[str]) -> None:
    reply = run("chatter")
    assert reply.value == "the answer"
    for words in ("printed by Python", "printed by C", "and to stderr", "\ufffd written, and no UTF-8"):
        assert words in reply.stderr_tail
    assert capfd.readouterr() == ("", "")


def test_of_a_flood_of_output_the_end_is_kept(run: Run) -> None:
    reply = run("flood_stdout", 50)
    assert reply.value == 50
    assert len(reply.stderr_tail) == 4000
    assert reply.stderr_tail.endswith("y" * 100 + "the end\n")


# -------------------------------------------------------------------------------------------------------- memory


@pytest.mark.parametrize(
    ("name", "argument"),
    [
        ("allocate", 400_000_000),
        ("grow_a_list", None),
        ("allocate_in_numpy", 400_000_000),
        ("allocate_in_cpp", 400_000_000),
        ("answer_a_gigabyte", None),
    ],
)
def test_memory_that_runs_out_is_recognised(run: Run, name: str, argument: int | None) -> None:
    reply = run(name, argument, memory_bytes=200_000_000)
    assert reply.status == "memory", reply


@pytest.mark.parametrize("name", ["allocate", "allocate_in_numpy", "allocate_in_cpp"])
def test_what_is_preloaded_does_not_count(run: Run, name: str) -> None:
    reply = run(name, 100_000_000, memory_bytes=200_000_000)
    assert reply.status == "answered", reply


def test_the_errors_of_torch_about_memory_are_recognised(run_with_torch: Run) -> None:
    assert run_with_torch("allocate_in_torch", 100_000_000, memory_bytes=200_000_000).status == "answered"
    assert run_with_torch("allocate_in_torch", 400_000_000, memory_bytes=200_000_000).status == "memory"


def test_the_limit_is_what_was_asked_for_on_top_of_what_is_mapped(run: Run) -> None:
    space = run("address_space", memory_bytes=10**9).value
    assert abs(space["limit"] - space["mapped"] - 10**9) < 50_000_000
    assert run("address_space", memory_bytes=None).value["limit"] == -1


def test_time_and_memory_are_reported_even_for_a_crash(run: Run) -> None:
    small, large = run("segfault"), run("allocate_in_numpy", 300_000_000)
    assert small.cpu_seconds > 0
    assert small.seconds > 0
    assert large.peak_bytes > small.peak_bytes + 200_000_000
