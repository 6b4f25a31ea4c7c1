r"""Functions with many pieces need large networks when these are less deep (Arora, Basu, Mianjy and Mukherjee 2018).

A network with hidden widths w_1, ..., w_n has at most (w_1 + 1)...(w_n + 1) pieces (piece-count-exact), and by the
inequality of the arithmetic and the geometric mean (means_of_widths) this is at most M^n, M = 1 + (w_1 + ... + w_n)/n.
"""

from __future__ import annotations

from claims.expressivity.means_of_widths import (
    mean,  # noqa: F401  (the hints mention it)
    means,
    means_are_nonnegative,
    means_inequality,
    power,
    power_of_a_product,
    powers_are_nonnegative,
    powers_increase,
    size,
    sum_of_means,
    the_root_is_at_least_two,
)
from claims.expressivity.networks_on_a_line import bends, increasing, pieces, product
from verify import Claim, assume, cite, nat, prop, real

claim = Claim(
    "hard-functions-gap",
    title="Less depth costs size",
    statement=r"Let $f: \mathbb{R} \to \mathbb{R}$ have at least $w^k$ affine pieces, $w \ge 2$. Then every "
    r"ReLU network with $k'$ hidden layers, $1 \le k' \le k$, that computes $f$ has at least $k' (w^{k/k'} - 1)$ units, which "
    r"is at least $\frac12 k' w^{k/k'}$ and more than the published $\frac12 k' w^{k/k'} - 1$.",
    source=cite("arora2018", "Theorem 3.1 (there with the bound $\\frac12 k' w^{k/k'} - 1$)"),
    remarks="Proved for every network with that many pieces. That networks with k hidden layers of width w and w^k pieces exist "
    "is part of the theorem of Arora et al. and is proved here for w = 2 only (sawtooth-deep). In their Lemma D.6 the bound "
    "$(2s/k)^k$ on the number of pieces of a network with k hidden layers and s units is true for s at least k, as "
    "$((s + k)/k)^k$ is a bound, but not for the printed reason: $2^{k-1} ((s + 1)/k)^k$ exceeds it, for s = k = 3 by 9.48 to 8.",
    symbols={
        r"\mathrm{power}(n, x)": "$x^n$",
        r"\mathrm{root}": "the number $w^{k/k'}$, which is the nonnegative one with $\\mathrm{root}^{k'} = w^k$",
        r"\mathrm{mean}(i)": "the arithmetic mean of $w_1 + 1, \\dots, w_i + 1$ (0 for i = 0)",
    },
)
factor = claim.parameter("factor", "1", "the size is at least k' (factor times root - 1)")


@claim.proof(
    using=[
        means_inequality.at(n="n + 1"),
        means_are_nonnegative.at(n="n + 1"),
        powers_increase.at(n="n", x="mean(n + 1)", y="root"),
        sum_of_means.at(n="n + 1"),
    ],
    cases=["mean(n + 1) >= root"],
    have=["(n + 1) * (mean(n + 1) - root) >= 0"],
)
def size_from_widths(n: nat, k: nat, w: real, root: real) -> prop:
    """For n + 1 hidden layers: if (w_1 + 1)...(w_(n+1) + 1) is at least w^k = root^(n+1)."""
    assume(means(n + 1), root >= 0, power(n + 1, root) == power(k, w), product(n + 1) >= power(k, w))
    return size(n + 1) >= (n + 1) * (factor * root - 1)


@claim.proof(
    using=[
        pieces.at(k="n + 1", m="m"),
        size_from_widths.at(n="n", k="k", w="w", root="root"),
    ]
)
def size_from_pieces(n: nat, m: nat, k: nat, w: real, root: real) -> prop:
    """For n + 1 hidden layers, if the network is bent at so many triples of points that it has at least w^k pieces."""
    assume(increasing(2 * m), bends(n + 1, m) + 1 >= power(k, w))
    assume(means(n + 1), root >= 0, power(n + 1, root) == power(k, w))
    return size(n + 1) >= (n + 1) * (factor * root - 1)


