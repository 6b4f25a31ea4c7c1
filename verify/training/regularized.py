r"""Training with weight decay as a convex program, with bounds that are exact (Pilanci and Ergen 2020).

**The program.**  On the closed cell of a dichotomy with the positive points P, a unit is linear in its vector v, and units
of equal sign in one closed cell can be added up without changing the network or raising sum |v| (the triangle inequality).
So training with any number of units is the convex program

    minimise  1/2 |sum_(P, s) s D_P Z v_(P, s) - y|^2 + beta sum_(P, s) |v_(P, s)|,     v_(P, s) in the closed cell of P,

over the vectors of all cells P and both signs s.  Its dual maximises <nu, y> - 1/2 |nu|^2 over the nu for which
s sum_P nu_i z_i is within beta of the polar cone of every cell; at the optimum, nu = y - f.

**Cells on demand.**  An optimum needs few units, and a few hundred variables are solved in milliseconds where a few hundred
thousand are not.  So the program is solved for some cells and signs; the distance of s sum_P nu_i z_i to the polar cone,
min |s sum_P nu_i z_i + sum_j lambda_j sigma_j z_j| over lambda >= 0, is a non-negative least-squares problem for each of all
the others; those at which it is more than beta come in, until there are none.

**Few units.**  If the outputs of the units, as vectors in R^D, are linearly dependent, then moving along the dependence
until a unit vanishes leaves the network as it is; in one of the two directions the penalty does not grow
(Caratheodory's argument).  D units are always enough.

**From floats to exact bounds.**  nu is rounded to short dyadic numbers and scaled into the feasible set, with a little room
for rounding; the lambda are rounded as coarsely as the room at each cell permits.  The kernel's functions say what has then
been proved (``verify.kernel.regularized``).  Neither bound rests on the solver: if it errs, the two are apart.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil, frexp, isqrt
from typing import TYPE_CHECKING, Any

from verify.errors import NetworkError, Unanswered
from verify.networks.columns import read_labels
from verify.networks.network import Number, number
from verify.training.counting import Point, exact_points, require_few

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Booleans = NDArray[np.bool_]

Json = Any
Unit = tuple[int, tuple[Fraction, ...]]  # the sign, and |a| u for the weights u, with the bias first

MOST = 20_000  # dichotomies, unless more are allowed
BATCH = 24  # cells that come in at a time
ROUNDS = 60
TOLERANCE = 1e-9
BITS = 46  # of the numbers of a dual vector and of a network
ROOM = 2.0**-36  # by how much the dual vector is moved inside, and again if that is not enough
COARSE = (4, 8, 14, 22, 32, 48)  # bits of multipliers, tried in this order


@dataclass(frozen=True, eq=False)
class RegularizedMinimum:
    """Bounds of min 1/2 sum_i (f(x_i) - y_i)^2 + beta/2 sum_k (|u_k|^2 + a_k^2) over f(x) = sum_k a_k ReLU(<u_k, (1, x)>).

    The question: is every such objective at least ``lower``, whatever the number of units, and at most ``upper`` for some
    network of at most ``width`` units?  The biases are regularized as the weights are.

    ``points`` are rows of exact numbers or an array of shape (D, n), ``labels`` D numbers, floats being the rational
    numbers that they are.  Points that may have more than ``most`` dichotomies are refused.  Raises ``NetworkError`` on bad
    input.

        RegularizedMinimum([["3/4"]], [1], beta="1/2", width=1, lower="0.3199", upper="0.3201")
    """

    points: Any
    labels: Any
    beta: Number
    width: int | Fraction
    lower: Number
    upper: Number
    most: int = MOST

    @cached_property
    def optimum(self) -> RegularizedOptimum:
        return regularized_optimum(self.points, self.labels, self.beta, most=self.most)

    def statement(self) -> Json:
        rows, labels, beta = read(self.points, self.labels, self.beta)
        require_few(rows, self.most)
        width = number(self.width, "width")
        if width < 0 or width % 1:
            raise NetworkError(f"width={self.width} is not a natural number; say how many units there may be")
        return {
            "question": "regularized_minimum",
            "points": [[str(x) for x in row] for row in rows],
            "labels": [str(label) for label in labels],
            "beta": str(beta),
            "width": str(width),
            "lower": str(number(self.lower, "lower")),
            "upper": str(number(self.upper, "upper")),
        }

    def answer(self) -> tuple[str, Json]:
        lower, upper = number(self.lower, "lower"), number(self.upper, "upper")
        found = self.optimum
        if found.lower >= lower and found.upper <= upper and len(found.units) <= self.width:
            return "regularized-minimum", {**found.dual_witness, **found.network_witness}
        if found.upper < lower:
            return "regularized-minimum-network", found.network_witness
        if found.lower > upper:
            return "regularized-minimum-bound", found.dual_witness
        raise Unanswered(
            f"the minimum over all widths is between {float(found.lower):.12g} and {float(found.upper):.12g}, where a network "
            f"of {len(found.units)} units is; whether {self.width} units get from {lower} to {upper} was not decided"
        )


@dataclass(frozen=True, eq=False)
class RegularizedOptimum:
    """A network, as vectors |a| u with signs, and a dual vector; the exact bounds that they prove."""

    units: tuple[Unit, ...]
    dual: tuple[Fraction, ...]
    multipliers: Json
    lower: Fraction
    upper: Fraction

    @property
    def dual_witness(self) -> Json:
        return {"dual": [str(x) for x in self.dual], "multipliers": self.multipliers}

    @property
    def network_witness(self) -> Json:
        return {"units": units_json(self.units)}


def regularized_optimum(points: Any, labels: Any, beta: Number, *, most: int = MOST) -> RegularizedOptimum:
    """The optimum of the regularized problem over all widths, up to rounding, between exact bounds.

    >>> found = regularized_optimum([["3/4"]], [1], "1/2")
    >>> found.lower <= Fraction(8, 25) <= found.upper, len(found.units)
    (True, 1)
    """
    rows, values, weight = read(points, labels, beta)
    require_few(rows, most)
    return Search.of(rows, values, weight).optimum()


def read(points: Any, labels: Any, beta: Number) -> tuple[list[Point], list[Fraction], Fraction]:
    rows = exact_points(points)
    column, weight = read_labels(labels, len(rows)), number(beta, "beta")
    if weight <= 0:
        raise NetworkError(f"beta={beta} is not positive; without regularization there is no bound for every width")
    return rows, [column.at(i) for i in range(len(rows))], weight


# ------------------------------------------------------------------------------------------------------- the search


@dataclass(frozen=True, eq=False)
class Search:
    """The problem in floats: z of shape (D, d), the cells' signs of shape (N, D) and their patterns."""

    rows: list[Point]
    values: list[Fraction]
    weight: Fraction
    z: Floats
    y: Floats
    beta: float
    patterns: list[int]
    positive: Booleans

    @staticmethod
    def of(rows: list[Point], values: list[Fraction], weight: Fraction) -> Search:
        import numpy as np

        from verify.kernel.dichotomies import cells, homogeneous

        try:
            z = np.array([[1.0, *map(float, row)] for row in rows])
            y, beta = np.array([float(value) for value in values]), float(weight)
        except OverflowError:
            raise NetworkError(
                "a number is too large for floats, in which the search is done; scale the data"
            ) from None
        patterns = sorted(cells(homogeneous(rows)))
        positive = np.array([[pattern >> i & 1 for i in range(len(rows))] for pattern in patterns], dtype=bool)
        return Search(rows, values, weight, z, y, beta, patterns, positive)

    def optimum(self) -> RegularizedOptimum:
        import numpy as np

        active: list[tuple[int, int]] = []
        vectors: Floats = np.zeros((0, self.z.shape[1]))
        for _ in range(ROUNDS):
            nu = self.y - self.output(active, vectors)
            violated = self.violated(nu, active)
            if not violated:
                break
            active += violated
            vectors = self.solve(active)
        signs, vectors = self.thinned(active, vectors)
        return self.exact(signs, vectors, nu)

    def output(self, active: Sequence[tuple[int, int]], vectors: Floats) -> Floats:
        """sum_k s_k ReLU(z v_k), the ReLU by the cell of the unit."""
        import numpy as np

        parts = [s * self.positive[k] * (self.z @ v) for (k, s), v in zip(active, vectors, strict=True)]
        return np.sum(parts, axis=0) if parts else np.zeros(len(self.y))

    def solve(self, active: Sequence[tuple[int, int]]) -> Floats:
        """The optimal vectors of these cells and signs, shape (K, d)."""
        import cvxpy as cp
        import numpy as np

        vectors = cp.Variable((len(active), self.z.shape[1]))
        sides = np.array([2.0 * self.positive[k] - 1 for k, _ in active])
        gates = np.array([s * self.positive[k] for k, s in active])
        heights = vectors @ self.z.T
        misfit = cp.sum(cp.multiply(gates, heights), axis=0) - self.y
        penalty = cp.sum(cp.norm(vectors, 2, axis=1))
        problem = cp.Problem(
            cp.Minimize(cp.sum_squares(misfit) / 2 + self.beta * penalty), [cp.multiply(sides, heights) >= 0]
        )
        tight = dict.fromkeys(("tol_gap_abs", "tol_gap_rel", "tol_feas"), 1e-12)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of being inexact; what is returned has exact bounds
            problem.solve(solver=cp.CLARABEL, **tight)
        if vectors.value is None:
            raise Unanswered(f"the convex program of {len(active)} cells was not solved: {problem.status}")
        return np.asarray(vectors.value, dtype=np.float64)

    def distances(self, nu: Floats) -> tuple[Floats, dict[tuple[int, int], Floats]]:
        """The distances of s sum_P nu_i z_i to the polar cones, shape (N, 2), and the multipliers where they are needed."""
        import numpy as np
        from scipy.optimize import nnls

        totals = self.positive @ (nu[:, None] * self.z)
        found = np.repeat(np.linalg.norm(totals, axis=1)[:, None], 2, axis=1)
        multipliers: dict[tuple[int, int], Floats] = {}
        for k in np.flatnonzero(found[:, 0] > self.beta * (1 - 16 * ROOM)):
            edges = np.where(self.positive[k], 1.0, -1.0)[:, None] * self.z
            for column, s in enumerate((1, -1)):
                multipliers[int(k), s], found[k, column] = nnls(edges.T, -s * totals[k])
        return found, multipliers

    def violated(self, nu: Floats, active: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """The cells and signs whose constraint is violated most, without those that are there."""
        import numpy as np

        found, _ = self.distances(nu)
        order = np.argsort(-found, axis=None)[: BATCH + len(active)]
        best = [
            (int(place) // 2, 1 - 2 * (int(place) % 2))
            for place in order
            if found.flat[place] > self.beta * (1 + TOLERANCE)
        ]
        known = set(active)
        return [entry for entry in best if entry not in known][:BATCH]

    def thinned(self, active: Sequence[tuple[int, int]], vectors: Floats) -> tuple[list[int], Floats]:
        """Signs and vectors of the same network without superfluous units."""
        import numpy as np

        norms = np.linalg.norm(vectors, axis=1)
        kept = [k for k in range(len(active)) if norms[k] > 1e-7 * norms.max(initial=0.0)]
        signs = [active[k][1] for k in kept]
        vectors = vectors[kept]
        while len(kept):
            outputs = np.array([s * np.maximum(self.z @ v, 0) for s, v in zip(signs, vectors, strict=True)])
            _, sizes, right = np.linalg.svd(outputs.T)
            if len(signs) <= len(self.y) and sizes[-1] > 1e-7 * sizes[0]:
                break
            along = right[-1] * (1 if right[-1] @ np.linalg.norm(vectors, axis=1) <= 0 else -1)
            last = int(np.argmin(along))
            vectors = (1 - along / along[last])[:, None] * vectors
            remaining = [k for k in range(len(signs)) if k != last]
            signs, vectors = [signs[k] for k in remaining], vectors[remaining]
        return signs, vectors

    # ------------------------------------------------------------------------------------------- exact bounds

    def exact(self, signs: Sequence[int], vectors: Floats, nu: Floats) -> RegularizedOptimum:
        from verify.kernel.regularized import Data, dual_bound, objective
        from verify.kernel.terms import Rejected

        data = Data([(Fraction(1), *row) for row in self.rows], tuple(self.values), self.weight)
        units = tuple((s, tuple(map(short, v))) for s, v in zip(signs, vectors, strict=True))
        upper, room = objective(data, units_json(units)), ROOM
        while room < 1:
            dual, multipliers = self.inside(nu, room)
            try:
                lower, _ = dual_bound(data, [str(x) for x in dual], multipliers)
                return RegularizedOptimum(units, dual, multipliers, lower, upper)
            except Rejected:
                room *= 16
        raise Unanswered("no feasible dual vector was found near the one of the convex program")

    def inside(self, nu: Floats, room: float) -> tuple[tuple[Fraction, ...], Json]:
        """A feasible dual vector close to ``nu``, and multipliers that show it, unless rounding spoils them."""
        import numpy as np

        found, _ = self.distances(nu)
        dual = tuple(short(x) for x in nu * min(1.0, self.beta / max(found.max(), self.beta)) * (1 - room))
        inner = np.array([float(x) for x in dual])
        _, multipliers = self.distances(inner)
        totals = self.positive @ (inner[:, None] * self.z)
        listed = []
        for (k, s), weights in multipliers.items():
            coarse = self.coarse(s * totals[k], np.where(self.positive[k], 1.0, -1.0), weights, room)
            if coarse:
                listed.append([str(self.patterns[k]), str(s), [[str(j), str(weight)] for j, weight in coarse]])
        return dual, listed

    def coarse(self, total: Floats, sides: Floats, weights: Floats, room: float) -> list[tuple[int, Fraction]]:
        """Multipliers with few bits, as few as leave the vector shorter than beta."""
        import numpy as np

        goal, places = self.beta * (1 - room / 4), np.flatnonzero(weights)
        if np.linalg.norm(total) <= goal:
            return []
        terms: list[tuple[int, Fraction]] = []
        for bits in COARSE:
            terms = [(int(j), short(weights[j], bits)) for j in places]
            vector = total + sum(float(w) * sides[j] * self.z[j] for j, w in terms)
            if np.linalg.norm(vector) <= goal:
                break
        return terms


def short(value: float, bits: int = BITS) -> Fraction:
    """A float rounded to so many binary digits."""
    mantissa, exponent = frexp(value)
    return Fraction(round(mantissa * 2**bits) * Fraction(2) ** (exponent - bits))


def norm_bound(vector: Sequence[Fraction]) -> Fraction:
    """A rational number not less than the norm, and close to it."""
    square = sum((x * x for x in vector), Fraction(0))
    scale = 1 << max(0, BITS + 16 - (square.numerator.bit_length() - square.denominator.bit_length()) // 2)
    root = isqrt(ceil(square * scale * scale))
    return Fraction(root + (root * root < square * scale * scale), scale)


def units_json(units: Sequence[Unit]) -> Json:
    return [[str(s), str(norm_bound(v)), [str(x) for x in v]] for s, v in units]
