r"""Obstructions: the maximum of n numbers is not a linear combination of braid terms of weight w.

**Soundness** (kind ``two-layer-maximum-obstruction``; see ``braid_terms`` for normal forms and Avg).  Were the
maximum a combination of terms, with real coefficients, then the mean over all permutations of the inputs would make
it one of the Avg.  The witness is a linear functional on normal forms: its values on x_1, ..., x_n and on finitely
many |h.x|, and 0 on all others.  It is not 0 on the maximum x_1, and it is 0 on the Avg of every term: Avg(R + B) is
a combination of the mean of x_u and that of max(x_u, x_v), and Avg |R - B| depends on the graph of red minus blue
pairs only.  The kernel lists all these graphs by itself: adding w times a red pair and then a blue one to the empty
graph, between any old or new vertices, n at most, reaches each of them, whatever cancels on the way.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from verify.kernel.braid_terms import MAX_STATES, Form, Graph, Rests, first_endpoints, primitive, renamed, sign
from verify.kernel.finding import Finding
from verify.kernel.terms import need, rational
from verify.kernel.theory import fields, listed
from verify.kernel.two_layer_maximum import MAX_WEIGHT, read_question, whole

Json = Any

MAX_GRAPHS = 20_000  # of the terms of a weight


@dataclass(frozen=True)
class Functional:
    """The values of a linear functional on x_1, ..., x_n, and on |h.x| for some primitive h."""

    n: int
    values: list[int]
    kinks: dict[Form, int]
    rests: Rests = field(default_factory=Rests)
    known: dict[tuple[Form, Graph], int] = field(default_factory=dict)

    def total(self, begun: Form, graph: Graph) -> int:
        """Its value on the sum of |d.x| over the orders of a graph, if the first entries of d have been found."""
        left = self.n - len(begun)
        if not left:
            return self.of_modulus(begun)
        if (begun, graph) not in self.known:
            vertices, ways = self.rests[graph]
            value = sum(count * self.total((*begun, entry), rest) for entry, rest, count in ways)
            if left > vertices:
                value += (left - vertices) * self.total((*begun, 0), graph)
            need(len(self.known) < MAX_STATES, "more than", MAX_STATES, "beginnings of orders")
            self.known[begun, graph] = value
        return self.known[begun, graph]

    def of_modulus(self, d: Form) -> int:
        side = sign(d)
        if side:
            return side * sum(value * entry for value, entry in zip(self.values, d, strict=True))
        g, h = primitive(d)
        return g * self.kinks.get(h, 0)


def decide_obstruction(statement: Json, witness: Json) -> Finding:
    n, weight = read_question(statement)
    linear, entries = fields(witness, "linear", "kinks")
    values = [integer(value) for value in listed(linear, n)]
    kinks: dict[Form, int] = {}
    for h, value in (listed(entry, 2) for entry in listed(entries)):
        form = tuple(whole(entry, -2 * MAX_WEIGHT, 2 * MAX_WEIGHT) for entry in listed(h, n))
        need(sum(form) == sign(form) == 0 and primitive(form) == (1, form), "not the form of a kink:", h)
        need(form not in kinks, "the form of a kink stands twice:", h)
        kinks[form] = integer(value)
    need(values[0], "the functional is 0 on the maximum")
    for loops, pairs in ((1, 0), (0, 1)):
        need(not sum(a * b for a, b in zip(values, first_endpoints(n, loops, pairs), strict=True)), "not 0 on R + B")
    family = differences(n, weight)
    functional = Functional(n, values, kinks)
    for graph in family:
        need(not functional.total((), graph), "the functional is not 0 on the term with the pairs", graph)
    return Finding(False, len(functional.known), (("graphs of terms", str(len(family))), ("kinks", str(len(kinks)))))


def differences(n: int, weight: int) -> set[Graph]:
    """Red minus blue pairs of all terms of a weight, up to the names of the vertices and the exchange of the colours,
    which does not change |R - B|.  A few may stand twice."""
    family: set[Graph] = {()}
    for m in (1, -1) * weight:
        larger = set()
        for graph in family:
            edges = {(u, v): count for u, v, count in graph}
            used = 1 + max((end for _, end, _ in graph), default=-1)
            for u, v in ((a, b) for b in range(min(used + 2, n)) for a in range(b + 1)):
                added = {**edges, (u, v): edges.get((u, v), 0) + m}
                larger.add(renamed({pair: count for pair, count in added.items() if count}))
            need(len(larger) <= MAX_GRAPHS, "there are more than", MAX_GRAPHS, "terms of weight", weight)
        family = larger
    return {min(graph, renamed({(u, v): -count for u, v, count in graph})) for graph in family}


def integer(text: Json) -> int:
    value = rational(text)
    need(value.denominator == 1, "expected an integer, found", text)
    return value.numerator
