r"""Scalar linear networks: the loss, its derivatives, critical points, and points near those with a zero weight."""

from __future__ import annotations

from claims.landscape.kawaguchi_scalar_products import (
    around_one,
    around_the_first,
    both_moved,
    none_or_one,
    nonzero,
    pair,
    product,
    w,
    whole_numbers,
    without,
    zero_without,
    zeros,
    zeros_around_one,
)
from claims.optimization.roots_and_quotients import root_is_strictly_monotone
from verify import (
    assume,
    define,
    hypothesis,
    induction,
    lemma,
    nat,
    prop,
    real,
)


@define
def loss(p: real, y: real) -> real:
    return (p - y) ** 2 / 2


@define
def slope(k: nat, p: nat, y: real) -> real:
    return (product(k + 1 + p) - y) * without(k, p)


@define
def mixed(k: nat, p: nat, q: nat, y: real) -> real:
    return without(k, p + 1 + q) * without(k + p + 1, q) + (product(k + p + q + 2) - y) * pair(k, p, q)


@lemma()
def both_factors_moved(k: nat, p: nat, q: nat, a: real, b: real) -> prop:
    return both_moved(k, p, q, a, b) == (w(k) + a) * (w(k + p + 1) + b) * pair(k, p, q)


@lemma(using=[around_one.at(k="k", p="p + 1 + q"), around_the_first.at(k="k", p="p", q="q")])
def both_factors(k: nat, p: nat, q: nat) -> prop:
    return product(k + p + q + 2) == w(k) * w(k + p + 1) * pair(k, p, q)


@lemma()
def expansion(u: real, v: real, r: real, y: real, a: real, b: real, e: real, f: real, g: real, m: real) -> prop:
    assume(e == u * v * r, f == v * r, g == u * r, m == (u + a) * (v + b) * r)
    linear = a * ((e - y) * f) + b * ((e - y) * g)
    quadratic = (a * f) ** 2 / 2 + a * b * (f * g + (e - y) * r) + (b * g) ** 2 / 2
    return loss(m, y) == loss(e, y) + linear + quadratic + a * b * r * (a * f + b * g + a * b * r / 2)


@define
def critical(k: nat, p: nat, y: real) -> prop:
    """With k + p weights, the derivatives by the first k of them are zero."""
    return True if k == 0 else critical(k - 1, p + 1, y) and slope(k - 1, p, y) == 0


@define
def flat(k: nat, p: nat) -> prop:
    return True if k == 0 else flat(k - 1, p + 1) and without(k - 1, p) == 0


@lemma(
    by=induction("k"),
    using=[hypothesis(p="p + 1", y="y"), nonzero.at(a="product(k + 1 + p) - y", b="without(k, p)")],
    cases=["without(k, p) == 0"],
)
def flat_at_critical_points(k: nat, p: nat, y: real) -> prop:
    assume(critical(k, p, y), product(k + p) > y or product(k + p) < y)
    return flat(k, p)


@lemma(
    by=induction("k"),
    using=[hypothesis(p="p + 1"), zero_without.at(k="k", p="p"), zeros_around_one.at(k="k", p="p")],
)
def one_zero_is_not_flat(k: nat, p: nat) -> prop:
    assume(flat(k, p), zeros(0, k + p) <= 1)
    return zeros(0, k) == 0


@lemma(
    using=[
        one_zero_is_not_flat.at(k="n + 1", p="0"),
        zero_without.at(k="n", p="0"),
        zeros_around_one.at(k="n", p="0"),
        whole_numbers.at(i="0", m="n + 1"),
    ],
)
def necessary(n: nat) -> prop:
    assume(flat(n + 1, 0))
    return zeros(0, n + 1) >= 2


@define
def replaced(k: nat, t: real, s: real) -> real:
    if w(k) == 0:
        return t if zeros(0, k) == 0 else s
    return w(k)


@define
def replaced_product(n: nat, t: real, s: real) -> real:
    return 1 if n == 0 else replaced_product(n - 1, t, s) * replaced(n - 1, t, s)


