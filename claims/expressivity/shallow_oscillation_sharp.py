r"""The sharp lower bound behind “shallow networks cannot oscillate”.

A function that is affine on each of P pieces and closer than 1/2 to the j-th sawtooth at the grid points i/2^j has
P > 2^(j-1): on three grid points of one piece it would have to be below, above and below its own mean.  One hidden layer
of n units makes at most n + 1 pieces, which is proved here as well; that widths w_1, ..., w_L make at most
(w_1 + 1)...(w_L + 1) is cited.  The constant function 1/2 shows that the distance 1/2 is the right one.
"""

from __future__ import annotations

from claims.expressivity.sawtooth import sawtooth, sawtooth_on_a_piece, sawtooth_range, tent_left
from verify import Claim, arbitrary, assume, cite, define, iff, implies, induction, lemma, nat, prop, real, relu

claim = Claim(
    "shallow-oscillation-sharp",
    title="How many pieces an oscillation needs",
    statement=r"Let $f$ be affine on each of $P$ consecutive groups of the grid points $i/2^j$, $0 \le i \le 2^j$, $j \ge 1$. "
    r"If $|f - g_j| < \frac12$ at all of them, $g_j$ being the $j$-th sawtooth, then $P > 2^{j-1}$. Hence a ReLU network "
    r"with hidden widths $w_1, \dots, w_L$ and $\prod (w_l + 1) \le 2^{j-1}$ is no better than the constant $\frac12$; for "
    r"one hidden layer this is proved without a cited step: $n$ units need $n \ge 2^{j-1}$.",
    source=cite("telgarsky2015", "Theorem 1.1 (there in the L1 norm)"),
    repairs="shallow-oscillation-lower-bound",
    symbols={
        r"f(i), \; \mathrm{piece}(i)": "the value at the grid point number i, and the number of its piece",
        r"\mathrm{net}(n, i)": "a network with one hidden layer of n units at the grid point number i",
        r"\mathrm{switched}(n, i)": "how many of the n units changed their phase between the grid points 0 and i",
    },
)
distance = claim.parameter("distance", "1/2", "how close f has to be")
claim.cites(
    "piece-count",
    "A ReLU network from R to R with hidden widths w_1, ..., w_L has at most (w_1 + 1)...(w_L + 1) affine pieces.",
    cite("serra2018", "one-dimensional case of the upper bound"),
)


@arbitrary
def f(i: nat) -> real: ...


@arbitrary
def piece(i: nat) -> nat: ...


@define
def in_order(n: nat) -> prop:
    """The pieces of the grid points 0, ..., n are numbered from left to right."""
    return True if n == 0 else in_order(n - 1) and piece(n - 1) <= piece(n)


@define
def affine_on_pieces(n: nat) -> prop:
    """Among the grid points 0, ..., n + 1, three neighbours on one piece lie on a line."""
    if n == 0:
        return True
    return affine_on_pieces(n - 1) and implies(piece(n - 1) == piece(n + 1), f(n - 1) + f(n + 1) == 2 * f(n))


@define
def close(j: nat, n: nat) -> prop:
    """Closer than ``distance`` to the sawtooth at the grid points 0, ..., n."""
    if n == 0:
        return abs(f(0) - sawtooth(j, 0)) < distance
    return close(j, n - 1) and abs(f(n) - sawtooth(j, n * (1 / 2) ** j)) < distance


@lemma(by=induction("j"))
def mesh(j: nat) -> prop:
    return 2**j * (1 / 2) ** j == 1


@lemma(by=induction("j"), using=[tent_left])
def sawtooth_at_zero(j: nat) -> prop:
    return sawtooth(j, 0) == 0


@lemma(using=[mesh], have=["2**j * (i * (1/2)**j) == i", "i * (1/2)**j <= 1"])
def grid_points(j: nat, i: nat) -> prop:
    assume(i <= 2**j)
    return 0 <= i * (1 / 2) ** j <= 1 and 2**j * (i * (1 / 2) ** j) == i


@lemma(using=[sawtooth_on_a_piece.at(j="j", i="i", x="i * (1/2)**j"), grid_points.at(j="j", i="i")])
def sawtooth_on_the_grid(j: nat, i: nat) -> prop:
    assume(i + 1 <= 2**j)
    return 2 * sawtooth(j, i * (1 / 2) ** j) == 1 - (-1) ** i


@lemma(using=[sawtooth_on_a_piece.at(j="j", i="i", x="(i + 1) * (1/2)**j"), grid_points.at(j="j", i="i + 1")])
def sawtooth_at_the_next_point(j: nat, i: nat) -> prop:
    assume(i + 1 <= 2**j)
    return 2 * sawtooth(j, (i + 1) * (1 / 2) ** j) == 1 + (-1) ** i


