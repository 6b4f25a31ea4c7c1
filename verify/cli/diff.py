r"""``verify diff`` and ``verify runs``: what changed from one run to another, and which runs there are."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from verify.cli.arguments import SCHEMA, add, add_store
from verify.errors import UsageError

if TYPE_CHECKING:
    from verify.session.comparison import Change, Comparison, Cost
    from verify.session.runs import Past

SHOWN = 20  # lines of a group
TITLES = {
    "regressed": "regressed",
    "fixed": "fixed",
    "changed": "changed",
    "new": "new",
    "gone": "gone",
    "slower": "takes more",
    "faster": "takes less",
}


def declare(commands: Any) -> None:
    parser = add(
        commands, "diff", diff, "Say what changed from one run to another (exit status 1: something regressed)."
    )
    which = "an id or how it begins, latest, previous, or the JSON file of a run"
    parser.add_argument("before", nargs="?", default="previous", help=f"the earlier run: {which} (default: previous)")
    parser.add_argument("after", nargs="?", default="latest", help="the later run (default: latest)")
    add_store(parser)
    parser.add_argument("--factor", type=float, default=1.5, help="least factor between costs (default: 1.5)")
    parser.add_argument("--json", action="store_true", help="print as JSON")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write a page as well")
    parser = add(commands, "runs", runs, "List the runs of the store, the newest first.")
    add_store(parser)
    parser.add_argument("--json", action="store_true", help="print as JSON")


def diff(options: argparse.Namespace) -> int:
    from verify.catalog import collect
    from verify.session.comparison import compare, expectations
    from verify.session.runs import chosen

    if not 1 < options.factor < float("inf"):
        raise UsageError(f"--factor {options.factor:g}: costs that differ need a factor above 1")
    before, after = chosen(options.store, [options.before, options.after])
    catalog = collect()
    expected = expectations(listed.claim for listed in catalog.claims)
    found = compare(before.summaries, after.summaries, expected, factor=options.factor)
    for broken in catalog.broken:
        print(f"{broken.sentence} (its claims have no expected outcome here)", file=sys.stderr)
    if options.json:
        print(json.dumps(as_json(before, after, found, options.factor), indent=1, sort_keys=True))
    else:
        print("\n".join(lines(before, after, found, options.factor)))
    if options.html:
        from verify.report.comparison import write_comparison

        write_comparison(before, after, found, options.factor, options.html)
        print(f"comparison: {options.html}", file=sys.stderr)
    return 1 if found.regressed else 0


def as_json(before: Past, after: Past, found: Comparison, factor: float) -> Any:
    sides = {
        side: {"run": run.name, "started": run.started or None, "status": run.status, "results": len(run.summaries)}
        for side, run in (("before", before), ("after", after))
    }
    return {"schema": SCHEMA, **sides, "factor": factor, "differences": found.json()}


def lines(before: Past, after: Past, found: Comparison, factor: float) -> Iterator[str]:
    yield f"from {before.in_words()}"
    yield f"to   {after.in_words()}"
    if found.is_empty():
        yield "nothing changed"
    for group, title in TITLES.items():
        entries = getattr(found, group)
        if entries:
            by = f" (by a factor of {factor:g} or more)" if group in ("slower", "faster") else ""
            yield f"\n{title}: {len(entries)}{by}"
            yield from (f"  {line(entry)}" for entry in entries[:SHOWN])
            if len(entries) > SHOWN:
                yield f"  and {len(entries) - SHOWN} more (--json has them all)"


def line(entry: Change | Cost) -> str:
    from verify.session.comparison import Cost

    if isinstance(entry, Cost):
        return f"{entry.task}: {entry.before} -> {entry.after} {entry.what}"
    if entry.before is None or entry.after is None:
        return f"{entry.name}: {entry.after or entry.before}"
    reason = f" ({entry.reason})" if entry.reason else ""
    if entry.before == entry.after:
        return f"{entry.name}: {entry.after}, by other cited steps{reason}"
    return f"{entry.name}: {entry.before} -> {entry.after}{reason}"


def runs(options: argparse.Namespace) -> int:
    from verify.session.runs import listed, moment

    rows = listed(options.store)
    if options.json:
        print(json.dumps({"schema": SCHEMA, "runs": rows}, indent=1))
    else:
        for row in rows:
            print(f"{row['run']}  {moment(row['started'])}  {row['status']:11}  {row['results']} results")
    return 0 if rows else 5
