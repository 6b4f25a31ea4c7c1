r"""How many components a level set of a network on the line can have: deep against shallow (Bianchini and Scarselli 2014).

K components of {f > 0} give points p_1 < q_1 < p_2 < ... < p_K with f > 0 at the p and f <= 0 at the q.  At p_i, q_i,
p_(i+1) the network lies below a line, so that a unit with positive outer weight changes its phase between p_i and p_(i+1):
K - 1 units.  In the same way K - 2 units with negative outer weight change between q_i and q_(i+1).  So one hidden layer
needs 2K - 3 units.  The j-th sawtooth exceeds 1/2 on 2^(j-1) intervals, with 2j units on [0, 1].
"""

from __future__ import annotations

from claims.expressivity.sawtooth import sawtooth, sawtooth_on_a_piece, sign_of_even
from claims.expressivity.shallow_bends import (
    above_and_below,
    all_units,
    bias,
    inner,
    negative_units,
    outer,
    positive_units,
)
from verify import Claim, assume, cite, iff, nat, prop, real

claim = Claim(
    "betti-numbers",
    title="Components of level sets on the line",
    statement=r"The set $\{x \in [0, 1]: g_j(x) > \frac12\}$, $g_j$ being the $j$-th sawtooth, $j \ge 1$, consists of "
    r"$2^{j-1}$ intervals, one around each odd multiple of $2^{-j}$. If $f: \mathbb{R} \to \mathbb{R}$ is a ReLU network with "
    r"one hidden layer of $h$ units and $\{f > 0\}$ has $K \ge 2$ components, then $2K - 3 \le h$; for $K = 2^{j-1}$, "
    r"$h \ge 2^j - 3$.",
    source=cite("bianchini2014"),
    remarks="The claim is the one-dimensional analogue, for ReLU units, of the bounds on Betti numbers there: components are "
    "the zeroth Betti number. The bound is attained for h = 2 (K = 2, f = |x| - 1) and h = 3 (K = 3), by the "
    "counterexamples to the mutants; one unit is monotone and makes no two components.",
    symbols={
        r"\mathrm{shallow}(n, i)": "a network with one hidden layer of n units, at the point number i of an arbitrary sequence",
        r"\mathrm{above\_and\_below}(n, m)": "the points 0, ..., 2m increase, and the network is positive at 0, 2, ..., 2m "
        "and at most 0 in between, as if {f > 0} has at least m + 1 components",
    },
)


@claim.proof(
    using=[
        positive_units.at(m="m + 1", n="h"),
        negative_units.at(m="m", n="h"),
        all_units.at(n="h", i="2 * m + 2", j="2 * m + 1"),
    ]
)
def units_for_components(m: nat, h: nat) -> prop:
    """K = m + 2 components need 2K - 3 = 2m + 1 units."""
    assume(above_and_below(h, m + 1))
    return h >= 2 * m + 1


@claim.proof(
    using=[
        sawtooth_on_a_piece.at(j="j + 1", i="2 * i", x="x"),
        sawtooth_on_a_piece.at(j="j + 1", i="2 * i + 1", x="x"),
        sign_of_even.at(n="i"),
    ],
    cases=["2**(j + 1) * x <= 2 * i + 1"],
)
def components_of_the_sawtooth(j: nat, i: nat, x: real) -> prop:
    """Between the grid points 2i and 2i + 2 of the sawtooth number j + 1, for each of the i < 2^j."""
    assume(0 <= x <= 1, 2 * i <= 2 ** (j + 1) * x <= 2 * i + 2, i + 1 <= 2**j)
    return iff(sawtooth(j + 1, x) > 1 / 2, abs(2 ** (j + 1) * x - 2 * i - 1) < 1 / 2)


@claim.trials(64)
def random_networks(draws):
    """Networks of 9 units at 2^12 points; all numbers are small multiples of 2^-20, so that all operations are exact."""
    import torch

    t = torch.arange(4096, dtype=torch.float64) / 256 - 8
    kinks = draws.uniform(9, low=-8.0, high=8.0, bits=12)
    outer = draws.uniform(9, low=-1.0, high=1.0, bits=12)
    offset = draws.uniform(1, low=-1.0, high=1.0, bits=12)
    side = torch.where(torch.arange(9) % 2 == 0, 1.0, -1.0).to(torch.float64)
    value = torch.relu(side[:, None] * (t[None, :] - kinks[:, None])).T @ outer + offset
    positive = (value > 0).to(torch.int64)
    components = positive[0] + ((positive[1:] - positive[:-1]) == 1).sum()
    return 2 * components - 3 <= 9


@claim.mutant(replaces=units_for_components)
def one_unit_more_than_that(m: nat, h: nat) -> prop:
    """2K - 2 <= h, that is K <= floor(h/2) + 1: these weights make three components with three units"""
    assume(outer(0) == -11 / 2, outer(1) == 2, outer(2) == -3 / 2, outer(3) == 1, inner(1) == 1, inner(2) == 1)
    assume(inner(3) == -1, bias(1) == 0, bias(2) == -1, bias(3) == 5, above_and_below(h, m + 1))
    return h >= 2 * m + 2


@claim.mutant(replaces=units_for_components)
def three_units_more_than_that(m: nat, h: nat) -> prop:
    """K <= floor(h/2): two units make two components, as for |x| > 1"""
    assume(above_and_below(h, m + 1))
    return h >= 2 * m + 4


@claim.mutant(replaces=components_of_the_sawtooth)
def above_zero(j: nat, i: nat, x: real) -> prop:
    """{g >= 0} instead of {g > 1/2}, which is all of [0, 1]"""
    assume(0 <= x <= 1, 2 * i <= 2 ** (j + 1) * x <= 2 * i + 2, i + 1 <= 2**j)
    return iff(sawtooth(j + 1, x) >= 0, abs(2 ** (j + 1) * x - 2 * i - 1) < 1 / 2)
