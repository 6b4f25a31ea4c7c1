r"""Linear networks with one hidden layer, of every size: every local minimum is global, and every other critical point is a
strict saddle, whatever the data are.

Kawaguchi (2016) assumes inputs and targets in general position and treats every depth; for one hidden layer nothing has to
be assumed about X and Y.  All steps are identities between traces of products of matrices, which hold for all dimensions,
inequalities between real numbers, the pseudoinverse, and sums over unit vectors: see ``second_order_points``.
"""

from __future__ import annotations

from claims.landscape.local_minima import (
    LOCAL,
    critical,
    curvature_of_a_local_minimum,
    radius,
)
from claims.landscape.projections import G, W_1, W_2, X, Y, n, p, q, square_of_outputs
from claims.landscape.short_steps import reciprocal
from claims.landscape.second_order_points import minimality, minimum_of_the_convex_loss
from verify import Claim, arbitrary, assume, assumption, cite, define, dot, induction, lemma, mat, nat, prop, real, sq

claim = Claim(
    "kawaguchi-linear-nets",
    title="Linear networks with one hidden layer have no bad local minima",
    statement=r"Let $X \in \mathbb{R}^{n \times m}$ and $Y \in \mathbb{R}^{q \times m}$ be any data, $W_1 \in \mathbb{R}^{p "
    r"\times n}$, $W_2 \in \mathbb{R}^{q \times p}$, $L(W) = \frac{1}{2} |W_2 W_1 X - Y|^2$ in the Frobenius norm, and $G = (W_2 "
    r"W_1 X - Y) X^T$; the dimensions $n, m, p, q \ge 1$ are arbitrary. A local minimum of $L$ is a global one. A critical point "
    r"($W_2^T G = 0$, $G W_1^T = 0$) that is no global minimum is a strict saddle: the second derivative $2 \langle G, D_2 D_1 "
    r"\rangle + |(D_2 W_1 + W_2 D_1) X|^2$ is negative in some direction $(D_2, D_1)$ and positive in another. "
    r"This is special to one hidden layer: with more of them, of width $p$, scaled by $t$, the network of $H + 2$ layers, $H \ge 1$, has the "
    r"loss $|Y|^2/2 - t^{H+2} \langle Y, N \rangle + t^{2H+4} |N|^2/2$, where $N$ are its outputs, so that at zero the second "
    r"derivatives in all directions vanish.",
    source=cite(
        "kawaguchi2016",
        "Theorem 2.3 (as recalled), for one hidden layer",
        quote="every local minimum is a global minimum; every critical point that is not a global minimum is a saddle point",
    ),
    remarks="Local means: in some ball around W, for the sum of the squared norms of both layers. reciprocal(s) is the number "
    "1/s; an assumption says so. Kawaguchi's theorem for deeper networks, under his assumptions on the data, is not proved here; "
    "kawaguchi-saddles certifies instances, kawaguchi-scalar-networks proves it for all depths where all layers have width 1.",
)

# ---------------------------------------------------------------------------------------------- two models


@lemma(using=[square_of_outputs.at(A="V_2 @ V_1 @ X() - Y()")])
def outputs_are_best(V_2: mat[q, p], V_1: mat[p, n]) -> prop:
    assume(Y() == W_2() @ W_1() @ X())
    return sq(W_2() @ W_1() @ X() - Y()) <= sq(V_2 @ V_1 @ X() - Y())


@lemma(using=[square_of_outputs.at(A="(D_2 @ W_1() + W_2() @ D_1) @ X()")])
def outputs_are_flat(D_2: mat[q, p], D_1: mat[p, n]) -> prop:
    assume(Y() == W_2() @ W_1() @ X())
    return dot(G(), D_2 @ D_1) + sq((D_2 @ W_1() + W_2() @ D_1) @ X()) / 2 >= 0


