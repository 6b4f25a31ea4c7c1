r"""The pages of claims as data, made in several processes where that pays.

Laying out the proofs of a library takes most of the time of a report, and each claim can be laid out by itself.  The
children are forks, which have the results in memory already; they send back pages and the digests of certificate files.
Where there is no fork, or one processor, or little to do, everything happens in one process, with the same result.
"""

from __future__ import annotations

import gc
import hashlib
import multiprocessing
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from verify.report.history import Kept
from verify.report.pages import ClaimPage, claim_page
from verify.session.running import processors
from verify.session.summary import RunResult

Json = Any

ENOUGH = 8  # claims from which on other processes are begun
MOST = 8  # processes


@dataclass(frozen=True)
class Work:
    """What all pages are made of."""

    found: RunResult
    kept: Kept
    options: Json

    def page(self, number: int) -> tuple[ClaimPage, Mapping[str, bytes]]:
        found = self.found
        page, desk = claim_page(found.claims[number], found.claims, self.kept, self.options, found.metadata)
        return page, desk.files

    def sent(self, number: int) -> tuple[ClaimPage, dict[str, str]]:
        """A page with its files by their digests, which whoever asks has the bytes for."""
        page, files = self.page(number)
        return page, {path: hashlib.sha256(data).hexdigest() for path, data in files.items()}


def claim_pages(found: RunResult, kept: Kept, options: Json) -> Iterator[tuple[ClaimPage, Mapping[str, bytes]]]:
    """The page of each claim and the files that belong to it, in their order."""
    work = Work(found, kept, options)
    jobs = min(processors(), MOST)
    if jobs < 2 or len(found.claims) < ENOUGH or "fork" not in multiprocessing.get_all_start_methods():
        yield from map(work.page, range(len(found.claims)))
        return
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=begin, initargs=(work,)) as pool:
        for page, files in pool.map(one, range(len(found.claims))):
            yield page, {path: kept.certificates[sha256] for path, sha256 in files.items()}


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the collector of cycles, here and in children: pages are trees that live to the end, and walking over them again
    and again took 30% of the processor time of a report (28 s against 40 s of a loaded machine, whole library)."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


WORK: list[Work] = []  # of a child process


def begin(work: Work) -> None:
    WORK[:] = [work]


def one(number: int) -> tuple[ClaimPage, dict[str, str]]:
    return WORK[0].sent(number)
