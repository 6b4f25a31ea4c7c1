r"""``verify plugins``: installed distributions with claims."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from verify.cli.arguments import SCHEMA, add
from verify.verdict import counted

if TYPE_CHECKING:
    from verify.catalog import Catalog
    from verify.plugins import Plugin

Json = Any


def declare(commands: Any) -> None:
    parser = add(
        commands, "plugins", show, "List the installed distributions with claims, and what is wrong with them."
    )
    parser.add_argument("--json", action="store_true", help="print as JSON")


def show(options: argparse.Namespace) -> int:
    from verify.plugins import NO_PLUGINS, left_out

    rows = described()
    if options.json:
        print(json.dumps({"schema": SCHEMA, "loaded": not left_out(), "plugins": rows}, indent=1))
    else:
        widths = [max((len(row[part]) for row in rows), default=0) for part in ("distribution", "version", "package")]
        for row in rows:
            columns = (row["distribution"], row["version"], row["package"])
            parts = [f"{text:{width}}" for text, width in zip(columns, widths, strict=True)]
            print("  ".join([*parts, in_words(row)]).rstrip())
    if left_out():
        print(f"{NO_PLUGINS} is set: no plugin is loaded", file=sys.stderr)
    for row in rows:
        for sentence in row["broken"]:
            print(sentence, file=sys.stderr)
    return 3 if any(row["broken"] for row in rows) else 0


def described() -> list[Json]:
    """Each plugin with its version, the authoring interface it declares, its claims and what is broken in it."""
    from verify.catalog import collect
    from verify.plugins import declared, left_out, plugins

    installed = plugins()
    catalog = collect() if installed and not left_out() else None
    return [
        {
            "plugin": plugin.name,
            "distribution": plugin.distribution,
            "version": plugin.version,
            "package": plugin.package,
            "interface": declared(plugin),
            "claims": number_of_claims(plugin, catalog),
            "broken": [b.sentence for b in catalog.broken if b.origin == plugin.origin] if catalog is not None else [],
        }
        for plugin in installed
    ]


def number_of_claims(plugin: Plugin, catalog: Catalog | None) -> int | None:
    """How many claims its package has; None if nobody has looked."""
    if catalog is None:
        return None
    modules = [entry.reference.module for entry in catalog.claims if entry.origin == plugin.origin]
    return sum(f"{module}.".startswith(f"{plugin.package}.") for module in modules)


def in_words(row: Json) -> str:
    """What is known of the claims of a plugin, and the interface that they are written for."""
    declares = f", interface {row['interface']}" if row["interface"] is not None else ""
    if row["claims"] is None:
        return f"not loaded{declares}"
    broken = f", {len(row['broken'])} broken" if row["broken"] else ""
    return f"{counted(row['claims'], 'claim')}{broken}{declares}"
