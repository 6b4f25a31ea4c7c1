r"""The words of the generator and what is made of them: published answers, NumPy, exact arithmetic, mpmath as oracles."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.statistics import variates
from verify.statistics.philox import MODULUS, by_numpy, by_torch, rounds, signed, words

ONES = 2**64 - 1
PI = (0x243F6A8885A308D3, 0x13198A2E03707344, 0xA4093822299F31D0, 0x082EFA98EC4E6C89)
KNOWN = [  # kat_vectors of Random123 (D. E. Shaw Research): counter, key, answer
    (
        (0, 0, 0, 0),
        (0, 0),
        (0x16554D9ECA36314C, 0xDB20FE9D672D0FDC, 0xD7E772CEE186176B, 0x7E68B68AEC7BA23B),
    ),
    (
        (ONES, ONES, ONES, ONES),
        (ONES, ONES),
        (0x87B092C3013FE90B, 0x438C3C67BE8D0224, 0x9CC7D7C69CD777B6, 0xA09CAEBF594F0BA0),
    ),
    (
        PI,
        (0x452821E638D01377, 0xBE5466CF34E90C6C),
        (0xA528F45403E61D95, 0x38C72DBD566E9788, 0xA5A1610E72FD18B5, 0x57BD43B5E52B7FE6),
    ),
]
KEYS = st.tuples(st.integers(0, ONES), st.integers(0, ONES))


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN)
def test_the_rounds_give_the_published_answers(
    counter: tuple[int, ...], key: tuple[int, int], answer: tuple[int, ...]
) -> None:
    a, b, c, d = (torch.tensor([signed(word)]) for word in counter)
    assert tuple(int(word) % MODULUS for word in rounds((a, b, c, d), key)) == answer


@settings(max_examples=50, deadline=None)
@given(KEYS, st.integers(0, 2**62), st.integers(0, 2**62), st.integers(1, 50))
def test_numpy_and_torch_compute_the_same_words(key: tuple[int, int], column: int, first: int, blocks: int) -> None:
    assert torch.equal(by_numpy(key, column, first, blocks), by_torch(key, column, first, blocks))


@settings(max_examples=100, deadline=None)
@given(KEYS, st.integers(0, 10**6), st.integers(0, 40), st.integers(1, 40))
def test_a_part_is_a_part_of_the_whole(key: tuple[int, int], start: int, skipped: int, count: int) -> None:
    whole = words(key, 3, start, skipped + count)
    assert torch.equal(words(key, 3, start + skipped, count), whole[skipped:])


def test_keys_and_columns_are_different_streams() -> None:
    streams = [words(key, column, 0, 64).tolist() for key in ((1, 2), (2, 1), (1, 3)) for column in (0, 1)]
    assert len({word for stream in streams for word in stream}) == 6 * 64


def test_uniform_numbers_are_exact_and_never_an_end() -> None:
    ends = torch.tensor([0, -1, 1 << 12, (1 << 12) - 1])
    assert [float(u) * 2**53 for u in variates.uniforms(ends)] == [1, 2**53 - 1, 3, 1]


def test_normal_deviates_are_those_of_box_and_muller() -> None:
    """The oracle computes with 40 digits from the same words."""
    drawn = words((7, 8), 0, 0, 400)
    found = variates.normals(drawn).tolist()
    with mpmath.workdps(40):
        for i in range(0, 400, 2):
            first, second = (int(word) % MODULUS for word in drawn[i : i + 2])
            uniform = (mpmath.mpf(first >> 12) + 0.5) / 2**52
            half = (mpmath.mpf((second >> 11) % 2**52) + 0.5) / 2**52 - 0.5
            angle, side = mpmath.pi * half, -1 if second >> 63 else 1
            radius = mpmath.sqrt(-2 * mpmath.log(uniform))
            assert abs(found[i] - side * radius * mpmath.cos(angle)) < 1e-14
            assert abs(found[i + 1] - radius * mpmath.sin(angle)) < 1e-14


def test_extreme_words_have_finite_deviates() -> None:
    extreme = torch.tensor([0, 0, -1, -1, 0, -1, -1, 0, 0, 1 << 62, 0, (1 << 63) - 1])
    found = variates.normals(extreme)
    assert bool(found.isfinite().all())
    assert float(found.abs().max()) <= math.sqrt(106 * math.log(2))


def test_normal_deviates_have_the_moments_of_the_normal_law() -> None:
    """Means over 2^20 deviates, each within 5 standard errors of its exact value."""
    count = 1 << 20
    found = variates.normals(words((3, 4), 0, 0, count)).numpy()
    for power, exact, variance in ((1, 0, 1), (2, 1, 2), (3, 0, 15), (4, 3, 96), (6, 15, 10395 - 225)):
        assert abs((found**power).mean() - exact) < 5 * math.sqrt(variance / count)
    pairs = found.reshape(-1, 2)
    assert abs((pairs[:, 0] ** 2 * pairs[:, 1] ** 2).mean() - 1) < 5 * math.sqrt(8 / (count / 2))


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 2**36), st.integers(-(2**63), 2**63 - 1))
def test_integers_are_the_floor_of_the_scaled_word(below: int, word: int) -> None:
    assert int(variates.integers(torch.tensor([word]), below)) == (word % MODULUS >> 12) * below >> 52


def test_signs_and_integers_are_uniform() -> None:
    """Chi-square statistics with 1 and 5 degrees of freedom, below their quantiles of 1e-6."""
    drawn = words((5, 6), 0, 0, 60_000)
    signs = np.unique(variates.signs(drawn).numpy(), return_counts=True)
    assert signs[0].tolist() == [-1, 1]
    assert ((signs[1] - 30_000) ** 2 / 30_000).sum() < 24
    counts = np.bincount(variates.integers(drawn, 6).numpy(), minlength=6)
    assert len(counts) == 6
    assert ((counts - 10_000) ** 2 / 10_000).sum() < 36
