r"""Seals: whatever differs from what was judged here has none that fits, and without a secret there are none."""

from __future__ import annotations

import hashlib
import hmac
import os
import sqlite3
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store import pieces
from verify.store import Judgement, Store, canonical, seals

PLACE = "p" * 64
SECRET = bytes(range(32))
texts = st.text(st.characters(codec="utf-8"), max_size=20)


def judgement(number: int = 1, place: str = PLACE) -> Judgement:
    return Judgement(place, pieces.key(number), "statement", canonical(pieces.evidence(number)).decode("ascii"))


@pytest.fixture
def sealed(store: Store) -> Store:
    """A store with two pieces, the first of them sealed."""
    for number in (1, 2):
        pieces.put(store, number)
    store.seal([judgement()])
    return store


def change(store: Store, statement: str, *values: object) -> None:
    with sqlite3.connect(store.folder / "evidence.sqlite") as connection:
        assert connection.execute(statement, values).rowcount == 1


def test_what_was_sealed_is_told_to_the_letter(sealed: Store) -> None:
    assert sealed.judged(PLACE) == judgement()
    assert sealed.judged("q" * 64) is None


def test_a_seal_is_the_hmac_of_all_that_it_covers() -> None:
    """The oracle is HMAC as RFC 2104 defines it, written out."""
    evidence = judgement().evidence
    message = canonical(
        [seals.FORMAT, PLACE, pieces.key(1), "statement", True, hashlib.sha256(evidence.encode()).hexdigest()]
    )
    key = SECRET.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in key) + message).digest()
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in key) + inner).hexdigest()
    assert seals.mac(SECRET, judgement()) == outer


@given(st.data())
def test_no_other_judgement_and_no_other_secret_has_the_same_seal(data: st.DataObject) -> None:
    both = [
        Judgement(*data.draw(st.tuples(texts, texts, texts, st.one_of(st.just(""), texts)), label=name))
        for name in ("one", "other")
    ]
    first, second = (seals.mac(SECRET, one) for one in both)
    assert (first == second) is (both[0] == both[1])
    assert seals.fits(SECRET, both[0], first)
    assert not seals.fits(SECRET[::-1], both[0], first)


@pytest.mark.parametrize("name", ["place", "key", "statement", "evidence"])
def test_a_seal_does_not_fit_when_a_part_is_moved_into_the_next(name: str) -> None:
    seal = seals.mac(SECRET, judgement())
    changed = replace(judgement(), **{name: getattr(judgement(), name) + "x"})
    assert not seals.fits(SECRET, changed, seal)


EDITS: dict[str, Callable[[Store], None]] = {
    "other evidence with its checksum intact": lambda s: s.put(pieces.key(1), pieces.evidence(2), pieces.blobs(2)),
    "the key of other evidence": lambda s: change(s, "UPDATE seals SET key = ?", pieces.key(2)),
    "another statement": lambda s: change(s, "UPDATE seals SET statement = 'another'"),
    "another place": lambda s: change(s, "UPDATE seals SET place = ?", "q" * 64),
    "said to be no task": lambda s: change(s, "UPDATE seals SET affected = 0"),
    "a seal of zeros": lambda s: change(s, "UPDATE seals SET mac = ?", "0" * 64),
    "a seal that is no text": lambda s: change(s, "UPDATE seals SET mac = x'00'"),
    "a seal beyond ASCII": lambda s: change(s, "UPDATE seals SET mac = 'é'"),
    "a seal by somebody else": lambda s: change(
        s, "UPDATE seals SET mac = ?", hmac.new(b"x", b"y", "sha256").hexdigest()
    ),
    "no key": lambda s: change(s, "UPDATE seals SET key = '../../etc'"),
    "no evidence": lambda s: change(s, "DELETE FROM evidence WHERE key = ?", pieces.key(1)),
}


@pytest.mark.parametrize("name", EDITS)
def test_what_was_edited_counts_as_not_judged(sealed: Store, name: str) -> None:
    EDITS[name](sealed)
    assert sealed.judged(PLACE) is None
    assert sealed.judged("q" * 64) is None


