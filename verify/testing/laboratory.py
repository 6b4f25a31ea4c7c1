r"""Where claims are run for the contract: once for all of its rules, and once more for those that compare.

The engines take seconds to load, so all claims of a process share them.  What the evidence store of the working folder knows
is used as `verify run` uses it: the kernel decides every certificate again.  The second run asks no store.
"""

from __future__ import annotations

import atexit
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Protocol

from verify.catalog import Catalog, Listed, Reference, collect
from verify.claim import Claim
from verify.execution import Budget, Call, Reply
from verify.goals import Sampling, StatisticalTest
from verify.session.session import GRACE, Result, Session
from verify.session.summary import ClaimResult, claim_result
from verify.session.tasks import Options, Task, tasks_of

Json = Any
STORE = Path(".verify")
BATCHES = "verify.testing.batches:answer"


@dataclass(frozen=True)
class Run:
    """What a run found out about a claim, and its certificates by their sha256."""

    found: ClaimResult
    certificates: Mapping[str, bytes] = field(default_factory=dict)

    def results(self) -> list[Result]:
        """Those of the claim as it stands, and those of its mutants."""
        return [*self.found.results.values(), *(r for mutant in self.found.mutants for r in mutant.results)]


class Laboratory(Protocol):
    """Whoever runs claims."""

    def run(self, listed: Listed) -> Run:
        """Run all tasks of a claim, the mutants with it."""

    def again(self, listed: Listed) -> list[Result]:
        """Run the obligations once more, under the same seed."""

    def batches(self, task: Task) -> Reply:
        """What a stress test yields in batches of two sizes."""


class Here:
    """Runs claims on this machine, in processes of their own; keeps what is found in a store, for a while if there is none."""

    def __init__(self, store: Path = STORE) -> None:
        from verify.session.running import processors
        from verify.store import Store

        self.options = Options()
        self.folder = None if store.is_dir() else tempfile.TemporaryDirectory(prefix="verify-testing-")
        self.store = Store.open(store if self.folder is None else Path(self.folder.name))
        self.session = Session(self.options, store=self.store, jobs=processors())
        self.fresh = Session(self.options, executor=self.session.executor)

    def close(self) -> None:
        self.session.close()
        self.store.close()
        if self.folder is not None:
            self.folder.cleanup()

    def run(self, listed: Listed) -> Run:
        found = claim_result(listed, list(self.session.results(tasks_of(listed))))
        run = Run(found)
        kept = {c.sha256: self.store.blob(c.sha256) for r in run.results() for c in r.evidence.certificates}
        return Run(found, {sha256: blob for sha256, blob in kept.items() if blob is not None})

    def again(self, listed: Listed) -> list[Result]:
        return list(self.fresh.results(task for task in tasks_of(listed) if not task.variant.name))

    def batches(self, task: Task) -> Reply:
        budget = Budget(self.options.seconds, GRACE, self.options.memory_bytes)
        return self.session.executor.submit(Call(BATCHES, task.request(self.options), budget)).result()


@dataclass(frozen=True, eq=False)
class Examined:
    """A claim under examination; what has to be run for it is run when it is first asked for."""

    listed: Listed
    laboratory: Laboratory

    @property
    def claim(self) -> Claim:
        return self.listed.claim

    @cached_property
    def run(self) -> Run:
        return self.laboratory.run(self.listed)

    @cached_property
    def again(self) -> dict[str, Result]:
        return {result.task.id: result for result in self.laboratory.again(self.listed)}

    @cached_property
    def batches(self) -> dict[str, Reply]:
        """The stress tests that the harness computes in batches."""
        batched = [
            task
            for task in tasks_of(self.listed)
            if not task.variant.name and isinstance(task.obligation.goal, Sampling | StatisticalTest)
        ]
        return {task.id: self.laboratory.batches(task) for task in batched}


@lru_cache(maxsize=1)
def here() -> Here:
    """The laboratory of this process."""
    laboratory = Here()
    atexit.register(laboratory.close)
    return laboratory


@lru_cache(maxsize=1000)
def examined(claim: Claim) -> Examined:
    """A claim under examination, once for all rules."""
    listed = Listed(claim, Reference(claim.place.file, claim.module, claim.name), claim.place.file)
    return Examined(listed, here())


@lru_cache(maxsize=100)
def everything(folder: Path) -> Catalog:
    """All claims that are found in this working folder without being named."""
    return collect()
