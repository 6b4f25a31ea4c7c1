r"""The words of all random numbers: Philox4x64-10, the same bits on every device.

Philox maps a key and a counter to four words of 64 bits by ten rounds of two multiplications each (Salmon, Moraes, Dror,
Shaw: Parallel random numbers: as easy as 1, 2, 3; SC 2011).  There is no state that would have to be carried from draw to
draw, so word number i of a column can be computed anywhere, in any order, without the words before it.

Of the family, Philox4x64 is the one that NumPy has in C: 4 ns for a word of 64 bits on one CPU thread, where Philox4x32 in
integer operations of torch takes 40 ns (``benchmarks/statistical_tests.md``).  Other devices compute the same rounds in torch,
where products of 128 bits are put together from four products of 32-bit halves; int64 wraps around, which is arithmetic
modulo 2^64.  The known answers of the authors' own library, and NumPy, are the oracles of both.

Word i of column c has the counter (i // 4 + 1, c, 0, 0): NumPy counts before it computes.
"""

from __future__ import annotations

from typing import Any

Tensor = Any
Words = tuple[Tensor, Tensor, Tensor, Tensor]

WORDS = 4  # of one value of the counter
ROUNDS = 10
MULTIPLIERS = (0xD2E7470EE14C6C93, 0xCA5A826395121157)
WEYL = (0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B)
LOW = 0xFFFFFFFF
MODULUS = 1 << 64


def words(key: tuple[int, int], column: int, start: int, count: int, device: str = "cpu") -> Tensor:
    """Words ``start`` to ``start + count`` of a column: (count,) int64 on the device, to be read as 64 bits."""
    first, last = start // WORDS, -(-(start + count) // WORDS)
    compute = by_numpy if device == "cpu" else by_torch
    return compute(key, column, first, last - first, device)[start - first * WORDS :][:count]


def by_numpy(key: tuple[int, int], column: int, first: int, blocks: int, device: str = "cpu") -> Tensor:
    """The words of so many counters, (4 blocks,) int64."""
    import numpy as np
    import torch

    exact = np.array([first, column, 0, 0], dtype=np.uint64)  # of a list of integers NumPy may make doubles
    generator = np.random.Philox(key=np.array(key, dtype=np.uint64), counter=exact)
    return torch.from_numpy(generator.random_raw(WORDS * blocks).view(np.int64)).to(device)


def by_torch(key: tuple[int, int], column: int, first: int, blocks: int, device: str = "cpu") -> Tensor:
    """The same in integer operations of torch."""
    import torch

    counters = torch.arange(first + 1, first + 1 + blocks, dtype=torch.int64, device=device)
    other = torch.full_like(counters, signed(column))
    found = rounds((counters, other, torch.zeros_like(counters), torch.zeros_like(counters)), key)
    return torch.stack(found, dim=1).reshape(-1)


def rounds(counter: Words, key: tuple[int, int]) -> Words:
    """Ten rounds of Philox4x64 on int64 tensors."""
    a, b, c, d = counter
    for number in range(ROUNDS):
        first, second = (signed(k + number * w) for k, w in zip(key, WEYL, strict=True))
        high, low = product(a, MULTIPLIERS[0])
        other_high, other_low = product(c, MULTIPLIERS[1])
        a, b, c, d = other_high ^ b ^ first, other_low, high ^ d ^ second, low
    return a, b, c, d


def product(word: Tensor, multiplier: int) -> tuple[Tensor, Tensor]:
    """The upper and the lower 64 bits of a product of 128 bits."""
    low, high = word & LOW, (word >> 32) & LOW
    by_low, by_high = multiplier & LOW, multiplier >> 32
    crossed, lifted = low * by_high, high * by_low
    middle = ((low * by_low >> 32) & LOW) + (crossed & LOW) + (lifted & LOW)
    upper = high * by_high + ((crossed >> 32) & LOW) + ((lifted >> 32) & LOW) + (middle >> 32)
    return upper, word * signed(multiplier)


def signed(value: int) -> int:
    """The 64-bit integer with these bits."""
    value %= MODULUS
    return value - MODULUS if value >= MODULUS >> 1 else value
