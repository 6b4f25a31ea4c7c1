r"""A library of any size that nobody has to write or to check: claims, typed evidence, repairs, shared lemmas, sources.

The proportions are those of the shipped library: a quarter of the claims is false as printed and refuted, half of those
are repaired, a tenth is only tested, a few are open; titles, statements and quotations are as long as there.  Evidence is
typed in and no engine runs: what is said of these claims means nothing, and this is about pages alone.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from types import FunctionType
from typing import Any

from verify.catalog import Listed, Reference
from verify.claim import Claim
from verify.errors import Place
from verify.report.writing import content, render, static_files
from verify.session.session import Result
from verify.session.summary import ClaimResult, RunResult, claim_result
from verify.session.tasks import Task
from verify.theory.objects import Source, Theorem
from verify.verdict import Evidence, Outcome, Role, Scope, Strength

TOPICS = ("approximation", "control", "expressivity", "generalization", "generative", "geometry", "information",
          "landscape", "optimization", "training")  # fmt: skip
ROOT = Path(tempfile.gettempdir()) / "synthetic"  # there is no such file, and nothing is read from it
STATEMENT = (
    r"For every $m \ge 0$ and every $x$ in $[0, 1]$ the network $f_m(x) = x - \sum_{s=1}^m g_s(x)/4^s$ with at most "
    r"$5m + 2$ weights satisfies $0 \le f_m(x) - x^2 \le 2^{-2m-2}$, and no network of this size does better by more "
    r"than a constant factor, whatever the activation that its hidden units have."
)
QUOTE = (
    "There is a network with O(log(1/eps)) weights and depth O(log(1/eps)) that approximates the square on the unit "
    "interval up to an error of eps, and this cannot be improved."
)


@lru_cache(maxsize=1)
def thousands(count: int = 3000) -> RunResult:
    """A run over ``count`` claims."""
    shared = [Theorem(f"lemma_{n}", written_in(TOPICS[n % 10], f"lemmas_{n}")) for n in range(max(1, count // 12))]
    return RunResult(tuple(one(number, shared) for number in range(count)), ())


def write_pages(found: RunResult, folder: Path) -> Path:
    """The pages that show all claims at once, with what they load; the pages of single claims are left out."""
    shown, _ = content(found, None)
    files = {name: render(shown[name][0], **shown[name][1]) for name in ("index.html", "graph.html")}
    for name, data in {**files, **static_files()}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def written_in(topic: str, module: str) -> Callable[..., Any]:
    """A function that says it is written in this module."""

    def statement() -> None: ...

    code = statement.__code__.replace(co_filename=str(ROOT / topic / f"{module}.py"))
    return FunctionType(code, {"__name__": f"{topic}.{module}"})


def one(number: int, shared: list[Theorem]) -> ClaimResult:
    """One claim with its results."""
    topic = TOPICS[number % 10]
    claim = Claim(
        f"claim-number-{number}",
        f"A network of depth {number % 7 + 2} and width {number % 13 + 3} approximates squares cheaply",
        STATEMENT,
        Source(f"source{number % 300}", f"Theorem {number % 9 + 1}.{number % 5 + 1}", QUOTE if number % 2 else ""),
        expect="refuted" if number % 4 == 3 else "holds",
        repairs=f"claim-number-{number - 10}" if number % 8 == 5 and number % 4 else "",
    )
    claim.place = Place(str(ROOT / topic / f"claim_{number}.py"), 1)
    used = [shared[(number * 7) % len(shared)], shared[(number // 10) % len(shared)]]
    theorem = Theorem("bound", written_in(topic, f"claim_{number}"), using=tuple(used if number % 3 else ()))
    claim._register("bound", Role.PROOF, theorem, claim.place)
    claim.computation()(written_in(topic, "measured"))
    listed = Listed(claim, Reference(claim.place.file, "synthetic", claim.name), "synthetic")
    found = zip(claim.obligations.values(), evidence(number), strict=True)
    return claim_result(listed, [Result(unread(Task.of(listed, obligation)), entry) for obligation, entry in found])


def unread(task: Task) -> Task:
    """A task whose statement is not looked for."""
    vars(task)["problem"] = None
    return task


def evidence(number: int) -> tuple[Evidence, Evidence]:
    """What is said to have been found: of the statement, and of a measurement beside it."""
    computed = Evidence(Role.STRESS, Outcome.HOLDS, "measured", Strength.COMPUTED, Scope.INSTANCES)
    if number % 4 == 3:
        return Evidence(Role.PROOF, Outcome.REFUTED, "there is a point", Strength.CERTIFIED), computed
    if number % 50 == 1:
        return Evidence(Role.PROOF, Outcome.UNDECIDED, "no rule applies"), computed
    strength = (Strength.STATISTICAL, Strength.CERTIFIED)[number % 10 != 2]
    scope = (Scope.INSTANCES, Scope.ALL)[number % 10 != 2]
    return Evidence(Role.PROOF, Outcome.HOLDS, "proved", strength, scope), computed
