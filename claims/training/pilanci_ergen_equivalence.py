r"""Weight decay makes the training of wide networks convex (Pilanci and Ergen 2020).

On the cell of a dichotomy of the points a unit is linear, and units of one sign in one cell can be merged into one.  So the
minimum over networks of any number of units is that of a convex program with two vectors for each cell.  Its dual vectors
bound every network from below, however wide it is; its solutions are networks with no more units than there are points.
"""

from __future__ import annotations

from fractions import Fraction

from verify import Claim, arbitrary, assume, cite, define, dot, induction, lemma, nat, prop, real, relu, sq, vec
from verify.training import RegularizedMinimum

claim = Claim(
    "pilanci-ergen-equivalence",
    title="Training with weight decay is a convex program",
    statement=r"For the listed data $(x_i, y_i)$, $i < D$, and $\beta$, the minimum of $\frac12 \sum_i (f(x_i) - y_i)^2 + "
    r"\frac{\beta}{2} \sum_{k<m} (|u_k|^2 + a_k^2)$, $f(x) = \sum_{k<m} a_k \,\mathrm{ReLU}(\langle u_k, (1, x) \rangle)$, over all "
    r"widths $m$ and all weights is the listed number up to $2^{-20}$, and networks with $m = D$ units get there. It is the "
    r"optimum of the convex program over the cells of the points.",
    source=cite("pilanci2020", "Theorem 1"),
    remarks="The biases are regularized like all weights. The number is certified from both sides: by a network of at most D "
    "units, and by a dual vector, which is feasible on all cells and so bounds all networks. That there are such pairs for "
    "all data is strong duality, and not proved here; the theorems are what the bounds rest on.",
    symbols={
        r"\mathrm{unit}(k), \; \mathrm{size}(k)": "the outputs of the unit k at the points, a vector, and |a| |u|",
        r"\mathrm{feasible}(m, \nu)": "<nu, unit(k)> is at most beta size(k) for k < m, which is dual feasibility",
        r"\mathrm{total}(m, \nu)": "the sum of <nu, unit(k)> for k < m",
        r"\mathrm{penalty}(m)": "the sum of size(k) for k < m",
    },
)
raised = claim.parameter("raised", "0", "what is added to the listed minima")


# ------------------------------------------------------------------------------------------- for every width


@arbitrary
def unit(k: nat) -> vec: ...


@arbitrary
def size(k: nat) -> real: ...


@arbitrary
def beta() -> real: ...


@define
def feasible(m: nat, nu: vec) -> prop:
    return True if m == 0 else feasible(m - 1, nu) and dot(nu, unit(m - 1)) <= beta() * size(m - 1)


@define
def total(m: nat, nu: vec) -> real:
    return 0 if m == 0 else total(m - 1, nu) + dot(nu, unit(m - 1))


@define
def penalty(m: nat) -> real:
    return 0 if m == 0 else penalty(m - 1) + size(m - 1)


@lemma(by=induction("m"))
def penalties_outweigh(m: nat, nu: vec) -> prop:
    assume(feasible(m, nu))
    return total(m, nu) <= beta() * penalty(m)


@lemma()
def squares_are_not_negative(w: vec) -> prop:
    return sq(w) >= 0


@claim.proof(using=[penalties_outweigh, squares_are_not_negative.at(w="f - y + nu")])
def no_network_is_better(m: nat, f: vec, y: vec, nu: vec) -> prop:
    """f is the sum of the m units; what is used of this is its inner product with nu."""
    assume(feasible(m, nu), dot(nu, f) == total(m, nu))
    return sq(f - y) / 2 + beta() * penalty(m) >= dot(nu, y) - sq(nu) / 2


# ------------------------------------------------------------------------------------------- why it is convex


@claim.proof()
def balanced_weights_are_best(n: real, a: real) -> prop:
    """n is the norm of u and a is not negative; they are balanced by t u and a / t for some t, and then equality holds."""
    assume(n >= 0, a >= 0)
    return a * n <= (n**2 + a**2) / 2 and n * n == (n**2 + n**2) / 2


@claim.proof(cases=["dot(z, u) > 0", "dot(z, v) > 0"])
def units_of_a_cell_can_be_merged(s: real, z: vec, u: vec, v: vec) -> prop:
    """The same outputs, if the two are on one side of each point."""
    assume(s == 1 or s == -1, s * dot(z, u) >= 0, s * dot(z, v) >= 0)
    return relu(dot(z, u + v)) == relu(dot(z, u)) + relu(dot(z, v))


@lemma(cases=["y >= 0"])
def positive_factors_cancel(x: real, y: real) -> prop:
    assume(x > 0, x * y >= 0)
    return y >= 0


@lemma(
    using=[
        squares_are_not_negative.at(w="q * u - p * v"),
        positive_factors_cancel.at(x="p * q", y="p * q - dot(u, v)"),
    ]
)
def inner_products_and_norms(u: vec, v: vec, p: real, q: real) -> prop:
    assume(p > 0, q > 0, sq(u) == p**2, sq(v) == q**2)
    return dot(u, v) <= p * q


