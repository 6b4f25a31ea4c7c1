r"""Experiments on a page: the plan, the interval against the region, the points where they were measured."""

from __future__ import annotations

import math
from typing import Any

import pytest

from tests.report.pages import Page
from tests.report.results import Bench, questions
from verify.report.experiments import Axis, bar, between, draw, experiment
from verify.report.writing import write_report

Json = Any

BODY = """
from verify.statistics import Distribution, MeanNear, Probability, Rate, Sequential, Trend

rate = claim.parameter("rate", "-1/2", "the exponent")


@claim.experiment(Rate(at=(16, 64, 256), exponent=rate, margin="1/5"), runs=512)
def decay(draws):
    import torch

    sums = draws.normal(256).cumsum(1).abs()
    return torch.stack([sums[:, n - 1] / n for n in (16, 64, 256)], 1)


@claim.experiment(Probability(at_most="3/5"), runs=2000)
def heads(draws):
    return draws.sign() > 0


def diagonal(x):
    return x.clip(0, 1)


@claim.experiment(Distribution(cdf=diagonal, margin="1/10"), runs=2000)
def uniform(draws):
    return draws.uniform()


@claim.experiment(Trend(at=(1, 2, 3)), runs=2000)
def rising(draws):
    import torch

    return draws.normal(3) + torch.arange(3)


@claim.experiment(Sequential(low=0, high=1, at_most="3/5"), runs=20000)
def early(draws):
    return draws.uniform() / 2


claim.mutant("none", {rate: "-1"})
"""


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return questions(tmp_path_factory.mktemp("experiments"), BODY, name="tested")


@pytest.fixture(scope="module")
def page(bench: Bench) -> Page:
    store, _ = bench.store()
    write_report(bench.found(), bench.folder / "report", store)
    return Page(bench.folder / "report" / "claims" / "tested.html")


def detail(bench: Bench, name: str) -> tuple[Any, Json]:
    result = next(r for r in bench.results if r.task.id == f"tested::{name}")
    return result.task, result.evidence.detail


def test_the_page_is_well_formed_and_has_a_figure_for_each_experiment(page: Page) -> None:
    assert not page.faults
    titles = [element.text for element in page.all("title")]
    joined = " ".join("".join(text) for text in titles)
    assert "Mean error against n, and a line of the claimed rate through the middle, both scales logarithmic" in joined
    assert "Empirical distribution function, and the claimed one" in joined
    assert "Mean against level" in joined
    assert joined.count("against what is allowed") == 5


def test_the_index_says_how_the_experiments_were_judged_together(bench: Bench, page: Page) -> None:
    text = (bench.folder / "report" / "index.html").read_text()
    assert "5 experiments, 0 refuted at the level 0.001 of all together (Holm)" in text


def test_the_plan_stands_beside_what_was_measured(page: Page, bench: Bench) -> None:
    text = " ".join("".join(element.text) for element in page.all("table"))
    assert "Plan, fixed before the first draw, and what was measured" in text
    assert "the mean error behaves like n^s for n = 16, 64, 256, with s within 1/5 of -1/2" in text
    assert detail(bench, "decay")[1]["plan_sha256"] in text
    assert "runs until it was decided" in text


def test_points_lie_where_their_numbers_say(bench: Bench) -> None:
    """The oracle draws the logarithms by itself."""
    task, found = detail(bench, "decay")
    shown = experiment(task, found)
    assert shown is not None
    assert shown.drawing is not None
    points = found["finding"]["points"]
    measured, claimed = shown.drawing.lines
    (first, middle, last) = measured.marks
    assert middle.x - first.x == pytest.approx(last.x - middle.x, abs=0.2)  # 16, 64, 256: equal steps of the logarithm
    drop = (middle.y - first.y) / (last.y - first.y)
    logs = [math.log(point[1]) for point in points]
    assert drop == pytest.approx((logs[1] - logs[0]) / (logs[2] - logs[0]), abs=0.01)
    slope = (claimed.marks[2].y - claimed.marks[0].y) / (last.y - first.y)
    assert slope == pytest.approx(-0.5 * math.log(16) / (logs[2] - logs[0]), abs=0.01)
    for whisker, mark in zip(shown.drawing.whiskers, measured.marks, strict=True):
        assert whisker.x == mark.x
        assert whisker.high <= mark.y <= whisker.low  # heights grow downwards
    assert [row.x for row in shown.table] == ["16", "64", "256"]


def test_an_interval_is_drawn_inside_its_region_exactly_if_it_is() -> None:
    def drawn(interval: list[float], region: list[float | None]) -> bool:
        found = bar({"estimate": sum(interval) / 2, "interval": interval, "region": region})
        assert found is not None
        return found.region[0] <= found.interval[0] and found.interval[1] <= found.region[1]

    assert drawn([0.2, 0.3], [0.1, 0.4])
    assert not drawn([0.2, 0.5], [0.1, 0.4])
    assert drawn([0.2, 0.5], [None, 0.6])
    assert not drawn([0.2, 0.5], [0.3, None])


def test_what_has_no_picture_gets_none() -> None:
    assert bar({"estimate": None, "interval": [None, None], "region": [0.1, 0.2]}) is None
    assert bar({"estimate": 1.0, "interval": [1.0, 1.0], "region": [1.0, 1.0]}) is None
    assert draw("Probability", {}, []) is None
    assert draw("Rate", {"law": "power"}, [[1, 0.5, 0.4, 0.6, 0.5], [2, -0.1, -0.2, 0.1, 0.2]]) is None
    assert between(None, None) == "(−∞, ∞)"


@pytest.mark.parametrize(("low", "high"), [(0.0346, 0.103), (1e-9, 1.0), (0.8, 2.1), (3.0, 4000.0)])
def test_a_logarithmic_axis_has_round_numbers_inside(low: float, high: float) -> None:
    axis = Axis(low, high, True, 0.0, 100.0)
    ticks = axis.ticks()
    assert ticks
    assert all(low <= tick <= high and f"{tick:e}"[0] in "125" for tick in ticks)
    assert len(Axis(0.6, 0.9, True, 0.0, 100.0).ticks()) >= 2
    assert axis.at(low) == 0
    assert axis.at(high) == 100
    assert axis.at(math.sqrt(low * high)) == pytest.approx(50, abs=0.1)
