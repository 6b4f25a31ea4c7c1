r"""The tests themselves: exact false-alarm rates by enumeration, oracles from elsewhere, every edge of the three ways."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from verify.errors import ClaimError
from verify.statistics import Distribution, Mean, MeanNear, Probability, Rate, Sequential, Trend, registered
from verify.statistics.family import holm
from verify.statistics.finding import REFUTED, SUPPORTED, UNDECIDED, Region, decide
from verify.statistics.intervals import binomial_p, clopper_pearson, massart, student, student_p

LEVELS = st.sampled_from([0.2, 0.05, 0.01, 1e-3])


def binomial(count: int, chance: Fraction) -> list[Fraction]:
    """The exact law of the number of events."""
    return [math.comb(count, k) * chance**k * (1 - chance) ** (count - k) for k in range(count + 1)]


# ------------------------------------------------------------------------------------------------------- three ways


@pytest.mark.parametrize(
    ("ends", "decision"),
    [
        ((0.2, 0.8), SUPPORTED),
        ((0.0, 1.0), SUPPORTED),  # the region is closed
        ((-0.1, 0.5), UNDECIDED),
        ((0.5, 1.1), UNDECIDED),
        ((-1, 2), UNDECIDED),
        ((1.0, 1.5), UNDECIDED),  # it touches
        ((1.0 + 1e-15, 1.5), REFUTED),
        ((-1.0, -1e-300), REFUTED),
        ((math.nan, 0.5), UNDECIDED),
        ((0.5, math.nan), UNDECIDED),
        ((-math.inf, math.inf), UNDECIDED),
    ],
)
def test_an_interval_inside_outside_or_neither(ends: tuple[float, float], decision: str) -> None:
    assert decide(0.5, Region(*ends), Region(0.0, 1.0), 0.5).decision == decision


# ------------------------------------------------------------------------------------------------------ probability


@settings(max_examples=120, deadline=None)
@given(st.integers(1, 25), st.integers(0, 60), LEVELS)
def test_the_interval_of_clopper_and_pearson_covers_exactly_as_often_as_it_says(
    trials: int, at: int, level: float
) -> None:
    """All outcomes are enumerated in rational arithmetic; each side misses with probability at most level/2."""
    chance = Fraction(at, 60)
    law = binomial(trials, chance)
    ends = [clopper_pearson(events, trials, level) for events in range(trials + 1)]
    above = sum(p for p, interval in zip(law, ends, strict=True) if interval.low > chance)
    below = sum(p for p, interval in zip(law, ends, strict=True) if interval.high < chance)
    assert float(above) <= level / 2 * (1 + 1e-9)
    assert float(below) <= level / 2 * (1 + 1e-9)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 40), st.data())
def test_its_ends_are_where_a_tail_is_half_the_level(trials: int, data: st.DataObject) -> None:
    events, level = data.draw(st.integers(0, trials)), data.draw(LEVELS)
    interval = clopper_pearson(events, trials, level)
    with mpmath.workdps(30):
        if events > 0:
            tail = mpmath.betainc(events, trials - events + 1, 0, interval.low, regularized=True)
            assert abs(tail / (level / 2) - 1) < 1e-9
        if events < trials:
            tail = mpmath.betainc(events + 1, trials - events, interval.high, 1, regularized=True)
            assert abs(tail / (level / 2) - 1) < 1e-6  # 1 - x loses digits


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 30), st.integers(0, 20), LEVELS, st.booleans())
def test_a_probability_is_refuted_exactly_when_its_p_value_is_at_most_the_level(
    trials: int, at: int, level: float, upper: bool
) -> None:
    bound = Fraction(at, 20)
    test = Probability(at_most=bound) if upper else Probability(at_least=bound)
    law = binomial(trials, bound)
    for events in range(trials + 1):
        found = test.decide({"events": events, "runs": trials}, level)
        exact = float(min(1, 2 * (sum(law[events:]) if upper else sum(law[: events + 1]))))
        passed = events > trials * bound if upper else events < trials * bound
        assert found.p_value == pytest.approx(exact if passed else 1.0, abs=1e-12)
        if abs(exact / level - 1) > 1e-6:
            assert (found.decision == REFUTED) == (found.p_value <= level)


def test_a_single_event_refutes_that_there_are_none() -> None:
    found = Probability(at_most=0).decide({"events": 1, "runs": 1000}, 1e-3)
    assert (found.decision, found.p_value) == (REFUTED, 0.0)
    assert Probability(at_most=0).decide({"events": 0, "runs": 1000}, 1e-3).decision == UNDECIDED
    assert binomial_p(999, 1000, Region(1.0, 1.0)) == 0.0


# ------------------------------------------------------------------------------------------------------------ means


def test_the_quantiles_of_student_are_those_of_tables() -> None:
    """Table of the t distribution, two-sided 0.05, 0.01 and 0.001."""
    table = {(1, 0.05): 12.706, (10, 0.05): 2.228, (10, 0.01): 3.169, (30, 0.001): 3.646, (120, 0.01): 2.617}
    for (degrees, level), quantile in table.items():
        assert student(level, degrees) == pytest.approx(quantile, abs=5e-4)
        assert student_p(quantile, 1.0, degrees, Region(-1, 0)) == pytest.approx(level, rel=2e-3)


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 9), st.integers(0, 12), LEVELS)
def test_the_interval_of_maurer_and_pontil_misses_less_often_than_its_level(runs: int, at: int, level: float) -> None:
    """For numbers 0 and 1 all samples are enumerated exactly."""
    chance = Fraction(at, 12)
    law = binomial(runs, chance)
    test = Mean(low=0, high=1, at_least=0)
    missed = Fraction(0)
    for events, weight in enumerate(law):
        summary = test.summary(np.array([1.0] * events + [0.0] * (runs - events)), level)
        interval = test.decide(summary, level).interval
        missed += weight * (not interval.low <= chance <= interval.high)
    assert float(missed) <= level


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=4, max_size=60), st.floats(0.01, 0.99), LEVELS)
def test_the_p_value_of_a_bounded_mean_is_the_level_at_which_it_is_refuted(
    numbers: list[float], bound: float, level: float
) -> None:
    test = Mean(low=0, high=1, at_most=Fraction(bound))
    summary = test.summary(np.array(numbers * 20), level)
    found = test.decide(summary, level)
    assume(abs(found.p_value / level - 1) > 1e-9)
    assert (found.decision == REFUTED) == (found.p_value <= level)


def test_a_mean_near_its_target() -> None:
    test = MeanNear(target="1/2", margin="1/10")
    for mean, decision in ((0.5, SUPPORTED), (0.59, UNDECIDED), (0.7, REFUTED), (0.3, REFUTED)):
        found = test.decide({"mean": mean, "variance": 0.01, "runs": 100}, 1e-3)
        assert found.decision == decision
        assert (found.p_value <= 1e-3) == (decision == REFUTED)
    exact = test.decide({"mean": 0.6, "variance": 0.0, "runs": 100}, 1e-3)
    assert (exact.decision, exact.p_value) == (SUPPORTED, 1.0)


# ------------------------------------------------------------------------------------------------------------ rates

AT = (10, 20, 40, 80)


def rate(exponent: float, noise: float = 0.0, law: str = "power", **rest: Any) -> Any:
    """A finding about errors n^exponent whose groups differ by so much."""
    test = Rate(at=AT, exponent="-1/2", margin="1/20", law=law, **rest)
    places = np.array(AT, dtype=float)
    errors = places**exponent if law == "power" else np.exp(exponent * places)
    shifts = noise * np.where(np.arange(64) % 2, 1, -1)[:, None] * np.array([1, 0, 0, -1])
    return test.decide(test.summary(errors * (1 + shifts), 1e-3), 1e-3)


def test_an_exact_power_has_its_exponent_as_slope() -> None:
    for exponent in (-0.5, -0.25, -1.0, 0.0, 0.7):
        found = rate(exponent)
        assert found.estimate == pytest.approx(exponent, abs=1e-12)
        assert found.decision == (SUPPORTED if exponent == -0.5 else REFUTED)
    assert rate(-0.02, law="exponential").estimate == pytest.approx(-0.02, abs=1e-12)


def test_one_sided_rates() -> None:
    expected = {"both": (REFUTED, REFUTED), "at most": (SUPPORTED, REFUTED), "at least": (REFUTED, SUPPORTED)}
    for side, decisions in expected.items():
        assert (rate(-0.7, side=side).decision, rate(-0.3, side=side).decision) == decisions


def test_a_jackknife_of_a_linear_statistic_is_the_plain_mean() -> None:
    """Where the logarithm is nearly linear, slope and interval are Student's of the slopes of the groups."""
    generator = np.random.default_rng(1)
    samples = np.array(AT) ** -0.5 * (1 + 1e-7 * generator.standard_normal((3200, 4)))
    test = Rate(at=AT, exponent="-1/2", margin=0)
    found = test.decide(test.summary(samples, 1e-3), 1e-3)
    slopes = np.polyfit(np.log(AT), np.log(samples.reshape(32, 100, 4).mean(1)).T, 1)[0]
    reach = student(1e-3, 31) * slopes.std(ddof=1) / math.sqrt(32)
    assert found.estimate == pytest.approx(slopes.mean(), abs=1e-12)
    assert (found.interval.high - found.interval.low) / 2 == pytest.approx(reach, rel=1e-4)


