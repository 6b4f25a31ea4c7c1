r"""Explicit instances of worst cases: what is accepted is true, and every forgery is refused with a sentence.

The oracle knows no pieces: it tries the inequalities of a class at all pairs of many points of a graph, integrates derivatives
by trapezoids between them, and runs the program with these numbers.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.kernel.strictness import assert_fields_are_exact
from verify.kernel import FORMAT, Rejected, canonical, check, read, statement_text

Json = Any
CERTIFICATES = Path(__file__).parent / "certificates"
F = Fraction
REACH = (1, 3, 20)  # beyond the outermost knots


def certificate(stated: Json, functions: Json, vectors: Json, values: Json) -> Json:
    defaults = {"question": "worst_case", "conditions": [], "equations": [], "relation": "attained"}
    witness = {"functions": functions, "vectors": vectors, "values": values}
    return {"format": FORMAT, "kind": "worst-case-function", "statement": {**defaults, **stated}, "witness": witness}


def descent() -> Json:
    """One step of gradient descent on a Huber function: f(x_1) - f_* = 1/6, attained; x_1 = 2/3 is beyond the bend at 1/3."""
    stated = {
        "functions": [["f", "curvature", {"mu": "0", "L": "1"}]],
        "program": [
            ["vector", "x0"],
            ["vector", "g0"],
            ["at", "f", "x0", "g0", "f0"],
            ["let", "x1", [["1", "x0"], ["-1", "g0"]]],
            ["vector", "g1"],
            ["at", "f", "x1", "g1", "f1"],
            ["let", "xs", []],
            ["at", "f", "xs", "xs", "fs"],
        ],
        "performance": [[["1", "f1"], ["-1", "fs"]]],
        "initial": [["1", "x0", "x0"]],
        "rate": "1/6",
    }
    huber = {"knots": [["-1/3", "-1/3", "-1/3"], ["1/3", "1/3", "1/3"]], "ends": ["0", "0"], "value": "1/18"}
    return certificate(stated, {"f": huber}, {"x0": "1", "g0": "1/3", "g1": "1/3"}, {})


def below() -> Json:
    """A nonconvex function with an infimum that is not attained by an iterate: one gradient, 2 (f - f_*) >= |g|^2."""
    stated = {
        "functions": [["f", "curvature", {"mu": "-1", "L": "1"}]],
        "program": [["vector", "x"], ["vector", "g"], ["at", "f", "x", "g", "v"], ["lower", "f", "s"]],
        "performance": [[["1", "g", "g"]], [["2", "g", "g"]]],
        "initial": [["1", "v"], ["-1", "s"]],
        "rate": "2",
    }
    f = {"knots": [["0", "0", "0"], ["1", "1", "1"], ["3/2", "1/2", "1/2"]], "ends": ["0", "0"], "value": "3"}
    return certificate(stated, {"f": f}, {"x": "1", "g": "1"}, {"s": "3"})


def steps_too_long() -> Json:
    """A subgradient step on 2 |x| does not come closer for all steps, which refutes it; the subgradient at 0 is chosen."""
    stated = {
        "functions": [["f", "curvature", {"mu": "0", "L": "inf", "M": "2"}]],
        "program": [
            ["vector", "x"],
            ["vector", "g"],
            ["at", "f", "x", "g", "v"],
            ["let", "y", [["1", "x"], ["-3", "g"]]],
            ["let", "o", []],
            ["vector", "p"],
            ["at", "f", "o", "p", "w"],
        ],
        "conditions": [[["1", "v"], ["-1", "w"]]],
        "equations": [[["1", "p", "p"], ["-1"]]],
        "performance": [[["1", "y", "y"]]],
        "initial": [["1", "x", "x"]],
        "relation": "at most",
        "rate": "24",
    }
    f = {"knots": [["0", "-2", "2"]], "ends": ["0", "0"], "value": "0"}
    return certificate(stated, {"f": f}, {"x": "1", "g": "2", "p": "-1"}, {})


def set_and_operator() -> Json:
    """The normal cone of [-1, 1] at its end, a cocoercive and monotone operator, and a quadratic."""
    stated = {
        "functions": [
            ["K", "indicator", {"D": "2"}],
            ["A", "operator", {"mu": "0", "beta": "1/2", "L": "2"}],
            ["q", "quadratic", {"mu": "1", "L": "3"}],
        ],
        "program": [
            ["vector", "x"],
            ["vector", "n"],
            ["at", "K", "x", "n"],
            ["vector", "a"],
            ["at", "A", "x", "a"],
            ["vector", "g"],
            ["at", "q", "x", "g", "v"],
            ["value", "t"],
        ],
        "conditions": [[["1", "t"], ["-1", "v"]]],
        "performance": [[["1", "n", "a"], ["1", "t"]]],
        "initial": [["1", "g", "g"]],
        "rate": "3/2",
    }
    functions = {
        "K": {"interval": ["-1", "1"]},
        "A": {"knots": [["0", "0", "0"], ["1", "2", "2"]], "ends": ["0", "1"], "value": "0"},
        "q": {"knots": [["0", "0", "0"]], "ends": ["2", "2"], "value": "0"},
    }
    return certificate(stated, functions, {"x": "1", "n": "2", "a": "2", "g": "2"}, {"t": "2"})


EXAMPLES: dict[str, Callable[[], Json]] = {
    "descent": descent,
    "below": below,
    "steps too long": steps_too_long,
    "set and operator": set_and_operator,
}


# ------------------------------------------------------------------------------------------------------- the oracle


def points(graph: Json) -> list[tuple[Fraction, Fraction]]:
    """Many points of the graph of a derivative, in order, with both ends of every jump."""
    knots = [tuple(map(F, knot)) for knot in graph["knots"]]
    low, high = map(F, graph["ends"])
    (first, left, _), (last, _, right) = knots[0], knots[-1]
    found = [(first - k, left - low * k) for k in REACH[::-1]]
    for (s, before, after), following in zip(knots, [*knots[1:], None], strict=True):
        found += [(s, before), (s, after)]
        if following is not None:
            t, arriving, _ = following
            found += [(s + (t - s) * F(k, 3), after + (arriving - after) * F(k, 3)) for k in (1, 2)]
    return found + [(last + k, right + high * k) for k in REACH]


def belongs(kind: str, parameters: Json, graph: Json) -> bool:
    if kind == "indicator":
        low, high = map(F, graph["interval"])
        return low <= high and ("D" not in parameters or high - low <= F(parameters["D"]))
    found, p = points(graph), {name: F(v) for name, v in parameters.items() if v != "inf"}
    pairs = [(x - y, g - h) for x, g in found for y, h in found]
    fits = [
        all(dg * dx >= p["mu"] * dx * dx for dx, dg in pairs) if "mu" in p else True,
        all(dg * dx >= p["beta"] * dg * dg for dx, dg in pairs) if "beta" in p else True,
        all(abs(dg) <= p["L"] * abs(dx) or dg * dx <= 0 for dx, dg in pairs)
        if "L" in p and kind != "operator"
        else True,
        all(abs(dg) <= p["L"] * abs(dx) for dx, dg in pairs) if "L" in p and kind == "operator" else True,
        all(abs(g) <= p["M"] for _, g in found) if "M" in p else True,
        len({dg / dx for dx, dg in pairs if dx}) == 1 if kind == "quadratic" else True,
    ]
    return all(fits)


def value(graph: Json, x: Fraction) -> Fraction:
    """The value at the first knot and the integral from there, by trapezoids between points of the graph."""
    found = points(graph)
    start = F(graph["knots"][0][0])
    assert found[0][0] <= x <= found[-1][0], "the oracle looks at a part of the line only"
    total = F(graph["value"])
    low, high, sign = (start, x, 1) if x >= start else (x, start, -1)
    for (s, g), (t, h) in pairwise(found):
        a, b = max(s, low), min(t, high)
        if s < t and a < b:
            total += sign * (b - a) * (g + (h - g) * ((a + b) / 2 - s) / (t - s))
    return total


def subgradient(graph: Json, x: Fraction, g: Fraction) -> bool:
    if "interval" in graph:
        low, high = map(F, graph["interval"])
        return low <= x <= high and all(g * (y - x) <= 0 for y in (low, high))
    at = [d for y, d in points(graph) if y == x]
    if at:
        return min(at) <= g <= max(at)
    return any(s < x < t and g == a + (b - a) * (x - s) / (t - s) for (s, a), (t, b) in pairwise(points(graph)))


def number(form: Json, vectors: dict[str, Fraction], values: dict[str, Fraction]) -> Fraction:
    total = F(0)
    for coefficient, *names in form:
        term = F(coefficient)
        for name in names:
            term *= values[name] if len(names) == 1 else vectors[name]
        total += term
    return total


def is_true(document: Json, holds: bool | None) -> bool:
    """Whether the answer follows from the instance, in the arithmetic of this file."""
    stated, witness = document["statement"], document["witness"]
    graphs, line, numbers = witness["functions"], {}, {name: F(v) for name, v in witness["values"].items()}
    classes = {name: (kind, parameters) for name, kind, parameters in stated["functions"]}
    if not all(belongs(*classes[name], graph) for name, graph in graphs.items()):
        return False
    for command in stated["program"]:
        match command:
            case ["vector", name]:
                line[name] = F(witness["vectors"][name])
            case ["let", name, terms]:
                line[name] = sum((F(c) * line[v] for c, v in terms), F(0))
            case ["at", f, x, g, *names]:
                if not subgradient(graphs[f], line[x], line[g]):
                    return False
                numbers |= {n: value(graphs[f], line[x]) for n in names}
            case ["lower", f, s]:
                if any(value(graphs[f], x) < numbers[s] for x, _ in points(graphs[f])[1:-1]):
                    return False
    conditions = [number(form, line, numbers) >= 0 for form in stated["conditions"]]
    equations = [number(form, line, numbers) == 0 for form in stated["equations"]]
    least = min(number(form, line, numbers) for form in stated["performance"])
    initial = number(stated["initial"], line, numbers)
    bound = F(stated["rate"]) * initial
    right = initial > 0 and least >= bound if stated["relation"] == "attained" else least > bound
    return all(conditions) and all(equations) and right and holds is (stated["relation"] == "attained")


# ------------------------------------------------------------------------------------------- what is accepted


@pytest.mark.parametrize("name", EXAMPLES)
def test_good_certificates_are_accepted_and_true(name: str) -> None:
    document = EXAMPLES[name]()
    accepted = check(document)
    assert accepted.holds is (document["statement"]["relation"] == "attained")
    assert not accepted.assumptions
    assert is_true(document, accepted.holds)


def test_the_numbers_of_the_instance_are_told() -> None:
    assert check(descent()).facts == (("performance", "1/6"), ("initial", "1"))
    assert check(below()).facts == (("performance", "1"), ("initial", "1/2"))
    assert check(steps_too_long()).facts == (("performance", "25"), ("initial", "1"))
    assert check(set_and_operator()).facts == (("performance", "6"), ("initial", "4"))


def test_what_was_decided_is_said_in_words() -> None:
    assert statement_text(descent()["statement"])[0] == "f1 - fs is at least 1/6 * (|x0|^2), in some case"


def test_golden_bytes() -> None:
    path = CERTIFICATES / "worst_case_function.json"
    assert path.read_bytes() == canonical(descent())
    assert check(read(path)).holds


def test_an_infinite_interval_is_a_set() -> None:
    document = set_and_operator()
    del document["statement"]["functions"][0][2]["D"]
    document["witness"]["functions"]["K"] = {"interval": [None, "1"]}
    assert check(document).holds
    for interval in ([None, None], ["-1", None], ["1", None]):
        document["witness"]["functions"]["K"] = {"interval": interval}
        with pytest.raises(Rejected, match="n is not a"):
            check(document)
    document["witness"]["vectors"]["n"] = "0"
    document["statement"]["rate"] = "1/2"
    for interval in ([None, None], ["-1", None], ["1", None]):
        document["witness"]["functions"]["K"] = {"interval": interval}
        assert check(document).holds


def evaluation(graph: Json, x: Fraction, g: Fraction, rate: Fraction) -> Json:
    """That the value at x, where g is said to be a subgradient, is at least the rate."""
    stated = {
        "functions": [["f", "curvature", {"mu": "-40", "L": "inf"}]],
        "program": [["vector", "x"], ["vector", "g"], ["at", "f", "x", "g", "v"]],
        "performance": [[["1", "v"]]],
        "initial": [["1"]],
        "rate": str(rate),
    }
    return certificate(stated, {"f": graph}, {"x": str(x), "g": str(g)}, {})


@pytest.mark.parametrize("seed", range(25))
def test_values_and_subgradients_are_those_of_the_function(seed: int) -> None:
    """At knots, between them and beyond, for functions with bends, jumps and parabolas."""
    draw = random.Random(seed)
    places = sorted(draw.sample(range(-9, 10), draw.randrange(1, 4)))
    rows = [(t, d, d + draw.randrange(0, 3)) for t, d in ((t, F(draw.randrange(-6, 7), 2)) for t in places)]
    graph = {"knots": [[str(v) for v in row] for row in rows], "ends": [str(draw.randrange(-1, 3)) for _ in range(2)]}
    graph["value"] = str(F(draw.randrange(-4, 5), 3))
    for x in (F(-10), *map(F, places), F(places[0] + places[-1], 2) + F(1, 3), F(11)):
        known = [d for y, d in points(graph) if y == x]
        slopes = known or [F(-1), F(0)]
        for g in {min(slopes), max(slopes), sum(slopes, F(0)) / 2, min(slopes) - 1, max(slopes) + F(1, 2), x}:
            at = value(graph, x)
            if subgradient(graph, x, g):
                assert check(evaluation(graph, x, g, at)).holds
                with pytest.raises(Rejected, match="is less than"):
                    check(evaluation(graph, x, g, at + F(1, 10**6)))
            else:
                with pytest.raises(Rejected, match="g is not a"):
                    check(evaluation(graph, x, g, at))


def test_normal_cones_point_outwards() -> None:
    """n is normal to [-1, 1] at x: at an end outwards or 0, inside only 0."""
    stated = {
        "functions": [["K", "indicator", {}]],
        "program": [["vector", "x"], ["vector", "n"], ["at", "K", "x", "n"]],
        "performance": [[["1"]]],
        "initial": [["1"]],
        "rate": "1",
    }
    for x in (F(-2), F(-1), F(0), F(1, 2), F(1), F(2)):
        for n in (F(-3), F(-1, 2), F(0), F(1, 7), F(2)):
            document = certificate(stated, {"K": {"interval": ["-1", "1"]}}, {"x": str(x), "n": str(n)}, {})
            if subgradient({"interval": ["-1", "1"]}, x, n):
                assert check(document).holds
            else:
                with pytest.raises(Rejected, match="n is not a"):
                    check(document)


CLASSES = [
    ("operator", {"mu": "1/2"}, ["1/2", "2"], "1", True),
    ("operator", {"mu": "1"}, ["1/2", "2"], "0", False),
    ("operator", {"mu": "0"}, ["1/2", "2"], "-1", False),  # a jump down
    ("operator", {"beta": "1/2"}, ["0", "2"], "0", True),
    ("operator", {"beta": "1/2"}, ["0", "9/4"], "0", False),
    ("operator", {"beta": "1/2"}, ["-1/4", "2"], "0", False),
    ("operator", {"beta": "1/2"}, ["0", "2"], "1", False),
    ("operator", {"beta": "0"}, ["0", "7"], "3", True),
    ("operator", {"L": "2"}, ["-2", "2"], "0", True),
    ("operator", {"L": "2"}, ["-9/4", "2"], "0", False),
    ("operator", {"L": "2"}, ["-2", "9/4"], "0", False),
    ("operator", {"L": "2"}, ["-2", "2"], "1/2", False),
    ("curvature", {"mu": "-1", "L": "inf"}, ["-1", "5"], "2", True),
    ("curvature", {"mu": "-1", "L": "inf"}, ["-1", "5"], "-2", False),
    ("curvature", {"mu": "-1", "L": "5"}, ["-1", "5"], "0", True),
    ("curvature", {"mu": "-1", "L": "5"}, ["-1", "5"], "1", False),
    ("quadratic", {"mu": "1", "L": "2"}, ["3/2", "3/2"], "0", True),
    ("quadratic", {"mu": "1", "L": "2"}, ["3/2", "2"], "0", False),
    ("quadratic", {"mu": "1", "L": "2"}, ["5/2", "5/2"], "0", False),
    ("curvature", {"mu": "0", "L": "inf", "M": "1"}, ["0", "0"], "1", True),
    ("curvature", {"mu": "0", "L": "inf", "M": "1"}, ["0", "0"], "3/2", False),
    ("curvature", {"mu": "0", "L": "inf", "M": "1"}, ["1/8", "0"], "0", False),
]


@pytest.mark.parametrize("kind, parameters, ends, jump, inside", CLASSES)
def test_a_class_has_its_members_and_no_others(
    kind: str, parameters: Json, ends: Json, jump: str, inside: bool
) -> None:
    """One knot at 0 with slopes on both sides and a jump; the oracle tries the inequalities at pairs of points."""
    graph = {"knots": [["0", "0", jump]], "ends": ends, "value": "0"}
    valued = kind != "operator"
    stated = {
        "functions": [["A", kind, parameters]],
        "program": [["vector", "x"], ["vector", "g"], ["at", "A", "x", "g", *(["v"] if valued else [])]],
        "performance": [[["1"]]],
        "initial": [["1"]],
        "rate": "1",
    }
    document = certificate(stated, {"A": graph}, {"x": "0", "g": "0"}, {})
    if inside:
        assert check(document).holds and belongs(kind, parameters, graph)
    else:
        with pytest.raises(Rejected, match=r"A rises|A is not quadratic|of A exceeds"):
            check(document)


TWO_KNOTS = [
    ("curvature", {"mu": "0", "L": "inf"}, [["0", "0", "1"], ["5", "2", "3"]], True),
    ("curvature", {"mu": "0", "L": "inf"}, [["0", "0", "1"], ["5", "2", "1"]], False),  # up and down
    ("curvature", {"mu": "0", "L": "1"}, [["0", "0", "0"], ["5", "5", "5"]], True),
    ("curvature", {"mu": "0", "L": "1"}, [["0", "0", "0"], ["5", "5", "6"]], False),
    ("curvature", {"mu": "0", "L": "1"}, [["0", "0", "0"], ["5", "6", "6"]], False),
    ("curvature", {"mu": "1/5", "L": "inf"}, [["0", "0", "0"], ["5", "1/2", "1/2"]], False),
    ("curvature", {"mu": "0", "L": "inf", "M": "3"}, [["5", "-3", "1"], ["7", "2", "3"]], True),
    ("curvature", {"mu": "0", "L": "inf", "M": "2"}, [["5", "-3", "1"], ["7", "1", "1"]], False),
    ("curvature", {"mu": "0", "L": "inf", "M": "2"}, [["5", "-1", "1"], ["7", "1", "3"]], False),
    ("quadratic", {"mu": "0", "L": "2"}, [["0", "0", "0"], ["5", "0", "0"]], True),
    ("quadratic", {"mu": "-9", "L": "2"}, [["0", "1", "0"], ["5", "0", "0"]], False),
    ("operator", {"mu": "0"}, [["0", "0", "1"], ["5", "2", "1"]], False),
    ("operator", {"L": "1"}, [["0", "0", "0"], ["5", "0", "1"]], False),
]


@pytest.mark.parametrize("kind, parameters, knots, inside", TWO_KNOTS)
def test_every_piece_and_every_knot_counts(kind: str, parameters: Json, knots: Json, inside: bool) -> None:
    graph = {
        "knots": knots,
        "ends": ["1/5" if kind == "curvature" and "M" not in parameters else "0"] * 2,
        "value": "0",
    }
    stated = {
        "functions": [["A", kind, parameters]],
        "program": [["vector", "x"], ["vector", "g"], ["at", "A", "x", "g", *(["v"] if kind != "operator" else [])]],
        "performance": [[["1"]]],
        "initial": [["1"]],
        "rate": "1",
    }
    document = certificate(stated, {"A": graph}, {"x": knots[0][0], "g": knots[0][1]}, {})
    if inside:
        assert check(document).holds and belongs(kind, parameters, graph)
    else:
        with pytest.raises(Rejected, match=r"A rises|A is not quadratic|of A exceeds"):
            check(document)


@pytest.mark.parametrize("seed", range(120))
def test_a_lower_bound_is_the_least_value_and_no_more(seed: int) -> None:
    """Where the derivative passes through 0 the oracle looks for the least value; unbounded functions have no lower bound."""
    draw = random.Random(seed)
    places = sorted(draw.sample(range(-6, 7), draw.randrange(1, 5)))
    derivatives = [F(draw.randrange(-6, 7), 2) for _ in places]
    derivatives = sorted(derivatives) if seed % 3 else derivatives
    jump = draw.randrange(3) if seed % 2 else 0
    knots = [[str(t), str(d), str(d + jump)] for t, d in zip(places, derivatives, strict=True)]
    ends = [str(F(draw.randrange(-1 if seed % 3 == 0 else 0, 4), 2)) for _ in range(2)]
    graph = {"knots": knots, "ends": ends, "value": "1"}
    found = points(graph)
    crossings = [s - g * (t - s) / (h - g) for (s, g), (t, h) in pairwise(found) if s < t and g < 0 < h]
    jumps = [s for (s, g), (t, h) in pairwise(found) if s == t and g <= 0 <= h]
    candidates = [*crossings, *jumps, *(t for t, g in found if g == 0)]
    low, high = map(F, ends)
    falls = low < 0 or low == 0 < derivatives[0] or high < 0 or derivatives[-1] + jump < 0 == high
    document = below()
    document["statement"]["functions"][0][2] = {"mu": "-20", "L": "inf" if jump else "20"}
    document["statement"]["rate"] = "0"
    point = {"x": str(places[0]), "g": knots[0][1]}
    least = min((value(graph, t) for t in candidates), default=F(1))
    for bound in (least - F(1, 10**6), least + F(1, 10**6)):
        document["statement"]["initial"] = [["1"]]
        document["witness"] = {"functions": {"f": graph}, "vectors": point, "values": {"s": str(bound)}}
        if not falls and bound < least:
            assert check(document).holds
        else:
            with pytest.raises(Rejected, match="below its bound"):
                check(document)


# ----------------------------------------------------------------------------------------------- what is refused


def edited(document: Json, path: str, entry: Json) -> Json:
    """A copy with one entry replaced; ``path`` is separated by dots."""
    changed = copy.deepcopy(document)
    *parents, last = path.split(".")
    node = changed
    for step in parents:
        node = node[int(step) if isinstance(node, list) else step]
    node[int(last) if isinstance(node, list) else last] = entry
    return changed


KNOT, GRAPH = "witness.functions.f.knots", "witness.functions.f"
FORGERIES = {
    "a larger rate": (descent, "statement.rate", "166667/1000000", "the performance 1/6 is less than"),
    "a rate that is not exceeded": (steps_too_long, "statement.rate", "25", "the performance 25 is not more than 25"),
    "another starting point": (descent, "witness.vectors.x0", "2", "is less than"),
    "another gradient": (descent, "witness.vectors.g0", "1/2", "g0 is not a (sub)gradient or image of f at x0"),
    "a gradient of a later point": (descent, "witness.vectors.g1", "1/4", "g1 is not"),
    "a smaller L": (descent, "statement.functions.0.2.L", "9/10", "the derivative of f rises faster than by 9/10"),
    "a larger mu": (descent, "statement.functions.0.2.mu", "1/100", "the derivative of f rises slower than by 1/100"),
    "a jump": (descent, KNOT + ".0.2", "-1/4", "rises faster"),
    "a jump down": (steps_too_long, KNOT + ".0", ["0", "2", "-2"], "rises slower"),
    "a slope that falls": (descent, GRAPH + ".ends.1", "-1/10", "rises slower"),
    "a slope that is too steep": (descent, GRAPH + ".ends.1", "11/10", "rises faster"),
    "knots out of order": (descent, KNOT, [["1/3", "1/3", "1/3"], ["-1/3", "-1/3", "-1/3"]], "not in increasing order"),
    "a knot twice": (descent, KNOT, [["1/3", "1/3", "1/3"], ["1/3", "1/3", "1/3"]], "not in increasing order"),
    "no knots": (descent, KNOT, [], "a function needs a knot"),
    "a knot of two numbers": (descent, KNOT + ".0", ["-1/3", "-1/3"], "expected a list of 3"),
    "a minimizer elsewhere": (descent, "statement.program.6.2", [["1", "x0"]], "xs is not a"),
    "another step": (descent, "statement.program.3.2.1.0", "-2", "is less than"),
    "a function more": (descent, "witness.functions", {"f": 1, "h": 1}, "expected the fields"),
    "a vector more": (descent, "witness.vectors.y", "0", "expected the fields"),
    "a value that is computed": (descent, "witness.values", {"f1": "7"}, "expected the fields"),
    "no vectors": (descent, "witness.vectors", {}, "expected the fields"),
    "functions in a list": (descent, "witness.functions", [], "expected the fields"),
    "a bare number": (descent, "witness.vectors.x0", 1, "a number must be a string"),
    "a bound that is too high": (below, "witness.values.s", "301/100", "f is below its bound"),
    "a function without a bound": (below, GRAPH + ".ends.1", "-1/2", "f is below its bound"),
    "a function that falls to the left": (below, GRAPH + ".knots.0", ["0", "1/10", "1/10"], "rises|below"),
    "a slope to the left": (below, GRAPH + ".ends.0", "-1/2", "f is below its bound"),
    "a curvature of -2": (below, KNOT + ".2.1", "0", "rises slower"),
    "an initial quantity of 0": (below, "statement.initial", [["1", "x", "x"], ["-1", "g", "g"]], "is not positive: 0"),
    "a smaller M": (steps_too_long, "statement.functions.0.2.M", "19/10", "a subgradient of f exceeds 19/10"),
    "M, and a slope at the end": (steps_too_long, GRAPH + ".ends.1", "1/100", "a subgradient of f exceeds 2"),
    "a subgradient outside": (steps_too_long, "witness.vectors.p", "-3", "p is not a"),
    "an equation": (steps_too_long, "witness.vectors.p", "1/2", "an equation does not hold"),
    "a condition": (set_and_operator, "witness.values.t", "0", "a condition does not hold"),
    "a value that is not given": (set_and_operator, "witness.values", {}, "expected the fields"),
    "a point outside": (set_and_operator, "witness.functions.K.interval.1", "1/2", "n is not a"),
    "a point inside": (set_and_operator, "witness.functions.K.interval", ["0", "2"], "n is not a"),
    "an inward normal": (set_and_operator, "witness.vectors.n", "-1", "n is not a"),
    "a set that is too large": (set_and_operator, "statement.functions.0.2.D", "1", "the diameter of K is too large"),
    "an unbounded set": (set_and_operator, "witness.functions.K.interval.0", None, "the diameter of K is too large"),
    "a set that ends nowhere": (set_and_operator, "witness.functions.K.interval.1", None, "the diameter of K is too large"),
    "an empty set": (set_and_operator, "witness.functions.K.interval", ["1", "-1"], "the interval is empty"),
    "a set that is a graph": (set_and_operator, "witness.functions.A", {"interval": ["0", "1"]}, "expected the fields"),
    "an operator that is not monotone": (set_and_operator, "statement.functions.1.2.mu", "1/2", "of A rises slower"),
    "an operator that is not cocoercive": (set_and_operator, "statement.functions.1.2.beta", "2/3", "of A rises faster"),
    "an operator that is not Lipschitz": (set_and_operator, "statement.functions.1.2.L", "3/2", "of A rises faster"),
    "a quadratic with a bend": (set_and_operator, "witness.functions.q.ends.1", "3", "q is not quadratic"),
    "a quadratic that is too flat": (set_and_operator, "statement.functions.2.2.mu", "5/2", "of q rises slower"),
    "a relation that is not known": (descent, "statement.relation", "is", "the relation is at most or attained"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_is_refused(name: str) -> None:
    example, path, entry, sentence = FORGERIES[name]
    with pytest.raises(Rejected) as refusal:
        check(edited(example(), path, entry))
    assert any(part in str(refusal.value) for part in sentence.split("|"))


@pytest.mark.parametrize("name", EXAMPLES)
def test_fields_are_exact(name: str) -> None:
    assert_fields_are_exact(EXAMPLES[name])


def test_a_certificate_is_accepted_for_its_own_statement_only() -> None:
    documents = [example() for example in EXAMPLES.values()]
    for k, stated in enumerate(documents):
        for j, other in enumerate(documents):
            if j != k:
                with pytest.raises(Rejected):
                    check({**other, "statement": stated["statement"]})


def numbers_in(node: Json, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if isinstance(node, str):
        return [path] if path and node[-1].isdigit() and node.lstrip("-")[0].isdigit() else []
    items: Sequence[tuple[Any, Json]] = list(node.items() if isinstance(node, dict) else enumerate(node or ()))
    return [place for key, entry in items for place in numbers_in(entry, (*path, str(key)))]


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_number_changed_at_random_is_refused_or_leaves_a_true_statement(name: str) -> None:
    source, accepted, refused = random.Random(name), 0, 0
    document = EXAMPLES[name]()
    places = [place for place in numbers_in(document) if place[0] in ("statement", "witness")]
    assert len(places) > 6
    for place in places:
        before: Json = document
        for step in place:
            before = before[int(step) if isinstance(before, list) else step]
        old = F(before)
        for change in (old + F(source.randrange(1, 9), 100), old - F(1, 1000), -old, 2 * old, F(0)):
            if change == old:
                continue
            forged = edited(document, ".".join(place), str(change))
            try:
                holds = check(forged).holds
            except Rejected:
                refused += 1
                continue
            accepted += 1
            assert is_true(forged, holds), (place, change)
    assert accepted and refused > accepted
