r"""A combination of braid terms as one ReLU network with two hidden layers, without skip connections.

The first layer has the units ReLU(x_v - x_u) for u < v, ReLU(x_u) and ReLU(-x_u), of which x_u and M_uv = max(x_u,
x_v) = x_u + ReLU(x_v - x_u) are linear functions.  With D = R - B a term is

    max(R, B) = (R + B + |D|) / 2 = (R + B - D) / 2 + ReLU(D),

and so it is for -D in place of D.  Many placements of a term, and of different terms, have the same D up to its sign;
they share one unit ReLU(D) of the second layer.  All the rest is one linear form L of the first layer, ReLU(L) -
ReLU(-L). The network has n(n - 1)/2 + 2n units in its first, and two more than there are classes of D in its second
layer.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import lcm
from typing import Any

from verify.errors import NetworkError
from verify.networks.network import Network

Json = Any
Array = Any

MAX_UNITS = 2_000  # of the second layer of a network of fractions


@dataclass(frozen=True)
class Moduli:
    """sum of terms = (sum of numerators_k |D_k| + linear . M) / denominator.

    ``forms`` has the shape (number of D, number of pairs), the entries of D and of ``linear`` belonging to the maxima M of
    ``pairs``: (u, u) for an input itself, then (u, v) with u < v.
    """

    pairs: tuple[tuple[int, int], ...]
    forms: Array
    numerators: tuple[int, ...]
    linear: tuple[int, ...]
    denominator: int


def moduli(n: int, terms: Json) -> Moduli:
    """All placements of all terms, those with the same D up to the sign being counted together."""
    import numpy as np

    pairs = (*((u, u) for u in range(n)), *combinations(range(n), 2))
    place = np.zeros((n, n), np.int64)
    for number, (u, v) in enumerate(pairs):
        place[u, v] = place[v, u] = number
    shares: dict[bytes, Fraction] = {}
    linear = [Fraction(0)] * len(pairs)
    for coefficient, red, blue in terms:
        forms, sums = placed(n, place, red, blue, len(pairs))
        share = Fraction(coefficient) / (2 * len(forms))
        first = forms[np.arange(len(forms)), (forms != 0).argmax(1)]
        up_to_sign = (forms * np.sign(first)[:, None]).tobytes()
        counts = Counter(up_to_sign[k : k + len(pairs)] for k in range(0, len(up_to_sign), len(pairs)))
        for form, count in counts.items():
            shares[form] = shares.get(form, Fraction(0)) + share * count
        linear = [total + share * s for total, s in zip(linear, sums, strict=True)]
    used = sorted(form for form, share in shares.items() if share and any(form))
    denominator = lcm(*(share.denominator for share in (*shares.values(), *linear)))
    table = np.frombuffer(b"".join(used), np.int8).reshape(len(used), len(pairs)).astype(np.int64)
    numerators = tuple(int(shares[form] * denominator) for form in used)
    return Moduli(pairs, table, numerators, tuple(int(c * denominator) for c in linear), denominator)


def placed(n: int, place: Array, red: Json, blue: Json, size: int) -> tuple[Array, list[int]]:
    """D for each choice of different inputs for the vertices, shape (choices, pairs), and the sum of all R + B."""
    import numpy as np

    vertices = sorted({end for pair in (*red, *blue) for end in pair})
    choices = injections(n, len(vertices))
    forms = np.zeros((len(choices), size), np.int8)
    sums = np.zeros(size, np.int64)
    for pairs, sign in ((red, 1), (blue, -1)):
        for u, v in pairs:
            column = place[choices[:, vertices.index(u)], choices[:, vertices.index(v)]]
            forms[np.arange(len(choices)), column] += sign
            sums += np.bincount(column, minlength=size)
    return forms, sums.tolist()


def injections(n: int, k: int) -> Array:
    """All sequences of k different numbers below n, shape (n! / (n - k)!, k)."""
    import numpy as np

    rows = np.zeros((1, 0), np.int64)
    for _ in range(k):
        longer = np.repeat(rows, n, axis=0)
        last = np.tile(np.arange(n), len(rows))[:, None]
        rows = np.hstack([longer, last])[(longer != last).all(1)]
    return rows


def assembled(n: int, terms: Json) -> Network:
    """The network; raises ``NetworkError`` if its second layer is too large for one of fractions."""
    table = moduli(n, terms)
    units = len(table.numerators) + 2
    if units > MAX_UNITS:
        raise NetworkError(f"the second layer needs {units} units, more than {MAX_UNITS}; evaluate its moduli instead")
    differences = list(combinations(range(n), 2))
    first = [[int(i == v) - int(i == u) for i in range(n)] for u, v in differences]
    first += [[sign * int(i == u) for i in range(n)] for sign in (1, -1) for u in range(n)]
    forms = [list(map(int, form)) for form in table.forms]
    rest = [
        Fraction(c - sum(k * form[j] for k, form in zip(table.numerators, forms, strict=True)), table.denominator)
        for j, c in enumerate(table.linear)
    ]
    rows: list[list[Any]] = [*forms, rest, [-c for c in rest]]
    second = [over_units(row, table.pairs, n) for row in rows]
    last = [Fraction(2 * k, table.denominator) for k in table.numerators] + [Fraction(1), Fraction(-1)]
    return Network.of([(first, [0] * len(first)), (second, [0] * len(second)), ([last], [0])])


def over_units(form: list[Any], pairs: tuple[tuple[int, int], ...], n: int) -> list[Any]:
    """A form in the maxima of pairs as one in the units ReLU(x_v - x_u), ReLU(x_u), ReLU(-x_u)."""
    inputs = [0] * n
    for c, (u, _) in zip(form, pairs, strict=True):
        inputs[u] += c
    return [*form[n:], *inputs, *(-c for c in inputs)]