@lemma(by=induction("n"))
def sign_of_even(n: nat) -> prop:
    return (-1) ** (2 * n) == 1


@lemma(by=induction("n"))
def close_at_the_end(n: nat, j: nat) -> prop:
    assume(close(j, n))
    return abs(f(n) - sawtooth(j, n * (1 / 2) ** j)) < distance


@lemma(have=["in_order(n + 1)", "affine_on_pieces(n + 1)", "close(j, n + 1)"])
def two_steps_back(n: nat, j: nat) -> prop:
    assume(in_order(n + 2), affine_on_pieces(n + 2), close(j, n + 2))
    return (
        in_order(n)
        and affine_on_pieces(n)
        and close(j, n)
        and piece(n) <= piece(n + 1) <= piece(n + 2)
        and implies(piece(n) == piece(n + 2), f(n) + f(n + 2) == 2 * f(n + 1))
        and abs(f(n + 1) - sawtooth(j, (n + 1) * (1 / 2) ** j)) < distance
        and abs(f(n + 2) - sawtooth(j, (n + 2) * (1 / 2) ** j)) < distance
    )


@claim.proof(
    by=induction("n"),
    using=[
        two_steps_back.at(n="2 * n", j="j"),
        close_at_the_end.at(n="2 * n", j="j"),
        sawtooth_on_the_grid.at(j="j", i="2 * n"),
        sawtooth_at_the_next_point.at(j="j", i="2 * n"),
        sawtooth_at_the_next_point.at(j="j", i="2 * n + 1"),
        sign_of_even,
    ],
)
def every_second_point_begins_a_piece(n: nat, j: nat) -> prop:
    assume(2 * n <= 2**j, in_order(2 * n), affine_on_pieces(2 * n), close(j, 2 * n))
    return piece(0) + n <= piece(2 * n)


@claim.proof(using=[every_second_point_begins_a_piece.at(n="2**j", j="j + 1")])
def number_of_pieces(j: nat) -> prop:
    """More than 2^j pieces for the sawtooth number j + 1."""
    assume(in_order(2 ** (j + 1)), affine_on_pieces(2 ** (j + 1)), close(j + 1, 2 ** (j + 1)))
    return piece(2 ** (j + 1)) - piece(0) + 1 > 2**j


@arbitrary
def inner(k: nat) -> real: ...


@arbitrary
def bias(k: nat) -> real: ...


@arbitrary
def outer(k: nat) -> real: ...


@define
def net(n: nat, i: nat) -> real:
    """One hidden layer of n units, at the grid point number i (the mesh is absorbed in the weights)."""
    return outer(0) if n == 0 else net(n - 1, i) + outer(n) * relu(inner(n) * i + bias(n))


@define
def changed(k: nat, i: nat) -> nat:
    """1 if unit k is in another phase at the grid point i than at 0."""
    return 0 if iff(inner(k) * i + bias(k) >= 0, bias(k) >= 0) else 1


@define
def switched(n: nat, i: nat) -> nat:
    return 0 if n == 0 else switched(n - 1, i) + changed(n, i)


@define
def close_net(j: nat, n: nat, i: nat) -> prop:
    if i == 0:
        return abs(net(n, 0) - sawtooth(j, 0)) < distance
    return close_net(j, n, i - 1) and abs(net(n, i) - sawtooth(j, i * (1 / 2) ** j)) < distance


@lemma()
def a_unit_switches_once(k: nat, i: nat) -> prop:
    return changed(k, i) <= changed(k, i + 1)


@lemma(using=[a_unit_switches_once.at(k="k", i="i"), a_unit_switches_once.at(k="k", i="i + 1")])
def a_unit_is_affine_in_between(k: nat, i: nat) -> prop:
    assume(changed(k, i) == changed(k, i + 2))
    return relu(inner(k) * i + bias(k)) + relu(inner(k) * (i + 2) + bias(k)) == 2 * relu(inner(k) * (i + 1) + bias(k))


@lemma(by=induction("n"), using=[a_unit_switches_once.at(k="n + 1", i="i")])
def switched_grows(n: nat, i: nat) -> prop:
    return switched(n, i) <= switched(n, i + 1)


@lemma(by=induction("n"))
def at_most_all_switch(n: nat, i: nat) -> prop:
    return switched(n, i) <= n


@lemma(
    by=induction("n"),
    using=[
        switched_grows.at(n="n", i="i"),
        switched_grows.at(n="n", i="i + 1"),
        a_unit_switches_once.at(k="n + 1", i="i"),
        a_unit_switches_once.at(k="n + 1", i="i + 1"),
        a_unit_is_affine_in_between.at(k="n + 1", i="i"),
    ],
    have=["changed(n + 1, i) == changed(n + 1, i + 2)"],
)
def the_net_is_affine_in_between(n: nat, i: nat) -> prop:
    assume(switched(n, i) == switched(n, i + 2))
    return net(n, i) + net(n, i + 2) == 2 * net(n, i + 1)


