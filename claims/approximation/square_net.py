r"""x^2 on [0, 1] by a ReLU network with O(log 1/eps) weights (Ye, Proposition 1.4.1; Yarotsky 2017, Proposition 2).

The network keeps two numbers: the m-th sawtooth g, and a = 4^m f, from which each layer makes (tent(g), 4a - tent(g)).
Its value f_m exceeds x^2 by exactly 4^-m (g - g^2), which lies between 0 and 4^-(m+1).
"""

from __future__ import annotations

from claims.expressivity.sawtooth import sawtooth, sawtooth_range, tent, tent_left, tent_range, tent_right
from verify import (
    Claim,
    assume,
    cite,
    define,
    hypothesis,
    induction,
    layered,
    lemma,
    nat,
    prop,
    real,
    relu,
    units,
    weights,
)

claim = Claim(
    "square-net",
    title="Squares are cheap",
    statement=r"For every $m \ge 0$ there is a ReLU network $f_m$ without skip connections, with $m$ hidden layers, $4m$ "
    r"units and $15m - 5$ weights (for $m \ge 1$), such that $0 \le f_m(x) - x^2 \le 4^{-(m+1)}$ for all $x \in [0, 1]$. "
    r"Equality holds on the right exactly where the $m$-th sawtooth is $\frac12$, in particular at the odd multiples of "
    r"$2^{-(m+1)}$. An error of at most $1/n$, $n \ge 1$, needs no more than $15 \log_4 n + 1$ weights.",
    source=cite(
        "ye2026",
        "Proposition 1.4.1",
        quote="For any ε > 0, the function f(x) = x² defined on [0,1] can be approximated with error ε > 0 by a ReLU net "
        "having O(log(1/ε)) weights.",
    ),
    remarks="The printed O(log(1/ε)) needs ε < 1, where the logarithm is positive; the constant is explicit here.",
    symbols={
        r"\mathrm{tent}": "the hat function with tent(0) = tent(1) = 0 and tent(1/2) = 1",
        r"\mathrm{state}(m, g, a)": "the second number after m layers that begin with g and a",
        r"\mathrm{square}(m, x)": "the network f_m",
    },
)
scale = claim.parameter("scale", "1/4", "the constant $c$ in the error bound $c \\, 4^{-m}$")


@define
def state(m: nat, g: real, a: real) -> real:
    return a if m == 0 else state(m - 1, tent(g), 4 * relu(a) - tent(g))


@define
def square(m: nat, x: real) -> real:
    return (1 / 4) ** m * state(m, x, x)


@lemma()
def tent_identity(x: real) -> prop:
    assume(0 <= x <= 1)
    return 4 * (x - x**2) == 2 * tent(x) - tent(x) ** 2


@lemma(by=induction("m"), using=[tent_range, tent_identity])
def invariant(m: nat, g: real, a: real) -> prop:
    assume(0 <= g <= 1, g - g**2 <= a)
    return state(m, g, a) == 4**m * (a - (g - g**2)) + sawtooth(m, g) - sawtooth(m, g) ** 2


@lemma(by=induction("m"))
def quarters(m: nat) -> prop:
    return (1 / 4) ** m * 4**m == 1


@claim.proof(using=[invariant, quarters])
def exact_error(m: nat, x: real) -> prop:
    assume(0 <= x <= 1)
    return square(m, x) - x**2 == (1 / 4) ** m * (sawtooth(m, x) - sawtooth(m, x) ** 2)


@claim.proof(
    using=[exact_error, sawtooth_range],
    have=["0 <= sawtooth(m, x) - sawtooth(m, x)**2 <= 1/4"],
)
def error(m: nat, x: real) -> prop:
    assume(0 <= x <= 1)
    return 0 <= square(m, x) - x**2 <= scale * (1 / 4) ** m


@lemma(
    by=induction("m"),
    using=[tent_left, tent_right, hypothesis(i="2 * 2**m - i - 1", x="tent(x)")],
    cases=["i + 1 <= 2**m"],
    have=["implies(i + 1 <= 2**m, x <= 1/2)", "implies(i >= 2**m, x >= 1/2)"],
)
def midpoint(m: nat, i: nat, x: real) -> prop:
    assume(0 <= x <= 1, i + 1 <= 2**m, 2 * 2**m * x == 2 * i + 1)
    return sawtooth(m, x) == 1 / 2


@claim.proof(using=[exact_error, midpoint])
def attained(m: nat, i: nat, x: real) -> prop:
    """At the odd multiples of 2^-(m+1)."""
    assume(0 <= x <= 1, i + 1 <= 2**m, 2 * 2**m * x == 2 * i + 1)
    return square(m, x) - x**2 == (1 / 4) * (1 / 4) ** m


