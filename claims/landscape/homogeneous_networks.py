r"""Sums of positively homogeneous slices under a convex loss (Haeffele and Vidal 2015), for any slices and any loss.

A network is a sum of n slices: on the i-th of D data it has the output out(n, i) = sum_{k<n} phi(i, W(k)), where phi is any
function of a vector of parameters, such as a ReLU unit, a column of a factorization, a whole subnetwork.  Its objective is
sum_i loss(i, out(n, i)) + lam sum_k theta(W(k)).

**Enough.**  Convexity bounds the loss of any other network V from below by its tangent at W.  The tangent at V is the sum of
pull(D, n, V(k)) over the slices of V, and if the pull of every single slice is at least -lam theta, the penalty outweighs it.

**Necessary.**  phi(i, t w) = t^p phi(i, w) and theta(t w) = t^p theta(w).  So putting t w where a slice is zero, or scaling all
slices, changes outputs and penalty by multiples of one small number tau, of which the objective is a function with a derivative.
"""

from __future__ import annotations

from verify import arbitrary, assume, assumption, define, induction, lemma, nat, prop, real, vec


@arbitrary
def phi(i: nat, w: vec) -> real: ...


@arbitrary
def theta(w: vec) -> real: ...


@arbitrary
def W(k: nat) -> vec: ...


@arbitrary
def V(k: nat) -> vec: ...


@arbitrary
def loss(i: nat, t: real) -> real: ...


@arbitrary
def slope(i: nat, t: real) -> real: ...


@arbitrary
def lam() -> real: ...


@arbitrary
def D() -> nat: ...


@arbitrary
def width() -> nat: ...


@arbitrary
def p() -> nat: ...


@define
def power(k: nat, t: real) -> real:
    return 1 if k == 0 else t * power(k - 1, t)


@define
def out(n: nat, i: nat) -> real:
    return 0 if n == 0 else out(n - 1, i) + phi(i, W(n - 1))


@define
def penalty(n: nat) -> real:
    return 0 if n == 0 else penalty(n - 1) + theta(W(n - 1))


@define
def losses(m: nat, n: nat) -> real:
    return 0 if m == 0 else losses(m - 1, n) + loss(m - 1, out(n, m - 1))


@define
def objective(m: nat, n: nat) -> real:
    return losses(m, n) + lam() * penalty(n)


@define
def pull(m: nat, n: nat, w: vec) -> real:
    return 0 if m == 0 else pull(m - 1, n, w) + slope(m - 1, out(n, m - 1)) * phi(m - 1, w)


@define
def along(m: nat, n: nat) -> real:
    return 0 if m == 0 else along(m - 1, n) + slope(m - 1, out(n, m - 1)) * out(n, m - 1)


# two units that saturate, and one datum, whose target is one more than what the slices of W have as an output
SATURATED = {
    phi: "min(sq(w), 1)",
    theta: "sq(w)",
    loss: "(t - 1 - out(width(), 0)) ** 2 / 2",
    slope: "t - 1 - out(width(), 0)",
    lam: "1",
    D: "1",
    width: "2",
}
# the sum of squares as a network, and the target 1
SQUARES = {phi: "sq(w)", theta: "sq(w)", loss: "(t - 1) ** 2 / 2", slope: "t - 1", lam: "1 / 2", p: "2"}

# ------------------------------------------------------------------------------------------- another network


@define
def other_out(s: nat, i: nat) -> real:
    return 0 if s == 0 else other_out(s - 1, i) + phi(i, V(s - 1))


@define
def other_penalty(s: nat) -> real:
    return 0 if s == 0 else other_penalty(s - 1) + theta(V(s - 1))


@define
def other_losses(m: nat, s: nat) -> real:
    return 0 if m == 0 else other_losses(m - 1, s) + loss(m - 1, other_out(s, m - 1))


@define
def against(m: nat, n: nat, s: nat) -> real:
    return 0 if m == 0 else against(m - 1, n, s) + slope(m - 1, out(n, m - 1)) * other_out(s, m - 1)


@assumption()
def convex(i: nat, s: real, t: real) -> prop:
    return loss(i, t) >= loss(i, s) + slope(i, s) * (t - s)


@assumption()
def polar(w: vec) -> prop:
    return pull(D(), width(), w) + lam() * theta(w) >= 0


@lemma(by=induction("m"), using=[convex.at(i="m", s="out(n, m)", t="other_out(s, m)")], assuming=[convex])
def tangent(m: nat, n: nat, s: nat) -> prop:
    return other_losses(m, s) >= losses(m, n) + against(m, n, s) - along(m, n)


