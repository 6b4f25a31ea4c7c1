r"""No piecewise affine function with p pieces is closer to x^2 on [0, 1] than 1/(8 p^2), and one is as close.

The lower bound is in ``affine_pieces``: an affine function misses x^2 by at least L^2/8 on a piece of length L, and p
pieces cannot all be shorter than 1/p.
"""

from __future__ import annotations

from fractions import Fraction

from claims.approximation.affine_pieces import TWO_PIECES, a_square, affine, close, distance, either_piece, knot
from claims.approximation.affine_pieces import knots_in_order, pieces, the_first_pieces
from claims.approximation.square_net import error, exact_error, quarters, square
from claims.expressivity.sawtooth import sawtooth, sawtooth_on_a_piece
from verify import Claim, assume, cite, induction, lemma, nat, networks, prop, real
from verify.networks import PieceCount, SupDistance, add

claim = Claim(
    "square-net-optimality",
    title="How many pieces a square needs",
    statement=r"Let $0 = t_0 \le t_1 \le \dots \le t_p = 1$, $p \ge 1$, and let $f$ be affine on each of the open intervals "
    r"$(t_i, t_{i+1})$, continuous or not. Then $\sup_{[0, 1]} |f(x) - x^2| \ge \frac{1}{8 p^2}$, and this is sharp for every "
    r"$p$: with the knots $i/p$, the interpolant of $x^2$ minus $\frac{1}{8 p^2}$ attains it. In particular the network $f_m$ "
    r"of square-net, affine on each of $2^m$ intervals, is optimal up to the shift by $4^{-m}/8$. If $p \le 2^u$, the error "
    r"is at least $4^{-u}/8$.",
    source=cite("ye2026", "Proposition 1.4.1, whose O(log(1/ε)) cannot be improved"),
    remarks="By piece-count-exact, u ReLU units make at most 2^u pieces on a line, so that an error eps takes at least "
    "(1/2) log2(1/(8 eps)) units. The hypotheses on f are satisfiable: by the interpolant with equal pieces.",
    symbols={
        r"\mathrm{knot}(i)": "the knot $t_i$",
        r"\mathrm{pieces}": "the number p of pieces",
        r"\mathrm{distance}": "a bound of $|f(x) - x^2|$ on [0, 1]",
    },
)
constant = claim.parameter("constant", "1/8", "the constant $c$ in the least error $c / p^2$")


claim.model(TWO_PIECES, using=[either_piece])  # of equal length, which are best


@claim.proof()
def one_piece(x: real, length: real, a: real, b: real, eps: real) -> prop:
    """An affine function that is eps-close to the square at two points and half-way between them."""
    assume(
        abs(a * x + b - x**2) <= eps,
        abs(a * (x + length / 2) + b - (x + length / 2) ** 2) <= eps,
        abs(a * (x + length) + b - (x + length) ** 2) <= eps,
    )
    return constant * length**2 <= eps


@claim.proof(using=[the_first_pieces.at(n="pieces()")], assuming=[knots_in_order, affine, close])
def lower_bound(i: nat) -> prop:
    assume(pieces() >= 1, knot(0) == 0, knot(pieces()) == 1)
    return pieces() ** 2 * distance() >= constant


@lemma(by=induction("u"))
def four_is_two_squared(u: nat) -> prop:
    return 4**u == (2**u) ** 2


@claim.proof(
    using=[lower_bound.at(i="0"), four_is_two_squared.at(u="u"), close.at(x="0")],
    have=["distance() >= 0", "(2**u)**2 >= pieces()**2", "((2**u)**2 - pieces()**2) * distance() >= 0"],
    assuming=[knots_in_order, affine, close],
)
def with_a_power_of_two(u: nat) -> prop:
    assume(1 <= pieces() <= 2**u, knot(0) == 0, knot(pieces()) == 1)
    return 4**u * distance() >= constant


@claim.proof(using=[a_square.at(t="2 * x - (2 * i + 1) * r")], have=["(x - i * r) * ((i + 1) * r - x) >= 0"])
def equal_pieces_are_optimal(i: nat, r: real, x: real) -> prop:
    """The secant of the piece between ir and (i + 1)r, shifted by r^2/8, where r = 1/p."""
    assume(i * r <= x <= (i + 1) * r)
    return abs((2 * i + 1) * r * x - (i**2 + i) * r**2 - r**2 / 8 - x**2) <= constant * r**2


@claim.proof()
def attained_at_the_knots(i: nat, r: real) -> prop:
    return (i * r) ** 2 - ((2 * i + 1) * r * (i * r) - (i**2 + i) * r**2 - r**2 / 8) == constant * r**2


@lemma(by=induction("i"))
def sign_squared(i: nat) -> prop:
    return ((-1) ** i) ** 2 == 1


@lemma(using=[sawtooth_on_a_piece.at(j="m", i="i", x="x"), sign_squared.at(i="i")])
def parabola_on_a_piece(m: nat, i: nat, x: real) -> prop:
    assume(0 <= x <= 1, i <= 2**m * x <= i + 1, i + 1 <= 2**m)
    return sawtooth(m, x) - sawtooth(m, x) ** 2 == (2**m * x - i) * (i + 1 - 2**m * x)


@claim.proof(
    using=[
        exact_error.at(m="m", x="x"),
        parabola_on_a_piece.at(m="m", i="i", x="x"),
        quarters.at(m="m"),
        four_is_two_squared.at(u="m"),
    ],
    have=["(1/4)**m * (2**m)**2 == 1"],
)
def pieces_of_the_network(m: nat, i: nat, x: real) -> prop:
    assume(0 <= x <= 1, i <= 2**m * x <= i + 1, i + 1 <= 2**m)
    return square(m, x) == (1 / 4) ** m * ((2 * i + 1) * 2**m * x - (i**2 + i))


@claim.proof(using=[error])
def the_shifted_network_is_optimal(m: nat, x: real) -> prop:
    assume(0 <= x <= 1)
    return abs(square(m, x) - (1 / 8) * (1 / 4) ** m - x**2) <= constant * (1 / 4) ** m


@claim.exact(naturals={"m": (0, 1, 2, 4, 8)}, role="stress")
def distance_of_the_shifted_network(m: int, constant: Fraction) -> SupDistance:
    quarter = Fraction(1, 4**m)
    shifted = add(networks.square(m), networks.affine([[0]], [-quarter / 8]))
    return SupDistance(shifted, [0, 0, 1], (0, 1), exactly=constant * quarter)


@claim.exact(naturals={"m": (0, 1, 2, 4, 8)}, role="stress")
def number_of_its_pieces(m: int) -> PieceCount:
    return PieceCount(networks.square(m), (0, 1), exactly=2**m)


claim.sharpness(constant, refuted="129/1024", proved="1/8")
claim.mutant("twice-the-error", {constant: "1/4"})


@claim.mutant(replaces=with_a_power_of_two)
def one_unit_less(u: nat) -> prop:
    """The error is as large with twice as many pieces"""
    assume(1 <= pieces() <= 2 ** (u + 1), knot(0) == 0, knot(pieces()) == 1)
    return 4**u * distance() >= constant


@claim.mutant(replaces=the_shifted_network_is_optimal)
def without_the_shift(m: nat, x: real) -> prop:
    """The interpolant itself"""
    assume(0 <= x <= 1)
    return abs(square(m, x) - x**2) <= constant * (1 / 4) ** m
