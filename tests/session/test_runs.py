r"""Naming runs: the words for them, and files from other machines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from verify.errors import UsageError
from verify.session.runs import chosen, listed
from verify.store import Store

SUMMARY = {"outcome": "holds"}


@pytest.fixture
def three(tmp_path: Path) -> tuple[Path, list[str]]:
    """A store with two finished runs and an interrupted one."""
    names = []
    with Store.open(tmp_path / "store") as store:
        for number, status in enumerate(("finished", "finished", "interrupted")):
            names.append(store.start_run({}))
            for task in range(number):
                store.record(names[-1], f"claim::t{task}", "0" * 64, SUMMARY, cached=False, seconds=1)
            store.finish_run(names[-1], status)
    return tmp_path / "store", names


def test_latest_and_previous_are_finished_runs(three: tuple[Path, list[str]]) -> None:
    folder, names = three
    assert [run.name for run in chosen(folder, ["previous", "latest"])] == names[:2]
    assert chosen(folder, ["latest"])[0].summaries == {"claim::t0": SUMMARY}


def test_a_run_is_named_by_its_id_or_by_how_that_begins(three: tuple[Path, list[str]]) -> None:
    folder, names = three
    assert [run.name for run in chosen(folder, [names[2], names[0][:-1]])] == [names[2], names[0]]


@pytest.mark.parametrize("word", ["nonsense", "", "2"])
def test_of_an_unknown_run_all_that_there_are_are_told(three: tuple[Path, list[str]], word: str) -> None:
    folder, names = three
    with pytest.raises(UsageError) as caught:
        chosen(folder, [word])
    message = str(caught.value)
    assert all(name in message for name in names) and "interrupted, 2 results" in message
    assert "give latest, previous, the JSON file of a run, or one of" in message


def test_a_store_with_one_run_has_no_previous_one(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store") as store:
        store.finish_run(store.start_run({}))
    with pytest.raises(UsageError, match="has 1 finished runs, and the previous one is not among them"):
        chosen(tmp_path / "store", ["previous"])
    with pytest.raises(UsageError, match="there is no evidence store"):
        chosen(tmp_path / "nowhere", ["latest"])


def test_the_file_of_a_run_is_a_run_without_a_store(three: tuple[Path, list[str]], tmp_path: Path) -> None:
    folder, names = three
    file = folder / "runs" / f"{names[1]}.json"
    moved = file.rename(tmp_path / "theirs.json")
    (run,) = chosen(tmp_path / "nowhere", [str(moved)])
    assert (run.name, run.started, run.status, run.summaries) == (str(moved), "", "finished", {"claim::t0": SUMMARY})
    both = chosen(folder, [str(moved), "latest"])
    assert both[0].summaries == both[1].summaries


@pytest.mark.parametrize(
    "content", ["{", "[]", '{"format": "deepclaims run 1"}', '{"format": "deepclaims run 1", "results": {"a": 1}}']
)
def test_a_file_that_is_no_run_is_one_sentence(tmp_path: Path, content: str) -> None:
    (tmp_path / "x.json").write_text(content)
    with pytest.raises(UsageError, match="is not the file of a run") as caught:
        chosen(tmp_path, [str(tmp_path / "x.json")])
    assert "\n" not in str(caught.value)


def test_another_format_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(json.dumps({"format": "deepclaims run 9"}))
    with pytest.raises(UsageError, match="'deepclaims run 9', and this version reads 'deepclaims run 1'"):
        chosen(tmp_path, [str(tmp_path / "x.json")])


def test_runs_are_listed_newest_first_with_their_sizes(three: tuple[Path, list[str]]) -> None:
    folder, names = three
    assert [(row["run"], row["status"], row["results"]) for row in listed(folder)] == [
        (names[2], "interrupted", 2),
        (names[1], "finished", 1),
        (names[0], "finished", 0),
    ]
