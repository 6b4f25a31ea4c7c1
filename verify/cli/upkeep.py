r"""``verify check``, ``verify doctor`` and ``verify cache``: certificates, the installation, the store."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from verify.cli.arguments import add, add_store
from verify.errors import UsageError


def declare(commands: Any) -> None:
    parser = add(commands, "check", check, "Decide certificates, as python -m verify.kernel does.")
    parser.add_argument("certificates", nargs="+", help="certificate files")
    parser.add_argument("-v", "--verbose", action="store_true", help="print the statements")
    add(commands, "doctor", doctor, "Say whether this installation can do its work.")
    parser = add(commands, "cache", cache, "Show or prune the evidence store.")
    add_store(parser)
    parser.add_argument(
        "--keep-runs", type=int, metavar="N", help="forget all but the last N runs, and unused evidence"
    )


def check(options: argparse.Namespace) -> int:
    from verify.kernel.__main__ import main as decide

    return decide([*(["-v"] if options.verbose else []), *options.certificates])


def doctor(options: argparse.Namespace) -> int:
    from verify.session.doctor import examine

    return examine(sys.stdout)


def cache(options: argparse.Namespace) -> int:
    from verify.store import Store

    if options.keep_runs is not None and options.keep_runs < 1:
        raise UsageError(f"--keep-runs {options.keep_runs}: keep at least one run")
    with Store.open(options.store) as store:
        if options.keep_runs is not None:
            pruned = store.prune(keep_runs=options.keep_runs)
            print(f"forgot {pruned.runs} runs, {pruned.evidence} pieces of evidence, {pruned.blobs} certificates")
        known = store.statistics()
        print(f"{options.store}: {known.runs} runs, {known.evidence} pieces of evidence, {known.blobs} certificates")
    return 0
