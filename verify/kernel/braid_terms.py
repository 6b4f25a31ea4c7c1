r"""Averages of braid terms over all orders of the inputs, on the cone of sorted inputs.

A *braid term* of weight w is max(R, B), where R is a sum of w "red" and B of w "blue" maxima max(x_u, x_v) of two of
the inputs; pairs may repeat, and u = v is allowed.  It is a graph whose vertices stand for inputs and whose edges are
the pairs.  Avg is the mean over all n! ways to let its vertices (and further ones without edges) be the n inputs.

**On the cone** x_1 >= ... >= x_n a pair whose first endpoint has the position i is worth x_i.  So R - B = d_1 x_1 +
... + d_n x_n, d_i being the number of red minus blue pairs first met at i, and max(R, B) = (R + B + |R - B|) / 2.
A pair u, v begins at i in 2 (n - i) (n - 2)! of the n! orders, and in (n - 1)! of them if u = v, so that Avg(R + B)
is linear and known.

**Partial sums decide.**  d_1 + ... + d_n = 0 as there are w red and w blue pairs, hence d.x = sum of P_i (x_i -
x_{i+1}) with P_i = d_1 + ... + d_i.  If no P_i is negative then |d.x| = d.x on the cone, if none is positive |d.x| =
-d.x; else d.x changes its sign inside of the cone.  In that case |d.x| = g |h.x| with h primitive, its first entry
positive.

**Normal forms are unique.**  On the cone x_1, ..., x_n and the |h.x| of different such h are linearly independent:
inside of the cone there is a point on the hyperplane h.x = 0 and on none of the other ones; near it all others are
linear, and |h.x| is not.  So two combinations of terms are equal on the cone if and only if their normal forms are.

**Orders are counted, not listed.**  Place the vertices one by one.  Once some are placed, what d still becomes
depends only on the edges between the others.  Red and blue copies of a pair cancel, so that graphs with equal rests
are added up.  Vertices are renamed at will: a renaming that tells isomorphic graphs apart costs time and nothing
else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from itertools import accumulate, pairwise
from math import factorial, gcd

from verify.kernel.terms import need

Pair = tuple[int, int]
Graph = tuple[tuple[int, int, int], ...]  # vertices u <= v, and how many red minus blue pairs {u, v}, not 0
Form = tuple[int, ...]  # the coefficients of x_1, ..., x_n

MAX_STATES = 1_000_000  # graphs of a family, and beginnings of d with the graph that remains


def renamed(edges: Mapping[Pair, int]) -> Graph:
    """The same graph with vertices 0, 1, ... in an order of what they see around them, ties broken arbitrarily."""
    around: dict[int, list[Pair]] = defaultdict(list)
    for (u, v), m in edges.items():
        colour = m**3 + 5 * m  # two single edges are not a double one
        around[u].append((v, colour))
        around[v].append((u, colour))
    seen = dict.fromkeys(around, 1)
    classes = 0
    for _ in around:
        seen = {v: hash((seen[v], sum([colour * seen[u] for u, colour in near]))) for v, near in around.items()}
        found = len(set(seen.values()))
        if found == len(around):
            break
        if found == classes:
            tied = next(s for s, t in pairwise(sorted(seen.values())) if s == t)
            seen[next(v for v in seen if seen[v] == tied)] = hash((tied, 1))
        classes = found
    rank = {v: i for i, v in enumerate(sorted(around, key=seen.__getitem__))}
    ends = ((rank[u], rank[v], m) for (u, v), m in edges.items())
    return tuple(sorted((min(u, v), max(u, v), m) for u, v, m in ends))


def graph_of(red: list[Pair], blue: list[Pair]) -> Graph:
    """Red minus blue pairs."""
    edges: dict[Pair, int] = defaultdict(int)
    for pairs, sign in ((red, 1), (blue, -1)):
        for u, v in pairs:
            edges[min(u, v), max(u, v)] += sign
    return renamed({pair: m for pair, m in edges.items() if m})


class Rests(dict[Graph, tuple[int, list[tuple[int, Graph, int]]]]):
    """For each graph the number of its vertices, and what placing one of them does: the entry of d, the graph that is
    left, and for how many vertices it is so."""

    def __missing__(self, graph: Graph) -> tuple[int, list[tuple[int, Graph, int]]]:
        need(len(self) < MAX_STATES, "more than", MAX_STATES, "graphs")
        ways: dict[tuple[int, Graph], int] = defaultdict(int)
        vertices = {vertex for u, v, _ in graph for vertex in (u, v)}
        for placed in vertices:
            entry = sum(m for u, v, m in graph if placed in (u, v))
            ways[entry, renamed({(u, v): m for u, v, m in graph if placed not in (u, v)})] += 1
        self[graph] = len(vertices), [(entry, rest, count) for (entry, rest), count in ways.items()]
        return self[graph]


def orders(weights: Mapping[Graph, int], n: int) -> dict[Form, int]:
    """How often each d occurs among the n! orders of each graph, times the weight of the graph, in total."""
    rests, total = Rests(), defaultdict[Form, int](int)
    states: dict[tuple[Form, Graph], int] = {((), graph): weight for graph, weight in weights.items()}
    for left in range(n, 0, -1):
        following: dict[tuple[Form, Graph], int] = defaultdict(int)
        for (begun, graph), weight in states.items():
            vertices, ways = rests[graph]
            if left > vertices:
                following[(*begun, 0), graph] += weight * (left - vertices)
            for entry, rest, count in ways:
                following[(*begun, entry), rest] += weight * count
        states = {state: weight for state, weight in following.items() if weight}
        need(len(states) <= MAX_STATES, "more than", MAX_STATES, "beginnings of orders")
    for (d, _), weight in states.items():
        total[d] += weight
    return total


def sign(d: Form) -> int:
    """1 if d.x >= 0 on the cone, -1 if d.x <= 0 there, and 0 if neither."""
    partial = list(accumulate(d))
    return 1 if min(partial) >= 0 else -1 if max(partial) <= 0 else 0


def primitive(d: Form) -> tuple[int, Form]:
    """g > 0 and the primitive h with a positive first entry such that |d.x| = g |h.x|."""
    g = gcd(*d)
    first = next(entry for entry in d if entry)
    return g, tuple(entry // (g if first > 0 else -g) for entry in d)


def normal_form(found: Mapping[Form, int], n: int) -> tuple[list[int], dict[Form, int]]:
    """The sum of weight times |d.x| on the cone: coefficients of x_1, ..., x_n, and of |h.x| for each primitive h."""
    linear, kinks = [0] * n, defaultdict[Form, int](int)
    for d, weight in found.items():
        side = sign(d)
        if side:
            linear = [total + side * weight * entry for total, entry in zip(linear, d, strict=True)]
        else:
            g, h = primitive(d)
            kinks[h] += g * weight
    return linear, kinks


def first_endpoints(n: int, loops: int, pairs: int) -> list[int]:
    """n! times the mean of a sum of maxima of two inputs on the cone, ``loops`` of them having u = v."""
    return [
        factorial(n - 1) * loops + (2 * (n - i) * factorial(n - 2) * pairs if pairs else 0) for i in range(1, n + 1)
    ]
