r"""Runs of Adam with full gradients: momentum, second moments, step lengths, and what is assumed of the constants.

``before(t, i)`` is a coordinate of the momentum before the t-th gradient, an average of the gradients before it, and
``before(t + 1, i)`` the one that the t-th step uses.
"""

from __future__ import annotations

from claims.optimization.preconditioned_steps import coordinate, dimension, from_two, iterate, move, squares
from claims.optimization.second_moments import sigma
from claims.optimization.smooth_functions import PARABOLA, L
from verify import arbitrary, assumption, define, nat, prop, real


@arbitrary
def beta1() -> real: ...


@arbitrary
def beta2() -> real: ...


@arbitrary
def floor() -> real: ...


@arbitrary
def accuracy() -> real: ...


@arbitrary
def gain() -> real: ...


@arbitrary
def alpha(t: nat) -> real: ...


@arbitrary
def root(t: nat, i: nat) -> real: ...


@arbitrary
def factor(t: nat, i: nat) -> real: ...


@arbitrary
def norm(t: nat) -> real: ...


@define
def before(t: nat, i: nat) -> real:
    return 0 if t == 0 else beta1() * before(t - 1, i) + (1 - beta1()) * coordinate(t - 1, i)


@define
def second(t: nat, i: nat) -> real:
    """The second moment before the t-th gradient."""
    return 0 if t == 0 else beta2() * second(t - 1, i) + (1 - beta2()) * coordinate(t - 1, i) ** 2


@define
def squares_before(d: nat, t: nat) -> real:
    return 0 if d == 0 else squares_before(d - 1, t) + before(t, d - 1) ** 2


@define
def weighted(d: nat, t: nat) -> real:
    return 0 if d == 0 else weighted(d - 1, t) + factor(t, d - 1) * coordinate(t, d - 1) ** 2


@define
def crossed(d: nat, t: nat) -> real:
    return 0 if d == 0 else crossed(d - 1, t) + factor(t, d - 1) * (coordinate(t, d - 1) * before(t, d - 1))


@assumption()
def constants() -> prop:
    return (
        (beta1() >= 0 and beta1() < 1 and beta2() >= 0 and beta2() < 1 and L() > 0)
        and (floor() > 0 and sigma() > 0 and accuracy() > 0)
        and allowed(gain(), beta1(), floor(), accuracy(), sigma())
    )


@define
def stepped(d: nat, t: nat) -> prop:
    """In the t-th step, each of the first d coordinates of the momentum is divided by the root of its second moment plus
    the floor."""
    if d == 0:
        return True
    s = root(t, d - 1)
    a = factor(t, d - 1)
    return (
        stepped(d - 1, t)
        and (s >= 0 and s**2 == second(t + 1, d - 1) and a * (s + floor()) == 1)
        and move(t, d - 1) == alpha(t) * a * before(t + 1, d - 1)
    )


@define
def allowed(q: real, b: real, n: real, h: real, S: real) -> prop:
    """The momentum cannot outweigh the gradient: for b = beta1, the floor n, the accuracy h, and S = sigma."""
    return q > 0 and q * ((S + n) * n * h) <= (1 - b) * n * h - b * S * (S + n)


@define
def measured(t: nat) -> prop:
    """norm(t) is the norm of the gradient, and alpha(t) the step length that belongs to it."""
    return (
        norm(t) >= 0
        and norm(t) ** 2 == squares(dimension(), t)
        and alpha(t) * (L() * sigma() ** 2) == gain() * norm(t) ** 2 * floor() ** 2
    )


@define
def run(T: nat) -> prop:
    """The first T steps are those of Adam."""
    return True if T == 0 else run(T - 1) and measured(T - 1) and stepped(dimension(), T - 1)


@define
def not_found(T: nat) -> prop:
    return True if T == 0 else not_found(T - 1) and norm(T - 1) >= accuracy()


# one step on a parabola, along e(0)
ONE_STEP = {**PARABOLA, dimension: "1", iterate: from_two, norm: "2", sigma: "2", accuracy: "2"}
ONE_STEP |= {beta1: "1/10", beta2: "3/4", floor: "8", gain: "31/400", root: "1", factor: "1/9"}
ONE_STEP |= {alpha: "124/25", move: "124/125"}
