r"""How long it takes to look at the stored evidence of the whole library.

    verify run --store STORE
    python benchmarks/stored_evidence.py STORE > benchmarks/stored_evidence.md

Works on a copy of the store, with a secret of its own, in which nothing is sealed or remembered at first.  Each command is a
process of its own; its wall time and the processor time of it and its children are printed, medians of three where it is
not the first of its kind.  The load at the beginning of each row is printed because other processes lengthen the wall time,
and on shared caches the processor time, too.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

REPEATS = 3


def main(store: Path) -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from verify.store import Store

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy = folder / "store"
        shutil.copytree(store, copy)
        shutil.rmtree(copy / "remembered", ignore_errors=True)
        with Store.open(copy) as opened:
            known, history = opened.statistics(), len(opened.runs())
        print("# Looking at stored evidence\n")
        print(f"Written by `python benchmarks/stored_evidence.py STORE` on {platform.machine()},", end=" ")
        print(f"{os.cpu_count()} processors, Python {platform.python_version()}.", end=" ")
        print(f"The store: {known.evidence} pieces of evidence, {known.blobs} certificates, {history} runs.\n")
        print("| command | wall | processor | load |")
        print("|:---|---:|---:|---:|")
        rows(folder, copy, certificates_of(copy))


def rows(folder: Path, store: Path, certificates: set[str]) -> None:
    one, other = folder / "one", folder / "other"
    remembered = store / "remembered"
    report = ["report", "--store", str(store), "--output", str(one)]
    row("`verify list`", folder, ["list"], repeats=REPEATS)
    row("`verify report`, nothing sealed: the kernel decides everything again", folder, report)
    check(one, certificates)

    def forget() -> None:
        shutil.rmtree(remembered, ignore_errors=True)
        shutil.rmtree(one)

    row("`verify report`, sealed evidence, first generation", folder, report, forget, REPEATS)
    row("`verify report`, into an empty folder, pages remembered", folder, report, lambda: shutil.rmtree(one), REPEATS)
    row("`verify report`, into the folder of the last one", folder, report, repeats=REPEATS)
    row("`verify report --recheck`", folder, [*report[:-1], str(other), "--recheck"])
    for output in (one, other):
        check(output, certificates)
    row("`verify diff`", folder, ["diff", "--store", str(store)], repeats=REPEATS)


def certificates_of(store: Path) -> set[str]:
    """What a report has to show: the certificates of the last run, but those of brackets, of which it shows some."""
    from verify.store import Store

    with Store.open(store) as opened:
        results = opened.results(opened.latest() or "")
        plain = [r for r in results if not any(side in r.task for side in ("[refuted:", "[proved:"))]
        return {sha256 for result in plain for _, sha256, _ in result.summary["certificates"]}


def check(output: Path, wanted: set[str]) -> None:
    """A report in which evidence is missing, because the harness or a claim was edited since the run, is soon made."""
    files = (output / "certificates").rglob("*.json")
    missing = wanted - {hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    if missing or not wanted:
        raise SystemExit(f"the report lacks {len(missing)} of {len(wanted)} certificates: run `verify run` again")


def row(
    title: str, folder: Path, command: Sequence[str], before: Callable[[], None] = lambda: None, repeats: int = 1
) -> None:
    load, found = os.getloadavg()[0], []
    for _ in range(repeats):
        before()
        found.append(timed(folder, command))
    wall, cpu = (statistics.median(column) for column in zip(*found, strict=True))
    print(f"| {title} | {wall:.2f} s | {cpu:.2f} s | {load:.1f} |", flush=True)


def timed(folder: Path, command: Sequence[str]) -> tuple[float, float]:
    """The wall time and the processor time of one command, in seconds."""
    environment = {**os.environ, "XDG_STATE_HOME": str(folder / "state"), "OMP_NUM_THREADS": "1"}
    before, began = os.times(), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "verify", *command], env=environment, capture_output=True, text=True, check=False
    )
    after, took = os.times(), time.perf_counter() - began
    if done.returncode:
        raise SystemExit(f"verify {' '.join(command)} failed: {done.stderr}")
    return took, after.children_user + after.children_system - before.children_user - before.children_system


if __name__ == "__main__":
    main(Path(sys.argv[1]))
