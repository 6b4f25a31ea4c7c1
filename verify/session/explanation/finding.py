r"""The tasks that somebody asks about, and what is known of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from verify.catalog import Listed
from verify.errors import UsageError
from verify.session.explanation import Explanation, explain
from verify.session.memory import Memory
from verify.session.session import Session, affected
from verify.session.tasks import Options, Task, tasks_of
from verify.store import Store
from verify.verdict import Evidence

Json = Any


@dataclass(frozen=True)
class Asking:
    """Where to look, and whether to run what is not known; a budget matters only then."""

    store: Path
    run: bool = False
    options: Options = field(default_factory=Options)


def explanations(listed: Listed, obligation: str, asking: Asking) -> list[Explanation]:
    """Explanations of one task, or of all obligations of a claim as they stand."""
    tasks = list(affected(tasks_of(listed)))
    wanted = named(listed, tasks, obligation)
    if not asking.run and not asking.store.is_dir():
        sentence = f"there is no evidence store {str(asking.store)!r}"
        raise UsageError(f"{sentence}; run `verify run` first, name one with --store, or add --run")
    with Store.open(asking.store) as store:
        memory = Memory(store, replace(asking.options, seconds=0.0))  # what is undecided is known, whatever the budget
        ran = run(wanted, asking.options, store) if asking.run else {}
        return [explained(task, tasks, memory, ran) for task in wanted]


def named(listed: Listed, tasks: Sequence[Task], obligation: str) -> list[Task]:
    """The tasks that are meant; UsageError with those there are if there is none of that name."""
    if not obligation:
        return [task for task in tasks if not task.variant.name]
    found = [task for task in tasks if obligation in (task.id, task.id.partition("::")[2])]
    if not found:
        there = ", ".join(task.id.partition("::")[2] for task in tasks) or "none"
        raise UsageError(f"{listed.claim.name} has no obligation {obligation!r}; its obligations are: {there}")
    return found


def run(tasks: Sequence[Task], options: Options, store: Store) -> dict[str, Evidence]:
    """Check now what the store does not know, or has given less time."""
    with Session(options, store=store) as session:
        return {result.task.id: result.evidence for result in session.results(tasks)}


def explained(task: Task, tasks: Sequence[Task], memory: Memory, ran: dict[str, Evidence]) -> Explanation:
    evidence = recalled(task, memory, ran)
    if evidence is None:
        sentence = f"nothing is known of {task.id}"
        raise UsageError(f"{sentence}; run `verify run {task.claim.name}` first, or add --run")
    try:
        documents = memory.documents(evidence)
    except KeyError:  # they were not kept, as of an error
        documents = []
    same = [other for other in tasks if task.variant.name and other.variant == task.variant]
    return explain(task, evidence, documents, [(other, recalled(other, memory, ran)) for other in same])


def recalled(task: Task, memory: Memory, ran: dict[str, Evidence]) -> Evidence | None:
    return ran[task.id] if task.id in ran else memory.recall(task, task.key(memory.options))
