r"""Local minima of two-layer linear networks are critical, and no direction has negative curvature there.

Along the line W + t D the loss is a polynomial of degree 4 in t.  Where W is minimal in a ball, comparing t and -t takes its
odd part away; a step that is short enough for the ball and for the quartic term (``short_steps``) shows the sign of the rest.
"""

from __future__ import annotations

from claims.landscape.projections import G, W_1, W_2, X, Y, n, p, q
from claims.landscape.projections import square_of_a_layer, square_of_outputs, square_of_the_first_layer
from claims.landscape.short_steps import (
    other_factor_of_a_step,
    positive_factor_of_squares,
    reciprocals,
    short,
    step,  # noqa: F401  (the hints mention it)
)
from verify import arbitrary, assume, assumption, define, dot, lemma, mat, prop, real, sq
from verify.theory.objects import Instance


@arbitrary
def radius() -> real: ...


@assumption()
def positive_radius() -> prop:
    return radius() > 0


@assumption()
def local_minimum(V_2: mat[q, p], V_1: mat[p, n]) -> prop:
    """W is minimal in the ball of the squared radius radius()."""
    assume(sq(V_2 - W_2()) + sq(V_1 - W_1()) <= radius())
    return sq(W_2() @ W_1() @ X() - Y()) <= sq(V_2 @ V_1 @ X() - Y())


LOCAL = (positive_radius, reciprocals, local_minimum)

# ------------------------------------------------------------------------------------------------ along lines


@define
def curvature(D_2: mat[q, p], D_1: mat[p, n]) -> real:
    return dot(G(), D_2 @ D_1) + sq((D_2 @ W_1() + W_2() @ D_1) @ X()) / 2


@define
def size(D_2: mat[q, p], D_1: mat[p, n]) -> real:
    return sq(D_2) + sq(D_1)


@lemma(
    using=[
        local_minimum.at(V_2="W_2() + t * D_2", V_1="W_1() + t * D_1"),
        local_minimum.at(V_2="W_2() - t * D_2", V_1="W_1() - t * D_1"),
    ],
    assuming=LOCAL,
)
def both_ways(D_2: mat[q, p], D_1: mat[p, n], t: real) -> prop:
    assume(t**2 * size(D_2, D_1) <= radius())
    return t**2 * (2 * curvature(D_2, D_1) + t**2 * sq(D_2 @ D_1 @ X())) >= 0


@lemma(using=[square_of_a_layer.at(A="D_2"), square_of_the_first_layer.at(A="D_1")])
def size_is_nonnegative(D_2: mat[q, p], D_1: mat[p, n]) -> prop:
    return size(D_2, D_1) >= 0


@lemma(
    cases=["curvature(D_2, D_1) < 0"],
    using=[
        positive_radius,
        size_is_nonnegative.at(D_2="D_2", D_1="D_1"),
        square_of_outputs.at(A="D_2 @ D_1 @ X()"),
        short.at(c="size(D_2, D_1)", b="sq(D_2 @ D_1 @ X())", r="radius()", a="-curvature(D_2, D_1)"),
        both_ways.at(
            D_2="D_2", D_1="D_1", t="step(size(D_2, D_1), sq(D_2 @ D_1 @ X()), radius(), -curvature(D_2, D_1))"
        ),
        positive_factor_of_squares.at(
            t="step(size(D_2, D_1), sq(D_2 @ D_1 @ X()), radius(), -curvature(D_2, D_1))",
            x="2 * curvature(D_2, D_1) + step(size(D_2, D_1), sq(D_2 @ D_1 @ X()), radius(), -curvature(D_2, D_1))**2"
            " * sq(D_2 @ D_1 @ X())",
        ),
    ],
    assuming=LOCAL,
)
def no_negative_curvature(D_2: mat[q, p], D_1: mat[p, n]) -> prop:
    return curvature(D_2, D_1) >= 0


@lemma(using=[no_negative_curvature.at(D_2="D_2", D_1="D_1")], assuming=LOCAL)
def curvature_of_a_local_minimum(D_2: mat[q, p], D_1: mat[p, n]) -> prop:
    return dot(G(), D_2 @ D_1) + sq((D_2 @ W_1() + W_2() @ D_1) @ X()) / 2 >= 0


@lemma(
    using=[
        local_minimum.at(V_2="W_2()", V_1="W_1() - t * W_2().T @ G()"),
        square_of_the_first_layer.at(A="W_2().T @ G()"),
    ],
    assuming=LOCAL,
)
def down_the_first_layer(t: real) -> prop:
    assume(t > 0, t**2 * sq(W_2().T @ G()) <= radius())
    return t * (t * sq(W_2() @ W_2().T @ G() @ X()) - 2 * sq(W_2().T @ G())) >= 0


@lemma(
    using=[local_minimum.at(V_2="W_2() - t * G() @ W_1().T", V_1="W_1()"), square_of_a_layer.at(A="G() @ W_1().T")],
    assuming=LOCAL,
)
def down_the_second_layer(t: real) -> prop:
    assume(t > 0, t**2 * sq(G() @ W_1().T) <= radius())
    return t * (t * sq(G() @ W_1().T @ W_1() @ X()) - 2 * sq(G() @ W_1().T)) >= 0


FIRST, SEEN = "sq(W_2().T @ G())", "sq(W_2() @ W_2().T @ G() @ X())"
SECOND, MADE = "sq(G() @ W_1().T)", "sq(G() @ W_1().T @ W_1() @ X())"


def along(square: str, cost: str) -> list[Instance]:
    """A short step along a gradient, by the size of the loss of second order."""
    t = f"step({square}, {cost}, radius(), {square})"
    return [
        short.at(c=square, b=cost, r="radius()", a=square),
        (down_the_first_layer if square == FIRST else down_the_second_layer).at(t=t),
        other_factor_of_a_step.at(t=t, x=f"{t} * {cost} - 2 * {square}"),
    ]


@lemma(
    cases=[f"{FIRST} > 0"],
    using=[
        positive_radius,
        square_of_the_first_layer.at(A="W_2().T @ G()"),
        square_of_outputs.at(A="W_2() @ W_2().T @ G() @ X()"),
        *along(FIRST, SEEN),
    ],
    assuming=LOCAL,
)
def no_length_of_the_first_gradient() -> prop:
    return sq(W_2().T @ G()) == 0


@lemma(
    cases=[f"{SECOND} > 0"],
    using=[
        positive_radius,
        square_of_a_layer.at(A="G() @ W_1().T"),
        square_of_outputs.at(A="G() @ W_1().T @ W_1() @ X()"),
        *along(SECOND, MADE),
    ],
    assuming=LOCAL,
)
def no_length_of_the_second_gradient() -> prop:
    return sq(G() @ W_1().T) == 0


@lemma()
def no_first_gradient() -> prop:
    assume(sq(W_2().T @ G()) == 0)
    return W_2().T @ G() == 0


@lemma()
def no_second_gradient() -> prop:
    assume(sq(G() @ W_1().T) == 0)
    return G() @ W_1().T == 0


@lemma(
    using=[no_length_of_the_first_gradient, no_length_of_the_second_gradient, no_first_gradient, no_second_gradient],
    assuming=LOCAL,
)
def critical() -> prop:
    return W_2().T @ G() == 0 and G() @ W_1().T == 0
