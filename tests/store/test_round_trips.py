r"""What is put is what is got; what is not JSON is refused."""

from __future__ import annotations

import ast
import inspect
import json
import math
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store import pieces
from verify.errors import StoreError
from verify.store import Store, address, canonical, digest
from verify.store.strict import readable

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4), max_leaves=12
)
objects = st.dictionaries(st.text(), values, max_size=5)

KEY, OTHER = digest("a key"), digest("another key")


def same(left: Any, right: Any) -> bool:
    """Equal as JSON: in Python 1, 1.0 and True are equal, and so are 0.0 and -0.0."""
    return canonical(left) == canonical(right)


def test_a_store_that_is_empty_knows_nothing(store: Store, folder: Path) -> None:
    assert store.get(KEY) is None
    assert store.blob(address(b"")) is None
    assert store.references(KEY) == ()
    assert (store.runs(), store.latest(), store.history("a task")) == ([], None, [])
    assert store.results("no run") == []
    assert store.statistics().evidence == store.statistics().blobs == 0


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(evidence=objects, blobs=st.lists(st.binary(max_size=200), max_size=3))
def test_evidence_and_blobs_come_back_as_they_were(store: Store, evidence: Any, blobs: list[bytes]) -> None:
    store.put(KEY, evidence, blobs)
    assert same(store.get(KEY), evidence)
    assert store.references(KEY) == tuple(address(blob) for blob in blobs)
    assert [store.blob(address(blob)) for blob in blobs] == blobs


def test_evidence_outlives_the_process(folder: Path) -> None:
    with Store.open(folder) as store:
        for number in range(20):
            pieces.put(store, number)
    with Store.open(folder) as store:
        assert all(pieces.assert_complete(store, number) for number in range(20))
        assert store.get(pieces.key(20)) is None


def test_blobs_lie_compressed_under_their_hash(store: Store, folder: Path) -> None:
    blob = b"certificate " * 1000
    store.put(KEY, {}, [blob, blob])
    sha256 = address(blob)
    path = folder / "blobs" / sha256[:2] / sha256[2:]
    assert path.stat().st_size < len(blob) / 10
    assert store.statistics().blobs == 1
    assert store.statistics().blob_bytes == path.stat().st_size
    assert not pieces.leftovers(folder)


def test_putting_again_replaces_the_evidence(store: Store) -> None:
    store.put(KEY, {"budget": 1}, [b"old"])
    store.put(KEY, {"budget": 2}, [b"new"])
    store.put(OTHER, {})
    assert store.get(KEY) == {"budget": 2}
    assert store.references(KEY) == (address(b"new"),)
    assert store.statistics().evidence == 2


def test_a_changed_value_in_the_hands_of_the_caller_does_not_change_the_store(store: Store) -> None:
    evidence = {"list": [1]}
    store.put(KEY, evidence)
    evidence["list"].append(2)
    store.get(KEY)["list"].append(3)  # type: ignore[index]
    assert store.get(KEY) == {"list": [1]}


@pytest.mark.parametrize(
    ("value", "part"),
    [
        ({"a": [0.5, math.nan]}, r"evidence\.a\[1\] is nan"),
        ({"a": math.inf}, r"evidence\.a is inf"),
        ({"a": {"b": -math.inf}}, r"evidence\.a\.b is -inf"),
        ({1: 2}, "has the key 1"),
        ({"a": {None: 2}}, r"evidence\.a has the key None"),
        ({"a": b"bytes"}, r"evidence\.a is a bytes"),
        ({"a": {1, 2}}, r"evidence\.a is a set"),
        ({"a": "\ud83d"}, r"evidence\.a contains half a character"),
        ({"\ude00": 1}, "a key of evidence contains half a character"),
        ({"a": 10**5000}, "cannot be written as JSON"),
        ([], "evidence is a list, but has to be a JSON object"),
        ("text", "has to be a JSON object"),
    ],
)
def test_what_is_not_json_is_refused_with_its_place(store: Store, value: Any, part: str) -> None:
    with pytest.raises(StoreError, match=part):
        store.put(KEY, value, [b"blob"])
    assert store.get(KEY) is None
    assert store.statistics().blobs == 0