# the targets are the outputs of W, for any weights and inputs
claim.model({Y: "W_2() @ W_1() @ X()", radius: "1", reciprocal: "1 / s"}, using=[outputs_are_best, outputs_are_flat])
# all inputs are zero, so that the loss is constant: the curvature is never positive only where all is flat
claim.model({X: "0 * W_1().T @ W_2().T @ Y()"})

# ----------------------------------------------------------------------------------------- one hidden layer


@assumption()
def no_negative_curvature(D_2: mat[q, p], D_1: mat[p, n]) -> prop:
    return dot(G(), D_2 @ D_1) + sq((D_2 @ W_1() + W_2() @ D_1) @ X()) / 2 >= 0


@assumption()
def no_positive_curvature(D_2: mat[q, p], D_1: mat[p, n]) -> prop:
    return dot(G(), D_2 @ D_1) + sq((D_2 @ W_1() + W_2() @ D_1) @ X()) / 2 <= 0


at_local_minima = minimality(curvature_of_a_local_minimum, *LOCAL)
at_other_points = minimality(no_negative_curvature, no_negative_curvature)


@claim.proof(using=[critical, at_local_minima.at(V_2="V_2", V_1="V_1")], assuming=LOCAL)
def local_minima_are_global(V_2: mat[q, p], V_1: mat[p, n]) -> prop:
    return sq(W_2() @ W_1() @ X() - Y()) / 2 <= sq(V_2 @ V_1 @ X() - Y()) / 2


@claim.proof(using=[at_other_points.at(V_2="V_2", V_1="V_1")], assuming=[no_negative_curvature])
def without_negative_curvature(V_2: mat[q, p], V_1: mat[p, n]) -> prop:
    assume(W_2().T @ G() == 0, G() @ W_1().T == 0)
    return sq(W_2() @ W_1() @ X() - Y()) / 2 <= sq(V_2 @ V_1 @ X() - Y()) / 2


@lemma(
    using=[
        no_positive_curvature.at(D_2="b @ h.T", D_1="h @ b.T @ G()"),
        square_of_outputs.at(A="(b @ h.T @ W_1() + W_2() @ h @ b.T @ G()) @ X()"),
    ],
    assuming=[no_positive_curvature],
)
def no_gradient_along(b: mat[q, 1], h: mat[p, 1]) -> prop:
    return sq(h) * sq(G().T @ b) <= 0


@lemma(using=[no_gradient_along.at(b="b", h="h")], assuming=[no_positive_curvature])
def gradient_along_is_not_positive(b: mat[q, 1], h: mat[p, 1]) -> prop:
    return -sq(h) * sq(G().T @ b) >= 0


@lemma()
def square_of_the_gradient() -> prop:
    return sq(G()) >= 0


@lemma(cases=["t > 0"])
def no_factor(s: real, t: real) -> prop:
    assume(s > 0, t >= 0, -s * t >= 0)
    return t == 0


@claim.proof(
    using=[
        gradient_along_is_not_positive.summed("b", h="h"),
        square_of_the_gradient,
        no_factor.at(s="sq(h)", t="sq(G())"),
        minimum_of_the_convex_loss.at(V_2="V_2", V_1="V_1"),
    ],
    assuming=[no_positive_curvature],
)
def without_positive_curvature(V_2: mat[q, p], V_1: mat[p, n], h: mat[p, 1]) -> prop:
    """Such an h exists, as p >= 1."""
    assume(sq(h) > 0)
    return sq(W_2() @ W_1() @ X() - Y()) / 2 <= sq(V_2 @ V_1 @ X() - Y()) / 2


@claim.proof(using=[minimum_of_the_convex_loss.at(V_2="V_2", V_1="V_1")])
def zero_gradient_of_the_product(V_2: mat[q, p], V_1: mat[p, n]) -> prop:
    assume(sq(G()) == 0)
    return sq(W_2() @ W_1() @ X() - Y()) / 2 <= sq(V_2 @ V_1 @ X() - Y()) / 2


