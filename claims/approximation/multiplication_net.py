r"""Products by a ReLU network with O(log 1/eps) weights (Yarotsky 2017, Proposition 3), with the sharp error.

xy = 2 ((x + y)/2)^2 - 2 (x/2)^2 - 2 (y/2)^2, each square being the network f_m of square-net.  Its error at u in [0, 1]
is 4^-m times the excess g - g^2, g the m-th sawtooth.  The excess is 0 at 0, takes one value at u and 1 - u, and is
subadditive, by induction: the tent map sends (a, b, a + b) to three numbers of which, after u -> 1 - u in some of them,
the last is again the sum of the others.  So the three errors add up to something between 0 and twice the largest.
"""

from __future__ import annotations

from claims.approximation.square_excess import (
    defect,
    defect_range,
    excess,
    greatest_excess,
    modulus,
    modulus_half,
    modulus_left,
    modulus_of_a_sum,
    modulus_right,
    no_excess_on_the_grid,
)
from claims.approximation.square_net import (
    exact_error,
    floor_log4,
    floor_log4_bounds,
    quarters,
    square,
    state_size,
    state_weights,
)
from verify import Claim, assume, cite, define, layered, lemma, nat, prop, real, units, weights

claim = Claim(
    "multiplication-net",
    title="Products are cheap",
    statement=r"For every $m \ge 0$ there is a ReLU network $M_m$ without skip connections, with $m + 1$ hidden layers, "
    r"$12m + 6$ units and $45m + 5$ weights (for $m \ge 1$), such that $0 \le xy - M_m(x, y) \le 4^{-m}$ for all "
    r"$x, y \in [-1, 1]$; and $M_m(x, 0) = M_m(0, x) = 0$. Equality holds on the right where $|x|$ and $|y|$ are odd "
    r"multiples of $2^{-m}$. On $[-D, D]^2$ the network $D^2 M_m(x/D, y/D)$ has the error $D^2 4^{-m}$ instead; an error "
    r"of at most $D^2/n$, $n \ge 1$, needs no more than $45 \log_4 n + 50$ weights.",
    source=cite("yarotsky2017", "Proposition 3"),
    remarks="The network is Yarotsky's. He states the error up to a constant; here it is one-sided and the constant is exact.",
    symbols={
        r"\mathrm{product}(m, x, y)": "the network $M_m$",
        r"\mathrm{square}(m, u)": "the network $f_m$ of square-net, $0 \\le f_m(u) - u^2 \\le 4^{-m-1}$ on $[0, 1]$",
        r"\mathrm{excess}(m, u)": "$4^m$ times the error of $f_m$ at $u$",
    },
)
scale = claim.parameter("scale", "1", "the constant $c$ in the error bound $c \\, 4^{-m}$")


@define
def product(m: nat, x: real, y: real) -> real:
    return 2 * square(m, modulus(x + y) / 2) - 2 * square(m, modulus(x) / 2) - 2 * square(m, modulus(y) / 2)


@claim.proof(
    using=[
        modulus_half.at(x="x"),
        modulus_half.at(x="y"),
        modulus_half.at(x="x + y"),
        exact_error.at(m="m", x="modulus(x) / 2"),
        exact_error.at(m="m", x="modulus(y) / 2"),
        exact_error.at(m="m", x="modulus(x + y) / 2"),
    ],
)
def exact_product_error(m: nat, x: real, y: real) -> prop:
    assume(-1 <= x <= 1, -1 <= y <= 1)
    return x * y - product(m, x, y) == 2 * (1 / 4) ** m * defect(m, x, y)


@claim.proof(using=[exact_product_error, defect_range, defect_range.at(m="m", x="x", y="y")])
def error(m: nat, x: real, y: real) -> prop:
    assume(-1 <= x <= 1, -1 <= y <= 1)
    return 0 <= x * y - product(m, x, y) <= scale * (1 / 4) ** m


@claim.proof(using=[error.at(m="m", x="x", y="y"), error], have=["d**2 >= 0"])
def on_a_larger_square(m: nat, d: real, x: real, y: real) -> prop:
    """For |dx|, |dy| <= d, the network scaled by d^2."""
    assume(-1 <= x <= 1, -1 <= y <= 1)
    return 0 <= (d * x) * (d * y) - d**2 * product(m, x, y) <= scale * d**2 * (1 / 4) ** m


@claim.proof(
    using=[exact_product_error, modulus_right, no_excess_on_the_grid.at(m="m", k="0", u="0")],
    have=["defect(m, x, 0) == 0", "defect(m, 0, x) == 0"],
)
def zero(m: nat, x: real) -> prop:
    assume(-1 <= x <= 1)
    return product(m, x, 0) == 0 and product(m, 0, x) == 0


@lemma(
    using=[
        modulus_of_a_sum.at(x="x", y="y"),
        modulus_half.at(x="x + y"),
        no_excess_on_the_grid.at(m="m", k="i + j + 1", u="modulus(x + y) / 2"),
        no_excess_on_the_grid.at(m="m", k="i - j", u="modulus(x + y) / 2"),
        no_excess_on_the_grid.at(m="m", k="j - i", u="modulus(x + y) / 2"),
        modulus_left,
    ],
)
def sum_on_the_grid(m: nat, i: nat, j: nat, x: real, y: real) -> prop:
    assume(-1 <= x <= 1, -1 <= y <= 1, 2**m * modulus(x) == 2 * i + 1, 2**m * modulus(y) == 2 * j + 1)
    return excess(m, modulus(x + y) / 2) == 0


