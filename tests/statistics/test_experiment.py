r"""Batches of runs: the same numbers for every size of the batches, and refusals that say what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.engines import experiments
from verify.engines.experiments import conduct
from verify.errors import VerifyError
from verify.goals import StatisticalTest
from verify.statistics import Experiment, Mean, MeanNear, Probability, Rate, Sequential
from verify.statistics.experiment import key_of
from verify.statistics.philox import by_torch

if TYPE_CHECKING:
    from verify.statistics import Test

KEY = key_of("a test")
DRAWS: dict[str, Callable[[Experiment], Any]] = {
    "normal": lambda draws: draws.normal(3),
    "one normal": lambda draws: draws.normal(),
    "many": lambda draws: draws.normal(2, 70).sum((1, 2)),
    "second column": lambda draws: (draws.uniform(2), draws.normal(5))[1],
    "uniform": lambda draws: draws.uniform(4, low=-1.0, high=3.0),
    "sign": lambda draws: draws.sign(3),
    "integers": lambda draws: draws.integers(3, below=1000),
}


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(DRAWS)), st.lists(st.integers(1, 40), min_size=1, max_size=6))
def test_the_batches_make_no_difference_to_any_bit(name: str, sizes: list[int]) -> None:
    whole = DRAWS[name](Experiment(KEY, 0, sum(sizes)))
    first, parts = 0, []
    for size in sizes:
        parts.append(DRAWS[name](Experiment(KEY, first, size)))
        first += size
    assert torch.equal(torch.cat(parts), whole)


def test_long_draws_are_the_same_as_their_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Experiment(KEY, 0, 50).normal(999)
    monkeypatch.setattr("verify.statistics.experiment.STRETCH", 128)
    assert torch.equal(Experiment(KEY, 0, 50).normal(999), whole)
    assert torch.equal(Experiment(KEY, 17, 3).normal(999), whole[17:20])


@pytest.mark.parametrize("name", DRAWS)
def test_draws_are_made_on_the_device(name: str) -> None:
    """On the device without memory, where tensors of two devices do not mix; the words there are those of torch."""
    drawn = DRAWS[name](Experiment(KEY, 3, 7, device="meta"))
    assert drawn.device.type == "meta"
    assert drawn.shape == DRAWS[name](Experiment(KEY, 3, 7)).shape


def test_other_devices_draw_the_same_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The words of other devices, on the one that is there."""
    expected = {name: draws(Experiment(KEY, 3, 7)) for name, draws in DRAWS.items()}
    monkeypatch.setattr("verify.statistics.philox.by_numpy", by_torch)
    for name, draws in DRAWS.items():
        assert torch.equal(draws(Experiment(KEY, 3, 7)), expected[name])


def test_asking_again_gives_new_numbers_and_another_key_gives_others() -> None:
    draws = Experiment(KEY, 0, 10)
    first, second = draws.normal(4), draws.normal(4)
    other = Experiment(key_of("another test"), 0, 10).normal(4)
    assert not (first == second).any()
    assert not (first == other).any()


def test_an_experiment_is_the_same_for_ever() -> None:
    """Golden values: a change would silently change every registered experiment."""
    assert KEY == (16406554174052405885, 4275618498160538315)
    assert Experiment(KEY, 5, 1).normal(2).tolist() == [[0.7423789275841775, 0.010551895516152049]]


def goal(function: Callable[..., Any], test: Test, runs: int = 64, **rest: Any) -> StatisticalTest:
    return StatisticalTest("tried", function, test, runs, **rest)


def found(function: Callable[..., Any], test: Test, runs: int = 64, **rest: Any) -> Any:
    return conduct(goal(function, test, runs, **rest), function, {"c": Fraction(1, 2)}, key=["a test"], device="cpu")


RATE = Rate(at=(16, 64), exponent="-1/2", margin="1/10")


def averages(draws: Experiment) -> Any:
    sums = draws.normal(64).cumsum(1).abs()
    return torch.stack([sums[:, 15] / 16, sums[:, 63] / 64], 1)


