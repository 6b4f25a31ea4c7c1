r"""A running engine knows how much time it has left, and is asked to stop before it is killed."""

from __future__ import annotations

import math

from tests.execution.conftest import Run
from verify.execution import remaining_seconds


def test_z3_stops_when_it_is_asked_to(run: Run) -> None:
    reply = run("hang_in_z3_until_interrupted", seconds=0.5, grace=60.0)
    assert reply.status == "answered", reply
    assert reply.value == {"verdict": "unknown", "remaining": 0.0}


def test_an_interrupt_that_z3_has_forgotten_is_repeated(run: Run) -> None:
    assert run("hang_in_z3_after_the_interrupt", seconds=0.1, grace=60.0).value == "unknown"


def test_callbacks_are_called_in_order_and_a_failing_one_hinders_none(run: Run) -> None:
    reply = run("callbacks", seconds=0.2, grace=60.0)
    assert reply.value == {"called": ["failing", "second", "late"], "remaining": 0.0}
    assert "ValueError: this callback fails" in reply.stderr_tail


def test_an_exception_after_the_request_to_stop_says_so(run: Run) -> None:
    reply = run("raise_when_asked_to_stop", seconds=0.2, grace=60.0)
    assert reply.status == "raised"
    assert reply.detail.startswith("RuntimeError: canceled (after it was asked to stop)\n")


def test_the_remaining_time_is_part_of_the_budget(run: Run) -> None:
    assert 0 < run("remaining", seconds=1000.0).value <= 1000.0


def test_there_is_no_clock_outside_of_a_worker() -> None:
    assert remaining_seconds() == math.inf
