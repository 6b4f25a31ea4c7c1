r"""Files that appear whole or not at all, and stay; and a lock that dies with its process.

A file is written beside its name, synced, renamed, and the folder is synced: neither a killed process nor a power cut
leaves a name with half its bytes.
"""

from __future__ import annotations

import errno
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from verify.errors import StoreError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

TEMPORARY = ".tmp"
NO_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EACCES}
"""Some network drives do not sync folders, and some parents may be passed but not read: not worth a refusal."""


def write_durably(path: Path, data: bytes) -> None:
    """Write a whole file or none; when this returns, a power cut does not take the file back."""
    make_folder(path.parent)
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}{TEMPORARY}")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
    sync_folder(path.parent)


def make_folder(folder: Path) -> None:
    """Create a folder and its parents, so that they outlive a power cut as well."""
    if not folder.is_dir():
        make_folder(folder.parent)
        with suppress(FileExistsError):  # another process was faster; if it is a file, what follows says so
            os.mkdir(folder)
        sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    if os.name != "posix":  # elsewhere a folder cannot be opened, and the rename is journaled
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as problem:
        if problem.errno not in NO_SYNC:
            raise


def size_of(path: Path) -> int:
    """The bytes of a file, 0 if there is none (any more)."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


@contextmanager
def locked(path: Path, patience: float) -> Iterator[None]:
    """Hold a lock on a file, which is created and stays; where there are no such locks, nothing is held."""
    if fcntl is None:
        yield
        return
    descriptor, deadline = os.open(path, os.O_RDWR | os.O_CREAT, 0o666), time.monotonic() + patience
    try:
        while not _try_lock(descriptor):
            if time.monotonic() > deadline:
                raise StoreError(f"{path} is locked: another process has been opening the store for {patience:g} s")
            time.sleep(0.005)
        yield
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as problem:
        if problem.errno not in (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS):  # a network drive
            raise
    return True
