r"""Sums of gradients weighted by 1/sqrt(t), in one coordinate; what the claims on Lemma 10.3 of Kingma and Ba speak about.

A square root is not a rational function: the weight w(t) is any number with w(t) >= 0 and (t + 1) w(t)^2 <= 1.
"""

from __future__ import annotations

from verify import arbitrary, assume, define, induction, lemma, nat, prop, real


@arbitrary
def g(t: nat) -> real: ...


@arbitrary
def w(t: nat) -> real: ...


@define
def weighted(T: nat) -> real:
    return 0 if T == 0 else weighted(T - 1) + w(T - 1) * abs(g(T - 1))


@define
def squares(T: nat) -> real:
    return 0 if T == 0 else squares(T - 1) + g(T - 1) ** 2


@define
def reciprocals(T: nat) -> real:
    return 0 if T == 0 else reciprocals(T - 1) + w(T - 1) ** 2


@define
def weights_at_most(T: nat) -> prop:
    """0 <= w(t) <= 1 / sqrt(t + 1) for t < T."""
    return True if T == 0 else weights_at_most(T - 1) and w(T - 1) >= 0 and T * w(T - 1) ** 2 <= 1


@define
def weights_equal(T: nat) -> prop:
    """w(t) = 1 / sqrt(t + 1) for t < T."""
    return True if T == 0 else weights_equal(T - 1) and w(T - 1) >= 0 and T * w(T - 1) ** 2 == 1


@define
def gradients_at_most(T: nat, G: real) -> prop:
    return True if T == 0 else gradients_at_most(T - 1, G) and abs(g(T - 1)) <= G


@define
def gradients_are_weights(T: nat) -> prop:
    return True if T == 0 else gradients_are_weights(T - 1) and g(T - 1) == w(T - 1)


@lemma(by=induction("T"))
def alike(T: nat) -> prop:
    """The gradients are the weights."""
    assume(weights_at_most(T), gradients_are_weights(T))
    return weighted(T) == reciprocals(T) and squares(T) == reciprocals(T)
