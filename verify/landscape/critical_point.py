r"""What given weights of a deep linear network are: a saddle, a global minimum, or not critical; proved.

The certificates are those of ``verify.kernel.critical_point`` and ``verify.kernel.critical_point_bound``.  For masses 1 one of
them exists for all weights whose kept and left-out singular values differ (``verify.landscape.descent`` has the proof): a
derivative that is not zero, a projection and a threshold, or a curve of descent.  The threshold is a rational number with a
small denominator between the squared singular values that are kept and those that are not.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from verify.errors import NetworkError, Unanswered
from verify.landscape.deep_linear import DeepLinear, texts
from verify.landscape.descent import ROUNDINGS, Curve, Point, descent, steepest
from verify.landscape.rational import Matrix, fractions, identity, is_zero, matrix, projection, range_of

Json = Any
Answer = tuple[str, Json]


@dataclass(frozen=True, eq=False)
class CriticalPoint:
    r"""Are these weights what is said of them?

    ``says`` is "saddle", "strict saddle", "non-strict saddle", "not a local minimum" or "global minimum".  A false word is
    answered as well: what proves the right one refutes it.

    >>> network = DeepLinear.of([[1, 0], [0, 1]], [[2, 0], [0, 1]], hidden=(1,))
    >>> CriticalPoint(network, [[[0, 1]], [[0], [1]]], says="saddle").answer()[0]
    'critical-point-curve'
    """

    network: DeepLinear
    weights: Any
    says: str

    @cached_property
    def point(self) -> Point:
        from verify.kernel.critical_point import SAYS

        if self.says not in SAYS:
            raise NetworkError(f"weights are not said to be {self.says!r}; the words are {', '.join(SAYS)}")
        return Point(self.network, self.network.weights(self.weights))

    def statement(self) -> Json:
        point = self.point
        return self.network.statement(point.weights, self.says)

    def answer(self) -> Answer:
        """Raises ``Unanswered`` if nothing was found, which for masses 1 needs singular values that are nearly equal."""
        found = slope(self.point) or bound(self.point) or curves(self.point, self.says)
        if found is None:
            raise Unanswered(
                "neither a curve of descent nor a proof of a global minimum was found; with masses there may be a local "
                "minimum, without them the singular values that are kept and those that are not are nearly equal"
            )
        return found


def classify(network: DeepLinear, weights: Any) -> CriticalPoint:
    """The true question about these weights with the strongest word; raises ``Unanswered`` as ``CriticalPoint.answer`` does.

    >>> network = DeepLinear.of([[1]], [[1]], hidden=(1, 1))
    >>> classify(network, [[[0]], [[0]], [[0]]]).says
    'non-strict saddle'
    """
    from verify.kernel.critical_point import GLOBAL, NON_STRICT, NOT_LOCAL, STRICT

    question = CriticalPoint(network, weights, STRICT)
    kind, witness = question.answer()
    if kind == "critical-point-slope":
        return CriticalPoint(network, weights, NOT_LOCAL)
    if kind == "critical-point-bound":
        return CriticalPoint(network, weights, GLOBAL)
    order, _ = question.point.change(witness["descent"])
    return CriticalPoint(network, weights, STRICT if order == 2 else NON_STRICT)


def slope(point: Point) -> Answer | None:
    """The first derivative that is not zero."""
    for layer, gradient in enumerate(point.loss.gradient(), start=1):
        for i, row in enumerate(gradient):
            for j, value in enumerate(row):
                if value:
                    return "critical-point-slope", {"place": [layer, i, j]}
    return None


def bound(point: Point) -> Answer | None:
    """The proof that critical weights are a global minimum, if they are."""
    network = point.network
    if is_zero(point.gradient(1, point.depth)):
        return "critical-point-bound", {}
    frame = range_of(point.below[point.depth])
    if network.masses is not None or frame.ncols() < min(network.widths):
        return None
    kept, explained = projection(frame), network.fit * network.x
    threshold = between(kept, explained * explained.transpose(), frame.ncols())
    if threshold is None:
        return None
    fit, rows = (texts(fractions(value)) for value in (network.fit, kept))
    return "critical-point-bound", {"fit": fit, "kept": rows, "threshold": str(threshold)}


def between(kept: Matrix, moments: Matrix, rank: int) -> Fraction | None:
    """A number not above the eigenvalues of the moments on the range of a projection, and not below the others."""
    import numpy as np

    from verify.kernel.positive import semidefinite

    p, m = (np.array([[float(x) for x in row] for row in fractions(value)]) for value in (kept, moments))
    rest = np.eye(len(p)) - p
    low, high = np.linalg.eigvalsh(p @ m @ p)[-rank], np.linalg.eigvalsh(rest @ m @ rest)[-1]
    if low < high * (1 - 1e-9):
        return None
    one = identity(len(p))
    for denominator in ROUNDINGS:
        number = Fraction(float(low + high) / 2).limit_denominator(denominator)
        shifted = moments - matrix([[number]])[0, 0] * one
        if number >= 0 and semidefinite([list(row) for row in fractions((2 * kept - one) * shifted)]):
            return number
    return None


def curves(point: Point, says: str) -> Answer | None:
    """Curves of descent and, where the word is about a saddle, of ascent; of order 2 if strictness is in question."""
    from verify.kernel.critical_point import GLOBAL, NON_STRICT, NOT_LOCAL, STRICT

    found = descent(point)
    if found is None:
        return None
    down, up = found
    if says in (STRICT, NON_STRICT) and point.change(down)[0] > 2:
        down = steepest_or(point, down)
    return "critical-point-curve", {"descent": down, "ascent": None if says in (NOT_LOCAL, GLOBAL) else up}


def steepest_or(point: Point, down: Curve) -> Curve:
    """A curve of descent of order 2 if the Hessian has a negative eigenvalue."""
    from verify.kernel.positive import semidefinite

    return down if semidefinite(point.loss.hessian()) else steepest(point) or down
