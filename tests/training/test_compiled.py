r"""Compiling ahead: what it names exists, and leaves nothing to compile for the searches that come later."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

from verify.training import TrainingMinimum

SCRIPT = """
import numba.core.event as events
from verify.training import exact_erm
from verify.training.compiled import prepare
prepare()
with events.install_recorder("numba:compile") as recorder:
    for loss, labels in (("squared", [0, 1, 0, 2]), ("absolute", [0, 1, 0, 2]), ("hinge", [1, -1, 1, -1])):
        exact_erm([[0, 1], [1, 0], [2, 2], [3, 1]], labels, 2, loss=loss, affine="bias")
print(len(recorder.buffer))
"""


def test_questions_about_training_name_their_preparation() -> None:
    module, _, function = TrainingMinimum.preparation.partition(":")
    assert callable(getattr(import_module(module), function))


def test_nothing_is_left_to_compile() -> None:
    """In a fresh process, for searches of another width and dimension, with an affine part, after the preparation."""
    root = Path(__file__).parents[2]
    run = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, cwd=root, check=False)
    assert run.stdout.split()[-1:] == ["0"], run.stdout + run.stderr
