r"""Two-layer linear networks of every size: what is known about orthogonal projections on the ranges of their layers.

The network x -> W_2 W_1 x has n inputs, p hidden units and q outputs, and is trained on m examples, the columns of X and Y.
A pinv(A) is the orthogonal projection on the range of A.  In Y = T + (Y - T), the rows of T = Y pinv(X) X are those
combinations of the rows of X that are nearest to the targets.  What does not depend on W is said for all matrices V.
"""

from __future__ import annotations

from verify import arbitrary, assume, define, dimensions, dot, lemma, mat, pinv, prop, real, sq

n, m, p, q = dimensions("n m p q")


@arbitrary
def X() -> mat[n, m]: ...


@arbitrary
def Y() -> mat[q, m]: ...


@arbitrary
def W_1() -> mat[p, n]: ...


@arbitrary
def W_2() -> mat[q, p]: ...


@define
def G() -> mat[q, n]:
    """The gradient of the convex loss |A X - Y|^2 / 2 at the product A = W_2 W_1."""
    return (W_2() @ W_1() @ X() - Y()) @ X().T


@define
def T() -> mat[q, m]:
    return Y() @ pinv(X()) @ X()


@define
def lost(e: mat[p, 1]) -> mat[p, 1]:
    """The part of a column that the second layer maps to zero."""
    return e - pinv(W_2()) @ W_2() @ e


# ------------------------------------------------------------------------------------------------- squares


@lemma()
def square_of_hidden(e: mat[p, 1]) -> prop:
    return sq(e) >= 0


@lemma()
def square_of_outputs(A: mat[q, m]) -> prop:
    return sq(A) >= 0


@lemma()
def square_of_samples(A: mat[m, q]) -> prop:
    return sq(A) >= 0


@lemma()
def square_of_projections(A: mat[q, q]) -> prop:
    return sq(A) >= 0


@lemma()
def square_of_a_layer(A: mat[q, p]) -> prop:
    return sq(A) >= 0


@lemma()
def square_of_the_first_layer(A: mat[p, n]) -> prop:
    return sq(A) >= 0


@lemma()
def square_of_gradient() -> prop:
    return sq(G()) >= 0


@lemma()
def equal_squares(A: mat[q, m], B: mat[q, m]) -> prop:
    assume(A == B)
    return sq(A) == sq(B)


@lemma()
def no_length(D: mat[q, q]) -> prop:
    assume(sq(D) == 0)
    return D == 0


@lemma()
def no_image(D: mat[q, q]) -> prop:
    assume(D == 0)
    return sq(T().T @ D) == 0


@lemma(using=[square_of_projections.at(A="D"), no_length.at(D="D"), no_image.at(D="D")])
def length_or_no_image(D: mat[q, q]) -> prop:
    return sq(D) > 0 or sq(T().T @ D) == 0


@lemma(cases=["y > x"])
def larger_share(m0: real, m1: real, x: real, y: real) -> prop:
    assume(x >= 0, y >= 0, m1 <= m0, m0 * y <= m1 * x, m1 > 0 or y == 0)
    return y <= x


@lemma(cases=["t > 0", "t < 0"])
def vanishing(t: real) -> prop:
    assume(t**2 <= 0)
    return t == 0


@lemma(cases=["t > 0", "t < 0"])
def other_factor(s: real, t: real) -> prop:
    assume(s > 0, t >= 0, t * s == 0)
    return t == 0


# --------------------------------------------------------------------------------------------- projections


@lemma(
    using=[square_of_hidden.at(e="e - pinv(V_2) @ V_2 @ e")],
    have=["sq(e) == sq(pinv(V_2) @ V_2 @ e) + sq(e - pinv(V_2) @ V_2 @ e)"],
)
def shorter(V_2: mat[q, p], e: mat[p, 1]) -> prop:
    return sq(pinv(V_2) @ V_2 @ e) <= sq(e)


@lemma()
def length(e: mat[p, 1]) -> prop:
    return sq(e) == sq(pinv(W_2()) @ W_2() @ e) + sq(lost(e))


@lemma()
def rank_by_columns(V_2: mat[q, p]) -> prop:
    return sq(V_2 @ pinv(V_2)) == sq(pinv(V_2) @ V_2)


