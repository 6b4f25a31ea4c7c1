r"""The confidence bound, against the binomial distribution itself."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.statistics.bounds import clopper_pearson_zero


@given(st.integers(1, 10**6), st.floats(1e-6, 0.5))
def test_no_event_is_as_unlikely_as_the_level_says(trials: int, level: float) -> None:
    bound = clopper_pearson_zero(trials, level)
    assert 0 < bound < 1
    assert (1 - bound) ** trials == pytest.approx(level, rel=1e-6)


def test_the_bound_in_exact_arithmetic() -> None:
    bound = Fraction(clopper_pearson_zero(3, 1 / 8))
    assert abs((1 - bound) ** 3 - Fraction(1, 8)) < Fraction(1, 10**15)


@pytest.mark.parametrize(("trials", "level"), [(0, 0.1), (-1, 0.1), (5, 0.0), (5, 1.0), (5, float("nan"))])
def test_nonsense_is_refused(trials: int, level: float) -> None:
    with pytest.raises(ValueError, match="needs a positive number of trials"):
        clopper_pearson_zero(trials, level)
