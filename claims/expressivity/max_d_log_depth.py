r"""The maximum of d numbers by a network of depth ceil(log2 d) (Grohs 2017, "A Hint").

A tree of maxima of two, for every d: where the last block of a level has no partner, it is passed on by two units
(the padding).  Depth and units are read off the definition of the tree.
"""

from __future__ import annotations

from verify import Claim, arbitrary, assume, cite, define, induction, layered, lemma, nat, prop, real, relu, units

claim = Claim(
    "max-d-log-depth",
    title="The maximum of d numbers",
    statement=r"For every $d \ge 1$ the maximum of $d$ numbers is computed by a ReLU network without skip connections "
    r"that has $\lceil \log_2 d \rceil$ hidden layers and at most $3(d-1) + 2(\lceil \log_2 d \rceil - 1)$ units for "
    r"$d \ge 2$; exactly $3(d-1)$ if $d$ is a power of two.",
    source=cite(
        "grohs2017",
        "slide “A Hint”",
        quote="max(x_1, x_2, x_3, x_4) = max(max(x_1, x_2), max(x_3, x_4)) and max(x, y) = x + ReLU(y - x).",
    ),
    remarks="An upper bound on the depth only: two hidden layers are enough for d up to 10 (max-n-two-hidden-layers).",
    symbols={
        r"x(i)": "the inputs, any sequence of reals",
        r"\mathrm{greatest}(o, n)": "the maximum of x(o), ..., x(o + n)",
        r"\mathrm{tree}(k, o, d)": "the network for the block of $2^k$ inputs that begins at o, cut off at d",
    },
)
passing = claim.parameter("passing", "2", "units that each level may spend on passing a block on")


@arbitrary
def x(i: nat) -> real: ...


@define
def greatest(o: nat, n: nat) -> real:
    return x(o) if n == 0 else max(greatest(o, n - 1), x(o + n))


@define
def ceil_log2(n: nat) -> nat:
    if n == 0:
        return 0
    return ceil_log2(n - 1) if n <= 2 ** ceil_log2(n - 1) else ceil_log2(n - 1) + 1


@define
def larger(a: real, b: real) -> real:
    return relu(a - b) + relu(b) - relu(-b)


@define
def passed_on(a: real) -> real:
    return relu(a) - relu(-a)


@define
def tree(k: nat, o: nat, d: nat) -> real:
    if k == 0:
        return x(o)
    if o + 2 ** (k - 1) < d:
        return larger(tree(k - 1, o, d), tree(k - 1, o + 2 ** (k - 1), d))
    return passed_on(tree(k - 1, o, d))


@lemma()
def larger_is_maximum(a: real, b: real) -> prop:
    return larger(a, b) == max(a, b)


@lemma()
def passed_on_is_identity(a: real) -> prop:
    return passed_on(a) == a


@claim.proof(by=induction("n"))
def logarithm(n: nat) -> prop:
    """ceil_log2(d) = k means 2^(k-1) < d <= 2^k, here for d = n + 1."""
    return n + 1 <= 2 ** ceil_log2(n + 1) <= 2 * n + 1


@lemma(by=induction("n"))
def maximum_of_two_blocks(o: nat, m: nat, n: nat) -> prop:
    return greatest(o, m + 1 + n) == max(greatest(o, m), greatest(o + m + 1, n))


@lemma(
    by=induction("k"),
    using=[larger_is_maximum, maximum_of_two_blocks.at(o="o", m="2**k - 1", n="2**k - 1")],
)
def full_block(k: nat, o: nat, p: nat, d: nat) -> prop:
    assume(p + 1 == 2**k, o + p < d)
    return tree(k, o, d) == greatest(o, p)


@lemma(
    by=induction("k"),
    using=[
        full_block,
        larger_is_maximum,
        passed_on_is_identity,
        maximum_of_two_blocks.at(o="o", m="2**k - 1", n="p - 2**k"),
    ],
)
def last_block(k: nat, o: nat, p: nat, d: nat) -> prop:
    """The padding lemma: the last block may be incomplete."""
    assume(p + 1 <= 2**k, o + p + 1 == d)
    return tree(k, o, d) == greatest(o, p)


@claim.proof(using=[last_block, logarithm])
def computes_the_maximum(n: nat) -> prop:
    """For d = n + 1 inputs."""
    return tree(ceil_log2(n + 1), 0, n + 1) == greatest(0, n)


@claim.proof(by=induction("k"))
def depth(k: nat, o: nat, d: nat) -> prop:
    return layered(tree(k, o, d), k)


@lemma(by=induction("k"))
def units_of_full_block(k: nat, o: nat, d: nat) -> prop:
    assume(o + 2**k <= d)
    return tree.units(k, o, d) == 3 * (2**k - 1)


@lemma(by=induction("k"), using=[units_of_full_block])
def units_of_last_block(k: nat, o: nat, p: nat, d: nat) -> prop:
    assume(p + 1 <= 2**k, o + p + 1 == d)
    return tree.units(k, o, d) <= 3 * p + passing * k


@claim.proof(using=[units_of_last_block, units_of_full_block], have=["2**(k + 1) == 2 * 2**k"])
def number_of_units(k: nat, p: nat) -> prop:
    """For 2^k < d = p + 1 <= 2^(k + 1)."""
    assume(2**k < p + 1 <= 2 ** (k + 1))
    return units(tree(k + 1, 0, p + 1)) <= 3 * p + passing * k


@claim.proof(using=[units_of_full_block])
def units_for_powers_of_two(k: nat) -> prop:
    return units(tree(k, 0, 2**k)) == 3 * (2**k - 1)


claim.sampling(computes_the_maximum, samples=1 << 12, naturals={"n": range(12)}, tables={"x": (12, (-8, 8))})


@claim.trials(12)
def against_torch_up_to_a_million(draws):
    """The network level by level in torch, on dyadic inputs, where every operation is exact: d up to 2^20, by turns a
    power of two and a random number below it."""
    import torch

    power = 1 << (draws.trial + 9)
    d = power if draws.trial % 2 else power - int(draws.uniform(1, low=1.0, high=power / 2, bits=30))
    level = draws.uniform(d, low=-1024.0, high=1024.0, bits=30)
    greatest_entry, depth, unit_count = level.max(), 0, 0
    while level.numel() > 1:
        a, b = level[0::2], level[1::2]
        merged = torch.relu(a[: b.numel()] - b) + torch.relu(b) - torch.relu(-b)
        left_over = a[b.numel() :]
        level = torch.cat([merged, torch.relu(left_over) - torch.relu(-left_over)])
        depth, unit_count = depth + 1, unit_count + 3 * b.numel() + 2 * left_over.numel()
    right_size = depth == (d - 1).bit_length() and unit_count <= 3 * (d - 1) + 2 * max(depth - 1, 0)
    return (level == greatest_entry) & right_size


claim.sharpness(passing, refuted="1", proved="2")


@claim.mutant(replaces=computes_the_maximum)
def one_layer_less(n: nat) -> prop:
    """ceil(log2 d) - 1 hidden layers of the same tree"""
    return tree(ceil_log2(n + 2) - 1, 0, n + 2) == greatest(0, n + 1)


@claim.mutant(replaces=larger)
def two_units(a: real, b: real) -> real:
    """ReLU(a - b) + ReLU(b): right for nonnegative inputs only"""
    return relu(a - b) + relu(b)


@claim.mutant(replaces=logarithm)
def floor_of_the_logarithm(n: nat) -> prop:
    """2^k <= d instead of d <= 2^k"""
    return 2 ** ceil_log2(n + 1) <= n + 1
