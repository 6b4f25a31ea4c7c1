r"""Critical points of two-layer linear networks without a direction of negative curvature are global minima.

At a critical point (W_2, W_1) of |W_2 W_1 X - Y|^2 / 2 the second derivative in the direction (D_2, D_1) is twice
<G, D_2 D_1> + |(D_2 W_1 + W_2 D_1) X|^2 / 2.  If it is never negative, then

1. either G = 0, so that W_2 W_1 is a minimum of a convex function of all matrices, or W_2 is injective: otherwise a rank-one
   change of the first layer that the second one does not see, together with a small one of the second layer, has negative
   curvature; so no V_2 has a range of larger dimension than W_2;
2. for x in the range of W_2 and y orthogonal to it, |T^T y|^2 / |y|^2 <= |T^T x|^2 / |x|^2: otherwise turning x towards y has
   negative curvature;
3. summed over orthonormal bases, the projection on the range of W_2 keeps at least as much of T as that on the range of V_2
   (Eckart and Young 1936, by the argument of Ky Fan 1949, without singular values).
"""

from __future__ import annotations

from claims.landscape.projections import (
    G,
    T,
    W_1,
    W_2,
    X,
    Y,
    across,
    captured,
    competitor,
    distances,
    dropped,
    equal_squares,
    kept,
    larger_share,
    length,
    length_or_no_image,
    lost,
    n,
    other_factor,
    outputs,
    own_loss,
    p,
    q,
    rank_by_columns,
    shorter,
    square_of_gradient,
    square_of_hidden,
    square_of_outputs,
    square_of_samples,
    vanishing,
)
from verify import assume, define, dot, lemma, mat, pinv, prop, real, sq
from verify.theory.objects import Assumption, Theorem


@define
def descent(e: mat[p, 1], b: mat[q, 1]) -> real:
    return sq(lost(e)) * sq(G().T @ b)


@define
def cost(e: mat[p, 1], b: mat[q, 1]) -> real:
    return sq(b @ lost(e).T @ W_1() @ X()) / 2


@lemma()
def curvature_of_unseen_changes(s: real, t: real, e: mat[p, 1], b: mat[q, 1]) -> prop:
    D_2 = s * b @ lost(e).T
    D_1 = t * lost(e) @ b.T @ G()
    curvature = dot(G(), D_2 @ D_1) + sq((D_2 @ W_1() + W_2() @ D_1) @ X()) / 2
    return curvature == s * t * descent(e, b) + s**2 * cost(e, b)


@lemma()
def gradient_of_a_turn(x: mat[q, 1], y: mat[q, 1]) -> prop:
    assume(W_2() @ pinv(W_2()) @ x == x, W_2().T @ y == 0)
    return dot(G(), y @ x.T @ W_2() @ pinv(W_2()) @ x @ y.T @ Y() @ pinv(X())) == -sq(x) * sq(T().T @ y)


@lemma(using=[outputs])
def outputs_of_a_turn(x: mat[q, 1], y: mat[q, 1]) -> prop:
    assume(W_2().T @ G() == 0, W_2() @ pinv(W_2()) @ x == x, W_2().T @ y == 0)
    changed = y @ x.T @ W_2() @ W_1() + W_2() @ pinv(W_2()) @ x @ y.T @ Y() @ pinv(X())
    return changed @ X() == y @ x.T @ T() + x @ y.T @ T()


@lemma(
    using=[
        outputs_of_a_turn.at(x="x", y="y"),
        equal_squares.at(
            A="(y @ x.T @ W_2() @ W_1() + W_2() @ pinv(W_2()) @ x @ y.T @ Y() @ pinv(X())) @ X()",
            B="y @ x.T @ T() + x @ y.T @ T()",
        ),
    ]
)
def length_of_a_turn(x: mat[q, 1], y: mat[q, 1]) -> prop:
    assume(W_2().T @ G() == 0, W_2() @ pinv(W_2()) @ x == x, W_2().T @ y == 0)
    changed = y @ x.T @ W_2() @ W_1() + W_2() @ pinv(W_2()) @ x @ y.T @ Y() @ pinv(X())
    return sq(changed @ X()) == sq(y @ x.T @ T() + x @ y.T @ T())


