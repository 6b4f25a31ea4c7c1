r"""A signal to threads that wait for descriptors: it is over."""

from __future__ import annotations

import os


class Stop:
    """Readable for everybody once it is set, as the byte in the pipe is never taken out.

    (Closing the write end would do as well, were it not for copies of it in processes that others have forked.)
    """

    def __init__(self) -> None:
        self._reader, self._writer = os.pipe()
        self._set = False

    def set(self) -> None:
        if not self._set:
            self._set = True
            os.write(self._writer, b".")

    def is_set(self) -> bool:
        return self._set

    def fileno(self) -> int:
        return self._reader

    def close(self) -> None:
        """When nobody waits for it any more; it stays set."""
        self.set()
        for descriptor in (self._reader, self._writer):
            if descriptor >= 0:
                os.close(descriptor)
        self._reader = self._writer = -1
