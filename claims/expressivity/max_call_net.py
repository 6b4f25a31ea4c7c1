r"""The maximum call option max(max_i x_i - K, 0) by a deep network (Grohs 2017, "A Hint").

It is max(K, x_1, ..., x_d) - K, the tree of max-d-log-depth for d + 1 inputs, the first of which is the strike.  The
number of layers is logarithmic, the number of units is not, for any network: it does not notice a change of the prices
that no unit of the first layer notices, but the option does.
"""

from __future__ import annotations

from claims.expressivity.max_d_log_depth import (
    ceil_log2,
    computes_the_maximum,
    depth,
    greatest,
    maximum_of_two_blocks,
    tree,
    units_of_full_block,
    units_of_last_block,
    x,
)
from verify import Claim, arbitrary, assume, cite, define, dot, hypothesis, induction, layered, lemma, nat, prop
from verify import real, relu, units, vec

claim = Claim(
    "max-call-net",
    title="The maximum call option",
    statement=r"For all $d \ge 1$ and $K$, $\max(\max_{i \le d} x_i - K, 0)$ is computed by a ReLU network with "
    r"$\lceil \log_2(d + 1) \rceil$ hidden layers and at most $3d + 2(\lceil \log_2(d + 1) \rceil - 1)$ units. The weights "
    r"of the first hidden layer of any network that computes it span $\mathbb{R}^d$ (so that it has at least $d$ units): "
    r"if a vector $v$ is orthogonal to the weights of each of its units, the network, whatever its depth, is wrong by at "
    r"least $\frac12 (p_j + v_j - K - g(p))$ at $p$ or at $p + v$, for all $p$ and $j$, where $g$ is the option.",
    source=cite(
        "grohs2017",
        "slide “A Hint”",
        quote="The maximum call option can be expressed by neural networks with ∼ log_2(d) and nodes!",
    ),
    remarks="The printed sentence lacks a word. Read with layers it is true; log_2(d) nodes are not enough. That fewer than "
    "d vectors do not span R^d, and that t v is orthogonal to the weights if v is, is linear algebra and not part of the "
    "certificates; as t grows the error is unbounded. The network here has about 3 d / 2 units in its first layer.",
    symbols={
        r"x(0), \; x(1), \dots, x(d)": "the strike, a constant, and the prices",
        r"\mathrm{deep}(l, i, n, p)": "the input of unit i of hidden layer l + 2, from the first n units below, at p",
        r"\mathrm{asset}(i)": r"the vector with $\langle \mathrm{asset}(i), p \rangle = p_i$",
    },
)


@define
def payoff(n: nat, k: real) -> real:
    """For n + 1 assets."""
    return relu(greatest(1, n) - k)


@define
def greatest_payoff(n: nat, k: real) -> real:
    return relu(x(1) - k) if n == 0 else max(greatest_payoff(n - 1, k), relu(x(n + 1) - k))


@claim.proof(by=induction("n"))
def option_on_the_maximum(n: nat, k: real) -> prop:
    return payoff(n, k) == greatest_payoff(n, k)


@claim.proof(using=[computes_the_maximum.at(n="n + 1"), maximum_of_two_blocks.at(o="0", m="0", n="n")])
def computes_the_option(n: nat, k: real) -> prop:
    """For d = n + 1 assets; the first input of the tree is the constant k."""
    assume(x(0) == k)
    return tree(ceil_log2(n + 2), 0, n + 2) - k == payoff(n, k)


@claim.proof(using=[depth])
def hidden_layers(n: nat) -> prop:
    return layered(tree(ceil_log2(n + 2), 0, n + 2), ceil_log2(n + 2))


@claim.proof(using=[units_of_last_block, units_of_full_block], have=["2**(k + 1) == 2 * 2**k"])
def number_of_units(k: nat, d: nat) -> prop:
    """For 2^k < d + 1 <= 2^(k + 1)."""
    assume(2**k < d + 1 <= 2 ** (k + 1))
    return units(tree(k + 1, 0, d + 1)) <= 3 * d + 2 * k


@arbitrary
def normal(i: nat) -> vec: ...


@arbitrary
def bias(layer: nat, i: nat) -> real: ...


@arbitrary
def weight(layer: nat, i: nat, j: nat) -> real: ...


@arbitrary
def width(layer: nat) -> nat: ...


@arbitrary
def asset(i: nat) -> vec: ...


@define
def deep(layer: nat, i: nat, n: nat, p: vec) -> real:
    if layer == 0:
        if n == 0:
            return bias(1, i)
        return deep(0, i, n - 1, p) + weight(0, i, n) * relu(dot(normal(n), p) + bias(0, n))
    if n == 0:
        return bias(layer + 1, i)
    return deep(layer, i, n - 1, p) + weight(layer, i, n) * relu(deep(layer - 1, n, width(layer - 1), p))


@define
def unnoticed(n: nat, v: vec) -> prop:
    """v is orthogonal to the weights of the first n units of the first layer."""
    return True if n == 0 else unnoticed(n - 1, v) and dot(normal(n), v) == 0


@define
def option(n: nat, k: real, p: vec) -> real:
    """The payoff for n + 1 assets, as a function of the vector of prices."""
    return max(0, dot(asset(0), p) - k) if n == 0 else max(option(n - 1, k, p), dot(asset(n), p) - k)