@lemma()
def expanded(V_2: mat[q, p], V_1: mat[p, n]) -> prop:
    A = W_2() @ W_1()
    return sq(V_2 @ V_1 @ X() - Y()) == sq(A @ X() - Y()) + 2 * dot(G(), V_2 @ V_1 - A) + sq((V_2 @ V_1 - A) @ X())


@lemma()
def no_gradient() -> prop:
    assume(sq(G()) == 0)
    return G() == 0


@lemma()
def nothing_along(N: mat[q, n]) -> prop:
    assume(G() == 0)
    return dot(G(), N) == 0


@lemma(
    using=[
        no_gradient,
        nothing_along.at(N="V_2 @ V_1 - W_2() @ W_1()"),
        expanded.at(V_2="V_2", V_1="V_1"),
        square_of_outputs.at(A="(V_2 @ V_1 - W_2() @ W_1()) @ X()"),
    ]
)
def minimum_of_the_convex_loss(V_2: mat[q, p], V_1: mat[p, n]) -> prop:
    assume(sq(G()) == 0)
    return sq(W_2() @ W_1() @ X() - Y()) <= sq(V_2 @ V_1 @ X() - Y())


def minimality(curvature: Theorem | Assumption, *assuming: Assumption) -> Theorem:
    """The theorem: if ``curvature`` says of all D_2, D_1 that the second derivative is not negative, the loss is minimal."""

    @lemma(
        using=[
            curvature.at(D_2="-descent(e, b) * b @ lost(e).T", D_1="(cost(e, b) + 1) * lost(e) @ b.T @ G()"),
            curvature_of_unseen_changes.at(s="-descent(e, b)", t="cost(e, b) + 1", e="e", b="b"),
            vanishing.at(t="descent(e, b)"),
        ],
        assuming=assuming,
    )
    def no_descent(e: mat[p, 1], b: mat[q, 1]) -> prop:
        assume(W_2().T @ G() == 0, G() @ W_1().T == 0)
        return descent(e, b) == 0

    @lemma(using=[no_descent.at(e="e", b="b")], assuming=assuming)
    def nothing_lost_along(e: mat[p, 1], b: mat[q, 1]) -> prop:
        assume(W_2().T @ G() == 0, G() @ W_1().T == 0)
        return sq(lost(e)) * sq(G().T @ b) == 0

    @lemma(
        using=[
            nothing_lost_along.summed("b", e="e"),
            square_of_hidden.at(e="lost(e)"),
            other_factor.at(s="sq(G())", t="sq(lost(e))"),
        ],
        assuming=assuming,
    )
    def injective(e: mat[p, 1]) -> prop:
        assume(W_2().T @ G() == 0, G() @ W_1().T == 0, sq(G()) > 0)
        return sq(lost(e)) == 0

    @lemma(using=[injective.at(e="e"), shorter.at(V_2="V_2", e="e"), length.at(e="e")], assuming=assuming)
    def columns_kept(V_2: mat[q, p], e: mat[p, 1]) -> prop:
        assume(W_2().T @ G() == 0, G() @ W_1().T == 0, sq(G()) > 0)
        return sq(pinv(V_2) @ V_2 @ e) <= sq(pinv(W_2()) @ W_2() @ e)

    @lemma(
        using=[columns_kept.summed("e", V_2="V_2"), rank_by_columns.at(V_2="V_2"), rank_by_columns.at(V_2="W_2()")],
        assuming=assuming,
    )
    def largest_rank(V_2: mat[q, p]) -> prop:
        assume(W_2().T @ G() == 0, G() @ W_1().T == 0, sq(G()) > 0)
        return sq(V_2 @ pinv(V_2)) <= sq(W_2() @ pinv(W_2()))

    @lemma(
        using=[
            across.at(x="x", y="y"),
            gradient_of_a_turn.at(x="x", y="y"),
            length_of_a_turn.at(x="x", y="y"),
            curvature.at(D_2="y @ x.T @ W_2()", D_1="pinv(W_2()) @ x @ y.T @ Y() @ pinv(X())"),
        ],
        assuming=assuming,
    )
    def turned(x: mat[q, 1], y: mat[q, 1]) -> prop:
        assume(W_2().T @ G() == 0, G() @ W_1().T == 0, W_2() @ pinv(W_2()) @ x == x, W_2().T @ y == 0)
        return sq(x) * sq(T().T @ y) <= sq(y) * sq(T().T @ x)

    @lemma(
        using=[
            kept.at(V_2="V_2", u="u"),
            dropped.at(V_2="V_2", v="v"),
            turned.at(
                x="W_2() @ pinv(W_2()) @ (u - V_2 @ pinv(V_2) @ u)",
                y="V_2 @ pinv(V_2) @ v - W_2() @ pinv(W_2()) @ V_2 @ pinv(V_2) @ v",
            ),
        ],
        assuming=assuming,
    )
    def turned_between_ranges(V_2: mat[q, p], u: mat[q, 1], v: mat[q, 1]) -> prop:
        assume(W_2().T @ G() == 0, G() @ W_1().T == 0)
        x = W_2() @ pinv(W_2()) @ (u - V_2 @ pinv(V_2) @ u)
        y = V_2 @ pinv(V_2) @ v - W_2() @ pinv(W_2()) @ V_2 @ pinv(V_2) @ v
        return sq(x) * sq(T().T @ y) <= sq(y) * sq(T().T @ x)

    only_there = "V_2 @ pinv(V_2) - W_2() @ pinv(W_2()) @ V_2 @ pinv(V_2)"
    only_here = "W_2() @ pinv(W_2()) - W_2() @ pinv(W_2()) @ V_2 @ pinv(V_2)"

    @lemma(
        using=[
            turned_between_ranges.summed("u", "v", V_2="V_2"),
            largest_rank.at(V_2="V_2"),
            distances.at(V_2="V_2"),
            length_or_no_image.at(D=only_there),
            square_of_samples.at(A=f"T().T @ ({only_there})"),
            square_of_samples.at(A=f"T().T @ ({only_here})"),
            larger_share.at(
                m0=f"sq({only_here})",
                m1=f"sq({only_there})",
                x=f"sq(T().T @ ({only_here}))",
                y=f"sq(T().T @ ({only_there}))",
            ),
        ],
        assuming=assuming,
    )
    def most_captured(V_2: mat[q, p]) -> prop:
        assume(W_2().T @ G() == 0, G() @ W_1().T == 0, sq(G()) > 0)
        P0 = W_2() @ pinv(W_2())
        P = V_2 @ pinv(V_2)
        return sq(T().T @ (P - P0 @ P)) <= sq(T().T @ (P0 - P0 @ P))

    @lemma(
        using=[
            most_captured.at(V_2="V_2"),
            captured.at(V_2="V_2"),
            competitor.at(V_2="V_2", V_1="V_1"),
            own_loss,
            square_of_outputs.at(A="V_2 @ V_1 @ X() - V_2 @ pinv(V_2) @ T()"),
        ],
        assuming=assuming,
    )
    def minimum_of_this_rank(V_2: mat[q, p], V_1: mat[p, n]) -> prop:
        assume(W_2().T @ G() == 0, G() @ W_1().T == 0, sq(G()) > 0)
        return sq(W_2() @ W_1() @ X() - Y()) <= sq(V_2 @ V_1 @ X() - Y())

    @lemma(
        cases=["sq(G()) > 0"],
        using=[
            square_of_gradient,
            minimum_of_this_rank.at(V_2="V_2", V_1="V_1"),
            minimum_of_the_convex_loss.at(V_2="V_2", V_1="V_1"),
        ],
        assuming=assuming,
    )
    def minimal(V_2: mat[q, p], V_1: mat[p, n]) -> prop:
        assume(W_2().T @ G() == 0, G() @ W_1().T == 0)
        return sq(W_2() @ W_1() @ X() - Y()) <= sq(V_2 @ V_1 @ X() - Y())

    return minimal
