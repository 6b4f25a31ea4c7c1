r"""Methods run on names are the methods of the textbooks, run here on explicit functions with code of its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from tests.optimization.samples import Quadratic, Vector, run
from verify.errors import ProblemError
from verify.kernel.worst_case import read
from verify.optimization import (
    Blocks,
    Convex,
    ConvexIndicator,
    LipschitzConvex,
    Monotone,
    Nonexpansive,
    Problem,
    SmoothConvex,
    WorstCase,
    douglas_rachford,
    frank_wolfe,
    gradient_descent,
    halpern,
    heavy_ball,
    inexact_gradient,
    krasnoselskii_mann,
    line_search,
    nesterov,
    preconditioned_gradient,
    proximal_gradient,
    proximal_point,
    sq,
    stochastic_steps,
)

START = [Fraction(3), Fraction(-2), Fraction(1, 3)]
F, H = Quadratic.random(1, Fraction(1, 8), Fraction(1)), Quadratic.random(2, Fraction(1, 8), Fraction(2))


def combined(*terms: tuple[Any, Vector]) -> Vector:
    return [sum((Fraction(c) * v[k] for c, v in terms), Fraction(0)) for k in range(3)]


def follow(problem: Problem, last: Any, functions: dict[str, Quadratic]) -> tuple[Vector, list[Any]]:
    """Where the program ends when it is run on explicit functions from START, implicit steps by closed forms."""
    known: dict[str, Vector] = {"x0": START}
    program = [*problem.program, ["let", "last", [[str(c), name] for name, c in last.parts.items()]]]

    def free(name: str) -> Vector:
        if name in known:
            return known[name]
        letter, _, place = name.partition("_")
        f = functions[letter.removeprefix("d")]
        lets = {command[1]: command[2] for command in problem.program if command[0] == "let"}
        step = next((-Fraction(c) for c, other in lets.get(place, []) if other == name), None)
        if step is None:
            return f.gradient(vectors()[place])
        before = [(c, v) for c, v in lets[place] if v != name]
        return f.gradient(f.prox(combined(*((c, vectors()[v]) for c, v in before)), step))

    def vectors() -> dict[str, Vector]:
        return found

    found: dict[str, Vector] = {}
    for position, command in enumerate(program):
        if command[0] == "vector":
            known[command[1]] = found[command[1]] = free(command[1])
        elif command[0] == "let":
            found[command[1]] = combined(*((c, found[v]) for c, v in command[2]))
        assert position <= len(program)
    ended = run(program, known.__getitem__, functions)
    assert not ended.wrong
    return ended.vectors["last"], ended.wrong


def case(build: Callable[[Problem, Any, Any, Any], Any]) -> Vector:
    problem = Problem()
    f, h = problem.function(SmoothConvex(L=1), "f"), problem.function(Convex(), "h")
    return follow(problem, build(problem, f, h, problem.point("x0")), {"f": F, "h": H})[0]


def test_gradient_descent() -> None:
    steps = [Fraction(1, k + 1) for k in range(4)]
    x = START
    for step in steps:
        x = combined((1, x), (-step, F.gradient(x)))
    assert case(lambda _, f, h, x0: gradient_descent(f, x0, steps)[-1]) == x


def test_heavy_ball() -> None:
    before, x = START, START
    for _ in range(4):
        before, x = x, combined((1, x), ("-1/2", F.gradient(x)), ("1/3", x), ("-1/3", before))
    assert case(lambda _, f, h, x0: heavy_ball(f, x0, ["1/2"] * 4, "1/3")[-1]) == x


def test_nesterov() -> None:
    momenta = [Fraction(k, k + 3) for k in range(4)]
    x = y = START
    for momentum in momenta:
        following = combined((1, y), (-1, F.gradient(y)))
        y = combined((1 + momentum, following), (-momentum, x))
        x = following
    assert case(lambda _, f, h, x0: nesterov(f, x0, 1, momenta)[0][-1]) == x
    assert case(lambda _, f, h, x0: nesterov(f, x0, 1, momenta)[1][-1]) == y


def test_proximal_point() -> None:
    x = START
    for step in (Fraction(1, 2), Fraction(3)):
        x = H.prox(x, step)
    assert case(lambda _, f, h, x0: proximal_point(h, x0, ["1/2", 3])[-1]) == x


def test_proximal_gradient() -> None:
    x = START
    for _ in range(3):
        x = H.prox(combined((1, x), ("-1/2", F.gradient(x))), Fraction(1, 2))
    assert case(lambda _, f, h, x0: proximal_gradient(f, h, x0, ["1/2"] * 3)[-1]) == x


def test_douglas_rachford() -> None:
    w = START
    for _ in range(2):
        x = F.prox(w, Fraction(2))
        y = H.prox(combined((2, x), (-1, w)), Fraction(2))
        w = combined((1, w), ("1/2", y), ("-1/2", x))
    assert case(lambda _, f, h, x0: douglas_rachford(h, f, x0, 2, "1/2", steps=2)[0][-1]) == w


def test_fixed_point_methods_average_what_they_say() -> None:
    problem = Problem()
    T, x0 = problem.operator(Nonexpansive(), "T"), problem.point("x0")
    x = halpern(T, x0, 2)
    assert problem._expanded(x[2].parts) == {"x0": Fraction(1, 3), "T_x1": Fraction(2, 3)}
    assert ["let", "x1", [["1/2", "x0"], ["1/2", "T_x0"]]] in problem.program
    y = krasnoselskii_mann(T, x0, ["1/4", "1/2"])
    expanded = problem._expanded(y[2].parts)
    assert expanded == {
        "x0": Fraction(3, 8),
        "T_x0": Fraction(1, 8),
        next(k for k in expanded if k[-2:] == "x2"): Fraction(1, 2),
    }


def test_frank_wolfe_stays_in_the_region() -> None:
    problem = Problem()
    f, region = problem.function(SmoothConvex(L=1)), problem.function(ConvexIndicator(D=1), "K")
    x = frank_wolfe(f, region, problem.point("x0"), 2)
    assert ["at", "K", "x0", "dK_x0"] in problem.program
    assert [command[:3] for command in problem.program if command[0] == "at" and command[1] == "K"] == [
        ["at", "K", "x0"],
        ["at", "K", "v_K"],
        ["at", "K", "v_K_0"],
    ]
    assert x[1].parts == {"v_K": 1}
    read(WorstCase(problem, performance=f(x[2]), initial=1, rate=1).statement())


def test_conditions_of_inexact_oracles() -> None:
    problem = Problem()
    f, x0 = problem.function(SmoothConvex(L=1)), problem.point("x0")
    d = inexact_gradient(f, x0, "1/10", "d")
    assert problem.conditions[0].parts == {
        ("df_x0", "df_x0"): Fraction(1, 100) - 1,
        ("d", "df_x0"): 2,
        ("d", "d"): -1,
    }
    y = line_search(f, x0, d, "y")
    assert [e.parts for e in problem.equations] == [
        {("df_y", "y"): 1, ("df_y", "x0"): -1},
        {("d", "df_y"): 1},
    ]
    read(WorstCase(problem, performance=sq(y), initial=sq(x0), rate=1).statement())


def test_a_diagonal_metric_scales_coordinates() -> None:
    """In R^3, with the first coordinate as one block and the other two as the other."""
    scales = [[Fraction(1, 2), Fraction(1)], [Fraction(3), Fraction(1, 4)]]
    x, gradients = START, []
    for first, second in scales:
        gradients.append(F.gradient(x))
        x = [c - h * g for c, h, g in zip(x, (first, second, second), gradients[-1], strict=True)]
    problem = Problem()
    f, x0 = problem.function(SmoothConvex(L=1)), problem.point("x0")
    end = preconditioned_gradient(f, x0, scales, Blocks(problem, 2))[-1]
    problem.named(end, "end")
    zero = Fraction(0)
    known = {"x0": START, "df_x0": gradients[0], "df_x1": gradients[1]}
    known |= {f"df_x{k}_block0": [gradients[k][0], zero, zero] for k in (0, 1)}
    found = run(problem.program, known.__getitem__, {"f": F})
    assert not found.wrong
    assert found.vectors["end"] == x
    assert len(problem.equations) == 1 + 1 + 2
    assert all(found.number(equation.json()) == 0 for equation in problem.equations)


def test_steps_of_several_functions() -> None:
    problem = Problem()
    parts = [problem.function(SmoothConvex(L=k)) for k in (1, 2)]
    x0 = problem.point("x0")
    assert [x.parts for x in stochastic_steps(parts, x0, "1/2")] == [
        {"x0": 1, "df_x0": Fraction(-1, 2)},
        {"x0": 1, "dh_x0": Fraction(-1, 2)},
    ]


WRONG = [
    (lambda f, T, x: gradient_descent(f, x, []), "there are no step sizes, hence no iterations"),
    (lambda f, T, x: gradient_descent(f, x, [1, 0]), "0 is among the step sizes, which are positive"),
    (lambda f, T, x: gradient_descent(f, x, 0.5), "one of the step sizes is the float 0.5"),
    (lambda f, T, x: gradient_descent(f, x, [1, float("nan")]), "is the float nan"),
    (lambda f, T, x: nesterov(f, x, 1, []), "there are no momenta"),
    (lambda f, T, x: halpern(T, x, 0), "the number of steps is 0; give a natural number, 1 or more"),
    (lambda f, T, x: douglas_rachford(T, T, x, 1, steps=0), "the number of steps is 0"),
    (lambda f, T, x: inexact_gradient(f, x, -1), "the relative error -1 of a gradient is negative"),
    (lambda f, T, x: stochastic_steps([], x, 1), "a stochastic step needs at least one function"),
    (lambda f, T, x: preconditioned_gradient(f, x, [], Blocks(x.problem, 2)), "there are no scales"),
    (lambda f, T, x: preconditioned_gradient(f, x, [[1]], Blocks(x.problem, 2)), "1 scales are given for 2 blocks"),
    (lambda f, T, x: Blocks(x.problem, 1), "the number of blocks is 1; give a natural number, 2 or more"),
    (lambda f, T, x: proximal_point(2 * f, x, 1), "the proximal point is of a single function"),
]


@pytest.mark.parametrize("ask, message", WRONG, ids=[message for _, message in WRONG])
def test_what_is_no_method_is_refused(ask: Any, message: str) -> None:
    problem = Problem()
    f, T, x = problem.function(LipschitzConvex(M=1)), problem.operator(Monotone()), problem.point()
    with pytest.raises(ProblemError, match=re.escape(message)):
        ask(f, T, x)
