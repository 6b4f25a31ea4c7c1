r"""The answer on its way through a pipe: eight magic bytes, the length of the text, the text in UTF-8 JSON.

The reader trusts nothing.  It knows after sixteen bytes whether it wants the rest, never holds more than it was told to
accept, and tells apart what is unfinished, complete, too long, or no answer at all (an engine may have written to the
descriptor by mistake).
"""

from __future__ import annotations

import json
import struct
from typing import Any, Literal

Json = Any
Condition = Literal["partial", "complete", "oversized", "garbage"]

MAGIC = b"\x93answer\n"
HEADER = struct.Struct(">8sQ")


def encoded(value: Json) -> bytes:
    """JSON text; ValueError, TypeError or RecursionError if the value has none (NaN, sets, cycles)."""
    return json.dumps(value, allow_nan=False, separators=(",", ":")).encode()


def decoded(text: bytes) -> Json:
    """The value of a JSON text; ValueError or RecursionError if it is none."""
    return json.loads(text.decode(), parse_constant=refused)


def refused(constant: str) -> Json:
    raise ValueError(f"{constant} is no JSON")


def framed(text: bytes) -> bytes:
    return HEADER.pack(MAGIC, len(text)) + text


class FrameReader:
    """Collects the bytes of one frame whose text has at most ``limit`` bytes."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._bytes = bytearray()

    def __len__(self) -> int:
        return len(self._bytes)

    def feed(self, chunk: bytes) -> Condition:
        """Bytes after a complete frame spoil it; after that, and after a length that is too large, none are kept."""
        if self.condition() in ("partial", "complete"):
            self._bytes += chunk
        return self.condition()

    def condition(self) -> Condition:
        if self._bytes[: len(MAGIC)] != MAGIC[: len(self._bytes)]:
            return "garbage"
        if len(self._bytes) < HEADER.size:
            return "partial"
        length = self.length()
        if length > self._limit:
            return "oversized"
        missing = HEADER.size + length - len(self._bytes)
        return "partial" if missing > 0 else "complete" if missing == 0 else "garbage"

    def length(self) -> int:
        """What the header announces."""
        return int(HEADER.unpack_from(self._bytes)[1])

    def text(self) -> bytes:
        return bytes(self._bytes[HEADER.size :])
