r"""Compiling the searches ahead: numba keeps the machine code on disk, and whoever comes later loads it in a second.

Compiling takes longer than most training problems here.  ``prepare`` does it once, outside the time of any task: the
harness runs it before the first question about training (``verify.goals.Question``), and ``make`` after installing.
"""

from __future__ import annotations

LOSSES = ("squared", "absolute")  # one of each kind of search


def prepare(_: None = None) -> None:
    """Solve a tiny problem of each kind, so that everything that it needs is compiled and cached."""
    from verify.training.erm import exact_erm

    for loss in LOSSES:
        exact_erm([[0], [1], [2], [3]], [0, 1, 0, 2], 1, loss=loss, starts=2)