def test_the_jackknife_removes_the_bias_of_the_logarithm() -> None:
    """Errors with large spread at the largest n: the plain slope is biased by about -var/2 of its mean there."""
    generator = np.random.default_rng(2)
    test, plain, jackknifed = Rate(at=(1, 4), exponent=0, margin=0, groups=8), [], []
    for _ in range(2000):
        samples = np.stack([np.ones(8), generator.exponential(size=8)], 1)
        jackknifed.append(test.decide(test.summary(samples, 0.1), 0.1).estimate)
        plain.append(math.log(samples[:, 1].mean()) / math.log(4))
    assert abs(np.mean(jackknifed)) < 0.2 * abs(np.mean(plain))


@pytest.mark.parametrize("errors", [[0.0, 0.0, 0.0, 0.0], [1.0, 1.0, 1.0, -1.0], [1.0, 0.0, 1.0, 1.0]])
def test_what_has_no_logarithm_is_undecided(errors: list[float]) -> None:
    test = Rate(at=AT, exponent="-1/2", margin=1)
    found = test.decide(test.summary(np.array([errors] * 64), 1e-3), 1e-3)
    assert found.decision == UNDECIDED
    assert "is not clearly positive" in found.reason


# ----------------------------------------------------------------------------------------------- trends, distributions


