r"""Products of weights w(i), ..., w(i + m - 1), and how many of these are zero.

A linear network with one unit in each of its n layers multiplies its input by the product of w(0), ..., w(n - 1).
"""

from __future__ import annotations

from verify import arbitrary, assume, define, induction, lemma, nat, prop, real


@arbitrary
def w(i: nat) -> real: ...


@define
def segment(i: nat, m: nat) -> real:
    """The product of m weights from w(i) on."""
    return 1 if m == 0 else segment(i, m - 1) * w(i + m - 1)


@define
def zeros(i: nat, m: nat) -> real:
    """How many of these are zero."""
    if m == 0:
        return 0
    return zeros(i, m - 1) + 1 if w(i + m - 1) == 0 else zeros(i, m - 1)


@lemma(by=induction("p"))
def cut(i: nat, m: nat, p: nat) -> prop:
    return segment(i, m + p) == segment(i, m) * segment(i + m, p)


@lemma(by=induction("p"))
def zeros_of_both(i: nat, m: nat, p: nat) -> prop:
    return zeros(i, m + p) == zeros(i, m) + zeros(i + m, p)


@lemma(by=induction("m"))
def whole_numbers(i: nat, m: nat) -> prop:
    return zeros(i, m) == 0 or zeros(i, m) == 1 or zeros(i, m) >= 2


@lemma(by=induction("m"))
def none_or_one(i: nat, m: nat) -> prop:
    return zeros(i, m) == 0 or zeros(i, m) >= 1


@lemma(by=induction("m"))
def not_negative(i: nat, m: nat) -> prop:
    return zeros(i, m) >= 0


@lemma(cases=["a > 0", "b > 0"])
def nonzero(a: real, b: real) -> prop:
    assume(a > 0 or a < 0, b > 0 or b < 0)
    return a * b > 0 or a * b < 0


@lemma(by=induction("m"), using=[none_or_one.at(i="i", m="m")])
def zero_factor(i: nat, m: nat) -> prop:
    assume(zeros(i, m) >= 1)
    return segment(i, m) == 0


@lemma(by=induction("m"), using=[none_or_one.at(i="i", m="m"), nonzero.at(a="segment(i, m)", b="w(i + m)")])
def no_zero_factor(i: nat, m: nat) -> prop:
    assume(zeros(i, m) == 0)
    return segment(i, m) > 0 or segment(i, m) < 0


# ------------------------------------------------------------------------------------------- one or two left out


@define
def product(n: nat) -> real:
    """The product of n weights."""
    return segment(0, n)


@define
def without(k: nat, p: nat) -> real:
    """The product of k + 1 + p weights other than w(k)."""
    return segment(0, k) * segment(k + 1, p)


@define
def pair(k: nat, p: nat, q: nat) -> real:
    """The product of k + p + q + 2 weights other than w(k) and w(k + p + 1)."""
    return segment(0, k) * segment(k + 1, p) * segment(k + p + 2, q)


@define
def moved(k: nat, p: nat, a: real) -> real:
    """The product of k + 1 + p weights after w(k) is moved by a."""
    return segment(0, k) * (w(k) + a) * segment(k + 1, p)


@define
def both_moved(k: nat, p: nat, q: nat, a: real, b: real) -> real:
    """The product of k + p + q + 2 weights after w(k) is moved by a, and w(k + p + 1) by b."""
    return segment(0, k) * (w(k) + a) * segment(k + 1, p) * (w(k + p + 1) + b) * segment(k + p + 2, q)


@lemma(using=[cut.at(i="0", m="k + 1", p="p")])
def around_one(k: nat, p: nat) -> prop:
    return product(k + 1 + p) == w(k) * without(k, p)


@lemma(using=[around_one.at(k="k", p="p + 1 + q"), cut.at(i="k + 1", m="p + 1", p="q")])
def around_the_first(k: nat, p: nat, q: nat) -> prop:
    return without(k, p + 1 + q) == w(k + p + 1) * pair(k, p, q)


@lemma(using=[cut.at(i="0", m="k + 1", p="p")])
def around_the_second(k: nat, p: nat, q: nat) -> prop:
    return without(k + p + 1, q) == w(k) * pair(k, p, q)


@lemma(using=[zeros_of_both.at(i="0", m="k + 1", p="p")])
def zeros_around_one(k: nat, p: nat) -> prop:
    others = zeros(0, k) + zeros(k + 1, p)
    return (w(k) == 0 and zeros(0, k + 1 + p) == others + 1) or (w(k) != 0 and zeros(0, k + 1 + p) == others)


@lemma(
    using=[
        zeros_around_one.at(k="k", p="p"),
        zero_factor.at(i="0", m="k"),
        zero_factor.at(i="k + 1", m="p"),
        none_or_one.at(i="0", m="k"),
        none_or_one.at(i="k + 1", m="p"),
    ],
)
def two_zeros(k: nat, p: nat) -> prop:
    assume(zeros(0, k + 1 + p) >= 2)
    return without(k, p) == 0


@lemma(
    using=[
        no_zero_factor.at(i="0", m="k"),
        no_zero_factor.at(i="k + 1", m="p"),
        nonzero.at(a="segment(0, k)", b="segment(k + 1, p)"),
        none_or_one.at(i="0", m="k"),
        none_or_one.at(i="k + 1", m="p"),
    ],
)
def zero_without(k: nat, p: nat) -> prop:
    assume(without(k, p) == 0)
    return zeros(0, k) + zeros(k + 1, p) >= 1


@lemma(
    using=[
        zeros_of_both.at(i="0", m="k + 1", p="p + 1 + q"),
        zeros_of_both.at(i="k + 1", m="p + 1", p="q"),
        zero_factor.at(i="0", m="k"),
        zero_factor.at(i="k + 1", m="p"),
        zero_factor.at(i="k + p + 2", m="q"),
        none_or_one.at(i="0", m="k"),
        none_or_one.at(i="k + 1", m="p"),
        none_or_one.at(i="k + p + 2", m="q"),
    ],
)
def three_zeros(k: nat, p: nat, q: nat) -> prop:
    assume(zeros(0, k + p + q + 2) >= 3)
    return pair(k, p, q) == 0


@lemma(
    using=[
        zeros_of_both.at(i="0", m="k + 1", p="p + 1 + q"),
        zeros_of_both.at(i="k + 1", m="p + 1", p="q"),
        not_negative.at(i="0", m="k"),
        not_negative.at(i="k + 1", m="p"),
        not_negative.at(i="k + p + 2", m="q"),
    ],
)
def no_others(k: nat, p: nat, q: nat) -> prop:
    assume(w(k) == 0, w(k + p + 1) == 0, zeros(0, k + p + q + 2) == 2)
    return zeros(0, k) == 0 and zeros(k + 1, p) == 0 and zeros(k + p + 2, q) == 0


@lemma(
    using=[
        no_others.at(k="k", p="p", q="q"),
        no_zero_factor.at(i="0", m="k"),
        no_zero_factor.at(i="k + 1", m="p"),
        no_zero_factor.at(i="k + p + 2", m="q"),
        nonzero.at(a="segment(0, k)", b="segment(k + 1, p)"),
        nonzero.at(a="segment(0, k) * segment(k + 1, p)", b="segment(k + p + 2, q)"),
    ],
)
def exactly_two_zeros(k: nat, p: nat, q: nat) -> prop:
    assume(w(k) == 0, w(k + p + 1) == 0, zeros(0, k + p + q + 2) == 2)
    return pair(k, p, q) > 0 or pair(k, p, q) < 0
