r"""Braid terms as ReLU networks, for every weight and every choice of the pairs.

The term number k of weight w + 1 is max(red(k, w), blue(k, w)): its red pair number j consists of the inputs
x(red_u(k, j)) and x(red_v(k, j)), and its blue pairs likewise.
"""

from __future__ import annotations

from verify import arbitrary, define, induction, layered, lemma, nat, prop, real, relu


@arbitrary
def x(i: nat) -> real: ...


@arbitrary
def sign(k: nat) -> nat: ...


@arbitrary
def red_u(k: nat, j: nat) -> nat: ...


@arbitrary
def red_v(k: nat, j: nat) -> nat: ...


@arbitrary
def blue_u(k: nat, j: nat) -> nat: ...


@arbitrary
def blue_v(k: nat, j: nat) -> nat: ...


@define
def larger(a: real, b: real) -> real:
    return relu(a - b) + relu(b) - relu(-b)


@define
def red(k: nat, w: nat) -> real:
    """The red sum of the term number k, from its pair 0 to its pair w."""
    pair = larger(x(red_u(k, w)), x(red_v(k, w)))
    return pair if w == 0 else red(k, w - 1) + pair


@define
def blue(k: nat, w: nat) -> real:
    pair = larger(x(blue_u(k, w)), x(blue_v(k, w)))
    return pair if w == 0 else blue(k, w - 1) + pair


@define
def combination(n: nat, w: nat) -> real:
    """The terms 0, ..., n of weight w + 1, added with signs; the same term may stand several times."""
    term = (-1) ** sign(n) * larger(red(n, w), blue(n, w))
    return term if n == 0 else combination(n - 1, w) + term


@lemma(by=induction("w"))
def red_has_one_layer(k: nat, w: nat) -> prop:
    return layered(red(k, w), 1)


@lemma(by=induction("w"))
def blue_has_one_layer(k: nat, w: nat) -> prop:
    return layered(blue(k, w), 1)
