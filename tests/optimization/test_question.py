r"""Rates that are asked: published closed forms are proved and attained, and what is near them is refused or refuted.

The oracles are theorems of the literature, each named where it is used; nothing here is computed by a solver.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from verify.errors import Unanswered
from verify.kernel import FORMAT, check
from verify.optimization import (
    Convex,
    LipschitzConvex,
    Monotone,
    Nonexpansive,
    Problem,
    Quadratic,
    SmoothConvex,
    SmoothStronglyConvex,
    Tight,
    WorstCase,
    gradient_descent,
    halpern,
    krasnoselskii_mann,
    nesterov,
    proximal_gradient,
    proximal_point,
    sq,
)

F = Fraction
Stated = tuple[Problem, Any, Any]  # problem, performance, initial quantity


def nesterov_descent() -> Stated:
    problem = Problem()
    f = problem.function(SmoothConvex(L=1))
    xs, x0 = problem.minimizer(f), problem.point("x0")
    x = nesterov(f, x0, 1, [F(k, k + 3) for k in range(3)])[0][-1]
    return problem, f(x) - f(xs), sq(x0 - xs)


def proximal_points() -> Stated:
    problem = Problem()
    f = problem.function(Convex())
    xs, x0 = problem.minimizer(f), problem.point("x0")
    x = proximal_point(f, x0, ["1/10"] * 3)[-1]
    return problem, f(x) - f(xs), sq(x0 - xs)


def subgradients() -> Stated:
    problem = Problem()
    f = problem.function(LipschitzConvex(M=2))
    xs, x0 = problem.minimizer(f), problem.point("x0")
    problem.assume(sq(x0 - xs) <= 1)
    x = gradient_descent(f, x0, ["1/4"] * 3)
    return problem, [f(y) - f(xs) for y in x], 1


def projected_gradients() -> Stated:
    problem = Problem()
    f, h = problem.function(SmoothStronglyConvex(mu="1/10", L=1)), problem.function(Convex())
    xs, x0 = problem.minimizer(f + h), problem.point("x0")
    return problem, sq(proximal_gradient(f, h, x0, [1, 1])[-1] - xs), sq(x0 - xs)


def quadratics() -> Stated:
    problem = Problem()
    f = problem.function(Quadratic(mu="1/10", L=1))
    xs, x0 = problem.minimizer(f), problem.point("x0")
    return problem, sq(gradient_descent(f, x0, [1, 1])[-1] - xs), sq(x0 - xs)


def resolvents() -> Stated:
    problem = Problem()
    A = problem.operator(Monotone())
    xs, x0 = problem.zero(A), problem.point("x0")
    x = [x0]
    for _ in range(3):
        x.append(A.resolvent(x[-1], 2))
    return problem, sq(x[-1] - x[-2]), sq(x0 - xs)


def halpern_steps() -> Stated:
    problem = Problem()
    T = problem.operator(Nonexpansive())
    xs, x0 = problem.fixed_point(T), problem.point("x0")
    x = halpern(T, x0, 4)[-1]
    return problem, sq(x - T(x)), sq(x0 - xs)


def averages() -> Stated:
    problem = Problem()
    T = problem.operator(Nonexpansive())
    xs, x0 = problem.fixed_point(T), problem.point("x0")
    x = krasnoselskii_mann(T, x0, ["3/4"] * 3)[-1]
    return problem, sq(x - T(x)) / 4, sq(x0 - xs)


PUBLISHED: dict[str, tuple[Callable[[], Stated], Fraction]] = {
    "Taylor, Hendrickx, Glineur 2017, Table 1, by numbers: 2 L / (N^2 + 5 N + 6)": (nesterov_descent, F(2, 30)),
    "Taylor, Hendrickx, Glineur 2017, Theorem 4.1: 1/(4 gamma N)": (proximal_points, F(10, 12)),
    "Drori, Teboulle 2016: M R / sqrt(N + 1)": (subgradients, F(1)),
    "Taylor, Hendrickx, Glineur 2018, Theorem 3.1: (1 - mu gamma)^2N": (projected_gradients, F(9, 10) ** 4),
    "the spectrum of a quadratic: (1 - mu gamma)^2N": (quadratics, F(9, 10) ** 4),
    "Gu, Yang 2020, Section 4: (1 - 1/N)^(N - 1) / N": (resolvents, F(4, 27)),
    "Lieder 2021, Theorem 2.1: (2 / (N + 1))^2": (halpern_steps, F(4, 25)),
    "Lieder 2018, Theorem 4.9: (N / (N + 1))^N / (4 (N + 1) c (1 - c))": (averages, F(9, 64)),
}


def decided(question: WorstCase) -> tuple[str, bool | None]:
    """What the kernel says of the answer."""
    kind, witness = question.answer()
    return kind, check({"format": FORMAT, "kind": kind, "statement": question.statement(), "witness": witness}).holds


@pytest.mark.parametrize("source", PUBLISHED)
def test_published_rates_are_proved(source: str) -> None:
    state, rate = PUBLISHED[source]
    problem, performance, initial = state()
    assert decided(WorstCase(problem, performance=performance, initial=initial, rate=rate)) == (
        "worst-case-multipliers",
        True,
    )


@pytest.mark.parametrize("source", PUBLISHED)
def test_a_smaller_rate_is_refuted_and_a_larger_one_is_not_attained(source: str) -> None:
    state, rate = PUBLISHED[source]
    problem, performance, initial = state()
    kind, holds = decided(WorstCase(problem, performance=performance, initial=initial, rate=rate * F(9, 10)))
    assert holds is False and kind in ("worst-case-function", "worst-case-gram")
    kind, holds = decided(Tight(problem, performance=performance, initial=initial, rate=rate * F(11, 10)))
    assert (kind, holds) == ("worst-case-multipliers", False)


def test_an_instance_on_the_line_is_preferred_to_a_gram_matrix() -> None:
    """Strongly convex functions are worst at mu/2 x^2, which the search has to find by itself."""
    problem, performance, initial = quadratics()
    kind, holds = decided(Tight(problem, performance=performance, initial=initial, rate=F(9, 10) ** 4))
    assert (kind, holds) == ("worst-case-function", True)


def test_a_worst_case_without_bound_is_refuted_for_every_rate() -> None:
    """Steps of 3/L on a quadratic grow by the factor 2 each; convex functions are not bounded by a distance."""
    problem = Problem()
    f = problem.function(SmoothConvex(L=1))
    xs, x0 = problem.minimizer(f), problem.point("x0")
    x = gradient_descent(f, x0, [3, 3])[-1]
    assert decided(WorstCase(problem, performance=sq(x - xs), initial=sq(x0 - xs), rate=15))[1] is False
    problem = Problem()
    f = problem.function(Convex())
    xs, x0 = problem.minimizer(f), problem.point("x0")
    unbounded = WorstCase(problem, performance=f(x0) - f(xs), initial=sq(x0 - xs), rate=1000)
    assert decided(unbounded)[1] is False


def test_what_is_not_decided_is_said() -> None:
    """Within 1e-12 of the true rate neither multipliers nor instances are told apart by floats."""
    problem, performance, initial = halpern_steps()
    rate = F(4, 25) * (1 - F(1, 10**12))
    question = WorstCase(problem, performance=performance, initial=initial, rate=rate)
    try:
        _, holds = decided(question)
    except Unanswered as problem_:
        assert "whether the rate" in str(problem_)
    else:
        assert holds is False