def trend(means: list[float], spread: float = 0.0, slack: str = "0", direction: str = "up") -> str:
    test = Trend(at=range(1, len(means) + 1), slack=slack, direction=direction)  # type: ignore[arg-type]
    noise = spread * np.where(np.arange(400) % 2, 1, -1)[:, None] * np.where(np.arange(len(means)) % 2, 1, -1)
    return test.decide(test.summary(np.array(means) + noise, 1e-3), 1e-3).decision


def test_trends() -> None:
    assert trend([1, 2, 3], 0.5) == SUPPORTED
    assert trend([3, 2, 1], 0.5) == REFUTED
    assert trend([3, 2, 1], 0.5, direction="down") == SUPPORTED
    assert trend([1, 3, 2], 0.5) == REFUTED
    assert trend([1, 3, 2.9], 0.01, slack="1/2") == SUPPORTED
    assert trend([1, 2, 2.01], 0.5) == UNDECIDED
    assert trend([1, 2, 2], 0.5) == UNDECIDED


def test_the_distance_of_distribution_functions_is_computed_on_both_sides_of_each_step() -> None:
    test = Distribution(cdf=lambda x: np.clip(x, 0, 1), margin="1/10")
    for numbers in ([0.5], [0.1, 0.2], [0.9, 0.95, 0.3], list(np.linspace(0.01, 0.99, 50))):
        ordered, count = sorted(numbers), len(numbers)
        fine = np.linspace(0, 1, 200_001)
        empirical = np.searchsorted(ordered, fine, side="right") / count
        oracle = np.abs(empirical - fine).max()
        assert test.summary(np.array(numbers), 1e-3)["distance"] == pytest.approx(oracle, abs=2e-5)


def test_the_band_of_massart_is_valid_for_a_few_numbers() -> None:
    """Two uniform numbers: P(sup|F_2 - F| > d) is a polynomial in d, found by integration on a grid of pairs."""
    grid = (np.arange(2000) + 0.5) / 2000
    low, high = np.minimum(grid[:, None], grid), np.maximum(grid[:, None], grid)
    distance = np.max([low, abs(0.5 - low), abs(high - 0.5), 1 - high], axis=0)
    for level in (0.5, 0.2, 0.1, 0.05):
        assert (distance > massart(2, level)).mean() <= level + 1e-3


@pytest.mark.parametrize("cdf", [lambda x: 2 * x, lambda x: -x, lambda x: 1 - x, lambda x: 0.5], ids=range(4))
def test_what_is_no_distribution_function_is_reported(cdf: Any) -> None:
    with pytest.raises(ClaimError, match="must map an array to nondecreasing probabilities"):
        Distribution(cdf=cdf, margin="1/10").summary(np.linspace(0, 1, 20), 1e-3)


# -------------------------------------------------------------------------------------------------------- sequential


def test_the_capital_of_a_gambler_never_grows_on_average() -> None:
    """All 2^9 sequences of a coin at the boundary mean: the false alarms, at any time, are counted exactly."""
    level = 0.4
    for tails, bound in ((1, "1/2"), (3, "1/4")):
        test, refuted = Sequential(low=0, high=1, at_most=bound), Fraction(0)
        for sequence in itertools.product((0.0, 1.0), repeat=9):
            ones = int(sum(sequence))
            found = test.decide(test.summary(np.array(sequence), level), level)
            if found.decision == REFUTED:
                refuted += Fraction(1, tails + 1) ** ones * Fraction(tails, tails + 1) ** (9 - ones)
        assert 0 < refuted <= Fraction(1, 5)


