r"""Adam with full gradients, coordinate by coordinate: momentum, factors, and what one step pays; see ``adam_deterministic``.

The factor a = 1/(sqrt(v) + xi) lies between 1/(sigma + xi) and 1/xi.
"""

from __future__ import annotations

from claims.optimization.adam_runs import before, beta2, factor, root  # noqa: F401  (in the hints)
from claims.optimization.adam_runs import (
    alpha,
    beta1,
    constants,
    crossed,
    floor,
    gain,
    norm,
    run,
    second,
    squares_before,
    stepped,
    weighted,
)
from claims.optimization.orthonormal_vectors import orthonormal
from claims.optimization.preconditioned_steps import coordinate, move  # noqa: F401  (in the hints)
from claims.optimization.preconditioned_steps import (
    descent_of_a_step,
    dimension,
    iterate,
    one_of_them,
    products,
    squared_moves,
    squares,
    steps,
)
from claims.optimization.roots_and_quotients import divided, root_is_monotone, square_is_nonnegative
from claims.optimization.second_moments import bounded, sigma
from claims.optimization.smooth_functions import L, below_parabolas, f, product
from verify import assume, induction, lemma, nat, prop, real

# ------------------------------------------------------------------------------------------- averages


@lemma(using=[product.at(x="b", y="1 - b"), product.at(x="b * (1 - b)", y="(u - v)**2")])
def square_of_an_average(b: real, u: real, v: real) -> prop:
    assume(b >= 0, b < 1)
    return (b * u + (1 - b) * v) ** 2 <= b * u**2 + (1 - b) * v**2


@lemma(
    by=induction("d"),
    using=[constants, square_of_an_average.at(b="beta1()", u="before(t, d)", v="coordinate(t, d)")],
    assuming=[constants],
)
def next_momentum(d: nat, t: nat) -> prop:
    return squares_before(d, t + 1) <= beta1() * squares_before(d, t) + (1 - beta1()) * squares(d, t)


@lemma(by=induction("d"))
def no_momentum(d: nat) -> prop:
    return squares_before(d, 0) == 0


@lemma(
    by=induction("t"),
    using=[
        constants,
        no_momentum.at(d="dimension()"),
        next_momentum.at(d="dimension()", t="t"),
        product.at(x="beta1()", y="sigma()**2 - squares_before(dimension(), t)"),
        product.at(x="1 - beta1()", y="sigma()**2 - squares(dimension(), t)"),
    ],
    assuming=[constants],
)
def momentum_is_bounded(t: nat) -> prop:
    assume(bounded(t))
    return squares_before(dimension(), t) <= sigma() ** 2


@lemma(
    by=induction("t"),
    using=[
        constants,
        one_of_them.at(d="dimension()", t="t", i="i"),
        product.at(x="beta2()", y="sigma()**2 - second(t, i)"),
        product.at(x="1 - beta2()", y="sigma()**2 - coordinate(t, i)**2"),
    ],
    assuming=[constants],
)
def second_is_bounded(t: nat, i: nat) -> prop:
    assume(i + 1 <= dimension(), bounded(t))
    return second(t, i) <= sigma() ** 2


# ------------------------------------------------------------------------------------------- one coordinate


@lemma(
    using=[
        root_is_monotone.at(a="s", b="S"),
        product.at(x="s + n", y="a"),
        divided.at(a="s + n", t="a"),
        product.at(x="a", y="s"),
        product.at(x="a", y="S - s"),
    ],
    have=["(s + n) * a >= 0"],
)
def range_of_factors(s: real, a: real, n: real, S: real) -> prop:
    """n is the floor, S is sigma."""
    assume(s >= 0, s**2 <= S**2, S >= 0, n > 0, a * (s + n) == 1)
    return a >= 0 and n * a <= 1 and (S + n) * a >= 1


