r"""Random streams: the same draws in any order, for any batch size."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.statistics.streams import BLOCK, Stream

STREAM = Stream.of(0, "claim", "obligation")


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 3 * BLOCK), st.integers(1, 2 * BLOCK))
def test_any_stretch_is_a_part_of_the_whole(start: int, count: int) -> None:
    whole = STREAM.raw(1, 0, 5 * BLOCK)
    assert np.array_equal(STREAM.raw(1, start, count), whole[start : start + count])


def test_purposes_and_columns_have_draws_of_their_own() -> None:
    other = Stream.of(1, "claim", "obligation")
    columns = [STREAM.raw(0, 0, 100), STREAM.raw(1, 0, 100), other.raw(0, 0, 100)]
    assert len({tuple(column.tolist()) for column in columns}) == 3


def test_a_purpose_is_known_by_its_content() -> None:
    assert Stream.of({"a": 1, "b": 2}) == Stream.of({"b": 2, "a": 1})


def test_the_first_draws_do_not_change() -> None:
    """Golden values: results that were registered before have to come out again."""
    assert Stream.of("golden").raw(0, 0, 3).tolist() == GOLDEN


def test_dyadic_draws_lie_on_their_grid_and_fill_it() -> None:
    draws = STREAM.dyadic(0, 0, 20_000, -1.0, 3.0, 4)
    grid = -1 + 4 * np.arange(17) / 16
    assert set(draws.tolist()) == set(grid.tolist())
    inner = np.histogram(draws, bins=17)[0][1:-1] / len(draws)
    assert np.all(np.abs(inner - 1 / 16) < 5 * np.sqrt(1 / 16 / len(draws)))  # five standard deviations


GOLDEN = [17938231821680363585, 185039466437608950, 2811563812179492060]
