r"""What is remembered is believed for its seal alone, and forgotten without harm."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.store import pieces
from verify.store import Remembered, Store

NAME, OTHER = "a" * 64, "b" * 64
SECRET = bytes(range(32))
DATA = b"what a page says " * 100


@pytest.fixture
def memory(folder: Path) -> Remembered:
    found = Remembered(folder, SECRET)
    found.put(NAME, DATA)
    return found


def test_what_was_put_is_told_to_the_letter_and_nothing_else(memory: Remembered) -> None:
    assert memory.get(NAME) == DATA
    assert memory.get(OTHER) is None
    assert memory.get("../" + NAME) is None


@pytest.mark.parametrize(
    "forge",
    [
        lambda text: bytes([text[0] ^ 1]) + text[1:],
        lambda text: text[:-1] + bytes([text[-1] ^ 1]),
        lambda text: text[:40],
        lambda text: text + b"more",
        lambda text: b"",
    ],
    ids=["seal", "bytes", "cut", "longer", "empty"],
)
def test_an_edited_piece_counts_as_missing(memory: Remembered, forge: Callable[[bytes], bytes]) -> None:
    path = memory.path(NAME)
    path.write_bytes(forge(path.read_bytes()))
    assert memory.get(NAME) is None


def test_a_piece_of_another_name_or_of_another_user_counts_as_missing(memory: Remembered) -> None:
    memory.path(OTHER).parent.mkdir(parents=True)
    memory.path(OTHER).write_bytes(memory.path(NAME).read_bytes())
    assert memory.get(OTHER) is None
    assert replace(memory, secret=bytes(32)).get(NAME) is None
    assert replace(memory, secret=None).get(NAME) is None


@pytest.mark.parametrize("changed", [{"secret": None}, {"read_only": True}])
def test_without_a_secret_and_in_a_store_for_reading_nothing_is_kept(
    memory: Remembered, changed: dict[str, object]
) -> None:
    silent = replace(memory, **changed)  # type: ignore[arg-type]
    silent.put(OTHER, DATA)
    assert memory.get(OTHER) is None and not memory.path(OTHER).exists()


def test_a_folder_that_cannot_be_written_keeps_nothing_and_says_nothing(folder: Path) -> None:
    folder.write_bytes(b"a file")
    memory = Remembered(folder, SECRET)
    memory.put(NAME, DATA)
    assert memory.get(NAME) is None


def test_the_oldest_pieces_go_when_all_are_too_much(memory: Remembered) -> None:
    memory.put(OTHER, DATA)
    os.utime(memory.path(NAME), (1, 1))
    memory.sweep(limit=memory.path(OTHER).stat().st_size)
    assert memory.get(OTHER) == DATA
    assert memory.get(NAME) is None


def test_being_used_makes_a_piece_young(memory: Remembered) -> None:
    os.utime(memory.path(NAME), (1, 1))
    memory.get(NAME)
    memory.sweep(since=2)
    assert memory.get(NAME) == DATA


def test_pruning_forgets_what_was_not_used_since_the_oldest_kept_run(store: Store, tmp_path: Path) -> None:
    memory = replace(store.remembered, secret=SECRET)
    pieces.put(store, 1)
    run = store.start_run({})
    store.finish_run(run)
    memory.put(NAME, DATA)
    memory.put(OTHER, DATA)
    os.utime(memory.path(NAME), (1, 1))
    store.prune(keep_runs=1)
    assert memory.get(OTHER) == DATA
    assert memory.get(NAME) is None
    store.prune(keep_runs=0)
    assert memory.get(OTHER) is None
