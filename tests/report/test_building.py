r"""Pages that are made in several processes are the pages that one process makes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.report.results import refuted
from verify.report import building
from verify.report.writing import files_of


def test_several_processes_write_the_same_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = refuted(tmp_path)
    store, run = bench.store()
    found = bench.found(run=run, recheck=True)  # nothing is remembered
    alone = files_of(found, store)
    begun = []
    pool = building.ProcessPoolExecutor
    monkeypatch.setattr(building, "ENOUGH", 1)
    monkeypatch.setattr(building, "processors", lambda: 2)
    monkeypatch.setattr(building, "ProcessPoolExecutor", lambda *a, **k: begun.append(a) or pool(*a, **k))
    assert files_of(found, store) == alone
    assert len(begun) == 1
    assert any(name.startswith("certificates/") for name in alone)
