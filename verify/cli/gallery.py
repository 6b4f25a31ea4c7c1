r"""``verify gallery``: the committed picture of the whole library, made from stored evidence, and compared with it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from verify.cli.arguments import add, add_selection, add_store
from verify.errors import StoreError, UsageError

if TYPE_CHECKING:
    from verify.session.summary import ClaimResult
    from verify.store import Store

Json = Any

FEW = 8  # names that are told one by one


def declare(commands: Any) -> None:
    parser = add(
        commands, "gallery", gallery, "Write the gallery of the library from stored evidence, or compare them."
    )
    add_selection(parser)
    add_store(parser)
    parser.add_argument("--output", type=Path, default=Path("reports"), help="folder of the gallery (default: reports)")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; say where the evidence differs (exit status 1)"
    )
    parser.add_argument(
        "--strict",
        action="store_true",
        help="with --check: so do searches that a limit of time or memory ended (exit status 4)",
    )


def gallery(options: argparse.Namespace) -> int:
    """Write the gallery; with ``--check``, compare it with the evidence instead."""
    if options.strict and not options.check:
        raise UsageError("--strict says what --check shall not excuse; give both")
    kept = committed(options.output) if options.check else None
    today = stored(options.selection, options.store)
    if kept is not None:
        return compare(kept, today, options)
    from verify.report.gallery import files

    for name, content in files(today).items():
        write(options.output / name, content)
    print(f"gallery: {options.output / 'README.md'}, {len(today['claims'])} claims", file=sys.stderr)
    return 0


def stored(selection: Sequence[str], store: Path) -> Json:
    """The record of what the store knows of all claims; refused, if it does not know them all."""
    from verify.catalog import select
    from verify.report.gallery import made_by, record
    from verify.session.running import recalled
    from verify.store import Store

    default = ["claims"] if Path("claims").is_dir() else []
    catalog, selected = select(selection or default)
    if catalog.broken or not selected:
        raise StoreError(catalog.broken[0].sentence if catalog.broken else "there are no claims here; name some")
    found = recalled(catalog, selected, store)
    with Store.open(store) as opened:
        refuse_missing(found.claims, latest_outcomes(opened), store)
        newest = next((run for run in reversed(opened.runs()) if run.status == "finished"), None)
    if newest is None:
        raise StoreError(f"the store {str(store)!r} has no finished run; finish one: verify run")
    return record(found, made_by(newest.started, newest.metadata))


def latest_outcomes(store: Store) -> dict[str, str]:
    """What each task came to when it was run last; errors are in the history of runs only."""
    latest: dict[str, str] = {}
    for run in reversed(store.runs()):
        for result in store.results(run.id):
            latest.setdefault(result.task, result.summary["outcome"])
    return latest


def refuse_missing(results: Sequence[ClaimResult], latest: Mapping[str, str], store: Path) -> None:
    """Claims of which the store does not have all evidence.  What is missing of a variant could be taken for settled."""
    missing = [result.claim.name for result in results if is_missing(result, latest)]
    if missing:
        named = ", ".join(missing[:FEW]) + (f" and {len(missing) - FEW} more" if len(missing) > FEW else "")
        raise StoreError(
            f"the store {str(store)!r} has no evidence, or only a part of it, for {named}; run `verify run` first"
        )


def is_missing(result: ClaimResult, latest: Mapping[str, str]) -> bool:
    from verify.report.words import unchecked
    from verify.session.tasks import tasks_of

    outcomes = {task.id: latest.get(task.id) for task in tasks_of(result.listed)}
    proved = {bracket.parameter for bracket in result.brackets if bracket.is_proved}
    unsettled = any(
        outcome == "undecided" and f"[proved:{parameter}]" in task
        for task, outcome in outcomes.items()
        for parameter in proved
    )
    return bool(
        unsettled or "error" in outcomes.values() or unchecked(result) or not all(m.results for m in result.mutants)
    )


def committed(folder: Path) -> Json:
    from verify.report.gallery import PLACE, parse

    place = folder / PLACE
    try:
        return parse(place.read_bytes(), place)
    except OSError as problem:
        raise UsageError(
            f"there is no gallery at {str(place)!r} ({problem.strerror}); write one: verify gallery"
        ) from None


def compare(kept: Json, today: Json, options: argparse.Namespace) -> int:
    """One line for each difference."""
    from verify.report.gallery import differences

    found = differences(kept, today)
    for difference in found:
        print(difference)
    excused = sum(difference.of_the_machine for difference in found)
    if len(found) > excused:
        hint = f"{len(found)} differences from the gallery in {options.output}; where the evidence is right, run `verify gallery`"
        print(f"gallery: {hint}", file=sys.stderr)
        return 1
    limits = f", but for {excused} that a limit of time or memory decides" if excused else ""
    print(f"gallery: {len(today['claims'])} claims agree with the stored evidence{limits}", file=sys.stderr)
    return 4 if excused and options.strict else 0


def write(path: Path, content: bytes) -> None:
    """Put a file in place whole or not at all."""
    from verify.report.publish import replace

    try:
        replace(path, content)
    except OSError as problem:
        raise UsageError(
            f"{str(path)!r} cannot be written: {problem.strerror}; name another folder with --output"
        ) from None