@define
def others(n: nat) -> real:
    if n == 0:
        return 1
    return others(n - 1) if w(n - 1) == 0 else others(n - 1) * w(n - 1)


@lemma(by=induction("n"), using=[none_or_one.at(i="0", m="n")])
def nothing_to_replace(n: nat, t: real, s: real) -> prop:
    assume(zeros(0, n) == 0)
    return replaced_product(n, t, s) == product(n)


@lemma(
    by=induction("n"),
    using=[
        none_or_one.at(i="0", m="n"),
        nothing_to_replace.at(n="n", t="t", s="s"),
        nothing_to_replace.at(n="n", t="-t", s="s"),
    ],
    cases=["zeros(0, n) == 0", "w(n) == 0"],
)
def other_sign(n: nat, t: real, s: real) -> prop:
    assume(zeros(0, n) >= 1)
    return replaced_product(n, -t, s) == -replaced_product(n, t, s)


@lemma(
    by=induction("n"),
    using=[nonzero.at(a="replaced_product(n, s, s)", b="w(n)"), nonzero.at(a="replaced_product(n, s, s)", b="s")],
    cases=["w(n) == 0"],
)
def never_zero(n: nat, s: real) -> prop:
    assume(s > 0)
    return replaced_product(n, s, s) > 0 or replaced_product(n, s, s) < 0


@lemma(have=["v**2 >= 0", "(c - x**2) * v**2 >= 0"])
def scaled(c: real, x: real, v: real) -> prop:
    assume(x**2 <= c)
    return (x * v) ** 2 <= c * v**2


@lemma(
    have=["s**2 >= 0", "(c - x**2) * s**2 >= 0", "(1 - s) * s >= 0", "s**2 <= 1", "x**2 >= 0", "c * (1 - s**2) >= 0"]
)
def scaled_down(c: real, x: real, s: real) -> prop:
    assume(x**2 <= c, 0 < s <= 1)
    return (x * s) ** 2 <= c * s**2 and c * s**2 <= c


@lemma(
    by=induction("n"),
    using=[
        scaled.at(c="others(n)**2", x="replaced_product(n, s, s)", v="w(n)"),
        scaled_down.at(c="others(n)**2", x="replaced_product(n, s, s)", s="s"),
    ],
    cases=["w(n) == 0"],
)
def at_most_the_others(n: nat, s: real) -> prop:
    assume(0 < s <= 1)
    return replaced_product(n, s, s) ** 2 <= others(n) ** 2


@lemma(
    by=induction("n"),
    using=[
        none_or_one.at(i="0", m="n"),
        at_most_the_others.at(n="n", s="s"),
        scaled_down.at(c="others(n)**2", x="replaced_product(n, s, s)", s="s"),
        scaled_down.at(c="(s * others(n))**2", x="replaced_product(n, s, s)", s="s"),
        scaled.at(c="(s * others(n))**2", x="replaced_product(n, s, s)", v="w(n)"),
    ],
    cases=["w(n) == 0"],
)
def small(n: nat, s: real) -> prop:
    assume(0 < s <= 1, zeros(0, n) >= 1)
    return replaced_product(n, s, s) ** 2 <= (s * others(n)) ** 2


@define
def between(low: real, here: real, high: real) -> prop:
    return low < here < high or high < here < low


@lemma(using=[root_is_strictly_monotone.at(a="p", b="2 * y")], have=["p < 2 * y", "p * (2 * y - p) > 0", "p**2 > 0"])
def shorter(p: real, y: real) -> prop:
    assume(p > 0, y > 0, p**2 < (2 * y) ** 2)
    return p**2 > 0 and p**2 < 2 * p * y


@lemma(
    using=[
        shorter.at(p="p", y="y"),
        shorter.at(p="-p", y="y"),
        shorter.at(p="p", y="-y"),
        shorter.at(p="-p", y="-y"),
    ],
    cases=["p > 0", "y > 0", "y == 0"],
)
def below_and_above(p: real, y: real) -> prop:
    assume(p > 0 or p < 0, p**2 < (2 * y) ** 2)
    return between(loss(p, y), loss(0, y), loss(-p, y))
