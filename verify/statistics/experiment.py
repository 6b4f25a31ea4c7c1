r"""The random numbers of an experiment, as its author's function gets them.

The function computes a batch of runs at once; which batch, and how large, is the harness's business.  So each number that
it draws is a function of the key of the experiment, of which draw it is (the first call, the second, ...), of the number of
its run and of its place in the run: row r belongs to run ``first + r``, whatever runs are computed with it.  The key is the
sha256 of the root seed, the claim, the obligation and the plan, which therefore stands before the first number is drawn.

Run r takes the words r s, ..., r s + s - 1 of its column, s words for each run, so a batch is one stretch of the stream.
Normal deviates come in pairs of words that may belong to two runs; both batches compute the pair, and each keeps its half.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from verify.statistics import philox, variates

Tensor = Any
STRETCH = 1 << 14  # words at a time on a CPU, so that they stay in the cache


def key_of(*purpose: Any) -> tuple[int, int]:
    """The key of a stream, from what it is for: JSON values."""
    digest = hashlib.sha256(json.dumps(purpose, sort_keys=True).encode()).digest()
    return int.from_bytes(digest[:8], "big"), int.from_bytes(digest[8:16], "big")


@dataclass
class Experiment:
    """A batch of independent runs, number ``first`` to ``first + runs``; asking again gives new numbers."""

    key: tuple[int, int]
    first: int
    runs: int
    device: str = "cpu"
    columns: int = 0
    widest: int = 0  # numbers of one draw for one run, at most

    def uniform(self, *shape: int, low: float = 0.0, high: float = 1.0) -> Tensor:
        """Uniform on (low, high), shape (runs, *shape) float64 on the device."""
        drawn = self._draw(shape, variates.uniforms)
        return drawn if (low, high) == (0.0, 1.0) else drawn.mul_(high - low).add_(low)

    def normal(self, *shape: int) -> Tensor:
        """Standard normal deviates, shape (runs, *shape) float64 on the device."""
        return self._draw(shape, variates.normals)

    def sign(self, *shape: int) -> Tensor:
        """-1 or 1 with equal probability, shape (runs, *shape) float64 on the device."""
        return self._draw(shape, variates.signs)

    def integers(self, *shape: int, below: int) -> Tensor:
        """Uniform on 0, ..., below - 1 (below at most 2^36), shape (runs, *shape) int64 on the device."""
        if not 0 < below <= 1 << 36:
            raise ValueError(f"draws.integers(below={below}): below must be positive and at most 2^36")
        return self._draw(shape, lambda words: variates.integers(words, below))

    def _draw(self, shape: tuple[int, ...], transform: Callable[[Tensor], Tensor]) -> Tensor:
        """The next column: words of these runs, transformed; pairs of words stay together."""
        import torch

        size = math.prod(shape)
        column, self.columns, self.widest = self.columns, self.columns + 1, max(self.widest, size)
        start, stop = self.first * size, (self.first + self.runs) * size
        even, length = start - start % 2, STRETCH if self.device == "cpu" else stop - start + 2
        parts = [
            transform(philox.words(self.key, column, place, min(length, stop + stop % 2 - place), self.device))
            for place in range(even, stop, length)
        ]
        flat = parts[0] if len(parts) == 1 else torch.cat(parts) if parts else torch.empty(0, dtype=torch.float64)
        return flat[start - even : stop - even].reshape(self.runs, *shape).to(self.device)
