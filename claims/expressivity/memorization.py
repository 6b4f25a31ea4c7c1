r"""Memorization with 2n + d parameters (Zhang, Bengio, Hardt, Recht and Vinyals 2017, Theorem 1).

Along a direction that tells the points apart the problem has one variable, and its equations are triangular: a unit with a
threshold between two projections does not touch what was right on the left of it.  Such a direction is a hierarchy of
scales, like the positional system of numbers.  On a line, alternating labels need a unit for each point.
"""

from __future__ import annotations

import math
from fractions import Fraction

from verify import Claim, arbitrary, assume, cite, define, induction, lemma, nat, prop, real, relu
from verify.networks import Memorizes

claim = Claim(
    "memorization-2n-d",
    title="Memorization with 2n + d parameters",
    statement=r"Let $b_0 < z_0 \le b_1 < z_1 \le \dots \le b_{n-1} < z_{n-1}$ be real numbers. For all labels $y_i$ there are "
    r"weights $w_j$ with $\sum_{j<n} w_j \,\mathrm{ReLU}(z_i - b_j) = y_i$ for $i < n$. With $z_i = \langle a, x_i \rangle$, "
    r"$x_i \in \mathbb{R}^d$, this is a network of $x$ with $2n + d$ parameters $a, b, w$. Different points have different "
    r"$z_i$ if $a$ is a hierarchy of scales: $a_k > 0$, and $a_k$ times the least nonzero difference of the coordinates "
    r"number $k$ is more than $\sum_{l<k} a_l$ times their largest differences.",
    source=cite(
        "zhang2017",
        "Theorem 1",
        quote="There exists a two-layer neural network with ReLU activations and 2n+d weights that can represent any function "
        "on a sample of size n in d dimensions.",
    ),
    remarks="The direction a is shared by all units; a general network of n units has nd + 2n weights. The points are "
    "numbered by their projections. A finite set of points has such a hierarchy: its entries can be chosen one after the "
    "other (this sentence is not checked). Fewer units are not enough in general: certified here for alternating labels on "
    "a line, for the listed numbers of points.",
    symbols={
        r"z(i), \; y(i)": "the projection and the label of the point number i, counted in the order of the projections",
        r"b(i), \; r(i)": "the thresholds, and the reciprocals of z(i) - b(i)",
        r"\mathrm{net}(n, t)": "the network with the thresholds b(0), ..., b(n - 1)",
        r"x(i, k)": "coordinate number k of the point number i",
        r"\mathrm{gap}(k), \; \mathrm{width}(k)": "the least nonzero difference of coordinates number k, and the largest",
    },
)
missing = claim.parameter("missing", "0", "how many units less than points there are")


@arbitrary
def z(i: nat) -> real: ...


@arbitrary
def y(i: nat) -> real: ...


@arbitrary
def b(i: nat) -> real: ...


@arbitrary
def r(i: nat) -> real: ...


@define
def interleaved(n: nat) -> prop:
    """b(0) < z(0) <= b(1) < z(1) <= ... < z(n - 1), and the reciprocals are right."""
    if n == 0:
        return True
    if n == 1:
        return b(0) < z(0) and r(0) * (z(0) - b(0)) == 1
    return interleaved(n - 1) and z(n - 2) <= b(n - 1) < z(n - 1) and r(n - 1) * (z(n - 1) - b(n - 1)) == 1


@define
def net(n: nat, t: real) -> real:
    """The weight of the last unit makes up for what the units before it leave at its point."""
    if n == 0:
        return 0
    return net(n - 1, t) + (y(n - 1) - net(n - 1, z(n - 1))) * r(n - 1) * relu(t - b(n - 1))


@define
def parameters(n: nat, d: nat) -> nat:
    """The entries of the direction, then a threshold and a weight for each unit."""
    return d if n == 0 else parameters(n - 1, d) + 2


@lemma(by=induction("n"), cases=["i + 1 <= n"])
def a_new_threshold_lies_beyond(n: nat, i: nat) -> prop:
    assume(interleaved(n + 1), i + 1 <= n)
    return z(i) <= b(n)


@lemma()
def the_new_point(n: nat) -> prop:
    assume(interleaved(n + 1))
    return net(n + 1, z(n)) == y(n)


@claim.proof(by=induction("n"), using=[a_new_threshold_lies_beyond, the_new_point], cases=["i + 1 <= n"])
def memorizes(n: nat, i: nat) -> prop:
    assume(interleaved(n), i + 1 <= n)
    return net(n, z(i)) == y(i)


@claim.proof(by=induction("n"))
def number_of_parameters(n: nat, d: nat) -> prop:
    return parameters(n, d) == 2 * n + d


@arbitrary
def x(i: nat, k: nat) -> real: ...


@arbitrary
def a(k: nat) -> real: ...


@arbitrary
def gap(k: nat) -> real: ...


@arbitrary
def width(k: nat) -> real: ...


