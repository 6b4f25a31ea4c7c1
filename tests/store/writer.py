r"""A process that stores piece after piece until it is killed: ``python -m tests.store.writer FOLDER FIRST [RUN]``.

It prints the number of each piece once it is stored.
"""

from __future__ import annotations

import itertools
import os
import sys
from pathlib import Path

from tests.store import pieces
from verify.store import Store


def write(folder: Path, first: int) -> None:
    with Store.open(folder) as store:
        run = store.start_run({"first": first})
        for number in itertools.count(first):
            pieces.put(store, number)
            store.record(run, f"piece {number}", pieces.key(number), {"n": number}, cached=False, seconds=0)
            os.write(1, f"{number}\n".encode())


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
