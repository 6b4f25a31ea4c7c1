r"""``python -m verify.kernel FILE...`` decides certificates.

One line for each file: accepted, rejected or unsupported, and why.  Exit status: 0 all accepted, 1 something rejected,
2 something unreadable or unsupported (or no file given).  ``-v`` prints the statements, which are what was decided.
The file may also be run by its path, with nothing installed: ``python3 -I -S verify/kernel/__main__.py FILE...``.
"""

import sys
from pathlib import Path

if not __package__:
    sys.path[:0] = [str(Path(__file__).resolve().parents[2])]

from verify.kernel import Accepted, Rejected, Unsupported, check, read, statement_text

MEANING = {True: "proved", False: "refuted", None: "hypotheses satisfied at a point"}


def line(text: str) -> None:
    """Print one line, whatever a file has put into it and whatever the terminal can show."""
    visible = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
    encoding = sys.stdout.encoding or "ascii"
    print(visible.encode(encoding, "backslashreplace").decode(encoding))


def report(path: str, accepted: Accepted, statement: object, verbose: bool) -> None:
    meaning = "refuted by a counterexample" if accepted.kind == "counterexample" else MEANING[accepted.holds]
    line(f"accepted     {path}  {accepted.theorem}: {meaning}  sha256:{accepted.statement_sha256}")
    if accepted.facts:
        line("  " + ", ".join(f"{name} {value}" for name, value in accepted.facts))
    for name, source in accepted.assumptions:
        line(f"  assuming {name}" + (f" [cited: {source}]" if source else ""))
    if verbose:
        for sentence in statement_text(statement):
            line(f"  {sentence}")


def main(arguments: list[str]) -> int:
    verbose = "-v" in arguments
    paths = [argument for argument in arguments if argument != "-v"]
    if not paths:
        print("usage: python -m verify.kernel [-v] FILE...", file=sys.stderr)
        return 2
    codes = set()
    for path in paths:
        try:
            document = read(Path(path))
            report(path, check(document), document["statement"], verbose)
        except Rejected as reason:
            line(f"rejected     {path}  {reason}")
            codes.add(1)
        except Unsupported as reason:
            line(f"unsupported  {path}  {reason}")
            codes.add(2)
    return min(codes, default=0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
