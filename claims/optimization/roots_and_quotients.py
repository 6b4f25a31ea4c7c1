r"""Square roots and quotients in a language of polynomials: what their definitions by products say about order."""

from __future__ import annotations

from verify import assume, lemma, prop, real


@lemma(cases=["a > b"])
def root_is_monotone(a: real, b: real) -> prop:
    assume(b >= 0, a**2 <= b**2)
    return a <= b


@lemma(cases=["a >= b"], using=[root_is_monotone.at(a="b", b="a")])
def root_is_strictly_monotone(a: real, b: real) -> prop:
    assume(a >= 0, b >= 0, a**2 < b**2)
    return a < b


@lemma(cases=["a > b", "a < b"])
def roots_agree(a: real, b: real) -> prop:
    assume(a >= 0, b >= 0, a**2 == b**2)
    return a == b


@lemma()
def square_is_nonnegative(t: real) -> prop:
    return t**2 >= 0


@lemma(cases=["t < 0"])
def divided(a: real, t: real) -> prop:
    assume(a > 0, a * t >= 0)
    return t >= 0


@lemma()
def nonnegative_product(x: real, y: real) -> prop:
    assume(x >= 0, y >= 0)
    return x * y >= 0


@lemma(cases=["t <= 0"], have=["implies(t <= 0, a * (-t) >= 0)"])
def positive_quotient(a: real, t: real) -> prop:
    assume(a > 0, a * t > 0)
    return t > 0


@lemma(using=[nonnegative_product.at(x="b - a", y="b + a"), nonnegative_product.at(x="b**2 - a**2", y="b**2 + a**2")])
def fourth_power(a: real, b: real) -> prop:
    assume(a >= 0, a <= b)
    return a**4 <= b**4