def test_a_damaged_row_of_evidence_is_not_believed_for_its_seal(sealed: Store, reports: list[str]) -> None:
    change(
        sealed, "UPDATE evidence SET json = replace(json, '\"piece\":1', '\"piece\":2') WHERE key = ?", pieces.key(1)
    )
    assert sealed.judged(PLACE) is None
    assert "is damaged" in reports[-1]


def test_that_there_is_no_task_is_sealed_as_well(sealed: Store) -> None:
    nothing = Judgement("n" * 64, pieces.key(1), "statement")
    sealed.seal([nothing])
    assert sealed.judged("n" * 64) == nothing
    assert not nothing.is_affected
    change(sealed, "UPDATE seals SET affected = 1 WHERE place = ?", "n" * 64)
    assert sealed.judged("n" * 64) is None


def test_seals_survive_pruning_as_long_as_their_evidence(sealed: Store) -> None:
    sealed.seal(
        [judgement(2, "r" * 64), Judgement("n" * 64, pieces.key(1), "s"), Judgement("m" * 64, pieces.key(2), "s")]
    )
    run = sealed.start_run({})
    sealed.record(run, "task", pieces.key(1), {}, cached=False, seconds=1)
    sealed.finish_run(run)
    sealed.prune(keep_runs=1)
    assert sealed.judged(PLACE) == judgement()
    assert sealed.judged("n" * 64) is not None
    with sealed._database.reading() as connection:
        assert connection.execute("SELECT count(*) FROM seals").fetchone()[0] == 2


# -------------------------------------------------------------------------------------------------------- the secret


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "deepclaims" / "seal.key"


def test_the_secret_is_made_once_for_this_user_alone(state: Path) -> None:
    first = seals.secret()
    assert first is not None and len(first) == 32
    assert seals.secret() == first == state.read_bytes()
    assert stat.S_IMODE(state.stat().st_mode) == 0o600
    assert list(state.parent.iterdir()) == [state]


def test_another_secret_fits_no_seal(folder: Path, state: Path) -> None:
    with Store.open(folder) as store:
        pieces.put(store, 1)
        store.seal([judgement()])
        assert store.judged(PLACE) is not None
    state.unlink()
    with Store.open(folder) as store:
        assert store.judged(PLACE) is None
        store.seal([judgement()])
        assert store.judged(PLACE) is not None


def test_a_secret_that_others_can_read_is_none(state: Path) -> None:
    assert seals.secret() is not None
    for mode in (0o640, 0o604, 0o620, 0o602):
        state.chmod(mode)
        assert seals.secret() is None


@pytest.mark.parametrize("content", [b"", b"x" * 31, b"x" * 33])
def test_a_secret_of_another_length_is_none_and_is_not_replaced(state: Path, content: bytes) -> None:
    state.parent.mkdir(parents=True)
    state.write_bytes(content)
    state.chmod(0o600)
    assert seals.secret() is None
    assert state.read_bytes() == content


def test_without_a_secret_nothing_is_sealed_and_nothing_else_changes(folder: Path, state: Path) -> None:
    state.parent.parent.mkdir(parents=True)
    state.parent.write_text("a file in the place of the folder")
    with Store.open(folder, report=pytest.fail) as store:
        pieces.put(store, 1)
        store.seal([judgement()])
        assert store.judged(PLACE) is None
        assert pieces.assert_complete(store, 1)
        with store._database.reading() as connection:
            assert connection.execute("SELECT count(*) FROM seals").fetchone()[0] == 0


def test_a_user_without_a_home_has_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setenv("XDG_STATE_HOME", "relative/folder")
    monkeypatch.setattr(Path, "home", homeless)
    assert seals.secret() is None


def test_by_default_the_secret_lies_where_programs_keep_their_state(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert seals.folder() == tmp_path / ".local" / "state" / "deepclaims"


def test_processes_that_make_the_secret_at_once_have_the_same(state: Path, tmp_path: Path) -> None:
    def note() -> None:
        (tmp_path / f"seen-{os.getpid()}").write_bytes(seals.secret() or b"none")

    children = [pieces.fork(note, tmp_path / "trouble") for _ in range(8)]
    assert all(os.waitpid(child, 0)[1] == 0 for child in children)
    assert {path.read_bytes() for path in tmp_path.glob("seen-*")} == {state.read_bytes()}
