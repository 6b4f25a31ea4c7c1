r"""Stating a worst case: the program that is noted is the method that was run; what cannot be exact is refused at once."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import pytest

from tests.optimization.samples import Quadratic, run
from verify.errors import ProblemError
from verify.kernel.worst_case import read, text
from verify.optimization import (
    Cocoercive,
    Convex,
    ConvexIndicator,
    Curvature,
    LipschitzConvex,
    Monotone,
    Nonexpansive,
    Problem,
    Smooth,
    SmoothConvex,
    SmoothStronglyConvex,
    StronglyConvex,
    Tight,
    WorstCase,
    dot,
    heavy_ball,
    sq,
)

HALF = Fraction(1, 2)


def descent(steps: int, rate: Any = "1/10") -> WorstCase:
    problem = Problem()
    f = problem.function(SmoothConvex(L=1))
    xs = problem.minimizer(f)
    x0 = x = problem.point("x0")
    for _ in range(steps):
        x = x - f.gradient(x)
    return WorstCase(problem, performance=f(x) - f(xs), initial=sq(x0 - xs), rate=rate)


@pytest.mark.parametrize("seed", range(5))
def test_a_program_run_on_a_function_is_the_method(seed: int) -> None:
    f, steps = Quadratic.random(seed, Fraction(1, 8), Fraction(1)), 4
    x0 = [Fraction(k) for k in (3, -2, seed)]
    iterates = [x0]
    for _ in range(steps):
        iterates.append([x - g for x, g in zip(iterates[-1], f.gradient(iterates[-1]), strict=True)])
    free = {"xs": f.minimizer(), "x0": x0, **{f"df_x{k}": f.gradient(x) for k, x in enumerate(iterates)}}
    statement = descent(steps).statement()
    found = run(statement["program"], free.__getitem__, {"f": f})
    assert not found.wrong
    assert found.vectors["x4"] == iterates[4]
    assert found.number(statement["performance"][0]) == f.value(iterates[4]) - f.value(f.minimizer())
    distance = sum((x - y) ** 2 for x, y in zip(x0, f.minimizer(), strict=True))
    assert found.number(statement["initial"]) == distance


@pytest.mark.parametrize("seed", range(3))
def test_sums_and_implicit_steps_are_what_they_say(seed: int) -> None:
    f, h = (Quadratic.random(seed + k, Fraction(1, 4), Fraction(2)) for k in (0, 50))
    problem = Problem()
    left, right = problem.function(SmoothConvex(L=2)), problem.function(Convex())
    total = 2 * left + right / 3
    xs = problem.minimizer(total)
    x0 = problem.point("x0")
    y = right.prox(x0 - HALF * left.gradient(x0), "1/2", name="y")
    statement = WorstCase(problem, performance=total(y) - total(xs), initial=dot(x0, xs), rate=1).statement()
    start = [Fraction(1), Fraction(-2), Fraction(seed)]
    pairs = zip(f.diagonal, f.shift, h.diagonal, h.shift, strict=True)
    optimum = [-(2 * b + c / 3) / (2 * d + e / 3) for d, b, e, c in pairs]
    moved = h.prox([x - g / 2 for x, g in zip(start, f.gradient(start), strict=True)], HALF)
    known = {"xs": optimum, "x0": start, "df_xs": f.gradient(optimum), "df_x0": f.gradient(start)}
    known |= {"dh_y": h.gradient(moved), "df_y": f.gradient(moved)}
    found = run(statement["program"], known.__getitem__, {"f": f, "h": h})
    assert not found.wrong
    assert found.vectors["y"] == moved
    gain = 2 * (f.value(moved) - f.value(optimum)) + (h.value(moved) - h.value(optimum)) / 3
    assert found.number(statement["performance"][0]) == gain


def test_the_kernel_reads_what_is_stated() -> None:
    question = read(descent(3).statement())
    assert question.basis == ["xs", "x0", "df_x0", "df_x1", "df_x2", "df_x3"]
    assert question.vectors["x2"] == {"x0": 1, "df_x0": -1, "df_x1": -1}
    assert not question.attained
    assert "x2 = x1 - df_x1" in text(descent(3).statement())
    tight = descent(3)
    again = Tight(tight.problem, performance=tight.performance, initial=tight.initial, rate="1/10").statement()
    assert {**again, "relation": "at most"} == tight.statement()
    assert read(again).attained


def test_a_momentum_step_is_written_from_the_step_before() -> None:
    problem = Problem()
    f = problem.function(SmoothConvex(L=1))
    x = heavy_ball(f, problem.point("x0"), [HALF] * 3, "1/4")
    f.gradient(x[-1])
    lets = [command for command in problem.program if command[0] == "let"]
    assert max(len(terms) for _, _, terms in lets) <= 4
    expected = {"x0": 1, "df_x0": -HALF * (1 + Fraction(1, 4) + Fraction(1, 16)), "df_x1": -HALF * Fraction(5, 4)}
    question = read(WorstCase(problem, performance=sq(x[-1]), initial=1, rate=1).statement())
    assert question.vectors[lets[-1][1]] == {**expected, "df_x2": -HALF}


def test_an_oracle_is_asked_once_unless_a_new_answer_is_wanted() -> None:
    problem = Problem()
    f, x = problem.function(LipschitzConvex(M=1)), problem.point("x")
    first = f.gradient(x)
    assert f.gradient(x + 0 * x).parts == first.parts
    assert f.gradient(x, new=True).parts != first.parts
    assert f(x).parts == {("f_x",): 1}
    T = problem.operator(Nonexpansive())
    assert T(x).parts == T(x).parts == {"A_x": 1}


def test_squares_expand_bilinearly() -> None:
    problem = Problem()
    u, v = problem.point("u"), problem.point("v")
    assert sq(u - 2 * v).parts == {("u", "u"): 1, ("u", "v"): -4, ("v", "v"): 4}
    assert ((u + v) * (u - v)).parts == {("u", "u"): 1, ("v", "v"): -1}
    assert (1 - sq(u) / 2 + "1/3").parts == {(): Fraction(4, 3), ("u", "u"): Fraction(-1, 2)}
    problem.assume(sq(u) <= 4)
    problem.assume_equal(dot(u, v), 1)
    assert problem.conditions[0].parts == {(): 4, ("u", "u"): -1}
    assert problem.equations[0].parts == {(): -1, ("u", "v"): 1}


def test_operators_have_zeros_and_fixed_points() -> None:
    problem = Problem()
    A, B = problem.operator(Monotone()), problem.operator(Cocoercive(beta=2))
    xs = problem.zero(A, B)
    x1 = A.resolvent(problem.point("x0"), 2)
    assert ["at", "B", "xs", "v0"] in problem.program
    assert ["let", "v0", [["-1", "A_xs"]]] in problem.program
    assert ["at", "A", "x1", "A_x1"] in problem.program
    T = problem.operator(Nonexpansive(), "T")
    z = problem.fixed_point(T, "z")
    assert problem.program[-1] == ["at", "T", "z", "z"]
    read(WorstCase(problem, performance=sq(x1 - z), initial=sq(xs), rate=1).statement())


def refused(message: str) -> Any:
    return pytest.raises(ProblemError, match=re.escape(message))


CLASSES = [
    (
        lambda: SmoothConvex(L=0.5),
        'L is the float 0.5, and certificates are exact; write Fraction(1, 10) or the text "1/10"',
    ),
    (lambda: SmoothConvex(L=0), "L = 0 is not positive"),
    (lambda: SmoothConvex(L="root 2"), "L is 'root 2', which is no rational number"),
    (lambda: SmoothStronglyConvex(mu=2, L=1), "mu = 2 is not less than L = 1; give mu < L"),
    (lambda: SmoothStronglyConvex(mu=0, L=1), "mu = 0 is not positive; write SmoothConvex(L)"),
    (lambda: StronglyConvex(mu=-1), "mu = -1 is not positive; write Convex()"),
    (lambda: Curvature(mu=1, L=1), "mu = 1 is not less than L = 1"),
    (lambda: Smooth(L=-1), "L = -1 is not positive"),
    (lambda: LipschitzConvex(M=0), "M = 0 is not positive"),
    (lambda: ConvexIndicator(D=-1), "D = -1 is not positive"),
    (lambda: Cocoercive(beta=0), "beta = 0 is not positive"),
]


@pytest.mark.parametrize("make, message", CLASSES, ids=[message[:30] for _, message in CLASSES])
def test_a_class_without_members_is_refused(make: Any, message: str) -> None:
    with refused(message):
        make()


def test_an_irrational_step_is_refused() -> None:
    import sympy

    problem = Problem()
    f, x = problem.function(SmoothConvex(L=1)), problem.point()
    with refused("which is no rational number; write an integer, Fraction(1, 10)"):
        x - sympy.sqrt(2) * f.gradient(x)
    with refused("a factor of a vector is the float 0.1"):
        x - 0.1 * f.gradient(x)
    with refused("a division by zero"):
        x / 0
    with refused("the step size -1 of a proximal step is not positive"):
        f.prox(x, -1)


def test_what_is_no_number_or_no_vector_is_refused() -> None:
    problem, other = Problem(), Problem()
    f, x, y = problem.function(SmoothConvex(L=1)), problem.point("x"), other.point("y")
    for wrong, message in [
        (lambda: x + f(x), "cannot add a vector and an expression (a number)"),
        (lambda: f(x) + x, "x is a vector where a number is needed"),
        (lambda: f(x) * f(x), "cannot multiply"),
        (lambda: x - y, "x and y belong to two problems; make both from one Problem()"),
        (lambda: f.gradient(y), "y belongs to another problem"),
        (lambda: x**3, "only the square of a vector"),
        (lambda: problem.point("x"), "the name 'x' is taken"),
        (lambda: problem.point("x 1"), "'x 1' is no name"),
        (lambda: problem.assume(True), "True is no condition"),
        (lambda: bool(sq(x) <= 1), "a condition on vectors is neither true nor false"),
        (lambda: problem.function(Monotone()), "is no class of functions"),
        (lambda: problem.operator(Convex()), "is no class of operators"),
        (lambda: problem.infimum(f + f), "the infimum of a single function"),
    ]:
        with refused(message):
            wrong()


def test_a_question_is_refused_where_it_asks_nothing() -> None:
    problem = Problem()
    with refused("the problem has neither points nor functions"):
        WorstCase(problem, performance=problem.constant(1), initial=1, rate=1).statement()
    question = descent(1)
    with refused("there is no performance"):
        WorstCase(question.problem, performance=[], initial=1, rate=1).statement()
    with refused("the rate is the float 0.5"):
        descent(1, rate=0.5).statement()
    other = sq(Problem().point("y"))
    with refused("is no expression of this problem"):
        WorstCase(question.problem, performance=other, initial=1, rate=1).statement()
