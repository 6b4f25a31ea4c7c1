r"""Exact empirical risk minimization for one hidden layer (Arora, Basu, Mianjy and Mukherjee 2018, Theorem 4.1).

A unit divides the data by a hyperplane, in one of finitely many ways; given the divisions and the signs of all units, the
network is linear in its parameters, and training is a convex program over polyhedral cones.  So the global minimum is a
minimum of finitely many, each of them attained: a rational number, for rational data and the squared loss.  Branch and
bound visits a small part of the programs, and its tree is a proof that the kernel checks.
"""

from __future__ import annotations

from fractions import Fraction

from claims.training.instances import cube, noise, parity, planted, scattered
from verify import Claim, cite
from verify.training import TrainingMinimum, exact_erm, literal_erm

claim = Claim(
    "exact-erm-depth2",
    title="Exact training of networks with one hidden layer",
    statement=r"For the listed data, the minimum of $\sum_{i \le D} \ell(f(x_i), y_i)$ over all networks $f$ with one hidden "
    r"layer of $w$ ReLU units, for the squared, the absolute or the hinge loss, is attained, and is the given rational "
    r"number: for the squared loss, the parity of $n \le 4$ bits and one unit it is $2^{n-2}$, no better than a constant.",
    source=cite(
        "arora2018",
        "Theorem 4.1; for one input, its proof reduces to another problem (see exact-erm-line-literal), and the same "
        "algorithm is used here",
    ),
    repairs="exact-erm-line-literal",
    remarks="The theorem: the minimum is the least value of the 2^w N^w convex programs, one for each choice of signs and of "
    "one of the N dichotomies of the data for each unit; this is compared on six random data sets only. Certified are the minima for the listed data, not the running time. Where the values come from does not matter: "
    "the network and the tree of bounds in each certificate prove them.",
)
quarter = claim.parameter("quarter", "1/4", "loss of one unit per corner of the cube, for parity")

ON_A_LINE = {1: "9856/29", 2: "29228/91", 3: "21493/91"}  # by width
IN_THE_PLANE = "10726606936289/639218732442"


@claim.exact(naturals={"n": (2, 3, 4)})
def parity_with_one_unit(n: int, quarter: Fraction) -> TrainingMinimum:
    """The constant 1/2 is as good as any unit."""
    return TrainingMinimum(cube(n), parity(cube(n)), 1, relation="is", value=quarter * 2**n)


@claim.exact(naturals={"n": (2, 3)})
def parity_with_two_units(n: int) -> TrainingMinimum:
    """Two units compute the parity of two bits, and leave an error of 1 for three."""
    return TrainingMinimum(cube(n), parity(cube(n)), 2, relation="is", value=n - 2)


@claim.exact(naturals={"w": (1, 2, 3)})
def on_a_line(w: int) -> TrainingMinimum:
    """Labels that have nothing to do with the points 0, ..., 19."""
    return TrainingMinimum([[i] for i in range(20)], noise(20), w, relation="is", value=ON_A_LINE[w])


@claim.exact()
def in_the_plane() -> TrainingMinimum:
    """What two units take at 16 points, rounded and disturbed."""
    points = scattered(16, 2)
    return TrainingMinimum(points, planted(points), 2, relation="is", value=IN_THE_PLANE)


@claim.exact(naturals={"w": (1, 2)})
def absolute_error(w: int) -> TrainingMinimum:
    """Of the same kind of labels at the points 0, ..., 15."""
    value = ("722/13", 47)[w - 1]
    return TrainingMinimum([[i] for i in range(16)], noise(16), w, loss="absolute", relation="is", value=value)


@claim.exact(naturals={"w": (1, 2)})
def hinge_loss(w: int) -> TrainingMinimum:
    """Of their signs."""
    signs = [1 if label > 0 else -1 for label in noise(16)]
    return TrainingMinimum([[i] for i in range(16)], signs, w, loss="hinge", relation="is", value=14 - 4 * w)


@claim.exact(naturals={"D": (12, 16, 20, 24, 28, 32, 36, 40)}, role="stress")
def most_of_the_noise(D: int) -> TrainingMinimum:
    """Two units explain less than a third of the squares of labels that are noise; the tree grows with the data."""
    labels = noise(D)
    return TrainingMinimum(
        [[i] for i in range(D)], labels, 2, relation="at least", value=Fraction(2 * sum(y * y for y in labels), 3)
    )


@claim.trials(6)
def against_the_literal_algorithm(draws):
    """All 2^w N^w convex programs, one by one, on six random data sets on the line: the same minimum, up to 1e-6."""
    import torch

    drawn = draws.uniform(2, 6, low=-4.0, high=4.0, bits=6)
    points, labels = [[Fraction(x)] for x in drawn[0].tolist()], [Fraction(y) for y in drawn[1].tolist()]
    exact, literal = exact_erm(points, labels, 2).value, literal_erm(points, labels, 2).value
    return torch.tensor([abs(float(exact) - literal) <= 1e-6])


claim.mutant("a-fifth", {quarter: "1/5"})
claim.mutant("more-than-a-constant", {quarter: "2/7"})


@claim.mutant(replaces=in_the_plane)
def one_unit_less() -> TrainingMinimum:
    """One unit is as good as two"""
    points = scattered(16, 2)
    return TrainingMinimum(points, planted(points), 1, relation="is", value=IN_THE_PLANE)


@claim.mutant(replaces=on_a_line)
def with_an_output_bias(w: int) -> TrainingMinimum:
    """An output bias does not help"""
    return TrainingMinimum([[i] for i in range(20)], noise(20), w, affine="bias", relation="is", value=ON_A_LINE[w])
