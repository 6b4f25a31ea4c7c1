r"""Repeated multiplication by a ReLU network: its error and its size.

One step multiplies p by x with the network M_m of multiplication-net, clips the value to [-1, 1] and passes x on, without
skipping a layer.  All is written without constants outside of the ReLUs, so that biases occur only where they are counted.
"""

from __future__ import annotations

from claims.approximation.multiplication_net import error, product
from claims.approximation.square_net import state, state_size, state_weights
from verify import assume, define, hypothesis, induction, lemma, nat, prop, real, relu


@define
def clip(t: real) -> real:
    return relu(t) - relu(t - 1) - relu(-t) + relu(-t - 1)


@define
def carried(j: nat, x: real) -> real:
    """x, passed through j layers."""
    return x if j == 0 else carried(j - 1, relu(x) - relu(-x))


@define
def chain(k: nat, m: nat, x: real, p: real) -> real:
    """k multiplications by x, beginning with p."""
    return p if k == 0 else chain(k - 1, m, carried(m + 2, x), clip(product(m, x, p)))


@define
def power(k: nat, x: real) -> real:
    return 1 if k == 0 else x * power(k - 1, x)


@lemma()
def clip_range(t: real) -> prop:
    return -1 <= clip(t) <= 1


@lemma()
def clip_is_near(t: real, s: real, e: real) -> prop:
    assume(-1 <= s <= 1, s - e <= t <= s + e)
    return s - e <= clip(t) <= s + e


@lemma(by=induction("j"))
def carried_is_the_same(j: nat, x: real) -> prop:
    return carried(j, x) == x


@lemma(using=[carried_is_the_same])
def one_more(k: nat, m: nat, x: real, p: real) -> prop:
    return chain(k + 1, m, x, p) == chain(k, m, x, clip(product(m, x, p)))


@lemma(by=induction("k"))
def power_range(k: nat, x: real) -> prop:
    assume(-1 <= x <= 1)
    return -1 <= power(k, x) <= 1


@lemma(
    using=[
        clip_is_near.at(t="product(m, x, p)", s="x * p", e="(1/4)**m"),
        error.at(m="m", x="x", y="p"),
        error,
    ]
)
def one_step(m: nat, x: real, p: real) -> prop:
    assume(-1 <= x <= 1, -1 <= p <= 1)
    return -((1 / 4) ** m) <= clip(product(m, x, p)) - x * p <= (1 / 4) ** m


@lemma(cases=["s >= 0"])
def not_enlarged(q: real, s: real, e: real) -> prop:
    assume(-1 <= s <= 1, -e <= q <= e)
    return -e <= s * q <= e


@lemma(
    by=induction("k"),
    using=[
        one_more.at(k="k", m="m", x="x", p="p"),
        one_more,
        clip_range.at(t="product(m, x, p)"),
        hypothesis(m="m", x="x", p="clip(product(m, x, p))"),
        one_step.at(m="m", x="x", p="p"),
        power_range.at(k="k", x="x"),
        not_enlarged.at(q="clip(product(m, x, p)) - x * p", s="power(k, x)", e="(1/4)**m"),
        clip_range,
        error,
    ],
)
def drift(k: nat, m: nat, x: real, p: real) -> prop:
    assume(-1 <= x <= 1, -1 <= p <= 1)
    return -k * (1 / 4) ** m <= chain(k, m, x, p) - power(k, x) * p <= k * (1 / 4) ** m


@lemma(by=induction("j"))
def carried_size(j: nat, below: nat) -> prop:
    return carried.layered(j, below) and carried.layer(j, below) == below + j and carried.units(j) == 2 * j


@lemma(by=induction("k"), using=[carried_size, state_size])
def chain_size(k: nat, m: nat, below: nat) -> prop:
    return (
        chain.layered(k, m, below, below)
        and chain.layer(k, m, below, below) == below + k * (m + 2)
        and chain.units(k, m) == k * (14 * m + 14)
    )


@lemma(by=induction("j"))
def carried_weights(j: nat) -> prop:
    return carried.fan(j, 2) == 2 and carried.weights(j, 2) == 4 * j


@lemma(by=induction("m"))
def state_fan(m: nat) -> prop:
    return state.fan(m, 3, 4) == 4


@lemma(using=[state_fan, state_weights])
def state_counts(m: nat) -> prop:
    return state.fan(m + 1, 2, 2) == 4 and state.weights(m + 1, 2, 2) == 15 * m + 10


@lemma(using=[state_counts])
def product_counts(m: nat, x: nat, p: nat) -> prop:
    return product.fan(m + 1, x, p) == 12 and product.weights(m + 1, x, p) == 45 * m + 30 + 4 * (x + p)


@lemma(by=induction("k"), using=[product_counts, carried_weights])
def chain_weights(k: nat, m: nat) -> prop:
    return chain.fan(k, m + 1, 2, 4) == 4 and chain.weights(k, m + 1, 2, 4) == k * (49 * m + 116)
