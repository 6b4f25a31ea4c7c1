r"""Worst functions: that methods run on them exactly as slowly as the theorems say, in arithmetic of this file."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest

from verify.errors import ProblemError
from verify.kernel import FORMAT, Rejected, check
from verify.kernel.worst_case_function import decide
from verify.optimization import (
    Convex,
    ConvexIndicator,
    Interval,
    LipschitzConvex,
    PiecewiseQuadratic,
    Problem,
    Smooth,
    SmoothConvex,
    SmoothStronglyConvex,
    Tight,
    WorstCase,
    absolute,
    gradient_descent,
    huber,
    in_space,
    interpolant,
    line_search,
    on_line,
    proximal_gradient,
    proximal_point,
    quadratic,
    sq,
    tents,
)
from verify.optimization.rank_one import line_witness

ZERO = Fraction(0)


def derivative(f: PiecewiseQuadratic, x: Fraction, side: int = 1) -> Fraction:
    """From the right (side 1) or from the left, by the definition of the class of functions."""
    before = [k for k in f.knots if k[0] < x or (k[0] == x and side > 0)]
    after = [k for k in f.knots if k not in before]
    if not before:
        return after[0][1] - f.ends[0] * (after[0][0] - x)
    if not after:
        return before[-1][2] + f.ends[1] * (x - before[-1][0])
    (s, _, low), (t, high, _) = before[-1], after[0]
    return low + (high - low) * (x - s) / (t - s)


def integral(f: PiecewiseQuadratic, a: Fraction, b: Fraction) -> Fraction:
    """Of the derivative: the trapezoidal rule is exact between knots."""
    places = [a, *(k[0] for k in f.knots if a < k[0] < b), b]
    return sum(((derivative(f, s) + derivative(f, t, -1)) / 2 * (t - s) for s, t in pairwise(places)), ZERO)


@pytest.mark.parametrize("steps", [1, 2, 5, 30])
@pytest.mark.parametrize("step", [Fraction(1, 3), Fraction(1)])
def test_gradient_descent_is_slowest_on_huber(steps: int, step: Fraction) -> None:
    L = Fraction(3)
    f = huber(L, 1 / (2 * steps * step + 1))
    x = Fraction(1)
    for _ in range(steps):
        x -= step / L * derivative(f, x)
    assert integral(f, ZERO, x) == L / (4 * steps * step + 2)
    assert derivative(f, ZERO) == 0


@pytest.mark.parametrize("steps", [0, 1, 2, 7])
@pytest.mark.parametrize("t", [Fraction(1, 2), Fraction(1)])
def test_gradient_descent_is_slowest_on_tents(steps: int, t: Fraction) -> None:
    L, c = Fraction(2), Fraction(5)
    f = tents(L, t / L, steps, c)
    x, least = ZERO, []
    for _ in range(steps):
        least.append(derivative(f, x) ** 2)
        x -= t / L * derivative(f, x)
    least.append(derivative(f, x) ** 2)
    assert set(least) == {c**2}
    gap = integral(f, f.knots[0][0], ZERO)
    assert c**2 == 4 * L * gap / (2 + steps * (4 * t - t**2))
    slopes = [(b[1] - a[2]) / (b[0] - a[0]) for a, b in pairwise(f.knots)]
    assert max(map(abs, slopes)) <= L
    assert all(k[1] == k[2] >= 0 for k in f.knots)


def data_of(f: PiecewiseQuadratic, places: list[Fraction]) -> list[tuple[Fraction, Fraction, Fraction]]:
    low = min(places)
    return [(x, derivative(f, x), integral(f, low, x)) for x in places]


@pytest.mark.parametrize("seed", range(30))
def test_an_interpolant_has_the_given_values_and_derivatives(seed: int) -> None:
    draw = random.Random(seed)
    mu, L = Fraction(draw.choice([-2, 0, 1]), 2), Fraction(draw.choice([2, 3]))
    places = sorted(draw.sample(range(-20, 20), 6))
    knots, slope = [(Fraction(places[0]), Fraction(draw.randrange(-3, 4)))], ZERO
    for a, b in pairwise(places):
        slope = mu + (L - mu) * Fraction(draw.randrange(5), 4)
        knots.append((Fraction(b), knots[-1][1] + slope * (b - a)))
    f = PiecewiseQuadratic.of(knots, (mu, L))
    data = data_of(f, [Fraction(draw.randrange(-100, 100), 4) for _ in range(5)])
    g = interpolant(data, mu, L)
    low = min(x for x, _, _ in data)
    for x, slope, value in data:
        assert derivative(g, x) == derivative(g, x, -1) == slope
        assert integral(g, low, x) == value
    rises = [g.ends[0], g.ends[1], *((b[1] - a[2]) / (b[0] - a[0]) for a, b in pairwise(g.knots))]
    assert all(mu <= rise <= L for rise in rises)
    assert all(left == right for _, left, right in g.knots)


def test_an_interpolant_without_smoothness_has_jumps() -> None:
    data = [(ZERO, ZERO, ZERO), (Fraction(1), Fraction(2), Fraction(1)), (Fraction(1), Fraction(3), Fraction(1))]
    f = interpolant(data)
    assert f.knots == ((0, 0, 0), (Fraction(1, 2), 0, 2), (1, 2, 3))


IMPOSSIBLE = [
    ([(0, 0, 0), (1, 1, 2)], 0, 1),  # the value is more than the derivatives allow
    ([(0, 1, 0), (1, 0, 0)], 0, 1),  # the derivative falls
    ([(0, 0, 0), (1, 2, 1)], 0, 1),  # it rises too fast
    ([(0, 0, 0), (1, 0, 1)], 0, None),
    ([(0, 0, 0), (0, 1, 0)], 0, 1),  # two derivatives
    ([(0, 0, 0), (0, 1, 1)], 0, None),  # two values
    ([], 0, 1),
]


@pytest.mark.parametrize("points, mu, L", IMPOSSIBLE, ids=range(len(IMPOSSIBLE)))
def test_there_is_no_interpolant_of_what_no_function_takes(points: Any, mu: int, L: int | None) -> None:
    with pytest.raises(ProblemError):
        interpolant(points, mu, L)


# ---------------------------------------------------------------------------------------------------- instances


def convex_descent(steps: int, kind: type[WorstCase], rate: Any, **given: Any) -> WorstCase:
    problem = Problem()
    f = problem.function(SmoothConvex(L=1))
    xs, x0 = problem.minimizer(f), problem.point("x0")
    x = gradient_descent(f, x0, [1] * steps)[-1]
    instance = on_line(huber(1, Fraction(1, 2 * steps + 1)), **given)
    return kind(problem, performance=f(x) - f(xs), initial=sq(x0 - xs), rate=rate, worst_function=instance)


@pytest.mark.parametrize("steps", [1, 4, 12])
def test_the_kernel_accepts_that_huber_attains_the_rate(steps: int) -> None:
    question = convex_descent(steps, Tight, Fraction(1, 4 * steps + 2), x0=1)
    kind, witness = question.answer()
    assert kind == "worst-case-function"
    assert decide(question.statement(), witness).holds
    larger = convex_descent(steps, Tight, Fraction(1, 4 * steps + 2) + Fraction(1, 10**9), x0=1)
    with pytest.raises(Rejected, match="is less than"):
        decide(larger.statement(), witness)


def test_a_rate_that_is_too_small_is_refuted_by_the_worst_function() -> None:
    question = convex_descent(3, WorstCase, "1/15", x0=1)
    kind, witness = question.answer()
    assert (kind, decide(question.statement(), witness).holds) == ("worst-case-function", False)


def test_tents_attain_the_nonconvex_rate() -> None:
    problem, steps = Problem(), 4
    f = problem.function(Smooth(L=1))
    low, x0 = problem.infimum(f), problem.point("x0")
    gradients = [sq(f.gradient(x)) for x in gradient_descent(f, x0, ["1/2"] * steps)]
    t = Fraction(1, 2)
    rate = 4 / (2 + steps * (4 * t - t**2))
    instance = on_line(tents(1, t, steps), x0=0)
    question = Tight(problem, performance=gradients, initial=f(x0) - low, rate=rate, worst_function=instance)
    assert decide(question.statement(), question.answer()[1]).holds


def test_implicit_vectors_are_computed() -> None:
    """prox of |x| with step h moves by h towards 0 and stops there; a projection is a proximal step."""
    problem = Problem()
    f = problem.function(LipschitzConvex(M=1))
    xs, x0 = problem.minimizer(f), problem.point("x0")
    x = proximal_point(f, x0, [1, "1/2", 3])
    performance = [f(x[1]), f(x[2])]
    question = Tight(
        problem, performance=performance, initial=sq(x0 - xs), rate="1/18", worst_function=on_line(absolute(), x0=2)
    )
    witness = question.witness_on_the_line
    assert witness is not None
    assert witness["vectors"] == {"xs": "0", "x0": "2", "df_x1": "1", "df_x2": "1", "df_x3": "1/6"}
    assert decide(question.statement(), witness).facts == (("performance", "1/2"), ("initial", "4"))


def test_a_projected_gradient_stays_in_the_interval() -> None:
    problem = Problem()
    f, region = problem.function(SmoothConvex(L=1)), problem.function(ConvexIndicator(D=2), "K")
    x0 = problem.point("x0")
    x = proximal_gradient(f, region, x0, [1, 1])[-1]
    functions = {"f": PiecewiseQuadratic.of([(5, 0)], (1, 1)), "K": Interval.of(-1, 1)}
    question = Tight(problem, performance=-1 * f(x), initial=1, rate=-8, worst_function=on_line(functions, x0=0))
    witness = question.witness_on_the_line
    assert witness is not None
    assert witness["vectors"] == {"x0": "0", "df_x0": "-5", "dK_x1": "4", "df_x1": "-4", "dK_x2": "4", "df_x2": "-4"}
    assert decide(question.statement(), witness).facts[0] == ("performance", "-8")


def question(instance: Any, *, lower: bool = False) -> WorstCase:
    problem = Problem()
    f, h = problem.function(SmoothConvex(L=1)), problem.function(Convex())
    x0, s = problem.point("x0"), problem.infimum(f) if lower else problem.value("s")
    xs = problem.minimizer(f + h)
    return WorstCase(problem, performance=f(x0) - s, initial=sq(x0 - xs), rate=1, worst_function=instance)


INCOMPLETE: list[tuple[Callable[[], WorstCase], str]] = [
    (lambda: question(on_line(huber(), x0=1)), "the worst functions are '', but the problem has f, h"),
    (
        lambda: question(on_line({"f": huber(), "h": absolute()}, x0=1)),
        "does not determine xs; give it a number, xs=...",
    ),
    (
        lambda: question(on_line({"f": huber(), "h": absolute()}, x0=1, xs=0)),
        "the value s of the worst case is not given",
    ),
    (
        lambda: question(on_line({"f": huber(), "h": absolute()}, x0=1, xs=0, y=2)),
        "y is no free vector of the problem; these are x0",
    ),
    (
        lambda: question(on_line({"f": PiecewiseQuadratic.of([(0, 1)]), "h": absolute()}, x0=1, xs=0), lower=True),
        "the worst function f is not bounded below",
    ),
]


@pytest.mark.parametrize("make, message", INCOMPLETE, ids=[message for _, message in INCOMPLETE])
def test_an_instance_that_is_not_determined_is_refused(make: Callable[[], WorstCase], message: str) -> None:
    with pytest.raises(ProblemError, match=re.escape(message)):
        _ = make().witness_on_the_line


def test_functions_without_sense_are_refused() -> None:
    for make, message in [
        (lambda: huber(1, 0), "the radius = 0 is not positive"),
        (lambda: tents(1, 2, 3), "tents need L > 0, slope > 0 and 0 < step <= 1/L"),
        (lambda: PiecewiseQuadratic.of([(1, 0), (0, 1)]), "the knots of a piecewise quadratic function are not in"),
        (lambda: PiecewiseQuadratic.of([]), "a piecewise quadratic function needs knots"),
        (lambda: quadratic(0.1), "the curvature is the float 0.1"),
        (lambda: Interval.of(1, 0), "the interval from 1 to 0 is empty"),
    ]:
        with pytest.raises(ProblemError, match=re.escape(message)):
            make()


# ------------------------------------------------------------------------------------------------------ in space


def line_searched(kind: type[WorstCase], rate: Any, **given: Any) -> WorstCase:
    """One exact line search, on mu/2 x^2 + L/2 y^2 from (1/mu, 1/L), mu = 1/10, L = 3 (de Klerk, Glineur, Taylor 2017)."""
    problem = Problem()
    f = problem.function(SmoothStronglyConvex(mu="1/10", L=3))
    xs, x0 = problem.minimizer(f), problem.point("x0")
    x1 = line_search(f, x0, f.gradient(x0), "x1")
    worst = in_space([quadratic("1/10"), quadratic(3)], **given)
    return kind(problem, performance=f(x1) - f(xs), initial=f(x0) - f(xs), rate=rate, worst_function=worst)


ZIGZAG = {"x0": (10, "1/3"), "x1": (Fraction(290, 31), Fraction(-29, 93))}


def test_an_exact_line_search_is_slowest_in_the_plane() -> None:
    """((L - mu) / (L + mu))^2 = (29/31)^2, as proved there; no function on the line has a slow line search."""
    rate = Fraction(29, 31) ** 2
    for kind, stated, expected in [
        (WorstCase, rate, ("worst-case-multipliers", True)),
        (Tight, rate, ("worst-case-gram", True)),
        (WorstCase, rate * Fraction(99, 100), ("worst-case-gram", False)),
        (Tight, rate * Fraction(101, 100), ("worst-case-multipliers", False)),
    ]:
        question = line_searched(kind, stated, **ZIGZAG)
        found, witness = question.answer()
        document = {"format": FORMAT, "kind": found, "statement": question.statement(), "witness": witness}
        assert (found, check(document).holds) == expected


def test_coordinates_that_do_not_follow_the_program_are_refused() -> None:
    with pytest.raises(ProblemError, match="the same number of coordinates"):
        line_searched(Tight, 1, x0=(1, 2, 3))
    wrong = line_searched(Tight, "1/2", x0=(10, "1/3"), x1=(9, "-1/3"))  # no line search ends there: an equation fails
    assert wrong.known(wrong.statement()) is None
    steep = in_space([quadratic("1/10"), quadratic(4)], **ZIGZAG)
    question = Tight(wrong.problem, performance=wrong.performance, initial=wrong.initial, rate=1, worst_function=steep)
    with pytest.raises(ProblemError, match="no instance of the problem: the derivative of f rises faster than by 3"):
        question.answer()


# ------------------------------------------------------------------------------------------------------ rank one


def test_a_gram_matrix_of_rank_one_is_made_explicit() -> None:
    """The Gram matrix of numbers that are rational only after scaling by the root of 2."""
    question = convex_descent(2, Tight, Fraction(1, 10), x0=1)
    witness = question.witness_on_the_line
    assert witness is not None
    numbers = [Fraction(v) for v in witness["vectors"].values()]
    gram = [[str(2 * a * b) for b in numbers] for a in numbers]
    values = {"f_xs": "0", "f_x0": "9/25", "f_x1": "7/25", "f_x2": "1/5"}
    found = line_witness(question.statement(), {"gram": gram, "values": values})
    assert found is not None
    assert decide(question.statement(), found).holds
    gram[0][0] = "1"
    assert line_witness(question.statement(), {"gram": gram, "values": values}) is None
