r"""The maximum of up to ten numbers by two hidden layers.

Why it matters.  A tree of maxima of two computes the maximum of n numbers with ceil(log2 n) hidden layers, and that
this is the least possible depth was a conjecture (Hertrich, Basu, Di Summa and Skutella 2021).  It is false for n = 5
(Bakaev et al. 2025) and for n = 6 (relu-max6, 2026, not refereed).  The identities for n = 7, 8, 9, 10 below were
found by linear algebra; they stood in no source that we could search, and should be taken as new until an expert has
looked at them.

Building blocks.  A braid term of weight w is max(R, B), where R and B are sums of w maxima of two of the inputs; Avg
is the mean over all n! ways to choose the inputs.  Two hidden layers compute such a term and hence any linear
combination of them, which is proved here for every w.  That the combination is the maximum is decided by the kernel:
by symmetry the inputs may be sorted, where Avg is a sum of linear forms and of finitely many moduli |h.x|, and
integers remain to be compared.  For n up to 6 the identity is searched for; for n from 7 to 10 it lies in
max_identities/, as certificates. Random points that are not sorted, and the networks themselves, are a check by other
means.
"""

from __future__ import annotations

import json
from pathlib import Path

from claims.expressivity.braid_terms import blue_has_one_layer, combination, larger, red_has_one_layer
from verify import Claim, cite, induction, layered, nat, prop, real
from verify.networks.two_layer_maximum import MaximumIdentity, TwoLayerMaximum

claim = Claim(
    "max-n-two-hidden-layers",
    title="The maximum of ten numbers has two hidden layers",
    statement=r"For $n = 4, \dots, 10$ the maximum of $n$ numbers is, on all of $\mathbb{R}^n$, a rational linear "
    r"combination of braid terms of weight $w = \lceil n/2 \rceil - 1$: terms $\max(R, B)$, where $R$ and $B$ are sums of "
    r"$w$ maxima $\max(x_u, x_v)$ of two of the numbers. For every $w$ such a combination is computed exactly by a ReLU "
    r"network with two hidden layers and finite width.",
    source=cite("bakaev2025", "n = 5; for n = 6 see relumax6; n = 7, ..., 10 are in no source that we could search"),
    remarks="Refutes the conjecture of Hertrich, Basu, Di Summa and Skutella (hertrich2021) that ceil(log2 n) hidden layers "
    "are needed: 3 for n = 5, ..., 8 and 4 for n = 9, 10. As every continuous piecewise affine function on R^m is a signed "
    "sum of maxima of m + 1 affine functions (wangsun2005, not checked here), all of them have two hidden layers for m up "
    "to 9. Weight w - 1 is not enough for n = 5, 7, 9: the mutant weight-one-less is refuted there by a functional that is 0 "
    "on all terms; in general n is at most 2w + 2 (koutschan2023). That weight w is enough for n = 2w + 2, for every w, is "
    "only a conjecture, checked here for w up to 4. No contradiction to averkov2025, where odd denominators of all weights "
    "force ceil(log2 n) hidden layers: for n > 4 the common denominators here are even.",
    symbols={
        r"\mathrm{combination}(n, w)": "a sum of n + 1 braid terms of weight w + 1, each with the sign 1 or -1; terms may repeat",
    },
)
third = claim.parameter("third", "3/2", "coefficient of the last term for the maximum of five numbers")
FOLDER = Path(__file__).with_name("max_identities")


def committed(name):
    """The witness of a certificate in the folder beside this file."""
    return json.loads((FOLDER / f"{name}.json").read_text())["witness"]


# ------------------------------------------------------------------------ a combination of terms has two hidden layers


@claim.proof()
def larger_is_the_maximum(a: real, b: real) -> prop:
    return larger(a, b) == max(a, b)


@claim.proof(by=induction("n"), using=[red_has_one_layer, blue_has_one_layer])
def two_layers_for_every_weight(n: nat, w: nat, d: nat) -> prop:
    """Rational combinations are such sums, divided by a common denominator d + 1."""
    return layered(combination(n, w) / (d + 1), 2)


@claim.mutant(replaces=two_layers_for_every_weight)
def one_layer(n: nat, w: nat, d: nat) -> prop:
    """one hidden layer instead of two"""
    return layered(combination(n, w) / (d + 1), 1)


# ------------------------------------------------------------------------------------- the combination is the maximum