@claim.proof(
    using=[
        exact_product_error,
        modulus_half.at(x="x"),
        modulus_half.at(x="y"),
        greatest_excess.at(m="m", i="i", u="modulus(x) / 2"),
        greatest_excess.at(m="m", i="j", u="modulus(y) / 2"),
        sum_on_the_grid.at(m="m", i="i", j="j", x="x", y="y"),
    ],
    have=["i + 1 <= 2**m", "j + 1 <= 2**m", "defect(m, x, y) == 1/2"],
)
def attained(m: nat, i: nat, j: nat, x: real, y: real) -> prop:
    """Where |x| and |y| are odd multiples of 2^-m."""
    assume(-1 <= x <= 1, -1 <= y <= 1, 2**m * modulus(x) == 2 * i + 1, 2**m * modulus(y) == 2 * j + 1)
    return x * y - product(m, x, y) == (1 / 4) ** m


@claim.proof(using=[state_size.at(m="m", below="1")])
def depth_and_units(m: nat, x: real, y: real) -> prop:
    return layered(product(m, x, y), m + 1) and units(product(m, x, y)) == 12 * m + 6


@claim.proof(using=[state_weights])
def number_of_weights(m: nat, x: real, y: real) -> prop:
    return weights(product(m + 1, x, y)) == 45 * (m + 1) + 5


@lemma(using=[quarters.at(m="f + 1"), error.at(m="f + 1", x="x", y="y"), error], have=["(1/4)**(f + 1) * (n + 1) <= 1"])
def deep_enough(f: nat, n: nat, x: real, y: real) -> prop:
    assume(-1 <= x <= 1, -1 <= y <= 1, n + 1 <= 4 * 4**f)
    return (n + 1) * (x * y - product(f + 1, x, y)) <= 1


@claim.proof(
    using=[
        floor_log4_bounds.at(n="n"),
        deep_enough.at(f="floor_log4(n + 1)", n="n", x="x", y="y"),
        number_of_weights.at(m="floor_log4(n + 1)", x="x", y="y"),
        error,
    ],
)
def budget(n: nat, x: real, y: real) -> prop:
    """An error of at most 1/N with at most 45 log_4 N + 50 weights, for N = n + 1; the depth is floor_log4(N) + 2."""
    assume(-1 <= x <= 1, -1 <= y <= 1)
    return (
        (n + 1) * (x * y - product(floor_log4(n + 1) + 1, x, y)) <= 1
        and 4 ** floor_log4(n + 1) <= n + 1
        and weights(product(floor_log4(n + 1) + 1, x, y)) == 45 * floor_log4(n + 1) + 50
    )


claim.sampling(error, samples=1 << 14, naturals={"m": range(17)}, reals={"x": (-1, 1), "y": (-1, 1)})


@claim.trials(220)
def against_exact_integers(draws):
    """On the grid of mesh 2^-12 all operations are exact for m <= 10; every second trial is on the grid of mesh 2^-m."""
    import torch

    m = draws.trial % 11
    x, y = draws.uniform(2, 1 << 12, low=-1.0, high=1.0, bits=13 if draws.trial % 2 else m + 1)
    u = torch.stack([(x + y).abs(), x.abs(), y.abs()]) / 2
    g, a = u, u
    for _ in range(m):
        g = 2 * torch.relu(g) - 4 * torch.relu(g - 0.5) + 2 * torch.relu(g - 1)
        a = 4 * torch.relu(a) - g
    missing = 4.0**m * x * y - 2 * (a[0] - a[1] - a[2])
    return (missing >= 0) & (missing <= 1)


claim.sharpness(scale, refuted="1023/1024", proved="1")


@claim.mutant(replaces=error)
def never_too_small(m: nat, x: real, y: real) -> prop:
    """M_m(x, y) >= xy"""
    assume(-1 <= x <= 1, -1 <= y <= 1)
    return x * y - product(m, x, y) <= 0


@claim.mutant(replaces=error)
def the_error_of_one_square(m: nat, x: real, y: real) -> prop:
    """An error of at most 4^-(m+1)"""
    assume(-1 <= x <= 1, -1 <= y <= 1)
    return 0 <= x * y - product(m, x, y) <= scale * (1 / 4) ** (m + 1)


@claim.mutant(replaces=error)
def without_the_modulus(m: nat, x: real, y: real) -> prop:
    """The same with x, y and x + y instead of their moduli"""
    assume(-1 <= x <= 1, -1 <= y <= 1)
    return 0 <= x * y - 2 * (square(m, (x + y) / 2) - square(m, x / 2) - square(m, y / 2)) <= scale * (1 / 4) ** m


@claim.mutant(replaces=number_of_weights)
def weights_of_three_squares(m: nat, x: real, y: real) -> prop:
    """3 (15 m - 5) weights, as if the three squares were all"""
    return weights(product(m + 1, x, y)) == 3 * (15 * (m + 1) - 5)
