r"""Stress: the same draws everywhere, violations that are replayed, and nothing positive out of nothing."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.theory import shipped
from tests.theory.authoring import stated
from verify.engines import sampling
from verify.engines.falsify.points import Decider
from verify.engines.sampling import Count, Draws, run_trials, sample
from verify.errors import VerifyError
from verify.goals import Sampling, Trials
from verify.kernel import check, digest
from verify.statistics.bounds import clopper_pearson_zero
from verify.theory.objects import Theorem
from verify.statistics.streams import BLOCK, Stream

STREAM = Stream.of("a test", 1)
UNIT = {"x": (0, 1)}


def drawn(statement: Any, samples: int, stream: Stream = STREAM, **plan: Any) -> Count:
    return sample(Sampling(Theorem("t", drawn), samples, **plan), statement, stream)


# ------------------------------------------------------------------------------------------------------- theorems


def test_a_true_theorem_is_certain_at_every_point() -> None:
    found = drawn(stated("x: real", "x**2 < x + 1/3", "0 <= x <= 1"), 5000, reals=UNIT)
    assert (found.drawn, found.effective, found.certain, found.unreplayed) == (5000, 5000, 5000, 0)
    assert found.violation is None


FALSE = {
    "often": ("x: real", "x <= 1/2", {}, UNIT),
    "rarely": ("x: real", "x <= 4095/4096", {}, UNIT),
    "for one natural": ("k: nat, x: real", "k*x <= 2", {"k": (0, 1, 2, 3)}, UNIT),
    "by less than the rounding error": ("x: real", "x/3 + x/3 + x/3 + 1/10**30 <= x", {}, UNIT),
    "at the end": ("x: real", "x < 1", {}, {"x": (1, 1)}),
}


@pytest.mark.parametrize("name", FALSE)
def test_a_violation_is_replayed_exactly(name: str) -> None:
    variables, conclusion, naturals, reals = FALSE[name]
    statement = stated(variables, conclusion)
    found = drawn(statement, 20_000, naturals=naturals, reals=reals)
    assert found.violation is not None
    check(Decider(statement).certificate("counterexample", found.violation), statement_sha256=digest(statement))


def test_a_false_theorem_about_a_table_is_refuted() -> None:
    before = "@arbitrary\ndef f(n: nat) -> real: ...\n@define\ndef s(n: nat) -> real:\n    return f(0) if n == 0 else s(n - 1) + f(n)\n"
    statement = stated("n: nat", "s(n) <= 5", before=before)
    found = drawn(statement, 3000, naturals={"n": range(4)}, tables={"f": (4, (-2, 2))})
    assert found.violation is not None
    assert found.violation.variables["n"] >= 2
    assert len(found.violation.parameters["f"][0]) == 4
    check(Decider(statement).certificate("counterexample", found.violation))


def test_hypotheses_that_never_hold_leave_no_effective_point() -> None:
    for hypothesis in ("x > 2", "x < 0", "False", "x**2 < 0"):
        found = drawn(stated("x: real", "x == 17", hypothesis), 1000, reals=UNIT)
        assert (found.drawn, found.effective, found.certain, found.violation) == (1000, 0, 0, None)


def test_only_points_that_satisfy_the_hypotheses_are_effective() -> None:
    found = drawn(stated("x: real", "2*x > 1", "x > 1/2"), 4000, reals=UNIT)
    grid = STREAM.dyadic(0, 0, 4000, 0.0, 1.0, 20)
    assert found.effective == found.certain == int((grid > 0.5).sum())


def test_a_hypothesis_that_fails_by_less_than_the_rounding_error_is_not_effective() -> None:
    found = drawn(stated("x: real", "x >= 7", "x/3*3 == x + 1/10**30"), 100, reals=UNIT)
    assert found.effective == 0


def test_every_point_is_certain_or_replayed_or_counted_as_neither() -> None:
    """False for k = 1, but only by a replay; the replays were spent on k = 0."""
    statement = stated("k: nat, x: real", "x/3*3 == x + k/10**30")
    found = drawn(statement, 200, naturals={"k": (0, 1)}, reals={"x": (1, 2)})
    assert found.violation is not None or found.certain + found.replayed + found.unreplayed >= found.drawn


def test_a_conclusion_that_fails_under_an_assumption_is_no_violation_and_makes_nothing_true() -> None:
    assumption = {"name": "a", "variables": [], "hypotheses": [], "conclusion": "1 > 0", "source": None}
    for conclusion, effective in (("x <= 1/2", 0), ("x <= 2", 500)):
        found = drawn({**stated("x: real", conclusion), "assumptions": [assumption]}, 500, reals=UNIT)
        assert (found.violation, found.effective, found.certain) == (None, effective, effective)


def test_of_doubles_only_a_replay_says_anything() -> None:
    """Of real numbers it is certain, as constants are computed exactly."""
    statement = stated("x: real", "1/10 + 2/10 == 3/10", arithmetic="binary64")
    found = drawn(statement, 10, reals=UNIT)
    assert found.violation is not None
    check(Decider(statement).certificate("counterexample", found.violation))


def test_a_violation_that_is_surely_there_is_replayed_however_many_replays_were_spent() -> None:
    """Nearly every point is too close to call; the violation comes late, and is large."""
    statement = stated("x: real", "x/3*3 <= x and x <= 4095/4096")
    found = drawn(statement, 20_000, reals=UNIT)
    assert found.violation is not None
    assert found.violation.variables["x"] > Fraction(4095, 4096)


def test_what_is_too_close_to_call_is_not_called_certain() -> None:
    found = drawn(stated("x: real", "x/3*3 == x"), 1000, reals={"x": (1, 2)})
    assert found.certain + found.replayed + found.unreplayed >= 1000
    assert found.violation is None
    assert found.unreplayed > 0


@pytest.mark.parametrize("batch", [1, 7, 64, 1000, 1 << 16])
@pytest.mark.parametrize("conclusion", ["x + y <= 5/2", "x*y <= 3/4 + 1/5", "x**2 + y**2 <= 199/100"])
def test_the_size_of_the_batches_does_not_matter(conclusion: str, batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    statement, reals = stated("x: real, y: real", conclusion), {"x": (0, 1), "y": (0, 1)}
    expected = drawn(statement, 300, reals=reals)
    monkeypatch.setattr(sampling, "BATCH", batch)
    found = drawn(statement, 300, reals=reals)
    assert found.violation == expected.violation
    if expected.violation is None:
        assert (found.drawn, found.effective, found.certain) == (expected.drawn, expected.effective, expected.certain)


def test_another_stream_draws_other_points() -> None:
    statement = stated("x: real", "x <= 1/2")
    first, again, other = (drawn(statement, 100, stream, reals=UNIT) for stream in (STREAM, STREAM, Stream.of("b")))
    assert first.violation == again.violation
    assert first.violation != other.violation


@pytest.mark.parametrize("plan", [{"reals": UNIT}, {"naturals": {"k": (1,)}}, {}], ids=str)
def test_a_plan_that_forgets_a_variable_is_reported(plan: dict[str, Any]) -> None:
    with pytest.raises(VerifyError, match="the sampling of t says nothing about"):
        drawn(stated("k: nat, x: real", "k*x >= 0"), 10, **plan)


def test_a_plan_without_points_finds_nothing() -> None:
    statement = stated("k: nat, x: real", "False")
    assert drawn(statement, 0, naturals={"k": (1,)}, reals=UNIT) == Count()
    assert drawn(statement, 100, naturals={"k": ()}, reals=UNIT) == Count()


def test_the_shipped_theorems_hold_at_their_points() -> None:
    for goal in shipped.goals():
        if isinstance(goal, Sampling):
            from verify.theory.environment import problem

            naturals = {name: values[:4] for name, values in goal.naturals.items()}
            small = Sampling(goal.theorem, 256, naturals, goal.reals, goal.tables, goal.bits)
            found = sample(small, problem(goal.theorem).statement, STREAM)
            assert found.violation is None
            assert found.effective > 0


# -------------------------------------------------------------------------------------------------------- streams


@settings(max_examples=60, derandomize=True, deadline=None)
@given(st.integers(0, 3 * BLOCK), st.integers(1, 2 * BLOCK), st.integers(0, 5))
def test_a_part_of_a_stream_is_a_part_of_the_whole(start: int, count: int, column: int) -> None:
    whole = STREAM.raw(column, 0, 5 * BLOCK)
    assert np.array_equal(STREAM.raw(column, start, count), whole[start : start + count])


def test_columns_and_purposes_are_independent() -> None:
    streams = [Stream.of(*purpose).raw(column, 0, 64) for purpose in ((1,), (2,), ("1",), ([1],)) for column in (0, 1)]
    assert len({tuple(values) for values in streams}) == 8


def test_a_stream_is_the_same_for_ever() -> None:
    """Golden values: a change would silently change every pre-registered experiment."""
    stream = Stream.of("golden")
    assert stream.key == (18194195329007702793, 3490890912719149717)
    assert stream.raw(3, 0, 3).tolist() == [16429164708063563518, 10708508968725274982, 17363170927161219019]
    assert stream.raw(0, 5000, 2).tolist() == [12920692821458235368, 4516722020207535575]


@pytest.mark.parametrize(("low", "high", "bits"), [(0, 1, 1), (-2, 2, 3), (0, 1, 20), (-8, 8, 40), (3, 3, 5)])
def test_dyadic_draws_lie_on_their_grid(low: int, high: int, bits: int) -> None:
    values = STREAM.dyadic(0, 0, 4000, float(low), float(high), bits)
    assert values.min() >= low and values.max() <= high
    for value in map(Fraction, values[:200].tolist()):
        steps = (value - low) * 2**bits / (high - low or 1)
        assert steps.denominator == 1
    if bits <= 3 and low < high:
        seen, counts = np.unique(values, return_counts=True)
        assert len(seen) == 2**bits + 1
        inner, ends = counts[1:-1].mean(), (counts[0] + counts[-1]) / 2
        assert 0.35 < ends / inner < 0.65


@pytest.mark.parametrize("bits", [-1, 54, 63, 64, 1000])
def test_a_grid_that_is_finer_than_the_doubles_is_refused(bits: int) -> None:
    with pytest.raises(ValueError, match="bits must lie in 0 to 53"):
        STREAM.dyadic(0, 0, 100, 0.0, 1.0, bits)


@pytest.mark.parametrize(("low", "high"), [(0.1, 0.3), (-0.7, 0.1), (1e-3, 1 / 3), (-1e16, 1.1)])
def test_draws_do_not_leave_the_interval(low: float, high: float) -> None:
    for bits in (0, 1, 2, 53):
        values = STREAM.dyadic(0, 0, 2000, low, high, bits)
        assert low <= values.min() <= values.max() <= high


# --------------------------------------------------------------------------------------------------------- trials


def trials(function: Any, count: int = 3) -> tuple[int, list[int]]:
    return run_trials(Trials(function, count), STREAM)


def test_trials_that_fail_are_named() -> None:
    assert trials(lambda draws: torch.tensor([True, draws.trial != 1])) == (6, [1])


@pytest.mark.parametrize("shape", [(), (1,), (2, 3)])
def test_every_entry_of_a_trial_counts(shape: tuple[int, ...]) -> None:
    size = int(np.prod(shape))
    assert trials(lambda draws: torch.ones(shape, dtype=torch.bool)) == (3 * size, [])
    assert trials(lambda draws: torch.zeros(shape, dtype=torch.bool)) == (3 * size, [0, 1, 2])


def test_a_batch_has_one_truth_value_for_each_run() -> None:
    passed = run_trials(Trials(lambda draws: torch.ones(5, dtype=torch.bool), 3, runs=5), STREAM)
    assert passed == (15, [])
    with pytest.raises(TypeError, match="trial 0 must return a truth value for each of its 5 runs, not 4"):
        run_trials(Trials(lambda draws: torch.ones(4, dtype=torch.bool), 3, runs=5), STREAM)


@pytest.mark.parametrize("value", [[], [1.0], [float("nan")], [float("inf")]])
def test_nothing_and_numbers_are_never_positive(value: list[float]) -> None:
    with pytest.raises(TypeError, match="must return a nonempty tensor of truth values"):
        trials(lambda draws: torch.tensor(value))


@pytest.mark.parametrize("value", [[complex("nan")], [3], [-1], True])
def test_whatever_is_no_truth_value_is_never_positive(value: Any) -> None:
    with pytest.raises(TypeError, match="must return a nonempty tensor of truth values"):
        trials(lambda draws: torch.tensor(value) if isinstance(value, list) else value)


def test_draws_of_one_trial_differ_and_can_be_repeated() -> None:
    def numbers(trial: int) -> list[list[float]]:
        draws = Draws(STREAM, trial, "cpu")
        return [draws.uniform(4, low=-1.0, high=1.0).tolist() for _ in range(3)]

    every = [row for trial in range(3) for row in numbers(trial)]
    assert numbers(1) == numbers(1)
    assert len({tuple(row) for row in every}) == 9
    assert Draws(STREAM, 0, "cpu").uniform(2, 3).shape == (2, 3)
    assert Draws(STREAM, 0, "cpu").uniform(5).dtype == torch.float64


# --------------------------------------------------------------------------------------------------------- bounds


@pytest.mark.parametrize(("trials_", "level"), [*itertools.product([1, 10, 1000, 10**6], [1e-6, 1e-3, 0.05, 0.5])])
def test_the_bound_is_the_largest_probability_that_is_not_excluded(trials_: int, level: float) -> None:
    bound = clopper_pearson_zero(trials_, level)
    assert 0 < bound < 1
    assert (1 - bound) ** trials_ == pytest.approx(level, rel=1e-6)
    assert (1 - bound * 0.99) ** trials_ > level


@pytest.mark.parametrize(
    ("trials_", "level"), [(0, 0.1), (-1, 0.1), (10, 0.0), (10, 1.0), (10, -1.0), (10, float("nan"))]
)
def test_nothing_is_said_without_trials_or_level(trials_: int, level: float) -> None:
    with pytest.raises(ValueError, match="positive number of trials"):
        clopper_pearson_zero(trials_, level)