def test_the_interval_of_a_sequential_test_agrees_with_its_decision() -> None:
    generator = np.random.default_rng(3)
    for chance in (0.1, 0.45, 0.5, 0.55, 0.9):
        for test in (
            Sequential(low=0, high=1, at_most="1/2"),
            Sequential(low=0, high=1, at_least="1/2"),
            Sequential(low=0, high=1, at_least="2/5", at_most="3/5"),
            Sequential(low=-1, high=3, at_most=1),
        ):
            numbers = (generator.random(3000) < chance).astype(float)
            summary = test.summary(numbers * 4 - 1 if test.high == 3 else numbers, 1e-2)
            found = test.decide(summary, 1e-2)
            assert summary["settled"] == (found.decision != UNDECIDED)
            assert (found.decision == REFUTED) == (found.p_value <= 1e-2)


# ------------------------------------------------------------------------------------------------------------ families


def closed_testing(p_values: list[float], level: float) -> set[int]:
    """A hypothesis is rejected if every intersection with it has a p-value of at most level/size (Bonferroni)."""
    indices = range(len(p_values))
    subsets = [s for size in range(1, len(p_values) + 1) for s in itertools.combinations(indices, size)]
    kept = [s for s in subsets if not min(p_values[i] for i in s) <= level / len(s)]
    return {i for i in indices if not any(i in s for s in kept)}


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([0.0, 0.004, 0.01, 0.0125, 0.02, 0.025, 0.03, 0.05, 0.2, 1.0]), max_size=6))
def test_holm_is_closed_testing_with_bonferroni(p_values: list[float]) -> None:
    named = {str(i): p for i, p in enumerate(p_values)}
    assert {int(name) for name in holm(named, 0.05)} == closed_testing(p_values, 0.05)


def test_what_is_not_a_number_is_never_rejected() -> None:
    assert holm({"a": math.nan, "b": 1e-9}, 0.05).keys() <= {"b"}


# ----------------------------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Rate(at=(8, 16), exponent=-0.5, margin="1/20"), "exponent=-0.5 is not an exact number"),
        (lambda: Rate(at=(8, 16), exponent="-1/0", margin="1/20"), "exponent='-1/0' is not an exact number"),
        (lambda: Rate(at=(8,), exponent="-1/2", margin="1/20"), "at least two different positive integers"),
        (lambda: Rate(at=("8", 16), exponent=0, margin=0), "at least two different positive integers"),  # type: ignore[arg-type]
        (lambda: Rate(at=(0, 8), exponent="-1/2", margin="1/20"), "at least two different positive integers"),
        (lambda: Rate(at=(8, 16), exponent="-1/2", margin="-1/20"), "margin='-1/20' must not be negative"),
        (lambda: Rate(at=(8, 16), exponent="-1/2", margin=0, side="above"), "side='above' must be one of"),
        (lambda: Rate(at=(8, 16), exponent="-1/2", margin=0, groups=2), "at least 8 groups"),
        (lambda: Rate(at=(8, 16), exponent="-1/2", margin=0).validate(1000), "a positive multiple of the 32 groups"),
        (lambda: Probability(), "Probability needs at_least, at_most or both"),
        (lambda: Probability(at_least="2/3", at_most="1/3"), "states no value at all"),
        (lambda: Probability(at_least=2), "no probability lies in"),
        (lambda: Probability(at_least="1/2").validate(0), "runs=0: this test needs at least 1"),
        (lambda: Mean(low=1, high=1, at_most=1), "low=1 must lie below high=1"),
        (lambda: MeanNear(target="1", margin="-1"), "must not be negative"),
        (lambda: Trend(at=(1,)), "at least two levels"),
        (lambda: Trend(at=(2, 1)), "each above the one before"),
        (lambda: Trend(at=(1, 2), direction="sideways"), "must be 'up' or 'down'"),
        (lambda: Distribution(cdf=0.5, margin="1/2"), "must be a function"),  # type: ignore[arg-type]
        (lambda: Distribution(cdf=abs, margin=0), "must lie between 0 and 1"),
        (lambda: Sequential(low=0, high=0, at_most=1), "must lie below"),
    ],
)
def test_a_test_that_makes_no_sense_is_reported_at_its_line(make: Any, sentence: str) -> None:
    with pytest.raises(ClaimError, match=sentence) as caught:
        make()
    assert caught.value.place is not None
    assert caught.value.place.file == __file__


def test_a_registered_test_holds_texts_only() -> None:
    test = Rate(at=(8, 16), exponent=Fraction(-1, 2), margin="1/20")
    assert registered(test) == {
        "test": "Rate",
        "at": ["8", "16"],
        "exponent": "-1/2",
        "margin": "1/20",
        "side": "both",
        "law": "power",
        "groups": "32",
    }