@claim.proof()
def second_derivative(D_2: mat[q, p], D_1: mat[p, n], t: real) -> prop:
    """The loss along a line through a critical point, up to the order t^2."""
    assume(W_2().T @ G() == 0, G() @ W_1().T == 0)
    first = (D_2 @ W_1() + W_2() @ D_1) @ X()
    change = sq((W_2() + t * D_2) @ (W_1() + t * D_1) @ X() - Y()) / 2 - sq(W_2() @ W_1() @ X() - Y()) / 2
    curvature = dot(G(), D_2 @ D_1) + sq(first) / 2
    return change == t**2 * curvature + t**3 * dot(first, D_2 @ D_1 @ X()) + t**4 * sq(D_2 @ D_1 @ X()) / 2


# ------------------------------------------------------------------------------------- more hidden layers


@define
def power(t: real, k: nat) -> real:
    return 1 if k == 0 else t * power(t, k - 1)


@arbitrary
def layer(i: nat) -> mat[p, p]: ...


@define
def hidden(H: nat, V_1: mat[p, n]) -> mat[p, n]:
    return V_1 if H == 0 else layer(H) @ hidden(H - 1, V_1)


@define
def scaled(t: real, H: nat, V_1: mat[p, n]) -> mat[p, n]:
    return t * V_1 if H == 0 else t * layer(H) @ scaled(t, H - 1, V_1)


@lemma(by=induction("H"))
def homogeneous(t: real, H: nat, V_1: mat[p, n]) -> prop:
    return scaled(t, H, V_1) == t * power(t, H) * hidden(H, V_1)


@claim.proof(using=[homogeneous.at(t="t", H="H", V_1="V_1")])
def deep_networks_at_zero(t: real, H: nat, V_2: mat[q, p], V_1: mat[p, n]) -> prop:
    """Of the order t^(H + 2)."""
    N = V_2 @ hidden(H, V_1) @ X()
    loss = sq(t * V_2 @ scaled(t, H, V_1) @ X() - Y()) / 2
    return loss == sq(Y()) / 2 - t**2 * power(t, H) * dot(Y(), N) + t**4 * power(t, H) ** 2 * sq(N) / 2


# ---------------------------------------------------------------------------------------------- false variants


@claim.mutant(replaces=local_minima_are_global)
def only_one_minimum(V_2: mat[q, p], V_1: mat[p, n]) -> prop:
    """No other second layer is as good."""
    return sq(W_2() @ W_1() @ X() - Y()) < sq(V_2 @ V_1 @ X() - Y()) or W_2() == V_2


@claim.mutant(replaces=zero_gradient_of_the_product)
def every_critical_point(V_2: mat[q, p], V_1: mat[p, n]) -> prop:
    """Zero is critical."""
    assume(W_2().T @ G() == 0, G() @ W_1().T == 0)
    return sq(W_2() @ W_1() @ X() - Y()) / 2 <= sq(V_2 @ V_1 @ X() - Y()) / 2


@claim.mutant(replaces=second_derivative)
def without_the_gradient(D_2: mat[q, p], D_1: mat[p, n], t: real) -> prop:
    """The term with G is forgotten."""
    assume(W_2().T @ G() == 0, G() @ W_1().T == 0)
    first = (D_2 @ W_1() + W_2() @ D_1) @ X()
    change = sq((W_2() + t * D_2) @ (W_1() + t * D_1) @ X() - Y()) / 2 - sq(W_2() @ W_1() @ X() - Y()) / 2
    return change == t**2 * sq(first) / 2 + t**3 * dot(first, D_2 @ D_1 @ X()) + t**4 * sq(D_2 @ D_1 @ X()) / 2


@claim.mutant(replaces=deep_networks_at_zero)
def one_order_less(t: real, H: nat, V_2: mat[q, p], V_1: mat[p, n]) -> prop:
    N = V_2 @ hidden(H, V_1) @ X()
    loss = sq(t * V_2 @ scaled(t, H, V_1) @ X() - Y()) / 2
    return loss == sq(Y()) / 2 - t * power(t, H) * dot(Y(), N) + t**2 * power(t, H) ** 2 * sq(N) / 2
