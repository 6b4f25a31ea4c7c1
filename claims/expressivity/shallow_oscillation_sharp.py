r"""The sharp lower bound behind “shallow networks cannot oscillate”.

A function that is affine on each of P pieces and closer than 1/2 to the j-th sawtooth at the grid points i/2^j has
P > 2^(j-1): on three grid points of one piece it would have to be below, above and below its own mean.  That hidden widths
w_1, ..., w_L make at most (w_1 + 1)...(w_L + 1) pieces is cited (for one hidden layer see shallow-oscillation-one-layer,
which cites nothing).  The constant function 1/2 shows that the distance 1/2 is the right one.
"""

from __future__ import annotations

from claims.expressivity.sawtooth import (
    sawtooth,
    sawtooth_at_the_next_point,
    sawtooth_on_the_grid,
    sawtooth_range,
    sign_of_even,
)
from verify import Claim, arbitrary, assume, cite, define, implies, induction, lemma, nat, prop, real

claim = Claim(
    "shallow-oscillation-sharp",
    title="How many pieces an oscillation needs",
    statement=r"Let $f$ be affine on each of $P$ consecutive groups of the grid points $i/2^j$, $0 \le i \le 2^j$, $j \ge 1$. "
    r"If $|f - g_j| < \frac12$ at all of them, $g_j$ being the $j$-th sawtooth, then $P > 2^{j-1}$. Hence a ReLU network "
    r"with hidden widths $w_1, \dots, w_L$ and $\prod (w_l + 1) \le 2^{j-1}$ is no better than the constant $\frac12$.",
    source=cite("telgarsky2015", "Theorem 1.1 (there in the L1 norm)"),
    repairs="shallow-oscillation-lower-bound",
    symbols={
        r"f(i), \; \mathrm{piece}(i)": "the value at the grid point number i, and the number of its piece",
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


@claim.proof(using=[sawtooth_range])
def the_constant_is_as_good(j: nat, x: real) -> prop:
    assume(0 <= x <= 1)
    return abs(1 / 2 - sawtooth(j, x)) <= 1 / 2


claim.sampling(the_constant_is_as_good, samples=1 << 14, naturals={"j": range(13)}, reals={"x": (0, 1)})


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
