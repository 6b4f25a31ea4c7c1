r"""Tasks: one obligation of a claim, as it stands or under the changes of a mutant or of a bracket."""

from __future__ import annotations

import hashlib
import importlib.metadata
import platform
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from verify.catalog import Listed
from verify.claim import Claim, Obligation
from verify.errors import ClaimError, Place, UsageError, VerifyError
from verify.goals import (
    Exact,
    Question,
    Relaxation,
    Sampling,
    StatisticalTest,
    arguments,
    at,
    questions,
    registration,
    values,
)
from verify.kernel import Rejected, canonical, digest, statement_text
from verify.kernel.questions import CHECKERS
from verify.theory.environment import Problem, problem
from verify.theory.objects import Changes, Theorem, place_of
from verify.verdict import Role

Json = Any

FACES = (
    "report/",
    "store/",
    "cli/",
    "scaffolding/",
    "notebook.py",
    "pytest_plugin.py",
    "pytest_runner.py",
    "plugins.py",
    "testing/",
    "session/badge.py",
    "session/comparison.py",
    "session/explanation/",
    "session/reporting.py",
    "session/runs.py",
    "session/sarif.py",
    "session/summary.py",
    "session/family.py",
    "session/doctor.py",
)
ENGINES = ("z3-solver", "sympy", "cvxpy", "torch", "numpy", "hypothesis")


@dataclass(frozen=True)
class Options:
    """What a run may be told; part of the key of everything it finds."""

    seconds: float = 60.0
    memory_bytes: int = 6 * 2**30
    device: str = "cpu"
    seed: int = 0

    @property
    def limit(self) -> int | None:
        """The memory of a task on the CPU; none can be set where CUDA reserves terabytes of addresses."""
        return self.memory_bytes if self.device == "cpu" else None

    def json(self) -> Json:
        return {"seconds": self.seconds, "memory_bytes": self.memory_bytes, "device": self.device, "seed": self.seed}


@dataclass(frozen=True)
class Variant:
    """As it stands (""), or ``mutant:NAME``, ``refuted:PARAMETER``, ``proved:PARAMETER``."""

    name: str = ""

    def changes(self, claim: Claim) -> Changes:
        kind, _, which = self.name.partition(":")
        if kind == "mutant":
            return claim.mutants[which].changes
        for bracket in claim.brackets:
            if kind and bracket.parameter.name == which:
                number = bracket.refuted if kind == "refuted" else bracket.proved
                return Changes(numbers={which: number}, objects=(bracket.parameter,))
        if self.name:
            raise UsageError(f"{claim.name} has no variant {self.name!r}")
        return Changes()


@dataclass(frozen=True)
class Asked:
    """One question of an exact goal, at one choice of the naturals."""

    name: str
    naturals: dict[str, int]
    question: Question
    place: Place

    @cached_property
    def statement(self) -> Json:
        """What the kernel is asked to decide; raises ``ClaimError`` unless one of its checkers knows the question."""
        where = self.name + at(self.naturals)
        try:
            statement = self.question.statement()
            canonical(statement)
        except VerifyError as problem:
            raise ClaimError(f"{where}: {problem}", self.place) from None
        except Exception as problem:
            sentence = f"{where} has no statement: {type(problem).__name__}: {problem}"
            raise ClaimError(sentence, self.place) from problem
        asked, known = statement.get("question") if isinstance(statement, dict) else None, asked_by_kernel()
        if asked not in known:
            decided = f"its checkers decide {', '.join(known) or 'no questions'}"
            raise ClaimError(f"{where} asks {asked!r}, which the kernel does not decide; {decided}", self.place)
        return statement

    @cached_property
    def sha256(self) -> str:
        return digest(self.statement)

    @cached_property
    def text(self) -> tuple[str, ...]:
        """The statement in the kernel's words."""
        try:
            return tuple(statement_text(self.statement))
        except (Rejected, TypeError, ValueError, KeyError, IndexError, AttributeError, ArithmeticError) as problem:
            return (f"a statement that the kernel cannot read: {problem}",)


