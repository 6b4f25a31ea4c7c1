r"""Critical points of deep linear networks: saddles by curves, other points by a slope.

The statement ``critical_point`` holds data, weights, and what they are for the loss L of ``verify.kernel.critical_point_loss``:

* ``saddle``: the gradient is zero, and every neighbourhood has weights with a smaller and weights with a larger loss;
* ``strict saddle``: moreover the Hessian has a negative eigenvalue (Lee, Simchowitz, Jordan, Recht 2016);
* ``non-strict saddle``: a saddle at which it has none;
* ``not a local minimum``: every neighbourhood has weights with a smaller loss;
* ``global minimum``: no weights of the same shapes have a smaller loss.

Entries of weights are numbered from 0, layers from 1.

**Curves.**  If W(t) is a polynomial curve with W(0) = W, and the first coefficient of L(W(t)) - L(W) that is not zero is
negative, then the loss is smaller at W(t) for all small t > 0, arbitrarily close to W: W is no local minimum, and no global
one.  With another curve whose first coefficient is positive, and a gradient that is zero, W is a saddle.  At such a point the
coefficient of t^2 is 1/2 d^2 L(W'(0)), since the term of W''(0) is multiplied by the gradient; so a descent of order 2
shows a negative eigenvalue of the Hessian.  That there is none is decided by exact elimination (``verify.kernel.positive``).

**A slope.**  An entry of the gradient that is not zero: W is not critical, so no saddle and no minimum.  Along the negative
gradient the loss decreases, so W is not a local minimum either.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from verify.kernel.critical_point_loss import Loss, read
from verify.kernel.finding import Finding
from verify.kernel.positive import semidefinite
from verify.kernel.terms import need
from verify.kernel.theory import fields, listed

Json = Any

NOT_LOCAL, GLOBAL, STRICT, NON_STRICT = (
    "not a local minimum",
    "global minimum",
    "strict saddle",
    "non-strict saddle",
)
SAYS = {
    "saddle": "are a saddle",
    STRICT: "are a strict saddle (the Hessian has a negative eigenvalue)",
    NON_STRICT: "are a saddle that is not strict (the Hessian has no negative eigenvalue)",
    NOT_LOCAL: "are not a local minimum",
    GLOBAL: "are a global minimum",
}
SHOWN = 8  # columns of a row in words


def asked(statement: Json) -> tuple[Loss, str]:
    """The loss at the weights, and one of the words above."""
    loss, says = read(statement)
    need(isinstance(says, str) and says in SAYS, "weights are not said to be", says)
    return loss, says


def first(loss: Loss, curve: Json) -> tuple[int, Fraction]:
    """The order and the coefficient of the first change of the loss along a curve."""
    coefficients = loss.changes(curve)
    order = next((k for k, coefficient in enumerate(coefficients, start=1) if coefficient), 0)
    need(order, "the loss does not change along a curve")
    return order, coefficients[order - 1]


def decide_curve(statement: Json, witness: Json) -> Finding:
    """A curve of descent and, for saddles, one of ascent."""
    loss, says = asked(statement)
    descent, ascent = fields(witness, "descent", "ascent")
    order, change = first(loss, descent)
    need(change < 0, "the loss increases along the curve of descent, with the coefficient", change)
    facts = [("loss", str(loss.value())), ("order of descent", str(order))]
    if says in (NOT_LOCAL, GLOBAL):
        need(ascent is None, "a curve of ascent says nothing of minima")
        return Finding(says == NOT_LOCAL, order, tuple(facts))
    need(loss.is_critical(), "the gradient is not zero")
    rise, change = first(loss, ascent)
    need(change > 0, "the loss decreases along the curve of ascent, with the coefficient", change)
    facts.append(("order of ascent", str(rise)))
    if says in (STRICT, NON_STRICT) and order > 2:
        need(semidefinite(loss.hessian()), "the Hessian has a negative eigenvalue, which the curve of descent misses")
        facts.append(("Hessian", "positive semidefinite"))
    holds = says == "saddle" or (says == STRICT) == (order == 2)
    return Finding(holds, order + rise, tuple(facts))


def decide_slope(statement: Json, witness: Json) -> Finding:
    """The place [layer, row, column] of an entry of the gradient that is not zero."""
    loss, says = asked(statement)
    (place,) = fields(witness, "place")
    need(all(type(index) is int and index >= 0 for index in listed(place, 3)) and place[0], "no such weight:", place)
    layer, row, column = place
    slope = loss.gradient()[layer - 1][row][column]
    need(slope, "the gradient is zero at the weight", place)
    return Finding(says == NOT_LOCAL, 1, (("loss", str(loss.value())), ("derivative", str(slope))))


def text(statement: Json) -> list[str]:
    """What was decided, then the weights and the data, row by row."""
    loss, says = asked(statement)
    square = "|{} X - Y|^2" if loss.masses is None else "sum_ij c_ij ({} X - Y)_ij^2"
    names = [f"W_{layer}" for layer in range(loss.depth, 0, -1)]
    title = (
        f"The given weights of a linear network of widths {', '.join(map(str, loss.widths))} {SAYS[says]} of "
        f"1/2 {square.format(' '.join(names))}, at {len(loss.inputs[0])} data"
    )
    matrices = [*((f"W_{k}", matrix) for k, matrix in enumerate(loss.weights, start=1)), ("X", loss.inputs)]
    matrices += [("Y", loss.targets), *([] if loss.masses is None else [("c", loss.masses)])]
    return [title, *(f"{name} = {rows_text(matrix)}" for name, matrix in matrices)]


def rows_text(matrix: list[list[Fraction]]) -> str:
    rows = (f"{', '.join(map(str, row[:SHOWN]))}{', ...' if len(row) > SHOWN else ''}" for row in matrix)
    return "[" + "; ".join(rows) + "]"
