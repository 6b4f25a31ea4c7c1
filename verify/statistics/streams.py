r"""Counter-based random streams.

A draw is a function of a key and of its number, not of how many draws came before it: the key is the sha256 of what the
stream is for (claim, obligation, statement, seed), the numbers come from the Philox counter generator in blocks of a
fixed size.  So a trial is the same on every device and for every batch size, and a single one can be repeated.

Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3. SC 2011.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BLOCK = 4096  # draws of one block
MANTISSA = 53  # bits of a double


@dataclass(frozen=True)
class Stream:
    """Draws that belong to one purpose."""

    key: tuple[int, int]

    @staticmethod
    def of(*purpose: Any) -> Stream:
        """The stream for a purpose, given as JSON values."""
        digest = hashlib.sha256(json.dumps(purpose, sort_keys=True).encode()).digest()
        return Stream((int.from_bytes(digest[:8], "big"), int.from_bytes(digest[8:16], "big")))

    def raw(self, column: int, start: int, count: int) -> NDArray[np.uint64]:
        """Draws number ``start`` to ``start + count`` of a column: uniform 64-bit integers, shape (count,) uint64."""
        import numpy as np

        first, last = start // BLOCK, -(-(start + count) // BLOCK)
        blocks = [
            np.random.Philox(key=self.key, counter=[0, 0, block, column]).random_raw(BLOCK)
            for block in range(first, last)
        ]
        return np.concatenate(blocks)[start - first * BLOCK :][:count]

    def dyadic(self, column: int, start: int, count: int, low: float, high: float, bits: int) -> NDArray[np.float64]:
        r"""Uniform on the grid low + (high - low) k / 2^bits, 0 <= k <= 2^bits, shape (count,) float64.

        Exact in binary64 as long as the grid points are, which is so for small dyadic bounds and ``bits`` up to 40; the
        endpoints have half the weight of the others.
        """
        import numpy as np

        if not 0 <= bits <= MANTISSA:
            raise ValueError(f"a grid of 2^{bits} steps is not one of doubles: bits must lie in 0 to {MANTISSA}")
        integers = (self.raw(column, start, count) >> np.uint64(64 - bits - 1)).astype(np.int64)
        points = low + (high - low) * (((integers + 1) >> 1) / 2.0**bits)
        return np.asarray(np.clip(points, low, high), dtype=np.float64)
