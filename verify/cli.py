r"""The command ``verify``.

Human text goes to standard error, data (``--json``) to standard output.  Exit status: 0 as expected, 1 an outcome
differs from the expected one, 2 usage, 3 something could not be checked, 4 undecided under ``--strict``, 5 nothing
selected.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from verify.errors import UsageError, VerifyError

if TYPE_CHECKING:
    from verify.session.summary import RunResult

Json = Any
SCHEMA = 1
STORE = Path(".verify")


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
    parser = argparse.ArgumentParser(prog="verify", description="Check claims: proof, relaxation, stress, teeth.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    add_run(commands)
    add_list(commands)
    add_show(commands)
    add_report(commands)
    add_check(commands)
    add_doctor(commands)
    add_cache(commands)
    return parser


def add(commands: Any, name: str, command: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(command=command)
    return parser


def add_selection(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("selection", nargs="*", help="claims by name, or files and folders of claims (default: all)")


def add_store(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--store", type=Path, default=STORE, help="folder of the evidence store (default: .verify)")


def add_run(commands: Any) -> None:
    parser = add(commands, "run", run, "Check claims and report the verdicts.")
    add_selection(parser)
    add_store(parser)
    parser.add_argument("--jobs", type=int, default=0, help="tasks at once (default: the number of processors)")
    parser.add_argument("--strict", action="store_true", help="undecided is a failure (exit status 4)")
    parser.add_argument("--seconds", type=float, default=60.0, help="time of one task (default: 60)")
    parser.add_argument("--seed", type=int, default=0, help="root of all random streams")
    parser.add_argument("--device", default="cpu", help="torch device of the stress tests (default: cpu)")
    parser.add_argument("--refresh", action="store_true", help="do not use what the store knows")
    parser.add_argument("--no-store", action="store_true", help="neither read nor write a store")
    parser.add_argument("--json", action="store_true", help="print the results as JSON")
    parser.add_argument("--junit", type=Path, metavar="FILE", help="write the results as JUnit XML")
    parser.add_argument("--report", type=Path, metavar="FOLDER", help="write the HTML report as well")


def add_list(commands: Any) -> None:
    parser = add(commands, "list", list_claims, "List the claims.")
    add_selection(parser)
    parser.add_argument("--json", action="store_true", help="print as JSON")


def add_show(commands: Any) -> None:
    parser = add(commands, "show", show, "Show what a claim states, in the text that the kernel decides.")
    add_selection(parser)


def add_report(commands: Any) -> None:
    parser = add(commands, "report", report, "Write the HTML report from what the store knows.")
    add_selection(parser)
    add_store(parser)
    parser.add_argument("--output", type=Path, default=Path("reports"), help="folder of the report (default: reports)")


def add_check(commands: Any) -> None:
    parser = add(commands, "check", check, "Decide certificates, as python -m verify.kernel does.")
    parser.add_argument("certificates", nargs="+", help="certificate files")
    parser.add_argument("-v", "--verbose", action="store_true", help="print the statements")


def add_doctor(commands: Any) -> None:
    add(commands, "doctor", doctor, "Say whether this installation can do its work.")


def add_cache(commands: Any) -> None:
    parser = add(commands, "cache", cache, "Show or prune the evidence store.")
    add_store(parser)
    parser.add_argument(
        "--keep-runs", type=int, metavar="N", help="forget all but the last N runs, and unused evidence"
    )


# ------------------------------------------------------------------------------------------------------ commands


def run(options: argparse.Namespace) -> int:
    from verify.session.reporting import Progress, write_json, write_text
    from verify.session.running import RunOptions, perform, select

    catalog, selected = select(options.selection)
    settings = RunOptions.of(options)
    with Progress() as progress:
        found = perform(catalog, selected, settings, progress.step)
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
    if options.report:
        yield lambda: publish(found, options.report, None if options.no_store else options.store)


def publish(found: RunResult, folder: Path, store: Path | None) -> None:
    from verify.report import write_report

    write_report(found, folder, store)
    print(f"report: {folder / 'index.html'}", file=sys.stderr)


def list_claims(options: argparse.Namespace) -> int:
    from verify.session.running import select

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
    from verify.session.running import select

    _, selected = select(options.selection)
    for listed in selected:
        print(describe(listed))
    return 0 if selected else 5


def report(options: argparse.Namespace) -> int:
    from verify.session.running import recalled, select

    catalog, selected = select(options.selection)
    publish(recalled(catalog, selected, options.store), options.output, options.store)
    return 0


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


if __name__ == "__main__":
    sys.exit(main())
