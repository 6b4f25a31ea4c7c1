r"""What was worked out from evidence only to be looked at, kept so that it need not be worked out again.

Each piece is a file beside the evidence, under the digest of everything that it was worked out from: other evidence, another
module, another version of the harness is another digest, so that nothing is ever brought up to date, only found or not.  A
piece is believed for its seal: an HMAC-SHA256 under this user's secret (``verify.store.seals``) over its name and its bytes.
Whatever has no seal that fits counts as missing, hence a forged or damaged piece costs time and shows nothing; without a
secret nothing is kept.  Pieces are lost without harm: they are written without waiting for the disk, and those that were not
used for the longest time go when all together are larger than ``LIMIT``.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import zlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from verify.store.blobs import is_address
from verify.store.files import TEMPORARY

FORMAT = b"deepclaims remembered 1"
LIMIT = 256_000_000  # bytes; a report of 86 claims keeps 5 million
SEAL = 32  # bytes at the beginning of a file
LARGEST = 64_000_000  # bytes of one piece, unpacked


@dataclass(frozen=True)
class Remembered:
    """The pieces in a folder."""

    folder: Path
    secret: bytes | None
    read_only: bool = False

    def path(self, name: str) -> Path:
        return self.folder / name[:2] / name[2:]

    def get(self, name: str) -> bytes | None:
        """The bytes under a name, if their seal fits."""
        if self.secret is None or not is_address(name):
            return None
        try:
            found = self.path(name).read_bytes()
        except OSError:
            return None
        if not hmac.compare_digest(found[:SEAL], self.seal(name, found[SEAL:])):
            return None
        with suppress(OSError):
            os.utime(self.path(name))
        return unpacked(found[SEAL:])

    def put(self, name: str, data: bytes) -> None:
        """Keep bytes under a name; a folder that cannot be written keeps none."""
        if self.secret is None or self.read_only or not is_address(name) or len(data) > LARGEST:
            return
        packed, path = zlib.compress(data, 1), self.path(name)
        temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}{TEMPORARY}")
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                temporary.write_bytes(self.seal(name, packed) + packed)
                os.replace(temporary, path)
            finally:
                temporary.unlink(missing_ok=True)

    def seal(self, name: str, packed: bytes) -> bytes:
        message = FORMAT + name.encode("ascii") + packed  # a name has 64 characters: nothing can be shifted
        return hmac.new(self.secret or b"", message, hashlib.sha256).digest()

    def sweep(self, *, since: float = 0.0, limit: int = LIMIT) -> None:
        """Forget what was last used before a time (in seconds, as files have it), and what is too much, the oldest first."""
        if self.read_only:
            return
        known = []
        for path in self.folder.glob("??/*"):
            with suppress(OSError):
                status = path.stat()
                known.append((status.st_mtime, status.st_size, path))
        left = limit
        for used, size, path in sorted(known, reverse=True):
            left -= size
            if used < since or left < 0:
                with suppress(OSError):
                    path.unlink()


def unpacked(packed: bytes) -> bytes | None:
    """The bytes, if they are not more than was ever kept."""
    reader = zlib.decompressobj()
    try:
        found = reader.decompress(packed, LARGEST)
    except zlib.error:
        return None
    return found if reader.eof else None
