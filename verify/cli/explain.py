r"""``verify explain``: why a result is what it is."""

from __future__ import annotations

import argparse
import json
from typing import Any

from verify.cli.arguments import SCHEMA, add, add_store
from verify.errors import UsageError


def declare(commands: Any) -> None:
    text = "Explain a result: what was tried, what a proof uses, where a search stopped, what would help."
    parser = add(commands, "explain", explain, text)
    parser.add_argument("claim", help="a claim by name, or its file; CLAIM::OBLIGATION means both")
    parser.add_argument(
        "obligation", nargs="?", default="", help="one of them, or OBLIGATION[mutant:NAME] (default: all as they stand)"
    )
    add_store(parser)
    parser.add_argument("--run", action="store_true", help="check now what the store does not know")
    parser.add_argument("--seconds", type=float, default=60.0, help="time of one task, with --run (default: 60)")
    parser.add_argument("--json", action="store_true", help="print as JSON")


def explain(options: argparse.Namespace) -> int:
    from verify.catalog import select
    from verify.session.explanation.finding import Asking, explanations
    from verify.session.tasks import Options

    if options.seconds <= 0:
        raise UsageError(f"--seconds {options.seconds:g}: a task needs a positive time")
    claim, _, obligation = options.claim.partition("::")
    if obligation and options.obligation:
        raise UsageError(f"{options.claim} names an obligation already; leave {options.obligation!r} out")
    catalog, selected = select([claim])
    if len(selected) != 1:
        there = ", ".join(listed.claim.name for listed in selected) or "none"
        broken = "".join(f"; {entry.sentence}" for entry in catalog.broken)
        raise UsageError(f"name one claim to be explained; those in {claim} are: {there}{broken}")
    asking = Asking(options.store, options.run, Options(seconds=options.seconds))
    found = explanations(selected[0], obligation or options.obligation, asking)
    if options.json:
        print(json.dumps({"schema": SCHEMA, "explanations": [each.json() for each in found]}, indent=1, sort_keys=True))
    else:
        print("\n\n".join(each.text() for each in found))
    return 0
