r"""Polynomials by a ReLU network with O(n log(1/eps)) weights: powers are products, one after the other (Yarotsky 2017).

P_1 = x, and P_{k+1} is the value of M_m(x, P_k), M_m the network of multiplication-net, clipped to [-1, 1].  Clipping
brings no value farther away from x^k, and |x| <= 1, so that a step does not enlarge the error of the one before and adds
at most 4^-m of its own: |P_k - x^k| <= (k - 1) 4^-m.
"""

from __future__ import annotations

from claims.approximation.multiplication_net import product
from claims.approximation.power_chain import (
    carried_weights,
    chain,
    chain_size,
    chain_weights,
    clip,
    clip_range,
    drift,
    power,
    product_counts,
)
from verify import Claim, arbitrary, assume, cite, define, induction, layered, lemma, nat, prop, real, units, weights

claim = Claim(
    "polynomial-net",
    title="Polynomials are cheap",
    statement=r"For all $k, m \ge 0$ there is a ReLU network without skip connections, with $k(m + 2)$ hidden layers, "
    r"$14k(m + 1)$ units and $k(49m + 67) - 14$ weights (for $k, m \ge 1$), that computes $x^k p$ up to $k 4^{-m}$ for all "
    r"$x, p \in [-1, 1]$. With $p = x$ it computes $P_{k+1}(x)$, $|P_{k+1}(x) - x^{k+1}| \le k 4^{-m}$, and for every "
    r"polynomial $|\sum_{k=0}^n a_k x^k - a_0 - \sum_{k=1}^n a_k P_k(x)| \le 4^{-m} \sum_{k=1}^n (k-1) |a_k|$ on $[-1, 1]$.",
    source=cite("yarotsky2017", "proof of Theorem 1, where products of several factors are formed in this way"),
    remarks="For k = 1 the bound is sharp; that errors grow with k has been seen, but not how fast. That P_2, ..., P_n are intermediate values of one network, so that n - 1 "
    "multiplications suffice for the polynomial, is seen from its definition; the sizes proved are those of P_n. The "
    "units that carry x through the last multiplication are counted although nothing uses them.",
    symbols={
        r"\mathrm{product}(m, x, y)": "the network $M_m$ of multiplication-net, $0 \\le xy - M_m(x, y) \\le 4^{-m}$",
        r"\mathrm{chain}(k, m, x, p)": "the network for $x^k p$",
        r"\mathrm{network}(k, m, x)": "$P_k(x)$ for $k \\ge 1$",
        r"\mathrm{total}(n)": "the sum of $(k - 1) |a_k|$",
    },
)
scale = claim.parameter("scale", "1", "the constant $c$ in the error bound $c \\, k \\, 4^{-m}$ of $k$ multiplications")


@arbitrary
def coefficient(k: nat) -> real: ...


@claim.proof(using=[drift])
def error_of_a_chain(k: nat, m: nat, x: real, p: real) -> prop:
    """k multiplications by x, beginning with p."""
    assume(-1 <= x <= 1, -1 <= p <= 1)
    return abs(chain(k, m, x, p) - power(k, x) * p) <= scale * k * (1 / 4) ** m


@claim.proof(using=[chain_size])
def depth_and_units(k: nat, m: nat, x: real, p: real) -> prop:
    return layered(chain(k, m, x, p), k * (m + 2)) and units(chain(k, m, x, p)) == 14 * k * (m + 1)


@claim.proof(using=[chain_weights, product_counts, carried_weights])
def number_of_weights(k: nat, m: nat, x: real, p: real) -> prop:
    return weights(chain(k + 1, m + 1, x, p)) == (k + 1) * (49 * (m + 1) + 67) - 14


@claim.proof(using=[clip_range])
def products_stay_small(m: nat, x: real, p: real) -> prop:
    assume(-1 <= x <= 1, -1 <= p <= 1)
    return -1 <= clip(product(m, x, p)) <= 1


