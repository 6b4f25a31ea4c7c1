r"""Evidence that can be computed again from its number, so that a reader knows what a killed writer was writing."""

from __future__ import annotations

import os
import random
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from verify.store import Store, address, canonical, digest


def key(number: int) -> str:
    return digest({"piece": number})


def blobs(number: int) -> list[bytes]:
    """Up to three blobs; one in three is shared with other pieces."""
    source = random.Random(f"blobs of {number}")
    own = [source.randbytes(source.choice((0, 10, 1_000, 40_000))) for _ in range(source.randrange(3))]
    return [*own, b"shared " * (1 + number % 3)] if number % 3 else own


def evidence(number: int) -> Any:
    source = random.Random(f"evidence {number}")
    return {
        "piece": number,
        "certificates": [address(blob) for blob in blobs(number)],
        "text": "é∀" + source.randbytes(source.choice((1, 50, 3_000, 30_000))).hex(),
        "bound": source.random(),
    }


def put(store: Store, number: int) -> None:
    store.put(key(number), evidence(number), blobs(number))


def assert_complete(store: Store, number: int) -> bool:
    """Whether the piece is there; if it is, then all of it, and nothing else."""
    found = store.get(key(number))
    if found is None:
        return False
    assert canonical(found) == canonical(evidence(number))
    assert store.references(key(number)) == tuple(found["certificates"])
    for sha256, blob in zip(found["certificates"], blobs(number), strict=True):
        assert store.blob(sha256) == blob
    return True


def memory() -> Path | None:
    """A folder in memory where the system offers one, else None, which is tempfile's default."""
    folder = Path("/dev/shm")
    return folder if os.access(folder, os.W_OK) else None


def leftovers(folder: Path) -> list[Path]:
    """Temporary files."""
    return list(folder.rglob("*.tmp"))


def fork(action: Callable[[], object], trouble: Path) -> int:
    """Run an action in a child process; its traceback, if any, goes to a file.  Returns the process id."""
    process = os.fork()
    if process == 0:
        _child(action, trouble)
    return process


def _child(action: Callable[[], object], trouble: Path) -> NoReturn:
    try:
        action()
        os._exit(0)
    except BaseException:
        trouble.write_text(traceback.format_exc())
    finally:
        os._exit(1)


def in_child(action: Callable[[], object], trouble: Path) -> None:
    """Run an action in a child process and fail with its traceback."""
    _, status = os.waitpid(fork(action, trouble), 0)
    assert status == 0, trouble.read_text() if trouble.exists() else f"the child ended with status {status}"
