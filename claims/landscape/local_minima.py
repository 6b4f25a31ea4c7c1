r"""Local minima of two-layer linear networks are critical, and no direction has negative curvature there.

Along the line W + t D the loss is a polynomial of degree 4 in t.  Where W is minimal in a ball, comparing t and -t takes its
odd part away; a step t = 1/s that is short enough for the ball, for the quartic term and for 1 then shows the sign of the
rest.  ``reciprocal(s)`` is 1/s for s > 0, which the language of polynomials cannot write.
"""

from __future__ import annotations

from claims.landscape.projections import G, W_1, W_2, X, Y, n, p, q
from claims.landscape.projections import square_of_a_layer, square_of_outputs, square_of_the_first_layer
from verify import arbitrary, assume, assumption, define, dot, lemma, mat, prop, real, sq
from verify.theory.objects import Instance


@arbitrary
def radius() -> real: ...


@arbitrary
def reciprocal(s: real) -> real: ...


@assumption()
def positive_radius() -> prop:
    return radius() > 0


@assumption()
def reciprocals(s: real) -> prop:
    assume(s > 0)
    return s * reciprocal(s) == 1


@assumption()
def local_minimum(V_2: mat[q, p], V_1: mat[p, n]) -> prop:
    """W is minimal in the ball of the squared radius radius()."""
    assume(sq(V_2 - W_2()) + sq(V_1 - W_1()) <= radius())
    return sq(W_2() @ W_1() @ X() - Y()) <= sq(V_2 @ V_1 @ X() - Y())


LOCAL = (positive_radius, reciprocals, local_minimum)

# --------------------------------------------------------------------------------------------- short steps


@define
def slowness(c: real, b: real, r: real, a: real) -> real:
    return 1 + c * reciprocal(r) + b * reciprocal(a)


@define
def step(c: real, b: real, r: real, a: real) -> real:
    return reciprocal(slowness(c, b, r, a))


@lemma(cases=["t <= 0"])
def positive_factor(s: real, t: real) -> prop:
    assume(s > 0, s * t == 1)
    return t > 0


@lemma()
def product_of_nonnegatives(s: real, t: real) -> prop:
    assume(s >= 0, t >= 0)
    return s * t >= 0


@lemma(using=[reciprocals.at(s="s"), positive_factor.at(s="s", t="reciprocal(s)")], assuming=[reciprocals])
def positive_reciprocal(s: real) -> prop:
    assume(s > 0)
    return reciprocal(s) > 0


@lemma(
    using=[
        positive_reciprocal.at(s="r"),
        positive_reciprocal.at(s="a"),
        product_of_nonnegatives.at(s="c", t="reciprocal(r)"),
        product_of_nonnegatives.at(s="b", t="reciprocal(a)"),
    ],
    assuming=[reciprocals],
)
def slow(c: real, b: real, r: real, a: real) -> prop:
    assume(c >= 0, b >= 0, r > 0, a > 0)
    return slowness(c, b, r, a) >= 1 + c * reciprocal(r) and slowness(c, b, r, a) >= 1 + b * reciprocal(a)


@lemma(
    using=[
        slow.at(c="c", b="b", r="r", a="a"),
        positive_reciprocal.at(s="r"),
        product_of_nonnegatives.at(s="c", t="reciprocal(r)"),
        reciprocals.at(s="slowness(c, b, r, a)"),
        positive_reciprocal.at(s="slowness(c, b, r, a)"),
    ],
    assuming=[reciprocals],
)
def step_is_positive(c: real, b: real, r: real, a: real) -> prop:
    assume(c >= 0, b >= 0, r > 0, a > 0)
    return step(c, b, r, a) > 0 and step(c, b, r, a) * slowness(c, b, r, a) == 1


@lemma(cases=["t > 1"])
def at_most_one(t: real, s: real) -> prop:
    assume(t > 0, s >= 1, t * s == 1)
    return t <= 1


@lemma(have=["t * (c * i) <= 1 - t", "r * (t * (c * i)) <= r * (1 - t)", "r * t > 0", "r * (t * (c * i)) == t * c"])
def within(t: real, c: real, i: real, r: real, s: real) -> prop:
    assume(t > 0, r > 0, s >= 1 + c * i, t * s == 1, r * i == 1)
    return t * c < r


@lemma()
def shrinks(t: real, c: real) -> prop:
    assume(t > 0, t <= 1, c >= 0)
    return t**2 * c <= t * c


@lemma(
    using=[
        step_is_positive.at(c="c", b="b", r="r", a="a"),
        slow.at(c="c", b="b", r="r", a="a"),
        reciprocals.at(s="r"),
        reciprocals.at(s="a"),
        positive_reciprocal.at(s="r"),
        product_of_nonnegatives.at(s="c", t="reciprocal(r)"),
        at_most_one.at(t="step(c, b, r, a)", s="slowness(c, b, r, a)"),
        within.at(t="step(c, b, r, a)", c="c", i="reciprocal(r)", r="r", s="slowness(c, b, r, a)"),
        within.at(t="step(c, b, r, a)", c="b", i="reciprocal(a)", r="a", s="slowness(c, b, r, a)"),
        shrinks.at(t="step(c, b, r, a)", c="c"),
        shrinks.at(t="step(c, b, r, a)", c="b"),
    ],
    assuming=[reciprocals],
)
def short(c: real, b: real, r: real, a: real) -> prop:
    assume(c >= 0, b >= 0, r > 0, a > 0)
    t = step(c, b, r, a)
    return t > 0 and t**2 * c <= r and t * b < a and t**2 * b < a


@lemma(cases=["x < 0"])
def other_factor_of_a_step(t: real, x: real) -> prop:
    assume(t > 0, t * x >= 0)
    return x >= 0


@lemma(using=[other_factor_of_a_step.at(t="t", x="t * x"), other_factor_of_a_step.at(t="t", x="x")])
def positive_factor_of_squares(t: real, x: real) -> prop:
    assume(t > 0, t**2 * x >= 0)
    return x >= 0


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
