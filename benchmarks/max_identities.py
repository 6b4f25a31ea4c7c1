r"""Identities for the maximum of n numbers by two hidden layers: how large, how long to find, how long to check.

    python benchmarks/max_identities.py > benchmarks/max_identities.md
    python benchmarks/max_identities.py N WEIGHT > CERTIFICATE.json   # search, however long it takes

The kernel counts orders of the inputs; the direct check lists all n! of them, at one integer point that is not
sorted, and shares no code with it.  Everything runs in one process, one after the other; times are seconds of the
processor, the least of two runs (of one for searches, and for the direct check if n > 8).
"""

from __future__ import annotations

import json
import platform
import sys
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import combinations_with_replacement, permutations
from math import factorial
from pathlib import Path
from random import Random
from typing import Any

from verify.kernel import FORMAT, canonical, check
from verify.networks.braid_network import moduli
from verify.networks.braid_terms import find_identity, find_obstruction

Json = Any
COMMITTED = Path(__file__).resolve().parents[1] / "claims" / "expressivity" / "max_identities"
SEARCHED = 8  # the greatest n whose identity is searched for here
WIDE = 8  # the greatest n whose units are counted


def timed(work: Callable[[], Any], repeat: int = 2) -> tuple[float, Any]:
    """The least time of some runs, and the result."""
    times, result = [], None
    for _ in range(repeat):
        started = time.process_time()
        result = work()
        times.append(time.process_time() - started)
    return min(times), result


def document(kind: str, n: int, weight: int, witness: Json) -> Json:
    statement = {"question": "two_layer_maximum", "n": n, "weight": weight}
    return {"format": FORMAT, "kind": kind, "statement": statement, "witness": witness}


def listed_directly(n: int, terms: Json) -> bool:
    """Both sides at a random integer point, over all n! orders: those that begin with the same input at a time."""
    import numpy as np

    random = Random(n)
    x = [random.randint(-1000, 1000) for _ in range(n)]
    rests = np.array(list(permutations(range(1, n))), np.int8)
    totals = [0] * len(terms)
    for first in range(n):
        values = np.array([x[first], *x[:first], *x[first + 1 :]], np.int32)
        columns = [np.full(len(rests), values[0]), *(values[rests[:, k]] for k in range(n - 1))]
        larger = {(u, v): np.maximum(columns[u], columns[v]) for u, v in combinations_with_replacement(range(n), 2)}
        for number, (_, red, blue) in enumerate(terms):
            sums = [sum(larger[min(u, v), max(u, v)] for u, v in pairs) for pairs in (red, blue)]
            totals[number] += int(np.maximum(*sums).sum(dtype=np.int64))
    value = sum((Fraction(c) * total for (c, _, _), total in zip(terms, totals, strict=True)), Fraction(0))
    return value == max(x) * factorial(n)


def identities() -> Iterator[str]:
    yield (
        "| n | weight | terms | kinks compared | digits of the common denominator | certificate in kB | found in s "
        "| kernel in s | direct check in s | units of the network |\n|---:|" + "---:|" * 9
    )
    for n in range(4, 11):
        weight = (n + 1) // 2 - 1
        found, terms = timed(lambda n=n, w=weight: find_identity(n, w), 1) if n <= SEARCHED else (None, None)
        path = COMMITTED / f"maximum_{n}.json"
        terms = json.loads(path.read_text())["witness"]["terms"] if path.exists() else terms
        certificate = document("two-layer-maximum", n, weight, {"terms": terms})
        kernel, accepted = timed(lambda c=certificate: check(c))
        assert accepted.holds is True
        direct, agrees = timed(lambda n=n, t=terms: listed_directly(n, t), 2 if n < 9 else 1)
        assert agrees
        facts = dict(accepted.facts)
        first = n * (n - 1) // 2 + 2 * n
        units = f"{first} + {len(moduli(n, terms).numerators) + 2}" if n <= WIDE else ""
        size = len(canonical(certificate)) / 1000
        search = f"{found:.1f}" if found is not None else "committed"
        yield (
            f"| {n} | {weight} | {facts['terms']} | {facts['kinks']} | {len(facts['common denominator'])} | {size:.1f} "
            f"| {search} | {kernel:.3f} | {direct:.2f} | {units} |"
        )


NOTE = """
The certificates are those that the claim uses: n = 7, ..., 10 are committed in claims/expressivity/max_identities, and the
search for n = 7, 8 is run again here.  Kinks are compared after equal beginnings of orders have been added up.  The direct
check is equality at one random integer point.  Units are those of the first and of the second hidden layer."""


def obstructions() -> Iterator[str]:
    yield NOTE
    yield "\n## Weight one less is not enough\n"
    yield "| n | weight | graphs of terms | kinks of the functional | certificate in kB | found in s | kernel in s |"
    yield "|---:|" + "---:|" * 6
    for n, weight in ((5, 1), (7, 2), (9, 3)):
        path = COMMITTED / f"obstruction_{n}.json"
        found, witness = timed(lambda n=n, w=weight: find_obstruction(n, w), 1) if not path.exists() else (None, None)
        witness = witness or json.loads(path.read_text())["witness"]
        certificate = document("two-layer-maximum-obstruction", n, weight, witness)
        kernel, accepted = timed(lambda c=certificate: check(c))
        assert accepted.holds is False
        facts, size = dict(accepted.facts), len(canonical(certificate)) / 1000
        search = f"{found:.2f}" if found is not None else "committed"
        yield (
            f"| {n} | {weight} | {facts['graphs of terms']} | {facts['kinks']} | {size:.1f} | {search} | {kernel:.3f} |"
        )


def searched(n: int, weight: int) -> Json:
    """The certificate that the search ends with."""
    if n > 2 * weight + 2:
        return document("two-layer-maximum-obstruction", n, weight, find_obstruction(n, weight))
    return document("two-layer-maximum", n, weight, {"terms": find_identity(n, weight)})


def main() -> None:
    if len(sys.argv) == 3:
        print(canonical(searched(*map(int, sys.argv[1:]))).decode())
        return
    version = platform.python_version()
    print("# The maximum of n numbers by two hidden layers\n")
    print(f"Written by `python benchmarks/max_identities.py` on 2 cores, Python {version}; seconds of the processor.\n")
    for part in (identities(), obstructions()):
        for line in part:
            print(line, flush=True)


if __name__ == "__main__":
    main()
