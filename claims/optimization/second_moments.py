r"""The second moments of RMSProp in one coordinate, its steps, and gradients that are bounded along the way."""

from __future__ import annotations

from claims.optimization.preconditioned_steps import coordinate, dimension, move, one_of_them, squares
from verify import arbitrary, assume, define, induction, lemma, nat, prop, real


@arbitrary
def beta() -> real: ...


@arbitrary
def xi() -> real: ...


@arbitrary
def sigma() -> real: ...


@arbitrary
def alpha() -> real: ...


@arbitrary
def factor(t: nat, i: nat) -> real: ...


@define
def setting() -> prop:
    return beta() >= 0 and beta() < 1 and xi() > 0


@define
def moment(t: nat, i: nat) -> real:
    """The second moment of a coordinate."""
    if t == 0:
        return (1 - beta()) * (coordinate(t, i) ** 2 + xi())
    return beta() * moment(t - 1, i) + (1 - beta()) * (coordinate(t, i) ** 2 + xi())


@define
def small_until(t: nat, i: nat) -> prop:
    """A coordinate of the gradients is at most sigma up to the step t."""
    if t == 0:
        return coordinate(t, i) ** 2 <= sigma() ** 2
    return small_until(t - 1, i) and coordinate(t, i) ** 2 <= sigma() ** 2


@define
def bounded(T: nat) -> prop:
    """The first T gradients are at most sigma."""
    return True if T == 0 else bounded(T - 1) and squares(dimension(), T - 1) <= sigma() ** 2


@define
def stepped(d: nat, t: nat) -> prop:
    """In the t-th step, each of the first d coordinates is multiplied by one over the root of its second moment."""
    if d == 0:
        return True
    s = factor(t, d - 1)
    return (
        stepped(d - 1, t)
        and (s > 0 and s**2 * moment(t, d - 1) == 1)
        and move(t, d - 1) == alpha() * s * coordinate(t, d - 1)
    )


@define
def run(T: nat) -> prop:
    """The first T steps are those of RMSProp."""
    return True if T == 0 else run(T - 1) and stepped(dimension(), T - 1)


@lemma(
    by=induction("t"),
    using=[
        one_of_them.at(d="dimension()", t="0", i="i"),
        one_of_them.at(d="dimension()", t="t + 1", i="i"),
    ],
)
def coordinates_are_small(t: nat, i: nat) -> prop:
    assume(i + 1 <= dimension(), bounded(t + 1))
    return small_until(t, i)
