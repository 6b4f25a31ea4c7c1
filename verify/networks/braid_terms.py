r"""The search for identities between braid terms and the maximum, and for obstructions to all of them.

``verify.kernel.braid_terms`` says what a braid term is and why its average over all permutations has a unique normal
form on the cone of sorted inputs, a vector of integers.  So both searches are linear algebra.

*Identity.*  Find x_1 in the span of the mean input, the mean maximum of two inputs, and the Avg |R - B| of graphs of
red minus blue pairs.  Every space of weight w has many more graphs than dimensions (3300 graphs and dimension 501 for
w = 3), and simple graphs without loops are enough in all cases known (n = 2w + 2 up to 10), so these are tried in the
order of their edges and vertices.  Then max(R, B) = (R + B + |R - B|) / 2 turns the solution into braid terms, and
sums are brought to weight w by adding the same input to both of them.

*Obstruction.*  The same problem for the transposed matrix: a functional that is 0 on every term and 1 on x_1 says
that the coordinate x_1 of all terms is a combination of their other coordinates; simple coordinates are taken first.

That w pairs of each colour cannot be enough for n > 2w + 2 follows from Koutschan, Moser, Ponomarchuk and Schicho
(2023), since the Newton polytope of such a term has at most the dimension 2w + 1.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from math import comb, factorial, lcm
from typing import Any

from verify.errors import Unanswered
from verify.kernel.braid_terms import Form, Graph, Pair, normal_form, orders, renamed
from verify.kernel.maximum_obstruction import differences
from verify.networks.linear_combination import combination

Json = Any
Vector = dict[int | Form, int]  # coordinates are the numbers 0, ..., n - 1 of the sorted inputs, and primitive forms


def find_identity(n: int, weight: int) -> list[Json]:
    """Terms ``[coefficient, red pairs, blue pairs]`` of a weight whose Avg add up to the maximum of n numbers."""
    graphs: list[Graph] = []

    def vectors() -> Iterator[Vector]:
        yield mean_input(n)
        yield mean_pair(n)
        for graph in simple_graphs(n, weight):
            graphs.append(graph)
            yield moduli(graph, n)

    found = combination(vectors(), {0: 1})
    if found is None:
        raise Unanswered(f"no identity for n = {n} was found among simple graphs with {weight} pairs of each colour")
    coefficients = dict(found)
    chosen = {graphs[position - 2]: c for position, c in found if position > 1}
    return terms_of(chosen, coefficients.get(0, Fraction(0)), coefficients.get(1, Fraction(0)), n, weight)


def terms_of(chosen: dict[Graph, Fraction], inputs: Fraction, pairs: Fraction, n: int, weight: int) -> list[Json]:
    """The terms of sum c n! Avg|R - B| + inputs sum x_u + pairs sum max(x_u, x_v)."""
    terms: list[Json] = []
    of_input, of_pair = n * inputs, comb(n, 2) * pairs
    for graph, c in chosen.items():
        red = [[u, v] for u, v, m in graph for _ in range(m)]
        blue = [[u, v] for u, v, m in graph for _ in range(-m)]
        filling = [[0, 0]] * (weight - len(red))
        share = factorial(n) * c
        loops = sum(u == v for u, v in red + blue) + 2 * len(filling)
        of_input -= share * loops
        of_pair -= share * (2 * weight - loops)
        terms.append([str(2 * share), red + filling, blue + filling])
    for mean, pair in ((of_input, [0, 0]), (of_pair, [0, 1])):
        if mean:
            terms.append([str(mean / weight), [pair] * weight, [pair] * weight])
    return terms


def find_obstruction(n: int, weight: int) -> Json:
    """Integer values ``linear`` on the sorted inputs and ``kinks`` on moduli: 0 on all terms, not 0 on the maximum."""
    graphs = sorted(graph for graph in differences(n, weight) if graph)
    rows: list[Vector] = [mean_input(n), mean_pair(n), *(moduli(graph, n) for graph in graphs)]
    columns: dict[int | Form, dict[int, int]] = defaultdict(dict)
    for number, row in enumerate(rows):
        for coordinate, entry in row.items():
            columns[coordinate][number] = entry
    others = sorted((c for c in columns if c != 0), key=simplicity)
    found = combination((columns[c] for c in others), {row: -entry for row, entry in columns[0].items()})
    if found is None:
        raise Unanswered(f"no obstruction for n = {n} was found: terms of weight {weight} may be enough")
    scale = lcm(*(c.denominator for _, c in found))
    values: dict[int | Form, int] = {0: scale, **{others[position]: int(c * scale) for position, c in found}}
    kinks = sorted((list(h), str(value)) for h, value in values.items() if isinstance(h, tuple))
    return {"linear": [str(values.get(i, 0)) for i in range(n)], "kinks": [list(kink) for kink in kinks]}


def simplicity(coordinate: int | Form) -> tuple[Any, ...]:
    if isinstance(coordinate, int):
        return (0, coordinate)
    return sum(map(abs, coordinate)), max(map(abs, coordinate)), [-abs(c) for c in coordinate], coordinate


def mean_input(n: int) -> Vector:
    """The sum of the sorted inputs, n times their mean."""
    return dict.fromkeys(range(n), 1)


def mean_pair(n: int) -> Vector:
    """The sum of the maxima of two inputs, n (n - 1) / 2 times their mean."""
    return {i: n - 1 - i for i in range(n - 1)}


def moduli(graph: Graph, n: int) -> Vector:
    """The normal form of n! Avg |R - B|."""
    linear, kinks = normal_form(orders({graph: 1}, n), n)
    return {i: entry for i, entry in enumerate(linear) if entry} | {h: entry for h, entry in kinks.items() if entry}


def negative(graph: Graph) -> Graph:
    return renamed({(u, v): -m for u, v, m in graph})


def simple_graphs(n: int, weight: int) -> Iterator[Graph]:
    """Graphs of at most so many red and as many blue edges, no two of them between the same vertices; few edges first."""
    level: set[Graph] = {()}
    for _ in range(weight):
        for m in (1, -1):
            level = {renamed({**edges(graph), pair: m}) for graph in level for pair in free_pairs(graph, n)}
        up_to_sign = {min(graph, negative(graph)) for graph in level}
        yield from sorted(up_to_sign, key=lambda graph: (max(v for _, v, _ in graph), graph))


def edges(graph: Graph) -> dict[Pair, int]:
    return {(u, v): m for u, v, m in graph}


def free_pairs(graph: Graph, n: int) -> Iterator[Pair]:
    """Pairs of different old or new vertices without an edge, the new ones being the next numbers."""
    taken = edges(graph)
    used = 1 + max((v for _, v, _ in graph), default=-1)
    for v in range(min(used + 2, n)):
        for u in range(v):
            if (u, v) not in taken and (v <= used or u == used):
                yield u, v
