r"""How long a store with five thousand pieces of evidence takes.

``python -m tests.store.test_speed`` prints the figures; the tests allow for a slow machine and ask for the best of five.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from verify.store import Store, canonical, digest
from verify.store.schema import sealed

COUNT = 5000


def fill(folder: Path, count: int = COUNT) -> None:
    """Evidence of 2 kB each and a run over all of it; in one transaction, because the filling is not what is measured."""
    source = random.Random("speed")
    with Store.open(folder) as store:
        run = store.start_run({})
        for number in range(count):
            store.record(run, f"task {number}", key(number), {"outcome": "holds"}, cached=False, seconds=1)
        store.put(key(0), {"n": 0, "text": ""}, [b"certificate"])
        store.finish_run(run)
        with store._database.writing() as connection:
            for number in range(count):
                text = canonical({"n": number, "text": source.randbytes(1000).hex()}).decode()
                row = sealed(key(number), text, "[]", "2026-07-28T00:00:00+00:00")
                connection.execute("INSERT OR REPLACE INTO evidence VALUES (?, ?, ?, ?, ?)", row)


def key(number: int) -> str:
    return digest({"claim": "speed", "number": number})


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("full") / ".verify"
    fill(folder)
    return folder


def best(action: Callable[[], object], times: int = 5) -> float:
    """Seconds."""
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        action()
        taken.append(time.perf_counter() - started)
    return min(taken)


def test_opening_takes_less_than_fifty_milliseconds(full: Path) -> None:
    assert best(lambda: Store.open(full).close()) < 0.050


def test_getting_takes_less_than_a_millisecond(full: Path) -> None:
    with Store.open(full) as store:
        keys = [key(number) for number in random.Random("keys").sample(range(COUNT), 200)]
        assert all(store.get(name) is not None for name in keys)
        assert best(lambda: [store.get(name) for name in keys]) / len(keys) < 0.001


def measure() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, ".verify")
        fill(folder)
        print(f"open and close      {1e3 * best(lambda: Store.open(folder).close()):8.2f} ms")
        with Store.open(folder) as store:
            numbers = iter(range(10**9))
            keys = [key(number) for number in range(1000)]
            print(f"get                 {best(lambda: [store.get(name) for name in keys]):8.4f} ms")
            print(f"put, no blob        {1e3 * best(lambda: store.put(digest(next(numbers)), {'n': 1}), 50):8.2f} ms")
            blob = b"certificate " * 500
            print(f"put, a new blob     {1e3 * best(lambda: put_new(store, blob, next(numbers)), 50):8.2f} ms")
            print(
                f"blob of 6 kB        {1e3 * best(lambda: store.blob(store.references(put_new(store, blob, 0))[0])):8.3f} ms"
            )
            run = store.start_run({})
            print(f"record              {1e3 * best(lambda: record(store, run, next(numbers)), 200):8.3f} ms")
            print(f"results of 5000     {1e3 * best(lambda: store.results(store.runs()[0].id)):8.2f} ms")
            print(f"history of a task   {1e3 * best(lambda: store.history('task 7')):8.3f} ms")
            store.finish_run(run)
            print(f"statistics          {1e3 * best(store.statistics):8.2f} ms", store.statistics())
            print(f"prune               {1e3 * best(lambda: store.prune(keep_runs=2), 1):8.1f} ms")


def put_new(store: Store, blob: bytes, number: int) -> str:
    name = digest(["blob", number])
    store.put(name, {}, [blob + str(number).encode()])
    return name


def record(store: Store, run: str, number: int) -> None:
    store.record(run, f"new task {number}", key(number), {"outcome": "holds"}, cached=True, seconds=0)


if __name__ == "__main__":
    measure()
