r"""Curves along which the loss of a deep linear network decreases from a critical point: constructed, not guessed.

At critical weights let E be the (weighted) residual, $A_l = W_H \cdots W_{l+1}$, $B_l = W_l \cdots W_1 X$, p the least
width, and $G_{ij} = A_j^T E B_{i-1}^T$ for $i \le j$.  All $G_{ll}$ vanish, these being the gradients.  Let
$G = G_{1H} \ne 0$ (otherwise W is a global minimum, by convexity).

**Chains, if the rank of $B_H$ is less than p.**  Take an interval [i, j] with $G_{ij} \ne 0$ that contains no smaller one, and
u, v with $u^T G_{ij} v > 0$.  A hidden layer l has the dead directions $K_l = \ker A_l$, which nothing above sees, and
$N_l = \ker B_l^T$, which nothing below reaches.  If both were 0, $B_H = A_l B_l$ would have rank $d_l \ge p$.  If $K_l = 0$, then
$N_n \ne 0$ for all $n \ge l$: $N_n = 0$ makes $W_n \cdots W_{l+1}$, which is injective as $K_l = 0$, surjective too, and then
$N_l = 0$.  So there is an s with $K_l \ne 0$ for l < s and $N_l \ne 0$ for $l \ge s$; take $z_l \ne 0$ there, $z_{i-1} = v$,
$z_j = -u$, and change the layers l of a set S from i to j by $t^{e_l} z_l z_{l-1}^T$.

The loss changes by $\langle E, D \rangle + \frac12 |D|^2$, where D, the change of the output, is a sum over nonempty subsets of S.
Its first part only sees subsets with both i and j, by minimality of [i, j]; choose S as small as possible such that its
own term, $-u^T G_{ij} v$ times a product of inner products $w$, is not zero (S = [i, j] is possible, as $z_l^T z_l > 0$).
Then the first part is $-c\, w\, t^{\sum e}$, made negative by the sign of u.  A term of D vanishes if its highest layer is
below s, or its lowest above s; so all the others contain s, or, if S jumps over s, both layers at the jump (or S could be
smaller).  With $e = |S| - 1$ and a small factor at that layer, and e = 1 elsewhere, the negative part wins.  Often all e = 1
will do; the orders found are 2 for two changed layers, and at most 2 |S| - 2.  With the other sign of u all terms are positive:
this is the curve of ascent.  Nothing of this depends on the masses.

**Rotations, if the rank is p, for masses 1.**  Then p is the width of a hidden layer b, $U = A_b$ has rank p, and
$B_H = P B X$, where P is the projection onto the range of U, B is the regression, and P commutes with $M = B X X^T B^T$.
For u in the range of P and v in its complement let $U_t = (I + t v u^T / |u|^2) U$, which turns u towards v, and let
the layers below b follow with $t u v^T B / |u|^2$.  The coefficient of $t^2$ is
$(|v|^2 u^T M u / |u|^2 - v^T M v) / (2 |u|^2)$, negative if v has the larger Rayleigh quotient; if there are no such u and v,
W is a global minimum.  Only W_1 and W_H are changed.  (After Baldi and Hornik 1989; Kawaguchi 2016; Laurent and von Brecht 2018.)

**Otherwise** (masses and full rank) a negative eigenvalue of the Hessian is looked for, in floating point.

Whatever is proposed is evaluated exactly before it is called a curve.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any

from verify.landscape.deep_linear import DeepLinear, Weights
from verify.landscape.rational import (
    Matrix,
    column,
    fractions,
    identity,
    is_zero,
    kernel,
    matrix,
    projection,
    solution,
)

if TYPE_CHECKING:
    from verify.kernel.critical_point_loss import Loss

Json = Any
Curve = list[list[Any]]  # [layer, power, row, column, coefficient], as in a certificate

HALVINGS = 60  # of a factor that has to be small
ROUNDINGS = (1, 2, 4, 8, 16, 64, 256, 2**12, 2**18, 2**26)  # denominators of vectors that come from floats


@dataclass(frozen=True)
class Chain:
    """Vectors z_{i-1}, ..., z_j, the layers S that change, and the layer whose change has to be small."""

    vectors: dict[int, Matrix]
    layers: tuple[int, ...]
    special: int

    def curve(self, power: int, factor: Fraction) -> Curve:
        """The entries of z_l z_{l-1}^T for the layers of S."""
        found = []
        for layer in self.layers:
            k, scale = (power, factor) if layer == self.special else (1, Fraction(1))
            found += entries(layer, k, self.vectors[layer] * self.vectors[layer - 1].transpose(), scale)
        return found


def entries(layer: int, power: int, change: Matrix, scale: Fraction = Fraction(1)) -> Curve:
    """What is not zero in t^power scale change, added to a layer."""
    return [
        [layer, power, i, j, str(scale * x)] for i, row in enumerate(fractions(change)) for j, x in enumerate(row) if x
    ]


@dataclass(frozen=True)
class Point:
    """Critical weights of a network, and what is derived from them."""

    network: DeepLinear
    weights: Weights

    @cached_property
    def loss(self) -> Loss:
        return self.network.loss(self.weights)

    @cached_property
    def layers(self) -> list[Matrix]:
        """W_1, ..., W_H, from place 1 on."""
        return [None, *map(matrix, self.weights)]

    @property
    def depth(self) -> int:
        return len(self.weights)

    @cached_property
    def below(self) -> list[Matrix]:
        found = [self.network.x]
        for layer in self.layers[1:]:
            found.append(layer * found[-1])
        return found

    @cached_property
    def above(self) -> list[Matrix]:
        found = [identity(self.network.widths[-1])]
        for layer in self.layers[:0:-1]:
            found.append(found[-1] * layer)
        return found[::-1]

    @cached_property
    def error(self) -> Matrix:
        return matrix(self.loss.weighted(self.loss.residual()))

    def gradient(self, i: int, j: int) -> Matrix:
        """G_ij, by the product of the layers i, ..., j."""
        return self.above[j].transpose() * self.error * self.below[i - 1].transpose()

    def between(self, high: int, low: int) -> Matrix:
        """W_{high-1} ... W_{low+1}."""
        found = identity(self.network.widths[low])
        for layer in self.layers[low + 1 : high]:
            found = layer * found
        return found

    def change(self, curve: Curve) -> tuple[int, Fraction]:
        """The order and the coefficient of the first change of the loss; 0 and 0 if it is constant."""
        found = self.loss.changes(curve)
        order = next((k for k, coefficient in enumerate(found, start=1) if coefficient), 0)
        return order, found[order - 1] if order else Fraction(0)


def descent(point: Point) -> tuple[Curve, Curve] | None:
    """Curves of descent and ascent from critical weights that are no global minimum; None if none are found."""
    found: list[tuple[int, Curve, Curve]] = []
    for chain in chains(point):
        order, curve = descending(point, chain)
        if curve:
            found.append((order, curve, rising(chain)))
        if order == 2:
            break
    if found:
        return min(found, key=lambda entry: entry[0])[1:]
    turned = rotation(point) or steepest(point)
    return (turned, upwards(point)) if turned else None


# ---------------------------------------------------------------------------------------------------------- chains


def chains(point: Point) -> Iterator[Chain]:
    """The chains of all minimal intervals and all s; none, if the rank of the output is p."""
    minimal = list[tuple[int, int]]()
    for length in range(2, point.depth + 1):
        for i in range(1, point.depth - length + 2):
            j = i + length - 1
            if any(i <= low and high <= j for low, high in minimal):
                continue
            gradient = point.gradient(i, j)
            if not is_zero(gradient):
                minimal.append((i, j))
                for s in range(j, i - 1, -1):
                    yield from through(point, gradient, (i, j), s)


def through(point: Point, gradient: Matrix, interval: tuple[int, int], s: int) -> Iterator[Chain]:
    """The chain of an interval whose vectors are in K_l below s and in N_l from s on; nothing, if one of these is 0."""
    i, j = interval
    vectors = {}
    for layer in range(i, j):
        dead = kernel(point.above[layer]) if layer < s else kernel(point.below[layer].transpose())
        if not dead.ncols():
            return
        vectors[layer] = dead * matrix([[1 + k] for k in range(dead.ncols())])
    row, col = largest(gradient)
    sign = 1 if gradient[row, col] > 0 else -1
    u, v = column(identity(gradient.nrows()), row), column(identity(gradient.ncols()), col)
    for size in range(j - i):
        for middle in combinations(range(i + 1, j), size):
            layers = (i, *middle, j)
            weight = path(point, vectors, layers)
            if weight:
                vectors |= {i - 1: v, j: u * (-sign if weight > 0 else sign)}
                special = s if s in layers else max(layer for layer in layers if layer < s)
                yield Chain(vectors, layers, special)
                return


def path(point: Point, vectors: dict[int, Matrix], layers: Sequence[int]) -> Any:
    """The product of the inner products from each changed layer to the next."""
    found: Any = 1
    for low, high in pairwise(layers):
        found *= (vectors[high - 1].transpose() * point.between(high, low) * vectors[low])[0, 0]
    return found


def largest(values: Matrix) -> tuple[int, int]:
    """The place of an entry of largest absolute value."""
    places = [(i, j) for i in range(values.nrows()) for j in range(values.ncols())]
    return max(places, key=lambda place: abs(values[place]))


def descending(point: Point, chain: Chain) -> tuple[int, Curve]:
    """The order and a curve of descent along a chain; 0 and none, if its vectors were not what they should be."""
    curve = chain.curve(1, Fraction(1))
    order, change = point.change(curve)
    if change < 0:
        return order, curve
    for k in range(1, HALVINGS):
        curve = chain.curve(len(chain.layers) - 1, Fraction(1, 2**k))
        order, change = point.change(curve)
        if change < 0:
            return order, curve
    return 0, []


def rising(chain: Chain) -> Curve:
    """The same with the other sign of u: the linear part is positive, and the quadratic part always is."""
    last = max(chain.layers)
    return Chain({**chain.vectors, last: -chain.vectors[last]}, chain.layers, chain.special).curve(1, Fraction(1))


# ------------------------------------------------------------------------------------------- rotations and others


def rotation(point: Point) -> Curve:
    """W_H and W_1 turned, if the output has the rank of a narrowest hidden layer and the masses are 1."""
    network, depth = point.network, point.depth
    narrow = [b for b in range(1, depth) if network.widths[b] == min(network.widths)]
    if network.masses is not None or not narrow or point.below[depth].rank() < network.widths[narrow[0]]:
        return []
    b, explained = narrow[0], network.fit * network.x
    moments, basis = explained * explained.transpose(), point.above[narrow[0]]
    kept = projection(basis)
    for coordinates, v in candidates(basis, kept, moments):
        u = basis * coordinates
        uu, vv = (u.transpose() * u)[0, 0], (v.transpose() * v)[0, 0]
        if not uu or not vv:
            continue
        least, most = (u.transpose() * moments * u)[0, 0] / uu, (v.transpose() * moments * v)[0, 0] / vv
        if least < most:
            direction = basis.transpose() * u / uu
            upper = solution(point.between(depth, b).transpose(), direction)
            lower = solution(point.between(b + 1, 1), coordinates)
            turned = lower * (v.transpose() * network.fit) / uu
            return [*entries(depth, 1, v * upper.transpose()), *entries(1, 1, turned)]
    return []


def candidates(basis: Matrix, kept: Matrix, moments: Matrix) -> Iterator[tuple[Matrix, Matrix]]:
    """Coordinates of u and vectors v, rounded from the float eigenvectors of the smallest and largest value on each side."""
    import numpy as np

    inside = np.array([[float(x) for x in row] for row in fractions(basis)])
    second = np.array([[float(x) for x in row] for row in fractions(moments)])
    full, rank = len(inside), inside.shape[1]
    frame = np.linalg.qr(inside, mode="complete")[0]
    low = np.linalg.eigh(frame[:, :rank].T @ second @ frame[:, :rank])[1][:, 0]
    high = np.linalg.eigh(frame[:, rank:].T @ second @ frame[:, rank:])[1][:, -1] if rank < full else np.zeros(0)
    coordinates = np.linalg.lstsq(inside, frame[:, :rank] @ low, rcond=None)[0]
    outside = identity(full) - kept
    for denominator in ROUNDINGS:
        yield rounded(coordinates, denominator), outside * rounded(frame[:, rank:] @ high, denominator)


def rounded(values: Any, denominator: int) -> Matrix:
    """A column of multiples of 1 / denominator, after division by the entry of largest absolute value."""
    scale = max(map(abs, values)) or 1.0
    return matrix([[Fraction(round(value / scale * denominator), denominator)] for value in values.tolist()])


def steepest(point: Point) -> Curve:
    """A direction of negative curvature, rounded from a float eigenvector of the Hessian."""
    import numpy as np

    from verify.kernel.critical_point_loss import MAX_WEIGHTS

    if sum(len(layer) * len(layer[0]) for layer in point.weights) > MAX_WEIGHTS:
        return []
    hessian = np.array([[float(x) for x in row] for row in point.loss.hessian()])
    direction = np.linalg.eigh(hessian)[1][:, 0]
    for denominator in ROUNDINGS:
        values = iter(fractions(rounded(direction, denominator)))
        curve = [
            [k, 1, i, j, str(value)]
            for k, layer in enumerate(point.weights, start=1)
            for i, row in enumerate(layer)
            for j in range(len(row))
            if (value := next(values)[0])
        ]
        order, change = point.change(curve)
        if order == 2 and change < 0:
            return curve
    return []


def upwards(point: Point) -> Curve:
    """One weight of the first layer that the output depends on: in it alone, the loss is a parabola."""
    seen = next(j for j in range(point.above[1].ncols()) if not is_zero(column(point.above[1], j)))
    used = next(i for i, row in enumerate(point.network.inputs) if any(row))
    return [[1, 1, seen, used, "1"]]