@define
def network(k: nat, m: nat, x: real) -> real:
    """P_k, for k >= 1."""
    return 1 if k == 0 else chain(k - 1, m, x, x)


@define
def polynomial(n: nat, x: real) -> real:
    return coefficient(0) if n == 0 else polynomial(n - 1, x) + coefficient(n) * power(n, x)


@define
def combination(n: nat, m: nat, x: real) -> real:
    return coefficient(0) if n == 0 else combination(n - 1, m, x) + coefficient(n) * network(n, m, x)


@define
def total(n: nat) -> real:
    """|a_2| + 2 |a_3| + ... + (n - 1) |a_n|"""
    return 0 if n == 0 else total(n - 1) + (n - 1) * abs(coefficient(n))


@claim.proof(using=[drift.at(k="k", m="m", x="x", p="x"), drift])
def error_of_a_power(k: nat, m: nat, x: real) -> prop:
    assume(-1 <= x <= 1)
    return abs(network(k + 1, m, x) - power(k + 1, x)) <= scale * k * (1 / 4) ** m


@lemma(using=[error_of_a_power.at(k="n", m="m", x="x"), error_of_a_power], cases=["coefficient(n + 1) >= 0"])
def one_term(n: nat, m: nat, x: real) -> prop:
    assume(-1 <= x <= 1)
    return (
        abs(coefficient(n + 1) * network(n + 1, m, x) - coefficient(n + 1) * power(n + 1, x))
        <= n * abs(coefficient(n + 1)) * (1 / 4) ** m
    )


@claim.proof(by=induction("n"), using=[one_term.at(n="n", m="m", x="x"), error_of_a_power])
def error_of_a_polynomial(n: nat, m: nat, x: real) -> prop:
    assume(-1 <= x <= 1)
    return abs(combination(n, m, x) - polynomial(n, x)) <= total(n) * (1 / 4) ** m


claim.sampling(
    error_of_a_chain, samples=1 << 12, naturals={"k": range(7), "m": range(9)}, reals={"x": (-1, 1), "p": (-1, 1)}
)


@claim.trials(120)
def powers_against_torch(draws):
    """Powers up to x^13 in binary64, whose rounding errors are far below the margin of 2^-40."""
    import torch

    def square(m, u):
        g, a = u, u
        for _ in range(m):
            g = 2 * torch.relu(g) - 4 * torch.relu(g - 0.5) + 2 * torch.relu(g - 1)
            a = 4 * torch.relu(a) - g
        return a / 4.0**m

    m = draws.trial % 10
    x = draws.uniform(1 << 12, low=-1.0, high=1.0)
    p, holds = x, torch.ones_like(x, dtype=torch.bool)
    for k in range(1, 13):
        p = 2 * (square(m, (x + p).abs() / 2) - square(m, x.abs() / 2) - square(m, p.abs() / 2))
        p = p.clamp(-1, 1)
        holds &= (p - x ** (k + 1)).abs() <= k * 4.0**-m + 2.0**-40
    return holds


claim.sharpness(scale, refuted="1023/1024", proved="1")


@claim.mutant(replaces=error_of_a_chain)
def errors_do_not_add_up(k: nat, m: nat, x: real, p: real) -> prop:
    """An error of at most 4^-m after any number of multiplications"""
    assume(-1 <= x <= 1, -1 <= p <= 1)
    return abs(chain(k, m, x, p) - power(k, x) * p) <= scale * (1 / 4) ** m


@claim.mutant(replaces=products_stay_small)
def without_clipping(m: nat, x: real, p: real) -> prop:
    """M_m(x, p) is in [-1, 1] by itself"""
    assume(-1 <= x <= 1, -1 <= p <= 1)
    return -1 <= product(m, x, p) <= 1


@claim.mutant(replaces=number_of_weights)
def clipping_for_free(k: nat, m: nat, x: real, p: real) -> prop:
    """50 weights fewer a step, those of the clipping"""
    return weights(chain(k + 1, m + 1, x, p)) == (k + 1) * (49 * (m + 1) + 17) - 14