@lemma(by=induction("m"))
def state_size(m: nat, below: nat) -> prop:
    return state.layered(m, below, below) and state.layer(m, below, below) == below + m and state.units(m) == 4 * m


@lemma(by=induction("m"))
def state_weights(m: nat) -> prop:
    return state.weights(m, 3, 4) + state.fan(m, 3, 4) == 15 * m + 4


@claim.proof(using=[state_size])
def depth_and_units(m: nat, x: real) -> prop:
    return layered(square(m, x), m) and units(square(m, x)) == 4 * m


@claim.proof(using=[state_weights])
def number_of_weights(m: nat, x: real) -> prop:
    return weights(square(m + 1, x)) == 15 * (m + 1) - 5


@define
def floor_log4(n: nat) -> nat:
    """The largest m with 4^m <= n, for n >= 1."""
    if n == 0:
        return 0
    return floor_log4(n - 1) + 1 if 4 ** (floor_log4(n - 1) + 1) <= n else floor_log4(n - 1)


@lemma(by=induction("n"))
def floor_log4_bounds(n: nat) -> prop:
    return 4 ** floor_log4(n + 1) <= n + 1 <= 4 * 4 ** floor_log4(n + 1) - 1


@lemma(by=induction("m"), using=[state_weights])
def at_most_so_many_weights(m: nat, x: real) -> prop:
    return weights(square(m, x)) <= 15 * m + 1


@claim.proof(
    using=[
        error.at(m="floor_log4(n + 1)", x="x"),
        quarters,
        floor_log4_bounds,
        at_most_so_many_weights.at(m="floor_log4(n + 1)", x="x"),
    ]
)
def budget(n: nat, x: real) -> prop:
    """An error of at most 1/N with at most 15 log_4 N + 1 weights, for N = n + 1; the depth is floor_log4(N)."""
    assume(0 <= x <= 1)
    return (
        (n + 1) * (square(floor_log4(n + 1), x) - x**2) <= 1
        and 4 ** floor_log4(n + 1) <= n + 1
        and weights(square(floor_log4(n + 1), x)) <= 15 * floor_log4(n + 1) + 1
    )


@define
def worst_case(m: nat) -> real:
    return (1 / 4) ** (m + 1)


@claim.relaxation(naturals={"m": range(5)}, against=worst_case)
def triangle_relaxation(m: nat, x: real) -> real:
    """How large the error could be, were each ReLU only known by its triangle."""
    assume(0 <= x <= 1)
    return square(m, x) - x**2


claim.sampling(error, samples=1 << 14, naturals={"m": range(17)}, reals={"x": (0, 1)})
claim.sampling(exact_error, samples=1 << 14, naturals={"m": range(13)}, reals={"x": (0, 1)})


@claim.trials(16)
def against_exact_integers(draws):
    """On the grid of mesh 2^-12 all operations are exact for m <= 12: 4^(m+1) (f_m - x^2) is an integer in [0, 1]."""
    import torch

    m = draws.trial % 13
    x = draws.uniform(1 << 14, low=0.0, high=1.0, bits=12)
    g, a = x, x
    for _ in range(m):
        g_next = 2 * torch.relu(g) - 4 * torch.relu(g - 0.5) + 2 * torch.relu(g - 1)
        a = 4 * torch.relu(a) - g_next
        g = g_next
    excess = a - 4.0**m * x * x
    return (excess >= 0) & (excess <= 0.25) & (excess == g - g * g)


claim.sharpness(scale, refuted="255/1024", proved="1/4")


@claim.mutant("error-shrinks-by-5", replaces=error)
def shrinks_by_five(m: nat, x: real) -> prop:
    """An error bound 5^-m / 4"""
    assume(0 <= x <= 1)
    return 0 <= square(m, x) - x**2 <= scale * (1 / 5) ** m


@claim.mutant(replaces=error)
def on_a_longer_interval(m: nat, x: real) -> prop:
    """The same for x in [0, 2]"""
    assume(0 <= x <= 2)
    return 0 <= square(m, x) - x**2 <= scale * (1 / 4) ** m


@claim.mutant(replaces=state)
def halving_instead_of_quartering(m: nat, g: real, a: real) -> real:
    """2 a - tent(g) in each layer"""
    return a if m == 0 else state(m - 1, tent(g), 2 * relu(a) - tent(g))


@claim.mutant(replaces=number_of_weights)
def biases_forgotten(m: nat, x: real) -> prop:
    """13 weights a layer, the biases not counted"""
    return weights(square(m + 1, x)) == 13 * (m + 1) - 3
