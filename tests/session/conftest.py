from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests import samples
from verify.catalog import Listed, collect
from verify.session.tasks import Task, tasks_of


@pytest.fixture
def listed(tmp_path: Path) -> Callable[..., Listed]:
    """A claim from its text."""

    def make(body: str = samples.TRUE, name: str = "sample", **rest: str) -> Listed:
        folder = samples.folder(tmp_path / name, sample=samples.text(name, body, **rest))
        catalog = collect([folder])
        assert not catalog.broken
        return catalog.get(name)

    return make


@pytest.fixture
def tasks(listed: Callable[..., Listed]) -> Callable[..., dict[str, Task]]:
    """The tasks of a claim by their identifiers, without the name of the claim."""

    def make(*arguments: str, **rest: str) -> dict[str, Task]:
        return {task.id.partition("::")[2]: task for task in tasks_of(listed(*arguments, **rest))}

    return make
