r"""Exact minima and their certificates: found, written, checked.

    python -m benchmarks.erm_certificates [--minutes 10] [--rows 2,2,50,noise ...]

Each row is one problem (n inputs, width w, D data): ``exact_erm`` from data to a certified minimum, then the certificate
once more by the kernel alone.  Processor seconds; compiled before.  Rows that do not fit into the time are listed.
"""

from __future__ import annotations

import argparse
import json
import time
import zlib
from fractions import Fraction
from pathlib import Path
from typing import Any

from benchmarks.erm import instance
from verify.kernel import check
from verify.training import exact_erm
from verify.training.compiled import prepare

SIZES = ("1,3,100", "1,5,50", "2,2,50", "2,2,100", "2,2,200", "2,3,30", "2,3,50", "3,2,30", "4,2,20")
ROWS = [
    *(f"{size},{kind}" for size in SIZES for kind in ("planted", "smooth")),
    *(f"{size},noise" for size in ("2,2,50", "1,3,100")),
]


def measured(row: str) -> dict[str, Any]:
    n, w, count = map(int, row.split(",")[:3])
    points, labels = instance(row.split(",")[3], count, n, w)
    began = time.process_time()
    found = exact_erm(points, labels, w)
    total = time.process_time() - began
    began = time.process_time()
    accepted = check(found.certificate)
    checked = time.process_time() - began
    assert accepted.holds and found.certified and isinstance(found.value, Fraction), row
    facts = dict(accepted.facts)
    size = len(zlib.compress(json.dumps(found.tree, separators=(",", ":")).encode(), 9))
    return {
        "nodes": int(facts["nodes"]),
        "bounds": int(facts["bounds"]),
        "total": total,
        "check": checked,
        "each": 1000 * checked / int(facts["bounds"]),
        "bytes": size / int(facts["nodes"]),
        "value": found.value,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--rows", nargs="*", default=ROWS)
    chosen = parser.parse_args()
    prepare()
    began, left_out = time.monotonic(), []
    lines = [
        "| n, w, D, labels | nodes | bounds | found, written, checked (s) | checked alone (s) | ms a bound | bytes a node |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in chosen.rows:
        if time.monotonic() - began > 60 * chosen.minutes:
            left_out.append(row)
            continue
        m = measured(row)
        shown = f"{m['total']:.2f} | {m['check']:.2f} | {m['each']:.2f} | {m['bytes']:.1f}"
        lines.append(f"| {row} | {m['nodes']} | {m['bounds']} | {shown} |")
        print(lines[-1], flush=True)
    rest = f"\nNot run within the {chosen.minutes:g} minutes: {', '.join(left_out)}.\n" if left_out else ""
    text = (
        "# Exact minima and their certificates\n\n"
        "Written by `python -m benchmarks.erm_certificates`. Processor seconds of one thread, everything compiled before. "
        "Every minimum is the exact rational number, without tolerance; the size is that of the tree, by zlib.\n\n"
    )
    Path(__file__).with_suffix(".md").write_text(text + "\n".join(lines) + "\n" + rest)


if __name__ == "__main__":
    main()
