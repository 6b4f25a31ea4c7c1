r"""Without a fork server the replies are the same, only slower."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from tests.execution.conftest import PATIENCE, assert_consistent, behaviour, descendants, eventually
from verify.execution import Reply, Supervisor, supervisor


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[Supervisor]:
    """A supervisor that believes that it is not on Linux."""
    monkeypatch.setattr(supervisor, "sys", SimpleNamespace(platform="elsewhere"))
    before = descendants()
    with Supervisor() as room:
        yield room
    assert descendants() <= before


@pytest.mark.parametrize(
    ("name", "argument", "budget", "status", "words"),
    [
        ("segfault", None, {}, "crashed", "SIGSEGV"),
        ("raise_value_error", "m = -1", {}, "raised", "ValueError: m = -1"),
        ("hang_natively", None, {"seconds": 0.3, "grace": 0.1}, "timeout", "killed after"),
        ("long_answer", 10_000_000, {"answer_bytes": 10**6}, "oversized", "10000002 bytes"),
        ("not_json", "nan", {}, "garbage", "not JSON"),
        ("leave_without_a_word", 3, {}, "crashed", "exit code 3"),
    ],
)
def test_failures_are_replies(
    elsewhere: Supervisor, name: str, argument: object, budget: dict[str, float], status: str, words: str
) -> None:
    reply = elsewhere.submit(behaviour(name, argument, **budget)).result(timeout=PATIENCE)
    assert_consistent(reply)
    assert reply.status == status
    assert words in reply.detail


def test_answers_and_output_arrive(elsewhere: Supervisor) -> None:
    reply: Reply = elsewhere.submit(behaviour("chatter")).result(timeout=PATIENCE)
    assert reply.value == "the answer"
    assert "printed by C" in reply.stderr_tail


def test_closing_kills_what_runs(elsewhere: Supervisor) -> None:
    before = descendants()
    future = elsewhere.submit(behaviour("hang"))
    eventually(lambda: descendants() - before, "the worker runs")
    elsewhere.close()
    assert future.result(timeout=0).status == "cancelled"
