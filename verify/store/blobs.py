r"""Content-addressed files: ``ab/cdef...`` holds, compressed, the bytes whose sha256 is ``abcdef...``.

A file appears under its name only when it is whole (``files.write_durably``).  Disks still rot and people still edit,
hence each read checks the hash, and a writer replaces a damaged file instead of trusting its name.
"""

from __future__ import annotations

import hashlib
import os
import string
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from verify.store.files import TEMPORARY, size_of, sync_folder, write_durably


class Damaged(Exception):
    """The content is not what was stored."""


def address(data: bytes) -> str:
    """The name of a blob."""
    return hashlib.sha256(data).hexdigest()


def is_address(name: object) -> bool:
    """A sha256 as 64 lower-case hexadecimal digits; anything else must not become a path."""
    return isinstance(name, str) and len(name) == 64 and not set(name) - set(string.digits + "abcdef")


@dataclass(frozen=True)
class Blobs:
    """The blobs under a folder.  Writers and ``sweep`` must hold the store's write lock."""

    folder: Path

    def path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256[2:]

    def has(self, sha256: str) -> bool:
        return self.path(sha256).is_file()

    def write(self, data: bytes) -> str:
        sha256 = address(data)
        if self._is_intact(sha256):
            sync_folder(self.path(sha256).parent)  # its writer may have been killed between rename and sync
        else:
            write_durably(self.path(sha256), zlib.compress(data))
        return sha256

    def read(self, sha256: str) -> bytes | None:
        """The bytes, or None where there is no such file; raises ``Damaged``."""
        try:
            data = zlib.decompress(self.path(sha256).read_bytes())
        except FileNotFoundError:
            return None
        except zlib.error as problem:
            raise Damaged(str(problem)) from None
        except OSError as problem:  # a bad sector, or not readable for this user: absent for our purposes
            raise Damaged(problem.strerror or str(problem)) from None
        if address(data) != sha256:
            raise Damaged("its content has another hash")
        return data

    def _is_intact(self, sha256: str) -> bool:
        try:
            return self.read(sha256) is not None
        except Damaged:
            return False

    def set_aside(self, sha256: str, stamp: str) -> Path | None:
        """Rename a file that is still damaged; the new name is no blob's, hence neither read nor swept."""
        if self._is_intact(sha256):
            return None  # healed by a writer since
        aside = self.path(sha256).with_name(f"{sha256[2:]}.damaged-{stamp}")
        os.replace(self.path(sha256), aside)
        return aside

    def files(self) -> Iterator[tuple[str | None, Path, int]]:
        """Blobs (sha256, path, bytes), and the temporary files of killed writers with None for the name."""
        for folder in _entries(self.folder):
            for entry in _entries(Path(folder.path)) if folder.is_dir() else ():
                name = folder.name + entry.name
                if is_address(name) or entry.name.endswith(TEMPORARY):
                    yield (name if is_address(name) else None), Path(entry.path), size_of(Path(entry.path))

    def sweep(self, referenced: set[str]) -> tuple[int, int]:
        """Delete all blobs but the referenced ones: how many, how many bytes."""
        count = size = 0
        for sha256, path, length in list(self.files()):
            if sha256 not in referenced:
                path.unlink(missing_ok=True)
                count, size = count + (sha256 is not None), size + length
        return count, size


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except FileNotFoundError:
        return []
