r"""The reports that the tests in a browser look at, and the browser.

The group runs with all other tests where a Chromium is found, and is skipped with a reason where none is;
``-m "not browser"`` leaves it out.  Nothing is downloaded: Playwright drives the Chromium that the machine has, and
axe-core comes with its Python package.  All modules share one browser and one set of reports.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.browser.visits import Visit
from tests.report import results, synthetic
from tests.report.results import Bench
from tests.report.test_pictures import CLAIM
from tests.session.test_comparison import summary
from verify.catalog import Catalog
from verify.report import write_report, write_single
from verify.report.comparison import write_comparison
from verify.session.comparison import Expected, compare
from verify.session.runs import Past
from verify.verdict import Outcome

Context = Callable[..., Any]
Open = Callable[..., Visit]

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
EXPERIMENT = """
from verify.statistics import Rate

rate = claim.parameter("rate", "-1/2", "the exponent")


@claim.experiment(Rate(at=(16, 64, 256), exponent=rate, margin="1/5"), runs=64)
def decay(draws):
    import torch

    sums = draws.normal(256).cumsum(1).abs()
    return torch.stack([sums[:, n - 1] / n for n in (16, 64, 256)], 1)


claim.mutant("none", {rate: "-1"})
"""
LONG = """
@arbitrary
def f(n: nat) -> real: ...


@define
def first(n: nat) -> real:
    return 0 if n == 0 else first(n - 1) + 1


@lemma(by=induction("n"))
def counts(n: nat) -> prop:
    return first(n) >= 0


@claim.proof(by=induction("n"), using=[counts])
def long(n: nat, x: real, y: real, z: real) -> prop:
    assume(x >= 0, y >= 0, z >= 0)
    return first(n) + x * y * z + 123456789 * x * y + 987654321 * y * z + 192837465 * x * z + x * y + y * z + x * z >= 0
"""
BROKEN = """
@claim.proof()
def nonnegative(x: real) -> prop:
    return relu(x) >= 0
"""
MANY = 1000


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """The Chromium of this machine."""
    found = next((place for place in map(shutil.which, NAMES) if place), None)
    if found is None:
        pytest.skip("no Chromium on this machine")
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    with sync_api.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@pytest.fixture(scope="session")
def contexts(browser: Any) -> Iterator[Context]:
    """Contexts of the browser, one for each set of options."""
    made: dict[str, Any] = {}

    def context(**options: Any) -> Any:
        key = repr(sorted(options.items()))
        if key not in made:
            made[key] = browser.new_context(**options)
        return made[key]

    yield context
    for one in made.values():
        one.close()


@pytest.fixture
def visit(contexts: Context) -> Iterator[Open]:
    """Opens pages; of each it is asserted that no request left it, and that the console stayed silent."""
    visits: list[Visit] = []

    def opened(address: str, *, width: int = 1280, height: int = 900, allow: str = "file:", **options: Any) -> Visit:
        visits.append(Visit(contexts(**options).new_page(), (allow, "data:")))
        visits[-1].go(address, width, height)
        return visits[-1]

    yield opened
    for one in visits:
        one.page.close()
        assert one.said == []
        assert one.left() == []


@pytest.fixture(scope="session")
def bench(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """Claims of each kind in one run: proved and open, refuted, repaired, exact with pictures, an experiment, one in error."""
    folder = tmp_path_factory.mktemp("browser")
    failed = results.Bench.of(folder / "failed", failed=results.samples.text("failed", BROKEN))
    failed.typed(
        "failed::nonnegative", Outcome.ERROR, "the process was killed", detail={"output": "Killed\n" + "x" * 200}
    )
    parts = (
        results.everything(folder / "whole"),
        results.refuted(folder / "errata"),
        results.questions(folder / "asked", CLAIM),
        results.questions(folder / "tested", EXPERIMENT, name="tested"),
        results.questions(folder / "long", LONG, name="long"),
        failed,
    )
    claims = tuple(listed for part in parts for listed in part.claims)
    together = Bench(folder, Catalog(claims, ()), [result for part in parts for result in part.results])
    together.blobs = {task: blobs for part in parts for task, blobs in part.blobs.items()}
    return together


@pytest.fixture(scope="session")
def report(bench: Bench) -> Path:
    """The report in a folder."""
    store, run = bench.store()
    write_report(bench.found(run=run), bench.folder / "report", store)
    return bench.folder / "report"


@pytest.fixture(scope="session")
def single(bench: Bench, report: Path) -> Path:
    """The same in one file."""
    write_single(bench.found(), bench.folder / "single.html", bench.folder / "store")
    return bench.folder / "single.html"


@pytest.fixture(scope="session")
def difference(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of ``verify diff``."""
    file = tmp_path_factory.mktemp("difference") / "diff.html"
    weaker = summary(strength="computed", reason="Z3 says so")
    before = Past("first", "2026-01-01T10:00:00", "finished", {"one::a": {**summary(), "costs": {"points tried": 1}}})
    after = replace(before, name="second", summaries={"one::a": {**weaker, "costs": {"points tried": 9}}, "two::a": summary()})  # fmt: skip
    found = compare(before.summaries, after.summaries, {"one": Expected("holds", ("a",))})
    write_comparison(before, after, found, 1.5, file)
    return file


@pytest.fixture(scope="session")
def many(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first page and the graph of many claims."""
    return synthetic.write_pages(synthetic.thousands(MANY), tmp_path_factory.mktemp("many"))