@claim.proof(using=[larger_is_the_maximum])
def maximum_of_four(a: real, b: real, c: real, d: real) -> prop:
    """MAX_4 = Avg max(M_ab, M_cd), written out."""
    ab_cd = larger(larger(a, b), larger(c, d))
    ac_bd = larger(larger(a, c), larger(b, d))
    ad_bc = larger(larger(a, d), larger(b, c))
    return max(max(a, b), max(c, d)) == (ab_cd + ac_bd + ad_bc) / 3


def five(third):
    return [
        (1, [(0, 0), (0, 1)], [(1, 2), (1, 2)]),
        (-2, [(0, 0), (1, 2)], [(1, 3), (2, 4)]),
        (third, [(0, 1), (0, 2)], [(0, 3), (0, 4)]),
    ]


SIX = [
    (1, [(0, 1), (0, 1)], [(2, 3), (2, 3)]),
    (2, [(0, 1), (0, 2)], [(0, 3), (4, 5)]),
    ("-1/2", [(0, 1), (0, 2)], [(3, 4), (3, 5)]),
    (-2, [(0, 1), (2, 3)], [(0, 2), (4, 5)]),
]


@claim.exact()
def maximum_of_five(third):
    return MaximumIdentity(5, five(third))


@claim.exact()
def maximum_of_six():
    return MaximumIdentity(6, SIX)


@claim.exact(naturals={"n": (4, 6, 8, 10)})
def even_numbers(n):
    return TwoLayerMaximum(n, n // 2 - 1, terms=committed(f"maximum_{n}")["terms"] if n > 6 else None)


@claim.exact(naturals={"n": (5, 7, 9)})
def odd_numbers(n):
    return TwoLayerMaximum(n, n // 2, terms=committed(f"maximum_{n}")["terms"] if n > 6 else None)


claim.mutant("5/4 instead of 3/2", {third: "5/4"})


@claim.mutant(replaces=maximum_of_six)
def a_term_is_dropped():
    """without the last term for the maximum of six numbers"""
    return MaximumIdentity(6, SIX[:-1])


@claim.mutant(replaces=odd_numbers)
def weight_one_less(n):
    """terms of weight w - 1, for n = 5, 7, 9; the functional for n = 9 is committed"""
    return TwoLayerMaximum(n, n // 2 - 1, obstruction=committed("obstruction_9") if n == 9 else None)


# ------------------------------------------------------------------------------------------------------- by other means


def terms(n):
    """The identity for n numbers, n from 5 to 10."""
    known = {5: five("3/2"), 6: SIX}
    return known[n] if n in known else committed(f"maximum_{n}")["terms"]


@claim.trials(40)
def direct_evaluation(draws):
    """Both sides at a random integer point that is not sorted, over all n! orders one by one, n = 5, ..., 8."""
    from fractions import Fraction
    from itertools import permutations

    import torch

    n = 5 + draws.trial % 4
    x = draws.uniform(n, low=-(2.0**19), high=2.0**19, bits=20).long()
    orders = x[torch.tensor(list(permutations(range(n))))]
    total = Fraction(0)
    for c, red, blue in terms(n):
        sums = [sum(torch.maximum(orders[:, u], orders[:, v]) for u, v in pairs) for pairs in (red, blue)]
        total += Fraction(c) * Fraction(int(torch.maximum(*sums).sum()), len(orders))
    return torch.tensor([total == int(x.max())])


@claim.computation()
def the_network_itself():
    """The networks for five and six numbers, evaluated exactly at random points."""
    from random import Random

    from verify.networks.braid_network import assembled

    random, widths = Random(0), []
    for n in (5, 6):
        network = assembled(n, terms(n))
        widths.append(network.widths)
        for _ in range(100):
            point = [random.randint(-1000, 1000) for _ in range(n)]
            if network(point) != (max(point),):
                return False, f"the network for {n} numbers is wrong at {point}"
    return all(len(w) == 4 for w in widths), f"right at 100 points each; widths {' and '.join(map(str, widths))}"


@claim.trials(8)
def the_network_in_binary64(draws):
    """The network for six numbers in torch: the error is below the a priori bound of its three products of matrices."""
    import torch

    from verify.networks.braid_network import assembled

    layers = assembled(6, SIX).layers
    matrices = [torch.tensor([[float(w) for w in row] for row in m.weights], dtype=torch.float64) for m in layers]
    x = draws.uniform(6, 1 << 12, low=-8.0, high=8.0, bits=40)
    value, size = x, x.abs()
    for position, matrix in enumerate(matrices):
        value, size = matrix @ (value.relu() if position else value), matrix.abs() @ size
    roundings = sum(matrix.shape[1] + 1 for matrix in matrices) * 2.0**-53  # one more each for that of a weight
    return (value[0] - x.max(0).values).abs() <= 1.001 * roundings * size[0]