def test_metadata_and_summaries_are_checked_as_evidence_is(store: Store) -> None:
    with pytest.raises(StoreError, match=r"metadata\.x is nan"):
        store.start_run({"x": math.nan})
    run = store.start_run({})
    with pytest.raises(StoreError, match=r"summary\.x is inf"):
        store.record(run, "task", KEY, {"x": math.inf}, cached=False, seconds=1)
    for seconds in (math.nan, math.inf, -1.0):
        with pytest.raises(StoreError, match="not a duration"):
            store.record(run, "task", KEY, {}, cached=False, seconds=seconds)
    with pytest.raises(StoreError, match="task contains half a character"):
        store.record(run, "\udcff", KEY, {}, cached=False, seconds=1)
    with pytest.raises(StoreError, match="task is a int, but has to be a text"):
        store.record(run, 7, KEY, {}, cached=False, seconds=1)  # type: ignore[arg-type]
    assert store.results(run) == []


def test_a_value_that_contains_itself_is_refused(store: Store) -> None:
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(StoreError, match="contains itself"):
        store.put(KEY, {"loop": loop})


def test_what_is_deep_is_either_refused_or_read_back(store: Store) -> None:
    for depth in (10, 150, 199, 201, 5000):
        value: Any = {}
        for _ in range(depth - 1):
            value = {"inner": value}
        try:
            store.put(KEY, value)
        except StoreError:
            assert depth > 200
        else:
            assert store.get(KEY) == value


@pytest.mark.parametrize("key", ["", "abc", "g" * 64, "A" * 64, "../" + "a" * 61, "a" * 63 + "\n", 7, None])
def test_a_key_that_is_no_sha256_is_refused(store: Store, key: Any) -> None:
    for action in (store.get, store.blob, store.references, lambda key: store.put(key, {})):
        with pytest.raises(StoreError, match="not a sha256"):
            action(key)


@given(value=values, other=values)
def test_keys_are_equal_exactly_for_equal_descriptions(value: Any, other: Any) -> None:
    text = canonical(value)
    assert text.isascii()
    assert same(json.loads(text), value)
    assert same(json.loads(readable(value)), value)
    assert (digest(value) == digest(other)) == same(value, other)


def test_canonical_json_is_sorted_and_dense() -> None:
    assert canonical({"b": [1, 2.5, None], "a": "é", "A": {}}) == rb'{"A":{},"a":"\u00e9","b":[1,2.5,null]}'
    assert digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"  # printf {} | sha256sum


def test_the_store_may_be_used_from_several_threads(store: Store) -> None:
    run = store.start_run({})

    def work(first: int) -> None:
        for number in range(first, first + 10):
            pieces.put(store, number)
            store.record(run, f"task {number}", pieces.key(number), {"n": number}, cached=False, seconds=0.5)

    threads = [threading.Thread(target=work, args=(10 * index,)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(pieces.assert_complete(store, number) for number in range(40))
    assert len(store.results(run)) == 40


def test_a_closed_store_says_so(folder: Path) -> None:
    with Store.open(folder) as store:
        pass
    store.close()
    for action in (lambda: store.get(KEY), lambda: store.put(KEY, {}), store.runs, store.statistics):
        with pytest.raises(StoreError, match="is closed"):
            action()


def test_only_the_standard_library_and_the_errors_of_verify_are_imported() -> None:
    for path in Path(inspect.getfile(Store)).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                own = name == "verify.errors" or name.startswith("verify.store")
                assert own or name.partition(".")[0] in sys.stdlib_module_names, (path, name)
                assert name not in ("pickle", "marshal", "shelve")
