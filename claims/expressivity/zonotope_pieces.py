r"""Sawtooths of support functions of zonotopes: many pieces in any dimension (Arora, Basu, Mianjy and Mukherjee 2018).

The support function $\gamma(r) = \sum_i |\langle b_i, r \rangle|$ of a zonotope is linear on as many cones as the zonotope
has vertices, and a sawtooth with $w^k$ pieces divides each cone by hyperplanes.
"""

from __future__ import annotations

from fractions import Fraction
from math import comb

from claims.expressivity.linear_regions import binomials, sums_of_binomials_grow_as_arrangements
from verify import Claim, arbitrary, cite, define, induction, layered, lemma, nat, prop, real, relu, units
from verify.networks.cells import AtLeast, Cells
from verify.networks.domain import whole_space
from verify.networks.network import Network

claim = Claim(
    "zonotope-pieces",
    title="Zonotope functions have twice as many pieces",
    statement=r"For the listed $n, m, w, k$ and $m$ vectors in general position in $\mathbb{R}^n$ (points of the moment curve), "
    r"the function $H(\sum_i |\langle b_i, r \rangle|)$, $H$ a sawtooth of $k$ layers of $w$ units, has at least "
    r"$2 w^k \sum_{i<n} \binom{m-1}{i}$ linear regions, and exactly so many if $k = 1$ or $w$ is odd. For all $m$ and $n$, "
    r"$2 \sum_{i<n} \binom{m-1}{i}$ grows as the number of cones of $m$ hyperplanes through 0 does, and for all $m$ the sum of "
    r"moduli has one hidden layer of $2m$ units.",
    source=cite("arora2018", "Theorem 3.9"),
    repairs="zonotope-pieces-literal",
    remarks="The number for all n, m, w and k at once is not proved here.",
    symbols={
        r"\mathrm{cones}(m, n)": "$2 \\sum_{i \\le n} \\binom{m}{i}$, for m + 1 hyperplanes through 0 in n + 1 dimensions",
        r"t(i)": "the inner products with the vectors, any sequence of reals",
        r"\mathrm{support}(m)": "|t(0)| + ... + |t(m - 1)|, written with ReLUs",
    },
)
factor = claim.parameter("factor", "2", "regions over $w^k \\sum_{i<n} \\binom{m-1}{i}$")


@define
def cones(m: nat, n: nat) -> nat:
    return 2 * binomials(m, n)


@claim.proof(using=[sums_of_binomials_grow_as_arrangements])
def central_arrangements(m: nat, n: nat) -> prop:
    """A further hyperplane through 0 divides as many cones as it is itself divided into."""
    return cones(m + 1, n + 1) == cones(m, n + 1) + cones(m, n)


@arbitrary
def t(i: nat) -> real: ...


@define
def support(m: nat) -> real:
    return 0 if m == 0 else support(m - 1) + relu(t(m - 1)) + relu(-t(m - 1))


@define
def moduli(m: nat) -> real:
    return 0 if m == 0 else moduli(m - 1) + abs(t(m - 1))


@lemma()
def modulus(x: real) -> prop:
    return abs(x) == relu(x) + relu(-x)


@claim.proof(by=induction("m"), using=[modulus.at(x="t(m)")])
def sum_of_moduli(m: nat) -> prop:
    return support(m) == moduli(m)


@claim.proof(by=induction("m"))
def one_layer_of_pairs(m: nat) -> prop:
    return units(support(m)) == 2 * m and layered(support(m), 1)


def zonotope(n: int, m: int, w: int, k: int) -> Network:
    """Hidden layers of widths 2m, w, ..., w; the vectors are $(1, i, \\ldots, i^{n-1})$, and any n of them are a basis."""
    vectors = [[i**power for power in range(n)] for i in range(1, m + 1)]
    rows = [sign for vector in vectors for sign in (vector, [-entry for entry in vector])]
    layers, incoming = [(rows, [0] * (2 * m))], [1] * (2 * m)
    for _ in range(k):
        layers.append(([incoming] * w, [-Fraction(i, w) for i in range(w)]))
        incoming = [w, *(2 * w * (-1) ** i for i in range(1, w))]
    return Network.of([*layers, ([incoming], [0])])


def number(n: int, m: int, w: int, k: int) -> int:
    """The number as printed."""
    return w**k * sum(comb(m - 1, i) for i in range(n))


@claim.exact(naturals={"m": (2, 3, 4, 5), "w": (2, 3)})
def in_the_plane(m: int, w: int, factor: Fraction) -> Cells:
    return Cells(zonotope(2, m, w, 1), whole_space(2), regions=factor * number(2, m, w, 1))


@claim.exact(naturals={"m": (3, 4)})
def in_space(m: int, factor: Fraction) -> Cells:
    return Cells(zonotope(3, m, 2, 1), whole_space(3), regions=factor * number(3, m, 2, 1))


@claim.exact(naturals={"m": (2, 3)})
def two_layers_of_three(m: int, factor: Fraction) -> Cells:
    return Cells(zonotope(2, m, 3, 2), whole_space(2), regions=factor * number(2, m, 3, 2))


@claim.exact(naturals={"m": (2, 3)})
def two_layers_of_two(m: int, factor: Fraction) -> Cells:
    """For even w the sawtooth ends in a constant, which is a region more."""
    return Cells(zonotope(2, m, 2, 2), whole_space(2), regions=AtLeast(factor * number(2, m, 2, 2)))


claim.sharpness(factor, refuted="5/2", proved="2")
claim.mutant("as-printed", {factor: "1"})


@claim.mutant(replaces=in_the_plane)
def parallel_vectors(m: int, w: int) -> Cells:
    """The last vector parallel to the first"""
    network = zonotope(2, m, w, 1)
    rows = network.layers[0].weights
    doubled = [[2 * entry for entry in row] for row in rows[:2]]
    first = (([*rows[:-2], *doubled]), network.layers[0].bias)
    rest = [(layer.weights, layer.bias) for layer in network.layers[1:]]
    return Cells(Network.of([first, *rest]), whole_space(2), regions=2 * number(2, m, w, 1))


@claim.mutant(replaces=central_arrangements)
def affine_arrangements(m: nat, n: nat) -> prop:
    """The number for hyperplanes that do not pass through 0, from the same recursion with another beginning"""
    return cones(m + 1, n + 1) == cones(m, n + 1) + binomials(m, n)
