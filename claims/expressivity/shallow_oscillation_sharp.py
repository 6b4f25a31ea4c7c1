r"""The sharp lower bound behind “shallow networks cannot oscillate”, for networks of any depth and widths.

A network that is closer than 1/2 to the j-th sawtooth at the grid points i/2^j is below, above and below its own mean on
the three points 2i, 2i + 1, 2i + 2, which are not on a line; so it is bent at all 2^(j-1) such triples, and hidden widths
w_1, ..., w_L make fewer than (w_1 + 1)...(w_L + 1) of these (piece-count-exact).  Nothing is cited.  The constant function
1/2 shows that the distance 1/2 is the right one.
"""

from __future__ import annotations

from claims.expressivity.networks_on_a_line import bend, bends, increasing, network, pieces, point, product
from claims.expressivity.sawtooth import (
    sawtooth,
    sawtooth_at_the_next_point,
    sawtooth_on_the_grid,
    sawtooth_range,
    sign_of_even,
)
from verify import Claim, assume, cite, define, induction, lemma, nat, prop, real

claim = Claim(
    "shallow-oscillation-sharp",
    title="What an oscillation costs at any depth",
    statement=r"Let $f: \mathbb{R} \to \mathbb{R}$ be a ReLU network with hidden widths $w_1, \dots, w_L$ and $|f - g_j| < "
    r"\frac12$ at the grid points $i/2^j$, $0 \le i \le 2^j$, $j \ge 1$, $g_j$ being the $j$-th sawtooth. Then "
    r"$\prod_{l=1}^L (w_l + 1) > 2^{j-1}$. So a network with $\prod (w_l + 1) \le 2^{j-1}$ is no better than the constant "
    r"$\frac12$.",
    source=cite("telgarsky2015", "Theorem 1.1 (there in the L1 norm)"),
    repairs="shallow-oscillation-lower-bound",
    remarks="The distance 1/2 is sharp; the number of pieces is not claimed to be. A function that is closer than 1/2 changes "
    "sides of 1/2 between all neighbouring grid points; being continuous and piecewise affine it then has at least $2^j$ "
    "pieces, which is not proved here.",
    symbols={
        r"\mathrm{network}(k, t)": "the output of a network with k hidden layers and arbitrary weights, at the input t",
        r"\mathrm{product}(k)": "$(w_1 + 1) \\cdots (w_k + 1)$",
        r"\mathrm{point}(i)": "the grid points: an arbitrary sequence that is i/2^j where it matters",
    },
)
distance = claim.parameter("distance", "1/2", "how close f has to be")


@define
def close(j: nat, k: nat, n: nat) -> prop:
    """The points 0, ..., n are on the grid, and the network is closer than ``distance`` to the sawtooth there."""
    if n == 0:
        return point(0) == 0 and abs(network(k, point(0)) - sawtooth(j, 0)) < distance
    return (
        close(j, k, n - 1)
        and point(n) == n * (1 / 2) ** j
        and abs(network(k, point(n)) - sawtooth(j, n * (1 / 2) ** j)) < distance
    )


@lemma(by=induction("n"))
def close_at_the_end(n: nat, j: nat, k: nat) -> prop:
    assume(close(j, k, n))
    return point(n) == n * (1 / 2) ** j and abs(network(k, point(n)) - sawtooth(j, n * (1 / 2) ** j)) < distance


@lemma(have=["close(j, k, n + 1)"])
def two_steps_back(n: nat, j: nat, k: nat) -> prop:
    assume(close(j, k, n + 2))
    return (
        close(j, k, n)
        and point(n + 1) == (n + 1) * (1 / 2) ** j
        and abs(network(k, point(n + 1)) - sawtooth(j, (n + 1) * (1 / 2) ** j)) < distance
        and point(n + 2) == (n + 2) * (1 / 2) ** j
        and abs(network(k, point(n + 2)) - sawtooth(j, (n + 2) * (1 / 2) ** j)) < distance
    )


@lemma(by=induction("n"), using=[close_at_the_end.at(n="n", j="j", k="k")])
def grid_points_increase(n: nat, j: nat, k: nat) -> prop:
    assume(close(j, k, n))
    return increasing(n)