@pytest.mark.parametrize("floats", [0, 1 << 22, 1 << 17, 1 << 20])
def test_the_summary_does_not_depend_on_the_size_of_the_batches(floats: int) -> None:
    """Batches of all 640 runs, of 8, of 128, and of 16."""
    assert found(averages, RATE, 640, floats_per_run=floats) == found(averages, RATE, 640)


def test_a_sequential_test_ends_at_the_same_run_for_every_size_of_the_batches() -> None:
    test = Sequential(low=0, high=1, at_most="3/10")
    summaries = [
        found(lambda draws: draws.uniform(), test, 5000, floats_per_run=floats) for floats in (0, 1 << 15, 1 << 21)
    ]
    assert summaries[0]["settled"]
    assert summaries[0]["runs"] < 1000
    assert summaries[0] == summaries[1] == summaries[2]


def test_a_sequential_test_does_not_compute_what_it_does_not_need() -> None:
    seen: list[int] = []

    def ones(draws: Experiment) -> Any:
        seen.append(draws.runs)
        return draws.uniform() * 0 + 1

    found(ones, Sequential(low=0, high=1, at_most="1/10"), 100_000)
    assert seen == [8, 64]


def test_parameters_arrive_as_fractions() -> None:
    seen = []

    def scaled(draws: Experiment, c: Fraction) -> Any:
        seen.append(c)
        return draws.uniform() * float(c)

    assert found(scaled, Mean(low=0, high="1/2", at_most=1))["mean"] < 0.5
    assert set(seen) == {Fraction(1, 2)}


ONE = MeanNear(target=0, margin=1)
WRONG: dict[str, tuple[Callable[[Experiment], Any], Any, str]] = {
    "no tensor": (lambda draws: 3.0, ONE, "tried returned float and not a tensor of shape"),
    "empty": (lambda draws: torch.empty(0), ONE, r"tried returned shape \(0,\) for 8 runs"),
    "one number": (lambda draws: draws.normal().mean(), ONE, r"tried returned shape \(\) for 8 runs"),
    "transposed": (lambda draws: averages(draws).T, RATE, r"returned shape \(2, 8\) for 8 runs, .* needs \(8, 2\)"),
    "too few columns": (lambda draws: draws.normal(), RATE, r"returned shape \(8,\) for 8 runs"),
    "not a number": (
        lambda draws: torch.where(torch.arange(draws.first, draws.first + draws.runs) == 40, torch.nan, draws.normal()),
        ONE,
        "returned nan in run 40, where the test needs a finite number",
    ),
    "infinite": (lambda draws: averages(draws) / 0, RATE, "returned inf in run 0, column 0"),
    "out of bounds": (lambda draws: draws.normal() * 0 + 2, Mean(0, 1, at_most=1), r"returned 2 in run 0, .* \[0, 1\]"),
    "no truth value": (lambda draws: draws.uniform(), Probability(at_most=1), "where the test needs a truth value"),
    "complex": (lambda draws: draws.normal() + 1j, ONE, "the test needs real numbers"),
    "in company": (
        lambda draws: draws.normal() - draws.normal().mean(),
        ONE,
        "gives run 0 the value .* in a batch of 64 runs and .* in one of 8; a row may only depend on",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_with_a_sample_is_said(name: str) -> None:
    function, test, sentence = WRONG[name]
    with pytest.raises(VerifyError, match=sentence):
        found(function, test)


def test_a_name_that_is_no_parameter_is_reported() -> None:
    with pytest.raises(VerifyError, match="d of scaled is no parameter of the claim"):
        found(scaled, ONE)


def scaled(draws: Experiment, d: Fraction) -> Any:
    return draws.normal()


def test_memory_decides_the_size_of_the_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def wide(draws: Experiment) -> Any:
        seen.append(draws.runs)
        return draws.normal(1000).mean(1)

    monkeypatch.setitem(experiments.FLOATS, "cpu", 160_000)
    found(wide, ONE, 100)
    assert seen == [8, 20, 20, 20, 20, 20]


def test_bad_arguments_of_draws() -> None:
    with pytest.raises(ValueError, match="below must be positive"):
        Experiment(KEY, 0, 1).integers(below=0)