@claim.proof(
    using=[
        size_from_widths.at(n="n", k="n + 1 + p", w="w", root="root"),
        the_root_is_at_least_two.at(n="n", p="p", w="w", root="root"),
    ],
    have=["(n + 1) * (root - 2) >= 0"],
)
def more_than_the_printed_bound(n: nat, p: nat, w: real, root: real) -> prop:
    """For n + 1 hidden layers and k = n + 1 + p."""
    assume(w >= 2, means(n + 1), root >= 0, power(n + 1, root) == power(n + 1 + p, w))
    assume(product(n + 1) >= power(n + 1 + p, w))
    return 2 * size(n + 1) >= (n + 1) * root


@claim.proof(
    using=[
        means_inequality.at(n="n + 1"),
        means_are_nonnegative.at(n="n + 1"),
        sum_of_means.at(n="n + 1"),
        power_of_a_product.at(n="n + 1", x="n + 1", y="mean(n + 1)"),
        powers_are_nonnegative.at(n="n + 1", x="n + 1"),
        powers_increase.at(n="n", x="size(n + 1) + n + 1", y="2 * size(n + 1)"),
    ],
    cases=["size(n + 1) == n + 1"],
    have=[
        "power(n + 1, n + 1) * (power(n + 1, mean(n + 1)) - product(n + 1)) >= 0",
        "power(n + 1, (n + 1) * mean(n + 1)) == power(n + 1, size(n + 1) + n + 1)",
    ],
)
def pieces_of_a_given_size(n: nat) -> prop:
    """Lemma D.6: (w_1 + 1)...(w_k + 1) is at most (2s/k)^k for k = n + 1 hidden layers with s >= k units."""
    assume(means(n + 1), size(n + 1) >= n + 1)
    return product(n + 1) * power(n + 1, n + 1) <= power(n + 1, 2 * size(n + 1))


@claim.trials(64)
def random_widths(draws):
    """Widths up to 7 in four layers: (w_1 + 1)...(w_4 + 1) against the power of the mean, exact in integers."""
    import torch

    widths = torch.floor(draws.uniform(4, 1 << 12, low=0.0, high=8.0)).to(torch.int64)
    return (widths + 1).prod(dim=0) * 4**4 <= (widths.sum(dim=0) + 4) ** 4


claim.sharpness(factor, refuted="17/16", proved="1")


@claim.mutant(replaces=size_from_widths)
def size_of_the_deep_network(n: nat, k: nat, w: real, root: real) -> prop:
    """More than k' w^(k/k') units, though for k' = k the deep network itself has kw"""
    assume(w >= 2, means(n + 1), root >= 0, power(n + 1, root) == power(k, w), product(n + 1) >= power(k, w))
    return size(n + 1) >= (n + 1) * root + 1


@claim.mutant(replaces=more_than_the_printed_bound)
def without_the_root(n: nat, p: nat, w: real, root: real) -> prop:
    """k' w^k / 2 units instead of k' w^(k/k') / 2"""
    assume(w >= 2, means(n + 1), root >= 0, power(n + 1, root) == power(n + 1 + p, w))
    assume(product(n + 1) >= power(n + 1 + p, w))
    return 2 * size(n + 1) >= (n + 1) * power(n + 1 + p, w)


@claim.mutant(replaces=pieces_of_a_given_size)
def as_printed_in_the_proof(n: nat) -> prop:
    """The step 2^(k-1) ((s + 1)/k)^k <= (2s/k)^k of Lemma D.6 for s >= k, false for s = k = 2 and for s = k = 3"""
    assume(means(n + 1), size(n + 1) >= n + 1)
    return 2**n * power(n + 1, size(n + 1) + 1) <= power(n + 1, 2 * size(n + 1))
