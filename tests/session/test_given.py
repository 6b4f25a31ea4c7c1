r"""Evidence of questions says on which theorems its certificates rest that nobody checked."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from verify.session.judge import judge
from verify.session.tasks import Options, Task
from verify.session.worker import ask
from verify.verdict import Evidence, Outcome, Strength, verdict

Tasks = Callable[..., dict[str, Task]]

DESCENT = """
import copy

from tests.kernel import worst_cases


class Known:
    def __init__(self, document):
        self.document = document

    def statement(self):
        return self.document["statement"]

    def answer(self):
        return self.document["kind"], self.document["witness"]


@claim.exact(naturals={{"n": (1, 2)}})
def asked(n):
    return Known(worst_cases.convex(1) if n == 1 else worst_cases.{second}())
"""
THEOREM = "Taylor, Hendrickx, Glineur 2017, Smooth strongly convex interpolation, Theorem 4"


def found(tasks: Tasks, second: str) -> Evidence:
    task = tasks(DESCENT.format(second=second))["asked"]
    return judge(task, ask(task.claim, task.obligation, task.variant, Options().json())).evidence


@pytest.mark.parametrize(
    ("second", "outcome", "given"),
    [
        ("nonconvex", Outcome.HOLDS, ()),
        ("attained", Outcome.HOLDS, (THEOREM,)),
        ("too_small", Outcome.REFUTED, (THEOREM,)),
        ("not_attained", Outcome.REFUTED, ()),
    ],
)
def test_evidence_is_given_what_its_certificates_cite(
    tasks: Tasks, second: str, outcome: Outcome, given: tuple[str, ...]
) -> None:
    evidence = found(tasks, second)
    assert (evidence.outcome, evidence.strength, evidence.given) == (outcome, Strength.CERTIFIED, given)
    assert verdict([evidence]).given == given
    assert ("given" in evidence.detail["questions"][1]) is bool(given)
    assert Evidence.from_json(evidence.to_json()).given == given
