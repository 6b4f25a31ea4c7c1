r"""``verify report``: the HTML report of what the store knows, as a folder or as one file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from verify.cli.arguments import add, add_selection, add_store
from verify.errors import UsageError

if TYPE_CHECKING:
    from verify.session.summary import RunResult

FOLDER = Path("reports")
FILE = Path("report.html")


def declare(commands: Any) -> None:
    parser = add(commands, "report", report, "Write the HTML report from what the store knows.")
    add_selection(parser)
    add_store(parser)
    parser.add_argument(
        "--output", type=Path, help="folder of the report (default: reports), or its file (default: report.html)"
    )
    parser.add_argument(
        "--recheck", action="store_true", help="let the kernel decide every certificate again; believe no seal"
    )
    add_single_file(parser)


def add_single_file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--single-file", action="store_true", help="write the whole report into one HTML file")


def report(options: argparse.Namespace) -> int:
    from verify.session.running import recalled, select

    output = options.output or (FILE if options.single_file else FOLDER)
    refuse_misfit(output, single_file=options.single_file)
    catalog, selected = select(options.selection)
    found = recalled(catalog, selected, options.store, recheck=options.recheck)
    publish(found, output, options.store, single_file=options.single_file)
    return 0


def refuse_misfit(output: Path | None, *, single_file: bool) -> None:
    """Whether there is a place for a report, and one of its kind; asked before anything is run."""
    if single_file and output is None:
        raise UsageError("--single-file says how a report is written; add --report FILE.html")
    if single_file and output is not None and output.is_dir():
        raise UsageError(f"--single-file needs the name of a file, but {str(output)!r} is a folder; name a file in it")
    if not single_file and output is not None and output.suffix in (".html", ".htm"):
        raise UsageError(f"a report is a folder, and {str(output)!r} is named like a file; add --single-file")


def publish(found: RunResult, output: Path, store: Path | None, *, single_file: bool = False) -> None:
    from verify.report import write_report, write_single

    if single_file:
        print(f"report: {output} ({write_single(found, output, store)})", file=sys.stderr)
        return
    write_report(found, output, store)
    print(f"report: {output / 'index.html'}", file=sys.stderr)
