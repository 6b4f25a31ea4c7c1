r"""``verify report``: the HTML report of what the store knows."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from verify.cli.arguments import add, add_selection, add_store

if TYPE_CHECKING:
    from verify.session.summary import RunResult


def declare(commands: Any) -> None:
    parser = add(commands, "report", report, "Write the HTML report from what the store knows.")
    add_selection(parser)
    add_store(parser)
    parser.add_argument("--output", type=Path, default=Path("reports"), help="folder of the report (default: reports)")


def report(options: argparse.Namespace) -> int:
    from verify.session.running import recalled, select

    catalog, selected = select(options.selection)
    publish(recalled(catalog, selected, options.store), options.output, options.store)
    return 0


def publish(found: RunResult, folder: Path, store: Path | None) -> None:
    from verify.report import write_report

    write_report(found, folder, store)
    print(f"report: {folder / 'index.html'}", file=sys.stderr)
