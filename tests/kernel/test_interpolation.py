r"""The relations of the classes hold between the points of real members, which are evaluated here; and none is too weak.

Members are rational wherever that is possible, so that the relations are tested exactly.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from fractions import Fraction as F
from typing import Any

import pytest

from verify.kernel import Rejected
from verify.kernel.interpolation import Function, Point, read_function

Vector = tuple[F, ...]
Sample = list[tuple[Vector, Vector, F]]  # points, gradients or images, values
DIMENSION = 3


def dot(u: Vector, v: Vector) -> F:
    return sum((a * b for a, b in zip(u, v, strict=True)), F(0))


def points(source: random.Random, count: int) -> list[Vector]:
    return [tuple(F(source.randrange(-12, 13), 4) for _ in range(DIMENSION)) for _ in range(count)]


def sampled(function: Callable[[Vector], tuple[Vector, F]]) -> Callable[[random.Random], Sample]:
    return lambda source: [(x, *function(x)) for x in points(source, 5)]


def separable(one: Callable[[F], tuple[F, F]]) -> Callable[[Vector], tuple[Vector, F]]:
    """The sum of a function of each coordinate, given by its derivative and value."""

    def whole(x: Vector) -> tuple[Vector, F]:
        parts = [one(t) for t in x]
        return tuple(slope for slope, _ in parts), sum((value for _, value in parts), F(0))

    return whole


def rotated(function: Callable[[Vector], tuple[Vector, F]]) -> Callable[[Vector], tuple[Vector, F]]:
    """The function after the reflection I - 2 n n^T of a rational unit vector n = (2, 3, 6)/7."""
    n = (F(2, 7), F(3, 7), F(6, 7))

    def reflect(x: Vector) -> Vector:
        return tuple(a - 2 * dot(n, x) * b for a, b in zip(x, n, strict=True))

    def whole(x: Vector) -> tuple[Vector, F]:
        gradient, value = function(reflect(x))
        return reflect(gradient), value

    return whole


def huber(t: F) -> tuple[F, F]:
    return (t, t * t / 2) if abs(t) <= 1 else (F(1 if t > 0 else -1), abs(t) - F(1, 2))


def double_well(t: F) -> tuple[F, F]:
    """Of curvature -1 within [-1, 1] and 1 outside, with the least value -1 at 2 and -2."""
    s = abs(t)
    slope, value = (-s, -s * s / 2) if s <= 1 else (s - 2, (s - 2) ** 2 / 2 - 1)
    return slope * (1 if t > 0 else -1), value


def quadratic(weights: Vector) -> Callable[[Vector], tuple[Vector, F]]:
    """1/2 sum w_i x_i^2 + x_1 + 3."""

    def whole(x: Vector) -> tuple[Vector, F]:
        gradient = tuple(w * t + (i == 1) for i, (w, t) in enumerate(zip(weights, x, strict=True)))
        return gradient, sum((w * t * t / 2 for w, t in zip(weights, x, strict=True)), F(3)) + x[1]

    return whole


def projected(source: random.Random) -> Sample:
    """Points of the box [0, 1]^3, and twice what was projected away."""
    found = []
    for x in points(source, 5):
        y = tuple(min(max(t, F(0)), F(1)) for t in x)
        found.append((y, tuple(2 * (a - b) for a, b in zip(x, y, strict=True)), F(0)))
    return found


def skew(x: Vector) -> tuple[Vector, F]:
    """x/2 plus a rotation by 90 degrees in the first two coordinates."""
    return (x[0] / 2 - x[1], x[1] / 2 + x[0], x[2] / 2), F(0)


MEMBERS: dict[str, tuple[str, dict[str, str], Callable[[random.Random], Sample], F | None]] = {
    "Huber": ("curvature", {"mu": "0", "L": "1"}, sampled(rotated(separable(huber))), F(0)),
    "Huber and a quadratic": ("curvature", {"mu": "1/3", "L": "4/3"},
        sampled(rotated(lambda x: (tuple(a + b / 3 for a, b in zip(separable(huber)(x)[0], x, strict=True)),
                                   separable(huber)(x)[1] + dot(x, x) / 6))), F(0)),
    "double well": ("curvature", {"mu": "-1", "L": "1"}, sampled(rotated(separable(double_well))), F(-3)),
    "absolute values": ("curvature", {"mu": "0", "L": "inf", "M": "2"},
        sampled(separable(lambda t: (F(1 if t > 0 else -1 if t < 0 else 0), abs(t)))), F(0)),
    "absolute values and a quadratic": ("curvature", {"mu": "2", "L": "inf"},
        sampled(separable(lambda t: (2 * t + (1 if t >= 0 else -1), t * t + abs(t)))), F(0)),
    "minus a quadratic and absolute values": ("curvature", {"mu": "-2", "L": "inf"},
        sampled(separable(lambda t: (-2 * t + (1 if t >= 0 else -1), abs(t) - t * t))), None),
    "quadratic": ("quadratic", {"mu": "1/4", "L": "2"}, sampled(rotated(quadratic((F(1, 4), F(1), F(2))))), None),
    "quadratic as smooth": ("curvature", {"mu": "1/4", "L": "2"}, sampled(rotated(quadratic((F(1, 4), F(1), F(2))))), None),
    "indefinite quadratic": ("quadratic", {"mu": "-1", "L": "2"}, sampled(quadratic((F(-1), F(0), F(2)))), None),
    "box": ("indicator", {"D": "2"}, projected, None),
    "skew": ("operator", {"mu": "1/2", "beta": "2/5", "L": "5/4"}, sampled(skew), None),
}  # fmt: skip


def evaluated(kind: str, parameters: dict[str, str], sample: Sample, lower: F | None) -> Iterator[tuple[str, bool, F]]:
    """The relations at a sample: name, whether an equation, value."""
    function = read_function(kind, parameters)
    values = function.kind in ("curvature", "quadratic")
    vectors: dict[str, Vector] = {}
    known: dict[str, F] = {}
    for k, (x, g, v) in enumerate(sample):
        vectors |= {f"x{k}": x, f"g{k}": g}
        known |= {f"f{k}": v}
        function.points.append(Point(f"x{k}", f"g{k}", f"f{k}" if values else ""))
    if lower is not None:
        function.lower.append("s")
        known["s"] = lower
    for label in function.relations():
        equation, form = function.relation(*label)
        yield label[0], equation, value_of(form, vectors, known)
    if kind == "quadratic":
        weights = [F(k + 1) for k in range(len(sample))]
        both = [(i, j, function.between(function.points[i], function.points[j])) for i in range(5) for j in range(5)]
        yield (
            "between",
            False,
            sum((weights[i] * weights[j] * value_of(form, vectors, known) for i, j, form in both), F(0)),
        )


def value_of(form: Any, vectors: dict[str, Vector], known: dict[str, F]) -> F:
    total = F(0)
    for key, c in form.items():
        total += c * (dot(*(vectors[n] for n in key)) if len(key) == 2 else known[key[0]] if key else 1)
    return total


@pytest.mark.parametrize("name", MEMBERS)
def test_the_relations_hold_for_members_of_the_class(name: str) -> None:
    kind, parameters, draw, lower = MEMBERS[name]
    seen = set()
    for seed in range(12):
        for relation, equation, value in evaluated(kind, parameters, draw(random.Random(seed)), lower):
            assert value == 0 if equation else value >= 0, (relation, value)
            seen.add(relation)
    assert seen


@pytest.mark.parametrize(
    ("name", "smaller"),
    [
        ("Huber", {"L": "9/10"}),
        ("Huber and a quadratic", {"mu": "2/5"}),
        ("double well", {"mu": "-9/10"}),
        ("absolute values", {"M": "3/2"}),
        ("absolute values and a quadratic", {"mu": "5"}),
        ("quadratic", {"L": "19/10"}),
        ("indefinite quadratic", {"mu": "0"}),
        ("box", {"D": "1/2"}),
        ("skew", {"mu": "3/5"}),
        ("skew", {"beta": "1/2"}),
        ("skew", {"L": "11/10"}),
    ],
    ids=str,
)
def test_some_relation_fails_for_a_smaller_class(name: str, smaller: dict[str, str]) -> None:
    kind, parameters, draw, lower = MEMBERS[name]
    values = [
        value
        for seed in range(12)
        for _, _, value in evaluated(kind, {**parameters, **smaller}, draw(random.Random(seed)), lower)
    ]
    assert min(values) < 0


def test_a_lower_bound_that_is_too_large_fails() -> None:
    kind, parameters, draw, _ = MEMBERS["double well"]
    found = [
        v
        for seed in range(40)
        for r, _, v in evaluated(kind, parameters, draw(random.Random(seed)), F(-2))
        if r == "lower"
    ]
    assert min(found) < 0


def test_relations_without_their_parameter_are_not_stated() -> None:
    function = Function("operator", {"beta": F(1)}, [Point("x", "g"), Point("y", "h")])
    assert [*function.relations()] == [("cocoercive", "0", "1")]
    with pytest.raises(Rejected, match="no parameter is stated for monotone"):
        function.relation("monotone", "0", "1")


def test_a_quadratic_may_have_one_curvature_only_and_a_curvature_may_not() -> None:
    assert read_function("quadratic", {"mu": "1", "L": "1"}).parameters == {"mu": 1, "L": 1}
    for kind, mu, L in (
        ("curvature", "1", "1"),
        ("curvature", "-1", "0"),
        ("quadratic", "0", "0"),
        ("quadratic", "2", "1"),
    ):
        with pytest.raises(Rejected, match="L is more than 0 and mu"):
            read_function(kind, {"mu": mu, "L": L})
