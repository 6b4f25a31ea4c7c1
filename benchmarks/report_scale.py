r"""How the first page and the graph of a report grow with the number of claims, and how soon a browser can use them.

    python benchmarks/report_scale.py [COUNT ...] > benchmarks/report_scale.md

Writes a report of synthetic claims (``tests/report/synthetic.py``) for each count, and prints sizes, the processor time of
writing, and, where Playwright and a Chromium are, the time from the address to a page that can be used: the load event,
the script that filters, and two frames after it; then the time of one filter by a word until two frames after it.
"""

from __future__ import annotations

import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

COUNTS = (100, 1000, 3000)
REPEATS = 5
FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))"
FILTER = """() => { const input = document.querySelector('#filter [name=text]'); input.value = 'claim-number-77';
  input.dispatchEvent(new Event('input', { bubbles: true })); }"""


def main(counts: list[int]) -> None:
    print("# A report of thousands of claims\n")
    print("Written by `python benchmarks/report_scale.py > benchmarks/report_scale.md`", end=" ")
    print(f"on {platform.machine()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the start.\n")
    print("Medians of five; the browser is headless, without a GPU.  The limits are 6 MB and 3 s at 3000 claims.\n")
    print(
        "| claims | index.html | graph.html | written in (processor) | index opens in | filter takes | graph opens in |"
    )
    print("|---:|---:|---:|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        for count in counts:
            row(count, Path(folder) / str(count))


def row(count: int, folder: Path) -> None:
    from tests.report.synthetic import thousands, write_pages

    started = sum(os.times()[:4])  # of the processes that lay out pages, too
    write_pages(thousands(count), folder)
    took = sum(os.times()[:4]) - started
    sizes = [f"{(folder / name).stat().st_size / 1e6:.2f} MB" for name in ("index.html", "graph.html")]
    print(f"| {count} | {sizes[0]} | {sizes[1]} | {took:.1f} s | {' | '.join(opened(folder))} |", flush=True)


def opened(folder: Path) -> list[str]:
    """Medians over fresh pages of one browser."""
    found = shutil.which("chromium") or shutil.which("google-chrome")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        found = None
    if found is None:
        return ["no browser"] * 3
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        runs = [timed(browser, folder) for _ in range(REPEATS)]
        browser.close()
    return [f"{statistics.median(times):.2f} s" for times in zip(*runs, strict=True)]


def timed(browser: Any, folder: Path) -> tuple[float, float, float]:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    index = until(page, lambda: page.goto((folder / "index.html").as_uri()), "#filter:not([hidden])")
    chosen = until(page, lambda: page.evaluate(FILTER), "#filter output:not(:empty)")
    graph = until(page, lambda: page.goto((folder / "graph.html").as_uri()), "#focus:not([hidden])")
    page.close()
    return index, chosen, graph


def until(page: Any, act: Any, shown: str) -> float:
    """The time of an action until this is shown, and two frames have been drawn since."""
    started = time.perf_counter()
    act()
    page.wait_for_selector(shown)
    page.evaluate(FRAMES)
    return time.perf_counter() - started


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or list(COUNTS))