@define
def projection(d: nat, i: nat) -> real:
    return 0 if d == 0 else projection(d - 1, i) + a(d - 1) * x(i, d - 1)


@define
def spread(d: nat) -> real:
    return 0 if d == 0 else spread(d - 1) + a(d - 1) * width(d - 1)


@define
def hierarchical(d: nat) -> prop:
    """One gap of a coordinate outweighs all coordinates before it."""
    return True if d == 0 else hierarchical(d - 1) and a(d - 1) > 0 and spread(d - 1) < a(d - 1) * gap(d - 1)


@define
def measured(d: nat, i: nat, j: nat) -> prop:
    """Coordinate k of two points is equal, or differs by gap(k) at least and by width(k) at most."""
    if d == 0:
        return True
    if x(i, d - 1) == x(j, d - 1):
        return measured(d - 1, i, j) and width(d - 1) >= 0
    return measured(d - 1, i, j) and gap(d - 1) <= abs(x(i, d - 1) - x(j, d - 1)) <= width(d - 1)


@define
def equal(d: nat, i: nat, j: nat) -> prop:
    return True if d == 0 else equal(d - 1, i, j) and x(i, d - 1) == x(j, d - 1)


@lemma(by=induction("d"), cases=["x(i, d) >= x(j, d)"])
def projections_spread(d: nat, i: nat, j: nat) -> prop:
    assume(hierarchical(d), measured(d, i, j))
    return projection(d, i) - projection(d, j) <= spread(d) and projection(d, j) - projection(d, i) <= spread(d)


@claim.proof(by=induction("d"), using=[projections_spread], cases=["x(i, d) >= x(j, d)"])
def directions_tell_points_apart(d: nat, i: nat, j: nat) -> prop:
    assume(hierarchical(d), measured(d, i, j), projection(d, i) == projection(d, j))
    return equal(d, i, j)


@claim.exact(naturals={"n": (1, 100, 10_000)}, role="stress")
def a_square_grid(n: int) -> Memorizes:
    """Integers; no direction with entries below the side of the square tells its points apart."""
    side = math.isqrt(n)
    return Memorizes([(i % side, i // side) for i in range(n)], [pow(i + 1, 3, 10007) for i in range(n)])


@claim.exact(naturals={"n": (3, 3000)}, role="stress")
def fractions_and_floats_with_duplicates(n: int) -> Memorizes:
    """Each point three times; 0.1 is what binary64 makes of it, since a float is a rational number."""
    m = n // 3
    return Memorizes(
        [(Fraction(i % m % 7, 3), 0.1 * (i % m)) for i in range(n)], [Fraction(i % m, 7) for i in range(n)]
    )


@claim.exact(naturals={"n": (3, 10, 100, 1000)}, role="stress")
def alternating_labels(n: int, missing: Fraction) -> Memorizes:
    """Labels 1, -1, 1, ... on a line."""
    return Memorizes([(i,) for i in range(n)], [(-1) ** i for i in range(n)], units=n - missing)


@claim.trials(16)
def exact_in_floating_point(draws):
    """Where the gaps are powers of two and the labels integers, binary64 computes without rounding: the sum of ReLUs in
    torch takes all labels exactly."""
    import torch

    n = 64 << draws.trial % 5
    gaps = 2.0 ** torch.floor(draws.uniform(n, low=0.0, high=4.0, bits=20))
    labels = torch.floor(draws.uniform(n, low=-100.0, high=100.0, bits=20))
    z = torch.cumsum(gaps, 0)
    thresholds = z - gaps
    slopes = torch.diff(labels, prepend=torch.zeros_like(labels[:1])) / gaps
    weights = torch.diff(slopes, prepend=torch.zeros_like(slopes[:1]))
    return torch.relu(z[:, None] - thresholds[None, :]) @ weights == labels


claim.sharpness(missing, refuted="1", proved="0")
claim.mutant("three-units-less", {missing: "3"})


@claim.mutant(replaces=fractions_and_floats_with_duplicates)
def two_labels_at_one_point(n: int) -> Memorizes:
    """The same points, where equal ones have different labels"""
    m = n // 3
    return Memorizes([(Fraction(i % m % 7, 3), 0.1 * (i % m)) for i in range(n)], list(range(n)))


@claim.mutant(replaces=interleaved)
def unsorted_thresholds(n: nat) -> prop:
    """b(i) < z(i) alone: a new unit may change what was right before"""
    if n == 0:
        return True
    return interleaved(n - 1) and b(n - 1) < z(n - 1) and r(n - 1) * (z(n - 1) - b(n - 1)) == 1


@claim.mutant(replaces=directions_tell_points_apart)
def any_direction(d: nat, i: nat, j: nat) -> prop:
    """Without a condition on the direction"""
    assume(measured(d, i, j), projection(d, i) == projection(d, j))
    return equal(d, i, j)