@lemma()
def distances(V_2: mat[q, p]) -> prop:
    P0 = W_2() @ pinv(W_2())
    P = V_2 @ pinv(V_2)
    return sq(P - P0 @ P) - sq(P) == sq(P0 - P0 @ P) - sq(P0)


@lemma()
def kept(V_2: mat[q, p], u: mat[q, 1]) -> prop:
    x = W_2() @ pinv(W_2()) @ (u - V_2 @ pinv(V_2) @ u)
    return W_2() @ pinv(W_2()) @ x == x


@lemma()
def dropped(V_2: mat[q, p], v: mat[q, 1]) -> prop:
    return W_2().T @ (V_2 @ pinv(V_2) @ v - W_2() @ pinv(W_2()) @ V_2 @ pinv(V_2) @ v) == 0


@lemma()
def across(x: mat[q, 1], y: mat[q, 1]) -> prop:
    assume(W_2() @ pinv(W_2()) @ x == x, W_2().T @ y == 0)
    return dot(x, y) == 0


# ------------------------------------------------------------------------------------------ critical points


@lemma()
def projected(A: mat[q, p], B: mat[q, n]) -> prop:
    assume(A.T @ B == 0)
    return A @ pinv(A) @ B == 0


@lemma()
def projected_residual() -> prop:
    P0 = W_2() @ pinv(W_2())
    return W_2() @ W_1() @ X() - P0 @ T() == P0 @ G() @ pinv(X()).T


@lemma(using=[projected.at(A="W_2()", B="G()"), projected_residual])
def outputs() -> prop:
    """At a critical point, the outputs are the projections of the targets."""
    assume(W_2().T @ G() == 0)
    return W_2() @ W_1() @ X() == W_2() @ pinv(W_2()) @ T()


@lemma()
def rows_of_targets() -> prop:
    return T() @ X().T == Y() @ X().T


@lemma(using=[rows_of_targets])
def gradient() -> prop:
    return G() == W_2() @ W_1() @ X() @ X().T - T() @ X().T


@lemma(using=[gradient])
def rows() -> prop:
    assume(G() @ W_1().T == 0)
    return T() @ X().T @ W_1().T == W_2() @ W_1() @ X() @ X().T @ W_1().T


@lemma(using=[outputs, rows])
def one_range() -> prop:
    assume(W_2().T @ G() == 0, G() @ W_1().T == 0)
    return T() @ T().T @ W_2() @ pinv(W_2()) == W_2() @ W_1() @ X() @ X().T @ W_1().T @ W_2().T


@lemma(using=[outputs])
def both_ranges() -> prop:
    assume(W_2().T @ G() == 0)
    return W_2() @ pinv(W_2()) @ T() @ T().T @ W_2() @ pinv(W_2()) == W_2() @ W_1() @ X() @ X().T @ W_1().T @ W_2().T


@lemma(using=[one_range, both_ranges])
def ranges() -> prop:
    """The range of the second layer is invariant under T T^T."""
    assume(W_2().T @ G() == 0, G() @ W_1().T == 0)
    return W_2() @ pinv(W_2()) @ T() @ T().T @ W_2() @ pinv(W_2()) == T() @ T().T @ W_2() @ pinv(W_2())


@lemma(using=[ranges])
def captured(V_2: mat[q, p]) -> prop:
    assume(W_2().T @ G() == 0, G() @ W_1().T == 0)
    P0 = W_2() @ pinv(W_2())
    P = V_2 @ pinv(V_2)
    return sq(P0 @ T()) - sq(P @ T()) == sq(T().T @ (P0 - P0 @ P)) - sq(T().T @ (P - P0 @ P))


@lemma()
def competitor(V_2: mat[q, p], V_1: mat[p, n]) -> prop:
    P = V_2 @ pinv(V_2)
    return sq(V_2 @ V_1 @ X() - Y()) == sq(V_2 @ V_1 @ X() - P @ T()) + sq(Y() - T()) + sq(T()) - sq(P @ T())


@lemma(using=[outputs])
def own_loss() -> prop:
    assume(W_2().T @ G() == 0)
    return sq(W_2() @ W_1() @ X() - Y()) == sq(Y() - T()) + sq(T()) - sq(W_2() @ pinv(W_2()) @ T())