@lemma(
    using=[
        sawtooth_on_the_grid.at(j="j", i="2 * n"),
        sawtooth_at_the_next_point.at(j="j", i="2 * n"),
        sawtooth_at_the_next_point.at(j="j", i="2 * n + 1"),
        sign_of_even.at(n="n"),
    ],
)
def zero_one_zero(n: nat, j: nat) -> prop:
    assume(2 * n + 2 <= 2**j)
    return (
        sawtooth(j, 2 * n * (1 / 2) ** j) == 0
        and sawtooth(j, (2 * n + 1) * (1 / 2) ** j) == 1
        and sawtooth(j, (2 * n + 2) * (1 / 2) ** j) == 0
    )


@lemma(
    using=[
        two_steps_back.at(n="2 * n", j="j", k="k"),
        close_at_the_end.at(n="2 * n", j="j", k="k"),
        zero_one_zero.at(n="n", j="j"),
    ],
)
def three_points(n: nat, j: nat, k: nat) -> prop:
    assume(2 * n + 2 <= 2**j, close(j, k, 2 * n + 2))
    return (
        point(2 * n + 1) == point(2 * n) + (1 / 2) ** j
        and point(2 * n + 2) == point(2 * n) + 2 * (1 / 2) ** j
        and abs(network(k, point(2 * n))) < distance
        and abs(network(k, point(2 * n + 1)) - 1) < distance
        and abs(network(k, point(2 * n + 2))) < distance
    )


@lemma()
def below_above_below(h: real, u: real, v: real, w: real) -> prop:
    assume(h > 0, abs(u) < distance, abs(v - 1) < distance, abs(w) < distance)
    return h * u + h * w - 2 * h * v < 0


@lemma(
    using=[
        three_points.at(n="n", j="j", k="k"),
        below_above_below.at(
            h="(1/2)**j",
            u="network(k, point(2 * n))",
            v="network(k, point(2 * n + 1))",
            w="network(k, point(2 * n + 2))",
        ),
    ],
)
def bent_at_every_second_point(n: nat, j: nat, k: nat) -> prop:
    assume(2 * n + 2 <= 2**j, close(j, k, 2 * n + 2))
    return bend(k, 2 * n) < 0


@lemma(
    by=induction("n"),
    using=[bent_at_every_second_point.at(n="n", j="j", k="k"), two_steps_back.at(n="2 * n", j="j", k="k")],
)
def bends_of_a_close_network(n: nat, j: nat, k: nat) -> prop:
    assume(2 * n <= 2**j, close(j, k, 2 * n))
    return bends(k, n) == n


@claim.proof(
    using=[
        bends_of_a_close_network.at(n="2**j", j="j + 1", k="k"),
        pieces.at(k="k", m="2**j"),
        grid_points_increase.at(n="2 * 2**j", j="j + 1", k="k"),
    ]
)
def number_of_pieces(j: nat, k: nat) -> prop:
    """More than 2^j for the sawtooth number j + 1."""
    assume(close(j + 1, k, 2 ** (j + 1)))
    return product(k) > 2**j


@claim.proof(using=[sawtooth_range])
def the_constant_is_as_good(j: nat, x: real) -> prop:
    assume(0 <= x <= 1)
    return abs(1 / 2 - sawtooth(j, x)) <= 1 / 2


claim.sampling(the_constant_is_as_good, samples=1 << 14, naturals={"j": range(13)}, reals={"x": (0, 1)})


claim.sharpness(distance, refuted="17/32", proved="1/2")


@claim.mutant(replaces=number_of_pieces)
def three_times_as_much(j: nat, k: nat) -> prop:
    """More than 3 * 2^(j-1): a hat has two units"""
    assume(close(j + 1, k, 2 ** (j + 1)))
    return product(k) > 3 * 2**j


@claim.mutant(replaces=the_constant_is_as_good)
def another_constant(j: nat, x: real) -> prop:
    """The constant 3/8 in place of 1/2"""
    assume(0 <= x <= 1)
    return abs(3 / 8 - sawtooth(j, x)) <= 1 / 2
