r"""Small results of runs, made by hand: claims from text, evidence from the judge or typed in, a store to keep it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests import samples
from verify.catalog import Broken, Catalog, Listed, collect
from verify.engines.proof import find_proof
from verify.kernel import FORMAT, canonical, check
from verify.session.judge import judge
from verify.session.session import Result
from verify.session.summary import RunResult, summarise
from verify.session.tasks import Options, Task, is_affected, tasks_of
from verify.session.worker import ask
from verify.store import Store
from verify.verdict import CertificateReference, Evidence, Outcome, Scope, Strength

Json = Any

EVERYTHING = """
slope = claim.parameter("slope", "1", "the slope")


@lemma()
def not_negative(x: real) -> prop:
    return relu(x) >= 0


@claim.proof(using=[not_negative])
def below(x: real) -> prop:
    \"\"\"For $x$ < 1 & more\"\"\"
    assume(x >= 0)
    return relu(x) <= slope * x


@claim.proof()
def open_problem(x: real) -> prop:
    assume(x >= 1)
    return relu(x) > 0


claim.sampling(below, samples=8, reals={"x": (0, 1)})


@claim.trials(8)
def tried(draws):
    return draws.uniform(4, low=0.0, high=1.0) >= 0


@claim.relaxation(naturals={"m": range(3)})
def largest(m: nat, x: real) -> real:
    assume(-1 <= x <= 1)
    return relu(x)


@claim.computation()
def computed() -> bool:
    return True


claim.sharpness(slope, refuted="1/2", proved="1")
claim.mutant("flatter", {slope: "3/4"})


@claim.mutant(replaces=below)
def true_after_all(x: real) -> prop:
    return relu(x) >= 0
"""

REFUTED = """
@claim.proof()
def identity(x: real) -> prop:
    return relu(x) == x


@claim.disproof("there is a number where it fails")
def somewhere_else(x: real) -> prop:
    assume(x <= -1)
    return relu(x) > x
"""


def instance(task: Task, **values: str) -> Json:
    return point(task, "instance", values)


def counterexample(task: Task, **values: str) -> Json:
    return point(task, "counterexample", values)


def point(task: Task, kind: str, values: Mapping[str, str]) -> Json:
    assert task.problem is not None
    witness = {"variables": dict(values), "parameters": {}}
    return {"format": FORMAT, "kind": kind, "statement": task.problem.statement, "witness": witness}


def proved(task: Task, **values: str) -> Json:
    """The answer of an engine that found a proof."""
    assert task.problem is not None
    proof = find_proof(task.problem)
    assert isinstance(proof, dict), proof
    return {"certificates": [proof, instance(task, **values)], "engine": "proof search", "tried": {}}


@dataclass
class Bench:
    """Collects results of one run and the certificates that go with them."""

    folder: Path
    catalog: Catalog
    results: list[Result] = field(default_factory=list)
    blobs: dict[str, list[bytes]] = field(default_factory=dict)

    @staticmethod
    def of(folder: Path, **modules: str) -> Bench:
        return Bench(folder, collect([samples.folder(folder / "claims", **modules)]))

    @property
    def claims(self) -> tuple[Listed, ...]:
        return self.catalog.claims

    def task(self, name: str) -> Task:
        """A task by its identifier."""
        return next(task for listed in self.claims for task in tasks_of(listed) if task.id == name)

    def judged(self, name: str, answer: Json) -> None:
        """What the judge makes of an answer."""
        task = self.task(name)
        found = judge(task, {"engine": "a test", "tried": {}, "certificates": [], **answer})
        self.add(task, found.evidence, found.blobs)

    def answered(self, name: str) -> None:
        """What the judge makes of the answer of the task's own engine, in this process."""
        task = self.task(name)
        self.judged(name, ask(task.claim, task.obligation, task.variant, Options().json()))

    def typed(self, name: str, outcome: Outcome, reason: str = "so it is", **rest: Any) -> None:
        task = self.task(name)
        self.add(task, Evidence(task.obligation.role, outcome, reason, **rest))

    def add(self, task: Task, evidence: Evidence, blobs: Sequence[bytes] = ()) -> None:
        self.results.append(Result(task, evidence))
        self.blobs[task.id] = list(blobs)

    def found(self, broken: Sequence[Broken] = (), **metadata: Json) -> RunResult:
        catalog = Catalog(self.claims, (*self.catalog.broken, *broken))
        return summarise(catalog, self.claims, self.results, metadata)

    def store(self, name: str = "store", *, status: str = "finished") -> tuple[Path, str]:
        """A store that holds this run; its folder and the run."""
        return self.folder / name, self.run(name, {"platform": "a test"}, status=status)

    def run(self, name: str, metadata: Json, *, cached: bool = False, status: str = "finished") -> str:
        """Record these results in a store, as those of one run."""
        with Store.open(self.folder / name) as store:
            run = store.start_run(metadata)
            for number, result in enumerate(self.results):
                key = f"{number:064x}"
                store.put(key, result.evidence.to_json(), self.blobs[result.task.id])
                store.record(run, result.task.id, key, result.summary(), cached=cached, seconds=0.0)
            store.finish_run(run, status)
        return run


