r"""The maximum of n numbers by two hidden layers: identities between braid terms.

``two_layer_maximum`` asks whether max(x_1, ..., x_n) is a linear combination of braid terms of weight w (see
``braid_terms``), the arguments of each being any of x_1, ..., x_n.  A term is computed by two hidden layers of ReLUs:
the first one makes ReLU(x_v - x_u), ReLU(x_u) and ReLU(-x_u), of which the maxima max(x_u, x_v) = x_u + ReLU(x_v - x_u)
and so R and B are linear functions, as x_u = ReLU(x_u) - ReLU(-x_u); the second one makes max(R, B) = R + ReLU(B - R),
where the linear part R = ReLU(R) - ReLU(-R) again.  Hence so is every combination of finitely many terms.

**Soundness of an identity** (kinds ``two-layer-maximum`` and ``maximum-identity``).  The maximum and every Avg are
symmetric, so that they are equal everywhere if they are equal on the cone x_1 >= ... >= x_n, where the maximum is x_1.
The kernel computes the normal form of the sum of the terms, times 2 n! and the common denominator, and compares it with
x_1.  As normal forms are unique, a difference shows that the identity of ``maximum_identity`` is false; a combination
that is not the maximum says nothing about others, and ``maximum_obstruction`` decides that there is none.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from math import factorial, lcm
from typing import Any

from verify.kernel.braid_terms import Form, Graph, Pair, first_endpoints, graph_of, normal_form, orders
from verify.kernel.finding import Finding
from verify.kernel.terms import MAX_BITS, need, rational
from verify.kernel.theory import fields, listed

Json = Any
Term = tuple[Fraction, list[Pair], list[Pair]]

MAX_INPUTS = 16
MAX_WEIGHT = 8
MAX_TERMS = 100_000


def whole(value: Json, least: int, most: int) -> int:
    need(type(value) is int and least <= value <= most, f"expected an integer from {least} to {most}, found", value)
    return int(value)


def read_question(statement: Json) -> tuple[int, int]:
    _, n, weight = fields(statement, "question", "n", "weight")
    return whole(n, 2, MAX_INPUTS), whole(weight, 1, MAX_WEIGHT)


def read_pairs(value: Json, n: int) -> list[Pair]:
    pairs = [listed(pair, 2) for pair in listed(value)]
    need(1 <= len(pairs) <= MAX_WEIGHT, "a sum has between 1 and", MAX_WEIGHT, "pairs, not", len(pairs))
    return [(whole(u, 0, n - 1), whole(v, 0, n - 1)) for u, v in pairs]


def read_terms(value: Json, n: int) -> list[Term]:
    """[coefficient, red pairs, blue pairs]; the vertices 0, ..., n - 1 are names, only Avg of the term is meant."""
    entries = [listed(entry, 3) for entry in listed(value)]
    need(len(entries) <= MAX_TERMS, "more than", MAX_TERMS, "terms")
    terms = [(rational(c), read_pairs(red, n), read_pairs(blue, n)) for c, red, blue in entries]
    need(all(len(red) == len(blue) for _, red, blue in terms), "a term has as many red as blue pairs")
    return terms


def left_over(terms: list[Term], n: int) -> tuple[int, list[int], dict[Form, int], int]:
    """The normal form of the sum of the terms minus the maximum, times the first number; and how many kinks it had."""
    denominator = 1
    for c, _, _ in terms:
        denominator = lcm(denominator, c.denominator)
        need(denominator.bit_length() <= MAX_BITS, "the common denominator is too long")
    weights: dict[Graph, int] = defaultdict(int)
    linear = [-2 * factorial(n) * denominator] + [0] * (n - 1)
    for c, red, blue in terms:
        weight, loops = int(c * denominator), sum(u == v for u, v in red + blue)
        weights[graph_of(red, blue)] += weight
        ends = first_endpoints(n, loops, len(red + blue) - loops)
        linear = [total + weight * end for total, end in zip(linear, ends, strict=True)]
    moduli, kinks = normal_form(orders(weights, n), n)
    linear = [a + b for a, b in zip(linear, moduli, strict=True)]
    return 2 * factorial(n) * denominator, linear, {h: c for h, c in kinks.items() if c}, len(kinks)


def decide_two_layer_maximum(statement: Json, witness: Json) -> Finding:
    n, weight = read_question(statement)
    (entries,) = fields(witness, "terms")
    terms = read_terms(entries, n)
    need(all(len(red) == weight for _, red, _ in terms), "a term has another weight than", weight)
    _, linear, kinks, count = left_over(terms, n)
    need(not any(linear) and not kinks, "the terms do not add up to the maximum")
    return Finding(True, count, facts(terms, count))


def decide_maximum_identity(statement: Json, witness: Json) -> Finding:
    _, n, terms = fields(statement, "question", "n", "terms")
    n = whole(n, 2, MAX_INPUTS)
    terms = read_terms(terms, n)
    fields(witness)  # nothing has to be found
    scale, linear, kinks, count = left_over(terms, n)
    if not any(linear) and not kinks:
        return Finding(True, count, facts(terms, count))
    remains = [(c, modulus(h)) for h, c in sorted(kinks.items())] + [(c, f"x{i}") for i, c in enumerate(linear, 1) if c]
    shown = " + ".join(f"({Fraction(c, scale)}) {text}" for c, text in remains[:3])
    return Finding(False, count, (("sum minus maximum", shown + (" + ..." if len(remains) > 3 else "")),))


def facts(terms: list[Term], kinks: int) -> tuple[tuple[str, str], ...]:
    denominator = lcm(*(c.denominator for c, _, _ in terms))
    return (("terms", str(len(terms))), ("kinks", str(kinks)), ("common denominator", str(denominator)))


def modulus(h: Form) -> str:
    signs = (
        ("+ " if c > 0 else "- ") + (f"{abs(c)} " if abs(c) > 1 else "") + f"x{i}" for i, c in enumerate(h, 1) if c
    )
    return f"|{' '.join(signs).removeprefix('+ ')}|"


def two_layer_maximum_text(statement: Json) -> list[str]:
    n, weight = read_question(statement)
    return [
        f"max(x1, ..., x{n}) is, on all of R^{n}, a linear combination of terms max(R, B), where R and B are sums of "
        f"{weight} {'maximum' if weight == 1 else 'maxima'} max(xu, xv) of two of the {n} numbers",
        "u = v is allowed, pairs may repeat, and the coefficients may be any real numbers",
        "each such term, and so each such combination, is computed by a ReLU network with two hidden layers; that there "
        "is no combination would exclude networks of this form only",
    ]


def maximum_identity_text(statement: Json) -> list[str]:
    _, n, terms = fields(statement, "question", "n", "terms")
    lines = [
        f"  {c} Avg max({' + '.join(map(maximum, red))}, {' + '.join(map(maximum, blue))})"
        for c, red, blue in read_terms(terms, whole(n, 2, MAX_INPUTS))
    ]
    return [
        f"max(x1, ..., x{n}) is, on all of R^{n}, the sum of {len(lines)} given multiples of means over permutations",
        *lines,
        f"Avg is the mean over all choices of different a, b, ... among x1, ..., x{n}, and Mab = max(a, b)",
    ]


def maximum(pair: Pair) -> str:
    u, v = ("abcdefghijklmnop"[end] for end in pair)
    return u if u == v else f"M{u}{v}"
