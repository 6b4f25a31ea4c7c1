r"""Strict JSON: what is read back is what was written, and equal values have equal bytes.

Python's ``json`` writes NaN, turns the key 1 into "1", and joins two lone surrogates into one character; under a hash
each of these is a collision waiting to happen.  Here they are errors that name the offending part.
"""

from __future__ import annotations

import hashlib
import json
import math
from typing import Any

from verify.errors import StoreError

Json = Any
MAX_DEPTH = 200  # json.loads recurses, and whoever calls it may be deep in the stack already


def canonical(value: Json, name: str = "value") -> bytes:
    """Canonical JSON: sorted keys, no spaces, ASCII, finite floats.  ``name`` is what an error calls the value."""
    return _dump(value, name, indent=None, separators=(",", ":")).encode("ascii")


def readable(value: Json, name: str = "value") -> bytes:
    """The same value for the eyes: sorted, indented, one entry a line, in ASCII."""
    return (_dump(value, name, indent=2, separators=(",", ": ")) + "\n").encode("ascii")


def digest(value: Json) -> str:
    """The key of a description: the sha256 of its canonical JSON."""
    return hashlib.sha256(canonical(value)).hexdigest()


def check(value: Json, name: str) -> None:
    """Raise unless the value is JSON that survives a round trip (a tuple counts as an array)."""
    pending: list[tuple[Any, str, int]] = [(value, name, 0)]
    while pending:
        part, where, depth = pending.pop()
        if depth > MAX_DEPTH:
            raise StoreError(f"{name} is nested deeper than {MAX_DEPTH} levels, or contains itself")
        if isinstance(part, str):
            check_text(part, where)
        elif isinstance(part, float):
            if not math.isfinite(part):
                raise StoreError(f"{where} is {part!r}, which JSON cannot say: store it as a text or leave it out")
        elif isinstance(part, dict):
            for key, entry in part.items():
                if not isinstance(key, str):
                    raise StoreError(f"{where} has the key {key!r}, but the keys of a JSON object are texts")
                check_text(key, f"a key of {where}")
                pending.append((entry, f"{where}.{key}", depth + 1))
        elif isinstance(part, list | tuple):
            pending.extend((entry, f"{where}[{index}]", depth + 1) for index, entry in enumerate(part))
        elif part is not None and not isinstance(part, int):
            raise StoreError(f"{where} is a {type(part).__name__}, which is not JSON")


def check_object(value: Json, name: str) -> None:
    if not isinstance(value, dict):
        raise StoreError(f"{name} is a {type(value).__name__}, but has to be a JSON object")


def check_text(text: str, where: str) -> None:
    if not isinstance(text, str):
        raise StoreError(f"{where} is a {type(text).__name__}, but has to be a text")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise StoreError(f"{where} contains half a character (a lone surrogate), which is not Unicode text") from None


def _dump(value: Json, name: str, *, indent: int | None, separators: tuple[str, str]) -> str:
    check(value, name)
    try:
        return json.dumps(
            value, sort_keys=True, ensure_ascii=True, allow_nan=False, indent=indent, separators=separators
        )
    except ValueError as problem:  # an integer of more digits than Python reads back
        raise StoreError(f"{name} cannot be written as JSON: {problem}") from None