def everything(folder: Path) -> Bench:
    """A claim with every kind of obligation, one of them undecided, a mutant that survives, a bracket."""
    bench = Bench.of(folder, whole=samples.text("whole", EVERYTHING))
    bench.judged("whole::below", proved(bench.task("whole::below"), x="1/2"))
    stuck = {
        "theorem": "open_problem",
        "part": "",
        "reason": "no rule applies",
        "wanted": "relu(x) > 0",
        "known": ["h1: x >= 1"],
    }
    bench.judged("whole::open_problem", {"unproved": stuck})
    counts = {"drawn": 8, "effective": 8, "certain": 8, "replayed": 0, "unreplayed": 0}
    bench.judged("whole::below_sampled", {"counts": counts})
    bench.judged("whole::tried", {"counts": {"trials": 8, "drawn": 32, "failed": [], "failures": 0}})
    bench.typed("whole::largest", Outcome.HOLDS, strength=Strength.CERTIFIED, scope=Scope.INSTANCES, detail=ROWS)
    bench.judged("whole::computed", {"holds": True, "sentence": "it was computed"})
    flatter = bench.task("whole::below[mutant:flatter]")
    bench.judged(flatter.id, {"certificates": [counterexample(flatter, x="1")]})
    bench.typed("whole::below[mutant:true-after-all]", Outcome.UNDECIDED, "no counterexample")
    half = bench.task("whole::below[refuted:slope]")
    bench.judged(half.id, {"certificates": [counterexample(half, x="1")]})
    return bench


ROWS = {
    "rows": [
        {"naturals": {"m": 0}, "bound": "1", "solver": "1.0", "exact": "1"},
        {"naturals": {"m": 1}, "bound": "1", "solver": "1.0", "exact": "1/100"},
        {"naturals": {"m": 2}, "bound": None, "reason": "the solver gave up"},
    ]
}


def refuted(folder: Path) -> Bench:
    """A claim that is false as printed, by a point and by a theorem, and its repair."""
    bench = Bench.of(
        folder,
        false=samples.text("false-one", REFUTED, more=', expect="refuted"'),
        repaired=samples.text("right-one", samples.TRUE, more=', repairs="false-one"'),
    )
    identity = bench.task("false-one::identity")
    bench.judged(identity.id, {"certificates": [counterexample(identity, x="-1/2")]})
    bench.judged("false-one::somewhere_else", proved(bench.task("false-one::somewhere_else"), x="-1"))
    bench.judged("right-one::nonnegative", proved(bench.task("right-one::nonnegative"), x="1"))
    positive = bench.task("right-one::nonnegative[mutant:positive]")
    bench.judged(positive.id, {"certificates": [counterexample(positive, x="0")]})
    return bench


def questions(folder: Path, body: str, *, name: str = "asking", more: str = "") -> Bench:
    """A claim whose obligations ask exact questions, all of them answered by the claim's own engines."""
    bench = Bench.of(folder, asking=samples.text(name, body, more=more))
    for listed in bench.claims:
        for task in tasks_of(listed):
            if is_affected(task):
                bench.answered(task.id)
    return bench


def certificate_bytes(document: Json) -> bytes:
    return canonical(document)


def reference(document: Json, blob: bytes) -> CertificateReference:
    accepted = check(document)
    sha256 = hashlib.sha256(blob).hexdigest()
    return CertificateReference(accepted.kind, sha256, accepted.statement_sha256, len(blob), accepted.steps)
