r"""The pages of claims as data, made in several processes where that pays.

Laying out the proofs of a library takes most of the time of a report, and each claim can be laid out by itself.  The
children are forks, which have the results in memory already; they send back pages and the digests of certificate files.
Where there is no fork, or one processor, or little to do, everything happens in one process, with the same result.  What was
worked out before from the same evidence is not worked out again (``remembering``).
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

from verify.report import remembering
from verify.report.history import Kept
from verify.report.pages import ClaimPage, completed, page_of_evidence
from verify.report.remembering import Page
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

    def page(self, number: int) -> Page:
        """What follows from the evidence of one claim, with its files by their digests, which whoever asks has the bytes for."""
        page, desk = page_of_evidence(self.found.claims[number], self.kept, self.options)
        return page, {path: hashlib.sha256(data).hexdigest() for path, data in desk.files.items()}

    def name(self, number: int) -> str:
        return remembering.name(self.found.claims[number], self.kept, self.options)

    def completed(self, page: ClaimPage, number: int) -> ClaimPage:
        found = self.found
        return completed(page, found.claims[number], found.claims, self.kept, self.options, found.metadata)


def claim_pages(found: RunResult, kept: Kept, options: Json) -> Iterator[tuple[ClaimPage, Mapping[str, bytes]]]:
    """The page of each claim and the files that belong to it, in their order."""
    work = Work(found, kept, options)
    known = dict(remembered(work))
    missing = [number for number in range(len(found.claims)) if number not in known]
    made = zip(missing, worked_out(work, missing), strict=True)
    for number in range(len(found.claims)):
        page, files = known[number] if number in known else remember(work, *next(made))
        yield work.completed(page, number), {path: kept.certificates[sha256] for path, sha256 in files.items()}
    if missing and kept.remembered is not None:
        kept.remembered.sweep()


def remembered(work: Work) -> Iterator[tuple[int, Page]]:
    """The pages that were worked out before from the same evidence."""
    memory = work.kept.remembered
    if memory is None:
        return
    for number in range(len(work.found.claims)):
        data = memory.get(work.name(number))
        page = remembering.unpacked(data) if data is not None else None
        if page is not None:
            yield number, page


def remember(work: Work, number: int, page: Page) -> Page:
    if work.kept.remembered is not None:
        work.kept.remembered.put(work.name(number), remembering.packed(page))
    return page


def worked_out(work: Work, numbers: list[int]) -> Iterator[Page]:
    """The pages with these numbers, made by several processes if there are many."""
    jobs = min(processors(), MOST)
    if jobs < 2 or len(numbers) < ENOUGH or "fork" not in multiprocessing.get_all_start_methods():
        yield from map(work.page, numbers)
        return
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=begin, initargs=(work,)) as pool:
        yield from pool.map(one, numbers)


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


def one(number: int) -> Page:
    return WORK[0].page(number)
