from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store import pieces
from verify.store import Store


@pytest.fixture
def folder() -> Iterator[Path]:
    """In memory if possible: hundreds of small stores would spend their time waiting for the disk."""
    with tempfile.TemporaryDirectory(prefix="verify-store-", dir=pieces.memory()) as name:
        yield Path(name, ".verify")


@pytest.fixture
def disk_folder(tmp_path: Path) -> Path:
    return tmp_path / ".verify"


@pytest.fixture
def reports() -> list[str]:
    """What the store reported."""
    return []


@pytest.fixture
def store(folder: Path, reports: list[str]) -> Iterator[Store]:
    with Store.open(folder, report=reports.append) as opened:
        yield opened