@lemma(by=induction("m"))
def no_slices(m: nat, n: nat) -> prop:
    return against(m, n, 0) == 0


@lemma(by=induction("m"))
def one_more_slice(m: nat, n: nat, s: nat) -> prop:
    return against(m, n, s + 1) == against(m, n, s) + pull(m, n, V(s))


@lemma(
    by=induction("s"),
    using=[no_slices.at(m="D()", n="width()"), one_more_slice.at(m="D()", n="width()", s="s"), polar.at(w="V(s)")],
    assuming=[polar],
)
def the_penalty_outweighs(s: nat) -> prop:
    return against(D(), width(), s) + lam() * other_penalty(s) >= 0


# ------------------------------------------------------------------------------------------- small changes


@assumption()
def homogeneous(i: nat, t: real, w: vec) -> prop:
    assume(t > 0)
    return phi(i, t * w) == power(p(), t) * phi(i, w) and theta(t * w) == power(p(), t) * theta(w)


@define
def near(m: nat, n: nat, w: vec, tau: real, eps: real) -> prop:
    """The error of the linear expansion of each loss, for a change of tau phi(i, w), is at most eps tau."""
    if m == 0:
        return True
    z = out(n, m - 1)
    change = tau * phi(m - 1, w)
    return (
        near(m - 1, n, w, tau, eps) and loss(m - 1, z + change) <= loss(m - 1, z) + slope(m - 1, z) * change + eps * tau
    )


@define
def losses_with(m: nat, n: nat, w: vec) -> real:
    """With w as a further slice, or in the place of one that is zero."""
    return 0 if m == 0 else losses_with(m - 1, n, w) + loss(m - 1, out(n, m - 1) + phi(m - 1, w))


@lemma(by=induction("k"), have=["t * power(k, t) > 0"])
def powers_are_positive(k: nat, t: real) -> prop:
    assume(t > 0)
    return power(k, t) > 0


@lemma(by=induction("m"), using=[homogeneous.at(i="m", t="t", w="w")], assuming=[homogeneous])
def with_a_small_slice(m: nat, n: nat, w: vec, t: real, eps: real) -> prop:
    assume(t > 0, near(m, n, w, power(p(), t), eps))
    return losses_with(m, n, t * w) <= losses(m, n) + power(p(), t) * (pull(m, n, w) + m * eps)


@define
def scaled_out(n: nat, i: nat, c: real) -> real:
    return 0 if n == 0 else scaled_out(n - 1, i, c) + phi(i, c * W(n - 1))


@define
def scaled_penalty(n: nat, c: real) -> real:
    return 0 if n == 0 else scaled_penalty(n - 1, c) + theta(c * W(n - 1))


@define
def scaled_losses(m: nat, n: nat, c: real) -> real:
    return 0 if m == 0 else scaled_losses(m - 1, n, c) + loss(m - 1, scaled_out(n, m - 1, c))


@define
def near_the_ray(m: nat, n: nat, tau: real, eps: real) -> prop:
    """The same for a change of all outputs by the factor 1 + tau; the error is at most eps |tau|."""
    if m == 0:
        return True
    z = out(n, m - 1)
    return near_the_ray(m - 1, n, tau, eps) and loss(m - 1, (1 + tau) * z) <= loss(m - 1, z) + slope(
        m - 1, z
    ) * tau * z + eps * abs(tau)


@lemma(by=induction("n"), using=[homogeneous.at(i="i", t="c", w="W(n)")], assuming=[homogeneous])
def outputs_scale(n: nat, i: nat, c: real) -> prop:
    assume(c > 0)
    return scaled_out(n, i, c) == power(p(), c) * out(n, i)


@lemma(by=induction("n"), using=[homogeneous.at(i="0", t="c", w="W(n)")], assuming=[homogeneous])
def penalties_scale(n: nat, c: real) -> prop:
    assume(c > 0)
    return scaled_penalty(n, c) == power(p(), c) * penalty(n)


@lemma(by=induction("m"), using=[outputs_scale.at(n="n", i="m", c="c")], assuming=[homogeneous])
def scaled(m: nat, n: nat, c: real, eps: real) -> prop:
    assume(c > 0, near_the_ray(m, n, power(p(), c) - 1, eps))
    return scaled_losses(m, n, c) <= losses(m, n) + (power(p(), c) - 1) * along(m, n) + m * eps * abs(power(p(), c) - 1)
