r"""The runs of a store by the names that people give them, and runs of other machines as files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from verify.errors import UsageError
from verify.session.comparison import Summaries
from verify.store import Run, Store

Json = Any

FORMAT = "deepclaims run 1"
FINISHED = "finished"
LATEST, PREVIOUS = "latest", "previous"
SHOWN = 10  # runs that are listed for somebody who named none of them


@dataclass(frozen=True)
class Past:
    """A run as it is compared."""

    name: str
    started: str  # empty for a file, which has no times
    status: str
    summaries: Summaries

    def in_words(self) -> str:
        begun = f", begun {moment(self.started)}" if self.started else ""
        return f"{self.name} ({self.status}{begun}, {len(self.summaries)} results)"


def chosen(folder: Path, words: Sequence[str]) -> list[Past]:
    """The runs of these names: an id or how it begins, ``latest``, ``previous``, or the file of a run."""
    files = {word: of_file(Path(word)) for word in words if word.endswith(".json") and Path(word).is_file()}
    if len(files) == len(set(words)):
        return [files[word] for word in words]
    with existing(folder) as store:
        runs = store.runs()
        return [files[word] if word in files else of_store(store, runs, word) for word in words]


def listed(folder: Path) -> list[Json]:
    """All runs of a store, the newest first."""
    with existing(folder) as store:
        sizes = store.sizes()
        return [
            {"run": run.id, "started": run.started, "status": run.status, "results": sizes.get(run.id, 0)}
            for run in reversed(store.runs())
        ]


def existing(folder: Path) -> Store:
    if not folder.is_dir():
        raise UsageError(
            f"there is no evidence store {str(folder)!r}; run `verify run` first, or name one with --store"
        )
    return Store.open(folder)


def of_store(store: Store, runs: Sequence[Run], word: str) -> Past:
    run = named(runs, word, store)
    return Past(run.id, run.started, run.status, {result.task: result.summary for result in store.results(run.id)})


def named(runs: Sequence[Run], word: str, store: Store) -> Run:
    finished = [run for run in runs if run.status == FINISHED]
    if word in (LATEST, PREVIOUS):
        place = 1 if word == LATEST else 2
        if len(finished) >= place:
            return finished[-place]
        problem = f"the store has {len(finished)} finished runs, and the {word} one is not among them"
    else:
        fitting = [run for run in runs if run.id == word] or [run for run in runs if word and run.id.startswith(word)]
        if len(fitting) == 1:
            return fitting[0]
        problem = f"{len(fitting)} runs of the store begin with {word!r}" if fitting else f"there is no run {word!r}"
    raise UsageError(f"{problem}; give {LATEST}, {PREVIOUS}, the JSON file of a run, or one of: {known(store, runs)}")


def known(store: Store, runs: Sequence[Run]) -> str:
    """The newest runs, for somebody who has to choose one."""
    if not runs:
        return "none, because the store has no runs; `verify run` makes one"
    sizes = store.sizes()
    told = [
        f"{run.id} ({moment(run.started)}, {run.status}, {sizes.get(run.id, 0)} results)"
        for run in runs[: -SHOWN - 1 : -1]
    ]
    more = f"; and {len(runs) - SHOWN} older ones" if len(runs) > SHOWN else ""
    return "; ".join(told) + more


def of_file(path: Path) -> Past:
    """A run that a store wrote as JSON, perhaps on another machine."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if found["format"] != FORMAT:
            raise UsageError(f"{path} has the format {found['format']!r}, and this version reads {FORMAT!r}")
        summaries = {str(task): dict(result["summary"]) for task, result in found["results"].items()}
        return Past(str(path), "", str(found["status"]), summaries)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        sentence = f"{path} is not the file of a run ({type(problem).__name__}: {problem})"
        raise UsageError(f"{sentence}; a store keeps such files in its folder runs") from None


def moment(text: str) -> str:
    return text[:16].replace("T", " ") + " UTC"
