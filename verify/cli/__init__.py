r"""The command ``verify``.

Human text goes to standard error, data (``--json``) to standard output.  Exit status: 0 as expected, 1 an outcome
differs from the expected one, 2 usage, 3 something could not be checked, 4 undecided under ``--strict``, 5 nothing
selected.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from verify.cli import claims, diff, explain, gallery, new, plugins, report, run, upkeep
from verify.errors import VerifyError

COMMANDS = (run, claims, explain, report, diff, gallery, new, plugins, upkeep)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status."""
    parser = build_parser()
    options = parser.parse_args(arguments)
    try:
        command: Callable[[argparse.Namespace], int] = options.command
        return command(options)
    except VerifyError as problem:
        print(f"verify: {problem}", file=sys.stderr)
        return problem.exit_code
    except KeyboardInterrupt:
        print("verify: interrupted; what was found so far is in the store", file=sys.stderr)
        return 130
    except BrokenPipeError:
        return 0


def build_parser() -> argparse.ArgumentParser:
    """All commands; each module of this package declares its own."""
    parser = argparse.ArgumentParser(prog="verify", description="Check claims: proof, relaxation, stress, teeth.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for module in COMMANDS:
        module.declare(commands)
    return parser