@lemma(have=["close_net(j, n, i + 1)"])
def two_steps_back_for_nets(j: nat, n: nat, i: nat) -> prop:
    assume(close_net(j, n, i + 2))
    return (
        close_net(j, n, i)
        and abs(net(n, i + 1) - sawtooth(j, (i + 1) * (1 / 2) ** j)) < distance
        and abs(net(n, i + 2) - sawtooth(j, (i + 2) * (1 / 2) ** j)) < distance
    )


@lemma(by=induction("i"))
def net_is_close_at_the_end(i: nat, j: nat, n: nat) -> prop:
    assume(close_net(j, n, i))
    return abs(net(n, i) - sawtooth(j, i * (1 / 2) ** j)) < distance


@claim.proof(
    by=induction("m"),
    using=[
        two_steps_back_for_nets.at(j="j", n="n", i="2 * m"),
        net_is_close_at_the_end.at(i="2 * m", j="j", n="n"),
        the_net_is_affine_in_between.at(n="n", i="2 * m"),
        switched_grows.at(n="n", i="2 * m"),
        switched_grows.at(n="n", i="2 * m + 1"),
        sawtooth_on_the_grid.at(j="j", i="2 * m"),
        sawtooth_at_the_next_point.at(j="j", i="2 * m"),
        sawtooth_at_the_next_point.at(j="j", i="2 * m + 1"),
        sign_of_even,
    ],
    cases=["switched(n, 2 * m) == switched(n, 2 * m + 2)"],
)
def a_unit_switches_at_every_second_point(m: nat, n: nat, j: nat) -> prop:
    assume(2 * m <= 2**j, close_net(j, n, 2 * m))
    return m <= switched(n, 2 * m)


@claim.proof(
    using=[
        a_unit_switches_at_every_second_point.at(m="2**j", n="n", j="j + 1"),
        at_most_all_switch.at(n="n", i="2 * 2**j"),
    ]
)
def units_of_one_hidden_layer(j: nat, n: nat) -> prop:
    """At least 2^j units for the sawtooth number j + 1."""
    assume(close_net(j + 1, n, 2 ** (j + 1)))
    return n >= 2**j


@claim.proof(using=[sawtooth_range])
def the_constant_is_as_good(j: nat, x: real) -> prop:
    assume(0 <= x <= 1)
    return abs(1 / 2 - sawtooth(j, x)) <= 1 / 2


claim.sampling(the_constant_is_as_good, samples=1 << 14, naturals={"j": range(13)}, reals={"x": (0, 1)})


@claim.trials(200)
def fitted_networks(draws):
    """Networks of 15 units with random kinks, outer weights fitted to the sawtooth number 5 by least squares.

    Weights are rounded to multiples of 2^-12 and kinks lie on a grid, so that the errors are computed exactly: 16 pieces
    are 2^(5-1), and no error may be below 1/2.
    """
    import torch

    grid = torch.arange(33, dtype=torch.float64)
    kinks = draws.uniform(15, low=0.0, high=32.0, bits=8)
    features = torch.cat([torch.ones(33, 1, dtype=torch.float64), torch.relu(grid[:, None] - kinks[None, :])], dim=1)
    target = grid % 2
    noise = draws.uniform(33, low=-0.25, high=0.25, bits=10)
    fitted = torch.linalg.lstsq(features, (target + noise)[:, None]).solution
    rounded = torch.round(fitted.clamp(-(2.0**10), 2.0**10) * 4096) / 4096
    return (features @ rounded - target[:, None]).abs().amax() >= 0.5


claim.sharpness(distance, refuted="17/32", proved="1/2")


@claim.mutant(replaces=number_of_pieces)
def twice_as_many_pieces(j: nat) -> prop:
    """P > 2^j instead of P > 2^(j-1)"""
    assume(in_order(2 ** (j + 1)), affine_on_pieces(2 ** (j + 1)), close(j + 1, 2 ** (j + 1)))
    return piece(2 ** (j + 1)) - piece(0) + 1 > 2 ** (j + 1)


@claim.mutant(replaces=number_of_pieces)
def pieces_in_any_order(j: nat) -> prop:
    """Without the hypothesis that the pieces are numbered from left to right"""
    assume(affine_on_pieces(2 ** (j + 1)), close(j + 1, 2 ** (j + 1)))
    return piece(2 ** (j + 1)) - piece(0) + 1 > 2**j


@claim.mutant(replaces=units_of_one_hidden_layer)
def one_unit_more(j: nat, n: nat) -> prop:
    """n > 2^j + 1"""
    assume(close_net(j + 1, n, 2 ** (j + 1)))
    return n > 2**j + 1
