r"""``verify run``: check claims, say what was found, leave it in files."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from verify.cli.arguments import SCHEMA, add, add_selection, add_store
from verify.cli.report import add_single_file, publish, refuse_misfit
from verify.errors import VerifyError

if TYPE_CHECKING:
    from verify.session.summary import RunResult


def declare(commands: Any) -> None:
    parser = add(commands, "run", run, "Check claims and report the verdicts.")
    add_selection(parser)
    add_store(parser)
    parser.add_argument("--jobs", type=int, default=0, help="tasks at once (default: the number of processors)")
    parser.add_argument("--executor", default="local", help="dask://HOST:PORT: tasks run on the workers of a cluster")
    parser.add_argument("--strict", action="store_true", help="undecided is a failure (exit status 4)")
    parser.add_argument("--seconds", type=float, default=60.0, help="time of one task (default: 60)")
    parser.add_argument("--seed", type=int, default=0, help="root of all random streams")
    parser.add_argument("--device", default="cpu", help="torch device of the stress tests (default: cpu)")
    parser.add_argument("--refresh", action="store_true", help="do not use what the store knows")
    parser.add_argument("--no-store", action="store_true", help="neither read nor write a store")
    parser.add_argument("--json", action="store_true", help="print the results as JSON")
    parser.add_argument("--junit", type=Path, metavar="FILE", help="write the results as JUnit XML")
    parser.add_argument("--sarif", type=Path, metavar="FILE", help="write what is wrong as SARIF 2.1.0")
    parser.add_argument(
        "--badge", type=image, metavar="FILE", help="write the counts as .svg, or as .json for shields.io"
    )
    parser.add_argument("--report", type=Path, metavar="FOLDER", help="write the HTML report as well")
    add_single_file(parser)


def image(text: str) -> Path:
    """The place of a badge, whose ending says what it is."""
    if Path(text).suffix not in (".svg", ".json"):
        raise argparse.ArgumentTypeError(f"{text!r} must end in .svg or, for an endpoint of shields.io, in .json")
    return Path(text)


def run(options: argparse.Namespace) -> int:
    from verify.report.texts import with_texts
    from verify.session.reporting import Progress, write_json, write_text
    from verify.session.running import RunOptions, perform, select

    refuse_misfit(options.report, single_file=options.single_file)
    catalog, selected = select(options.selection)
    settings = RunOptions.of(options)
    with Progress() as progress:
        found = with_texts(perform(catalog, selected, settings, progress.step))
    write_text(found, sys.stderr)
    if options.json:
        print(json.dumps(write_json(found, SCHEMA), indent=1, sort_keys=True))
    unwritten = 0
    for write in writers(found, options):
        try:
            write()
        except VerifyError as problem:  # the other places are still written
            print(f"verify: {problem}", file=sys.stderr)
            unwritten = problem.exit_code
    return unwritten or found.exit_code(strict=options.strict)


def writers(found: RunResult, options: argparse.Namespace) -> Iterator[Callable[[], None]]:
    """What a run leaves in files."""
    if options.junit:
        from verify.session.reporting import write_junit

        yield lambda: write_junit(found, options.junit)
    if options.sarif:
        from verify.session.sarif import write_sarif

        yield lambda: write_sarif(found, options.sarif)
    if options.badge:
        from verify.session.badge import write_badge

        yield lambda: write_badge(found, options.badge)
    if options.report:
        store = None if options.no_store else options.store
        yield lambda: publish(found, options.report, store, single_file=options.single_file)