@lemma(by=induction("n"))
def first_layers_do_not_notice(n: nat, i: nat, p: vec, v: vec) -> prop:
    assume(unnoticed(n, v))
    return deep(0, i, n, p + v) == deep(0, i, n, p)


@lemma(
    by=induction("layer", "n"),
    using=[
        first_layers_do_not_notice.at(n="width(0)", i="n + 1", p="p", v="v"),
        hypothesis("layer", n="width(layer + 1)", i="n + 1", p="p", v="v"),
    ],
)
def later_layers_do_not_notice(layer: nat, n: nat, i: nat, p: vec, v: vec) -> prop:
    assume(unnoticed(width(0), v))
    return deep(layer + 1, i, n, p + v) == deep(layer + 1, i, n, p)


@lemma(by=induction("layer"), using=[first_layers_do_not_notice, later_layers_do_not_notice])
def deep_networks_do_not_notice(layer: nat, p: vec, v: vec) -> prop:
    assume(unnoticed(width(0), v))
    return deep(layer, 0, width(layer), p + v) == deep(layer, 0, width(layer), p)


@lemma(by=induction("j"))
def option_is_at_least_the_last_payoff(j: nat, k: real, p: vec) -> prop:
    return option(j, k, p) >= dot(asset(j), p) - k


@lemma(by=induction("m"), using=[option_is_at_least_the_last_payoff])
def option_is_at_least_each_payoff(m: nat, j: nat, k: real, p: vec) -> prop:
    return option(j + m, k, p) >= dot(asset(j), p) - k


@claim.proof(
    using=[
        deep_networks_do_not_notice,
        option_is_at_least_each_payoff.at(m="m", j="j", k="k", p="p + v"),
    ]
)
def first_layer_spans_the_space(layer: nat, m: nat, j: nat, k: real, p: vec, v: vec, e: real) -> prop:
    """For j + m + 1 assets; ``layer`` + 1 hidden layers of any widths."""
    assume(unnoticed(width(0), v))
    assume(-e <= deep(layer, 0, width(layer), p) - option(j + m, k, p) <= e)
    assume(-e <= deep(layer, 0, width(layer), p + v) - option(j + m, k, p + v) <= e)
    return 2 * e >= dot(asset(j), p + v) - k - option(j + m, k, p)


claim.sampling(
    option_on_the_maximum, samples=1 << 10, naturals={"n": range(10)}, reals={"k": (-8, 8)}, tables={"x": (11, (-8, 8))}
)


@claim.trials(16)
def against_torch(draws):
    """The tree level by level on dyadic prices of 1 to 1000 assets, 256 times each, where every operation is exact."""
    import torch

    d = 1 + int(draws.uniform(1, low=0.0, high=1000.0, bits=20))
    prices = draws.uniform(256, d, low=-64.0, high=64.0, bits=20)
    strike = draws.uniform(256, 1, low=-64.0, high=64.0, bits=20)
    level, hidden_layers, unit_count = torch.cat([strike, prices], dim=1), 0, 0
    while level.shape[1] > 1:
        a, b = level[:, 0::2], level[:, 1::2]
        merged = torch.relu(a[:, : b.shape[1]] - b) + torch.relu(b) - torch.relu(-b)
        left_over = a[:, b.shape[1] :]
        level = torch.cat([merged, torch.relu(left_over) - torch.relu(-left_over)], dim=1)
        hidden_layers, unit_count = hidden_layers + 1, unit_count + 3 * b.shape[1] + 2 * left_over.shape[1]
    small = hidden_layers == d.bit_length() and unit_count <= 3 * d + 2 * (hidden_layers - 1)
    return (level - strike == torch.relu(prices.amax(dim=1, keepdim=True) - strike)) & small


@claim.mutant(replaces=computes_the_option)
def one_layer_less(n: nat, k: real) -> prop:
    """The tree with one hidden layer less"""
    assume(x(0) == k)
    return tree(ceil_log2(n + 2) - 1, 0, n + 2) - k == payoff(n, k)


@claim.mutant(replaces=option_on_the_maximum)
def strike_outside(n: nat, k: real) -> prop:
    """The positive part of the maximum, minus K"""
    return relu(greatest(1, n)) - k == greatest_payoff(n, k)


@claim.mutant(replaces=number_of_units)
def logarithmically_many_units(k: nat, d: nat) -> prop:
    """3 log_2(d + 1) units"""
    assume(2**k < d + 1 <= 2 ** (k + 1))
    return units(tree(k + 1, 0, d + 1)) <= 3 * (k + 1)


@claim.mutant(replaces=first_layer_spans_the_space)
def some_unit_notices(layer: nat, m: nat, j: nat, k: real, p: vec, v: vec, e: real) -> prop:
    """v need not be orthogonal to the weights"""
    assume(-e <= deep(layer, 0, width(layer), p) - option(j + m, k, p) <= e)
    assume(-e <= deep(layer, 0, width(layer), p + v) - option(j + m, k, p + v) <= e)
    return 2 * e >= dot(asset(j), p + v) - k - option(j + m, k, p)
