r"""``verify list`` and ``verify show``: which claims there are, and what they state."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from verify.cli.arguments import SCHEMA, add, add_selection


def declare(commands: Any) -> None:
    parser = add(commands, "list", list_claims, "List the claims.")
    add_selection(parser)
    parser.add_argument("--json", action="store_true", help="print as JSON")
    parser = add(commands, "show", show, "Show what a claim states, in the text that the kernel decides.")
    add_selection(parser)


def list_claims(options: argparse.Namespace) -> int:
    from verify.catalog import select

    catalog, selected = select(options.selection)
    rows = [
        {
            "claim": e.claim.name,
            "title": e.claim.title,
            "expect": e.claim.expect,
            "origin": e.origin,
            "place": str(e.claim.place),
        }
        for e in selected
    ]
    if options.json:
        broken = [{"where": b.where, "sentence": b.sentence} for b in catalog.broken]
        print(json.dumps({"schema": SCHEMA, "claims": rows, "broken": broken}, indent=1))
    else:
        width = max((len(row["claim"]) for row in rows), default=0)
        for row in rows:
            mark = "  (false as printed)" if row["expect"] == "refuted" else ""
            print(f"{row['claim']:{width}}  {row['title']}{mark}")
    for broken_entry in catalog.broken:
        print(broken_entry.sentence, file=sys.stderr)
    return 3 if catalog.broken else 0 if rows else 5


def show(options: argparse.Namespace) -> int:
    from verify.session.reporting import describe
    from verify.catalog import select

    _, selected = select(options.selection)
    for listed in selected:
        print(describe(listed))
        print(f"  what was found: verify explain {listed.claim.name}")
    return 0 if selected else 5