@claim.proof(
    using=[
        inner_products_and_norms.at(u="u", v="v", p="p", q="q"),
        positive_factors_cancel.at(x="p + q + r", y="p + q - r"),
    ]
)
def merging_does_not_cost(u: vec, v: vec, p: real, q: real, r: real) -> prop:
    """The triangle inequality, of the norms p, q and r of u, v and u + v."""
    assume(p > 0, q > 0, r >= 0, sq(u) == p**2, sq(v) == q**2, sq(u + v) == r**2)
    return r <= p + q


# ------------------------------------------------------------------------------------------- certified minima

LINE = [[-3], [-2], [-1], [0], [1], [2], [3], [4]], [2, -1, 0, 3, -2, 1, 1, -3]
GRID = [[i, j] for i in range(3) for j in range(3)], [(i + j) % 2 for i in range(3) for j in range(3)]
CUBE = [[i >> 2, i >> 1 & 1, i & 1] for i in range(8)], [(i >> 2 ^ i >> 1 ^ i) & 1 for i in range(8)]
MINIMA = {  # inputs, and the power of 1/10 that beta is
    (1, 0): "12.5494083",
    (1, 1): "4.4768549",
    (1, 2): "0.4973678",
    (2, 0): "1.4107651",
    (2, 1): "0.7772789",
    (2, 2): "0.0955825",
    (3, 0): "1.3709893",
    (3, 1): "0.6075615",
    (3, 2): "0.0732525",
}


@claim.exact(naturals={"n": (1, 2, 3), "k": (0, 1, 2)})
def minima(n: int, k: int, raised: Fraction) -> RegularizedMinimum:
    """Eight points on a line; parity on a grid of nine points in the plane, and on the corners of the cube."""
    points, labels = {1: LINE, 2: GRID, 3: CUBE}[n]
    value, error = Fraction(MINIMA[n, k]) + raised, Fraction(1, 2**20)
    return RegularizedMinimum(
        points, labels, Fraction(1, 10**k), width=len(points), lower=value - error, upper=value + error
    )


@claim.trials(8)
def trained_networks_stay_above(draws):
    """Networks of up to 32 units, by Adam from random weights, on the line with beta = 1/10."""
    import torch

    points, labels = (torch.tensor(values, dtype=torch.float64) for values in LINE)
    z = torch.cat([torch.ones_like(points), points], 1).to(draws.device)
    width = 4 << draws.trial % 4
    u = draws.uniform(32, width, 2, low=-1.0, high=1.0).double().requires_grad_()
    a = draws.uniform(32, width, low=-1.0, high=1.0).double().requires_grad_()
    adam, least = torch.optim.Adam([u, a], lr=0.05), torch.full((32,), torch.inf)
    for _ in range(200):
        adam.zero_grad()
        misfit = (a[..., None] * torch.relu(u @ z.T)).sum(1) - labels.to(z.device)
        values = (misfit**2).sum(1) / 2 + ((u**2).sum((1, 2)) + (a**2).sum(1)) / 20
        values.sum().backward()
        adam.step()
        least = torch.minimum(least, values.detach().cpu())
    return least >= float(MINIMA[1, 1]) - 2.0**-20


# ------------------------------------------------------------------------------------------- what must fail


claim.sharpness(raised, refuted="1/100000", proved="0")
claim.mutant("lower than the convex program says", {raised: "-1/100000"})


@claim.mutant(replaces=minima)
def biases_are_free(n: int, k: int) -> RegularizedMinimum:
    """The network 1/2 costs nothing: at most 1 for parity on the grid with beta = 1"""
    points, labels = GRID
    return RegularizedMinimum(points, labels, 1, width=len(points), lower=0, upper="10/9")


@claim.mutant(replaces=feasible)
def feasible_on_average(m: nat, nu: vec) -> prop:
    """Every second unit is unbounded"""
    if m == 0:
        return True
    return feasible(m - 1, nu) and (dot(nu, unit(m - 1)) <= beta() * size(m - 1) or size(m - 1) <= 0)


@claim.mutant(replaces=units_of_a_cell_can_be_merged)
def units_of_different_cells(s: real, z: vec, u: vec, v: vec) -> prop:
    """Units on two sides of a point are merged"""
    assume(s == 1 or s == -1, s * dot(z, u) >= 0, s * dot(z, v) <= 0)
    return relu(dot(z, u + v)) == relu(dot(z, u)) + relu(dot(z, v))


@claim.mutant(replaces=merging_does_not_cost)
def merging_costs_nothing_even_without_norms(u: vec, v: vec, p: real, q: real, r: real) -> prop:
    """Squared norms satisfy the triangle inequality"""
    assume(p > 0, q > 0, r >= 0, sq(u) == p**2, sq(v) == q**2, sq(u + v) == r**2)
    return r**2 <= p**2 + q**2