@lemma(
    using=[
        product.at(x="n", y="a"),
        square_is_nonnegative.at(t="S * g + G * u"),
        product.at(x="n * a", y="(S * g + G * u)**2"),
        product.at(x="1 - n * a", y="S**2 * g**2 + G**2 * u**2"),
        product.at(x="(S + n) * a - 1", y="g**2"),
        product.at(x="1 + n * a", y="1 - n * a"),
        product.at(x="1 - n**2 * a**2", y="c**2 * m**2"),
    ],
    have=["(c * a * m)**2 == c**2 * a**2 * m**2"],
)
def one_coordinate(a: real, n: real, S: real, g: real, u: real, m: real, G: real, c: real) -> prop:
    """u and m are the momentum before and after the gradient g, G the norm of the gradient, c the step length."""
    assume(a >= 0, n > 0, n * a <= 1, (S + n) * a >= 1)
    return (
        (S + n) * (a * g**2) >= g**2
        and 2 * n * S * G * (a * (g * u)) >= -(S**2 * g**2 + G**2 * u**2)
        and n**2 * (c * a * m) ** 2 <= c**2 * m**2
    )


@lemma(
    by=induction("d"),
    using=[
        constants,
        second_is_bounded.at(t="t + 1", i="d"),
        range_of_factors.at(s="root(t, d)", a="factor(t, d)", n="floor()", S="sigma()"),
        one_coordinate.at(
            a="factor(t, d)",
            n="floor()",
            S="sigma()",
            g="coordinate(t, d)",
            u="before(t, d)",
            m="before(t + 1, d)",
            G="norm(t)",
            c="alpha(t)",
        ),
    ],
    assuming=[constants],
)
def all_coordinates(d: nat, t: nat) -> prop:
    assume(d <= dimension(), bounded(t + 1), stepped(d, t))
    return (
        (sigma() + floor()) * weighted(d, t) >= squares(d, t)
        and 2 * floor() * sigma() * norm(t) * crossed(d, t)
        >= -(sigma() ** 2 * squares(d, t) + norm(t) ** 2 * squares_before(d, t))
        and floor() ** 2 * squared_moves(d, t) <= alpha(t) ** 2 * squares_before(d, t + 1)
        and products(d, t, t) == alpha(t) * ((1 - beta1()) * weighted(d, t) + beta1() * crossed(d, t))
    )


@lemma(by=induction("d"), have=["move(t, d)**2 >= 0"])
def moves_are_nonnegative(d: nat, t: nat) -> prop:
    return squared_moves(d, t) >= 0


# ------------------------------------------------------------------------------------------- one step


ADAM = [below_parabolas, constants, steps]


@lemma(
    using=[
        steps.at(t="t"),
        momentum_is_bounded.at(t="t"),
        momentum_is_bounded.at(t="t + 1"),
        moves_are_nonnegative.at(d="dimension()", t="t"),
        all_coordinates.at(d="dimension()", t="t"),
        descent_of_a_step.at(t="t", s="t", n="t + 1"),
    ],
    assuming=ADAM,
)
def whole_step(t: nat) -> prop:
    """What ``all_coordinates`` says of a step in terms of the norm of the gradient, and what f loses."""
    assume(orthonormal(dimension()), bounded(t + 1), run(t + 1))
    pay = (1 - beta1()) * weighted(dimension(), t) + beta1() * crossed(dimension(), t)
    moves = squared_moves(dimension(), t)
    return (
        (sigma() + floor()) * weighted(dimension(), t) >= norm(t) ** 2
        and 2 * floor() * sigma() * norm(t) * crossed(dimension(), t)
        >= -(sigma() ** 2 * norm(t) ** 2 + norm(t) ** 2 * squares_before(dimension(), t))
        and squares_before(dimension(), t) <= sigma() ** 2
        and squares_before(dimension(), t + 1) <= sigma() ** 2
        and floor() ** 2 * moves <= alpha(t) ** 2 * squares_before(dimension(), t + 1)
        and (moves >= 0 and f(iterate(t)) - f(iterate(t + 1)) >= alpha(t) * pay - L() / 2 * moves)
        and alpha(t) * (L() * sigma() ** 2) == gain() * norm(t) ** 2 * floor() ** 2
    )
