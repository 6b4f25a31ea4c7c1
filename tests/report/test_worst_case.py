r"""Pictures of worst cases: the worst function through the iterates, and the multipliers of a bound."""

from __future__ import annotations

import copy
from fractions import Fraction
from typing import Any

from verify.kernel import FORMAT, check
from verify.optimization import Problem, SmoothConvex, Tight, gradient_descent, huber, on_line, sq
from verify.report.pictures import picture
from verify.report.questions import objects
from verify.report.worst_case import draw_worst_function, multipliers_plot

Json = Any


def descent(steps: int) -> Json:
    """A certificate that a Huber function attains the rate of gradient descent, of which the kernel is convinced."""
    problem = Problem()
    f = problem.function(SmoothConvex(L=1))
    xs, x0 = problem.minimizer(f), problem.point("x0")
    x = gradient_descent(f, x0, [1] * steps)[-1]
    worst = on_line(huber(1, Fraction(1, 2 * steps + 1)), x0=1)
    rate = Fraction(1, 4 * steps + 2)
    question = Tight(problem, performance=f(x) - f(xs), initial=sq(x0 - xs), rate=rate, worst_function=worst)
    kind, witness = question.answer()
    found = {"format": FORMAT, "kind": kind, "statement": question.statement(), "witness": witness}
    assert check(found).holds
    return found


def one_step() -> Json:
    """|x_1 - x_*|^2 <= |x_0 - x_*|^2 for a step of length 1, from <g, x_0 - x_*> >= |g|^2, which is the sum of two relations."""
    found = copy.deepcopy(descent(1))
    x0, xs, g = "x0", "xs", "df_x0"
    new = [["1", x0, x0], ["-2", x0, xs], ["1", xs, xs], ["-2", g, x0], ["2", g, xs], ["1", g, g]]
    found["statement"] |= {"performance": [new], "relation": "at most", "rate": "1"}
    lines = [["f pair 0 1", "2"], ["f pair 1 0", "2"]]
    found["witness"] = {"weights": ["1"], "multipliers": lines, "conditions": [], "equations": [], "matrices": []}
    found["kind"] = "worst-case-multipliers"
    assert check(found).holds
    return found


def test_the_worst_function_goes_through_the_iterates() -> None:
    drawing = draw_worst_function(descent(3))
    assert drawing is not None
    assert [dot.label for dot in drawing.dots] == [
        "xs: f(0) = 0",
        "x0: f(1) = 13/98",
        "x1: f(6/7) = 11/98",
        "x2: f(5/7) = 9/98",
        "x3: f(4/7) = 1/14",
    ]
    curve = [tuple(map(float, place.split(","))) for place in drawing.graph.split()]
    assert all((dot.x, dot.y) in curve for dot in drawing.dots)
    assert [x for x, _ in curve] == sorted(x for x, _ in curve)
    assert "its derivative bends at 1 place" in drawing.description


def test_multipliers_are_drawn_in_their_order() -> None:
    document = one_step()
    assert multipliers_plot(document) is None  # two points are no line
    document["witness"]["multipliers"].append(["f pair 0 2", "1/2"])
    plot = multipliers_plot(document)
    assert plot is not None
    assert [mark.label for mark in plot.columns] == ["1", "2", "3"]
    assert len(plot.lines[0].marks) == 3


def test_a_statement_is_summed_up() -> None:
    rows = {row.label: row.value for row in objects(descent(2)["statement"])}
    assert rows == {
        "f": "curvature L = 1, mu = 0",
        "program": "5 free vectors, 3 combinations, 4 evaluations",
        "relation": "attained",
        "rate": "1/10",
    }


def test_each_certificate_has_its_picture_and_no_other() -> None:
    drawn = picture("N = 3", descent(3))
    assert drawn.graph is not None and drawn.tree is None and not drawn.is_blank
    assert draw_worst_function(one_step()) is None
    assert multipliers_plot(descent(1)) is None
    broken = descent(1)
    broken["witness"]["functions"]["f"]["knots"] = []
    assert draw_worst_function(broken) is None
    broken = one_step()
    broken["witness"] = {}
    assert multipliers_plot(broken) is None
