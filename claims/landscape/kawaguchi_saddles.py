r"""Critical points of deep linear networks, exactly: 400 random saddles, and all types of two small networks.

With $A = W_H \cdots W_1$, the loss is $L(W) = \frac12 |A X - Y|^2$.  At critical weights the matrix A keeps some singular values
of the regression and drops the others (Baldi and Hornik 1989); all of A can be dropped and still be there, in pieces:
layers may be large where the layers below or above them are zero.  Then the gradient says little, for three layers or more not
even the Hessian does, and what shows a saddle is a curve: along W(t) = W + t V + t^2 V' + ... the first change of the loss is

    c t^k,    c < 0 on one curve, and c > 0 on another.

Such curves change a chain of layers, each by a matrix of rank one, through directions that the layers above do not see or those
below do not reach; or they turn a kept singular vector towards a larger one.  They are constructed, not sampled, and the kernel
expands the polynomial.  Groebner bases of the gradient do not end within minutes for the two small networks here.
"""

from __future__ import annotations

from fractions import Fraction

from verify import Claim, cite
from verify.landscape import Critical, CriticalPoint, DeepLinear, critical_points, random_saddle

claim = Claim(
    "kawaguchi-saddles",
    title="Saddles of deep linear networks, each shown by a curve",
    statement=r"Let $L(W) = \frac12 \lVert W_H \cdots W_1 X - Y \rVert_F^2$. The listed 400 critical points of random networks with "
    r"$H \le 4$ and widths of at most $4$, none of which keeps the $p$ largest singular values, $p$ the least width, are "
    r"saddles. For widths $3, 2, 3$ and $2, 2, 2, 2$ and one data set each, one critical point of each of the $7$ and $20$ types is a "
    r"saddle, except for the type that keeps the $2$ largest singular values, whose point is a global minimum. For two layers these "
    r"saddles are strict; for three all but those at which the product keeps the largest singular values and every layer has the "
    r"rank of the product. Zero is a strict saddle for $H = 2$ and a saddle that is not strict for $H = 3, 4, 5$.",
    source=cite("kawaguchi2016", "Theorem 2.3 (ii), (iii) and (iv), as recalled, for the listed data and weights"),
    remarks="That every critical point is of one of these types is proved on paper, in verify.landscape.normal_form, and compared "
    "with enumerations in the tests; it is not certified. Neither is it that all points of a type are saddles: one of them is taken. "
    "For the widths 3, 2, 3 the others differ from it by a change of basis of the hidden layer, which changes nothing.",
)
step = claim.parameter("step", "0", "how far the first weight is moved off the critical point")


def narrow() -> DeepLinear:
    """Widths 3, 2, 3; the singular values are 3, 2, 1."""
    return DeepLinear.of([[1, 1, 0], [0, 1, 1], [0, 0, 1]], [[2, 1, 0], [1, 2, 0], [0, 0, 2]], hidden=(2,))


def square() -> DeepLinear:
    """Widths 2, 2, 2, 2; the singular values are 3, 1."""
    return DeepLinear.of([[1, 2], [0, 1]], [[2, 1], [1, 2]], hidden=(2, 2))


def of_type(network: DeepLinear, k: int) -> CriticalPoint:
    point = list(critical_points(network))[k]
    return CriticalPoint(network, point.weights, says=words(network, point))


def words(network: DeepLinear, point: Critical) -> str:
    """What Kawaguchi's theorem says of a critical point in the bases of ``critical_points``, and what it leaves open."""
    largest = point.kept == tuple(range(len(point.kept)))
    if largest and len(point.kept) == min(network.widths):
        return "global minimum"
    first, *middle, last = point.weights
    ranks = {sum(map(any, layer)) for layer in (first, *middle, zip(*last, strict=True))}
    return "non-strict saddle" if middle and largest and ranks == {len(point.kept)} else "strict saddle"


@claim.exact(naturals={"seed": range(400)})
def random_saddles(seed: int, step: Fraction) -> CriticalPoint:
    """Random data, ranks, types and bases"""
    network, (first, *others) = random_saddle(seed)
    row, *rows = first
    return CriticalPoint(network, (((row[0] + step, *row[1:]), *rows), *others), says="saddle")


@claim.exact(naturals={"k": range(7)})
def three_two_three(k: int) -> CriticalPoint:
    """All types for the widths 3, 2, 3"""
    return of_type(narrow(), k)


@claim.exact(naturals={"k": range(20)})
def two_two_two_two(k: int) -> CriticalPoint:
    """All types for the widths 2, 2, 2, 2"""
    return of_type(square(), k)


def at_zero(layers: int, targets: list[list[int]], says: str) -> CriticalPoint:
    network = DeepLinear.of([[1, 0], [0, 1]], targets, hidden=(2,) * (layers - 1))
    return CriticalPoint(network, [[[0, 0], [0, 0]]] * layers, says=says)


@claim.exact(naturals={"H": (2, 3, 4, 5)})
def zero(H: int) -> CriticalPoint:
    """A strict saddle for two layers only"""
    return at_zero(H, [[2, 0], [0, 1]], "strict saddle" if H == 2 else "non-strict saddle")


@claim.exact(naturals={"seed": range(400, 420)}, role="stress")
def with_masses(seed: int) -> CriticalPoint:
    """Zero is a saddle for random masses of the errors, too"""
    network, weights = random_saddle(seed)
    masses = [[1 + (i + 2 * j + seed) % 5 for j in range(len(row))] for i, row in enumerate(network.targets)]
    weighted = DeepLinear.of(network.inputs, network.targets, hidden=network.widths[1:-1], masses=masses)
    return CriticalPoint(weighted, [[[0] * len(row) for row in layer] for layer in weights], says="saddle")


claim.mutant("moved", {step: "1/7"})


@claim.mutant(replaces=zero)
def saddles_of_depth_three_are_strict(H: int) -> CriticalPoint:
    """The Hessian at zero has a negative eigenvalue for every depth"""
    return at_zero(H, [[2, 0], [0, 1]], "strict saddle")


@claim.mutant(replaces=zero)
def zero_targets(H: int) -> CriticalPoint:
    """Without the assumption that X Y^T has full rank"""
    return at_zero(H, [[0, 0], [0, 0]], "saddle")


@claim.mutant(replaces=three_two_three)
def wrong_singular_values(k: int) -> CriticalPoint:
    """Every critical point of full rank is a global minimum"""
    point = list(critical_points(narrow()))[k]
    return CriticalPoint(narrow(), point.weights, says="global minimum" if len(point.kept) == 2 else "saddle")
