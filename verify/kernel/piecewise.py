r"""Questions about a ReLU network of one variable: the number of its affine pieces, and its distance to a polynomial.

The graph of the network f is a chain of segments (``polyline``).  On a segment with ends $A$ and $B$ a point is
$\alpha A + \beta B$, and $s^n (b - \sigma (f - P))$ is a form $g(\alpha, \beta)$ of degree $n$, that of the
polynomial $P$ but one at least.  Hence $\sigma (f - P) \le b$ on the segment exactly if $g \ge 0$ on the quadrant
$\alpha, \beta \ge 0$.

**Signs of forms.**  At the corners they are those of the first and the last coefficient.  If all coefficients are
$\ge 0$, then so is $g$, and $g > 0$ inside the quadrant unless $g = 0$.  If the corners are $\ge 0$ and $n = 2$, the
discriminant decides.  If $n > 2$, the quadrant is split at its middle, and each half is a quadrant after a linear
substitution.  The witness may list cuts: points of contact between f - P and its bound, which no middle would ever
meet.

**The end of the line.**  There $g = 0$ only if $n = 1$ and $f - P$ is constant on the last segment (the leading
coefficient of $P$ is not 0), and this is no contact of its own; $g < 0$ means that $\sigma (f - P)$ is not bounded.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from math import lcm
from typing import Any

from verify.kernel.finding import Finding
from verify.kernel.network import read_network
from verify.kernel.polyline import Point, graph, pieces, with_cuts
from verify.kernel.terms import need, rational
from verify.kernel.theory import fields, listed

Json = Any
Form = list[int]  # coefficients of alpha^n, alpha^(n-1) beta, ..., beta^n
Least = tuple[int, Point]  # the sign of the least value of forms, and a point where they have it

MAX_DEGREE = 32
MAX_SPLITS = 60  # one within the other
SIDES = {"maximum": (1,), "minimum": (-1,), "distance": (1, -1), "pieces": ()}  # the signs of f - P that are bounded
RELATIONS = {"exactly": (0,), "at_most": (-1, 0), "at_least": (0, 1)}  # signs of the quantity minus the value


def decide(statement: Json, witness: Json) -> Finding:
    asked = fields(statement, "question", "network", "interval", "quantity", "polynomial", "relation", "value")
    _, network, interval, quantity, coefficients, relation, number = asked
    layers, value = read_network(network), rational(number)
    need(len(layers[0][0]) == 2 and len(layers[-1]) == 1, "a network with one input and one output is needed")
    low, high = (None if end is None else rational(end) for end in listed(interval, 2))
    need(low is None or high is None or low < high, "the interval has no interior")
    need(isinstance(quantity, str) and quantity in SIDES, "unknown quantity:", quantity)
    need(isinstance(relation, str) and relation in RELATIONS, "unknown relation:", relation)
    polynomial = [rational(c) for c in listed(coefficients)]
    need(len(polynomial) <= MAX_DEGREE + 1, "the degree of a polynomial is at most", MAX_DEGREE)
    need(not polynomial or polynomial[-1], "the leading coefficient of a polynomial is not 0")
    cuts = [rational(place) for place in listed(*fields(witness, "cuts"))]
    points = graph(layers, (low, high))
    count = pieces(points)
    facts = [("pieces", str(count))]
    if quantity == "pieces":
        need(not polynomial and not cuts, "pieces are counted without a polynomial and without cuts")
        return Finding(sign(count - value) in RELATIONS[relation], len(points), tuple(facts))
    points = with_cuts(points, cuts)
    side = -1 if quantity == "minimum" else 1
    least, place = compare(points, SIDES[quantity], polynomial, side * value)
    if place[0] and least <= 0:
        words = "attained at" if not least else "larger at" if side > 0 else "smaller at"
        facts.append((words, str(Fraction(place[1], place[0]))))
    return Finding(-side * least in RELATIONS[relation], len(points), tuple(facts))


def compare(points: list[Point], sides: tuple[int, ...], polynomial: list[Fraction], bound: Fraction) -> Least:
    """The sign of the bound minus the maximum of side (f - P), and a point where it is attained or surpassed."""
    scale = lcm(bound.denominator, *(c.denominator for c in polynomial))
    integers, level = [int(scale * c) for c in polynomial], int(scale * bound)
    integers += [0] * (2 - len(integers))  # of degree one at least
    found: list[Least] = []
    for a, b in pairwise(points):
        if len(integers) > 3 and a[0] and b[0]:  # in equal scale, so that the middle is in the middle
            a, b = tuple(b[0] * x for x in a), tuple(a[0] * x for x in b)
        power, difference = forms(a, b, integers, scale)
        for side in sides:
            found.append(least_value([level * x - side * y for x, y in zip(power, difference, strict=True)], a, b))
    return min(found)


def forms(a: Point, b: Point, coefficients: list[int], scale: int) -> tuple[Form, Form]:
    """s^n and s^n (scale f - the polynomial) on a segment."""
    s, p, v = zip(a, b, strict=True)
    total, power = coefficients[-1:], [1]
    for coefficient in coefficients[-2::-1]:
        below, power = power, times(power, s)
        total = [x + coefficient * y for x, y in zip(times(total, p), power, strict=True)]
    return power, [scale * x - y for x, y in zip(times(below, v), total, strict=True)]


def times(form: Form, linear: tuple[int, ...]) -> Form:
    a, b = linear
    return [a * x + b * y for x, y in zip([*form, 0], [0, *form], strict=True)]


def least_value(g: Form, a: Point, b: Point, depth: int = 0) -> Least:
    """Contacts at infinity apart."""
    found, place = min((sign(g[i]), end) for i, end in ((0, a), (-1, b)) if end[0] or g[i] < 0)
    if found < 0 or min(g) >= 0:
        return found, place
    if len(g) > 3:  # halves: alpha a + beta b = alpha' 2a + beta' (a + b), and the same from the other end
        need(depth < MAX_SPLITS, "not decided near", Fraction(a[1], a[0] or 1), ": a point of contact must be a cut")
        middle = tuple(x + y for x, y in zip(a, b, strict=True))
        left = least_value(half(g), tuple(2 * x for x in a), middle, depth + 1)
        return min(left, least_value(half(g[::-1])[::-1], middle, tuple(2 * x for x in b), depth + 1))
    discriminant = sign(4 * g[0] * g[2] - g[1] ** 2)
    if discriminant > 0:
        return found, place
    alpha, beta = (-g[1], 2 * g[0]) if g[0] else (2 * g[2] + 1, -g[1])  # there g has the sign of the discriminant
    return discriminant, tuple(alpha * x + beta * y for x, y in zip(a, b, strict=True))


def half(g: Form) -> Form:
    """g(2 alpha + beta, beta)"""
    made = g[:1]
    for coefficient in g[1:]:
        made = times(made, (2, 1))
        made[-1] += coefficient
    return made


def sign(number: Fraction | int) -> int:
    return (number > 0) - (number < 0)


def text(statement: Json) -> list[str]:
    """The question, and then the network, a line for each layer."""
    low, high = statement["interval"]
    left, right = "(-infinity" if low is None else f"[{low}", "infinity)" if high is None else f"{high}]"
    where = "the real line" if low is None and high is None else f"{left}, {right}"
    layers, quantity = statement["network"]["layers"], statement["quantity"]
    number = f"{statement['relation'].replace('_', ' ')} {statement['value']}"
    widths = ["1", *(str(len(layer["bias"])) for layer in layers)]
    shape = f"widths {', '.join(widths)}" if len(widths) <= 12 else f"{len(widths) - 2} hidden layers"
    title = f"the ReLU network f with {shape}"
    powers = ["", " x", *(f" x^{k}" for k in range(2, MAX_DEGREE + 1))]
    terms = [f"({c}){power}" for c, power in zip(statement["polynomial"], powers, strict=False) if rational(c)]
    body = " + ".join(term.removeprefix("(1) ") for term in terms)
    difference = f"f(x) - {body}" if len(terms) == 1 else f"f(x) - [{body}]" if terms else "f(x)"
    words = ("infimum", "minimum") if quantity == "minimum" else ("supremum", "maximum")
    extreme = words[low is not None and high is not None]
    asked = f"the {extreme} of {f'|{difference}|' if quantity == 'distance' else difference} on {where} is {number}"
    head = f"{title} has {number} affine pieces on {where}" if quantity == "pieces" else f"for {title}, {asked}"
    return [head[0].upper() + head[1:], *(layer_text(position, layer) for position, layer in enumerate(layers, 1))]


def layer_text(position: int, layer: Json) -> str:
    rows = "; ".join(", ".join(row) for row in layer["weights"])
    shown = f"layer {position}: weights {rows} | biases {', '.join(layer['bias'])}"
    return shown if len(shown) <= 1000 else f"{shown[:1000]} ... (the rest stands in the certificate)"
