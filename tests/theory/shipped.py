r"""The shipped claims, as examples: their modules, functions and theorems."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import claims
from verify.claim import Claim
from verify.goals import Exact, Relaxation, StatisticalTest
from verify.theory.environment import Problem, bounded_term, problem
from verify.theory.objects import Changes, Function, Theorem

Json = Any

MODULES = sorted(
    ".".join(path.relative_to(Path(claims.__file__).parents[1]).with_suffix("").parts)
    for path in Path(claims.__file__).parent.rglob("*.py")
    if path.name != "__init__.py"
)


@cache
def objects(kind: type) -> dict[str, Any]:
    """The functions, theorems or claims of all modules, by module and name."""
    found: dict[str, Any] = {}
    for module in MODULES:
        for value in vars(importlib.import_module(module)).values():
            if isinstance(value, kind):
                home = value.module if isinstance(value, Claim) else value.python.__module__
                found[f"{home.rpartition('.')[2]}.{value.name}"] = value
    return found


def theorems() -> dict[str, Theorem]:
    """All theorems and lemmas but the terms of relaxations."""
    terms = {id(goal.term) for goal in goals() if isinstance(goal, Relaxation)}
    return {name: theorem for name, theorem in objects(Theorem).items() if id(theorem) not in terms}


def goals() -> list[Any]:
    return [obligation.goal for claim in objects(Claim).values() for obligation in claim.obligations.values()]


@cache
def problems() -> dict[str, Problem]:
    return {name: problem(theorem) for name, theorem in theorems().items()}


@cache
def statements() -> dict[str, Json]:
    """The statements of all theorems, and of the terms of all relaxations."""
    terms = {goal.term.name: bounded_term(goal.term) for goal in goals() if isinstance(goal, Relaxation)}
    return {**{name: found.statement for name, found in problems().items()}, **terms}


def every(names: Iterable[str], holds: Callable[[str], None]) -> None:
    """Asserts something of each example and tells all that fail; a test for each one costs more than what it checks."""
    examples, failures = list(names), []
    for name in examples:
        try:
            holds(name)
        except Exception as problem:
            failures.append(f"{name}: {type(problem).__name__}: {problem}")
    assert examples, "there is nothing to check"
    assert not failures, f"{len(failures)} of {len(examples)}:\n" + "\n".join(failures)


def function(name: str) -> Function:
    return objects(Function)[name]


def changes_a_question(claim: Claim, changes: Changes) -> bool:
    """Whether a mutant replaces a question or an experiment, or changes a number that one gets."""
    goals = [obligation.goal for obligation in claim.obligations.values()]
    asked = [goal for goal in goals if isinstance(goal, Exact | StatisticalTest)]
    names = {name for goal in asked for name in inspect.signature(goal.python).parameters}
    names |= {name for goal in asked if isinstance(goal, StatisticalTest) for name in goal.reads()}
    return any(changed in asked or changed.name in names for changed in changes.objects)