@dataclass(frozen=True)
class Task:
    """One obligation under one variant."""

    listed: Listed = field(compare=False)
    obligation: Obligation = field(compare=False)
    variant: Variant
    id: str
    base: Task | None = field(default=None, compare=False)  # the same obligation as it stands

    @staticmethod
    def of(listed: Listed, obligation: Obligation, variant: str = "", base: Task | None = None) -> Task:
        suffix = f"[{variant}]" if variant else ""
        return Task(listed, obligation, Variant(variant), f"{listed.claim.name}::{obligation.name}{suffix}", base)

    @property
    def claim(self) -> Claim:
        return self.listed.claim

    @cached_property
    def problem(self) -> Problem | None:
        """The theorem of the goal, read under the variant's changes; raises ``ClaimError`` at the author's line."""
        theorem = theorem_of(self.obligation)
        if theorem is None:
            return None
        return problem(theorem, self.variant.changes(self.claim), self.claim.arithmetic)

    @cached_property
    def statement(self) -> Json | None:
        """The theorem of the goal as the kernel knows it, to be shown; none for other goals."""
        return self.problem.statement if self.problem is not None else None

    def show(self, statement: Json) -> None:
        """Have this shown as its statement, because a seal says that it is; nothing is judged by it."""
        self.__dict__["statement"] = statement

    @cached_property
    def asked(self) -> tuple[Asked, ...]:
        """The questions of an exact goal under the variant; raises ``ClaimError`` at the author's line."""
        goal = self.obligation.goal
        if not isinstance(goal, Exact):
            return ()
        changes = self.variant.changes(self.claim)
        found = questions(goal, changes, self.claim.parameters)
        place = place_of(changes.python(goal))
        return tuple(Asked(goal.name, naturals, question, place) for naturals, question in found)

    @cached_property
    def registration(self) -> Json:
        """The plan of a statistical test under the variant; raises ``ClaimError`` at the author's line."""
        goal = self.obligation.goal
        if not isinstance(goal, StatisticalTest):
            return None
        return registration(goal, self.variant.changes(self.claim), self.claim.parameters)

    @property
    def claimed(self) -> str:
        """What a statistical test says under the variant, in words; empty for other goals."""
        goal = self.obligation.goal
        if not isinstance(goal, StatisticalTest):
            return ""
        return goal.settled(values(self.claim.parameters, self.variant.changes(self.claim))).words()

    @cached_property
    def statement_sha256(self) -> str:
        """The digest of its statement, of all its statements, or of its plan; empty for goals that have none."""
        if self.registration is not None:
            return digest(self.registration)
        if self.asked:
            return digest([question.sha256 for question in self.asked])
        return digest(self.problem.statement) if self.problem is not None else ""

    def request(self, options: Options) -> Json:
        """What a worker process is told."""
        reference = self.listed.reference
        return {
            "file": reference.file,
            "module": reference.module,
            "claim": reference.claim,
            "obligation": self.obligation.name,
            "variant": self.variant.name,
            "options": options.json(),
        }

    def key(self, options: Options) -> str:
        """What the result depends on; the budget is kept beside it, as it matters only while nothing was decided."""
        plan: Json = getattr(self.obligation.goal, "plan", dict)()
        depends = {**self.circumstances(options), "statement": self.statement_sha256, "plan": plan}
        return hashlib.sha256(canonical(depends)).hexdigest()

    def place(self, options: Options) -> str:
        """Where a result is found without reading a statement: the statement follows from the module and the harness."""
        return hashlib.sha256(canonical(self.circumstances(options))).hexdigest()

    def circumstances(self, options: Options) -> Json:
        return {
            "task": self.id,
            "module": self.listed.closure,
            "verify": verify_digest(),
            "versions": versions(),
            "device": options.device.partition(":")[0],
            "seed": options.seed,
        }


def asked_by_kernel() -> list[str]:
    """The questions that checkers of the kernel decide."""
    return sorted({checker.question for checker in CHECKERS.values()})


def theorem_of(obligation: Obligation) -> Theorem | None:
    """The theorem that a goal speaks about."""
    match obligation.goal:
        case Theorem() as theorem:
            return theorem
        case Sampling(theorem=theorem):
            return theorem
    return None


def tasks_of(listed: Listed) -> Iterator[Task]:
    """All tasks of a claim: its obligations, and every variant that changes the statement of one."""
    claim = listed.claim
    plain = {name: Task.of(listed, obligation) for name, obligation in claim.obligations.items()}
    yield from plain.values()
    variants = [f"mutant:{name}" for name in claim.mutants]
    variants += [f"{side}:{bracket.parameter.name}" for bracket in claim.brackets for side in ("refuted", "proved")]
    for variant in variants:
        for obligation in claim.obligations.values():
            if obligation.role in (Role.PROOF, Role.DISPROOF) or isinstance(
                obligation.goal, Sampling | Exact | StatisticalTest
            ):
                yield Task.of(listed, obligation, variant, plain[obligation.name])


def is_affected(task: Task) -> bool:
    """Whether the variant changes the statement of the obligation at all."""
    if task.base is None:
        return True
    changes = task.variant.changes(task.claim)
    if isinstance(task.obligation.goal, StatisticalTest) and task.obligation.goal in changes.objects:
        return True
    return is_concerned(task.base, changes) and (task.statement_sha256 != task.base.statement_sha256)


def is_concerned(base: Task, changes: Changes) -> bool:
    """Whether these changes touch anything that was read for the statements; whatever else is in them is not read."""
    goal = base.obligation.goal
    if isinstance(goal, Exact | StatisticalTest):
        read = {*arguments(goal.python), *(goal.reads() if isinstance(goal, StatisticalTest) else ())}
        return any(changed is goal or changed.name in read for changed in changes.objects)
    return base.problem is None or base.problem.concerned_by(changes)


@lru_cache(maxsize=1)
def verify_digest() -> str:
    """A digest of the parts of the harness that results depend on; how they are kept and shown does not matter."""
    root = Path(__file__).resolve().parents[1]
    hashed = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        name = path.relative_to(root).as_posix()
        if not name.startswith(FACES):
            hashed.update(name.encode() + path.read_bytes())
    return hashed.hexdigest()


@lru_cache(maxsize=1)
def versions() -> dict[str, str]:
    """The versions of Python and of the engines."""
    found = {"python": platform.python_version()}
    for distribution in ENGINES:
        try:
            found[distribution] = importlib.metadata.version(distribution)
        except importlib.metadata.PackageNotFoundError:
            found[distribution] = "missing"
    return found


__all__ = [
    "Options",
    "Relaxation",
    "Task",
    "Variant",
    "is_affected",
    "tasks_of",
    "theorem_of",
    "verify_digest",
    "versions",
]
