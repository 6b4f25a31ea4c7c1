r"""``verify new claim`` and ``verify new plugin``: files for authors."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from verify.cli.arguments import add

if TYPE_CHECKING:
    from verify.scaffolding import Written

KINDS = ("theorem", "exact", "experiment", "refuted")  # verify.scaffolding.KINDS says what each of them is


def declare(commands: Any) -> None:
    text = "Write a claim, or a distribution of claims, that passes at once."
    kinds = commands.add_parser("new", help=text, description=text).add_subparsers(required=True, metavar="WHAT")
    parser = add(kinds, "claim", claim, "Write a module with a claim that passes, to be replaced by yours.")
    parser.add_argument("name", metavar="NAME", help="small words with hyphens, such as my-lemma")
    parser.add_argument(
        "--kind",
        choices=KINDS,
        default="theorem",
        help="a theorem (default); a question about explicit networks, decided exactly; a statistical experiment; "
        "a sentence that is refuted as printed, with its repair",
    )
    parser.add_argument("--output", type=Path, metavar="FILE", help="the module (default: claims/NAME.py)")
    parser.add_argument("--source", default="", metavar="KEY", help="key of the work in references.bib")
    parser = add(kinds, "plugin", plugin, "Write a distribution of claims that installs and passes its tests.")
    parser.add_argument("name", metavar="DIST", help="name of the distribution, such as my-theorems")
    parser.add_argument("--output", type=Path, metavar="FOLDER", help="its folder (default: DIST)")


def claim(options: argparse.Namespace) -> int:
    from verify.scaffolding import new_claim

    written = new_claim(options.name, kind=options.kind, output=options.output, source=options.source)
    told(written)
    where = options.name if options.output is None and options.kind != "refuted" else str(written.files[0])
    print(f"now: verify run {where}", file=sys.stderr)
    return 0


def plugin(options: argparse.Namespace) -> int:
    from verify.scaffolding import new_plugin

    written = new_plugin(options.name, output=options.output)
    told(written)
    folder = options.output if options.output is not None else Path(options.name)
    package = options.name.replace("-", "_")
    print(f"now: cd {folder} && pip install -e . && verify run {package} && pytest", file=sys.stderr)
    return 0


def told(written: Written) -> None:
    for path in written.files:
        print(f"wrote {path}", file=sys.stderr)
    for remark in written.remarks:
        print(remark, file=sys.stderr)
