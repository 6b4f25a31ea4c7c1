r"""Linear regions of shallow and deep networks (Zaslavsky 1975; Montúfar, Pascanu, Cho and Bengio 2014).

n hyperplanes cut R^d into at most r(n, d) = C(n, 0) + ... + C(n, d) regions, a polynomial of degree d in n.  A deep
network folds the unit square onto itself by sawtooths, layer by layer, and so repeats each region of its last layer.
"""

from __future__ import annotations

from fractions import Fraction
from math import comb

from claims.expressivity.arrangements import folding, vandermonde
from verify import Claim, assume, cite, define, hypothesis, induction, lemma, nat, prop
from verify.networks.cells import AtLeast, Cells
from verify.networks.domain import box, whole_space
from verify.networks.network import Network

claim = Claim(
    "linear-regions",
    title="Linear regions: polynomially many, and exponentially many",
    statement=r"A ReLU network with $d$ inputs and one hidden layer of $n$ units has at most $r(n, d) = \sum_{j \le d} "
    r"\binom{n}{j} \le (n + 1)^d$ linear regions, and exactly as many for the listed $n, d$ with units in general position. "
    r"For the listed $n, L$ there is a network with $2$ inputs and $L$ hidden layers of $n$ units that has exactly "
    r"$\lfloor n/2 \rfloor^{2(L-1)} \, r(n, 2)$ linear regions in the unit square. For $n = 4$ and every $L \ge 2$ this number, "
    r"$11 \cdot 4^{L-1}$, is larger than $r(4L, 2)$, which is the most that one layer of as many units has in the plane.",
    source=cite("montufar2014", "Theorem 4 and Corollary 5; for one layer, Zaslavsky (1975)"),
    repairs="linear-regions-literal",
    remarks="That the construction has that many regions for all n and L is not proved here, only certified for the listed "
    "ones; there, activation cells and linear regions are as many. In general they are not: see cells_of_one_region.",
    symbols={
        r"\mathrm{regions}(n, d)": "defined by r(n + 1, d + 1) = r(n, d + 1) + r(n, d), as arrangements grow",
        r"\mathrm{binomials}(n, d)": "C(n, 0) + ... + C(n, d)",
        r"\mathrm{deep}(L)": "$11 \\cdot 4^L$, the number for n = 4 and L + 1 layers",
    },
)
surplus = claim.parameter("surplus", "0", "regions beyond r(n, d)")


# ------------------------------------------------------------------------------------------- shallow: polynomially


@define
def choose(n: nat, j: nat) -> nat:
    if j == 0:
        return 1
    return 0 if n == 0 else choose(n - 1, j) + choose(n - 1, j - 1)


@define
def binomials(n: nat, d: nat) -> nat:
    return choose(n, 0) if d == 0 else binomials(n, d - 1) + choose(n, d)


@define
def regions(n: nat, d: nat) -> nat:
    if n == 0:
        return 1
    return 1 if d < 1 else regions(n - 1, d) + regions(n - 1, d - 1)


@define
def power(n: nat, d: nat) -> nat:
    return 1 if d == 0 else n * power(n, d - 1)


@lemma(by=induction("d"))
def without_hyperplanes(d: nat) -> prop:
    return binomials(0, d) == 1


@lemma(by=induction("d"))
def sums_of_binomials_grow_as_arrangements(n: nat, d: nat) -> prop:
    return binomials(n + 1, d + 1) == binomials(n, d + 1) + binomials(n, d)


@claim.proof(
    by=induction("n"),
    using=[without_hyperplanes, sums_of_binomials_grow_as_arrangements.at(n="n", d="d - 1")],
    cases=["d >= 1"],
)
def number_of_regions(n: nat, d: nat) -> prop:
    return regions(n, d) == binomials(n, d)


@lemma(by=induction("d"))
def powers_are_monotone(n: nat, d: nat) -> prop:
    return power(n + 1, d) <= power(n + 2, d)


@lemma(by=induction("d"))
def powers_are_positive(n: nat, d: nat) -> prop:
    return power(n + 1, d) >= 1


@lemma(using=[powers_are_monotone, powers_are_positive])
def powers_grow(n: nat, d: nat) -> prop:
    return power(n + 1, d + 1) + power(n + 1, d) <= power(n + 2, d + 1)


@claim.proof(
    by=induction("n"),
    using=[powers_are_positive, powers_grow.at(n="n", d="d - 1"), hypothesis(d="d - 1")],
    cases=["d >= 1"],
)
def polynomially_many(n: nat, d: nat) -> prop:
    return regions(n, d) <= power(n + 1, d)


