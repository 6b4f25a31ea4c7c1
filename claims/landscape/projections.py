r"""Two-layer linear networks of every size: what is known about orthogonal projections on the ranges of their layers.

The network x -> W2 W1 x has n inputs, p hidden units and q outputs, and is trained on m examples, the columns of X and Y.
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
def W1() -> mat[p, n]: ...


@arbitrary
def W2() -> mat[q, p]: ...


@define
def G() -> mat[q, n]:
    """The gradient of the convex loss |A X - Y|^2 / 2 at the product A = W2 W1."""
    return (W2() @ W1() @ X() - Y()) @ X().T


@define
def T() -> mat[q, m]:
    return Y() @ pinv(X()) @ X()


@define
def lost(e: mat[p, 1]) -> mat[p, 1]:
    """The part of a column that the second layer maps to zero."""
    return e - pinv(W2()) @ W2() @ e


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
    using=[square_of_hidden.at(e="e - pinv(V2) @ V2 @ e")],
    have=["sq(e) == sq(pinv(V2) @ V2 @ e) + sq(e - pinv(V2) @ V2 @ e)"],
)
def shorter(V2: mat[q, p], e: mat[p, 1]) -> prop:
    return sq(pinv(V2) @ V2 @ e) <= sq(e)


@lemma()
def length(e: mat[p, 1]) -> prop:
    return sq(e) == sq(pinv(W2()) @ W2() @ e) + sq(lost(e))


@lemma()
def rank_by_columns(V2: mat[q, p]) -> prop:
    return sq(V2 @ pinv(V2)) == sq(pinv(V2) @ V2)


@lemma()
def distances(V2: mat[q, p]) -> prop:
    P0 = W2() @ pinv(W2())
    P = V2 @ pinv(V2)
    return sq(P - P0 @ P) - sq(P) == sq(P0 - P0 @ P) - sq(P0)


@lemma()
def kept(V2: mat[q, p], u: mat[q, 1]) -> prop:
    x = W2() @ pinv(W2()) @ (u - V2 @ pinv(V2) @ u)
    return W2() @ pinv(W2()) @ x == x


@lemma()
def dropped(V2: mat[q, p], v: mat[q, 1]) -> prop:
    return W2().T @ (V2 @ pinv(V2) @ v - W2() @ pinv(W2()) @ V2 @ pinv(V2) @ v) == 0


@lemma()
def across(x: mat[q, 1], y: mat[q, 1]) -> prop:
    assume(W2() @ pinv(W2()) @ x == x, W2().T @ y == 0)
    return dot(x, y) == 0


# ------------------------------------------------------------------------------------------ critical points


@lemma()
def projected(A: mat[q, p], B: mat[q, n]) -> prop:
    assume(A.T @ B == 0)
    return A @ pinv(A) @ B == 0


@lemma()
def projected_residual() -> prop:
    P0 = W2() @ pinv(W2())
    return W2() @ W1() @ X() - P0 @ T() == P0 @ G() @ pinv(X()).T


@lemma(using=[projected.at(A="W2()", B="G()"), projected_residual])
def outputs() -> prop:
    """At a critical point, the outputs are the projections of the targets."""
    assume(W2().T @ G() == 0)
    return W2() @ W1() @ X() == W2() @ pinv(W2()) @ T()


@lemma()
def rows_of_targets() -> prop:
    return T() @ X().T == Y() @ X().T


@lemma(using=[rows_of_targets])
def gradient() -> prop:
    return G() == W2() @ W1() @ X() @ X().T - T() @ X().T


@lemma(using=[gradient])
def rows() -> prop:
    assume(G() @ W1().T == 0)
    return T() @ X().T @ W1().T == W2() @ W1() @ X() @ X().T @ W1().T


@lemma(using=[outputs, rows])
def one_range() -> prop:
    assume(W2().T @ G() == 0, G() @ W1().T == 0)
    return T() @ T().T @ W2() @ pinv(W2()) == W2() @ W1() @ X() @ X().T @ W1().T @ W2().T


@lemma(using=[outputs])
def both_ranges() -> prop:
    assume(W2().T @ G() == 0)
    return W2() @ pinv(W2()) @ T() @ T().T @ W2() @ pinv(W2()) == W2() @ W1() @ X() @ X().T @ W1().T @ W2().T


@lemma(using=[one_range, both_ranges])
def ranges() -> prop:
    """The range of the second layer is invariant under T T^T."""
    assume(W2().T @ G() == 0, G() @ W1().T == 0)
    return W2() @ pinv(W2()) @ T() @ T().T @ W2() @ pinv(W2()) == T() @ T().T @ W2() @ pinv(W2())


@lemma(using=[ranges])
def captured(V2: mat[q, p]) -> prop:
    assume(W2().T @ G() == 0, G() @ W1().T == 0)
    P0 = W2() @ pinv(W2())
    P = V2 @ pinv(V2)
    return sq(P0 @ T()) - sq(P @ T()) == sq(T().T @ (P0 - P0 @ P)) - sq(T().T @ (P - P0 @ P))


@lemma()
def competitor(V2: mat[q, p], V1: mat[p, n]) -> prop:
    P = V2 @ pinv(V2)
    return sq(V2 @ V1 @ X() - Y()) == sq(V2 @ V1 @ X() - P @ T()) + sq(Y() - T()) + sq(T()) - sq(P @ T())


@lemma(using=[outputs])
def own_loss() -> prop:
    assume(W2().T @ G() == 0)
    return sq(W2() @ W1() @ X() - Y()) == sq(Y() - T()) + sq(T()) - sq(W2() @ pinv(W2()) @ T())