claim.cites(
    "hyperplanes",
    "Of $n$ hyperplanes in R^d, the last one is cut by the others into at most r(n - 1, d - 1) parts, each of which divides "
    "one region of the others; hence at most r(n, d) regions, on each of which a network with these n units is affine.",
    cite("zaslavsky1975", "Theorem A and its recursion"),
)


@claim.exact(naturals={"n": range(1, 7), "d": (1, 2, 3)})
def general_position(n: int, d: int, surplus: Fraction) -> Cells:
    number = regions_of_a_shallow_network(n, d) + surplus
    return Cells(vandermonde(n, d), whole_space(d), cells=number, regions=number)


@claim.exact()
def twelve_units_in_one_layer() -> Cells:
    return Cells(vandermonde(12, 2), whole_space(2), regions=79)


@claim.trials(64)
def patterns_of_random_units(draws):
    """At 2^16 points, twelve random units of the plane have no more than 79 activation patterns."""
    import torch

    normals, biases = draws.uniform(12, 2, low=-1.0, high=1.0), draws.uniform(12, low=-1.0, high=1.0)
    points = draws.uniform(1 << 16, 2, low=-4.0, high=4.0)
    active = (points @ normals.T + biases) > 0
    return torch.tensor([torch.unique(active, dim=0).shape[0] <= regions_of_a_shallow_network(12, 2)])


def regions_of_a_shallow_network(n: int, d: int) -> int:
    return sum(comb(n, j) for j in range(d + 1))


# ------------------------------------------------------------------------------------------- deep: exponentially


@claim.exact(naturals={"n": (4, 5, 6), "layers": (1, 2)})
def folded(n: int, layers: int) -> Cells:
    """44 regions for four units and two layers, 64 for five, 198 for six."""
    number = (n // 2) ** (2 * (layers - 1)) * regions_of_a_shallow_network(n, 2)
    return Cells(folding(n, layers), box((0, 1), (0, 1)), cells=number, regions=number)


@claim.exact()
def twelve_units_in_three_layers() -> Cells:
    return Cells(folding(4, 3), box((0, 1), (0, 1)), cells=176, regions=176)


@define
def deep(L: nat) -> nat:
    return 11 if L == 0 else 4 * deep(L - 1)


@lemma(by=induction("n"))
def in_no_dimension(n: nat) -> prop:
    return regions(n, 0) == 1


@lemma(by=induction("n"), using=[in_no_dimension])
def in_the_plane(n: nat) -> prop:
    return 2 * regions(n, 2) == n**2 + n + 2 and regions(n, 1) == n + 1


@lemma(by=induction("L"))
def quadratic_against_exponential(L: nat) -> prop:
    return deep(L + 1) > 8 * (L + 2) ** 2 + 2 * (L + 2) + 1


@claim.proof(using=[in_the_plane.at(n="4 * (L + 2)"), quadratic_against_exponential])
def deep_networks_have_more(L: nat) -> prop:
    """L + 2 layers of four units against one layer with as many."""
    return regions(4 * (L + 2), 2) < deep(L + 1)


# ------------------------------------------------------------------------------------------- what must fail


@claim.exact()
def cells_of_one_region() -> Cells:
    """ReLU(x) - ReLU(-x) = x: two cells, one region."""
    return Cells(Network.of([([[1], [-1]], [0, 0]), ([[1, -1]], [0])]), whole_space(1), cells=2, regions=1)


claim.sharpness(surplus, refuted="1", proved="0")


@claim.mutant(replaces=cells_of_one_region)
def regions_are_cells() -> Cells:
    """As many regions as activation patterns"""
    return Cells(Network.of([([[1], [-1]], [0, 0]), ([[1, -1]], [0])]), whole_space(1), cells=2, regions=2)


@claim.mutant(replaces=folded)
def half_of_the_units_rounded_up(n: int, layers: int) -> Cells:
    """ceil(n/2) teeth for odd n: at least 144 regions for two layers of five units"""
    number = ((n + 1) // 2) ** (2 * (layers - 1)) * regions_of_a_shallow_network(n, 2)
    return Cells(folding(n, layers), box((0, 1), (0, 1)), regions=AtLeast(number))


@claim.mutant(replaces=polynomially_many)
def of_one_degree_less(n: nat, d: nat) -> prop:
    """r(n, d) <= (n + 1)^(d - 1)"""
    assume(d >= 1)
    return regions(n, d) <= power(n + 1, d - 1)


@claim.mutant(replaces=regions)
def without_the_restriction(n: nat, d: nat) -> nat:
    """A new hyperplane adds as many regions as it has in the same dimension"""
    if n == 0:
        return 1
    return 1 if d == 0 else regions(n - 1, d) + regions(n - 1, d)
